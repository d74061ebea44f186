//! Detects the language of a text, and compares it with the page's declaration.

use super::mark::{Field, Mark};
use crate::base::detected_language::{detect, is_alike};
use crate::import::page::Said;

/// The language of a text whose page declares `said`.
pub(super) fn of(text: &str, said: Option<&Said<String>>) -> Option<Field<String>> {
    let by_words = detect(text).map(|found| found.tag);
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
