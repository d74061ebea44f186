//! Lints of one body: links that were lost, words that say nothing, headings out of order.
//!
//! Each lint is a function of the [`Body`] alone and gives [`Flaw`]s with their places in it. What a
//! build says when it renders a body (links to nowhere, missing pictures, anchors that its page has
//! not) comes from rendering it, under the build's own names. Links to places on other pages need
//! those pages' bodies: [`far`] gathers them, and looks when all bodies were read.

pub(super) mod cross_page_links;
mod headings;
mod holes;
mod links;
mod words;

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::base::diagnostic::Diagnostic;
use crate::markdown;
use crate::markdown::MarkdownOptions;
use crate::markdown::tokens::Token;

use super::document::{Document, Kind};
use super::finding::Finding;
use crate::base::lint::Lint;

/// A body as the lints see it.
#[derive(Debug)]
struct Body<'a> {
    /// As written.
    text: &'a str,
    /// BCP 47.
    language: &'a str,
    /// Its Markdown, with places in the text.
    events: &'a [(Event<'a>, Range<usize>)],
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which lint says so.
    pub lint: Lint,
    /// Bytes of the body.
    pub range: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// All that is found in a body, but for links to places on other pages.
pub(super) fn lints(document: &Document<'_>) -> Vec<Finding> {
    let language = match document.kind {
        Kind::Article(_, article) => article.language.as_deref(),
        Kind::Page(page) => page.language.as_deref(),
    };
    let language = language.unwrap_or(&document.look.site.config.language);
    let mut findings = said_by_a_build(document);
    findings.extend(flaws(document.body(), language, document.options).into_iter().map(|flaw| {
        Finding::new(flaw.lint, flaw.message).at(document.place_in_body(flaw.range)).help(flaw.help)
    }));
    findings
}

/// What a build says when it renders the body.
fn said_by_a_build(document: &Document<'_>) -> Vec<Finding> {
    let rendered = markdown::render(document.body(), document.options, &document.surroundings);
    let said = rendered.problems.into_iter().map(|problem| {
        let mut diagnostic = Diagnostic::warning(problem.rule, problem.message)
            .at(document.place_in_body(problem.range));
        diagnostic.help = problem.help;
        diagnostic.into()
    });
    said.collect()
}

/// All that is wrong with a body by itself, in the order of its text.
pub fn flaws(text: &str, language: &str, options: &MarkdownOptions) -> Vec<Flaw> {
    markdown::read(text, options, |events| {
        let body = Body { text, language, events };
        let lints = [
            links::without_words,
            links::of_vague_words,
            links::bare_urls,
            links::pictures_without_alt,
            headings::out_of_order,
            holes::of_lost_links,
        ];
        let mut flaws: Vec<Flaw> = lints.iter().flat_map(|lint| lint(&body)).collect();
        flaws.sort_by_key(|flaw| (flaw.range.start, flaw.lint));
        flaws
    })
}

/// A stretch of plain words: neither in a link nor in code, as it stands in the source.
#[derive(Clone, Debug)]
struct Prose {
    range: Range<usize>,
    /// What stands right after it.
    next: Next,
}

/// What follows a stretch of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A link, a picture, code, raw HTML: something that the words may be about.
    Thing,
    /// The end of the paragraph.
    End,
    /// Another stretch of words, such as an emphasis.
    Words,
}

impl Body<'_> {
    /// The words of the body outside links, pictures and code.
    fn prose(&self) -> Vec<Prose> {
        let mut prose: Vec<Prose> = Vec::new();
        let mut aside = 0usize;
        for (event, range) in self.events {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => {
                    follow(&mut prose, Next::Thing);
                    aside += 1;
                }
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                    aside = aside.saturating_sub(1);
                }
                Event::Text(_) if aside == 0 => match prose.last_mut() {
                    Some(last) if last.range.end == range.start && last.next == Next::Words => {
                        last.range.end = range.end;
                    }
                    _ => prose.push(Prose { range: range.clone(), next: Next::Words }),
                },
                Event::Start(Tag::HtmlBlock) => {
                    follow(&mut prose, Next::End);
                    raw_prose(self.text, range.clone(), &mut prose);
                }
                Event::InlineHtml(tag) => {
                    follow(&mut prose, Next::Thing);
                    // Links and code may be written as HTML; they are the cleaner's to judge.
                    let name = tag.trim_start_matches(['<', '/']);
                    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
                    if name.is_some_and(|name| NO_PROSE.contains(&name)) {
                        let is_end = tag.starts_with("</");
                        aside = if is_end { aside.saturating_sub(1) } else { aside + 1 };
                    }
                }
                Event::Code(_) | Event::FootnoteReference(_) | Event::HardBreak => {
                    follow(&mut prose, Next::Thing);
                }
                Event::End(end) if is_block(*end) => {
                    follow(&mut prose, Next::End);
                    aside = 0;
                }
                _ => {}
            }
        }
        prose
    }
}

/// Elements of raw HTML whose words are no prose of the report's own.
const NO_PROSE: [&str; 7] = ["a", "code", "kbd", "samp", "pre", "tt", "button"];

/// The words of a block of raw HTML, as those of Markdown.
fn raw_prose(text: &str, range: Range<usize>, prose: &mut Vec<Prose>) {
    let (html, start) = (&text[range.clone()], range.start);
    let mut aside = 0usize;
    for token in markdown::tokens::tokenize(html).unwrap_or_default() {
        match token {
            Token::Text(range) if aside == 0 => prose
                .push(Prose { range: start + range.start..start + range.end, next: Next::Words }),
            Token::Start(tag) if NO_PROSE.contains(&tag.name.as_str()) => {
                follow(prose, Next::Thing);
                aside += 1;
            }
            Token::End(name, _) if NO_PROSE.contains(&name.as_str()) => {
                aside = aside.saturating_sub(1);
            }
            Token::Start(tag) if tag.name == "p" => follow(prose, Next::End),
            Token::End(name, _) if name == "p" => follow(prose, Next::End),
            Token::Start(_) | Token::Element(..) => follow(prose, Next::Thing),
            Token::Text(_) | Token::End(..) | Token::Comment(_) | Token::Declaration(_) => {}
        }
    }
    follow(prose, Next::End);
}

/// Notes what follows the last stretch, once.
fn follow(prose: &mut [Prose], next: Next) {
    if let Some(last) = prose.last_mut().filter(|last| last.next == Next::Words) {
        last.next = next;
    }
}

fn is_block(end: TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
}
