//! Summaries from a paragraph, for lists, feeds and cards.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// The preferred length of a summary, in characters.
const SUMMARY: std::ops::RangeInclusive<usize> = 200..=300;

/// If no sentence ends within [`SUMMARY`], a shorter one of this length is enough.
const SHORT_SUMMARY: usize = 80;

/// Shortens a paragraph: unchanged if short, else up to the end of a sentence near 200 to 300
/// characters, else up to a word, with an ellipsis.
pub fn summary(paragraph: &str, language: &str) -> String {
    let paragraph = paragraph.trim();
    let Some((limit, _)) = paragraph.char_indices().nth(*SUMMARY.end()) else {
        return paragraph.to_owned();
    };
    let within = &paragraph[..limit];
    match sentence_end(paragraph, limit, language) {
        Some(end) => paragraph[..end].trim_end().to_owned(),
        None => format!("{}…", cut_at_word(within)),
    }
}

/// The end of the first sentence that is long enough, else of the longest before it.
fn sentence_end(paragraph: &str, limit: usize, language: &str) -> Option<usize> {
    let mut shorter = None;
    for (count, (at, character)) in paragraph.char_indices().enumerate() {
        if at >= limit {
            break;
        }
        let after = at + character.len_utf8();
        if !is_terminator(character) || !ends_sentence(paragraph, at, character, language) {
            continue;
        }
        let end = after + closing_marks(&paragraph[after..]);
        match count {
            _ if SUMMARY.contains(&count) && end <= limit => return Some(end),
            _ if count >= SHORT_SUMMARY && end <= limit => shorter = Some(end),
            _ => {}
        }
    }
    shorter
}

fn is_terminator(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '؟'
            | '۔'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '．'
            | '।'
            | '॥'
            | '።'
            | '፧'
            | '։'
            | '᙮'
            | '။'
            | '៕'
            | '។'
    )
}

/// Full-width marks end a sentence without a space; a full stop may also belong to an abbreviation,
/// a number or a name.
fn ends_sentence(paragraph: &str, at: usize, mark: char, language: &str) -> bool {
    if !matches!(mark, '.' | '!' | '?' | '…' | '؟' | '۔') {
        return true;
    }
    let rest = &paragraph[at + mark.len_utf8()..];
    let rest = &rest[closing_marks(rest)..];
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    if rest.trim_start().starts_with(char::is_lowercase) {
        return false;
    }
    mark != '.' || !is_abbreviated(&paragraph[..at], language)
}

/// Whether the full stop after this text belongs to an abbreviation.
fn is_abbreviated(before: &str, language: &str) -> bool {
    const TITLES: [&str; 23] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Lt", "Sgt", "Sen", "Rep", "Gov", "St",
        "vs", "No", "Inc", "Jr", "Sr", "Mt", "Nr", "bzw", "им", "тыс",
    ];
    let start = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let word = before.get(start..).unwrap_or(before).trim_start_matches(['(', '"', '“', '«', '„']);
    let is_initial = word.chars().next_back().is_some_and(char::is_uppercase)
        && (word.chars().count() == 1 || word.chars().rev().nth(1) == Some('.'));
    let counts_with_dots = [
        "de", "cs", "sk", "pl", "da", "nb", "nn", "no", "fi", "hu", "et", "lv", "sl", "hr", "sr",
        "tr", "is",
    ]
    .contains(&language.split('-').next().unwrap_or_default());
    let is_ordinal = counts_with_dots
        && !word.is_empty()
        && word.len() <= 2
        && word.bytes().all(|byte| byte.is_ascii_digit());
    is_initial || is_ordinal || TITLES.contains(&word)
}

/// The length of closing quotes and brackets after a sentence.
fn closing_marks(text: &str) -> usize {
    text.find(|character| {
        !matches!(
            character,
            '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）' | '“' | '›'
        )
    })
    .unwrap_or(text.len())
}

/// Cuts after the last word; in scripts without spaces, after a letter with its marks.
fn cut_at_word(text: &str) -> &str {
    const FARTHEST: usize = 40;
    let space = text
        .char_indices()
        .rev()
        .take(FARTHEST)
        .find(|(_, character)| character.is_whitespace())
        .map(|(at, _)| at);
    let end = space.unwrap_or_else(|| {
        let is_letter =
            |character: char| CanonicalCombiningClassMapBorrowed::new().get_u8(character) == 0;
        text.char_indices()
            .rev()
            .find(|&(_, character)| is_letter(character))
            .map_or(text.len(), |(at, _)| at)
    });
    let is_dangling =
        |character: char| character.is_whitespace() || ",;:–—-،、，([“«".contains(character);
    text[..end].trim_end_matches(is_dangling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_end_with_a_sentence() {
        let long = "The U.S. Senate met Gen. Smith on Monday. ".repeat(12);
        let short = summary(&long, "en");
        assert!(short.ends_with("Monday."), "{short}");
        assert!((200..=300).contains(&short.chars().count()));
        assert_eq!(summary("Short. Whole.", "en"), "Short. Whole.");
    }

    #[test]
    fn summaries_know_other_scripts() {
        let chinese = summary(&"北京今天举行了一次重要的会议。".repeat(30), "zh");
        assert!(chinese.ends_with('。') && chinese.chars().count() <= 300);
        let arabic = summary(&"هل وصل الرئيس إلى العاصمة اليوم؟ ".repeat(20), "ar");
        assert!(arabic.ends_with('؟') && arabic.chars().count() >= 200);
        let thai = summary(&"กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย".repeat(20), "th");
        assert!(thai.ends_with('…') && thai.chars().count() <= 301);
        let german =
            "Am 3. Mai traf sich der Rat in der Stadt am 12. Juni ohne Ergebnis und ohne Ende "
                .repeat(8);
        assert!(summary(&german, "de").ends_with('…'));
    }

    #[test]
    fn without_a_sentence_the_cut_is_after_a_word() {
        let cut = summary(&"word ".repeat(100), "en");
        assert!(cut.ends_with("word…"), "{cut}");
        assert!(summary(&"x".repeat(1000), "en").chars().count() <= 301);
    }
}
