//! What was received of a page: kept whole, never published, gone with what is taken down.

use std::fs;
use std::io::Read as _;

use crate::archive::{Archive, tree};
use crate::server::Server;
use crate::skip;

use super::{DATA, HTML, archive, article, clip, good, page, report, serve};

/// The only file of evidence, by its path from the root.
fn only(archive: &Archive) -> String {
    let mut files: Vec<String> = tree(&archive.path("evidence")).into_keys().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    format!("evidence/{}", files.remove(0))
}

/// All records of a WARC file as text.
fn records(archive: &Archive, file: &str) -> String {
    let bytes = fs::read(archive.path(file)).unwrap();
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

/// An archive with one clipped report; the report's file.
fn clipped(server: &Server) -> (Archive, String) {
    good(server, "/talks");
    let archive = archive(server);
    let built = clip(&archive, &server.url("/talks")).succeeds();
    let path = built.stdout().trim().to_owned();
    (archive, path)
}

#[test]
fn every_answer_on_the_way_is_kept_as_it_came() {
    let server = Server::start();
    let packed = {
        use flate2::write::GzEncoder;
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packed, page(DATA, &article()).as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    serve(
        &server,
        "/talks",
        "Content-Type: text/html\r\nContent-Encoding: gzip\r\nX-Kept: yes\r\n",
        packed.clone(),
    );
    server.says("/t", "301 Moved Permanently", &["Location: /talks"]);
    let archive = archive(&server);
    let built = clip(&archive, &server.url("/t"));
    let text = report(&archive, &built);
    let file = only(&archive);
    assert!(text.contains(&format!("evidence = [{{ file = \"{file}\", sha256 = \"")), "{text}");
    assert!(text.contains(&format!("url = \"{}\", kind = \"fetched\" }}]", server.url("/talks"))));
    let records = records(&archive, &file);
    for (kind, count) in [("warcinfo", 1), ("request", 2), ("response", 2), ("resource", 0)] {
        assert_eq!(records.matches(&format!("WARC-Type: {kind}\r\n")).count(), count, "{kind}");
    }
    assert!(records.contains("HTTP/1.1 301 Moved Permanently\r\nlocation: /talks\r\n"));
    assert!(records.contains("x-kept: yes\r\n"));
    // The page is kept as it was packed.
    let bytes = fs::read(archive.path(&file)).unwrap();
    let mut whole = Vec::new();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut whole).unwrap();
    assert!(whole.windows(packed.len()).any(|window| window == packed));
    // No word of the report is in the name of the file: names stay in histories.
    assert!(!file.contains("talks"));
}

#[test]
fn a_saved_file_is_no_answer_of_a_server() {
    let server = Server::start();
    let archive = archive(&server);
    let saved = page(DATA, &article());
    archive.write("saved/Talks begin.html", &saved);
    let built = archive.run(&["clip", "saved/Talks begin.html"]);
    let text = report(&archive, &built);
    assert!(text.contains("kind = \"file\" }]"), "{text}");
    let records = records(&archive, &only(&archive));
    assert!(
        records.contains("WARC-Type: resource\r\n") && !records.contains("WARC-Type: response")
    );
    assert!(records.contains("WARC-Target-URI: file:///Talks%20begin.html\r\n"), "{records}");
    assert!(records.contains(&saved));
    // Where on the machine it lay is nobody's business.
    assert!(!records.contains(&archive.path("").display().to_string()));
}

#[test]
fn other_programs_find_the_files_whole() {
    let Some(python) = skip::needs_python(&["warcio"]) else { return };
    let server = Server::start();
    let (archive, _) = clipped(&server);
    serve(&server, "/empty", HTML, page("<title>Another</title>", ""));
    server.on("/chunks", |_, stream| {
        let body = page("<title>Chunks</title>", &article());
        crate::server::send(
            stream,
            &format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\
                 Connection: close\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
                body.len()
            ),
        );
    });
    archive.write("saved.html", page("<title>Saved</title>", &article()));
    let chunks = server.url("/chunks");
    for page in [server.url("/empty"), chunks.clone(), "saved.html".to_owned()] {
        clip(&archive, &page).succeeds();
    }
    let files: Vec<_> = tree(&archive.path("evidence")).into_keys().collect();
    assert_eq!(files.len(), 4);
    for file in files {
        let path = archive.path(&format!("evidence/{file}"));
        let mut check = skip::program(&python).unwrap();
        let checked = check.args(["-m", "warcio.cli", "check", "-v"]).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(checked.status.success(), "{said}");
        assert!(said.contains("digest pass") && !said.contains("fail"), "{said}");
        // What it reads of the page is the page.
        let read = "import sys, warcio.archiveiterator as a\n\
            for r in a.ArchiveIterator(open(sys.argv[1], 'rb')):\n    \
            if r.rec_type in ('response', 'resource'): print(r.content_stream().read().decode())";
        let mut python = skip::program(&python).unwrap();
        let read = python.args(["-c", read]).arg(&path).output().unwrap();
        assert!(String::from_utf8_lossy(&read.stdout).contains("</html>"), "{file}");
    }
}

#[test]
fn it_is_published_nowhere_and_goes_into_a_bag_only_if_asked() {
    let server = Server::start();
    let (archive, _) = clipped(&server);
    let built = archive.build().clean();
    let file = only(&archive);
    let (name, digest) = (&file["evidence/".len()..], {
        let text =
            fs::read_to_string(archive.path("content/2017/talks-begin-in-geneva.md")).unwrap();
        let (_, rest) = text.split_once("sha256 = \"").unwrap();
        rest[..64].to_owned()
    });
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !path.contains("evidence") && !text.contains(name) && !text.contains(&digest),
            "{path}"
        );
    }
    archive.run(&["export", "bagit", "../bag-without"]).succeeds();
    archive.run(&["export", "bagit", "../bag-with", "--with-evidence"]).succeeds();
    let bag = |name: &str| archive.path("..").join(name);
    assert!(!bag("bag-without").join("data/evidence").exists());
    assert!(bag("bag-with").join("data").join(&file).is_file());
    for name in ["bag-without", "bag-with"] {
        fs::remove_dir_all(bag(name)).unwrap();
    }
}

#[test]
fn a_withdrawal_takes_it_away_unless_the_source_is_kept() {
    let server = Server::start();
    let withdraw = |archive: &Archive, path: &str, more: &[&str]| {
        let arguments = ["withdraw", path, "--kind", "privacy", "--reason", "Asked."];
        archive.run(&[&arguments[..], more].concat()).succeeds()
    };
    let (archive, path) = clipped(&server);
    let file = only(&archive);
    let built = withdraw(&archive, &path, &["--dry-run"]);
    assert!(built.stdout().contains(&format!("would be removed: {file}")), "{}", built.stdout());
    assert!(archive.path(&file).exists());
    let built = withdraw(&archive, &path, &["--keep-source"]);
    assert!(!built.stdout().contains("removed: evidence"));
    assert!(archive.path(&file).exists());
    assert!(fs::read_to_string(archive.path(&path)).unwrap().contains(&file));
    // It is kept with the source, and no finding.
    assert!(!archive.run(&["check", "--evidence"]).stdout().contains("evidence]"));

    let (archive, path) = clipped(&server);
    let file = only(&archive);
    fs::create_dir(archive.path(".git")).unwrap();
    let built = withdraw(&archive, &path, &[]);
    assert!(built.stdout().contains(&format!("removed: {file}")), "{}", built.stdout());
    assert!(
        built.stdout().contains(&format!("{file} in the history of this folder (git)")),
        "{}",
        built.stdout()
    );
    assert!(!archive.path(&file).exists());
    fs::remove_dir(archive.path(".git")).unwrap();
    for (path, bytes) in archive.everything() {
        assert!(!String::from_utf8_lossy(&bytes).contains("Geneva"), "{path}");
    }
}

#[test]
fn a_redaction_takes_it_away_with_the_key() {
    let server = Server::start();
    for fence in ["toml", "yaml"] {
        let (archive, path) = clipped(&server);
        let file = only(&archive);
        if fence == "yaml" {
            let text = format!(
                "---\ntitle: Talks begin in Geneva\ndate: 2017-01-29\nadded: 2026-11-30\nevidence:\n  \
                 - file: {file}\n    sha256: \"{}\"\n    kind: fetched\nnote: kept\n---\nThe ministers met.\n",
                "0".repeat(64)
            );
            archive.write(&path, text);
        }
        let arguments = ["redact", &path, "--words", "ministers", "--reason", "Asked."];
        let built = archive.run(&arguments).succeeds();
        assert!(built.stdout().contains(&format!("removed: {file}")), "{}", built.stdout());
        assert!(!archive.path(&file).exists());
        let text = fs::read_to_string(archive.path(&path)).unwrap();
        assert!(!text.contains("evidence") && text.contains("[…]"), "{text}");
        archive.build().succeeds();
    }
}

#[test]
fn files_that_changed_are_gone_or_belong_to_no_report_are_found() {
    let server = Server::start();
    let (archive, path) = clipped(&server);
    let file = only(&archive);
    let told = |archive: &Archive| {
        let built = archive.run(&["check", "--evidence", "--json"]);
        let findings = built.json()["findings"].as_array().unwrap().clone();
        let names = findings.iter().map(|finding| finding["name"].as_str().unwrap().to_owned());
        let names: Vec<String> = names.filter(|name| name.ends_with("evidence")).collect();
        (built.code(), names)
    };
    assert_eq!(told(&archive), (0, Vec::new()));
    let bytes = fs::read(archive.path(&file)).unwrap();
    let mut changed = bytes.clone();
    changed[40] ^= 1;
    archive.write(&file, &changed);
    assert_eq!(told(&archive), (1, vec!["changed-evidence".to_owned()]));
    // Unasked, nobody reads gigabytes.
    assert_eq!(archive.run(&["check"]).code(), 0);
    archive.remove(&file);
    assert_eq!(told(&archive), (0, vec!["missing-evidence".to_owned()]));
    archive.write(&file, &bytes);
    archive.write("evidence/other.warc.gz", &bytes);
    assert_eq!(told(&archive), (0, vec!["unnamed-evidence".to_owned()]));
    archive.remove("evidence/other.warc.gz");
    // A draft's counts as much.
    let text = fs::read_to_string(archive.path(&path)).unwrap();
    archive.write(&path, text.replacen("+++\n", "+++\ndraft = true\n", 1));
    archive.write(&file, &changed);
    assert_eq!(told(&archive), (1, vec!["changed-evidence".to_owned()]));
}

#[test]
fn a_path_that_leads_out_is_no_evidence_and_is_left_alone() {
    let digest = "0".repeat(64);
    let front = |file: &str| {
        format!(
            "+++\ntitle = \"A\"\ndate = 2017-01-29\nevidence = [{{ file = \"{file}\", sha256 = \"{digest}\", kind = \"file\" }}]\n+++\nText.\n"
        )
    };
    for file in [
        "static/a.txt",
        "evidence/../static/a.txt",
        "/etc/hostname",
        "evidence/x/../../dateline.toml",
    ] {
        let archive = Archive::new().article("a.md", &front(file)).file("static/a.txt", "kept");
        let built = archive.build();
        assert!(built.stderr().contains("a file below evidence/"), "{}", built.stderr());
        archive
            .run(&["withdraw", "/2017/01/29/a/", "--kind", "error", "--reason", "Wrong."])
            .succeeds();
        assert!(archive.path("static/a.txt").exists() && archive.path("dateline.toml").exists());
    }
    #[cfg(unix)]
    {
        let archive = Archive::new().article("a.md", &front("evidence/x/a.txt"));
        let outside = archive.path("outside");
        fs::create_dir_all(outside.join("real")).unwrap();
        archive.write("outside/real/a.txt", "kept");
        fs::create_dir(archive.path("evidence")).unwrap();
        let far = tempfile::TempDir::new().unwrap();
        fs::write(far.path().join("a.txt"), "kept").unwrap();
        std::os::unix::fs::symlink(far.path(), archive.path("evidence/x")).unwrap();
        archive
            .run(&["withdraw", "/2017/01/29/a/", "--kind", "error", "--reason", "Wrong."])
            .succeeds();
        assert!(far.path().join("a.txt").exists());
    }
}

#[test]
fn the_first_time_a_rule_for_the_history_is_offered() {
    let server = Server::start();
    good(&server, "/talks");
    serve(&server, "/other", HTML, page("<title>Another</title>", &article()));
    let archive = archive(&server);
    let said = "put this line into .gitignore: /evidence/";
    assert!(clip(&archive, &server.url("/talks")).stderr().contains(said));
    assert!(!clip(&archive, &server.url("/other")).stderr().contains(said));
    assert!(!archive.path(".gitignore").exists());
    let ruled = super::archive(&server);
    ruled.write(".gitignore", "/public/\nevidence/\n");
    assert!(!clip(&ruled, &server.url("/talks")).stderr().contains(said));
    let without = super::archive(&server);
    let built = without.run(&["clip", "--no-evidence", &server.url("/talks")]);
    assert!(!built.stderr().contains(said) && !without.path("evidence").exists());
    assert!(!report(&without, &built).contains("evidence"));
}

/// On a terminal the rule is written, if the curator wants it.
#[cfg(unix)]
#[test]
fn on_a_terminal_the_rule_is_asked_for() {
    let server = Server::start();
    good(&server, "/talks");
    for (answer, wanted) in [("y", "/public/\n/evidence/\n"), ("n", "/public/")] {
        let archive = archive(&server);
        archive.write(".gitignore", "/public/");
        let address = server.url("/talks");
        let mut session = crate::terminal::terminal(&archive, &["clip", &address]);
        session.exp_string("out of Git").unwrap();
        session.send_line(answer).unwrap();
        session.exp_eof().unwrap();
        assert_eq!(fs::read_to_string(archive.path(".gitignore")).unwrap(), wanted);
    }
}
