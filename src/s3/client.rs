use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ServerSideEncryption};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use tokio::sync::OnceCell;

use super::explain::DenialContext;
use super::send_again::PutAgain;
use super::{
    BodyBuffer, BodyLimit, Bucket, Condition, Etag, Failure, Key, Object, ObjectMeta, Operation, Overrun, Put,
    PutAnswer, Reason, S3Version, Written,
};
use crate::backoff;
use crate::identity::{AccountId, Provider};
use crate::network::{
    self, LARGE_BODY, NetworkFault, RetryBudget, RetryLog, innermost, large_body_timeouts, retry_partition,
};
use crate::observer::{Observer, Retry};
use crate::secret::Secret;

/// A body of which nothing came for this long is cut, and got again.
pub(super) const STALLED_AFTER: Duration = Duration::from_secs(10);

/// What answers for S3.
#[derive(Debug, Clone)]
pub(super) struct Service {
    /// Where it is, when that is not for the SDK to say.
    pub(super) endpoint_url: Option<String>,
    /// What the SDK makes the bucket's URL of.
    pub(super) location: Option<Params>,
    /// Whether it is AWS, be it under another name, so that there is an STS that knows who asks.
    pub(super) is_aws: bool,
}

/// A bucket behind the AWS SDK.
#[derive(Debug, Clone)]
pub struct AwsBucket {
    pub(super) name: String,
    owner: Option<AccountId>,
    /// Replaced when the bucket turns out to be in another region.
    client: Arc<RwLock<Client>>,
    settings: Builder,
    network: network::Client,
    pub(super) provider: Arc<Provider>,
    observer: Arc<dyn Observer>,
    pub(super) service: Service,
    pub(super) denial_context: Arc<OnceCell<DenialContext>>,
}

impl AwsBucket {
    pub(super) fn new(
        name: &str,
        owner: Option<AccountId>,
        settings: Builder,
        network: network::Client,
        provider: Arc<Provider>,
        observer: Arc<dyn Observer>,
        service: Service,
    ) -> Self {
        let settings = settings
            .interceptor(RetryLog(Arc::clone(&observer)))
            .retry_classifier(PutAgain)
            .retry_partition(retry_partition("s3"));
        let client = Arc::new(RwLock::new(Client::from_conf(settings.clone().build())));
        let denial_context = Arc::default();
        Self { name: name.to_owned(), owner, client, settings, network, provider, observer, service, denial_context }
    }

    pub(super) fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn owner(&self) -> Option<String> {
        self.owner.as_ref().map(ToString::to_string)
    }

    /// Begins to open connections for so many requests, while something else is waited for. Where they lead, the SDK
    /// says.
    pub async fn open_ahead(&self, requests: usize) {
        let Some(location) = &self.service.location else { return };
        if let Ok(endpoint) = DefaultResolver::new().resolve_endpoint(location).await {
            self.network.open_ahead(endpoint.url(), requests);
        }
    }

    /// All further requests go to this region.
    pub(super) fn move_to(&self, region: Region) {
        let client = Client::from_conf(self.settings.clone().region(region).build());
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// None when what answered is not S3.
    async fn put_if(&self, put: &Put) -> Result<Option<Written>, SdkError<PutObjectError, HttpResponse>> {
        let is_large = put.body.expose().len() >= LARGE_BODY;
        let request = async |client: Client, settings: Builder| {
            let settings = if is_large { settings.timeout_config(large_body_timeouts()) } else { settings };
            self.put_request(&client, put).customize().config_override(settings).send().await
        };
        let answer = self.send(&RetryBudget::new(), request).await?;
        let Some(etag) = answer.e_tag() else { return Ok(None) };
        Ok(Some(Written {
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

impl Bucket for AwsBucket {
    fn name(&self) -> &str {
        &self.name
    }

    fn other_service(&self) -> Option<&str> {
        if self.service.is_aws { None } else { self.service.endpoint_url.as_deref() }
    }

    async fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: impl Into<BodyLimit>,
        retries: &RetryBudget,
    ) -> Result<Option<Object>, Box<Failure>> {
        let limit = limit.into();
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
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
                let body = read_body(&mut answer.body, None, &limit).await.unwrap_or_default();
                return Err(self.not_s3(operation, key, &body));
            };
            let head = ObjectMeta {
                etag,
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                metadata: lower_case(answer.metadata()),
            };
            let expected = answer.content_length();
            let why = match read_body(&mut answer.body, expected, &limit).await {
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
                return Err(Box::new(Failure { detail: Some(why), ..failure }));
            }
            let attempt = retries.sent() + 1;
            self.observer.retry(&Retry { operation: "GetObject".to_owned(), attempt, reason: why });
            backoff::wait(retries.sent()).await;
        }
    }

    async fn head(&self, key: &Key, version: Option<&S3Version>) -> Result<Option<ObjectMeta>, Box<Failure>> {
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
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

    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>> {
        let error = match self.put_if(put).await {
            Ok(Some(written)) => return Ok(PutAnswer::Written(written)),
            Ok(None) => return Err(self.not_s3(Operation::Put, &put.key, &[])),
            Err(error) => error,
        };
        match (error.raw_response().map(|raw| raw.status().as_u16()), error.code()) {
            (Some(412), _) => Ok(PutAnswer::ConditionFailed),
            // `If-Match` on a key that is gone: the same as another state there.
            (Some(404), Some("NoSuchKey")) if matches!(put.condition, Condition::Replace(_)) => {
                Ok(PutAnswer::ConditionFailed)
            }
            _ => Err(self.failure(Operation::Put, put.key.as_str(), error).await),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Box<Failure>> {
        let mut keys = Vec::new();
        let mut token = None;
        loop {
            let request = async |client: Client, settings: Builder| {
                let request = client.list_objects_v2().bucket(&self.name).prefix(prefix);
                let request = request.set_continuation_token(token.clone());
                request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
            };
            let page = match self.send(&RetryBudget::new(), request).await {
                Ok(page) => page,
                Err(error) => return Err(self.failure(Operation::List, prefix, error).await),
            };
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(ToOwned::to_owned)));
            let next = page.next_continuation_token().map(ToOwned::to_owned);
            if next.is_none() || next == token {
                return Ok(keys);
            }
            token = next;
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
