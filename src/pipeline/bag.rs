//! The contents of a bag: the sources of the current site, everything they are published with, and
//! the site, which must be up to date.
//!
//! A file is included only if the site is made from it, not because of its folder. So withdrawn and
//! redacted parts and drafts are left out with all their files.

mod writer;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use walkdir::WalkDir;

use crate::base::diagnostic::Effect;
use crate::content::evidence::own_file;
use crate::content::publishable::{Area, Sieve};
use crate::content::scan::relative;
use crate::output::{Manifest, OutputError, OutputPlace, Stage, Target};
use crate::pipeline::memory::page_records::PageRecords;
use writer::{BagError, BagInfo, Bagged, PayloadFile};

use super::{BuildError, BuildOptions, Report, Site, prepare, rendering, target};

/// The arguments of `dateline export bagit`.
#[derive(Clone, Debug)]
pub(crate) struct BagRequest {
    /// The target folder.
    pub folder: PathBuf,
    /// The bagging date; `None` for the day of the newest addition.
    pub date: Option<NaiveDate>,
    /// What becomes of evidence.
    pub(crate) evidence: EvidenceInBag,
}

/// Whether evidence is included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EvidenceInBag {
    /// It stays at home: it is the whole page of somebody else.
    #[default]
    LeftOut,
    /// That of the reports in the bag goes along.
    Included,
}

/// The result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BaggedArchive {
    /// The size of the bag.
    pub bagged: Bagged,
    /// Files of `content/` that are left out.
    pub left_out: usize,
}

impl From<BuildError> for BagError {
    fn from(error: BuildError) -> BagError {
        match error {
            BuildError::Output(error) => BagError::Output(error),
        }
    }
}

/// Writes a bag of the archive and its site; `None` if it is impossible, with the reason in the
/// report.
pub(crate) fn bag(
    options: &BuildOptions,
    request: &BagRequest,
    report: &mut Report,
) -> Result<Option<BaggedArchive>, BagError> {
    let Some(site) = prepare(options, report, &|_| {}) else { return Ok(None) };
    if is_in_doubt(report) {
        return Ok(None);
    }
    let target = target(options, &site.config)?;
    let folder = place(options, &request.folder, &target)?;
    let nothing = || OutputError::NothingPublished { output: target.output.clone() };
    let published = Manifest::load(&target)?.ok_or_else(nothing)?;
    // Holds the lock, so that no build changes the site meanwhile.
    let stage = Stage::open(&target, Some(&published))?;
    rendering::render(&site, &stage, &PageRecords::load(&target.state), report, &|_| {})?;
    if is_in_doubt(report) {
        return Ok(None);
    }
    if !stage.is_what_was_published() {
        return Err(BagError::Stale(target.output));
    }
    let mut payload = sources(options, &site)?;
    let inside = payload.iter().filter(|file| file.path.starts_with("content/")).count();
    let left_out = walk(sieve(options, &site), "content")?.len().saturating_sub(inside);
    if request.evidence == EvidenceInBag::Included {
        payload.extend(evidence(&options.root, &site));
    }
    payload.extend(pages(&target, &published));
    let newest = site.archive.added.keys().next_back().copied();
    let info = BagInfo {
        title: site.config.title.clone(),
        address: site.config.base_url.to_string(),
        date: request.date.or(newest),
    };
    let bagged = writer::write(&folder, payload, &info)?;
    Ok(Some(BaggedArchive { bagged, left_out }))
}

/// An unreadable file may be a withdrawn report.
fn is_in_doubt(report: &Report) -> bool {
    report.diagnostics.iter().any(|problem| problem.weight > Effect::Warning)
}

/// The bag's folder; it must be outside the archive's files and its site.
fn place(options: &BuildOptions, folder: &Path, target: &Target) -> Result<PathBuf, BagError> {
    let absolute = std::path::absolute(folder).map_err(OutputError::io("find", folder))?;
    let inside = || BagError::Inside(folder.to_owned());
    match OutputPlace::find(&options.root, &absolute) {
        Ok(place) if place.output().starts_with(&target.output) => Err(inside()),
        Ok(place) if !writer::is_vacant(place.output()) => {
            Err(BagError::Occupied(folder.to_owned()))
        }
        Ok(place) => Ok(place.output().to_owned()),
        Err(OutputError::Sources { .. }) => Err(inside()),
        Err(error) => Err(error.into()),
    }
}

/// All files that the site is made from.
fn sources(options: &BuildOptions, site: &Site) -> Result<Vec<PayloadFile>, OutputError> {
    let root = &options.root;
    let archive = &site.archive;
    let listed = archive.listed.iter().map(|id| &archive.articles[*id as usize]);
    let articles = listed.map(|article| (article.value.source.to_string(), article.absolute(root)));
    let pages = archive.pages.iter();
    let pages = pages.map(|page| (page.value.source.to_string(), page.absolute(root)));
    let copied = site.files.values().map(|from| (relative(root, from), from.to_path_buf()));
    let mut files: Vec<(String, PathBuf)> = articles.chain(pages).chain(copied).collect();
    let config = root.join(&options.config);
    files.extend(
        config.file_name().map(|name| (name.to_string_lossy().into_owned(), config.clone())),
    );
    let theme = format!("themes/{}", site.config.theme.name);
    for folder in ["data", "links", "templates", "terms", &theme] {
        files.extend(walk(sieve(options, site), folder)?);
    }
    // Two reports' folders may share a file.
    files.sort();
    files.dedup();
    Ok(files.into_iter().map(|(path, from)| PayloadFile { path, from, sha256: None }).collect())
}

/// The evidence of the reports in the bag. Missing files and symbolic links are skipped: `dateline
/// check --evidence` reports them.
fn evidence(root: &Path, site: &Site) -> Vec<PayloadFile> {
    let archive = &site.archive;
    let listed = archive.listed.iter().map(|id| &archive.articles[*id as usize].value);
    let named = listed.flat_map(|article| article.evidence.iter().map(|known| known.file.clone()));
    let named: BTreeSet<String> = named.collect();
    let files = named.into_iter().filter_map(|path| {
        let from = own_file(root, &path)?;
        Some(PayloadFile { path, from, sha256: None })
    });
    files.collect()
}

fn sieve<'a>(options: &'a BuildOptions, site: &'a Site) -> Sieve<'a> {
    Sieve { root: &options.root, ignored: &site.config.build.ignore }
}

/// The files below a folder, by path from the archive's root. Left-over and hidden files are
/// skipped.
fn walk(sieve: Sieve<'_>, folder: &str) -> Result<Vec<(String, PathBuf)>, OutputError> {
    let root = sieve.root;
    let top = root.join(folder);
    if !top.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in sieve.walk(WalkDir::new(&top).min_depth(1), Area::Theme).entries {
        let entry =
            entry.map_err(|error| OutputError::io("read the folder", &top)(error.into()))?;
        if entry.file_type().is_file() {
            files.push((relative(root, entry.path()), entry.into_path()));
        }
    }
    Ok(files)
}

/// The site's files, from the manifest.
fn pages(target: &Target, published: &Manifest) -> impl Iterator<Item = PayloadFile> {
    published.files.iter().map(|(path, entry)| PayloadFile {
        path: format!("site/{path}"),
        from: target.output.join(&**path),
        sha256: Some(entry.sha256),
    })
}
