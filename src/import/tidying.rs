//! Brings an entry's metadata into a form that a build accepts.
//!
//! Sources have names of languages, invalid addresses and dates in words. Values that fit no key
//! are kept as written below `extra`, and named in the report.

use serde_json::{Map, Value as Json};
use url::Url;

use crate::base::permalink::Permalink;

use super::entry::Entry;

/// English names and three-letter codes (ISO 639-2) of languages, by their tags.
const LANGUAGES: [(&str, &[&str]); 38] = [
    ("ar", &["arabic", "ara"]),
    ("bg", &["bulgarian", "bul"]),
    ("bn", &["bengali", "ben"]),
    ("ca", &["catalan", "cat"]),
    ("cs", &["czech", "cze", "ces"]),
    ("da", &["danish", "dan"]),
    ("de", &["german", "deutsch", "ger", "deu"]),
    ("el", &["greek", "gre", "ell"]),
    ("en", &["english", "eng"]),
    ("es", &["spanish", "español", "castellano", "spa"]),
    ("et", &["estonian", "est"]),
    ("fa", &["persian", "farsi", "per", "fas"]),
    ("fi", &["finnish", "fin"]),
    ("fr", &["french", "français", "fre", "fra"]),
    ("he", &["hebrew", "heb"]),
    ("hi", &["hindi", "hin"]),
    ("hr", &["croatian", "hrv"]),
    ("hu", &["hungarian", "hun"]),
    ("id", &["indonesian", "ind"]),
    ("it", &["italian", "italiano", "ita"]),
    ("ja", &["japanese", "日本語", "jpn"]),
    ("ko", &["korean", "한국어", "kor"]),
    ("lt", &["lithuanian", "lit"]),
    ("lv", &["latvian", "lav"]),
    ("nl", &["dutch", "nederlands", "dut", "nld"]),
    ("no", &["norwegian", "norsk", "nor"]),
    ("pl", &["polish", "polski", "pol"]),
    ("pt", &["portuguese", "português", "por"]),
    ("ro", &["romanian", "rum", "ron"]),
    ("ru", &["russian", "русский", "rus"]),
    ("sk", &["slovak", "slo", "slk"]),
    ("sl", &["slovenian", "slv"]),
    ("sr", &["serbian", "srp"]),
    ("sv", &["swedish", "svenska", "swe"]),
    ("tr", &["turkish", "türkçe", "tur"]),
    ("uk", &["ukrainian", "українська", "ukr"]),
    ("ur", &["urdu", "urd"]),
    ("zh", &["chinese", "中文", "chi", "zho"]),
];

/// Moves values that fit no key below `extra`; returns descriptions of them.
pub(super) fn tidy(entry: &mut Entry) -> Vec<String> {
    let mut aside = Aside { extra: &mut entry.extra, said: Vec::new() };
    if let Some(written) = entry.language.take() {
        entry.language = language(&written);
        if entry.language.is_none() {
            aside.put("language", &written);
        }
    }
    if let Some(written) = entry.original_url.take() {
        if is_web_address(&written) {
            entry.original_url = Some(written);
        } else {
            aside.put("original_url", &written);
        }
    }
    for (key, written) in std::mem::take(&mut entry.unread) {
        aside.put(&key, &written);
    }
    aside.said
}

struct Aside<'a> {
    extra: &'a mut Map<String, Json>,
    said: Vec<String>,
}

impl Aside<'_> {
    fn put(&mut self, key: &str, written: &str) {
        self.said.push(format!("{key}: {written}"));
        if !self.extra.contains_key(key) {
            self.extra.insert(key.to_owned(), Json::from(written));
        }
    }
}

/// The language tag (BCP 47) for a tag, a name or a code.
fn language(written: &str) -> Option<String> {
    let name = written.trim().to_lowercase();
    let named = LANGUAGES.iter().find(|(_, names)| names.contains(&name.as_str()));
    if let Some((tag, _)) = named {
        return Some((*tag).to_owned());
    }
    let tag = written.trim().replace('_', "-");
    tag.parse::<icu_locale::LanguageIdentifier>().is_ok().then_some(tag)
}

fn is_web_address(written: &str) -> bool {
    Url::parse(written).is_ok_and(|address| matches!(address.scheme(), "http" | "https"))
}

/// Whether a build can redirect an old address.
pub(super) fn can_be_alias(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let is_home = path.trim_matches('/').is_empty();
    let is_query = address.contains('?') && is_home;
    let has_odd_query = address
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace() || letter == '*');
    let is_path = || Permalink::from_written(path.trim_end_matches("index.html")).is_ok();
    !has_odd_query && !path.contains('%') && (is_query || is_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_tag_name_and_code() {
        for (written, tag) in [
            ("en_US", "en-US"),
            ("English", "en"),
            ("ger", "de"),
            ("Русский", "ru"),
            ("pt-BR", "pt-BR"),
        ] {
            assert_eq!(language(written).as_deref(), Some(tag));
        }
        assert_eq!(language("English and French"), None);
        assert_eq!(language(""), None);
    }

    #[test]
    fn an_alias_is_a_path_that_every_system_can_hold() {
        assert!(can_be_alias("/2017/01/29/мир/"));
        assert!(can_be_alias("/?p=3"));
        assert!(can_be_alias("/news.php?id=3"));
        assert!(!can_be_alias("/con/"));
        assert!(!can_be_alias("/a%20b/"));
    }

    #[test]
    fn what_no_key_takes_is_kept_below_extra() {
        let mut entry = Entry {
            language: Some("Klingon, spoken".to_owned()),
            original_url: Some("see file".to_owned()),
            unread: vec![("date".to_owned(), "29 enero 2017".to_owned())],
            ..Entry::default()
        };
        let said = tidy(&mut entry);
        assert_eq!(said.len(), 3);
        assert_eq!(entry.extra["date"], "29 enero 2017");
        assert_eq!(entry.extra["original_url"], "see file");
        assert_eq!((entry.language, entry.original_url), (None, None));
    }
}
