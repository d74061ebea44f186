//! Saved pages and web archives.

use std::io::Write as _;

use serde_json::json;

use super::shelf::{Shelf, holds};
use crate::archive::Archive;

fn sentence() -> String {
    "The talks about the harbour went on until late in the evening, said the mayor. ".repeat(5)
}

/// A page of a newspaper with a menu and other news beside its report.
fn page(head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8>{head}</head><body><nav><a href=/>Start</a> <a href=/sport>Sport</a></nav>\
         <article><h1>Talks begin</h1><p>{0}</p>{body}<p>{0}</p></article><aside><a href=/other>Other news of the day</a></aside></body></html>",
        sentence()
    )
}

const HEAD: &str = "<title>Talks begin | The Paper</title><meta property='og:title' content='Talks begin'>\
    <meta property='og:site_name' content='The Paper'><meta name=author content='Ann Lee'>\
    <meta property='article:published_time' content='2017-01-29T23:30:00-05:00'>\
    <link rel=canonical href='https://paper.example/talks'>\
    <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false,\"headline\":\"Talks begin\"}</script>";

#[test]
fn saved_pages_are_imported_with_what_they_say_of_themselves() {
    let shelf = Shelf::new();
    shelf.file(
        "pages/a/talks.html",
        page(HEAD, "<figure><img src='talks_files/hall%20a.png' alt='The hall'></figure>"),
    );
    shelf.file("pages/a/talks_files/hall a.png", "pixels");
    shelf.file("pages/a/talks_files/frame.html", "<p>An advertisement in a frame");
    shelf.file("pages/empty.htm", "<title>Nothing said</title><p>It rained.");
    shelf.file(
        "pages/old.mhtml",
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\n",
    );
    shelf.file("pages/style.css", "p {}");
    let archive = Archive::new();
    let report = archive.import_from(&[], &shelf.path("pages"), &["--json"]).succeeds().json();
    assert_eq!(report["written"], 2, "{report}");
    holds(&report["broken"].to_string(), &["MHTML"]);
    holds(&report["doubts"].to_string(), &["only subscribers"]);
    let text = archive.text("content/2017/talks-begin.md");
    holds(
        &text,
        &[
            "title = \"Talks begin\"",
            "date = 2017-01-29\n",
            "outlet = \"The Paper\"",
            "original_url = \"https://paper.example/talks\"",
            "authors = [\"Ann Lee\"]",
            "language = \"en\"",
            "![The hall](/saved/a/talks_files/hall%20a.png)",
        ],
    );
    assert_eq!(text.matches("said the mayor").count(), 10, "{text}");
    assert!(!text.contains("Sport") && !text.contains("Other news"), "{text}");
    assert_eq!(archive.text("static/saved/a/talks_files/hall a.png"), "pixels");
    holds(&archive.text("content/drafts/nothing-said.md"), &["draft = true", "It rained."]);
    archive.build_with(&["--strict"]).succeeds();
    let again = archive.import_from(&["html"], &shelf.path("pages"), &["--json"]).succeeds().json();
    assert_eq!((&again["unchanged"], &again["written"]), (&2.into(), &0.into()));
}

/// A record of a web archive.
fn record(kind: &str, address: &str, media_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-05-06T07:08:09Z\r\n\
         Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn answer(address: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let content = [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
    record("response", address, "application/http; msgtype=response", &content)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A crawl of a small site.
fn crawl() -> Vec<Vec<u8>> {
    let talks = page(HEAD, "<p><a href='/more?a=1'>More</a></p>");
    let html = "200 OK\r\nContent-Type: text/html; charset=utf-8";
    let dated = "<meta property='article:published_time' content='2017-02-01'><meta property='og:title' content='Мир'>";
    let russian = encoding_rs::WINDOWS_1251
        .encode(&page(dated, "<p>Переговоры о мире начались."))
        .0
        .into_owned();
    vec![
        record("warcinfo", "", "application/warc-fields", b"software: x"),
        record(
            "request",
            "https://paper.example/talks",
            "application/http",
            b"GET /talks HTTP/1.1\r\n\r\n",
        ),
        answer(
            "https://paper.example/talks",
            &format!("{html}\r\nContent-Encoding: gzip"),
            &packed(talks.as_bytes()),
        ),
        answer("https://paper.example/talks", html, talks.as_bytes()),
        answer("https://paper.example/", html, page(HEAD, "").as_bytes()),
        answer("https://paper.example/gone", "404 Not Found\r\nContent-Type: text/html", b"gone"),
        answer("https://paper.example/a.png", "200 OK\r\nContent-Type: image/png", b"pixels"),
        answer("https://paper.example/list", html, b"<p>No article, no day."),
        answer(
            "https://paper.example/mir",
            "200 OK\r\nContent-Type: text/html; charset=windows-1251",
            &russian,
        ),
        record("revisit", "https://paper.example/talks", "application/http", b""),
    ]
}

#[test]
fn a_web_archive_s_articles_are_imported() {
    let shelf = Shelf::new();
    let records = crawl();
    let plain = shelf.file("crawl.warc", records.concat());
    let members: Vec<Vec<u8>> = records.iter().map(|record| packed(record)).collect();
    let by_member = shelf.file("crawl.warc.gz", members.concat());
    let list = "{\"format\":\"json-pages-1.0\"}\n{\"url\":\"https://paper.example/list\",\"title\":\"A list\"}\n";
    let collection = shelf.zip(
        "crawl.wacz",
        &[
            ("archive/data.warc.gz", &members.concat()),
            ("pages/pages.jsonl", list.as_bytes()),
            ("datapackage.json", b"{}"),
        ],
    );
    for path in [&plain, &by_member, &collection] {
        let archive = Archive::new();
        let report = archive.import_from(&[], path, &["--json"]).succeeds().json();
        let is_listed = path == &collection;
        assert_eq!(report["written"], if is_listed { 3 } else { 2 }, "{report}");
        assert_eq!(report["repeated"], json!(["https://paper.example/talks"]));
        assert_eq!(report["others"]["page that is no article"], if is_listed { 1 } else { 2 });
        assert_eq!(report["others"]["answer 404"], 1);
        assert_eq!(report["others"]["image/png"], 1);
        let text = archive.text("content/2017/talks-begin.md");
        holds(
            &text,
            &[
                "date = 2017-01-29\n",
                "original_url = \"https://paper.example/talks\"",
                "captured = \"2020-05-06T07:08:09Z\"",
                "[More](https://paper.example/more?a=1)",
            ],
        );
        let files = archive.everything();
        assert!(
            files
                .values()
                .any(|text| String::from_utf8_lossy(text).contains("Переговоры о мире начались"))
        );
        archive.build_with(&["--strict"]).succeeds();
    }
}

#[test]
fn a_web_archive_that_lies_of_its_lengths_is_told_and_read_as_far_as_it_goes() {
    let shelf = Shelf::new();
    let records = crawl();
    let whole = records.concat();
    let text = String::from_utf8_lossy(&records[3]).into_owned();
    let length = text.split("Content-Length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    for wrong in ["7", "999999", "99999999999999999999", "-3", ""] {
        let lying = text.replacen(
            &format!("Content-Length: {length}"),
            &format!("Content-Length: {wrong}"),
            1,
        );
        let bytes = [lying.as_bytes(), &records[8]].concat();
        let archive = Archive::new();
        let report = archive
            .import_from(&["warc"], &shelf.file("a.warc", bytes), &["--json"])
            .succeeds()
            .json();
        assert!(!report["broken"].as_array().unwrap().is_empty(), "{wrong}: {report}");
        assert_eq!(report["written"], 1, "{wrong}: {report}");
    }
    // Cut short at any place: no crash, and what was whole is there.
    for part in [10, 200, 2_000, 5_000] {
        let archive = Archive::new();
        let cut = shelf.file("cut.warc.gz", &packed(&whole)[..packed(&whole).len().min(part)]);
        let run = archive.import_from(&["warc"], &cut, &["--json"]);
        assert!([0, 2].contains(&run.code()), "{}", run.stderr());
    }
    let archive = Archive::new();
    let report = archive
        .import_from(&["warc"], &shelf.file("cut.warc", &whole[..whole.len() - 400]), &["--json"])
        .succeeds()
        .json();
    holds(&report["broken"].to_string(), &["cut short"]);
}

/// A page as a browser saves it in one file.
fn one_file() -> String {
    let words =
        "The council met on Tuesday and decided about the bridge over the river. ".repeat(10);
    format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://m.example/a\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\";\r\n\tboundary=\"X\"\r\n\r\n\
         --X\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
         Content-Location: https://m.example/a\r\n\r\n\
         <html><title>Bridge =E2=80=93 closed</title><article><h1>Bridge =E2=80=93 closed</h1>\
         <p>{words}</p><a href=3D\"/b\">More</a></article></html>\r\n--X--\r\n"
    )
}

#[test]
fn pages_in_one_file_are_imported_and_clipped() {
    let shelf = Shelf::new();
    let path = shelf.file("pages/bridge.mhtml", one_file());
    let archive = Archive::new();
    archive.import_from(&[], &path, &[]).succeeds();
    let expected = ["title = \"Bridge – closed\"", "original_url = \"https://m.example/a\""];
    let text = archive.text("content/drafts/bridge-closed.md");
    holds(&text, &expected);
    holds(&text, &["(https://m.example/b)"]);
    assert_eq!(text.matches("about the bridge").count(), 10);
    let archive = Archive::new();
    archive.run(&["clip", path.to_str().unwrap()]).succeeds();
    let text = archive.text("content/drafts/bridge-closed.md");
    holds(&text, &expected);
    // It is what the file says of itself.
    holds(&text, &["# REVIEW: the program that saved it"]);
    archive.run(&["check", "--evidence"]).succeeds();
}
