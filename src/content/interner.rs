//! Names that many articles share: outlets, authors, tags, kinds, languages. Each is held once.
//!
//! Every article passes its names through one [`Pool`] when it was parsed or taken from the cache, so
//! that an archive holds each spelling once and an article a pointer to it.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

/// A name as it is spelled somewhere.
pub type Name = Arc<str>;

/// An article's terms, by taxonomy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Each taxonomy's name, and where its terms end.
    taxonomies: Box<[(Name, u32)]>,
    /// The terms of all taxonomies, one after the other.
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

    /// The terms of one taxonomy; none where there are none.
    pub fn of(&self, taxonomy: &str) -> &[Name] {
        self.taxonomies().find(|(name, _)| ***name == *taxonomy).map_or(&[], |(_, terms)| terms)
    }

    /// All terms of all taxonomies.
    pub fn all(&self) -> &[Name] {
        &self.terms
    }

    /// Gives every name in it to a function that may put another in its place.
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

/// The names of an archive, each once.
#[derive(Debug, Default)]
pub struct Pool(Mutex<FxHashSet<Name>>);

impl Pool {
    /// The one copy of each of some names.
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

    /// Puts the one copy in a name's place.
    pub fn replace(&self, name: &mut Name) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(name) {
            *name = Arc::clone(known);
        } else {
            known.insert(Arc::clone(name));
        }
    }
}
