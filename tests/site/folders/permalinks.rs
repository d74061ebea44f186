//! Patterns of permalinks: sections, names of files, languages, folders.

use crate::archive::Archive;

#[track_caller]
fn stands(config: &str, path: &str, front_matter: &str, address: &str) {
    let text = format!("---\ntitle: T\ndate: 2017-01-29\n{front_matter}\n---\nWords.\n");
    let built = Archive::new().config(config).article(path, &text).build().clean();
    assert!(built.has(address), "{config} {path}: {:?}", built.tree().keys());
}

#[test]
fn a_pattern_knows_sections_files_and_languages() {
    for (pattern, path, front_matter, address) in [
        ("/:section/:slug/", "blog/deep/a.md", "", "/blog/a/"),
        ("/:section/:slug/", "blog/a/index.md", "", "/blog/a/"),
        ("/:section/:slug/", "a.md", "", "/a/"),
        ("/:section/:slug/", "de/blog/a.md", "lang: de", "/blog/a/"),
        ("/:section/:filename/", "blog/2017-01-29-A.md", "slug: other", "/blog/2017-01-29-A/"),
        ("/:year/:filename/", "blog/A_b/index.md", "", "/2017/A_b/"),
        ("/:language/:slug/", "a.md", "lang: pt_BR", "/pt-br/a/"),
        ("/:language/:year/:slug/", "a.md", "", "/en/2017/a/"),
    ] {
        stands(&format!("permalink = \"{pattern}\"\n"), path, front_matter, address);
    }
}

#[test]
fn a_folder_has_a_pattern_of_its_own() {
    let config = "[[permalinks]]\nfolder = \"blog\"\npattern = \"/:section/:slug/\"\n\
                  [[permalinks]]\nfolder = \"content/blog/old/\"\npattern = \"/archive/:year/:slug/\"\n";
    for (path, address) in [
        ("blog/a.md", "/blog/a/"),
        ("blog/new/a.md", "/blog/a/"),
        ("blog/old/a.md", "/archive/2017/a/"),
        ("blogs/a.md", "/2017/01/29/a/"),
        ("a.md", "/2017/01/29/a/"),
    ] {
        stands(config, path, "", address);
    }
}

#[test]
fn a_pattern_that_is_wrong_stops_the_build() {
    for config in [
        "permalink = \"/:section/\"\n",
        "permalink = \"/:file/:slug/\"\n",
        "[[permalinks]]\nfolder = \"blog\"\n",
        "[[permalinks]]\nfolder = \"blog\"\npattern = \"/:year/\"\n",
        "[languages.xx]\n",
    ] {
        let built = Archive::new().config(config).build();
        assert_eq!(built.code(), 1, "{config}: {}", built.stderr());
        assert!(built.stderr().contains("dateline.toml"), "{config}: {}", built.stderr());
    }
}
