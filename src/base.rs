//! What every other room may use: dates, diagnostics, permalinks, licences, media types and files of
//! state. It knows no other room.

pub mod choices;
pub mod date;
pub mod diagnostic;
pub mod file_kind;
pub mod front_matter_keys;
pub mod licence;
pub mod lint;
pub mod media_type;
pub mod permalink;
pub mod severity;
pub mod state_file;
