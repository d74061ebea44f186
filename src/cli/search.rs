//! `dateline search`: queries the index of a built site, like its readers.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::pipeline::find_target;
use crate::search::query::Query;
use crate::search::reader::{Answer, Card, Order, Searcher};

use super::build::counted;
use super::context::Context;
use super::published_index::{self, PublishedIndex};
use super::site::SiteArguments;

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// What to look for: words, "phrases", begin*, -without, outlet:, author:, tag:, story:, lang:, kind:, before:, after:.
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    site: SiteArguments,
    /// Print the newest first.
    #[arg(long, conflicts_with = "oldest")]
    newest: bool,
    /// Print the oldest first.
    #[arg(long)]
    oldest: bool,
    /// Print so many reports at most.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl SearchArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let SearchArguments { words, site, newest, oldest, limit, json } = self;
        let target = match find_target(&site.options(archive)) {
            Ok(Ok(target)) => target,
            Ok(Err(problems)) => {
                super::draw(&problems);
                return ExitCode::from(1);
            }
            Err(error) => return super::environment_error(&error, error.help().as_deref()),
        };
        let order = match (newest, oldest) {
            (true, _) => Order::Newest,
            (_, true) => Order::Oldest,
            _ => Order::Relevance,
        };
        let files = PublishedIndex::of(&target.output);
        let query = Query::read(&words.join(" "));
        let answer = Searcher::open(&files).and_then(|index| index.search(&query, order, limit));
        match answer {
            Ok(answer) if json => super::print(in_json(&answer).as_bytes()),
            Ok(answer) => super::print(in_words(&answer).as_bytes()),
            Err(error) => super::environment_error(&error, Some(published_index::HELP)),
        }
    }
}

fn in_words(answer: &Answer) -> String {
    let mut lines: Vec<String> = Vec::new();
    for card in &answer.cards {
        lines.push(format!("/{}", card.path));
        lines.push(format!("    {}", card.title));
    }
    for (typed, near) in &answer.suggestions {
        lines.push(format!("no report has “{typed}”; did you mean “{near}”?"));
    }
    lines.push(counted(answer.count, "report"));
    lines.push(String::new());
    lines.join("\n")
}

fn in_json(answer: &Answer) -> String {
    let Answer { count, cards, is_partial, suggestions } = answer;
    let reports: Vec<Json> = cards.iter().map(as_json).collect();
    let found = json!({
        "count": count,
        "partial": is_partial,
        "reports": reports,
        "suggestions": suggestions,
    });
    format!("{found:#}\n")
}

fn as_json(card: &Card) -> Json {
    let Card { path, title, outlet, language, .. } = card;
    json!({ "path": format!("/{path}"), "title": title, "outlet": outlet, "language": language })
}
