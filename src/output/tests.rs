//! Tests of the whole room.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::base::file_kind::FileKind;

fn target(root: &TempDir) -> Target {
    Target {
        name: "public".to_owned(),
        output: root.path().join("public"),
        state: root.path().join(".dateline/x"),
        adopt: false,
        durability: Durability::Lasting,
    }
}

fn build(target: &Target, files: &[(&str, &str)]) -> Result<Committed, OutputError> {
    let before = Manifest::load(target)?;
    let stage = Stage::open(target, before.as_ref())?;
    for (path, text) in files {
        stage.write(SiteFile::new(path, FileKind::Article), text.as_bytes())?;
    }
    stage.commit(ManifestParts::default()).map(|(committed, _)| committed)
}

fn text(target: &Target, path: &str) -> Option<String> {
    fs::read_to_string(target.output.join(path)).ok()
}

fn stage_is_gone(target: &Target) -> bool {
    let (beside, inside) = stage_places(&target.output);
    !beside.unwrap().exists() && !inside.exists()
}

#[test]
fn first_commit_renames_then_nothing_changes() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    for empty_first in [false, true] {
        if empty_first {
            fs::remove_dir_all(&target.output).unwrap();
            fs::create_dir(&target.output).unwrap();
            assert_eq!(Manifest::load(&target).unwrap(), None);
        }
        let done = build(&target, &[("index.html", "a"), ("2024/x/index.html", "bc")]).unwrap();
        assert_eq!((done.written, done.unchanged, done.removed, done.bytes), (2, 0, 0, 3));
        assert_eq!(text(&target, "2024/x/index.html").as_deref(), Some("bc"));
        let done = build(&target, &[("index.html", "a"), ("2024/x/index.html", "bc")]).unwrap();
        assert_eq!((done.written, done.unchanged, done.removed, done.bytes), (0, 2, 0, 0));
        assert!(stage_is_gone(&target));
    }
    // A lost or truncated file is restored.
    fs::write(target.output.join("index.html"), "").unwrap();
    let done = build(&target, &[("index.html", "a"), ("2024/x/index.html", "bc")]).unwrap();
    assert_eq!(done.paths, [Arc::from("index.html")]);
}

#[test]
fn prunes_its_own_and_leaves_foreign_files() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    build(&target, &[("a/b/c.html", "1"), ("a/d.html", "2"), ("e.html", "3")]).unwrap();
    fs::write(target.output.join("a/mine.txt"), "mine").unwrap();
    let done = build(&target, &[("e.html", "4")]).unwrap();
    assert_eq!((done.written, done.removed), (1, 2));
    assert!(!target.output.join("a/b").exists());
    assert_eq!(text(&target, "a/mine.txt").as_deref(), Some("mine"));
    assert_eq!(text(&target, "e.html").as_deref(), Some("4"));
}

#[test]
fn file_becomes_folder_and_back() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    build(&target, &[("a", "file"), ("z", "z")]).unwrap();
    build(&target, &[("a/b/index.html", "page"), ("z", "z")]).unwrap();
    assert_eq!(text(&target, "a/b/index.html").as_deref(), Some("page"));
    let done = build(&target, &[("a", "file"), ("z", "z")]).unwrap();
    assert_eq!(done.removed_paths, [Arc::from("a/b/index.html")]);
    assert_eq!(text(&target, "a").as_deref(), Some("file"));
    // The other spelling.
    build(&target, &[("A", "file"), ("z", "z")]).unwrap();
    assert_eq!(text(&target, "A").as_deref(), Some("file"));
}

#[test]
fn foreign_file_in_the_way_stops_before_anything_moves() {
    let root = TempDir::new().unwrap();
    let mut target = target(&root);
    build(&target, &[("a", "1"), ("d/x", "1")]).unwrap();
    fs::write(target.output.join("b"), "mine").unwrap();
    for (path, adoptable) in [("b", true), ("b/index.html", false)] {
        let error = build(&target, &[("a", "2"), ("d/x", "1"), (path, "x")]).unwrap_err();
        assert!(matches!(&error, OutputError::Blocked { foreign, adoptable: is, .. }
            if foreign.ends_with("b") && *is == adoptable));
        assert_eq!(text(&target, "a").as_deref(), Some("1"));
        assert!(stage_is_gone(&target));
    }
    fs::write(target.output.join("d/mine"), "mine").unwrap();
    let error = build(&target, &[("a", "2"), ("d", "x")]).unwrap_err();
    assert!(error.to_string().contains("d/mine"), "{error}");
    target.adopt = true;
    build(&target, &[("a", "2"), ("d/x", "1"), ("b", "ours")]).unwrap();
    assert_eq!(text(&target, "b").as_deref(), Some("ours"));
}

#[test]
fn lost_or_damaged_manifest_is_refused_then_adopted() {
    let root = TempDir::new().unwrap();
    let mut target = target(&root);
    let files = [("a", "1"), ("b", "2")];
    for damage in [
        |path: &Path| fs::remove_file(path).unwrap(),
        |path: &Path| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replace("\"a\"", "\"c\"")).unwrap();
        },
    ] {
        target.adopt = false;
        build(&target, &files).unwrap();
        damage(&target.manifest());
        let error = build(&target, &files).unwrap_err();
        assert!(matches!(error, OutputError::NotOurs { .. }));
        assert!(error.help().unwrap().contains("--adopt"));
        target.adopt = true;
        fs::write(target.output.join("mine"), "mine").unwrap();
        assert_eq!(build(&target, &files).unwrap().written, 2);
        target.adopt = false;
        assert_eq!(build(&target, &files).unwrap().unchanged, 2);
        assert_eq!(build(&target, &files[..1]).unwrap().removed_paths, [Arc::from("b")]);
        assert_eq!(text(&target, "mine").as_deref(), Some("mine"));
    }
}

#[test]
fn second_build_is_kept_out() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let stage = Stage::open(&target, None).unwrap();
    assert!(matches!(Stage::open(&target, None), Err(OutputError::Busy { .. })));
    if cfg!(unix) {
        // Same output, other state.
        let other = Target { state: root.path().join(".dateline/y"), ..target.clone() };
        assert!(matches!(Stage::open(&other, None), Err(OutputError::Busy { .. })));
    }
    stage.write(SiteFile::new("a", FileKind::Feed), b"x").unwrap();
    drop(stage);
    assert!(stage_is_gone(&target) && !target.output.exists());
    Stage::open(&target, None).unwrap();
}

#[test]
fn stale_manifest_is_noticed() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    build(&target, &[("a", "1")]).unwrap();
    let before = Manifest::load(&target).unwrap();
    build(&target, &[("a", "2")]).unwrap();
    assert!(matches!(Stage::open(&target, before.as_ref()), Err(OutputError::Changed { .. })));
}

#[test]
fn bad_paths_and_clashes_are_refused() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let stage = Stage::open(&target, None).unwrap();
    for path in ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\0", ".dateline-stage/x"] {
        let error = stage.write(SiteFile::new(path, FileKind::Article), b"").unwrap_err();
        assert!(matches!(error, OutputError::BadPath { .. }), "{path:?}");
    }
    stage.write(SiteFile::new("a", FileKind::Article), b"").unwrap();
    for path in ["a", "a/b", "a/b/c"] {
        let error = stage.write(SiteFile::new(path, FileKind::Article), b"").unwrap_err();
        assert!(matches!(error, OutputError::Clash { .. }), "{path:?}: {error}");
    }
    stage.write(SiteFile::new("d/e", FileKind::Article), b"").unwrap();
    assert!(matches!(
        stage.write(SiteFile::new("d", FileKind::Article), b""),
        Err(OutputError::Clash { .. })
    ));
    assert_eq!(
        stage.commit(ManifestParts::default()).unwrap().0.paths,
        ["a", "d/e"].map(Arc::from)
    );

    // One of the two is unchanged, so it is not staged.
    let error = build(&target, &[("a", ""), ("a/b", "x")]).unwrap_err();
    assert!(matches!(error, OutputError::Clash { .. }), "{error}");
    let error = build(&target, &[("d/e", ""), ("d", "x")]).unwrap_err();
    assert!(matches!(error, OutputError::Clash { .. }), "{error}");
}

#[test]
fn copies_and_keeps_the_record() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let source = root.path().join("photo.jpg");
    fs::write(&source, "pixels").unwrap();
    let parts = ManifestParts {
        output: target.name.clone(),
        base_url: "https://example.org/".to_owned(),
        terms: vec![TermOwner {
            taxonomy: "tags".to_owned(),
            slug: "c".to_owned(),
            key: "c++".to_owned(),
        }],
        redirects: vec![Redirect { from: "/a/".to_owned(), to: "/b/".to_owned(), status: 301 }],
        withdrawn: vec![Withdrawn {
            path: "/w/".to_owned(),
            kind: "court".to_owned(),
            status: 451,
            assets: vec!["w/a.png".to_owned()],
        }],
        rejected: vec!["content/broken.md".to_owned()],
        active: vec!["a/scan.html".to_owned()],
    };
    for round in 0..3 {
        if round == 2 {
            fs::write(&source, "PIXELS").unwrap();
        }
        let before = Manifest::load(&target).unwrap();
        let stage = Stage::open(&target, before.as_ref()).unwrap();
        stage.copy(SiteFile::new("i/photo.jpg", FileKind::Asset), &source).unwrap();
        assert!(stage.copy(SiteFile::new("x", FileKind::Asset), root.path()).is_err());
        assert_eq!(stage.commit(parts.clone()).unwrap().0.written, usize::from(round != 1));
    }
    let manifest = Manifest::load(&target).unwrap().unwrap();
    assert_eq!(manifest.redirects, parts.redirects);
    assert_eq!(manifest.withdrawn, parts.withdrawn);
    assert_eq!(manifest.terms, parts.terms);
    let sha256 = manifest.files.get("i/photo.jpg").unwrap().sha256.to_string();
    assert!(sha256.len() == 64 && sha256.starts_with("9cab44635b653d96"), "{sha256}");
}

/// The next run finishes a commit that was interrupted after its journal was written, or half-way.
#[test]
fn interrupted_commit_is_finished() {
    for first in [true, false] {
        for moved in [&[][..], &["b"], &["b", "n/c"]] {
            let root = TempDir::new().unwrap();
            let target = target(&root);
            if !first {
                build(&target, &[("a", "1"), ("b", "1"), ("d/e", "1")]).unwrap();
            } else if !moved.is_empty() {
                continue;
            }
            let (stage, _) = stage_places(&target.output);
            let stage = stage.unwrap();
            // Build the new site elsewhere to get its journal and stage.
            let other = Target {
                name: "public".to_owned(),
                output: root.path().join("o"),
                state: root.path().join("s"),
                adopt: false,
                durability: Durability::Lasting,
            };
            build(&other, &[("a", "1"), ("b", "2"), ("n/c", "2")]).unwrap();
            fs::create_dir_all(&target.state).unwrap();
            fs::rename(other.manifest(), target.journal()).unwrap();
            if !first {
                fs::remove_file(other.output.join("a")).unwrap();
            }
            fs::rename(&other.output, &stage).unwrap();
            for path in moved {
                let to = target.output.join(path);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::rename(stage.join(path), to).unwrap();
            }
            let manifest = Manifest::load(&target).unwrap().unwrap();
            assert_eq!(manifest.files.len(), 3);
            assert!(stage_is_gone(&target) && !target.journal().exists());
            let found = ["a", "b", "n/c", "d/e"].map(|path| text(&target, path));
            let wanted =
                [Some("1"), Some("2"), Some("2"), None].map(|text| text.map(str::to_owned));
            assert_eq!(found, wanted);
            assert!(!target.output.join("d").exists());
            assert_eq!(
                build(&target, &[("a", "1"), ("b", "2"), ("n/c", "2")]).unwrap().unchanged,
                3
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_nor_removed() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    build(&target, &[("a/b", "1"), ("c", "1")]).unwrap();
    let elsewhere = root.path().join("elsewhere");
    fs::rename(target.output.join("a"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, target.output.join("a")).unwrap();
    let error = build(&target, &[("a/b", "2"), ("c", "1")]).unwrap_err();
    assert!(matches!(error, OutputError::Blocked { .. }));
    build(&target, &[("c", "1")]).unwrap();
    assert!(elsewhere.join("b").exists());
}

#[cfg(unix)]
#[test]
fn output_may_be_a_link_and_files_have_default_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let real = root.path().join("far/real");
    fs::create_dir_all(&real).unwrap();
    std::os::unix::fs::symlink(&real, &target.output).unwrap();
    build(&target, &[("a", "1")]).unwrap();
    build(&target, &[("a", "2")]).unwrap();
    assert_eq!(fs::read_to_string(real.join("a")).unwrap(), "2");
    fs::write(root.path().join("plain"), "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&real.join("a")), mode(&root.path().join("plain")));
}

#[test]
fn threads_may_write_at_once() {
    use rayon::prelude::*;
    let root = TempDir::new().unwrap();
    let target = target(&root);
    for round in 0..2 {
        let before = Manifest::load(&target).unwrap();
        let stage = Stage::open(&target, before.as_ref()).unwrap();
        (0..2000u32).into_par_iter().for_each(|number| {
            let path = format!("{}/{}/{number}.html", number % 7, number % 13);
            stage.write(SiteFile::new(&path, FileKind::Article), path.as_bytes()).unwrap();
        });
        let (done, _) = stage.commit(ManifestParts::default()).unwrap();
        assert_eq!((done.written, done.unchanged), if round == 0 { (2000, 0) } else { (0, 2000) });
    }
}

#[test]
fn output_that_is_a_file_is_named() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    fs::write(&target.output, "").unwrap();
    let error = build(&target, &[("a", "1")]).unwrap_err();
    assert!(error.to_string().contains("public`: a file is where a folder must be"), "{error}");
    assert!(error.help().is_some());
}

#[test]
fn clashes_are_found_in_a_rebuild() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    build(&target, &[("z", "1")]).unwrap();
    for path in ["a/b", "a/b/c/d"] {
        let error = build(&target, &[("z", "1"), ("a", "x"), (path, "x")]).unwrap_err();
        assert!(matches!(error, OutputError::Clash { .. }), "{error}");
    }
    assert!(stage_is_gone(&target) && !target.output.join("a").exists());
}

/// A commit that fails after its commit point keeps its stage; the next run finishes it.
#[test]
fn failed_commit_is_finished() {
    for lose_output in [false, true] {
        let root = TempDir::new().unwrap();
        let target = target(&root);
        build(&target, &[("a", "1"), ("b", "1"), ("gone/x", "1")]).unwrap();
        let before = Manifest::load(&target).unwrap();
        let stage = Stage::open(&target, before.as_ref()).unwrap();
        for path in ["a", "b", "new/c"] {
            stage.write(SiteFile::new(path, FileKind::Article), b"2").unwrap();
        }
        // A folder can't be replaced by the manifest's file.
        fs::remove_file(target.manifest()).unwrap();
        fs::create_dir(target.manifest()).unwrap();
        let waiting = stage_places(&target.output).0.unwrap();
        let aside = root.path().join("aside");
        assert!(
            std::process::Command::new("cp")
                .arg("-r")
                .args([&waiting, &aside])
                .status()
                .unwrap()
                .success()
        );
        stage.commit(ManifestParts::default()).unwrap_err();
        fs::remove_dir(target.manifest()).unwrap();
        assert!(waiting.exists() && target.journal().exists());
        if lose_output {
            fs::remove_dir_all(&target.output).unwrap();
            fs::remove_dir_all(&waiting).unwrap();
            fs::rename(aside, &waiting).unwrap();
        }
        let manifest = Manifest::load(&target).unwrap().unwrap();
        assert_eq!(manifest.files.len(), 3);
        assert!(stage_is_gone(&target) && !target.journal().exists());
        assert_eq!(text(&target, "new/c").as_deref(), Some("2"));
        assert_eq!(build(&target, &[("a", "2"), ("b", "2"), ("new/c", "2")]).unwrap().unchanged, 3);
    }
}

/// The second version of the manifest of an existing site.
fn second_version(target: &Target) -> String {
    let manifest = Manifest::load(target).unwrap().unwrap();
    let files: serde_json::Map<String, serde_json::Value> = manifest
        .files
        .iter()
        .map(|(path, entry)| {
            let Entry { sha256, size, kind, written, .. } = entry;
            let value = serde_json::json!({
                "sha256": sha256.to_string(), "size": size, "kind": kind, "written": written,
            });
            (path.to_string(), value)
        })
        .collect();
    let body = serde_json::json!({
        "version": 2, "base_url": "", "output": "public", "files": files, "redirects": [],
        "withdrawn": [], "articles": { "content/a.md": "/2024/a/" },
    });
    let body = body.to_string();
    let checksum = xxhash_rust::xxh3::xxh3_64(body.as_bytes());
    let head =
        format!("{{\"format\":\"dateline-manifest\",\"version\":2,\"xxh3\":\"{checksum:016x}\"}}");
    format!("{head}\n{body}")
}

#[test]
fn a_site_that_an_early_build_published_goes_on() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let files = [("2024/a/index.html", "1"), ("b", "2")];
    build(&target, &files).unwrap();
    let old = second_version(&target);
    fs::write(target.manifest(), &old).unwrap();
    let manifest = Manifest::load(&target).unwrap().unwrap();
    let articles: Vec<_> = manifest.files.articles().collect();
    assert_eq!(articles, [("content/a.md", "2024/a/")]);
    let done = build(&target, &files[..1]).unwrap();
    assert_eq!((done.written, done.unchanged, done.removed), (0, 1, 1));
    assert_eq!(Manifest::load(&target).unwrap().unwrap().version, 3);
    for (damage, by) in
        [("\"size\":1", "\"size\":2"), ("\"version\":2,\"xxh3\"", "\"version\":9,\"xxh3\"")]
    {
        fs::write(target.manifest(), old.replace(damage, by)).unwrap();
        assert!(matches!(Manifest::load(&target), Err(OutputError::NotOurs { .. })));
    }
}

#[test]
fn names_with_line_breaks_and_quotes_are_listed_and_found() {
    let root = TempDir::new().unwrap();
    let target = target(&root);
    let files = [("a\nb", "1"), ("a\"b\"", "2"), ("ä/é", "3")];
    build(&target, &files).unwrap();
    assert_eq!(build(&target, &files).unwrap().unchanged, 3);
    let manifest = Manifest::load(&target).unwrap().unwrap();
    assert!(files.iter().all(|(path, _)| manifest.files.contains(path)));
    // One line less or more: the checksum fails.
    let text = fs::read_to_string(target.manifest()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for cut in [lines[1..].join("\n"), lines[..lines.len() - 1].join("\n"), text.repeat(2)] {
        fs::write(target.manifest(), cut).unwrap();
        assert!(matches!(Manifest::load(&target), Err(OutputError::NotOurs { .. })));
    }
}
