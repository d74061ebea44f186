//! What a page shows stays in proportion to what it is about, however many names an archive has.

use crate::archive::Archive;

fn report_by(authors: usize) -> String {
    let names: Vec<String> = (0..authors).map(|at| format!("\"Author {at:03}\"")).collect();
    format!(
        "+++\ntitle = \"A\"\ndate = 2020-01-01\nauthors = [{}]\n+++\nWords.\n",
        names.join(", ")
    )
}

fn redirects(count: usize, next: impl Fn(usize) -> usize) -> String {
    let rule = |at| format!("[[redirects]]\nfrom = \"/old-{at}/\"\nto = \"/old-{}/\"\n", next(at));
    (0..count).map(rule).collect::<Vec<_>>().concat()
}

#[test]
fn a_card_names_ten_authors_and_counts_the_others() {
    for (authors, said) in [(10, None), (11, Some("and 1 other")), (47, Some("and 37 others"))] {
        let archive = Archive::new().article("a.md", &report_by(authors));
        let built = archive.build().clean();
        let page = built.file("authors/author-000/index.html");
        assert!(page.contains("Author 009"), "{authors}");
        assert!(!page.contains("Author 010"), "{authors}");
        match said {
            Some(said) => assert!(page.contains(said), "{authors}: {page}"),
            None => assert!(!page.contains("other</") && !page.contains("others"), "{authors}"),
        }
        // The report's own page names all.
        let own = built.file("2020/01/01/a/index.html");
        assert!(own.contains(&format!("Author {:03}", authors - 1)), "{authors}");
    }
}

#[test]
fn each_language_counts_the_authors_that_a_card_leaves_out() {
    for (language, said) in [
        ("ar", "و5 آخرون"),
        ("de", "und 5 weitere"),
        ("es", "y 5 más"),
        ("fr", "et 5 autres"),
        ("ru", "и ещё 5"),
    ] {
        let archive = Archive::new()
            .config(&format!("title = \"A\"\nlanguage = \"{language}\"\n"))
            .article("a.md", &report_by(15));
        let built = archive.build().succeeds();
        assert!(built.file("authors/author-000/index.html").contains(said), "{language}");
    }
}

#[test]
fn an_entry_of_a_feed_names_a_hundred_terms_at_most() {
    let tags: Vec<String> = (0..150).map(|at| format!("\"Tag {at:03}\"")).collect();
    let archive = Archive::new().article(
        "a.md",
        &format!(
            "+++\ntitle = \"A\"\ndate = 2020-01-01\ntags = [{}]\n+++\nWords.\n",
            tags.join(", ")
        ),
    );
    let built = archive.build().clean();
    assert_eq!(built.file("atom.xml").matches("<category ").count(), 100);
    assert!(built.file("2020/01/01/a/index.html").contains("Tag 149"));
}

#[test]
fn a_long_way_of_redirects_is_told_by_its_beginning_and_its_end() {
    let rules = redirects(60, |at| at + 1);
    let archive = Archive::new()
        .config(&format!("title = \"A\"\n{rules}"))
        .article("a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\nWords.\n");
    let check = archive.run(&["check"]);
    let said = check.stderr() + check.stdout();
    assert!(said.contains("/old-0/ → /old-1/ → /old-2/"), "{said}");
    assert!(said.contains(" more) → /old-60/"), "{said}");
    assert!(said.lines().all(|line| line.len() < 400), "{said}");
}

#[test]
fn a_ring_of_redirects_is_told_in_a_line() {
    let rules = redirects(40, |at| (at + 1) % 40);
    let archive = Archive::new()
        .config(&format!("title = \"A\"\n{rules}"))
        .article("a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\nWords.\n");
    let check = archive.run(&["check"]);
    let said = check.stderr() + check.stdout();
    assert_eq!(said.matches("round in a circle: ").count(), 40, "{said}");
    assert!(said.lines().all(|line| line.len() < 400), "{said}");
}
