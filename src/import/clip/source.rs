//! Receives the page: from the network, or from a saved file.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use url::Url;

use crate::base::files;
use crate::import::page::{charset, mhtml};

use super::error::ClipError;
use super::net::{Answered, Net};
use super::warc::Warc;

/// The maximum size of a saved page in bytes.
const LONGEST_FILE: u64 = 50 * 1024 * 1024;

/// A received page.
pub(super) struct Page {
    pub(super) kind: PageKind,
    pub(super) text: String,
    /// The requested address.
    pub(super) asked: Option<Url>,
    /// The final address after redirects.
    pub(super) address: Option<Url>,
    /// All addresses, redirects included.
    pub(super) way: Vec<String>,
    pub(super) received: DateTime<Utc>,
    /// The exchange as a WARC file.
    pub(super) warc: Vec<u8>,
    /// The address named by the file around a saved page.
    pub(super) claimed: Option<Url>,
    /// The folder of a saved page.
    pub(super) folder: Option<PathBuf>,
}

/// How a page was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    Fetched,
    File,
}

impl Page {
    /// Fetches a page.
    pub(super) fn fetched(net: &Net<'_>, asked: &Url) -> Result<Page, ClipError> {
        let Answered { bytes, content_type, way, received, warc } = net.page(asked)?;
        let media_type = content_type
            .as_deref()
            .map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let decoded = charset::decode(&bytes, content_type.as_deref());
        let is_page = match media_type.as_deref() {
            Some("text/html" | "application/xhtml+xml") => true,
            None | Some("") => is_html(&decoded.text),
            Some(_) => false,
        };
        if !is_page {
            let what = media_type.filter(|media_type| !media_type.is_empty());
            return Err(ClipError::NoHtml(what.unwrap_or_else(|| "without a type".to_owned())));
        }
        Ok(Page {
            kind: PageKind::Fetched,
            text: decoded.text,
            asked: Some(asked.clone()),
            address: way.last().cloned(),
            way: way.iter().map(Url::to_string).collect(),
            received,
            warc,
            claimed: None,
            folder: None,
        })
    }

    /// Reads a saved page.
    pub(super) fn of_file(path: &Path) -> Result<Page, ClipError> {
        let failed = |source| ClipError::Io { path: path.to_owned(), source };
        let found = fs::metadata(path).map_err(failed)?;
        if !found.is_file() {
            return Err(ClipError::NoHtml("no regular file".to_owned()));
        }
        if found.len() > LONGEST_FILE {
            return Err(ClipError::NoHtml(format!("of {} MB", found.len() / 1024 / 1024)));
        }
        let bytes = files::read(path).map_err(failed)?;
        let (text, claimed) = match mhtml::page(&bytes).filter(|_| mhtml::is_mhtml(&bytes)) {
            Some(page) => (page.html, page.address),
            None => (charset::decode(&bytes, None).text, None),
        };
        if !is_html(&text) {
            return Err(ClipError::NoHtml("no HTML".to_owned()));
        }
        let received = Utc::now();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let mut warc = Warc::new(received).map_err(failed)?;
        warc.add_file(&name.unwrap_or_default(), &bytes, received).map_err(failed)?;
        Ok(Page {
            kind: PageKind::File,
            text,
            claimed,
            asked: None,
            address: None,
            way: Vec::new(),
            received,
            warc: warc.into_bytes(),
            folder: path.parent().map(Path::to_owned),
        })
    }
}

/// Whether a text starts like a page.
fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(20_000).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<main", "<p>", "<p ", "<div"]
        .iter()
        .any(|sign| head.contains(sign))
}
