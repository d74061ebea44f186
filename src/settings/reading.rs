//! Parses `dateline.toml`: from text to a [`Config`] and problems.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use url::Url;

use super::stop;
use super::term_notes::TermNotes;
use crate::base::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::tree::fields::{Fields, Reading};
use crate::tree::{self, Value};

use super::addresses::{self, ConfigLink};
use super::searching;
use super::{
    Config, ContributorConfig, NavEntry, OutletConfig, RedirectRule, checking, citing, deploying,
    images, languages, look, permalinks, publishing, taxonomies,
};
use crate::settings::reuse;

/// Parses settings. Problems of effect *stop* are among the diagnostics; a config is always
/// returned, with defaults for invalid values, so that all problems are found in one run.
pub fn read(file: &str, text: &str) -> (Config, Vec<Diagnostic>) {
    let mut reading = Reading::new(file, text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = reading.text.len() - text.len();
    let table = tree::parse_toml(text, offset).unwrap_or_else(|error| {
        let diagnostic = Diagnostic::stop(Rule::Config, format!("broken TOML: {}", error.message))
            .help("mend the line; texts stand in quotes, tables begin with [name]");
        reading.report(diagnostic, error.range);
        tree::Table::default()
    });
    let config = read_table(Fields::new(table), &mut reading);
    (config, reading.diagnostics)
}

fn read_table(mut fields: Fields, reading: &mut Reading<'_>) -> Config {
    let taxonomies = taxonomies::read(&mut fields, reading);
    let mut links = Vec::new();
    let (theme, look) = look::theme(&mut fields, reading, &mut links);
    let mut config = Config {
        base_url: base_url(&mut fields, reading),
        title: fields.text("title", reading).unwrap_or_else(|| "Archive".to_owned()),
        description: fields.text("description", reading).unwrap_or_default(),
        language_place: place_of("language", &fields, reading),
        language: language(&mut fields, reading),
        timezone: timezone(&mut fields, reading),
        theme,
        look,
        output_dir: output_dir(&mut fields, reading),
        permalink: permalinks::permalink(&mut fields, reading),
        permalinks: permalinks::of_folders(&mut fields, reading),
        old_permalinks: permalinks::old(&mut fields, reading),
        origins: permalinks::origins(&mut fields, reading),
        languages: languages::languages(&mut fields, reading),
        outlets: keyed(&mut fields, "outlets", reading, outlet),
        authors: keyed(&mut fields, "authors", reading, author),
        contributors: keyed(&mut fields, "contributors", reading, contributor),
        keys: foreign_keys(&mut fields, &taxonomies, reading),
        nav: nav(&mut fields, reading, &mut links),
        redirects: redirects(&mut fields, reading, &mut links),
        listing: publishing::listing(&mut fields, reading),
        feeds: publishing::feeds(&mut fields, reading),
        withdrawals: publishing::withdrawals(&mut fields, reading),
        duplicates: publishing::duplicates(&mut fields, reading),
        markdown: publishing::markdown(&mut fields, reading),
        citation: citing::citation(&mut fields, reading),
        data: citing::data(&mut fields, reading),
        term_notes: TermNotes::default(),
        owners: super::address_owners::AddressOwners::default(),
        report_url: addresses::link(&mut fields, "report_url", reading, &mut links),
        terms_url: addresses::link(&mut fields, "terms_url", reading, &mut links),
        notices: reuse::notices(&mut fields, reading, &mut links),
        republish: reuse::republish(&mut fields, reading),
        images: images::images(&mut fields, reading, &mut links),
        search: searching::search(&mut fields, reading),
        check: checking::check(&mut fields, reading),
        build: publishing::build(&mut fields, reading),
        deploy: deploying::deploy(&mut fields, reading),
        extra: extra(&mut fields, reading),
        taxonomies,
        links,
    };
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    // From the written address: a preview elsewhere is the same archive.
    let host = config.base_url.host_str().unwrap_or("archive.invalid").to_owned();
    config.feeds.default_authority = format!("{host},2000");
    config
}

/// The place of a key's value that was not taken yet.
fn place_of(key: &str, fields: &Fields, reading: &Reading<'_>) -> Option<Place> {
    let entry = fields.left().iter().find(|entry| entry.key == key);
    entry.map(|entry| reading.place(entry.node.range.clone()))
}

fn base_url(fields: &mut Fields, reading: &mut Reading<'_>) -> Url {
    let node = fields.take("base_url");
    let text = node.as_ref().map_or("http://localhost/", |node| node.text().unwrap_or_default());
    match parse_base_url(text) {
        Ok(url) => return url,
        Err(message) => {
            if let Some(node) = &node {
                let help = "write the home page's address, as in base_url = \"https://host/news/\"";
                stop(reading, node, format!("base_url: {message}"), help);
            }
        }
    }
    local_host()
}

/// Parses the address of the home page; it may have a path, but no query or fragment.
pub fn parse_base_url(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            format!("“{text}” does not begin with https:// or http://")
        }
        error => format!("“{text}” is not a web address: {error}"),
    })?;
    if !matches!(url.scheme(), "http" | "https")
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(format!("“{text}” is not a plain http or https address"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

#[allow(clippy::expect_used, reason = "a constant that a test reads")]
fn local_host() -> Url {
    Url::parse("http://localhost/").expect("a constant address")
}

fn is_language(tag: &str) -> bool {
    !tag.is_empty() && tag.parse::<icu_locale::LanguageIdentifier>().is_ok()
}

fn language(fields: &mut Fields, reading: &mut Reading<'_>) -> String {
    let Some(node) = fields.take("language") else { return "en".to_owned() };
    let tag = node.text().unwrap_or_default();
    if !is_language(tag) {
        let message = format!("“{tag}” is not a language tag (BCP 47)");
        stop(reading, &node, message, "write it as in language = \"en\" or \"pt-BR\"");
        return "en".to_owned();
    }
    tag.to_owned()
}

fn timezone(fields: &mut Fields, reading: &mut Reading<'_>) -> Tz {
    let Some(node) = fields.take("timezone") else { return Tz::UTC };
    let name = node.text().unwrap_or_default();
    name.parse().unwrap_or_else(|_| {
        let message = format!("“{name}” is not a time zone");
        stop(reading, &node, message, "write its name as in timezone = \"Europe/Berlin\"");
        Tz::UTC
    })
}

fn output_dir(fields: &mut Fields, reading: &mut Reading<'_>) -> PathBuf {
    let text = fields.text("output_dir", reading).unwrap_or_else(|| "public".to_owned());
    PathBuf::from(text)
}

/// Parses `[name.<key>]` tables.
fn keyed<T>(
    fields: &mut Fields,
    name: &'static str,
    reading: &mut Reading<'_>,
    read: impl Fn(&str, Fields, &mut Reading<'_>) -> T,
) -> BTreeMap<String, T> {
    let Some(table) = fields.table(name, reading) else { return BTreeMap::new() };
    let mut map = BTreeMap::new();
    for entry in table.rest() {
        match entry.node.value {
            Value::Table(inner) => {
                let value = read(&entry.key, Fields::new(inner), reading);
                map.insert(entry.key, value);
            }
            _ => reading.wrong(&format!("{name}.{}", entry.key), &entry.node, "a table"),
        }
    }
    map
}

fn outlet(key: &str, mut fields: Fields, reading: &mut Reading<'_>) -> OutletConfig {
    let outlet = OutletConfig {
        name: fields.text("name", reading).unwrap_or_else(|| key.to_owned()),
        url: fields.web_address("url", reading),
        country: code(&mut fields, "country", reading, is_country),
        language: code(&mut fields, "language", reading, is_language),
        note: fields.text("note", reading),
    };
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    outlet
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A language or country code; other words are ignored with a warning.
fn code(
    fields: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    is_good: fn(&str) -> bool,
) -> Option<String> {
    let node = fields.take(key)?;
    let text = node.text().unwrap_or_default().trim();
    if is_good(text) {
        return Some(text.to_owned());
    }
    let (wanted, example) = match key {
        "country" => ("a country (ISO 3166, two capital letters)", "GB"),
        _ => ("a language (BCP 47)", "pt-BR"),
    };
    let message = format!("“{text}” is not the code of {wanted}");
    let diagnostic = Diagnostic::warning(Rule::WrongValue, message);
    reading.report(diagnostic.help(format!("write it as {key} = \"{example}\"")), node.range);
    None
}

fn author(key: &str, mut fields: Fields, reading: &mut Reading<'_>) -> String {
    let name = fields.text("name", reading).unwrap_or_else(|| key.to_owned());
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    name
}

fn contributor(_: &str, mut fields: Fields, reading: &mut Reading<'_>) -> ContributorConfig {
    let contributor = ContributorConfig {
        name: fields.text("name", reading),
        url: fields.web_address("url", reading),
        note: fields.text("note", reading),
        hidden: fields.bool("hidden", reading).unwrap_or(false),
    };
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    contributor
}

fn foreign_keys(
    fields: &mut Fields,
    taxonomies: &taxonomies::Taxonomies,
    reading: &mut Reading<'_>,
) -> BTreeMap<String, String> {
    let Some(table) = fields.table("keys", reading) else { return BTreeMap::new() };
    let named = taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
    let known: Vec<&str> = KNOWN_KEYS.iter().copied().chain(named).collect();
    let mut keys = BTreeMap::new();
    for entry in table.rest() {
        match entry.node.text() {
            Some(ours) => {
                if let Some(near) =
                    nearest(ours, known.iter().copied()).filter(|near| *near != ours)
                {
                    let message = format!("“{ours}” is not a key of Dateline's");
                    let diagnostic = Diagnostic::warning(Rule::NearMissKey, message);
                    let help = format!("did you mean “{near}”?");
                    reading.report(diagnostic.help(help), entry.node.range.clone());
                }
                keys.insert(entry.key, ours.to_owned());
            }
            None => reading.wrong(&entry.key, &entry.node, "the name of a key"),
        }
    }
    keys
}

fn nav(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> Vec<NavEntry> {
    let mut entries = Vec::new();
    for mut table in fields.tables("nav", reading) {
        let has_url = table.has("url");
        let url = addresses::link(&mut table, "url", reading, links);
        let title = table.text("title", reading);
        if let (Some(title), Some(url)) = (&title, url) {
            entries.push(NavEntry { title: title.clone(), url });
        } else if title.is_none() || !has_url {
            let diagnostic = Diagnostic::warning(Rule::Config, "a nav entry needs title and url");
            reading.report(diagnostic.help("add both"), table.range.clone());
        }
        table.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    entries
}

fn redirects(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> Vec<RedirectRule> {
    let mut rules = Vec::new();
    for mut table in fields.tables("redirects", reading) {
        let has_to = table.has("to");
        let to = addresses::link(&mut table, "to", reading, links);
        let from = table.text("from", reading);
        let status = redirect_status(&mut table, reading);
        match (from, to) {
            (Some(from), Some(to)) if from.starts_with('/') => {
                let place = reading.place(table.range.clone());
                rules.push(RedirectRule { from, to, status, place });
            }
            (Some(from), None) if has_to && from.starts_with('/') => {}
            _ => {
                let diagnostic = Diagnostic::warning(Rule::Config, "a redirect needs from and to")
                    .help("write from = \"/old/\" and to = \"/new/\"; from begins with /");
                reading.report(diagnostic, table.range.clone());
            }
        }
        table.refuse_rest(Rule::UnknownConfigKey, reading);
    }
    rules
}

fn redirect_status(table: &mut Fields, reading: &mut Reading<'_>) -> u16 {
    let Some(node) = table.take("status") else { return 301 };
    let status = node.text().and_then(|text| text.parse().ok());
    status.filter(|status| matches!(status, 301 | 302 | 307 | 308)).unwrap_or_else(|| {
        reading.wrong("status", &node, "301, 302, 307 or 308");
        301
    })
}

fn extra(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
) -> serde_json::Map<String, serde_json::Value> {
    let table = fields.table("extra", reading);
    let entries = table.into_iter().flat_map(Fields::rest);
    entries.map(|entry| (entry.key, entry.node.to_json())).collect()
}
