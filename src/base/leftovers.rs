//! Names of files that programs leave behind: one list for content, `static/` and themes, extended
//! by the globs of `[build] ignore`.
//!
//! Only names are judged here. `content::publishable` calls this before any other check.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Suffixes of files that editors, systems and version control make, in lower case.
const ENDINGS: &[&str] = &[
    // Editors: Emacs, gedit, nano, JOE, vim.
    "~",
    ".bak",
    ".backup",
    ".old",
    ".orig",
    ".save",
    ".swp",
    ".swo",
    ".swn",
    ".swx",
    ".un~",
    ".tmp",
    ".temp",
    ".kate-swp",
    ".autosave",
    ".bck",
    // Patches.
    ".rej",
    // Word processors and downloads.
    ".asd",
    ".wbk",
    ".crdownload",
    ".part",
    ".partial",
    ".filepart",
    ".opdownload",
    ".download",
    ".aria2",
    ".!ut",
    ".lnk",
    // Programs' own.
    ".pyc",
    ".pyo",
];

/// Endings behind which editors and backups count: `index.md.bak1`, `letter.pdf.save.2`.
const COUNTED_ENDINGS: &[&str] =
    &[".bak", ".backup", ".old", ".orig", ".save", ".swp", ".tmp", ".copy"];

/// What stands before a file's ending where a copy keeps that: `index.bak.md`.
const INNER_ENDINGS: &[&str] = &[".bak.", ".swp.", ".tmp.", ".svn-base."];

/// Endings of the same behind the file's own: what Subversion and Bazaar make of `index.md`.
const SECOND_ENDINGS: &[&str] = &[
    "mine",
    "theirs",
    "base",
    "other",
    "this",
    "working",
    "svn-base",
    "merge-left",
    "merge-right",
];

/// Beginnings of the same.
const BEGINNINGS: &[&str] =
    &["~$", "~wrl", ".#", ".~lock.", "._", "__macosx", ".goutputstream-", "thumbs.db"];

/// Whole names.
const NAMES: &[&str] = &[
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "$recycle.bin",
    "system volume information",
    "icon\r",
    "_darcs",
    "lost+found",
    "nohup.out",
    // A file by which vim tries whether it may write.
    "4913",
    "__pycache__",
    // Network storage: small pictures, and what was deleted.
    "@eadir",
    "#recycle",
    // Private keys.
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
];

/// What readers may be offered of a text: `letter.md.pdf` is no copy of `letter.md`.
const FOR_READERS: &[&str] = &[
    "html", "htm", "pdf", "txt", "png", "jpg", "jpeg", "webp", "gif", "svg", "csv", "json", "xml",
    "epub", "odt", "docx", "gz", "br", "zst", "asc", "sig", "gpg", "md", "markdown",
];

/// Folders of old version control systems, whose names are in capitals.
const FOLDERS: &[&str] = &["CVS", "RCS", "SCCS"];

/// Parts of names that file-sync programs give to conflicting copies.
const PARTS: &[&str] = &[".sync-conflict-", "conflicted copy"];

/// What `git mergetool` puts before a number: `index_LOCAL_4711.md`, once `index.LOCAL.4711.md`.
const SIDES: &[&str] =
    &["_BACKUP_", "_LOCAL_", "_REMOTE_", "_BASE_", ".BACKUP.", ".LOCAL.", ".REMOTE.", ".BASE."];

/// Whether this is the name of a left-over file or folder.
pub(crate) fn is_leftover(name: &str) -> bool {
    if is_ordinary(name) {
        return false;
    }
    if FOLDERS.contains(&name) || is_side_of_a_merge(name) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str())
        || ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || PARTS.iter().any(|part| name.contains(part))
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || INNER_ENDINGS.iter().any(|ending| name.contains(ending))
        || is_side_of_a_conflict(&name)
        || is_counted(&name)
        || is_copy_of_a_text(&name)
}

/// Whether this is a left-over of a file in the same folder: its name contains the file's, or is
/// that of a copy made by git or a file-sync program.
pub(crate) fn is_leftover_of(name: &str, file: &str) -> bool {
    if !is_leftover(name) || file.is_empty() {
        return false;
    }
    let (name, file) = (name.to_lowercase(), file.to_lowercase());
    let (stem, ending) = file.rsplit_once('.').unwrap_or((&file, ""));
    let between = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending));
    let is_copy = between.is_some_and(|between| {
        let copies = SIDES.iter().chain([&".sync-conflict-", &" ("]);
        copies.into_iter().any(|mark| between.starts_with(&mark.to_lowercase()))
    });
    is_copy || name.contains(&file)
}

/// A fast path: almost all names are plain letters with a common extension.
fn is_ordinary(name: &str) -> bool {
    let Some((stem, ending)) = name.split_once('.') else { return false };
    matches!(ending, "md" | "png" | "jpg" | "jpeg" | "webp" | "pdf" | "html" | "css" | "csv")
        && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `index.md.bak1`, `letter.pdf.save.2`, `core.4711`.
fn is_counted(name: &str) -> bool {
    let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if bare.len() == name.len() {
        return false;
    }
    if bare == "core." {
        return true;
    }
    let bare = bare.trim_end_matches(['.', '-', '_']);
    COUNTED_ENDINGS.iter().any(|ending| bare.len() > ending.len() && bare.ends_with(ending))
}

/// A text under a name that goes on behind its ending, such as `index.md.1` or `index.md.pacsave`: some
/// program has kept it, and readers have no use for it.
fn is_copy_of_a_text(name: &str) -> bool {
    let behind = [".md.", ".markdown."].iter().find_map(|ending| {
        let (_, behind) = name.split_once(ending)?;
        Some(behind)
    });
    let last = behind.map(|behind| behind.rsplit('.').next().unwrap_or_default());
    last.is_some_and(|last| !FOR_READERS.contains(&last))
}

fn is_side_of_a_merge(name: &str) -> bool {
    SIDES.iter().any(|side| {
        name.split_once(side)
            .is_some_and(|(_, after)| is_number(after.split('.').next().unwrap_or_default()))
    })
}

/// Files of a version control conflict: `index.md.mine`, `index.md.r42`.
fn is_side_of_a_conflict(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(before, ending)| {
        before.contains('.')
            && (SECOND_ENDINGS.contains(&ending) || ending.strip_prefix('r').is_some_and(is_number))
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The globs of `[build] ignore`.
#[derive(Clone, Debug, Default)]
pub struct Ignored {
    /// Globs without `/`: they match a name in any folder.
    names: GlobSet,
    /// Globs with `/`: they match a path from the archive's root.
    paths: GlobSet,
}

impl Ignored {
    /// Parses globs; the error is that of the first invalid one.
    pub fn read<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<Ignored, globset::Error> {
        let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for glob in globs {
            let from_root = glob.trim_start_matches("./").trim_start_matches('/');
            let folder = from_root.trim_end_matches('/');
            let read = GlobBuilder::new(folder).literal_separator(true).build()?;
            if folder.contains('/') || glob.starts_with('/') {
                paths.add(read);
            } else {
                names.add(read);
            }
        }
        Ok(Ignored { names: names.build()?, paths: paths.build()? })
    }

    /// Whether a file or folder is ignored. `path` is from the archive's root.
    pub fn is_match(&self, name: &str, path: impl FnOnce() -> String) -> bool {
        (!self.names.is_empty() && self.names.is_match(name))
            || (!self.paths.is_empty() && self.paths.is_match(path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_under_names_that_go_on_are_left_behind_too() {
        for name in [
            "index.md.1",
            "index.md.bak1",
            "index.md.bak-2",
            "letter.pdf.save.2",
            "index.md.working",
            "index.md.svn-base",
            "index.md.merge-left.r3",
            "index.md.pacsave",
            "index.bak.md",
            "index.LOCAL.4711.md",
            "index.md.BASE.4711.md",
            "thumbs.db:encryptable",
            "core.4711",
            "4913",
            "id_ed25519",
            "@eaDir",
            "x.pyc",
            "scan.pdf.aria2",
        ] {
            assert!(is_leftover(name), "{name}");
        }
        for name in [
            "letter.md.pdf",
            "letter.md.asc",
            "list.md.gz",
            "core",
            "core2",
            "core.css",
            "core.js",
            "hardcore.2017",
            "scan-1.png",
            "old2.png",
            "the.old.town.jpg",
            "id_rsa.png",
            "base.csv",
            "4913.pdf",
            "thumbs.png",
            "x.md.d.md",
        ] {
            assert!(!is_leftover(name), "{name}");
        }
    }

    #[test]
    fn what_is_left_of_a_file_is_told_from_what_is_left_of_others() {
        for name in [
            "x.md~",
            ".x.md.swp",
            "#x.md#",
            ".#x.md",
            "X.MD.bak",
            "x.md.r42",
            "x_LOCAL_4711.md",
            "x.sync-conflict-20200101-101010-ABC.md",
            "x (Ann's conflicted copy 2020-01-01).md",
        ] {
            assert!(is_leftover_of(name, "x.md"), "{name}");
        }
        for name in ["y.md~", "xy_LOCAL_4711.md", "x.md", "x-y.sync-conflict-1-A.md", "x.txt~"] {
            assert!(!is_leftover_of(name, "x.md"), "{name}");
        }
    }

    #[test]
    fn what_programs_leave_behind_is_known_in_any_case() {
        for name in [
            "index.md~",
            "#index.md#",
            ".#index.md",
            "index.md.bak",
            "INDEX.MD.BAK",
            "index.md.orig",
            ".index.md.swp",
            "index.md.swo",
            "Thumbs.db",
            "THUMBS.DB",
            "Desktop.ini",
            "~$report.docx",
            ".~lock.report.odt#",
            "._scan.png",
            "__MACOSX",
            "CVS",
            "index.md.rej",
            "index.md.mine",
            "index.md.r42",
            "index.md.merge-left.r7",
            "index_LOCAL_4711.md",
            "index.sync-conflict-20170129-101112-ABCDEFG.md",
            "index (conflicted copy 2017-01-29).md",
            "scan.pdf.crdownload",
            ".goutputstream-ABC123",
            "index.md.THIS",
        ] {
            assert!(is_leftover(name), "{name}");
        }
    }

    #[test]
    fn names_that_people_give_are_none() {
        for name in [
            "index.md",
            "2017-01-29-talks.md",
            "scan_2.png",
            "a.b.c.md",
            "Old town.jpg",
            "#metoo",
            "cvs",
            "world.this",
            "backup-plans.md",
            "the_local_paper.md",
            "base.csv",
            "this.md",
            "chapter.1.md",
            "report.r.md",
            "été.png",
            "locks",
            "C#",
        ] {
            assert!(!is_leftover(name), "{name}");
        }
    }

    #[test]
    fn globs_without_a_slash_are_for_names_and_others_for_paths() {
        let ignored = Ignored::read(["*.psd", "content/raw/", "/static/old/*.css"]).unwrap();
        let is_match = |path: &str| {
            ignored.is_match(path.rsplit('/').next().unwrap_or_default(), || path.to_owned())
        };
        assert!(is_match("content/a/b.psd") && is_match("content/raw"));
        assert!(is_match("static/old/a.css") && !is_match("static/old/deep/a.css"));
        assert!(!is_match("content/a/raw") && !is_match("content/a.md"));
        assert!(Ignored::read(["a["]).is_err());
    }
}
