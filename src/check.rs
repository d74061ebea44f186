//! `dateline check`: a build up to the plan, and lints over what it made.
//!
//! A lint is a pure function: of one [`document::Document`] (its text, what its addresses mean), or of
//! the whole [`Look`]. Files are read again one at a time on each thread ([`document`]); no body is
//! held. What the build itself says is among the findings under its own rule's name.

mod addresses;
mod assets;
pub mod body;
mod body_date;
pub mod document;
mod evidence;
pub mod external;
pub mod finding;
pub mod fix;
mod front_matter;
mod host_limits;
mod pending_finding;
mod reading;
mod redirects;
mod term_lints;
mod whole;

use chrono::{NaiveDate, Utc};

use crate::base::diagnostic::Effect;
use crate::output::Manifest;
use crate::pipeline::{self, BuildOptions, NearCopies, Report, Site};
use crate::plan::routes::Routes;

use crate::base::lint::Lint;
use crate::base::lint::Subject;
use crate::base::severity::Severity;
use crate::check::pending_finding::{PendingFinding, Targets};
use crate::check::reading::Seen;
use assets::Assets;
use external::mention::{self, Mentions};
use external::{External, ExternalError};
use finding::{Finding, Judged};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// Which site.
    pub build: BuildOptions,
    /// The day of today; `None` for the clock's, in the archive's time zone. A build has no clock.
    pub today: Option<NaiveDate>,
    /// What is done about links out of the archive.
    pub links_out: LinksOut,
    /// What is done about evidence.
    pub evidence: EvidenceFiles,
}

/// What is done about the files below `evidence/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvidenceFiles {
    /// Nothing: there may be gigabytes of them.
    #[default]
    Leave,
    /// Each is hashed again.
    Hash,
}

/// What is done about links out of the archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinksOut {
    /// Nothing: no network is touched.
    #[default]
    Leave,
    /// Their hosts are asked, and what is found out may go into the ledger.
    Ask,
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
    /// What is published, where anything is.
    pub published: Option<Manifest>,
    /// Whether links out of the archive are gathered.
    pub links_out: LinksOut,
    /// Whether all that there is was read.
    pub sources: Sources,
}

/// How much of an archive a check could read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// All of it.
    Whole,
    /// Not what is broken; or there is nothing at all, which is hardly meant.
    Partial,
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
    /// What became of links out of the archive, where they were asked.
    pub external: Option<Result<External, ExternalError>>,
}

impl Checked {
    /// How many findings are this severe.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|judged| judged.severity == severity).count()
    }
}

/// Checks the archive; `progress` is told of links that are asked.
pub fn check(options: &CheckOptions, progress: &dyn Fn(external::Step)) -> Checked {
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
        let look = Look { site, routes, today, published, links_out: options.links_out, sources };
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

/// All that lints find: of the whole, then of each file, then what is left when all were seen. And the
/// links out of the archive, where they are to be asked.
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
    (findings, links_out)
}

/// What articles tell together.
fn across(look: &Look<'_>) -> Vec<PendingFinding> {
    let mut aimed = whole::unknown_outlets(look);
    aimed.extend(whole::repeated_originals(look));
    aimed.extend(whole::near_duplicates(look));
    aimed.extend(term_lints::near_misses(look));
    aimed.extend(whole::unrecorded_changes(look));
    aimed
}

/// So often something that an import brings with it is told one by one.
const OFTEN: usize = 20;

/// What ten thousand imported files may have in common would drown all else: an unknown key is told once
/// for the whole archive, and so is a day of addition that is missing nearly everywhere.
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

/// Findings by place, each once, as loud as the config has it.
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
