//! Extracts a page's article, and [converts](crate::import::convert) it to Markdown with absolute
//! addresses.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use url::Url;

use crate::content::sketch::is_unspaced;
use crate::import::built::built;
use crate::import::convert::{Addresses, Loss, convert_tree};
use crate::import::html::{Tree, attribute, text_of};
use crate::import::page::article::with_byline;
use crate::import::words::{Kept, compare_trees};

/// An extracted article.
pub(super) struct Found {
    tree: Tree,
    /// The base of relative addresses.
    base: Option<Url>,
    /// The byline beside the text.
    pub(super) byline: Option<String>,
    /// The visible text.
    pub(super) text: String,
}

/// A body in Markdown.
pub(super) struct Body {
    pub(super) markdown: String,
    pub(super) losses: Vec<Loss>,
    pub(super) words: Kept,
    /// Addresses of its pictures in order, without duplicates.
    pub(super) pictures: Vec<String>,
    /// The number of links and pictures with unresolved relative addresses.
    pub(super) relative: usize,
}

impl Found {
    /// Extracts the article of a page; `None` if there is none.
    pub(super) fn on(page: &Tree, address: Option<&Url>) -> Option<Found> {
        let article = with_byline(page, None);
        let tree = Tree::fragment(&article.html);
        let text = text_of(tree.root());
        let is_there = !text.trim().is_empty();
        is_there.then(|| Found { text, base: base(page, address), byline: article.byline, tree })
    }

    /// The text as Markdown; pictures in `local` are replaced by their file names.
    pub(super) fn body(&self, local: &FxHashMap<String, String>) -> Body {
        let addresses = Resolving { base: self.base.as_ref(), local, seen: RefCell::default() };
        let converted = convert_tree(&self.tree, &addresses);
        let Seen { pictures, relative } = addresses.seen.into_inner();
        let words = compare_trees(&self.tree, &built(&converted.markdown));
        Body { markdown: converted.markdown, losses: converted.losses, words, pictures, relative }
    }

    /// The number of words; in scripts without spaces, half the number of characters.
    pub(super) fn count(&self) -> usize {
        let unspaced = self.text.chars().filter(|letter| is_unspaced(*letter)).count();
        let spaced =
            self.text.split(|letter: char| !letter.is_alphanumeric() || is_unspaced(letter));
        spaced.filter(|word| !word.is_empty()).count() + unspaced / 2
    }
}

/// The base of a page's relative addresses.
fn base(page: &Tree, address: Option<&Url>) -> Option<Url> {
    let written = page.elements().find(|(_, found)| found.name() == "base");
    let written = written.and_then(|(_, found)| attribute(found, "href"));
    let joined = written.and_then(|written| match address {
        Some(address) => address.join(written).ok(),
        None => Url::parse(written).ok(),
    });
    joined.filter(|base| matches!(base.scheme(), "http" | "https")).or_else(|| address.cloned())
}

/// Makes addresses absolute.
struct Resolving<'a> {
    base: Option<&'a Url>,
    local: &'a FxHashMap<String, String>,
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    pictures: Vec<String>,
    relative: usize,
}

impl Resolving<'_> {
    fn whole(&self, address: &str) -> String {
        match self.base {
            Some(base) => base.join(address).map_or_else(|_| address.to_owned(), String::from),
            None => address.to_owned(),
        }
    }

    fn count(&self, address: &str) {
        let is_part = address.starts_with('#');
        if !is_part && Url::parse(address).is_err() {
            self.seen.borrow_mut().relative += 1;
        }
    }
}

impl Addresses for Resolving<'_> {
    fn link(&self, address: &str) -> String {
        // Links within the page stay relative.
        let whole = if address.starts_with('#') { address.to_owned() } else { self.whole(address) };
        self.count(&whole);
        whole
    }

    fn picture(&self, address: &str) -> String {
        let whole = self.whole(address);
        let known = self.seen.borrow().pictures.contains(&whole);
        if !known {
            self.seen.borrow_mut().pictures.push(whole.clone());
        }
        if let Some(name) = self.local.get(&whole) {
            return name.clone();
        }
        self.count(&whole);
        whole
    }
}
