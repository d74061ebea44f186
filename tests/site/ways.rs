//! Ways around an archive: what leads from a page to others.

use crate::archive::Archive;

fn report(date: &str, more: &str) -> String {
    format!("+++\ntitle = \"Report of {date}\"\ndate = {date}\n{more}\n+++\nWords.\n")
}

#[test]
fn breadcrumbs_name_the_page_and_all_above_it() {
    let mut archive = Archive::new().config("language = \"en\"\n[listing]\nleaf = 2\n");
    for date in ["2016-05-01", "2017-01-01", "2017-01-02", "2017-01-29"] {
        archive = archive.article(&format!("r{date}.md"), &report(date, "tags = [\"Talks\"]"));
    }
    let built = archive.build().clean();
    for (address, crumbs) in [
        ("/years/", &["Home", "Years"][..]),
        ("/2017/", &["Home", "Years", "2017"]),
        ("/2017/01/", &["Home", "Years", "2017", "January"]),
        ("/2017/01/29/", &["Home", "Years", "2017", "January", "29 January 2017"]),
        (
            "/2017/01/29/r2017-01-29/",
            &["Home", "Years", "2017", "January", "29 January 2017", "Report of 2017-01-29"],
        ),
        ("/tags/", &["Home", "Tags"]),
        ("/tags/talks/", &["Home", "Tags", "Talks"]),
        ("/tags/talks/2017/", &["Home", "Tags", "Talks", "2017"]),
        ("/tags/talks/2017/01/", &["Home", "Tags", "Talks", "2017", "January 2017"]),
        ("/on-this-day/01-29/", &["Home", "On this day", "29 January"]),
        ("/data/", &["Home", "Data"]),
    ] {
        let page = built.page(address);
        assert_eq!(page.texts(".breadcrumbs li"), crumbs, "{address}");
        assert_eq!(page.text(".breadcrumbs [aria-current]"), crumbs[crumbs.len() - 1]);
        let up = page.links(".breadcrumbs");
        assert_eq!(up.len(), crumbs.len() - 1, "{address}: each above it is a link");
        assert!(up.iter().all(|up| up == "/" || built.has(up)), "{address}: {up:?}");
    }
}

#[test]
fn a_list_names_its_own_feed_or_none() {
    let config = "[[taxonomies]]\nname = \"missions\"\nfeed = true\n";
    let built = Archive::new()
        .config(config)
        .article("x.md", &report("2017-01-29", "missions = [\"Apollo 11\"]\nauthors = [\"A. B.\"]"))
        .build()
        .clean();
    let feeds = |address: &str| built.page(address).attributes(".facts a[type]", "href");
    assert_eq!(feeds("/missions/apollo-11/"), ["/missions/apollo-11/atom.xml"]);
    for none in ["/years/", "/2017/", "/2017/01/29/", "/missions/", "/on-this-day/"] {
        assert_eq!(feeds(none), [""; 0], "{none}");
        assert!(!built.page(none).html().contains("<ul class=\"facts\">\n</ul>"), "{none}");
    }
}

#[test]
fn a_year_whose_reports_were_all_withdrawn_is_in_no_list() {
    let withdrawn = "[withdrawn]\ndate = 2020-01-01\nkind = \"error\"\nreason = \"Wrong.\"";
    let built = Archive::new()
        .article("x.md", &report("1996-12-03", withdrawn))
        .article("y.md", &report("2017-01-29", ""))
        .build()
        .clean();
    for list in ["/", "/years/"] {
        assert!(!built.page(list).links("main").contains(&"/1996/".to_owned()), "{list}");
    }
    assert_eq!(built.page("/1996/").texts(".facts li")[0], "Withdrawn");
    assert_eq!(
        built.page("/1996/12/").attribute("table a", "aria-label"),
        "3 December 1996, Withdrawn"
    );
}

#[test]
fn a_calendar_says_how_much_a_day_holds_in_figures() {
    let mut archive = Archive::new();
    for at in 0..25 {
        let day = if at < 20 { 3 } else { 4 };
        archive = archive.article(&format!("r{at}.md"), &report(&format!("2017-01-0{day}"), ""));
    }
    let page = archive.build().clean().page("/2017/01/");
    assert_eq!(page.texts("table a"), ["3", "4"]);
    assert_eq!(page.texts("table .day-count"), ["20", "5"]);
    assert_eq!(page.attributes("table td:has(a)", "class"), ["day day-many", "day day-some"]);
}

#[test]
fn the_front_page_flows_whatever_there_is_of_it() {
    let mut archive = Archive::new();
    for year in 2009..2025 {
        archive = archive.article(&format!("r{year}.md"), &report(&format!("{year}-03-05"), ""));
    }
    let page = archive.build().clean().page("/");
    assert_eq!(page.all(".front-lead li.line").len(), 1);
    assert_eq!(page.all(".front-latest li.line").len(), 11);
    assert!(!page.has(".front-added") && !page.has(".front-day"), "nothing was added on a day");
    assert_eq!(page.all(".front-years svg").len(), 3, "a chart for each decade");
    let years = page.links(".front-years .chart");
    assert_eq!(years.len(), 16);
    assert_eq!(years[0], "/2009/");
    let first = Archive::new().article("x.md", &report("2017-01-29", "")).build().clean().page("/");
    assert_eq!(first.links(".front-years .ways"), ["/2017/"]);
    assert!(!first.has(".front-latest") && !first.has(".front-years svg"));
}

#[test]
fn the_front_page_shows_no_report_twice_and_the_day_of_the_last_addition_in_other_years() {
    let mut archive = Archive::new();
    for at in 10..25 {
        let more = format!("added = 2026-02-{at}");
        archive = archive.article(&format!("r{at}.md"), &report(&format!("2017-01-{at}"), &more));
    }
    let old = report("1959-02-24", "added = 2026-01-01");
    let page = archive.article("old.md", &old).build().clean().page("/");
    let mut shown = page.links("main .line-headline");
    assert_eq!(page.text("#that-day"), "On this day: 24 February");
    assert_eq!(page.links(".front-day .lines"), ["/1959/02/24/old/"]);
    shown.retain(|address| address != "/1959/02/24/old/");
    let all = shown.len();
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), all);
}

#[test]
fn a_standfirst_that_the_text_begins_with_is_left_out() {
    let built = |summary: &str, body: &str| {
        let text = format!(
            "+++\ntitle = \"T\"\ndate = 2017-01-29\nsummary = \"{summary}\"\n+++\n{body}\n"
        );
        Archive::new().article("x.md", &text).build().clean().page("/2017/01/29/x/")
    };
    let first =
        "Talks on the “long” war began in Geneva today. Nobody knew how long they would last.";
    for (summary, body) in [
        ("Talks on the 'long' war began in Geneva today.", first),
        ("TALKS ON THE LONG WAR BEGAN IN GENEVA TODAY. NOBODY KNEW HOW LONG THEY …", first),
        (
            first,
            "Talks on the [“long”](https://a.example/) war *began* in Geneva today. Nobody knew how long they would last.\n\nMore.",
        ),
    ] {
        let page = built(summary, body);
        assert!(!page.has(".standfirst"), "{summary}");
        assert!(page.attribute("meta[name=description]", "content").len() > 20);
    }
    for (summary, body) in [
        ("Delegates met for the first time.", first),
        (
            "Talks on the long war began in Geneva. Delegates of nine states met, and two left.",
            "Talks.",
        ),
        ("Talks began.", "No paragraph repeats it."),
    ] {
        assert_eq!(built(summary, body).text(".standfirst"), summary);
    }
}

#[test]
fn the_original_stands_above_the_text_with_its_best_copy() {
    let original = "original_url = \"https://news.example/a?b=1&c=2\"";
    let copy =
        "archived = [{ url = \"https://web.archive.org/web/20170129/x\", date = 2017-01-29 }]";
    let built = |more: &str| {
        Archive::new()
            .article("x.md", &report("2017-01-29", more))
            .build()
            .clean()
            .page("/2017/01/29/x/")
    };
    let page = built(original);
    assert_eq!(page.text(".original-first"), "Read the original at news.example");
    assert_eq!(page.links(".original-first"), ["https://news.example/a?b=1&c=2"]);
    let page = built(&format!("{original}\n{copy}"));
    assert_eq!(
        page.texts(".original-first a"),
        ["Read the original at news.example", "Archived copy"]
    );
    assert_eq!(page.links(".original-first")[1], "https://web.archive.org/web/20170129/x");
    assert_eq!(built(copy).texts(".original-first a"), ["Archived copy"]);
    assert!(!built("").has(".original-first"));
    let head = page.html().find("original-first").unwrap();
    assert!(head < page.html().find("class=\"body\"").unwrap());
    assert!(page.has(".report > .report-text + .provenance"), "the record stands beside the text");
}

#[test]
fn an_index_of_many_terms_shows_the_most_used_its_size_and_how_much_a_letter_holds() {
    let mut archive = Archive::new();
    for at in 0..70 {
        let tags = format!("tags = [\"{}{at}\", \"Mars\"]", if at % 2 == 0 { "a" } else { "b" });
        archive = archive.article(&format!("r{at}.md"), &report("2017-01-29", &tags));
    }
    let page = archive.build().clean().page("/tags/");
    assert_eq!(page.texts(".facts li")[0], "71 entries");
    assert_eq!(page.all(".most-used li").len(), 30);
    assert_eq!(page.links(".most-used")[0], "/tags/mars/");
    assert_eq!(page.texts(".initials a"), ["A 35", "B 35", "M 1"]);
    assert_eq!(page.attributes(".initials a", "title")[2], "1 entry");
    let small = Archive::new().article("x.md", &report("2017-01-29", "tags = [\"a\"]"));
    assert!(!small.build().clean().page("/tags/").has(".most-used"));
}

#[test]
fn the_index_of_stories_says_when_and_what_last() {
    let story = "stories = [\"Talks\"]";
    let archive = Archive::new()
        .article("a.md", &report("2016-03-01", story))
        .article("b.md", &report("2017-01-29", story));
    let page = archive.build().clean().page("/stories/");
    assert_eq!(page.text(".story-span"), "2 reports · 1 March 2016 to 29 January 2017");
    assert_eq!(page.links(".story-newest"), ["/2017/01/29/b/"]);
    assert!(page.has(".story-spark svg[aria-hidden]"));
    archive.write("content/b.md", report("2018-05-06", story));
    let page = archive.build().page("/stories/");
    assert!(page.text(".story-span").ends_with("6 May 2018"), "a moved report is told of");
}

#[test]
fn a_long_list_leads_to_its_parts() {
    let mut archive = Archive::new();
    for at in 0..45 {
        let date = format!("2017-0{}-11", at % 3 + 1);
        archive = archive.article(&format!("r{at}.md"), &report(&date, "tags = [\"t\"]"));
    }
    let built = archive.build().clean();
    let page = built.page("/2017/");
    assert_eq!(page.texts(".jumps li"), ["March 15", "February 15", "January 15"]);
    for target in page.links(".jumps") {
        assert!(page.has(&format!("[id='{}']", &target[1..])), "{target}");
    }
    assert_eq!(page.links(".chart"), ["/2017/01/", "/2017/02/", "/2017/03/"]);
    assert!(!built.page("/2017/01/").has(".jumps"));
}

#[test]
fn a_long_report_has_a_table_of_contents() {
    let section =
        |name: &str| format!("## {name} & *more*\n\n{}\n\n", "Words and words. ".repeat(100));
    let long: String = ["One", "Two", "Three", "Four"].map(section).concat();
    let text = format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\n{long}");
    let page = Archive::new().article("x.md", &text).build().clean().page("/2017/01/29/x/");
    assert_eq!(page.texts(".contents li")[0], "One & more");
    assert_eq!(page.links(".contents").len(), 4);
    for target in page.links(".contents") {
        assert!(page.has(&format!("h2[id='{}']", &target[1..])), "{target}");
    }
    let short = format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\n{}", section("One"));
    let page = Archive::new().article("x.md", &short).build().clean().page("/2017/01/29/x/");
    assert!(!page.has(".contents"));
}

#[test]
fn what_other_outlets_told_of_an_event_stands_beside_a_report() {
    let of = |outlet: &str, story: &str| format!("outlet = \"{outlet}\"\nstories = [\"{story}\"]");
    let archive = Archive::new()
        .article("own.md", &report("2017-01-29", &of("The Daily", "Talks")))
        .article("other.md", &report("2017-01-30", &of("The Wire", "Talks")))
        .article(
            "same.md",
            &report("2017-01-28", &format!("{}\nalso = [\"own.md\"]", of("The Herald", "Talks"))),
        )
        .article("later.md", &report("2017-02-20", &of("The Wire", "Talks")))
        .article("ours.md", &report("2017-01-29", &of("The Daily", "Talks")))
        .article("elsewhere.md", &report("2017-01-29", &of("The Wire", "Floods")));
    let page = archive.build().clean().page("/2017/01/29/own/");
    assert_eq!(page.text("#also"), "How this was covered");
    assert_eq!(page.links(".coverage"), ["/2017/01/28/same/", "/2017/01/30/other/"]);
    assert_eq!(
        page.texts(".coverage-source"),
        ["The Herald 28 January 2017 The same report", "The Wire 30 January 2017"]
    );
    assert_eq!(page.texts(".coverage .line-summary"), ["Words.", "Words."]);
    archive.write("content/other.md", report("2017-03-30", &of("The Wire", "Talks")));
    let page = archive.build().page("/2017/01/29/own/");
    assert_eq!(page.text("#also"), "Also carried by", "only the same report is left");
}
