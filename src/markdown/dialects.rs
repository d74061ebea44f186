//! Syntax of other generators in a body: found before Markdown is parsed, and replaced with
//! Markdown.
//!
//! Each file here knows one dialect and returns [`Edit`]s of the body; [`super::shortcodes`]
//! applies them together with its own. A body without any sign of a dialect is not parsed.

mod bare_links;
mod code;
mod containers;
mod dense;
pub(super) mod embeds;
mod kramdown;
mod mdx;
mod more;

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::tag_kind::TagKind;
use super::{BodyFormat, MarkdownOptions, dialect};

pub(super) use kramdown::abbreviations;
pub(super) use more::marker;

/// A range of the body and its replacement.
pub(super) struct Edit {
    pub(super) kind: TagKind,
    pub(super) source: Range<usize>,
}

impl Edit {
    /// Replaces a range with a text.
    fn written(source: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { kind: TagKind::Written(text.into()), source }
    }

    /// Removes a range.
    fn gone(source: Range<usize>) -> Edit {
        Edit::written(source, "")
    }
}

/// The ranges of code and of plain text in a body.
#[derive(Default)]
pub(super) struct Survey {
    /// Code, in which braces and marks have no meaning.
    pub(super) code: Vec<Range<usize>>,
    /// Text outside of links, pictures and raw HTML.
    words: Vec<Range<usize>>,
}

impl Survey {
    /// Parses a body, except for the given ranges.
    fn of(body: &str, covered: &[Range<usize>]) -> Survey {
        let masked = (!covered.is_empty()).then(|| masked(body, covered));
        let mut survey = Survey::default();
        let mut links = 0usize;
        let parser = Parser::new_ext(masked.as_deref().unwrap_or(body), dialect(false));
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => survey.code.push(range),
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
                Event::End(TagEnd::Link | TagEnd::Image) => links -= 1,
                Event::Text(_) if links == 0 && survey.code_at(range.start).is_none() => {
                    survey.words.push(range);
                }
                _ => {}
            }
        }
        survey
    }

    /// The code around a position.
    pub(super) fn code_at(&self, at: usize) -> Option<&Range<usize>> {
        let next = self.code.partition_point(|range| range.end <= at);
        self.code.get(next).filter(|range| range.start <= at)
    }

    /// Whether a position is in plain text.
    fn is_in_words(&self, at: usize) -> bool {
        let next = self.words.partition_point(|range| range.end <= at);
        self.words.get(next).is_some_and(|range| range.start <= at)
    }
}

/// The body with these ranges replaced with spaces; length and line breaks stay.
fn masked(body: &str, covered: &[Range<usize>]) -> String {
    let mut bytes = body.as_bytes().to_vec();
    for range in covered {
        for byte in &mut bytes[range.clone()] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// All edits of a body, and the ranges of code, in which tags are text.
pub(super) struct Found {
    /// Unsorted; of overlapping ones the first counts.
    pub(super) edits: Vec<Edit>,
    /// Ranges of code, and of text to be taken literally.
    pub(super) survey: Survey,
}

/// Searches a body for other dialects.
pub(super) fn find(body: &str, options: &MarkdownOptions) -> Found {
    if options.format == BodyFormat::Html {
        return Found { edits: Vec::new(), survey: Survey::default() };
    }
    let blocks = code::blocks(body);
    let has_signs = kramdown::has_signs(body)
        || containers::has_signs(body)
        || (options.autolink && bare_links::has_signs(body))
        || options.format == BodyFormat::Mdx
        || dense::has_signs(body)
        || more::marker(body).is_some();
    let has_code = || ["`", "~~~", "    ", "\t"].iter().any(|sign| body.contains(sign));
    let needs_survey = has_signs || !blocks.is_empty() || (has_braces(body) && has_code());
    if !needs_survey {
        return Found { edits: Vec::new(), survey: Survey::default() };
    }
    let covered: Vec<Range<usize>> = blocks.iter().map(code::Block::inside).collect();
    let mut survey = Survey::of(body, &covered);
    let mut edits = code::edits(body, &blocks, &mut survey);
    if has_signs {
        more::edits(body, &survey, &mut edits);
        if options.format == BodyFormat::Mdx {
            mdx::edits(body, &survey, &mut edits);
        }
        kramdown::edits(body, &survey, &mut edits);
        containers::edits(body, &survey, &mut edits);
        dense::edits(body, &survey, &mut edits);
        if options.autolink {
            bare_links::edits(body, &survey, &mut edits);
        }
    }
    Found { edits, survey }
}

/// Whether a body may hold shortcodes.
pub(super) fn has_braces(body: &str) -> bool {
    body.contains('{') && (body.contains("{{") || body.contains("{%"))
}

/// The rest of a line after a position, up to a number of bytes: the search for the end of an
/// unclosed tag must not scan the whole body.
fn near(body: &str, from: usize, most: usize) -> &str {
    let mut end = (from + most).min(body.len());
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    body[from..end].split('\n').next().unwrap_or_default()
}

/// The lines of a body, each with its start and its line break.
fn lines(body: &str) -> impl Iterator<Item = (usize, &str)> {
    body.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}
