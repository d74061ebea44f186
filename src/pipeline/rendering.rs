//! Stages the plan's pages: unchanged ones are kept, others are rendered in parallel.
//!
//! Takes the records of the last build, and returns those for the next.

mod outcome;
mod parts;
mod queries;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::base::choices::ExportFormat;
use crate::base::choices::Host;
use crate::base::diagnostic::Colour;
use crate::base::file_kind::FileKind;
use crate::base::permalink::encode_path;
use crate::export::Exporter;
use crate::markdown::{self, MarkdownOptions};
use crate::output::published_text::PublishedTexts;
use crate::output::{OutputError, SiteFile, Stage, Tag};
use crate::pipeline::memory::page_records::{
    NewRecords, PageKey, PageRecord, PageRecords, Remarks, page_key,
};
use crate::plan::routes::Routes;
use crate::plan::{Page, PageKind};
use crate::render::changes;
use crate::render::csp_sources::Needs;
use crate::render::feeds::{self, Feeds};
use crate::render::references::{self, Question};
use crate::render::report_queries;
use crate::render::sitemap::{self, Sitemap};
use crate::view::fingerprint::{self, Fingerprint, Fingerprints};
use crate::view::search_page;
use crate::view::template_names::Names;
use crate::view::value::{Object as _, Value};
use crate::view::{Material, Views};

use super::bodies::{BodyTexts, RenderedPage, body, body_file, republished, surroundings};
use super::hosting::{self, Told};
use super::made_pictures;
use super::memory::search_records::SegmentState;
use super::search_index::{Indexed, SearchIndex, Workshop};
use super::storing::Store;
use super::{BuildError, Report, Site, Step, markdown_options};
use crate::pipeline::memory::answers::{self, Stamped};
use outcome::Outcome;
use parts::{missing_parts, own_template, unusable_template};
use queries::fill_reports;

/// The result besides the files.
pub(super) struct Rendered {
    /// For the next build.
    pub(super) records: NewRecords,
    /// See [`Told::answered`].
    pub(super) answered: FxHashSet<String>,
    /// What the search index was made of.
    pub(super) search: Vec<SegmentState>,
    /// The names of smaller pictures that pages show.
    pub(super) pictures: BTreeSet<String>,
}

/// Renders all changed pages in parallel, and copies files.
pub(super) fn render(
    site: &Site,
    stage: &Stage<'_>,
    remembered: &PageRecords,
    report: &mut Report,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Rendered, BuildError> {
    let views = views(site, site.engine.names());
    report.diagnostics.extend(views.routes.missing(&site.config.links));
    let options = markdown_options(&site.config, &site.language);
    let fingerprints = Fingerprints::new(&views, everywhere(site, &views));
    fill_reports(site, &views, |id| fingerprints.shown(id));
    let files = answers::stamped(&site.files);
    let answered_from = answers::answered_from(site, &files);
    let new = NewRecords::new(answered_from);
    let store = Store::new(site, stage);
    let search = site.config.search.enabled.then(|| {
        let memory = remembered.memory();
        SearchIndex::new(Workshop { site, store: &store, options: &options, memory })
    });
    let rendering = Rendering {
        site,
        views: &views,
        options: &options,
        fingerprints,
        remembered,
        // Pictures that were lost are made again for those that ask.
        is_answered: remembered.are_answered_from(answered_from)
            && site.files.shelf.is_whole()
            && site.engine.reports().is_none(),
        new: &new,
        store: &store,
        search,
        bodies: PublishedTexts::new(stage.before()),
    };
    let pages = site.pages.par_iter().map(|page| {
        let outcome = rendering.page(page);
        progress(Step::Rendered);
        outcome
    });
    let files = files.par_iter().filter(|(path, ..)| !hosting::is_taken_in(site, path));
    let files = files.map(|file| rendering.file(file));
    let sitemaps = sitemap::sitemaps(&site.archive, &site.pages);
    let outcomes = pages.chain(files).chain(sitemaps.par_iter().map(|map| rendering.sitemap(map)));
    let outcome = outcomes
        .try_fold(Outcome::default, |all, next| Ok::<_, OutputError>(all.and(next?)))
        .try_reduce(Outcome::default, |all, next| Ok(all.and(next)))?;
    report.diagnostics.extend(outcome.diagnostics);
    report.diagnostics.extend(site.files.unread());
    report.foreign_tags += outcome.foreign_tags;
    for (_, file, bytes) in &site.assets {
        store.write(SiteFile::new(file, FileKind::Theme), bytes)?;
    }
    let index = sitemap::index(&site.config, &sitemaps);
    store.write(SiteFile::new("sitemap.xml", FileKind::Feed), &index)?;
    if site.robots {
        let robots = format!(
            "User-agent: *\nAllow: /\n\nSitemap: {}\n",
            site.config.absolute("/sitemap.xml")
        );
        store.write(SiteFile::new("robots.txt", FileKind::Feed), robots.as_bytes())?;
    }
    let mut indexed = Indexed::default();
    if let Some(search) = rendering.search {
        indexed = search.write()?;
        report.diagnostics.extend(indexed.diagnostics);
    }
    let staging =
        made_pictures::Staging { files: &site.files, store: &store, remembered, new: &new };
    staging.stage(&outcome.pictures)?;
    let Told { diagnostics, answered } = hosting::write(site, &store, &outcome.needs)?;
    report.diagnostics.extend(diagnostics);
    let pictures = outcome.pictures;
    Ok(Rendered { records: new, answered, search: indexed.segments, pictures })
}

/// A hash of the inputs of every page.
fn everywhere(site: &Site, views: &Views<'_>) -> u128 {
    let theme = site.theme;
    let config = fingerprint::of_config(&site.config);
    let shared = format!("{} {theme} {config} {}", env!("DATELINE_BUILD"), views.site());
    xxhash_rust::xxh3::xxh3_128(shared.as_bytes())
}

/// The input of rendering.
struct Rendering<'a> {
    site: &'a Site,
    views: &'a Views<'a>,
    options: &'a MarkdownOptions,
    fingerprints: Fingerprints<'a>,
    remembered: &'a PageRecords,
    /// Whether all references have the same answers as before.
    is_answered: bool,
    new: &'a NewRecords,
    store: &'a Store<'a>,
    /// Takes the words of reports that are rendered.
    search: Option<SearchIndex<'a>>,
    bodies: PublishedTexts<'a>,
}

impl Rendering<'_> {
    /// An unchanged page or file.
    fn kept(&self, key: PageKey, remarks: Remarks<'_>) -> Outcome {
        self.new.keep(key);
        Outcome::of(remarks)
    }

    /// A changed page or file with its new fingerprint.
    fn fresh(&self, key: PageKey, shows: Fingerprint, tag: Tag, remarks: Remarks<'_>) -> Outcome {
        if let Some(record) = PageRecord::new(shows, tag, &remarks) {
            self.new.add(key, record);
        }
        Outcome::of(remarks)
    }

    /// Keeps a page if it is unchanged, or renders it.
    fn page(&self, page: &Page) -> Result<Outcome, OutputError> {
        let (fingerprint, key) = (self.fingerprints.of(page), page_key(&page.path));
        let path = page.file();
        let archive = &self.site.archive;
        let source = match page.kind {
            PageKind::Article(id) => Some(&archive.article(id).source),
            _ => None,
        };
        let body = match page.kind {
            PageKind::Article(id) => self.bodies.next(archive.article(id)),
            _ => None,
        };
        let (kind, body) = (page.file_kind(archive), body.as_ref());
        let file = SiteFile { source, body, ..SiteFile::new(&path, kind) };
        let known = self.remembered.get(key).filter(|known| known.fingerprint == fingerprint);
        if let Some(known) = known
            && let Some(mut remarks) = known.remarks()
            && (self.is_answered || self.answers(page, &remarks.questions) == remarks.answers)
            && self.store.keep(file, known.tag)?
        {
            if remarks.needs.is_some() || !self.wants_needs(&path) {
                return Ok(self.kept(key, remarks));
            }
            remarks.needs = Some(self.needs_of_published(&path)?);
            return Ok(self.fresh(key, fingerprint, known.tag, remarks));
        }
        let (rendered, asked) = report_queries::recorded(|| render_page(self, page));
        let RenderedPage { bytes, diagnostics, foreign_tags, mut questions, .. } = rendered;
        questions.extend(asked.into_iter().map(|query| Question::Reports(query.into())));
        let Some(bytes) = bytes else {
            return Ok(Outcome { diagnostics, foreign_tags, ..Outcome::default() });
        };
        let tag = self.store.write(file, &bytes)?;
        let answers = self.answers(page, &questions);
        let needs = self.wants_needs(&path).then(|| needs_of(&bytes));
        let pictures = made_pictures::shown(&bytes, &self.site.files.shelf);
        let remarks = Remarks { questions, answers, diagnostics, foreign_tags, needs, pictures };
        Ok(self.fresh(key, fingerprint, tag, remarks))
    }

    /// Whether the host sends headers, and the file is a page.
    fn wants_needs(&self, path: &str) -> bool {
        self.site.config.deploy.host.is_some_and(Host::sends_headers) && path.ends_with(".html")
    }

    /// The CSP sources of a page that was rendered before the host needed them.
    fn needs_of_published(&self, path: &str) -> Result<Needs, OutputError> {
        let full = self.store.published(path);
        let bytes = std::fs::read(&full).map_err(OutputError::io("read", &full))?;
        Ok(needs_of(&bytes))
    }

    /// A hash of the answers to a body's references.
    fn answers(&self, page: &Page, questions: &[Question<'_>]) -> u128 {
        let of_body = match body_file(self.site, page) {
            Some(file) if !questions.is_empty() => {
                references::answers(questions, &surroundings(self.site, self.views, &file))
            }
            _ => 0,
        };
        let is_query = |question: &Question<'_>| matches!(question, Question::Reports(_));
        match self.site.engine.reports().filter(|_| questions.iter().any(is_query)) {
            Some(reports) => of_body ^ references::reports(questions, reports),
            None => of_body,
        }
    }

    /// Keeps a file without a body if its fingerprint is unchanged; returns whether it did.
    fn keeps(
        &self,
        file: SiteFile<'_>,
        key: PageKey,
        fingerprint: Fingerprint,
    ) -> Result<bool, OutputError> {
        match self.remembered.get(key).filter(|known| known.fingerprint == fingerprint) {
            Some(known) => self.store.keep(file, known.tag),
            None => Ok(false),
        }
    }

    /// Keeps a copied file if it is unchanged, or copies it.
    fn file(&self, &(path, from, stamp): &Stamped<'_>) -> Result<Outcome, OutputError> {
        let (key, file) = (page_key(&format!("file {path}")), SiteFile::new(path, FileKind::Asset));
        let metadata = self.site.config.images.metadata;
        let fingerprint = xxhash_rust::xxh3::xxh3_128(format!("{stamp:?} {metadata:?}").as_bytes());
        if self.keeps(file, key, fingerprint)? {
            return Ok(self.kept(key, Remarks::default()));
        }
        let tag = self.store.copy(file, from)?;
        // A file this young may change again without a new stamp.
        if !stamp.is_older_than(self.site.looked_at) {
            return Ok(Outcome::default());
        }
        Ok(self.fresh(key, fingerprint, tag, Remarks::default()))
    }

    /// Keeps a sitemap if it is unchanged, or writes it.
    fn sitemap(&self, sitemap: &Sitemap<'_>) -> Result<Outcome, OutputError> {
        let config = &self.site.config;
        let (key, file) = (page_key(&sitemap.path), SiteFile::new(&sitemap.path, FileKind::Feed));
        let fingerprint = sitemap.fingerprint(config);
        if self.keeps(file, key, fingerprint)? {
            return Ok(self.kept(key, Remarks::default()));
        }
        let tag = self.store.write(file, &sitemap.bytes(config))?;
        Ok(self.fresh(key, fingerprint, tag, Remarks::default()))
    }
}

fn needs_of(html: &[u8]) -> Needs {
    Needs::of_page(&String::from_utf8_lossy(html))
}

/// View data of pages, limited to the names that templates use.
fn views<'a>(site: &'a Site, names: &'a Names) -> Views<'a> {
    Views::new(Material {
        archive: &site.archive,
        config: &site.config,
        language: Arc::clone(&site.language),
        routes: Routes::new(&site.archive, &site.pages, routed_files(site)),
        files: &site.files,
        ledger: &site.ledger,
        names,
        data: &site.data,
    })
}

/// The data shared by all pages, for checks; the archive is ready for calls of `reports(…)`.
pub(crate) fn site_view(site: &Site) -> Value {
    let views = views(site, site.engine.names());
    fill_reports(site, &views, |_| 0);
    views.site().clone()
}

/// Copied and generated files that links may target.
pub(crate) fn routed_files(site: &Site) -> impl Iterator<Item = &str> {
    site.files.keys().map(String::as_str).chain(["sitemap.xml", "robots.txt"])
}

fn render_page(rendering: &Rendering<'_>, page: &Page) -> RenderedPage {
    let Rendering { site, views, options, .. } = *rendering;
    let (archive, config) = (&site.archive, &site.config);
    let feeds = Feeds { archive, config, language: &site.language, files: &site.files };
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
        PageKind::OpenSearch => {
            let description = search_page::open_search(config, &config.language);
            rendered.bytes = Some(markdown::without_controls(description).into_bytes());
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
            let texts = BodyTexts::of(site);
            let body_of = |id| texts.get(id);
            let exporter = Exporter { archive, config, ledger: &site.ledger, body_of: &body_of };
            rendered.bytes = Some(exporter.document(*file));
            rendered.diagnostics.extend(texts.problems());
            return rendered;
        }
        PageKind::UpdatedAtom => {
            rendered.bytes = Some(changes::updated(feeds));
            return rendered;
        }
        PageKind::CorrectionsAtom => {
            rendered.bytes = Some(changes::corrections(archive, config, &site.language));
            return rendered;
        }
        _ => {}
    }
    let body = body(site, views, options, page, &mut rendered);
    if let (Some(search), PageKind::Article(id)) = (&rendering.search, &page.kind)
        && rendered.has_plain_body
    {
        search.gather(*id, &body);
    }
    let Some((data, default)) = views.view(page, &body) else { return rendered };
    // A theme may lack a search page.
    if matches!(page.kind, PageKind::Search) && !site.engine.has(default) {
        return rendered;
    }
    rendered.diagnostics.extend(missing_parts(site, page, &data));
    let own = own_template(archive, page).filter(|name| site.engine.has(name));
    if let Some(own) = own.filter(|own| own != default) {
        match site.engine.render_page(&own, data.clone(), views.site()) {
            Ok(html) => {
                rendered.bytes = Some(markdown::without_controls(html).into_bytes());
                return rendered;
            }
            Err(problem) => {
                rendered.diagnostics.push(unusable_template(site, page, &own, problem));
            }
        }
    }
    match site.engine.render_page(default, data, views.site()) {
        // Titles and summaries are untrusted, too.
        Ok(html) => rendered.bytes = Some(markdown::without_controls(html).into_bytes()),
        Err(problem) => rendered.diagnostics.push(problem),
    }
    rendered
}

/// The data of a page's template, for `inspect`.
pub(crate) fn inspect(site: &Site, path: &str) -> Option<serde_json::Value> {
    let wanted = path.trim_end_matches("index.html").trim_matches('/');
    let page = site.pages.iter().find(|page| {
        page.path.trim_matches('/') == wanted || encode_path(&page.path).trim_matches('/') == wanted
    })?;
    let views = views(site, &Names::Any);
    fill_reports(site, &views, |_| 0);
    let options = markdown_options(&site.config, &site.language);
    let mut rendered = RenderedPage::default();
    let body = body(site, &views, &options, page, &mut rendered);
    let (data, template) = views.view(page, &body)?;
    let template = own_template(&site.archive, page).unwrap_or_else(|| template.to_owned());
    serde_json::to_value(data.with("site", views.site()).with("template", template)).ok()
}

/// Exports the whole archive.
pub(crate) fn export(
    site: &Site,
    format: ExportFormat,
    writer: &mut dyn Write,
) -> std::io::Result<()> {
    let Site { archive, config, ledger, .. } = site;
    let texts = BodyTexts::of(site);
    let body_of = |id| texts.get(id);
    let exporter = Exporter { archive, config, ledger, body_of: &body_of };
    exporter.write(format, writer)?;
    match texts.problems().first() {
        Some(problem) => Err(std::io::Error::other(problem.draw(Colour::Plain))),
        None => Ok(()),
    }
}
