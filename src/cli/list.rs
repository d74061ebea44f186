//! `dateline list`.
//!
//! Properties of a report are words, values are flags: `dateline list withdrawn --since 2020`,
//! `dateline list without-memento dead-original --outlet rt`. Shells can complete the words, which
//! are a fixed list, and no query language with operators and quotes is needed. All conditions must
//! hold; for other queries there is `--json`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value as Json, json};

use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::content::Drafts;
use crate::content::article::Article;
use crate::pipeline::{BuildOptions, Site, find_target};
use crate::search::query::Query;
use crate::search::reader::{Order, Searcher};
use crate::select::{Chosen, Condition, Selection, Span, WantedTerm, select};

use super::answers::parse_date;
use super::build::counted;
use super::context::{Context, today};
use super::published_index::{self, PublishedIndex};
use super::site::{Prepared, prepared};
use super::table::{Closing, Column, Rows};

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// What holds of each report; every report without it.
    #[arg(value_enum)]
    conditions: Vec<Condition>,
    /// Published by this outlet: its key in [outlets], or its name.
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// By this author; may be given more than once.
    #[arg(long = "author", value_name = "NAME")]
    authors: Vec<String>,
    /// With this tag; may be given more than once.
    #[arg(long = "tag", value_name = "NAME")]
    tags: Vec<String>,
    /// Part of this story; may be given more than once.
    #[arg(long = "story", value_name = "NAME")]
    stories: Vec<String>,
    /// Sent in by this contributor; may be given more than once.
    #[arg(long = "submitted-by", value_name = "NAME")]
    contributors: Vec<String>,
    /// With this term of any taxonomy, as in places=Geneva; may be given more than once.
    #[arg(long = "term", value_name = "TAXONOMY=NAME", value_parser = parse_term)]
    terms: Vec<WantedTerm>,
    /// Of this kind, such as "interview".
    #[arg(long)]
    kind: Option<String>,
    /// In this language; "pt" takes in "pt-BR".
    #[arg(long)]
    language: Option<String>,
    /// Found by these words in the search index of the built site, as by dateline search.
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// Published on this day, month or year, or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    since: Option<Date>,
    /// Published on this day, month or year, or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    until: Option<Date>,
    /// Added to the archive then or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    added_since: Option<Date>,
    /// Added to the archive then or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    added_until: Option<Date>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Take this day for today.
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

fn parse_term(text: &str) -> Result<WantedTerm, String> {
    let parts = text.split_once('=').filter(|(taxonomy, _)| !taxonomy.is_empty());
    let (taxonomy, name) = parts.ok_or("write it as places=Geneva")?;
    Ok(WantedTerm { taxonomy: taxonomy.to_owned(), name: name.to_owned() })
}

impl ListArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let options = BuildOptions { drafts: Drafts::Publish, ..archive.options() };
        let Prepared { site, code, .. } = match prepared(&options) {
            Ok(prepared) => prepared,
            Err(code) => return code,
        };
        let clock = || today(&site.config);
        let today = self.today.unwrap_or_else(clock);
        let found = match self.words.as_deref().map(|words| found(&options, words)).transpose() {
            Ok(found) => found,
            Err(code) => return code,
        };
        let (is_json, selection) = (self.json, self.selection(today));
        let mut chosen = match select(&site, &selection) {
            Ok(chosen) => chosen,
            Err(error) => return super::environment_error(&error, error.help().as_deref()),
        };
        if let Some(found) = found {
            let path = |chosen: &Chosen| site.archive.article(chosen.id).permalink.encoded();
            chosen.retain(|chosen| found.contains(path(chosen).trim_start_matches('/')));
        }
        let list = List { site: &site, selection: &selection, chosen: &chosen };
        let printed = if is_json {
            super::print(format!("{:#}\n", list.as_json()).as_bytes())
        } else {
            list.as_rows().print()
        };
        if printed == ExitCode::SUCCESS { code } else { printed }
    }

    fn selection(self, today: NaiveDate) -> Selection {
        let of = |taxonomy: BuiltIn| {
            move |name| WantedTerm { taxonomy: taxonomy.name().to_owned(), name }
        };
        let mut terms = self.terms;
        terms.extend(self.outlet.into_iter().map(of(BuiltIn::Outlets)));
        terms.extend(self.authors.into_iter().map(of(BuiltIn::Authors)));
        terms.extend(self.tags.into_iter().map(of(BuiltIn::Tags)));
        terms.extend(self.stories.into_iter().map(of(BuiltIn::Stories)));
        terms.extend(self.contributors.into_iter().map(of(BuiltIn::Contributors)));
        Selection {
            conditions: self.conditions,
            terms,
            kind: self.kind,
            language: self.language,
            dates: Span { since: self.since, until: self.until },
            added: Span { since: self.added_since, until: self.added_until },
            today,
        }
    }
}

/// The addresses of the reports that have some words, without their first `/`.
fn found(options: &BuildOptions, words: &str) -> Result<BTreeSet<String>, ExitCode> {
    let target = match find_target(options) {
        Ok(Ok(target)) => target,
        Ok(Err(problems)) => {
            super::draw(&problems);
            return Err(ExitCode::from(1));
        }
        Err(error) => return Err(super::environment_error(&error, error.help().as_deref())),
    };
    let index = PublishedIndex::of(&target.output);
    let query = Query::read(words);
    let answer = Searcher::open(&index)
        .and_then(|searcher| searcher.search(&query, Order::Newest, usize::MAX))
        .map_err(|error| super::environment_error(&error, Some(published_index::HELP)))?;
    Ok(answer.cards.into_iter().map(|card| card.path).collect())
}

/// Reports and the filters that selected them.
struct List<'a> {
    site: &'a Site,
    selection: &'a Selection,
    chosen: &'a [Chosen],
}

impl List<'_> {
    fn as_rows(&self) -> Rows {
        let names_links = self.selection.conditions.contains(&Condition::DeadLink);
        let mut columns = vec![
            Column::Whole("date"),
            Column::Words("outlet"),
            Column::Words("headline"),
            Column::Words("state"),
            Column::Whole("file"),
        ];
        columns.extend(names_links.then_some(Column::Words("dead links")));
        let rows = self.chosen.iter().map(|chosen| {
            let article = self.site.archive.article(chosen.id);
            let mut row = vec![
                article.date.to_string(),
                self.outlet(chosen).unwrap_or_default().to_owned(),
                article.title.clone(),
                self.states(article).join(", "),
                article.source.to_string(),
            ];
            row.extend(names_links.then(|| chosen.dead_links.join(" ")));
            row
        });
        let words = counted(self.chosen.len(), "report");
        Rows { columns, rows: rows.collect(), closing: Closing { row: None, words } }
    }

    /// The outlet's name, unless the report's notice must not reveal it.
    fn outlet(&self, chosen: &Chosen) -> Option<&str> {
        let archive = &self.site.archive;
        let is_listed = archive.is_listed(chosen.id);
        archive.outlet_name(&self.site.config, chosen.id).filter(|_| is_listed)
    }

    fn states(&self, article: &Article) -> Vec<String> {
        let is_future = article.date.first_day() > self.selection.today;
        let draft = article.draft.then(|| "draft".to_owned());
        let future = is_future.then(|| "future".to_owned());
        let withdrawn = article.withdrawn.as_ref().map(|done| format!("withdrawn: {}", done.kind));
        [draft, future, withdrawn].into_iter().flatten().collect()
    }

    fn as_json(&self) -> Json {
        let reports: Vec<Json> = self.chosen.iter().map(|chosen| self.report(chosen)).collect();
        json!({ "count": reports.len(), "reports": reports })
    }

    fn report(&self, chosen: &Chosen) -> Json {
        let article = self.site.archive.article(chosen.id);
        let mut report = json!({
            "file": article.source,
            "url": self.site.config.absolute(&article.permalink.encoded()),
            "date": article.date,
            "title": (!article.title.is_empty()).then_some(&article.title),
            "draft": article.draft,
            "future": article.date.first_day() > self.selection.today,
            "withdrawn": article.withdrawn,
        });
        if !article.is_withdrawn() {
            let told = json!({
                "outlet": self.outlet(chosen),
                "original_url": article.original_url,
                "added": article.added,
                "kind": article.kind,
                "language": article.language,
                "corrections": article.corrections.len(),
                "redactions": article.redactions.len(),
                "mementos": self.site.ledger.mementos(article),
            });
            extend(&mut report, told);
        }
        if self.selection.conditions.contains(&Condition::DeadLink) {
            extend(&mut report, json!({ "dead_links": chosen.dead_links }));
        }
        report
    }
}

fn extend(report: &mut Json, more: Json) {
    if let (Json::Object(report), Json::Object(more)) = (report, more) {
        report.extend(more);
    }
}
