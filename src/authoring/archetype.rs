//! Archetypes: what a new entry looks like before its text is written. One for each kind of report
//! lies in the archive's `archetypes/`; without that folder there is Dateline's own.
//!
//! An archetype is a template of the whole file. What it gives is read as a build would read it
//! before anything is written, and what is wrong with it is told where the archetype says it.

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

/// Which archetype is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This one, `archetypes/<name>.md`.
    Named(String),
    /// The one of a kind of report where there is one, else the default.
    OfKind(Option<String>),
}

/// A template of an entry, and where it stands.
#[derive(Clone, Debug)]
pub struct Archetype {
    origin: String,
    text: String,
}

/// An entry as it would be written.
#[derive(Debug)]
pub struct Filled {
    /// The file.
    pub text: String,
    /// Where it will live.
    pub permalink: Permalink,
    /// What a build would say of it.
    pub warnings: Vec<Diagnostic>,
}

impl Archetype {
    /// Finds an archetype of the archive.
    pub fn find(root: &Path, wanted: &Wanted) -> Result<Archetype, Diagnostic> {
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
        // A kind may be any words; only a plain name can be a file's.
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

    /// The entry for these answers, which a build would read from `path`.
    pub fn fill(
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

    /// Names that are no answers: behind a filter or an `if` they would count as empty in silence.
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

    /// Whether it gives a name a value of its own.
    fn sets(&self, name: &str) -> bool {
        self.tags().any(|tag| {
            let inner = self.text[tag].trim_start_matches(['{', '%', '-']);
            let mut words = inner.split([' ', '\t', '\n', '=']).filter(|word| !word.is_empty());
            matches!(words.next(), Some("set" | "set_global")) && words.next() == Some(name)
        })
    }

    /// What stands between braces.
    fn tags(&self) -> impl Iterator<Item = Range<usize>> {
        let opens = self.text.match_indices('{').map(|(at, _)| at);
        opens.filter_map(|at| {
            let rest = &self.text[at..];
            let end = if rest.starts_with("{{") { "}}" } else { "%}" };
            let is_tag = rest.starts_with("{{") || rest.starts_with("{%");
            Some(at..at + rest.find(end)?).filter(|_| is_tag)
        })
    }

    /// A problem of the entry, where the archetype has the line or the key that it is about.
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
    /// An answer that a line wants and nobody gave.
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

/// Where a name stands by itself in a part of a text.
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
