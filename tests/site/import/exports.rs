//! Exports of Medium, Substack and Movable Type, rebuilt small.

use serde_json::json;

use super::shelf::{Shelf, holds};
use crate::archive::Archive;

const MEDIUM_POST: &str = "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Talks begin</title>\
    <style>p { color: red }</style></head><body><article class='h-entry'>\
    <header><h1 class='p-name'>Talks begin</h1></header>\
    <section data-field='subtitle' class='p-summary'>What it is about.</section>\
    <section data-field='body' class='e-content'>\
    <section name='a1' class='section section--body section--first'><div class='section-divider'><hr class='section-divider'></div>\
    <div class='section-content'><div class='section-inner'><h3 class='graf graf--h3 graf--title'>Talks begin</h3>\
    <p class='graf graf--p'>They met on <strong>Sunday</strong>.</p>\
    <figure class='graf graf--figure'><img class='graf-image' src='https://cdn.example/max/800/a.png'><figcaption>The hall</figcaption></figure></div></div></section>\
    <section name='a2' class='section section--body'><div class='section-divider'><hr class='section-divider'></div>\
    <p class='graf graf--p'>And again.</p></section></section>\
    <footer><p>By <a href='https://medium.example/@ann' class='p-author h-card'>Ann Lee</a> on \
    <a href='https://medium.example/p/3f2a9c1d5b7e'><time class='dt-published' datetime='2017-01-29T23:30:00.000Z'>January 29, 2017</time></a>.</p>\
    <p><a href='https://blog.example/talks-begin-3f2a9c1d5b7e' class='p-canonical'>Canonical link</a></p>\
    <p>Exported from Medium.</p></footer></article></body></html>";

fn medium_files() -> Vec<(&'static str, Vec<u8>)> {
    let draft = MEDIUM_POST
        .replace("Talks begin", "Some day")
        .replace("<time class='dt-published'", "<time");
    vec![
        ("posts/2017-01-29_Talks-begin-3f2a9c1d5b7e.html", MEDIUM_POST.as_bytes().to_vec()),
        ("posts/draft_Some-day-aaaabbbbcccc.html", draft.into_bytes()),
        ("bookmarks/bookmarks-0001.html", b"<p>what I read".to_vec()),
        ("profile/profile.html", b"<p>ann@x.example".to_vec()),
        ("README.html", b"<p>About this".to_vec()),
    ]
}

#[test]
fn medium_s_export_is_imported_from_a_folder_and_from_a_zip_file() {
    let shelf = Shelf::new();
    let files = medium_files();
    let borrowed: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let zip = shelf.zip("medium.zip", &borrowed);
    for (name, bytes) in &files {
        shelf.file(&format!("folder/{name}"), bytes);
    }
    for path in [zip, shelf.path("folder")] {
        let archive = Archive::new();
        let report = archive.import_from(&["medium"], &path, &["--json"]).succeeds().json();
        assert_eq!(report["others"], json!({ "bookmarks": 1, "profile": 1 }));
        let text = archive.text("content/2017/talks-begin.md");
        holds(
            &text,
            &[
                "title = \"Talks begin\"",
                "date = 2017-01-29\n",
                "added = 2017-01-29T23:30:00Z",
                "authors = [\"Ann Lee\"]",
                "summary = \"What it is about.\"",
                "aliases = [\"/talks-begin-3f2a9c1d5b7e\"]",
                "They met on **Sunday**.",
                "The hall",
                // The line between two parts is one that readers see; the one before the first is not.
                "\n\n___\n\nAnd again.",
            ],
        );
        let body = text.rsplit("+++\n").next().unwrap();
        assert!(!body.contains("Talks begin") && !body.trim_start().starts_with("___"), "{text}");
        assert!(!body.contains("Exported from"), "{text}");
        let draft = archive.text("content/drafts/talks-begin.md");
        holds(&draft, &["title = \"Some day\"", "draft = true"]);
        assert_eq!(
            archive.import_from(&["medium"], &path, &["--json"]).succeeds().json()["unchanged"],
            2
        );
        archive.build_with(&["--strict"]).succeeds();
    }
}

const SUBSTACK_POSTS: &str = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n\
    101.talks-begin,2017-01-29T23:30:00.000Z,true,,newsletter,everyone,\"Talks, begin\",What it is about.,\n\
    102.for-few,2017-02-01T10:00:00.000Z,true,,newsletter,only_paid,For few,,\n\
    103.,2017-02-02T10:00:00.000Z,false,,newsletter,everyone,Begun,,\n\
    104.heard,2017-02-03T10:00:00.000Z,true,,podcast,everyone,Heard,,https://sound.example/a.mp3\n\
    105.chat,2017-02-04T10:00:00.000Z,true,,thread,everyone,Chat,,\n\
    106.lost,2017-02-05T10:00:00.000Z,true,,newsletter,everyone,Lost,,\n";

#[test]
fn substack_s_export_is_imported_without_its_subscribers() {
    let post = "<p>They met.</p><div class='subscription-widget-wrap' data-attrs='{}'><form><input placeholder='e-mail'>\
        <div class='subscription-widget-wrap'>Subscribe now</div></form></div>\
        <p class='button-wrapper'><a class='button primary' href='%%checkout_url%%'><span>Upgrade</span></a></p>\
        <div class='captioned-image-container'><figure><a class='image-link' href='https://pics.example/a.png'>\
        <img src='https://pics.example/a.png' alt='The hall'></a><figcaption>The hall</figcaption></figure></div>\
        <p class='button-wrapper'><a class='button' href='https://petition.example/'>Sign it</a></p>";
    let shelf = Shelf::new();
    let zip = shelf.zip(
        "substack.zip",
        &[
            ("posts.csv", SUBSTACK_POSTS.as_bytes()),
            ("email_list.csv", b"email,active\nreader@x.example,true\n"),
            ("posts/101.talks-begin.opens.csv", b"email\nreader@x.example\n"),
            ("posts/101.talks-begin.html", post.as_bytes()),
            ("posts/102.for-few.html", b"<p>Secret."),
            ("posts/103..html", b"<p>Begun."),
            ("posts/104.heard.html", b"<p>Notes."),
        ],
    );
    let archive = Archive::new();
    let report = archive.import_from(&["substack"], &zip, &["--json"]).succeeds().json();
    assert_eq!(report["left_out"], json!({ "private": 1 }));
    assert_eq!(
        report["others"],
        json!({ "list of subscribers": 2, "subscription form": 2, "thread": 1 })
    );
    assert_eq!(report["broken"].as_array().unwrap().len(), 1, "{report}");
    let text = archive.text("content/2017/talks-begin.md");
    holds(
        &text,
        &[
            "title = \"Talks, begin\"",
            "date = 2017-01-29\n",
            "summary = \"What it is about.\"",
            "aliases = [\"/p/talks-begin\"]",
            "They met.",
            "The hall",
            "Sign it",
        ],
    );
    assert!(
        !text.contains("Subscribe") && !text.contains("Upgrade") && !text.contains("%%"),
        "{text}"
    );
    holds(&archive.text("content/2017/heard.md"), &["https://sound.example/a.mp3", "Notes."]);
    holds(&archive.text("content/2017/lost.md"), &["title = \"Lost\""]);
    let private = ["reader@x.example", "Secret."];
    assert!(!archive.everything().values().any(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        private.iter().any(|word| text.contains(word))
    }));
    archive.build_with(&["--strict"]).succeeds();
}

const MOVABLE_TYPE: &str = "AUTHOR: Ann Lee\nTITLE: Talks &amp; more\nBASENAME: talks_begin\nSTATUS: Publish\nALLOW COMMENTS: 1\n\
    CONVERT BREAKS: __default__\nUNIQUE URL: https://old.example/2017/01/talks-begin.html\n\
    PRIMARY CATEGORY: News\nCATEGORY: News\nCATEGORY: Peace\nTAGS: \"geneva lake\",harbour\nDATE: 01/29/2017 11:30:00 PM\n-----\nBODY:\n\
    One.\n\nTwo\nlines, NOTE: not a key.\n-----\nEXTENDED BODY:\nBelow the fold.\n-----\nEXCERPT:\nShort.\n-----\nKEYWORDS:\n\n-----\n\
    COMMENT:\nAUTHOR: Bo\nEMAIL: bo@x.example\nIP: 203.0.113.9\nURL: \nDATE: 01/30/2017 08:00:00 AM\nWell said:\nindeed.\n-----\n--------\n\
    TITLE: Raw\nSTATUS: Draft\nCONVERT BREAKS: 0\nDATE: 2017/02/01 10:00:00\n-----\nBODY:\n<p>HTML\nhere.</p>\n-----\n--------\n";

#[test]
fn movable_type_s_export_is_imported() {
    let shelf = Shelf::new();
    let unix = shelf.file("mt.txt", MOVABLE_TYPE);
    let windows = shelf.file("mt-crlf.txt", MOVABLE_TYPE.replace('\n', "\r\n"));
    for path in [unix, windows] {
        let archive = Archive::new();
        let comments = shelf.path("comments.jsonl");
        let arguments = ["--json", "--comments", comments.to_str().unwrap()];
        let report = archive.import_from(&["movable-type"], &path, &arguments).succeeds().json();
        assert_eq!(report["comments"], 1);
        let text = archive.text("content/2017/talks_begin.md");
        holds(
            &text,
            &[
                "title = \"Talks & more\"",
                "date = 2017-01-29\n",
                "added = 2017-01-29T23:30:00",
                "aliases = [\"/2017/01/talks-begin.html\"]",
                "categories = [\"News\", \"Peace\"]",
                "tags = [\"geneva lake\", \"harbour\"]",
                "summary = \"Short.\"",
                "posted_by = \"Ann Lee\"",
                "One.\n\nTwo",
                "NOTE: not a key.\n\nBelow the fold.",
            ],
        );
        holds(&archive.text("content/2017/raw.md"), &["draft = true", "HTML"]);
        let written = std::fs::read_to_string(&comments).unwrap();
        holds(&written, &["\"author\":\"Bo\"", "Well said: indeed."]);
        assert!(!written.contains("bo@x.example") && !written.contains("203.0.113.9"), "{written}");
        archive.build_with(&["--strict"]).succeeds();
    }
}

#[test]
fn movable_type_s_export_is_read_in_the_encodings_of_its_blogs() {
    let text = "TITLE: 平和についての話し合い\nSTATUS: Publish\nDATE: 01/29/2017 11:30:00 PM\n-----\nBODY:\n日曜日の朝に古い町で話し合いが始まりました。\n-----\n--------\n";
    let bytes = encoding_rs::EUC_JP.encode(text).0.into_owned();
    let shelf = Shelf::new();
    let archive = Archive::new();
    archive.import_from(&["movable-type"], &shelf.file("mt.txt", bytes), &[]).succeeds();
    let files = archive.everything();
    let (_, text) = files.iter().find(|(path, _)| path.starts_with("content/")).unwrap();
    holds(&String::from_utf8_lossy(text), &["title = \"平和についての話し合い\"", "日曜日の朝"]);
}

#[test]
fn several_files_of_one_blog_are_one_export() {
    use super::wxr::{Post, wxr};
    let one = wxr(&[Post::new(1, "one").body("See <a href=\"https://old.example/two/\">two</a>.")]);
    let two = wxr(&[Post::new(2, "two").field("link", "https://old.example/two/").body("Two.")]);
    let shelf = Shelf::new();
    let zip = shelf.zip(
        "wordpress.zip",
        &[
            ("blog/one.xml", one.as_bytes()),
            ("blog/two.xml", two.as_bytes()),
            ("blog/readme.md", b"x"),
        ],
    );
    let archive = Archive::new();
    archive.import_from(&["wordpress"], &zip, &[]).succeeds();
    holds(&archive.text("content/2017/one.md"), &["[two](@/2017/two.md)"]);
    let feed = "<?xml version='1.0'?><feed><entry><id>tag:1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>\
        <title>Talks</title><content type='html'>One.</content><published>2017-01-29T10:00:00Z</published></entry></feed>";
    let zip = shelf.zip(
        "takeout.zip",
        &[
            ("Takeout/Blogger/Blogs/Mine/feed.atom", feed.as_bytes()),
            ("Takeout/Blogger/settings.csv", b"a"),
        ],
    );
    archive.import_from(&[], &zip, &[]).succeeds();
    holds(&archive.text("content/2017/talks.md"), &["One."]);
}
