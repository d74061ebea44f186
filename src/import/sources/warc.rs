//! Web archives: WARC files (ISO 28500), compressed or not, and WACZ. Imports pages that are
//! articles.

mod http;
mod records;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json};
use url::Url;

use super::bundle::{Bundle, has_ending};
use super::saved_pages::{LARGEST_PAGE, Page};
use super::{Source, SourceError, Visit};
use crate::import::entry::{Entry, Item};
use crate::import::text;
use records::{Record, Records, Trouble};

/// The limit of the unpacked size relative to the file's, and the size that is always allowed.
const MOST_GROWTH: u64 = 200;
const FREE_GROWTH: u64 = 512 * 1024 * 1024;

/// A web archive.
#[derive(Debug)]
pub struct Warc {
    /// The file, or a folder of such files.
    pub path: PathBuf,
}

impl Source for Warc {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        let pages = listed_pages(&bundle, visit);
        let is_alone = bundle.names().count() == 1;
        for name in bundle.names() {
            if !is_alone && !is_warc(name) {
                continue;
            }
            let read = bundle.stream(name, |file| {
                unpacked(file, size(&self.path), |text| {
                    Reading { name, pages: &pages, visit: &mut *visit }.all(text);
                })
                .map_err(SourceError::io(&self.path))
            });
            if let Err(error) = read {
                visit(Item::Broken(error.to_string()));
            }
        }
        Ok(())
    }
}

/// Whether a name has a web archive's extension.
pub(super) fn is_warc(name: &str) -> bool {
    has_ending(name, ".warc") || has_ending(name, ".warc.gz")
}

/// The addresses in a WACZ's list of pages.
fn listed_pages(bundle: &Bundle, visit: &mut Visit<'_>) -> FxHashSet<String> {
    let lists: Vec<String> = bundle
        .names()
        .filter(|name| name.starts_with("pages/") && has_ending(name, ".jsonl"))
        .map(str::to_owned)
        .collect();
    let texts = lists.iter().filter_map(|name| bundle.text(name, visit));
    let mut pages = FxHashSet::default();
    for text in texts {
        let lines =
            text.lines().filter_map(|line| serde_json::from_str::<Map<String, Json>>(line).ok());
        pages.extend(lines.filter_map(|line| line.get("url")?.as_str().map(str::to_owned)));
    }
    pages
}

fn size(path: &Path) -> u64 {
    File::open(path).and_then(|file| file.metadata()).map_or(0, |data| data.len())
}

/// Decompresses a file, up to a size limit.
fn unpacked(
    file: &mut dyn Read,
    size: u64,
    read: impl FnOnce(&mut dyn BufRead),
) -> std::io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    let is_packed = file.fill_buf()?.starts_with(b"\x1f\x8b");
    let most = size.saturating_mul(MOST_GROWTH).saturating_add(FREE_GROWTH);
    if is_packed {
        read(&mut BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file).take(most)));
    } else {
        read(&mut file);
    }
    Ok(())
}

struct Reading<'a, 'b> {
    name: &'a str,
    pages: &'a FxHashSet<String>,
    visit: &'a mut Visit<'b>,
}

impl Reading<'_, '_> {
    fn all(&mut self, text: &mut dyn BufRead) {
        let mut records = Records::new(text, LARGEST_PAGE);
        loop {
            match records.next() {
                Ok(Some(record)) => self.record(record),
                Ok(None) => return,
                Err(Trouble::Record { at, message }) => {
                    self.broken(&format!("byte {at}: {message}"))
                }
                Err(Trouble::End { at, message }) => {
                    return self.broken(&format!("byte {at}: {message}"));
                }
            }
        }
    }

    fn broken(&mut self, message: &str) {
        (self.visit)(Item::Broken(format!("“{}”, {message}", self.name)));
    }

    fn record(&mut self, record: Record) {
        let other = match record.kind.as_str() {
            "response" => return self.response(&record),
            "resource" => return self.page(&record, &record.media_type.clone(), &record.bytes),
            "revisit" | "conversion" | "continuation" => record.kind,
            _ => return,
        };
        (self.visit)(Item::Other(other));
    }

    fn response(&mut self, record: &Record) {
        match http::answer(&record.bytes) {
            Some(answer) if answer.status == 200 => {
                self.page(record, &answer.media_type, &answer.body)
            }
            Some(answer) => (self.visit)(Item::Other(format!("answer {}", answer.status))),
            None => self.broken(&format!("byte {}: a response that is none of HTTP", record.at)),
        }
    }

    fn page(&mut self, record: &Record, media_type: &str, body: &[u8]) {
        let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !matches!(kind.as_str(), "text/html" | "application/xhtml+xml") {
            (self.visit)(Item::Other(if kind.is_empty() {
                "file".to_owned()
            } else {
                text::one_line(&kind)
            }));
            return;
        }
        let Some(address) = record.uri.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
            return self.broken(&format!("byte {}: a page without an address", record.at));
        };
        if record.is_cut {
            self.broken(&format!(
                "byte {}: {address} has more than {LARGEST_PAGE} bytes",
                record.at
            ));
            return;
        }
        let page = Page::read(body, Some(media_type), Some(address.clone()));
        let is_listed = self.pages.contains(address.as_str())
            || record.uri.as_ref().is_some_and(|uri| self.pages.contains(uri));
        let is_article = page.facts.is_article || page.facts.date.is_some() || is_listed;
        let is_home = address.path() == "/" && address.query().is_none();
        if !is_article || is_home {
            (self.visit)(Item::Other("page that is no article".to_owned()));
            return;
        }
        let end = address.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let mut entry: Entry = page.entry(address.as_str(), &text::decoded(end));
        if let Some(captured) = &record.date {
            entry.extra.insert("captured".to_owned(), Json::from(captured.as_str()));
        }
        page.doubts(address.as_str(), self.visit);
        (self.visit)(Item::Entry(Box::new(entry)));
    }
}
