//! Files of disposable state. A file counts as absent unless it is whole and was written by this
//! very program for the same key. The caches of sources and pages are such files.

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::base::files::{self, Durability};

/// The start of a file.
#[derive(Serialize, Deserialize)]
struct Header {
    /// The identity of the program that wrote it: formats may change between programs.
    program: String,
    /// A hash of everything else that the content depends on.
    key: u64,
    /// The checksum of the bytes that follow.
    checksum: u64,
}

/// Reads a file; `None` if it is missing, damaged, or of another program or key.
pub(crate) fn read<T: DeserializeOwned>(path: &Path, key: u64) -> Option<T> {
    open(path, key)?.value()
}

/// Opens a file without decoding its value, so that the value can borrow from it.
pub(crate) fn open(path: &Path, key: u64) -> Option<Opened> {
    let bytes = fs::read(path).ok()?;
    let (header, body) = postcard::take_from_bytes::<Header>(&bytes).ok()?;
    let is_ours = header.program == env!("DATELINE_BUILD") && header.key == key;
    let is_sound = is_ours && header.checksum == xxh3_64(body);
    let start = bytes.len() - body.len();
    is_sound.then_some(Opened { bytes, start })
}

/// An intact file of this program and key.
#[derive(Debug)]
pub struct Opened {
    bytes: Vec<u8>,
    /// The offset of the value.
    start: usize,
}

impl Opened {
    /// Decodes the value.
    pub fn value<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        postcard::from_bytes(&self.bytes[self.start..]).ok()
    }
}

/// Encodes a file.
pub(crate) fn seal<T: Serialize>(value: &T, key: u64) -> io::Result<Vec<u8>> {
    let body = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let header =
        Header { program: env!("DATELINE_BUILD").to_owned(), key, checksum: xxh3_64(&body) };
    let mut bytes = postcard::to_stdvec(&header).map_err(io::Error::other)?;
    bytes.extend(body);
    Ok(bytes)
}

/// Whether the file or its draft exists, sound or not.
pub(crate) fn is_there(path: &Path) -> bool {
    path.exists() || files::draft_of(path).exists()
}

/// Removes the file and its draft.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    [path, &files::draft_of(path)].into_iter().try_for_each(files::remove_if_there)
}

/// Replaces the file atomically.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    files::replace(path, bytes, Durability::Passing)
}
