use std::fmt;

use super::{ChannelName, Context, NameError, VersionRequest};

/// What a person types to name files: `[CONTEXT@]VERSION`, `[CONTEXT]:CHANNEL`,
/// `s3://BUCKET/CONTEXT[@VERSION|:CHANNEL]`, or `.` for the files that lie here. The context is a [new
/// one's](Context::new); behind a bucket it may have several segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// The working files.
    Working,
    /// What is in a bucket.
    Stored(StoredReference),
}

/// A version, or the head, in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReference {
    /// The bucket, where it is not that of the command.
    pub bucket: Option<String>,
    /// The context, where it is not that of the command.
    pub context: Option<Context>,
    /// The version, the head, or a channel.
    pub version: VersionRequest,
}

/// A channel: `:NAME`, `CONTEXT:NAME` or `s3://BUCKET/CONTEXT:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReference {
    /// The bucket, where it is not that of the command.
    pub bucket: Option<String>,
    /// The context, where it is not that of the command.
    pub context: Option<Context>,
    /// The channel.
    pub channel: ChannelName,
}

impl ChannelReference {
    /// Reads what names a channel; none of what names none.
    ///
    /// # Errors
    /// A context or a channel that cannot be one, and an `s3://` without a context.
    pub fn new(text: &str) -> Result<Option<Self>, NameError> {
        if !Reference::names_channel(text) {
            return Ok(None);
        }
        let StoredReference { bucket, context, version } = Reference::stored(text)?;
        Ok(match version {
            VersionRequest::Channel(channel) => Some(Self { bucket, context, channel }),
            _ => None,
        })
    }
}

/// Where a version, or the head, is to be copied to: `CONTEXT[@VERSION]` or `s3://BUCKET/CONTEXT[@VERSION]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The bucket, where it is not that of the command.
    pub bucket: Option<String>,
    /// The context.
    pub context: Context,
    /// The version, or the head; none for that of the source.
    pub version: Option<VersionRequest>,
}

impl Destination {
    const KIND: &'static str = "destination";

    /// Reads a destination. What stands alone is a context; what reads as a version or as the head has probably lost
    /// its context.
    ///
    /// # Errors
    /// A context or a version that cannot be one, and a version without a context.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let (bucket, rest) = split_bucket(text)?;
        let (context, version) = match rest.rsplit_once('@') {
            Some((context, version)) => (context, Some(VersionRequest::new(version)?)),
            None => (rest, None),
        };
        if version.is_none() && bucket.is_none() && reads_as_version(context) {
            return Err(NameError::new(Self::KIND, text, "write the context before it: CONTEXT@VERSION"));
        }
        Ok(Self { context: context_in(bucket.as_deref(), context)?, bucket, version })
    }
}

/// Whether a text names a version, rather than a context: `v1`, too.
fn reads_as_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    match VersionRequest::new(text) {
        Ok(VersionRequest::Exact(name)) => {
            name.twin_names().is_some() || number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        }
        Ok(VersionRequest::Head | VersionRequest::Matching(_) | VersionRequest::Channel(_)) => true,
        Err(_) => false,
    }
}

/// Behind a bucket a context may have several segments, as the Go cStore's may.
fn context_in(bucket: Option<&str>, text: &str) -> Result<Context, NameError> {
    if bucket.is_some() { context_in_bucket(text) } else { Context::new(text) }
}

/// Reads a context that is named with its bucket.
///
/// # Errors
/// What can be none, not even of several segments.
pub(crate) fn context_in_bucket(text: &str) -> Result<Context, NameError> {
    Context::in_bucket(text, reads_as_version)
}

/// Splits `s3://BUCKET/` off.
fn split_bucket(text: &str) -> Result<(Option<String>, &str), NameError> {
    let Some(rest) = text.strip_prefix("s3://") else { return Ok((None, text)) };
    match rest.split_once('/') {
        Some((bucket, rest)) if !rest.is_empty() => Ok((Some(bucket.to_owned()), rest)),
        _ => {
            let rule = "a context must follow the bucket: s3://BUCKET/CONTEXT";
            Err(NameError::new(Reference::KIND, text, rule))
        }
    }
}

impl Reference {
    const KIND: &'static str = "reference";

    /// Whether a text names a channel rather than a version.
    #[must_use]
    pub fn names_channel(text: &str) -> bool {
        text.strip_prefix("s3://").unwrap_or(text).contains(':')
    }

    /// Reads a reference. A context is split off at the last `:`, which no context's name holds, or at the last `@`,
    /// which no version's holds.
    ///
    /// # Errors
    /// A context, a version or a channel that cannot be one; an `s3://` without a context.
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text == "." { Ok(Self::Working) } else { Self::stored(text).map(Self::Stored) }
    }

    fn stored(text: &str) -> Result<StoredReference, NameError> {
        let (bucket, rest) = split_bucket(text)?;
        let (context, version) = if let Some((context, channel)) = rest.rsplit_once(':') {
            let is_own = context.is_empty() && bucket.is_none();
            (Some(context).filter(|_| !is_own), VersionRequest::Channel(ChannelName::new(channel)?))
        } else {
            let (context, version) = match rest.rsplit_once('@') {
                Some((context, version)) => (Some(context), version),
                None if bucket.is_some() => (Some(rest), "head"),
                None => (None, rest),
            };
            (context, VersionRequest::new(version)?)
        };
        let context = context.map(|context| context_in(bucket.as_deref(), context)).transpose()?;
        Ok(StoredReference { bucket, context, version })
    }
}

/// What names a version of a context, or the head, or what a channel points at: `CONTEXT@VERSION` and
/// `CONTEXT:CHANNEL`.
pub(crate) fn in_context(context: &Context, version: &str) -> String {
    let at = if version.starts_with(':') { "" } else { "@" };
    format!("{context}{at}{version}")
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working => f.write_str("."),
            Self::Stored(stored) => stored.fmt(f),
        }
    }
}

impl fmt::Display for StoredReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, context, version } = self;
        let version = version.to_string();
        match (bucket, context) {
            (Some(bucket), Some(context)) => write!(f, "s3://{bucket}/{}", in_context(context, &version)),
            (_, Some(context)) => f.write_str(&in_context(context, &version)),
            (_, None) => f.write_str(&version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for text in [
            ".",
            "head",
            "v1.2.3",
            "^1.2",
            "latest",
            "shop@head",
            "Shop_2.0@v1",
            "s3://b/shop@v1",
            ":prod",
            "shop:prod",
            "s3://b/shop:eu.prod-2",
            "s3://b/team/shop@v1",
            "s3://b/team/eu/shop:prod",
        ] {
            assert_eq!(Reference::new(text).unwrap().to_string(), text);
        }
        assert_eq!(Reference::new("s3://b/shop").unwrap().to_string(), "s3://b/shop@head");
    }

    #[test]
    fn a_destination_without_a_version_is_a_context() {
        for (text, bucket, context, version) in [
            ("shop", None, "shop", None),
            ("shop@v2", None, "shop", Some("v2")),
            ("s3://b/shop", Some("b"), "shop", None),
            ("s3://b/shop@v1.2.3", Some("b"), "shop", Some("v1.2.3")),
            ("s3://b/clob/dev", Some("b"), "clob/dev", None),
            ("s3://b/clob/dev@v1", Some("b"), "clob/dev", Some("v1")),
        ] {
            let read = Destination::new(text).unwrap();
            let read_version = read.version.map(|version| version.to_string());
            assert_eq!(
                (read.bucket.as_deref(), read.context.as_str(), read_version.as_deref()),
                (bucket, context, version),
                "{text}"
            );
        }
        for bad in [
            "",
            ".",
            "v1",
            "v1.2.3",
            "1.2",
            "1.2.3",
            "v1.0.0-rc.1",
            "head",
            "latest",
            "^1.2",
            "@v1",
            "shop@",
            "s3://b",
            "s3://b/",
            "../x@v1",
            "clob/dev",
            "clob/dev@v1",
            "bad ctx",
            "a@b@head",
            "s3://b/clob/v1.2.3",
            "s3://b/clob/dev/latest",
            "s3://b/clob/.cstore/x",
            "s3://b/clob//dev",
            ".hidden",
        ] {
            assert!(Destination::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused() {
        for text in [
            "",
            "@v1",
            "shop@",
            "s3://b",
            "s3://b/",
            "../x@v1",
            "a b",
            ":",
            "shop:",
            "shop:Prod",
            ":prod@v1",
            "shop@v1:prod",
            "team/shop:prod",
            "s3://b/:prod",
            "s3://b/@v1",
            "team/shop@v1",
            "a b@v1",
            "a@b@v1",
            "s3://b/team/v1.2.3",
            "s3://b/team/../shop@v1",
            "s3://b/team/shop/@v1",
        ] {
            assert!(Reference::new(text).is_err(), "{text}");
        }
    }
}
