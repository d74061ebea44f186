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
pub(crate) fn built(archive: &Archive) -> Built {
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
    let archive = Archive::new()
        .config("[outlets.post]\nname = \"The Mail\"\n")
        .article("a.md", &report("A", "2017-01-29", gone));
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

/// An archive before and after a file is written: every page is what it would be without memory.
#[track_caller]
fn follows(archive: &Archive, path: &str, text: &str) -> Built {
    built(archive);
    archive.write(path, text);
    built(archive)
}

#[test]
fn a_part_of_a_story_tells_the_gap_from_the_part_before() {
    let story = "stories = [\"Siege\"]";
    let archive = Archive::new()
        .config("[listing]\nleaf = 1\n")
        .article("a.md", &report("A", "2016-01-10", story))
        .article("b.md", &report("B", "2017-02-10", story));
    follows(&archive, "content/a.md", &report("A", "2016-10-10", story));
}

#[test]
fn a_day_of_tombstones_leads_to_the_same_day_of_another_year() {
    let gone = "withdrawn = { date = 2020-01-01, kind = \"request\" }";
    let archive = Archive::new()
        .article("a.md", &report("A", "2017-01-29", gone))
        .article("b.md", &report("B", "2017-02-01", ""));
    let built = follows(&archive, "content/c.md", &report("C", "2018-01-29", ""));
    assert!(built.page("/2017/01/29/").has("main a[href='/on-this-day/01-29/']"));
}

#[test]
fn a_feed_document_leads_to_the_one_that_is_added_later() {
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", ""));
    let built = follows(&archive, "content/b.md", &report("B", "2017-03-01", ""));
    assert!(built.file("feeds/2017/01.xml").contains("/feeds/2017/03.xml"));
}

#[test]
fn a_report_shows_what_others_the_ledger_and_its_pictures_say() {
    let lines =
        "original_url = \"https://gone.example/a\"\nimage = { src = \"a.gif\", alt = \"\" }";
    let archive = || {
        Archive::new()
            .article("a/index.md", &report("A", "2017-01-01", lines))
            .file("content/a/a.gif", b"GIF89a\x01\0\x01\0\0\0\0;")
            .article("b.md", &report("B", "2017-01-15", ""))
            .article("c.md", &report("C", "2017-01-30", ""))
    };
    let dead = "[\"https://gone.example/a\"]\ndead = 2024-01-01\n";
    follows(&archive(), "links/gone.example.toml", dead);
    follows(&archive(), "content/a/a.gif", "GIF89a\x02\0\x01\0\0\0\0;");
    let also = report("C", "2017-01-30", "also = [\"/2017/01/01/a/\"]");
    follows(&archive(), "content/c.md", &also);
}

#[test]
fn a_term_is_shown_by_its_commonest_spelling_and_newest_address() {
    let tagged = |tag: &str| format!("tags = [\"{tag}\"]");
    let archive = || {
        Archive::new()
            .article("a.md", &report("A", "2017-01-01", &tagged("Moon")))
            .article("b.md", &report("B", "2017-01-15", &tagged("C++")))
            .article("c.md", &report("C", "2017-01-16", "outlet = \"post\""))
            .article("m.md", &report("M", "2017-06-16", ""))
            .article("z.md", &report("Z", "2017-12-01", &tagged("moon")))
    };
    follows(&archive(), "content/y.md", &report("Y", "2017-12-02", &tagged("moon")));
    follows(&archive(), "content/y.md", &report("Y", "2017-12-02", &tagged("C")));
    let config = |note: &str| {
        format!(
            "base_url = \"https://archive.example/\"\n[outlets.post]\nname = \"P\"\nnote = \"{note}\"\n"
        )
    };
    follows(&archive().config(&config("one")), "dateline.toml", &config("two"));
}

#[test]
fn a_feed_of_a_term_follows_its_reports() {
    let feeds =
        "[[taxonomies]]\nname = \"tags\"\nsingular = \"tag\"\npath = \"tags\"\nfeed = true\n";
    let archive = Archive::new()
        .config(feeds)
        .article("a.md", &report("A", "2017-01-29", "tags = [\"Moon\"]"));
    let built = follows(&archive, "content/a.md", &report("B", "2017-01-29", "tags = [\"Moon\"]"));
    assert!(built.file("tags/moon/atom.xml").contains("<title>B</title>"));
}

#[test]
fn problems_of_a_plain_page_are_told_of_its_file() {
    let text = "+++\ntitle = \"A\"\npath = \"/x/\"\n+++\nWords <script>x</script>\n";
    let archive = Archive::new().file("content/pages/a.md", text);
    let first = archive.build().succeeds();
    fs::rename(archive.path("content/pages/a.md"), archive.path("content/pages/b.md")).unwrap();
    let said = built(&archive).stderr();
    assert_eq!(said, first.stderr().replace("pages/a.md", "pages/b.md"));
}

#[test]
fn every_page_shows_an_icon_that_is_added() {
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", ""));
    let built = follows(&archive, "static/favicon.ico", "icon");
    assert!(built.page("/2017/01/29/a/").has("link[href='/favicon.ico']"));
}

#[test]
fn a_page_that_something_else_wrote_to_is_written_again() {
    let archive = Archive::new().article("a.md", &report("A", "2017-01-29", ""));
    follows(&archive, "public/2017/01/29/a/index.html", "not ours");
}

/// Writes other bytes of the same length, and gives the file its old time.
fn disguise(archive: &Archive, path: &str, text: &str) {
    let modified = fs::metadata(archive.path(path)).unwrap().modified().unwrap();
    archive.write(path, text);
    let file = fs::File::options().write(true).open(archive.path(path)).unwrap();
    file.set_modified(modified).unwrap();
}

#[test]
fn a_file_that_was_settled_and_replaced_by_one_of_its_size_and_time_is_read() {
    let archive =
        Archive::new().article("a.md", &report("A", "2017-01-29", "")).file("static/a.txt", "one");
    built(&archive);
    // No build trusts the stamp of a file that is younger than two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2200));
    built(&archive);
    disguise(&archive, "content/a.md", &report("B", "2017-01-29", ""));
    disguise(&archive, "static/a.txt", "two");
    let built = built(&archive);
    assert_eq!(built.page("/2017/01/29/a/").texts("h1"), ["B"]);
    assert_eq!(built.file("a.txt"), "two");
}
