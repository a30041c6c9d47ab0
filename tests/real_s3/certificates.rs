//! TLS of the server itself, with a certificate of a private CA.

use crate::harness::{Action, Authority};
use crate::seaweedfs::{shared, versioned};
use crate::shop::{SHOP, pull, push};

/// A step that asks over TLS, and trusts a CA.
fn over_tls(step: Action, trusted: &Authority) -> Action {
    let step = step.env("AWS_ENDPOINT_URL", &shared().https_endpoint);
    step.workspace().write("../ca.pem", trusted.pem());
    let file = step.workspace().path("../ca.pem");
    step.env("AWS_CA_BUNDLE", file.to_str().unwrap())
}

#[test]
#[ignore = "needs SeaweedFS"]
fn with_its_ca_the_server_is_asked_over_tls() {
    let (bucket, authority) = (versioned(), &shared().authority);
    over_tls(push(&bucket, "v1", &SHOP), authority).run().succeeds();
    let run = over_tls(pull(&bucket, "v1"), authority).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
}

#[test]
#[ignore = "needs SeaweedFS"]
fn without_its_ca_nothing_is_sent_to_the_server() {
    let bucket = versioned();
    let step = push(&bucket, "v1", &SHOP).env("AWS_ENDPOINT_URL", &shared().https_endpoint);
    step.run().fails(7).says("UnknownIssuer").says("AWS_CA_BUNDLE");
    over_tls(push(&bucket, "v1", &SHOP), &Authority::new()).run().fails(7);
    assert!(bucket.keys().is_empty());
}
