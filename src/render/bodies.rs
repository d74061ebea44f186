//! Resolves addresses in bodies: implements [`References`] for the archive.

use std::borrow::Cow;

use serde_json::json;

use crate::base::name_key::decoded;
use crate::base::permalink::{encode_path, resolve_beside, resolve_dots};
use crate::content::publishable::is_markdown;
use crate::i18n::Language;
use crate::ledger::{Fate, Ledger, OwnLinks};
use crate::markdown::{
    Argument, Condition, Link, LinkedFile, LocalFile, Picture, References, ShortcodeCall,
    ShortcodeError, Transcript,
};
use crate::plan::routes::{Routes, names_a_date};
use crate::settings::Config;
use crate::settings::images::RemotePictures;

use super::engine::Engine;
use crate::view::pictures::Files;
use crate::view::value::{Value, serialized};

/// The input for resolving one body's references.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The config.
    pub config: &'a Config,
    /// Resolves links.
    pub routes: &'a Routes<'a>,
    /// Renders shortcodes.
    pub engine: &'a Engine,
    /// The body's file, from the archive's root.
    pub source: &'a str,
    /// The page's address from the archive's root, not encoded.
    pub permalink: &'a str,
    /// The address below which the files beside it are published.
    pub files_at: &'a str,
    /// The decisions in front matter.
    pub links: OwnLinks<'a>,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// The interface's language.
    pub language: &'a Language,
    /// Copied files by path from the archive's root, for sizes of pictures.
    pub files: &'a Files,
    /// `site`, for shortcodes.
    pub site: &'a Value,
    /// `page`, for shortcodes.
    pub page: Value,
}

impl References for Surroundings<'_> {
    fn link(&self, destination: &str) -> Link {
        let fate = self.ledger.fate(destination, &self.links);
        if fate == Fate::Lost {
            return Link::Lost;
        }
        if let Some(path) = self.own_path(destination) {
            let (path, fragment) = split_fragment(&path);
            return with_fragment(self.internal(path), fragment);
        }
        if has_scheme(destination) || destination.starts_with("//") {
            if let Some(address) = self.at_origin(destination) {
                return Link::Internal(address);
            }
            return crate::view::link_state::link(&fate, self.language);
        }
        let (path, fragment) = split_fragment(destination);
        let link = if is_markdown(path) || path.starts_with("@/") {
            self.source_link(path)
        } else {
            self.internal(path)
        };
        with_fragment(link, fragment)
    }

    fn picture(&self, source: &str) -> Picture {
        let published = match self.published(source) {
            Published::Here(published) => published,
            Published::Missing => return Picture::Missing(Some(self.wanted_place(source))),
            Published::Elsewhere => {
                return match self.config.images.remote {
                    RemotePictures::Load => Picture::Remote,
                    RemotePictures::Link => Picture::Linked,
                };
            }
        };
        let address = self.config.address(&encode_path(&published));
        let Some(picture) = self.files.picture(&published) else {
            return Picture::Local {
                address,
                size: None,
                condition: Condition::Sound,
                copies: Vec::new(),
            };
        };
        Picture::Local {
            size: picture.size(),
            condition: picture.condition(),
            copies: picture.copies(&address, self.config),
            address,
        }
    }

    fn file(&self, source: &str) -> LinkedFile {
        match self.published(source) {
            Published::Here(published) => LinkedFile::Local(self.local_file(&published)),
            Published::Elsewhere => LinkedFile::Remote,
            Published::Missing => LinkedFile::Missing(Some(self.wanted_place(source))),
        }
    }

    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        let template = format!("shortcodes/{}.html", call.name);
        if !self.engine.has(&template) {
            return Err(ShortcodeError {
                message: format!("there is no shortcode “{}”", call.name),
                help: Some(format!("write templates/{template}, or put the text into a code span")),
            });
        }
        let given = call.arguments.iter().map(|(name, value)| {
            let value = match value {
                Argument::Text(text) => json!(text),
                Argument::Integer(number) => json!(number),
                Argument::Float(number) => json!(number),
                Argument::Bool(value) => json!(value),
            };
            (name.clone(), serialized(&value))
        });
        let around = [("page".to_owned(), self.page.clone())];
        let context: Vec<(String, Value)> = around.into_iter().chain(given).collect();
        self.engine.render_shortcode(&template, context, self.site).map_err(|diagnostic| {
            ShortcodeError { message: diagnostic.message, help: diagnostic.help }
        })
    }
}

/// Where the source of a picture or another file is.
enum Published<'a> {
    /// At this path of the site, not encoded.
    Here(Cow<'a, str>),
    Elsewhere,
    Missing,
}

impl<'a> Surroundings<'a> {
    fn published(&self, source: &str) -> Published<'a> {
        let path = match self.own_path(source) {
            Some(path) => path,
            None if has_scheme(source) || source.starts_with("//") => return Published::Elsewhere,
            None => source.to_owned(),
        };
        let (path, _) = split_query(&path);
        let found = self.routes.find(&self.rooted(path)).or_else(|| self.beside(path));
        found.map_or(Published::Missing, Published::Here)
    }

    /// What readers see of a sound, a film or a document, with the files that belong to it: those
    /// with the same name but for the ending.
    fn local_file(&self, published: &str) -> LocalFile {
        let address_of = |path: &str| self.config.address(&encode_path(path));
        let stem = published.rsplit_once('.').map_or(published, |(stem, _)| stem);
        let other = |endings: &[&str]| {
            let mut paths = endings.iter().map(|ending| format!("{stem}.{ending}"));
            paths.find(|path| path != published && self.files.contains_key(&path[1..]))
        };
        let transcript = other(&["txt", "html", "pdf", "vtt", "srt"]);
        LocalFile {
            address: address_of(published),
            kind: self.files.kind(published, self.language),
            transcript: transcript.map(|path| Transcript {
                address: address_of(&path),
                words: self.language.text("transcript", &[]),
            }),
            captions: other(&["vtt"]).map(|path| address_of(&path)),
            poster: other(&["jpg", "jpeg", "png", "webp"]).map(|path| address_of(&path)),
        }
    }

    /// The path of an absolute address of this site.
    fn own_path(&self, destination: &str) -> Option<String> {
        let base = self.config.base_url.as_str();
        destination.strip_prefix(base).map(|path| format!("/{path}"))
    }

    /// The same for an address with the base path, copied from the site: `/sub/dir/2017/…`.
    fn below_base(&self, path: &str) -> Option<Cow<'a, str>> {
        let found = self.routes.find(&format!("/{}", path.strip_prefix(self.config.base_path())?));
        found.filter(|_| self.config.base_path() != "/")
    }

    fn source_link(&self, path: &str) -> Link {
        let decoded = decoded(path);
        let wanted = match decoded.strip_prefix("@/") {
            Some(inner) => format!("content/{inner}"),
            None if decoded.starts_with("/content/") => decoded[1..].to_owned(),
            None if decoded.starts_with('/') => format!("content{decoded}"),
            None => resolve_beside(self.source, &decoded),
        };
        let found = self
            .routes
            .source(&wanted)
            .or_else(|| if decoded.contains('/') { None } else { self.routes.file_name(&decoded) })
            .or_else(|| self.routes.old_place(&decoded));
        match found {
            Some(permalink) => Link::Internal(self.config.address(&permalink)),
            None if self.routes.is_draft(&wanted) => Link::Unresolved(Some(format!(
                "{wanted} is a draft and not published: publish it too, or take the link out"
            ))),
            None => Link::Unresolved(Some(match self.routes.nearest_source(&wanted) {
                Some(near) => format!("there is no {wanted}; did you mean {near}?"),
                None => format!("there is no {wanted}"),
            })),
        }
    }

    /// Resolves a path: from the root, or relative to the page or its source folder.
    fn internal(&self, destination: &str) -> Link {
        let (path, query) = split_query(destination);
        let path = self.rooted(path);
        let found = self.routes.find(&path).or_else(|| self.below_base(&path));
        if let Some(published) = found.or_else(|| self.beside(split_query(destination).0)) {
            let encoded = encode_path(&published);
            return Link::Internal(format!("{}{query}", self.config.address(&encoded)));
        }
        if let Some(permalink) = self.old_place(&path, destination) {
            return Link::Internal(self.config.address(&permalink));
        }
        Link::Unresolved(Some(meant_by(destination)))
    }

    /// The one report that an old address can mean, if it says when the report was published.
    fn old_place(&self, path: &str, destination: &str) -> Option<String> {
        let is_query = destination.contains('?');
        let by_query = is_query.then(|| self.routes.old_query(split_fragment(destination).0));
        by_query.flatten().or_else(|| names_a_date(path).then(|| self.routes.old_place(path))?)
    }

    /// Where an address of the site that the archive was before leads now.
    fn at_origin(&self, destination: &str) -> Option<String> {
        let asked = without_scheme(destination);
        let below = |origin: &String| {
            let origin = without_scheme(origin);
            let host = asked.get(..origin.len())?;
            host.eq_ignore_ascii_case(origin).then(|| &asked[origin.len()..])
        };
        let path = self.config.origins.iter().find_map(below)?;
        if !path.is_empty() && !path.starts_with(['/', '?', '#']) {
            return None;
        }
        let path = format!("/{}", path.trim_start_matches('/'));
        let (whole, fragment) = split_fragment(&path);
        let (plain, query) = split_query(whole);
        let found = if query.is_empty() {
            self.routes.find(plain).map(|to| encode_path(&to))
        } else {
            self.routes.old_query(whole)
        };
        let found = found.or_else(|| self.routes.old_place(plain));
        found.map(|to| format!("{}{fragment}", self.config.address(&to)))
    }

    /// A file beside it, where translations share them.
    fn beside(&self, path: &str) -> Option<Cow<'a, str>> {
        let is_elsewhere = self.files_at != self.permalink && !path.starts_with('/');
        let path = is_elsewhere.then(|| resolve_dots(&format!("{}{path}", self.files_at)))?;
        self.routes.find(&path)
    }

    fn rooted(&self, path: &str) -> String {
        if path.starts_with('/') {
            resolve_dots(path)
        } else {
            resolve_dots(&format!("{}{path}", self.permalink))
        }
    }

    /// The path where a missing picture's file belongs.
    fn wanted_place(&self, picture: &str) -> String {
        let own = self.source;
        if picture.starts_with('/') {
            format!("put the file at static{picture}")
        } else if own.rsplit('/').next().is_some_and(|name| name.starts_with("index.")) {
            format!("put the file at {}", resolve_beside(own, picture))
        } else {
            let folder = own.rsplit_once('.').map_or(own, |(folder, _)| folder);
            format!("rename {own} to {folder}/index.md, and put the file beside it")
        }
    }
}

/// An address from its host on, `www.` left out.
fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}

/// What an address may mean that leads nowhere in the archive.
fn meant_by(destination: &str) -> String {
    let (host, _) = destination.split_once('/').unwrap_or((destination, ""));
    let is_host = host.to_ascii_lowercase().starts_with("www.") && host.len() > "www.".len();
    let mailbox = destination.split_once('@').filter(|(name, host)| {
        let is_plain = |text: &str| !text.is_empty() && !text.contains(['/', '@', ' ']);
        is_plain(name) && is_plain(host) && host.contains('.') && !host.ends_with('.')
    });
    if mailbox.is_some() {
        format!("write mailto:{destination}")
    } else if is_host {
        format!("write https://{destination}")
    } else {
        "give the path of the article's file, as in ../2017/title.md".to_owned()
    }
}

/// Keeps the fragment for another page as written; `dateline check` verifies it.
fn with_fragment(link: Link, fragment: &str) -> Link {
    match link {
        Link::Internal(address) => Link::Internal(address + fragment),
        link => link,
    }
}

fn split_fragment(destination: &str) -> (&str, &str) {
    destination.split_at(destination.find('#').unwrap_or(destination.len()))
}

/// Splits off the query.
fn split_query(destination: &str) -> (&str, &str) {
    let (whole, _) = split_fragment(destination);
    whole.split_at(whole.find('?').unwrap_or(whole.len()))
}

fn has_scheme(destination: &str) -> bool {
    destination.split_once(':').is_some_and(|(scheme, _)| {
        let mut characters = scheme.chars();
        characters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && characters
                .all(|next| next.is_ascii_alphanumeric() || matches!(next, '+' | '-' | '.'))
    })
}
