//! `dateline check --fix`: what is mended, what stays as it is, and that nothing else changes.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::archive::{Archive, Built};

fn fixed(archive: &Archive) -> Built {
    archive.run(&["check", "--fix", "--today", "2025-06-01"])
}

fn text(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.path(path)).unwrap()
}

/// A site's files.
struct Site(BTreeMap<String, Vec<u8>>);

impl Site {
    fn of(archive: &Archive) -> Site {
        Site(archive.build_with(&["--force"]).succeeds().tree())
    }

    /// The paths of what two sites show otherwise. Feeds tell terms as the files spell them.
    fn differs_in(mut self, mut other: Site) -> Vec<String> {
        let paths: BTreeSet<String> = self.0.keys().chain(other.0.keys()).cloned().collect();
        let is_feed = |path: &String| path.ends_with(".xml") || path.ends_with("feed.json");
        let differs = |path: &String| match (self.0.remove(path), other.0.remove(path)) {
            (Some(_), Some(_)) if is_feed(path) => false,
            (one, other) => one != other,
        };
        paths.into_iter().filter(differs).collect()
    }
}

/// Two reports that spell a tag in the commonest way.
fn common() -> Archive {
    let report = |day: u32| {
        format!(
            "+++\ntitle = \"R{day}\"\ndate = 2018-01-0{day}\ntags = [\"Diplomacy\"]\n+++\nWords.\n"
        )
    };
    Archive::new().article("x.md", &report(1)).article("y.md", &report(2))
}

const MESSY: &str = "+++\n\
    tags = [ \"diplomacy\", 'Moon' ] # two\n\
    # when it was printed\n\
    date = \"2017/1/29\"\n\
    title = \"A\"   # the headline\n\
    [extra]\n\
    b = 1\n\
    a = 2\n\
    +++\n\
    Words,  as they were.\n";

#[test]
fn toml_is_mended_and_keeps_its_comments() {
    let archive = common().article("a.md", MESSY);
    let said = fixed(&archive).succeeds();
    assert_snapshot!(
        said.stdout()
            .lines()
            .take_while(|line| line.starts_with("mended"))
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_snapshot!(text(&archive, "content/a.md"));
}

#[test]
fn yaml_is_mended_at_its_values_and_keeps_the_order_of_its_keys() {
    let yaml = "---\n# top\ntags:\n  - diplomacy # quiet\n  - 'diplomacy'\ndate: 2017/1/29 # printed\ntitle: A\n---\nWords.\n";
    let archive = common().article("a.md", yaml);
    fixed(&archive).succeeds();
    assert_snapshot!(text(&archive, "content/a.md"));
}

/// What repeats it would change too.
#[test]
fn a_yaml_value_that_has_a_name_is_not_mended() {
    for tags in ["&t [diplomacy, Moon]", "&t\n- diplomacy\n- Moon", "[&t diplomacy, Moon]"] {
        let report =
            format!("---\ntitle: A\ndate: 2018-01-05\ntags: {tags}\nauthors: *t\n---\nWords.\n");
        let archive = common().article("a.md", &report);
        fixed(&archive);
        assert_eq!(text(&archive, "content/a.md"), report);
    }
}

#[test]
fn terms_that_become_one_stand_once() {
    let files = [
        (
            "a.md",
            "+++\ntitle = \"A\"\ndate = 2017-01-29\ntags = [\"diplomacy\", \"Moon\", \"Diplomacy\"]\n+++\nWords.\n",
            "+++\ntitle = \"A\"\ndate = 2017-01-29\ntags = [\"Diplomacy\", \"Moon\"]\n+++\nWords.\n",
        ),
        (
            "b.md",
            "---\ntitle: B\ndate: 2017-01-30\ntags: [diplomacy, Moon, Diplomacy]\n---\nWords.\n",
            "---\ntitle: B\ndate: 2017-01-30\ntags: [Diplomacy, Moon]\n---\nWords.\n",
        ),
        (
            "c.md",
            "---\ntitle: C\ndate: 2017-01-31\ntags:\n  - diplomacy\n  - Diplomacy\n  - Moon\n---\nWords.\n",
            "---\ntitle: C\ndate: 2017-01-31\ntags:\n  - Diplomacy\n  - Moon\n---\nWords.\n",
        ),
        // A comment is nobody's to remove.
        (
            "d.md",
            "+++\ntitle = \"D\"\ndate = 2017-02-01\ntags = [\n  \"diplomacy\", # quiet\n  \"Diplomacy\",\n]\n+++\nWords.\n",
            "+++\ntitle = \"D\"\ndate = 2017-02-01\ntags = [\n  \"Diplomacy\", # quiet\n  \"Diplomacy\",\n]\n+++\nWords.\n",
        ),
    ];
    let archive =
        files.iter().fold(common(), |archive, (name, text, _)| archive.article(name, text));
    fixed(&archive).succeeds();
    for (name, _, expected) in files {
        assert_eq!(text(&archive, &format!("content/{name}")), expected, "{name}");
    }
}

#[test]
fn each_line_ends_as_it_did() {
    let mixed = "+++\r\ntitle = \"A\"\ndate = \"2017/1/29\"\r\ntags = [\"diplomacy\"]\nkind = \"news\"\r\n+++\nWords.\r\n";
    let archive = common().article("a.md", mixed);
    fixed(&archive).succeeds();
    assert_eq!(
        text(&archive, "content/a.md"),
        "+++\r\ntitle = \"A\"\ndate = 2017-01-29\r\nkind = \"news\"\r\ntags = [\"Diplomacy\"]\n+++\nWords.\r\n"
    );
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let archive = common().article("a.md", MESSY);
    let said = archive.run(&["check", "--fix", "--dry-run"]).clean();
    assert_snapshot!(said.stdout());
    assert_eq!(text(&archive, "content/a.md"), MESSY);
}

#[test]
fn what_needs_judgement_stays_as_it_is() {
    let near = "+++\ntitle = \"A\"\ndate = 2017-01-29\ntags = [\"Diplomatie\"]\n+++\nWords.\n";
    let commented =
        "+++\n# Of the second batch.\n\ndate = 2017-01-30\ntitle = \"B\"\n+++\nWords.\n";
    let headed = "+++\n# Of the second batch.\ndate = 2017-01-30\ntitle = \"D\"\n+++\nWords.\n";
    let known = "+++\ntitle = \"C\"\ndate = 2017-01-30\noutlet = \"rt\"\n+++\nWords.\n";
    let archive = common()
        .config("title = \"A\"\n[outlets.rt]\nname = \"RT\"\n")
        .article("a.md", near)
        .article("b.md", commented)
        .article("c.md", known)
        .article("d.md", headed);
    fixed(&archive).succeeds();
    for (path, before) in [("a.md", near), ("b.md", commented), ("c.md", known), ("d.md", headed)] {
        assert_eq!(text(&archive, &format!("content/{path}")), before);
    }
}

#[test]
fn a_withdrawn_report_s_file_is_not_touched() {
    let withdrawn =
        MESSY.replace("[extra]", "withdrawn = { date = 2018-01-01, kind = \"court\" }\n[extra]");
    let archive = common().article("a.md", &withdrawn);
    fixed(&archive).succeeds();
    assert_eq!(text(&archive, "content/a.md"), withdrawn);
}

#[test]
fn a_date_that_can_mean_one_day_only_is_mended_and_no_other() {
    let dated = |date: &str| format!("+++\ndate = \"{date}\" # printed\n+++\nWords.\n");
    let yaml = "---\ntitle: A\nupdated: 29.1.2017\ndate: January 28, 2017\n---\nWords.\n";
    let archive = common()
        .article("a.md", &dated("29/1/2017"))
        .article("b.md", &dated("2/1/2017"))
        .article("c.md", yaml)
        .article("d.md", "+++\r\ntitle = \"D\"\r\ndate = \"2017-1-29\"\r\n+++\r\nWords.\r\n");
    assert_eq!(fixed(&archive).code(), 1);
    assert_eq!(text(&archive, "content/a.md"), dated("").replace("\"\"", "2017-01-29"));
    assert_eq!(text(&archive, "content/b.md"), dated("2/1/2017"));
    let mended = yaml.replace("29.1.2017", "2017-01-29").replace("January 28, 2017", "2017-01-28");
    assert_eq!(text(&archive, "content/c.md"), mended);
    let lines = "+++\r\ntitle = \"D\"\r\ndate = 2017-01-29\r\n+++\r\nWords.\r\n";
    assert_eq!(text(&archive, "content/d.md"), lines);
}

#[test]
fn an_outlet_in_an_address_is_not_respelled() {
    let report = |title: &str, outlet: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2017-01-29\noutlet = \"{outlet}\"\n+++\nWords.\n")
    };
    let odd = report("C", "rt-news");
    let archive = Archive::new()
        .config("title = \"A\"\npermalink = \"/:outlet/:slug/\"\n")
        .article("a.md", &report("A", "RT News"))
        .article("b.md", &report("B", "RT News"))
        .article("c.md", &odd);
    let before: Vec<String> = archive.build().succeeds().tree().into_keys().collect();
    fixed(&archive).succeeds();
    let after: Vec<String> = archive.build().succeeds().tree().into_keys().collect();
    assert_eq!(before, after);
}

#[test]
fn a_mended_archive_is_the_same_site_but_for_what_was_mended() {
    let archive = common().article("a.md", MESSY);
    let before = Site::of(&archive);
    fixed(&archive).succeeds();
    assert_eq!(before.differs_in(Site::of(&archive)), [""; 0]);
    archive.build().clean();
}

fn key_lines() -> impl Strategy<Value = Vec<String>> {
    let tag = prop_oneof![
        Just("Moon"),
        Just("moon"),
        Just("MOON"),
        Just("Mo on"),
        Just("sea-ice"),
        Just("Sea Ice")
    ];
    let tags = prop::collection::vec(tag, 1..4).prop_map(|tags| format!("tags = {tags:?}"));
    let date = prop_oneof![
        Just("date = 2017-01-29"),
        Just("date = \"2017/1/29\""),
        Just("date = \"2017-01-29\""),
        Just("date = \"2017-1\""),
        Just("date = 2017-01-29 # why"),
        Just("date = 2017-01-29T10:00:00Z"),
    ];
    let title =
        prop_oneof![Just("title = 'A'"), Just("title = \"A\" # x"), Just("# above\ntitle = \"A\"")];
    let rest =
        prop_oneof![Just("mood = 1"), Just("kind = \"news\""), Just("via = [\n  \"X\", # y\n]")];
    let lines = (tags, date, title, rest);
    lines
        .prop_map(|(tags, date, title, rest)| vec![tags, date.into(), title.into(), rest.into()])
        .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn mending_twice_is_mending_once_and_the_site_stays(
        one in key_lines(),
        other in key_lines(),
        third in key_lines(),
    ) {
        let file = |lines: &[String]| format!("+++\n{}\n+++\nWords.\n", lines.join("\n"));
        let archive = Archive::new()
            .article("a.md", &file(&one))
            .article("b.md", &file(&other))
            .article("c.md", &file(&third));
        let before = Site::of(&archive);
        fixed(&archive).succeeds();
        let texts = ["a.md", "b.md", "c.md"].map(|name| text(&archive, &format!("content/{name}")));
        let differing = before.differs_in(Site::of(&archive));
        prop_assert!(differing.is_empty(), "{differing:?}");
        fixed(&archive).succeeds();
        let again = ["a.md", "b.md", "c.md"].map(|name| text(&archive, &format!("content/{name}")));
        prop_assert_eq!(texts, again);
    }
}

#[cfg(unix)]
#[test]
fn a_report_behind_a_link_is_mended_where_it_is() {
    let archive = Archive::new();
    archive.write("store/a.md", MESSY);
    archive.write("content/.keep", "");
    std::os::unix::fs::symlink("../store/a.md", archive.path("content/a.md")).unwrap();
    fixed(&archive).succeeds();
    assert!(text(&archive, "store/a.md").contains("date = 2017-01-29"));
    assert!(archive.path("content/a.md").is_symlink());
}
