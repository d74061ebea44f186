//! Builds after each change, on a thread of its own, and updates what is shown.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

use crate::base::files;
use crate::output::{Manifest, OutputError};
use crate::pipeline::removals::is_preview_current;
use crate::pipeline::{BuildError, BuildOptions, Kept, Report, build_again, find_target};

use super::shown::{Problem, Shown, ShownSite};
use super::watching::{Wake, Watching};
use super::{EventSink, ServeEvent};

/// A build begins after this time without changes: editors save in several steps.
const QUIET: Duration = Duration::from_millis(20);

/// The same after a text was saved completely. Later changes cause another build.
const SAVED: Duration = Duration::from_millis(3);

/// The longest wait for a pause in changes.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often in a row a build is repeated because something changed during it, for example by a
/// second server.
const DISTURBANCES: u32 = 10;

/// How long another build may hold the output.
const BUSY: Duration = Duration::from_millis(100);

/// Builds, and updates what is shown.
pub(super) struct Builder {
    options: BuildOptions,
    kept: Kept,
    /// Identifies this run of the server.
    started: i64,
    /// The number of states shown.
    count: u64,
    /// The checksum of the last manifest: a second server may have built it.
    seal: Option<u64>,
    /// How often in a row something changed during a build.
    disturbed: u32,
    shown: Shown,
    showing: watch::Sender<Arc<Shown>>,
    events: EventSink,
}

/// The result of a build.
enum Outcome {
    Done,
    /// Another build uses the output, or something changed during this one.
    Busy,
}

impl Builder {
    /// A builder that shows the site of the last run, if it is intact.
    pub(super) fn new(
        options: BuildOptions,
        showing: watch::Sender<Arc<Shown>>,
        events: EventSink,
    ) -> Builder {
        let started = files::nanoseconds(SystemTime::now());
        let shown = Shown { site: left_over(&options), ..Shown::default() };
        let mut builder = Builder {
            options,
            kept: Kept::default(),
            started,
            count: 0,
            seal: None,
            disturbed: 0,
            shown,
            showing,
            events,
        };
        builder.show();
        builder
    }

    /// Builds until the server ends.
    pub(super) fn run(mut self, mut watching: Watching, wakes: &Receiver<Wake>) {
        self.build_at_last();
        // Watch link targets after the first build, so that it is not delayed.
        self.follow_links(&mut watching);
        loop {
            let wake = next(wakes);
            let followed = match wake {
                Wake::Stop => return,
                Wake::Changed | Wake::Saved => watching.follow(),
                Wake::Folders => watching.follow_anew(),
            };
            self.heard_of(followed);
            self.build_at_last();
            // A new folder may contain links; a saved text does not.
            if wake != Wake::Saved {
                self.follow_links(&mut watching);
            }
        }
    }

    /// Watches the targets of links, and builds if they changed unnoticed.
    fn follow_links(&mut self, watching: &mut Watching) {
        let followed = watching.follow_links();
        if let Ok(true) = followed {
            self.build_at_last();
        }
        self.heard_of(followed.map(drop));
    }

    fn heard_of(&self, followed: notify::Result<()>) {
        if let Err(error) = followed {
            (self.events)(ServeEvent::Unwatched(&error.to_string()));
        }
    }

    /// Builds, as soon as no other build runs.
    fn build_at_last(&mut self) {
        while let Outcome::Busy = self.build() {
            thread::sleep(BUSY);
        }
    }

    fn build(&mut self) -> Outcome {
        let begun = Instant::now();
        let built = build_again(&self.options, &mut self.kept, &|_| {});
        match &built {
            built if self.disturbed < DISTURBANCES && was_disturbed(built) => {
                self.disturbed += 1;
                return Outcome::Busy;
            }
            Ok(report) => {
                self.take_in(report);
                self.show();
                (self.events)(ServeEvent::Built(report, begun.elapsed()));
            }
            Err(BuildError::Output(OutputError::Busy { .. })) => return Outcome::Busy,
            Err(BuildError::Output(error)) => {
                self.shown.problems =
                    vec![Problem::of_environment(error.to_string(), error.help())];
                self.show();
                (self.events)(ServeEvent::Failed(error));
            }
        }
        self.disturbed = 0;
        Outcome::Done
    }

    fn take_in(&mut self, report: &Report) {
        self.shown.problems = report.diagnostics.iter().filter_map(Problem::of).collect();
        let Some(committed) = &report.committed else { return };
        let published = self.kept.published();
        let site = published.and_then(|(target, manifest)| {
            ShownSite::new(target, &manifest.base_url, &manifest.withdrawn, &manifest.active)
        });
        let seal = published.map(|(_, manifest)| manifest.seal());
        let is_other = self.seal.is_some() && seal != self.seal;
        self.seal = seal;
        if committed.written + committed.removed > 0 || is_other || site != self.shown.site {
            self.count += 1;
        }
        self.shown.site = site;
    }

    fn show(&mut self) {
        self.shown.version = format!("{:x}-{}", self.started, self.count);
        self.showing.send_replace(Arc::new(self.shown.clone()));
    }
}

/// Whether a build failed only because something changed during it: its output, by another build,
/// or a source.
fn was_disturbed(built: &Result<Report, BuildError>) -> bool {
    match built {
        Ok(report) => report.committed.is_none() && report.was_overtaken(),
        Err(BuildError::Output(OutputError::Changed { .. })) => true,
        Err(BuildError::Output(OutputError::Io { source, .. })) => {
            source.kind() == ErrorKind::NotFound
        }
        Err(BuildError::Output(_)) => false,
    }
}

/// The site of the last run, if it is intact and shows no removed text.
fn left_over(options: &BuildOptions) -> Option<ShownSite> {
    let target = find_target(options).ok()?.ok()?;
    let parts = Manifest::summary(&target)?;
    if !is_preview_current(options, &target) {
        return None;
    }
    ShownSite::new(&target, &parts.base_url, &parts.withdrawn, &parts.active)
}

/// Waits for a change, and for a pause after it.
fn next(wakes: &Receiver<Wake>) -> Wake {
    let Ok(mut wake) = wakes.recv() else { return Wake::Stop };
    let first = Instant::now();
    while wake != Wake::Stop && first.elapsed() < PATIENCE {
        let quiet = if wake == Wake::Saved { SAVED } else { QUIET };
        match wakes.recv_timeout(quiet) {
            // After a change of folders, other events don't matter.
            Ok(Wake::Changed | Wake::Saved) if wake == Wake::Folders => {}
            Ok(other) => wake = other,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return Wake::Stop,
        }
    }
    wake
}
