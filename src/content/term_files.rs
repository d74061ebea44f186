//! Reads `terms/<taxonomy>/<slug>.md`: what the archive knows of its terms.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use walkdir::WalkDir;

use crate::base::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::settings::Taxonomies;
use crate::settings::term_notes::{TermImage, TermLink, TermNote, TermNotes};
use crate::tree::fields::{Fields, Reading};
use crate::tree::{self, Value};

use super::front_matter::{Fence, layout};
use super::{cache, scan};

/// The folder, from the archive's root.
pub(crate) const FOLDER: &str = "terms";

/// Reads all files, in the order of their paths.
pub(crate) fn read(root: &Path, taxonomies: &Taxonomies) -> (TermNotes, Vec<Diagnostic>) {
    let (mut notes, mut problems) = (Vec::new(), Vec::new());
    let folder = root.join(FOLDER);
    if !scan::is_folder(&folder).unwrap_or(false) {
        return (TermNotes::default(), problems);
    }
    let walk = WalkDir::new(&folder).min_depth(1).max_depth(2).sort_by_file_name();
    for entry in walk.into_iter().flatten() {
        let path = scan::relative(root, entry.path());
        let parts: Vec<&str> = path.split('/').collect();
        let name = parts.last().copied().unwrap_or_default();
        let stem = name.strip_suffix(".md");
        let is_hidden = parts.iter().any(|part| part.starts_with('.'));
        let ([_, taxonomy, _], Some(stem)) = (parts.as_slice(), stem) else { continue };
        if is_hidden || !entry.file_type().is_file() {
            continue;
        }
        if taxonomies.position(taxonomy).is_none() {
            problems.push(unknown_taxonomy(&path, taxonomy, taxonomies));
            continue;
        }
        let bytes = match scan::read_regular(entry.path()) {
            Ok(bytes) => bytes,
            Err(error) => {
                problems.push(scan::unreadable(&path, &error.to_string()));
                continue;
            }
        };
        let Ok(text) = std::str::from_utf8(&bytes) else {
            let message = "this file is not UTF-8 text: it is left out";
            problems.push(Diagnostic::reject(Rule::NotUtf8, message).at(Place::file(&path)));
            continue;
        };
        let named = TermNote {
            taxonomy: (*taxonomy).to_owned(),
            stem: stem.to_owned(),
            hash: cache::hash(&bytes),
            source: path.clone(),
            ..TermNote::default()
        };
        let (note, found) = note(named, text);
        problems.extend(found);
        notes.extend(note.map(Arc::new));
    }
    problems.extend(contested(&notes));
    (TermNotes(notes), problems)
}

fn unknown_taxonomy(path: &str, taxonomy: &str, taxonomies: &Taxonomies) -> Diagnostic {
    let names = taxonomies.iter().map(|known| known.name.as_str());
    let help = match nearest(taxonomy, names) {
        Some(near) => format!("did you mean terms/{near}/?"),
        None => "name a taxonomy, as in terms/tags/, or write it into [[taxonomies]]".to_owned(),
    };
    let message = format!("“{taxonomy}” is no taxonomy: this file is left out");
    Diagnostic::warning(Rule::TermFile, message).at(Place::file(path)).help(help)
}

/// One file; `None` if its front matter is broken.
fn note(mut note: TermNote, text: &str) -> (Option<TermNote>, Vec<Diagnostic>) {
    let source = note.source.clone();
    let mut reading = Reading::new(&source, text);
    let table = match layout(text) {
        Ok(layout) => {
            note.body_start = layout.body_start;
            let head = layout.front_matter.map(|(fence, inner)| {
                let head = &text[inner.clone()];
                match fence {
                    Fence::Toml => tree::parse_toml(head, inner.start),
                    Fence::Json => tree::parse_json(head, inner.start),
                    Fence::Yaml | Fence::Lines => tree::parse_yaml(head, inner.start),
                }
            });
            match head.transpose() {
                Ok(table) => table.unwrap_or_default(),
                Err(error) => {
                    let message = format!("broken front matter: {}", error.message);
                    reading.report(Diagnostic::reject(Rule::FrontMatter, message), error.range);
                    return (None, reading.diagnostics);
                }
            }
        }
        Err(unclosed) => {
            let message = "the front matter does not end";
            reading.report(Diagnostic::reject(Rule::FrontMatter, message), unclosed.0);
            return (None, reading.diagnostics);
        }
    };
    note.has_body = !text[note.body_start..].trim().is_empty();
    let mut fields = Fields::new(table);
    note.name = fields.text("name", &mut reading).filter(|name| !name.trim().is_empty());
    note.synonyms = fields.texts("synonyms", &mut reading);
    note.synonyms.retain(|synonym| !synonym.trim().is_empty());
    note.sort = fields.text("sort", &mut reading);
    note.summary = fields.text("summary", &mut reading);
    names(&mut note, &mut fields, &mut reading);
    note.image = image(&mut fields, &mut reading);
    note.links = links(&mut fields, &mut reading);
    fields.refuse_rest(Rule::NearMissKey, &mut reading);
    if note.name.is_none() && !note.synonyms.is_empty() {
        note.name = Some(note.stem.replace('-', " "));
    }
    (Some(note), reading.diagnostics)
}

fn names(note: &mut TermNote, fields: &mut Fields, reading: &mut Reading<'_>) {
    let Some(table) = fields.table("names", reading) else { return };
    for entry in table.rest() {
        match entry.node.text() {
            Some(name) => drop(note.names.insert(entry.key.clone(), name.to_owned())),
            None => {
                reading.wrong("names", &entry.node, "a name for each language, as in ar = \"…\"");
            }
        }
    }
}

fn image(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<TermImage> {
    const WANTED: &str =
        "a path of the archive, as in \"/moon.png\", a web address, or {src, alt, credit}";
    let node = fields.take("image")?;
    let image = if let Some(src) = node.text() {
        TermImage { src: src.to_owned(), alt: String::new(), credit: None }
    } else if let Value::Table(table) = &node.value {
        let mut table = Fields::new(table.clone());
        let image = TermImage {
            src: table.text("src", reading).unwrap_or_default(),
            alt: table.text("alt", reading).unwrap_or_default(),
            credit: table.text("credit", reading),
        };
        table.refuse_rest(Rule::NearMissKey, reading);
        image
    } else {
        reading.wrong("image", &node, WANTED);
        return None;
    };
    let is_address = ["/", "https://", "http://"].iter().any(|start| image.src.starts_with(start));
    if !is_address {
        reading.wrong("image", &node, WANTED);
    }
    is_address.then_some(image)
}

fn links(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<TermLink> {
    let mut links = Vec::new();
    for mut table in fields.tables("links", reading) {
        let url = table.web_address("url", reading);
        let title = table.text("title", reading);
        table.refuse_rest(Rule::NearMissKey, reading);
        links.extend(url.map(|url| TermLink { title: title.unwrap_or_else(|| url.clone()), url }));
    }
    links
}

/// A diagnostic for each file that wants a spelling of another.
fn contested(notes: &[Arc<TermNote>]) -> Vec<Diagnostic> {
    let mut holders: HashMap<(&str, String), &TermNote> = HashMap::new();
    let mut problems = Vec::new();
    for note in notes {
        for key in note.keys() {
            let holder = *holders.entry((&note.taxonomy, key.clone())).or_insert(note);
            if holder.source != note.source {
                let message =
                    format!("“{key}” is a spelling of the term in {}, too", holder.source);
                problems.push(
                    Diagnostic::warning(Rule::TermFile, message)
                        .at(Place::file(&note.source))
                        .help("take it out of one of them; the first has it until then"),
                );
            }
        }
    }
    problems.dedup();
    problems
}
