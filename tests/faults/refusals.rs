//! What S3 and KMS refuse: the message names action, resource and remedy.

use std::time::SystemTime;

use time::format_description::well_known::Rfc2822;
use time::{Duration, OffsetDateTime};

use crate::harness::proxy::{Fault, Matching, get, put, request, s3_error, wrong_region};
use crate::harness::{Action, Run, shows};
use crate::story::{NEW, OLD, proxy_with, pull, push, push_head, start_proxy, versioned};

fn access_denied() -> Fault {
    Fault::s3(403, "AccessDenied", "Access Denied")
}

/// Who asks, by the GetCallerIdentity of the server in memory.
const WHO: &str = "arn:aws:sts::111122223333:assumed-role/bench/run";

/// Runs with a request refused, and holds the message to what it must name.
fn denied(action: Action, matching: Matching, iam_action: &str, resource: &str) -> Run {
    let proxy = proxy_with(matching.for_ever(), access_denied());
    let run = action.through(&proxy).run().fails(3);
    run.says("Access denied").says(&format!("Allow {iam_action} on {resource} for {WHO}."))
}

#[test]
fn a_denied_request_names_the_action_and_the_resource() {
    let shown = shows("F5", "403 to each operation", "code 3, naming action, resource and principal");
    let bucket = versioned();
    push(&bucket, NEW).version("v1.0.0").run().succeeds();
    let arn = |key: &str| format!("arn:aws:s3:::{}/{key}", bucket.name());
    let of_version = || pull(&bucket, "v1.0.0");
    let again = || push(&bucket, NEW).version("v1.0.0");
    shown.case();
    let get_denied = denied(of_version(), get("/versions/"), "s3:GetObject", &arn("shop/.cstore/versions/v1.0.0.json"));
    get_denied.says("Without s3:ListBucket").says("does not exist");
    shown.case();
    denied(of_version(), get("c.json"), "s3:GetObject", &arn("shop/v1.0.0/c.json"));
    shown.case();
    denied(again(), request("", "c.json"), "s3:GetObjectVersion", &arn("shop/v1.0.0/c.json"));
    shown.case();
    denied(again(), put("/claims/"), "s3:PutObject", &arn("shop/.cstore/claims/v1.0.0.json"));
    shown.case();
    denied(push_head(&bucket, NEW), put("head.json"), "s3:PutObject", &arn("shop/.cstore/head.json"));
    shown.case();
    let listing = pull(&bucket, "latest").through(&proxy_with(get("").for_ever(), access_denied())).run().fails(3);
    listing.says(&format!("Allow s3:ListBucket on arn:aws:s3:::{} for", bucket.name()));
    bucket.delete("shop/v1.0.0/c.json"); // the pin is got instead
    shown.case();
    denied(of_version(), get("versionId="), "s3:GetObjectVersion", &arn("shop/v1.0.0/c.json"));
}

#[test]
fn s3s_own_words_name_the_principal() {
    let bucket = versioned();
    let words = "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: s3:PutObject on \
                 resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObject action";
    let proxy = proxy_with(put("c.json").for_ever(), Fault::s3(403, "AccessDenied", words));
    let run = push(&bucket, NEW).through(&proxy).run().fails(3);
    run.says("arn:aws:sts::123456789012:assumed-role/ci/run").says("TESTREQUEST00001");
}

#[test]
fn a_refused_read_is_never_missing() {
    let _shown = shows("F5", "403 to a read, where what is missing may be ignored", "code 3: refused is not missing");
    let bucket = versioned();
    let proxy = proxy_with(get("").for_ever(), access_denied());
    pull(&bucket, "v1").through(&proxy).input("if-missing", "ignore").run().fails(3);
}

#[test]
fn a_role_that_may_only_create_publishes_but_cannot_overwrite() {
    let _shown = shows(
        "T10",
        "a role that may only create, such as a stolen pusher's, tries to replace",
        "code 3; the version stays as it was",
    );
    let bucket = versioned();
    push(&bucket, OLD).run().succeeds();
    let proxy = proxy_with(put("/claims/").nth(2).for_ever(), access_denied());
    let run = push(&bucket, NEW).through(&proxy).input("overwrite", "true").run().fails(3);
    run.says("may be allowed to create only");
    crate::story::state_of(&pull(&bucket, "v1").run().succeeds(), &[OLD]);
}

#[test]
fn a_key_that_may_not_be_used_is_named_with_the_principal_and_the_missing_action() {
    let key = "arn:aws:kms:us-east-1:123456789012:key/k";
    for (on_push, action) in [(true, "kms:GenerateDataKey"), (false, "kms:Decrypt")] {
        let bucket = versioned();
        let words = format!(
            "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: {action} on the \
             resource associated with this ciphertext because no identity-based policy allows the {action} action: {key}"
        );
        let fault = Fault::s3(403, "AccessDenied", &words);
        let run = if on_push {
            push(&bucket, NEW).through(&proxy_with(put("shop/v1/").for_ever(), fault)).run()
        } else {
            push(&bucket, NEW).run().succeeds();
            pull(&bucket, "v1").through(&proxy_with(get("shop/v1/").for_ever(), fault)).run()
        };
        let run = run.fails(3).says("KMS access denied").says(&format!("refused {action} for {WHO}"));
        run.says(key).says("assumed-role/ci/run").says("shop/v1/");
    }
}

#[test]
fn a_key_that_is_disabled_unknown_or_being_deleted_is_a_bad_input() {
    for code in ["KMS.DisabledException", "KMS.NotFoundException", "KMS.KMSInvalidStateException"] {
        let bucket = versioned();
        let fault = || Fault::s3(400, code, "arn:aws:kms:us-east-1:123456789012:key/k cannot be used.");
        let run = push(&bucket, NEW).through(&proxy_with(put("shop/v1/").for_ever(), fault())).run().fails(2);
        run.says(code).says("kms-key-id").says("key/k");
        push(&bucket, NEW).run().succeeds();
        pull(&bucket, "v1").through(&proxy_with(get("shop/v1/c").for_ever(), fault())).run().fails(2).says(code);
        bucket.delete("shop/v1/c.json"); // the pin is got instead
        pull(&bucket, "v1").through(&proxy_with(get("versionId=").for_ever(), fault())).run().fails(2).says(code);
    }
}

#[test]
fn credentials_that_expire_midway_are_code_3() {
    let shown = shows(
        "F15",
        "credentials expire during the step and cannot be renewed",
        "code 3; old, and the next push publishes",
    );
    for (status, code, title) in shown.each([
        (400, "ExpiredToken", "Credentials expired"),
        (403, "InvalidAccessKeyId", "No valid credentials"),
        (403, "SignatureDoesNotMatch", "No valid credentials"),
    ]) {
        let bucket = versioned();
        let fault = || Fault::s3(status, code, "The provided token has expired.");
        let run = push(&bucket, NEW).through(&proxy_with(put("/versions/").for_ever(), fault())).run().fails(3);
        run.says(code).says(title);
        assert_eq!(crate::story::pulled(&bucket, "v1", &[NEW]), None);
        push(&bucket, NEW).run().succeeds();
        let run = pull(&bucket, "v1").through(&proxy_with(get("c.json").for_ever(), fault())).run().fails(3);
        run.says(code);
    }
}

#[test]
fn without_credentials_the_message_says_how_to_get_some() {
    let bucket = versioned();
    let run = pull(&bucket, "v1").without_env("AWS_ACCESS_KEY_ID").without_env("AWS_SECRET_ACCESS_KEY");
    let run = run.env("AWS_EC2_METADATA_DISABLED", "true").run().fails(3);
    run.says("No valid credentials").says("aws-actions/configure-aws-credentials");
}

/// RequestTimeTooSkewed, from a server whose clock is a day ahead.
fn skewed() -> Fault {
    let tomorrow = OffsetDateTime::from(SystemTime::now()) + Duration::DAY;
    let date = tomorrow.format(&Rfc2822).unwrap().replace("+0000", "GMT");
    let words = "The difference between the request time and the current time is too large.";
    let mut answer = s3_error(403, "RequestTimeTooSkewed", words);
    answer.headers.push(("date".to_owned(), date));
    Fault::Answer(answer)
}

#[test]
fn a_clock_that_is_a_day_slow_is_corrected() {
    let _shown = shows("F16", "the clock is a day slow", "corrected by the answer; success");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(get("/versions/"), skewed());
    pull(&bucket, "v1").through(&proxy).run().succeeds();
    let day = |n: usize| proxy.requests()[n].header("x-amz-date").unwrap()[..8].parse::<u32>().unwrap();
    assert_ne!(day(0), day(1), "the second try is signed with the server's time");
}

#[test]
fn a_clock_that_cannot_be_corrected_is_code_3_and_named() {
    let _shown = shows("F16", "the clock cannot be corrected", "code 3, with the difference");
    let bucket = versioned();
    let proxy = proxy_with(get("").for_ever(), skewed());
    let run = pull(&bucket, "v1").through(&proxy).run().fails(3);
    run.says("clock is 24 hours behind the service's")
        .says("RequestTimeTooSkewed")
        .does_not_say("configure-aws-credentials");
}

#[test]
fn a_bucket_of_another_region_is_a_bad_input_that_names_the_region() {
    let malformed = s3_error(
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'",
    );
    let s3 = "https://b.s3.eu-central-1.amazonaws.com/";
    for answer in [wrong_region(301, "eu-central-1", s3), wrong_region(307, "eu-central-1", s3), malformed] {
        let bucket = versioned();
        for action in [pull(&bucket, "v1"), push(&bucket, NEW), pull(&bucket, "latest")] {
            let proxy = proxy_with(request("", "").for_ever(), Fault::Answer(answer.clone()));
            let run = action.through(&proxy).run().fails(2);
            run.says("Wrong region").says("Set `aws-region: eu-central-1`");
        }
    }
}

#[test]
fn credentials_follow_no_redirect_to_another_host() {
    let shown = shows("T8", "S3 answers with a redirect to another host", "never followed");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let elsewhere = start_proxy();
    for status in [301, 302, 303, 307, 308] {
        let mut answer = wrong_region(status, "us-east-1", &elsewhere.endpoint());
        if status != 301 && status != 307 {
            answer.body.clear();
        }
        for action in shown.each([pull(&bucket, "v1"), push(&bucket, OLD).version("v2")]) {
            let proxy = proxy_with(request("", "").for_ever(), Fault::Answer(answer.clone()));
            assert_ne!(action.through(&proxy).run().code, 0, "{status}");
        }
    }
    assert!(elsewhere.requests().is_empty(), "{:#?}", elsewhere.requests());
}

#[test]
fn an_explicit_deny_is_not_answered_with_an_allow() {
    let bucket = versioned();
    let words = "User: arn:aws:iam::123456789012:user/moto is not authorized to perform: s3:GetObject with an explicit deny in a resource-based policy";
    let proxy = proxy_with(get("").for_ever(), Fault::s3(403, "AccessDenied", words));
    let run = pull(&bucket, "v1").through(&proxy).run().fails(3);
    run.says("no Allow overrides a Deny").does_not_say("Allow s3:GetObject on").does_not_say("Without s3:ListBucket");
}

#[test]
fn a_signature_that_does_not_match_says_that_the_secret_key_is_wrong() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let words = "The request signature we calculated does not match the signature you provided.";
    let proxy = proxy_with(get("").for_ever(), Fault::s3(403, "SignatureDoesNotMatch", words));
    let run = pull(&bucket, "v1").through(&proxy).run().fails(3).says("No valid credentials");
    run.says("the secret key is not the one that belongs to the access key ID").says("Check AWS_SECRET_ACCESS_KEY");
    let step = pull(&bucket, "v1").without_env("AWS_ENDPOINT_URL").input("endpoint-url", &proxy.endpoint());
    step.run()
        .fails(3)
        .says("as the service expects it")
        .says("see whether a proxy before the service changes the host");
}

#[test]
fn an_access_key_that_s3_does_not_know_is_not_answered_with_the_role_that_gave_it() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let unknown =
        || Fault::s3(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
    let github = crate::harness::GitHub::start();
    let proxy = proxy_with(get("").for_ever(), unknown());
    let step = github.job(pull(&bucket, "v1")).input("role-to-assume", "arn:aws:iam::111122223333:role/puller");
    let run = step.through(&proxy).run().fails(3).says("No valid credentials");
    run.says("They are those of `role-to-assume`").does_not_say("Set `role-to-assume`");
    let proxy = proxy_with(get("").for_ever(), unknown());
    pull(&bucket, "v1").through(&proxy).run().fails(3).says("Set `role-to-assume`");
}

#[test]
fn a_region_that_s3_calls_unspecified_is_not_advised() {
    let bucket = versioned();
    let words = "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.";
    let proxy = proxy_with(request("", "").for_ever(), Fault::s3(400, "IllegalLocationConstraintException", words));
    let run = pull(&bucket, "v1").through(&proxy).run().fails(2).says("Wrong region");
    run.says("Set `aws-region` to the bucket's region").does_not_say("aws-region: unspecified");
}

#[test]
fn an_object_that_a_lifecycle_rule_archived_is_told_as_such_with_what_to_do() {
    let words = "The operation is not valid for the object's storage class";
    for key in ["shop/v1/", "/versions/"] {
        let bucket = crate::story::unversioned();
        push(&bucket, NEW).run().succeeds();
        let proxy = proxy_with(get(key).for_ever(), Fault::s3(403, "InvalidObjectState", words));
        let run = pull(&bucket, "v1").through(&proxy).run().fails(5).says("in an archive").says("`overwrite: true`");
        run.says("lifecycle rule").does_not_say("Access denied");
    }
}

#[test]
fn where_listing_is_denied_nothing_is_said_of_what_is_published() {
    let bucket = versioned();
    // Some services answer a listing that is denied with 404.
    for denied in [access_denied(), Fault::s3(404, "NoSuchBucket", "Not found"), Fault::s3(500, "InternalError", "")] {
        let proxy = proxy_with(get("list-type").for_ever(), denied);
        let run = pull(&bucket, "v1").through(&proxy).run().fails(6).says("Version v1 of shop is not published.");
        run.says("Check `version`, `context` and `bucket`").does_not_say("No version is published");
    }
    pull(&bucket, "v1").run().fails(6).says("No version is published there");
}

#[test]
fn awss_health_page_is_not_named_for_another_host_whoever_names_it() {
    let bucket = versioned();
    let proxy = proxy_with(get("").for_ever(), Fault::s3(503, "SlowDown", ""));
    let step = || pull(&bucket, "v1").without_env("AWS_ENDPOINT_URL");
    let of_profile = |profile: &str| {
        let step = step().repository_file("profile", profile).env("AWS_PROFILE", "here");
        let file = step.workspace().path("profile");
        step.env("AWS_CONFIG_FILE", file.to_str().unwrap())
    };
    let url = proxy.endpoint();
    for step in [
        step().env("AWS_ENDPOINT_URL", &url),
        step().env("AWS_ENDPOINT_URL_S3", &url),
        step().input("endpoint-url", &url),
        of_profile(&format!("[profile here]\nendpoint_url = {url}\n")),
        of_profile(&format!("[profile here]\nservices = here\n[services here]\ns3 =\n  endpoint_url = {url}\n")),
    ] {
        let run = step.run().fails(7).says("S3 kept failing").does_not_say("health.aws.amazon.com");
        run.says("the state of the service at `endpoint-url`");
    }
}
