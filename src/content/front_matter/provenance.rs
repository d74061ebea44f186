//! Provenance in front matter: the chain of sources, copies, pictures, the same report in other
//! outlets, the canonical address.

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::tree::Value;
use crate::tree::fields::{Fields, Reading, texts_of};

use super::super::article::{Also, BodyLink, Canonical, Focus, Image, Memento, PictureSource, Via};

pub(super) fn canonical(fields: &mut Fields, reading: &mut Reading<'_>) -> Canonical {
    let Some(node) = fields.take("canonical") else { return Canonical::Own };
    match node.text() {
        Some("self") => Canonical::Own,
        Some("original") => Canonical::Original,
        _ => {
            let diagnostic =
                Diagnostic::warning(Rule::WrongValue, "“canonical” is \"self\" or \"original\"");
            reading.report(
                diagnostic.help("remove the line, or write canonical = \"original\""),
                node.range,
            );
            Canonical::Own
        }
    }
}

/// References to other reports: one or a list; translations also in a table of languages.
pub(super) fn references(
    key: &'static str,
    fields: &mut Fields,
    reading: &mut Reading<'_>,
) -> Vec<Also> {
    let Some(node) = fields.take(key) else { return Vec::new() };
    let items = match node.value {
        Value::List(list) => list,
        Value::Table(table) if key == "translations" => {
            table.entries.into_iter().map(|entry| entry.node).collect()
        }
        _ => vec![node],
    };
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        if matches!(item.value, Value::List(_)) {
            reading.wrong(key, &item, "a text or a list of texts");
            continue;
        }
        for written in texts_of(key, &item, reading) {
            let place = reading.place(item.range.clone());
            named.push(Also { written, place });
        }
    }
    named
}

pub(super) fn via(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Via> {
    let Some(node) = fields.take("via") else { return Vec::new() };
    let items = match node.value {
        Value::List(list) => list,
        _ => vec![node],
    };
    let mut chain = Vec::with_capacity(items.len());
    for item in items {
        if let Some(name) = item.text().map(str::trim) {
            let named = Some(name).filter(|name| !name.is_empty());
            chain.extend(named.map(|name| Via { name: name.to_owned(), url: None, lost: false }));
            continue;
        }
        let Value::Table(table) = item.value else {
            reading.wrong("via", &item, "names, or {name, url}");
            continue;
        };
        let mut table = Fields::new(table);
        let lost = table.take_lost("url");
        let url = table.web_address("url", reading);
        if let Some(name) = table.text("name", reading).or_else(|| url.clone()) {
            chain.push(Via { name, url, lost });
        }
        table.refuse_rest(Rule::NearMissKey, reading);
    }
    chain
}

pub(super) fn image(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<Image> {
    let node = fields.take("image")?;
    if let Some(src) = node.text() {
        return Some(Image {
            src: src.to_owned(),
            alt: String::new(),
            credit: None,
            caption: None,
            focus: Focus::default(),
        });
    }
    let Value::Table(table) = node.value else {
        reading.wrong("image", &node, "an address, or {src, alt, credit, caption, focus}");
        return None;
    };
    let mut table = Fields::new(table);
    let src = required(&mut table, "src", reading, Fields::text);
    let alt = table.text("alt", reading).unwrap_or_default();
    let (credit, caption) = (table.text("credit", reading), table.text("caption", reading));
    let focus = focus(&mut table, reading);
    table.refuse_rest(Rule::NearMissKey, reading);
    src.map(|src| Image { src, alt, credit, caption, focus })
}

pub(super) fn picture_sources(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
) -> Vec<PictureSource> {
    let mut sources = Vec::new();
    for mut table in fields.tables("picture_sources", reading) {
        let file = required(&mut table, "file", reading, Fields::text);
        let source = required(&mut table, "source", reading, Fields::web_address);
        let (fetched, credit) = (table.date("fetched", reading), table.text("credit", reading));
        table.refuse_rest(Rule::NearMissKey, reading);
        let known = file.zip(source);
        sources.extend(known.map(|(file, source)| PictureSource { file, source, fetched, credit }));
    }
    sources
}

fn focus(table: &mut Fields, reading: &mut Reading<'_>) -> Focus {
    let Some(node) = table.take("focus") else { return Focus::default() };
    let focus = node.text().and_then(Focus::parse);
    if focus.is_none() {
        reading.wrong("focus", &node, "two percentages, across and down: \"50% 30%\"");
    }
    focus.unwrap_or_default()
}

pub(super) fn mementos(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Memento> {
    let mut mementos = Vec::new();
    for mut table in fields.tables("archived", reading) {
        let is_lost = table.take_lost("url");
        let url =
            if is_lost { None } else { required(&mut table, "url", reading, Fields::web_address) };
        let date = table.date("date", reading);
        let service = table.text("service", reading);
        table.refuse_rest(Rule::NearMissKey, reading);
        mementos.extend(url.map(|url| Memento { url, date, service }));
    }
    mementos
}

pub(super) fn body_links(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<BodyLink> {
    let mut links = Vec::new();
    for mut table in fields.tables("links", reading) {
        let url = required(&mut table, "url", reading, Fields::text);
        table.take_lost("archived");
        let archived = table.web_address("archived", reading);
        let date = table.date("date", reading);
        let lost = table.bool("lost", reading).unwrap_or(false);
        table.refuse_rest(Rule::NearMissKey, reading);
        links.extend(url.map(|url| BodyLink { url, archived, date, lost }));
    }
    links
}

/// A required table. A missing or empty one is reported here, an invalid one was reported before.
fn required(
    table: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    read: fn(&mut Fields, &'static str, &mut Reading<'_>) -> Option<String>,
) -> Option<String> {
    let told = reading.diagnostics.len();
    let value = read(table, key, reading);
    if value.is_none() && reading.diagnostics.len() == told {
        table.missing(key, reading);
    }
    value
}
