use std::fmt;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use super::NameError;

/// The most bytes of a channel's name.
const LONGEST: usize = 64;

/// The name of a channel, such as `prod`: `[a-z0-9][a-z0-9._-]*`, at most 64 bytes, and nothing that means a version, such
/// as `latest` or `v1.2.3`. It is written `:prod` where a version may stand, too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChannelName(String);

impl ChannelName {
    const KIND: &'static str = "channel";

    /// Checks a name.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let rule = if text.is_empty() {
            "it is empty"
        } else if text.len() > LONGEST {
            "it is longer than 64 bytes"
        } else if !text.starts_with(is_alphanumeric) {
            "it must begin with a small letter or a digit"
        } else if !text.chars().all(|c| is_alphanumeric(c) || "._-".contains(c)) {
            "it may hold only small letters, digits and the characters . _ -"
        } else if means_versions(text) {
            "it means a version: `head`, `latest` and numbers such as `v1.2.3` or `1.x` are not channels"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(NameError::new(Self::KIND, text, rule))
    }

    /// The name as text, without the colon.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the same text in a version's place is the head, a requirement or a release: another thing than the channel.
fn means_versions(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    let is_requirement = || number.contains('x') && VersionReq::parse(number).is_ok();
    matches!(text, "head" | "latest") || Version::parse(number).is_ok() || is_requirement()
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ChannelName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<ChannelName> for String {
    fn from(name: ChannelName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_segment_of_small_letters() {
        for name in ["prod", "0", "eu-west.prod_2", &"a".repeat(64)] {
            assert_eq!(ChannelName::new(name).unwrap().as_str(), name);
        }
        for bad in ["", ":prod", "Prod", ".prod", "-prod", "a/b", "a b", "pröd", "prod\n", &"a".repeat(65)] {
            assert!(ChannelName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_channel_is_called_as_a_version_or_a_requirement() {
        for bad in ["head", "latest", "v1.0.0", "1.2.3-rc.1", "v1.x", "1.2.x"] {
            assert!(ChannelName::new(bad).unwrap_err().to_string().contains("it means a version"), "{bad:?}");
        }
        for name in ["v1", "2026-11", "stable", "latest-eu", "blue.green"] {
            assert!(ChannelName::new(name).is_ok(), "{name}");
        }
    }
}
