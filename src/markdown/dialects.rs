//! What other generators read in a body besides Markdown: found before Markdown sees it, and written so that
//! Markdown understands it.
//!
//! Each file here knows one dialect and gives [`Edit`]s of the body; [`super::shortcodes`] puts them in with
//! its own. A body that holds no sign of any is not looked at.

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

/// Something that stands in the body, and what takes its place.
pub(super) struct Edit {
    pub(super) kind: TagKind,
    pub(super) source: Range<usize>,
}

impl Edit {
    /// Other words in the place of those that stand there.
    fn written(source: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { kind: TagKind::Written(text.into()), source }
    }

    /// Nothing in the place of what stands there.
    fn gone(source: Range<usize>) -> Edit {
        Edit::written(source, "")
    }
}

/// What a parse of the body says about its places.
#[derive(Default)]
pub(super) struct Survey {
    /// Code, whose braces and marks are nobody's.
    pub(super) code: Vec<Range<usize>>,
    /// Text outside of links, pictures and raw HTML.
    words: Vec<Range<usize>>,
}

impl Survey {
    /// Reads a body; what the ranges cover is not looked at.
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

    /// The code that a place lies in.
    pub(super) fn code_at(&self, at: usize) -> Option<&Range<usize>> {
        let next = self.code.partition_point(|range| range.end <= at);
        self.code.get(next).filter(|range| range.start <= at)
    }

    /// Whether a place lies in words.
    fn is_in_words(&self, at: usize) -> bool {
        let next = self.words.partition_point(|range| range.end <= at);
        self.words.get(next).is_some_and(|range| range.start <= at)
    }
}

/// A body of the same length with blanks in these places; its lines stay.
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

/// All that stands in a body of other dialects, and where code stands, in which tags are text.
pub(super) struct Found {
    /// In no order; they may overlap, of which the first counts.
    pub(super) edits: Vec<Edit>,
    /// Where code stands, and text that is to be taken as it is.
    pub(super) survey: Survey,
}

/// Looks for other dialects in a body.
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

/// What stands behind a place on its line, so many bytes of it at most: a tag that nothing closes is not
/// looked for in all of the body.
fn near(body: &str, from: usize, most: usize) -> &str {
    let mut end = (from + most).min(body.len());
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    body[from..end].split('\n').next().unwrap_or_default()
}

/// The lines of a body with the places where they begin, each with its end.
fn lines(body: &str) -> impl Iterator<Item = (usize, &str)> {
    body.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}
