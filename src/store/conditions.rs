//! Whether a service honours the conditions of puts, where nobody knows: all that this protocol promises rests on it.

use futures_util::future::join;
use serde_json::json;

use super::document::{SCHEMA, document_put};
use super::{Error, PushInfo, Store};
use crate::s3::{Bucket, Condition, Etag, Put, PutAnswer, Reason};

/// The MD5 of nothing that anybody knows: no object is in this state.
const NO_STATE: &str = "\"00000000000000000000000000000000\"";

impl<B: Bucket> Store<B> {
    /// Puts a document that stands there once more, under both conditions, neither of which holds. AWS is known to
    /// refuse such puts, and is not asked.
    ///
    /// # Errors
    /// [`Error::IgnoresConditions`] when one of them is taken. It replaces the document by what the push itself would
    /// put there, and nothing else.
    pub(super) async fn prove_conditions(&self, put: impl FnOnce() -> Result<Put, Error>) -> Result<(), Error> {
        let Some(endpoint) = self.bucket.other_service() else { return Ok(()) };
        let put = put()?;
        let create = Put { condition: Condition::Create, ..put.clone() };
        let replace = Put { condition: Condition::Replace(Etag::new(NO_STATE)), ..put };
        let answers = join(self.bucket.put(&create), self.bucket.put(&replace)).await;
        for answer in [answers.0, answers.1] {
            match answer {
                Ok(PutAnswer::ConditionFailed) => {}
                Ok(PutAnswer::Written(_)) => {
                    return Err(Error::IgnoresConditions { endpoint: endpoint.to_owned(), key: create.key });
                }
                // A role that may create, and never replace: what is not allowed was not put.
                Err(failure) if failure.reason == Reason::Denied => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
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
