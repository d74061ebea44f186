//! What the manual, the list of dependencies and the starter's settings say is true: every key and
//! dependency is there, every snippet can be used, every link leads somewhere.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use dateline::base::diagnostic::Diagnostic;
use dateline::base::front_matter_keys::KNOWN_KEYS;
use dateline::content::front_matter;
use dateline::content::rules::ReadingRules;
use dateline::ledger::Fate;
use dateline::settings::{Config, reading};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use walkdir::WalkDir;

const FRONT_MATTER: &str = include_str!("../docs/src/reference/front-matter.md");
const SETTINGS: &str = include_str!("../docs/src/settings.md");
const PUBLISHING: &str = include_str!("../docs/src/publishing.md");
const THEMES: &str = include_str!("../docs/src/themes.md");
const STARTER: &str = include_str!("../src/authoring/starter/dateline.toml");

/// The pages of a folder and its subfolders that are written in Markdown, by path.
fn pages(folder: &Path) -> BTreeMap<PathBuf, String> {
    let files = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let pages = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "md"));
    pages
        .map(|file| (file.path().to_owned(), std::fs::read_to_string(file.path()).unwrap()))
        .collect()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All chapters of the manual, and README.
fn manual() -> BTreeMap<PathBuf, String> {
    let mut pages = pages(&repository().join("docs/src"));
    let readme = repository().join("README.md");
    pages.insert(readme.clone(), std::fs::read_to_string(readme).unwrap());
    pages
}

/// The snippets of a language, without the lines of their fences.
fn snippets(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}");
    let mut lines = text.lines();
    let mut found: Vec<String> = Vec::new();
    while let Some(opening) = lines.find(|line| line.trim_start() == fence) {
        let indent = opening.len() - opening.trim_start().len();
        let mut snippet = String::new();
        for line in lines.by_ref().take_while(|line| line.trim() != "```") {
            snippet.push_str(line.get(indent..).unwrap_or(""));
            snippet.push('\n');
        }
        found.push(snippet);
    }
    found
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
    assert_eq!(named(FRONT_MATTER), known);
}

#[test]
fn its_settings_hold_every_key_that_dateline_knows() {
    let settings = SETTINGS;
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
        "[build]\n",
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
fn its_chapter_on_publishing_holds_every_key_of_a_target() {
    for place in ["bucket = \"s3://a\"", "folder = \"a\"", "rsync = \"a\"", "git = \"a\""] {
        let toml = format!("[deploy.targets.x]\n{place}\nzzzzzzzzzzzz = 1\n");
        let (_, problems) = reading::read("dateline.toml", &toml);
        let help = problems[0].help.as_deref().unwrap();
        let keys = help.strip_prefix("remove it, or use one of ").unwrap();
        for key in keys.split(", ").chain([place.split(' ').next().unwrap()]) {
            assert!(PUBLISHING.contains(&format!("\n{key} = ")), "{key}");
        }
    }
}

#[test]
fn its_settings_can_be_used_as_they_are() {
    let settings = manual().values().flat_map(|page| snippets(page, "toml")).collect::<Vec<_>>();
    assert!(settings.len() > 4, "{settings:?}");
    for toml in &settings {
        read(toml);
    }
    let config = read(&snippets(SETTINGS, "toml")[0]);
    assert_eq!(config.outlets["gazette"].country.as_deref(), Some("CH"));
    assert_eq!(config.redirects.len(), 2);
}

#[test]
fn its_reports_can_be_used_as_they_are() {
    let config = read("");
    let language =
        dateline::i18n::Language::read("en", include_str!("../themes/gazette/i18n/en.toml"));
    let options = dateline::pipeline::markdown_options(&config, &language.unwrap());
    let reports = manual().values().flat_map(|page| snippets(page, "markdown")).collect::<Vec<_>>();
    assert!(reports.len() > 4, "{reports:?}");
    for text in &reports {
        let parsed =
            front_matter::article("content/manual.md", text, &ReadingRules::new(&config, &options));
        assert_eq!(told(&parsed.diagnostics), "", "{text}");
        assert_eq!(parsed.value.unwrap().date.year(), 2017);
    }
}

#[test]
fn its_ledger_can_be_used_as_it_is() {
    let file = "links/gazette.example.toml";
    let provenance = include_str!("../docs/src/provenance.md");
    let ledgers = snippets(provenance, &format!("toml {file}"));
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("links")).unwrap();
    std::fs::write(root.path().join(file), &ledgers[0]).unwrap();
    let (ledger, problems) = dateline::ledger::files::load(root.path());
    assert_eq!(told(&problems), "");
    let fate = ledger.fate("https://gazette.example/talks", &dateline::ledger::OwnLinks::default());
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

/// Every flag of a command line is one that the command has.
#[test]
fn its_commands_know_their_flags() {
    let mut helps = BTreeMap::new();
    let mut checked = 0;
    for (page, text) in manual() {
        for snippet in snippets(&text, "sh") {
            let joined = snippet.replace("\\\n", " ");
            for line in joined.lines().filter(|line| line.starts_with("dateline ")) {
                let line = line.split(" # ").next().unwrap();
                let words: Vec<&str> = line.split_whitespace().collect();
                let command = words[1].to_owned();
                let help = helps.entry(command).or_insert_with_key(|command| help_of(command));
                for flag in words.iter().filter(|word| word.starts_with("--")) {
                    assert!(help.contains(flag), "{}: {line}", page.display());
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

/// What a command prints of its own flags; the program's own for a line that names none.
fn help_of(command: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dateline"));
    if !command.starts_with("--") {
        program.arg(command);
    }
    let help = program.arg("--help").output().unwrap();
    assert!(help.status.success(), "{command}");
    String::from_utf8(help.stdout).unwrap()
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
        let row = |name: &str| THEMES.lines().find(|line| line.starts_with(name));
        let is_own = |line: &&str| {
            line.split(" | ").next().is_some_and(|cell| cell.contains(&format!("`{template}`")))
        };
        let own = THEMES.lines().find(is_own).unwrap();
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
fn the_list_of_dependencies_says_what_each_dependency_is_for() {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap();
    let list = include_str!("../docs/dependencies.md");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let rows: Vec<&str> = rows.flat_map(|cell| cell.split(", ")).collect();
    for table in ["dependencies", "dev-dependencies"] {
        for name in manifest[table].as_table().unwrap().keys() {
            assert!(rows.iter().any(|row| row.split(' ').next() == Some(name)), "{name}");
        }
    }
}

/// The first page of a repository and those for people who work on it are short.
#[test]
fn the_pages_at_the_top_are_short() {
    for (page, limit) in [("README.md", 5), ("ARCHITECTURE.md", 10), ("CONTRIBUTING.md", 5)] {
        let length = std::fs::metadata(repository().join(page)).unwrap().len();
        assert!(length <= limit * 1024, "{page} has {length} bytes");
    }
}

#[test]
fn every_chapter_stands_in_the_summary() {
    let chapters = repository().join("docs/src");
    let summary = std::fs::read_to_string(chapters.join("SUMMARY.md")).unwrap();
    for page in pages(&chapters).into_keys().filter(|page| !page.ends_with("SUMMARY.md")) {
        let name = page.strip_prefix(&chapters).unwrap().to_str().unwrap().replace('\\', "/");
        assert!(summary.contains(&format!("]({name})")), "{name}");
    }
}

/// Links between pages of the repository, to files and to headings.
#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages = pages(&repository().join("docs"));
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let page = repository().join(page);
        pages.insert(page.clone(), std::fs::read_to_string(page).unwrap());
    }
    let mut checked = 0;
    for (page, text) in &pages {
        for link in links(text).iter().filter(|link| !link.contains(':')) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = page.parent().unwrap();
            let target = if path.is_empty() { page.clone() } else { plain(&folder.join(path)) };
            assert!(target.exists(), "{}: {link}", page.display());
            let text = pages.get(&target);
            let is_there =
                heading.is_empty() || text.is_some_and(|text| headings(text).contains(heading));
            assert!(is_there, "{}: {link}", page.display());
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked}");
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() == ".." {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// Where the links and pictures of a page lead.
fn links(text: &str) -> Vec<String> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES);
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    };
    events.filter_map(target).collect()
}

/// The names that links give to the headings of a page, as forges and mdBook make them.
fn headings(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => names.extend(heading.take().map(|text| name(&text))),
            Event::Text(words) | Event::Code(words) => {
                if let Some(text) = &mut heading {
                    text.push_str(&words);
                }
            }
            _ => {}
        }
    }
    names
}

fn name(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
