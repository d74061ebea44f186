//! Small examples of HTML in real exports, and the expected Markdown.

use proptest::prelude::*;

use super::{Addresses, LossKind, Unchanged, convert};
use crate::import::built::built;
use crate::import::words::compare;

fn markdown(html: &str) -> String {
    convert(html, &Unchanged).markdown
}

#[track_caller]
fn becomes(html: &str, expected: &str) {
    assert_eq!(markdown(html), expected, "{html}");
}

/// Converts and renders.
fn again(html: &str) -> String {
    // Headings have a link to themselves.
    built(&markdown(html)).replace(">#</a></h", "></a></h")
}

#[track_caller]
fn loses_no_word(html: &str) {
    let kept = compare(html, &again(html));
    assert_eq!(kept.lost, 0, "{html}\n{}\n{}", markdown(html), again(html));
}

#[track_caller]
fn is_lost(html: &str, kind: LossKind) {
    let losses = convert(html, &Unchanged).losses;
    assert!(losses.iter().any(|loss| loss.kind == kind), "{html}: {losses:?}");
}

#[test]
fn emphasis_glued_to_a_letter_stays_emphasis() {
    let html = "<p><strong>«Слово»</strong>текст <em>(a)</em>b <b>x </b>y<b> z</b></p>";
    becomes(html, "<strong>«Слово»</strong>текст <em>(a)</em>b **x** y **z**");
    for html in [
        "<p><strong>«Слово»</strong>текст</p>",
        "<p>a<b>b</b>c <i>d</i>e</p>",
        "<p><b><i>both</i></b> and <i><b>both</b></i></p>",
        "<p><b>one</b><i>two</i><b>three</b></p>",
        "<p><b>a <i>b</i> c</b> <i>d <b>e</b></i></p>",
        "<p>他说：<strong>“你好。”</strong>然后</p>",
        "<p><b>*</b> <b>a*</b>b <i>_</i></p>",
        "<p><b>word,</b>word <b>(word)</b>word</p>",
    ] {
        let shown = again(html).replace("</p>\n", "</p>");
        let strong = |text: &str| text.matches("<strong").count() + text.matches("<b>").count();
        let emphasis = |text: &str| text.matches("<em").count() + text.matches("<i>").count();
        assert_eq!(strong(&shown), strong(html), "{html}\n{}\n{shown}", markdown(html));
        assert_eq!(emphasis(&shown), emphasis(html), "{html}\n{}\n{shown}", markdown(html));
        loses_no_word(html);
    }
}

#[test]
fn an_exclamation_mark_before_a_link_makes_no_picture() {
    becomes("<p>Look!<a href=\"http://x/\">here</a></p>", "Look\\![here](http://x/)");
    assert!(!again("<p>Look!<a href=\"http://x/\">here</a></p>").contains("<img"));
}

#[test]
fn code_keeps_its_lines_with_and_without_an_inner_element() {
    becomes("<pre>line 1\n  line 2\n\nline 3</pre>", "```\nline 1\n  line 2\n\nline 3\n```");
    becomes(
        "<pre><code class=\"language-rust\">a &lt; b<br>```</code></pre>",
        "````rust\na < b\n```\n````",
    );
    becomes("<p>run <code>a `b`</code></p>", "run `` a `b` ``");
}

#[test]
fn a_table_without_a_head_is_a_table() {
    let html = "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>";
    assert_eq!(again(html).matches("<td>").count(), 4, "{}", again(html));
    becomes(
        "<table><tr><th>a</th><th>b|c</th></tr><tr><td>1<br>2</td><td><b>3</b></td></tr></table>",
        "| a | b\\|c |\n| --- | --- |\n| 1<br>2 | **3** |",
    );
    let spans = "<table><thead><tr><th colspan=\"2\">H</th></tr></thead><tr><td>a</td><td>b</td></tr></table>";
    assert!(again(spans).contains("colspan=\"2\""), "{}", again(spans));
    becomes("<table><tr><td><p>only a place</p></td></tr></table>", "only a place");
}

#[test]
fn a_picture_keeps_its_caption() {
    let html = "<figure class=\"wp-block-image\"><a href=\"http://x/full.jpg\">\
                <img src=\"http://x/a.jpg\" alt=\"A\"></a><figcaption>Photo: <em>R</em></figcaption></figure>";
    let shown = again(html);
    assert!(shown.contains("<figcaption>") && shown.contains("http://x/a.jpg"), "{shown}");
    loses_no_word(html);
}

#[test]
fn a_picture_that_waits_for_scrolling_has_its_real_address() {
    becomes(
        "<p><img src=\"data:image/gif;base64,R0\" data-src=\"http://x/a.jpg\" alt=\"A [1]\"></p>",
        "![A \\[1\\]](http://x/a.jpg)",
    );
    is_lost("<p><img src=\"data:image/gif;base64,R0\"></p>", LossKind::InlinePicture);
    is_lost("<p><img src=\"http://x/p\" width=\"1\" height=\"1px\"></p>", LossKind::TrackingPixel);
}

#[test]
fn what_plays_or_embeds_becomes_a_link() {
    for html in [
        "<iframe src=\"https://www.youtube.com/embed/abc\"></iframe>",
        "<p>text <iframe src=\"//www.youtube.com/embed/abc\"></iframe></p>",
        "<object><param name=\"movie\" value=\"https://www.youtube.com/embed/abc\"></object>",
        "<video><source src=\"https://www.youtube.com/embed/abc\"></video>",
        "<figure><audio src=\"https://www.youtube.com/embed/abc\"></audio><figcaption>c</figcaption></figure>",
    ] {
        let link = "(https://www.youtube.com/embed/abc)";
        assert!(markdown(html).contains(link), "{}", markdown(html));
        is_lost(html, LossKind::Embed);
    }
    is_lost("<iframe></iframe>", LossKind::EmbedWithoutAddress);
    is_lost("<script src=\"http://x/a.js\"></script>", LossKind::Script);
}

#[test]
fn lists_stay_what_they_are() {
    becomes("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c");
    becomes("<ol start=\"3\"><li>c</li><li>d</li></ol>", "3. c\n4. d");
    becomes("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b");
    becomes("<ul><li></li><li><hr></li></ul>", "- ___");
    becomes("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b");
    let html = "<ul><li>a<ol start=\"7\"><li>b</li></ol></li><li><p>d</p><p>e</p><pre>f\n\ng</pre></li></ul>";
    assert!(again(html).contains("start=\"7\""), "{}", again(html));
    loses_no_word(html);
}

#[test]
fn text_that_looks_like_markdown_stays_text() {
    becomes(
        "<p>2017. A year<br>- dash<br>+ plus<br># hash</p>",
        "2017\\. A year\\\n\\- dash\\\n\\+ plus\\\n\\# hash",
    );
    becomes("<p>{{ name }} and {% if %}</p>", "\\{{ name }} and \\{% if %}");
    becomes(
        "<p>&amp;copy; AT&amp;T &lt;b&gt; 5 &lt; 6 a_b_c</p>",
        "&amp;copy; AT&T \\<b> 5 < 6 a_b_c",
    );
    for text in [
        "**a**",
        "`b`",
        "[c](d)",
        "~~e~~",
        "_f_",
        "> g",
        "1) h",
        "=== i",
        "| j | k |",
        ": l",
        "[^1]: m",
    ] {
        let html = format!("<p>{text}</p>");
        let shown = scraper::Html::parse_fragment(&again(&html));
        let shown: String = shown.root_element().text().collect();
        assert_eq!(shown.trim(), text, "{}", markdown(&html));
    }
}

#[test]
fn notes_that_link_to_each_other_still_do() {
    let html = "<p>text<a href=\"#_ftn1\" name=\"_ftnref1\">[1]</a></p>\
                <p><a href=\"#_ftnref1\" name=\"_ftn1\">[1]</a> note</p>";
    let shown = again(html);
    assert_eq!(shown.matches(" id=\"c-_ftn").count(), 2, "{shown}");
    loses_no_word(html);
}

#[test]
fn two_line_breaks_begin_a_paragraph() {
    becomes("<p>a<br><br>b<br />c</p>", "a\n\nb\\\nc");
    becomes("<div>a<br> <br/>b</div>", "a\n\nb");
}

#[test]
fn holes_of_two_spaces_and_hard_spaces_stay() {
    becomes("<p>an article about  and the\u{a0} end</p>", "an article about  and the\u{a0} end");
    becomes("<p>lines\n   of  text</p>", "lines of  text");
}

#[test]
fn the_direction_of_writing_stays() {
    for html in ["<p dir=\"rtl\">نص عربي</p>", "<p style=\"direction: rtl\">نص عربي</p>"]
    {
        assert!(again(html).contains("dir=\"rtl\""), "{}", again(html));
    }
}

#[test]
fn emphasis_around_paragraphs_is_in_each_of_them() {
    becomes("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**");
}

#[test]
fn addresses_are_asked_for_wherever_they_stand() {
    struct Elsewhere;
    impl Addresses for Elsewhere {
        fn link(&self, address: &str) -> String {
            address.replace("old", "new")
        }
        fn picture(&self, address: &str) -> String {
            address.replace("old", "pic")
        }
    }
    let html = "<p><a href=\"http://old/\">a</a><img src=\"http://old/a.png\"></p>\
                <dl><dt><a href=\"http://old/b\">b</a></dt></dl>\
                <figure><img src=\"http://old/c.png\"><figcaption>c</figcaption></figure>";
    let text = convert(html, &Elsewhere).markdown;
    assert!(!text.contains("old"), "{text}");
    assert_eq!((text.matches("new").count(), text.matches("pic").count()), (2, 2), "{text}");
}

#[test]
fn addresses_with_signs_of_markdown_stay_whole() {
    becomes("<p><a href=\"http://x/a (b)\">c</a></p>", "[c](<http://x/a (b)>)");
    becomes("<p><a href=\"http://x/?a=1&amp;b=2\">c</a></p>", "[c](http://x/?a=1&b=2)");
    becomes("<p><a href=\"javascript:x()\">c</a></p>", "c");
}

/// Random text and inline elements.
fn inline() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,4}",
        Just("«Слово»".to_owned()),
        Just("（他）".to_owned()),
        "[*_~`!#{}|\\\\.:=-]{1,3}",
        Just(" ".to_owned()),
        Just("&amp;amp; &lt;b&gt;".to_owned()),
        Just("[x]".to_owned()),
        Just("<br>".to_owned()),
    ];
    word.prop_recursive(4, 24, 5, |inner| {
        let many = prop::collection::vec(inner, 1..5).prop_map(|all| all.concat()).boxed();
        let names =
            prop::sample::select(vec!["b", "i", "em", "strong", "u", "sup", "span", "del", "q"]);
        prop_oneof![
            (names, many.clone()).prop_map(|(name, inner)| format!("<{name}>{inner}</{name}>")),
            many.prop_map(|inner| format!("<a href=\"http://x/\">{inner}</a>")),
        ]
    })
}

fn block() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(inline(), 1..5).prop_map(|all| all.concat()).boxed();
    let paragraph = words.clone().prop_map(|words| format!("<p>{words}</p>"));
    paragraph.prop_recursive(4, 24, 4, move |inner| {
        let many = prop::collection::vec(inner, 1..4).prop_map(|all| all.concat()).boxed();
        let names = prop::sample::select(vec!["div", "blockquote", "li", "section"]);
        let lists = prop::sample::select(vec!["ul", "ol"]);
        prop_oneof![
            (names, many.clone()).prop_map(|(name, inner)| format!("<{name}>{inner}</{name}>")),
            (lists, many.clone()).prop_map(|(name, inner)| format!("<{name}><li>{inner}</li></{name}>")),
            (inner_names(), words.clone()).prop_map(|(name, inner)| format!("<{name}>{inner}</{name}>")),
            many.prop_map(|inner| format!("<table><tr><th>{inner}</th><th>h</th></tr><tr><td>a</td><td>{inner}</td></tr></table>")),
        ]
    })
}

fn inner_names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["h2", "h3", "li", "td", "dd"])
}

/// The visible text without white space.
fn seen(html: &str) -> String {
    let tree = crate::import::html::Tree::fragment(html);
    let text = crate::import::html::text_of(tree.root());
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn no_character_is_lost_whatever_stands_beside_it(html in inline()) {
        let html = format!("<p>{html}</p>");
        prop_assert_eq!(seen(&html), seen(&again(&html)), "{}\n{}", markdown(&html), again(&html));
    }

    #[test]
    fn no_character_is_lost_whatever_it_stands_in(html in block()) {
        prop_assert_eq!(seen(&html), seen(&again(&html)), "{}\n{}", markdown(&html), again(&html));
    }
}
