//! Tokenises raw HTML, with the place of each tag.
//!
//! Everything is written anew, with names from a list and escaped values, so a browser never sees
//! the source and can't parse it differently.

use std::ops::Range;

/// A piece of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Text(Range<usize>),
    /// `<name …>`.
    Start(StartTag),
    /// `</name>`, the name in lower case.
    End(String, Range<usize>),
    /// A raw-text element with its content: `<script>…</script>`.
    Element(StartTag, Range<usize>),
    /// `<!-- … -->`.
    Comment(Range<usize>),
    /// `<!…>`, `<?…?>`, `<![CDATA[…]]>`.
    Declaration(Range<usize>),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StartTag {
    /// In lower case.
    pub(crate) name: String,
    /// Names in lower case, values decoded; of equal names, the first.
    pub(crate) attributes: Vec<(String, String)>,
    /// The place of the tag.
    pub(crate) range: Range<usize>,
}

impl StartTag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements with raw text up to their end tag; unclosed, they swallow the rest of the page.
const TEXT_ELEMENTS: [&str; 8] =
    ["script", "style", "iframe", "textarea", "title", "xmp", "noembed", "noframes"];

/// Tokenises a block of raw HTML. The error is the start of an unclosed tag, comment or raw-text
/// element.
pub(crate) fn tokenize(html: &str) -> Result<Vec<Token>, usize> {
    let mut tokens = Vec::new();
    let mut text_start = 0;
    let mut at = 0;
    while let Some(offset) = html[at..].find('<') {
        let open = at + offset;
        let Some(token) = markup(html, open)? else {
            at = open + 1;
            continue;
        };
        if text_start < open {
            tokens.push(Token::Text(text_start..open));
        }
        let token = whole_element(html, token)?;
        at = token.range().end;
        text_start = at;
        tokens.push(token);
    }
    if text_start < html.len() {
        tokens.push(Token::Text(text_start..html.len()));
    }
    Ok(tokens)
}

/// The markup of a whole page, up to an unclosed piece: browsers treat the rest as part of that.
pub(crate) fn markup_of(html: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + html.get(at..)?.find('<')?;
            match markup(html, open).ok()? {
                Some(token) => {
                    let token = whole_element(html, token).ok()?;
                    at = token.range().end;
                    return Some(token);
                }
                None => at = open + 1,
            }
        }
    })
}

/// Parses one tag or comment, as in an inline event of Markdown.
pub(crate) fn single(html: &str) -> Option<Token> {
    markup(html, 0).ok().flatten()
}

impl Token {
    pub(crate) fn range(&self) -> Range<usize> {
        match self {
            Token::Text(range)
            | Token::End(_, range)
            | Token::Element(_, range)
            | Token::Comment(range)
            | Token::Declaration(range) => range.clone(),
            Token::Start(tag) => tag.range.clone(),
        }
    }
}

/// The markup that begins with the `<` at `open`; `None` if it is just text.
fn markup(html: &str, open: usize) -> Result<Option<Token>, usize> {
    let rest = &html[open + 1..];
    match rest.as_bytes() {
        [b'a'..=b'z' | b'A'..=b'Z', ..] => start_tag(html, open).map(|tag| Some(Token::Start(tag))),
        [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => end_tag(html, open).map(Some),
        [b'!', b'-', b'-', ..] => {
            let end = comment_end(html, open + 4).ok_or(open)?;
            Ok(Some(Token::Comment(open..end)))
        }
        [b'!' | b'?' | b'/', ..] => {
            let closing = match rest {
                _ if rest.starts_with("![CDATA[") => "]]>",
                _ if rest.starts_with('?') => "?>",
                _ => ">",
            };
            let length = rest.find(closing).ok_or(open)? + closing.len();
            Ok(Some(Token::Declaration(open..open + 1 + length)))
        }
        _ => Ok(None),
    }
}

/// The end of a comment whose text begins at `start`. Browsers accept `<!-->`.
fn comment_end(html: &str, start: usize) -> Option<usize> {
    let rest = &html[start..];
    for (short, length) in [(">", 1), ("->", 2)] {
        if rest.starts_with(short) {
            return Some(start + length);
        }
    }
    rest.match_indices("--").find_map(|(at, _)| {
        let after = &rest[at + 2..];
        let mark = [">", "!>"].into_iter().find(|mark| after.starts_with(mark))?;
        Some(start + at + 2 + mark.len())
    })
}

fn end_tag(html: &str, open: usize) -> Result<Token, usize> {
    let end = html[open..].find('>').ok_or(open)? + open + 1;
    let name = tag_name(&html[open + 2..end - 1]).to_ascii_lowercase();
    Ok(Token::End(name, open..end))
}

fn tag_name(text: &str) -> &str {
    let end =
        text.find(|character: char| character.is_ascii_whitespace() || "/>".contains(character));
    &text[..end.unwrap_or(text.len())]
}

fn start_tag(html: &str, open: usize) -> Result<StartTag, usize> {
    let name = tag_name(&html[open + 1..]);
    let mut at = open + 1 + name.len();
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        let rest = html[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        at = html.len() - rest.len();
        if rest.is_empty() {
            return Err(open);
        }
        if rest.starts_with('>') {
            let name = name.to_ascii_lowercase();
            return Ok(StartTag { name, attributes, range: open..at + 1 });
        }
        let (key, value, length) = attribute(rest).ok_or(open)?;
        at += length;
        // With thousands of attributes, comparing all pairs would take quadratic time.
        if attributes.len() < 64 && !attributes.iter().any(|(known, _)| *known == key) {
            attributes.push((key, value));
        }
    }
}

/// The attribute at the start of `text`, with its length.
fn attribute(text: &str) -> Option<(String, String, usize)> {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
    let name_end = text[first..].find(ends_name)? + first;
    let name = text[..name_end].to_ascii_lowercase();
    let after_name = text[name_end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
    let Some(value) = after_name.strip_prefix('=') else {
        return Some((name, String::new(), name_end));
    };
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let (raw, rest) = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote)?,
        _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
    };
    let decoded = html_escape::decode_html_entities(raw).into_owned();
    Some((name, decoded, text.len() - rest.len()))
}

/// Extends a raw-text element's start tag to its content and end tag.
fn whole_element(html: &str, token: Token) -> Result<Token, usize> {
    let Token::Start(tag) = token else { return Ok(token) };
    if tag.name == "plaintext" {
        return Err(tag.range.start);
    }
    if !TEXT_ELEMENTS.contains(&tag.name.as_str()) {
        return Ok(Token::Start(tag));
    }
    let end = element_end(html, &tag).ok_or(tag.range.start)?;
    let range = tag.range.start..end;
    Ok(Token::Element(tag, range))
}

fn element_end(html: &str, tag: &StartTag) -> Option<usize> {
    let mut at = tag.range.end;
    loop {
        let close = at + html[at..].find("</")?;
        let name = tag_name(&html[close + 2..]);
        if name.eq_ignore_ascii_case(&tag.name) {
            return Some(close + html[close..].find('>')? + 1);
        }
        at = close + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(html: &str) -> StartTag {
        match tokenize(html).unwrap().remove(0) {
            Token::Start(tag) => tag,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn attributes_are_read_as_browsers_do() {
        let tag = start("<A HREF = 'x&amp;y' title=\"a > b\" data-x ID=i/j\n/href=z>");
        assert_eq!(tag.name, "a");
        assert_eq!(tag.attribute("href"), Some("x&y"));
        assert_eq!(tag.attribute("title"), Some("a > b"));
        assert_eq!(tag.attribute("data-x"), Some(""));
        assert_eq!(tag.attribute("id"), Some("i/j"));
    }

    #[test]
    fn what_never_ends_is_found() {
        for html in [
            "a <div class=\"x",
            "a <div",
            "a <!-- x",
            "a <script>x",
            "a <textarea>",
            "a <plaintext>x",
            "a <script>x</scrip",
            "a <iframe src=x>",
            "a <![CDATA[ x",
            "a <?php x",
            "a </div",
            "a <b =",
        ] {
            assert_eq!(tokenize(html), Err(2), "{html}");
        }
    }

    #[test]
    fn a_lone_angle_is_text() {
        assert_eq!(tokenize("1 < 2 <3"), Ok(vec![Token::Text(0..8)]));
        assert_eq!(tokenize("<"), Ok(vec![Token::Text(0..1)]));
        assert_eq!(tokenize(""), Ok(vec![]));
    }

    #[test]
    fn whole_elements_are_one_token() {
        let html = "<SCRIPT>if (a < b) \"</p>\"</script >x<!-- a --><!-->y";
        let tokens = tokenize(html).unwrap();
        assert!(
            matches!(&tokens[0], Token::Element(tag, range) if tag.name == "script" && range.end == 35)
        );
        assert_eq!(tokens[1], Token::Text(35..36));
        assert_eq!(tokens[2], Token::Comment(36..46));
        assert_eq!(tokens[3], Token::Comment(46..51));
    }
}
