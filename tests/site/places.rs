//! Listings, other generators' archives, themes and commands: where things are found and made.

use crate::archive::Archive;

fn report(date: &str, lines: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = {date}\n{lines}\n+++\nText.\n")
}

#[test]
fn jekyll_s_file_names_and_keys_are_understood() {
    let text = "---\ntitle: From Jekyll\ncategories: [News, Space]\nredirect_from: /old/\nlast_modified_at: 2018-01-01\n---\nText.\n";
    let built = Archive::new().article("_posts/2017-01-29-from-jekyll.md", text).build().clean();
    let page = built.page("/2017/01/29/from-jekyll/");
    assert_eq!(page.fact("Updated"), "1 January 2018");
    assert_eq!(page.fact("Tags"), "NewsSpace");
    assert!(built.has("/old/"));
}

#[test]
fn front_matter_may_stand_below_empty_lines_but_a_rule_across_the_page_is_none() {
    let archive = Archive::new()
        .article("below.md", "\u{feff}\n \n---\ntitle: Below\ndate: 2017-01-29\n---\nText.\n")
        .article("2017-01-30-rule.md", "\n---\nText below a rule.\n");
    let built = archive.build().succeeds();
    assert_eq!(built.page("/2017/01/29/below/").text("h1"), "Below");
    assert_eq!(built.page("/2017/01/29/below/").text(".body"), "Text.");
    assert_eq!(built.page("/2017/01/30/rule/").text(".body"), "Text below a rule.");
}

#[test]
fn hugo_s_and_zola_s_keys_are_understood() {
    let hugo = "---\ntitle: From Hugo\npublishDate: 2017-01-29\nlastmod: 2018-01-01\nexpiryDate: 2017-02-01\n\
        author: Ann\ndescription: In short.\nurl: /kept/\nparams:\n  outlet: BBC\n---\nText.\n";
    let zola = "+++\ntitle = \"From Zola\"\ndate = 2017-01-30\n[taxonomies]\ntags = [\"Moon\"]\n[extra]\nmood = \"good\"\n+++\nText.\n";
    let archive = Archive::new().article("h.md", hugo).article("z.md", zola);
    let built = archive.build().clean();
    let page = built.page("/kept/");
    assert_eq!(page.fact("Outlet"), "BBC");
    assert_eq!(page.fact("Updated"), "1 January 2018");
    assert_eq!(page.text(".standfirst"), "In short.");
    assert_eq!(page.texts(".byline li"), ["By Ann"]);
    assert_eq!(built.page("/2017/01/30/z/").fact("Tags"), "Moon");
    let data = archive.run(&["inspect", "/2017/01/30/z/"]).clean().json();
    assert_eq!(data["article"]["extra"]["mood"], "good");
}

#[test]
fn keys_of_one_s_own_are_mapped_by_the_config() {
    let config = "[keys]\nsource = \"outlet\"\nsource_url = \"original_url\"\nposted = \"date\"\n";
    let text = "---\ntitle: A\nposted: 2017-01-29\nsource: BBC\nsource_url: https://b.example/1\n---\nText.\n";
    let page =
        Archive::new().config(config).article("x.md", text).build().clean().page("/2017/01/29/x/");
    assert_eq!(page.fact("Outlet"), "BBC");
    assert_eq!(page.fact("Original"), "b.example");
}

#[test]
fn taxonomies_of_one_s_own_have_pages_and_feeds() {
    let config = "[[taxonomies]]\nname = \"missions\"\nsingular = \"mission\"\npath = \"flights\"\nfeed = true\n";
    let archive = Archive::new()
        .config(config)
        .article("x.md", &report("2017-01-29", "missions = [\"Apollo 11\"]"));
    let built = archive.build().clean();
    assert_eq!(built.page("/2017/01/29/x/").fact("Missions"), "Apollo 11");
    assert_eq!(built.page("/flights/").links(".kind-terms section"), ["/flights/apollo-11/"]);
    assert_eq!(built.page("/flights/apollo-11/").links("li.line"), ["/2017/01/29/x/"]);
    assert!(built.file("flights/apollo-11/atom.xml").contains("/2017/01/29/x/"));
}

#[test]
fn a_long_listing_is_cut_by_year_and_month_never_by_number() {
    let mut archive = Archive::new().config("[listing]\nleaf = 2\n");
    for date in ["2016-05-01", "2017-01-01", "2017-01-02", "2017-01-03", "2017-02-01"] {
        archive = archive.article(&format!("r{date}.md"), &report(date, "tags = [\"t\"]"));
    }
    let built = archive.build().clean();
    assert_eq!(built.page("/tags/t/").links(".children"), ["/tags/t/2017/", "/tags/t/2016/"]);
    assert_eq!(
        built.page("/tags/t/2017/").links(".children"),
        ["/tags/t/2017/02/", "/tags/t/2017/01/"]
    );
    assert_eq!(built.page("/tags/t/2017/01/").links(".children").len(), 3);
    assert_eq!(built.page("/tags/t/2017/01/02/").all("li.line").len(), 1);
    assert!(!built.has("/tags/t/2016/05/"), "a year of one report is one page");
    assert_eq!(built.page("/tags/t/").all(".newest li.line").len(), 5);
}

#[test]
fn a_host_that_counts_files_has_no_day_pages() {
    let built = Archive::new()
        .config("[listing]\ndays = false\n")
        .article("x.md", &report("2017-01-29", ""))
        .build()
        .clean();
    assert!(!built.has("/2017/01/29/"));
    let crumbs = built.page("/2017/01/29/x/").links(".breadcrumbs");
    assert_eq!(crumbs.last().map(String::as_str), Some("/2017/01/#29"));
    assert!(built.page("/2017/01/").has("[id='29']"));
}

#[test]
fn a_month_is_a_calendar_whose_days_say_how_much_they_hold() {
    let built = Archive::new()
        .article("a.md", &report("2017-01-29", ""))
        .article("b.md", &report("2017-01-29", ""))
        .build()
        .clean();
    let page = built.page("/2017/01/");
    assert_eq!(page.links("table"), ["/2017/01/29/"]);
    assert_eq!(page.attribute("table a", "aria-label"), "29 January 2017, 2 reports");
    assert_eq!(page.all("table th").len(), 7);
}

#[test]
fn on_this_day_gathers_the_years() {
    let built = Archive::new()
        .article("a.md", &report("2016-01-29", ""))
        .article("b.md", &report("2017-01-29", ""))
        .build()
        .clean();
    let links = built.page("/on-this-day/01-29/").links("li.line");
    assert_eq!(links, ["/2017/01/29/b/", "/2016/01/29/a/"]);
    assert!(built.page("/on-this-day/").links("main").contains(&"/on-this-day/01-29/".to_owned()));
    assert!(!built.has("/on-this-day/01-30/"));
}

#[test]
fn files_of_one_s_own_are_copied_as_they_are() {
    let built = Archive::new()
        .file("static/CNAME", "archive.example")
        .file("static/robots.txt", "User-agent: *\n")
        .file("static/deep/a b.bin", [0, 159, 146, 150])
        .build()
        .clean();
    assert_eq!(built.file("CNAME"), "archive.example");
    assert_eq!(built.file("robots.txt"), "User-agent: *\n", "one's own stands");
    assert_eq!(built.tree()["deep/a b.bin"], [0, 159, 146, 150]);
}

#[test]
fn plain_pages_live_where_their_files_do() {
    let built = Archive::new()
        .file("content/pages/help/find.md", "+++\ntitle = \"Finding\"\n+++\nText.\n")
        .file("content/pages/about/index.md", "+++\ntitle = \"About\"\n+++\nText.\n")
        .build()
        .clean();
    assert_eq!(built.page("/help/find/").text("h1"), "Finding");
    assert_eq!(built.page("/about/").text("h1"), "About");
}

#[test]
fn shortcodes_are_templates_of_the_archive() {
    let text = report("2017-01-29", "") + "\n{{ quote(by=\"Ann <b>\", n=3) }}\n";
    let archive = Archive::new()
        .article("x.md", &text)
        .file("templates/shortcodes/quote.html", "<p class=\"quote\">{{ by }}: {{ n + 1 }}</p>");
    assert_eq!(archive.build().clean().page("/2017/01/29/x/").text(".quote"), "Ann <b>: 4");
}

#[test]
fn templates_of_the_archive_override_those_of_its_theme_and_that_gazette_s() {
    let archive = Archive::new()
        .config("theme = \"ours\"\n")
        .file("themes/ours/templates/404.html", "theme's {{ site.title }}")
        .file("themes/ours/assets/style.css", "body { color: red }")
        .file("themes/ours/templates/years.html", "theme's years");
    let built = archive.build().clean();
    assert_eq!(built.file("404.html"), "theme's Archive");
    assert!(built.has("/on-this-day/"), "what a theme has not comes from gazette");
    let style = built.page("/").attribute("link[rel=stylesheet]", "href");
    assert_eq!(built.file(style.trim_start_matches('/')), "body { color: red }");
    archive.write("templates/404.html", "archive's");
    let built = archive.build().clean();
    assert_eq!(
        (built.file("404.html"), built.file("years/index.html")),
        ("archive's".into(), "theme's years".into())
    );
}

#[test]
fn init_makes_an_archive_that_builds_clean() {
    let archive = Archive::new();
    archive.remove("dateline.toml");
    archive.run(&["init"]).clean();
    let built = archive.build().clean();
    assert!(built.has("/about/") && built.stdout().starts_with("1 article, 1 page"));
    let again = archive.run(&["init"]);
    assert_eq!(again.code(), 2, "nothing is overwritten");
}

#[test]
fn new_begins_an_entry_that_builds_clean() {
    let archive = Archive::new();
    let arguments = [
        "new",
        "He said: \"No\" — at last",
        "--date",
        "2017-01",
        "--outlet",
        "BBC",
        "--tag",
        "a",
        "--tag",
        "b",
        "--author",
        "Ann",
        "--url",
        "https://b.example/1",
        "--language",
        "de",
    ];
    let made = archive.run(&arguments).clean();
    assert!(
        made.stdout().trim().ends_with("content/2017/he-said-no-at-last.md"),
        "{}",
        made.stdout()
    );
    let page = archive.build().clean().page("/2017/01/he-said-no-at-last/");
    assert_eq!(page.text("h1"), "He said: \"No\" — at last");
    assert_eq!(page.fact("Tags"), "ab");
    assert_eq!(archive.run(&arguments).code(), 2, "an entry is not overwritten");
}

#[test]
fn new_takes_long_headlines_and_refuses_what_a_build_would() {
    let archive = Archive::new();
    let title = "Президент встретился с министром... ".repeat(12);
    let made = archive.run(&["new", title.trim(), "--date", "2017-01-29"]).clean();
    let name = made.stdout().trim().rsplit('/').next().unwrap().to_owned();
    assert!(name.starts_with("президент-встретился-с-министром-президент") && name.len() < 130);
    archive.build().clean();
    for wrong in [["--url", "javascript:alert(1)"], ["--language", "english"]] {
        assert_eq!(archive.run(&["new", "Title", wrong[0], wrong[1]]).code(), 2, "{wrong:?}");
    }
}

#[test]
fn inspect_says_what_is_wrong_with_the_config() {
    let archive = Archive::new().config("timezone = \"Mars\"\n");
    let asked = archive.run(&["inspect", "/"]);
    assert_eq!(asked.code(), 1);
    assert!(asked.stderr().contains("“Mars” is not a time zone"), "{}", asked.stderr());
}

#[test]
fn new_names_the_outlet_that_was_meant() {
    let archive = Archive::new().config("[outlets.guardian]\nname = \"The Guardian\"\n");
    let made = archive.run(&["new", "Title", "--outlet", "gaurdian"]).succeeds();
    assert!(made.stderr().contains("did you mean “guardian”?"), "{}", made.stderr());
}

#[test]
fn inspect_prints_what_a_template_receives() {
    let archive = Archive::new().article("x.md", &report("2017-01-29", "tags = [\"t\"]"));
    for address in ["/2017/01/29/x/", "2017/01/29/x", "https://archive.example/2017/01/29/x/"] {
        let data = archive.run(&["inspect", address]).clean().json();
        assert_eq!(data["article"]["title"], "A report", "{address}");
        assert_eq!(data["template"], "article.html");
    }
    assert!(!archive.path("public").exists(), "it builds nothing");
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Archive::new().run(&["completions", shell]).clean().stdout().to_owned();
        assert!(script.contains("inspect") && script.contains("dateline"), "{shell}");
    }
}

#[test]
fn the_newest_thirty_of_a_listing_say_what_they_are_about() {
    let mut archive = Archive::new();
    for day in 1..=31 {
        let text = report(&format!("2017-01-{day:02}"), "tags = [\"t\"]\nstories = [\"s\"]");
        archive = archive.article(&format!("r{day:02}.md"), &text);
    }
    let built = archive.build().clean();
    assert_eq!(built.page("/stories/s/").all(".step .line-summary").len(), 31, "a story is told");
    for address in ["/tags/t/", "/2017/01/"] {
        let page = built.page(address);
        assert_eq!(page.all("li.line").len(), 31, "{address}");
        assert_eq!(page.all("li.line-told > .line-summary").len(), 30, "{address}");
        let told = page.attributes("li.line", "class");
        assert_eq!(told[30], "line", "{address}: the oldest is one line");
    }
}
