//! Detects pages that are not the expected article, such as error pages.

use crate::import::page::Facts;

/// Phrases in headlines of error pages and barriers.
const SIGNS: [&str; 34] = [
    "404",
    "not found",
    "page unavailable",
    "no longer available",
    "doesn't exist",
    "doesn’t exist",
    "does not exist",
    "page introuvable",
    "n'existe pas",
    "n’existe pas",
    "nicht gefunden",
    "existiert nicht",
    "no encontrada",
    "no existe",
    "não encontrada",
    "non trovata",
    "niet gevonden",
    "nie znaleziono",
    "ikke fundet",
    "ikke funnet",
    "hittades inte",
    "bulunamadı",
    "не найдена",
    "не знайдено",
    "δεν βρέθηκε",
    "غير موجودة",
    "یافت نشد",
    "找不到",
    "不存在",
    "見つかりません",
    "찾을 수 없",
    "access denied",
    "just a moment",
    "are you a robot",
];

/// The headline of an error page or barrier: it contains one of the phrases, and the page has
/// little text, no date and no authors.
pub(super) fn standing_in_place(facts: &Facts, words: usize) -> Option<String> {
    let title = &facts.title.as_ref()?.value;
    let lower = title.to_lowercase();
    let is_empty = words < super::FEW_WORDS && facts.date.is_none() && facts.authors.is_none();
    let is_sign = SIGNS.iter().any(|sign| holds(&lower, sign));
    (is_empty && is_sign).then(|| title.clone())
}

/// Whether a text contains a phrase, at word boundaries if the script has spaces.
fn holds(text: &str, sign: &str) -> bool {
    text.match_indices(sign).any(|(at, _)| {
        let ends =
            |letter: Option<char>| letter.is_none_or(|letter| !letter.is_ascii_alphanumeric());
        ends(text[..at].chars().next_back()) && ends(text[at + sign.len()..].chars().next())
    })
}
