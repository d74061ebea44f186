//! A body of Markdown to HTML: pure, one article at a time.
//!
//! Takes the body as it stands in the file and what the archive knows about the addresses in it
//! ([`References`]); gives HTML and the problems found, each with its byte range in the body.

mod address;
mod anchors;
mod calls;
mod controls;
mod dialects;
mod elements;
mod embeds;
mod escape;
mod link_state;
mod links;
mod outline;
mod page_text;
mod pictures;
mod policy;
mod quotes;
mod raw_text;
mod reading;
mod rebase;
mod shortcodes;
mod summary;
mod text;
pub(crate) mod tokens;
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
pub use page_text::page_text;
pub use reading::read;
pub use rebase::rebase;
pub use summary::summary;

use shortcodes::Prepared;
use writer::{RawMode, Writer};

/// The HTML of a body, and what is wrong with it. Never panics, and takes time in proportion to
/// the body's length, whatever it holds.
pub fn render(body: &str, options: &MarkdownOptions, references: &dyn References) -> Rendered {
    let prepared = Prepared::new(body, options);
    let mode = match options.raw_html {
        RawHtml::Sanitise => RawMode::Clean,
        RawHtml::Trust => RawMode::Trust,
    };
    match Writer::new(&prepared, options, references, mode).run() {
        Ok(rendered) => rendered,
        // Too much raw HTML to clean in good time: all of it is shown as text instead.
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

/// What the addresses and shortcodes in a body mean. Implemented by the renderer, which knows
/// the archive, and by tests.
pub trait References {
    /// What a link's destination, as written, leads to.
    fn link(&self, destination: &str) -> Link;
    /// Hears where in the body a link stands, before it is asked where it leads.
    fn link_stands_at(&self, _range: &Range<usize>) {}
    /// What a picture's source, as written, is.
    fn picture(&self, source: &str) -> Picture;
    /// The HTML of a shortcode, or why there is none.
    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError>;
}

/// Hears which links a body has, those in raw HTML too, and answers nothing: for bodies that are read and
/// not shown. Shortcodes stay empty: what a template links is the template's.
pub struct LinkListener<'a>(pub &'a dyn Fn(&str));

impl References for LinkListener<'_> {
    fn link(&self, destination: &str) -> Link {
        (self.0)(destination);
        Link::External
    }

    fn picture(&self, _: &str) -> Picture {
        Picture::Remote
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Ok(String::new())
    }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Into the archive: the address to write, with the site's base path.
    Internal(String),
    /// Out of the archive, or to another scheme such as `mailto:`: written as it is.
    External,
    /// Out of the archive, and more is known of it than its address.
    Robust(RobustLink),
    /// Into the archive, but nothing is there; with a hint how to mend it.
    Unresolved(Option<String>),
    /// The curator declares its address gone.
    Lost,
}

/// What is known of a page outside of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobustLink {
    /// It is there, and so is a copy: the link keeps its address, the copy stands beside it.
    Living(ArchivedCopy),
    /// It is gone: the link leads to its copy.
    Dead(ArchivedCopy),
    /// It is gone and no copy is known: its address is shown. The words say so.
    Gone(String),
}

/// An archived copy, in the words of the interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedCopy {
    /// Where it is.
    pub address: String,
    /// The day or moment it was taken, as a machine reads it.
    pub date: Option<String>,
    /// What readers are told: “Archived copy, 1 February 2017”.
    pub words: String,
}

/// Whether a picture can be shown whole, as far as its file tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nothing speaks against it.
    #[default]
    Sound,
    /// The file begins as a picture, and ends too early or can't be measured.
    Damaged,
}

/// What a picture's source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A file of the archive: the address to write, and its size in pixels where it is known.
    Local {
        /// With the site's base path.
        address: String,
        /// Width and height in pixels.
        size: Option<(u32, u32)>,
        /// Whether it can be shown whole.
        condition: Condition,
    },
    /// On another host: written as it is.
    Remote,
    /// A file of the archive that does not exist; with a hint how to mend it.
    Missing(Option<String>),
}

/// `{{ name(key="value", n=3, on=true) }}` in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortcodeCall {
    /// The name of its template, without `.html`.
    pub name: String,
    /// Its arguments, in the order written.
    pub arguments: Vec<(String, Argument)>,
}

/// The value of a shortcode's argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// In double or single quotes, or backticks.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
}

/// Why a shortcode gave no HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcodeError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// How bodies are rendered: `[markdown]` of the config, and the words the reader's language needs.
#[derive(Clone, Debug)]
pub struct MarkdownOptions {
    /// What is done with raw HTML.
    pub raw_html: RawHtml,
    /// What is done with other generators' template tags.
    pub foreign_tags: ForeignTags,
    /// What is done with links that lead nowhere in the archive.
    pub unresolved_links: UnresolvedLinks,
    /// Curly quotes, dashes and ellipses.
    pub smart_punctuation: bool,
    /// Whether addresses that stand in the text become links.
    pub autolink: bool,
    /// What the body is written in.
    pub format: BodyFormat,
    /// The language of the body (BCP 47), which decides about quotes.
    pub language: String,
    /// Interface words inside bodies.
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

/// Interface words inside bodies, in the archive's language.
#[derive(Clone, Debug, Default)]
pub struct BodyWords {
    /// Titles of the alerts: note, tip, important, warning, caution.
    pub alerts: [String; 5],
    /// Accessible name of a footnote's way back, "Back to the text".
    pub footnote_back: String,
    /// Accessible name of a footnote's mark, `{n}` standing for its number: "Footnote {n}".
    pub footnote: String,
    /// Title of the footnotes, "Notes".
    pub footnotes: String,
    /// Accessible name of a heading's own link, "Link to this section".
    pub heading_link: String,
    /// Shown after the words of a link whose address is gone, "(link lost)".
    pub lost_link: String,
    /// Shown small after a link of whose page there is a copy: "copy".
    pub copy_mark: String,
    /// Shown in place of a picture that is missing, before its alternative text: "Picture missing".
    pub missing_picture: String,
    /// Words of the link that takes an embedded frame's place: "Embedded page".
    pub embedded: String,
}

/// A rendered body.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The HTML, to be placed inside `<article>`.
    pub html: String,
    /// What was wrong with it.
    pub problems: Vec<BodyProblem>,
    /// How many tags of other generators it holds.
    pub foreign_tags: usize,
}

/// A problem in a body; every one is a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyProblem {
    /// Its stable name.
    pub rule: Rule,
    /// Bytes of the body.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// What metadata needs of a body: found once at parse, kept instead of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Plain text of the first heading.
    pub first_heading: Option<String>,
    /// Plain text of the first paragraph that has words, whole.
    pub first_paragraph: Option<String>,
    /// Plain text of what stands before the mark that ends the summary.
    pub marked_summary: Option<String>,
    /// Whether there is any text at all.
    pub is_empty: bool,
}
