//! Terms: which spellings are one, how each is shown, and which articles it holds.

use std::collections::{BTreeMap, HashMap};

use crate::config::Config;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::permalink::{Slug, fold};

use super::ArticleId;

/// A way to sort articles, with its terms.
#[derive(Debug)]
pub struct Taxonomy {
    /// By key.
    pub terms: Vec<Term>,
}

/// A term and its articles.
#[derive(Debug)]
pub struct Term {
    /// What all its spellings have in common.
    pub key: String,
    /// Its commonest spelling.
    pub name: String,
    /// Its part of the address.
    pub slug: Slug,
    /// The key in `[outlets]` or `[contributors]`, where it has one.
    pub config_key: Option<String>,
    /// Its articles by (date, permalink), withdrawn ones too.
    pub articles: Vec<ArticleId>,
}

/// Case, spacing, hyphens and Unicode form do not tell terms apart.
pub fn term_key(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|character: char| {
            character.is_whitespace() || matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}')
        })
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

#[derive(Default)]
struct Gathered {
    /// Those of articles that are shown.
    spellings: BTreeMap<String, usize>,
    config_key: Option<String>,
    articles: Vec<ArticleId>,
}

type TermsOf = Vec<Vec<(usize, usize)>>;

/// Gathers every taxonomy's terms.
pub(super) fn sort_into_terms(
    articles: &[Loaded<Article>],
    config: &Config,
) -> (Vec<Taxonomy>, TermsOf, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut terms_of: TermsOf = vec![Vec::new(); articles.len()];
    let mut taxonomies = Vec::with_capacity(config.taxonomies.len());
    for (at, taxonomy) in config.taxonomies.iter().enumerate() {
        let gathered = gather(articles, &taxonomy.name, config);
        let gathered: BTreeMap<String, Gathered> = gathered.into_iter().collect();
        let slugs = distinct_slugs(gathered.keys());
        let mut terms = Vec::with_capacity(gathered.len());
        for ((key, term), slug) in gathered.into_iter().zip(slugs) {
            // What only withdrawn articles carry could tell whom they were about.
            if term.spellings.is_empty() {
                continue;
            }
            if term.config_key.is_none() && term.spellings.len() > 1 {
                diagnostics.push(merged(&taxonomy.singular, &term, articles));
            }
            for &id in &term.articles {
                terms_of[id as usize].push((at, terms.len()));
            }
            let name = commonest(&term.spellings);
            terms.push(Term {
                key,
                name,
                slug,
                config_key: term.config_key,
                articles: term.articles,
            });
        }
        taxonomies.push(Taxonomy { terms });
    }
    (taxonomies, terms_of, diagnostics)
}

fn gather(
    articles: &[Loaded<Article>],
    taxonomy: &str,
    config: &Config,
) -> HashMap<String, Gathered> {
    let known = KnownNames::new(taxonomy, config);
    let mut gathered: HashMap<String, Gathered> = HashMap::new();
    for (id, article) in (0..).zip(articles) {
        for spelled in spelled_terms(&article.value, taxonomy) {
            let Some((name, config_key)) = known.resolve(spelled) else { continue };
            let term = gathered.entry(term_key(&name)).or_default();
            if !article.value.is_withdrawn() {
                *term.spellings.entry(name).or_default() += 1;
            }
            term.config_key = term.config_key.take().or(config_key);
            if term.articles.last() != Some(&id) {
                term.articles.push(id);
            }
        }
    }
    gathered
}

fn spelled_terms<'a>(article: &'a Article, taxonomy: &str) -> &'a [String] {
    if taxonomy == "outlets" {
        return article.outlet.as_slice();
    }
    article.terms.iter().find(|(name, _)| name == taxonomy).map_or(&[], |(_, terms)| terms)
}

/// Who the config knows of a taxonomy: outlets and contributors, found by key or by name.
struct KnownNames<'a> {
    by_key: HashMap<&'a str, Known<'a>>,
    by_name: HashMap<String, Known<'a>>,
}

#[derive(Clone, Copy)]
struct Known<'a> {
    key: &'a str,
    /// `None` for somebody who is named nowhere.
    name: Option<&'a str>,
}

impl<'a> KnownNames<'a> {
    fn new(taxonomy: &str, config: &'a Config) -> KnownNames<'a> {
        let mut names = KnownNames { by_key: HashMap::new(), by_name: HashMap::new() };
        match taxonomy {
            "outlets" => {
                for (key, outlet) in &config.outlets {
                    names.add(Known { key, name: Some(&outlet.name) }, Some(&outlet.name));
                }
            }
            "contributors" => {
                for (key, contributor) in &config.contributors {
                    let written = contributor.name.as_deref();
                    let name = (!contributor.hidden).then(|| written.unwrap_or(key));
                    names.add(Known { key, name }, written);
                }
            }
            _ => {}
        }
        names
    }

    fn add(&mut self, known: Known<'a>, written: Option<&str>) {
        self.by_key.insert(known.key, known);
        if let Some(written) = written {
            self.by_name.entry(term_key(written)).or_insert(known);
        }
    }

    /// The name to show and its key in the config, where it has one; `None` for somebody hidden.
    fn resolve(&self, spelled: &str) -> Option<(String, Option<String>)> {
        let known = self.by_key.get(spelled).or_else(|| {
            if self.by_name.is_empty() { None } else { self.by_name.get(&term_key(spelled)) }
        });
        match known {
            None => Some((spelled.to_owned(), None)),
            Some(known) => Some((known.name?.to_owned(), Some(known.key.to_owned()))),
        }
    }
}

/// Ties go to the spelling that sorts first, so that the choice does not depend on file order.
fn commonest(spellings: &BTreeMap<String, usize>) -> String {
    let mut best: Option<(&String, usize)> = None;
    for (name, &count) in spellings {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((name, count));
        }
    }
    best.map(|(name, _)| name.clone()).unwrap_or_default()
}

/// Terms that differ in what no address can hold (“C” and “C++”) get a short hash; the plainest
/// keeps the plain slug.
fn distinct_slugs<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<Slug> {
    let keys: Vec<&String> = keys.collect();
    let plain: Vec<Slug> = keys.iter().map(|key| Slug::from_term(key)).collect();
    let mut owner: HashMap<String, usize> = HashMap::new();
    for (at, slug) in plain.iter().enumerate() {
        let lossless = |at: usize| keys[at].replace(' ', "-") == plain[at].as_str();
        let holder = owner.entry(fold(slug.as_str())).or_insert(at);
        if lossless(at) && !lossless(*holder) {
            *holder = at;
        }
    }
    (0..keys.len())
        .map(|at| {
            let slug = &plain[at];
            if owner.get(&fold(slug.as_str())) == Some(&at) {
                slug.clone()
            } else {
                slug.distinguished(keys[at])
            }
        })
        .collect()
}

fn merged(singular: &str, term: &Gathered, articles: &[Loaded<Article>]) -> Diagnostic {
    let chosen = commonest(&term.spellings);
    let others: Vec<String> = term
        .spellings
        .iter()
        .filter(|(name, _)| **name != chosen)
        .map(|(name, count)| format!("“{name}” ({count})"))
        .collect();
    let odd = term.articles.iter().find(|&&id| {
        let article = &articles[id as usize].value;
        let mut spelled = article.terms.iter().flat_map(|(_, terms)| terms).chain(&article.outlet);
        spelled.any(|name| *name != chosen && term.spellings.contains_key(name))
    });
    let message = format!(
        "spellings of one {singular} are merged: “{chosen}” stands for {}",
        others.join(", ")
    );
    let diagnostic = Diagnostic::warning(Rule::MergedSpellings, message)
        .help(format!("write “{chosen}” everywhere"));
    match odd {
        Some(&id) => diagnostic.at(Place::file(&articles[id as usize].value.source)),
        None => diagnostic,
    }
}
