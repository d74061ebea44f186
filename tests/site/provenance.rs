//! Where a report came from and what may be done with it: for readers, for machines, and for those
//! who publish it again.

use std::path::Path;

use serde_json::Value as Json;

use crate::archive::Archive;
use crate::page::Page;
use crate::skip;

const X: &str = "/2017/01/29/x/";

/// An archive of one report, at `/2017/01/29/x/`.
fn one(lines: &str) -> Archive {
    let text = format!(
        "+++\ntitle = \"A report\"\ndate = 2017-01-29\n{lines}\n+++\nThe first words. [Next](y.md).\n"
    );
    let next = "+++\ntitle = \"Another\"\ndate = 2017-01-30\n+++\nText.\n";
    Archive::new().article("x.md", &text).article("y.md", next)
}

/// The structured data of a page.
#[track_caller]
fn structured(page: &Page) -> Json {
    serde_json::from_str(&page.text("script[type='application/ld+json']")).unwrap()
}

/// What a `<meta>` says, as often as it stands there.
fn said(page: &Page, name: &str) -> Vec<String> {
    page.attributes(&format!("meta[name='{name}'], meta[property='{name}']"), "content")
}

const WHOLE: &str = "outlet = \"bbc\"\nauthors = [\"Ann Lee\", \"Bo Yu\"]\n\
    original_url = \"https://www.bbc.example/1\"\ndateline = \"MOSCOW\"\nkind = \"analysis\"\n\
    via = [\"A list\", { name = \"A blog\", url = \"https://b.example/\" }]\n\
    submitted_by = [\"kim\", \"secret\"]\ntags = [\"Moon\"]\nstories = [\"Landers\"]\n\
    added = 2020-02-03\nlicense = \"CC BY 4.0\"\nrights = \"© BBC\"\nlanguage = \"ar\"\n\
    archived = [{ url = \"https://web.archive.example/20170201120000/https://www.bbc.example/1\" }]\n\
    corrections = [{ date = 2021-02-03, text = \"A number.\", was = \"two\", now = \"three\" }]\n";

const OUTLETS: &str = "title = \"The Archive\"\n[outlets.bbc]\nname = \"BBC News\"\n\
    url = \"https://www.bbc.example/\"\n[contributors.kim]\nname = \"Kim\"\n\
    url = \"https://kim.example/\"\nnote = \"Reads much.\"\n\
    [contributors.secret]\nname = \"Nemo\"\nhidden = true\n";

#[test]
fn author_publisher_and_archive_are_told_apart() {
    let built = one(WHOLE).config(OUTLETS).build().clean();
    let page = built.page(X);
    let data = structured(&page);
    assert_eq!(data["@type"], "NewsArticle");
    assert_eq!(data["author"][1]["name"], "Bo Yu");
    assert_eq!(data["publisher"]["name"], "BBC News");
    assert_eq!(data["publisher"]["url"], "https://www.bbc.example/");
    assert_eq!(data["sdPublisher"]["name"], "The Archive");
    assert_eq!(data["datePublished"], "2017-01-29");
    assert_eq!(data["dateModified"], "2021-02-03");
    let stands_on = &data["mainEntityOfPage"];
    assert_eq!(stands_on["@id"], "https://archive.example/2017/01/29/x/");
    assert_eq!(stands_on["datePublished"], "2020-02-03");
    assert_eq!(stands_on["publisher"]["@id"], data["sdPublisher"]["@id"]);
    assert_eq!(stands_on["contributor"].as_array().unwrap().len(), 1);
    for (key, value) in [
        ("isBasedOn", "https://www.bbc.example/1"),
        ("dateline", "MOSCOW"),
        ("inLanguage", "ar"),
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
        ("copyrightNotice", "© BBC"),
    ] {
        assert_eq!(data[key], value, "{key}");
    }
    assert_eq!(data["keywords"], serde_json::json!(["Moon"]));
    assert_eq!(data["isPartOf"][0]["name"], "Landers");
    assert_eq!(data["correction"][0]["text"], "A number. Was: “two” Now: “three”");
    assert!(data["archivedAt"][0].as_str().unwrap().contains("/20170201120000/"));
    let nowhere = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("Nemo");
    assert!(!built.tree().values().any(nowhere), "a hidden contributor is named nowhere");
}

#[test]
fn the_last_change_is_a_redaction_s_too() {
    let lines = "corrections = [{ date = 2020-01-01, text = \"C.\" }]\nredactions = [{ date = 2021-02-03 }]";
    let page = one(lines).build().clean().page("/2017/01/29/x/");
    assert_eq!(structured(&page)["dateModified"], "2021-02-03");
    assert_eq!(said(&page, "article:modified_time"), ["2021-02-03"]);
}

#[test]
fn a_step_of_the_chain_without_a_name_is_none() {
    let page = one("via = [\"\", \" A list \"]").build().clean().page("/2017/01/29/x/");
    assert_eq!(page.texts(".record-chain li"), ["A list"]);
}

#[test]
fn without_a_byline_nobody_is_made_the_author() {
    let page = one("outlet = \"BBC\"").build().clean().page(X);
    let data = structured(&page);
    assert!(data.get("author").is_none() && data["publisher"]["name"] == "BBC");
    assert_eq!(said(&page, "citation_author"), Vec::<String>::new());
    let bare = structured(&one("").build().clean().page(X));
    assert!(bare.get("publisher").is_none(), "nor the archive the publisher");
}

#[test]
fn a_page_introduces_itself_to_machines() {
    let page = one(WHOLE).config(OUTLETS).build().clean().page(X);
    for (name, values) in [
        ("og:type", vec!["article"]),
        ("og:locale", vec!["ar_EG"]),
        ("og:url", vec!["https://archive.example/2017/01/29/x/"]),
        ("article:published_time", vec!["2017-01-29"]),
        ("article:modified_time", vec!["2021-02-03"]),
        ("article:section", vec!["Analysis"]),
        ("article:tag", vec!["Moon"]),
        ("twitter:card", vec!["summary"]),
        ("citation_title", vec!["A report"]),
        ("citation_author", vec!["Ann Lee", "Bo Yu"]),
        ("citation_publication_date", vec!["2017/01/29"]),
        ("citation_online_date", vec!["2020/02/03"]),
        ("citation_journal_title", vec!["BBC News"]),
        ("citation_language", vec!["ar"]),
    ] {
        assert_eq!(said(&page, name), values, "{name}");
    }
    let partial = Archive::new()
        .article("x.md", "+++\ntitle = \"T\"\ndate = \"2017-01\"\n+++\nText.\n")
        .build()
        .clean();
    let page = partial.page("/2017/01/x/");
    assert_eq!(said(&page, "citation_publication_date"), ["2017/01"]);
    assert_eq!(structured(&page)["datePublished"], "2017-01");
}

#[test]
fn a_lead_picture_is_told_with_its_size() {
    let lines = "image = { src = \"p.png\", alt = \"A <dog>\", credit = \"Kim\" }";
    let png = include_bytes!("../../themes/gazette/screenshot.png");
    let text = format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n{lines}\n+++\nText.\n");
    let built = Archive::new().article("x/index.md", &text).file("content/x/p.png", png);
    let page = built.build().clean().page(X);
    let (own, shown) = ("https://archive.example/2017/01/29/x/p.png", said(&page, "og:image"));
    let is_card = shown[0].ends_with("-card.jpg");
    assert!(if cfg!(feature = "images") { is_card } else { shown == [own] }, "{shown:?}");
    assert_eq!(said(&page, "og:image:alt"), ["A <dog>"]);
    assert_eq!(said(&page, "twitter:card"), ["summary_large_image"]);
    let image = &structured(&page)["image"];
    assert_eq!((image["url"].as_str(), image["width"].as_u64()), (Some(own), Some(1280)));
    assert_eq!(said(&page, "og:image:width"), [if is_card { "1200" } else { "1280" }]);
    assert_eq!(image["creditText"], "Kim");
}

#[test]
fn canonical_decides_where_the_report_lives_and_noindex_whether_it_is_found() {
    let lines = "original_url = \"https://x.example/1\"\ncanonical = \"original\"\nnoindex = true";
    let page = one(lines).build().clean().page(X);
    assert_eq!(page.attribute("link[rel=canonical]", "href"), "https://x.example/1");
    assert_eq!(structured(&page)["url"], "https://x.example/1");
    assert_eq!(said(&page, "og:url"), ["https://archive.example/2017/01/29/x/"]);
    assert_eq!(said(&page, "robots"), ["noindex"]);
}

#[test]
fn no_title_ends_the_structured_data_early() {
    let title = "</script><script>alert(1)</script><!-- \\u202Eevil\\u0001";
    let text = format!("+++\ntitle = \"{title}\"\ndate = 2017-01-29\n+++\nText.\n");
    let page = Archive::new().article("x.md", &text).build().clean().page(X);
    assert_eq!(page.all("script").len(), 1);
    let data = structured(&page);
    assert!(data["headline"].as_str().unwrap().starts_with("</script><script>"));
    assert!(!data["headline"].as_str().unwrap().contains('\u{1}'));
}

#[test]
fn a_withdrawn_report_has_no_structured_data() {
    let lines = format!("{WHOLE}withdrawn = {{ date = 2022-01-01, kind = \"privacy\" }}");
    let built =
        one(&lines).config(&format!("{OUTLETS}[republish]\nallow = true\n")).build().clean();
    let page = built.page(X);
    assert!(!page.has("script") && said(&page, "citation_title").is_empty());
    assert!(!built.has("/2017/01/29/x/index.md"));
}

#[test]
fn known_licences_lead_to_their_terms() {
    let page = one("license = \"CC BY-SA 4.0\"").build().clean().page(X);
    let terms = "https://creativecommons.org/licenses/by-sa/4.0/";
    assert_eq!(page.attribute("a[rel=license]", "href"), terms);
    let unknown = one("license = \"Ask first\"").build().clean().page(X);
    assert!(!unknown.has("a[rel=license]") && unknown.fact("Licence") == "Ask first");
    assert_eq!(structured(&unknown)["license"]["name"], "Ask first");
}

#[test]
fn a_contributor_has_a_page() {
    let page = one(WHOLE).config(OUTLETS).build().clean().page("/contributors/kim/");
    assert_eq!(page.text(".intro"), "Reads much.");
    assert!(page.links("main").contains(&"https://kim.example/".to_owned()));
}

#[test]
fn nothing_may_be_republished_unless_the_curator_says_so() {
    let built = one(WHOLE).config(OUTLETS).build().clean();
    assert!(!built.page(X).has(".republish") && !built.has("/2017/01/29/x/index.md"));
    let other = format!("{OUTLETS}[republish]\nlicenses = [\"CC-BY-SA-4.0\"]\n");
    assert!(!one(WHOLE).config(&other).build().clean().page(X).has(".republish"));
}

#[test]
fn a_licence_that_allows_it_brings_a_credit_to_copy_and_the_text() {
    let config = format!("{OUTLETS}[republish]\nlicenses = [\"CC-BY-4.0\"]\n");
    let built = one(WHOLE).config(&config).build().clean();
    let page = built.page(X);
    let credits = page.texts(".republish pre");
    for credit in &credits {
        for part in [
            "BBC News, 29 January 2017.",
            "By Ann Lee, Bo Yu.",
            "https://www.bbc.example/1",
            "Archived copy, 1 February 2017",
            "A list ›",
            "https://b.example/",
            "https://archive.example/2017/01/29/x/",
            "https://creativecommons.org/licenses/by/4.0/",
        ] {
            assert!(credit.contains(part), "{part} in {credit}");
        }
        assert!(!credit.contains("first words"), "the body stands on the page once");
    }
    let html = Page::read(&credits[0]);
    assert!(html.links("li").contains(&"https://www.bbc.example/1".to_owned()));
    assert_eq!(page.links(".republish"), ["/2017/01/29/x/index.md"]);
    let text = built.file("2017/01/29/x/index.md");
    assert!(text.starts_with("# A report\n\nBBC News, 29 January 2017."), "{text}");
    let body = "The first words. [Next](https://archive.example/2017/01/30/y/).\n";
    assert!(text.ends_with(body), "{text}");
    assert!(!built.has("/2017/01/30/y/index.md"), "the other report names no licence");
    assert!(!built.file("sitemaps/2017.xml").contains("index.md"));
}

#[test]
fn what_a_title_holds_stays_text_in_a_credit() {
    let text = "+++\ntitle = \"*A* [b](javascript:x) <img src=x onerror=alert(1)>\\n# c\"\ndate = 2017-01-29\n+++\nText.\n";
    let config = "[republish]\nallow = true\n";
    let page = Archive::new().config(config).article("x.md", text).build().clean().page(X);
    assert!(!page.has(".republish img") && !page.has("[onerror]"));
    let credits = page.texts(".republish pre");
    assert!(!Page::read(&credits[0]).has("img"), "{}", credits[0]);
    assert!(credits[1].contains("\\[b\\](javascript:x) \\<img"), "{}", credits[1]);
}

#[test]
fn standing_notes_stand_under_each_report_and_at_the_foot() {
    let config = "title = \"The Archive\"\n[notices]\nstanding = [\"First <b>.\", \"Second.\"]\n\
        principles = \"/rules/\"\ncorrections_policy = \"https://policy.example/\"\n\
        rights_contact = \"mailto:rights@archive.example\"\n[[nav]]\ntitle = \"Rules\"\nurl = \"/rules/\"\n";
    let rules = "+++\ntitle = \"Rules\"\n+++\nText.\n";
    let built = one("").config(config).file("content/pages/rules.md", rules).build().clean();
    let page = built.page(X);
    assert_eq!(page.text(".standing"), "First <b>. Second.");
    let foot = page.links("footer");
    assert!(foot.contains(&"https://policy.example/".to_owned()));
    assert!(foot.contains(&"mailto:rights@archive.example".to_owned()));
    assert_eq!(foot.iter().filter(|link| *link == "/rules/").count(), 1, "said once");
    let archive = &structured(&built.page("/"))["publisher"];
    assert_eq!(archive["publishingPrinciples"], "https://archive.example/rules/");
    assert_eq!(archive["correctionsPolicy"], "https://policy.example/");
    assert_eq!(archive["contactPoint"]["email"], "rights@archive.example");
    assert_eq!(structured(&page)["sdPublisher"], *archive);
    assert!(!one("").build().clean().page(X).has(".standing"), "off unless set");
}

#[test]
fn a_notice_that_runs_code_is_left_out() {
    let built = one("").config("[notices]\nprinciples = \"javascript:alert(1)\"\n").build();
    let told = built.stderr();
    assert!(told.contains("warning[unsafe-address]: principles: “javascript:alert(1)”"), "{told}");
    assert!(
        built.tree().values().all(|bytes| !bytes.windows(11).any(|part| part == b"javascript:"))
    );
}

#[test]
fn structured_data_is_what_others_read() {
    let Some(python) = skip::needs_python(&["extruct"]) else { return };
    let built = Archive::demo().build().clean();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/structured.py");
    let output = skip::basic(&python)
        .arg(script)
        .arg(built.output())
        .arg("https://archive.example/")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reports = built.page("/").html().matches("\"WebSite\"").count();
    assert_eq!(reports, 1);
    let lines: Vec<&str> = said.lines().collect();
    let [counts] = lines.as_slice() else { panic!("{said}") };
    let counts: Json = serde_json::from_str(counts).unwrap();
    assert!(counts["NewsArticle"].as_u64() > Some(50), "{counts}");
    assert_eq!(counts["WebSite"], 1);
}
