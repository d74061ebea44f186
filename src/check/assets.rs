//! Finds published files that no text refers to.
//!
//! A file counts as used if its name occurs anywhere: in an article, a page, the settings, a
//! template, a style sheet. This may miss an orphan, but never reports a used file.

use std::path::Path;

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use crate::base::diagnostic::Place;
use crate::base::permalink::fold;
use crate::content::scan;

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;

/// Larger files are not searched for names.
const LARGEST: u64 = 1 << 20;

/// The files of the site that some text should refer to.
#[derive(Debug)]
pub(super) struct Assets {
    /// The source path of each file.
    files: Vec<String>,
    /// Indexes by folded name. Names with spaces are searched one by one.
    plain: FxHashMap<String, Vec<usize>>,
    spaced: Vec<(String, usize)>,
}

impl Assets {
    pub(super) fn of(look: &Look<'_>) -> Assets {
        let mut assets =
            Assets { files: Vec::new(), plain: FxHashMap::default(), spaced: Vec::new() };
        let root = &look.site.root;
        for (path, from) in look.site.files.iter().filter(|(path, _)| !is_for_machines(path)) {
            let (name, at) = (fold(path.rsplit('/').next().unwrap_or(path)), assets.files.len());
            assets.files.push(scan::relative(root, from));
            if name.contains(|c: char| c.is_whitespace() || is_delimiter(c)) {
                assets.spaced.push((name, at));
            } else {
                assets.plain.entry(name).or_default().push(at);
            }
        }
        assets
    }

    /// The files whose names occur in a text.
    pub(super) fn mentioned(&self, text: &str) -> Vec<usize> {
        if self.files.is_empty() {
            return Vec::new();
        }
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let folded = fold(&decoded);
        let words = folded.split(|c: char| c.is_whitespace() || is_delimiter(c));
        let named = words
            .filter(|word| word.contains('.'))
            .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!']));
        let plain = named.filter_map(|name| self.plain.get(name)).flatten().copied();
        let spaced = self.spaced.iter().filter(|(name, _)| folded.contains(name.as_str()));
        let mut found: Vec<usize> = plain.chain(spaced.map(|&(_, at)| at)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Reports the files that no text mentions.
    pub(super) fn orphans(&self, mentioned: &[usize]) -> Vec<Finding> {
        let mut is_named = vec![false; self.files.len()];
        for &at in mentioned {
            is_named[at] = true;
        }
        let orphans = self.files.iter().zip(is_named).filter(|(_, is_named)| !is_named);
        orphans
            .map(|(file, _)| {
                Finding::new(
                    Lint::OrphanedAsset,
                    "this file is published, and nothing refers to it",
                )
                .at(Place::file(file))
                .help("link it, or remove it")
            })
            .collect()
    }

    /// The files that settings, templates, style sheets and other texts mention.
    pub(super) fn mentioned_elsewhere(&self, root: &Path, config: &str) -> Vec<usize> {
        let mut mentioned = self.mentioned(config);
        for folder in ["data", "static", "templates", "themes"] {
            for entry in WalkDir::new(root.join(folder)).into_iter().flatten() {
                let is_small = entry.metadata().is_ok_and(|data| data.len() <= LARGEST);
                if entry.file_type().is_file() && is_small && is_text(entry.path()) {
                    let bytes = std::fs::read(entry.path()).unwrap_or_default();
                    mentioned.extend(self.mentioned(&String::from_utf8_lossy(&bytes)));
                }
            }
        }
        mentioned
    }
}

/// Characters around a file name in Markdown, HTML, CSS, TOML and YAML.
fn is_delimiter(character: char) -> bool {
    matches!(
        character,
        '/' | '\\'
            | '('
            | ')'
            | '['
            | ']'
            | '<'
            | '>'
            | '{'
            | '}'
            | '"'
            | '\''
            | '='
            | '|'
            | '?'
            | '#'
            | '`'
            | '*'
    )
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(
        extension.as_str(),
        "css"
            | "js"
            | "html"
            | "htm"
            | "svg"
            | "json"
            | "xml"
            | "webmanifest"
            | "txt"
            | "toml"
            | "md"
    )
}

/// Files that programs request by a fixed name, without a link.
fn is_for_machines(path: &str) -> bool {
    const ASKED_FOR: [&str; 9] = [
        "favicon",
        "robots.",
        "humans.",
        "security.",
        "ads.",
        "cname",
        "google",
        "bingsite",
        "apple-touch",
    ];
    let lower = path.to_lowercase();
    let is_at_root = !path.contains('/');
    lower.starts_with('.')
        || (is_at_root
            && (lower.starts_with('_') || ASKED_FOR.iter().any(|name| lower.starts_with(name))))
}
