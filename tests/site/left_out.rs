//! A program that was built without a feature says which one brings a command.

use crate::archive::Archive;

/// Commands, and the feature without which each is left out.
const COMMANDS: [(&[&str], &str, bool); 5] = [
    (&["deploy"], "deploy", cfg!(feature = "deploy")),
    (&["deploy", "production", "--dry-run"], "deploy", cfg!(feature = "deploy")),
    (&["serve"], "serve", cfg!(feature = "serve")),
    (&["serve", "--help"], "serve", cfg!(feature = "serve")),
    (&["check", "--external"], "network", cfg!(feature = "network")),
];

#[test]
fn a_command_that_is_left_out_names_the_feature_that_brings_it() {
    let archive = Archive::new();
    for (words, feature, _) in COMMANDS.iter().filter(|(.., is_there)| !is_there) {
        let refused = archive.run(words);
        assert_eq!(refused.code(), 2, "{words:?}");
        assert!(refused.stderr().contains("built without"), "{}", refused.stderr());
        assert!(
            refused.stderr().contains(&format!("--features {feature}")),
            "{}",
            refused.stderr()
        );
    }
}

#[test]
fn help_names_the_commands_that_the_program_has_and_no_other() {
    let help = Archive::new().run(&["help"]).clean();
    let names: Vec<&str> = help
        .stdout()
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .collect();
    assert!(names.contains(&"build") && names.contains(&"check"), "{names:?}");
    assert_eq!(names.contains(&"deploy"), cfg!(feature = "deploy"), "{names:?}");
    assert_eq!(names.contains(&"serve"), cfg!(feature = "serve"), "{names:?}");
}
