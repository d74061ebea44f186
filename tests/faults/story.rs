//! A site, and edits that touch it in every way a build knows: what the faults happen to.

use std::fs;
use std::sync::OnceLock;

use crate::archive::{Archive, Ended, Tree, differing};
use crate::skip;

const CONFIG: &str = "base_url = \"https://archive.example/\"\ntitle = \"The Archive\"\n\
    [data]\nwhole = [\"jsonl\"]\nbody_licenses = [\"CC0-1.0\"]\n[republish]\nallow = true\n";

/// A published site, and what becomes of it.
pub(crate) struct Story {
    published: Archive,
    /// The edited archive without a site.
    sources: Archive,
    /// The site before the edits.
    pub(crate) old: Tree,
    /// The site that a clean build makes of the edited archive.
    pub(crate) new: Tree,
}

fn report(title: &str, day: u32, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2017-01-{day:02}\n{more}\n+++\nWords of {title}.\n")
}

fn first() -> Archive {
    let archive = Archive::new(&[("dateline.toml", CONFIG)]);
    for (name, day, more) in [
        ("corrected", 3, "tags = [\"Moon\"]\nauthors = [\"Ada Lovelace\"]"),
        ("withdrawn/index", 4, "tags = [\"Moon\", \"Sun\"]"),
        ("deleted", 5, "tags = [\"Rare\"]"),
        ("retagged", 6, "tags = [\"Moon\"]"),
        ("steady", 7, "tags = [\"Sun\"]\nlicense = \"CC0-1.0\""),
    ] {
        archive.write(&format!("content/{name}.md"), report(name, day, more));
    }
    archive.write("content/withdrawn/photo.txt", "pixels");
    archive.write(
        "content/pages/about.md",
        "+++\ntitle = \"About\"\n+++\n[r](../steady.md) ![p](/picture.gif)\n",
    );
    archive.write("static/picture.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
    archive.write("templates/404.html", "<p>Nothing is here</p>\n");
    archive.write("links/gone.example.toml", "[\"https://gone.example/\"]\ndead = 2024-01-01\n");
    archive.write("static/file", "a file that becomes a folder");
    archive.write("static/folder/below/one.txt", "a folder that becomes a file");
    archive.write("static/Case.txt", "upper");
    archive.write("static/steady.txt", "steady");
    archive.write("static/large.bin", vec![b'a'; 300_000]);
    archive
}

/// Changes every kind of thing.
fn edit(archive: &Archive) {
    let corrected = "corrections = [{ date = 2017-02-01, text = \"A name was wrong.\" }]";
    archive.write("content/corrected.md", report("corrected", 3, corrected));
    let gone = "withdrawn = { date = 2020-01-01, kind = \"request\" }";
    archive.write("content/withdrawn/index.md", report("withdrawn", 4, gone));
    fs::remove_file(archive.path("content/deleted.md")).unwrap();
    archive.write("content/retagged.md", report("retagged", 6, "tags = [\"Sun\"]"));
    archive.write("content/added.md", report("added", 1, "tags = [\"New\"]"));
    fs::remove_file(archive.path("static/file")).unwrap();
    archive.write("static/file/below.txt", "a folder now");
    fs::remove_dir_all(archive.path("static/folder")).unwrap();
    archive.write("static/folder", "a file now");
    fs::rename(archive.path("static/Case.txt"), archive.path("static/case.txt")).unwrap();
    archive.write("static/large.bin", vec![b'b'; 300_000]);
}

impl Story {
    /// The story, made once.
    pub(crate) fn get() -> &'static Story {
        static STORY: OnceLock<Story> = OnceLock::new();
        STORY.get_or_init(|| {
            let published = first();
            let old = published.built();
            // So old that no build doubts what the file system says of it.
            let files = walkdir::WalkDir::new(published.root()).into_iter();
            let files = files.map(|entry| entry.unwrap().into_path());
            let aged = skip::basic("touch").args(["-d", "2020-01-01"]).args(files).status();
            assert!(aged.unwrap().success());
            let sources = first();
            edit(&sources);
            let new = Archive::copy(&sources).built();
            Story { published, sources, old, new }
        })
    }

    /// The archive with its old site published, and edited since.
    pub(crate) fn edited(&self) -> Archive {
        let archive = Archive::copy(&self.published);
        // Copies have other inodes: only after a build are they what was published.
        assert!(archive.built() == self.old);
        edit(&archive);
        archive
    }

    /// The edited archive without a site.
    pub(crate) fn unpublished(&self) -> Archive {
        Archive::copy(&self.sources)
    }

    /// Holds the promise against what a build left that did not end well. `before`: the records as
    /// that build found them; `old`: the site as it found it.
    #[track_caller]
    pub(crate) fn holds(&self, archive: &Archive, before: &Tree, old: &Tree, what: &str) {
        let site = archive.site();
        if archive.records() == *before {
            let differing = differing(&site, old);
            assert!(differing.is_empty(), "{what}: changed before the commit: {differing:?}");
        }
        for (path, bytes) in &site {
            let is_whole = [old.get(path), self.new.get(path)].contains(&Some(bytes));
            assert!(is_whole, "{what}: {path} is neither old nor new");
        }
        let missing: Vec<&String> = self
            .new
            .keys()
            .filter(|path| old.contains_key(*path) && !site.contains_key(*path))
            .collect();
        assert!(missing.is_empty(), "{what}: missing: {missing:?}");
        self.recovers(archive, what);
    }

    /// The next build makes what a clean one makes, and leaves nothing to be done.
    #[track_caller]
    pub(crate) fn recovers(&self, archive: &Archive, what: &str) {
        let next = archive.build();
        assert_eq!(next.code, Some(0), "{what}: the next build: {}", next.stderr);
        let site = archive.site();
        let differing = differing(&site, &self.new);
        assert!(differing.is_empty(), "{what}: after the next build: {differing:?}");
        archive.has_no_stage();
    }

    /// A build that met a fault: a clear refusal and the promise held, or the new site.
    #[track_caller]
    pub(crate) fn judge(
        &self,
        archive: &Archive,
        before: &Tree,
        old: &Tree,
        ended: &Ended,
        what: &str,
    ) {
        if ended.code == Some(0) {
            let site = archive.site();
            let differing = differing(&site, &self.new);
            assert!(differing.is_empty(), "{what}: success, but these differ: {differing:?}");
            return self.recovers(archive, what);
        }
        assert_eq!(ended.code, Some(2), "{what}: {}", ended.stderr);
        names_a_file(archive, &ended.stderr, what);
        self.holds(archive, before, old, what);
    }
}

/// An error names a file that a curator knows, not one of the stage.
#[track_caller]
pub(crate) fn names_a_file(archive: &Archive, stderr: &str, what: &str) {
    assert!(!stderr.contains("panicked"), "{what}: {stderr}");
    let root = archive.root().display().to_string();
    let known = [root.as_str(), "content/", "static/", "dateline.toml", "templates/", "links/"];
    let error: String = stderr.lines().skip_while(|line| !line.contains("error")).take(3).collect();
    assert!(known.iter().any(|name| error.contains(name)), "{what}: no file is named: {stderr}");
    let is_hash =
        |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = || error.split(|letter: char| !letter.is_ascii_alphanumeric());
    assert!(!words().any(is_hash), "{what}: names a file of the stage: {stderr}");
}
