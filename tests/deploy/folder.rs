//! Folders of releases.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::archive::{Archive, tree};
use crate::little::{
    add, assert_keeps_the_sheet_of_open_pages, assert_same, deployed, little, moved, picture,
    publish, report, site, withdraw,
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
    let mut names: Vec<String> = names.filter(|name| !name.contains('.')).collect();
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

/// Files of the target that hold these bytes, compressed ones too.
fn holding(archive: &Archive, words: &[u8]) -> Vec<String> {
    let has = |(path, bytes): &(String, Vec<u8>)| {
        let mut text = Vec::new();
        let read = match path.rsplit('.').next() {
            Some("gz") => GzDecoder::new(&**bytes).read_to_end(&mut text),
            Some("br") => brotli::Decompressor::new(&**bytes, 4096).read_to_end(&mut text),
            _ => bytes.as_slice().read_to_end(&mut text),
        };
        read.unwrap();
        text.windows(words.len()).any(|window| window == words)
    };
    let files = tree(&archive.path("www")).into_iter();
    files.filter(has).map(|(path, _)| path).collect()
}

/// The report, and what is said of it, are in no release.
#[track_caller]
fn assert_gone(archive: &Archive) {
    assert_eq!(holding(archive, b"Words of Beta"), Vec::<String>::new());
    assert_eq!(holding(archive, &picture("Beta")), Vec::<String>::new());
}

#[test]
fn a_release_that_holds_a_withdrawn_report_is_not_kept() {
    let archive = archive();
    publish(&archive);
    assert!(holding(&archive, b"Words of Beta").len() > 1);
    add(&archive, "2017-01-04-delta", "Delta");
    publish(&archive);
    withdraw(&archive, "2017-01-02-beta");
    let deployed = publish(&archive);
    assert_eq!(deployed.json()["lost"], serde_json::json!([]));
    assert_gone(&archive);
    assert_eq!(releases(&archive), ["000003"]);
}

/// An archive with compressed copies.
fn compressed() -> Archive {
    little("folder = \"www\"\n[deploy]\ncompress = true")
}

#[test]
fn a_release_that_holds_a_withdrawn_report_in_compressed_copies_is_not_kept() {
    let archive = compressed();
    publish(&archive);
    assert!(holding(&archive, b"Words of Beta").iter().any(|path| path.ends_with(".br")));
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    assert_gone(&archive);
}

/// Gives the report about Beta another address.
fn move_beta(archive: &Archive, text: &str) {
    let moved = "+++\nslug = \"moved\"\naliases = [\"/2017/01/02/beta/\"]";
    archive.write("content/2017-01-02-beta/index.md", text.replacen("+++", moved, 1));
    publish(archive);
}

#[test]
fn a_release_from_before_a_withdrawn_report_moved_is_not_kept() {
    let archive = archive();
    publish(&archive);
    move_beta(&archive, &report("Beta", "Words of Beta that are nowhere else."));
    archive.remove("content/2017-01-02-beta/picture.png");
    let withdrawn = "withdrawn = { date = \"2017-02-01\", kind = \"privacy\" }";
    move_beta(&archive, &format!("+++\ntitle = \"Taken down\"\n{withdrawn}\n+++\n"));
    assert_gone(&archive);
}

#[test]
fn a_release_is_kept_when_a_report_moves() {
    let archive = compressed();
    publish(&archive);
    move_beta(&archive, &report("Beta", "Words of Beta that are nowhere else."));
    assert_eq!(releases(&archive), ["000001", "000002"]);
}

#[test]
fn a_release_is_kept_when_files_of_reports_move() {
    let archive = compressed();
    archive.write("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n");
    publish(&archive);
    // The addresses stay, and the copies go.
    archive.write("content/2017/.keep", "");
    for name in ["2017-01-01-alpha", "2017-01-03-gamma"] {
        let new = archive.path(&format!("content/2017/{name}"));
        fs::rename(archive.path(&format!("content/{name}")), new).unwrap();
    }
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    archive.write("dateline.toml", settings.replace("compress = true", "compress = false"));
    let about = "+++\ntitle = \"About\"\naliases = [\"/about/\"]\n+++\nUs.\n";
    archive.remove("content/pages/about.md");
    archive.write("content/pages/about-us.md", about);
    publish(&archive);
    assert_eq!(releases(&archive), ["000001", "000002"]);
}

/// The name of its file may be another report's by now.
#[test]
fn a_release_with_a_withdrawn_report_is_not_kept_for_its_file_s_name() {
    let archive = archive();
    publish(&archive);
    withdraw(&archive, "2017-01-02-beta");
    let tidied = archive.path("content/gone");
    fs::rename(archive.path("content/2017-01-02-beta"), &tidied).unwrap();
    let notice = fs::read_to_string(tidied.join("index.md")).unwrap();
    let notice = notice.replacen("+++", "+++\ndate = 2017-01-02\nslug = \"beta\"", 1);
    archive.write("content/gone/index.md", notice);
    let other = report("Other", "Other words.").replacen("+++", "+++\ndate = 2018-05-05", 1);
    archive.write("content/2017-01-02-beta/index.md", other);
    archive.write("content/2017-01-02-beta/picture.png", "x");
    publish(&archive);
    assert_gone(&archive);
}

#[test]
fn a_file_of_one_s_own_is_no_style_sheet_whatever_its_name() {
    let archive = archive();
    archive.write("static/assets/letter.0123456789abcdef.svg", "<svg>secret letter</svg>");
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    publish(&archive);
    archive.remove("static/assets/letter.0123456789abcdef.svg");
    publish(&archive);
    assert_eq!(holding(&archive, b"secret letter"), Vec::<String>::new());
    assert_eq!(releases(&archive), ["000001", "000002", "000003"]);
}

#[test]
fn a_file_that_is_gone_leaves_the_releases_that_are_kept() {
    let archive = archive();
    archive.write("static/list.csv", "names that nobody should have seen");
    archive.write("static/thing", "a file");
    publish(&archive);
    archive.remove("static/list.csv");
    archive.remove("static/thing");
    archive.write("static/thing/in.txt", "a file in a folder of that name");
    publish(&archive);
    assert_eq!(holding(&archive, b"nobody should have seen"), Vec::<String>::new());
    assert_eq!(releases(&archive), ["000001", "000002"]);
    fs::remove_dir_all(archive.path("static/thing")).unwrap();
    archive.write("static/thing", "a file again");
    publish(&archive);
    assert_eq!(releases(&archive), ["000001", "000002", "000003"]);
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn a_folder_by_another_program_is_left_alone() {
    let archive = archive();
    archive.write("www/releases/20240101/precious.txt", "precious");
    publish(&archive);
    publish(&archive);
    assert_eq!(releases(&archive), ["000001", "20240101"]);
    let link = archive.path("www/current");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("releases/20240101", &link).unwrap();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("--adopt"), "{}", refused.stderr());
    archive.run(&["deploy", "--adopt"]).succeeds();
    assert!(archive.path("www/releases/20240101/precious.txt").exists());
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn addresses_are_not_lost_where_the_link_or_the_record_is() {
    let archive = archive();
    publish(&archive);
    fs::remove_dir_all(archive.path("content/2017-01-02-beta")).unwrap();
    archive.build().succeeds();
    fs::remove_file(archive.path("www/current")).unwrap();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 1);
    assert!(refused.stderr().contains("/2017/01/02/beta/"), "{}", refused.stderr());
    archive.run(&["deploy", "--allow-lost"]).succeeds();
    assert_same(&deployed(&current(&archive)), &site(&archive));
    archive.write("www/releases/000002.json.gz", "damaged");
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("--adopt"), "{}", refused.stderr());
}

#[test]
fn a_link_that_is_gone_is_made_again() {
    let archive = archive();
    publish(&archive);
    fs::remove_file(archive.path("www/current")).unwrap();
    publish(&archive);
    assert_same(&deployed(&current(&archive)), &site(&archive));
}

#[test]
fn what_a_deploy_that_was_cut_short_left_is_removed() {
    let archive = archive();
    publish(&archive);
    archive.write("www/releases/.next/2017/01/09/x/index.html", "words");
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert!(!archive.path("www/releases/.next").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_where_a_link_leads() {
    let archive = archive();
    archive.write("static/lists/list.csv", "names");
    publish(&archive);
    archive.write("elsewhere/list.csv", "precious");
    let folder = archive.path("www/releases/000001/lists");
    fs::remove_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(archive.path("elsewhere"), &folder).unwrap();
    archive.remove("static/lists/list.csv");
    publish(&archive);
    assert_eq!(fs::read_to_string(archive.path("elsewhere/list.csv")).unwrap(), "precious");
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
        archive.write(&format!("www/releases/{path}"), bytes);
    }
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(holding(&archive, b"Words of Beta"), Vec::<String>::new());
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
