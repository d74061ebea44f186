//! `dateline check --host`: what a host does not take is told before anybody uploads it.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::archive::{Archive, Built, HOSTS};

fn report(title: &str, date: &str, lines: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n{lines}+++\nWords.\n")
}

/// What is told of the host, as (name, message and help).
fn told(built: &Built) -> Vec<(String, String)> {
    let json = built.json();
    let findings = json["findings"].as_array().unwrap().iter();
    let is_host = |finding: &&Json| finding["name"].as_str().unwrap().starts_with("host-");
    findings
        .filter(is_host)
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("name"), format!("{}\n{}", text("message"), text("help")))
        })
        .collect()
}

fn checked(archive: &Archive, host: &str) -> Built {
    archive.run(&["check", "--json", "--host", host])
}

#[test]
fn a_small_archive_fits_every_host() {
    let archive =
        Archive::new().article("a.md", &report("A", "2017-01-29", "aliases = [\"/b/\"]\n"));
    for build in [false, true] {
        if build {
            archive.build();
        }
        for host in HOSTS {
            assert_eq!(told(&checked(&archive, host)), Vec::new(), "{host}");
        }
    }
}

#[test]
fn rules_that_a_host_does_not_answer_are_told() {
    let rules = |count: usize| {
        let mut config = "title = \"T\"\n".to_owned();
        for rule in 0..count {
            write!(config, "[[redirects]]\nfrom = \"/{rule}/*\"\nto = \"/\"\n").unwrap();
        }
        Archive::new().config(&config).article("a.md", &report("A", "2017-01-29", ""))
    };
    let one = rules(1);
    let github = checked(&one, "github-pages");
    assert_eq!(github.code(), 1);
    let [(name, message)] = &told(&github)[..] else { panic!("{:?}", told(&github)) };
    assert_eq!(name, "host-redirects");
    assert!(
        message.starts_with("the site has 1 redirects with * or ?, which github-pages does not")
    );
    for host in &HOSTS[1..] {
        assert_eq!(told(&checked(&one, host)), Vec::new(), "{host}");
    }
    let many = rules(101);
    for (host, most) in [("cloudflare-pages", "100"), ("s3", "50")] {
        let told = told(&checked(&many, host));
        assert!(told[0].1.contains(&format!("101 redirects with * or ?; {host} takes {most}")));
    }
    assert_eq!(told(&checked(&many, "gitlab-pages")), Vec::new());
}

#[test]
fn too_many_old_addresses_are_told() {
    let aliases: Vec<String> = (0..2_001).map(|old| format!("\"/old/{old}/\"")).collect();
    let lines = format!("aliases = [{}]\n", aliases.join(", "));
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", &lines));
    for (host, most) in [("cloudflare-pages", "2000"), ("gitlab-pages", "1000")] {
        let told = told(&checked(&archive, host));
        let [(name, message)] = &told[..] else { panic!("{told:?}") };
        assert_eq!(name, "host-redirects");
        assert!(message.contains(&format!("{host} takes {most}")), "{message}");
    }
    assert_eq!(told(&checked(&archive, "s3")), Vec::new());
}

#[test]
fn a_file_that_is_too_large_is_told_once_it_is_built() {
    let archive = Archive::new()
        .article("a.md", &report("A", "2017-01-29", ""))
        .file("static/large.bin", vec![0; 26 << 20]);
    archive.build();
    let cloudflare = told(&checked(&archive, "cloudflare-pages"));
    let [(name, message)] = &cloudflare[..] else { panic!("{cloudflare:?}") };
    assert_eq!(name, "host-file-size");
    assert!(message.starts_with("/large.bin has 26.00 MiB; cloudflare-pages takes 25.00 MiB"));
    assert_eq!(told(&checked(&archive, "github-pages")), Vec::new());
}

#[test]
fn too_many_files_are_told_with_what_would_make_them_fewer() {
    let archive = Archive::new().patience(180).config(
        "title = \"T\"\n[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\n\
         [deploy]\nhost = \"cloudflare-pages\"\n",
    );
    for number in 0..4_000 {
        let date =
            format!("{}-{:02}-{:02}", 1990 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
        archive
            .write(&format!("content/{number}.md"), report(&format!("Report {number}"), &date, ""));
    }
    let told = told(&archive.run(&["check", "--json"]));
    let [(name, message)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(name, "host-file-count");
    assert!(message.contains("files; cloudflare-pages takes 20000"), "{message}");
    assert!(message.contains("`[citation] sidecars = []` saves 12000 files"), "{message}");
    assert!(message.contains("`[listing] days = false` saves 4000 files"), "{message}");
}

#[test]
fn a_host_can_be_silenced_and_an_unknown_one_is_none() {
    let archive = Archive::new()
        .config(
            "title = \"T\"\n[check.lints]\nhost-redirects = \"note\"\n\
             [[redirects]]\nfrom = \"/a/*\"\nto = \"/\"\n",
        )
        .article("a.md", &report("A", "2017-01-29", ""));
    assert_eq!(checked(&archive, "github-pages").code(), 0);
    assert_eq!(archive.run(&["check", "--host", "geocities"]).code(), 2);
}
