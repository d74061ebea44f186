//! How reports are cited: the box on their pages, files beside them, and what others' programs read.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::archive::{Archive, Built};
use crate::readers::{ending, read};
use crate::skip::{self, schema};

/// A report that is hard on every format.
const HARD: &str = "+++\ntitle = \"50 % of {all} | “costs” & \\\\more_ #1: $5 ~ ^2 <b>\"\n\
    date = 2017-01-29\nadded = 2026-02-03\noutlet = \"Q&A {News}\"\n\
    authors = [\"Jane Q. Doe\", \"van Beethoven, Ludwig\", \"Иван Петров\", \"AT&T | Press\"]\n\
    original_url = \"https://x.example/a_b?c=1&d=%20#e\"\n\
    archived = [{ url = \"https://web.archive.org/web/2018/https://x.example/\", date = 2018-05-06 }]\n\
    +++\nText.\n";

const SIDECARS: &str = "[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\n";

fn archive() -> Archive {
    let archive = Archive::demo();
    let config = std::fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let config = config.replace("sidecars = []", "sidecars = [\"bibtex\", \"ris\", \"csl\"]");
    archive
        .file("dateline.toml", config)
        .article("hard.md", HARD)
        .article("year.md", "+++\ntitle = \"Only a\\nyear\"\ndate = \"1970\"\n+++\nText.\n")
        .article("month.md", "+++\ntitle = \"Only a month\"\ndate = \"1970-03\"\n+++\nText.\n")
}

/// The records of a site's data, by citation key.
fn records(built: &Built) -> BTreeMap<String, Json> {
    let mut records = BTreeMap::new();
    for file in ending(built, "index.json") {
        let data: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for record in data["articles"].as_array().into_iter().flatten() {
            let path = record["url"].as_str().unwrap().strip_prefix("https://archive.example/");
            let key = path.unwrap().trim_matches('/').replace('/', ":");
            records.insert(key, record.clone());
        }
    }
    records
}

fn text<'a>(value: &'a Json, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// A text whose white space is single, as no format keeps more.
fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_report_says_how_to_cite_it() {
    let config = "title = \"The Archive\"\n[citation]\nstyles = [\"mla\", \"chicago\"]\n";
    let built = Archive::new().config(config).article("hard.md", HARD).build().clean();
    let page = built.page("/2017/01/29/hard/");
    assert_eq!(page.texts(".cite-style .label"), ["MLA", "Chicago"]);
    assert_eq!(
        page.texts(".cite-style cite")[0],
        "Doe, Jane Q., et al. “50 % of {All} | ‘Costs’ & \\more_ #1: $5 ~ ^2 <b>.” Q&A {News}, \
         29 Jan. 2017, https://archive.example/2017/01/29/hard/."
    );
    assert_eq!(page.texts(".cite h3"), ["BibTeX", "RIS", "CSL-JSON", "Wikipedia"]);
    let wikipedia = page.texts(".cite pre").pop().unwrap();
    for part in [
        "{{cite news | last1 = Doe | first1 = Jane Q. | last2 = van Beethoven | first2 = Ludwig \
         | author3 = Иван Петров | author4 = AT&T &#124; Press",
        "| url = https://x.example/a_b?c=1&d=%20#e",
        "| archive-url = https://web.archive.org/web/2018/https://x.example/ \
         | archive-date = 2018-05-06 | url-status = live | access-date = 2026-02-03",
    ] {
        assert!(wikipedia.contains(part), "{wikipedia}");
    }
    assert!(!page.has(".cite script") && !page.has(".cite [style]"));
}

#[test]
fn a_withdrawn_report_is_not_cited_and_the_box_can_be_left_out() {
    let withdrawn = "+++\ntitle = \"Gone\"\ndate = 2017-01-29\n\
        withdrawn = { date = 2018-01-01, kind = \"privacy\" }\n+++\nText.\n";
    let archive = Archive::new().article("gone.md", withdrawn).article("hard.md", HARD);
    let archive = archive.config(&format!("title = \"The Archive\"\n{SIDECARS}"));
    let built = archive.build().clean();
    assert!(!built.page("/2017/01/29/gone/").has(".cite"));
    assert!(!built.has("/2017/01/29/gone/cite.bib") && built.has("/2017/01/29/hard/cite.bib"));
    assert_eq!(
        built.page("/2017/01/29/hard/").links(".cite"),
        ["bib", "ris", "json"].map(|end| format!("/2017/01/29/hard/cite.{end}"))
    );
    let built = archive.config("[citation]\nbox = false\n").build().clean();
    assert!(!built.page("/2017/01/29/hard/").has(".cite"));
    assert!(!built.has("/2017/01/29/hard/cite.bib"), "files beside a report are off by default");
}

#[cfg(not(feature = "csl"))]
#[test]
fn a_style_that_is_not_built_in_is_refused_with_those_that_are() {
    let built = Archive::new().config("[citation]\nstyles = [\"apa\", \"ieee\"]\n").build();
    assert_eq!(built.code(), 1);
    let said = built.stderr();
    assert!(
        said.contains("styles can't be “ieee”") && said.contains("apa, chicago or mla"),
        "{said}"
    );
    assert!(said.contains("dateline.toml:3"), "{said}");
}

#[test]
fn bibtexparser_reads_the_same_fields() {
    let Some(python) = skip::needs_python(&["bibtexparser"]) else { return };
    let built = archive().build().succeeds();
    let records = records(&built);
    let entries = read(&python, "bibtex", &ending(&built, "index.bib"));
    let entries = entries.as_array().unwrap();
    assert_eq!(entries.len(), records.len());
    for entry in entries {
        let record = &records[text(entry, "ID")];
        assert_eq!(unescaped(text(entry, "title")), single(text(record, "title")));
        assert_eq!(text(entry, "url"), text(record, "url"));
        assert_eq!(text(entry, "year"), &text(record, "date")[..4]);
        assert!(text(record, "date").starts_with(text(entry, "date")));
        let outlet = record["outlet"].as_str().unwrap_or("Red Planet, Grey Moon");
        assert_eq!(unescaped(text(entry, "journal")), outlet);
        let authors =
            entry.get("author").map_or(0, |_| text(entry, "author").split(" and ").count());
        assert_eq!(authors, record["authors"].as_array().unwrap().len(), "{entry}");
    }
    let hard = entries.iter().find(|entry| entry["ID"] == "2017:01:29:hard").unwrap();
    assert_eq!(
        text(hard, "author"),
        "Doe, Jane Q. and van Beethoven, Ludwig and {Иван Петров} and {AT\\&T | Press}"
    );
}

/// TeX's escapes undone. Braces came in as parentheses.
fn unescaped(text: &str) -> String {
    let text = text.trim_start_matches('{').trim_end_matches('}');
    let mut text = text
        .replace("\\textbackslash{}", "\\")
        .replace("\\textasciitilde{}", "~")
        .replace("\\textasciicircum{}", "^");
    for character in ["&", "%", "$", "#", "_"] {
        text = text.replace(&format!("\\{character}"), character);
    }
    text.replace("(all)", "{all}").replace("(News)", "{News}")
}

#[test]
fn rispy_reads_the_same_fields() {
    let Some(python) = skip::needs_python(&["rispy"]) else { return };
    let built = archive().build().succeeds();
    let records = records(&built);
    let entries = read(&python, "ris", &ending(&built, "cite.ris"));
    let entries = entries.as_array().unwrap();
    assert_eq!(entries.len(), records.len());
    for entry in entries {
        let record = &records[text(entry, "id")];
        assert_eq!(text(entry, "type_of_reference"), "NEWS");
        assert_eq!(text(entry, "title"), single(text(record, "title")));
        assert_eq!(entry["urls"][0], record["url"]);
        assert_eq!(text(entry, "year"), &text(record, "date")[..4]);
        let authors = entry["authors"].as_array().map_or(0, Vec::len);
        assert_eq!(authors, record["authors"].as_array().unwrap().len(), "{entry}");
    }
}

#[test]
fn citeproc_reads_the_same_fields_and_the_schema_is_kept() {
    let schema = schema("csl-data.json");
    let Some(python) = skip::needs_python(&["citeproc", "jsonschema"]) else { return };
    let built = archive().build().succeeds();
    let records = records(&built);
    let mut arguments = vec![schema];
    arguments.extend(ending(&built, "cite.json"));
    let told = read(&python, "csl", &arguments);
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), records.len());
    assert_eq!(told["shown"].as_array().unwrap().len(), records.len());
    for item in items {
        let record = &records[text(item, "id")];
        assert_eq!(text(item, "title"), single(text(record, "title")));
        assert_eq!(item["URL"], record["url"]);
        let year = item["issued"]["date-parts"][0][0].to_string();
        assert_eq!(year, &text(record, "date")[..4]);
    }
    let shown = told["shown"].to_string();
    assert!(shown.contains("Doe, J.Q.") && shown.contains("Apollo 11 has landed"), "{shown}");
}
