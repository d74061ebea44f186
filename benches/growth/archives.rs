//! Archives whose time may grow faster than they do: a shape is a number of pieces to files and a command.

/// A file of an archive: its path and what it holds.
pub(crate) type File = (String, String);

/// What makes an archive of so many pieces.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// All of its files.
    Archive(fn(usize) -> Vec<File>),
    /// One text, and the archive around it.
    Text(fn(usize) -> String, fn(&str) -> Vec<File>),
}

impl Source {
    /// The files of an archive of so many pieces.
    pub(crate) fn files(&self, pieces: usize) -> Vec<File> {
        match self {
            Source::Archive(files) => files(pieces),
            Source::Text(text, around) => around(&text(pieces)),
        }
    }
}

/// A shape of archives.
#[derive(Clone)]
pub(crate) struct Shape {
    /// What it is called.
    pub(crate) name: &'static str,
    /// How many pieces the smallest archive has.
    pub(crate) pieces: usize,
    /// What the program is asked to do before the measurement, a command each.
    pub(crate) before: &'static [&'static [&'static str]],
    /// What is measured.
    pub(crate) command: &'static [&'static str],
    /// The archive's files; those of [`Shape::changes`] are written after the commands before.
    pub(crate) files: Source,
    /// What becomes of the archive before it is measured: files written anew, or removed where they are empty.
    pub(crate) changes: fn(usize) -> Vec<File>,
    /// What the program is asked to do after that, and before the measurement.
    pub(crate) after: &'static [&'static [&'static str]],
}

pub(crate) const BUILD: &[&str] = &["build"];
pub(crate) const CHECK: &[&str] = &["check"];
const FIX: &[&str] = &["check", "--fix"];
const DEAD: &[&str] = &["list", "dead-link"];

pub(crate) const fn shape(
    name: &'static str,
    command: &'static [&'static str],
    files: fn(usize) -> Vec<File>,
) -> Shape {
    let files = Source::Archive(files);
    Shape { name, pieces: 500, before: &[], command, files, changes: |_| Vec::new(), after: &[] }
}

pub(crate) fn numbered(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// The settings, with more of them.
pub(crate) fn settings(more: &str) -> File {
    let text = format!("title = \"A\"\nbase_url = \"https://a.example/\"\n{more}");
    ("dateline.toml".to_owned(), text)
}

/// A report of the day `at` after the first, with more front matter and a body.
pub(crate) fn report(at: usize, more: &str, body: &str) -> File {
    let (year, month, day) = (2000 + at / 336, at / 28 % 12 + 1, at % 28 + 1);
    let text = format!(
        "+++\ntitle = \"Report {at}\"\ndate = {year}-{month:02}-{day:02}\n{more}\n+++\n{body}\n"
    );
    (format!("content/r{at:06}.md"), text)
}

/// An archive of one report.
pub(crate) fn one(more: &str, body: &str) -> Vec<File> {
    vec![settings(""), report(0, more, body)]
}

/// An archive of many reports.
pub(crate) fn many(
    n: usize,
    head: impl Fn(usize) -> String,
    body: impl Fn(usize) -> String,
) -> Vec<File> {
    let reports = (0..n).map(|at| report(at, &head(at), &body(at)));
    [settings("")].into_iter().chain(reports).collect()
}

pub(crate) fn none(_: usize) -> String {
    String::new()
}

pub(crate) fn list(key: &str, n: usize, item: impl Fn(usize) -> String) -> String {
    format!("{key} = [{}]", numbered(n, |at| format!("\"{}\", ", item(at))))
}

pub(crate) fn entries(key: &str, n: usize, fields: impl Fn(usize) -> String) -> String {
    numbered(n, |at| format!("[[{key}]]\n{}\n", fields(at)))
}

fn links_and_body_links(n: usize) -> Vec<File> {
    let own = entries("links", n, |at| format!("url = \"https://b.example/{at}\"\nlost = true"));
    one(&own, &numbered(n, |at| format!("[w](https://b.example/{at}#x) words\n")))
}

fn links_that_match_nothing(n: usize) -> Vec<File> {
    let own = entries("links", n, |at| format!("url = \"https://b.example/{at}\"\nlost = true"));
    one(&own, &numbered(n, |at| format!("[w](https://c.example/{at}) words\n")))
}

fn links_and_via(n: usize) -> Vec<File> {
    let via = entries("via", n, |at| format!("name = \"V{at}\"\nurl = \"https://c.example/{at}\""));
    let own = entries("links", n, |at| format!("url = \"https://b.example/{at}\"\nlost = true"));
    one(&format!("{via}{own}"), "Words.")
}

fn broken_links(n: usize) -> Vec<File> {
    many(n, none, |at| format!("Words and [a link](other{at}.md) that leads nowhere."))
}

fn broken_links_of_one(n: usize) -> Vec<File> {
    let mut files = many(n, none, |_| "Words.".to_owned());
    files.push(report(n, "", &numbered(n, |at| format!("[a](r{at:06}x.md) "))));
    files
}

fn redacted_assets(n: usize) -> Vec<File> {
    let names = list("assets", n, |at| format!("picture-{at}.jpgx"));
    let names = names.strip_prefix("assets = ").unwrap_or_default();
    let head = format!("redactions = [{{ date = 2020-01-01, assets = {names} }}]");
    let (_, text) = report(0, &head, "Words.");
    let pictures = (0..n).map(|at| (format!("content/r/picture-{at}.jpg"), "x".to_owned()));
    [settings(""), ("content/r/index.md".to_owned(), text)].into_iter().chain(pictures).collect()
}

fn redirects(n: usize, to: impl Fn(usize) -> String) -> Vec<File> {
    let rules =
        numbered(n, |at| format!("[[redirects]]\nfrom = \"/old-{at}/\"\nto = \"{}\"\n", to(at)));
    vec![settings(&rules), report(0, "", "Words.")]
}

fn patterns(n: usize, host: &str) -> Vec<File> {
    let rules =
        numbered(n, |at| format!("[[redirects]]\nfrom = \"/old-{at}/*\"\nto = \"/years/\"\n"));
    let mut files = many(n, none, |_| "Words.".to_owned());
    files[0] = settings(&format!("{rules}[deploy]\nhost = \"{host}\"\n"));
    files
}

fn outlets(n: usize) -> Vec<File> {
    let known = numbered(n, |at| format!("[outlets.known-{at}]\nname = \"Known paper {at}\"\n"));
    let mut files =
        many(n, |at| format!("outlet = \"Unknown paper {at}\""), |_| "Words.".to_owned());
    files[0] = settings(&known);
    files
}

fn taxonomies(n: usize) -> Vec<File> {
    let names = numbered(n, |at| {
        format!("[[taxonomies]]\nname = \"kinds{at}\"\nsingular = \"kind{at}\"\n")
    });
    let mut files = many(n, |at| format!("kinds{at} = [\"a\"]"), |_| "Words.".to_owned());
    files[0] = settings(&names);
    files
}

fn lost_pages_before(n: usize) -> Vec<File> {
    let mut files = many(n, none, |_| "Words.".to_owned());
    files[0] = settings("[deploy.targets.www]\nfolder = \"www\"\n");
    files
}

fn lost_pages_after(n: usize) -> Vec<File> {
    let rules =
        numbered(n, |at| format!("[[redirects]]\nfrom = \"/gone-{at}/*\"\nto = \"/years/\"\n"));
    let gone = (1..n).map(|at| (report(at, "", "").0, String::new()));
    [settings(&format!("{rules}[deploy.targets.www]\nfolder = \"www\"\n"))]
        .into_iter()
        .chain(gone)
        .collect()
}

fn deep_folders(n: usize) -> Vec<File> {
    let mut files = vec![settings("")];
    for at in 0..n {
        let folders = numbered(at % 40, |depth| format!("f{depth}/"));
        files.push((format!("content/{folders}r{at}.md"), report(at, "", "Words.").1));
    }
    files
}

/// Texts that differ in a few words.
fn near_copies(n: usize) -> Vec<File> {
    many(n, none, |at| {
        format!("{}And number {at}.", "The talks went on in the town all day long. ".repeat(20))
    })
}

/// All shapes.
pub(crate) const SHAPES: &[Shape] = &[
    shape("links and body links: build", BUILD, links_and_body_links),
    shape("links and body links: check", CHECK, links_and_body_links),
    shape("links and body links: dead links", DEAD, links_and_body_links),
    shape("links that match nothing: build", BUILD, links_that_match_nothing),
    shape("links and via: build", BUILD, links_and_via),
    shape("links and via: check", CHECK, links_and_via),
    shape("links and via: dead links", DEAD, links_and_via),
    shape("broken links, sources: build", BUILD, broken_links),
    shape("broken links, sources: check", CHECK, broken_links),
    shape("broken links, sources: check --fix", FIX, broken_links),
    shape("broken links of one, sources: build", BUILD, broken_links_of_one),
    shape("redacted assets, files: build", BUILD, redacted_assets),
    shape("a redirect chain: check", CHECK, |n| redirects(n, |at| format!("/old-{}/", at + 1))),
    shape("a redirect ring: check", CHECK, |n| {
        redirects(n, move |at| format!("/old-{}/", (at + 1) % n))
    }),
    shape("redirects to one page: build", BUILD, |n| redirects(n, |_| "/years/".to_owned())),
    shape("patterns, pages: build for Cloudflare", BUILD, |n| patterns(n, "cloudflare-pages")),
    shape("patterns, pages: check for nginx", CHECK, |n| patterns(n, "nginx")),
    shape("authors of one report: build", BUILD, |n| {
        one(&list("authors", n, |at| format!("Author {at}")), "Words.")
    }),
    shape("tags of one report: build", BUILD, |n| {
        one(&list("tags", n, |at| format!("Tag {at}")), "Words.")
    }),
    shape("tags of one report, with feeds: build", BUILD, |n| {
        let head = list("tags", n, |at| format!("Tag {at}"));
        vec![
            settings("[[taxonomies]]\nname = \"tags\"\nsingular = \"tag\"\nfeed = true\n"),
            report(0, &head, "Words."),
        ]
    }),
    shape("stories of one report: build", BUILD, |n| {
        one(&list("stories", n, |at| format!("Story {at}")), "Words.")
    }),
    shape("tags that are nearly alike: check", CHECK, |n| {
        one(&list("tags", n, |at| format!("Ministry of talks {at}")), "Words.")
    }),
    shape("a tag each: check", CHECK, |n| {
        many(n, |at| format!("tags = [\"Ministry {at}\"]"), |_| "Words.".to_owned())
    }),
    shape("one tag, many reports: build", BUILD, |n| {
        many(n, |_| "tags = [\"One\"]".to_owned(), |_| "Words.".to_owned())
    }),
    shape("outlets not listed: check", CHECK, outlets),
    shape("taxonomies: build", BUILD, taxonomies),
    shape("aliases of one report: build", BUILD, |n| {
        one(&list("aliases", n, |at| format!("/a/{at}/")), "Words.")
    }),
    shape("aliases, reports: build", BUILD, |n| {
        many(n, |at| format!("aliases = [\"/a/{at}/\"]"), |_| "Words.".to_owned())
    }),
    shape("one alias, many reports: build", BUILD, |n| {
        many(n, |_| "aliases = [\"/a/\"]".to_owned(), |_| "Words.".to_owned())
    }),
    shape("corrections of one report: build", BUILD, |n| {
        one(
            &entries("corrections", n, |at| format!("date = 2020-01-01\ntext = \"Text {at}\"")),
            "Words.",
        )
    }),
    shape("corrections, reports: build", BUILD, |n| {
        many(
            n,
            |_| "corrections = [{ date = 2020-01-01, text = \"A\" }]".to_owned(),
            |_| "Words.".to_owned(),
        )
    }),
    shape("also, all of one report: build", BUILD, |n| {
        many(n, |_| "also = [\"r000000.md\"]".to_owned(), |_| "Words.".to_owned())
    }),
    shape("also of one report: build", BUILD, |n| {
        let mut files = many(n, none, |_| "Words.".to_owned());
        files.push(report(n, &list("also", n, |at| format!("r{at:06}.md")), "Words."));
        files
    }),
    shape("also, unknown: build", BUILD, |n| {
        many(n, |at| format!("also = [\"x{at}.md\"]"), |_| "Words.".to_owned())
    }),
    shape("mementos of one report: build", BUILD, |n| {
        one(&entries("archived", n, |at| format!("url = \"https://b.example/{at}\"")), "Words.")
    }),
    shape("one original, many reports: check", CHECK, |n| {
        many(n, |_| "original_url = \"https://b.example/a\"".to_owned(), |_| "Words.".to_owned())
    }),
    shape("reports of one day: build", BUILD, |n| {
        (0..n)
            .map(|at| {
                (
                    format!("content/s{at}.md"),
                    format!("+++\ntitle = \"S {at}\"\ndate = 2020-01-01\n+++\nWords.\n"),
                )
            })
            .chain([settings("")])
            .collect()
    }),
    shape("reports of one title and day: build", BUILD, |n| {
        (0..n)
            .map(|at| {
                (
                    format!("content/f{at}/same.md"),
                    "+++\ntitle = \"Same\"\ndate = 2020-01-01\n+++\nWords.\n".to_owned(),
                )
            })
            .chain([settings("")])
            .collect()
    }),
    shape("withdrawn reports: build", BUILD, |n| {
        many(
            n,
            |_| "withdrawn = { kind = \"error\", date = 2020-01-01 }".to_owned(),
            |_| "Words.".to_owned(),
        )
    }),
    shape("links to one page's places: check", CHECK, |n| {
        many(n, none, |_| "[a](r000000.md#p9)".to_owned())
    }),
    shape("headings of one name: build", BUILD, |n| one("", &"## a\n\n".repeat(n))),
    shape("footnotes: build", BUILD, |n| {
        one("", &numbered(n, |at| format!("a[^{at}]\n\n[^{at}]: b\n\n")))
    }),
    shape("sentence holes on one line: check", CHECK, |n| {
        one("", &"It has been  about it and the . ".repeat(n))
    }),
    shape("deep folders: build", BUILD, deep_folders),
    shape("near copies: check", CHECK, near_copies),
    shape("files in static: check", CHECK, |n| {
        (0..n)
            .map(|at| (format!("static/f {at}.txt"), format!("f {}.txt", at + 1)))
            .chain(one("", "Words."))
            .collect()
    }),
    Shape {
        name: "lost pages, redirects: deploy",
        pieces: 500,
        before: &[BUILD, &["deploy"]],
        command: &["deploy", "--dry-run"],
        files: Source::Archive(lost_pages_before),
        changes: lost_pages_after,
        after: &[BUILD],
    },
];
