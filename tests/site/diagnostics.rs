//! What is said when something is wrong, word for word; what is published then, and the exit code.

use insta::assert_snapshot;

use crate::archive::{Archive, Built};

const GOOD: &str = "+++\ntitle = \"Good\"\ndate = 2017-01-29\n+++\nA report.\n";

/// An archive with one good article beside what a test gives it.
fn archive() -> Archive {
    Archive::new().article("good.md", GOOD)
}

/// A report whose front matter holds further lines.
fn report(lines: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = 2017-02-01\n{lines}\n+++\nText.\n")
}

/// What `--json` tells of each problem: weight, rule, file and line.
fn problems(built: &Built) -> Vec<String> {
    let report = built.json();
    let problems = report["diagnostics"].as_array().unwrap().iter();
    let place = |problem: &serde_json::Value| match problem["line"].as_u64() {
        Some(line) => format!("{}:{line}", problem["file"].as_str().unwrap_or_default()),
        None => problem["file"].as_str().unwrap_or_default().to_owned(),
    };
    problems
        .map(|problem| {
            let word = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
            format!("{} {} {}", word("weight"), word("rule"), place(problem))
        })
        .collect()
}

/// An archive in which much is wrong.
fn troubled() -> Archive {
    archive()
        .config("title = \"T\"\ntitel = \"x\"\n[listing]\nleef = 3\n")
        .article("date-wrong.md", "---\ntitle: A\ndate: 2024-02-30\n---\nText.\n")
        .article("date-none.md", "+++\ntitle = \"A\"\n+++\nText.\n")
        .article("date-ambiguous.md", "---\ntitle: A\ndate: 03/04/2017\n---\nText.\n")
        .article("2017-01-30-no-title.md", "+++\n+++\nSome words come first.\n")
        .article("toml.md", "+++\ntitle = Broken\ndate = 2017-01-29\n+++\nText.\n")
        .article("toml-date.md", "+++\ntitle = \"A\"\ndate = 2024-02-30\n+++\nText.\n")
        .article("yaml.md", "---\ntitle: \"Broken\ndate: 2017-01-29\n---\nText.\n")
        .article("open.md", "+++\ntitle = \"Open\"\n\nText.\n")
        .article("sub/good.md", GOOD)
        .article("tags-a.md", &report("tags = [\"Le Monde\"]"))
        .article("tags-b.md", &report("tags = [\"le-monde\"]"))
        .article("tags-c.md", &report("tags = [\"Le Monde\"]"))
        .article("links.md", &format!("{}\n[a](nowhere.md), [b](good.md), [c](/no/)\n", report("")))
        .article("near.md", &report("tag = \"x\"\norignal_url = \"https://x.example/\""))
        .article("script.md", &format!("{}\n<script>alert(1)</script>\n", report("")))
        .file("content/latin.md", b"+++\ntitle = \"Caf\xe9\"\ndate = 2017-01-29\n+++\n")
}

#[test]
fn every_problem_is_told_in_one_run_with_its_place_and_its_remedy() {
    let built = troubled().build();
    assert_snapshot!(built.stderr());
    assert_eq!(built.code(), 1);
    assert!(built.has("/2017/01/29/good/"), "the rest is published");
    assert!(!built.has("/2017/01/29/toml/"));
    let summary = built.stdout().lines().next().unwrap_or_default().to_owned();
    assert_eq!(summary, "8 articles, 0 pages, 0 drafts left out, 9 rejected, 9 warnings");
}

#[test]
fn json_tells_the_same() {
    let built = troubled().build_with(&["--json"]);
    assert_snapshot!(problems(&built).join("\n"));
    assert_eq!(built.stderr(), "", "all of it is in the object");
    assert_eq!(built.code(), 1);
    let report = built.json();
    assert_eq!(report["articles"], 8);
    assert_eq!(report["rejected"].as_array().map(Vec::len), Some(9));
    assert_eq!(report["published"], true);
}

#[test]
fn warnings_are_said_and_do_no_harm() {
    let built = archive().article("near.md", &report("tag = \"x\"")).build().succeeds();
    assert!(built.stderr().contains("did you mean “tags”?"), "{}", built.stderr());
    assert!(built.has("/2017/02/01/near/"));
}

#[test]
fn keys_of_articles_on_a_plain_page_are_no_misspellings() {
    let page = "+++\ntitle = \"About\"\ndate = 2017-01-29\ntags = [\"x\"]\n+++\nWords.\n";
    assert!(archive().article("pages/about.md", page).build().clean().has("/about/"));
}

#[test]
fn strict_makes_a_warning_a_stop() {
    let archive = archive().article("near.md", &report("tag = \"x\""));
    let built = archive.build_with(&["--strict"]);
    assert_eq!(built.code(), 1);
    assert!(!built.output().exists(), "nothing is published");
    assert!(built.stdout().contains("Nothing was published"), "{}", built.stdout());
}

#[test]
fn a_clean_archive_is_clean_under_strict() {
    archive().build_with(&["--strict"]).clean();
}

#[test]
fn a_broken_template_of_the_archive_is_told_at_its_own_line() {
    let template = "{# ours #}\n<h1>{{ article.title }}</h1>\n<p>{{ article.title | shout }}</p>\n{{ whisper() }}\n";
    let built = archive().file("templates/article.html", template).build();
    assert_snapshot!(built.stderr(), @r"
    error[template]: Unknown filter `shout`
     --> templates/article.html:3:23
      |
    3 | <p>{{ article.title | shout }}</p>
      |                       ^^^^^
      |
      = help: mend the template

    error[template]: Unknown function `whisper`
     --> templates/article.html:4:4
      |
    4 | {{ whisper() }}
      |    ^^^^^^^^^
      |
      = help: mend the template
    ");
    assert_eq!(built.code(), 1);
    assert!(!built.output().exists());
}

#[test]
fn a_template_that_fails_on_a_page_leaves_the_old_site_whole() {
    let archive = archive();
    let before = archive.build().clean().tree();
    archive.write("content/other.md", report(""));
    archive.write("templates/article.html", "<h1>\n{{ article.nothing.at_all }}</h1>\n");
    let built = archive.build();
    assert_snapshot!(built.stderr(), @r"
    error[template]: Field `nothing` is not defined. Available fields: added, added_text, also, archived, authors, body, citation, contents, corrections, coverage, date, date_text, dateline, dir, extra, image, kind, kind_text, language, license, license_url, links, next, note, original, original_host, original_url, outlet, previous, redactions, related, report_url, republish, rights, standfirst, stories, submitted_by, summary, taxonomies, title, translations, updated, updated_text, via, withdrawn
     --> templates/article.html:2:12
      |
    2 | {{ article.nothing.at_all }}</h1>
      |            ^^^^^^^
      |
      = help: mend the template; `dateline inspect URL` prints what it receives
    ");
    assert_eq!(built.code(), 1);
    assert_eq!(built.tree(), before);
}

#[test]
fn a_broken_config_stops_the_build() {
    let archive = archive();
    let before = archive.build().clean().tree();
    let archive = archive.config("title = \"Unclosed\nlanguage = 3\n");
    let built = archive.build();
    assert_snapshot!(built.stderr(), @r#"
    error[config]: broken TOML: invalid basic string, expected `"`
     --> dateline.toml:2:18
      |
    2 | title = "Unclosed
      |                  ^
      |
      = help: mend the line; texts stand in quotes, tables begin with [name]
    "#);
    assert_eq!(built.code(), 1);
    assert_eq!(built.tree(), before);
}

#[test]
fn wrong_values_in_the_config_are_told_all_at_once() {
    let config = "base_url = \"ftp://x/\"\nlanguage = \"e n\"\ntimezone = \"Mars/Olympus\"\n\
                  permalink = \"/:year/:slag/\"\ntheme = \"gazette\"\n\
                  [listing]\nleaf = 0\n[markdown]\nraw_html = \"yes\"\n";
    let built = archive().config(config).build();
    assert_snapshot!(built.stderr());
    assert_eq!(built.code(), 1);
    assert!(!built.output().exists());
}

#[test]
fn a_theme_that_is_not_there_stops_the_build() {
    let built = archive().config("theme = \"gazete\"\n").build();
    assert_snapshot!(built.stderr(), @r#"
    error[config]: there is no theme “gazete”
     --> dateline.toml:2:9
      |
    2 | theme = "gazete"
      |         ^^^^^^^^
      |
      = help: make the folder themes/gazete, or remove the line to use gazette
    "#);
    assert_eq!(built.code(), 1);
}

#[test]
fn a_mistake_in_a_published_article_stops_the_build_and_nothing_changes() {
    let archive = archive();
    let before = archive.build().clean().tree();
    archive.write("content/other.md", report(""));
    archive.write("content/good.md", "+++\ntitle = \"Good\"\ndate = \"2017-13-01\"\n+++\nText.\n");
    let built = archive.build();
    assert_snapshot!(built.stderr(), @r#"
    error[bad-date]: no calendar has 2017-13-01
     --> content/good.md:3:8
      |
    3 | date = "2017-13-01"
      |        ^^^^^^^^^^^^
      |
      = help: check the month and the day

    error[lost-article]: /2017/01/29/good/ is published, and this mistake would take it away
    --> content/good.md
     = help: mend the file; nothing is changed until then
    "#);
    assert_eq!(built.code(), 1);
    assert_eq!(built.tree(), before);
    archive.write("content/good.md", GOOD);
    assert!(archive.build().clean().has("/2017/02/01/other/"), "mended, it goes on");
}

#[test]
fn an_address_that_would_vanish_is_told_with_the_alias_that_keeps_it() {
    let archive = archive();
    archive.build().clean();
    archive.write("content/good.md", GOOD.replace("2017-01-29", "2017-01-30"));
    let built = archive.build().succeeds();
    assert_snapshot!(built.stderr(), @r#"
    note[lost-url]: /2017/01/29/good/ was built before and is no page any more
    --> content/good.md
     = help: it is at /2017/01/30/good/ now: add aliases = ["/2017/01/29/good/"]
    "#);
    let mended = GOOD.replace("2017-01-29", "2017-01-30\naliases = [\"/2017/01/29/good/\"]");
    archive.write("content/good.md", mended);
    let built = archive.build().clean();
    let target = built.page("/2017/01/29/good/").attribute("main h1 ~ p a", "href");
    assert_eq!(target, "/2017/01/30/good/");
}

#[test]
fn a_page_at_the_address_of_a_listing_is_refused() {
    let built = archive()
        .file("content/pages/tags.md", "+++\ntitle = \"Tags\"\n+++\nOurs.\n")
        .article("tagged.md", &report("tags = [\"x\"]"))
        .build();
    assert_snapshot!(built.stderr(), @r#"
    error[path-clash]: /tags/ is the address of the listing /tags/
     --> content/pages/tags.md:1:1
      |
    1 | +++
      | ^
      |
      = help: give this one another slug or path
    "#);
    assert_eq!(built.code(), 1);
    assert!(built.output().exists());
}

#[test]
fn a_folder_that_is_no_archive_is_told_what_to_do() {
    let archive = archive();
    archive.remove("dateline.toml");
    let built = archive.build();
    assert_snapshot!(built.stderr(), @r"
    error[config]: this can't be read: No such file or directory (os error 2)
    --> dateline.toml
     = help: run `dateline init` for a new archive, or name its folder with --root
    ");
    assert_eq!(built.code(), 1);
}

#[test]
fn an_output_that_is_not_ours_is_not_touched() {
    let archive = archive().file("public/theirs.txt", "precious");
    let built = archive.build();
    assert_snapshot!(built.stderr(), @r"
    error: the output folder `ROOT/public` is not empty, and no record says which of its files Dateline wrote
    help: build to another folder with `-o`, empty this one, or run with `--adopt`: files of the same path are then overwritten, all others are left alone
    ");
    assert_eq!(built.code(), 2);
    assert_eq!(built.file("theirs.txt"), "precious");
    assert_eq!(built.tree().len(), 1);
    let adopted = archive.build_with(&["--adopt"]).clean();
    assert_eq!(adopted.file("theirs.txt"), "precious", "adopted, but not ours to delete");
    assert!(adopted.has("/2017/01/29/good/"));
}

#[test]
fn an_archive_that_is_named_or_placed_otherwise_knows_its_own_output() {
    let archive = archive();
    archive.build().clean();
    let moved = archive.path("elsewhere");
    std::fs::create_dir(&moved).unwrap();
    for name in ["content", "dateline.toml", "public", ".dateline"] {
        std::fs::rename(archive.path(name), moved.join(name)).unwrap();
    }
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.current_dir(&moved).args(["build", "--output-dir", "./public/"]).assert().success();
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let archive = archive();
    for arguments in
        [&["bild"][..], &["build", "--base-url", "ftp://x/"], &["new"], &["inspect", "/nowhere/"]]
    {
        let built = archive.run(arguments);
        assert_eq!(built.code(), 2, "{arguments:?}: {}", built.stderr());
        assert!(built.stderr().starts_with("error: "), "{}", built.stderr());
    }
    assert!(!archive.path("public").exists());
}

#[test]
fn quiet_says_problems_only() {
    let archive = archive();
    assert_eq!(archive.build_with(&["--quiet"]).clean().stdout(), "");
    archive.write("content/near.md", report("tag = \"x\""));
    let built = archive.build_with(&["--quiet"]).succeeds();
    assert_eq!(built.stdout(), "");
    assert!(built.stderr().starts_with("warning[near-miss-key]"), "{}", built.stderr());
}

#[test]
fn keys_under_extra_are_the_curator_s_own() {
    let archive = archive();
    archive.write("content/own.md", report("[extra]\ntag = \"x\"\nDate = 1"));
    archive.build().clean();
}

#[test]
fn the_summary_counts_what_happened() {
    let archive = archive();
    let first = archive.build().clean();
    assert!(first.stdout().starts_with("1 article, 0 pages, 0 drafts left out, 0 rejected"));
    let files = first.tree().len();
    let again = archive.build_with(&["--json"]).json();
    assert_eq!((&again["written"], &again["removed"]), (&0.into(), &0.into()));
    assert_eq!(again["unchanged"], files);
}

#[test]
fn columns_of_very_long_lines_are_counted_in_the_line_not_in_what_is_shown() {
    let text = format!("{} [b](nowhere.md)\n", "word ".repeat(100));
    let article = format!("+++\ntitle = \"A\"\ndate = 2017-01-29\n+++\n{text}");
    let built = Archive::new().article("x.md", &article).build().succeeds();
    assert!(built.stderr().contains("content/x.md:5:502\n"), "{}", built.stderr());
}
