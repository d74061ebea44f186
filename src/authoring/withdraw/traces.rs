//! What a withdrawal can't remove: history, copies elsewhere, and other reports with the same
//! content.

use std::fmt;
use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};

use crate::archive::translations::Translations;
use crate::archive::{also, duplicates};
use crate::content::article::Article;
use crate::content::front_matter;
use crate::content::{Content, Loaded};
use crate::ledger;
use crate::settings::Config;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traces {
    /// The version control tool whose history keeps the text.
    pub history: Option<&'static str>,
    /// Archived copies named by the report or the ledger.
    pub mementos: Vec<String>,
    /// Published reports with similar content.
    pub similar: Vec<Similar>,
    /// Files of reports and pages that mention its address or file, and the ledger file about its
    /// original.
    pub mentions: Vec<String>,
    /// Pictures outside its own folder, from the archive's root.
    pub pictures: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Similar {
    pub permalink: String,
    pub source: String,
    /// Why they look alike.
    pub sign: Sign,
}

/// A reason why two reports look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `also` in one names the other.
    Named,
    /// The same report in another language.
    Translation,
    /// The same original.
    Original,
    /// Nearly the same words.
    Words,
    /// The same headline.
    Headline,
}

impl fmt::Display for Sign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Sign::Named => "named as the same report",
            Sign::Translation => "the same report in another language",
            Sign::Original => "the same original",
            Sign::Words => "nearly the same words",
            Sign::Headline => "the same headline",
        })
    }
}

/// Where to look for traces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) content: &'a Content,
}

/// Finds the traces of a report whose file holds `text`.
pub(super) fn find(around: &Surroundings<'_>, withdrawn: &Loaded<Article>, text: &str) -> Traces {
    let article = &withdrawn.value;
    // The build reports problems of the ledger.
    let (ledger, _) = ledger::files::load(around.root);
    let archived = ledger.mementos(article).into_iter().map(|memento| memento.url);
    let inner = article.links.iter().filter_map(|link| link.archived.clone());
    let decided = article.original_url.as_ref().and_then(|url| ledger.file_of(url));
    Traces {
        history: history(around.root),
        mementos: archived.chain(inner).collect(),
        similar: similar(around, article),
        mentions: mentions(around.root, around.content, article)
            .into_iter()
            .chain(decided)
            .collect(),
        pictures: pictures(around.root, article, text),
    }
}

pub(in crate::authoring) fn history(root: &Path) -> Option<&'static str> {
    let root = root.canonicalize().ok()?;
    let kept = [(".git", "git"), (".hg", "Mercurial"), (".svn", "Subversion")];
    root.ancestors().find_map(|folder| {
        kept.iter().find(|(name, _)| folder.join(name).exists()).map(|(_, tool)| *tool)
    })
}

/// Published reports that share an original, words or a headline with this one, or are linked to it
/// by `also`.
fn similar(around: &Surroundings<'_>, article: &Article) -> Vec<Similar> {
    let articles = &around.content.articles;
    let (confirmed, _) = also::confirm(articles, around.config);
    let own = (0..).zip(articles).find(|(_, other)| other.value.source == article.source);
    let named = own.and_then(|(id, _)| confirmed.get(&id));
    let (translations, _) = Translations::of(articles, around.config);
    let is_translation = |other| own.is_some_and(|(id, _)| translations.are_one(id, other));
    let others = (0..).zip(articles).map(|(id, loaded)| (id, &loaded.value));
    others
        .filter(|(_, other)| !other.is_withdrawn() && other.source != article.source)
        .filter_map(|(id, other)| {
            let is_named = named.is_some_and(|named| named.contains(&id));
            Some(Similar {
                permalink: other.permalink.to_string(),
                source: other.source.to_string(),
                sign: match () {
                    () if is_named => Sign::Named,
                    () if is_translation(id) => Sign::Translation,
                    () => sign(article, other)?,
                },
            })
        })
        .collect()
}

fn sign(one: &Article, two: &Article) -> Option<Sign> {
    let similarity = one.sketch.as_ref().zip(two.sketch.as_ref()).map(|(a, b)| a.similarity(b));
    let headline = |article: &Article| crate::base::permalink::fold(article.title.trim());
    if one.original_url.is_some() && one.original_url == two.original_url {
        return Some(Sign::Original);
    }
    if similarity.is_some_and(|similarity| similarity >= duplicates::ALIKE) {
        return Some(Sign::Words);
    }
    (headline(one) == headline(two)).then_some(Sign::Headline)
}

/// Reports that link to it; their curator may want to review the words.
fn mentions(root: &Path, content: &Content, article: &Article) -> Vec<String> {
    let address = article.permalink.encoded();
    // Many files are named `index.md`: compare the folder, too.
    let parts: Vec<&str> = article.source.rsplit('/').take(2).collect();
    let files = match parts.as_slice() {
        [name, folder] if name.starts_with("index.") => vec![format!("{folder}/{name}")],
        [name, ..] => vec![format!("/{name}"), format!("({name}")],
        [] => return Vec::new(),
    };
    let address = address.trim_end_matches('/');
    let is_mentioned = |text: &str| {
        text.contains(address) || files.iter().any(|file| text.contains(file.as_str()))
    };
    let others = content.articles.iter().filter(|other| !other.value.is_withdrawn());
    let reports = others.map(|other| (&other.value.source, other.absolute(root)));
    let pages = content.pages.iter().map(|page| (&page.value.source, page.absolute(root)));
    reports
        .filter(|(source, _)| **source != article.source)
        .chain(pages)
        .filter(|(_, file)| std::fs::read_to_string(file).is_ok_and(|text| is_mentioned(&text)))
        .map(|(source, _)| source.to_string())
        .collect()
}

/// Pictures from `static/` that it shows; other reports may use them.
fn pictures(root: &Path, article: &Article, text: &str) -> Vec<String> {
    let body = front_matter::layout(text).map_or(0, |layout| layout.body_start);
    let shown = Parser::new(&text[body..]).filter_map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    let lead = article.image.iter().map(|image| image.src.clone());
    let mut pictures: Vec<String> = lead
        .chain(shown)
        .filter(|address| address.starts_with('/'))
        .map(|address| format!("static{address}"))
        .filter(|path| root.join(path).is_file())
        .collect();
    pictures.sort();
    pictures.dedup();
    pictures
}
