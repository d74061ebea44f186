//! `dateline clip`, which `dateline new --from` is too.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use inquire::Confirm;
use serde_json::{Value as Json, json};

use crate::base::date::Date;
use crate::base::diagnostic::printable_line;
use crate::base::permalink::Slug;
use crate::import::clip::{
    self, Clip, ClipError, Field, From, Given, KeepEvidence, Memento, Pictures, Request,
};

use super::answers::{parse_date, parse_headline, parse_language, parse_slug, parse_web_address};
use super::context::Context;
use super::editor::open_editor;

#[derive(Debug, Args)]
pub(super) struct ClipArguments {
    /// The page: its address, or a file that a browser saved.
    from: String,
    /// The headline, in place of the page's.
    #[arg(long, value_parser = parse_headline)]
    title: Option<String>,
    /// The name of the file and the end of its address, instead of one made from the headline.
    #[arg(long, value_parser = parse_slug)]
    slug: Option<Slug>,
    /// Who published it: a key of [outlets] in the config, or a name.
    #[arg(long)]
    outlet: Option<String>,
    /// The address of the original, where the page was saved from it.
    #[arg(long, value_parser = parse_web_address)]
    url: Option<url::Url>,
    /// When the outlet published it.
    #[arg(long, value_parser = parse_date)]
    date: Option<Date>,
    /// An author; may be given more than once.
    #[arg(long = "author")]
    authors: Vec<String>,
    /// Who sent it in; may be given more than once.
    #[arg(long = "submitted-by")]
    submitted_by: Vec<String>,
    /// A tag; may be given more than once.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// The kind of report, such as "news" or "interview".
    #[arg(long)]
    kind: Option<String>,
    /// The report's language, such as "ar".
    #[arg(long, value_parser = parse_language)]
    language: Option<String>,
    /// Open the new file in $VISUAL or $EDITOR.
    #[arg(long)]
    edit: bool,
    #[command(flatten)]
    options: ClipOptions,
}

/// What is done about a page beside taking it.
#[derive(Debug, Default, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags as typed")]
pub(super) struct ClipOptions {
    /// Ask the Wayback Machine for a copy of the page.
    #[arg(long)]
    memento: bool,
    /// Put the page's pictures beside the report.
    #[arg(long)]
    pictures: bool,
    /// Don't keep what was received below evidence/.
    #[arg(long)]
    no_evidence: bool,
    /// Print what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl ClipOptions {
    /// Whether any of them was asked for.
    pub(super) fn is_any(&self) -> bool {
        self.memento || self.pictures || self.no_evidence || self.dry_run || self.json
    }
}

impl ClipArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let given = Given {
            title: self.title,
            slug: self.slug,
            outlet: self.outlet,
            original_url: self.url,
            date: self.date,
            authors: self.authors,
            submitted_by: self.submitted_by,
            tags: self.tags,
            kind: self.kind,
            language: self.language,
        };
        let editing = if self.edit { Editing::After } else { Editing::Never };
        run(&self.from, given, &self.options, editing, archive)
    }
}

/// Whether an editor is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Editing {
    After,
    Never,
}

/// Takes a page and tells what became of it.
pub(super) fn run(
    from: &str,
    given: Given,
    options: &ClipOptions,
    editing: Editing,
    archive: Context,
) -> ExitCode {
    let archive = match archive.open("make an archive first: dateline init") {
        Ok(archive) => archive,
        Err(code) => return code,
    };
    let (root, config) = (&archive.root, &archive.config);
    let from = source(from);
    if matches!(from, From::Address(_)) && !cfg!(feature = "network") {
        return super::left_out::refuse("clip ADDRESS", "network");
    }
    let request = Request {
        from,
        given,
        evidence: if options.no_evidence { KeepEvidence::Drop } else { KeepEvidence::Keep },
        pictures: if options.pictures { Pictures::Fetched } else { Pictures::Addresses },
        memento: if options.memento { Memento::Asked } else { Memento::Unasked },
        today: archive.today(),
    };
    let clip = match clip::plan(root, config, &request) {
        Ok(clip) => clip,
        Err(error) => return refuse(&error, options),
    };
    warn(&clip);
    if !options.dry_run
        && let Err(error) = clip.write(root)
    {
        return refuse(&error, options);
    }
    let printed = if options.json {
        super::print(format!("{}\n", as_json(&clip, options)).as_bytes())
    } else if options.dry_run {
        super::print(clip.text.as_bytes())
    } else {
        super::say(&printable_line(&root.join(&clip.path).display().to_string()));
        ExitCode::SUCCESS
    };
    if clip.is_first_evidence && !options.dry_run {
        offer_rule(root);
    }
    match editing {
        Editing::After if !options.dry_run => open_editor(&root.join(&clip.path)),
        _ => printed,
    }
}

fn source(text: &str) -> From {
    match parse_web_address(text) {
        Ok(url) => From::Address(url),
        Err(_) => From::File(PathBuf::from(text)),
    }
}

/// Says what has to be known before the file is there.
fn warn(clip: &Clip) {
    for near in &clip.near_copies {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100")]
        let percent = (near.similarity * 100.0) as u8;
        super::complain(&printable_line(&format!(
            "warning: {} has nearly the same words ({percent} %): {}",
            near.source, near.title
        )));
    }
    for warning in &clip.warnings {
        super::complain(&printable_line(&format!("warning: {warning}")));
    }
    for (field, why) in clip.reviews() {
        super::complain(&printable_line(&format!("review: {field}: {why}")));
    }
}

/// The first time, evidence may as well go into the history.
fn offer_rule(root: &Path) {
    let line = "the page as it was received lies below evidence/, which is never published. To keep it \
                out of the history, too, put this line into .gitignore: /evidence/";
    let is_asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !is_asked {
        return super::complain(&format_args!("note: {line}"));
    }
    let question =
        "The page as it was received lies below evidence/. Keep it out of Git's history?";
    match Confirm::new(question).with_default(true).prompt() {
        Ok(true) => {
            if let Err(error) = clip::keep_out_of_history(root) {
                super::complain(&format_args!("warning: .gitignore: {error}; {line}"));
            }
        }
        _ => super::complain(&format_args!("note: {line}")),
    }
}

fn refuse(error: &ClipError, options: &ClipOptions) -> ExitCode {
    if let ClipError::Refused(problems) = error {
        super::draw(problems);
    }
    if options.json {
        let holder = match error {
            ClipError::Known { holder, .. } => Some(holder),
            _ => None,
        };
        let object = json!({ "error": error.to_string(), "holder": holder });
        super::print(format!("{object}\n").as_bytes());
    }
    let code = super::environment_error(error, Some(error.help()));
    if error.is_about_content() { ExitCode::from(1) } else { code }
}

fn as_json(clip: &Clip, options: &ClipOptions) -> Json {
    let draft = &clip.draft;
    let near = clip.near_copies.iter();
    let near = near.map(|near| json!({ "file": near.source, "similarity": near.similarity }));
    let evidence = clip.evidence.as_ref();
    json!({
        "file": clip.path,
        "written": !options.dry_run,
        "title": field(draft.title.as_ref(), String::clone),
        "date": field(draft.date.as_ref(), ToString::to_string),
        "outlet": field(draft.outlet.as_ref(), String::clone),
        "original_url": field(draft.original.as_ref(), String::clone),
        "authors": field(draft.authors.as_ref(), Vec::clone),
        "language": field(draft.language.as_ref(), String::clone),
        "license": field(draft.licence.as_ref(), String::clone),
        "image": field(draft.image.as_ref(), |(source, _)| source.clone()),
        "archived": field(draft.memento.as_ref(), String::clone),
        "draft": draft.date.is_none(),
        "words": clip.words,
        "pictures": clip.pictures,
        "evidence": evidence.map(|evidence| json!({ "file": evidence.file, "sha256": evidence.sha256 })),
        "near_copies": near.collect::<Vec<_>>(),
        "warnings": clip.warnings,
    })
}

fn field<T, V: Into<Json>>(field: Option<&Field<T>>, value: impl Fn(&T) -> V) -> Json {
    field.map_or(Json::Null, |field| {
        json!({ "value": value(&field.value).into(), "from": field.from, "review": field.review() })
    })
}
