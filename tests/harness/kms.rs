//! Keys of the test server's KMS.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::http::Request;
use super::server::Server;

/// A symmetric key.
#[derive(Debug, Clone)]
pub(crate) struct KmsKey {
    pub(crate) id: String,
    pub(crate) arn: String,
}

impl KmsKey {
    /// Makes a key.
    pub(crate) fn create() -> Self {
        let answer = call("CreateKey", &json!({}));
        let field = |name: &str| answer["KeyMetadata"][name].as_str().unwrap().to_owned();
        Self { id: field("KeyId"), arn: field("Arn") }
    }

    /// Makes an alias of this key, under a name that no other test has, and gives it as `alias/…`.
    pub(crate) fn alias(&self) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let alias = format!("alias/test-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        call("CreateAlias", &json!({ "AliasName": alias, "TargetKeyId": self.id }));
        alias
    }
}

fn call(operation: &str, arguments: &Value) -> Value {
    let target = format!("TrentService.{operation}");
    let headers = [("X-Amz-Target", target.as_str()), ("Content-Type", "application/x-amz-json-1.1")];
    let request = Request::new("POST", "/").headers(&headers).body(arguments.to_string());
    let answer = Server::shared().send("kms", request).succeeded();
    serde_json::from_slice(&answer.body).unwrap_or_default()
}
