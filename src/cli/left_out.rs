//! Commands that need a missing feature: they print which one.

#![cfg_attr(
    all(feature = "deploy", feature = "network", feature = "serve"),
    allow(dead_code, reason = "nothing is left out")
)]

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;

/// Accepts any arguments, since the error is not in them.
#[derive(Debug, Args)]
pub(super) struct LeftOutArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<OsString>,
}

/// Prints which feature a command needs; exit code 2.
pub(super) fn refuse(command: &str, feature: &str) -> ExitCode {
    super::environment_error(
        &format_args!("this program was built without `dateline {command}`"),
        Some(&format!("build it with the feature: cargo build --release --features {feature}")),
    )
}
