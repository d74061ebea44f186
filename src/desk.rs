//! `dateline desk`: writing, correcting and taking down in a browser, on this machine only.
//!
//! One listener at 127.0.0.1. The desk is at `http://127.0.0.1:P/_desk/`, the preview at
//! `http://localhost:P`: cookies ignore ports, and a script of a report must never share the desk's
//! host. [`gate`] decides which requests are let in; [`answers`] reads and writes HTTP; [`api`] calls
//! the code that commands call, and [`reports`] edits files by byte span.

mod answers;
mod api;
mod assets;
mod body;
mod form;
mod gate;
mod kept;
mod library;
mod publishing;
mod reply;
mod reports;
mod running;
mod secret;
mod steps;
mod taking;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use futures_util::future;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::Notify;

use crate::base::files::Lock;
use crate::pipeline::BuildOptions;
use crate::serve::{EventSink, Preview, ServeError, interruption};
use crate::state::StateFolder;

use library::Shelf;
use running::Running;
use secret::{Secret, Tokens};

/// The port, unless another is asked for.
pub(crate) const PORT: u16 = 1112;

/// The arguments of a desk.
#[derive(Clone, Debug)]
pub(crate) struct DeskOptions {
    /// The archive, drafts too.
    pub build: BuildOptions,
    pub port: u16,
}

/// Why the desk can't run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// The preview can't run, or the port is taken.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The system refused.
    #[error("can't open the desk: {0}")]
    Io(#[from] io::Error),
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A desk is open, and does not answer.
    #[error("a desk is open on this archive, and does not answer")]
    Deaf,
}

impl DeskError {
    /// The remedy.
    pub(crate) fn help(&self) -> Option<&'static str> {
        match self {
            DeskError::Serve(error) => error.help(),
            DeskError::Deaf => Some("end the other `dateline desk`, and start again"),
            DeskError::Io(_) | DeskError::Random(_) => None,
        }
    }
}

/// The open desk, shared by all requests.
struct Desk {
    port: u16,
    /// What the cookie holds.
    session: Secret,
    /// What another start on this machine has to know to be given a link.
    again: Secret,
    tokens: Mutex<Tokens>,
    shelf: Shelf,
    quit: Notify,
}

/// Opens the desk, and keeps it open until it is ended. `tell` gets the link: a new one to the desk
/// that is open already, if there is one.
pub(crate) fn desk(
    options: DeskOptions,
    tell: &dyn Fn(&str),
    events: EventSink,
) -> Result<(), DeskError> {
    let DeskOptions { build, port } = options;
    let settings = build.root.join(&build.config);
    if settings.symlink_metadata().is_err() {
        return Err(ServeError::NoArchive(settings).into());
    }
    let folder = StateFolder::of(&build.root).desk().path().to_owned();
    std::fs::create_dir_all(&folder)?;
    let Some(_lock) = Lock::take(&folder.join("lock"))? else {
        let link = Running::read(&folder).and_then(|running| running.new_link());
        tell(&link.ok_or(DeskError::Deaf)?);
        return Ok(());
    };
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
    let listener = runtime
        .block_on(TcpListener::bind(address))
        .map_err(|source| ServeError::Listen { address, source })?;
    let port = listener.local_addr()?.port();
    let preview = Preview::start(build.clone(), events)?;
    let previewed = preview.router();
    let (root, config): (PathBuf, PathBuf) = (build.root.clone(), build.config.clone());
    let open = Arc::new(Desk {
        port,
        session: Secret::new()?,
        again: Secret::new()?,
        tokens: Mutex::default(),
        shelf: Shelf::new(root, config, preview),
        quit: Notify::new(),
    });
    open.shelf.drop_old();
    Running { port, again: open.again.as_str().to_owned() }.write(&folder)?;
    tell(&open.new_link()?);
    let router = answers::router(Arc::clone(&open), previewed);
    let served = runtime.block_on(async {
        let ended = pin!(open.quit.notified());
        let interrupted = pin!(interruption()?);
        let serving = pin!(axum::serve(listener, router).into_future());
        match future::select(serving, future::select(ended, interrupted)).await {
            future::Either::Left((served, _)) => served,
            future::Either::Right(_) => Ok(()),
        }
    });
    Running::remove(&folder);
    open.shelf.stop();
    runtime.shutdown_background();
    Ok(served?)
}

impl Desk {
    /// A link that opens the desk once, within a minute.
    fn new_link(&self) -> Result<String, getrandom::Error> {
        let token = Secret::new()?;
        let link = format!("http://127.0.0.1:{}/_desk/open#{}", self.port, token.as_str());
        if let Ok(mut tokens) = self.tokens.lock() {
            tokens.add(token);
        }
        Ok(link)
    }
}
