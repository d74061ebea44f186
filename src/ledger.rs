//! What was decided about links: where a copy of a page is kept, and since when a page is gone.
//!
//! Comes from `links/<host>.toml` ([`files`]) and, for one article, from its front matter; asked by
//! bodies and by the view of an article for every link out of the archive. Holds decisions only: what
//! a check of links merely saw is no reason to change a page.

pub mod files;
mod own_links;
pub mod writing;

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

/// What was decided about one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decision {
    /// A copy of the page.
    pub memento: Option<Memento>,
    /// Since when the page is gone.
    pub dead: Option<Date>,
}

/// What became of the page that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is there, as far as anybody knows, or a copy of it is known.
    Living(Option<Memento>),
    /// It is gone, since the date where one is known; a copy may be left.
    Dead(Option<Date>, Option<Memento>),
    /// The curator declares its address gone, and knows of no copy.
    Lost,
}

/// A web address by which links are compared: as the URL standard writes it, without its fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Of a text as curators write it; `None` for what is no address of the Web.
    pub fn parse(text: &str) -> Option<Address> {
        let whole = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
        let mut url = Url::parse(&whole).ok()?;
        url.set_fragment(None);
        (matches!(url.scheme(), "http" | "https") && url.has_host())
            .then(|| Address(url.to_string()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file of the ledger that decisions about it belong into, from the archive's root.
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
    /// The same, with a copy that goes before the one that is known.
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
    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    /// What became of an address. `own` is what the front matter of the article that links it says:
    /// its copy goes before the ledger's, and so does its word that the address is lost.
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

    /// What became of an article's original; `None` where its address is not known. The first copy in
    /// its `archived` goes before the ledger's.
    pub fn original(&self, article: &Article) -> Option<Fate> {
        let fate = self.fate(article.original_url.as_deref()?, &OwnLinks::new(&article.links));
        Some(fate.with_copy(article.archived.first().cloned().map(dated)))
    }

    /// Copies of an article's original: the front matter's, or else the one in the ledger.
    pub fn mementos(&self, article: &Article) -> Vec<Memento> {
        if !article.archived.is_empty() {
            return article.archived.iter().cloned().map(dated).collect();
        }
        match self.original(article) {
            Some(Fate::Living(memento) | Fate::Dead(_, memento)) => memento.into_iter().collect(),
            Some(Fate::Lost) | None => Vec::new(),
        }
    }

    /// The file that holds a decision about an address, from the archive's root.
    pub fn file_of(&self, url: &str) -> Option<String> {
        let address = Address::parse(url).filter(|address| self.decisions.contains_key(address))?;
        Some(address.file())
    }

    /// What was decided about an address, whoever links it.
    pub fn decision(&self, address: &Address) -> Option<&Decision> {
        self.decisions.get(address)
    }

    /// All decisions, by address.
    pub fn decisions(&self) -> impl Iterator<Item = (&Address, &Decision)> {
        self.decisions.iter()
    }

    /// Takes in one file; what is wrong with it is given back.
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

/// A memento with its date: where none is written, web archives write it in the address.
pub fn dated(memento: Memento) -> Memento {
    let date = memento.date.or_else(|| timestamp(&memento.url));
    Memento { date, ..memento }
}

/// The moment in an address such as `https://web.archive.org/web/20170129183000/https://host/`.
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

/// The host that a file of decisions is named after.
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
