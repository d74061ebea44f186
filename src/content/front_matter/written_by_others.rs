//! What other generators write into front matter that means something else as it stands: characters as HTML
//! writes them (`Aren&#8217;t`), and several tags in one text (`tags: a, b`).

use crate::tree::{Node, Value};

/// The keys whose texts readers read, by our names; taxonomies are among them, too.
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

/// Keys inside of those that hold addresses: a `&` there is the address's own.
const ADDRESSES: [&str; 2] = ["url", "src"];

/// Whether readers read what stands under a key.
pub(crate) fn is_read(key: &str) -> bool {
    READ.contains(&key)
}

/// Whether a text holds characters as HTML writes them.
fn is_encoded(text: &str) -> bool {
    text.contains('&') && html_escape::decode_html_entities(text) != text
}

/// Puts the characters themselves in the place of what HTML writes for them, once.
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

/// What a space between two words of one text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spaces {
    /// Two tags: Jekyll's front matter, which is YAML.
    Split,
    /// One tag of two words.
    Join,
}

impl Spaces {
    /// In this file.
    pub(crate) fn of_file(text: &str) -> Spaces {
        let is_yaml = text.trim_start_matches('\u{feff}').trim_start().starts_with("---");
        if is_yaml { Spaces::Split } else { Spaces::Join }
    }
}

/// The tags that one text names, where it names several: between commas of any script, as most generators
/// split them, or between spaces, as Jekyll does, where all of them are in small letters (“Middle East” is one).
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
