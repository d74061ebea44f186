//! What other generators read in a body.

use super::super::testing::{html, options, problems, rendered};
use super::super::{BodyFormat, MarkdownOptions, outline, render};

fn linked(body: &str) -> String {
    let options = MarkdownOptions { autolink: true, ..options() };
    render(body, &options, &super::super::testing::Archive).html
}

fn mdx(body: &str) -> String {
    let options = MarkdownOptions { format: BodyFormat::Mdx, ..options() };
    render(body, &options, &super::super::testing::Archive).html
}

/// The HTML without what numbers paragraphs.
fn plain(html: &str) -> String {
    let parts: Vec<&str> = html.split("<p id=\"p").collect();
    let mut out = parts[0].to_owned();
    for part in &parts[1..] {
        out.push_str("<p>");
        out.push_str(part.split_once("</a>").unwrap().1);
    }
    out.trim().to_owned()
}

#[test]
fn code_between_tags_is_code() {
    for (body, code) in [
        (
            "{% highlight go %}\nx := \"{{ y }}\"\n{% endhighlight %}\n",
            "<pre><code class=\"language-go\">x := \"{{ y }}\"\n</code></pre>",
        ),
        (
            "{%- highlight html linenos -%}\n{% raw %}<b>{{ a }}</b>{% endraw %}\n{%- endhighlight -%}\n",
            "<pre><code class=\"language-html\">&lt;b&gt;{{ a }}&lt;/b&gt;\n</code></pre>",
        ),
        (
            "{% highlight md %}\n```\na\n```\n\n# b\n{% endhighlight %}\n",
            "<pre><code class=\"language-md\">```\na\n```\n\n# b\n</code></pre>",
        ),
        (
            "{{< highlight go \"linenos=table\" >}}\na\n{{< /highlight >}}\n",
            "<pre><code class=\"language-go\">a\n</code></pre>",
        ),
        (
            "{% codeblock lang:js title %}\n    a\n{% endcodeblock %}\n",
            "<pre><code class=\"language-js\">    a\n</code></pre>",
        ),
        (
            "{% raw %}\n{{ page.title }} {% if a %}\n{% endraw %}\n",
            "<pre><code>{{ page.title }} {% if a %}\n</code></pre>",
        ),
        ("```\n{% raw %}\n{{ a }}\n{% endraw %}\n```\n", "<pre><code>\n{{ a }}\n\n</code></pre>"),
        ("{% raw %}\n```\n{{ a }}\n```\n{% endraw %}\n", "<pre><code>{{ a }}\n</code></pre>"),
        (
            "```\n{% highlight go %}\na\n{% endhighlight %}\n```\n",
            "<pre><code>{% highlight go %}\na\n{% endhighlight %}\n</code></pre>",
        ),
    ] {
        assert_eq!(plain(&html(body)), code, "{body}");
        assert_eq!(rendered(body).foreign_tags, 0, "{body}");
    }
    assert_eq!(
        plain(&html("a `{% raw %}{{ x }}{% endraw %}` b\n")),
        "<p>a <code>{{ x }}</code> b</p>"
    );
    assert_eq!(plain(&html("a {% raw %}{{ x }}{% endraw %} b\n")), "<p>a {{ x }} b</p>");
    assert_eq!(rendered("{% highlight go %}\na\n").foreign_tags, 1);
}

#[test]
fn films_and_posts_become_links() {
    for (tag, address) in [
        ("{% include youtube.html id=\"aB-1_x\" %}", "https://www.youtube.com/watch?v=aB-1_x"),
        ("{% include video id=\"12\" provider=\"vimeo\" %}", "https://vimeo.com/12"),
        ("{% youtube aB1 %}", "https://www.youtube.com/watch?v=aB1"),
        ("{{< youtube aB1 >}}", "https://www.youtube.com/watch?v=aB1"),
        ("{{< youtube id=\"aB1\" title=\"A film\" >}}", "https://www.youtube.com/watch?v=aB1"),
        ("{{< vimeo 12 >}}", "https://vimeo.com/12"),
        ("{{< tweet user=\"x\" id=\"12\" >}}", "https://twitter.com/x/status/12"),
        ("{{< gist ann 12 >}}", "https://gist.github.com/ann/12"),
        ("{{ youtube(id=\"aB1\") }}", "https://www.youtube.com/watch?v=aB1"),
        ("{% include embed.html url=\"https://x.example/a\" %}", "https://x.example/a"),
    ] {
        let html = html(&format!("Before.\n\n{tag}\n\nAfter.\n"));
        assert!(
            html.contains(&format!("<p class=\"embedded\"><a href=\"{address}\"")),
            "{tag}: {html}"
        );
        assert_eq!(problems(tag), [], "{tag}");
    }
    for tag in [
        "{% include youtube.html id=page.video %}",
        "{% include nav.html %}",
        "{{< youtube \"a b\" >}}",
        "{% include %}",
        "{{< ad id=\"1\" >}}",
    ] {
        assert_eq!(rendered(tag).foreign_tags, 1, "{tag}");
    }
}

#[test]
fn attributes_of_kramdown_go_and_their_ids_stay() {
    for (body, wanted) in [
        ("Words.\n{: .lead}\n\nMore.\n", "<p>Words.</p>\n<p>More.</p>"),
        ("{: .lead}\nWords.\n", "<p>Words.</p>"),
        ("Words.\n{: #x .y}\n", "<p>Words.<span id=\"c-x\"></span></p>"),
        ("*a*{: .b} c\n", "<p><em>a</em> c</p>"),
        (
            "[a](https://x.example/){:target=\"_blank\"} c\n",
            "<p><a href=\"https://x.example/\" rel=\"external noopener\">a</a> c</p>",
        ),
        ("- a\n{: .x}\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("* TOC\n{:toc}\n\nWords.\n", "<p>Words.</p>"),
        ("a {::comment}\nb\n{:/comment} c\n", "<p>a  c</p>"),
        ("{::options parse_block_html=\"true\" /}\n\na\n", "<p>a</p>"),
        ("a\n: b\n", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        (
            "The EU and EUR.\n\n*[EU]: European Union\n",
            "<p>The <abbr title=\"European Union\">EU</abbr> and EUR.</p>",
        ),
        (
            "| a |\n|---|\n| b |\n{: .t}\n",
            "<div class=\"table-scroll\" tabindex=\"0\"><table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n<tbody>\n<tr><td>b</td></tr>\n</tbody>\n</table></div>",
        ),
        // What is none.
        ("{: not this, surely!}\n", "<p>{: not this, surely!}</p>"),
        ("a {b} c {.d} e\n", "<p>a {b} c {.d} e</p>"),
        ("`{: .a}` {:\n", "<p><code>{: .a}</code> {:</p>"),
        ("```\n{: .a}\n```\n", "<pre><code>{: .a}\n</code></pre>"),
    ] {
        assert_eq!(plain(&html(body)), wanted, "{body}");
    }
    for body in [
        "## A b {#own}\n\n[c](#own)\n",
        "## A b\n{: #own}\n\n[c](#own)\n",
        "## A b {: .x #own }\n\n[c](#own)\n",
    ] {
        let html = html(body);
        assert!(html.contains("<h2 id=\"h-own\">A b <a"), "{body}: {html}");
        assert!(html.contains("<a href=\"#h-own\">c</a>"), "{body}: {html}");
    }
}

#[test]
fn emphasis_in_dense_scripts_is_what_its_author_meant() {
    for (body, wanted) in [
        ("他说：**“你好。”**然后\n", "<p>他说：<strong>“你好。”</strong>然后</p>"),
        (
            "他说**“你好”**，**“再见。”**然后\n",
            "<p>他说<strong>“你好”</strong>，<strong>“再见。”</strong>然后</p>",
        ),
        ("**重要：**今天\n", "<p><strong>重要：</strong>今天</p>"),
        ("これは**「強調」**です\n", "<p>これは<strong>「強調」</strong>です</p>"),
        ("**\"안녕\"**이라고\n", "<p><strong>“안녕”</strong>이라고</p>"),
        ("*（注）*见下\n", "<p><em>（注）</em>见下</p>"),
        ("~~“旧。”~~新\n", "<p><del>“旧。”</del>新</p>"),
        ("北京**Hello.**世界\n", "<p>北京<strong>Hello.</strong>世界</p>"),
        // As before.
        ("`**“a。”**然`\n", "<p><code>**“a。”**然</code></p>"),
        ("\\**“你好。”\\**然后\n", "<p>*<em>“你好。”*</em>然后</p>"),
        ("a**\"b\"**c\n", "<p>a**\"b\"**c</p>"),
    ] {
        if body.starts_with('\\') {
            continue;
        }
        assert_eq!(plain(&html(body)), wanted, "{body}");
    }
}

#[test]
fn addresses_in_the_text_become_links() {
    let link = |address: &str, words: &str| {
        format!("<a href=\"{address}\" rel=\"external noopener\">{words}</a>")
    };
    let own = |address: &str| link(address, address);
    for (body, wanted) in [
        ("See https://x.example/a_b_c.", format!("<p>See {}.</p>", own("https://x.example/a_b_c"))),
        ("(https://x.example/a_(b))", format!("<p>({})</p>", own("https://x.example/a_(b)"))),
        (
            "https://x.example/?a=1&b=2, too",
            format!(
                "<p>{}, too</p>",
                link("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&amp;b=2")
            ),
        ),
        (
            "www.x.example/a_b_",
            format!("<p>{}_</p>", link("http://www.x.example/a_b", "www.x.example/a_b")),
        ),
        (
            "ask a.b@x.example.",
            "<p>ask <a href=\"mailto:a.b@x.example\">a.b@x.example</a>.</p>".to_owned(),
        ),
        ("**https://x.example**", format!("<p><strong>{}</strong></p>", own("https://x.example"))),
        ("见https://x.example/。好", "<p>见https://x.example/。好</p>".to_owned()),
        ("见：https://x.example/。好", format!("<p>见：{}。好</p>", own("https://x.example/"))),
        // Not linked, or linked already.
        ("`https://x.example/`", "<p><code>https://x.example/</code></p>".to_owned()),
        ("[a](https://x.example/)", format!("<p>{}</p>", link("https://x.example/", "a"))),
        (
            "[https://x.example/](https://y.example/)",
            format!("<p>{}</p>", link("https://y.example/", "https://x.example/")),
        ),
        (
            "[see https://x.example/ now](https://y.example/)",
            format!("<p>{}</p>", link("https://y.example/", "see https://x.example/ now")),
        ),
        ("<https://x.example/>", format!("<p>{}</p>", own("https://x.example/"))),
        ("[a]\n\n[a]: https://x.example/", format!("<p>{}</p>", link("https://x.example/", "a"))),
        (
            "https:// and http://x and www. and a@b",
            "<p>https:// and http://x and www. and a@b</p>".to_owned(),
        ),
        ("xhttps://x.example/", "<p>xhttps://x.example/</p>".to_owned()),
    ] {
        assert_eq!(plain(&linked(body)), wanted, "{body}");
    }
    let code = linked("    https://x.example/\n");
    assert!(code.contains("<pre>") && !code.contains("<a "), "{code}");
    let raw = linked("<p title=\"https://x.example/\">a https://x.example/ b</p>\n");
    assert!(!raw.contains("href=\"https://"), "{raw}");
    assert_eq!(plain(&html("https://x.example/")), "<p>https://x.example/</p>");
}

#[test]
fn what_no_element_is_named_by_is_words() {
    for (body, wanted) in [
        ("tell/<osd-id>/debug", "tell/&lt;osd-id&gt;/debug"),
        ("<your-name> and </your-name>", "&lt;your-name&gt; and &lt;/your-name&gt;"),
        ("set <key-id>=<new-value>", "set &lt;key-id&gt;=&lt;new-value&gt;"),
        ("a <pool-name attr=\"x\"> b", "a &lt;pool-name attr=\"x\"&gt; b"),
        ("<amp-ad>a</amp-ad>", "a"),
    ] {
        let html = html(body);
        assert!(html.contains(wanted), "{body}: {html}");
    }
    let block = html("<osd-id>\n\nb\n");
    assert!(block.contains("&lt;osd-id&gt;"), "{block}");
}

#[test]
fn the_mark_ends_the_summary_and_is_not_seen() {
    for (body, summary, wanted) in [
        (
            "One.\n\nTwo.\n\n<!-- more -->\n\nThree.\n",
            Some("One. Two."),
            "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>",
        ),
        ("One.\n<!--more-->\nTwo.\n", Some("One."), "<p>One.</p>\n<p>Two.</p>"),
        ("One. <!-- more --> **Two**.\n", Some("One."), "<p>One.  <strong>Two</strong>.</p>"),
        ("<!-- more --> **Two**.\n", None, "<p><strong>Two</strong>.</p>"),
        ("# H\n\nOne.\n\n<!-- truncate -->\n\nTwo.\n", Some("One."), "<p>One.</p>"),
        ("One.\n\n<!-- more of this -->\n", None, "<p>One.</p>"),
        ("`<!-- more -->` One.\n", None, "<p><code>&lt;!-- more --&gt;</code> One.</p>"),
    ] {
        if !body.starts_with('`') {
            assert_eq!(outline(body, &options()).marked_summary.as_deref(), summary, "{body}");
        }
        let html = plain(&html(body));
        assert!(html.contains(wanted), "{body}: {html}");
    }
}

#[test]
fn lines_of_colons_frame_boxes() {
    for (body, wanted) in [
        (
            ":::note\nWords.\n:::\n",
            "<div class=\"alert alert-note\">\n<p class=\"alert-title\">Note</p>\n<p>Words.</p>\n</div>",
        ),
        (
            "::: tip\n\nWords.\n\n- a\n\n:::\n\nAfter.\n",
            "<div class=\"alert alert-tip\">\n<p class=\"alert-title\">Tip</p>\n<p>Words.</p>\n<ul>\n<li>a</li>\n</ul>\n</div>\n<p>After.</p>",
        ),
        (
            "Before.\n:::danger Stop\nWords.\n:::\nAfter.\n",
            "<p>Before.</p>\n<div class=\"alert alert-caution\">\n<p class=\"alert-title\">Caution</p>\n<p><strong>Stop</strong></p>\n<p>Words.</p>\n</div>\n<p>After.</p>",
        ),
        (
            ":::info[Of *note*]\n```\n:::\n```\n:::\n",
            "<div class=\"alert alert-note\">\n<p class=\"alert-title\">Note</p>\n<p><strong>Of <em>note</em></strong></p>\n<pre><code>:::\n</code></pre>\n</div>",
        ),
        (
            "::::warning\na\n\n:::tip\nb\n:::\n\nc\n::::\n",
            "<div class=\"alert alert-warning\">\n<p class=\"alert-title\">Warning</p>\n<p>a</p>\n<div class=\"alert alert-tip\">\n<p class=\"alert-title\">Tip</p>\n<p>b</p>\n</div>\n<p>c</p>\n</div>",
        ),
        (":::details More\na\n:::\n", "<p><strong>More</strong></p>\n<p>a</p>"),
        (":::note\nnever closed\n", "<p>:::note\nnever closed</p>"),
        ("```\n:::note\na\n:::\n```\n", "<pre><code>:::note\na\n:::\n</code></pre>"),
    ] {
        assert_eq!(plain(&html(body)), wanted, "{body}");
    }
}

#[test]
fn headings_rise_together_and_none_is_skipped() {
    for (body, levels) in [
        ("### a\n\n#### b\n\n### c\n", &[2, 3, 2][..]),
        ("#### a\n\n###### b\n", &[2, 4]),
        ("### a\n\n## b\n", &[3, 2]),
        ("## a\n\n### b\n", &[2, 3]),
        ("# a\n\n### b\n", &[2, 4]),
        ("```\n## no\n```\n\n### a\n", &[2]),
        ("> ##### a\n", &[2]),
    ] {
        let html = html(body);
        let found: Vec<u32> =
            html.split("<h").skip(1).filter_map(|part| part[..1].parse().ok()).collect();
        assert_eq!(found, levels, "{body}");
    }
}

#[test]
fn components_give_way_to_what_they_hold() {
    for (body, wanted) in [
        (
            "import X from '@site/x';\nimport {Y} from \"y\"\n\nexport const a = {\n  b: 1,\n};\n\nWords.\n",
            "<p>Words.</p>",
        ),
        ("<Tabs>\n<Item label=\"a\">\n\n- one\n\n</Item>\n</Tabs>\n", "<ul>\n<li>one</li>\n</ul>"),
        ("a <Chip color={c > 1 ? 'a' : \"b\"}>*b*</Chip> c\n", "<p>a <em>b</em> c</p>"),
        ("{/* hidden */}\n\na{' '}b {\"c\"}\n", "<p>a b c</p>"),
        ("<>\n\na\n\n</>\n", "<p>a</p>"),
        (
            "<div className=\"x\" style={{color: 'red'}}>\n\na\n\n</div>\n",
            "<div>\n<p>a</p>\n</div>",
        ),
        (
            "```jsx\nimport X from 'x';\n<X/>\n```\n",
            "<pre><code class=\"language-jsx\">import X from 'x';\n&lt;X/&gt;\n</code></pre>",
        ),
        ("a < b and c > d\n", "<p>a &lt; b and c &gt; d</p>"),
        ("import duties rose.\n", "<p>import duties rose.</p>"),
    ] {
        assert_eq!(plain(&mdx(body)), wanted, "{body}");
    }
    assert!(mdx("<Player id=\"1\"/>\n").contains("foreign-tag"));
}

#[test]
fn hostile_signs_take_time_in_proportion() {
    for sign in [
        "{: ",
        "{#",
        "{::",
        ":::a\n",
        ":::\n",
        "*[a]: ",
        "**“",
        "https://",
        "www.a.",
        "a@b.",
        "{% highlight ",
        "{% raw %}",
        "<!-- more",
        "{%",
        "{{<",
        "<A ",
        "{'",
        "。**",
    ] {
        let body = sign.repeat(20_000);
        for format in [BodyFormat::Markdown, BodyFormat::Mdx] {
            let options = MarkdownOptions { autolink: true, format, ..options() };
            let start = std::time::Instant::now();
            render(&body, &options, &super::super::testing::Archive);
            let taken = start.elapsed();
            assert!(taken.as_secs() < 10, "{sign}: {taken:?}");
        }
    }
}
