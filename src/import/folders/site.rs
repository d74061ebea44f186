//! Reads another generator's settings: name, address, language and permalink pattern of the site.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::base::language_tag;
use crate::base::old_permalink::OldPattern;
use crate::tree::{parse_json, parse_toml, parse_yaml};

use super::{Found, Generator};

/// The settings of a site.
pub(super) struct Site {
    title: Option<String>,
    description: Option<String>,
    url: Option<String>,
    language: Option<String>,
    languages: Vec<String>,
    authors: BTreeMap<String, String>,
    /// The permalink pattern.
    pub(super) addresses: String,
}

impl Site {
    /// Reads the settings in a site's folder; without them, the generator's defaults count.
    pub(super) fn read(generator: Generator, folder: &Path) -> Site {
        let own = settings(generator, folder);
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| own.get(*name)?.as_str());
            found.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let url = text(&["url", "baseURL", "baseurl", "base_url", "SITEURL"]);
        let base = text(&["baseurl", "baseUrl", "root"]).filter(|base| base.starts_with('/'));
        let url = url.filter(|url| url.starts_with("http")).map(|url| match base {
            Some(base) => format!("{}{base}", url.trim_end_matches('/')),
            None => url,
        });
        let language = text(&[
            "lang",
            "language",
            "locale",
            "languageCode",
            "default_language",
            "defaultContentLanguage",
            "DEFAULT_LANG",
        ]);
        let languages = own.get("languages").and_then(Json::as_object);
        let languages = languages
            .map(|table| table.keys().filter_map(|key| language_tag::of_name(key)).collect());
        let written = text(&["permalink"]).map(|pattern| translated(&pattern));
        let addresses = written.filter(|pattern| OldPattern::parse(pattern).is_ok());
        Site {
            title: text(&["title", "SITENAME"]),
            description: text(&["description", "tagline", "subtitle"]),
            language: language.and_then(|tag| language_tag::of_name(&tag)),
            languages: languages.unwrap_or_default(),
            authors: authors(folder),
            addresses: addresses.unwrap_or_else(|| generator.addresses().to_owned()),
            url,
        }
    }

    /// The settings for an archive of its texts.
    pub(super) fn settings(&self, found: &Found) -> String {
        let line = |key: &str, text: &str| format!("{key} = {}\n", toml::Value::from(text));
        let mut parts = vec![
            line("base_url", self.url.as_deref().unwrap_or("http://localhost/")),
            line("title", self.title.as_deref().unwrap_or("Archive")),
        ];
        parts.extend(self.description.as_ref().map(|description| {
            line("description", &description.split_whitespace().collect::<Vec<_>>().join(" "))
        }));
        parts.extend(self.language.as_ref().map(|language| line("language", language)));
        parts.extend(
            self.url
                .as_ref()
                .map(|url| format!("origins = [{}]\n", toml::Value::from(url.as_str()))),
        );
        if !found.originals.is_empty() {
            parts.push("\n[keys]\n".to_owned());
            parts.extend(found.originals.iter().map(|key| line(key, "original_url")));
        }
        parts.push("\n[[old_permalinks]]\n".to_owned());
        parts.push(line("pattern", &self.addresses));
        if found.has("categories") {
            let table = "\n[[taxonomies]]\nname = \"categories\"\nsingular = \"category\"\n";
            parts.push(table.to_owned());
        }
        parts.extend(self.languages.iter().map(|language| format!("\n[languages.{language}]\n")));
        for (key, name) in &self.authors {
            parts.push(format!("\n[authors.{}]\n", toml_edit::Key::new(key.as_str())));
            parts.push(line("name", name));
        }
        parts.concat()
    }
}

/// Translates a generator's permalink pattern; parts without a counterpart are dropped.
fn translated(pattern: &str) -> String {
    let named = match pattern {
        "date" => "/:categories/:year/:month/:day/:title.html",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" | "weekdate" | "none" => "/:categories/:title.html",
        other => other,
    };
    let named =
        named.replace("/:categories", "").replace("/:category", "").replace(":name", ":title");
    if named.starts_with('/') { named } else { format!("/{named}") }
}

/// The settings as a table, from any supported format.
fn settings(generator: Generator, folder: &Path) -> Map<String, Json> {
    let names: &'static [&'static str] = match generator {
        Generator::Jekyll | Generator::Hexo => &["_config.yml", "_config.yaml", "_config.toml"],
        Generator::Hugo => &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
        ],
        Generator::Zola => &["config.toml", "zola.toml"],
        Generator::Docusaurus => {
            &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs"]
        }
        Generator::Eleventy => &[
            "_data/metadata.json",
            "src/_data/metadata.json",
            "_data/site.json",
            "src/_data/site.json",
            "_data/metadata.js",
        ],
        Generator::Pelican => &["pelicanconf.py"],
        Generator::VuePress => &[
            "docs/.vuepress/config.js",
            ".vuepress/config.js",
            "docs/.vuepress/config.ts",
            "src/.vuepress/config.js",
        ],
    };
    let read = |name: &'static str| Some((name, std::fs::read_to_string(folder.join(name)).ok()?));
    let Some((name, text)) = names.iter().copied().find_map(read) else { return Map::new() };
    let table = match name.rsplit('.').next() {
        Some("toml") => parse_toml(&text, 0),
        Some("yml" | "yaml") => parse_yaml(&text, 0),
        Some("json") => parse_json(&text, 0),
        _ => return assigned(&text),
    };
    table.map(|table| table.to_json()).unwrap_or_default()
}

/// Strings that a program assigns: `title: 'x',` and `SITENAME = "x"`.
fn assigned(text: &str) -> Map<String, Json> {
    let mut found = Map::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once([':', '=']) else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        let value = value.trim().trim_end_matches([',', ';']);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let inner = quote.and_then(|quote| value[1..].strip_suffix(quote));
        let is_name = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if let Some(inner) = inner.filter(|_| is_name) {
            found.entry(key.to_owned()).or_insert_with(|| Json::from(inner));
        }
    }
    found
}

/// Authors by the keys that a site's texts use.
fn authors(folder: &Path) -> BTreeMap<String, String> {
    let names =
        ["blog/authors.yml", "_data/authors.yml", "data/authors.yml", "content/authors.yml"];
    let text = names.iter().find_map(|name| std::fs::read_to_string(folder.join(name)).ok());
    let table = text.and_then(|text| parse_yaml(&text, 0).ok());
    let table = table.map(|table| table.to_json()).unwrap_or_default();
    let known = table.into_iter().filter_map(|(key, author)| {
        let name = author.get("name").and_then(Json::as_str).or_else(|| author.as_str())?;
        Some((key, name.to_owned()))
    });
    known.collect()
}
