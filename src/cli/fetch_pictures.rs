//! `dateline fetch-pictures`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::base::diagnostic::printable_line;
use crate::import::picture_copies::{self, Doing, Done, Request};

use super::build::counted;
use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct FetchPicturesArguments {
    /// Reports: addresses or files. All reports if none is named.
    reports: Vec<String>,
    /// Who made the pictures or holds the rights, and terms of reuse; stands with each picture.
    #[arg(long, value_name = "TEXT", value_parser = super::parse_words)]
    rights: Option<String>,
    /// Say which pictures would be copied, and fetch nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl FetchPicturesArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let archive = match archive.open("name the archive with --root") {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        if !self.dry_run && !cfg!(feature = "network") {
            return super::left_out::refuse("fetch-pictures", "network");
        }
        let doing = if self.dry_run { Doing::Nothing } else { Doing::Everything };
        let (targets, rights) = (self.reports, self.rights);
        let request = Request { targets, rights, today: archive.today(), doing };
        let mut all: Vec<Done> = Vec::new();
        let result = picture_copies::run(&archive.root, &archive.config, &request, &mut |done| {
            if !self.json {
                super::print(lines(done, doing).as_bytes());
            }
            all.push(done.clone());
        });
        if self.json {
            super::print(format!("{}\n", as_json(&all)).as_bytes());
        }
        match result {
            Err(error) => super::environment_error(&error, Some(error.help())),
            Ok(()) if self.json => code(&all),
            Ok(()) => {
                super::say(&summary(&all, doing));
                code(&all)
            }
        }
    }
}

/// A picture that stays where it is makes the run no success.
fn code(all: &[Done]) -> ExitCode {
    ExitCode::from(u8::from(all.iter().any(|done| !done.left.is_empty())))
}

fn lines(done: &Done, doing: Doing) -> String {
    let mut lines = vec![done.source.clone()];
    if let Some(from) = &done.moved_from {
        let moved = if doing == Doing::Nothing { "would move from" } else { "moved from" };
        lines.push(format!("  {moved} {from}"));
    }
    for copied in &done.copied {
        let file = if copied.file.is_empty() { "would be copied" } else { copied.file.as_str() };
        let unknown = if copied.has_credit { "" } else { "; licence unknown" };
        lines.push(format!("  {}: {file}{unknown}", copied.address));
    }
    lines.extend(done.left.iter().map(|left| format!("  {}: stays: {}", left.address, left.why)));
    lines.iter().map(|line| printable_line(line) + "\n").collect()
}

fn summary(all: &[Done], doing: Doing) -> String {
    let copied: usize = all.iter().map(|done| done.copied.len()).sum();
    let left: usize = all.iter().map(|done| done.left.len()).sum();
    let unknown =
        all.iter().flat_map(|done| &done.copied).filter(|copied| !copied.has_credit).count();
    let done = if doing == Doing::Nothing { "would be copied" } else { "copied" };
    let mut summary = format!("{} {done}, {left} left where they are", counted(copied, "picture"));
    if unknown > 0 {
        let _ = write!(
            summary,
            ". The licence of {unknown} is unknown: look at their sources, and write `credit` into \
             picture_sources, or give --rights"
        );
    }
    summary
}

fn as_json(all: &[Done]) -> Json {
    let reports = all.iter().map(|done| {
        json!({
            "source": done.source,
            "moved_from": done.moved_from,
            "copied": done.copied.iter().map(|copied| json!({
                "address": copied.address,
                "file": Some(&copied.file).filter(|file| !file.is_empty()),
                "licence_unknown": !copied.has_credit,
            })).collect::<Json>(),
            "left": done.left.iter().map(|left| json!({
                "address": left.address, "why": left.why,
            })).collect::<Json>(),
        })
    });
    json!({ "reports": reports.collect::<Json>() })
}
