//! `dateline export`: the archive in one file, or as a bag with its site.

use std::io::{BufWriter, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate};
use clap::{Args, Subcommand};

use crate::base::choices::ExportFormat;
use crate::base::diagnostic::Effect;
use crate::export::{file, whole};
use crate::pipeline::{self, BagRequest, BaggedArchive, BuildOptions, EvidenceInBag, Report};

use super::context::Context;
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
    Jsonl(JsonLinesArguments),
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
struct JsonLinesArguments {
    #[command(flatten)]
    to: FileArguments,
    /// Every text with its keys, drafts too, as dateline import jsonl takes it in: for moving, not for publishing.
    #[arg(long)]
    full: bool,
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
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let (format, to) = match self.format {
            FormatCommand::Jsonl(lines) if lines.full => return lines.to.whole(archive),
            FormatCommand::Jsonl(lines) => (ExportFormat::JsonLines, lines.to),
            FormatCommand::Csv(to) => (ExportFormat::Csv, to),
            FormatCommand::Csl(to) => (ExportFormat::Csl, to),
            FormatCommand::Bibtex(to) => (ExportFormat::Bibtex, to),
            FormatCommand::Bagit(bag) => return bag.run(archive),
        };
        to.run(format, &archive.options())
    }
}

impl FileArguments {
    fn run(self, format: ExportFormat, options: &BuildOptions) -> ExitCode {
        let mut report = Report::default();
        let site = pipeline::prepare(options, &mut report, &|_| {});
        draw_problems(&report);
        let is_stopped = report.diagnostics.iter().any(|problem| problem.weight == Effect::Stop);
        let Some(site) = site.filter(|_| !is_stopped) else { return ExitCode::from(1) };
        let code = self.write(|writer| pipeline::export(&site, format, writer));
        if code == ExitCode::SUCCESS && !report.rejected.is_empty() {
            return ExitCode::from(1);
        }
        code
    }

    /// Every text of an archive as it is. What readers don't see must not lie where a build would publish it.
    fn whole(self, archive: Context) -> ExitCode {
        let archive = match archive.open("name the archive's folder with --root") {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        let root = &archive.root;
        let output = root.join(&archive.config.output_dir);
        let public =
            ["content", "static"].map(|folder| root.join(folder)).into_iter().chain([output]);
        if public.into_iter().any(|folder| is_inside(&self.file, &folder)) {
            let message = format!("{} would be published: it holds drafts", self.file.display());
            return super::environment_error(
                &message,
                Some("write it outside of the archive, as in ../archive.jsonl"),
            );
        }
        self.write(|writer| whole::write(root, &archive.config.build.ignore, writer))
    }

    fn write(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> ExitCode {
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
            _ => ExitCode::SUCCESS,
        }
    }
}

impl BagArguments {
    fn run(self, archive: Context) -> ExitCode {
        let options = self.hosting.of(self.site.options(archive));
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

/// Whether a file that may not be there yet would lie in a folder.
fn is_inside(file: &Path, folder: &Path) -> bool {
    let parent = std::path::absolute(file).ok().and_then(|file| file.parent()?.canonicalize().ok());
    match (parent, folder.canonicalize()) {
        (Some(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

fn draw_problems(report: &Report) {
    super::draw(report.diagnostics.iter().filter(|problem| problem.weight > Effect::Warning));
}

/// Writes to standard output; a terminal gets no control characters of reports.
fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    if std::io::stdout().is_terminal() {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        let shown = super::text::without_controls(&String::from_utf8_lossy(&bytes));
        return std::io::stdout().write_all(shown.as_bytes());
    }
    let mut writer = BufWriter::new(std::io::stdout().lock());
    write(&mut writer)?;
    writer.flush()
}
