//! Where requests go, when not to AWS itself.

use super::{InputError, Job};
use crate::network::{host_of, may_be_clear};
use crate::option::RawOptions;

/// For all services of AWS.
const OF_ALL: &str = "AWS_ENDPOINT_URL";

/// Where requests go.
pub(super) struct Endpoint {
    pub(super) url: String,
    /// Whether it is for S3 alone, and not AWS's.
    pub(super) is_of_s3: bool,
}

impl Endpoint {
    fn new(url: String, name: &str) -> Self {
        let is_aws = url.split_once("://").is_some_and(|(_, rest)| is_of_aws(host_of(rest)));
        Self { url, is_of_s3: name != OF_ALL && !is_aws }
    }
}

/// Whether a host is AWS's own under a name that somebody wrote out, such as that of a VPC endpoint.
fn is_of_aws(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    ["amazonaws.com", "amazonaws.com.cn", "api.aws", "api.amazonwebservices.com.cn", "amazonaws.eu"]
        .into_iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

/// Another service than AWS's own: the input, else what the SDKs' own variables say
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>).
pub(super) fn endpoint(raw: &RawOptions, job: &Job, allow_http: bool) -> Result<Option<Endpoint>, InputError> {
    let variable = |name: &str| {
        let url = job.variable(name)?.into_exposed();
        (!url.trim().is_empty()).then(|| (name.to_owned(), url))
    };
    let (name, url) = match raw.endpoint_url.clone().map(|url| ("endpoint-url".to_owned(), url)) {
        Some(input) => input,
        None => match variable("AWS_ENDPOINT_URL_S3").or_else(|| variable(OF_ALL)) {
            Some(variable) => variable,
            None => return Ok(None),
        },
    };
    let url = url.trim().to_owned();
    let host = match url.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => {
            return if rest.is_empty() { Err(no_url(&name)) } else { Ok(Some(Endpoint::new(url, &name))) };
        }
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => host_of(rest),
        _ => return Err(no_url(&name)),
    };
    if !may_be_clear(host) && !allow_http {
        return Err(of_endpoint(
            &name,
            "sends credentials' signatures and config in the clear: it begins with http:// and is not on this machine",
            "Use https, or set `allow-http: true` if the network in between is yours.",
        ));
    }
    Ok(Some(Endpoint::new(url, &name)))
}

fn no_url(name: &str) -> InputError {
    of_endpoint(name, "is no URL", "Write it like https://s3.example.com.")
}

/// An error of the endpoint, which a variable may have given in the input's place.
fn of_endpoint(name: &str, problem: &str, remedy: &str) -> InputError {
    const INPUT: &str = "endpoint-url";
    match name {
        INPUT => InputError::new(INPUT, problem, remedy),
        variable => InputError::new(INPUT, format!("is empty, and {variable} in its place {problem}"), remedy),
    }
}
