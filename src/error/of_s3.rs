use super::report::{Report, code};
use crate::s3::{Failure, Operation, Reason};

pub(super) fn report(failure: &Failure) -> Report {
    let Failure { operation, bucket, key, .. } = failure;
    let action = operation.action();
    let asked = match operation {
        Operation::Identity => format!("{action} (whose account the default bucket {bucket} must belong to)"),
        _ => format!("{action} of s3://{bucket}/{key}"),
    };
    let why = why(failure);
    let report =
        |code, title: &str, what: String, next: String| Report::new(code, title, format!("{what}{why}."), next);
    match &failure.reason {
        Reason::Denied => report(code::NOT_ALLOWED, "Access denied", format!("{asked} was denied"), denied(failure)),
        Reason::Credentials if failure.code.as_deref() == Some("RequestTimeTooSkewed") => report(
            code::NOT_ALLOWED,
            "Clock is wrong",
            format!("{asked} was refused, since this machine's clock differs from AWS's by more than 15 minutes"),
            "Set the runner's clock by NTP.".to_owned(),
        ),
        Reason::Credentials => report(
            code::NOT_ALLOWED,
            "No valid credentials",
            format!("There are no credentials that AWS accepts for {asked}"),
            "Run `aws-actions/configure-aws-credentials` before this step, or set AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY in its `env`."
                .to_owned(),
        ),
        Reason::KmsDenied => {
            let kms = if *operation == Operation::Put { "kms:GenerateDataKey" } else { "kms:Decrypt" };
            report(
                code::NOT_ALLOWED,
                "KMS access denied",
                format!("The KMS key refused {kms} for s3://{bucket}/{key}"),
                format!("Allow {kms} on the key for this role, in its policy or the key's."),
            )
        }
        Reason::KmsKey => report(
            code::BAD_INPUT,
            "KMS key",
            format!("The KMS key for s3://{bucket}/{key} cannot be used"),
            "Check `kms-key-id`: the key must exist in the bucket's region and be enabled.".to_owned(),
        ),
        Reason::NoBucket => report(
            code::NOT_FOUND,
            "Bucket not found",
            format!("The bucket {bucket} does not exist"),
            "Check `bucket` (or the catalog's AWS_S3_BUCKET), `aws-region` and the account.".to_owned(),
        ),
        Reason::WrongRegion(region) => report(
            code::BAD_INPUT,
            "Wrong region",
            format!("The bucket {bucket} is in another region"),
            region.as_ref().map_or_else(
                || "Set `aws-region` to the bucket's region.".to_owned(),
                |region| format!("Set `aws-region: {region}`."),
            ),
        ),
        Reason::TooLarge(limit) => report(
            code::BAD_INPUT,
            "Object too large",
            format!("s3://{bucket}/{key} is larger than {} MiB", limit / 1024 / 1024),
            "This tool stores configuration; keep larger files elsewhere.".to_owned(),
        ),
        Reason::InTheClear => report(
            code::BAD_INPUT,
            "Endpoint",
            format!("{asked} was not sent"),
            "Use an https endpoint, or set `allow-http: true` if the network in between is yours.".to_owned(),
        ),
        Reason::Unreachable => report(
            code::UNREACHABLE,
            "S3 not reachable",
            format!("{asked} got no answer"),
            "Check the network, `endpoint-url` and `aws-region`, then run this again.".to_owned(),
        ),
        Reason::Unavailable => report(
            code::UNREACHABLE,
            "S3 kept failing",
            format!("{asked} kept failing"),
            "Run this again; if it lasts, see https://health.aws.amazon.com.".to_owned(),
        ),
        Reason::NotS3 => report(
            code::UNREACHABLE,
            "Not an S3 answer",
            format!("{asked} was answered by something that is not S3"),
            "Check `endpoint-url`, and whether a proxy answers in S3's place.".to_owned(),
        ),
        Reason::Invalid => report(
            code::OTHER,
            "Request refused",
            format!("{asked} was refused"),
            "Check the inputs that name the bucket, region and key.".to_owned(),
        ),
    }
}

fn denied(failure: &Failure) -> String {
    let Failure { operation, bucket, key, .. } = failure;
    let resource = match operation {
        Operation::List => format!("arn:aws:s3:::{bucket}"),
        Operation::Identity => "*".to_owned(),
        _ => format!("arn:aws:s3:::{bucket}/{key}"),
    };
    let action = operation.action();
    let mut next = format!("Allow {action} on {resource} for the role or user of this step.");
    if matches!(operation, Operation::Get | Operation::GetVersion) {
        next.push_str(" Without s3:ListBucket on the bucket, S3 answers the same for an object that does not exist.");
    }
    if *operation == Operation::Put {
        next.push_str(" A pusher's role may be allowed to create only: replacing what is published is for people.");
    }
    next
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
