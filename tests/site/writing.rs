//! Writing down: new entries from archetypes, the questions on a terminal, and what editors are given.

use serde_json::Value;

use crate::archive::Archive;

const REPORT: &str = "+++\ntitle = \"A report\"\ndate = 2017-01-29\noutlet = \"The Example Gazette\"\n\
                      tags = [\"geneva talks\", \"water\"]\n+++\nText.\n";

fn archive() -> Archive {
    Archive::new().config("[outlets.herald]\nname = \"The Herald\"\n").article("a.md", REPORT)
}

fn entry(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.path(path)).unwrap()
}

#[test]
fn an_entry_without_an_archetype_holds_what_was_said_and_no_more() {
    let archive = archive();
    let said = ["new", "Talks", "--date", "2017-01", "--kind", "news", "--submitted-by", "Ann"];
    let made = archive.run(&said).clean();
    assert!(made.stdout().trim().ends_with("content/2017/talks.md"));
    let text = entry(&archive, "content/2017/talks.md");
    let (before, after) = text.split_once("added = ").unwrap();
    assert_eq!(before, "+++\ntitle = \"Talks\"\ndate = \"2017-01\"\n");
    assert_eq!(&after[10..], "\nsubmitted_by = [\"Ann\"]\nkind = \"news\"\n+++\n\n");
    archive.build().clean();
}

#[test]
fn headlines_with_quotes_and_backslashes_are_written_as_they_are() {
    for (at, archetype) in
        ["", "---\ntitle: {{ title | quoted }}\ndate: {{ date }}\n---\n"].into_iter().enumerate()
    {
        let archive = archive();
        if at > 0 {
            archive.write("archetypes/default.md", archetype);
        }
        let title = "“It's” a \"C:\\new\": yes — #1 {{ n }}\tüñ";
        archive.run(&["new", title, "--date", "2017-01-30"]).clean();
        let built = archive.build().clean();
        let address =
            built.tree().into_keys().find(|path| path.starts_with("2017/01/30/it")).unwrap();
        assert_eq!(built.page(&format!("/{address}")).text("h1"), title.replace('\t', " "));
    }
}

#[test]
fn an_entry_s_kind_chooses_its_archetype_and_a_name_goes_before_it() {
    let archetype = |words: &str| {
        format!("+++\ntitle = {{{{ title | quoted }}}}\ndate = {{{{ date }}}}\n+++\n{words}\n")
    };
    let archive = archive()
        .file("archetypes/default.md", archetype("Of any kind."))
        .file("archetypes/interview.md", archetype("Question:"))
        .file("archetypes/short.md", archetype("A line."));
    let body = |title: &str, flags: &[&str]| {
        archive.run(&[&["new", title, "--date", "2017"], flags].concat()).clean();
        entry(&archive, &format!("content/2017/{title}.md")).lines().last().unwrap().to_owned()
    };
    assert_eq!(body("one", &[]), "Of any kind.");
    assert_eq!(body("two", &["--kind", "interview"]), "Question:");
    assert_eq!(body("three", &["--kind", "news"]), "Of any kind.");
    assert_eq!(body("four", &["--kind", "interview", "--archetype", "short"]), "A line.");
    assert_eq!(body("five", &["--kind", "../../etc/passwd"]), "Of any kind.");
    archive.build().clean();
}

#[test]
fn mistakes_in_an_archetype_are_told_at_their_place_and_nothing_is_written() {
    let head = "+++\ntitle = {{ title | quoted }}\n";
    for (archetype, place, message) in [
        (format!("{head}date = {{{{ dat }}}}\n+++\n"), "default.md:3:11", "`dat`"),
        (format!("{head}date = {{{{ date | loud }}}}\n+++\n"), "default.md:3:18", "loud"),
        (format!("{head}date = {{{{ date\n+++\n"), "default.md:", "expected"),
        (
            format!("{head}date = {{{{ dat | quoted }}}}\n+++\n"),
            "default.md:3:11",
            "did you mean `date`",
        ),
        (
            format!("{head}date = {{{{ date }}}}\n{{% if outlt %}}{{% endif %}}\n+++\n"),
            "default.md:4:7",
            "did you mean `outlet`",
        ),
        (
            format!("{head}date = {{{{ date }}}}\noutlet = {{{{ outlet }}}}\n+++\n"),
            "default.md:4:1",
            "nobody gave `outlet`",
        ),
        (format!("{head}date = \"soon\"\n+++\n"), "default.md:3:1", "“soon” is not a date"),
        (format!("{head}date = {{{{ title }}}}\n+++\n"), "default.md:3:1", "broken TOML"),
    ] {
        let archive = archive().file("archetypes/default.md", &archetype);
        let refused = archive.run(&["new", "Talks", "--date", "2017-01-29"]);
        assert_eq!(refused.code(), 1, "{archetype}");
        let said = refused.stderr();
        assert!(said.contains(place) && said.contains(message), "{archetype}{said}");
        assert!(!archive.path("content/2017/talks.md").exists());
    }
    let refused = archive().run(&["new", "Talks", "--archetype", "none"]);
    assert!(refused.code() == 1 && refused.stderr().contains("archetypes/none.md"));
}

#[test]
fn what_nobody_gave_is_empty_in_both_formats() {
    for archetype in [
        "+++\ntitle = {{ title | quoted }}\ndate = {{ date }}\noutlet = {{ outlet | quoted }}\n\
         original_url = {{ original_url | quoted }}\ntags = {{ tags | quoted }}\n\
         language = {{ language | quoted }}\n+++\n",
        "---\ntitle: {{ title | quoted }}\ndate: {{ date }}\noutlet: {{ outlet | quoted }}\n\
         tags: {{ tags | quoted }}\n---\n{% set x = 1 %}{% for tag in tags %}{{ tag }}{{ x }}{% endfor %}\n",
    ] {
        let archive = archive().file("archetypes/default.md", archetype);
        archive.run(&["new", "Talks", "--date", "2017-01-29"]).clean();
        assert!(!entry(&archive, "content/2017/talks.md").contains("null"));
        archive.build().clean();
    }
}

#[test]
fn an_address_that_another_file_has_is_not_given_a_second_time() {
    let archive = Archive::new()
        .article("old/talks.md", "+++\ntitle = \"Talks\"\ndate = 2017-01-29\ndraft = true\n+++\n")
        .article("2017/rounds.md", "+++\ntitle = \"Rounds\"\ndate = 2017-02-03\n+++\n");
    let before = archive.everything();
    let taken = archive.run(&["new", "Talks", "--date", "2017-01-29"]);
    assert_eq!(taken.code(), 2);
    assert_eq!(
        taken.stderr(),
        "error: /2017/01/29/talks/ is the address of content/old/talks.md already; nothing was written\n\
         help: if it is the same report, edit that file; if not, name this one: --slug talks-2"
    );
    // The same name for another day is another address, but the file is there.
    let there = archive.run(&["new", "Rounds", "--date", "2017-01-29"]);
    assert!(there.code() == 2 && there.stderr().contains("--slug rounds-2"), "{}", there.stderr());
    assert_eq!(archive.everything(), before);
    archive.run(&["new", "Talks", "--date", "2017-01-29", "--slug", "talks-2"]).clean();
    archive.run(&["new", "Talks", "--date", "2017-01-30"]).clean();
    let built = archive.build_with(&["--drafts"]).clean();
    assert!(built.has("/2017/01/29/talks-2/") && built.has("/2017/01/30/talks/"));
}

#[test]
fn no_headline_makes_a_report_of_its_folder_or_a_device() {
    for (title, file) in [("Index", "index-1"), ("INDEX!", "index-1"), ("Con", "con-1")] {
        let archive = archive();
        archive.run(&["new", title, "--date", "2017-01-29"]).clean();
        assert!(archive.path(&format!("content/2017/{file}.md")).exists(), "{title}");
        archive.build().clean();
    }
    let refused = archive().run(&["new", "!?"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("holds no letter or digit"), "{}", refused.stderr());
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let refused = archive().run(&["new"]);
    assert_eq!(refused.code(), 2);
    assert_eq!(
        refused.stderr(),
        "error: the entry has no headline\n\
         help: write it behind the command: dateline new \"Talks begin in Geneva\""
    );
}

#[test]
fn init_writes_what_editors_need_and_what_it_writes_is_current() {
    let archive = Archive::new();
    archive.remove("dateline.toml");
    archive.run(&["init"]).clean();
    assert!(entry(&archive, "dateline.toml").starts_with("#:schema ./schemas/settings.json\n"));
    for (subject, file) in [("config", "settings"), ("front-matter", "front-matter")] {
        let printed = archive.run(&["schema", subject]).clean();
        assert_eq!(printed.stdout(), entry(&archive, &format!("schemas/{file}.json")));
        assert_eq!(printed.json()["$schema"], "http://json-schema.org/draft-07/schema#");
    }
    let fields: Value = serde_json::from_str(&entry(&archive, "frontmatter.json")).unwrap();
    let schema = archive.run(&["schema", "front-matter"]).json();
    for kind in fields["frontMatter.taxonomy.contentTypes"].as_array().unwrap() {
        for field in kind["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            assert!(schema["properties"].get(name).is_some(), "{name}");
        }
    }
    archive.run(&["new", "Talks"]).clean();
    archive.build().clean();
}

#[test]
fn schemas_are_written_anew_where_settings_have_changed() {
    let archive = archive();
    archive.run(&["schema", "--write"]).clean();
    let outlets = |archive: &Archive| {
        let schema: Value =
            serde_json::from_str(&entry(archive, "schemas/front-matter.json")).unwrap();
        schema["properties"]["outlet"]["examples"].clone()
    };
    assert_eq!(outlets(&archive), serde_json::json!(["herald"]));
    let archive = archive.config("[outlets.times]\nname = \"The Times\"\n");
    archive.run(&["schema", "--write"]).clean();
    assert_eq!(outlets(&archive), serde_json::json!(["times"]));
}

#[cfg(unix)]
mod on_a_terminal {
    use rexpect::session::PtySession;

    use super::{archive, entry};
    use crate::terminal::terminal;

    fn answer(session: &mut PtySession, question: &str, keys: &str) {
        session.exp_string(question).unwrap_or_else(|error| panic!("{question}: {error}"));
        session.send(keys).unwrap();
        session.send("\r").unwrap();
        session.flush().unwrap();
    }

    #[test]
    fn what_no_flag_said_is_asked_with_known_names_to_choose_from() {
        let archive = archive();
        let mut session = terminal(&archive, &["new", "--author", "A. Reporter"]);
        answer(&mut session, "Headline:", "Talks begin");
        // Tab completes what the settings and other reports hold.
        answer(&mut session, "Outlet:", "example\t");
        answer(&mut session, "Original:", "https://gazette.example/talks");
        answer(&mut session, "Date:", "2017-02-01");
        answer(&mut session, "Sent in by:", "Ann, \"Mao, Zedong\"");
        answer(&mut session, "Tags:", "gen\t, wat\t");
        answer(&mut session, "Kind:", "");
        answer(&mut session, "Language:", "fr");
        session.exp_eof().unwrap();
        let text = entry(&archive, "content/2017/talks-begin.md");
        for line in [
            "title = \"Talks begin\"",
            "date = 2017-02-01",
            "outlet = \"The Example Gazette\"",
            "original_url = \"https://gazette.example/talks\"",
            "authors = [\"A. Reporter\"]",
            "submitted_by = [\"Ann\",\"Mao, Zedong\"]",
            "tags = [\"geneva talks\",\"water\"]",
            "language = \"fr\"",
        ] {
            assert!(text.lines().any(|own| own == line), "{line}\n{text}");
        }
        archive.build().clean();
    }

    /// What need not be asked.
    const SETTLED: [&str; 10] = [
        "--outlet",
        "herald",
        "--submitted-by",
        "B",
        "--tag",
        "t",
        "--kind",
        "news",
        "--language",
        "en",
    ];

    #[test]
    fn an_answer_that_can_t_be_read_is_asked_again() {
        let archive = archive();
        let flags = [&["new", "--author", "A"][..], &SETTLED].concat();
        let mut session = terminal(&archive, &flags);
        answer(&mut session, "Headline:", "!?");
        session.exp_string("holds no letter or digit").unwrap();
        session.send(&"\u{7f}".repeat(5)).unwrap();
        session.send("Talks\r").unwrap();
        session.flush().unwrap();
        answer(&mut session, "Original:", "javascript:alert(1)");
        session.exp_string("neither https:// nor http://").unwrap();
        // The line stays, and is emptied here.
        answer(&mut session, "Original:", "\u{7f}".repeat(30).as_str());
        answer(&mut session, "Date:", "2/1/2017");
        session.exp_string("write 2017-01-02").unwrap();
        session.send(&"\u{7f}".repeat(30)).unwrap();
        session.send("2017-01-29\r").unwrap();
        session.flush().unwrap();
        session.exp_eof().unwrap();
        let text = entry(&archive, "content/2017/talks.md");
        assert!(text.contains("date = 2017-01-29\n") && !text.contains("original_url"), "{text}");
    }

    #[test]
    fn a_completed_name_keeps_its_comma_and_a_taken_address_is_asked_about() {
        let archive = archive().article(
            "b.md",
            "+++\ntitle = \"Talks\"\ndate = 2017-02-01\nauthors = [\"Mao, Zedong\"]\n+++\n",
        );
        let archive = archive.article("talks.md", "+++\ntitle = \"T\"\ndate = 2017-02-02\n+++\n");
        let own = ["new", "Talks", "--url", "https://x.example/", "--date", "2017-02-02"];
        let flags = [&own[..], &SETTLED].concat();
        let mut session = terminal(&archive, &flags);
        answer(&mut session, "Byline:", "Ann, mao\t");
        session.exp_string("content/talks.md already").unwrap();
        answer(&mut session, "Another name for this one:", "talks-herald");
        session.exp_eof().unwrap();
        let text = entry(&archive, "content/2017/talks-herald.md");
        assert!(text.contains("authors = [\"Ann\",\"Mao, Zedong\"]\n"), "{text}");
    }

    #[test]
    fn whoever_stops_in_the_middle_has_written_nothing() {
        let archive = archive();
        let mut session = terminal(&archive, &["new"]);
        answer(&mut session, "Headline:", "Talks");
        session.exp_string("Outlet:").unwrap();
        session.send_control('c').unwrap();
        session.exp_string("nothing was written").unwrap();
        session.exp_eof().unwrap();
        assert_eq!(archive.everything().len(), 2);
    }

    #[test]
    fn no_input_asks_nothing_on_a_terminal() {
        let archive = archive();
        let mut session = terminal(&archive, &["new", "Talks", "--no-input", "--date", "2017"]);
        session.exp_string("talks.md").unwrap();
        session.exp_eof().unwrap();
    }
}
