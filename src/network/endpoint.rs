use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// The URL that variables or the profile give for a service of AWS: its own, else the one for all. None where the SDK
/// makes it of the region
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>).
pub(crate) fn configured_endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let own = config.service_config().zip(key.ok()).and_then(|(settings, key)| settings.load_config(key));
    own.or_else(|| config.endpoint_url().map(ToOwned::to_owned))
}
