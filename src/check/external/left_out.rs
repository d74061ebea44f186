//! Replaces the check of links in a program without the feature `network`.

use super::super::Look;
use super::super::finding::Finding;
use super::mention::Mentions;
use super::{External, Step};

/// The feature is missing.
#[derive(Debug, thiserror::Error)]
#[error("this program was built without the feature `network`, which asks links")]
pub(crate) struct ExternalError;

pub(in crate::check) fn check(
    _: &Look<'_>,
    _: Mentions,
    _: &dyn Fn(Step),
) -> Result<(External, Vec<Finding>), ExternalError> {
    Err(ExternalError)
}
