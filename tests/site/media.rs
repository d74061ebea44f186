//! Sound, film and documents: on pages, in feeds, in structured data, and gone with their reports.

use std::fs;

use crate::archive::{Archive, Built, tree};

const HEAD: &str = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n";
const PAGE: &str = "/2017/01/29/x/";
const PDF: &[u8] = b"%PDF-1.4\n2 0 obj << /Type /Pages /Count 12 /Kids [3 0 R] >> endobj\n";

fn archive() -> Archive {
    Archive::new()
        .article(
            "x/index.md",
            &format!(
                "{HEAD}+++\nWords.\n\n![The talk](talk.mp3)\n\n[The judgment](judgment.pdf)\n"
            ),
        )
        .article("y.md", "+++\ntitle = \"Other\"\ndate = 2017-01-28\n+++\nWords.\n")
        .file("content/x/talk.mp3", vec![7; 1_234_567])
        .file("content/x/judgment.pdf", PDF)
}

/// The site, having made sure that it is that of a build without memory.
#[track_caller]
fn built(archive: &Archive) -> Built {
    let built = archive.build().clean();
    let again = archive.build_with(&["--force", "-o", "again"]).clean();
    let again = tree(&again.output().with_file_name("again"));
    let site = built.tree();
    let names = |site: &std::collections::BTreeMap<String, Vec<u8>>| {
        site.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&site), names(&again));
    for (path, bytes) in &site {
        assert!(again[path] == *bytes, "{path}");
    }
    built
}

#[test]
fn pages_have_players_and_cards_that_load_nothing_by_themselves() {
    let built = built(&archive());
    let page = built.page(PAGE);
    assert!(page.has("audio[controls][preload='none'][src='/2017/01/29/x/talk.mp3']"));
    assert!(page.has("figcaption a[href='/2017/01/29/x/talk.mp3']"));
    let text = built.file("2017/01/29/x/index.html");
    assert!(text.contains("(MP3, 1.3 MB)"), "{text}");
    assert!(text.contains("(PDF, 12 pages, 1 kB)"), "{text}");
}

#[test]
fn feeds_and_structured_data_name_recordings_with_length_and_type() {
    let built = built(&archive());
    let enclosure = "<link rel=\"enclosure\" type=\"audio/mpeg\" length=\"1234567\" \
         href=\"https://archive.example/2017/01/29/x/talk.mp3\"/>";
    for feed in ["atom.xml", "updated.xml"] {
        assert_eq!(built.file(feed).matches(enclosure).count(), 1, "{feed}");
    }
    let feed: serde_json::Value = serde_json::from_str(&built.file("feed.json")).unwrap();
    let item = &feed["items"][0];
    assert_eq!(item["attachments"][0]["mime_type"], "audio/mpeg", "{item}");
    assert_eq!(item["attachments"][0]["size_in_bytes"], 1_234_567);
    assert!(feed["items"][1].get("attachments").is_none());
    let text = built.file("2017/01/29/x/index.html");
    assert!(text.contains("\"audio\":[{\"@type\":\"AudioObject\""), "{text}");
    assert!(!built.file("2017/01/28/y/index.html").contains("AudioObject"));
}

#[test]
fn a_file_that_changes_comes_or_goes_changes_its_page_and_feeds() {
    let archive = archive();
    let before = built(&archive).file("2017/01/29/x/index.html");
    assert!(!before.contains("Transcript"));
    archive.write("content/x/talk.mp3", vec![7; 2_000_000]);
    archive.write("content/x/judgment.pdf", String::from_utf8_lossy(PDF).replace("12", "13"));
    archive.write("content/x/talk.txt", "Good evening.");
    let changed = built(&archive);
    let page = changed.file("2017/01/29/x/index.html");
    for words in ["(MP3, 2.0 MB)", "13 pages", ">Transcript</a>"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(changed.file("atom.xml").contains("length=\"2000000\""));
    archive.remove("content/x/talk.txt");
    assert!(!built(&archive).file("2017/01/29/x/index.html").contains("Transcript"));
    archive.remove("content/x/talk.mp3");
    let said = archive.build().succeeds();
    assert!(said.stderr().contains("`talk.mp3` does not exist"), "{}", said.stderr());
    assert!(!said.file("atom.xml").contains("enclosure"));
    assert!(!said.has("/2017/01/29/x/talk.mp3"));
}

#[test]
fn a_withdrawal_and_a_redaction_take_recordings_and_documents_along() {
    let archive = archive();
    built(&archive);
    let redact = ["redact", "content/x/index.md", "--asset", "talk.mp3", "--reason", "Privacy"];
    archive.run(&redact).succeeds();
    let redacted = archive.build().succeeds();
    assert!(!redacted.has("/2017/01/29/x/talk.mp3") && redacted.has("/2017/01/29/x/judgment.pdf"));
    assert!(!redacted.file("atom.xml").contains("enclosure"));
    assert!(!archive.path("content/x/talk.mp3").exists());
    archive
        .run(&["withdraw", "content/x/index.md", "--kind", "request", "--reason", "Asked"])
        .succeeds();
    let gone = archive.build().succeeds();
    for (path, bytes) in gone.tree() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!path.contains("judgment") && !text.contains("judgment.pdf"), "{path}");
        assert!(!text.contains("talk.mp3"), "{path}");
    }
    for (path, bytes) in archive.everything() {
        let is_known = String::from_utf8_lossy(&bytes).contains("judgment.pdf");
        assert!(!path.starts_with(".dateline") || !is_known, "{path}");
    }
}

#[test]
fn the_policy_lets_players_load_the_site_s_own_files_only_where_there_are_some() {
    let policy = |archive: &Archive| {
        archive.build_with(&["--host", "netlify"]).succeeds();
        fs::read_to_string(archive.path("public/_headers")).unwrap()
    };
    let with = archive();
    assert!(policy(&with).contains("media-src 'self';"), "{}", policy(&with));
    with.write("content/x/index.md", format!("{HEAD}+++\nWords.\n"));
    assert!(!policy(&with).contains("media-src"), "{}", policy(&with));
}

#[test]
fn bodies_play_nothing_from_elsewhere_and_say_where_it_is() {
    let body = "<video><source src=\"https://films.example/f.mp4\"></video>\n\n\
        <iframe src=\"https://www.youtube.com/embed/abc\"></iframe>\n";
    let archive = Archive::new().article("a.md", &format!("{HEAD}+++\n{body}"));
    let page = archive.build().clean().page("/2017/01/29/a/");
    assert!(!page.has("video") && !page.has("iframe"));
    assert!(page.has(".embedded a[href='https://films.example/f.mp4']"));
    assert!(page.has(".embedded a[href='https://www.youtube.com/watch?v=abc']"));
}
