//! From the SDK's errors to what a person can do something about.

use std::any::TypeId;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId as _;
use aws_sdk_s3::operation::head_bucket::HeadBucketError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::date_time::{DateTime, Format};

use super::client::{DenialContext, LONGEST_INQUIRY};
use super::failure::{Operation, Reason, is_damage, reason_from};
use super::region::{BUCKET_REGION, is_region, region_in};
use super::{AwsBucket, Failure, Key};
use crate::identity::IdentityError;
use crate::network::{Cause, InTheClear, NetworkFault, chain, find, is_throttling, no_answer};

/// The longest error code that is shown, in characters. Those of S3 have at most 45.
const LONGEST_CODE: usize = 64;

impl AwsBucket {
    /// `None` when there is no such object; a failure for everything else.
    pub(super) async fn absent_or<T, E: ProvideErrorMetadata + std::error::Error + 'static>(
        &self,
        operation: Operation,
        key: &Key,
        error: SdkError<E, HttpResponse>,
    ) -> Result<Option<T>, Box<Failure>> {
        let status = error.raw_response().map(|raw| raw.status().as_u16());
        let code = code_of(&error);
        // The answer to a HEAD has no body, so no code. To a GET, S3 always says why: a gateway's 404 is no object's.
        let is_head = is_of_head::<E>();
        match (status, code.as_deref()) {
            (Some(404), Some("NoSuchKey" | "NoSuchVersion")) => Ok(None),
            (Some(404), None) if is_head => Ok(None),
            // The answer to a version id that names a delete marker.
            (Some(405), Some("MethodNotAllowed")) if operation == Operation::GetVersion => Ok(None),
            // A version id of another form than this service's own.
            (Some(400), Some("InvalidArgument")) if operation == Operation::GetVersion => Ok(None),
            (Some(400 | 405), None) if operation == Operation::GetVersion && is_head => Ok(None),
            _ => Err(self.failure(operation, key.as_str(), error).await),
        }
    }

    /// The failure that an error is, with what can be found out about a denial.
    pub(super) async fn failure<E: ProvideErrorMetadata + std::error::Error + 'static>(
        &self,
        operation: Operation,
        key: &str,
        error: SdkError<E, HttpResponse>,
    ) -> Box<Failure> {
        let mut failure = Failure::new(operation, &self.name, key, Reason::Unreachable(NetworkFault::Connection));
        failure.code = code_of(&error);
        failure.detail = said(error.message());
        failure.request_id = said(error.request_id());
        failure.is_aws = self.service.is_aws;
        failure.has_role = self.provider.has_role();
        match &error {
            SdkError::TimeoutError(_) => failure.detail = Some(self.at_destination("no answer in time").await),
            SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => {
                failure.detail = Some(no_answer(&error));
                failure.reason = reason_without_answer(&error);
            }
            _ => {
                let raw = error.raw_response();
                failure.status = raw.map(|raw| raw.status().as_u16());
                let status = failure.status.unwrap_or_default();
                let may_be_s3s = raw.is_some_and(|raw| may_be_s3s(raw, is_of_head::<E>()));
                failure.reason = reason_from(status, failure.code.as_deref(), failure.detail.as_deref(), may_be_s3s);
                let is_open = (self.holds_no_values)(key) || !may_quote_body(operation, failure.status, b"");
                if !is_open && failure.code.as_deref().is_some_and(|code| !is_s3_code(code)) {
                    // Whatever made this answer up may have taken any part of it from the object.
                    (failure.code, failure.detail, failure.request_id) = (None, None, None);
                }
                if let Reason::WrongRegion(region) = &mut failure.reason {
                    let header = raw.and_then(|raw| raw.headers().get(BUCKET_REGION));
                    let named = header.or_else(|| region_in(failure.detail.as_deref()?)).filter(|name| is_region(name));
                    *region = named.map(ToOwned::to_owned);
                }
                if code_of(&error).is_none() {
                    let body = raw.and_then(|raw| raw.body().bytes()).unwrap_or_default();
                    failure.detail = self.page(operation, key, failure.status, body);
                }
                failure.clock_off = raw.and_then(clock_off);
                failure.endpoint.clone_from(&self.service.shown_endpoint);
            }
        }
        if error.raw_response().is_none() {
            failure.cause = Some(Cause::from_error(&error).with_words(&|words| self.provider.redact(words)));
        }
        failure.detail = failure.detail.map(|words| self.provider.redact(&words));
        if matches!(failure.reason, Reason::Denied | Reason::KmsDenied) {
            let denial_context = self.denial_context.get_or_init(|| self.inquire()).await;
            failure.owner = self.owner();
            failure.principal.clone_from(&denial_context.principal);
            if denial_context.is_other_owner {
                failure.reason = Reason::OtherOwner;
            }
        }
        Box::new(failure)
    }

    /// Who was denied, and whether it is because the bucket is somebody else's. Once a run: it serves the message
    /// alone, so it may fail, and may not keep anybody waiting.
    async fn inquire(&self) -> DenialContext {
        let principal = async { if self.service.is_other { None } else { self.provider.principal().await } };
        let head = |owner: Option<String>| {
            let client = self.client();
            async move { client.head_bucket().bucket(&self.name).set_expected_bucket_owner(owner).send().await }
        };
        let is_other_owner = async {
            // Without the condition, the bucket's existence is all that is asked.
            if self.owner().is_none() || head(None).await.is_err() {
                return false;
            }
            let denied = head(self.owner()).await.err();
            denied.is_some_and(|error| error.raw_response().is_some_and(|raw| raw.status().as_u16() == 403))
        };
        let principal = tokio::time::timeout(LONGEST_INQUIRY, principal);
        let is_other_owner = tokio::time::timeout(LONGEST_INQUIRY, is_other_owner);
        let (principal, is_other_owner) = futures_util::future::join(principal, is_other_owner).await;
        // Where no STS says who asks, the role that was assumed is known all the same.
        let principal = principal.ok().flatten().or_else(|| self.provider.role().map(ToString::to_string));
        DenialContext { principal, is_other_owner: is_other_owner.unwrap_or(false) }
    }

    /// S3 never answers a read or a put with success but without an ETag, nor a write with success and a body; what
    /// stands in front of it may.
    pub(super) fn not_s3(&self, operation: Operation, key: &Key, body: &[u8]) -> Box<Failure> {
        let failure = Failure::new(operation, &self.name, key.as_str(), Reason::NotS3);
        let words = self.page(operation, key.as_str(), Some(200), body);
        Box::new(Failure { status: Some(200), detail: words.map(|words| self.provider.redact(&words)), ..failure })
    }

    /// What an answer that is none of S3's says, unless it may be a config file or quote one.
    fn page(&self, operation: Operation, key: &str, status: Option<u16>, body: &[u8]) -> Option<String> {
        let is_shown = (self.holds_no_values)(key) || !may_quote_body(operation, status, body);
        is_shown.then(|| first_line(body)).flatten()
    }
}

/// Why a request was not sent, or not answered.
fn reason_without_answer<E: std::error::Error + 'static>(error: &SdkError<E, HttpResponse>) -> Reason {
    if let Some(identity) = find::<IdentityError>(error) {
        return Reason::Identity(Box::new(identity.clone()));
    }
    if find::<InTheClear>(error).is_some() || chain(error).contains(&InTheClear.to_string()) {
        return Reason::InTheClear;
    }
    match error {
        SdkError::DispatchFailure(dispatch) if dispatch.is_io() || dispatch.is_timeout() => {
            Reason::Unreachable(NetworkFault::from_error(error))
        }
        SdkError::DispatchFailure(_) if !is_about_settings(error) => {
            Reason::Unreachable(NetworkFault::from_error(error))
        }
        _ => Reason::Settings,
    }
}

/// Whether the SDK found no endpoint, or no request could be made of what it was given.
fn is_about_settings(error: &(dyn std::error::Error + 'static)) -> bool {
    let words = chain(error).to_lowercase();
    ["endpoint", "configuration", "invalid uri", "header value"].iter().any(|sign| words.contains(sign))
}

/// By how many seconds this machine's clock is ahead of the one that an answer was dated by.
fn clock_off(response: &HttpResponse) -> Option<i64> {
    let there = DateTime::from_str(response.headers().get("date")?, Format::HttpDate).ok()?;
    Some(DateTime::from(std::time::SystemTime::now()).secs() - there.secs())
}

/// A text of an answer, unless it is empty.
fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

/// The error code of an answer. The SDK makes one up for a 404 that has no body, whatever was asked.
fn code_of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let body = error.raw_response()?.body().bytes()?;
    if body.is_empty() { None } else { said(error.code()) }
}

/// Whether a code looks like one of S3's or of a service like it, and not like a value that the answer quotes:
/// capitalized words of letters alone, but for those codes that have other characters
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
fn is_s3_code(code: &str) -> bool {
    let is_of_words = code.bytes().all(|byte| byte.is_ascii_alphabetic())
        && code.starts_with(|c: char| c.is_ascii_uppercase())
        && code.chars().any(|c| c.is_ascii_lowercase());
    let is_known = is_damage(code)
        || is_throttling(code)
        || code
            .strip_prefix("KMS.")
            .is_some_and(|rest| rest.ends_with("Exception") && rest.bytes().all(|byte| byte.is_ascii_alphabetic()));
    code.len() <= LONGEST_CODE && (is_of_words || is_known)
}

/// Whether an error is one of a HEAD.
fn is_of_head<E: 'static>() -> bool {
    let error = TypeId::of::<E>();
    error == TypeId::of::<HeadObjectError>() || error == TypeId::of::<HeadBucketError>()
}

/// Whether S3 may have sent an answer that has no error code: it has nothing in its place, and either none is possible
/// or S3's own headers say who answered.
fn may_be_s3s(answer: &HttpResponse, is_to_head: bool) -> bool {
    let is_signed =
        || ["x-amz-request-id", "x-amz-id-2", BUCKET_REGION].iter().any(|name| answer.headers().contains_key(name));
    answer.body().bytes().is_none_or(<[u8]>::is_empty) && (is_to_head || is_signed())
}

/// Whether what answers such a request may be an object's body, or quote it.
fn may_quote_body(operation: Operation, status: Option<u16>, body: &[u8]) -> bool {
    match operation {
        Operation::Put => true,
        // What stands in between may send a file's own bytes with any status; a page of its own it begins as one.
        Operation::Get | Operation::GetVersion => status.is_none_or(|status| status < 300) || !is_page(body),
        Operation::Delete | Operation::DeleteVersion | Operation::List | Operation::ListVersions => false,
    }
}

/// Whether a body begins as a page for a browser does.
fn is_page(body: &[u8]) -> bool {
    let begins =
        |with: &[u8]| body.trim_ascii_start().get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins(b"<!doctype html") || begins(b"<html")
}

/// The first line of an answer that is none of S3's.
fn first_line(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body.get(..body.len().min(300))?);
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(ToOwned::to_owned)
}
