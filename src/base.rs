//! What every other room may use: dates, diagnostics, files, permalinks, licences, media types and files
//! of state. It knows no other room.

pub mod choices;
pub mod date;
pub mod diagnostic;
pub mod file_kind;
pub mod files;
pub mod front_matter_keys;
pub mod language_tag;
pub mod leftovers;
pub mod licence;
pub mod lint;
pub mod media_type;
pub mod name_key;
pub(crate) mod near_names;
pub mod old_permalink;
pub mod permalink;
pub mod served;
pub mod severity;
pub mod state_file;
