//! A field of a report with its origin, and whether the curator has to review it.

/// A value of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    /// The value as written.
    pub value: T,
    /// The origin in words.
    pub from: String,
    /// Whether it is a guess.
    pub mark: Mark,
}

/// Whether a field is a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No: it comes from the curator, or from metadata for this purpose.
    None,
    /// Yes, for this reason.
    Review(String),
}

impl<T> Field<T> {
    pub(super) fn sure(value: T, from: impl Into<String>) -> Field<T> {
        Field { value, from: from.into(), mark: Mark::None }
    }

    pub(super) fn guessed(value: T, from: impl Into<String>, why: impl Into<String>) -> Field<T> {
        Field { value, from: from.into(), mark: Mark::Review(why.into()) }
    }

    /// Adds a reason for review.
    pub(super) fn doubted(mut self, why: impl Into<String>) -> Field<T> {
        let why = why.into();
        self.mark = match self.mark {
            Mark::None => Mark::Review(why),
            Mark::Review(before) => Mark::Review(format!("{before}; {why}")),
        };
        self
    }

    /// The reason for review, if any.
    pub fn review(&self) -> Option<&str> {
        match &self.mark {
            Mark::None => None,
            Mark::Review(why) => Some(why),
        }
    }

    /// The comment after the value in the file.
    pub(super) fn comment(&self) -> String {
        match &self.mark {
            Mark::None => self.from.clone(),
            Mark::Review(why) => format!("REVIEW: {}; {why}", self.from),
        }
    }
}
