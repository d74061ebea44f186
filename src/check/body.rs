//! Lints of one body: lost links, vague link texts, wrong order of headings.
//!
//! Each lint is a pure function of the [`Body`] and returns [`Flaw`]s with places in it.
//! Diagnostics of rendering (unresolved links, missing pictures and anchors) come from rendering
//! the body, under the build's names. Links to anchors on other pages need those pages' bodies:
//! [`cross_page_links`] collects them, and resolves them when all bodies are read.

pub(super) mod cross_page_links;
mod headings;
mod holes;
mod links;
mod words;

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::base::detected_language::{can_detect, detect, is_alike};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::markdown::tokens::Token;
use crate::markdown::{self, own_text};
use crate::markdown::{MarkdownOptions, Picture, References as _};
use crate::render::references::{Question, Recorder};

use super::document::{Document, Kind};
use super::finding::Finding;
use crate::base::lint::Lint;

/// The input of the lints.
#[derive(Debug)]
struct Body<'a> {
    /// The source text.
    text: &'a str,
    /// BCP 47.
    language: &'a str,
    /// Markdown events with their ranges in the text.
    events: &'a [(Event<'a>, Range<usize>)],
}

/// A finding in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The lint.
    pub lint: Lint,
    /// Its bytes in the body.
    pub range: Range<usize>,
    /// The problem in one sentence.
    pub message: String,
    /// The remedy.
    pub help: String,
}

/// All findings in a body, except links to anchors on other pages.
pub(super) fn lints(document: &Document<'_>) -> Vec<Finding> {
    let language = match document.kind {
        Kind::Article(article) => article.language.as_deref(),
        Kind::Page(page) => page.language.as_deref(),
    };
    let language = language.unwrap_or(&document.look.site.config.language);
    let mut findings = said_by_a_build(document, language);
    findings.extend(flaws(document.body(), language, document.options).into_iter().map(|flaw| {
        Finding::new(flaw.lint, flaw.message).at(document.place_in_body(flaw.range)).help(flaw.help)
    }));
    findings
}

/// The diagnostics of rendering the body.
fn said_by_a_build(document: &Document<'_>, language: &str) -> Vec<Finding> {
    let recorder = Recorder::new(&document.surroundings);
    let rendered = markdown::render(document.body(), document.options, &recorder);
    let remote = remote_pictures(document, &recorder.questions());
    let other = other_language(document, language, &own_text(&rendered.html));
    let said = rendered.problems.into_iter().map(|problem| {
        let mut diagnostic = Diagnostic::warning(problem.rule, problem.message)
            .at(document.place_in_body(problem.range));
        diagnostic.help = problem.help;
        diagnostic.into()
    });
    said.chain(remote).chain(other).collect()
}

/// Where the words are of another language than `said`.
fn other_language(document: &Document<'_>, said: &str, words: &str) -> Option<Finding> {
    let found = detect(words).filter(|found| can_detect(said) && !is_alike(&found.tag, said))?;
    let message = format!(
        "this text is said to be in “{said}”; its words look like “{}” ({:.0} % sure)",
        found.tag,
        found.confidence * 100.0
    );
    let help = format!(
        "if they are, write {}; it sets the direction of writing, quotation marks, hyphenation and search",
        document.line("language", &found.tag)
    );
    Some(document.finding(Lint::OtherLanguage, "language", message).help(help))
}

/// How many pictures of a text readers load from other hosts.
fn remote_pictures(document: &Document<'_>, asked: &[Question<'_>]) -> Option<Finding> {
    let is_remote = |question: &&Question<'_>| match question {
        Question::Picture(source) => document.surroundings.picture(source) == Picture::Remote,
        Question::Link(_) | Question::File(_) | Question::Reports(_) => false,
    };
    let message = match asked.iter().filter(is_remote).count() {
        0 => return None,
        1 => "a picture of this text is loaded from another host".to_owned(),
        count => format!("{count} pictures of this text are loaded from other hosts"),
    };
    let help = "put copies beside the report, where they last and ask no other host: \
                dateline fetch-pictures; or set remote = \"link\" in [images]";
    Some(Finding::new(Lint::RemotePicture, message).at(Place::file(document.source)).help(help))
}

/// All findings in a text, in its order.
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
        // Addresses that stand in the text are links then.
        flaws.retain(|flaw| !(options.autolink && flaw.lint == Lint::BareUrl));
        flaws.sort_by_key(|flaw| (flaw.range.start, flaw.lint));
        flaws
    })
}

/// A run of words outside links and code.
#[derive(Clone, Debug)]
struct Prose {
    range: Range<usize>,
    /// What follows directly.
    next: Next,
}

/// What follows a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A link, a picture, code or raw HTML: something that the words may refer to.
    Thing,
    /// The end of the paragraph.
    End,
    /// Another run of words, such as an emphasis.
    Words,
}

impl Body<'_> {
    /// The runs of words outside links, pictures and code.
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
                    // Links and code in HTML are judged with the raw HTML.
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

/// HTML elements whose content is not prose of the report.
const NO_PROSE: [&str; 7] = ["a", "code", "kbd", "samp", "pre", "tt", "button"];

/// The runs of words in a block of raw HTML.
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

/// Sets what follows the last run, if it is not set.
fn follow(prose: &mut [Prose], next: Next) {
    if let Some(last) = prose.last_mut().filter(|last| last.next == Next::Words) {
        last.next = next;
    }
}

fn is_block(end: TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
}
