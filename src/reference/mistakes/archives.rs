//! The archives: a good report, changed by each mistake.

use super::{Mistake, SourceFile, ToldBy};

/// Correct front matter, in which mistakes replace lines.
const LINES: &str = "title = \"Talks begin\"\ndate = 2017-01-29\nadded = 2020-05-01\noutlet = \"The Gazette\"\n\
                     original_url = \"https://gazette.example/talks\"\n";

const SETTINGS: &str = "base_url = \"https://archive.example/\"\ntitle = \"The Archive\"\n";

/// A picture of one grey pixel.
const PICTURE: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\
    \x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\
    \x00\x00\x00IEND\xaeB`\x82";

/// The mistakes: those in one report, then those in several and in the settings.
pub const MISTAKES: [Mistake; 30] = [
    Mistake {
        name: "open-quote",
        words: "a quotation mark is not closed",
        told_by: ToldBy::Build,
        files: || with("\"Talks begin\"", "\"Talks begin"),
    },
    Mistake {
        name: "colon",
        words: "a colon in a YAML headline",
        told_by: ToldBy::Build,
        files: || one(yaml("title: Talks: the second day\ndate: 2017-01-29\n")),
    },
    Mistake {
        name: "tab",
        words: "a tab before a YAML key",
        told_by: ToldBy::Build,
        files: || one(yaml("title: Talks\ndate: 2017-01-29\nimage:\n\tsrc: map.png\n")),
    },
    Mistake {
        name: "no-such-day",
        words: "a day that no month has",
        told_by: ToldBy::Build,
        files: || with("2017-01-29", "2017-02-30"),
    },
    Mistake {
        name: "month-name",
        words: "a month by its name, misspelt",
        told_by: ToldBy::Build,
        files: || with("2017-01-29", "\"29 Januray 2017\""),
    },
    Mistake {
        name: "date-order",
        words: "day and month in an order of one's own",
        told_by: ToldBy::Build,
        files: || with("2017-01-29", "\"2/1/2017\""),
    },
    Mistake {
        name: "misspelt-key",
        words: "a misspelt key",
        told_by: ToldBy::Build,
        files: || with("original_url", "orignal_url"),
    },
    Mistake {
        name: "yaml-no",
        words: "`no` where YAML wants `false`",
        told_by: ToldBy::Build,
        files: || one(yaml("title: Talks\ndate: 2017-01-29\ndraft: no\n")),
    },
    Mistake {
        name: "unknown-outlet",
        words: "an outlet that the settings don't list",
        told_by: ToldBy::Check,
        files: || {
            set(
                with("\"The Gazette\"", "\"The Gazete\""),
                "[outlets.gazette]\nname = \"The Gazette\"\n",
            )
        },
    },
    Mistake {
        name: "near-miss-tag",
        words: "two spellings of a tag",
        told_by: ToldBy::Check,
        files: || {
            beside(
                and("tags = [\"Diplomatie\"]"),
                "content/end.md",
                other("tags = [\"Diplomacy\"]\n"),
            )
        },
    },
    Mistake {
        name: "no-original",
        words: "no link to the original",
        told_by: ToldBy::Check,
        files: || with("original_url = \"https://gazette.example/talks\"\n", ""),
    },
    Mistake {
        name: "repeated-original",
        words: "two reports with one original",
        told_by: ToldBy::Check,
        files: || {
            let twice = other("").replace("gazette.example/end", "gazette.example/talks/");
            beside(one(good()), "content/end.md", twice)
        },
    },
    Mistake {
        name: "two-files",
        words: "two files for one address",
        told_by: ToldBy::Build,
        files: || beside(one(good()), "content/new/talks.md", good()),
    },
    Mistake {
        name: "case",
        words: "two files whose names differ in capitals only",
        told_by: ToldBy::Build,
        files: || beside(one(good()), "content/2017/Talks.md", good()),
    },
    Mistake {
        name: "utf-16",
        words: "a file that an editor saved as UTF-16",
        told_by: ToldBy::Build,
        files: || one(utf_16(&good())),
    },
    Mistake {
        name: "dead-link",
        words: "a link to a report that is not there",
        told_by: ToldBy::Build,
        files: || saying("They met [again](taks.md)."),
    },
    Mistake {
        name: "draft-linked",
        words: "a link to a draft",
        told_by: ToldBy::Build,
        files: || {
            beside(
                saying("They met [again](end.md)."),
                "content/2017/end.md",
                other("draft = true\n"),
            )
        },
    },
    Mistake {
        name: "missing-picture",
        words: "a picture that is not there",
        told_by: ToldBy::Build,
        files: || saying("![The hall](hall.png)"),
    },
    Mistake {
        name: "no-alt",
        words: "a picture without a description",
        told_by: ToldBy::Check,
        files: || beside(saying("![](/hall.png)"), "static/hall.png", PICTURE),
    },
    Mistake {
        name: "empty-link",
        words: "a link without words",
        told_by: ToldBy::Check,
        files: || saying("They met, says [](https://gazette.example/talks)."),
    },
    Mistake {
        name: "here",
        words: "“here” as a link",
        told_by: ToldBy::Check,
        files: || saying("The rules are [here](https://gazette.example/rules)."),
    },
    Mistake {
        name: "hole",
        words: "a sentence that lost its link",
        told_by: ToldBy::Check,
        files: || saying("The agency has been  about the talks."),
    },
    Mistake {
        name: "headings",
        words: "a heading that skips a level",
        told_by: ToldBy::Check,
        files: || saying("## The first day\n\n#### Noon\n\nThey met."),
    },
    Mistake {
        name: "correction",
        words: "a correction without its date",
        told_by: ToldBy::Build,
        files: || and("corrections = [{ text = \"Eleven delegations, not twelve.\" }]"),
    },
    Mistake {
        name: "withdrawn",
        words: "a withdrawal without date, kind and reason",
        told_by: ToldBy::Build,
        files: || and("withdrawn = true"),
    },
    Mistake {
        name: "shortcode",
        words: "a shortcode that nobody wrote",
        told_by: ToldBy::Build,
        files: || saying("{{ map(place=\"Geneva\") }}"),
    },
    Mistake {
        name: "redirect-loop",
        words: "redirects that lead round in a circle",
        told_by: ToldBy::Check,
        files: || {
            set(
                one(good()),
                "[[redirects]]\nfrom = \"/old/\"\nto = \"/older/\"\n\n\
                 [[redirects]]\nfrom = \"/older/\"\nto = \"/old/\"\n",
            )
        },
    },
    Mistake {
        name: "base-url",
        words: "the site's address without `https://`",
        told_by: ToldBy::Build,
        files: || set(one(good()), "base_url = \"archive.example\"\n"),
    },
    Mistake {
        name: "theme",
        words: "a theme that is not there",
        told_by: ToldBy::Build,
        files: || set(one(good()), "theme = \"gazete\"\n"),
    },
    Mistake {
        name: "settings-key",
        words: "a misspelt setting",
        told_by: ToldBy::Build,
        files: || set(one(good()), "titel = \"The Archive\"\n"),
    },
];

type Files = Vec<SourceFile>;

fn file(path: &'static str, text: impl Into<Vec<u8>>) -> SourceFile {
    SourceFile { path, bytes: text.into() }
}

fn toml(lines: &str, body: &str) -> String {
    format!("+++\n{lines}+++\n\n{body}\n")
}

fn yaml(lines: &str) -> String {
    format!("---\n{lines}---\n\nThe delegations met.\n")
}

fn good() -> String {
    toml(LINES, "The delegations met.")
}

/// An archive with one report.
fn one(text: impl Into<Vec<u8>>) -> Files {
    vec![file("dateline.toml", SETTINGS), file("content/2017/talks.md", text)]
}

/// The report with one line replaced.
fn with(line: &str, other: &str) -> Files {
    one(toml(&LINES.replace(line, other), "The delegations met."))
}

/// The report with one more line.
fn and(line: &str) -> Files {
    one(toml(&format!("{LINES}{line}\n"), "The delegations met."))
}

/// The report with another body.
fn saying(body: &str) -> Files {
    one(toml(LINES, body))
}

/// The archive with one more file.
fn beside(mut files: Files, path: &'static str, text: impl Into<Vec<u8>>) -> Files {
    files.push(file(path, text));
    files
}

/// Another report.
fn other(lines: &str) -> String {
    let own = LINES.replace("Talks begin", "Talks end").replace("/talks", "/end");
    toml(&format!("{}{lines}", own.replace("01-29", "02-28")), "They parted.")
}

/// The archive with more settings.
fn set(mut files: Files, more: &str) -> Files {
    let address = "base_url = \"https://archive.example/\"\n";
    let address = if more.contains("base_url") { "" } else { address };
    files[0] = file("dateline.toml", format!("{address}{more}"));
    files
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
