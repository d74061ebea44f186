//! The old site's files, in a folder or a zip file: found by path, or else by a unique name.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashMap;
use url::Url;
use zip::ZipArchive;

use crate::base::permalink::fold;

/// The size limit of a file.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The limit of files.
const MOST: usize = 1_000_000;

/// The old site's files.
pub(crate) struct Uploads {
    holder: Holder,
    /// Files by folded path.
    by_path: FxHashMap<String, Upload>,
    /// Paths by file name; `None` if it is not unique.
    by_name: FxHashMap<String, Option<String>>,
    /// Their folder below the site's root.
    folder: &'static str,
    /// The folder with files of earlier imports.
    kept: PathBuf,
}

enum Holder {
    Nothing,
    Folder(PathBuf),
    Zip(Mutex<ZipArchive<File>>),
}

struct Upload {
    /// The path in the archive: `wp-content/uploads/2017/01/a.jpg`.
    path: String,
    /// The path in the folder or zip file.
    name: String,
}

impl Uploads {
    /// Empty.
    pub(crate) fn none() -> Uploads {
        Uploads {
            holder: Holder::Nothing,
            by_path: FxHashMap::default(),
            by_name: FxHashMap::default(),
            folder: "wp-content/uploads",
            kept: PathBuf::new(),
        }
    }

    /// Adds the files that are already in this folder.
    pub(crate) fn kept_in(self, folder: &Path) -> Uploads {
        Uploads { kept: folder.to_owned(), ..self }
    }

    /// The path below `static/` for a picture's address; `None` if the name is not a picture's.
    pub(crate) fn place_of(&self, address: &Url) -> Option<String> {
        const KINDS: [&str; 7] = ["avif", "bmp", "gif", "jpeg", "jpg", "png", "webp"];
        let decoded = super::text::decoded(address.path());
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        let is_safe = |part: &&str| {
            !part.starts_with('.')
                && !part.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c))
        };
        let (_, kind) = parts.last()?.rsplit_once('.')?;
        let is_picture = KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known));
        (is_picture && parts.iter().all(is_safe)).then(|| self.place(&parts))
    }

    /// The same, if the picture exists.
    pub(crate) fn kept(&self, address: &Url) -> Option<String> {
        self.place_of(address).filter(|path| self.kept.join(path).is_file())
    }

    /// The files beside saved pages.
    pub(crate) fn of_pages(path: &Path) -> io::Result<Uploads> {
        if path.is_dir() || super::sources::is_zip(path)? {
            Uploads::none().filled(path, "saved")
        } else {
            Ok(Uploads::none())
        }
    }

    /// The files of a folder or a zip file.
    pub(crate) fn open(path: &Path) -> io::Result<Uploads> {
        Uploads::none().filled(path, "wp-content/uploads")
    }

    fn filled(self, path: &Path, folder: &'static str) -> io::Result<Uploads> {
        let mut uploads = Uploads { folder, ..self };
        if path.is_dir() {
            for entry in walkdir::WalkDir::new(path).into_iter().take(MOST) {
                let entry = entry.map_err(io::Error::other)?;
                let inner = entry.path().strip_prefix(path).ok().and_then(Path::to_str);
                if let Some(name) = inner.filter(|_| entry.file_type().is_file()) {
                    uploads.add(name);
                }
            }
            uploads.holder = Holder::Folder(path.to_owned());
        } else {
            let archive = ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
            for name in archive.file_names().take(MOST).filter_map(Result::ok) {
                uploads.add(&name);
            }
            uploads.holder = Holder::Zip(Mutex::new(archive));
        }
        Ok(uploads)
    }

    /// Ignores names that lead out of the folder.
    fn add(&mut self, name: &str) {
        let written = name.replace('\\', "/");
        let parts: Vec<&str> = written.split('/').filter(|part| !part.is_empty()).collect();
        let is_safe =
            parts.iter().all(|part| !part.starts_with('.') && !part.contains([':', '\0']));
        let Some(file) = parts.last().filter(|_| is_safe && !written.ends_with('/')) else {
            return;
        };
        let path = self.place(&parts);
        let named = self.by_name.entry(fold(file));
        named.and_modify(|known| *known = None).or_insert_with(|| Some(fold(&path)));
        self.by_path.insert(fold(&path), Upload { path, name: name.to_owned() });
    }

    /// The path below the folder, which keeps old addresses valid.
    fn place(&self, parts: &[&str]) -> String {
        let after = parts.iter().rposition(|part| *part == "uploads").map_or(0, |at| at + 1);
        format!("{}/{}", self.folder, parts[after..].join("/"))
    }

    /// The path in the archive for a file's address.
    pub(crate) fn find(&self, address: &str) -> Option<String> {
        if self.by_path.is_empty() {
            return None;
        }
        let decoded = super::text::decoded(address);
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        let found = self.by_path.get(&fold(&self.place(&parts))).or_else(|| {
            let name = self.by_name.get(&fold(parts.last()?))?.as_ref()?;
            self.by_path.get(name)
        });
        found.map(|upload| upload.path.clone())
    }

    /// The bytes of a file from [`Uploads::find`].
    pub(crate) fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let upload = self.by_path.get(&fold(path)).ok_or_else(missing)?;
        match &self.holder {
            Holder::Nothing => Err(missing()),
            Holder::Folder(folder) => bounded(File::open(folder.join(&upload.name))?),
            Holder::Zip(archive) => {
                let mut archive =
                    archive.lock().map_err(|_| io::Error::other("a reader failed"))?;
                let file = archive.by_name(&upload.name).map_err(io::Error::other)?;
                bounded(file)
            }
        }
    }
}

/// Reads all bytes, up to the size limit.
fn bounded(file: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(io::Error::other(format!("the file is larger than {LARGEST} bytes")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_path_or_by_a_name_that_only_one_has() {
        let mut uploads = Uploads::none();
        for name in [
            "uploads/2017/01/a.jpg",
            "uploads/2018/01/a.jpg",
            "2017/02/B c.jpg",
            "../../etc/passwd",
            ".hidden",
        ] {
            uploads.add(name);
        }
        let find = |address| uploads.find(address);
        assert_eq!(
            find("/wp-content/uploads/2017/01/a.jpg").as_deref(),
            Some("wp-content/uploads/2017/01/a.jpg")
        );
        assert_eq!(
            find("/elsewhere/b%20C.jpg").as_deref(),
            Some("wp-content/uploads/2017/02/B c.jpg")
        );
        assert_eq!(find("/elsewhere/a.jpg"), None);
        assert_eq!(find("/etc/passwd"), None);
    }
}
