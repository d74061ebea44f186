//! Reports in several languages: by the name of their file, by their folder, by their front matter.

use crate::archive::{Archive, Built};

fn report(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2017-01-29\n---\nWords of {title}.\n")
}

fn spoken(title: &str, language: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2017-01-29\nlang: {language}\n---\nWords of {title}.\n")
}

#[track_caller]
fn headline(built: &Built, address: &str) -> String {
    built.page(address).text("h1")
}

/// Each file's headline is its path; each address with the headline that stands there.
#[track_caller]
fn stand(config: &str, files: &[(&str, Option<&str>)], addresses: &[(&str, &str)]) {
    let mut archive = Archive::new().config(config);
    for (path, language) in files {
        let text = language.map_or_else(|| report(path), |language| spoken(path, language));
        archive = archive.article(path, &text);
    }
    let built = archive.build().succeeds();
    for (address, path) in addresses {
        assert_eq!(headline(&built, address), *path, "{address}");
    }
    assert_eq!(built.stderr().matches("already the permalink").count(), 0, "{}", built.stderr());
    // What comes of a file does not depend on what was read before it.
    let tree = built.tree();
    std::fs::remove_dir_all(archive.path(".dateline")).unwrap();
    std::fs::remove_dir_all(archive.path("public")).unwrap();
    assert_eq!(archive.build().tree(), tree);
}

#[test]
fn the_end_of_a_files_name_says_its_language() {
    let plain = "title = \"T\"\n";
    stand(
        plain,
        &[("talks.md", None), ("talks.ar.md", None), ("talks.pt-br.md", None)],
        &[
            ("/2017/01/29/talks/", "talks.md"),
            ("/ar/2017/01/29/talks/", "talks.ar.md"),
            ("/pt-br/2017/01/29/talks/", "talks.pt-br.md"),
        ],
    );
    // The settings know the language: one file is enough.
    stand(
        "title = \"T\"\n[languages.ar]\n",
        &[("news/talks.ar.md", None), ("other.old.md", None)],
        &[("/2017/01/29/talks/", "news/talks.ar.md"), ("/2017/01/29/other.old/", "other.old.md")],
    );
    // The archive's own language is one of its languages.
    stand(
        "title = \"T\"\nlanguage = \"de\"\n",
        &[("a.de.md", None), ("a.en.md", None)],
        &[("/2017/01/29/a/", "a.de.md"), ("/en/2017/01/29/a/", "a.en.md")],
    );
    // No language, and so a part of the name.
    stand(
        plain,
        &[("u.s.md", None), ("talks.old.md", None), ("talks.md", None), ("alone.ar.md", None)],
        &[
            ("/2017/01/29/u.s/", "u.s.md"),
            ("/2017/01/29/talks.old/", "talks.old.md"),
            ("/2017/01/29/alone.ar/", "alone.ar.md"),
        ],
    );
}

#[test]
fn a_folder_says_the_language_of_what_lies_in_it() {
    // With settings.
    stand(
        "title = \"T\"\n[languages.de]\n",
        &[("news/a.md", None), ("de/news/a.md", None), ("de/b.md", None)],
        &[
            ("/2017/01/29/a/", "news/a.md"),
            ("/de/2017/01/29/a/", "de/news/a.md"),
            ("/2017/01/29/b/", "de/b.md"),
        ],
    );
    // Without, where the texts in it agree.
    stand(
        "title = \"T\"\n",
        &[("a.md", None), ("de/a.md", None), ("de/b.md", Some("de"))],
        &[("/2017/01/29/a/", "a.md"), ("/de/2017/01/29/a/", "de/a.md")],
    );
    // As Jekyll's plugins do: the language only in the front matter.
    stand(
        "title = \"T\"\n",
        &[("posts/en/a.md", Some("en")), ("posts/de/a.md", Some("de"))],
        &[("/2017/01/29/a/", "posts/en/a.md"), ("/de/2017/01/29/a/", "posts/de/a.md")],
    );
}

#[test]
fn a_folder_whose_texts_disagree_says_nothing() {
    let archive = Archive::new()
        .article("a.md", &report("One"))
        .article("it/a.md", &report("Two"))
        .article("it/b.md", &spoken("Three", "it"))
        .article("it/c.md", &spoken("Four", "en"));
    let built = archive.build();
    assert_eq!(built.code(), 1, "{}", built.stderr());
    assert!(built.stderr().contains("content/a.md"), "{}", built.stderr());
    assert_eq!(built.stderr().matches("already the permalink").count(), 1);
}

#[test]
fn a_page_speaks_the_language_that_its_name_says() {
    let built = Archive::new()
        .article("talks.md", &report("Talks"))
        .article("talks.ar.md", &report("محادثات"))
        .build()
        .succeeds();
    let page = built.page("/ar/2017/01/29/talks/");
    assert_eq!(page.attribute("article h1", "lang"), "ar");
    assert_eq!(page.attribute("article h1", "dir"), "rtl");
}

#[test]
fn two_in_one_language_are_still_one_too_many() {
    let built = Archive::new()
        .article("a/talks.md", &report("One"))
        .article("b/talks.md", &report("Two"))
        .article("b/talks.ar.md", &report("Three"))
        .article("c/talks.md", &spoken("Four", "ar"))
        .build();
    assert_eq!(built.code(), 1);
    assert_eq!(built.stderr().matches("already the permalink").count(), 2, "{}", built.stderr());
    assert_eq!(headline(&built, "/2017/01/29/talks/"), "One");
    assert_eq!(headline(&built, "/ar/2017/01/29/talks/"), "Three");
}

#[test]
fn what_is_published_never_moves_for_a_translation_that_comes_later() {
    let archive = Archive::new()
        .config("title = \"T\"\n[languages.ar]\n[languages.fr]\n")
        .article("talks.ar.md", &report("One"));
    let first = archive.build().succeeds();
    assert_eq!(headline(&first, "/2017/01/29/talks/"), "One");
    archive.write("content/talks.md", report("Two"));
    let built = archive.build().succeeds();
    assert_eq!(headline(&built, "/2017/01/29/talks/"), "One", "{}", built.stderr());
    assert_eq!(headline(&built, "/en/2017/01/29/talks/"), "Two");
    let kept = std::fs::read_to_string(archive.path("addresses.toml")).unwrap();
    assert!(kept.contains("[translations]\n\"/2017/01/29/talks/\" = \"ar\""), "{kept}");
    archive.write("content/talks.fr.md", report("Three"));
    let built = archive.build().succeeds();
    assert_eq!(headline(&built, "/2017/01/29/talks/"), "One");
    assert_eq!(headline(&built, "/fr/2017/01/29/talks/"), "Three");
    let incremental = built.tree();
    std::fs::remove_dir_all(archive.path(".dateline")).unwrap();
    std::fs::remove_dir_all(archive.path("public")).unwrap();
    assert_eq!(archive.build().succeeds().tree(), incremental);
}

#[test]
fn a_translation_that_comes_changes_how_a_file_beside_it_is_read() {
    let archive = Archive::new().article("talks.ar.md", &report("One"));
    assert_eq!(headline(&archive.build().succeeds(), "/2017/01/29/talks.ar/"), "One");
    archive.write("content/talks.md", report("Two"));
    let built = archive.build();
    assert_eq!(headline(&built, "/ar/2017/01/29/talks/"), "One", "{}", built.stderr());
    assert!(built.stderr().contains("/2017/01/29/talks.ar/ was"), "{}", built.stderr());
}

#[test]
fn translations_in_one_folder_share_the_files_beside_them() {
    const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;";
    let text =
        |title: &str| format!("{}\n![A map](map.gif)\n\n[The file](map.gif)\n", report(title));
    let built = Archive::new()
        .article("talks/index.md", &text("One"))
        .article("talks/index.pl.md", &text("Two"))
        .article("talks/index.ar.md", &text("Three"))
        .file("content/talks/map.gif", GIF)
        .build()
        .clean();
    for address in ["/2017/01/29/talks/", "/pl/2017/01/29/talks/", "/ar/2017/01/29/talks/"] {
        let page = built.page(address);
        assert_eq!(page.attribute("article img", "src"), "/2017/01/29/talks/map.gif", "{address}");
        assert!(page.has("a[href=\"/2017/01/29/talks/map.gif\"]"), "{address}");
    }
    let copies = built.tree().into_keys().filter(|path| path.ends_with("map.gif")).count();
    assert_eq!(copies, 1);
}

#[test]
fn a_translation_can_be_withdrawn_where_it_stands() {
    let archive = Archive::new()
        .article("talks.md", &report("One"))
        .article("talks.ar.md", &report("Two"))
        .article("de/talks.md", &spoken("Three", "de"));
    archive.build().succeeds();
    for (address, kind) in [("/ar/2017/01/29/talks/", "court"), ("/de/2017/01/29/talks/", "error")]
    {
        let gone = archive.run(&["withdraw", address, "--kind", kind, "--reason", "Why."]);
        assert_eq!(gone.code(), 0, "{}", gone.stderr());
        let built = archive.build().succeeds();
        assert!(built.page(address).html().contains("Why."), "{address}");
        assert!(!built.stderr().contains("no page any more"), "{}", built.stderr());
    }
    assert_eq!(headline(&archive.build(), "/2017/01/29/talks/"), "One");
}

#[test]
fn plain_pages_have_translations_too() {
    let page = "---\ntitle: About\n---\nWords.\n";
    let built = Archive::new()
        .article("pages/about.md", page)
        .article("pages/about.ar.md", page)
        .article("pages/help/index.md", page)
        .article("pages/help/index.de.md", page)
        .build()
        .succeeds();
    for address in ["/about/", "/ar/about/", "/help/", "/de/help/"] {
        assert!(built.has(address), "{address}: {}", built.stderr());
    }
}
