//! The new text of a report: names of copies in the place of addresses, and where each came from.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::authoring::records::{self, Field, NewRecord};
use crate::base::date::Date;
use crate::content::article::Article;
use crate::content::front_matter::{self, Fence, keys};
use crate::content::rules::ReadingRules;
use crate::markdown::picture_addresses::RemotePicture;
use crate::settings::Config;
use crate::tree::{self, Value};

/// A picture of a report, in its text and in its front matter.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) address: String,
    /// Bytes of the file.
    pub(super) places: Vec<Range<usize>>,
}

/// The pictures on other hosts that a report shows, each with its places.
pub(super) fn named(
    text: &str,
    body_start: usize,
    (article, config): (&Article, &Config),
    remote: Vec<RemotePicture>,
) -> Vec<Named> {
    let in_body = remote.into_iter().map(|picture| Named {
        places: picture
            .places
            .into_iter()
            .map(|place| place.start + body_start..place.end + body_start)
            .collect(),
        address: picture.address,
    });
    let mut all: Vec<Named> = in_body.collect();
    let is_web = |address: &str| ["https://", "http://"].iter().any(|web| address.starts_with(web));
    if let Some(image) = article.image.as_ref().filter(|image| is_web(&image.src)) {
        let place = lead(text, &image.src, config);
        match all.iter_mut().find(|named| named.address == image.src) {
            // It is copied only if both can be changed.
            Some(named) if place.is_none() => named.places.clear(),
            Some(named) => named.places.extend(place),
            None => all.insert(
                0,
                Named { address: image.src.clone(), places: place.into_iter().collect() },
            ),
        }
    }
    all
}

/// The place of the lead picture's address in the front matter.
fn lead(text: &str, address: &str, config: &Config) -> Option<Range<usize>> {
    let (fence, inner) = front_matter::layout(text).ok()?.front_matter?;
    let head = text.get(inner.clone())?;
    let table = match fence {
        Fence::Toml => tree::parse_toml(head, 0).ok()?,
        Fence::Yaml => tree::parse_yaml(head, 0).ok()?,
        Fence::Json | Fence::Lines => return None,
    };
    let is_image = |key: &str| keys::names_of("image", &config.keys).any(|name| name == key);
    let entry = table.entries.iter().find(|entry| is_image(&entry.key))?;
    let node = match &entry.node.value {
        Value::Table(image) => &image.entries.iter().find(|entry| entry.key == "src")?.node,
        _ => &entry.node,
    };
    let written = head.get(node.range.clone())?;
    let mut places = written.match_indices(address).map(|(at, _)| at);
    let at = places.next()?;
    if places.next().is_some() {
        return None;
    }
    let start = inner.start + node.range.start + at;
    Some(start..start + address.len())
}

/// What a copy is noted with.
pub(super) struct Note<'a> {
    pub(super) today: Date,
    pub(super) rights: Option<&'a str>,
}

/// The text with the names of copies, by address, and a note for each; `None` if that can't be done
/// without changing something else.
pub(super) fn changed(
    text: &str,
    pictures: &[Named],
    names: &BTreeMap<String, String>,
    (config, note): (&Config, &Note<'_>),
) -> Option<String> {
    let mut edits: Vec<(&Range<usize>, &str)> = Vec::new();
    let mut records = Vec::new();
    for picture in pictures {
        let Some(name) = names.get(&picture.address) else { continue };
        edits.extend(picture.places.iter().map(|place| (place, name.as_str())));
        records.push((name.as_str(), picture.address.as_str()));
    }
    edits.sort_by_key(|(place, _)| place.start);
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (place, name) in edits {
        new.push_str(text.get(at..place.start)?);
        new.push_str(name);
        at = place.end;
    }
    new.push_str(text.get(at..)?);
    for (name, address) in records {
        new = records::add(&new, config, &record(name, address, note))?;
    }
    Some(new)
}

fn record(name: &str, address: &str, note: &Note<'_>) -> NewRecord {
    let source =
        if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let mut fields = vec![
        ("file", Field::Text(name.to_owned())),
        ("source", Field::Text(source)),
        ("fetched", Field::Date(note.today)),
    ];
    fields.extend(note.rights.map(|rights| ("credit", Field::Text(rights.to_owned()))));
    NewRecord { list: "picture_sources", fields }
}

/// Whether a report at a new path with a new text is the same, but for so many pictures more.
pub(super) fn is_same(
    (old_path, old): (&str, &str),
    (path, text): (&str, &str),
    more: usize,
    rules: &ReadingRules<'_>,
) -> bool {
    let before = front_matter::article(old_path, old, rules).value;
    let after = front_matter::article(path, text, rules).value;
    let Some((before, after)) = before.zip(after) else { return false };
    after.picture_sources.len() == before.picture_sources.len() + more
        && after.permalink == before.permalink
        && after.date == before.date
        && after.title == before.title
        && after.language == before.language
        && after.terms == before.terms
        && after.corrections == before.corrections
}
