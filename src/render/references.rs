//! Records the references of a body while it is rendered: if the next build resolves them to the
//! same answers, the page is unchanged.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

use super::report_queries::ReportShelf;
use crate::markdown::{Link, LinkedFile, Picture, References, ShortcodeCall, ShortcodeError};

/// A reference of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Question<'a> {
    /// The target of a link.
    #[serde(borrow)]
    Link(Cow<'a, str>),
    /// The source of a picture.
    #[serde(borrow)]
    Picture(Cow<'a, str>),
    /// The address of a sound, a film or a document.
    #[serde(borrow)]
    File(Cow<'a, str>),
    /// A call of `reports(…)`, in the body or in a template.
    #[serde(borrow)]
    Reports(Cow<'a, str>),
}

/// Forwards references, and records them.
pub(crate) struct Recorder<'a> {
    inner: &'a dyn References,
    asked: RefCell<Vec<Question<'static>>>,
    has_shortcodes: Cell<bool>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(inner: &'a dyn References) -> Recorder<'a> {
        Recorder { inner, asked: RefCell::default(), has_shortcodes: Cell::new(false) }
    }

    /// Whether a shortcode was called.
    pub(crate) fn has_shortcodes(&self) -> bool {
        self.has_shortcodes.get()
    }

    /// The recorded references, in order.
    pub(crate) fn questions(self) -> Vec<Question<'static>> {
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

    fn file(&self, source: &str) -> LinkedFile {
        self.asked.borrow_mut().push(Question::File(source.to_owned().into()));
        self.inner.file(source)
    }

    // A shortcode depends on its template and arguments, both in the fingerprint already.
    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        self.has_shortcodes.set(true);
        self.inner.shortcode(call)
    }
}

/// A hash of the answers to calls of `reports(…)`.
pub(crate) fn reports(questions: &[Question<'_>], shelf: &ReportShelf) -> u128 {
    let mut hasher = Xxh3Default::new();
    for question in questions {
        if let Question::Reports(query) = question {
            shelf.digest(query, &mut hasher);
        }
    }
    hasher.digest128()
}

/// A hash of the answers to references.
pub(crate) fn answers(questions: &[Question<'_>], references: &dyn References) -> u128 {
    let mut hasher = Xxh3Default::new();
    let mut answer = String::new();
    for question in questions {
        answer.clear();
        // Writing to a String can't fail.
        let _ = match question {
            Question::Link(destination) => write!(answer, "{:?}", references.link(destination)),
            Question::Picture(source) => write!(answer, "{:?}", references.picture(source)),
            Question::File(source) => write!(answer, "{:?}", references.file(source)),
            // The shelf of reports answers these.
            Question::Reports(_) => Ok(()),
        };
        hasher.update(&answer.len().to_le_bytes());
        hasher.update(answer.as_bytes());
    }
    hasher.digest128()
}
