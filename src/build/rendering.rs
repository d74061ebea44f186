//! The plan's pages into the stage: what is as it was is kept, everything else is rendered, in parallel.
//!
//! What was remembered of each page comes in, and what is to be remembered for the next build goes out.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::content::markdown::{self, MarkdownOptions};
use crate::content::scan::Stamp;
use crate::diagnostic::{Colour, Diagnostic, Place, Rule};
use crate::export::{Exporter, Format};
use crate::output::{FileKind, OutputError, PageRecord, PageRecords, Stage};
use crate::permalink::encode_path;
use crate::plan::fingerprint::{self, Fingerprint, Fingerprints};
use crate::plan::routes::Routes;
use crate::plan::views::Views;
use crate::plan::{Page, PageKind};
use crate::render::feeds::{self, Feeds};
use crate::render::references::{self, Question};
use crate::render::{changes, sitemap};

use super::bodies::{BodyTexts, body, body_file, republished, surroundings};
use super::clashes::source;
use super::{BuildError, Report, Site, Step, markdown_options};

/// The records of a build's pages and files by their path; `None` where one is as it was.
pub(super) type Records = Vec<(String, Option<PageRecord>)>;

/// Renders into the stage, in parallel, every page that is not what it was, and copies the files.
pub(super) fn render(
    site: &Site,
    stage: &Stage<'_>,
    remembered: &PageRecords,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Records, BuildError> {
    let routes = Routes::new(&site.archive, &site.pages, routed_files(site));
    let language = Arc::clone(&site.language);
    report.diagnostics.extend(routes.missing(&site.config.links));
    let views =
        Views::new(&site.archive, &site.config, language, routes, &site.files, &site.ledger);
    let options = markdown_options(&site.config, &site.language);
    let fingerprints = Fingerprints::new(&views, everywhere(site, &views));
    let shared = tera::Value::from_serializable(views.site());
    let rendering = Rendering {
        site,
        views: &views,
        options: &options,
        shared,
        fingerprints,
        remembered,
        stage,
    };
    let results: Vec<Result<Rendered, OutputError>> = site
        .pages
        .par_iter()
        .map(|page| {
            let rendered = rendering.page(page);
            progress(Step::Rendered);
            rendered
        })
        .collect();
    let mut records = Records::with_capacity(results.len());
    for (page, result) in site.pages.iter().zip(results) {
        let Rendered { record, diagnostics, foreign_tags } = result?;
        report.diagnostics.extend(diagnostics);
        report.foreign_tags += foreign_tags;
        records.push((page.path.clone(), record));
    }
    report.diagnostics.extend(site.files.unread());
    for (path, from) in site.files.iter() {
        records.extend(rendering.file(path, from)?);
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
    Ok(records)
}

/// What no page can be the same without.
fn everywhere(site: &Site, views: &Views<'_>) -> u128 {
    let theme = site.theme;
    let config = fingerprint::of_config(&site.config);
    let shared = format!("{} {theme} {config} {}", env!("DATELINE_BUILD"), views.site());
    xxhash_rust::xxh3::xxh3_128(shared.as_bytes())
}

/// What came of a page: its record, unless that is as it was, and what there is to say.
struct Rendered {
    record: Option<PageRecord>,
    diagnostics: Vec<Diagnostic>,
    foreign_tags: usize,
}

/// What rendering a page takes.
struct Rendering<'a> {
    site: &'a Site,
    views: &'a Views<'a>,
    options: &'a MarkdownOptions,
    /// `site` of every template.
    shared: tera::Value,
    fingerprints: Fingerprints<'a>,
    remembered: &'a PageRecords,
    stage: &'a Stage<'a>,
}

impl Rendering<'_> {
    /// Keeps a page that is what it was, or renders it.
    fn page(&self, page: &Page) -> Result<Rendered, OutputError> {
        let fingerprint = self.fingerprints.of(page);
        let known = self.remembered.get(&page.path);
        if let Some(known) = known.filter(|known| self.is_same(page, known, fingerprint))
            && self.stage.keep(&page.file(), known.tag)?
        {
            let (diagnostics, foreign_tags) = (known.diagnostics.clone(), known.foreign_tags);
            return Ok(Rendered { record: None, diagnostics, foreign_tags });
        }
        let rendered = render_page(self, page);
        let RenderedPage { bytes, diagnostics, foreign_tags, questions } = rendered;
        let Some(bytes) = bytes else {
            return Ok(Rendered { record: None, diagnostics, foreign_tags });
        };
        let kind = page.file_kind(&self.site.archive);
        let tag = self.stage.write(&page.file(), kind, &bytes)?;
        let answers = self.answers(page, &questions);
        let record = PageRecord {
            fingerprint,
            tag,
            questions,
            answers,
            diagnostics: diagnostics.clone(),
            foreign_tags,
        };
        Ok(Rendered { record: Some(record), diagnostics, foreign_tags })
    }

    fn is_same(&self, page: &Page, known: &PageRecord, fingerprint: Fingerprint) -> bool {
        known.fingerprint == fingerprint && self.answers(page, &known.questions) == known.answers
    }

    /// A hash of what the archive answers to a body's questions.
    fn answers(&self, page: &Page, questions: &[Question]) -> u128 {
        match body_file(&self.site.archive, page) {
            Some(file) => {
                references::answers(questions, &surroundings(self.site, self.views, &file))
            }
            None => 0,
        }
    }

    /// Keeps a copy of a file that is what it was, or copies it.
    fn file(
        &self,
        path: &str,
        from: &Path,
    ) -> Result<Option<(String, Option<PageRecord>)>, OutputError> {
        let key = format!("file {path}");
        let stamp = std::fs::metadata(from).map(|data| Stamp::of(&data)).unwrap_or_default();
        let fingerprint = xxhash_rust::xxh3::xxh3_128(format!("{stamp:?}").as_bytes());
        let known = self.remembered.get(&key).filter(|known| known.fingerprint == fingerprint);
        if let Some(known) = known
            && self.stage.keep(path, known.tag)?
        {
            return Ok(Some((key, None)));
        }
        let tag = self.stage.copy(path, FileKind::Asset, from)?;
        // A file this young may be written again with no stamp to tell.
        let is_settled = stamp.is_older_than(self.site.looked_at);
        let record = PageRecord { fingerprint, tag, ..PageRecord::default() };
        Ok(is_settled.then_some((key, Some(record))))
    }
}

fn routed_files(site: &Site) -> impl Iterator<Item = &str> {
    site.files.keys().map(String::as_str).chain(["sitemap.xml", "robots.txt"])
}

/// A page's bytes, where it could be rendered.
#[derive(Default)]
pub(super) struct RenderedPage {
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) foreign_tags: usize,
    pub(super) questions: Vec<Question>,
}

fn render_page(rendering: &Rendering<'_>, page: &Page) -> RenderedPage {
    let Rendering { site, views, options, .. } = *rendering;
    let (archive, config) = (&site.archive, &site.config);
    let feeds = Feeds { archive, config, language: &site.language };
    let mut rendered = RenderedPage::default();
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
            let texts = BodyTexts::of(archive);
            let body_of = |id| texts.get(id);
            let exporter = Exporter { archive, config, ledger: &site.ledger, body_of: &body_of };
            rendered.bytes = Some(exporter.document(*file));
            rendered.diagnostics.extend(texts.problems());
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
    let template = template.as_deref().unwrap_or(default);
    match site.engine.render_page(template, &data, &rendering.shared) {
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
    let mut rendered = RenderedPage::default();
    let body = body(site, &views, &options, page, &mut rendered);
    views.view(page, &body).map(|(mut data, template)| {
        data["site"] = views.site().clone();
        data["template"] =
            own_template(&site.archive, page).unwrap_or_else(|| template.to_owned()).into();
        data
    })
}

/// Writes the whole archive in a format.
pub fn export(site: &Site, format: Format, writer: &mut dyn Write) -> std::io::Result<()> {
    let Site { archive, config, ledger, .. } = site;
    let texts = BodyTexts::of(archive);
    let body_of = |id| texts.get(id);
    let exporter = Exporter { archive, config, ledger, body_of: &body_of };
    exporter.write(format, writer)?;
    match texts.problems().first() {
        Some(problem) => Err(std::io::Error::other(problem.draw(Colour::Plain))),
        None => Ok(()),
    }
}
