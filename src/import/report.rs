//! What an import did, and everything that it could not keep: `import-report.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::convert::LossKind;
use super::words::Kept;

/// The file's name, in the archive's folder.
pub const NAME: &str = "import-report.json";

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The kind of source.
    pub source: String,
    /// Files that were not there.
    pub written: usize,
    /// Files that the source has another text for.
    pub updated: usize,
    /// Files that stay as they are.
    pub unchanged: usize,
    /// Files that the curator changed: they are left.
    pub edited: Vec<String>,
    /// Files that the curator removed: they stay removed.
    pub removed: Vec<String>,
    /// Files that another hand wrote where an entry would be.
    pub occupied: Vec<String>,
    /// Files of entries that the source does not have any more.
    pub gone: Vec<String>,
    /// Pictures and other files that were copied.
    pub files: usize,
    /// Words of all sources, and those that are not on the built pages.
    pub words: Kept,
    /// Bodies without a loss.
    pub whole: usize,
    /// All bodies.
    pub bodies: usize,
    /// Reports that keep less than 99.9 % of their words.
    pub incomplete: Vec<Incomplete>,
    /// Entries that are not imported, by status.
    pub left_out: BTreeMap<String, usize>,
    /// Other things that are not imported, by type.
    pub others: BTreeMap<String, usize>,
    /// Drafts of what readers saw, for the source names no day.
    pub undated: Vec<String>,
    /// Entries that stand in the file twice.
    pub repeated: Vec<String>,
    /// Lines or parts that can't be read.
    pub broken: Vec<String>,
    /// What the curator should look at.
    pub doubts: Vec<String>,
    /// What became something else or was left out, by kind.
    pub losses: BTreeMap<LossKind, Vec<Placed>>,
    /// Links to the old site that lead nowhere.
    pub unresolved_links: Vec<Placed>,
    /// Pictures of the old site that are not at hand.
    pub missing_pictures: Vec<Placed>,
    /// Shortcodes that nothing is known of, and how often they stand.
    pub unknown_shortcodes: BTreeMap<String, usize>,
    /// Texts whose letters were broken by some program before.
    pub suspected_mojibake: Vec<String>,
    /// What a build would say of the files.
    pub problems: Vec<Placed>,
    /// Suggestions by rule.
    pub suggestions: BTreeMap<String, usize>,
    /// Comments that were written.
    pub comments: usize,
}

/// Something, and in which file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Placed {
    /// The file.
    pub file: String,
    /// What.
    pub what: String,
}

/// A report that lost words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incomplete {
    /// The file.
    pub file: String,
    /// How many.
    pub words: Kept,
}

impl Report {
    /// Whether 99.9 % of all words are on the built pages.
    pub fn keeps_words(&self) -> bool {
        self.words.reaches(9_990)
    }

    /// The summary, a line a fact.
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
        say(self.repeated.len(), "stand in the source twice; the first counts");
        say(self.broken.len(), "parts can't be read");
        say(self.doubts.len(), "things to look at, named in the report");
        for (kind, places) in &self.losses {
            say(places.len(), kind.words());
        }
        say(self.unresolved_links.len(), "links to the old site lead nowhere");
        say(
            self.missing_pictures.len(),
            "pictures of the old site are not at hand: give --uploads",
        );
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
