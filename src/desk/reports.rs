//! Opening and saving one report.
//!
//! A save sends the hash of the text that it began from. The file is edited by byte span, read again
//! as a build reads it, and replaced atomically; what it replaced is kept.

use std::io;
use std::path::PathBuf;

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::authoring::editing;
use crate::authoring::entry::slug_for;
use crate::authoring::known::Known;
use crate::authoring::reading_options;
use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Effect};
use crate::base::files;
use crate::content::article::Article;
use crate::content::evidence::hex;
use crate::content::front_matter::{self, Parsed};
use crate::content::rules::ReadingRules;
use crate::i18n::direction;
use crate::settings::Config;

use super::library::{Library, Shelf, file_of};
use super::reply::{Reply, failed};
use super::{body, form, kept};

/// The hash of a text.
fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The text of a report, and its file.
fn text_of(shelf: &Shelf, library: &Library, source: &str) -> Result<(PathBuf, String), Reply> {
    let missing = || Reply::error(404, "No report of this archive has that file.");
    let report = library.report(source).ok_or_else(missing)?;
    let file = file_of(&shelf.root, report).ok_or_else(missing)?;
    let bytes = files::read(&file).map_err(|error| failed(&error))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Reply::error(422, "This file is not text in UTF-8."))?;
    Ok((file, text))
}

/// What an editor shows of a report.
pub(super) fn open(shelf: &Shelf, library: &Library, source: &str) -> Result<Json, Reply> {
    let (_, text) = text_of(shelf, library, source)?;
    let mut shown = shown(library, source, &text);
    let kept = shelf.kept();
    shown["unsaved"] = kept::unsaved(&kept, source).unwrap_or_default();
    shown["history"] = kept::history(&kept, source);
    Ok(shown)
}

/// A text, taken apart.
fn shown(library: &Library, source: &str, text: &str) -> Json {
    let config = &library.config;
    let start = front_matter::layout(text).map_or(0, |layout| layout.body_start);
    let fields: serde_json::Map<String, Json> = form::fields(config)
        .iter()
        .filter_map(|field| field["key"].as_str())
        .map(|key| (key.to_owned(), editing::written(text, &config.keys, key).value))
        .collect();
    let report = library.report(source).map(|report| &report.value);
    let language = report.and_then(|report| report.language.as_deref());
    let language = language.unwrap_or(&config.language);
    let (article, problems) = reread(library, source, text);
    json!({
        "file": source,
        "hash": hash(text),
        "fields": fields,
        "body": body::in_area(&text[start..]),
        "language": language,
        "direction": direction(language),
        "withdrawn": report.is_some_and(|report| report.is_withdrawn()),
        "address": article.map(|article| config.address(&article.permalink.encoded())),
        "problems": told(&problems),
    })
}

fn told(problems: &[Diagnostic]) -> Vec<Json> {
    problems.iter().map(Diagnostic::to_json).collect()
}

/// A text as a build would read it.
fn reread(library: &Library, source: &str, text: &str) -> (Option<Article>, Vec<Diagnostic>) {
    let options = reading_options(&library.config);
    let rules = ReadingRules::new(&library.config, &options);
    let Parsed { value, diagnostics } = match library.report(source) {
        Some(old) => front_matter::article_again(&old.value, text, &rules),
        None => front_matter::article(source, text, &rules),
    };
    (value, diagnostics)
}

/// Sets all given fields, and the body.
fn edited(config: &Config, text: &str, typed: &Json) -> Result<String, Reply> {
    let mut new = text.to_owned();
    let fields = typed["fields"].as_object().into_iter().flatten();
    for (key, value) in fields {
        if !form::is_settable(config, key) {
            return Err(Reply::error(400, &format!("“{key}” can't be set here.")));
        }
        let value = value_to_write(value);
        new = editing::set(&new, &config.keys, key, &value).map_err(|error| {
            Reply::error(422, &format!("“{key}”: {error}.")).with("key", key.as_str())
        })?;
    }
    let Some(typed) = typed["body"].as_str() else { return Ok(new) };
    let start = front_matter::layout(&new).map_or(0, |layout| layout.body_start);
    let (head, old) = new.split_at(start);
    let body = body::with_breaks_of(old, typed);
    if body == old { Ok(new) } else { Ok(format!("{head}{body}")) }
}

/// An emptied field is no key.
fn value_to_write(value: &Json) -> Json {
    match value {
        Json::String(text) if text.trim().is_empty() => Json::Null,
        Json::String(text) => text.trim().into(),
        Json::Array(items) => {
            let texts = items.iter().filter_map(Json::as_str).map(str::trim);
            let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
            if texts.is_empty() { Json::Null } else { texts.into() }
        }
        Json::Bool(true) => true.into(),
        _ => Json::Null,
    }
}

/// Refuses what a build would not publish.
fn sound(library: &Library, source: &str, text: &str) -> Result<Article, Reply> {
    let (article, problems) = reread(library, source, text);
    let Some(article) = article else {
        let serious = problems.into_iter().filter(|problem| problem.weight >= Effect::Reject);
        let serious: Vec<Diagnostic> = serious.collect();
        let why = serious.first().map_or("it can't be read", |problem| problem.message.as_str());
        let reply = Reply::error(422, &format!("A build would refuse this report: {why}."));
        return Err(reply.with("problems", told(&serious)));
    };
    Ok(article)
}

/// Saves a report over the text that it began from.
pub(super) fn save(shelf: &Shelf, library: &Library, typed: &Json) -> Result<Json, Reply> {
    let source = typed["file"].as_str().unwrap_or_default();
    let _writing = shelf.writing.lock();
    let (file, text) = text_of(shelf, library, source)?;
    if typed["from"].as_str() != Some(&hash(&text)) {
        let conflict = Reply::error(409, "This file was changed since you opened it.");
        return Err(conflict.with("now", shown(library, source, &text)));
    }
    if library.report(source).is_some_and(|report| report.value.is_withdrawn()) {
        return Err(Reply::error(422, "This report is withdrawn."));
    }
    let new = edited(&library.config, &text, typed)?;
    replace(shelf, library, &Replacing { source, file: &file, old: &text, new: &new })
}

/// A file and its new text.
struct Replacing<'a> {
    source: &'a str,
    file: &'a std::path::Path,
    old: &'a str,
    new: &'a str,
}

fn replace(shelf: &Shelf, library: &Library, texts: &Replacing<'_>) -> Result<Json, Reply> {
    let &Replacing { source, file, old, new } = texts;
    let article = sound(library, source, new)?;
    let known = Known::in_content(&shelf.root, &library.config, &library.content);
    if known.holder(&article.permalink).is_some_and(|holder| holder != source) {
        return Err(Reply::error(422, "Another report has that address."));
    }
    let kept = shelf.kept();
    if new != old {
        kept::keep_replaced(&kept, source, old).map_err(|error| failed(&error))?;
        files::replace_text(file, new).map_err(|error| failed(&error))?;
        shelf.changed();
    }
    kept::drop_unsaved(&kept, source).map_err(|error| failed(&error))?;
    let mut shown = shown(library, source, new);
    shown["history"] = kept::history(&kept, source);
    Ok(shown)
}

/// Puts a replaced text back; what stood there is kept.
pub(super) fn restore(shelf: &Shelf, library: &Library, asked: &Json) -> Result<Json, Reply> {
    let source = asked["file"].as_str().unwrap_or_default();
    let _writing = shelf.writing.lock();
    let (file, text) = text_of(shelf, library, source)?;
    if asked["from"].as_str() != Some(&hash(&text)) {
        return Err(Reply::error(409, "This file was changed since you opened it."));
    }
    let time = asked["time"].as_u64().unwrap_or_default();
    let old = kept::replaced(&shelf.kept(), source, time)
        .ok_or_else(|| Reply::error(404, "That text is not kept any more."))?;
    replace(shelf, library, &Replacing { source, file: &file, old: &text, new: &old })
}

/// Keeps what was typed, unless words of the report were taken away since the page was opened.
pub(super) fn keep(shelf: &Shelf, library: &Library, typed: &Json) -> Result<Json, Reply> {
    let kept = shelf.kept();
    let Some(source) = typed["file"].as_str() else {
        kept::keep(&kept, kept::NEW, typed).map_err(|error| failed(&error))?;
        return Ok(json!({}));
    };
    let _writing = shelf.writing.lock();
    let (_, text) = text_of(shelf, library, source)?;
    if kept::is_forgotten(&kept, source) && typed["from"].as_str() != Some(&hash(&text)) {
        return Err(Reply::error(409, "Words of this report were taken away: open it again."));
    }
    kept::keep(&kept, source, typed).map_err(|error| failed(&error))?;
    Ok(json!({}))
}

/// Drops what was typed.
pub(super) fn discard(shelf: &Shelf, asked: &Json) -> Result<Json, Reply> {
    let source = asked["file"].as_str().unwrap_or(kept::NEW);
    kept::drop_unsaved(&shelf.kept(), source).map_err(|error| failed(&error))?;
    Ok(json!({}))
}

/// Makes the file of a new report.
pub(super) fn create(shelf: &Shelf, library: &Library, typed: &Json) -> Result<Json, Reply> {
    let title = typed["fields"]["title"].as_str().map(str::trim).unwrap_or_default();
    let slug = slug_for(title)
        .map_err(|_| Reply::error(422, "Give it a headline: its file is named for it."))?;
    let date = typed["fields"]["date"].as_str().and_then(|date| date.trim().parse::<Date>().ok());
    let date = date.ok_or_else(|| {
        Reply::error(422, "Give the day when it was published, as 2017-01-29, 2017-01 or 2017.")
    })?;
    let today = chrono::Utc::now().with_timezone(&library.config.timezone).date_naive();
    let mut all = typed.clone();
    if all["fields"]["added"].as_str().is_none_or(str::is_empty) {
        all["fields"]["added"] = today.to_string().into();
    }
    let lead = typed["body"].as_str().unwrap_or_default();
    let empty = "+++\n+++\n\n".to_owned();
    let mut text = edited(&library.config, &empty, &json!({ "fields": all["fields"] }))?;
    text.push_str(&body::in_area(lead));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let known = Known::in_content(&shelf.root, &library.config, &library.content);
    let _writing = shelf.writing.lock();
    for number in 1..=1_000 {
        let end = if number == 1 { String::new() } else { format!("-{number}") };
        let source = format!("content/{:04}/{}{end}.md", date.year(), slug.as_str());
        let article = sound(library, &source, &text)?;
        let folder = shelf.root.join(source.trim_end_matches(".md"));
        if known.holder(&article.permalink).is_some() || folder.symlink_metadata().is_ok() {
            continue;
        }
        let file = shelf.root.join(&source);
        files::refuse_outside(&shelf.root, file.parent().unwrap_or(&shelf.root))
            .map_err(|error| failed(&error))?;
        match files::create_text(&file, &text) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(failed(&error)),
        }
        shelf.changed();
        kept::drop_unsaved(&shelf.kept(), kept::NEW).map_err(|error| failed(&error))?;
        return Ok(json!({ "file": source }));
    }
    Err(Reply::error(422, "Too many reports have that headline."))
}
