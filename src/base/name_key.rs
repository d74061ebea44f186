//! Compares names: whether a written name means an existing file, address or term.
//!
//! Texts and file systems write one name in several ways: composed or decomposed (UAX #15),
//! percent-encoded, in capitals. Files, links, `also`, redactions and contributors' keys all use
//! this module, so that all of them agree.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::base::permalink::fold;

/// The comparable form of a name: composed and case-folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameKey(String);

impl NameKey {
    /// The key of a name of a file system or of the archive: a `%` is a percent sign.
    pub(crate) fn of(name: &str) -> NameKey {
        NameKey(fold(name))
    }

    /// The key of a name in a text or an address, percent-encoded or not.
    pub(crate) fn of_written(written: &str) -> NameKey {
        NameKey::of(&decoded(written))
    }
}

/// Decodes percent-encoding; a name that is not encoded, or does not decode to UTF-8, is unchanged.
pub(crate) fn decoded(written: &str) -> Cow<'_, str> {
    percent_decode_str(written).decode_utf8().unwrap_or(Cow::Borrowed(written))
}

/// Of several names with one key, the one that a written name means: the exact match, or else the
/// only one.
pub(crate) fn meant<T>(
    wanted: &str,
    candidates: impl Iterator<Item = T>,
    name: impl Fn(&T) -> Cow<'_, str>,
) -> Option<T> {
    let (mut first, mut count) = (None, 0);
    for candidate in candidates {
        if name(&candidate) == wanted {
            return Some(candidate);
        }
        count += 1;
        first.get_or_insert(candidate);
    }
    first.filter(|_| count == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_written_in_several_ways_has_one_key() {
        for (written, name) in [
            ("e\u{301}te\u{301}.png", "été.png"),
            ("été.png", "e\u{301}te\u{301}.png"),
            ("%C3%A9t%C3%A9.png", "e\u{301}te\u{301}.png"),
            ("e%CC%81t%C3%A9.PNG", "été.png"),
            ("и\u{306}од.jpg", "йод.jpg"),
            ("\u{1112}\u{1161}\u{11ab}.pdf", "한.pdf"),
            ("scan%2Epdf", "scan.pdf"),
            ("STRASSE.txt", "straße.txt"),
            ("A%CC%8Angstro%CC%88m", "\u{212b}ngström"),
        ] {
            assert_eq!(NameKey::of_written(written), NameKey::of(name), "{written}");
        }
    }

    #[test]
    fn a_percent_sign_that_encodes_nothing_is_a_percent_sign() {
        for name in ["100%.png", "50%zz.png", "%FF.png"] {
            assert_eq!(decoded(name), name);
        }
    }

    #[test]
    fn the_same_letters_win_over_other_capitals_and_two_others_are_neither() {
        let find = |wanted: &str, names: &'static [&'static str]| {
            meant(wanted, names.iter().copied(), |name| Cow::Borrowed(name))
        };
        assert_eq!(find("a.png", &["A.png", "a.png"]), Some("a.png"));
        assert_eq!(find("a.png", &["A.png"]), Some("A.png"));
        assert_eq!(find("a.PNG", &["A.png", "a.png"]), None);
    }
}
