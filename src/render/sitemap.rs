//! Sitemaps (sitemaps.org 0.9): an index, one file for each year of articles, and one for all other
//! pages.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use chrono::{Datelike, NaiveDate};
use xxhash_rust::xxh3::Xxh3Default;

use crate::archive::Archive;
use crate::base::permalink::encode_path;
use crate::plan::{Page, PageKind};
use crate::settings::Config;
use crate::view::fingerprint::Fingerprint;

/// A year with more addresses has one file for each month.
const YEAR_LIMIT: usize = 10_000;

/// The protocol's limit is 50,000 addresses and 50 MB.
const FILE_LIMIT: usize = 20_000;

#[derive(Debug)]
pub(crate) struct Sitemap<'a> {
    /// Path from the output folder.
    pub path: String,
    /// Addresses from the archive's root, not encoded, with the day of the last change.
    addresses: Vec<Address<'a>>,
}

type Address<'a> = (&'a str, Option<NaiveDate>);

/// The content of a sitemap: articles of a year or a month, or all other pages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Period(i32, Option<u32>),
    Pages,
}

impl fmt::Display for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Group::Period(year, None) => write!(formatter, "{year:04}"),
            Group::Period(year, Some(month)) => write!(formatter, "{year:04}-{month:02}"),
            Group::Pages => formatter.write_str("pages"),
        }
    }
}

/// All sitemaps without the index.
pub(crate) fn sitemaps<'a>(archive: &Archive, pages: &'a [Page]) -> Vec<Sitemap<'a>> {
    let mut groups: BTreeMap<Group, Vec<Address<'a>>> = BTreeMap::new();
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for article in &archive.articles {
        *years.entry(article.value.date.year()).or_default() += 1;
    }
    for page in pages {
        let Some((group, changed)) = group(archive, &years, page) else { continue };
        groups.entry(group).or_default().push((&page.path, changed));
    }
    let mut sitemaps = Vec::new();
    for (group, mut addresses) in groups {
        addresses.sort_unstable();
        for (at, chunk) in addresses.chunks(FILE_LIMIT).enumerate() {
            let number = if at == 0 { String::new() } else { format!("-{}", at + 1) };
            let path = format!("sitemaps/{group}{number}.xml");
            sitemaps.push(Sitemap { path, addresses: chunk.to_vec() });
        }
    }
    sitemaps
}

/// The sitemap of a page, and the day of its last change; `None` excludes it.
fn group(
    archive: &Archive,
    years: &BTreeMap<i32, usize>,
    page: &Page,
) -> Option<(Group, Option<NaiveDate>)> {
    match page.kind {
        PageKind::Article(id) => {
            let article = archive.article(id);
            if article.is_withdrawn() || article.noindex {
                return None;
            }
            let year = article.date.year();
            let crowded = years.get(&year).is_some_and(|&count| count > YEAR_LIMIT);
            let group = Group::Period(year, article.date.month().filter(|_| crowded));
            let dates = [article.added, Some(article.date)];
            let changed = article
                .changes()
                .chain(dates.into_iter().flatten())
                .filter_map(crate::base::date::Date::day)
                .max();
            Some((group, changed))
        }
        PageKind::Plain(at) if archive.pages[at].value.noindex => None,
        PageKind::NotFound
        | PageKind::Search
        | PageKind::OpenSearch
        | PageKind::Markdown(_)
        | PageKind::Redirect(_)
        | PageKind::Atom(_)
        | PageKind::JsonFeed
        | PageKind::FeedDocument(_)
        | PageKind::DataFile(_)
        | PageKind::UpdatedAtom
        | PageKind::CorrectionsAtom => None,
        _ => Some((Group::Pages, None)),
    }
}

impl Sitemap<'_> {
    /// A hash of its content.
    pub(crate) fn fingerprint(&self, config: &Config) -> Fingerprint {
        let mut hasher = Xxh3Default::new();
        hasher.update(config.absolute("/").as_bytes());
        for (path, changed) in &self.addresses {
            hasher.update(&path.len().to_le_bytes());
            hasher.update(path.as_bytes());
            let day = changed.map_or(i32::MIN, |day| day.num_days_from_ce());
            hasher.update(&day.to_le_bytes());
        }
        hasher.digest128()
    }

    /// The XML.
    pub(crate) fn bytes(&self, config: &Config) -> Vec<u8> {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for (path, changed) in &self.addresses {
            let address = config.absolute(&encode_path(path));
            let address = quick_xml::escape::escape(address.as_str());
            // Writing to a String can't fail.
            let _ = match changed {
                Some(day) => {
                    writeln!(xml, "<url><loc>{address}</loc><lastmod>{day}</lastmod></url>")
                }
                None => writeln!(xml, "<url><loc>{address}</loc></url>"),
            };
        }
        xml.push_str("</urlset>\n");
        xml.into_bytes()
    }
}

pub(crate) fn index(config: &Config, sitemaps: &[Sitemap<'_>]) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for sitemap in sitemaps {
        let address = config.absolute(&format!("/{}", sitemap.path));
        // Writing to a String can't fail.
        let _ =
            writeln!(xml, "<sitemap><loc>{}</loc></sitemap>", quick_xml::escape::escape(&address));
    }
    xml.push_str("</sitemapindex>\n");
    xml.into_bytes()
}
