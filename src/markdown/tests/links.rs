//! Links and pictures.

use super::super::testing::{Archive, html, options, problems, without_numbers};
use super::super::{MarkdownOptions, render};
use crate::base::choices::{RawHtml, UnresolvedLinks};

#[test]
fn links_lead_where_the_archive_says() {
    assert_eq!(
        html("[a](known.md \"T & \\\"t\\\"\")"),
        "<p><a href=\"/base/known/\" title=\"T &amp; “t”\">a</a></p>\n"
            .replace(['“', '”'], "&quot;")
    );
    assert_eq!(
        html("<https://example.org/?a=b&c>"),
        "<p><a href=\"https://example.org/?a=b&amp;c\" rel=\"external noopener\">https://example.org/?a=b&amp;c</a></p>\n"
    );
    assert_eq!(
        html("<a@example.org>"),
        "<p><a href=\"mailto:a@example.org\">a@example.org</a></p>\n"
    );
    assert_eq!(
        html("[a](//example.org/)"),
        "<p><a href=\"//example.org/\" rel=\"external noopener\">a</a></p>\n"
    );
    assert_eq!(html("https://example.org/"), "<p>https://example.org/</p>\n");
    assert_eq!(
        html("[a](http://gone.example/)"),
        "<p><span class=\"lost-link\">a <span class=\"lost-mark\">(link lost)</span></span></p>\n"
    );
}

#[test]
fn links_to_nothing_keep_their_words() {
    assert_eq!(
        html("x [a *b*](nowhere.md)"),
        "<p>x <span class=\"unresolved-link\">a <em>b</em></span></p>\n"
    );
    assert_eq!(problems("x [a *b*](nowhere.md)"), [("unresolved-link", "[a *b*](nowhere.md)")]);
    assert_eq!(html("[a]()"), "<p><span class=\"unresolved-link\">a</span></p>\n");
    assert_eq!(problems("[a]()"), [("unresolved-link", "[a]()")]);
    let keep = MarkdownOptions { unresolved_links: UnresolvedLinks::Keep, ..options() };
    let kept = render("[a](nowhere.md) [b](#no)", &keep, &Archive);
    assert_eq!(
        without_numbers(&kept.html),
        "<p><a href=\"nowhere.md\">a</a> <a href=\"#no\">b</a></p>\n"
    );
    assert_eq!(kept.problems.len(), 2);
}

#[test]
fn code_is_never_an_address() {
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "&#106;avascript:x",
        "java&#10;script:x",
        "<java\tscript:x>",
        "&#1;javascript:x",
        "data:text/html,x",
        "vbscript:x",
    ] {
        let body = format!("[words]({address})");
        assert_eq!(html(&body), "<p><span class=\"refused-link\">words</span></p>\n", "{address}");
        assert_eq!(problems(&body), [("unsafe-address", body.as_str())]);
    }
    assert!(html("<javascript:alert(1)>").contains("refused-link"));
    assert!(
        html("![x](data:image/png;base64,AA)").contains("<span class=\"refused-picture\">x</span>")
    );
}

#[test]
fn links_within_the_page_find_their_place() {
    let body = "[a](#my-part) [b](#h-my-part) [c](#p1) [d](#fn-1) [e](#box) [f](#nowhere)\n\n## My *part*\n\n<div id=\"box\">x</div>\n\n[g](#p9)[^1]\n\n[^1]: [h](#my-part)\n";
    let html = html(body);
    for link in [
        "<a href=\"#h-my-part\">a</a>",
        "<a href=\"#h-my-part\">b</a>",
        "<a href=\"#p1\">c</a>",
        "<a href=\"#fn-1\">d</a>",
        "<a href=\"#c-box\">e</a>",
        "<span class=\"unresolved-link\">f</span>",
        "<span class=\"unresolved-link\">g</span>",
        "<a href=\"#h-my-part\">h</a>",
    ] {
        assert!(html.contains(link), "{link} in {html}");
    }
    assert!(html.contains("<div id=\"c-box\">x</div>"));
    assert_eq!(
        problems(body),
        [("unresolved-link", "[f](#nowhere)"), ("unresolved-link", "[g](#p9)")]
    );
}

#[test]
fn attributes_are_escaped() {
    let title = html("[a](https://x.example/ '\" onmouseover=\"x')");
    assert!(title.contains("title=\"&quot; onmouseover=&quot;x\""), "{title}");
    let picture = html("![\" onerror=\"x](https://x.example/\"onerror='x' '\"><script>')");
    assert!(!picture.contains("\" onerror") && !picture.contains("<script"), "{picture}");
    assert!(html("[a](<https://x.example/\"onclick=x>)").contains("%22onclick=x"));
}

#[test]
fn pictures() {
    assert_eq!(
        html("x ![a *b*](a.png \"t\")"),
        "<p>x <img src=\"/base/a.png\" alt=\"a b\" title=\"t\" width=\"30\" height=\"20\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
    assert_eq!(
        html("![a](https://x.example/a.png)"),
        "<p><img src=\"https://x.example/a.png\" alt=\"a\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
    assert_eq!(
        html("![a](b.png)"),
        "<p><span class=\"missing-picture\">Picture missing: a</span></p>\n"
    );
    assert_eq!(problems("![a](b.png)"), [("missing-asset", "![a](b.png)")]);
}

#[test]
fn a_picture_alone_with_a_title_is_a_figure() {
    let html = html("![a](a.png \"The *town*\")\n\nText.");
    assert!(html.starts_with("<figure><img src=\"/base/a.png\" alt=\"a\" width=\"30\" height=\"20\" loading=\"lazy\" decoding=\"async\"><figcaption>The *town*</figcaption></figure>\n"), "{html}");
    assert!(
        super::super::testing::rendered("![a](a.png \"t\")\n\nText.")
            .html
            .contains("<p id=\"p1\">")
    );
}

#[test]
fn links_never_nest() {
    let html = html(
        "[a ![b](a.png) <https://x.example/>](known.md) <a href=\"known.md\">c [d](known.md)</a>",
    );
    assert_eq!(html.matches("<a ").count(), html.matches("</a>").count());
    let opened = html.find("c ").unwrap();
    assert!(html[opened..].starts_with("c d</a>"), "{html}");
}

/// The HTML of a link to a working page, a dead page, and one without a copy.
const ROBUST: [(&str, &str); 3] = [
    (
        "https://kept.example/?a&b",
        "<a href=\"https://kept.example/?a&amp;b\" rel=\"external noopener\" data-originalurl=\"https://kept.example/?a&amp;b\" data-versionurl=\"https://keeper.example/1\" data-versiondate=\"2017-02-01\">w</a> <a class=\"copy-mark\" href=\"https://keeper.example/1\" rel=\"external noopener\" aria-label=\"Copy, 2017\" title=\"Copy, 2017\">copy</a>",
    ),
    (
        "https://dead.example/",
        "<a href=\"https://keeper.example/1\" rel=\"external noopener\" data-originalurl=\"https://dead.example/\" data-versionurl=\"https://keeper.example/1\" data-versiondate=\"2017-02-01\" class=\"dead-link\">w</a> <span class=\"dead-mark\">(gone; copy)</span>",
    ),
    (
        "https://nothing.example/",
        "<span class=\"dead-link\">w <span class=\"dead-mark\">(gone)</span> <bdi class=\"dead-address\" dir=\"ltr\">https://nothing.example/</bdi></span>",
    ),
];

#[test]
fn robust_links_carry_their_copy() {
    for (address, wanted) in ROBUST {
        assert_eq!(html(&format!("[w]({address})")), format!("<p>{wanted}</p>\n"));
        let heading = html(&format!("## [w]({address})"));
        assert!(heading.starts_with("<h2 id=\"h-w\">"), "{heading}");
    }
}

#[test]
fn robust_links_of_raw_html_pass_the_cleaning_and_authors_attributes_do_not() {
    for (address, wanted) in ROBUST {
        let body = format!(
            "x <a data-versionurl='javascript:a' data-originalurl='https://evil.example/' data-x=1 href='{address}'>w</a>"
        );
        let html = html(&body);
        let told = wanted.replace(" class=\"dead-link\"", "");
        assert!(html.contains(wanted) || html.contains(&told), "{html}");
        assert!(!html.contains("evil") && !html.contains("javascript"), "{html}");
    }
    let plain = html(
        "<b>x</b> [w](https://other.example/) <a data-versiondate=1 data-versionurl='https://evil.example/' href='https://other.example/'>w</a>",
    );
    assert!(!plain.contains("data-"), "{plain}");
    let trusted = MarkdownOptions { raw_html: RawHtml::Trust, ..options() };
    let trusted = render("<b>x</b> [w](https://dead.example/)", &trusted, &Archive);
    assert!(trusted.html.contains(ROBUST[1].1), "{}", trusted.html);
}
