//! Random edits of an archive, beside clean builds of the same sources: leftovers, locks, links, rejected
//! files, active files and permissions among them. The same files, the same diagnostics, and no stop
//! that the next correct edit does not end.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use serde_json::Value as Json;

use crate::archive::{Archive, Built};

/// Steps where `DATELINE_SOAK=1` asks for many, and else.
const STEPS: [usize; 2] = [1_000, 100];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const REPORTS: [&str; 6] =
    ["a/index.md", "b/index.md", "c.md", "d.MD", "e/f.markdown", "g/index.md"];

const LINES: [&str; 26] = [
    "",
    "",
    "",
    "tags = [\"Talks\", \"Peace\"]",
    "draft = true",
    "published = \"no\"",
    "Status = \"draft\"",
    "aliases = [\"/old/\", \"/robots.txt\"]",
    "path = \"/corrections/\"",
    "path = \"/2017/\"",
    "path = \"/data/x/\"",
    "template = \"listing.html\"",
    "image = \"scan.png\"",
    "corrections = [{ date = 2017-02-01, text = \"Mended.\" }]",
    "withdrawn = { date = 2017-03-01, kind = \"error\" }",
    "date2 = [",
    "redactions = [{ date = 2017-02-01, assets = [\"scan.png\"] }]",
    "redactions = [{ date = 2017-02-01, assets = [\"scan-1.png\", \"/t.js\"] }]",
    "redactions = [{ date = 2017-02-01, reason = \"Asked.\" }]",
    "original_url = \"lost:original\"\nvia = [{ name = \"Wire\", url = \"lost:wire\" }]",
    "language = \"he\"",
    "path = \"/search/x/\"",
    "also = [\"c.md\"]",
    "translation_of = \"c.md\"",
    "translation_key = \"k\"",
    "slug = \"two\\tparts\"",
];

const BESIDE: [&str; 18] = [
    "scan.png",
    "list.csv",
    "list.csv.gz",
    "index.html.gz",
    "page.html",
    "chart.svg",
    "x.php",
    "index.md~",
    ".index.md.swp",
    "#index.md#",
    "Thumbs.db",
    ".env",
    "index.md.bak",
    "notes.rst",
    "index.md.1",
    "index_LOCAL_4711.md",
    "scan 1.png",
    "core.4711",
];

const TARGETS: [&str; 12] = [
    "../a/scan.png",
    "../b/list.csv",
    "../a/index.md",
    "../a/.env",
    "../../dateline.toml",
    "../../static/s.txt",
    "ann@desk.4711:1485684000",
    "link.png",
    "../b",
    "../../static",
    "/etc/hostname",
    "index.md~",
];

fn report(dice: &mut Dice, number: usize) -> String {
    let line = dice.pick(&LINES);
    let words = dice.roll(50);
    format!(
        "+++\ntitle = \"Report {number}\"\ndate = 2017-01-{:02}\n{line}\n+++\nText {words}. ![A scan](scan.png)\n\n<p>Raw.\n",
        10 + number
    )
}

/// One edit; what it was, for the message of a failure.
fn edit(archive: &Archive, dice: &mut Dice) -> String {
    let number = dice.roll(REPORTS.len());
    let text = format!("content/{}", REPORTS[number]);
    let folder = format!("content/{}", dice.pick(&["a", "b", "g", "e", "."]));
    fs::create_dir_all(archive.path(&folder)).unwrap();

    match dice.roll(13) {
        0..=3 => {
            archive.write(&text, report(dice, number));
            format!("write {text}")
        }
        4 => {
            let _ = fs::remove_file(archive.path(&text));
            format!("remove {text}")
        }
        5 | 6 => {
            let file = format!("{folder}/{}", dice.pick(&BESIDE));
            let _ = fs::remove_file(archive.path(&file));
            archive.write(&file, format!("bytes {}", dice.roll(9)));
            format!("write {file}")
        }
        7 => {
            let file = format!("{folder}/{}", dice.pick(&BESIDE));
            let _ = fs::remove_file(archive.path(&file));
            format!("remove {file}")
        }
        8 => {
            let link = format!(
                "{folder}/{}",
                dice.pick(&["link.png", ".#index.md", "link.md", "link.txt"])
            );
            let _ = fs::remove_file(archive.path(&link));
            let target = dice.pick(&TARGETS);
            symlink(target, archive.path(&link)).unwrap();
            format!("link {link} to {target}")
        }
        9 => {
            let file =
                dice.pick(&["content/README.md", "content/e/README.md", "content/loose.docx"]);
            if archive.path(file).exists() {
                archive.remove(file);
            } else {
                archive.write(file, "# About this folder\n");
            }
            format!("come or go: {file}")
        }
        10 => {
            let file = format!(
                "static/{}",
                dice.pick(&["s.txt", "s.txt~", ".env", ".well-known/x.txt", "t.js"])
            );
            archive.write(&file, format!("static {}", dice.roll(9)));
            format!("write {file}")
        }
        11 => {
            // Nobody but root may read it then.
            let mode = [0o000, 0o644][dice.roll(2)];
            if fs::symlink_metadata(archive.path(&text)).is_ok_and(|data| data.is_file()) {
                fs::set_permissions(archive.path(&text), fs::Permissions::from_mode(mode)).unwrap();
            }
            format!("permissions {mode:o} of {text}")
        }
        _ => {
            let setting = dice.pick(&[
                "",
                "[build]\nignore = [\"*.csv\"]\n",
                "[deploy]\nhost = \"nginx\"\n",
                "language = \"fa\"\n",
                "[markdown]\nraw_html = \"trust\"\n",
                "[search]\nenabled = false\n",
            ]);
            archive.write(
                "dateline.toml",
                format!("base_url = \"https://archive.example/\"\n{setting}"),
            );
            format!("settings {setting:?}")
        }
    }
}

/// Opens every file that nobody but root may read, and gives their paths.
fn opened(archive: &Archive) -> Vec<String> {
    let root = archive.path("");
    let files = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
    let shut = files.filter(|file| {
        file.file_type().is_file() && file.metadata().unwrap().permissions().mode() & 0o400 == 0
    });
    let shut: Vec<String> =
        shut.map(|file| file.path().strip_prefix(&root).unwrap().display().to_string()).collect();
    for file in &shut {
        permit(archive, file, 0o644);
    }
    shut
}

fn permit(archive: &Archive, file: &str, mode: u32) {
    fs::set_permissions(archive.path(file), fs::Permissions::from_mode(mode)).unwrap();
}

/// The same sources in a folder of their own, with the same permissions.
fn copied(archive: &Archive) -> Archive {
    let shut = opened(archive);
    let copy = Archive::new();
    for name in ["dateline.toml", "content", "static"] {
        if archive.path(name).exists() {
            let from = archive.path(name);
            assert!(
                crate::skip::basic("cp")
                    .arg("-a")
                    .arg(from)
                    .arg(copy.path(""))
                    .status()
                    .unwrap()
                    .success()
            );
        }
    }
    for file in &shut {
        permit(archive, file, 0o000);
        if copy.path(file).exists() {
            permit(&copy, file, 0o000);
        }
    }
    copy
}

/// What is said but for what only a build before can tell.
fn said(built: &Json) -> Vec<Json> {
    let is_of_before =
        |problem: &&Json| ["lost-url", "lost-article"].contains(&problem["rule"].as_str().unwrap());
    let all = built["diagnostics"].as_array().unwrap();
    all.iter().filter(|problem| !is_of_before(problem)).cloned().collect()
}

fn is_frozen(built: &Json) -> bool {
    built["diagnostics"].as_array().unwrap().iter().any(|problem| problem["rule"] == "lost-article")
}

fn json(built: &Built) -> Json {
    built.json()
}

/// Mends every text that is rejected or can't be read.
fn mend(archive: &Archive, built: &Json) {
    for problem in built["diagnostics"].as_array().unwrap() {
        let Some(file) = problem["file"].as_str() else { continue };
        let is_text = file.to_lowercase().ends_with(".md") || file.ends_with(".markdown");
        if problem["weight"] == "reject" || problem["weight"] == "stop" {
            let _ = fs::remove_file(archive.path(file));
            if let Some(number) =
                REPORTS.iter().position(|name| file.ends_with(name)).filter(|_| is_text)
            {
                archive.write(
                    file,
                    format!(
                        "+++\ntitle = \"Report {number}\"\ndate = 2017-01-{:02}\n+++\nText.\n",
                        10 + number
                    ),
                );
            }
        }
    }
}

#[test]
#[ignore = "minutes"]
fn random_edits_give_what_a_clean_build_gives_and_no_stop_stays() {
    let many = std::env::var("DATELINE_SOAK").is_ok_and(|value| value == "1");
    let steps = STEPS[usize::from(!many)];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut same, mut refused, mut frozen) = (0, 0, 0);
    let archive = Archive::new();
    for (number, file) in REPORTS.iter().enumerate() {
        archive.write(&format!("content/{file}"), report(&mut dice, number));
    }
    for step in 0..steps {
        let what = edit(&archive, &mut dice);
        let built = archive.build_with(&["--json"]);
        let now = json(&built);
        if is_frozen(&now) {
            frozen += 1;
            mend(&archive, &now);
            let again = json(&archive.build_with(&["--json"]));
            assert!(
                !is_frozen(&again),
                "step {step}, {what}: mended, and still stopped: {again:#}"
            );
            continue;
        }
        let clean = copied(&archive);
        let fresh = clean.build_with(&["--json"]);
        let then = json(&fresh);
        assert_eq!(said(&now), said(&then), "step {step}: {what}");
        assert_eq!(now["published"], then["published"], "step {step}: {what}\n{now:#}");
        if now["published"] == true {
            same += 1;
            let (ours, theirs) = (built.tree(), fresh.tree());
            let names = |tree: &std::collections::BTreeMap<String, Vec<u8>>| {
                tree.keys().cloned().collect::<Vec<_>>()
            };
            assert_eq!(names(&ours), names(&theirs), "step {step}: {what}");
            for (path, bytes) in &ours {
                assert!(theirs[path] == *bytes, "step {step}: {what}: {path}");
            }
        } else {
            refused += 1;
            mend(&archive, &now);
        }
    }
    println!("{steps} steps: {same} sites the same, {refused} refused by both, {frozen} stopped");
}
