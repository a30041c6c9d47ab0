use std::fmt;

use super::{Context, NameError, VersionRequest};

/// What a person types to name files: `[CONTEXT@]VERSION`, `s3://BUCKET/CONTEXT[@VERSION]`, or `.` for the files that
/// lie here.
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
    /// The version, or the head.
    pub version: VersionRequest,
}

impl Reference {
    const KIND: &'static str = "reference";

    /// Reads a reference. A context is split off at the last `@`, which no version's name holds.
    ///
    /// # Errors
    /// A context or a version that cannot be one; an `s3://` without a context.
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text == "." {
            return Ok(Self::Working);
        }
        let (bucket, rest) = match text.strip_prefix("s3://") {
            Some(rest) => {
                let no_context =
                    || NameError::new(Self::KIND, text, "a context must follow the bucket: s3://BUCKET/CONTEXT");
                let (bucket, rest) = rest.split_once('/').ok_or_else(no_context)?;
                if rest.is_empty() {
                    return Err(no_context());
                }
                (Some(bucket.to_owned()), rest)
            }
            None => (None, text),
        };
        let (context, version) = match rest.rsplit_once('@') {
            Some((context, version)) => (Some(context), version),
            None if bucket.is_some() => (Some(rest), "head"),
            None => (None, rest),
        };
        Ok(Self::Stored(StoredReference {
            bucket,
            context: context.map(Context::from_catalog).transpose()?,
            version: VersionRequest::new(version)?,
        }))
    }
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
        match (bucket, context) {
            (Some(bucket), Some(context)) => write!(f, "s3://{bucket}/{context}@{version}"),
            (_, Some(context)) => write!(f, "{context}@{version}"),
            (_, None) => version.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for text in
            [".", "head", "v1.2.3", "^1.2", "latest", "shop@head", "team/shop@v1", "s3://b/team/shop@v1", "a@b@v1"]
        {
            assert_eq!(Reference::new(text).unwrap().to_string(), text);
        }
        assert_eq!(Reference::new("s3://b/shop").unwrap().to_string(), "s3://b/shop@head");
    }

    #[test]
    fn what_cannot_be_one_is_refused() {
        for text in ["", "@v1", "shop@", "s3://b", "s3://b/", "../x@v1", "a b", "shop:prod", "s3://b/@v1"] {
            assert!(Reference::new(text).is_err(), "{text}");
        }
    }
}
