//! Running stories: told in order of date, with the gaps between reports, and found again from each
//! report.

use crate::archive::{Archive, Built};

fn report(title: &str, date: &str, lines: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\ndate = {date}\nstories = [\"The siege\"]\n{lines}\n+++\nWords.\n"
    )
}

/// A story of five reports, one of them withdrawn, at `/stories/the-siege/`.
fn siege(config: &str) -> Archive {
    let gone = "withdrawn = { date = 2020-01-01, kind = \"request\" }";
    Archive::new()
        .config(config)
        .article("a.md", &report("First", "2016-01-10", ""))
        .article("b.md", &report("Second", "2016-02-01", ""))
        .article("c.md", &report("Gone", "2016-03-01", gone))
        .article("d.md", &report("Third", "2017-04-02", ""))
        .article("e.md", &report("Fourth", "2017-08-15", ""))
        .article("f.md", "+++\ntitle = \"Elsewhere\"\ndate = 2017-05-01\n+++\nWords.\n")
}

fn story(built: &Built) -> crate::page::Page {
    built.page("/stories/the-siege/")
}

#[test]
fn a_story_is_a_timeline_with_its_gaps() {
    let built = siege("").build().clean();
    let page = story(&built);
    assert_eq!(page.texts("ol.timeline .line-headline"), ["First", "Second", "Third", "Fourth"]);
    assert_eq!(page.texts(".step-gap"), ["1 year 2 months later", "4 months later"]);
    assert!(page.has("#y2016 a[href='/2016/01/10/a/']") && page.has("#y2017"));
    assert_eq!(page.all(".timeline > li").len(), 4, "a withdrawn report is no step");
    assert!(!built.page("/").has("ol.timeline"));
}

#[test]
fn gaps_are_told_by_the_grammar_of_the_language() {
    for (language, gaps) in [
        ("ar", ["بعد سنة واحدة وشهرين", "بعد 4 أشهر"]),
        ("de", ["1 Jahr und 2 Monate später", "4 Monate später"]),
        ("es", ["1 año y 2 meses después", "4 meses después"]),
        ("fr", ["1 an et 2 mois plus tard", "4 mois plus tard"]),
        ("ru", ["1 год и 2 месяца спустя", "4 месяца спустя"]),
        ("pl", ["1 rok i 2 miesiące później", "4 miesiące później"]),
        ("uk", ["через 1 рік і 2 місяці", "через 4 місяці"]),
        ("he", ["כעבור שנה ועוד חודשיים", "כעבור 4 חודשים"]),
        ("ja", ["1年2か月後", "4か月後"]),
    ] {
        let built = siege(&format!("language = \"{language}\"")).build().clean();
        assert_eq!(story(&built).texts(".step-gap"), gaps, "{language}");
    }
}

#[test]
fn a_report_leads_to_those_before_and_after_it_in_the_story() {
    let built = siege("").build().clean();
    let third = built.page("/2017/04/02/d/");
    assert_eq!(third.texts(".story-previous"), ["Before 1 February 2016 Second"]);
    assert_eq!(third.texts(".story-next"), ["After 15 August 2017 Fourth"]);
    assert_eq!(third.links(".story-place h3"), ["/stories/the-siege/"]);
    let first = built.page("/2016/01/10/a/");
    assert!(!first.has(".story-previous") && first.has(".story-next"));
    assert!(!built.page("/2017/05/01/f/").has(".story-place"));
}

#[test]
fn a_new_report_changes_only_its_neighbours_in_the_story() {
    let archive = siege("");
    let before = archive.build().clean().tree();
    archive.write("content/g.md", report("Last", "2018-01-01", ""));
    let after = archive.build().clean().tree();
    let page = |path: &str| (before.get(path), after.get(path));
    let (old, new) = page("2017/08/15/e/index.html");
    assert_ne!(old, new);
    for path in ["2016/01/10/a/index.html", "2016/02/01/b/index.html"] {
        let place = |bytes: Option<&Vec<u8>>| {
            let page = crate::page::Page::read(std::str::from_utf8(bytes.unwrap()).unwrap());
            page.texts(".stories")
        };
        let (old, new) = page(path);
        assert_eq!(place(old), place(new), "{path}");
    }
}

#[test]
fn a_large_story_is_cut_by_date_and_told_oldest_first() {
    let built = siege("[listing]\nleaf = 3").build().clean();
    let page = story(&built);
    assert_eq!(
        page.links(".children"),
        ["/stories/the-siege/2016/", "/stories/the-siege/2017/"],
        "oldest first"
    );
    assert!(!page.has("ol.timeline"));
    let year = built.page("/stories/the-siege/2017/");
    assert_eq!(year.texts("ol.timeline .line-headline"), ["Third", "Fourth"]);
    assert_eq!(
        year.texts(".step-gap"),
        ["1 year 2 months later", "4 months later"],
        "the gap to the last report of the year before is told too"
    );
    assert_eq!(year.links(".pager-previous"), ["/stories/the-siege/2016/"]);
    assert!(!year.has(".pager-next"));
}

#[test]
fn a_part_of_a_story_learns_of_the_part_after_it() {
    let report =
        |date: &str| format!("+++\ntitle = \"T\"\ndate = {date}\nstories = [\"S\"]\n+++\nText.\n");
    let archive = Archive::new()
        .config("[listing]\nleaf = 2\n")
        .article("a.md", &report("2015-01-01"))
        .article("b.md", &report("2015-02-01"))
        .article("c.md", &report("2016-01-01"));
    assert!(archive.build().clean().page("/stories/s/2016/").links(".pager [rel=next]").is_empty());
    archive.write("content/d.md", report("2017-01-01"));
    let next = archive.build().clean().page("/stories/s/2016/").html().contains("/stories/s/2017/");
    assert!(next, "the part after it is not linked");
}
