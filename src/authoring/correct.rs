//! `dateline correct`: puts other words in the place of wrong ones, and records it for readers.
//!
//! First a [`Plan`] that touches nothing, so that it can be shown; then [`Plan::carry_out`].

use std::path::{Path, PathBuf};

use crate::base::date::Date;
use crate::base::files::replace_text;
use crate::content::article::Correction;
use crate::settings::Config;

use super::amend::{AmendError, Read, place};
use super::passages::{find_all, replaced};
use super::records::{self, Field, NewRecord};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The report: its address, whole or from the archive's root, or its file.
    pub target: String,
    /// The words that are wrong.
    pub was: String,
    /// The words in their place.
    pub now: String,
    /// What was wrong, for readers.
    pub text: String,
    /// The day of the correction.
    pub date: Date,
}

/// What a correction is going to do.
#[derive(Debug)]
pub struct Plan {
    /// The report's address.
    pub permalink: String,
    /// Its file, from the archive's root.
    pub source: String,
    /// Line and column of the words.
    pub place: String,
    /// The file's text as it is.
    pub before: String,
    /// The file's text as it will be.
    pub after: String,
    file: PathBuf,
}

/// Finds out what a correction has to do. Reads, and changes nothing.
pub fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, AmendError> {
    let read = Read::new(root, config);
    let found = read.find(&request.target)?;
    let old = &*found.report.value;
    let source = old.source.to_string();
    let (head, body) = found.text.split_at(found.body_start());
    let places = find_all(body, &request.was);
    let (words, source_file) = (request.was.clone(), source.clone());
    let [at] = places.as_slice() else {
        let places: Vec<String> =
            places.iter().map(|at| place(&found.text, head.len() + at.start)).collect();
        return Err(if places.is_empty() {
            AmendError::NotThere { words, source_file }
        } else {
            AmendError::Ambiguous { words, source_file, places }
        });
    };
    let corrected = replaced(body, &places, |_| request.now.clone());
    let correction = Correction {
        date: request.date,
        text: Some(request.text.clone()),
        was: Some(request.was.clone()),
        now: Some(request.now.clone()),
    };
    let after = records::add(&format!("{head}{corrected}"), config, &record(&correction))
        .filter(|text| text.ends_with(&corrected))
        .filter(|text| {
            let mut expected = old.corrections.clone();
            expected.push(correction);
            expected.sort_by_key(|correction| correction.date);
            read.reread(old, text)
                .is_some_and(|new| new.corrections == expected && new.redactions == old.redactions)
        })
        .ok_or_else(|| AmendError::Risky(source.clone()))?;
    Ok(Plan {
        permalink: old.permalink.to_string(),
        source,
        place: place(&found.text, head.len() + at.start),
        file: found.file,
        before: found.text.clone(),
        after,
    })
}

fn record(correction: &Correction) -> NewRecord {
    let texts = [("text", &correction.text), ("was", &correction.was), ("now", &correction.now)];
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key, Field::Text(text.clone()?))));
    let date = ("date", Field::Date(correction.date));
    NewRecord { list: "corrections", fields: std::iter::once(date).chain(texts).collect() }
}

impl Plan {
    /// Writes the file, in one step.
    pub fn carry_out(&self) -> Result<(), AmendError> {
        replace_text(&self.file, &self.after)
            .map_err(|source| AmendError::Io { path: self.file.clone(), source })
    }
}
