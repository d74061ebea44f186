//! TOML and YAML as one tree; every key and value has its place in the file.
//!
//! Crates parse both formats, and the result is converted to [`Node`]s; [`fields::Fields`] takes
//! known keys from a table and reports problems. Settings and front matter use the same two steps.

pub(crate) mod fields;
mod json;
mod toml;
mod yaml;

use std::ops::Range;

pub(crate) use self::json::parse as parse_json;
pub(crate) use self::toml::parse as parse_toml;
pub(crate) use self::yaml::parse as parse_yaml;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub value: Value,
    pub range: Range<usize>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// YAML's `null`, or a key without a value.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number with its text: `title: 1984` is also a string.
    Number(f64, String),
    Text(String),
    /// A TOML date, as written.
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

/// Keys and values in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub entries: Vec<Entry>,
    /// Repeated keys with another value; `entries` has the last. Only YAML's top level allows them.
    pub contradictions: Vec<Contradiction>,
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub key: String,
    /// The place of the key.
    pub key_range: Range<usize>,
    pub node: Node,
}

/// A repeated key with another value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contradiction {
    pub key: String,
    /// The place of the repetition.
    pub key_range: Range<usize>,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreeError {
    /// The parser's message.
    pub message: String,
    /// Bytes of the file.
    pub range: Range<usize>,
}

impl Node {
    /// The value as text, if it is a scalar: numbers and dates as written.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(_, text) | Value::Date(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// Whether both are equal, apart from places.
    pub(crate) fn says(&self, other: &Node) -> bool {
        self.to_json() == other.to_json()
    }

    /// The type of the value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
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
    pub(crate) fn to_json(&self) -> serde_json::Value {
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
    pub(crate) fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect()
    }
}
