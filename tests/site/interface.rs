//! The interface says in which language its words are, whatever the archive's language is.

use crate::archive::Archive;

fn archive(language: &str) -> Archive {
    Archive::new()
        .config(&format!(
            "title = \"آرشیو\"\ndescription = \"توضیح\"\nlanguage = \"{language}\"\n[[nav]]\ntitle = \"سال‌ها\"\nurl = \"/years/\"\n"
        ))
        .article(
            "a.md",
            "+++\ntitle = \"گزارش\"\ndate = 2017-01-29\ntags = [\"ایران\"]\nnote = \"یادداشت\"\n+++\nمتن.\n",
        )
        .article(
            "b.md",
            "+++\ntitle = \"In English\"\ndate = 2017-01-30\nlanguage = \"en\"\n+++\nWords.\n",
        )
        .article(
            "pages/about.md",
            "+++\ntitle = \"درباره\"\n+++\nمتن.\n",
        )
}

/// The `<html>` tag of every page.
fn roots(archive: &Archive) -> Vec<(String, String)> {
    let pages = archive.build().succeeds().tree().into_iter();
    let pages = pages.filter(|(path, _)| path.ends_with(".html"));
    pages
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            let tag = text.lines().find(|line| line.starts_with("<html")).unwrap().to_owned();
            (path, tag)
        })
        .collect()
}

#[test]
fn english_words_stand_in_for_a_language_that_the_theme_has_not_and_say_so() {
    for (language, dir) in
        [("ps", "rtl"), ("yi", "rtl"), ("th", "ltr"), ("da", "ltr"), ("ckb-IQ", "rtl")]
    {
        let archive = archive(language);
        let built = archive.build().succeeds();
        let told = built.stderr();
        assert_eq!(told.matches("warning[interface-language]").count(), 1, "{told}");
        assert!(told.contains("dateline.toml:4:12"), "{told}");
        let short = language.split('-').next().unwrap();
        assert!(told.contains(&format!("themes/gazette/i18n/{short}.toml")), "{told}");
        for (path, tag) in roots(&archive) {
            assert_eq!(tag, "<html lang=\"en\" dir=\"ltr\">", "{language}: {path}");
        }
        let own = format!(" lang=\"{language}\" dir=\"{dir}\"");
        let page = built.file("2017/01/29/a/index.html");
        for part in [
            format!("<h1{own}>گزارش"),
            format!("<div class=\"body\"{own}>"),
            format!("rel=\"home\"{own}>آرشیو"),
            format!("<a href=\"/years/\"{own}>سال"),
            format!("<bdi{own}>یادداشت"),
        ] {
            assert!(page.contains(&part), "{language}: {part}\n{page}");
        }
        let english = built.file("2017/01/30/b/index.html");
        assert!(english.contains("<h1>In English"), "{english}");
        assert!(english.contains("<div class=\"body\">"), "{english}");
        let list = built.file("2017/01/index.html");
        assert!(list.contains(&format!("<bdi{own}>گزارش")), "{list}");
        assert!(list.contains("<bdi>In English</bdi>"), "{list}");
        assert!(built.file("tags/ایران/index.html").contains(&format!("<h1><bdi{own}>ایران")));
        assert!(
            built.file("about/index.html").contains(&format!("<article class=\"plain\"{own}>"))
        );
        assert!(built.file("atom.xml").contains(&format!("xml:lang=\"{language}\"")));
        assert!(archive.run(&["check"]).stdout().contains("interface-language"));
    }
}

#[test]
fn a_language_file_makes_the_interface_speak_and_the_warning_goes() {
    let archive = archive("ps");
    let words = include_str!("../../themes/gazette/i18n/ar.toml");
    archive.write("themes/gazette/i18n/ps.toml", words);
    archive.build().clean();
    for (path, tag) in roots(&archive) {
        assert_eq!(tag, "<html lang=\"ps\" dir=\"rtl\">", "{path}");
    }
    let page = archive.build().clean().file("2017/01/29/a/index.html");
    assert!(
        page.contains("<h1>گزارش") && !page.contains("lang=\"ps\" dir=\"rtl\">آرشیو"),
        "{page}"
    );
}

#[test]
fn a_region_of_a_language_speaks_that_language() {
    for (language, tag) in [
        ("de-AT", "<html lang=\"de-AT\" dir=\"ltr\">"),
        ("ar-EG", "<html lang=\"ar-EG\" dir=\"rtl\">"),
        ("pt", "<html lang=\"pt\" dir=\"ltr\">"),
        ("iw", "<html lang=\"iw\" dir=\"rtl\">"),
    ] {
        let archive = archive(language);
        archive.build().clean();
        assert!(roots(&archive).iter().all(|(_, root)| root == tag), "{language}");
    }
}

#[test]
fn a_region_speaks_in_the_script_that_is_written_there() {
    for (language, words) in
        [("zh", "最新报道"), ("zh-CN", "最新报道"), ("zh-TW", "最新報導"), ("zh-HK", "最新報導")]
    {
        let archive = archive(language);
        let home = archive.build().clean().file("index.html");
        assert!(home.contains(words), "{language}: {home}");
        assert!(home.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")), "{home}");
    }
}

#[test]
fn words_of_another_country_say_whose_they_are() {
    let archive = archive("pt-PT");
    let built = archive.build().succeeds();
    let told = built.stderr();
    assert_eq!(told.matches("warning[interface-language]").count(), 1, "{told}");
    assert!(told.contains("“pt-BR”"), "{told}");
    assert!(told.contains("i18n/pt-BR.toml") && told.contains("gazette/i18n/pt.toml"), "{told}");
    for (path, tag) in roots(&archive) {
        assert_eq!(tag, "<html lang=\"pt-BR\" dir=\"ltr\">", "{path}");
    }
}
