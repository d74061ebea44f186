//! The shapes of texts as archives: each text is put into the only report, the settings or the ledger.

use super::archives::{BUILD, CHECK, File, Shape, Source, settings};
use super::shapes;
use super::shapes::{BODIES, FRONT_MATTER, LEDGERS, MARKUP_LEFT_OPEN, SETTINGS};

/// How many pieces the smallest text has.
const PIECES: usize = 2_000;

/// All texts, each as an archive to build; bodies are checked, too.
pub(crate) fn shapes() -> Vec<Shape> {
    let bodies = BODIES.iter().chain(MARKUP_LEFT_OPEN);
    let built = bodies.clone().map(|shape| archive(shape, BUILD, body));
    let checked = bodies.map(|shape| archive(shape, CHECK, body));
    let front_matter = FRONT_MATTER.iter().map(|shape| archive(shape, CHECK, front_matter));
    let settings = SETTINGS.iter().map(|shape| archive(shape, BUILD, in_settings));
    let ledgers = LEDGERS.iter().map(|shape| archive(shape, BUILD, ledger));
    built.chain(checked).chain(front_matter).chain(settings).chain(ledgers).collect()
}

fn archive(
    &(name, text): &shapes::Shape,
    command: &'static [&'static str],
    around: fn(&str) -> Vec<File>,
) -> Shape {
    let (before, files, changes) = (&[][..], Source::Text(text, around), |_| Vec::new());
    Shape { name, pieces: PIECES, before, command, files, changes, after: &[] }
}

fn report(text: String) -> File {
    ("content/2020-01-01-report.md".to_owned(), text)
}

fn body(text: &str) -> Vec<File> {
    vec![settings(""), report(format!("+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\n{text}"))]
}

fn front_matter(text: &str) -> Vec<File> {
    vec![settings(""), report(format!("{text}Words.\n"))]
}

fn in_settings(text: &str) -> Vec<File> {
    [settings(text)].into_iter().chain(body("Words.").into_iter().skip(1)).collect()
}

fn ledger(text: &str) -> Vec<File> {
    let mut files = body("[Words](https://a.example/1).");
    files.push(("links/a.example.toml".to_owned(), text.to_owned()));
    files
}
