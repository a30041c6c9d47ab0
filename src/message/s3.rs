//! The words for requests to S3 that failed.

use super::Message;
use super::speaker::Speaker;
use crate::s3::{Failure, Operation, Reason};

pub(super) fn message(failure: &Failure, speaker: impl Speaker) -> Message {
    let Failure { operation, bucket, key, .. } = failure;
    let action = operation.action();
    let asked = format!("{action} of s3://{bucket}/{key}");
    let for_whom = failure.principal.as_ref().map_or_else(String::new, |principal| format!(" for {principal}"));
    let why = why(failure);
    let service = if failure.is_aws { "AWS" } else { "the service" };
    let message = |title: &str, what: String| Message::new(title, format!("{what}{why}."));
    match &failure.reason {
        Reason::Denied => message("Access denied", format!("{asked} was denied{for_whom}")),
        Reason::OtherOwner => message(
            "Bucket of another owner",
            format!(
                "The bucket {bucket} does not belong to the account {}",
                failure.owner.as_deref().unwrap_or_default()
            ),
        ),
        Reason::Identity(error) => super::identity::message(error, speaker),
        Reason::Credentials if failure.is_clock() => message(
            "Clock is wrong",
            format!("{asked} was refused, since this machine's clock {}", clock(failure.clock_off, service)),
        ),
        Reason::Credentials if failure.has_expired() => message(
            "Credentials expired",
            format!("The credentials had expired for {asked}, and new ones could not be obtained"),
        ),
        Reason::Credentials if failure.is_signature() => message(
            "No valid credentials",
            format!(
                "{asked} was refused, since it is not signed as {service} expects it: the secret key is not the one that \
                 belongs to the access key ID"
            ),
        ),
        Reason::Credentials => {
            message("No valid credentials", format!("There are no credentials that {service} accepts for {asked}"))
        }
        Reason::KmsDenied => message(
            "KMS access denied",
            format!("The KMS key of s3://{bucket}/{key} refused {}{for_whom}", failure.kms_action()),
        ),
        Reason::KmsKey => message("KMS key", format!("The KMS key for s3://{bucket}/{key} cannot be used")),
        Reason::NoBucket => message("Bucket not found", format!("The bucket {bucket} does not exist")),
        Reason::WrongRegion(_) => message(
            "Wrong region",
            format!("The bucket {bucket} is in another region, and a request sent there was not answered"),
        ),
        Reason::TooLarge(limit) => {
            message("Object too large", format!("s3://{bucket}/{key} is larger than {} MiB", limit / 1024 / 1024))
        }
        Reason::OverBudget(most) => message(
            "Too much",
            format!("The files have more than {} MiB together, with s3://{bucket}/{key}", most / 1024 / 1024),
        ),
        Reason::ListTooLong(most) => {
            message("Too many objects", format!("{asked} names more than {most} objects, the most that are read"))
        }
        Reason::Archived => message(
            "Archived object",
            format!("s3://{bucket}/{key} is in an archive storage class, from which S3 cannot read it immediately"),
        ),
        Reason::InTheClear => message("Endpoint", format!("{asked} was not sent")),
        Reason::Unreachable(_) => message("S3 not reachable", format!("{asked} got no answer")),
        Reason::Unavailable => message("S3 kept failing", format!("{asked} kept failing")),
        Reason::NotImplemented => {
            let endpoint = failure.endpoint.as_deref().unwrap_or("The service");
            if *operation == Operation::Put {
                message(
                    "No conditional writes",
                    format!("{endpoint} does not know conditional writes, which every push needs: it refused {asked}"),
                )
            } else {
                message("Not implemented", format!("{endpoint} does not know {action}: it refused {asked}"))
            }
        }
        Reason::NotS3 => message("Not an S3 answer", format!("{asked} was answered by something that is not S3")),
        Reason::Settings => message("Settings", format!("{asked} cannot be sent with these settings")),
        Reason::Invalid => message("Request refused", format!("{asked} was refused")),
    }
}

/// How wrong the clock is, as a clause.
fn clock(ahead: Option<i64>, service: &str) -> String {
    let Some(ahead) = ahead.filter(|seconds| seconds.abs() >= 60) else {
        return format!("differs from {service}'s by more than 15 minutes");
    };
    let rounded = |unit: u64| (ahead.unsigned_abs() + unit / 2) / unit;
    let amount = match rounded(60) {
        minutes @ 0..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", rounded(60 * 60)),
        _ => format!("{} days", rounded(24 * 60 * 60)),
    };
    format!("is {amount} {} {service}'s", if ahead > 0 { "ahead of" } else { "behind" })
}

/// The service's own words, in brackets.
fn why(failure: &Failure) -> String {
    let status = failure.status.map(|status| status.to_string());
    let mut parts: Vec<_> = failure.code.iter().chain(failure.detail.iter()).cloned().collect();
    if failure.code.is_none() {
        parts.splice(0..0, status.map(|status| format!("status {status}")));
    }
    if let Some(id) = &failure.request_id {
        parts.push(format!("request {id}"));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}
