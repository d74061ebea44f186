//! Files that were made to do harm: each is told, in bounded time, and nothing is written outside of the archive.

use std::time::{Duration, Instant};

use super::shelf::{Shelf, holds};
use crate::archive::{Archive, Built};

/// Longer than any of these takes on a busy machine, shorter than a hang.
const PATIENCE: Duration = Duration::from_secs(50);

/// Imports a file; it must end in time and without a crash.
#[track_caller]
fn ends(kind: &str, path: &std::path::Path) -> (Archive, Built) {
    let archive = Archive::new();
    let started = Instant::now();
    let run = archive.import_from(&[kind], path, &["--json"]);
    assert!([0, 1, 2].contains(&run.code()), "{kind}: {} {}", run.code(), run.stderr());
    assert!(!run.stderr().contains("panicked"), "{kind}: {}", run.stderr());
    assert!(started.elapsed() < PATIENCE, "{kind}: {:?}", started.elapsed());
    (archive, run)
}

fn wxr(inner: &str) -> String {
    format!(
        "<?xml version='1.0'?><rss><channel><link>https://old.example</link><item><title>A</title><wp:post_id>1</wp:post_id>\
         <wp:post_date>2017-01-29 10:00:00</wp:post_date><content:encoded><![CDATA[{inner}]]></content:encoded></item></channel></rss>"
    )
}

#[test]
fn entities_do_not_grow() {
    let mut bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>".to_owned();
    for level in 1..20 {
        let inner = format!("&a{};", level - 1).repeat(10);
        bomb = format!("{bomb}<!ENTITY a{level} '{inner}'>");
    }
    bomb.push_str("]><rss><channel><item><title>&a19;</title><guid>1</guid><pubDate>Sun, 29 Jan 2017 10:00:00 GMT</pubDate></item></channel></rss>");
    let shelf = Shelf::new();
    let path = shelf.file("bomb.xml", bomb);
    for kind in ["wordpress", "feed", "blogger", "zotero"] {
        let (archive, _) = ends(kind, &path);
        let size: usize = archive.everything().values().map(Vec::len).sum();
        assert!(size < 100_000, "{kind}: {size}");
    }
    let outer = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><item><title>&f;</title><guid>1</guid></item></rss>";
    let (archive, _) = ends("feed", &shelf.file("outer.xml", outer));
    assert!(
        !archive.everything().values().any(|text| String::from_utf8_lossy(text).contains("root:"))
    );
}

#[test]
fn ten_megabytes_of_one_element_are_a_text_or_are_told() {
    let shelf = Shelf::new();
    let (longest, long) = ("x".repeat(10 << 20), "x".repeat(1 << 20));
    let cases = [
        ("wordpress", wxr(&longest)),
        ("wordpress", wxr(&format!("<a href=\"{long}\">b</a>"))),
        ("wordpress", wxr(&"<b>".repeat(1 << 18))),
        (
            "feed",
            format!(
                "<rss><channel><item><title>{long}</title><guid>1</guid></item></channel></rss>"
            ),
        ),
        ("feed", format!("<rss><channel><{longest}>")),
        ("feed", "<a>".repeat(1 << 18)),
        ("csl", "[".repeat(10 << 20)),
        ("ris", format!("TY  - NEWS\nTI  - {long}\n")),
        ("csv", format!("title,date\n\"{long}")),
        ("jsonl", format!("{{\"title\":\"{long}\"}}\n")),
        ("movable-type", format!("TITLE: {long}\n-----\nBODY:\n{long}\n-----\n--------\n")),
        ("html", format!("<p>{long}")),
        ("html", "<div>".repeat(1 << 18)),
        (
            "zotero",
            format!(
                "<rdf:RDF><bib:Article rdf:about='a'><z:itemType>x</z:itemType><dc:title>{long}</dc:title></bib:Article></rdf:RDF>"
            ),
        ),
        (
            "ghost",
            format!(
                "{{\"db\":[{{\"data\":{{\"posts\":[{{\"id\":1,\"title\":\"A\",\"html\":\"{long}\"}}]}}}}]}}"
            ),
        ),
    ];
    for (at, (kind, text)) in cases.into_iter().enumerate() {
        let (_, run) = ends(kind, &shelf.file(&format!("{at}"), text));
        assert!(run.code() != 2 || !run.stderr().is_empty());
    }
}

#[test]
fn a_zip_file_that_unpacks_to_endless_bytes_is_told() {
    let shelf = Shelf::new();
    let zeros = vec![b' '; 20 << 20];
    let bomb = shelf.zip("bomb.zip", &[("posts/2017-01-29_A-aaaaaaaaaaaa.html", &zeros)]);
    assert!(bomb.metadata().unwrap().len() < 1 << 20);
    let (_, run) = ends("medium", &bomb);
    holds(&run.stderr(), &["has more than"]);
}

#[test]
fn names_that_lead_out_of_their_folder_are_told_and_nothing_is_written_there() {
    let shelf = Shelf::new();
    let post = b"<h1 class=p-name>A</h1><section class=e-content><p>One.</section>";
    let names = [
        "../../posts/a-aaaaaaaaaaaa.html",
        "/tmp/posts/a-bbbbbbbbbbbb.html",
        "posts/../../a-cccccccccccc.html",
        "posts\\..\\a-dddddddddddd.html",
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &post[..])).collect();
    let zip = shelf.zip("out.zip", &files);
    let (archive, run) = ends("medium", &zip);
    assert_eq!(run.code(), 2, "{}", run.stdout());
    assert!(!archive.everything().keys().any(|path| path.starts_with("content/")));

    let line = |file: &str| {
        serde_json::json!({ "dateline": 1, "file": file, "front_matter": "", "body": "x" })
            .to_string()
    };
    let paths = [
        "../outside.md",
        "content/../../outside.md",
        "/etc/outside.md",
        "content/.hidden/a.md",
        ".dateline/a",
        "static/a.js",
        "content/a\u{0}.md",
        "content\\..\\..\\a.md",
    ];
    let lines: Vec<String> = paths.iter().map(|path| line(path)).collect();
    let (archive, run) = ends("jsonl", &shelf.file("out.jsonl", lines.join("\n")));
    let before: Vec<String> = archive
        .everything()
        .into_keys()
        .filter(|path| !path.starts_with(".dateline") && !path.starts_with("import-"))
        .collect();
    assert_eq!(before, ["dateline.toml"], "{}", run.stdout());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_a_folder_is_not_followed() {
    let shelf = Shelf::new();
    let secret = shelf.file("secret.html", "<title>Secret</title><p>A secret text.");
    shelf.file("pages/a.html", "<title>A</title><p>One.");
    std::os::unix::fs::symlink(&secret, shelf.path("pages/b.html")).unwrap();
    std::os::unix::fs::symlink("/etc", shelf.path("pages/etc")).unwrap();
    let (archive, _) = ends("html", &shelf.path("pages"));
    let files = archive.everything();
    assert!(!files.values().any(|text| String::from_utf8_lossy(text).contains("secret text")));
    // Nor is one that leads out of the archive.
    let outside = Shelf::new();
    let archive = Archive::new();
    std::os::unix::fs::symlink(outside.path(""), archive.path("content")).unwrap();
    let run = archive.import_from(&["html"], &shelf.path("pages"), &[]);
    assert_eq!(run.code(), 2);
    holds(&run.stderr(), &["leads out of the archive"]);
    assert_eq!(std::fs::read_dir(outside.path("")).unwrap().count(), 0);
}

#[test]
fn feeds_that_lie_do_no_harm() {
    let shelf = Shelf::new();
    for (kind, text) in [
        (
            "feed",
            "<rss><channel><link>javascript:alert(1)</link><item><link>file:///etc/passwd</link><title>../../a</title><guid>../../../b</guid><pubDate>Sun, 99 Foo 20177</pubDate><description>x</description></item></channel></rss>",
        ),
        (
            "feed",
            "<feed><entry><id>x</id><title>content/../../c</title><published>-1</published><link href='http://[::1'/></entry></feed>",
        ),
        ("feed", "{\"items\":[{\"id\":{},\"url\":[],\"title\":7,\"date_published\":{}}, null, 3]}"),
        (
            "ghost",
            "{\"data\":{\"posts\":[null,{\"id\":[],\"slug\":\"../../../etc/x\",\"title\":\"A\",\"html\":\"b\",\"published_at\":9e99}]}}",
        ),
        ("csl", "[null,{\"id\":[],\"title\":{},\"issued\":{\"date-parts\":[[2017,99,99]]}}]"),
        ("csv", "title,date,slug\n../../a,2017-99-99,../../../b\n"),
        ("substack", "no table"),
        ("bagit", "no bag"),
        ("warc", "no warc"),
        ("medium", "no page"),
        (
            "zotero",
            "<rdf:RDF><z:Collection rdf:about='a'><dcterms:hasPart rdf:resource='a'/></z:Collection><bib:Article rdf:about='a'><z:itemType>x</z:itemType></bib:Article></rdf:RDF>",
        ),
    ] {
        let (archive, _) = ends(kind, &shelf.file("file", text));
        let strange = archive
            .everything()
            .into_keys()
            .find(|path| path.contains("..") || path.contains("etc"));
        assert_eq!(strange, None, "{kind}");
        archive.build_with(&["--drafts"]).succeeds();
    }
}
