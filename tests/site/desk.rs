//! `dateline desk`: the real program is started and asked over plain sockets.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::archive::Archive;

const TALKS: &str = "+++\r\n# kept\r\ntitle = \"Talks\" # why\r\ndate = 2017-01-29\r\ntags = [ \"peace\" ]\r\n+++\r\n\r\nThe delegations met.\r\nThey talked.\n";

struct Desk {
    child: Child,
    port: u16,
    token: String,
    cookie: String,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.head, self.body))
    }
}

fn start(archive: &Archive) -> (Child, u16, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--root")
        .arg(archive.path(""))
        .args(["desk", "--no-open", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let (_, address) = line.split_once("http://127.0.0.1:").unwrap();
    let (port, token) = address.split_once("/_desk/open#").unwrap();
    (child, port.parse().unwrap(), token.to_owned())
}

impl Desk {
    /// A desk whose cookie we have.
    fn open(archive: &Archive) -> Desk {
        let mut desk = Desk::closed(archive);
        let entered = desk.post_with("enter", &json!({ "token": desk.token }), "");
        assert_eq!(entered.status, 200, "{}", entered.body);
        let line = entered.head.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
        let (cookie, rest) = line["set-cookie: ".len()..].split_once(';').unwrap();
        assert_eq!(rest, " HttpOnly; SameSite=Strict; Path=/_desk/");
        assert!(cookie.starts_with(&format!("dateline-desk-{}=", desk.port)));
        cookie.clone_into(&mut desk.cookie);
        desk
    }

    fn closed(archive: &Archive) -> Desk {
        let (child, port, token) = start(archive);
        Desk { child, port, token, cookie: "none=1".to_owned() }
    }

    /// Asks again where the desk refuses before it has read all: its answer may be lost then.
    fn asks(&self, line: &str, headers: &str, body: &str) -> Answer {
        let tries = (0..10).find_map(|_| self.asks_once(line, headers, body));
        tries.unwrap_or_else(|| panic!("no answer to {line}"))
    }

    fn asks_once(&self, line: &str, headers: &str, body: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let length = body.len();
        let _ = write!(
            stream,
            "{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    fn get_with(&self, path: &str, headers: &str) -> Answer {
        let headers = format!("{}Cookie: {}\r\n{headers}", self.host(), self.cookie);
        self.asks(&format!("GET {path}"), &headers, "")
    }

    fn get(&self, name: &str) -> Json {
        let answer = self.get_with(&format!("/_desk/api/{name}"), "");
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        answer.json()
    }

    fn post_with(&self, name: &str, content: &Json, headers: &str) -> Answer {
        let origin = format!("Origin: http://127.0.0.1:{}\r\n", self.port);
        let headers = if headers.is_empty() { &origin } else { headers };
        let kind = if headers.contains("Content-Type") {
            ""
        } else {
            "Content-Type: application/json\r\n"
        };
        let headers = format!("{}Cookie: {}\r\n{kind}{headers}", self.host(), self.cookie);
        self.asks(&format!("POST /_desk/api/{name}"), &headers, &content.to_string())
    }

    fn post(&self, name: &str, content: &Json) -> Json {
        let answer = self.post_with(name, content, "");
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        answer.json()
    }

    fn report(&self, file: &str) -> Json {
        self.get(&format!("report?file={file}"))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn talks() -> Archive {
    Archive::new().article("talks.md", TALKS)
}

#[test]
fn only_the_exact_names_of_the_host_are_answered() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let port = desk.port;
    for host in [
        "evil.example".to_owned(),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port - 1),
        format!("desk.localhost:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::1]:{port}"),
        format!("127.0.0.2:{port}"),
        format!("a@127.0.0.1:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
    ] {
        let headers = format!("Host: {host}\r\nCookie: {}\r\n", desk.cookie);
        assert_eq!(desk.asks("GET /_desk/api/state", &headers, "").status, 403, "{host}");
        assert_eq!(desk.asks("GET /_desk/", &headers, "").status, 403, "{host}");
    }
    let twice = format!("{}Host: evil.example\r\n", desk.host());
    assert!([400, 403].contains(&desk.asks("GET /_desk/", &twice, "").status));
    // The preview's name has no desk, and the desk's no preview.
    let preview = format!("Host: localhost:{port}\r\nCookie: {}\r\n", desk.cookie);
    for path in ["/_desk/", "/_desk/api/state", "/_desk/assets/desk.js"] {
        let answer = desk.asks(&format!("GET {path}"), &preview, "");
        assert_ne!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("talks"), "{path}");
    }
    assert_eq!(desk.get_with("/2017/01/29/talks/", "").status, 404);
}

#[test]
fn every_answer_of_the_desk_has_its_headers() {
    let archive = talks();
    let desk = Desk::open(&archive);
    for path in [
        "/_desk/",
        "/_desk/open",
        "/_desk/clip",
        "/_desk/assets/desk.js",
        "/_desk/api/state",
        "/_desk/none",
        "/",
    ] {
        let answer = desk.get_with(path, "");
        let policy = format!(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
             img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-src http://localhost:{}; frame-ancestors 'none'",
            desk.port
        );
        for header in [
            policy.as_str(),
            "x-frame-options: DENY",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
        ] {
            assert!(answer.head.contains(header), "{path}: {header}\n{}", answer.head);
        }
        assert!(!answer.head.contains("access-control"), "{path}");
    }
    let preview = format!("Host: localhost:{}\r\n", desk.port);
    let framed = format!("frame-ancestors http://127.0.0.1:{}", desk.port);
    assert!(desk.asks("GET /", &preview, "").head.contains(&framed));
}

#[test]
fn only_the_desk_itself_may_write() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let (before, ours) =
        (archive.everything(), format!("Origin: http://127.0.0.1:{}\r\n", desk.port));
    let report = desk.report("content/talks.md");
    let change = json!({ "file": "content/talks.md", "from": report["hash"], "fields": { "title": "Evil" } });
    for headers in [
        "Origin: null\r\n".to_owned(),
        "X-None: 1\r\n".to_owned(),
        "Origin: http://evil.example\r\n".to_owned(),
        format!("Origin: http://localhost:{}\r\n", desk.port),
        format!("Origin: http://127.0.0.1:{}\r\n", desk.port - 1),
        format!("{ours}Sec-Fetch-Site: same-site\r\n"),
        format!("{ours}Sec-Fetch-Site: cross-site\r\n"),
        format!("{ours}Sec-Fetch-Site: none\r\n"),
        "Origin: null\r\nSec-Fetch-Site: same-origin\r\n".to_owned(),
        format!("{ours}Service-Worker: script\r\n"),
        format!("{ours}Content-Type: text/plain\r\n"),
        format!("{ours}Content-Type: application/x-www-form-urlencoded\r\n"),
    ] {
        for name in ["save", "withdraw", "quit", "enter"] {
            assert_eq!(desk.post_with(name, &change, &headers).status, 403, "{name} {headers}");
        }
    }
    let other = talks();
    let mut without = Desk::closed(&other);
    "dateline-desk=1".clone_into(&mut without.cookie);
    assert_eq!(without.post_with("save", &change, "").status, 401);
    assert_eq!(without.get_with("/_desk/api/state", "").status, 401);
    let after = archive.everything();
    assert_eq!(before["content/talks.md"], after["content/talks.md"]);
    let same = desk.post_with("save", &change, &format!("{ours}Sec-Fetch-Site: same-origin\r\n"));
    assert_eq!(same.status, 200, "{}", same.body);
}

#[test]
fn other_sites_read_nothing() {
    let archive = talks();
    let desk = Desk::open(&archive);
    for site in ["cross-site", "same-site"] {
        let header = format!("Sec-Fetch-Site: {site}\r\n");
        for path in ["/_desk/", "/_desk/api/state", "/_desk/assets/desk.js"] {
            assert_eq!(desk.get_with(path, &header).status, 403, "{site} {path}");
        }
        for path in ["/_desk/open", "/_desk/clip"] {
            let page = desk.get_with(path, &header);
            assert_eq!(page.status, 200, "{site} {path}");
            assert!(!page.body.contains("Talks"));
        }
    }
    let worker = desk.get_with("/_desk/assets/desk.js", "Service-Worker: script\r\n");
    assert_eq!(worker.status, 403);
}

#[test]
fn a_link_opens_the_desk_once_and_another_start_gives_another() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let used = desk.post_with("enter", &json!({ "token": desk.token }), "");
    assert_eq!(used.status, 403);
    assert_eq!(desk.post_with("enter", &json!({ "token": "" }), "").status, 403);
    let (mut second, port, token) = start(&archive);
    assert!(second.wait().unwrap().success());
    assert_eq!(port, desk.port);
    assert_ne!(token, desk.token);
    // A page can't have one: it does not know the secret, and says where it comes from.
    let running = fs::read_to_string(archive.path(".dateline/desk/running.json")).unwrap();
    let again: Json = serde_json::from_str(&running).unwrap();
    let secret = format!("Dateline-Desk: {}\r\n", again["again"].as_str().unwrap());
    for headers in [
        "Dateline-Desk: 0\r\n".to_owned(),
        String::new(),
        format!("{secret}Origin: null\r\n"),
        format!("{secret}Sec-Fetch-Site: same-origin\r\n"),
    ] {
        let headers = format!("{}{headers}", desk.host());
        assert_eq!(desk.asks("POST /_desk/again", &headers, "").status, 403, "{headers}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let data = fs::metadata(archive.path(".dateline/desk/running.json")).unwrap();
        assert_eq!(data.permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(desk.post_with("enter", &json!({ "token": token }), "").status, 200);
}

#[test]
fn names_lead_nowhere_else() {
    let archive = talks();
    archive.write("secret.txt", "secret");
    let desk = Desk::open(&archive);
    for file in [
        "../secret.txt",
        "secret.txt",
        "dateline.toml",
        "/etc/passwd",
        "content/../secret.txt",
        "content/%2e%2e/secret.txt",
        "",
        "%00",
    ] {
        let answer = desk.get_with(&format!("/_desk/api/report?file={file}"), "");
        assert_eq!(answer.status, 404, "{file}");
        for name in ["save", "restore", "unsaved", "correct", "redact", "withdraw"] {
            let content = json!({ "file": file, "from": "", "body": "x", "do": true });
            assert!(desk.post_with(name, &content, "").status >= 400, "{name} {file}");
        }
    }
    for path in ["/_desk/assets/../desk.html", "/_desk/assets/%2e%2e/x", "/_desk/assets/desk.html"]
    {
        assert_eq!(desk.get_with(path, "").status, 404, "{path}");
    }
    let origin = format!(
        "{}Origin: http://127.0.0.1:{}\r\nCookie: {}\r\nContent-Type: application/json\r\n",
        desk.host(),
        desk.port,
        desk.cookie
    );
    let large = "x".repeat(17 * 1024 * 1024);
    assert_eq!(desk.asks("POST /_desk/api/save", &origin, &large).status, 413);
}

#[test]
fn a_save_changes_the_lines_that_were_edited() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let report = desk.report("content/talks.md");
    assert_eq!(report["fields"]["title"], "Talks");
    assert_eq!(report["body"], "\nThe delegations met.\nThey talked.\n");
    let saved = desk.post(
        "save",
        &json!({
            "file": "content/talks.md", "from": report["hash"],
            "fields": { "title": "Peace", "tags": ["peace", "war"], "outlet": "Wire" },
            "body": "\nThe delegations met.\nThey talked again.\n",
        }),
    );
    let wanted = TALKS
        .replace("\"Talks\" # why", "\"Peace\" # why")
        .replace("date = 2017-01-29\r\n", "date = 2017-01-29\r\noutlet = \"Wire\"\r\n")
        .replace("[ \"peace\" ]", "[ \"peace\", \"war\" ]")
        .replace("They talked.\n", "They talked again.\r\n");
    assert_eq!(fs::read_to_string(archive.path("content/talks.md")).unwrap(), wanted);
    // A second tab began from the old text: both are shown, and nothing is written.
    let late = desk.post_with(
        "save",
        &json!({
            "file": "content/talks.md", "from": report["hash"], "fields": { "title": "Mine" },
        }),
        "",
    );
    assert_eq!(late.status, 409);
    assert_eq!(late.json()["now"]["fields"]["title"], "Peace");
    // What was replaced comes back, and what stood there is kept.
    let time = &saved["history"][0];
    let back = desk.post(
        "restore",
        &json!({ "file": "content/talks.md", "from": saved["hash"], "time": time }),
    );
    assert_eq!(fs::read_to_string(archive.path("content/talks.md")).unwrap(), TALKS);
    assert_eq!(back["history"].as_array().unwrap().len(), 2);
}

#[test]
fn what_a_build_would_refuse_is_not_saved() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let from = desk.report("content/talks.md")["hash"].clone();
    for fields in [
        json!({ "date": "soon" }),
        json!({ "date": "" }),
        json!({ "withdrawn": "yes" }),
        json!({ "evil\nkey": "1" }),
    ] {
        let content = json!({ "file": "content/talks.md", "from": from, "fields": fields });
        let answer = desk.post_with("save", &content, "");
        assert!([400, 422].contains(&answer.status), "{fields} {}", answer.body);
    }
    assert_eq!(fs::read_to_string(archive.path("content/talks.md")).unwrap(), TALKS);
}

#[test]
fn what_was_typed_is_kept_until_it_is_saved() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let from = desk.report("content/talks.md")["hash"].clone();
    let typed = json!({ "file": "content/talks.md", "from": from, "fields": {}, "body": "Half" });
    desk.post("unsaved", &typed);
    drop(desk);
    let desk = Desk::open(&archive);
    assert_eq!(desk.report("content/talks.md")["unsaved"], typed);
    desk.post("save", &typed);
    assert_eq!(desk.report("content/talks.md")["unsaved"], Json::Null);
}

#[test]
fn a_new_report_gets_a_file_of_its_own() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let typed = json!({ "fields": { "title": "Ein “Wort”", "date": "2017-02", "authors": ["A. B."] }, "body": "Text.\n" });
    assert_eq!(desk.post("create", &typed)["file"], "content/2017/ein-wort.md");
    assert_eq!(desk.post("create", &typed)["file"], "content/2017/ein-wort-2.md");
    let text = fs::read_to_string(archive.path("content/2017/ein-wort.md")).unwrap();
    assert!(
        text.starts_with("+++\ntitle = \"Ein “Wort”\"\ndate = \"2017-02\"\nadded = "),
        "{text}"
    );
    assert!(text.contains("\nauthors = [\"A. B.\"]\n+++\n\nText.\n"), "{text}");
    assert_eq!(archive.build().code(), 0);
    let found = desk.get("list?words=wort");
    assert_eq!(found["count"], 2);
    for bad in [
        json!({}),
        json!({ "fields": { "title": "A" } }),
        json!({ "fields": { "title": "../../x", "date": "x" } }),
    ] {
        assert_eq!(desk.post_with("create", &bad, "").status, 422);
    }
}

#[test]
fn steps_are_shown_before_they_are_done() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let step = json!({ "file": "content/talks.md", "was": "talked", "now": "spoke", "text": "They did not talk." });
    let shown = desk.post("correct", &step);
    assert!(shown["after"].as_str().unwrap().contains("They spoke."));
    assert_eq!(fs::read_to_string(archive.path("content/talks.md")).unwrap(), TALKS);
    let mut done = step.clone();
    done["do"] = true.into();
    desk.post("correct", &done);
    let text = fs::read_to_string(archive.path("content/talks.md")).unwrap();
    assert!(text.contains("They spoke.") && text.contains("corrections"), "{text}");
    assert_eq!(
        desk.post_with("correct", &json!({ "file": "content/talks.md", "was": "x" }), "").status,
        422
    );
}

#[test]
fn words_that_are_taken_away_leave_the_desk_too() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let report = desk.report("content/talks.md");
    let old = json!({ "file": "content/talks.md", "from": report["hash"], "fields": {}, "body": "The delegations met secretly.\n" });
    desk.post("unsaved", &old);
    desk.post("save", &old);
    let from = desk.report("content/talks.md")["hash"].clone();
    desk.post(
        "unsaved",
        &json!({ "file": "content/talks.md", "from": from, "fields": {}, "body": "secretly" }),
    );
    desk.post("redact", &json!({ "file": "content/talks.md", "words": "secretly", "reason": "To protect people.", "do": true }));
    let has = |words: &str| {
        let files = archive.everything().into_iter();
        let kept = files.filter(|(path, _)| {
            path.starts_with(".dateline/desk/") || path.starts_with("content/")
        });
        kept.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(words))
            .map(|(path, _)| path)
            .collect::<Vec<_>>()
    };
    assert_eq!(has("secretly"), [""; 0]);
    // A page that was open before does not bring them back.
    assert_eq!(desk.post_with("unsaved", &old, "").status, 409);
    assert_eq!(has("secretly"), [""; 0]);
    desk.post("withdraw", &json!({ "file": "content/talks.md", "kind": "privacy", "reason": "Asked for.", "do": true }));
    assert_eq!(has("delegations"), [""; 0]);
}

#[test]
fn the_history_of_a_file_that_was_renamed_goes_with_the_next_words_that_are_taken_away() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let save = |body: &str| {
        let from = desk.report("content/talks.md")["hash"].clone();
        let text = json!({ "file": "content/talks.md", "from": from, "fields": {}, "body": body });
        desk.post("save", &text);
    };
    save("They met secretly.\n");
    save("They met secretly, again.\n");
    let text = std::fs::read(archive.path("content/talks.md")).unwrap();
    archive.write("content/renamed.md", text);
    archive.remove("content/talks.md");
    desk.post("redact", &json!({ "file": "content/renamed.md", "words": "secretly", "reason": "To protect people.", "do": true }));
    let mut kept = archive.everything().into_iter().filter(|(path, bytes)| {
        path.starts_with(".dateline/desk/") && String::from_utf8_lossy(bytes).contains("secretly")
    });
    assert_eq!(kept.next().map(|(path, _)| path), None);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leads_out() {
    let archive = talks();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), archive.path("content/2021")).unwrap();
    let desk = Desk::open(&archive);
    let report = json!({ "fields": { "title": "Out", "date": "2021-01-01" }, "body": "Words.\n" });
    let answer = desk.post_with("create", &report, "");
    assert!(answer.status >= 400, "{}", answer.status);
    let refused = archive.run(&["new", "--no-input", "Out", "--date", "2021-01-01"]);
    assert_eq!(refused.code(), 2, "{}", refused.stderr());
    assert!(refused.stderr().contains("leads out of the archive"), "{}", refused.stderr());
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_page_becomes_a_proposal_and_then_a_report() {
    let archive = talks();
    let desk = Desk::open(&archive);
    let words = "Both sides said that they would meet again in the spring. ".repeat(12);
    let html = format!(
        "<html><head><title>Peace at last</title><meta property=\"article:published_time\" content=\"2017-03-04\"></head><body><article><h1>Peace at last</h1><p>{words}</p></article></body></html>"
    );
    let proposal = desk.post("take", &json!({ "text": html }));
    assert_eq!(proposal["file"], "content/2017/peace-at-last.md");
    assert!(!archive.path("content/2017/peace-at-last.md").exists());
    let fields = proposal["fields"].as_array().unwrap();
    assert!(
        fields.iter().any(|field| field["key"] == "date" && field["value"] == "2017-03-04"),
        "{fields:?}"
    );
    let made = desk.post("take", &json!({ "text": html, "do": true, "given": { "original_url": "https://wire.example/peace" } }));
    assert_eq!(made["file"], "content/2017/peace-at-last.md");
    assert!(archive.path("content/2017/peace-at-last.md").exists());
    let known = desk.get("known?address=https://wire.example/peace?utm_source=x");
    assert_eq!(known["file"], "content/2017/peace-at-last.md");
    let converted = desk.post("convert", &json!({ "html": "<p>One <b>two</b></p>" }));
    assert_eq!(converted["markdown"], "One **two**");
}

#[test]
#[cfg(feature = "deploy")]
fn the_site_is_published_to_its_target_after_it_was_shown() {
    let archive = talks();
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let target = "\n[deploy.targets.live]\nfolder = \"live\"\n";
    archive.write("dateline.toml", format!("{settings}{target}"));
    let desk = Desk::open(&archive);
    assert_eq!(desk.get("state")["targets"], json!(["live"]));
    let shown = desk.post("publish", &json!({ "target": "live" }));
    assert!(shown["plan"]["puts"].as_u64().unwrap() > 5, "{shown}");
    assert!(!archive.path("live/2017").exists());
    desk.post("publish", &json!({ "target": "live", "do": true }));
    let found = walkdir::WalkDir::new(archive.path("live")).into_iter().flatten();
    let pages = found.filter(|entry| entry.path().ends_with("talks/index.html"));
    assert_eq!(pages.count(), 1);
    assert_eq!(desk.post_with("publish", &json!({ "target": "../x" }), "").status, 404);
}

#[test]
fn quitting_ends_the_program() {
    let archive = talks();
    let mut desk = Desk::open(&archive);
    desk.post("quit", &json!({}));
    assert!(desk.child.wait().unwrap().success());
    assert!(!archive.path(".dateline/desk/running.json").exists());
}
