//! Servers that rsync writes to, here a folder of this machine.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::archive::Archive;
use crate::little::{
    add, assert_keeps_the_sheet_of_open_pages, assert_same, assert_same_but_kept, deployed, little,
    moved, publish, site, withdraw,
};
use crate::reader::{self, Reader};
use crate::skip;

/// An archive that is deployed to its own folder `www`, where rsync is installed.
fn archive() -> Option<Archive> {
    skip::needs("rsync").then(|| little("rsync = \"www\""))
}

#[test]
fn a_server_holds_the_site_and_the_second_deploy_moves_nothing() {
    let Some(archive) = archive() else { return };
    archive.write("static/with space/ملف [1] \\.txt", "odd");
    // rsync takes lines that begin so for comments.
    archive.write("static/#hash.txt", "odd");
    archive.write("static/;semicolon.txt", "odd");
    publish(&archive);
    let www = archive.path("www");
    assert_same(&deployed(&www), &site(&archive));
    assert_eq!(moved(&publish(&archive)), (0, 0));
    add(&archive, "2017-01-04-delta", "Delta");
    withdraw(&archive, "2017-01-02-beta");
    fs::remove_dir_all(archive.path("static/with space")).unwrap();
    let (put, deleted) = moved(&publish(&archive));
    assert!(put > 5 && deleted > 1, "{put} put, {deleted} deleted");
    assert_same(&deployed(&www), &site(&archive));
    assert!(!www.join("with space").exists(), "an empty folder is left over");
    assert!(!www.join("tags/beta").exists(), "an empty folder is left over");
}

#[test]
fn files_of_others_stay_on_a_server() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    archive.write("www/tags/beta/theirs.txt", "theirs");
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    assert_eq!(fs::read_to_string(archive.path("www/tags/beta/theirs.txt")).unwrap(), "theirs");
    fs::remove_dir_all(archive.path("www")).unwrap();
    archive.write("www/theirs.txt", "theirs");
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("no record tells which of them Dateline put there"));
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert_eq!(fs::read_to_string(archive.path("www/theirs.txt")).unwrap(), "theirs");
}

#[test]
fn what_somebody_changed_on_a_server_is_mended_when_asked() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    archive.write("www/2017/01/01/alpha/index.html", "defaced");
    archive.remove("www/404.html");
    archive.run(&["deploy", "--recheck"]).succeeds();
    assert_same(&deployed(&archive.path("www")), &site(&archive));
}

#[test]
fn a_server_that_refuses_says_why() {
    let Some(archive) = archive() else { return };
    archive.write("www", "a file where the folder must be");
    archive.build().succeeds();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().starts_with("error: can't "), "{}", refused.stderr());
}

#[test]
fn the_next_deploy_completes_one_that_was_killed_and_no_link_leads_nowhere() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    let (www, reader) = (archive.path("www"), Reader::default());
    for round in 0..9 {
        if round % 3 == 0 {
            reader::change(&archive, round / 3);
        }
        add(
            &archive,
            &format!("2018-03-0{}-report-{round}", round + 1),
            &format!("Report {round}"),
        );
        archive.build().succeeds();
        let mut deploy = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .arg("--root")
            .arg(archive.path(""))
            .args(["deploy", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 * (round as u64 + 1)));
        deploy.kill().unwrap();
        deploy.wait().unwrap();
        // rsync itself may live a moment longer than who called it.
        std::thread::sleep(Duration::from_millis(300));
        let withdrawn = reader::withdrawn_pictures(&archive);
        reader.crawl(|path| fs::read(www.join(path)).ok(), &withdrawn);
        archive.run(&["deploy"]).succeeds();
        assert_same_but_kept(&deployed(&www), &site(&archive));
    }
}

#[test]
fn a_page_that_is_open_keeps_its_style_sheet_on_a_server() {
    let Some(archive) = archive() else { return };
    assert_keeps_the_sheet_of_open_pages(&archive, || deployed(&archive.path("www")));
}

/// Caddy reads them from there, and shows them to nobody.
#[test]
fn files_for_a_web_server_s_settings_go_to_a_server() {
    let Some(archive) = archive() else { return };
    archive.build_with(&["--host", "caddy"]).succeeds();
    archive.run(&["deploy"]).succeeds();
    assert!(archive.path("www/.host/Caddyfile").exists());
    assert_same(&deployed(&archive.path("www")), &site(&archive));
}
