//! Compressed copies beside texts: made with them, the same again, gone with them.

use std::collections::BTreeMap;

use crate::archive::{Archive, Built, tree};

fn archive() -> Archive {
    let body = "All that was said on that day, and by whom. ".repeat(80);
    Archive::new()
        .article("2017-01-29-a.md", &format!("+++\ntitle = \"A\"\n+++\n{body}\n"))
        .article("2017-01-30-b.md", &format!("+++\ntitle = \"B\"\n+++\n{body}\n"))
        .file("static/tiny.txt", "a")
        .file("static/table.csv", "day,words\n2017-01-29,1\n".repeat(200))
        .file("static/picture.png", [b'a'; 4_000])
}

fn copies(built: &Built) -> BTreeMap<String, Vec<u8>> {
    let is_copy = |path: &String| path.ends_with(".br") || path.ends_with(".gz");
    built.tree().into_iter().filter(|(path, _)| is_copy(path)).collect()
}

pub(crate) fn decompressed(bytes: &[u8], path: &str) -> Vec<u8> {
    let mut plain = Vec::new();
    if path.ends_with("br") {
        brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap();
    } else {
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut plain).unwrap();
    }
    plain
}

#[test]
fn each_text_of_some_length_has_copies_that_say_the_same() {
    let archive = archive();
    assert!(copies(&archive.build().clean()).is_empty());
    let built = archive.build_with(&["--compress"]).clean();
    let (copies, tree) = (copies(&built), built.tree());
    for original in ["2017/01/29/a/index.html", "index.html", "atom.xml", "table.csv", "feed.json"]
    {
        for ending in ["br", "gz"] {
            assert!(copies.contains_key(&format!("{original}.{ending}")), "{original}.{ending}");
        }
    }
    for (path, bytes) in &copies {
        let original = &tree[path.rsplit_once('.').unwrap().0];
        assert!(decompressed(bytes, path) == *original, "{path}");
        assert!(bytes.len() * 10 <= original.len() * 9, "{path}");
    }
    assert!(!copies.contains_key("tiny.txt.gz") && !copies.contains_key("picture.png.gz"));
    archive.run(&["verify"]).succeeds();
}

#[test]
fn copies_are_made_once_and_go_with_their_originals() {
    let archive = archive().config("[deploy]\ncompress = true\n");
    let first = archive.build().clean();
    let again = archive.build_with(&["--json"]).succeeds();
    assert_eq!(again.json()["written"], 0);
    archive.write("content/2017-01-29-a.md", "+++\ntitle = \"A\"\n+++\nShort.\n");
    archive.remove("content/2017-01-30-b.md");
    archive.remove("static/table.csv");
    let edited = archive.build().succeeds();
    assert!(first.has("/2017/01/29/a/index.html.gz"));
    for gone in ["2017/01/30/b/index.html.br", "table.csv.gz"] {
        assert!(!edited.has(&format!("/{gone}")), "{gone}");
    }
    archive.build_with(&["-o", "clean"]).succeeds();
    assert!(edited.tree() == tree(&archive.path("clean")));
    archive.write("dateline.toml", "base_url = \"https://archive.example/\"\n");
    assert!(copies(&archive.build().succeeds()).is_empty());
}

#[test]
fn a_kept_page_gets_copies_when_they_are_asked_for() {
    let archive = archive();
    archive.build().clean();
    let asked = archive.build_with(&["--compress"]).clean();
    let clean = archive.build_with(&["--compress", "-o", "clean"]).clean();
    drop(clean);
    assert!(asked.tree() == tree(&archive.path("clean")));
}

#[test]
fn a_damaged_copy_is_made_anew_and_a_file_of_one_s_own_stays() {
    let archive = archive().file("static/table.csv.gz", "my own");
    let built = archive.build_with(&["--compress"]).clean();
    assert_eq!(built.file("table.csv.gz"), "my own");
    // Also where a copy was before.
    archive.write("static/2017/01/29/a/index.html.gz", "my own");
    let built = archive.build_with(&["--compress"]).clean();
    assert_eq!(built.file("2017/01/29/a/index.html.gz"), "my own");
    // And once it is gone, the copy is Dateline's again.
    archive.remove("static/2017/01/29/a/index.html.gz");
    archive.remove("static/table.csv.gz");
    let built = archive.build_with(&["--compress"]).clean().tree();
    archive.build_with(&["--compress", "-o", "clean"]).clean();
    assert!(built == crate::archive::tree(&archive.path("clean")));
    let path = "public/2017/01/29/a/index.html.br";
    let sound = std::fs::read(archive.path(path)).unwrap();
    archive.write(path, "damaged");
    assert_eq!(archive.run(&["verify"]).code(), 1);
    archive.build_with(&["--compress"]).clean();
    assert!(std::fs::read(archive.path(path)).unwrap() == sound);
}
