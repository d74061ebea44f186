//! `[citation]` and `[data]`: citations, and the archive as data.

use crate::base::choices::CitationStyle;
use crate::base::choices::ExportFormat;
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

use super::stop;
use crate::base::diagnostic::Rule;

/// `[citation]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitationConfig {
    /// Whether articles' pages have a citation box.
    pub shown: bool,
    /// The styles in the box, in order.
    pub styles: Vec<CitationStyle>,
    /// Citation files beside every article.
    pub sidecars: Vec<Sidecar>,
}

/// A citation file beside an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sidecar {
    /// `cite.bib`
    Bibtex,
    /// `cite.ris`
    Ris,
    /// `cite.json`
    Csl,
}

impl Sidecar {
    /// Its file name.
    pub fn file(self) -> &'static str {
        match self {
            Sidecar::Bibtex => "cite.bib",
            Sidecar::Ris => "cite.ris",
            Sidecar::Csl => "cite.json",
        }
    }
}

/// `[data]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataConfig {
    /// Whether the site contains data files.
    pub enabled: bool,
    /// Licences, as in `license`, under which a report's text is in the data.
    pub body_licenses: Vec<String>,
    /// Files with the whole archive.
    pub whole: Vec<ExportFormat>,
}

pub(super) fn citation(fields: &mut Fields, reading: &mut Reading<'_>) -> CitationConfig {
    let default =
        CitationConfig { shown: true, styles: vec![CitationStyle::Apa], sidecars: Vec::new() };
    let Some(mut table) = fields.table("citation", reading) else { return default };
    let styles = words(&mut table, "styles", reading, CitationStyle::named, style_help());
    let citation = CitationConfig {
        shown: table.bool("box", reading).unwrap_or(default.shown),
        styles: styles.unwrap_or(default.styles),
        sidecars: words(&mut table, "sidecars", reading, sidecar, "use bibtex, ris or csl")
            .unwrap_or_default(),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    citation
}

fn style_help() -> &'static str {
    if cfg!(feature = "csl") {
        "use apa, chicago, mla, or the name of a style in the CSL repository, such as ieee"
    } else {
        "use apa, chicago or mla; others need a Dateline built with its feature “csl”"
    }
}

fn sidecar(name: &str) -> Option<Sidecar> {
    match name {
        "bibtex" => Some(Sidecar::Bibtex),
        "ris" => Some(Sidecar::Ris),
        "csl" => Some(Sidecar::Csl),
        _ => None,
    }
}

pub(super) fn data(fields: &mut Fields, reading: &mut Reading<'_>) -> DataConfig {
    let default = DataConfig { enabled: true, body_licenses: Vec::new(), whole: Vec::new() };
    let Some(mut table) = fields.table("data", reading) else { return default };
    let data = DataConfig {
        enabled: table.bool("enabled", reading).unwrap_or(default.enabled),
        body_licenses: table.texts("body_licenses", reading),
        whole: words(
            &mut table,
            "whole",
            reading,
            ExportFormat::named,
            "use jsonl, csv, csl or bibtex",
        )
        .unwrap_or_default(),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    data
}

/// A list of names of enum values, or a single one, without duplicates.
fn words<T: PartialEq>(
    table: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    named: impl Fn(&str) -> Option<T>,
    help: &str,
) -> Option<Vec<T>> {
    let node = table.take(key)?;
    let items: &[Node] = match &node.value {
        Value::List(list) => list,
        _ => std::slice::from_ref(&node),
    };
    let mut values = Vec::new();
    for item in items {
        let text = item.text().unwrap_or_default();
        match named(text) {
            Some(value) if !values.contains(&value) => values.push(value),
            Some(_) => {}
            None => stop(reading, item, format!("{key} can't be “{text}”"), help),
        }
    }
    Some(values)
}
