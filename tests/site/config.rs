//! The config: what it may say, and how it is told when it says something else.

use crate::archive::Archive;

fn report(lines: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = 2017-01-29\n{lines}\n+++\nText.\n")
}

/// An archive of one report with this config.
fn with(config: &str) -> Archive {
    Archive::new().config(config).article("x.md", &report("outlet = \"o\""))
}

#[track_caller]
fn warns(config: &str, words: &str) -> crate::archive::Built {
    let built = with(config).build().succeeds();
    assert!(built.stderr().contains(words), "{config}\n{}", built.stderr());
    built
}

#[track_caller]
fn stops(config: &str, words: &str) {
    let built = with(config).build();
    assert_eq!(built.code(), 1, "{config}\n{}", built.stderr());
    assert!(built.stderr().contains(words), "{config}\n{}", built.stderr());
}

#[test]
fn a_mistake_in_other_settings_is_told_there() {
    let archive = Archive::new()
        .file("other.toml", "base_url = \"https://archive.example/\"\ntheme = \"mine\"\n");
    let built = archive.run(&["build", "--config", "other.toml"]);
    assert!(built.stderr().contains("--> other.toml:2:9"), "{}", built.stderr());
    let archive = Archive::new().file(
        "other.toml",
        "base_url = \"https://archive.example/\"\n\n[[redirects]]\nfrom = \"/years/\"\nto = \"/\"\n",
    );
    let built = archive.run(&["build", "--config", "other.toml"]);
    assert!(built.stderr().contains("--> other.toml:3:1"), "{}", built.stderr());
}

#[test]
fn addresses_that_run_code_or_lead_nowhere_are_left_out() {
    let built =
        warns("[outlets.o]\nname = \"O\"\nurl = \"javascript:alert(1)\"\n", "dateline.toml:4:7");
    assert!(!built.file("outlets/o/index.html").contains("javascript:"));
    let built = warns(
        "[[nav]]\ntitle = \"About\"\nurl = \"about\"\n",
        "write a path from the archive's root",
    );
    assert!(!built.page("/").has(".pages-nav"));
    let built = warns(
        "[[redirects]]\nfrom = \"/old/\"\nto = \"javascript:alert(1)\"\n",
        "to: “javascript:alert(1)” leads nowhere",
    );
    assert!(!built.has("/old/"));
}

#[test]
fn paths_that_the_archive_does_not_have_are_told_with_their_line() {
    for config in [
        "[[nav]]\ntitle = \"About\"\nurl = \"/abuot/\"\n",
        "[[redirects]]\nfrom = \"/old/\"\nto = \"/abuot/\"\n",
        "terms_url = \"/abuot/#terms\"\n",
        "report_url = \"/abuot/?about={url}\"\n",
    ] {
        let built = warns(config, "warning[unresolved-link]: nothing is at `/abuot/");
        assert!(built.stderr().contains("--> dateline.toml:"), "{}", built.stderr());
    }
}

#[test]
fn codes_of_countries_and_languages_are_checked() {
    warns("[outlets.o]\ncountry = \"Germany\"\n", "“Germany” is not the code of a country");
    warns("[outlets.o]\nlanguage = \"german\"\n", "“german” is not the code of a language");
    warns("[[redirects]]\nfrom = \"/a/\"\nto = \"/\"\nstatus = 999\n", "should be 301, 302, 307");
}

#[test]
fn a_foreign_key_that_leads_to_a_misspelt_one_is_told() {
    warns("[keys]\nsource = \"outlett\"\n", "did you mean “outlet”?");
}

#[test]
fn taxonomies_that_can_t_be_told_apart_stop_the_build() {
    let taxonomy =
        |name: &str, path: &str| format!("[[taxonomies]]\nname = \"{name}\"\npath = \"{path}\"\n");
    stops(&taxonomy("themes", "tags"), "the taxonomies tags and themes both want");
    stops(&taxonomy("periods", "years"), "taken by the archive's own pages");
    stops(&taxonomy("periods", "2017"), "taken by the archive's own pages");
    stops(&taxonomy("title", "title"), "“title” is a key of every article");
    stops("[[taxonomies]]\nnmae = \"topics\"\n", "did you mean “name”?");
}

#[test]
fn old_addresses_that_are_not_free_are_told() {
    let archive = Archive::new()
        .config("[[redirects]]\nfrom = \"/loop/\"\nto = \"/loop/\"\n")
        .article("x.md", &report("aliases = [\"/same/\", \"/2017/01/29/y/\", \"/2017/01/29/x/\"]"))
        .article("y.md", &report("aliases = [\"/same/\"]"));
    let built = archive.build().succeeds();
    let said = built.stderr();
    assert_eq!(said.matches("warning[redirect]").count(), 3, "{said}");
    for words in [
        "/same/ leads to /2017/01/29/x/ already",
        "/2017/01/29/y/ can't lead elsewhere",
        "/loop/ would lead to itself",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert!(!built.has("/loop/"));
    assert_eq!(built.page("/2017/01/29/y/").text("h1"), "A report");
}

#[test]
fn many_outlets_are_found_by_key_and_by_any_spelling_of_their_names() {
    let mut archive = Archive::new().config("[outlets.bbc]\nname = \"BBC News\"\n");
    for (at, outlet) in ["bbc", "BBC News", "bbc-news", "BBC  NEWS"].iter().enumerate() {
        archive = archive.article(&format!("{at}.md"), &report(&format!("outlet = \"{outlet}\"")));
    }
    let built = archive.build().clean();
    assert_eq!(built.page("/outlets/bbc-news/").all("li.line").len(), 4);
}
