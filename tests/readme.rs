//! What README, CONTRIBUTING and the starter's settings say is so: every key and dependency is
//! there, every snippet can be used.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::BTreeSet;
use std::process::Command;

use dateline::base::diagnostic::Diagnostic;
use dateline::content::front_matter::{self, KNOWN_KEYS};
use dateline::ledger::Fate;
use dateline::settings::{Config, reading};

const README: &str = include_str!("../README.md");
const STARTER: &str = include_str!("../src/authoring/starter/dateline.toml");

/// The text under a heading of the second level.
#[track_caller]
fn section(heading: &str) -> &'static str {
    let start = README.find(&format!("\n## {heading}\n")).unwrap() + 1;
    let rest = &README[start..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// The snippets of a language, without the lines of their fences.
fn snippets(language: &str) -> Vec<&'static str> {
    let opening = format!("\n```{language}\n");
    let after = README.split(&opening).skip(1);
    after.map(|text| &text[..=text.find("\n```").unwrap()]).collect()
}

/// The names in backticks in the first cells of a section's tables.
fn named(section: &str) -> BTreeSet<&str> {
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[track_caller]
fn read(toml: &str) -> Config {
    let (config, problems) = reading::read("dateline.toml", toml);
    assert_eq!(told(&problems), "", "{toml}");
    config
}

fn told(problems: &[Diagnostic]) -> String {
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    messages.join("; ")
}

#[test]
fn its_table_names_every_key_of_the_front_matter_and_no_other() {
    let known: BTreeSet<&str> = KNOWN_KEYS.iter().copied().collect();
    assert_eq!(named(section("Front matter")), known);
}

#[test]
fn its_settings_hold_every_key_that_dateline_knows() {
    let settings = section("Settings");
    for table in [
        "",
        "[[taxonomies]]\nname = \"x\"\n",
        "[outlets.x]\n",
        "[contributors.x]\n",
        "[[nav]]\ntitle = \"x\"\nurl = \"/\"\n",
        "[[redirects]]\nfrom = \"/x/\"\nto = \"/\"\n",
        "[listing]\n",
        "[feeds]\n",
        "[markdown]\n",
        "[notices]\n",
        "[republish]\n",
        "[withdrawals]\n",
        "[duplicates]\n",
        "[citation]\n",
        "[data]\n",
        "[check]\n",
        "[check.external]\n",
        "[deploy]\n",
    ] {
        // What Dateline says of a key that is like no other lists all that it knows there.
        let (_, problems) = reading::read("dateline.toml", &format!("{table}zzzzzzzzzzzz = 1\n"));
        let help = problems[0].help.as_deref().unwrap();
        let keys = help.strip_prefix("remove it, or use one of ").unwrap();
        for key in keys.split(", ") {
            let tables =
                [format!("[{key}"), format!("[[{key}]]"), format!(".{key}]"), format!(".{key}.")];
            let written = tables.into_iter().chain([format!("\n{key} = ")]).collect::<Vec<_>>();
            assert!(written.iter().any(|form| settings.contains(form)), "{table}{key}");
        }
    }
}

#[test]
fn its_section_on_deploying_holds_every_key_of_a_target() {
    let section = section("Deploying");
    for place in ["bucket = \"s3://a\"", "folder = \"a\"", "rsync = \"a\"", "git = \"a\""] {
        let toml = format!("[deploy.targets.x]\n{place}\nzzzzzzzzzzzz = 1\n");
        let (_, problems) = reading::read("dateline.toml", &toml);
        let help = problems[0].help.as_deref().unwrap();
        let keys = help.strip_prefix("remove it, or use one of ").unwrap();
        for key in keys.split(", ").chain([place.split(' ').next().unwrap()]) {
            assert!(section.contains(&format!("\n{key} = ")), "{key}");
        }
    }
}

#[test]
fn its_settings_can_be_used_as_they_are() {
    let snippets = snippets("toml");
    assert!(snippets.len() > 1, "{snippets:?}");
    let configs: Vec<Config> = snippets.into_iter().map(read).collect();
    assert_eq!(configs[0].outlets["gazette"].country.as_deref(), Some("CH"));
    assert_eq!(configs[0].redirects.len(), 2);
}

#[test]
fn its_reports_can_be_used_as_they_are() {
    let config = read("");
    let language =
        dateline::i18n::Language::read("en", include_str!("../themes/gazette/i18n/en.toml"));
    let options = dateline::pipeline::markdown_options(&config, &language.unwrap());
    let snippets = snippets("markdown");
    assert!(snippets.len() > 2, "{snippets:?}");
    for text in snippets {
        let parsed = front_matter::article("content/readme.md", text, &config, &options);
        assert_eq!(told(&parsed.diagnostics), "", "{text}");
        assert_eq!(parsed.value.unwrap().date.year(), 2017);
    }
}

#[test]
fn its_ledger_can_be_used_as_it_is() {
    let file = "links/gazette.example.toml";
    let ledgers = snippets(&format!("toml {file}"));
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("links")).unwrap();
    std::fs::write(root.path().join(file), ledgers[0]).unwrap();
    let (ledger, problems) = dateline::ledger::files::load(root.path());
    assert_eq!(told(&problems), "");
    let fate = ledger.fate("https://gazette.example/talks", &[]);
    assert!(matches!(fate, Fate::Dead(Some(_), Some(_))), "{fate:?}");
}

/// The settings that `dateline init` writes, with those in comments taken out of them.
#[test]
fn the_starter_s_settings_can_be_used_with_all_that_is_commented_out() {
    let is_key = |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_setting = |line: &&str| {
        line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| is_key(key))
    };
    let setting = |line: &'static str| line.strip_prefix("# ").filter(is_setting).unwrap_or(line);
    let uncommented: Vec<&str> = STARTER.lines().map(setting).collect();
    let config = read(&uncommented.join("\n"));
    read(STARTER);
    assert!(config.outlets.contains_key("gazette") && config.keys.len() == 2);
    assert_eq!((config.nav.len(), config.redirects.len()), (1, 1));
    assert!(config.duplicates.show && config.republish.allows(Some("CC BY 4.0")));
    assert_eq!((config.notices.standing.len(), config.withdrawals.named.len()), (1, 2));
    assert_eq!((config.citation.styles.len(), config.data.body_licenses.len()), (2, 1));
}

/// Every flag of a command line in README is one that the command has.
#[test]
fn its_commands_know_their_flags() {
    let joined = README.replace("\\\n", " ");
    let lines = joined.lines().filter(|line| line.starts_with("dateline "));
    let mut checked = 0;
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let help = Command::new(env!("CARGO_BIN_EXE_dateline")).args([words[1], "--help"]).output();
        let help = help.unwrap();
        assert!(help.status.success(), "{line}");
        let help = String::from_utf8(help.stdout).unwrap();
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(flag), "{line}");
        }
        checked += 1;
    }
    assert!(checked > 3);
}

/// What it says of templates is what `dateline inspect` prints.
#[test]
fn its_tables_of_templates_name_what_pages_receive() {
    for (address, template) in [
        ("/", "home.html"),
        ("/1969/07/20/apollo-11/", "article.html"),
        ("/1996/12/03/clementine-ice/", "withdrawn.html"),
        ("/about/", "page.html"),
        ("/years/", "years.html"),
        ("/2021/02/", "listing.html"),
        ("/tags/", "terms.html"),
        ("/corrections/", "corrections.html"),
        ("/withdrawals/", "withdrawals.html"),
        ("/data/", "data.html"),
        ("/on-this-day/", "on_this_day_index.html"),
        ("/on-this-day/01-03/", "on_this_day.html"),
        ("/old-about.html", "redirect.html"),
        ("/404.html", "404.html"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        let output =
            command.args(["--root", env!("CARGO_MANIFEST_DIR"), "inspect", address]).output();
        let data: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        assert_eq!(data["template"], template, "{address}");
        let row = |name: &str| {
            section("Themes and templates").lines().find(|line| line.starts_with(name))
        };
        let is_own = |line: &&str| {
            line.split(" | ").next().is_some_and(|cell| cell.contains(&format!("`{template}`")))
        };
        let own = section("Themes and templates").lines().find(is_own).unwrap();
        for key in data.as_object().unwrap().keys() {
            let is_of_all = ["site", "page", "template"].contains(&key.as_str());
            assert!(is_of_all || own.contains(&format!("`{key}`")), "{template} receives {key}");
        }
        for (name, value) in
            [("`site`", &data["site"]), ("`page`", &data["page"]), ("a card", &data["latest"][0])]
        {
            let row = row(&format!("| {name}")).unwrap();
            for key in value.as_object().iter().flat_map(|object| object.keys()) {
                assert!(row.contains(&format!("`{key}`")), "{name}: {key}");
            }
        }
    }
}

#[test]
fn contributing_says_what_each_dependency_is_for() {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap();
    let contributing = include_str!("../CONTRIBUTING.md");
    let rows = contributing.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let rows: Vec<&str> = rows.flat_map(|cell| cell.split(", ")).collect();
    for table in ["dependencies", "dev-dependencies"] {
        for name in manifest[table].as_table().unwrap().keys() {
            assert!(rows.iter().any(|row| row.split(' ').next() == Some(name)), "{name}");
        }
    }
}
