//! The state of a linked page in words, for bodies and for an article's record.

use crate::content::article::Memento;
use crate::i18n::Language;
use crate::ledger::Fate;
use crate::markdown::{ArchivedCopy, Link, RobustLink};

/// The link for a state.
pub(crate) fn link(fate: &Fate, language: &Language) -> Link {
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

/// A copy with the text of a key, or of its `_dated` variant if the day is known.
fn copy(memento: &Memento, key: &str, language: &Language) -> ArchivedCopy {
    let words = match memento.date {
        Some(date) => language.text(&format!("{key}_dated"), &[("date", &language.date(date))]),
        None => language.text(key, &[]),
    };
    // Archives can't be queried by a year or a month alone.
    let date = memento.date.filter(|date| date.day().is_some()).map(|date| date.to_string());
    ArchivedCopy { address: memento.url.clone(), date, words }
}
