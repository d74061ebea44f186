//! `dateline check`: a build up to the plan, and lints over what it made.
//!
//! A lint is a pure function: of one [`document::Document`] (its text, what its addresses mean), or of
//! the whole [`Look`]. Files are read again one at a time on each thread ([`document`]); no body is
//! held. What the build itself says is among the findings under its own rule's name.

mod body;
pub mod document;
pub mod finding;
mod front_matter;
pub mod lint;

use chrono::{NaiveDate, Utc};

use crate::build::{self, BuildOptions, Report, Site};
use crate::diagnostic::Weight;
use crate::plan::routes::Routes;

use body::far::FarLinks;
use finding::{Finding, Judged, Severity};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// Which site.
    pub build: BuildOptions,
    /// The day of today; `None` for the clock's, in the archive's time zone. A build has no clock.
    pub today: Option<NaiveDate>,
}

/// The archive as lints of the whole see it.
#[derive(Debug)]
pub struct Look<'a> {
    /// Config, archive, pages, ledger, files.
    pub site: &'a Site,
    /// What links can lead to.
    pub routes: Routes<'a>,
    /// The day of today.
    pub today: NaiveDate,
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// By place; what is off is not among them.
    pub findings: Vec<Judged>,
    /// Articles looked at.
    pub articles: usize,
    /// Plain pages looked at.
    pub pages: usize,
    /// Whether the system did not let a file be read: then nothing is said of what is in the archive.
    pub was_refused: bool,
}

impl Checked {
    /// How many findings are this severe.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|judged| judged.severity == severity).count()
    }
}

/// Checks the archive.
pub fn check(options: &CheckOptions) -> Checked {
    let mut report = Report::default();
    let site = build::prepare(&options.build, &mut report, &|_| {});
    let mut findings = Vec::new();
    if let Some(site) = &site {
        let routes = Routes::new(&site.archive, &site.pages, build::routed_files(site));
        let clock = || Utc::now().with_timezone(&site.config.timezone).date_naive();
        let look = Look { site, routes, today: options.today.unwrap_or_else(clock) };
        findings = lints(&look);
    }
    let (was_refused, articles, pages) = (report.was_refused(), report.articles, report.pages);
    findings.extend(report.diagnostics.into_iter().map(Finding::from));
    let findings = judged(findings, site.as_ref());
    Checked { findings, articles, pages, was_refused }
}

/// All that lints find.
fn lints(look: &Look<'_>) -> Vec<Finding> {
    let options = build::markdown_options(&look.site.config, &look.site.language);
    let far_links = FarLinks::default();
    let mut findings = document::each(look, &options, |document| {
        let mut found = front_matter::lints(document);
        found.extend(body::lints(document));
        far_links.note(document);
        found
    });
    findings.extend(far_links.findings(look, &options));
    findings
}

/// Findings by place, each once, as loud as the config has it.
fn judged(mut findings: Vec<Finding>, site: Option<&Site>) -> Vec<Judged> {
    findings
        .sort_by(|a, b| (&a.place, a.subject, &a.message).cmp(&(&b.place, b.subject, &b.message)));
    findings.dedup();
    let judge = |finding: Finding| {
        let severity = match finding.weight {
            Weight::Reject | Weight::Stop => Severity::Error,
            Weight::Warning => {
                site.map_or(Severity::Warning, |site| site.config.check.severity(finding.subject))
            }
        };
        Judged { finding, severity }
    };
    findings.into_iter().map(judge).filter(|judged| judged.severity > Severity::Off).collect()
}
