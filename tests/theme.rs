//! The default theme in a browser: what only a rendered page can tell.
//!
//! Headless Chromium opens one page of ours, whose frames hold pages of built archives at the width
//! of a small telephone. Its script measures them and writes the results into its own document,
//! which `--dump-dom` prints. Without Chromium the tests say so and pass; with `DATELINE_CI=1` they
//! fail. `DATELINE_CHROMIUM` names another program than `chromium`.
#![allow(clippy::expect_used, reason = "a test that can't go on fails")]

#[path = "theme/accessible.rs"]
mod accessible;
#[cfg(feature = "serve")]
#[path = "theme/desk.rs"]
mod desk;
#[path = "theme/search.rs"]
mod search;
#[path = "machine/skip.rs"]
mod skip;

use std::fs;
use std::path::Path;
use std::process::Command;

use scraper::{Html, Selector};
use serde_json::Value as Json;
use tempfile::TempDir;

/// The width and height of the first screen of a small telephone.
const SCREEN: (u32, u32) = (320, 568);

/// A page of every kind in the demo archive.
const DEMO: [&str; 32] = [
    "",
    "1969/07/20/apollo-11/",
    "1970/04/17/apollo-13/",
    "1996/12/03/clementine-ice/",
    "1999/09/23/mars-climate-orbiter/",
    "2017/01/29/google-lunar-xprize-finalists/",
    "2021/02/09/hope-orbit/",
    "2021/04/19/ingenuity/",
    "1978/the-martian-landscape/",
    "years/",
    "2021/",
    "2021/02/",
    "2021/02/18/",
    "added/2026/02/03/",
    "tags/",
    "tags/mars/",
    "outlets/",
    "outlets/nasa/",
    "outlets/agencia-efe/",
    "stories/",
    "stories/landing-on-mars/",
    "contributors/m-okafor/",
    "missions/apollo-11/",
    "missions/ingenuity/",
    "on-this-day/",
    "on-this-day/01-03/",
    "about/",
    "corrections-policy/",
    "2019/04/11/beresheet/",
    "corrections/",
    "withdrawals/",
    "404.html",
];

/// Everything in it is too long or too wide.
const UNWIELDY: &str = r#"+++
title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
date = 2017-01-29
outlet = "Bundesausbildungsförderungsgesetzesänderungsanstaltsnachrichtendienst"
authors = ["Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"]
original_url = "https://news.example/a/very/long/address/that/never/ends/and/has/nowhere/to/break/at/all"
tags = ["Rechtsschutzversicherungsgesellschaftensammelbegriff"]
stories = ["Verkehrsinfrastrukturfinanzierungsgesellschaftsgründung"]

[[corrections]]
date = 2017-02-01
text = "Siebentausendzweihundertvierundfünfzigkommaneunfünfundzwanzig"
was = "Siebentausendzweihundertvierundfünfzigkommaneunfünfundzwanzig"
now = "https://news.example/a/very/long/address/that/never/ends/and/has/nowhere/to/break"
+++
A line with https://news.example/a/very/long/address/that/never/ends/and/has/nowhere/to/break.

| Kraftfahrzeughaftpflichtversicherung | Betäubungsmittelverschreibungsverordnung | Wert |
|---|---|---|
| Rindfleischetikettierungsüberwachungsaufgaben | Übertragungsgesetzgebungsverfahren | 1 |

```
a line of code that is much wider than any telephone and does not want to be broken, ever, at all
```

> > > > > > Nested deeply, and then a verylongwordthatdoesnotfitintowhatroomisleftofthelineatall.

1. - 1. - 1. Lists in lists in lists with Donaudampfschifffahrtsgesellschaftskapitäne.
"#;

/// Chromium, or `None` after saying why the test is skipped.
fn chromium() -> Option<String> {
    let program = std::env::var("DATELINE_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    skip::needs(&program).then_some(program)
}

/// Builds an archive into `output`. The base URL's path is the output's own, so that links from the
/// archive's root lead to its files when a page is opened as a file.
fn build(root: &Path, output: &Path) {
    let path = output.to_str().expect("a path in UTF-8").trim_start_matches('/').to_owned();
    let built = Command::new(assert_cmd::cargo::cargo_bin!("dateline"))
        .args(["build", "--quiet", "--root"])
        .arg(root)
        .args(["--base-url", &format!("https://archive.example/{path}/")])
        .arg("--output-dir")
        .arg(output)
        .output()
        .expect("dateline runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// A copy of the demo archive in a language of the interface, built.
fn demo(room: &Path, language: &str) -> Vec<String> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = room.join(format!("demo-{language}"));
    copy(&repository.join("content"), &site.join("content"));
    copy(&repository.join("static"), &site.join("static"));
    copy(&repository.join("terms"), &site.join("terms"));
    let config = fs::read_to_string(repository.join("dateline.toml")).expect("the demo's config");
    let config = config.replace("\nlanguage = \"en\"\n", &format!("\nlanguage = \"{language}\"\n"));
    fs::write(site.join("dateline.toml"), config).expect("a config is written");
    let output = room.join(format!("out-{language}"));
    build(&site, &output);
    DEMO.iter().map(|page| address(&output, page)).collect()
}

/// An archive of unwieldy reports: every page of it.
fn unwieldy(room: &Path) -> Vec<String> {
    let site = room.join("unwieldy");
    fs::create_dir_all(site.join("content")).expect("a folder is made");
    fs::write(site.join("content/long.md"), UNWIELDY).expect("a report is written");
    // From the hundredth on, the numbers of paragraphs are wider than the margin, here the right one.
    let head = "+++\ntitle = \"نص طويل\"\ndate = 2017-01-30\nlanguage = \"ar\"\n+++\n";
    let paragraphs = format!("{head}{}", "فقرة من النص\n\n".repeat(120));
    fs::write(site.join("content/paragraphs.md"), paragraphs).expect("a report is written");
    let title = "Straßenentwässerungsinvestitionskostenschuldendienstumlagenarchiv";
    let config = format!("base_url = \"https://archive.example/\"\ntitle = \"{title}\"\n");
    fs::write(site.join("dateline.toml"), config).expect("a config is written");
    let output = room.join("out-unwieldy");
    build(&site, &output);
    let mut pages: Vec<String> = files(&output)
        .iter()
        .filter(|path| path.ends_with(".html"))
        .map(|path| address(&output, path))
        .collect();
    pages.sort();
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

fn address(output: &Path, page: &str) -> String {
    let page = if page.ends_with(".html") { page.to_owned() } else { format!("{page}index.html") };
    let file = output.join(&page);
    assert!(file.is_file(), "{page} is not built");
    url::Url::from_file_path(file).expect("an absolute path").to_string()
}

fn files(folder: &Path) -> Vec<String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("below the folder");
            path.to_str().expect("a path in UTF-8").to_owned()
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().expect("a folder above")).expect("a folder is made");
        fs::copy(from.join(&file), target).expect("a file is copied");
    }
}

/// What the browser finds in each page.
fn measure(program: &str, room: &Path, pages: &[String], dark: bool) -> Vec<Json> {
    let (width, height) = SCREEN;
    let frames: Vec<String> = pages
        .iter()
        .map(|page| format!("<iframe width={width} height={height} src=\"{page}\"></iframe>"))
        .collect();
    let frames = frames.join("\n");
    let harness = format!("<!DOCTYPE html>\n{frames}<pre id=found></pre>\n{SCRIPT}");
    let file = room.join(if dark { "dark.html" } else { "light.html" });
    fs::write(&file, harness).expect("the harness is written");
    // In Chromium's settings dark is 0, light is 1.
    let scheme = u8::from(!dark);
    let run = skip::basic(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(format!("--user-data-dir={}", room.join("profile").display()))
        .arg(url::Url::from_file_path(&file).expect("an absolute path").as_str())
        .output()
        .expect("the browser runs");
    let document = Html::parse_document(&String::from_utf8_lossy(&run.stdout));
    let found = Selector::parse("#found").expect("a selector");
    let text: String = document.select(&found).flat_map(|element| element.text()).collect();
    let found: Vec<Json> = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("no measurements ({error}): {}", String::from_utf8_lossy(&run.stderr))
    });
    assert_eq!(found.len(), pages.len());
    found
}

const SCRIPT: &str = r#"<script>
addEventListener("load", () => {
  const measure = frame => {
    const view = frame.contentWindow, page = frame.contentDocument, root = page.documentElement;
    const first = [...page.querySelectorAll("a[href], button, input, summary, [tabindex]")]
      .find(element => element.tabIndex >= 0 && !element.disabled);
    const line = element => {
      if (!element) return null;
      const range = page.createRange();
      range.selectNodeContents(element);
      const rows = [...range.getClientRects()].filter(row => row.width > 20);
      return rows.length ? rows[0].bottom : null;
    };
    const wide = [...page.body.querySelectorAll("*")].filter(element => {
      const box = element.getBoundingClientRect();
      return box.right > view.innerWidth + 1 && !element.closest(".site-nav ul, pre, .table-scroll");
    });
    return {
      page: frame.src,
      width: view.innerWidth,
      scroll: root.scrollWidth,
      wide: wide.slice(0, 3).map(element => element.outerHTML.slice(0, 120)),
      styled: view.getComputedStyle(page.querySelector(".skip") || page.body).position,
      paper: view.getComputedStyle(page.body).backgroundColor,
      ink: view.getComputedStyle(page.body).color,
      first: first ? first.className : "",
      target: first && first.hash ? !!page.querySelector(first.hash) : false,
      headline: page.querySelector("h1") && page.querySelector("h1").getBoundingClientRect().bottom,
      // What was corrected or removed comes before the text, and stands for its first line.
      line: line(page.querySelector(".kind-article :is(.corrections, .notices, .body > p)")),
    };
  };
  const found = [...document.querySelectorAll("iframe")].map(measure);
  document.getElementById("found").textContent = JSON.stringify(found);
});
</script>"#;

fn number(found: &Json, key: &str) -> f64 {
    found[key].as_f64().unwrap_or_else(|| panic!("no {key}: {found:#}"))
}

fn is_styled(found: &Json) {
    assert_eq!(found["styled"], "absolute", "the style sheet is not in force: {found:#}");
    assert!((number(found, "width") - f64::from(SCREEN.0)).abs() < 0.5, "{found:#}");
}

#[test]
fn no_page_is_wider_than_a_telephone() {
    let Some(program) = chromium() else { return };
    let room = TempDir::new().expect("a temporary folder");
    let mut pages = demo(room.path(), "en");
    pages.extend(demo(room.path(), "ar"));
    pages.extend(demo(room.path(), "de"));
    pages.extend(unwieldy(room.path()));
    let mut too_wide = Vec::new();
    for found in measure(&program, room.path(), &pages, false) {
        is_styled(&found);
        let scrolls = number(&found, "scroll") > number(&found, "width");
        if scrolls || found["wide"] != Json::Array(Vec::new()) {
            too_wide.push(found);
        }
    }
    assert!(too_wide.is_empty(), "{too_wide:#?}");
}

#[test]
fn headline_and_first_line_are_on_the_first_screen() {
    let Some(program) = chromium() else { return };
    let room = TempDir::new().expect("a temporary folder");
    let pages = demo(room.path(), "en");
    let articles: Vec<Json> = measure(&program, room.path(), &pages, false)
        .into_iter()
        .filter(|found| !found["line"].is_null())
        .collect();
    assert!(articles.len() > 4, "{articles:#?}");
    for found in articles {
        is_styled(&found);
        let below = f64::from(SCREEN.1);
        assert!(number(&found, "headline") < number(&found, "line"), "{found:#}");
        assert!(number(&found, "line") <= below, "{found:#}");
    }
}

#[test]
fn the_first_stop_of_the_keyboard_skips_to_the_text() {
    let Some(program) = chromium() else { return };
    let room = TempDir::new().expect("a temporary folder");
    for found in measure(&program, room.path(), &demo(room.path(), "en"), false) {
        assert_eq!(found["first"], "skip", "{found:#}");
        assert_eq!(found["target"], true, "{found:#}");
    }
}

#[test]
fn the_dark_scheme_turns_paper_and_ink() {
    let Some(program) = chromium() else { return };
    let room = TempDir::new().expect("a temporary folder");
    let pages = demo(room.path(), "en");
    let light = measure(&program, room.path(), &pages, false);
    let dark = measure(&program, room.path(), &pages, true);
    for (light, dark) in light.iter().zip(&dark) {
        assert!(brightness(&light["paper"]) > 600, "{light:#}");
        assert!(brightness(&light["ink"]) < 150, "{light:#}");
        assert!(brightness(&dark["paper"]) < 150, "{dark:#}");
        assert!(brightness(&dark["ink"]) > 600, "{dark:#}");
    }
}

/// The sum of red, green and blue in `rgb(1, 2, 3)`.
fn brightness(colour: &Json) -> u32 {
    let colour = colour.as_str().expect("a colour");
    let digits = |letter: char| !letter.is_ascii_digit();
    colour.split(digits).filter_map(|part| part.parse::<u32>().ok()).take(3).sum()
}
