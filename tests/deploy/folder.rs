//! Folders of releases.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::{Archive, tree};
use crate::little::{
    add, assert_keeps_the_sheet_of_open_pages, assert_same, deployed, little, moved, publish, site,
    withdraw,
};

fn archive() -> Archive {
    little("folder = \"www\"\nkeep = 2")
}

fn current(archive: &Archive) -> PathBuf {
    archive.path("www/current")
}

/// The numbers of the releases that are there.
fn releases(archive: &Archive) -> Vec<String> {
    let entries = fs::read_dir(archive.path("www/releases")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.len() == 6).collect();
    names.sort();
    names
}

#[cfg(unix)]
fn inode(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap())
}

#[test]
fn a_release_is_the_site_and_the_second_deploy_moves_nothing() {
    let archive = archive();
    let first = publish(&archive);
    assert_same(&deployed(&current(&archive)), &site(&archive));
    assert_eq!(moved(&first), (site(&archive).len() as u64, 0));
    let seen = archive.everything();
    let second = publish(&archive);
    assert_eq!(moved(&second), (0, 0));
    assert_eq!(second.json()["changed_urls"], serde_json::json!([]));
    let still: Vec<_> = tree(&archive.path("www")).into_keys().collect();
    let before: Vec<_> =
        seen.keys().filter_map(|path| path.strip_prefix("www/")).map(str::to_owned).collect();
    assert_eq!(still, before);
}

#[test]
fn a_dry_run_prints_the_plan_and_touches_nothing() {
    let archive = archive();
    archive.build().clean();
    let seen = archive.everything();
    let plan = archive.run(&["deploy", "--dry-run"]).clean();
    assert!(plan.stdout().contains("  put 2017/01/01/alpha/index.html\n"), "{}", plan.stdout());
    assert!(plan.stdout().contains("there: would be "), "{}", plan.stdout());
    assert_same(&archive.everything(), &seen);
    assert!(!archive.path("www").exists());
}

#[cfg(unix)]
#[test]
fn what_did_not_change_is_shared_with_the_release_before() {
    let archive = archive();
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    let second = publish(&archive);
    let (put, deleted) = moved(&second);
    assert!(put > 5 && deleted == 0, "{put} put, {deleted} deleted");
    assert_eq!(releases(&archive), ["000001", "000002"]);
    let picture = "2017/01/01/alpha/picture.png";
    let [old, new] =
        ["000001", "000002"].map(|name| archive.path("www/releases").join(name).join(picture));
    assert_eq!(inode(&old), inode(&new));
    assert!(!archive.path("www/releases/000001/2017/01/04/delta/index.html").exists());
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn files_for_a_web_server_s_settings_are_part_of_a_release() {
    let archive = archive();
    archive.build_with(&["--host", "nginx"]).succeeds();
    archive.run(&["deploy"]).succeeds();
    assert!(current(&archive).join(".host/nginx.conf").exists());
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn only_so_many_releases_are_kept() {
    let archive = archive();
    publish(&archive);
    for day in 4..8 {
        add(&archive, &format!("2017-01-0{day}-report-{day}"), &format!("Report {day}"));
        publish(&archive);
    }
    assert_eq!(releases(&archive), ["000003", "000004", "000005"]);
    assert!(!archive.path("www/releases/000002.json.gz").exists());
}

#[test]
fn withdrawn_words_and_pictures_leave_the_releases_that_are_kept() {
    let archive = archive();
    publish(&archive);
    let words = b"Words of Beta";
    let holds = |archive: &Archive, words: &[u8]| -> Vec<String> {
        let files = tree(&archive.path("www"));
        let has = |bytes: &[u8]| bytes.windows(words.len()).any(|window| window == words);
        files.into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
    };
    assert!(holds(&archive, words).len() > 1);
    withdraw(&archive, "2017-01-02-beta");
    let deployed = publish(&archive);
    assert_eq!(deployed.json()["lost"], serde_json::json!([]));
    assert_eq!(releases(&archive), ["000001", "000002"]);
    assert_eq!(holds(&archive, words), Vec::<String>::new());
    assert_eq!(
        holds(&archive, b"IHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0Beta"),
        Vec::<String>::new()
    );
    let old = archive.path("www/releases/000001");
    let tombstone = fs::read(old.join("2017/01/02/beta/index.html")).unwrap();
    assert_eq!(Some(&tombstone), site(&archive).get("2017/01/02/beta/index.html"));
    // The rest of the old release is as it was.
    assert!(
        fs::read_to_string(old.join("2017/01/01/alpha/index.html"))
            .unwrap()
            .contains("Words of Alpha")
    );
}

/// The purge is not left out because a deploy was cut short before it.
#[test]
fn a_purge_that_was_cut_short_is_made_up_for() {
    let archive = archive();
    publish(&archive);
    let old = tree(&archive.path("www/releases"));
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    for (path, bytes) in old.iter().filter(|(path, _)| path.starts_with("000001")) {
        let full = archive.path("www/releases").join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&full);
        fs::write(full, bytes).unwrap();
    }
    assert_eq!(moved(&publish(&archive)), (0, 0));
    let page = fs::read_to_string(archive.path("www/releases/000001/2017/01/02/beta/index.html"));
    assert!(!page.unwrap().contains("Words of Beta"));
}

#[test]
fn a_file_that_somebody_changed_there_is_mended() {
    let archive = archive();
    publish(&archive);
    let page = current(&archive).join("2017/01/01/alpha/index.html");
    fs::write(&page, "defaced").unwrap();
    fs::remove_file(current(&archive).join("404.html")).unwrap();
    assert_eq!(moved(&publish(&archive)), (2, 0));
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn a_link_that_leads_elsewhere_is_left_alone() {
    let archive = archive();
    archive.write("www/current/index.html", "mine");
    archive.build().clean();
    let deployed = archive.run(&["deploy"]);
    assert_eq!(deployed.code(), 2);
    assert!(deployed.stderr().contains("is no link to a release"), "{}", deployed.stderr());
    assert_eq!(fs::read_to_string(archive.path("www/current/index.html")).unwrap(), "mine");
}

#[test]
fn a_page_that_is_open_keeps_its_style_sheet_in_a_folder() {
    let archive = archive();
    assert_keeps_the_sheet_of_open_pages(&archive, || deployed(&current(&archive)));
}
