//! Front matter as other generators write it.

use crate::archive::Archive;

#[test]
fn every_form_says_the_same() {
    for text in [
        // Pelican.
        "Title: Talks: a new round\nDate: 2017-01-29 10:20\nTags: peace, war and peace\nAuthor: Ann Lee\nSummary: They met\n    and talked.\n\nWords.\n",
        "title: Talks: a new round\ndate: 2017-01-29\ntags: peace, war and peace\nauthors: Ann Lee\nsummary: They met and talked.\n\nWords.\n",
        "\u{feff}Title:   Talks: a new round\r\nDate: 2017-01-29\r\nTags: peace, war and peace\r\nAuthor: Ann Lee\r\nSummary: They met and talked.\r\n\r\nWords.\r\n",
        // Hexo.
        "title: \"Talks: a new round\"\ndate: 2017-01-29 10:20:30\ntags:\n- peace\n- war and peace\nauthor: Ann Lee\nexcerpt: They met and talked.\n---\nWords.\n",
        "title: \"Talks: a new round\"\ndate: 2017-01-29\ncategories:\n  - [peace, war and peace]\nauthor: Ann Lee\nexcerpt: They met and talked.\n-----\n\nWords.\n",
        // Hugo.
        "{\n\t\"title\": \"Talks: a new round\",\n\t\"date\": \"2017-01-29T10:20:30Z\",\n\t\"tags\": [\"peace\", \"war and peace\"],\n\t\"author\": \"Ann Lee\",\n\t\"description\": \"They met and talked.\"\n}\n\nWords.\n",
        "{\"title\": \"Talks: a new round\", \"date\": \"2017-01-29\", \"tags\": \"peace, war and peace\", \"author\": \"Ann Lee\", \"summary\": \"They met\\u0020and talked.\"}\nWords.\n",
        // Jekyll, Zola.
        "---\ntitle: 'Talks: a new round'\ndate: 2017-01-29 10:20:30 +0200\ntags: \"peace, war and peace\"\nauthor: Ann Lee\nexcerpt: They met and talked.\n---\nWords.\n",
        "+++\ntitle = \"Talks: a new round\"\ndate = 2017-01-29\ndescription = \"They met and talked.\"\n[taxonomies]\ntags = [\"peace\", \"war and peace\"]\nauthors = [\"Ann Lee\"]\n+++\nWords.\n",
    ] {
        let built = Archive::new().article("talks.md", text).build().clean();
        let page = built.page("/2017/01/29/talks/");
        assert_eq!(page.text("h1"), "Talks: a new round", "{text}");
        assert_eq!(page.text("#p1"), "Words.", "{text}");
        assert!(page.text("article").contains("They met and talked."), "{text}");
        for address in ["/tags/peace/", "/tags/war-and-peace/", "/authors/ann-lee/"] {
            assert!(built.has(address), "{address}: {text}");
        }
    }
}

#[test]
fn a_text_that_only_begins_like_front_matter_stays_a_text() {
    for (text, first) in [
        ("Title: of what, one asks\n\nMore.\n", "Title: of what, one asks"),
        ("Note: this is no heading\nbut a text.\n---\nMore.\n", "More."),
        ("{ \"a\": 1 } is an object.\n", "{ “a”: 1 } is an object."),
        ("Date: unknown\nPlace: Bonn\n\nMore.\n", "Date: unknown Place: Bonn"),
        ("https://x.example/\n---\n\nMore.\n", "More."),
    ] {
        let built = Archive::new().article("2017-01-29-talks.md", text).build().succeeds();
        assert_eq!(built.page("/2017/01/29/talks/").text("#p1"), first, "{text}");
    }
}

#[test]
fn what_is_broken_is_told_at_its_place() {
    for (text, words, line) in [
        ("{\n  \"title\": \"T\"\n  \"date\": \"2017-01-29\"\n}\nWords.\n", "broken JSON", ":3:"),
        ("{\n  \"title\": T\n}\nWords.\n", "broken JSON", ":2:"),
        ("Title: T\nDate: 2017-02-30\n\nWords.\n", "2017-02-30", ":2:7"),
        ("title: T\ndate: 2017-13-01\n---\nWords.\n", "2017-13-01", ":2:7"),
        ("{\"title\": \"T\",\n \"date\": \"soon\"}\nWords.\n", "soon", ":2:"),
    ] {
        let built = Archive::new().article("talks.md", text).build();
        assert_eq!(built.code(), 1, "{text}");
        assert!(built.stderr().contains(words), "{text}: {}", built.stderr());
        let place = format!("content/talks.md{line}");
        assert!(built.stderr().contains(&place), "{text}: {}", built.stderr());
    }
}

#[test]
fn what_others_wrote_can_be_corrected_and_withdrawn() {
    for text in [
        "Title: Talks\nDate: 2017-01-29\nTags: a, b\n\nThe first words.\n",
        "{\"title\": \"Talks\", \"date\": \"2017-01-29\", \"tags\": [\"a\", \"b\"]}\n\nThe first words.\n",
        "title: Talks\ndate: 2017-01-29\ntags: [a, b]\n---\nThe first words.\n",
    ] {
        let archive = Archive::new().article("talks.md", text);
        archive.build().clean();
        let address = "/2017/01/29/talks/";
        let corrected = archive.run(&[
            "correct",
            address,
            "--was",
            "first",
            "--now",
            "second",
            "--text",
            "It was the second.",
        ]);
        assert_eq!(corrected.code(), 0, "{text}: {}", corrected.stderr());
        let built = archive.build().succeeds();
        assert!(built.page(address).text("article").contains("It was the second."), "{text}");
        assert!(built.has("/tags/a/") && built.has("/tags/b/"), "{text}");
        let gone = archive.run(&["withdraw", address, "--kind", "error", "--reason", "Why."]);
        assert_eq!(gone.code(), 0, "{text}: {}", gone.stderr());
        let built = archive.build().succeeds();
        assert!(built.page(address).html().contains("Why."), "{text}");
        let left = std::fs::read_to_string(archive.path("content/talks.md")).unwrap();
        assert!(!left.contains("words") && left.contains("2017-01-29"), "{left}");
    }
}

#[test]
fn bylines_are_names() {
    for (line, names) in [
        ("authors: \"Ann Lee ([@ann](https://x.example/))\"", &["ann-lee"][..]),
        ("author: Ann Lee, Bo Chan and Cy Doe", &["ann-lee", "bo-chan", "cy-doe"]),
        (
            "authors: [{ name: Ann Lee, url: 'https://x.example/' }, Bo Chan]",
            &["ann-lee", "bo-chan"],
        ),
        ("author: { name: Ann Lee }", &["ann-lee"]),
        ("authors: [ann, bo]", &["ann-lee", "bo"]),
        ("author: Lee, Ann", &["lee-ann"]),
        ("authors: [Ministry of Trade and Industry]", &["ministry-of-trade-and-industry"]),
    ] {
        let text = format!("---\ntitle: Talks\ndate: 2017-01-29\n{line}\n---\nWords.\n");
        let config = "[authors.ann]\nname = \"Ann Lee\"\n";
        let built = Archive::new().config(config).article("talks.md", &text).build().clean();
        for name in names {
            assert!(built.has(&format!("/authors/{name}/")), "{line}: {name}");
        }
        let tree = built.tree();
        let pages =
            tree.keys().filter(|path| path.starts_with("authors/") && path.ends_with("index.html"));
        assert_eq!(pages.count(), names.len() + 1, "{line}");
    }
}
