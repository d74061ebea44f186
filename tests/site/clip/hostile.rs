//! A server that misbehaves in every way: a diagnostic, and soon; nothing is written.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Server, hang, send};

use super::{DATA, HTML, archive, archive_with, article, clip, page, serve};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";

/// Clips a page that answers so; the exit code is not good, the words are said, nothing is written.
#[track_caller]
fn refused(said: &str, answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) {
    let server = Server::start();
    server.on("/a", move |_, stream| answer(stream));
    refused_by(&server, "", said);
}

#[track_caller]
fn refused_by(server: &Server, lines: &str, said: &str) {
    let archive = archive_with(server, lines);
    let before = archive.everything();
    let begun = Instant::now();
    let built = clip(&archive, &server.url("/a"));
    assert_ne!(built.code(), 0, "{}", built.stdout());
    assert!(built.stderr().contains(said), "{}", built.stderr());
    assert!(built.stderr().contains("help: "), "{}", built.stderr());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(archive.everything(), before);
}

#[test]
fn one_that_never_answers() {
    refused("no answer within 1 s", |_| hang());
    refused("no answer within 1 s", |stream| {
        send(stream, HEAD);
        hang();
    });
}

#[test]
fn one_that_sends_a_byte_now_and_then() {
    refused("no answer within 1 s", |stream| {
        send(stream, &format!("{HEAD}\r\n"));
        while send(stream, "a") {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
}

#[test]
fn one_whose_body_does_not_end() {
    let server = Server::start();
    let piece = "<p>and so on</p>".repeat(10_000);
    server.on("/a", move |_, stream| {
        send(stream, &format!("{HEAD}\r\n"));
        while send(stream, &piece) {}
    });
    refused_by(&server, "timeout = 15\n", "more than 20 MB");
}

#[test]
fn one_whose_head_does_not_end() {
    let server = Server::start();
    server.on("/a", |_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\n");
        let mut number = 0;
        while send(stream, &format!("X-{number}: {}\r\n", "a".repeat(1_000))) {
            number += 1;
        }
    });
    refused_by(&server, "timeout = 15\n", "the page can't be had");
}

#[test]
fn one_that_lies_of_its_length() {
    refused("the answer broke off", |stream| {
        send(stream, &format!("{HEAD}Content-Length: 100000\r\n\r\n{}", page(DATA, &article())));
    });
    refused("the page can't be had", |stream| {
        send(stream, &format!("{HEAD}Content-Length: -5\r\n\r\nabc"));
    });
    refused("the page can't be had", |stream| {
        send(stream, &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc"));
    });
    refused("the answer broke off", |stream| {
        send(stream, &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n<html"));
    });
}

#[test]
fn one_that_speaks_no_http() {
    refused("the page can't be had", |stream| {
        send(stream, "\u{0}\u{1}garbage\r\n\r\n");
    });
    refused("the page can't be had", |_| {});
}

#[test]
fn one_whose_page_unpacks_to_gigabytes() {
    let server = Server::start();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..512 {
        bomb.write_all(&piece).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    serve(&server, "/a", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", bomb.clone());
    refused_by(&server, "timeout = 15\n", "more than 20 MB");
    // Packed twice, and in ways that it has not.
    let mut twice = GzEncoder::new(Vec::new(), Compression::best());
    twice.write_all(&bomb).unwrap();
    let twice = twice.finish().unwrap();
    serve(&server, "/a", "Content-Type: text/html\r\nContent-Encoding: gzip, gzip\r\n", twice);
    refused_by(&server, "timeout = 15\n", "more than 20 MB");
    for coding in ["gzip", "br", "deflate", "zstd", "gzip, gzip, gzip, gzip"] {
        let headers = format!("Content-Type: text/html\r\nContent-Encoding: {coding}\r\n");
        serve(&server, "/a", Box::leak(headers.into_boxed_str()), page(DATA, &article()));
        refused_by(&server, "", "can't be unpacked");
    }
}

#[test]
fn redirects_that_lead_round_on_and_away() {
    for (location, said) in [
        ("/a", "lead round in a circle"),
        ("javascript:alert(1)", "which is no web page"),
        ("file:///etc/passwd", "which is no web page"),
        ("http://", "which is no address"),
        ("ftp://127.0.0.1/a", "which is no web page"),
    ] {
        let server = Server::start();
        server.on("/a", move |_, stream| {
            crate::server::head(stream, "302 Found", &format!("Location: {location}"));
        });
        refused_by(&server, "", said);
    }
    let server = Server::start();
    for number in 0..20 {
        let path = if number == 0 { "/a".to_owned() } else { format!("/{number}") };
        server.on(&path, move |_, stream| {
            crate::server::head(stream, "302 Found", &format!("Location: /{}", number + 1));
        });
    }
    refused_by(&server, "", "don't end after 10");
    assert!(server.requests().len() < 15);
}

#[test]
fn one_that_wants_to_be_left_alone() {
    let server = Server::start();
    server.says("/a", "429 Too Many Requests", &["Retry-After: 86400"]);
    refused_by(&server, "", "wants to be left alone");
    server.says("/a", "503 Service Unavailable", &[]);
    refused_by(&server, "", "503 Service Unavailable");
}

#[test]
fn endless_rules_are_none_and_hanging_ones_refuse() {
    let server = Server::start();
    super::good(&server, "/a");
    serve(&server, "/robots.txt", "", "User-agent: *\nDisallow: /\n".repeat(40_000));
    clip(&archive(&server), &server.url("/a")).succeeds();
    server.on("/robots.txt", |_, _| hang());
    refused_by(&server, "", "no answer within 1 s");
}

/// The page is read, whatever it is made of, in bounded time; what comes out is a report that a build takes.
#[track_caller]
fn bounded(text: String) {
    let server = Server::start();
    serve(&server, "/a", HTML, text);
    let archive = archive_with(&server, "timeout = 15\n").patience(120);
    let begun = Instant::now();
    let built = clip(&archive, &server.url("/a")).succeeds();
    assert!(begun.elapsed() < Duration::from_secs(100), "{:?}", begun.elapsed());
    assert!(built.stdout().trim().ends_with(".md"));
    assert_eq!(archive.build_with(&["--drafts"]).code(), 0);
}

#[test]
fn pages_that_are_made_to_be_slow() {
    let deep = "<div>".repeat(200_000);
    bounded(page("<title>Deep</title>", &format!("{deep}<p>{}</p>", super::words::ENGLISH)));
    bounded(page("<title>Many</title>", &"<p>word".repeat(60_000)));
    bounded(page("<title>Attributes</title>", &format!("<p {}>x</p>", "a=1 ".repeat(300_000))));
    bounded(page("<title>Open</title>", &"<b><i><a href=x>".repeat(100_000)));
    bounded(page(&"<meta name=author content=x><title>T</title>".repeat(50_000), &article()));
    let script = format!("{}{}", "[".repeat(500_000), "{\"@type\":".repeat(100_000));
    bounded(page(
        &format!("<title>Data</title><script type=\"application/ld+json\">{script}</script>"),
        &article(),
    ));
}
