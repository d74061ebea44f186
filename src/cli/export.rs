//! `dateline export`: the whole archive in one file.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::build::{self, BuildOptions, Report};
use crate::diagnostic::Weight;
use crate::export::{Format, file};

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// How it is written.
    format: ExportFormat,
    /// Where to; "-" prints it.
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormat {
    /// A record a line, exact.
    Jsonl,
    /// A table for spreadsheets.
    Csv,
    /// CSL-JSON, for reference managers.
    Csl,
    /// BibTeX.
    Bibtex,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Format {
        match format {
            ExportFormat::Jsonl => Format::JsonLines,
            ExportFormat::Csv => Format::Csv,
            ExportFormat::Csl => Format::Csl,
            ExportFormat::Bibtex => Format::Bibtex,
        }
    }
}

impl ExportArguments {
    pub(super) fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        let options = BuildOptions { root, config, ..BuildOptions::default() };
        let mut report = Report::default();
        let site = build::prepare(&options, &mut report, &|_| {});
        super::draw(report.diagnostics.iter().filter(|problem| problem.weight > Weight::Warning));
        let is_stopped = report.diagnostics.iter().any(|problem| problem.weight == Weight::Stop);
        let Some(site) = site.filter(|_| !is_stopped) else { return ExitCode::from(1) };
        let write = |writer: &mut dyn Write| build::export(&site, self.format.into(), writer);
        let written = if self.file == Path::new("-") {
            print(write)
        } else {
            file::replace(&self.file, write)
        };
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let message = format!("{} can't be written: {error}", self.file.display());
                super::environment_error(&message, None)
            }
            _ if report.rejected.is_empty() => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        }
    }
}

fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut writer = BufWriter::new(std::io::stdout().lock());
    write(&mut writer)?;
    writer.flush()
}
