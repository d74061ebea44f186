//! A report in several languages is one report: each page leads to the others, and so do search
//! engines' links, feeds and data.

use crate::archive::{Archive, Built};
use crate::page::Page;

/// The front matter of a report in a language.
fn report(title: &str, day: u32, lines: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\ndate = 2017-01-{day:02}\noutlet = \"The Wire\"\n{lines}\n+++\n\nThe text.\n"
    )
}

/// The tag and the address of each `hreflang` in a page's head, in order.
fn alternates(page: &Page) -> Vec<(String, String)> {
    let links = page.all("head link[rel=alternate][hreflang]");
    links
        .iter()
        .map(|link| {
            let address = link.attr("href").unwrap();
            let path = address.strip_prefix("https://archive.example").unwrap();
            (link.attr("hreflang").unwrap().to_owned(), path.to_owned())
        })
        .collect()
}

/// Every page's alternates hold itself, all are absolute, and each of them says the same.
#[track_caller]
fn are_reciprocal(built: &Built, paths: &[&str]) {
    let own = |path: &str| alternates(&built.page(path));
    let first = own(paths[0]);
    for path in paths {
        let links = own(path);
        assert_eq!(links.len(), paths.len() + 1, "{path}: {links:?}");
        assert!(links.iter().any(|(_, address)| address == path), "{path}");
        let sorted = |mut links: Vec<(String, String)>| {
            links.sort();
            links
        };
        assert_eq!(sorted(links), sorted(first.clone()), "{path}");
    }
}

fn names(page: &Page) -> Vec<String> {
    page.texts(".translations a")
}

#[test]
fn a_named_translation_and_its_original_lead_to_each_other() {
    let archive = Archive::new()
        .article("2017/talks.md", &report("Talks", 29, ""))
        .article(
            "2017/muhadathat.md",
            &report("محادثات", 29, "language = \"ar\"\ntranslation_of = \"/2017/01/29/talks/\""),
        )
        .article(
            "2017/pourparlers.md",
            &report("Pourparlers", 30, "language = \"fr\"\ntranslation_of = \"talks.md\""),
        )
        .article("2017/other.md", &report("Other", 28, ""));
    let built = archive.build_with(&["--strict"]).succeeds();
    let (en, ar, fr) =
        ("/2017/01/29/talks/", "/2017/01/29/muhadathat/", "/2017/01/30/pourparlers/");
    are_reciprocal(&built, &[en, ar, fr]);
    assert_eq!(names(&built.page(en)), ["العربية", "français"]);
    assert_eq!(names(&built.page(ar)), ["English", "français"]);
    assert!(built.page(en).has(".translations a[lang=ar][dir=rtl]"));
    let default = ("x-default".to_owned(), en.to_owned());
    assert!(alternates(&built.page(fr)).contains(&default));
    assert_eq!(
        (alternates(&built.page("/2017/01/28/other/")), names(&built.page("/2017/01/28/other/"))),
        (vec![], vec![])
    );
    assert_eq!(alternates(&built.page("/2017/01/")), []);
    // For machines.
    assert!(built.page(en).html().contains("\"workTranslation\":[{"));
    assert!(built.page(ar).html().contains("\"translationOfWork\":{"));
    assert!(built.page(ar).html().contains("property=\"og:locale:alternate\" content=\"fr_FR\""));
    let feed = built.file("atom.xml");
    assert_eq!(feed.matches("hreflang=").count(), 6, "{feed}");
    assert!(feed.contains("hreflang=\"ar\""));
    let data = built.file("2017/01/index.json");
    assert_eq!(data.matches("\"translations\"").count(), 3, "{data}");
}

#[test]
fn files_that_differ_in_a_language_are_translations() {
    let archive = Archive::new()
        .config(
            "title = \"Archive\"\nbase_url = \"https://archive.example/\"\n[languages.ar]\n[languages.fr]\n",
        )
        .article("2017/talks.md", &report("Talks", 29, ""))
        .article("2017/talks.ar.md", &report("محادثات", 29, ""))
        .article("fr/2017/talks.md", &report("Pourparlers", 29, ""))
        .article("2017/key.md", &report("Key", 30, "translation_key = \"k\""))
        .article("2017/cle.md", &report("Clef", 30, "translationKey = \"k\"\nlanguage = \"fr\""));
    let built = archive.build().succeeds();
    are_reciprocal(
        &built,
        &["/2017/01/29/talks/", "/ar/2017/01/29/talks/", "/fr/2017/01/29/talks/"],
    );
    are_reciprocal(&built, &["/2017/01/30/key/", "/2017/01/30/cle/"]);
    // Each is an entry of its own in feeds.
    let feed = built.file("atom.xml");
    let ids: std::collections::BTreeSet<&str> =
        feed.split("<id>").skip(2).filter_map(|rest| rest.split("</id>").next()).collect();
    assert_eq!(ids.len(), 5, "{ids:?}");
}

#[test]
fn a_withdrawn_member_is_linked_by_none_and_takes_no_other_down() {
    let archive = Archive::new()
        .article("2017/talks.md", &report("Talks", 29, ""))
        .article(
            "2017/a.md",
            &report("A", 29, "language = \"ar\"\ntranslation_of = \"/2017/01/29/talks/\""),
        )
        .article(
            "2017/f.md",
            &report("F", 29, "language = \"fr\"\ntranslation_of = \"/2017/01/29/talks/\""),
        );
    archive.build().succeeds();
    let taken = archive
        .run(&["withdraw", "content/2017/talks.md", "--kind", "request", "--reason", "asked"])
        .succeeds();
    let said = format!("{}{}", taken.stdout(), taken.stderr());
    assert!(said.contains("the same report in another language"), "{said}");
    let built = archive.build().succeeds();
    are_reciprocal(&built, &["/2017/01/29/a/", "/2017/01/29/f/"]);
    for path in ["/2017/01/29/a/", "/2017/01/29/f/"] {
        let page = built.page(path);
        assert!(!page.html().contains("/2017/01/29/talks/"), "{path}");
    }
    assert_eq!(alternates(&built.page("/2017/01/29/talks/")), []);
    // Of two the other is alone.
    archive
        .run(&["withdraw", "content/2017/a.md", "--kind", "request", "--reason", "asked"])
        .succeeds();
    let built = archive.build().succeeds();
    assert_eq!(alternates(&built.page("/2017/01/29/f/")), []);
    assert_eq!(names(&built.page("/2017/01/29/f/")), [""; 0]);
}

#[test]
fn search_engines_are_not_led_to_what_asks_for_no_visit() {
    let archive = Archive::new()
        .article("2017/talks.md", &report("Talks", 29, ""))
        .article(
            "2017/a.md",
            &report("A", 29, "language = \"ar\"\nnoindex = true\ntranslation_of = \"talks.md\""),
        )
        .article(
            "2017/f.md",
            &report("F", 29, "language = \"fr\"\ncanonical = \"original\"\noriginal_url = \"https://x.example/f\"\ntranslation_of = \"talks.md\""),
        );
    let built = archive.build().succeeds();
    for path in ["/2017/01/29/talks/", "/2017/01/29/a/", "/2017/01/29/f/"] {
        assert_eq!(alternates(&built.page(path)), [], "{path}");
        // Readers find them all the same.
        assert_eq!(names(&built.page(path)).len(), 2, "{path}");
    }
}

#[test]
fn a_translation_is_no_copy_by_another_outlet() {
    let text = "The delegations met in the morning and spoke of peace for many hours. ".repeat(20);
    let same = |title: &str, lines: &str| {
        format!(
            "+++\ntitle = \"{title}\"\ndate = 2017-01-29\noutlet = \"The Wire\"\noriginal_url = \"https://x.example/a\"\n{lines}\n+++\n\n{text}"
        )
    };
    let archive = Archive::new()
        .config(
            "title = \"A\"\nbase_url = \"https://archive.example/\"\n[duplicates]\nshow = true\n",
        )
        .article("2017/a.md", &same("A", ""))
        .article("2017/b.md", &same("B", "language = \"fr\"\ntranslation_of = \"a.md\""));
    let built = archive.build().succeeds();
    assert!(!built.page("/2017/01/29/a/").has("#also"));
    let checked = archive.run(&["check"]);
    let said = format!("{}{}", checked.stdout(), checked.stderr());
    assert!(!said.contains("near-duplicate") && !said.contains("repeated-original"), "{said}");
}

#[test]
fn what_is_wrong_with_translations_is_said() {
    let archive = Archive::new()
        .article("2017/a.md", &report("A", 29, "translation_of = \"/2017/01/29/talk/\""))
        .article("2017/talks.md", &report("Talks", 29, "translation_of = \"b.md\""))
        .article("2017/b.md", &report("B", 28, "language = \"fr\"\ntranslation_of = \"talks.md\""))
        .article("2017/c.md", &report("C", 28, "language = \"fr\"\ntranslation_of = \"talks.md\""))
        .article("2017/o.md", &report("O", 20, ""))
        .article("2017/p.md", &report("P", 21, "language = \"fr\"\ntranslation_of = \"o.md\""));
    let built = archive.build().succeeds();
    assert!(built.stderr().contains("warning[unknown-translation]"), "{}", built.stderr());
    assert!(built.stderr().contains("content/2017/a.md:"), "{}", built.stderr());
    let checked = archive.run(&["check"]);
    let said = format!("{}{}", checked.stdout(), checked.stderr());
    for lint in ["translation-language", "translation-circle", "translation-date"] {
        assert!(said.contains(lint), "{lint}: {said}");
    }
}

#[test]
fn new_makes_a_translation_of_a_report() {
    let archive = Archive::new().article(
        "2017/talks.md",
        &report(
            "Talks",
            29,
            "tags = [\"peace\"]\nstories = [\"Geneva\"]\nimage = { src = \"/map.png\", alt = \"A \\\"map\\\"\" }",
        ),
    );
    let archive = archive.file("static/map.png", "no picture");
    let refused =
        archive.run(&["new", "--no-input", "Titre", "--translation-of", "content/2017/talks.md"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("--language"), "{}", refused.stderr());
    let same = archive.run(&[
        "new",
        "--no-input",
        "T",
        "--translation-of",
        "/2017/01/29/talks/",
        "--language",
        "en",
    ]);
    assert_eq!(same.code(), 2, "{}", same.stderr());
    let made = [
        "new",
        "--no-input",
        "Pourparlers",
        "--translation-of",
        "/2017/01/29/talks/",
        "--language",
        "fr",
    ];
    archive.run(&made).succeeds();
    let text = archive.text("content/2017/talks.fr.md");
    for line in [
        "title = \"Pourparlers\"",
        "date = 2017-01-29",
        "language = \"fr\"",
        "translation_of = \"/2017/01/29/talks/\"",
        "tags = [\"peace\"]",
        "stories = [\"Geneva\"]",
        "image = { src = \"/map.png\", alt = \"A \\\"map\\\"\" }",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let built = archive.build_with(&["--strict"]).succeeds();
    are_reciprocal(&built, &["/2017/01/29/talks/", "/fr/2017/01/29/talks/"]);
}

#[test]
fn a_changed_translation_changes_its_group_and_nothing_else() {
    let archive = Archive::new()
        .article("2017/talks.md", &report("Talks", 29, ""))
        .article("2017/f.md", &report("F", 29, "language = \"fr\"\ntranslation_of = \"talks.md\""));
    archive.build().succeeds();
    archive.write(
        "content/2017/f.md",
        report("F", 29, "language = \"es\"\ntranslation_of = \"talks.md\""),
    );
    let incremental = archive.build().succeeds();
    assert_eq!(names(&incremental.page("/2017/01/29/talks/")), ["español"]);
    let clean = archive.build_with(&["--force", "-o", "clean"]).succeeds();
    assert!(incremental.tree() == clean.tree());
}

#[test]
fn each_language_has_lists_of_its_own_where_there_are_several() {
    let one = Archive::new().article("2017/a.md", &report("A", 29, ""));
    let built = one.build().succeeds();
    assert!(!built.has("/languages/") && !built.has("/languages/en/"));
    assert!(!built.page("/").html().contains("/languages/"));
    one.write("content/2017/b.md", report("ب", 30, "language = \"ar\""));
    one.write("content/2017/c.md", report("C", 31, "language = \"pt-BR\"\nlanguages = [\"xx\"]"));
    let built = one.build().succeeds();
    let index = built.page("/languages/");
    assert_eq!(index.texts("main .ways li a").len(), 3, "{}", index.html());
    for (address, name) in [("ar", "Arabic"), ("en", "English"), ("pt-br", "Portuguese (BR)")] {
        let page = built.page(&format!("/languages/{address}/"));
        assert_eq!(page.text("h1"), name);
    }
    assert!(built.page("/languages/ar/").html().contains("/2017/01/30/b/"));
    assert!(!built.page("/languages/ar/").html().contains("/2017/01/29/a/"));
    assert!(built.page("/").has("nav a[href=\"/languages/\"]"));
    assert!(built.page("/2017/01/30/b/").html().contains("/languages/ar/"));
    // A language is no subject.
    assert!(!built.page("/2017/01/30/b/").html().contains("\"keywords\""));
    let clean = one.build_with(&["--force", "-o", "clean"]).succeeds();
    assert!(built.tree() == clean.tree());
}

#[test]
fn a_text_whose_words_are_of_another_language_is_a_note() {
    let russian = "Переговоры о мире начались в воскресенье утром в старом городе у озера, и министры \
        обеих стран сказали журналистам, что они надеются на скорое соглашение. После обеда делегации \
        встретились снова, чтобы обсудить обмен пленными и открытие дорог, по которым люди смогут \
        вернуться в свои дома до наступления зимы, сообщает корреспондент газеты.\n";
    let written = |lines: &str, body: &str| {
        format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n{lines}\n+++\n\n{body}")
    };
    let archive = Archive::new()
        .article("2017/a.md", &written("", russian))
        .article("2017/b.md", &written("language = \"ru\"", russian))
        // Basque is no language that words tell.
        .article("2017/c.md", &written("language = \"eu\"", russian))
        .article("2017/d.md", &written("", "Short."));
    let checked = archive.run(&["check"]);
    let said = format!("{}{}", checked.stdout(), checked.stderr());
    assert_eq!(said.matches("other-language").count(), 1, "{said}");
    assert!(said.contains("content/2017/a.md") && said.contains("language = \"ru\""), "{said}");
}

#[test]
fn plain_pages_in_several_languages_lead_to_each_other() {
    let page = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\n\nWords.\n");
    let archive = Archive::new()
        .config("title = \"A\"\nbase_url = \"https://archive.example/\"\n[languages.ar]\n[languages.fr]\n")
        .file("content/pages/about.md", page("About"))
        .file("content/pages/about.ar.md", page("عنا"))
        .file("content/pages/about.fr.md", page("Qui"))
        .file("content/pages/contact.md", page("Contact"));
    let built = archive.build().succeeds();
    let about = built.page("/about/");
    assert_eq!(names(&about), ["العربية", "français"]);
    let links = alternates(&about);
    assert_eq!(links.len(), 4, "{links:?}");
    for (_, path) in &links {
        assert_eq!(alternates(&built.page(path)), links, "{path}");
    }
    assert_eq!(alternates(&built.page("/contact/")), []);
    // One that becomes another's neighbour changes it.
    archive.write("content/pages/contact.fr.md", page("Contact"));
    let built = archive.build().succeeds();
    assert_eq!(names(&built.page("/contact/")), ["français"]);
    let clean = archive.build_with(&["--force", "-o", "clean"]).succeeds();
    assert!(built.tree() == clean.tree());
}

#[test]
fn of_two_in_one_language_search_engines_are_led_to_one_and_a_page_names_each_language_once() {
    let many = |count: usize| {
        let mut archive = Archive::new();
        for at in 0..count {
            let language = if at == 0 { "en" } else { "fr" };
            let lines = format!("language = \"{language}\"\ntranslation_key = \"k\"");
            archive =
                archive.article(&format!("2017/r{at}.md"), &report(&format!("R{at}"), 29, &lines));
        }
        archive.build().succeeds()
    };
    let built = many(30);
    let (first, second) = (built.page("/2017/01/29/r1/"), built.page("/2017/01/29/r2/"));
    are_reciprocal(&built, &["/2017/01/29/r0/", "/2017/01/29/r1/"]);
    assert_eq!(alternates(&second), []);
    assert_eq!(
        (names(&first), names(&second)),
        (vec!["English".to_owned()], vec!["English".to_owned()])
    );
    assert_eq!(names(&built.page("/2017/01/29/r0/")), ["français"]);
}
