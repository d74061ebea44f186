//! The chapter about commands: all `--help` texts.

use clap::{Arg, Command};

use super::table::{code, codes, table};

const INTRODUCTION: &str = "# Commands\n\n\
    Every command takes the arguments of the first table; `dateline help COMMAND` prints the same. \
    Exit codes: 0 good, 1 problems in the content, 2 the command was wrong or the machine refused.\n";

pub(super) fn chapter(program: &Command) -> String {
    let mut program = program.clone();
    program.build();
    let everywhere: Vec<&Arg> = program.get_arguments().filter(|arg| arg.is_global_set()).collect();
    let commands = program.get_subcommands().filter(|command| is_listed(command));
    let sections: Vec<String> = commands.map(section).collect();
    format!("{INTRODUCTION}\n{}{}", arguments(&everywhere), sections.concat())
}

fn section(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let own: Vec<&Arg> = command.get_arguments().filter(|arg| is_own(arg)).collect();
    let arguments = if own.is_empty() { String::new() } else { format!("\n{}", arguments(&own)) };
    let inner = subcommands(command, &own);
    format!("\n## {}\n\n{about}.\n{arguments}{inner}", command.get_name())
}

fn is_listed(command: &Command) -> bool {
    !command.is_hide_set() && command.get_name() != "help"
}

/// The subcommands with the arguments that their command does not have.
fn subcommands(command: &Command, known: &[&Arg]) -> String {
    let mut rows = command.get_subcommands().filter(|inner| is_listed(inner)).peekable();
    if rows.peek().is_none() {
        return String::new();
    }
    let rows = rows.map(|inner| {
        let is_new =
            |arg: &&Arg| is_own(arg) && known.iter().all(|known| known.get_id() != arg.get_id());
        let own = inner.get_arguments().filter(is_new).map(|arg| {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            format!(" {}: {help}.", code(&arg.to_string()))
        });
        let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
        [code(inner.get_name()), format!("{about}.{}", own.collect::<String>())]
    });
    format!("\n{}", table(["subcommand", "what it does"], rows))
}

fn is_own(argument: &Arg) -> bool {
    let name = argument.get_id().as_str();
    !argument.is_global_set() && !argument.is_hide_set() && name != "help" && name != "version"
}

fn arguments(arguments: &[&Arg]) -> String {
    table(["argument", "what it does"], arguments.iter().map(|argument| row(argument)))
}

fn row(argument: &Arg) -> [String; 2] {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| takes_value && !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    let values = match values.len() {
        0 => String::new(),
        _ => format!(" One of {}.", codes(values.iter().map(String::as_str))),
    };
    let defaults = argument.get_default_values().iter().filter(|_| takes_value);
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    let defaults = match defaults.len() {
        0 => String::new(),
        _ => format!(" Default: {}.", codes(defaults.iter().map(AsRef::as_ref))),
    };
    let short = argument.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    [code(&format!("{short}{argument}")), format!("{help}.{values}{defaults}")]
}
