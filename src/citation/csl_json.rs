//! CSL-JSON (schema 1.0), which reference managers and CSL processors read.

use serde_json::{Map, Value as Json, json};

use super::{Citation, parts};
use crate::base::date::Date;
use crate::citation::person_names::Name;

/// One item. A CSL-JSON file is a list of items.
pub(crate) fn csl_json(citation: &Citation) -> Json {
    let mut item = json!({
        "id": citation.key,
        "type": "article-newspaper",
        "title": citation.title,
        "container-title": citation.container(),
        "issued": date(citation.date),
        "URL": citation.url,
        "language": citation.language,
        "archive": citation.archive,
    });
    if !citation.authors.is_empty() {
        item["author"] = citation.authors.iter().map(name).collect();
    }
    if let Some(added) = citation.added {
        item["accessed"] = date(added);
    }
    if let Some(original) = &citation.original {
        item["note"] = json!(format!("Original: {}", original.url));
    }
    if let Some(custom) = custom(citation) {
        item["custom"] = custom;
    }
    item
}

/// A file with one item, one property a line.
pub(crate) fn csl_json_file(citation: &Citation) -> String {
    let item = csl_json(citation);
    let properties = item.as_object().into_iter().flatten();
    let lines: Vec<String> =
        properties.map(|(name, value)| format!("    {}: {value}", json!(name))).collect();
    format!("[\n  {{\n{}\n  }}\n]\n", lines.join(",\n"))
}

/// Fields without a name in the schema.
fn custom(citation: &Citation) -> Option<Json> {
    let mut custom = Map::new();
    if let Some(original) = &citation.original {
        custom.insert("original-url".to_owned(), json!(original.url));
    }
    if let Some(memento) = &citation.memento {
        custom.insert("archived-url".to_owned(), json!(memento.url));
        if let Some(date) = memento.date {
            custom.insert("archived-date".to_owned(), json!(date));
        }
    }
    (!custom.is_empty()).then_some(Json::Object(custom))
}

fn name(name: &Name) -> Json {
    match name {
        Name::Literal(text) => json!({ "literal": text }),
        Name::Person { family, given, suffix: None } => {
            json!({ "family": family, "given": given })
        }
        Name::Person { family, given, suffix: Some(suffix) } => {
            json!({ "family": family, "given": given, "suffix": suffix })
        }
    }
}

fn date(date: Date) -> Json {
    json!({ "date-parts": [parts(date)] })
}
