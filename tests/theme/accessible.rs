//! axe-core over pages of every kind: no violation, best practices too, at both ends of widths, light
//! and dark, from left and from right.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use scraper::{Html, Selector};
use serde_json::Value as Json;
use tempfile::TempDir;

use super::{chromium, demo, skip, unwieldy};

/// Runs axe in each frame, one after another.
const SCRIPT: &str = r#"<script>
addEventListener("load", async () => {
  const found = [];
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument;
    const script = page.createElement("script");
    script.textContent = window.axeSource;
    page.head.append(script);
    const { violations } = await frame.contentWindow.axe.run(page, { rules: { "target-size": { enabled: true } } });
    for (const { id, nodes } of violations)
      found.push([frame.src, id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]);
  }
  const place = document.createElement("pre");
  place.id = "found";
  place.textContent = JSON.stringify({ found, frames: document.querySelectorAll("iframe").length });
  document.body.append(place);
});
</script>"#;

/// What axe finds in pages shown at a width.
fn violations(
    program: &str,
    room: &Path,
    pages: &[String],
    (width, dark): (u32, bool),
) -> Vec<Json> {
    let modules = skip::needs_modules(&["axe-core"]).expect("asked before");
    let axe = fs::read_to_string(modules.join("axe-core/axe.min.js")).expect("axe");
    let source = serde_json::to_string(&axe).expect("JSON").replace('<', "\\u003c");
    let mut frames = String::new();
    for page in pages {
        let _ = writeln!(frames, "<iframe width={width} height=900 src=\"{page}\"></iframe>");
    }
    let harness =
        format!("<!DOCTYPE html>\n<script>window.axeSource = {source};</script>{frames}{SCRIPT}");
    let file = room.join(format!("axe-{width}-{dark}.html"));
    fs::write(&file, harness).expect("the harness is written");
    let run = skip::basic(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--allow-file-access-from-files", "--virtual-time-budget=300000", "--dump-dom"])
        .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!dark)))
        .arg(format!("--user-data-dir={}", room.join("profile-axe").display()))
        .arg(url::Url::from_file_path(&file).expect("an absolute path").as_str())
        .output()
        .expect("the browser runs");
    let document = Html::parse_document(&String::from_utf8_lossy(&run.stdout));
    let found = Selector::parse("#found").expect("a selector");
    let text: String = document.select(&found).flat_map(|element| element.text()).collect();
    let told: Json = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("no answer ({error}): {}", String::from_utf8_lossy(&run.stderr))
    });
    assert_eq!(told["frames"], pages.len());
    told["found"].as_array().cloned().unwrap_or_default()
}

#[test]
#[ignore = "a minute"]
fn every_kind_of_page_is_accessible() {
    let Some(program) = chromium() else { return };
    if skip::needs_modules(&["axe-core"]).is_none() {
        return;
    }
    let room = TempDir::new().expect("a temporary folder");
    let mut pages = demo(room.path(), "en");
    pages.extend(unwieldy(room.path()));
    let right = demo(room.path(), "ar");
    let mut found = Vec::new();
    for way in [(1_280, false), (320, false), (1_280, true), (320, true)] {
        found.extend(violations(&program, room.path(), &pages, way));
        found.extend(violations(&program, room.path(), &right, way));
    }
    let found: Vec<String> = found.iter().map(Json::to_string).collect();
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
}
