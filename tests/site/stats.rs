//! `dateline stats`: figures by year, by term, by language and kind.

use serde_json::json;

use crate::archive::Archive;

fn report(lines: &str) -> String {
    format!("+++\n{lines}+++\n[a](https://dead.example/1) [b](https://dead.example/1)\n")
}

fn archive() -> Archive {
    let original = |number: u32| format!("original_url = \"https://rt.example/{number}\"\n");
    let withdrawn = "withdrawn = { date = 2019-01-01, kind = \"privacy\" }\n";
    Archive::new()
        .config("[[taxonomies]]\nname = \"places\"\nsingular = \"place\"\n")
        .article(
            "a.md",
            &report(&format!(
                "title = \"A\"\ndate = 2017-01-29\noutlet = \"RT\"\ntags = [\"Water\", \"talks\"]\n{}\
                 archived = [{{ url = \"https://keeper.example/1\" }}]\nkind = \"news\"\n\
                 corrections = [{{ date = 2017-02-01 }}, {{ date = 2017-02-02 }}]\n",
                original(1)
            )),
        )
        .article(
            "b.md",
            &report(&format!(
                "title = \"B\"\ndate = \"2017\"\noutlet = \"RT\"\ntags = [\"water\", \"Water\"]\n{}\
                 language = \"ru\"\nplaces = [\"Geneva\"]\n",
                original(2)
            )),
        )
        .article("c.md", &report("title = \"C\"\ndate = 2018-05-01\ntags = [\"Water\"]\n"))
        .article(
            "d.md",
            &report(&format!(
                "title = \"Planted\"\ndate = 2018-05-02\noutlet = \"Planted\"\ntags = [\"Water\"]\n\
                 kind = \"planted\"\nlanguage = \"eo\"\n{}{withdrawn}",
                original(3)
            )),
        )
        .article("e.md", &report("title = \"E\"\ndate = 2019-01-01\ndraft = true\n"))
        .file("links/dead.example.toml", "[\"https://dead.example/1\"]\ndead = 2020-01-01\n")
}

#[test]
fn reports_are_counted_by_year_with_the_withdrawn_ones_beside_them() {
    let json = archive().run(&["stats", "--json"]).clean().json();
    let figures = |name: &str, numbers: [u32; 6]| {
        let [reports, originals, mementos, dead_links, corrections, withdrawn] = numbers;
        let mut figures = json!({
            "reports": reports, "originals": originals, "mementos": mementos,
            "dead_links": dead_links, "corrections": corrections, "withdrawn": withdrawn,
        });
        if !name.is_empty() {
            figures["name"] = json!(name);
        }
        figures
    };
    assert_eq!(
        json,
        json!({
            "by": "year",
            "groups": [
                figures("2018", [1, 0, 0, 1, 0, 1]),
                figures("2017", [2, 2, 1, 2, 2, 0]),
            ],
            "total": figures("", [3, 2, 1, 3, 2, 1]),
            "withdrawals": { "privacy": 1 },
            "drafts": 1,
            "pages": 0,
            "rejected": [],
        })
    );
}

#[test]
fn terms_are_counted_from_the_commonest_and_a_withdrawn_report_is_in_none() {
    let archive = archive();
    for (arguments, expected) in [
        (&["outlet"][..], "RT\t2\t2\t1\t2\t2\nno outlet\t1\t0\t0\t1\t0\n"),
        (&["tag"], "Water\t3\t2\t1\t3\t2\ntalks\t1\t1\t1\t1\t2\n"),
        (&["language"], "en\t2\t1\t1\t2\t2\nru\t1\t1\t0\t1\t0\n"),
        (&["kind"], "news\t1\t1\t1\t1\t2\nno kind\t2\t1\t0\t2\t0\n"),
        (&["--taxonomy", "places"], "Geneva\t1\t1\t0\t1\t0\nno place\t2\t1\t1\t2\t2\n"),
        (&["--taxonomy", "place"], "Geneva\t1\t1\t0\t1\t0\nno place\t2\t1\t1\t2\t2\n"),
    ] {
        let told = archive.run(&[&["stats"], arguments].concat());
        assert_eq!(told.stdout(), expected, "{arguments:?}");
        assert_eq!(told.code(), 0);
    }
    for by in ["year", "outlet", "tag", "author", "story", "contributor", "language", "kind"] {
        let told = archive.run(&["stats", by, "--json"]).clean();
        assert!(!told.stdout().to_lowercase().contains("planted"), "{}", told.stdout());
        assert!(!told.stdout().contains("\"eo\""), "{}", told.stdout());
    }
}

#[test]
fn a_taxonomy_that_there_is_not_is_told_with_those_that_there_are() {
    let built = archive().run(&["stats", "--taxonomy", "rivers"]);
    assert_eq!(built.code(), 2);
    assert_eq!(
        built.stderr(),
        "error: this archive has no taxonomy “rivers”\n\
         help: use one of tags, outlets, authors, stories, contributors, languages, places"
    );
}

#[test]
fn a_file_that_was_left_out_is_told_and_ends_in_exit_code_1() {
    let built =
        archive().article("x.md", "+++\ndate = 2017-02-30\n+++\n").run(&["stats", "--json"]);
    assert_eq!(built.code(), 1);
    assert_eq!(built.json()["rejected"], json!(["content/x.md"]));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_figures_are_summed_up() {
    use crate::terminal::{lines, terminal};

    let archive = archive();
    assert_eq!(
        lines(&mut terminal(&archive, &["stats"])),
        [
            "        reports  originals  mementos  dead links  corrections  withdrawn",
            "2018          1          0         0           1            0          1",
            "2017          2          2         1           2            2          0",
            "in all        3          2         1           3            2          1",
            "",
            "3 reports, 1 withdrawn (1 privacy), 1 draft, 0 rejected",
        ]
    );
}
