//! The calls of the desk's script, each answered with JSON.

use serde_json::{Value as Json, json};
use url::form_urlencoded;

use crate::base::choices::WithdrawalKind;
use crate::base::permalink::term_key;
use crate::content::article::Article;

use super::library::Library;
use super::reply::Reply;
use super::{Desk, form, kept, publishing, reports, steps, taking};

/// How many reports one answer lists.
const PAGE: usize = 100;

/// A call.
pub(super) struct Call {
    pub(super) is_read: bool,
    pub(super) name: String,
    pub(super) query: String,
    pub(super) content: Json,
}

impl Call {
    /// A value of the query; empty if it is missing.
    fn asked(&self, key: &str) -> String {
        let pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs
            .into_iter()
            .find(|(name, _)| name == key)
            .map_or_else(String::new, |(_, value)| value.into_owned())
    }
}

/// Answers a call.
pub(super) fn answer(desk: &Desk, call: &Call) -> Reply {
    let answer = if call.is_read { read(desk, call) } else { written(desk, call) };
    answer.map_or_else(|reply| reply, Reply::of)
}

fn read(desk: &Desk, call: &Call) -> Result<Json, Reply> {
    let shelf = &desk.shelf;
    let library = shelf.library()?;
    match call.name.as_str() {
        "state" => {
            let home = shelf.preview_home();
            let preview = home.map(|home| format!("http://localhost:{}{home}", desk.port));
            Ok(json!({
                "title": library.config.title,
                "host": format!("http://localhost:{}", desk.port),
                "preview": preview,
                "address": library.config.base_url.as_str(),
                "targets": publishing::targets(&library),
                "fields": form::fields(&library.config),
                "kinds": WithdrawalKind::ALL.map(WithdrawalKind::name),
                "names": {
                    "outlet": library.names.outlets,
                    "authors": library.names.authors,
                    "tags": library.names.tags,
                    "submitted_by": library.names.contributors,
                    "kind": library.names.kinds,
                    "language": library.names.languages,
                },
                "unsaved": kept::unsaved(&shelf.kept(), kept::NEW),
                "rejected": library.content.rejected,
            }))
        }
        "list" => Ok(list(&library, call)),
        "report" => reports::open(shelf, &library, &call.asked("file")),
        "known" => Ok(taking::known(&library, &call.asked("address"))),
        _ => Err(Reply::error(404, "There is no such call.")),
    }
}

fn written(desk: &Desk, call: &Call) -> Result<Json, Reply> {
    let (shelf, content) = (&desk.shelf, &call.content);
    let library = shelf.library()?;
    match call.name.as_str() {
        "save" => reports::save(shelf, &library, content),
        "create" => reports::create(shelf, &library, content),
        "restore" => reports::restore(shelf, &library, content),
        "unsaved" => reports::keep(shelf, &library, content),
        "discard" => reports::discard(shelf, content),
        "convert" => Ok(taking::converted(content)),
        "publish" => publishing::publish(shelf, &library, content),
        "take" => taking::take(shelf, &library, content),
        name @ ("correct" | "redact" | "withdraw") => steps::step(shelf, &library, name, content),
        _ => Err(Reply::error(404, "There is no such call.")),
    }
}

/// Reports whose headline, outlet, authors or tags hold all words; the newest first.
fn list(library: &Library, call: &Call) -> Json {
    let words: Vec<String> = call.asked("words").split_whitespace().map(term_key).collect();
    let state = call.asked("state");
    let skip: usize = call.asked("skip").parse().unwrap_or(0);
    let mut found: Vec<&Article> = library
        .content
        .articles
        .iter()
        .map(|loaded| &*loaded.value)
        .filter(|article| is_in_state(article, &state) && holds(article, &words))
        .collect();
    found.sort_by(|one, other| {
        let key = |article: &Article| (article.date.last_day(), article.source.to_string());
        key(other).cmp(&key(one))
    });
    let rows = found.iter().skip(skip).take(PAGE);
    let rows: Vec<Json> = rows.map(|article| row(article)).collect();
    json!({ "count": found.len(), "reports": rows })
}

fn is_in_state(article: &Article, state: &str) -> bool {
    match state {
        "drafts" => article.draft,
        "withdrawn" => article.is_withdrawn(),
        "no-outlet" => article.outlet.is_none() && !article.is_withdrawn(),
        "no-original" => article.original_url.is_none() && !article.is_withdrawn(),
        _ => true,
    }
}

/// A withdrawn report is found by no word of it.
fn holds(article: &Article, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    if article.is_withdrawn() {
        return false;
    }
    let terms = ["tags", "authors", "stories"].into_iter().flat_map(|key| article.terms.of(key));
    let mut text = term_key(&article.title);
    for term in terms.map(|name| &**name).chain(article.outlet.as_deref()) {
        text.push(' ');
        text.push_str(&term_key(term));
    }
    words.iter().all(|word| text.contains(word.as_str()))
}

fn row(article: &Article) -> Json {
    json!({
        "file": article.source,
        "title": article.title,
        "date": article.date.to_string(),
        "outlet": article.outlet.as_deref(),
        "language": article.language.as_deref(),
        "draft": article.draft,
        "withdrawn": article.is_withdrawn(),
    })
}
