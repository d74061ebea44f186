//! Writes the corpus that `benches/compare.sh` and `benches/edits.py` measure with: the same reports
//! for Dateline and for Hugo, always the same bytes.
//!
//! ```sh
//! cargo run --release --example corpus -- 10000 /dev/shm/corpus
//! ```
//!
//! makes `/dev/shm/corpus/dateline/` and `/dev/shm/corpus/hugo/`, each the inside of a content folder.

mod reports;

use std::path::PathBuf;
use std::process::ExitCode;

use reports::{Dialect, write};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let reports = arguments.next().and_then(|count| count.parse().ok());
    let (Some(reports), Some(folder)) = (reports, arguments.next().map(PathBuf::from)) else {
        eprintln!("usage: corpus REPORTS FOLDER");
        return ExitCode::from(2);
    };
    for name in ["dateline", "hugo"] {
        let Some(dialect) = Dialect::named(name) else { continue };
        if let Err(error) = write(&folder.join(name), reports, dialect) {
            eprintln!("{}: {error}", folder.join(name).display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
