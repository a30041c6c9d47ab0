//! Where requests go, when not to AWS itself.

use super::{InputError, Job};
use crate::option::Given;
use crate::s3::{host_of, may_be_clear};

/// Another service than AWS's own: the input, else what the SDKs' own variables say
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>).
pub(super) fn endpoint(given: &Given, job: &Job, allow_http: bool) -> Result<Option<String>, InputError> {
    let variable = |name: &str| {
        let url = job.variable(name)?.into_exposed();
        (!url.trim().is_empty()).then(|| (name.to_owned(), url))
    };
    let (name, url) = match given.endpoint_url.clone().map(|url| ("endpoint-url".to_owned(), url)) {
        Some(input) => input,
        None => match variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL")) {
            Some(variable) => variable,
            None => return Ok(None),
        },
    };
    let url = url.trim().to_owned();
    let host = match url.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => {
            return if rest.is_empty() { Err(no_url(&name)) } else { Ok(Some(url)) };
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
    Ok(Some(url))
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
