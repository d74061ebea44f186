//! Findings of lints of the whole archive before they have a place. Such lints see values; the
//! file's text is read later.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::content::front_matter::keys::written_list;

use super::document::Document;
use super::finding::Finding;

/// How to remedy a finding.
#[derive(Clone, Debug)]
pub(super) enum Remedy {
    /// Advice in words.
    Words(String),
    /// A correction entry with this day.
    Correction(NaiveDate),
    /// A list in front matter, in the file's format: advice, key, items.
    List(String, &'static str, Vec<String>),
}

/// A finding at a value of a file's front matter.
#[derive(Clone, Debug)]
pub(super) struct PendingFinding {
    /// Path from the archive's root.
    pub(super) source: String,
    /// Our name of the key.
    pub(super) key: String,
    /// The text, if the value is a list.
    pub(super) text: Option<String>,
    /// The finding, without a place.
    pub(super) finding: Finding,
    pub(super) mend: Remedy,
}

impl PendingFinding {
    fn placed(&self, document: &Document<'_>) -> Finding {
        let place = match &self.text {
            Some(text) => document.place_of_text(&self.key, text),
            None => document.place_of(&self.key),
        };
        let help = match &self.mend {
            Remedy::Words(words) => words.clone(),
            Remedy::Correction(day) => {
                let (day, text) = (day.to_string(), "\"what was wrong\"");
                let entry = document.fence().table(&[("date", &day), ("text", text)]);
                let line = document.bare_line("corrections", &format!("[{entry}]"));
                format!(
                    "tell readers: {line}, or one more entry where there are some; \
                     for what is no mistake {}",
                    document.bare_line("updated", &day)
                )
            }
            Remedy::List(words, key, items) => {
                format!("{words}{}", document.bare_line(key, &written_list(items.clone())))
            }
        };
        self.finding.clone().at(place).help(help)
    }
}

/// Pending findings by file.
#[derive(Debug, Default)]
pub(super) struct Targets(FxHashMap<String, Vec<PendingFinding>>);

impl Targets {
    pub(super) fn new(aimed: Vec<PendingFinding>) -> Targets {
        let mut targets = Targets::default();
        for aimed in aimed {
            targets.0.entry(aimed.source.clone()).or_default().push(aimed);
        }
        targets
    }

    /// The findings of a file, with their places.
    pub(super) fn of(&self, document: &Document<'_>) -> Vec<Finding> {
        let own = self.0.get(document.source).into_iter().flatten();
        own.map(|aimed| aimed.placed(document)).collect()
    }
}
