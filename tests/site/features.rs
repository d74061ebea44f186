//! What a curator can write, and what readers then find: the manual, as tests.

use crate::archive::Archive;

/// A report with further lines in its front matter.
fn report(date: &str, lines: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = {date}\n{lines}\n+++\nThe first words. More.\n")
}

/// An archive of one such report, at `/2017/01/29/x/`.
fn one(lines: &str) -> Archive {
    Archive::new().article("x.md", &report("2017-01-29", lines))
}

const X: &str = "/2017/01/29/x/";

#[test]
fn provenance_stands_with_the_report() {
    let lines = "outlet = \"bbc\"\noriginal_url = \"https://www.bbc.example/1\"\n\
        authors = [\"Ann Lee\", \"Bo Yu\"]\nvia = [\"A list\", { name = \"A blog\", url = \"https://b.example/\" }]\n\
        submitted_by = [\"kim\", \"secret\"]\ndateline = \"MOSCOW\"\nkind = \"analysis\"\n\
        added = 2020-02-03\nupdated = 2021-02-03\nlicense = \"CC BY\"\nrights = \"© BBC\"\nnote = \"Seen in print.\"\n\
        archived = [{ url = \"https://web.archive.example/1\", date = 2017-02-01, service = \"Keeper\" }]\n";
    let config = "[outlets.bbc]\nname = \"BBC News\"\ncountry = \"GB\"\n\
        [contributors.kim]\nname = \"Kim\"\n[contributors.secret]\nhidden = true\n";
    let built = one(lines).config(config).build().clean();
    let page = built.page(X);
    assert_eq!(page.text("title"), "A report (2017) · Archive");
    assert_eq!(page.text(".issue"), "BBC News 29 January 2017");
    assert_eq!(page.texts(".byline li"), ["Analysis", "By Ann Lee, Bo Yu", "MOSCOW"]);
    for (label, fact) in [
        ("Outlet", "BBC News"),
        ("Published", "29 January 2017"),
        ("Original", "bbc.example"),
        ("Archived copies", "Keeper 1 February 2017"),
        ("Came through", "A listA blog"),
        ("Sent in by", "Kim"),
        ("Added", "3 February 2020"),
        ("Updated", "3 February 2021"),
        ("Rights", "© BBC"),
        ("Licence", "CC BY"),
        ("Note", "Seen in print."),
        ("Permanent address", "https://archive.example/2017/01/29/x/"),
    ] {
        assert_eq!(page.fact(label), fact, "{label}");
    }
    for listing in [
        "/outlets/bbc-news/",
        "/authors/ann-lee/",
        "/authors/bo-yu/",
        "/contributors/kim/",
        "/added/2020/02/03/",
    ] {
        assert_eq!(built.page(listing).links("li.line"), [X], "{listing}");
    }
    let hidden = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("secret");
    assert!(!built.tree().values().any(hidden), "a hidden contributor is named nowhere");
}

#[test]
fn summaries_are_written_or_cut_and_only_written_ones_stand_above_the_text() {
    let cut = one("").build().clean();
    assert!(!cut.page(X).has(".standfirst"));
    let description = cut.page(X).attribute("meta[name=description]", "content");
    assert!(description.starts_with("The first words."), "{description}");
    let written = one("summary = \"In short.\"").build().clean().page(X);
    assert_eq!(written.text(".standfirst"), "In short.");
    assert_eq!(written.attribute("meta[name=description]", "content"), "In short.");
}

#[test]
fn corrections_and_redactions_are_shown() {
    let lines = "redactions = [{ date = 2020-05-01, reason = \"A name.\", assets = [\"face.svg\"] }]\n\
        [[corrections]]\ndate = 2020-03-01\ntext = \"A number.\"\nwas = \"two\"\nnow = \"three\"\n";
    let built = Archive::new()
        .article("x/index.md", &report("2017-01-29", lines))
        .file("content/x/face.svg", "<svg/>")
        .file("content/x/place.svg", "<svg/>")
        .build()
        .clean();
    let page = built.page(X);
    assert_eq!(page.text(".corrections del"), "two");
    assert_eq!(page.text(".corrections ins"), "three");
    assert!(page.text(".notices").contains("A part was removed on 1 May 2020. A name."));
    assert!(built.has("/2017/01/29/x/place.svg"), "files beside a report are its own");
    assert!(!built.has("/2017/01/29/x/face.svg"), "what was redacted is gone");
    assert!(built.file("atom.xml").contains("<updated>2020-05-01T00:00:00Z</updated>"));
}

#[test]
fn a_withdrawn_report_leaves_a_tombstone_and_nothing_else() {
    let lines = "tags = [\"secret tag\"]\nimage = \"p.svg\"\n\
        withdrawn = { date = 2020-01-01, kind = \"privacy\", reason = \"On request.\" }";
    let archive = Archive::new()
        .article("x/index.md", &report("2017-01-29", lines).replace("A report", "A secret name"))
        .file("content/x/p.svg", "<svg/>")
        .article("other.md", &report("2017-01-29", ""));
    let built = archive.build().clean();
    let page = built.page(X);
    assert!(
        page.text("h1").contains("Withdrawn") && page.has("meta[name=robots][content=noindex]")
    );
    assert_eq!(page.fact("Reason"), "On request.");
    assert_eq!(page.fact("Ground"), "Privacy");
    let secret = |bytes: &Vec<u8>| {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        text.contains("secret") || text.contains("first words. more.\n")
    };
    let leaks: Vec<String> =
        built.tree().into_iter().filter(|(_, bytes)| secret(bytes)).map(|(path, _)| path).collect();
    assert!(leaks.is_empty(), "{leaks:?}");
    assert!(!built.has("/2017/01/29/x/p.svg") && !built.has("/tags/secret-tag/"));
    assert_eq!(built.page("/2017/01/29/").links("li.line"), ["/2017/01/29/other/"]);
    assert!(!built.file("sitemaps/2017.xml").contains("/x/"));
}

#[test]
fn an_error_s_tombstone_keeps_its_headline() {
    let page = one("withdrawn = { date = 2020-01-01, kind = \"error\" }").build().clean().page(X);
    assert_eq!(page.fact("Headline"), "A report");
}

#[test]
fn addresses_are_chosen_by_slug_path_pattern_or_file_name() {
    let built = Archive::new()
        .article("by-name.md", &report("2017-01-29", ""))
        .article("a.md", &report("2017-01-29", "slug = \"by-slug\""))
        .article("b.md", &report("2017-01-29", "path = \"/somewhere/else/\""))
        .article("folder/index.md", &report("2017-01-29", ""))
        .build()
        .clean();
    for address in
        ["/2017/01/29/by-name/", "/2017/01/29/by-slug/", "/somewhere/else/", "/2017/01/29/folder/"]
    {
        assert_eq!(built.page(address).text("h1"), "A report", "{address}");
    }
    let archive =
        one("outlet = \"Le Monde\"").config("permalink = \"/news/:outlet/:year/:slug/\"\n");
    assert!(archive.build().clean().has("/news/le-monde/2017/x/"));
}

#[test]
fn old_addresses_lead_to_the_new() {
    let config = "[[redirects]]\nfrom = \"/?p=123\"\nto = \"/2017/01/29/x/\"\n\
        [[redirects]]\nfrom = \"/tag/*/page/*\"\nto = \"/years/\"\n\
        [[redirects]]\nfrom = \"/moved.html\"\nto = \"https://other.example/\"\n";
    let lines =
        "aliases = [\"/old/\", \"old.html\", \"/no-slash\", \"https://old.example/2017/whole/\"]";
    let built = one(lines).config(config).build().clean();
    for address in ["/old/", "/old.html", "/no-slash/", "/2017/whole/"] {
        let page = built.page(address);
        let target = page.attribute("meta[http-equiv=refresh]", "content");
        assert_eq!(target, "0; url=/2017/01/29/x/", "{address}");
        assert_eq!(
            page.attribute("link[rel=canonical]", "href"),
            "https://archive.example/2017/01/29/x/"
        );
    }
    assert_eq!(built.page("/moved.html").links("h1 ~ p"), ["https://other.example/"]);
    let starred = |path: &String| path.contains(['*', '?']);
    assert!(!built.tree().keys().any(starred), "patterns are for hosts, not for files");
}

#[test]
fn dates_are_as_precise_as_they_are_known() {
    let built = Archive::new()
        .article("year.md", &report("\"1987\"", ""))
        .article("month.md", &report("\"1987-03\"", ""))
        .article("day.md", &report("1987-03-29", ""))
        .article("time.md", &report("1987-03-29T23:30:00-08:00", ""))
        .build()
        .clean();
    for (address, text, listing) in [
        ("/1987/year/", "1987", "/1987/"),
        ("/1987/03/month/", "March 1987", "/1987/03/"),
        ("/1987/03/29/day/", "29 March 1987", "/1987/03/29/"),
        ("/1987/03/29/time/", "29 March 1987", "/1987/03/29/"),
    ] {
        assert_eq!(built.page(address).text(".issue time"), text);
        assert!(built.page(listing).links("li.line").contains(&address.to_owned()), "{listing}");
    }
    assert_eq!(built.page("/1987/").all("li.line").len(), 4);
    assert_eq!(built.page("/1987/03/29/").all("li.line").len(), 2);
}

#[test]
fn reports_follow_one_another() {
    let built = Archive::new()
        .article("a.md", &report("2017-01-01", ""))
        .article(
            "b.md",
            &report("2017-01-02", "withdrawn = { date = 2020-01-01, kind = \"error\" }"),
        )
        .article("c.md", &report("2017-01-03", ""))
        .build()
        .clean();
    let page = built.page("/2017/01/03/c/");
    assert_eq!(
        page.attribute("link[rel=prev]", "href"),
        "/2017/01/01/a/",
        "the withdrawn is passed over"
    );
    assert!(!page.has("link[rel=next]"));
    assert_eq!(built.page("/2017/01/01/a/").links(".neighbour-next"), ["/2017/01/03/c/"]);
}

#[test]
fn related_reports_share_terms_and_stories_weigh_most() {
    let built = Archive::new()
        .article("x.md", &report("2017-01-29", "tags = [\"t\"]\nstories = [\"s\"]"))
        .article("tag.md", &report("2017-01-28", "tags = [\"t\"]"))
        .article("story.md", &report("2017-01-20", "stories = [\"s\"]"))
        .article("neither.md", &report("2017-01-29", "tags = [\"other\"]"))
        .build()
        .clean();
    let related = built.page(X).links("#related ~ ol");
    assert_eq!(related, ["/2017/01/20/story/", "/2017/01/28/tag/"]);
}

#[test]
fn a_story_is_told_oldest_first_and_a_tag_newest_first() {
    let lines = "tags = [\"t\"]\nstories = [\"s\"]";
    let built = Archive::new()
        .article("a.md", &report("2016-01-01", lines))
        .article("b.md", &report("2017-01-01", lines))
        .build()
        .clean();
    let (old, new) = ("/2016/01/01/a/".to_owned(), "/2017/01/01/b/".to_owned());
    assert_eq!(built.page("/stories/s/").links("li.step"), [old.clone(), new.clone()]);
    assert_eq!(built.page("/tags/t/").links("li.line"), [new, old]);
}

#[test]
fn the_same_report_by_another_outlet_is_shown_on_both() {
    let built = Archive::new()
        .article("a.md", &report("2016-01-01", "also = [\"/2017/01/01/b/\"]"))
        .article("b.md", &report("2017-01-01", ""))
        .build()
        .clean();
    assert_eq!(built.page("/2016/01/01/a/").links("#also ~ ol"), ["/2017/01/01/b/"]);
    assert_eq!(built.page("/2017/01/01/b/").links("#also ~ ol"), ["/2016/01/01/a/"]);
}

#[test]
fn languages_are_named_wherever_the_headline_appears() {
    let built = one("language = \"ar\"\ntags = [\"t\"]").build().clean();
    for page in [built.page(X), built.page("/tags/t/"), built.page("/")] {
        let directions = page.attributes("[lang=ar]", "dir");
        assert!(
            !directions.is_empty() && directions.iter().all(|dir| dir == "rtl"),
            "{directions:?}"
        );
        assert_eq!(page.attribute("html", "lang"), "en");
    }
}

#[test]
fn canonical_noindex_and_template_are_the_report_s_to_choose() {
    let lines = "original_url = \"https://x.example/1\"\ncanonical = \"original\"\nnoindex = true\ntemplate = \"plain\"";
    let archive = one(lines);
    let page = archive.build().succeeds().page(X);
    assert_eq!(page.attribute("link[rel=canonical]", "href"), "https://x.example/1");
    assert!(page.has("meta[name=robots][content=noindex]"));
    archive.write("templates/plain.html", "<!DOCTYPE html><title>Plain</title>{{ article.title }}");
    assert_eq!(archive.build().clean().page(X).text("title"), "Plain");
}

#[test]
fn drafts_are_built_only_when_asked_for() {
    let archive = one("draft = true").article("y.md", &report("2017-01-29", ""));
    let built = archive.build().clean();
    assert!(!built.has(X) && built.stdout().contains("1 draft left out"));
    assert!(archive.build_with(&["--drafts"]).clean().has(X));
}

#[test]
fn a_date_to_come_is_published() {
    let built = Archive::new().article("x.md", &report("2999-12-31", "")).build().succeeds();
    assert!(built.has("/2999/12/31/x/"));
}

#[test]
fn identities_in_feeds_do_not_follow_the_address() {
    let archive = one("").config("[feeds]\nauthority = \"desk.example,2020\"\n");
    let id = "<id>tag:desk.example,2020:2017-01-29/x</id>";
    assert!(archive.build().clean().file("atom.xml").contains(id));
    let moved = archive.build_with(&["-u", "https://new.example/a/"]).clean();
    assert!(moved.file("atom.xml").contains(id));
    assert!(moved.file("atom.xml").contains("https://new.example/a/2017/01/29/x/"));
}

#[test]
fn mementos_and_lost_links_inside_the_body() {
    let text = report("2017-01-29", "links = [{ url = \"http://gone.example/\", lost = true }]")
        + "\n[Here](http://gone.example/) it was.\n";
    let page = Archive::new().article("x.md", &text).build().clean().page(X);
    assert!(page.text(".body").contains("Here (link lost) it was."), "{}", page.text(".body"));
    assert!(!page.links(".body").contains(&"http://gone.example/".to_owned()));
}

#[test]
fn a_template_or_a_lead_picture_that_nobody_has_is_told() {
    let built = one("template = \"nope\"\nimage = \"nope.jpg\"").build().succeeds();
    assert!(built.stderr().contains("there is no template “nope.html”"), "{}", built.stderr());
    assert!(built.stderr().contains("the lead picture `nope.jpg` does not exist"));
    assert_eq!(built.page(X).text("h1"), "A report");
}

#[test]
fn links_are_found_in_every_spelling_of_an_address_and_written_in_one() {
    let text = report("2017-01-30", "")
        + "\n[a](/2017/01/29/x) [b](/2017/01/29/x/index.html) [c](/content/x.md) [d](/sub/2017/01/29/x/)\n";
    let archive = one("").article("y.md", &text);
    let archive = archive.config("base_url = \"https://archive.example/sub/\"\n");
    let page = archive.build().clean().page("/2017/01/30/y/");
    let links = page.links(".body p:last-child");
    let links: Vec<&String> = links.iter().filter(|link| !link.starts_with('#')).collect();
    assert_eq!(links, ["/sub/2017/01/29/x/"; 4]);
}

#[cfg(unix)]
#[test]
fn static_may_be_a_link_to_a_folder_of_the_archive() {
    let archive = Archive::new().file("shared/a.txt", "a");
    std::os::unix::fs::symlink("shared", archive.path("static")).unwrap();
    let built = archive.build().clean();
    assert_eq!(built.file("a.txt"), "a");
}
