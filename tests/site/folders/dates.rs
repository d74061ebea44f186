//! Dates that stand in addresses, folders and file names only.

use crate::archive::Archive;

#[test]
fn a_date_is_found_wherever_the_name_of_a_file_or_folder_has_it() {
    for (path, front_matter, address) in [
        ("talks.md", "path = \"2020/01/02/talks\"", "/2020/01/02/talks/"),
        ("talks.md", "path = \"/blog/2020/1/2/talks/\"", "/blog/2020/1/2/talks/"),
        ("2020/01/02/talks.md", "", "/2020/01/02/talks/"),
        ("blog/2020/1/2/talks/index.md", "", "/2020/01/02/talks/"),
        ("2020-01-02/talks.md", "", "/2020/01/02/talks/"),
        ("2020-01-02-bonn/talks.md", "", "/2020/01/02/talks/"),
        ("blog/2020-1-2-talks.md", "", "/2020/01/02/talks/"),
        ("2020/01/02/index.md", "slug = \"talks\"", "/2020/01/02/talks/"),
        // Nearer to the text says more.
        ("2019/03/04/2020-01-02-talks.md", "", "/2020/01/02/talks/"),
        ("2019/03/04/talks.md", "date = 2020-01-02", "/2020/01/02/talks/"),
    ] {
        let text = format!("+++\ntitle = \"Talks\"\n{front_matter}\n+++\nWords.\n");
        let built = Archive::new().article(path, &text).build().clean();
        let page = built.page(address);
        assert_eq!(page.attributes("article time", "datetime")[0], "2020-01-02", "{path}");
    }
}

#[test]
fn what_is_no_day_is_no_date() {
    for path in [
        "2020/01/talks.md",
        "2020/13/02/talks.md",
        "2020/01/32/talks.md",
        "20200102/talks.md",
        "01/02/2020/talks.md",
    ] {
        let built = Archive::new().article(path, "+++\ntitle = \"Talks\"\n+++\nWords.\n").build();
        assert_eq!(built.code(), 1, "{path}");
        assert!(built.stderr().contains("this article has no date"), "{path}: {}", built.stderr());
    }
}
