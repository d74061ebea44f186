//! The main job, top-down: scan, parse, index, plan, render, commit.

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
use crate::output::{
    Committed, FileKind, Manifest, ManifestParts, OutputError, Redirect, Stage, Target, Withdrawn,
};
use crate::permalink::{encode_path, fold};
use crate::plan::routes::Routes;
use crate::plan::views::Views;
use crate::plan::{self, Page, PageKind};
use crate::render::bodies::Surroundings;
use crate::render::engine::{self, Assets, Engine};
use crate::render::feeds::{self, Feeds};
use crate::render::sitemap;
use crate::render::theme::Theme;

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
    let target = target(options, &site.config);
    let before = Manifest::load(&target)?;
    keep_published(before.as_ref(), &site, &mut report);
    if stops(&report, options) {
        return Ok(finished(report));
    }
    let stage = Stage::open(&target, before.as_ref())?;
    render(&site, &stage, &mut report, progress)?;
    if stops(&report, options) {
        return Ok(finished(report));
    }
    report.committed = Some(stage.commit(manifest_parts(&site))?);
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
    let files = copied_files(&options.root, &archive, report);
    let pages = unique_pages(plan::pages(&archive, &config), &archive, &files, &assets, report);
    report.addresses = pages.len();
    progress(Step::Pages(pages.len()));
    let robots = !files.contains_key("robots.txt");
    Some(Site { config, language, engine, archive, pages, assets, files, robots })
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

fn target(options: &BuildOptions, config: &Config) -> Target {
    let output = options.output.clone().unwrap_or_else(|| config.output_dir.clone());
    let output = options.root.join(output);
    let key = format!("{}\n{}\n{:?}", output.display(), config.base_url, options.drafts);
    let key = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()));
    Target {
        output,
        state: options.root.join(".dateline").join(key),
        adopt: options.adopt == Adopt::Take,
    }
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
            missing_picture: word("missing_picture"),
            embedded: word("embedded"),
        },
    }
}

/// Files that go into the site as they are: `static/`, and what lies beside articles; by path in
/// the output. A withdrawn article's folder gives nothing, a redacted one's only what was kept.
fn copied_files(root: &Path, archive: &Archive, report: &mut Report) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let folder = root.join("static");
    if folder.is_dir() {
        for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    files.insert(scan::relative(&folder, entry.path()), entry.into_path());
                }
                Ok(entry) if entry.path_is_symlink() => report.diagnostics.push(
                    Diagnostic::warning(Rule::Symlink, "this symbolic link is not copied")
                        .at(Place::file(scan::relative(root, entry.path())))
                        .help("put the file itself into static/"),
                ),
                Ok(_) => {}
                Err(error) => report.diagnostics.push(
                    Diagnostic::stop(Rule::Unreadable, error.to_string()).at(Place::file("static")),
                ),
            }
        }
    }
    for article in archive.articles.iter().filter(|article| !article.value.is_withdrawn()) {
        let removed: Vec<&String> =
            article.value.redactions.iter().flat_map(|redaction| &redaction.assets).collect();
        for (name, path) in article.assets.iter().filter(|(name, _)| !removed.contains(&name)) {
            let place = format!("{}{name}", article.value.permalink);
            files.insert(place.trim_start_matches('/').to_owned(), path.clone());
        }
    }
    for page in &archive.pages {
        for (name, path) in &page.assets {
            let place = format!("{}{name}", page.value.permalink);
            files.insert(place.trim_start_matches('/').to_owned(), path.clone());
        }
    }
    files
}

/// Every file of the output belongs to one page, also where case and Unicode form do not count.
/// Redirects give way to pages; any other clash stops the build.
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
        let redirect = matches!(page.kind, PageKind::Redirect(_));
        match taken.get(&file) {
            None => {
                taken.insert(file, source(archive, &page));
                unique.push(page);
            }
            Some(_) if redirect => {}
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

/// A published article that a mistake would take away stops the build; an address that would vanish
/// is said.
fn keep_published(before: Option<&Manifest>, site: &Site, report: &mut Report) {
    let Some(before) = before else { return };
    for source in &report.rejected {
        if let Some(permalink) = before.articles.get(source) {
            let message = format!("{permalink} is published, and this mistake would take it away");
            let diagnostic = Diagnostic::stop(Rule::LostArticle, message)
                .at(Place::file(source))
                .help("mend the file; nothing is changed until then");
            report.diagnostics.push(diagnostic);
        }
    }
    let now: std::collections::HashSet<String> =
        site.pages.iter().map(|page| page.path.clone()).collect();
    let moved = |source: &String| {
        site.archive
            .articles
            .iter()
            .find(|article| article.value.source == *source)
            .map(|article| article.value.permalink.clone())
    };
    for (source, permalink) in &before.articles {
        if now.contains(permalink) || report.rejected.contains(source) {
            continue;
        }
        let diagnostic = Diagnostic::warning(
            Rule::LostUrl,
            format!("{permalink} was published and is no page any more"),
        )
        .at(Place::file(source));
        report.diagnostics.push(match moved(source) {
            Some(new) => {
                diagnostic.help(format!("it is at {new} now: add aliases = [\"{permalink}\"]"))
            }
            None => diagnostic
                .help("keep the file and add withdrawn = { … }, or give another article the alias"),
        });
    }
}

fn manifest_parts(site: &Site) -> ManifestParts {
    let articles = site.archive.articles.iter().map(|article| &article.value);
    ManifestParts {
        base_url: site.config.base_url.to_string(),
        redirects: redirects(site),
        withdrawn: articles
            .clone()
            .filter_map(|article| {
                let kind = serde_json::to_value(article.withdrawn.as_ref()?.kind).ok()?;
                Some(Withdrawn {
                    path: article.permalink.to_string(),
                    kind: kind.as_str()?.to_owned(),
                })
            })
            .collect(),
        articles: articles
            .map(|article| (article.source.clone(), article.permalink.to_string()))
            .collect(),
    }
}

/// Aliases and `[[redirects]]`, for hosts that can answer with a status.
fn redirects(site: &Site) -> Vec<Redirect> {
    let rules = site.config.redirects.iter().map(|rule| Redirect {
        from: rule.from.clone(),
        to: rule.to.clone(),
        status: rule.status,
    });
    let aliases = site.archive.articles.iter().flat_map(|article| {
        let to = article.value.permalink.encoded();
        article.value.aliases.iter().map(move |from| Redirect {
            from: from.clone(),
            to: to.clone(),
            status: 301,
        })
    });
    rules.chain(aliases).collect()
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
    let views = Views::new(&site.archive, &site.config, language, routes, &site.files);
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
        _ => {}
    }
    let body = body(site, views, options, page, &mut rendered);
    let Some((data, default)) = views.view(page, &body) else { return rendered };
    let template = own_template(archive, page).filter(|name| site.engine.has(name));
    match site.engine.render(template.as_deref().unwrap_or(default), &data) {
        // Titles and summaries are strangers' text too.
        Ok(html) => rendered.bytes = Some(markdown::without_controls(html).into_bytes()),
        Err(problem) => rendered.diagnostics.push(problem),
    }
    rendered
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
    let views = Views::new(&site.archive, &site.config, language, routes, &site.files);
    let options = markdown_options(&site.config, &site.language);
    let mut rendered = RenderedPage { bytes: None, diagnostics: Vec::new(), foreign_tags: 0 };
    let body = body(site, &views, &options, page, &mut rendered);
    views.view(page, &body).map(|(mut data, template)| {
        data["template"] =
            own_template(&site.archive, page).unwrap_or_else(|| template.to_owned()).into();
        data
    })
}

/// The rendered body of an article or a plain page: read again, rendered and dropped.
fn body(
    site: &Site,
    views: &Views<'_>,
    options: &MarkdownOptions,
    page: &Page,
    rendered: &mut RenderedPage,
) -> String {
    let none: &[BodyLink] = &[];
    let (absolute, source, start, links) = match page.kind {
        PageKind::Article(id) if site.archive.is_listed(id) => {
            let loaded = &site.archive.articles[id as usize];
            let article = &loaded.value;
            (&loaded.absolute, &article.source, article.body_start, article.links.as_slice())
        }
        PageKind::Plain(at) => {
            let loaded = &site.archive.pages[at];
            (&loaded.absolute, &loaded.value.source, loaded.value.body_start, none)
        }
        _ => return String::new(),
    };
    let text = match std::fs::read_to_string(absolute) {
        Ok(text) if text.is_char_boundary(start) => text,
        _ => {
            let diagnostic =
                Diagnostic::stop(Rule::Unreadable, "this file changed while the site was built");
            rendered.diagnostics.push(diagnostic.at(Place::file(source)).help("build again"));
            return String::new();
        }
    };
    let surroundings = Surroundings {
        config: &site.config,
        routes: &views.routes,
        engine: &site.engine,
        source,
        permalink: &page.path,
        links,
        files: &site.files,
    };
    let result = markdown::render(&text[start..], options, &surroundings);
    rendered.foreign_tags = result.foreign_tags;
    for problem in result.problems {
        let range = problem.range.start + start..problem.range.end + start;
        let mut diagnostic =
            Diagnostic::warning(problem.rule, problem.message).at(Place::at(source, &text, range));
        diagnostic.help = problem.help;
        rendered.diagnostics.push(diagnostic);
    }
    result.html
}
