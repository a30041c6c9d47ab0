//! What a push knows of the head, and what is remembered of it afterwards.

mod follow;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;

pub(super) use self::follow::ChangedInHead;
use super::deliver::replace;
use super::failure::{Failure, seconds};
use super::leftover::sweep;
use super::session::Session;
use super::state::{IntendedHead, Kept, NotAlone, Record, Remembered, SeenHead, StateFolder};
use crate::cancellation::{Cancellation, Signal};
use crate::command::{Known, KnownFile, Location, MergedPath, Pushed, PushedFile};
use crate::config::merge3;
use crate::excerpt::listed_key;
use crate::message::list;
use crate::name::{ConfigPath, Context, Digest, VersionName, VersionRequest};
use crate::request::{Bases, BeforeSwap, Intent, MergeFiles, Target};
use crate::secret::Secret;
use crate::store::{Base, BaseEntry, Intended, MAX_FILE_BYTES};
use crate::workspace::{FileMode, NewFile, Workspace, WorkspaceError};

/// How long another run is waited for at most before the head is swapped: what is written then is for the case that the
/// process dies.
const PATIENCE_BEFORE_SWAP: Duration = Duration::from_secs(1);

/// What is remembered of a catalog's files in one bucket and context.
pub(super) struct HeadMemory {
    state: StateFolder,
    catalog: PathBuf,
    /// The catalog's path in the workspace.
    catalog_path: ConfigPath,
    kept: Kept,
    /// How long another run is waited for.
    patience: Duration,
    cancellation: Cancellation,
    /// The version that is pushed; none for the head.
    version: Option<VersionName>,
}

impl HeadMemory {
    pub(super) fn new(session: &Session, target: &Target, (context, bucket): (Context, String)) -> Self {
        Self {
            state: StateFolder::new(&session.environment),
            catalog: session.place.folder.join(target.catalog.as_str()),
            catalog_path: target.catalog.clone(),
            kept: Kept::new(&bucket, &context),
            patience: target.deadline,
            cancellation: session.cancellation.clone(),
            version: match &target.version {
                VersionRequest::Exact(name) => Some(name.clone()),
                VersionRequest::Head | VersionRequest::Matching(_) | VersionRequest::Channel(_) => None,
            },
        }
    }

    /// What each file of the head was when it was last seen.
    pub(super) fn bases(&self) -> Bases {
        let remembered = self.state.read([self.catalog.clone()]);
        let records = remembered.records_in_place(&self.catalog, &self.kept);
        let known = |record: &Record| Some((record.path.clone(), Base::Known(Some(record.base_in_head()?))));
        let by_path = records.filter_map(known).collect();
        Bases {
            by_path,
            intended: all_intended(&remembered, &self.catalog, &self.kept),
            merge: MergeFiles::new(merge3),
        }
    }

    /// What each file of the head was when this folder last saw it there; none where it saw none. `merge`: as in
    /// [`Bases`].
    pub(super) fn seen_in_head(&self, merge: MergeFiles) -> Option<Bases> {
        let remembered = self.state.read([self.catalog.clone()]);
        let records = remembered.records_in_place(&self.catalog, &self.kept).filter(|record| record.head.is_some());
        let by_path: HashMap<_, _> =
            records.map(|record| (record.path.clone(), Base::Known(record.base_in_head()))).collect();
        let intended = all_intended(&remembered, &self.catalog, &self.kept);
        (!by_path.is_empty()).then_some(Bases { by_path, intended, merge })
    }

    /// Remembers what a push is about to make of the head, and what an earlier one, of which nobody knew, has made of
    /// it. Where that cannot be written, the push goes on.
    pub(super) fn before_swap(&self) -> BeforeSwap {
        let (state, catalog, kept) = (self.state.clone(), self.catalog.clone(), self.kept.clone());
        let patience = PATIENCE_BEFORE_SWAP.min(self.patience / 10);
        let cancellation = self.cancellation.clone();
        BeforeSwap::new(move |Intent { head, files }: Intent<'_>| {
            let (state, catalog, kept, cancellation) =
                (state.clone(), catalog.clone(), kept.clone(), cancellation.clone());
            Box::pin(async move {
                let Ok(mut remembered) = state.lock([catalog.clone()], patience, &cancellation).await else { return };
                for (path, intended) in files {
                    let before = remembered.record(&catalog, &kept, &path).filter(|record| record.path == path);
                    let earlier = remembered.intended(&catalog, &kept, &path);
                    if let Some(record) = earlier.and_then(|earlier| earlier.settled(&path, before, head)) {
                        remembered.set(&catalog, &kept, path.clone(), record);
                    }
                    remembered.intend(&catalog, &kept, path, intended.map(IntendedHead::from));
                }
                // The push says afterwards what cannot be remembered.
                drop(remembered.save());
            })
        })
    }

    /// Gives local files what was merged into them, and remembers what was pushed. It is published by then, so that
    /// what cannot be done here is a warning.
    ///
    /// # Errors
    /// A signal that came while another run was waited for.
    pub(super) async fn remember(
        &self,
        session: &Session,
        workspace: &Workspace,
        pushed: &Pushed,
    ) -> Result<(), Failure> {
        let mut remembered = match self.state.lock([self.catalog.clone()], self.patience, &self.cancellation).await {
            Ok(remembered) => remembered,
            Err(NotAlone::Cancelled(signal)) => {
                let leaves = "It is pushed, but nothing was written here: neither what others had changed nor what is \
                              remembered of this push.";
                return Err(Self::cancelled(session, signal, leaves));
            }
            Err(NotAlone::Busy(waited)) => {
                session.terminal.warning(&format!(
                    "It is pushed, but another cstore has been working on this folder for {}, so nothing was written \
                     here: neither what others had changed nor what is remembered of this push. When that one has ended, \
                     run: {}",
                    seconds(waited),
                    session.suggested(&["pull"], [])
                ));
                return Ok(());
            }
        };
        let before = |file: &PushedFile| Some(remembered.record(&self.catalog, &self.kept, &file.path)?.sha256);
        let stored = pushed.files.iter().flat_map(|file| [Some(file.digest), before(file)]).flatten().collect();
        let beside = pushed.files.iter().map(|file| &file.path).chain([&self.catalog_path]);
        for left in sweep(session, workspace, beside, &stored) {
            session.terminal.warning(&left);
        }
        for file in &pushed.files {
            let merged = pushed.merged.iter().find(|merged| merged.path == file.path);
            let is_local = match merged {
                Some(merged) => Self::write_merged(session, workspace, merged),
                None => lies_here(workspace, file),
            };
            // What does not have others' changes, or was pulled or changed since the push read it, is no basis for the
            // next push. What the push was about to do, unless a pull has ended that, still tells the next one of its
            // own change.
            if is_local && let Some(stored) = &file.stored {
                let record = self.record(file, stored, &remembered);
                remembered.set(&self.catalog, &self.kept, file.path.clone(), record);
                // A version says nothing of what an earlier push made of the head.
                if self.version.is_none() {
                    remembered.intend(&self.catalog, &self.kept, file.path.clone(), None);
                }
            }
        }
        for problem in remembered.save() {
            session.terminal.warning(&format!(
                "The state of this push cannot be saved, so changes of others cannot be told from your own: {problem}."
            ));
        }
        Ok(())
    }

    /// A signal that came while another run was waited for, after the bucket was changed.
    fn cancelled(session: &Session, signal: Signal, leaves: &str) -> Failure {
        let next = session.suggested(&["pull"], []);
        Failure::WaitCancelled { signal, leaves: leaves.to_owned(), next }
    }

    fn record(&self, file: &PushedFile, stored: &BaseEntry, remembered: &Remembered) -> Record {
        if let Some(version) = &self.version {
            let before = remembered.record(&self.catalog, &self.kept, &file.path);
            return Record::of_pushed_version(file.path.clone(), version.clone(), stored, before);
        }
        let (sha256, pin) = (stored.sha256, stored.version_id.clone());
        let head = Some(SeenHead { sha256, pin: pin.clone() });
        Record { path: file.path.clone(), sha256, version: None, pin, head, origin: None }
    }

    /// Gives a local file the bytes that were pushed in its stead, unless it was changed meanwhile. Whether it has
    /// them.
    fn write_merged(session: &Session, workspace: &Workspace, merged: &MergedPath) -> bool {
        let shown = session.shown(merged.path.as_str());
        match write_over(workspace, &merged.path, merged.own, &merged.content) {
            Ok(left) => {
                if !is_as_it_was(merged) {
                    session.terminal.line(&merged_line(merged, &shown, false));
                }
                left.iter().for_each(|problem| session.terminal.warning(problem));
                true
            }
            Err(error) => {
                session.terminal.warning(&format!(
                    "What others had changed was merged into what was pushed, but not into {shown}: {error}. To get it, \
                     run: {}",
                    session.suggested(&["pull"], [])
                ));
                false
            }
        }
    }
}

/// Whether a merge leaves a local file as it is: only keys that both had changed differed, and the own ones were kept.
fn is_as_it_was(merged: &MergedPath) -> bool {
    merged.own == Digest::from_content(merged.content.expose())
}

/// "merged .env (from the bucket: TOKEN)"; of a dry run "would merge .env (from the bucket: TOKEN)", as a pull says it.
fn merged_line(merged: &MergedPath, shown: &str, dry_run: bool) -> String {
    let verb = match (merged.is_theirs, dry_run) {
        (true, false) => "updated",
        (false, false) => "merged",
        (true, true) => "would write ",
        (false, true) => "would merge ",
    };
    let keys: Vec<_> = merged.from_others.iter().map(|key| listed_key(key)).collect();
    let keys = if keys.is_empty() { String::new() } else { format!(": {}", list(&keys)) };
    format!("{verb:<10} {shown} (from the bucket{keys})")
}

/// Whether a local file has the bytes that were pushed.
fn lies_here(workspace: &Workspace, file: &PushedFile) -> bool {
    let local = workspace.read(&file.path, MAX_FILE_BYTES);
    local.is_ok_and(|local| Digest::from_content(local.expose()) == file.digest)
}

/// Gives a local file other bytes, if it has those of this digest. Says what went wrong in cleaning up.
fn write_over(
    workspace: &Workspace,
    path: &ConfigPath,
    before: Digest,
    content: &Secret<Bytes>,
) -> Result<Option<String>, WorkspaceError> {
    let content = Secret::new(content.expose().as_ref());
    let file = NewFile { path: path.clone(), content, mode: FileMode::AsBefore, named: true, may_replace: true };
    let expected = HashMap::from([(path.clone(), Some(before))]);
    replace(workspace, workspace.stage(&[file])?, &expected)
}

/// Says which local files a push would write, and what others have changed of them.
pub(super) fn say_would_write(session: &Session, pushed: &Pushed) {
    for merged in pushed.merged.iter().filter(|merged| !is_as_it_was(merged)) {
        session.terminal.line(&merged_line(merged, &session.shown(merged.path.as_str()), true));
    }
}

/// What is remembered of the files of a catalog, by their paths in a bucket and a context.
pub(super) fn knowledge(session: &Session, target: &Target) -> impl Fn(&Location) -> Known {
    let (state, catalog) = (StateFolder::new(&session.environment), session.place.folder.join(target.catalog.as_str()));
    move |location| {
        let remembered = state.read([catalog.clone()]);
        let kept = Kept::new(&location.bucket, &location.context);
        let known = |record: &Record| KnownFile {
            sha256: record.sha256,
            version: record.version.clone(),
            head: record.head.as_ref().map(|head| head.sha256),
            base_in_head: record.base_in_head().map(|base| base.sha256),
        };
        let files = remembered.records(&catalog, &kept).map(|record| (record.path.clone(), known(record))).collect();
        Known { files, intended: all_intended(&remembered, &catalog, &kept) }
    }
}

fn all_intended(remembered: &Remembered, catalog: &Path, kept: &Kept) -> HashMap<ConfigPath, Intended> {
    let all = remembered.all_intended(catalog, kept).into_iter().flatten();
    all.map(|(path, intended)| (path.clone(), intended.intended())).collect()
}
