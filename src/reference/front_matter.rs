//! The chapters about front matter and about files of terms: every key, its form, and its description in the schema.

use schemars::Schema;

use crate::schema;
use crate::settings::reading;

use super::table::{code, table};

const INTRODUCTION: &str = "# Front matter\n\n\
    What is known of a report, above its text: between `+++` lines as TOML or between `---` lines as \
    YAML. Only `date` is required, here or at the beginning of the file's name. \
    [Writing](../writing.md#front-matter) tells more.\n";

/// The form of each key's value.
const FORMS: [(&str, &str); 38] = [
    ("title", "text"),
    ("date", r#"`2017-01-29`, `2017-01-29T18:30:00+03:00`, `"2017-01"`, `"2017"`"#),
    ("added", "date"),
    ("updated", "date"),
    ("slug", "text"),
    ("path", "`/a/b/`"),
    ("aliases", "list of addresses"),
    ("id", "a URI"),
    ("outlet", "text"),
    ("original_url", "web address"),
    ("authors", "list of names"),
    ("via", "list of names or `{ name, url }`"),
    ("submitted_by", "list of names"),
    ("dateline", "text"),
    ("kind", "text"),
    ("tags", "list"),
    ("stories", "list"),
    ("summary", "text"),
    ("language", r#"BCP 47, as in `"ar"`"#),
    ("image", "address or `{ src, alt, credit, caption }`"),
    ("picture_sources", "list of `{ file, source, fetched, credit }`"),
    ("archived", "list of `{ url, date, service }`"),
    ("links", "list of `{ url, archived, date, lost }`"),
    ("evidence", "list of `{ file, sha256, received, url, kind }`"),
    ("corrections", "list of `{ date, text, was, now }`"),
    ("withdrawn", "`{ date, kind, reason }`"),
    ("redactions", "list of `{ date, reason, assets }`"),
    ("also", "list of addresses or files"),
    ("translation_of", "address or file"),
    ("translations", "list or table of addresses or files"),
    ("translation_key", "text"),
    ("license", "text"),
    ("rights", "text"),
    ("note", "text"),
    ("canonical", r#"`"self"` or `"original"`"#),
    ("noindex", "`true` or `false`"),
    ("template", "file name"),
    ("draft", "`true` or `false`"),
];

const OF_TERMS: &str = "# Files of terms\n\n\
    What stands above the text of `terms/<taxonomy>/<slug>.md`: see [Terms that mean \
    something](../finding.md#terms-that-mean-something). Every key may be left out.\n";

/// The form of each key's value in a file of a term.
const FORMS_OF_TERMS: [(&str, &str); 7] = [
    ("name", "text"),
    ("names", "table of names by language"),
    ("synonyms", "list"),
    ("sort", "text"),
    ("summary", "text"),
    ("image", "address or `{ src, alt, credit }`"),
    ("links", "list of `{ title, url }`"),
];

pub(super) fn chapter() -> String {
    let (config, _) = reading::read("dateline.toml", "");
    format!("{INTRODUCTION}\n{}", rows(&schema::front_matter(&config), &FORMS))
}

/// The chapter about files of terms.
pub(super) fn of_terms() -> String {
    format!("{OF_TERMS}\n{}", rows(&schema::term(), &FORMS_OF_TERMS))
}

fn rows(schema: &Schema, forms: &[(&str, &str)]) -> String {
    let keys = schema.get("properties").and_then(|keys| keys.as_object()).into_iter().flatten();
    let rows = keys.filter_map(|(key, described)| {
        let form = forms.iter().find(|(known, _)| known == key)?.1;
        let meaning =
            described.get("description").and_then(|text| text.as_str()).unwrap_or_default();
        Some([code(key), form.to_owned(), meaning.to_owned()])
    });
    table(["key", "what to write", "what it means"], rows)
}
