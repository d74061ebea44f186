//! `dateline check --external` beside hosts that misbehave in every way.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::external::{check, config, good, ledger, linking, linking_urls, names, told};
use crate::server::{Request, Server, hang, head, send};

/// How many requests are at work at once.
#[derive(Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Crowd {
    fn enter(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
    }

    fn leave(&self) {
        self.now.fetch_sub(1, Ordering::SeqCst);
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

#[test]
fn a_host_is_asked_one_page_at_a_time_and_so_many_hosts_at_once() {
    let everywhere: Arc<Crowd> = Arc::default();
    let hosts: Vec<(Server, Arc<Crowd>)> =
        (0..6).map(|_| (Server::start(), Arc::default())).collect();
    let mut urls = Vec::new();
    for (server, here) in &hosts {
        for page in 0..5 {
            let crowds = [Arc::clone(&everywhere), Arc::clone(here)];
            let path = format!("/{page}");
            urls.push(server.url(&path));
            server.on(&path, move |_, stream| {
                for crowd in &crowds {
                    crowd.enter();
                }
                thread::sleep(Duration::from_millis(30));
                for crowd in &crowds {
                    crowd.leave();
                }
                head(stream, "200 OK", "");
            });
        }
    }
    let (server, _) = &hosts[0];
    let archive = linking_urls(server, &urls).config(&config(server, "hosts = 3\n"));
    assert_eq!(told(&check(&archive, "2026-11-01")), Vec::new());
    assert!(everywhere.most() <= 3, "{} hosts at once", everywhere.most());
    assert!(hosts.iter().all(|(_, here)| here.most() == 1));
}

#[test]
fn a_host_that_answers_head_badly_is_asked_with_get() {
    for refusal in [
        "405 Method Not Allowed",
        "501 Not Implemented",
        "403 Forbidden",
        "404 Not Found",
        "500 Oops",
    ] {
        let server = Server::start();
        for path in ["/a", "/b"] {
            server.on(path, move |request, stream| match request.method.as_str() {
                "HEAD" => head(stream, refusal, ""),
                _ => head(stream, "200 OK", ""),
            });
        }
        let archive = linking(&server, &["/a", "/b"]);
        assert_eq!(names(&check(&archive, "2026-11-01")), Vec::<String>::new(), "{refusal}");
        // What was learnt of the host holds for its other pages.
        let asked = server.asked();
        let methods: Vec<&str> = asked.iter().filter_map(|asked| asked.split(' ').next()).collect();
        assert_eq!(methods, ["HEAD", "GET", "GET"], "{refusal}");
    }
}

#[test]
fn a_host_that_hangs_or_hangs_up_on_head_is_asked_with_get() {
    let server = Server::start();
    server.on("/hangs", |request, stream| match request.method.as_str() {
        "HEAD" => hang(),
        _ => head(stream, "200 OK", ""),
    });
    let other = Server::start();
    other.on("/closes", |request, stream| {
        if request.method == "GET" {
            head(stream, "200 OK", "");
        }
    });
    let archive = linking_urls(&server, &[server.url("/hangs"), other.url("/closes")]);
    assert_eq!(names(&check(&archive, "2026-11-01")), Vec::<String>::new());
}

#[test]
fn failures_that_pass_are_asked_again() {
    let server = Server::start();
    for (path, status, header) in [
        ("/500", "500 Oops", String::new()),
        ("/503", "503 Busy", "Retry-After: 1".to_owned()),
        ("/429", "429 Too Many", "Retry-After: 1".to_owned()),
        ("/past", "429 Too Many", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
        ("/nonsense", "503 Busy", "Retry-After: soon".to_owned()),
    ] {
        server.on(path, move |request, stream| match request.before {
            0 | 1 => head(stream, status, &header),
            _ => head(stream, "200 OK", ""),
        });
    }
    let archive = linking(&server, &["/500", "/503", "/429", "/past", "/nonsense"])
        .config(&config(&server, "retries = 2\n"));
    assert_eq!(told(&check(&archive, "2026-11-01")), Vec::new());
}

#[test]
fn a_host_that_asks_for_rest_gets_it_until_the_next_run() {
    let server = Server::start();
    for path in ["/a", "/b", "/c"] {
        server.says(path, "429 Too Many", &["Retry-After: 3600"]);
    }
    let archive = linking(&server, &["/a", "/b", "/c"]);
    let built = check(&archive, "2026-11-01");
    assert_eq!((told(&built), built.code()), (Vec::new(), 0));
    assert_eq!(built.json()["external"]["later"], 3);
    assert_eq!(server.asked().len(), 1);
    for path in ["/a", "/b", "/c"] {
        good(&server, path);
    }
    assert_eq!(check(&archive, "2026-11-01").json()["external"]["asked"], 3);
}

#[test]
fn pages_that_programs_may_not_see_are_never_called_dead() {
    let server = Server::start();
    for (path, status) in [
        ("/401", "401 Unauthorized"),
        ("/403", "403 Forbidden"),
        ("/451", "451 Unavailable"),
        ("/999", "999 Denied"),
    ] {
        server.says(path, status, &[]);
    }
    let archive = linking(&server, &["/401", "/403", "/451", "/999"]);
    for day in 1..6 {
        let built = check(&archive, &format!("2026-11-0{day}"));
        assert_eq!(names(&built), ["failing-link"; 4]);
    }
    assert!(ledger(&archive).is_none() && !archive.path("failing-links.toml").exists());
}

/// Heads that are no use, each of which is a failure and none a hang or a crash.
#[test]
fn an_answer_that_is_none_is_a_failure() {
    let server = Server::start();
    good(&server, "/good");
    server.on("/hangs", |_, _| hang());
    server.on("/closes", |_, _| {});
    server.on("/half", |_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\nContent-");
    });
    server.on("/drips", |_, stream| {
        let letters = "HTTP/1.1 200 OK\r\n".chars().chain("X: y\r\n".chars().cycle());
        for letter in letters.take(300) {
            if !send(stream, &letter.to_string()) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    });
    server.on("/no-http", |_, stream| {
        send(stream, "220 mail.example ESMTP\r\n");
    });
    server.on("/huge-header", |_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\nX: ");
        while send(stream, &"x".repeat(65_536)) {}
    });
    server.on("/many-headers", |_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\n");
        while send(stream, &"X: y\r\n".repeat(1_000)) {}
    });
    server.says("/404", "404 Not Found", &[]);
    server.says("/410", "410 Gone", &[]);
    server.says("/500", "500 Oops", &[]);
    server.says("/nowhere", "301 Moved", &[]);
    let paths = [
        "/hangs",
        "/closes",
        "/half",
        "/drips",
        "/no-http",
        "/huge-header",
        "/many-headers",
        "/404",
        "/410",
        "/500",
        "/nowhere",
    ];
    for path in paths {
        let mut archive = linking(&server, &[path, "/good"]);
        let mut urls = vec![server.url(path)];
        urls.push(server.url("/good"));
        archive = archive.patience(50);
        let built = check(&archive, "2026-11-01");
        assert_eq!((names(&built), built.code()), (vec!["failing-link".to_owned()], 0), "{path}");
        let message = told(&built).remove(0).1;
        assert!(message.contains("failed today for the first time"), "{message}");
    }
}

#[test]
fn a_host_that_speaks_no_tls_fails() {
    let server = Server::start();
    good(&server, "/good");
    let urls = [server.url("/a").replace("http:", "https:"), server.url("/good")];
    let built = check(&linking_urls(&server, &urls), "2026-11-01");
    assert_eq!(names(&built), ["failing-link"]);
}

/// A page is there if its head says so; how its body misbehaves is not found out.
#[test]
fn bodies_are_not_read() {
    let server = Server::start();
    let get_only = |status: &'static str, headers: &'static str, piece: &'static [u8]| {
        move |request: &Request, stream: &mut TcpStream| {
            use std::io::Write as _;
            if request.method == "HEAD" {
                return head(stream, "405 No", "");
            }
            send(stream, &format!("HTTP/1.1 {status}\r\n{headers}\r\n"));
            while !piece.is_empty() && stream.write_all(piece).is_ok() {}
        }
    };
    server.on("/endless", get_only("200 OK", "", &[b'x'; 4_096]));
    server.on("/bomb", get_only("200 OK", "Content-Encoding: gzip\r\n", &[0x1f; 4_096]));
    server.on("/too-short", get_only("200 OK", "Content-Length: 1000\r\n", b""));
    server.on("/too-long", get_only("200 OK", "Content-Length: 1\r\n", &[b'x'; 4_096]));
    server.on("/bad-chunks", get_only("200 OK", "Transfer-Encoding: chunked\r\n", b"zz\r\n"));
    server.on("/bad-header", get_only("200 OK", "no header at all\r\nX : y\r\n", b""));
    server.on("/latin-1", get_only("200 OK", "X: \u{fc}\r\n", b""));
    let paths =
        ["/endless", "/bomb", "/too-short", "/too-long", "/bad-chunks", "/bad-header", "/latin-1"];
    assert_eq!(told(&check(&linking(&server, &paths), "2026-11-01")), Vec::new());
}

#[test]
fn redirects_are_followed_and_moves_for_good_are_told() {
    let (server, other) = (Server::start(), Server::start());
    good(&server, "/new");
    good(&server, "/");
    other.says("/there", "200 OK", &[]);
    let there = other.url("/there");
    server.says("/moved", "301 Moved", &["Location: /newer"]);
    server.says("/newer", "308 Moved", &["Location: /new#part"]);
    server.says("/abroad", "301 Moved", &[&format!("Location: {there}")]);
    server.says("/today", "302 Found", &["Location: /new"]);
    server.says("/see", "303 See Other", &["Location: new"]);
    server.says("/front", "302 Found", &["Location: /"]);
    server.says("/gone", "301 Moved", &["Location: /no-such-page"]);
    let paths = ["/moved", "/abroad", "/today", "/see", "/front", "/gone"];
    let built = check(&linking(&server, &paths), "2026-11-01");
    let told = told(&built);
    let of = |path: &str| {
        let start = format!("{} ", server.url(path));
        told.iter().find(|(_, message)| message.starts_with(&start))
    };
    let (name, message) = of("/moved").unwrap();
    assert_eq!(name, "moved-link");
    assert!(message.ends_with(&format!("write {}", server.url("/new"))), "{message}");
    assert!(of("/abroad").unwrap().1.ends_with(&format!("write {there}")));
    assert!(of("/front").unwrap().1.contains("leads to the front page"));
    assert_eq!(of("/gone").unwrap().0, "failing-link");
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn redirects_that_lead_nowhere_are_told_and_not_followed() {
    let server = Server::start();
    server.says("/round", "302 Found", &["Location: /and-round"]);
    server.says("/and-round", "302 Found", &["Location: /round"]);
    server.says("/self", "301 Moved", &["Location: /self"]);
    server.on("/long", |request, stream| {
        let next = format!("Location: {}x", request.path);
        head(stream, "302 Found", &next);
    });
    for x in 1..20 {
        server.on(&format!("/long{}", "x".repeat(x)), |request, stream| {
            head(stream, "302 Found", &format!("Location: {}x", request.path));
        });
    }
    server.says("/script", "302 Found", &["Location: javascript:alert(1)"]);
    server.says("/file", "302 Found", &["Location: file:///etc/passwd"]);
    server.says("/mail", "302 Found", &["Location: mailto:a@b.example"]);
    server.says("/bad", "302 Found", &["Location: http://"]);
    let paths = ["/round", "/self", "/long", "/script", "/file", "/mail", "/bad"];
    let archive = linking(&server, &paths);
    let built = check(&archive, "2026-11-01");
    assert_eq!(names(&built), ["unsafe-redirect"; 7]);
    assert!(server.asked().iter().filter(|asked| asked.contains("/long")).count() < 15);
    assert!(!archive.path("failing-links.toml").exists());
}

#[test]
fn private_networks_are_not_asked_unless_allowed() {
    let server = Server::start();
    let port = server.port();
    let urls: Vec<String> = ["127.0.0.1", "localhost", "2130706433", "[::1]", "0.0.0.0"]
        .iter()
        .map(|host| format!("http://{host}:{port}/a"))
        .collect();
    let archive = linking_urls(&server, &urls).config(&config(&server, "private = false\n"));
    let built = check(&archive, "2026-11-01");
    let told = told(&built);
    // Two of the five are one address.
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.iter().all(|(_, message)| message.contains("in a private network")), "{told:?}");
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn hosts_that_are_named_are_left_alone() {
    let server = Server::start();
    let archive = linking(&server, &["/a"]).config(&config(&server, "skip = [\"127.0.0.1\"]\n"));
    assert_eq!(told(&check(&archive, "2026-11-01")), Vec::new());
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn where_nobody_listens_all_pages_fail_alike() {
    let server = Server::start();
    good(&server, "/good");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut urls: Vec<String> = (0..40).map(|page| format!("http://{nobody}/{page}")).collect();
    urls.push(server.url("/good"));
    let built = check(&linking_urls(&server, &urls), "2026-11-01");
    let failing = told(&built).into_iter().filter(|(_, said)| said.contains("refused"));
    assert_eq!(failing.count(), 40);
    assert_eq!(built.json()["external"]["later"], 0);
}

/// A host that answers so many questions, and then listens no more.
fn answers_a_few(port: u16, count: usize) -> thread::JoinHandle<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().take(count).flatten() {
            let mut asked = BufReader::new(stream.try_clone().unwrap()).lines();
            while asked.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            head(&mut stream, "200 OK", "");
        }
    })
}

/// It may count connections, or be restarting.
#[test]
fn a_host_that_stops_listening_during_a_run_does_not_kill_its_pages() {
    let server = Server::start();
    good(&server, "/good");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut urls: Vec<String> =
        (0..20).map(|page| format!("http://127.0.0.1:{port}/{page}")).collect();
    urls.push(server.url("/good"));
    let archive = linking_urls(&server, &urls);
    for day in ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] {
        let host = answers_a_few(port, 6);
        let built = check(&archive, day);
        host.join().unwrap();
        assert!(!names(&built).contains(&"dead-link".to_owned()), "{day}: {:?}", told(&built));
        assert!(built.json()["external"]["later"].as_u64().unwrap() >= 10, "{day}");
    }
    assert_eq!(ledger(&archive), None);
}

/// Of a page that nobody asked for nothing is known.
#[test]
fn a_host_that_hangs_up_on_some_pages_does_not_kill_the_others() {
    let server = Server::start();
    let rotten: Vec<String> = (0..40).map(|page| format!("/rotten/{page}")).collect();
    let sound: Vec<String> = (0..5).map(|page| format!("/sound/{page}")).collect();
    for path in &rotten {
        server.on(path, |_, _| {});
    }
    for path in &sound {
        good(&server, path);
    }
    let paths: Vec<&str> = rotten.iter().chain(&sound).map(String::as_str).collect();
    let archive = linking(&server, &paths);
    let first = check(&archive, "2026-11-01");
    let later = first.json()["external"]["later"].as_u64().unwrap();
    assert!(later > 0 && later <= 35, "{later}");
    for day in 2..30 {
        check(&archive, &format!("2026-11-{day:02}"));
    }
    let asked = server.asked();
    assert!(
        paths.iter().all(|path| asked.contains(&format!("GET {path}"))
            || asked.contains(&format!("HEAD {path}")))
    );
    let dead: Vec<String> =
        told(&check(&archive, "2026-11-30")).into_iter().map(|(_, said)| said).collect();
    assert!(dead.iter().any(|said| said.contains("/rotten/")), "{dead:?}");
    assert!(!dead.iter().any(|said| said.contains("/sound/")), "{dead:?}");
}

#[test]
fn a_page_that_is_asked_for_too_often_does_not_hold_the_others_up() {
    let server = Server::start();
    server.says("/busy", "429 Too Many", &["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"]);
    let sound: Vec<String> = (0..20).map(|page| format!("/{page}")).collect();
    for path in &sound {
        good(&server, path);
    }
    let paths: Vec<&str> = sound.iter().map(String::as_str).chain(["/busy"]).collect();
    let external = check(&linking(&server, &paths), "2026-11-01").json()["external"].clone();
    assert_eq!((&external["asked"], &external["later"]), (&20.into(), &1.into()));
}
