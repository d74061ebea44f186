//! The one box: an address, a page in HTML, or plain text becomes a proposal, each field sure or guessed
//! with where it came from. Nothing is written before the curator asks for it.

use std::path::PathBuf;

use serde_json::{Value as Json, json};
use url::Url;

use crate::base::date::Date;
use crate::base::files::TemporaryFile;
use crate::base::original::page_key;
use crate::import::clip::{
    self, Clip, ClipError, Field, From, Given, KeepEvidence, Memento, Pictures, Request,
};
use crate::import::convert::{Unchanged, convert};

use super::library::{Library, Shelf};
use super::reply::{Reply, failed};

/// Turns pasted HTML into Markdown.
pub(super) fn converted(content: &Json) -> Json {
    let converted = convert(content["html"].as_str().unwrap_or_default(), &Unchanged);
    let losses: Vec<&str> = converted.losses.iter().map(|loss| loss.kind.words()).collect();
    json!({ "markdown": converted.markdown, "losses": losses })
}

/// The report whose original has this address, without what counts readers.
pub(super) fn known(library: &Library, address: &str) -> Json {
    let Some(wanted) = page_key(address) else { return Json::Null };
    let mut articles = library.content.articles.iter().map(|loaded| &loaded.value);
    let found = articles.find(|article| {
        article.original_url.as_deref().and_then(page_key).is_some_and(|key| key == wanted)
    });
    found.map_or(Json::Null, |article| {
        json!({ "file": article.source, "title": article.title, "withdrawn": article.is_withdrawn() })
    })
}

/// What was put into the box.
enum Put {
    Address(Url),
    Page(TemporaryFile),
}

impl Put {
    fn read(content: &Json) -> Result<Put, Reply> {
        let text = content["text"].as_str().unwrap_or_default().trim();
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        match url {
            Some(url) if !text.contains(char::is_whitespace) => Ok(Put::Address(url)),
            _ if text.is_empty() => Err(Reply::error(422, "The box is empty.")),
            _ => TemporaryFile::with(text.as_bytes()).map(Put::Page).map_err(|e| failed(&e)),
        }
    }

    fn from(&self) -> From {
        match self {
            Put::Address(url) => From::Address(url.clone()),
            Put::Page(file) => From::File(PathBuf::from(file.path())),
        }
    }
}

/// Proposes a report; with `do`, writes it with what the curator put right.
pub(super) fn take(shelf: &Shelf, library: &Library, content: &Json) -> Result<Json, Reply> {
    let put = Put::read(content)?;
    let today = chrono::Utc::now().with_timezone(&library.config.timezone).date_naive();
    let request = Request {
        from: put.from(),
        given: given(&content["given"])?,
        evidence: KeepEvidence::Keep,
        pictures: Pictures::Addresses,
        memento: Memento::Unasked,
        today,
    };
    let clip =
        clip::plan(&shelf.root, &library.config, &request).map_err(|error| refused(&error))?;
    if content["do"] == true {
        clip.write(&shelf.root).map_err(|error| refused(&error))?;
        shelf.changed();
    }
    Ok(proposal(&clip))
}

fn given(typed: &Json) -> Result<Given, Reply> {
    let text = |key: &str| {
        let text = typed[key].as_str().map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let bad = |what: &str| Reply::error(422, &format!("{what} can't be read."));
    let date = text("date").map(|date| date.parse::<Date>()).transpose();
    let url = text("original_url").map(|url| Url::parse(&url)).transpose();
    let authors = text("authors").unwrap_or_default();
    let authors = authors.split(';').map(str::trim).filter(|name| !name.is_empty());
    Ok(Given {
        title: text("title"),
        outlet: text("outlet"),
        date: date.map_err(|_| bad("The date"))?,
        original_url: url.map_err(|_| bad("The address"))?,
        authors: authors.map(str::to_owned).collect(),
        ..Given::default()
    })
}

fn refused(error: &ClipError) -> Reply {
    let reply = Reply::error(422, &format!("{error}: {}.", error.help()));
    match error {
        ClipError::Known { holder, .. } => reply.with("known", holder.as_str()),
        _ => reply,
    }
}

fn proposal(clip: &Clip) -> Json {
    let draft = &clip.draft;
    let near = clip.near_copies.iter();
    let near = near.map(|near| json!({ "file": near.source, "title": near.title }));
    json!({
        "file": clip.path,
        "fields": [
            field("title", draft.title.as_ref(), String::clone),
            field("date", draft.date.as_ref(), ToString::to_string),
            field("outlet", draft.outlet.as_ref(), String::clone),
            field("original_url", draft.original.as_ref(), String::clone),
            field("authors", draft.authors.as_ref(), |names| names.join("; ")),
        ],
        "words": clip.words,
        "text": clip.text,
        "near": near.collect::<Vec<_>>(),
        "warnings": clip.warnings,
    })
}

fn field<T>(key: &str, field: Option<&Field<T>>, text: impl Fn(&T) -> String) -> Json {
    match field {
        None => json!({ "key": key, "value": "", "from": null, "why": null }),
        Some(field) => json!({
            "key": key,
            "value": text(&field.value),
            "from": field.from,
            "why": field.review(),
        }),
    }
}
