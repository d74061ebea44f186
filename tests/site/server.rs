//! A host of this machine that behaves as badly as a test asks it to.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a path answers.
type Answer = Box<dyn Fn(&Request, &mut TcpStream) + Send + Sync>;

/// One request, as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in small letters.
    pub(crate) headers: HashMap<String, String>,
    /// How many requests for this path came before, by whatever method.
    pub(crate) before: usize,
}

/// A server with a port of its own, until the test ends.
pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    answers: Arc<Mutex<HashMap<String, Arc<Answer>>>>,
}

impl Server {
    /// Answers 404 everywhere.
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server { port, requests: Arc::default(), answers: Arc::default() };
        let (requests, answers) = (Arc::clone(&server.requests), Arc::clone(&server.answers));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (requests, answers) = (Arc::clone(&requests), Arc::clone(&answers));
                thread::spawn(move || serve(stream.unwrap(), &requests, &answers));
            }
        });
        server
    }

    /// What a path answers from now on.
    pub(crate) fn on(
        &self,
        path: &str,
        answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static,
    ) -> &Server {
        self.answers.lock().unwrap().insert(path.to_owned(), Arc::new(Box::new(answer)));
        self
    }

    /// A path that answers with a status and headers, each `Name: value`.
    pub(crate) fn says(&self, path: &str, status: &'static str, headers: &[&str]) -> &Server {
        let headers = headers.join("\r\n");
        self.on(path, move |_, stream| head(stream, status, &headers))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The methods and paths that were asked, in order, and forgets them.
    pub(crate) fn asked(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *self.requests.lock().unwrap());
        requests.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

/// Writes the head of an answer, and that nothing follows it.
pub(crate) fn head(stream: &mut TcpStream, status: &str, headers: &str) {
    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
    send(
        stream,
        &format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"),
    );
}

/// Writes bytes; whether anybody still reads.
pub(crate) fn send(stream: &mut TcpStream, text: &str) -> bool {
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).is_ok()
}

/// Longer than any program under test is patient.
pub(crate) fn hang() {
    thread::sleep(Duration::from_secs(30));
}

fn serve(
    mut stream: TcpStream,
    requests: &Mutex<Vec<Request>>,
    answers: &Mutex<HashMap<String, Arc<Answer>>>,
) {
    let Some(mut request) = read(&stream) else { return };
    let answer = {
        let mut requests = requests.lock().unwrap();
        request.before = requests.iter().filter(|other| other.path == request.path).count();
        requests.push(request.clone());
        let path = request.path.split('?').next().unwrap();
        answers.lock().unwrap().get(path).cloned()
    };
    match answer {
        Some(answer) => answer(&request, &mut stream),
        None => head(&mut stream, "404 Not Found", ""),
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let headers = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_lowercase(), value.to_owned()))
        })
        .collect();
    Some(Request { method, path, headers, before: 0 })
}
