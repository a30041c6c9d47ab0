//! Which accounts: whose the credentials may be, whose the bucket must be.

use crate::harness::proxy::{Fault, Seen, request};
use crate::harness::{Bucket, GitHub, Proxy, Versioning, shows};
use crate::sts::{At as _, ROLE, VERSION, assuming, published, pull, push, real_sts};

/// The account of moto's credentials.
const MOTO: &str = "123456789012";

fn owners(proxy: &Proxy) -> Vec<Option<String>> {
    let owner = |seen: &Seen| seen.header("x-amz-expected-bucket-owner").map(ToOwned::to_owned);
    let owners: Vec<_> = proxy.requests().iter().filter(|seen| seen.method != "POST").map(owner).collect();
    assert!(!owners.is_empty(), "nothing was asked of S3 through the proxy");
    owners
}

/// A step whose bucket is the default one, `cstore-NAME`.
fn in_default_bucket(name: &str) -> Bucket {
    let bucket = Bucket::create(&format!("cstore-{name}"), Versioning::Enabled);
    push(&bucket).input("context", name).run().succeeds();
    bucket
}

#[test]
fn a_role_of_another_account_is_refused_before_any_request() {
    let _shown = shows("T9", "credentials of an account that is not allowed", "code 3 before any request to S3");
    let (bucket, github, sts) = (published(), GitHub::start(), real_sts());
    let proxy = Proxy::start();
    let step = assuming(&bucket, &github).through(&proxy).at(&sts);
    let run = step.input("allowed-account-ids", "444455556666, 777788889999").run().fails(3);
    run.says("Account not allowed").says("111122223333").says("444455556666, 777788889999");
    assert_eq!((proxy.requests().len(), sts.count(), github.service().count()), (0, 0, 0));
    assuming(&bucket, &github).input("allowed-account-ids", "444455556666,111122223333").run().succeeds();
}

#[test]
fn credentials_at_hand_of_another_account_are_refused_before_s3_is_asked() {
    let bucket = published();
    let (proxy, sts) = (Proxy::start(), real_sts());
    let step = || pull(&bucket).through(&proxy).at(&sts);
    step().input("allowed-account-ids", "444455556666").run().fails(3).says(MOTO);
    assert!(proxy.requests().is_empty());
    // Whatever a variable says, which may be of other credentials.
    step().env("AWS_ACCOUNT_ID", "444455556666").input("allowed-account-ids", "444455556666").run().fails(3).says(MOTO);
    assert!(proxy.requests().is_empty());
    step().input("allowed-account-ids", MOTO).run().succeeds();
}

#[test]
fn the_default_bucket_must_be_of_the_role_s_account_without_a_request_for_it() {
    let bucket = in_default_bucket("of-a-role");
    let (github, proxy, sts) = (GitHub::start(), Proxy::start(), real_sts());
    let step = assuming(&bucket, &github).input("bucket", "").input("context", "of-a-role").through(&proxy).at(&sts);
    step.run();
    assert_eq!(owners(&proxy)[0].as_deref(), Some("111122223333"));
    assert_eq!(sts.requests()[0].field("Action").as_deref(), Some("AssumeRoleWithWebIdentity"));
}

#[test]
fn the_default_bucket_must_be_of_the_account_of_the_credentials_at_hand() {
    let bucket = in_default_bucket("of-hand");
    let (proxy, sts) = (Proxy::start(), real_sts());
    let step = pull(&bucket).input("bucket", "").input("context", "of-hand").through(&proxy).at(&sts);
    step.run().succeeds();
    assert!(owners(&proxy).iter().all(|owner| owner.as_deref() == Some(MOTO)), "{:?}", owners(&proxy));
    assert_eq!(sts.count(), 1);
}

#[test]
fn a_bucket_that_was_named_belongs_to_whom_the_input_says() {
    let bucket = published();
    let proxy = Proxy::start();
    pull(&bucket).through(&proxy).run().succeeds();
    assert!(owners(&proxy).iter().all(Option::is_none));
    let proxy = Proxy::start();
    pull(&bucket).through(&proxy).input("expected-bucket-owner", MOTO).run().succeeds();
    assert!(owners(&proxy).iter().all(|owner| owner.as_deref() == Some(MOTO)));
}

#[test]
fn a_bucket_of_another_owner_is_named_as_such() {
    let _shown = shows("T9", "the bucket is of another account than expected", "code 3, saying so");
    let bucket = published();
    let proxy = Proxy::start();
    // As S3 does it: 403 for every request that expects another owner; the bucket's existence is seen without that.
    proxy.on(request("GET", "shop/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    proxy.on(request("HEAD", "").nth(2), Fault::s3(403, "AccessDenied", ""));
    let step = pull(&bucket).through(&proxy).input("expected-bucket-owner", "444455556666");
    let run = step.run().fails(3);
    run.says("Bucket of another owner")
        .says("does not belong to the account 444455556666")
        .says("`expected-bucket-owner`");
    let heads: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.method == "HEAD").collect();
    let asked: Vec<_> = heads.iter().map(|seen| seen.header("x-amz-expected-bucket-owner")).collect();
    assert_eq!(asked, [None, Some("444455556666")]);
}

#[test]
fn a_denial_that_may_come_from_the_owner_says_so() {
    let bucket = published();
    let proxy = Proxy::start();
    proxy.on(request("", "").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let step = pull(&bucket).through(&proxy).at(&real_sts()).input("expected-bucket-owner", "444455556666");
    step.run().fails(3).says("Access denied").says("First see that the bucket belongs to the account 444455556666");
}

#[test]
fn who_was_denied_is_named() {
    let (bucket, github) = (published(), GitHub::start());
    let proxy = Proxy::start();
    proxy.on(request("GET", "/versions/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let (run, sts) = (|step: crate::harness::Action| step.through(&proxy).run().fails(3), real_sts());
    let of_role = "arn:aws:sts::111122223333:assumed-role/puller/cstore-1234567890";
    let key = format!("arn:aws:s3:::{}/shop/.cstore/versions/{VERSION}.json", bucket.name());
    run(assuming(&bucket, &github).at(&sts)).says(&format!("Allow s3:GetObject on {key} for {of_role}."));
    assert_eq!(sts.count(), 1, "the role's own answer says who it is");
    run(pull(&bucket).at(&sts)).says(&format!("for arn:aws:sts::{MOTO}:user/moto."));
    // In a partition of its own the resource is too.
    let step = assuming(&bucket, &github).input("role-to-assume", &ROLE.replace("arn:aws:", "arn:aws-cn:"));
    let answer = crate::sts::sts_credentials("AssumeRoleWithWebIdentity", "ASIACHINA", "2099-01-01T00:00:00Z");
    let body = String::from_utf8(answer.body).unwrap().replace("arn:aws:", "arn:aws-cn:");
    let china = crate::sts::sts_that_answers(move |_| crate::harness::http::Response::new(200, body.clone()));
    run(step.at(&china)).says(&format!("on {}", key.replace("arn:aws:", "arn:aws-cn:")));
}

#[test]
fn a_role_that_was_denied_is_named_where_no_sts_says_who_asks() {
    let (bucket, github) = (published(), GitHub::start());
    let proxy = Proxy::start();
    proxy.on(request("PUT", "").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let sts = crate::sts::sts_that_answers(|_| {
        crate::sts::sts_credentials("AssumeRoleWithWebIdentity", "ASIAELSEWHERE", "2099-01-01T00:00:00Z")
    });
    for role in ["arn:aws:iam:::role/puller", "arn:minio:iam:::role/idmp-puller", ROLE] {
        let step = assuming(&bucket, &github).input("command", "push").input("role-to-assume", role).version("v9");
        let step = step.files(&[".env"]).workspace_file(".env", "TOKEN=swordfish\n");
        let step = step.without_env("AWS_ENDPOINT_URL").input("endpoint-url", &proxy.endpoint());
        let run = step.at(&sts).run().fails(3).says("Access denied").does_not_say("the role or user of this step");
        let key = format!("arn:aws:s3:::{}/shop/.cstore/claims/v9.json", bucket.name());
        run.says(&format!("was denied for {role}")).says(&format!("Allow s3:PutObject on {key} for {role}."));
    }
}

#[test]
fn a_denial_is_told_even_where_sts_does_not_answer() {
    let bucket = published();
    let proxy = Proxy::start();
    proxy.on(request("GET", "").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    let sts = crate::sts::sts_that_answers(|_| crate::sts::sts_error(403, "AccessDenied", "no"));
    let run = pull(&bucket).through(&proxy).at(&sts).run().fails(3);
    run.says("for the role or user of this step");
}

#[test]
fn a_default_bucket_whose_owner_cannot_be_learnt_is_not_asked() {
    let proxy = Proxy::start();
    let words = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult/></GetCallerIdentityResponse>";
    let sts = crate::sts::sts_that_answers(move |_| crate::harness::http::Response::new(200, words));
    let step = pull(&Bucket::missing()).input("bucket", "").through(&proxy).at(&sts);
    step.run().fails(3).says("Account not known").says("`expected-bucket-owner`");
    assert!(proxy.requests().is_empty());
}

#[test]
fn what_sts_says_when_it_is_asked_for_the_account_is_told_by_its_kind() {
    let proxy = Proxy::start();
    for (status, code, words, exit, title) in [
        (403, "AccessDenied", "User is not authorized", 3, "Account not known"),
        (403, "ExpiredTokenException", "The security token is expired", 3, "Credentials expired"),
        (403, "ExpiredToken", "The security token is expired", 3, "Credentials expired"),
        (403, "InvalidClientTokenId", "The security token is invalid", 3, "No valid credentials"),
        (503, "ServiceUnavailable", "The service is busy", 7, "STS kept failing"),
    ] {
        let sts = crate::sts::sts_that_answers(move |_| crate::sts::sts_error(status, code, words));
        let named = pull(&Bucket::missing()).input("allowed-account-ids", MOTO);
        for step in [named, pull(&Bucket::missing()).input("bucket", "")] {
            let run = step.through(&proxy).at(&sts).run().fails(exit);
            let run = run.says(title).says(&format!("({code}; {words}; request sts-request-1)"));
            assert!(!run.printed().contains("No AWS credentials were found"), "{}", run.printed());
        }
    }
    assert!(proxy.requests().is_empty());
}
