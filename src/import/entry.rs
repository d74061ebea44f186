//! What every source makes of its file: a stream of [`Item`]s.

use serde_json::{Map, Value};

use crate::base::date::Date;

/// Something that a source holds.
#[derive(Debug)]
pub enum Item {
    /// The site that the file was exported from.
    Site(Site),
    /// A report or a page.
    Entry(Box<Entry>),
    /// A file of the old site.
    Attachment(Attachment),
    /// Something that is not imported, by its type.
    Other(String),
    /// A file of a Dateline archive, as it was there.
    File(OwnFile),
    /// A line that can't be read, with the reason.
    Broken(String),
    /// Something that the curator should look at.
    Doubt(String),
}

/// A file of a Dateline archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// From the archive's root, with `/`: a place that an import may write to.
    pub path: String,
    /// What it holds.
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

/// A file of the old site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its number in the export.
    pub id: String,
    /// The number of the entry that it was put into.
    pub parent: Option<String>,
    /// Its address.
    pub address: String,
    /// What it shows.
    pub description: String,
    /// What stands under it.
    pub caption: String,
}

/// A report or a page as its source has it.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What identifies it in its source, for ever.
    pub id: String,
    /// A report or a page.
    pub kind: Kind,
    /// Whether readers saw it.
    pub status: Status,
    /// Headline, as plain text.
    pub title: String,
    /// Its text.
    pub body: Body,
    /// The day it was published.
    pub date: Option<Date>,
    /// When it entered the old archive.
    pub added: Option<Date>,
    /// Last change of substance.
    pub updated: Option<Date>,
    /// The last part of its address.
    pub slug: Option<String>,
    /// The page above a page, by its id.
    pub parent: Option<String>,
    /// Its addresses on the old site, whole: they are to lead here.
    pub addresses: Vec<String>,
    /// Other addresses under which the old site's own texts link it.
    pub short_addresses: Vec<String>,
    /// The original's address.
    pub original_url: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Byline.
    pub authors: Vec<String>,
    /// Who put it into the old archive, as shown there.
    pub posted_by: Option<String>,
    /// Who sent it in.
    pub submitted_by: Vec<String>,
    /// Terms by the name of their taxonomy.
    pub terms: Vec<(String, Vec<String>)>,
    /// Written summary, as plain text.
    pub summary: Option<String>,
    /// Lead picture.
    pub image: Option<Picture>,
    /// BCP 47.
    pub language: Option<String>,
    /// Other keys of the front matter, by their names.
    pub keys: Map<String, Value>,
    /// Anything else, for `extra`.
    pub extra: Map<String, Value>,
    /// What readers wrote under it.
    pub comments: Vec<Comment>,
}

impl Entry {
    /// Whether it is a report that its source names no day for.
    pub fn is_undated(&self) -> bool {
        self.kind == Kind::Report && self.date.is_none()
    }
}

/// What an entry becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A report below `content/`.
    #[default]
    Report,
    /// A page below `content/pages/`.
    Page,
}

/// Whether readers saw an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// They did.
    #[default]
    Published,
    /// Not yet: it becomes a draft.
    Draft,
    /// Only those who signed in.
    Private,
    /// Only those who had a password.
    Password,
    /// It was thrown away.
    Trash,
}

impl Status {
    /// Its name in words and on the command line.
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
    /// An attachment by its number.
    Attachment(String),
    /// An address, with what it shows.
    Address {
        /// Where it is.
        address: String,
        /// What it shows.
        description: String,
        /// What stands under it.
        caption: Option<String>,
    },
}

/// What a reader wrote. It holds no address of a mailbox or a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// As shown.
    pub author: String,
    /// When, as written.
    pub date: String,
    /// The text, as plain text.
    pub text: String,
}
