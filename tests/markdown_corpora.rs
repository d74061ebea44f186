//! Every body of the real archives, rendered: nothing lost, nothing broken.
//!
//! The archives are too large to ship. They are looked for in `../shared/corpora`, or under the
//! folder that `DATELINE_SHARED` names. Without them the test says so and passes; with
//! `DATELINE_CI=1` it fails. `DATELINE_DUMP` names a folder for the HTML of every body.

#[path = "machine/skip.rs"]
mod skip;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use dateline::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use dateline::markdown::{
    BodyWords, Condition, Link, MarkdownOptions, Picture, References, Rendered, ShortcodeCall,
    ShortcodeError, outline, render, summary,
};
use scraper::Html;

struct Anything;

impl References for Anything {
    fn link(&self, destination: &str) -> Link {
        if destination.contains(':') || destination.starts_with("//") {
            Link::External
        } else {
            Link::Internal(format!("/archive/{}", destination.trim_start_matches('/')))
        }
    }

    fn picture(&self, source: &str) -> Picture {
        if source.contains("//") {
            Picture::Remote
        } else {
            Picture::Local {
                address: format!("/archive{source}"),
                size: Some((4, 3)),
                condition: Condition::default(),
                copies: Vec::new(),
            }
        }
    }

    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Err(ShortcodeError { message: format!("no shortcode {}", call.name), help: None })
    }
}

fn options() -> MarkdownOptions {
    MarkdownOptions {
        raw_html: RawHtml::Sanitise,
        foreign_tags: ForeignTags::Show,
        unresolved_links: UnresolvedLinks::Mark,
        smart_punctuation: true,
        autolink: true,
        format: dateline::markdown::BodyFormat::Markdown,
        language: "en".to_owned(),
        words: BodyWords {
            alerts: ["Note", "Tip", "Important", "Warning", "Caution"].map(str::to_owned),
            footnote_back: "Back to the text".to_owned(),
            footnote: "Footnote {n}".to_owned(),
            footnotes: "Notes".to_owned(),
            heading_link: "Link to this section".to_owned(),
            paragraph_link: "Link to this section".to_owned(),
            lost_link: "(link lost)".to_owned(),
            copy_mark: "copy".to_owned(),
            missing_picture: "Picture missing".to_owned(),
            embedded: "Embedded page".to_owned(),
        },
    }
}

/// Every article's path and body, the front matter left out.
fn bodies(corpora: &Path) -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new(corpora)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"))
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path()).ok()?;
            let body = text.strip_prefix("---").and_then(|rest| rest.split_once("\n---"));
            let body = body.map_or(text.as_str(), |(_, body)| body).to_owned();
            Some((entry.into_path(), body))
        })
        .collect()
}

/// Words of a page that a reader sees.
fn words(html: &Html) -> String {
    html.root_element().text().collect::<Vec<_>>().join(" ")
}

fn check(path: &Path, body: &str, rendered: &Rendered) {
    let at = path.display();
    let html = Html::parse_fragment(&rendered.html);
    let mut ids = HashSet::new();
    for element in html.tree.nodes().filter_map(|node| node.value().as_element()) {
        if let Some(id) = element.attr("id") {
            assert!(ids.insert(id.to_owned()), "{at}: {id} twice");
        }
        assert!(
            element.attrs().all(|(name, _)| !name.starts_with("on") && name != "style"),
            "{at}"
        );
    }
    for element in html.tree.nodes().filter_map(|node| node.value().as_element()) {
        let fragment = element.attr("href").and_then(|href| href.strip_prefix('#'));
        if let Some(fragment) = fragment {
            let id = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
            assert!(ids.contains(id.as_ref()), "{at}: #{fragment} leads nowhere");
        }
    }
    for problem in &rendered.problems {
        assert!(body.get(problem.range.clone()).is_some(), "{at}: {problem:?}");
    }
}

/// Nothing in the body swallows what follows it.
fn check_end(path: &Path, body: &str) {
    let html = render(&format!("{body}\n\nTheveryend\n"), &options(), &Anything).html;
    let words = words(&Html::parse_fragment(&html));
    assert!(words.contains("Theveryend"), "{}: the end is lost", path.display());
}

#[test]
fn real_archives() {
    let Some(corpora) = skip::needs_shared("corpora") else { return };
    let dump = std::env::var_os("DATELINE_DUMP").map(PathBuf::from);
    let bodies = bodies(&corpora);
    assert!(bodies.len() > 2_000, "{} articles in {}", bodies.len(), corpora.display());
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, body) in &bodies {
        let rendered = render(body, &options(), &Anything);
        check(path, body, &rendered);
        check_end(path, body);
        for problem in &rendered.problems {
            *rules.entry(problem.rule.name()).or_default() += 1;
        }
        let outline = outline(body, &options());
        assert!(outline.first_paragraph.is_none() || !outline.is_empty, "{}", path.display());
        summary(&outline.first_paragraph.clone().unwrap_or_default(), "en");
        if let Some(folder) = &dump {
            let name =
                path.strip_prefix(&corpora).unwrap_or(path).to_string_lossy().replace('/', "_");
            let text = format!(
                "{}\n\n<!--\n{:#?}\n{:#?}\n{body}\n-->\n",
                rendered.html, outline, rendered.problems
            );
            std::fs::write(folder.join(name + ".html"), text).expect("the dump can be written");
        }
    }
    eprintln!("{} bodies: {rules:?}", bodies.len());
}

#[test]
fn built_bodies_of_real_archives_keep_their_words_when_they_are_imported() {
    use dateline::import::built::built;
    use dateline::import::convert::{Unchanged, convert};
    use dateline::import::words::{Kept, compare};

    let Some(corpora) = skip::needs_shared("corpora") else { return };
    let bodies = bodies(&corpora);
    let (mut all, mut whole) = (Kept::default(), 0);
    for (path, body) in &bodies {
        let html = render(body, &options(), &Anything).html;
        let kept = compare(&html, &built(&convert(&html, &Unchanged).markdown));
        if kept.lost > 0 {
            eprintln!("{}: {} of {} words lost", path.display(), kept.lost, kept.words);
        }
        whole += usize::from(kept.lost == 0);
        all = all.and(kept);
    }
    eprintln!("{} of {} words lost; {whole} of {} bodies whole", all.lost, all.words, bodies.len());
    assert!(all.reaches(9_999), "{all:?}");
    assert!(whole * 1_000 >= bodies.len() * 995, "{whole} of {}", bodies.len());
}
