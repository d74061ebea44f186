//! What the machine-readable parts of a report's page say of it: one set of facts for structured
//! data, for the head's `<meta>` and for the credit of who republishes it, so that none says what
//! the others don't.
//!
//! Made by the plan from an article, its terms as shown and the config; hidden contributors are not
//! among them. All addresses are absolute.

use crate::base::date::Date;
use crate::content::article::Memento;

/// Facts about one report.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The report's address in the archive.
    pub page: String,
    /// What `rel=canonical` says.
    pub canonical: String,
    /// The headline.
    pub headline: String,
    /// A few sentences.
    pub description: String,
    /// BCP 47.
    pub language: String,
    /// When the outlet published it.
    pub date: Date,
    /// The same in words.
    pub date_text: String,
    /// When it entered the archive.
    pub added: Option<Date>,
    /// Its last change or correction since.
    pub changed: Option<Date>,
    /// Byline.
    pub authors: Vec<Named>,
    /// Who published it, under its own home page.
    pub outlet: Option<Named>,
    /// What identifies the outlet: its page in the archive.
    pub outlet_page: Option<String>,
    /// Who sent it in.
    pub contributors: Vec<Named>,
    /// Place, "MOSCOW".
    pub dateline: Option<String>,
    /// Its kind, in words.
    pub kind: Option<String>,
    /// Terms of the taxonomies that say what it is about.
    pub keywords: Vec<String>,
    /// Running stories.
    pub stories: Vec<Named>,
    /// The original's address, gone or not.
    pub original: Option<String>,
    /// The chain it came through.
    pub via: Vec<Named>,
    /// Copies of the original.
    pub mementos: Vec<Memento>,
    /// Lead picture.
    pub picture: Option<PictureFacts>,
    /// Terms of reuse, with their address where one is known.
    pub license: Option<Named>,
    /// Rights holder.
    pub rights: Option<String>,
    /// What was put right, in one text each.
    pub corrections: Vec<(Date, String)>,
}

/// Somebody or something with a name, and an address where one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As shown.
    pub name: String,
    /// Absolute.
    pub url: Option<String>,
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    /// Absolute.
    pub url: String,
    /// Text in place of it.
    pub alternative: String,
    /// Who made it.
    pub credit: Option<String>,
    /// Words under it.
    pub caption: Option<String>,
    /// Width and height in pixels, where they are known.
    pub size: Option<(u64, u64)>,
}

/// Facts about the archive itself.
#[derive(Clone, Debug)]
pub struct ArchiveFacts {
    /// The home page.
    pub home: String,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// BCP 47.
    pub language: String,
    /// Where it says how it chooses and keeps its reports.
    pub principles: Option<String>,
    /// Where it says how mistakes are corrected.
    pub corrections_policy: Option<String>,
    /// Where holders of rights turn.
    pub rights_contact: Option<String>,
}
