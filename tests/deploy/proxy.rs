//! A network that misbehaves: hands requests on to a server, and fails some of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What becomes of the n-th request, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// Every tenth fails: in turn refused by the server, cut before it, and cut after it was done.
    OneInTenFails,
    /// Each takes so long.
    Slow(Duration),
    /// After so many nobody answers any more.
    Dead(usize),
}

/// A proxy on a port of its own; lives as long as the tests do.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    seen: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn start(server: SocketAddr, mood: Mood) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(AtomicUsize::new(0));
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
        self.seen.load(Ordering::SeqCst)
    }
}

/// A client's requests, one after the other; `None` ends the connection.
fn serve(client: TcpStream, server: SocketAddr, mood: Mood, counter: &AtomicUsize) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut client = client;
    loop {
        let request = read_request(&mut reader)?;
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
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
        let answer = forward(server, &request)?;
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

fn forward(server: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(server).ok()?;
    server.write_all(request).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    Some(answer)
}
