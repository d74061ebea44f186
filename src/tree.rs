//! TOML and YAML as one tree whose every key and value knows its place in the file.
//!
//! Both formats are parsed by their crates and turned into [`Node`]s; [`fields::Fields`] then takes
//! known keys out of a table and says what is wrong with them. The config and the front matter
//! are read through the same two steps.

pub mod fields;
mod json;
mod toml;
mod yaml;

use std::ops::Range;

pub use self::json::parse as parse_json;
pub use self::toml::parse as parse_toml;
pub use self::yaml::parse as parse_yaml;

/// A value and where it stands, in bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands.
    pub range: Range<usize>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// YAML's `null`, or a key with nothing after it.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, and how it was written: `title: 1984` is a text as much as a number.
    Number(f64, String),
    /// A text.
    Text(String),
    /// A TOML date, as written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Keys and values in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries, each key once.
    pub entries: Vec<Entry>,
    /// Keys that stood before with another value; `entries` has the last. Only the outermost table of
    /// YAML lets them pass, for it alone is read key by key.
    pub contradictions: Vec<Contradiction>,
    /// Where the table stands.
    pub range: Range<usize>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_range: Range<usize>,
    /// Its value.
    pub node: Node,
}

/// A key that says another thing than it said before.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// The key.
    pub key: String,
    /// Where it stands again.
    pub key_range: Range<usize>,
}

/// Why a text is no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeError {
    /// In the parser's words.
    pub message: String,
    /// Bytes of the file.
    pub range: Range<usize>,
}

impl Node {
    /// The value as text, where it is one: numbers and dates count as they were written.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(_, text) | Value::Date(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// Whether both say the same, wherever they stand.
    pub fn says(&self, other: &Node) -> bool {
        self.to_json() == other.to_json()
    }

    /// What kind of value it is, in a user's words.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(..) => "a number",
            Value::Text(_) => "a text",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value as JSON, for templates.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number, text) => text
                .parse::<i64>()
                .map_or_else(|_| serde_json::Value::from(*number), serde_json::Value::from),
            Value::Text(text) | Value::Date(text) => text.as_str().into(),
            Value::List(list) => list.iter().map(Node::to_json).collect(),
            Value::Table(table) => serde_json::Value::Object(table.to_json()),
        }
    }
}

impl Table {
    /// The table as JSON, for templates.
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect()
    }
}
