//! Runs the user's own programs.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use super::DeployError;

/// Runs a program with this input; returns its output, whatever its exit code.
pub(super) fn run(command: &mut Command, input: &[u8]) -> Result<Output, DeployError> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |error| DeployError::refused(format!("run {name}"), error);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let mut stdin = child.stdin.take();
    std::thread::scope(|scope| {
        // A program that stops reading reports the reason itself.
        scope.spawn(move || stdin.as_mut().map(|stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
    .map_err(failed)
}

/// The same for a program that must succeed.
pub(super) fn succeed(
    command: &mut Command,
    input: &[u8],
    doing: &str,
) -> Result<Vec<u8>, DeployError> {
    let output = run(command, input)?;
    if output.status.success() { Ok(output.stdout) } else { Err(refusal(&output, doing)) }
}

/// The error message of a program.
pub(super) fn refusal(output: &Output, doing: &str) -> DeployError {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    let message = if said.is_empty() { output.status.to_string() } else { said.to_owned() };
    DeployError::refused(doing, message)
}
