//! `terms/<taxonomy>/<slug>.md`: what the archive knows of a term, and the spellings that are it.

use crate::archive::Archive;
use crate::incremental::built;

fn report(title: &str, day: u32, lines: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2017-01-{day:02}\n{lines}\n+++\nWords.\n")
}

const MOON: &str = "+++\nname = \"The Moon\"\nnames = { ar = \"القمر\" }\nsynonyms = [\"Mond\", \"Luna\"]\n\
    sort = \"Zebra\"\nsummary = \"Our satellite.\"\nimage = { src = \"/moon.svg\", alt = \"A disc\" }\n\
    links = [{ title = \"An atlas\", url = \"https://atlas.example/moon\" }]\n+++\n\
    It is far. See [the first](/2017/01/01/a/).\n";

fn archive() -> Archive {
    Archive::new()
        .article("a.md", &report("A", 1, "tags = [\"Moon\", \"Apollo\"]"))
        .article("b.md", &report("B", 2, "tags = [\"Mond\"]"))
        .article("c.md", &report("C", 3, "tags = [\"luna\", \"Moon\"]"))
        .file("static/moon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
}

#[test]
fn a_term_s_page_begins_with_what_is_known_of_it() {
    let archive = archive().file("terms/tags/moon.md", MOON);
    let built = built(&archive);
    assert_eq!(built.stderr(), "");
    let page = built.page("/tags/moon/");
    assert_eq!(page.text("h1"), "The Moon");
    for words in ["Our satellite.", "It is far.", "القمر", "Mond", "An atlas"] {
        assert!(page.text("main").contains(words), "{words}");
    }
    assert!(page.has(".term-lead img[src='/moon.svg'][alt='A disc']"));
    assert!(page.has(".term-lead a[href='/2017/01/01/a/']"));
    assert!(page.has("meta[name='description'][content='Our satellite.']"));
    assert!(built.page("/tags/").text("main").contains("The Moon"));
}

#[test]
fn synonyms_are_the_term_in_lists_feeds_search_and_counts() {
    let archive = archive().config(
        "title = \"T\"\n[search]\nenabled = true\n[[taxonomies]]\nname = \"tags\"\nsingular = \"tag\"\n\
         path = \"tags\"\nfeed = true\n",
    );
    let archive = archive.file("terms/tags/moon.md", MOON);
    let built = built(&archive);
    let page = built.page("/tags/moon/");
    for address in ["/2017/01/01/a/", "/2017/01/02/b/", "/2017/01/03/c/"] {
        assert!(page.has(&format!("main a[href='{address}']")), "{address}");
    }
    assert!(page.text("main").contains("3 reports"), "{}", page.text("main"));
    let report = built.page("/2017/01/02/b/");
    assert!(report.has("a[href='/tags/moon/']"));
    assert_eq!(built.file("tags/moon/atom.xml").matches("<entry").count(), 3);
    let feed = built.file("atom.xml");
    assert_eq!(feed.matches("<category term=\"The Moon\"/>").count(), 3, "{feed}");
    assert!(!feed.contains("Mond") && !built.file("feed.json").contains("Mond"));
    assert!(archive.run(&["list", "--tag", "Mond"]).stdout().lines().count() >= 3);
    let found = archive.run(&["search", "tag:\"The Moon\""]);
    assert!(found.stdout().contains("2017/01/02/b"), "{} {}", found.stdout(), found.stderr());
    let letters = built.page("/tags/").text("main");
    let (apollo, moon) = (letters.find("Apollo").unwrap(), letters.find("The Moon").unwrap());
    assert!(apollo < moon, "sorted by “Zebra”: {letters}");
}

#[test]
fn an_address_that_was_published_stays() {
    let archive = archive();
    let before = archive.build().succeeds();
    for address in ["/tags/moon/", "/tags/mond/", "/tags/luna/"] {
        assert!(before.has(address), "{address}");
    }
    archive.write("terms/tags/moon.md", MOON);
    let after = built(&archive);
    assert!(!after.stderr().contains("lost-url"), "{}", after.stderr());
    for address in ["/tags/mond/", "/tags/luna/", "/tags/the-moon/"] {
        let page = after.file(&format!("{}index.html", &address[1..]));
        assert!(page.contains("content=\"0; url=/tags/moon/\""), "{page}");
    }
}

#[test]
fn a_file_that_changes_comes_or_goes_changes_what_shows_its_term() {
    let archive = archive();
    built(&archive);
    archive.write("terms/tags/moon.md", MOON);
    assert!(built(&archive).page("/2017/01/01/a/").text("main").contains("The Moon"));
    archive.write("terms/tags/moon.md", MOON.replace("far", "near").replace("The Moon", "Moon"));
    let changed = built(&archive);
    assert!(changed.page("/tags/moon/").text("main").contains("It is near."));
    assert!(!changed.page("/2017/01/01/a/").text("main").contains("The Moon"));
    archive.write("terms/tags/moon.md", MOON.replace("\"Mond\", ", ""));
    assert!(built(&archive).page("/tags/mond/").has("h1"));
    archive.remove("terms/tags/moon.md");
    assert_eq!(built(&archive).page("/tags/moon/").text("h1"), "Moon");
}

#[test]
fn outlets_contributors_and_authors_have_files_too() {
    let lines = "outlet = \"post\"\nauthors = [\"A. Lee\"]\nsubmitted_by = [\"bo\"]";
    let archive = Archive::new()
        .config("title = \"T\"\n[outlets.post]\nname = \"The Post\"\n[contributors.bo]\nname = \"Bo\"\n")
        .article("a.md", &report("A", 1, lines))
        .article("b.md", &report("B", 2, "outlet = \"Evening Post\"\nauthors = [\"Ann Lee\"]"))
        .file("terms/outlets/post.md", "+++\nsynonyms = [\"Evening Post\"]\nname = \"The Post\"\n+++\nA daily.\n")
        .file("terms/contributors/bo.md", "+++\n+++\nA reader.\n")
        .file("terms/authors/ann-lee.md", "---\nname: Ann Lee\nsynonyms: [A. Lee]\n---\nA writer.\n");
    let built = built(&archive);
    assert_eq!(built.stderr(), "");
    assert!(built.page("/outlets/the-post/").text("main").contains("A daily."));
    assert!(built.page("/outlets/the-post/").has("main a[href='/2017/01/02/b/']"));
    assert!(built.page("/contributors/bo/").text("main").contains("A reader."));
    assert!(built.page("/authors/ann-lee/").has("main a[href='/2017/01/01/a/']"));
    let byline = built.page("/2017/01/01/a/").text("main");
    assert!(byline.contains("A. Lee"), "a byline stays as it is: {byline}");
}

#[test]
fn files_that_can_t_be_used_are_told() {
    let archive = archive()
        .file("terms/tags/moon.md", MOON)
        .file("terms/tags/luna.md", "+++\nsynonims = [\"x\"]\n+++\n")
        .file("terms/tag/sun.md", "Text.\n")
        .file("terms/tags/broken.md", "+++\nname = \n+++\n")
        .file("terms/tags/nowhere.md", "No report has it.\n");
    let said = archive.build().stderr();
    for words in [
        "warning[term-file]: “luna” is a spelling of the term in terms/tags/luna.md, too",
        "“tag” is no taxonomy",
        "did you mean terms/tags/?",
        "synonims",
        "broken front matter",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    let checked = archive.run(&["check"]).stdout().to_owned();
    assert!(
        checked.contains("unused-term") && checked.contains("terms/tags/nowhere.md"),
        "{checked}"
    );
    assert!(!checked.contains("“moon”: this file"), "{checked}");
}

#[test]
fn a_term_s_text_is_no_more_trusted_than_a_report_s() {
    let text = "+++\nname = \"<b>Moon\"\nlinks = [{ title = \"x\", url = \"javascript:alert(1)\" }]\n+++\n\
        <script>alert(1)</script> [a](javascript:alert(1)) <p onclick=x>b</p>\n";
    let archive = archive().file("terms/tags/moon.md", text);
    let page = archive.build().succeeds().file("tags/moon/index.html");
    for sign in ["<script>alert", "=\"javascript:", "onclick=", "<b>Moon"] {
        assert!(!page.contains(sign), "{sign}");
    }
}
