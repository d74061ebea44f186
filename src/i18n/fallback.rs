//! Which file of words speaks a language: `i18n/zh-Hant.toml` for `zh-TW`, `i18n/he.toml` for
//! `iw`.
//!
//! Tags come from the archive's settings; a theme looks for the files that are named here.

use icu_locale::{LanguageIdentifier, Locale, LocaleCanonicalizer, LocaleExpander};

/// Languages that the built-in theme has in the form of one country only, and that form.
const STAND_INS: [(&str, &str); 1] = [("pt", "pt-BR")];

/// A tag in its canonical form: `he` for `iw`. `None` if it is none of BCP 47.
pub(super) fn canonical(tag: &str) -> Option<Locale> {
    let mut locale: Locale = tag.parse().ok()?;
    LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
    Some(locale)
}

/// Names of files whose words can stand for a language, the nearest first: for `zh-TW` `zh-TW` and
/// `zh-Hant`, for `pt-PT` `pt-PT`, `pt-Latn`, `pt` and `pt-BR`. None is in another script.
pub(crate) fn candidates(tag: &str) -> Vec<String> {
    let mut names = vec![tag.to_owned()];
    let Some(locale) = canonical(tag) else { return names };
    let language = locale.id.language;
    names.push(locale.id.to_string());
    let script = likely_script(&locale.id);
    if let Some(script) = &script {
        names.push(format!("{language}-{script}"));
    }
    if script == likely_script(&LanguageIdentifier::from(language)) {
        names.push(language.to_string());
        let stand_ins = STAND_INS.iter().filter(|(of, _)| *of == language.as_str());
        names.extend(stand_ins.map(|(_, name)| (*name).to_owned()));
    }
    names
}

/// The tag to give to the words of a file that stand for a language: the wanted one, unless the
/// file is of another country.
pub(crate) fn spoken(wanted: &str, name: &str) -> String {
    let region = |tag: &str| canonical(tag).and_then(|locale| locale.id.region);
    match (region(wanted), region(name)) {
        (Some(wanted_region), Some(region)) if wanted_region != region => name.to_owned(),
        _ => wanted.to_owned(),
    }
}

fn likely_script(language: &LanguageIdentifier) -> Option<String> {
    let mut language = language.clone();
    LocaleExpander::new_extended().maximize(&mut language);
    language.script.map(|script| script.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 24] = [
        "ar", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl",
        "pl", "pt-BR", "ru", "sv", "tr", "uk", "ur", "zh-Hans", "zh-Hant",
    ];

    fn file(tag: &str) -> Option<String> {
        candidates(tag).into_iter().find(|name| FILES.contains(&name.as_str()))
    }

    #[test]
    fn each_tag_finds_the_words_of_its_language_in_its_script() {
        for (tag, wanted) in [
            ("de-AT", "de"),
            ("en-GB", "en"),
            ("pt", "pt-BR"),
            ("pt-BR", "pt-BR"),
            ("pt-br", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-Hans-HK", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-MO", "zh-Hant"),
            ("zh-Hant", "zh-Hant"),
            ("cmn", "zh-Hans"),
            ("iw", "he"),
            ("iw-IL", "he"),
            ("in", "id"),
            ("fa-AF", "fa"),
            ("ur-PK", "ur"),
        ] {
            assert_eq!(file(tag).as_deref(), Some(wanted), "{tag}");
        }
    }

    #[test]
    fn no_words_stand_for_another_language_or_another_script() {
        for tag in ["nb", "no", "nn", "yue", "da", "ps", "hi-Latn", "uk-Latn", "tlh", "x", ""] {
            assert_eq!(file(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_file_of_the_wanted_tag_comes_first() {
        for tag in ["zh-TW", "pt-PT", "iw", "de-AT"] {
            assert_eq!(candidates(tag).first().map(String::as_str), Some(tag));
        }
        let portuguese = candidates("pt-PT");
        let place = |name: &str| portuguese.iter().position(|other| other == name);
        assert!(place("pt").is_some() && place("pt") < place("pt-BR"), "{portuguese:?}");
    }

    #[test]
    fn words_of_another_country_say_which_they_are() {
        for (wanted, name, tag) in [
            ("pt-PT", "pt-BR", "pt-BR"),
            ("pt", "pt-BR", "pt"),
            ("pt-BR", "pt-BR", "pt-BR"),
            ("zh-TW", "zh-Hant", "zh-TW"),
            ("de-AT", "de", "de-AT"),
            ("iw", "he", "iw"),
        ] {
            assert_eq!(spoken(wanted, name), tag, "{wanted}");
        }
    }
}
