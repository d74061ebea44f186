//! What was seen of addresses, from one run to the next.
//!
//! Two files hold it. `failing-links.toml` beside the config names what fails, and the days: it is small,
//! changes only where something fails or lives again, and is meant to be committed, so that checks on
//! several machines, or on one that forgets all between runs, count the same days. It lies outside of
//! `links/`, for that holds decisions, and what was merely seen must not touch a build.
//! `.dateline/links.jsonl` is the journal of a run: a line for each answer, written when it comes, so
//! that a run that is cut goes on where it was. It may be lost; then today's questions are asked again.

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

/// An address that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Failing {
    /// On these days, without an answer between them.
    pub(super) days: BTreeSet<NaiveDate>,
    /// Why, the last time.
    pub(super) why: String,
    /// Whether this check called it dead, and what became of that.
    pub(super) verdict: Verdict,
    /// The copy that this check wrote into the ledger: one that a curator took out stays out.
    pub(super) copied: Option<String>,
}

/// Whether an address was called dead in the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not by this check.
    #[default]
    None,
    /// It will be: a run that is cut here is made up for. The day that it died.
    Pending(NaiveDate),
    /// It is.
    Written(NaiveDate),
    /// It was, and a curator took that out again.
    Overruled(NaiveDate),
}

impl Verdict {
    /// The day that this check has in the ledger, as far as it knows.
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
    /// What it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Outcome>,
    /// The copy that was found of it; an empty text for none.
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
    /// What became of that day in the ledger, where it does not simply stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ledger: Option<InLedger>,
    /// The copy that was written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    archived: Option<String>,
}

/// What became of a day in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum InLedger {
    /// It still has to be written.
    Pending,
    /// A curator took it out.
    Overruled,
}

const HEADER: &str = "\
# Addresses that failed when `dateline check --external` asked them, and on which days. One that
# answers again is taken out; one that failed on enough days is called dead in the ledger, links/.
# Nothing here changes a page. Commit it, so that every machine that checks counts the same days.
";

/// All that was seen.
#[derive(Debug)]
pub(super) struct Observed {
    /// What fails.
    pub(super) failing: BTreeMap<Address, Failing>,
    /// What was answered today.
    pub(super) today: BTreeMap<Address, Outcome>,
    /// Copies that were looked for today.
    pub(super) copies: BTreeMap<Address, Option<String>>,
    pub(super) day: NaiveDate,
    /// On so many days a link fails before it is dead; later days say nothing new.
    enough: usize,
    journal: Lock,
    failing_path: PathBuf,
}

impl Observed {
    /// What earlier runs saw. Held until dropped: a second check must wait for another time.
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
        // What older days saw is among what fails; their answers are not asked for any more.
        observed.save()?;
        observed.begin_journal()?;
        Ok(observed)
    }

    /// Leaves in the journal what is of today.
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

    /// Takes in what a run wrote down that was cut. A line that was cut itself is no line.
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

    /// Writes an answer down, at once.
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

    /// Writes down what came of looking for a copy.
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

    /// An older day says nothing: another machine has seen more since.
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
            // What this check called dead is for `changes` to take back.
            Outcome::Living | Outcome::Moved(_) => {
                if let Some(failing) = self.failing.get_mut(address) {
                    failing.days.clear();
                    if failing.verdict == Verdict::None {
                        self.failing.remove(address);
                    }
                }
            }
            // The host is there, and nobody knows of the page.
            Outcome::Home(_) | Outcome::Astray(_) | Outcome::Refused(_) | Outcome::Private => {}
        }
    }

    /// Whether an address failed on enough days, and no curator knows better.
    pub(super) fn is_dead(&self, address: &Address) -> bool {
        self.failing.get(address).is_some_and(|failing| {
            failing.days.len() >= self.enough && !matches!(failing.verdict, Verdict::Overruled(_))
        })
    }

    /// Sees what curators did with verdicts of this check: one that they took out stays out, one that
    /// they wrote themselves is theirs.
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

    /// All that was pending is written, and copies are. What lives again is forgotten.
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

    /// Writes down what fails.
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

/// The journal as messages name it.
const JOURNAL: &str = "the answers of today's links";

impl Entry {
    fn of(failing: &Failing) -> Entry {
        // Any day of the calendar is written as TOML has it.
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
