//! The search page, the page for missing addresses, and pages with pictures and players in a browser, served
//! below a path: whether they are accessible, and what they say when the index is damaged or the query endless.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use scraper::{Html, Selector};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::{chromium, copy, files, skip};

/// Waits until the page has settled, and writes what it shows into its own document.
const SCRIPT: &str = r"
addEventListener('load', async () => {
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const form = document.getElementById('search');
  const found = {
    status: document.getElementById('search-status')?.textContent ?? '',
    failed: form ? JSON.parse(form.dataset.words).failed : '',
    titles: [...document.querySelectorAll('.search-hit h2')].map((title) => title.textContent),
    addresses: [...document.querySelectorAll('.search-hit h2 a')].map((link) => link.href),
    elements: document.querySelectorAll('.search-hit :is(img, script)').length,
    ran: Boolean(window.ran),
    violations: [],
  };
  if (window.axe) {
    const { violations } = await window.axe.run(document);
    found.violations = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  }
  const place = document.createElement('pre');
  place.id = 'found';
  place.textContent = JSON.stringify(found);
  document.body.append(place);
});
";

/// Where the archive lies on its host.
const PATH: &str = "/archive/";

/// The demo archive, built, on a server of its own.
struct Served {
    room: TempDir,
    output: PathBuf,
    address: String,
}

impl Served {
    /// In a language of the interface; each page runs `scripts`, too.
    fn demo(language: &str, scripts: Vec<String>) -> Served {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let room = TempDir::new().expect("a temporary folder");
        let site = room.path().join("site");
        copy(&repository.join("content"), &site.join("content"));
        copy(&repository.join("static"), &site.join("static"));
        copy(&repository.join("terms"), &site.join("terms"));
        let config = fs::read_to_string(repository.join("dateline.toml")).expect("a config");
        let language = format!("\nlanguage = \"{language}\"\n");
        let config = config.replace("\nlanguage = \"en\"\n", &language);
        fs::write(site.join("dateline.toml"), config).expect("a config is written");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let address = format!("http://127.0.0.1:{port}{PATH}");
        let output = room.path().join("public");
        let built = Command::new(assert_cmd::cargo::cargo_bin!("dateline"))
            .args(["build", "--quiet", "--base-url", &address, "--root"])
            .arg(&site)
            .arg("--output-dir")
            .arg(&output)
            .output()
            .expect("dateline runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let (folder, scripts) = (output.clone(), Arc::new(scripts));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, scripts) = (folder.clone(), Arc::clone(&scripts));
                std::thread::spawn(move || answer(stream, &folder, &scripts));
            }
        });
        Served { room, output, address }
    }

    /// What a page shows in a window of this width.
    fn shown(&self, program: &str, page: &str, width: u32, more: &[&str]) -> Json {
        let run = skip::basic(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu"])
            .args(["--disable-background-networking", "--virtual-time-budget=30000", "--dump-dom"])
            .arg(format!("--window-size={width},800"))
            .arg(format!("--user-data-dir={}", self.room.path().join("profile").display()))
            .args(more)
            .arg(format!("{}{page}", self.address))
            .output()
            .expect("the browser runs");
        let document = Html::parse_document(&String::from_utf8_lossy(&run.stdout));
        let found = Selector::parse("#found").expect("a selector");
        let text: String = document.select(&found).flat_map(|element| element.text()).collect();
        serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("nothing found ({error}): {}", String::from_utf8_lossy(&run.stderr))
        })
    }

    fn index(&self) -> Vec<PathBuf> {
        let folder = self.output.join("search/i");
        files(&folder).into_iter().map(|path| folder.join(path)).collect()
    }
}

/// Answers one request.
fn answer(mut stream: TcpStream, folder: &Path, scripts: &[String]) {
    let mut request = Vec::new();
    let mut buffer = [0; 4_096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(length) if length > 0 => request.extend(&buffer[..length]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let (status, kind, bytes) = file(path, folder, scripts)
        .map_or(("404 Not Found", "text/plain", Vec::new()), |(kind, bytes)| {
            ("200 OK", kind, bytes)
        });
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
}

fn file(path: &str, folder: &Path, scripts: &[String]) -> Option<(&'static str, Vec<u8>)> {
    if let Some(number) = path.strip_prefix("/scripts/") {
        return Some((
            "text/javascript",
            scripts.get(number.parse::<usize>().ok()?)?.clone().into(),
        ));
    }
    let path = percent_encoding::percent_decode_str(path.strip_prefix(PATH)?).decode_utf8().ok()?;
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.into_owned()
    };
    let bytes = fs::read(folder.join(&path)).ok()?;
    Some(match path.rsplit('.').next()? {
        "html" => {
            let tag = |number| format!("<script src=\"/scripts/{number}\"></script>");
            let tags: String = (0..scripts.len()).map(tag).collect();
            let html = String::from_utf8(bytes).ok()? + &tags;
            ("text/html; charset=utf-8", html.into())
        }
        "js" => ("text/javascript", bytes),
        "css" => ("text/css", bytes),
        "json" => ("application/json", bytes),
        "svg" => ("image/svg+xml", bytes),
        _ => ("application/octet-stream", bytes),
    })
}

#[test]
fn search_and_missing_pages_are_accessible() {
    let Some(program) = chromium() else { return };
    let Some(modules) = skip::needs_modules(&["axe-core"]) else { return };
    let axe = fs::read_to_string(modules.join("axe-core/axe.min.js")).expect("axe");
    let dark = "--blink-settings=preferredColorScheme=0";
    let ways: [(u32, &[&str]); 4] = [
        (1_200, &[]),
        (320, &[]),
        (1_200, &[dark]),
        (1_200, &["--force-high-contrast", "--enable-features=ForcedColors"]),
    ];
    for (language, ways) in [("en", &ways[..]), ("ar", &ways[..2])] {
        let served = Served::demo(language, vec![axe.clone(), SCRIPT.to_owned()]);
        for page in ["search/?q=moon", "search/?q=mooon", "search/", "404.html"] {
            for &(width, more) in ways {
                let found = served.shown(&program, page, width, more);
                assert_eq!(
                    found["violations"],
                    Json::Array(Vec::new()),
                    "{language} {page} {width}"
                );
                let has_hits = found["titles"].as_array().is_some_and(|titles| !titles.is_empty());
                assert_eq!(has_hits, page.ends_with("=moon"), "{found:#}");
            }
        }
    }
}

#[test]
fn pages_with_pictures_players_and_leads_are_accessible() {
    let Some(program) = chromium() else { return };
    let Some(modules) = skip::needs_modules(&["axe-core"]) else { return };
    let axe = fs::read_to_string(modules.join("axe-core/axe.min.js")).expect("axe");
    let dark = "--blink-settings=preferredColorScheme=0";
    let ways: [(u32, &[&str]); 3] = [(1_200, &[]), (320, &[]), (1_200, &[dark])];
    for (language, ways) in [("en", &ways[..]), ("ar", &ways[..2])] {
        let served = Served::demo(language, vec![axe.clone(), SCRIPT.to_owned()]);
        for page in ["2021/04/19/ingenuity/", "missions/ingenuity/"] {
            for &(width, more) in ways {
                let found = served.shown(&program, page, width, more);
                let none = Json::Array(Vec::new());
                assert_eq!(found["violations"], none, "{language} {page} {width}");
            }
        }
    }
}

#[test]
fn endless_queries_are_answered() {
    let Some(program) = chromium() else { return };
    let served = Served::demo("en", vec![SCRIPT.to_owned()]);
    for (query, has_hits) in [
        ("moon+".repeat(2_000), true),
        ("%22moon+".repeat(1_250), true),
        ("m".repeat(10_000), false),
        ("-(*:%22".repeat(1_000), false),
        ("%F0%9F%8C%95".repeat(833), false),
        ("lang:en+moon+".repeat(769), true),
    ] {
        let found = served.shown(&program, &format!("search/?q={query}"), 1_200, &[]);
        let titles = found["titles"].as_array().expect("titles");
        assert_eq!(!titles.is_empty(), has_hits, "{}: {found:#}", &query[..20]);
        // A query without a word is none.
        assert!(found["status"] != found["failed"], "{}: {found:#}", &query[..20]);
    }
}

#[test]
fn damaged_indexes_are_said_and_run_nothing() {
    let Some(program) = chromium() else { return };
    let served = Served::demo("en", vec![SCRIPT.to_owned()]);
    let whole: Vec<(PathBuf, Vec<u8>)> = served
        .index()
        .into_iter()
        .map(|path| (path.clone(), fs::read(&path).expect("a file of the index")))
        .collect();
    let script = "<script>window.ran = true</script><img src=x onerror='window.ran = true'>";
    let noise = |length: usize| (0..length).map(|at| (at * 151 % 256).to_le_bytes()[0]);
    let is_head = |path: &Path| path.ends_with("index.json");
    let ask = |what: &str, damaged: &dyn Fn(&Path, &[u8]) -> Vec<u8>| {
        for (path, bytes) in &whole {
            fs::write(path, damaged(path, bytes)).expect("a file is written");
        }
        let found = served.shown(&program, "search/?q=moon+landing", 1_200, &[]);
        assert_eq!(found["ran"], false, "{what}: {found:#}");
        assert_eq!(found["elements"], 0, "{what}: {found:#}");
        assert!(found["status"].as_str().is_some_and(|said| !said.is_empty()), "{what}: {found:#}");
        found
    };
    let found = ask("whole", &|_, bytes| bytes.to_vec());
    assert!(found["titles"].as_array().is_some_and(|titles| titles.len() > 1), "{found:#}");
    // Everything else than the index's head, which is read first.
    let but_head = |bytes: &dyn Fn(&[u8]) -> Vec<u8>| {
        let bytes = move |path: &Path, whole: &[u8]| {
            if is_head(path) { whole.to_vec() } else { bytes(whole) }
        };
        ask("but the head", &bytes)
    };
    for share in [0, 1, 2, 3] {
        let found = but_head(&|bytes| bytes[..bytes.len() * share / 4].to_vec());
        if share == 0 {
            assert_eq!(found["status"], found["failed"], "{found:#}");
        }
        ask("short", &|_, bytes| bytes[..bytes.len() * share / 4].to_vec());
    }
    but_head(&|bytes| bytes.iter().copied().take(4).chain(noise(bytes.len())).collect());
    but_head(&|bytes| bytes.iter().copied().take(4).chain([0xFF; 9_000]).collect());
    let found = ask("script", &|_, _| script.as_bytes().to_vec());
    assert_eq!(found["status"], found["failed"], "{found:#}");
    // Cards with markup are shown as they are, and lead nowhere else.
    let found = ask("cards", &|path, bytes| {
        let Ok(mut cards) = serde_json::from_slice::<Vec<Json>>(bytes) else {
            return bytes.to_vec();
        };
        for row in cards.iter_mut().skip(3).filter(|_| !is_head(path)) {
            row[1] = 0.into();
            row[2] = "javascript:window.ran=true//".into();
            row[3] = script.into();
        }
        serde_json::to_vec(&cards).expect("cards")
    });
    assert_eq!(found["titles"][0], script, "{found:#}");
    let address = found["addresses"][0].as_str().expect("an address");
    assert!(address.starts_with(&served.address), "{address}");
    for path in served.index() {
        fs::remove_file(path).expect("a file is removed");
    }
    let found = served.shown(&program, "search/?q=moon", 1_200, &[]);
    assert_eq!(found["status"], found["failed"], "{found:#}");
}
