//! The ways in which forms write the text of a value.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A way to write the text of a value between its delimiters, such as quotes.
#[derive(Clone, Copy)]
pub(crate) enum Escape {
    /// Character by character.
    Text(fn(&str) -> Cow<'_, str>),
    /// The whole in base64 (RFC 4648, with padding). By itself the runner masks this of whatever it masks.
    Base64,
}

impl Escape {
    /// Every character stands for itself.
    pub(super) const VERBATIM: Self = Self::Text(|text| Cow::Borrowed(text));

    /// The text as it is written.
    pub(crate) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Text(escape) => escape(text),
            Self::Base64 => Cow::Owned(STANDARD.encode(text)),
        }
    }

    /// Whether it certainly is the other. Two that do the same may count as different.
    pub(super) fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => std::ptr::fn_addr_eq(one, other),
            (Self::Base64, Self::Base64) => true,
            _ => false,
        }
    }
}
