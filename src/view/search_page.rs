//! View data of the search page, and its OpenSearch 1.1 description.

use quick_xml::escape::escape;
use serde_json::json;

use crate::base::built_in::BuiltIn;
use crate::i18n::Names;
use crate::plan::SEARCH_INDEX;
use crate::settings::Config;
use crate::settings::searching::SearchFallback;
use crate::view::value::{Value, view};
use crate::view::{Head, Views};

impl Views<'_> {
    pub(crate) fn search_page(&self) -> (Head, Value, &'static str) {
        let head =
            Head { noindex: true, ..self.plain_head("search", self.language.text("search", &[])) };
        let fallback = self.config.search.fallback.as_ref().map(|fallback| self.fallback(fallback));
        let search = view!({
            "index": self.config.address(SEARCH_INDEX),
            "words": self.search_words(),
            "fallback": fallback,
        });
        (head, view!({ "search": search }), "search.html")
    }

    fn fallback(&self, fallback: &SearchFallback) -> Value {
        let host = self.config.base_url.host_str().unwrap_or_default();
        let fields: Vec<Value> = fallback
            .fields
            .iter()
            .map(|(name, value)| view!({ "name": name, "value": value.replace("{host}", host) }))
            .collect();
        view!({
            "action": fallback.action.as_str(),
            "host": fallback.action.host_str(),
            "query": fallback.query,
            "fields": fields,
        })
    }

    /// Texts of the search client, as JSON.
    fn search_words(&self) -> String {
        let word = |key: &str| self.language.text(key, &[]);
        let taxonomy = |taxonomy: BuiltIn| self.language.name(Names::Taxonomies, taxonomy.name());
        let words = json!({
            "hits": self.language.forms("reports"),
            "none": word("search_none"),
            "loading": word("search_loading"),
            "failed": word("search_failed"),
            "file": word("search_file"),
            "more": word("search_more"),
            "partial": word("search_partial"),
            "suggest": word("search_suggest"),
            "years": word("years"),
            "outlet": taxonomy(BuiltIn::Outlets),
            "author": taxonomy(BuiltIn::Authors),
            "tag": taxonomy(BuiltIn::Tags),
            "story": taxonomy(BuiltIn::Stories),
            "lang": word("languages"),
            "kind": word("search_kinds"),
        });
        words.to_string()
    }
}

/// The description with which browsers offer the archive's search.
pub(crate) fn open_search(config: &Config, language: &str) -> String {
    let name: String = config.title.chars().take(16).collect();
    let template = format!("{}?q={{searchTerms}}", config.absolute("/search/"));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n\
         <Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Language>{}</Language>\n\
         <Url type=\"text/html\" template=\"{}\"/>\n\
         </OpenSearchDescription>\n",
        escape(name.trim()),
        escape(config.title.as_str()),
        escape(language),
        escape(template.as_str()),
    )
}
