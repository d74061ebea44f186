//! A name that is written in another way than its file's still means that file.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::archive::Archive;

/// Names as a file system holds them, and other ways of writing them.
const NAMES: [(&str, &[&str]); 5] = [
    ("e\u{301}te\u{301}", &["été", "%C3%A9t%C3%A9", "e%CC%81t%C3%A9"]),
    ("été", &["e\u{301}te\u{301}", "e%CC%81te%CC%81", "ÉTÉ"]),
    ("и\u{306}од", &["йод", "%D0%B9%D0%BE%D0%B4"]),
    ("\u{1112}\u{1161}\u{11ab}", &["한", "%ED%95%9C"]),
    ("Scan-1", &["scan-1", "scan%2D1", "SCAN%2d1"]),
];

/// A picture of one point.
const PICTURE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn all_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().flat_map(|(name, written)| written.iter().map(move |written| (*name, *written)))
}

#[test]
fn pictures_beside_a_report_and_in_static_are_found_however_their_names_are_written() {
    for (name, written) in all_names() {
        let report = format!(
            "+++\ntitle = \"One\"\ndate = 2017-01-29\nimage = {{ src = \"{written}.gif\", alt = \"x\" }}\n+++\n\
             ![a]({written}.gif) ![b](/img/{written}.gif) [c]({written}.pdf)\n"
        );
        let built = Archive::new()
            .article("one/index.md", &report)
            .file(&format!("content/one/{name}.gif"), PICTURE)
            .file(&format!("content/one/{name}.pdf"), "x")
            .file(&format!("static/img/{name}.gif"), PICTURE)
            .build()
            .clean();
        let page = built.page("/2017/01/29/one/");
        let files: BTreeSet<String> = built.tree().into_keys().collect();
        let mut sources = page.attributes("img", "src");
        // The lead picture is that of the text, and stands there once.
        assert_eq!(sources.len(), 2, "{written} for {name}: {sources:?}");
        let lead = page.attribute("meta[property='og:image']", "content");
        sources.push(lead.replace("https://archive.example", ""));
        sources.extend(page.attributes("a[href$='.pdf']", "href"));
        for source in sources {
            let path = percent_decode_str(&source).decode_utf8().unwrap().into_owned();
            assert!(files.contains(path.trim_start_matches('/')), "{path} of {files:?}");
        }
    }
}

#[test]
fn links_to_files_and_also_find_reports_however_their_names_are_written() {
    for (name, written) in all_names() {
        let one = format!(
            "+++\ntitle = \"One\"\ndate = 2017-01-29\nalso = [\"{written}.md\"]\n+++\n\
             [by its name]({written}.md), [by its path](/2017/{written}.md).\n"
        );
        let built = Archive::new()
            .article("2017/one.md", &one)
            .article(
                &format!("2017/{name}.md"),
                "+++\ntitle = \"Two\"\ndate = 2017-01-30\nslug = \"two\"\n+++\nText.\n",
            )
            .build()
            .clean();
        let page = built.page("/2017/01/29/one/");
        let links = page.attributes("a[href='/2017/01/30/two/']", "href");
        assert!(links.len() >= 4, "{written} for {name}: {links:?}");
    }
}

#[test]
fn addresses_of_reports_are_found_however_they_are_written() {
    let two = "+++\ntitle = \"Two\"\ndate = 2017-01-30\nslug = \"été-Straße\"\n+++\nText.\n";
    for written in
        ["été-Straße", "e\u{301}te\u{301}-straße", "%C3%A9t%C3%A9-Stra%C3%9Fe", "ÉTÉ-STRASSE"]
    {
        let one = format!(
            "+++\ntitle = \"One\"\ndate = 2017-01-29\nalso = [\"/2017/01/30/{written}/\"]\n+++\n\
             [two](/2017/01/30/{written}/)\n"
        );
        let archive = Archive::new().article("one.md", &one).article("two.md", two);
        let page = archive.build().clean().page("/2017/01/29/one/");
        let address = "/2017/01/30/%C3%A9t%C3%A9-Stra%C3%9Fe/";
        assert!(page.links("main").iter().any(|link| link == address), "{written}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn of_two_files_that_differ_in_capitals_a_link_means_the_one_it_spells() {
    let report = |slug: &str, body: &str| {
        format!("+++\ntitle = \"T\"\ndate = 2017-01-29\nslug = \"{slug}\"\n+++\n{body}\n")
    };
    let built = Archive::new()
        .article("one.md", &report("one", "[a](a.md) [b](A.md)"))
        .article("2017/a.md", &report("small", "Text."))
        .article("2018/A.md", &report("large", "Text."))
        .build()
        .clean();
    let links = built.page("/2017/01/29/one/").links("main");
    for address in ["/2017/01/29/small/", "/2017/01/29/large/"] {
        assert!(links.iter().any(|link| link == address), "{links:?}");
    }
}

#[test]
fn a_report_is_withdrawn_by_its_files_name_however_it_is_written() {
    for (name, written) in all_names() {
        let archive = Archive::new().article(
            &format!("{name}.md"),
            "+++\ntitle = \"Two\"\ndate = 2017-01-30\nslug = \"two\"\n+++\nText.\n",
        );
        let target = format!("content/{written}.md");
        archive.run(&["withdraw", &target, "--kind", "error", "--reason", "x"]).succeeds();
        let built = archive.build().succeeds();
        assert!(!built.file("2017/01/30/two/index.html").contains("Text."), "{written}");
    }
}
