//! What is published stays published: no mistake takes an article away, and the same site is
//! found again from wherever the program is started.

use std::process::{Command, Stdio};

use crate::archive::{Archive, Built};

fn report(day: u32) -> String {
    format!("+++\ntitle = \"A report\"\ndate = 2017-01-{day:02}\n+++\nText.\n")
}

/// Two published reports.
fn published() -> Archive {
    let archive = Archive::new().article("a.md", &report(1)).article("b.md", &report(2));
    archive.build().clean();
    archive
}

#[track_caller]
fn nothing_changed(built: &Built) {
    assert_eq!(built.code(), 1, "{}", built.stderr());
    assert!(built.stderr().contains("error[lost-article]"), "{}", built.stderr());
    assert!(built.has("/2017/01/01/a/") && built.has("/2017/01/02/b/"));
}

#[test]
fn a_missing_content_folder_empties_no_site() {
    let archive = published();
    std::fs::rename(archive.path("content"), archive.path("elsewhere")).unwrap();
    nothing_changed(&archive.build());
    std::fs::create_dir(archive.path("content")).unwrap();
    nothing_changed(&archive.build());
    std::fs::remove_dir(archive.path("content")).unwrap();
    std::fs::rename(archive.path("elsewhere"), archive.path("content")).unwrap();
    archive.build().clean();
}

#[test]
fn a_file_renamed_and_broken_at_once_takes_no_article_away() {
    let archive = published();
    archive.remove("content/a.md");
    archive.write("content/2017/a.md", "+++\ntitle = \"A report\ndate = 2017-01-01\n+++\n");
    let built = archive.build();
    nothing_changed(&built);
    assert!(built.stderr().contains("if it is content/2017/a.md now, mend that file"));
    archive.write("content/2017/a.md", report(1));
    archive.build().clean();
}

#[test]
fn a_file_that_was_emptied_takes_no_article_away() {
    let archive = published();
    archive.write("content/a.md", "");
    nothing_changed(&archive.build());
}

#[test]
fn what_is_removed_on_purpose_is_said_and_removed() {
    let archive = published();
    archive.remove("content/a.md");
    let built = archive.build().succeeds();
    assert!(built.stderr().contains("note[lost-url]: /2017/01/01/a/"), "{}", built.stderr());
    assert!(!built.has("/2017/01/01/a/"));
}

#[test]
fn the_same_output_is_found_from_every_folder() {
    let archive = published();
    let root = archive.path("");
    let name = root.file_name().unwrap();
    for (from, spelled) in
        [(root.clone(), ".".into()), (root.parent().unwrap().to_owned(), name.to_owned())]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .current_dir(from)
            .arg("--root")
            .arg(spelled)
            .arg("build")
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains(" 0 written, "), "{said}");
    }
}

#[test]
fn an_archive_that_moves_takes_its_record_with_it() {
    let archive = published();
    let moved = Archive::new();
    for folder in ["content", "public", ".dateline"] {
        moved.adopt(folder, &archive.path(folder));
    }
    std::fs::copy(archive.path("dateline.toml"), moved.path("dateline.toml")).unwrap();
    moved.remove("content/b.md");
    let built = moved.build().succeeds();
    assert!(!built.has("/2017/01/02/b/"), "{}", built.stderr());
}

#[test]
fn the_output_may_not_be_where_the_archive_itself_is() {
    let archive = published();
    for folder in [".", "..", "content", "content/site", "static", "themes/x", "/"] {
        let built = archive.build_with(&["--output-dir", folder, "--adopt"]);
        assert_eq!(built.code(), 2, "{folder}: {}", built.stderr());
        assert!(built.stderr().contains("can't be the output folder"), "{}", built.stderr());
    }
    archive.build_with(&["--output-dir", "site"]).clean();
}

#[test]
fn a_reader_that_stops_listening_is_no_error() {
    let archive = published();
    archive.write("content/c.md", report(3).replace("Text", "[a](nowhere.md)"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--root")
        .arg(archive.path(""))
        .arg("build")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_new_address_takes_the_site_over_and_back() {
    let archive = Archive::new().article("2017-01-29-x.md", "+++\ntitle = \"X\"\n+++\nText.\n");
    let first = archive.build().clean().tree();
    let moved = archive.build_with(&["-u", "https://new.example/sub/"]).clean();
    assert!(
        moved.file("2017/01/29/x/index.html").contains("https://new.example/sub/2017/01/29/x/")
    );
    assert_eq!(archive.run(&["verify"]).code(), 2, "the record is the new address's now");
    assert_eq!(archive.run(&["verify", "-u", "https://new.example/sub/"]).code(), 0);
    assert!(archive.build().clean().tree() == first, "and back, nothing left over");
}

#[test]
fn an_emptied_output_is_the_next_build_s_alone() {
    let archive = published();
    archive
        .write("content/d.md", "+++\ntitle = \"D\"\ndate = 2017-02-02\ndraft = true\n+++\nText.\n");
    let first = archive.build().clean().tree();
    for others in [&["--drafts"][..], &["-u", "http://localhost:8000/"]] {
        std::fs::remove_dir_all(archive.path("public")).unwrap();
        archive.build_with(others).clean();
        archive.write("content/c.md", report(9));
        archive.build_with(others).clean();
        archive.remove("content/c.md");
        let back = archive.build();
        assert!(back.tree() == first, "{others:?}: nothing of theirs is left");
        let verified = archive.run(&["verify"]);
        assert_eq!(verified.code(), 0, "{others:?}: {}", verified.stdout());
    }
}

#[test]
fn folders_of_reports_that_are_gone_go_too_though_their_files_went_before() {
    let archive = published();
    // As a build that was killed while it removed them leaves it.
    archive.remove("public/2017/01/01/a/index.html");
    archive.remove("content/a.md");
    archive.build();
    assert!(archive.path("public/2017/01/02").is_dir());
    assert!(!archive.path("public/2017/01/01").exists());
}

#[test]
fn a_commit_that_was_cut_short_is_finished_by_a_build_with_drafts_too() {
    let archive = published();
    archive
        .write("content/d.md", "+++\ntitle = \"D\"\ndate = 2017-02-02\ndraft = true\n+++\nText.\n");
    let first = archive.build().clean().tree();
    let manifest = archive.everything().into_keys().find(|path| path.ends_with("/manifest.json"));
    let manifest = archive.path(&manifest.unwrap());
    // As a build that was killed a moment before its end leaves it.
    std::fs::rename(&manifest, manifest.with_file_name("journal.json")).unwrap();
    archive.build_with(&["--drafts"]).clean();
    let back = archive.build();
    assert!(back.tree() == first, "nothing of the draft is left");
}
