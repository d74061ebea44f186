//! Frequent mistakes, each in a small archive, and Dateline's message.

use std::fs;
use std::io;
use std::path::Path;

use chrono::NaiveDate;

use crate::base::diagnostic::Colour;
use crate::base::files::{self, Durability};
use crate::check::{self, CheckOptions, EvidenceFiles, LinksOut};
use crate::pipeline::{self, BuildOptions};

use super::table::{code, table};

mod archives;

pub use archives::MISTAKES;

const INTRODUCTION: &str = "# 30 mistakes\n\n\
    Each with the first line of what Dateline says; the file, the line, the column and how to mend it \
    follow below that line.\n";

/// Longer lines are shortened.
const LONGEST: usize = 110;

/// A mistake, with an archive that contains it.
#[derive(Debug)]
pub struct Mistake {
    /// A short name.
    pub name: &'static str,
    /// The mistake in words.
    pub words: &'static str,
    /// The command that reports it.
    pub told_by: ToldBy,
    files: fn() -> Vec<SourceFile>,
}

/// The command that reports a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// `dateline build`.
    Build,
    /// `dateline check`.
    Check,
}

#[derive(Clone, Debug)]
struct SourceFile {
    path: &'static str,
    bytes: Vec<u8>,
}

/// Why a mistake could not be tested.
#[derive(Debug, thiserror::Error)]
#[error("a folder for examples can't be used: {0}")]
pub struct MistakeError(#[from] io::Error);

impl ToldBy {
    /// The command's name.
    pub fn command(self) -> &'static str {
        match self {
            ToldBy::Build => "build",
            ToldBy::Check => "check",
        }
    }
}

impl Mistake {
    /// Writes the archive to a folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for SourceFile { path, bytes } in (self.files)() {
            let path = folder.join(path);
            if let Some(above) = path.parent() {
                fs::create_dir_all(above)?;
            }
            files::replace(&path, &bytes, Durability::Passing)?;
        }
        Ok(())
    }

    /// The command's output.
    pub fn told(&self) -> Result<String, MistakeError> {
        let folder = tempfile::tempdir()?;
        self.write(folder.path())?;
        let options = BuildOptions {
            root: folder.path().to_owned(),
            config: "dateline.toml".into(),
            ..BuildOptions::default()
        };
        Ok(match self.told_by {
            ToldBy::Build => built(&options),
            ToldBy::Check => checked(options),
        })
    }
}

fn built(options: &BuildOptions) -> String {
    let report = match pipeline::build(options, &|_| {}) {
        Ok(report) => report,
        Err(error) => return error.to_string(),
    };
    let told = report.diagnostics.iter().map(|problem| problem.draw(Colour::Plain));
    told.collect::<Vec<_>>().join("\n\n")
}

/// The output of a check, on a day after all dates in the examples.
fn checked(build: BuildOptions) -> String {
    let today = NaiveDate::from_ymd_opt(2025, 6, 1);
    let options =
        CheckOptions { build, today, links_out: LinksOut::Leave, evidence: EvidenceFiles::Leave };
    let checked = check::check(&options, &|_| {});
    let told = checked.findings.iter().map(|finding| finding.draw(Colour::Plain));
    told.collect::<Vec<_>>().join("\n\n")
}

pub(super) fn chapter() -> Result<String, MistakeError> {
    let mut rows = Vec::with_capacity(MISTAKES.len());
    for mistake in &MISTAKES {
        let told = mistake.told()?;
        let line = code(&shortened(told.lines().next().unwrap_or_default()));
        rows.push([mistake.words.to_owned(), line, code(mistake.told_by.command())]);
    }
    let heading = ["mistake", "what Dateline says", "told by"];
    Ok(format!("{INTRODUCTION}\n{}", table(heading, rows)))
}

/// Shortens a long line between words.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => {
            let cut = line[..at].rsplit_once(' ').map_or(&line[..at], |(cut, _)| cut);
            format!("{cut} …")
        }
        None => line.to_owned(),
    }
}
