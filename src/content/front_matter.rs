//! Parses a file's text to an [`Article`] or a [`PlainPage`]: splits off the front matter and
//! converts every key.
//!
//! A problem that makes the page unsafe to publish is a reject; if leaving out a value solves it, a
//! warning.

mod broken;
mod bylines;
mod dates;
mod evidence;
mod held_back;
mod integrity;
pub mod keys;
mod layout;
mod provenance;
pub(crate) mod written_by_others;

use std::cell::LazyCell;
use std::ops::Range;

use crate::base::diagnostic::{Diagnostic, Effect, Rule};
use crate::base::language_tag;
use crate::base::permalink::{FoldedKey, PathError, Permalink, PermalinkParts, Slug};
use crate::tree;
use crate::tree::fields::{Fields, Reading};

pub use dates::file_name;
use dates::{date, draft_date, named_date, short_date};
pub(crate) use layout::parse;
pub use layout::{Fence, Layout, Unclosed, as_yaml, layout};

use super::article::{
    Also, Article, BodyDigest, Particulars, Placed, PlainPage, SummarySource, Withdrawal,
};
use super::named_language::{NamedLanguage, without_suffix};
use super::rules::ReadingRules;
use super::sketch::Sketch;
use crate::content::interner::Name;
use crate::content::text_hash::WordsHash;
use crate::markdown::{self, Outline};

/// A parsed file with its problems.
#[derive(Debug)]
pub struct Parsed<T> {
    /// `None` if the file is rejected.
    pub value: Option<T>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Front matter and body of a file.
struct Document {
    fields: Fields,
    body_start: usize,
}

/// Parses an article.
pub fn article(path: &str, text: &str, rules: &ReadingRules<'_>) -> Parsed<Article> {
    let mut reading = Reading::new(path, text);
    let article =
        split(&mut reading, rules).and_then(|document| read_article(document, &mut reading, rules));
    finish(article, reading)
}

/// Reads the new text of an article, as its file was read: under its name, among the same translations.
pub fn article_again(old: &Article, text: &str, rules: &ReadingRules<'_>) -> Parsed<Article> {
    let placed = old.placed.as_deref().cloned().unwrap_or_default();
    let mut parsed = article(&old.source, text, &rules.named(&placed.named));
    if let Some(article) = parsed.value.as_mut().filter(|_| placed.is_tagged) {
        let part = article.address_language().map(language_tag::address_part).unwrap_or_default();
        if let Ok(tagged) = Permalink::from_written(&format!("/{part}{}", article.permalink)) {
            article.permalink = tagged;
            article.placed.get_or_insert_default().is_tagged = true;
        }
    }
    parsed
}

/// Parses a plain page.
pub fn plain_page(path: &str, text: &str, rules: &ReadingRules<'_>) -> Parsed<PlainPage> {
    let mut reading = Reading::new(path, text);
    let page =
        split(&mut reading, rules).and_then(|document| read_page(document, &mut reading, rules));
    finish(page, reading)
}

fn finish<T>(value: Option<T>, reading: Reading<'_>) -> Parsed<T> {
    let rejected = reading.diagnostics.iter().any(|problem| problem.weight >= Effect::Reject);
    Parsed { value: value.filter(|_| !rejected), diagnostics: reading.diagnostics }
}

/// Whether a text starts with front matter, closed or not.
pub(super) fn has_front_matter(text: &str) -> bool {
    layout(text).map_or(true, |layout| layout.front_matter.is_some())
}

fn split(reading: &mut Reading<'_>, rules: &ReadingRules<'_>) -> Option<Document> {
    let text = reading.text;
    let Layout { front_matter, body_start } = match layout(text) {
        Ok(layout) => layout,
        Err(Unclosed(range)) => {
            let first = &text[range.clone()];
            let message = format!("the front matter is never closed: there is no second “{first}”");
            let diagnostic = Diagnostic::reject(Rule::FrontMatter, message)
                .help(format!("end it with a line of its own that says {first}"));
            reading.report(diagnostic, range);
            return None;
        }
    };
    let Some((fence, inner)) = front_matter else {
        return Some(Document { fields: Fields::new(tree::Table::default()), body_start });
    };
    // A byte-order mark is not part of the first key.
    let whole = &text[inner.clone()];
    let unmarked = whole.trim_start_matches('\u{feff}');
    let inner_start = inner.start + (whole.len() - unmarked.len());
    let inner = unmarked;
    match parse(fence, inner, inner_start) {
        Ok(table) => {
            let mut fields = Fields::new(table);
            keys::adopt_foreign(&mut fields, rules.keys);
            fields.change(
                |key| rules.taxonomies.position(key).is_some() || written_by_others::is_read(key),
                written_by_others::decode,
            );
            Some(Document { fields, body_start })
        }
        Err(error) => {
            let language = fence.language();
            let help = broken::help(fence, &error, text);
            let message = format!("broken {language}: {}", error.message);
            reading.report(Diagnostic::reject(Rule::FrontMatter, message).help(help), error.range);
            None
        }
    }
}

/// Rejects a file with an invalid address: readers cite the address.
fn bad_path(reading: &mut Reading<'_>, error: &PathError, range: Range<usize>) {
    let diagnostic = Diagnostic::reject(Rule::BadPath, error.to_string())
        .help("set slug = \"a-few-plain-words\"");
    reading.report(diagnostic, range);
}

fn slug(fields: &mut Fields, reading: &mut Reading<'_>, plain: &str, dated: Dated) -> Option<Slug> {
    let node = fields.take("slug");
    if let Some(node) = node.as_ref().filter(|node| node.text().is_none()) {
        reading.wrong("slug", node, "a text");
    }
    let written = node.as_ref().and_then(|node| node.text().map(|text| (text, node.range.clone())));
    let (slug, range) = match written {
        Some((text, range)) if !text.trim().is_empty() => (Slug::from_written(text.trim()), range),
        _ => {
            let short = short_date(plain).filter(|_| dated == Dated::ByName);
            let name = short.map_or_else(|| file_name(plain).1, |(_, rest)| rest);
            // Names that a site's export took from addresses.
            let decoded = percent_encoding::percent_decode_str(name).decode_utf8();
            (Slug::from_file_name(decoded.as_deref().unwrap_or(name)), 0..0)
        }
    };
    slug.map_err(|error| bad_path(reading, &error, range)).ok()
}

/// `path` in front matter: the whole permalink.
fn written_path(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<Option<Permalink>> {
    let Some(node) = fields.take("path") else { return Some(None) };
    if node.text().is_none() {
        reading.wrong("path", &node, "a text");
    }
    let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else { return Some(None) };
    match Permalink::from_written(text.trim()) {
        Ok(permalink) => Some(Some(permalink)),
        Err(error) => {
            bad_path(reading, &error, node.range);
            None
        }
    }
}

/// An old address from the archive's root, decoded but for its query.
fn old_address(text: &str) -> Result<String, PathError> {
    let whole = url::Url::parse(text).map_or_else(
        |_| text.to_owned(),
        |url| url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path())),
    );
    let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let is_home = decoded.trim_matches('/').is_empty() && !query.is_empty();
    if !is_home {
        Permalink::from_written(decoded.trim_end_matches("index.html"))?;
    }
    let query = query.split('#').next().unwrap_or_default();
    if query.chars().any(|c| c.is_control() || c.is_whitespace() || c == '*') || query.len() > 500 {
        return Err(PathError::Forbidden(text.to_owned(), "a query that no address has"));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(format!("/{}{mark}{query}", decoded.trim_start_matches('/')))
}

fn aliases(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<String> {
    let Some(node) = fields.take("aliases") else { return Vec::new() };
    let texts = tree::fields::texts_of("aliases", &node, reading);
    let mut aliases = Vec::with_capacity(texts.len());
    for text in texts {
        match old_address(&text) {
            Ok(address) if address.split('?').next().is_some_and(|path| path.contains('%')) => {
                let diagnostic =
                    Diagnostic::warning(Rule::BadPath, format!("alias “{text}” is encoded twice"));
                reading.report(
                    diagnostic.help("write the address as the old site had it"),
                    node.range.clone(),
                );
            }
            Ok(address) => aliases.push(address),
            Err(error) => {
                let diagnostic =
                    Diagnostic::warning(Rule::BadPath, format!("alias left out: {error}"))
                        .help("write the old address from the site's root, as in /old/title/");
                reading.report(diagnostic, node.range.clone());
            }
        }
    }
    aliases
}

/// The origin of a file's date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dated {
    /// Front matter, or no date at all.
    ByFrontMatter,
    /// The file's name.
    ByName,
}

/// The title and the first paragraph of the body.
fn title(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    plain: &str,
    outline: &LazyCell<Outline, impl FnOnce() -> Outline>,
) -> String {
    if let Some(title) = fields.text("title", reading) {
        return title;
    }
    let named = file_name(plain).1.replace(['-', '_'], " ");
    let words = |text: &str| text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    let title = outline
        .first_heading
        .clone()
        .or_else(|| outline.first_paragraph.as_deref().map(words))
        .filter(|title| !title.trim().is_empty())
        .unwrap_or(named);
    let diagnostic =
        Diagnostic::warning(Rule::MissingTitle, format!("no title; “{title}” is used"))
            .help(format!("add title = {title:?} to its front matter"));
    reading.report(diagnostic, 0..0);
    title
}

/// A summary that its author marked is cut only where it is longer, in bytes.
const LONGEST_MARKED: usize = 2_000;

fn summary(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    outline: &LazyCell<Outline, impl FnOnce() -> Outline>,
    language: &str,
) -> (String, SummarySource) {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let written = fields.text("summary", reading).map(|text| one_line(&text));
    if let Some(text) = written.filter(|text| !text.is_empty()) {
        return (text, SummarySource::Written);
    }
    if let Some(marked) =
        outline.marked_summary.as_deref().filter(|text| text.len() <= LONGEST_MARKED)
    {
        return (one_line(marked), SummarySource::Cut);
    }
    let first = outline.marked_summary.as_deref().or(outline.first_paragraph.as_deref());
    let cut = first.map(|first| one_line(&markdown::summary(first, language)));
    (cut.unwrap_or_default(), SummarySource::Cut)
}

fn language(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<String> {
    let node = fields.take("language")?;
    let Some(text) = node.text() else {
        reading.wrong("language", &node, "a text");
        return None;
    };
    let tag = text.trim().replace('_', "-");
    if tag.is_empty() {
        return None;
    }
    if tag.parse::<icu_locale::LanguageIdentifier>().is_err() {
        let diagnostic = Diagnostic::warning(
            Rule::WrongValue,
            format!("“{tag}” is not a language tag (BCP 47)"),
        )
        .help("write it as \"en\", \"pt-BR\" or \"ar\"");
        reading.report(diagnostic, node.range);
        return None;
    }
    Some(tag)
}

fn read_article(
    document: Document,
    reading: &mut Reading<'_>,
    rules: &ReadingRules<'_>,
) -> Option<Article> {
    let Document { mut fields, body_start } = document;
    let named = rules.named.cloned().unwrap_or_default();
    let plain = without_suffix(reading.file, named.suffix);
    let language =
        language(&mut fields, reading).or_else(|| named.language.as_deref().map(str::to_owned));
    let options = rules.markdown.for_file(reading.file, language.as_deref());
    let body = &reading.text[body_start..];
    let outline = LazyCell::new(|| markdown::outline(body, &options));
    let dated = if fields.has("date") { Dated::ByFrontMatter } else { Dated::ByName };
    let draft = held_back::is_draft(&mut fields, reading);
    let added = fields.date("added", reading);
    let path = written_path(&mut fields, reading);
    let named_day = named_date(&plain, path.as_ref().and_then(Option::as_ref));
    let date = if draft {
        draft_date(&mut fields, reading, named_day, added)
    } else {
        date(&mut fields, reading, named_day)
    };
    let slug = slug(&mut fields, reading, &plain, dated);
    let outlet = fields.text("outlet", reading);
    let withdrawn = integrity::withdrawn(&mut fields, reading);
    let (date, slug, path, withdrawn) = (date?, slug?, path?, withdrawn?);
    let kind = withdrawn.as_ref().map(|withdrawal| withdrawal.kind);
    let outlet_name = outlet.as_deref().map(|written| rules.outlets.name(written));
    let is_compared = rules.shows_near_copies && withdrawn.is_none();
    let sketch = is_compared.then(|| Sketch::of(&reading.text[body_start..])).flatten();
    let spoken = language.as_deref().unwrap_or(rules.language);
    let (outlet_name, own_language) = (outlet_name, Some(spoken));
    let parts = PermalinkParts {
        date,
        slug: &slug,
        outlet: outlet_name,
        file: &plain,
        language: own_language,
    };
    let permalink = path.unwrap_or_else(|| rules.permalink_of(reading.file, &parts));
    let old_addresses = rules.old_addresses(reading.file, &parts);
    let (summary, summary_source) = summary(&mut fields, reading, &outline, spoken);
    let name = |text: Option<String>| text.map(Name::from);
    let mut article = Article {
        source: reading.file.into(),
        body_start,
        body_digest: BodyDigest::of(&reading.text[body_start..]),
        words: WordsHash::of(&reading.text[body_start..]),
        permalink,
        title: match kind {
            // A tombstone may lack a title, and must not take one from the text.
            Some(_) => fields.text("title", reading).unwrap_or_default(),
            None => title(&mut fields, reading, &plain, &outline),
        },
        date,
        added,
        outlet: name(outlet),
        terms: keys::terms(&mut fields, reading, rules),
        original_url: fields.take_unlost("original_url", reading),
        kind: name(fields.text("kind", reading)),
        summary,
        summary_source,
        language: name(language),
        sketch: sketch.map(Box::new),
        draft,
        placed: (named != NamedLanguage::default())
            .then(|| Box::new(Placed { named, ..Placed::default() })),
        particulars: None,
    };
    let mut particulars = particulars(fields, withdrawn, reading);
    add_old_addresses(&mut particulars.aliases, old_addresses, &article.permalink);
    article.particulars = particulars.kept();
    Some(match kind {
        Some(kind) => article.withdrawn_to(kind, rules.named_withdrawals),
        None => article,
    })
}

/// Old addresses that the report has not now, and that its file does not name already.
fn add_old_addresses(aliases: &mut Vec<String>, old: Vec<String>, permalink: &Permalink) {
    let own = FoldedKey::of_file(permalink.as_str());
    for address in old.into_iter().filter_map(|written| old_address(&written).ok()) {
        let is_own = [&address, &format!("{address}/")]
            .iter()
            .any(|own_form| !address.contains('?') && FoldedKey::of_file(own_form) == own);
        if !is_own && !aliases.contains(&address) {
            aliases.push(address);
        }
    }
}

/// Reads the keys left after those of all articles.
fn particulars(
    mut fields: Fields,
    withdrawn: Option<Withdrawal>,
    reading: &mut Reading<'_>,
) -> Particulars {
    Particulars {
        aliases: aliases(&mut fields, reading),
        id: fields.text("id", reading),
        updated: fields.date("updated", reading),
        is_original_lost: fields.take_lost("original_url"),
        via: provenance::via(&mut fields, reading),
        dateline: fields.text("dateline", reading),
        image: provenance::image(&mut fields, reading),
        archived: provenance::mementos(&mut fields, reading),
        links: provenance::body_links(&mut fields, reading),
        picture_sources: provenance::picture_sources(&mut fields, reading),
        evidence: evidence::evidence(&mut fields, reading),
        corrections: integrity::corrections(&mut fields, reading),
        withdrawn,
        redactions: integrity::redactions(&mut fields, reading),
        also: provenance::references("also", &mut fields, reading),
        translation_of: translation_of(&mut fields, reading),
        translation_key: fields.text("translation_key", reading),
        license: fields.text("license", reading),
        rights: fields.text("rights", reading),
        note: fields.text("note", reading),
        canonical: provenance::canonical(&mut fields, reading),
        noindex: fields.bool("noindex", reading).unwrap_or(false),
        template: fields.text("template", reading),
        extra: keys::extra(fields, reading),
    }
}

/// The other languages' reports; other generators list all of them.
fn translation_of(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Also> {
    let mut named = provenance::references("translation_of", fields, reading);
    named.extend(provenance::references("translations", fields, reading));
    named
}

fn read_page(
    document: Document,
    reading: &mut Reading<'_>,
    rules: &ReadingRules<'_>,
) -> Option<PlainPage> {
    let Document { mut fields, body_start } = document;
    let named = rules.named.cloned().unwrap_or_default();
    let plain = without_suffix(reading.file, named.suffix);
    let language =
        language(&mut fields, reading).or_else(|| named.language.as_deref().map(str::to_owned));
    let options = rules.markdown.for_file(reading.file, language.as_deref());
    let body = &reading.text[body_start..];
    let outline = LazyCell::new(|| markdown::outline(body, &options));
    let slug = slug(&mut fields, reading, &plain, Dated::ByFrontMatter);
    let path = written_path(&mut fields, reading)?;
    let permalink = match path {
        Some(permalink) => permalink,
        None => page_permalink(reading, &plain, slug?.as_str())?,
    };
    let spoken = language.as_deref().unwrap_or(rules.language);
    let (summary, summary_source) = summary(&mut fields, reading, &outline, spoken);
    Some(PlainPage {
        source: reading.file.into(),
        body_start,
        permalink,
        aliases: aliases(&mut fields, reading),
        title: title(&mut fields, reading, &plain, &outline),
        summary,
        summary_source,
        language,
        noindex: fields.bool("noindex", reading).unwrap_or(false),
        template: fields.text("template", reading),
        draft: held_back::is_draft(&mut fields, reading),
        extra: keys::extra(fields, reading),
    })
}

/// `content/pages/help/find.md` is `/help/find/`.
fn page_permalink(reading: &mut Reading<'_>, plain: &str, slug: &str) -> Option<Permalink> {
    let inner = plain.strip_prefix("content/pages/").unwrap_or(plain);
    let folder = inner.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_index = inner.rsplit('/').next().is_some_and(|name| name.starts_with("index."));
    let folder =
        if is_index { folder.rsplit_once('/').map_or("", |(folder, _)| folder) } else { folder };
    match Permalink::from_written(&format!("/{folder}/{slug}/")) {
        Ok(permalink) => Some(permalink),
        Err(error) => {
            bad_path(reading, &error, 0..0);
            None
        }
    }
}
