//! Folders of other generators: what a build will and won't read, and suitable settings. The texts
//! are read as they are; nothing is written into them.
//!
//! [`look`] reads the generator's settings ([`site`]) and every text. The command prints the
//! result, [`Seen`], and writes its settings.

mod site;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::base::diagnostic::Effect;
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::base::old_permalink::OldPattern;
use crate::base::permalink::{FoldedKey, PermalinkParts, Slug};
use crate::content::front_matter::{self, keys, layout, parse};
use crate::content::publishable::{is_html, is_markdown};
use crate::content::rules::ReadingRules;
use crate::settings::{Config, reading};

use site::Site;

/// A supported generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generator {
    /// Jekyll.
    Jekyll,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Hexo.
    Hexo,
    /// Docusaurus.
    Docusaurus,
    /// Eleventy.
    Eleventy,
    /// Pelican.
    Pelican,
    /// `VuePress`.
    VuePress,
}

impl Generator {
    /// Its usual folders of texts, most likely first.
    fn folders(self) -> &'static [&'static str] {
        match self {
            Generator::Jekyll => &["_posts", "content/posts", "content"],
            Generator::Hugo | Generator::Zola | Generator::Pelican => &["content"],
            Generator::Hexo => &["source/_posts", "source"],
            Generator::Docusaurus => &["blog"],
            Generator::Eleventy => &["content", "src/posts", "posts", "src"],
            Generator::VuePress => &["docs", "src"],
        }
    }

    /// Its default permalink pattern.
    fn addresses(self) -> &'static str {
        match self {
            Generator::Jekyll => "/:year/:month/:day/:title.html",
            Generator::Hugo | Generator::Zola => "/:section/:slug/",
            Generator::Hexo => "/:year/:month/:day/:title/",
            Generator::Docusaurus => "/blog/:year/:month/:day/:title",
            Generator::Eleventy => "/:section/:filename/",
            Generator::Pelican => "/:slug.html",
            Generator::VuePress => "/:section/:filename.html",
        }
    }
}

/// Front matter keys for the original's address, if their value is an address.
const ORIGINALS: [&str; 6] =
    ["redirect_to", "canonical_url", "canonical", "external_url", "link", "original"];

/// The findings about a folder.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The folder of texts.
    pub(crate) texts: PathBuf,
    /// The number of texts that a build reads.
    pub(crate) read: usize,
    /// Files that a build does not read, with the reasons.
    pub(crate) skipped: Vec<(String, String)>,
    /// Keys of front matter, each with its count and its use in Dateline.
    pub(crate) keys: BTreeMap<String, (usize, String)>,
    /// Texts whose address would change: the old and the new one.
    pub(crate) moved: Vec<(String, String)>,
    /// The proposed settings, as the content of `dateline.toml`.
    pub(crate) settings: String,
}

/// Examines a site's folder, or its folder of texts.
pub(crate) fn look(generator: Generator, folder: &Path) -> io::Result<Seen> {
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such folder"));
    }
    let texts = generator.folders().iter().map(|name| folder.join(name)).find(|path| path.is_dir());
    let texts = texts.unwrap_or_else(|| folder.to_owned());
    let site = Site::read(generator, folder);
    let files = files(&texts)?;
    let found = Found::of(&files);
    let settings = site.settings(&found);
    let (config, _) = reading::read("dateline.toml", &settings);
    let mut seen = Seen {
        texts,
        read: 0,
        skipped: Vec::new(),
        keys: found.keys(&config),
        moved: Vec::new(),
        settings,
    };
    let old = OldPattern::parse(&site.addresses).ok();
    for file in &files {
        seen.take(file, &config, old.as_ref());
    }
    Ok(seen)
}

/// A file of the folder.
struct File {
    /// Path from the folder.
    path: String,
    /// The content; `None` if it is not text.
    text: Option<Result<String, &'static str>>,
}

fn files(folder: &Path) -> io::Result<Vec<File>> {
    const OF_PROGRAMS: [&str; 4] = ["node_modules", "_site", "public", "vendor"];
    let is_own = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || OF_PROGRAMS.contains(&&*name))
    };
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_own);
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = crate::content::publishable::relative(folder, entry.path());
        let text = if is_markdown(&path) || is_html(&path) {
            let bytes = std::fs::read(entry.path())?;
            Some(String::from_utf8(bytes).map_err(|_| "it is not UTF-8"))
        } else {
            None
        };
        files.push(File { path, text });
    }
    Ok(files)
}

/// Statistics of all texts.
#[derive(Default)]
pub(super) struct Found {
    /// Keys with their counts.
    counts: BTreeMap<String, usize>,
    /// Keys of [`ORIGINALS`] whose value is an address.
    pub(super) originals: Vec<&'static str>,
}

impl Found {
    fn of(files: &[File]) -> Found {
        let mut found = Found::default();
        for text in files.iter().filter_map(|file| file.text.as_ref()?.as_ref().ok()) {
            let Ok(layout) = layout(text) else { continue };
            let Some((fence, inner)) = layout.front_matter else { continue };
            let table = parse(fence, &text[inner.clone()], inner.start).unwrap_or_default();
            for (key, value) in table.to_json() {
                let value = value.to_string();
                let is_address = value.contains("\"http://") || value.contains("\"https://");
                let original = ORIGINALS.into_iter().find(|known| *known == key);
                if let Some(original) = original.filter(|_| is_address)
                    && !found.originals.contains(&original)
                {
                    found.originals.push(original);
                }
                *found.counts.entry(key).or_default() += 1;
            }
        }
        found
    }

    /// Whether any text has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.counts.contains_key(key)
    }

    /// Each key with its count and its use.
    fn keys(&self, config: &Config) -> BTreeMap<String, (usize, String)> {
        let goes = |key: &str| {
            let ours = KNOWN_KEYS
                .iter()
                .find(|ours| keys::names_of(ours, &config.keys).any(|name| name == key));
            let is_taxonomy = config.taxonomies.iter().any(|taxonomy| taxonomy.name == key);
            match ours {
                Some(ours) => (*ours).to_owned(),
                None if is_taxonomy => format!("the taxonomy {key}"),
                None if matches!(key, "categories" | "category") => "tags".to_owned(),
                None if keys::LIFTED.contains(&key) => {
                    "its keys count as the text's own".to_owned()
                }
                None => "extra, for templates".to_owned(),
            }
        };
        self.counts.iter().map(|(key, count)| (key.clone(), (*count, goes(key)))).collect()
    }
}

/// The remedy for a text in an unsupported markup.
fn other_markup(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (name, format) = match ending.to_ascii_lowercase().as_str() {
        "rst" | "rest" => ("reStructuredText", "rst"),
        "adoc" | "asciidoc" | "asc" => ("AsciiDoc", "asciidoc"),
        "org" => ("Org", "org"),
        "textile" => ("Textile", "textile"),
        _ => return None,
    };
    Some(format!(
        "{name} is not read: pandoc --standalone --from {format} --to markdown '{path}' --output '{stem}.md'"
    ))
}

impl Seen {
    fn take(&mut self, file: &File, config: &Config, old: Option<&OldPattern>) {
        let skipped = |why: &str| (file.path.clone(), why.to_owned());
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let text = match &file.text {
            None => {
                let why = other_markup(&file.path).unwrap_or_else(|| {
                    "no text: it goes beside an index.md or into static/".to_owned()
                });
                return self.skipped.push(skipped(&why));
            }
            Some(Err(why)) => return self.skipped.push(skipped(why)),
            Some(Ok(_)) if name.starts_with("_index.") => {
                return self
                    .skipped
                    .push(skipped("it tells of its folder; lists are made from the reports"));
            }
            Some(Ok(text)) => text,
        };
        if is_html(&file.path) && layout(text).is_ok_and(|layout| layout.front_matter.is_none()) {
            return self.skipped.push(skipped("HTML without front matter"));
        }
        let options = crate::authoring::reading_options(config);
        let source = format!("content/{}", file.path);
        let parsed = front_matter::article(&source, text, &ReadingRules::new(config, &options));
        let Some(article) = parsed.value else {
            let reject = parsed.diagnostics.iter().find(|problem| problem.weight >= Effect::Reject);
            let why = reject.map_or("it can't be read", |reject| &*reject.message);
            return self.skipped.push(skipped(why));
        };
        self.read += 1;
        let permalink = article.permalink.as_str();
        let last = permalink.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let Ok(slug) = Slug::from_written(last) else { return };
        let parts = PermalinkParts {
            outlet: article.outlet.as_deref(),
            language: article.address_language(),
            ..PermalinkParts::new(article.date, &slug, &source)
        };
        if let Some(was) = old.and_then(|old| old.address(&parts))
            && FoldedKey::of_file(&was) != FoldedKey::of_file(permalink)
            && was.trim_end_matches('/') != permalink.trim_end_matches('/')
        {
            self.moved.push((was, permalink.to_owned()));
        }
    }

    /// Its description.
    pub(crate) fn lines(&self) -> Vec<String> {
        const SHOWN: usize = 20;
        let mut lines =
            vec![format!("{} texts in {} are read as they are", self.read, self.texts.display())];
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, why) in &self.skipped {
            by_reason.entry(why).or_default().push(path);
        }
        lines.push(format!("\nSkipped: {}", self.skipped.len()));
        for (why, paths) in by_reason {
            let more = if paths.len() > 3 { " and others" } else { "" };
            let named = paths[..paths.len().min(3)].join(", ");
            lines.push(format!("  {:>5}  {why}: {named}{more}", paths.len()));
        }
        lines.push("\nKeys of front matter, and where they go".to_owned());
        for (key, (count, goes)) in &self.keys {
            lines.push(format!("  {count:>5}  {key} → {goes}"));
        }
        lines.push(format!(
            "\nAddresses that change, and lead on by [[old_permalinks]]: {}",
            self.moved.len()
        ));
        for (was, now) in self.moved.iter().take(SHOWN) {
            lines.push(format!("         {was} → {now}"));
        }
        if self.moved.len() > SHOWN {
            lines.push(format!("         and {} more", self.moved.len() - SHOWN));
        }
        lines.push("\nSettings".to_owned());
        lines.extend(self.settings.lines().map(|line| format!("  {line}")));
        lines
    }
}
