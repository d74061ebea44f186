//! `dateline import jekyll` and its kin: what a build makes of a folder, and settings for it.

use crate::archive::{Archive, Built};

fn run(kind: &str, files: &[(&str, &str)], arguments: &[&str]) -> (Built, Archive) {
    let archive = Archive::new();
    archive.remove("dateline.toml");
    for (path, text) in files {
        archive.write(&format!("site/{path}"), text);
    }
    let folder = archive.path("site");
    let mut all = vec!["import", kind, folder.to_str().unwrap()];
    all.extend(arguments);
    (archive.run(&all), archive)
}

#[track_caller]
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

const POST: &str = "---\ntitle: Talks\ndate: 2017-01-29\nlayout: post\nmood: calm\ncategories: [news]\nredirect_to: ['https://x.example/a']\n---\nWords.\n";

#[test]
fn a_site_of_jekyll_is_told_and_gets_settings() {
    let files = [
        (
            "_config.yml",
            "title: The Paper\ndescription: News\nurl: https://old.example\nlang: de\npermalink: /:categories/:year/:month/:title.html\n",
        ),
        ("_posts/2017-01-29-Talks.md", POST),
        ("_posts/undated.md", "---\ntitle: T\n---\nWords.\n"),
        ("_posts/photo.jpg", "x"),
        ("_data/authors.yml", "ann:\n  name: Ann Lee\n"),
    ];
    let (built, archive) = run("jekyll", &files, &["--dry-run"]);
    assert_eq!(built.code(), 0, "{}", built.stderr());
    holds(
        built.stdout(),
        &[
            "1 texts in",
            "this article has no date: undated.md",
            "photo.jpg",
            "mood → extra",
            "title → title",
            "redirect_to → original_url",
            "categories → the taxonomy categories",
            "/2017/01/Talks.html → /2017/01/29/talks/",
            "title = \"The Paper\"",
            "language = \"de\"",
            "pattern = \"/:year/:month/:title.html\"",
            "[authors.ann]",
            "Nothing was written.",
        ],
    );
    assert!(!archive.path("dateline.toml").exists());
    let before = archive.everything();
    let (built, archive) = run("jekyll", &files, &[]);
    assert_eq!(built.code(), 0, "{}", built.stderr());
    let mut after = archive.everything();
    let settings = String::from_utf8(after.remove("dateline.toml").unwrap()).unwrap();
    assert_eq!(after, before, "nothing but the settings is written");
    holds(
        &settings,
        &["base_url = \"https://old.example\"", "[keys]\nredirect_to = \"original_url\""],
    );
    // And what was proposed builds.
    archive.write("content/posts/2017-01-29-Talks.md", POST);
    let built = archive.build().succeeds();
    assert!(
        built.has("/2017/01/Talks.html") && built.has("/categories/news/"),
        "{}",
        built.stderr()
    );
    // A second time the settings stay.
    let folder = archive.path("site");
    let again = archive.run(&["import", "jekyll", folder.to_str().unwrap()]);
    assert_eq!(again.code(), 2);
    holds(&again.stderr(), &["dateline.toml is there already"]);
}

#[test]
fn settings_of_every_generator_are_understood() {
    for (kind, settings, text, folder) in [
        (
            "hugo",
            "hugo.toml",
            "baseURL = \"https://old.example/\"\ntitle = \"The Paper\"\nlanguageCode = \"de-de\"\n[languages.de]\n[languages.en]\n",
            "content/news",
        ),
        ("hugo", "config.yaml", "baseURL: https://old.example/\ntitle: The Paper\n", "content"),
        (
            "zola",
            "config.toml",
            "base_url = \"https://old.example\"\ntitle = \"The Paper\"\ndefault_language = \"de\"\n",
            "content",
        ),
        (
            "hexo",
            "_config.yml",
            "title: The Paper\nurl: https://old.example\npermalink: :year/:month/:day/:title/\n",
            "source/_posts",
        ),
        (
            "docusaurus",
            "docusaurus.config.js",
            "module.exports = {\n  title: 'The Paper',\n  url: 'https://old.example',\n  baseUrl: '/x/',\n};\n",
            "blog",
        ),
        (
            "eleventy",
            "_data/metadata.json",
            "{\"title\": \"The Paper\", \"url\": \"https://old.example/\"}",
            "content",
        ),
        (
            "pelican",
            "pelicanconf.py",
            "SITENAME = 'The Paper'\nSITEURL = 'https://old.example'\n",
            "content",
        ),
        (
            "vuepress",
            "docs/.vuepress/config.js",
            "export default {\n  title: 'The Paper',\n}\n",
            "docs",
        ),
    ] {
        let post = format!("{folder}/2017-01-29-talks.md");
        let (built, _) = run(kind, &[(settings, text), (&post, POST)], &["--dry-run"]);
        assert_eq!(built.code(), 0, "{kind}: {}", built.stderr());
        holds(built.stdout(), &["1 texts in", "title = \"The Paper\"", "[[old_permalinks]]"]);
        if kind != "vuepress" {
            holds(built.stdout(), &["https://old.example"]);
        }
    }
}

#[test]
fn what_is_no_folder_is_told() {
    let archive = Archive::new();
    let built = archive.run(&["import", "hugo", "nowhere", "--dry-run"]);
    assert_eq!(built.code(), 2);
    holds(&built.stderr(), &["nowhere", "no such folder"]);
    // Broken settings and texts that can't be read hinder nobody.
    let files = [
        ("config.toml", "title = \n"),
        ("content/a.md", "---\ntitle: [\n---\n"),
        ("content/_index.md", "---\ntitle: S\n---\n"),
    ];
    let (built, _) = run("hugo", &files, &["--dry-run"]);
    assert_eq!(built.code(), 0, "{}", built.stderr());
    holds(built.stdout(), &["0 texts in", "broken YAML", "it tells of its folder"]);
}

#[test]
fn the_day_of_a_repost_is_told_until_the_report_has_a_source() {
    let report = |more: &str| {
        format!("+++\ntitle = \"T\"\ndate = 2017-01-29\nadded = 2017-01-29\n{more}\n+++\nWords.\n")
    };
    for (more, is_told) in [
        ("extra = { posted_by = \"Ann\" }", true),
        ("extra = { posted_by = \"Ann\" }\noutlet = \"RT\"", false),
        ("extra = { posted_by = \"Ann\" }\noriginal_url = \"https://x.example/\"", false),
        ("", false),
    ] {
        let checked = Archive::new().article("a.md", &report(more)).run(&["check", "--json"]);
        assert_eq!(
            checked.stdout().contains("date-of-repost"),
            is_told,
            "{more}: {}",
            checked.stdout()
        );
    }
}
