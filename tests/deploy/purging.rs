//! Caches that are told what changed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::little::{add, little, publish};
use crate::skip;

/// A request's head and its body.
type Request = (String, String);

/// A cache that answers with these statuses in turn, then with 200; what it was told.
fn cache(statuses: &'static [u16]) -> (String, Arc<Mutex<Vec<Request>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/zones/1/purge_cache", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    std::thread::spawn(move || {
        let mut statuses = statuses.iter();
        for mut client in listener.incoming().flatten() {
            let mut reader = BufReader::new(client.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {
                let last = head.trim_end().lines().last().unwrap_or_default().to_lowercase();
                if let Some(value) = last.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let status = statuses.next().copied().unwrap_or(200);
            notes.lock().unwrap().push((head, String::from_utf8(body).unwrap()));
            let answer = format!(
                "HTTP/1.1 {status} X\r\nLocation: /login\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            client.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, told)
}

fn addresses(told: &Mutex<Vec<Request>>) -> Vec<String> {
    let told = told.lock().unwrap();
    let files = told.iter().flat_map(|(_, body)| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let files = body["files"].as_array().unwrap();
        assert!(files.len() <= 30, "{}", files.len());
        files.iter().map(|file| file.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    });
    files.collect()
}

#[test]
fn a_cache_is_told_of_what_changed_and_of_no_more() {
    let (url, told) = cache(&[503, 429]);
    let archive = little(&format!("folder = \"www\"\npurge = \"{url}\""))
        .environment("DATELINE_PURGE_TOKEN", "token-of-the-tests");
    let first = publish(&archive).json();
    let changed: Vec<String> = serde_json::from_value(first["changed_urls"].clone()).unwrap();
    assert!(changed.len() > 30);
    let heads: String = told.lock().unwrap().iter().map(|(head, _)| head.clone()).collect();
    assert!(heads.starts_with("POST /zones/1/purge_cache HTTP/1.1\r\n"), "{heads}");
    assert!(heads.contains("Bearer token-of-the-tests"), "{heads}");
    told.lock().unwrap().drain(..2);
    assert_eq!(addresses(&told), changed);

    told.lock().unwrap().clear();
    publish(&archive);
    assert_eq!(addresses(&told), Vec::<String>::new());
    add(&archive, "2017-01-04-delta", "Delta");
    publish(&archive);
    assert!(addresses(&told).contains(&"https://archive.example/2017/01/04/delta/".to_owned()));
    assert!(
        !addresses(&told)
            .contains(&"https://archive.example/2017/01/01/alpha/picture.png".to_owned())
    );
}

/// It may be a page to sign in at, or somebody else.
#[test]
fn a_cache_that_leads_on_was_not_told() {
    let (url, told) = cache(&[302]);
    let archive = little(&format!("folder = \"www\"\npurge = \"{url}\""))
        .environment("DATELINE_PURGE_TOKEN", "token-of-the-tests");
    archive.build().succeeds();
    let untold = archive.run(&["deploy"]);
    assert_eq!(untold.code(), 2);
    assert!(untold.stderr().contains("302"), "{}", untold.stderr());
    assert_eq!(told.lock().unwrap().len(), 1);
}

/// Also for a branch, which can't keep the list itself.
#[test]
fn a_cache_that_could_not_be_told_is_told_by_the_next_deploy() {
    for place in ["folder = \"www\"", "rsync = \"www\"", "git = \"./there.git\""] {
        let (url, told) = cache(&[403]);
        let archive = little(&format!("{place}\npurge = \"{url}\""))
            .environment("DATELINE_PURGE_TOKEN", "token-of-the-tests");
        let program = place.split(' ').next().unwrap_or_default();
        if program != "folder" && !skip::needs(program) {
            continue;
        }
        let made = skip::basic("git")
            .args(["init", "--quiet", "--bare"])
            .arg(archive.path("there.git"))
            .status();
        assert!(made.unwrap().success());
        archive.build().succeeds();
        let untold = archive.run(&["deploy"]);
        assert_eq!(untold.code(), 2);
        let said = untold.stderr();
        assert!(
            said.contains("the site is deployed, but") && said.contains("403"),
            "{place}: {said}"
        );
        assert!(!said.contains("token-of-the-tests"), "{said}");
        told.lock().unwrap().clear();
        let again = publish(&archive).json();
        let changed: Vec<String> = serde_json::from_value(again["changed_urls"].clone()).unwrap();
        assert_eq!((again["put"].as_u64(), addresses(&told)), (Some(0), changed), "{place}");
        told.lock().unwrap().clear();
        publish(&archive);
        assert_eq!(addresses(&told), Vec::<String>::new(), "{place}");
    }
}
