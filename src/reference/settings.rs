//! The chapter about settings: every key of every table, from the schema.

use serde_json::{Map, Value};

use crate::schema;

use super::table::{code, codes, table};

const INTRODUCTION: &str = "# All settings\n\n\
    Every key of `dateline.toml`. Each has a default; [Settings](../settings.md) shows a file that uses \
    them, with the defaults and with explanations.\n";

/// Longer lists of names are omitted.
const MOST_NAMES: usize = 12;

pub(super) fn chapter() -> String {
    let schema = schema::settings();
    let schema = schema.as_value();
    let tables = Tables { schema };
    let top = Table {
        heading: "Before the first table".to_owned(),
        about: "",
        keys: &schema["properties"],
    };
    format!("{INTRODUCTION}{}", tables.section(&top))
}

/// The schema with its named definitions.
struct Tables<'a> {
    schema: &'a Value,
}

/// A table of the settings.
struct Table<'a> {
    /// As written: `[listing]`, `[[nav]]`.
    heading: String,
    about: &'a str,
    keys: &'a Value,
}

impl<'a> Tables<'a> {
    /// A table's own keys, then its tables.
    fn section(&self, table_of: &Table<'a>) -> String {
        let keys: Vec<(&String, &Value)> =
            table_of.keys.as_object().into_iter().flat_map(Map::iter).collect();
        let plain = keys.iter().filter(|(key, value)| self.inner(table_of, key, value).is_none());
        let rows: Vec<_> = plain.map(|(key, value)| self.row(key, value)).collect();
        let mut parts = vec![format!("\n## {}\n", table_of.heading)];
        if !table_of.about.is_empty() {
            parts.push(format!("\n{}\n", table_of.about));
        }
        if !rows.is_empty() {
            parts.push(format!("\n{}", table(["key", "value", "what it means"], rows)));
        }
        let inner = keys.iter().filter_map(|(key, value)| self.inner(table_of, key, value));
        parts.extend(inner.map(|inner| self.section(&inner)));
        parts.concat()
    }

    /// The table at a key, if it is one.
    fn inner(&self, outer: &Table<'_>, key: &str, value: &'a Value) -> Option<Table<'a>> {
        let above = outer.heading.trim_matches(['`', '[', ']']);
        let path =
            if outer.heading.starts_with('`') { format!("{above}.{key}") } else { key.to_owned() };
        let about = description(value);
        let named = value.get("additionalProperties").filter(|value| value.is_object());
        let (heading, keys) = match named {
            Some(inner) => (format!("[{path}.NAME]"), self.keys(inner)?),
            None if has_list(value) => (format!("[[{path}]]"), self.keys(value)?),
            None => (format!("[{path}]"), self.keys(value)?),
        };
        Some(Table { heading: code(&heading), about, keys })
    }

    /// The properties of a table, wherever the schema defines it.
    fn keys(&self, value: &'a Value) -> Option<&'a Value> {
        if let Some(name) = value.get("$ref").and_then(Value::as_str) {
            let definition = self.schema.pointer(name.strip_prefix('#')?)?;
            return definition.get("properties");
        }
        let choices = value.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        let mut inside = value.get("items").into_iter().chain(choices);
        inside.find_map(|choice| self.keys(choice))
    }

    fn row(&self, key: &str, value: &Value) -> [String; 3] {
        [code(key), self.form(value), description(value).to_owned()]
    }

    /// The form of a key's value, in words.
    fn form(&self, value: &Value) -> String {
        if let Some(name) = value.get("$ref").and_then(Value::as_str) {
            let definition = self.schema.pointer(name.trim_start_matches('#'));
            return definition.map_or_else(String::new, |value| self.form(value));
        }
        if let Some(choices) = value.get("enum").or_else(|| value.get("oneOf")) {
            return names(choices);
        }
        if let Some(choices) = value.get("anyOf").and_then(Value::as_array) {
            let is_list = |choice: &&Value| choice.get("type").is_some_and(|kind| kind == "array");
            return match choices.iter().find(is_list) {
                Some(list) => format!("list: {}", self.form(&list["items"])),
                None => choices.first().map_or_else(String::new, |first| self.form(first)),
            };
        }
        let kinds = value.get("type");
        let kind = kinds.and_then(|kinds| kinds.get(0)).or(kinds).and_then(Value::as_str);
        match kind {
            Some("integer") => "number".to_owned(),
            Some("array") => "list".to_owned(),
            Some("object") => "table".to_owned(),
            _ => "text".to_owned(),
        }
    }
}

fn description(value: &Value) -> &str {
    value.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// Whether an array of tables is allowed, as in `[[nav]]`.
fn has_list(value: &Value) -> bool {
    let is_list = value.get("type").is_some_and(|kind| kind == "array");
    let choices = value.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    is_list || choices.into_iter().any(has_list)
}

/// The names of an enum; only the booleans if it also allows their text.
fn names(choices: &Value) -> String {
    let choices: Vec<&Value> = choices.as_array().into_iter().flatten().collect();
    if choices.contains(&&Value::Bool(true)) {
        return codes(["true", "false"]);
    }
    if choices.iter().any(|choice| choice.is_number()) {
        let numbers = choices.iter().filter(|choice| choice.is_number()).map(ToString::to_string);
        return codes(numbers.collect::<Vec<_>>().iter().map(String::as_str));
    }
    let name = |choice: &&'_ Value| {
        choice.as_str().or_else(|| choice.get("const")?.as_str()).map(|name| format!("\"{name}\""))
    };
    let names: Vec<String> = choices.iter().filter_map(name).collect();
    if names.len() > MOST_NAMES {
        return format!("a name, as in {}", code(&names[names.len() / 2]));
    }
    codes(names.iter().map(String::as_str))
}
