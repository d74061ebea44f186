//! The output and state folder of a build, from options and settings.

use crate::base::diagnostic::Diagnostic;
use crate::base::files::Durability;
use crate::content::Drafts;
use crate::output::{Manifest, OutputError, OutputPlace, Target};
use crate::settings::Config;
use crate::state::StateFolder;

use super::{Adopt, BuildOptions, PREVIEW_ORIGIN, Purpose, Report, is_config_unknown, read_config};

/// The same path at [`PREVIEW_ORIGIN`].
pub(super) fn preview_address(base_url: url::Url) -> url::Url {
    url::Url::parse(PREVIEW_ORIGIN)
        .and_then(|origin| origin.join(base_url.path()))
        .unwrap_or(base_url)
}

/// The target of a build with these options, for commands that read its results; diagnostics if the
/// settings are broken.
pub fn find_target(options: &BuildOptions) -> Result<Result<Target, Vec<Diagnostic>>, OutputError> {
    Ok(find_site(options)?.map(|(_, target)| target))
}

/// The same, with the settings.
pub(crate) fn find_site(
    options: &BuildOptions,
) -> Result<Result<(Config, Target), Vec<Diagnostic>>, OutputError> {
    let mut report = Report::default();
    let config = read_config(options, &mut report);
    if is_config_unknown(&report) {
        return Ok(Err(report.diagnostics));
    }
    let target = target(options, &config)?;
    Ok(Ok((config, target)))
}

/// How the site in an output differs from the one that these options describe, in words.
pub(crate) fn built_otherwise(asked: &Target, options: &BuildOptions) -> Option<String> {
    let drafts = BuildOptions { drafts: Drafts::Publish, ..options.clone() };
    if let Ok(Ok(target)) = find_target(&drafts)
        && Manifest::published(&target).is_ok()
    {
        return Some("with drafts".to_owned());
    }
    let recorded = Manifest::recorded(asked.state.parent()?);
    let other = recorded.into_iter().find(|manifest| manifest.output == asked.name)?;
    Some(format!("for {}", other.base_url))
}

/// The target for these options and settings.
pub(super) fn target(options: &BuildOptions, config: &Config) -> Result<Target, OutputError> {
    let short = |key: String| format!("{:016x}", xxhash_rust::xxh3::xxh3_64(key.as_bytes()));
    if options.purpose == Purpose::Preview {
        let config_file = options.config.display();
        let key = short(format!("{config_file}\n{}\n{:?}", config.base_url, options.drafts));
        let place = OutputPlace::of_preview(&options.root, &key)?;
        return Ok(Target {
            output: place.output().to_owned(),
            name: place.name(),
            state: StateFolder::of(&options.root).preview(&key),
            adopt: false,
            durability: Durability::Passing,
        });
    }
    let output = options.output.as_ref().unwrap_or(&config.output_dir);
    let place = OutputPlace::find(&options.root, output)?;
    let key = short(format!("{}\n{}\n{:?}", place.name(), config.base_url, options.drafts));
    Ok(Target {
        output: place.output().to_owned(),
        name: place.name(),
        state: StateFolder::of(&options.root).output(&key),
        adopt: options.adopt == Adopt::Take,
        durability: Durability::Lasting,
    })
}
