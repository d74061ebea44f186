//! Lists the published files that are not pages, with their sources.

use std::collections::BTreeSet;

use crate::content::scan::relative;
use crate::images::recipe;
use crate::output::{Manifest, Target};
use crate::plan::{PageKind, SEARCH_INDEX};
use crate::render::sitemap;

use super::{Site, clashes};

/// A published file that is not a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PublishedFile {
    /// Path from the output folder.
    pub path: String,
    /// The file it is copied from, or a description of its origin.
    pub source: String,
}

/// Smaller copies of pictures that the last build published. They are unknown before a build.
fn made_pictures(target: &Target) -> Vec<PublishedFile> {
    let Ok(manifest) = Manifest::published(target) else { return Vec::new() };
    let made = manifest.files.under(recipe::FOLDER).map(|(path, _)| {
        let is_there = target.output.join(&**path).is_file();
        let missing = if is_there { "" } else { "; missing: build the site" };
        let source = format!("a picture of the archive, made smaller{missing}");
        PublishedFile { path: path.to_string(), source }
    });
    made.collect()
}

/// The files that a build would publish besides pages, by path, with smaller copies of pictures that
/// the last one published. Compressed copies are not listed.
pub(crate) fn published_files(site: &Site, target: Option<&Target>) -> Vec<PublishedFile> {
    let file = |path: &str, source: String| PublishedFile { path: path.to_owned(), source };
    let copied = site.files.iter().map(|(path, from)| file(path, relative(&site.root, from)));
    let themed = site.assets.iter().map(|(name, path, _)| {
        let theme = &site.config.theme.name;
        file(path, format!("assets/{name} of the theme {theme}"))
    });
    let made = site.pages.iter().filter(|page| !page.file().ends_with(".html")).map(|page| {
        let source = match page.kind {
            PageKind::Markdown(_) => clashes::source(&site.archive, page),
            _ => "the articles".to_owned(),
        };
        file(page.path.trim_start_matches('/'), source)
    });
    let sitemaps = sitemap::sitemaps(&site.archive, &site.pages);
    let sitemaps = sitemaps.iter().map(|map| map.path.as_str()).chain(["sitemap.xml"]);
    let sitemaps = sitemaps.map(|path| file(path, "the pages".to_owned()));
    // Of the search index only the head is listed: its other files are unknown before a build.
    let index = format!("{}index.json", SEARCH_INDEX.trim_start_matches('/'));
    let index = site.config.search.enabled.then(|| file(&index, "the articles".to_owned()));
    let robots = site.robots.then(|| file("robots.txt", "the settings".to_owned()));
    let host = site.config.deploy.host.into_iter().flat_map(|host| {
        let own = host.reserved().iter().filter(|path| !site.files.contains_key(**path));
        own.map(move |path| file(path, format!("rules for {}, where it needs them", host.name())))
    });
    let mut files: Vec<PublishedFile> = copied
        .chain(themed)
        .chain(made)
        .chain(sitemaps)
        .chain(index)
        .chain(robots)
        .chain(host)
        .collect();
    let listed: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let smaller = target.map(made_pictures).unwrap_or_default();
    files.extend(smaller.into_iter().filter(|file| !listed.contains(&file.path)));
    files.sort();
    files
}
