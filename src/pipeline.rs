//! The main job, top-down: scan, parse, index, plan, render, commit.

pub(crate) mod addresses_kept;
mod bag;
mod bodies;
mod clashes;
mod copied;
pub(crate) mod forgetting;
mod freshness;
mod hosting;
pub(crate) mod losses;
mod made_pictures;
mod manifest_parts;
pub(crate) mod memory;
mod mentions;
mod options;
mod preparing;
mod published_files;
mod redacted;
pub(crate) mod removals;
mod rendering;
mod report;
mod search_index;
mod storing;
mod target;

pub(crate) use bag::{BagRequest, BaggedArchive, EvidenceInBag, bag};
pub(crate) use freshness::{Freshness, Unpublished, freshness, unpublished, unpublished_in_words};
use memory::noop::{self, Seen};
use memory::session::Before;
pub(crate) use memory::session::Kept;
pub use options::BuildOptions;
pub(crate) use options::{Adopt, NearCopies, PREVIEW_ORIGIN, Purpose, Warnings};
use preparing::{Look, now, read_config};
pub use preparing::{markdown_options, prepare};
pub(crate) use published_files::published_files;
use removals::Behind;
use rendering::Rendered;
pub(crate) use rendering::{export, inspect};
pub(crate) use rendering::{routed_files, site_view};
pub use report::Report;
pub use target::find_target;
use target::target;
pub(crate) use target::{built_otherwise, find_site};

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::archive::Archive;
use crate::base::diagnostic::{self, Diagnostic, Effect, Rule};
use crate::base::served::Served;
use crate::content::cache::Memory;
use crate::content::publishable::Publishable;
use crate::i18n::Language;
use crate::ledger::Ledger;
use crate::output::{Manifest, OutputError, Stage, Target};
use crate::pipeline::memory::page_records::PageRecords;
use crate::pipeline::memory::search_records;
use crate::plan::Page;
use crate::render::engine::{Assets, Engine};
use crate::settings::Config;
use crate::settings::address_owners::AddressOwners;
use crate::view::pictures::Files;
use crate::view::value::Value;

/// Failures other than problems of the content.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// An archive with everything that its pages are made from.
#[derive(Debug)]
pub struct Site {
    /// The archive's root.
    pub root: PathBuf,
    /// The config.
    pub config: Config,
    /// The interface's language.
    pub language: Arc<Language>,
    /// The templates.
    pub engine: Engine,
    /// The content.
    pub archive: Archive,
    /// The ledger.
    pub ledger: Ledger,
    /// Every page.
    pub pages: Vec<Page>,
    /// A hash of the theme's files.
    theme: u128,
    /// The archive's `data/`, for templates.
    pub data: Value,
    /// A hash of the sources: see [`content::SourcesDigest`].
    sources: u128,
    /// When the sources were looked at, in nanoseconds since 1970.
    looked_at: i64,
    assets: Assets,
    /// Copied files.
    pub files: Files,
    /// Active ones among them beside articles, by output path.
    pub(crate) active: BTreeMap<String, Served>,
    robots: bool,
    /// The settings' file, from the root.
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
    // Freeing a large archive takes long; do it in the background.
    rayon::spawn(move || drop(kept));
    report
}

/// Rebuilds other outputs of the archive that still show removed text.
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

/// Builds the archive; `kept` are the caches in memory, which are updated.
pub fn build_again(
    options: &BuildOptions,
    kept: &mut Kept,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Report, BuildError> {
    let mut report = Report::default();
    let (at, config) = (now(), read_config(options, &mut report));
    if is_config_unknown(&report) {
        preparing::prepare_from(
            Look::new(config, at, options),
            None,
            options,
            &mut report,
            progress,
        );
        return Ok(finished(report));
    }
    let target = target(options, &config)?;
    Manifest::finish_older(&target)?;
    let (look, mut seen, mut before) = scan_beside_record(config, at, options, kept, &target)?;
    if let Some(report) = unchanged(&target, seen.as_ref(), &before, options)? {
        kept.last = Some((target, before));
        return Ok(report);
    }
    noop::forget(&target);
    let recent = (options.purpose == Purpose::Preview).then_some(&kept.sources);
    let prepare = |look, report: &mut Report| {
        preparing::prepare_from(look, recent, options, report, progress)
    };
    let mut site = prepare(look, &mut report);
    if let Some(owners) = owners_to_write(site.as_ref(), &before, &target, options, &report) {
        // The settings that were looked at are not those that are there now.
        seen = None;
        let look = look_with_owners(owners, at, options, &mut report);
        site = prepare(look, &mut report);
    }
    let Some(site) = site.filter(|_| !report.was_refused()) else {
        kept.last = Some((target, before));
        return Ok(finished(report));
    };
    report.diagnostics.extend(addresses_kept::changed_authority(&site.config, &target, options));
    let (report, past) = publish(&site, options, &target, &mut before, report, progress)?;
    remember(&site, options, &target, seen, &report);
    kept.last = Some((target, before));
    rayon::spawn(move || drop((site, past)));
    Ok(report)
}

/// Scans the sources while the record of what is published is read.
fn scan_beside_record(
    config: Config,
    at: i64,
    options: &BuildOptions,
    kept: &mut Kept,
    target: &Target,
) -> Result<(Look, Option<Seen>, Before), BuildError> {
    let ((look, seen), before) = rayon::join(
        || {
            let look = Look::new(config, at, options);
            let seen = noop::look(options, &look.config, &look.sources, at);
            (look, seen)
        },
        || match kept.take(target) {
            Some(before) => Ok(before),
            None => Manifest::load(target).map(|manifest| Before { manifest, pages: None }),
        },
    );
    Ok((look, seen, before?))
}

/// The last build's report, if this build would do the same.
fn unchanged(
    target: &Target,
    seen: Option<&Seen>,
    before: &Before,
    options: &BuildOptions,
) -> Result<Option<Report>, BuildError> {
    let may_repeat = options.memory == Memory::Use && options.adopt == Adopt::Refuse;
    let inputs = seen.filter(|_| may_repeat).map(|seen| seen.inputs);
    Ok(noop::report(target, inputs, before.manifest.as_ref())?)
}

/// Who keeps the addresses that two want, where that has to be written down first.
fn owners_to_write(
    site: Option<&Site>,
    before: &Before,
    target: &Target,
    options: &BuildOptions,
    report: &Report,
) -> Option<AddressOwners> {
    let site = site.filter(|_| addresses_kept::may_decide(options) && !stops(report, options))?;
    addresses_kept::to_keep(&site.archive, &site.config, before.manifest.as_ref(), target)
}

/// Writes down who keeps which address, and looks at the archive again.
fn look_with_owners(
    owners: AddressOwners,
    at: i64,
    options: &BuildOptions,
    report: &mut Report,
) -> Look {
    let written = addresses_kept::write(&options.root, &owners);
    *report = Report::default();
    report.diagnostics.extend(written.err());
    let config = Config { owners, ..read_config(options, report) };
    Look::new(config, at, options)
}

/// Leaves what later builds, `deploy` and `verify` go by.
fn remember(
    site: &Site,
    options: &BuildOptions,
    target: &Target,
    seen: Option<Seen>,
    report: &Report,
) {
    if report.committed.is_some() {
        removals::settle(site, target, options);
    }
    noop::remember(target, seen.as_ref().map(|seen| seen.inputs), site, report);
    if let (Purpose::Publish, Some(committed)) = (options.purpose, &report.committed) {
        let stamps = seen.map(|seen| seen.stamps);
        freshness::remember(target, options, site, stamps, committed.seal);
    }
}

/// From the plan to the commit. Replaces `before` by the new state, and returns the old one.
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
        Memory::Ignore => PageRecords::ignored(),
    };
    let (lost, remembered) = rayon::join(|| losses::lost(published, site, &report), remembered);
    let remembered = &*pages.insert(remembered);
    report.diagnostics.extend(lost);
    if stops(&report, options) {
        return Ok((finished(report), None));
    }
    let stage = Stage::open(target, published)?;
    let Rendered { records, answered, search, pictures } =
        rendering::render(site, &stage, remembered, &mut report, progress)?;
    if stops(&report, options) {
        return Ok((finished(report), None));
    }
    let parts =
        manifest_parts::manifest_parts(site, &report.rejected, target, published, &answered);
    let (committed, published) = stage.commit(parts)?;
    report.committed = Some(committed);
    *pages = pages.take().map(|pages| pages.saved(&target.state, records));
    search_records::save(&target.state, &search);
    // A failure only makes the next build slower.
    let shelf = &site.files.shelf;
    let files = site.files.values().map(Publishable::path).collect();
    let _ = match options.purpose {
        Purpose::Publish => shelf.keep_only(&pictures, &files),
        Purpose::Preview => shelf.keep_all(&files),
    };
    Ok((finished(report), manifest.replace(published)))
}

/// The progress of a build.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The number of pages to render.
    Pages(usize),
    /// One more page is rendered.
    Rendered,
}

fn stops(report: &Report, options: &BuildOptions) -> bool {
    let least = match options.warnings {
        Warnings::Say => Effect::Stop,
        Warnings::Stop => Effect::Warning,
    };
    report.diagnostics.iter().any(|problem| problem.weight >= least)
}

/// Output and base address come from the settings: if these are broken, the manifest of another
/// site would be loaded, and losses would go unnoticed.
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
