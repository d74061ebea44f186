//! `dateline desk`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::content::Drafts;
use crate::desk::{DeskOptions, PORT, desk};
use crate::pipeline::BuildOptions;
use crate::serve::{EventSink, ServeEvent};

use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct DeskArguments {
    /// The port; 0 takes any that is free.
    #[arg(short, long, default_value_t = PORT)]
    port: u16,
    /// Print the link, and open no browser.
    #[arg(long)]
    no_open: bool,
}

impl DeskArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let build = BuildOptions { drafts: Drafts::Publish, ..archive.options() };
        let events: EventSink = Arc::new(|event| {
            if let ServeEvent::Failed(error) = event {
                super::environment_error(error, error.help().as_deref());
            }
        });
        let tell = |link: &str| {
            if self.no_open {
                super::say(&format_args!("Open within a minute: {link}"));
            } else if let Err(error) = opener::open(link) {
                super::complain(&format_args!("warning: no browser could be opened: {error}"));
                super::say(&format_args!("Open within a minute: {link}"));
            } else {
                super::say(&"The desk is in your browser (Ctrl-C ends it)");
            }
        };
        match desk(DeskOptions { build, port: self.port }, &tell, events) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => super::environment_error(&error, error.help()),
        }
    }
}
