//! What is copied into the site and what is not: leftovers, hidden files, links, active files.

use std::fs;

use crate::archive::{Archive, Built};

const REPORT: &str = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n+++\nThe delegations met.\n";

/// Words that stand in every file that must not be published.
const SECRET: &str = "the-redacted-words";

/// What editors, systems, word processors and version control leave behind, and what is hidden.
const ODD_NAMES: [&str; 56] = [
    "index.md~",
    "#index.md#",
    "index.md.bak",
    "INDEX.MD.BAK",
    "index.md.orig",
    "index.md.rej",
    "index.md.swp",
    ".index.md.swp",
    ".index.md.swo",
    "index.md.save",
    "index.md.tmp",
    ".goutputstream-A1B2C3",
    "Thumbs.db",
    "thumbs.db:encryptable.tmp",
    "ehthumbs.db",
    "Desktop.ini",
    "scan.lnk",
    ".DS_Store",
    "._scan.png",
    "__MACOSX/scan.png",
    ".Spotlight-V100/store.db",
    ".Trashes/a.txt",
    "~$letter.docx",
    "~WRL0001.tmp",
    "letter.asd",
    "letter.wbk",
    ".~lock.letter.odt#",
    ".env",
    ".env.local",
    ".npmrc",
    ".git/config",
    ".gitignore",
    ".gitattributes",
    ".svn/entries",
    ".hg/hgrc",
    ".ssh/id_ed25519",
    "CVS/Entries",
    "index.md.mine",
    "index.md.r42",
    "index_LOCAL_4711.md",
    "scan.pdf.part",
    "index (Ann's conflicted copy 2017-01-29).md",
    "index.md.1",
    "index.md.bak2",
    "scan.pdf.save.1",
    "index.md.working",
    "index.md.svn-base",
    "index.bak.md",
    "index.LOCAL.4711.md",
    "thumbs.db:encryptable",
    "core.4711",
    "4913",
    "id_ed25519",
    "@eaDir/scan.jpg",
    "__pycache__/x.pyc",
    "scan.pdf.opdownload",
];

/// The first part of a path, as a note names it.
fn named(name: &str) -> &str {
    name.split('/').next().unwrap()
}

#[track_caller]
fn holds_no_secret(built: &Built) {
    for (path, bytes) in built.tree() {
        assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{path} holds the secret");
    }
}

#[test]
fn leftovers_and_hidden_files_are_never_published_and_each_is_named_once() {
    let mut archive = Archive::new()
        .article("2017/talks/index.md", REPORT)
        .file("content/2017/talks/scan.png", "a scan")
        .file("static/style.txt", "a style")
        .file("static/.well-known/security.txt", "Contact: mailto:a@archive.example")
        .file("static/.nojekyll", "");
    for name in ODD_NAMES {
        for folder in ["content/2017/talks", "content/2017/talks/deep", "static", "static/files"] {
            archive = archive.file(&format!("{folder}/{name}"), SECRET);
        }
    }
    for memory in [&[][..], &[], &["--force"]] {
        let built = archive.build_with(memory).succeeds();
        holds_no_secret(&built);
        for meant in
            ["/2017/01/29/talks/scan.png", "/style.txt", "/.well-known/security.txt", "/.nojekyll"]
        {
            assert!(built.has(meant), "{meant} is published");
        }
        let said = archive.build_with(&["--json", "--force"]).json();
        let notes: Vec<&str> = said["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|problem| problem["rule"] == "left-out")
            .map(|problem| problem["message"].as_str().unwrap())
            .collect();
        assert_eq!(notes.len(), 2, "one note of hidden files, one of leftovers: {notes:#?}");
    }
}

#[test]
fn a_note_names_each_file_that_is_left_out() {
    let mut archive = Archive::new().article("2017/talks/index.md", REPORT);
    for name in ODD_NAMES {
        archive = archive.file(&format!("content/2017/talks/{name}"), SECRET);
    }
    let built = archive.build_with(&["--strict"]).succeeds();
    for name in ODD_NAMES {
        let path = format!("content/2017/talks/{}", named(name));
        let stderr = built.stderr();
        let mentions = stderr.match_indices(&path).filter(|(at, path)| {
            let rest = &stderr[at + path.len()..];
            rest.starts_with([',', '\n']) || rest.starts_with("/,") || rest.starts_with("/\n")
        });
        assert_eq!(mentions.count(), 1, "{path} in\n{stderr}");
    }
}

#[test]
fn names_like_those_of_leftovers_stay_published() {
    let names = ["C#.png", "backup-plans.pdf", "the_local_paper.jpg", "world.this", "a.b.c.csv"];
    let mut archive = Archive::new()
        .article("x/index.md", REPORT)
        .article("#metoo/index.md", "+++\ntitle = \"A tag\"\ndate = 2017-01-30\n+++\nText.\n");
    for name in names {
        archive = archive.file(&format!("content/x/{name}"), "a file");
    }
    let built = archive.build().clean();
    for name in names {
        assert!(built.has(&format!("/2017/01/29/x/{name}")), "{name}");
    }
    assert!(built.has("/2017/01/30/metoo/"), "{:?}", built.tree().keys());
}

#[test]
fn globs_of_the_settings_extend_the_list_in_every_folder() {
    let archive = Archive::new()
        .config("[build]\nignore = [\"*.psd\", \"content/raw/\", \"/static/drafts/*.txt\"]\n")
        .article("x/index.md", REPORT)
        .article("raw/secret.md", &REPORT.replace("Talks", SECRET))
        .file("content/x/scan.psd", SECRET)
        .file("content/x/raw/kept.txt", "kept")
        .file("static/logo.psd", SECRET)
        .file("static/drafts/a.txt", SECRET)
        .file("static/drafts/deep/b.txt", "kept");
    let built = archive.build().clean();
    holds_no_secret(&built);
    assert!(built.has("/2017/01/29/x/raw/kept.txt") && built.has("/drafts/deep/b.txt"));
    archive.write("content/x/more.psd", SECRET);
    holds_no_secret(&archive.build().clean());
    let archive = archive.config("[build]\nignore = [\"a[\"]\n");
    assert!(archive.build().stderr().contains("build.ignore"));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_leads_only_to_what_is_published_itself() {
    use std::os::unix::fs::symlink;
    let draft = REPORT.replace("+++\nThe", "draft = true\n+++\nThe").replace("met", SECRET);
    let other = REPORT.replace("Talks", "Other").replace("01-29", "01-30");
    let archive = Archive::new()
        .config(&format!("title = \"A\"\ndescription = \"{SECRET}\"\n"))
        .article("x/index.md", REPORT)
        .article("y/index.md", &other)
        .file("content/y/scan.png", "a scan")
        .article("draft/index.md", &draft)
        .file("content/draft/photo.png", SECRET)
        .file("content/y/.hidden.png", SECRET)
        .file("content/y/old.png~", SECRET)
        .file("static/shared.png", "shared")
        .file("elsewhere/photo.png", SECRET)
        .file("links/a.example.toml", format!("# {SECRET}\n"))
        .file(".git/config", SECRET)
        .file(".env", SECRET);
    archive.write(".dateline/secret", SECRET);
    let refused = [
        ("config.png", "../../.git/config"),
        ("env.png", "../../.env"),
        ("draft.png", "../draft/index.md"),
        ("photo.png", "../draft/photo.png"),
        ("hidden.png", "../y/.hidden.png"),
        ("old.png", "../y/old.png~"),
        ("settings.png", "../../dateline.toml"),
        ("state.png", "../../.dateline/secret"),
        ("links.png", "../../links/a.example.toml"),
        ("elsewhere.png", "../../elsewhere/photo.png"),
        ("text.png", "../y/index.md"),
    ];
    for (link, target) in refused {
        symlink(target, archive.path(&format!("content/x/{link}"))).unwrap();
    }
    symlink("../y/scan.png", archive.path("content/x/scan.png")).unwrap();
    symlink("../../static/shared.png", archive.path("content/x/shared.png")).unwrap();
    for _ in 0..2 {
        let built = archive.build().succeeds();
        for (path, bytes) in built.tree() {
            let is_description =
                path.ends_with(".html") || path.ends_with("xml") || path.ends_with("json");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(is_description || !text.contains(SECRET), "{path}");
        }
        for (link, _) in refused {
            assert!(!built.has(&format!("/2017/01/29/x/{link}")), "{link}");
            assert_eq!(built.stderr().matches(&format!("content/x/{link}\n")).count(), 1, "{link}");
        }
        assert_eq!(built.file("2017/01/29/x/scan.png"), "a scan");
        assert_eq!(built.file("2017/01/29/x/shared.png"), "shared");
    }
    // What a link leads to may stop being published later.
    archive.write("content/y/index.md", other.replace("+++\nThe", "draft = true\n+++\nThe"));
    let built = archive.build().succeeds();
    assert!(!built.has("/2017/01/29/x/scan.png") && built.has("/2017/01/29/x/shared.png"));
}

#[cfg(unix)]
#[test]
fn a_text_behind_a_link_is_a_text_of_the_archive_or_is_refused() {
    use std::os::unix::fs::symlink;
    let archive = Archive::new()
        .file("notes/talks.md", REPORT)
        .file(".private/diary.md", REPORT.replace("Talks", SECRET))
        .file("links/notes.md", REPORT.replace("Talks", SECRET))
        .file("notes/plain.txt", REPORT.replace("Talks", SECRET))
        .file("notes/old.md~", REPORT.replace("Talks", SECRET));
    fs::create_dir_all(archive.path("content")).unwrap();
    for (link, target) in [
        ("talks.md", "../notes/talks.md"),
        ("diary.md", "../.private/diary.md"),
        ("links.md", "../links/notes.md"),
        ("plain.md", "../notes/plain.txt"),
        ("old.md", "../notes/old.md~"),
        ("settings.md", "../dateline.toml"),
    ] {
        symlink(target, archive.path(&format!("content/{link}"))).unwrap();
    }
    let built = archive.build();
    assert!(built.has("/2017/01/29/talks/"));
    assert_eq!(built.stderr().matches("error[symlink]").count(), 5, "{}", built.stderr());
    holds_no_secret(&built);
}

#[cfg(unix)]
#[test]
fn a_lock_of_emacs_and_other_hidden_names_are_passed_over_before_anything_is_asked() {
    use std::os::unix::fs::symlink;
    let archive = Archive::new().article("2017/talks.md", REPORT);
    for lock in ["content/2017/.#talks.md", "content/.#new.md", "static/.#style.css"] {
        fs::create_dir_all(archive.path(lock).parent().unwrap()).unwrap();
        symlink("ann@desk.4711:1485684000", archive.path(lock)).unwrap();
    }
    let built = archive.build_with(&["--strict"]).succeeds();
    assert!(built.has("/2017/01/29/talks/"));
    assert!(!built.stderr().contains("symlink"), "{}", built.stderr());
}

#[cfg(unix)]
#[test]
fn pipes_are_never_opened_not_even_behind_links() {
    use std::os::unix::fs::symlink;
    let archive = Archive::new().article("x/index.md", REPORT).file("static/a.txt", "a");
    for pipe in [
        "content/x/pipe.png",
        "content/pipe.md",
        "static/pipe.css",
        "links/pipe.toml",
        "templates/pipe.html",
        "pipe",
    ] {
        let path = archive.path(pipe);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(crate::skip::basic("mkfifo").arg(path).status().unwrap().success());
    }
    for link in ["content/x/link.png", "content/link.md", "static/link.css", "links/link.toml"] {
        symlink(archive.path("pipe"), archive.path(link)).unwrap();
    }
    let built = archive.build();
    assert!(built.has("/2017/01/29/x/"), "{}", built.stderr());
    assert!(!built.has("/2017/01/29/x/link.png") && !built.has("/pipe.css"));
}

#[test]
fn files_that_a_server_would_run_are_refused_and_the_rest_is_published() {
    let names = [
        "x.php",
        "x.PHP5",
        "scan.php.jpg",
        "x.phtml",
        "x.cgi",
        "x.pl",
        "x.asp",
        "x.aspx",
        "x.jsp",
        "x.shtml",
        "web.config",
        "Web.Config",
        "_redirects",
        "_headers",
        "_worker.js",
    ];
    let mut archive = Archive::new()
        .article("x/index.md", REPORT)
        .file("content/x/.htaccess", SECRET)
        .file("content/x/.htpasswd", SECRET)
        .file("content/x/notes.txt", "notes");
    for name in names {
        archive = archive.file(&format!("content/x/{name}"), SECRET);
    }
    let built = archive.build();
    assert_eq!(built.code(), 1);
    holds_no_secret(&built);
    assert!(built.has("/2017/01/29/x/notes.txt"));
    for name in names {
        let refused = format!("content/x/{name}\n");
        assert_eq!(built.stderr().matches(&refused).count(), 1, "{name}: {}", built.stderr());
    }
    assert!(built.stderr().contains("content/x/.htaccess"));
}

#[test]
fn active_files_beside_an_article_are_published_with_a_warning_and_those_in_static_without() {
    let names = ["scan.html", "scan.HTM", "app.js", "feed.rss", "data.xml", "sheet.xslt"];
    let mut archive = Archive::new().article("x/index.md", REPORT);
    for name in names {
        archive = archive
            .file(&format!("content/x/{name}"), "<svg onload=\"alert(1)\"/>")
            .file(&format!("static/{name}"), "<p>");
    }
    let built = archive.build().succeeds();
    assert_eq!(built.stderr().matches("warning[active-file]").count(), 6, "{}", built.stderr());
    assert!(names.iter().all(|name| built.has(&format!("/2017/01/29/x/{name}"))));
    assert_eq!(archive.build_with(&["--strict", "--force"]).code(), 1);
}

#[test]
fn a_readme_without_front_matter_is_no_article_and_stops_nothing() {
    let archive = Archive::new()
        .article("README.md", "# About this folder\n\nText.\n")
        .article("2017/readme.markdown", "Notes for curators.\n")
        .article("2017/LICENSE.md", "All rights reserved.\n")
        .article("2017/a.md", REPORT)
        .article("2017/b.md", &REPORT.replace("Talks", "More talks").replace("29", "30"));
    let built = archive.build_with(&["--strict"]).succeeds();
    assert_eq!(built.stderr().matches("README").count(), 2, "one note: {}", built.stderr());
    assert!(!built.stderr().contains("missing-date"));
    archive.remove("content/2017/b.md");
    let built = archive.build().succeeds();
    assert!(!built.has("/2017/01/30/b/"), "{}", built.stderr());
    // With front matter it is meant to be one.
    archive.write("content/README.md", REPORT.replace("29", "31"));
    assert!(archive.build().succeeds().has("/2017/01/31/readme/"));
}

#[test]
fn files_that_nothing_reads_are_counted_by_their_ending_in_one_warning() {
    let mut archive = Archive::new()
        .article("2017/a.MD", REPORT)
        .article("2017/b.Markdown", &REPORT.replace("Talks", "More").replace("29", "30"));
    for name in ["b.html", "c.htm", "d.rst", "e.rst", "f.adoc", "g.org", "h.txt", "i.docx"] {
        archive = archive.file(&format!("content/2017/{name}"), "A text.");
    }
    let built = archive.build().succeeds();
    assert!(built.has("/2017/01/29/a/") && built.has("/2017/01/30/b/"));
    assert_eq!(built.stderr().matches("warning[unread-file]").count(), 1, "{}", built.stderr());
    for count in ["1 .html", "1 .htm ", "2 .rst", "1 .adoc", "1 .org", "1 .txt", "1 .docx"] {
        assert!(built.stderr().contains(count), "{count}: {}", built.stderr());
    }
    assert!(built.stderr().contains("pandoc --standalone --to markdown"), "{}", built.stderr());
    let again = archive.build().succeeds();
    assert_eq!(again.stderr(), built.stderr(), "a build without changes says the same");
    archive.write("content/2017/j.rst", "A text.");
    assert!(archive.build().stderr().contains("3 .rst"));
}

#[test]
fn check_lists_every_file_of_the_site_that_is_no_page_with_its_source() {
    let archive = Archive::new()
        .article("x/index.md", REPORT)
        .file("content/x/scan.png", "a scan")
        .file("content/x/index.md~", SECRET)
        .file("static/.well-known/security.txt", "Contact: mailto:a@archive.example")
        .file("static/robots.txt", "User-agent: *");
    let built = archive.build().succeeds();
    let listed = archive.run(&["check", "--published"]);
    let lines: Vec<(&str, &str)> =
        listed.stdout().lines().map(|line| line.split_once('\t').unwrap()).collect();
    let listed_paths: Vec<&str> = lines.iter().map(|(path, _)| *path).collect();
    let tree = built.tree();
    let is_named = |path: &&str| {
        !path.ends_with(".html")
            && (!path.starts_with("search/i/") || *path == "search/i/index.json")
    };
    let files: Vec<&str> = tree.keys().map(String::as_str).filter(is_named).collect();
    assert_eq!(listed_paths, files);
    for line in [
        ("2017/01/29/x/scan.png", "content/x/scan.png"),
        (".well-known/security.txt", "static/.well-known/security.txt"),
        ("robots.txt", "static/robots.txt"),
    ] {
        assert!(lines.contains(&line), "{line:?} in {lines:#?}");
    }
    let json = archive.run(&["check", "--published", "--json"]).json();
    assert_eq!(json.as_array().unwrap().len(), lines.len());
}

#[test]
fn every_host_that_sends_headers_shows_active_files_without_their_powers() {
    let archive = Archive::new()
        .article("x/index.md", REPORT)
        .file("content/x/scan.html", "<script>alert(1)</script>")
        .file("content/x/a chart.svg", "<svg/>")
        .file("static/own.html", "<p>");
    for (host, file, html, svg) in [
        (
            "nginx",
            ".host/nginx.conf",
            "\"/2017/01/29/x/scan.html\"",
            "\"/2017/01/29/x/a chart.svg\"",
        ),
        (
            "caddy",
            ".host/Caddyfile",
            "\"/2017/01/29/x/scan.html\"",
            "\"/2017/01/29/x/a chart.svg\"",
        ),
        ("apache", ".htaccess", "/2017/01/29/x/scan\\\\.html", "/2017/01/29/x/a chart\\\\.svg"),
        ("netlify", "_headers", "/2017/01/29/x/scan.html", "/2017/01/29/x/a%20chart.svg"),
        ("cloudflare-pages", "_headers", "/2017/01/29/x/scan.html", "/2017/01/29/x/a%20chart.svg"),
    ] {
        let built = archive.build_with(&["--host", host]).succeeds();
        let rules = built.file(file);
        assert!(rules.contains(html) && rules.contains(svg), "{host}:\n{rules}");
        assert!(rules.contains("script-src 'none'; sandbox"), "{host}:\n{rules}");
        let policies = rules
            .lines()
            .filter(|line| line.contains("sandbox") && !line.contains("script-src 'none'"));
        assert!(policies.count() >= 1, "{host}:\n{rules}");
        assert!(
            !rules.contains("own.html"),
            "{host}: what the curator put into static/ is the curator's"
        );
    }
}

#[test]
fn a_drawing_is_published_unless_it_could_run_or_load_something() {
    let mere =
        ["<svg/>", "<svg><desc>A description, on and off</desc></svg>", "<svg font-size='2'/>"];
    let powerful = [
        "<svg onload='alert(1)'/>",
        "<svg><g ONCLICK = 'alert(1)'/></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><s:script/></svg>",
        "<svg><a href='java&#115;cript:alert(1)'/></svg>",
        "<svg><foreignObject/></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
        "\u{0}<svg/>",
        "<svg><image href='https://x.example/a.png'/></svg>",
    ];
    let of =
        |text: &str| Archive::new().article("x/index.md", REPORT).file("content/x/a.svg", text);
    for text in mere {
        let built = of(text).build_with(&["--host", "nginx"]).clean();
        assert!(built.has("/2017/01/29/x/a.svg"));
        assert!(built.file(".host/nginx.conf").contains("script-src 'none'; sandbox"), "{text}");
    }
    for text in powerful {
        let built = of(text).build();
        assert_eq!((built.code(), built.has("/2017/01/29/x/a.svg")), (1, false), "{text}");
        assert_eq!(built.stderr().matches("active-file").count(), 1, "{text}");
        let raw = of(text).config("[images]\nsvg = \"raw\"\n");
        let built = raw.build_with(&["--host", "nginx"]).succeeds();
        assert_eq!(built.stderr().matches("warning[active-file]").count(), 1, "{text}");
        assert!(built.file(".host/nginx.conf").contains("script-src 'none'; sandbox"), "{text}");
    }
}
