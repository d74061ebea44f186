//! `dateline serve`: the real program is started, asked over plain sockets and told to end; between
//! that, files are edited as curators and their editors do it. Waits have an end, and none is a measure.

use std::cell::RefCell;
#[cfg(unix)]
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
#[cfg(unix)]
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal};

use serde_json::Value as Json;

use crate::archive::Archive;

/// No wait may take longer.
const PATIENCE: Duration = Duration::from_mins(1);

const TALKS: &str = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n+++\n\nThe delegations met.\n";

/// A program that serves an archive, ended with the test.
pub(crate) struct Server {
    child: Child,
    /// What it says, line by line.
    lines: Receiver<String>,
    /// What was said while something else was waited for.
    overheard: RefCell<Vec<String>>,
    port: u16,
    path: String,
}

/// An answer, its header's names in small letters.
pub(crate) struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let wanted = |line: &&str| line.to_lowercase().starts_with(&format!("{name}:"));
        self.head
            .lines()
            .find(wanted)
            .and_then(|line| line.split_once(": "))
            .map(|(_, value)| value)
    }
}

impl Server {
    pub(crate) fn start(archive: &Archive, arguments: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .arg("--root")
            .arg(archive.path(""))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (say, lines) = channel();
        let (out, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let heard = say.clone();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| say.send(line))
        });
        std::thread::spawn(move || {
            BufReader::new(errors)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| heard.send(line))
        });
        let mut server =
            Server { child, lines, overheard: RefCell::default(), port: 0, path: String::new() };
        let line = server.hears("Serving http://");
        let address = line.split_whitespace().nth(1).unwrap().strip_prefix("http://").unwrap();
        let (host, path) = address.split_once('/').unwrap();
        server.port = host.rsplit_once(':').unwrap().1.parse().unwrap();
        server.path = format!("/{path}");
        server
    }

    /// Waits for a line that holds a text, unless it was said already.
    #[track_caller]
    fn hears(&self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        let mut overheard = self.overheard.borrow_mut();
        if let Some(at) = overheard.iter().position(|line| line.contains(text)) {
            return overheard.remove(at);
        }
        loop {
            let rest = end.saturating_duration_since(Instant::now());
            let line =
                self.lines.recv_timeout(rest).unwrap_or_else(|_| panic!("never said: {text}"));
            if line.contains(text) {
                return line;
            }
            overheard.push(line);
        }
    }

    /// Asks with a head of one's own; the path goes out as it is.
    fn asks(&self, line: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.asks(&format!("GET {path}"), &self.host())
    }

    fn get_with(&self, path: &str, header: &str) -> Answer {
        self.asks(&format!("GET {path}"), &format!("{}{header}\r\n", self.host()))
    }

    /// Waits until a page holds a text.
    #[track_caller]
    fn shows(&self, path: &str, text: &str) {
        self.waits(path, |page| page.status == 200 && page.text().contains(text));
    }

    #[track_caller]
    fn waits(&self, path: &str, is_so: impl Fn(&Answer) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let page = self.get(path);
            if is_so(&page) {
                return;
            }
            assert!(
                Instant::now() < end,
                "{path} never became so: {} {}",
                page.status,
                page.text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Listens as an open page does.
    fn opens_page(&self) -> News {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET /.dateline/news HTTP/1.1\r\n{}\r\n", self.host()).unwrap();
        News(BufReader::new(stream))
    }

    /// Interrupts it as Ctrl-C does; its exit code.
    #[cfg(unix)]
    fn interrupted(mut self) -> Option<i32> {
        rustix::process::kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an open page hears.
struct News(BufReader<TcpStream>);

impl News {
    /// The next news.
    fn next(&mut self) -> Json {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the server is gone");
            if let Some(news) = line.strip_prefix("data: ") {
                return serde_json::from_str(news).unwrap();
            }
        }
    }

    /// Waits for news of a kind.
    fn until(&mut self, is_so: impl Fn(&Json) -> bool) -> Json {
        let end = Instant::now() + PATIENCE;
        loop {
            let news = self.next();
            if is_so(&news) {
                return news;
            }
            assert!(Instant::now() < end, "it never came: {news}");
        }
    }
}

fn is_calm(news: &Json) -> bool {
    news["problems"].as_array().unwrap().is_empty()
}

#[test]
fn a_saved_article_reloads_the_open_page() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let page = server.get("/2017/01/29/talks/");
    assert!(page.text().contains("The delegations met."));
    let mut news = server.opens_page();
    let first = news.next();
    let mark = format!("data-version={}", first["version"]);
    assert!(page.text().contains(&mark), "the page knows which state of the site it is of");
    archive.write("content/2017/talks.md", TALKS.replace("met", "parted"));
    let second = news.until(|news| news["version"] != first["version"]);
    let page = server.get("/2017/01/29/talks/").text();
    assert!(page.contains("The delegations parted."));
    assert!(page.contains(&format!("data-version={}", second["version"])));
}

#[test]
fn only_the_pages_on_the_wire_carry_the_script() {
    let archive =
        Archive::new().article("2017/talks.md", TALKS).file("static/plain.html", "<p>Own.");
    let server = Server::start(&archive, &[]);
    assert!(server.get("/").text().contains("/.dateline/serve.js"));
    assert!(server.get("/plain.html").text().starts_with("<p>Own.<script"));
    assert!(!server.get("/atom.xml").text().contains("serve.js"));
    let script = server.get("/.dateline/serve.js");
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    for (path, bytes) in archive.everything() {
        if path.ends_with(".html") {
            assert!(!String::from_utf8_lossy(&bytes).contains("serve.js"), "{path}");
        }
    }
    assert!(!archive.path("public").exists(), "the site that is published is another");
}

#[test]
fn a_mistake_is_shown_over_the_last_good_site_until_it_is_mended() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let mut news = server.opens_page();
    assert!(is_calm(&news.next()));
    archive.write("content/2017/talks.md", TALKS.replace("2017-01-29", "2017-02-30"));
    let told = news.until(|news| !is_calm(news));
    let problem = &told["problems"][0];
    assert_eq!(problem["file"], "content/2017/talks.md");
    assert_eq!(problem["line"], 3);
    assert_eq!(problem["text"], "date = 2017-02-30");
    assert!(problem["help"].is_string(), "{problem}");
    server.shows("/2017/01/29/talks/", "The delegations met.");
    server.hears("2017-02-30");
    archive.write("content/2017/talks.md", TALKS);
    news.until(is_calm);
}

#[test]
fn an_archive_that_begins_with_a_mistake_is_served_once_it_is_mended() {
    let archive = Archive::new().article("2017/talks.md", TALKS).config("title = \n");
    let server = Server::start(&archive, &[]);
    assert_eq!(server.get("/").status, 503);
    let mut news = server.opens_page();
    assert!(!is_calm(&news.next()));
    let archive = archive.config("title = \"Mended\"\n");
    news.until(is_calm);
    server.shows("/", "Mended");
    drop(archive);
}

#[test]
fn warnings_go_to_the_terminal_only() {
    let text = TALKS.replace("+++\n\n", "tag = [\"x\"]\n+++\n\n");
    let archive = Archive::new().article("2017/talks.md", &text);
    let server = Server::start(&archive, &[]);
    server.hears("warning[near-miss-key]");
    assert!(is_calm(&server.opens_page().next()));
}

#[test]
fn whatever_a_build_reads_is_watched() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    archive.write("static/note.txt", "one");
    server.shows("/note.txt", "one");
    archive.write("static/note.txt", "another");
    server.shows("/note.txt", "another");
    let archive = archive.config("title = \"Renamed\"\n");
    server.shows("/", "Renamed");
    archive.write("templates/404.html", "<!doctype html><title>x</title><p>Own page.");
    server.waits("/nowhere", |page| page.text().contains("Own page."));
    archive.write("themes/mine/i18n/en.toml", "home = \"Front page of my own\"\n");
    let archive = archive.config("title = \"Renamed\"\ntheme = \"mine\"\n");
    server.hears("files");
    let linked = TALKS.replace("met", "[met](https://gone.example/x)");
    archive.write("content/2017/talks.md", linked);
    let archive = archive.config("title = \"Renamed\"\n");
    server.shows("/2017/01/29/talks/", "gone.example");
    archive.write("links/gone.example.toml", "[\"https://gone.example/x\"]\ndead = 2020-01-01\n");
    server.waits("/2017/01/29/talks/", |page| {
        !page.text().contains("href=\"https://gone.example/x\"")
    });
}

#[test]
fn editors_save_in_many_ways() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let page = "/2017/01/29/talks/";
    // A temporary file that takes the place of the old one.
    archive.write("content/2017/.talks.md.swp", TALKS.replace("met", "rested"));
    fs::rename(archive.path("content/2017/.talks.md.swp"), archive.path("content/2017/talks.md"))
        .unwrap();
    server.shows(page, "The delegations rested.");
    // The old file moved away, the new one written in its place.
    fs::rename(archive.path("content/2017/talks.md"), archive.path("content/2017/talks.md~"))
        .unwrap();
    archive.write("content/2017/talks.md", TALKS.replace("met", "spoke"));
    server.shows(page, "The delegations spoke.");
    // A folder that moves takes nothing away: addresses come from dates and names.
    fs::rename(archive.path("content/2017"), archive.path("content/years")).unwrap();
    archive.write("content/years/talks.md", TALKS.replace("met", "moved"));
    server.shows(page, "The delegations moved.");
    // And one that came later is watched as well.
    archive.write("content/new/deep/more.md", TALKS.replace("Talks", "More"));
    server.shows("/2017/01/29/more/", "The delegations met.");
    archive.write("content/new/deep/more.md", TALKS.replace("met", "met again"));
    server.shows("/2017/01/29/more/", "The delegations met again.");
    archive.remove("content/new/deep/more.md");
    server.waits("/2017/01/29/more/", |page| page.status == 404);
}

#[test]
fn the_whole_content_may_be_put_in_place_of_another() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    archive.write("other/2017/talks.md", TALKS.replace("met", "came"));
    fs::rename(archive.path("content"), archive.path("old")).unwrap();
    fs::rename(archive.path("other"), archive.path("content")).unwrap();
    server.shows("/2017/01/29/talks/", "The delegations came.");
    archive.write("content/2017/talks.md", TALKS.replace("met", "went"));
    server.shows("/2017/01/29/talks/", "The delegations went.");
}

#[test]
fn a_site_under_a_path_is_served_under_it() {
    let archive = Archive::new()
        .article("2017/talks.md", TALKS)
        .config("title = \"The Archive\"\nbase_url = \"https://archive.example/sub/news/\"\n");
    let server = Server::start(&archive, &[]);
    assert_eq!(server.path, "/sub/news/");
    assert_eq!(server.get("/sub/news/2017/01/29/talks/").status, 200);
    assert_eq!(server.get("/2017/01/29/talks/").status, 404);
    for path in ["/", "/sub/news"] {
        assert_eq!(server.get(path).header("location"), Some("/sub/news/"));
    }
    let there = server.get("/sub/news/2017/01/29/talks?x=1");
    assert_eq!(
        (there.status, there.header("location")),
        (307, Some("/sub/news/2017/01/29/talks/?x=1"))
    );
    let archive =
        archive.config("title = \"The Archive\"\nbase_url = \"https://archive.example/other/\"\n");
    server.hears("/other/");
    server.shows("/other/2017/01/29/talks/", "The delegations met.");
    drop(archive);
}

#[test]
fn addresses_are_those_that_were_asked_for() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let here = format!("http://127.0.0.1:{}/2017/01/29/talks/", server.port);
    for path in ["/2017/01/29/talks/", "/atom.xml", "/feed.json", "/sitemap.xml"] {
        let text = server.get(path).text();
        assert!(!text.contains("127.0.0.1:1111"), "{path}");
        assert!(!text.contains("archive.example/2017"), "{path}");
    }
    assert!(server.get("/atom.xml").text().contains(&here));
    let other = server.asks("GET /atom.xml", "Host: localhost:8080\r\n").text();
    assert!(other.contains("http://localhost:8080/2017/01/29/talks/"));
}

#[test]
fn files_have_types_ranges_and_conditions() {
    let archive = Archive::new()
        .article("2017/talks.md", TALKS)
        .file("static/sound.ogg", "0123456789")
        .file("static/note.txt", "Grüße");
    let server = Server::start(&archive, &[]);
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/note.txt", "text/plain; charset=utf-8"),
        ("/sound.ogg", "audio/ogg"),
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/sitemap.xml", "text/xml; charset=utf-8"),
    ] {
        assert_eq!(server.get(path).header("content-type"), Some(kind), "{path}");
    }
    let part = server.get_with("/sound.ogg", "Range: bytes=2-4");
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(server.get_with("/sound.ogg", "Range: bytes=-3").text(), "789");
    for unsatisfiable in ["bytes=20-", "bytes=10-20"] {
        let answer = server.get_with("/sound.ogg", &format!("Range: {unsatisfiable}"));
        assert_eq!(answer.status, 416, "{unsatisfiable}");
    }
    // What a server need not answer, or can't read, asks for the whole file.
    for whole in ["bytes=-20", "bytes=0-1,4-5", "lines=1-2", "abc", "bytes=5-2", "bytes=x-"] {
        let answer = server.get_with("/sound.ogg", &format!("Range: {whole}"));
        assert_eq!((answer.status, answer.text().as_str()), (200, "0123456789"), "{whole}");
    }
    for path in ["/", "/atom.xml", "/sound.ogg"] {
        let tag = server.get(path).header("etag").unwrap().to_owned();
        let again = server.get_with(path, &format!("If-None-Match: {tag}"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(server.get_with(path, "If-None-Match: \"other\"").status, 200);
    }
    let head = server.asks("HEAD /", &server.host());
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(server.asks("POST /", &server.host()).status, 405);
}

#[test]
fn what_is_not_there_gets_the_site_s_own_page() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let page = server.get("/no/such/page/");
    assert_eq!(page.status, 404);
    assert!(page.text().contains("serve.js"), "once it is there, it is shown");
    assert!(page.text().contains("The Archive"));
}

#[test]
fn withdrawn_reports_and_all_below_them_are_gone() {
    let withdrawn = |kind: &str| {
        let line = format!("withdrawn = {{ date = 2020-01-01, kind = \"{kind}\" }}\n+++\n\n");
        TALKS.replace("+++\n\n", &line)
    };
    let archive = Archive::new()
        .article("2017/private/index.md", &withdrawn("privacy"))
        .article("2017/private/letter.txt", "secret")
        .article("2017/ruled.md", &withdrawn("court"));
    let server = Server::start(&archive, &[]);
    assert_eq!(server.get("/2017/01/29/private/").status, 410);
    assert_eq!(server.get("/2017/01/29/private/index.html").status, 410);
    assert_eq!(server.get("/2017/01/29/private/letter.txt").status, 410);
    assert_eq!(server.get("/2017/01/29/ruled/").status, 451);
    assert_eq!(server.get("/2017/01/29/").status, 200);
}

#[test]
fn old_addresses_lead_on_as_the_site_does_it() {
    let text = TALKS.replace("+++\n\n", "aliases = [\"/old/place/\"]\n+++\n\n");
    let archive = Archive::new().article("2017/talks.md", &text);
    let server = Server::start(&archive, &[]);
    let page = server.get("/old/place/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("url=/2017/01/29/talks/"), "{}", page.text());
}

#[test]
fn drafts_are_shown_on_request() {
    let text = TALKS.replace("+++\n\n", "draft = true\n+++\n\n");
    let archive = Archive::new().article("2017/talks.md", &text);
    let without = Server::start(&archive, &[]);
    assert_eq!(without.get("/2017/01/29/talks/").status, 404);
    let with = Server::start(&archive, &["--drafts"]);
    assert_eq!(with.get("/2017/01/29/talks/").status, 200);
    assert_eq!(without.get("/2017/01/29/talks/").status, 404);
}

#[test]
fn nothing_but_the_site_can_be_reached() {
    let archive = Archive::new()
        .article("2017/talks.md", TALKS)
        .file("static/.well-known/known.txt", "known")
        .file("static/.hidden/secret.txt", "secret")
        .file("secret.txt", "secret");
    let server = Server::start(&archive, &[]);
    assert_eq!(server.get("/.well-known/known.txt").status, 200);
    for path in [
        "/../secret.txt",
        "/../../../../secret.txt",
        "/../manifest.json",
        "/2017/../../manifest.json",
        "/%2e%2e/manifest.json",
        "/%2E%2e%2fmanifest.json",
        "/..%2fmanifest.json",
        "/..%5cmanifest.json",
        "/..\\manifest.json",
        "/%252e%252e/manifest.json",
        "/%252e%252e%252fmanifest.json",
        "/./../manifest.json",
        "//manifest.json",
        "//etc/passwd",
        "/etc/passwd",
        "/index.html%00.txt",
        "/%c0%ae%c0%ae/manifest.json",
        "/.hidden/secret.txt",
        "/.dateline-stage/x",
        "/.dateline/",
        "/.git/config",
        "/atom.xml/",
        "/index.html/../index.html",
        "/~root",
        "/?../secret.txt/../..",
    ] {
        let answer = server.get(path);
        let is_home = path.starts_with("/?");
        assert_eq!(answer.status, if is_home { 200 } else { 404 }, "{path}");
        assert!(!answer.text().contains("secret\n") && !answer.text().contains("xxh3"), "{path}");
    }
    for line in ["GET", "GET http://evil.example/", "GET *", "GET ../secret.txt", "BREW /"] {
        let answer = server.asks(line, &server.host());
        assert!(answer.status >= 400, "{line}: {}", answer.status);
    }
    assert_eq!(server.get("/").status, 200, "it is still there");
}

#[cfg(unix)]
#[test]
fn links_in_the_served_folder_are_not_followed() {
    let archive = Archive::new().article("2017/talks.md", TALKS).file("secret.txt", "secret");
    let server = Server::start(&archive, &[]);
    let states = fs::read_dir(archive.path(".dateline/serve")).unwrap();
    let site = states.map(|state| state.unwrap().path().join("site")).next().unwrap();
    std::os::unix::fs::symlink(archive.path("secret.txt"), site.join("out.txt")).unwrap();
    std::os::unix::fs::symlink(archive.path(""), site.join("up")).unwrap();
    std::os::unix::fs::symlink(site.join("atom.xml"), site.join("inside.xml")).unwrap();
    for path in ["/out.txt", "/up/secret.txt", "/up/", "/up", "/inside.xml"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &["--allow-host", "desk.example"]);
    for host in ["127.0.0.1", "localhost:99", "[::1]:1111", "DESK.example:80", "a.localhost"] {
        assert_eq!(server.asks("GET /", &format!("Host: {host}\r\n")).status, 200, "{host}");
    }
    for host in
        ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:1111", "192.0.2.1"]
    {
        for path in ["/", "/.dateline/news", "/.dateline/serve.js"] {
            let answer = server.asks(&format!("GET {path}"), &format!("Host: {host}\r\n"));
            assert_eq!(answer.status, 403, "{host} {path}");
        }
    }
    let twice = format!("{}Host: evil.example\r\n", server.host());
    assert!(server.asks("GET /", &twice).status >= 400);
    assert!(server.asks("GET /", "").status >= 400);
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_it_cleanly() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let open = server.opens_page();
    assert_eq!(server.interrupted(), Some(0));
    drop(open);
    // What it showed last is there at once, and nothing is written anew.
    let again = Server::start(&archive, &[]);
    again.shows("/2017/01/29/talks/", "The delegations met.");
    assert!(again.hears("files").contains(" 0 written"));
    assert_eq!(again.interrupted(), Some(0));
}

#[test]
fn a_published_site_and_what_is_known_of_it_are_left_alone() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    archive.build().clean();
    let published = |archive: &Archive| {
        let mut all = archive.everything();
        all.retain(|path, _| !path.starts_with(".dateline/serve/"));
        all
    };
    let before = published(&archive);
    let server = Server::start(&archive, &[]);
    server.shows("/2017/01/29/talks/", "The delegations met.");
    drop(server);
    assert_eq!(published(&archive).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let again = archive.build_with(&["--json"]).json();
    assert_eq!(again["written"], 0);
}

#[test]
fn a_port_in_use_is_told_with_a_mend() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let refused = archive.run(&["serve", "--port", &server.port.to_string()]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("--port"), "{}", refused.stderr());
}

#[test]
fn a_preview_that_was_damaged_is_made_again() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    drop(Server::start(&archive, &[]));
    for (path, _) in archive.everything() {
        if path.starts_with(".dateline/serve/") && path.ends_with("/manifest.json") {
            archive.write(&path, "damaged");
        }
    }
    let server = Server::start(&archive, &[]);
    server.shows("/2017/01/29/talks/", "The delegations met.");
}

/// The smallest picture that has a size.
#[cfg(unix)]
fn picture(width: u8, height: u8) -> Vec<u8> {
    [b"GIF89a".as_slice(), &[width, 0, height, 0], &[0; 8]].concat()
}

/// What the preview is made of.
#[cfg(unix)]
fn preview(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let is_site = |path: &String| path.starts_with(".dateline/serve/") && path.contains("/site/");
    archive.everything().into_iter().filter(|(path, _)| is_site(path)).collect()
}

/// Waits until the stamps of all files tell of every change to come: what is younger is never relied on.
#[cfg(unix)]
fn settle() {
    std::thread::sleep(Duration::from_millis(2_300));
}

#[cfg(unix)]
#[test]
fn what_a_body_refers_to_may_change_between_two_saves() {
    let text = TALKS.replace(
        "met.",
        "met [more](more.md) than [once](https://gone.example/x). ![Chart](/chart.gif)",
    );
    let more = TALKS.replace("Talks", "More");
    let archive = Archive::new()
        .article("2017/talks.md", &text)
        .article("2017/more.md", &more)
        .file("static/chart.gif", picture(20, 10));
    let server = Server::start(&archive, &[]);
    let page = "/2017/01/29/talks/";
    // Each step begins where the build before could rely on all that it saw.
    let rests = |words: &str| {
        settle();
        archive.write("content/2017/more.md", more.replace("met", words));
        server.shows("/2017/01/29/more/", words);
    };
    rests("waited");
    archive.write("static/chart.gif", picture(70, 30));
    server.shows(page, "width=\"70\"");
    rests("waited on");
    archive.write("links/gone.example.toml", "[\"https://gone.example/x\"]\ndead = 2020-01-01\n");
    server.waits(page, |page| !page.text().contains("href=\"https://gone.example/x\""));
    rests("waited still");
    let moved = more.replace("title", "slug = \"elsewhere\"\ntitle");
    archive.write("content/2017/more.md", &moved);
    server.shows(page, "/2017/01/29/elsewhere/");
    settle();
    archive.write("content/2017/more.md", moved.replace("title", "draft = true\ntitle"));
    server.waits(page, |page| !page.text().contains("href=\"/2017/01/29/elsewhere/\""));
    settle();
    archive.remove("static/chart.gif");
    server.waits(page, |page| !page.text().contains("width=\"70\""));
    assert_eq!(server.interrupted(), Some(0));
    assert_is_as_new(&archive);
}

#[cfg(unix)]
#[test]
fn what_every_page_is_made_of_may_change_between_two_saves() {
    let archive = Archive::new().article("2017/talks.md", TALKS).article("2017/more.md", TALKS);
    let archive = archive.config("title = \"First\"\ntheme = \"mine\"\n");
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/gazette/i18n/en.toml");
    let words = fs::read_to_string(words).unwrap();
    let says = |home: &str| {
        let line = words.lines().find(|line| line.starts_with("home = ")).unwrap();
        words.replace(line, &format!("home = \"{home}\""))
    };
    archive.write("themes/mine/i18n/en.toml", says("Front page"));
    let server = Server::start(&archive, &[]);
    let page = "/2017/01/29/talks/";
    let saves = |words: &str| {
        archive.write("content/2017/more.md", TALKS.replace("met", words));
        server.shows("/2017/01/29/more/", words);
    };
    saves("waited");
    archive.write("themes/mine/i18n/en.toml", says("Front of all"));
    server.shows(page, "Front of all");
    saves("waited on");
    let archive = archive.config("title = \"Second\"\ntheme = \"mine\"\n");
    server.shows(page, "Second");
    let talks = TALKS.replace("title", "template = \"own\"\ntitle");
    archive.write("templates/own.html", "<!doctype html><title>x</title><p>In one way.");
    archive.write("content/2017/talks.md", &talks);
    server.shows(page, "In one way.");
    archive.write("templates/own.html", "<!doctype html><title>x</title><p>In another.");
    server.shows(page, "In another.");
    assert_eq!(server.interrupted(), Some(0));
    assert_is_as_new(&archive);
}

#[cfg(unix)]
#[test]
fn a_change_of_what_a_symbolic_link_leads_to_is_seen() {
    use std::os::unix::fs::symlink;
    let archive = Archive::new().file("notes/talks.md", TALKS).file("notes/more.md", TALKS);
    fs::create_dir_all(archive.path("content/2017")).unwrap();
    symlink("../../notes/talks.md", archive.path("content/2017/talks.md")).unwrap();
    fs::rename(archive.path("dateline.toml"), archive.path("notes/dateline.toml")).unwrap();
    symlink("notes/dateline.toml", archive.path("dateline.toml")).unwrap();
    let server = Server::start(&archive, &[]);
    server.shows("/2017/01/29/talks/", "The delegations met.");
    archive.write("notes/talks.md", TALKS.replace("met", "parted"));
    server.shows("/2017/01/29/talks/", "The delegations parted.");
    // One that is made later, too.
    symlink("../../notes/more.md", archive.path("content/2017/more.md")).unwrap();
    server.shows("/2017/01/29/more/", "The delegations met.");
    archive.write("notes/more.md", TALKS.replace("met", "waited"));
    server.shows("/2017/01/29/more/", "The delegations waited.");
    // In a folder that is made with it, behind a link to a folder that is made to lead elsewhere.
    archive.write("drawer/one/last.md", TALKS);
    archive.write("drawer/two/last.md", TALKS.replace("met", "rested"));
    symlink("one", archive.path("drawer/current")).unwrap();
    fs::create_dir(archive.path("content/2018")).unwrap();
    symlink("../../drawer/current/last.md", archive.path("content/2018/last.md")).unwrap();
    server.shows("/2017/01/29/last/", "The delegations met.");
    archive.write("drawer/one/last.md", TALKS.replace("met", "spoke"));
    server.shows("/2017/01/29/last/", "The delegations spoke.");
    symlink("two", archive.path("drawer/next")).unwrap();
    fs::rename(archive.path("drawer/next"), archive.path("drawer/current")).unwrap();
    server.shows("/2017/01/29/last/", "The delegations rested.");
    archive.write("drawer/two/last.md", TALKS.replace("met", "slept"));
    server.shows("/2017/01/29/last/", "The delegations slept.");
    // And in one that was made anew, as a change of branches does it.
    fs::rename(archive.path("drawer"), archive.path("cupboard")).unwrap();
    fs::rename(archive.path("cupboard"), archive.path("drawer")).unwrap();
    server.shows("/2017/01/29/last/", "The delegations slept.");
    archive.write("drawer/two/last.md", TALKS.replace("met", "woke"));
    server.shows("/2017/01/29/last/", "The delegations woke.");
    let settings = fs::read_to_string(archive.path("notes/dateline.toml")).unwrap();
    archive.write("notes/dateline.toml", settings.replace("The Archive", "Another Archive"));
    server.shows("/", "Another Archive");
}

#[cfg(unix)]
#[test]
fn what_other_pages_show_of_a_report_follows_its_text() {
    let archive = Archive::new().article("2017/talks.md", TALKS).article("2017/more.md", TALKS);
    let server = Server::start(&archive, &[]);
    // The summary that lists and neighbours show is cut from the first paragraph.
    archive.write("content/2017/talks.md", TALKS.replace("met", "met in spring"));
    server.shows("/2017/01/29/", "met in spring");
    server.shows("/atom.xml", "met in spring");
    // And its data files hold a hash of all of it.
    let data = "/2017/01/index.json";
    let before = server.get(data).text();
    archive.write("content/2017/talks.md", TALKS.replace("met.", "met in spring.\n\nNo more."));
    server.shows("/2017/01/29/talks/", "No more.");
    // Files come into their places one after the other.
    server.waits(data, |page| page.text() != before);
    assert_eq!(server.interrupted(), Some(0));
    assert_is_as_new(&archive);
}

/// The preview that many builds made is the one that a first build makes.
#[cfg(unix)]
#[track_caller]
fn assert_is_as_new(archive: &Archive) {
    let grown = preview(archive);
    fs::remove_dir_all(archive.path(".dateline")).unwrap();
    drop(Server::start(archive, &[]));
    let new = preview(archive);
    assert!(!new.is_empty() && grown.keys().eq(new.keys()));
    for (path, bytes) in &new {
        assert!(grown[path] == *bytes, "{path} is another");
    }
}

#[cfg(target_os = "linux")]
impl Server {
    /// What the system keeps for it: open files and sockets, and folders under watch.
    fn held(&self) -> (usize, usize) {
        let about = format!("/proc/{}", self.child.id());
        let open = fs::read_dir(format!("{about}/fd")).unwrap().count();
        let told = fs::read_dir(format!("{about}/fdinfo")).unwrap();
        // A file may be closed while one looks at the list.
        let told = told.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
        let watched =
            told.map(|told| told.lines().filter(|line| line.starts_with("inotify ")).count());
        (open, watched.sum())
    }

    /// What it holds once that has been the same for a second: the last sockets are closed a
    /// moment after their answers, and the machine may be busy.
    fn settled(&self) -> (usize, usize) {
        let end = Instant::now() + PATIENCE;
        let (mut held, mut since) = (self.held(), Instant::now());
        while since.elapsed() < Duration::from_secs(1) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
            if self.held() != held {
                (held, since) = (self.held(), Instant::now());
            }
        }
        held
    }
}

/// Pages opened and left, reports saved as editors do it, folders that come and go.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes a minute: cargo test --release --test site serve -- --ignored"]
fn two_hundred_edits_leave_no_file_open() {
    let archive = Archive::new().article("2017/talks.md", TALKS);
    let server = Server::start(&archive, &[]);
    let edit = |number: usize| {
        let mut news = server.opens_page();
        let version = news.next()["version"].clone();
        let words = format!("The delegations met {number} times.");
        archive.write("content/2017/.talks.md.new", TALKS.replace("The delegations met.", &words));
        let saved = archive.path("content/2017/talks.md");
        fs::rename(archive.path("content/2017/.talks.md.new"), saved).unwrap();
        news.until(|news| news["version"] != version);
        server.shows("/2017/01/29/talks/", &words);
        archive.write(&format!("content/visit-{number}/visit.md"), TALKS);
        server.shows("/2017/01/29/visit/", "The delegations met.");
        fs::remove_dir_all(archive.path(&format!("content/visit-{number}"))).unwrap();
        server.waits("/2017/01/29/visit/", |page| page.status == 404);
    };
    (0..20).for_each(edit);
    let before = server.settled();
    assert!(before.0 > 0 && before.1 > 0, "{before:?}");
    (20..220).for_each(edit);
    let after = server.settled();
    assert!(after.0 <= before.0, "open files: {} before, {} after", before.0, after.0);
    assert_eq!(after.1, before.1, "folders under watch");
}

#[cfg(unix)]
#[test]
fn a_save_is_seen_after_a_link_beside_the_text_came_and_went() {
    use std::os::unix::fs::symlink;
    let archive = Archive::new()
        .article("2017/talks.md", TALKS)
        .article("2018/deep/more.md", &TALKS.replace("Talks", "More").replace("29", "30"))
        .file("static/notes.txt", "old");
    let server = Server::start(&archive, &[]);
    server.shows("/2017/01/29/talks/", "met");
    for (round, lock) in [
        "content/2017/.#talks.md",
        "content/2017/plain",
        "content/2018/deep/.#more.md",
        "static/.#notes",
    ]
    .iter()
    .enumerate()
    {
        symlink("ann@desk.4711:1485684000", archive.path(lock)).unwrap();
        archive.write("content/2017/talks.md", TALKS.replace("met", &format!("met {round} times")));
        server.shows("/2017/01/29/talks/", &format!("met {round} times"));
        fs::remove_file(archive.path(lock)).unwrap();
        archive
            .write("content/2017/talks.md", TALKS.replace("met", &format!("spoke {round} times")));
        server.shows("/2017/01/29/talks/", &format!("spoke {round} times"));
        archive.write(
            "content/2018/deep/more.md",
            TALKS
                .replace("Talks", "More")
                .replace("29", "30")
                .replace("met", &format!("sat {round}")),
        );
        server.shows("/2017/01/30/more/", &format!("sat {round}"));
        archive.write("static/notes.txt", format!("new {round}"));
        server.shows("/notes.txt", &format!("new {round}"));
    }
}

#[test]
fn active_files_beside_a_report_are_served_without_their_powers() {
    let archive = Archive::new()
        .article("x/index.md", TALKS)
        .file("content/x/scan.html", "<script>alert(1)</script>")
        .file("content/x/app.js", "alert(1)")
        .file("content/x/chart.svg", "<svg/>")
        .file("static/own.html", "<p>The curator's own.</p>");
    let policy = |server: &Server, path: &str| {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}");
        answer.header("content-security-policy").map(str::to_owned)
    };
    // The second shows at once what the first one left.
    for _ in 0..2 {
        let server = Server::start(&archive, &[]);
        server.shows("/2017/01/29/x/", "met");
        for path in ["scan.html", "app.js"] {
            assert_eq!(policy(&server, &format!("/2017/01/29/x/{path}")).unwrap(), "sandbox");
        }
        let drawing = policy(&server, "/2017/01/29/x/chart.svg");
        assert_eq!(drawing.unwrap(), "script-src 'none'; sandbox");
        assert_eq!(policy(&server, "/own.html"), None);
    }
}

#[test]
fn a_folder_without_an_archive_is_not_served() {
    let archive = Archive::new();
    archive.remove("dateline.toml");
    for folder in ["", "content"] {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dateline"));
        fs::create_dir_all(archive.path(folder)).unwrap();
        let root = archive.path(folder);
        command.arg("--root").arg(root).args(["serve", "--port", "0"]).timeout(PATIENCE);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("there is no archive here") && said.contains("dateline init"),
            "{said}"
        );
    }
}

/// Each save meets some build at another moment.
#[test]
fn a_report_that_is_withdrawn_while_it_is_served_makes_no_noise() {
    let archive = Archive::new();
    for day in 1..=28 {
        let text = format!("+++\ntitle = \"Report {day}\"\n+++\nThe delegations met.\n");
        archive.write(&format!("content/2017-01-{day:02}-report/index.md"), text);
        archive.write(&format!("content/2017-01-{day:02}-report/list.txt"), "names");
    }
    let server = Server::start(&archive, &[]);
    for day in 1..=28 {
        let why = ["--kind", "privacy", "--reason", "Asked for."];
        let address = format!("/2017/01/{day:02}/report/");
        archive.run(&[&["withdraw", &address], &why[..]].concat()).succeeds();
    }
    server.waits("/2017/01/28/report/", |page| !page.text().contains("delegations"));
    let overheard = server.overheard.borrow();
    let heard: Vec<String> = server.lines.try_iter().chain(overheard.iter().cloned()).collect();
    let noise = heard.iter().find(|line| line.contains("changed while") || line.contains("error"));
    assert_eq!(noise, None, "{heard:#?}");
}
