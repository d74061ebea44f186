//! `dateline list`: which reports are found, and how they are told to a person and to a program.

use crate::archive::Archive;

fn report(lines: &str, body: &str) -> String {
    format!("+++\n{lines}+++\n{body}\n")
}

/// Six reports, each with something to look after.
fn archive() -> Archive {
    Archive::new()
        .config("[outlets.herald]\nname = \"The Herald\"\n[[taxonomies]]\nname = \"places\"\nsingular = \"place\"\n")
        .article(
            "draft.md",
            &report(
                "title = \"A draft\"\ndate = 2019-05-01\ndraft = true\ntags = [\"water\"]\n\
                 authors = [\"Mao, Zedong\"]\nadded = 2020-01-01\n",
                "Words.",
            ),
        )
        .article(
            "future.md",
            &report(
                "title = \"Tomorrow\"\ndate = 2031-01-01\noutlet = \"herald\"\n\
                 original_url = \"https://herald.example/1\"\nlanguage = \"pt-BR\"\n",
                "Words.",
            ),
        )
        .article(
            "gone.md",
            &report(
                "title = \"A private matter\"\ndate = 2018-03-04\noutlet = \"herald\"\ntags = [\"water\"]\n\
                 places = [\"Geneva\"]\noriginal_url = \"https://herald.example/2\"\nkind = \"interview\"\n\
                 corrections = [{ date = 2018-03-05, text = \"A name.\" }]\n\
                 withdrawn = { date = 2019-01-01, kind = \"privacy\", reason = \"On request.\" }\n",
                "Secret words.",
            ),
        )
        .article(
            "kept.md",
            &report(
                "title = \"Kept\"\ndate = 2017-01-29\noutlet = \"The Herald\"\nkind = \"interview\"\n\
                 original_url = \"https://herald.example/3\"\nadded = 2021-06-01\n\
                 archived = [{ url = \"https://keeper.example/3\", date = 2017-02-01 }]\n\
                 corrections = [{ date = 2017-02-03, text = \"A number.\" }]\n\
                 stories = [\"The talks\"]\nplaces = [\"Geneva\"]\n",
                "Words.",
            ),
        )
        .article(
            "links.md",
            &report(
                "title = \"Links\"\ndate = \"2017\"\ntags = [\"water\", \"talks\"]\nsubmitted_by = [\"Ann\"]\n\
                 via = [{ name = \"A list\", url = \"https://list.example/9\" }]\n",
                "[A](https://dead.example/1), [again](HTTPS://Dead.example:443/1), <a href=\"https://dead.example/2\">b</a>, \
                 [c](https://dead.example/1#part) and [d](https://living.example/).",
            ),
        )
        .article("bare.md", &report("title = \"Bare\"\ndate = 2016-12-31\n", "Words."))
        .file(
            "links/dead.example.toml",
            "[\"https://dead.example/1\"]\ndead = 2020-01-01\n[\"https://dead.example/2\"]\n\
             dead = 2020-01-01\narchived = \"https://keeper.example/2\"\n",
        )
        .file("links/list.example.toml", "[\"https://list.example/9\"]\ndead = 2021-01-01\n")
        .file("links/herald.example.toml", "[\"https://herald.example/1\"]\ndead = 2021-01-01\n")
}

/// The names of the files that are found, in the order told.
#[track_caller]
fn found(archive: &Archive, arguments: &[&str]) -> String {
    let all = [&["list", "--json", "--today", "2025-06-01"], arguments].concat();
    let json = archive.run(&all).clean().json();
    let reports = json["reports"].as_array().unwrap();
    assert_eq!(json["count"], reports.len());
    let names = reports.iter().map(|report| {
        let file = report["file"].as_str().unwrap();
        file.trim_start_matches("content/").trim_end_matches(".md").to_owned()
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_condition_finds_the_reports_of_which_it_holds_the_newest_first() {
    let archive = archive();
    for (arguments, expected) in [
        (&[][..], "future draft gone kept links bare"),
        (&["drafts"], "draft"),
        (&["future"], "future"),
        (&["withdrawn"], "gone"),
        (&["corrected"], "kept"),
        (&["redacted"], ""),
        (&["without-memento"], "future"),
        (&["without-original"], "draft links bare"),
        (&["without-outlet"], "draft links bare"),
        (&["without-added"], "future links bare"),
        (&["dead-link"], "future links"),
        (&["dead-original"], "future"),
        (&["without-memento", "dead-original"], "future"),
        (&["without-original", "without-added"], "links bare"),
    ] {
        assert_eq!(found(&archive, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn what_has_a_value_narrows_the_list() {
    let archive = archive();
    for (arguments, expected) in [
        (&["--outlet", "herald"][..], "future kept"),
        (&["--outlet", "the herald"], "future kept"),
        (&["--author", "Mao, Zedong"], "draft"),
        (&["--tag", "Water"], "draft links"),
        (&["--tag", "water", "--tag", "talks"], "links"),
        (&["--story", "the-talks"], "kept"),
        (&["--submitted-by", "Ann"], "links"),
        (&["--term", "places=geneva"], "kept"),
        (&["--term", "place=Geneva"], "kept"),
        (&["--kind", "Interview"], "kept"),
        (&["--language", "pt"], "future"),
        (&["--language", "en"], "draft kept links bare"),
        (&["--since", "2017", "--until", "2017"], "kept links"),
        (&["--since", "2017-06", "--until", "2018"], "gone links"),
        (&["--until", "2016-12-31"], "bare"),
        (&["--added-since", "2021"], "kept"),
        (&["--added-until", "2020"], "draft"),
        (&["without-original", "--tag", "water", "--since", "2018"], "draft"),
    ] {
        assert_eq!(found(&archive, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn dead_links_are_named_each_once_in_texts_the_chain_and_the_original() {
    let json = archive().run(&["list", "dead-link", "--json"]).clean().json();
    let links = &json["reports"][1]["dead_links"];
    let expected = serde_json::json!([
        "https://dead.example/1",
        "https://dead.example/2",
        "https://list.example/9"
    ]);
    assert_eq!(links, &expected);
    assert_eq!(json["reports"][0]["dead_links"][0], "https://herald.example/1");
}

#[test]
fn a_withdrawn_report_says_no_more_than_its_notice() {
    let archive = archive();
    let json = archive.run(&["list", "withdrawn", "--json", "--today", "2025-06-01"]).clean();
    let told = &json.json()["reports"][0];
    assert_eq!(
        told,
        &serde_json::json!({
            "file": "content/gone.md",
            "url": "https://archive.example/2018/03/04/gone/",
            "date": "2018-03-04",
            "title": null,
            "draft": false,
            "future": false,
            "withdrawn": { "date": "2019-01-01", "reason": "On request.", "kind": "privacy" },
        })
    );
    let table = archive.run(&["list", "withdrawn"]).clean();
    assert_eq!(table.stdout(), "2018-03-04\t\t\twithdrawn: privacy\tcontent/gone.md\n");
    let named = archive.config("[withdrawals]\nnamed = [\"privacy\"]\n");
    let named = named.run(&["list", "withdrawn"]).clean();
    let line = "2018-03-04\t\tA private matter\twithdrawn: privacy\tcontent/gone.md\n";
    assert_eq!(named.stdout(), line);
}

#[test]
fn in_a_pipe_a_report_is_a_line_of_cells_with_tabs_between() {
    let built = archive().run(&["list", "--since", "2017", "--today", "2025-06-01"]).clean();
    assert_eq!(
        built.stdout(),
        "2031-01-01\tThe Herald\tTomorrow\tfuture\tcontent/future.md\n\
         2019-05-01\t\tA draft\tdraft\tcontent/draft.md\n\
         2018-03-04\t\t\twithdrawn: privacy\tcontent/gone.md\n\
         2017-01-29\tThe Herald\tKept\t\tcontent/kept.md\n\
         2017\t\tLinks\t\tcontent/links.md\n"
    );
    let hostile = "title = \"\\u001b[31mRed\\t\\n\\u202eline\"\ndate = 2017-01-29\n";
    let built = Archive::new().article("a.md", &report(hostile, "Words.")).run(&["list"]);
    assert_eq!(built.stdout().matches('\t').count(), 4, "{}", built.stdout());
    assert!(!built.stdout().contains('\u{1b}'));
}

#[test]
fn a_name_that_no_report_has_is_told_with_the_one_that_was_meant() {
    for (arguments, message) in [
        (&["list", "--outlet", "Herold"][..], "error: no report has the outlet “Herold”"),
        (&["list", "--tag", "watr"], "help: did you mean “water”?"),
        (&["list", "--term", "rivers=Rhone"], "error: this archive has no taxonomy “rivers”"),
        (&["list", "--term", "Geneva"], "write it as places=Geneva"),
        (&["list", "--since", "2/1/2017"], "2017-01-02"),
        (&["list", "withdrwn"], "a similar value exists: 'withdrawn'"),
    ] {
        let built = archive().run(arguments);
        assert_eq!(built.code(), 2, "{arguments:?}");
        assert!(built.stderr().contains(message), "{}", built.stderr());
    }
}

#[test]
fn a_file_that_was_left_out_is_told_and_ends_in_exit_code_1() {
    let built = archive().article("x.md", "+++\ndate = 2017-02-30\n+++\n").run(&["list", "drafts"]);
    assert_eq!(built.code(), 1);
    assert!(built.stdout().contains("content/draft.md"));
    assert!(built.stderr().contains("content/x.md:2"), "{}", built.stderr());
    let broken = archive().config("base_url = 3\n").run(&["list"]);
    assert_eq!((broken.code(), broken.stdout()), (1, ""));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_columns_are_aligned_whatever_the_script() {
    use crate::terminal::{lines, terminal};

    let archive = Archive::new()
        .article("b.md", &report("title = \"月球\"\ndate = 2017-01-29\noutlet = \"新华社\"\n", "x"))
        .article("a.md", &report("title = \"Moon\"\ndate = 2017-01-30\noutlet = \"RT\"\n", "x"));
    assert_eq!(
        lines(&mut terminal(&archive, &["list"])),
        [
            "date        outlet  headline  file",
            "2017-01-30  RT      Moon      content/a.md",
            "2017-01-29  新华社  月球      content/b.md",
            "",
            "2 reports",
        ]
    );
}
