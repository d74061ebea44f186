//! A record is not falsified: quotes, summaries, days, addresses and log lines say what was written.

use serde_json::Value as Json;

use crate::archive::Archive;

fn report(lines: &str, body: &str) -> String {
    format!("+++\ntitle = \"One\"\ndate = 2017-01-29\nadded = 2026-01-01\n{lines}\n+++\n{body}\n")
}

fn one(lines: &str, body: &str) -> Archive {
    Archive::new().article("one.md", &report(lines, body))
}

const PAGE: &str = "/2017/01/29/one/";

#[test]
fn quotes_are_those_of_the_report_s_language_and_measures_none() {
    for (language, shown) in [
        ("en", "“yes” 5\" x 7\""),
        ("de", "„yes“ 5\" x 7\""),
        ("fr", "«\u{a0}yes\u{a0}» 5\" x 7\""),
        ("ru", "«yes» 5\" x 7\""),
        ("pl", "„yes” 5\" x 7\""),
        ("sv", "”yes” 5\" x 7\""),
        ("he", "\"yes\" 5\" x 7\""),
        ("fa", "\"yes\" 5\" x 7\""),
    ] {
        let archive = one(&format!("language = \"{language}\""), "He said \"yes\" 5\" x 7\".");
        let built = archive.build().succeeds();
        let page = built.page(PAGE);
        let wanted = format!("He said {shown}.");
        let body = page.all(".body p")[0].text().collect::<String>();
        assert!(body.contains(&wanted), "{language}: {body}");
        let description = page.attribute("meta[name='description']", "content");
        assert_eq!(description, wanted.replace('\u{a0}', " "), "{language}");
    }
}

#[test]
fn a_summary_holds_the_words_that_the_page_shows() {
    for (body, words) in [
        ("Hello <script>alert(1)</script>", "Hello"),
        ("one<br>two", "one two"),
        ("北京今天举行\n会议", "北京今天举行会议"),
        ("<p>one<br>two</p>", "one two"),
    ] {
        let page = one("", body).build().succeeds().page(PAGE);
        assert_eq!(page.attribute("meta[name='description']", "content"), words, "{body}");
    }
    let page = one("", "## one<br>two <script>x</script>\n\nText.").build().succeeds().page(PAGE);
    assert!(page.has("#h-one-two"), "{}", page.html());
}

#[test]
fn a_day_that_begins_with_a_skipped_hour_stays_the_same_day_in_feeds() {
    for (zone, day, stamp) in [
        ("America/Havana", "2017-03-12", "2017-03-12T01:00:00-04:00"),
        ("America/Sao_Paulo", "2017-10-15", "2017-10-15T01:00:00-02:00"),
        ("Africa/Cairo", "2023-04-28", "2023-04-28T01:00:00+03:00"),
        ("Asia/Beirut", "2017-03-26", "2017-03-26T01:00:00+03:00"),
        ("Europe/Zurich", "2017-03-26T02:30:00", "2017-03-26T03:00:00+02:00"),
    ] {
        let built = Archive::new()
            .config(&format!("title = \"T\"\ntimezone = \"{zone}\"\n"))
            .article("a.md", &format!("+++\ntitle = \"A\"\ndate = {day}\n+++\nText.\n"))
            .build()
            .clean();
        let atom = built.file("atom.xml");
        assert!(atom.contains(&format!("<published>{stamp}</published>")), "{zone}: {atom}");
    }
}

#[test]
fn an_address_with_a_line_break_is_refused_and_every_citation_keeps_its_lines() {
    for broken in ["\\n", "\\r", "\\t", "\\u0085", "\\u2028", "\\u007f"] {
        let lines = format!(
            "original_url = \"https://x.example/a{broken}TY  - BOOK\"\n\
             archived = [{{ url = \"https://keep.example/{broken}ER  - \" }}]"
        );
        let archive = one(&lines, "Text.")
            .config("title = \"T\"\n[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\n");
        let built = archive.build().succeeds();
        assert!(built.stderr().contains("unsafe-address"), "{}", built.stderr());
        let ris = built.file("2017/01/29/one/cite.ris");
        assert_eq!(ris.matches("TY  - ").count(), 1, "{ris}");
        assert!(!ris.contains("x.example") && !ris.contains("keep.example"), "{ris}");
        let bib = built.file("2017/01/29/one/cite.bib");
        let is_field = |line: &str| line.starts_with("  ") && line.ends_with(',');
        let ends = |line: &str| line.starts_with('@') || line == "}";
        assert!(bib.lines().all(|line| is_field(line) || ends(line)), "{bib}");
    }
}

#[test]
fn no_field_of_a_format_of_lines_holds_two() {
    let lines =
        "authors = [\"Ann\\nLee\"]\noutlet = \"R\\nT\"\ntags = [\"a\\nb\"]\nrights = \"c\\nd\"";
    let archive = Archive::new()
        .config("title = \"T\"\n[citation]\nsidecars = [\"bibtex\", \"ris\"]\n")
        .article("one.md", &report(lines, "Text.").replace("\"One\"", "\"On\\ne\""));
    let built = archive.build().succeeds();
    let ris = built.file("2017/01/29/one/cite.ris");
    assert!(ris.lines().all(|line| line.get(2..6) == Some("  - ")), "{ris}");
}

#[test]
fn a_theme_that_gives_an_article_another_name_gets_all_of_it() {
    for template in [
        "{% set a = article %}{% for k, v in a %}[{{ k }}]{% endfor %}",
        "{% for k, v in article %}[{{ k }}]{% endfor %}",
        "{% set both = [article] %}{% for a in both %}{% for k, v in a %}[{{ k }}]{% endfor %}{% endfor %}",
    ] {
        let built = one("", "Text.").file("templates/article.html", template).build().succeeds();
        let page = built.file("2017/01/29/one/index.html");
        for key in ["citation", "related", "republish"] {
            assert!(page.contains(&format!("[{key}]")), "{template}: {page}");
        }
    }
}

#[test]
fn no_stranger_writes_a_line_of_a_log() {
    let forged = "\n::error::forged";
    let archive = Archive::new()
        .article("one.md", &report("language = \"x\\n::error::forged\"", "Text."))
        .article(
            "two.md",
            &report("licence = 1\n\"a\\u001b[31m\\n::error::forged\" = 1", "[x](y\u{9b}z.md)"),
        )
        .article(
            "three.md",
            &report("also = [\"/a\\n::error::forged\"]", "{{ x(\"\u{1b}[2J\") }}"),
        );
    #[cfg(unix)]
    let archive = archive
        .file(&format!("content/2017/a{forged}.md"), "no front matter\n")
        .file(&format!("static/b{forged}\u{1b}[31m.txt"), "x");
    for command in [
        vec!["build"],
        vec!["check"],
        vec!["check", "--json"],
        vec!["build", "--json"],
        vec!["list"],
        vec!["list", "--json"],
        vec!["stats"],
        vec!["verify"],
        vec!["check", "--fix", "--dry-run"],
        vec!["inspect", "--duplicates"],
        vec!["withdraw", "one.md\n::error::forged"],
        vec!["export", "jsonl", "/no\n::error::forged/x"],
    ] {
        let run = archive.run(&command);
        for said in [run.stdout().to_owned(), run.stderr()] {
            let is_forged = |line: &str| line.trim_start().starts_with("::");
            assert!(!said.lines().any(is_forged), "{command:?}: {said}");
            let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
            assert!(!said.contains(is_control), "{command:?}: {said:?}");
        }
        if command.contains(&"--json") {
            let _: Json = run.json();
        }
    }
}

#[test]
fn what_turns_or_breaks_a_line_reaches_no_terminal_from_exports_searches_and_arguments() {
    const BAD: &str = "E\u{1b}[31m\u{7}\u{9b}1m\u{202e}\u{2028}\u{2067}x";
    let in_toml: Vec<String> = BAD.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    let in_toml = in_toml.concat();
    let archive = Archive::new().article(
        "a.md",
        &format!(
            "+++\ntitle = \"A {in_toml}\"\ndate = 2020-01-01\ntags = [\"{in_toml}\"]\noutlet = \"{in_toml}\"\n+++\nWord.\n"
        ),
    );
    let item = format!(
        "<item><title>{BAD}</title><link>https://old.example/{BAD}/</link><wp:post_id>{BAD}</wp:post_id>\
         <wp:post_date>{BAD}</wp:post_date><wp:status>{BAD}</wp:status><wp:post_type>{BAD}</wp:post_type>\
         <content:encoded>[{BAD}] &lt;x{BAD}&gt;</content:encoded></item>"
    );
    let item = item.replace(['\u{1b}', '\u{7}'], "");
    archive.write("e.xml", format!("<rss><channel><title>{item}</title>{item}</channel></rss>"));
    let escaped = BAD.replace('\u{1b}', "\\u001b").replace('\u{7}', "\\u0007");
    archive.write("f.json", format!("{{\"items\":[{{\"id\":\"{escaped}\",\"title\":\"{escaped}\",\"date_published\":\"{escaped}\"}}]}}"));
    archive.write(
        "g.json",
        format!("[{{\"id\":\"{escaped}\",\"type\":\"{escaped}\",\"title\":\"{escaped}\"}}]"),
    );
    archive.build().succeeds();
    for command in [
        &["import", "wordpress", "e.xml"][..],
        &["import", "wordpress", BAD],
        &["import", "feed", "f.json", "--json"],
        &["import", "csl", "g.json"],
        &["import", "apply", "--rule", BAD],
        &["import", "apply", "--min", "0"],
        &["search", "word"],
        &["search", "word", "--json"],
        &["search", BAD],
        &["search", "--limit", BAD, "word"],
        &["list", "--json"],
        &["stats", "tags"],
        &["inspect", BAD],
        &["build", "--host", BAD],
        &["build", "-c", BAD],
        &["withdraw", BAD, "--kind", "error"],
        &["withdraw", "content/a.md", "--kind", BAD],
        &["check", "--today", BAD],
        &["deploy", BAD],
        &[BAD],
    ] {
        let command: Vec<&str> = command.to_vec();
        let run = archive.run(&command);
        let said = format!("{}{}", run.stdout(), run.stderr());
        let is_sent = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!said.contains(is_sent), "{command:?}: {said:?}");
        assert_ne!(said, "", "{command:?}");
    }
}

/// What a pipe or a file receives is exact; a terminal is shown what would steer it.
#[cfg(unix)]
#[test]
fn an_export_to_a_terminal_steers_nothing() {
    use crate::terminal::{lines, terminal};

    let archive =
        Archive::new().article("a.md", &report("outlet = \"O \\u202ednoces\\u009b31m\"", "Words."));
    for format in ["jsonl", "csv", "csl", "bibtex"] {
        let shown = lines(&mut terminal(&archive, &["export", format, "-"])).join("\n");
        assert!(shown.contains("dnoces"), "{format}: {shown}");
        assert!(!shown.contains(['\u{202e}', '\u{9b}', '\u{7}']), "{format}: {shown:?}");
    }
}
