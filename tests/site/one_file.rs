//! What one file can do to the whole archive: nothing. It is held back, refused or warned of, and the
//! rest is published.

use crate::archive::{Archive, Built};

fn report(day: u32, lines: &str) -> String {
    format!(
        "+++\ntitle = \"Report {day}\"\ndate = 2017-01-{day}\n{lines}\n+++\nThe delegations met.\n"
    )
}

/// A report whose front matter is YAML.
fn yaml(line: &str) -> String {
    format!("---\ntitle: Talks\ndate: 2017-01-29\n{line}\n---\nThe delegations met.\n")
}

#[track_caller]
fn is_a_draft(text: &str) -> Built {
    let archive = Archive::new().article("a.md", text).article("b.md", &report(30, ""));
    let built = archive.build_with(&["--strict"]);
    assert!(!built.has("/2017/01/29/a/"), "{text}");
    assert!(built.code() == 1 || built.has("/2017/01/30/b/"), "{text}\n{}", built.stderr());
    built
}

#[test]
fn what_says_in_any_generator_s_words_that_it_is_not_published_is_a_draft_and_named() {
    for line in [
        "published: no",
        "published: off",
        "published: n",
        "published: 0",
        "published: never",
        "published: \"No\"",
        "Published: false",
        "PUBLISHED: No",
        "publish: false",
        "public: false",
        "is_published: false",
        "status: draft",
        "status: Draft",
        "Status: private",
        "status: pending",
        "status: [draft]",
        "post_status: future",
        "post-status: auto-draft",
        "visibility: private",
        "visibility: members",
        "Draft: true",
        "DRAFT: yes",
        "draft: yes",
        "draft: on",
        "draft: 1",
        "draft: \"YES\"",
        "private: true",
        "unpublished: true",
        "draft: false\nstatus: draft",
        "params:\n  draft: true\n  status: pending",
    ] {
        let built = is_a_draft(&yaml(line));
        assert!(built.stderr().contains("note[held-back]"), "{line}: {}", built.stderr());
        assert!(built.stderr().contains("content/a.md:"), "{line}: {}", built.stderr());
    }
    for line in [
        "published = \"no\"",
        "published = 0",
        "Draft = true",
        "status = \"draft\"",
        "visibility = \"private\"",
        "draft = \"yes\"",
    ] {
        let built = is_a_draft(&report(29, line));
        assert!(built.stderr().contains("note[held-back]"), "{line}: {}", built.stderr());
    }
}

#[test]
fn what_may_or_may_not_be_published_is_not() {
    for line in
        ["published: maybe", "draft: perhaps", "draft: [1, 2]", "draft: no", "published: {a: b}"]
    {
        let archive = Archive::new().article("a.md", &yaml(line)).article("b.md", &report(30, ""));
        let built = archive.build();
        assert!(!built.has("/2017/01/29/a/") && built.has("/2017/01/30/b/"), "{line}");
        assert!(built.stderr().contains("content/a.md:4"), "{line}: {}", built.stderr());
    }
}

#[test]
fn what_says_that_it_is_published_is() {
    for line in [
        "published: yes",
        "published: 2017-01-30",
        "Published: true",
        "draft: false",
        "Draft: no",
        "draft:",
        "status: published",
        "status: publish",
        "status: developing",
        "visibility: public",
    ] {
        let built = Archive::new().article("a.md", &yaml(line)).build().clean();
        assert!(built.has("/2017/01/29/a/"), "{line}");
    }
}

#[test]
fn an_article_at_an_address_of_the_archive_s_own_is_refused_at_its_line() {
    for (path, owner) in [
        ("/corrections/", "the list of corrections"),
        ("/withdrawals/", "the list of withdrawals"),
        ("/Corrections/", "the list of corrections"),
        ("/feeds/", "feeds"),
        ("/data/", "data"),
        ("/assets/", "theme's files"),
        ("/sitemaps/", "sitemaps"),
        ("/years/", "the listing /years/"),
        ("/2017/", "the listing /2017/"),
        ("/tags/", "the listing /tags/"),
        ("/robots.txt", "robots.txt"),
        ("/sitemap.xml/", "sitemap.xml"),
        ("/sitemaps/pages.xml", "sitemap"),
        ("/atom.xml", "atom.xml"),
        ("/404.html", "404.html"),
    ] {
        let archive = Archive::new()
            .article("a.md", &report(29, &format!("path = \"{path}\"")))
            .article("b.md", &report(30, "tags = [\"Talks\"]"));
        let built = archive.build();
        assert_eq!(built.code(), 1, "{path}: {}", built.stderr());
        assert!(built.has("/2017/01/30/b/"), "{path}: {}", built.stderr());
        let said = built.stderr();
        assert!(said.contains(owner) && said.contains("content/a.md:4"), "{path}: {said}");
        assert!(!built.file("index.html").contains("Report 29"), "{path} is in no list");
    }
}

#[test]
fn a_page_of_the_curator_s_own_may_still_stand_at_a_register() {
    let page = "+++\ntitle = \"Our corrections\"\n+++\nText.\n";
    let archive =
        Archive::new().article("pages/corrections.md", page).article("b.md", &report(30, ""));
    assert!(archive.build().clean().file("corrections/index.html").contains("Our corrections"));
}

/// A file in `static/`, or a page, whose address a list or a year's folder needs.
#[test]
fn a_file_or_page_in_the_place_of_generated_pages_gives_way_to_them() {
    let page = "+++\ntitle = \"Ours\"\n+++\n\nWords.\n";
    for (path, text) in [
        ("static/2017", "Words."),
        ("static/2017/01", "Words."),
        ("static/tags", "Words."),
        ("static/years/index.html", "<p>Words.</p>"),
        ("static/index.html", "<p>Words.</p>"),
        ("static/2017/index.html", "<p>Words.</p>"),
        ("static/TAGS/a/index.html", "<p>Words.</p>"),
        ("content/pages/years.md", page),
        ("content/pages/2017.md", page),
        ("content/pages/tags/a.md", page),
    ] {
        let archive = Archive::new()
            .article("first.md", &report(29, "tags = [\"a\"]"))
            .article("second.md", &report(30, "tags = [\"b\"]"));
        let without = archive.build().clean().tree();
        archive.write(path, text);
        let built = archive.build();
        assert_eq!(built.code(), 1, "{path}: {}", built.stderr());
        assert!(built.stderr().contains("path-clash"), "{path}: {}", built.stderr());
        let pages = |tree: std::collections::BTreeMap<String, Vec<u8>>| {
            tree.into_iter().filter(|(path, _)| path.ends_with(".html")).collect::<Vec<_>>()
        };
        assert!(pages(built.tree()) == pages(without), "{path}: pages changed");
    }
}

#[test]
fn one_of_two_pages_at_one_address_is_published() {
    let page = |title| format!("+++\ntitle = \"{title}\"\npath = \"/ours/\"\n+++\n\nWords.\n");
    let built = Archive::new()
        .article("first.md", &report(29, ""))
        .file("content/pages/a.md", page("One"))
        .file("content/pages/b.md", page("Two"))
        .build();
    assert_eq!(built.code(), 1, "{}", built.stderr());
    assert_eq!(built.page("/ours/").text("main h1"), "One");
    assert!(built.stderr().contains("content/pages/b.md"), "{}", built.stderr());
}

#[test]
fn an_alias_at_a_file_that_is_made_is_left_out_at_its_line_and_the_rest_is_published() {
    for alias in [
        "/robots.txt",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/2017.xml",
        "/atom.xml",
        "/feed.json",
        "/ROBOTS.txt",
    ] {
        let lines = format!("aliases = [\"/old/\", \"{alias}\"]");
        let archive = Archive::new().article("a.md", &report(29, &lines));
        let built = archive.build().succeeds();
        assert!(built.has("/2017/01/29/a/") && built.has("/old/"), "{alias}");
        assert!(built.stderr().contains("content/a.md:4"), "{alias}: {}", built.stderr());
        assert!(built.file("robots.txt").contains("Sitemap"), "{alias}");
        assert_eq!(archive.build().stderr(), built.stderr(), "{alias}");
    }
    let archive = Archive::new().article("a.md", &report(29, "aliases = [\"/404.html\", \"/\"]"));
    assert!(archive.build().succeeds().stderr().contains("/404.html can't lead elsewhere"));
}

#[test]
fn a_file_of_an_article_can_not_be_sent_in_place_of_another() {
    let archive = Archive::new()
        .article("a/index.md", &report(29, ""))
        .file("content/a/index.html.gz", "secret")
        .file("content/a/list.csv", "a,b")
        .file("content/a/list.csv.gz", "the author's own copy")
        .file("content/a/letters.tar.gz", "letters")
        .article("b/index.md", &report(30, "path = \"/feeds/all/\""))
        .file("content/b/2017.xml.gz", "kept")
        .article("c/index.md", &report(31, "path = \"/tags/\"\nslug = \"c\""))
        .article("d/index.md", &report(28, "path = \"/2017/\""));
    archive.build();
    let style = archive.build().tree().into_keys().find(|path| path.starts_with("assets/style"));
    let name = style.unwrap();
    archive.write("content/e/index.md", report(27, "path = \"/assets/x/\""));
    archive.write("content/pages/x/index.md", "+++\ntitle = \"X\"\npath = \"/assets/\"\n+++\n");
    let copy = name.trim_start_matches("assets/");
    archive.write(&format!("content/pages/x/{copy}.gz"), "secret");
    let built = archive.build();
    for (path, bytes) in built.tree() {
        assert!(!String::from_utf8_lossy(&bytes).contains("secret"), "{path}");
    }
    assert_eq!(built.stderr().matches("error[stand-in]").count(), 2, "{}", built.stderr());
    assert_eq!(built.file("2017/01/29/a/letters.tar.gz"), "letters");
}

#[test]
fn a_template_that_can_not_show_an_article_is_that_article_s_problem() {
    for template in [
        "listing.html",
        "home.html",
        "terms.html",
        "base.html",
        "404.html",
        "corrections.html",
        "nothing.html",
        "../article.html",
        "components/card.html",
        "years",
        "broken.html",
    ] {
        let archive = Archive::new()
            .file("templates/broken.html", "{{ article.title.nothing.at_all }}")
            .article("a.md", &report(29, &format!("template = \"{template}\"")))
            .article("b.md", &report(30, ""));
        let built = archive.build().succeeds();
        assert!(built.has("/2017/01/29/a/") && built.has("/2017/01/30/b/"), "{template}");
        let again = archive.build_with(&["--force"]).succeeds();
        assert_eq!(again.stderr(), built.stderr(), "{template}");
    }
}

#[test]
fn only_a_file_that_is_newly_rejected_can_be_the_lost_one() {
    let archive = Archive::new()
        .article("broken.md", "+++\ntitle = \"No date\"\n+++\nText.\n")
        .article("a.md", &report(29, ""))
        .article("b.md", &report(30, ""))
        .article("c.md", &report(31, ""));
    assert_eq!(archive.build().code(), 1);
    archive.remove("content/b.md");
    let built = archive.build();
    assert!(!built.has("/2017/01/30/b/"), "{}", built.stderr());
    assert!(built.stderr().contains("lost-url") && !built.stderr().contains("lost-article"));
    // One that is rejected for the first time may be the one that is gone.
    archive.remove("content/a.md");
    archive.write("content/d.md", "+++\ntitle = \"Report 29\n+++\nThe delegations met.\n");
    let built = archive.build();
    assert!(built.has("/2017/01/29/a/") && built.stderr().contains("lost-article"));
    assert!(built.stderr().contains("content/d.md"), "{}", built.stderr());
    // Mended, it ends.
    archive.write("content/d.md", report(29, "slug = \"a\""));
    assert!(archive.build().has("/2017/01/29/a/"));
    archive.remove("content/c.md");
    assert!(!archive.build().has("/2017/01/31/c/"));
}

/// A sound picture of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\t\xfb\x03\xfd\x05CE\xca\0\0\0\0IEND\xaeB`\x82";

#[test]
fn a_damaged_picture_of_any_format_is_a_warning_at_its_line_and_published_as_it_is() {
    let jpeg: &[u8] =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x10\0\x10\x03";
    let cut: [(&str, &[u8]); 12] = [
        ("a.png", &PNG[..40]),
        ("a.jpg", jpeg),
        ("a.jpeg", &jpeg[..12]),
        ("a.gif", b"GIF89a\x10\0\x10\0\x80\0\0"),
        ("a.webp", b"RIFF\xff\0\0\0WEBPVP8 "),
        ("a.tiff", b"II*\0\xff\xff\xff\x7f"),
        ("a.avif", b"\0\0\0\x20ftypavif\0\0\0\0avif"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("a.hdr", b"#?RADIANCE\n"),
        ("a.exr", b"\x76\x2f\x31\x01\x02"),
        ("a.ppm", b"P6 "),
        ("a.bmp", b"BM\x46\0"),
    ];
    for (name, bytes) in cut {
        let text = report(29, "").replace("The delegations", &format!("![A scan]({name}) They"));
        let archive = Archive::new()
            .article("x/index.md", &text)
            .file(&format!("content/x/{name}"), bytes)
            .article("b.md", &report(30, ""));
        let built = archive.build().succeeds();
        let said = built.stderr();
        assert!(
            said.contains("warning[damaged-picture]") && said.contains("index.md:6"),
            "{name}: {said}"
        );
        assert!(built.tree()[&format!("2017/01/29/x/{name}")] == bytes, "{name}");
        assert_eq!(archive.build().stderr(), said, "{name}");
    }
    let text = report(29, "image = \"a.png\"").replace("The", "![A scan](a.png) The");
    let archive = Archive::new().article("x/index.md", &text).file("content/x/a.png", PNG);
    archive.build().clean();
    archive.write("content/x/a.png", &PNG[..40]);
    assert!(archive.build().succeeds().stderr().contains("the lead picture `a.png` is damaged"));
}
