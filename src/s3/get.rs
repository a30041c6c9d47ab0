use std::collections::{BTreeMap, HashMap};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::{
    AwsBucket, BodyBuffer, BodyLimit, Etag, Failure, Key, Object, ObjectMeta, Operation, Overrun, Reason, S3Version,
};
use crate::backoff;
use crate::network::{NetworkFault, RetryBudget, innermost};
use crate::observer::Retry;
use crate::secret::Secret;

impl AwsBucket {
    pub(super) async fn get_object(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: &BodyLimit,
        retries: &RetryBudget,
    ) -> Result<Option<Object>, Box<Failure>> {
        let operation = Operation::reading(version.is_some());
        loop {
            let request = async |client: Client, settings: Builder| {
                let request = client.get_object().bucket(&self.name).key(key.as_str());
                let request = request.set_version_id(version.map(|version| version.as_str().to_owned()));
                let request = request.set_expected_bucket_owner(self.owner());
                request.customize().config_override(settings).send().await
            };
            let answer = self.send(retries, request).await;
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(error) => return self.absent_or(operation, key, error).await,
            };
            let Some(etag) = answer.e_tag().map(Etag::new) else {
                let body = read_body(&mut answer.body, None, limit).await.unwrap_or_default();
                return Err(self.not_s3(operation, key, &body));
            };
            let head = ObjectMeta {
                etag,
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                metadata: lower_case(answer.metadata()),
            };
            let expected = answer.content_length();
            let why = match read_body(&mut answer.body, expected, limit).await {
                Ok(body) => return Ok(Some(Object { head, body: Secret::new(body) })),
                Err(Broken::Overrun(overrun)) => {
                    return Err(Box::new(Failure::from_overrun(overrun, operation, &self.name, key)));
                }
                Err(Broken::Cut(why)) => why,
            };
            // The SDK sends requests again, not those whose answer's body breaks off.
            if !retries.is_left() {
                let reason = Reason::Unreachable(NetworkFault::Connection);
                let failure = Failure::new(operation, &self.name, key.as_str(), reason);
                return Err(Box::new(Failure { detail: Some(self.at_destination(&why).await), ..failure }));
            }
            let attempt = retries.sent() + 1;
            self.observer.retry(&Retry { operation: "GetObject".to_owned(), attempt, reason: why });
            backoff::wait(retries.sent()).await;
        }
    }

    pub(super) async fn head_object(
        &self,
        key: &Key,
        version: Option<&S3Version>,
    ) -> Result<Option<ObjectMeta>, Box<Failure>> {
        let operation = Operation::reading(version.is_some());
        let request = async |client: Client, settings: Builder| {
            let request = client.head_object().bucket(&self.name).key(key.as_str());
            let request = request.set_version_id(version.map(|version| version.as_str().to_owned()));
            request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
        };
        match self.send(&RetryBudget::new(), request).await {
            Ok(answer) if answer.e_tag().is_none() => Err(self.not_s3(operation, key, &[])),
            Ok(answer) => Ok(Some(ObjectMeta {
                etag: Etag::new(answer.e_tag().unwrap_or_default()),
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                metadata: lower_case(answer.metadata()),
            })),
            Err(error) => self.absent_or(operation, key, error).await,
        }
    }
}

enum Broken {
    Overrun(Overrun),
    Cut(String),
}

async fn read_body(body: &mut ByteStream, announced: Option<i64>, limit: &BodyLimit) -> Result<Bytes, Broken> {
    let announced = announced.and_then(|bytes| u64::try_from(bytes).ok());
    let mut buffer = BodyBuffer::new(announced, limit).map_err(Broken::Overrun)?;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Broken::Cut(innermost(&error)))?;
        buffer.push(&chunk).map_err(Broken::Overrun)?;
    }
    Ok(buffer.finish())
}

fn lower_case(metadata: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    metadata.into_iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
}
