//! `dateline stats`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use crate::base::built_in::BuiltIn;
use crate::pipeline::{Report, Site};
use crate::select::stats::{Figures, Grouping, Stats, count};
use crate::select::{SelectionError, taxonomy};

use super::build::counted;
use super::context::Context;
use super::search_stats;
use super::site::{Prepared, prepared};
use super::table::{Closing, Column, Rows};

#[derive(Debug, Args)]
pub(super) struct StatsArguments {
    /// By what reports are counted.
    #[arg(value_enum, default_value = "year")]
    by: By,
    /// Count by any taxonomy of the settings, such as places.
    #[arg(long, value_name = "NAME", conflicts_with = "by")]
    taxonomy: Option<String>,
    /// Say how large the built site's search index is, and which words stand in the most reports.
    #[arg(long, conflicts_with_all = ["by", "taxonomy"])]
    search: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What reports are counted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// The year in which they were published.
    Year,
    /// Who published them.
    Outlet,
    /// Their authors.
    Author,
    /// Their tags.
    Tag,
    /// The stories that they are part of.
    Story,
    /// Who sent them in.
    Contributor,
    /// Their language.
    Language,
    /// Their kind.
    Kind,
}

impl StatsArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let options = archive.options();
        if self.search {
            return search_stats::run(&options, self.json);
        }
        let Prepared { site, report, code } = match prepared(&options) {
            Ok(prepared) => prepared,
            Err(code) => return code,
        };
        let (grouping, name) = match self.grouping(&site) {
            Ok(grouping) => grouping,
            Err(error) => return super::environment_error(&error, error.help().as_deref()),
        };
        let stats = count(&site, grouping);
        let told = Told { stats, grouping, name, report };
        let printed = if self.json {
            super::print(format!("{:#}\n", told.as_json()).as_bytes())
        } else {
            told.as_rows().print()
        };
        if printed == ExitCode::SUCCESS { code } else { printed }
    }

    /// The grouping, and the name of one group.
    fn grouping(&self, site: &Site) -> Result<(Grouping, String), SelectionError> {
        let of = |name: &str| {
            let at = taxonomy(site, name)?;
            Ok((Grouping::Taxonomy(at), site.config.taxonomies[at].singular.clone()))
        };
        match (&self.taxonomy, self.by) {
            (Some(name), _) => of(name),
            (None, By::Year) => Ok((Grouping::Year, "year".to_owned())),
            (None, By::Language) => Ok((Grouping::Language, "language".to_owned())),
            (None, By::Kind) => Ok((Grouping::Kind, "kind".to_owned())),
            (None, By::Outlet) => of(BuiltIn::Outlets.name()),
            (None, By::Author) => of(BuiltIn::Authors.name()),
            (None, By::Tag) => of(BuiltIn::Tags.name()),
            (None, By::Story) => of(BuiltIn::Stories.name()),
            (None, By::Contributor) => of(BuiltIn::Contributors.name()),
        }
    }
}

/// The result.
struct Told {
    stats: Stats,
    grouping: Grouping,
    name: String,
    report: Report,
}

impl Told {
    fn as_rows(&self) -> Rows {
        let heads = ["reports", "originals", "mementos", "dead links", "corrections", "withdrawn"];
        let mut columns = vec![Column::Words("")];
        columns.extend(heads.iter().take(self.width()).map(|head| Column::Number(head)));
        let groups = &self.stats.groups;
        let rows = groups.iter().map(|group| {
            self.row(
                group.name.clone().unwrap_or_else(|| format!("no {}", self.name)),
                group.figures,
            )
        });
        let closing = Closing {
            row: Some(self.row("in all".to_owned(), self.stats.total)),
            words: self.summary(),
        };
        Rows { columns, rows: rows.collect(), closing }
    }

    /// The number of columns: withdrawn reports are only counted by year, as they show nothing
    /// else.
    fn width(&self) -> usize {
        if self.grouping == Grouping::Year { 6 } else { 5 }
    }

    fn row(&self, name: String, figures: Figures) -> Vec<String> {
        let Figures { reports, originals, mementos, dead_links, corrections, withdrawn } = figures;
        let numbers = [reports, originals, mementos, dead_links, corrections, withdrawn];
        let mut row = vec![name];
        row.extend(numbers.iter().take(self.width()).map(usize::to_string));
        row
    }

    fn summary(&self) -> String {
        let kinds = self.stats.withdrawals.iter().map(|(kind, number)| format!("{number} {kind}"));
        let kinds: Vec<String> = kinds.collect();
        let kinds =
            if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        format!(
            "{}, {} withdrawn{kinds}, {}, {} rejected",
            counted(self.stats.total.reports, "report"),
            self.stats.total.withdrawn,
            counted(self.report.drafts, "draft"),
            self.report.rejected.len()
        )
    }

    fn as_json(&self) -> Json {
        let groups = self.stats.groups.iter().map(|group| {
            let mut object = self.figures(group.figures);
            object.shift_insert(0, "name".to_owned(), json!(group.name));
            Json::Object(object)
        });
        json!({
            "by": self.name,
            "groups": groups.collect::<Vec<_>>(),
            "total": self.figures(self.stats.total),
            "withdrawals": self.stats.withdrawals,
            "drafts": self.report.drafts,
            "pages": self.report.pages,
            "rejected": self.report.rejected,
        })
    }

    fn figures(&self, figures: Figures) -> serde_json::Map<String, Json> {
        let Figures { reports, originals, mementos, dead_links, corrections, withdrawn } = figures;
        let named = [
            ("reports", reports),
            ("originals", originals),
            ("mementos", mementos),
            ("dead_links", dead_links),
            ("corrections", corrections),
            ("withdrawn", withdrawn),
        ];
        let shown = named.into_iter().take(self.width());
        shown.map(|(name, number)| (name.to_owned(), json!(number))).collect()
    }
}
