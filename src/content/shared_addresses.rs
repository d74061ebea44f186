//! Reports and pages that would share one address: who keeps it, and where the others stand.
//!
//! Of several languages the one in the archive's keeps it, or the one that `addresses.toml` names; every
//! other has its language before it (`/ar/2017/01/29/talks/`). Of two in one language the first keeps it,
//! and the other is left out. Takes who claims what, in the order of their files; `Content` applies it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::base::language_tag;
use crate::base::permalink::{FoldedKey, Permalink};

/// Who asks for an address: a report or a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// The address that it would have alone.
    pub(super) permalink: &'a Permalink,
    /// Its language.
    pub(super) language: &'a str,
}

/// The results for claims that are not granted, by index of the claim.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Who stands where, with the language before the address.
    pub(super) tagged: Vec<(usize, Permalink)>,
    /// Who has no address, and who has it.
    pub(super) refused: Vec<(usize, usize)>,
}

/// Settles who has which address.
pub(super) fn settle(
    claims: &[Claim<'_>],
    language: &str,
    decided: &BTreeMap<String, String>,
) -> Settled {
    let mut first: FxHashMap<FoldedKey, usize> = FxHashMap::default();
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, claim) in claims.iter().enumerate() {
        let holder = *first.entry(FoldedKey::of(claim.permalink.as_str())).or_insert(at);
        if holder != at {
            groups.entry(holder).or_insert_with(|| vec![holder]).push(at);
        }
    }
    let mut settled = Settled::default();
    for members in groups.into_values() {
        let permalink = claims[members[0]].permalink;
        let keeper = decided.get(permalink.as_str()).map_or(language, String::as_str);
        let speak = |one: &usize, tag: &str| language_tag::is_same(claims[*one].language, tag);
        let is_shared = members.iter().any(|other| !speak(other, claims[members[0]].language));
        if is_shared && !members.iter().any(|one| speak(one, keeper)) {
            first.remove(&FoldedKey::of(permalink.as_str()));
        }
        for (position, &at) in members.iter().enumerate() {
            let own = claims[at].language;
            if let Some(&earlier) = members[..position].iter().find(|one| speak(one, own)) {
                settled.refused.push((at, earlier));
            } else if is_shared && speak(&at, keeper) {
                first.insert(FoldedKey::of(permalink.as_str()), at);
            } else if is_shared {
                settled.tag(at, claims[at], &mut first);
            }
        }
    }
    settled
}

impl Settled {
    fn tag(&mut self, at: usize, claim: Claim<'_>, taken: &mut FxHashMap<FoldedKey, usize>) {
        let part = language_tag::address_part(claim.language);
        let tagged = Permalink::from_written(&format!("/{part}{}", claim.permalink));
        // Longer by a few letters than one that is good, which stays good.
        let tagged = tagged.unwrap_or_else(|_| claim.permalink.clone());
        match taken.get(&FoldedKey::of(tagged.as_str())) {
            Some(&other) if other != at => self.refused.push((at, other)),
            _ => {
                taken.insert(FoldedKey::of(tagged.as_str()), at);
                self.tagged.push((at, tagged));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod tests {
    use super::*;

    fn settled(claims: &[(&str, &str)], decided: &[(&str, &str)]) -> Vec<String> {
        let links: Vec<Permalink> =
            claims.iter().map(|(path, _)| Permalink::from_written(path).unwrap()).collect();
        let claims: Vec<Claim<'_>> = claims
            .iter()
            .zip(&links)
            .map(|((_, language), permalink)| Claim { permalink, language })
            .collect();
        let decided =
            decided.iter().map(|(path, tag)| ((*path).to_owned(), (*tag).to_owned())).collect();
        let settled = settle(&claims, "en", &decided);
        let mut stands: Vec<String> = links.iter().map(ToString::to_string).collect();
        for (at, to) in settled.tagged {
            stands[at] = to.to_string();
        }
        for (at, other) in settled.refused {
            stands[at] = format!("-{other}");
        }
        stands
    }

    #[test]
    fn the_archives_language_keeps_an_address_in_any_order() {
        for (claims, decided, stands) in [
            (&[("/x", "ar"), ("/x", "en")][..], &[][..], &["/ar/x/", "/x/"][..]),
            (&[("/x", "en"), ("/x", "pt_BR")], &[], &["/x/", "/pt-br/x/"]),
            (&[("/x", "ar"), ("/x", "fr")], &[], &["/ar/x/", "/fr/x/"]),
            (&[("/x", "ar"), ("/x", "en")], &[("/x/", "ar")], &["/x/", "/en/x/"]),
            (&[("/x", "en"), ("/x", "en")], &[], &["/x/", "-0"]),
            (&[("/x", "en"), ("/x", "en"), ("/x", "ar")], &[], &["/x/", "-0", "/ar/x/"]),
            (&[("/ar/x", "en"), ("/x", "ar"), ("/x", "en")], &[], &["/ar/x/", "-0", "/x/"]),
            (&[("/x", "ar"), ("/X", "en")], &[], &["/ar/x/", "/X/"]),
        ] {
            assert_eq!(settled(claims, decided), stands, "{claims:?}");
        }
    }
}
