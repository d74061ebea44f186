//! The manifest's file: a JSON line about the site, a line for each file sorted by path, and a line
//! with a checksum of all others. It is written and read as a stream. Every later version must be
//! able to read it: archives are continued after years.

pub(crate) mod second;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

use crate::base::date::Date;
use crate::content::text_hash::WordsHash;

use super::super::files::{Entry, Files, PublishedBody, Row, Sha256};
use super::super::is_good_path;
use super::{Manifest, ManifestParts, Origin, Redirect, TermOwner, Withdrawn};
use crate::base::file_kind::FileKind;

/// The current version.
pub(super) const VERSION: u32 = 3;

/// The maximum length of the last line.
const FOOT_LENGTH: u64 = 96;

/// The approximate size of a chunk that is parsed in parallel.
const CHUNK: u64 = 4 << 20;

/// The number of lines a thread makes at once.
const LINES: usize = 256;

/// The number of lines made in parallel before they are written.
const AT_ONCE: usize = 8 * LINES;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    format: Cow<'a, str>,
    version: u32,
    base_url: Cow<'a, str>,
    output: Cow<'a, str>,
    redirects: Cow<'a, [Redirect]>,
    withdrawn: Cow<'a, [Withdrawn]>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    rejected: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    active: Cow<'a, [String]>,
    /// Optional: older programs ignore it.
    #[serde(default, skip_serializing_if = "<[TermOwner]>::is_empty")]
    terms: Cow<'a, [TermOwner]>,
}

/// A file's line.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    sha256: Sha256,
    size: u64,
    kind: FileKind,
    #[serde(default, rename = "copy", skip_serializing_if = "std::ops::Not::not")]
    is_copy: bool,
    modified: i64,
    inode: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Text>,
}

/// An article's text. Optional: older programs ignore it. The first programs wrote `body`, a hash
/// with markup, which is ignored: a hash of another kind must not look like a change.
#[derive(Serialize, Deserialize)]
struct Text {
    words: WordsHash,
    changes: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<Date>,
}

impl From<&PublishedBody> for Text {
    fn from(body: &PublishedBody) -> Text {
        let &PublishedBody { words, changes, updated } = body;
        Text { words, changes, updated }
    }
}

impl From<Text> for PublishedBody {
    fn from(text: Text) -> PublishedBody {
        let Text { words, changes, updated } = text;
        PublishedBody { words, changes, updated }
    }
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct Foot {
    /// The checksum of all bytes before.
    xxh3: String,
}

/// The part of the first line that every version has.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// The result of reading a file.
#[allow(clippy::large_enum_variant, reason = "one is made at a time")]
pub(super) enum Reading {
    Whole(Manifest),
    Damaged,
    /// A version that this program does not know.
    Foreign,
}

/// Writes a manifest; returns its checksum.
pub(super) fn write(manifest: &Manifest, file: &mut File) -> io::Result<u64> {
    let mut out =
        Sealing { inner: BufWriter::with_capacity(1 << 17, file), hasher: Xxh3Default::new() };
    let head = Head {
        format: "dateline-manifest".into(),
        version: VERSION,
        base_url: manifest.base_url.as_str().into(),
        output: manifest.output.as_str().into(),
        redirects: manifest.redirects.as_slice().into(),
        withdrawn: manifest.withdrawn.as_slice().into(),
        rejected: manifest.rejected.as_slice().into(),
        active: manifest.active.as_slice().into(),
        terms: manifest.terms.as_slice().into(),
    };
    let mut line = Vec::new();
    write_line(&mut out, &mut line, &head)?;
    for rows in manifest.files.rows().chunks(AT_ONCE) {
        let texts: Vec<io::Result<Vec<u8>>> = rows.par_chunks(LINES).map(lines).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
    }
    let seal = out.hasher.digest();
    write_line(&mut out, &mut line, &Foot { xxh3: format!("{seal:016x}") })?;
    out.inner.flush()?;
    Ok(seal)
}

/// The lines of these files.
fn lines(rows: &[Row]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for (path, entry) in rows {
        serde_json::to_writer(&mut text, &Line::of(path, entry))?;
        text.push(b'\n');
    }
    Ok(text)
}

fn write_line(out: &mut impl Write, line: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    line.clear();
    serde_json::to_writer(&mut *line, value)?;
    line.push(b'\n');
    out.write_all(line)
}

/// A writer that hashes its bytes.
struct Sealing<W> {
    inner: W,
    hasher: Xxh3Default,
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads a manifest's file.
pub(super) fn read(path: &Path) -> io::Result<Reading> {
    let mut file = BufReader::new(File::open(path)?);
    let mut first = Vec::new();
    file.read_until(b'\n', &mut first)?;
    let whole = match serde_json::from_slice::<Version>(&first) {
        Ok(Version { version: VERSION }) => read_lines(file.into_inner(), &first)?,
        Ok(Version { version: second::VERSION }) => {
            let mut body = Vec::new();
            file.read_to_end(&mut body)?;
            second::read(&first, &body)
        }
        Ok(_) => return Ok(Reading::Foreign),
        Err(_) => None,
    };
    Ok(whole.map_or(Reading::Damaged, Reading::Whole))
}

/// The output's name in a manifest, usually without reading all of it; `None` if it is damaged.
pub(super) fn output(path: &Path) -> io::Result<Option<String>> {
    let first = first_line(path)?;
    if let Ok(head) = serde_json::from_slice::<Head<'_>>(&first) {
        return Ok(Some(head.output.into_owned()));
    }
    Ok(match read(path)? {
        Reading::Whole(manifest) => Some(manifest.output),
        Reading::Damaged | Reading::Foreign => None,
    })
}

/// Reads only the first line; `None` for another version.
pub(super) fn read_head(path: &Path) -> io::Result<Option<ManifestParts>> {
    let first = first_line(path)?;
    let head = serde_json::from_slice::<Head<'_>>(&first).ok();
    Ok(head.filter(|head| head.version == VERSION).map(|head| ManifestParts {
        base_url: head.base_url.into_owned(),
        output: head.output.into_owned(),
        redirects: head.redirects.into_owned(),
        withdrawn: head.withdrawn.into_owned(),
        rejected: head.rejected.into_owned(),
        active: head.active.into_owned(),
        terms: head.terms.into_owned(),
    }))
}

fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut first = Vec::new();
    BufReader::new(File::open(path)?).read_until(b'\n', &mut first)?;
    Ok(first)
}

/// Reads the lines after the first in chunks: the whole text is large.
fn read_lines(mut file: File, first: &[u8]) -> io::Result<Option<Manifest>> {
    let Some((seal, end)) = find_foot(&mut file)? else { return Ok(None) };
    let Ok(head) = serde_json::from_slice::<Head<'_>>(first) else { return Ok(None) };
    let start = first.len() as u64;
    file.seek(SeekFrom::Start(start))?;
    let mut lines = BufReader::new(file.take(end.saturating_sub(start)));
    let (mut hasher, mut rows, mut chunk) = (Xxh3Default::new(), Vec::new(), Vec::new());
    hasher.update(first);
    loop {
        chunk.clear();
        lines.by_ref().take(CHUNK).read_to_end(&mut chunk)?;
        lines.read_until(b'\n', &mut chunk)?;
        if chunk.is_empty() {
            break;
        }
        hasher.update(&chunk);
        let Some(more) = read_rows(&chunk) else { return Ok(None) };
        rows.extend(more);
    }
    Ok((hasher.digest() == seal).then(|| Manifest {
        version: VERSION,
        base_url: head.base_url.into_owned(),
        output: head.output.into_owned(),
        files: Files::new(rows),
        redirects: head.redirects.into_owned(),
        withdrawn: head.withdrawn.into_owned(),
        rejected: head.rejected.into_owned(),
        active: head.active.into_owned(),
        terms: head.terms.into_owned(),
        seal,
        origin: Origin::Read,
    }))
}

/// Parses lines; `None` if one is invalid.
fn read_rows(lines: &[u8]) -> Option<Vec<Row>> {
    lines
        .par_split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice::<Line<'_>>(line).ok().map(Line::into_row))
        .map(|row| row.filter(|(path, _)| is_good_path(path)))
        .collect()
}

/// The checksum in a manifest of any version, without reading all of it.
pub(super) fn seal(path: &Path) -> io::Result<Option<u64>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut first = Vec::new();
    file.read_until(b'\n', &mut first)?;
    if matches!(serde_json::from_slice(&first), Ok(Version { version: second::VERSION })) {
        return Ok(seal_in(&first));
    }
    Ok(find_foot(&mut file.into_inner())?.map(|(seal, _)| seal))
}

/// The checksum in a file's last line, and the start of that line.
fn find_foot(file: &mut File) -> io::Result<Option<(u64, u64)>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(FOOT_LENGTH)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let Some(lines) = tail.strip_suffix(b"\n") else { return Ok(None) };
    let line = lines.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let start = length.saturating_sub(line.len() as u64 + 1);
    Ok(seal_in(line).map(|seal| (seal, start)))
}

/// The checksum in a line.
pub(super) fn seal_in(line: &[u8]) -> Option<u64> {
    let foot: Foot = serde_json::from_slice(line).ok()?;
    u64::from_str_radix(&foot.xxh3, 16).ok()
}

impl<'a> Line<'a> {
    fn of(path: &'a str, entry: &'a Entry) -> Line<'a> {
        Line {
            path: path.into(),
            sha256: entry.sha256,
            size: entry.size,
            kind: entry.kind,
            is_copy: entry.is_copy,
            modified: entry.written.0,
            inode: entry.written.1,
            source: entry.source.as_deref().map(Cow::Borrowed),
            text: entry.body.as_deref().map(Text::from),
        }
    }

    fn into_row(self) -> Row {
        let entry = Entry {
            sha256: self.sha256,
            size: self.size,
            kind: self.kind,
            is_copy: self.is_copy,
            written: (self.modified, self.inode),
            source: self.source.map(Arc::from),
            body: self.text.map(|text| Box::new(text.into())),
        };
        (Arc::from(self.path), entry)
    }
}
