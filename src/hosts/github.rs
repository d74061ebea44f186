//! GitHub Pages: serves files, and interprets two of them. Redirects must be pages.

use url::Host as Name;

use super::{Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason};

/// Without this file, GitHub leaves out files that begin with `_` or `.`.
pub(super) const NO_JEKYLL: &str = ".nojekyll";
/// Contains the custom domain of a site.
pub(super) const DOMAIN: &str = "CNAME";

pub(super) fn rules(answers: &Answers) -> Rules {
    let file = |path, text| RuleFile { path, text, beside: Beside::GivesWay };
    let domain = own_domain(answers).map(|domain| file(DOMAIN, format!("{domain}\n")));
    Rules {
        files: [file(NO_JEKYLL, String::new())].into_iter().chain(domain).collect(),
        unsupported: unsupported(answers),
    }
}

/// The custom domain, if the site is the whole of it.
fn own_domain(answers: &Answers) -> Option<&str> {
    let Some(Name::Domain(name)) = answers.home.host() else { return None };
    let is_own = name.contains('.')
        && !name.ends_with(".github.io")
        && answers.base == "/"
        && answers.home.port().is_none();
    is_own.then_some(name)
}

/// Redirects that are not pages.
fn unsupported(answers: &Answers) -> Vec<Unsupported> {
    let gone = answers.gone.iter().map(Unsupported::gone);
    let moved = answers.moved.iter().filter_map(|moved| {
        let reason = match moved.from {
            OldAddress::Exact(_) => return None,
            OldAddress::Query { .. } => UnsupportedReason::Query,
            OldAddress::Pattern(_) => UnsupportedReason::Pattern,
        };
        Some(Unsupported::moved(reason, moved))
    });
    gone.chain(moved).collect()
}
