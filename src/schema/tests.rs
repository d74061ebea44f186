//! Compares the schemas with the parsers: the same keys, the same values.

use std::collections::BTreeSet;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::content::front_matter;
use crate::content::rules::ReadingRules;
use crate::i18n::Language;
use crate::pipeline::markdown_options;
use crate::settings::{Config, reading};

fn front_matter_schema() -> Value {
    super::of::<super::FrontMatter>().into()
}

fn settings_schema() -> Value {
    super::settings().into()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).unwrap()
}

/// The diagnostics of a report with this front matter. JSON is valid YAML.
fn report(front_matter: &Value) -> Vec<Diagnostic> {
    let (config, _) = reading::read("dateline.toml", "");
    let words = Language::read("en", include_str!("../../themes/gazette/i18n/en.toml")).unwrap();
    let text = format!("---\n{front_matter}\n---\nText.\n");
    let options = markdown_options(&config, &words);
    front_matter::article("content/2017-01-29-a.md", &text, &ReadingRules::new(&config, &options))
        .diagnostics
}

fn config(settings: &Value) -> Vec<Diagnostic> {
    reading::read("dateline.toml", &toml::to_string(settings).unwrap()).1
}

/// Whether the parser accepts it. Patterns can't tell which names are valid addresses.
fn takes(found: &[Diagnostic]) -> bool {
    let is_name = |problem: &&Diagnostic| {
        problem.rule == Rule::BadPath
            || ["taxonomies: ", "the taxonomies ", "the addresses below "]
                .iter()
                .any(|beginning| problem.message.starts_with(beginning))
    };
    found.iter().all(|problem| is_name(&problem))
}

/// The object that a part of a schema describes, wherever it is defined.
fn object<'a>(root: &'a Value, part: &'a Value) -> Option<&'a Value> {
    if part.get("properties").is_some() {
        return Some(part);
    }
    if let Some(name) = part.get("$ref").and_then(Value::as_str) {
        return root.pointer(name.trim_start_matches('#')).and_then(|part| object(root, part));
    }
    let inner = ["items", "additionalProperties"].iter().filter_map(|key| part.get(key));
    let either = part.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    inner.chain(either).find_map(|part| object(root, part))
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object["properties"].as_object().unwrap().keys().map(String::as_str).collect()
}

/// The keys that the parser lists for an unknown key.
fn known(found: &[Diagnostic]) -> BTreeSet<&str> {
    let helps = found.iter().filter_map(|problem| problem.help.as_deref());
    let list = helps.filter_map(|help| help.strip_prefix("remove it, or use one of "));
    list.flat_map(|list| list.split(", ")).collect()
}

const STRANGE: &str = "zzzzzzzzzzzz";

#[test]
fn front_matter_has_the_reader_s_keys_in_every_table() {
    let schema = front_matter_schema();
    assert_eq!(keys(&schema), KNOWN_KEYS.iter().copied().collect());
    for (key, part) in schema["properties"].as_object().unwrap() {
        let found = report(&json!({ "title": "T", key: { STRANGE: 1 } }));
        let known = known(&found);
        let described = object(&schema, part).map(keys).unwrap_or_default();
        assert_eq!(described, known, "{key}");
    }
}

#[test]
fn settings_have_the_reader_s_keys_in_every_table() {
    let schema = settings_schema();
    assert_eq!(keys(&schema), known(&config(&json!({ STRANGE: 1 }))));
    for (key, part) in schema["properties"].as_object().unwrap() {
        let inside = if ["authors", "outlets", "contributors"].contains(&key.as_str()) {
            json!({ "a": { STRANGE: 1 } })
        } else {
            json!({ "name": "places", STRANGE: 1 })
        };
        let found = config(&json!({ key: inside }));
        let described = object(&schema, part).map(keys).unwrap_or_default();
        assert_eq!(described, known(&found), "{key}");
    }
}

/// The keys of a target depend on its kind.
#[test]
fn targets_have_the_reader_s_keys() {
    let schema = settings_schema();
    let deploy = object(&schema, &schema["properties"]["deploy"]).unwrap();
    let described = keys(object(&schema, &deploy["properties"]["targets"]).unwrap());
    let mut read = BTreeSet::new();
    let places = [("bucket", "s3://a/b"), ("folder", "a"), ("rsync", "a:b"), ("git", "a")];
    for (place, value) in places {
        let target = |target: Value| json!({ "deploy": { "targets": { "there": target } } });
        let found = config(&target(json!({ place: value, STRANGE: 1 })));
        read.extend(known(&found).into_iter().chain([place]).map(str::to_owned));
        let good = target(json!({ place: value, "max_deletes": 0, "pages_max_age": "1_000" }));
        agree(&SETTINGS, &good, &config(&good));
        let bad = target(json!({ place: value, "max_deletes": -1 }));
        agree(&SETTINGS, &bad, &config(&bad));
    }
    assert_eq!(read.iter().map(String::as_str).collect::<BTreeSet<_>>(), described);
}

#[test]
fn every_key_is_described_and_reports_in_the_words_of_the_manual() {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let manual = include_str!("../../docs/src/reference/front-matter.md");
    for (key, part) in front_matter_schema()["properties"].as_object().unwrap() {
        let row = manual.lines().find(|line| line.starts_with(&format!("| `{key}` | "))).unwrap();
        let meaning = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        assert_eq!(one_line(part["description"].as_str().unwrap()), meaning, "{key}");
    }
    let schema = settings_schema();
    for (key, part) in schema["properties"].as_object().unwrap() {
        assert!(part["description"].is_string(), "{key}");
        let inner = object(&schema, part).and_then(|table| table["properties"].as_object());
        for (name, part) in inner.into_iter().flatten() {
            assert!(part["description"].is_string(), "{key}.{name}");
        }
    }
}

/// Values of all types, with valid ones for each key and near misses.
fn plain_values() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "words",
        "true",
        "False",
        "2017",
        "2017-01",
        "2017-13",
        "2017-02-30",
        "2017-1-5",
        "2017/01/29",
        "2017-01/29",
        "0000",
        "2017-04-31",
        "2017-01-29T18:30:00Z",
        "2017-01-29 9:30 +03:00",
        "2017-01-29T25:00",
        "2017-01T10:00",
        "29/1/2017",
        "Jan 29, 2017",
        "29 january 2017",
        "Sunday, 29 Jan. 2017 18:30",
        "Sun, 29 Jan 2017 18:30:00 +0300",
        "Sept 5th 2017",
        "Septe 2017",
        "January 2017",
        "April 31, 2017",
        "Janitor 5 2017",
        "5 Jan",
        "Jan 5 2017 25:00",
        "2017-01-29 +0800",
        "lost:original",
        "https://a.example/",
        " http://a.example",
        "https:",
        "https://a.example/?q",
        "ftp://a/",
        "//a.example/",
        "/a/",
        "a/b.md",
        "mailto:a@b.example",
        "javascript:alert(1)",
        "en",
        "pt-BR",
        "zh_Hant",
        "e",
        "four",
        "de-DE-1901",
        "no such tongue",
        "GB",
        "gb",
        "GBR",
        "Europe/Berlin",
        "Mars",
        "self",
        "original",
        "other",
        "court",
        "privacy",
        "sanitise",
        "trust",
        "show",
        "drop",
        "mark",
        "keep",
        "netlify",
        "s3",
        "apa",
        "mla",
        "APA",
        "bibtex",
        "csl",
        "jsonl",
        "/:year/:slug/",
        "/:slug",
        "/:year/",
        "301",
        "303",
        "500",
        "0",
        "-1",
        "1_000",
    ];
    let others = [json!(true), json!(false), json!(0), json!(1), json!(301), json!(303)];
    let numbers = [json!(1984), json!(10_000), json!(-3), json!(1.5)];
    texts.iter().map(|text| json!(text)).chain(others).chain(numbers).collect()
}

const INNER_KEYS: [&str; 24] = [
    "name", "url", "src", "alt", "credit", "caption", "date", "service", "archived", "lost",
    "text", "was", "now", "kind", "reason", "assets", "title", "from", "to", "status", "path",
    "feed", "singular", STRANGE,
];

/// Tables with meaningful keys, which random generation rarely gives.
fn telling_tables() -> Vec<Value> {
    vec![
        json!({ "name": "a", "url": "https://a.example/" }),
        json!({ "src": "a.png", "alt": "A picture" }),
        json!({ "url": "https://a.example/", "date": "2017-02-03" }),
        json!({ "url": "lost:a", "lost": true }),
        json!({ "date": "2017-02-03", "text": "a", "was": "b", "now": "c" }),
        json!({ "date": "2017-02-03", "kind": "court" }),
        json!({ "date": "2017-02-03", "kind": "courts" }),
        json!({ "date": "2017-02-03", "reason": "a", "assets": ["a.png"] }),
        json!({ "date": "", "kind": "court" }),
        json!({ "title": "a", "url": "/a/" }),
        json!({ "title": "a" }),
        json!({ "from": "/a/", "to": "/b/", "status": 302 }),
        json!({ "from": "a", "to": "/b/" }),
        json!({ "from": "/a/", "to": "https://b.example/" }),
        json!({ "summary_length": 100, "distinct": [["a", "b"], ["c", 1]], "lints": { "bare-url": "off" } }),
        json!({ "distinct": [["a"]] }),
        json!({ "lints": { "bare-urls": "off" } }),
        json!({ "lints": { "bare-url": "loud" } }),
        json!({ "name": "places", "singular": "place", "path": "places", "feed": true }),
    ]
}

fn plain() -> impl Strategy<Value = Value> {
    prop::sample::select(plain_values())
}

fn inner_table() -> impl Strategy<Value = Value> {
    let random = prop::collection::btree_map(prop::sample::select(&INNER_KEYS[..]), plain(), 0..4)
        .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    let random = random.prop_map(|map: Map<String, Value>| Value::Object(map));
    let changed =
        (prop::sample::select(telling_tables()), prop::sample::select(&INNER_KEYS[..]), plain())
            .prop_map(|(mut table, key, value)| {
                if table.get(key).is_some() {
                    table[key] = value;
                }
                table
            });
    prop_oneof![random, changed, prop::sample::select(telling_tables())]
}

fn any_value() -> impl Strategy<Value = Value> {
    let item = prop_oneof![3 => plain(), 3 => inner_table(), 1 => Just(json!(["a"]))];
    let list = prop::collection::vec(item, 0..3).prop_map(Value::Array);
    prop_oneof![3 => plain(), 3 => inner_table(), 2 => list]
}

#[track_caller]
fn agree(schema: &Validator, value: &Value, found: &[Diagnostic]) {
    let said: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
    let errors: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert_eq!(takes(found), errors.is_empty(), "{value}\nreader: {said:?}\nschema: {errors:?}");
}

fn front_matter_with(key: &str, value: Value) -> Value {
    let mut whole = json!({ "title": "T" });
    whole[key] = value;
    whole
}

#[test]
fn every_plain_value_of_every_key_is_good_for_both_or_for_neither() {
    let (front, settings) = (front_matter_schema(), settings_schema());
    let (front_check, settings_check) = (validator(&front), validator(&settings));
    let absent = [Value::Null, json!([]), json!([null]), json!({})];
    for value in plain_values().into_iter().chain(absent) {
        for key in keys(&front) {
            let whole = front_matter_with(key, value.clone());
            // An empty headline counts as missing.
            if !(key == "title" && value.is_null()) {
                agree(&front_check, &whole, &report(&whole));
            }
        }
        for key in keys(&settings).into_iter().filter(|_| !value.to_string().contains("null")) {
            let whole = json!({ key: value });
            agree(&settings_check, &whole, &config(&whole));
        }
        for (table, part) in settings["properties"].as_object().unwrap() {
            let Some(described) = object(&settings, part) else { continue };
            let is_keyed = ["authors", "outlets", "contributors"].contains(&table.as_str());
            for key in keys(described).into_iter().filter(|_| !value.to_string().contains("null")) {
                let inner = json!({ key: value });
                let whole = if is_keyed {
                    json!({ table: { "a": inner } })
                } else {
                    json!({ table: inner })
                };
                agree(&settings_check, &whole, &config(&whole));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_is_valid_is_what_the_reader_of_reports_takes(
        key in prop::sample::select(KNOWN_KEYS), value in any_value(),
    ) {
        let whole = front_matter_with(key, value);
        agree(&FRONT_MATTER, &whole, &report(&whole));
    }

    #[test]
    fn what_is_valid_is_what_the_reader_of_settings_takes(
        key in prop::sample::select(&SETTINGS_KEYS[..]), value in any_value(),
    ) {
        let whole = json!({ key: value });
        agree(&SETTINGS, &whole, &config(&whole));
    }
}

static FRONT_MATTER: std::sync::LazyLock<Validator> =
    std::sync::LazyLock::new(|| validator(&front_matter_schema()));
static SETTINGS: std::sync::LazyLock<Validator> =
    std::sync::LazyLock::new(|| validator(&settings_schema()));
const SETTINGS_KEYS: [&str; 13] = [
    "base_url",
    "check",
    "permalink",
    "timezone",
    "language",
    "report_url",
    "taxonomies",
    "nav",
    "redirects",
    "keys",
    "withdrawals",
    "citation",
    "extra",
];

#[test]
fn a_key_of_every_report_is_no_taxonomy() {
    for (name, is_good) in
        [("title", false), (" date ", false), ("tags", true), ("titles", true), ("places", true)]
    {
        let settings = json!({ "taxonomies": [{ "name": name }] });
        assert_eq!(SETTINGS.is_valid(&settings), is_good, "{name}");
        let refuses = |problem: &Diagnostic| problem.message.ends_with("can't be a taxonomy");
        assert_eq!(!config(&settings).iter().any(refuses), is_good, "{name}");
    }
}

#[test]
fn an_archive_s_own_taxonomies_and_outlets_are_proposed() {
    let toml = "[[taxonomies]]\nname = \"places\"\n[outlets.gazette]\nname = \"The Gazette\"\n";
    let (config, _): (Config, _) = reading::read("dateline.toml", toml);
    let schema: Value = super::front_matter(&config).into();
    assert_eq!(schema["properties"]["outlet"]["examples"], json!(["gazette"]));
    assert!(schema["properties"]["places"]["description"].is_string());
    assert!(schema["properties"].get("contributors").is_none());
}
