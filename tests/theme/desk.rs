//! The desk in a browser: driven from the link to *Quit*, and each screen for accessibility.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::{chromium, skip};

const FIRST: &str =
    "+++\n# kept\ntitle = \"First\"\ndate = 2017-01-29\n+++\n\nThe delegations met.\n";

#[test]
fn the_desk_is_used_from_its_link_to_the_end() {
    let Some(program) = chromium() else { return };
    let Some(modules) = skip::needs_modules(&["axe-core", "ws"]) else { return };
    let Some(mut node) = skip::program("node") else { return };
    let room = TempDir::new().expect("a temporary folder");
    let archive = room.path();
    fs::create_dir(archive.join("content")).expect("a folder is made");
    fs::write(archive.join("content/first.md"), FIRST).expect("a report is written");
    let settings = "base_url = \"https://archive.example/\"\ntitle = \"Archive\"\n";
    fs::write(archive.join("dateline.toml"), settings).expect("settings are written");
    let mut desk = Command::new(assert_cmd::cargo::cargo_bin!("dateline"))
        .arg("--root")
        .arg(archive)
        .args(["desk", "--no-open", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the desk opens");
    let mut lines = BufReader::new(desk.stdout.take().expect("its words")).lines();
    let line = lines.next().expect("a line").expect("a line of text");
    let address = line.split_whitespace().last().expect("a link");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/js/desk.mjs");
    let output =
        node.arg(script).arg(modules).arg(program).arg(address).output().expect("node runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    let seen: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{errors}"));
    let nothing: [Json; 0] = [];
    for key in ["errors", "violations", "wide"] {
        if seen[key] != Json::from(nothing.to_vec()) {
            let _ = desk.kill();
        }
        assert_eq!(seen[key], Json::from(nothing.to_vec()), "{key}");
    }
    assert!(desk.wait().expect("it ends").success());
    assert_eq!(seen["home"], "/_desk/");
    assert!(seen["frame"].as_str().is_some_and(|frame| frame.starts_with("http://localhost:")));
    assert_eq!(seen["undone"], "\nThe delegations met.\nThey talked.\n");
    assert_eq!(seen["second"], "#file=content%2F2017%2Fsecond.md");
    assert_eq!(seen["peace"], "#file=content%2F2017%2Fpeace.md");
    let first = fs::read_to_string(archive.join("content/first.md")).expect("the report");
    assert!(first.starts_with("+++\n# kept\ntitle = \"First\"\ndate = 2017-01-29\n"), "{first}");
    assert!(first.ends_with("+++\n\nThe delegations met.\nThey spoke.\n"), "{first}");
    assert!(first.contains("corrections"), "{first}");
    let second = fs::read_to_string(archive.join("content/2017/second.md")).expect("the notice");
    assert!(second.contains("withdrawn") && !second.contains("More."), "{second}");
}
