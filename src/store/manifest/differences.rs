//! In what a push differs from what a manifest says: in content, or in settings that were asked for.

use std::collections::HashSet;

use super::Manifest;
use crate::store::{Asked, Difference, FileEntry, PushFile, What};

impl Manifest {
    /// In what a push of a version differs from what is published: in content, or in settings that were asked for.
    pub(in crate::store) fn differences(&self, files: &[PushFile]) -> Vec<Difference> {
        let pushed: HashSet<_> = files.iter().map(|file| &file.path).collect();
        let mut differences: Vec<_> = self
            .files
            .iter()
            .filter(|entry| !pushed.contains(&entry.path))
            .map(|entry| Difference { path: entry.path.clone(), what: What::Removed })
            .collect();
        for file in files {
            match self.entry(&file.path) {
                None => differences.push(Difference { path: file.path.clone(), what: What::Added }),
                Some(entry) => differences.extend(entry.differences(file)),
            }
        }
        differences
    }
}

impl FileEntry {
    /// In what a pushed file differs from this entry.
    pub(in crate::store) fn differences(&self, file: &PushFile) -> Vec<Difference> {
        let content = (self.sha256 != file.digest).then_some(What::Content);
        let all = content.into_iter().chain(self.other_settings(&file.asked));
        all.map(|what| Difference { path: file.path.clone(), what }).collect()
    }

    /// Which settings that are asked for it does not have.
    pub fn other_settings(&self, asked: &Asked) -> impl Iterator<Item = What> {
        let sorted = |tags: &[String]| {
            let mut tags = tags.to_vec();
            tags.sort_unstable();
            tags
        };
        [
            (asked.kms_key.is_some() && asked.kms_key != self.kms_key, What::KmsKey),
            (asked.tags.as_ref().is_some_and(|tags| sorted(tags) != sorted(&self.tags)), What::Tags),
            (asked.file_type.is_some_and(|asked| asked != self.read_as()), What::FileType),
            (asked.alternate_path.is_some() && asked.alternate_path != self.alternate_path, What::AlternatePath),
        ]
        .into_iter()
        .filter_map(|(differs, what)| differs.then_some(what))
    }
}
