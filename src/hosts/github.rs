//! GitHub Pages: it serves files, and looks at two of them. Redirects are pages there.

use url::Host as Name;

use super::{Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason};

/// Without it, files that begin with `_` or `.` are left out.
pub(super) const NO_JEKYLL: &str = ".nojekyll";
/// The domain of a site that has one of its own.
pub(super) const DOMAIN: &str = "CNAME";

pub(super) fn rules(answers: &Answers) -> Rules {
    let file = |path, text| RuleFile { path, text, beside: Beside::GivesWay };
    let domain = own_domain(answers).map(|domain| file(DOMAIN, format!("{domain}\n")));
    Rules {
        files: [file(NO_JEKYLL, String::new())].into_iter().chain(domain).collect(),
        unsupported: unsupported(answers),
    }
}

/// A domain that is the site's own: not one of GitHub's, and the site is all of it.
fn own_domain(answers: &Answers) -> Option<&str> {
    let Some(Name::Domain(name)) = answers.home.host() else { return None };
    let is_own = name.contains('.')
        && !name.ends_with(".github.io")
        && answers.base == "/"
        && answers.home.port().is_none();
    is_own.then_some(name)
}

/// Of redirects, those that are no pages.
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
