//! The words of a body without its markup: what lists, feeds and cards show.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::shortcodes::Prepared;
use super::tokens::{self, Token};
use super::{MarkdownOptions, Outline, dialect};

/// How much of a body is read for its first heading and paragraph.
const READ_AT_MOST: usize = 64 * 1024;

/// Summaries end at a sentence's end between these, in characters.
const SUMMARY: std::ops::RangeInclusive<usize> = 200..=300;

/// A sentence that ends before [`SUMMARY`] begins is enough where none ends inside it.
const SHORT_SUMMARY: usize = 80;

/// Finds the first heading and the first paragraph with words.
pub fn outline(body: &str, options: &MarkdownOptions) -> Outline {
    let prepared = Prepared::new(beginning(body));
    let mut reader = Reader::new(&prepared);
    for event in Parser::new_ext(prepared.text(), dialect(options.smart_punctuation)) {
        reader.read(event);
        if reader.outline.first_heading.is_some() && reader.outline.first_paragraph.is_some() {
            break;
        }
    }
    reader.finish()
}

/// A body's first lines, as many as are read.
fn beginning(body: &str) -> &str {
    if body.len() <= READ_AT_MOST {
        return body;
    }
    let mut end = READ_AT_MOST;
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let end = body[..end].rfind('\n').map_or(end, |line| line + 1);
    &body[..end]
}

struct Reader<'a> {
    prepared: &'a Prepared<'a>,
    outline: Outline,
    words: String,
    /// The words of raw HTML: a paragraph where Markdown has none.
    raw_words: String,
    has_text: bool,
    in_heading: bool,
    in_paragraph: bool,
    /// Lists, tables and footnotes around: what they hold is no first paragraph.
    aside: usize,
    /// Images around: their text is shown when they are not.
    images: usize,
}

impl<'a> Reader<'a> {
    fn new(prepared: &'a Prepared<'a>) -> Reader<'a> {
        Reader {
            prepared,
            outline: Outline::default(),
            words: String::new(),
            raw_words: String::new(),
            has_text: false,
            in_heading: false,
            in_paragraph: false,
            aside: 0,
            images: 0,
        }
    }

    fn read(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::Html(html) => self.raw_words.push_str(&html),
            Event::SoftBreak | Event::HardBreak => self.words.push(' '),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        match tag {
            Tag::Heading { .. } => {
                self.in_heading = true;
                self.words.clear();
            }
            Tag::Paragraph => {
                self.in_paragraph = self.aside == 0;
                self.words.clear();
            }
            Tag::Image { .. } => self.images += 1,
            Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) => self.aside += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.in_heading = false;
                keep_first(&mut self.outline.first_heading, &self.words);
            }
            TagEnd::Paragraph if self.in_paragraph => {
                self.in_paragraph = false;
                keep_first(&mut self.outline.first_paragraph, &self.words);
            }
            TagEnd::HtmlBlock => {
                self.raw_words.push('\n');
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition => {
                self.aside = self.aside.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.images > 0 {
            return;
        }
        let text = self.prepared.without_tags(text);
        self.has_text = self.has_text || has_words(&text);
        if self.in_heading || self.in_paragraph {
            self.words.push_str(&text);
        }
    }

    fn finish(mut self) -> Outline {
        let raw = plain(&self.raw_words, self.prepared);
        if self.outline.first_paragraph.is_none() {
            keep_first(
                &mut self.outline.first_paragraph,
                raw.trim().split("\n\n").next().unwrap_or_default(),
            );
        }
        self.outline.is_empty = !self.has_text && !has_words(&raw);
        self.outline
    }
}

fn keep_first(kept: &mut Option<String>, words: &str) {
    if kept.is_none() && has_words(words) {
        *kept = Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// The text of raw HTML; blocks of it are set apart by blank lines.
fn plain(html: &str, prepared: &Prepared<'_>) -> String {
    let mut words = String::new();
    for token in tokens::tokenize(html).unwrap_or_default() {
        match token {
            Token::Text(range) => words.push_str(&prepared.without_tags(&html[range])),
            Token::End(name, _)
                if matches!(name.as_str(), "p" | "div" | "h1" | "h2" | "h3" | "li" | "td") =>
            {
                words.push_str("\n\n");
            }
            Token::Start(tag) if tag.name == "br" => words.push(' '),
            _ => {}
        }
    }
    html_escape::decode_html_entities(&words).into_owned()
}

/// A paragraph cut for a list or card: whole if it is short, else at the end of a sentence near
/// 200 to 300 characters, else after a word, with an ellipsis.
pub fn summary(paragraph: &str, language: &str) -> String {
    let paragraph = paragraph.trim();
    let Some((limit, _)) = paragraph.char_indices().nth(*SUMMARY.end()) else {
        return paragraph.to_owned();
    };
    let within = &paragraph[..limit];
    match sentence_end(paragraph, limit, language) {
        Some(end) => paragraph[..end].trim_end().to_owned(),
        None => format!("{}…", cut_at_word(within)),
    }
}

/// The end of the first sentence that is long enough, else of the longest before it.
fn sentence_end(paragraph: &str, limit: usize, language: &str) -> Option<usize> {
    let mut shorter = None;
    for (count, (at, character)) in paragraph.char_indices().enumerate() {
        if at >= limit {
            break;
        }
        let after = at + character.len_utf8();
        if !is_terminator(character) || !ends_sentence(paragraph, at, character, language) {
            continue;
        }
        let end = after + closing_marks(&paragraph[after..]);
        match count {
            _ if SUMMARY.contains(&count) && end <= limit => return Some(end),
            _ if count >= SHORT_SUMMARY && end <= limit => shorter = Some(end),
            _ => {}
        }
    }
    shorter
}

fn is_terminator(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '؟'
            | '۔'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '．'
            | '।'
            | '॥'
            | '።'
            | '፧'
            | '։'
            | '᙮'
            | '။'
            | '៕'
            | '។'
    )
}

/// Scripts that end sentences with a mark of full width put no space after it; a full stop of
/// ours may also end an abbreviation, a numeral or a part of a name.
fn ends_sentence(paragraph: &str, at: usize, mark: char, language: &str) -> bool {
    if !matches!(mark, '.' | '!' | '?' | '…' | '؟' | '۔') {
        return true;
    }
    let rest = &paragraph[at + mark.len_utf8()..];
    let rest = &rest[closing_marks(rest)..];
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    if rest.trim_start().starts_with(char::is_lowercase) {
        return false;
    }
    mark != '.' || !is_abbreviated(&paragraph[..at], language)
}

/// Whether a full stop after this text belongs to its last word.
fn is_abbreviated(before: &str, language: &str) -> bool {
    const TITLES: [&str; 23] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Lt", "Sgt", "Sen", "Rep", "Gov", "St",
        "vs", "No", "Inc", "Jr", "Sr", "Mt", "Nr", "bzw", "им", "тыс",
    ];
    let start = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let word = before.get(start..).unwrap_or(before).trim_start_matches(['(', '"', '“', '«', '„']);
    let is_initial = word.chars().next_back().is_some_and(char::is_uppercase)
        && (word.chars().count() == 1 || word.chars().rev().nth(1) == Some('.'));
    let counts_with_dots = [
        "de", "cs", "sk", "pl", "da", "nb", "nn", "no", "fi", "hu", "et", "lv", "sl", "hr", "sr",
        "tr", "is",
    ]
    .contains(&language.split('-').next().unwrap_or_default());
    let is_ordinal = counts_with_dots
        && !word.is_empty()
        && word.len() <= 2
        && word.bytes().all(|byte| byte.is_ascii_digit());
    is_initial || is_ordinal || TITLES.contains(&word)
}

/// The length of the quotes and brackets that close with a sentence.
fn closing_marks(text: &str) -> usize {
    text.find(|character| {
        !matches!(
            character,
            '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）' | '“' | '›'
        )
    })
    .unwrap_or(text.len())
}

/// Cuts after the last whole word; where a script has no spaces, after a letter with its marks.
fn cut_at_word(text: &str) -> Cow<'_, str> {
    const FARTHEST: usize = 40;
    let space = text
        .char_indices()
        .rev()
        .take(FARTHEST)
        .find(|(_, character)| character.is_whitespace())
        .map(|(at, _)| at);
    let end = space.unwrap_or_else(|| {
        let is_letter = |character: char| {
            icu_normalizer::properties::CanonicalCombiningClassMapBorrowed::new().get_u8(character)
                == 0
        };
        text.char_indices()
            .rev()
            .find(|&(_, character)| is_letter(character))
            .map_or(text.len(), |(at, _)| at)
    });
    let trimmed = text[..end].trim_end_matches(|character: char| {
        character.is_whitespace() || ",;:–—-،、，([“«".contains(character)
    });
    Cow::Borrowed(trimmed)
}

#[cfg(test)]
mod tests {
    use super::super::testing::options;
    use super::*;

    fn first(body: &str) -> (Option<String>, Option<String>) {
        let outline = outline(body, &options());
        (outline.first_heading, outline.first_paragraph)
    }

    #[test]
    fn only_words_are_left() {
        let body = "![Logo](a.png)\n\n{{ box() }}\n\n# The *news* of `today` {{ box() }}\n\nRead [this](x.md)[^1],\n<b>now</b>! {{< ref >}}\n\n[^1]: Note.\n";
        let (heading, paragraph) = first(body);
        assert_eq!(heading.as_deref(), Some("The news of today"));
        assert_eq!(paragraph.as_deref(), Some("Read this, now!"));
    }

    #[test]
    fn asides_are_no_first_paragraph() {
        let (heading, paragraph) =
            first("[^1]: Note.\n\n- one\n\n- two\n\n| a |\n|---|\n| b |\n\nWords[^1].");
        assert_eq!((heading, paragraph.as_deref()), (None, Some("Words.")));
    }

    #[test]
    fn raw_html_has_words_too() {
        let (_, paragraph) = first("<p>One &amp; <b>two</b>.</p>\n<p>Three.</p>\n");
        assert_eq!(paragraph.as_deref(), Some("One & two."));
    }

    #[test]
    fn emptiness() {
        let is_empty = |body| outline(body, &options()).is_empty;
        assert!(is_empty(""));
        assert!(is_empty("![x](a.png)\n\n{{ box() }}\n\n***\n"));
        assert!(!is_empty("- a"));
        assert!(!is_empty("<p>a</p>"));
        assert!(!is_empty("`a`"));
    }

    #[test]
    fn only_the_beginning_is_read() {
        let body = "- x\n".repeat(40_000) + "\nLate.";
        assert_eq!(first(&body), (None, None));
        assert!(beginning(&"é".repeat(40_000)).len() <= READ_AT_MOST);
    }

    #[test]
    fn summaries_end_with_a_sentence() {
        let long = "The U.S. Senate met Gen. Smith on Monday. ".repeat(12);
        let short = summary(&long, "en");
        assert!(short.ends_with("Monday."), "{short}");
        assert!((200..=300).contains(&short.chars().count()));
        assert_eq!(summary("Short. Whole.", "en"), "Short. Whole.");
    }

    #[test]
    fn summaries_know_other_scripts() {
        let chinese = summary(&"北京今天举行了一次重要的会议。".repeat(30), "zh");
        assert!(chinese.ends_with('。') && chinese.chars().count() <= 300);
        let arabic = summary(&"هل وصل الرئيس إلى العاصمة اليوم؟ ".repeat(20), "ar");
        assert!(arabic.ends_with('؟') && arabic.chars().count() >= 200);
        let thai = summary(&"กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย".repeat(20), "th");
        assert!(thai.ends_with('…') && thai.chars().count() <= 301);
        let german =
            "Am 3. Mai traf sich der Rat in der Stadt am 12. Juni ohne Ergebnis und ohne Ende "
                .repeat(8);
        assert!(summary(&german, "de").ends_with('…'));
    }

    #[test]
    fn without_a_sentence_the_cut_is_after_a_word() {
        let cut = summary(&"word ".repeat(100), "en");
        assert!(cut.ends_with("word…"), "{cut}");
        assert!(summary(&"x".repeat(1000), "en").chars().count() <= 301);
    }
}
