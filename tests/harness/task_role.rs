//! A task's own role: what ECS and EKS offer a container.

use super::http::Response;
use super::server::{ACCESS_KEY, SECRET_KEY};
use super::service::Service;

/// Serves credentials at `/role`, to whoever brings the token.
pub(crate) fn task_role(token: &'static str) -> Service {
    Service::start(move |request| {
        if request.target != "/role" || request.header("authorization") != Some(token) {
            return Response::new(401, "{}");
        }
        let credentials = serde_json::json!({
            "AccessKeyId": ACCESS_KEY,
            "SecretAccessKey": SECRET_KEY,
            "Token": "session-token-of-the-task",
            "Expiration": "2099-01-01T00:00:00Z",
        });
        Response::new(200, credentials.to_string())
    })
}
