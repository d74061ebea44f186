//! What another generator's own settings say: the site's name, address, language and addresses of its texts.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::base::language_tag;
use crate::base::old_permalink::OldPattern;
use crate::tree::{parse_json, parse_toml, parse_yaml};

use super::{Found, Generator};

/// What is known of a site.
pub(super) struct Site {
    title: Option<String>,
    description: Option<String>,
    url: Option<String>,
    language: Option<String>,
    languages: Vec<String>,
    authors: BTreeMap<String, String>,
    /// The pattern of its addresses.
    pub(super) addresses: String,
}

impl Site {
    /// Reads the settings in a site's folder; without them, its generator's habits are all that is known.
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

    /// Settings for an archive of its texts.
    pub(super) fn settings(&self, found: &Found) -> String {
        let mut out = String::new();
        let mut line = |key: &str, value: &str| {
            out.push_str(&format!("{key} = {}\n", toml::Value::from(value)));
        };
        line("base_url", self.url.as_deref().unwrap_or("http://localhost/"));
        line("title", self.title.as_deref().unwrap_or("Archive"));
        if let Some(description) = &self.description {
            line("description", &description.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        if let Some(language) = &self.language {
            line("language", language);
        }
        if let Some(url) = &self.url {
            out.push_str(&format!("origins = [{}]\n", toml::Value::from(url.as_str())));
        }
        if !found.originals.is_empty() {
            out.push_str("\n[keys]\n");
            for key in &found.originals {
                out.push_str(&format!("{key} = \"original_url\"\n"));
            }
        }
        out.push_str(&format!(
            "\n[[old_permalinks]]\npattern = {}\n",
            toml::Value::from(&*self.addresses)
        ));
        if found.has("categories") {
            out.push_str("\n[[taxonomies]]\nname = \"categories\"\nsingular = \"category\"\n");
        }
        for language in &self.languages {
            out.push_str(&format!("\n[languages.{language}]\n"));
        }
        for (key, name) in &self.authors {
            let key = toml_edit::Key::new(key.as_str());
            out.push_str(&format!(
                "\n[authors.{key}]\nname = {}\n",
                toml::Value::from(name.as_str())
            ));
        }
        out
    }
}

/// A generator's pattern in our names; parts that nothing here stands for go.
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

/// The settings as a table, whatever they are written in.
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

/// The texts that a program's source assigns: `title: 'x',` and `SITENAME = "x"`.
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

/// The authors that a site knows by keys.
fn authors(folder: &Path) -> BTreeMap<String, String> {
    let names =
        ["blog/authors.yml", "_data/authors.yml", "data/authors.yml", "content/authors.yml"];
    let text = names.iter().find_map(|name| std::fs::read_to_string(folder.join(name)).ok());
    let table = text.and_then(|text| parse_yaml(&text, 0).ok());
    let table = table.map(|table| table.to_json()).unwrap_or_default();
    let named = table.into_iter().filter_map(|(key, author)| {
        let name = author.get("name").and_then(Json::as_str).or_else(|| author.as_str())?;
        Some((key, name.to_owned()))
    });
    named.collect()
}
