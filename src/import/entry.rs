//! The output of every source: a stream of [`Item`]s.

use serde_json::{Map, Value};

use crate::base::date::Date;

/// An item of a source.
#[derive(Debug)]
pub enum Item {
    /// The exported site.
    Site(Site),
    /// An account of the old site.
    Account(Account),
    /// A report or a page.
    Entry(Box<Entry>),
    /// A file of the old site.
    Attachment(Attachment),
    /// The type of something that is not imported.
    Other(String),
    /// A file of a Dateline archive, to restore unchanged.
    File(OwnFile),
    /// Something unreadable, with the reason.
    Broken(String),
    /// Something that the curator should look at.
    Doubt(String),
}

/// A file of a Dateline archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// Path from the archive's root, with `/`; imports may write there.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The old site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Its home page.
    pub address: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
}

/// An account of the old site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name in its address.
    pub login: String,
    /// The name shown.
    pub name: String,
}

/// A file of the old site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its id in the export.
    pub id: String,
    /// The id of the entry it belongs to.
    pub parent: Option<String>,
    /// Its address.
    pub address: String,
    /// The text alternative.
    pub description: String,
    /// The text below it.
    pub caption: String,
}

/// A report or a page in its source.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The permanent id in its source.
    pub id: String,
    /// A report or a page.
    pub kind: Kind,
    /// Whether readers could see it.
    pub status: Status,
    /// Headline, as plain text.
    pub title: String,
    /// Its text.
    pub body: Body,
    /// The date of publication.
    pub date: Option<Date>,
    /// When it was added to the old site.
    pub added: Option<Date>,
    /// The last change of substance.
    pub updated: Option<Date>,
    /// The last segment of its address.
    pub slug: Option<String>,
    /// The id of the parent page.
    pub parent: Option<String>,
    /// Its full addresses on the old site, which become redirects.
    pub addresses: Vec<String>,
    /// Other addresses used in the old site's texts.
    pub short_addresses: Vec<String>,
    /// The original's address.
    pub original_url: Option<String>,
    /// The publisher.
    pub outlet: Option<String>,
    /// Byline.
    pub authors: Vec<String>,
    /// The account that posted it, by display name.
    pub posted_by: Option<String>,
    /// Contributors.
    pub submitted_by: Vec<String>,
    /// Terms by taxonomy.
    pub terms: Vec<(String, Vec<String>)>,
    /// Terms with their addresses on the old site.
    pub term_slugs: Vec<TermSlug>,
    /// Written summary, as plain text.
    pub summary: Option<String>,
    /// Lead picture.
    pub image: Option<Picture>,
    /// BCP 47.
    pub language: Option<String>,
    /// Other keys of the front matter, by their names.
    pub keys: Map<String, Value>,
    /// Other data, for `extra`.
    pub extra: Map<String, Value>,
    /// Values that could not be read, as written, by key.
    pub unread: Vec<(String, String)>,
    /// Readers' comments.
    pub comments: Vec<Comment>,
}

impl Entry {
    /// Sets the date from a text; one that is not a date is kept as unreadable.
    #[must_use]
    pub(crate) fn dated(mut self, written: Option<&str>, date: Option<Date>) -> Entry {
        match (date, written.map(str::trim).filter(|written| !written.is_empty())) {
            (None, Some(written)) => self.unread.push(("date".to_owned(), written.to_owned())),
            _ => self.date = date,
        }
        self
    }

    /// Whether it is a report without a date.
    pub fn is_undated(&self) -> bool {
        self.kind == Kind::Report && self.date.is_none()
    }
}

/// A term with the last segment of its address on the old site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermSlug {
    /// `tags` or `categories`.
    pub taxonomy: &'static str,
    /// Its name.
    pub name: String,
    /// The segment, decoded.
    pub slug: String,
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A report: below `content/`.
    #[default]
    Report,
    /// A page: below `content/pages/`.
    Page,
}

/// Whether readers could see an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Yes.
    #[default]
    Published,
    /// Not yet; it becomes a draft.
    Draft,
    /// Only with an account.
    Private,
    /// Only with a password.
    Password,
    /// It was deleted.
    Trash,
}

impl Status {
    /// Its name in messages and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Status::Published => "published",
            Status::Draft => "draft",
            Status::Private => "private",
            Status::Password => "password",
            Status::Trash => "trash",
        }
    }
}

/// The text of an entry.
#[derive(Clone, Debug, Default)]
pub enum Body {
    /// There is none.
    #[default]
    Empty,
    /// HTML.
    Html(String),
    /// `WordPress`'s mixture of HTML, bare lines and shortcodes.
    WordPress(String),
    /// Markdown.
    Markdown(String),
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// An attachment by id.
    Attachment(String),
    /// An address with texts.
    Address {
        /// Where it is.
        address: String,
        /// The text alternative.
        description: String,
        /// The text below it.
        caption: Option<String>,
    },
}

/// A reader's comment, without e-mail and IP addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The display name.
    pub author: String,
    /// The date as written.
    pub date: String,
    /// Plain text.
    pub text: String,
}
