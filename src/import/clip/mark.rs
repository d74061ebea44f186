//! A field of a report with where it came from, and whether the curator has to look at it.

/// A value that goes into the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    /// What is written.
    pub value: T,
    /// Where it came from, in words.
    pub from: String,
    /// Whether it is a guess.
    pub mark: Mark,
}

/// Whether a field is a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The page says it in a place that is meant for it, or the curator gave it.
    None,
    /// It may be wrong: why.
    Review(String),
}

impl<T> Field<T> {
    pub(super) fn sure(value: T, from: impl Into<String>) -> Field<T> {
        Field { value, from: from.into(), mark: Mark::None }
    }

    pub(super) fn guessed(value: T, from: impl Into<String>, why: impl Into<String>) -> Field<T> {
        Field { value, from: from.into(), mark: Mark::Review(why.into()) }
    }

    /// The same, to be looked at for one more reason.
    pub(super) fn doubted(mut self, why: impl Into<String>) -> Field<T> {
        let why = why.into();
        self.mark = match self.mark {
            Mark::None => Mark::Review(why),
            Mark::Review(before) => Mark::Review(format!("{before}; {why}")),
        };
        self
    }

    /// Why it has to be looked at.
    pub fn review(&self) -> Option<&str> {
        match &self.mark {
            Mark::None => None,
            Mark::Review(why) => Some(why),
        }
    }

    /// What stands behind the line.
    pub(super) fn comment(&self) -> String {
        match &self.mark {
            Mark::None => self.from.clone(),
            Mark::Review(why) => format!("REVIEW: {}; {why}", self.from),
        }
    }
}
