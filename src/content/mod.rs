//! From files to articles: scan what is there, read each file, keep its metadata.
//!
//! [`scan`] walks the folders; [`load`] reads and parses in parallel; [`front_matter`],
//! [`markdown`] and [`sketch`] are pure. What comes out is [`Content`], sorted by source path.

pub mod article;
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
use front_matter::Parsed;
use markdown::MarkdownOptions;
use scan::{Role, SourceFile, Sources};

/// An article with what belongs to its folder.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The article or page.
    pub value: T,
    /// Where its file is on this machine.
    pub absolute: PathBuf,
    /// Files beside it: (name relative to its folder; path on this machine).
    pub assets: Vec<(String, PathBuf)>,
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
}

enum Item {
    Article(Box<Article>),
    Page(Box<PlainPage>),
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

/// Reads and parses every file, in parallel.
pub fn load(
    sources: Sources,
    config: &Config,
    options: &MarkdownOptions,
    drafts: Drafts,
) -> Content {
    let parsed: Vec<Parsed<Item>> =
        sources.files.par_iter().map(|file| read(file, config, options)).collect();
    let mut content = Content { diagnostics: sources.diagnostics, ..Content::default() };
    let refused = content.diagnostics.iter().filter_map(|problem| problem.place.as_ref());
    content.rejected = refused.map(|place| place.file.clone()).collect();
    let mut taken: HashMap<String, String> = HashMap::new();
    for (file, parsed) in sources.files.into_iter().zip(parsed) {
        content.diagnostics.extend(parsed.diagnostics);
        let SourceFile { path, absolute, assets, .. } = file;
        let Some(item) = parsed.value else {
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
        if let Some(first) = taken.get(&fold(permalink)) {
            content.diagnostics.push(duplicate(&path, permalink, first));
            content.rejected.push(path);
            continue;
        }
        taken.insert(fold(permalink), path);
        match item {
            Item::Article(value) => {
                content.articles.push(Loaded { value: *value, absolute, assets });
            }
            Item::Page(value) => content.pages.push(Loaded { value: *value, absolute, assets }),
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

fn read(file: &SourceFile, config: &Config, options: &MarkdownOptions) -> Parsed<Item> {
    let text = match read_text(file) {
        Ok(text) => text,
        Err(diagnostic) => return Parsed { value: None, diagnostics: vec![*diagnostic] },
    };
    match file.role {
        Role::Article => {
            let parsed = front_matter::article(&file.path, &text, config, options);
            Parsed {
                value: parsed.value.map(|article| Item::Article(Box::new(article))),
                diagnostics: parsed.diagnostics,
            }
        }
        Role::Page => {
            let parsed = front_matter::plain_page(&file.path, &text, config, options);
            Parsed {
                value: parsed.value.map(|page| Item::Page(Box::new(page))),
                diagnostics: parsed.diagnostics,
            }
        }
    }
}

fn read_text(file: &SourceFile) -> Result<String, Box<Diagnostic>> {
    let bytes = std::fs::read(&file.absolute).map_err(|error| {
        Diagnostic::reject(Rule::Unreadable, format!("this file can't be read: {error}"))
            .at(Place::file(&file.path))
            .help("check that you may read it")
    })?;
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
