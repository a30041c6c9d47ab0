//! What a push is about to make of the head, for a front end that remembers it.

use std::collections::HashMap;

use crate::name::{ConfigPath, Digest};
use crate::request::{Bases, BeforeSwap, Intent};
use crate::store::{Base, BaseEntry, HeadSwap, Intended, Manifest, Progress, PushFile};

/// The progress of a push that tells of each swap of the head. `files`: as they lie here.
pub(super) fn told(progress: &Progress, before_swap: Option<&BeforeSwap>, files: &[PushFile]) -> Progress {
    let Some(before_swap) = before_swap.cloned() else { return progress.clone() };
    let here: HashMap<_, _> = files.iter().map(|file| (file.path.clone(), file.digest)).collect();
    progress.before_swap(move |HeadSwap { push_id, entries, current }| {
        let intended = |path: &ConfigPath, digest: Digest| {
            let entry = entries.iter().find(|entry| entry.path == *path && entry.sha256 == digest)?;
            Some(Intended { push_id: push_id.to_owned(), entry: BaseEntry::from(entry) })
        };
        let files = here.iter().map(|(path, digest)| (path.clone(), intended(path, *digest))).collect();
        before_swap.tell(Intent { head: current, files })
    })
}

/// Gives files the bases that earlier pushes left without knowing whether they took effect. `head`: its manifest.
pub(super) fn settle(files: &mut [PushFile], bases: &Bases, head: Option<&Manifest>) {
    for file in files {
        if let Some(intended) = bases.intended.get(&file.path)
            && intended.took_effect(&file.path, head.map(Manifest::state))
        {
            file.base = Base::Known(Some(intended.entry.clone()));
        }
    }
}
