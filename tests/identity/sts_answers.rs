//! What STS answers when it is not the role that is at fault.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::at_hand::bare;
use crate::harness::http::Response;
use crate::harness::{Action, Bucket, GitHub, Server, Service};
use crate::sts::{At as _, ROLE, assuming, published, pull, sts_credentials, sts_error, sts_that_answers};

/// What STS says when it cannot get the issuer's keys
/// (<https://github.com/aws-actions/configure-aws-credentials/issues/299>).
const NO_KEYS: &str = "Couldn't retrieve verification key from your identity provider,  please reference \
                       AssumeRoleWithWebIdentity documentation for requirements";

/// Answers once so, then as moto.
fn once(status: u16, code: &'static str, words: &'static str) -> Service {
    let asked = AtomicUsize::new(0);
    Service::start(move |request| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => sts_error(status, code, words),
        _ => Server::shared().send_signed(request),
    })
}

/// Does something for each row at once: most of the time is spent between tries.
fn at_once<T: Send>(rows: impl IntoIterator<Item = T>, each: impl Fn(T) + Sync) {
    let each = &each;
    thread::scope(|scope| rows.into_iter().for_each(|row| drop(scope.spawn(move || each(row)))));
}

#[test]
fn a_verification_key_that_sts_could_not_get_once_is_asked_for_again() {
    let (bucket, github) = (published(), GitHub::start());
    at_once(
        [
            (400, "InvalidIdentityToken", NO_KEYS),
            (400, "IDPCommunicationError", "The identity provider could not be reached."),
            (400, "Throttling", "Rate exceeded"),
            (429, "TooManyRequests", "Slow down."),
        ],
        |(status, code, words)| {
            let sts = once(status, code, words);
            assuming(&bucket, &github).at(&sts).run().succeeds();
            assert_eq!(sts.count(), 2, "{code}");
        },
    );
}

#[test]
fn what_sts_cannot_answer_for_ever_is_code_7_and_says_that_sts_kept_failing() {
    let github = GitHub::start();
    let rows = [
        (400, "InvalidIdentityToken", NO_KEYS),
        (400, "IDPCommunicationError", "The identity provider could not be reached."),
        (400, "Throttling", "Rate exceeded"),
        (400, "ThrottlingException", "Rate exceeded"),
        (400, "RequestLimitExceeded", "Request limit exceeded."),
        (400, "SlowDown", "Please reduce your request rate."),
        (429, "TooManyRequestsException", "Slow down."),
        (400, "ServiceUnavailable", "Busy."),
    ];
    at_once(rows, |(status, code, words)| {
        let sts = sts_that_answers(move |_| sts_error(status, code, words));
        let run = assuming(&Bucket::missing(), &github).at(&sts).run().fails(7);
        run.says("STS kept failing").says(code).does_not_say("identity provider for https://token");
        let chained = pull(&Bucket::missing()).input("role-to-assume", ROLE).input("role-chaining", "true");
        chained.at(&sts).run().fails(7).says("STS kept failing").says(code);
        let asked = pull(&Bucket::missing()).input("allowed-account-ids", "111122223333");
        asked.at(&sts).run().fails(7).says("STS kept failing").says(code);
    });
}

#[test]
fn what_answers_in_the_place_of_sts_is_not_taken_for_sts() {
    for status in [200, 302, 403, 404] {
        let page = sts_that_answers(move |_| Response::new(status, "<html>Sign in to this network</html>"));
        let step = || pull(&Bucket::missing()).at(&page);
        for step in [
            step().input("allowed-account-ids", "111122223333"),
            step().input("role-to-assume", ROLE).input("role-chaining", "true"),
        ] {
            let run = step.run().fails(7).says("Not an STS answer").says(&format!("(status {status})"));
            run.says("whether a proxy answers instead of it").does_not_say("health.aws.amazon.com");
        }
    }
}

#[test]
fn credentials_at_hand_that_sts_does_not_answer_for_are_code_7() {
    let step = || {
        let step = bare(&Bucket::missing()).env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/of-file");
        let file = step.workspace().mounted("home").join("token");
        fs::write(&file, "header.payload.signature").unwrap();
        step.env("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap())
    };
    let sts = sts_that_answers(|_| sts_error(400, "Throttling", "Rate exceeded"));
    step().at(&sts).run().fails(7).says("STS kept failing").says("Throttling");
    step().env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1").run().fails(7).says("STS not reachable");
    let sts = sts_that_answers(|_| sts_error(403, "AccessDenied", "Not authorized"));
    step().at(&sts).run().fails(3).says("No valid credentials").says("AccessDenied");
}

#[test]
fn a_token_that_has_expired_is_told_by_what_was_asked_and_not_by_words() {
    let github = GitHub::start();
    for (code, words) in [
        (
            "ExpiredTokenException",
            "Token expired: current date/time 1764000000 must be before the expiration date/time",
        ),
        ("ExpiredTokenException", "The web identity token that was passed is expired or is not valid."),
        ("ExpiredToken", "Das Token ist abgelaufen."),
        ("ExpiredTokenException", ""),
    ] {
        let sts = sts_that_answers(move |_| sts_error(400, code, words));
        let run = assuming(&Bucket::missing(), &github).at(&sts).run().fails(3);
        run.says("Token expired").says("Run this again.").does_not_say("; ;").does_not_say("existing credentials");
        // Signed with credentials, it is these that have expired.
        let chained = pull(&Bucket::missing()).input("role-to-assume", ROLE).input("role-chaining", "true");
        chained.at(&sts).run().fails(3).says("No valid credentials").does_not_say("Token expired:  ");
    }
}

#[test]
fn a_wrong_secret_key_is_told_as_such_by_sts_too() {
    let words = "The request signature we calculated does not match the signature you provided.";
    let sts = sts_that_answers(move |_| sts_error(403, "SignatureDoesNotMatch", words));
    let chained = pull(&Bucket::missing()).input("role-to-assume", ROLE).input("role-chaining", "true");
    for step in [chained, pull(&Bucket::missing()).input("allowed-account-ids", "111122223333")] {
        let run = step.at(&sts).run().fails(3).says("No valid credentials");
        run.says("the secret key is not the one that belongs to the access key ID".trim_start_matches("the "))
            .says("Check AWS_SECRET_ACCESS_KEY");
    }
}

/// A step for another service than AWS's, whose STS is this.
fn elsewhere(step: Action, sts: &Service) -> Action {
    step.without_env("AWS_ENDPOINT_URL").input("endpoint-url", &Server::shared().endpoint()).at(sts)
}

#[test]
fn another_services_arn_of_a_role_is_taken_as_it_is_and_gives_no_account_and_no_region() {
    let (bucket, github) = (published(), GitHub::start());
    for arn in [
        "arn:aws:iam:::role/puller",
        "arn:aws:iam::role/puller",
        "arn:minio:iam:::role/idmp-4Zx_9",
        "arn:aws-cn:iam::111122223333:role/puller",
    ] {
        let sts =
            sts_that_answers(|_| sts_credentials("AssumeRoleWithWebIdentity", "ASIAELSEWHERE", "2099-01-01T00:00:00Z"));
        let step = || assuming(&bucket, &github).input("role-to-assume", arn);
        elsewhere(step(), &sts).run().succeeds();
        assert_eq!(sts.requests()[0].field("RoleArn").as_deref(), Some(arn));
        // Its region is nobody's to guess.
        let nowhere = step().without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
        elsewhere(nowhere, &sts).run().succeeds();
        if !arn.contains(":111122223333:") {
            step().run().fails(2).says("role-to-assume").says("role ARN");
        }
    }
    let sts = sts_that_answers(|_| sts_error(400, "AccessDenied", ""));
    let step = || assuming(&bucket, &github).input("role-to-assume", "arn:minio:iam:::role/x");
    let run = elsewhere(step(), &sts).run().fails(3).says("(AccessDenied; request sts-request-1)");
    run.does_not_say("; ;");
    for not_one in ["puller", "arn:minio:iam:::role/a b"] {
        elsewhere(step().input("role-to-assume", not_one), &sts).run().fails(2).says("role ARN");
    }
}

#[test]
fn another_services_role_without_its_sts_is_refused_before_anybody_gets_the_token() {
    let github = GitHub::start();
    for role in ["arn:aws:iam:::role/puller", "arn:minio:iam:::role/x"] {
        let step = assuming(&Bucket::missing(), &github).input("role-to-assume", role).without_env("AWS_ENDPOINT_URL");
        let step = step.without_env("AWS_ENDPOINT_URL_STS").input("endpoint-url", &Server::shared().endpoint());
        let run = step.run().fails(2).says("STS not named").says(role).says("Set AWS_ENDPOINT_URL_STS");
        run.does_not_say("trust policy");
    }
}

#[test]
fn a_service_that_is_not_awss_is_not_looked_up_on_awss_page_and_its_denials_are_not_asked_about() {
    let github = GitHub::start();
    let sts = sts_that_answers(|_| sts_error(503, "ServiceUnavailable", ""));
    let step = assuming(&Bucket::missing(), &github).input("role-to-assume", "arn:minio:iam:::role/x");
    let run = elsewhere(step, &sts).run().fails(7).says("STS kept failing (ServiceUnavailable; request sts-request-1)");
    run.does_not_say("health.aws.amazon.com").does_not_say("AWS STS").says("the service at `endpoint-url`");

    let denies = Service::start(|_| Response {
        headers: vec![("content-type".into(), "application/xml".into())],
        ..Response::new(403, "<Error><Code>AccessDenied</Code><Message></Message></Error>")
    });
    let sts = sts_that_answers(|_| sts_error(403, "AccessDenied", "no"));
    let step = pull(&Bucket::missing()).without_env("AWS_ENDPOINT_URL").input("endpoint-url", &denies.endpoint());
    let run = step.at(&sts).run().fails(3).says("Access denied").says("was denied (AccessDenied).");
    run.does_not_say("()").does_not_say("; )");
    assert_eq!(sts.count(), 0, "no STS knows who that is");
}
