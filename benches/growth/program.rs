//! Runs the program over a made-up archive, and measures what it costs: the processor's time and what it wrote.

use std::path::Path;
use std::process::Command;

use super::archives::{File, Shape};

/// What a run cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Seconds of the processor, the system's work for the program among them.
    pub(crate) seconds: f64,
    /// Thousands of bytes of the site.
    pub(crate) kilobytes: f64,
}

/// What a shape of so many pieces costs.
pub(crate) fn cost(shape: &Shape, pieces: usize) -> Cost {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, &shape.files.files(pieces));
    for command in shape.before {
        run(root, command);
    }
    write(root, &(shape.changes)(pieces));
    for command in shape.after {
        run(root, command);
    }
    let seconds = run(root, shape.command);
    Cost { seconds, kilobytes: size(&root.join("public")) }
}

fn write(root: &Path, files: &[File]) {
    for (path, text) in files {
        let path = root.join(path);
        if text.is_empty() {
            std::fs::remove_file(path).unwrap();
            continue;
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Runs the program, and gives the seconds of the processor that it took. Whether it was content does not
/// matter: a refusal is an answer, too.
fn run(root: &Path, arguments: &[&str]) -> f64 {
    const TIMED: &str = "TIMEFORMAT='%U %S'; { time \"$@\" >/dev/null 2>/dev/null; } 2>&1";
    let mut command = Command::new("bash");
    command.args(["-c", TIMED, "growth", env!("CARGO_BIN_EXE_dateline")]).args(arguments);
    let output = command.current_dir(root).output().unwrap();
    let times = String::from_utf8(output.stdout).unwrap();
    let times = times.split_whitespace().map(|time| time.parse::<f64>().unwrap());
    times.sum()
}

fn size(folder: &Path) -> f64 {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = files.filter(|file| file.file_type().is_file());
    let bytes: u64 = files.map(|file| file.metadata().unwrap().len()).sum();
    f64::from(u32::try_from(bytes / 1000).unwrap())
}
