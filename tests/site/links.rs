//! Every address on every page leads somewhere, wherever the archive lives; no page needs more than
//! a strict Content-Security-Policy allows; no two files are one on any system.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::archive::{Archive, Built, file_of};
use crate::page::Page;

/// An archive with one of everything that makes an address.
fn small() -> Archive {
    let config = "title = \"Small\"\nreport_url = \"/about/#h-who\"\n\
        [listing]\nleaf = 2\ndays = false\n\
        [[taxonomies]]\nname = \"people\"\nsingular = \"person\"\nfeed = true\n\
        [[redirects]]\nfrom = \"/old.html\"\nto = \"/about/\"\n\
        [[nav]]\ntitle = \"About\"\nurl = \"/about/\"\n";
    let mut archive = Archive::new().config(config).file(
        "content/pages/about.md",
        "+++\ntitle = \"About\"\n+++\n## Who\n\nUs. [First](../2017/one/index.md), [up](#h-who).\n",
    );
    for (slug, date) in [
        ("two", "2017-01-30"),
        ("three", "2017-02-01"),
        ("four", "\"2018\""),
        ("five", "\"2018-05\""),
        ("ärger über žluť", "2018-05-03"),
        ("محمد", "2019-05-03"),
    ] {
        let text = format!(
            "+++\ntitle = \"{slug}\"\ndate = {date}\nadded = 2026-01-01\ntags = [\"C++\", \"Ä b\"]\n\
             people = [\"محمد\"]\nstories = [\"A story\"]\noutlet = \"Le Monde\"\n\
             aliases = [\"/alt/{slug}\"]\n+++\n## Part\n\nText[^1]. [One](/2017/01/29/one/?q=1)\n\n[^1]: Note.\n"
        );
        archive = archive.article(&format!("{slug}.md"), &text);
    }
    archive
        .article(
            "2017/one/index.md",
            "+++\ntitle = \"One\"\ndate = 2017-01-29\nimage = \"a b.svg\"\n+++\n\
             Text. ![Alt](a%20b.svg) [three](../../three.md) <a href=\"#p1\">p</a>\n",
        )
        .file("content/2017/one/a b.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .article(
            "gone.md",
            "+++\ntitle = \"Gone\"\ndate = 2017-01-31\ntags = [\"C++\"]\n\
             withdrawn = { date = 2020-01-01, kind = \"court\" }\n+++\n",
        )
}

/// Every HTML page of a site by its path.
fn pages(built: &Built) -> BTreeMap<String, Page> {
    let html = |path: &str| path.ends_with(".html");
    built
        .tree()
        .into_iter()
        .filter(|(path, _)| html(path))
        .map(|(path, bytes)| (path, Page::read(std::str::from_utf8(&bytes).unwrap())))
        .collect()
}

/// Addresses on a page that a browser would follow or fetch.
fn addresses(page: &Page) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in ["href", "src", "poster", "data", "cite", "action"] {
        found.extend(page.attributes(&format!("[{attribute}]"), attribute));
    }
    for set in page.attributes("[srcset]", "srcset") {
        found.extend(
            set.split(',').filter_map(|part| part.split_whitespace().next()).map(Into::into),
        );
    }
    for refresh in page.attributes("meta[http-equiv=refresh]", "content") {
        found.extend(refresh.split_once("url=").map(|(_, url)| url.to_owned()));
    }
    found.extend(page.attributes("meta[property='og:url']", "content"));
    found
}

/// What is wrong with one address found at `at`, if anything.
fn broken(
    base: &Url,
    files: &BTreeSet<String>,
    ids: &BTreeMap<String, BTreeSet<String>>,
    at: &str,
    address: &str,
) -> Option<String> {
    let here = base.join(at.trim_end_matches("index.html")).unwrap();
    let url = match here.join(address) {
        Ok(url) => url,
        Err(error) => return Some(format!("{at}: {address}: {error}")),
    };
    if url.host_str() != base.host_str() {
        return None;
    }
    let Some(path) = url.path().strip_prefix(base.path()) else {
        return Some(format!("{at}: {address} leads out of {base}"));
    };
    let file = file_of(&percent_decode_str(path).decode_utf8().unwrap());
    if !files.contains(&file) {
        return Some(format!("{at}: {address} leads nowhere: no {file}"));
    }
    let id = percent_decode_str(url.fragment()?).decode_utf8().unwrap().into_owned();
    let known = ids.get(&file).is_some_and(|ids| ids.contains(&id));
    (!known).then(|| format!("{at}: {address}: no element has this id"))
}

/// What is wrong with a site's addresses: each must lead somewhere in it or to another host.
#[track_caller]
fn broken_links(built: &Built, base: &str) -> Vec<String> {
    let base = Url::parse(base).unwrap();
    let files: BTreeSet<String> = built.tree().into_keys().collect();
    let pages = pages(built);
    let ids: BTreeMap<String, BTreeSet<String>> = pages
        .iter()
        .map(|(path, page)| (path.clone(), page.attributes("[id]", "id").into_iter().collect()))
        .collect();
    let mut problems = Vec::new();
    let mut seen = 0;
    for (at, page) in &pages {
        for address in addresses(page) {
            seen += 1;
            problems.extend(broken(&base, &files, &ids, at, &address));
        }
    }
    assert!(seen > pages.len() * 5, "only {seen} addresses on {} pages", pages.len());
    for (at, address) in written_addresses(built) {
        if !address.starts_with(base.as_str()) {
            problems.push(format!("{at}: {address} is not below {base}"));
            continue;
        }
        problems.extend(broken(&base, &files, &ids, &at, &address));
    }
    problems
}

/// Addresses of this site in sitemaps, feeds and `robots.txt`: (file, address).
fn written_addresses(built: &Built) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut add = |address: &str| {
            found.push((path.clone(), html_escape::decode_html_entities(address).into_owned()));
        };
        if path.contains("sitemap") {
            text.split("<loc>")
                .skip(1)
                .filter_map(|rest| rest.split("</loc>").next())
                .for_each(add);
        } else if path.ends_with("atom.xml") {
            for link in text.split("<link ").skip(1) {
                let link = link.split('>').next().unwrap();
                let own =
                    ["rel=\"self\"", "rel=\"alternate\""].iter().any(|rel| link.contains(rel));
                if own {
                    add(link.split("href=\"").nth(1).unwrap().split('"').next().unwrap());
                }
            }
        } else if path == "feed.json" {
            let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
            for key in ["home_page_url", "feed_url"] {
                add(feed[key].as_str().unwrap());
            }
            for item in feed["items"].as_array().unwrap() {
                add(item["url"].as_str().unwrap());
            }
        } else if path == "robots.txt" {
            add(text.split("Sitemap: ").nth(1).unwrap().trim());
        }
    }
    assert!(found.len() > 10, "{found:?}");
    found
}

/// No two paths are one where case and Unicode form do not count, and none is a name that some
/// system can't hold.
#[track_caller]
pub(crate) fn check_paths(built: &Built) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for path in built.tree().into_keys() {
        for part in path.split('/') {
            assert!(part.len() <= 255 && !part.ends_with([' ', '.']), "{path}");
            assert!(!part.contains(['\\', ':', '*', '?', '"', '<', '>', '|']), "{path}");
            assert!(!part.chars().any(char::is_control), "{path:?}");
        }
        let other = seen.insert(dateline::base::permalink::fold(&path), path.clone());
        assert_eq!(other, None, "one on some file system: {path}");
    }
}

/// Nothing that a Content-Security-Policy without `unsafe-inline` would refuse.
#[track_caller]
pub(crate) fn check_policy(built: &Built) {
    for (path, page) in pages(built) {
        assert!(
            !page.has("script:not([src]):not([type='application/ld+json']), style, [style]"),
            "{path} has inline code or style"
        );
        for element in page.all("*") {
            let handler = element.value().attrs().find(|(name, _)| name.starts_with("on"));
            assert_eq!(handler, None, "{path}");
        }
        for address in addresses(&page) {
            let address = address.trim().to_lowercase();
            let runs = ["javascript:", "vbscript:", "data:text"];
            assert!(!runs.iter().any(|scheme| address.starts_with(scheme)), "{path}: {address}");
        }
    }
}

/// Ids are unique on each page, so that a link to one leads to one.
#[track_caller]
fn check_ids(built: &Built) {
    for (path, page) in pages(built) {
        let ids = page.attributes("[id]", "id");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: {ids:?}");
    }
}

#[track_caller]
fn check(built: &Built, base: &str) {
    let broken = broken_links(built, base);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    check_ids(built);
    check_paths(built);
    check_policy(built);
}

#[test]
fn what_leads_nowhere_is_found() {
    let template =
        "<a href=\"/nowhere/\">a</a><a href=\"/years/#no\">b</a><img srcset=\"/no.png 2x\">";
    let built = small().file("templates/404.html", template).build().clean();
    let broken = broken_links(&built, "https://archive.example/");
    assert_eq!(broken.len(), 3, "{broken:?}");
    let moved = broken_links(&small().build().clean(), "https://archive.example/sub/");
    assert!(moved.len() > 100, "root-relative links are wrong below a folder");
}

#[test]
fn every_address_of_the_demo_archive_leads_somewhere() {
    check(&Archive::demo().build().clean(), "https://archive.example/");
}

#[test]
fn every_address_of_the_demo_archive_leads_somewhere_in_a_folder_of_its_host() {
    let base = "https://host.example/sub/dir/";
    let built = Archive::demo().build_with(&["--base-url", base]).clean();
    check(&built, base);
    let moved = built.page("/mom/").attribute("meta[http-equiv=refresh]", "content");
    assert!(moved.contains("url=/sub/dir/"), "{moved}");
}

#[test]
fn every_address_of_a_small_archive_leads_somewhere() {
    check(&small().build().clean(), "https://archive.example/");
}

#[test]
fn every_address_of_a_small_archive_leads_somewhere_in_a_folder_of_its_host() {
    let base = "https://host.example/a%20b/";
    let built = small().build_with(&["-u", base]).clean();
    check(&built, base);
}

#[test]
fn an_arabic_interface_holds_no_english_word() {
    let config = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dateline.toml"),
    );
    let config = config.unwrap().replacen("\nlanguage = \"en\"\n", "\nlanguage = \"ar\"\n", 1);
    let built = Archive::demo().config(&config).build().succeeds();
    let (home, english) = (built.page("/"), english_words());
    assert_eq!(home.attribute("html", "dir"), "rtl");
    for (path, page) in pages(&built) {
        let plain = page.has("article.plain:not(.tombstone)");
        for (element, text) in interface(&page) {
            assert!(plain || !english.contains(&text), "{path}: “{text}” in <{element}>");
        }
    }
}

/// The texts of the interface in English, without those that hold a name or number.
fn english_words() -> BTreeSet<String> {
    let words: toml::Table =
        toml::from_str(include_str!("../../themes/gazette/i18n/en.toml")).unwrap();
    let mut found = BTreeSet::new();
    for table in ["words", "withdrawal", "taxonomies"] {
        let values = words[table].as_table().unwrap().values().filter_map(toml::Value::as_str);
        found.extend(
            values.filter(|text| text.len() >= 4 && !text.contains('{')).map(str::to_owned),
        );
    }
    for table in ["months", "weekdays"] {
        let names = words["dates"][table].as_array().unwrap().iter();
        found.extend(names.filter_map(toml::Value::as_str).map(str::to_owned));
    }
    assert!(found.len() > 50);
    found
}

/// Every text node and every attribute that is read out, outside of what articles say.
fn interface(page: &Page) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for element in page.all("*") {
        let name = element.value().name().to_owned();
        for attribute in ["aria-label", "title", "alt", "placeholder"] {
            if let Some(text) = element.value().attr(attribute) {
                found.push((name.clone(), text.to_owned()));
            }
        }
        if matches!(name.as_str(), "bdi" | "title") || element.value().attr("lang") == Some("en") {
            continue;
        }
        for child in element.children() {
            if let Some(text) = child.value().as_text() {
                found.push((name.clone(), text.trim().to_owned()));
            }
        }
    }
    found
}
