//! Ids on the page, and links to them.
//!
//! Every id has a prefix for its kind: `h-` headings, `p` paragraphs, `fn-` and `fnref-` footnotes,
//! `c-` raw HTML. So untrusted text can't take over ids of the page, or define global variables for
//! scripts.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use percent_encoding::percent_decode_str;

/// The longest slug of a heading, in characters.
const SLUG_LIMIT: usize = 80;

/// The ids in use.
#[derive(Default)]
pub(super) struct Anchors {
    /// Slugs of headings, without `h-`.
    headings: HashSet<String>,
    /// The last number tried for a repeated slug, so that many equal headings take linear time.
    repeats: HashMap<String, usize>,
    /// Ids in raw HTML, as written.
    raw: HashSet<String>,
    /// Links within the page, resolved at the end.
    pub(super) links: Vec<FragmentLink>,
}

/// A link to an id on its own page.
pub(super) struct FragmentLink {
    /// The fragment as written, without `#`.
    pub(super) fragment: String,
    /// The link's place.
    pub(super) range: Range<usize>,
}

/// Numbers of citable things on a page.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    /// Numbered paragraphs.
    pub(super) paragraphs: usize,
    pub(super) footnotes: usize,
}

impl Anchors {
    /// A unique id for a heading, without the prefix.
    pub(super) fn heading(&mut self, text: &str) -> String {
        let slug = slug(text);
        let slug = if slug.is_empty() { "section".to_owned() } else { slug };
        if self.headings.insert(slug.clone()) {
            return slug;
        }
        let number = self.repeats.entry(slug.clone()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{slug}-{number}");
            if self.headings.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    /// Adds an id of raw HTML; false if it is invalid or a duplicate.
    pub(super) fn raw(&mut self, id: &str) -> bool {
        let usable = !id.is_empty() && !id.contains(|character: char| character <= ' ');
        usable && self.raw.insert(id.to_owned())
    }

    /// The id that a fragment means. `trusted` raw HTML keeps its ids.
    pub(super) fn resolve(&self, fragment: &str, counts: Counts, trusted: bool) -> Option<String> {
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let name = decoded.as_ref();
        if let Some(own) = self.own(name, counts) {
            return Some(own);
        }
        if self.raw.contains(name) {
            return Some(if trusted { name.to_owned() } else { format!("c-{name}") });
        }
        let slug = slug(name);
        let found = self.headings.contains(&slug).then_some(slug.clone());
        let found = found.or_else(|| self.repeated(&slug)).or_else(|| self.unnumbered(&slug));
        found.map(|slug| format!("h-{slug}"))
    }

    /// The second heading of the same words is `x-1` on GitHub and in kramdown, and `x-2` here.
    fn repeated(&self, slug: &str) -> Option<String> {
        let (words, number) = slug.rsplit_once('-')?;
        let number: usize = number.parse().ok()?;
        let numbered = format!("{words}-{}", number.checked_add(1)?);
        (self.headings.contains(words) && self.headings.contains(&numbered)).then_some(numbered)
    }

    /// The only heading whose words these are, but for the number before them, which kramdown leaves out.
    fn unnumbered(&self, slug: &str) -> Option<String> {
        let is_start = |c: char| c.is_ascii_digit() || c == '-';
        let mut fitting =
            self.headings.iter().filter(|known| known.trim_start_matches(is_start) == slug);
        let first = fitting.next()?;
        (!slug.is_empty() && fitting.next().is_none()).then(|| first.clone())
    }

    fn own(&self, name: &str, counts: Counts) -> Option<String> {
        let numbered = |prefix: &str, count: usize| {
            let number: usize = name.strip_prefix(prefix)?.parse().ok()?;
            (1..=count).contains(&number).then(|| format!("{prefix}{number}"))
        };
        let heading = name.strip_prefix("h-").unwrap_or(name);
        if self.headings.contains(heading) {
            return Some(format!("h-{heading}"));
        }
        numbered("p", counts.paragraphs).or_else(|| numbered("fn-", counts.footnotes))
    }
}

/// Lower-case letters, marks and digits of any script, joined by hyphens.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len().min(4 * SLUG_LIMIT));
    let mut gap = false;
    for character in
        text.chars().filter(|character| !matches!(character, '\'' | '’')).take(SLUG_LIMIT)
    {
        if !belongs_to_word(character) {
            gap = true;
            continue;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.extend(character.to_lowercase());
    }
    slug
}

/// Signs such as the virama are not letters in Unicode, but parts of words; their combining class
/// identifies them.
fn belongs_to_word(character: char) -> bool {
    character.is_alphanumeric()
        || !character.is_ascii() && CanonicalCombiningClassMapBorrowed::new().get_u8(character) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Counts = Counts { paragraphs: 0, footnotes: 0 };

    #[test]
    fn slugs_keep_every_script() {
        assert_eq!(slug("Putin's “New” Year, 2017!"), "putins-new-year-2017");
        assert_eq!(slug("Новости дня"), "новости-дня");
        assert_eq!(slug("विश्व समाचार"), "विश्व-समाचार");
        assert_eq!(slug("—!—"), "");
    }

    #[test]
    fn repeats_are_numbered_and_never_collide() {
        let mut anchors = Anchors::default();
        let ids = ["A", "A", "A 2", "A", "!", "!"].map(|text| anchors.heading(text));
        assert_eq!(ids, ["a", "a-2", "a-2-2", "a-3", "section", "section-2"]);
    }

    #[test]
    fn fragments_find_what_they_mean() {
        let mut anchors = Anchors::default();
        anchors.heading("Café now");
        anchors.raw("Top");
        let counts = Counts { paragraphs: 3, footnotes: 1 };
        let found = |fragment| anchors.resolve(fragment, counts, false);
        assert_eq!(found("caf%C3%A9-now").as_deref(), Some("h-café-now"));
        assert_eq!(found("h-café-now").as_deref(), Some("h-café-now"));
        assert_eq!(found("Café now").as_deref(), Some("h-café-now"));
        assert_eq!(found("Top").as_deref(), Some("c-Top"));
        assert_eq!(found("p3").as_deref(), Some("p3"));
        assert_eq!(found("p4"), None);
        assert_eq!(found("fn-1").as_deref(), Some("fn-1"));
        assert_eq!(found(""), None);
        assert_eq!(anchors.resolve("p1", NONE, false), None);
        assert_eq!(anchors.resolve("Top", NONE, true).as_deref(), Some("Top"));
    }
}
