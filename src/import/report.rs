//! The report of an import, with everything that could not be kept: `import-report.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::convert::LossKind;
use super::words::Kept;

/// The file's name in the archive's folder.
pub const NAME: &str = "import-report.json";

/// The report of an import.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The source's name.
    pub source: String,
    /// New files.
    pub written: usize,
    /// Files with a changed source.
    pub updated: usize,
    /// Files that stay as they are.
    pub unchanged: usize,
    /// Files changed by the curator, left alone.
    pub edited: Vec<String>,
    /// Files removed by the curator, not recreated.
    pub removed: Vec<String>,
    /// Existing files of others at an entry's place.
    pub occupied: Vec<String>,
    /// Files of entries that are no longer in the source.
    pub gone: Vec<String>,
    /// Copied pictures and other files.
    pub files: usize,
    /// Words of all sources, and lost ones.
    pub words: Kept,
    /// Bodies without losses.
    pub whole: usize,
    /// All bodies.
    pub bodies: usize,
    /// Reports that keep less than 99.9 % of their words.
    pub incomplete: Vec<Incomplete>,
    /// Entries left out, by status.
    pub left_out: BTreeMap<String, usize>,
    /// Other items left out, by type.
    pub others: BTreeMap<String, usize>,
    /// Published entries without a date, now drafts.
    pub undated: Vec<String>,
    /// Entries without a headline; the title is derived from the text.
    pub untitled: Vec<String>,
    /// Values that fit no key; they are below `extra`.
    pub set_aside: Vec<Placed>,
    /// Old addresses that can't lead to their reports.
    pub lost_addresses: Vec<Placed>,
    /// Entries that occur twice.
    pub repeated: Vec<String>,
    /// Unreadable parts.
    pub broken: Vec<String>,
    /// Notes for the curator to review.
    pub doubts: Vec<String>,
    /// Losses by kind.
    pub losses: BTreeMap<LossKind, Vec<Placed>>,
    /// Unresolved links to the old site.
    pub unresolved_links: Vec<Placed>,
    /// Missing pictures of the old site.
    pub missing_pictures: Vec<Placed>,
    /// Pictures that could not be fetched, with the reasons.
    pub not_fetched: Vec<Placed>,
    /// Unknown shortcodes, with counts.
    pub unknown_shortcodes: BTreeMap<String, usize>,
    /// Texts that were probably decoded with a wrong encoding.
    pub suspected_mojibake: Vec<String>,
    /// Diagnostics that a build would give.
    pub problems: Vec<Placed>,
    /// The number of suggestions by rule.
    pub suggestions: BTreeMap<String, usize>,
    /// The number of comments written.
    pub comments: usize,
}

/// Something in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Placed {
    /// The file.
    pub file: String,
    /// The finding.
    pub what: String,
}

/// A report that lost words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incomplete {
    /// The file.
    pub file: String,
    /// The number of words.
    pub words: Kept,
}

impl Report {
    /// Whether at least 99.9 % of all words are kept.
    pub fn keeps_words(&self) -> bool {
        self.words.reaches(9_990)
    }

    /// A summary, one fact a line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} written, {} updated, {} unchanged",
            self.written, self.updated, self.unchanged
        )];
        let mut say = |count: usize, words: &str| {
            if count > 0 {
                lines.push(format!("{count} {words}"));
            }
        };
        say(self.edited.len(), "left as you edited them");
        say(self.removed.len(), "not written again, as you removed them");
        say(self.occupied.len(), "not written: another file is there");
        say(self.gone.len(), "are not in the source any more; their files stay");
        say(self.files, "pictures and files copied");
        for (status, count) in &self.left_out {
            say(*count, &format!("not imported: {status}"));
        }
        for (kind, count) in &self.others {
            say(*count, &format!("not imported: {kind}"));
        }
        say(self.undated.len(), "became drafts, as the source names no day for them");
        say(self.untitled.len(), "have no headline: their first words became the title");
        say(self.set_aside.len(), "values fit no key; they are below [extra]");
        say(self.lost_addresses.len(), "old addresses can't lead to their reports");
        say(self.repeated.len(), "stand in the source twice; the first counts");
        say(self.broken.len(), "parts can't be read");
        say(self.doubts.len(), "things to look at, named in the report");
        for (kind, places) in &self.losses {
            say(places.len(), kind.words());
        }
        say(self.unresolved_links.len(), "links to the old site lead nowhere");
        say(
            self.missing_pictures.len(),
            "pictures of the old site are not at hand: give --uploads or --fetch-media",
        );
        say(self.not_fetched.len(), "pictures could not be fetched");
        for (name, count) in &self.unknown_shortcodes {
            say(*count, &format!("times the unknown shortcode [{name}]; it stays as text"));
        }
        say(
            self.suspected_mojibake.len(),
            "texts seem to have broken letters; they are kept as they are",
        );
        say(self.comments, "comments written");
        say(self.incomplete.len(), "reports keep less than 99.9 % of their words");
        say(self.problems.len(), "problems that a build will name");
        for (rule, count) in &self.suggestions {
            say(*count, &format!("suggestions by {rule}"));
        }
        lines.push(format!(
            "{} of {} words kept, {} of {} texts whole",
            self.words.words - self.words.lost,
            self.words.words,
            self.whole,
            self.bodies
        ));
        lines
    }
}
