//! A network that misbehaves: hands requests on to a server, and fails some of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::google;

/// What becomes of the n-th request, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// Every tenth fails: in turn refused by the server, cut before it, and cut after it was done.
    OneInTenFails,
    /// Each takes so long.
    Slow(Duration),
    /// After so many nobody answers any more.
    Dead(usize),
    /// Each is refused, and told back.
    Echo,
    /// Each is of Google's language, and the server of S3's.
    Google,
}

/// A proxy on a port of its own; lives as long as the tests do.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
}

/// What came.
#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    /// Who the last one said that it is from.
    authorization: Mutex<Option<String>>,
}

impl Proxy {
    pub(crate) fn start(server: SocketAddr, mood: Mood) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let counter = Arc::clone(&seen);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counter = Arc::clone(&counter);
                std::thread::spawn(move || serve(client, server, mood, &counter));
            }
        });
        Proxy { address, seen }
    }

    /// How many requests came.
    pub(crate) fn seen(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// The header of the last request that says who it is from.
    pub(crate) fn authorization(&self) -> Option<String> {
        self.seen.authorization.lock().unwrap().clone()
    }
}

/// A client's requests, one after the other; `None` ends the connection.
fn serve(client: TcpStream, server: SocketAddr, mood: Mood, seen: &Seen) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut client = client;
    loop {
        let request = read_request(&mut reader)?;
        let number = seen.requests.fetch_add(1, Ordering::SeqCst) + 1;
        *seen.authorization.lock().ok()? = authorization(&request);
        match mood {
            Mood::Slow(time) => std::thread::sleep(time),
            Mood::Dead(last) if number > last => loop {
                std::thread::park();
            },
            Mood::OneInTenFails if number % 30 == 10 => {
                let answer = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n";
                client.write_all(answer).ok()?;
                continue;
            }
            Mood::OneInTenFails if number % 30 == 20 => return None,
            _ => {}
        }
        let answer = match mood {
            Mood::Google => google::from_s3(&forward(server, &google::to_s3(&request))?),
            Mood::Echo => refusal(&request),
            _ => forward(server, &request)?,
        };
        if matches!(mood, Mood::OneInTenFails) && number.is_multiple_of(30) {
            return None;
        }
        client.write_all(&answer).ok()?;
        // The server ends its answer by closing.
        return None;
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let start = request.len();
        if reader.read_until(b'\n', &mut request).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&request[start..]).to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.starts_with("connection:") {
            request.truncate(start);
        }
        if line.trim().is_empty() {
            request.truncate(start);
            request.extend(b"Connection: close\r\n\r\n");
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.extend(body);
    Some(request)
}

fn refusal(request: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\n\r\n", request.len());
    [head.as_bytes(), request].concat()
}

fn authorization(request: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(request);
    let mut headers = text.lines().map_while(|line| (!line.is_empty()).then_some(line));
    let line = headers.find(|line| line.to_lowercase().starts_with("authorization:"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn forward(server: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(server).ok()?;
    server.write_all(request).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    Some(answer)
}
