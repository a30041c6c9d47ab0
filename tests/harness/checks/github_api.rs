//! The search of what GitHub is sent for config values.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::panic::catch_unwind;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::harness::{GitHubApi, Secrets};

/// Sends a comment, and lets go of the server, which then looks at what it was sent.
fn comments(text: &str) {
    let (api, secrets) = (GitHubApi::start(), Secrets::default());
    api.guard(&secrets);
    let mut connection = TcpStream::connect(api.url().strip_prefix("http://").unwrap()).unwrap();
    let body = json!({"body": text}).to_string();
    // It is refused for want of a token, and has been sent all the same.
    let head = "POST /repos/acme/shop/issues/7/comments HTTP/1.1\r\nhost: localhost\r\n";
    write!(connection, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    connection.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(" 401 "), "{answer}");
    // A value counts also where it is known later.
    secrets.add_file(".env", b"TOKEN=hunter2-\"value\"\n");
}

#[test]
fn what_github_is_sent_has_no_value_nor_the_digest_or_length_of_one() {
    let digest = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let [of_value, of_file] = ["hunter2-\"value", "TOKEN=hunter2-\"value\"\n"].map(digest);
    comments("TOKEN of .env has changed, 1 key in 1 file, 114 characters in all");
    for text in ["TOKEN=hunter2-\"value\"", &of_value[..12], &of_file, "TOKEN has 14 characters", ".env: 22 bytes"] {
        assert!(catch_unwind(|| comments(text)).is_err(), "{text}");
    }
}
