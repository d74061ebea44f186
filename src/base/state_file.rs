//! Files that may be lost: each is whole and written by this very program for the same key, or counts
//! as absent. The caches of sources and of pages are kept in such files.

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::base::files::{self, Durability};

/// The beginning of a file.
#[derive(Serialize, Deserialize)]
struct Header {
    /// The program that wrote it: formats may differ from one to the next.
    program: String,
    /// What its content depends on besides the program.
    key: u64,
    /// Of the bytes that follow.
    checksum: u64,
}

/// Reads a file; `None` where it is absent, damaged, of another program or of another key.
pub fn read<T: DeserializeOwned>(path: &Path, key: u64) -> Option<T> {
    open(path, key)?.value()
}

/// The same file before its value is read, so that the value may borrow from it.
pub fn open(path: &Path, key: u64) -> Option<Opened> {
    let bytes = fs::read(path).ok()?;
    let (header, body) = postcard::take_from_bytes::<Header>(&bytes).ok()?;
    let is_ours = header.program == env!("DATELINE_BUILD") && header.key == key;
    let is_sound = is_ours && header.checksum == xxh3_64(body);
    let start = bytes.len() - body.len();
    is_sound.then_some(Opened { bytes, start })
}

/// A file that is whole and ours.
#[derive(Debug)]
pub struct Opened {
    bytes: Vec<u8>,
    /// Where its value begins.
    start: usize,
}

impl Opened {
    /// Its value.
    pub fn value<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        postcard::from_bytes(&self.bytes[self.start..]).ok()
    }
}

/// The bytes of a file.
pub fn seal<T: Serialize>(value: &T, key: u64) -> io::Result<Vec<u8>> {
    let body = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let header =
        Header { program: env!("DATELINE_BUILD").to_owned(), key, checksum: xxh3_64(&body) };
    let mut bytes = postcard::to_stdvec(&header).map_err(io::Error::other)?;
    bytes.extend(body);
    Ok(bytes)
}

/// Whether there is a file, sound or not, or what is left of one that was being written.
pub fn is_there(path: &Path) -> bool {
    path.exists() || files::draft_of(path).exists()
}

/// Removes a file, and what is left of one that was being written.
pub fn remove(path: &Path) -> io::Result<()> {
    [path, &files::draft_of(path)].into_iter().try_for_each(files::remove_if_there)
}

/// Puts a file in place, the new one whole or the old one as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    files::replace(path, bytes, Durability::Passing)
}
