//! Downloads a page's pictures beside its report, if the curator asks for it.

use std::path::{Path, PathBuf};

use imagesize::ImageType;
use rustc_hash::FxHashMap;
use url::Url;

use crate::authoring::entry::slug_for;
use crate::base::files;

use super::net::Net;
use super::source::Page;

/// The maximum number of pictures of a page.
pub(in crate::import) const MOST: usize = 60;

/// The maximum size of all pictures in bytes.
pub(in crate::import) const MOST_BYTES: usize = 100 * 1024 * 1024;

/// A picture to write beside the report.
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The result of collecting pictures.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) pictures: Vec<Picture>,
    /// File names by address.
    pub(super) names: FxHashMap<String, String>,
    /// Failures: an address and the reason.
    pub(super) left: Vec<String>,
}

/// Collects pictures by address; reads those of a saved page from files beside it.
pub(super) fn take(net: Option<&Net<'_>>, page: &Page, addresses: &[String]) -> Taken {
    let mut taken = Taken::default();
    let mut size = 0;
    for address in addresses {
        if taken.names.contains_key(address) {
            continue;
        }
        if taken.pictures.len() == MOST || size > MOST_BYTES {
            taken.left.push(format!("{address}: there are too many"));
            continue;
        }
        match read(net, page, address) {
            Ok(bytes) => match ending(&bytes) {
                Some(ending) => {
                    let is_free =
                        |name: &str| !taken.pictures.iter().any(|other| other.name == name);
                    let name = name(address, ending, &is_free);
                    size += bytes.len();
                    taken.names.insert(address.clone(), name.clone());
                    taken.pictures.push(Picture { name, bytes });
                }
                None => taken.left.push(format!("{address}: it is no picture that sites show")),
            },
            Err(why) => taken.left.push(format!("{address}: {why}")),
        }
    }
    taken
}

fn read(net: Option<&Net<'_>>, page: &Page, address: &str) -> Result<Vec<u8>, String> {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => match net {
            Some(net) => net.picture(&url).map_err(|error| error.to_string()),
            None => Err("this program has no way to the network".to_owned()),
        },
        Ok(_) => Err("it is no address of the Web".to_owned()),
        Err(_) => {
            let path = beside(page, address).ok_or("there is no such file beside the page")?;
            files::read(&path).map_err(|error| error.to_string())
        }
    }
}

/// A file named by a saved page, if it is inside the page's folder.
fn beside(page: &Page, address: &str) -> Option<PathBuf> {
    let folder = page.folder.as_deref()?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().ok()?;
    let path = address.split(['?', '#']).next()?;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let file = folder.join(path.trim_start_matches("./")).canonicalize().ok()?;
    (file.starts_with(&folder) && file.is_file()).then_some(file)
}

/// The extension for a picture's format, detected from its bytes; the declared type may be wrong.
pub(in crate::import) fn ending(bytes: &[u8]) -> Option<&'static str> {
    match imagesize::image_type(bytes).ok()? {
        ImageType::Jpeg => Some("jpg"),
        ImageType::Png => Some("png"),
        ImageType::Gif => Some("gif"),
        ImageType::Webp => Some("webp"),
        ImageType::Heif(imagesize::Compression::Av1) => Some("avif"),
        _ => None,
    }
}

/// A unique ASCII file name.
pub(in crate::import) fn name(
    address: &str,
    ending: &str,
    is_free: &dyn Fn(&str) -> bool,
) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let decoded = percent_encoding::percent_decode_str(stem).decode_utf8_lossy().into_owned();
    let slug = slug_for(&decoded).map(|slug| slug.as_str().to_owned());
    let stem = slug.unwrap_or_else(|_| "picture".to_owned());
    let names = (1..).map(|number| match number {
        1 => format!("{stem}.{ending}"),
        number => format!("{stem}-{number}.{ending}"),
    });
    names.into_iter().find(|name| is_free(name)).unwrap_or_default()
}
