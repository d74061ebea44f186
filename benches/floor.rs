//! The least that a generator of this site could do: read the sources, parse their Markdown, write
//! as many files of the same sizes. `compare.sh` measures it beside the others.
//!
//!     floor CONTENT FILES OUTPUT
//!
//! CONTENT is the folder of the sources; FILES a list of the files to write, a line each: the size
//! in bytes, a space, the path; OUTPUT the folder to write them to. Works on all cores, with the
//! allocator that Dateline has.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use walkdir::WalkDir;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A file to be written.
struct Wanted {
    path: PathBuf,
    size: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [content, list, output] = arguments.as_slice() else {
        return Err("usage: floor CONTENT FILES OUTPUT".into());
    };
    sources(content)?.par_iter().try_for_each(|source| parse(source))?;
    let wanted = wanted(&fs::read_to_string(list)?, output)?;
    make_folders(&wanted)?;
    let page = vec![b'x'; wanted.iter().map(|file| file.size).max().unwrap_or(0)];
    wanted.par_iter().try_for_each(|file| fs::write(&file.path, &page[..file.size]))?;
    Ok(())
}

fn sources(content: &Path) -> Result<Vec<PathBuf>, walkdir::Error> {
    let mut sources = Vec::new();
    for entry in WalkDir::new(content) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "md") {
            sources.push(entry.into_path());
        }
    }
    Ok(sources)
}

fn parse(source: &Path) -> io::Result<()> {
    let text = fs::read_to_string(source)?;
    let mut page = String::with_capacity(text.len() * 5 / 4);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_SMART_PUNCTUATION;
    html::push_html(&mut page, Parser::new_ext(body(&text), options));
    black_box(page);
    Ok(())
}

/// What stands below the front matter.
fn body(text: &str) -> &str {
    let below = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    below.map_or(text, |(_, body)| body)
}

fn wanted(list: &str, output: &Path) -> Result<Vec<Wanted>, Box<dyn Error>> {
    let mut files = Vec::new();
    for line in list.lines() {
        let (size, path) = line.split_once(' ').ok_or("a line of FILES is SIZE PATH")?;
        files.push(Wanted { path: output.join(path), size: size.parse()? });
    }
    Ok(files)
}

fn make_folders(wanted: &[Wanted]) -> io::Result<()> {
    let folders: BTreeSet<&Path> = wanted.iter().filter_map(|file| file.path.parent()).collect();
    folders.into_iter().try_for_each(fs::create_dir_all)
}
