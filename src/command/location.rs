use crate::name::Context;

/// What a command worked on: a version, or the head, of a context in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The context.
    pub context: Context,
    /// The bucket.
    pub bucket: String,
    /// `head`, or the version's name.
    pub version: String,
    /// The manifest's key; none in the Go cStore's layout.
    pub manifest: Option<String>,
}

impl Location {
    /// Whether it is the head.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.version == "head"
    }

    /// The head, or a version, of a context.
    pub(super) fn new(context: &Context, bucket: &str, version: &str, manifest: Option<String>) -> Self {
        Self { context: context.clone(), bucket: bucket.to_owned(), version: version.to_owned(), manifest }
    }

    /// "in the head of shop".
    pub(crate) fn clause(&self) -> String {
        let the = if self.version == "head" { "the " } else { "" };
        format!("in {the}{} of {}", self.version, self.context)
    }
}
