//! Exports of other programs, rebuilt small.

use serde_json::json;

use crate::archive::{Archive, Built};

fn import(archive: &Archive, source: &str, text: &str, arguments: &[&str]) -> Built {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("export");
    std::fs::write(&path, text).unwrap();
    let mut all = vec!["import", source, path.to_str().unwrap()];
    all.extend(arguments);
    archive.run(&all)
}

#[track_caller]
fn holds(text: &str, part: &str) {
    assert!(text.contains(part), "no {part} in\n{text}");
}

/// A post of Blogger as the old export has it.
fn blogger_entry(kind: &str, inner: &str) -> String {
    format!(
        "<entry><id>tag:blogger.com,1999:blog-1.post-7</id><published>2017-01-29T23:30:00.000-05:00</published>\
         <updated>2017-02-03T10:00:00.000-05:00</updated>\
         <category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>\
         <title type='text'>Talks &amp;amp; more</title><author><name>Ann</name></author>{inner}</entry>"
    )
}

#[test]
fn blogger_s_old_export_is_imported() {
    let post = blogger_entry(
        "post",
        "<category scheme='http://www.blogger.com/atom/ns#' term='Geneva'/>\
         <link rel='alternate' type='text/html' href='http://old.example/2017/01/talks.html'/>\
         <content type='html'>One.&lt;br /&gt;&lt;br /&gt;Two.</content>",
    );
    let feed = format!(
        "<?xml version='1.0'?><feed><link rel='alternate' type='text/html' href='http://old.example/'/>{post}{}{}</feed>",
        blogger_entry("comment", "<content type='html'>secret</content>"),
        blogger_entry("template", "<content type='html'>style</content>"),
    );
    let archive = Archive::new();
    let report = import(&archive, "blogger", &feed, &["--json"]).succeeds().json();
    assert_eq!(report["others"], json!({ "comment": 1, "template": 1 }));
    let text = archive.text("content/2017/talks.md");
    for part in [
        "title = \"Talks & more\"",
        // The day is that of the moment's own offset.
        "date = 2017-01-29\n",
        "updated = 2017-02-03",
        "aliases = [\"/2017/01/talks.html\"]",
        "tags = [\"Geneva\"]",
        "posted_by = \"Ann\"",
        "\n\nOne.\n\nTwo.\n",
    ] {
        holds(&text, part);
    }
    archive.build_with(&["--strict"]).succeeds().page("/2017/01/29/talks/");
}

#[test]
fn blogger_s_takeout_is_imported() {
    let feed = "<?xml version='1.0'?><feed>\
        <entry><id>tag:1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>\
        <title>Talks</title><content type='html'>&lt;p&gt;One.&lt;/p&gt;</content>\
        <published>2017-01-29T10:00:00Z</published><blogger:filename>/2017/01/talks.html</blogger:filename></entry>\
        <entry><id>tag:2</id><blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status>\
        <title>Some day</title><content type='html'>Two.</content><published>2017-01-30T10:00:00Z</published></entry>\
        </feed>";
    let archive = Archive::new();
    import(&archive, "blogger", feed, &[]).succeeds();
    holds(&archive.text("content/2017/talks.md"), "aliases = [\"/2017/01/talks.html\"]");
    holds(&archive.text("content/2017/some-day.md"), "draft = true");
}

#[test]
fn ghost_s_export_is_imported() {
    let export = json!({ "db": [{ "data": {
        "posts": [
            { "id": "a1", "title": "Talks", "slug": "talks", "html": "<p>One <a href=\"__GHOST_URL__/x/\">x</a>.</p>",
              "status": "published", "visibility": "public", "published_at": "2017-01-29T10:00:00.000Z",
              "custom_excerpt": "Short.", "feature_image": "https://pics.example/a.png" },
            { "id": "a2", "title": "Members", "slug": "members", "html": "<p>Two.</p>", "status": "published",
              "visibility": "members", "published_at": "2017-01-30T10:00:00.000Z" },
            { "id": "a3", "title": "Later", "slug": "later", "html": "<p>Three.</p>", "status": "draft",
              "created_at": "2017-01-31T10:00:00.000Z" },
            { "id": "a4", "title": "About", "slug": "about", "type": "page", "html": "<p>Us.</p>", "status": "published",
              "published_at": "2017-01-01T10:00:00.000Z" },
            { "id": 5, "title": "Old", "slug": "old", "mobiledoc": "{}", "status": "published",
              "published_at": 1_485_684_000_000_i64 }
        ],
        "tags": [{ "id": "t1", "name": "Geneva" }, { "id": "t2", "name": "#internal" }],
        "posts_tags": [{ "post_id": "a1", "tag_id": "t1" }, { "post_id": "a1", "tag_id": "t2" }],
        "users": [{ "id": "u1", "name": "Ann Lee", "email": "ann@x.example" }],
        "posts_authors": [{ "post_id": "a1", "author_id": "u1" }]
    } }] });
    let archive = Archive::new();
    let report = import(&archive, "ghost", &export.to_string(), &["--json"]).succeeds().json();
    assert_eq!(report["left_out"], json!({ "private": 1 }));
    assert_eq!(report["broken"].as_array().unwrap().len(), 1);
    let text = archive.text("content/2017/talks.md");
    for part in [
        "authors = [\"Ann Lee\"]",
        "tags = [\"Geneva\"]",
        "summary = \"Short.\"",
        "image = { src = \"https://pics.example/a.png\", alt = \"\" }",
        "[x](/x/)",
    ] {
        holds(&text, part);
    }
    holds(&archive.text("content/2017/old.md"), "date = 2017-01-29");
    holds(&archive.text("content/2017/later.md"), "draft = true");
    holds(&archive.text("content/pages/about.md"), "Us.");
    assert!(
        !archive
            .everything()
            .values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("ann@x.example"))
    );
}

#[test]
fn feeds_are_imported() {
    let rss = "<rss><channel><link>https://old.example/</link><item><title>A &amp;amp; B</title>\
        <link>https://old.example/a/</link><guid>g1</guid><pubDate>Sun, 29 Jan 2017 23:30:00 -0500</pubDate>\
        <dc:creator>Ann Lee</dc:creator><category>Geneva</category>\
        <description>Short.</description><content:encoded><![CDATA[<p>Long.</p>]]></content:encoded></item></channel></rss>";
    let atom = "<?xml version='1.0'?><feed><link rel='self' href='https://old.example/feed'/>\
        <entry><id>e1</id><title>A</title><link href='https://old.example/a/'/><published>2017-01-29T23:30:00-05:00</published>\
        <content type='html'>&lt;p&gt;Long.&lt;/p&gt;</content></entry></feed>";
    let json = json!({ "home_page_url": "https://old.example/", "items": [
        { "id": "1", "url": "https://old.example/a/", "title": "A", "content_html": "<p>Long.</p>",
          "date_published": "2017-01-29T23:30:00-05:00", "tags": ["Geneva"], "authors": [{ "name": "Ann Lee" }] }
    ] });
    for feed in [rss, atom, &json.to_string()] {
        let archive = Archive::new();
        import(&archive, "feed", feed, &[]).succeeds();
        let files = archive.everything();
        let path = files.keys().find(|path| path.starts_with("content/")).unwrap();
        let text = archive.text(path);
        for part in ["date = 2017-01-29\n", "aliases = [\"/a/\"]", "\n\nLong.\n"] {
            holds(&text, part);
        }
        archive.build_with(&["--strict"]).succeeds();
    }
    let lying = "<rss><channel><item><title>No day</title><guid>x</guid><pubDate>yesterday</pubDate></item></channel></rss>";
    let archive = Archive::new();
    let report = import(&archive, "feed", lying, &["--json"]).succeeds().json();
    assert_eq!(report["undated"].as_array().unwrap().len(), 1);
    holds(&archive.text("content/drafts/no-day.md"), "draft = true");
}

#[test]
fn a_bibliography_becomes_drafts() {
    let library = json!([{
        "id": "lee2017", "type": "article-newspaper", "title": "Talks begin",
        "container-title": "The Paper", "URL": "https://paper.example/talks", "abstract": "Short.", "language": "en",
        "author": [{ "family": "Lee", "given": "Ann" }, { "literal": "The Desk" }],
        "issued": { "date-parts": [[2017, "1"]] }
    }]);
    let archive = Archive::new();
    import(&archive, "csl", &library.to_string(), &[]).succeeds();
    let text = archive.text("content/2017/talks-begin.md");
    for part in [
        "date = \"2017-01\"",
        "outlet = \"The Paper\"",
        "original_url = \"https://paper.example/talks\"",
        "authors = [\"Ann Lee\", \"The Desk\"]",
        "draft = true",
    ] {
        holds(&text, part);
    }
    archive.build_with(&["--strict", "--drafts"]).succeeds();
    assert_eq!(import(&archive, "csl", "{ broken", &[]).code(), 2);
}
