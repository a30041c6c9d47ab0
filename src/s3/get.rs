use std::collections::{BTreeMap, HashMap};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ArchiveStatus, ChecksumMode, ChecksumType, StorageClass};
use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{
    AwsBucket, BodyBuffer, BodyLimit, Etag, Failure, Key, Object, ObjectMeta, Operation, Overrun, Reason, S3Version,
    VersionId,
};
use crate::backoff;
use crate::name::Digest;
use crate::network::{NetworkFault, RetryBudget, innermost};
use crate::observer::Retry;
use crate::ordered::Ordered as _;
use crate::secret::Secret;

/// Asks for the checksum that S3 keeps of an object.
const CHECKSUM_MODE: (&str, &str) = ("x-amz-checksum-mode", "ENABLED");

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
                // As a header: told by its own option, the SDK hashes the body as well, which the caller does anyway.
                let request = request.customize().mutate_request(|request| {
                    request.headers_mut().insert(CHECKSUM_MODE.0, CHECKSUM_MODE.1);
                });
                request.config_override(settings).send().await
            };
            let answer = self.send(retries, request).await;
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    // Boxed, since it is rare: hundreds of requests at once would each keep room for it.
                    let failing: BoxFuture<'_, _> = Box::pin(self.absent_or(operation, key, error));
                    return failing.await;
                }
            };
            let Some(etag) = answer.e_tag().map(Etag::new) else {
                let body = read_body(&mut answer.body, None, limit).await.unwrap_or_default();
                return Err(self.not_s3(operation, key, &body));
            };
            let head = ObjectMeta {
                etag,
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                sha256: whole_sha256(answer.checksum_sha256(), answer.checksum_type()),
                // Its bytes come.
                is_archived: false,
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
        version: Option<&VersionId>,
    ) -> Result<Option<ObjectMeta>, Box<Failure>> {
        let operation = Operation::reading(version.is_some());
        let request = async |client: Client, settings: Builder| {
            let request = client.head_object().bucket(&self.name).key(key.as_str());
            let request = request.set_version_id(version.map(|version| version.as_str().to_owned()));
            let request = request.checksum_mode(ChecksumMode::Enabled).set_expected_bucket_owner(self.owner());
            request.customize().config_override(settings).send().await
        };
        match self.send(&RetryBudget::new(), request).await {
            Ok(answer) if answer.e_tag().is_none() => Err(self.not_s3(operation, key, &[])),
            Ok(answer) => Ok(Some(ObjectMeta {
                etag: Etag::new(answer.e_tag().unwrap_or_default()),
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                sha256: whole_sha256(answer.checksum_sha256(), answer.checksum_type()),
                is_archived: is_archived(answer.storage_class(), answer.archive_status()),
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

/// The SHA-256 of a whole object, of a checksum that may be made of those of its parts
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>).
fn whole_sha256(checksum: Option<&str>, kind: Option<&ChecksumType>) -> Option<Digest> {
    let is_whole = kind.is_none_or(|kind| *kind == ChecksumType::FullObject);
    checksum.filter(|_| is_whole).and_then(Digest::from_base64)
}

/// Whether a GET would be answered with `InvalidObjectState`. What was restored for some days counts as archived, too.
fn is_archived(class: Option<&StorageClass>, status: Option<&ArchiveStatus>) -> bool {
    status.is_some() || matches!(class, Some(StorageClass::Glacier | StorageClass::DeepArchive))
}

fn lower_case(metadata: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    metadata.into_iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).ordered_map()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_checksum_of_a_whole_object_is_its_digest() {
        let digest = Digest::from_content(b"A=1");
        let base64 = digest.base64();
        assert_eq!(whole_sha256(Some(&base64), None), Some(digest));
        assert_eq!(whole_sha256(Some(&base64), Some(&ChecksumType::FullObject)), Some(digest));
        assert_eq!(whole_sha256(Some(&base64), Some(&ChecksumType::Composite)), None);
        for text in [format!("{base64}-1"), "yZRlqg==".to_owned(), "?".to_owned(), String::new()] {
            assert_eq!(whole_sha256(Some(&text), None), None, "{text}");
        }
        assert_eq!(whole_sha256(None, Some(&ChecksumType::FullObject)), None);
    }

    #[test]
    fn what_cannot_be_got_is_archived() {
        for class in [StorageClass::Glacier, StorageClass::DeepArchive] {
            assert!(is_archived(Some(&class), None), "{class}");
        }
        for class in [StorageClass::Standard, StorageClass::GlacierIr, StorageClass::StandardIa] {
            assert!(!is_archived(Some(&class), None), "{class}");
        }
        assert!(is_archived(Some(&StorageClass::IntelligentTiering), Some(&ArchiveStatus::DeepArchiveAccess)));
        assert!(!is_archived(Some(&StorageClass::IntelligentTiering), None));
        assert!(!is_archived(None, None));
    }
}
