//! A page's `<meta>` elements: Open Graph, Twitter cards, and Highwire's `citation_*` for reference
//! managers and scholarly search engines.
//!
//! Each is (naming attribute, name, content), in output order.

use icu_locale::{LanguageIdentifier, LocaleExpander};

use crate::base::date::Date;

use super::facts::{Facts, LinkPictureFacts};
use super::value::{self, ToValue as _, Value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meta {
    attribute: &'static str,
    name: &'static str,
    content: String,
}

impl Meta {
    fn property(name: &'static str, content: impl Into<String>) -> Meta {
        Meta { attribute: "property", name, content: content.into() }
    }

    fn named(name: &'static str, content: impl Into<String>) -> Meta {
        Meta { attribute: "name", name, content: content.into() }
    }

    /// For templates: `{ property, content }` or `{ name, content }`.
    pub(crate) fn to_value(&self) -> Value {
        value::object([
            (self.attribute, self.name.to_value()),
            ("content", self.content.to_value()),
        ])
    }
}

/// For every page: title and address, whatever its canonical address.
pub(crate) fn page(site: &str, title: &str, address: &str, description: &str) -> Vec<Meta> {
    let mut metas = vec![
        Meta::property("og:site_name", site),
        Meta::property("og:title", title),
        Meta::property("og:url", address),
    ];
    if !description.is_empty() {
        metas.push(Meta::property("og:description", description));
    }
    metas
}

/// For pages that are not reports.
pub(crate) fn other(language: &str) -> Vec<Meta> {
    vec![
        Meta::property("og:type", "website"),
        Meta::property("og:locale", locale(language)),
        Meta::named("twitter:card", "summary"),
    ]
}

pub(crate) fn report(facts: &Facts) -> Vec<Meta> {
    let mut metas = open_graph(facts);
    metas.extend(picture(facts));
    metas.extend(citation(facts));
    metas
}

fn open_graph(facts: &Facts) -> Vec<Meta> {
    let mut metas = vec![
        Meta::property("og:type", "article"),
        Meta::property("og:locale", locale(&facts.language)),
        Meta::property("article:published_time", facts.date.to_string()),
    ];
    let others = facts.translations.iter().map(|other| locale(&other.language));
    metas.extend(others.map(|locale| Meta::property("og:locale:alternate", locale)));
    let changed = facts.changed.map(|date| date.to_string());
    metas.extend(changed.map(|date| Meta::property("article:modified_time", date)));
    let authors = facts.authors.iter().filter_map(|author| author.url.clone());
    metas.extend(authors.map(|url| Meta::property("article:author", url)));
    metas.extend(facts.kind.iter().map(|kind| Meta::property("article:section", kind)));
    metas.extend(facts.keywords.iter().map(|word| Meta::property("article:tag", word)));
    metas
}

fn picture(facts: &Facts) -> Vec<Meta> {
    let Some(picture) = &facts.picture else {
        return vec![Meta::named("twitter:card", "summary")];
    };
    let own = || LinkPictureFacts { url: picture.url.clone(), size: picture.size };
    image(&picture.card.clone().unwrap_or_else(own), &picture.alternative)
}

fn image(picture: &LinkPictureFacts, alternative: &str) -> Vec<Meta> {
    let mut metas = vec![Meta::property("og:image", &picture.url)];
    if !alternative.is_empty() {
        metas.push(Meta::property("og:image:alt", alternative));
    }
    if let Some((width, height)) = picture.size {
        metas.push(Meta::property("og:image:width", width.to_string()));
        metas.push(Meta::property("og:image:height", height.to_string()));
    }
    metas.push(Meta::named("twitter:card", "summary_large_image"));
    metas
}

/// With the archive's card where a page has no picture.
pub(crate) fn with_picture(
    mut metas: Vec<Meta>,
    card: impl FnOnce() -> Option<LinkPictureFacts>,
) -> Vec<Meta> {
    if metas.iter().any(|meta| meta.name == "og:image") {
        return metas;
    }
    let Some(card) = card() else { return metas };
    metas.retain(|meta| meta.name != "twitter:card");
    metas.extend(image(&card, ""));
    metas
}

fn citation(facts: &Facts) -> Vec<Meta> {
    let mut metas = vec![Meta::named("citation_title", &facts.headline)];
    metas.extend(facts.authors.iter().map(|author| Meta::named("citation_author", &author.name)));
    metas.push(Meta::named("citation_publication_date", slashed(facts.date)));
    metas.extend(facts.added.map(|added| Meta::named("citation_online_date", slashed(added))));
    if let Some(outlet) = &facts.outlet {
        metas.push(Meta::named("citation_journal_title", &outlet.name));
        metas.push(Meta::named("citation_publisher", &outlet.name));
    }
    metas.push(Meta::named("citation_language", &facts.language));
    metas.push(Meta::named("citation_public_url", &facts.page));
    metas.push(Meta::named("citation_fulltext_html_url", &facts.page));
    metas.extend(facts.keywords.iter().map(|word| Meta::named("citation_keywords", word)));
    metas
}

/// `2017/01/29`, `2017/01` or `2017`, as precise as known.
fn slashed(date: Date) -> String {
    match (date.day(), date.month()) {
        (Some(day), _) => day.format("%Y/%m/%d").to_string(),
        (None, Some(month)) => format!("{:04}/{month:02}", date.year()),
        (None, None) => format!("{:04}", date.year()),
    }
}

/// Open Graph's `language_TERRITORY`; a tag without a territory gets its most likely one.
fn locale(tag: &str) -> String {
    let Ok(mut language) = tag.parse::<LanguageIdentifier>() else { return "en_US".to_owned() };
    LocaleExpander::new_extended().maximize(&mut language);
    match language.region {
        Some(region) => format!("{}_{region}", language.language),
        None => language.language.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_a_territory() {
        for (tag, wanted) in [
            ("en", "en_US"),
            ("pt-BR", "pt_BR"),
            ("ar", "ar_EG"),
            ("zh-Hant", "zh_TW"),
            ("", "en_US"),
        ] {
            assert_eq!(locale(tag), wanted, "{tag}");
        }
    }

    #[test]
    fn dates_say_no_more_than_is_known() {
        for (date, wanted) in
            [("2017-01-29T10:00:00+03:00", "2017/01/29"), ("2017-01", "2017/01"), ("0917", "0917")]
        {
            assert_eq!(date.parse().map(slashed).as_deref(), Ok(wanted));
        }
    }
}
