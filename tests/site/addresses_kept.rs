//! An address once published is its owner's: terms and feeds keep theirs, and `addresses.toml` says so.

use crate::archive::{Archive, Built};

fn tagged(tag: &str, day: u32) -> String {
    format!(
        "+++\ntitle = \"T\"\ndate = 2017-01-{day:02}\nadded = 2026-01-01\ntags = [{tag:?}]\n+++\nText.\n"
    )
}

/// Which tag a page is about.
#[track_caller]
fn heading(built: &Built, address: &str) -> String {
    built.page(address).text("h1")
}

/// Both builds, one after the other and each from nothing, give the same site.
#[track_caller]
fn is_as_built_from_nothing(archive: &Archive, built: &Built) {
    let incremental = built.tree();
    std::fs::remove_dir_all(archive.path(".dateline")).unwrap();
    std::fs::remove_dir_all(archive.path("public")).unwrap();
    assert_eq!(archive.build().succeeds().tree(), incremental);
}

#[test]
fn a_tag_keeps_its_address_when_another_comes_that_wants_it() {
    for (first, second, address) in [
        ("C++", "C", "/tags/c/"),
        ("C++", "C#", "/tags/c/"),
        ("CI/CD", "CI-CD", "/tags/ci-cd/"),
        ("U.S.", "U S", "/tags/u-s/"),
        ("O'Neil", "Oneil", "/tags/oneil/"),
        ("C", "C++", "/tags/c/"),
    ] {
        let archive = Archive::new();
        archive.write("content/a.md", tagged(first, 1));
        let before = archive.build().succeeds();
        let owner = heading(&before, address);
        archive.write("content/b.md", tagged(second, 2));
        let after = archive.build().succeeds();
        assert_eq!(heading(&after, address), owner, "{first} and {second}");
        assert!(archive.path("addresses.toml").is_file(), "{first} and {second}");
        is_as_built_from_nothing(&archive, &after);
        // Nothing moves when the first has gone.
        let others: Vec<String> =
            after.tree().into_keys().filter(|path| path.starts_with("tags/c-")).collect();
        archive.remove("content/a.md");
        let alone = archive.build().succeeds();
        assert!(others.iter().all(|path| alone.output().join(path).is_file()), "{second}");
    }
}

#[test]
fn without_the_file_addresses_depend_on_the_sources_alone() {
    let both = |first: &str| {
        let archive = Archive::new()
            .article("a.md", &tagged("C++", 1))
            .article("b.md", &tagged("C", 2))
            .article("c.md", &tagged(first, 3));
        archive.build().succeeds().tree()
    };
    assert_eq!(both("C").keys().collect::<Vec<_>>(), both("C++").keys().collect::<Vec<_>>());
}

#[test]
fn a_broken_file_of_owners_stops_the_build_at_its_line() {
    let archive = Archive::new().article("a.md", &tagged("C", 1));
    archive.build().succeeds();
    archive.write("addresses.toml", "[terms.tags]\n\"c++\" = \"../c\"\n");
    let built = archive.build();
    assert_eq!(built.code(), 1, "{}", built.stderr());
    assert!(built.stderr().contains("addresses.toml:2"), "{}", built.stderr());
}

#[test]
fn check_says_when_nobody_decided_and_when_the_file_is_not_committed() {
    let archive =
        Archive::new().article("a.md", &tagged("C++", 1)).article("b.md", &tagged("C", 2));
    let names = |built: &Built| {
        let json = built.json();
        let findings = json["findings"].as_array().unwrap().clone();
        findings.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let check = || names(&archive.run(&["check", "--json"]));
    assert!(check().contains(&"undecided-address".to_owned()));
    archive.build().succeeds();
    assert!(archive.path("addresses.toml").is_file());
    assert!(!check().contains(&"undecided-address".to_owned()));
    let git = |arguments: &[&str]| {
        let mut git = crate::skip::basic("git");
        git.args(arguments)
            .current_dir(archive.path(""))
            .output()
            .is_ok_and(|out| out.status.success())
    };
    assert!(!check().contains(&"uncommitted-addresses".to_owned()));
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(check().contains(&"uncommitted-addresses".to_owned()));
    assert!(git(&["add", "addresses.toml"]));
    assert!(git(&["-c", "user.name=t", "-c", "user.email=t@x.example", "commit", "-qm", "x"]));
    assert!(!check().contains(&"uncommitted-addresses".to_owned()));
}

#[test]
fn feeds_keep_their_identities_when_the_title_or_the_address_changes() {
    let article = tagged("x", 1);
    let archive = Archive::new().article("a.md", &article);
    let identity = |built: &Built| {
        let atom = built.file("atom.xml");
        atom.split("<id>").nth(1).unwrap().split("</id>").next().unwrap().to_owned()
    };
    let first = identity(&archive.build().succeeds());
    assert!(first.starts_with("tag:archive.example,2000:"), "{first}");
    let archive = archive.config("title = \"Another\"\n");
    assert_eq!(identity(&archive.build().succeeds()), first);
    let archive =
        archive.config("base_url = \"https://elsewhere.example/\"\ntitle = \"Another\"\n");
    let moved = archive.build().succeeds();
    assert_eq!(identity(&moved), first);
    assert!(archive.path("addresses.toml").is_file());
    is_as_built_from_nothing(&archive, &moved);
    // A name that the curator writes is theirs, and what it costs is said once.
    let archive = archive.config("title = \"A\"\n[feeds]\nauthority = \"new.example,2026\"\n");
    assert!(archive.build().succeeds().stderr().contains("feed-identity"));
    assert!(!archive.build().succeeds().stderr().contains("feed-identity"));
}

#[test]
fn a_new_archive_has_an_authority_of_its_own() {
    let archive = Archive::new();
    archive.remove("dateline.toml");
    archive.run(&["init"]).succeeds();
    let settings = std::fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let line = settings.lines().find(|line| line.starts_with("authority = ")).unwrap();
    assert!(line.starts_with("authority = \"archive.example,20"), "{line}");
}
