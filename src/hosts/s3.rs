//! A website of S3: a document that `aws s3api put-bucket-website` takes. Redirects of one address are
//! pages there, which an upload can mark with their target; a bucket's own rules are few.

use serde_json::{Value, json};
use url::Url;

use super::answers::Moved;
use super::{Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason};

pub(super) const FILE: &str = ".host/s3-website.json";

/// Rules that a bucket takes.
const MOST_RULES: usize = 50;

pub(super) fn rules(answers: &Answers) -> Rules {
    let gone = answers.gone.iter().map(Unsupported::gone);
    let mut unsupported: Vec<Unsupported> = gone.collect();
    let mut routing = Vec::new();
    for moved in answers.moved.iter().filter(|moved| !moved.has_page) {
        let refused = match rule(answers, moved) {
            Ok(_) if routing.len() >= MOST_RULES => UnsupportedReason::Limit(MOST_RULES),
            Ok(rule) => {
                routing.push(rule);
                continue;
            }
            Err(reason) => reason,
        };
        unsupported.push(Unsupported::moved(refused, moved));
    }
    let mut website = json!({
        "IndexDocument": { "Suffix": "index.html" },
        "ErrorDocument": { "Key": key(&answers.not_found()) },
    });
    if !routing.is_empty() {
        website["RoutingRules"] = Value::Array(routing);
    }
    let text = format!("{website:#}\n");
    Rules { files: vec![RuleFile { path: FILE, text, beside: Beside::GivesWay }], unsupported }
}

/// An object's name is its path without the first `/`.
fn key(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// A rule for what no object answers. It goes by what a name begins with, so that an exact address
/// would take all that begin with it.
fn rule(answers: &Answers, moved: &Moved) -> Result<Value, UnsupportedReason> {
    let prefix = match &moved.from {
        OldAddress::Pattern(pattern) => pattern.prefix().ok_or(UnsupportedReason::Pattern)?,
        OldAddress::Exact(_) => return Err(UnsupportedReason::Pattern),
        OldAddress::Query { .. } => return Err(UnsupportedReason::Query),
    };
    let absolute = answers.home.join(&moved.to).map_err(|_| UnsupportedReason::Character)?;
    let mut redirect = json!({
        "HttpRedirectCode": moved.status.to_string(),
        "ReplaceKeyWith": target(&absolute),
    });
    if absolute.origin() != answers.home.origin() {
        redirect["Protocol"] = absolute.scheme().into();
        redirect["HostName"] = absolute.authority().into();
    }
    let condition = json!({ "KeyPrefixEquals": key(prefix), "HttpErrorCodeReturnedEquals": "404" });
    Ok(json!({ "Condition": condition, "Redirect": redirect }))
}

/// All of an address behind its host.
fn target(address: &Url) -> &str {
    key(&address[url::Position::BeforePath..])
}
