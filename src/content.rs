//! From files to articles: scans `content/`, reads each file, keeps its metadata.
//!
//! [`scan`] walks the folders; [`load`] reads and parses in parallel what [`cache`] does not hold;
//! [`front_matter`], [`markdown`] and [`sketch`] are pure. The result is [`Content`], sorted by
//! source path.

pub(crate) mod article;
pub mod cache;
pub mod evidence;
mod forward_search;
pub mod front_matter;
pub(crate) mod interner;
pub(crate) mod languages;
pub(crate) mod named_language;
pub(crate) mod publishable;
pub(crate) mod recent;
pub(crate) mod redacted;
pub mod rules;
pub mod scan;
mod settling;
mod shared_addresses;
pub(crate) mod sketch;
pub(crate) mod term_files;
pub mod text_hash;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::files::Stamp;
use crate::settings::Config;
use rules::ReadingRules;

use crate::content::interner::Pool;
use crate::markdown::MarkdownOptions;
use article::{Article, PlainPage, SourcePath};
use cache::{Cache, Item, Memory, Record, Shard};
use publishable::{Asset, LeftOut, Reason};
use recent::Recent;
use redacted::HeldRedaction;
use scan::{Location, Role, SourceFile, Sources};
use sketch::Sketch;

/// An article or a page with its file.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The article or page.
    pub value: Arc<T>,
    /// The path of its file.
    pub location: Location,
    /// Files beside it, by their name relative to its folder.
    pub assets: Vec<(String, Asset)>,
    /// A hash of the file's bytes.
    pub hash: u128,
}

/// The content of an archive.
#[derive(Debug, Default)]
pub struct Content {
    /// Articles in the order of their files.
    pub articles: Vec<Loaded<Article>>,
    /// Plain pages in the order of their files.
    pub pages: Vec<Loaded<PlainPage>>,
    /// Sources of drafts that are left out.
    pub drafts: Vec<SourcePath>,
    /// Redactions in articles that are left out; they apply nevertheless.
    pub held_redactions: Vec<HeldRedaction>,
    /// Files that were rejected, by path.
    pub rejected: Vec<String>,
    /// Files left out without an error.
    pub left_out: Vec<LeftOut>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    /// A hash of all sources: see [`SourcesDigest`].
    pub digest: u128,
}

/// A hash of the names and contents of all source files, and of the names of the files beside them.
#[derive(Default)]
pub struct SourcesDigest(Xxh3Default);

impl SourcesDigest {
    /// Adds the next file, in the order of the scan, with the hash of its bytes.
    pub fn add(&mut self, file: &SourceFile, hash: u128) {
        self.0.update(file.path.as_bytes());
        self.0.update(&hash.to_le_bytes());
        for (name, _) in &file.assets {
            self.0.update(name.as_bytes());
            self.0.update(&[0]);
        }
        self.0.update(&[0]);
    }

    /// The combined hash.
    pub fn end(self) -> u128 {
        self.0.digest128()
    }
}

/// Whether drafts are published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drafts {
    /// No.
    #[default]
    Leave,
    /// Yes, like all other articles.
    Publish,
}

impl Loaded<Article> {
    /// The path of an article's file.
    pub fn absolute(&self, root: &Path) -> PathBuf {
        self.location.absolute(root, &self.value.source)
    }
}

impl Loaded<PlainPage> {
    /// The path of a page's file.
    pub fn absolute(&self, root: &Path) -> PathBuf {
        self.location.absolute(root, &self.value.source)
    }
}

/// Reads and parses, in parallel, every file that the cache does not know.
pub fn load(mut sources: Sources, reader: &Reader<'_>, drafts: Drafts) -> Content {
    let named = languages::by_name(&sources.files, &reader.rules);
    for (file, named) in sources.files.iter_mut().zip(named) {
        file.named = named;
    }
    let mut records = reader.records(&sources);
    let mut content = Content {
        diagnostics: sources.diagnostics,
        left_out: sources.left_out,
        ..Content::default()
    };
    let refused = content.diagnostics.iter().filter_map(|problem| problem.place.as_ref());
    content.rejected = refused.map(|place| place.file.clone()).collect();
    content.articles.reserve_exact(sources.files.len());
    let mut digest = SourcesDigest::default();
    for file in sources.files {
        if let Some(record) = records[Cache::shard_of(&file.path)].next() {
            digest.add(&file, record.hash);
            if record.item.is_none() && !record.is_rejected() && scan::is_html(&file.path) {
                sources.unread.push(file.path);
                continue;
            }
            content.add(file, record, drafts);
        }
    }
    content.name_languages();
    content.settle_addresses(&reader.rules);
    let rejected = content.rejected.iter();
    let held = rejected
        .filter_map(|source| HeldRedaction::of_rejected(reader.root, source, &reader.rules));
    content.held_redactions.extend(held);
    content.diagnostics.extend(unread(&sources.unread));
    content.digest = digest.end();
    for problem in &mut content.diagnostics {
        if problem.rule == Rule::DuplicatePermalink {
            point_at_beginning(problem, reader.root);
        }
    }
    content
}

/// Points a problem with a whole file at its first line. The file is read again: this is rare, and
/// its text is no longer in memory.
fn point_at_beginning(problem: &mut Diagnostic, root: &Path) {
    let Some(place) = &mut problem.place else { return };
    if let Ok(text) = std::fs::read_to_string(root.join(&place.file)) {
        *place = Place::at(std::mem::take(&mut place.file), &text, 0..0);
    }
}

/// Computes the sketches that reading left out: most builds compare nothing.
pub fn take_sketches(articles: &mut [Loaded<Article>], root: &Path) {
    articles
        .par_iter_mut()
        .filter(|article| article.value.sketch.is_none() && !article.value.is_withdrawn())
        .for_each(|article| {
            // It was readable a moment ago; if it no longer is, the next build reports that.
            let text = std::fs::read_to_string(article.absolute(root)).unwrap_or_default();
            let body = text.get(article.value.body_start..).unwrap_or_default();
            Arc::make_mut(&mut article.value).sketch = Sketch::of(body).map(Box::new);
        });
}

impl Content {
    /// Takes in a file's record, unless it is a draft or was rejected.
    fn add(&mut self, file: SourceFile, record: Record, drafts: Drafts) {
        let is_rejected = record.is_rejected();
        let Record { item, hash, diagnostics, .. } = record;
        self.diagnostics.extend(diagnostics);
        let SourceFile { path, location, assets, .. } = file;
        let Some(item) = item else {
            if is_rejected {
                self.rejected.push(path);
            } else {
                self.left_out.push(LeftOut { reason: Reason::NoArticle, path });
            }
            return;
        };
        let draft = match &item {
            Item::Article(article) => article.draft,
            Item::Page(page) => page.draft,
        };
        if let Item::Article(article) = &item
            && (draft && drafts == Drafts::Leave)
        {
            self.held_redactions.extend(HeldRedaction::of_left_out(article));
        }
        if draft && drafts == Drafts::Leave {
            self.drafts.push(path.into());
            return;
        }
        match item {
            Item::Article(value) => self.articles.push(Loaded { value, location, assets, hash }),
            Item::Page(value) => self.pages.push(Loaded { value, location, assets, hash }),
        }
    }
}

/// The input of reading files.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The archive's root.
    pub root: &'a Path,
    /// The settings that affect parsing.
    pub rules: ReadingRules<'a>,
    /// The cache of earlier builds; `None` disables it.
    pub cache: Option<Cache>,
    /// Records that this process read before; `None` disables it.
    pub recent: Option<&'a Recent>,
    /// Whether the caches are used.
    pub memory: Memory,
    /// When the scan looked at the files, in nanoseconds since 1970.
    pub looked_at: i64,
}

impl<'a> Reader<'a> {
    /// A reader without caches.
    pub fn afresh(root: &'a Path, config: &'a Config, options: &'a MarkdownOptions) -> Reader<'a> {
        let (cache, recent, memory) = (None, None, Memory::Ignore);
        Reader {
            root,
            rules: ReadingRules::new(config, options),
            cache,
            recent,
            memory,
            looked_at: 0,
        }
    }
}

impl Reader<'_> {
    /// The records of each shard's sources, in their order. Changed shards are written.
    fn records(&self, sources: &Sources) -> Vec<vec::IntoIter<Record>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); Cache::shards()];
        for (at, file) in sources.files.iter().enumerate() {
            members[Cache::shard_of(&file.path)].push(at);
        }
        let pool = Pool::default();
        members
            .par_iter()
            .enumerate()
            .map(|(shard, members)| {
                let members: Vec<&SourceFile> =
                    members.iter().map(|&at| &sources.files[at]).collect();
                self.recent_shard(shard, &members, &pool).into_iter()
            })
            .collect()
    }

    /// The records of a shard's files, from memory if none has changed.
    fn recent_shard(&self, shard: usize, members: &[&SourceFile], pool: &Pool) -> Vec<Record> {
        let (Some(recent), Some(cache), Memory::Use) = (self.recent, &self.cache, self.memory)
        else {
            return self.shard(shard, members, pool);
        };
        recent.records(shard, cache.key(), members).unwrap_or_else(|| {
            let records = self.shard(shard, members, pool);
            recent.keep(shard, cache.key(), members, &records, self.looked_at);
            records
        })
    }

    /// The records of a shard's files; writes the shard if it differs from the cached one.
    fn shard(&self, shard: usize, members: &[&SourceFile], pool: &Pool) -> Vec<Record> {
        let file = match self.memory {
            Memory::Use => self.cache.as_ref().and_then(|cache| cache.open(shard)),
            Memory::Ignore => None,
        };
        let before = file.as_ref().and_then(|file| Shard::read(file, pool));
        // An unused record may hold the words of an article that was withdrawn since: write the
        // shard without it.
        let mut is_stale =
            before.is_none() && self.cache.as_ref().is_some_and(|cache| cache.holds(shard));
        let mut before = before.unwrap_or_default();
        let mut records = Vec::with_capacity(members.len());
        for &file in members {
            let known = before.take(&file.path);
            let was_known = known.is_some();
            let record = match known {
                Some(known) if known.is_of(file) => known.record,
                known => {
                    let record = self.read(file, known.map(|known| known.record), pool);
                    is_stale |= was_known || record.may_be_kept();
                    record
                }
            };
            records.push(record);
        }
        is_stale |= !before.is_empty();
        if let Some(cache) = self.cache.as_ref().filter(|_| is_stale) {
            let paths = members.iter().map(|file| file.path.as_str());
            let kept = paths.zip(&records).filter(|(_, record)| record.may_be_kept());
            // A failure only makes the next build slower.
            let _ = cache.save(shard, kept, self.looked_at);
        }
        records
    }

    /// Reads a file; parses it unless the cached record has the same hash.
    fn read(&self, file: &SourceFile, known: Option<Record>, pool: &Pool) -> Record {
        let rejected = |hash, diagnostic| Record {
            stamp: file.stamp,
            hash,
            named: file.named.clone(),
            item: None,
            diagnostics: vec![diagnostic],
        };
        let bytes = match std::fs::read(file.location.absolute(self.root, &file.path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                let diagnostic = scan::unreadable(&file.path, &error.to_string());
                // It can become readable without a new stamp: store none.
                return Record { stamp: Stamp::default(), ..rejected(0, diagnostic) };
            }
        };
        let hash = cache::hash(&bytes);
        let is_same = |known: &Record| known.hash == hash && known.named == file.named;
        if let Some(known) = known.filter(is_same) {
            return Record { stamp: file.stamp, ..known };
        }
        let begins_as_text = bytes.starts_with(b"---") || bytes.starts_with(b"+++");
        match text(file, bytes) {
            Ok(text) => {
                let (mut item, diagnostics) = self.parse(file, &text);
                if let Some(Item::Article(article)) = &mut item {
                    Arc::make_mut(article).share_names(pool);
                }
                let named = file.named.clone();
                Record { stamp: file.stamp, hash, named, item, diagnostics }
            }
            // It would be a text only if it began as one.
            Err(_) if scan::is_html(&file.path) && !begins_as_text => {
                let (named, diagnostics) = (file.named.clone(), Vec::new());
                Record { stamp: file.stamp, hash, named, item: None, diagnostics }
            }
            Err(diagnostic) => rejected(hash, *diagnostic),
        }
    }

    fn parse(&self, file: &SourceFile, text: &str) -> (Option<Item>, Vec<Diagnostic>) {
        let may_be_none = is_about_its_folder(&file.path) || scan::is_html(&file.path);
        if may_be_none && !front_matter::has_front_matter(text) {
            return (None, Vec::new());
        }
        let rules = self.rules.named(&file.named);
        match file.role {
            Role::Article => {
                let parsed = front_matter::article(&file.path, text, &rules);
                let item = parsed.value.map(|article| Item::Article(Arc::new(article)));
                (item, parsed.diagnostics)
            }
            Role::Page => {
                let parsed = front_matter::plain_page(&file.path, text, &rules);
                (parsed.value.map(|page| Item::Page(Arc::new(page))), parsed.diagnostics)
            }
        }
    }
}

/// Texts about their folder, such as READMEs, if they have no front matter.
fn is_about_its_folder(path: &str) -> bool {
    const IN_ANY_CASE: [&str; 1] = ["readme"];
    const IN_CAPITALS: [&str; 10] = [
        "LICENSE",
        "LICENCE",
        "COPYING",
        "CONTRIBUTING",
        "CHANGELOG",
        "CODE_OF_CONDUCT",
        "SECURITY",
        "AUTHORS",
        "NOTICE",
        "TODO",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    IN_CAPITALS.contains(&stem) || IN_ANY_CASE.iter().any(|known| stem.eq_ignore_ascii_case(known))
}

/// One warning for all unread files, with the number of each extension.
fn unread(files: &[String]) -> Option<Diagnostic> {
    let mut by_ending: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for file in files {
        let name = file.rsplit('/').next().unwrap_or(file);
        let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
        let ending = ending.map_or("without an ending".to_owned(), |(_, ending)| {
            format!(".{}", ending.to_lowercase())
        });
        by_ending.entry(ending).or_insert((0, file)).0 += 1;
    }
    if by_ending.is_empty() {
        return None;
    }
    let counts: Vec<String> = by_ending
        .iter()
        .map(|(ending, (count, first))| match count {
            1 => format!("1 {ending} ({first})"),
            _ => format!("{count} {ending} ({first} and others)"),
        })
        .collect();
    let message = format!("not read, and not published: {}", counts.join(", "));
    let mut help = "Dateline reads .md, .markdown and .mdx, and .html with front matter; other \
                    files are published beside an index.md or from static/; name under [build] \
                    ignore what is to stay as it is"
        .to_owned();
    if [".rst", ".adoc", ".org", ".textile"].iter().any(|ending| by_ending.contains_key(*ending)) {
        help.push_str(
            "; of texts in other markups pandoc makes Markdown: pandoc --standalone --to markdown \
             talks.rst --output talks.md",
        );
    }
    Some(Diagnostic::warning(Rule::UnreadFile, message).at(Place::file("content")).help(help))
}

/// Decodes UTF-16 by its byte-order mark; some Windows editors call it “Unicode”.
fn utf_16(bytes: &[u8]) -> Option<String> {
    let (mark, rest) = bytes.split_at_checked(2)?;
    let unit = match mark {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

fn text(file: &SourceFile, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(bytes).map_err(|error| {
        if let Some(text) = utf_16(error.as_bytes()) {
            let diagnostic = Diagnostic::reject(Rule::NotUtf8, "this file is UTF-16, not UTF-8")
                .at(Place::at(&file.path, &text, 0..0));
            return Box::new(diagnostic.help("save it as UTF-8: editors ask for it as “Encoding”"));
        }
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Box::new(
            Diagnostic::reject(Rule::NotUtf8, "this file is not UTF-8 text")
                .at(Place::at(&file.path, &text, valid..valid + 1))
                .help("save it as UTF-8 in your editor"),
        )
    })
}
