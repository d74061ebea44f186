//! The files that hosts are told by: part of the site's one commit, whatever the host before, the
//! curator's own files, and what stands in old addresses.

use std::collections::BTreeSet;

use crate::archive::{Archive, Built, HOSTS};

fn little() -> Archive {
    Archive::new()
        .article(
            "2017-01-29-talks.md",
            "+++\ntitle = \"Talks\"\naliases = [\"/old/\"]\n+++\nText.\n",
        )
        .article(
            "2017-02-01-gone.md",
            "+++\ntitle = \"G\"\nwithdrawn = { date = 2018-01-01, kind = \"court\" }\n+++\nText.\n",
        )
}

fn special(built: &Built) -> BTreeSet<String> {
    let names = [".nojekyll", "CNAME", "_redirects", "_headers", ".htaccess"];
    let tree = built.tree();
    let paths =
        tree.keys().filter(|path| names.contains(&path.as_str()) || path.starts_with(".host/"));
    paths.cloned().collect()
}

#[test]
fn without_a_host_there_is_no_host_s_file_and_each_host_has_its_own() {
    let archive = little();
    assert_eq!(special(&archive.build().clean()), BTreeSet::new());
    for (host, expected) in HOSTS.into_iter().zip([
        &[".nojekyll", "CNAME"][..],
        &["_redirects"],
        &["_headers", "_redirects"],
        &["_headers", "_redirects"],
        &[".host/s3-website.json"],
        &[".htaccess"],
        &[".host/nginx.conf"],
        &[".host/Caddyfile"],
    ]) {
        // The files of the host before are removed.
        let built = archive.build_with(&["--host", host]).succeeds();
        let expected: BTreeSet<String> = expected.iter().map(|&path| path.to_owned()).collect();
        assert_eq!(special(&built), expected, "{host}");
        archive.run(&["verify"]).succeeds();
    }
    assert_eq!(special(&archive.build().clean()), BTreeSet::new());
}

#[test]
fn another_host_touches_no_page() {
    let archive = little();
    archive.build().clean();
    for host in ["netlify", "nginx"] {
        let built = archive.build_with(&["--host", host, "--json"]).succeeds();
        assert!(built.json()["written"].as_u64().unwrap() <= 2, "{}", built.stdout());
    }
    let again = archive.build_with(&["--host", "nginx", "--json"]).succeeds();
    assert_eq!(again.json()["written"], 0);
}

/// What the files say is what a clean build says, whatever was built before.
#[test]
fn an_edited_archive_tells_its_host_what_a_clean_build_tells() {
    for host in HOSTS {
        let settings = format!("[deploy]\nhost = \"{host}\"\ncompress = true\n");
        let picture =
            "+++\ntitle = \"P\"\ndate = 2019-01-01\n+++\n![x](https://pictures.example/a.png)\n";
        let archive = little().config(&settings).article("p.md", picture);
        archive.build().succeeds();
        archive.write("content/p.md", picture.replace("pictures.example", "others.example"));
        archive.write(
            "content/2017-01-29-talks.md",
            "+++\ntitle = \"Talks\"\naliases = [\"/older/\"]\n+++\nText.\n",
        );
        archive.remove("content/2017-02-01-gone.md");
        let edited = archive.build().succeeds();
        let clean = archive.build_with(&["-o", "clean"]).succeeds();
        drop(clean);
        let clean = crate::archive::tree(&archive.path("clean"));
        assert!(edited.tree() == clean, "{host}");
        let all: Vec<u8> = clean
            .into_iter()
            .filter(|(path, _)| special(&edited).contains(path))
            .flat_map(|(_, bytes)| bytes)
            .collect();
        let all = String::from_utf8(all).unwrap();
        assert!(!all.contains("pictures.example") && !all.contains("/old/"), "{host}: {all}");
    }
}

#[test]
fn a_curator_s_own_rules_come_first_and_own_domain_stays() {
    let archive = little()
        .file("static/_redirects", "/shop/* https://shop.example/:splat 302")
        .file("static/_headers", "/old.pdf\n  X-Robots-Tag: noindex\n")
        .file("static/CNAME", "www.archive.example\n")
        .file("static/.htaccess", "RewriteEngine On\n");
    let built = archive.build_with(&["--host", "netlify"]).clean();
    let redirects = built.file("_redirects");
    assert!(redirects.starts_with("/shop/* https://shop.example/:splat 302\n\n# Written by"));
    assert!(redirects.contains("\n/old/ /2017/01/29/talks/ 301!\n"), "{redirects}");
    assert!(built.file("_headers").starts_with("/old.pdf\n  X-Robots-Tag: noindex\n\n#"));
    assert_eq!(built.file("CNAME"), "www.archive.example\n");
    let built = archive.build_with(&["--host", "github-pages"]).succeeds();
    assert_eq!(built.file("CNAME"), "www.archive.example\n");
    assert_eq!(built.file("_redirects"), "/shop/* https://shop.example/:splat 302");
    let built = archive.build_with(&["--host", "apache"]).clean();
    assert!(built.file(".htaccess").starts_with("RewriteEngine On\n\n# Written by"));
    archive.write("static/_redirects", [0xff, 0xfe]);
    let built = archive.build_with(&["--host", "netlify"]);
    assert_eq!(built.code(), 2);
    assert!(built.stderr().contains("static/_redirects"), "{}", built.stderr());
}

#[test]
fn a_domain_is_named_where_it_is_the_site_s_own() {
    for (address, name) in [
        ("https://www.archive.example/", Some("www.archive.example\n")),
        ("https://someone.github.io/", None),
        ("https://someone.github.io/archive/", None),
        ("https://archive.example/news/", None),
        ("http://localhost:8000/", None),
        ("http://127.0.0.1/", None),
    ] {
        let built = little().build_with(&["--host", "github-pages", "-u", address]).succeeds();
        assert_eq!(built.has("/CNAME").then(|| built.file("CNAME")).as_deref(), name, "{address}");
        assert_eq!(built.file(".nojekyll"), "");
    }
}

/// A report may come from anyone; what it calls its old addresses must not become a rule of its own.
#[test]
fn no_old_address_adds_a_rule_of_its_own() {
    let evil = [
        "/x\n/* https://evil.example/:splat 301!",
        "/x%0A/*%20https://evil.example/:splat%20301",
        "/x\\\" 200; } location / { return 301 https://evil.example; } #",
        "/x/ https://evil.example/ 301! #",
        "/x [R,L]\\nRewriteRule . https://evil.example/",
        "/x\r\nHeader set X-Evil 1",
        "/*",
        "/:any",
        "/x}\nredir https://evil.example",
        "/{$PATH}{http.request.header.x}/",
        "/%ef%bb%bf/* https://evil.example/ 301",
    ];
    let aliases = serde_json::json!(evil);
    let archive = Archive::new()
        .article("2017-01-29-a.md", &format!("---\ntitle: A\naliases: {aliases}\n---\nText.\n"));
    for host in HOSTS {
        let built = archive.build_with(&["--host", host]).succeeds();
        for path in special(&built) {
            let text = built.file(&path);
            let is_comment = |line: &&str| line.trim_start().starts_with('#');
            for line in text.lines().filter(|line| !is_comment(line)) {
                let words: Vec<&str> = line.split_whitespace().collect();
                assert!(!words.contains(&"https://evil.example/"), "{host}: {line}");
                assert!(!line.contains("X-Evil"), "{host}: {line}");
                assert!(!line.starts_with("/* h") && !line.starts_with("/: "), "{host}: {line}");
                assert!(line.chars().all(|character| !character.is_control() || character == '\t'));
            }
            // One rule for each address that is one, and every rule leads to the report.
            let rules = text.lines().filter(|line| line.contains("evil.example"));
            for rule in rules {
                assert!(rule.contains("/2017/01/29/a/"), "{host}: {rule}");
            }
        }
    }
}

#[test]
fn what_a_host_cannot_take_is_told_once_for_each_reason() {
    let aliases: Vec<String> = (0..2_100).map(|number| format!("/old/{number}/")).collect();
    let aliases = serde_json::json!(aliases);
    let report = format!("+++\ntitle = \"A\"\naliases = {aliases}\n+++\nText.\n");
    let patterns: Vec<String> = (0..120)
        .map(|number| format!("[[redirects]]\nfrom = \"/p{number}/*\"\nto = \"/2017/01/29/a/\"\n"))
        .collect();
    let archive = Archive::new().config(&patterns.concat()).article("2017-01-29-a.md", &report);
    let told = |host: &str| archive.build_with(&["--host", host]).succeeds();
    let built = told("cloudflare-pages");
    let said = built.stderr();
    assert!(said.contains("takes 2000 rules at most; left out: 100, the first /old/"), "{said}");
    assert!(said.contains("takes 100 rules at most; left out: 20, the first /p100/*"), "{said}");
    assert_eq!(built.file("_redirects").matches(" 301\n").count(), 2_100);
    let built = told("gitlab-pages");
    assert_eq!(built.file("_redirects").matches(" 301\n").count(), 120);
    assert!(told("s3").stderr().contains("takes 50 rules at most; left out: 70"));
    let said = told("apache").stderr();
    // The pages of those lead on; nothing does for these.
    assert!(said.contains("note[host]: apache takes 2000 rules at most; left out: 100"), "{said}");
    assert!(
        said.contains("warning[host]: apache takes 2000 rules at most; left out: 120"),
        "{said}"
    );
    assert_eq!(told("netlify").stderr(), "");
}

/// What no setting mends is said, and stops nothing; a redirect that nobody will follow does.
#[test]
fn strict_lets_be_what_a_host_can_t_do_and_a_page_does_instead() {
    let archive = little();
    for host in ["github-pages", "gitlab-pages", "cloudflare-pages", "s3"] {
        let built = archive.build_with(&["--host", host, "--strict"]).succeeds();
        let said = built.stderr();
        assert!(said.starts_with(&format!("note[host]: {host} can't answer 410")), "{said}");
        let told = archive.build_with(&["--host", host, "--strict", "--force", "--json"]).json();
        assert_eq!(told["diagnostics"][0]["weight"], "note");
    }
    let aliases: Vec<String> = (0..2_100).map(|number| format!("/old/{number}/")).collect();
    let report =
        format!("+++\ntitle = \"A\"\naliases = {}\n+++\nText.\n", serde_json::json!(aliases));
    let archive = archive.article("2017-01-29-a.md", &report);
    let built = archive.build_with(&["--host", "cloudflare-pages", "--strict"]).succeeds();
    assert!(built.stderr().contains("takes 2000 rules at most"), "{}", built.stderr());
    let archive = archive.config("[[redirects]]\nfrom = \"/?p=1\"\nto = \"/\"\n");
    let built = archive.build_with(&["--host", "github-pages", "--strict"]);
    assert_eq!(built.code(), 1);
    assert!(built.stderr().contains("does not look behind the `?`"), "{}", built.stderr());
}

#[test]
fn a_pattern_takes_no_page_away() {
    let rule = "[[redirects]]\nfrom = \"/2017/*\"\nto = \"/years/\"\n";
    let archive = little().config(rule);
    let built = archive.build_with(&["--host", "cloudflare-pages"]).succeeds();
    assert!(built.stderr().contains("away from pages that exist: /2017/*"), "{}", built.stderr());
    assert!(!built.file("_redirects").contains("/2017/*"));
    let built = archive.build_with(&["--host", "s3"]).succeeds();
    assert!(
        built.file(".host/s3-website.json").contains("\"HttpErrorCodeReturnedEquals\": \"404\"")
    );
}

#[test]
fn the_policy_is_as_strict_as_the_pages_allow() {
    let policy = |built: &Built| {
        let headers = built.file("_headers");
        let line = headers.lines().find(|line| line.contains("Content-Security-Policy")).unwrap();
        line.to_owned()
    };
    let archive = little().config("[markdown]\nraw_html = \"trust\"\n");
    let plain = policy(&archive.build_with(&["--host", "netlify"]).clean());
    assert!(plain.contains("img-src 'self' data:;"), "{plain}");
    assert!(plain.contains("script-src 'self'; connect-src 'self';"), "{plain}");
    let page = "+++\ntitle = \"P\"\ndate = 2019-01-01\n+++\n![x](https://pictures.example/a.png)\n\n\
                <script>alert(1)</script>\n";
    archive.write("content/p.md", page);
    let more = policy(&archive.build_with(&["--host", "netlify"]).succeeds());
    assert!(more.contains("img-src 'self' data: https://pictures.example;"), "{more}");
    let alert = "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';";
    assert!(more.contains(alert), "{more}");
    archive.remove("content/p.md");
    let again = policy(&archive.build_with(&["--host", "netlify"]).succeeds());
    assert_eq!(again, plain);
}

#[test]
fn a_page_that_needs_a_host_s_name_is_told() {
    let archive = little().article(
        "x.md",
        "+++\ntitle = \"X\"\ndate = 2019-01-01\npath = \"/_redirects/\"\n+++\nText.\n",
    );
    archive.build().clean();
    let built = archive.build_with(&["--host", "netlify"]);
    assert_eq!(built.code(), 1);
    assert!(built.stderr().contains("content/x.md") || built.stderr().contains("/_redirects/"));
}

#[test]
fn a_misspelt_host_stops_the_build() {
    let built = little().config("[deploy]\nhost = \"netlifly\"\n").build();
    assert_eq!(built.code(), 1);
    assert!(built.stderr().contains("deploy.host can't be “netlifly”"), "{}", built.stderr());
}
