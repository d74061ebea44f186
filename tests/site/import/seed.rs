//! A repost blog of twelve posts, from its export to the built archive.

use super::wxr::Post;
use crate::archive::Archive;

const NOTICE: &str = "This blog reposts news for its readers and claims no rights in them.";

/// What the old blog held: imprints at heads, senders at feet, holes where links were, and one note under all.
fn posts() -> Vec<Post> {
    let bodies = [
        "(Northern Post, 13/1/2017) ~ The council met on Friday to talk about the harbour.",
        "(Northern Post, 2/2/2017) ~ A second meeting followed.\n\nSubmitted by Ann Lee, Bo Chan",
        "(Harbour Radio, 14/2/2017) ~ The plan was shown in a paper from  and the mayor spoke.",
        "(Harbour Radio, 20/2/2017) ~ More can be found at :\n\nvia <a href=\"https://blog.example/p\">Dock Blog</a>",
        "LISBON (Wire One) — The ships sailed at dawn.\n\nSubmitted by Cy Doe",
        "The ferry ran again after repairs.\n\nSource: <a href=\"https://paper.example/ferry\">The Ferry Paper</a>",
        "The library by the\u{a0}harbour opens.\n\nThe Ferry Paper, 22/3/2017",
        "(Northern Post, 25/3/2017) ~ The <a href=\"https://old.example/2017/01/15/council-0/\">council</a> voted.",
        "(Northern Post, 27/3/2017) ~ Nobody was hurt in the storm.",
        "War Press wrote about it at :\n\nIt rained.",
        "(Harbour Radio, 30/3/2017) ~ The market returns.\n\nSubmitted by Ann Lee",
        "A short note about the tides.",
    ];
    let post = |(at, body): (usize, &&str)| {
        let day = at + 15;
        Post::new(u32::try_from(at).unwrap() + 1, &format!("council-{at}"))
            .field("link", &format!("https://old.example/2017/01/{day:02}/council-{at}/"))
            .field("wp:post_date", &format!("2017-01-{day:02} 10:00:00"))
            .body(&format!("{body}\n\n<em>{NOTICE}</em>"))
    };
    bodies.iter().enumerate().map(post).collect()
}

#[test]
fn a_repost_blog_moves_in() {
    let archive = Archive::new();
    archive.import(&posts(), &["--verify"]).succeeds();
    archive.build_with(&["--strict"]).succeeds();

    let applied = archive.run(&["import", "apply", "--min", "0.75"]).succeeds();
    assert!(applied.stdout().contains("standing notices"), "{}", applied.stdout());

    let second = archive.text("content/2017/council-1.md");
    for line in [
        "outlet = \"Northern Post\"",
        // Days over twelve elsewhere tell that days come first.
        "date = 2017-02-02",
        "submitted_by = [\"Ann Lee\", \"Bo Chan\"]",
        "aliases = [\"/2017/01/16/council-1/\"]",
        "\n\nA second meeting followed.\n",
    ] {
        assert!(second.contains(line), "no {line} in\n{second}");
    }
    assert!(!second.contains("posted_by") && !second.contains("claims no rights"), "{second}");
    assert!(
        archive
            .text("content/2017/council-3.md")
            .contains("via = [{ name = \"Dock Blog\", url = \"https://blog.example/p\" }]")
    );
    assert!(archive.text("content/2017/council-4.md").contains("dateline = \"LISBON\""));
    assert!(
        archive
            .text("content/2017/council-5.md")
            .contains("original_url = \"https://paper.example/ferry\"")
    );
    assert!(archive.text("dateline.toml").contains(NOTICE));

    let check = archive.run(&["check"]);
    for lint in ["sentence-hole", "missing-address"] {
        assert!(
            check.stderr().contains(lint) || check.stdout().contains(lint),
            "{}{}",
            check.stdout(),
            check.stderr()
        );
    }
    let built = archive.build_with(&["--strict"]).succeeds();
    built.page("/2017/01/16/council-1/");
    let page = built.page("/2017/02/02/council-1/");
    assert!(page.html().contains("A second meeting followed.") && page.html().contains(NOTICE));

    // What was accepted is no edit: the same export changes nothing, and a newer one keeps it.
    let again = archive.import(&posts(), &["--json"]).succeeds().json();
    assert_eq!(again["edited"], serde_json::json!([]), "{again}");
    assert_eq!(again["updated"], 0, "{again}");
    let mut newer = posts();
    newer[1] = Post::new(2, "council-1")
        .field("link", "https://old.example/2017/01/16/council-1/")
        .field("wp:post_date", "2017-01-16 10:00:00")
        .body(&format!("(Northern Post, 2/2/2017) ~ A longer second meeting.\n\nSubmitted by Ann Lee\n\n<em>{NOTICE}</em>"));
    let report = archive.import(&newer, &["--json"]).succeeds().json();
    assert_eq!(report["updated"], 1, "{report}");
    let second = archive.text("content/2017/council-1.md");
    assert!(
        second.contains("outlet = \"Northern Post\"")
            && second.contains("\n\nA longer second meeting.\n"),
        "{second}"
    );
    assert!(
        !second.contains("claims no rights")
            && second.contains("aliases = [\"/2017/01/16/council-1/\"]"),
        "{second}"
    );
}
