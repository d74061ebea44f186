//! What a curator wrote otherwise than Dateline asks for is read where it can mean one thing only, and is told.

use crate::archive::Archive;

fn report(head: &str, body: &str) -> String {
    format!("---\ntitle: A\ndate: 2020-01-01\n{head}\n---\n{body}\n")
}

fn told(archive: &Archive) -> String {
    let check = archive.run(&["check"]);
    check.stderr() + check.stdout()
}

#[test]
fn holes_are_found_whatever_spaces_they_are_made_of() {
    for body in [
        "The agency has been \u{a0}about the talks.",
        "The agency has been\u{a0}\u{a0}about the talks.",
        "The agency has been &nbsp;about the talks.",
        "The agency has been&#160; about the talks.",
        "<p>The agency has been  about the talks.</p>",
        "<div>\n<p>Words. The agency has been &nbsp;about the talks.</p>\n</div>",
    ] {
        let said = told(&Archive::new().article("a.md", &report("", body)));
        assert!(said.contains("between “been” and “about” is a hole"), "{body}: {said}");
    }
}

#[test]
fn what_is_set_with_spaces_on_purpose_is_no_hole() {
    for body in [
        "The program listens on :7000 and is found here :) by all.",
        "He went to , and she came , and they left .",
        "Code such as <code>at : the</code> and `from  of` is no prose.",
        "<pre>\nhas been  about\n</pre>",
        "The agency has been\u{a0}about to speak.",
    ] {
        let said = told(&Archive::new().article("a.md", &report("", body)));
        assert!(!said.contains("is a hole") && !said.contains("no address"), "{body}: {said}");
    }
    let french = "Il dit : rien. Voir : le journal sur : la table ; il est là !";
    let said = told(&Archive::new().article("a.md", &report("language: fr", french)));
    assert!(!said.contains("is a hole") && !said.contains("no address"), "{said}");
}

#[test]
fn a_paragraph_of_raw_html_has_its_number_and_is_the_summary() {
    let body = "<p>The first <b>words</b>.</p>\n<p></p>\n<ul><li><p>An item.</p></li></ul>\n\nThe second.\n\n<p id=\"own\">The third.</p>";
    let built = Archive::new().article("a.md", &report("", body)).build().succeeds();
    let page = built.file("2020/01/01/a/index.html");
    assert!(page.contains("<p id=\"p1\"><a class=\"para\" href=\"#p1\""), "{page}");
    assert!(page.contains("</a>The first <b>words</b>.</p>"), "{page}");
    assert!(page.contains("<p id=\"p2\">"), "{page}");
    assert!(!page.contains("id=\"p3\"") && !page.contains("<p></p>"), "{page}");
    assert!(built.file("atom.xml").contains("<summary>The first words.</summary>"));
}

#[test]
fn tags_of_one_text_are_split_as_their_generators_do_and_that_is_told() {
    for (written, first, second) in [
        ("tags: \"a, b\"", "a", "b"),
        ("tags: a b", "a", "b"),
        ("categories: a,b", "a", "b"),
        ("tags: \"المال، السوق\"", "المال", "السوق"),
    ] {
        let archive = Archive::new().article("a.md", &report(written, "Words."));
        let built = archive.build().succeeds();
        assert!(
            built.has(&format!("/tags/{first}/")) && built.has(&format!("/tags/{second}/")),
            "{written}"
        );
        assert!(told(&archive).contains("was read as 2 tags"), "{written}");
    }
    let archive = Archive::new().article("a.md", &report("tags: Middle East", "Words."));
    assert!(archive.build().succeeds().has("/tags/middle-east/"));
}

#[test]
fn a_translation_that_is_named_and_not_linked_is_told() {
    let archive = Archive::new().article("a.md", &report("translation_of: b.md", "Words."));
    assert!(archive.build().succeeds().stderr().contains("“translation_of”"));
}

#[test]
fn characters_that_html_writes_are_decoded_once_and_told_once() {
    let mut archive = Archive::new();
    for at in 0..30 {
        let text = format!(
            "---\ntitle: \"Aren&#8217;t {at} &amp;lt; &eacute;\"\ndate: 2020-01-01\nauthors: [\"A&amp;B\"]\n---\nWords.\n"
        );
        archive = archive.article(&format!("r{at}.md"), &text);
    }
    let built = archive.build().succeeds();
    let page = built.page("/2020/01/01/r7/");
    assert!(page.text("h1").contains("Aren’t 7 &lt; é"), "{}", page.text("h1"));
    assert!(built.file("atom.xml").contains("<name>A&amp;B</name>"));
    let said = told(&archive);
    assert_eq!(said.matches("[encoded-text]").count(), 1, "{said}");
    assert!(said.contains("(and in 29 more files)"), "{said}");
}

#[test]
fn an_address_may_be_lost_wherever_one_can_stand() {
    let head = "original_url: lost:original\nvia: [{ name: War Press, url: \"lost:wp\" }]\n\
        archived: [{ url: \"lost:copy\" }]\nlinks: [{ url: \"https://x.example/\", archived: \"lost:it\" }]";
    let body =
        "A [word](lost:anything) of [x](https://x.example/). He {{ lost(words=\"verb\") }} it.";
    let built = Archive::new().article("a.md", &report(head, body)).build().clean();
    let page = built.file("2020/01/01/a/index.html");
    assert!(page.contains("War Press") && page.contains("(link lost)"), "{page}");
    assert!(page.contains("[words lost]"), "{page}");
    assert!(!page.contains("\"lost:"), "{page}");
}

#[test]
fn addresses_without_their_scheme_are_told_with_it() {
    let body = "[a](www.x.example/y) [b](a@b.example) [c](nowhere/at/all)";
    let said = Archive::new().article("a.md", &report("", body)).build().stderr();
    assert!(said.contains("write https://www.x.example/y"), "{said}");
    assert!(said.contains("write mailto:a@b.example"), "{said}");
    assert!(said.contains("give the path of the article's file"), "{said}");
}

#[test]
fn a_day_is_read_from_names_and_texts_that_can_mean_one_day_only() {
    let built = Archive::new()
        .article("2023-4-18-x.md", "Words.\n")
        .article("b.md", "---\ntitle: B\ndate: Jan 5, 2020\n---\nWords.\n")
        .article(
            "c.md",
            "\u{feff}---\n\u{feff}title: C\ndate: Sun, 29 Jan 2017 18:30:00 +0300\n---\nWords.\n",
        )
        .article("d.md", "+++\ntitle = \"D\"\ndate = \"29/1/2017\"\n+++\nWords.\n")
        .article("e.md", "---\ntitle: E\ndate: 2018-03-01 +0800\n---\nWords.\n")
        // What is published with the day in its address stays there.
        .article("2023-4-19-y.md", "---\ntitle: Y\ndate: 2023-04-19\n---\nWords.\n")
        .build()
        .succeeds();
    for address in [
        "/2023/04/18/x/",
        "/2020/01/05/b/",
        "/2017/01/29/c/",
        "/2017/01/29/d/",
        "/2018/03/01/e/",
        "/2023/04/19/2023-4-19-y/",
    ] {
        assert!(built.has(address), "{address}: {}", built.stderr());
    }
}

#[test]
fn the_example_of_init_may_be_removed_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dateline"));
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    run(&["init"]);
    run(&["build"]);
    let own = "---\ntitle: Own\ndate: 2020-01-01\n---\nWords.\n";
    std::fs::write(folder.path().join("content/own.md"), own).unwrap();
    std::fs::remove_file(folder.path().join("content/example.md")).unwrap();
    assert!(!run(&["build"]).contains("lost-url"));
    std::fs::remove_file(folder.path().join("content/own.md")).unwrap();
    std::fs::write(folder.path().join("content/other.md"), own.replace("2020", "2021")).unwrap();
    // Nobody can know the address that `init` writes.
    let said = run(&["build"]);
    assert!(said.contains("note[lost-url]: /2020/01/01/own/ was built before"), "{said}");
}

#[test]
fn an_address_that_no_reader_can_know_is_lost_with_a_note() {
    let article = report("", "Words.");
    for (address, target, weight) in [
        ("https://gazette.org/", "", "warning"),
        ("https://gazette.org/", "[deploy.targets.www]\nfolder = \"www\"\n", "note"),
        ("http://localhost:8000/", "", "note"),
        ("https://gazette.example/", "", "note"),
        ("https://archive.test/", "", "note"),
    ] {
        let archive = Archive::new()
            .config(&format!("base_url = \"{address}\"\n{target}"))
            .article("a.md", &article)
            .article("b.md", &article.replace("2020", "2021"));
        archive.build().clean();
        archive.remove("content/a.md");
        let said = archive.build().succeeds().stderr();
        assert!(said.contains(&format!("{weight}[lost-url]")), "{address}: {said}");
        assert_eq!(said.contains("was published"), weight == "warning", "{said}");
    }
}

#[test]
fn an_address_that_is_known_to_be_lost_is_shown_as_that() {
    let archive = Archive::new().article(
        "a.md",
        &report(
            "outlet: RT\nadded: 2020-01-02\noriginal_url: 'lost:original'\nvia: [{name: War Press, url: 'LOST:wp'}, {name: B}]",
            "Words.",
        ),
    );
    let built = archive.build().clean();
    let page = built.page("/2020/01/01/a/");
    let record = page.text(".record");
    assert!(record.contains("Original(link lost)"), "{record}");
    assert!(record.contains("War Press (link lost)"), "{record}");
    assert!(!record.contains("B (link lost)"), "{record}");
    let said = told(&archive);
    assert!(!said.contains("missing-original"), "{said}");
    let listed = archive.run(&["list", "without-original"]).succeeds();
    assert!(!listed.stdout().contains("a.md"), "{}", listed.stdout());
    // Without it a report says less than it could.
    archive.write("content/a.md", report("outlet: RT", "Words."));
    assert!(told(&archive).contains("missing-original"));
}

#[test]
fn paragraphs_of_trusted_html_have_their_numbers_too() {
    let body = "First.\n\n<p>Raw <b>one</b>.</p>\n\n<P title=\"a>b\">Raw\ntwo\n<p>Raw three\n<ul><li><p>Item</p></li></ul>\n\n<div><p></p><p id=\"own\">Own.</p></div>\n\nLast. <span>x</span>";
    let archive = Archive::new()
        .config("title = \"T\"\n[markdown]\nraw_html = \"trust\"\n")
        .article("a.md", &report("", body));
    let page = archive.build().succeeds().file("2020/01/01/a/index.html");
    for part in [
        "<p id=\"p1\"><a class=\"para\" href=\"#p1\"",
        "<p id=\"p2\"><a class=\"para\" href=\"#p2\" aria-label=\"Paragraph 2\"></a>Raw <b>one</b>.</p>",
        "<P id=\"p3\" title=\"a>b\"><a class=\"para\"",
        "<p id=\"p4\"><a class=\"para\" href=\"#p4\" aria-label=\"Paragraph 4\"></a>Raw three",
        "<li><p>Item</p></li>",
        "<p></p><p id=\"own\">Own.</p>",
        "<p id=\"p5\"><a class=\"para\" href=\"#p5\" aria-label=\"Paragraph 5\"></a>Last.",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("id=\"p6\""));
}
