//! The mistakes that curators make, each in a little archive of its own, and all that is said of it.
//!
//! Snapshots hold every word. The manual's page is made of the mistakes and the first line that is said
//! of each: `DATELINE_UPDATE=1 cargo test --test site mistakes` writes it anew.

use std::path::Path;

use insta::assert_snapshot;

use crate::archive::Archive;

/// A mistake, as the manual names it, and an archive in which somebody made it.
struct Mistake {
    /// The name of its snapshot.
    name: &'static str,
    /// In the manual's table.
    words: &'static str,
    /// Who tells it.
    told_by: ToldBy,
    archive: fn() -> Archive,
}

/// The command that tells a mistake.
#[derive(Clone, Copy)]
enum ToldBy {
    Build,
    Check,
}

/// Front matter that is good, but for what a mistake replaces in it.
const LINES: &str = "title = \"Talks begin\"\ndate = 2017-01-29\nadded = 2020-05-01\noutlet = \"The Gazette\"\n\
                     original_url = \"https://gazette.example/talks\"\n";

fn toml(lines: &str, body: &str) -> String {
    format!("+++\n{lines}+++\n\n{body}\n")
}

fn yaml(lines: &str) -> String {
    format!("---\n{lines}---\n\nThe delegations met.\n")
}

/// An archive of one report.
fn one(text: &str) -> Archive {
    Archive::new().article("2017/talks.md", text)
}

/// The report with one of its lines written otherwise.
fn with(line: &str, other: &str) -> Archive {
    assert!(LINES.contains(line));
    one(&toml(&LINES.replace(line, other), "The delegations met."))
}

/// The report with a line more.
fn and(line: &str) -> Archive {
    one(&toml(&format!("{LINES}{line}\n"), "The delegations met."))
}

/// The report with another text.
fn saying(body: &str) -> Archive {
    one(&toml(LINES, body))
}

/// Another report beside the first.
fn other(lines: &str) -> String {
    let own = LINES.replace("Talks begin", "Talks end").replace("/talks", "/end");
    toml(&format!("{}{lines}", own.replace("01-29", "02-28")), "They parted.")
}

fn settings(toml: &str) -> Archive {
    one(&toml_of_good()).config(toml)
}

fn toml_of_good() -> String {
    toml(LINES, "The delegations met.")
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

use ToldBy::{Build, Check};

const MISTAKES: [Mistake; 30] = [
    Mistake {
        name: "open-quote",
        words: "a quotation mark is not closed",
        told_by: Build,
        archive: || with("\"Talks begin\"", "\"Talks begin"),
    },
    Mistake {
        name: "colon",
        words: "a colon in a YAML headline",
        told_by: Build,
        archive: || one(&yaml("title: Talks: the second day\ndate: 2017-01-29\n")),
    },
    Mistake {
        name: "tab",
        words: "a tab before a YAML key",
        told_by: Build,
        archive: || one(&yaml("title: Talks\ndate: 2017-01-29\nimage:\n\tsrc: map.png\n")),
    },
    Mistake {
        name: "no-such-day",
        words: "a day that no month has",
        told_by: Build,
        archive: || with("2017-01-29", "2017-02-30"),
    },
    Mistake {
        name: "month-name",
        words: "a month by its name, misspelt",
        told_by: Build,
        archive: || with("2017-01-29", "\"29 Januray 2017\""),
    },
    Mistake {
        name: "date-order",
        words: "day and month in an order of one's own",
        told_by: Build,
        archive: || with("2017-01-29", "\"2/1/2017\""),
    },
    Mistake {
        name: "misspelt-key",
        words: "a misspelt key",
        told_by: Build,
        archive: || with("original_url", "orignal_url"),
    },
    Mistake {
        name: "yaml-no",
        words: "`no` where YAML wants `false`",
        told_by: Build,
        archive: || one(&yaml("title: Talks\ndate: 2017-01-29\ndraft: no\n")),
    },
    Mistake {
        name: "unknown-outlet",
        words: "an outlet that the settings don't list",
        told_by: Check,
        archive: || {
            with("\"The Gazette\"", "\"The Gazete\"")
                .config("[outlets.gazette]\nname = \"The Gazette\"\n")
        },
    },
    Mistake {
        name: "near-miss-tag",
        words: "two spellings of a tag",
        told_by: Check,
        archive: || {
            and("tags = [\"Diplomatie\"]").article("end.md", &other("tags = [\"Diplomacy\"]\n"))
        },
    },
    Mistake {
        name: "no-original",
        words: "no link to the original",
        told_by: Check,
        archive: || with("original_url = \"https://gazette.example/talks\"\n", ""),
    },
    Mistake {
        name: "repeated-original",
        words: "two reports with one original",
        told_by: Check,
        archive: || {
            let twice = other("").replace("gazette.example/end", "gazette.example/talks/");
            saying("The delegations met.").article("end.md", &twice)
        },
    },
    Mistake {
        name: "two-files",
        words: "two files for one address",
        told_by: Build,
        archive: || one(&toml_of_good()).article("new/talks.md", &toml_of_good()),
    },
    Mistake {
        name: "case",
        words: "two files whose names differ in capitals only",
        told_by: Build,
        archive: || one(&toml_of_good()).article("2017/Talks.md", &toml_of_good()),
    },
    Mistake {
        name: "utf-16",
        words: "a file that an editor saved as UTF-16",
        told_by: Build,
        archive: || Archive::new().file("content/2017/talks.md", utf_16(&toml_of_good())),
    },
    Mistake {
        name: "dead-link",
        words: "a link to a report that is not there",
        told_by: Build,
        archive: || saying("They met [again](taks.md)."),
    },
    Mistake {
        name: "draft-linked",
        words: "a link to a draft",
        told_by: Build,
        archive: || {
            saying("They met [again](end.md).").article("2017/end.md", &other("draft = true\n"))
        },
    },
    Mistake {
        name: "missing-picture",
        words: "a picture that is not there",
        told_by: Build,
        archive: || saying("![The hall](hall.png)"),
    },
    Mistake {
        name: "no-alt",
        words: "a picture without a description",
        told_by: Check,
        archive: || saying("![](/hall.png)").file("static/hall.png", "x"),
    },
    Mistake {
        name: "empty-link",
        words: "a link without words",
        told_by: Check,
        archive: || saying("They met, says [](https://gazette.example/talks)."),
    },
    Mistake {
        name: "here",
        words: "“here” as a link",
        told_by: Check,
        archive: || saying("The rules are [here](https://gazette.example/rules)."),
    },
    Mistake {
        name: "hole",
        words: "a sentence that lost its link",
        told_by: Check,
        archive: || saying("The agency has been  about the talks."),
    },
    Mistake {
        name: "headings",
        words: "a heading that skips a level",
        told_by: Check,
        archive: || saying("## The first day\n\n#### Noon\n\nThey met."),
    },
    Mistake {
        name: "correction",
        words: "a correction without its date",
        told_by: Build,
        archive: || and("corrections = [{ text = \"Eleven delegations, not twelve.\" }]"),
    },
    Mistake {
        name: "withdrawn",
        words: "a withdrawal without date, kind and reason",
        told_by: Build,
        archive: || and("withdrawn = true"),
    },
    Mistake {
        name: "shortcode",
        words: "a shortcode that nobody wrote",
        told_by: Build,
        archive: || saying("{{ map(place=\"Geneva\") }}"),
    },
    Mistake {
        name: "redirect-loop",
        words: "redirects that lead round in a circle",
        told_by: Check,
        archive: || {
            settings(
                "[[redirects]]\nfrom = \"/old/\"\nto = \"/older/\"\n\n\
                 [[redirects]]\nfrom = \"/older/\"\nto = \"/old/\"\n",
            )
        },
    },
    Mistake {
        name: "base-url",
        words: "the site's address without `https://`",
        told_by: Build,
        archive: || settings("base_url = \"archive.example\"\n"),
    },
    Mistake {
        name: "theme",
        words: "a theme that is not there",
        told_by: Build,
        archive: || settings("theme = \"gazete\"\n"),
    },
    Mistake {
        name: "settings-key",
        words: "a misspelt setting",
        told_by: Build,
        archive: || settings("titel = \"The Archive\"\n"),
    },
];

impl Mistake {
    /// All that is said of it.
    fn told(&self) -> String {
        let archive = (self.archive)();
        match self.told_by {
            Build => archive.build().stderr(),
            Check => {
                let checked = archive.run(&["check", "--today", "2025-06-01"]);
                checked.stdout().trim_end().to_owned()
            }
        }
    }

    /// Its row in the manual's table.
    fn row(&self, told: &str) -> String {
        let command = match self.told_by {
            Build => "build",
            Check => "check",
        };
        format!("| {} | {} | `{command}` |\n", self.words, code(told.lines().next().unwrap()))
    }
}

/// A line as code, shortened where it is long.
fn code(line: &str) -> String {
    const LONGEST: usize = 110;
    let shown = match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", line[..at].rsplit_once(' ').unwrap().0),
        None => line.to_owned(),
    };
    if shown.contains('`') { format!("`` {shown} ``") } else { format!("`{shown}`") }
}

/// The manual's page, up to its rows.
const HEAD: &str = "# 30 mistakes\n\n\
                    Each with the first line of what Dateline says; the file, the line, the column and how \
                    to mend it follow below that line.\n\n\
                    | mistake | what Dateline says | told by |\n|---|---|---|\n";

#[test]
fn every_mistake_is_told_with_its_place_and_its_mend_as_the_manual_has_it() {
    let mut page = HEAD.to_owned();
    for mistake in MISTAKES {
        let told = mistake.told();
        let lines: Vec<&str> = told.lines().collect();
        let place = lines[1].trim().strip_prefix("--> ").unwrap_or_else(|| panic!("{told}"));
        assert_eq!(place.split(':').count(), 3, "file, line and column: {told}");
        assert!(lines.iter().any(|line| line.contains("= help: ")), "{told}");
        assert_snapshot!(mistake.name, told);
        page.push_str(&mistake.row(&told));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference/mistakes.md");
    if std::env::var_os("DATELINE_UPDATE").is_some() {
        std::fs::write(path, page).unwrap();
    } else {
        let written = std::fs::read_to_string(path).unwrap();
        assert_eq!(written, page, "DATELINE_UPDATE=1 writes the manual's page anew");
    }
}
