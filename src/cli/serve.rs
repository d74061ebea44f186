//! `dateline serve`.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;

use crate::base::diagnostic::Diagnostic;
use crate::content::Drafts;
use crate::pipeline::{BuildOptions, Report};
use crate::serve::{EventSink, ServeEvent, ServeOptions, serve};

use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// The port; 0 takes any that is free.
    #[arg(short, long, default_value_t = 1111)]
    port: u16,
    /// The address to listen at; any but 127.0.0.1 lets other machines in.
    #[arg(short, long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Another name under which browsers may ask for this machine.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Drafts are part of it.
    #[arg(long)]
    drafts: bool,
    /// Open the home page in your browser.
    #[arg(long)]
    open: bool,
}

impl ServeArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let drafts = if self.drafts { Drafts::Publish } else { Drafts::Leave };
        let options = ServeOptions {
            build: BuildOptions { drafts, ..archive.options() },
            bind: self.bind,
            port: self.port,
            hosts: self.allow_host,
        };
        let opening = if self.open { Opening::Asked } else { Opening::Done };
        let teller = Mutex::new(Teller { opening, said: HashSet::new() });
        let events: EventSink = Arc::new(move |event| {
            teller.lock().unwrap_or_else(PoisonError::into_inner).tell(&event);
        });
        match serve(options, &events) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => super::environment_error(&error, error.help()),
        }
    }
}

/// Whether to open a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    Asked,
    Done,
}

/// Prints events of the server.
struct Teller {
    opening: Opening,
    /// Problems printed for the last build: they are not repeated after every edit.
    said: HashSet<String>,
}

impl Teller {
    fn tell(&mut self, event: &ServeEvent<'_>) {
        match event {
            ServeEvent::Serving(url) => {
                super::say(&format_args!("Serving {url} (Ctrl-C ends it)"));
                self.open(url);
            }
            ServeEvent::Built(report, duration) => self.tell_built(report, *duration),
            ServeEvent::Failed(error) => {
                super::environment_error(error, error.help().as_deref());
            }
            ServeEvent::Unwatched(why) => super::complain(&format_args!(
                "warning: some changes will go unnoticed, a folder can't be watched: {why}"
            )),
        }
    }

    fn open(&mut self, url: &str) {
        if self.opening == Opening::Asked
            && let Err(error) = opener::open(url)
        {
            super::complain(&format_args!("warning: no browser could be opened: {error}"));
        }
        self.opening = Opening::Done;
    }

    fn tell_built(&mut self, report: &Report, duration: Duration) {
        let key = |problem: &Diagnostic| problem.to_json().to_string();
        let now: HashSet<String> = report.diagnostics.iter().map(key).collect();
        super::draw(report.diagnostics.iter().filter(|problem| !self.said.contains(&key(problem))));
        self.said = now;
        let seconds = duration.as_secs_f64();
        match &report.committed {
            Some(committed) => super::say(&format_args!(
                "{}, {} written, {} removed, {} known, in {seconds:.2} s",
                super::build::counted(committed.written + committed.unchanged, "file"),
                committed.written,
                committed.removed,
                super::build::counted(report.diagnostics.len(), "problem"),
            )),
            None => super::say(&"The last good site stays up until the errors above are mended."),
        }
    }
}
