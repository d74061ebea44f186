//! Runs an import, from a source to files.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::authoring::known::Known;
use crate::base::date::Date;
use crate::base::files::{self, Durability};
use crate::settings::Config;

use super::addresses::OldAddresses;
use super::entry::{Comment, Entry, OwnFile};
use super::error::{BATCH, ImportError, Stage, Step};
use super::fetching;
use super::journal::{self, Journal};
use super::making::{Findings, Made, Maker};
use super::options::{Choices, Pictures, Writing};
use super::placing::{Place, places};
use super::proposals;
use super::report::{Incomplete, NAME as REPORT, Placed, Report};
use super::sources::Source;
use super::suggestions::file::{NAME as SUGGESTIONS, Settings, Suggestions};
use super::suggestions::notices::Counted;
use super::survey::{self, Again, Ids, Survey};
use super::uploads::Uploads;
use super::writing::{Outcome, Writer};

/// Imports a source into an archive.
pub fn import(
    source: &dyn Source,
    (root, config): (&Path, &Config),
    choices: &Choices,
    progress: &mut dyn FnMut(Step),
) -> Result<Report, ImportError> {
    let mut survey = Survey::of(source, choices)?;
    refuse_empty(&survey)?;
    let uploads = uploads(root, choices)?;
    let journal = Journal::read(root, choices.source);
    let journal = journal.map_err(ImportError::io(journal::folder(root)))?;
    let known = Known::of(root, config);
    let places = places(&survey, &journal, &known, Date::Day(choices.today));
    let addresses = OldAddresses::new(&survey, &places, &uploads, config);
    let settings = proposals::settings(&survey, &places, &known, choices.creator);
    let ids = survey.take_ids();
    let maker = Maker { survey: &survey, addresses: &addresses, config, choices };
    let mark = Mark::new(root, choices);
    let not_fetched = if choices.fetches() {
        fetching::fetch(source, (&maker, &places, &uploads), (root, config), progress)?
    } else {
        Vec::new()
    };
    let mut run = Run {
        writer: Writer::new(root, journal, choices.writing),
        report: Report { not_fetched, ..first_lines(&survey, choices) },
        uploads: &uploads,
        suggestions: Suggestions::read(root).map_err(ImportError::io(Suggestions::path(root)))?,
        is_resumed: mark.is_there(),
        fresh: FxHashSet::default(),
        counted: Counted::default(),
        keeps_comments: choices.comments.is_some() && choices.writing == Writing::Write,
        comments: String::new(),
        copied: FxHashSet::default(),
    };
    run.report.lost_addresses = lost_addresses(&places);
    mark.set()?;
    run.entries(source, &maker, &places, progress)?;
    run.gone(&ids);
    run.suggest(root, settings)?;
    run.finish(choices)?;
    mark.remove()?;
    Ok(run.report)
}

fn refuse_empty(survey: &Survey) -> Result<(), ImportError> {
    if !survey.heads.is_empty() || !survey.left_out.is_empty() || survey.files > 0 {
        return Ok(());
    }
    let others: Vec<String> =
        survey.others.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    Err(match survey.broken.first() {
        None if !others.is_empty() => ImportError::Others(others.join(", ")),
        first => ImportError::Empty(first.cloned()),
    })
}

/// Opens the files that texts show, and finds those that earlier imports put below `static/`.
fn uploads(root: &Path, choices: &Choices) -> Result<Uploads, ImportError> {
    let found = match &choices.uploads {
        Some(Pictures::Uploads(path)) => Uploads::open(path).map_err(ImportError::io(path))?,
        Some(Pictures::BesidePages(path)) => {
            Uploads::of_pages(path).map_err(ImportError::io(path))?
        }
        None => Uploads::none(),
    };
    Ok(found.kept_in(&root.join("static")))
}

/// Old addresses that no build can answer.
fn lost_addresses(places: &[Place]) -> Vec<Placed> {
    let of = |place: &Place| {
        let file = place.path.clone();
        let lost = place.lost.clone().into_iter();
        lost.map(move |what| Placed { file: file.clone(), what }).collect::<Vec<_>>()
    };
    places.iter().flat_map(of).collect()
}

/// The report's parts from the survey.
fn first_lines(survey: &Survey, choices: &Choices) -> Report {
    Report {
        source: choices.source.to_owned(),
        left_out: survey
            .left_out
            .iter()
            .map(|(status, count)| (status.name().to_owned(), *count))
            .collect(),
        others: survey.others.clone(),
        repeated: survey.repeated.clone(),
        broken: survey.broken.clone(),
        doubts: survey.doubts.clone(),
        ..Report::default()
    }
}

struct Run<'a> {
    writer: Writer<'a>,
    report: Report,
    uploads: &'a Uploads,
    suggestions: Suggestions,
    /// Whether an earlier run was interrupted before it wrote suggestions.
    is_resumed: bool,
    /// Files whose old suggestions are replaced.
    fresh: FxHashSet<Box<str>>,
    counted: Counted,
    /// Whether comments are written to a file.
    keeps_comments: bool,
    comments: String,
    copied: FxHashSet<String>,
}

impl Run<'_> {
    fn entries(
        &mut self,
        source: &dyn Source,
        maker: &Maker<'_>,
        places: &[Place],
        progress: &mut dyn FnMut(Step),
    ) -> Result<(), ImportError> {
        let mut waiting: Vec<Entry> = Vec::with_capacity(BATCH);
        let mut done = 0;
        let mut failed = None;
        let mut batch = |run: &mut Self, waiting: &mut Vec<Entry>| -> Result<(), ImportError> {
            let entries: Vec<(Entry, &Place)> = waiting.drain(..).zip(&places[done..]).collect();
            done += entries.len();
            let journal = run.writer.journal();
            let make_one = |(entry, place): (Entry, &Place)| {
                let applied = journal.applied(&entry.id);
                maker.make(entry, place, applied)
            };
            let made: Vec<Made> = entries.into_par_iter().map(make_one).collect();
            made.into_iter().try_for_each(|made| run.take(made))?;
            progress(Step { what: Stage::Reports, done, of: places.len() });
            Ok(())
        };
        survey::again(source, maker.choices, &mut |found| {
            if failed.is_some() {
                return;
            }
            match found {
                Again::Entry(entry) => waiting.push(*entry),
                Again::File(file) => failed = self.put_back(&file).err(),
            }
            if waiting.len() == BATCH {
                failed = batch(self, &mut waiting).err();
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        batch(self, &mut waiting)
    }

    /// Restores a file of another Dateline archive unchanged.
    fn put_back(&mut self, file: &OwnFile) -> Result<(), ImportError> {
        let put = self.writer.put(&file.path, &file.path, &file.bytes, &[]);
        let outcome = put.map_err(ImportError::io(&file.path))?;
        // Keep this archive's own settings.
        if outcome == Outcome::Occupied && !file.path.contains('/') {
            self.report.doubts.push(format!("{} is another one here, and stays", file.path));
        } else {
            self.count(&file.path, outcome);
        }
        Ok(())
    }

    fn count(&mut self, file: &str, outcome: Outcome) {
        let list = match outcome {
            Outcome::Written => return self.report.written += 1,
            Outcome::Updated => return self.report.updated += 1,
            Outcome::Unchanged => return self.report.unchanged += 1,
            Outcome::Edited => &mut self.report.edited,
            Outcome::Removed => &mut self.report.removed,
            Outcome::Occupied => &mut self.report.occupied,
        };
        list.push(file.to_owned());
    }

    fn take(&mut self, made: Made) -> Result<(), ImportError> {
        let path = made.path.clone();
        let put = self.writer.put(&made.id, &made.path, made.text.as_bytes(), &made.applied);
        let outcome = put.map_err(ImportError::io(path))?;
        let file = made.path;
        self.count(&file, outcome);
        if matches!(outcome, Outcome::Removed | Outcome::Occupied) {
            return Ok(());
        }
        self.copy_files(&made.findings.addresses.used);
        self.tell(&file, made.findings);
        self.comment(&file, &made.comments);
        let is_fresh = matches!(outcome, Outcome::Written | Outcome::Updated);
        if is_fresh || (self.is_resumed && outcome == Outcome::Unchanged) {
            let suggestions = &mut self.suggestions;
            let replaced = suggestions.forget(&file).map(|_| ());
            let replaced = replaced.and_then(|()| suggestions.add(&file, made.suggestions));
            replaced.map_err(ImportError::io(SUGGESTIONS))?;
            self.fresh.insert(file.as_str().into());
        }
        self.counted.add(&file, made.paragraphs);
        Ok(())
    }

    fn copy_files(&mut self, used: &[String]) {
        for path in used {
            if !self.copied.insert(path.clone()) {
                continue;
            }
            let target = format!("static/{path}");
            match self.writer.copy(&target, || self.uploads.read(path)) {
                Ok(is_new) => self.report.files += usize::from(is_new),
                Err(error) => self
                    .report
                    .missing_pictures
                    .push(Placed { file: target, what: error.to_string() }),
            }
        }
    }

    fn tell(&mut self, file: &str, findings: Findings) {
        let placed = |what: String| Placed { file: file.to_owned(), what };
        let report = &mut self.report;
        if let Some(kept) = findings.kept {
            report.words = report.words.and(kept);
            report.bodies += 1;
            report.whole += usize::from(kept.lost == 0);
            if !kept.reaches(9_990) {
                report.incomplete.push(Incomplete { file: file.to_owned(), words: kept });
            }
        }
        for loss in findings.losses {
            report.losses.entry(loss.kind).or_default().push(placed(loss.what));
        }
        report.unresolved_links.extend(findings.addresses.unresolved.into_iter().map(placed));
        report.missing_pictures.extend(findings.addresses.missing.into_iter().map(placed));
        report.problems.extend(findings.problems.into_iter().map(placed));
        report.set_aside.extend(findings.set_aside.into_iter().map(placed));
        if findings.is_untitled {
            report.untitled.push(file.to_owned());
        }
        if findings.is_undated {
            report.undated.push(file.to_owned());
        }
        for name in findings.unknown_shortcodes {
            *report.unknown_shortcodes.entry(name).or_default() += 1;
        }
        if findings.is_broken_text {
            report.suspected_mojibake.push(file.to_owned());
        }
    }

    /// Writes comments as JSON lines.
    fn comment(&mut self, file: &str, comments: &[Comment]) {
        if !self.keeps_comments {
            return;
        }
        for Comment { author, date, text } in comments {
            let line =
                serde_json::json!({ "file": file, "author": author, "date": date, "text": text });
            self.comments.push_str(&line.to_string());
            self.comments.push('\n');
        }
    }

    fn gone(&mut self, ids: &Ids) {
        let files = self.writer.journal().files();
        let gone = files.filter(|(id, _)| ids.misses(id)).map(|(_, path)| path.to_owned());
        self.report.gone = gone.collect();
        self.report.gone.sort();
    }

    fn suggest(&mut self, root: &Path, settings: Settings) -> Result<(), ImportError> {
        let notices = std::mem::take(&mut self.counted).notices();
        for (file, notice) in notices {
            if self.fresh.contains(file.as_str()) {
                self.suggestions.add(&file, [notice]).map_err(ImportError::io(SUGGESTIONS))?;
            }
        }
        self.suggestions.settings = settings;
        self.report.suggestions = self.suggestions.counts();
        if self.suggestions.is_empty() && !Suggestions::path(root).exists() {
            return Ok(());
        }
        let suggestions = &mut self.suggestions;
        let written = self.writer.replace_with(SUGGESTIONS, |to| suggestions.write(to));
        written.map_err(ImportError::io(SUGGESTIONS))
    }

    fn finish(&mut self, choices: &Choices) -> Result<(), ImportError> {
        if let Some(path) = choices.comments.as_ref().filter(|_| self.keeps_comments) {
            self.report.comments = self.comments.lines().count();
            let written = files::replace(path, self.comments.as_bytes(), Durability::Lasting);
            written.map_err(ImportError::io(path))?;
        }
        let text = serde_json::to_string_pretty(&self.report).map_err(io::Error::other);
        let text = text.map_err(ImportError::io(REPORT))?;
        self.writer.replace(REPORT, format!("{text}\n").as_bytes()).map_err(ImportError::io(REPORT))
    }
}

/// A file that exists while an import runs, so that an interruption is noticed.
struct Mark {
    path: PathBuf,
    writing: Writing,
}

impl Mark {
    fn new(root: &Path, choices: &Choices) -> Mark {
        let path = journal::folder(root).join(format!("{}.unfinished", choices.source));
        Mark { path, writing: choices.writing }
    }

    fn is_there(&self) -> bool {
        self.path.exists()
    }

    fn set(&self) -> Result<(), ImportError> {
        if self.writing == Writing::DryRun {
            return Ok(());
        }
        let made = self.path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let failed = || ImportError::io(self.path.clone());
        made.map_err(failed())?;
        files::replace(&self.path, b"", Durability::Passing).map_err(failed())
    }

    fn remove(&self) -> Result<(), ImportError> {
        match self.writing {
            Writing::DryRun => Ok(()),
            Writing::Write => {
                std::fs::remove_file(&self.path).map_err(ImportError::io(self.path.clone()))
            }
        }
    }
}
