//! The same report by several outlets: proposed by its words, confirmed by a curator, shown on both.

use std::collections::BTreeSet;

use crate::archive::{Archive, Built};

/// Numbers that look like chance and are the same in every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    /// So many words out of a vocabulary of three thousand.
    fn words(&mut self, number: usize) -> Vec<String> {
        (0..number).map(|_| format!("w{}", self.below(3_000))).collect()
    }
}

fn report(title: &str, date: &str, lines: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n{lines}\n+++\n{body}\n")
}

/// Words of a report of a hundred and fifty.
fn body(seed: u64) -> String {
    Chance(seed).words(150).join(" ")
}

const A: &str = "/2017/01/29/a/";
const B: &str = "/2017/01/30/b/";

/// Two copies of one report, a day apart, and another report between them.
fn copies(lines: &str) -> Archive {
    let tags = "tags = [\"Moon\"]";
    Archive::new()
        .article(
            "a.md",
            &report("One", "2017-01-29", &format!("outlet = \"RT\"\n{tags}\n{lines}"), &body(1)),
        )
        .article("b.md", &report("Two", "2017-01-30", tags, &format!("{} The end.", body(1))))
        .article("c.md", &report("Three", "2017-01-29", tags, &body(2)))
}

#[track_caller]
fn also(built: &Built, address: &str) -> Vec<String> {
    built.page(address).links("#also ~ ol")
}

#[test]
fn near_copies_are_proposed_and_not_shown() {
    let archive = copies("");
    let built = archive.build().clean();
    assert!(!built.page(A).has("#also") && !built.page(B).has("#also"));
    let listed = archive.run(&["inspect", "--duplicates"]).clean();
    insta::assert_snapshot!(listed.stdout());
    let listed = archive.run(&["inspect", "--duplicates", "--json"]).clean().json();
    assert_eq!(listed["pairs"].as_array().unwrap().len(), 1);
    assert_eq!(listed["pairs"][0]["first"]["permalink"], A);
    assert_eq!(listed["pairs"][0]["second"]["permalink"], B);
    assert_eq!(listed["lines"][0]["file"], "content/a.md");
    assert_eq!(listed["lines"][0]["line"], format!("also = [\"{B}\"]"));
}

#[test]
fn the_proposed_line_confirms_a_pair() {
    let archive = copies("");
    let listed = archive.run(&["inspect", "--duplicates", "--json"]).clean().json();
    let line = listed["lines"][0]["line"].as_str().unwrap();
    let confirmed = copies(line);
    let built = confirmed.build().clean();
    assert_eq!((also(&built, A), also(&built, B)), (vec![B.to_owned()], vec![A.to_owned()]));
    let listed = confirmed.run(&["inspect", "--duplicates"]).clean();
    assert_eq!(listed.stdout(), "No unconfirmed near-copies were found.\n");
}

#[test]
fn yaml_gets_a_line_of_yaml_that_keeps_what_is_there() {
    let archive = copies("");
    let yaml =
        format!("---\ntitle: One\ndate: 2017-01-29\nalso: /2017/01/29/c/\n---\n{}\n", body(1));
    archive.write("content/a.md", yaml);
    let listed = archive.run(&["inspect", "--duplicates", "--json"]).clean().json();
    assert_eq!(listed["lines"][0]["line"], "also: [\"/2017/01/29/c/\", \"/2017/01/30/b/\"]");
}

#[test]
fn the_config_can_show_them_without_asking() {
    let built = copies("").config("[duplicates]\nshow = true").build().clean();
    assert_eq!((also(&built, A), also(&built, B)), (vec![B.to_owned()], vec![A.to_owned()]));
    assert!(!built.page("/2017/01/29/c/").has("#also"));
}

#[test]
fn related_reports_do_not_repeat_them() {
    let related = |built: &Built| built.page(A).links("#related ~ ol");
    let apart = copies("").build().clean();
    assert!(related(&apart).contains(&B.to_owned()));
    let confirmed = copies(&format!("also = [\"{B}\"]")).build().clean();
    assert_eq!(related(&confirmed), ["/2017/01/29/c/"]);
    let shown = copies("").config("[duplicates]\nshow = true").build().clean();
    assert_eq!(related(&shown), ["/2017/01/29/c/"]);
}

#[test]
fn withdrawn_short_and_distant_reports_are_no_copies() {
    let withdrawn = copies("withdrawn = { date = 2020-01-01, kind = \"error\" }");
    let distant = copies("");
    distant.write("content/b.md", report("Two", "2017-02-06", "", &body(1)));
    let short = copies("");
    for name in ["a", "b"] {
        short
            .write(&format!("content/{name}.md"), report(name, "2017-01-29", "", "Too few words."));
    }
    for archive in [withdrawn, distant, short] {
        let listed = archive.run(&["inspect", "--duplicates", "--json"]).clean().json();
        assert_eq!(listed["pairs"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn also_takes_addresses_and_files() {
    for written in [
        "/2017/01/30/b/",
        "2017/01/30/b",
        "https://archive.example/2017/01/30/b/",
        "/2017/01/30/b/index.html",
        "b.md",
        "./b.md",
        "/b.md",
        "@/b.md",
        "content/b.md",
        "/old/b/",
    ] {
        let archive = copies(&format!("also = \"{written}\""));
        archive.write(
            "content/b.md",
            report("Two", "2017-01-30", "aliases = [\"/old/b/\"]", "Words."),
        );
        let built = archive.build().clean();
        assert_eq!(also(&built, A), [B], "{written}");
        assert_eq!(also(&built, B), [A], "{written}");
    }
}

#[test]
fn an_also_that_names_nothing_is_told() {
    let built = copies("also = [\"/2017/01/31/b/\", \"a.md\", \"https://other.example/\"]").build();
    assert_eq!(built.code(), 0);
    insta::assert_snapshot!(built.stderr());
}

/// What was planted in a corpus, as pairs of file names.
struct Planted {
    archive: Archive,
    copies: BTreeSet<(String, String)>,
}

/// Three hundred reports. Of sixty there is a copy with another head and foot and some words changed;
/// of sixty a rewriting that shares half of its sentences; of sixty a copy a month later.
fn planted() -> Planted {
    let mut chance = Chance(7);
    let mut planted = Planted { archive: Archive::new(), copies: BTreeSet::new() };
    let write = |archive: &Archive, name: &str, day: usize, words: &[String]| {
        let date = format!("2017-{:02}-{:02}", day / 28 + 1, day % 28 + 1);
        archive.write(&format!("content/{name}.md"), report(name, &date, "", &words.join(" ")));
    };
    for number in 0..300 {
        let (day, length) = (chance.below(200), 150 + chance.below(450));
        let mut words = chance.words(length);
        write(&planted.archive, &format!("r{number}"), day, &words);
        let name = format!("s{number}");
        match number % 5 {
            0 => {
                for _ in 0..length / 100 {
                    let at = chance.below(length);
                    "changed".clone_into(&mut words[at]);
                }
                words.splice(0..0, ["(RT,".to_owned(), "29/1/2017)".to_owned()]);
                words.truncate(words.len() - 5);
                write(&planted.archive, &name, day + chance.below(7), &words);
                planted.copies.insert((format!("r{number}"), name));
            }
            1 => {
                for sentence in words.chunks_mut(15).step_by(2) {
                    sentence.clone_from_slice(&chance.words(sentence.len()));
                }
                write(&planted.archive, &name, day + 1, &words);
            }
            2 => write(&planted.archive, &name, day + 30, &words),
            _ => {}
        }
    }
    planted
}

#[test]
fn planted_copies_are_found_and_nothing_else() {
    let Planted { archive, copies } = planted();
    let listed = archive.run(&["inspect", "--duplicates", "--json"]).clean().json();
    let name = |side: &serde_json::Value| side["title"].as_str().unwrap().to_owned();
    let found: BTreeSet<(String, String)> = listed["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (name(&pair["first"]), name(&pair["second"])))
        .map(|(a, b)| if a < b { (a, b) } else { (b, a) })
        .collect();
    let (right, wrong) = (found.intersection(&copies).count(), found.difference(&copies).count());
    println!("{right} of {} planted copies found, {wrong} false ones", copies.len());
    assert_eq!(wrong, 0, "{found:?}");
    assert!(right * 100 >= copies.len() * 95, "{right} of {}", copies.len());
}
