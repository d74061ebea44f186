//! `dateline fetch-pictures`: copies beside reports, the same text but for addresses, and what is
//! noted of each.

use std::io::Cursor;

use crate::archive::{Archive, Built};
use crate::clip::{archive_with, serve};
use crate::server::Server;

const HEAD: &str = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n";
const PICTURE: &str = "Content-Type: image/png\r\n";

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 6, image::Rgb([shade, 40, 90]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn server() -> Server {
    let server = Server::start();
    serve(&server, "/robots.txt", "", "");
    serve(&server, "/img/Hall%20A.png", PICTURE, png(1));
    serve(&server, "/lead.png", PICTURE, png(2));
    serve(&server, "/page.png", "Content-Type: text/html\r\n", "<p>No picture</p>");
    server
}

fn fetch(archive: &Archive, arguments: &[&str]) -> Built {
    archive.run(&[&["fetch-pictures"], arguments].concat())
}

fn text(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.path(path)).unwrap()
}

#[test]
fn pictures_come_beside_the_report_and_only_their_addresses_change() {
    let server = server();
    let hall = server.url("/img/Hall%20A.png?w=1&h=2");
    let (lead, escaped) = (server.url("/lead.png"), hall.replace('&', "&amp;"));
    let body = format!(
        "Words.\r\n\r\n![The hall]({hall} \"Hall\")  \r\n\r\n<p><img alt=\"x\" src=\"{escaped}\"></p>\r\n\r\n\
         [To {hall}]({hall})\r\n"
    );
    let head = format!(
        "---\r\ntitle: Talks\r\ndate: 2017-01-29 # of the outlet\r\nimage:\r\n  src: {lead}\r\n  alt: A door\r\n"
    );
    let archive = archive_with(&server, "").article("x/index.md", &format!("{head}---\r\n{body}"));
    let said = fetch(&archive, &["--rights", "Ann Lee, CC BY 4.0"]);
    assert_eq!(said.code(), 0, "{}", said.stdout());
    assert!(said.stdout().contains("2 pictures copied, 0 left"), "{}", said.stdout());
    let changed = text(&archive, "content/x/index.md");
    let (new_head, new_body) = changed.split_once("\r\n---\r\n").unwrap();
    let wanted = body.replacen(&hall, "hall-a.png", 1).replacen(&escaped, "hall-a.png", 1);
    assert_eq!(new_body, wanted);
    let head = head.replace(&lead, "lead.png");
    assert!(format!("{new_head}\r\n").starts_with(&head), "{new_head}");
    for (file, source) in [("lead.png", &lead), ("hall-a.png", &hall)] {
        let record = new_head.split(&format!("file: \"{file}\"\r\n")).nth(1).unwrap();
        assert!(record.trim_start().starts_with(&format!("source: \"{source}\"\r\n")), "{record}");
    }
    assert_eq!(new_head.matches("credit: \"Ann Lee, CC BY 4.0\"").count(), 2, "{new_head}");
    assert!(new_head.matches("fetched: \"").count() == 2, "{new_head}");
    assert!(std::fs::read(archive.path("content/x/hall-a.png")).unwrap() == png(1));
    let built = archive.build().clean();
    let page = built.page("/2017/01/29/x/");
    assert!(page.has("img[src='/2017/01/29/x/hall-a.png']"));
    assert!(page.text(".record-pictures").contains("Ann Lee, CC BY 4.0"));
    assert!(!built.file("2017/01/29/x/index.html").contains(&format!("src=\"{hall}")));
    server.asked();
    let again = fetch(&archive, &[]).succeeds();
    assert!(again.stdout().contains("0 pictures copied"), "{}", again.stdout());
    assert!(server.requests().is_empty());
}

#[test]
fn a_report_in_a_file_of_its_own_moves_into_a_folder_if_nothing_changes_by_that() {
    let server = server();
    let shown = format!("![x]({})\n", server.url("/lead.png"));
    let archive = archive_with(&server, "")
        .article("2017/a.md", &format!("{HEAD}+++\n{shown}"))
        .article("2017/b.md", &format!("{HEAD}+++\n{shown}\nSee [the other](d.md).\n"))
        .article("2017/c.md", &format!("{HEAD}+++\n{shown}"))
        .article(
            "2017/d.md",
            "+++\ntitle = \"D\"\ndate = 2017-01-28\n+++\nAs [C](/2017/c.md) told.\n",
        );
    let before = archive.build().succeeds();
    let addresses = |built: &Built| {
        let pages = built.tree().into_keys().filter(|path| path.ends_with(".html"));
        pages.collect::<Vec<String>>()
    };
    let before = addresses(&before);
    let said = fetch(&archive, &[]);
    assert_eq!(said.code(), 1, "{}", said.stdout());
    let told = said.stdout();
    assert!(told.contains("moved from content/2017/a.md"), "{told}");
    assert!(told.contains("licence unknown"), "{told}");
    assert!(told.contains("move the report to content/2017/b/index.md yourself"), "{told}");
    assert!(told.contains("content/2017/d.md names the report's file"), "{told}");
    assert!(!archive.path("content/2017/a.md").exists());
    assert!(text(&archive, "content/2017/a/index.md").contains("![x](lead.png)"));
    assert!(archive.path("content/2017/a/lead.png").exists());
    assert!(text(&archive, "content/2017/b.md").contains(&shown));
    assert_eq!(addresses(&archive.build().succeeds()), before);
}

#[test]
fn what_can_t_be_had_stays_and_is_asked_for_again() {
    let server = server();
    let body = format!(
        "![a]({}) ![b]({}) ![c]({})\n",
        server.url("/lead.png"),
        server.url("/page.png"),
        server.url("/missing.png")
    );
    let archive = archive_with(&server, "").article("x/index.md", &format!("{HEAD}+++\n{body}"));
    let said = fetch(&archive, &["content/x/index.md", "--json"]);
    assert_eq!(said.code(), 1);
    let report = said.json()["reports"][0].clone();
    assert_eq!(report["copied"][0]["file"], "lead.png", "{report}");
    assert_eq!(report["copied"][0]["licence_unknown"], true);
    assert_eq!(report["left"].as_array().unwrap().len(), 2);
    let changed = text(&archive, "content/x/index.md");
    assert!(changed.contains("![a](lead.png) ![b](http"), "{changed}");
    serve(&server, "/missing.png", PICTURE, png(3));
    server.asked();
    fetch(&archive, &[]);
    let asked: Vec<String> = server.requests().iter().map(|request| request.path.clone()).collect();
    assert!(!asked.contains(&"/lead.png".to_owned()), "{asked:?}");
    assert!(text(&archive, "content/x/index.md").contains("![c](missing.png)"));
}

#[test]
fn private_addresses_are_not_asked_and_a_dry_run_asks_for_nothing() {
    let server = server();
    let report = format!("{HEAD}+++\n![a]({})\n", server.url("/lead.png"));
    let archive = archive_with(&server, "private = false\n").article("x/index.md", &report);
    let said = fetch(&archive, &[]);
    assert!(said.stdout().contains("stays") && said.code() == 1, "{}", said.stdout());
    let archive = archive_with(&server, "").article("x/index.md", &report);
    let said = fetch(&archive, &["--dry-run"]).succeeds();
    assert!(said.stdout().contains("1 picture would be copied"), "{}", said.stdout());
    assert!(server.requests().is_empty());
    assert_eq!(text(&archive, "content/x/index.md"), report);
    let told = archive.run(&["check"]).stdout().to_owned();
    assert!(told.contains("dateline fetch-pictures"), "{told}");
}

#[test]
fn a_withdrawal_takes_the_copies_along() {
    let server = server();
    let body = format!("![a]({})\n", server.url("/lead.png"));
    let archive = archive_with(&server, "").article("x/index.md", &format!("{HEAD}+++\n{body}"));
    fetch(&archive, &["--rights", "Secret Holder"]).succeeds();
    archive.build().clean();
    archive
        .run(&["withdraw", "content/x/index.md", "--kind", "request", "--reason", "Asked"])
        .succeeds();
    let gone = archive.build().succeeds();
    assert!(!archive.path("content/x/lead.png").exists());
    for (path, bytes) in gone.tree().into_iter().chain(archive.everything()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("Secret Holder") && !text.contains("lead.png"), "{path}");
    }
}

#[test]
fn made_pictures_are_among_the_published_files_and_a_missing_one_is_told() {
    let mut bytes = Cursor::new(Vec::new());
    let noise =
        |x: u32, y: u32| image::Rgb([x * 7 + y, y * 3, x ^ y].map(|value| value.to_le_bytes()[0]));
    let picture = image::RgbImage::from_fn(900, 600, noise);
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let archive = Archive::new()
        .article("x/index.md", &format!("{HEAD}+++\n![a](a.jpg)\n"))
        .file("content/x/a.jpg", bytes.into_inner());
    archive.build().clean();
    let listed = archive.run(&["check", "--published"]).succeeds().stdout().to_owned();
    let made: Vec<&str> = listed.lines().filter(|line| line.starts_with("assets/img/")).collect();
    assert_eq!(made.len(), 1, "{listed}");
    assert!(made[0].ends_with("\ta picture of the archive, made smaller"), "{listed}");
    archive.remove(&format!("public/{}", made[0].split('\t').next().unwrap()));
    let listed = archive.run(&["check", "--published"]).succeeds().stdout().to_owned();
    assert!(listed.contains("made smaller; missing: build the site"), "{listed}");
}
