//! Typographic quotes by language.
//!
//! An iterator between the parser, which finds straight quotes, and code that writes or collects
//! text. Only paired quotes are converted, to the language's marks. Inches, feet, apostrophes
//! inside words, and quotes in languages with unknown rules are unchanged: quoted reports are a
//! record.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, OffsetIter, Parser, Tag, TagEnd};

use super::{BodyFormat, MarkdownOptions, dialect};

/// The quotation marks of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marks {
    /// For `"`.
    double: (&'static str, &'static str),
    /// For `'`.
    single: (&'static str, &'static str),
}

const HIGH: (&str, &str) = ("“", "”");
const HIGH_SINGLE: (&str, &str) = ("‘", "’");
const LOW_HIGH: (&str, &str) = ("„", "“");
const LOW_HIGH_SINGLE: (&str, &str) = ("‚", "‘");
const LOW_CLOSING: (&str, &str) = ("„", "”");
const RIGHT: (&str, &str) = ("”", "”");
const RIGHT_SINGLE: (&str, &str) = ("’", "’");
const ANGLES: (&str, &str) = ("«", "»");
/// French adds a no-break space inside.
const SPACED_ANGLES: (&str, &str) = ("«\u{a0}", "\u{a0}»");

/// The marks of a language (BCP 47); `None` if it uses straight quotes or its rules are unknown.
fn marks(language: &str) -> Option<Marks> {
    let tag = language.to_ascii_lowercase();
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let is_swiss = tag.split(['-', '_']).skip(1).any(|part| matches!(part, "ch" | "li"));
    let (double, single) = match primary {
        "de" | "fr" | "it" if is_swiss => (ANGLES, ("‹", "›")),
        "en" | "es" | "pt" | "it" | "nl" | "tr" | "zh" | "ja" | "ko" | "hi" | "id" | "ms"
        | "vi" | "th" | "ga" | "cy" | "eo" => (HIGH, HIGH_SINGLE),
        "de" | "cs" | "sk" | "sl" | "is" => (LOW_HIGH, LOW_HIGH_SINGLE),
        "bg" | "lt" | "ka" | "mk" => (LOW_HIGH, HIGH_SINGLE),
        "fr" => (SPACED_ANGLES, HIGH),
        "ru" | "uk" | "be" => (ANGLES, LOW_HIGH),
        "pl" | "ro" => (LOW_CLOSING, ANGLES),
        "hu" => (LOW_CLOSING, ("»", "«")),
        "hr" | "sr" | "bs" => (LOW_CLOSING, RIGHT_SINGLE),
        "sv" | "fi" => (RIGHT, RIGHT_SINGLE),
        "nb" | "nn" | "no" => (ANGLES, HIGH_SINGLE),
        "el" => (ANGLES, HIGH),
        _ => return None,
    };
    Some(Marks { double, single })
}

/// The events of a body with their bytes, after converting quotes.
pub(super) struct Events<'a> {
    source: &'a str,
    parser: OffsetIter<'a>,
    marks: Option<Marks>,
    /// Events read ahead: the end of a pair determines its beginning.
    ahead: VecDeque<(Event<'a>, Range<usize>)>,
}

impl<'a> Events<'a> {
    pub(super) fn new(source: &'a str, options: &MarkdownOptions) -> Events<'a> {
        // HTML is one block of it, whatever Markdown would make of its lines.
        let (parsed, ahead) = match options.format {
            BodyFormat::Html => ("", whole(source)),
            BodyFormat::Markdown | BodyFormat::Mdx => (source, VecDeque::new()),
        };
        let parser = Parser::new_ext(parsed, dialect(options.smart_punctuation)).into_offset_iter();
        Events { source, parser, marks: marks(&options.language), ahead }
    }

    /// The next event of the parser, without line breaks that are no space.
    fn parse(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let source = self.source;
        self.parser
            .find(|(event, range)| *event != Event::SoftBreak || !breaks_dense_text(source, range))
    }

    /// Reads to the end of the block, and converts its quotes.
    fn read_block(&mut self, first: (Event<'a>, Range<usize>), quote: Quote) {
        let mut quotes = vec![(0, quote)];
        self.ahead.push_back(first);
        while let Some((event, range)) = self.parse() {
            let ends = ends_block(&event);
            if let Some(quote) = Quote::of(self.source, &event, &range) {
                quotes.push((self.ahead.len(), quote));
            }
            self.ahead.push_back((event, range));
            if ends {
                break;
            }
        }
        let found: Vec<Quote> = quotes.iter().map(|(_, quote)| *quote).collect();
        let decided = decide(&found, self.marks);
        for ((at, _), text) in quotes.iter().zip(decided) {
            if let Some((event, _)) = self.ahead.get_mut(*at) {
                *event = Event::Text(CowStr::Borrowed(text));
            }
        }
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = (Event<'a>, Range<usize>);

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        if self.ahead.is_empty() {
            let (event, range) = self.parse()?;
            let Some(quote) = Quote::of(self.source, &event, &range) else {
                return Some((event, range));
            };
            self.read_block((event, range), quote);
        }
        self.ahead.pop_front()
    }
}

/// A text as one block of HTML.
fn whole(source: &str) -> VecDeque<(Event<'_>, Range<usize>)> {
    let events =
        [Event::Start(Tag::HtmlBlock), Event::Html(source.into()), Event::End(TagEnd::HtmlBlock)];
    events.into_iter().map(|event| (event, 0..source.len())).collect()
}

/// Whether an event starts or ends a block; pairs don't cross it.
fn ends_block(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => !matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::End(tag) => !matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
        ),
        _ => false,
    }
}

/// A straight quote and its surroundings.
#[derive(Clone, Copy, Debug)]
struct Quote {
    is_double: bool,
    before: Side,
    after: Side,
    /// Whether it is certainly an apostrophe: `'80s`, `'tis`.
    is_elision: bool,
    /// Whether it starts its paragraph or line.
    is_first: bool,
}

/// What is next to a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// White space, or the end of the text.
    Space,
    Digit,
    /// A letter of a script with spaces between words.
    Letter,
    /// A letter of a script without spaces, or with endings attached.
    Dense,
    /// An opening bracket or a dash.
    Opening,
    /// Other punctuation.
    Mark,
}

impl Side {
    fn of(character: Option<char>) -> Side {
        let Some(character) = character else { return Side::Space };
        if character.is_whitespace() {
            Side::Space
        } else if character.is_numeric() {
            Side::Digit
        } else if is_dense(character) {
            Side::Dense
        } else if character.is_alphabetic() {
            Side::Letter
        } else if matches!(character, '(' | '[' | '{' | '–' | '—' | '-' | '/' | '¿' | '¡' | '=')
        {
            Side::Opening
        } else {
            Side::Mark
        }
    }

    fn is_word(self) -> bool {
        matches!(self, Side::Digit | Side::Letter | Side::Dense)
    }
}

/// Whether a line break is between two characters of Han or kana or full-width punctuation: there
/// it is no space (CSS Text 3, section 4.1.3).
fn breaks_dense_text(source: &str, range: &Range<usize>) -> bool {
    let is_wide = |character: char| {
        let is_hangul = matches!(character,
            '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}');
        let is_mark = matches!(character, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}');
        is_mark || (is_dense(character) && !is_hangul)
    };
    let before = source.get(..range.start).unwrap_or_default().trim_end();
    let after = source.get(range.end..).unwrap_or_default();
    let after = after.trim_start_matches(|next: char| next.is_whitespace() || next == '>');
    before.ends_with(is_wide) && after.starts_with(is_wide)
}

/// Han, kana and Hangul.
fn is_dense(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3130}'..='\u{318f}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}' | '々' | '〆')
}

impl Quote {
    /// The quote of an event, if the parser converted one.
    fn of(source: &str, event: &Event<'_>, range: &Range<usize>) -> Option<Quote> {
        let Event::Text(text) = event else { return None };
        let written = source.get(range.clone())?;
        if !matches!(written, "\"" | "'") || !matches!(&**text, "“" | "”" | "‘" | "’") {
            return None;
        }
        let (before, after) = (&source[..range.start], &source[range.end..]);
        // Skip markup around words.
        let is_markup = |character: char| matches!(character, '*' | '_' | '~');
        let last = before.trim_end_matches(is_markup).chars().next_back();
        let next = after.trim_start_matches(is_markup).chars().next();
        let before_side = Side::of(last);
        Some(Quote {
            is_double: written == "\"",
            before: before_side,
            after: Side::of(next),
            is_elision: written == "'" && !before_side.is_word() && begins_elision(after),
            is_first: before.trim_end_matches([' ', '\t', '>', '*', '_', '#', '|']).ends_with('\n')
                || before.trim_matches([' ', '\t', '>', '*', '_', '#', '|']).is_empty(),
        })
    }

    fn may_open(self) -> bool {
        let stands_free = !self.before.is_word() || self.before == Side::Dense;
        stands_free && self.after != Side::Space && !self.is_elision
    }

    fn may_close(self) -> bool {
        let ends_word = !self.after.is_word() || self.before == Side::Dense;
        ends_word && !matches!(self.before, Side::Space | Side::Opening)
    }

    /// Whether it can only be a closing quote.
    fn only_closes(self) -> bool {
        self.may_close() && !self.may_open()
    }
}

/// Whether a word with an elision begins: `'80s`, `'tis`.
fn begins_elision(after: &str) -> bool {
    const ELIDED: [&str; 6] = ["tis", "twas", "em", "til", "cause", "n"];
    let word = after.split(|next: char| !next.is_alphanumeric()).next().unwrap_or_default();
    let is_decade = word.len() == 3
        && word.ends_with('s')
        && word.bytes().take(2).all(|byte| byte.is_ascii_digit());
    is_decade || ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

/// The replacement of each quote in a block.
fn decide(quotes: &[Quote], marks: Option<Marks>) -> Vec<&'static str> {
    let straight = |quote: &Quote| if quote.is_double { "\"" } else { "'" };
    let mut texts: Vec<&'static str> = quotes.iter().map(straight).collect();
    let Some(marks) = marks else { return texts };
    for is_double in [true, false] {
        let own: Vec<usize> =
            (0..quotes.len()).filter(|&at| quotes[at].is_double == is_double).collect();
        let (opening, closing) = if is_double { marks.double } else { marks.single };
        let mut open: Option<usize> = None;
        for (position, &at) in own.iter().enumerate() {
            let quote = quotes[at];
            let next = own.get(position + 1).map(|&next| quotes[next]);
            if let Some(first) = open.filter(|_| quote.may_close() && !is_in_word(quote, next)) {
                (texts[first], texts[at]) = (opening, closing);
                open = None;
            } else if quote.may_open() && open.is_none() {
                open = Some(at);
            } else if !is_double && is_apostrophe(quote) {
                texts[at] = "’";
            }
        }
        // A quotation of several paragraphs repeats its opening mark.
        if let Some(first) = open {
            match is_double {
                true if quotes[first].is_first => texts[first] = opening,
                false if !quotes[first].before.is_word() => texts[first] = "’",
                _ => {}
            }
        }
    }
    texts
}

/// Whether a possible closing quote belongs to the word before it: an inch, a foot or a plural's
/// apostrophe, if the next quote closes the pair.
fn is_in_word(quote: Quote, next: Option<Quote>) -> bool {
    let another_closes = next.is_some_and(Quote::only_closes);
    (quote.before == Side::Digit || !quote.is_double)
        && another_closes
        && quote.after == Side::Space
}

/// `don't`, `workers'`, `'80s`; not a foot, nor a quote on its own.
fn is_apostrophe(quote: Quote) -> bool {
    match quote.before {
        Side::Digit | Side::Space | Side::Opening => quote.is_elision,
        Side::Letter => true,
        Side::Dense | Side::Mark => quote.is_elision || quote.after == Side::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::options;
    use super::*;

    fn curly(text: &str, language: &str) -> String {
        let options = MarkdownOptions { language: language.to_owned(), ..options() };
        let events = Events::new(text, &options);
        let words = events.filter_map(|(event, _)| match event {
            Event::Text(text) => Some(text.into_string()),
            Event::SoftBreak => Some("\n".to_owned()),
            Event::End(TagEnd::Paragraph) => Some("¶".to_owned()),
            _ => None,
        });
        words.collect::<String>().trim_end_matches('¶').to_owned()
    }

    #[test]
    fn each_language_has_its_marks() {
        for (language, shown) in [
            ("en", "He said “yes ‘no’ x” today"),
            ("en-GB", "He said “yes ‘no’ x” today"),
            ("de", "He said „yes ‚no‘ x“ today"),
            ("de-CH", "He said «yes ‹no› x» today"),
            ("fr", "He said «\u{a0}yes “no” x\u{a0}» today"),
            ("fr-CA", "He said «\u{a0}yes “no” x\u{a0}» today"),
            ("ru", "He said «yes „no“ x» today"),
            ("uk", "He said «yes „no“ x» today"),
            ("pl", "He said „yes «no» x” today"),
            ("sv", "He said ”yes ’no’ x” today"),
            ("cs", "He said „yes ‚no‘ x“ today"),
            ("zh-Hant", "He said “yes ‘no’ x” today"),
            ("he", "He said \"yes 'no' x\" today"),
            ("ar", "He said \"yes 'no' x\" today"),
            ("und", "He said \"yes 'no' x\" today"),
            ("", "He said \"yes 'no' x\" today"),
        ] {
            assert_eq!(curly("He said \"yes 'no' x\" today", language), shown, "{language}");
        }
    }

    #[test]
    fn measures_stay_straight_and_quotations_that_end_with_a_number_do_not() {
        for (written, shown) in [
            ("5\" x 7\"", "5\" x 7\""),
            ("a 5\" nail", "a 5\" nail"),
            ("6' tall", "6' tall"),
            ("5'10\" tall", "5'10\" tall"),
            ("\"in 1987\" and \"in 1988\"", "“in 1987” and “in 1988”"),
            ("\"a 5\" nail\"", "“a 5\" nail”"),
            ("it was \"in 1987\"", "it was “in 1987”"),
            ("\"in 1987\".", "“in 1987”."),
        ] {
            assert_eq!(curly(written, "en"), shown, "{written}");
        }
    }

    #[test]
    fn nothing_inside_a_word_is_a_quote() {
        for (language, written, shown) in [
            ("he", "ח\"כ של צה\"ל", "ח\"כ של צה\"ל"),
            ("en", "ח\"כ של צה\"ל", "ח\"כ של צה\"ל"),
            ("en", "he said \"ח\"כ\" twice", "he said “ח\"כ” twice"),
            ("en", "don't, O'Neil, l'homme", "don’t, O’Neil, l’homme"),
            ("fr", "l'homme d'aujourd'hui", "l’homme d’aujourd’hui"),
            ("he", "צ'ק", "צ'ק"),
        ] {
            assert_eq!(curly(written, language), shown, "{written}");
        }
    }

    #[test]
    fn quotes_close_where_words_stand_close_together() {
        for (language, written, shown) in [
            ("ja", "\"引用\"です", "“引用”です"),
            ("en", "\"引用\"です", "“引用”です"),
            ("zh", "他说\"你好\"了", "他说“你好”了"),
            ("zh", "\"你好\"。", "“你好”。"),
            ("ko", "\"인용\"이라고", "“인용”이라고"),
        ] {
            assert_eq!(curly(written, language), shown, "{written}");
        }
    }

    #[test]
    fn apostrophes_that_begin_a_word_open_nothing() {
        for (written, shown) in [
            ("in the '80s", "in the ’80s"),
            ("\"the '80s\"", "“the ’80s”"),
            ("'the '80s' were", "‘the ’80s’ were"),
            ("\"'80s music,\" he said", "“’80s music,” he said"),
            ("'Tis 'em", "’Tis ’em"),
            ("the workers' rights", "the workers’ rights"),
            ("'the workers' rights'", "‘the workers’ rights’"),
        ] {
            assert_eq!(curly(written, "en"), shown, "{written}");
        }
    }

    #[test]
    fn markup_escapes_and_paragraphs_are_seen_through() {
        for (written, shown) in [
            ("**\"Yes\"** he", "“Yes” he"),
            ("\"*Yes*\", he", "“Yes”, he"),
            ("(\"Yes\")", "(“Yes”)"),
            ("\\\"Yes\\\"", "\"Yes\""),
            ("&quot;Yes&quot;", "\"Yes\""),
            ("\"One.\n\n\"Two.\"", "“One.¶“Two.”"),
            ("a\"b", "a\"b"),
            ("say \"yes", "say \"yes"),
            ("one -- two --- three...", "one – two — three…"),
        ] {
            assert_eq!(curly(written, "en"), shown, "{written}");
        }
    }
}
