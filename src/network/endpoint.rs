use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use http::Uri;

use super::host;

/// The URL that variables or the profile give for a service of AWS: its own, else the one for all. None where the SDK
/// makes it of the region
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>).
pub(crate) fn configured_endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let own = config.service_config().zip(key.ok()).and_then(|(settings, key)| settings.load_config(key));
    own.or_else(|| config.endpoint_url().map(ToOwned::to_owned))
}

/// A URL as a message may show it: without the name and the password that may stand before its host.
pub(crate) fn without_user(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match authority.rsplit_once('@') {
        Some((_, host)) if !scheme.is_empty() => format!("{scheme}://{host}{path}"),
        Some((_, host)) => format!("{host}{path}"),
        None => url.to_owned(),
    }
}

/// Whether a URL leads to AWS itself, whoever named it: a VPC endpoint's does, for example.
pub(crate) fn is_url_of_aws(url: &str) -> bool {
    url.trim().parse::<Uri>().is_ok_and(|url| is_host_of_aws(host(&url)))
}

/// Whether a host is AWS's own. Its partitions have these domains, a second one each for dual stack
/// (<https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>).
pub(crate) fn is_host_of_aws(host: &str) -> bool {
    const DOMAINS: [&str; 13] = [
        "amazonaws.com",
        "api.aws",
        "amazonaws.com.cn",
        "api.amazonwebservices.com.cn",
        "amazonaws.eu",
        "api.amazonwebservices.eu",
        "c2s.ic.gov",
        "api.aws.ic.gov",
        "sc2s.sgov.gov",
        "api.aws.scloud",
        "cloud.adc-e.uk",
        "csp.hci.ic.gov",
        "api.aws.hci.ic.gov",
    ];
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    DOMAINS.into_iter().any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_a_password() {
        for (url, shown) in [
            ("https://s3.corp.example/a@b", "https://s3.corp.example/a@b"),
            ("https://me:pass@word@s3.corp.example:9000/a", "https://s3.corp.example:9000/a"),
            ("me:swordfish@s3.corp.example", "s3.corp.example"),
        ] {
            assert_eq!(without_user(url), shown);
        }
    }

    #[test]
    fn a_url_of_aws_is_told_by_its_host() {
        for host in [
            "s3.amazonaws.com",
            "s3.eu-central-1.amazonaws.com",
            "S3.EU-central-1.AmazonAWS.com.",
            "bucket.vpce-0a1b2c3d-4e5f.s3.eu-central-1.vpce.amazonaws.com",
            "s3-fips.us-gov-west-1.amazonaws.com",
            "s3-fips.dualstack.us-east-1.amazonaws.com",
            "s3.cn-north-1.amazonaws.com.cn",
            "s3.eu-central-1.api.aws",
            "s3.cn-north-1.api.amazonwebservices.com.cn",
            "s3.eusc-de-east-1.amazonaws.eu",
            "s3.us-iso-east-1.c2s.ic.gov",
            "s3.us-isob-east-1.sc2s.sgov.gov",
        ] {
            assert!(is_url_of_aws(&format!("https://{host}")), "{host}");
            assert!(is_url_of_aws(&format!(" https://{host}:443/path\n")), "{host}");
        }
        for host in [
            "127.0.0.1",
            "localhost",
            "minio.corp.example",
            "s3.amazonaws.com.example",
            "s3.notamazonaws.com",
            "amazonaws.com",
            "[::1]",
        ] {
            assert!(!is_url_of_aws(&format!("https://{host}/amazonaws.com")), "{host}");
        }
        assert!(!is_url_of_aws("s3.amazonaws.com is no URL"));
    }
}
