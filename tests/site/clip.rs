//! `dateline clip`: one page becomes a report, with what was received of it.

mod evidence;
mod hostile;
mod pages;
mod words;

use crate::archive::{Archive, Built};
use crate::server::{Server, send};

/// An archive that may ask this machine, and knows an outlet there.
pub(crate) fn archive(server: &Server) -> Archive {
    archive_with(server, "")
}

/// The same with lines of `[check.external]`, which may go before its own.
pub(crate) fn archive_with(server: &Server, lines: &str) -> Archive {
    Archive::new().config(&format!(
        "title = \"T\"\n[outlets.paper]\nname = \"The Paper\"\nurl = \"{}\"\n[outlets.wire]\n\
         name = \"Wire Agency\"\n{}",
        server.url("/"),
        crate::external::config(server, lines).trim_start_matches("title = \"T\"\n")
    ))
}

/// What a path answers: bytes, with headers of its own.
pub(crate) fn serve(server: &Server, path: &str, headers: &'static str, body: impl Into<Vec<u8>>) {
    let body = body.into();
    server.on(path, move |_, stream| {
        let length = body.len();
        send(
            stream,
            &format!(
                "HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
            ),
        );
        let _ = std::io::Write::write_all(stream, &body);
    });
}

pub(crate) const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

/// A page of these words in its head, and these beside its article.
pub(crate) fn page(head: &str, article: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">{head}</head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/world\">World</a></nav><main><article>{article}\
         </article></main><footer>All rights reserved by somebody</footer></body></html>"
    )
}

/// A headline and a text in English.
pub(crate) fn article() -> String {
    format!("<h1>Talks begin in Geneva</h1>{}", words::paragraphs(words::ENGLISH))
}

/// The data of a good page.
pub(crate) const DATA: &str = "<title>Talks begin in Geneva | The Paper</title>\
    <script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\
    \"headline\":\"Talks begin in Geneva\",\"datePublished\":\"2017-01-29T10:00:00+01:00\",\
    \"dateModified\":\"2017-02-02\",\"author\":{\"name\":\"Ann Lee\"},\
    \"publisher\":{\"name\":\"The Paper\"}}</script>";

pub(crate) fn good(server: &Server, path: &str) {
    serve(server, path, HTML, page(DATA, &article()));
}

pub(crate) fn clip(archive: &Archive, address: &str) -> Built {
    archive.run(&["clip", address])
}

/// The one report that was written.
pub(crate) fn report(archive: &Archive, built: &Built) -> String {
    assert_eq!(built.code(), 0, "{}", built.stderr());
    let path = built.stdout().trim();
    std::fs::read_to_string(archive.path(path)).unwrap()
}

#[test]
fn a_page_becomes_a_report_that_says_where_each_line_came_from() {
    let server = Server::start();
    good(&server, "/talks");
    let archive = archive(&server);
    let built = clip(&archive, &server.url("/talks?utm_source=mail"));
    let text = report(&archive, &built);
    for line in [
        "title = \"Talks begin in Geneva\" # JSON-LD".to_owned(),
        "date = 2017-01-29 # JSON-LD: 2017-01-29T10:00:00+01:00".to_owned(),
        "outlet = \"paper\" # [outlets], by the address".to_owned(),
        format!("original_url = \"{}\" # the address that answered", server.url("/talks")),
        "authors = [\"Ann Lee\"] # JSON-LD".to_owned(),
    ] {
        assert!(text.contains(&line), "{line}\n{text}");
    }
    // The headline stands above the text on every page.
    assert!(text.contains("+++\n\nThe talks began on Sunday"), "{text}");
    assert!(!text.contains("Home") && !text.contains("REVIEW"), "{text}");
    let page = archive.build().clean().page("/2017/01/29/talks-begin-in-geneva/");
    assert!(page.text("main").contains("The talks began on Sunday"));
}

#[test]
fn a_host_is_asked_politely_and_robots_first() {
    let server = Server::start();
    good(&server, "/talks");
    let archive = archive(&server);
    clip(&archive, &server.url("/talks")).succeeds();
    assert_eq!(
        server.requests().iter().map(|request| request.path.as_str()).collect::<Vec<_>>(),
        ["/robots.txt", "/talks"]
    );
    for request in server.requests() {
        assert_eq!(request.method, "GET");
        assert!(request.headers["user-agent"].starts_with("Dateline/"));
        assert!(request.headers["user-agent"].contains("+https://archive.example/"));
        assert!(!request.headers.contains_key("cookie"));
        assert!(!request.headers.contains_key("referer"));
    }
    server.asked();
    serve(&server, "/robots.txt", "", "User-agent: *\nDisallow: /private/\n");
    good(&server, "/private/talks");
    let built = clip(&archive, &server.url("/private/talks"));
    assert_eq!(built.code(), 2);
    assert!(built.stderr().contains("robots.txt of 127.0.0.1 keeps programs from /private/talks"));
    assert_eq!(server.asked(), ["GET /robots.txt"]);
    server.says("/robots.txt", "503 Service Unavailable", &[]);
    let built = clip(&archive, &server.url("/private/talks"));
    assert!(built.stderr().contains("robots.txt of 127.0.0.1 can't be read: 503"));
}

#[test]
fn the_network_is_not_asked_where_the_settings_say_so() {
    let server = Server::start();
    good(&server, "/talks");
    for (lines, said) in [
        ("private = false\n", "leads into a private network, and was not asked"),
        ("skip = [\"127.0.0.1\"]\n", "127.0.0.1 is among the hosts that are not asked"),
    ] {
        let built = clip(&archive_with(&server, lines), &server.url("/talks"));
        assert_eq!(built.code(), 2);
        assert!(built.stderr().contains(said), "{}", built.stderr());
    }
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn a_known_original_is_refused_before_it_is_fetched_and_after() {
    let server = Server::start();
    good(&server, "/talks");
    server.says("/short", "301 Moved Permanently", &["Location: /talks"]);
    let archive = archive(&server);
    clip(&archive, &server.url("/talks")).succeeds();
    server.asked();
    let before = archive.everything();
    let built = clip(&archive, &server.url("/talks/?fbclid=1#top"));
    assert_eq!(built.code(), 1);
    assert!(built.stderr().contains("content/2017/talks-begin-in-geneva.md is the report of"));
    assert_eq!(server.asked(), Vec::<String>::new());
    let built = archive.run(&["clip", "--json", &server.url("/short")]);
    assert_eq!(built.code(), 1);
    assert_eq!(built.json()["holder"], "content/2017/talks-begin-in-geneva.md");
    assert_eq!(archive.everything(), before);
}

#[test]
fn near_copies_are_told_and_get_a_name_of_their_own() {
    let server = Server::start();
    good(&server, "/talks");
    good(&server, "/other");
    let archive = archive(&server);
    clip(&archive, &server.url("/talks")).succeeds();
    let built = clip(&archive, &server.url("/other"));
    assert!(built.stdout().trim().ends_with("content/2017/talks-begin-in-geneva-2.md"));
    let said = "content/2017/talks-begin-in-geneva.md has nearly the same words (100 %)";
    assert!(built.stderr().contains(said), "{}", built.stderr());
}

#[test]
fn what_the_curator_says_goes_before_what_the_page_says() {
    let server = Server::start();
    good(&server, "/talks");
    let archive = archive(&server);
    let address = server.url("/talks");
    let built = archive.run(&[
        "new",
        "--from",
        &address,
        "Peace",
        "--outlet",
        "wire",
        "--date",
        "2017-01-30",
        "--author",
        "Bo Chan",
        "--submitted-by",
        "Cy",
        "--tag",
        "peace",
        "--kind",
        "news",
    ]);
    let text = report(&archive, &built);
    for line in [
        "title = \"Peace\" # you",
        "date = 2017-01-30 # you",
        "outlet = \"wire\" # you",
        "authors = [\"Bo Chan\"] # you",
        "submitted_by = [\"Cy\"]",
        "kind = \"news\"",
        "tags = [\"peace\"]",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(archive.run(&["new", "Talks", "--memento", "--no-input"]).code(), 2);
}

#[test]
fn a_dry_run_prints_the_report_and_writes_nothing() {
    let server = Server::start();
    good(&server, "/talks");
    let archive = archive(&server);
    let before = archive.everything();
    let built = archive.run(&["clip", "--dry-run", &server.url("/talks")]).succeeds();
    assert!(built.stdout().starts_with("+++\ntitle = \"Talks begin in Geneva\""));
    let built = archive.run(&["clip", "--dry-run", "--json", &server.url("/talks")]).succeeds();
    assert_eq!(built.json()["written"], false);
    assert_eq!(archive.everything(), before);
}

#[test]
fn an_archived_copy_is_looked_up_where_it_is_asked_for() {
    let server = Server::start();
    good(&server, "/talks");
    let copy = "http://web.archive.org/web/20170129183000/http://paper.example/talks";
    let answer = format!(
        "{{\"archived_snapshots\": {{\"closest\": {{\"available\": true, \"url\": \"{copy}\", \"status\": \"200\"}}}}}}"
    );
    serve(&server, "/wayback", "Content-Type: application/json\r\n", answer);
    let archive = archive(&server);
    let built = archive.run(&["clip", "--memento", &server.url("/talks")]);
    let text = report(&archive, &built);
    assert!(
        text.contains("archived = [{ url = \"https://web.archive.org/web/20170129183000/"),
        "{text}"
    );
    let asked = server.requests().into_iter().find(|request| request.path.starts_with("/wayback"));
    assert!(asked.unwrap().path.contains("timestamp=20170129"));
}

#[test]
fn pictures_stay_addresses_unless_they_are_asked_for() {
    let server = Server::start();
    let body = format!(
        "<h1>Talks</h1><p><img src=\"/img/lake.png\" alt=\"A lake\"></p>{}\
         <p><img src=\"/img/page\" alt=\"No picture\"></p>{}",
        words::paragraphs(words::ENGLISH),
        words::paragraphs(words::ENGLISH)
    );
    let head = "<title>Talks</title><meta property=\"og:image\" content=\"/img/lake.png\">\
        <meta property=\"article:published_time\" content=\"2017-01-29\">";
    serve(&server, "/talks", HTML, page(head, &body));
    let png = [
        &b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"[..],
        &[0; 40],
    ]
    .concat();
    serve(&server, "/img/lake.png", "Content-Type: text/html\r\n", png.clone());
    serve(&server, "/img/page", "Content-Type: image/png\r\n", "<script>alert(1)</script>");
    let archive = archive(&server);
    let built = archive.run(&["clip", "--dry-run", &server.url("/talks")]).succeeds();
    assert!(built.stdout().contains(&format!("src = \"{}\"", server.url("/img/lake.png"))));
    assert!(!server.asked().iter().any(|asked| asked.contains("/img/")));

    let built = archive.run(&["clip", "--pictures", &server.url("/talks")]);
    let text = report(&archive, &built);
    assert!(built.stdout().trim().ends_with("content/2017/talks/index.md"));
    assert!(text.contains("src = \"lake.png\""), "{text}");
    assert_eq!(std::fs::read(archive.path("content/2017/talks/lake.png")).unwrap(), png);
    assert!(text.contains(&format!("![No picture]({})", server.url("/img/page"))), "{text}");
    assert!(built.stderr().contains("it is no picture that sites show"));
    assert!(archive.build().has("/2017/01/29/talks/lake.png"));
}

#[test]
fn the_editor_is_opened_on_the_new_report() {
    let server = Server::start();
    good(&server, "/talks");
    let archive = archive(&server).environment("EDITOR", "cp /dev/null");
    let built = archive.run(&["clip", "--edit", &server.url("/talks")]);
    assert_eq!(report(&archive, &built), "");
}

#[test]
fn guesses_are_findings_until_somebody_has_looked_at_them() {
    let server = Server::start();
    let head = "<title>Talks begin in Geneva</title><meta name=\"author\" content=\"Ann Lee\">\
        <meta property=\"article:published_time\" content=\"2017-01-29\">";
    serve(&server, "/talks", HTML, page(head, &article()));
    let archive = archive(&server);
    let built = clip(&archive, &server.url("/talks"));
    let text = report(&archive, &built);
    let found = |archive: &Archive| archive.run(&["check"]).stdout().contains("[unreviewed]");
    assert!(
        text.contains("authors = [\"Ann Lee\"] # REVIEW: <meta>; it may name who made the page")
    );
    assert!(found(&archive));
    archive.write(built.stdout().trim(), text.replace("REVIEW", "seen"));
    assert!(!found(&archive));
}

#[test]
fn a_saved_page_needs_no_network_and_what_it_says_of_itself_is_marked() {
    let server = Server::start();
    let archive = archive_with(&server, "private = false\n");
    let link = format!("<link rel=\"canonical\" href=\"{}\">", server.url("/talks"));
    archive.write("saved/Talks.html", page(&format!("{DATA}{link}"), &article()));
    let built = archive.run(&["clip", "saved/Talks.html"]);
    let text = report(&archive, &built);
    assert!(text.contains("# REVIEW: <link>; it is what the file says of itself"), "{text}");
    assert!(text.contains("outlet = \"paper\" # REVIEW: [outlets], by the address;"), "{text}");
    assert!(text.contains("kind = \"file\""), "{text}");
    assert_eq!(server.asked(), Vec::<String>::new());
    // The claim is enough to find the report again.
    assert_eq!(archive.run(&["clip", "saved/Talks.html"]).code(), 1);
    // What the curator knows is no claim.
    let built = archive.run(&[
        "clip",
        "saved/Talks.html",
        "--url",
        &server.url("/own"),
        "--slug",
        "own",
        "--no-evidence",
    ]);
    let text = report(&archive, &built);
    assert!(text.contains("outlet = \"paper\" # [outlets], by the address\n"), "{text}");
    assert!(!text.contains("REVIEW") && !text.contains("evidence"), "{text}");
    for (name, bytes) in [("a.pdf", "%PDF-1.4"), ("folder/x", "")] {
        archive.write(name, bytes);
    }
    for none in ["a.pdf", "folder", "nothing.html"] {
        assert_ne!(archive.run(&["clip", none]).code(), 0, "{none}");
    }
}

#[test]
fn pictures_of_a_saved_page_come_from_beside_it_and_from_nowhere_else() {
    let server = Server::start();
    let archive = archive_with(&server, "private = false\n");
    let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00";
    archive.write("saved/Talks_files/lake%20side.png", png);
    archive.write("saved/Talks_files/lake side.png", png);
    archive.write("secret.png", png);
    let body = format!(
        "{}<p><img src=\"Talks_files/lake%20side.png\" alt=\"A\"><img src=\"../secret.png\" alt=\"B\"></p>{}",
        words::paragraphs(words::ENGLISH),
        words::paragraphs(words::ENGLISH)
    );
    archive.write("saved/Talks.html", page(DATA, &body));
    let built = archive.run(&["clip", "--pictures", "saved/Talks.html"]);
    let text = report(&archive, &built);
    assert!(text.contains("![A](lake-side.png)"), "{text}");
    assert!(archive.path("content/2017/talks-begin-in-geneva/lake-side.png").is_file());
    assert!(!archive.path("content/2017/talks-begin-in-geneva/secret.png").exists());
    assert!(built.stderr().contains("there is no such file beside the page"));
}
