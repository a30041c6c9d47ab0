use std::path::PathBuf;

use crate::message::Message;

/// A catalog leads to what nobody has agreed to.
#[derive(Debug, thiserror::Error)]
#[error("{catalog:?} is not trusted")]
pub(super) struct NotTrusted {
    /// The catalog.
    pub(super) catalog: PathBuf,
    /// The buckets that nothing else names.
    pub(super) buckets: Vec<String>,
    /// The variables that nothing else lists.
    pub(super) variables: Vec<String>,
    /// Whether it was trusted once, and now leads elsewhere.
    pub(super) has_changed: bool,
}

impl NotTrusted {
    /// What is asked for, one line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let reason = if self.has_changed { "has changed since you trusted it" } else { "is new to this machine" };
        let mut lines = vec![format!("The catalog {} {reason}. It leads to:", self.catalog.display())];
        lines.extend(self.buckets.iter().map(|bucket| format!("  bucket    {bucket}")));
        let variable = |name: &String| format!("  variable  {name}, whose value becomes a part of objects' names");
        lines.extend(self.variables.iter().map(variable));
        lines
    }

    pub(super) fn message(&self) -> Message {
        let mut leads = Vec::new();
        if !self.buckets.is_empty() {
            leads.push(format!("leads to the bucket {}", self.buckets.join(", ")));
        }
        if !self.variables.is_empty() {
            leads.push(format!("puts the value of {} into the names of objects", self.variables.join(", ")));
        }
        let reason =
            if self.has_changed { "has changed since it was trusted" } else { "is not trusted on this machine" };
        let what =
            format!("The catalog {} {reason}. It {}. Nothing was sent.", self.catalog.display(), leads.join(" and "));
        let mut flags = Vec::new();
        if let [bucket] = self.buckets.as_slice() {
            flags.push(format!("--bucket {bucket}"));
        }
        if self.buckets.len() < 2 {
            flags.extend(self.variables.iter().map(|name| format!("--variables {name}")));
        }
        let precise = if flags.is_empty() { String::new() } else { format!(", or {}", flags.join(" ")) };
        let next = format!(
            "If that is what you expect, add --trust once{precise}. In a task or CI, set CSTORE_TRUST=true where you trust \
             whoever can change the catalog."
        );
        Message { next, ..Message::new("Catalog not trusted", what) }
    }
}
