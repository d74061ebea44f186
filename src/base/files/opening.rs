//! Opens regular files only: a pipe must not block the program, and a device must not feed it
//! without end.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a regular file, or the target of a symbolic link to one, for reading.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let file = open_any(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    Err(if kind.is_dir() {
        io::ErrorKind::IsADirectory.into()
    } else {
        io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
    })
}

/// Reads a regular file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens without blocking on a pipe.
#[cfg(unix)]
fn open_any(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_any(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_read() {
        let kind = read(&std::env::temp_dir()).map_err(|error| error.kind());
        #[cfg(unix)]
        assert_eq!(kind, Err(io::ErrorKind::IsADirectory));
        #[cfg(not(unix))]
        assert!(kind.is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read() {
        let kind = read(Path::new("/dev/zero")).map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::InvalidInput));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_is_not_waited_for() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0)?;
        std::os::unix::fs::symlink(&pipe, &link)?;
        for path in [pipe, link] {
            let kind = read(&path).map_err(|error| error.kind());
            assert_eq!(kind, Err(io::ErrorKind::InvalidInput));
        }
        Ok(())
    }
}
