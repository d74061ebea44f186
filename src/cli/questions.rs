//! What `dateline new` asks on a terminal: one line for each answer that no flag gave, with the
//! names that the archive knows to choose from.

use inquire::autocompletion::{Autocomplete, Replacement};
use inquire::validator::Validation;
use inquire::{CustomUserError, InquireError, Text};

/// How many names are shown at once.
const SHOWN: usize = 7;

/// A question of one line.
pub(super) struct Question<'a> {
    /// What is asked.
    pub(super) words: &'a str,
    /// Said below it.
    pub(super) help: &'a str,
    /// Names to choose from.
    pub(super) known: &'a [String],
}

/// Reads what was typed, or says what is wrong with it.
pub(super) type Read<T> = fn(&str) -> Result<T, String>;

impl Question<'_> {
    /// Asks until the answer can be read. An empty one counts as none.
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

    /// The same for an answer that there must be.
    pub(super) fn insist<T: 'static>(&self, read: Read<T>) -> Result<T, InquireError> {
        loop {
            if let Some(answer) = self.ask(read)? {
                return Ok(answer);
            }
        }
    }

    /// Asks for names with commas between them.
    pub(super) fn ask_many(&self) -> Result<Vec<String>, InquireError> {
        let text = self.text(Completion::of_many(self.known)).prompt()?;
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        Ok(names.map(str::to_owned).collect())
    }

    fn text(&self, completion: Completion) -> Text<'_, '_> {
        let text = Text::new(self.words).with_page_size(SHOWN).with_autocomplete(completion);
        if self.help.is_empty() { text } else { text.with_help_message(self.help) }
    }
}

/// Completes the name that is being typed.
#[derive(Clone, Debug)]
struct Completion {
    known: Vec<String>,
    separator: Option<char>,
}

impl Completion {
    fn of_one(known: &[String]) -> Completion {
        Completion { known: known.to_vec(), separator: None }
    }

    fn of_many(known: &[String]) -> Completion {
        Completion { known: known.to_vec(), separator: Some(',') }
    }

    /// What stands before the name that is being typed, and that name.
    fn split<'a>(&self, input: &'a str) -> (&'a str, &'a str) {
        let at = self.separator.and_then(|separator| input.rfind(separator));
        let (before, typed) = input.split_at(at.map_or(0, |at| at + 1));
        (before, typed.trim_start())
    }
}

impl Autocomplete for Completion {
    fn get_suggestions(&mut self, input: &str) -> Result<Vec<String>, CustomUserError> {
        let (before, typed) = self.split(input);
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let typed = typed.to_lowercase();
        let space = if before.is_empty() { "" } else { " " };
        let begins = |name: &&String| name.to_lowercase().starts_with(&typed);
        let holds = |name: &&String| name.to_lowercase().contains(&typed) && !begins(name);
        let (first, then) = (self.known.iter().filter(begins), self.known.iter().filter(holds));
        Ok(first.chain(then).take(50).map(|name| format!("{before}{space}{name}")).collect())
    }

    fn get_completion(
        &mut self,
        input: &str,
        highlighted: Option<String>,
    ) -> Result<Replacement, CustomUserError> {
        Ok(highlighted.or_else(|| self.get_suggestions(input).ok()?.into_iter().next()))
    }
}
