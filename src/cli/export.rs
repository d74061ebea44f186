//! `dateline export`: the archive in one file, or as a bag with its site.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate};
use clap::{Args, Subcommand};

use crate::base::choices::ExportFormat;
use crate::base::diagnostic::Effect;
use crate::export::file;
use crate::pipeline::{self, BagRequest, BaggedArchive, BuildOptions, EvidenceInBag, Report};

use super::hosting::HostingArguments;
use super::site::SiteArguments;

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    #[command(subcommand)]
    format: FormatCommand,
}

#[derive(Debug, Subcommand)]
enum FormatCommand {
    /// A record a line, exact.
    Jsonl(FileArguments),
    /// A table for spreadsheets.
    Csv(FileArguments),
    /// CSL-JSON, for reference managers.
    Csl(FileArguments),
    /// BibTeX.
    Bibtex(FileArguments),
    /// A bag (RFC 8493) of the archive and its site, for a library to keep.
    Bagit(BagArguments),
}

#[derive(Debug, Args)]
struct FileArguments {
    /// Where to; "-" prints it.
    file: PathBuf,
}

#[derive(Debug, Args)]
struct BagArguments {
    /// Where to: a folder that is not there yet.
    folder: PathBuf,
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    hosting: HostingArguments,
    /// Put in what was received of the originals, too: whole pages of others, which may not be passed
    /// on everywhere.
    #[arg(long)]
    with_evidence: bool,
}

impl ExportArguments {
    pub(super) fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        let (format, to) = match self.format {
            FormatCommand::Jsonl(to) => (ExportFormat::JsonLines, to),
            FormatCommand::Csv(to) => (ExportFormat::Csv, to),
            FormatCommand::Csl(to) => (ExportFormat::Csl, to),
            FormatCommand::Bibtex(to) => (ExportFormat::Bibtex, to),
            FormatCommand::Bagit(bag) => return bag.run(root, config),
        };
        to.run(format, &BuildOptions { root, config, ..BuildOptions::default() })
    }
}

impl FileArguments {
    fn run(self, format: ExportFormat, options: &BuildOptions) -> ExitCode {
        let mut report = Report::default();
        let site = pipeline::prepare(options, &mut report, &|_| {});
        draw_problems(&report);
        let is_stopped = report.diagnostics.iter().any(|problem| problem.weight == Effect::Stop);
        let Some(site) = site.filter(|_| !is_stopped) else { return ExitCode::from(1) };
        let write = |writer: &mut dyn Write| pipeline::export(&site, format, writer);
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

impl BagArguments {
    fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        let options = self.hosting.of(self.site.options(root, config));
        let date = match source_date() {
            Ok(date) => date,
            Err(message) => return super::environment_error(&message, None),
        };
        let evidence =
            if self.with_evidence { EvidenceInBag::Included } else { EvidenceInBag::LeftOut };
        let request = BagRequest { folder: self.folder, date, evidence };
        let mut report = Report::default();
        let bagged = pipeline::bag(&options, &request, &mut report);
        draw_problems(&report);
        match bagged {
            Ok(Some(BaggedArchive { bagged, left_out })) => {
                let folder = request.folder.display();
                super::say(&format_args!(
                    "{} files with {} bytes in {folder}; of content/ {left_out} left out",
                    bagged.files, bagged.bytes
                ));
                ExitCode::SUCCESS
            }
            Ok(None) => ExitCode::from(1),
            Err(error) => super::environment_error(&error, error.help().as_deref()),
        }
    }
}

/// `SOURCE_DATE_EPOCH` as a day, for reproducible bags.
fn source_date() -> Result<Option<NaiveDate>, String> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty())
    else {
        return Ok(None);
    };
    let seconds = value.to_str().and_then(|text| text.trim().parse().ok());
    let moment = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.map(|moment| Some(moment.date_naive())).ok_or_else(|| {
        format!("SOURCE_DATE_EPOCH is {}, and not a number of seconds", value.display())
    })
}

fn draw_problems(report: &Report) {
    super::draw(report.diagnostics.iter().filter(|problem| problem.weight > Effect::Warning));
}

fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut writer = BufWriter::new(std::io::stdout().lock());
    write(&mut writer)?;
    writer.flush()
}
