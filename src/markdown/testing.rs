//! Shared helpers for tests of this room.

use super::{
    ArchivedCopy, BodyWords, Condition, Link, LinkedFile, LocalFile, MarkdownOptions, Picture,
    References, Rendered, RobustLink, ShortcodeCall, ShortcodeError, Transcript, render,
};
use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};

/// An archive with one article, one picture and one shortcode.
pub(super) struct Archive;

impl References for Archive {
    fn link(&self, destination: &str) -> Link {
        match destination {
            "scan.pdf" | "talk.mp3" => Link::Internal(format!("/base/{destination}")),
            "known.md" | "/known/" => Link::Internal("/base/known/".to_owned()),
            "http://gone.example/" => Link::Lost,
            "https://kept.example/?a&b" => Link::Robust(RobustLink::Living(copy("Copy, 2017"))),
            "https://dead.example/" => Link::Robust(RobustLink::Dead(copy("(gone; copy)"))),
            "https://nothing.example/" => Link::Robust(RobustLink::Gone("(gone)".to_owned())),
            _ if destination.contains(':') || destination.starts_with("//") => Link::External,
            _ => Link::Unresolved(Some("is it `known.md`?".to_owned())),
        }
    }

    fn picture(&self, source: &str) -> Picture {
        match source {
            "a.png" => Picture::Local {
                address: "/base/a.png".to_owned(),
                size: Some((30, 20)),
                condition: Condition::Sound,
                copies: Vec::new(),
            },
            _ if source.contains("//") => Picture::Remote,
            _ => Picture::Missing(None),
        }
    }

    fn file(&self, source: &str) -> LinkedFile {
        match source {
            "talk.mp3" | "film.mp4" | "scan.pdf" | "film.vtt" | "odd" => {
                LinkedFile::Local(LocalFile {
                    address: format!("/base/{source}"),
                    kind: "TYPE, 2 kB".to_owned(),
                    transcript: (source == "talk.mp3").then(|| Transcript {
                        address: "/base/talk.txt".to_owned(),
                        words: "Transcript".to_owned(),
                    }),
                    captions: None,
                    poster: None,
                })
            }
            _ if source.contains("//") => LinkedFile::Remote,
            _ => LinkedFile::Missing(None),
        }
    }

    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        match call.name.as_str() {
            "box" => Ok(format!("<output class=\"box\">{}</output>", call.arguments.len())),
            name => Err(ShortcodeError {
                message: format!("there is no shortcode `{name}`"),
                help: None,
            }),
        }
    }
}

fn copy(words: &str) -> ArchivedCopy {
    ArchivedCopy {
        address: "https://keeper.example/1".to_owned(),
        date: Some("2017-02-01".to_owned()),
        words: words.to_owned(),
    }
}

pub(super) fn options() -> MarkdownOptions {
    MarkdownOptions {
        raw_html: RawHtml::Sanitise,
        foreign_tags: ForeignTags::Show,
        unresolved_links: UnresolvedLinks::Mark,
        smart_punctuation: true,
        autolink: false,
        format: crate::markdown::BodyFormat::Markdown,
        language: "en".to_owned(),
        words: BodyWords {
            alerts: ["Note", "Tip", "Important", "Warning", "Caution"].map(str::to_owned),
            footnote_back: "Back to the text".to_owned(),
            footnote: "Footnote {n}".to_owned(),
            footnotes: "Notes".to_owned(),
            heading_link: "Link to this section".to_owned(),
            lost_link: "(link lost)".to_owned(),
            copy_mark: "copy".to_owned(),
            missing_picture: "Picture missing".to_owned(),
            paragraph_link: "Paragraph {n}".to_owned(),
            embedded: "Embedded page".to_owned(),
        },
    }
}

pub(super) fn rendered(body: &str) -> Rendered {
    render(body, &options(), &Archive)
}

/// The HTML without numbers of paragraphs.
pub(super) fn html(body: &str) -> String {
    without_numbers(&rendered(body).html)
}

pub(super) fn without_numbers(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<p id=\"p") {
        let (_, after) = after.split_once('"').unwrap_or_default();
        let (attributes, after) = after.split_once('>').unwrap_or_default();
        out.push_str(before);
        out.push_str("<p");
        out.push_str(attributes);
        out.push('>');
        rest = after.split_once("</a>").map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// The rules of all problems, with the text they point at.
pub(super) fn problems(body: &str) -> Vec<(&'static str, &str)> {
    let rendered = rendered(body);
    rendered
        .problems
        .iter()
        .map(|problem| (problem.rule.name(), &body[problem.range.clone()]))
        .collect()
}
