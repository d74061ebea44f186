//! What a body refers to, written down while it is rendered: the next build asks the same questions,
//! and where the answers are the same the page is too.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

use crate::markdown::{Link, Picture, References, ShortcodeCall, ShortcodeError};

/// A question that a body asks of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question<'a> {
    /// Where does this destination lead?
    #[serde(borrow)]
    Link(Cow<'a, str>),
    /// What picture is this source?
    #[serde(borrow)]
    Picture(Cow<'a, str>),
}

/// Passes questions on and keeps them.
pub struct Recorder<'a> {
    inner: &'a dyn References,
    asked: RefCell<Vec<Question<'static>>>,
}

impl<'a> Recorder<'a> {
    /// A recorder with nothing in it.
    pub fn new(inner: &'a dyn References) -> Recorder<'a> {
        Recorder { inner, asked: RefCell::default() }
    }

    /// What was asked, in order.
    pub fn questions(self) -> Vec<Question<'static>> {
        self.asked.into_inner()
    }
}

impl References for Recorder<'_> {
    fn link(&self, destination: &str) -> Link {
        self.asked.borrow_mut().push(Question::Link(destination.to_owned().into()));
        self.inner.link(destination)
    }

    fn picture(&self, source: &str) -> Picture {
        self.asked.borrow_mut().push(Question::Picture(source.to_owned().into()));
        self.inner.picture(source)
    }

    // A shortcode is what its template makes of its arguments: both are in the fingerprint already.
    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        self.inner.shortcode(call)
    }
}

/// A hash of the archive's answers.
pub fn answers(questions: &[Question<'_>], references: &dyn References) -> u128 {
    let mut hasher = Xxh3Default::new();
    let mut answer = String::new();
    for question in questions {
        answer.clear();
        // Writing to a text can't fail.
        let _ = match question {
            Question::Link(destination) => write!(answer, "{:?}", references.link(destination)),
            Question::Picture(source) => write!(answer, "{:?}", references.picture(source)),
        };
        hasher.update(&answer.len().to_le_bytes());
        hasher.update(answer.as_bytes());
    }
    hasher.digest128()
}
