//! A role for a job's token, from the token service to the bucket: the server's STS verifies who has signed the token,
//! for whom, about whom and until when, and the role's policy says what the credentials may do.

use crate::harness::{Action, Bucket};
use crate::issuer::Token;
use crate::seaweedfs::{PULLER, PUSHER, shared, versioned};
use crate::shop::{OTHER, SHOP, pull, push};

/// A step of a job that gets such a token, and assumes a role with it.
pub(crate) fn as_role(step: Action, role: &str, token: Token) -> Action {
    shared().issuer.github(token).job(step).input("role-to-assume", role)
}

fn published() -> Bucket {
    let bucket = versioned();
    as_role(push(&bucket, "v1", &SHOP), PUSHER, Token::default()).run().succeeds();
    bucket
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_pusher_pushes_and_a_puller_pulls() {
    let bucket = published();
    let run = as_role(pull(&bucket, "v1"), PULLER, Token::default()).run().succeeds();
    assert_eq!(run.output("TOKEN"), "first-token");
    assert_eq!(run.output("config-integrity"), "verified");
    let newest = as_role(pull(&bucket, "v1"), PUSHER, Token::default()).run().succeeds();
    assert_eq!(newest.output("TOKEN"), "first-token");
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_puller_cannot_push() {
    let bucket = published();
    let before = bucket.keys();
    let run = as_role(push(&bucket, "v2", &OTHER), PULLER, Token::default()).run().fails(3);
    run.says("s3:PutObject").says("shop/.cstore/claims/v2.json");
    assert_eq!(bucket.keys(), before);
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_token_that_is_not_this_jobs_gets_no_credentials() {
    let bucket = published();
    let another = Token { subject: Some("repo:evil/shop:environment:production"), ..Token::default() };
    let forged = Token { is_forged: true, ..Token::default() };
    let of_another_audience = Token { audience: Some("https://other.example"), ..Token::default() };
    let old = Token { age: 3600, ..Token::default() };
    for (token, title, words) in [
        (another, "Role refused", "sub: repo:evil/shop:environment:production"),
        (forged, "Role refused", "signature is invalid"),
        (of_another_audience, "Role refused", "audience"),
        (old, "Token expired", "Run this again"),
    ] {
        let run = as_role(pull(&bucket, "v1"), PULLER, token).run().fails(3).says(words);
        assert_eq!(run.annotations[0].title, title, "{token:?}");
    }
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_role_that_is_not_there_is_refused() {
    let bucket = published();
    let step = as_role(pull(&bucket, "v1"), "arn:aws:iam::111122223333:role/nobody", Token::default());
    step.run().fails(3).says("role/nobody");
}
