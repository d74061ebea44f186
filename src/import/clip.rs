//! `dateline clip`: one page becomes one report.
//!
//! The [page](source) is fetched, or read from a file; its [article] is converted to Markdown. The
//! [page's own metadata](super::page) and the curator's input become a [draft], which records the
//! origin of every field. Near copies in the [archive] are reported, and a known original is
//! refused. [`plan`] reads and sends requests, but writes nothing; [`Clip::write`] writes the
//! report and the [evidence](warc).

mod archive;
mod article;
mod doubt;
mod draft;
mod error;
mod language;
mod mark;
pub(super) mod net;
pub(super) mod pictures;
mod request;
mod source;
mod storing;
mod warc;
mod written;

use std::path::Path;

use chrono::{FixedOffset, SubsecRound};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use crate::authoring::entry::slug_for;
use crate::authoring::reading_options;
use crate::base::date::Date;
use crate::base::diagnostic::Effect;
use crate::base::name_key::NameKey;
use crate::base::permalink::Slug;
use crate::content::article::{Evidence, EvidenceKind};
use crate::content::evidence::hex;
use crate::content::front_matter;
use crate::content::rules::ReadingRules;
use crate::settings::Config;
use crate::state::EVIDENCE;

use super::html::Tree;
use super::page::Facts;
use super::placing::numbered;
use archive::Held;
pub use archive::NearCopy;
use article::{Body, Found};
pub use draft::Draft;
use draft::Sources;
pub use error::ClipError;
pub use mark::{Field, Mark};
use net::Net;
pub use request::{From, Given, KeepEvidence, Memento, Pictures, Request};
use source::{Page, PageKind};
pub use storing::keep_out_of_history;
use storing::{create, is_first_evidence};
use written::Frame;

/// Texts with fewer words get a warning.
const FEW_WORDS: usize = 100;

/// A report to write.
#[derive(Debug)]
pub struct Clip {
    /// Its file, relative to the archive's root.
    pub path: String,
    /// The content of the file.
    pub text: String,
    /// The headline.
    pub title: String,
    /// Its metadata.
    pub draft: Draft,
    /// Warnings for the curator.
    pub warnings: Vec<String>,
    /// Reports with nearly the same words.
    pub near_copies: Vec<NearCopy>,
    /// The record of the received page.
    pub evidence: Option<Evidence>,
    /// The number of words in the text.
    pub words: usize,
    /// Pictures to write beside it, relative to the archive's root.
    pub pictures: Vec<String>,
    /// Whether this is the archive's first evidence, and no rule excludes `evidence/` from version
    /// control.
    pub is_first_evidence: bool,
    warc: Vec<u8>,
    files: Vec<Vec<u8>>,
}

/// Receives a page and plans its report. Writes nothing.
pub fn plan(root: &Path, config: &Config, request: &Request) -> Result<Clip, ClipError> {
    let held = Held::read(root, config);
    let clipping = Clipping { root, config, request, held };
    clipping.plan()
}

struct Clipping<'a> {
    root: &'a Path,
    config: &'a Config,
    request: &'a Request,
    held: Held<'a>,
}

impl<'a> Clipping<'a> {
    fn plan(&self) -> Result<Clip, ClipError> {
        // Refuse a known address before fetching it.
        if let From::Address(url) = &self.request.from {
            self.refuse_known(&[url.to_string()])?;
        }
        let net = self.net()?;
        let page = self.receive(net.as_ref())?;
        let tree = Tree::document(&page.text);
        let facts = Facts::read(&tree, page.address.as_ref()).or_address(page.claimed.as_ref());
        let article = Found::on(&tree, page.address.as_ref());
        let words = article.as_ref().map_or(0, Found::count);
        let mut warnings = refuse_doubtful(&facts, &page, words)?;
        let sources = Sources {
            facts: &facts,
            page: &page,
            article: article.as_ref(),
            given: &self.request.given,
            config: self.config,
            today: self.request.today,
        };
        let mut draft = sources.draft();
        let mut addresses = page.way.clone();
        addresses.extend(draft.original.as_ref().map(|original| original.value.clone()));
        self.refuse_known(&addresses)?;
        let title = draft.title.as_ref().map(|title| title.value.clone());
        let title = title.ok_or(ClipError::NoTitle)?;
        self.seek_memento(net.as_ref(), &mut draft, &mut warnings);
        let taken = self.pictures(net.as_ref(), &page, article.as_ref(), &draft);
        name_lead(&mut draft, &taken);
        warnings
            .extend(taken.left.iter().map(|left| format!("a picture stays an address: {left}")));
        let body = article.as_ref().map(|article| article.body(&taken.names));
        warnings.extend(body.iter().flat_map(of_body));
        let markdown = body.map(|body| body.markdown).unwrap_or_default();
        let lead = draft.image.as_ref().map(|image| image.value.0.as_str());
        let markdown = without_repeated(&markdown, &title, lead);
        let evidence = self.evidence(&page, &draft);
        let frame = Frame {
            draft: &draft,
            given: &self.request.given,
            added: Date::Day(self.request.today),
            evidence: evidence.as_ref(),
            title: &title,
        };
        let text = frame.text(markdown);
        let form = if taken.pictures.is_empty() { Form::File } else { Form::Folder };
        let path = self.place(&title, draft.date.as_ref().map(|date| date.value), &text, form)?;
        let (names, files) = files_beside(&path, taken.pictures);
        Ok(Clip {
            near_copies: self.held.near_copies(markdown),
            is_first_evidence: evidence.is_some() && is_first_evidence(self.root),
            warc: page.warc,
            pictures: names,
            path,
            text,
            title,
            draft,
            warnings,
            evidence,
            words,
            files,
        })
    }

    fn receive(&self, net: Option<&Net<'_>>) -> Result<Page, ClipError> {
        match (&self.request.from, net) {
            (From::Address(url), Some(net)) => Page::fetched(net, url),
            (From::Address(_), None) => Err(ClipError::NoNetwork),
            (From::File(path), _) => Page::of_file(path),
        }
    }

    /// A connection to the network, if needed.
    fn net(&self) -> Result<Option<Net<'a>>, ClipError> {
        let is_needed =
            matches!(self.request.from, From::Address(_)) || self.request.memento == Memento::Asked;
        if is_needed {
            return Net::open(self.config).map(Some);
        }
        // Pictures of a saved page may be beside it: the network is optional.
        match self.request.pictures {
            Pictures::Fetched => Ok(Net::open(self.config).ok()),
            Pictures::Addresses => Ok(None),
        }
    }

    fn refuse_known(&self, addresses: &[String]) -> Result<(), ClipError> {
        match self.held.holder(addresses) {
            None => Ok(()),
            Some((article, address)) => Err(ClipError::Known {
                address,
                holder: article.source.to_string(),
                is_withdrawn: article.is_withdrawn(),
            }),
        }
    }

    fn seek_memento(&self, net: Option<&Net<'_>>, draft: &mut Draft, warnings: &mut Vec<String>) {
        let (Memento::Asked, Some(net)) = (self.request.memento, net) else { return };
        let Some(original) = &draft.original else {
            return warnings.push("no archive can be asked for a copy: no address is known".into());
        };
        let near = draft.date.as_ref().and_then(|date| date.value.day());
        match net.memento(&original.value, near) {
            Ok(Some(copy)) => draft.memento = Some(Field::sure(copy, "the archive that was asked")),
            Ok(None) => warnings.push(format!("no archived copy of {} is known", original.value)),
            Err(why) => warnings.push(format!("the archive could not be asked for a copy: {why}")),
        }
    }

    fn pictures(
        &self,
        net: Option<&Net<'_>>,
        page: &Page,
        article: Option<&Found>,
        draft: &Draft,
    ) -> pictures::Taken {
        if self.request.pictures == Pictures::Addresses {
            return pictures::Taken::default();
        }
        let lead = draft.image.iter().map(|image| image.value.0.clone());
        let inner = article.map(|article| article.body(&FxHashMap::default()).pictures);
        let addresses: Vec<String> = lead.chain(inner.unwrap_or_default()).collect();
        pictures::take(net, page, &addresses)
    }

    fn evidence(&self, page: &Page, draft: &Draft) -> Option<Evidence> {
        if self.request.evidence == KeepEvidence::Drop {
            return None;
        }
        let sha256 = hex(&Sha256::digest(&page.warc));
        // No words of the report: version control keeps file names.
        let file = format!(
            "{EVIDENCE}/{}-{}.warc.gz",
            page.received.format("%Y-%m-%d"),
            sha256.get(..16).unwrap_or_default()
        );
        let claim = || draft.original.as_ref().map(|original| original.value.clone());
        let url = page.address.as_ref().map(ToString::to_string).or_else(claim);
        let received = page.received.trunc_subsecs(0).naive_utc();
        let kind = match page.kind {
            PageKind::Fetched => EvidenceKind::Fetched,
            PageKind::File => EvidenceKind::File,
        };
        let received = Some(Date::Time(received, FixedOffset::east_opt(0)));
        Some(Evidence { file, sha256, received, url, kind })
    }

    /// The report's file: neither the file nor its address may be in use.
    fn place(
        &self,
        title: &str,
        date: Option<Date>,
        text: &str,
        form: Form,
    ) -> Result<String, ClipError> {
        let given = self.request.given.slug.as_ref();
        let wanted = match given {
            Some(slug) => slug.clone(),
            None => slug_for(title).unwrap_or_else(|_| Slug::from_term(title)),
        };
        let most = if given.is_some() { 1 } else { 1_000 };
        let options = reading_options(self.config);
        let rules = ReadingRules::new(self.config, &options);
        for number in 1..=most {
            let path = path_of(&numbered(&wanted, number), date, form);
            let parsed = front_matter::article(&path, text, &rules);
            let Some(article) = parsed.value else {
                let serious = parsed.diagnostics.into_iter();
                let serious = serious.filter(|problem| problem.weight >= Effect::Reject);
                return Err(ClipError::Refused(serious.collect()));
            };
            let is_there =
                [path_of(&numbered(&wanted, number), date, Form::File), folder_of(&path)]
                    .iter()
                    .any(|path| self.root.join(path).symlink_metadata().is_ok());
            if !is_there && self.held.known.holder(&article.permalink).is_none() {
                return Ok(path);
            }
        }
        Err(ClipError::Taken(path_of(&wanted, date, form)))
    }
}

/// A report alone, or in a folder with its pictures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    File,
    Folder,
}

fn path_of(slug: &Slug, date: Option<Date>, form: Form) -> String {
    let slug = slug.as_str();
    let folder = date.map_or("drafts".to_owned(), |date| format!("{:04}", date.year()));
    match form {
        Form::File => format!("content/{folder}/{slug}.md"),
        Form::Folder => format!("content/{folder}/{slug}/index.md"),
    }
}

/// The folder of a report, if it had one.
fn folder_of(path: &str) -> String {
    let path = path.strip_suffix("/index.md").unwrap_or(path);
    path.strip_suffix(".md").unwrap_or(path).to_owned()
}

/// Refuses a fetched error page or barrier; otherwise returns warnings about the page.
fn refuse_doubtful(facts: &Facts, page: &Page, words: usize) -> Result<Vec<String>, ClipError> {
    let mut warnings = warnings(facts, page, words);
    if let Some(title) = doubt::standing_in_place(facts, words) {
        match page.kind {
            PageKind::Fetched => return Err(ClipError::InPlace(title)),
            PageKind::File => warnings.push(format!("“{title}” is hardly a report")),
        }
    }
    Ok(warnings)
}

/// Replaces the lead picture's address with its file name, if it was downloaded.
fn name_lead(draft: &mut Draft, taken: &pictures::Taken) {
    if let Some(image) = &mut draft.image
        && let Some(name) = taken.names.get(&image.value.0)
    {
        image.value.0.clone_from(name);
    }
}

/// The paths and bytes of pictures beside a report's file.
fn files_beside(report: &str, pictures: Vec<pictures::Picture>) -> (Vec<String>, Vec<Vec<u8>>) {
    let folder = report.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = |picture: pictures::Picture| (format!("{folder}/{}", picture.name), picture.bytes);
    pictures.into_iter().map(file).unzip()
}

/// Warnings about the page.
fn warnings(facts: &Facts, page: &Page, words: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    if facts.is_paywalled {
        warnings.push(
            "the page says that not all of it is free to read: look whether the text is whole"
                .to_owned(),
        );
    }
    if words < FEW_WORDS {
        warnings.push(format!("only {words} words were found: look whether the text is whole"));
    }
    if facts.broken_json_ld > 0 {
        warnings.push("data of the page (JSON-LD) are broken and were left out".to_owned());
    }
    if page.kind == PageKind::File && facts.address.is_some() {
        warnings
            .push("the address is what the file says of itself; nobody has checked it".to_owned());
    }
    warnings
}

/// Warnings about the conversion of the text.
fn of_body(body: &Body) -> Vec<String> {
    let mut kinds: Vec<_> = body.losses.iter().map(|loss| loss.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut warnings: Vec<String> = kinds.iter().map(|kind| kind.words().to_owned()).collect();
    if body.words.lost > 0 {
        warnings.push(format!("{} of {} words were lost", body.words.lost, body.words.words));
    }
    if body.relative > 0 {
        warnings.push(format!(
            "{} addresses in the text lead nowhere: the file does not say where it was",
            body.relative
        ));
    }
    warnings
}

/// Removes the headline and then the lead picture from a text's beginning: the report's page shows
/// both.
fn without_repeated<'a>(markdown: &'a str, title: &str, lead: Option<&str>) -> &'a str {
    let first = |text: &'a str| text.split_once("\n\n").unwrap_or((text, ""));
    let mut rest = markdown;
    let (block, behind) = first(rest);
    let heading = block.trim_start_matches('#');
    let is_heading = heading.len() < block.len() && heading.starts_with(' ');
    if is_heading && NameKey::of(heading.trim()) == NameKey::of(title) {
        rest = behind;
    }
    let (block, behind) = first(rest);
    let shows = |lead: &str| {
        let address = block.strip_prefix("![").and_then(|block| block.strip_suffix(')'));
        address.is_some_and(|block| {
            block
                .rsplit_once("](")
                .is_some_and(|(alt, address)| address == lead && !alt.contains("]("))
        })
    };
    if lead.is_some_and(shows) { behind } else { rest }
}

impl Clip {
    /// Writes all files; the report last, so that it never names a missing file.
    pub fn write(&self, root: &Path) -> Result<(), ClipError> {
        if let Some(evidence) = &self.evidence {
            create(root, &evidence.file, &self.warc)?;
        }
        for (path, bytes) in self.pictures.iter().zip(&self.files) {
            create(root, path, bytes)?;
        }
        create(root, &self.path, self.text.as_bytes())
    }

    /// Every guessed or missing field, with the reason.
    pub fn reviews(&self) -> Vec<(&'static str, String)> {
        let Draft { title, date, outlet, original, authors, language, licence, image, memento } =
            &self.draft;
        let fields = [
            ("title", title.as_ref().map(Field::review)),
            ("date", date.as_ref().map(Field::review)),
            ("outlet", outlet.as_ref().map(Field::review)),
            ("original_url", original.as_ref().map(Field::review)),
            ("authors", authors.as_ref().map(Field::review)),
            // Optional fields.
            ("language", Some(language.as_ref().and_then(Field::review))),
            ("license", Some(licence.as_ref().and_then(Field::review))),
            ("image", Some(image.as_ref().and_then(Field::review))),
            ("archived", Some(memento.as_ref().and_then(Field::review))),
        ];
        let told = fields.into_iter().filter_map(|(name, field)| match field {
            None => Some((name, "not found on the page".to_owned())),
            Some(why) => Some((name, why?.to_owned())),
        });
        told.collect()
    }
}
