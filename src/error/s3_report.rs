use super::report::{Report, code};
use crate::s3::{Failure, Operation, Reason};

/// What to do where a service has no conditional writes.
pub(super) const CONDITIONAL_WRITES: &str = "Use AWS S3, or a service or release that honours If-None-Match and \
                                             If-Match of PutObject.";

pub(super) fn report(failure: &Failure) -> Report {
    let Failure { operation, bucket, key, .. } = failure;
    let action = operation.action();
    let asked = format!("{action} of s3://{bucket}/{key}");
    let for_whom = failure.principal.as_ref().map_or_else(String::new, |principal| format!(" for {principal}"));
    let why = why(failure);
    let report =
        |code, title: &str, what: String, next: String| Report::new(code, title, format!("{what}{why}."), next);
    match &failure.reason {
        Reason::Denied => {
            report(code::NOT_ALLOWED, "Access denied", format!("{asked} was denied{for_whom}"), denied(failure))
        }
        Reason::OtherOwner => report(
            code::NOT_ALLOWED,
            "Bucket of another owner",
            format!(
                "The bucket {bucket} does not belong to the account {}",
                failure.owner.as_deref().unwrap_or_default()
            ),
            "If the bucket is the right one, set `expected-bucket-owner` to its account; if nobody named it, somebody \
             else has taken the default name: set `bucket`."
                .to_owned(),
        ),
        Reason::Identity(error) => super::identity_report::report(error),
        Reason::Credentials if failure.code.as_deref() == Some("RequestTimeTooSkewed") => report(
            code::NOT_ALLOWED,
            "Clock is wrong",
            format!("{asked} was refused, since this machine's clock {}", clock(failure.clock_off)),
            "Set the runner's clock by NTP.".to_owned(),
        ),
        Reason::Credentials if has_expired(failure) => report(
            code::NOT_ALLOWED,
            "Credentials expired",
            format!("The credentials had expired for {asked}, and no new ones could be had"),
            "Set `role-to-assume`, whose credentials are renewed while the step runs, or get new ones right before \
             this step."
                .to_owned(),
        ),
        Reason::Credentials => report(
            code::NOT_ALLOWED,
            "No valid credentials",
            format!("There are no credentials that AWS accepts for {asked}"),
            "Set `role-to-assume`, or run `aws-actions/configure-aws-credentials` before this step.".to_owned(),
        ),
        Reason::KmsDenied => {
            let kms = if *operation == Operation::Put { "kms:GenerateDataKey" } else { "kms:Decrypt" };
            report(
                code::NOT_ALLOWED,
                "KMS access denied",
                format!("The KMS key of s3://{bucket}/{key} refused {kms}{for_whom}"),
                format!("Allow {kms} on the key for {}, in its policy and the key's.", whom(failure)),
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
            format!("The bucket {bucket} is in another region, and where it is no answer came either"),
            region.as_ref().map_or_else(
                || "Set `aws-region` to the bucket's region, and check `endpoint-url`.".to_owned(),
                |region| format!("Set `aws-region: {region}`, and check `endpoint-url`."),
            ),
        ),
        Reason::TooLarge(limit) => report(
            code::BAD_INPUT,
            "Object too large",
            format!("s3://{bucket}/{key} is larger than {} MiB", limit / 1024 / 1024),
            "This tool stores configuration; keep larger files elsewhere.".to_owned(),
        ),
        Reason::OverBudget(most) => report(
            code::BAD_INPUT,
            "Too much",
            format!("The files have more than {} MiB together, with s3://{bucket}/{key}", most / 1024 / 1024),
            "Choose fewer with `files`; this tool stores configuration.".to_owned(),
        ),
        Reason::InTheClear => report(
            code::BAD_INPUT,
            "Endpoint",
            format!("{asked} was not sent"),
            "Use an https endpoint, or set `allow-http: true` if the network in between is yours.".to_owned(),
        ),
        Reason::Unreachable(fault) => {
            report(code::UNREACHABLE, "S3 not reachable", format!("{asked} got no answer"), fault.remedy().to_owned())
        }
        Reason::Unavailable => report(
            code::UNREACHABLE,
            "S3 kept failing",
            format!("{asked} kept failing"),
            "Run this again; if it lasts, see https://health.aws.amazon.com.".to_owned(),
        ),
        Reason::NotImplemented => {
            let endpoint = failure.endpoint.as_deref().unwrap_or("The service");
            match operation {
                Operation::Put => report(
                    code::OTHER,
                    "No conditional writes",
                    format!("{endpoint} does not know conditional writes, which every push needs: it refused {asked}"),
                    format!("{CONDITIONAL_WRITES} If a KMS key is set, the service may lack that instead."),
                ),
                _ => report(
                    code::OTHER,
                    "Not implemented",
                    format!("{endpoint} does not know {action}: it refused {asked}"),
                    "Use AWS S3, or a service or release that knows it.".to_owned(),
                ),
            }
        }
        Reason::NotS3 => report(
            code::UNREACHABLE,
            "Not an S3 answer",
            format!("{asked} was answered by something that is not S3"),
            "Check `endpoint-url`, and whether a proxy answers in S3's place.".to_owned(),
        ),
        Reason::Settings => report(
            code::BAD_INPUT,
            "Settings",
            format!("{asked} cannot be sent with these settings"),
            "Check `aws-region`, `endpoint-url`, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT.".to_owned(),
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
    let partition = failure.principal.as_deref().and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    let resource = match operation {
        Operation::List => format!("arn:{partition}:s3:::{bucket}"),
        _ => format!("arn:{partition}:s3:::{bucket}/{key}"),
    };
    let action = operation.action();
    if failure.detail.as_deref().is_some_and(|words| words.contains("explicit deny")) {
        return format!(
            "A policy denies {action} on {resource} to {}, and no Allow lifts a Deny: change that policy. The \
             bucket of the Terraform module admits only whom its variables name.",
            whom(failure)
        );
    }
    let allow = format!("Allow {action} on {resource} for {}.", whom(failure));
    let mut next = match &failure.owner {
        None => allow,
        // Whoever widens a role must be sure whose the bucket is.
        Some(owner) => format!(
            "First see that the bucket belongs to the account {owner}, since S3 answers the same when it does not \
             (`expected-bucket-owner` names another). If it does: {allow}"
        ),
    };
    if matches!(operation, Operation::Get | Operation::GetVersion) {
        next.push_str(" Without s3:ListBucket on the bucket, S3 answers the same for an object that does not exist.");
    }
    if *operation == Operation::Put {
        next.push_str(" A pusher's role may be allowed to create only: replacing what is published is for people.");
    }
    next
}

fn whom(failure: &Failure) -> String {
    failure.principal.clone().unwrap_or_else(|| "the role or user of this step".to_owned())
}

fn has_expired(failure: &Failure) -> bool {
    matches!(failure.code.as_deref(), Some("ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired"))
}

/// How wrong the clock is, as a clause.
fn clock(ahead: Option<i64>) -> String {
    let Some(ahead) = ahead.filter(|seconds| seconds.abs() >= 60) else {
        return "differs from AWS's by more than 15 minutes".to_owned();
    };
    let rounded = |unit: u64| (ahead.unsigned_abs() + unit / 2) / unit;
    let amount = match rounded(60) {
        minutes @ 0..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", rounded(60 * 60)),
        _ => format!("{} days", rounded(24 * 60 * 60)),
    };
    format!("is {amount} {} AWS's", if ahead > 0 { "ahead of" } else { "behind" })
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
