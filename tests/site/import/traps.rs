//! What texts of real exports hold, from the export to the built page: one blog with a post for each.

use std::fmt::Write as _;

use super::wxr::Post;
use crate::archive::Archive;

/// The page of one text, and what is told of it.
fn page(body: &str) -> (String, serde_json::Value) {
    let archive = Archive::new();
    let report = archive
        .import(&[Post::new(7, "talks").body(body)], &["--json", "--verify"])
        .succeeds()
        .json();
    let built = archive.build_with(&["--strict"]).succeeds();
    let page = built.page("/2017/01/29/talks/");
    let (_, text) = page.html().split_once("<div class=\"body\">").unwrap();
    (without_places(text.split("</article>").next().unwrap()), report)
}

/// The text without the places that each paragraph has.
fn without_places(html: &str) -> String {
    let mut parts = html.split("<p id=");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| format!("{text}<p>{}", part.split_once("</a>").unwrap().1))
}

#[track_caller]
fn shows(body: &str, parts: &[&str]) {
    let (html, report) = page(body);
    for part in parts {
        assert!(html.contains(part), "no {part} of {body} in\n{html}");
    }
    assert_eq!(report["words"]["lost"], 0, "{body}: {report}");
}

#[test]
fn classic_text_blocks_and_ready_paragraphs_stand_beside_each_other() {
    shows("One.\n\nTwo\nlines.", &["<p>One.</p>", "<p>Two<br>\nlines.</p>"]);
    shows(
        "<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Two\nlines.</p>\n<!-- /wp:paragraph -->",
        &["<p>One.</p>", "<p>Two lines.</p>"],
    );
    shows("<p>One.</p>\n<p>Two.</p>", &["<p>One.</p>", "<p>Two.</p>"]);
    shows(
        "Classic.\n\n<blockquote>Said\n\ntwice.</blockquote>\nAfter.",
        &["<p>Classic.</p>", "<p>Said</p>", "<p>twice.</p>", "<p>After.</p>"],
    );
}

#[test]
fn a_moment_of_noughts_and_one_of_another_day_leave_the_local_day() {
    for gmt in ["0000-00-00 00:00:00", "2017-01-30 04:30:00", "nonsense", ""] {
        let archive = Archive::new();
        archive.import(&[Post::new(7, "talks").field("wp:post_date_gmt", gmt)], &[]).succeeds();
        assert!(archive.text("content/2017/talks.md").contains("date = 2017-01-29\n"), "{gmt}");
    }
}

#[test]
fn signs_of_templates_are_text() {
    shows("Write {{ name }} and {% if x %}.", &["{{ name }}", "{% if x %}"]);
    shows("A {{lost()}} B", &["{{lost()}}"]);
}

#[test]
fn pictures_that_only_count_readers_are_left_out() {
    for pixel in [
        "<img src=\"https://pixel.example/b.gif?host=x\" width=\"1\" height=\"1\">",
        "<img alt=\"\" border=\"0\" src=\"http://stats.example/b.gif?blog=old.example\" height=\"1\" width=\"1\" />",
        "<img src=\"https://feeds.example/~r/blog/~4/x\" style=\"width:1px;height:1px\">",
    ] {
        let (html, report) = page(&format!("Text. {pixel}"));
        assert!(
            !html.contains("pixel.example")
                && !html.contains("stats.example")
                && !html.contains("/~r/"),
            "{pixel}\n{html}"
        );
        assert!(
            report["losses"]
                .as_object()
                .unwrap()
                .values()
                .flat_map(|all| all.as_array().unwrap())
                .count()
                > 0,
            "{report}"
        );
    }
}

#[test]
fn what_is_embedded_becomes_a_link() {
    for (body, address) in [
        ("Before.\n\nhttps://video.example/watch?v=1\n\nAfter.", "https://video.example/watch?v=1"),
        (
            "<iframe src=\"https://video.example/embed/1\"></iframe>",
            "https://video.example/embed/1",
        ),
        (
            "<object data=\"https://video.example/o.swf\"><embed src=\"https://video.example/o.swf\"></object>",
            "https://video.example/o.swf",
        ),
        ("[youtube https://video.example/y]", "https://video.example/y"),
        ("[embed]https://video.example/e[/embed]", "https://video.example/e"),
        ("[audio mp3=\"https://sound.example/a.mp3\"][/audio]", "https://sound.example/a.mp3"),
    ] {
        let (html, _) = page(body);
        assert!(html.contains(&format!("href=\"{address}\"")), "{body}\n{html}");
    }
}

#[test]
fn code_stays_code() {
    shows(
        "[code language=\"html\"]<b>not bold</b>\n\n  a < b[/code]",
        &["&lt;b&gt;not bold&lt;/b&gt;\n\n  a &lt; b"],
    );
    shows("[javascript]if (a && b) { x(); }[/javascript]", &["if (a &amp;&amp; b) { x(); }"]);
    shows("[cce lang=\"c\"]#include <stdio.h>[/cce]", &["#include &lt;stdio.h&gt;"]);
    shows("<pre>a\n  b\n\nc</pre>", &["a\n  b\n\nc"]);
}

#[test]
fn tables_footnotes_and_glued_emphasis_keep_what_they_say() {
    shows(
        "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
        &["<td>a</td>", "<td>2</td>"],
    );
    shows(
        "Text<a href=\"#_ftn1\" name=\"_ftnref1\">[1]</a>.\n\n<a href=\"#_ftnref1\" name=\"_ftn1\">[1]</a> Note.",
        &["Note.", "_ftn1"],
    );
    shows("<strong>«Слово»</strong>текст", &["<strong>«Слово»</strong>текст"]);
    shows("Look!<a href=\"https://x.example/\">here</a>", &["Look!<a href=\"https://x.example/\""]);
    shows(
        "[caption id=\"a\" width=\"9\"]<img src=\"https://x.example/a.png\" alt=\"A\"> The hall[/caption]",
        &["<figcaption>", "The hall"],
    );
}

#[test]
fn classic_paragraphs_survive() {
    let mut body = String::new();
    let shapes = [
        "Plain {}.",
        "<em>Emphasis</em> {}.",
        "<a href=\"https://x.example/{}\">A link</a> first.",
        "{}. A number first.",
        "# {} a sign first.",
        "> {} another.",
        "- {} a dash.",
        "    {} indented.",
        "Two\nlines {}.",
        "<strong>Bold {}</strong>",
    ];
    for number in 0..500 {
        let shape = shapes[number % shapes.len()].replace("{}", &format!("word{number}"));
        let _ = write!(body, "{shape}\n\n");
    }
    let (html, _) = page(&body);
    let kept = html.matches("<p>").count();
    assert!(kept * 100 >= 500 * 98, "{kept}");
    assert_eq!((0..500).filter(|number| html.contains(&format!("word{number}"))).count(), 500);
}
