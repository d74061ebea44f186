//! English headlines in title case, for Chicago and MLA.
//!
//! The rule of CSL 1.0.2: short articles, conjunctions and prepositions stay lower case; a word
//! with a capital is unchanged, as it may be a name.

/// Words in lower case inside a title (CSL 1.0.2, “Title Case Conversion”).
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of",
    "on", "onto", "or", "over", "so", "the", "till", "to", "up", "via", "with", "yet",
];

pub(crate) fn title_case(title: &str) -> String {
    let shouts = !title.chars().any(char::is_lowercase);
    let last = title.split_whitespace().count().saturating_sub(1);
    let mut opens = true;
    let mut words = Vec::new();
    for (at, word) in title.split_whitespace().enumerate() {
        let place = if opens || at == last { Place::Edge } else { Place::Middle };
        words.push(cased(word, place, shouts));
        opens = word.ends_with([':', '?', '!']) || is_sentence_end(word);
    }
    words.join(" ")
}

/// The position of a word: at the edge of a title or sentence every word is capitalised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Edge,
    Middle,
}

/// “U.S. of” continues a sentence; “ends. The” does not.
fn is_sentence_end(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(|word| !word.contains('.') && word.chars().count() > 3)
}

/// Capitalises a word, each part between hyphens separately. Web addresses are unchanged.
fn cased(word: &str, place: Place, shouts: bool) -> String {
    if word.contains("://") || word.contains('@') || is_domain(word) {
        return word.to_owned();
    }
    let parts: Vec<&str> = word.split('-').collect();
    let cased: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| part_cased(part, if at == 0 { place } else { Place::Middle }, shouts))
        .collect();
    cased.join("-")
}

/// `login.gov`: lower-case letters on both sides of a dot.
fn is_domain(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.split_once('.').is_some_and(|(name, rest)| {
        name.chars().count() > 1 && rest.len() > 1 && rest.chars().all(|c| c.is_ascii_lowercase())
    })
}

fn part_cased(part: &str, place: Place, shouts: bool) -> String {
    let letters: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
    let small = letters.to_lowercase();
    if place == Place::Middle && SMALL.contains(&small.as_str()) {
        let whole_capitals = letters.chars().count() > 1 && letters == letters.to_uppercase();
        return if whole_capitals && !shouts { part.to_owned() } else { part.to_lowercase() };
    }
    if shouts {
        return capitalised(&part.to_lowercase());
    }
    if letters.chars().any(char::is_uppercase) { part.to_owned() } else { capitalised(part) }
}

/// Capitalises the first letter, after quotation marks and brackets. “21st” does not start with a
/// letter and is unchanged; so are `/developer` and `&amp;`, which are not words.
fn capitalised(word: &str) -> String {
    let inner = word.trim_start_matches(['"', '\'', '“', '‘', '«', '(', '[', '{']);
    let (before, mut letters) = (&word[..word.len() - inner.len()], inner.chars());
    let first = letters.next().map(char::to_uppercase);
    before.chars().chain(first.into_iter().flatten()).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stay_small_and_names_as_they_are() {
        for (title, cased) in [
            ("Talks on the new era: the end of it", "Talks on the New Era: The End of It"),
            ("iPhone, eBay and NASA’s rover", "iPhone, eBay and NASA’s Rover"),
            ("A state-of-the-art go-to", "A State-of-the-Art Go-to"),
            ("THE EAGLE HAS LANDED IN THE SEA", "The Eagle Has Landed in the Sea"),
            ("Who is it for? the public", "Who Is It for? The Public"),
            ("What login.gov is for", "What login.gov Is For"),
            ("the 21st “century” begins", "The 21st “Century” Begins"),
            ("Left OR right", "Left OR Right"),
            ("our /developer page", "Our /developer Page"),
            ("a column — and more", "A Column — and More"),
        ] {
            assert_eq!(title_case(title), cased);
        }
    }
}
