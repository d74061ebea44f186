//! JSON Schemas of front matter and `dateline.toml`, for completion and validation in editors.
//!
//! [`FrontMatter`] and [`Settings`] declare each key in its written form; the schemas are derived
//! from them. The parsers are `content::front_matter` and `settings::reading`: tests in this room
//! compare all keys and values with them. The build checks what patterns can't: dates such as 29
//! February, invalid file names, missing pages.

pub mod front_matter;
pub mod settings;
pub mod term;
#[cfg(test)]
mod tests;
pub mod written;

use front_matter::FrontMatter;
use settings::Settings;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::settings::Config;

/// Draft 7, which editor extensions support.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>()
}

/// The schema of `dateline.toml`.
pub fn settings() -> Schema {
    of::<Settings>()
}

/// The schema of what stands above a file of `terms/`.
pub fn term() -> Schema {
    of::<term::Term>()
}

/// The schema of front matter, with an archive's taxonomies as keys and its outlets as suggestions.
pub fn front_matter(config: &Config) -> Schema {
    let mut schema = of::<FrontMatter>();
    let Some(Value::Object(keys)) = schema.get_mut("properties") else { return schema };
    // Articles name outlets and contributors by other keys.
    let others = |name: &&str| !["outlets", "contributors"].contains(name);
    let taxonomies = config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
    if let Some(tags) = keys.get("tags").cloned() {
        for name in taxonomies.filter(others) {
            keys.entry(name).or_insert_with(|| term_list(&tags, name));
        }
    }
    if let Some(Value::Object(outlet)) = keys.get_mut("outlet")
        && !config.outlets.is_empty()
    {
        outlet.insert("examples".to_owned(), config.outlets.keys().cloned().collect());
    }
    schema
}

/// Both schemas as files at the paths where editors look for them.
pub fn files(config: &Config) -> [(&'static str, String); 2] {
    [
        ("schemas/settings.json", printed(&settings())),
        ("schemas/front-matter.json", printed(&front_matter(config))),
    ]
}

/// A schema as text.
pub fn printed(schema: &Schema) -> String {
    format!("{:#}\n", schema.as_value())
}

fn term_list(tags: &Value, name: &str) -> Value {
    let mut list = tags.clone();
    list["description"] = json!(format!("The {name} it belongs to."));
    list
}
