//! The archive as calls of `reports(…)` see it.

use rustc_hash::FxHashMap;

use crate::archive::ArticleId;
use crate::base::permalink::term_key;
use crate::pipeline::Site;
use crate::render::report_queries::{Found, Held};
use crate::view::Views;

/// Makes the archive ready for calls of `reports(…)`, where a template has one.
pub(super) fn fill_reports(site: &Site, views: &Views<'_>, shown: impl Fn(ArticleId) -> u128) {
    let Some(shelf) = site.engine.reports() else { return };
    shelf.fill(|| {
        let archive = &site.archive;
        let found = |&id: &ArticleId| {
            let article = archive.article(id);
            Found {
                date: article.date,
                language: article.language.as_deref().unwrap_or(&site.config.language).to_owned(),
                kind: article.kind.as_deref().map(str::to_owned),
                card: views.card(id),
                shown: shown(id),
            }
        };
        let mut held =
            Held { reports: archive.listed.iter().map(found).collect(), ..Held::default() };
        let place = |id: &ArticleId| archive.listed.binary_search(id).ok();
        for (taxonomy, terms) in site.config.taxonomies.iter().zip(&archive.taxonomies) {
            let by_name = terms.terms.iter().flat_map(|term| {
                let listed: Vec<usize> = term.articles.iter().filter_map(place).collect();
                let key = term.config_key.iter().map(|key| term_key(key));
                let names = [term.key.clone(), term_key(term.slug.as_str())];
                key.chain(names).map(move |name| (name, listed.clone()))
            });
            let by_name: FxHashMap<String, Vec<usize>> = by_name.collect();
            held.terms.insert(taxonomy.singular.clone(), by_name.clone());
            held.terms.insert(taxonomy.name.clone(), by_name);
        }
        held
    });
}
