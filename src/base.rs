//! What every other room may use: dates, diagnostics, files, permalinks, licences, media types,
//! state files. It uses no other room.

pub mod built_in;
pub mod choices;
pub mod colour;
pub(crate) mod date;
pub(crate) mod detected_language;
pub mod diagnostic;
pub(crate) mod file_kind;
pub(crate) mod files;
pub mod front_matter_keys;
pub(crate) mod language_tag;
pub(crate) mod leftovers;
pub(crate) mod licence;
pub(crate) mod lint;
pub(crate) mod media_type;
pub(crate) mod medium;
pub(crate) mod name_key;
pub(crate) mod near_names;
pub mod old_permalink;
pub mod original;
pub mod permalink;
pub(crate) mod served;
pub(crate) mod severity;
pub(crate) mod state_file;
