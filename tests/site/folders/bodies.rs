//! Bodies as other generators write them, through a whole build.

use crate::archive::Archive;

const HEAD: &str = "---\ntitle: Talks\ndate: 2017-01-29\n---\n";

#[test]
fn texts_of_other_endings_are_read() {
    for (name, body, words) in [
        ("talks.mdx", "import A from 'a';\n\n<A>\n\nSome **words**.\n\n</A>\n", "Some words."),
        ("talks.markdown", "Some **words**.\n", "Some words."),
        ("talks.mkd", "Some **words**.\n", "Some words."),
        ("talks.html", "<p>Some <b>words</b>.</p>\n\n    <p>More.</p>\n", "Some words."),
        ("talks.HTM", "<div>\n\n<p>Some *words*.</p>\n\n</div>\n", "Some *words*."),
    ] {
        let built = Archive::new().article(name, &format!("{HEAD}{body}")).build().clean();
        let page = built.page("/2017/01/29/talks/");
        assert_eq!(page.text("#p1"), words, "{name}");
        assert!(!page.has("#p1 ~ pre"), "{name}");
    }
}

#[test]
fn html_without_front_matter_is_no_text() {
    let archive = Archive::new()
        .article("talks.md", &format!("{HEAD}Words.\n"))
        .article("old/page.html", "<p>Words.</p>\n")
        .file("content/old/latin.html", b"<p>W\xf6rter.</p>\n")
        .article("talk/index.md", &format!("{HEAD}Words.\n").replace("01-29", "01-30"))
        .article("talk/map.html", &format!("{HEAD}<p>A map.</p>\n"));
    let built = archive.build().succeeds();
    assert!(
        built.stderr().contains("2 .html (content/old/latin.html and others)"),
        "{}",
        built.stderr()
    );
    assert!(built.file("2017/01/30/talk/map.html").contains("title: Talks"));
    // Once it has front matter, it is one.
    archive.write("content/old/page.html", HEAD.replace("01-29", "01-31") + "<p>Words.</p>\n");
    let built = archive.build().succeeds();
    assert!(built.stderr().contains("1 .html (content/old/latin.html)"), "{}", built.stderr());
    assert_eq!(built.page("/2017/01/31/page/").text("#p1"), "Words.");
}

#[test]
fn raw_html_of_a_page_is_cleaned_like_any() {
    let body = "<script>alert(1)</script>\n<p onclick=\"x()\">Words.</p>\n{{ page.x }}\n";
    let built = Archive::new().article("talks.html", &format!("{HEAD}{body}")).build().succeeds();
    let html = built.page("/2017/01/29/talks/").html().to_owned();
    assert!(!html.contains("alert(1)") && !html.contains("onclick"), "{html}");
    assert!(html.contains("foreign-tag"), "{html}");
}

#[test]
fn the_mark_ends_the_summary_in_lists_and_feeds() {
    let built = Archive::new()
        .article("talks.md", &format!("{HEAD}One. Two.\n\nThree.\n\n<!-- more -->\n\nFour.\n"))
        .build()
        .clean();
    assert!(built.page("/").text("main").contains("One. Two. Three."));
    assert!(!built.page("/").text("main").contains("Four."));
}

#[test]
fn addresses_become_links_unless_the_settings_say_no() {
    let body = format!("{HEAD}See https://x.example/a.\n");
    let built = Archive::new().article("talks.md", &body).build().clean();
    assert!(built.page("/2017/01/29/talks/").has("#p1 a[href=\"https://x.example/a\"]"));
    let config = "[markdown]\nautolink = false\n";
    let built = Archive::new().config(config).article("talks.md", &body).build().clean();
    assert!(!built.page("/2017/01/29/talks/").has("#p1 a[href^=\"https:\"]"));
}
