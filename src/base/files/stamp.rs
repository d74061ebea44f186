//! File metadata by which an unchanged file is recognised without reading it.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// File metadata. Equal stamps mean equal contents, unless the file was written at the moment it
/// was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When its bytes last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When its bytes, name or permissions last changed, if the system records it.
    pub changed: i64,
    /// The inode number, if the system has one.
    pub inode: u64,
}

impl Stamp {
    /// Of a file's metadata.
    #[cfg(unix)]
    pub fn of(data: &std::fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt as _;
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Stamp {
            size: data.len(),
            modified: nanoseconds(data.mtime(), data.mtime_nsec()),
            changed: nanoseconds(data.ctime(), data.ctime_nsec()),
            inode: data.ino(),
        }
    }

    /// Of a file's metadata.
    #[cfg(not(unix))]
    pub fn of(data: &std::fs::Metadata) -> Stamp {
        Stamp {
            size: data.len(),
            modified: data.modified().map_or(0, nanoseconds),
            ..Stamp::default()
        }
    }
}

impl Stamp {
    /// Whether the file was written so long before a moment (nanoseconds since 1970) that a later
    /// write would change the stamp: clocks of file systems tick in steps of up to two seconds.
    pub fn is_older_than(self, moment: i64) -> bool {
        self.modified.max(self.changed) < moment.saturating_sub(2_000_000_000)
    }
}

pub(crate) fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0))
}
