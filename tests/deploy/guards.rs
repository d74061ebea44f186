//! What is not deployed, and what is said about it.

use std::fs;

use serde_json::json;

use crate::archive::Archive;
use crate::little::{add, assert_same, little, publish};

fn archive() -> Archive {
    little("folder = \"www\"")
}

#[track_caller]
fn refused(archive: &Archive, arguments: &[&str], code: i32, words: &[&str]) {
    let before = archive.everything();
    let mut all = vec!["deploy"];
    all.extend(arguments);
    let deployed = archive.run(&all);
    assert_eq!(deployed.code(), code, "{}", deployed.stderr());
    for words in words {
        assert!(deployed.stderr().contains(words), "{words}: {}", deployed.stderr());
    }
    let touched = archive.everything();
    let www = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.iter().filter(|(path, _)| path.starts_with("www/")).count()
    };
    assert_eq!(www(&touched), www(&before));
}

#[test]
fn a_damaged_site_stays_at_home() {
    let archive = archive();
    archive.build().clean();
    fs::write(archive.path("public/2017/01/01/alpha/index.html"), "damaged").unwrap();
    let page = "`2017/01/01/alpha/index.html` among them";
    refused(&archive, &[], 1, &["1 of the site's files are not as they were built", page]);
}

#[test]
fn a_site_with_drafts_or_for_another_address_stays_at_home() {
    let archive = archive();
    refused(&archive, &[], 2, &["no record tells what was published", "build it first"]);
    archive.build_with(&["--drafts"]).succeeds();
    refused(&archive, &[], 2, &["was built with drafts", "run `dateline build`"]);
    archive.build_with(&["-u", "https://staging.example/"]).succeeds();
    refused(&archive, &[], 2, &["was built for https://staging.example/"]);
    archive.build().succeeds();
    archive.run(&["deploy"]).succeeds();
}

#[test]
fn an_address_that_readers_know_is_not_lost() {
    let archive = archive();
    publish(&archive);
    let moved = fs::read_to_string(archive.path("content/2017-01-02-beta/index.md")).unwrap();
    let moved = moved.replace("+++\ntitle", "+++\nslug = \"bet\"\ntitle");
    archive.write("content/2017-01-02-beta/index.md", &moved);
    archive.build().succeeds();
    let alias = "/2017/01/02/beta/: it is at /2017/01/02/bet/ now: add aliases = \
                 [\"/2017/01/02/beta/\"]";
    refused(&archive, &[], 1, &["addresses that readers know would be lost: 1", alias]);
    let aliased = |names: &str| moved.replace("slug =", &format!("aliases = [{names}]\nslug ="));
    let with_old = aliased("\"/2017/01/02/beta/\", \"/old/y.htm\"");
    archive.write("content/2017-01-02-beta/index.md", with_old);
    publish(&archive);
    // Whatever the name of its file.
    archive.write("content/2017-01-02-beta/index.md", aliased("\"/2017/01/02/beta/\""));
    archive.build().succeeds();
    refused(&archive, &[], 1, &["would be lost: 1", "/old/y.htm"]);
}

#[test]
fn an_address_may_be_lost_where_that_is_said() {
    let archive = archive();
    publish(&archive);
    fs::remove_dir_all(archive.path("content/2017-01-02-beta")).unwrap();
    archive.build().succeeds();
    let lost = "/2017/01/02/beta/: keep the file and add withdrawn = { … }";
    refused(&archive, &[], 1, &[lost, "/tags/beta/", "--allow-lost"]);
    let deployed = archive.run(&["deploy", "--allow-lost", "--json"]).succeeds();
    let lost = deployed.json()["lost"].clone();
    assert!(lost.as_array().unwrap().contains(&json!("/2017/01/02/beta/")), "{lost}");
}

#[test]
fn a_site_does_not_shrink_by_mistake() {
    let archive = archive();
    publish(&archive);
    fs::remove_dir_all(archive.path("content/2017-01-02-beta")).unwrap();
    archive.build().succeeds();
    let arguments = ["--allow-lost", "--max-deletes", "1"];
    refused(
        &archive,
        &arguments,
        1,
        &["files would be deleted, more than 1", "--max-deletes NUMBER"],
    );
}

#[test]
fn a_target_is_named_where_there_are_several() {
    let archive = archive();
    archive.build().clean();
    refused(&archive, &["elsewhere"], 2, &["there is no target “elsewhere”", "say which: there"]);
    let archive = Archive::new()
        .config("[deploy.targets.a]\nfolder = \"www/a\"\n[deploy.targets.b]\nfolder = \"www/b\"\n");
    archive.build().clean();
    refused(&archive, &[], 2, &["the settings name several targets", "say which: a, b"]);
    archive.run(&["deploy", "b"]).succeeds();
    assert!(archive.path("www/b/current/index.html").exists());
}

#[test]
fn credentials_in_the_settings_stop_everything_and_are_not_shown() {
    for target in [
        "bucket = \"s3://a\"\nsecret_access_key = \"hunter2hunter2\"",
        "bucket = \"s3://a\"\nAWS_SESSION_TOKEN = \"hunter2hunter2\"",
        "git = \"https://hunter2hunter2@github.com/me/site.git\"",
        "git = \"https://me:hunter2hunter2@github.com/me/site.git\"",
        "folder = \"www\"\npurge = \"https://cdn.example/purge?api_key=hunter2hunter2\"",
    ] {
        let archive = little(target);
        for command in ["build", "deploy"] {
            let stopped = archive.run(&[command]);
            assert_eq!(stopped.code(), 1, "{target}");
            let said = format!("{}{}", stopped.stdout(), stopped.stderr());
            assert!(said.contains("credentials don't belong into the settings"), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn a_key_that_nobody_knows_does_not_show_its_value() {
    let archive = archive();
    let settings = std::fs::read_to_string(archive.path("dateline.toml")).unwrap();
    for line in ["auth = \"s3cr3t\"", "pass = \"s3cr3t\"", "headers = { X = \"s3cr3t\" }"] {
        archive.write("dateline.toml", format!("{settings}{line}\n"));
        for command in ["build", "deploy", "check"] {
            let said = archive.run(&[command]);
            let (out, err) = (said.stdout(), said.stderr());
            assert!(!out.contains("s3cr3t") && !err.contains("s3cr3t"), "{command}: {out}{err}");
        }
        let key = line.split(' ').next().unwrap();
        assert!(archive.build().stderr().contains(&format!("“{key}” is not a key")));
    }
}

#[test]
fn a_target_is_no_part_of_the_archive() {
    for place in ["static", "content/www", "public", "public/x", "./.dateline", "links/../static"] {
        for kind in ["folder", "rsync"] {
            let archive = little(&format!("{kind} = \"{place}\""));
            archive.build().succeeds();
            let before = archive.everything();
            let refused = archive.run(&["deploy"]);
            assert_eq!(refused.code(), 2, "{place}");
            let said = refused.stderr();
            assert!(said.contains("is part of the archive or of its site"), "{said}");
            assert_same(&archive.everything(), &before);
        }
    }
}

#[test]
fn a_place_can_not_pass_for_an_option() {
    for target in [
        "rsync = \"--rsh=touch hacked\"",
        "git = \"--upload-pack=touch hacked\"",
        "rsync = \"a:b\"\nfolder = \"www\"",
        "bucket = \"ftp://a/\"",
        "",
    ] {
        let archive = little(target);
        assert_eq!(archive.run(&["build"]).code(), 1, "{target}");
    }
}

#[test]
fn the_addresses_that_changed_are_written_down() {
    let archive = archive();
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    archive.build().succeeds();
    let list = archive.path("changed.txt").display().to_string();
    archive.run(&["deploy", "--changed-urls", &list]).succeeds();
    let list = fs::read_to_string(list).unwrap();
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines.contains(&"https://archive.example/2017/01/04/delta/"), "{list}");
    assert!(lines.contains(&"https://archive.example/"), "{list}");
    assert!(!lines.contains(&"https://archive.example/2017/01/01/alpha/picture.png"), "{list}");
}

/// A pattern has no page of its own: it keeps an address where a host is told of it, and nowhere else.
#[test]
fn a_pattern_keeps_an_address_only_where_the_host_answers_it() {
    for (host, pattern, is_kept) in [
        ("", "/2017/*", false),
        ("host = \"github-pages\"", "/2017/*", false),
        ("host = \"s3\"", "/2017/*/*", false),
        ("host = \"s3\"", "/2017/*", true),
        ("host = \"nginx\"", "/2017/*", true),
    ] {
        let archive = archive();
        let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
        archive.write("dateline.toml", format!("{settings}[deploy]\n{host}\n"));
        publish(&archive);
        fs::remove_dir_all(archive.path("content/2017-01-02-beta")).unwrap();
        let redirects = [pattern, "/tags/*", "/on-this-day/*"]
            .map(|from| format!("[[redirects]]\nfrom = \"{from}\"\nto = \"/\"\n"));
        let redirects = redirects.concat();
        archive.write("dateline.toml", format!("{settings}[deploy]\n{host}\n{redirects}"));
        archive.build().succeeds();
        if is_kept {
            archive.run(&["deploy"]).succeeds();
        } else {
            refused(&archive, &[], 1, &["would be lost", "/2017/01/02/beta/"]);
        }
    }
}

/// Also below a folder that addresses write otherwise.
#[test]
fn a_pattern_that_a_host_is_not_told_keeps_nothing_below_a_folder() {
    let archive = archive();
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let settings = settings.replace("https://archive.example/", "https://archive.example/أخبار/");
    assert!(settings.contains("أخبار"), "{settings}");
    let settings = format!("{settings}[deploy]\nhost = \"s3\"\n");
    archive.write("dateline.toml", &settings);
    publish(&archive);
    fs::remove_dir_all(archive.path("content/2017-01-02-beta")).unwrap();
    let redirects = ["/2017/*/*", "/tags/*", "/on-this-day/*"]
        .map(|from| format!("[[redirects]]\nfrom = \"{from}\"\nto = \"/\"\n"));
    archive.write("dateline.toml", format!("{settings}{}", redirects.concat()));
    archive.build().succeeds();
    refused(&archive, &[], 1, &["would be lost", "/2017/01/02/beta/"]);
}

/// Two archives whose settings name one place would take each other's site down at each deploy.
#[test]
fn a_site_for_another_address_is_not_overwritten_unless_that_is_said() {
    let archive = archive();
    publish(&archive);
    let settings = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let moved = settings.replace("base_url = \"https://archive.example/\"\n", "");
    archive.write("dateline.toml", format!("base_url = \"https://other.example/\"\n{moved}"));
    archive.build().succeeds();
    let told = "`there` holds a site for https://archive.example/, and this one is for \
                https://other.example/";
    refused(&archive, &[], 2, &[told, "--adopt"]);
    archive.run(&["deploy", "--adopt"]).succeeds();
    archive.run(&["deploy"]).succeeds();
}

#[test]
fn an_address_is_lost_with_a_warning_once_a_deploy_made_it_known() {
    let archive = little("folder = \"www\"");
    let settings =
        "base_url = \"https://gazette.org/\"\n[deploy.targets.there]\nfolder = \"www\"\n";
    let archive = archive.config(settings);
    let lose = |name: &str| {
        std::fs::remove_dir_all(archive.path(&format!("content/{name}"))).unwrap();
        archive.build().succeeds().stderr()
    };
    archive.build().clean();
    assert!(archive.run(&["deploy", "--dry-run"]).succeeds().stdout().contains("put"));
    assert!(lose("2017-01-01-alpha").contains("note[lost-url]"));
    archive.run(&["deploy"]).succeeds();
    assert!(lose("2017-01-02-beta").contains("warning[lost-url]"));
}

#[test]
fn the_page_of_a_term_that_was_split_is_not_lost_unasked() {
    let archive = little("folder = \"www\"");
    let text = |tags: &str| format!("+++\ntitle = \"D\"\ntags = {tags}\n+++\nWords.\n");
    archive.write("content/2017-01-05-d.md", text("[\"money and markets\"]"));
    archive.build().clean();
    archive.run(&["deploy"]).succeeds();
    archive.write("content/2017-01-05-d.md", text("[\"money\", \"markets\"]"));
    archive.build().succeeds();
    refused(&archive, &[], 1, &["/tags/money-and-markets/"]);
}

#[test]
fn a_lock_that_is_held_or_can_not_be_taken_refuses() {
    let archive = little("folder = \"www\"");
    archive.build().clean();
    archive.run(&["deploy"]).succeeds();
    let lock = archive.path("www/releases/.lock");
    let before = crate::archive::tree(&archive.path("www"));
    let held = std::fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    refused(&archive, &[], 2, &["another deploy is writing to"]);
    drop(held);
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    refused(&archive, &[], 2, &["can't lock"]);
    std::fs::remove_dir(&lock).unwrap();
    assert_eq!(crate::archive::tree(&archive.path("www")).len(), before.len() - 1);
    archive.run(&["deploy"]).succeeds();
}
