//! View data of term indexes: A to Z, in the collation of the archive's language.

use crate::plan::initials::{WHOLE_INDEX, initial, initial_part};
use crate::view::value::{Object as _, Value, view};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};

use crate::i18n::Names;

use crate::view::{Head, Views};

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
            .map(|(initial, _)| {
                let part = crate::base::permalink::encode_path(&initial_part(initial));
                let url = cut.then(|| format!("{index}{part}/"));
                view!({ "initial": initial, "id": group_id(initial), "url": url })
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
        let index_view = view!({ "heading": heading, "initials": letters, "groups": shown });
        (head, view!({ "index": index_view }), "terms.html")
    }

    fn indexed_term(&self, taxonomy: usize, term: usize) -> Value {
        let articles = &self.archive.taxonomies[taxonomy].terms[term].articles;
        let count = articles.iter().filter(|id| self.archive.is_listed(**id)).count();
        self.term(taxonomy, term).with("count_text", self.language.counted("reports", count))
    }

    /// Terms by initial, both collated.
    fn initial_groups(&self, taxonomy: usize) -> Vec<(String, Vec<usize>)> {
        let terms = &self.archive.taxonomies[taxonomy].terms;
        let collator = collator(&self.config.language);
        let mut keyed: Vec<(Vec<u8>, usize)> = terms
            .iter()
            .enumerate()
            .map(|(at, term)| (sort_key(collator.as_ref(), &term.name), at))
            .collect();
        keyed.sort();
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (_, at) in keyed {
            let initial = initial(&terms[at].name);
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
