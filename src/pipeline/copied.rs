//! Collects the files that are copied into the site, without redacted ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::FoldedKey;
use crate::base::served::Served;
use crate::content::publishable::{Area, Asset, LeftOut, LinkTargets, Publishable, Sieve, Sifted};
use crate::content::scan;
use crate::images::drawing::{self, Power};
use crate::plan::Page;
use crate::render::engine::Assets;
use crate::settings::images::Drawings;

use super::{Report, redacted};

/// Files to copy, by output path.
#[derive(Default)]
pub(super) struct Copied {
    /// From `static/`, and from beside articles and pages.
    pub(super) files: BTreeMap<String, Publishable>,
    /// Active files beside articles and pages.
    pub(super) active: BTreeMap<String, Served>,
    /// Other files that are left out.
    pub(super) left_out: Vec<LeftOut>,
    links: Vec<(String, PathBuf)>,
    /// Compressed files beside articles, which a server may send in place of another:
    /// `index.html.gz`.
    packed: Vec<(String, PathBuf)>,
}

/// Collects the files, except those of withdrawn articles.
pub(super) fn files(
    sieve: Sieve<'_>,
    archive: &Archive,
    drawings: Drawings,
    report: &mut Report,
) -> Copied {
    let mut copied = Copied::default();
    copied.add_static(sieve, report);
    for article in archive.articles.iter().filter(|article| !article.value.is_withdrawn()) {
        copied.add_beside(article.value.permalink.as_str(), &article.assets);
    }
    for page in &archive.pages {
        copied.add_beside(page.value.permalink.as_str(), &page.assets);
    }
    let files = copied.files.iter().map(|(place, file)| (place.as_str(), file.path()));
    let links = copied.links.iter().map(|(place, link)| (place.as_str(), link.as_path()));
    let removed = redacted::find(sieve.root, files.chain(links), archive, report);
    copied.files.retain(|place, _| !removed.contains(place));
    copied.links.retain(|(place, _)| !removed.contains(place));
    copied.resolve_links(sieve.root, report);
    copied.judge(sieve.root, archive, drawings, report);
    copied
}

impl Copied {
    fn add_static(&mut self, sieve: Sieve<'_>, report: &mut Report) {
        let folder = sieve.root.join("static");
        let is_there = scan::is_folder(&folder).unwrap_or_else(|error| {
            report.diagnostics.push(scan::unreadable("static", &error.to_string()));
            false
        });
        if !is_there {
            return;
        }
        let walk = walkdir::WalkDir::new(&folder).sort_by_file_name();
        let Sifted { entries, left_out } = sieve.walk(walk, Area::Static);
        self.left_out.extend(left_out);
        for entry in entries {
            match entry {
                Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                    report.diagnostics.push(
                        Diagnostic::warning(Rule::Symlink, "this symbolic link is not copied")
                            .at(Place::file(scan::relative(sieve.root, entry.path())))
                            .help("put the file itself into static/"),
                    );
                }
                Ok(entry) => {
                    let path = scan::relative(&folder, entry.path());
                    self.files.extend(Sieve::publishable(entry).map(|file| (path, file)));
                }
                Err(error) => {
                    report.diagnostics.push(scan::unreadable("static", &error.to_string()));
                }
            }
        }
    }

    /// Adds the files beside an article or a page.
    fn add_beside(&mut self, permalink: &str, assets: &[(String, Asset)]) {
        for (name, asset) in assets {
            let place = format!("{permalink}{name}").trim_start_matches('/').to_owned();
            if unpacked(name).is_some() {
                self.packed.push((place.clone(), asset.path().to_owned()));
            }
            match asset {
                Asset::File(file) => drop(self.files.insert(place, file.clone())),
                Asset::Link(link) => self.links.push((place, link.clone())),
            }
        }
    }

    /// Resolves symbolic links: a link is published only if its target is. The target may belong to
    /// a draft or a withdrawn report, or be redacted, hidden or outside.
    fn resolve_links(&mut self, root: &Path, report: &mut Report) {
        if self.links.is_empty() {
            return;
        }
        let links = std::mem::take(&mut self.links);
        let targets = LinkTargets::new(root, self.files.values());
        let resolved: Vec<_> = links
            .into_iter()
            .map(|(place, link)| (targets.publishable(&link), place, link))
            .collect();
        for (file, place, link) in resolved {
            if let Some(file) = file {
                self.files.insert(place, file);
                continue;
            }
            let message =
                "this symbolic link is left out: what it leads to is not published itself";
            let diagnostic = Diagnostic::warning(Rule::Symlink, message)
                .at(Place::file(scan::relative(root, &link)))
                .help("put the file itself there, if readers are to have it");
            report.diagnostics.push(diagnostic);
        }
    }

    /// Leaves out files beside articles that a server would run, and reports those that a browser
    /// would.
    fn judge(&mut self, root: &Path, archive: &Archive, drawings: Drawings, report: &mut Report) {
        let articles = archive.articles.iter().filter(|article| !article.value.is_withdrawn());
        let articles = articles.map(|article| (article.value.permalink.as_str(), &article.assets));
        let pages = archive.pages.iter();
        let pages = pages.map(|page| (page.value.permalink.as_str(), &page.assets));
        for (permalink, assets) in articles.chain(pages) {
            for (name, asset) in assets {
                let served = Served::of(name);
                if served == Served::Passive {
                    continue;
                }
                let place = format!("{permalink}{name}");
                let place = place.trim_start_matches('/');
                if !self.holds(place, asset) {
                    continue;
                }
                let source = Place::file(scan::relative(root, asset.path()));
                match judged(served, asset.path(), drawings) {
                    Judged::Published(warning) => {
                        report.diagnostics.extend(warning.map(|warning| warning.at(source)));
                        self.active.insert(place.to_owned(), served);
                    }
                    Judged::LeftOut(problem) => {
                        self.files.remove(place);
                        report.diagnostics.push(problem.at(source));
                    }
                }
            }
        }
    }

    /// Leaves out files beside articles that a server would send in place of a page, a theme file
    /// or another file.
    pub(super) fn drop_stand_ins(
        &mut self,
        root: &Path,
        pages: &[Page],
        assets: &Assets,
    ) -> Vec<Diagnostic> {
        if self.packed.is_empty() {
            return Vec::new();
        }
        let themed = assets.iter().map(|(_, file, _)| file.as_str());
        let files = self.files.keys().map(String::as_str).chain(themed);
        let pages = pages.iter().map(|page| FoldedKey::of_file(&page.path));
        let taken: FxHashSet<FoldedKey> = files
            .chain(["robots.txt", "sitemap.xml"])
            .map(FoldedKey::of_file)
            .chain(pages)
            .collect();
        let mut refused = Vec::new();
        for (place, source) in std::mem::take(&mut self.packed) {
            let Some(plain) = unpacked(&place) else { continue };
            let is_one =
                taken.contains(&FoldedKey::of_file(plain)) || plain.starts_with("sitemaps/");
            // The author's own compressed copy of a file is intended.
            let is_own = self.files.get(plain).is_some_and(|file| {
                unpacked(&source.to_string_lossy()).is_some_and(|own| file.path() == Path::new(own))
            });
            let is_there = self.files.get(&place).is_some_and(|file| file.path() == source);
            if !is_one || is_own || !is_there {
                continue;
            }
            self.files.remove(&place);
            let message =
                format!("this file is left out: servers would send it in place of /{plain}");
            refused.push(
                Diagnostic::reject(Rule::StandIn, message)
                    .at(Place::file(scan::relative(root, &source)))
                    .help("give it another name; `--compress` makes compressed copies itself"),
            );
        }
        refused
    }

    fn holds(&self, place: &str, asset: &Asset) -> bool {
        self.files.get(place).is_some_and(|file| file.path() == asset.path())
    }
}

/// The name of the original of a compressed copy.
fn unpacked(name: &str) -> Option<&str> {
    let (plain, ending) = name.rsplit_once('.')?;
    ["gz", "br", "zst"].iter().any(|packed| ending.eq_ignore_ascii_case(packed)).then_some(plain)
}

/// What becomes of a file that a browser or a server may run.
enum Judged {
    /// Published, perhaps with a warning; it is served with a policy.
    Published(Option<Diagnostic>),
    LeftOut(Diagnostic),
}

fn judged(served: Served, file: &Path, drawings: Drawings) -> Judged {
    if served == Served::ByServer {
        return Judged::LeftOut(by_server());
    }
    if served != Served::Drawing {
        return Judged::Published(Some(active()));
    }
    // What can't be read is not known to be a drawing.
    let power =
        scan::read_regular(file).map_or(Some(Power::Scripts), |bytes| drawing::power(&bytes));
    match (power, drawings) {
        (None, _) => Judged::Published(None),
        (Some(_), Drawings::Raw) => Judged::Published(Some(active())),
        (Some(power), Drawings::Safe) => Judged::LeftOut(no_mere_drawing(power)),
    }
}

fn no_mere_drawing(power: Power) -> Diagnostic {
    let message = match power {
        Power::Scripts => "this SVG is left out: it may run scripts as a page of this site",
        Power::Loads => "this SVG is left out: it loads something from another host",
    };
    Diagnostic::reject(Rule::ActiveFile, message).help(
        "save it as a plain SVG or a PNG; if it is your own, put it into static/, or set \
         svg = \"raw\" in [images]",
    )
}

fn by_server() -> Diagnostic {
    let message = "this file is left out: a server could run it, or take orders from it";
    Diagnostic::reject(Rule::ActiveFile, message).help(
        "pack it into an archive if readers are to have it; a host's own files go into static/",
    )
}

fn active() -> Diagnostic {
    let message = "a browser runs what this file holds, as a page of this site";
    Diagnostic::warning(Rule::ActiveFile, message).help(
        "`dateline build --host …` and `dateline serve` have it shown without its powers; \
         publish a picture or a PDF in its place, or put it into static/ if it is your own",
    )
}
