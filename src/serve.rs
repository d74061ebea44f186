//! `dateline serve`: a live preview of the archive.
//!
//! Three parts: [`watching`] reports changes; [`builder`] builds on its own thread, into a folder
//! below `.dateline/`, and updates what is [`shown`]; [`answers`] serves it with axum on tokio.
//! Nothing outside this room is asynchronous.

mod address;
mod answers;
mod builder;
mod known_hosts;
mod pages;
mod shown;
mod watching;

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use futures_util::future;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::watch;

use crate::output::OutputError;
use crate::pipeline::{BuildOptions, Purpose, Report};

use crate::serve::known_hosts::KnownHosts;
use answers::{Showing, router};
use builder::Builder;
use shown::Shown;
use watching::{Wake, Watching};

/// The time a running build gets when the server ends; the next run finishes what it leaves.
const PARTING: Duration = Duration::from_secs(1);

/// The arguments of the server.
#[derive(Clone, Debug)]
pub(crate) struct ServeOptions {
    /// The archive, with or without drafts.
    pub build: BuildOptions,
    /// The address to listen on.
    pub bind: IpAddr,
    /// The port; 0 for any free one.
    pub port: u16,
    /// Other names of this machine.
    pub hosts: Vec<String>,
}

/// An event for the user.
#[derive(Debug)]
pub(crate) enum ServeEvent<'a> {
    /// The home page has this address.
    Serving(&'a str),
    /// A build ended after this time, successfully or not.
    Built(&'a Report, Duration),
    /// A build could not write.
    Failed(&'a OutputError),
    /// A folder can't be watched.
    Unwatched(&'a str),
}

/// Receives events, from several threads.
pub(crate) type EventSink = Arc<dyn Fn(ServeEvent<'_>) + Send + Sync>;

/// Why the server can't run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// It can't listen on the address.
    #[error("can't listen at {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    /// The folder contains no archive.
    #[error("there is no archive here: `{}` is missing", .0.display())]
    NoArchive(PathBuf),
    /// Another system error.
    #[error("can't serve: {0}")]
    Io(#[from] io::Error),
    /// The archive can't be watched.
    #[error("can't watch the archive: {0}")]
    Watch(#[from] notify::Error),
}

impl ServeError {
    /// The remedy.
    pub(crate) fn help(&self) -> Option<&'static str> {
        match self {
            ServeError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => Some(
                "is it served already? Else choose another port with --port, or 0 for any that is free",
            ),
            ServeError::Listen { .. } => {
                Some("choose an address of this machine, and a port above 1023")
            }
            ServeError::NoArchive(_) => {
                Some("run `dateline init` for a new archive, or name its folder with --root")
            }
            ServeError::Io(_) | ServeError::Watch(_) => None,
        }
    }
}

/// Serves an archive until the user ends it.
pub(crate) fn serve(options: ServeOptions, events: &EventSink) -> Result<(), ServeError> {
    let ServeOptions { build, bind, port, hosts } = options;
    let settings = build.root.join(&build.config);
    if settings.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Err(ServeError::NoArchive(settings));
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let address = SocketAddr::new(bind, port);
    let listen = |source| ServeError::Listen { address, source };
    let listener = runtime.block_on(TcpListener::bind(address)).map_err(listen)?;
    let address = listener.local_addr()?;
    let preview = Preview::start(build, Arc::clone(events))?;
    let telling = tell_address(preview.shown.clone(), address, Arc::clone(events));
    let router = router(preview.shown.clone(), KnownHosts::new(bind, &hosts));
    let served = runtime.block_on(until_interrupted(listener, router, telling));
    preview.stop();
    runtime.shutdown_background();
    served.map_err(ServeError::Io)
}

/// A preview without a listener of its own: it watches the archive, and builds.
pub(crate) struct Preview {
    shown: Showing,
    wake: mpsc::Sender<Wake>,
    end: Mutex<mpsc::Receiver<()>>,
}

impl Preview {
    /// Begins to watch and to build.
    pub(crate) fn start(build: BuildOptions, events: EventSink) -> Result<Preview, ServeError> {
        let (showing, shown) = watch::channel(Arc::new(Shown::default()));
        let (wake, wakes) = mpsc::channel();
        let build = BuildOptions { purpose: Purpose::Preview, ..build };
        let watching = Watching::begin(&build.root, &build.config, wake.clone())?;
        let builder = Builder::new(build, showing, events);
        let (ended, end) = mpsc::channel::<()>();
        thread::spawn(move || {
            // Dropped after the last build.
            let _ended = ended;
            builder.run(watching, &wakes);
        });
        Ok(Preview { shown, wake, end: Mutex::new(end) })
    }

    /// Its routes, for the loopback names.
    pub(crate) fn router(&self) -> axum::Router {
        router(self.shown.clone(), KnownHosts::new(Ipv4Addr::LOCALHOST.into(), &[]))
    }

    /// Identifies the state that is shown.
    pub(crate) fn version(&self) -> String {
        self.shown.borrow().version.clone()
    }

    /// The home page's path, once there is one.
    pub(crate) fn home(&self) -> Option<String> {
        self.shown.borrow().home()
    }

    /// Ends it; a running build gets a moment.
    pub(crate) fn stop(&self) {
        let _ = self.wake.send(Wake::Stop);
        if let Ok(end) = self.end.lock() {
            let _ = end.recv_timeout(PARTING);
        }
    }
}

/// Serves until the user interrupts.
async fn until_interrupted(
    listener: TcpListener,
    router: axum::Router,
    telling: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let mut interrupted = pin!(interruption()?);
    tokio::spawn(telling);
    let serving = pin!(axum::serve(listener, router).into_future());
    match future::select(serving, interrupted.as_mut()).await {
        future::Either::Left((served, _)) => served,
        future::Either::Right(_) => Ok(()),
    }
}

/// Completes when the user or the system asks the program to end.
#[cfg(unix)]
pub(crate) fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut typed = signal(SignalKind::interrupt())?;
    let mut sent = signal(SignalKind::terminate())?;
    Ok(async move {
        future::select(pin!(typed.recv()), pin!(sent.recv())).await;
    })
}

/// Completes when the user asks the program to end.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "other systems refuse")]
pub(crate) fn interruption() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If interrupts can't be received, the server goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            future::pending::<()>().await;
        }
    })
}

/// Reports the address of the home page, once there is a site, and whenever it changes.
async fn tell_address(mut shown: Showing, address: SocketAddr, events: EventSink) {
    let mut told = None;
    loop {
        let path = shown.borrow_and_update().home();
        if path.is_some() && path != told {
            let path = path.as_deref().unwrap_or_default();
            events(ServeEvent::Serving(&format!("http://{}{path}", reachable(address))));
        }
        told = path.or(told);
        if shown.changed().await.is_err() {
            return;
        }
    }
}

/// An address that a browser on this machine can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
