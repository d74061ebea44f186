//! The data files of the archive, and the articles of each.

use crate::archive::trie::{self, Node, Period};
use crate::archive::{Archive, ArticleId};
use crate::base::choices::ExportFormat;
use crate::settings::Config;
use crate::settings::citing::Sidecar;

use super::{Page, PageKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFile {
    /// The list of years.
    Index,
    /// A year: its months, and reports without a month.
    Year(i32),
    /// A month's reports.
    Month(i32, u32),
    /// The reports of a year's or a month's file, as BibTeX.
    Bibliography(Period),
    /// The whole archive.
    Whole(ExportFormat),
    /// An article's citation, beside its page.
    Beside(ArticleId, Sidecar),
}

/// The articles of a year's or a month's file, with withdrawn ones; a year's file has those without
/// a month.
pub(crate) fn held(archive: &Archive, period: Period) -> &[ArticleId] {
    let wanted = match period {
        Period::Year(year) => (year, 0),
        Period::Month(year, month) => (year, month),
        Period::All | Period::Day(_) => return &[],
    };
    let key = |id: &ArticleId| {
        let date = archive.article(*id).date;
        (date.year(), date.month().unwrap_or(0))
    };
    let start = archive.all.partition_point(|id| key(id) < wanted);
    let end = archive.all.partition_point(|id| key(id) <= wanted);
    &archive.all[start..end]
}

/// The years of an archive, oldest first.
pub(crate) fn years(archive: &Archive) -> Vec<Node<'_>> {
    trie::children(archive, &Node { period: Period::All, articles: &archive.all }).0
}

/// The path of a period's data file.
pub(crate) fn path(period: Period, ending: &str) -> String {
    format!("/{}index.{ending}", period.path())
}

/// The pages of data files. A plain page at `/data/` replaces ours.
pub(super) fn pages(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    sidecars(archive, config, pages);
    if !config.data.enabled {
        return;
    }
    let mut add = |path: &str, kind| pages.push(Page::new(path, kind));
    if !archive.has_page_at("/data/") {
        add("/data/", PageKind::Data);
    }
    add("/data/index.json", PageKind::DataFile(DataFile::Index));
    for year in years(archive) {
        let Period::Year(number) = year.period else { continue };
        add(&path(year.period, "json"), PageKind::DataFile(DataFile::Year(number)));
        let (months, undated) = trie::children(archive, &year);
        if !undated.is_empty() {
            let file = DataFile::Bibliography(year.period);
            add(&path(year.period, "bib"), PageKind::DataFile(file));
        }
        for month in months {
            let Period::Month(year, number) = month.period else { continue };
            let file = DataFile::Month(year, number);
            add(&path(month.period, "json"), PageKind::DataFile(file));
            let file = DataFile::Bibliography(month.period);
            add(&path(month.period, "bib"), PageKind::DataFile(file));
        }
    }
    for &format in &config.data.whole {
        add(format.path(), PageKind::DataFile(DataFile::Whole(format)));
    }
}

fn sidecars(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    for &sidecar in &config.citation.sidecars {
        for &id in archive.all.iter().filter(|id| archive.is_listed(**id)) {
            let path = format!("{}{}", archive.article(id).permalink, sidecar.file());
            pages.push(Page::new(path, PageKind::DataFile(DataFile::Beside(id, sidecar))));
        }
    }
}
