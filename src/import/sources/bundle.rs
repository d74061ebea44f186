//! A folder, a zip file, or a single file: texts by name, in the order of names.
//!
//! Nothing is unpacked to disk. Names that lead out of the folder are ignored, and the unpacked
//! size is limited, which prevents zip bombs.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

use super::{SourceError, Visit};
use crate::import::entry::Item;
use crate::import::page::charset::decode;

/// The size limit of a file that is read whole.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The limit of files.
const MOST: usize = 1_000_000;

/// The limit of the unpacked size relative to a zip file's, and the size that is always allowed.
const MOST_GROWTH: u64 = 100;
const FREE_GROWTH: u64 = 64 * 1024 * 1024;

/// Texts by their names.
pub(super) struct Bundle {
    path: PathBuf,
    holder: Holder,
    names: Vec<String>,
    /// Ignored names, which lead out of the folder.
    refused: Vec<String>,
    /// The remaining bytes that may be unpacked.
    left: AtomicU64,
}

enum Holder {
    One,
    Folder,
    Zip(Mutex<ZipArchive<File>>),
}

impl Bundle {
    /// Lists the files.
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
            for name in names {
                bundle.add(name);
            }
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

    /// Symbolic links that lead elsewhere are not followed.
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

    /// Whether a file has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    /// Reports the ignored names.
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

    /// Reads files as streams: all with this extension, or the only one.
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

    /// Reads a file whole, up to a size limit.
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
    /// Reads a file as text; reports one that is unreadable.
    pub(super) fn text(&self, name: &str, visit: &mut Visit<'_>) -> Option<String> {
        self.text_up_to(name, LARGEST, visit)
    }

    /// The same, up to the larger size of real exports.
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

/// A file in a zip file, while the limit of the unpacked size is not reached.
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

/// Whether a name has this extension, ignoring case.
pub(super) fn has_ending(name: &str, ending: &str) -> bool {
    name.len() > ending.len()
        && name.is_char_boundary(name.len() - ending.len())
        && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_too_much_is_not_read_on() {
        let left = AtomicU64::new(150_000);
        let read = |size: u64| {
            let mut file = Unpacked { file: io::repeat(b' ').take(size), left: &left };
            io::copy(&mut file, &mut io::sink())
        };
        assert_eq!(read(100_000).unwrap(), 100_000);
        assert!(read(100_000).is_err());
    }
}
