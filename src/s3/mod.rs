//! One thin adapter over S3: typed conditions in, typed errors out.
//!
//! [`Bucket`] offers the handful of operations that the store's protocol needs, and no others: an unconditional put
//! cannot be written at all. S3's odd answers are translated in this module and nowhere else. It knows nothing of
//! manifests, claims or configuration.

mod answer_body;
mod arn;
mod budget;
mod client;
mod connection;
mod delete;
mod explain;
mod failure;
mod get;
mod list;
mod object;
mod put;
mod recover;
mod region;
mod send_again;

pub use crate::network::RetryBudget;
pub use budget::{BodyBuffer, BodyLimit, Budget, Overrun};
pub use client::AwsBucket;
pub use connection::{ConnectError, Connection, Session};
pub use failure::{Failure, Operation, Reason};
pub use object::{
    Condition, DeleteAnswer, Etag, Key, Level, ListedObject, ListedVersion, Object, ObjectMeta, Put, PutAnswer,
    S3Version, VersionContent, VersionId, Written,
};
pub(crate) use region::is_region;

/// The operations on one bucket. The implementation sends again what S3 asks to have sent again, within a
/// [`RetryBudget`] for each operation; what it returns is final.
#[expect(async_fn_in_trait, reason = "one thread, so no caller needs the futures to be Send")]
pub trait Bucket {
    /// The bucket's name.
    fn name(&self) -> &str;

    /// The URL of a service other than AWS's, of which nobody knows whether it honours the conditions of puts; none for
    /// AWS, which does.
    fn other_service(&self) -> Option<&str>;

    /// The object at a key, or one S3 version of it; `None` when there is none or a delete marker. The limit's budget
    /// counts the body for as long as it is held.
    ///
    /// `retries` is the caller's, who may find that the body is not the one that it should be, and get it again.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] and [`Reason::OverBudget`] when the body exceeds the limit, without reading the rest of it;
    /// and whatever S3 or the network refuse.
    async fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: impl Into<BodyLimit>,
        retries: &RetryBudget,
    ) -> Result<Option<Object>, Box<Failure>>;

    /// What [`get`](Self::get) would say of the object, or of one version of it, without its body.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn head(&self, key: &Key, version: Option<&VersionId>) -> Result<Option<ObjectMeta>, Box<Failure>>;

    /// Puts an object if the condition holds when the put takes effect.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse. A condition that does not hold is [`PutAnswer::ConditionFailed`]; after a
    /// lost answer that may be the put's own first try, so callers look before they conclude.
    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>>;

    /// Deletes the object at a key, if it is in this state when the delete takes effect. Where the bucket keeps
    /// versions, they stay, and a delete marker hides them.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse. Another state is [`DeleteAnswer::ConditionFailed`]; after a lost answer that
    /// may be due to the delete's own first try, so callers look before they conclude.
    async fn delete(&self, key: &Key, expected: &Etag) -> Result<DeleteAnswer, Box<Failure>>;

    /// Deletes one version of an object, or a delete marker, for good; one that is not there is deleted already. The
    /// version before the latest becomes the latest with it.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn delete_version(&self, key: &Key, version: &VersionId) -> Result<(), Box<Failure>>;

    /// The objects whose keys begin with a prefix, by key: from all pages that S3 makes of them.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn list(&self, prefix: &str) -> Result<Vec<ListedObject>, Box<Failure>>;

    /// The first of these pages, of at most 1,000 objects; none where there are more.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn list_if_one_page(&self, prefix: &str) -> Result<Option<Vec<ListedObject>>, Box<Failure>>;

    /// What lies right below a prefix, which ends in `/` or is empty: from all pages that S3 makes of it. What lies in
    /// a folder costs nothing, however much it is.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn list_level(&self, prefix: &str) -> Result<Level, Box<Failure>>;

    /// All versions and delete markers of the keys that begin with a prefix: by key, and of each key the oldest first.
    /// A version and a marker of the same second stand in either order, unless one of them is the latest.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn list_versions(&self, prefix: &str) -> Result<Vec<ListedVersion>, Box<Failure>>;
}
