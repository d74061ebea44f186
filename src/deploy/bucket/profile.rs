//! The keys that Amazon's own tools leave in a user's files, where the environment holds none: those
//! of the profile that `AWS_PROFILE` names, and its region.
//!
//! Profiles that have no keys of their own, but a role to take or a place to sign in at, are for
//! Amazon's tools, which can be asked for keys.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use configparser::ini::Ini;

/// The profile where none is named.
const DEFAULT: &str = "default";

/// What a profile says; nothing of it is ever shown, and so it has no `Debug`.
#[derive(Default)]
pub(super) struct Profile {
    /// Its name, where the user named it.
    named: Option<String>,
    keys: Option<Keys>,
    pub(super) region: Option<String>,
}

/// Keys that requests are signed with.
pub(super) struct Keys {
    pub(super) id: String,
    pub(super) secret: String,
    /// Goes with keys that last for some hours.
    pub(super) token: Option<String>,
}

/// Why a profile is no help.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProfileError {
    #[error("can't read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    /// The message of whoever reads it might hold a line of it.
    #[error("{} is not written as Amazon's tools do", path.display())]
    Damaged { path: PathBuf },
    #[error("AWS_PROFILE names “{name}”, and no file has such a profile")]
    Unknown { name: String },
    #[error(
        "the profile “{name}” has no keys of its own; with Amazon's program, \
         `eval \"$(aws configure export-credentials --format env)\"` gets some"
    )]
    NoKeys { name: String },
}

/// What one profile says in a file.
type Section = HashMap<String, Option<String>>;

/// A file's profiles by their names.
type Sections = HashMap<String, Section>;

impl Profile {
    /// The profile that is meant; an empty one where no file has any.
    pub(super) fn read() -> Result<Profile, ProfileError> {
        let named = env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
        let name = named.clone().unwrap_or_else(|| DEFAULT.to_owned());
        let credentials = sections("AWS_SHARED_CREDENTIALS_FILE", "credentials")?;
        let config = sections("AWS_CONFIG_FILE", "config")?;
        let found = [
            credentials.get(&name),
            config.get(&format!("profile {name}")),
            config.get(&name).filter(|_| name == DEFAULT),
        ];
        if found.iter().all(Option::is_none) {
            return match named {
                Some(name) => Err(ProfileError::Unknown { name }),
                None => Ok(Profile::default()),
            };
        }
        let found = || found.iter().flatten();
        let keys = found().find_map(|section| Keys::of(section));
        let region = found().find_map(|section| word(section, "region"));
        Ok(Profile { named, keys, region })
    }

    /// Its keys; a profile that was named is meant to have some, and without them it would not be
    /// the one that signs.
    pub(super) fn keys(self) -> Result<Option<Keys>, ProfileError> {
        match (self.keys, self.named) {
            (None, Some(name)) => Err(ProfileError::NoKeys { name }),
            (keys, _) => Ok(keys),
        }
    }
}

impl Keys {
    /// All of them from one file: a token belongs to its keys.
    fn of(section: &Section) -> Option<Keys> {
        let id = word(section, "aws_access_key_id")?;
        let secret = word(section, "aws_secret_access_key")?;
        Some(Keys { id, secret, token: word(section, "aws_session_token") })
    }
}

/// A value's first word: no key and no region has a space in it, and what follows one is a remark.
fn word(section: &Section, key: &str) -> Option<String> {
    section.get(key)?.as_deref()?.split_whitespace().next().map(str::to_owned)
}

/// The profiles of a file: the one that the variable names, or that of this name in `~/.aws`.
fn sections(variable: &str, name: &str) -> Result<Sections, ProfileError> {
    let usual = || env::home_dir().map(|home| home.join(".aws").join(name));
    let named = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let Some(path) = named.or_else(usual) else { return Ok(Sections::new()) };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Sections::new()),
        Err(error) => return Err(ProfileError::Unreadable { path, error }),
    };
    read(&text).ok_or(ProfileError::Damaged { path })
}

/// Indented lines belong to settings of one service.
fn read(text: &str) -> Option<Sections> {
    let own = text.lines().filter(|line| !line.starts_with([' ', '\t']));
    let own: String = own.flat_map(|line| [line, "\n"]).collect();
    let mut ini = Ini::new_cs();
    // A secret may hold either sign.
    ini.set_inline_comment_symbols(Some(&[]));
    let sections = ini.read(own).ok()?;
    Some(sections.into_iter().map(|(name, values)| (spaced_once(&name), lower(values))).collect())
}

fn spaced_once(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lower(values: Section) -> Section {
    values.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn profiles_are_read_as_amazon_s_tools_write_them() {
        let text = "# mine\n[default]\naws_access_key_id=A\nAWS_SECRET_ACCESS_KEY = s#;cr=t/+:\n\
                    s3 =\n  region = of-another\nregion = eu-west-3 # Paris\n\n[profile  two]\nregion=x\n";
        let sections = read(text).unwrap();
        let value = |name: &str, key: &str| sections[name][key].clone().unwrap();
        assert_eq!(value("default", "aws_access_key_id"), "A");
        assert_eq!(value("default", "aws_secret_access_key"), "s#;cr=t/+:");
        assert_eq!(value("default", "region"), "eu-west-3 # Paris");
        assert_eq!(value("profile two", "region"), "x");
        assert!(read("[open\nsecret = a").is_none());
    }
}
