//! Interned names: outlets, authors, tags, kinds, languages.
//!
//! Every article passes its names through one [`Pool`] after parsing or loading, so that the
//! archive holds each spelling once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

/// A name as spelled.
pub(crate) type Name = Arc<str>;

/// An article's terms, by taxonomy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Each taxonomy with the end of its terms.
    taxonomies: Box<[(Name, u32)]>,
    /// The terms of all taxonomies, concatenated.
    terms: Box<[Name]>,
}

impl Terms {
    /// The taxonomies with their terms, in order.
    pub fn taxonomies(&self) -> impl Iterator<Item = (&Name, &[Name])> {
        let mut start = 0;
        self.taxonomies.iter().map(move |(taxonomy, end)| {
            let terms = start..*end as usize;
            start = terms.end;
            (taxonomy, self.terms.get(terms).unwrap_or_default())
        })
    }

    pub fn of(&self, taxonomy: &str) -> &[Name] {
        self.taxonomies().find(|(name, _)| ***name == *taxonomy).map_or(&[], |(_, terms)| terms)
    }

    /// All terms of all taxonomies.
    pub fn all(&self) -> &[Name] {
        &self.terms
    }

    /// Calls a function on every name, which may replace it.
    pub fn each_name(&mut self, mut change: impl FnMut(&mut Name)) {
        self.taxonomies.iter_mut().for_each(|(taxonomy, _)| change(taxonomy));
        self.terms.iter_mut().for_each(change);
    }
}

/// From (taxonomy's name, terms).
impl FromIterator<(Name, Vec<Name>)> for Terms {
    fn from_iter<I: IntoIterator<Item = (Name, Vec<Name>)>>(parts: I) -> Terms {
        let (mut taxonomies, mut all) = (Vec::new(), Vec::new());
        for (taxonomy, terms) in parts {
            all.extend(terms);
            taxonomies.push((taxonomy, u32::try_from(all.len()).unwrap_or(u32::MAX)));
        }
        Terms { taxonomies: taxonomies.into(), terms: all.into() }
    }
}

/// The interned names of an archive.
#[derive(Debug, Default)]
pub struct Pool(Mutex<FxHashSet<Name>>);

impl Pool {
    /// The shared copies of these names.
    pub fn share(&self, names: &[&str]) -> Vec<Name> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = names.iter().map(|name| {
            if let Some(known) = known.get(*name) {
                return Arc::clone(known);
            }
            let name = Name::from(*name);
            known.insert(Arc::clone(&name));
            name
        });
        shared.collect()
    }

    /// Replaces a name by the shared copy.
    pub fn replace(&self, name: &mut Name) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(name) {
            *name = Arc::clone(known);
        } else {
            known.insert(Arc::clone(name));
        }
    }
}
