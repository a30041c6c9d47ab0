//! A role that is assumed with other credentials: of another account, or after another role.

use crate::harness::{Action, Bucket, GitHub};
use crate::sts::{At as _, ROLE, published, pull, real_sts};

fn chained(bucket: &Bucket) -> Action {
    pull(bucket).input("role-to-assume", ROLE).input("role-chaining", "true")
}

#[test]
fn the_credentials_at_hand_are_shown_and_no_token_is_asked_for() {
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    let step = github.job(chained(&bucket)).env("AWS_ACCESS_KEY_ID", "AKIAFIRSTROLE");
    let step = step.env("AWS_SECRET_ACCESS_KEY", "secret-of-the-first-role").at(&sts);
    step.input("role-external-id", "acme-4711").run().succeeds();
    let asked = &sts.requests()[0];
    assert_eq!(asked.field("Action").as_deref(), Some("AssumeRole"));
    assert_eq!(asked.field("RoleArn").as_deref(), Some(ROLE));
    assert_eq!(asked.field("ExternalId").as_deref(), Some("acme-4711"));
    assert!(asked.header("authorization").unwrap().contains("Credential=AKIAFIRSTROLE/"));
    assert_eq!(github.service().count(), 0);
}

#[test]
fn an_external_id_is_sent_only_where_it_is_given() {
    let (bucket, sts) = (published(), real_sts());
    chained(&bucket).at(&sts).run().succeeds();
    assert_eq!(sts.requests()[0].field("ExternalId"), None);
}
