use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation, StalledStreamProtectionConfig};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId as _;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::shared::IntoShared as _;
use bytes::{Bytes, BytesMut};

use super::clear::{InTheClear, NotInTheClear};
use super::failure::reason_of;
use super::{
    Bucket, Condition, Etag, Failure, Head, Key, Object, Operation, Put, PutAnswer, Reason, S3Version, Written,
};
use crate::secret::Secret;

/// How many times a conditional put is sent again after 409 `ConditionalRequestConflict`, and a body got again after
/// it broke off. With [`AwsBucket::pause`] between them, about ten seconds in all.
const ATTEMPTS: u32 = 8;
/// How often a request is sent at most when S3 fails or does not answer.
const TRIES: u32 = 8;
/// The window of the wait before the second try, jittered, doubled with each: about six seconds in all at most. A
/// broken connection is most often well again at once, and the SDK's own first second is longer than a whole pull.
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// From the request's end to the answer's first byte.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Where no region is known and the bucket cannot tell: S3's own default.
const FALLBACK_REGION: &str = "us-east-1";

/// How to reach S3.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The region; else what the environment and the profile say.
    pub region: Option<String>,
    /// Another service than AWS's own; else what the profile says.
    pub endpoint_url: Option<String>,
    /// Whether that is a service of its own, and not all of AWS behind another name.
    pub is_other_service: bool,
    /// Whether an endpoint over http may be on another machine.
    pub allow_http: bool,
    /// The account that every bucket must belong to, sent with every request.
    pub expected_bucket_owner: Option<String>,
}

impl Connection {
    /// The SDK's settings, from this and the environment. The same for all buckets of a run, so that they share one
    /// pool of connections.
    pub async fn open(&self) -> SdkConfig {
        let http = Builder::new().tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build_https();
        let http = if self.allow_http { http } else { NotInTheClear(http).into_shared() };
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_BACKOFF))
            .timeout_config(
                TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build(),
            )
            .stalled_stream_protection(
                StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(10)).build(),
            )
            // The explicit SHA-256 is stronger than the CRC that the SDK would add, and S3-compatible services take it.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = loader.load().await;
        if config.region().is_some() {
            return config;
        }
        config.into_builder().region(Region::new(FALLBACK_REGION)).build()
    }

    /// A bucket, over what [`open`](Self::open) gave.
    #[must_use]
    pub fn bucket(&self, config: &SdkConfig, name: &str) -> AwsBucket {
        let mut builder = aws_sdk_s3::config::Builder::from(config);
        // Other services than AWS's own seldom have a host name for each bucket.
        if let Some(url) = &self.endpoint_url {
            builder = builder.endpoint_url(url).force_path_style(true);
        }
        AwsBucket {
            client: Client::from_conf(builder.build()),
            name: name.to_owned(),
            owner: self.expected_bucket_owner.clone(),
        }
    }
}

/// A bucket behind the AWS SDK.
#[derive(Debug, Clone)]
pub struct AwsBucket {
    client: Client,
    name: String,
    owner: Option<String>,
}

impl AwsBucket {
    pub(super) fn owned_by(self, owner: Option<String>) -> Self {
        Self { owner, ..self }
    }

    /// `None` when there is no such object; a failure for everything else.
    fn absent_or<T, E: ProvideErrorMetadata + std::error::Error + 'static>(
        &self,
        operation: Operation,
        key: &Key,
        error: SdkError<E, HttpResponse>,
    ) -> Result<Option<T>, Box<Failure>> {
        let status = error.raw_response().map(|raw| raw.status().as_u16());
        let code = error.code().map(ToOwned::to_owned);
        match (status, code.as_deref()) {
            // 405 is the answer to a version id that names a delete marker.
            (Some(404), Some("NoSuchKey" | "NoSuchVersion" | "NotFound")) => Ok(None),
            (Some(405), _) if operation == Operation::GetVersion => Ok(None),
            // A HEAD has no body, so no code. A body without a code is no answer of S3's.
            (Some(404), None) if !has_body(&error) => Ok(None),
            // A version id of another form than this service's own.
            (Some(400), Some("InvalidArgument")) if operation == Operation::GetVersion => Ok(None),
            (Some(400), None) if operation == Operation::GetVersion && !has_body(&error) => Ok(None),
            _ => Err(self.failure(operation, key.as_str(), error)),
        }
    }

    pub(super) fn failure<E: ProvideErrorMetadata + std::error::Error + 'static>(
        &self,
        operation: Operation,
        key: &str,
        error: SdkError<E, HttpResponse>,
    ) -> Box<Failure> {
        let code = error.code().map(ToOwned::to_owned);
        let message = error.message().map(ToOwned::to_owned);
        let request_id = error.request_id().map(ToOwned::to_owned);
        let mut failure = Failure::new(operation, &self.name, key, Reason::Unreachable);
        match &error {
            SdkError::ConstructionFailure(_) => {
                failure.reason =
                    if innermost(&error).contains("redential") { Reason::Credentials } else { Reason::Invalid };
                failure.detail = Some(without_attempts(innermost(&error)));
            }
            SdkError::TimeoutError(_) => failure.detail = Some("no answer in time".to_owned()),
            SdkError::DispatchFailure(dispatch) => {
                let chain = chain(&error);
                if chain.contains(&InTheClear.to_string()) {
                    failure.reason = Reason::InTheClear;
                }
                // Where no provider of the chain has any, the SDK fails before it connects.
                if !dispatch.is_timeout() && !dispatch.is_io() && chain.contains("credentials") {
                    failure.reason = Reason::Credentials;
                }
                failure.detail = Some(without_attempts(innermost(&error)));
            }
            _ => {
                let raw = error.raw_response();
                let status = raw.map(|raw| raw.status().as_u16());
                failure.reason = reason_of(status.unwrap_or_default(), code.as_deref(), message.as_deref());
                if let Reason::WrongRegion(region) = &mut failure.reason {
                    let header = raw.and_then(|raw| raw.headers().get("x-amz-bucket-region")).map(ToOwned::to_owned);
                    *region = header.or_else(|| expected_region(message.as_deref()?).map(ToOwned::to_owned));
                }
                failure.status = status;
                failure.detail = message.or_else(|| first_line(raw?.body().bytes()?));
            }
        }
        failure.code = code;
        failure.request_id = request_id;
        Box::new(failure)
    }

    /// S3 never answers with success but without an ETag; what stands in front of it may.
    fn not_s3(&self, operation: Operation, key: &Key, body: &[u8]) -> Box<Failure> {
        let failure = Failure::new(operation, &self.name, key.as_str(), Reason::NotS3);
        // A page, not a file: what a body that is no page holds may be a value.
        let detail = first_line(body).filter(|line| line.starts_with('<'));
        Box::new(Failure { status: Some(200), detail, ..failure })
    }

    /// Puts once; none when what answered is not S3.
    async fn put_once(
        &self,
        put: &Put,
    ) -> Result<Option<Written>, SdkError<aws_sdk_s3::operation::put_object::PutObjectError, HttpResponse>> {
        let mut request = self
            .client
            .put_object()
            .bucket(&self.name)
            .key(put.key.as_str())
            .set_expected_bucket_owner(self.owner.clone())
            .body(ByteStream::from(put.body.expose().clone()))
            .checksum_sha256(put.digest.base64())
            .content_type(put.content_type)
            .set_metadata(Some(put.metadata.clone().into_iter().collect()));
        request = match &put.condition {
            Condition::Create => request.if_none_match("*"),
            Condition::Replace(etag) => request.if_match(etag.as_str()),
        };
        if let Some(kms_key) = &put.kms_key {
            request = request.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(kms_key);
        }
        let answer = request.send().await?;
        let Some(etag) = answer.e_tag() else { return Ok(None) };
        Ok(Some(Written {
            etag: Etag::new(etag),
            version: S3Version::pinning(answer.version_id()),
            kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
        }))
    }
}

impl Bucket for AwsBucket {
    fn name(&self) -> &str {
        &self.name
    }

    async fn get(&self, key: &Key, version: Option<&S3Version>, limit: u64) -> Result<Option<Object>, Box<Failure>> {
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
        let mut attempt = 1;
        loop {
            let answer = self
                .client
                .get_object()
                .bucket(&self.name)
                .key(key.as_str())
                .set_version_id(version.map(|version| version.as_str().to_owned()))
                .set_expected_bucket_owner(self.owner.clone())
                .send()
                .await;
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(error) => return self.absent_or(operation, key, error),
            };
            let Some(etag) = answer.e_tag().map(Etag::new) else {
                let body = read_body(&mut answer.body, limit).await.unwrap_or_default();
                return Err(self.not_s3(operation, key, &body));
            };
            let head = Head {
                etag,
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                metadata: lower_case(answer.metadata()),
            };
            match read_body(&mut answer.body, limit).await {
                Ok(body) => return Ok(Some(Object { head, body: Secret::new(body) })),
                Err(Broken::TooLarge) => return Err(Box::new(Failure::too_large(operation, &self.name, key, limit))),
                // The SDK retries requests, not bodies that break off.
                Err(Broken::Cut(_)) if attempt < ATTEMPTS => {}
                Err(Broken::Cut(why)) => {
                    let failure = Failure::new(operation, &self.name, key.as_str(), Reason::Unreachable);
                    return Err(Box::new(Failure { detail: Some(why), ..failure }));
                }
            }
            self.pause(attempt).await;
            attempt += 1;
        }
    }

    async fn head(&self, key: &Key, version: Option<&S3Version>) -> Result<Option<Head>, Box<Failure>> {
        let operation = if version.is_some() { Operation::GetVersion } else { Operation::Get };
        let answer = self
            .client
            .head_object()
            .bucket(&self.name)
            .key(key.as_str())
            .set_version_id(version.map(|version| version.as_str().to_owned()))
            .set_expected_bucket_owner(self.owner.clone())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.e_tag().is_none() => Err(self.not_s3(operation, key, &[])),
            Ok(answer) => Ok(Some(Head {
                etag: Etag::new(answer.e_tag().unwrap_or_default()),
                version: S3Version::pinning(answer.version_id()),
                kms_key_id: answer.ssekms_key_id().map(ToOwned::to_owned),
                metadata: lower_case(answer.metadata()),
            })),
            Err(error) => self.absent_or(operation, key, error),
        }
    }

    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>> {
        let mut attempt = 1;
        loop {
            let error = match self.put_once(put).await {
                Ok(Some(written)) => return Ok(PutAnswer::Written(written)),
                Ok(None) => return Err(self.not_s3(Operation::Put, &put.key, &[])),
                Err(error) => error,
            };
            let status = error.raw_response().map(|raw| raw.status().as_u16());
            match (status, error.code()) {
                (Some(412), _) => return Ok(PutAnswer::ConditionFailed),
                // `If-Match` on a key that is gone: the same as another state there.
                (Some(404), Some("NoSuchKey")) if matches!(put.condition, Condition::Replace(_)) => {
                    return Ok(PutAnswer::ConditionFailed);
                }
                // Another write of the key is in flight, which may yet fail: no conflict so far.
                (Some(409), _) if attempt < ATTEMPTS => {}
                _ => return Err(self.failure(Operation::Put, put.key.as_str(), error)),
            }
            self.pause(attempt).await;
            attempt += 1;
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Box<Failure>> {
        let mut keys = Vec::new();
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .prefix(prefix)
            .set_expected_bucket_owner(self.owner.clone())
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Operation::List, prefix, error))?;
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(ToOwned::to_owned)));
        }
        Ok(keys)
    }

    async fn pause(&self, attempt: u32) {
        // Full jitter over a window that doubles from 50 ms to 2 s: many jobs that meet must not stay in step.
        let window = 50u64.saturating_mul(1 << attempt.min(6)).min(2_000);
        let random = getrandom::u64().unwrap_or(u64::MAX / 2);
        tokio::time::sleep(Duration::from_millis(random % window)).await;
    }
}

enum Broken {
    TooLarge,
    Cut(String),
}

async fn read_body(body: &mut ByteStream, limit: u64) -> Result<Bytes, Broken> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Broken::Cut(innermost(&error)))?;
        if (whole.len() + chunk.len()) as u64 > limit {
            return Err(Broken::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn lower_case(metadata: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    metadata.into_iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
}

/// The region in "The authorization header is malformed; the region 'a' is wrong; expecting 'b'".
fn expected_region(message: &str) -> Option<&str> {
    let region = message.split_once("expecting '")?.1.split_once('\'')?.0;
    region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then_some(region)
}

/// Whether an error has more than its head.
fn has_body<E>(error: &SdkError<E, HttpResponse>) -> bool {
    error.raw_response().and_then(|raw| raw.body().bytes()).is_some_and(|body| !body.is_empty())
}

/// The first line of an answer that is none of S3's.
fn first_line(body: &[u8]) -> Option<String> {
    let start = body.get(..body.len().min(300))?;
    let text = String::from_utf8_lossy(start);
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(ToOwned::to_owned)
}

/// The SDK's list of all credential providers and why none had any says little to whoever uses none of them.
fn without_attempts(text: String) -> String {
    text.split_once(". Attempted:").map_or(text.clone(), |(first, _)| first.to_owned())
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut last = error.source();
    while let Some(source) = last {
        text.push_str(": ");
        text.push_str(&source.to_string());
        last = source.source();
    }
    text
}
