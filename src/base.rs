//! What every other room may use: dates, diagnostics, permalinks, licences, media types and files of
//! state. It knows no other room.

pub mod date;
pub mod diagnostic;
pub mod licence;
pub mod media_type;
pub mod permalink;
pub mod state_file;
