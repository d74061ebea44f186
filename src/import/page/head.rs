//! Facts in elements of a page, collected in one pass.

use ego_tree::NodeRef;
use rustc_hash::FxHashMap;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::names::{names_of, people};
use super::{LeadPicture, Origin, Said, cleaned, date_of, is_web_address, language, said};
use crate::base::date::Date;
use crate::import::html::{Tree, attribute, element, name, text_of};

/// The facts collected.
#[derive(Default)]
pub(super) struct Head {
    /// `<meta>` by name, in lower case.
    metas: FxHashMap<String, Vec<String>>,
    title: Option<String>,
    heading: Option<String>,
    headings: usize,
    canonical: Option<String>,
    saved_from: Option<String>,
    pub(super) licence: Option<Said<String>>,
    language: Option<String>,
    /// Elements marked as author.
    marked_authors: Vec<String>,
    /// Elements marked as date of publication, and others.
    marked_dates: Vec<Date>,
    dates: Vec<Date>,
    base: Option<Url>,
}

impl Head {
    pub(super) fn read(tree: &Tree, fetched_from: Option<&Url>) -> Head {
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

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.metas.get(name)?.first().map(String::as_str)
    }

    fn values(&self, names: &[&str]) -> Vec<String> {
        names.iter().find_map(|name| self.metas.get(*name)).cloned().unwrap_or_default()
    }

    fn from(&self, names: &[&str], origin: Origin) -> Option<Said<String>> {
        said(names.iter().find_map(|name| self.value(name)).map(str::to_owned), origin)
    }

    pub(super) fn open_graph(&self, names: &[&str]) -> Option<Said<String>> {
        self.from(names, Origin::OpenGraph)
    }

    pub(super) fn meta(&self, names: &[&str]) -> Option<Said<String>> {
        self.from(names, Origin::Meta)
    }

    pub(super) fn title(&self) -> Option<Said<String>> {
        let heading = self.heading.clone().filter(|_| self.headings == 1);
        // The title is the headline with a suffix: use the headline.
        let is_part =
            |heading: &String| self.title.as_ref().is_none_or(|title| title.contains(heading));
        let heading = said(heading.filter(is_part), Origin::Html);
        self.meta(&["dc.title", "citation_title", "headline"])
            .or(heading)
            .or_else(|| said(self.title.clone(), Origin::Title))
    }

    /// The page's canonical address; a home page is not one.
    pub(super) fn address(&self) -> Option<Said<String>> {
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

    /// An absolute web address.
    pub(super) fn whole(&self, address: &str) -> Option<String> {
        let saved = || Url::parse(self.saved_from.as_ref()?).ok();
        let base = self.base.clone().or_else(saved);
        let url = match base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then(|| url.to_string())
    }

    pub(super) fn date(&self) -> Option<Said<Date>> {
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

    pub(super) fn updated(&self) -> Option<Said<Date>> {
        let names = ["article:modified_time", "og:updated_time", "datemodified", "last-modified"];
        said(names.iter().find_map(|name| date_of(self.value(name)?)), Origin::OpenGraph)
    }

    pub(super) fn authors(&self, outlet: Option<&Said<String>>) -> Option<Said<Vec<String>>> {
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

    pub(super) fn language(&self) -> Option<Said<String>> {
        let meta =
            || self.value("content-language").or(self.value("dc.language")).and_then(language);
        let graph = || self.value("og:locale").and_then(language);
        said(self.language.clone(), Origin::Html)
            .or_else(|| said(meta(), Origin::Meta))
            .or_else(|| said(graph(), Origin::OpenGraph))
    }

    pub(super) fn image(&self) -> Option<Said<LeadPicture>> {
        let names = ["og:image", "og:image:url", "og:image:secure_url", "twitter:image"];
        let address = names.iter().find_map(|name| self.whole(self.value(name)?))?;
        let description =
            ["og:image:alt", "twitter:image:alt"].iter().find_map(|name| self.value(name));
        let description = description.unwrap_or_default().to_owned();
        said(Some(LeadPicture { address, description, caption: None }), Origin::OpenGraph)
    }

    pub(super) fn tags(&self) -> Vec<String> {
        let single = self.values(&["article:tag", "og:article:tag"]);
        let lists = self.values(&["news_keywords"]);
        let split = lists.iter().flat_map(|line| line.split([',', ';'])).map(cleaned);
        let mut tags: Vec<String> = single.into_iter().chain(split).collect();
        tags.retain(|tag| !tag.is_empty());
        tags
    }
}

/// Names of `<meta>` for the date of publication only.
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

/// The text in a node, visible or not.
fn own_text(node: NodeRef<'_, Node>) -> String {
    node.children().filter_map(|inner| inner.value().as_text()).map(|text| &**text).collect()
}

/// An SVG has a title of its own.
fn is_in_picture(node: NodeRef<'_, Node>) -> bool {
    node.ancestors().any(|above| name(above) == "svg")
}

/// Elements below or beside a report have other dates and authors.
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

/// The address that browsers and other programs write into saved pages.
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
