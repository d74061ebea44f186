//! `dateline stats --search`: the size of the search index, and its largest parts.

use std::process::ExitCode;

use serde_json::{Value as Json, json};

use crate::pipeline::{BuildOptions, find_target};
use crate::search::reader::{Head, ReadError, Searcher};

use super::build::counted;
use super::published_index::{self, PublishedIndex};
use super::table::{Closing, Column, Rows};

/// The maximum number of lists shown.
const LISTS: usize = 20;

/// What there is to say of an index.
struct IndexStats {
    files: u64,
    bytes: u64,
    head: Head,
    /// The longest lists by their commonest word.
    lists: Vec<(String, u64)>,
}

pub(super) fn run(options: &BuildOptions, as_json: bool) -> ExitCode {
    let target = match find_target(options) {
        Ok(Ok(target)) => target,
        Ok(Err(problems)) => {
            super::draw(&problems);
            return ExitCode::from(1);
        }
        Err(error) => return super::environment_error(&error, error.help().as_deref()),
    };
    match measured(&PublishedIndex::of(&target.output)) {
        Ok(stats) if as_json => super::print(format!("{:#}\n", stats.as_json()).as_bytes()),
        Ok(stats) => stats.as_rows().print(),
        Err(error) => super::environment_error(&error, Some(published_index::HELP)),
    }
}

fn measured(index: &PublishedIndex) -> Result<IndexStats, ReadError> {
    let searcher = Searcher::open(index)?;
    let lists = searcher.longest_lists(LISTS)?;
    let (files, bytes) = index.size();
    Ok(IndexStats { files, bytes, head: searcher.head().clone(), lists })
}

impl IndexStats {
    fn as_rows(&self) -> Rows {
        let columns = vec![Column::Words("word"), Column::Number("reports")];
        let rows = self.lists.iter().map(|(word, count)| vec![word.clone(), count.to_string()]);
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let words = format!(
            "{} in {} of the index, {} kB in {}",
            counted(count(self.head.reports), "report"),
            counted(self.head.segments.len(), "segment"),
            self.bytes.div_ceil(1_000),
            counted(count(self.files), "file"),
        );
        Rows { columns, rows: rows.collect(), closing: Closing { row: None, words } }
    }

    fn as_json(&self) -> Json {
        let segments = self.head.segments.iter();
        let segments =
            segments.map(|one| json!({ "tier": one.layout.tier, "reports": one.reports }));
        let lists =
            self.lists.iter().map(|(word, count)| json!({ "word": word, "reports": count }));
        json!({
            "reports": self.head.reports,
            "files": self.files,
            "bytes": self.bytes,
            "segments": segments.collect::<Vec<_>>(),
            "lists": lists.collect::<Vec<_>>(),
        })
    }
}
