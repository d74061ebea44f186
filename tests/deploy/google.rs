//! A server of Google's language. None can be had that speaks the one of files in XML, which our client
//! speaks; but that is S3's with other names of headers, and so moto answers behind a proxy that puts
//! the names right.

use std::net::SocketAddr;

use crate::archive::Archive;
use crate::little::little;
use crate::moto::{BUCKET, Moto};
use crate::proxy::{Mood, Proxy};
use crate::store::FOLDER;

/// The name of the header that tells which version of a file is meant, and of that which tells which
/// one is there.
const IF_VERSION: &str = "x-goog-if-generation-match";
const VERSION: &str = "x-goog-generation";

/// Whom moto lets write; it compares no signatures.
const ANYBODY: &str = "AWS4-HMAC-SHA256 Credential=AKIA/20170101/us-east-1/s3/aws4_request, \
                       SignedHeaders=host, Signature=0";

pub(crate) struct Google {
    pub(crate) moto: Moto,
    proxy: Proxy,
}

impl Google {
    /// Starts it, where moto is installed.
    pub(crate) fn start() -> Option<Google> {
        let moto = Moto::start()?;
        let proxy = Proxy::start(moto.address, Mood::Google);
        Some(Google { moto, proxy })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.proxy.address
    }

    /// An archive that is deployed to it.
    pub(crate) fn archive(&self, more: &str) -> Archive {
        Google::archive_through(self.address(), more)
    }

    /// The same, through this address.
    pub(crate) fn archive_through(address: SocketAddr, more: &str) -> Archive {
        let target =
            format!("bucket = \"gs://{BUCKET}/{FOLDER}\"\nendpoint = \"http://{address}\"\n{more}");
        little(&target).environment("GOOGLE_BEARER_TOKEN", "token-of-the-tests")
    }

    /// Who asked last.
    pub(crate) fn authorization(&self) -> Option<String> {
        self.proxy.authorization()
    }
}

/// A request as S3 takes it. Its versions are hashes of the bytes.
pub(crate) fn to_s3(request: &[u8]) -> Vec<u8> {
    renamed(request, |name, value| match name {
        "authorization" => format!("Authorization: {ANYBODY}"),
        IF_VERSION if value == "0" => "If-None-Match: *".to_owned(),
        IF_VERSION => format!("If-Match: \"{value}\""),
        _ => format!("{name}: {value}"),
    })
}

/// An answer as Google gives it.
pub(crate) fn from_s3(answer: &[u8]) -> Vec<u8> {
    renamed(answer, |name, value| match name {
        "etag" => format!("etag: {value}\r\n{VERSION}: {}", value.trim_matches('"')),
        _ => format!("{name}: {value}"),
    })
}

/// A message with other headers; each is given with its name in small letters.
fn renamed(message: &[u8], rename: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&message[..end]);
    let (first, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let headers = headers.split("\r\n").filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| rename(&name.to_lowercase(), value.trim()));
    let head: Vec<String> = [first.to_owned()].into_iter().chain(headers).collect();
    [head.join("\r\n").as_bytes(), &message[end..]].concat()
}
