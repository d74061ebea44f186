//! A feed from its address, and pictures of the old site: the only questions that an import asks.

use std::io::Write as _;

use serde_json::json;

use super::shelf::{Shelf, holds};
use super::wxr::{Post, wxr};
use crate::archive::Archive;
use crate::external::config;
use crate::server::{Server, hang, send};

/// A picture of one point.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn says(server: &Server, path: &str, media_type: &'static str, body: impl Into<Vec<u8>>) {
    let body = body.into();
    server.on(path, move |_, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    });
}

fn feed() -> String {
    "<rss><channel><item><title>Talks</title><guid>1</guid><pubDate>Sun, 29 Jan 2017 10:00:00 GMT</pubDate>\
     <description>One.</description></item></channel></rss>"
        .to_owned()
}

#[test]
fn a_feed_is_taken_from_its_address() {
    let server = Server::start();
    says(&server, "/feed", "application/rss+xml", feed());
    server.says("/old", "301 Moved Permanently", &["Location: /feed"]);
    for path in ["/feed", "/old"] {
        let archive = Archive::new().config(&config(&server, ""));
        archive.run(&["import", &server.url(path)]).succeeds();
        holds(&archive.text("content/2017/talks.md"), &["One.", "date = 2017-01-29"]);
        let again = archive.run(&["import", "feed", &server.url(path), "--json"]).succeeds().json();
        assert_eq!(again["unchanged"], 1);
    }
    assert!(server.requests()[0].headers["user-agent"].contains("+https://archive.example/"));
}

#[test]
fn a_feed_that_is_none_is_told_and_no_private_address_is_asked() {
    let server = Server::start();
    says(&server, "/page", "text/html", "<p>no feed");
    server.says("/circle", "302 Found", &["Location: /circle"]);
    server.on("/hangs", |_, _| hang());
    server.on("/endless", |_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n<rss>");
        while send(stream, &" ".repeat(1 << 20)) {}
    });
    says(&server, "/robots.txt", "text/plain", "User-agent: *\nDisallow: /closed\n");
    says(&server, "/closed", "application/rss+xml", feed());
    let archive = Archive::new().config(&config(&server, ""));
    for path in ["/page", "/circle", "/hangs", "/endless", "/closed", "/missing"] {
        let run = archive.run(&["import", "feed", &server.url(path)]);
        assert_eq!(run.code(), 2, "{path}: {}", run.stdout());
        holds(&run.stderr(), &["error", "help"]);
    }
    server.asked();
    let strict = config(&server, "private = false\n");
    let archive = Archive::new().config(&strict);
    let run = archive.run(&["import", "feed", &server.url("/feed")]);
    assert_eq!(run.code(), 2);
    holds(&run.stderr(), &["private network"]);
    assert_eq!(server.asked(), Vec::<String>::new());
    assert_eq!(archive.run(&["import", "feed", "https://[::1/"]).code(), 2);
}

#[test]
fn pictures_of_the_old_site_are_fetched_only_if_asked() {
    let server = Server::start();
    let home = server.url("");
    let upload = |name: &str| server.url(&format!("/wp-content/uploads/2017/01/{name}"));
    says(&server, "/wp-content/uploads/2017/01/a.gif", "image/gif", GIF);
    says(&server, "/wp-content/uploads/2017/01/page.png", "text/html", "<p>not found");
    says(&server, "/run.php", "image/gif", GIF);
    let body = format!(
        "<img src=\"{}\" alt=\"A\"> <img src=\"{}\"> <img src=\"{}\"> <img src=\"{}\"> <img src=\"https://other.example/b.gif\">",
        upload("a-300x200.gif"),
        upload("page.png"),
        upload("gone.png"),
        server.url("/run.php"),
    );
    let posts = [Post::new(1, "one").field("link", &format!("{home}/one/")).body(&body)];
    let shelf = Shelf::new();
    let path = shelf.file("export.xml", wxr(&posts).replace("https://old.example", &home));
    let archive = Archive::new().config(&config(&server, ""));
    archive.import_from(&["wordpress"], &path, &["--fetch-media", "--dry-run"]).succeeds();
    archive.import_from(&["wordpress"], &path, &[]).succeeds();
    assert_eq!(server.asked(), Vec::<String>::new());

    let report =
        archive.import_from(&["wordpress"], &path, &["--fetch-media", "--json"]).succeeds().json();
    let asked = server.asked();
    assert!(
        !asked.iter().any(|request| request.contains("other") || request.contains("run.php")),
        "{asked:?}"
    );
    holds(
        &archive.text("content/2017/one.md"),
        &["![A](/wp-content/uploads/2017/01/a.gif)", "https://other.example/b.gif"],
    );
    assert_eq!(
        std::fs::read(archive.path("static/wp-content/uploads/2017/01/a.gif")).unwrap(),
        GIF
    );
    assert!(!archive.path("static/wp-content/uploads/2017/01/page.png").exists());
    holds(&report["not_fetched"].to_string(), &["page.png", "no picture", "gone.png", "run.php"]);
    archive.build_with(&["--strict"]).succeeds();

    // What is there is not asked for again, and stays without asking.
    let again =
        archive.import_from(&["wordpress"], &path, &["--fetch-media", "--json"]).succeeds().json();
    assert!(!server.asked().iter().any(|request| request.ends_with("a.gif")));
    assert_eq!((&again["unchanged"], &again["updated"]), (&json!(1), &json!(0)));
    let without = archive.import_from(&["wordpress"], &path, &["--json"]).succeeds().json();
    assert_eq!((&without["unchanged"], &without["updated"]), (&json!(1), &json!(0)));
}
