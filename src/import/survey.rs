//! The first pass: everything except texts, so that the second pass can resolve addresses.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use url::Url;

use crate::base::date::Date;

use super::entry::{Entry, Item, Kind, OwnFile, Status};
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
    /// Terms by taxonomy.
    pub(crate) terms: FxHashSet<(String, String)>,
    pub(crate) days: DayOrder,
    known: FxHashSet<String>,
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
        if !self.known.insert(entry.id.clone()) {
            self.repeated.push(entry.id);
            return;
        }
        self.days.look(&entry.body);
        for (taxonomy, names) in &entry.terms {
            self.terms.extend(names.iter().map(|name| (taxonomy.clone(), name.clone())));
        }
        let is_draft = entry.status != Status::Published || entry.is_undated();
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
        Item::Entry(entry) if choices.includes(entry.status) && known.insert(entry.id.clone()) => {
            visit(Again::Entry(entry));
        }
        Item::File(file) => visit(Again::File(file)),
        _ => {}
    })
}
