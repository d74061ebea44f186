//! A little archive with a target, and how its output is compared with what is deployed.

use std::collections::BTreeMap;
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::archive::{Archive, Built, tree};

/// The name of the record at a target.
pub(crate) const RECORD: &str = ".dateline-deployed.json.gz";

/// The bytes of a record with something else in it.
pub(crate) fn rewritten_record(
    bytes: &[u8],
    change: impl FnOnce(&mut serde_json::Value),
) -> Vec<u8> {
    let mut record: serde_json::Value = serde_json::from_reader(GzDecoder::new(bytes)).unwrap();
    change(&mut record);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut encoder, &record).unwrap();
    encoder.finish().unwrap()
}

/// A report; its text and its picture hold words that are nowhere else.
pub(crate) fn report(title: &str, words: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\noutlet = \"The Gazette\"\ntags = [\"{title}\", \"news\"]\n+++\n\
         {words}\n\n![A picture](picture.png)\n"
    )
}

/// An archive of three reports whose `[deploy.targets.there]` holds these keys.
pub(crate) fn little(target: &str) -> Archive {
    let archive = Archive::new()
        .config(&format!("title = \"The Archive\"\n[deploy.targets.there]\n{target}\n"));
    for (day, title) in [(1, "Alpha"), (2, "Beta"), (3, "Gamma")] {
        add(&archive, &format!("2017-01-0{day}-{}", title.to_lowercase()), title);
    }
    archive
}

/// Adds a report with a picture of its own.
pub(crate) fn add(archive: &Archive, name: &str, title: &str) {
    let words = format!("Words of {title} that are nowhere else.");
    archive.write(&format!("content/{name}/index.md"), report(title, &words));
    archive.write(&format!("content/{name}/picture.png"), picture(title));
}

/// A picture that is one, and unlike all others: its pixels are the letters of the title.
pub(crate) fn picture(title: &str) -> Vec<u8> {
    let letters = title.bytes().cycle().take(16 * 16).collect();
    let pixels = image::GrayImage::from_raw(16, 16, letters).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Takes a report down.
pub(crate) fn withdraw(archive: &Archive, name: &str) {
    archive.write(
        &format!("content/{name}/index.md"),
        "+++\ntitle = \"Taken down\"\nwithdrawn = { date = \"2017-02-01\", kind = \"privacy\" }\n+++\n",
    );
    archive.remove(&format!("content/{name}/picture.png"));
}

/// Builds and deploys.
#[track_caller]
pub(crate) fn publish(archive: &Archive) -> Built {
    archive.build().succeeds();
    archive.run(&["deploy", "--json"]).succeeds()
}

/// How many files a deploy put and deleted.
#[track_caller]
pub(crate) fn moved(deployed: &Built) -> (u64, u64) {
    let report = deployed.json();
    (report["put"].as_u64().unwrap(), report["deleted"].as_u64().unwrap())
}

/// The built site.
pub(crate) fn site(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    tree(&archive.path("public"))
}

/// What is deployed to a folder, without the record.
pub(crate) fn deployed(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&folder.canonicalize().unwrap());
    files.remove(RECORD);
    files
}

/// Fails with names only: the bytes would fill the screen.
#[track_caller]
pub(crate) fn assert_same(there: &BTreeMap<String, Vec<u8>>, site: &BTreeMap<String, Vec<u8>>) {
    let differing: Vec<&String> = there
        .keys()
        .chain(site.keys())
        .filter(|path| there.get(*path) != site.get(*path))
        .collect();
    assert_eq!(differing, Vec::<&String>::new());
}

/// The same, where the theme may have changed with the last deploy: what it shipped before stays for
/// the pages that readers have open.
#[track_caller]
pub(crate) fn assert_same_but_kept(
    there: &BTreeMap<String, Vec<u8>>,
    site: &BTreeMap<String, Vec<u8>>,
) {
    let is_kept = |path: &str| {
        path.starts_with("assets/style.") && path.ends_with(".css") && !site.contains_key(path)
    };
    let mut there = there.clone();
    there.retain(|path, _| !is_kept(path));
    assert_same(&there, site);
}

/// Changes the theme's style sheet.
pub(crate) fn restyle(archive: &Archive, rule: &str) {
    let sheet = "themes/gazette/assets/style.css";
    let shipped = std::fs::read(format!("{}/{sheet}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    archive.write(sheet, [&shipped[..], rule.as_bytes()].concat());
}

/// The built site's style sheet.
pub(crate) fn sheet(archive: &Archive) -> String {
    let mut files = site(archive).into_keys();
    files.find(|path| path.starts_with("assets/style.") && path.ends_with(".css")).unwrap()
}

/// A page that was fetched before a deploy finds its style sheet after it; the deploy after that takes
/// the sheet away, and one that has nothing to do takes nothing.
#[track_caller]
pub(crate) fn assert_keeps_the_sheet_of_open_pages(
    archive: &Archive,
    there: impl Fn() -> BTreeMap<String, Vec<u8>>,
) {
    publish(archive);
    let first = sheet(archive);
    restyle(archive, "\nbody { color: inherit; }\n");
    let kept = publish(archive).json()["kept"].clone();
    assert_eq!(kept, serde_json::json!([first]));
    let second = sheet(archive);
    assert_ne!(first, second);
    for _ in 0..2 {
        let files = there();
        assert!(files.contains_key(&first) && files.contains_key(&second));
        assert_same_but_kept(&files, &site(archive));
        assert_eq!(moved(&publish(archive)), (0, 0));
    }
    restyle(archive, "\nbody { color: red; }\n");
    let third = publish(archive).json();
    let steps = third["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["deleted"], serde_json::json!([first]));
    let files = there();
    assert!(!files.contains_key(&first) && files.contains_key(&second));
    assert_same_but_kept(&files, &site(archive));
    add(archive, "2017-01-09-last", "Last");
    publish(archive);
    assert_same(&there(), &site(archive));
}
