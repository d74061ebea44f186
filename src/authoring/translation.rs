//! `dateline new --translation-of`: what an entry takes from the report that it translates.
//!
//! Dates, terms and the lead picture are copied, so that a curator sees and can change them; no file is
//! copied, and nothing is inherited unseen.

use std::path::Path;

use serde_json::{Value, json};

use crate::base::date::Date;
use crate::base::language_tag;
use crate::base::permalink::Slug;
use crate::content::article::{Article, Image};
use crate::content::front_matter::{self, Fence};
use crate::content::named_language::without_suffix;
use crate::settings::Config;

use super::amend::Read;
use super::lookup::{self, LookupError};

/// The taxonomies whose terms a translation shares.
const SHARED: [&str; 3] = ["stories", "people", "places"];

/// Why a report can't be translated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TranslationError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("{0} is withdrawn; nothing of it is published")]
    Withdrawn(String),
    /// Both would have one language.
    #[error("{file} is in “{language}” itself")]
    SameLanguage { file: String, language: String },
}

impl TranslationError {
    /// The remedy.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            TranslationError::Lookup(error) => error.help(),
            TranslationError::Withdrawn(_) => "leave --translation-of out",
            TranslationError::SameLanguage { .. } => "give --language the language of the new text",
        }
    }
}

/// What an entry takes from the report that it translates.
#[derive(Clone, Debug)]
pub(crate) struct Translation {
    /// The new file beside the report's, from the archive's root.
    pub path: String,
    /// When the report was published.
    pub date: Date,
    pub tags: Vec<String>,
    /// Other keys of the front matter.
    keys: Vec<(&'static str, Value)>,
}

impl Translation {
    /// Finds the report by its address or its file. With a slug, the new file has that name;
    /// otherwise the report's with the language in it.
    pub(crate) fn of(
        (root, config): (&Path, &Config),
        target: &str,
        language: &str,
        slug: Option<&Slug>,
    ) -> Result<Translation, TranslationError> {
        let read = Read::new(root, config);
        let found = lookup::find(root, config, &read.content, target)?;
        let article = &*found.value;
        if article.is_withdrawn() {
            return Err(TranslationError::Withdrawn(article.source.to_string()));
        }
        let own = article.language.as_deref().unwrap_or(&config.language);
        if language_tag::is_same(own, language) {
            let (file, language) = (article.source.to_string(), own.to_owned());
            return Err(TranslationError::SameLanguage { file, language });
        }
        Ok(Translation {
            path: path(article, language, slug),
            date: article.date,
            tags: article.terms.of("tags").iter().map(ToString::to_string).collect(),
            keys: keys(article),
        })
    }

    /// Adds the keys that a new entry's text does not have, at the head of its front matter.
    pub(crate) fn complete(&self, text: &str) -> String {
        let Ok(layout) = front_matter::layout(text) else { return text.to_owned() };
        let Some((fence, range)) = layout.front_matter else { return text.to_owned() };
        let own = &text[range.clone()];
        let is_there = |key: &str| {
            own.lines().any(|line| {
                let rest = line.strip_prefix(key).map(str::trim_start);
                rest.is_some_and(|rest| rest.starts_with(['=', ':']))
            })
        };
        let missing = self.keys.iter().filter(|(key, _)| !is_there(key));
        let lines: String = missing.map(|(key, value)| line(fence, key, value)).collect();
        format!("{}{lines}{}", &text[..range.start], &text[range.start..])
    }
}

fn path(article: &Article, language: &str, slug: Option<&Slug>) -> String {
    let suffix = article.placed.as_ref().map_or(0, |placed| placed.named.suffix);
    let plain = without_suffix(&article.source, suffix);
    let (stem, ending) = plain.rsplit_once('.').unwrap_or((&plain, "md"));
    match slug {
        Some(slug) => {
            let folder = stem.rsplit_once('/').map_or("content", |(folder, _)| folder);
            format!("{folder}/{}.{ending}", slug.as_str())
        }
        None => format!("{stem}.{}.{ending}", language_tag::address_part(language)),
    }
}

fn keys(article: &Article) -> Vec<(&'static str, Value)> {
    let mut keys = vec![("translation_of", json!(article.permalink.as_str()))];
    for taxonomy in SHARED {
        let terms: Vec<&str> = article.terms.of(taxonomy).iter().map(|name| &**name).collect();
        if !terms.is_empty() {
            keys.push((taxonomy, json!(terms)));
        }
    }
    keys.extend(article.image.as_ref().map(|image| ("image", picture(image))));
    keys
}

fn picture(image: &Image) -> Value {
    let mut picture = json!({ "src": image.src, "alt": image.alt });
    for (key, text) in [("credit", &image.credit), ("caption", &image.caption)] {
        if let Some(text) = text {
            picture[key] = json!(text);
        }
    }
    picture
}

/// A line of front matter; JSON's texts and lists are also those of TOML and YAML.
fn line(fence: Fence, key: &str, value: &Value) -> String {
    match (fence, value) {
        (Fence::Toml, Value::Object(fields)) => {
            let fields = fields.iter().map(|(key, value)| format!("{key} = {value}"));
            format!("{key} = {{ {} }}\n", fields.collect::<Vec<_>>().join(", "))
        }
        (Fence::Toml, _) => format!("{key} = {value}\n"),
        _ => format!("{key}: {value}\n"),
    }
}
