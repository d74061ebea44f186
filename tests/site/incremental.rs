//! What an incremental build once kept and should not have: each by a page that shows something far
//! from itself. The law itself is in [`crate::determinism`].

use std::collections::BTreeMap;
use std::fs;

use crate::archive::{Archive, Built, tree};

fn report(title: &str, date: &str, lines: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n{lines}\n+++\nWords.\n")
}

/// The site, having made sure that it and what was said are those of a build without memory.
#[track_caller]
fn built(archive: &Archive) -> Built {
    let built = archive.build().succeeds();
    let again = archive.build_with(&["--force", "-o", "again"]).succeeds();
    let again = tree(&again.output().with_file_name("again"));
    let site = built.tree();
    let differs: Vec<&String> = site
        .keys()
        .chain(again.keys())
        .filter(|path| site.get(*path) != again.get(*path))
        .collect();
    assert!(differs.is_empty(), "{differs:?}");
    built
}

#[test]
fn listings_lead_to_the_new_address_of_a_renamed_file() {
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", "tags = [\"Moon\"]"));
    built(&archive);
    fs::rename(archive.path("content/a.md"), archive.path("content/b.md")).unwrap();
    let built = built(&archive);
    assert!(built.page("/tags/moon/").has("a[href='/2017/01/29/b/']"));
}

#[test]
fn problems_are_told_of_the_file_where_it_is_now() {
    let text = report("A", "2017-01-29", "").replace("Words.", "Words <script>x</script>");
    let archive = Archive::new().article("a.md", &text);
    built(&archive);
    fs::create_dir(archive.path("content/later")).unwrap();
    fs::rename(archive.path("content/a.md"), archive.path("content/later/a.md")).unwrap();
    let said = archive.build().succeeds().stderr();
    assert!(said.contains("content/later/a.md:6"), "{said}");
}

#[test]
fn reports_and_tombstones_lead_to_a_contact_page_that_is_written_later() {
    let gone = "withdrawn = { date = 2020-01-01, kind = \"request\" }";
    let archive = Archive::new()
        .article("a.md", &report("A", "2017-01-29", ""))
        .article("b.md", &report("B", "2017-01-30", gone));
    built(&archive);
    archive.write("content/pages/contact.md", "+++\ntitle = \"Contact\"\n+++\nWrite to us.\n");
    let built = built(&archive);
    for address in ["/2017/01/29/a/", "/2017/01/30/b/"] {
        assert!(built.page(address).has("main a[href='/contact/']"), "{address}");
    }
}

#[test]
fn a_tombstone_names_its_outlet_as_the_config_does() {
    let gone = "outlet = \"post\"\nwithdrawn = { date = 2020-01-01, kind = \"copyright\" }";
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", gone));
    built(&archive);
    let built = built(&archive.config("[outlets.post]\nname = \"The Post\"\n"));
    assert!(built.file("2017/01/29/a/index.html").contains("The Post"));
    assert!(built.file("withdrawals/index.html").contains("The Post"));
}

#[test]
fn a_part_of_a_story_leads_to_the_one_that_is_told_later() {
    let story = "stories = [\"Siege\"]";
    let archive = Archive::new()
        .config("[listing]\nleaf = 1\n")
        .article("a.md", &report("A", "2016-01-10", story))
        .article("b.md", &report("B", "2016-02-10", story));
    built(&archive);
    archive.write("content/c.md", report("C", "2017-02-10", story));
    assert!(built(&archive).page("/stories/siege/2016/").has("a[href='/stories/siege/2017/']"));
    let gone = format!("{story}\nwithdrawn = {{ date = 2020-01-01, kind = \"request\" }}");
    archive.write("content/c.md", report("C", "2017-02-10", &gone));
    let built = built(&archive);
    assert!(!built.has("/stories/siege/2017/"));
    assert!(!built.file("stories/siege/2016/index.html").contains("/stories/siege/2017/"));
}

/// What is remembered of pages, by file.
fn records(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let files = tree(&archive.path(".dateline")).into_iter();
    files.filter(|(path, _)| path.contains("/pages/")).collect()
}

#[test]
fn records_of_a_build_that_was_overtaken_keep_nothing() {
    let (first, second) = (report("One", "2017-01-29", ""), report("Two", "2017-01-29", ""));
    let archive = Archive::new().article("a.md", &first);
    archive.build().clean();
    let before = records(&archive);
    archive.write("content/a.md", &second);
    archive.build().clean();
    // As if that build had been killed when its site was in place and its records were not.
    for path in records(&archive).keys() {
        archive.remove(&format!(".dateline/{path}"));
    }
    for (path, bytes) in before {
        archive.write(&format!(".dateline/{path}"), bytes);
    }
    archive.write("content/a.md", &first);
    assert_eq!(built(&archive).page("/2017/01/29/a/").texts("h1"), ["One"]);
}
