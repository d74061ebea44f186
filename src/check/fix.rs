//! `check --fix`: what can be mended without judgement. Spellings of a term become its commonest one,
//! keys stand in the manual's order, dates are written as dates.
//!
//! Pure: a text in, the mended text out, if it says the same but for what was mended; whoever asked for
//! it writes it. TOML is edited by its crate; of YAML only spellings and dates are mended, by their
//! places, and keys stay in their order, for no editor of it keeps comments.

mod toml;
mod yaml;

use std::path::PathBuf;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::terms::term_key;
use crate::build::{self, Site};
use crate::config::Config;
use crate::content::article::Article;
use crate::content::cache;
use crate::content::front_matter::{self, Fence, keys};
use crate::content::markdown::MarkdownOptions;
use crate::content::names::{Name, Terms};
use crate::date::Date;
use crate::diagnostic::Place;

/// Keys that hold a date.
const DATES: [&str; 3] = ["date", "added", "updated"];

/// Tables whose keys count as the front matter's own where terms are read.
const TABLES_OF_TERMS: [&str; 2] = ["taxonomies", "params"];

/// A file that can be mended.
#[derive(Debug)]
pub struct Mending {
    /// From the archive's root.
    pub source: String,
    /// On this machine.
    pub path: PathBuf,
    /// What it holds.
    pub before: String,
    /// What it should hold.
    pub after: String,
    /// What is other, in words.
    pub changes: Vec<String>,
}

/// All that can be mended, in the order of the archive. A file that changed since it was read stays.
pub fn mendings(site: &Site) -> Vec<Mending> {
    let options = build::markdown_options(&site.config, &site.language);
    let spellings = Spellings::of(site);
    let articles = site.archive.listed.par_iter().map(|&id| &site.archive.articles[id as usize]);
    let mendings = articles.filter_map(|loaded| {
        let path = loaded.absolute(&site.root);
        let bytes = std::fs::read(&path).ok().filter(|bytes| cache::hash(bytes) == loaded.hash)?;
        let before = String::from_utf8(bytes).ok()?;
        let source = loaded.value.source.clone();
        let fixer = Fixer { config: &site.config, options: &options, spellings: &spellings };
        let (after, changes) = fixer.mended(&source, &before)?;
        Some(Mending { source, path, before, after, changes })
    });
    mendings.collect()
}

/// How each term of each taxonomy is written, by its key. Those that the config knows may be written by
/// their key there, and are left alone.
struct Spellings<'a>(Vec<(&'a str, FxHashMap<&'a str, &'a str>)>);

impl<'a> Spellings<'a> {
    fn of(site: &'a Site) -> Spellings<'a> {
        let taxonomies = site.config.taxonomies.iter().zip(&site.archive.taxonomies);
        let spellings = taxonomies.map(|(taxonomy, held)| {
            let own = held.terms.iter().filter(|term| term.config_key.is_none());
            let by_key = own.map(|term| (term.key.as_str(), term.name.as_str())).collect();
            (taxonomy.name.as_str(), by_key)
        });
        Spellings(spellings.collect())
    }

    /// How a term should be written, where that is otherwise.
    fn better(&self, taxonomy: &str, spelled: &str) -> Option<&'a str> {
        let (_, by_key) = self.0.iter().find(|(name, _)| *name == taxonomy)?;
        by_key.get(term_key(spelled).as_str()).copied().filter(|name| *name != spelled)
    }

    /// An article's terms as they should be spelled.
    fn respelled(&self, terms: &Terms) -> Terms {
        let respelled = terms.taxonomies().map(|(taxonomy, terms)| {
            let mut all: Vec<Name> = Vec::new();
            for term in terms {
                let better = self.better(taxonomy, term).map(Name::from);
                let term = better.unwrap_or_else(|| Name::clone(term));
                if !all.contains(&term) {
                    all.push(term);
                }
            }
            (Name::clone(taxonomy), all)
        });
        respelled.collect()
    }
}

/// Mends one text.
struct Fixer<'a> {
    config: &'a Config,
    options: &'a MarkdownOptions,
    spellings: &'a Spellings<'a>,
}

impl Fixer<'_> {
    /// The mended text and what was mended, where there is anything and nothing else would change.
    fn mended(&self, source: &str, text: &str) -> Option<(String, Vec<String>)> {
        let layout = front_matter::layout(text).ok()?;
        let (fence, inner) = layout.front_matter?;
        let old = &text[inner.clone()];
        let (new, changes) = match fence {
            Fence::Toml => toml::mended(old, self)?,
            Fence::Yaml => yaml::mended(old, self)?,
        };
        let new = format!("{}{new}{}", &text[..inner.start], &text[inner.end..]);
        (new != text && self.says_the_same(source, text, &new)).then_some((new, changes))
    }

    fn read(&self, source: &str, text: &str) -> Option<Article> {
        let article = front_matter::article(source, text, self.config, self.options).value?;
        Some(without_places(article))
    }

    /// Whether both texts are one article, but for the spelling of its terms.
    fn says_the_same(&self, source: &str, old: &str, new: &str) -> bool {
        let (Some(mut old), Some(new)) = (self.read(source, old), self.read(source, new)) else {
            return false;
        };
        old.terms = self.spellings.respelled(&old.terms);
        let outlet = old.outlet.as_deref().and_then(|name| self.spellings.better("outlets", name));
        old.outlet = outlet.map(Name::from).or(old.outlet);
        old == new
    }

    /// The better spelling of a text that stands under a key.
    fn better(&self, key: &str, text: &str) -> Option<&str> {
        let taxonomies = self.config.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
        let mut own = taxonomies.filter(|name| {
            let mut names = keys::term_keys(name, self.config).into_iter();
            names.any(|ours| keys::names_of(ours, self.config).any(|name| name == key))
        });
        own.find_map(|taxonomy| self.spellings.better(taxonomy, text.trim()))
    }
}

/// An article without what a change of its text may move.
fn without_places(mut article: Article) -> Article {
    article.body_start = 0;
    for also in article.particulars.iter_mut().flat_map(|own| &mut own.also) {
        also.place = Place::file("");
    }
    article
}

/// How a date should be written, where that is otherwise: days, months and years only.
fn better_date(text: &str) -> Option<Date> {
    let date: Date = text.trim().parse().ok()?;
    let is_plain = !matches!(date, Date::Time(..));
    Some(date).filter(|date| is_plain && date.to_string() != text)
}

fn respelled(key: &str, old: &str, new: &str) -> String {
    format!("{key}: “{old}” is “{new}” now")
}

fn redated(key: &str, date: Date) -> String {
    format!("{key}: written as {date}")
}
