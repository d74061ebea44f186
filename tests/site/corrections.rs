//! Corrections and redactions: above the text, in their register, in feeds of what changed.

use crate::archive::{Archive, Built};

const X: &str = "/2017/01/29/x/";

fn report(date: &str, lines: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = {date}\nadded = 2020-01-01\n{lines}\n+++\nText.\n")
}

fn correction(date: &str, was: &str) -> String {
    format!(
        "[[corrections]]\ndate = {date}\ntext = \"A number.\"\nwas = \"{was}\"\nnow = \"three\"\n"
    )
}

#[test]
fn a_correction_stands_above_the_text_with_both_wordings() {
    let lines = correction("2020-03-01", "two") + &correction("2020-02-01", "four");
    let built = Archive::new().article("x.md", &report("2017-01-29", &lines)).build().clean();
    let page = built.page(X);
    assert_eq!(page.texts(".corrections time"), ["1 February 2020", "1 March 2020"]);
    assert_eq!(page.texts(".corrections del"), ["four", "two"]);
    assert!(page.has("#corrections ~ .body"), "above the text");
}

#[test]
fn corrections_are_listed_by_day_newest_first() {
    let redaction = "redactions = [{ date = 2020-03-01, reason = \"An address.\" }]\n";
    let built = Archive::new()
        .article("x.md", &report("2017-01-29", &correction("2020-03-01", "two")))
        .article("y.md", &report("2017-01-30", &correction("2020-02-01", "four")))
        .article("z.md", &report("2017-01-31", redaction))
        .build()
        .clean();
    let page = built.page("/corrections/");
    assert_eq!(page.texts(".register-day h2"), ["1 March 2020", "1 February 2020"]);
    let z = "/2017/01/31/z/".to_owned();
    assert_eq!(page.links(".register"), [z, X.to_owned(), "/2017/01/30/y/".to_owned()]);
    assert_eq!(page.texts(".register del"), ["two", "four"]);
    assert!(page.text(".register").contains("An address."));
    assert_eq!(page.links(".facts"), ["/corrections/atom.xml"]);
    assert_eq!(
        built.page(X).links(".colophon")[2..],
        ["/corrections/", "/withdrawals/", "/data/", "/atom.xml", "/feed.json", "/updated.xml"]
    );
}

#[test]
fn the_registers_are_there_before_the_first_entry_so_that_it_changes_no_other_page() {
    let archive = Archive::new()
        .article("x.md", &report("2017-01-29", ""))
        .article("y.md", &report("2003-05-01", ""));
    let built = archive.build().clean();
    for register in ["/corrections/", "/withdrawals/"] {
        assert_eq!(built.page(register).texts(".facts li")[0], "0 entries");
        assert!(built.page(X).links(".colophon").contains(&register.to_owned()));
    }
    assert!(built.has("/corrections/atom.xml"));
    let other = built.file("2003/05/01/y/index.html");
    let line = "corrections = [{ date = 2020-01-01, text = \"Wrong.\" }]\n";
    archive.write("content/x.md", report("2017-01-29", line));
    let built = archive.build().clean();
    assert_eq!(built.page("/corrections/").links(".register"), [X]);
    assert_eq!(built.file("2003/05/01/y/index.html"), other);
}

#[test]
fn a_long_register_is_cut_by_date() {
    let mut archive = Archive::new().config("[listing]\nleaf = 3\n");
    for (at, date) in
        ["2019-05-05", "2020-01-01", "2020-01-31", "2020-02-01", "2020-02-02", "\"2020\""]
            .iter()
            .enumerate()
    {
        let text = report("2017-01-29", &correction(date, &format!("was {at}")));
        archive = archive.article(&format!("r{at}.md"), &text);
    }
    let built = archive.build().clean();
    assert_eq!(
        built.page("/corrections/").links(".children"),
        ["/corrections/2020/", "/corrections/2019/"]
    );
    let year = built.page("/corrections/2020/");
    assert_eq!(year.links(".children"), ["/corrections/2020/02/", "/corrections/2020/01/"]);
    assert!(year.texts(".register del").contains(&"was 5".to_owned()), "of no month");
    assert_eq!(built.page("/corrections/2020/01/").texts(".register del"), ["was 2", "was 1"]);
    assert!(!built.has("/corrections/2020/01/01/") && !built.has("/corrections/2019/05/"));
}

#[test]
fn every_correction_is_an_entry_whose_identity_lasts() {
    let lines = correction("2020-03-01", "two") + &correction("2020-03-01", "four");
    let archive = Archive::new()
        .config("[feeds]\nauthority = \"desk.example,2020\"\n")
        .article("x.md", &report("2017-01-29", &lines));
    let feed = archive.build().clean().file("corrections/atom.xml");
    for id in ["2017-01-29/x#correction-2020-03-01<", "2017-01-29/x#correction-2020-03-01-2<"] {
        assert!(feed.contains(&format!("<id>tag:desk.example,2020:{id}")), "{feed}");
    }
    assert!(feed.contains("Was: two\nNow: three"), "{feed}");
    let moved = archive.build_with(&["-u", "https://new.example/a/"]).clean();
    let ids = |feed: &str| -> Vec<String> {
        feed.split("<id>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&moved.file("corrections/atom.xml")), ids(&feed));
}

#[test]
fn a_change_rises_in_the_feed_of_changes_and_nowhere_else() {
    let archive = Archive::new()
        .article("old.md", &report("2010-01-01", ""))
        .article("new.md", &report("2017-01-01", ""));
    let order = |built: &Built, feed: &str| -> Vec<String> {
        let feed = built.file(feed);
        let entries = feed.split("<entry>").skip(1);
        entries
            .map(|entry| {
                entry.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
            })
            .collect()
    };
    let (old, new) =
        ("https://archive.example/2010/01/01/old/", "https://archive.example/2017/01/01/new/");
    let built = archive.build().clean();
    assert_eq!(order(&built, "updated.xml"), [new, old]);
    for lines in [
        "updated = 2021-01-01".to_owned(),
        correction("2021-01-01", "two"),
        "redactions = [{ date = 2021-01-01 }]".to_owned(),
    ] {
        archive.write("content/old.md", report("2010-01-01", &lines));
        let built = archive.build().clean();
        assert_eq!(order(&built, "updated.xml"), [old, new], "{lines}");
        assert_eq!(order(&built, "atom.xml"), [new, old], "{lines}");
        let feed = built.file("updated.xml");
        assert!(
            feed.contains("<published>2010-01-01T00:00:00Z</published><updated>2021-01-01"),
            "{feed}"
        );
        assert_eq!(built.page("/2010/01/01/old/").text(".issue time"), "1 January 2010");
    }
    let page = built.page("/");
    assert!(page.has("link[rel=alternate][href='/updated.xml']"));
}

#[test]
fn a_page_of_the_curator_s_own_at_the_register_s_address_holds_the_list() {
    let archive = Archive::new().article("x.md", &report("2017-01-29", "")).file(
        "content/pages/corrections.md",
        "+++\ntitle = \"How we correct\"\n+++\nIn the open.\n",
    );
    let built = archive.build().clean();
    assert_eq!(built.page(X).links(".report-problem"), ["/corrections/"]);
    archive.write("content/x.md", report("2017-01-29", &correction("2020-03-01", "two")));
    let page = archive.build().clean().page("/corrections/");
    assert_eq!(page.text("h1"), "How we correct");
    assert_eq!(page.texts(".register del"), ["two"]);
    assert_eq!(page.texts("h3"), ["1 March 2020"]);
}

#[test]
fn whatever_else_is_at_the_register_s_address_stays_there() {
    let archive = Archive::new()
        .article("x.md", &report("2017-01-29", &correction("2020-03-01", "two")))
        .file("static/corrections/index.html", "<!DOCTYPE html><title>Ours</title>");
    let built = archive.build().clean();
    assert_eq!(built.page("/corrections/").text("title"), "Ours");
    assert!(built.has("/corrections/atom.xml"));
}

#[test]
fn the_first_correction_does_not_become_the_contact() {
    let archive = Archive::new()
        .file("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nWe.\n")
        .article("x.md", &report("2017-01-29", &correction("2020-03-01", "two")));
    assert!(!archive.build().clean().page(X).has(".report-problem"), "no page says it is one");
}

#[test]
fn one_more_correction_touches_few_files() {
    let mut archive = Archive::new().patience(120);
    for number in 0..400 {
        let date = format!("{}-{:02}-{:02}", 2000 + number / 40, 1 + number % 12, 1 + number % 28);
        let lines = format!("tags = [\"t{}\", \"all\"]\noutlet = \"o{}\"", number % 7, number % 5);
        let lines =
            if number % 50 == 0 { lines + "\n" + &correction("2020-01-01", "two") } else { lines };
        archive = archive.article(&format!("r{number}.md"), &report(&date, &lines));
    }
    let before = archive.build().clean().tree();
    let text = std::fs::read_to_string(archive.path("content/r180.md")).unwrap();
    let corrected = format!("\n{}+++\n", correction("2020-02-02", "one"));
    archive.write("content/r180.md", text.replacen("\n+++\n", &corrected, 1));
    let after = archive.build().clean().tree();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .chain(before.keys().filter(|path| !after.contains_key(*path)))
        .collect();
    assert!(changed.iter().any(|path| *path == "corrections/index.html"), "{changed:?}");
    assert!(changed.len() <= 45, "{}: {changed:?}", changed.len());
}

#[test]
fn what_a_redaction_names_is_gone_wherever_it_lies_and_however_it_is_cased() {
    let redacted = |lines: &str| {
        let assets = "assets = [\"./FACE.svg\", \"/img/Plan.svg\", \"hous.svg\"]";
        format!("redactions = [{{ date = 2020-03-01, {assets} }}]\n{lines}")
    };
    let archive = Archive::new()
        .article("x/index.md", &report("2017-01-29", &redacted("")))
        .file("content/x/face.svg", "<svg/>")
        .file("content/x/house.svg", "<svg/>")
        .file("static/img/plan.svg", "<svg/>");
    let built = archive.build().succeeds();
    assert!(!built.has("/2017/01/29/x/face.svg") && !built.has("/img/plan.svg"));
    assert!(built.has("/2017/01/29/x/house.svg"));
    assert!(built.stderr().contains("and house.svg stays published"), "{}", built.stderr());
    let withdrawn = "withdrawn = { date = 2021-01-01, kind = \"privacy\" }\n";
    archive.write("content/x/index.md", report("2017-01-29", &redacted(withdrawn)));
    assert!(!archive.build().succeeds().has("/img/plan.svg"), "nor does it come back");
    archive.write("content/x/index.md", report("2017-01-29", &redacted("")));
    archive.run(&["withdraw", X, "--kind", "privacy", "--reason", "Asked."]).clean();
    assert!(!archive.build().clean().has("/img/plan.svg"));
}
