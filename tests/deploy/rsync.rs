//! Servers that rsync writes to, here a folder of this machine.

use std::fs;
use std::path::Path;
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

/// A program of this name that does something else first, for the archive whose path it is on.
#[cfg(unix)]
fn stand_in(archive: Archive, script: &str) -> Archive {
    use std::os::unix::fs::PermissionsExt as _;
    let path = std::env::var("PATH").unwrap();
    archive.write("bin/rsync", format!("#!/bin/sh\n{script}\nPATH='{path}' exec rsync \"$@\"\n"));
    let program = archive.path("bin/rsync");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = search_path(&archive);
    archive.environment("PATH", &path)
}

/// Where programs are looked for: the stand-in first.
fn search_path(archive: &Archive) -> String {
    format!("{}:{}", archive.path("bin").display(), std::env::var("PATH").unwrap())
}

/// rsync has no locks: whoever finds another's record in the place of its own gives way, and what it had
/// done until then is mended.
#[test]
#[cfg(unix)]
fn two_deploys_at_once_do_not_mix_on_a_server() {
    if !skip::needs("rsync") {
        return;
    }
    let one = little("rsync = \"www\"");
    publish(&one);
    let www = one.path("www").display().to_string();
    // The first is held up at each step; a moment of it is enough for the whole second one.
    let one = stand_in(
        one,
        "case \"$*\" in *--files-from*) touch \"$(dirname \"$0\")/begun\"; sleep 4;; esac",
    );
    let other = little(&format!("rsync = \"{www}\""));
    add(&other, "2017-01-05-epsilon", "Epsilon");
    one.write("static/k.txt", "one");
    other.write("static/k.txt", "the other");
    one.build().succeeds();
    other.build().succeeds();
    let first = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--root")
        .arg(one.path(""))
        .args(["deploy", "--quiet"])
        .env("PATH", search_path(&one))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !one.path("bin/begun").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    other.run(&["deploy", "--allow-lost"]).succeeds();
    let first = first.wait_with_output().unwrap();
    let said = String::from_utf8(first.stderr).unwrap();
    assert!(said.contains("another deploy is writing to"), "{said}");
    assert_eq!(first.status.code(), Some(2));
    // The one that gave way had put its own in the meantime; whoever deploys next knows.
    other.run(&["deploy", "--allow-lost"]).succeeds();
    assert_same(&deployed(Path::new(&www)), &site(&other));
    other.run(&["deploy", "--json", "--recheck"]).succeeds();
    assert_eq!(moved(&publish(&other)), (0, 0));
}

/// `me@host:` is the user's own folder there; with a slash it would be the server's root.
#[test]
#[cfg(unix)]
fn the_user_s_own_folder_on_a_server_is_not_taken_for_its_root() {
    for (place, asked) in [("me@host.example:", "me@host.example:"), ("host:/srv", "host:/srv/")] {
        let archive = little(&format!("rsync = \"{place}\""));
        let archive = stand_in(archive, "echo \"$@\" >> \"$0.log\"; exit 1");
        archive.build().succeeds();
        assert_eq!(archive.run(&["deploy"]).code(), 2);
        let log = fs::read_to_string(archive.path("bin/rsync.log")).unwrap();
        assert!(log.contains(&format!(" {asked}.dateline-deployed.json.gz ")), "{log}");
    }
}

/// A group may share it, and let what is made there belong to it.
#[test]
fn folders_that_are_there_keep_their_modes() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(archive) = archive() else { return };
    let folder = archive.path("www/2017");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o2775)).unwrap();
    archive.build().succeeds();
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777, 0o2775);
    let page = archive.path("www/2017/01/01/alpha/index.html");
    assert_eq!(fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o644);
    assert_same(&deployed(&archive.path("www")), &site(&archive));
}
