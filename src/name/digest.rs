use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{ConfigPath, NameError};

/// A SHA-256. As text it is 64 lower-case hex digits; where a pin is meant, `sha256:` stands before them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    const KIND: &'static str = "digest";

    /// The digest of some bytes.
    #[must_use]
    pub fn from_content(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of a configuration: of its [checksums](Self::checksums).
    ///
    /// Anybody can compute it: `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum`.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a ConfigPath, Self)>) -> Self {
        Self::from_content(Self::checksums(files).as_bytes())
    }

    /// The text that `sha256sum` prints for the files of a configuration, sorted by path as bytes.
    pub fn checksums<'a>(files: impl IntoIterator<Item = (&'a ConfigPath, Self)>) -> String {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        files.into_iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
    }

    /// Reads 64 hex digits.
    pub fn from_hex(text: &str) -> Result<Self, NameError> {
        let refuse = || NameError::new(Self::KIND, text, "it must be 64 hexadecimal digits");
        let text_bytes = text.as_bytes();
        if text_bytes.len() != 64 {
            return Err(refuse());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text_bytes.chunks_exact(2)) {
            let digit = |b: u8| char::from(b).to_digit(16).ok_or_else(refuse);
            *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).map_err(|_| refuse())?;
        }
        Ok(Self(bytes))
    }

    /// Reads a pin: `sha256:` and 64 hex digits.
    pub fn from_pin(text: &str) -> Result<Self, NameError> {
        text.strip_prefix("sha256:")
            .and_then(|hex| Self::from_hex(hex).ok())
            .ok_or_else(|| NameError::new(Self::KIND, text, "it must be `sha256:` and 64 hexadecimal digits"))
    }

    /// `sha256:` and the hex digits.
    #[must_use]
    pub fn pin(&self) -> String {
        format!("sha256:{self}")
    }

    /// The first twelve hex digits: enough for a person to tell two apart.
    #[must_use]
    pub fn short(&self) -> String {
        let mut hex = self.to_string();
        hex.truncate(12);
        hex
    }

    /// Base64, as S3's checksum headers want it.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads [`base64`](Self::base64). None for anything else, such as the checksum of checksums that S3 makes of a
    /// multipart upload, which ends in a hyphen and a number.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As two numbers: a call for each byte takes ten times as long, and a manifest has a thousand digests.
        let (halves, _) = self.0.as_chunks::<16>();
        halves.iter().try_for_each(|half| write!(f, "{:032x}", u128::from_be_bytes(*half)))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl TryFrom<String> for Digest {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::from_hex(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn text_forms_go_both_ways() {
        let digest = Digest::from_content(b"abc");
        assert_eq!(digest.to_string(), OF_ABC);
        assert_eq!(digest.short(), "ba7816bf8f01");
        assert_eq!(Digest::from_hex(OF_ABC).unwrap(), digest);
        assert_eq!(Digest::from_pin(&digest.pin()).unwrap(), digest);
        for bad in ["", "ba78", &OF_ABC[1..], &format!("{OF_ABC}0"), &OF_ABC.replace('b', "g")] {
            assert!(Digest::from_hex(bad).is_err(), "{bad}");
            assert!(Digest::from_pin(&format!("sha256:{bad}")).is_err(), "{bad}");
        }
        assert!(Digest::from_pin(OF_ABC).is_err(), "a pin names its algorithm");
    }

    #[test]
    fn a_configurations_digest_does_not_depend_on_the_order_given() {
        let a = ConfigPath::new("a/.env").unwrap();
        let b = ConfigPath::new("b.json").unwrap();
        let digests = (Digest::from_content(b"1"), Digest::from_content(b"2"));
        let digest = Digest::from_files([(&b, digests.1), (&a, digests.0)]);
        assert_eq!(digest, Digest::from_content(format!("{}  a/.env\n{}  b.json\n", digests.0, digests.1).as_bytes()));
    }
}
