//! Files that redactions name stay away, however they are named and whatever becomes of the report.

use crate::archive::Archive;

const X: &str = "/2017/01/29/x/";

fn report(lines: &str) -> String {
    format!("+++\ntitle = \"T\"\ndate = 2017-01-29\n{lines}\n+++\nText.\n")
}

fn redacting(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("redactions = [{{ date = 2020-03-01, assets = [{}] }}]", names.join(", "))
}

#[test]
fn a_redaction_holds_whatever_becomes_of_the_report() {
    let lines = redacting(&["/letter.png", "/img/scan.pdf"]);
    for (fate, text) in [
        ("published", report(&lines)),
        ("a draft", report(&format!("draft = true\n{lines}"))),
        (
            "withdrawn",
            report(&format!("{lines}\nwithdrawn = {{ date = 2021-01-01, kind = \"error\" }}")),
        ),
        ("without a date", report(&lines).replace("date = 2017-01-29\n", "")),
        ("broken TOML", report(&lines).replace("title = ", "title ")),
        ("never closed", report(&lines).replace("\n+++\nText", "\nText")),
        (
            "broken YAML",
            format!(
                "---\ntitle: [\n{}\n---\nText.\n",
                "redactions:\n- date: 2020-03-01\n  assets: [/letter.png, img/scan.pdf]"
            ),
        ),
        ("at a taken address", report(&format!("path = \"/2017/01/29/other/\"\n{lines}"))),
    ] {
        let archive = Archive::new()
            .article("x.md", &text)
            .article("a.md", &report("path = \"/2017/01/29/other/\""))
            .file("static/letter.png", "a letter")
            .file("static/img/scan.pdf", "a scan")
            .file("static/img/map.png", "a map");
        let built = archive.build();
        assert!(built.has("/img/map.png"), "{fate}: {}", built.stderr());
        assert!(!built.has("/letter.png") && !built.has("/img/scan.pdf"), "{fate}");
        // And so it is when the build before is remembered.
        archive.write("content/a.md", report("path = \"/2017/01/29/other/\"\ntags = [\"t\"]"));
        let built = archive.build();
        assert!(!built.has("/letter.png") && !built.has("/img/scan.pdf"), "{fate}, again");
    }
}

#[test]
fn a_file_is_redacted_in_every_spelling_of_its_name() {
    for name in [
        "static/letter.png",
        "/static/letter.png",
        "letter.png",
        "/letter.png",
        "Letter.PNG",
        "let%74er.png",
        "../../static/letter.png",
    ] {
        let archive = Archive::new()
            .article("x/index.md", &report(&redacting(&[name])))
            .file("static/letter.png", "a letter")
            .file("static/other.png", "another");
        let built = archive.build().clean();
        assert!(!built.has("/letter.png") && built.has("/other.png"), "{name}");
    }
    for name in ["scan.pdf", "scan%2Epdf", "content/x/scan.pdf", "/2017/01/29/x/scan.pdf", "./"] {
        let archive = Archive::new()
            .article("x/index.md", &report(&redacting(&[name])))
            .file("content/x/scan.pdf", "a scan")
            .file("static/scan.pdf", "another scan");
        let built = archive.build().clean();
        assert!(!built.has(&format!("{X}scan.pdf")) && built.has("/scan.pdf"), "{name}");
    }
    let archive = Archive::new()
        .article("x/index.md", &report(&redacting(&["img/", "e\u{301}te\u{301}.png"])))
        .file("static/img/a.png", "a")
        .file("static/img/deep/b.png", "b")
        .file("static/img.png", "c")
        .file("content/x/\u{e9}t\u{e9}.png", "d");
    let built = archive.build().clean();
    assert!(!built.has("/img/a.png") && !built.has("/img/deep/b.png") && built.has("/img.png"));
    assert!(!built.has(&format!("{X}\u{e9}t\u{e9}.png")));
}

#[test]
fn a_name_that_means_no_file_names_what_is_near() {
    for (name, near) in [("lettre.png", "letter.png"), ("/img/paln.svg", "img/plan.svg")] {
        let archive = Archive::new()
            .article("x.md", &report(&redacting(&[name])))
            .file("static/letter.png", "a letter")
            .file("static/img/plan.svg", "a plan");
        let built = archive.build().succeeds();
        let words = format!("redactions name “{name}”, and {near} stays published");
        assert!(built.stderr().contains(&words), "{}", built.stderr());
        assert_eq!(archive.build_with(&["--strict", "--force"]).code(), 1, "{name}");
    }
    let gone = Archive::new()
        .article("x.md", &report(&redacting(&["p1.png"])))
        .file("static/p2.png", "another picture");
    gone.build().clean();
}

#[test]
fn a_file_whose_name_differs_in_its_spelling_or_folder_only_is_left_out_and_told() {
    for (name, file) in [
        ("plan.svg", "static/img/plan.svg"),
        ("/old/plan.svg", "static/img/plan.svg"),
        ("scan_1.jpeg", "static/scan 1.jpg"),
        ("l\u{e9}tter.png", "static/letter.png"),
        ("\u{ff4c}etter.png", "static/letter.png"),
        ("./scan.PDF", "content/x/papers/scan.pdf"),
    ] {
        let archive = Archive::new()
            .article("x/index.md", &report(&redacting(&[name])))
            .file(file, "the file")
            .file("static/other.txt", "another");
        let built = archive.build();
        assert_eq!(built.code(), 1, "{name}");
        assert!(
            built.stderr().contains("error[wrong-value]: redactions name"),
            "{}",
            built.stderr()
        );
        assert!(built.has(X) && built.has("/other.txt"), "{name}: the rest is published");
        let files = built.tree();
        assert!(!files.values().any(|bytes| bytes == b"the file"), "{name}");
        archive.write("content/x/index.md", report(""));
        assert!(archive.build().clean().tree().values().any(|bytes| bytes == b"the file"));
    }
}

#[test]
fn a_file_of_another_report_is_not_taken_for_a_redacted_one() {
    for name in ["./scan.pdf", "scan.pdf", "/2017/01/29/x/scan.pdf"] {
        let archive = Archive::new()
            .article("x/index.md", &report(&redacting(&[name])))
            .article("y/index.md", &report("slug = \"y\""))
            .file("content/y/scan.pdf", "a scan of another report");
        assert!(archive.build().clean().has("/2017/01/29/y/scan.pdf"), "{name}");
    }
}

#[test]
fn compressed_copies_and_links_go_with_a_redacted_file() {
    let archive = Archive::new()
        .config("title = \"T\"\n[deploy]\ncompress = true\n")
        .article("x.md", &report(&redacting(&["/list.csv", "/gone.csv"])))
        .file("static/list.csv", "a,b\n".repeat(1000))
        .file("static/list.csv.gz", "the curator's own copy")
        .file("static/list.csv.br", "the curator's own copy")
        .file("static/gone.csv.gz", "the copy of a file that was removed")
        .file("static/other.csv", "a,b\n".repeat(1000));
    let built = archive.build().clean();
    let left: Vec<String> = built.tree().into_keys().filter(|path| path.contains(".csv")).collect();
    assert_eq!(left, ["other.csv", "other.csv.br", "other.csv.gz"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_redacted_file_goes_with_it() {
    let archive = Archive::new()
        .article("x/index.md", &report(&redacting(&["scan.pdf"])))
        .file("content/x/scan.pdf", "a scan");
    std::os::unix::fs::symlink("scan.pdf", archive.path("content/x/copy.pdf")).unwrap();
    let built = archive.build();
    assert!(!built.has(&format!("{X}copy.pdf")) && !built.has(&format!("{X}scan.pdf")));
}

#[test]
fn a_hidden_contributor_is_hidden_in_every_spelling() {
    let config = "[contributors.m-okafor]\nhidden = true\n[contributors.jo]\nname = \"Jo Doe\"\nhidden = true\n[contributors.ann]\nname = \"Ann\"\n";
    for spelled in ["m-okafor", "M-Okafor", "M OKAFOR", "m_okafor", "Jo", "JO", "jo doe", "Jo-Doe"]
    {
        let archive = Archive::new()
            .config(config)
            .article("x.md", &report(&format!("submitted_by = [\"{spelled}\", \"ANN\"]")));
        let built = archive.build().succeeds();
        for (path, bytes) in built.tree() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(spelled) || spelled.len() < 3, "{spelled} is in {path}");
        }
        let shown: Vec<String> = built
            .tree()
            .into_keys()
            .filter(|path| path.starts_with("contributors/"))
            .filter(|path| path.ends_with("index.html"))
            .collect();
        assert_eq!(shown, ["contributors/ann/index.html", "contributors/index.html"], "{spelled}");
    }
}
