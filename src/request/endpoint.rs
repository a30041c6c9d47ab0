//! Other endpoints than AWS's own.

use http::Uri;

use super::RunInfo;
use crate::network::{Way, host, is_host_of_aws, may_be_clear};
use crate::option::{ENDPOINT_URL, OptionError, OptionProblem, RawOptions};

/// The variable that names an endpoint for all services.
const OF_ALL: &str = "AWS_ENDPOINT_URL";

/// The endpoint of a service other than AWS's.
pub(super) struct Endpoint {
    pub(super) url: String,
    /// Whether it is for S3 alone, and not AWS's.
    pub(super) is_for_s3_alone: bool,
}

impl Endpoint {
    /// The option, else what the SDKs' own variables say
    /// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>).
    pub(super) fn new(raw: &RawOptions, run: &RunInfo, allow_http: bool) -> Result<Option<Self>, OptionError> {
        let variable = |name: &'static str| {
            let url = run.variable(name)?.into_exposed();
            (!url.trim().is_empty()).then_some((Some(name), url))
        };
        let option = raw.text(&ENDPOINT_URL).map(|url| (None, url.to_owned()));
        let Some((variable, url)) = option.or_else(|| variable("AWS_ENDPOINT_URL_S3")).or_else(|| variable(OF_ALL))
        else {
            return Ok(None);
        };
        let failed = |problem: fn(Option<String>) -> OptionProblem| {
            OptionError::new(&ENDPOINT_URL, problem(variable.map(ToOwned::to_owned)))
        };
        let url = url.trim().to_owned();
        let parsed: Uri = url.parse().map_err(|_| failed(OptionProblem::NotAUrl))?;
        // It may be a token, and the SDK's own words for it would quote the URL.
        if url.contains(['?', '#']) {
            return Err(failed(OptionProblem::HasQuery));
        }
        match Way::from_url(&parsed) {
            Way::Unknown => return Err(failed(OptionProblem::NotAUrl)),
            Way::Secure => {}
            // What the platform serves on its own addresses is no S3.
            Way::WithinTheMachine | Way::InTheClear if allow_http || may_be_clear(host(&parsed)) => {}
            Way::WithinTheMachine | Way::InTheClear => return Err(failed(OptionProblem::InTheClear)),
        }
        let is_for_s3_alone = variable != Some(OF_ALL) && !is_host_of_aws(host(&parsed));
        Ok(Some(Self { url, is_for_s3_alone }))
    }
}
