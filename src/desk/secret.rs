//! Secrets of 256 bits, and tokens that open the desk once.

use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::content::evidence::hex;

/// How long a token is good.
const LIFE: Duration = Duration::from_mins(1);

/// A random secret.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn new() -> Result<Secret, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Secret(hex(&bytes)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this one. Hashes are compared, so that the time tells nothing.
    pub(super) fn is(&self, other: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(other)
    }
}

/// Unused tokens.
#[derive(Default)]
pub(super) struct Tokens(Vec<(Secret, Instant)>);

impl Tokens {
    pub(super) fn add(&mut self, token: Secret) {
        self.0.retain(|(_, made)| made.elapsed() < LIFE);
        self.0.push((token, Instant::now()));
    }

    /// Uses a token up; whether it was good.
    pub(super) fn take(&mut self, token: &str) -> bool {
        self.0.retain(|(_, made)| made.elapsed() < LIFE);
        let count = self.0.len();
        self.0.retain(|(known, _)| !known.is(token));
        self.0.len() < count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_once() {
        let (token, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_eq!(token.as_str().len(), 64);
        let mut tokens = Tokens::default();
        tokens.add(token.clone());
        assert!(!tokens.take(other.as_str()) && !tokens.take(""));
        assert!(tokens.take(token.as_str()));
        assert!(!tokens.take(token.as_str()));
    }

    #[test]
    fn an_old_token_is_no_good() {
        let token = Secret::new().unwrap();
        let made = Instant::now().checked_sub(LIFE).unwrap();
        assert!(!Tokens(vec![(token.clone(), made)]).take(token.as_str()));
    }
}
