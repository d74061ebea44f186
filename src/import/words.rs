//! Counts visible words, to check that a text was kept.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::html::{Tree, text_of};

/// The number of words, and of lost ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Words of the source.
    pub words: usize,
    /// Words that are missing in the built page.
    pub lost: usize,
}

impl Kept {
    /// The sum.
    #[must_use]
    pub fn and(self, other: Kept) -> Kept {
        Kept { words: self.words + other.words, lost: self.lost + other.lost }
    }

    /// Whether at least this many of ten thousand words were kept.
    pub fn reaches(self, of_ten_thousand: usize) -> bool {
        self.lost * 10_000 <= self.words * (10_000 - of_ten_thousand.min(10_000))
    }
}

/// Compares the words of two HTML pages.
pub fn compare(source: &str, built: &str) -> Kept {
    compare_trees(&Tree::fragment(source), built)
}

/// The same for a parsed source.
pub(crate) fn compare_trees(source: &Tree, built: &str) -> Kept {
    let source = text_of(source.root());
    let built = text_of(Tree::fragment(built).root());
    let mut held: FxHashMap<&str, usize> = FxHashMap::default();
    words(&built).for_each(|word| *held.entry(word).or_default() += 1);
    let mut kept = Kept::default();
    for word in words(&source) {
        kept.words += 1;
        match held.get_mut(word) {
            Some(count) if *count > 0 => *count -= 1,
            _ => kept.lost += 1,
        }
    }
    kept
}

/// Runs of letters and digits; punctuation may differ.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_missing_are_counted_as_often_as_they_are() {
        let kept =
            compare("<p>one two two three</p><script>four</script>", "<p>two one “three”</p>");
        assert_eq!(kept, Kept { words: 4, lost: 1 });
        assert!(!kept.reaches(9_990));
        assert!(Kept { words: 1_000, lost: 1 }.reaches(9_990));
    }
}
