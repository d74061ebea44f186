//! View data of term indexes: A to Z, in the collation of the archive's language.

use crate::plan::initials::{WHOLE_INDEX, initial, initial_part};
use crate::view::value::{Object as _, Value, view};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};

use crate::i18n::Names;
use crate::plan::Scope;

use crate::view::{Head, Views};

/// How many of the most used terms stand before an index.
const MOST_USED: usize = 30;

/// A shorter index is seen as a whole.
const LONG_INDEX: usize = 2 * MOST_USED;

impl Views<'_> {
    pub(crate) fn terms(&self, taxonomy: usize, only: Option<&str>) -> (Head, Value, &'static str) {
        let config = &self.config.taxonomies[taxonomy];
        let heading = self.language.name(Names::Taxonomies, &config.name);
        let groups = self.initial_groups(taxonomy);
        let cut = self.archive.taxonomies[taxonomy].terms.len() > WHOLE_INDEX;
        let index = self
            .config
            .address(&crate::base::permalink::encode_path(&format!("/{}/", config.path)));
        let letters: Vec<Value> = groups
            .iter()
            .map(|(initial, terms)| {
                let part = crate::base::permalink::encode_path(&initial_part(initial));
                let url = cut.then(|| format!("{index}{part}/"));
                view!({
                    "initial": initial, "id": group_id(initial), "url": url,
                    "count": terms.len(), "count_text": self.language.counted("notices_count", terms.len()),
                })
            })
            .collect();
        let shown: Vec<Value> = groups
            .iter()
            .filter(|(initial, _)| match only {
                Some(only) => initial == only,
                None => !cut,
            })
            .map(|(initial, terms)| {
                let terms: Vec<Value> =
                    terms.iter().map(|term| self.indexed_term(taxonomy, *term)).collect();
                view!({ "initial": initial, "id": group_id(initial), "terms": terms })
            })
            .collect();
        let heading = match only {
            Some(only) => format!("{heading}: {only}"),
            None => heading,
        };
        let mut head = self.plain_head("terms", heading.clone());
        if let Some(only) = only {
            head.crumb = Some(Self::here(only));
            head.breadcrumbs
                .push(Self::crumb(&self.language.name(Names::Taxonomies, &config.name), &index));
        }
        let index_view = view!({
            "heading": heading,
            "initials": letters,
            "groups": shown,
            "total_text": self.language.counted("notices_count", match only {
                Some(only) => groups.iter().find(|group| group.0 == only).map_or(0, |group| group.1.len()),
                None => self.archive.taxonomies[taxonomy].terms.len(),
            }),
            "most_used": if only.is_none() { self.most_used(taxonomy, &groups) } else { Vec::new() },
            "stories": self.is_story(Scope::Term(taxonomy, 0)),
        });
        (head, view!({ "index": index_view }), "terms.html")
    }

    fn indexed_term(&self, taxonomy: usize, term: usize) -> Value {
        let articles = &self.archive.taxonomies[taxonomy].terms[term].articles;
        let count = articles.iter().filter(|id| self.archive.is_listed(**id)).count();
        let shown = self.term(taxonomy, term);
        let shown = shown.with("count_text", self.language.counted("reports", count));
        if self.is_story(Scope::Term(taxonomy, term)) {
            shown.with("story", self.story_summary(taxonomy, term))
        } else {
            shown
        }
    }

    /// The terms with the most reports, for an index that is longer than a screen; in the order of the
    /// index where they have the same number.
    fn most_used(&self, taxonomy: usize, groups: &[(String, Vec<usize>)]) -> Vec<Value> {
        let terms = &self.archive.taxonomies[taxonomy].terms;
        if terms.len() < LONG_INDEX {
            return Vec::new();
        }
        let count = |term: usize| self.listed(&terms[term].articles).count();
        let mut counted: Vec<(usize, usize)> =
            groups.iter().flat_map(|(_, terms)| terms).map(|&term| (count(term), term)).collect();
        counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        counted
            .into_iter()
            .take(MOST_USED)
            .map(|(_, term)| self.indexed_term(taxonomy, term))
            .collect()
    }

    /// Terms by initial, both collated.
    fn initial_groups(&self, taxonomy: usize) -> Vec<(String, Vec<usize>)> {
        let terms = &self.archive.taxonomies[taxonomy].terms;
        let collator = collator(&self.config.language);
        let mut keyed: Vec<(Vec<u8>, usize)> = terms
            .iter()
            .enumerate()
            .map(|(at, term)| (sort_key(collator.as_ref(), term.sorted_by()), at))
            .collect();
        keyed.sort();
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (_, at) in keyed {
            let initial = initial(terms[at].sorted_by());
            match groups.iter_mut().find(|(known, _)| *known == initial) {
                Some((_, terms)) => terms.push(at),
                None => groups.push((initial, vec![at])),
            }
        }
        groups
    }
}

/// The sort key of a name; its bytes break ties.
fn sort_key(collator: Option<&CollatorBorrowed<'_>>, name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    if let Some(collator) = collator {
        // Writing to a vector can't fail.
        let _ = collator.write_sort_key_to(name, &mut key);
    }
    key.extend(name.as_bytes());
    key
}

fn collator(language: &str) -> Option<CollatorBorrowed<'static>> {
    let locale: icu_locale::Locale = language.parse().ok()?;
    Collator::try_new(locale.into(), CollatorOptions::default()).ok()
}

fn group_id(initial: &str) -> String {
    initial_part(initial)
}
