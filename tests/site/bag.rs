//! `dateline export bagit`: a bag of the archive and its site that others can check, and that holds
//! nothing of what was withdrawn.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::archive::{Archive, tree};
use crate::readers::read;
use crate::skip;

type Tree = BTreeMap<String, Vec<u8>>;

/// A place for bags, beside the archive.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Shelf {
        Shelf(TempDir::new().unwrap())
    }

    fn bag(&self) -> PathBuf {
        self.0.path().join("bag")
    }

    /// What lies on it, hidden or not.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn export(archive: &Archive, bag: &Path) -> crate::archive::Built {
    archive.run(&["export", "bagit", bag.to_str().unwrap()])
}

fn archive() -> Archive {
    let talks = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\nadded = 2026-02-03\n+++\nText.\n";
    Archive::new()
        .article("talks/index.md", talks)
        .file("content/talks/picture.png", "pixels")
        .article("pages/about.md", "+++\ntitle = \"About\"\n+++\nWe keep reports.\n")
        .file("content/notes.txt", "part of no report")
        .file("links/news.example.toml", "")
        .file("static/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("static/100% sure.txt", "a percent sign")
        .file("templates/404.html", "{% extends \"base.html\" %}")
        .file("themes/other/theme.toml", "name = \"other\"\n")
}

fn bagged(archive: &Archive) -> (Shelf, Tree) {
    let shelf = Shelf::new();
    archive.build().succeeds();
    export(archive, &shelf.bag()).clean();
    assert_eq!(shelf.names(), ["bag"], "nothing else is left behind");
    let files = tree(&shelf.bag());
    (shelf, files)
}

fn text(bag: &Tree, path: &str) -> String {
    String::from_utf8(bag[path].clone()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> =
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// The files that a manifest lists, decoded, with their hashes.
fn listed(bag: &Tree, manifest: &str) -> BTreeMap<String, String> {
    let decode = |path: &str| percent_encoding::percent_decode_str(path).decode_utf8_lossy().into();
    let manifest = text(bag, manifest);
    let lines = manifest.lines().map(|line| line.split_once("  ").unwrap());
    lines.map(|(sha256, path)| (decode(path), sha256.to_owned())).collect()
}

#[test]
fn it_holds_what_the_site_is_made_of_and_the_site() {
    let archive = archive();
    let (_shelf, bag) = bagged(&archive);
    let payload: Vec<&str> = bag.keys().filter_map(|path| path.strip_prefix("data/")).collect();
    let made_of: Vec<&str> =
        payload.iter().copied().filter(|path| !path.starts_with("site/")).collect();
    let expected = [
        "content/pages/about.md",
        "content/talks/index.md",
        "content/talks/picture.png",
        "dateline.toml",
        "links/news.example.toml",
        "static/100% sure.txt",
        "static/favicon.svg",
        "templates/404.html",
    ];
    assert_eq!(made_of, expected);
    let site = tree(&archive.path("public"));
    for (path, bytes) in &site {
        assert_eq!(&bag[&format!("data/site/{path}")], bytes, "{path}");
    }
    assert_eq!(payload.len(), expected.len() + site.len());
}

#[test]
fn its_manifests_list_every_file_with_its_hash() {
    let (_shelf, bag) = bagged(&archive());
    for (manifest, is_its) in [
        ("manifest-sha256.txt", (|path| path.starts_with("data/")) as fn(&str) -> bool),
        ("tagmanifest-sha256.txt", |path| {
            !path.starts_with("data/") && path != "tagmanifest-sha256.txt"
        }),
    ] {
        let files = bag.iter().filter(|(path, _)| is_its(path));
        let hashed: BTreeMap<String, String> =
            files.map(|(path, bytes)| (path.clone(), hex(bytes))).collect();
        assert_eq!(listed(&bag, manifest), hashed);
    }
    assert!(text(&bag, "manifest-sha256.txt").contains("  data/static/100%25 sure.txt\n"));
    assert_eq!(text(&bag, "bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    let payload = || bag.iter().filter(|(path, _)| path.starts_with("data/"));
    let octets: usize = payload().map(|(_, bytes)| bytes.len()).sum();
    let info = text(&bag, "bag-info.txt");
    assert!(info.contains(&format!("Payload-Oxum: {octets}.{}\n", payload().count())), "{info}");
    assert!(info.contains("External-Description: The Archive\n"), "{info}");
    assert!(info.contains("External-Identifier: https://archive.example/\n"), "{info}");
}

#[test]
fn the_library_of_congress_s_own_program_finds_it_valid() {
    let Some(python) = skip::needs_python(&["bagit"]) else { return };
    let archive = Archive::demo();
    let (shelf, bag) = bagged(&archive);
    let found = read(&python, "bag", &[shelf.bag()]);
    let payload = bag.keys().filter(|path| path.starts_with("data/")).count();
    assert_eq!(found["payload"], payload);
    assert_eq!(
        found["info"]["Bag-Software-Agent"],
        concat!("Dateline ", env!("CARGO_PKG_VERSION"))
    );
    fs::write(shelf.bag().join("data/site/index.html"), "other words").unwrap();
    let damaged = std::panic::catch_unwind(|| read(&python, "bag", &[shelf.bag()]));
    assert!(damaged.is_err(), "a reader that never objects proves nothing");
}

#[test]
fn its_date_is_that_of_the_newest_addition_or_the_one_that_the_environment_gives() {
    let archive = archive();
    let (_shelf, first) = bagged(&archive);
    assert!(text(&first, "bag-info.txt").contains("Bagging-Date: 2026-02-03\n"));
    let (_shelf, second) = bagged(&archive);
    assert_eq!(first, second, "the same archive gives the same bag");
    let (_shelf, dated) = bagged(&archive.environment("SOURCE_DATE_EPOCH", "86400"));
    assert!(text(&dated, "bag-info.txt").contains("Bagging-Date: 1970-01-02\n"));
    let (_shelf, undated) = bagged(&Archive::new().article("2017-01-29-a.md", "Text.\n"));
    assert!(!text(&undated, "bag-info.txt").contains("Bagging-Date"));
}

#[test]
fn nothing_of_what_was_withdrawn_or_redacted_is_in_it() {
    let withdrawn = "+++\ntitle = \"The Titleword\"\ndate = 2017-01-30\n\
        summary = \"Summaryword.\"\nwithdrawn = { date = 2026-03-01, kind = \"safety\" }\n\
        +++\nThe bodyword.\n";
    let redacted = "+++\ntitle = \"Redacted\"\ndate = 2017-01-31\n[[redactions]]\n\
        date = 2026-03-01\nassets = [\"face.png\", \"/Scan.png\"]\n+++\nText.\n";
    let draft = "+++\ntitle = \"Draftword\"\ndate = 2017-02-01\ndraft = true\n+++\nText.\n";
    let archive = archive()
        .article("gone/index.md", withdrawn)
        .file("content/gone/portraitname.png", "portraitbytes")
        .file("content/gone/.index.md.swp", "The bodyword.")
        .article("redacted/index.md", redacted)
        .file("content/redacted/face.png", "facebytes")
        .file("content/redacted/map.png", "map")
        .file("static/scan.png", "scanbytes")
        .article("draft/index.md", draft)
        .file("content/draft/later.png", "draftbytes");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../gone/portraitname.png", archive.path("content/talks/link.png"))
        .unwrap();
    let (_shelf, bag) = bagged(&archive);
    assert!(bag.contains_key("data/content/redacted/map.png"));
    assert!(bag.contains_key("data/site/2017/01/30/gone/index.html"), "its notice stays");
    for word in ["titleword", "summaryword", "bodyword", "portraitbytes", "facebytes", "scanbytes"]
    {
        for (path, bytes) in &bag {
            let all = format!("{path}\n{}", String::from_utf8_lossy(bytes)).to_lowercase();
            assert!(!all.contains(word), "{word} in {path}");
        }
    }
    for word in ["draftword", "draftbytes", "later.png"] {
        let holds = |(path, bytes): (&String, &Vec<u8>)| {
            path.contains(word) || String::from_utf8_lossy(bytes).to_lowercase().contains(word)
        };
        assert!(!bag.iter().any(holds), "{word}");
    }
}

#[test]
fn a_site_that_is_behind_its_archive_makes_no_bag() {
    let archive = archive().article("2017-01-30-b.md", "+++\ntitle = \"B\"\n+++\nBodyword.\n");
    archive.build().succeeds();
    let shelf = Shelf::new();
    archive.write(
        "content/2017-01-30-b.md",
        "+++\ntitle = \"B\"\nwithdrawn = { date = 2026-03-01, kind = \"court\" }\n+++\n",
    );
    let refused = export(&archive, &shelf.bag());
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("is not what a build would publish now"));
    assert!(refused.stderr().contains("help: run `dateline build`"));
    assert_eq!(shelf.names(), [""; 0]);
    archive.build().succeeds();
    export(&archive, &shelf.bag()).clean();
}

#[test]
fn a_file_that_can_t_be_read_might_be_withdrawn_so_there_is_no_bag() {
    let archive = archive();
    archive.build().succeeds();
    archive.write("content/2017-01-30-b.md", "+++\nwithdrawn = \n+++\nBodyword.\n");
    let shelf = Shelf::new();
    let refused = export(&archive, &shelf.bag());
    assert_eq!(refused.code(), 1);
    assert!(refused.stderr().contains("content/2017-01-30-b.md"), "{}", refused.stderr());
    assert_eq!(shelf.names(), [""; 0]);
}

#[test]
fn a_damaged_or_missing_site_makes_no_bag() {
    let shelf = Shelf::new();
    let archive = archive();
    let refused = export(&archive, &shelf.bag());
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("no record tells what was published"));
    archive.build().succeeds();
    let page = archive.path("public/404.html");
    let sound = fs::read(&page).unwrap();
    archive.remove("public/404.html");
    assert_eq!(export(&archive, &shelf.bag()).code(), 2);
    archive.build().succeeds();
    // Bytes that went bad: neither size nor time tell.
    let modified = fs::metadata(&page).unwrap().modified().unwrap();
    let file = fs::File::options().write(true).open(&page).unwrap();
    std::io::Write::write_all(&mut &file, &vec![b'x'; sound.len()]).unwrap();
    file.set_modified(modified).unwrap();
    drop(file);
    let refused = export(&archive, &shelf.bag());
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("public/404.html` is not as it was published"));
    assert_eq!(shelf.names(), [""; 0], "no half bag is left");
}

#[test]
fn a_folder_that_holds_anything_or_belongs_to_the_archive_is_refused() {
    let archive = archive();
    archive.build().succeeds();
    let shelf = Shelf::new();
    fs::create_dir(shelf.bag()).unwrap();
    fs::write(shelf.bag().join("mine.txt"), "mine").unwrap();
    let refused = export(&archive, &shelf.bag());
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("is not an empty folder"));
    assert_eq!(tree(&shelf.bag()).len(), 1);
    fs::remove_file(shelf.bag().join("mine.txt")).unwrap();
    export(&archive, &shelf.bag()).clean();
    for place in ["content/bag", "public/bag", "public", "static", ".", ".dateline/bag"] {
        let refused = export(&archive, &archive.path(place));
        assert_eq!(refused.code(), 2, "{place}");
        assert!(refused.stderr().contains("it is part of the archive"), "{place}");
    }
    let nowhere = export(&archive, &shelf.0.path().join("no/such/folder"));
    assert_eq!(nowhere.code(), 2);
}

#[test]
fn an_impossible_date_in_the_environment_is_told() {
    let archive = archive();
    archive.build().succeeds();
    let shelf = Shelf::new();
    let refused = export(&archive.environment("SOURCE_DATE_EPOCH", "soon"), &shelf.bag());
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("SOURCE_DATE_EPOCH is soon"));
}
