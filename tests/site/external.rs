//! `dateline check --external`: what is asked, remembered, decided and told.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::archive::{Archive, Built};
use crate::server::{Server, hang, send};

/// An archive whose report links these paths of a server.
pub(crate) fn linking(server: &Server, paths: &[&str]) -> Archive {
    let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    linking_urls(server, &urls)
}

pub(crate) fn linking_urls(server: &Server, urls: &[String]) -> Archive {
    let links: Vec<String> = urls.iter().map(|url| format!("A [page]({url}).")).collect();
    Archive::new().config(&config(server, "")).article(
        "a.md",
        &format!(
            "+++\ntitle = \"A\"\ndate = 2017-01-29\nadded = 2020-05-01\n+++\n{}\n",
            links.join("\n\n")
        ),
    )
}

/// Settings under which a test need not wait; lines of `[check.external]` may go before them.
pub(crate) fn config(server: &Server, lines: &str) -> String {
    let defaults = [
        ("delay", "0".to_owned()),
        ("timeout", "1".to_owned()),
        ("retries", "1".to_owned()),
        ("private", "true".to_owned()),
        // No test asks anybody but its own servers.
        ("skip", "[\"web.archive.org\", \"keeper.example\"]".to_owned()),
        ("wayback", format!("\"{}\"", server.url("/wayback"))),
    ];
    let others = defaults.iter().filter(|(key, _)| !lines.contains(&format!("{key} = ")));
    let others: Vec<String> = others.map(|(key, value)| format!("{key} = {value}\n")).collect();
    format!("title = \"T\"\n[check.external]\n{lines}{}", others.concat())
}

pub(crate) fn check(archive: &Archive, day: &str) -> Built {
    archive.run(&["check", "--external", "--json", "--today", day])
}

/// What is told of links out of the archive, as (name, message).
pub(crate) fn told(built: &Built) -> Vec<(String, String)> {
    let json = built.json();
    let findings = json["findings"].as_array().unwrap().iter();
    let names = [
        "dead-link",
        "failing-link",
        "moved-link",
        "unsafe-redirect",
        "revived-link",
        "missing-memento",
    ]
    .map(Json::from);
    findings
        .filter(|finding| names.contains(&finding["name"]))
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("name"), format!("{}\n{}", text("message"), text("help")))
        })
        .collect()
}

pub(crate) fn names(built: &Built) -> Vec<String> {
    told(built).into_iter().map(|(name, _)| name).collect()
}

pub(crate) fn ledger(archive: &Archive) -> Option<String> {
    std::fs::read_to_string(archive.path("links/127.0.0.1.toml")).ok()
}

/// So long does a link fail before it is dead.
fn check_for_three_days(archive: &Archive) {
    for day in ["2026-11-01", "2026-11-02", "2026-11-03"] {
        check(archive, day);
    }
}

/// A path on which nothing is wrong.
pub(crate) fn good(server: &Server, path: &str) {
    server.says(path, "200 OK", &[]);
}

#[test]
fn of_a_page_that_is_there_only_the_head_is_asked_and_nothing_is_said_or_written() {
    let server = Server::start();
    good(&server, "/a");
    let archive = linking(&server, &["/a"]);
    let before = archive.everything();
    let built = check(&archive, "2026-11-01");
    assert_eq!((told(&built), built.code()), (Vec::new(), 0));
    assert_eq!(
        server.requests()[0].headers["user-agent"].split(' ').next(),
        Some("Dateline/0.1.0")
    );
    assert!(server.requests()[0].headers["user-agent"].contains("+https://archive.example/"));
    assert_eq!(server.asked(), ["HEAD /a"]);
    let mut after = archive.everything();
    after.retain(|path, _| !path.starts_with(".dateline/"));
    assert_eq!(after, before);
    assert_eq!(built.json()["external"]["links"], 1);
}

#[test]
fn without_the_flag_nobody_is_asked() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]);
    let built = archive.run(&["check", "--json"]);
    assert_eq!(built.json()["external"], Json::Null);
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn links_are_found_wherever_they_stand_and_asked_once() {
    let server = Server::start();
    let paths = ["/original", "/via", "/copy", "/own-copy", "/markdown", "/html", "/kept"];
    for path in paths {
        good(&server, path);
    }
    let url = |path: &str| server.url(path);
    let front = format!(
        "title = \"A\"\ndate = 2017-01-29\noriginal_url = \"{}\"\n\
         via = [{{ name = \"V\", url = \"{}\" }}]\narchived = [{{ url = \"{}\" }}]\n\
         links = [{{ url = \"{}\", archived = \"{}\" }}, {{ url = \"lost:x\", lost = true }}]\n",
        url("/original"),
        url("/via"),
        url("/copy"),
        url("/markdown"),
        url("/own-copy"),
    );
    let body = format!(
        "[a]({0}#x) [b]({0}) <a href=\"{1}\">c</a> [d](lost:x) [e](mailto:a@b.example) [f](/a/) \
         [g](https://archive.example/about/)",
        url("/markdown"),
        url("/html"),
    );
    let archive = Archive::new()
        .config(&config(&server, ""))
        .article("a.md", &format!("+++\n{front}+++\n{body}\n"))
        .article("pages/p.md", &format!("+++\ntitle = \"P\"\n+++\n[a]({})\n", url("/html")))
        .file(
            "links/x.example.toml",
            format!("[\"https://x.example/\"]\narchived = \"{}\"\n", url("/kept")),
        );
    check(&archive, "2026-11-01");
    let mut asked = server.asked();
    asked.sort();
    let mut heads: Vec<String> = paths.iter().map(|path| format!("HEAD {path}")).collect();
    heads.sort();
    assert_eq!(asked, heads);
}

#[test]
fn a_link_is_dead_when_it_failed_on_three_days_and_no_sooner() {
    let server = Server::start();
    good(&server, "/there");
    let copy = "http://web.archive.org/web/20170130120000/http://x.example/";
    server.on("/wayback", move |_, stream| {
        let answer = json!({ "archived_snapshots": { "closest": {
            "available": true, "url": copy, "timestamp": "20170130120000", "status": "200" } } });
        let answer = answer.to_string();
        let length = answer.len();
        send(
            stream,
            &format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
            ),
        );
    });
    let archive = linking(&server, &["/gone", "/there"]);
    let first = check(&archive, "2026-11-01");
    let (name, message) = told(&first).remove(0);
    assert_eq!(name, "failing-link");
    assert!(message.contains("today for the first time: 404 Not Found"), "{message}");
    server.asked();
    // The same day once more is no other day, and nobody is asked again.
    for _ in 0..3 {
        assert_eq!(told(&check(&archive, "2026-11-01")), told(&first));
    }
    assert_eq!(server.asked(), Vec::<String>::new());
    let second = check(&archive, "2026-11-05");
    assert!(told(&second)[0].1.contains("on 2 days since 2026-11-01"));
    assert_eq!((second.code(), ledger(&archive)), (0, None));
    server.asked();

    let third = check(&archive, "2026-11-06");
    assert_eq!((names(&third), third.code()), (vec!["dead-link".to_owned()], 1));
    let gone = server.url("/gone");
    let wanted = format!(
        "[\"{gone}\"]\ndead = 2026-11-01\n\
         archived = \"https://web.archive.org/web/20170130120000/http://x.example/\"\n"
    );
    assert_eq!(ledger(&archive).as_deref(), Some(wanted.as_str()));
    let sought: Vec<String> =
        server.asked().into_iter().filter(|asked| asked.contains("wayback")).collect();
    let [sought] = sought.as_slice() else { panic!("{sought:?}") };
    assert!(sought.ends_with("%2Fgone&timestamp=20170129"), "{sought}");
    let page = archive.build().file("2017/01/29/a/index.html");
    assert!(page.contains("https://web.archive.org/web/20170130120000/http://x.example/"));
    // From now on it is known, and a copy is there: nothing is to be done.
    assert_eq!(names(&check(&archive, "2026-11-07")), Vec::<String>::new());
    assert_eq!(ledger(&archive).as_deref(), Some(wanted.as_str()));
    // A copy that a curator takes out, as it shows something else, is not put back.
    let without = format!("[\"{gone}\"]\ndead = 2026-11-01\n");
    archive.write("links/127.0.0.1.toml", &without);
    assert_eq!(names(&check(&archive, "2026-11-08")), ["missing-memento"]);
    assert_eq!(ledger(&archive).as_deref(), Some(without.as_str()));
}

#[test]
fn a_link_that_lives_again_is_taken_back() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]).file("links/127.0.0.1.toml", "# Mine.\n");
    check_for_three_days(&archive);
    let dead = format!("# Mine.\n\n[\"{}\"]\ndead = 2026-11-01\n", server.url("/a"));
    assert_eq!(ledger(&archive).as_deref(), Some(dead.as_str()));
    assert!(archive.path("failing-links.toml").exists());
    good(&server, "/a");
    let built = check(&archive, "2026-11-04");
    assert_eq!(names(&built), ["revived-link"]);
    assert_eq!(ledger(&archive).as_deref(), Some("# Mine.\n"));
    assert!(!archive.path("failing-links.toml").exists());
    assert_eq!(built.json()["external"]["written"], json!(["links/127.0.0.1.toml"]));
}

/// A redirect that leads nowhere, or to the front page, says nothing of the page itself.
#[test]
fn a_link_that_leads_elsewhere_is_not_alive_again() {
    for to in ["/a", "file:///etc/passwd", "/"] {
        let server = Server::start();
        let archive = linking(&server, &["/a"]);
        check_for_three_days(&archive);
        let dead = ledger(&archive);
        assert!(dead.as_ref().unwrap().contains("dead = 2026-11-01"));
        server.says("/a", "302 Found", &[&format!("Location: {to}")]);
        good(&server, "/");
        let built = check(&archive, "2026-11-04");
        assert!(!names(&built).contains(&"revived-link".to_owned()), "{to}: {:?}", told(&built));
        assert_eq!(ledger(&archive), dead, "{to}");
    }
}

#[test]
fn what_a_curator_took_out_of_the_ledger_is_not_written_again() {
    let server = Server::start();
    let archive = linking(&server, &["/a", "/b"]);
    check_for_three_days(&archive);
    let dead = ledger(&archive).unwrap();
    let mine = dead.replacen("dead = 2026-11-01", "", 1);
    archive.write("links/127.0.0.1.toml", &mine);
    for day in ["2026-11-03", "2026-11-04", "2026-11-05"] {
        check(&archive, day);
        assert_eq!(ledger(&archive).as_ref(), Some(&mine), "{day}");
    }
    good(&server, "/a");
    good(&server, "/b");
    // The other one is still this check's to take back.
    assert_eq!(names(&check(&archive, "2026-11-06")), ["revived-link"]);
    assert!(!ledger(&archive).unwrap_or_default().contains("dead"));
}

#[test]
fn a_host_that_is_skipped_is_not_called_dead() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]);
    for day in ["2026-11-01", "2026-11-02"] {
        check(&archive, day);
    }
    let text = std::fs::read_to_string(archive.path("failing-links.toml")).unwrap();
    let days = text.replace("2026-11-02]", "2026-11-02, 2026-11-03]");
    assert_ne!(days, text);
    archive.write("failing-links.toml", days);
    let archive = archive.config(&config(&server, "skip = [\"127.0.0.1\"]\n"));
    check(&archive, "2026-11-04");
    assert_eq!(ledger(&archive), None);
}

/// The journal of a machine that did not check for days is older than the file it gets from another.
#[test]
fn what_an_older_day_saw_takes_nothing_back() {
    let server = Server::start();
    good(&server, "/a");
    let archive = linking(&server, &["/a"]);
    check(&archive, "2026-11-01");
    let url = server.url("/a");
    let days = "failed = [2026-11-02, 2026-11-03, 2026-11-04]";
    archive.write(
        "failing-links.toml",
        format!("[\"{url}\"]\n{days}\nwhy = \"404 Not Found\"\ndead = 2026-11-02\n"),
    );
    let dead = format!("[\"{url}\"]\ndead = 2026-11-02\n");
    archive.write("links/127.0.0.1.toml", &dead);
    server.says("/a", "403 Forbidden", &[]);
    check(&archive, "2026-11-05");
    assert_eq!(ledger(&archive).as_ref(), Some(&dead));
    let seen = std::fs::read_to_string(archive.path("failing-links.toml")).unwrap();
    assert!(seen.contains(days), "{seen}");
}

/// Who writes the day of a death himself knows better than a check, also where a check knew it before.
#[test]
fn a_day_that_a_curator_wrote_is_not_taken_back() {
    let server = Server::start();
    let archive = linking(&server, &["/a", "/b"]);
    check_for_three_days(&archive);
    let dead = ledger(&archive).unwrap();
    archive.write("links/127.0.0.1.toml", dead.replacen("dead = 2026-11-01", "", 1));
    check(&archive, "2026-11-04");
    let mine = {
        let (before, after) = dead.split_at(dead.rfind("2026-11-01").unwrap());
        format!("{before}{}", after.replacen("2026-11-01", "2026-10-20", 1))
    };
    archive.write("links/127.0.0.1.toml", &mine);
    good(&server, "/a");
    good(&server, "/b");
    server.asked();
    let told = names(&check(&archive, "2026-11-05"));
    assert_eq!(told, ["missing-memento", "missing-memento"]);
    assert_eq!(ledger(&archive).as_ref(), Some(&mine));
    let asked = server.asked();
    assert!(
        !asked.iter().any(|asked| asked.ends_with(" /a") || asked.ends_with(" /b")),
        "{asked:?}"
    );
}

/// By default other days count, and others are asked.
#[test]
fn with_broken_settings_nothing_is_asked_and_nothing_mended() {
    let server = Server::start();
    let text = "+++\ntitle = \"A\"\ndate = 2017-01-29\n+++\n[x](http://127.0.0.1:1/)\n";
    let archive = linking(&server, &["/a"]).config("title = \"broken\n").article("b.md", text);
    let before = archive.everything();
    let built = check(&archive, "2026-11-01");
    assert_eq!(built.code(), 1);
    assert_eq!(archive.run(&["check", "--fix"]).code(), 1);
    assert_eq!(server.asked(), Vec::<String>::new());
    let content = |files: std::collections::BTreeMap<String, Vec<u8>>| {
        files.into_iter().filter(|(path, _)| !path.starts_with(".dateline")).collect::<Vec<_>>()
    };
    assert!(content(archive.everything()) == content(before));
}

#[test]
fn days_are_not_forgotten_while_a_report_is_broken() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]);
    check(&archive, "2026-11-01");
    let seen = std::fs::read_to_string(archive.path("failing-links.toml")).unwrap();
    let (name, text) = archive
        .everything()
        .into_iter()
        .find(|(path, _)| path.starts_with("content/") && path.ends_with(".md"))
        .unwrap();
    archive.write(&name, "+++\ntitle = \"broken\n+++\n");
    check(&archive, "2026-11-02");
    archive.remove(&name);
    check(&archive, "2026-11-02");
    assert_eq!(std::fs::read_to_string(archive.path("failing-links.toml")).unwrap(), seen);
    archive.write(&name, text);
    assert!(told(&check(&archive, "2026-11-03"))[0].1.contains("on 2 days since 2026-11-01"));
}

#[test]
fn days_that_fail_count_only_in_a_row() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]);
    for (day, is_there) in [("2026-11-01", false), ("2026-11-02", false), ("2026-11-03", true)] {
        server.says("/a", if is_there { "200 OK" } else { "500 Oops" }, &[]);
        check(&archive, day);
    }
    server.says("/a", "500 Oops", &[]);
    for day in ["2026-11-04", "2026-11-05"] {
        assert_eq!(names(&check(&archive, day)), ["failing-link"]);
    }
    assert_eq!(ledger(&archive), None);
}

#[test]
fn what_a_curator_decided_is_neither_asked_nor_changed() {
    let server = Server::start();
    good(&server, "/sold");
    let written = format!("[\"{}\"]\ndead = 2020-01-01 # sold to a casino\n", server.url("/sold"));
    let archive = linking(&server, &["/sold"]).file("links/127.0.0.1.toml", &written);
    let built = check(&archive, "2026-11-01");
    assert!(server.asked().iter().all(|asked| asked.contains("/wayback")));
    assert_eq!(names(&built), ["missing-memento"]);
    assert_eq!(ledger(&archive), Some(written));
}

#[test]
fn a_decision_is_written_into_the_entry_that_is_there() {
    let server = Server::start();
    let file = |dead: &str| {
        format!(
            "# Notes.\n\n[\"{}#top\"] # ours\narchived = \"https://keeper.example/\" # kept\n{dead}\n\
             # The end.\n",
            server.url("/a")
        )
    };
    let archive = linking(&server, &["/a"]).file("links/127.0.0.1.toml", file(""));
    let archive = archive.file(
        "dateline.toml",
        format!("base_url = \"https://archive.example/\"\n{}", config(&server, "days = 1\n")),
    );
    assert_eq!(names(&check(&archive, "2026-11-01")), ["dead-link"]);
    assert_eq!(ledger(&archive), Some(file("dead = 2026-11-01\n")));
}

#[test]
fn a_ledger_that_can_t_be_read_is_not_written() {
    let server = Server::start();
    let archive = linking(&server, &["/a"])
        .config(&config(&server, "days = 1\n"))
        .file("links/127.0.0.1.toml", "[\"broken\n");
    let built = check(&archive, "2026-11-01");
    assert_eq!(built.code(), 2);
    assert!(built.stderr().contains("links/127.0.0.1.toml is broken TOML"), "{}", built.stderr());
    assert_eq!(ledger(&archive).as_deref(), Some("[\"broken\n"));
}

#[test]
fn a_machine_that_is_off_the_net_blames_nobody() {
    let server = Server::start();
    let closed = "http://127.0.0.1:1/a".to_owned();
    // Nobody at all answers, the Wayback Machine neither.
    let off = linking_urls(&server, std::slice::from_ref(&closed))
        .config(&config(&server, "wayback = \"http://127.0.0.1:1/\"\n"));
    for day in ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] {
        let built = check(&off, day);
        assert_eq!((told(&built), built.code()), (Vec::new(), 2));
        assert!(built.stderr().contains("is this machine on the net?"), "{}", built.stderr());
    }
    assert!(ledger(&off).is_none() && !off.path("failing-links.toml").exists());
    // The Wayback Machine does.
    let on = linking_urls(&server, &[closed]);
    assert_eq!(names(&check(&on, "2026-11-01")), ["failing-link"]);
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let server = Server::start();
    good(&server, "/1");
    good(&server, "/2");
    let archive = linking(&server, &["/1", "/2", "/3"]).config(&config(&server, "timeout = 60\n"));
    // What failed before is asked last.
    assert_eq!(names(&check(&archive, "2026-10-31")), ["failing-link"]);
    server.asked();
    server.says("/2", "404 Not Found", &[]);
    server.on("/3", |_, _| hang());
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--root")
        .arg(archive.path(""))
        .args(["check", "--external", "--today", "2026-11-01"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !server.requests().iter().any(|request| request.path == "/3") {
        assert!(started.elapsed() < Duration::from_secs(30), "/3 is never asked");
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    server.asked();
    good(&server, "/3");
    // A line that was cut is no line.
    let journal = archive.path(".dateline/links.jsonl");
    let mut text = std::fs::read_to_string(&journal).unwrap();
    text.push_str("{\"url\":\"http://127");
    std::fs::write(&journal, text).unwrap();
    let built = check(&archive, "2026-11-01");
    assert_eq!(server.asked(), ["HEAD /3"]);
    assert_eq!(names(&built), ["failing-link"]);
    // What a killed run saw counts on later days too.
    assert!(told(&check(&archive, "2026-11-02"))[0].1.contains("on 2 days since 2026-11-01"));
}

#[test]
fn days_are_counted_across_machines_by_the_file_that_is_committed() {
    let server = Server::start();
    let failing = |archive: &Archive| std::fs::read(archive.path("failing-links.toml")).unwrap();
    let mut archive = linking(&server, &["/a"]);
    for (day, name) in [
        ("2026-11-01", "failing-link"),
        ("2026-11-02", "failing-link"),
        ("2026-11-03", "dead-link"),
    ] {
        assert!(names(&check(&archive, day)).contains(&name.to_owned()), "{day}");
        let next = linking(&server, &["/a"]).file("failing-links.toml", failing(&archive));
        archive = next;
    }
    archive.write("failing-links.toml", "<<<<<<< ours\n");
    let built = check(&archive, "2026-11-04");
    assert_eq!(built.code(), 2);
    assert!(built.stderr().contains("failing-links.toml can't be read"), "{}", built.stderr());
}

#[test]
fn what_was_merely_seen_changes_no_build() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]);
    let before = archive.build().tree();
    check(&archive, "2026-11-01");
    check(&archive, "2026-11-02");
    let built = archive.build_with(&["--json"]);
    assert_eq!(built.json()["written"], 0);
    assert_eq!(built.tree(), before);
}

#[test]
fn copies_of_originals_are_sought_if_asked_for() {
    let server = Server::start();
    good(&server, "/a");
    let report = format!(
        "+++\ntitle = \"A\"\ndate = 2017-01-29\noriginal_url = \"{}\"\n+++\nWords.\n",
        server.url("/a")
    );
    let with =
        |lines: &str| Archive::new().config(&config(&server, lines)).article("a.md", &report);
    server.says("/wayback", "200 OK", &[]);
    let archive = with("");
    check(&archive, "2026-11-01");
    assert_eq!(server.asked(), ["HEAD /a"]);
    // The API answers nonsense: it is said, and nothing is written.
    let archive = with("mementos = \"originals\"\n");
    let built = check(&archive, "2026-11-01");
    assert!(built.json()["external"]["wayback_error"].as_str().unwrap().contains("not its own"));
    assert_eq!(ledger(&archive), None);
    server.on("/wayback", |_, stream| {
        let copy = "{\"archived_snapshots\":{\"closest\":{\"available\":true,\"status\":\"200\",\
                    \"url\":\"https://keeper.example/20170130120000/a\"}}}";
        send(stream, &format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{copy}"));
    });
    check(&archive, "2026-11-01");
    let wanted = format!(
        "[\"{}\"]\narchived = \"https://keeper.example/20170130120000/a\"\n",
        server.url("/a")
    );
    assert_eq!(ledger(&archive), Some(wanted));
    for endless in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 500 Oops\r\n\r\n"] {
        server.on("/wayback", move |_, stream| {
            send(stream, endless);
            while send(stream, &" ".repeat(4_096)) {}
        });
        let built = check(&with("mementos = \"originals\"\n"), "2026-11-01");
        assert!(built.json()["external"]["wayback_error"].is_string());
    }
}

#[test]
fn a_copy_that_is_gone_is_told_and_never_written() {
    let server = Server::start();
    let report = format!(
        "+++\ntitle = \"A\"\ndate = 2017-01-29\noriginal_url = \"{}\"\narchived = [{{ url = \"{}\" }}]\n\
         +++\nWords.\n",
        server.url("/a"),
        server.url("/copy")
    );
    good(&server, "/a");
    let archive = Archive::new().config(&config(&server, "days = 1\n")).article("a.md", &report);
    for day in ["2026-11-01", "2026-11-02"] {
        let built = check(&archive, day);
        assert_eq!(names(&built), ["dead-link"]);
        assert!(told(&built)[0].1.contains("the copy"));
    }
    assert_eq!(ledger(&archive), None);
}

#[test]
fn what_is_found_is_shown_in_words() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]).config(&config(&server, "days = 1\n"));
    let built = archive.run(&["check", "--external", "--today", "2026-11-01"]);
    let text = built.stdout();
    assert!(text.contains("is dead: it failed on 1 day"), "{text}");
    assert!(text.contains("1 link out of the archive: 1 asked now, 0 copies found"), "{text}");
    assert!(text.ends_with("written: links/127.0.0.1.toml\n"), "{text}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_symbolic_link() {
    let server = Server::start();
    for file in ["failing-links.toml", "links/127.0.0.1.toml"] {
        let archive = linking(&server, &["/a"]).config(&config(&server, "days = 1\n"));
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        std::fs::create_dir_all(archive.path("links")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), archive.path(file)).unwrap();
        let built = check(&archive, "2026-11-01");
        assert_eq!(built.code(), 2, "{file}");
        assert!(built.stderr().contains("symbolic link"), "{}", built.stderr());
        assert_eq!(std::fs::read(elsewhere.path()).unwrap(), b"", "{file}");
    }
}

#[test]
fn the_failure_of_a_link_is_drawn_under_that_link() {
    let server = Server::start();
    for (first, second) in [
        ("[a](URL/10)", "[b](URL/1)"),
        ("see `URL/1`, [a](URL/10)", "[b](URL/1)"),
        ("see `URL/1`", "URL/1 is bare"),
        ("<URL/10>", "<URL/1>"),
        ("<a href=\"URL/10\">a</a>", "<a href=\"URL/1\">b</a>"),
        ("[URL/1 and more](URL/10)", "[b](URL/1 \"URL/10\")"),
        ("![URL/1](/x.png) [a](URL/1?x)", "[b][1]\n\n[1]: URL/1"),
    ] {
        let body =
            format!("{first}\n\n{second}").replace("URL", server.url("").trim_end_matches('/'));
        let report = format!("+++\ntitle = \"A\"\ndate = 2017-01-29\n+++\n{body}\n");
        let archive = Archive::new().config(&config(&server, "")).article("a.md", &report);
        let built = check(&archive, "2020-01-01");
        let json = built.json();
        let findings = json["findings"].as_array().unwrap();
        let wanted = format!("{}/1", server.url("").trim_end_matches('/'));
        let is_own = |message: &str| {
            message
                .split(|c: char| c.is_whitespace() || "`“”,".contains(c))
                .any(|word| word == wanted)
        };
        let own = findings.iter().find(|finding| {
            finding["name"] == "failing-link" && is_own(finding["message"].as_str().unwrap())
        });
        let own = own.unwrap_or_else(|| panic!("{second}: {findings:?}"));
        assert_eq!(own["line"], 7, "{second}: {own}");
    }
}
