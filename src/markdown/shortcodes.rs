//! Shortcodes and template tags of other generators: found before parsing Markdown, and replaced by
//! placeholders that the parser treats as words.
//!
//! A placeholder is a number between two sentinels: a private-use character that the body contains
//! neither directly nor as an entity, so that no body can forge one.

use std::borrow::Cow;
use std::ops::Range;

use super::dialects::{self, Edit, Found, Survey, embeds};
use super::tag_kind::TagKind;
use super::{MarkdownOptions, calls};

/// A tag in a body.
pub(super) struct Tag {
    pub(super) kind: TagKind,
    /// Its place in the body.
    pub(super) source: Range<usize>,
    /// The place of its placeholder in the prepared text, with added line ends.
    placeholder: Range<usize>,
}

/// A body with placeholders for its tags.
pub(super) struct Prepared<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    /// The character around placeholders; see the module.
    pub(super) sentinel: char,
    pub(super) tags: Vec<Tag>,
    /// Abbreviations that the body explains, with what they stand for.
    pub(super) abbreviations: Vec<(String, String)>,
}

/// A piece of text, or the index of a tag.
pub(super) enum Piece<'t> {
    Text(&'t str),
    Tag(usize),
}

impl<'a> Prepared<'a> {
    /// Finds the tags of a body. A body without tags is borrowed.
    pub(super) fn new(body: &'a str, options: &MarkdownOptions) -> Prepared<'a> {
        let sentinel = unused_character(body);
        let Found { edits, survey } = dialects::find(body, options);
        let tags = if dialects::has_braces(body) { scan(body, &survey) } else { Vec::new() };
        let tags = merged(edits, tags);
        let (text, abbreviations) = (Cow::Borrowed(body), dialects::abbreviations(body));
        let mut prepared = Prepared { original: body, text, sentinel, tags, abbreviations };
        if !prepared.tags.is_empty() {
            prepared.text = Cow::Owned(prepared.place());
        }
        prepared
    }

    /// The input of the Markdown parser.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The source of a tag.
    pub(super) fn source(&self, index: usize) -> &'a str {
        self.tags.get(index).map_or("", |tag| &self.original[tag.source.clone()])
    }

    /// Whether an event's text contains placeholders.
    pub(super) fn has_tags(&self, text: &str) -> bool {
        !self.tags.is_empty() && text.contains(self.sentinel)
    }

    /// Splits an event's text at its placeholders.
    pub(super) fn pieces<'t>(&self, text: &'t str) -> impl Iterator<Item = Piece<'t>> + use<'t> {
        text.split(self.sentinel).enumerate().filter_map(|(position, part)| match position % 2 {
            0 if part.is_empty() => None,
            0 => Some(Piece::Text(part)),
            _ => part.parse().ok().map(Piece::Tag),
        })
    }

    /// Restores the tags in a text.
    pub(super) fn restored<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.with_tags(text, |index| self.source(index))
    }

    /// Removes the tags from a text.
    pub(super) fn without_tags<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.with_tags(text, |_| "")
    }

    /// A text with something in the place of each tag.
    pub(super) fn with_tags<'t, S: AsRef<str>>(
        &self,
        text: &'t str,
        instead: impl Fn(usize) -> S,
    ) -> Cow<'t, str> {
        if !self.has_tags(text) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for piece in self.pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Tag(index) => out.push_str(instead(index).as_ref()),
            }
        }
        out.into()
    }

    /// The tags of a paragraph without other text; empty otherwise.
    pub(super) fn only_tags(&self, paragraph: Range<usize>) -> Vec<usize> {
        let text = self.text.get(paragraph).unwrap_or_default().trim();
        if self.tags.is_empty() || !text.starts_with(self.sentinel) {
            return Vec::new();
        }
        let mut tags = Vec::new();
        for piece in self.pieces(text) {
            match piece {
                Piece::Tag(index) => tags.push(index),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) => return Vec::new(),
            }
        }
        tags
    }

    /// Converts a range of the prepared text to the body.
    pub(super) fn original_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.original_place(range.start, |tag| tag.source.start);
        let end = self.original_place(range.end, |tag| tag.source.end);
        start..end.max(start)
    }

    fn original_place(&self, place: usize, inside: impl Fn(&Tag) -> usize) -> usize {
        let before = self.tags.partition_point(|tag| tag.placeholder.start <= place);
        let Some(tag) = before.checked_sub(1).and_then(|index| self.tags.get(index)) else {
            return place;
        };
        if place < tag.placeholder.end {
            inside(tag)
        } else {
            (tag.source.end + place - tag.placeholder.end).min(self.original.len())
        }
    }

    /// Writes the prepared text. A shortcode alone on its line gets blank lines around it: it is a
    /// block, not a part of the next paragraph.
    fn place(&mut self) -> String {
        let body = self.original;
        let mut text = String::with_capacity(body.len());
        let mut copied = 0;
        for (index, tag) in self.tags.iter_mut().enumerate() {
            if let TagKind::Written(written) = &tag.kind {
                text.push_str(&body[copied..tag.source.start]);
                let placed = text.len();
                text.push_str(written);
                tag.placeholder = placed..text.len();
                copied = tag.source.end;
                continue;
            }
            let line = match tag.kind {
                TagKind::Call(_) | TagKind::Embed(_) => {
                    own_line(body, &tag.source).filter(|line| line.start >= copied)
                }
                _ => None,
            };
            let start = line.as_ref().map_or(tag.source.start, |line| line.start);
            text.push_str(&body[copied..start]);
            let placed = text.len();
            if line.is_some() && !line_before_is_blank(&text) {
                text.push('\n');
            }
            text.push_str(&body[start..tag.source.start]);
            push_placeholder(&mut text, self.sentinel, index);
            if line.is_some_and(|line| !line_is_blank(body.get(line.end..).unwrap_or_default())) {
                text.push('\n');
            }
            tag.placeholder = placed..text.len();
            copied = tag.source.end;
        }
        text.push_str(&body[copied..]);
        text
    }
}

/// Appends the placeholder of a tag.
pub(super) fn push_placeholder(out: &mut String, sentinel: char, index: usize) {
    out.push(sentinel);
    super::escape::push_number(out, index);
    out.push(sentinel);
}

/// The line of a tag, without its end, if nothing else is on it.
fn own_line(body: &str, tag: &Range<usize>) -> Option<Range<usize>> {
    let start = body[..tag.start].rfind('\n').map_or(0, |end| end + 1);
    let end = body[tag.end..].find('\n').map_or(body.len(), |end| tag.end + end + 1);
    let alone = body[start..tag.start].trim().is_empty() && body[tag.end..end].trim().is_empty();
    alone.then_some(start..end)
}

fn line_before_is_blank(text: &str) -> bool {
    text.strip_suffix('\n')
        .is_none_or(|text| text.rsplit('\n').next().is_none_or(|line| line.trim().is_empty()))
}

fn line_is_blank(rest: &str) -> bool {
    rest.split('\n').next().is_none_or(|line| line.trim().is_empty())
}

/// A private-use character that the body does not contain. Plane 15 has more than any real body
/// uses; a hostile body with all of them could only repeat its own tags.
fn unused_character(body: &str) -> char {
    const FIRST: char = '\u{F0000}';
    const LAST: char = '\u{FFFFD}';
    // Every character of planes 12 to 15 begins with this byte.
    if !body.as_bytes().contains(&0xF3) && !body.contains("&#") {
        return FIRST;
    }
    let mut used: Vec<char> = body.chars().chain(character_references(body)).collect();
    used.retain(|character| (FIRST..=LAST).contains(character));
    used.sort_unstable();
    (FIRST..=LAST).find(|candidate| used.binary_search(candidate).is_err()).unwrap_or(LAST)
}

/// Every numeric character reference, such as `&#9731;`, also without semicolon.
fn character_references(body: &str) -> impl Iterator<Item = char> + '_ {
    body.match_indices("&#").filter_map(|(at, _)| {
        let digits = &body[at + 2..];
        let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (digits, 10),
        };
        let digits = digits.trim_start_matches('0');
        let end = digits.bytes().take(8).take_while(u8::is_ascii_hexdigit).count();
        let end = if radix == 10 {
            digits.bytes().take(end).take_while(u8::is_ascii_digit).count()
        } else {
            end
        };
        u32::from_str_radix(&digits[..end], radix).ok().and_then(char::from_u32)
    })
}

/// Opening and closing marks; of two matching ones, the longer is first.
const FORMS: [(&str, &str); 5] =
    [("{{<", ">}}"), ("{{%", "%}}"), ("{{{", "}}}"), ("{{", "}}"), ("{%", "%}")];

/// The next closing mark of each form, cached so that unclosed tags take linear time.
#[derive(Default)]
struct Closers {
    next: [Option<usize>; FORMS.len()],
}

impl Closers {
    fn find(&mut self, body: &str, form: usize, from: usize) -> Option<usize> {
        if self.next[form].is_none_or(|known| known < from) {
            self.next[form] =
                Some(body[from..].find(FORMS[form].1).map_or(usize::MAX, |at| from + at));
        }
        self.next[form].filter(|&found| found < body.len())
    }
}

/// Edits and tags in the order of the body; of two that overlap, the first counts.
fn merged(edits: Vec<Edit>, tags: Vec<Tag>) -> Vec<Tag> {
    if edits.is_empty() {
        return tags;
    }
    let edits =
        edits.into_iter().map(|Edit { kind, source }| Tag { kind, source, placeholder: 0..0 });
    let mut all: Vec<Tag> = edits.chain(tags).collect();
    all.sort_by_key(|tag| (tag.source.start, tag.source.end));
    let mut end = 0;
    all.retain(|tag| {
        let is_free = tag.source.start >= end;
        end = if is_free { tag.source.end } else { end };
        is_free
    });
    all
}

/// The tags of a body, outside code.
fn scan(body: &str, survey: &Survey) -> Vec<Tag> {
    let mut closers = Closers::default();
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = next_opener(body, at) {
        if let Some(inside) = survey.code_at(open) {
            at = inside.end;
            continue;
        }
        let escaped = body[..open].ends_with('\\');
        match tag_at(body, open, &mut closers).filter(|_| !escaped) {
            Some((kind, end)) => {
                tags.push(Tag { kind, source: open..end, placeholder: 0..0 });
                at = end;
            }
            None => at = open + 2,
        }
    }
    tags
}

fn next_opener(body: &str, from: usize) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = from;
    loop {
        at += body.get(at..)?.find('{')?;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%')) {
            return Some(at);
        }
        at += 1;
    }
}

/// The tag that opens at `open`, and its end.
fn tag_at(body: &str, open: usize, closers: &mut Closers) -> Option<(TagKind, usize)> {
    let rest = &body[open..];
    let form = FORMS.iter().position(|(opener, _)| rest.starts_with(opener))?;
    let (opener, closer) = FORMS[form];
    let is_call = opener == "{{" && calls::begins_call(&rest[2..]);
    let mut wrong = None;
    if is_call {
        match calls::parse(rest) {
            Ok((call, length)) => return Some((TagKind::Call(call), open + length)),
            Err(message) => wrong = Some(message),
        }
    }
    let content_start = open + opener.len();
    let close = closers.find(body, form, content_start)?;
    let content = &body[content_start..close];
    // An unclosed tag must not use the closing mark of a later tag, or cross its paragraph.
    let family = &opener[..2];
    if content.contains(family) || content.trim().is_empty() || has_blank_line(content) {
        return None;
    }
    let embedded = || embeds::address(&body[open..close + closer.len()]);
    let foreign = || embedded().map_or(TagKind::Foreign, TagKind::Embed);
    let kind = wrong.map_or_else(foreign, TagKind::Malformed);
    Some((kind, close + closer.len()))
}

fn has_blank_line(content: &str) -> bool {
    let lines = content.split('\n').count();
    content
        .split('\n')
        .enumerate()
        .any(|(index, line)| index > 0 && index + 1 < lines && line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::testing::options;
    use super::*;

    fn sources(body: &str) -> Vec<&str> {
        let survey = dialects::find(body, &options()).survey;
        scan(body, &survey).into_iter().map(|tag| &body[tag.source]).collect()
    }

    #[test]
    fn every_dialect_is_found() {
        let body = "{{< a\n b=\"c\" >}} {{% d %}} {% e %} {{ f.g }} {{{ h }}} {{ i(j=\"}}\") }}";
        let found = [
            "{{< a\n b=\"c\" >}}",
            "{{% d %}}",
            "{% e %}",
            "{{ f.g }}",
            "{{{ h }}}",
            "{{ i(j=\"}}\") }}",
        ];
        assert_eq!(sources(body), found);
    }

    #[test]
    fn code_and_escapes_are_left_alone() {
        assert!(sources("`{{ a }}` and `{{` and `}}`").is_empty());
        assert!(sources("```\n{{ a() }}\n```\n\n    {% b %}\n").is_empty());
        assert!(sources("\\{{ a }}").is_empty());
        assert_eq!(sources("`x` {{ a(b=`c`) }} `y`"), ["{{ a(b=`c`) }}"]);
    }

    #[test]
    fn unclosed_tags_are_text() {
        assert!(sources("{{< a").is_empty());
        assert!(sources("{{ a\n\nb }}").is_empty());
        assert_eq!(sources("{{< a {{< b >}}"), ["{{< b >}}"]);
        assert!(sources("{{}} {%%}").is_empty());
        assert!(sources(&"{{".repeat(50_000)).is_empty());
        assert!(sources(&"{{<".repeat(50_000)).is_empty());
        assert!(sources(&"{{ a(b=\"".repeat(20_000)).is_empty());
    }

    #[test]
    fn the_sentinel_cannot_be_forged() {
        assert_eq!(unused_character("plain &amp; simple"), '\u{F0000}');
        assert_eq!(unused_character("\u{F0000} &#xF0001; &#983042 &#x00000f0003;"), '\u{F0004}');
    }

    #[test]
    fn ranges_are_those_of_the_body() {
        let body = "é {{ site.a }} x\n{{ b() }}\ny";
        let prepared = Prepared::new(body, &options());
        for word in ["é", "x", "y"] {
            let start = prepared.text().find(word).unwrap();
            let range = prepared.original_range(&(start..start + word.len()));
            assert_eq!(&body[range], word);
        }
        let placeholder = prepared.text().find(prepared.sentinel).unwrap();
        assert_eq!(&body[prepared.original_range(&(placeholder..placeholder + 1))], "{{ site.a }}");
        assert!(prepared.text().contains("x\n\n\u{F0000}1\u{F0000}\n\ny"), "{:?}", prepared.text());
    }
}
