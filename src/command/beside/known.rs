//! What is remembered of local files.

use std::collections::HashMap;

use crate::name::{ConfigPath, Digest, VersionName};
use crate::store::{Intended, Manifest};

/// What is remembered of a local file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// The digest that it was last pulled or pushed with.
    pub sha256: Digest,
    /// The version that it was part of; none for the head.
    pub version: Option<VersionName>,
    /// The digest of the head's file when it was last seen.
    pub head: Option<Digest>,
    /// The digest of what it was made of, as far as the head goes: that file, else one of a version. None where it was
    /// new here, and the head was never seen.
    pub base_in_head: Option<Digest>,
}

/// What is remembered of local files, by their paths in the bucket.
#[derive(Debug, Default)]
pub struct Known {
    /// What they were last pulled or pushed as.
    pub files: HashMap<ConfigPath, KnownFile>,
    /// What pushes were about to make of the head when they were last heard of.
    pub intended: HashMap<ConfigPath, Intended>,
}

impl Known {
    /// What is known of the files, given the head's manifest.
    pub(super) fn settled(self, head: Option<&Manifest>) -> HashMap<ConfigPath, KnownFile> {
        let Self { mut files, intended } = self;
        for (path, intended) in intended {
            if !intended.took_effect(&path, head.map(Manifest::state)) {
                continue;
            }
            let sha256 = intended.entry.sha256;
            let same = files.remove(&path).filter(|known| known.sha256 == sha256);
            let (version, head) = (same.and_then(|known| known.version), Some(sha256));
            files.insert(path, KnownFile { sha256, version, head, base_in_head: head });
        }
        files
    }
}
