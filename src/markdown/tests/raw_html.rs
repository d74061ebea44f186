//! Raw HTML: cleaned, trusted, broken.

use super::super::testing::{Archive, html, options, problems, rendered, without_numbers};
use super::super::{MarkdownOptions, render};
use crate::base::choices::RawHtml;

fn trusted(body: &str) -> String {
    let options = MarkdownOptions { raw_html: RawHtml::Trust, ..options() };
    without_numbers(&render(body, &options, &Archive).html)
}

#[test]
fn honest_html_stays() {
    assert_eq!(
        html("H<sub>2</sub>O<br>and <abbr title=\"x &amp; y\">z</abbr>"),
        "<p>H<sub>2</sub>O<br>and <abbr title=\"x &amp; y\">z</abbr></p>\n"
    );
    let table = "<table>\n<tr><td colspan=\"2\">a</td></tr>\n</table>\n";
    assert!(html(table).contains("<td colspan=\"2\">a</td>"));
    assert_eq!(problems(table), []);
}

#[test]
fn pairs_across_blocks_hold() {
    let html = html("<details>\n<summary>More</summary>\n\n*Text*\n\n</details>\n\nAfter.\n");
    assert!(html.contains("<details>\n<summary>More</summary>"), "{html}");
    assert!(html.contains("<p><em>Text</em></p>\n</details>"), "{html}");
    assert!(html.ends_with("<p>After.</p>\n"));
}

#[test]
fn what_may_run_is_removed_and_reported() {
    for (body, word) in [
        ("a <form>b</form>", "<form>"),
        ("<p onclick=\"x\">a</p>", "<p onclick=\"x\">"),
        ("<p style=\"color:red\">a</p>", "<p style=\"color:red\">"),
        ("<svg onload=x></svg>", "<svg onload=x>"),
        ("<object data=x></object>", "<object data=x>"),
        ("<base href=x>", "<base href=x>"),
        ("x\n\n<script>\nalert(1)\n\nb\n</script>\n\ny", "<script>\nalert(1)\n\nb\n</script>"),
        ("<style>p{}</style>", "<style>p{}</style>"),
    ] {
        assert_eq!(problems(body)[0], ("removed-html", word), "{body}");
        let html = html(body);
        for sign in
            ["<script", "<style", "alert", "onclick", "onload", "style=", "<form", "<svg", "p{}"]
        {
            assert!(!html.contains(sign), "{html}");
        }
    }
    assert_eq!(html("a <script>x *y* z</script> b"), "<p>a  b</p>\n");
    assert!(html("a <script>x b").contains("a x b"));
}

#[test]
fn problems_point_at_the_right_line_in_quotes() {
    let body = "> <div>\n> <form>\n> </div>\n";
    assert_eq!(problems(body), [("removed-html", "<form>")]);
}

#[test]
fn frames_become_links() {
    let body =
        "<iframe src=\"https://www.youtube.example/embed/x?autoplay=1\" width=\"560\"></iframe>";
    assert_eq!(
        html(body),
        "<p class=\"embedded\"><a href=\"https://www.youtube.example/embed/x?autoplay=1\" rel=\"external noopener\">Embedded page: www.youtube.example/embed/x</a></p>\n"
    );
    assert_eq!(problems(body)[0].0, "removed-html");
    assert!(!html("<iframe src=\"javascript:x\"></iframe>").contains("javascript"));
    assert!(html(&format!("<p>{body}</p>")).contains("<p><span class=\"embedded\"><a href="));
    assert!(html(&format!("Look: {body}")).contains("Look: <span class=\"embedded\"><a href="));
}

#[test]
fn what_never_ends_swallows_nothing() {
    for open in [
        "<div class=\"a",
        "<!-- open",
        "<script>",
        "<style>",
        "<textarea>",
        "<title>",
        "<iframe>",
        "<plaintext>",
        "<xmp>",
        "<div",
        "<?php",
        "<![CDATA[",
    ] {
        let body = format!("Before.\n\n{open}\n\nAfter.\n");
        let html = html(&body);
        assert!(html.contains("After.") && html.contains("Before."), "{open}: {html}");
        assert!(
            problems(&body).iter().any(|(rule, _)| *rule == "broken-html")
                || !open.contains('<')
                || html.contains("&lt;"),
            "{open}: {html}"
        );
    }
    for open in [
        "<div>",
        "<b>",
        "<table>",
        "<ul><li>",
        "</div>",
        "</p>",
        "<a href=\"https://x.example/\">",
        "<details>",
        "<select>",
        "<noscript>",
        "<template>",
        "<frameset>",
        "<math><mtext>",
        "<svg><desc>",
    ] {
        let html = html(&format!("Before.\n\n{open}\n\nAfter {open} it.\n\n<p id=\"eof\"></p>\n"));
        assert!(
            html.contains("After") && html.contains("it.") && html.contains("id=\"c-eof\""),
            "{open}: {html}"
        );
    }
}

#[test]
fn ids_cannot_be_forged() {
    let html = rendered("<p id=\"p1\">a</p>\n<a name=\"config\">b</a> <div id=\"h-x\" class=\"tombstone\" data-y=\"z\">c</div>\n\nText.\n\n[l](#config)").html;
    for id in [
        "id=\"c-p1\"",
        "<span id=\"c-config\"></span>",
        "id=\"c-h-x\"",
        "<p id=\"p1\"><a class=\"para\"",
        "href=\"#c-config\"",
    ] {
        assert!(html.contains(id), "{id} in {html}");
    }
    assert!(!html.contains("tombstone") && !html.contains("data-y"));
    assert!(!super::super::testing::html("<a href=\"#x\">y</a>").contains("href"));
}

#[test]
fn addresses_in_raw_html_are_resolved() {
    assert_eq!(
        html("<a href=\"known.md\" target=\"_blank\" title=\"t\">a</a>"),
        "<p><a href=\"/base/known/\" title=\"t\">a</a></p>\n"
    );
    assert_eq!(
        html("<a href=\"nowhere.md\">a</a>"),
        "<p><span class=\"unresolved-link\">a</span></p>\n"
    );
    assert_eq!(
        problems("x <a href=\"nowhere.md\">a</a>"),
        [("unresolved-link", "<a href=\"nowhere.md\">")]
    );
    assert_eq!(
        html("<a href=\"http://gone.example/\">a</a>"),
        "<p><span class=\"lost-link\">a <span class=\"lost-mark\">(link lost)</span></span></p>\n"
    );
    assert_eq!(
        html("<a href=\"java&#10;script:x\">a</a>"),
        "<p><span class=\"refused-link\">a</span></p>\n"
    );
    assert_eq!(
        html("<a href=\"jav&Tab;ascript&colon;x\">a</a>"),
        "<p><span class=\"refused-link\">a</span></p>\n"
    );
    assert_eq!(
        html("x <img src=a.png alt='x\"y' onerror=z>"),
        "<p>x <img src=\"/base/a.png\" alt=\"x&quot;y\" width=\"30\" height=\"20\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
    assert!(
        html("<img src=\"https://x.example/i\" width=\"5\" height=\"6px\">")
            .contains("width=\"5\" height=\"6\"")
    );
}

#[test]
fn obsolete_looks_become_classes_or_go() {
    assert_eq!(html("<p align=\"RIGHT\">a</p>\n"), "<p class=\"align-right\">a</p>\n");
    assert!(html("<center>a</center>").contains("<div class=\"align-center\">a</div>"));
    assert_eq!(html("<font color=\"red\">a</font> <strike>b</strike>"), "<p>a <s>b</s></p>\n");
    assert_eq!(
        problems(
            "<font color=\"red\">a</font>\n\n<table border=1 width=5><tr><td valign=top>a</table>"
        ),
        []
    );
    assert!(html("<h1>a</h1>").contains("<h2>a</h2>"));
}

#[test]
fn what_a_paragraph_opens_ends_with_it() {
    assert_eq!(html("<b>a\n\nb"), "<p><b>a</b></p>\n<p>b</p>\n");
    assert!(html("> <div>\n\nafter").contains("</div></blockquote>"));
    assert_eq!(html("<div>\n\na\n\nb</div>\n\nc"), "<div>\n<p>a</p>\n<p>b</p>\n</div>\n<p>c</p>\n");
    assert_eq!(html("<ul><li>a<li>b</ul>"), "<ul><li>a</li><li>b</li></ul>");
}

#[test]
fn what_only_looks_like_a_tag_is_text() {
    assert_eq!(html("Dear <name here>, <b>x</b>"), "<p>Dear &lt;name here&gt;, <b>x</b></p>\n");
    assert_eq!(problems("Dear <name here>"), [("broken-html", "<name here>")]);
    assert!(html("<p>See <https://x.example/></p>").contains("&lt;https://x.example/&gt;"));
}

#[test]
fn styles_are_reported_once() {
    assert_eq!(problems("<p style=a>x</p>\n<p style=b>y</p>"), [("removed-html", "<p style=a>")]);
}

#[test]
fn trust_leaves_html_alone() {
    assert_eq!(
        trusted("a <b onclick=x>b</b> {{ box() }}"),
        "<p>a <b onclick=x>b</b> <output class=\"box\">0</output></p>\n"
    );
    assert_eq!(trusted("<script>\nx\n</script>\n"), "<script>\nx\n</script>\n");
    assert!(trusted("<div id=\"x\"></div>\n\n[a](#x)").contains("<a href=\"#x\">a</a>"));
    assert!(trusted("[a](javascript:x)").contains("refused-link"));
}

#[test]
fn a_frame_s_link_is_robust_too() {
    let html = html("x <iframe src='https://dead.example/'></iframe>");
    assert!(html.contains("data-originalurl=\"https://dead.example/\""), "{html}");
    assert!(html.contains("(gone; copy)"), "{html}");
}
