//! From files to articles: scan what is there, read each file, keep its metadata.
//!
//! [`scan`] walks the folders; [`load`] reads and parses, in parallel, what [`cache`] does not hold;
//! [`front_matter`], [`markdown`] and [`sketch`] are pure. What comes out is [`Content`], sorted by
//! source path.

pub mod article;
pub mod cache;
pub mod front_matter;
pub mod markdown;
pub mod scan;
pub mod sketch;

use std::collections::HashMap;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::permalink::fold;

use article::{Article, PlainPage};
use cache::{Cache, Item, Memory, Record, Shard};
use markdown::MarkdownOptions;
use scan::{Role, SourceFile, Sources, Stamp};

/// An article with what belongs to its folder.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The article or page.
    pub value: Box<T>,
    /// Where its file is on this machine.
    pub absolute: PathBuf,
    /// Files beside it: (name relative to its folder; path on this machine).
    pub assets: Vec<(String, PathBuf)>,
    /// A hash of the file's bytes.
    pub hash: u128,
}

/// All that `content/` holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Articles in the order of their files.
    pub articles: Vec<Loaded<Article>>,
    /// Plain pages in the order of their files.
    pub pages: Vec<Loaded<PlainPage>>,
    /// Drafts left out.
    pub drafts: usize,
    /// Files left out, by path.
    pub rejected: Vec<String>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Shards of the cache that are to be written: number and bytes.
    pub stale_shards: Vec<(usize, Vec<u8>)>,
}

/// Whether drafts are published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drafts {
    /// As if they were not there.
    #[default]
    Leave,
    /// Like everything else.
    Publish,
}

/// Reads and parses, in parallel, every file that the cache does not know.
pub fn load(sources: Sources, reader: &Reader<'_>, drafts: Drafts) -> Content {
    let (records, stale_shards) = reader.records(&sources);
    let mut content =
        Content { diagnostics: sources.diagnostics, stale_shards, ..Content::default() };
    let refused = content.diagnostics.iter().filter_map(|problem| problem.place.as_ref());
    content.rejected = refused.map(|place| place.file.clone()).collect();
    let mut taken: HashMap<String, String> = HashMap::new();
    for (file, record) in sources.files.into_iter().zip(records) {
        content.diagnostics.extend(record.diagnostics);
        let SourceFile { path, absolute, assets, .. } = file;
        let Some(item) = record.item else {
            content.rejected.push(path);
            continue;
        };
        let (permalink, draft) = match &item {
            Item::Article(article) => (article.permalink.as_str(), article.draft),
            Item::Page(page) => (page.permalink.as_str(), page.draft),
        };
        if draft && drafts == Drafts::Leave {
            content.drafts += 1;
            continue;
        }
        let folded = fold(permalink);
        if let Some(first) = taken.get(&folded) {
            content.diagnostics.push(duplicate(&path, permalink, first));
            content.rejected.push(path);
            continue;
        }
        taken.insert(folded, path);
        let hash = record.hash;
        match item {
            Item::Article(value) => {
                content.articles.push(Loaded { value, absolute, assets, hash });
            }
            Item::Page(value) => {
                content.pages.push(Loaded { value, absolute, assets, hash });
            }
        }
    }
    content
}

fn duplicate(path: &str, permalink: &str, first: &str) -> Diagnostic {
    let message = format!("{permalink} is already the permalink of {first}");
    Diagnostic::reject(Rule::DuplicatePermalink, message)
        .at(Place::file(path))
        .help("give one of the two another slug")
}

/// What reading a file depends on besides the file.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The config.
    pub config: &'a Config,
    /// `[markdown]` and the words inside bodies.
    pub options: &'a MarkdownOptions,
    /// What the build before this one read.
    pub cache: Cache,
    /// Whether that is used.
    pub memory: Memory,
    /// When the files were looked at, in nanoseconds since 1970.
    pub looked_at: i64,
}

impl<'a> Reader<'a> {
    /// A reader that knows of no build before.
    pub fn afresh(config: &'a Config, options: &'a MarkdownOptions) -> Reader<'a> {
        let cache = Cache::new(PathBuf::new(), "");
        Reader { config, options, cache, memory: Memory::Ignore, looked_at: 0 }
    }
}

impl Reader<'_> {
    /// A record of every source, in their order, and the shards of the cache that have changed.
    fn records(&self, sources: &Sources) -> (Vec<Record>, Vec<(usize, Vec<u8>)>) {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); Cache::shards()];
        for (at, file) in sources.files.iter().enumerate() {
            members[Cache::shard_of(&file.path)].push(at);
        }
        let read: Vec<(Vec<Record>, Option<Vec<u8>>)> = members
            .par_iter()
            .enumerate()
            .map(|(shard, members)| self.shard(shard, members, &sources.files))
            .collect();
        let mut records: Vec<Option<Record>> = Vec::new();
        records.resize_with(sources.files.len(), || None);
        let mut stale = Vec::new();
        for (shard, (members, (found, bytes))) in members.into_iter().zip(read).enumerate() {
            for (at, record) in members.into_iter().zip(found) {
                records[at] = Some(record);
            }
            stale.extend(bytes.map(|bytes| (shard, bytes)));
        }
        (records.into_iter().flatten().collect(), stale)
    }

    /// The records of a shard's files, and its bytes where they are not what the cache holds.
    fn shard(
        &self,
        shard: usize,
        members: &[usize],
        files: &[SourceFile],
    ) -> (Vec<Record>, Option<Vec<u8>>) {
        let mut before = match self.memory {
            Memory::Use => self.cache.load(shard),
            Memory::Ignore => Shard::default(),
        };
        let mut is_stale = false;
        let mut records = Vec::with_capacity(members.len());
        for &at in members {
            let file = &files[at];
            let known = before.take(&file.path);
            let was_known = known.is_some();
            let record = match known {
                Some(record) if before.vouches_for(&record, file.stamp) => record,
                known => {
                    let record = self.read(file, known);
                    is_stale |= was_known || record.may_be_kept();
                    record
                }
            };
            records.push(record);
        }
        is_stale |= !before.is_empty();
        let kept = || records.iter().filter(|record| record.may_be_kept()).collect::<Vec<_>>();
        let bytes = if is_stale { self.cache.encode(&kept(), self.looked_at) } else { None };
        (records, bytes)
    }

    /// Reads a file, and parses it unless its bytes are those of the record.
    fn read(&self, file: &SourceFile, known: Option<Record>) -> Record {
        let rejected = |hash, diagnostic| Record {
            path: file.path.clone(),
            stamp: file.stamp,
            hash,
            item: None,
            diagnostics: vec![diagnostic],
        };
        let bytes = match std::fs::read(&file.absolute) {
            Ok(bytes) => bytes,
            Err(error) => {
                let diagnostic = scan::unreadable(&file.path, &error.to_string());
                // It can become readable without being written: no stamp vouches for it.
                return Record { stamp: Stamp::default(), ..rejected(0, diagnostic) };
            }
        };
        let hash = cache::hash(&bytes);
        if let Some(known) = known.filter(|known| known.hash == hash) {
            return Record { stamp: file.stamp, ..known };
        }
        match text(file, bytes) {
            Ok(text) => {
                let (item, diagnostics) = self.parse(file, &text);
                Record { path: file.path.clone(), stamp: file.stamp, hash, item, diagnostics }
            }
            Err(diagnostic) => rejected(hash, *diagnostic),
        }
    }

    fn parse(&self, file: &SourceFile, text: &str) -> (Option<Item>, Vec<Diagnostic>) {
        match file.role {
            Role::Article => {
                let parsed = front_matter::article(&file.path, text, self.config, self.options);
                let item = parsed.value.map(|article| Item::Article(Box::new(article)));
                (item, parsed.diagnostics)
            }
            Role::Page => {
                let parsed = front_matter::plain_page(&file.path, text, self.config, self.options);
                (parsed.value.map(|page| Item::Page(Box::new(page))), parsed.diagnostics)
            }
        }
    }
}

fn text(file: &SourceFile, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Box::new(
            Diagnostic::reject(Rule::NotUtf8, "this file is not UTF-8 text")
                .at(Place::at(&file.path, &text, valid..valid + 1))
                .help("save it as UTF-8 in your editor"),
        )
    })
}
