//! Commands that this program was built without: they say which feature brings them.

#![cfg_attr(
    all(feature = "deploy", feature = "network", feature = "serve"),
    allow(dead_code, reason = "nothing is left out")
)]

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;

/// Any arguments: what is wrong with the command is not how it was typed.
#[derive(Debug, Args)]
pub(super) struct LeftOutArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<OsString>,
}

/// Says which feature brings a command; exit code 2.
pub(super) fn refuse(command: &str, feature: &str) -> ExitCode {
    super::environment_error(
        &format_args!("this program was built without `dateline {command}`"),
        Some(&format!("build it with the feature: cargo build --release --features {feature}")),
    )
}
