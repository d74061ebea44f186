//! Structured data of pages (JSON-LD), often invalid, nested, or about several things.

use serde_json::Value as Json;

use super::names::joined_names;
use super::{cleaned, date_of, is_web_address};
use crate::base::date::Date;
use crate::import::html::{NodeOf, Tree, attribute};

/// The limit of objects in a page.
const MOST_THINGS: usize = 2_000;

/// The limit of nesting.
const DEEPEST: usize = 16;

/// The article's facts in structured data.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) title: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) updated: Option<Date>,
    pub(super) authors: Vec<String>,
    pub(super) outlet: Option<String>,
    pub(super) language: Option<String>,
    pub(super) address: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) image: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) is_article: bool,
    pub(super) is_paywalled: bool,
    /// Scripts with invalid JSON.
    pub(super) broken: usize,
}

/// Parses all structured data of a page. `hints` are its address and headline, which identify the
/// page's own article.
pub(super) fn read(tree: &Tree, hints: &Hints<'_>) -> Said {
    let mut broken = 0;
    let mut roots = Vec::new();
    for (node, script) in tree.elements().filter(|(_, element)| element.name() == "script") {
        let kind = attribute(script, "type").unwrap_or_default().to_ascii_lowercase();
        if !kind.starts_with("application/ld+json") {
            continue;
        }
        match parsed(&text_within(node)) {
            Some(json) => roots.push(json),
            None => broken += 1,
        }
    }
    let mut things = Vec::new();
    for root in &roots {
        gather(root, 0, &mut things);
    }
    let said = article(&things, hints).map(|article| of_article(article, &things));
    Said { broken, ..said.unwrap_or_default() }
}

/// Facts known before parsing structured data.
pub(super) struct Hints<'a> {
    pub(super) address: Option<&'a str>,
    pub(super) title: Option<&'a str>,
}

fn text_within(node: NodeOf<'_>) -> String {
    node.descendants().filter_map(|inner| inner.value().as_text()).map(|text| &**text).collect()
}

/// Parses JSON, also wrapped in other script syntax, with raw line breaks in strings, or with
/// trailing commas.
fn parsed(script: &str) -> Option<Json> {
    let text = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text.trim_start_matches("//").trim_start_matches("/*").trim();
    let text = text.trim_start_matches("<![CDATA[").trim_start_matches("*/");
    let text = text.trim_end_matches("*/").trim_end().trim_end_matches("]]>");
    let text = text.trim_end().trim_end_matches("//").trim_end_matches("/*");
    let text = text.trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)).ok())
}

fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut is_inside, mut is_escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            letter if is_inside && letter.is_control() => mended.push(' '),
            ',' if !is_inside && text[at + 1..].trim_start().starts_with(['}', ']']) => {}
            letter => mended.push(letter),
        }
        if is_inside && letter == '\\' {
            is_escaped = !is_escaped;
            continue;
        }
        if letter == '"' && !is_escaped {
            is_inside = !is_inside;
        }
        is_escaped = false;
    }
    mended
}

/// All objects with a type, outer ones first.
fn gather<'a>(json: &'a Json, depth: usize, things: &mut Vec<&'a Json>) {
    if depth > DEEPEST || things.len() >= MOST_THINGS {
        return;
    }
    match json {
        Json::Array(items) => items.iter().for_each(|item| gather(item, depth + 1, things)),
        Json::Object(fields) => {
            if fields.contains_key("@type") {
                things.push(json);
            }
            let inner =
                ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"];
            let inner = inner.iter().filter_map(|key| fields.get(*key));
            inner.for_each(|value| gather(value, depth + 1, things));
        }
        _ => {}
    }
}

/// The page's own article among all objects.
fn article<'a>(things: &[&'a Json], hints: &Hints<'_>) -> Option<&'a Json> {
    let articles: Vec<&Json> = things.iter().copied().filter(|thing| is_article(thing)).collect();
    let title_of = |thing: &Json| text(&thing["headline"]).or_else(|| text(&thing["name"]));
    let is_named = |thing: &&&Json| {
        hints.title.is_some_and(|title| {
            title_of(thing).is_some_and(|own| own == title || title.starts_with(own.as_str()))
        })
    };
    let is_addressed = |thing: &&&Json| {
        hints.address.is_some() && address(thing).as_deref().map(bare) == hints.address.map(bare)
    };
    let only = || (articles.len() == 1).then(|| &articles[0]);
    let found = articles.iter().find(is_addressed).or_else(|| articles.iter().find(is_named));
    found.or_else(only).copied()
}

/// An address without parts that don't identify the page.
fn bare(address: &str) -> &str {
    address.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/')
}

fn is_article(thing: &Json) -> bool {
    let is = |name: &str| {
        name.ends_with("Article")
            || name.ends_with("BlogPosting")
            || matches!(name, "Report" | "Review")
    };
    kinds(thing).any(is)
}

/// The types of an object, without the vocabulary's address.
fn kinds(thing: &Json) -> impl Iterator<Item = &str> {
    list(&thing["@type"]).filter_map(Json::as_str).filter_map(|name| name.rsplit(['/', ':']).next())
}

fn of_article(article: &Json, things: &[&Json]) -> Said {
    let named = |value: &Json| name(value).or_else(|| by_id(value, things).and_then(name));
    let authors =
        ["author", "creator"].iter().map(|key| &article[*key]).find(|value| !value.is_null());
    let written = authors.into_iter().flat_map(list).filter_map(named);
    let authors: Vec<String> = written.flat_map(|name| joined_names(&name)).collect();
    let outlet = ["publisher", "sourceOrganization"];
    let outlet = outlet.iter().find_map(|key| list(&article[*key]).find_map(named));
    let image = list(&article["image"]).next();
    let image = image.map(|value| by_id(value, things).unwrap_or(value));
    Said {
        title: text(&article["headline"]).or_else(|| text(&article["name"])),
        date: text(&article["datePublished"]).as_deref().and_then(date_of),
        updated: text(&article["dateModified"]).as_deref().and_then(date_of),
        authors,
        outlet,
        language: list(&article["inLanguage"]).find_map(|value| {
            text(value).or_else(|| text(&value["alternateName"])).or_else(|| text(&value["name"]))
        }),
        address: address(article),
        summary: text(&article["description"]),
        image: image.and_then(|image| text(image).or_else(|| text(&image["url"]))),
        caption: image.and_then(|image| text(&image["caption"])),
        licence: list(&article["license"]).find_map(|value| {
            text(value).or_else(|| text(&value["url"])).or_else(|| text(&value["@id"]))
        }),
        tags: tags(&article["keywords"]),
        is_article: true,
        is_paywalled: is_paywalled(article),
        broken: 0,
    }
}

fn address(article: &Json) -> Option<String> {
    let page = &article["mainEntityOfPage"];
    let found = [&article["url"], page, &page["@id"], &page["url"], &article["@id"]];
    found.into_iter().find_map(|value| text(value).filter(|text| is_web_address(text)))
}

/// `Ann Lee`, or an object with that name.
fn name(value: &Json) -> Option<String> {
    text(value).or_else(|| list(&value["name"]).find_map(text)).filter(|name| !is_web_address(name))
}

/// The object that an id refers to.
fn by_id<'a>(value: &Json, things: &[&'a Json]) -> Option<&'a Json> {
    let id = value["@id"].as_str()?;
    things.iter().copied().find(|thing| thing["@id"].as_str() == Some(id))
}

fn tags(keywords: &Json) -> Vec<String> {
    let all = list(keywords).filter_map(|value| text(value).or_else(|| text(&value["name"])));
    let is_one = keywords.is_string();
    let all = all.flat_map(|text| {
        if is_one { text.split([',', ';']).map(cleaned).collect() } else { vec![text] }
    });
    // Some systems have internal notes there: `Type:Story`.
    all.filter(|tag| !tag.is_empty() && !tag.contains(':')).collect()
}

fn is_paywalled(article: &Json) -> bool {
    let is_closed = |value: &Json| match &value["isAccessibleForFree"] {
        Json::Bool(is_free) => !is_free,
        Json::String(text) => {
            text.trim_start_matches("http://schema.org/").eq_ignore_ascii_case("false")
        }
        _ => false,
    };
    is_closed(article) || list(&article["hasPart"]).any(is_closed)
}

/// A value, or each of a list.
fn list(value: &Json) -> impl Iterator<Item = &Json> {
    let items = value.as_array().map(Vec::as_slice);
    items.unwrap_or(std::slice::from_ref(value)).iter().filter(|item| !item.is_null())
}

/// A text, perhaps HTML.
fn text(value: &Json) -> Option<String> {
    value.as_str().map(cleaned).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(script: &str) -> Said {
        let page = format!("<head><script type='application/ld+json'>{script}</script></head>");
        read(&Tree::document(&page), &Hints { address: None, title: None })
    }

    #[test]
    fn json_is_read_however_it_is_wrapped() {
        let good = r#"{"@type":"NewsArticle","headline":"Talks"}"#;
        for script in [
            good.to_owned(),
            format!("<!-- {good} -->"),
            format!("//<![CDATA[\n{good}\n//]]>"),
            format!("/*<![CDATA[*/{good}/*]]>*/"),
            format!("{good};"),
            format!("[{good},]"),
            r#"{"@type":["Thing","http://schema.org/NewsArticle"],"headline":"Talks","x":"a \" b
                c",}"#
                .to_owned(),
        ] {
            assert_eq!(reads(&script).title.as_deref(), Some("Talks"), "{script}");
        }
        assert_eq!(reads("{ no JSON").broken, 1);
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(reads(&deep).broken, 1);
    }

    #[test]
    fn of_several_articles_none_is_the_page_s_without_a_sign() {
        let other = r#"{"@type":"Article","headline":"Other","url":"https://x.example/other"}"#;
        let own = r#"{"@type":"Article","headline":"Own","url":"https://x.example/own/"}"#;
        let list = format!(
            r#"{{"@type":"ItemList","itemListElement":[{{"@type":"ListItem","item":{other}}},{own}]}}"#
        );
        assert_eq!(reads(&list).title, None);
        let page = format!("<script type='application/ld+json'>{list}</script>");
        let tree = Tree::document(&page);
        let title = |hints| read(&tree, &hints).title;
        let by_address = Hints { address: Some("https://x.example/own"), title: None };
        assert_eq!(title(by_address).as_deref(), Some("Own"));
        let by_title = Hints { address: None, title: Some("Other | X") };
        assert_eq!(title(by_title).as_deref(), Some("Other"));
    }

    #[test]
    fn names_are_found_by_their_ids_and_addresses_are_no_names() {
        let said = reads(
            r##"{"@graph":[{"@type":"BlogPosting","headline":"T","author":[{"@id":"#a"},{"@type":"Person","name":"https://x.example/b"}],
                "publisher":{"@id":"#p"},"hasPart":{"isAccessibleForFree":"False"},"keywords":"peace, Type:Story , lake"},
                {"@type":"Person","@id":"#a","name":"Ann &amp; Lee"},{"@type":"Organization","@id":"#p","name":"The Paper"}]}"##,
        );
        assert_eq!(said.authors, ["Ann & Lee"]);
        assert_eq!(said.outlet.as_deref(), Some("The Paper"));
        assert_eq!(said.tags, ["peace", "lake"]);
        assert!(said.is_paywalled);
    }
}
