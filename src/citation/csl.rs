//! Any style of the CSL repository, through a CSL processor (feature `csl`).
//!
//! Tests also compare our own styles with it. The processor's HTML is not used, as it is not
//! escaped: its tree is traversed, and the template escapes the text.

use std::sync::LazyLock;

use hayagriva::archive::locales;
use hayagriva::citationberg::{FontStyle, Locale};
use hayagriva::types::{
    ChunkKind, ChunkedString, Date as CslDate, EntryType, FormatString, Person, QualifiedUrl,
    StringChunk,
};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, Entry,
};

use super::Citation;
use super::styles::{Face, Formatted, Run};
use crate::base::choices::CslStyle;
use crate::citation::person_names::Name;

/// Decoding is slow; done once, at first use. They are constants of the library.
static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);

impl CslStyle {
    /// The citation as this style's bibliography formats it.
    pub fn format(&self, citation: &Citation) -> Formatted {
        let entry = entry(citation);
        let mut driver = BibliographyDriver::new();
        driver.citation(CitationRequest::new(
            vec![CitationItem::with_entry(&entry)],
            &self.style,
            None,
            &LOCALES,
            None,
        ));
        let request =
            BibliographyRequest { style: &self.style, locale: None, locale_files: &LOCALES };
        let mut runs = Vec::new();
        let list = driver.finish(request).bibliography;
        for item in list.iter().flat_map(|list| &list.items) {
            gather(&item.content.0, &mut runs);
        }
        Formatted(runs)
    }
}

fn gather(children: &[ElemChild], runs: &mut Vec<Run>) {
    for child in children {
        match child {
            ElemChild::Elem(element) => gather(&element.children.0, runs),
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                let italic = text.formatting.font_style == FontStyle::Italic;
                let face = if italic { Face::Italic } else { Face::Roman };
                runs.push(Run { text: text.text.clone(), face });
            }
            ElemChild::Markup(text) => {
                runs.push(Run { text: text.clone(), face: Face::Roman });
            }
            ElemChild::Transparent { .. } => {}
        }
    }
}

fn entry(citation: &Citation) -> Entry {
    let mut entry = Entry::new(&citation.key, EntryType::Article);
    entry.set_title(text(&citation.title, ChunkKind::Normal));
    if !citation.authors.is_empty() {
        entry.set_authors(citation.authors.iter().map(person).collect());
    }
    entry.set_date(date(citation));
    if let Ok(value) = citation.url.parse() {
        entry.set_url(QualifiedUrl { value, visit_date: None });
    }
    // Without a language, a Russian headline would get title case.
    if let Ok(language) = citation.language.parse() {
        entry.set_language(language);
    }
    let mut container = Entry::new("container", EntryType::Newspaper);
    container.set_title(text(citation.container(), ChunkKind::Verbatim));
    entry.set_parents(vec![container]);
    entry
}

fn text(text: &str, kind: ChunkKind) -> FormatString {
    FormatString { value: ChunkedString(vec![StringChunk::new(text, kind)]), short: None }
}

fn person(name: &Name) -> Person {
    let (name, given_name, suffix) = match name {
        Name::Literal(text) => (text, None, None),
        Name::Person { family, given, suffix } => (family, Some(given), suffix.as_ref()),
    };
    Person {
        name: name.clone(),
        given_name: given_name.cloned(),
        prefix: None,
        suffix: suffix.cloned(),
        comma_suffix: suffix.is_some(),
        alias: None,
    }
}

/// The processor counts months and days from 0.
fn date(citation: &Citation) -> CslDate {
    use chrono::Datelike;
    let from_zero = |number: u32| u8::try_from(number.saturating_sub(1)).ok();
    CslDate {
        year: citation.date.year(),
        month: citation.date.month().and_then(from_zero),
        day: citation.date.day().and_then(|day| from_zero(day.day())),
        approximate: false,
        season: None,
    }
}
