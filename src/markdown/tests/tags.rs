//! Shortcodes and other generators' tags.

use super::super::testing::{Archive, html, options, problems, rendered, without_numbers};
use super::super::{MarkdownOptions, render};
use crate::base::choices::ForeignTags;

fn dropped(body: &str) -> String {
    let options = MarkdownOptions { foreign_tags: ForeignTags::Drop, ..options() };
    without_numbers(&render(body, &options, &Archive).html)
}

#[test]
fn shortcodes_stand_as_blocks_or_in_lines() {
    assert_eq!(
        html("a\n\n{{ box(a=1) }}\n\nb"),
        "<p>a</p>\n<output class=\"box\">1</output>\n<p>b</p>\n"
    );
    assert_eq!(html("a\n{{ box() }}\nb"), "<p>a</p>\n<output class=\"box\">0</output>\n<p>b</p>\n");
    assert_eq!(html("a {{ box() }} b"), "<p>a <output class=\"box\">0</output> b</p>\n");
    assert_eq!(html("<i>x</i> {{ box() }}"), "<p><i>x</i> <output class=\"box\">0</output></p>\n");
    assert!(html("<div>\n{{ box() }}\n</div>\n").contains("<output class=\"box\">0</output>"));
    assert!(html("- {{ box() }}\n").contains("<li><output class=\"box\">0</output></li>"));
    assert!(
        html("> {{ box() }}\n")
            .contains("<blockquote>\n<output class=\"box\">0</output>\n</blockquote>")
    );
}

#[test]
fn paragraphs_keep_their_numbers() {
    assert!(rendered("{{ box() }}\n\n{{< x >}}\n\nText.").html.contains("<p id=\"p1\">"));
}

#[test]
fn shortcodes_that_fail_are_shown() {
    assert_eq!(html("a {{ none(b=\"<i>\") }}"), "<p>a {{ none(b=\"&lt;i&gt;\") }}</p>\n");
    assert_eq!(problems("a {{ none() }}"), [("shortcode", "{{ none() }}")]);
    assert_eq!(problems("é\n\n{{ box(a= }} x"), [("shortcode", "{{ box(a= }}")]);
    assert_eq!(html("{{ box(a= }}"), "<p>{{ box(a= }}</p>\n");
}

#[test]
fn code_addresses_and_attributes_run_nothing() {
    assert_eq!(html("`{{ box() }}`"), "<p><code>{{ box() }}</code></p>\n");
    assert_eq!(html("```\n{{ box() }}\n```\n"), "<pre><code>{{ box() }}\n</code></pre>\n");
    assert!(!html("[a]({{ box() }})").contains("output"));
    assert!(problems("[a]({{ box() }})").contains(&("shortcode", "[a]({{ box() }})")));
    assert!(!html("<b title=\"{{ box() }}\">x</b>").contains("<output"));
    assert!(!html("![{{ box() }}](a.png \"{{ box() }}\")").contains("<output"));
}

#[test]
fn foreign_tags_are_shown_as_they_are() {
    let body = "A {{< card\n title=\"x\" >}} and {% raw %} \"b\"\n";
    assert_eq!(
        html(body),
        "<p>A <span class=\"foreign-tag\">{{&lt; card\n title=\"x\" &gt;}}</span> and <span class=\"foreign-tag\">{% raw %}</span> “b”</p>\n"
    );
    assert_eq!(rendered(body).foreign_tags, 2);
    let found = problems(body);
    assert_eq!(found, [("foreign-tag", "{{< card\n title=\"x\" >}}")]);
    assert_eq!(
        html("{{< ad 1 >}}\n"),
        "<p><span class=\"foreign-tag\">{{&lt; ad 1 &gt;}}</span></p>\n"
    );
}

#[test]
fn foreign_tags_are_dropped_and_their_content_stays() {
    assert_eq!(
        dropped("{% highlight ruby %}\n\nputs\n\n{% endhighlight %}\n").trim(),
        "<pre><code class=\"language-ruby\">puts\n</code></pre>"
    );
    assert_eq!(dropped("a {{ page.title }} b"), "<p>a  b</p>\n");
    assert_eq!(dropped("**{{% b %}}x{{% /b %}}**"), "<p><strong>x</strong></p>\n");
}

#[test]
fn addresses_lose_their_tags() {
    assert_eq!(html("[x]({{ site.baseurl }}/known/)"), "<p><a href=\"/base/known/\">x</a></p>\n");
    assert_eq!(
        html("<a href=\"{{ site.baseurl }}/known/\">x</a>"),
        "<p><a href=\"/base/known/\">x</a></p>\n"
    );
    assert_eq!(html("[x]({{< ref \"known.md\" >}})"), "<p><a href=\"/base/known/\">x</a></p>\n");
    assert!(html("[x]({{ '/known/' | url }})").contains("<a href=\"/base/known/\">x</a>"));
    assert_eq!(
        html("[x]({% link known.md %} \"t\")"),
        "<p><a href=\"/base/known/\" title=\"t\">x</a></p>\n"
    );
    assert_eq!(html("![x]({{ a.b }}a.png)").matches("/base/a.png").count(), 1);
    assert!(html("[x]({{ page.url }})").contains("unresolved-link"));
}

#[test]
fn what_is_no_tag_is_text() {
    for body in ["{{< x", "{{ x", "{% x", "a {{}} b", "\\{{ x }}", "{x}", "{{<"] {
        assert_eq!(rendered(body).foreign_tags, 0, "{body}");
        assert!(!html(body).contains("foreign-tag"));
    }
}

#[test]
fn nobody_forges_a_placeholder() {
    let body = "{{ box() }} \u{F0000}0\u{F0000} &#xF0001;0&#xF0001; &#983042;0&#983042;";
    assert_eq!(html(body).matches("<output").count(), 1);
    let raw = "{{ box() }} <b title=\"\u{F0000}0\u{F0000}\">&#xF0001;0&#xF0001;</b>";
    assert_eq!(html(raw).matches("<output").count(), 1);
}

#[test]
fn problems_stand_where_they_are_in_the_body() {
    let body = "{{< a >}}\n\n{{ box() }}\n\n[x](nowhere.md) {% b %} <form>\n";
    assert_eq!(
        problems(body),
        [
            ("foreign-tag", "{{< a >}}"),
            ("unresolved-link", "[x](nowhere.md)"),
            ("removed-html", "<form>")
        ]
    );
}
