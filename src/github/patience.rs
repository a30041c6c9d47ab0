//! What GitHub says of how long to wait before it is asked again
//! (<https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode};

/// Where GitHub asks for a wait and does not say for how long.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);

/// The wait that an answer asks for; none where it is no rate limit.
pub(super) fn wait_asked_for(status: StatusCode, headers: &HeaderMap, message: &str) -> Option<Duration> {
    if status != StatusCode::FORBIDDEN && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds.max(1)));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        let reset = number("x-ratelimit-reset").map(|reset| Duration::from_secs(reset.saturating_sub(now) + 1));
        return Some(reset.unwrap_or(UNKNOWN_WAIT));
    }
    let is_limit = status == StatusCode::TOO_MANY_REQUESTS || message.to_ascii_lowercase().contains("rate limit");
    is_limit.then_some(UNKNOWN_WAIT)
}

/// The wait that the answer of a server in trouble asks for.
pub(super) fn wait_before_retry(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(status: u16, headers: &[(&'static str, &str)], message: &str) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
        let status = StatusCode::from_u16(status).unwrap();
        wait_asked_for(status, &headers.collect(), message).map(|wait| wait.as_secs())
    }

    #[test]
    fn what_github_says_counts_else_a_minute() {
        let secondary = "You have exceeded a secondary rate limit.";
        assert_eq!(wait(403, &[("retry-after", "7")], secondary), Some(7));
        assert_eq!(wait(403, &[("retry-after", "0")], secondary), Some(1));
        assert_eq!(wait(429, &[("retry-after", "soon")], ""), Some(60));
        assert_eq!(wait(403, &[], secondary), Some(60));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")], "limit"), Some(1));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "4000")], "Resource not accessible by integration"), None);
        assert_eq!(wait(404, &[("retry-after", "7")], ""), None);
        assert_eq!(wait(500, &[("retry-after", "7")], ""), None);
    }

    #[test]
    fn a_server_in_trouble_may_say_when_to_come_back() {
        let wait = |text: &'static str| {
            let headers = [(http::header::RETRY_AFTER, http::HeaderValue::from_static(text))];
            wait_before_retry(&headers.into_iter().collect()).map(|wait| wait.as_secs())
        };
        assert_eq!((wait("7"), wait("0"), wait("Fri, 31 Dec 2026 23:59:59 GMT")), (Some(7), Some(0), None));
        assert_eq!(wait_before_retry(&HeaderMap::new()), None);
    }
}
