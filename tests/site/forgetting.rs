//! What was taken down is gone from every place that Dateline remembers, not only from the site.

use std::fs;
use std::path::Path;

use dateline::state::Store;
use tempfile::TempDir;

use crate::archive::{Archive, tree};
use crate::external;
use crate::serve::Server as Preview;
use crate::server::Server;
use crate::skip;
use crate::withdrawals::{BODY, KINDS, REPORT, Tree, X, leaks};

/// An archive that was built twice, served, checked and deployed, with a report full of planted words.
struct Busy {
    archive: Archive,
    /// Where the branch is deployed to.
    remote: TempDir,
    /// Answers for a link that is remembered.
    hosts: Server,
}

/// A path whose failure is remembered.
const LINK: &str = "/failinglinkword";

fn git(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = crate::skip::basic("git").arg("-C").arg(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

impl Busy {
    fn new() -> Busy {
        let (hosts, remote) = (Server::start(), TempDir::new().unwrap());
        git(remote.path(), &["init", "--quiet", "--bare"]);
        let skipped = "skip = [\"originalword.example\", \"keep.example\"]\n";
        let targets = format!(
            "[deploy]\ncompress = true\n[deploy.targets.www]\nfolder = \"www\"\nkeep = 3\n\
             [deploy.targets.pages]\ngit = \"{}\"\nbranch = \"pages\"\n",
            remote.path().display()
        );
        let archive = crate::withdrawals::archive("")
            .config(&format!("{}{targets}", external::config(&hosts, skipped)));
        let busy = Busy { archive, remote, hosts };
        let link = format!("See [a page]({}).\n", busy.hosts.url(LINK));
        let padding = "Words that are not secret. ".repeat(60);
        let text = format!("+++\n{REPORT}+++\n{BODY}\n{link}\n{padding}\n");
        busy.archive.write("content/x/index.md", text);
        busy.archive.build().succeeds();
        busy.archive.build_with(&["-o", "preview", "--drafts"]).succeeds();
        busy.archive.build_with(&["-o", "mirror", "-u", "https://mirror.example/"]).succeeds();
        drop(Preview::start(&busy.archive, &[]));
        for day in ["2026-11-01", "2026-11-02", "2026-11-03"] {
            external::check(&busy.archive, day);
        }
        busy.archive.build().succeeds();
        busy.deploy();
        busy.archive
            .write("content/third.md", "+++\ntitle = \"Third\"\ndate = 2018-01-01\n+++\nText.\n");
        busy.archive.build().succeeds();
        busy.deploy();
        busy
    }

    fn deploy(&self) {
        self.archive.run(&["deploy", "www", "--allow-lost"]).succeeds();
        self.archive.run(&["deploy", "pages", "--allow-lost"]).succeeds();
    }

    /// Every file below the archive but the report's own source, and what git holds for us.
    fn remembered(&self) -> Tree {
        let mut files = self.archive.everything();
        files.retain(|path, _| path != "content/x/index.md" && path != "dateline.toml");
        for entry in
            fs::read_dir(self.archive.path(".dateline/deploy")).into_iter().flatten().flatten()
        {
            if entry.path().is_dir() {
                let objects = ["cat-file", "--batch-all-objects", "--batch"];
                files.insert("objects of git".to_owned(), git(&entry.path(), &objects));
            }
        }
        files
    }

    /// Every file of the branch.
    fn branch(&self) -> Tree {
        let copy = TempDir::new().unwrap();
        let from = self.remote.path().display().to_string();
        let to = copy.path().join("copy");
        let clone = ["clone", "--quiet", "--branch", "pages", &from, &to.display().to_string()];
        git(copy.path(), &clone);
        fs::remove_dir_all(to.join(".git")).unwrap();
        tree(&to)
    }

    fn assert_holds(&self, word: &str) {
        let is_held = |files: &Tree| {
            files.values().any(|bytes| String::from_utf8_lossy(bytes).to_lowercase().contains(word))
        };
        assert!(is_held(&self.remembered()), "{word} was never remembered, so nothing is tested");
    }

    fn assert_holds_no_link(&self) {
        for (path, bytes) in self.remembered() {
            assert!(!String::from_utf8_lossy(&bytes).contains("failinglinkword"), "{path}");
        }
    }
}

#[test]
fn a_withdrawn_report_is_gone_from_every_place_and_target() {
    if !skip::needs("git") {
        return;
    }
    for kind in KINDS {
        let busy = Busy::new();
        for word in ["bodyword", "failinglinkword"] {
            busy.assert_holds(word);
        }
        let ledger = busy.archive.path("links/127.0.0.1.toml");
        assert!(ledger.exists(), "the check called the link dead");
        busy.archive.run(&["withdraw", X, "--kind", kind, "--reason", "A reason."]).clean();
        // Sites and what was deployed stay until they are built and deployed; all else is gone at once.
        let mut state = busy.remembered();
        state.retain(|path, _| {
            let is_site = ["public/", "preview/", "mirror/", "www/"];
            !is_site.iter().any(|site| path.starts_with(site)) && !path.ends_with("/manifest.json")
        });
        assert_eq!(leaks(&state, kind), [], "{kind}, before the next build");
        assert!(!ledger.exists(), "what the check wrote into the ledger is taken back");
        busy.archive.build().succeeds();
        busy.deploy();
        assert_eq!(leaks(&busy.remembered(), kind), [], "{kind}");
        assert_eq!(leaks(&busy.branch(), kind), [], "{kind}, on the branch");
        busy.assert_holds_no_link();
        let texts = fs::read_to_string(busy.archive.path("content/x/index.md")).unwrap();
        assert!(!texts.contains("bodyword"), "{kind}");
    }
}

#[test]
fn a_report_withdrawn_by_hand_is_gone_with_the_next_build() {
    if !skip::needs("git") {
        return;
    }
    for kind in ["court", "copyright"] {
        let busy = Busy::new();
        let withdrawn =
            format!("withdrawn = {{ date = 2021-01-01, kind = \"{kind}\", reason = \"R.\" }}\n");
        busy.archive.write("content/x/index.md", format!("+++\n{REPORT}{withdrawn}+++\n{BODY}"));
        busy.archive.build().succeeds();
        busy.deploy();
        let mut files = busy.remembered();
        files.retain(|path, _| !path.starts_with("content/x/"));
        // What was decided about links is a source of its own, which a build does not change.
        files.retain(|path, _| !path.starts_with("links/"));
        assert_eq!(leaks(&files, kind), [], "{kind}");
        assert!(!busy.archive.path("failing-links.toml").exists());
    }
}

#[test]
fn redacted_words_and_files_are_gone_from_every_place_and_target() {
    if !skip::needs("git") {
        return;
    }
    let busy = Busy::new();
    let redact = [
        "redact",
        X,
        "--words",
        "bodyword",
        "--words",
        "noteword",
        "--asset",
        "portraitname.png",
        "--reason",
        "Asked.",
    ];
    busy.archive.run(&redact).succeeds();
    busy.archive.build().succeeds();
    busy.deploy();
    for files in [busy.archive.everything(), busy.remembered(), busy.branch()] {
        for (word, path) in leaks(&files, "safety") {
            // The name of the picture stays in the source, which shows it.
            assert!(!["bodyword", "noteword", "pixelbytes"].contains(&word), "{word} in {path}");
        }
    }
}

#[test]
fn every_file_of_state_belongs_to_a_kind_that_can_forget() {
    if !skip::needs("git") {
        return;
    }
    let busy = Busy::new();
    busy.archive.run(&["redact", X, "--words", "bodyword", "--reason", "Asked."]).succeeds();
    busy.archive.run(&[
        "correct",
        X,
        "--was",
        "Words",
        "--now",
        "Terms",
        "--text",
        "Wrong.",
        "--dry-run",
    ]);
    for path in busy.archive.everything().into_keys() {
        let is_state = path.starts_with(".dateline/") || path == "failing-links.toml";
        assert!(!is_state || Store::claiming(&path).is_some(), "no store claims {path}");
    }
}

/// Every file of `src/` that makes a path below the state folder by itself.
#[test]
fn one_module_makes_the_paths_of_state() {
    for (path, bytes) in tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = String::from_utf8_lossy(&bytes);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = path.ends_with("tests.rs");
        let makes_path = code.contains("\".dateline\"") || code.contains("\".dateline/\"");
        assert!(is_test || path == "state.rs" || !makes_path, "src/{path} names .dateline itself");
    }
}

#[test]
fn a_preview_shows_nothing_withdrawn_even_before_its_first_build() {
    let report =
        |lines: &str| format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n{lines}+++\nThe bodyword.\n");
    let archive = || {
        let archive = Archive::new().article("x.md", &report(""));
        drop(Preview::start(&archive, &[]));
        // No build succeeds any more: what is shown is what the last run left.
        archive.write("templates/article.html", "{% if %}");
        archive
    };
    let same = archive();
    assert!(Preview::start(&same, &[]).get(X).text().contains("bodyword"), "it was kept");
    for taken_down in [
        report("withdrawn = { date = 2021-01-01, kind = \"court\" }\n"),
        report("redactions = [{ date = 2021-01-01 }]\n").replace("bodyword", ""),
        report("withdrawn = \"yes\"\n"),
    ] {
        let archive = archive();
        archive.write("content/x.md", taken_down);
        assert!(!Preview::start(&archive, &[]).get(X).text().contains("bodyword"));
    }
}

#[test]
fn an_output_that_can_t_be_built_again_is_named() {
    let archive = Archive::new()
        .article("x.md", "+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\nThe bodyword.\n");
    archive.write("other.toml", "base_url = \"https://other.example/\"\ntitle = \"Other\"\n");
    archive.build().clean();
    archive.run(&["--config", "other.toml", "build", "-o", "other"]).clean();
    archive.run(&["withdraw", X, "--kind", "court", "--reason", "A reason."]).clean();
    archive.remove("other.toml");
    let built = archive.build().succeeds();
    assert!(
        built.stderr().contains("`other` still shows what was taken down"),
        "{}",
        built.stderr()
    );
    // With its settings it is built as it was asked for.
    let again = Archive::new()
        .article("x.md", "+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\nThe bodyword.\n");
    again.write("other.toml", "base_url = \"https://other.example/\"\ntitle = \"Other\"\n");
    again.build().clean();
    again.run(&["--config", "other.toml", "build", "-o", "other"]).clean();
    again.run(&["withdraw", X, "--kind", "court", "--reason", "A reason."]).clean();
    again.build().succeeds();
    let other = tree(&again.path("other"));
    let home = String::from_utf8_lossy(&other["index.html"]).into_owned();
    assert!(home.contains("Other"), "{home}");
    assert!(other.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("bodyword")));
    again.build().clean();
}
