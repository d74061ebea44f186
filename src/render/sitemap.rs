//! Sitemaps (sitemaps.org 0.9): an index, a file a year of articles, and one of everything else.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::archive::Archive;
use crate::config::Config;
use crate::permalink::encode_path;
use crate::plan::{Page, PageKind};

/// A year over so many addresses has a file a month.
const YEAR_LIMIT: usize = 10_000;

/// The protocol's own limit is 50,000; the files stay well under its 50 MB too.
const FILE_LIMIT: usize = 20_000;

/// All sitemap files as (path in the output, bytes).
pub fn sitemaps(archive: &Archive, config: &Config, pages: &[Page]) -> Vec<(String, Vec<u8>)> {
    let mut groups: BTreeMap<String, Vec<(String, Option<String>)>> = BTreeMap::new();
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for article in &archive.articles {
        *years.entry(article.value.date.year()).or_default() += 1;
    }
    for page in pages {
        let Some((group, changed)) = group(archive, &years, page) else { continue };
        let address = config.absolute(&encode_path(&page.path));
        groups.entry(group).or_default().push((address, changed));
    }
    let mut files = Vec::new();
    for (group, mut addresses) in groups {
        addresses.sort();
        for (at, chunk) in addresses.chunks(FILE_LIMIT).enumerate() {
            let number = if at == 0 { String::new() } else { format!("-{}", at + 1) };
            files.push((format!("sitemaps/{group}{number}.xml"), urlset(chunk)));
        }
    }
    let index = index(config, &files);
    files.push(("sitemap.xml".to_owned(), index));
    files
}

/// The file an address belongs to, and when the page last changed; `None` keeps it out.
fn group(
    archive: &Archive,
    years: &BTreeMap<i32, usize>,
    page: &Page,
) -> Option<(String, Option<String>)> {
    match page.kind {
        PageKind::Article(id) => {
            let article = archive.article(id);
            if article.is_withdrawn() || article.noindex {
                return None;
            }
            let year = article.date.year();
            let crowded = years.get(&year).is_some_and(|&count| count > YEAR_LIMIT);
            let group = match article.date.month().filter(|_| crowded) {
                Some(month) => format!("{year:04}-{month:02}"),
                None => format!("{year:04}"),
            };
            let dates = [article.added, Some(article.date)];
            let changed = article
                .changes()
                .chain(dates.into_iter().flatten())
                .filter_map(crate::date::Date::day)
                .max();
            Some((group, changed.map(|day| day.to_string())))
        }
        PageKind::Plain(at) if archive.pages[at].value.noindex => None,
        PageKind::NotFound
        | PageKind::Markdown(_)
        | PageKind::Redirect(_)
        | PageKind::Atom(_)
        | PageKind::JsonFeed
        | PageKind::FeedDocument(_)
        | PageKind::DataFile(_)
        | PageKind::UpdatedAtom
        | PageKind::CorrectionsAtom => None,
        _ => Some(("pages".to_owned(), None)),
    }
}

fn urlset(addresses: &[(String, Option<String>)]) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (address, changed) in addresses {
        let address = quick_xml::escape::escape(address.as_str());
        // Writing to a String can't fail.
        let _ = match changed {
            Some(day) => writeln!(xml, "<url><loc>{address}</loc><lastmod>{day}</lastmod></url>"),
            None => writeln!(xml, "<url><loc>{address}</loc></url>"),
        };
    }
    xml.push_str("</urlset>\n");
    xml.into_bytes()
}

fn index(config: &Config, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, _) in files {
        let address = config.absolute(&format!("/{path}"));
        // Writing to a String can't fail.
        let _ =
            writeln!(xml, "<sitemap><loc>{}</loc></sitemap>", quick_xml::escape::escape(&address));
    }
    xml.push_str("</sitemapindex>\n");
    xml.into_bytes()
}
