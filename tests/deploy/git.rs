//! Branches of Git repositories.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::archive::Archive;
use crate::little::{
    RECORD, add, assert_keeps_the_sheet_of_open_pages, assert_same, little, moved, publish, site,
    withdraw,
};
use crate::skip;

/// git, whatever the settings of whoever runs the tests.
fn git(repository: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = skip::basic("git")
        .arg("-C")
        .arg(repository)
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@t.example",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    output.stdout
}

fn git_text(repository: &Path, arguments: &[&str]) -> String {
    String::from_utf8(git(repository, arguments)).unwrap().trim().to_owned()
}

/// An archive, itself in a repository, that is deployed to the branch of a bare one beside it.
fn archive() -> Option<Archive> {
    if !skip::needs("git") {
        return None;
    }
    let archive = little("git = \"origin\"\nbranch = \"pages\"")
        .environment("GIT_CONFIG_GLOBAL", "/dev/null")
        .environment("GIT_CONFIG_NOSYSTEM", "1");
    let root = archive.path("");
    git(&root, &["init", "--quiet"]);
    git(&root, &["init", "--quiet", "--bare", "there.git"]);
    let there = archive.path("there.git").display().to_string();
    git(&root, &["remote", "add", "origin", &there]);
    Some(archive)
}

/// The files of the branch, without the record.
fn branch(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let there = archive.path("there.git");
    let names = git_text(&there, &["ls-tree", "-r", "-z", "--name-only", "pages"]);
    let names = names.split('\0').filter(|name| !name.is_empty() && *name != RECORD);
    let blob = |name: &str| git(&there, &["cat-file", "blob", &format!("pages:{name}")]);
    names.map(|name| (name.to_owned(), blob(name))).collect()
}

#[test]
fn a_branch_is_one_commit_of_the_site_and_the_second_deploy_moves_nothing() {
    let Some(archive) = archive() else { return };
    archive.write("static/with space/ملف [1].txt", "odd\r\n");
    publish(&archive);
    let there = archive.path("there.git");
    assert_same(&branch(&archive), &site(&archive));
    let first = git_text(&there, &["rev-parse", "pages"]);
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(git_text(&there, &["rev-parse", "pages"]), first);
    add(&archive, "2017-01-04-delta", "Delta");
    let (put, deleted) = moved(&publish(&archive));
    assert!(put > 5 && deleted == 0, "{put} put, {deleted} deleted");
    assert_same(&branch(&archive), &site(&archive));
    assert_eq!(git_text(&there, &["rev-list", "--count", "pages"]), "1");
}

#[test]
fn withdrawn_words_are_in_no_commit_of_a_branch() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    assert_same(&branch(&archive), &site(&archive));
    let there = archive.path("there.git");
    git(&there, &["gc", "--quiet", "--prune=now"]);
    let (own, _) = own(&archive);
    for repository in [&there, &own] {
        let arguments = ["cat-file", "--batch-all-objects", "--batch"];
        let all = git(repository, &arguments);
        let has = |words: &[u8]| all.windows(words.len()).any(|window| window == words);
        assert!(has(b"Words of Alpha") && !has(b"Words of Beta"), "{}", repository.display());
    }
}

#[test]
fn the_curator_s_own_files_index_and_branches_are_not_touched() {
    let Some(archive) = archive() else { return };
    let root = archive.path("");
    git(&root, &["add", "content"]);
    git(&root, &["commit", "--quiet", "-m", "Content"]);
    archive.write("staged.txt", "staged");
    git(&root, &["add", "staged.txt"]);
    archive.build().succeeds();
    let state = || {
        [
            ["status", "--porcelain"],
            ["for-each-ref", "--format=%(refname) %(objectname)"],
            ["ls-files", "-s"],
        ]
        .map(|arguments| git_text(&root, &arguments))
    };
    let before = state();
    archive.run(&["deploy"]).succeeds();
    assert_eq!(state(), before);
}

#[test]
fn files_of_others_stay_in_a_branch_that_was_adopted() {
    let Some(archive) = archive() else { return };
    let root = archive.path("");
    archive.write("theirs/CNAME", "archive.example");
    let blob = git_text(&root, &["hash-object", "-w", "theirs/CNAME"]);
    let tree = {
        let listed = format!("100644 blob {blob}\tCNAME");
        archive.write("listed", listed);
        let output = skip::basic("sh")
            .args(["-c", "git mktree < listed"])
            .current_dir(&root)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = git_text(&root, &["commit-tree", "-m", "Theirs", &tree]);
    git(&root, &["push", "--quiet", "origin", &format!("{commit}:refs/heads/pages")]);
    archive.build().succeeds();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("no sound record tells"), "{}", refused.stderr());
    archive.run(&["deploy", "--adopt"]).succeeds();
    let mut there = branch(&archive);
    assert_eq!(there.remove("CNAME").unwrap(), b"archive.example");
    assert_same(&there, &site(&archive));
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    assert!(branch(&archive).contains_key("CNAME"));
}

#[test]
fn a_branch_that_somebody_changed_is_mended() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    let root = archive.path("");
    git(&root, &["clone", "--quiet", "--branch", "pages", "there.git", "clone"]);
    archive.write("clone/404.html", "defaced");
    archive.remove("clone/atom.xml");
    let clone = archive.path("clone");
    git(&clone, &["commit", "--quiet", "-a", "-m", "By hand"]);
    git(&clone, &["push", "--quiet", "origin", "pages"]);
    assert_eq!(moved(&publish(&archive)), (2, 0));
    assert_same(&branch(&archive), &site(&archive));
    assert_eq!(git_text(&archive.path("there.git"), &["rev-list", "--count", "pages"]), "1");
}

#[test]
fn a_dry_run_reads_a_branch_and_leaves_nothing() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    archive.build().succeeds();
    let before = archive.everything();
    let plan = archive.run(&["deploy", "--dry-run"]).succeeds();
    assert!(plan.stdout().contains("put 2017/01/04/delta/index.html"), "{}", plan.stdout());
    assert_same(&archive.everything(), &before);
}

#[test]
fn a_repository_that_is_not_there_is_told() {
    let Some(archive) = archive() else { return };
    let archive = archive.config("[deploy.targets.there]\ngit = \"nowhere/site.git\"\n");
    archive.build().succeeds();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("can't read ROOT/nowhere/site.git"), "{}", refused.stderr());
}

#[test]
fn a_token_in_the_address_of_a_remote_is_not_shown() {
    let Some(archive) = archive() else { return };
    let address = "http://x-access-token:ghp_SECRETTOKEN123@127.0.0.1:9/x.git";
    git(&archive.path(""), &["remote", "set-url", "origin", address]);
    archive.build().succeeds();
    for arguments in [&["deploy"][..], &["deploy", "--dry-run"], &["deploy", "--json"]] {
        let refused = archive.run(arguments);
        assert_eq!(refused.code(), 2);
        let said = format!("{}{}", refused.stdout(), refused.stderr());
        assert!(said.contains("127.0.0.1:9/x.git"), "{said}");
        assert!(!said.contains("SECRETTOKEN"), "{said}");
    }
}

/// Dateline's own repository, and what lies beside it.
fn own(archive: &Archive) -> (PathBuf, PathBuf) {
    let entries = fs::read_dir(archive.path(".dateline/deploy")).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    let repository = paths.find(|path| path.extension().is_some_and(|is| is == "git")).unwrap();
    let lock = repository.with_extension("lock");
    (repository, lock)
}

#[test]
fn what_a_deploy_that_was_killed_left_behind_stops_no_other() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    archive.build().succeeds();
    let (repository, lock) = own(&archive);
    for name in ["dateline-index.lock", "packed-refs.lock", "config.lock", "refs/dateline/tip.lock"]
    {
        fs::create_dir_all(repository.join(name).parent().unwrap()).unwrap();
        fs::write(repository.join(name), "").unwrap();
    }
    fs::write(repository.join("HEAD"), "").unwrap();
    fs::write(&lock, "at work").unwrap();
    assert!(moved(&archive.run(&["deploy", "--json"]).succeeds()).0 > 5);
    assert_same(&branch(&archive), &site(&archive));
    assert_eq!(moved(&publish(&archive)), (0, 0));
    // Where git alone was killed, one deploy fails at most.
    assert_eq!(fs::read_to_string(lock).unwrap(), "");
    fs::write(repository.join("config.lock"), "").unwrap();
    fs::write(repository.join("HEAD"), "").unwrap();
    archive.run(&["deploy"]);
    assert_eq!(moved(&publish(&archive)), (0, 0));
}

#[test]
fn two_deploys_at_once_do_not_meet() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    let (_, lock) = own(&archive);
    let held = File::open(lock).unwrap();
    held.lock().unwrap();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("another deploy is writing"), "{}", refused.stderr());
}

#[cfg(unix)]
#[test]
fn odd_names_reach_a_branch() {
    let Some(archive) = archive() else { return };
    for name in ["new\nline.txt", "quo\"te\\.txt", "new\nline \"quo\\te\".txt", "#ملف [1].txt"] {
        archive.write(&format!("static/{name}"), name);
    }
    publish(&archive);
    assert_same(&branch(&archive), &site(&archive));
}

#[test]
fn a_page_that_is_open_keeps_its_style_sheet_in_a_branch() {
    let Some(archive) = archive() else { return };
    assert_keeps_the_sheet_of_open_pages(&archive, || branch(&archive));
}

/// A web server includes them from where they are; whoever serves a branch would show them.
#[test]
fn files_for_a_web_server_s_settings_are_no_part_of_a_branch() {
    let Some(archive) = archive() else { return };
    archive.build_with(&["--host", "nginx"]).succeeds();
    archive.run(&["deploy"]).succeeds();
    let mut expected = site(&archive);
    assert!(expected.remove(".host/nginx.conf").is_some());
    assert_same(&branch(&archive), &expected);
    assert_eq!(moved(&archive.run(&["deploy", "--json"]).succeeds()), (0, 0));
}

/// git passes over names that some system takes for a repository's folder, and only warns.
#[test]
fn names_that_git_refuses_stop_a_deploy_before_it_touches_anything() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    let there = archive.path("there.git");
    let tip = git_text(&there, &["rev-parse", "pages"]);
    // Names that begin with a dot are never published, so that git is not asked for them.
    for name in ["git~1", "GIT~1/x", "sub/git~1/x"] {
        archive.write(&format!("static/{name}"), "odd");
        archive.build().succeeds();
        let refused = archive.run(&["deploy"]);
        assert_eq!(refused.code(), 1, "{name}");
        let said = refused.stderr();
        assert!(said.contains(&format!("can't take the file {name:?}")), "{said}");
        assert_eq!(git_text(&there, &["rev-parse", "pages"]), tip);
        let top = name.split('/').next().unwrap();
        let top = archive.path("static").join(top);
        fs::remove_dir_all(&top).or_else(|_| fs::remove_file(&top)).unwrap();
    }
}

/// Hooks, templates and repositories that the user's git is led to have nothing to do with our own.
#[test]
#[cfg(unix)]
fn the_user_s_hooks_and_variables_do_not_reach_the_repository_of_our_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(archive) = archive() else { return };
    archive.write("template/hooks/pre-push", "#!/bin/sh\ntouch \"$0.ran\"\nexit 1\n");
    let hook = archive.path("template/hooks/pre-push");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let template = archive.path("template").display().to_string();
    archive.write(
        "gitconfig",
        format!(
            "[core]\n\thooksPath = {template}/hooks\n[init]\n\ttemplateDir = {template}\n\
             \tdefaultObjectFormat = sha256\n"
        ),
    );
    let settings = archive.path("gitconfig").display().to_string();
    let archive = archive
        .environment("GIT_CONFIG_GLOBAL", &settings)
        .environment("GIT_TEMPLATE_DIR", &template)
        .environment("GIT_NAMESPACE", "elsewhere")
        .environment("GIT_DEFAULT_HASH", "sha256")
        .environment("GIT_COMMON_DIR", "/nowhere")
        .environment("GIT_SHALLOW_FILE", "/nowhere/shallow");
    publish(&archive);
    assert_same(&branch(&archive), &site(&archive));
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert!(!archive.path("template/hooks/pre-push.ran").exists());
}

#[test]
fn a_branch_that_another_push_holds_is_told_as_that() {
    let Some(archive) = archive() else { return };
    publish(&archive);
    archive.write("there.git/refs/heads/pages.lock", "");
    add(&archive, "2017-01-04-delta", "Delta");
    archive.build().succeeds();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("another deploy is writing to"), "{}", refused.stderr());
    archive.remove("there.git/refs/heads/pages.lock");
    publish(&archive);
    assert_same(&branch(&archive), &site(&archive));
}

#[cfg(unix)]
#[test]
fn a_file_that_changes_while_git_stores_it_is_not_deployed() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(archive) = archive() else { return };
    publish(&archive);
    add(&archive, "2017-01-04-delta", "Delta");
    archive.build().succeeds();
    let page = archive.path("public/2017/01/04/delta/index.html");
    let (page, kept) = (page.display().to_string(), archive.path("kept").display().to_string());
    let script = format!(
        "#!/bin/sh\nPATH=\"${{PATH#*:}}\"\ncase \"$*\" in *--stdin-paths*)\ncp '{page}' '{kept}'; echo defaced > '{page}'\ngit \"$@\"; code=$?; cp '{kept}' '{page}'; exit $code;; esac\nexec git \"$@\"\n"
    );
    archive.write("shim/git", script);
    let shim = archive.path("shim/git");
    fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).unwrap();
    let before = branch(&archive);
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", archive.path("shim").display());
    let archive = archive.environment("PATH", &path);
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 1, "{}", refused.stderr());
    assert!(refused.stderr().contains("2017/01/04/delta/index.html"), "{}", refused.stderr());
    assert_same(&branch(&archive), &before);
}
