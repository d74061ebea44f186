//! The configuration of one site for every host.

use clap::ValueEnum as _;

use super::*;

#[test]
fn a_host_has_one_name_in_settings_on_the_command_line_and_in_records() {
    for host in Host::value_variants() {
        let typed = host.to_possible_value().map(|value| value.get_name().to_owned());
        assert_eq!(typed.as_deref(), Some(host.name()));
        assert_eq!(serde_json::to_value(host).ok(), Some(host.name().into()));
    }
}
