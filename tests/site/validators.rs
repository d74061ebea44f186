//! Feeds, sitemaps and pages as others' validators see them.

use std::path::Path;

use serde_json::Value as Json;

use crate::archive::{Archive, Built, tree};
use crate::skip;

/// An archive whose feeds hold all that they can hold, beside the demo's own reports.
fn archive() -> Archive {
    Archive::demo()
        .article("bare.md", "+++\ntitle = \"<Bare> & \\u0001 “quoted”\"\ndate = \"2017\"\n+++\n")
        .article(
            "full.md",
            "+++\ntitle = \"Full\"\ndate = 2017-03-26T02:30:00+03:00\nadded = 2026-01-02\n\
             updated = 2026-01-03\nid = \"urn:uuid:3f1b2c9e-0000-4000-8000-000000000000\"\n\
             tags = [\"a&b\", \"<c>\"]\nauthors = [\"A\", \"B & C\"]\nrights = \"© <them>\"\n\
             language = \"ar\"\noriginal_url = \"https://x.example/?a=1&b=2\"\n+++\nText & text.\n",
        )
}

/// Runs a validator over a file.
#[track_caller]
fn validates(command: &str, arguments: &[&Path], file: &Path) {
    let mut words = command.split(' ');
    let output = skip::basic(words.next().unwrap()).args(words).args(arguments).arg(file).output();
    let output = output.unwrap();
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}:\n{}", file.display(), said.concat());
}

/// The files of a site whose path a question is true of.
fn files(built: &Built, is: impl Fn(&str) -> bool) -> Vec<std::path::PathBuf> {
    let paths = built.tree().into_keys().filter(|path| is(path));
    paths.map(|path| built.output().join(path)).collect()
}

#[test]
fn atom_feeds_are_what_rfc_4287_says() {
    let Some(schema) = skip::needs_shared("schemas/atom.rng") else { return };
    if !skip::needs("jing") {
        return;
    }
    let built = archive().build().succeeds();
    let is_feed = |path: &str| path.ends_with("atom.xml") || path == "updated.xml";
    let feeds = files(&built, is_feed);
    assert!(feeds.len() > 5, "{feeds:?}");
    let arguments: Vec<&Path> = [schema.as_path()]
        .into_iter()
        .chain(feeds.iter().map(std::path::PathBuf::as_path))
        .collect();
    let (last, before) = arguments.split_last().unwrap();
    validates("jing", before, last);
}

#[test]
fn an_empty_archive_s_feed_is_what_rfc_4287_says() {
    let Some(schema) = skip::needs_shared("schemas/atom.rng") else { return };
    if !skip::needs("jing") {
        return;
    }
    let built = Archive::new().build().clean();
    validates("jing", &[&schema], &built.output().join("atom.xml"));
}

#[test]
fn sitemaps_are_what_their_schema_says() {
    let Some(schema) = skip::needs_shared("schemas/sitemap.xsd") else { return };
    if !skip::needs("xmllint") {
        return;
    }
    let built = archive().build().succeeds();
    let sitemaps = files(&built, |path| path.starts_with("sitemaps/"));
    assert!(sitemaps.len() > 10, "{sitemaps:?}");
    for file in sitemaps {
        validates("xmllint --nonet --noout --schema", &[&schema], &file);
    }
    validates("xmllint --nonet --noout", &[], &built.output().join("sitemap.xml"));
}

/// The members that JSON Feed 1.1 requires, and the types of all that it names.
#[test]
fn the_json_feed_holds_what_its_version_requires() {
    let feed = archive().build().succeeds().file("feed.json");
    let feed: Json = serde_json::from_str(&feed).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    for key in ["title", "home_page_url", "feed_url", "description", "language"] {
        assert!(feed[key].is_string(), "{key}");
    }
    let items = feed["items"].as_array().unwrap();
    assert!(items.len() > 30, "{}", items.len());
    let mut ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    for item in items {
        assert!(item["content_text"].is_string() || item["content_html"].is_string(), "{item}");
        for key in ["url", "external_url"] {
            let address = item.get(key).map(|address| address.as_str().unwrap());
            assert!(address.is_none_or(|address| url::Url::parse(address).is_ok()), "{item}");
        }
        for key in ["date_published", "date_modified"] {
            assert!(chrono::DateTime::parse_from_rfc3339(item[key].as_str().unwrap()).is_ok());
        }
        assert!(item["tags"].as_array().unwrap().iter().all(Json::is_string));
        assert!(item["authors"].as_array().unwrap().iter().all(|by| by["name"].is_string()));
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), items.len(), "each entry has an identity of its own");
}

#[test]
fn every_page_is_valid_html() {
    let Some(jar) = skip::needs_file("DATELINE_VNU", "vnu.jar of the Nu HTML Checker") else {
        return;
    };
    if !skip::needs("java") {
        return;
    }
    let built = archive().build().succeeds();
    let output = skip::basic("java")
        .args(["-Xss4m", "-jar"])
        .arg(jar)
        .args(["--errors-only", "--skip-non-html", "--format", "json", "--stdout"])
        .arg(built.output())
        .output()
        .unwrap();
    let told: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let errors: Vec<String> =
        told["messages"].as_array().unwrap().iter().map(Json::to_string).collect();
    assert!(errors.is_empty(), "{} errors:\n{}", errors.len(), errors.join("\n"));
    assert!(tree(built.output()).len() > 500);
}
