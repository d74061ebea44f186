//! The file that says where the desk of an archive is open, for a second start on this machine.
//!
//! It holds a secret that is good for one thing: another link. Only its owner may read the file, and no
//! web page can read any; without it the desk gives no link.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::files;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a desk is open.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) port: u16,
    pub(super) again: String,
}

fn path(folder: &Path) -> PathBuf {
    folder.join("running.json")
}

impl Running {
    /// Writes the file so that others can't read it at any moment.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut draft = files::Draft::of(&path(folder))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            draft.file().set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        draft.file().write_all(&serde_json::to_vec(self)?)?;
        draft.put(files::Durability::Passing)
    }

    pub(super) fn read(folder: &Path) -> Option<Running> {
        serde_json::from_slice(&files::read(&path(folder)).ok()?).ok()
    }

    /// The desk is closed.
    pub(super) fn remove(folder: &Path) {
        // A file that stays names a closed port.
        let _ = fs::remove_file(path(folder));
    }

    /// Asks the open desk for another link.
    pub(super) fn new_link(&self) -> Option<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let (port, again) = (self.port, &self.again);
        write!(
            stream,
            "POST /_desk/again HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nDateline-Desk: {again}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .ok()?;
        let mut answer = String::new();
        stream.take(64 * 1024).read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let answer: serde_json::Value = serde_json::from_str(body.trim()).ok()?;
        let link = answer.get("link")?.as_str()?;
        // Whatever answers at this port, only a link to a desk is opened.
        link.starts_with(&format!("http://127.0.0.1:{port}/_desk/open#")).then(|| link.to_owned())
    }
}
