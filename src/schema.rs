//! JSON Schemas of the front matter and of `dateline.toml`, for editors that complete and check as
//! one types.
//!
//! [`FrontMatter`] and [`Settings`] declare each key in the form in which curators write it; the
//! schemas come from them. The readers are `content::front_matter` and `settings::reading`: the tests
//! of this room hold every key and every value against them, so that neither knows what the other
//! does not. What no pattern can tell stays with the build: a 29 February in the wrong year, an
//! address that is no file's name, a page that does not exist.

pub mod front_matter;
pub mod settings;
#[cfg(test)]
mod tests;
pub mod written;

use front_matter::FrontMatter;
use settings::Settings;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::settings::Config;

/// Draft 7: what the extensions of editors read.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>()
}

/// The schema of `dateline.toml`.
pub fn settings() -> Schema {
    of::<Settings>()
}

/// The schema of an article's front matter, with the taxonomies of an archive's config as keys and
/// its outlets as proposals.
pub fn front_matter(config: &Config) -> Schema {
    let mut schema = of::<FrontMatter>();
    let Some(Value::Object(keys)) = schema.get_mut("properties") else { return schema };
    // Outlets and contributors have keys of other names in an article.
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

/// Both schemas as the files of an archive that editors look for, by path.
pub fn files(config: &Config) -> [(&'static str, String); 2] {
    [
        ("schemas/settings.json", printed(&settings())),
        ("schemas/front-matter.json", printed(&front_matter(config))),
    ]
}

/// A schema as a file has it.
pub fn printed(schema: &Schema) -> String {
    format!("{:#}\n", schema.as_value())
}

fn term_list(tags: &Value, name: &str) -> Value {
    let mut list = tags.clone();
    list["description"] = json!(format!("The {name} it belongs to."));
    list
}
