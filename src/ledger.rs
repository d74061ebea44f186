//! Decisions about links: where archived copies are, and which pages are dead.
//!
//! Read from `links/<host>.toml` ([`files`]) and from front matter; queried for every link out of
//! the archive. It contains only decisions: mere observations of a check must not change pages.
//! a check of links merely saw is no reason to change a page.

pub mod files;
mod own_links;
pub(crate) mod writing;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{FixedOffset, NaiveDateTime};
use url::Url;

use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::content::article::{Article, Memento};
use crate::tree::fields::{Fields, Reading, is_lost};
use crate::tree::{self, Entry, Value};

pub use own_links::OwnLinks;

/// All decisions of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    decisions: BTreeMap<Address, Decision>,
}

/// The decision about an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decision {
    /// An archived copy.
    pub memento: Option<Memento>,
    /// The date since when the page is dead.
    pub dead: Option<Date>,
}

/// The state of a linked page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not known to be dead, perhaps with a copy.
    Living(Option<Memento>),
    /// Dead, with date and copy if known.
    Dead(Option<Date>, Option<Memento>),
    /// Declared lost by the curator: dead without a copy.
    Lost,
}

/// A normalised web address (URL standard) without fragment, for comparing links.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Parses an address; `None` if it is no web address.
    pub fn parse(text: &str) -> Option<Address> {
        let whole = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
        let mut url = Url::parse(&whole).ok()?;
        url.set_fragment(None);
        (matches!(url.scheme(), "http" | "https") && url.has_host())
            .then(|| Address(url.to_string()))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ledger file for this address, from the archive's root.
    pub fn file(&self) -> String {
        format!("links/{}.toml", host(&self.0).unwrap_or_default())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Fate {
    /// Replaces the copy, if there is a new one.
    #[must_use]
    pub fn with_copy(self, copy: Option<Memento>) -> Fate {
        match (self, copy) {
            (fate, None) => fate,
            (Fate::Living(_), copy) => Fate::Living(copy),
            (Fate::Dead(since, _), copy) => Fate::Dead(since, copy),
            (Fate::Lost, copy) => Fate::Dead(None, copy),
        }
    }
}

impl Ledger {
    /// Whether there are no decisions.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    /// The state of an address. `own` are the decisions in the front matter of the linking article,
    /// which take precedence.
    pub fn fate(&self, url: &str, own: &OwnLinks<'_>) -> Fate {
        let address =
            if own.is_empty() && self.decisions.is_empty() { None } else { Address::parse(url) };
        let own = own.get(url, address.as_ref());
        let decided = address.as_ref().and_then(|address| self.decisions.get(address));
        let written = own.and_then(|link| {
            let memento =
                |url: &String| dated(Memento { url: url.clone(), date: link.date, service: None });
            link.archived.as_ref().map(memento)
        });
        let memento = written.or_else(|| decided?.memento.clone());
        let since = decided.and_then(|decision| decision.dead);
        let is_lost = own.is_some_and(|link| link.lost) || is_lost(url);
        match (is_lost, since, memento) {
            (true, _, None) => Fate::Lost,
            (false, None, memento) => Fate::Living(memento),
            (_, since, memento) => Fate::Dead(since, memento),
        }
    }

    /// The state of an article's original; `None` without an address. The first copy in `archived`
    /// takes precedence over the ledger's.
    pub fn original(&self, article: &Article) -> Option<Fate> {
        let fate = self.fate(article.original_url.as_deref()?, &OwnLinks::new(&article.links));
        Some(fate.with_copy(article.archived.first().cloned().map(dated)))
    }

    /// Copies of an article's original: from front matter, or else from the ledger.
    pub fn mementos(&self, article: &Article) -> Vec<Memento> {
        if !article.archived.is_empty() {
            return article.archived.iter().cloned().map(dated).collect();
        }
        match self.original(article) {
            Some(Fate::Living(memento) | Fate::Dead(_, memento)) => memento.into_iter().collect(),
            Some(Fate::Lost) | None => Vec::new(),
        }
    }

    /// The ledger file with a decision about an address, from the archive's root.
    pub fn file_of(&self, url: &str) -> Option<String> {
        let address = Address::parse(url).filter(|address| self.decisions.contains_key(address))?;
        Some(address.file())
    }

    /// The ledger's decision about an address.
    pub fn decision(&self, address: &Address) -> Option<&Decision> {
        self.decisions.get(address)
    }

    /// All decisions by address.
    pub fn decisions(&self) -> impl Iterator<Item = (&Address, &Decision)> {
        self.decisions.iter()
    }

    /// Parses a file of the ledger; returns its problems.
    pub fn read(&mut self, file: &str, text: &str) -> Vec<Diagnostic> {
        let mut reading = Reading::new(file, text);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match tree::parse_toml(text, reading.text.len() - text.len()) {
            Ok(table) => {
                for entry in Fields::new(table).rest() {
                    self.read_entry(entry, &mut reading);
                }
            }
            Err(error) => {
                let message = format!("broken TOML: {}", error.message);
                let help = "begin each decision with its address in brackets and quotes, as in [\"https://host/page\"]";
                reading.report(Diagnostic::reject(Rule::Ledger, message).help(help), error.range);
            }
        }
        reading.diagnostics
    }

    fn read_entry(&mut self, entry: Entry, reading: &mut Reading<'_>) {
        let warn =
            |message: String, help: &str| Diagnostic::warning(Rule::Ledger, message).help(help);
        let Some(address) = Address::parse(&entry.key) else {
            let message = format!("“{}” is not a web address", entry.key);
            let diagnostic = warn(message, "write it whole, beginning with https://");
            return reading.report(diagnostic, entry.key_range);
        };
        if host(&address.0) != file_host(reading.file) {
            let wanted = host(&address.0).unwrap_or_default();
            let message = format!("{} is not an address of this file's host", entry.key);
            let diagnostic = warn(message, &format!("move it to links/{wanted}.toml"));
            return reading.report(diagnostic, entry.key_range);
        }
        let Value::Table(table) = entry.node.value else {
            return reading.wrong(&entry.key, &entry.node, "a table of archived, date and dead");
        };
        if self.decisions.contains_key(&address) {
            let message = format!("{} stands here a second time", entry.key);
            let help = "keep one of the two; until then the first one counts";
            return reading.report(warn(message, help), entry.key_range);
        }
        self.decisions.insert(address, decision(Fields::new(table), reading));
    }
}

fn decision(mut fields: Fields, reading: &mut Reading<'_>) -> Decision {
    let url = fields.web_address("archived", reading);
    let date = fields.date("date", reading);
    let service = fields.text("service", reading);
    let dead = fields.date("dead", reading);
    fields.refuse_rest(Rule::NearMissKey, reading);
    Decision { memento: url.map(|url| dated(Memento { url, date, service })), dead }
}

/// Adds the date to a memento, if its address contains one.
pub fn dated(memento: Memento) -> Memento {
    let date = memento.date.or_else(|| timestamp(&memento.url));
    Memento { date, ..memento }
}

/// The timestamp in an address like `https://web.archive.org/web/20170129183000/https://host/`.
fn timestamp(url: &str) -> Option<Date> {
    let moment = url.split('/').find_map(|part| {
        let digits = part.get(..14)?;
        let is_moment = digits.bytes().all(|byte| byte.is_ascii_digit())
            && part[14..].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        is_moment.then_some(digits)
    })?;
    let moment = NaiveDateTime::parse_from_str(moment, "%Y%m%d%H%M%S").ok()?;
    Some(Date::Time(moment, FixedOffset::east_opt(0)))
}

fn host(address: &str) -> Option<String> {
    Some(Url::parse(address).ok()?.host_str()?.to_owned())
}

/// The host in the name of a ledger file.
fn file_host(file: &str) -> Option<String> {
    let name = file.rsplit('/').next()?.strip_suffix(".toml")?;
    host(&format!("https://{name}/"))
}

#[cfg(test)]
mod tests {
    use crate::content::article::BodyLink;

    use super::*;

    fn read(file: &str, text: &str) -> (Ledger, Vec<String>) {
        let mut ledger = Ledger::default();
        let diagnostics = ledger.read(file, text);
        (ledger, diagnostics.into_iter().map(|problem| problem.message).collect())
    }

    fn link(url: &str, archived: Option<&str>, lost: bool) -> BodyLink {
        let archived = archived.map(str::to_owned);
        BodyLink { url: url.to_owned(), archived, date: None, lost }
    }

    #[test]
    fn addresses_are_compared_as_browsers_read_them() {
        let text = "[\"https://X.example/a b#part\"]\ndead = 2024-05-01\n";
        let (ledger, problems) = read("links/x.example.toml", text);
        assert!(problems.is_empty(), "{problems:?}");
        let day = "2024-05-01".parse().ok();
        for url in ["https://x.example/a%20b", "HTTPS://x.example:443/a%20b#p1", "//x.example/a b"]
        {
            assert_eq!(ledger.fate(url, &OwnLinks::default()), Fate::Dead(day, None), "{url}");
        }
        for url in
            ["http://x.example/a%20b", "https://x.example/a%20b?q", "a%20b", "mailto:x@x.example"]
        {
            assert_eq!(ledger.fate(url, &OwnLinks::default()), Fate::Living(None), "{url}");
        }
    }

    #[test]
    fn front_matter_goes_before_the_ledger() {
        let text =
            "[\"https://x.example/\"]\narchived = \"https://keeper.example/1\"\ndead = \"2024\"\n";
        let (ledger, _) = read("links/x.example.toml", text);
        let own = [link("https://x.example", Some("https://keeper.example/2"), false)];
        let Fate::Dead(Some(Date::Year(2024)), Some(memento)) =
            ledger.fate("https://x.example/#a", &OwnLinks::new(&own))
        else {
            panic!("{:?}", ledger.fate("https://x.example/", &OwnLinks::new(&own)));
        };
        assert_eq!(memento.url, "https://keeper.example/2");
        let gone = [
            link("lost:1", None, true),
            link("https://y.example/", Some("https://k.example/"), true),
        ];
        assert_eq!(ledger.fate("lost:1", &OwnLinks::new(&gone)), Fate::Lost);
        assert!(matches!(
            ledger.fate("https://y.example/", &OwnLinks::new(&gone)),
            Fate::Dead(None, Some(_))
        ));
    }

    #[test]
    fn the_moment_of_a_copy_is_read_from_its_address() {
        let moment = |url: &str| timestamp(url).map(|date| date.to_string());
        let wayback = "https://web.archive.org/web/20170129183000id_/https://x.example/";
        assert_eq!(moment(wayback).as_deref(), Some("2017-01-29T18:30:00Z"));
        for url in [
            "https://web.archive.org/web/2017/https://x.example/",
            "https://x.example/20171329183000/",
            "https://x.example/201701291830001/",
            "https://x.example/2017012918300é/",
        ] {
            assert_eq!(moment(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_no_decision_is_told() {
        let text = "[\"javascript:alert(1)\"]\n[\"https://other.example/\"]\n[\"https://x.example/a\"]\n\
            archived = \"javascript:x\"\nded = 2024-01-01\n[\"https://x.example/a#b\"]\n[\"https://x.example/c\"]\n";
        let (ledger, problems) = read("links/x.example.toml", text);
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert_eq!(ledger.decisions.len(), 2);
        assert_eq!(ledger.fate("https://x.example/a", &OwnLinks::default()), Fate::Living(None));
        assert_eq!(read("links/x.example.toml", "[a").1.len(), 1);
    }
}
