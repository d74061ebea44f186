//! Malicious bodies. Without limits of time or depth each would hang, or swallow the rest of the
//! page; the tests check the size and shape of the output.

use proptest::prelude::*;
use scraper::Html;

use super::super::testing::{Archive, html, options, rendered};
use super::super::{MarkdownOptions, outline, render, summary};
use crate::base::choices::{ForeignTags, RawHtml};

fn deepest(html: &str) -> usize {
    let document = Html::parse_fragment(html);
    document.tree.nodes().map(|node| node.ancestors().count()).max().unwrap_or(0)
}

#[test]
fn depth_is_bounded_and_text_kept() {
    let items: Vec<String> = (0..300).map(|level| format!("{}- x\n", "  ".repeat(level))).collect();
    let nested_list = items.concat();
    let bodies = [
        format!("{}text", ">".repeat(50_000)),
        format!("{}text", "- ".repeat(20_000)),
        format!("{nested_list}\ntext"),
        format!("{}text", "1. ".repeat(5_000)),
        format!("{}text{}", "*a **b ".repeat(2_000), "** *".repeat(2_000)),
        format!("{}text", "<div>".repeat(50_000)),
        format!("{}text", "<b>".repeat(5_000)),
        format!("{}\n\ntext", "<div>\n\n> ".repeat(500)),
        format!("{}text", "[^1]: ".repeat(2_000)),
    ];
    for body in bodies {
        let html = rendered(&body).html;
        assert!(html.contains("text"), "{}", &body[..20]);
        assert!(deepest(&html) < 130, "{}: {}", &body[..20], deepest(&html));
    }
}

#[test]
fn too_much_raw_html_is_shown_as_text() {
    let body = format!("First.\n\n{}", "<i>x</i> ".repeat(6_000));
    let found = rendered(&body);
    assert!(found.html.contains("&lt;i&gt;x"));
    assert_eq!(
        found.problems.iter().filter(|problem| problem.rule.name() == "broken-html").count(),
        1
    );
}

#[test]
fn output_stays_in_proportion() {
    let bodies = [
        "[".repeat(100_000),
        "![".repeat(100_000),
        "{{".repeat(50_000),
        "{{< ".repeat(50_000),
        "{% ".repeat(50_000),
        "{{ a(b='".repeat(50_000),
        "`{{".repeat(30_000),
        "<!-- ".repeat(30_000),
        "<a ".repeat(30_000),
        "&#".repeat(50_000),
        "#".repeat(50_000),
        "# ".repeat(50_000),
        "*".repeat(50_000),
        "\u{202e}".repeat(50_000),
        "x".repeat(2_000_000),
        (0..3_000).map(|n| format!("a[^{n}]\n\n[^{n}]: b\n\n")).collect::<Vec<_>>().concat(),
        "## a\n\n".repeat(5_000),
        "[a](#a)\n\n".repeat(5_000),
        "|a".repeat(5_000) + "\n" + &"|-".repeat(5_000) + "\n",
    ];
    for body in bodies {
        let html = rendered(&body).html;
        assert!(
            html.len() < body.len() * 60 + 1_000,
            "{:?}: {}",
            &body[..12.min(body.len())],
            html.len()
        );
    }
}

/// Random combinations of significant markup.
fn body() -> impl Strategy<Value = String> {
    const PIECES: [&str; 77] = [
        "a",
        "é",
        " ",
        "\n",
        "\n\n",
        "    ",
        "> ",
        "- ",
        "1. ",
        "# ",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "![",
        "<",
        ">",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<table>",
        "<tr><td>",
        "<a href=\"",
        "\">",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<style>",
        "javascript:",
        " onclick=x ",
        "{{ box() }}",
        "{{< x >}}",
        "{{",
        "}}",
        "{%",
        "%}",
        "[^1]",
        "[^1]: ",
        "|",
        "|-|-|\n",
        "\u{202e}",
        "\u{f0000}",
        "&#xF0000;",
        "\0",
        "\r",
        "<iframe src=\"//x\">",
        "</iframe>",
        "<audio src=talk.mp3 onplay=x autoplay>",
        "<audio>",
        "</audio>",
        "<video poster=javascript:x src=",
        "<video width=3 height=2 poster=a.png>",
        "</video>",
        "<source src=\"film.mp4\">",
        "<source src=\"//x/y.mp4\" onerror=x>",
        "<source src=\"javascript:x\">",
        "<track src=film.vtt>",
        "<track src=\"https://x/y.vtt\">",
        "<object data=scan.pdf>",
        "<object data=\"data:text/html,x\">",
        "</object>",
        "<embed src=talk.mp3>",
        "<embed src=\"javascript:x.pdf\">",
        "![x](talk.mp3)",
        "![](//x/y.mp4 \"t\")",
        "[x](scan.pdf)",
        "#a",
        "- [x] ",
        "<li>",
    ];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_panics_and_nothing_runs(body in prop_oneof![body(), any::<String>()], drop in any::<bool>()) {
        let foreign_tags = if drop { ForeignTags::Drop } else { ForeignTags::Show };
        let found = render(&body, &MarkdownOptions { foreign_tags, ..options() }, &Archive);
        check_html(&found.html);
        for problem in &found.problems {
            prop_assert!(body.get(problem.range.clone()).is_some(), "{:?}", problem);
        }
        render(&body, &MarkdownOptions { raw_html: RawHtml::Trust, ..options() }, &Archive);
        let outline = outline(&body, &options());
        summary(&outline.first_paragraph.unwrap_or_default(), "de");
    }
}

fn check_html(html: &str) {
    let document = Html::parse_fragment(html);
    let mut ids = std::collections::HashSet::new();
    let mut links = Vec::new();
    for node in document.tree.nodes() {
        let Some(element) = node.value().as_element() else { continue };
        // The shortcode's HTML is not cleaned.
        assert!(
            !["script", "style", "iframe", "object", "embed", "svg"].contains(&element.name()),
            "{html}"
        );
        for (name, value) in element.attrs() {
            assert!(
                !name.starts_with("on") && name != "style" && !name.starts_with("data-"),
                "{name} in {html}"
            );
            if name == "href" || name == "src" {
                assert!(
                    !value
                        .to_lowercase()
                        .replace(|c: char| c <= ' ', "")
                        .starts_with("javascript:"),
                    "{html}"
                );
            }
            let is_of_player = ["audio", "video", "source", "track"].contains(&element.name());
            if is_of_player && matches!(name, "src" | "poster") {
                assert!(value.starts_with("/base/"), "{value} in {html}");
            }
            assert!(name != "autoplay" && name != "srcdoc", "{html}");
            match name {
                "id" => assert!(ids.insert(value.to_owned()), "{value} twice in {html}"),
                "href" if value.starts_with('#') => links.push(value[1..].to_owned()),
                _ => {}
            }
        }
    }
    for link in links {
        let decoded = percent_encoding::percent_decode_str(&link).decode_utf8_lossy().into_owned();
        assert!(ids.contains(&decoded), "#{link} leads nowhere in {html}");
    }
    // A browser must parse what was written: no tag is missing or added.
    let again = Html::parse_fragment(&document.html());
    assert_eq!(document.html(), again.html());
}

#[test]
fn bodies_that_broke_it_once() {
    for body in
        ["\u{F0000}", "[a](#\u{F0000})", "<a\u{F0000}", "- [x] > a", "| a |\n|-|\n| <b> |\n"]
    {
        check_html(&html(body));
    }
}
