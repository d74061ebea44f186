//! Building the site, and putting it where readers find it: shown first, then done, by the code of the
//! commands.

use serde_json::{Value as Json, json};

use crate::base::diagnostic::{Diagnostic, Effect};
use crate::pipeline::{BuildError, BuildOptions, build};

use super::library::{Library, Shelf};
use super::reply::Reply;

/// The names of the targets that are set up.
pub(super) fn targets(library: &Library) -> Vec<&String> {
    if cfg!(feature = "deploy") {
        library.config.deploy.targets.keys().collect()
    } else {
        Vec::new()
    }
}

/// Builds; then shows what would be uploaded to a target, or uploads it.
pub(super) fn publish(shelf: &Shelf, library: &Library, asked: &Json) -> Result<Json, Reply> {
    let options = shelf.publishing();
    let mut told = built(&options)?;
    let target = asked["target"].as_str().unwrap_or_default();
    if target.is_empty() {
        return Ok(told);
    }
    if !targets(library).iter().any(|name| *name == target) {
        return Err(Reply::error(404, "There is no such target in the settings."));
    }
    told["plan"] = deployed(options, target, asked["do"] == true)?;
    Ok(told)
}

fn built(options: &BuildOptions) -> Result<Json, Reply> {
    let report = build(options, &|_| {}).map_err(|BuildError::Output(error)| {
        let help = error.help().map(|help| format!(" {help}.")).unwrap_or_default();
        Reply::error(422, &format!("{error}.{help}"))
    })?;
    let problems = report.diagnostics.iter();
    let problems: Vec<Json> = problems
        .filter(|problem| problem.weight > Effect::Warning)
        .map(Diagnostic::to_json)
        .collect();
    if report.committed.is_none() {
        let reply = Reply::error(422, "The site can't be built: mend what stands below.");
        return Err(reply.with("problems", problems));
    }
    Ok(json!({ "articles": report.articles, "drafts": report.drafts, "problems": problems }))
}

#[cfg(feature = "deploy")]
fn deployed(site: BuildOptions, target: &str, is_done: bool) -> Result<Json, Reply> {
    use crate::deploy::{DeployError, DeployOptions, Doing, deploy};

    let doing = if is_done { Doing::Deploy } else { Doing::Plan };
    let target = Some(target.to_owned());
    let options = DeployOptions { site, target, doing, ..DeployOptions::default() };
    let report = deploy(&options, &|_| {}).map_err(|error| {
        let help = error.help().map(|help| format!(" {help}.")).unwrap_or_default();
        let reply = Reply::error(422, &format!("{error}.{help}"));
        match &error {
            DeployError::Lost { lost } => {
                let lost: Vec<String> =
                    lost.iter().map(|lost| format!("{}: {}", lost.address, lost.help())).collect();
                reply.with("lost", lost)
            }
            _ => reply,
        }
    })?;
    Ok(json!({
        "puts": report.plan.puts().count(),
        "deletes": report.plan.deletes().count(),
        "changed": report.changed,
    }))
}

#[cfg(not(feature = "deploy"))]
fn deployed(_: BuildOptions, _: &str, _: bool) -> Result<Json, Reply> {
    Err(Reply::error(422, "Uploading is left out of this program."))
}
