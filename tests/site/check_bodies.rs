//! What `dateline check` says of texts: each lint where it speaks, and where it is silent.

use crate::archive::Archive;

const HEAD: &str = "+++\ntitle = \"A report\"\ndate = 2017-01-29\nadded = 2017-02-01\n\
                    outlet = \"Gazette\"\noriginal_url = \"https://gazette.example/\"\n";

fn report(language: &str, body: &str) -> String {
    format!("{HEAD}language = \"{language}\"\n+++\n{body}")
}

fn other() -> String {
    report("en", "## The rules\n\nText. [Up](#h-the-rules)\n\n<b id=\"own\">x</b>\n")
        .replace("A report", "Another")
}

/// What is said by a lint of a report with this body: line in the body, column, message.
fn said(archive: Archive, lint: &str, language: &str, body: &str) -> Vec<(u64, u64, String)> {
    let archive = archive.article("other.md", &other()).article("a.md", &report(language, body));
    let checked = archive.run(&["check", "--json", "--today", "2017-03-01"]);
    let findings = checked.json()["findings"].as_array().unwrap().clone();
    let own = findings.iter().filter(|finding| finding["name"] == lint);
    let own = own.filter(|finding| finding["file"] == "content/a.md").map(|finding| {
        assert!(finding["help"].is_string(), "{finding}");
        let number = |key: &str| finding[key].as_u64().unwrap();
        // The body begins below the ninth line.
        (number("line") - 8, number("column"), finding["message"].as_str().unwrap().to_owned())
    });
    own.collect()
}

#[track_caller]
fn speaks_in(language: &str, lint: &str, body: &str, place: (u64, u64), message: &str) {
    let found = said(Archive::new(), lint, language, body);
    let expected = vec![(place.0, place.1, message.to_owned())];
    assert_eq!(found, expected, "{lint} of {body}");
}

#[track_caller]
fn speaks(lint: &str, body: &str, place: (u64, u64), message: &str) {
    speaks_in("en", lint, body, place, message);
}

/// The same where addresses in texts are no links.
#[track_caller]
fn speaks_unlinked(lint: &str, body: &str, place: (u64, u64), message: &str) {
    let archive = Archive::new().config("[markdown]\nautolink = false\n");
    let expected = vec![(place.0, place.1, message.to_owned())];
    assert_eq!(said(archive, lint, "en", body), expected, "{lint} of {body}");
}

#[track_caller]
fn is_silent_in(language: &str, lint: &str, body: &str) {
    assert_eq!(said(Archive::new(), lint, language, body), [], "{lint} of {body}");
}

#[track_caller]
fn is_silent(lint: &str, body: &str) {
    is_silent_in("en", lint, body);
}

#[test]
fn links_without_words() {
    let lint = "empty-link-text";
    speaks(
        lint,
        "One.\n\nSee [](https://x.example/).\n",
        (3, 5),
        "the link to `https://x.example/` has no words",
    );
    speaks(lint, "[ **…** ](/a/)\n", (1, 1), "the link to `/a/` has no words");
    speaks(lint, "[![](/a.png)](/a/)\n", (1, 1), "the link to `/a/` has no words");
    is_silent(
        lint,
        "[w](https://x.example/) <https://x.example/> [`x`](/a/) [![A map](/a.png)](/a/)\n",
    );
    is_silent(lint, "[{{< icon >}}](/a/) [{{ icon() }}](/a/)\n");
    is_silent(lint, "`[](x)` and [<b>x</b>](https://x.example/)\n");
}

#[test]
fn sentences_with_holes() {
    let lint = "sentence-hole";
    speaks(
        lint,
        "The agency has been  about it.\n",
        (1, 16),
        "between “been” and “about” is a hole",
    );
    speaks(
        lint,
        "A line.\nPublished in the  and on.\n",
        (2, 14),
        "between “the” and “and” is a hole",
    );
    speaks(lint, "It was taken from the .\n", (1, 19), "between “the” and “.” is a hole");
    speaks_in(
        "de",
        lint,
        "Das steht im  und sonst nirgends.\n",
        (1, 11),
        "between “im” and “und” is a hole",
    );
    speaks_in(
        "ru",
        lint,
        "Об этом сообщил портал на .\n",
        (1, 24),
        "between “на” and “.” is a hole",
    );
    speaks(lint, "A study by the  (NIDA) shows it.\n", (1, 12), "between “the” and “(” is a hole");
    speaks(lint, "What you told us about .\n", (1, 18), "between “about” and “.” is a hole");
    is_silent(
        lint,
        "One sentence.  Another. The  agency said\nso in the .gov domain, at 5 . A  b.\n",
    );
    is_silent(lint, "`has been  about` and\n\n    has been  about\n");
    is_silent_in("fr", lint, "Il a dit : « oui » ; puis, non ! Le  ministre.\n");
    is_silent_in("cy", lint, "has been  about\n");
}

#[test]
fn addresses_that_are_announced_and_missing() {
    let lint = "missing-address";
    speaks(
        lint,
        "Read the report at :\n\nMore text.\n",
        (1, 17),
        "after “at :” there is no address",
    );
    speaks_in(
        "de",
        lint,
        "Zu lesen unter : und dann.\n",
        (1, 10),
        "after “unter :” there is no address",
    );
    is_silent(
        lint,
        "Read it at : <https://x.example/>\n\nOr on : https://x.example/ or at: noon.\n",
    );
    is_silent(lint, "Read it at : [there](/a/), or at ::: this.\n");
}

#[test]
fn addresses_that_are_no_links() {
    let lint = "bare-url";
    is_silent(lint, "See https://x.example/a, www.x.example.\n");
    speaks_unlinked(
        lint,
        "See https://x.example/a_b_(c), please.\n",
        (1, 5),
        "`https://x.example/a_b_(c)` is no link",
    );
    speaks_unlinked(
        lint,
        "Told (https://x.example/a).\n",
        (1, 7),
        "`https://x.example/a` is no link",
    );
    speaks_unlinked(lint, "| a |\n|-|\n| www.x.example. |\n", (3, 3), "`www.x.example` is no link");
    is_silent(
        lint,
        "<https://x.example/> [https://x.example/](https://x.example/) `https://x.example/`\n",
    );
    speaks_unlinked(
        lint,
        "{{ box(a=1) }} https://x.example/\n",
        (1, 16),
        "`https://x.example/` is no link",
    );
    is_silent(
        lint,
        "<a href=\"https://x.example/\">https://x.example/</a> [video=https://x.example/]\n",
    );
    is_silent(lint, "{{< video src=\"https://x.example/\" >}} {{ \"https://x.example/\" }}\n");
    is_silent(lint, "https:// and awww.com, and ![https://x.example/](/a.png)\n");
}

#[test]
fn link_texts_that_say_nothing() {
    let lint = "vague-link-text";
    speaks(lint, "Read more [here](/a/).\n", (1, 11), "“here” does not say where the link leads");
    for words in
        ["Click HERE!", "hier", "cliquez ici", "este enlace", "здесь", "هنا", "**Read more** »"]
    {
        assert_eq!(
            said(Archive::new(), lint, "en", &format!("[{words}](/a/)\n")).len(),
            1,
            "{words}"
        );
    }
    is_silent(lint, "here, [the talks here](/a/), [Hier in Wien](/a/)\n");
}

#[test]
fn headings_out_of_order() {
    let lint = "heading-order";
    speaks(lint, "## A\n\n#### B\n", (3, 1), "this heading of level 4 follows one of level 2");
    speaks(lint, "### A\n", (1, 1), "this heading of level 3 follows one of level 1");
    speaks(lint, "# A\n\n## B\n\nC\n=\n", (5, 1), "this is a second heading of the first level");
    is_silent(lint, "# A\n\n## B\n\n### C\n\n## D\n\n    # code\n");
    is_silent(lint, "## A\n\n### B\n\n## C\n");
}

#[test]
fn pictures_without_words() {
    let lint = "missing-alt";
    speaks(
        lint,
        "A ![](https://x.example/a.png).\n",
        (1, 3),
        "the picture `https://x.example/a.png` has no words",
    );
    is_silent(lint, "![A map of the valley](https://x.example/a.png) `![](a.png)`\n");
}

#[test]
fn places_that_other_pages_have_not() {
    let lint = "missing-anchor";
    speaks(lint, "See [it](other.md#rules).\n", (1, 5), "content/other.md has no place `#rules`");
    speaks(
        lint,
        "See [it](/2017/01/29/other/#p9).\n",
        (1, 5),
        "content/other.md has no place `#p9`",
    );
    speaks(
        lint,
        "[it](https://archive.example/2017/01/29/other/#x)\n",
        (1, 1),
        "content/other.md has no place `#x`",
    );
    is_silent(
        lint,
        "[a](other.md#h-the-rules) [b](other.md#p1) [c](other.md#c-own) [d](other.md)\n",
    );
    is_silent(lint, "[out](https://x.example/#rules) [list](/2017/01/#29) [own](#rules)\n");
}

#[test]
fn a_link_to_a_place_on_another_page_leads_there() {
    let archive = Archive::new()
        .article("other.md", &other())
        .article("a.md", &report("en", "[r](other.md#h-the-rules) [p](/2017/01/29/other/#p1)\n"));
    let page = archive.build().clean().page("/2017/01/29/a/");
    assert_eq!(
        page.attributes("#p1 > a:not(.para)", "href"),
        ["/2017/01/29/other/#h-the-rules", "/2017/01/29/other/#p1"]
    );
}

#[test]
fn what_a_build_says_of_a_text_is_said_once_and_by_the_same_name() {
    let body = "[a](nowhere.md) ![A map](none.png) [c](#none)\n";
    let archive = Archive::new().article("a.md", &report("en", body));
    let checked = archive.run(&["check", "--json", "--today", "2017-03-01"]);
    let findings = checked.json()["findings"].clone();
    let mut names: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["missing-asset", "unresolved-link", "unresolved-link"], "{findings}");
}
