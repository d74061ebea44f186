//! S3 website hosting: a document for `aws s3api put-bucket-website`. Redirects of one address are
//! pages, which an upload can mark with their target; a bucket has few rules.

use serde_json::{Value, json};
use url::Url;

use super::answers::Moved;
use super::{Answers, Beside, OldAddress, RuleFile, Rules, Unsupported, UnsupportedReason};

pub(super) const FILE: &str = ".host/s3-website.json";

/// The bucket's limit of rules.
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

/// An object's key: the path without its first `/`.
fn key(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// A rule for paths without an object. Rules match prefixes, so a rule for an exact address would
/// match longer ones, too.
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

/// The path, query and fragment of an address.
fn target(address: &Url) -> &str {
    key(&address[url::Position::BeforePath..])
}
