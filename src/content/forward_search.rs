//! Finds the next of several delimiters while scanning a text forwards. Results are cached, so that
//! unclosed markup takes linear time.

/// The next position of each of `N` delimiters.
pub(super) struct Ahead<const N: usize> {
    ends: [&'static str; N],
    next: [Option<usize>; N],
}

impl<const N: usize> Ahead<N> {
    /// Nothing cached yet.
    pub(super) fn of(ends: [&'static str; N]) -> Ahead<N> {
        Ahead { ends, next: [None; N] }
    }

    /// The next position of a delimiter at or after `at`; `usize::MAX` if there is none. `at` must
    /// not decrease.
    pub(super) fn next(&mut self, text: &str, at: usize, end: usize) -> usize {
        match self.next[end] {
            Some(found) if found >= at => found,
            _ => {
                let found = text[at..].find(self.ends[end]).map_or(usize::MAX, |found| at + found);
                self.next[end] = Some(found);
                found
            }
        }
    }
}
