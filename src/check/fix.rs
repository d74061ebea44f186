//! `check --fix`: repairs that need no judgement. Spellings of a term become the most frequent one,
//! keys are put in the manual's order, dates get the right form.
//!
//! Pure functions from text to text; the result must parse to the same article apart from the
//! repairs. The caller writes it. TOML is edited with `toml_edit`. In YAML only spellings and dates
//! are repaired in place, and keys keep their order: no YAML editor keeps comments.

mod toml;
mod yaml;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::Datelike as _;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::archive::terms::Term;
use crate::base::date::Date;
use crate::base::diagnostic::{Effect, Place, Rule};
use crate::base::permalink::term_key;
use crate::content::article::Article;
use crate::content::cache;
use crate::content::front_matter::{self, Fence, Parsed, keys};
use crate::content::interner::{Name, Terms};
use crate::content::rules::ReadingRules;
use crate::markdown::MarkdownOptions;
use crate::pipeline::{self, Site};
use crate::settings::Config;

use super::body_date;

/// Keys that hold a date.
const DATES: [&str; 3] = ["date", "added", "updated"];

/// Tables whose keys count as front matter when terms are read.
const TABLES_OF_TERMS: [&str; 2] = ["taxonomies", "params"];

/// A file with repairs.
#[derive(Debug)]
pub(crate) struct Mending {
    /// Path from the archive's root.
    pub source: String,
    /// Absolute path.
    pub path: PathBuf,
    /// The old text.
    pub before: String,
    /// The new text.
    pub after: String,
    /// The changes in words.
    pub changes: Vec<String>,
}

/// All repairs: in the order of the archive, then files rejected for their dates. A file that
/// changed since it was read is skipped.
pub(crate) fn mendings(site: &Site, rejected: &[String]) -> Vec<Mending> {
    let options = pipeline::markdown_options(&site.config, &site.language);
    let spellings = Spellings::of(site);
    let articles = site.archive.listed.par_iter().map(|&id| &site.archive.articles[id as usize]);
    let kept = articles.map(|loaded| {
        (loaded.value.source.to_string(), loaded.absolute(&site.root), Some(loaded.hash))
    });
    let left_out = rejected.par_iter().filter(|source| is_report(source));
    let left_out = left_out.map(|source| (source.clone(), site.root.join(source), None));
    let fixer = Fixer { config: &site.config, options: &options, spellings: &spellings };
    let mendings = kept.chain(left_out).filter_map(|(source, path, hash)| {
        let is_same = |bytes: &Vec<u8>| hash.is_none_or(|hash| cache::hash(bytes) == hash);
        let before = String::from_utf8(std::fs::read(&path).ok().filter(is_same)?).ok()?;
        let (after, changes) = fixer.mended(&source, &before)?;
        Some(Mending { source, path, before, after, changes })
    });
    mendings.collect()
}

fn is_report(source: &str) -> bool {
    source.starts_with("content/") && !source.starts_with("content/pages/")
}

/// The preferred spelling of each term, by taxonomy and key. Terms in the settings may also be
/// written as their key, and are left alone.
struct Spellings<'a>(Vec<(&'a str, FxHashMap<&'a str, &'a str>)>);

impl<'a> Spellings<'a> {
    fn of(site: &'a Site) -> Spellings<'a> {
        let taxonomies = site.config.taxonomies.iter().zip(&site.archive.taxonomies);
        let spellings = taxonomies.map(|(taxonomy, held)| {
            let is_free = |term: &&Term| term.config_key.is_none() && term.note.is_none();
            let own = held.terms.iter().filter(is_free);
            let by_key = own.map(|term| (term.key.as_str(), term.name.as_str())).collect();
            (taxonomy.name.as_str(), by_key)
        });
        Spellings(spellings.collect())
    }

    /// The preferred spelling of a term, if it differs.
    fn better(&self, taxonomy: &str, spelled: &str) -> Option<&'a str> {
        let (_, by_key) = self.0.iter().find(|(name, _)| *name == taxonomy)?;
        by_key.get(term_key(spelled).as_str()).copied().filter(|name| *name != spelled)
    }

    /// An article's terms in their preferred spellings.
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

/// Repairs one text.
struct Fixer<'a> {
    config: &'a Config,
    options: &'a MarkdownOptions,
    spellings: &'a Spellings<'a>,
}

impl Fixer<'_> {
    /// The repaired text and the changes; `None` without changes, or if anything else would change.
    fn mended(&self, source: &str, text: &str) -> Option<(String, Vec<String>)> {
        let layout = front_matter::layout(text).ok()?;
        let (fence, inner) = layout.front_matter?;
        let old = &text[inner.clone()];
        let (new, changes) = match fence {
            Fence::Toml => toml::mended(old, self)?,
            Fence::Yaml => yaml::mended(old, self)?,
            Fence::Json | Fence::Lines => return None,
        };
        let new = format!("{}{new}{}", &text[..inner.start], &text[inner.end..]);
        (new != text && self.says_the_same(source, text, &new)).then_some((new, changes))
    }

    fn read(&self, source: &str, text: &str) -> Parsed<Article> {
        let rules = ReadingRules::new(self.config, self.options);
        let parsed = front_matter::article(source, text, &rules);
        Parsed { value: parsed.value.map(without_places), ..parsed }
    }

    /// Whether both texts are the same article, apart from spellings of terms and unreadable dates.
    fn says_the_same(&self, source: &str, old: &str, new: &str) -> bool {
        let Some(new) = self.read(source, new).value.filter(|new| !new.is_withdrawn()) else {
            return false;
        };
        let Parsed { value, diagnostics } = self.read(source, old);
        let Some(mut old) = value else {
            let mut rejects = diagnostics.iter().filter(|problem| problem.weight == Effect::Reject);
            return rejects.all(|problem| problem.rule == Rule::BadDate);
        };
        old.added = old.added.or(new.added);
        if old.updated.is_none() && new.updated.is_some() {
            old.particulars.get_or_insert_default().updated = new.updated;
        }
        old.terms = self.spellings.respelled(&old.terms);
        let outlet = old.outlet.as_deref().and_then(|name| self.spellings.better("outlets", name));
        old.outlet = outlet.map(Name::from).or(old.outlet);
        old == new
    }

    /// The preferred spelling of a text under a key.
    fn better(&self, key: &str, text: &str) -> Option<&str> {
        self.taxonomies_of(key).find_map(|taxonomy| self.spellings.better(taxonomy, text.trim()))
    }

    /// Whether a key holds terms.
    fn holds_terms(&self, key: &str) -> bool {
        self.taxonomies_of(key).next().is_some()
    }

    /// The taxonomies whose terms a key holds.
    fn taxonomies_of(&self, key: &str) -> impl Iterator<Item = &str> {
        let taxonomies = &self.config.taxonomies;
        let places = keys::meanings_of(key, &self.config.keys);
        let places: BTreeSet<usize> = places.filter_map(|ours| taxonomies.of_key(ours)).collect();
        places.into_iter().map(|at| taxonomies[at].name.as_str())
    }
}

/// An article without the places that an edit moves.
fn without_places(mut article: Article) -> Article {
    article.body_start = 0;
    let own = article.particulars.iter_mut();
    for also in own.flat_map(|own| own.also.iter_mut().chain(&mut own.translation_of)) {
        also.place = Place::file("");
    }
    article
}

/// The right form of a date, if it differs: days, months and years only.
fn better_date(text: &str) -> Option<Date> {
    let date = text.trim().parse().ok().or_else(|| only_reading(text))?;
    let is_plain = !matches!(date, Date::Time(..));
    Some(date).filter(|date| is_plain && date.to_string() != text)
}

/// The day of a date in words or numbers, if it is unambiguous.
fn only_reading(text: &str) -> Option<Date> {
    match body_date::readings(text)[..] {
        [day] if text.contains(&day.year().to_string()) => Some(Date::Day(day)),
        _ => None,
    }
}

fn doubled(key: &str, text: &str) -> String {
    format!("{key}: “{text}” stood there twice")
}

fn respelled(key: &str, old: &str, new: &str) -> String {
    format!("{key}: “{old}” is “{new}” now")
}

fn redated(key: &str, date: Date) -> String {
    format!("{key}: written as {date}")
}
