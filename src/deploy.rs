//! `dateline deploy`: the site to where readers find it, and only what changed.
//!
//! The site's manifest and the target's record ([`remote`]) become a [`plan`], which is pure; a
//! destination carries it out, a file a kind: [`bucket`], [`folder`], [`rsync`], [`git`]. Nothing is
//! touched before the site is known to be whole, and no address that readers know is lost.

mod bucket;
mod error;
mod folder;
mod git;
mod headers;
pub mod lost;
pub mod plan;
mod program;
mod purge;
pub mod remote;
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

pub use error::DeployError;
use lost::{Lost, address_of};
use plan::{Plan, Step};
use remote::RemoteManifest;
use site::BuiltSite;

/// What the command line asks for.
#[derive(Clone, Debug, Default)]
pub struct DeployOptions {
    /// Which site.
    pub site: BuildOptions,
    /// The target's name; the only one where none is said.
    pub target: Option<String>,
    /// Whether anything is touched.
    pub doing: Doing,
    /// How the target's record is taken.
    pub record: RecordUse,
    /// What is done when an address would be lost.
    pub losses: Losses,
    /// What is done with a site that is older than its archive.
    pub age: Age,
    /// In place of the config's `max_deletes`.
    pub max_deletes: Option<usize>,
}

/// Whether anything is touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doing {
    /// The plan is carried out.
    #[default]
    Deploy,
    /// The plan is made, and nothing touched.
    Plan,
}

/// How the target's record is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordUse {
    /// At its word: nobody else writes there.
    #[default]
    Trust,
    /// The files are looked at, too.
    Recheck,
    /// A lost or damaged one is made anew, and files of the same names are overwritten.
    Adopt,
}

/// What is done with a site that is older than its archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Age {
    /// It is not deployed.
    #[default]
    Refuse,
    /// It is deployed, unless it shows what was withdrawn or redacted since.
    Allow,
}

/// What is done when an address would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Losses {
    /// The deploy stops.
    #[default]
    Refuse,
    /// It is said.
    Allow,
}

/// What a deploy did, or would do.
#[derive(Debug)]
pub struct Report {
    /// The target's name.
    pub target: String,
    /// The plan.
    pub plan: Plan,
    /// Absolute addresses whose bytes changed, also by a deploy before that was cut short.
    pub changed: Vec<String>,
    /// Addresses that were lost, as was allowed.
    pub lost: Vec<Lost>,
    /// How many bytes were put.
    pub bytes: u64,
    /// How the site stands to its archive.
    pub freshness: Freshness,
    /// Files in the site's folder that Dateline did not write, and does not deploy.
    pub foreign: Vec<String>,
}

/// How far a deploy is.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// So many files will be touched.
    Files(usize),
    /// A step begins.
    Step(Step),
    /// So many more files are done.
    Done(usize),
}

/// Told how far a deploy is.
pub type Listener<'a> = &'a (dyn Fn(Progress) + Sync);

/// A place that a site is put to.
trait Destination {
    /// Refuses a site with a file whose name can't be there.
    fn check_names(&self, _: &BuiltSite) -> Result<(), DeployError> {
        Ok(())
    }

    /// The record of what Dateline put there; `None` where nothing is.
    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError>;

    /// Puts what the target itself says into the record: whatever is not as it says is in doubt.
    fn recheck(&mut self, remote: &mut RemoteManifest) -> Result<(), DeployError>;

    /// Files that lie there with other headers than the settings say now are in doubt.
    fn doubt_headers(&self, _: &mut RemoteManifest, _: &BuiltSite) {}

    /// Does it all; leaves a true record at every moment.
    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError>;

    /// What is left to do though the site is there: nothing, for most.
    fn tidy(&mut self, _: &BuiltSite) -> Result<(), DeployError> {
        Ok(())
    }

    /// Caches were told of all that changed.
    fn announced(&mut self, remote: &RemoteManifest) -> Result<(), DeployError>;
}

/// What a destination does.
struct Work<'a> {
    site: &'a BuiltSite,
    plan: &'a Plan,
    /// What was there before.
    before: RemoteManifest,
    /// Who is told afterwards.
    purge: Option<&'a Url>,
    listener: Listener<'a>,
}

impl Work<'_> {
    /// The last word on record; where no cache is to be told, nobody waits for the list of changes.
    fn conclude(&self, remote: &mut RemoteManifest) {
        remote.conclude(&self.plan.kept);
        if self.purge.is_none() {
            remote.unannounced.clear();
        }
    }
}

/// Deploys a site.
pub fn deploy(options: &DeployOptions, listener: Listener<'_>) -> Result<Report, DeployError> {
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

/// Tells a cache of what changed; only then is it no longer on record.
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

/// A site that is put among its sources would become one of them.
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

/// A target that another site's settings name, too, would change hands at each deploy.
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

/// A site that is older than its archive may show readers what was taken from them.
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

/// A site that shrinks so is likely to be a mistake.
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
