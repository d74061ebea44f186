//! The program as it speaks to a person: run on a terminal of its own.

use std::process::Command;

use rexpect::reader::Options;
use rexpect::session::{PtySession, spawn_with_options};

use crate::archive::Archive;

/// Runs a command on a terminal.
pub(crate) fn terminal(archive: &Archive, arguments: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("--root").arg(archive.path("")).args(arguments).env("TERM", "xterm");
    command.env("NO_COLOR", "1").env_remove("VISUAL").env_remove("EDITOR");
    let options = Options::new().timeout_ms(Some(20_000)).strip_ansi_escape_codes(true);
    spawn_with_options(command, options).unwrap()
}

/// All that a command says until it ends, line by line. The session takes each byte for a character.
pub(crate) fn lines(session: &mut PtySession) -> Vec<String> {
    let said = session.exp_eof().unwrap();
    let bytes = said.chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()).collect();
    let said = String::from_utf8(bytes).unwrap();
    said.lines().map(|line| line.trim_end().to_owned()).collect()
}
