//! Tests of the pure parts: record, plan, lost addresses.

use std::sync::Arc;

use crate::base::file_kind::FileKind;
use crate::output::{Entry, Files, Manifest, ManifestParts, Redirect, Sha256, Withdrawn};

use super::lost::lost;
use super::plan::{Plan, Step};
use super::remote::{RemoteFile, RemoteManifest, Unreadable};

fn entry(kind: FileKind, bytes: &str) -> Entry {
    Entry {
        sha256: Sha256::of(bytes.as_bytes()),
        size: bytes.len() as u64,
        kind,
        is_copy: false,
        written: (0, 0),
        source: (kind == FileKind::Article).then(|| Arc::from("content/secret-name.md")),
        body: None,
    }
}

/// A site with these files.
fn site(files: &[(&str, FileKind, &str)]) -> Manifest {
    let rows = files.iter().map(|&(path, kind, bytes)| (Arc::from(path), entry(kind, bytes)));
    Manifest::new(ManifestParts::default(), Files::new(rows.collect()))
}

/// The record of a target with this site.
fn there(site: &Manifest) -> RemoteManifest {
    let mut remote = RemoteManifest::default();
    for (path, entry) in site.files.iter() {
        remote.put(path, RemoteFile::of(entry, Some(7)));
    }
    remote
}

fn told(plan: &Plan) -> Vec<String> {
    let stages = plan.stages.iter().flat_map(|stage| {
        let puts = stage.puts.iter().map(move |path| format!("{:?} + {path}", stage.step));
        puts.chain(stage.deletes.iter().map(move |path| format!("{:?} - {path}", stage.step)))
    });
    stages.collect()
}

use FileKind::{Article, Asset, Feed, Listing, Theme, Tombstone};

#[test]
fn a_record_comes_back_as_it_was_written_and_names_no_source() {
    let old = site(&[("a/index.html", Article, "old"), ("b/index.html", Listing, "b")]);
    let new = site(&[("a/index.html", Article, "new"), ("c/index.html", Article, "c")]);
    let mut remote = there(&old);
    Plan::between(&remote, &new).begin(&mut remote, &new);
    let bytes = remote.write().unwrap();
    assert_eq!(bytes, remote.write().unwrap());
    assert_eq!(RemoteManifest::read(&bytes), Ok(remote.clone()));
    let text = serde_json::to_string(&format!("{remote:?}")).unwrap();
    assert!(!text.contains("secret-name"), "{text}");
    for damaged in [&bytes[..bytes.len() - 4], b"", b"{}"] {
        assert_eq!(RemoteManifest::read(damaged), Err(Unreadable::Damaged));
    }
}

#[test]
fn a_record_that_leads_out_of_the_site_is_no_record() {
    let mut remote = RemoteManifest::default();
    remote.put(&Arc::from("../other/index.html"), RemoteFile::of(&entry(Article, "a"), None));
    assert_eq!(RemoteManifest::read(&remote.write().unwrap()), Err(Unreadable::Damaged));
}

#[test]
fn what_is_the_same_is_left_alone() {
    let site = site(&[("a/index.html", Article, "a"), ("index.html", Listing, "home")]);
    let plan = Plan::between(&there(&site), &site);
    assert!(plan.is_empty());
    assert_eq!(plan.unchanged, 2);
}

#[test]
fn new_addresses_come_before_the_pages_that_link_to_them() {
    let old = site(&[
        ("2017/a/index.html", Article, "a"),
        ("assets/style.0123456789abcdef.css", Theme, "red"),
        ("atom.xml", Feed, "1"),
        ("index.html", Listing, "1"),
    ]);
    let new = site(&[
        ("2017/a/index.html", Article, "a, and then b"),
        ("2018/b/index.html", Article, "b"),
        ("2018/b/photo.png", Asset, "photo"),
        ("2018/index.html", Listing, "2018"),
        ("assets/style.fedcba9876543210.css", Theme, "blue"),
        ("atom.xml", Feed, "2"),
        ("feeds/2018.xml", Feed, "2018"),
        ("index.html", Listing, "2"),
    ]);
    let expected = [
        "Theme + assets/style.fedcba9876543210.css",
        "Assets + 2018/b/photo.png",
        "NewListings + 2018/index.html",
        "NewFeeds + feeds/2018.xml",
        "NewArticles + 2018/b/index.html",
        "Articles + 2017/a/index.html",
        "Listings + index.html",
        "Feeds + atom.xml",
    ];
    let plan = Plan::between(&there(&old), &new);
    assert_eq!(told(&plan), expected);
    assert_eq!(plan.kept, [Arc::from("assets/style.0123456789abcdef.css")]);
}

/// Carries out a plan completely.
fn carry_out(remote: &mut RemoteManifest, site: &Manifest) -> Vec<String> {
    let plan = Plan::between(remote, site);
    for path in plan.puts() {
        remote.put(path, RemoteFile::of(site.files.get(path).unwrap(), None));
    }
    for path in plan.deletes() {
        remote.deleted(path);
    }
    if !plan.is_empty() {
        remote.conclude(&plan.kept);
    }
    told(&plan)
}

#[test]
fn a_style_sheet_stays_for_one_deploy_that_does_something() {
    let styled = |letter: &str| {
        let sheets =
            ["css", "css.br"].map(|ending| format!("assets/style.{}.{ending}", letter.repeat(16)));
        let mut files = vec![("index.html", Listing, letter), ("style.css", Theme, "plain")];
        files.extend(sheets.iter().map(|path| (path.as_str(), Theme, letter)));
        site(&files)
    };
    let sheet = |sign: &str, letter: &str| {
        ["css", "css.br"]
            .map(|ending| format!("{sign} assets/style.{}.{ending}", letter.repeat(16)))
    };
    let mut remote = there(&styled("a"));
    let [plain, compressed] = sheet("Theme +", "b");
    assert_eq!(
        carry_out(&mut remote, &styled("b")),
        [&plain, &compressed, "Listings + index.html"]
    );
    assert_eq!(carry_out(&mut remote, &styled("b")), Vec::<String>::new());
    let again = RemoteManifest::read(&remote.write().unwrap()).unwrap();
    assert_eq!(again, remote);
    // An interrupted deploy deletes nothing that the next one keeps.
    let third = styled("c");
    let mut dead = remote.clone();
    Plan::between(&dead, &third).begin(&mut dead, &third);
    for mut remote in [remote, dead] {
        let told = carry_out(&mut remote, &third);
        assert_eq!(told[told.len() - 2..], sheet("Deletions -", "a"));
        let kept: Vec<String> = remote.kept.iter().map(|path| format!("kept {path}")).collect();
        assert_eq!(kept, sheet("kept", "b"));
        // Used again, and then removed again: its time starts anew.
        carry_out(&mut remote, &styled("b"));
        let told = carry_out(&mut remote, &styled("d"));
        assert_eq!(told[told.len() - 2..], sheet("Deletions -", "c"));
        assert!(remote.files.contains_key(sheet("x", "b")[0].trim_start_matches("x ")));
    }
}

#[test]
fn a_withdrawn_file_is_not_kept_whatever_its_name() {
    let file = "assets/scan.0123456789abcdef.pdf";
    let old = site(&[("a/index.html", Article, "a"), (file, Asset, "scan")]);
    let mut new = site(&[("a/index.html", Tombstone, "gone")]);
    new.withdrawn = vec![Withdrawn {
        path: "/a/".to_owned(),
        kind: "privacy".to_owned(),
        status: 410,
        assets: vec![file.to_owned()],
    }];
    let plan = Plan::between(&there(&old), &new);
    assert_eq!(told(&plan), ["Withdrawals + a/index.html", &format!("Withdrawals - {file}")]);
    assert!(plan.kept.is_empty());
}

#[test]
fn what_was_withdrawn_goes_first_with_all_that_stood_beside_it() {
    let old = site(&[
        ("a/index.html", Article, "a"),
        ("a/photo.png", Asset, "photo"),
        ("b/index.html", Article, "b"),
        ("files/a.pdf", Asset, "pdf"),
        ("tags/x/index.html", Listing, "x"),
    ]);
    let mut new = site(&[("a/index.html", Tombstone, "gone"), ("b/index.html", Article, "new b")]);
    new.withdrawn = vec![Withdrawn {
        path: "/a/".to_owned(),
        kind: "copyright".to_owned(),
        status: 410,
        assets: vec!["files/a.pdf".to_owned()],
    }];
    let expected = [
        "Withdrawals + a/index.html",
        "Withdrawals - a/photo.png",
        "Withdrawals - files/a.pdf",
        "Articles + b/index.html",
        "Deletions - tags/x/index.html",
    ];
    assert_eq!(told(&Plan::between(&there(&old), &new)), expected);
    assert_eq!(lost(&there(&old), &new), []);
}

#[test]
fn a_file_in_the_way_of_a_folder_goes_before_what_is_put_there() {
    let old = site(&[("a", Asset, "a"), ("b/c.html", Article, "c")]);
    let new = site(&[("a/index.html", Article, "a"), ("b", Asset, "b")]);
    let told = told(&Plan::between(&there(&old), &new));
    assert_eq!(told[..2], ["Withdrawals - a", "Withdrawals - b/c.html"]);
}

/// For every set of files that an interrupted deploy had uploaded.
#[test]
fn a_deploy_that_died_is_made_good_from_its_record() {
    let old =
        site(&[("a.html", Article, "1"), ("gone.html", Article, "g"), ("same.html", Article, "s")]);
    let new =
        site(&[("a.html", Article, "2"), ("b.html", Article, "b"), ("same.html", Article, "s")]);
    let mut remote = there(&old);
    Plan::between(&remote, &new).begin(&mut remote, &new);
    let again = told(&Plan::between(&remote, &new));
    assert_eq!(again, ["NewArticles + b.html", "Articles + a.html", "Deletions - gone.html"]);
    // Meanwhile the site changed, and lacks the files uploaded for the first time.
    let back = told(&Plan::between(&remote, &old));
    assert_eq!(back, ["Articles + a.html", "Articles + gone.html", "Deletions - b.html"]);
    remote.put(&Arc::from("b.html"), RemoteFile::of(&entry(Article, "b"), None));
    remote.deleted("gone.html");
    assert_eq!(told(&Plan::between(&remote, &new)), ["Articles + a.html"]);
}

#[test]
fn an_empty_target_gets_its_entrances_last() {
    let new = site(&[
        ("2018/b/index.html", Article, "b"),
        ("2018/index.html", Listing, "2018"),
        ("atom.xml", Feed, "2"),
        ("index.html", Listing, "2"),
    ]);
    let plan = Plan::between(&RemoteManifest::default(), &new);
    let steps: Vec<Step> = plan.stages.iter().map(|stage| stage.step).collect();
    assert_eq!(steps, [Step::NewListings, Step::NewArticles, Step::Articles, Step::Listings]);
}

#[test]
fn an_address_is_lost_unless_something_stands_there_or_leads_on() {
    let old = site(&[
        ("a/index.html", Article, "a"),
        ("b.html", Article, "b"),
        ("old/c/index.html", Listing, "c"),
        ("photo.png", Asset, "photo"),
    ]);
    let mut new = site(&[("z/index.html", Article, "moved")]);
    let addresses = |new: &Manifest| -> Vec<String> {
        lost(&there(&old), new).into_iter().map(|lost| lost.address).collect()
    };
    assert_eq!(addresses(&new), ["/a/", "/b.html", "/old/c/"]);
    let now = lost(&there(&old), &new)[0].help();
    assert_eq!(now, "it is at /z/ now: add aliases = [\"/a/\"]");
    let leading =
        |from: &str| Redirect { from: from.to_owned(), to: "/z/".to_owned(), status: 301 };
    new.redirects = vec![leading("/a/"), leading("/old/*")];
    assert_eq!(addresses(&new), ["/b.html"]);
}
