//! `dateline correct`: replaces wrong words and records the correction for readers.
//!
//! [`plan`] changes nothing, so that the result can be shown; [`Plan::carry_out`] writes it.

use std::path::{Path, PathBuf};

use crate::base::date::Date;
use crate::base::files::replace_text;
use crate::content::article::Correction;
use crate::settings::Config;

use super::amend::{AmendError, Read, place};
use super::passages::{find_all, replaced};
use super::records::{self, Field, NewRecord};

#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The report: its full address, its path, or its file.
    pub target: String,
    /// The wrong words.
    pub was: String,
    /// The right words.
    pub now: String,
    /// The explanation for readers.
    pub text: String,
    pub date: Date,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub permalink: String,
    /// Its file, from the archive's root.
    pub source: String,
    /// Line and column of the wrong words.
    pub place: String,
    /// The old text of the file.
    pub before: String,
    /// The new text of the file.
    pub after: String,
    file: PathBuf,
}

/// Computes the correction without writing.
pub(crate) fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, AmendError> {
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
    /// Replaces the file atomically.
    pub(crate) fn carry_out(&self) -> Result<(), AmendError> {
        replace_text(&self.file, &self.after)
            .map_err(|source| AmendError::Io { path: self.file.clone(), source })
    }
}
