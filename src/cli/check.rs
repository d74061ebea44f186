//! `dateline check`.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::base::choices::Host;
use crate::base::diagnostic::{Colour, Effect, printable, printable_line};
use crate::base::files::replace_text;
use crate::base::lint::Subject;
use crate::base::severity::Severity;
use crate::check::external::{External, ExternalError, Step};
use crate::check::finding::Judged;
use crate::check::fix::{self, Mending};
use crate::check::{CheckOptions, Checked, EvidenceFiles, LinksOut, check};
use crate::pipeline::{self, BuildOptions, Report};

use super::build::counted;
use super::context::Context;
use super::site::SiteArguments;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags as typed")]
pub(super) struct CheckArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Print the name of everything that is looked for, how severe it is, and what it means.
    #[arg(long, exclusive = true)]
    list: bool,
    /// Print every file of the site that is no page, with what it is made from, and check nothing.
    #[arg(long, conflicts_with_all = ["external", "fix"])]
    published: bool,
    /// Ask links out of the archive whether they still lead to something; writes what it decides into
    /// the ledger, `links/`.
    #[arg(long)]
    external: bool,
    /// Hash what was received of the originals again, and compare it with what the front matter says.
    #[arg(long)]
    evidence: bool,
    /// Hold the site against what this host takes, instead of the config's `[deploy] host`.
    #[arg(long, value_enum)]
    host: Option<Host>,
    /// Mend what needs no judgement: spellings of terms, the order of keys, how dates are written.
    #[arg(long)]
    fix: bool,
    /// Only print what `--fix` would change.
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Take this day for today.
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

impl CheckArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        if self.list {
            return list();
        }
        if self.external && !cfg!(feature = "network") {
            return super::left_out::refuse("check --external", "network");
        }
        let options = CheckOptions {
            build: BuildOptions { host: self.host, ..self.site.options(archive) },
            today: self.today,
            links_out: if self.external { LinksOut::Ask } else { LinksOut::Leave },
            evidence: if self.evidence { EvidenceFiles::Hash } else { EvidenceFiles::Leave },
        };
        if self.published {
            return published(&options.build, if self.json { Form::Json } else { Form::Lines });
        }
        let fixed = match (self.fix, self.dry_run) {
            (true, true) => return show(&options.build),
            (true, false) => {
                fix(&options.build, if self.json { Said::Nothing } else { Said::Changes })
            }
            (false, _) => Ok(()),
        };
        if let Err(code) = fixed {
            return code;
        }
        let bar = if self.json { ProgressBar::hidden() } else { progress_bar() };
        let checked = check(&options, &|step| match step {
            Step::Links(count) => begin(&bar, count, "links"),
            Step::Copies(count) => begin(&bar, count, "copies"),
            Step::Asked => bar.inc(1),
        });
        bar.finish_and_clear();
        if self.json {
            let printed = super::print(format!("{}\n", as_json(&checked)).as_bytes());
            if printed != ExitCode::SUCCESS {
                return printed;
            }
        } else {
            draw(&checked.findings);
            super::say(&summary(&checked));
        }
        match &checked.external {
            Some(Err(error)) => super::environment_error(error, None),
            Some(Ok(external)) if external.unknown > 0 => super::environment_error(
                &format_args!(
                    "nobody answered at {}: is this machine on the net?",
                    counted(external.unknown, "link")
                ),
                Some("nothing was written down of them; check again when it is"),
            ),
            _ => exit_code(&checked),
        }
    }
}

/// The form of a list.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Lines,
}

/// Prints the published files that are not pages.
fn published(options: &BuildOptions, form: Form) -> ExitCode {
    let mut report = Report::default();
    let site = pipeline::prepare(options, &mut report, &|_| {});
    let Some(site) = site.filter(|_| !report.was_refused() && !report.has_broken_settings()) else {
        super::draw(report.diagnostics.iter().filter(|problem| problem.weight == Effect::Stop));
        return ExitCode::from(if report.was_refused() { 2 } else { 1 });
    };
    let target = pipeline::find_target(options).ok().and_then(Result::ok);
    let files = pipeline::published_files(&site, target.as_ref());
    let text: String = match form {
        Form::Json => {
            let files =
                files.iter().map(|file| json!({ "path": file.path, "source": file.source }));
            format!("{}\n", files.collect::<serde_json::Value>())
        }
        Form::Lines => files
            .iter()
            .map(|file| printable(&format!("{}\t{}", file.path, file.source)) + "\n")
            .collect(),
    };
    super::print(text.as_bytes())
}

/// Hidden if the output is no terminal.
fn progress_bar() -> ProgressBar {
    ProgressBar::no_length()
}

fn begin(bar: &ProgressBar, count: usize, what: &str) {
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.set_length(count as u64);
    bar.reset();
}

/// Whether the repairs are reported.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Changes,
    Nothing,
}

/// The possible repairs; prints the diagnostics if the archive can't be read.
fn mendings(options: &BuildOptions) -> Result<Vec<Mending>, ExitCode> {
    let mut report = Report::default();
    let site = pipeline::prepare(options, &mut report, &|_| {});
    if let Some(site) = site.filter(|_| !report.was_refused() && !report.has_broken_settings()) {
        return Ok(fix::mendings(&site, &report.rejected));
    }
    super::draw(report.diagnostics.iter().filter(|problem| problem.weight == Effect::Stop));
    Err(ExitCode::from(if report.was_refused() { 2 } else { 1 }))
}

/// Prints the repairs as a diff.
fn show(options: &BuildOptions) -> ExitCode {
    let mendings = match mendings(options) {
        Ok(mendings) => mendings,
        Err(code) => return code,
    };
    let mut text = String::new();
    for Mending { source, before, after, .. } in &mendings {
        text.push_str(&super::diff_of(source, before, after));
    }
    super::print(text.as_bytes())
}

/// Repairs the files, each atomically, and prints the changes.
fn fix(options: &BuildOptions, said: Said) -> Result<(), ExitCode> {
    for Mending { source, path, after, changes, .. } in mendings(options)? {
        if let Err(error) = replace_text(&path, &after) {
            return Err(super::environment_error(&format_args!("{source}: {error}"), None));
        }
        for change in changes.iter().filter(|_| said == Said::Changes) {
            super::say(&printable_line(&format!("mended {source}: {change}")));
        }
    }
    Ok(())
}

fn exit_code(checked: &Checked) -> ExitCode {
    if checked.was_refused {
        ExitCode::from(2)
    } else if checked.count(Severity::Error) > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

fn list() -> ExitCode {
    let lines = Subject::all().map(|subject| {
        let severity = subject.default_severity().name();
        format!("{:<24} {severity:<8} {}\n", subject.name(), subject.explanation())
    });
    super::print(lines.collect::<String>().as_bytes())
}

fn draw(findings: &[Judged]) {
    let colour = if std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain };
    for judged in findings {
        super::say_drawn(&judged.draw(colour));
    }
}

fn summary(checked: &Checked) -> String {
    let links = match &checked.external {
        Some(Ok(external)) => links_summary(external),
        _ => String::new(),
    };
    let content = format!(
        "{} and {} checked: {}, {}, {}",
        counted(checked.articles, "article"),
        counted(checked.pages, "page"),
        counted(checked.count(Severity::Error), "error"),
        counted(checked.count(Severity::Warning), "warning"),
        counted(checked.count(Severity::Note), "note"),
    );
    format!("{content}{links}")
}

/// Lines below the summary about links out of the archive.
fn links_summary(external: &External) -> String {
    let mut lines = format!(
        "\n{} out of the archive: {} asked now, {} found",
        counted(external.links, "link"),
        external.asked,
        match external.copies {
            1 => "1 copy".to_owned(),
            copies => format!("{copies} copies"),
        },
    );
    if external.later > 0 {
        let _ = write!(
            lines,
            "\n{} put off, as their hosts want rest or hung up on others: check again later",
            external.later
        );
    }
    if let Some(why) = &external.wayback {
        let _ = write!(lines, "\nthe Wayback Machine could not be asked for all copies: {why}");
    }
    for file in &external.written {
        let _ = write!(lines, "\nwritten: {file}");
    }
    lines
}

fn links_as_json(external: &Result<External, ExternalError>) -> serde_json::Value {
    match external {
        Err(error) => json!({ "error": error.to_string() }),
        Ok(external) => json!({
            "links": external.links,
            "asked": external.asked,
            "later": external.later,
            "unknown": external.unknown,
            "copies": external.copies,
            "wayback_error": external.wayback,
            "written": external.written,
        }),
    }
}

fn as_json(checked: &Checked) -> serde_json::Value {
    json!({
        "articles": checked.articles,
        "pages": checked.pages,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "notes": checked.count(Severity::Note),
        "external": checked.external.as_ref().map(links_as_json),
        "findings": checked.findings.iter().map(Judged::to_json).collect::<Vec<_>>(),
    })
}
