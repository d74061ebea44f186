//! `dateline check`: each lint has a case where it speaks and one where it is silent.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::archive::{Archive, Built};

/// A report of which a check has nothing to say.
const GOOD: &str = "title = \"Landing\"\ndate = 2017-01-29\nadded = 2020-05-01\noutlet = \"RT\"\n\
                    original_url = \"https://rt.example/1\"\n";

fn report(lines: &str, body: &str) -> String {
    format!("+++\n{lines}+++\n{body}\n")
}

/// The archive checked as it is on the first of June 2025.
fn checked(archive: &Archive) -> Built {
    archive.run(&["check", "--today", "2025-06-01"])
}

/// The names of all that is found.
fn names(archive: &Archive) -> BTreeSet<String> {
    let json = archive.run(&["check", "--json", "--today", "2025-06-01"]).json();
    let findings = json["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["name"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn speaks(name: &str, archive: &Archive) {
    let names = names(archive);
    assert!(names.contains(name), "{name} is not among {names:?}");
}

#[track_caller]
fn is_silent(name: &str, archive: &Archive) {
    let names = names(archive);
    assert!(!names.contains(name), "{name} is among {names:?}");
}

fn one(lines: &str) -> Archive {
    with_body(lines, "Words.")
}

fn with_body(lines: &str, body: &str) -> Archive {
    Archive::new().article("a.md", &report(lines, body))
}

fn other(number: u32, lines: &str) -> String {
    report(
        &format!(
            "title = \"Other {number}\"\ndate = 2018-01-0{number}\nadded = 2020-05-01\n\
             outlet = \"RT\"\noriginal_url = \"https://rt.example/other/{number}\"\n{lines}"
        ),
        "Other words.",
    )
}

#[test]
fn of_a_good_archive_nothing_is_said() {
    let archive = one(GOOD);
    let built = checked(&archive).clean();
    assert_eq!(built.stdout(), "1 article and 0 pages checked: 0 errors, 0 warnings, 0 notes\n");
}

#[test]
fn a_report_that_can_t_be_traced_is_told() {
    let bare = one("title = \"A\"\ndate = 2017-01-29\n");
    for name in ["missing-outlet", "missing-original", "missing-added"] {
        speaks(name, &bare);
        is_silent(name, &one(GOOD));
    }
}

#[test]
fn a_date_that_is_still_to_come_is_told() {
    speaks("future-date", &one(&GOOD.replace("2017", "2027")));
    is_silent("future-date", &one(&GOOD.replace("2017-01-29", "2025-06-01")));
}

#[test]
fn a_date_is_held_against_the_file_s_name() {
    let named = |name: &str| Archive::new().article(name, &report(GOOD, "Words."));
    speaks("date-against-file-name", &named("2017-01-28-landing.md"));
    is_silent("date-against-file-name", &named("2017-01-29-landing.md"));
}

#[test]
fn a_date_is_held_against_the_text_s_own() {
    for wrong in ["(RT, 28/1/2017)", "RT, January 28, 2017", "*(RT, 28.01.2017)*"] {
        speaks("date-against-body", &with_body(GOOD, &format!("{wrong}\n\nWords.")));
    }
    for good in [
        "(RT, 29/1/2017)",
        "RT, January 29, 2017",
        "(RT, 1/29/2017)",
        "(BBC, 28/1/2017)",
        "In RT, 28/1/2017, it said so.",
    ] {
        is_silent("date-against-body", &with_body(GOOD, &format!("{good}\n\nWords.")));
    }
}

#[test]
fn an_outlet_that_the_settings_don_t_know_is_told_where_they_know_any() {
    let config = "title = \"A\"\n[outlets.reuters]\nname = \"Reuters\"\n";
    speaks("unknown-outlet", &one(GOOD).config(config));
    is_silent("unknown-outlet", &one(GOOD));
    is_silent("unknown-outlet", &one(&GOOD.replace("RT", "reuters")).config(config));
}

#[test]
fn a_term_that_is_nearly_another_is_told() {
    let tagged = |tag: &str| {
        Archive::new()
            .article("a.md", &report(&format!("{GOOD}tags = [\"{tag}\"]\n"), "Words."))
            .article("b.md", &other(1, "tags = [\"Diplomacy\"]\n"))
            .article("c.md", &other(2, "tags = [\"Diplomacy\"]\n"))
    };
    speaks("near-miss-term", &tagged("Diplomatie"));
    is_silent("near-miss-term", &tagged("Diplomacy"));
    is_silent("near-miss-term", &tagged("Defence"));
    let config = "title = \"A\"\n[check]\ndistinct = [[\"Diplomatie\", \"Diplomacy\"]]\n";
    is_silent("near-miss-term", &tagged("Diplomatie").config(config));
    speaks("merged-spellings", &tagged("diplomacy"));
}

#[test]
fn a_summary_longer_than_the_settings_have_it_is_told() {
    let summed = one(&format!("{GOOD}summary = \"Twelve words.\"\n"));
    is_silent("long-summary", &summed);
    speaks("long-summary", &summed.config("title = \"A\"\n[check]\nsummary_length = 12\n"));
}

#[test]
fn a_lead_picture_needs_its_text_and_its_file() {
    let picture = |lines: &str| one(&format!("{GOOD}{lines}")).file("static/moon.png", "x");
    let good = picture("image = { src = \"/moon.png\", alt = \"The moon\" }\n");
    for name in ["missing-alt", "missing-lead-picture", "orphaned-asset"] {
        is_silent(name, &good);
    }
    speaks("missing-alt", &picture("image = \"/moon.png\"\n"));
    speaks("missing-lead-picture", &picture("image = { src = \"/sun.png\", alt = \"Sun\" }\n"));
    speaks("orphaned-asset", &picture("image = { src = \"/sun.png\", alt = \"Sun\" }\n"));
}

#[test]
fn a_file_counts_as_used_where_anything_names_it() {
    let beside = |body: &str| {
        Archive::new()
            .article("a/index.md", &report(GOOD, body))
            .article("a/the map.png", "x")
            .article("a/map.png", "x")
    };
    speaks("orphaned-asset", &beside("![Map](map.png)"));
    is_silent("orphaned-asset", &beside("![Map](map.png) and ![the map](the%20map.png)"));
    let machines = one(GOOD).file("static/robots.txt", "").file("static/.well-known/x.txt", "");
    is_silent("orphaned-asset", &machines);
    let styled = one(GOOD).file("static/x/a.css", "a { background: url(b.png) }");
    styled.write("static/x/b.png", "x");
    styled.write("templates/extra.txt", "x/a.css");
    is_silent("orphaned-asset", &styled);
}

#[test]
fn a_key_that_nobody_knows_is_told_once() {
    let archive =
        one(&format!("{GOOD}mood = \"grim\"\n")).article("b.md", &other(1, "mood = \"gay\"\n"));
    let json = archive.run(&["check", "--json", "--today", "2025-06-01"]).json();
    assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["findings"][0]["name"], "unknown-key");
    is_silent("unknown-key", &one(&format!("{GOOD}[extra]\nmood = \"grim\"\n")));
    is_silent("unknown-key", &one(&format!("{GOOD}layout = \"post\"\n")));
}

#[test]
fn what_a_whole_import_lacks_is_told_once() {
    let archive = (0..21).fold(Archive::new(), |archive, number| {
        let lines =
            GOOD.replace("added = 2020-05-01\n", "").replace("/1\"", &format!("/{number}\""));
        archive.article(&format!("{number}.md"), &report(&lines, "Words."))
    });
    let built = checked(&archive);
    assert_eq!(built.stdout().matches("note[missing-added]").count(), 1, "{}", built.stdout());
    assert!(built.stdout().contains("(and in 20 more files)"));
}

#[test]
fn redirects_that_lead_to_redirects_are_told() {
    let rules = |rules: &[(&str, &str)]| {
        let lines = rules
            .iter()
            .map(|(from, to)| format!("[[redirects]]\nfrom = \"{from}\"\nto = \"{to}\"\n"));
        one(GOOD).config(&format!("title = \"A\"\n{}", lines.collect::<String>()))
    };
    speaks("redirect-loop", &rules(&[("/a/", "/b/"), ("/b/", "/a/")]));
    let chain = rules(&[("/a/", "/b"), ("/b/", "/2017/")]);
    speaks("redirect-chain", &chain);
    is_silent("redirect-loop", &chain);
    is_silent("redirect-chain", &rules(&[("/a/", "/2017/"), ("/b/", "/2017/")]));
}

/// Eighty words, of which so many are other ones.
fn eighty(changed: usize) -> String {
    let word = |at: usize| if at < changed { format!("x{at}") } else { format!("w{at}") };
    (0..120).map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn near_copies_are_told_with_the_line_that_confirms_them() {
    let copies = |lines: &str, changed: usize| {
        let second = GOOD.replace("RT", "TASS").replace("Landing", "Again").replace("/1", "/2");
        Archive::new()
            .article("a.md", &report(&format!("{GOOD}{lines}"), &eighty(0)))
            .article("b.md", &report(&second, &eighty(changed)))
    };
    let alike = copies("", 1);
    speaks("near-duplicate", &alike);
    assert!(checked(&alike).stdout().contains("add also = [\"/2017/01/29/b/\"]"));
    is_silent("near-duplicate", &copies("also = [\"/2017/01/29/b/\"]\n", 1));
    is_silent("near-duplicate", &copies("", 120));
}

#[test]
fn one_original_named_twice_is_told() {
    let twice = |address: &str| {
        let second = GOOD.replace("Landing", "Again").replace("https://rt.example/1", address);
        one(GOOD).article("b.md", &report(&second, "Other words."))
    };
    speaks("repeated-original", &twice("http://www.rt.example/1/?utm_source=x"));
    is_silent("repeated-original", &twice("https://rt.example/2"));
}

#[test]
fn a_text_that_changed_in_silence_is_told_until_the_change_is_on_record() {
    let archive = with_body(GOOD, "The first words.");
    is_silent("unrecorded-change", &archive);
    archive.build().clean();
    archive.write("content/a.md", report(GOOD, "The  first\n words."));
    is_silent("unrecorded-change", &archive);
    archive.write("content/a.md", report(GOOD, "Quite other words."));
    speaks("unrecorded-change", &archive);
    archive.build().clean();
    archive.build_with(&["--force"]).clean();
    speaks("unrecorded-change", &archive);
    let line = "corrections = [{ date = 2025-05-01, text = \"The words.\" }]\n";
    let recorded = format!("{GOOD}{line}");
    archive.write("content/a.md", report(&recorded, "Quite other words."));
    is_silent("unrecorded-change", &archive);
    archive.build().clean();
    is_silent("unrecorded-change", &archive);
    archive.write("content/a.md", report(&recorded, "Other words again."));
    speaks("unrecorded-change", &archive);
    archive.write(
        "content/a.md",
        report(&format!("{recorded}updated = 2025-05-02\n"), "Other words again."),
    );
    is_silent("unrecorded-change", &archive);
}

#[test]
fn a_correction_that_was_published_covers_no_later_change() {
    let archive = with_body(GOOD, "The first words.");
    archive.build().clean();
    let line = "corrections = [{ date = 2025-05-01, text = \"The headline.\" }]\n";
    let recorded = format!("{GOOD}{line}");
    archive.write("content/a.md", report(&recorded, "The first words."));
    archive.build().clean();
    archive.write("content/a.md", report(&recorded, "Quite other words."));
    speaks("unrecorded-change", &archive);
    archive.build().clean();
    speaks("unrecorded-change", &archive);
}

#[test]
fn a_text_that_is_only_set_otherwise_is_the_same_text() {
    let before = "She said \"no\" -- twice, at www.rt.example/1 and https://rt.example/2.\n\n* one\n\n\
                  | a | b |\n|---|---|\n| 1 | 2 |\n\n![](moon.png)\n\n[Rules](https://rt.example/3)";
    let archive = with_body(GOOD, before);
    archive.build().succeeds();
    for (was, now) in [
        ("\"no\" -- twice", "“no” – twice"),
        ("* one", "- one"),
        ("| 1 | 2 |", "|  1  |  2  |"),
        ("* one", "<!-- a note to myself -->\n\n* one"),
        ("![](moon.png)", "![The moon](moon.png)"),
        ("https://rt.example/2", "<https://rt.example/2>"),
        ("www.rt.example/1", "[www.rt.example/1](https://www.rt.example/1)"),
    ] {
        assert!(before.contains(was));
        archive.write("content/a.md", report(GOOD, &before.replace(was, now)));
        is_silent("unrecorded-change", &archive);
    }
    for (was, now) in [("| 1 |", "| 3 |"), ("twice", "once"), ("rt.example/3", "rt.example/4")] {
        archive.write("content/a.md", report(GOOD, &before.replace(was, now)));
        speaks("unrecorded-change", &archive);
    }
}

#[test]
fn a_text_stays_the_known_one_when_its_report_moves() {
    let archive = with_body(GOOD, "The first words.");
    archive.build().clean();
    let moved = format!("{GOOD}slug = \"b\"\naliases = [\"/2017/01/29/a/\"]\n");
    archive.write("content/a.md", report(&moved, "Quite other words."));
    speaks("unrecorded-change", &archive);
}

#[test]
fn a_withdrawn_report_s_text_is_not_kept() {
    let archive = with_body(GOOD, "The first words.");
    archive.build().clean();
    let kept = |archive: &Archive| {
        let files = archive.everything();
        String::from_utf8_lossy(&files[&manifest(archive)]).contains("\"text\"")
    };
    assert!(kept(&archive));
    let withdrawn = format!("{GOOD}withdrawn = {{ date = 2025-01-01, kind = \"error\" }}\n");
    archive.write("content/a.md", report(&withdrawn, "Other words."));
    is_silent("unrecorded-change", &archive);
    archive.build().succeeds();
    assert!(!kept(&archive));
}

/// Where the record of a site lies.
fn manifest(archive: &Archive) -> String {
    archive.everything().into_keys().find(|path| path.ends_with("manifest.json")).unwrap()
}

/// The record as the first programs wrote it, whose hashes were made of the sources' words.
fn with_hashes_of_old(text: &str) -> String {
    let (lines, _) = text.trim_end().rsplit_once('\n').unwrap();
    let kept = lines.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(text) = line.as_object_mut().unwrap().remove("text") {
            line["body"] = text;
        }
        format!("{line}\n")
    });
    let kept: String = kept.collect();
    let sum = xxhash_rust::xxh3::xxh3_64(kept.as_bytes());
    format!("{kept}{{\"xxh3\":\"{sum:016x}\"}}\n")
}

#[test]
fn a_record_whose_hashes_were_made_otherwise_counts_as_knowing_none_and_learns_them() {
    let archive = with_body(GOOD, "The first words.");
    archive.build().clean();
    let path = manifest(&archive);
    let old = with_hashes_of_old(&String::from_utf8(archive.everything()[&path].clone()).unwrap());
    archive.write(&path, &old);
    archive.write("content/a.md", report(GOOD, "Quite other words."));
    is_silent("unrecorded-change", &archive);
    archive.build().clean();
    archive.write("content/a.md", report(GOOD, "Other words again."));
    speaks("unrecorded-change", &archive);
}

#[test]
fn what_a_build_says_is_told_once_under_its_own_name() {
    let archive = with_body(&format!("{GOOD}orignal_url = \"x\"\n"), "[Away](/nowhere/)");
    let json = archive.run(&["check", "--json", "--today", "2025-06-01"]).json();
    let found = json["findings"].as_array().unwrap().iter();
    let names: Vec<&str> = found.map(|finding| finding["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["near-miss-key", "unresolved-link"]);
}

#[test]
fn the_settings_say_how_loudly_each_is_said() {
    let bare = || one("title = \"A\"\ndate = 2017-01-29\nadded = 2020-01-01\noutlet = \"RT\"\n");
    assert_eq!(checked(&bare()).code(), 0);
    let error = bare().config("title = \"A\"\n[check.lints]\nmissing-original = \"error\"\n");
    assert_eq!(checked(&error).code(), 1);
    let off = bare().config("title = \"A\"\n[check.lints]\nmissing-original = \"off\"\n");
    is_silent("missing-original", &off);
}

#[test]
fn a_mistake_that_a_build_would_not_publish_is_an_error_whatever_the_settings_say() {
    let config = "title = \"A\"\n[check.lints]\nmissing-date = \"off\"\n";
    let archive = one("title = \"A\"\n").config(config);
    assert_eq!(checked(&archive).code(), 1);
    speaks("missing-date", &archive);
}

#[test]
fn severities_that_there_are_not_are_told_with_their_place() {
    let config = "title = \"A\"\n[check]\ndistinct = [\"A\"]\n[check.lints]\nmissing-outlets = \"off\"\n\
                  missing-outlet = \"loud\"\n";
    let built = checked(&one(GOOD).config(config));
    assert_eq!(built.code(), 1);
    assert_snapshot!(built.stdout());
}

#[test]
fn findings_are_told_by_place_with_their_line_and_their_mend() {
    let archive = Archive::new()
        .article(
            "2017-01-28-landing.md",
            &report(
                "title = \"Landing\"\ndate = 2017-01-29\nimage = \"moon.png\"\nmood = \"grim\"\n\
                 tags = [\"Moon\", \"Diplomatie\"]\n",
                "(RT, 30/1/2017)\n\nWords.",
            ),
        )
        .article("b.md", &other(1, "tags = [\"Diplomacy\"]\n"))
        .article("c.md", "---\ntitle: Old\ndate: 2031-01-01\noutlet: RT\n---\nWords of old.\n");
    let built = checked(&archive);
    assert_eq!(built.code(), 0);
    assert_snapshot!(built.stdout());
    let json = archive.run(&["check", "--json", "--today", "2025-06-01"]).json();
    assert_snapshot!(format!("{:#}", json["findings"][0]));
}

#[test]
fn nothing_is_published_by_a_check() {
    let archive = one(GOOD);
    checked(&archive);
    assert!(!archive.path("public").exists());
}

#[test]
fn every_name_is_listed_once_with_its_meaning() {
    let built = Archive::new().run(&["check", "--list"]).clean();
    let names: Vec<&str> =
        built.stdout().lines().filter_map(|line| line.split_whitespace().next()).collect();
    let distinct: BTreeSet<&&str> = names.iter().collect();
    assert_eq!(names.len(), distinct.len(), "{names:?}");
    assert!(names.contains(&"missing-outlet") && names.contains(&"unresolved-link"));
}
