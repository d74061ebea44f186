//! Exports on their way: files, folders and zip files outside of any archive.

use std::io::Write as _;
use std::path::PathBuf;

use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::archive::{Archive, Built};

/// A place outside of the archive.
pub(crate) struct Shelf(TempDir);

impl Shelf {
    pub(crate) fn new() -> Shelf {
        Shelf(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file there, with the folders that it needs.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Puts a zip file there.
    pub(crate) fn zip(&self, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let mut writer = ZipWriter::new(Vec::new().with_cursor());
        for (inner, bytes) in files {
            writer.start_file(*inner, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        self.file(name, writer.finish().unwrap().into_inner())
    }
}

trait WithCursor {
    fn with_cursor(self) -> std::io::Cursor<Vec<u8>>;
}

impl WithCursor for Vec<u8> {
    fn with_cursor(self) -> std::io::Cursor<Vec<u8>> {
        std::io::Cursor::new(self)
    }
}

impl Archive {
    /// Runs `dateline import` with a path on a shelf behind the name of its kind, where one is given.
    pub(crate) fn import_from(
        &self,
        kind: &[&str],
        path: &std::path::Path,
        arguments: &[&str],
    ) -> Built {
        let mut all = vec!["import"];
        all.extend(kind);
        all.push(path.to_str().unwrap());
        all.extend(arguments);
        self.run(&all)
    }
}

/// Complains with the whole text where a part is not in it.
#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}
