//! A folder, a zip file, or one file alone: the texts in it by their names, in the order of the names.
//!
//! Nothing is unpacked to the disk. A name that leads out of its folder is none, and what a zip file unpacks to
//! is bounded, so that a small one can't grow without end.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

use super::{SourceError, Visit};
use crate::import::entry::Item;
use crate::import::page::charset::decode;

/// The largest file that is read as a whole.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The most files that are looked at.
const MOST: usize = 1_000_000;

/// A zip file may unpack to so many times its size, and this in any case.
const MOST_GROWTH: u64 = 100;
const FREE_GROWTH: u64 = 64 * 1024 * 1024;

/// Texts by their names.
pub(super) struct Bundle {
    path: PathBuf,
    holder: Holder,
    names: Vec<String>,
    /// Names that are not looked at, as they lead out of the folder.
    refused: Vec<String>,
    /// Bytes that may still be unpacked.
    left: AtomicU64,
}

enum Holder {
    One,
    Folder,
    Zip(Mutex<ZipArchive<File>>),
}

impl Bundle {
    /// Looks at what is there.
    pub(super) fn open(path: &Path) -> Result<Bundle, SourceError> {
        let io = || SourceError::io(path);
        let mut bundle = Bundle {
            path: path.to_owned(),
            holder: Holder::One,
            names: Vec::new(),
            refused: Vec::new(),
            left: AtomicU64::new(u64::MAX),
        };
        if path.is_dir() {
            bundle.holder = Holder::Folder;
            bundle.walk()?;
        } else if is_zip(path).map_err(io())? {
            let file = File::open(path).map_err(io())?;
            let size = file.metadata().map_err(io())?.len();
            let archive =
                ZipArchive::new(file).map_err(|error| SourceError::broken(path, error))?;
            let names: Vec<String> = archive
                .file_names()
                .take(MOST)
                .filter_map(Result::ok)
                .map(|name| name.to_string())
                .collect();
            names.into_iter().for_each(|name| bundle.add(name));
            bundle.left =
                AtomicU64::new(size.saturating_mul(MOST_GROWTH).saturating_add(FREE_GROWTH));
            bundle.holder = Holder::Zip(Mutex::new(archive));
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            bundle.names.extend(name);
        }
        bundle.names.sort();
        bundle.names.dedup();
        Ok(bundle)
    }

    /// Links that lead elsewhere are not followed.
    fn walk(&mut self) -> Result<(), SourceError> {
        let path = self.path.clone();
        for entry in walkdir::WalkDir::new(&path).follow_links(false).into_iter().take(MOST) {
            let entry = entry.map_err(|error| SourceError::broken(&path, error))?;
            let inner = entry.path().strip_prefix(&path).ok().and_then(Path::to_str);
            if let Some(name) = inner.filter(|_| entry.file_type().is_file()) {
                self.add(name.replace(std::path::MAIN_SEPARATOR, "/"));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String) {
        if name.ends_with(['/', '\\']) {
            return;
        }
        let parts = || name.split(['/', '\\']);
        let leads_out = parts().any(|part| part == "..") || name.starts_with(['/', '\\']);
        if leads_out || name.contains('\0') {
            self.refused.push(name);
        } else if !parts().any(|part| part.starts_with('.') || part == "__MACOSX") {
            self.names.push(name);
        }
    }

    /// All names, with `/`, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    /// Says which names lead out of the folder.
    pub(super) fn tell_refused(&self, visit: &mut Visit<'_>) {
        for name in &self.refused {
            visit(Item::Broken(format!("“{name}” leads out of its folder, and is not read")));
        }
    }

    /// Reads a file as a stream.
    pub(super) fn stream<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut dyn Read) -> Result<T, SourceError>,
    ) -> Result<T, SourceError> {
        let io = || SourceError::io(&self.path);
        match &self.holder {
            Holder::One => read(&mut File::open(&self.path).map_err(io())?),
            Holder::Folder => read(&mut File::open(self.path.join(name)).map_err(io())?),
            Holder::Zip(archive) => {
                let failed = |_| SourceError::broken(&self.path, "a reader failed");
                let mut archive = archive.lock().map_err(failed)?;
                let broken = |error| SourceError::broken(&self.path, format!("“{name}”: {error}"));
                let file = archive.by_name(name).map_err(broken)?;
                read(&mut Unpacked { file, left: &self.left })
            }
        }
    }

    /// Reads one file after the other as streams: all that end so, or the only one there is.
    pub(super) fn each(
        &self,
        endings: &[&str],
        mut read: impl FnMut(&mut dyn Read) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let is_alone = matches!(self.holder, Holder::One) || self.names.len() == 1;
        let is_wanted = |name: &&str| endings.iter().any(|ending| has_ending(name, ending));
        for name in self.names().filter(|name| is_alone || is_wanted(name)) {
            self.stream(name, &mut read)?;
        }
        Ok(())
    }

    /// Reads a file as a whole.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, SourceError> {
        self.bytes_up_to(name, LARGEST)
    }

    /// Reads a file as a whole, unless it has more bytes.
    pub(super) fn bytes_up_to(&self, name: &str, most: u64) -> Result<Vec<u8>, SourceError> {
        self.stream(name, |file| {
            let mut bytes = Vec::new();
            let broken =
                |error: io::Error| SourceError::broken(&self.path, format!("“{name}”: {error}"));
            file.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
                let message = format!("“{name}” has more than {most} bytes");
                return Err(SourceError::broken(&self.path, message));
            }
            Ok(bytes)
        })
    }
}

impl Bundle {
    /// Reads a file as text; one that can't be read is told.
    pub(super) fn text(&self, name: &str, visit: &mut Visit<'_>) -> Option<String> {
        self.text_up_to(name, LARGEST, visit)
    }

    /// The same of a file of any size that an honest one can have.
    pub(super) fn text_up_to(
        &self,
        name: &str,
        most: u64,
        visit: &mut Visit<'_>,
    ) -> Option<String> {
        match self.bytes_up_to(name, most) {
            Ok(bytes) => Some(decode(&bytes, None).text),
            Err(error) => {
                visit(Item::Broken(error.to_string()));
                None
            }
        }
    }
}

/// A file of a zip file, as long as all of them have not unpacked to too much.
struct Unpacked<'a, R> {
    file: R,
    left: &'a AtomicU64,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        let size = u64::try_from(count).unwrap_or(u64::MAX);
        let left = self.left.load(Ordering::Relaxed);
        if left < size {
            return Err(io::Error::other("the zip file unpacks to far more than its size"));
        }
        self.left.store(left - size, Ordering::Relaxed);
        Ok(count)
    }
}

/// Whether a file is a zip file, by its first bytes.
pub(crate) fn is_zip(path: &Path) -> io::Result<bool> {
    let mut start = [0; 4];
    let mut file = File::open(path)?;
    let mut filled = 0;
    while filled < start.len() {
        match file.read(&mut start[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(matches!(&start, b"PK\x03\x04" | b"PK\x05\x06"))
}

/// The last part of a name.
pub(super) fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Whether a name ends so, whatever the case.
pub(super) fn has_ending(name: &str, ending: &str) -> bool {
    name.len() > ending.len()
        && name.is_char_boundary(name.len() - ending.len())
        && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}
