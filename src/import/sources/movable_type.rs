//! Movable Type's text format, also used by `TypePad` and many Japanese blogs.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use encoding_rs_io::DecodeReaderBytesBuilder;
use serde_json::{Map, Value as Json};

use super::bundle::Bundle;
use super::feed::tags;
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::autop;
use crate::import::entry::{Body, Comment, Entry, Item, Status};
use crate::import::page::charset;
use crate::import::text;

/// How many bytes are used to detect the encoding.
const HEAD: usize = 1 << 18;

/// The size limit of an entry.
const LARGEST: usize = 64 * 1024 * 1024;

/// An export in Movable Type's format.
#[derive(Debug)]
pub struct MovableType {
    /// The file.
    pub path: PathBuf,
}

impl Source for MovableType {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        bundle.each(&[".txt"], |file| entries(file, visit).map_err(SourceError::io(&self.path)))
    }
}

fn entries(file: &mut dyn Read, visit: &mut Visit<'_>) -> std::io::Result<()> {
    let mut head = Vec::new();
    (&mut *file).take(HEAD as u64).read_to_end(&mut head)?;
    let encoding = charset::encoding_of_part(&head);
    let whole = std::io::Cursor::new(head).chain(file);
    let text = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(whole);
    let mut lines = BufReader::new(text);
    let mut reader = Reader::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = lines.by_ref().take(LARGEST as u64).read_until(b'\n', &mut line)?;
        if count == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        reader.line(text.trim_end_matches(['\r', '\n']), visit);
    }
    reader.end(visit);
    Ok(())
}

/// The entry that is parsed.
#[derive(Default)]
struct Reader {
    head: Vec<(String, String)>,
    /// Multi-line parts by name: `BODY`, `COMMENT` …
    parts: Vec<(String, String)>,
    place: Place,
    size: usize,
    count: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Lines with a key and a value.
    #[default]
    Head,
    /// Between two parts.
    Between,
    /// Inside a part.
    Part,
}

impl Reader {
    fn line(&mut self, line: &str, visit: &mut Visit<'_>) {
        self.size += line.len() + 1;
        if line == "--------" {
            self.end(visit);
            return;
        }
        if self.size > LARGEST {
            return;
        }
        let pair = line.split_once(':').filter(|(key, _)| is_key(key));
        match (self.place, line, pair) {
            (_, "-----", _) => self.place = Place::Between,
            (Place::Head, _, Some((key, value))) => {
                self.head
                    .push((key.trim_start_matches('\u{feff}').to_owned(), value.trim().to_owned()));
            }
            (Place::Between, _, Some((key, value))) => {
                self.parts.push((key.to_owned(), value.trim().to_owned()));
                self.place = Place::Part;
            }
            (Place::Part, ..) => {
                if let Some((_, text)) = self.parts.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            // A line of hyphens in a text looks like a part's end.
            (Place::Between, line, None) if !line.trim().is_empty() => {
                let title = self.value("TITLE").unwrap_or_default();
                visit(Item::Broken(format!(
                    "“{title}”: “{}” stands outside of any part",
                    text::one_line(line)
                )));
            }
            _ => {}
        }
    }

    fn end(&mut self, visit: &mut Visit<'_>) {
        let whole = std::mem::replace(self, Reader { count: self.count + 1, ..Reader::default() });
        if whole.size > LARGEST {
            visit(Item::Broken(format!("entry {} has more than {LARGEST} bytes", whole.count + 1)));
        } else if !whole.head.is_empty() {
            visit(Item::Entry(Box::new(whole.entry())));
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        let found =
            self.head.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    fn part(&self, key: &str) -> &str {
        self.parts
            .iter()
            .find(|(known, _)| known == key)
            .map_or("", |(_, text)| text.trim_matches('\n'))
    }

    fn entry(&self) -> Entry {
        let moment = self.value("DATE").and_then(moment);
        let status = match self.value("STATUS").map(str::to_ascii_lowercase).as_deref() {
            None | Some("publish") => Status::Published,
            Some(_) => Status::Draft,
        };
        let address = self.value("UNIQUE URL").or(self.value("URL"));
        let address = address.filter(|address| address.starts_with("http")).map(str::to_owned);
        let title = self.value("TITLE").map(text::of_html).unwrap_or_default();
        let slug = self.value("BASENAME").map(text::decoded);
        let number = moment.map(|moment| moment.to_string()).unwrap_or_default();
        let id = address.clone().or_else(|| slug.clone()).unwrap_or(format!("{number} {title}"));
        let excerpt = text::of_html(self.part("EXCERPT"));
        Entry {
            id,
            status,
            body: self.body(),
            added: moment,
            slug,
            addresses: address.into_iter().collect(),
            posted_by: self.value("AUTHOR").map(text::plain),
            terms: self.terms(),
            summary: Some(excerpt).filter(|text| !text.is_empty()),
            comments: self
                .parts
                .iter()
                .filter(|(key, _)| key == "COMMENT")
                .filter_map(comment)
                .collect(),
            extra: self.keywords(),
            title,
            ..Entry::default()
        }
        .dated(self.value("DATE"), moment.and_then(Date::day).map(Date::Day))
    }

    fn keywords(&self) -> Map<String, Json> {
        let words = text::plain(self.part("KEYWORDS"));
        let found = (!words.is_empty()).then(|| ("keywords".to_owned(), Json::from(words)));
        found.into_iter().collect()
    }

    /// The text, with its extended part; line ends are paragraphs unless the entry says otherwise.
    fn body(&self) -> Body {
        let mut whole = self.part("BODY").to_owned();
        let more = self.part("EXTENDED BODY");
        if !more.is_empty() {
            let _ = write!(whole, "\n\n{more}");
        }
        match self.value("CONVERT BREAKS").map(str::to_ascii_lowercase).as_deref() {
            Some("0" | "richtext" | "none" | "wysiwyg") => Body::Html(whole),
            Some(kind) if kind.starts_with("markdown") => Body::Markdown(whole),
            _ => Body::Html(autop::paragraphs(&whole)),
        }
    }

    fn terms(&self) -> Vec<(String, Vec<String>)> {
        let mut categories: Vec<String> = Vec::new();
        let keys = ["PRIMARY CATEGORY", "CATEGORY"];
        let all =
            keys.iter().flat_map(|key| self.head.iter().filter(move |(known, _)| known == key));
        for name in all.map(|(_, name)| text::plain(name)).filter(|name| !name.is_empty()) {
            if !categories.contains(&name) {
                categories.push(name);
            }
        }
        let written = self.value("TAGS").unwrap_or_default();
        let names = written.split(',').map(|tag| text::plain(tag.trim().trim_matches('"')));
        let mut terms = tags(names);
        if !categories.is_empty() {
            terms.insert(0, ("categories".to_owned(), categories));
        }
        terms
    }
}

/// Keys are in capitals: other lines with a colon are text.
fn is_key(key: &str) -> bool {
    let key = key.trim_start_matches('\u{feff}');
    !key.is_empty()
        && key.len() <= 32
        && key.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ')
}

/// `01/29/2017 11:30:00 PM` or `2017/01/29 23:30:00`: the month comes first, unless the year does.
fn moment(written: &str) -> Option<Date> {
    let forms =
        ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"];
    let time =
        forms.iter().find_map(|form| chrono::NaiveDateTime::parse_from_str(written, form).ok())?;
    Some(Date::Time(time, None))
}

/// A comment: lines with keys, without e-mail and IP addresses, then its text.
fn comment((_, part): &(String, String)) -> Option<Comment> {
    let (mut author, mut date) = (String::new(), String::new());
    let mut lines = part.trim_start_matches('\n').lines().peekable();
    while let Some((key, value)) = lines.peek().and_then(|line| line.split_once(':')) {
        match key {
            "AUTHOR" => author = text::plain(value),
            "DATE" => value.trim().clone_into(&mut date),
            "EMAIL" | "IP" | "URL" | "TITLE" => {}
            _ => break,
        }
        lines.next();
    }
    let text = text::of_html(&lines.collect::<Vec<_>>().join("\n"));
    (!text.is_empty()).then_some(Comment { author, date, text })
}
