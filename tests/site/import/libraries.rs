//! Bibliographies and tables: what is known of reports, with or without their texts.

use serde_json::json;

use super::shelf::{Shelf, holds};
use crate::archive::Archive;

const ZOTERO: &str = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:z='http://www.zotero.org/namespaces/export#'>\
    <bib:Article rdf:about='https://paper.example/talks'><z:itemType>newspaperArticle</z:itemType>\
    <dcterms:isPartOf><bib:Newspaper><dc:title>The Paper</dc:title></bib:Newspaper></dcterms:isPartOf>\
    <bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Lee</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li>\
    <rdf:li><foaf:Person><foaf:surname>The Desk</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors>\
    <dcterms:isReferencedBy rdf:resource='#item_3'/><link:link rdf:resource='#item_4'/>\
    <dc:subject>peace</dc:subject><dc:subject><z:AutomaticTag><rdf:value>Geneva &amp; lake</rdf:value></z:AutomaticTag></dc:subject>\
    <dc:title>Talks &lt;i&gt;begin&lt;/i&gt;</dc:title><dcterms:abstract>Short.</dcterms:abstract><dc:date>2017-01-29</dc:date>\
    <z:language>en</z:language><dc:rights>The Paper</dc:rights>\
    <dc:identifier><dcterms:URI><rdf:value>https://paper.example/talks</rdf:value></dcterms:URI></dc:identifier>\
    <dcterms:dateSubmitted>2017-02-01 10:00:00</dcterms:dateSubmitted></bib:Article>\
    <bib:Article rdf:about='#item_2'><z:itemType>journalArticle</z:itemType><dcterms:isPartOf rdf:resource='urn:issn:1234-5678'/>\
    <dc:title>Later</dc:title><dc:date>2017-03-00</dc:date></bib:Article>\
    <bib:Journal rdf:about='urn:issn:1234-5678'><dc:title>Peace Studies</dc:title></bib:Journal>\
    <bib:Memo rdf:about='#item_3'><rdf:value>&lt;p&gt;Check the &lt;b&gt;day&lt;/b&gt;.&lt;/p&gt;</rdf:value></bib:Memo>\
    <z:Attachment rdf:about='#item_4'><z:itemType>attachment</z:itemType><rdf:resource rdf:resource='files/4/talks.html'/><dc:title>Snapshot</dc:title></z:Attachment>\
    <bib:Memo rdf:about='#item_9'><rdf:value>alone</rdf:value></bib:Memo>\
    <z:Collection rdf:about='#collection_1'><dc:title>Peace talks</dc:title><dcterms:hasPart rdf:resource='https://paper.example/talks'/></z:Collection>\
    <z:Collection rdf:about='#collection_2'><dc:title>All</dc:title><dcterms:hasPart rdf:resource='#collection_1'/><dcterms:hasPart rdf:resource='#collection_2'/></z:Collection>\
    </rdf:RDF>";

#[test]
fn zotero_s_library_becomes_drafts_with_notes_files_and_collections() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let path = shelf.file("library.rdf", ZOTERO);
    let report = archive.import_from(&["zotero"], &path, &["--json"]).succeeds().json();
    assert_eq!(report["others"], json!({ "note or file alone": 1 }));
    assert_eq!(report["written"], 2);
    let text = archive.text("content/2017/talks-begin.md");
    holds(
        &text,
        &[
            "title = \"Talks begin\"",
            "date = 2017-01-29",
            "added = 2017-02-01T10:00:00",
            "outlet = \"The Paper\"",
            "original_url = \"https://paper.example/talks\"",
            "authors = [\"Ann Lee\", \"The Desk\"]",
            // A collection that is in itself does no harm.
            "tags = [\"peace\", \"Geneva & lake\", \"Peace talks\", \"All\"]",
            "summary = \"Short.\"",
            "draft = true",
            "notes = [\"Check the day.\"]",
            "attachments = [\"files/4/talks.html\"]",
        ],
    );
    holds(
        &archive.text("content/2017/later.md"),
        &["date = \"2017-03\"", "outlet = \"Peace Studies\""],
    );
    archive.build_with(&["--strict", "--drafts"]).succeeds();
}

const RIS: &str = "\u{feff}TY  - NEWS\r\nTI  - Talks begin\r\nAU  - Lee, Ann\r\nAU  - Doe, Cy, Jr.\r\nA1  - The Desk\r\n\
    DA  - 2017/01/29/morning\r\nPY  - 2017\r\nT2  - The Paper\r\nUR  - https://paper.example/talks\r\nAB  - One line\r\nand another.\r\n\
    KW  - peace\r\nKW  - lake; geneva\r\nKW  - peace\r\nLA  - en\r\nER  - \r\n\r\n\
    TY - ELEC\r\nT1 - Later\r\nPY - 2017/03//\r\nDO - 10.1000/182\r\n\
    TY  - NEWS\r\nTI  - No day\r\n";

#[test]
fn ris_becomes_drafts() {
    let shelf = Shelf::new();
    let archive = Archive::new();
    let report =
        archive.import_from(&["ris"], &shelf.file("all.ris", RIS), &["--json"]).succeeds().json();
    assert_eq!(report["written"], 3, "{report}");
    holds(
        &archive.text("content/2017/talks-begin.md"),
        &[
            "date = 2017-01-29",
            "outlet = \"The Paper\"",
            "original_url = \"https://paper.example/talks\"",
            "authors = [\"Ann Lee\", \"Cy Doe, Jr.\", \"The Desk\"]",
            "tags = [\"peace\", \"lake\", \"geneva\"]",
            "summary = \"One line and another.\"",
            "language = \"en\"",
            "draft = true",
        ],
    );
    holds(
        &archive.text("content/2017/later.md"),
        &["date = \"2017-03\"", "original_url = \"https://doi.org/10.1000/182\""],
    );
    holds(&archive.text("content/drafts/no-day.md"), &["draft = true"]);
    archive.build_with(&["--strict", "--drafts"]).succeeds();
    let odd = archive.import_from(&["ris"], &shelf.file("odd.ris", "AU  - Lee\nnothing\n"), &[]);
    assert_eq!(odd.code(), 2);
}

#[test]
fn a_table_s_columns_are_known_by_their_names_or_by_a_mapping() {
    let shelf = Shelf::new();
    let table = "Headline;Published;Link;Publication;Byline;Keywords;Content\n\
        \"Talks; begin\";29/1/2017;https://paper.example/talks;The Paper;Ann Lee|Bo Chan;peace|lake;\"One.\n\nTwo < three.\"\n\
        Later;2/1/2017;https://paper.example/later;The Paper;;;<p>HTML <b>here</b>.</p>\n\
        Nothing;3/1/2017;https://paper.example/nothing;The Paper;;;\n";
    let archive = Archive::new();
    archive.import_from(&["csv"], &shelf.file("table.csv", table), &[]).succeeds();
    let text = archive.text("content/2017/talks-begin.md");
    holds(
        &text,
        &[
            "title = \"Talks; begin\"",
            "date = 2017-01-29",
            "original_url = \"https://paper.example/talks\"",
            "outlet = \"The Paper\"",
            "authors = [\"Ann Lee\", \"Bo Chan\"]",
            "tags = [\"peace\", \"lake\"]",
            "One.\n\nTwo < three.",
        ],
    );
    assert!(!text.contains("draft"), "{text}");
    // The twenty-ninth tells that days come first.
    holds(&archive.text("content/2017/later.md"), &["date = 2017-01-02", "HTML **here**."]);
    holds(&archive.text("content/2017/nothing.md"), &["date = 2017-01-03", "draft = true"]);
    archive.build_with(&["--strict"]).succeeds();

    let mapped = Archive::new();
    let odd = "Was\tWann\tWo\tWer\tOrt\n'=Talks\t2017-01-29\thttps://paper.example/talks\tAnn Lee\tGeneva\n";
    let path = shelf.file("odd.tsv", odd);
    let map = shelf.file(
        "map.toml",
        "title = \"Was\"\ndate = \"Wann\"\noriginal_url = \"Wo\"\n[terms]\nplaces = \"Ort\"\n",
    );
    let arguments = ["--map", map.to_str().unwrap(), "--map", "extra.who=Wer"];
    let mapped = mapped.config("title = \"T\"\n[[taxonomies]]\nname = \"places\"\n");
    mapped.import_from(&["csv"], &path, &arguments).succeeds();
    let files = mapped.everything();
    let text = files.iter().find(|(path, _)| path.starts_with("content/")).unwrap().1;
    holds(
        &String::from_utf8_lossy(text),
        &[
            "title = \"=Talks\"",
            "date = 2017-01-29",
            "places = [\"Geneva\"]",
            "who = \"Ann Lee\"",
            "original_url",
        ],
    );
    let wrong = mapped.import_from(&["csv"], &path, &["--map", "titel=Was"]);
    assert_eq!(wrong.code(), 2);
    holds(&wrong.stderr(), &["titel", "title"]);
}

#[test]
fn a_table_of_an_old_spreadsheet_is_read_in_its_encoding() {
    let text = "title,date,text\nПереговоры о мире начались в воскресенье,2017-01-29,Они встретились утром у озера.\n";
    let bytes = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let shelf = Shelf::new();
    let archive = Archive::new();
    archive.import_from(&["csv"], &shelf.file("a.csv", bytes), &[]).succeeds();
    let files = archive.everything();
    let text = files.iter().find(|(path, _)| path.starts_with("content/")).unwrap().1;
    holds(&String::from_utf8_lossy(text), &["Переговоры о мире", "встретились"]);
}

#[test]
fn lines_of_json_are_imported_and_a_broken_one_is_told() {
    let lines = "{\"title\":\"A\",\"date\":\"2017-01-29\",\"author\":[{\"name\":\"Ann Lee\"}],\"body\":\"*One*.\",\"draft\":false}\n\
        { broken\n\n{\"title\":\"B\",\"date\":2017,\"meta\":{\"tags\":[\"x\"]}}\n";
    let shelf = Shelf::new();
    let archive = Archive::new();
    let path = shelf.file("a.jsonl", lines);
    let report = archive
        .import_from(&["jsonl"], &path, &["--json", "--map", "tags=meta.tags"])
        .succeeds()
        .json();
    holds(&report["broken"].to_string(), &["line 2"]);
    holds(&archive.text("content/2017/a.md"), &["authors = [\"Ann Lee\"]", "\n\n*One*.\n"]);
    holds(
        &archive.text("content/2017/b.md"),
        &["date = \"2017\"", "tags = [\"x\"]", "draft = true"],
    );
}
