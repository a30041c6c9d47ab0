//! One thin adapter over S3: typed conditions in, typed errors out.
//!
//! [`Bucket`] offers the handful of operations that the store's protocol needs, and no others: an unconditional put
//! cannot be written at all. S3's odd answers are translated in this module and nowhere else. It knows nothing of
//! manifests, claims or configuration.

mod budget;
mod client;
mod connection;
mod explain;
mod failure;
mod object;
mod recover;
mod send_again;

pub use crate::network::RetryBudget;
pub use budget::{BodyBuffer, BodyLimit, Budget, Overrun};
pub use client::AwsBucket;
pub(crate) use connection::is_region;
pub use connection::{ConnectError, Connection, Session};
pub use failure::{Failure, Operation, Reason};
pub use object::{Condition, Etag, Key, Object, ObjectMeta, Put, PutAnswer, S3Version, Written};

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

    /// What [`get`](Self::get) would say of the object, without its body.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn head(&self, key: &Key, version: Option<&S3Version>) -> Result<Option<ObjectMeta>, Box<Failure>>;

    /// Puts an object if the condition holds when the put takes effect.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse. A condition that does not hold is [`PutAnswer::ConditionFailed`]; after a
    /// lost answer that may be the put's own first try, so callers look before they conclude.
    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>>;

    /// The keys that begin with a prefix, in S3's order.
    ///
    /// # Errors
    /// Whatever S3 or the network refuse.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, Box<Failure>>;
}
