//! The mistakes that curators make, each in a little archive of its own, and all that is said of it.
//!
//! Snapshots hold every word. The manual's page of them is made by `dateline reference`.

use dateline::reference::mistakes::{MISTAKES, ToldBy};
use insta::assert_snapshot;

use crate::archive::Archive;

/// What the program says of a mistake: its place to the column, and how to mend it.
fn is_told_with_place_and_remedy(name: &str) {
    let mistake = MISTAKES.iter().find(|mistake| mistake.name == name).unwrap();
    let archive = Archive::new();
    mistake.write(&archive.path("")).unwrap();
    let told = match mistake.told_by {
        ToldBy::Build => archive.build().stderr(),
        ToldBy::Check => {
            let checked = archive.run(&["check", "--today", "2025-06-01"]);
            checked.stdout().trim_end().to_owned()
        }
    };
    let lines: Vec<&str> = told.lines().collect();
    let place = lines[1].trim().strip_prefix("--> ").unwrap_or_else(|| panic!("{told}"));
    assert_eq!(place.split(':').count(), 3, "file, line and column: {told}");
    assert!(lines.iter().any(|line| line.contains("= help: ")), "{told}");
    assert_snapshot!(name, told);
}

/// A test for each mistake, named after it.
macro_rules! mistakes {
    ($($test:ident = $name:literal,)+) => {
        $(#[test]
        fn $test() {
            is_told_with_place_and_remedy($name);
        })+

        const TESTED: &[&str] = &[$($name),+];
    };
}

mistakes! {
    open_quote = "open-quote",
    colon = "colon",
    tab = "tab",
    no_such_day = "no-such-day",
    month_name = "month-name",
    date_order = "date-order",
    misspelt_key = "misspelt-key",
    yaml_no = "yaml-no",
    unknown_outlet = "unknown-outlet",
    near_miss_tag = "near-miss-tag",
    no_original = "no-original",
    repeated_original = "repeated-original",
    two_files = "two-files",
    case = "case",
    utf_16 = "utf-16",
    dead_link = "dead-link",
    draft_linked = "draft-linked",
    missing_picture = "missing-picture",
    no_alt = "no-alt",
    empty_link = "empty-link",
    here = "here",
    hole = "hole",
    headings = "headings",
    correction = "correction",
    withdrawn = "withdrawn",
    shortcode = "shortcode",
    redirect_loop = "redirect-loop",
    base_url = "base-url",
    theme = "theme",
    settings_key = "settings-key",
}

#[test]
fn every_mistake_has_its_test() {
    let names: Vec<&str> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    assert_eq!(names, TESTED);
}
