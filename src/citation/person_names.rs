//! Authors' names: split into family and given name where that is certain, otherwise unchanged.
//!
//! A wrong guess is a wrong citation. So a name is only split if it is written “Family, Given”, or
//! is clearly a person's name in Latin letters and Western order.

/// An author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Person {
        /// With its particles: “van Beethoven”.
        family: String,
        given: String,
        /// “Jr.”, “III”.
        suffix: Option<String>,
    },
    /// An organisation, a mononym, or a name with unknown order.
    Literal(String),
}

/// Words that occur in names of organisations, not of persons.
const ORGANISATION: &[&str] = &[
    "administration",
    "affairs",
    "agence",
    "agencia",
    "agency",
    "agentur",
    "and",
    "archive",
    "associated",
    "association",
    "authors",
    "board",
    "broadcasting",
    "bureau",
    "center",
    "centre",
    "club",
    "collective",
    "college",
    "commission",
    "committee",
    "company",
    "contributor",
    "contributors",
    "cooperative",
    "corporation",
    "corps",
    "correspondent",
    "correspondents",
    "council",
    "department",
    "desk",
    "directorate",
    "division",
    "editor",
    "editorial",
    "editors",
    "embassy",
    "europe",
    "executive",
    "federation",
    "forum",
    "foundation",
    "gazette",
    "general",
    "government",
    "group",
    "guardian",
    "herald",
    "house",
    "inc",
    "initiative",
    "institute",
    "institution",
    "international",
    "journal",
    "laboratory",
    "lab",
    "league",
    "library",
    "ltd",
    "magazine",
    "media",
    "ministry",
    "mission",
    "museum",
    "national",
    "network",
    "news",
    "newspaper",
    "newsroom",
    "of",
    "office",
    "online",
    "organisation",
    "organization",
    "post",
    "press",
    "program",
    "programme",
    "project",
    "public",
    "radio",
    "redaktion",
    "report",
    "reporter",
    "reporters",
    "research",
    "review",
    "school",
    "science",
    "secretariat",
    "section",
    "service",
    "services",
    "society",
    "space",
    "staff",
    "state",
    "states",
    "studio",
    "team",
    "the",
    "times",
    "tribune",
    "trust",
    "union",
    "united",
    "university",
    "various",
    "watch",
    "wire",
    "writer",
    "writers",
];

/// Particles of family names.
const PARTICLES: &[&str] = &[
    "af", "al", "ap", "av", "bin", "bint", "da", "dal", "dalla", "das", "de", "degli", "dei",
    "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "ibn", "la", "le", "van",
    "ver", "von", "zu", "zum", "zur",
];

const SUFFIXES: &[&str] = &["Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV", "PhD", "MD"];

/// Languages that put the family name first, in Latin letters too.
const FAMILY_FIRST: &[&str] = &["hu", "ja", "km", "ko", "vi", "zh"];

impl Name {
    /// Parses a name in a byline, given the article's language and outlet.
    pub fn read(text: &str, language: &str, outlet: Option<&str>) -> Name {
        let literal = || Name::Literal(text.to_owned());
        let is_outlet = outlet.is_some_and(|outlet| outlet.eq_ignore_ascii_case(text));
        if is_outlet || !is_latin(text) || is_organisation(text) {
            return literal();
        }
        if text.contains(',') {
            return inverted(text).unwrap_or_else(literal);
        }
        let language = language.split('-').next().unwrap_or_default();
        if FAMILY_FIRST.contains(&language) {
            return literal();
        }
        direct(text).unwrap_or_else(literal)
    }

    /// For running text: given name first.
    pub fn direct(&self) -> String {
        match self {
            Name::Literal(text) => text.clone(),
            Name::Person { family, given, suffix } => {
                let suffix = suffix.as_deref().map(|suffix| format!(", {suffix}"));
                format!("{given} {family}{}", suffix.unwrap_or_default())
            }
        }
    }

    /// For alphabetical lists: family name first.
    pub fn inverted(&self) -> String {
        match self {
            Name::Literal(text) => text.clone(),
            Name::Person { family, given, suffix } => {
                let suffix = suffix.as_deref().map(|suffix| format!(", {suffix}"));
                format!("{family}, {given}{}", suffix.unwrap_or_default())
            }
        }
    }
}

fn is_latin(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).all(
        |c| matches!(c, 'A'..='Z' | 'a'..='z' | '\u{00AA}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}'),
    )
}

fn is_organisation(text: &str) -> bool {
    let marked = |c: char| c.is_ascii_digit() || matches!(c, '&' | '/' | '@' | '(' | '|' | '+');
    let mut words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty());
    text.contains(marked)
        || words.any(|word| {
            let word = word.trim_matches('.').to_lowercase();
            ORGANISATION.contains(&word.as_str()) || word.contains("'s") || word.contains("’s")
        })
}

/// “Family, Given”, “Family, Given, Jr.” or “Given Family, Jr.”.
fn inverted(text: &str) -> Option<Name> {
    let mut parts = text.split(',').map(str::trim);
    let (first, second) = (parts.next()?, parts.next()?);
    let third = parts.next();
    if first.is_empty() || second.is_empty() || parts.next().is_some() {
        return None;
    }
    if SUFFIXES.contains(&second) && third.is_none() {
        let Name::Person { family, given, .. } = direct(first)? else { return None };
        return Some(Name::Person { family, given, suffix: Some(second.to_owned()) });
    }
    if third.is_some_and(|third| !SUFFIXES.contains(&third)) {
        return None;
    }
    Some(Name::Person {
        family: first.to_owned(),
        given: second.to_owned(),
        suffix: third.map(str::to_owned),
    })
}

/// “Given Family”: two to five words that can all be parts of a name.
fn direct(text: &str) -> Option<Name> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let suffix = words.pop_if(|word| SUFFIXES.contains(word)).map(str::to_owned);
    if !(2..=5).contains(&words.len()) || !words.iter().all(|word| is_name_word(word)) {
        return None;
    }
    // An acronym is no person's name; two of three letters may be initials: “J. R. R.”.
    if words.iter().any(|word| is_acronym(word)) {
        return None;
    }
    let particle = words[1..words.len() - 1].iter().position(|word| is_particle(word));
    let split = particle.map_or(words.len() - 1, |at| at + 1);
    let (given, family) = (words[..split].join(" "), words[split..].join(" "));
    Some(Name::Person { family, given, suffix })
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

fn is_name_word(word: &str) -> bool {
    let begins = word.chars().next().is_some_and(char::is_uppercase);
    let inside = |c: char| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '‐');
    (begins || PARTICLES.contains(&word) || word.starts_with("d'") || word.starts_with("d’"))
        && word.chars().all(inside)
}

fn is_acronym(word: &str) -> bool {
    word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, language: &str, shown: &str) {
        assert_eq!(Name::read(text, language, Some("Space Weekly")).inverted(), shown);
    }

    #[track_caller]
    fn is_literal(text: &str, language: &str) {
        let name = Name::read(text, language, Some("Space Weekly"));
        assert_eq!(name, Name::Literal(text.to_owned()));
    }

    #[test]
    fn persons_are_taken_apart() {
        reads("Jane Doe", "en", "Doe, Jane");
        reads("Jane Q. Doe", "en", "Doe, Jane Q.");
        reads("Doe, Jane", "en", "Doe, Jane");
        reads("Ludwig van Beethoven", "de", "van Beethoven, Ludwig");
        reads("Oscar de la Hoya", "es", "de la Hoya, Oscar");
        reads("Martin King Jr.", "en", "King, Martin, Jr.");
        reads("Martin King, Jr.", "en", "King, Martin, Jr.");
        reads("Šárka Nováková", "cs", "Nováková, Šárka");
        reads("Máo, Zédōng", "zh", "Máo, Zédōng");
    }

    #[test]
    fn what_may_not_be_a_person_or_may_stand_in_another_order_is_left_whole() {
        for name in ["NASA", "Associated Press", "Jet Propulsion Laboratory", "Space Weekly"] {
            is_literal(name, "en");
        }
        for name in
            ["Staff writer", "Jane Doe and John Roe", "GSA OCIO", "AT&T", "Plato", "News 24"]
        {
            is_literal(name, "en");
        }
        is_literal("Иван Петров", "ru");
        is_literal("毛泽东", "zh");
        is_literal("Mao Zedong", "zh-Hans");
        is_literal("Nagy Imre", "hu");
        is_literal("نجيب محفوظ", "ar");
    }
}
