//! Archetypes: templates of new entries. The archive's `archetypes/` has one for each kind of
//! report; without that folder Dateline's own is used.
//!
//! An archetype is a template of the whole file. Its result is parsed as a build would parse it,
//! before it is written; problems point at the line of the archetype.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use crate::base::diagnostic::{Diagnostic, Place, Rule, Spot, nearest};
use crate::base::permalink::Permalink;
use crate::content::front_matter;
use crate::content::rules::ReadingRules;
use crate::render::engine::Engine;
use crate::settings::Config;

/// What `dateline init` puts into `archetypes/default.md`.
pub(super) const STARTER: &str = include_str!("starter/archetype.md");

/// Which archetype to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// `archetypes/<name>.md`.
    Named(String),
    /// The archetype of a kind of report if it exists, else the default.
    OfKind(Option<String>),
}

/// A template of an entry, and its file.
#[derive(Clone, Debug)]
pub(crate) struct Archetype {
    origin: String,
    text: String,
}

/// An entry, not yet written.
#[derive(Debug)]
pub(crate) struct Filled {
    /// The file's text.
    pub text: String,
    pub permalink: Permalink,
    /// Warnings that a build would give.
    pub warnings: Vec<Diagnostic>,
}

impl Archetype {
    pub(crate) fn find(root: &Path, wanted: &Wanted) -> Result<Archetype, Diagnostic> {
        let names: Vec<&str> = match wanted {
            Wanted::Named(name) => vec![name],
            Wanted::OfKind(kind) => kind.as_deref().into_iter().chain(["default"]).collect(),
        };
        for name in names {
            if let Some(found) = Archetype::read(root, name)? {
                return Ok(found);
            }
        }
        match wanted {
            Wanted::Named(name) if name != "default" => {
                let message = format!("there is no archetype “{name}”");
                Err(Diagnostic::stop(Rule::Archetype, message)
                    .help(format!("write archetypes/{name}.md, or leave --archetype out")))
            }
            _ => Ok(Archetype { origin: "archetypes/default.md".into(), text: STARTER.into() }),
        }
    }

    fn read(root: &Path, name: &str) -> Result<Option<Archetype>, Diagnostic> {
        // A kind is free text; use it as a file name only if it is a plain name.
        if name.is_empty() || name.contains(['/', '\\', ':', '\0']) || name.starts_with('.') {
            return Ok(None);
        }
        let origin = format!("archetypes/{name}.md");
        match std::fs::read_to_string(root.join(&origin)) {
            Ok(text) => Ok(Some(Archetype { origin, text })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let problem = Diagnostic::stop(Rule::Archetype, format!("can't be read: {error}"));
                Err(problem.at(Place::file(origin)))
            }
        }
    }

    /// Renders the entry with these answers, as a build would read it from `path`.
    pub(crate) fn fill(
        &self,
        answers: &Value,
        path: &str,
        config: &Config,
    ) -> Result<Filled, Vec<Diagnostic>> {
        let engine = Engine::of_text(&self.origin, &self.text)
            .map_err(|problems| problems.into_iter().map(of_archetype).collect::<Vec<_>>())?;
        let unknown = self.unknown(&engine, answers);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let text =
            engine.render(&self.origin, answers).map_err(|problem| vec![of_archetype(problem)])?;
        let options = super::reading_options(config);
        let parsed = front_matter::article(path, &text, &ReadingRules::new(config, &options));
        let placed = |problem| self.placed(problem, answers);
        let problems: Vec<Diagnostic> = parsed.diagnostics.into_iter().map(placed).collect();
        match parsed.value {
            Some(article) => Ok(Filled { text, permalink: article.permalink, warnings: problems }),
            None => Err(problems),
        }
    }

    /// Unknown names: in a filter or an `if` they would be empty without an error.
    fn unknown(&self, engine: &Engine, answers: &Value) -> Vec<Diagnostic> {
        let known = || answers.as_object().into_iter().flat_map(|answers| answers.keys());
        let taken = engine.taken_by(&self.origin).into_iter();
        let unknown = taken.filter(|name| !known().any(|known| known == name) && !self.sets(name));
        let problem = |name: &str| {
            let message = format!("`{name}` is no answer");
            let problem = of_archetype(Diagnostic::stop(Rule::Archetype, message));
            let problem = match nearest(name, known().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            };
            match self.tags().find_map(|tag| word(&self.text, tag, name)) {
                Some(range) => problem.at(Place::at(&self.origin, &self.text, range)),
                None => problem.at(Place::file(&self.origin)),
            }
        };
        unknown.map(problem).collect()
    }

    /// Whether the template sets this name itself.
    fn sets(&self, name: &str) -> bool {
        self.tags().any(|tag| {
            let inner = self.text[tag].trim_start_matches(['{', '%', '-']);
            let mut words = inner.split([' ', '\t', '\n', '=']).filter(|word| !word.is_empty());
            matches!(words.next(), Some("set" | "set_global")) && words.next() == Some(name)
        })
    }

    /// The text between braces.
    fn tags(&self) -> impl Iterator<Item = Range<usize>> {
        let opens = self.text.match_indices('{').map(|(at, _)| at);
        opens.filter_map(|at| {
            let rest = &self.text[at..];
            let end = if rest.starts_with("{{") { "}}" } else { "%}" };
            let is_tag = rest.starts_with("{{") || rest.starts_with("{%");
            Some(at..at + rest.find(end)?).filter(|_| is_tag)
        })
    }

    /// Points a problem at the line or key of the archetype that caused it.
    fn placed(&self, problem: Diagnostic, answers: &Value) -> Diagnostic {
        let line = problem.place.as_ref().and_then(|place| place.spot.as_ref()).map(Spot::text);
        let key = |line: &str| {
            line.split(['=', ':']).next().map(|key| key.trim().to_owned()).unwrap_or_default()
        };
        let mut at = 0;
        let place = line.filter(|line| !line.trim().is_empty()).and_then(|line| {
            self.text.split_inclusive('\n').find_map(|own| {
                let start = at;
                at += own.len();
                let is_it = own.trim_end() == line || key(own) == key(line);
                is_it.then(|| start..start + own.trim_end().len())
            })
        });
        let empty = place.clone().and_then(|range| self.empty_answer(range, answers));
        let problem = match empty {
            Some(name) => problem.help(format!(
                "nobody gave `{name}`, so that nothing stands here: write {{{{ {name} | quoted }}}}, or \
                 put the line between {{% if {name} %}} and {{% endif %}}"
            )),
            None => problem,
        };
        let place = place.map(|range| Place::at(&self.origin, &self.text, range));
        problem.at(place.unwrap_or_else(|| Place::file(&self.origin)))
    }
}

impl Archetype {
    /// An answer that a line uses and that is empty.
    fn empty_answer<'a>(&self, line: Range<usize>, answers: &'a Value) -> Option<&'a str> {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        let mut empty = answers.as_object()?.iter().filter(|(_, value)| is_empty(value));
        let wants = |name: &str| {
            let mut tags = self.tags().filter(|tag| line.start <= tag.start && tag.end <= line.end);
            tags.any(|tag| word(&self.text, tag, name).is_some())
        };
        empty.find(|(name, _)| wants(name)).map(|(name, _)| name.as_str())
    }
}

/// The place of a name as a whole word.
fn word(text: &str, part: Range<usize>, name: &str) -> Option<Range<usize>> {
    let is_of_name = |character: char| character.is_alphanumeric() || character == '_';
    let found = text[part.clone()].match_indices(name).map(|(at, _)| part.start + at);
    let mut found = found.filter(|&at| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        !before.ends_with(is_of_name) && !after.starts_with(is_of_name)
    });
    found.next().map(|at| at..at + name.len())
}

fn of_archetype(problem: Diagnostic) -> Diagnostic {
    let help = "mend the archetype; it may use title, date, added, outlet, original_url, authors, \
                submitted_by, tags, kind and language";
    Diagnostic { rule: Rule::Archetype, ..problem }.help(help)
}
