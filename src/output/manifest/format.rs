//! The manifest's file: a line of JSON about the site, one for each file sorted by path, and one with a
//! checksum of all lines before. It is written and read as a stream of lines, and any later version
//! must be able to read it: an archive goes on where it stopped years ago.

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

/// The version that is written.
pub(super) const VERSION: u32 = 3;

/// The last line is shorter.
const FOOT_LENGTH: u64 = 96;

/// About so many bytes are parsed at a time, on all threads.
const CHUNK: u64 = 4 << 20;

/// So many lines a thread makes in one go.
const LINES: usize = 256;

/// So many lines are made before they are written, on all threads.
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
    /// Programs that don't know them read and write the rest without them.
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

/// An article's text; programs that don't know it read and write the rest without it. The first
/// programs wrote `body`, with a hash of the source's words, markup and all: that is not read, so that a
/// hash which was made otherwise counts as none and not as a change.
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
    /// Of all bytes before.
    xxh3: String,
}

/// What every version's first line says.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// What a file turned out to be.
#[allow(clippy::large_enum_variant, reason = "one is made at a time")]
pub(super) enum Reading {
    Whole(Manifest),
    Damaged,
    /// Of a version that this program does not know.
    Foreign,
}

/// Writes a manifest; its seal.
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

/// The lines of some files.
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

/// Hashes what it passes on.
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

/// The output that a file tells of, mostly without reading all of it; `None` where it is damaged.
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

/// Reads the first line alone; `None` where it is not of this version.
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

/// Reads what follows the first line, a chunk of lines at a time: the whole text is large.
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

/// The files that lines tell of, where every line is sound.
fn read_rows(lines: &[u8]) -> Option<Vec<Row>> {
    lines
        .par_split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice::<Line<'_>>(line).ok().map(Line::into_row))
        .map(|row| row.filter(|(path, _)| is_good_path(path)))
        .collect()
}

/// The seal of a manifest's file, of any version, without reading all of it.
pub(super) fn seal(path: &Path) -> io::Result<Option<u64>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut first = Vec::new();
    file.read_until(b'\n', &mut first)?;
    if matches!(serde_json::from_slice(&first), Ok(Version { version: second::VERSION })) {
        return Ok(seal_in(&first));
    }
    Ok(find_foot(&mut file.into_inner())?.map(|(seal, _)| seal))
}

/// The seal in a file's last line, and where that line begins.
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

/// The checksum that a line tells.
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
