//! Keys from the files that Amazon's own tools leave.

use std::time::Duration;

use crate::archive::Archive;
use crate::little::{assert_same, little, moved, publish, site};
use crate::moto::{BUCKET, Moto};
use crate::proxy::{Mood, Proxy};
use crate::store::{FOLDER, free_address};

const SECRET: &str = "secret/of+the/files";

/// An archive without keys in the environment, whose user has these files.
fn archive(proxy: &Proxy, credentials: &str, config: &str) -> Archive {
    let target =
        format!("bucket = \"s3://{BUCKET}/{FOLDER}\"\nendpoint = \"http://{}\"\n", proxy.address);
    let archive = little(&target);
    archive.write("home/.aws/credentials", credentials);
    archive.write("home/.aws/config", config);
    let home = archive.path("home").display().to_string();
    archive.environment("HOME", &home).environment("USERPROFILE", &home)
}

fn start() -> Option<(Moto, Proxy)> {
    let moto = Moto::start()?;
    let proxy = Proxy::start(moto.address, Mood::Slow(Duration::ZERO));
    Some((moto, proxy))
}

/// Whose key signed last, and for which region.
fn signer(proxy: &Proxy) -> String {
    let authorization = proxy.authorization().unwrap();
    let credential = authorization.split("Credential=").nth(1).unwrap();
    let parts: Vec<&str> = credential.split('/').collect();
    format!("{} {}", parts[0], parts[2])
}

#[test]
fn keys_come_from_the_user_s_files_where_the_environment_has_none() {
    let Some((moto, proxy)) = start() else { return };
    let credentials = format!(
        "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = {SECRET}\n\n\
         [work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = {SECRET}\n\
         aws_session_token = token-of-the-files\n"
    );
    let config = "[default]\nregion = eu-west-1\n[profile work]\nregion = eu-central-1 # Frankfurt\n\
                  [profile signed-in]\nsso_session = house\nregion = eu-north-1\n";
    let archive = archive(&proxy, &credentials, config);
    publish(&archive);
    assert_same(&moto.files(), &site(&archive));
    assert_eq!(signer(&proxy), "AKIADEFAULT eu-west-1");
    let archive = archive.environment("AWS_PROFILE", "work");
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(signer(&proxy), "AKIAWORK eu-central-1");
    assert!(proxy.authorization().unwrap().contains("x-amz-security-token"));

    // One that has to be signed in at; the environment wins, and the region stays the profile's.
    let archive = archive.environment("AWS_PROFILE", "signed-in");
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    assert!(
        refused.stderr().contains("“signed-in” has no keys of its own"),
        "{}",
        refused.stderr()
    );
    let archive = archive
        .environment("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
        .environment("AWS_SECRET_ACCESS_KEY", SECRET);
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(signer(&proxy), "AKIAENVIRONMENT eu-north-1");
    let archive = archive.environment("AWS_REGION", "us-west-2");
    assert_eq!(moved(&publish(&archive)), (0, 0));
    assert_eq!(signer(&proxy), "AKIAENVIRONMENT us-west-2");
}

#[test]
fn files_of_the_user_may_lie_elsewhere() {
    let Some((moto, proxy)) = start() else { return };
    let archive = archive(&proxy, "[default\n", "[default]\nregion = eu-west-1\n");
    archive.write(
        "keys.ini",
        format!("[default]\naws_access_key_id=AKIAELSEWHERE\naws_secret_access_key={SECRET}\n"),
    );
    archive.write("config.ini", "[default]\nregion=ap-south-1\n");
    archive.build().clean();
    let damaged = archive.run(&["deploy"]);
    assert_eq!(damaged.code(), 2);
    assert!(damaged.stderr().contains("credentials is not written as"), "{}", damaged.stderr());
    let [keys, config] =
        ["keys.ini", "config.ini"].map(|name| archive.path(name).display().to_string());
    let archive = archive
        .environment("AWS_SHARED_CREDENTIALS_FILE", &keys)
        .environment("AWS_CONFIG_FILE", &config);
    publish(&archive);
    assert_same(&moto.files(), &site(&archive));
    assert_eq!(signer(&proxy), "AKIAELSEWHERE ap-south-1");
    let archive = archive.environment("AWS_PROFILE", "of-nobody");
    let unknown = archive.run(&["deploy"]);
    assert_eq!(unknown.code(), 2);
    assert!(unknown.stderr().contains("no file has such a profile"), "{}", unknown.stderr());
}

/// Also where a server tells back what it was sent.
#[test]
fn a_key_of_the_user_s_files_is_never_shown() {
    let proxy = Proxy::start(free_address(), Mood::Echo);
    let credentials = format!(
        "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = {SECRET}\n\
         aws_session_token = token-of-the-files\n"
    );
    let archive = archive(&proxy, &credentials, "[default]\nregion = eu-west-1\n");
    archive.build().clean();
    let refused = archive.run(&["deploy"]);
    assert_eq!(refused.code(), 2);
    let said = refused.stderr();
    assert!(said.contains("Credential=…/") && said.contains("eu-west-1"), "{said}");
    for secret in [SECRET, "AKIADEFAULT", "token-of-the-files"] {
        assert!(!said.contains(secret), "{said}");
    }
}
