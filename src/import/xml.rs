//! Streams XML of other programs, even if it is invalid.
//!
//! Real exports start with HTML of a plugin, contain control characters, lack an encoding, and
//! continue after their end. [`parts`] streams such a file, and returns requested elements with
//! their content. A document's own entities are not resolved, which prevents entity expansion
//! attacks.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::html::is_void;

/// The limit of nesting in a part.
const DEEPEST: usize = 64;

/// The limit of text in a part, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// How far the first tag is searched, in bytes.
const LONGEST_PREFACE: usize = 1024 * 1024;

/// An element with its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The name with its prefix.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// Its own text, without its children's.
    pub(crate) text: String,
}

impl Element {
    /// The first child with this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children with this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text of the first child with this name, if not empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// An attribute by its full name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// Why a file can't be parsed.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Invalid XML at this byte.
    #[error("byte {at}: {message}")]
    Syntax {
        /// The position.
        at: u64,
        /// The error.
        message: String,
    },
    /// A part exceeds the limits.
    #[error("byte {at}: <{name}> holds more than {LARGEST} bytes")]
    TooLarge {
        /// The position.
        at: u64,
        /// Its name.
        name: String,
    },
}

/// The reader's decision about an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    Stop,
}

/// Parses a file, and passes requested elements on. Parsing ends with the root element.
pub(crate) fn parts(
    file: impl Read,
    is_wanted: &dyn Fn(&str) -> bool,
    visit: &mut dyn FnMut(Element) -> Next,
) -> Result<(), XmlError> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    let encoding = written_encoding(file.fill_buf()?);
    let text = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(file);
    let clean = Clean(from_first_tag(text)?);
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, clean));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    Parts { reader, depth: 0, buffer: Vec::new() }.read(is_wanted, visit)
}

/// The encoding in the prolog; default UTF-8.
fn written_encoding(start: &[u8]) -> &'static Encoding {
    let start = String::from_utf8_lossy(&start[..start.len().min(LONGEST_PREFACE)]);
    let prolog =
        start.find("<?xml").map(|at| &start[at..]).and_then(|rest| rest.split("?>").next());
    let name = prolog.and_then(|prolog| prolog.split_once("encoding=")).map(|(_, rest)| rest);
    let name =
        name.and_then(|rest| rest.trim_start_matches(['"', '\'']).split(['"', '\'', ' ']).next());
    name.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8)
}

struct Parts<R: BufRead> {
    reader: Reader<R>,
    depth: usize,
    buffer: Vec<u8>,
}

impl<R: BufRead> Parts<R> {
    fn read(
        &mut self,
        is_wanted: &dyn Fn(&str) -> bool,
        visit: &mut dyn FnMut(Element) -> Next,
    ) -> Result<(), XmlError> {
        loop {
            match self.next()? {
                Event::Start(start) => {
                    let element = started(&start);
                    if is_wanted(&element.name) {
                        let whole = self.whole(element)?;
                        if visit(whole) == Next::Stop {
                            return Ok(());
                        }
                    } else {
                        self.depth += 1;
                    }
                }
                Event::Empty(start) => {
                    let element = started(&start);
                    if is_wanted(&element.name) && visit(element) == Next::Stop {
                        return Ok(());
                    }
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Ok(());
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<Event<'static>, XmlError> {
        self.buffer.clear();
        let at = self.reader.buffer_position();
        let event = self.reader.read_event_into(&mut self.buffer);
        event.map(Event::into_owned).map_err(|error| match error {
            quick_xml::Error::Io(error) => {
                XmlError::Io(io::Error::new(error.kind(), error.to_string()))
            }
            error => XmlError::Syntax { at, message: error.to_string() },
        })
    }

    /// Reads an element to its end.
    fn whole(&mut self, element: Element) -> Result<Element, XmlError> {
        let mut open = vec![element];
        let mut size = 0;
        loop {
            let event = self.next()?;
            let is_deep = open.len() >= DEEPEST;
            let Some(top) = open.last_mut() else { return Ok(Element::default()) };
            match event {
                Event::Start(start) if is_xhtml(top) => {
                    let markup = self.markup(&start, size)?;
                    if let Some(top) = open.last_mut() {
                        add(&mut top.text, &mut size, &markup);
                    }
                }
                Event::Start(start) if !is_deep => open.push(started(&start)),
                // Text of deeper elements goes to the ancestor.
                Event::Start(_) => open.push(Element::default()),
                Event::Empty(start) => top.children.push(started(&start)),
                Event::Text(text) => add(&mut top.text, &mut size, &lossy(&text)),
                Event::CData(text) => add(&mut top.text, &mut size, &lossy(&text)),
                Event::GeneralRef(name) => {
                    add(&mut top.text, &mut size, &resolved(&lossy(&name)));
                }
                Event::End(_) => {
                    let Some(done) = open.pop() else { continue };
                    match open.last_mut() {
                        None => return Ok(done),
                        Some(above) if done.name.is_empty() => above.text.push_str(&done.text),
                        Some(above) => above.children.push(done),
                    }
                }
                // Use the content before a premature end.
                Event::Eof => {
                    while open.len() > 1 {
                        if let (Some(done), Some(above)) = (open.pop(), open.last_mut()) {
                            above.children.push(done);
                        }
                    }
                    return Ok(open.pop().unwrap_or_default());
                }
                _ => {}
            }
            if size > LARGEST || open.len() > 100 * DEEPEST {
                let name = open.first().map(|first| first.name.clone()).unwrap_or_default();
                return Err(XmlError::TooLarge { at: self.reader.buffer_position(), name });
            }
        }
    }
}

impl<R: BufRead> Parts<R> {
    /// Reads an element of XHTML to its end, as HTML. `size` bytes of the part are read already.
    fn markup(&mut self, start: &BytesStart<'_>, size: usize) -> Result<String, XmlError> {
        let mut html = String::new();
        open_tag(&mut html, start);
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Event::Start(start) => {
                    open_tag(&mut html, &start);
                    depth += 1;
                }
                Event::Empty(start) => {
                    open_tag(&mut html, &start);
                    if !is_void(local_name(&lossy(start.name().as_ref()))) {
                        close_tag(&mut html, &lossy(start.name().as_ref()));
                    }
                }
                Event::End(end) => {
                    close_tag(&mut html, &lossy(end.name().as_ref()));
                    depth -= 1;
                }
                Event::Text(text) => html.push_str(&lossy(&text)),
                Event::CData(text) => {
                    html_escape::encode_text_to_string(lossy(&text), &mut html);
                }
                Event::GeneralRef(name) => {
                    html_escape::encode_text_to_string(resolved(&lossy(&name)), &mut html);
                }
                Event::Eof => return Ok(html),
                _ => {}
            }
            if size + html.len() > LARGEST {
                let (at, name) = (self.reader.buffer_position(), lossy(start.name().as_ref()));
                return Err(XmlError::TooLarge { at, name });
            }
        }
        Ok(html)
    }
}

/// A name without its prefix: `xhtml:p` becomes `p`.
fn local_name(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn open_tag(html: &mut String, start: &BytesStart<'_>) {
    html.push('<');
    html.push_str(local_name(&lossy(start.name().as_ref())));
    html.push_str(&lossy(start.attributes_raw()));
    html.push('>');
}

fn close_tag(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(local_name(name));
    html.push('>');
}

/// Whether the element's content is markup, as Atom allows (RFC 4287, section 3.1.1.3).
fn is_xhtml(element: &Element) -> bool {
    matches!(element.attribute("type"), Some("xhtml" | "application/xhtml+xml"))
}

/// The decoder ensures valid UTF-8.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn add(text: &mut String, size: &mut usize, piece: &str) {
    *size += piece.len();
    text.push_str(piece);
}

/// The character of a predefined entity; others are kept as written.
fn resolved(name: &str) -> String {
    if let Some(known) = resolve_predefined_entity(name) {
        return known.to_owned();
    }
    let written = format!("&{name};");
    html_escape::decode_html_entities(&written).into_owned()
}

fn started(start: &BytesStart<'_>) -> Element {
    let name = lossy(start.name().as_ref());
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).filter_map(Result::ok).take(256);
    let attributes = attributes.map(|attribute| {
        let key = lossy(attribute.key.as_ref());
        (key, html_escape::decode_html_entities(&lossy(&attribute.value)).into_owned())
    });
    Element { name, attributes: attributes.collect(), ..Element::default() }
}

/// Skips text before the first tag.
fn from_first_tag(mut file: impl Read) -> io::Result<impl Read> {
    let mut head = Vec::new();
    while head.len() < LONGEST_PREFACE {
        let count = file.by_ref().take(1 << 14).read_to_end(&mut head)?;
        if let Some(at) = start_of_xml(&head) {
            head.drain(..at);
            break;
        }
        if count == 0 {
            break;
        }
    }
    Ok(io::Cursor::new(head).chain(file))
}

/// The start of a prolog or a root element.
fn start_of_xml(buffer: &[u8]) -> Option<usize> {
    const STARTS: [&[u8]; 4] = [b"<?xml", b"<rss", b"<feed", b"<rdf:RDF"];
    (0..buffer.len()).find(|at| STARTS.iter().any(|start| buffer[*at..].starts_with(start)))
}

/// Removes characters that XML forbids.
struct Clean<R>(R);

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(into)?;
        for byte in &mut into[..count] {
            if *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(file: &[u8]) -> Vec<Element> {
        let mut found = Vec::new();
        parts(file, &|name| name == "item", &mut |element| {
            found.push(element);
            Next::GoOn
        })
        .unwrap();
        found
    }

    #[track_caller]
    fn holds(file: &[u8], title: &str) {
        let found = items(file);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].value("title"), Some(title));
    }

    #[test]
    fn a_file_that_is_hardly_xml_is_read() {
        let item = "<item><title>A &amp; B</title></item>";
        holds(
            format!("<div>a plugin</div>\n<?xml version=\"1.0\"?><rss>{item}</rss>").as_bytes(),
            "A & B",
        );
        holds(format!("<!-- no prolog -->\n<rss>{item}</rss><!-- end -->").as_bytes(), "A & B");
        holds(format!("<rss>{item}</rss><item><title>after</title></item>").as_bytes(), "A & B");
        holds(b"<rss><item><title>A\x0c & B</title></other></item></rss>", "A  & B");
        holds(b"<rss><item><title><![CDATA[a ]]]]><![CDATA[> b]]></title></item></rss>", "a ]]> b");
        holds(format!("{}<rss>{item}</rss>", "x ".repeat(20_000)).as_bytes(), "A & B");
        holds(b"<rss><item><title>cut", "cut");
        holds(b"<?xml version='1.0' encoding='windows-1251'?><rss><item><title>\xcc\xe8\xf0</title></item></rss>", "\u{41c}\u{438}\u{440}");
        holds(
            b"<rss><item><title>a &hellip; &#8211; b</title></item></rss>",
            "a \u{2026} \u{2013} b",
        );
    }

    #[test]
    fn entities_of_a_document_do_not_grow() {
        let bomb = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>\
                     <rss><item><title>&b;</title></item></rss>";
        holds(bomb, "&b;");
    }

    #[test]
    fn elements_beyond_the_deepest_give_their_text() {
        let deep = format!("<rss><item>{}x{}</item></rss>", "<a>".repeat(500), "</a>".repeat(500));
        assert_eq!(format!("{:?}", items(deep.as_bytes())).matches("text: \"x\"").count(), 1);
    }
}
