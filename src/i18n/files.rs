//! Tests of the built-in theme's language files: each has the keys, placeholders and plurals that
//! its language needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use icu_plurals::PluralCategory;
use toml::{Table, Value};

use super::Language;

/// The languages that the built-in theme speaks.
const SPOKEN: [&str; 24] = [
    "ar", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl",
    "pt-BR", "ru", "sv", "tr", "uk", "ur", "zh-Hans", "zh-Hant",
];

fn text_of(tag: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/gazette/i18n");
    let file = folder.join(format!("{tag}.toml"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A file's values by section and key.
fn values(tag: &str) -> BTreeMap<(String, String), Value> {
    let table: Table = toml::from_str(&text_of(tag)).unwrap_or_else(|error| panic!("{error}"));
    let mut values = BTreeMap::new();
    for (section, value) in table {
        let Value::Table(entries) = value else { panic!("{tag}: {section} is no section") };
        for (key, value) in entries {
            values.insert((section.clone(), key), value);
        }
    }
    values
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// The placeholders of a text, or of the form of a plural that all languages have.
fn placeholders_of(value: &Value) -> BTreeSet<&str> {
    let text = match value {
        Value::Table(forms) => forms.get("other").and_then(Value::as_str),
        other => other.as_str(),
    };
    placeholders(text.unwrap_or_default())
}

fn plural_forms(tag: &str) -> BTreeSet<&'static str> {
    let language = Language::read(tag, &text_of(tag)).unwrap_or_else(|error| panic!("{error}"));
    let rules = language.plurals.unwrap_or_else(|| panic!("{tag} has no plural rules"));
    let name = |category| match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    };
    rules.categories().map(name).collect()
}

#[test]
fn each_language_has_all_keys_and_no_others() {
    let english = values("en");
    for tag in SPOKEN {
        let own = values(tag);
        let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let unknown: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{tag}: {missing:?}, {unknown:?}");
        for (key, value) in &own {
            let model = &english[key];
            assert_eq!(value.type_str(), model.type_str(), "{tag}: {key:?}");
            let length = |value: &Value| value.as_array().map(Vec::len);
            assert_eq!(length(value), length(model), "{tag}: {key:?}");
        }
    }
}

#[test]
fn each_text_has_the_placeholders_of_the_english_one() {
    let english = values("en");
    for tag in SPOKEN {
        for (key, value) in values(tag) {
            let wanted = placeholders_of(&english[&key]);
            assert_eq!(placeholders_of(&value), wanted, "{tag}: {key:?}");
            let Value::Table(forms) = value else { continue };
            for (form, text) in &forms {
                let mut found = placeholders(text.as_str().unwrap_or_default());
                if matches!(form.as_str(), "zero" | "one" | "two") && wanted.contains("n") {
                    found.insert("n");
                }
                assert_eq!(found, wanted, "{tag}: {key:?} {form}");
            }
        }
    }
}

#[test]
fn plurals_have_the_forms_of_their_language() {
    for tag in SPOKEN {
        let wanted = plural_forms(tag);
        for (key, value) in values(tag) {
            let Value::Table(forms) = value else { continue };
            let found: BTreeSet<&str> = forms.keys().map(String::as_str).collect();
            assert_eq!(found, wanted, "{tag}: {key:?}");
        }
    }
}

#[test]
fn the_folder_holds_these_languages_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/gazette/i18n");
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let found: BTreeSet<String> = names.collect();
    let wanted: BTreeSet<String> = SPOKEN.iter().map(|tag| format!("{tag}.toml")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn counted_words_take_the_form_of_their_number() {
    for (tag, forms) in [
        ("pl", ["1 artykuł", "3 artykuły", "5 artykułów", "22 artykuły"]),
        ("cs", ["1 článek", "3 články", "5 článků", "22 článků"]),
        ("uk", ["1 публікація", "3 публікації", "5 публікацій", "22 публікації"]),
        ("he", ["כתבה אחת", "3 כתבות", "5 כתבות", "22 כתבות"]),
        ("iw", ["כתבה אחת", "3 כתבות", "5 כתבות", "22 כתבות"]),
        ("ja", ["記事1件", "記事3件", "記事5件", "記事22件"]),
    ] {
        let file = if tag == "iw" { "he" } else { tag };
        let language =
            Language::read(tag, &text_of(file)).unwrap_or_else(|error| panic!("{error}"));
        let found = [1, 3, 5, 22].map(|n| language.counted("reports", n));
        assert_eq!(found, forms, "{tag}");
    }
}

#[test]
fn dates_are_in_the_order_of_their_language() {
    for (tag, day, month) in [
        ("pl", "29 stycznia 2017", "styczeń 2017"),
        ("el", "29 Ιανουαρίου 2017", "Ιανουάριος 2017"),
        ("cs", "29. ledna 2017", "leden 2017"),
        ("ja", "2017年1月29日", "2017年1月"),
        ("ko", "2017년 1월 29일", "2017년 1월"),
        ("zh-Hant", "2017年1月29日", "2017年1月"),
        ("he", "29 בינואר 2017", "ינואר 2017"),
        ("pt-BR", "29 de janeiro de 2017", "janeiro de 2017"),
    ] {
        let language = Language::read(tag, &text_of(tag)).unwrap_or_else(|error| panic!("{error}"));
        let date = |text: &str| language.date(text.parse().unwrap_or_else(|_| panic!("{text}")));
        assert_eq!((date("2017-01-29").as_str(), date("2017-01").as_str()), (day, month), "{tag}");
    }
}
