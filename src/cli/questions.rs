//! The questions of `dateline new` on a terminal: one for each missing flag, with completion of the
//! archive's names.

use inquire::autocompletion::{Autocomplete, Replacement};
use inquire::validator::Validation;
use inquire::{CustomUserError, InquireError, Text};

/// The number of names shown at once.
const SHOWN: usize = 7;

/// A question of one line.
pub(super) struct Question<'a> {
    pub(super) words: &'a str,
    /// Help text below it.
    pub(super) help: &'a str,
    /// Names for completion.
    pub(super) known: &'a [String],
}

/// Parses an answer, or says what is wrong with it.
pub(super) type Read<T> = fn(&str) -> Result<T, String>;

impl Question<'_> {
    /// Asks until the answer is valid. An empty answer is `None`.
    pub(super) fn ask<T: 'static>(&self, read: Read<T>) -> Result<Option<T>, InquireError> {
        let check = move |text: &str| match text.trim() {
            "" => Ok(Validation::Valid),
            text => Ok(match read(text) {
                Ok(_) => Validation::Valid,
                Err(why) => Validation::Invalid(why.into()),
            }),
        };
        let text = self.text(Completion::of_one(self.known)).with_validator(check).prompt()?;
        Ok(read(text.trim()).ok().filter(|_| !text.trim().is_empty()))
    }

    /// Asks until there is a valid answer.
    pub(super) fn insist<T: 'static>(&self, read: Read<T>) -> Result<T, InquireError> {
        loop {
            if let Some(answer) = self.ask(read)? {
                return Ok(answer);
            }
        }
    }

    /// Asks for names separated by commas.
    pub(super) fn ask_many(&self) -> Result<Vec<String>, InquireError> {
        let text = self.text(Completion::of_many(self.known)).prompt()?;
        Ok(names(&text))
    }

    fn text(&self, completion: Completion) -> Text<'_, '_> {
        let text = Text::new(self.words).with_page_size(SHOWN).with_autocomplete(completion);
        if self.help.is_empty() { text } else { text.with_help_message(self.help) }
    }
}

/// Completes the name at the cursor.
#[derive(Clone, Debug)]
struct Completion {
    known: Vec<String>,
    takes: Takes,
}

/// Whether a line takes one name or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    One,
    /// Separated by commas.
    Many,
}

/// The end of the first name: a comma outside quotes.
fn first_ends(text: &str) -> usize {
    let begins = text.len() - text.trim_start().len();
    let quoted = text[begins..].strip_prefix('"').and_then(|rest| {
        let after = rest.len() - rest.find('"')? - 1;
        // A quote inside a name does not end it: “Dwayne "The Rock" Johnson”.
        let rest = rest[rest.len() - after..].trim_start();
        (rest.is_empty() || rest.starts_with(',')).then(|| text.len() - rest.len())
    });
    quoted.unwrap_or_else(|| match text[begins..].strip_prefix('"') {
        // Not closed yet: the user is typing it.
        Some(rest) if !rest.contains('"') => text.len(),
        _ => text.find(',').unwrap_or(text.len()),
    })
}

/// The start of the last name.
fn last_begins(text: &str) -> usize {
    let mut at = 0;
    loop {
        let end = at + first_ends(&text[at..]);
        if end == text.len() {
            return at;
        }
        at = end + 1;
    }
}

/// The names of a line.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let (name, after) = rest.split_at(first_ends(rest));
        let name = name.trim();
        let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        let name = inner.unwrap_or(name).trim();
        if !name.is_empty() {
            names.push(name.to_owned());
        }
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None => return names,
        }
    }
}

impl Completion {
    fn of_one(known: &[String]) -> Completion {
        Completion { known: known.to_vec(), takes: Takes::One }
    }

    fn of_many(known: &[String]) -> Completion {
        Completion { known: known.to_vec(), takes: Takes::Many }
    }

    /// Splits off the name at the cursor.
    fn split<'a>(&self, input: &'a str) -> (&'a str, &'a str) {
        let at = match self.takes {
            Takes::One => 0,
            Takes::Many => last_begins(input),
        };
        let (before, typed) = input.split_at(at);
        (before, typed.trim_start())
    }

    /// A name, quoted if necessary.
    fn written(&self, name: &str) -> String {
        let is_cut = self.takes == Takes::Many && name.contains(',');
        if is_cut { format!("\"{name}\"") } else { name.to_owned() }
    }
}

impl Autocomplete for Completion {
    fn get_suggestions(&mut self, input: &str) -> Result<Vec<String>, CustomUserError> {
        let (before, typed) = self.split(input);
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let typed = match self.takes {
            Takes::One => typed.to_lowercase(),
            Takes::Many => typed.trim_start_matches('"').to_lowercase(),
        };
        let space = if before.is_empty() { "" } else { " " };
        let begins = |name: &&String| name.to_lowercase().starts_with(&typed);
        let holds = |name: &&String| name.to_lowercase().contains(&typed) && !begins(name);
        let (first, then) = (self.known.iter().filter(begins), self.known.iter().filter(holds));
        let found = first.chain(then).take(50).map(|name| self.written(name));
        Ok(found.map(|name| format!("{before}{space}{name}")).collect())
    }

    fn get_completion(
        &mut self,
        input: &str,
        highlighted: Option<String>,
    ) -> Result<Replacement, CustomUserError> {
        Ok(highlighted.or_else(|| self.get_suggestions(input).ok()?.into_iter().next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_names_unless_they_stand_between_quotes() {
        for (line, expected) in [
            ("", &[][..]),
            ("Ann, Bob ,, ", &["Ann", "Bob"]),
            ("\"Mao, Zedong\", Ann", &["Mao, Zedong", "Ann"]),
            ("Ann,\"Mao, Zedong\"", &["Ann", "Mao, Zedong"]),
            ("Dwayne \"The Rock\" Johnson, Ann", &["Dwayne \"The Rock\" Johnson", "Ann"]),
            ("\"The Rock\" Johnson, Ann", &["\"The Rock\" Johnson", "Ann"]),
            ("\"Mao, Zed", &["\"Mao, Zed"]),
            ("\"\"", &[]),
        ] {
            assert_eq!(names(line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_with_a_comma_is_completed_between_quotes() {
        let known = ["Mao, Zedong".to_owned(), "Ann".to_owned()];
        let mut many = Completion::of_many(&known);
        let mut suggested = |typed: &str| many.get_suggestions(typed).unwrap_or_default();
        assert_eq!(suggested("mao"), ["\"Mao, Zedong\""]);
        assert_eq!(suggested("Ann, \"mao, z"), ["Ann, \"Mao, Zedong\""]);
        assert_eq!(
            suggested("\"Mao, Zedong\", a"),
            ["\"Mao, Zedong\", Ann", "\"Mao, Zedong\", \"Mao, Zedong\""]
        );
        let mut one = Completion::of_one(&known);
        assert_eq!(one.get_suggestions("mao").unwrap_or_default(), ["Mao, Zedong"]);
    }
}
