//! The main job, top-down: scan, parse, index, plan, render, commit.

mod copied;
mod record;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::{Archive, ArticleId};
use crate::config::{Config, reading};
use crate::content::article::{BodyDigest, BodyLink};
use crate::content::markdown::{self, BodyWords, MarkdownOptions};
use crate::content::{self, Content, Drafts, scan};
use crate::diagnostic::{self, Diagnostic, Place, Rule, Weight};
use crate::export::{Exporter, Format};
use crate::i18n::Language;
use crate::ledger::{self, Ledger};
use crate::output::{Committed, FileKind, Manifest, OutputError, OutputPlace, Stage, Target};
use crate::permalink::{encode_path, fold};
use crate::plan::routes::Routes;
use crate::plan::views::Views;
use crate::plan::{self, Page, PageKind};
use crate::published;
use crate::render::bodies::Surroundings;
use crate::render::engine::{self, Assets, Engine};
use crate::render::feeds::{self, Feeds};
use crate::render::theme::Theme;
use crate::render::{changes, sitemap};

/// What the command line asks for.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The archive's root.
    pub root: PathBuf,
    /// The config's file, from the root; `dateline.toml`.
    pub config: PathBuf,
    /// In place of the config's `output_dir`.
    pub output: Option<PathBuf>,
    /// In place of the config's `base_url`.
    pub base_url: Option<url::Url>,
    /// Whether drafts are published.
    pub drafts: Drafts,
    /// Take over an output whose manifest is lost.
    pub adopt: Adopt,
    /// What warnings do.
    pub warnings: Warnings,
}

/// Whether an output that nobody remembers is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adopt {
    /// The build stops.
    #[default]
    Refuse,
    /// Its files become ours where the site has a file of that name.
    Take,
}

/// What warnings do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Warnings {
    /// They are said.
    #[default]
    Say,
    /// They stop the build.
    Stop,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Articles published, tombstones too.
    pub articles: usize,
    /// Plain pages.
    pub pages: usize,
    /// All pages of the site, feeds and redirects too.
    pub addresses: usize,
    /// Drafts left out.
    pub drafts: usize,
    /// Files left out because of a mistake in them.
    pub rejected: Vec<String>,
    /// Tags of other generators in bodies.
    pub foreign_tags: usize,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// What the commit did; absent where the build stopped.
    pub committed: Option<Committed>,
}

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
    assets: Assets,
    files: BTreeMap<String, PathBuf>,
    robots: bool,
}

/// Builds the archive.
pub fn build(
    options: &BuildOptions,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Report, BuildError> {
    let mut report = Report::default();
    let Some(site) = prepare(options, &mut report, progress) else { return Ok(finished(report)) };
    if is_config_broken(&report) {
        return Ok(finished(report));
    }
    let target = target(options, &site.config)?;
    let before = Manifest::load(&target)?;
    report.diagnostics.extend(published::lost(before.as_ref(), &site, &report));
    if stops(&report, options) {
        return Ok(finished(report));
    }
    let stage = Stage::open(&target, before.as_ref())?;
    render(&site, &stage, &mut report, progress)?;
    if stops(&report, options) {
        return Ok(finished(report));
    }
    report.committed = Some(stage.commit(record::manifest_parts(&site, before.as_ref()))?);
    Ok(finished(report))
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
        Warnings::Say => Weight::Stop,
        Warnings::Stop => Weight::Warning,
    };
    report.diagnostics.iter().any(|problem| problem.weight >= least)
}

/// Output and base address come from the config: with a broken one, another site's record would be
/// looked for, and its absence hide the mistake.
fn is_config_broken(report: &Report) -> bool {
    let is_config = |problem: &Diagnostic| problem.rule == Rule::Config;
    report.diagnostics.iter().any(|problem| is_config(problem) && problem.weight == Weight::Stop)
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
    let config = read_config(options, report);
    let theme = take(Theme::load(&options.root, &config.theme), report)?;
    report.diagnostics.extend(theme.stale_overrides());
    let language = Arc::new(take(theme.language(&config.language), report)?);
    let assets = engine::fingerprinted(&theme);
    let engine = Engine::new(&theme, &language, &assets, config.base_path())
        .map_err(|problems| report.diagnostics.extend(problems))
        .ok()?;
    let sources = scan::scan(&options.root);
    let content =
        content::load(sources, &config, &markdown_options(&config, &language), options.drafts);
    let Content { articles, pages, drafts, rejected, diagnostics } = content;
    report.diagnostics.extend(diagnostics);
    (report.drafts, report.rejected) = (drafts, rejected);
    let (archive, diagnostics) = Archive::index(articles, pages, &config);
    report.diagnostics.extend(diagnostics);
    (report.articles, report.pages) = (archive.articles.len(), archive.pages.len());
    let ledger = load_ledger(&options.root, report);
    let files = copied::files(&options.root, &archive, report);
    let pages = unique_pages(plan::pages(&archive, &config), &archive, &files, &assets, report);
    report.diagnostics.extend(plan::redirects::unserved(&archive, &config, &pages));
    report.addresses = pages.len();
    progress(Step::Pages(pages.len()));
    let robots = !files.contains_key("robots.txt");
    Some(Site { config, language, engine, archive, ledger, pages, assets, files, robots })
}

fn take<T>(result: Result<T, Diagnostic>, report: &mut Report) -> Option<T> {
    result.map_err(|problem| report.diagnostics.push(problem)).ok()
}

fn read_config(options: &BuildOptions, report: &mut Report) -> Config {
    let path = options.root.join(&options.config);
    let name = options.config.to_string_lossy().into_owned();
    let text = std::fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_else(|error| {
        let diagnostic = Diagnostic::stop(Rule::Config, format!("this can't be read: {error}"))
            .at(Place::file(&name))
            .help("run `dateline init` for a new archive, or name its folder with --root");
        report.diagnostics.push(diagnostic);
        String::new()
    });
    let (mut config, diagnostics) = reading::read(&name, &text);
    report.diagnostics.extend(diagnostics);
    if let Some(base_url) = &options.base_url {
        config.base_url = base_url.clone();
    }
    config
}

fn target(options: &BuildOptions, config: &Config) -> Result<Target, OutputError> {
    let output = options.output.as_ref().unwrap_or(&config.output_dir);
    let place = OutputPlace::find(&options.root, output)?;
    let key = format!("{}\n{}\n{:?}", place.name(), config.base_url, options.drafts);
    let key = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()));
    Ok(Target {
        output: place.output().to_owned(),
        state: options.root.join(".dateline").join(key),
        adopt: options.adopt == Adopt::Take,
    })
}

fn load_ledger(root: &Path, report: &mut Report) -> Ledger {
    let (ledger, diagnostics) = ledger::files::load(root);
    let refused = diagnostics.iter().filter(|problem| problem.weight == Weight::Reject);
    let places = refused.filter_map(|problem| problem.place.as_ref());
    report.rejected.extend(places.map(|place| place.file.clone()));
    report.diagnostics.extend(diagnostics);
    ledger
}

/// `[markdown]` and the words that stand inside bodies.
pub fn markdown_options(config: &Config, language: &Language) -> MarkdownOptions {
    let word = |key: &str| language.text(key, &[]);
    MarkdownOptions {
        raw_html: config.markdown.raw_html,
        foreign_tags: config.markdown.foreign_tags,
        unresolved_links: config.markdown.unresolved_links,
        smart_punctuation: config.markdown.smart_punctuation,
        words: BodyWords {
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
        },
    }
}

/// Every file of the output belongs to one page, also where case and Unicode form do not count.
/// Redirects give way to pages, and the registers to whatever the curator put at their addresses; any
/// other clash stops the build.
fn unique_pages(
    pages: Vec<Page>,
    archive: &Archive,
    files: &BTreeMap<String, PathBuf>,
    assets: &Assets,
    report: &mut Report,
) -> Vec<Page> {
    let mut taken: std::collections::HashMap<String, String> = std::collections::HashMap::new();
    for path in files.keys().chain(assets.iter().map(|(_, file, _)| file)) {
        taken.insert(fold(path), format!("the file {path}"));
    }
    let mut unique = Vec::with_capacity(pages.len());
    for page in pages {
        let file = fold(&page.file());
        let gives_way = matches!(
            page.kind,
            PageKind::Redirect(_) | PageKind::Register(..) | PageKind::CorrectionsAtom
        );
        match taken.get(&file) {
            None => {
                taken.insert(file, source(archive, &page));
                unique.push(page);
            }
            Some(_) if gives_way => {}
            Some(other) => {
                let message = format!(
                    "{} is asked for by {} and by {other}",
                    page.path,
                    source(archive, &page)
                );
                let diagnostic = Diagnostic::stop(Rule::PathClash, message);
                report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
            }
        }
    }
    refuse_blocked(&unique, &taken, report);
    unique
}

/// A file can't stand where another page needs a folder.
fn refuse_blocked(
    pages: &[Page],
    taken: &std::collections::HashMap<String, String>,
    report: &mut Report,
) {
    for page in pages {
        let file = fold(&page.file());
        let mut folder = file.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if let Some(other) = taken.get(folder) {
                let message = format!("{} needs a folder where {other} is a file", page.path);
                let diagnostic = Diagnostic::stop(Rule::PathClash, message);
                report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
            }
        }
    }
}

fn source(archive: &Archive, page: &Page) -> String {
    match page.kind {
        PageKind::Article(id) => archive.article(id).source.clone(),
        PageKind::Plain(at) => archive.pages[at].value.source.clone(),
        PageKind::Redirect(_) => format!("an alias at {}", page.path),
        _ => format!("the listing {}", page.path),
    }
}

/// Renders every page into the stage, in parallel, and copies the files.
fn render(
    site: &Site,
    stage: &Stage<'_>,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(), BuildError> {
    let routes = Routes::new(&site.archive, &site.pages, routed_files(site));
    let language = Arc::clone(&site.language);
    report.diagnostics.extend(routes.missing(&site.config.links));
    let views =
        Views::new(&site.archive, &site.config, language, routes, &site.files, &site.ledger);
    let options = markdown_options(&site.config, &site.language);
    let results: Vec<Result<(Vec<Diagnostic>, usize), OutputError>> = site
        .pages
        .par_iter()
        .map(|page| {
            let rendered = render_page(site, &views, &options, page);
            progress(Step::Rendered);
            if let Some(bytes) = &rendered.bytes {
                stage.write(&page.file(), page.file_kind(&site.archive), bytes)?;
            }
            Ok((rendered.diagnostics, rendered.foreign_tags))
        })
        .collect();
    for result in results {
        let (diagnostics, foreign_tags) = result?;
        report.diagnostics.extend(diagnostics);
        report.foreign_tags += foreign_tags;
    }
    for (path, from) in &site.files {
        stage.copy(path, FileKind::Asset, from)?;
    }
    for (_, file, bytes) in &site.assets {
        stage.write(file, FileKind::Asset, bytes)?;
    }
    for (path, bytes) in sitemap::sitemaps(&site.archive, &site.config, &site.pages) {
        stage.write(&path, FileKind::Feed, &bytes)?;
    }
    if site.robots {
        let robots = format!(
            "User-agent: *\nAllow: /\n\nSitemap: {}\n",
            site.config.absolute("/sitemap.xml")
        );
        stage.write("robots.txt", FileKind::Feed, robots.as_bytes())?;
    }
    Ok(())
}

fn routed_files(site: &Site) -> impl Iterator<Item = &str> {
    site.files.keys().map(String::as_str).chain(["sitemap.xml", "robots.txt"])
}

/// A page's bytes, where it could be rendered.
struct RenderedPage {
    bytes: Option<Vec<u8>>,
    diagnostics: Vec<Diagnostic>,
    foreign_tags: usize,
}

fn render_page(
    site: &Site,
    views: &Views<'_>,
    options: &MarkdownOptions,
    page: &Page,
) -> RenderedPage {
    let (archive, config) = (&site.archive, &site.config);
    let feeds = Feeds { archive, config, language: &site.language };
    let mut rendered = RenderedPage { bytes: None, diagnostics: Vec::new(), foreign_tags: 0 };
    match &page.kind {
        PageKind::Atom(scope) => {
            let (path, home) =
                (encode_path(&page.path), encode_path(page.path.trim_end_matches("atom.xml")));
            rendered.bytes = Some(feeds::atom(feeds, *scope, &path, &home));
            return rendered;
        }
        PageKind::Markdown(_) => {
            rendered.bytes = republished(site, views, page, &mut rendered);
            return rendered;
        }
        PageKind::JsonFeed => {
            rendered.bytes = Some(feeds::json_feed(feeds));
            return rendered;
        }
        PageKind::FeedDocument(held) => {
            rendered.bytes = Some(feeds::history::archive_document(feeds, held));
            return rendered;
        }
        PageKind::DataFile(file) => {
            let body_of = |id| body_text(archive, id);
            let exporter = Exporter { archive, config, body_of: &body_of };
            rendered.bytes = Some(exporter.document(*file));
            return rendered;
        }
        PageKind::UpdatedAtom => {
            rendered.bytes = Some(changes::updated(archive, config, &site.language));
            return rendered;
        }
        PageKind::CorrectionsAtom => {
            rendered.bytes = Some(changes::corrections(archive, config, &site.language));
            return rendered;
        }
        _ => {}
    }
    let body = body(site, views, options, page, &mut rendered);
    let Some((data, default)) = views.view(page, &body) else { return rendered };
    rendered.diagnostics.extend(missing_parts(site, page, &data));
    let template = own_template(archive, page).filter(|name| site.engine.has(name));
    match site.engine.render(template.as_deref().unwrap_or(default), &data) {
        // Titles and summaries are strangers' text too.
        Ok(html) => rendered.bytes = Some(markdown::without_controls(html).into_bytes()),
        Err(problem) => rendered.diagnostics.push(problem),
    }
    rendered
}

/// What a page's front matter asks for and nobody has: its template, its lead picture.
fn missing_parts(site: &Site, page: &Page, data: &serde_json::Value) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    let at = Place::file(source(&site.archive, page));
    if let Some(name) = own_template(&site.archive, page).filter(|name| !site.engine.has(name)) {
        let message = format!("there is no template “{name}”; the usual one is used");
        missing.push(
            Diagnostic::warning(Rule::Template, message)
                .at(at.clone())
                .help(format!("write templates/{name}, or remove the key")),
        );
    }
    let PageKind::Article(id) = page.kind else { return missing };
    if let Some(image) = site.archive.article(id).image.as_ref()
        && site.archive.is_listed(id)
        && data["article"]["image"].is_null()
    {
        let message = format!("the lead picture `{}` does not exist", image.src);
        missing.push(
            Diagnostic::warning(Rule::MissingAsset, message)
                .at(at)
                .help("put the file beside the article's index.md, or into static/"),
        );
    }
    missing
}

/// The source text of an article's body, as it was when the article was parsed.
fn body_text(archive: &Archive, id: ArticleId) -> Option<String> {
    let loaded = &archive.articles[id as usize];
    let text = std::fs::read_to_string(&loaded.absolute).ok()?;
    let body = text.get(loaded.value.body_start..)?;
    (BodyDigest::of(body) == loaded.value.body_digest).then(|| body.to_owned())
}

/// Writes the whole archive in a format.
pub fn export(site: &Site, format: Format, writer: &mut dyn Write) -> std::io::Result<()> {
    let body_of = |id| body_text(&site.archive, id);
    let exporter = Exporter { archive: &site.archive, config: &site.config, body_of: &body_of };
    exporter.write(format, writer)
}

/// The template a page asks for, with or without `.html`.
fn own_template(archive: &Archive, page: &Page) -> Option<String> {
    let name = match page.kind {
        PageKind::Article(id) if archive.is_listed(id) => archive.article(id).template.clone()?,
        PageKind::Plain(at) => archive.pages[at].value.template.clone()?,
        _ => return None,
    };
    Some(if name.ends_with(".html") { name } else { format!("{name}.html") })
}

/// A page's data as its template receives it, for `inspect`.
pub fn inspect(site: &Site, path: &str) -> Option<serde_json::Value> {
    let wanted = path.trim_end_matches("index.html").trim_matches('/');
    let page = site.pages.iter().find(|page| {
        page.path.trim_matches('/') == wanted || encode_path(&page.path).trim_matches('/') == wanted
    })?;
    let routes = Routes::new(&site.archive, &site.pages, routed_files(site));
    let language = Arc::clone(&site.language);
    let views =
        Views::new(&site.archive, &site.config, language, routes, &site.files, &site.ledger);
    let options = markdown_options(&site.config, &site.language);
    let mut rendered = RenderedPage { bytes: None, diagnostics: Vec::new(), foreign_tags: 0 };
    let body = body(site, &views, &options, page, &mut rendered);
    views.view(page, &body).map(|(mut data, template)| {
        data["template"] =
            own_template(&site.archive, page).unwrap_or_else(|| template.to_owned()).into();
        data
    })
}

/// The file in which a page's body is written.
struct BodyFile<'a> {
    absolute: &'a Path,
    source: &'a str,
    /// Where the body begins.
    start: usize,
    permalink: &'a str,
    links: &'a [BodyLink],
}

fn body_file<'a>(archive: &'a Archive, page: &Page) -> Option<BodyFile<'a>> {
    match page.kind {
        PageKind::Article(id) | PageKind::Markdown(id) if archive.is_listed(id) => {
            let loaded = &archive.articles[id as usize];
            let article = &loaded.value;
            Some(BodyFile {
                absolute: &loaded.absolute,
                source: &article.source,
                start: article.body_start,
                permalink: article.permalink.as_str(),
                links: &article.links,
            })
        }
        PageKind::Plain(at) => {
            let loaded = &archive.pages[at];
            Some(BodyFile {
                absolute: &loaded.absolute,
                source: &loaded.value.source,
                start: loaded.value.body_start,
                permalink: loaded.value.permalink.as_str(),
                links: &[],
            })
        }
        _ => None,
    }
}

/// The whole text of a body's file, read again.
fn read_again(file: &BodyFile<'_>, rendered: &mut RenderedPage) -> Option<String> {
    let text = std::fs::read_to_string(file.absolute).ok();
    let text = text.filter(|text| text.is_char_boundary(file.start));
    if text.is_none() {
        let diagnostic =
            Diagnostic::stop(Rule::Unreadable, "this file changed while the site was built");
        rendered.diagnostics.push(diagnostic.at(Place::file(file.source)).help("build again"));
    }
    text
}

fn surroundings<'a>(site: &'a Site, views: &'a Views<'_>, file: &BodyFile<'a>) -> Surroundings<'a> {
    Surroundings {
        config: &site.config,
        routes: &views.routes,
        engine: &site.engine,
        source: file.source,
        permalink: file.permalink,
        links: file.links,
        ledger: &site.ledger,
        language: &site.language,
        files: &site.files,
    }
}

/// The rendered body of an article or a plain page: read again, rendered and dropped.
fn body(
    site: &Site,
    views: &Views<'_>,
    options: &MarkdownOptions,
    page: &Page,
    rendered: &mut RenderedPage,
) -> String {
    let Some(file) = body_file(&site.archive, page) else { return String::new() };
    let Some(text) = read_again(&file, rendered) else { return String::new() };
    let start = file.start;
    let result = markdown::render(&text[start..], options, &surroundings(site, views, &file));
    rendered.foreign_tags = result.foreign_tags;
    for problem in result.problems {
        let range = problem.range.start + start..problem.range.end + start;
        let place = Place::at(file.source, &text, range);
        let mut diagnostic = Diagnostic::warning(problem.rule, problem.message).at(place);
        diagnostic.help = problem.help;
        rendered.diagnostics.push(diagnostic);
    }
    result.html
}

/// An article's text as Markdown for whoever republishes it, its credit above it.
fn republished(
    site: &Site,
    views: &Views<'_>,
    page: &Page,
    rendered: &mut RenderedPage,
) -> Option<Vec<u8>> {
    let PageKind::Markdown(id) = page.kind else { return None };
    let file = body_file(&site.archive, page)?;
    let text = read_again(&file, rendered)?;
    let origin = site.config.base_url.origin().ascii_serialization();
    let body = markdown::rebase(&text[file.start..], &surroundings(site, views, &file), &origin);
    let document = views.credit(&views.facts(id)).document(&body);
    Some(markdown::without_controls(document).into_bytes())
}
