//! Finds the patterns that match a path, among many, without trying each.
//!
//! The text before the first `*` and after the last one are looked up; only patterns with equal
//! texts are tried.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Pattern;

/// Patterns by the text at their start and end.
#[derive(Debug, Default)]
pub(crate) struct PatternIndex<'a> {
    patterns: Vec<&'a Pattern>,
    by_ends: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    /// The distinct pairs of lengths of these texts, in bytes.
    lengths: BTreeSet<(usize, usize)>,
}

impl<'a> PatternIndex<'a> {
    pub(crate) fn new(patterns: impl IntoIterator<Item = &'a Pattern>) -> PatternIndex<'a> {
        let mut index = PatternIndex::default();
        for pattern in patterns {
            let (beginning, end) = plain_ends(pattern.as_str());
            index.by_ends.entry((beginning, end)).or_default().push(index.patterns.len());
            index.lengths.insert((beginning.len(), end.len()));
            index.patterns.push(pattern);
        }
        index
    }

    /// The indexes of the patterns that match a path.
    pub(crate) fn fitting<'b>(&'b self, path: &'b str) -> impl Iterator<Item = usize> + 'b {
        let candidates = self.lengths.iter().filter_map(|&(beginning, end)| {
            let beginning = path.get(..beginning)?;
            let end = path.get(path.len().checked_sub(end)?..)?;
            self.by_ends.get(&(beginning, end))
        });
        candidates.flatten().copied().filter(|&at| self.patterns[at].fits(path))
    }

    /// Whether any matches a path.
    pub(crate) fn fits(&self, path: &str) -> bool {
        self.fitting(path).next().is_some()
    }
}

/// The text before the first `*` and after the last.
fn plain_ends(pattern: &str) -> (&str, &str) {
    let beginning = pattern.split('*').next().unwrap_or_default();
    let end = pattern.rsplit('*').next().unwrap_or_default();
    (beginning, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_finds_the_patterns_that_fit_and_no_others() {
        let written = ["/*", "/a/*", "/a-*.html", "/tag/*/page/*", "/post*", "/*/x/", "/é/*"];
        let patterns: Vec<Pattern> =
            written.iter().map(|path| Pattern::new((*path).to_owned())).collect();
        let index = PatternIndex::new(&patterns);
        for path in
            ["/", "/a/", "/a/b/c", "/a-1.html", "/a-.html", "/posts", "/é/1", "/é", "/q/x/", ""]
        {
            let mut found: Vec<usize> = index.fitting(path).collect();
            found.sort_unstable();
            let fitting: Vec<usize> =
                (0..patterns.len()).filter(|&at| patterns[at].fits(path)).collect();
            assert_eq!(found, fitting, "{path}");
        }
    }
}
