//! Where the next of some ends is in a text, for passes of our own over bodies: none is looked for twice
//! in one stretch, so that markup which is never closed takes no longer.

/// The next place of each of `N` ends.
pub(super) struct Ahead<const N: usize> {
    ends: [&'static str; N],
    next: [Option<usize>; N],
}

impl<const N: usize> Ahead<N> {
    /// Nothing was looked for yet.
    pub(super) fn of(ends: [&'static str; N]) -> Ahead<N> {
        Ahead { ends, next: [None; N] }
    }

    /// Where an end begins next, at a place or behind it; `usize::MAX` where it does not. Places never go
    /// back.
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
