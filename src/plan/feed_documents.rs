//! Splits the archive into feed documents (RFC 5005 §4), so that every report can be harvested.
//!
//! A document has the reports added in a month (by `added`, else `date`). A month with more than
//! `listing.leaf` reports is split by day, and a larger day (an import) by the reports' own year,
//! month and day. So a new report changes only the newest document, unless it has no `added`.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use crate::archive::{Archive, ArticleId};
use crate::base::date::Date;
use crate::content::article::Article;
use crate::settings::Config;

use super::{Page, PageKind};

/// A document in the chain from the feed back to the first report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedDocument {
    /// Its address from the archive's root.
    pub path: String,
    /// Its articles by (date, permalink), with withdrawn ones, which it does not show.
    pub articles: Vec<ArticleId>,
    /// The document of earlier additions.
    pub previous: Option<String>,
    /// The document of later additions.
    pub next: Option<String>,
}

/// A way to split a set, each finer than the one before.
#[derive(Clone, Copy)]
enum Cut {
    AddedMonth,
    AddedDay,
    Year,
    Month,
    Day,
}

impl Cut {
    fn finer(self) -> Option<Cut> {
        match self {
            Cut::AddedMonth => Some(Cut::AddedDay),
            Cut::AddedDay => Some(Cut::Year),
            Cut::Year => Some(Cut::Month),
            Cut::Month => Some(Cut::Day),
            Cut::Day => None,
        }
    }

    /// The part that an article belongs to.
    fn part(self, article: &Article) -> Part {
        let (added, date) = (article.added.unwrap_or(article.date), article.date);
        let day = |date: Date| date.day().map_or(0, |day| day.day());
        match self {
            Cut::AddedMonth => Part(added.year(), added.month().unwrap_or(0)),
            Cut::AddedDay => Part(0, day(added)),
            Cut::Year => Part(date.year(), 0),
            Cut::Month => Part(0, date.month().unwrap_or(0)),
            Cut::Day => Part(0, day(date)),
        }
    }

    /// The suffix of the part's path; vague dates come first, as `00`.
    fn path(self, Part(year, number): Part) -> String {
        match self {
            Cut::AddedMonth => format!("{year:04}/{number:02}"),
            Cut::AddedDay => format!("/{number:02}"),
            Cut::Year => format!("/{year:04}"),
            Cut::Month | Cut::Day => format!("-{number:02}"),
        }
    }
}

/// A year if split by year, else a month or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part(i32, u32);

/// All documents, oldest first.
pub(crate) fn documents(archive: &Archive, config: &Config) -> Vec<FeedDocument> {
    let mut sets = Vec::new();
    cut(archive, config.listing.leaf, "/feeds/", archive.all.clone(), Cut::AddedMonth, &mut sets);
    let paths: Vec<String> = sets.iter().map(|(path, _)| path.clone()).collect();
    sets.into_iter()
        .enumerate()
        .map(|(at, (path, articles))| FeedDocument {
            path,
            articles,
            previous: at.checked_sub(1).and_then(|before| paths.get(before)).cloned(),
            next: paths.get(at + 1).cloned(),
        })
        .collect()
}

fn cut(
    archive: &Archive,
    most: usize,
    path: &str,
    articles: Vec<ArticleId>,
    by: Cut,
    found: &mut Vec<(String, Vec<ArticleId>)>,
) {
    let mut parts: BTreeMap<Part, Vec<ArticleId>> = BTreeMap::new();
    for id in articles {
        parts.entry(by.part(archive.article(id))).or_default().push(id);
    }
    for (part, articles) in parts {
        let path = format!("{path}{}", by.path(part));
        match by.finer() {
            Some(finer) if articles.len() > most => {
                cut(archive, most, &path, articles, finer, found);
            }
            _ => found.push((format!("{path}.xml"), articles)),
        }
    }
}

/// The documents' pages.
pub(super) fn pages(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    for document in documents(archive, config) {
        let path: Arc<str> = document.path.as_str().into();
        pages.push(Page::new(path, PageKind::FeedDocument(Box::new(document))));
    }
}
