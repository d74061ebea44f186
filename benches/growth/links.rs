//! Links out of the archive, asked of a server of the measurement's own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::OnceLock;

use super::archives::{File, Shape, entries, many, none, numbered, one, settings, shape};

const ASK: &[&str] = &["check", "--external", "--today", "2024-05-01"];
const ASK_AGAIN: &[&str] = &["check", "--external", "--today", "2024-05-02"];

/// All shapes of links.
pub(crate) fn shapes() -> Vec<Shape> {
    vec![
        shape("links of one report: check --external", ASK, |n| {
            asking(one("", &numbered(n, |at| format!("[w]({}) words\n", url("ok", at)))))
        }),
        shape("links, reports: check --external", ASK, |n| {
            asking(many(n, none, |at| format!("[w]({}) words", url("ok", at))))
        }),
        shape("dead links of one report: check --external", ASK, |n| {
            asking(one("", &numbered(n, |at| format!("[w]({}) words\n", url("gone", at)))))
        }),
        Shape {
            before: &[ASK],
            ..shape("dead links, a day later: check --external", ASK_AGAIN, |n| {
                asking(many(n, none, |at| format!("[w]({}) words", url("gone", at))))
            })
        },
        shape("links that moved: check --external", ASK, |n| {
            asking(many(n, none, |at| format!("[w]({}) words", url("moved", at))))
        }),
        shape("originals: check --external", ASK, |n| {
            let head = |at| format!("original_url = \"{}\"", url("ok", at));
            asking(many(n, head, |_| "Words.".to_owned()))
        }),
        shape("via of one report: check --external", ASK, |n| {
            let via = |at| format!("name = \"V{at}\"\nurl = \"{}\"", url("gone", at));
            asking(one(&entries("via", n, via), "Words."))
        }),
        shape("one link, many reports: check --external", ASK, |n| {
            asking(many(n, none, |_| format!("[w]({}) words", url("gone", 0))))
        }),
        shape("one link again in one report: check --external", ASK, |n| {
            asking(one("", &numbered(n, |_| format!("[w]({}) words\n", url("gone", 0)))))
        }),
    ]
}

/// The archive with settings under which the server is asked at once.
fn asking(mut files: Vec<File>) -> Vec<File> {
    files[0] =
        settings("[check.external]\ndelay = 0\nretries = 0\nprivate = true\nmementos = \"none\"\n");
    files
}

fn url(kind: &str, at: usize) -> String {
    format!("http://127.0.0.1:{}/{kind}/{at}", port())
}

/// The server's port; it runs as long as the program.
fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || answer(stream));
            }
        });
        port
    })
}

/// Answers every request of a connection by its path.
fn answer(stream: TcpStream) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut path = String::new();
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        if path.is_empty() {
            line.split(' ').nth(1).unwrap_or_default().clone_into(&mut path);
        }
        if !line.is_empty() {
            continue;
        }
        let status = match path.split('/').nth(1) {
            Some("ok") => "200 OK\r\nContent-Type: text/html".to_owned(),
            Some("moved") => {
                format!("301 Moved Permanently\r\nLocation: {}", path.replace("moved", "ok"))
            }
            _ => "404 Not Found".to_owned(),
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        if out.write_all(head.as_bytes()).is_err() {
            return;
        }
        path.clear();
    }
}
