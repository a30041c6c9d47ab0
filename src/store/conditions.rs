//! Whether a service honours the conditions of puts, where nobody knows: all that this protocol promises rests on it.

use futures_util::future::join;
use serde_json::json;

use super::document::{SCHEMA, document_put};
use super::{Error, PushInfo, Store};
use crate::s3::{Bucket, Condition, DeleteAnswer, Etag, Failure, Key, Put, PutAnswer, Reason};

/// The MD5 of nothing that anybody knows: no object is in this state.
const NO_STATE: &str = "\"00000000000000000000000000000000\"";

impl<B: Bucket> Store<B> {
    /// Puts a document that stands there once more, under both conditions, neither of which holds. AWS is known to
    /// refuse such puts, and is not asked.
    ///
    /// # Errors
    /// [`Error::IgnoresConditions`] when one of them is taken, the first twice. It replaces the document by what the
    /// push itself would put there, and nothing else.
    pub(super) async fn prove_conditions(&self, put: impl FnOnce() -> Result<Put, Error>) -> Result<(), Error> {
        let Some(endpoint) = self.bucket.other_service() else { return Ok(()) };
        let put = put()?;
        let create = Put { condition: Condition::Create, ..put.clone() };
        let replace = Put { condition: Condition::Replace(Etag::new(NO_STATE)), ..put };
        let answers = join(self.bucket.put(&create), self.bucket.put(&replace)).await;
        let is_taken = [refused(answers.0)?, refused(answers.1)?].map(|is_refused| !is_refused);
        // What was to stand there may have been purged in between. Then it stands again.
        if is_taken[1] || is_taken[0] && !refused(self.bucket.put(&create).await)? {
            return Err(Error::IgnoresConditions { endpoint: endpoint.to_owned(), key: create.key });
        }
        Ok(())
    }

    /// Tries a delete with a condition that does not hold, on the claim of a version's purge, or on what pushes of the
    /// head try theirs on.
    ///
    /// # Errors
    /// As those of [`prove_conditions`](Self::prove_conditions); what is gone then is that document.
    pub(super) async fn prove_deletes(&self, key: Key) -> Result<(), Error> {
        let Some(endpoint) = self.bucket.other_service() else { return Ok(()) };
        match self.bucket.delete(&key, &Etag::new(NO_STATE)).await {
            Ok(DeleteAnswer::ConditionFailed) => Ok(()),
            Ok(DeleteAnswer::Deleted { .. }) => Err(Error::IgnoresConditions { endpoint: endpoint.to_owned(), key }),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Puts what a push of the head, which has no claim, tries the conditions on. Nobody reads it, and it stays, so
    /// that the next push finds it there.
    pub(super) async fn put_proof(&self, info: &PushInfo) -> Result<(), Error> {
        if self.bucket.other_service().is_some() {
            self.bucket.put(&self.proof(info)?).await?;
        }
        Ok(())
    }

    pub(super) fn proof(&self, info: &PushInfo) -> Result<Put, Error> {
        let document = json!({ "schema": SCHEMA, "context": self.keys.context().to_string() });
        document_put(self.keys.conditions()?, &document, None, info, Condition::Create)
    }
}

/// Whether a put was refused. A role that may create, and never replace, is denied it: what is not allowed was not put.
fn refused(answer: Result<PutAnswer, Box<Failure>>) -> Result<bool, Error> {
    match answer {
        Ok(PutAnswer::ConditionFailed) => Ok(true),
        Ok(PutAnswer::Written(_)) => Ok(false),
        Err(failure) if failure.reason == Reason::Denied => Ok(true),
        Err(failure) => Err(failure.into()),
    }
}
