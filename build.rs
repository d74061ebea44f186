//! Gives the program an identity that changes with its source, its theme and its dependencies: what
//! one program remembers of a build, another must not trust.

use std::path::Path;

use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3Default;

/// All that the program's answers depend on.
const INGREDIENTS: &[&str] = &["src", "themes", "Cargo.lock", "Cargo.toml"];

fn main() {
    let mut hasher = Xxh3Default::new();
    for ingredient in INGREDIENTS {
        println!("cargo::rerun-if-changed={ingredient}");
        for file in files(Path::new(ingredient)) {
            hasher.update(file.to_string_lossy().as_bytes());
            hasher.update(&std::fs::read(&file).unwrap_or_default());
        }
    }
    println!("cargo::rustc-env=DATELINE_BUILD={:016x}", hasher.digest());
}

fn files(root: &Path) -> Vec<std::path::PathBuf> {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
