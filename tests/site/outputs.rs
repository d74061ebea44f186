//! Where a site goes: `-o` from where one stands, the setting from the archive's root.

use crate::archive::{Archive, tree};

fn run_in(archive: &Archive, folder: &str, arguments: &[&str]) -> std::process::Output {
    std::fs::create_dir_all(archive.path(folder)).unwrap();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.current_dir(archive.path(folder)).arg("--root").arg(archive.path("archive"));
    command.args(arguments).output().unwrap()
}

fn archive() -> Archive {
    let archive = Archive::new();
    archive.write("archive/dateline.toml", "base_url = \"https://archive.example/\"\n");
    archive.write("archive/content/2017-01-29-a.md", "+++\ntitle = \"A\"\n+++\nWords.\n");
    archive
}

#[test]
fn an_output_that_is_typed_is_taken_from_where_one_stands() {
    for (place, typed, found) in [
        ("desk", "out", "desk/out"),
        ("desk", "../www", "www"),
        ("desk", "./deep/er", "desk/deep/er"),
        ("archive", "site", "archive/site"),
        ("archive/content", "../site", "archive/site"),
    ] {
        let archive = archive();
        let built = run_in(&archive, place, &["build", "-o", typed]);
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        assert!(archive.path(found).join("index.html").is_file(), "{place}: {typed}");
        let verified = run_in(&archive, place, &["verify", "--output-dir", typed]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        // From elsewhere the same words name another folder.
        let other = run_in(&archive, "elsewhere/deep", &["verify", "-o", typed]);
        assert_eq!(other.status.code(), Some(2));
    }
}

#[test]
fn an_output_of_the_settings_is_taken_from_the_archive() {
    let archive = archive();
    let text = "base_url = \"https://archive.example/\"\noutput_dir = \"site\"\n";
    archive.write("archive/dateline.toml", text);
    assert!(run_in(&archive, "desk", &["build"]).status.success());
    assert!(archive.path("archive/site/index.html").is_file());
    assert!(tree(&archive.path("desk")).is_empty());
}

#[test]
fn an_empty_name_is_no_output() {
    let archive = archive();
    let refused = run_in(&archive, "desk", &["build", "-o", ""]);
    assert_eq!(refused.status.code(), Some(2));
}
