use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::ProvideErrorMetadata as _;

use super::answer_body::AnswerBody;
use super::{AwsBucket, DeleteAnswer, Etag, Failure, Key, Operation, VersionId};
use crate::network::RetryBudget;

impl AwsBucket {
    pub(super) async fn delete_object(&self, key: &Key, expected: &Etag) -> Result<DeleteAnswer, Box<Failure>> {
        let body = AnswerBody::default();
        let request = async |client: Client, settings: Builder| {
            let settings = settings.interceptor(body.clone());
            let request = client.delete_object().bucket(&self.name).key(key.as_str());
            let request = request.if_match(expected.as_str());
            request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
        };
        let error = match self.send(&RetryBudget::new(), request).await {
            Ok(answer) => {
                self.refuse_page(Operation::Delete, key, &body)?;
                let marker = answer.version_id().filter(|_| answer.delete_marker() == Some(true));
                return Ok(DeleteAnswer::Deleted { marker: marker.map(VersionId::new) });
            }
            Err(error) => error,
        };
        match (error.raw_response().map(|raw| raw.status().as_u16()), error.code()) {
            (Some(412), _) => Ok(DeleteAnswer::ConditionFailed),
            // `If-Match` on a key that is gone: the same as another state there.
            (Some(404), Some("NoSuchKey")) => Ok(DeleteAnswer::ConditionFailed),
            _ => Err(self.failure(Operation::Delete, key.as_str(), error).await),
        }
    }

    pub(super) async fn delete_object_version(&self, key: &Key, version: &VersionId) -> Result<(), Box<Failure>> {
        let body = AnswerBody::default();
        let request = async |client: Client, settings: Builder| {
            let settings = settings.interceptor(body.clone());
            let request = client.delete_object().bucket(&self.name).key(key.as_str()).version_id(version.as_str());
            request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
        };
        match self.send(&RetryBudget::new(), request).await {
            Ok(_) => self.refuse_page(Operation::DeleteVersion, key, &body),
            Err(error) => Err(self.failure(Operation::DeleteVersion, key.as_str(), error).await),
        }
    }

    fn refuse_page(&self, operation: Operation, key: &Key, body: &AnswerBody) -> Result<(), Box<Failure>> {
        let page = body.take();
        if page.is_empty() { Ok(()) } else { Err(self.not_s3(operation, key, &page)) }
    }
}
