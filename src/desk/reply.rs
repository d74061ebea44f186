//! Answers to calls, in JSON; an error says why in plain words.

use std::io;

use serde_json::{Value as Json, json};

use crate::settings::loading::SettingsError;

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) json: Json,
}

impl Reply {
    pub(super) fn of(json: Json) -> Reply {
        Reply { status: 200, json }
    }

    pub(super) fn error(status: u16, words: &str) -> Reply {
        Reply { status, json: json!({ "error": words }) }
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<Json>) -> Reply {
        self.json[key] = value.into();
        self
    }
}

impl From<SettingsError> for Reply {
    fn from(error: SettingsError) -> Reply {
        Reply::error(422, &format!("The settings: {error}."))
    }
}

/// The system refused.
pub(super) fn failed(error: &io::Error) -> Reply {
    Reply::error(500, &format!("The system refused: {error}"))
}
