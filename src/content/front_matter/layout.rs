//! Where the front matter of a file stands, and in which form it is written.
//!
//! Between fences it is TOML (`+++`) or YAML (`---`). Others write it otherwise, and it is read as they wrote
//! it: Hexo without the opening fence, Hugo as a JSON object, Pelican as lines such as `Title: …` up to
//! the first blank one.

use std::borrow::Cow;
use std::ops::Range;

use crate::tree::{self, Entry, Node, Table, TreeError, Value};

/// The format of a front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    /// `+++`
    Toml,
    /// `---`
    Yaml,
    /// `{ … }`
    Json,
    /// `Title: …`
    Lines,
}

impl Fence {
    /// What messages call it.
    pub fn language(self) -> &'static str {
        match self {
            Fence::Toml => "TOML",
            Fence::Yaml => "YAML",
            Fence::Json => "JSON",
            Fence::Lines => "front matter",
        }
    }

    /// A line of it.
    pub fn line(self, key: &str, value: &str) -> String {
        match self {
            Fence::Toml => format!("{key} = {value}"),
            Fence::Yaml => format!("{key}: {value}"),
            Fence::Json => format!("\"{key}\": {value},"),
            Fence::Lines => format!("{key}: {}", value.trim_matches('"')),
        }
    }

    /// A table of texts and dates within a line.
    pub fn table(self, entries: &[(&str, &str)]) -> String {
        let written: Vec<String> = entries
            .iter()
            .map(|(key, value)| match self {
                Fence::Toml => format!("{key} = {value}"),
                Fence::Yaml | Fence::Lines => format!("{key}: {value}"),
                Fence::Json => format!("\"{key}\": {value}"),
            })
            .collect();
        format!("{{ {} }}", written.join(", "))
    }
}

/// The parts of a content file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The text between the fences, if there is front matter.
    pub front_matter: Option<(Fence, Range<usize>)>,
    /// The start of the body.
    pub body_start: usize,
}

/// The place of an opening fence without a closing one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclosed(pub Range<usize>);

/// Finds the front matter of a file.
pub fn layout(text: &str) -> Result<Layout, Unclosed> {
    let top = text.len() - text.trim_start_matches('\u{feff}').len();
    // Other generators allow empty lines before front matter.
    let start = text.len() - text[top..].trim_start_matches(['\n', '\r', ' ', '\t']).len();
    let first = text[start..].lines().next().unwrap_or_default().trim_end();
    let is_indented = !text[top..start].ends_with('\n') && start > top;
    let bare = Layout { front_matter: None, body_start: top };
    let fence = match first {
        "+++" if !is_indented => Fence::Toml,
        "---" if !is_indented => Fence::Yaml,
        _ if is_indented => return Ok(bare),
        _ => return Ok(unfenced(text, start).unwrap_or(bare)),
    };
    let inner_start = start + text[start..].find('\n').map_or(text.len() - start, |at| at + 1);
    match closing_fence(text, inner_start, fence) {
        Some((inner_end, body_start)) => {
            Ok(Layout { front_matter: Some((fence, inner_start..inner_end)), body_start })
        }
        // A horizontal rule, not the start of front matter.
        None if start > top => Ok(bare),
        None => Err(Unclosed(start..start + first.len())),
    }
}

/// The end of the inner text and the start of the body.
fn closing_fence(text: &str, start: usize, fence: Fence) -> Option<(usize, usize)> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let next = at + line.len();
        let closes = match fence {
            Fence::Toml => line.trim_end() == "+++",
            _ => matches!(line.trim_end(), "---" | "..."),
        };
        if closes {
            return Some((at, next));
        }
        at = next;
    }
    None
}

/// Front matter that no fence opens.
fn unfenced(text: &str, start: usize) -> Option<Layout> {
    json(text, start).or_else(|| unopened(text, start)).or_else(|| lines(text, start))
}

/// An object of JSON. A broken one is front matter all the same, up to the line that closes it.
fn json(text: &str, start: usize) -> Option<Layout> {
    let rest = text[start..].strip_prefix('{')?.trim_start();
    if !rest.starts_with(['"', '}']) {
        return None;
    }
    let mut objects =
        serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde::de::IgnoredAny>();
    let is_whole = objects.next().is_some_and(|object| object.is_ok());
    let broken_end = || text[start..].find("\n}").map_or(text.len() - start, |at| at + 2);
    let end = start + if is_whole { objects.byte_offset() } else { broken_end() };
    let body_start = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
    if !text[end..body_start].trim().is_empty() {
        return None;
    }
    Some(Layout { front_matter: Some((Fence::Json, start..end)), body_start })
}

/// The key at the beginning of a line that may be one of front matter.
fn key(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(is_word);
    let is_apart = value.is_empty() || value.starts_with([' ', '\t', '\r']);
    (is_key && is_apart).then_some(key)
}

/// YAML that is closed by a fence and opened by none.
fn unopened(text: &str, start: usize) -> Option<Layout> {
    let mut at = start;
    let mut says = false;
    for line in text[start..].split_inclusive('\n') {
        let next = at + line.len();
        let bare = line.trim_end();
        if bare.len() >= 3 && bare.bytes().all(|byte| byte == b'-') {
            let front_matter = Some((Fence::Yaml, start..at));
            return says.then_some(Layout { front_matter, body_start: next });
        }
        let is_inside = at > start && (bare.starts_with([' ', '\t', '#']) || is_item(bare));
        match key(bare) {
            Some(key) => says |= matches!(key, "title" | "date"),
            None if is_inside => {}
            None => return None,
        }
        at = next;
    }
    None
}

fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

/// Keys of which one has to stand beside the title: a text may well begin with “Title: …”.
const BESIDE_TITLE: [&str; 10] = [
    "date", "slug", "category", "tags", "author", "authors", "summary", "status", "modified",
    "lang",
];

/// Lines of `Key: value` up to a blank one.
fn lines(text: &str, start: usize) -> Option<Layout> {
    let mut at = start;
    let (mut has_title, mut has_more) = (false, false);
    let mut end = text.len();
    for line in text[start..].split_inclusive('\n') {
        if line.trim().is_empty() {
            end = at;
            break;
        }
        match key(line.trim_end()).map(str::to_ascii_lowercase) {
            Some(key) => {
                has_title |= key == "title";
                has_more |= BESIDE_TITLE.contains(&key.as_str());
            }
            None if at > start && line.starts_with("    ") => {}
            None => return None,
        }
        at += line.len();
    }
    if !has_title || !has_more {
        return None;
    }
    let body_start = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
    Some(Layout { front_matter: Some((Fence::Lines, start..end)), body_start })
}

/// Parses front matter that begins at a byte of its file.
pub(crate) fn parse(fence: Fence, text: &str, start: usize) -> Result<Table, TreeError> {
    match fence {
        Fence::Toml => tree::parse_toml(text, start),
        Fence::Yaml => tree::parse_yaml(text, start),
        Fence::Json => tree::parse_json(text, start),
        Fence::Lines => Ok(parse_lines(text, start)),
    }
}

fn parse_lines(text: &str, start: usize) -> Table {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = start;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        match (key(bare), entries.last_mut()) {
            (Some(key), _) => {
                let value = bare[key.len() + 1..].trim();
                let value_start = at + bare.len() - bare[key.len() + 1..].trim_start().len();
                entries.push(Entry {
                    key: key.to_ascii_lowercase(),
                    key_range: at..at + key.len(),
                    node: Node {
                        value: Value::Text(value.to_owned()),
                        range: value_start..value_start + value.len(),
                    },
                });
            }
            (None, Some(Entry { node: Node { value: Value::Text(text), range }, .. })) => {
                let glue = if text.is_empty() { "" } else { " " };
                *text = format!("{text}{glue}{}", bare.trim());
                range.end = at + bare.len();
            }
            (None, _) => {}
        }
        at += line.len();
    }
    // Of a key that stands there twice the last counts, as in its generator.
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        kept.retain(|earlier| earlier.key != entry.key);
        kept.push(entry);
    }
    Table { entries: kept, contradictions: Vec::new(), range: start..start + text.len() }
}

/// The file with its front matter in YAML between fences, for those who add to it; as it is where it is in a
/// form that can be added to.
pub fn as_yaml(text: &str) -> Cow<'_, str> {
    let Ok(Layout { front_matter: Some((fence, inner)), body_start }) = layout(text) else {
        return Cow::Borrowed(text);
    };
    if matches!(fence, Fence::Toml | Fence::Yaml) {
        return Cow::Borrowed(text);
    }
    let Ok(table) = parse(fence, &text[inner.clone()], inner.start) else {
        return Cow::Borrowed(text);
    };
    let line = |entry: &Entry| format!("{}: {}\n", entry.key, entry.node.to_json());
    let lines: String = table.entries.iter().map(line).collect();
    format!("{}---\n{lines}---\n{}", &text[..inner.start], &text[body_start..]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Fence, &str, &str)> {
        let layout = layout(text).ok()?;
        let (fence, inner) = layout.front_matter?;
        Some((fence, &text[inner], &text[layout.body_start..]))
    }

    #[test]
    fn front_matter_is_found_in_every_form() {
        for (text, wanted) in [
            ("---\na: b\n---\nx", Some((Fence::Yaml, "a: b\n", "x"))),
            (
                "title: T\ndate: 2017-01-29\n---\nx",
                Some((Fence::Yaml, "title: T\ndate: 2017-01-29\n", "x")),
            ),
            (
                "title: T\ntags:\n- a\n  - b\n---\nx",
                Some((Fence::Yaml, "title: T\ntags:\n- a\n  - b\n", "x")),
            ),
            ("{\n \"title\": \"T\"\n}\n\nx", Some((Fence::Json, "{\n \"title\": \"T\"\n}", "\nx"))),
            ("{\n \"title\": T\n}\nx", Some((Fence::Json, "{\n \"title\": T\n}", "x"))),
            (
                "Title: T\nDate: 2017-01-29\n\nx",
                Some((Fence::Lines, "Title: T\nDate: 2017-01-29\n", "x")),
            ),
            (
                "Title: T\nSummary: a\n    b\n\nx",
                Some((Fence::Lines, "Title: T\nSummary: a\n    b\n", "x")),
            ),
            ("Title: T\nDate: 2017-01-29", Some((Fence::Lines, "Title: T\nDate: 2017-01-29", ""))),
            // Texts that only begin like it.
            ("Title: of what?\n\nx", None),
            ("Note: this\n---\nx", None),
            ("A heading\n---\nx", None),
            ("title: a text\nthat goes on\n---\nx", None),
            ("{{< a >}}\n\nx", None),
            ("{ \"a\": 1 } is an object\n", None),
            ("{: .a}\nx", None),
            ("http://x.example/\ndate: 2017\n---\n", None),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_others_wrote_can_be_added_to() {
        let text = "{\"title\": \"A: “b”\", \"tags\": [\"a\", \"b\"]}\nx";
        assert_eq!(as_yaml(text), "---\ntitle: \"A: “b”\"\ntags: [\"a\",\"b\"]\n---\nx");
        assert_eq!(
            as_yaml("Title: A\nDate: 2017-01-29\n\nx"),
            "---\ntitle: \"A\"\ndate: \"2017-01-29\"\n---\nx"
        );
        assert_eq!(as_yaml("---\na: b\n---\nx"), "---\na: b\n---\nx");
    }
}
