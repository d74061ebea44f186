//! Mistakes that curators make, each in a little archive, and what Dateline says of them.

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

/// A longer line is cut.
const LONGEST: usize = 110;

/// A mistake, and an archive in which somebody made it.
#[derive(Debug)]
pub struct Mistake {
    /// A short name.
    pub name: &'static str,
    /// What the curator did.
    pub words: &'static str,
    /// The command that tells it.
    pub told_by: ToldBy,
    files: fn() -> Vec<SourceFile>,
}

/// The command that tells a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// `dateline build`.
    Build,
    /// `dateline check`.
    Check,
}

/// A file of an archive.
#[derive(Clone, Debug)]
struct SourceFile {
    path: &'static str,
    bytes: Vec<u8>,
}

/// Why a mistake could not be tried.
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
    /// Writes the archive into a folder.
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

    /// All that is said of it.
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

/// On a day after all that the examples say.
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

/// A line, cut at a word where it is long.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => {
            let cut = line[..at].rsplit_once(' ').map_or(&line[..at], |(cut, _)| cut);
            format!("{cut} …")
        }
        None => line.to_owned(),
    }
}
