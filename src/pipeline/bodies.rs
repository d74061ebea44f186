//! Reads bodies again from their files when their pages are rendered.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::archive::ArticleId;
use crate::archive::trie::Period;
use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Place, Pointed, Rule};
use crate::content::article::{BodyDigest, BodyLink};
use crate::content::cache;
use crate::content::scan;
use crate::ledger::OwnLinks;
use crate::markdown::{self, MarkdownOptions};
use crate::plan::{Page, PageKind, Scope};
use crate::render::bodies::Surroundings;
use crate::render::references::{Question, Recorder};
use crate::view::{Views, around_shortcodes};

use super::Site;

/// A rendered page; `None` if it failed.
#[derive(Default)]
pub(super) struct RenderedPage {
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) foreign_tags: usize,
    pub(super) questions: Vec<Question<'static>>,
    /// Whether its body holds nothing that shortcodes made.
    pub(super) has_plain_body: bool,
}

/// The file with a page's body.
pub(super) struct BodyFile<'a> {
    path: PathBuf,
    source: &'a str,
    title: &'a str,
    date: Option<Date>,
    /// The offset of the body.
    start: usize,
    permalink: &'a str,
    files_at: &'a str,
    links: &'a [BodyLink],
    /// BCP 47, if given.
    language: Option<&'a str>,
    /// The hash of the whole file when it was parsed.
    hash: u128,
}

/// The file with a page's body; `None` for pages without one.
pub(super) fn body_file<'a>(site: &'a Site, page: &'a Page) -> Option<BodyFile<'a>> {
    let Site { root, archive, .. } = site;
    match page.kind {
        PageKind::Article(id) | PageKind::Markdown(id) if archive.is_listed(id) => {
            let loaded = &archive.articles[id as usize];
            let article = &loaded.value;
            Some(BodyFile {
                path: loaded.absolute(root),
                source: &article.source,
                title: &article.title,
                date: Some(article.date),
                start: article.body_start,
                permalink: article.permalink.as_str(),
                files_at: article.files_at().as_str(),
                links: &article.links,
                language: article.language.as_deref(),
                hash: loaded.hash,
            })
        }
        PageKind::Plain(at) => {
            let loaded = &archive.pages[at];
            Some(BodyFile {
                path: loaded.absolute(root),
                source: &loaded.value.source,
                title: &loaded.value.title,
                date: None,
                start: loaded.value.body_start,
                permalink: loaded.value.permalink.as_str(),
                files_at: loaded.value.permalink.as_str(),
                links: &[],
                language: loaded.value.language.as_deref(),
                hash: loaded.hash,
            })
        }
        PageKind::Listing(Scope::Term(taxonomy, term), Period::All) => {
            let term = &archive.taxonomies[taxonomy].terms[term];
            let note = term.note.as_ref()?;
            note.has_body.then(|| BodyFile {
                path: root.join(&note.source),
                source: &note.source,
                title: &term.name,
                date: None,
                start: note.body_start,
                permalink: &page.path,
                files_at: &page.path,
                links: &[],
                language: None,
                hash: note.hash,
            })
        }
        _ => None,
    }
}

/// Reads the file again; `None` if it has changed since it was parsed.
fn read_again(file: &BodyFile<'_>, rendered: &mut RenderedPage) -> Option<String> {
    let bytes = std::fs::read(&file.path);
    let bytes = bytes.map_err(|error| match error.kind() {
        ErrorKind::NotFound => changed(file.source),
        _ => scan::unreadable(file.source, &error.to_string()),
    });
    let text = bytes.and_then(|bytes| {
        let is_same = cache::hash(&bytes) == file.hash;
        let text = String::from_utf8(bytes).ok().filter(|_| is_same);
        text.ok_or_else(|| changed(file.source))
    });
    text.map_err(|problem| rendered.diagnostics.push(problem)).ok()
}

fn changed(source: &str) -> Diagnostic {
    Diagnostic::stop(Rule::ChangedMeanwhile, "this file changed while the site was built")
        .at(Place::file(source))
        .help("build again")
}

/// Resolves a body's addresses and shortcodes.
pub(super) fn surroundings<'a>(
    site: &'a Site,
    views: &'a Views<'_>,
    file: &BodyFile<'a>,
) -> Surroundings<'a> {
    Surroundings {
        config: &site.config,
        routes: &views.routes,
        engine: &site.engine,
        source: file.source,
        permalink: file.permalink,
        files_at: file.files_at,
        links: OwnLinks::new(file.links),
        ledger: &site.ledger,
        language: &site.language,
        files: &site.files,
        site: views.site(),
        page: around_shortcodes(&site.config, file.permalink, file.title, file.date),
    }
}

/// Renders the body of an article or a plain page.
pub(super) fn body(
    site: &Site,
    views: &Views<'_>,
    options: &MarkdownOptions,
    page: &Page,
    rendered: &mut RenderedPage,
) -> String {
    let Some(file) = body_file(site, page) else { return String::new() };
    let Some(text) = read_again(&file, rendered) else { return String::new() };
    let start = file.start;
    let surroundings = surroundings(site, views, &file);
    let recorder = Recorder::new(&surroundings);
    let options = options.for_file(file.source, file.language);
    let result = markdown::render(&text[start..], &options, &recorder);
    rendered.has_plain_body = !recorder.has_shortcodes();
    rendered.questions = recorder.questions();
    rendered.foreign_tags = result.foreign_tags;
    let pointed = Pointed::new(file.source, &text);
    for problem in result.problems {
        let range = problem.range.start + start..problem.range.end + start;
        let place = pointed.place(range);
        let mut diagnostic = Diagnostic::warning(problem.rule, problem.message).at(place);
        diagnostic.help = problem.help;
        rendered.diagnostics.push(diagnostic);
    }
    result.html
}

/// An article's text as Markdown for republication, below its credit line.
pub(super) fn republished(
    site: &Site,
    views: &Views<'_>,
    page: &Page,
    rendered: &mut RenderedPage,
) -> Option<Vec<u8>> {
    let PageKind::Markdown(id) = page.kind else { return None };
    let file = body_file(site, page)?;
    let text = read_again(&file, rendered)?;
    let origin = site.config.base_url.origin().ascii_serialization();
    let surroundings = surroundings(site, views, &file);
    let recorder = Recorder::new(&surroundings);
    let body = markdown::rebase(&text[file.start..], &recorder, &origin);
    rendered.questions = recorder.questions();
    let document = views.credit(&views.facts(id)).document(&body);
    Some(markdown::without_controls(document).into_bytes())
}

/// Texts of articles for exports, checked against the parsed version; records those that have
/// changed.
pub(super) struct BodyTexts<'a> {
    site: &'a Site,
    problems: Mutex<Vec<Diagnostic>>,
}

impl<'a> BodyTexts<'a> {
    pub(super) fn of(site: &'a Site) -> BodyTexts<'a> {
        BodyTexts { site, problems: Mutex::default() }
    }

    pub(super) fn get(&self, id: ArticleId) -> Option<String> {
        let note = |problem| {
            self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
        };
        read_body(self.site, id).map_err(note).ok()
    }

    pub(super) fn problems(self) -> Vec<Diagnostic> {
        self.problems.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_body(site: &Site, id: ArticleId) -> Result<String, Diagnostic> {
    let loaded = &site.archive.articles[id as usize];
    let article = &loaded.value;
    let text = match std::fs::read_to_string(loaded.absolute(&site.root)) {
        Err(error) if error.kind() != ErrorKind::InvalidData => {
            return Err(scan::unreadable(&article.source, &error.to_string()));
        }
        read => read.unwrap_or_default(),
    };
    let body = text.get(article.body_start..);
    let body = body.filter(|body| BodyDigest::of(body) == article.body_digest);
    body.map(str::to_owned).ok_or_else(|| changed(&article.source))
}
