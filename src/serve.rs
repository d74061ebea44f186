//! `dateline serve`: the archive as readers will see it, while one writes. A build in a loop, and a socket.
//!
//! Three parts: [`watching`] tells that something changed; [`builder`] builds, on a thread of its own, into
//! a folder below `.dateline/`, and says what is to be [`shown`]; [`answers`] shows it to browsers, over
//! axum on tokio. Nothing outside this room is asynchronous.

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
use std::sync::Arc;
use std::sync::mpsc;
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

/// So long a build may go on after the server was told to end; what it leaves then, the next finishes.
const PARTING: Duration = Duration::from_secs(1);

/// What is served, and where.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The archive; drafts as asked for.
    pub build: BuildOptions,
    /// Where browsers connect.
    pub bind: IpAddr,
    /// 0 for any that is free.
    pub port: u16,
    /// What else the machine is called.
    pub hosts: Vec<String>,
}

/// What there is to tell whoever started it.
#[derive(Debug)]
pub enum ServeEvent<'a> {
    /// The home page is at this address.
    Serving(&'a str),
    /// A build ended, well or not, after so long.
    Built(&'a Report, Duration),
    /// A build could not write.
    Failed(&'a OutputError),
    /// Some folder can't be watched.
    Unwatched(&'a str),
}

/// Whoever is told; from several threads.
pub type EventSink = Arc<dyn Fn(ServeEvent<'_>) + Send + Sync>;

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be had.
    #[error("can't listen at {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// The system's answer.
        source: io::Error,
    },
    /// There is no archive in the folder.
    #[error("there is no archive here: `{}` is missing", .0.display())]
    NoArchive(PathBuf),
    /// The system refused something else.
    #[error("can't serve: {0}")]
    Io(#[from] io::Error),
    /// The archive can't be watched.
    #[error("can't watch the archive: {0}")]
    Watch(#[from] notify::Error),
}

impl ServeError {
    /// How to mend it.
    pub fn help(&self) -> Option<&'static str> {
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
pub fn serve(options: ServeOptions, events: &EventSink) -> Result<(), ServeError> {
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
    let hosts = KnownHosts::new(bind, &hosts);

    let (showing, shown) = watch::channel(Arc::new(Shown::default()));
    let (wake, wakes) = mpsc::channel();
    let build = BuildOptions { purpose: Purpose::Preview, ..build };
    let watching = Watching::begin(&build.root, &build.config, wake.clone())?;
    let builder = Builder::new(build, showing, Arc::clone(events));
    let (ended, end) = mpsc::channel::<()>();
    thread::spawn(move || {
        // Dropped when the last build has ended.
        let _ended = ended;
        builder.run(watching, &wakes);
    });

    let telling = tell_address(shown.clone(), address, Arc::clone(events));
    let served = runtime.block_on(until_interrupted(listener, router(shown, hosts), telling));
    let _ = wake.send(Wake::Stop);
    let _ = end.recv_timeout(PARTING);
    runtime.shutdown_background();
    served.map_err(ServeError::Io)
}

/// Answers until the user interrupts.
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

/// Ends when the user, or the system, asks the program to end.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut typed = signal(SignalKind::interrupt())?;
    let mut sent = signal(SignalKind::terminate())?;
    Ok(async move {
        future::select(pin!(typed.recv()), pin!(sent.recv())).await;
    })
}

/// Ends when the user asks the program to end.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "other systems refuse")]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where nobody can interrupt, the server goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            future::pending::<()>().await;
        }
    })
}

/// Tells where the home page is, as soon as there is something to see, and when it moves.
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

/// An address that a browser on this machine can ask for.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
