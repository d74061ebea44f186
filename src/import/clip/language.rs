//! Detects the language of a text, and compares it with the page's declaration.

use icu_locale::{LanguageIdentifier, LocaleCanonicalizer};
use whatlang::Info;

use super::mark::{Field, Mark};
use crate::import::page::Said;

/// The minimum number of words for detection.
const LEAST: usize = 40;

/// Languages that detection confuses with each other.
const ALIKE: [&[&str]; 5] = [
    &["no", "nb", "nn", "da"],
    &["sr", "hr", "bs", "sh"],
    &["id", "ms"],
    &["cs", "sk"],
    &["es", "gl", "ca", "pt"],
];

/// The language of a text whose page declares `said`.
pub(super) fn of(text: &str, said: Option<&Said<String>>) -> Option<Field<String>> {
    let by_words = by_words(text);
    let Some(said) = said else {
        let tag = by_words?;
        return Some(Field::guessed(tag, "its words", "the page does not say its language"));
    };
    let origin = said.origin.to_string();
    match by_words {
        None => Some(Field::guessed(
            said.value.clone(),
            origin,
            "its words are too few, or of no language that can be told",
        )),
        Some(tag) if is_alike(&tag, &said.value) => Some(Field::sure(said.value.clone(), origin)),
        Some(tag) => {
            let why = format!("the page says {} ({origin})", said.value);
            Some(Field { value: tag, from: "its words".to_owned(), mark: Mark::Review(why) })
        }
    }
}

/// The detected language.
fn by_words(text: &str) -> Option<String> {
    let words = text.split_whitespace().count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    if words < LEAST && letters < LEAST * 5 {
        return None;
    }
    let found = whatlang::detect(text).filter(Info::is_reliable)?;
    short(found.lang().code())
}

/// A two-letter code: `rus` becomes `ru`.
fn short(code: &str) -> Option<String> {
    let mut language: LanguageIdentifier = code.parse().ok()?;
    let mut locale = icu_locale::Locale::from(language.clone());
    if LocaleCanonicalizer::new_extended().canonicalize(&mut locale)
        == icu_locale::TransformResult::Modified
    {
        language = locale.id;
    }
    Some(language.language.as_str().to_owned())
}

fn is_alike(one: &str, other: &str) -> bool {
    let main = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let (one, other) = (main(one), main(other));
    let holds = |group: &&[&str]| group.contains(&one.as_str()) && group.contains(&other.as_str());
    one == other || ALIKE.iter().any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::page::Origin;

    const RUSSIAN: &str = "Переговоры о мире начались в воскресенье утром в старом городе у озера, \
        и министры обеих стран сказали журналистам, что они надеются на скорое соглашение. После \
        обеда делегации встретились снова, чтобы обсудить обмен пленными и открытие дорог, по которым \
        люди смогут вернуться в свои дома до наступления зимы, сообщает корреспондент газеты.";

    fn said(tag: &str) -> Said<String> {
        Said { value: tag.to_owned(), origin: Origin::Html }
    }

    #[test]
    fn codes_are_short() {
        for (long, wanted) in
            [("rus", "ru"), ("eng", "en"), ("cmn", "zh"), ("pes", "fa"), ("nob", "nb")]
        {
            assert_eq!(short(long).as_deref(), Some(wanted), "{long}");
        }
    }

    #[test]
    fn words_count_more_than_what_the_page_says() {
        let field = of(RUSSIAN, Some(&said("ru-RU"))).unwrap();
        assert_eq!((field.value.as_str(), field.mark), ("ru-RU", Mark::None));
        let field = of(RUSSIAN, Some(&said("en"))).unwrap();
        assert_eq!(field.value, "ru");
        assert!(matches!(field.mark, Mark::Review(why) if why.contains("the page says en")));
        let field = of("Short.", Some(&said("de"))).unwrap();
        assert_eq!(field.value, "de");
        assert!(matches!(field.mark, Mark::Review(_)));
        assert_eq!(of("Short.", None), None);
    }
}
