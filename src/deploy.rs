//! `dateline deploy`: uploads changed files of the site to a target.
//!
//! The site's manifest and the target's record ([`remote`]) give a [`plan`], which is pure; a
//! destination carries it out, one module for each kind: [`bucket`], [`folder`], [`rsync`],
//! [`git`]. Before any change, the site is verified, and lost addresses stop the deploy.

mod bucket;
mod error;
mod folder;
mod git;
mod headers;
pub(crate) mod lost;
pub(crate) mod plan;
mod program;
mod purge;
pub(crate) mod remote;
mod rsync;
mod site;

use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use crate::base::files::{self, Durability};
use crate::output::{OutputPlace, Target};
use crate::pipeline::{BuildOptions, Freshness, find_site};
use crate::settings::targets::{TargetConfig, TargetPlace};
use crate::state::StateFolder;

pub(crate) use error::DeployError;
use lost::{Lost, address_of};
use plan::{Plan, Step};
use remote::RemoteManifest;
use site::BuiltSite;

/// The arguments of a deploy.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeployOptions {
    /// The site's build options.
    pub site: BuildOptions,
    /// The target's name; `None` for the only one.
    pub target: Option<String>,
    /// Whether the plan is carried out.
    pub doing: Doing,
    /// How far the target's record is trusted.
    pub record: RecordUse,
    /// Whether lost addresses are allowed.
    pub losses: Losses,
    /// Whether a site older than its archive is allowed.
    pub age: Age,
    /// Overrides `max_deletes` of the settings.
    pub max_deletes: Option<usize>,
}

/// Whether the plan is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Yes.
    #[default]
    Deploy,
    /// No: only show it.
    Plan,
}

/// How far the target's record is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RecordUse {
    /// Trust the record; don't look at the files.
    #[default]
    Trust,
    /// Look at the files, too.
    Recheck,
    /// Rebuild a lost or damaged record; overwrite files of the same names.
    Adopt,
}

/// Whether a site older than its archive is deployed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Age {
    /// No.
    #[default]
    Refuse,
    /// Yes, unless it shows something withdrawn or redacted since.
    Allow,
}

/// What happens if an address would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Losses {
    /// The deploy stops.
    #[default]
    Refuse,
    /// The addresses are listed.
    Allow,
}

/// The result of a deploy or a dry run.
#[derive(Debug)]
pub(crate) struct Report {
    pub target: String,
    pub plan: Plan,
    /// Absolute addresses of changed files, also from an interrupted deploy before.
    pub changed: Vec<String>,
    /// Addresses that were lost with permission.
    pub lost: Vec<Lost>,
    /// Uploaded bytes.
    pub bytes: u64,
    /// Whether the site is up to date with its archive.
    pub freshness: Freshness,
    /// Files in the site's folder that Dateline did not write; they are not deployed.
    pub foreign: Vec<String>,
}

/// The progress of a deploy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Progress {
    /// The total number of files to upload or delete.
    Files(usize),
    /// The next step begins.
    Step(Step),
    /// This many more files are done.
    Done(usize),
}

/// Receives the progress.
pub(crate) type Listener<'a> = &'a (dyn Fn(Progress) + Sync);

/// A kind of target.
trait Destination {
    /// Refuses a site with a file name that the target does not allow.
    fn check_names(&self, _: &BuiltSite) -> Result<(), DeployError> {
        Ok(())
    }

    /// Reads the record; `None` if there is none.
    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError>;

    /// Compares the record with the target's files, and marks differences as uncertain.
    fn recheck(&mut self, remote: &mut RemoteManifest) -> Result<(), DeployError>;

    /// Marks files as uncertain if the settings now require other headers.
    fn doubt_headers(&self, _: &mut RemoteManifest, _: &BuiltSite) {}

    /// Carries out the plan, and keeps the record true at every moment.
    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError>;

    /// Cleans up even if there is nothing to upload.
    fn tidy(&mut self, _: &BuiltSite) -> Result<(), DeployError> {
        Ok(())
    }

    /// Records that the cache was purged.
    fn announced(&mut self, remote: &RemoteManifest) -> Result<(), DeployError>;
}

/// The input of a destination.
struct Work<'a> {
    site: &'a BuiltSite,
    plan: &'a Plan,
    /// The record before the deploy.
    before: RemoteManifest,
    /// The cache to purge.
    purge: Option<&'a Url>,
    listener: Listener<'a>,
}

impl Work<'_> {
    /// Finishes the record; without a cache to purge, the list of changes is cleared.
    fn conclude(&self, remote: &mut RemoteManifest) {
        remote.conclude(&self.plan.kept);
        if self.purge.is_none() {
            remote.unannounced.clear();
        }
    }
}

/// Deploys a site.
pub(crate) fn deploy(
    options: &DeployOptions,
    listener: Listener<'_>,
) -> Result<Report, DeployError> {
    let (config, output) = find_site(&options.site)?.map_err(DeployError::Settings)?;
    let (name, target) = choose(options.target.as_deref(), &config.deploy.targets)?;
    let mut site = BuiltSite::open(&output, &options.site)?;
    refuse_within(target, options, &output)?;
    let freshness = site.freshness(&options.site, &config);
    refuse_age(options, &site, freshness)?;
    if matches!(target.place, TargetPlace::Bucket(_) | TargetPlace::Git { .. }) {
        site.leave_out_host_files();
    }
    let mut destination = destination(name, target, options)?;
    destination.check_names(&site)?;
    let found = destination.published()?;
    let mut remote = found.unwrap_or_default();
    refuse_other_address(name, &remote, &site, options.record)?;
    if options.record == RecordUse::Recheck {
        destination.recheck(&mut remote)?;
    }
    destination.doubt_headers(&mut remote, &site);
    let plan = Plan::between(&remote, &site.manifest);
    let lost = lost::lost(&remote, &site.manifest);
    refuse_losses(options, &lost)?;
    refuse_deletes(options.max_deletes.or(target.max_deletes), &plan, &remote)?;
    let foreign = site.verify()?;
    let changed = changed(&plan, &remote, &config.base_url);
    let bytes = plan.puts().filter_map(|path| site.manifest.files.get(path)).map(|file| file.size);
    let (target_name, bytes) = (name.to_owned(), bytes.sum());
    let report = Report { target: target_name, bytes, changed, lost, plan, freshness, foreign };
    if options.doing == Doing::Plan {
        return Ok(report);
    }
    listener(Progress::Files(report.plan.puts().count() + report.plan.deletes().count()));
    if !report.plan.is_empty() {
        let (plan, purge) = (&report.plan, target.purge.as_ref());
        let work = Work { site: &site, plan, before: remote, purge, listener };
        destination.carry_out(work)?;
    }
    destination.tidy(&site)?;
    announce(target, &report, &mut *destination)?;
    note_deployed(&StateFolder::of(&options.site.root));
    Ok(report)
}

/// From now on a build warns of addresses that vanish.
fn note_deployed(state: &StateFolder) {
    let mark = state.deployed();
    if !mark.exists() {
        // Without the mark a lost address is a note, and the next deploy refuses to lose it all the same.
        let _ = std::fs::create_dir_all(state.deployments())
            .and_then(|()| files::replace(&mark, b"", Durability::Passing));
    }
}

/// Purges the cache; afterwards the changes are removed from the record.
fn announce(
    target: &TargetConfig,
    report: &Report,
    destination: &mut dyn Destination,
) -> Result<(), DeployError> {
    let Some(url) = target.purge.as_ref().filter(|_| !report.changed.is_empty()) else {
        return Ok(());
    };
    purge::tell(url, &report.changed)?;
    let Some(mut remote) = destination.published()? else { return Ok(()) };
    if !remote.unannounced.is_empty() {
        remote.unannounced.clear();
        destination.announced(&remote)?;
    }
    Ok(())
}

fn choose<'a>(
    name: Option<&str>,
    targets: &'a std::collections::BTreeMap<String, TargetConfig>,
) -> Result<(&'a str, &'a TargetConfig), DeployError> {
    let names: Vec<&str> = targets.keys().map(String::as_str).collect();
    let known = |name: &str| targets.get_key_value(name);
    let chosen = match (name, names.as_slice()) {
        (Some(name), _) => known(name),
        (None, [only]) => known(only),
        (None, _) => None,
    };
    if let Some((name, target)) = chosen {
        return Ok((name, target));
    }
    let message = match name {
        Some(name) => format!("there is no target “{name}”"),
        None if names.is_empty() => "the settings name no target".to_owned(),
        None => "the settings name several targets".to_owned(),
    };
    let help = match names.as_slice() {
        [] => "add one to dateline.toml, such as [deploy.targets.production] with folder = \
               \"/srv/www/archive\""
            .to_owned(),
        names => format!("say which: {}", names.join(", ")),
    };
    Err(DeployError::NoTarget { message, help })
}

fn destination(
    name: &str,
    target: &TargetConfig,
    options: &DeployOptions,
) -> Result<Box<dyn Destination>, DeployError> {
    let root = &options.site.root;
    let record = options.record;
    Ok(match &target.place {
        TargetPlace::Bucket(bucket) => Box::new(bucket::Bucket::open(bucket, target, record)?),
        TargetPlace::Folder { path, keep } => {
            Box::new(folder::ReleaseFolder::open(&root.join(path), *keep, record))
        }
        TargetPlace::Rsync(place) => Box::new(rsync::Rsync::open(root, place, record)?),
        TargetPlace::Git { repository, branch } => {
            let address = git::Address { root, target: name, repository, branch };
            Box::new(git::Branch::open(&address, record, options.doing)?)
        }
    })
}

/// Refuses a target inside the archive: the site would become one of its sources.
fn refuse_within(
    target: &TargetConfig,
    options: &DeployOptions,
    output: &Target,
) -> Result<(), DeployError> {
    let place = match &target.place {
        TargetPlace::Folder { path, .. } => path.clone(),
        TargetPlace::Rsync(place) if !rsync::is_remote(place) => PathBuf::from(place),
        _ => return Ok(()),
    };
    if OutputPlace::find(&options.site.root, &output.output)?.holds(&place)? {
        return Err(DeployError::Within { place });
    }
    Ok(())
}

/// Refuses a target that holds a site for another address: two archives would overwrite each other.
fn refuse_other_address(
    target: &str,
    remote: &RemoteManifest,
    site: &BuiltSite,
    record: RecordUse,
) -> Result<(), DeployError> {
    let (there, here) = (&remote.base_url, &site.manifest.base_url);
    if there.is_empty() || there == here || record == RecordUse::Adopt {
        return Ok(());
    }
    let [target, there, here] = [target, there, here].map(str::to_owned);
    Err(DeployError::OtherAddress { target, there, here })
}

/// Refuses a site older than its archive: it may show withdrawn text.
fn refuse_age(
    options: &DeployOptions,
    site: &BuiltSite,
    freshness: Freshness,
) -> Result<(), DeployError> {
    if freshness == Freshness::Current {
        return Ok(());
    }
    let unpublished = site.unpublished(&options.site)?;
    if !unpublished.is_empty() {
        return Err(DeployError::Unpublished { unpublished });
    }
    if freshness == Freshness::Older && options.age == Age::Refuse {
        return Err(DeployError::Older { output: site.folder().to_owned() });
    }
    Ok(())
}

fn refuse_losses(options: &DeployOptions, lost: &[Lost]) -> Result<(), DeployError> {
    if lost.is_empty() || options.losses == Losses::Allow {
        return Ok(());
    }
    Err(DeployError::Lost { lost: lost.to_vec() })
}

/// Refuses too many deletions: probably a mistake.
fn refuse_deletes(
    limit: Option<usize>,
    plan: &Plan,
    remote: &RemoteManifest,
) -> Result<(), DeployError> {
    let limit = limit.unwrap_or_else(|| (remote.files.len() / 4).max(100));
    let count = plan.deletes().count();
    if count > limit { Err(DeployError::TooManyDeletes { count, limit }) } else { Ok(()) }
}

fn changed(plan: &Plan, remote: &RemoteManifest, base_url: &Url) -> Vec<String> {
    let touched = plan.puts().chain(plan.deletes()).chain(&remote.unannounced);
    let mut paths: Vec<&Arc<str>> = touched.collect();
    paths.sort_unstable();
    paths.dedup();
    let absolute = |path: &Arc<str>| {
        let address = crate::base::permalink::encode_path(&address_of(path));
        format!("{base_url}{}", address.trim_start_matches('/'))
    };
    paths.into_iter().map(absolute).collect()
}

#[cfg(test)]
mod tests;
mod without_secrets;
