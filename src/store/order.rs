//! What is to be pushed.

use bytes::Bytes;

use super::{Base, Progress, PushInfo};
use crate::config::FileType;
use crate::name::{ConfigPath, Digest};
use crate::secret::Secret;

/// Files to push, and who pushes them.
#[derive(Debug, Clone)]
pub struct Push {
    /// The files, read and checked, each path once.
    pub files: Vec<PushFile>,
    /// Who and when.
    pub info: PushInfo,
    /// How far it has come.
    pub progress: Progress,
    /// What an overwrite of a version may go over.
    pub replaces: Replaces,
}

/// What an overwrite of a version may go over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Replaces {
    /// Whatever is published.
    #[default]
    Anything,
    /// What somebody has seen: a configuration with this digest; none where no manifest was there.
    Seen(Option<Digest>),
}

impl Replaces {
    /// Whether what is published may be replaced by this configuration. Nothing, or the same, is no loss.
    pub(super) fn allows(self, published: Option<Digest>, pushed: Digest) -> bool {
        let (Self::Seen(seen), Some(published)) = (self, published) else { return true };
        seen == Some(published) || published == pushed
    }
}

impl Push {
    /// The configuration's digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_files(self.files.iter().map(|file| (&file.path, file.digest)))
    }
}

/// A file to push.
#[derive(Debug, Clone)]
pub struct PushFile {
    /// Where it belongs.
    pub path: ConfigPath,
    /// What it is read as.
    pub file_type: FileType,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// Their digest.
    pub digest: Digest,
    /// What was asked for, by input or catalog.
    pub asked: Asked,
    /// The tags when none are asked for and none are recorded.
    pub default_tags: Vec<String>,
    /// What a push of the head knows of what it replaces.
    pub base: Base,
}

/// The settings of a file that were asked for. What was not is taken from what is recorded, and never a conflict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The KMS key, in the form named.
    pub kms_key: Option<String>,
    /// The tags.
    pub tags: Option<Vec<String>>,
    /// Where the catalog has it restored.
    pub alternate_path: Option<ConfigPath>,
    /// What it is read as, where the name alone says something else or an input says it.
    pub file_type: Option<FileType>,
}
