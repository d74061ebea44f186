//! rsync over ssh, to a server of ssh on this machine.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::little::{assert_same, deployed, little, moved, publish, site, withdraw};
use crate::skip;

/// Where Debian has it: in nobody's PATH.
const SSHD: &str = "/usr/sbin/sshd";

struct Server {
    process: Child,
    /// Its keys and the user's.
    keys: TempDir,
    port: u16,
}

impl Server {
    fn start() -> Server {
        let keys = TempDir::new().unwrap();
        for name in ["host", "user"] {
            let file = keys.path().join(name).display().to_string();
            let arguments = ["-q", "-t", "ed25519", "-N", "", "-f", &file];
            assert!(skip::basic("ssh-keygen").args(arguments).status().unwrap().success());
        }
        fs::copy(keys.path().join("user.pub"), keys.path().join("authorized")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {keys}/host\nPidFile none\n\
             AuthorizedKeysFile {keys}/authorized\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nPermitRootLogin yes\n",
            keys = keys.path().display()
        );
        fs::write(keys.path().join("config"), config).unwrap();
        // Where root runs it, it wants this one to be there.
        let _ = fs::create_dir_all("/run/sshd");
        let process = skip::basic(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(keys.path().join("config"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Server { process, keys, port }
    }

    /// The way to it, for rsync.
    fn shell(&self) -> String {
        let options = "-F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=no \
                       -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";
        format!("ssh -p {} -i {}/user {options}", self.port, self.keys.path().display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_site_goes_to_a_server_over_ssh() {
    let programs = [SSHD, "ssh", "ssh-keygen", "rsync"];
    if !programs.iter().all(|program| skip::needs(program)) {
        return;
    }
    let (server, www) = (Server::start(), TempDir::new().unwrap());
    let place = www.path().join("a site").display().to_string();
    let archive =
        little(&format!("rsync = \"127.0.0.1:{place}\"")).environment("RSYNC_RSH", &server.shell());
    publish(&archive);
    assert_same(&deployed(Path::new(&place)), &site(&archive));
    assert_eq!(moved(&publish(&archive)), (0, 0));
    withdraw(&archive, "2017-01-02-beta");
    publish(&archive);
    assert_same(&deployed(Path::new(&place)), &site(&archive));
    drop(server);
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2, "no server, no record: that is no empty folder");
    assert!(refused.stderr().contains("Connection refused"), "{}", refused.stderr());
}
