//! Terms: merges spellings, chooses a display name, collects each term's articles.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::built_in::BuiltIn;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::{FoldedKey, Slug, term_key};
use crate::content::Loaded;
use crate::content::article::Article;
use crate::content::interner::Name;
use crate::settings::address_owners::AddressOwners;
use crate::settings::term_notes::{NotesBySpelling, TermNote};
use crate::settings::{Config, TaxonomyConfig};

use super::ArticleId;

/// A taxonomy with its terms.
#[derive(Debug)]
pub struct Taxonomy {
    /// In order of their keys.
    pub terms: Vec<Term>,
}

/// A term and its articles.
#[derive(Debug)]
pub struct Term {
    /// The folded form of all its spellings.
    pub key: String,
    /// Its commonest spelling.
    pub name: String,
    /// Its segment of the address.
    pub slug: Slug,
    /// The slug without a hash, if another term has taken it.
    pub plain: Option<Slug>,
    /// The key in `[outlets]` or `[contributors]`, if it has one.
    pub config_key: Option<String>,
    /// What its file in `terms/` says.
    pub note: Option<Arc<TermNote>>,
    /// Its articles by (date, permalink), withdrawn ones too.
    pub articles: Vec<ArticleId>,
}

impl Term {
    /// What it is sorted by.
    pub(crate) fn sorted_by(&self) -> &str {
        let written = self.note.as_ref().and_then(|note| note.sort.as_deref());
        written.unwrap_or(&self.name)
    }
}

struct Gathered<'a> {
    key: String,
    /// Its place in the order of first use.
    met: usize,
    /// Spellings in articles that are not withdrawn, with their counts.
    spellings: BTreeMap<&'a str, usize>,
    config_key: Option<&'a str>,
    note: Option<&'a Arc<TermNote>>,
    articles: Vec<ArticleId>,
}

/// For each article its terms as (taxonomy, term), by taxonomy and in the article's order. All
/// articles share one vector.
#[derive(Debug, Default)]
pub(super) struct TermsOf {
    /// The start of each article's terms, then the end of the last.
    starts: Vec<u32>,
    terms: Vec<(u32, u32)>,
}

impl TermsOf {
    fn new(articles: usize, named: &[Vec<(ArticleId, u32)>]) -> TermsOf {
        let mut starts = vec![0u32; articles + 1];
        for &(id, _) in named.iter().flatten() {
            starts[id as usize + 1] += 1;
        }
        for id in 0..articles {
            starts[id + 1] += starts[id];
        }
        let mut next = starts.clone();
        let mut terms = vec![(0, 0); starts[articles] as usize];
        for (at, named) in (0..).zip(named) {
            for &(id, term) in named {
                let place = &mut next[id as usize];
                terms[*place as usize] = (at, term);
                *place += 1;
            }
        }
        TermsOf { starts, terms }
    }

    pub(super) fn of(&self, id: ArticleId) -> impl Iterator<Item = (usize, usize)> {
        self.slice(id).iter().map(|&(taxonomy, term)| (taxonomy as usize, term as usize))
    }

    pub(super) fn by_taxonomy(
        &self,
        id: ArticleId,
    ) -> impl Iterator<Item = (usize, impl Iterator<Item = usize>)> {
        self.slice(id)
            .chunk_by(|one, next| one.0 == next.0)
            .map(|terms| (terms[0].0 as usize, terms.iter().map(|&(_, term)| term as usize)))
    }

    fn slice(&self, id: ArticleId) -> &[(u32, u32)] {
        &self.terms[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }
}

/// Collects the terms of all taxonomies, in parallel.
pub(super) fn sort_into_terms(
    articles: &[Loaded<Article>],
    config: &Config,
) -> (Vec<Taxonomy>, TermsOf, Vec<Diagnostic>) {
    let named = naming(articles, config);
    let sorted: Vec<Sorted> = config
        .taxonomies
        .par_iter()
        .zip(&named)
        .map(|(taxonomy, named)| sort_into_taxonomy(articles, named, taxonomy, config))
        .collect();
    let (mut taxonomies, mut named, mut diagnostics) = (Vec::new(), Vec::new(), Vec::new());
    for one in sorted {
        taxonomies.push(one.taxonomy);
        named.push(one.named);
        diagnostics.extend(one.diagnostics);
    }
    (taxonomies, TermsOf::new(articles.len(), &named), diagnostics)
}

/// The articles that name a term of each taxonomy: an archive may have thousands of taxonomies,
/// each of which only few articles use.
fn naming(articles: &[Loaded<Article>], config: &Config) -> Vec<Vec<ArticleId>> {
    let mut named: Vec<Vec<ArticleId>> = vec![Vec::new(); config.taxonomies.len()];
    let outlets = config.taxonomies.position(BuiltIn::Outlets.name());
    if let Some(languages) = config.taxonomies.position(BuiltIn::Languages.name())
        && has_several_languages(articles, config)
    {
        named[languages] = (0..).zip(articles).map(|(id, _)| id).collect();
    }
    for (id, article) in (0..).zip(articles) {
        let terms = article.value.terms.taxonomies();
        let places = terms.filter_map(|(taxonomy, _)| config.taxonomies.position(taxonomy));
        let outlet = outlets.filter(|_| article.value.outlet.is_some());
        for at in places.filter(|at| Some(*at) != outlets).chain(outlet) {
            named[at].push(id);
        }
    }
    named
}

/// Whether readers find reports in more than one language.
fn has_several_languages(articles: &[Loaded<Article>], config: &Config) -> bool {
    let shown = articles.iter().map(|article| &*article.value);
    let shown = shown.filter(|article| !article.is_withdrawn());
    let mut languages =
        shown.map(|article| article.language.as_deref().unwrap_or(&config.language));
    let first = languages.next();
    languages.any(|language| Some(language) != first)
}

/// A taxonomy made from articles.
struct Sorted {
    taxonomy: Taxonomy,
    /// (article, term) pairs in the order of articles and of names in each.
    named: Vec<(ArticleId, u32)>,
    diagnostics: Vec<Diagnostic>,
}

fn sort_into_taxonomy(
    articles: &[Loaded<Article>],
    naming: &[ArticleId],
    taxonomy: &TaxonomyConfig,
    config: &Config,
) -> Sorted {
    let mut diagnostics = Vec::new();
    let (mut gathered, mut named) = gather(articles, naming, &taxonomy.name, config);
    gathered.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let (slugs, wanted) = distinct_slugs(&gathered, &taxonomy.name, &config.owners);
    let mut terms = Vec::with_capacity(gathered.len());
    let mut places: Vec<Option<u32>> = vec![None; gathered.len()];
    for ((term, slug), plain) in gathered.into_iter().zip(slugs).zip(wanted) {
        // A term of withdrawn articles only could reveal whom they were about.
        if term.spellings.is_empty() {
            continue;
        }
        let is_named = term.note.is_some_and(|note| note.name.is_some());
        if term.config_key.is_none() && !is_named && term.spellings.len() > 1 {
            diagnostics.push(merged(&taxonomy.singular, &term, articles));
        }
        places[term.met] = u32::try_from(terms.len()).ok();
        let written = term.note.and_then(|note| note.name.as_deref());
        let name = written.unwrap_or_else(|| commonest(&term.spellings)).to_owned();
        let Gathered { key, config_key, note, mut articles, .. } = term;
        articles.shrink_to_fit();
        terms.push(Term {
            key,
            name,
            slug,
            plain,
            config_key: config_key.map(str::to_owned),
            note: note.cloned(),
            articles,
        });
    }
    named.retain_mut(|(_, term)| match places[*term as usize] {
        Some(place) => {
            *term = place;
            true
        }
        None => false,
    });
    Sorted { taxonomy: Taxonomy { terms }, named, diagnostics }
}

/// A spelling: its term, its display name, its count in articles that are not withdrawn.
struct Spelling<'a> {
    term: usize,
    name: &'a str,
    count: usize,
}

/// The terms of a taxonomy in order of first use, with the (article, term) pairs in order. Each
/// spelling is resolved once.
fn gather<'a>(
    articles: &'a [Loaded<Article>],
    naming: &[ArticleId],
    taxonomy: &str,
    config: &'a Config,
) -> (Vec<Gathered<'a>>, Vec<(ArticleId, u32)>) {
    let known = KnownNames::new(taxonomy, config);
    let mut gathered: Vec<Gathered<'a>> = Vec::new();
    let mut named: Vec<(ArticleId, u32)> = Vec::new();
    let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
    let mut spellings: FxHashMap<&'a str, Option<Spelling<'a>>> = FxHashMap::default();
    let is_of_languages = BuiltIn::Languages.is(taxonomy);
    for &id in naming {
        let article = &articles[id as usize];
        let shown = usize::from(!article.value.is_withdrawn());
        let language = article.value.address_language().unwrap_or(&config.language);
        let language = is_of_languages.then_some(language);
        let terms = spelled_terms(&article.value, taxonomy).iter().map(|name| &**name);
        for spelled in terms.chain(language) {
            let meant = spellings.entry(spelled).or_insert_with(|| {
                let (name, config_key) = known.resolve(spelled)?;
                let key = term_key(name);
                let told = known.told(&key);
                let key = told.as_ref().map_or(key, |told| told.key.clone());
                let term = *by_key.entry(key).or_insert_with_key(|key| {
                    gathered.push(Gathered::new(key, gathered.len()));
                    gathered.len() - 1
                });
                let config_key = config_key.or(told.as_ref().and_then(|told| told.config_key));
                gathered[term].config_key = gathered[term].config_key.or(config_key);
                gathered[term].note = told.map(|told| told.note);
                Some(Spelling { term, name, count: 0 })
            });
            let Some(spelling) = meant else { continue };
            spelling.count += shown;
            let articles = &mut gathered[spelling.term].articles;
            if articles.last() != Some(&id) {
                articles.push(id);
                named.push((id, u32::try_from(spelling.term).unwrap_or(u32::MAX)));
            }
        }
    }
    for spelling in spellings.into_values().flatten().filter(|spelling| spelling.count > 0) {
        *gathered[spelling.term].spellings.entry(spelling.name).or_default() += spelling.count;
    }
    (gathered, named)
}

impl Gathered<'_> {
    fn new(key: &str, met: usize) -> Self {
        let (spellings, articles) = (BTreeMap::new(), Vec::new());
        Gathered { key: key.to_owned(), met, spellings, config_key: None, note: None, articles }
    }
}

fn spelled_terms<'a>(article: &'a Article, taxonomy: &str) -> &'a [Name] {
    if taxonomy == "outlets" {
        return article.outlet.as_slice();
    }
    article.terms.of(taxonomy)
}

/// Outlets or contributors in the settings, found by key or by name.
struct KnownNames<'a> {
    by_key: HashMap<&'a str, Known<'a>>,
    /// By folded name or key; names come first.
    by_term_key: HashMap<String, Known<'a>>,
    notes: NotesBySpelling<'a>,
}

/// A term as its file in `terms/` tells it.
struct Told<'a> {
    note: &'a Arc<TermNote>,
    /// The folded form of its own spelling.
    key: String,
    config_key: Option<&'a str>,
}

#[derive(Clone, Copy)]
struct Known<'a> {
    key: &'a str,
    /// `None` for a hidden contributor.
    name: Option<&'a str>,
}

impl<'a> KnownNames<'a> {
    fn new(taxonomy: &str, config: &'a Config) -> KnownNames<'a> {
        let notes = NotesBySpelling::new(config.term_notes.of(taxonomy));
        let mut names = KnownNames { by_key: HashMap::new(), by_term_key: HashMap::new(), notes };
        match taxonomy {
            "outlets" => {
                let outlets = config.outlets.iter();
                names.add_all(outlets.map(|(key, outlet)| {
                    (Known { key, name: Some(&outlet.name) }, Some(outlet.name.as_str()))
                }));
            }
            "contributors" => {
                let contributors = config.contributors.iter();
                names.add_all(contributors.map(|(key, contributor)| {
                    let written = contributor.name.as_deref();
                    let name = (!contributor.hidden).then(|| written.unwrap_or(key));
                    (Known { key, name }, written)
                }));
            }
            _ => {}
        }
        names
    }

    /// What a file says of the term with a folded name; `None` if there is none, or the contributor is
    /// hidden.
    fn told(&self, key: &str) -> Option<Told<'a>> {
        if self.notes.is_empty() {
            return None;
        }
        let note = self.notes.get(key)?;
        let (name, config_key) = self.resolve(note.spelling())?;
        Some(Told { note, key: term_key(name), config_key })
    }

    /// Of two entries that fold to one key, the hidden one wins.
    fn add_all(&mut self, known: impl Iterator<Item = (Known<'a>, Option<&'a str>)> + Clone) {
        for (known, written) in known.clone() {
            self.by_key.insert(known.key, known);
            if let Some(written) = written {
                self.add(written, known);
            }
        }
        for (known, _) in known {
            self.add(known.key, known);
        }
    }

    fn add(&mut self, spelled: &str, known: Known<'a>) {
        let held = self.by_term_key.entry(term_key(spelled)).or_insert(known);
        if known.name.is_none() {
            *held = known;
        }
    }

    /// The display name and the key in the settings, if any; `None` for a hidden contributor.
    fn resolve(&self, spelled: &'a str) -> Option<(&'a str, Option<&'a str>)> {
        let known = self.by_key.get(spelled).or_else(|| {
            if self.by_term_key.is_empty() {
                None
            } else {
                self.by_term_key.get(&term_key(spelled))
            }
        });
        match known {
            None => Some((spelled, None)),
            Some(known) => Some((known.name?, Some(known.key))),
        }
    }
}

/// Ties go to the spelling that sorts first: the result must not depend on file order.
fn commonest<'a>(spellings: &BTreeMap<&'a str, usize>) -> &'a str {
    let mut best: Option<(&str, usize)> = None;
    for (&name, &count) in spellings {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((name, count));
        }
    }
    best.map(|(name, _)| name).unwrap_or_default()
}

/// The slug of each term, and the plain slug it lost to another term. `addresses.toml` decides who
/// keeps a contested slug; otherwise the plainest term (“C” before “C++”), and the others get a
/// short hash.
fn distinct_slugs(
    terms: &[Gathered<'_>],
    taxonomy: &str,
    owners: &AddressOwners,
) -> (Vec<Slug>, Vec<Option<Slug>>) {
    let plain: Vec<Slug> = terms.iter().map(|term| Slug::from_term(&term.key)).collect();
    let lossless = |at: usize| is_told_whole(&terms[at].key, &plain[at]);
    let keys: Vec<FoldedKey> = plain.iter().map(|slug| FoldedKey::of(slug.as_str())).collect();
    let mut owner: FxHashMap<FoldedKey, usize> = FxHashMap::default();
    for (at, key) in keys.iter().enumerate() {
        if owners.holds(taxonomy, &plain[at]) {
            continue;
        }
        let holder = owner.entry(*key).or_insert(at);
        if *holder != at && lossless(at) && !lossless(*holder) {
            *holder = at;
        }
    }
    // Each address has one owner: ignore lines with an address that is not the term's own.
    for (at, slug) in plain.iter().enumerate() {
        if owners.slug_of(taxonomy, &terms[at].key) == Some(slug) {
            owner.entry(keys[at]).or_insert(at);
        }
    }
    let slugs = plain.into_iter().zip(terms).enumerate().map(|(at, (slug, term))| {
        if owner.get(&keys[at]) == Some(&at) {
            (slug, None)
        } else {
            (slug.distinguished(&term.key), Some(slug))
        }
    });
    slugs.unzip()
}

/// Whether a slug preserves all of a term's key.
pub(crate) fn is_told_whole(key: &str, slug: &Slug) -> bool {
    key.replace(' ', "-") == slug.as_str()
}

fn merged(singular: &str, term: &Gathered<'_>, articles: &[Loaded<Article>]) -> Diagnostic {
    let chosen = commonest(&term.spellings);
    let others: Vec<String> = term
        .spellings
        .iter()
        .filter(|(name, _)| **name != chosen)
        .map(|(name, count)| format!("“{name}” ({count})"))
        .collect();
    let odd = term.articles.iter().find(|&&id| {
        let article = &articles[id as usize].value;
        let mut spelled = article.terms.all().iter().chain(&article.outlet);
        spelled.any(|name| **name != *chosen && term.spellings.contains_key(&**name))
    });
    let message = format!(
        "spellings of one {singular} are merged: “{chosen}” stands for {}",
        others.join(", ")
    );
    let diagnostic = Diagnostic::warning(Rule::MergedSpellings, message)
        .help(format!("write “{chosen}” everywhere"));
    match odd {
        Some(&id) => diagnostic.at(Place::file(&*articles[id as usize].value.source)),
        None => diagnostic,
    }
}
