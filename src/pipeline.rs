//! The main job, top-down: scan, parse, index, plan, render, commit.

pub mod addresses_kept;
mod bag;
mod bodies;
mod clashes;
mod copied;
pub mod forgetting;
mod freshness;
mod hosting;
pub mod losses;
mod manifest_parts;
pub(crate) mod memory;
mod mentions;
mod options;
mod published_files;
mod redacted;
pub mod removals;
mod rendering;
mod report;
mod search_index;
mod storing;
mod target;

pub use bag::{BagRequest, BaggedArchive, bag};
use clashes::{Asked, Unique};
use copied::Copied;
pub use freshness::{
    Decision, Freshness, Unpublished, freshness, unpublished, unpublished_in_words,
};
use memory::noop;
use memory::session::Before;
pub use memory::session::Kept;
pub use options::{Adopt, BuildOptions, NearCopies, PREVIEW_ORIGIN, Purpose, Warnings};
pub use published_files::{PublishedFile, published_files};
use removals::Behind;
use rendering::Rendered;
pub(crate) use rendering::routed_files;
pub use rendering::{export, inspect};
pub use report::Report;
pub use target::{built_otherwise, find_site, find_target};
use target::{preview_address, target};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashSet;

use crate::archive::Archive;
use crate::base::choices::Host;
use crate::base::diagnostic::{self, Diagnostic, Effect, Rule};
use crate::base::files;
use crate::base::served::Served;
use crate::content::article::{Article, PlainPage};
use crate::content::cache::{Cache, Memory};
use crate::content::publishable::{self, Sieve};
use crate::content::recent::Recent;
use crate::content::redacted::HeldRedaction;
use crate::content::rules::{self, ReadingRules};
use crate::content::scan::{self, Sources};
use crate::content::{self, Content, Loaded, Reader};
use crate::i18n::Language;
use crate::ledger::{self, Ledger};
use crate::markdown::{BodyWords, MarkdownOptions};
use crate::output::{Manifest, OutputError, Stage, Target};
use crate::pipeline::memory::page_records::PageRecords;
use crate::plan::{self, Page};
use crate::render::engine::{self, Assets, Engine};
use crate::render::theme::Theme;
use crate::settings::{Config, loading};
use crate::state::StateFolder;
use crate::view::pictures::Files;

/// What can't be blamed on the content.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// The archive as it is on the way from its files to its pages.
#[derive(Debug)]
pub struct Site {
    /// The archive's root.
    pub root: PathBuf,
    /// The config.
    pub config: Config,
    /// The words.
    pub language: Arc<Language>,
    /// The templates.
    pub engine: Engine,
    /// The content.
    pub archive: Archive,
    /// Decisions on links.
    pub ledger: Ledger,
    /// Every page.
    pub pages: Vec<Page>,
    /// A hash of the theme's files.
    theme: u128,
    /// A hash of the sources: see [`content::SourcesDigest`].
    sources: u128,
    /// When the sources were looked at, in nanoseconds since 1970.
    looked_at: i64,
    assets: Assets,
    /// What is copied as it is.
    pub(crate) files: Files,
    /// Those of them beside articles that browsers run, by path in the output.
    pub(crate) active: BTreeMap<String, Served>,
    robots: bool,
    /// The config's file, from the root.
    settings: String,
}

/// Builds the archive.
pub fn build(
    options: &BuildOptions,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Report, BuildError> {
    let mut kept = Kept::default();
    let mut report = build_again(options, &mut kept, progress);
    if let Ok(report) = &mut report {
        build_others_behind(options, &kept, report);
    }
    // Taking a large archive apart takes as long as reading it, and nobody waits for that.
    rayon::spawn(move || drop(kept));
    report
}

/// Builds the archive's other outputs again that still show what was taken down.
fn build_others_behind(options: &BuildOptions, kept: &Kept, report: &mut Report) {
    let Some((target, _)) = kept.published().filter(|_| report.committed.is_some()) else { return };
    for behind in removals::behind(target, options) {
        let built = match &behind {
            Behind::Known(asked) => build_again(asked, &mut Kept::default(), &|_| {}).ok(),
            Behind::Unknown(_) => None,
        };
        report.diagnostics.push(removals::told(&behind, built.as_ref()));
    }
    diagnostic::sort(&mut report.diagnostics);
}

/// Builds the archive; `kept`: what the build before left in memory, and what this one leaves.
pub fn build_again(
    options: &BuildOptions,
    kept: &mut Kept,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Report, BuildError> {
    let mut report = Report::default();
    let (at, config) = (now(), read_config(options, &mut report));
    let see = |config: &Config| scan::scan(&options.root, &config.build.ignore);
    if is_config_unknown(&report) {
        let sources = see(&config);
        prepare_from(Look { config, sources, at }, None, options, &mut report, progress);
        return Ok(finished(report));
    }
    let target = target(options, &config)?;
    Manifest::finish_older(&target)?;
    let (seen, before) = rayon::join(
        || {
            let sources = see(&config);
            (noop::look(options, &config, &sources, at), sources)
        },
        || match kept.take(&target) {
            Some(before) => Ok(before),
            None => Manifest::load(&target).map(|manifest| Before { manifest, pages: None }),
        },
    );
    let ((mut seen, sources), mut before) = (seen, before?);
    let mut inputs = seen.as_ref().map(|seen| seen.inputs);
    let may_repeat = options.memory == Memory::Use && options.adopt == Adopt::Refuse;
    let manifest = before.manifest.as_ref();
    if may_repeat && let Some(report) = noop::report(&target, inputs, manifest)? {
        kept.last = Some((target, before));
        return Ok(report);
    }
    noop::forget(&target);
    let look = Look { config, sources, at };
    let recent = (options.purpose == Purpose::Preview).then_some(&kept.sources);
    let mut site = prepare_from(look, recent, options, &mut report, progress);
    if let Some(first) = &site
        && addresses_kept::may_decide(options)
    {
        let (archive, config, manifest) = (&first.archive, &first.config, before.manifest.as_ref());
        if let Some(owners) = addresses_kept::to_keep(archive, config, manifest, &target)
            && !stops(&report, options)
        {
            let written = addresses_kept::write(&options.root, &owners);
            // What was looked at is not what is there now.
            (seen, inputs) = (None, None);
            report = Report::default();
            report.diagnostics.extend(written.err());
            let config = Config { owners, ..read_config(options, &mut report) };
            let sources = see(&config);
            let look = Look { config, sources, at };
            site = prepare_from(look, recent, options, &mut report, progress);
        }
        let config = site.as_ref().map(|site| &site.config);
        let changed = config.and_then(|config| addresses_kept::changed_authority(config, &target));
        report.diagnostics.extend(changed);
    }
    let Some(site) = site.filter(|_| !report.was_refused()) else {
        kept.last = Some((target, before));
        return Ok(finished(report));
    };
    let past;
    (report, past) = publish(&site, options, &target, &mut before, report, progress)?;
    if report.committed.is_some() {
        removals::settle(&site, &target, options);
    }
    noop::remember(&target, inputs, &site, &report);
    if let (Purpose::Publish, Some(committed)) = (options.purpose, &report.committed) {
        let stamps = seen.map(|seen| seen.stamps);
        freshness::remember(&target, options, &site, stamps, committed.seal);
    }
    kept.last = Some((target, before));
    rayon::spawn(move || drop((site, past)));
    Ok(report)
}

/// From the plan to the commit; what was published then takes the place of `before`, which is handed back.
fn publish(
    site: &Site,
    options: &BuildOptions,
    target: &Target,
    before: &mut Before,
    mut report: Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(Report, Option<Manifest>), BuildError> {
    let Before { manifest, pages } = before;
    let (known, published) = (pages.take(), manifest.as_ref());
    let remembered = || match options.memory {
        Memory::Use => known.unwrap_or_else(|| PageRecords::load(&target.state)),
        Memory::Ignore => PageRecords::default(),
    };
    let (lost, remembered) = rayon::join(|| losses::lost(published, site, &report), remembered);
    let remembered = &*pages.insert(remembered);
    report.diagnostics.extend(lost);
    if stops(&report, options) {
        return Ok((finished(report), None));
    }
    let stage = Stage::open(target, published)?;
    let Rendered { records, answered } =
        rendering::render(site, &stage, remembered, &mut report, progress)?;
    if stops(&report, options) {
        return Ok((finished(report), None));
    }
    let parts =
        manifest_parts::manifest_parts(site, &report.rejected, target, published, &answered);
    let (committed, published) = stage.commit(parts)?;
    report.committed = Some(committed);
    *pages = pages.take().map(|pages| pages.saved(&target.state, records));
    Ok((finished(report), manifest.replace(published)))
}

/// What is there, seen before anything but the config was read.
struct Look {
    config: Config,
    sources: Sources,
    /// A moment before the config was read, in nanoseconds since 1970.
    at: i64,
}

fn now() -> i64 {
    files::nanoseconds(SystemTime::now())
}

/// How far a build is.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// So many pages will be rendered.
    Pages(usize),
    /// One more is.
    Rendered,
}

fn stops(report: &Report, options: &BuildOptions) -> bool {
    let least = match options.warnings {
        Warnings::Say => Effect::Stop,
        Warnings::Stop => Effect::Warning,
    };
    report.diagnostics.iter().any(|problem| problem.weight >= least)
}

/// Output and base address come from the config: with a broken or unread one, another site's record would be
/// looked for, and its absence hide the mistake.
fn is_config_unknown(report: &Report) -> bool {
    let is_config = |problem: &Diagnostic| problem.rule == Rule::Config;
    let is_broken = |problem| is_config(problem) && problem.weight == Effect::Stop;
    report.was_refused() || report.diagnostics.iter().any(is_broken)
}

fn finished(mut report: Report) -> Report {
    diagnostic::sort(&mut report.diagnostics);
    report.diagnostics.dedup();
    report
}

/// Everything up to the plan: what `inspect` needs too. `None` where the build can't go on.
pub fn prepare(
    options: &BuildOptions,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Option<Site> {
    let (at, config) = (now(), read_config(options, report));
    let sources = scan::scan(&options.root, &config.build.ignore);
    let look = Look { config, sources, at };
    prepare_from(look, None, options, report, progress)
}

fn prepare_from(
    look: Look,
    recent: Option<&Recent>,
    options: &BuildOptions,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Option<Site> {
    let Look { mut config, sources, at: looked_at } = look;
    let sieve = Sieve { root: &options.root, ignored: &config.build.ignore };
    let theme = take(Theme::load(sieve, &config.theme), report)?;
    report.diagnostics.extend(theme.stale_overrides());
    let language = Arc::new(take(theme.language(&config.language), report)?);
    let assets = engine::fingerprinted(&theme);
    let engine = Engine::new(&theme, &language, &assets, config.base_path())
        .map_err(|problems| report.diagnostics.extend(problems))
        .ok()?;
    let markdown = markdown_options(&config, &language);
    let rules = ReadingRules::new(&config, &markdown);
    let cache = source_cache(&options.root, &rules);
    let memory = options.memory;
    let reader =
        Reader { root: &options.root, rules, cache: Some(cache), recent, memory, looked_at };
    let content = content::load(sources, &reader, options.drafts);
    let Content {
        mut articles,
        pages,
        drafts,
        held_redactions,
        rejected,
        mut left_out,
        diagnostics,
        digest,
    } = content;
    if options.near_copies == NearCopies::Find {
        content::take_sketches(&mut articles, &options.root);
    }
    report.diagnostics.extend(diagnostics);
    (report.drafts, report.rejected) = (drafts.len(), rejected);
    let Planned { mut archive, copied, pages } =
        planned((articles, pages), held_redactions, sieve, (&config, &assets), report);
    archive.drafts = drafts;
    config.redirects.extend(plan::redirects::of_queries(&archive));
    (report.articles, report.pages) = (archive.articles.len(), archive.pages.len());
    let ledger = load_ledger(&options.root, report);
    let Copied { files, active, left_out: beside, .. } = copied;
    left_out.extend(theme.left_out.iter().cloned().chain(beside));
    report.diagnostics.extend(publishable::notes(left_out));
    let unserved = plan::redirects::unserved(&archive, &config, &pages).into_iter();
    report
        .diagnostics
        .extend(unserved.map(|unserved| clashes::at_its_line(unserved, &options.root)));
    report.addresses = pages.len();
    progress(Step::Pages(pages.len()));
    let (theme, robots) = (theme.digest(), !files.contains_key("robots.txt"));
    let files = Files::new(files);
    Some(Site {
        root: options.root.clone(),
        config,
        language,
        engine,
        archive,
        ledger,
        pages,
        theme,
        sources: digest,
        looked_at,
        assets,
        files,
        active,
        robots,
        settings: options.config.to_string_lossy().into_owned(),
    })
}

/// The cache of what sources say by these rules, whatever the output.
fn source_cache(root: &Path, rules: &ReadingRules<'_>) -> Cache {
    Cache::new(StateFolder::of(root).source_cache(), &rules.key())
}

/// The content, what is copied with it, and the pages it comes to.
struct Planned {
    archive: Archive,
    copied: Copied,
    pages: Vec<Page>,
}

/// Indexes and plans the content; once more without the articles and pages that ask for an address which
/// is something else's.
fn planned(
    (mut articles, mut plain): (Vec<Loaded<Article>>, Vec<Loaded<PlainPage>>),
    mut held_redactions: Vec<HeldRedaction>,
    sieve: Sieve<'_>,
    (config, assets): (&Config, &Assets),
    report: &mut Report,
) -> Planned {
    let reserved = config.deploy.host.map_or(&[][..], Host::reserved);
    let said = report.diagnostics.len();
    let mut refusals = Vec::new();
    loop {
        let (mut archive, diagnostics) = Archive::index(articles, plain, config);
        report.diagnostics.extend(diagnostics);
        archive.held_redactions.clone_from(&held_redactions);
        let mut copied = copied::files(sieve, &archive, report);
        let asked =
            Asked { root: sieve.root, archive: &archive, files: &copied.files, assets, reserved };
        let Unique { pages, refused, diagnostics } =
            clashes::unique_pages(plan::pages(&archive, config), &asked);
        if refused.is_empty() {
            report.diagnostics.extend(diagnostics);
            report.diagnostics.extend(refusals);
            report.diagnostics.extend(copied.drop_stand_ins(sieve.root, &pages, assets));
            return Planned { archive, copied, pages };
        }
        report.diagnostics.truncate(said);
        let sources: FxHashSet<&str> = refused.iter().map(|(source, _)| &**source).collect();
        articles = std::mem::take(&mut archive.articles);
        let refused_articles =
            articles.iter().filter(|article| sources.contains(&*article.value.source));
        held_redactions.extend(
            refused_articles.filter_map(|article| HeldRedaction::of_left_out(&article.value)),
        );
        articles.retain(|article| !sources.contains(&*article.value.source));
        plain = std::mem::take(&mut archive.pages);
        plain.retain(|page| !sources.contains(&*page.value.source));
        report.rejected.extend(sources.iter().map(|source| (*source).to_owned()));
        report.rejected.sort();
        refusals.extend(refused.into_iter().map(|(_, diagnostic)| diagnostic));
    }
}

fn take<T>(result: Result<T, Diagnostic>, report: &mut Report) -> Option<T> {
    result.map_err(|problem| report.diagnostics.push(problem)).ok()
}

fn read_config(options: &BuildOptions, report: &mut Report) -> Config {
    let (mut config, diagnostics) = loading::read(&options.root, &options.config);
    report.diagnostics.extend(diagnostics);
    if let Some(base_url) = &options.base_url {
        config.base_url = base_url.clone();
    }
    match addresses_kept::read(&options.root) {
        Ok(owners) => config.owners = owners,
        Err(problem) => report.diagnostics.push(problem),
    }
    config.deploy.host = options.host.or(config.deploy.host);
    config.deploy.compress |= options.compress;
    if options.purpose == Purpose::Preview {
        config.base_url = preview_address(config.base_url);
        // No host reads a preview.
        (config.deploy.host, config.deploy.compress) = (None, false);
    }
    config
}

fn load_ledger(root: &Path, report: &mut Report) -> Ledger {
    let (ledger, diagnostics) = ledger::files::load(root);
    let refused = diagnostics.iter().filter(|problem| problem.weight == Effect::Reject);
    let places = refused.filter_map(|problem| problem.place.as_ref());
    report.rejected.extend(places.map(|place| place.file.clone()));
    report.diagnostics.extend(diagnostics);
    ledger
}

/// `[markdown]` and the words that stand inside bodies.
pub fn markdown_options(config: &Config, language: &Language) -> MarkdownOptions {
    let word = |key: &str| language.text(key, &[]);
    let words = BodyWords {
        alerts: ["note", "tip", "important", "warning", "caution"]
            .map(|kind| word(&format!("alert_{kind}"))),
        footnote_back: word("footnote_back"),
        footnote: word("footnote"),
        footnotes: word("footnotes"),
        heading_link: word("heading_link"),
        lost_link: word("lost_link"),
        copy_mark: word("copy_mark"),
        missing_picture: word("missing_picture"),
        embedded: word("embedded"),
    };
    rules::markdown_options(&config.markdown, &config.language, words)
}
