//! Writes inlines as Markdown.
//!
//! Asterisks mark emphasis only by `CommonMark`'s flanking rules: next to a letter after a
//! quotation mark, as in «Слово»текст, they would stay asterisks. There the HTML element is written
//! instead.

use super::document::{Inline, is_blank};
use super::escaping::{address, attribute_value, escape, title};

/// Inlines as Markdown; `line_break` is the text for breaks.
pub(super) fn line(words: &[Inline], line_break: &str) -> String {
    let mut spans = Spans { tokens: Vec::new(), pairs: Vec::new(), line_break, depth: 0 };
    spans.push_all(words, Style::default());
    spans.trim();
    spans.choose_signs();
    spans.write()
}

enum Token {
    Character(char),
    /// Markup, written unchanged.
    Markup(String),
    Break,
    Open(usize),
    Close(usize),
}

/// An emphasis and its delimiters.
struct Pair {
    kind: Kind,
    signs: Signs,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Strong,
    Emphasis,
    Both,
}

#[derive(Clone, Copy, PartialEq)]
enum Signs {
    Stars,
    Elements,
}

impl Pair {
    fn opening(&self) -> &'static str {
        match (self.signs, self.kind) {
            (Signs::Stars, Kind::Strong) => "**",
            (Signs::Stars, Kind::Emphasis) => "*",
            (Signs::Stars, Kind::Both) => "***",
            (Signs::Elements, Kind::Strong) => "<strong>",
            (Signs::Elements, Kind::Emphasis) => "<em>",
            (Signs::Elements, Kind::Both) => "<strong><em>",
        }
    }

    fn closing(&self) -> &'static str {
        match (self.signs, self.kind) {
            (Signs::Stars, _) => self.opening(),
            (Signs::Elements, Kind::Strong) => "</strong>",
            (Signs::Elements, Kind::Emphasis) => "</em>",
            (Signs::Elements, Kind::Both) => "</em></strong>",
        }
    }
}

/// The active formatting: nested equal emphasis has no effect.
#[derive(Clone, Copy, Default)]
struct Style {
    strong: bool,
    emphasis: bool,
}

struct Spans<'a> {
    tokens: Vec<Token>,
    pairs: Vec<Pair>,
    line_break: &'a str,
    /// The current depth of emphasis.
    depth: usize,
}

impl Spans<'_> {
    fn push_all(&mut self, words: &[Inline], style: Style) {
        for inline in words {
            self.push(inline, style);
        }
    }

    fn push(&mut self, inline: &Inline, style: Style) {
        match inline {
            Inline::Text(text) => self.push_text(text),
            Inline::Strong(inner) if style.strong || is_blank(inner) => self.push_all(inner, style),
            Inline::Strong(inner) => {
                self.push_pair(Kind::Strong, inner, Style { strong: true, ..style });
            }
            Inline::Emphasis(inner) if style.emphasis || is_blank(inner) => {
                self.push_all(inner, style);
            }
            Inline::Emphasis(inner) => {
                self.push_pair(Kind::Emphasis, inner, Style { emphasis: true, ..style });
            }
            Inline::Element(start, inner, end) => {
                self.tokens.push(Token::Markup(start.clone()));
                self.push_all(inner, style);
                self.tokens.push(Token::Markup((*end).to_owned()));
            }
            Inline::Code(text) => self.tokens.push(Token::Markup(code(text))),
            Inline::Link { address: to, title: shown, content } => {
                let words = line(content, self.line_break);
                let title = shown.as_deref().map_or_else(String::new, written_title);
                self.tokens.push(Token::Markup(format!("[{words}]({}{title})", address(to))));
            }
            Inline::Picture { source, description, title: shown } => {
                let words = line(&[Inline::Text(description.clone())], " ");
                let title = shown.as_deref().map_or_else(String::new, written_title);
                self.tokens.push(Token::Markup(format!("![{words}]({}{title})", address(source))));
            }
            Inline::Anchor(id) => {
                self.tokens
                    .push(Token::Markup(format!("<span id=\"{}\"></span>", attribute_value(id))));
            }
            Inline::Break => {
                self.drop_spaces();
                self.tokens.push(Token::Break);
            }
        }
    }

    /// White space at the ends goes outside the emphasis.
    fn push_pair(&mut self, kind: Kind, inner: &[Inline], style: Style) {
        let outer = std::mem::take(&mut self.tokens);
        self.depth += 1;
        self.push_all(inner, style);
        self.depth -= 1;
        let mut inner = std::mem::replace(&mut self.tokens, outer);
        let after = inner.iter().rposition(|token| !is_space(token)).map_or(0, |last| last + 1);
        let behind = inner.split_off(after);
        let ahead = inner.iter().take_while(|token| is_space(token)).count();
        let words = inner.split_off(ahead);
        self.append(inner);
        match only_pair(&words) {
            Some(pair) if self.pairs[pair].kind != kind => {
                self.pairs[pair].kind = Kind::Both;
                self.tokens.extend(words);
            }
            _ if words.is_empty() => {}
            _ => {
                self.pairs.push(Pair { kind, signs: Signs::Stars });
                let pair = self.pairs.len() - 1;
                self.tokens.push(Token::Open(pair));
                self.tokens.extend(words);
                self.tokens.push(Token::Close(pair));
            }
        }
        self.append(behind);
    }

    fn append(&mut self, tokens: Vec<Token>) {
        for token in tokens {
            match token {
                Token::Character(' ') if self.ends_with_space() => {}
                Token::Break => {
                    self.drop_spaces();
                    self.tokens.push(Token::Break);
                }
                token => self.tokens.push(token),
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        let text = if self.ends_with_space() { text.trim_start_matches(' ') } else { text };
        self.tokens.extend(text.chars().map(Token::Character));
    }

    fn ends_with_space(&self) -> bool {
        self.tokens.last().map_or(self.depth == 0, is_space)
    }

    /// Removes white space and breaks at the ends.
    fn trim(&mut self) {
        let end = self.tokens.iter().rposition(|token| !is_space(token)).map_or(0, |last| last + 1);
        self.tokens.truncate(end);
        let start = self.tokens.iter().take_while(|token| is_space(token)).count();
        self.tokens.drain(..start);
    }

    fn drop_spaces(&mut self) {
        while matches!(self.tokens.last(), Some(Token::Character(' '))) {
            self.tokens.pop();
        }
    }

    /// Chooses asterisks or HTML for each emphasis.
    fn choose_signs(&mut self) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut ends: Vec<Ends> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Open(pair) => open.push((*pair, at)),
                Token::Close(_) => {
                    let Some((pair, start)) = open.pop() else { continue };
                    let is_nested =
                        !open.is_empty() || ends.iter().any(|inner| inner.start > start);
                    ends.push(Ends { pair, start, end: at, is_nested });
                }
                _ => {}
            }
        }
        for ends in ends {
            if !self.may_be_stars(&ends) {
                self.pairs[ends.pair].signs = Signs::Elements;
            }
        }
    }

    fn may_be_stars(&self, ends: &Ends) -> bool {
        let is_mark = |at: Option<usize>| {
            let token = at.and_then(|at| self.tokens.get(at));
            matches!(token, Some(Token::Open(_) | Token::Close(_)))
        };
        let touches_others = is_mark(ends.start.checked_sub(1))
            || is_mark(Some(ends.start + 1))
            || is_mark(ends.end.checked_sub(1))
            || is_mark(Some(ends.end + 1));
        let (before, first) = (self.before(ends.start), self.after(ends.start));
        let (last, after) = (self.before(ends.end), self.after(ends.end));
        let is_glued = [before, after].into_iter().flatten().any(char::is_alphanumeric);
        !touches_others
            && flanks(first, before)
            && flanks(last, after)
            && !(is_glued && ends.is_nested)
    }

    /// The character before a token.
    fn before(&self, at: usize) -> Option<char> {
        match self.tokens[..at].last()? {
            Token::Character(character) => Some(*character),
            Token::Markup(markup) => markup.chars().next_back(),
            Token::Break => Some('\n'),
            Token::Open(_) | Token::Close(_) => Some('*'),
        }
    }

    /// The character after a token.
    fn after(&self, at: usize) -> Option<char> {
        match self.tokens.get(at + 1)? {
            Token::Character(character) => Some(*character),
            Token::Markup(markup) => markup.chars().next(),
            Token::Break => Some('\\'),
            Token::Open(_) | Token::Close(_) => Some('*'),
        }
    }

    fn write(&self) -> String {
        let mut out = String::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Character(character) => {
                    let following = self.tokens[at + 1..].iter().map_while(|token| match token {
                        Token::Character(character) => Some(*character),
                        Token::Markup(markup) => markup.chars().next(),
                        Token::Break | Token::Open(_) | Token::Close(_) => None,
                    });
                    escape(*character, self.before(at), following, &mut out);
                }
                Token::Markup(markup) => out.push_str(markup),
                Token::Break => out.push_str(self.line_break),
                Token::Open(pair) => out.push_str(self.pairs[*pair].opening()),
                Token::Close(pair) => out.push_str(self.pairs[*pair].closing()),
            }
        }
        out.trim_matches([' ', '\n']).to_owned()
    }
}

/// The emphasis that covers all tokens, if any.
fn only_pair(words: &[Token]) -> Option<usize> {
    match (words.first(), words.last()) {
        (Some(Token::Open(open)), Some(Token::Close(close))) if open == close => Some(*open),
        _ => None,
    }
}

fn is_space(token: &Token) -> bool {
    matches!(token, Token::Character(' ') | Token::Break)
}

/// The start and end of an emphasis.
struct Ends {
    pair: usize,
    start: usize,
    end: usize,
    is_nested: bool,
}

/// Whether an asterisk between two characters is a delimiter; `inside` is on the side of the
/// emphasis.
fn flanks(inside: Option<char>, outside: Option<char>) -> bool {
    let Some(inside) = inside.filter(|inside| !inside.is_whitespace()) else { return false };
    inside.is_alphanumeric()
        || outside.is_none_or(|outside| outside.is_whitespace() || is_surely_punctuation(outside))
}

/// Characters that count as punctuation in every version of `CommonMark`.
fn is_surely_punctuation(character: char) -> bool {
    character.is_ascii_punctuation() || matches!(character, '«' | '»' | '\u{2010}'..='\u{2027}')
}

fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

fn written_title(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" \"{}\"", title(text.trim())) }
}
