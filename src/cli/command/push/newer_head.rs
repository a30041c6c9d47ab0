//! What the head has that a version does not get, as this folder has not seen it yet.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use super::Pushing;
use super::moved::last_push;
use crate::cli::head_memory::HeadMemory;
use crate::command::{self, MergedPath, Pushed};
use crate::config::{MergeConflict, MergedFile, merge3, merge3_keeping_ours};
use crate::error::{Error, Theirs};
use crate::excerpt::listed_key;
use crate::message::list;
use crate::name::{ConfigPath, Context, Digest, VersionRequest};
use crate::observer::Silent;
use crate::request::MergeFiles;
use crate::secret::Secret;
use crate::store::LastPush;

/// The digests of files here of which only that is known, that others have other bytes.
type AsAWhole = Rc<RefCell<HashSet<Digest>>>;

impl Pushing<'_> {
    /// Whether the head is as this folder last saw it, by its manifest alone. Where this folder never saw it, or it
    /// cannot be read, there is nothing to tell.
    pub(super) async fn is_head_as_seen(&self, memory: &HeadMemory, at: (Context, String)) -> bool {
        let Some(seen) = memory.seen_in_head(MergeFiles::new(merge3)) else { return true };
        let target = &self.request.target;
        let found = command::is_head_as_seen(target, at, &seen.by_path, Arc::new(Silent), &self.session.cancellation);
        // Whoever may not read the head may publish.
        found.await.unwrap_or(true)
    }

    /// Says what others have changed in the head since this folder last saw it, and what the files here do not have. A
    /// push to the head would merge it; a version goes without. Where this folder never saw the head, nothing is asked
    /// for.
    pub(super) async fn warn_of_newer_head(&mut self, memory: &HeadMemory) {
        let as_a_whole = AsAWhole::default();
        let Some(bases) = memory.seen_in_head(lacking(&as_a_whole)) else { return };
        let seen: HashSet<_> = bases.by_path.keys().cloned().collect();
        let request = &mut self.request;
        let version = mem::replace(&mut request.target.version, VersionRequest::Head);
        let before = (mem::replace(&mut request.dry_run, true), mem::replace(&mut request.overwrite, false));
        request.bases = Some(bases);
        let found = self.send().await;
        let request = &mut self.request;
        request.target.version = version;
        (request.dry_run, request.overwrite) = before;
        request.bases = None;
        let (files, last) = match found {
            Ok(pushed) => (self.lacked(&pushed, &seen, &as_a_whole.borrow()), pushed.push_before),
            Err(Error::ChangedByOthers(changes)) => {
                let removed = changes.files.iter().filter(|file| file.theirs == Theirs::Removed);
                let clause = |path| format!("{} (the head no longer has it)", self.session.shown(path));
                (removed.map(|file| clause(file.path.as_str())).collect(), changes.last)
            }
            Err(_) => return,
        };
        self.say_lacked(&files, last.as_ref());
    }

    fn lacked(&self, pushed: &Pushed, seen: &HashSet<ConfigPath>, as_a_whole: &HashSet<Digest>) -> Vec<String> {
        let clause = |merged: &MergedPath| {
            let shown = self.session.shown(merged.path.as_str());
            let keys: BTreeSet<_> = merged.from_others.iter().map(|key| listed_key(key)).collect();
            match keys.is_empty() {
                false => Some(format!("{shown} ({})", list(&keys.into_iter().collect::<Vec<_>>()))),
                true => as_a_whole.contains(&merged.own).then(|| format!("{shown} (as a whole)")),
            }
        };
        let changed = pushed.merged.iter().filter(|merged| seen.contains(&merged.path)).filter_map(clause);
        let new = pushed.only_in_head.iter().filter(|path| !seen.contains(*path));
        changed.chain(new.map(|path| format!("{} (not here)", self.session.shown(path.as_str())))).collect()
    }

    fn say_lacked(&self, files: &[String], last: Option<&LastPush>) {
        let VersionRequest::Exact(version) = &self.request.target.version else { return };
        if files.is_empty() {
            return;
        }
        let terminal = self.session.terminal;
        let terminal = if terminal.can_ask() { terminal.of_question() } else { terminal };
        let first = if self.request.dry_run { " first" } else { "" };
        terminal.warning(&format!(
            "The head has changes that {version} does not get: {}. {} To get them{first}, run: {}",
            list(files),
            last_push(self.session, last),
            self.session.suggested(&["pull"], [])
        ));
    }
}

/// Leaves the own file as it is, and tells which keys others have set or removed since it was like theirs.
fn lacking(as_a_whole: &AsAWhole) -> MergeFiles {
    let as_a_whole = Rc::clone(as_a_whole);
    MergeFiles::new(move |file_type, base, ours, theirs, separator| {
        let from_theirs = match merge3(file_type, base, ours, theirs, separator) {
            // Nobody knows any more what both were made of.
            _ if base.is_none() => Vec::new(),
            Ok(merged) if merged.bytes.expose().as_slice() == ours => {
                return Ok(merged);
            }
            Ok(merged) => merged.from_theirs,
            Err(conflict) => {
                let others = merge3_keeping_ours(file_type, base, ours, theirs, separator);
                let others = others.map(|merged| merged.from_theirs).unwrap_or_default();
                MergeConflict::keys(&conflict).iter().cloned().chain(others).collect()
            }
        };
        if from_theirs.is_empty() {
            as_a_whole.borrow_mut().insert(Digest::from_content(ours));
        }
        Ok(MergedFile { bytes: Secret::new(ours.to_vec()), from_theirs, loses_rest: false })
    })
}
