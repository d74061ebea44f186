//! How long each stage of a build takes, and how much memory it asks for: `cargo bench --bench stages`.
//!
//! An archive of 3,000 reports is made up in a folder of its own, the same in every run, and built
//! once; each stage is then measured alone, with what the stages before it gave.
#![allow(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

mod made_up;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dateline::archive::Archive;
use dateline::content::cache::{Cache, Memory};
use dateline::content::{self, Content, Drafts, Reader, scan};
use dateline::ledger::OwnLinks;
use dateline::markdown::{self, MarkdownOptions};
use dateline::output::{Manifest, Target};
use dateline::pipeline::{self, BuildOptions, Report, Site};
use dateline::plan::routes::Routes;
use dateline::plan::{self, Page, PageKind, Scope};
use dateline::render::bodies::Surroundings;
use dateline::render::feeds::{self, Feeds};
use dateline::view::pictures::Files;
use dateline::view::{Material, Views};
use divan::{AllocProfiler, Bencher};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: AllocProfiler<mimalloc::MiMalloc> = AllocProfiler::new(mimalloc::MiMalloc);

#[cfg(not(feature = "mimalloc"))]
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const REPORTS: usize = 3_000;

static BUILT: OnceLock<Built> = OnceLock::new();

fn main() {
    // Removed at the end, which a static would not be.
    let root = tempfile::tempdir().unwrap();
    BUILT.get_or_init(|| Built::new(root.path()));
    divan::main();
}

/// The archive, built, and what its stages gave.
struct Built {
    root: PathBuf,
    site: Site,
    options: MarkdownOptions,
    target: Target,
}

impl Built {
    fn new(root: &Path) -> Built {
        made_up::write(root, REPORTS).unwrap();
        let options = BuildOptions {
            root: root.to_owned(),
            config: PathBuf::from("dateline.toml"),
            ..BuildOptions::default()
        };
        let report = pipeline::build(&options, &|_| {}).unwrap();
        assert_eq!(report.articles, REPORTS, "{:?}", report.diagnostics);
        let site = pipeline::prepare(&options, &mut Report::default(), &|_| {}).unwrap();
        Built {
            root: root.to_owned(),
            options: pipeline::markdown_options(&site.config, &site.language),
            target: pipeline::find_target(&options).unwrap().unwrap(),
            site,
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader::afresh(&self.root, &self.site.config, &self.options)
    }

    fn load(&self) -> Content {
        content::load(
            scan::scan(&self.root, &self.site.config.build.ignore),
            &self.reader(),
            Drafts::Leave,
        )
    }

    fn feeds(&self) -> Feeds<'_> {
        Feeds {
            archive: &self.site.archive,
            config: &self.site.config,
            language: &self.site.language,
            files: &self.site.files,
        }
    }

    /// The page of a report in the middle of the archive.
    fn report(&self) -> (&Page, u32) {
        let id = self.site.archive.listed[REPORTS / 2];
        let is_it = |page: &&Page| matches!(page.kind, PageKind::Article(other) if other == id);
        (self.site.pages.iter().find(is_it).unwrap(), id)
    }
}

fn built() -> &'static Built {
    BUILT.get().unwrap()
}

fn scan() -> scan::Sources {
    scan::scan(&built().root, &built().site.config.build.ignore)
}

#[divan::bench]
fn scan_sources() -> scan::Sources {
    scan()
}

#[divan::bench]
fn load_cold(bencher: Bencher<'_, '_>) {
    let reader = built().reader();
    bencher
        .with_inputs(scan)
        .bench_values(|sources| content::load(sources, &reader, Drafts::Leave));
}

#[divan::bench]
fn load_warm(bencher: Bencher<'_, '_>) {
    let reader = Reader {
        cache: Some(Cache::new(built().root.join("cache"), "")),
        memory: Memory::Use,
        // Later than any file, so that a remembered one is not read again for being young.
        looked_at: i64::MAX,
        ..built().reader()
    };
    content::load(scan(), &reader, Drafts::Leave);
    bencher
        .with_inputs(scan)
        .bench_values(|sources| content::load(sources, &reader, Drafts::Leave));
}

#[divan::bench]
fn index(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| built().load()).bench_values(|content| {
        Archive::index(content.articles, content.pages, &built().site.config)
    });
}

#[divan::bench]
fn plan_pages() -> Vec<Page> {
    plan::pages(&built().site.archive, &built().site.config)
}

#[divan::bench]
fn routes() -> Routes<'static> {
    Routes::new(&built().site.archive, &built().site.pages, std::iter::empty())
}

/// The body to HTML, the page's data, and its template.
#[divan::bench]
fn render_report(bencher: Bencher<'_, '_>) {
    let Built { site, options, .. } = built();
    let (page, id) = built().report();
    let loaded = &site.archive.articles[id as usize];
    let source = std::fs::read_to_string(loaded.absolute(&built().root)).unwrap();
    let files = Files::default();
    let routes = Routes::new(&site.archive, &site.pages, std::iter::empty());
    let language = Arc::clone(&site.language);
    let views = Views::new(Material {
        archive: &site.archive,
        config: &site.config,
        language,
        routes,
        files: &files,
        ledger: &site.ledger,
        names: site.engine.names(),
        data: &site.data,
    });
    let surroundings = Surroundings {
        config: &site.config,
        routes: &views.routes,
        engine: &site.engine,
        source: &loaded.value.source,
        permalink: loaded.value.permalink.as_str(),
        files_at: loaded.value.permalink.as_str(),
        links: OwnLinks::new(&loaded.value.links),
        ledger: &site.ledger,
        language: &site.language,
        files: &files,
        site: views.site(),
        page: views.site().clone(),
    };
    bencher.bench_local(|| {
        let body = &source[loaded.value.body_start..];
        let body = markdown::render(body, options, &surroundings).html;
        let (data, template) = views.view(page, &body).unwrap();
        site.engine.render_page(template, data, views.site()).unwrap()
    });
}

#[divan::bench]
fn atom_feed() -> Vec<u8> {
    feeds::atom(built().feeds(), Scope::Archive, "/atom.xml", "/")
}

#[divan::bench]
fn json_feed() -> Vec<u8> {
    feeds::json_feed(built().feeds())
}

#[divan::bench]
fn load_manifest() -> Option<Manifest> {
    Manifest::load(&built().target).unwrap()
}
