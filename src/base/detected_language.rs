//! The language of a text by its words.
//!
//! Takes plain text; used where a page or a report says its language, to see whether it is so.

use std::sync::LazyLock;

use icu_locale::{LanguageIdentifier, Locale, LocaleCanonicalizer, TransformResult};
use whatlang::{Info, Lang};

/// Fewer words say too little.
const FEWEST_WORDS: usize = 40;

/// More characters than these say nothing new.
const MOST_CHARACTERS: usize = 4_000;

/// Languages that words do not tell apart reliably.
const ALIKE: [&[&str]; 5] = [
    &["no", "nb", "nn", "da"],
    &["sr", "hr", "bs", "sh"],
    &["id", "ms"],
    &["cs", "sk"],
    &["es", "gl", "ca", "pt"],
];

/// The languages that can be detected, by their primary subtags.
static KNOWN: LazyLock<Vec<String>> =
    LazyLock::new(|| Lang::all().iter().filter_map(|lang| primary_of_code(lang.code())).collect());

/// A language, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Detected {
    /// Primary subtag (BCP 47).
    pub(crate) tag: String,
    /// From 0 to 1.
    pub(crate) confidence: f64,
}

/// The language of a text; `None` for a short text, or one whose language is not sure.
pub(crate) fn detect(text: &str) -> Option<Detected> {
    let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let words = text.split_whitespace().count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    if words < FEWEST_WORDS && letters < FEWEST_WORDS * 5 {
        return None;
    }
    let found = whatlang::detect(text).filter(Info::is_reliable)?;
    let tag = primary_of_code(found.lang().code())?;
    Some(Detected { tag, confidence: found.confidence() })
}

/// Whether a language can be detected at all.
pub(crate) fn can_detect(tag: &str) -> bool {
    KNOWN.contains(&primary(tag))
}

/// Whether two tags name one language, or two that words do not tell apart.
pub(crate) fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (primary(one), primary(other));
    let holds = |group: &&[&str]| group.contains(&one.as_str()) && group.contains(&other.as_str());
    one == other || ALIKE.iter().any(holds)
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// A code of ISO 639-3 as a primary subtag: `rus` as `ru`.
fn primary_of_code(code: &str) -> Option<String> {
    let mut language: LanguageIdentifier = code.parse().ok()?;
    let mut locale = Locale::from(language.clone());
    if LocaleCanonicalizer::new_extended().canonicalize(&mut locale) == TransformResult::Modified {
        language = locale.id;
    }
    Some(language.language.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short() {
        for (long, wanted) in
            [("rus", "ru"), ("eng", "en"), ("cmn", "zh"), ("pes", "fa"), ("nob", "nb")]
        {
            assert_eq!(primary_of_code(long).as_deref(), Some(wanted), "{long}");
        }
        assert!(can_detect("en-GB") && !can_detect("eu"));
    }
}
