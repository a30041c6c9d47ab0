use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ServerSideEncryption};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::answer_body::AnswerBody;
use super::{AwsBucket, Condition, Etag, Failure, Operation, Put, PutAnswer, S3Version, Written};
use crate::network::{LARGE_BODY, RetryBudget, large_body_timeouts};

impl AwsBucket {
    pub(super) async fn put_object(&self, put: &Put) -> Result<PutAnswer, Box<Failure>> {
        let error = match self.send_put(put).await {
            Ok(Ok(written)) => return Ok(PutAnswer::Written(written)),
            Ok(Err(page)) => return Err(self.not_s3(Operation::Put, &put.key, &page)),
            Err(error) => error,
        };
        match (error.raw_response().map(|raw| raw.status().as_u16()), error.code()) {
            (Some(412), _) => Ok(PutAnswer::ConditionFailed),
            // `If-Match` on a key that is gone: the same as another state there.
            (Some(404), Some("NoSuchKey")) if matches!(put.condition, Condition::Replace(_)) => {
                Ok(PutAnswer::ConditionFailed)
            }
            _ => {
                let failure = self.failure(Operation::Put, put.key.as_str(), error).await;
                let replaces = matches!(put.condition, Condition::Replace(_));
                Err(Box::new(Failure { replaces, ..*failure }))
            }
        }
    }

    /// The body of the answer in place of what was written when what answered is not S3.
    async fn send_put(&self, put: &Put) -> Result<Result<Written, Vec<u8>>, SdkError<PutObjectError, HttpResponse>> {
        let body = AnswerBody::default();
        let is_large = put.body.expose().len() >= LARGE_BODY;
        let request = async |client: Client, settings: Builder| {
            let settings = if is_large { settings.timeout_config(large_body_timeouts()) } else { settings };
            let settings = settings.interceptor(body.clone());
            self.put_request(&client, put).customize().config_override(settings).send().await
        };
        let answer = self.send(&RetryBudget::new(), request).await?;
        let (page, etag) = (body.take(), answer.e_tag().filter(|etag| !etag.is_empty()));
        let Some(etag) = etag.filter(|_| page.is_empty()) else { return Ok(Err(page)) };
        Ok(Ok(Written {
            etag: Etag::new(etag),
            version: S3Version::pinning(answer.version_id()),
            kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
        }))
    }

    fn put_request(&self, client: &Client, put: &Put) -> PutObjectFluentBuilder {
        let mut request = client
            .put_object()
            .bucket(&self.name)
            .key(put.key.as_str())
            .set_expected_bucket_owner(self.owner())
            .body(ByteStream::from(put.body.expose().clone()))
            .checksum_sha256(put.digest.base64())
            // Without it Object Lock refuses the put, whatever checksum it carries.
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .content_type(put.content_type)
            .set_metadata(Some(put.metadata.clone().into_iter().collect()));
        request = match &put.condition {
            Condition::Create => request.if_none_match("*"),
            Condition::Replace(etag) => request.if_match(etag.as_str()),
        };
        if let Some(kms_key) = &put.kms_key {
            request = request.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(kms_key);
        }
        request
    }
}
