//! The steps before the first page: settings, scan, load, index, plan. [`prepare`] makes a [`Site`]
//! from an archive's files, for builds and for commands that only read.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustc_hash::FxHashSet;

use super::clashes::{self, Asked, Unique};
use super::copied::{self, Copied};
use super::target::preview_address;
use super::{BuildOptions, NearCopies, Purpose, Report, Site, Step, addresses_kept};
use crate::archive::Archive;
use crate::base::choices::Host;
use crate::base::diagnostic::{Diagnostic, Effect, Rule};
use crate::base::files;
use crate::content::article::{Article, PlainPage, SourcePath};
use crate::content::cache::Cache;
use crate::content::publishable::{self, LeftOut, Sieve};
use crate::content::recent::Recent;
use crate::content::redacted::HeldRedaction;
use crate::content::rules::{self, ReadingRules};
use crate::content::scan::{self, Sources};
use crate::content::term_files;
use crate::content::{self, Loaded, Reader};
use crate::i18n::{self, Language};
use crate::images::shelf::{Making, Shelf};
use crate::ledger::{self, Ledger};
use crate::markdown::{BodyWords, MarkdownOptions};
use crate::plan::{self, Page};
use crate::render::engine::{self, Assets, Engine};
use crate::render::theme::Theme;
use crate::render::{data_files, theme_file};
use crate::settings::{Config, loading};
use crate::state::StateFolder;
use crate::view::look::Sheet;
use crate::view::pictures::Files;
use crate::view::value::Value;

/// The result of looking at the inputs before reading more than the settings.
pub(super) struct Look {
    pub(super) config: Config,
    pub(super) sources: Sources,
    /// A moment before the settings were read, in nanoseconds since 1970.
    pub(super) at: i64,
    /// Whether smaller copies of pictures may be made.
    making: Making,
}

impl Look {
    /// Scans the archive with these settings.
    pub(super) fn new(config: Config, at: i64, options: &BuildOptions) -> Look {
        let sources = scan::scan(&options.root, &config.build.ignore);
        Look { config, sources, at, making: Making::Make }
    }
}

pub(super) fn now() -> i64 {
    files::nanoseconds(SystemTime::now())
}

/// Everything up to the plan, for commands that build nothing; `None` if the build can't go on.
pub fn prepare(
    options: &BuildOptions,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Option<Site> {
    let (at, config) = (now(), read_config(options, report));
    let look = Look { making: Making::Look, ..Look::new(config, at, options) };
    prepare_from(look, None, options, report, progress)
}

/// The steps between the scan and the first page: load, index, plan. `None` if the build can't go
/// on.
pub(super) fn prepare_from(
    mut look: Look,
    recent: Option<&Recent>,
    options: &BuildOptions,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Option<Site> {
    let ignored = look.config.build.ignore.clone();
    let sieve = Sieve { root: &options.root, ignored: &ignored };
    let appearance = load_appearance(sieve, &mut look.config, report)?;
    let loaded = load_content(&mut look, &appearance.language, recent, options, report);
    let Planned { archive, copied, pages } =
        planned(loaded.content, sieve, (&look.config, &appearance), report);
    look.config.redirects.extend(plan::redirects::of_queries(&archive));
    let ledger = load_ledger(&options.root, report);
    let left_out = [loaded.left_out, appearance.theme.left_out.clone(), copied.left_out].concat();
    report.diagnostics.extend(publishable::notes(left_out));
    let unserved = plan::redirects::unserved(&archive, &look.config, &pages).into_iter();
    let unserved = unserved.map(|unserved| clashes::at_its_line(unserved, &options.root));
    report.diagnostics.extend(unserved);
    (report.articles, report.pages) = (archive.articles.len(), archive.pages.len());
    report.addresses = pages.len();
    progress(Step::Pages(pages.len()));
    Some(Site {
        root: options.root.clone(),
        language: appearance.language,
        engine: appearance.engine,
        archive,
        ledger,
        pages,
        theme: appearance.theme.digest(),
        data: appearance.data,
        sources: loaded.digest,
        looked_at: look.at,
        assets: appearance.assets,
        robots: !copied.files.contains_key("robots.txt"),
        files: Files::new(copied.files, Shelf::open(&options.root, look.at, look.making)),
        active: copied.active,
        settings: options.config.to_string_lossy().into_owned(),
        config: look.config,
    })
}

/// The appearance of pages: theme, language, templates and style sheets.
struct Appearance {
    theme: Theme,
    /// `data/`
    data: Value,
    language: Arc<Language>,
    engine: Engine,
    assets: Assets,
}

fn load_appearance(
    sieve: Sieve<'_>,
    config: &mut Config,
    report: &mut Report,
) -> Option<Appearance> {
    let theme = take(Theme::load(sieve, &config.theme), report)?;
    report.diagnostics.extend(theme_file::apply(&theme, config));
    let data =
        data_files::read(&theme).map_err(|problems| report.diagnostics.extend(problems)).ok()?;
    report.diagnostics.extend(theme.stale_overrides());
    let language = Arc::new(take(theme.language(&config.language), report)?);
    report.diagnostics.extend(without_words(config, &language));
    let mut assets = engine::fingerprinted(&theme);
    let own = Sheet::of(config);
    assets
        .extend(own.map(|Sheet { path, css }| ("settings.css".to_owned(), path, css.into_bytes())));
    let engine = Engine::new(&theme, &language, &assets, config.base_path())
        .map_err(|problems| report.diagnostics.extend(problems))
        .ok()?;
    Some(Appearance { theme, data, language, engine, assets })
}

/// A warning where the interface can't speak the archive's language, or only as another country
/// does.
fn without_words(config: &Config, language: &Language) -> Option<Diagnostic> {
    let wanted = &config.language;
    if language.tag == *wanted {
        return None;
    }
    let (spoken, model) = match language.tag.as_str() {
        "en" => ("English".to_owned(), "en"),
        other => (format!("“{other}”"), other),
    };
    let message =
        format!("the theme has no words in “{wanted}”; those of the interface are {spoken}");
    let short = wanted.split('-').next().unwrap_or(wanted);
    let is_found = i18n::candidates(wanted).iter().any(|name| name == short);
    let name = if is_found { short } else { wanted };
    let help = format!(
        "translate the theme's i18n/{model}.toml, and save it as themes/{}/i18n/{name}.toml; reports need nothing",
        config.theme.name
    );
    let problem = Diagnostic::warning(Rule::InterfaceLanguage, message).help(help);
    Some(match &config.language_place {
        Some(place) => problem.at(place.clone()),
        None => problem,
    })
}

/// The content before it is indexed.
struct LoadedContent {
    content: Unindexed,
    left_out: Vec<LeftOut>,
    digest: u128,
}

fn load_content(
    look: &mut Look,
    language: &Language,
    recent: Option<&Recent>,
    options: &BuildOptions,
    report: &mut Report,
) -> LoadedContent {
    let markdown = markdown_options(&look.config, language);
    let rules = ReadingRules::new(&look.config, &markdown);
    let cache = Some(source_cache(&options.root, &rules));
    let (root, memory, looked_at) = (&*options.root, options.memory, look.at);
    let reader = Reader { root, rules, cache, recent, memory, looked_at };
    let mut content = content::load(std::mem::take(&mut look.sources), &reader, options.drafts);
    if options.near_copies == NearCopies::Find {
        content::take_sketches(&mut content.articles, root);
    }
    report.diagnostics.extend(content.diagnostics);
    (report.drafts, report.rejected) = (content.drafts.len(), content.rejected);
    LoadedContent {
        content: Unindexed {
            articles: content.articles,
            pages: content.pages,
            drafts: content.drafts,
            held_redactions: content.held_redactions,
        },
        left_out: content.left_out,
        digest: content.digest,
    }
}

/// Articles and pages before indexing, and data of those that are left out.
struct Unindexed {
    articles: Vec<Loaded<Article>>,
    pages: Vec<Loaded<PlainPage>>,
    drafts: Vec<SourcePath>,
    held_redactions: Vec<HeldRedaction>,
}

/// The cache of parsed sources for these rules, shared by all outputs.
pub(super) fn source_cache(root: &Path, rules: &ReadingRules<'_>) -> Cache {
    Cache::new(StateFolder::of(root).source_cache(), &rules.key())
}

/// The content, copied files, and pages.
struct Planned {
    archive: Archive,
    copied: Copied,
    pages: Vec<Page>,
}

/// Indexes and plans the content; repeats it without articles and pages whose address is taken.
fn planned(
    content: Unindexed,
    sieve: Sieve<'_>,
    (config, appearance): (&Config, &Appearance),
    report: &mut Report,
) -> Planned {
    let Unindexed { mut articles, pages: mut plain, drafts, mut held_redactions } = content;
    let Appearance { assets, language, .. } = appearance;
    let reserved = config.deploy.host.map_or(&[][..], Host::reserved);
    let said = report.diagnostics.len();
    let mut refusals = Vec::new();
    loop {
        let (mut archive, diagnostics) = Archive::index(articles, plain, config);
        report.diagnostics.extend(diagnostics);
        archive.name_languages(config, |tag| language.language_name(tag));
        archive.held_redactions.clone_from(&held_redactions);
        let mut copied = copied::files(sieve, &archive, config.images.svg, report);
        let asked =
            Asked { root: sieve.root, archive: &archive, files: &copied.files, assets, reserved };
        let Unique { pages, refused, left_out, diagnostics } =
            clashes::unique_pages(plan::pages(&archive, config), &asked);
        if refused.is_empty() {
            report.diagnostics.extend(diagnostics);
            report.diagnostics.extend(refusals);
            copied.files.retain(|path, _| !left_out.contains(path));
            report.diagnostics.extend(copied.drop_stand_ins(sieve.root, &pages, assets));
            archive.drafts = drafts;
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

pub(super) fn read_config(options: &BuildOptions, report: &mut Report) -> Config {
    let (mut config, diagnostics) = loading::read(&options.root, &options.config);
    report.diagnostics.extend(diagnostics);
    if let Some(base_url) = &options.base_url {
        config.base_url = base_url.clone();
    }
    match addresses_kept::read(&options.root) {
        Ok(owners) => config.owners = owners,
        Err(problem) => report.diagnostics.push(problem),
    }
    let (notes, problems) = term_files::read(&options.root, &config.taxonomies);
    config.term_notes = notes;
    report.diagnostics.extend(problems);
    config.deploy.host = options.host.or(config.deploy.host);
    config.deploy.compress |= options.compress;
    if options.purpose == Purpose::Preview {
        config.base_url = preview_address(config.base_url);
        // No host serves a preview.
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

/// Markdown options from `[markdown]`, and interface texts inside bodies.
pub fn markdown_options(config: &Config, language: &Language) -> MarkdownOptions {
    let word = |key: &str| language.text(key, &[]);
    let words = BodyWords {
        alerts: ["note", "tip", "important", "warning", "caution"]
            .map(|kind| word(&format!("alert_{kind}"))),
        footnote_back: word("footnote_back"),
        footnote: word("footnote"),
        footnotes: word("footnotes"),
        paragraph_link: word("paragraph_link"),
        heading_link: word("heading_link"),
        lost_link: word("lost_link"),
        copy_mark: word("copy_mark"),
        missing_picture: word("missing_picture"),
        embedded: word("embedded"),
    };
    rules::markdown_options(&config.markdown, &config.language, words)
}
