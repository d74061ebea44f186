//! Withdrawals and redactions in all outputs of an archive.
//!
//! Each commit stores a hash of them beside the output's manifest, with the options of its build.
//! An output with an older hash still shows removed text: a build rebuilds such outputs; such
//! previews are deleted.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::archive::Archive;
use crate::base::choices::Host;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::state_file;
use crate::content::article::Article;
use crate::content::cache::Memory;
use crate::content::publishable::Sieve;
use crate::content::rules::ReadingRules;
use crate::content::{self, Drafts, Reader, scan};
use crate::output::{Manifest, Target};
use crate::render::theme::Theme;
use crate::state::{self, StateFolder};

use super::{BuildOptions, Purpose, Report, Site, Warnings};

/// Hashes of all withdrawals and redactions, including drafts; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Removals {
    withdrawn: u64,
    redacted: u64,
}

impl Removals {
    /// The hashes for these articles.
    fn of<'a>(articles: impl Iterator<Item = &'a Article>) -> Removals {
        let (mut withdrawn, mut redacted) = (Vec::new(), Vec::new());
        for article in articles.filter(|article| !article.draft) {
            if article.is_withdrawn() {
                withdrawn.push(article.source.to_string());
            }
            let parts = article.redactions.iter();
            redacted.extend(parts.map(|part| {
                format!("{:?}", (&article.source, part.date.to_string(), &part.assets))
            }));
        }
        Removals { withdrawn: digest(withdrawn), redacted: digest(redacted) }
    }

    /// The hashes for an archive.
    fn of_archive(archive: &Archive) -> Removals {
        Removals::of(archive.articles.iter().map(|article| &*article.value))
    }

    /// The hash of redactions only.
    pub(crate) fn redacted(self) -> u64 {
        self.redacted
    }
}

fn digest(mut lines: Vec<String>) -> u64 {
    lines.sort();
    if lines.is_empty() { 0 } else { xxh3_64(lines.join("\n").as_bytes()) }
}

/// The options and removals of an output's last build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OutputRecord {
    removals: Removals,
    /// The settings' file, from the root.
    settings: String,
    host: Option<String>,
    compress: bool,
}

fn file(state: &Path) -> PathBuf {
    state.join("removals")
}

fn read(state: &Path) -> Option<OutputRecord> {
    state_file::read(&file(state), 0)
}

/// The removals of an output's last build.
pub(crate) fn of_output(state: &Path) -> Option<Removals> {
    Some(read(state)?.removals)
}

/// After a commit: deletes state about links that only withdrawn reports contain, and stores the
/// output's record.
pub(super) fn settle(site: &Site, target: &Target, options: &BuildOptions) {
    let removals = Removals::of_archive(&site.archive);
    forget_links(site, of_output(&target.state), removals);
    remember(target, options, removals);
}

fn remember(target: &Target, options: &BuildOptions, removals: Removals) {
    let record = OutputRecord {
        removals,
        settings: options.config.to_string_lossy().into_owned(),
        host: options.host.map(|host| host.name().to_owned()),
        compress: options.compress,
    };
    if read(&target.state).as_ref() != Some(&record) {
        // Without a record, the output is compared with its manifest.
        let _ = state_file::seal(&record, 0)
            .and_then(|bytes| state_file::replace(&file(&target.state), &bytes));
    }
}

/// Deletes state about links that only withdrawn reports contain, if removals have changed.
fn forget_links(site: &Site, before: Option<Removals>, now: Removals) {
    if now == Removals::default() || before == Some(now) {
        return;
    }
    let articles = site.archive.articles.iter().map(|article| &article.value);
    let withdrawn: rustc_hash::FxHashSet<&str> =
        articles.filter(|article| article.is_withdrawn()).map(|article| &*article.source).collect();
    // If this fails, the next build with a removal tries again.
    let _ = super::mentions::forget_unmentioned(&site.root, &|source| withdrawn.contains(source));
}

/// Another output of the archive that still shows removed text.
pub(super) enum Behind {
    /// It can be rebuilt with these options.
    Known(Box<BuildOptions>),
    /// Its record is lost; holds its name.
    Unknown(String),
}

/// Other outputs that still show text removed by this build. State of missing outputs is deleted,
/// and so are previews.
pub(super) fn behind(target: &Target, options: &BuildOptions) -> Vec<Behind> {
    let Some(now) = of_output(&target.state) else { return Vec::new() };
    let folder = StateFolder::of(&options.root);
    purge_previews(&folder, |removals| removals == Some(now));
    let mut behind = Vec::new();
    for state in states(folder.path()) {
        if state == target.state || of_output(&state) == Some(now) {
            continue;
        }
        let Some(manifest) = Manifest::recorded_in(&state) else { continue };
        let output = options.root.join(&manifest.output);
        if manifest.output == target.name {
            continue;
        }
        if !output.is_dir() {
            state::empty(&state);
            continue;
        }
        match asked(&state, &manifest, options) {
            Some(asked) => behind.push(Behind::Known(Box::new(asked))),
            None if shows_withdrawn(&manifest, target) => {
                behind.push(Behind::Unknown(manifest.output));
            }
            None => {}
        }
    }
    behind
}

/// The options of an output's last build, if recorded.
fn asked(state: &Path, manifest: &Manifest, options: &BuildOptions) -> Option<BuildOptions> {
    let record = read(state)?;
    let asked = |drafts| BuildOptions {
        root: options.root.clone(),
        config: PathBuf::from(&record.settings),
        output: Some(PathBuf::from(&manifest.output)),
        base_url: url::Url::parse(&manifest.base_url).ok(),
        drafts,
        warnings: Warnings::Say,
        host: record.host.as_ref().and_then(|name| Host::named(name)),
        compress: record.compress,
        ..BuildOptions::default()
    };
    [Drafts::Leave, Drafts::Publish].map(asked).into_iter().find(|asked| {
        super::find_target(asked).is_ok_and(|found| found.is_ok_and(|found| found.state == state))
    })
}

fn shows_withdrawn(other: &Manifest, target: &Target) -> bool {
    let Ok(ours) = Manifest::published(target) else { return false };
    let withdrawn: Vec<&str> = ours.withdrawn.iter().map(|gone| gone.path.as_str()).collect();
    other.files.articles().any(|(_, folder)| {
        let address = format!("/{folder}");
        let is_shown = !other.withdrawn.iter().any(|gone| gone.path == address);
        is_shown && withdrawn.contains(&address.as_str())
    })
}

/// A diagnostic about another output: rebuilt or not.
pub(super) fn told(behind: &Behind, built: Option<&Report>) -> Diagnostic {
    let name = match behind {
        Behind::Known(asked) => {
            asked.output.as_deref().unwrap_or(Path::new("")).display().to_string()
        }
        Behind::Unknown(name) => name.clone(),
    };
    match built {
        Some(report) if report.committed.is_some() => Diagnostic::note(
            Rule::OtherOutput,
            format!("`{name}` showed what was taken down, and was built again"),
        )
        .at(Place::file(name)),
        _ => Diagnostic::warning(
            Rule::OtherOutput,
            format!("`{name}` still shows what was taken down"),
        )
        .at(Place::file(&*name))
        .help(format!("build it again with `-o {name}`, or remove the folder")),
    }
}

/// The state folders of all outputs.
pub(super) fn states(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let keys = entries.filter(|entry| entry.file_name().to_str().is_some_and(state::is_key));
    let mut states: Vec<PathBuf> = keys.map(|entry| entry.path()).collect();
    states.sort();
    states
}

/// Deletes outdated previews. One that is being built is skipped: its build reads the new sources.
pub(super) fn purge_previews(folder: &StateFolder, is_good: impl Fn(Option<Removals>) -> bool) {
    for state in states(&folder.previews()) {
        let is_bad = !is_good(of_output(&state));
        if is_bad && let Ok(Some(_lock)) = Target::lock_of(&state) {
            state::empty(&state);
        }
    }
}

/// Whether a preview shows no removed text, as far as all sources can be read.
pub(crate) fn is_preview_current(options: &BuildOptions, target: &Target) -> bool {
    let mut report = Report::default();
    let config = super::read_config(options, &mut report);
    let Some(shown) = of_output(&target.state) else { return false };
    if super::is_config_unknown(&report) || options.purpose != Purpose::Preview {
        return false;
    }
    let looked_at = super::now();
    let sieve = Sieve { root: &options.root, ignored: &config.build.ignore };
    let theme = Theme::load(sieve, &config.theme);
    let Ok(language) = theme.and_then(|theme| theme.language(&config.language)) else {
        return false;
    };
    let markdown = super::markdown_options(&config, &language);
    let reader = Reader {
        cache: Some(super::preparing::source_cache(
            &options.root,
            &ReadingRules::new(&config, &markdown),
        )),
        memory: Memory::Use,
        looked_at,
        ..Reader::afresh(&options.root, &config, &markdown)
    };
    let content =
        content::load(scan::scan(&options.root, &config.build.ignore), &reader, Drafts::Publish);
    let now = Removals::of(content.articles.iter().map(|article| &*article.value));
    content.rejected.is_empty() && now == shown
}
