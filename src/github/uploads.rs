//! Where files go.

use http::Uri;

/// Where GitHub takes files: at `uploads.` of the host whose `api.` is asked, and where there is no such host, as on a
/// server of one's own, where the API is.
pub(super) fn uploads(api: &Uri) -> Uri {
    let beside = || {
        let host = api.authority()?.as_str().strip_prefix("api.")?;
        let uri = Uri::builder().scheme(api.scheme_str()?).authority(format!("uploads.{host}"));
        uri.path_and_query("/").build().ok()
    };
    beside().unwrap_or_else(|| api.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_to_githubs_own_host_for_them() {
        for (api, expected) in [
            ("https://api.github.com", "https://uploads.github.com/"),
            ("https://api.acme.ghe.com", "https://uploads.acme.ghe.com/"),
            ("https://github.corp.example/api/v3", "https://github.corp.example/api/v3"),
            ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/v3"),
        ] {
            assert_eq!(uploads(&api.parse().unwrap()).to_string(), expected);
        }
    }
}
