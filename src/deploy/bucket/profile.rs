//! Credentials of Amazon's own tools, if the environment has none: those of the profile in
//! `AWS_PROFILE`, and its region.
//!
//! Profiles with a role or single sign-on instead of keys need Amazon's tools to get keys.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use configparser::ini::Ini;

/// The default profile.
const DEFAULT: &str = "default";

/// A profile; secret, so it has no `Debug`.
#[derive(Default)]
pub(super) struct Profile {
    /// Its name, if the user chose it.
    named: Option<String>,
    keys: Option<Keys>,
    pub(super) region: Option<String>,
}

/// Keys for signing requests.
pub(super) struct Keys {
    pub(super) id: String,
    pub(super) secret: String,
    /// The session token of temporary keys.
    pub(super) token: Option<String>,
}

/// Why a profile can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProfileError {
    #[error("can't read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    /// Without the parser's message, which might quote a secret.
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

/// The settings of one profile in a file.
type Section = HashMap<String, Option<String>>;

/// A file's profiles by name.
type Sections = HashMap<String, Section>;

impl Profile {
    /// Reads the chosen profile; empty if no file has one.
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

    /// Its keys. A profile chosen by name must have some.
    pub(super) fn keys(self) -> Result<Option<Keys>, ProfileError> {
        match (self.keys, self.named) {
            (None, Some(name)) => Err(ProfileError::NoKeys { name }),
            (keys, _) => Ok(keys),
        }
    }
}

impl Keys {
    /// All keys from one file: a token belongs to its keys.
    fn of(section: &Section) -> Option<Keys> {
        let id = word(section, "aws_access_key_id")?;
        let secret = word(section, "aws_secret_access_key")?;
        Some(Keys { id, secret, token: word(section, "aws_session_token") })
    }
}

/// A value's first word: keys and regions contain no space, and the rest is a comment.
fn word(section: &Section, key: &str) -> Option<String> {
    section.get(key)?.as_deref()?.split_whitespace().next().map(str::to_owned)
}

/// The profiles of a file: the one in the variable, or `name` in `~/.aws`.
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

/// Parses a file. Indented lines are settings of one service, and ignored.
fn read(text: &str) -> Option<Sections> {
    let own = text.lines().filter(|line| !line.starts_with([' ', '\t']));
    let own: String = own.flat_map(|line| [line, "\n"]).collect();
    let mut ini = Ini::new_cs();
    // A secret may contain comment signs.
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
