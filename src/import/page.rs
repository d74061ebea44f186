//! What a web page says of itself: headline, day, authors, outlet, its own address.
//!
//! Takes a page as [`Tree::document`] reads it. Each fact comes from the first of JSON-LD, Open Graph, other
//! `<meta>`, the page's own elements that has it, and knows where it was found. Nothing is invented: the day
//! of a change is never that of publication, an outlet never an author.

pub(crate) mod charset;
mod json_ld;

use std::fmt;

use ego_tree::NodeRef;
use rustc_hash::FxHashMap;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::html::{Tree, attribute, element, text_of};
use super::text;
use crate::base::date::Date;
use crate::base::name_key::NameKey;
use json_ld::Hints;

/// Names and tags of one page.
const MOST_NAMES: usize = 50;

/// Where a page says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    JsonLd,
    OpenGraph,
    Meta,
    /// `<time>`.
    Time,
    /// `<title>`.
    Title,
    /// `<link>`.
    Link,
    /// An attribute or element of the page itself.
    Html,
    /// What the program wrote that saved the page.
    SavedBy,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Origin::JsonLd => "JSON-LD",
            Origin::OpenGraph => "Open Graph",
            Origin::Meta => "<meta>",
            Origin::Time => "<time>",
            Origin::Title => "<title>",
            Origin::Link => "<link>",
            Origin::Html => "the page",
            Origin::SavedBy => "the program that saved it",
        })
    }
}

/// Something that a page says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// What a page says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) title: Option<Said<String>>,
    /// The day of publication, or its moment in its own offset.
    pub(crate) date: Option<Said<Date>>,
    pub(crate) updated: Option<Said<Date>>,
    pub(crate) authors: Option<Said<Vec<String>>>,
    pub(crate) outlet: Option<Said<String>>,
    /// BCP 47.
    pub(crate) language: Option<Said<String>>,
    /// The page's own address: a claim.
    pub(crate) address: Option<Said<String>>,
    pub(crate) summary: Option<Said<String>>,
    pub(crate) image: Option<Said<LeadPicture>>,
    /// An address, or words.
    pub(crate) licence: Option<Said<String>>,
    pub(crate) tags: Vec<String>,
    /// Whether it calls itself an article.
    pub(crate) is_article: bool,
    /// Whether it says that not all can read it.
    pub(crate) is_paywalled: bool,
    /// Structured data that can't be read.
    pub(crate) broken_json_ld: usize,
}

/// The picture that stands for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeadPicture {
    pub(crate) address: String,
    pub(crate) description: String,
    pub(crate) caption: Option<String>,
}

impl Facts {
    /// Reads them from a page. `fetched_from` is the address that it was fetched from, where it was: relative
    /// addresses are below it.
    pub(crate) fn read(tree: &Tree, fetched_from: Option<&Url>) -> Facts {
        let head = Head::read(tree, fetched_from);
        let address = head.address();
        let meta_title = head.open_graph(&["og:title", "twitter:title"]);
        let hints = Hints {
            address: address.as_ref().map(|address| address.value.as_str()),
            title: meta_title.as_ref().map(|title| title.value.as_str()),
        };
        let data = json_ld::read(tree, &hints);
        let from_data = |value: Option<String>| said(value, Origin::JsonLd);
        let outlet = head.open_graph(&["og:site_name"]).or_else(|| from_data(data.outlet.clone()));
        let outlet = outlet
            .or_else(|| head.meta(&["application-name", "dc.publisher", "citation_journal_title"]));
        let title = from_data(data.title).or(meta_title).or_else(|| head.title());
        let title = title.map(|title| without_outlet(title, outlet.as_ref()));
        let authors = Some(Said { value: data.authors, origin: Origin::JsonLd })
            .and_then(|authors| people(authors, outlet.as_ref()))
            .or_else(|| head.authors(outlet.as_ref()));
        let date = said(data.date, Origin::JsonLd).or_else(|| head.date());
        let updated = said(data.updated, Origin::JsonLd).or_else(|| head.updated());
        Facts {
            updated: updated.filter(|updated| {
                date.as_ref().is_none_or(|date| updated.value.day() > date.value.day())
            }),
            language: from_data(data.language.as_deref().and_then(language))
                .or_else(|| head.language()),
            address: address.or_else(|| from_data(data.address)),
            summary: from_data(data.summary)
                .or_else(|| head.open_graph(&["og:description"]))
                .or_else(|| head.meta(&["description", "dc.description"])),
            image: head.image().or_else(|| {
                let address = head.whole(&data.image?)?;
                let picture =
                    LeadPicture { address, description: String::new(), caption: data.caption };
                said(Some(picture), Origin::JsonLd)
            }),
            licence: from_data(data.licence).or_else(|| head.licence.clone()),
            tags: if data.tags.is_empty() { head.tags() } else { data.tags },
            is_article: data.is_article || head.value("og:type") == Some("article"),
            is_paywalled: data.is_paywalled
                || head.value("article:content_tier").is_some_and(|tier| tier != "free"),
            broken_json_ld: data.broken,
            title,
            date,
            authors,
            outlet,
        }
        .bounded()
    }

    fn bounded(mut self) -> Facts {
        self.tags.truncate(MOST_NAMES);
        if let Some(authors) = &mut self.authors {
            authors.value.truncate(MOST_NAMES);
        }
        self
    }
}

fn said<T>(value: Option<T>, origin: Origin) -> Option<Said<T>> {
    value.map(|value| Said { value, origin })
}

/// What elements of a page say, gathered in one walk.
#[derive(Default)]
struct Head {
    /// `<meta>` by name, in lower case.
    metas: FxHashMap<String, Vec<String>>,
    title: Option<String>,
    heading: Option<String>,
    headings: usize,
    canonical: Option<String>,
    saved_from: Option<String>,
    licence: Option<Said<String>>,
    language: Option<String>,
    /// Elements that are marked as the author.
    marked_authors: Vec<String>,
    /// Elements that are marked as the day of publication, and those that are not.
    marked_dates: Vec<Date>,
    dates: Vec<Date>,
    base: Option<Url>,
}

impl Head {
    fn read(tree: &Tree, fetched_from: Option<&Url>) -> Head {
        let mut head = Head { base: fetched_from.cloned(), ..Head::default() };
        for node in tree.root().descendants() {
            match node.value() {
                Node::Element(found) => head.element(node, found),
                Node::Comment(comment) if head.saved_from.is_none() => {
                    head.saved_from = saved_from(comment);
                }
                _ => {}
            }
        }
        head
    }

    fn element(&mut self, node: NodeRef<'_, Node>, found: &Element) {
        match found.name() {
            "html" => {
                self.language =
                    attribute(found, "lang").or(found.attr("xml:lang")).and_then(language)
            }
            "meta" => self.add_meta(found),
            "title" if self.title.is_none() && !is_in_picture(node) => {
                self.title = Some(cleaned(&own_text(node))).filter(|title| !title.is_empty());
            }
            "link" | "a" => self.link(node, found),
            "h1" => {
                self.headings += 1;
                self.heading = Some(cleaned(&text_of(node))).filter(|text| !text.is_empty());
            }
            "time" => self.time(node, found),
            _ => {}
        }
        if let Some(kind) = attribute(found, "itemprop") {
            self.microdata(node, found, kind);
        }
    }

    fn add_meta(&mut self, found: &Element) {
        let name = ["property", "name", "itemprop"].iter().find_map(|key| attribute(found, key));
        let (Some(name), Some(content)) = (name, attribute(found, "content")) else { return };
        let content = cleaned(content);
        if !content.is_empty() {
            self.metas.entry(name.to_ascii_lowercase()).or_default().push(content);
        }
    }

    fn link(&mut self, node: NodeRef<'_, Node>, found: &Element) {
        let kinds = attribute(found, "rel").unwrap_or_default().to_ascii_lowercase();
        let is = |kind: &str| kinds.split_ascii_whitespace().any(|known| known == kind);
        let target = attribute(found, "href");
        if found.name() == "link" && is("canonical") && self.canonical.is_none() {
            self.canonical = target.map(str::to_owned);
        }
        if is("license") && self.licence.is_none() {
            let origin = if found.name() == "link" { Origin::Link } else { Origin::Html };
            self.licence = said(target.and_then(|target| self.whole(target)), origin);
        }
        if is("author") && found.name() == "a" {
            self.marked_authors.push(cleaned(&text_of(node)));
        }
    }

    fn time(&mut self, node: NodeRef<'_, Node>, found: &Element) {
        let written = attribute(found, "datetime").map(str::to_owned);
        let Some(date) = date_of(&written.unwrap_or_else(|| text_of(node))) else { return };
        let class = attribute(found, "class").unwrap_or_default().to_ascii_lowercase();
        let is_change = ["modif", "updat"].iter().any(|part| class.contains(part));
        let is_marked = found.attr("pubdate").is_some()
            || ["published", "entry-date", "pubdate", "dt-published"]
                .iter()
                .any(|part| class.contains(part));
        match (is_change, is_marked) {
            (_, true) => self.marked_dates.push(date),
            (false, false) if attribute(found, "itemprop").is_none() && !is_of_a_comment(node) => {
                self.dates.push(date);
            }
            _ => {}
        }
    }

    fn microdata(&mut self, node: NodeRef<'_, Node>, found: &Element, kind: &str) {
        let written = ["content", "datetime"].iter().find_map(|key| attribute(found, key));
        match kind {
            "datePublished" => {
                let text = written.map_or_else(|| text_of(node), str::to_owned);
                self.marked_dates.extend(date_of(&text));
            }
            "author" if found.name() != "meta" && !is_of_a_comment(node) => {
                let inner = node.descendants().filter_map(|inner| Some((inner, element(inner)?)));
                let mut names =
                    inner.filter(|(_, found)| attribute(found, "itemprop") == Some("name"));
                let name = names.next().map_or_else(
                    || cleaned(&text_of(node)),
                    |(inner, found)| {
                        attribute(found, "content")
                            .map_or_else(|| cleaned(&text_of(inner)), cleaned)
                    },
                );
                self.marked_authors.push(name);
            }
            _ => {}
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.metas.get(name)?.first().map(String::as_str)
    }

    fn values(&self, names: &[&str]) -> Vec<String> {
        names.iter().find_map(|name| self.metas.get(*name)).cloned().unwrap_or_default()
    }

    fn from(&self, names: &[&str], origin: Origin) -> Option<Said<String>> {
        said(names.iter().find_map(|name| self.value(name)).map(str::to_owned), origin)
    }

    fn open_graph(&self, names: &[&str]) -> Option<Said<String>> {
        self.from(names, Origin::OpenGraph)
    }

    fn meta(&self, names: &[&str]) -> Option<Said<String>> {
        self.from(names, Origin::Meta)
    }

    fn title(&self) -> Option<Said<String>> {
        let heading = self.heading.clone().filter(|_| self.headings == 1);
        // The page's name is its headline with more behind it: the headline alone is better.
        let is_part =
            |heading: &String| self.title.as_ref().is_none_or(|title| title.contains(heading));
        let heading = said(heading.filter(is_part), Origin::Html);
        self.meta(&["dc.title", "citation_title", "headline"])
            .or(heading)
            .or_else(|| said(self.title.clone(), Origin::Title))
    }

    /// Where the page says it is; a home page is no report's address.
    fn address(&self) -> Option<Said<String>> {
        let is_report = |address: &String| {
            Url::parse(address).is_ok_and(|url| url.path() != "/" || url.query().is_some())
        };
        let link = self.canonical.as_deref().and_then(|link| self.whole(link)).filter(is_report);
        let open = self.value("og:url").and_then(|link| self.whole(link)).filter(is_report);
        let saved = self.saved_from.clone().filter(is_report);
        said(link, Origin::Link)
            .or_else(|| said(open, Origin::OpenGraph))
            .or_else(|| said(saved, Origin::SavedBy))
    }

    /// An address of the web, whole.
    fn whole(&self, address: &str) -> Option<String> {
        let saved = || Url::parse(self.saved_from.as_ref()?).ok();
        let base = self.base.clone().or_else(saved);
        let url = match base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then(|| url.to_string())
    }

    fn date(&self) -> Option<Said<Date>> {
        let of = |names: &[&str], origin| {
            let found = names.iter().find_map(|name| date_of(self.value(name)?));
            said(found, origin)
        };
        let only = |dates: &[Date]| {
            let first = dates.first().copied()?;
            dates.iter().all(|date| date.day() == first.day()).then_some(first)
        };
        of(
            &["article:published_time", "og:published_time", "og:article:published_time"],
            Origin::OpenGraph,
        )
        .or_else(|| of(&META_DATES, Origin::Meta))
        .or_else(|| said(only(&self.marked_dates), Origin::Time))
        .or_else(|| said(only(&self.dates).filter(|_| self.marked_dates.is_empty()), Origin::Time))
    }

    fn updated(&self) -> Option<Said<Date>> {
        let names = ["article:modified_time", "og:updated_time", "datemodified", "last-modified"];
        said(names.iter().find_map(|name| date_of(self.value(name)?)), Origin::OpenGraph)
    }

    fn authors(&self, outlet: Option<&Said<String>>) -> Option<Said<Vec<String>>> {
        let several = self.values(&["citation_author", "dc.creator.personalname"]);
        let written =
            |names: &[&str]| self.values(names).iter().flat_map(|line| names_of(line)).collect();
        let found = [
            (several, Origin::Meta),
            (written(&["article:author", "og:article:author"]), Origin::OpenGraph),
            (
                written(&["author", "byl", "parsely-author", "sailthru.author", "dc.creator"]),
                Origin::Meta,
            ),
            (self.marked_authors.iter().flat_map(|line| names_of(line)).collect(), Origin::Html),
        ];
        found.into_iter().find_map(|(value, origin)| people(Said { value, origin }, outlet))
    }

    fn language(&self) -> Option<Said<String>> {
        let meta =
            || self.value("content-language").or(self.value("dc.language")).and_then(language);
        let graph = || self.value("og:locale").and_then(language);
        said(self.language.clone(), Origin::Html)
            .or_else(|| said(meta(), Origin::Meta))
            .or_else(|| said(graph(), Origin::OpenGraph))
    }

    fn image(&self) -> Option<Said<LeadPicture>> {
        let names = ["og:image", "og:image:url", "og:image:secure_url", "twitter:image"];
        let address = names.iter().find_map(|name| self.whole(self.value(name)?))?;
        let description =
            ["og:image:alt", "twitter:image:alt"].iter().find_map(|name| self.value(name));
        let description = description.unwrap_or_default().to_owned();
        said(Some(LeadPicture { address, description, caption: None }), Origin::OpenGraph)
    }

    fn tags(&self) -> Vec<String> {
        let single = self.values(&["article:tag", "og:article:tag"]);
        let lists = self.values(&["news_keywords"]);
        let split = lists.iter().flat_map(|line| line.split([',', ';'])).map(cleaned);
        let mut tags: Vec<String> = single.into_iter().chain(split).collect();
        tags.retain(|tag| !tag.is_empty());
        tags
    }
}

/// Names of `<meta>` that hold the day of publication, and of nothing else.
const META_DATES: [&str; 14] = [
    "datepublished",
    "date.published",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "date",
];

/// A date however it is written; one without a year is none.
pub(super) fn date_of(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    // A number alone is a count of seconds as often as a year.
    let is_number = text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let date: Date = text.parse().ok().filter(|_| !is_number)?;
    (1500..=2200).contains(&date.year()).then_some(date)
}

/// A text of one line, which may be HTML.
fn cleaned(written: &str) -> String {
    text::of_html(&text::plain(written))
}

fn is_web_address(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// The text that stands in a node, also where readers see none.
fn own_text(node: NodeRef<'_, Node>) -> String {
    node.children().filter_map(|inner| inner.value().as_text()).map(|text| &**text).collect()
}

/// A drawing has a title of its own.
fn is_in_picture(node: NodeRef<'_, Node>) -> bool {
    node.ancestors().any(|above| super::html::name(above) == "svg")
}

/// What stands under a report, or beside it, has days and authors of its own.
fn is_of_a_comment(node: NodeRef<'_, Node>) -> bool {
    node.ancestors().filter_map(element).any(|above| {
        let named = ["class", "id", "itemprop"].iter().filter_map(|key| attribute(above, key));
        let named: String = named.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        matches!(above.name(), "aside" | "nav" | "footer")
            || ["comment", "related", "sidebar", "recommended"]
                .iter()
                .any(|part| named.contains(part))
    })
}

/// The address in what browsers and other programs write into a page that they save.
fn saved_from(comment: &str) -> Option<String> {
    let line = |key: &str| comment.split_once(key).map(|(_, rest)| rest.trim_start());
    let browser = line("saved from url=").map(|rest| match rest.strip_prefix('(') {
        Some(rest) => rest.split_once(')').map_or(rest, |(_, address)| address),
        None => rest,
    });
    let single_file = || line("SingleFile").and_then(|_| line("url:"));
    let address = browser.or_else(single_file)?.split_whitespace().next()?;
    is_web_address(address).then(|| address.to_owned())
}

/// A language's tag as BCP 47 has it.
fn language(written: &str) -> Option<String> {
    let tag = written.split([',', ';']).next()?.trim().replace('_', "-");
    tag.parse::<icu_locale::LanguageIdentifier>().ok().map(|known| known.to_string())
}

/// A headline without the outlet's name behind it.
fn without_outlet(title: Said<String>, outlet: Option<&Said<String>>) -> Said<String> {
    let Some(outlet) = outlet else { return title };
    let is_outlet = |name: &str| NameKey::of(name) == NameKey::of(&outlet.value);
    let parts = [" | ", " - ", " – ", " — ", " :: ", " · ", " » "];
    let short = parts.iter().find_map(|part| {
        let (short, name) = title.value.rsplit_once(part)?;
        is_outlet(name.trim()).then(|| short.trim().to_owned())
    });
    match short.filter(|short| !short.is_empty()) {
        Some(value) => Said { value, ..title },
        None => title,
    }
}

/// Authors without addresses, doubles and the outlet itself; `None` where no one is left.
pub(super) fn people(
    authors: Said<Vec<String>>,
    outlet: Option<&Said<String>>,
) -> Option<Said<Vec<String>>> {
    let outlet = outlet.map(|outlet| NameKey::of(&outlet.value));
    let mut names: Vec<String> = Vec::new();
    for name in authors.value {
        let name = without_by(&name).to_owned();
        let key = NameKey::of(&name);
        let is_known = names.iter().any(|known| NameKey::of(known) == key);
        let is_person = !name.is_empty()
            && !is_web_address(&name)
            && !name.contains('@')
            && !name.starts_with("www.")
            && name.chars().count() <= 100
            && name.chars().any(char::is_alphabetic)
            && outlet.as_ref() != Some(&key);
        if is_person
            && !is_known
            && !matches!(name.to_lowercase().as_str(), "admin" | "administrator")
        {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(Said { value: names, ..authors })
}

fn without_by(name: &str) -> &str {
    let name = name.trim();
    let is_by = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    if is_by { name[3..].trim() } else { name }
}

/// The names in a byline: several, where each of them has more than one word.
pub(super) fn names_of(line: &str) -> Vec<String> {
    let line = without_by(line);
    let parts: Vec<&str> = line
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" & "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_several = parts.len() > 1 && parts.iter().all(|part| part.split(' ').count() > 1);
    if is_several { parts.into_iter().map(str::to_owned).collect() } else { vec![line.to_owned()] }
}

#[cfg(test)]
mod tests;
