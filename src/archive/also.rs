//! The same report in several outlets: `also` in the front matter, resolved to articles and made
//! mutual.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::content::Loaded;
use crate::content::article::{Also, Article};
use crate::settings::Config;

use super::ArticleId;
use super::references::References;

/// For each article its confirmed copies. The relation is symmetric.
pub(crate) type Confirmed = BTreeMap<ArticleId, BTreeSet<ArticleId>>;

/// Resolves every `also`; an id is an article's place among `articles`.
pub(crate) fn confirm(
    articles: &[Loaded<Article>],
    config: &Config,
) -> (Confirmed, Vec<Diagnostic>) {
    let mut confirmed = Confirmed::new();
    let mut diagnostics = Vec::new();
    if articles.iter().all(|article| article.value.also.is_empty()) {
        return (confirmed, diagnostics);
    }
    let addresses = References::new(articles);
    for (id, article) in (0..).zip(articles) {
        for also in &article.value.also {
            match addresses.find(&also.written, &article.value, config) {
                Some(other) if other != id => {
                    confirmed.entry(id).or_default().insert(other);
                    confirmed.entry(other).or_default().insert(id);
                }
                Some(_) => diagnostics.push(own(also)),
                None => diagnostics.push(unknown(also, &addresses)),
            }
        }
    }
    (confirmed, diagnostics)
}

fn own(also: &Also) -> Diagnostic {
    Diagnostic::warning(Rule::UnknownAlso, "“also” names the article itself")
        .at(also.place.clone())
        .help("name the same report as another outlet carried it, or remove the line")
}

fn unknown(also: &Also, addresses: &References<'_>) -> Diagnostic {
    let message = format!("“also” names {}, and no article is there", also.written);
    Diagnostic::warning(Rule::UnknownAlso, message).at(also.place.clone()).help(
        match addresses.near(&also.written) {
            Some(near) => format!("did you mean /{near}/?"),
            None => "write the other report's permalink, as in also = [\"/2017/01/29/title/\"]"
                .to_owned(),
        },
    )
}
