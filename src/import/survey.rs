//! The first pass: everything except texts, so that the second pass can resolve addresses.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use crate::base::date::Date;

use super::entry::{Account, Entry, Item, Kind, OwnFile, Status, TermSlug};
use super::options::Choices;
use super::sources::wordpress::body::Attachments;
use super::sources::{Source, SourceError};
use super::suggestions::days::DayOrder;

/// The content of a source.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Home pages of the old site.
    pub(crate) sites: Vec<Url>,
    pub(crate) attachments: Attachments,
    /// Entries to import, in file order.
    pub(crate) heads: Vec<Head>,
    /// Entries left out, by status.
    pub(crate) left_out: BTreeMap<Status, usize>,
    /// Other items, by type.
    pub(crate) others: BTreeMap<String, usize>,
    /// Files of a Dateline archive.
    pub(crate) files: usize,
    pub(crate) broken: Vec<String>,
    /// Notes for the curator to review.
    pub(crate) doubts: Vec<String>,
    /// Ids that occur twice; the first entry counts.
    pub(crate) repeated: Vec<String>,
    /// Terms by taxonomy and name, with their segment of the old address.
    pub(crate) terms: BTreeMap<(String, String), Option<String>>,
    /// The old site's accounts, and the names of those that posted reports.
    pub(crate) accounts: Vec<Account>,
    pub(crate) posters: BTreeSet<String>,
    pub(crate) days: DayOrder,
    /// Hashes of the ids.
    known: FxHashSet<u128>,
}

/// An entry without its text.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) is_draft: bool,
    pub(crate) title: String,
    pub(crate) slug: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) outlet: Option<String>,
    pub(crate) parent: Option<String>,
    pub(crate) addresses: Vec<String>,
    pub(crate) short_addresses: Vec<String>,
}

impl Survey {
    /// Drops the heads after all entries have their places.
    pub(crate) fn take_ids(&mut self) -> Ids {
        let mut ids = Ids::default();
        for head in std::mem::take(&mut self.heads) {
            ids.all.insert(xxh3_128(head.id.as_bytes()));
            if let Some(site) = site_of(&head.id).filter(|site| !ids.sites.contains(*site)) {
                ids.sites.insert(site.to_owned());
            }
        }
        ids
    }

    pub(crate) fn of(source: &dyn Source, choices: &Choices) -> Result<Survey, SourceError> {
        let mut survey = Survey::default();
        source.read(&mut |item| survey.add(item, choices))?;
        survey.known = FxHashSet::default();
        Ok(survey)
    }

    fn add(&mut self, item: Item, choices: &Choices) {
        match item {
            Item::Site(site) => {
                let address = site.address.as_deref().and_then(|address| Url::parse(address).ok());
                self.sites.extend(address.filter(|address| !self.sites.contains(address)));
            }
            Item::Account(account) => self.accounts.push(account),
            Item::Entry(entry) => self.entry(*entry, choices),
            Item::Attachment(attachment) => self.attachments.add(attachment),
            Item::Other(kind) => *self.others.entry(kind).or_default() += 1,
            Item::File(_) => self.files += 1,
            Item::Broken(message) => add_line(&mut self.broken, message),
            Item::Doubt(message) => add_line(&mut self.doubts, message),
        }
    }

    fn entry(&mut self, entry: Entry, choices: &Choices) {
        if !choices.includes(entry.status) {
            *self.left_out.entry(entry.status).or_default() += 1;
            return;
        }
        if !self.known.insert(xxh3_128(entry.id.as_bytes())) {
            self.repeated.push(entry.id);
            return;
        }
        self.days.look(&entry.body);
        for (taxonomy, names) in &entry.terms {
            for name in names {
                let key = (taxonomy.clone(), name.clone());
                let slugs = &entry.term_slugs;
                let of_term = |known: &&TermSlug| known.taxonomy == taxonomy && known.name == *name;
                self.terms
                    .entry(key)
                    .or_insert_with(|| slugs.iter().find(of_term).map(|known| known.slug.clone()));
            }
        }
        let is_draft = entry.status != Status::Published || entry.is_undated();
        if let Some(name) = entry.posted_by.filter(|_| !is_draft && entry.kind == Kind::Report)
            && !self.posters.contains(&name)
        {
            self.posters.insert(name);
        }
        self.heads.push(Head {
            id: entry.id,
            kind: entry.kind,
            is_draft,
            title: entry.title,
            slug: entry.slug,
            date: entry.date.or(entry.added),
            outlet: entry.outlet,
            parent: entry.parent,
            addresses: entry.addresses,
            short_addresses: entry.short_addresses,
        });
    }
}

/// The ids of all entries of a source.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    /// Hashes.
    all: FxHashSet<u128>,
    sites: BTreeSet<String>,
}

impl Ids {
    /// Whether an entry of the same site is no longer in the source. A feed has only recent
    /// entries; missing ones are not gone.
    pub(crate) fn misses(&self, id: &str) -> bool {
        !self.all.contains(&xxh3_128(id.as_bytes()))
            && site_of(id).is_some_and(|site| self.sites.contains(site))
    }
}

fn site_of(id: &str) -> Option<&str> {
    id.rsplit_once('#').map(|(site, _)| site)
}

/// The maximum number of reported problems; a broken file has many.
const MOST_LINES: usize = 10_000;

fn add_line(lines: &mut Vec<String>, line: String) {
    if lines.len() < MOST_LINES {
        lines.push(line);
    }
}

/// The output of the second pass.
pub(crate) enum Again {
    Entry(Box<Entry>),
    File(OwnFile),
}

/// Reads the entries again, with their index among the heads.
pub(crate) fn again(
    source: &dyn Source,
    choices: &Choices,
    visit: &mut dyn FnMut(Again),
) -> Result<(), SourceError> {
    let mut known = FxHashSet::default();
    source.read(&mut |item| match item {
        Item::Entry(entry)
            if choices.includes(entry.status) && known.insert(xxh3_128(entry.id.as_bytes())) =>
        {
            visit(Again::Entry(entry));
        }
        Item::File(file) => visit(Again::File(file)),
        _ => {}
    })
}
