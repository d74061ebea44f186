//! Correcting, redacting and withdrawing: shown first, then done, by the code of the commands.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::authoring::amend::AmendError;
use crate::authoring::withdraw::{self, SourceText, WithdrawError};
use crate::authoring::{correct, redact};
use crate::base::choices::WithdrawalKind;
use crate::base::date::Date;
use crate::content::article::Withdrawal;
use crate::import::forgetting;
use crate::settings::Config;

use super::library::{Library, Shelf};
use super::reply::{Reply, failed};

/// What was asked for: always with words for readers.
struct Asked<'a> {
    root: &'a Path,
    config: &'a Config,
    content: &'a Json,
    target: String,
    date: Date,
}

/// Whether the step is shown or done.
fn is_done(content: &Json) -> bool {
    content["do"] == true
}

fn words(content: &Json, key: &str, question: &str) -> Result<String, Reply> {
    let text = content[key].as_str().unwrap_or_default();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { Err(Reply::error(422, question)) } else { Ok(words) }
}

/// One step; its name is the command's.
pub(super) fn step(
    shelf: &Shelf,
    library: &Library,
    name: &str,
    content: &Json,
) -> Result<Json, Reply> {
    let source = content["file"].as_str().unwrap_or_default();
    if library.report(source).is_none() {
        return Err(Reply::error(404, "No report of this archive has that file."));
    }
    let today = chrono::Utc::now().with_timezone(&library.config.timezone).date_naive();
    let asked = Asked {
        root: &shelf.root,
        config: &library.config,
        content,
        target: source.to_owned(),
        date: Date::Day(today),
    };
    let _writing = shelf.writing.lock();
    let done = match name {
        "correct" => asked.correct(),
        "redact" => asked.redact(),
        _ => asked.withdraw(),
    };
    if is_done(content) {
        shelf.changed();
    }
    done
}

fn amend_refused(error: &AmendError) -> Reply {
    Reply::error(422, &format!("{error}: {}.", error.help()))
}

fn withdraw_refused(error: &WithdrawError) -> Reply {
    Reply::error(422, &format!("{error}: {}.", error.help()))
}

impl Asked<'_> {
    fn correct(self) -> Result<Json, Reply> {
        let request = correct::Request {
            was: words(self.content, "was", "Which words are wrong?")?,
            now: words(self.content, "now", "Which words are right?")?,
            text: words(self.content, "text", "Say what was wrong, for readers.")?,
            target: self.target,
            date: self.date,
        };
        let plan = correct::plan(self.root, self.config, &request)
            .map_err(|error| amend_refused(&error))?;
        if is_done(self.content) {
            plan.carry_out().map_err(|error| amend_refused(&error))?;
        }
        Ok(json!({ "before": plan.before, "after": plan.after, "removed": [], "reach": [] }))
    }

    fn redact(self) -> Result<Json, Reply> {
        let request = redact::Request {
            words: vec![words(self.content, "words", "Which words have to go?")?],
            assets: Vec::new(),
            reason: words(self.content, "reason", "Say why, for readers.")?,
            target: self.target,
            date: self.date,
        };
        let plan = redact::plan(self.root, self.config, &request)
            .map_err(|error| amend_refused(&error))?;
        if is_done(self.content) {
            plan.carry_out().map_err(|error| amend_refused(&error))?;
            forgetting::forget(self.root, &plan.source).map_err(|error| failed(&error))?;
        }
        let mut reach: Vec<String> = plan.history.map(of_history).into_iter().collect();
        reach.extend(plan.mentions.iter().map(|path| format!("the same words in {path}")));
        Ok(json!({
            "before": plan.before, "after": plan.after, "removed": plan.removed, "reach": reach,
        }))
    }

    fn withdraw(self) -> Result<Json, Reply> {
        let kind = self.content["kind"].as_str().and_then(|kind| kind.parse().ok());
        let kind: WithdrawalKind =
            kind.ok_or_else(|| Reply::error(422, "On what ground is it taken down?"))?;
        let reason = Some(words(self.content, "reason", "Say why, for readers.")?);
        let request = withdraw::Request {
            target: self.target,
            withdrawal: Withdrawal { date: self.date, reason, kind },
            text: SourceText::Strip,
        };
        let plan = withdraw::plan(self.root, self.config, &request)
            .map_err(|error| withdraw_refused(&error))?;
        if is_done(self.content) {
            plan.carry_out().map_err(|error| withdraw_refused(&error))?;
            forgetting::forget(self.root, &plan.source).map_err(|error| failed(&error))?;
        }
        let traces = &plan.traces;
        let mut reach: Vec<String> = traces.history.map(of_history).into_iter().collect();
        reach.extend(traces.mementos.iter().map(|url| format!("an archived copy: {url}")));
        reach.extend(
            traces.similar.iter().map(|other| format!("still published: {}", other.permalink)),
        );
        reach.extend(traces.mentions.iter().map(|source| format!("mentioned in {source}")));
        Ok(json!({ "removed": plan.removed, "reach": reach }))
    }
}

fn of_history(tool: &'static str) -> String {
    format!("the history of this folder ({tool}) and every copy of it")
}
