//! The traps of real exports of WordPress, each with its right value.

use serde_json::json;

use super::wxr::{Post, attachment, wxr};
use crate::archive::Archive;

/// The file that one post becomes.
#[track_caller]
fn only(post: Post) -> String {
    let archive = Archive::new();
    archive.import(&[post], &[]).succeeds();
    let files = archive.everything();
    let mut texts = files.iter().filter(|(path, _)| path.starts_with("content/"));
    let (path, bytes) = texts.next().unwrap();
    assert!(texts.next().is_none(), "{:?}", files.keys());
    format!("{path}\n{}", String::from_utf8_lossy(bytes))
}

#[track_caller]
fn holds(text: &str, part: &str) {
    assert!(text.contains(part), "no {part} in\n{text}");
}

#[test]
fn a_post_becomes_a_report_with_the_day_it_had_there() {
    let post = Post::new(7, "talks-begin")
        .field("title", "Talks &amp; <em>more</em>")
        .field("excerpt:encoded", "<p>What it is about.</p>")
        .field("wp:post_modified", "2017-02-03 10:00:00")
        .term("post_tag", "geneva", "Geneva")
        .term("tag", "peace", "Peace")
        .term("category", "uncategorized", "Uncategorized")
        .term("category", "news", "News &amp; more")
        .body("One.\n\nTwo\nlines.");
    let text = only(post);
    holds(&text, "content/2017/talks-begin.md\n");
    for line in [
        "title = \"Talks & more\"",
        "date = 2017-01-29\n",
        "added = 2017-01-29T23:30:00\n",
        "updated = 2017-02-03\n",
        "categories = [\"News & more\"]",
        "tags = [\"Geneva\", \"Peace\"]",
        "summary = \"What it is about.\"",
        "[extra]\nposted_by = \"Ann Lee\"",
        "\n\nOne.\n\nTwo\\\nlines.\n",
    ] {
        holds(&text, line);
    }
    assert!(!text.contains("login7") && !text.contains("Uncategorized"), "{text}");
}

#[test]
fn names_of_accounts_go_where_the_curator_wants_them() {
    for (choice, line) in
        [("submitted-by", "submitted_by = [\"Ann Lee\"]"), ("authors", "authors = [\"Ann Lee\"]")]
    {
        let archive = Archive::new();
        archive.import(&[Post::new(7, "talks")], &["--creator", choice]).succeeds();
        holds(&archive.text("content/2017/talks.md"), line);
    }
    let archive = Archive::new();
    archive.import(&[Post::new(7, "talks")], &["--creator", "none"]).succeeds();
    assert!(!archive.text("content/2017/talks.md").contains("Ann Lee"));
    // Without a list of names only log-ins are known, and these are nobody's name.
    let archive = Archive::new();
    let bare = wxr(&[Post::new(7, "talks")]).replace("wp:author>", "wp:other>");
    archive.import_text(bare, &[]).succeeds();
    assert!(!archive.text("content/2017/talks.md").contains("login7"));
}

#[test]
fn a_file_that_is_hardly_xml_is_imported() {
    let whole = wxr(&[Post::new(7, "talks").body("A ]]]]><![CDATA[> B \u{c}C & D")]);
    for text in [
        format!("<div class=\"notice\">A plugin</div>\n{whole}"),
        whole.split_once("?>\n").unwrap().1.replacen("<rss", "<!-- no prolog -->\n<rss", 1),
        format!("{whole}\n<!-- made in 0.1 seconds -->"),
    ] {
        let archive = Archive::new();
        archive.import_text(text, &[]).succeeds();
        holds(&archive.text("content/2017/talks.md"), "A \\]\\]> B");
    }
}

#[test]
fn what_has_no_slug_or_no_title_is_named_all_the_same() {
    let text = only(Post::new(7, "x").field("wp:post_name", "").field("title", "Talks Begin"));
    holds(&text, "content/2017/talks-begin.md");
    let greek =
        only(Post::new(7, "x").field("wp:post_name", "%ce%b5%ce%b9%cf%81%ce%ae%ce%bd%ce%b7"));
    holds(&greek, "content/2017/ειρήνη.md");
    let nameless =
        only(Post::new(7, "x").field("wp:post_name", "").field("title", "").body("Some words."));
    holds(&nameless, "content/2017/report-7.md");
}

#[test]
fn what_readers_did_not_see_is_a_draft_or_stays_out() {
    let posts = || {
        let status = |id, status: &str| Post::new(id, status).field("wp:status", status);
        [
            Post::new(1, "seen"),
            Post::new(2, "bare").without("wp:status"),
            status(3, "draft"),
            status(4, "pending"),
            status(5, "future"),
            status(6, "auto-draft"),
            status(7, "private"),
            status(8, "trash"),
            Post::new(9, "locked").field("wp:post_password", "secret"),
        ]
    };
    let archive = Archive::new();
    let report = archive.import(&posts(), &["--json"]).succeeds().json();
    assert_eq!(report["left_out"], json!({ "password": 1, "private": 1, "trash": 1 }));
    for name in ["draft", "pending", "future", "auto-draft"] {
        holds(&archive.text(&format!("content/2017/{name}.md")), "draft = true");
    }
    for name in ["seen", "bare"] {
        assert!(!archive.text(&format!("content/2017/{name}.md")).contains("draft"));
    }
    let all = Archive::new();
    all.import(&posts(), &["--include", "private,password,trash"]).succeeds();
    for name in ["private", "trash", "locked"] {
        holds(&all.text(&format!("content/2017/{name}.md")), "draft = true");
    }
}

#[test]
fn a_draft_without_a_day_does_not_stop_a_build() {
    let archive = Archive::new();
    let draft = Post::new(7, "some-day").field("wp:status", "draft");
    let draft = draft
        .field("wp:post_date", "0000-00-00 00:00:00")
        .field("wp:post_date_gmt", "0000-00-00 00:00:00");
    archive.import(&[draft, Post::new(8, "seen")], &[]).succeeds();
    let text = archive.text("content/drafts/some-day.md");
    assert!(!text.contains("\ndate ="), "{text}");
    archive.build_with(&["--strict"]).succeeds();
    archive.build_with(&["--strict", "--drafts", "-o", "preview"]).succeeds();
}

#[test]
fn pages_and_those_above_them_keep_their_addresses() {
    let page = |id, slug: &str, parent: u32| {
        Post::new(id, slug)
            .field("wp:post_type", "page")
            .field("wp:post_parent", &parent.to_string())
            .field("link", &format!("https://old.example/?page_id={id}"))
    };
    let archive = Archive::new();
    archive
        .import(
            &[page(3, "team", 2), page(2, "about", 0), page(4, "tags", 0), Post::new(5, "a")],
            &[],
        )
        .succeeds();
    holds(&archive.text("content/pages/about/team.md"), "title = \"Title 3\"");
    archive.text("content/pages/about.md");
    // The site has a page of its own there.
    archive.text("content/pages/tags-2.md");
    archive.build().succeeds().page("/about/team/");
}

#[test]
fn old_addresses_lead_to_the_new_ones() {
    let archive = Archive::new().config("title = \"T\"\npermalink = \"/:year/:slug/\"\n");
    archive.import(&[Post::new(7, "talks")], &[]).succeeds();
    holds(&archive.text("content/2017/talks.md"), "aliases = [\"/2017/01/29/talks/\"]");
    archive.build_with(&["--strict"]).succeeds().page("/2017/01/29/talks/");
    let same = only(Post::new(7, "talks"));
    assert!(!same.contains("aliases"), "{same}");
    let html =
        only(Post::new(7, "talks").field("link", "http://www.old.example/2017/01/talks.html"));
    holds(&html, "aliases = [\"/2017/01/talks.html\"]");
}

#[test]
fn an_address_by_number_and_the_pattern_of_all_are_proposed_as_settings() {
    let archive = Archive::new();
    let numbered = Post::new(7, "talks").field("link", "https://old.example/?p=7");
    archive.import(&[numbered], &[]).succeeds();
    let text = archive.text("import-suggestions.toml");
    holds(&text, "from = \"/?p=7\"");
    holds(&text, "to = \"/2017/01/29/talks/\"");

    let archive = Archive::new();
    let monthly = |id, slug: &str| {
        Post::new(id, slug).field("link", &format!("https://old.example/2017/01/{slug}/"))
    };
    archive.import(&[monthly(7, "talks"), monthly(8, "end")], &[]).succeeds();
    holds(&archive.text("import-suggestions.toml"), "permalink = \"/:year/:month/:slug/\"");
    archive.run(&["import", "apply", "--rule", "settings"]).succeeds();
    holds(&archive.text("dateline.toml"), "permalink = \"/:year/:month/:slug/\"");
    archive.import(&[monthly(7, "talks"), monthly(8, "end")], &[]).succeeds();
    assert!(!archive.text("content/2017/talks.md").contains("aliases"));
    archive.build_with(&["--strict"]).succeeds().page("/2017/01/talks/");
}

#[test]
fn links_to_the_old_site_lead_to_the_reports() {
    let archive = Archive::new();
    let body = "<a href=\"http://www.old.example/2017/01/29/end/#part\">a</a> \
                <a href=\"https://old.example/?p=8\">b</a> <a href=\"/2017/01/29/end\">c</a> \
                <a href=\"https://old.example/tag/geneva/\">d</a> \
                <a href=\"https://old.example/gone/\">e</a> <a href=\"https://other.example/\">f</a>";
    let posts = [
        Post::new(7, "talks").body(body),
        Post::new(8, "end").term("post_tag", "geneva", "Geneva"),
    ];
    let report = archive.import(&posts, &["--json"]).succeeds().json();
    let text = archive.text("content/2017/talks.md");
    holds(
        &text,
        "[a](@/2017/end.md#part) [b](@/2017/end.md) [c](@/2017/end.md) [d](/tags/geneva/)",
    );
    holds(&text, "[e](https://old.example/gone/) [f](https://other.example/)");
    assert_eq!(report["unresolved_links"][0]["what"], "https://old.example/gone/");
    archive.build_with(&["--strict"]).succeeds();
}

#[test]
fn pictures_come_from_the_uploads_whatever_size_the_text_names() {
    let folder = tempfile::TempDir::new().unwrap();
    let pictures = folder.path().join("uploads/2017/01");
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(pictures.join("a.png"), b"png").unwrap();
    let archive = Archive::new();
    let body = "<img src=\"https://old.example/wp-content/uploads/2017/01/a-300x200.png\"> \
                <img src=\"https://i0.wp.com/old.example/wp-content/uploads/2017/01/a.png?resize=3\"> \
                <img src=\"https://old.example/wp-content/uploads/2017/01/gone-300x200.png?w=60\"> \
                <img src=\"https://other.example/b.png\">";
    let posts = [
        Post::new(7, "talks").body(body).meta("_thumbnail_id", "9"),
        Post::new(8, "end").meta("_thumbnail_id", "99"),
        attachment(9, 7, "https://old.example/wp-content/uploads/2017/01/a.png")
            .meta("_wp_attachment_image_alt", "The hall")
            .field("excerpt:encoded", "Photo: R"),
    ];
    let uploads = folder.path().to_str().unwrap().to_owned();
    let report = archive.import(&posts, &["--json", "--uploads", &uploads]).succeeds().json();
    let text = archive.text("content/2017/talks.md");
    holds(
        &text,
        "image = { src = \"/wp-content/uploads/2017/01/a.png\", alt = \"The hall\", caption = \"Photo: R\" }",
    );
    assert_eq!(text.matches("](/wp-content/uploads/2017/01/a.png)").count(), 2, "{text}");
    holds(&text, "](https://old.example/wp-content/uploads/2017/01/gone.png)");
    assert_eq!(archive.text("static/wp-content/uploads/2017/01/a.png"), "png");
    assert_eq!(report["missing_pictures"].as_array().unwrap().len(), 2, "{report}");
    assert!(!archive.text("content/2017/end.md").contains("image ="));
}

#[test]
fn other_things_are_counted_and_named() {
    let other = |id, kind: &str| Post::new(id, kind).field("wp:post_type", kind);
    let archive = Archive::new();
    let posts =
        [Post::new(1, "a"), other(2, "nav_menu_item"), other(3, "feedback"), other(4, "feedback")];
    let report = archive.import(&posts, &["--json"]).succeeds().json();
    assert_eq!(report["others"], json!({ "feedback": 2, "nav_menu_item": 1 }));
}

#[test]
fn comments_are_written_only_if_asked_and_without_what_is_private() {
    let comment = |approved: &str, kind: &str, text: &str| {
        format!(
            "<wp:comment_author>Bo</wp:comment_author><wp:comment_author_email>bo@x.example</wp:comment_author_email>\
             <wp:comment_author_IP>192.0.2.1</wp:comment_author_IP><wp:comment_date>2017-01-30 10:00:00</wp:comment_date>\
             <wp:comment_content>{text}</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>\
             <wp:comment_type>{kind}</wp:comment_type>"
        )
    };
    let post = || {
        Post::new(7, "talks")
            .more("wp:comment", &comment("1", "", "Well said"))
            .more("wp:comment", &comment("0", "", "spam"))
            .more("wp:comment", &comment("1", "pingback", "a link"))
    };
    let archive = Archive::new();
    archive.import(&[post()], &[]).succeeds();
    let all = archive.everything().into_values().flatten().collect::<Vec<u8>>();
    let all = String::from_utf8_lossy(&all);
    assert!(
        !all.contains("Well said") && !all.contains("bo@x.example") && !all.contains("192.0.2.1")
    );
    let file = archive.path("comments.jsonl");
    archive.import(&[post()], &["--comments", file.to_str().unwrap()]).succeeds();
    let text = archive.text("comments.jsonl");
    assert_eq!(text.lines().count(), 1, "{text}");
    holds(&text, "Well said");
    assert!(!text.contains("bo@x.example") && !text.contains("192.0.2.1"), "{text}");
}

#[test]
fn an_export_in_the_archive_itself_is_named() {
    let archive = Archive::new().file("export.xml", wxr(&[Post::new(7, "talks")]));
    let path = archive.path("export.xml");
    let done = archive.run(&["import", "wordpress", path.to_str().unwrap()]).succeeds();
    holds(&done.stderr(), "e-mail and IP addresses");
}

#[test]
fn broken_letters_are_told_and_kept() {
    let archive = Archive::new();
    let report = archive
        .import(&[Post::new(7, "talks").body("Itâ€™s a cafÃ©")], &["--json"])
        .succeeds()
        .json();
    assert_eq!(report["suspected_mojibake"], json!(["content/2017/talks.md"]));
    holds(&archive.text("content/2017/talks.md"), "Itâ€™s a cafÃ©");
}

#[test]
fn a_second_import_changes_nothing_and_a_newer_one_only_what_is_new() {
    let archive = Archive::new();
    let posts = |second: &str| {
        [
            Post::new(1, "one").body("First."),
            Post::new(2, "two").body(second),
            Post::new(3, "three").body("Third."),
        ]
    };
    archive.import(&posts("Second."), &[]).succeeds();
    let before = archive.everything();
    let again = archive.import(&posts("Second."), &["--json"]).succeeds().json();
    assert_eq!(
        (&again["unchanged"], &again["written"], &again["updated"]),
        (&json!(3), &json!(0), &json!(0))
    );
    let content = |files: std::collections::BTreeMap<String, Vec<u8>>| -> Vec<_> {
        files
            .into_iter()
            .filter(|(path, _)| path.starts_with("content/") || path.ends_with("suggestions.toml"))
            .collect()
    };
    assert_eq!(content(before), content(archive.everything()));

    // The curator edits one and removes another; the old blog has new words for the second and a fourth.
    let edited = archive.text("content/2017/one.md").replace("First.", "Mine.");
    archive.write("content/2017/one.md", &edited);
    archive.remove("content/2017/three.md");
    let [one, two, three] = posts("Better.");
    let newer = [one.body("First, but other."), two, three, Post::new(4, "four")];
    let report = archive.import(&newer, &["--json"]).succeeds().json();
    assert_eq!(report["edited"], json!(["content/2017/one.md"]));
    assert_eq!(report["removed"], json!(["content/2017/three.md"]));
    assert_eq!((&report["updated"], &report["written"]), (&json!(1), &json!(1)));
    holds(&archive.text("content/2017/two.md"), "Better.");
    assert_eq!(archive.text("content/2017/one.md"), edited);
    assert!(!archive.path("content/2017/three.md").exists());
    let fewer =
        archive.import(&[Post::new(2, "two").body("Better.")], &["--json"]).succeeds().json();
    assert_eq!(fewer["gone"].as_array().unwrap().len(), 3);
}

#[test]
fn two_posts_of_one_address_are_two_files_and_one_that_stands_twice_is_one() {
    let archive = Archive::new();
    let posts = [
        Post::new(1, "a").body("One."),
        Post::new(2, "a").body("Two."),
        Post::new(2, "a").body("Three."),
    ];
    let report = archive.import(&posts, &["--json"]).succeeds().json();
    assert_eq!(report["repeated"].as_array().unwrap().len(), 1);
    holds(&archive.text("content/2017/a.md"), "One.");
    holds(&archive.text("content/2017/a-2.md"), "Two.");
    archive.build().succeeds();
}

#[test]
fn a_dry_run_writes_nothing() {
    let archive = Archive::new();
    let before = archive.everything();
    let done = archive
        .import(&[Post::new(7, "talks").body("(RT, 29/1/2017) ~ Text.")], &["--dry-run"])
        .succeeds();
    holds(done.stdout(), "1 written");
    assert_eq!(before, archive.everything());
}

#[test]
fn a_withdrawn_report_does_not_come_back_and_leaves_no_quotation() {
    let archive = Archive::new();
    let posts =
        || [Post::new(7, "talks").body("(RT, 29/1/2017) ~ Secret words."), Post::new(8, "end")];
    archive.import(&posts(), &[]).succeeds();
    holds(&archive.text("import-suggestions.toml"), "talks.md");
    archive
        .run(&["withdraw", "content/2017/talks.md", "--kind", "request", "--reason", "asked"])
        .succeeds();
    let withdrawn = archive.text("content/2017/talks.md");
    let report = archive.import(&posts(), &["--json"]).succeeds().json();
    assert_eq!(report["edited"], json!(["content/2017/talks.md"]));
    assert_eq!(archive.text("content/2017/talks.md"), withdrawn);
    assert!(!archive.text("import-suggestions.toml").contains("talks.md"));
}

#[test]
fn hostile_exports_are_bounded() {
    let archive = Archive::new();
    let deep = "<div>".repeat(300_000);
    archive.import(&[Post::new(1, "deep").body(&format!("{deep}word"))], &[]).succeeds();
    holds(&archive.text("content/2017/deep.md"), "word");
    let climbing =
        Post::new(2, "x").field("wp:post_name", "../../../../etc/passwd").field("title", "../..");
    archive.import(&[climbing], &[]).succeeds();
    assert!(
        archive
            .everything()
            .keys()
            .all(|path| !path.contains("passwd") || path.starts_with("content/"))
    );
    let bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><rss><channel><item><title>&b;</title></item></channel></rss>";
    archive.import_text(bomb, &[]).succeeds();
    assert_eq!(archive.import_text("no xml at all", &[]).code(), 2);
    assert_eq!(archive.import_text("", &[]).code(), 2);
}
