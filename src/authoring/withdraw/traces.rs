//! What a withdrawal can't reach: history, copies kept by others, and reports that say the same.

use std::fmt;
use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag};

use crate::archive::duplicates;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::content::front_matter;

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// The tool whose history holds the text.
    pub history: Option<&'static str>,
    /// Addresses of archived copies that the report named.
    pub mementos: Vec<String>,
    /// Reports that are still published and may say the same.
    pub similar: Vec<Similar>,
    /// Files of reports and pages that mention its address or its file.
    pub mentions: Vec<String>,
    /// Pictures outside its own folder, from the archive's root.
    pub pictures: Vec<String>,
}

/// A report that may say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// Its address.
    pub permalink: String,
    /// Its file.
    pub source: String,
    /// What they have in common.
    pub sign: Sign,
}

/// What makes two reports look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// One names the other as the same.
    Named,
    /// One original.
    Original,
    /// Nearly the same words.
    Words,
    /// One headline.
    Headline,
}

impl fmt::Display for Sign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Sign::Named => "named as the same report",
            Sign::Original => "the same original",
            Sign::Words => "nearly the same words",
            Sign::Headline => "the same headline",
        })
    }
}

/// Looks for the traces of a report whose file holds `text`.
pub(super) fn find(
    root: &Path,
    articles: &[Loaded<Article>],
    withdrawn: &Loaded<Article>,
    text: &str,
) -> Traces {
    let article = &withdrawn.value;
    let archived = article.archived.iter().map(|memento| memento.url.clone());
    let inner = article.links.iter().filter_map(|link| link.archived.clone());
    Traces {
        history: history(root),
        mementos: archived.chain(inner).collect(),
        similar: similar(articles, article),
        mentions: mentions(articles, article),
        pictures: pictures(root, article, text),
    }
}

fn history(root: &Path) -> Option<&'static str> {
    let root = root.canonicalize().ok()?;
    let kept = [(".git", "git"), (".hg", "Mercurial"), (".svn", "Subversion")];
    root.ancestors().find_map(|folder| {
        kept.iter().find(|(name, _)| folder.join(name).exists()).map(|(_, tool)| *tool)
    })
}

/// Published reports that name one as the same or are named by it, share its original, its words or
/// its headline.
pub fn similar(articles: &[Loaded<Article>], article: &Article) -> Vec<Similar> {
    let others = articles.iter().map(|loaded| &loaded.value);
    others
        .filter(|other| !other.is_withdrawn() && other.source != article.source)
        .filter_map(|other| {
            Some(Similar {
                permalink: other.permalink.to_string(),
                source: other.source.clone(),
                sign: sign(article, other)?,
            })
        })
        .collect()
}

fn sign(one: &Article, two: &Article) -> Option<Sign> {
    let same = |path: &str, other: &str| path.trim_matches('/') == other.trim_matches('/');
    let names = |one: &Article, two: &Article| {
        one.also.iter().any(|also| same(&also.written, two.permalink.as_str()))
    };
    let similarity = one.sketch.as_ref().zip(two.sketch.as_ref()).map(|(a, b)| a.similarity(b));
    let headline = |article: &Article| crate::permalink::fold(article.title.trim());
    if names(one, two) || names(two, one) {
        return Some(Sign::Named);
    }
    if one.original_url.is_some() && one.original_url == two.original_url {
        return Some(Sign::Original);
    }
    if similarity.is_some_and(|similarity| similarity >= duplicates::ALIKE) {
        return Some(Sign::Words);
    }
    (headline(one) == headline(two)).then_some(Sign::Headline)
}

/// What others say in linking to it is theirs; their curator may want to look at the words.
fn mentions(articles: &[Loaded<Article>], article: &Article) -> Vec<String> {
    let address = article.permalink.encoded();
    // A name that many files have, such as `index.md`, needs its folder to tell.
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
    let others = articles.iter().filter(|other| other.value.source != article.source);
    others
        .filter(|other| !other.value.is_withdrawn())
        .filter(|other| {
            std::fs::read_to_string(&other.absolute).is_ok_and(|text| is_mentioned(&text))
        })
        .map(|other| other.value.source.clone())
        .collect()
}

/// Pictures that it shows from `static/`, where others may use them too.
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
