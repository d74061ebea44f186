//! Conventions of other generators: HTML entities in text (`Aren&#8217;t`), and several tags in one
//! text (`tags: a, b`).

use crate::tree::{Node, Value};

/// Keys with text for readers, by our names; taxonomies are handled separately.
const READ: [&str; 15] = [
    "title",
    "summary",
    "outlet",
    "authors",
    "submitted_by",
    "dateline",
    "tags",
    "categories",
    "category",
    "stories",
    "via",
    "note",
    "rights",
    "image",
    "corrections",
];

/// Keys inside them that hold addresses, in which `&` is not an entity.
const ADDRESSES: [&str; 2] = ["url", "src"];

/// Whether a key holds text for readers.
pub(crate) fn is_read(key: &str) -> bool {
    READ.contains(&key)
}

/// Whether a text contains HTML entities.
fn is_encoded(text: &str) -> bool {
    text.contains('&') && html_escape::decode_html_entities(text) != text
}

/// Decodes HTML entities once.
pub(crate) fn decode(node: &mut Node) {
    match &mut node.value {
        Value::Text(text) if is_encoded(text) => {
            *text = html_escape::decode_html_entities(text).into_owned();
        }
        Value::List(list) => list.iter_mut().for_each(decode),
        Value::Table(table) => {
            let texts = table.entries.iter_mut();
            let texts = texts.filter(|entry| !ADDRESSES.contains(&entry.key.as_str()));
            texts.for_each(|entry| decode(&mut entry.node));
        }
        Value::Text(_) | Value::Null | Value::Bool(_) | Value::Number(..) | Value::Date(_) => {}
    }
}

/// Whether [`decode`] would change a value.
pub(crate) fn is_decoded(node: &Node) -> bool {
    let mut decoded = node.clone();
    decode(&mut decoded);
    decoded != *node
}

/// The meaning of a space between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spaces {
    /// It separates tags: YAML front matter, as in Jekyll.
    Split,
    /// It is part of a tag.
    Join,
}

impl Spaces {
    /// The rule for this file.
    pub(crate) fn of_file(text: &str) -> Spaces {
        let is_yaml = text.trim_start_matches('\u{feff}').trim_start().starts_with("---");
        if is_yaml { Spaces::Split } else { Spaces::Join }
    }
}

/// The tags in one text, if it holds several: separated by commas of any script, or by spaces as in
/// Jekyll if all letters are lower case (“Middle East” is one tag).
pub(crate) fn split_tags(text: &str, spaces: Spaces) -> Option<Vec<String>> {
    const COMMAS: [char; 4] = [',', '،', '、', '，'];
    let parts: Vec<&str> = if text.contains(COMMAS) {
        text.split(COMMAS).collect()
    } else if spaces == Spaces::Join {
        return None;
    } else {
        let is_small = |word: &str| word.starts_with(|c: char| c.is_lowercase() || c.is_numeric());
        text.split_whitespace().all(is_small).then(|| text.split_whitespace().collect())?
    };
    let tags: Vec<String> =
        parts.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    (tags.len() > 1 || text.contains(COMMAS)).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_split_as_their_generators_do() {
        for (text, tags) in [
            ("a, b", &["a", "b"][..]),
            ("a b", &["a", "b"]),
            ("المال، السوق", &["المال", "السوق"]),
            ("New York,Paris , ", &["New York", "Paris"]),
            ("東京、大阪", &["東京", "大阪"]),
            ("un 2017 talks", &["un", "2017", "talks"]),
        ] {
            assert_eq!(
                split_tags(text, Spaces::Split).as_deref(),
                Some(&tags.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
        assert_eq!(split_tags("a b", Spaces::Join), None);
        for text in ["Middle East", "war", "United nations", ""] {
            assert_eq!(split_tags(text, Spaces::Split), None, "{text}");
        }
    }
}
