//! Search: what the index of a built archive answers, and that the program and the client in a reader's
//! browser understand each other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use dateline::search::fold::fold;
use dateline::search::vocabulary;
use dateline::search::words::{Role, each_word};
use serde_json::{Value as Json, json};

use crate::archive::{Archive, Built};
use crate::skip::program;

fn report(title: &str, date: &str, more: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n{more}+++\n{body}\n")
}

/// Five reports by three outlets, in three languages.
fn archive() -> Archive {
    let ru = "language = \"ru\"\noutlet = \"ТАСС\"\n";
    let zh = "language = \"zh\"\n";
    Archive::new()
        .article(
            "talks.md",
            &report(
                "Talks end in Geneva",
                "2017-01-29",
                "outlet = \"The Herald\"\ntags = [\"Peace\"]\n",
                "The delegations left. *Peace* is far, said O’Neil.",
            ),
        )
        .article(
            "quiet.md",
            &report(
                "A quiet day",
                "2017-02-01",
                "authors = [\"Ann Lee\"]\n",
                "They were talking about the peace talks again by e-mail.",
            ),
        )
        .article(
            "oil.md",
            &report("Markets", "\"2018\"", "", "Oil rose to 1,000. Geneva<br>watched<sup>2</sup>."),
        )
        .article("ru.md", &report("Переговоры", "2019-05-01", ru, "О переговорах в Женеве."))
        .article("zh.md", &report("消息", "2019-05-02", zh, "北京今天举行会议。"))
}

/// The addresses that a query finds, the best first.
#[track_caller]
fn found(archive: &Archive, query: &[&str]) -> Vec<String> {
    let arguments = [&["search", "--json", "--"], query].concat();
    let answer = archive.run(&arguments).succeeds().json();
    let reports = answer["reports"].as_array().unwrap().iter();
    reports.map(|report| report["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn words_are_found_in_their_forms_and_the_headline_counts_most() {
    let archive = archive();
    archive.build().succeeds();
    assert_eq!(found(&archive, &["talk"]), ["/2017/01/29/talks/", "/2017/02/01/quiet/"]);
    assert_eq!(found(&archive, &["TALKS", "peace"]).len(), 2);
    assert_eq!(found(&archive, &["geneva", "-talks"]), ["/2018/oil/"]);
    assert_eq!(found(&archive, &["ПЕРЕГОВОРАХ"]), ["/2019/05/01/ru/"]);
    assert_eq!(found(&archive, &["北京"]), ["/2019/05/02/zh/"]);
    assert_eq!(found(&archive, &["京"]), ["/2019/05/02/zh/"]);
    for joined in ["oneil", "o'neil", "O’Neil"] {
        assert_eq!(found(&archive, &[joined]), ["/2017/01/29/talks/"], "{joined}");
    }
    assert_eq!(found(&archive, &["email"]), ["/2017/02/01/quiet/"]);
    assert_eq!(found(&archive, &["1000"]), ["/2018/oil/"]);
    assert_eq!(found(&archive, &["genevawatched"]), [""; 0]);
}

#[test]
fn phrases_prefixes_facets_and_dates_narrow() {
    let archive = archive();
    archive.build().succeeds();
    assert_eq!(found(&archive, &["\"peace talks\""]), ["/2017/02/01/quiet/"]);
    assert_eq!(found(&archive, &["talks", "-\"peace talks\""]), ["/2017/01/29/talks/"]);
    assert_eq!(found(&archive, &["deleg*"]), ["/2017/01/29/talks/"]);
    assert_eq!(found(&archive, &["outlet:\"the herald\""]), ["/2017/01/29/talks/"]);
    assert_eq!(found(&archive, &["outlet:тасс"]), ["/2019/05/01/ru/"]);
    assert_eq!(found(&archive, &["author:ann-lee"]), ["/2017/02/01/quiet/"]);
    assert_eq!(found(&archive, &["tag:PEACE", "lang:en"]), ["/2017/01/29/talks/"]);
    assert_eq!(found(&archive, &["geneva", "after:2017"]), ["/2018/oil/"]);
    assert_eq!(found(&archive, &["peace", "29/1/2017"]), ["/2017/01/29/talks/"]);
}

#[test]
fn a_word_that_no_report_has_is_answered_with_a_near_one() {
    let archive = archive();
    archive.build().succeeds();
    let answer = archive.run(&["search", "--json", "genvea"]).succeeds().json();
    assert_eq!(answer["suggestions"], json!([["genvea", "geneva"]]));
    assert!(archive.run(&["search", "genvea"]).stdout().contains("did you mean “geneva”?"));
}

#[test]
fn without_an_index_the_command_says_how_to_make_one() {
    let archive = archive().config("[search]\nenabled = false\n");
    let built = archive.build().succeeds();
    assert!(!built.tree().keys().any(|path| path.starts_with("search/")));
    assert!(!built.file("index.html").contains("role=\"search\""));
    let asked = archive.run(&["search", "talks"]);
    assert_eq!(asked.code(), 2);
    assert!(asked.stderr().contains("there is no search index"), "{}", asked.stderr());
}

/// The headlines and outlets that the cards of an index show.
fn cards_of(built: &Built) -> Vec<String> {
    let files = built.tree().into_iter();
    let cards = files.filter(|(path, _)| path.starts_with("search/i/") && path.ends_with(".json"));
    cards.map(|(_, bytes)| String::from_utf8(bytes).unwrap().to_lowercase()).collect()
}

/// All words of an index.
fn words_of(built: &Built) -> Vec<String> {
    let leaves = built.tree().into_iter().filter(|(path, _)| path.contains("/v/"));
    let words = leaves.flat_map(|(_, leaf)| vocabulary::decode(&leaf).collect::<Vec<_>>());
    words.map(|word| word.word.into()).collect()
}

#[test]
fn drafts_withdrawn_hidden_and_redacted_words_are_not_in_it() {
    let hidden = [
        ("draft.md", "draft = true\n"),
        ("noindex.md", "noindex = true\n"),
        (
            "withdrawn.md",
            "withdrawn = { date = 2020-01-01, kind = \"privacy\", reason = \"On request.\" }\n",
        ),
    ];
    let mut archive = archive();
    for (path, more) in hidden {
        archive = archive.article(path, &report("Xenolith", "2017-03-01", more, "Zugzwang."));
    }
    let built = archive.build().succeeds();
    let (words, cards) = (words_of(&built), cards_of(&built));
    assert!(words.iter().any(|word| word == "delegations"));
    assert!(cards.iter().any(|cards| cards.contains("talks end in geneva")));
    for planted in ["xenolith", "zugzwang"] {
        assert!(!words.iter().any(|word| word.starts_with(planted)), "{planted}");
        assert!(!cards.iter().any(|cards| cards.contains(planted)), "{planted}");
    }
    archive.write("content/talks.md", report("Talks end in Geneva", "2017-01-29", "", "Nothing."));
    let words = words_of(&archive.build());
    assert!(!words.iter().any(|word| word == "delegations"), "{words:?}");
}

/// What the state remembers of the words of a report is gone with the build after its withdrawal.
#[test]
fn a_withdrawn_report_leaves_the_index_and_its_records() {
    let archive = archive()
        .article("gone.md", &report("Gone", "2017-01-29", "tags = [\"Xenolith\"]\n", "Zugzwang."));
    let built = archive.build().succeeds();
    assert!(words_of(&built).iter().any(|word| word == "zugzwang"));
    let remembers = || {
        let state = crate::archive::tree(&archive.path(".dateline"));
        state.values().any(|bytes| bytes.windows(8).any(|bytes| bytes == b"zugzwang"))
    };
    assert!(remembers());
    let withdrawn =
        "withdrawn = { date = 2020-01-01, kind = \"privacy\", reason = \"On request.\" }\n";
    archive.write("content/gone.md", report("Gone", "2017-01-29", withdrawn, "Zugzwang."));
    let words = words_of(&archive.build().succeeds());
    assert!(!words.iter().any(|word| word == "zugzwang" || word.contains("xenolith")), "{words:?}");
    assert!(!remembers());
}

#[test]
fn settings_say_what_is_found() {
    let archive = archive();
    archive.build().succeeds();
    let settings = std::fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let config = |text: &str| archive.write("dateline.toml", format!("{settings}{text}"));
    config("[search]\nfields = [\"title\"]\nexclude = [\"outlet:the herald\", \"lang:zh\"]\n");
    archive.build().succeeds();
    assert_eq!(found(&archive, &["quiet"]), ["/2017/02/01/quiet/"]);
    for nothing in ["peace", "geneva", "tag:peace", "北京", "消息"] {
        assert_eq!(found(&archive, &[nothing]), [""; 0], "{nothing}");
    }
    config("[search]\nweights = { title = 0, text = 5 }\n");
    archive.build().succeeds();
    assert_eq!(found(&archive, &["talk"]), ["/2017/02/01/quiet/", "/2017/01/29/talks/"]);
    for (wrong, said) in [
        ("fields = [\"body\"]", "“body” is no part of a report"),
        ("exclude = [\"wire\"]", "“wire” says nothing of a report"),
        ("max_files = 0", "max_files"),
        ("speed = 1", "speed"),
    ] {
        config(&format!("[search]\n{wrong}\n"));
        let built = archive.build();
        assert!(built.stderr().contains(said), "{wrong}: {}", built.stderr());
    }
}

#[test]
fn an_index_of_few_files_gives_the_same_answers() {
    let archive = Archive::demo();
    let many = archive.build().succeeds();
    let files = |built: &Built| {
        built.tree().into_keys().filter(|path| path.starts_with("search/i/s")).count()
    };
    let (count, hits) = (files(&many), found(&archive, &["moon"]));
    let settings = std::fs::read_to_string(archive.path("dateline.toml")).unwrap();
    archive.write("dateline.toml", format!("{settings}\n[search]\nmax_files = 40\n"));
    let few = archive.build().succeeds();
    assert!(files(&few) < count, "{} of {count}", files(&few));
    assert_eq!(found(&archive, &["moon"]), hits);
}

#[test]
fn figures_of_the_index_and_lists_by_words() {
    let archive = archive();
    archive.build().succeeds();
    let stats = archive.run(&["stats", "--search", "--json"]).succeeds().json();
    assert_eq!(stats["reports"], 5);
    assert!(stats["files"].as_u64().unwrap() > 3 && stats["bytes"].as_u64().unwrap() > 500);
    let lists = stats["lists"].as_array().unwrap();
    assert!(lists.contains(&json!({ "word": "lang:en", "reports": 3 })), "{lists:?}");
    let listed = archive.run(&["list", "--words", "peace -tag:peace", "--json"]).succeeds().json();
    assert_eq!(
        (&listed["count"], &listed["reports"][0]["title"]),
        (&json!(1), &json!("A quiet day"))
    );
}

#[test]
fn an_incremental_index_is_that_of_a_clean_build() {
    let archive = archive();
    archive.build().succeeds();
    archive.write("content/oil.md", report("Markets fell", "2018-03-04", "", "Oil fell."));
    archive.write("content/new.md", report("New", "2020-03-04", "", "Something new."));
    archive.remove("content/zh.md");
    let incremental = archive.build().tree();
    let clean = archive.build_with(&["-o", "clean", "--force"]);
    assert_eq!(clean.code(), 0);
    let clean = crate::archive::tree(&archive.path("clean"));
    let index = |tree: &BTreeMap<String, Vec<u8>>| {
        tree.iter()
            .filter(|(path, _)| path.starts_with("search/"))
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(index(&incremental), index(&clean));
}

#[test]
fn a_damaged_index_is_said() {
    let archive = archive();
    let built = archive.build().succeeds();
    for path in built.tree().keys().filter(|path| path.ends_with(".bin")) {
        std::fs::write(built.output().join(path), "x").unwrap();
    }
    let asked = archive.run(&["search", "talks"]);
    assert_eq!(asked.code(), 2);
    assert!(asked.stderr().contains("damaged or missing"), "{}", asked.stderr());
}

#[test]
fn words_without_end_and_many_words_are_bounded() {
    let many = (0..100_000).map(|at| format!("w{at:x}x ")).collect::<Vec<_>>().concat();
    let archive = archive()
        .article("long.md", &report("Long", "2020-01-01", "", &"x".repeat(10_000_000)))
        .article("many.md", &report("Many", "2020-01-02", "", &many));
    archive.build().succeeds();
    assert_eq!(found(&archive, &["w1869fx"]), ["/2020/01/02/many/"]);
    assert_eq!(found(&archive, &["long"]), ["/2020/01/01/long/"]);
    let query = "talks ".repeat(10_000);
    assert_eq!(found(&archive, &[&query]).len(), 2);
}

#[test]
fn the_page_works_without_a_script_and_says_where_words_go() {
    let archive = archive().config(
        "[search.fallback]\naction = \"https://engine.example/find\"\nquery = \"words\"\nfields = { sites = \"{host}\" }\n",
    );
    let built = archive.build().succeeds();
    let html = built.file("search/index.html");
    for part in [
        "action=\"https://engine.example/find\"",
        "name=\"words\"",
        "<input type=\"hidden\" name=\"sites\" value=\"archive.example\">",
        "Without JavaScript your words go to engine.example.",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert!(built.file("index.html").contains("action=\"/search/\""));
    assert!(
        built
            .file("search/opensearch.xml")
            .contains("https://archive.example/search/?q={searchTerms}")
    );
}

/// Runs the client in Node.
fn client(mut node: Command, task: &[&str], input: &Json) -> Json {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("client.mjs");
    std::fs::copy(repository.join("themes/gazette/assets/search.js"), &copy).unwrap();
    let mut node = node
        .arg(repository.join("tests/js/search.mjs"))
        .arg(&copy)
        .args(task)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_client_folds_every_character_as_the_index_does() {
    let Some(node) = program("node") else { return };
    let mut theirs = client(node, &["fold"], &Json::Null);
    let changed: BTreeMap<u32, String> =
        serde_json::from_value::<Vec<(u32, String)>>(theirs["changed"].take())
            .unwrap()
            .into_iter()
            .collect();
    // Node may know an older Unicode.
    let unassigned: BTreeSet<u32> = serde_json::from_value(theirs["unassigned"].take()).unwrap();
    assert!(changed.len() > 5_000);
    for character in '\0'..=char::MAX {
        let code = u32::from(character);
        let text = character.to_string();
        if !unassigned.contains(&code) {
            assert_eq!(&fold(&text), changed.get(&code).unwrap_or(&text), "U+{code:04X}");
        }
    }
}

#[test]
fn the_client_finds_the_same_words() {
    let Some(node) = program("node") else { return };
    let texts = [
        "Don’t “quote” Putin's e-mail of 29/1/2017: 1,000.50 $ – O'Neil-Smith; naïve café STRASSE straße",
        "北京今天举行会议。GDP增长5.2% ภาษาไทย 한국어 テレビ",
        "أَحْمَد مكتبة العربيّة ٢٠١٧ כתב־עת צה\"ל हिन्दी कि İstanbul",
        "a--b ''c'' x_y .5 5. a.b.c. U.S.",
    ];
    let theirs = client(node, &["words"], &json!(texts));
    let ours: Vec<Vec<(String, bool)>> = texts
        .iter()
        .map(|text| {
            let mut words = Vec::new();
            each_word(text, |word, role| words.push((word.to_owned(), role == Role::Joined)));
            words
        })
        .collect();
    assert_eq!(theirs, json!(ours));
}

#[test]
fn the_client_gives_the_same_answers() {
    let Some(node) = program("node") else { return };
    let archive = Archive::demo();
    let built = archive.build().succeeds();
    let queries = [
        "moon",
        "moon landing",
        "Луна",
        "القمر",
        "mars -rover",
        "land*",
        "outlet:nasa crater",
        "lang:de mond",
        "tag:mars after:2000",
        "nothingatall",
        "mooon",
        "29/1/2017",
        "kind:statement",
        "e-mail",
        "apollo 11",
        "story:\"Return to the Moon\" lander",
    ];
    let index = built.output().join("search/i");
    let theirs = client(node, &["ask", index.to_str().unwrap()], &json!(queries));
    for (query, theirs) in queries.iter().zip(theirs.as_array().unwrap()) {
        let answer =
            archive.run(&["search", "--json", "--limit", "10", "--", query]).succeeds().json();
        let paths: Vec<&Json> =
            answer["reports"].as_array().unwrap().iter().map(|report| &report["path"]).collect();
        let ours = json!({ "count": answer["count"], "paths": paths, "suggestions": answer["suggestions"] });
        assert_eq!(&ours, theirs, "{query}");
    }
}
