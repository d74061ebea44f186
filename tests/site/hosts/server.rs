//! Real servers on a port of this machine, and the few words of HTTP to ask them.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server that runs until it is dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Starts a server: `make` writes what it needs into the folder, and says how it is run at a port.
    #[track_caller]
    pub(crate) fn start(site: &Path, make: impl FnOnce(&Path, u16) -> Command) -> Server {
        // A server that runs as root serves as somebody else.
        for above in site.ancestors().take_while(|above| *above != std::env::temp_dir()) {
            let _ = fs::set_permissions(above, fs::Permissions::from_mode(0o755));
        }
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = make(folder.path(), port);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.process_group(0).spawn().unwrap();
        let mut server = Server { child, port, folder };
        server.wait();
        server
    }

    #[track_caller]
    fn wait(&mut self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            if self.ask("/", &[]).is_ok_and(|answer| !answer.is_empty()) {
                return;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended: {status}\n{}", self.log());
            }
            sleep(Duration::from_millis(50));
        }
        panic!("the server does not listen\n{}", self.log());
    }

    pub(crate) fn log(&self) -> String {
        let logs = ["log", "error.log"].map(|name| fs::read(self.folder.path().join(name)));
        let logs = logs.map(|log| String::from_utf8_lossy(&log.unwrap_or_default()).into_owned());
        logs.concat()
    }

    /// Asks for an address, as it stands in a request.
    #[track_caller]
    pub(crate) fn get(&self, address: &str) -> Answer {
        self.get_with(address, &[])
    }

    /// The same with headers.
    #[track_caller]
    pub(crate) fn get_with(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        Answer::read(&self.ask(address, headers).unwrap())
    }

    /// The answer as it comes.
    fn ask(&self, address: &str, headers: &[(&str, &str)]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut request =
            format!("GET {address} HTTP/1.1\r\nHost: archive.example\r\nConnection: close\r\n");
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        stream.write_all(format!("{request}\r\n").as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its workers with it: it leads a group of its own.
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::TERM);
        sleep(Duration::from_millis(100));
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut answer = Answer { status, headers, body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding").is_some_and(|value| value == "chunked") {
            answer.body = unchunked(&answer.body);
        }
        answer
    }

    /// The value of a header; no answer of ours has one twice.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} stands twice in {:?}", self.headers);
        value
    }

    /// Where it leads, without the server's own name.
    #[track_caller]
    pub(crate) fn leads_to(&self) -> String {
        let to = self.header("location").unwrap_or_default();
        match url::Url::parse(to) {
            Ok(url) if ["archive.example", "127.0.0.1"].contains(&url.host_str().unwrap()) => {
                url[url::Position::BeforePath..].to_owned()
            }
            _ => to.to_owned(),
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 4 + size..];
    }
    whole
}
