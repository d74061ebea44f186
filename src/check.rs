//! `dateline check`: runs a build up to the plan, then lints.
//!
//! A lint is a pure function of one [`document::Document`] (its text and the meaning of its
//! addresses) or of the whole [`Look`]. Threads read the files again, one at a time ([`document`]);
//! no body stays in memory. Diagnostics of the build are findings, too, under their rule's name.

mod addresses;
mod assets;
pub mod body;
mod body_date;
pub(crate) mod document;
mod evidence;
pub(crate) mod external;
pub(crate) mod finding;
pub(crate) mod fix;
mod front_matter;
mod host_limits;
mod pending_finding;
mod pictures;
mod reading;
mod redirects;
mod term_lints;
mod translations;
mod whole;

use chrono::{NaiveDate, Utc};

use crate::base::diagnostic::Effect;
use crate::output::Manifest;
use crate::pipeline::{self, BuildOptions, NearCopies, Report, Site};
use crate::plan::routes::Routes;
use crate::view::value::Value;

use crate::base::lint::Lint;
use crate::base::lint::Subject;
use crate::base::severity::Severity;
use crate::check::pending_finding::{PendingFinding, Targets};
use crate::check::reading::Seen;
use assets::Assets;
use external::mention::{self, Mentions};
use external::{External, ExternalError};
use finding::{Finding, Judged};

#[derive(Clone, Debug)]
pub(crate) struct CheckOptions {
    /// Options of the build that is checked.
    pub(crate) build: BuildOptions,
    /// Today; `None` takes it from the clock, in the archive's time zone. A build has no clock.
    pub(crate) today: Option<NaiveDate>,
    /// Whether links out of the archive are checked.
    pub(crate) links_out: LinksOut,
    /// What is done about evidence.
    pub(crate) evidence: EvidenceFiles,
}

/// What is done about the files below `evidence/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EvidenceFiles {
    /// Nothing: there may be gigabytes of them.
    #[default]
    Leave,
    /// Each is hashed again.
    Hash,
}

/// Whether links out of the archive are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinksOut {
    /// No: don't touch the network.
    #[default]
    Leave,
    /// Yes; results may be written to the ledger.
    Ask,
}

/// The archive as lints see it.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    /// Settings, archive, pages, ledger, files.
    pub(crate) site: &'a Site,
    /// The targets of links.
    pub(crate) routes: Routes<'a>,
    /// `site`, for shortcodes.
    pub(crate) shown: Value,
    pub(crate) today: NaiveDate,
    /// The manifest of the last build, if there is one.
    pub(crate) published: Option<Manifest>,
    /// Whether links out of the archive are collected.
    pub(crate) links_out: LinksOut,
    /// Whether every source was read.
    pub(crate) sources: Sources,
}

/// How much of the archive was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sources {
    /// Everything.
    Whole,
    /// Broken sources were left out, or there are no sources at all, which is hardly intended.
    Partial,
}

/// The result of a check.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// In order of place, without those of severity `Off`.
    pub(crate) findings: Vec<Judged>,
    /// The number of articles checked.
    pub(crate) articles: usize,
    /// The number of plain pages checked.
    pub(crate) pages: usize,
    /// Whether the system refused to open a file; then there are no lints of the archive.
    pub(crate) was_refused: bool,
    /// The result of checking links out of the archive, if they were checked.
    pub(crate) external: Option<Result<External, ExternalError>>,
}

impl Checked {
    /// The number of findings of this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|judged| judged.severity == severity).count()
    }
}

/// Runs the check; `progress` is called for each link.
pub(crate) fn check(options: &CheckOptions, progress: &dyn Fn(external::Step)) -> Checked {
    let mut report = Report::default();
    let build = BuildOptions { near_copies: NearCopies::Find, ..options.build.clone() };
    let site = pipeline::prepare(&build, &mut report, &|_| {});
    let mut findings = Vec::new();
    let mut external = None;
    if let Some(site) = &site {
        let routes = Routes::new(&site.archive, &site.pages, pipeline::routed_files(site));
        let target = pipeline::find_target(&options.build).ok().and_then(Result::ok);
        let published = target.and_then(|target| Manifest::published(&target).ok());
        let clock = || Utc::now().with_timezone(&site.config.timezone).date_naive();
        let today = options.today.unwrap_or_else(clock);
        let is_whole = report.rejected.is_empty() && report.articles + report.pages > 0;
        let sources = if is_whole { Sources::Whole } else { Sources::Partial };
        let shown = pipeline::site_view(site);
        let look =
            Look { site, routes, shown, today, published, links_out: options.links_out, sources };
        let path = site.root.join(&options.build.config);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let name = options.build.config.to_string_lossy();
        let (found, mentions) = lints(&look, (&name, &text));
        findings = found;
        findings.extend(host_limits::lints(&look, &name));
        if options.evidence == EvidenceFiles::Hash {
            findings.extend(evidence::lints(site));
        }
        let may_ask = !report.was_refused() && !report.has_broken_settings();
        if options.links_out == LinksOut::Ask && may_ask {
            let answered = external::check(&look, mentions, progress);
            external = Some(answered.map(|(external, told)| {
                findings.extend(told);
                external
            }));
        }
    }
    let (was_refused, articles, pages) = (report.was_refused(), report.articles, report.pages);
    findings.extend(report.diagnostics.into_iter().map(Finding::from));
    let findings = judged(findings, site.as_ref());
    Checked { findings, articles, pages, was_refused, external }
}

/// Runs all lints: first those of the whole archive, then of each file, then those that need all
/// files. Also returns the links out of the archive, if wanted.
fn lints(look: &Look<'_>, config: (&str, &str)) -> (Vec<Finding>, Mentions) {
    let options = pipeline::markdown_options(&look.site.config, &look.site.language);
    let targets = Targets::new(across(look));
    let assets = Assets::of(look);
    let seen = reading::each(look, &options, |document| {
        let mut findings = front_matter::lints(document);
        findings.extend(body::lints(document));
        findings.extend(targets.of(document));
        Seen {
            findings,
            mentioned: assets.mentioned(document.text),
            far_links: body::cross_page_links::links(document),
            links_out: match look.links_out {
                LinksOut::Leave => Mentions::new(),
                LinksOut::Ask => mention::of(document),
            },
        }
    });
    let Seen { mut findings, mut mentioned, far_links, links_out } = seen;
    findings.extend(body::cross_page_links::missing_anchors(far_links, look, &options));
    findings = once_where_all_alike(findings);
    findings.extend(addresses::lints(look));
    findings.extend(redirects::lints(look, config));
    mentioned.extend(assets.mentioned_elsewhere(&look.site.root, config.1));
    findings.extend(assets.orphans(&mentioned));
    findings.extend(pictures::lints(look.site));
    findings.extend(term_lints::unused(look));
    (findings, links_out)
}

/// Lints across articles.
fn across(look: &Look<'_>) -> Vec<PendingFinding> {
    let mut aimed = whole::unknown_outlets(look);
    aimed.extend(whole::repeated_originals(look));
    aimed.extend(whole::near_duplicates(look));
    aimed.extend(translations::findings(look));
    aimed.extend(term_lints::near_misses(look));
    aimed.extend(whole::unrecorded_changes(look));
    aimed
}

/// A finding that occurs more often is reported once.
const OFTEN: usize = 20;

/// Merges what thousands of imported files have in common: an unknown key is reported once for the
/// whole archive, and so is a missing `added` if nearly every file lacks it.
fn once_where_all_alike(findings: Vec<Finding>) -> Vec<Finding> {
    let is_alike = |finding: &Finding| {
        [Lint::UnknownKey, Lint::MissingAdded, Lint::EncodedText]
            .map(Subject::Lint)
            .contains(&finding.rule)
    };
    let (mut alike, mut others): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(is_alike);
    alike.sort_by(|a, b| (&a.message, &a.place).cmp(&(&b.message, &b.place)));
    for same in alike.chunk_by(|a, b| a.message == b.message) {
        let mut first = same[0].clone();
        if first.rule == Subject::Lint(Lint::MissingAdded) && same.len() <= OFTEN {
            others.extend_from_slice(same);
            continue;
        }
        if same.len() > 1 {
            first.message = format!("{} (and in {} more files)", first.message, same.len() - 1);
        }
        others.push(first);
    }
    others
}

/// Sorts findings by place, removes duplicates, and assigns severities from the settings.
fn judged(mut findings: Vec<Finding>, site: Option<&Site>) -> Vec<Judged> {
    findings.sort_by(|a, b| (&a.place, a.rule, &a.message).cmp(&(&b.place, b.rule, &b.message)));
    findings.dedup();
    let judge = |finding: Finding| {
        let severity = match finding.weight {
            Effect::Reject | Effect::Stop => Severity::Error,
            Effect::Note => Severity::Note,
            Effect::Warning => {
                site.map_or(Severity::Warning, |site| site.config.check.severity(finding.rule))
            }
        };
        Judged { finding, severity }
    };
    findings.into_iter().map(judge).filter(|judged| judged.severity > Severity::Off).collect()
}
