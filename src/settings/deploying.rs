//! `[deploy]`: the host, compressed copies and targets.

use std::collections::BTreeMap;

use clap::ValueEnum as _;

use crate::base::choices::Host;
use crate::base::diagnostic::Rule;
use crate::tree::fields::{Fields, Reading};

use super::stop;
use super::targets::{self, TargetConfig};

/// `[deploy]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployConfig {
    /// The host whose configuration is written.
    pub host: Option<Host>,
    /// Whether text files get compressed copies.
    pub compress: bool,
    /// `[deploy.targets.<name>]`: targets of `dateline deploy`.
    pub targets: BTreeMap<String, TargetConfig>,
}

pub(super) fn deploy(fields: &mut Fields, reading: &mut Reading<'_>) -> DeployConfig {
    let Some(mut table) = fields.table("deploy", reading) else { return DeployConfig::default() };
    let deploy = DeployConfig {
        host: host(&mut table, reading),
        compress: table.bool("compress", reading).unwrap_or_default(),
        targets: targets::targets(&mut table, reading),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    deploy
}

/// A misspelt host stops the build: rules for another host would have no effect.
fn host(table: &mut Fields, reading: &mut Reading<'_>) -> Option<Host> {
    let node = table.take("host")?;
    let text = node.text().unwrap_or_default();
    let found = Host::value_variants().iter().find(|host| host.name() == text);
    if found.is_none() {
        let names: Vec<&str> = Host::value_variants().iter().map(|host| host.name()).collect();
        let message = format!("deploy.host can't be “{text}”");
        stop(reading, &node, message, &format!("use one of {}", names.join(", ")));
    }
    found.copied()
}
