//! The store protocol: how versioned configuration lies in a bucket, and the order of requests that makes every push
//! atomic and every pull whole. ARCHITECTURE.md holds the protocol's text; the functions here follow it step by step.
//!
//! This module knows no AWS type: it runs over any [`Bucket`]. Clocks, ids and the environment are passed in as a
//! [`PushInfo`].

mod base;
mod before;
mod bodies;
mod channel;
mod claim;
mod conditions;
mod conflict;
mod difference;
mod document;
mod each;
mod encryption;
mod error;
mod expected;
mod fetch;
mod field;
mod file_entry;
mod head;
mod history;
mod inspect;
mod integrity;
mod key;
mod look;
mod manifest;
mod missing;
mod newer;
mod object_metadata;
mod order;
mod overwrite;
mod owner;
mod plan;
mod progress;
mod promoted_from;
mod publish;
mod purge;
mod purge_files;
mod purge_progress;
mod push;
mod push_source;
mod remains;
mod requires;
mod restore;
mod rollback;
mod standstill;
mod tool;
mod unique_names;
mod unlisted;
mod verify;

pub use base::{Base, BaseEntry, HeadState, Intended};
pub use before::{Before, ComparedWith};
pub use bodies::Fetch;
pub use channel::{
    BackTo, Channel, ChannelMove, ChannelRollback, LabelError, Labels, ListedChannel, Move, MoveTo, Moved, Movement,
    TargetNow,
};
pub use conflict::{Conflict, LastPush, MovedFile, Owner};
pub use difference::{Difference, What};
pub use document::Stored;
pub use each::Each;
pub use encryption::{EncryptionSettings, ReplacedKey};
pub use error::Error;
pub use fetch::{Fetched, FetchedFile};
pub use field::author_name;
pub(crate) use field::{message_of, odd_character};
pub use file_entry::FileEntry;
pub use head::FoundHead;
pub use history::PublishedVersion;
pub use inspect::{Flaw, Inspected, Instead};
pub use integrity::Integrity;
pub use key::Keys;
pub use manifest::Manifest;
pub use missing::Missing;
pub use newer::{Newer, NotUnderstood};
pub use order::{Asked, Push, PushFile, Replaces};
pub use progress::{HeadSwap, Progress, Stage};
pub use promoted_from::PromotedFrom;
pub use purge::{InTheWay, PurgeBase, PurgePlan, Purged};
pub use purge_progress::{PurgeProgress, PurgeReached, PurgeStage};
pub use push::Pushed;
pub use push_source::PushSource;
pub use requires::Requires;
pub use restore::Restore;
pub use rollback::{Rollback, RollbackTo, RolledBack};
pub use tool::Tool;
pub use unlisted::Unlisted;

use std::rc::Rc;

use futures_util::future::try_join_all;

use crate::backoff::{Backoff, FullJitter};
use crate::name::{Context, VersionName};
use crate::s3::{Bucket, ListedObject};

/// A file is at most this large; it is configuration.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// All files of a push or pull together are at most this large: they are held in memory until every one is checked. A
/// pull counts what arrives, whatever manifests and catalogs say.
pub const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// How many requests for files are under way at once: about what the SDK can send within a round trip of 20 ms, and few
/// enough for any limit on open sockets. Each takes some 45 KiB.
pub const CONCURRENCY: usize = 208;

/// One project's part of a bucket.
#[derive(Debug, Clone)]
pub struct Store<B> {
    bucket: B,
    keys: Keys,
    backoff: Rc<dyn Backoff>,
}

impl<B: Bucket> Store<B> {
    /// The part that belongs to a context.
    pub fn new(bucket: B, context: Context) -> Self {
        Self::with_backoff(bucket, context, Rc::new(FullJitter))
    }

    /// The same, for a clock of the caller's own.
    pub fn with_backoff(bucket: B, context: Context, backoff: Rc<dyn Backoff>) -> Self {
        Self { bucket, keys: Keys::new(context), backoff }
    }

    /// The bucket.
    pub fn bucket(&self) -> &B {
        &self.bucket
    }

    /// Where things lie.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The bucket's name.
    pub fn bucket_name(&self) -> &str {
        self.bucket.name()
    }

    /// The published versions, in no order that means anything.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn versions(&self) -> Result<Vec<VersionName>, Error> {
        self.versions_that_begin("").await
    }

    /// The published versions whose names begin with one of these.
    async fn versions_that_begin_with_any(&self, starts: &[String]) -> Result<Vec<VersionName>, Error> {
        Ok(try_join_all(starts.iter().map(|start| self.versions_that_begin(start))).await?.concat())
    }

    /// A published version of the same precedence as this one, which no requirement could tell from it; none of a name
    /// that is no release.
    ///
    /// # Errors
    /// Those of the listings.
    pub async fn published_twin(&self, version: &VersionName) -> Result<Option<VersionName>, Error> {
        let Some(names) = version.twin_names() else { return Ok(None) };
        // Not all that begins like the release: pre-releases, of which there may be any number, are no twins.
        let with_build = names.iter().map(|name| format!("{name}+"));
        let without = names.iter().filter(|name| **name != version.as_str()).map(|name| format!("{name}.json"));
        let starts: Vec<_> = with_build.chain(without).collect();
        let published = self.versions_that_begin_with_any(&starts).await?;
        Ok(published.into_iter().find(|other| version.is_twin_of(other)))
    }

    async fn versions_that_begin(&self, start: &str) -> Result<Vec<VersionName>, Error> {
        let prefix = self.keys.versions_prefix();
        Ok(self.version_names(&self.bucket.list(&format!("{prefix}{start}")).await?))
    }

    /// The versions whose manifests these objects are.
    pub(crate) fn version_names(&self, manifests: &[ListedObject]) -> Vec<VersionName> {
        manifests.iter().filter_map(|object| self.version_name(object)).collect()
    }

    /// The version whose manifest an object is; none of whatever else somebody may have put there.
    fn version_name(&self, manifest: &ListedObject) -> Option<VersionName> {
        let name = manifest.key.as_str().strip_prefix(&self.keys.versions_prefix())?;
        VersionName::new(name.strip_suffix(".json")?).ok()
    }
}

/// What a push says of itself: made by the front end, since the store has no clock and draws no numbers.
#[derive(Debug, Clone, Default)]
pub struct PushInfo {
    /// A UUID, new for every run of the tool.
    pub push_id: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// Where the push came from.
    pub source: Option<PushSource>,
    /// What the pusher says of it, in one or more lines; of at most 1,000 characters.
    pub message: Option<String>,
    /// What the files are promoted from, if they are.
    pub promoted_from: Option<PromotedFrom>,
}
