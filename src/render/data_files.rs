//! The archive's `data/`: TOML, JSON and CSV files as values for templates.

use serde_json::{Map, Value as Json};

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::view::value::{Value, serialized};

use super::theme::Theme;

/// All files by name, those of folders by the folder's name; `data/team.toml` is `data.team`.
pub(crate) fn read(theme: &Theme) -> Result<Value, Vec<Diagnostic>> {
    let mut all = Map::new();
    let mut problems = Vec::new();
    for (path, file) in theme.under("data/") {
        let text = String::from_utf8_lossy(&file.bytes);
        let Some((name, extension)) = path.rsplit_once('.') else { continue };
        let read = match extension.to_ascii_lowercase().as_str() {
            "toml" => toml(&text),
            "json" => serde_json::from_str(&text).map_err(|error| error.to_string()),
            "csv" => csv(&text),
            _ => continue,
        };
        match read {
            Ok(value) => place(&mut all, name, value),
            Err(why) => problems.push(
                Diagnostic::stop(Rule::Config, format!("this file is not understood: {why}"))
                    .at(Place::file(&file.origin))
                    .help("mend it, or give it an ending other than .toml, .json and .csv"),
            ),
        }
    }
    if problems.is_empty() { Ok(serialized(&all)) } else { Err(problems) }
}

/// Puts a value below its folders.
fn place(all: &mut Map<String, Json>, name: &str, value: Json) {
    match name.split_once('/') {
        None => {
            all.insert(name.to_owned(), value);
        }
        Some((folder, rest)) => {
            let inner = all.entry(folder).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                place(inner, rest, value);
            }
        }
    }
}

fn toml(text: &str) -> Result<Json, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    serde_json::to_value(table).map_err(|error| error.to_string())
}

/// A list of rows, each a map by the names of the first line.
fn csv(text: &str) -> Result<Json, String> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().map_err(|error| error.to_string())?.clone();
    let row = |record: csv::StringRecord| {
        let cells = heads.iter().zip(&record);
        Json::Object(cells.map(|(head, cell)| (head.to_owned(), Json::from(cell))).collect())
    };
    let rows: Result<Vec<Json>, csv::Error> =
        reader.records().map(|record| record.map(row)).collect();
    rows.map(Json::Array).map_err(|error| error.to_string())
}
