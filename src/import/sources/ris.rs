//! RIS, from reference managers and databases: metadata of reports without text.

use std::path::PathBuf;

use serde_json::{Map, Value as Json};
use xxhash_rust::xxh3::xxh3_64;

use super::bundle::Bundle;
use super::feed::tags;
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Entry, Item, Status};
use crate::import::page::date_of;
use crate::import::text;

/// The largest file: it is read as a whole.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A bibliography in RIS.
#[derive(Debug)]
pub struct Ris {
    /// The file.
    pub path: PathBuf,
}

impl Source for Ris {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        for file in bundle.names() {
            let Some(text) = bundle.text_up_to(file, LARGEST, visit) else { continue };
            references(&text, visit);
        }
        Ok(())
    }
}

/// The lines of a reference by tag.
#[derive(Default)]
struct Reference(Vec<(String, String)>);

/// A reference begins with `TY`; without an end, the next one ends it.
fn references(text: &str, visit: &mut Visit<'_>) {
    let mut open: Option<Reference> = None;
    for line in text.lines().map(|line| line.trim_start_matches('\u{feff}')) {
        match (tag(line), &mut open) {
            (Some(("TY", _)), _) => {
                hand_on(open.take(), visit);
                open = Some(Reference::default());
            }
            (Some(("ER", _)), _) => hand_on(open.take(), visit),
            (Some((tag, value)), Some(open)) => open.0.push((tag.to_owned(), value.to_owned())),
            // A continued value.
            (None, Some(Reference(lines))) => {
                if let Some((_, value)) = lines.last_mut().filter(|_| !line.trim().is_empty()) {
                    value.push('\n');
                    value.push_str(line.trim());
                }
            }
            (Some(_), None) => {
                visit(Item::Broken(format!("“{}” stands in no reference", text::one_line(line))));
            }
            (None, None) => {}
        }
    }
    hand_on(open, visit);
}

/// `T1  - Talks begin`, also with fewer spaces.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.split_at_checked(2)?;
    let is_tag = tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let value = rest.trim_start().strip_prefix('-')?;
    // Some programs leave out the space after the dash, some one of those before it.
    let is_parted = rest.starts_with("  -")
        || rest.starts_with(" -") && matches!(value.as_bytes(), [] | [b' ', ..]);
    (is_tag && is_parted).then(|| (tag, value.trim()))
}

fn hand_on(reference: Option<Reference>, visit: &mut Visit<'_>) {
    if let Some(reference) = reference.filter(|reference| !reference.0.is_empty()) {
        visit(Item::Entry(Box::new(reference.entry())));
    }
}

impl Reference {
    fn all<'a>(&'a self, tags: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let found =
            tags.iter().flat_map(|wanted| self.0.iter().filter(move |(tag, _)| tag == wanted));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn first(&self, tags: &[&str]) -> Option<String> {
        self.all(tags).map(text::of_html).find(|text| !text.is_empty())
    }

    /// A report without text is a draft.
    fn entry(&self) -> Entry {
        let address = self.all(&["UR", "L1", "L2"]).find(|address| address.starts_with("http"));
        let doi = || {
            let doi = self.all(&["DO"]).next()?;
            let is_address = doi.starts_with("http");
            Some(if is_address { doi.to_owned() } else { format!("https://doi.org/{doi}") })
        };
        let address = address.map(text::one_line).or_else(doi);
        let keywords = self.all(&["KW"]).flat_map(|line| line.split(['\n', ';'])).map(text::plain);
        let mut names: Vec<String> = Vec::new();
        for keyword in keywords {
            if !names.contains(&keyword) {
                names.push(keyword);
            }
        }
        let dates = || ["DA", "PY", "Y1"].iter().flat_map(|tag| self.all_of(tag));
        Entry {
            id: self.id(address.as_deref()),
            status: Status::Draft,
            title: self.first(&["TI", "T1", "CT", "BT"]).unwrap_or_default(),
            added: self.all(&["Y2"]).find_map(date),
            outlet: self.first(&["T2", "JF", "JO", "JA", "PB"]),
            original_url: address,
            authors: self.all(&["AU", "A1"]).filter_map(person).collect(),
            summary: self.first(&["AB", "N2"]),
            language: self.first(&["LA"]),
            terms: tags(names.into_iter()),
            extra: self.extra(),
            ..Entry::default()
        }
        .dated(dates().next(), dates().find_map(date))
    }

    /// Notes and further abstracts, and further addresses.
    fn extra(&self) -> Map<String, Json> {
        let mut abstracts = self.all(&["AB", "N2"]).map(text::of_html);
        let first = abstracts.next();
        let mut notes: Vec<String> = Vec::new();
        for note in abstracts.chain(self.all(&["N1", "RN"]).map(text::of_html)) {
            if !note.is_empty() && first.as_ref() != Some(&note) && !notes.contains(&note) {
                notes.push(note);
            }
        }
        let addresses = self.all(&["UR", "L1", "L2"]).skip(1).map(text::one_line);
        let addresses: Vec<String> = addresses.collect();
        let found = [("notes", notes), ("addresses", addresses)];
        let found = found.into_iter().filter(|(_, values)| !values.is_empty());
        found.map(|(key, values)| (key.to_owned(), Json::from(values))).collect()
    }

    fn all_of<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(tag, _)| tag == wanted);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Its own id, its address, or a hash of everything.
    fn id(&self, address: Option<&str>) -> String {
        let own = self.all(&["ID", "AN"]).next().or(address).map(str::to_owned);
        own.unwrap_or_else(|| {
            let all: Vec<String> =
                self.0.iter().map(|(tag, value)| format!("{tag}{value}")).collect();
            format!("{:016x}", xxh3_64(all.join("\n").as_bytes()))
        })
    }
}

/// `Lee, Ann` or `Lee, Ann, Jr.`, for citations.
fn person(written: &str) -> Option<String> {
    let name = text::plain(written);
    let parts: Vec<&str> = name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [] => None,
        [family, given] => Some(format!("{given} {family}")),
        [family, given, suffix] => Some(format!("{given} {family}, {suffix}")),
        _ => Some(name),
    }
}

/// `2017/01/29/`, `2017/01//`, `2017///`, ignoring text after the third slash.
fn date(written: &str) -> Option<Date> {
    let parts: Vec<&str> = written.splitn(4, '/').map(str::trim).collect();
    if parts.len() == 4 || (parts.len() > 1 && parts[0].len() == 4) {
        let known: Vec<&str> =
            parts.iter().take(3).copied().take_while(|part| !part.is_empty()).collect();
        return date_of(&known.join("-"));
    }
    date_of(written)
}
