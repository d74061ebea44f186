//! Tera with the theme's templates, and functions for all templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use tera::value::{Key, Map};
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult};

use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::i18n::Language;

use super::report_queries::ReportShelf;
use super::theme::{ORIGINALS, Theme};
use crate::view::template_names::Names;
use crate::view::value::{Object as _, Value};

/// Assets with hashed names: (name in the theme, output path, bytes).
pub(crate) type Assets = Vec<(String, String, Vec<u8>)>;

/// Compiled templates.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    sources: BTreeMap<String, (String, String)>,
    names: Names,
    /// The answers to `reports(…)`, if a template calls it.
    reports: Option<Arc<ReportShelf>>,
}

/// Adds a hash to the name of each asset, so that browsers can cache it without revalidation.
pub(crate) fn fingerprinted(theme: &Theme) -> Assets {
    theme
        .under("assets/")
        .map(|(path, file)| {
            let hash = xxhash_rust::xxh3::xxh3_64(&file.bytes);
            let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
            let named = format!("assets/{stem}.{hash:016x}.{extension}");
            (path.to_owned(), named.trim_end_matches('.').to_owned(), file.bytes.clone())
        })
        .collect()
}

/// The templates that pages may be made of, by the names that they go by: a built-in one that is
/// overridden only if the override or another names it.
fn used(sources: &BTreeMap<String, (String, String)>) -> Vec<(&str, &str)> {
    let is_named = |name: &str| sources.values().any(|(_, text)| text.contains(name));
    let place = |name: &'_ str| name.strip_prefix(ORIGINALS).map(str::len);
    let counts = |name: &str| match place(name) {
        Some(length) => {
            let own = &name[name.len() - length..];
            !sources.contains_key(own) || own.starts_with("components/") || is_named(name)
        }
        None => true,
    };
    let named = sources.iter().filter(|(name, _)| counts(name));
    let short = |name: &'_ str| name.len() - place(name).unwrap_or(name.len());
    named.map(|(name, (_, text))| (&name[short(name)..], text.as_str())).collect()
}

impl Engine {
    /// Compiles all templates of a theme; `base_path` is the prefix of assets' addresses.
    pub fn new(
        theme: &Theme,
        language: &Arc<Language>,
        assets: &Assets,
        base_path: &str,
    ) -> Result<Engine, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        let words = Words::new(language);
        tera.register_function("t", move |arguments: Kwargs, _: &State| words.say(&arguments));
        let addresses: BTreeMap<String, String> = assets
            .iter()
            .map(|(name, file, _)| (name.clone(), format!("{base_path}{file}")))
            .collect();
        tera.register_function("asset", move |arguments: Kwargs, _: &State| {
            let path: &str = arguments.must_get("path")?;
            addresses
                .get(path)
                .cloned()
                .ok_or_else(|| tera::Error::message(format!("the theme has no asset “{path}”")))
        });
        let words = Arc::clone(language);
        tera.register_filter(
            "date_long",
            move |text: &str, _: Kwargs, _: &State| -> TeraResult<String> {
                let date: Date = text.parse().map_err(|error: crate::base::date::DateError| {
                    tera::Error::message(error.to_string())
                })?;
                Ok(words.date(date))
            },
        );
        let words = Arc::clone(language);
        tera.register_filter("number", move |n: usize, _: Kwargs, _: &State| words.number(n));
        let reports = Arc::new(ReportShelf::default());
        let asked = Arc::clone(&reports);
        tera.register_function("reports", move |arguments: Kwargs, _: &State| {
            asked.answer(&arguments)
        });
        let mut sources = BTreeMap::new();
        for (name, file) in theme.templates() {
            let text = String::from_utf8_lossy(&file.bytes).into_owned();
            sources.insert(name, (file.origin.clone(), text));
        }
        tera.set_fallback_prefixes([ORIGINALS])
            .map_err(|error| vec![Diagnostic::stop(Rule::Template, error.to_string())])?;
        let engine = Engine::with(tera, sources)?;
        let calls = |(_, text): &(String, String)| text.contains("reports(");
        let reports = engine.sources.values().any(calls).then_some(reports);
        Ok(Engine { reports, ..engine })
    }

    /// The answers to `reports(…)`; `None` where no template calls it.
    pub(crate) fn reports(&self) -> Option<&ReportShelf> {
        self.reports.as_deref()
    }

    /// A single text template, without HTML escaping. Its filter `quoted` writes a string or a list
    /// of strings that TOML and YAML both parse; missing values are empty strings.
    pub fn of_text(origin: &str, text: &str) -> Result<Engine, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        tera.register_filter("quoted", |value: Value, _: Kwargs, _: &State| quoted(&value));
        let source = (origin.to_owned(), text.to_owned());
        Engine::with(tera, BTreeMap::from([(origin.to_owned(), source)]))
    }

    fn with(
        mut tera: Tera,
        sources: BTreeMap<String, (String, String)>,
    ) -> Result<Engine, Vec<Diagnostic>> {
        let templates = sources.iter().map(|(name, (_, text))| (name.clone(), text.clone()));
        let added = tera.add_raw_templates(templates.collect::<Vec<_>>());
        let names = Names::in_templates(used(&sources).into_iter());
        let engine = Engine { tera, sources, names, reports: None };
        match added {
            Ok(()) => Ok(engine),
            Err(error) => Err(engine.diagnose_all(&error)),
        }
    }

    pub fn render(&self, template: &str, context: &Json) -> Result<String, Diagnostic> {
        let context = Context::from_serialize(context).map_err(|error| self.diagnose(&error))?;
        self.tera.render(template, &context).map_err(|error| self.diagnose(&error))
    }

    /// Renders a page's template; `site` is the data shared by all pages.
    pub fn render_page(
        &self,
        template: &str,
        page: Value,
        site: &Value,
    ) -> Result<String, Diagnostic> {
        let page = page.into_map().unwrap_or_default();
        let named = page.into_iter().map(|(name, value)| (name.to_string(), value));
        self.render_within(template, named, site)
    }

    /// Renders a shortcode's template with its arguments.
    pub(crate) fn render_shortcode(
        &self,
        template: &str,
        arguments: Vec<(String, Value)>,
        site: &Value,
    ) -> Result<String, Diagnostic> {
        self.render_within(template, arguments.into_iter(), site)
    }

    fn render_within(
        &self,
        template: &str,
        values: impl Iterator<Item = (String, Value)>,
        site: &Value,
    ) -> Result<String, Diagnostic> {
        let mut context = Context::new();
        let data = site.entry("data").cloned().unwrap_or_else(Value::none);
        context.insert_value("site", site.clone());
        context.insert_value("data", data.clone());
        for (name, value) in values {
            let value = if name == "data" { merged(&data, value) } else { value };
            context.insert_value(name, value);
        }
        self.tera.render(template, &context).map_err(|error| self.diagnose(&error))
    }

    /// The names that a template uses from its data.
    pub fn taken_by(&self, template: &str) -> Vec<&str> {
        let taken = self.tera.get_template_variables(template).unwrap_or_default();
        let mut taken: Vec<&str> = taken.into_iter().collect();
        taken.sort_unstable();
        taken
    }

    /// The names that templates use.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Whether the theme has a template.
    pub fn has(&self, template: &str) -> bool {
        self.tera.contains_template(template)
    }

    /// Converts tera's errors. Errors between templates, such as a missing filter, come as a text
    /// with several reports.
    fn diagnose_all(&self, error: &tera::Error) -> Vec<Diagnostic> {
        let ErrorKind::Msg(drawn) = error.kind() else { return vec![self.diagnose(error)] };
        let reports: Option<Vec<Diagnostic>> =
            drawn.split("\n\n").map(|report| self.diagnose_drawn(report)).collect();
        reports.unwrap_or_else(|| vec![self.diagnose(error)])
    }

    /// Parses “error: MESSAGE”, “ --> TEMPLATE:LINE:COLUMN”, and the carets below.
    fn diagnose_drawn(&self, report: &str) -> Option<Diagnostic> {
        let mut lines = report.trim().lines();
        let message = lines.next()?.strip_prefix("error: ")?;
        let mut place = lines.next()?.trim().strip_prefix("--> ")?.rsplitn(3, ':');
        let column = place.next()?.parse::<usize>().ok()?.checked_sub(1)?;
        let line = place.next()?.parse::<usize>().ok()?.checked_sub(1)?;
        let (origin, text) = self.sources.get(place.next()?)?;
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let start = before + text[before..].chars().take(column).map(char::len_utf8).sum::<usize>();
        let carets = lines.last().map_or(1, |line| line.matches('^').count());
        let length: usize = text[start..].chars().take(carets).map(char::len_utf8).sum();
        let diagnostic = Diagnostic::stop(Rule::Template, message).help("mend the template");
        Some(diagnostic.at(Place::at(origin, text, start..start + length)))
    }

    fn diagnose(&self, error: &tera::Error) -> Diagnostic {
        let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind()
        else {
            return Diagnostic::stop(Rule::Template, error.to_string()).help("mend the template");
        };
        let diagnostic = Diagnostic::stop(Rule::Template, report.message().to_owned())
            .help("mend the template; `dateline inspect URL` prints what it receives");
        match self.sources.get(report.filename()) {
            Some((origin, text)) => {
                diagnostic.at(Place::at(origin, text, report.span().range.clone()))
            }
            None => diagnostic.at(Place::file(report.filename())),
        }
    }
}

/// The archive's data with a page's own, which comes first: the page about the archive as data has
/// some.
fn merged(data: &Value, own: Value) -> Value {
    match (data.as_map(), own.as_map()) {
        (Some(data), Some(own)) if !data.is_empty() => {
            Value::from(data.clone().into_iter().chain(own.clone()).collect::<Map>())
        }
        _ => own,
    }
}

/// Interface texts for templates, escaped already, as they may pass through components.
struct Words {
    language: Arc<Language>,
    /// Texts without arguments, by key.
    fixed: FxHashMap<String, Value>,
}

impl Words {
    fn new(language: &Arc<Language>) -> Words {
        let fixed = language.fixed();
        let fixed = fixed.filter_map(|(key, text)| Some((key.to_owned(), escaped(text).ok()?)));
        Words { language: Arc::clone(language), fixed: fixed.collect() }
    }

    fn say(&self, arguments: &Kwargs) -> TeraResult<Value> {
        let key: &str = arguments.must_get("key")?;
        if let Some(text) = self.fixed.get(key) {
            return Ok(text.clone());
        }
        let n: Option<usize> = arguments.get("n")?;
        let named = |(name, value): (&Key<'static>, &Value)| (name.to_string(), value.to_string());
        let others: Vec<(String, String)> = arguments
            .iter()
            .map(named)
            .filter(|(name, _)| !matches!(name.as_str(), "key" | "n"))
            .collect();
        let others: Vec<(&str, &str)> =
            others.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        escaped(&self.language.form(key, n, &others))
    }
}

fn escaped(text: &str) -> TeraResult<Value> {
    let mut escaped = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html(&mut escaped, text)
        .map_err(|error| tera::Error::message(error.to_string()))?;
    Ok(Value::safe_string(&escaped))
}

/// JSON is in the common subset of TOML and YAML for strings and lists.
fn quoted(value: &Value) -> TeraResult<String> {
    // TOML has no null; an empty string counts as missing in both.
    if value.is_none() {
        return Ok("\"\"".to_owned());
    }
    serde_json::to_string(value).map_err(|error| tera::Error::message(error.to_string()))
}
