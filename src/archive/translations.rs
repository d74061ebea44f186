//! Reports that are one report in several languages: groups by `translation_of`, by one
//! `translation_key`, and by the names of files and folders.
//!
//! Made once from all articles, then only read. A group is symmetrical: each member knows all others.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::language_tag;
use crate::content::Loaded;
use crate::content::article::{Also, Article, Canonical, PlainPage};
use crate::content::languages::folder_language;
use crate::content::named_language::without_suffix;
use crate::settings::Config;

use super::ArticleId;
use super::references::References;

/// The groups of an archive.
#[derive(Debug, Default)]
pub(crate) struct Translations {
    groups: Vec<Group>,
    /// The group of each member, as its place among the groups.
    places: FxHashMap<ArticleId, usize>,
}

/// A report in several languages.
#[derive(Debug)]
pub(crate) struct Group {
    /// At least two, withdrawn ones too, in order.
    pub(crate) members: Vec<ArticleId>,
    /// The member that others name with `translation_of`, unless they name each other in a circle.
    pub(crate) original: Option<ArticleId>,
    /// Whether members name each other in a circle.
    pub(crate) is_circle: bool,
    /// Members that readers find, the first of each language, in order of languages: the archive's
    /// first.
    shown: Vec<ArticleId>,
    /// Those of them that search engines may be led to.
    public: Vec<ArticleId>,
}

impl Group {
    fn new(members: Vec<ArticleId>, articles: &[Loaded<Article>], config: &Config) -> Group {
        let article = |id: &ArticleId| &*articles[*id as usize].value;
        let language = |id: &ArticleId| language_of(article(id), config);
        let first_of_each = |is_shown: &dyn Fn(&Article) -> bool| {
            let mut shown: Vec<ArticleId> =
                members.iter().copied().filter(|id| is_shown(article(id))).collect();
            shown.sort_by_key(|id| (language(id) != config.language, language(id), *id));
            shown.dedup_by_key(|id| language(id));
            shown.truncate(MOST_LANGUAGES);
            shown
        };
        let shown = first_of_each(&|article| !article.is_withdrawn());
        let public = first_of_each(&is_public);
        Group { members, original: None, is_circle: false, shown, public }
    }
}

/// More languages than these are not linked: what a page shows is bounded.
const MOST_LANGUAGES: usize = 100;

/// Whether search engines may be led to a report.
fn is_public(article: &Article) -> bool {
    !article.is_withdrawn() && !article.noindex && article.canonical == Canonical::Own
}

fn language_of<'a>(article: &'a Article, config: &'a Config) -> &'a str {
    article.language.as_deref().unwrap_or(&config.language)
}

impl Translations {
    /// Finds the groups; an id is an article's place among `articles`.
    pub(crate) fn of(
        articles: &[Loaded<Article>],
        config: &Config,
    ) -> (Translations, Vec<Diagnostic>) {
        let (named, diagnostics) = named(articles, config);
        let mut pairs = named.clone();
        pairs.extend(by_key(articles));
        pairs.extend(by_file(articles, config));
        if pairs.is_empty() {
            return (Translations::default(), diagnostics);
        }
        let mut translations = Translations::default();
        for members in joined(articles.len(), &pairs) {
            let place = translations.groups.len();
            translations.places.extend(members.iter().map(|member| (*member, place)));
            translations.groups.push(Group::new(members, articles, config));
        }
        translations.find_originals(&named);
        (translations, diagnostics)
    }

    /// A target that names no other is the original; targets that all name others are a circle.
    fn find_originals(&mut self, named: &[(ArticleId, ArticleId)]) {
        let mut names_another: FxHashMap<ArticleId, bool> = FxHashMap::default();
        for &(from, to) in named {
            names_another.insert(from, true);
            names_another.entry(to).or_insert(false);
        }
        for group in &mut self.groups {
            let known = group.members.iter().filter_map(|id| Some((*id, *names_another.get(id)?)));
            let known: Vec<(ArticleId, bool)> = known.collect();
            group.original = known.iter().find(|(_, is_naming)| !is_naming).map(|(id, _)| *id);
            group.is_circle = group.original.is_none() && !known.is_empty();
        }
    }

    /// All groups.
    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of an article.
    pub(crate) fn group(&self, id: ArticleId) -> Option<&Group> {
        self.groups.get(*self.places.get(&id)?)
    }

    /// Whether two articles are one report in two languages.
    pub(crate) fn are_one(&self, one: ArticleId, other: ArticleId) -> bool {
        let place = self.places.get(&one);
        place.is_some() && place == self.places.get(&other)
    }
}

/// The pairs that `translation_of` names: (translation, original).
fn named(
    articles: &[Loaded<Article>],
    config: &Config,
) -> (Vec<(ArticleId, ArticleId)>, Vec<Diagnostic>) {
    let (mut pairs, mut diagnostics) = (Vec::new(), Vec::new());
    if articles.iter().all(|article| article.value.translation_of.is_empty()) {
        return (pairs, diagnostics);
    }
    let references = References::new(articles);
    let originals = originals(articles);
    for (id, article) in (0..).zip(articles) {
        for named in &article.value.translation_of {
            let by_name = references.find(&named.written, &article.value, config);
            match by_name.or_else(|| originals.get(named.written.as_str()).copied().flatten()) {
                Some(other) if other != id => pairs.push((id, other)),
                Some(_) => diagnostics.push(own(named)),
                None => diagnostics.push(unknown(named, &references)),
            }
        }
    }
    (pairs, diagnostics)
}

/// Articles by the address of their original; `None` where several have it.
fn originals(articles: &[Loaded<Article>]) -> FxHashMap<&str, Option<ArticleId>> {
    let mut originals = FxHashMap::default();
    for (id, article) in (0..).zip(articles) {
        if let Some(address) = &article.value.original_url {
            let only = originals.entry(address.as_str());
            only.and_modify(|only| *only = None).or_insert(Some(id));
        }
    }
    originals
}

fn own(named: &Also) -> Diagnostic {
    Diagnostic::warning(Rule::UnknownTranslation, "“translation_of” names the article itself")
        .at(named.place.clone())
        .help("name the report that this one translates, or remove the line")
}

fn unknown(named: &Also, references: &References<'_>) -> Diagnostic {
    let message = format!("“translation_of” names {}, and no article is there", named.written);
    let help = match references.near(&named.written) {
        Some(near) => format!("did you mean /{near}/?"),
        None => "write the other report's permalink, its file, or the address of its original"
            .to_owned(),
    };
    Diagnostic::warning(Rule::UnknownTranslation, message).at(named.place.clone()).help(help)
}

/// Articles with one `translation_key`.
fn by_key(articles: &[Loaded<Article>]) -> Vec<(ArticleId, ArticleId)> {
    let mut first: FxHashMap<&str, ArticleId> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (id, article) in (0..).zip(articles) {
        let Some(key) = article.value.translation_key.as_deref() else { continue };
        let other = *first.entry(key).or_insert(id);
        if other != id {
            pairs.push((id, other));
        }
    }
    pairs
}

/// Articles whose files differ only in a language: `talks.md` and `talks.ar.md`, or `talks.md` and
/// `ar/talks.md`.
fn by_file(articles: &[Loaded<Article>], config: &Config) -> Vec<(ArticleId, ArticleId)> {
    let names: Vec<Option<FileName>> =
        articles.iter().map(|article| FileName::of(&article.value)).collect();
    if names.iter().all(Option::is_none) {
        return Vec::new();
    }
    // Only names that a file with a language has; others without one may be of them.
    let mut groups: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
    for (id, name) in (0..).zip(names) {
        if let Some(name) = name {
            groups.entry(name.0).or_default().push(id);
        }
    }
    for (id, article) in (0..).zip(articles) {
        let article = &article.value;
        let is_own = article.language.as_deref().is_none_or(|tag| tag == config.language);
        if is_own && let Some(group) = groups.get_mut(stem(&article.source)) {
            group.push(id);
        }
    }
    let mut pairs = Vec::new();
    for mut group in groups.into_values() {
        group.sort_unstable();
        group.dedup();
        let language = |id: &ArticleId| {
            articles[*id as usize].value.address_language().unwrap_or(&config.language)
        };
        let first = group[0];
        if group.iter().any(|id| language(id) != language(&first)) {
            pairs.extend(group[1..].iter().map(|id| (*id, first)));
        }
    }
    pairs
}

/// A file's path without the parts that say a language.
struct FileName(String);

impl FileName {
    /// `None` for a file whose path says no language.
    fn of(article: &Article) -> Option<FileName> {
        let suffix = article.placed.as_ref().map_or(0, |placed| placed.named.suffix);
        let path = without_suffix(&article.source, suffix);
        let tag = folder_language(&path).filter(|tag| {
            article.address_language().is_some_and(|own| language_tag::is_same(tag, own))
        });
        let inner = tag.and_then(|_| path.strip_prefix("content/")?.split_once('/'));
        match inner {
            Some((_, inner)) => Some(FileName(stem(&format!("content/{inner}")).to_owned())),
            None => (suffix > 0).then(|| FileName(stem(&path).to_owned())),
        }
    }
}

fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// The connected sets of at least two members, in order.
fn joined(count: usize, pairs: &[(ArticleId, ArticleId)]) -> Vec<Vec<ArticleId>> {
    let mut above: Vec<ArticleId> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
    for &(one, other) in pairs {
        let (one, other) = (top(&mut above, one), top(&mut above, other));
        above[one.max(other) as usize] = one.min(other);
    }
    let mut sets: BTreeMap<ArticleId, Vec<ArticleId>> = BTreeMap::new();
    let mut members: Vec<ArticleId> =
        pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    members.sort_unstable();
    members.dedup();
    for member in members {
        sets.entry(top(&mut above, member)).or_default().push(member);
    }
    sets.into_values().filter(|set| set.len() > 1).collect()
}

/// The smallest known member of a set, with shorter ways to it.
fn top(above: &mut [ArticleId], mut id: ArticleId) -> ArticleId {
    while above[id as usize] != id {
        above[id as usize] = above[above[id as usize] as usize];
        id = above[id as usize];
    }
    id
}

/// Groups of plain pages whose files differ only in a language, as places among the pages, each in
/// the order of its languages: the archive's first.
pub(crate) fn of_pages(pages: &[Loaded<PlainPage>], config: &Config) -> Vec<Vec<usize>> {
    let language = |at: usize| pages[at].value.language.as_deref().unwrap_or(&config.language);
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        groups.entry(page_name(&page.value)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> =
        groups.into_values().filter(|group| group.len() > 1).collect();
    for group in &mut groups {
        group.sort_by_key(|at| (language(*at) != config.language, language(*at), *at));
        group.dedup_by_key(|at| language(*at));
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// A page's path without the parts that say its language.
fn page_name(page: &PlainPage) -> String {
    let stem = stem(&page.source);
    let Some(own) = page.language.as_deref() else { return stem.to_owned() };
    let is_own = |part: &str| {
        language_tag::of_name(part).is_some_and(|tag| language_tag::is_same(&tag, own))
    };
    let folder = |path: &str| path.rfind('/').map_or(0, |at| at + 1);
    let plain = match stem[folder(stem)..].rsplit_once('.') {
        Some((name, part)) if is_own(part) => format!("{}{name}", &stem[..folder(stem)]),
        _ => stem.to_owned(),
    };
    let parts = plain.split('/').enumerate();
    // Below `content/` or `content/pages/`.
    let parts = parts.filter(|(at, part)| !(matches!(at, 1 | 2) && is_own(part)));
    parts.map(|(_, part)| part).collect::<Vec<_>>().join("/")
}

impl super::Archive {
    /// The members of an article's group that readers find, one of each language, itself too, in order
    /// of languages: the archive's first. Empty if it has no translation that readers find.
    pub(crate) fn translations_of(&self, config: &Config, id: ArticleId) -> Vec<ArticleId> {
        let shown = |group: &Group| self.with_own(config, &group.shown, id);
        let is_shown = self.is_listed(id);
        self.translations.group(id).filter(|_| is_shown).map(shown).unwrap_or_default()
    }

    /// The members that search engines may be led to, each of which leads to all of them. Empty if the
    /// article is none of them.
    pub(crate) fn alternates(&self, id: ArticleId) -> &[ArticleId] {
        let group = self.translations.group(id);
        let public = group.map(|group| group.public.as_slice()).unwrap_or_default();
        if public.len() > 1 && public.contains(&id) { public } else { &[] }
    }

    /// An article in the place of the member of its language.
    fn with_own(&self, config: &Config, members: &[ArticleId], id: ArticleId) -> Vec<ArticleId> {
        let language = self.language(config, id);
        let own = |member: &ArticleId| {
            if self.language(config, *member) == language { id } else { *member }
        };
        let members: Vec<ArticleId> = members.iter().map(own).collect();
        if members.len() < 2 || !members.contains(&id) { Vec::new() } else { members }
    }

    /// An article's language, or the archive's.
    pub(crate) fn language<'a>(&'a self, config: &'a Config, id: ArticleId) -> &'a str {
        language_of(self.article(id), config)
    }

    /// The member for readers of other languages: in the archive's language, else the original, else
    /// the first.
    pub(crate) fn default_of(&self, config: &Config, members: &[ArticleId]) -> Option<ArticleId> {
        let first = members.first()?;
        let own = members.iter().find(|id| self.language(config, **id) == config.language);
        let original = self.translations.group(*first).and_then(|group| group.original);
        let original = original.as_ref().filter(|id| members.contains(id));
        own.or(original).or(Some(first)).copied()
    }
}
