//! Opens the editor that the environment names.

use std::path::Path;
use std::process::{Command, ExitCode};

pub(super) fn open_editor(path: &Path) -> ExitCode {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(std::env::var_os);
    let Some(editor) = named.into_iter().find(|editor| !editor.is_empty()) else {
        let help = "set EDITOR to your editor's command";
        return super::environment_error(&"neither VISUAL nor EDITOR is set", Some(help));
    };
    // Editors are often given with arguments, as in "code --wait".
    let editor = editor.to_string_lossy().into_owned();
    let mut words = editor.split_whitespace();
    let status = Command::new(words.next().unwrap_or_default()).args(words).arg(path).status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => super::environment_error(&format!("{editor} ended with {status}"), None),
        Err(error) => super::environment_error(&format!("{editor}: {error}"), None),
    }
}
