//! All kinds of sources, with their names and parsers.

use std::path::Path;

use super::Source;
use super::blogger::Blogger;
use super::csl::Csl;
use super::feed::Feed;
use super::ghost::Ghost;
use super::mapping::Mapping;
use super::medium::Medium;
use super::movable_type::MovableType;
use super::own::Bag;
use super::ris::Ris;
use super::saved_pages::SavedPages;
use super::substack::Substack;
use super::table::{Form, Table};
use super::warc::Warc;
use super::wordpress::WordPress;
use super::zotero::Zotero;

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The export of a blog (WXR).
    WordPress,
    /// An export of Blogger.
    Blogger,
    /// An export of Ghost.
    Ghost,
    /// An export of Medium.
    Medium,
    /// An export of Substack.
    Substack,
    /// Movable Type's text format.
    MovableType,
    /// A feed.
    Feed,
    /// A library in RDF.
    Zotero,
    /// CSL-JSON.
    Csl,
    /// RIS.
    Ris,
    /// A table.
    Csv,
    /// Lines of JSON.
    JsonLines,
    /// Saved pages.
    Html,
    /// Web archives.
    Warc,
    /// A bag of an archive.
    Bagit,
}

impl SourceKind {
    /// All entries.
    pub const ALL: [SourceKind; 15] = [
        SourceKind::WordPress,
        SourceKind::Blogger,
        SourceKind::Ghost,
        SourceKind::Medium,
        SourceKind::Substack,
        SourceKind::MovableType,
        SourceKind::Feed,
        SourceKind::Zotero,
        SourceKind::Csl,
        SourceKind::Ris,
        SourceKind::Csv,
        SourceKind::JsonLines,
        SourceKind::Html,
        SourceKind::Warc,
        SourceKind::Bagit,
    ];

    /// Its name on the command line, also its journal's name.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::WordPress => "wordpress",
            SourceKind::Blogger => "blogger",
            SourceKind::Ghost => "ghost",
            SourceKind::Medium => "medium",
            SourceKind::Substack => "substack",
            SourceKind::MovableType => "movable-type",
            SourceKind::Feed => "feed",
            SourceKind::Zotero => "zotero",
            SourceKind::Csl => "csl",
            SourceKind::Ris => "ris",
            SourceKind::Csv => "csv",
            SourceKind::JsonLines => "jsonl",
            SourceKind::Html => "html",
            SourceKind::Warc => "warc",
            SourceKind::Bagit => "bagit",
        }
    }

    /// A description.
    pub fn words(self) -> &'static str {
        match self {
            SourceKind::WordPress => "an export of WordPress",
            SourceKind::Blogger => "an export of Blogger",
            SourceKind::Ghost => "an export of Ghost",
            SourceKind::Medium => "an export of Medium",
            SourceKind::Substack => "an export of Substack",
            SourceKind::MovableType => "an export in Movable Type's format",
            SourceKind::Feed => "a feed",
            SourceKind::Zotero => "a library of Zotero (RDF)",
            SourceKind::Csl => "a bibliography (CSL-JSON)",
            SourceKind::Ris => "a bibliography (RIS)",
            SourceKind::Csv => "a table (CSV)",
            SourceKind::JsonLines => "lines of JSON",
            SourceKind::Html => "saved pages",
            SourceKind::Warc => "a web archive (WARC or WACZ)",
            SourceKind::Bagit => "a bag of a Dateline archive",
        }
    }

    /// Whether it contains e-mail or IP addresses.
    pub fn holds_private_data(self) -> bool {
        matches!(
            self,
            SourceKind::WordPress
                | SourceKind::Blogger
                | SourceKind::Ghost
                | SourceKind::Substack
                | SourceKind::MovableType
        )
    }

    /// Whether pictures are files beside the texts.
    pub fn holds_pictures(self) -> bool {
        self == SourceKind::Html
    }

    /// The source of this kind at a path.
    pub fn open(self, path: &Path, mapping: Mapping) -> Box<dyn Source> {
        let path = path.to_owned();
        match self {
            SourceKind::WordPress => Box::new(WordPress { path }),
            SourceKind::Blogger => Box::new(Blogger { path }),
            SourceKind::Ghost => Box::new(Ghost { path }),
            SourceKind::Medium => Box::new(Medium { path }),
            SourceKind::Substack => Box::new(Substack { path }),
            SourceKind::MovableType => Box::new(MovableType { path }),
            SourceKind::Feed => Box::new(Feed { path }),
            SourceKind::Zotero => Box::new(Zotero { path }),
            SourceKind::Csl => Box::new(Csl { path }),
            SourceKind::Ris => Box::new(Ris { path }),
            SourceKind::Csv => Box::new(Table { path, form: Form::Csv, mapping }),
            SourceKind::JsonLines => Box::new(Table { path, form: Form::JsonLines, mapping }),
            SourceKind::Html => Box::new(SavedPages { path }),
            SourceKind::Warc => Box::new(Warc { path }),
            SourceKind::Bagit => Box::new(Bag { path }),
        }
    }
}
