//! Web addresses in the sources: state about links that no source contains is deleted.

use std::io;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::base::files;
use crate::base::leftovers::Ignored;
use crate::content::scan;
use crate::ledger::{self, Address};
use crate::state::links::{self, ForgottenLink};

/// Deletes state about links that only withdrawn sources contain.
pub(crate) fn forget_unmentioned(
    root: &Path,
    is_withdrawn: &(dyn Fn(&str) -> bool + Sync),
) -> io::Result<Vec<ForgottenLink>> {
    if !links::are_there(root) {
        return Ok(Vec::new());
    }
    let files = scan::scan(root, &Ignored::default()).files;
    let mut mentioned: FxHashSet<String> = files
        .par_iter()
        .filter(|file| !is_withdrawn(&file.path))
        .flat_map_iter(|file| {
            let bytes = files::read(&file.location.absolute(root, &file.path));
            addresses(&String::from_utf8_lossy(&bytes.unwrap_or_default()))
        })
        .collect();
    // Copies in the ledger are checked as well.
    let (ledger, _) = ledger::files::load(root);
    let copies: Vec<Address> = ledger
        .decisions()
        .filter(|(address, _)| mentioned.contains(address.as_str()))
        .filter_map(|(_, decision)| Address::parse(&decision.memento.as_ref()?.url))
        .collect();
    mentioned.extend(copies.iter().map(ToString::to_string));
    links::forget(root, &|address| mentioned.contains(address))
}

/// All web addresses in a text, normalised. The end of an address is unclear without parsing, so
/// every possible end is taken.
fn addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("//") {
        let before = text[..at].rsplit(|letter: char| !letter.is_ascii_alphabetic()).next();
        let scheme = before.filter(|_| text[..at].ends_with(':')).unwrap_or_default();
        let start = match text[..at].strip_suffix(':') {
            Some(rest) => {
                let name = rest.rsplit(|letter: char| !letter.is_ascii_alphabetic()).next();
                at - 1 - name.unwrap_or_default().len()
            }
            None => at - scheme.len(),
        };
        let rest = &text[start..];
        let end = rest.find(|letter: char| letter.is_whitespace() || "\"'<>`".contains(letter));
        let whole = rest[..end.unwrap_or(rest.len())].replace("&amp;", "&");
        let ends = whole.match_indices(|letter: char| ")],;.!?*_}\\".contains(letter));
        let ends = ends.map(|(end, _)| end).filter(|end| *end > 8).take(MOST_ENDS);
        let ends: Vec<usize> = ends.chain([whole.len()]).collect();
        found.extend(ends.into_iter().filter_map(|end| Address::parse(&whole[..end])));
    }
    found.into_iter().map(|address| address.to_string()).collect()
}

/// The maximum number of ends tried for an address.
const MOST_ENDS: usize = 32;

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_found_wherever_they_end() {
        for text in [
            "See https://x.example/a.",
            "[a](https://x.example/a)",
            "[a](<https://x.example/a>)",
            "[a]: https://x.example/a \"Title\"",
            "original_url = \"HTTPS://X.example/a\"",
            "(https://x.example/a), and so on",
            "<a href='//x.example/a'>a</a>",
        ] {
            let found = addresses(text);
            assert!(found.iter().any(|address| address == "https://x.example/a"), "{found:?}");
        }
        assert!(addresses("no // address").is_empty());
    }
}
