//! Stems words by language.

use rust_stemmers::{Algorithm, Stemmer};

/// The stemmer of a language; without one, words are their own stems.
pub struct Stems(Option<Stemmer>);

impl Stems {
    /// The stemmer for the primary subtag of a language tag (BCP 47).
    pub fn of(language: &str) -> Stems {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let algorithm = match primary.to_ascii_lowercase().as_str() {
            "ar" => Algorithm::Arabic,
            "da" => Algorithm::Danish,
            "de" => Algorithm::German,
            "el" => Algorithm::Greek,
            "en" => Algorithm::English,
            "es" => Algorithm::Spanish,
            "fi" => Algorithm::Finnish,
            "fr" => Algorithm::French,
            "hu" => Algorithm::Hungarian,
            "it" => Algorithm::Italian,
            "nb" | "nn" | "no" => Algorithm::Norwegian,
            "nl" => Algorithm::Dutch,
            "pt" => Algorithm::Portuguese,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "sv" => Algorithm::Swedish,
            "ta" => Algorithm::Tamil,
            "tr" => Algorithm::Turkish,
            _ => return Stems(None),
        };
        Stems(Some(Stemmer::create(algorithm)))
    }

    /// A folded word's stem.
    pub fn stem<'a>(&self, word: &'a str) -> std::borrow::Cow<'a, str> {
        match &self.0 {
            Some(stemmer) if !word.starts_with(super::words::is_unspaced) => stemmer.stem(word),
            _ => word.into(),
        }
    }
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Stems").field(&self.0.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_its_stem() {
        let stem = |language, word| Stems::of(language).stem(word).into_owned();
        assert_eq!(stem("en-GB", "talks"), stem("en", "talking"));
        assert_eq!(stem("ru", "переговоры"), stem("ru", "переговоров"));
        assert_eq!(stem("ja", "北京"), "北京");
        assert_eq!(stem("xx", "talks"), "talks");
    }
}
