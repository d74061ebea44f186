//! A little archive with a target, and how its output is compared with what is deployed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive::{Archive, Built, tree};

/// The name of the record at a target.
pub(crate) const RECORD: &str = ".dateline-deployed.json.gz";

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

/// A picture that is one, and unlike all others.
fn picture(title: &str) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0";
    [head, title.as_bytes()].concat()
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
