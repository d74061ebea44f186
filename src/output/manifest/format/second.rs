//! Version 2 of the manifest, of early builds: a line with the checksum, then one JSON object. Only
//! read, never written.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::base::file_kind::FileKind;
use crate::output::files::{Entry, Files, Sha256};
use crate::output::is_good_path;
use crate::output::manifest::{Manifest, Origin, Redirect, Withdrawn, format};

pub(crate) const VERSION: u32 = 2;

#[derive(Deserialize)]
struct Body {
    base_url: String,
    output: String,
    files: BTreeMap<String, File>,
    redirects: Vec<Redirect>,
    withdrawn: Vec<Withdrawn>,
    /// Permalinks by source.
    articles: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    sha256: Sha256,
    size: u64,
    kind: FileKind,
    written: (i64, u64),
}

/// Parses the rest after the first line; `None` if it is damaged.
pub(crate) fn read(first: &[u8], body: &[u8]) -> Option<Manifest> {
    let seal = format::seal_in(first).filter(|&seal| seal == xxh3_64(body))?;
    let body: Body = serde_json::from_slice(body).ok()?;
    let page = |permalink: &str| format!("{}index.html", permalink.trim_start_matches('/'));
    let mut sources: FxHashMap<String, String> =
        body.articles.into_iter().map(|(source, permalink)| (page(&permalink), source)).collect();
    if !body.files.keys().all(|path| is_good_path(path)) {
        return None;
    }
    let rows = body.files.into_iter().map(|(path, file)| {
        let File { sha256, size, kind, written } = file;
        let source = sources.remove(&path).map(Arc::from);
        let is_copy = false;
        (Arc::from(path), Entry { sha256, size, kind, is_copy, written, source, body: None })
    });
    Some(Manifest {
        version: VERSION,
        base_url: body.base_url,
        output: body.output,
        files: Files::new(rows.collect()),
        redirects: body.redirects,
        withdrawn: body.withdrawn,
        rejected: Vec::new(),
        active: Vec::new(),
        terms: Vec::new(),
        seal,
        origin: Origin::Read,
    })
}
