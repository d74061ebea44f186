//! Results of checking addresses, stored between runs.
//!
//! There are two files. `failing-links.toml` beside the settings lists failing addresses with the
//! days of failure. It is small, changes only when an address fails or recovers, and should be
//! committed, so that checks on several machines, or on one without persistent state, count the
//! same days. It is outside `links/`, which holds decisions: observations must not trigger a build.
//! `.dateline/links.jsonl` is the journal of a run: one line for each answer, written when it
//! arrives, so that an interrupted run can resume. If it is lost, today's requests are repeated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::date::Date;
use crate::base::files::{Lock, append_to, create_text, refuse_link, replace_text};
use crate::ledger::{Address, Ledger};

use crate::state::StateFolder;
use crate::state::links::FAILING;

use super::error::ExternalError;
use crate::fetch::Outcome;

/// A failing address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failing {
    /// Days of failure without a success between them.
    pub(super) days: BTreeSet<NaiveDate>,
    /// The last reason.
    pub(super) why: String,
    /// Whether this check declared it dead in the ledger.
    pub(super) verdict: Verdict,
    /// The copy that this check wrote to the ledger; if a curator removes it, it is not written
    /// again.
    pub(super) copied: Option<String>,
}

/// Whether an address was declared dead in the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not by this check.
    #[default]
    None,
    /// Not written yet; an interrupted run is made up for. Holds the day of death.
    Pending(NaiveDate),
    Written(NaiveDate),
    /// Written, but removed by a curator.
    Overruled(NaiveDate),
}

impl Verdict {
    /// The day that this check wrote to the ledger, as far as known.
    pub(super) fn day(self) -> Option<NaiveDate> {
        match self {
            Verdict::None => None,
            Verdict::Pending(day) | Verdict::Written(day) | Verdict::Overruled(day) => Some(day),
        }
    }
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    url: String,
    day: NaiveDate,
    /// The result of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Outcome>,
    /// The copy found; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy: Option<String>,
}

/// An entry of `failing-links.toml`.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    failed: Vec<toml::value::Datetime>,
    why: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dead: Option<toml::value::Datetime>,
    /// The state of that day in the ledger, unless it is simply there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ledger: Option<InLedger>,
    /// The copy written to the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    archived: Option<String>,
}

/// The state of a day in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum InLedger {
    /// Not written yet.
    Pending,
    /// Removed by a curator.
    Overruled,
}

const HEADER: &str = "\
# Addresses that failed when `dateline check --external` asked them, and on which days. One that
# answers again is taken out; one that failed on enough days is called dead in the ledger, links/.
# Nothing here changes a page. Commit it, so that every machine that checks counts the same days.
";

/// All stored results.
#[derive(Debug)]
pub(super) struct Observed {
    /// Failing addresses.
    pub(super) failing: BTreeMap<Address, Failing>,
    /// Today's results.
    pub(super) today: BTreeMap<Address, Outcome>,
    /// Today's searches for copies.
    pub(super) copies: BTreeMap<Address, Option<String>>,
    pub(super) day: NaiveDate,
    /// A link is dead after failing on this many days; later days are not stored.
    enough: usize,
    journal: Lock,
    failing_path: PathBuf,
}

impl Observed {
    /// Loads the results of earlier runs and takes a lock: a second check must wait until this is
    /// dropped.
    pub(super) fn load(
        root: &Path,
        day: NaiveDate,
        enough: usize,
    ) -> Result<Observed, ExternalError> {
        let failing_path = root.join(FAILING);
        refuse_link(&failing_path).map_err(|error| ExternalError::io(FAILING, error))?;
        let failing = match fs::read_to_string(&failing_path) {
            Ok(text) => read_failing(&text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(ExternalError::io(FAILING, error)),
        };
        let folder = StateFolder::of(root);
        let path = folder.link_answers();
        let refused = |error| ExternalError::io(JOURNAL, error);
        fs::create_dir_all(folder.path()).map_err(refused)?;
        let journal = append_to(&path).and_then(Lock::on).map_err(refused)?;
        let journal = journal.ok_or(ExternalError::Busy)?;
        let lines = fs::read(&path).map_err(refused)?;
        let lines = String::from_utf8_lossy(&lines).into_owned();
        let (today, copies) = (BTreeMap::new(), BTreeMap::new());
        let mut observed = Observed { failing, today, copies, day, enough, journal, failing_path };
        observed.recall(&lines);
        // Older failures are in `failing`; older answers are not needed.
        observed.save()?;
        observed.begin_journal()?;
        Ok(observed)
    }

    /// Truncates the journal to today's lines.
    fn begin_journal(&mut self) -> Result<(), ExternalError> {
        self.journal.file().set_len(0).map_err(|error| ExternalError::io(JOURNAL, error))?;
        for (address, outcome) in &self.today {
            let answer = Some(outcome.clone());
            self.note(&Line { url: address.to_string(), day: self.day, answer, copy: None })?;
        }
        for (address, copy) in &self.copies {
            let copy = Some(copy.clone().unwrap_or_default());
            self.note(&Line { url: address.to_string(), day: self.day, answer: None, copy })?;
        }
        Ok(())
    }

    /// Reads an interrupted run's journal. An incomplete line is ignored.
    fn recall(&mut self, lines: &str) {
        for line in lines.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
            let Some(address) = Address::parse(&line.url) else { continue };
            if let Some(outcome) = line.answer {
                self.count(&address, &outcome, line.day);
                if line.day == self.day {
                    self.today.insert(address.clone(), outcome);
                }
            }
            if let Some(copy) = line.copy.filter(|_| line.day == self.day) {
                self.copies.insert(address, Some(copy).filter(|copy| !copy.is_empty()));
            }
        }
    }

    /// Stores an answer at once.
    pub(super) fn answered(
        &mut self,
        address: &Address,
        outcome: Outcome,
    ) -> Result<(), ExternalError> {
        self.count(address, &outcome, self.day);
        let (url, answer) = (address.to_string(), Some(outcome.clone()));
        self.today.insert(address.clone(), outcome);
        self.note(&Line { url, day: self.day, answer, copy: None })
    }

    /// Stores the result of a search for a copy.
    pub(super) fn sought(
        &mut self,
        address: &Address,
        copy: Option<String>,
    ) -> Result<(), ExternalError> {
        let (url, written) = (address.to_string(), Some(copy.clone().unwrap_or_default()));
        self.copies.insert(address.clone(), copy);
        self.note(&Line { url, day: self.day, answer: None, copy: written })
    }

    fn note(&self, line: &Line) -> Result<(), ExternalError> {
        let refused = |error| ExternalError::io(JOURNAL, error);
        let text = serde_json::to_string(line).map_err(|error| refused(error.into()))?;
        self.journal.file().write_all(format!("{text}\n").as_bytes()).map_err(refused)
    }

    /// Counts a failure. An older day is ignored: another machine has newer results.
    fn count(&mut self, address: &Address, outcome: &Outcome, day: NaiveDate) {
        let last = self.failing.get(address).and_then(|failing| failing.days.last());
        if last.is_some_and(|&last| last > day) {
            return;
        }
        match outcome {
            Outcome::Failed(why) => {
                let failing = self.failing.entry(address.clone()).or_default();
                if failing.days.len() < self.enough {
                    failing.days.insert(day);
                    failing.why.clone_from(why);
                }
            }
            // `changes` revokes this check's own verdict.
            Outcome::Living | Outcome::Moved(_) => {
                if let Some(failing) = self.failing.get_mut(address) {
                    failing.days.clear();
                    if failing.verdict == Verdict::None {
                        self.failing.remove(address);
                    }
                }
            }
            // The host answers, but the page's state is unknown.
            Outcome::Home(_) | Outcome::Astray(_) | Outcome::Refused(_) | Outcome::Private => {}
        }
    }

    /// Whether an address failed on enough days and no curator overruled it.
    pub(super) fn is_dead(&self, address: &Address) -> bool {
        self.failing.get(address).is_some_and(|failing| {
            failing.days.len() >= self.enough && !matches!(failing.verdict, Verdict::Overruled(_))
        })
    }

    /// Applies what curators did with this check's verdicts: a removed one stays out, a rewritten
    /// one is theirs.
    pub(super) fn apply_overrides(&mut self, ledger: &Ledger) {
        self.failing.retain(|address, failing| {
            let dead = ledger.decision(address).and_then(|decision| decision.dead);
            let (next, is_ours) = match (failing.verdict, dead) {
                (Verdict::Written(day), None) => (Verdict::Overruled(day), true),
                (Verdict::Written(day), Some(dead)) => {
                    (Verdict::Written(day), dead == Date::Day(day))
                }
                (Verdict::Overruled(day), Some(_)) => (Verdict::Overruled(day), false),
                (verdict, _) => (verdict, true),
            };
            failing.verdict = next;
            is_ours
        });
    }

    /// Marks pending verdicts and copies as written, and removes recovered addresses.
    pub(super) fn settle(&mut self) {
        self.failing.retain(|_, failing| !failing.days.is_empty());
        for (address, failing) in &mut self.failing {
            if let Some(Some(copy)) = self.copies.get(address) {
                failing.copied = Some(copy.clone());
            }
            if let Verdict::Pending(day) = failing.verdict {
                failing.verdict = Verdict::Written(day);
            }
        }
    }

    /// Writes the failing addresses.
    pub(super) fn save(&self) -> Result<(), ExternalError> {
        let refused = |error| ExternalError::io(FAILING, error);
        let entries: BTreeMap<&str, Entry> = self
            .failing
            .iter()
            .map(|(address, failing)| (address.as_str(), Entry::of(failing)))
            .collect();
        let old = match fs::read_to_string(&self.failing_path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(refused(error)),
        };
        let text = toml::to_string(&entries).map_err(|error| refused(io::Error::other(error)))?;
        let text = format!("{HEADER}\n{text}");
        let done = match old {
            Some(_) if entries.is_empty() => fs::remove_file(&self.failing_path),
            None if entries.is_empty() => Ok(()),
            Some(old) if old == text => Ok(()),
            Some(_) => replace_text(&self.failing_path, &text),
            None => create_text(&self.failing_path, &text),
        };
        done.map_err(refused)
    }
}

/// The journal's name in messages.
const JOURNAL: &str = "the answers of today's links";

impl Entry {
    fn of(failing: &Failing) -> Entry {
        // Every calendar day is a valid TOML date.
        let written = |day: &NaiveDate| day.to_string().parse().ok();
        Entry {
            failed: failing.days.iter().filter_map(written).collect(),
            why: failing.why.clone(),
            dead: failing.verdict.day().as_ref().and_then(written),
            ledger: match failing.verdict {
                Verdict::Pending(_) => Some(InLedger::Pending),
                Verdict::Overruled(_) => Some(InLedger::Overruled),
                Verdict::None | Verdict::Written(_) => None,
            },
            archived: failing.copied.clone(),
        }
    }
}

fn read_failing(text: &str) -> Result<BTreeMap<Address, Failing>, ExternalError> {
    let entries: BTreeMap<String, Entry> = toml::from_str(text)?;
    let read = |(url, entry): (String, Entry)| {
        let day = |written: &toml::value::Datetime| written.to_string().parse().ok();
        let days = entry.failed.iter().filter_map(day).collect();
        let verdict = match (entry.dead.as_ref().and_then(day), entry.ledger) {
            (None, _) => Verdict::None,
            (Some(dead), Some(InLedger::Pending)) => Verdict::Pending(dead),
            (Some(dead), Some(InLedger::Overruled)) => Verdict::Overruled(dead),
            (Some(dead), None) => Verdict::Written(dead),
        };
        let failing = Failing { days, why: entry.why, verdict, copied: entry.archived };
        Some((Address::parse(&url)?, failing))
    };
    Ok(entries.into_iter().filter_map(read).collect())
}
