//! Headings, paragraphs, footnotes, tables, lists, alerts.

use super::super::testing::{Archive, html, options, rendered};
use super::super::{outline, render};

#[test]
fn paragraphs_can_be_cited() {
    let html =
        rendered("One.\n\n> Two.\n\n- not\n\n- this\n\nThree[^1].\n\n[^1]: Nor this.\n").html;
    for (number, words) in [(1, "One."), (2, "Two."), (3, "Three")] {
        let paragraph = format!(
            "<p id=\"p{number}\"><a class=\"para\" href=\"#p{number}\" aria-label=\"Paragraph {number}\"></a>{words}"
        );
        assert!(html.contains(&paragraph), "{html}");
    }
    assert!(!html.contains("p4"), "{html}");
    assert!(html.contains("<p>not</p>"));
}

#[test]
fn a_paragraph_that_shows_nothing_has_no_number() {
    for nothing in [
        "<span></span>",
        "<object data=\"x\"></object>",
        "<b><script>x</script></b>",
        "&nbsp;",
        "&#8203; <i> </i>",
        "<a href=\"javascript:x\"></a>",
    ] {
        let html = rendered(&format!("One.\n\n{nothing}\n\nTwo.\n")).html;
        assert!(html.contains("\"Paragraph 2\"></a>Two."), "{nothing}: {html}");
        assert_eq!(html.matches("<p").count(), 2, "{nothing}: {html}");
    }
    for something in ["![A](a.png)", "<b>!</b>", "&copy;", "5", "*x*"] {
        let html = rendered(&format!("{something}\n\nTwo.\n")).html;
        assert!(html.contains("\"Paragraph 2\"></a>Two."), "{something}: {html}");
    }
    let target = rendered("<a id=\"x\"></a>\n\nTwo.\n").html;
    assert!(
        target.contains("id=\"c-x\"") && target.contains("\"Paragraph 1\"></a>Two."),
        "{target}"
    );
}

#[test]
fn headings_link_to_themselves() {
    assert_eq!(
        html("## A & *B*\n"),
        "<h2 id=\"h-a-b\">A &amp; <em>B</em> <a class=\"anchor\" href=\"#h-a-b\" aria-label=\"Link to this section: A &amp; B\">#</a></h2>\n"
    );
    assert!(html("## !\n").contains("id=\"h-section\""));
    let repeated = html("## A\n## A\n## A 2\n");
    for id in ["h-a", "h-a-2", "h-a-2-2"] {
        assert!(repeated.contains(&format!("<h2 id=\"{id}\">")), "{repeated}");
    }
}

#[test]
fn headings_make_room_for_the_page_s_own() {
    let html_of = |body| html(body).matches("<h").map(str::len).count();
    assert_eq!(html_of("# a\n## b\n###### c"), 3);
    let shifted = html("## b\n\n# a\n\n###### c\n");
    assert!(
        shifted.contains("<h3 id=\"h-b\"")
            && shifted.contains("<h2 id=\"h-a\"")
            && shifted.contains("<h6 id=\"h-c\"")
    );
    let kept = html("## b\n\n```\n# no heading\n```\n\nC # D\n");
    assert!(kept.contains("<h2 id=\"h-b\""), "{kept}");
    assert!(html("a\n===\n").contains("<h2 id=\"h-a\""));
    assert!(html("> # a\n").contains("<h2 id=\"h-a\""));
}

#[test]
fn of_attributes_in_headings_only_the_id_is_taken() {
    let html = html("## A {#x onclick=alert(1)}\n");
    assert!(html.contains("<h2 id=\"h-x\">A <a") && !html.contains("alert"), "{html}");
}

#[test]
fn footnotes_are_numbered_by_their_marks() {
    let html = html(
        "[^late]: Late.\n[^never]: Never.\n\nA[^b] c[^late] d[^b] e[^none].\n\n[^b]: First\n\n    and more.\n",
    );
    assert!(html.contains("A<sup class=\"footnote-ref\"><a id=\"fnref-1\" href=\"#fn-1\" aria-label=\"Footnote 1\">1</a></sup>"), "{html}");
    assert!(html.contains("d<sup class=\"footnote-ref\"><a id=\"fnref-1-2\" href=\"#fn-1\""));
    assert!(html.contains("e[^none]."));
    assert!(html.contains("<section class=\"footnotes\" aria-label=\"Notes\">\n<ol>\n<li id=\"fn-1\"><p>First</p>\n<p>and more. <a class=\"footnote-back\" href=\"#fnref-1\" aria-label=\"Back to the text\">↩</a> <a class=\"footnote-back\" href=\"#fnref-1-2\" aria-label=\"Back to the text (2)\">↩2</a></p>\n</li>"), "{html}");
    assert!(html.contains("<li id=\"fn-2\"><p>Late. <a"));
    assert!(html.contains("<li id=\"fn-3\"><p>Never.</p>"), "{html}");
    assert!(html.trim_end().ends_with("</section>"));
}

#[test]
fn footnote_marks_never_break() {
    let in_link = html("<a href=\"https://x.example/\">a[^1]</a>\n\n[^1]: Note.\n");
    assert!(
        in_link.contains("<sup class=\"footnote-ref\">1</sup>") && !in_link.contains("fnref"),
        "{in_link}"
    );
    let in_each_other = html("a[^1]\n\n[^1]: b[^2]\n[^2]: c[^1]\n");
    assert!(
        in_each_other.contains("href=\"#fnref-1-2\"") && in_each_other.contains("id=\"fnref-1-2\""),
        "{in_each_other}"
    );
    let twice = html("a[^1]\n\n[^1]: One.\n\n[^1]: Two.\n");
    assert!(twice.contains("One.") && twice.contains("Two."), "{twice}");
}

#[test]
fn alerts_are_named() {
    assert_eq!(
        html("> [!WARNING]\n> Take care.\n"),
        "<div class=\"alert alert-warning\">\n<p class=\"alert-title\">Warning</p>\n<p>Take care.</p>\n</div>\n"
    );
}

#[test]
fn tables_align_by_class() {
    let html = html("| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | |\n");
    assert_eq!(
        html,
        "<div class=\"table-scroll\" tabindex=\"0\"><table>\n<thead>\n<tr><th class=\"align-center\">a</th><th class=\"align-right\">b</th><th>c</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"align-center\">1</td><td class=\"align-right\">2</td><td></td></tr>\n</tbody>\n</table></div>\n"
    );
}

#[test]
fn tasks_are_labelled() {
    let tight = html("- [x] done *now*\n  - [ ] open\n");
    assert_eq!(
        tight,
        "<ul>\n<li><label><input type=\"checkbox\" disabled checked> done <em>now</em></label>\n<ul>\n<li><label><input type=\"checkbox\" disabled> open</label></li>\n</ul>\n</li>\n</ul>\n"
    );
    assert!(
        html("- [x] a\n\n  b\n").contains(
            "<p><label><input type=\"checkbox\" disabled checked> a</label></p>\n<p>b</p>"
        )
    );
}

#[test]
fn code_keeps_its_language_and_nothing_else() {
    assert!(
        html("```rust,ignore x\n<b>\n```\n")
            .contains("<pre><code class=\"language-rust\">&lt;b&gt;\n</code></pre>")
    );
    assert!(html("```c++\"><script>\n```\n").contains("class=\"language-c++script\">"));
    assert!(html("```\"\n```\n").contains("<pre><code></code>"));
    assert!(html("~~a~~ and --- \"b\"...").contains("<del>a</del> and — “b”…"));
}

#[test]
fn punctuation_is_smart_on_demand() {
    let plain = render(
        "\"a\" -- b",
        &super::super::MarkdownOptions { smart_punctuation: false, ..options() },
        &Archive,
    );
    assert!(plain.html.contains("\"a\" -- b"));
}

#[test]
fn forbidden_characters_and_line_ends() {
    assert_eq!(html("a\0b\u{1}"), "<p>a\u{fffd}b\u{fffd}</p>\n");
    assert_eq!(html("a\rb\r\nc"), "<p>a\nb\nc</p>\n");
    assert_eq!(html("```\r\na\r\n```\r\n"), "<pre><code>a\n</code></pre>\n");
}

#[test]
fn directions_do_not_leak() {
    assert_eq!(html("a\u{202e}b\n\nc"), "<p>a\u{202e}b\u{202c}</p>\n<p>c</p>\n");
    assert_eq!(html("&#x202e;b"), "<p>\u{202e}b\u{202c}</p>\n");
}

#[test]
fn an_empty_body_is_nothing() {
    assert_eq!(html(""), "");
    assert!(outline("", &options()).is_empty);
}
