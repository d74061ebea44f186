//! Fetches the pictures of one report and writes them beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use crate::base::date::Date;
use crate::base::files::{self, Durability, replace_text};
use crate::content::article::Article;
use crate::content::front_matter;
use crate::content::rules::ReadingRules;
use crate::content::{Content, Loaded};
use crate::import::clip::net::Net;
use crate::import::clip::pictures::{MOST, MOST_BYTES, ending, name};
use crate::markdown::MarkdownOptions;
use crate::markdown::picture_addresses::addresses;
use crate::settings::Config;

use super::editing::{self, Named, Note};
use super::{Copied, Done, Left, PictureError, Request};

/// The input for copying.
pub(super) struct Copying<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) options: &'a MarkdownOptions,
    /// None where nothing is fetched.
    pub(super) net: Option<&'a Net<'a>>,
    pub(super) request: &'a Request,
}

/// Where a report's files lie, or are to lie.
struct Home {
    /// The report's file, from the archive's root.
    path: String,
    /// Whether the report has to move there.
    moves: bool,
}

/// A picture's bytes, and its name beside the report.
struct Fetched {
    address: String,
    name: String,
    bytes: Vec<u8>,
}

impl Copying<'_> {
    /// Copies the pictures of a report; `None` if it shows none from other hosts.
    pub(super) fn copy(
        &self,
        report: &Loaded<Article>,
        content: &Content,
    ) -> Result<Option<Done>, PictureError> {
        let article = &*report.value;
        let file = report.absolute(self.root);
        let text = fs::read_to_string(&file).map_err(|source| failed(&file, source))?;
        let body_start = front_matter::layout(&text).map_or(0, |layout| layout.body_start);
        let options = self.options.for_file(&article.source, article.language.as_deref());
        let found = addresses(&text[body_start..], &options);
        let own = self.config.base_url.as_str();
        let remote: Vec<_> =
            found.remote.into_iter().filter(|one| !one.address.starts_with(own)).collect();
        let named = editing::named(&text, body_start, (article, self.config), remote);
        if named.is_empty() {
            return Ok(None);
        }
        let mut done = Done { source: article.source.to_string(), ..Done::default() };
        let (can_change, cannot): (Vec<Named>, Vec<Named>) =
            named.into_iter().partition(|picture| !picture.places.is_empty());
        let left =
            |address: &str, why: &str| Left { address: address.to_owned(), why: why.to_owned() };
        done.left.extend(cannot.iter().map(|picture| {
            left(
                &picture.address,
                "it is written in a way that can't be changed; write it as ![words](address)",
            )
        }));
        let home = match self.home(report, found.has_relative, content) {
            Ok(home) => home,
            Err(why) => {
                done.left.extend(can_change.iter().map(|picture| left(&picture.address, &why)));
                return Ok(Some(done));
            }
        };
        let Some(net) = self.net else {
            let would = can_change.iter().map(|picture| self.copied(&picture.address, ""));
            done.copied.extend(would);
            if home.moves && !done.copied.is_empty() {
                done.moved_from = Some(std::mem::replace(&mut done.source, home.path));
            }
            return Ok(Some(done));
        };
        let fetched = self.fetch(net, &can_change, &home, &mut done);
        self.write((&file, &text), &can_change, (home, fetched), &mut done)?;
        Ok(Some(done))
    }

    fn copied(&self, address: &str, file: &str) -> Copied {
        let has_credit = self.request.rights.is_some();
        Copied { address: address.to_owned(), file: file.to_owned(), has_credit }
    }

    /// Where the files of a report lie: beside an `index.md`. A report in a file of its own moves into
    /// a folder, unless that changes what it or others mean. The error is why not.
    fn home(
        &self,
        report: &Loaded<Article>,
        has_relative: bool,
        content: &Content,
    ) -> Result<Home, String> {
        let source = report.value.source.to_string();
        let (folder, file) = source.rsplit_once('/').unwrap_or(("", &source));
        if file.starts_with("index.") {
            return Ok(Home { path: source, moves: false });
        }
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "md"));
        let path = format!("{folder}/{stem}/index.{ending}");
        let by_hand = |why: &str| Err(format!("{why}; move the report to {path} yourself"));
        if self.root.join(folder).join(stem).exists() {
            return by_hand("the folder for its pictures is taken");
        }
        if stem.contains('.') || report.absolute(self.root).is_symlink() {
            return by_hand("the report's name tells more than its address");
        }
        if has_relative {
            return by_hand("the report has links that begin at its place");
        }
        let names_it = |other: &Loaded<Article>| {
            other.value.source != report.value.source
                && fs::read(other.absolute(self.root))
                    .is_ok_and(|text| String::from_utf8_lossy(&text).contains(file))
        };
        if let Some(other) = content.articles.iter().find(|other| names_it(other)) {
            return by_hand(&format!("{} names the report's file", other.value.source));
        }
        Ok(Home { path, moves: true })
    }

    /// Takes pictures; what is none, or can't be had, is noted.
    fn fetch(
        &self,
        net: &Net<'_>,
        pictures: &[Named],
        home: &Home,
        done: &mut Done,
    ) -> Vec<Fetched> {
        let folder = self.root.join(&home.path);
        let folder = folder.parent().unwrap_or(self.root);
        let mut fetched: Vec<Fetched> = Vec::new();
        let mut size = 0;
        for Named { address, .. } in pictures {
            let taken = if fetched.len() == MOST || size > MOST_BYTES {
                Err("there are too many; run the command again".to_owned())
            } else {
                take(net, address)
            };
            match taken {
                Ok((ending, bytes)) => {
                    let is_free = |name: &str| {
                        let is_new = fetched.iter().all(|other| other.name != name);
                        // What an earlier run left behind is taken up.
                        is_new && is_free_for(&folder.join(name), &bytes)
                    };
                    let name = name(address, ending, &is_free);
                    size += bytes.len();
                    fetched.push(Fetched { address: address.clone(), name, bytes });
                }
                Err(why) => done.left.push(Left { address: address.clone(), why }),
            }
        }
        fetched
    }

    /// Writes the pictures, then the text, which is checked before.
    fn write(
        &self,
        (file, text): (&Path, &str),
        pictures: &[Named],
        (home, fetched): (Home, Vec<Fetched>),
        done: &mut Done,
    ) -> Result<(), PictureError> {
        if fetched.is_empty() {
            return Ok(());
        }
        let names: BTreeMap<String, String> =
            fetched.iter().map(|one| (one.address.clone(), one.name.clone())).collect();
        let rights = self.request.rights.as_deref();
        let note = Note { today: Date::Day(self.request.today), rights };
        let new = editing::changed(text, pictures, &names, (self.config, &note));
        let rules = ReadingRules::new(self.config, self.options);
        let (old, source) = ((done.source.as_str(), text), home.path.as_str());
        let new = new.filter(|new| editing::is_same(old, (source, new), fetched.len(), &rules));
        let Some(new) = new else {
            let why =
                "the report's front matter can't be changed safely; add picture_sources by hand";
            let left =
                fetched.into_iter().map(|one| Left { address: one.address, why: why.to_owned() });
            done.left.extend(left);
            return Ok(());
        };
        let target = if home.moves { self.root.join(&home.path) } else { real(file) };
        let folder = target.parent().unwrap_or(self.root).to_owned();
        crate::import::writing::make_folder(self.root, &folder)
            .map_err(|source| failed(&folder, source))?;
        if home.moves {
            files::place(file, &target).map_err(|source| failed(&target, source))?;
            done.moved_from = Some(std::mem::replace(&mut done.source, home.path));
        }
        for Fetched { name, bytes, .. } in &fetched {
            let path = folder.join(name);
            files::replace(&path, bytes, Durability::Lasting)
                .map_err(|source| failed(&path, source))?;
        }
        replace_text(&target, &new).map_err(|source| failed(&target, source))?;
        done.copied.extend(fetched.iter().map(|one| self.copied(&one.address, &one.name)));
        Ok(())
    }
}

/// A link inside the archive is followed: its target holds the text.
fn real(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

fn is_free_for(path: &Path, bytes: &[u8]) -> bool {
    match path.symlink_metadata() {
        Err(_) => true,
        Ok(found) => found.is_file() && files::read(path).is_ok_and(|there| there == bytes),
    }
}

fn take(net: &Net<'_>, address: &str) -> Result<(&'static str, Vec<u8>), String> {
    let absolute =
        if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let url = Url::parse(&absolute).map_err(|error| error.to_string())?;
    let bytes = net.picture(&url).map_err(|error| error.to_string())?;
    let ending = ending(&bytes).ok_or("it is no picture that sites show")?;
    Ok((ending, bytes))
}

fn failed(path: &Path, source: std::io::Error) -> PictureError {
    PictureError::Io { path: path.to_owned(), source }
}
