//! What became of a page, in the words of the interface: for links in bodies and in an article's
//! record alike.

use crate::content::article::Memento;
use crate::i18n::Language;
use crate::ledger::Fate;
use crate::markdown::{ArchivedCopy, Link, RobustLink};

/// The link for a fate.
pub fn link(fate: &Fate, language: &Language) -> Link {
    match fate {
        Fate::Lost => Link::Lost,
        Fate::Living(None) => Link::External,
        Fate::Living(Some(memento)) => {
            Link::Robust(RobustLink::Living(copy(memento, "archived_copy", language)))
        }
        Fate::Dead(_, Some(memento)) => {
            Link::Robust(RobustLink::Dead(copy(memento, "dead_link_copy", language)))
        }
        Fate::Dead(None, None) => Link::Robust(RobustLink::Gone(language.text("dead_link", &[]))),
        Fate::Dead(Some(since), None) => {
            let since = language.date(*since);
            Link::Robust(RobustLink::Gone(language.text("dead_link_dated", &[("date", &since)])))
        }
    }
}

/// A copy under the words of a key, or of its `_dated` sister where the day is known.
fn copy(memento: &Memento, key: &str, language: &Language) -> ArchivedCopy {
    let words = match memento.date {
        Some(date) => language.text(&format!("{key}_dated"), &[("date", &language.date(date))]),
        None => language.text(key, &[]),
    };
    // A year or a month alone is no date to ask an archive for.
    let date = memento.date.filter(|date| date.day().is_some()).map(|date| date.to_string());
    ArchivedCopy { address: memento.url.clone(), date, words }
}
