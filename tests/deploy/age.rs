//! Sites that are older than their archive, and what `deploy` and `verify` say of them.

use std::fs;
use std::path::Path;

use crate::archive::{Archive, Built, tree};
use crate::little::{add, little, publish, report, withdraw};

const OLDER: &str = "the site in `ROOT/public` is older than the archive";
const FIRST: &str = "run `dateline build` first";

fn published() -> Archive {
    let archive = little("folder = \"www\"");
    archive.write("static/fixed.txt", "fixed");
    archive.write("links/example.org.toml", "");
    archive.write("templates/note.html", "");
    publish(&archive);
    archive
}

#[track_caller]
fn is_refused(archive: &Archive, arguments: &[&str], words: &[&str]) {
    let before = tree(&archive.path("www"));
    let deployed = archive.run(&[&["deploy"], arguments].concat());
    assert_eq!(deployed.code(), 1, "{}", deployed.stderr());
    for words in words {
        assert!(deployed.stderr().contains(words), "{words}: {}", deployed.stderr());
    }
    assert!(tree(&archive.path("www")) == before, "something was deployed");
}

fn config(archive: &Archive) -> String {
    fs::read_to_string(archive.path("dateline.toml")).unwrap()
}

/// Writes a file so that only its content tells.
fn rewrite_in_place(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(text)).unwrap();
}

/// What a curator does to an archive.
type Change<'a> = &'a dyn Fn(&Archive);

#[test]
fn a_site_that_is_older_than_its_archive_is_not_deployed() {
    let alpha = "content/2017-01-01-alpha/index.md";
    let changes: [(&str, Change<'_>); 9] = [
        ("a text", &|archive| {
            rewrite_in_place(&archive.path(alpha), |text| text.replace("nowhere", "anywhere"));
        }),
        ("a new report", &|archive| add(archive, "2017-01-09-new", "New")),
        ("a report that is gone", &|archive| archive.remove(alpha)),
        ("a picture beside a report", &|archive| {
            archive.write("content/2017-01-01-alpha/picture.png", "another");
        }),
        ("a new file beside a report", &|archive| {
            archive.write("content/2017-01-01-alpha/more.txt", "more");
        }),
        ("a fixed file", &|archive| archive.write("static/fixed.txt", "fixes")),
        ("a new fixed file", &|archive| archive.write("static/new.txt", "new")),
        ("a template", &|archive| archive.write("templates/note.html", "note")),
        ("the settings", &|archive| {
            let text = config(archive).replace("The Archive", "Another Archive");
            archive.write("dateline.toml", text);
        }),
    ];
    for (what, change) in changes {
        let archive = published();
        change(&archive);
        println!("{what}");
        is_refused(&archive, &[], &[OLDER, FIRST]);
        is_refused(&archive, &["--dry-run"], &[OLDER]);
        let verified = archive.run(&["verify"]);
        assert_eq!(verified.code(), 1, "{what}");
        assert!(verified.stdout().contains("older than the archive"), "{}", verified.stdout());
        assert_eq!(archive.run(&["verify", "--json"]).json()["archive"], "newer");
        archive.build();
        archive.run(&["deploy", "--allow-lost"]).succeeds();
        assert_eq!(archive.run(&["verify"]).code(), 0, "{what}");
    }
}

#[test]
fn a_change_that_readers_never_see_makes_no_site_older() {
    let archive = published();
    let text = format!("{}max_deletes = 7\n", config(&archive));
    archive.write("dateline.toml", text);
    archive.write("notes.txt", "my own");
    archive.run(&["deploy"]).clean();
    archive.run(&["verify"]).clean();
}

/// As a checkout beside a site that another machine built: no stamp is the same.
#[test]
fn a_copy_of_the_archive_is_known_by_its_contents() {
    let archive = published();
    let copy = Archive::new();
    copy.adopt(".", &archive.path("."));
    fs::remove_dir_all(copy.path("www")).unwrap();
    copy.run(&["deploy"]).clean();
    copy.run(&["verify"]).clean();
    let page = copy.path("content/2017-01-02-beta/index.md");
    rewrite_in_place(&page, |text| text.replace("Words", "Verbs"));
    is_refused(&copy, &[], &[OLDER]);
    rewrite_in_place(&page, |text| text.replace("Verbs", "Words"));
    copy.run(&["deploy"]).clean();
    copy.write("content/2017-01-02-beta/picture.png", "another");
    is_refused(&copy, &[], &[OLDER]);
}

/// Its published file is another than its source.
#[test]
fn a_picture_that_tells_something_makes_no_copy_older() {
    const START: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0\x21\xFE\x05";
    let picture = |note: &[u8], end: &[u8]| [START, note, b"\0", end].concat();
    let archive = published();
    archive.write("static/a.gif", picture(b"notes", b"\x3B"));
    publish(&archive);
    assert!(!fs::read(archive.path("public/a.gif")).unwrap().ends_with(b"notes\0\x3B"));
    let copy = Archive::new();
    copy.adopt(".", &archive.path("."));
    fs::remove_dir_all(copy.path("www")).unwrap();
    copy.run(&["deploy"]).clean();
    copy.run(&["verify"]).clean();
    copy.write("static/a.gif", picture(b"other", b"\x3B"));
    copy.run(&["verify"]).clean();
    copy.write("static/a.gif", picture(b"other", b"\x21\xF9\x04\0\0\0\0\0\x3B"));
    is_refused(&copy, &[], &[OLDER]);
}

#[test]
fn a_withdrawal_that_is_not_yet_published_is_named_and_never_passed_over() {
    for kind in ["copyright", "court", "error", "request", "privacy", "safety", "pending"] {
        let archive = published();
        let why = ["--kind", kind, "--reason", "It was asked for."];
        archive.run(&[&["withdraw", "/2017/01/01/alpha/"], &why[..]].concat()).succeeds();
        let named = "the withdrawal of /2017/01/01/alpha/ is not yet published";
        for arguments in [&[][..], &["--as-is"], &["--dry-run"]] {
            is_refused(&archive, arguments, &[named, FIRST]);
        }
        let verified = archive.run(&["verify"]);
        assert!(verified.stdout().starts_with(named), "{}", verified.stdout());
        assert_eq!(verified.code(), 1);
        publish(&archive);
        assert_eq!(archive.run(&["verify"]).code(), 0);
    }
}

/// Whatever became of its file on the way.
#[test]
fn a_withdrawn_report_that_also_moved_is_named() {
    let archive = published();
    withdraw(&archive, "2017-01-01-alpha");
    fs::rename(archive.path("content/2017-01-01-alpha"), archive.path("content/2017-01-01-other"))
        .unwrap();
    let page = archive.path("content/2017-01-01-other/index.md");
    rewrite_in_place(&page, |text| text.replacen("+++\n", "+++\nslug = \"alpha\"\n", 1));
    is_refused(&archive, &["--as-is"], &["the withdrawal of /2017/01/01/alpha/"]);
}

#[test]
fn a_redaction_that_is_not_yet_published_is_never_passed_over() {
    let archive = published();
    let redacted = report("Alpha", "Fewer words.").replacen(
        "+++\n",
        "+++\nredactions = [{ date = 2017-03-01, reason = \"A name\" }]\n",
        1,
    );
    let page = "content/2017-01-01-alpha/index.md";
    archive.write(page, &redacted);
    let named = "the redaction of /2017/01/01/alpha/ is not yet published";
    is_refused(&archive, &["--as-is"], &[named]);
    publish(&archive);
    let other = "date = 2017-03-01, reason = \"A name and a place\"";
    archive.write(page, redacted.replace("date = 2017-03-01, reason = \"A name\"", other));
    is_refused(&archive, &["--as-is"], &[named]);
    publish(&archive);
    // An ordinary edit of a report that was redacted before is none.
    rewrite_in_place(&archive.path(page), |text| text.replace("Fewer", "Some"));
    archive.run(&["deploy", "--as-is"]).succeeds();
}

#[test]
fn an_older_site_is_deployed_as_it_is_where_that_is_said() {
    let archive = published();
    add(&archive, "2017-01-09-new", "New");
    let deployed = archive.run(&["deploy", "--as-is", "--json"]).succeeds();
    assert_eq!(deployed.json()["archive"], "newer");
    assert!(deployed.stderr().contains("older than its archive"), "{}", deployed.stderr());
    assert!(!archive.path("www/current/2017/01/09/new/index.html").exists());
}

#[test]
fn a_site_without_a_record_of_its_sources_is_deployed_with_a_warning() {
    let archive = published();
    for folder in fs::read_dir(archive.path(".dateline")).unwrap() {
        let _ = fs::remove_file(folder.unwrap().path().join("built-from"));
    }
    let deployed = archive.run(&["deploy"]).succeeds();
    let said = deployed.stderr();
    assert!(said.contains("warning: no record says from which sources"), "{said}");
    withdraw(&archive, "2017-01-01-alpha");
    let named = "the withdrawal of /2017/01/01/alpha/ is not yet published";
    is_refused(&archive, &[], &[named]);
}

#[test]
fn deploy_builds_first_where_it_is_asked_to() {
    let archive = published();
    add(&archive, "2017-01-09-new", "New");
    withdraw(&archive, "2017-01-01-alpha");
    archive.run(&["deploy", "--build"]).succeeds();
    assert!(archive.path("www/current/2017/01/09/new/index.html").exists());
    let page = fs::read_to_string(archive.path("www/current/2017/01/01/alpha/index.html"));
    assert!(!page.unwrap().contains("Words of Alpha"));
    // Nothing is deployed of an archive that can't be built.
    archive.write("dateline.toml", format!("{}broken", config(&archive)));
    let before = tree(&archive.path("www"));
    let stopped: Built = archive.run(&["deploy", "--build"]);
    assert_eq!(stopped.code(), 1, "{}", stopped.stderr());
    assert!(tree(&archive.path("www")) == before);
}

#[test]
fn files_of_other_programs_are_not_deployed_and_named_once() {
    let archive = published();
    for name in ["pagefind/pagefind.js", "pagefind/index/1.pf", "report.pdf"] {
        archive.write(&format!("public/{name}"), "made by another program");
    }
    let deployed = archive.run(&["deploy", "--json"]).succeeds();
    let named = "Dateline did not write them: pagefind/ (2 files), report.pdf";
    assert_eq!(deployed.stderr().matches(named).count(), 1, "{}", deployed.stderr());
    assert_eq!(deployed.json()["foreign"].as_array().unwrap().len(), 3);
    assert!(!archive.path("www/current/pagefind").exists());
}
