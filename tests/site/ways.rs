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
    assert_eq!(page.texts("table a"), ["3 20", "4 5"]);
    assert_eq!(page.attributes("table td:has(a)", "class"), ["day day-many", "day day-some"]);
}
