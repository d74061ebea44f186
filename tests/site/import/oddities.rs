//! Odd but real inputs: each is imported, its suggestions applied, and built with `--strict`.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::shelf::{Shelf, holds};
use super::wxr::{Post, wxr};
use crate::archive::Archive;

/// Imports a file, applies everything, and builds without a warning; returns the report.
#[track_caller]
fn goes_through(archive: &Archive, kind: &str, path: &Path) -> Json {
    let report = archive.import_from(&[kind], path, &["--json"]).succeeds().json();
    archive.run(&["import", "apply", "--min", "0.5"]).succeeds();
    archive.run(&["check"]).succeeds();
    archive.build_with(&["--strict"]).succeeds();
    report
}

#[test]
fn accepted_categories_are_a_taxonomy() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let post = Post::new(1, "one")
        .body("Words.")
        .term("category", "a-b", "A & B")
        .term("post_tag", "c-sharp", "C#");
    let other = Post::new(2, "two")
        .body("<a href=\"https://old.example/tag/c-sharp/\">sharp</a>")
        .term("post_tag", "c", "C++");
    goes_through(&archive, "wordpress", &shelf.file("e.xml", wxr(&[post, other])));
    let settings = archive.text("dateline.toml");
    holds(&settings, &["[[taxonomies]]\nname = \"categories\"\n"]);
    // The old addresses are those of the export, not made of the names.
    holds(&settings, &["from = \"/tag/c-sharp/\"", "from = \"/category/a-b/\""]);
    assert_eq!(settings.matches("from = \"/tag/c/\"").count(), 1, "{settings}");
    archive.build_with(&["--strict"]).succeeds().page("/categories/a-b/");
    holds(&archive.text("content/2017/two.md"), &["[sharp](/tags/c/)"]);
    // Accepted once more, nothing is there twice.
    archive.import_from(&["wordpress"], &shelf.path("e.xml"), &[]).succeeds();
    archive.run(&["import", "apply"]).succeeds();
    assert_eq!(archive.text("dateline.toml"), settings);
}

#[test]
fn pages_of_accounts_lead_to_authors_if_accounts_become_authors() {
    let shelf = Shelf::new();
    let path = shelf.file("e.xml", wxr(&[Post::new(1, "one").body("Words.")]));
    for (creator, redirect) in [
        ("authors", "from = \"/author/login7/\"\nto = \"/authors/ann-lee/\""),
        ("submitted-by", "from = \"/author/login7/\"\nto = \"/contributors/ann-lee/\""),
    ] {
        let archive = Archive::new();
        archive.import_from(&["wordpress"], &path, &["--creator", creator]).succeeds();
        archive.run(&["import", "apply"]).succeeds();
        holds(&archive.text("dateline.toml"), &[redirect]);
        archive.build_with(&["--strict"]).succeeds();
    }
    let archive = Archive::new();
    archive.import_from(&["wordpress"], &path, &[]).succeeds();
    archive.run(&["import", "apply"]).succeeds();
    assert!(!archive.text("dateline.toml").contains("/author/"));
}

#[test]
fn addresses_that_no_build_can_answer_are_told() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let at = |id, slug, path: &str| {
        Post::new(id, slug).body("Words.").field("link", &format!("https://old.example{path}"))
    };
    let posts = [
        at(1, "con", "/con/"),
        at(2, "2017", "/2017/").field("wp:post_type", "page"),
        at(3, "three", "/a/three/"),
    ];
    let report = goes_through(&archive, "wordpress", &shelf.file("e.xml", wxr(&posts)));
    let lost: Vec<&Json> =
        report["lost_addresses"].as_array().unwrap().iter().map(|lost| &lost["what"]).collect();
    assert_eq!(lost, [&json!("/con/"), &json!("/2017/")]);
    holds(&archive.text("content/2017/three.md"), &["aliases = [\"/a/three/\"]"]);
}

#[test]
fn texts_without_a_headline_get_the_one_that_a_build_shows() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let feed = "<rss><channel><link>https://r.example/</link><item>\
        <description>No headline at all here</description>\
        <dc:date>2017-01-30T01:00:00+03:00</dc:date></item></channel></rss>";
    let report = goes_through(&archive, "feed", &shelf.file("f.xml", feed));
    assert_eq!(report["untitled"], json!(["content/2017/report.md"]));
    holds(&archive.text("content/2017/report.md"), &["title = \"No headline at all here\""]);
}

#[test]
fn references_keep_what_no_key_takes() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let ris = "TY  - NEWS\nTI  -No space after the dash\nPY  -2014\nLA  - English\nAB  - One.\n\
        N2  - Two.\nN1  - A note.\nUR  - https://a.example/\nL2  - https://b.example/\nER  - \n\
        TY  - NEWS\nTI  - Undated\nPY  - n.d.\nLA  - Old Norse, mostly\nUR  - see the shelf\nER  - \n";
    let report = goes_through(&archive, "ris", &shelf.file("a.ris", ris));
    let set_aside: Vec<&Json> =
        report["set_aside"].as_array().unwrap().iter().map(|aside| &aside["what"]).collect();
    assert_eq!(set_aside, [&json!("language: Old Norse, mostly"), &json!("date: n.d.")]);
    holds(
        &archive.text("content/2014/no-space-after-the-dash.md"),
        &[
            "date = \"2014\"",
            "language = \"en\"",
            "summary = \"One.\"",
            "notes = [\"Two.\", \"A note.\"]",
            "addresses = [\"https://b.example/\"]",
        ],
    );
    holds(
        &archive.text("content/drafts/undated.md"),
        &["[extra]\nlanguage = \"Old Norse, mostly\"\ndate = \"n.d.\""],
    );
}

#[test]
fn csl_keeps_particles_keywords_and_dates_in_words() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let items = json!([{
        "id": "1", "type": "article", "title": "One", "issued": { "literal": "ca. 1990" },
        "author": [{ "family": "Gogh", "given": "Vincent", "non-dropping-particle": "van" }],
        "accessed": { "date-parts": [[2020, 1, 2]] }, "keyword": "peace, the lake"
    }]);
    goes_through(&archive, "csl", &shelf.file("a.json", items.to_string()));
    holds(
        &archive.text("content/2020/one.md"),
        &[
            "added = 2020-01-02",
            "authors = [\"Vincent van Gogh\"]",
            "tags = [\"peace\", \"the lake\"]",
            "date = \"ca. 1990\"",
        ],
    );
}

#[test]
fn feeds_keep_paragraphs_files_and_names() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://j.example/",
        "items": [{
            "id": "1", "title": "Plain", "date_published": "2020-01-02",
            "content_text": "One <b> & *more*.\n\nTwo.",
            "attachments": [{ "url": "https://j.example/a.mp3", "mime_type": "audio/mpeg" }]
        }]
    });
    goes_through(&archive, "feed", &shelf.file("f.json", feed.to_string()));
    holds(
        &archive.text("content/2020/plain.md"),
        &["\n\nOne \\<b> & \\*more\\*.\n\nTwo.\n\n[https://j.example/a.mp3]"],
    );
    let rss = "<rss><channel><link>https://r.example/</link><item><title>Sound</title>\
        <description>Short.</description><pubDate>Sun, 29 Jan 2017 23:30:00 EST</pubDate>\
        <author>desk@r.example (Ann Lee)</author>\
        <enclosure url=\"https://r.example/b.mp3\" type=\"audio/mpeg\"/>\
        <media:content url=\"https://cdn.example/i.jpg\" medium=\"image\">\
        <media:description>A street</media:description></media:content></item>\
        <item><title>Odd day</title><description>Short.</description>\
        <pubDate>Вс, 29 янв 2017</pubDate></item></channel></rss>";
    let report = goes_through(&archive, "feed", &shelf.file("f.xml", rss));
    assert_eq!(report["set_aside"][0]["what"], "date: Вс, 29 янв 2017");
    holds(
        &archive.text("content/2017/sound.md"),
        &[
            "authors = [\"Ann Lee\"]",
            "image = { src = \"https://cdn.example/i.jpg\", alt = \"A street\" }",
            "[https://r.example/b.mp3](https://r.example/b.mp3)",
        ],
    );
    let atom = "<feed><entry><id>urn:1</id><title>Elsewhere</title>\
        <published>2017-02-03T00:00:00Z</published>\
        <content src=\"https://x.example/c.html\" type=\"text/html\"/>\
        <summary>Only a summary</summary></entry></feed>";
    goes_through(&archive, "feed", &shelf.file("a.xml", atom));
    holds(&archive.text("content/2017/elsewhere.md"), &["\n\nOnly a summary\n"]);
}

#[test]
fn a_table_s_tags_may_be_parted_by_commas() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let table = "title;date;tags;authors;body;url\nOne;29.01.2017;peace, lake;Lee, Ann;Words.;u\n";
    let report = goes_through(&archive, "csv", &shelf.file("t.csv", table));
    assert_eq!(report["set_aside"][0]["what"], "original_url: u");
    holds(
        &archive.text("content/2017/one.md"),
        &["tags = [\"peace\", \"lake\"]", "authors = [\"Lee, Ann\"]"],
    );
}

#[test]
fn movable_type_s_stray_lines_and_odd_days_are_told() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let text = "TITLE: One\nDATE: 13/01/2003 23:59:59\n-----\nBODY:\nWords.\n-----\nmore words\n\
        -----\nKEYWORDS:\nk1, k2\n-----\nCOMMENT:\nAUTHOR: A\nNice.\n-----\n--------\n";
    let report = goes_through(&archive, "movable-type", &shelf.file("m.txt", text));
    assert_eq!(report["broken"], json!(["“One”: “more words” stands outside of any part"]));
    assert_eq!(report["set_aside"][0]["what"], "date: 13/01/2003 23:59:59");
    assert_eq!(report["comments"], 0);
    holds(&archive.text("content/drafts/one.md"), &["keywords = \"k1, k2\""]);
}

#[test]
fn ghost_s_pictures_need_the_site_and_its_plain_text_stands_in() {
    let shelf = Shelf::new();
    let posts = json!([
        { "id": "1", "title": "Plain", "slug": "plain", "html": null, "lexical": "{}",
          "plaintext": "One.\n\nTwo.", "status": "published",
          "published_at": "2021-03-01T10:00:00.000Z",
          "feature_image": "__GHOST_URL__/content/images/f.jpg" }
    ]);
    let path = shelf.file("g.json", json!({ "db": [{ "data": { "posts": posts } }] }).to_string());
    let archive = Archive::new();
    let report = goes_through(&archive, "ghost", &path);
    assert_eq!(report["missing_pictures"][0]["what"], "/content/images/f.jpg");
    let text = archive.text("content/2021/plain.md");
    holds(&text, &["\n\nOne.\n\nTwo.\n"]);
    assert!(!text.contains("image"), "{text}");
    // With the site known, its pictures are.
    let settings =
        format!("origins = [\"https://ghost.example\"]\n{}", archive.text("dateline.toml"));
    let archive = Archive::new().config(&settings);
    archive.import_from(&["ghost"], &path, &[]).succeeds();
    holds(
        &archive.text("content/2021/plain.md"),
        &["src = \"https://ghost.example/content/images/f.jpg\""],
    );
}

#[test]
fn cards_that_scripts_fill_become_links() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let html = "<div class=\"tweet\" data-attrs='{\"url\":\"https://x.example/status/1\",\
        \"full_text\":\"What was\\nsaid\"}'></div><p>Words.</p>";
    let path = shelf.zip(
        "substack.zip",
        &[
            (
                "posts.csv",
                b"post_id,post_date,is_published,type,audience,title\n\
                  1.one,2021-05-01T10:00:00.000Z,true,newsletter,everyone,One\n",
            ),
            ("posts/1.one.html", html.as_bytes()),
        ],
    );
    goes_through(&archive, "substack", &path);
    holds(&archive.text("content/2021/one.md"), &["[What was said](https://x.example/status/1)"]);
}

#[test]
fn shortcodes_whose_pictures_are_missing_stay_as_text() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let post = Post::new(1, "one").body(
        "Words.\n\n[gallery ids=\"5,6\"]\n\n[vimeo 12345]\n\n[tweet https://x.example/status/1]\n\n\
         [video mp4=\"https://old.example/c.mp4\"][/video]",
    );
    let report = goes_through(&archive, "wordpress", &shelf.file("e.xml", wxr(&[post])));
    assert_eq!(report["unknown_shortcodes"], json!({ "gallery": 1 }));
    // A film is part of the text, not its source.
    assert_eq!(report["suggestions"], json!({}));
    holds(
        &archive.text("content/2017/one.md"),
        &[
            "\\[gallery ids=\"5,6\"\\]",
            "(https://vimeo.com/12345)",
            "(https://x.example/status/1)",
            "(https://old.example/c.mp4)",
        ],
    );
}

#[test]
fn a_web_archive_without_articles_names_what_it_holds() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>T</title><p>Words.</p>";
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://w.example/1\r\n\
         WARC-Date: 2020-01-05T10:00:00Z\r\nContent-Type: application/http\r\n\
         Content-Length: {}\r\n\r\n{page}\r\n\r\n",
        page.len()
    );
    let path = shelf.file("a.warc", warc);
    let failed = archive.import_from(&["warc"], &path, &[]);
    assert_eq!(failed.code(), 2);
    assert!(failed.stderr().contains("only 1 × page that is no article"), "{}", failed.stderr());
}

#[test]
fn suggestions_for_a_file_outside_of_content_are_refused() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let post = Post::new(1, "one").body("Words.\n\nSubmitted by Ann Lee");
    archive.import_from(&["wordpress"], &shelf.file("e.xml", wxr(&[post])), &[]).succeeds();
    let path = "content/2017/one.md";
    let text = archive.text(path);
    let outside = shelf.file("victim.md", &text);
    let suggestions = archive.text("import-suggestions.toml");
    for other in [outside.display().to_string(), "content/../notes.md".to_owned()] {
        archive.write("notes.md", &text);
        archive.write("import-suggestions.toml", suggestions.replace(path, &other));
        let applied = archive.run(&["import", "apply", "--min", "0"]);
        let said = format!("{}{}", applied.stdout(), applied.stderr());
        assert!(said.contains("it is no file below content/"), "{said}");
        assert_eq!(std::fs::read_to_string(&outside).unwrap(), text);
        assert_eq!(archive.text("notes.md"), text);
    }
}
