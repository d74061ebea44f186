//! Renders a Markdown body to HTML: pure, one article at a time.
//!
//! Input: the body of a file, and what the archive knows of its addresses ([`References`]). Output:
//! HTML, and problems with their byte ranges in the body.

mod address;
mod anchors;
mod calls;
mod controls;
mod dialects;
mod elements;
mod embeds;
mod escape;
mod gallery;
mod link_state;
mod links;
mod media;
mod outline;
pub mod page_text;
pub(crate) mod picture_addresses;
mod pictures;
mod policy;
mod quotes;
mod raw_text;
mod reading;
mod rebase;
mod services;
mod shortcodes;
mod summary;
mod tag_kind;
mod text;
pub(crate) mod tokens;
mod trusted;
mod writer;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::base::diagnostic::Rule;

pub(crate) use controls::without_controls;
pub use outline::outline;
pub(crate) use page_text::{own_text, page_text};
pub(crate) use reading::read;
pub(crate) use rebase::rebase;
pub use summary::summary;

use shortcodes::Prepared;
use writer::{RawMode, Writer};

/// Renders a body, with its problems. Never panics, and takes linear time for any input.
pub fn render(body: &str, options: &MarkdownOptions, references: &dyn References) -> Rendered {
    let prepared = Prepared::new(body, options);
    let mode = match options.raw_html {
        RawHtml::Sanitise => RawMode::Clean,
        RawHtml::Trust => RawMode::Trust,
    };
    match Writer::new(&prepared, options, references, mode).run() {
        Ok(rendered) => rendered,
        // Too much raw HTML to clean in reasonable time: show it as text.
        Err(problem) => {
            let escaped = Writer::new(&prepared, options, references, RawMode::Escape).run();
            let mut rendered = escaped.unwrap_or_default();
            rendered.problems.push(*problem);
            rendered.problems.sort_by_key(|problem| problem.range.start);
            rendered
        }
    }
}

/// The dialect: `CommonMark` with tables, footnotes, strikethrough, task lists and alerts.
fn dialect(smart_punctuation: bool) -> pulldown_cmark::Options {
    use pulldown_cmark::Options;
    let mut dialect = Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    dialect.set(Options::ENABLE_SMART_PUNCTUATION, smart_punctuation);
    dialect
}

/// Resolves addresses and shortcodes of a body. Implemented by the renderer, which knows the
/// archive, and by tests.
pub trait References {
    /// Resolves a link's target, as written.
    fn link(&self, destination: &str) -> Link;
    /// Called with a link's place before [`Self::link`].
    fn link_stands_at(&self, _range: &Range<usize>) {}
    /// Resolves a picture's source, as written.
    fn picture(&self, source: &str) -> Picture;
    /// Resolves the address of a sound, a film or a document, as written.
    fn file(&self, source: &str) -> LinkedFile {
        match self.picture(source) {
            Picture::Local { address, .. } => {
                LinkedFile::Local(LocalFile { address, ..LocalFile::default() })
            }
            Picture::Remote | Picture::Linked => LinkedFile::Remote,
            Picture::Missing(hint) => LinkedFile::Missing(hint),
        }
    }
    /// The HTML of a shortcode, or an error.
    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError>;
}

/// Collects a body's links without rendering them, those in raw HTML too. Shortcodes are left
/// empty: links of templates don't count.
pub struct LinkListener<'a>(pub &'a dyn Fn(&str));

impl References for LinkListener<'_> {
    fn link(&self, destination: &str) -> Link {
        (self.0)(destination);
        Link::External
    }

    fn picture(&self, _: &str) -> Picture {
        Picture::Remote
    }

    fn file(&self, source: &str) -> LinkedFile {
        if source.contains("//") {
            return LinkedFile::Remote;
        }
        let address = source.to_owned();
        LinkedFile::Local(LocalFile { address, ..LocalFile::default() })
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Ok(String::new())
    }
}

/// The target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Inside the archive: the address with the base path.
    Internal(String),
    /// Outside the archive, or another scheme such as `mailto:`: written unchanged.
    External,
    /// Outside the archive, with a decision of the ledger.
    Robust(RobustLink),
    /// Inside the archive, but missing; with a hint.
    Unresolved(Option<String>),
    /// Declared lost by the curator.
    Lost,
}

/// A decision about a page outside the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobustLink {
    /// It works and has a copy: the link keeps its address, with the copy beside it.
    Living(ArchivedCopy),
    /// It is dead: the link leads to its copy.
    Dead(ArchivedCopy),
    /// It is dead without a known copy: a mark with this text is added.
    Gone(String),
}

/// An archived copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedCopy {
    /// Its address.
    pub address: String,
    /// The date or time of the copy, for machines.
    pub date: Option<String>,
    /// The text for readers: “Archived copy, 1 February 2017”.
    pub words: String,
}

/// Whether a picture's file is intact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// As far as known.
    #[default]
    Sound,
    /// Truncated, or its size can't be read.
    Damaged,
    /// Not made smaller, for this reason.
    Unscaled(String),
}

/// A smaller copy of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureCopy {
    /// With the site's base path.
    pub address: String,
    /// In pixels.
    pub width: u32,
}

/// The meaning of a picture's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A file of the archive.
    Local {
        /// With the site's base path.
        address: String,
        /// Width and height in pixels.
        size: Option<(u32, u32)>,
        /// Whether its file is intact.
        condition: Condition,
        /// The sizes to choose from, from the narrowest.
        copies: Vec<PictureCopy>,
    },
    /// On another host: written unchanged.
    Remote,
    /// On another host, and shown as a link.
    Linked,
    /// A missing file of the archive; with a hint.
    Missing(Option<String>),
}

/// The meaning of the address of a sound, a film or a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkedFile {
    /// A file of the archive.
    Local(LocalFile),
    /// On another host.
    Remote,
    /// A missing file of the archive; with a hint.
    Missing(Option<String>),
}

/// A sound, a film or a document of the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalFile {
    /// With the site's base path.
    pub address: String,
    /// What it is and how large, for readers: “PDF, 12 pages, 340 kB”.
    pub kind: String,
    /// What is said in it, as a text.
    pub transcript: Option<Transcript>,
    /// The address of its captions.
    pub captions: Option<String>,
    /// The address of the picture that stands for it.
    pub poster: Option<String>,
}

/// A recording's words as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// With the site's base path.
    pub address: String,
    /// The text of the link to it, "Transcript".
    pub words: String,
}

/// `{{ name(key="value", n=3, on=true) }}` in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortcodeCall {
    /// The name of its template, without `.html`.
    pub name: String,
    /// Its arguments, in the order written.
    pub arguments: Vec<(String, Argument)>,
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A string in double or single quotes, or backticks.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
}

/// Why a shortcode failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcodeError {
    /// The problem.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

/// How bodies are rendered: `[markdown]` in the settings, and texts in the archive's language.
#[derive(Clone, Debug)]
pub struct MarkdownOptions {
    /// The treatment of raw HTML.
    pub raw_html: RawHtml,
    /// The treatment of other generators' template tags.
    pub foreign_tags: ForeignTags,
    /// The treatment of unresolved links.
    pub unresolved_links: UnresolvedLinks,
    /// Whether quotes, dashes and ellipses are converted.
    pub smart_punctuation: bool,
    /// Whether addresses that stand in the text become links.
    pub autolink: bool,
    /// What the body is written in.
    pub format: BodyFormat,
    /// The body's language (BCP 47), which determines quotes.
    pub language: String,
    /// Interface texts inside bodies.
    pub words: BodyWords,
}

/// What a body is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyFormat {
    /// Markdown.
    #[default]
    Markdown,
    /// Markdown with components, as Docusaurus has it.
    Mdx,
    /// HTML.
    Html,
}

impl BodyFormat {
    /// By the ending of a file's name.
    pub fn of_file(path: &str) -> BodyFormat {
        let ending = path.rsplit('.').next().unwrap_or_default();
        if ending.eq_ignore_ascii_case("mdx") {
            BodyFormat::Mdx
        } else if ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm") {
            BodyFormat::Html
        } else {
            BodyFormat::Markdown
        }
    }
}

impl MarkdownOptions {
    /// The same for the body of a file in a language.
    pub fn for_file(&self, path: &str, language: Option<&str>) -> Cow<'_, MarkdownOptions> {
        let format = BodyFormat::of_file(path);
        let language = language.unwrap_or(&self.language);
        if language == self.language && format == self.format {
            return Cow::Borrowed(self);
        }
        Cow::Owned(MarkdownOptions { language: language.to_owned(), format, ..self.clone() })
    }
}

/// Interface texts inside bodies, in the archive's language.
#[derive(Clone, Debug, Default)]
pub struct BodyWords {
    /// Titles of alerts: note, tip, important, warning, caution.
    pub alerts: [String; 5],
    /// Accessible name of the link back from a footnote, "Back to the text".
    pub footnote_back: String,
    /// Accessible name of a footnote's mark, with `{n}` for its number: "Footnote {n}".
    pub footnote: String,
    /// Title of the footnotes, "Notes".
    pub footnotes: String,
    /// Accessible name of a paragraph's link to itself, with `{n}` for its number: "Paragraph {n}".
    pub paragraph_link: String,
    /// Accessible name of a heading's link to itself, "Link to this section".
    pub heading_link: String,
    /// Shown after a lost link, "(link lost)".
    pub lost_link: String,
    /// Shown after a link with a copy: "copy".
    pub copy_mark: String,
    /// Shown in place of a missing picture, before its text alternative: "Picture missing".
    pub missing_picture: String,
    /// Text of the link that replaces an embedded frame: "Embedded page".
    pub embedded: String,
}

/// A rendered body.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The HTML, for an `<article>`.
    pub html: String,
    /// The problems found.
    pub problems: Vec<BodyProblem>,
    /// The number of tags of other generators.
    pub foreign_tags: usize,
}

/// A problem in a body; all are warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyProblem {
    /// The kind of problem.
    pub rule: Rule,
    /// Its bytes in the body.
    pub range: Range<usize>,
    /// The problem in one sentence.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

/// Metadata from a body, computed when it is parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Plain text of the first heading.
    pub first_heading: Option<String>,
    /// Plain text of the first paragraph with words.
    pub first_paragraph: Option<String>,
    /// Plain text of what stands before the mark that ends the summary.
    pub marked_summary: Option<String>,
    /// Whether the body has no text.
    pub is_empty: bool,
}
