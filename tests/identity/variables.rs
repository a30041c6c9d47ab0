//! What a workflow really sets: variables that are empty, credentials that were pasted with a line break, files that a
//! container does not see.

use std::fs;

use crate::at_hand::{aws_file, bare, signs_with};
use crate::harness::http::Response;
use crate::harness::{Action, Bucket, Proxy, Service};
use crate::sts::{At as _, published, pull, sts_that_answers};

/// The machine that the runner is on, which offers a role of its own.
fn instance() -> Service {
    Service::start(|request| match request.target.as_str() {
        "/latest/api/token" => Response {
            headers: vec![("x-aws-ec2-metadata-token-ttl-seconds".into(), "21600".into())],
            ..Response::new(200, "metadata-token")
        },
        path if path.ends_with('/') => Response::new(200, "machine"),
        _ => Response::new(
            200,
            r#"{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAMACHINE","SecretAccessKey":"secret-of-machine","Token":"session-of-machine","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z","AccountId":"111122223333"}"#,
        ),
    })
}

fn on(instance: &Service, step: Action) -> Action {
    let step = step.env("AWS_EC2_METADATA_DISABLED", "false");
    step.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &instance.endpoint())
}

#[test]
fn an_empty_secret_beside_an_id_is_named_and_the_role_of_the_machine_is_not_taken() {
    let (bucket, instance, proxy) = (published(), instance(), Proxy::start());
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    let rows: [(&[(&str, &str)], &str); 7] = [
        (&[(id, "AKIAHALF"), (secret, "")], "AWS_SECRET_ACCESS_KEY is empty, and AWS_ACCESS_KEY_ID"),
        (&[(id, "AKIAHALF"), (secret, " \n")], "AWS_SECRET_ACCESS_KEY is empty, and AWS_ACCESS_KEY_ID"),
        (&[(id, "AKIAHALF")], "AWS_SECRET_ACCESS_KEY is not set, and AWS_ACCESS_KEY_ID"),
        (&[(id, ""), (secret, "secret-of-half")], "AWS_ACCESS_KEY_ID is empty, and AWS_SECRET_ACCESS_KEY"),
        (&[(secret, "secret-of-half")], "AWS_ACCESS_KEY_ID is not set, and AWS_SECRET_ACCESS_KEY"),
        (
            &[(id, ""), (secret, ""), ("AWS_SESSION_TOKEN", "")],
            "AWS_ACCESS_KEY_ID is empty, and this machine's own role is not used",
        ),
        (
            &[(id, "ASIAHALF"), (secret, "secret-of-half"), ("AWS_SESSION_TOKEN", "")],
            "AWS_SESSION_TOKEN is empty, and AWS_ACCESS_KEY_ID",
        ),
    ];
    for (variables, says) in rows {
        let step = on(&instance, bare(&bucket)).through(&proxy).secrets(["secret-of-half"]);
        let step = variables.iter().fold(step, |step, (name, value)| step.env(name, value));
        step.run().fails(3).says("No valid credentials").says(says).says("Check the name of the secret");
        let chained = step.input("role-to-assume", crate::sts::ROLE).input("role-chaining", "true");
        chained.run().fails(3).says(says);
    }
    assert_eq!((instance.count(), proxy.requests().len()), (0, 0));
    // Who gives nothing gets it.
    signs_with(on(&instance, bare(&bucket)), "ASIAMACHINE");
    // And who has a role of the job's need not care.
    let github = crate::harness::GitHub::start();
    let step = crate::sts::assuming(&bucket, &github).env(id, "AKIAHALF").env(secret, "");
    step.run().succeeds();
}

#[test]
fn credentials_that_are_empty_leave_the_profile_that_is_named() {
    let bucket = published();
    let step = bare(&bucket).env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "").env("AWS_PROFILE", "deploy");
    let keys = "[deploy]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret-of-profile\n";
    aws_file(&step, "credentials", keys);
    signs_with(step, "AKIAPROFILE");
}

#[test]
fn a_credential_pasted_with_a_blank_or_a_line_end_is_named_and_not_signed_with() {
    let (bucket, proxy) = (published(), Proxy::start());
    for (name, value, words) in [
        ("AWS_SECRET_ACCESS_KEY", "secret-of-paste\n", "the secret key ends with a line break."),
        ("AWS_SECRET_ACCESS_KEY", "secret-of-paste ", "the secret key ends with a blank."),
        ("AWS_SECRET_ACCESS_KEY", "\tsecret-of-paste", "the secret key begins with a blank."),
        ("AWS_SECRET_ACCESS_KEY", "secret-of-paste\r\n", "the secret key ends with a line break."),
        ("AWS_ACCESS_KEY_ID", "AKIAPASTE\n", "the access key ends with a line break."),
        ("AWS_ACCESS_KEY_ID", " AKIAPASTE", "the access key begins with a blank."),
        ("AWS_SESSION_TOKEN", "token-of-paste\n", "the session token ends with a line break."),
    ] {
        let step = pull(&bucket).through(&proxy).env(name, value).secrets(["secret-of-paste", "token-of-paste"]);
        let run = step.run().fails(3).says("No valid credentials");
        run.says(&format!("{name} cannot be used")).says(words).says("Set the secret");
    }
    assert!(proxy.requests().is_empty());
}

/// Variables of the SDK that a workflow may set to nothing, as `${{ vars.NAME }}` of one that is not there.
const SETTINGS: [&str; 19] = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "HTTPS_PROXY",
    "NO_PROXY",
];

#[test]
fn an_empty_region_and_every_other_empty_setting_count_as_not_set() {
    let bucket = published();
    for empty in ["", " ", "\n"] {
        let with = |step: Action| SETTINGS.into_iter().fold(step, |step, name| step.env(name, empty));
        with(pull(&bucket)).run().succeeds();
        with(pull(&bucket)).input("aws-region", "us-east-1").run().succeeds();
        // The usual files are read, and the usual profile of them.
        let step = with(bare(&bucket));
        let keys = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = secret-of-default\n";
        aws_file(&step, "credentials", keys);
        aws_file(&step, "config", "[default]\nregion = us-east-1\n");
        signs_with(step, "AKIADEFAULT");
        // What offers a role is asked, where only settings are empty.
        let instance = instance();
        let settings = SETTINGS.into_iter().fold(bare(&bucket), |step, name| step.env(name, empty));
        signs_with(on(&instance, settings), "ASIAMACHINE");
    }
}

#[test]
fn the_region_is_the_profiles_where_the_variables_are_empty() {
    let (bucket, proxy) = (published(), Proxy::start());
    let step =
        pull(&bucket).through(&proxy).env("AWS_REGION", "").env("AWS_DEFAULT_REGION", "").env("AWS_PROFILE", "b");
    aws_file(&step, "config", "[profile a]\nregion = eu-west-1\n[profile b]\nsource_profile = a\nrole_arn = x\n");
    step.run().succeeds();
    assert!(proxy.requests()[0].header("authorization").unwrap().contains("/eu-west-1/s3/"));
}

#[test]
fn an_unknown_profile_is_named_and_the_role_of_the_machine_is_not_taken() {
    let (bucket, instance) = (published(), instance());
    let step = || on(&instance, bare(&bucket)).env("AWS_PROFILE", "depoly");
    step().run().fails(3).says("profile `depoly` was not defined: AWS_PROFILE names it").says(".aws/config");
    let with_files = step();
    aws_file(&with_files, "config", "[profile deploy]\nregion = us-east-1\n");
    with_files.run().fails(3).says("profile `depoly`");
    assert_eq!(instance.count(), 0);
    // Other credentials count before it.
    pull(&bucket).env("AWS_PROFILE", "depoly").run().succeeds();
}

#[test]
fn a_token_file_that_is_not_mounted_is_named_with_its_variable_and_what_the_container_must_see() {
    let path = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
    let step = || bare(&Bucket::missing()).env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/of-file");
    let run = step().env("AWS_WEB_IDENTITY_TOKEN_FILE", path).run().fails(3).says("No valid credentials");
    let run = run.says(&format!("{path}, which AWS_WEB_IDENTITY_TOKEN_FILE names, cannot be read: No such file"));
    run.says("This step must see that file").says("into the container at the same path");

    let pod =
        bare(&Bucket::missing()).env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials");
    let run = pod.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/run/secrets/pods/token").run().fails(3);
    run.says("/var/run/secrets/pods/token, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, cannot be read");

    let step = bare(&Bucket::missing()).env("AWS_PROFILE", "irsa");
    aws_file(
        &step,
        "config",
        "[profile irsa]\nrole_arn = arn:aws:iam::111122223333:role/r\nweb_identity_token_file = /nowhere/token\n",
    );
    step.run().fails(3).says("/nowhere/token, which the profile `irsa` names, cannot be read");
}

#[test]
fn what_variables_and_profiles_say_of_places_is_not_quoted() {
    let bare = || bare(&Bucket::missing()).secrets(["swordfish", "halibut"]);
    let url = "http://me:swordfish@[bad/x?token=halibut";
    for (variable, text) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/with a blank?token=halibut"),
    ] {
        let run = bare().env(variable, text).run().fails(3).says("No AWS credentials were found");
        run.says(&format!("): {variable})"));
    }
    let keys =
        |step: Action| step.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
    let step = keys(bare()).without_env("AWS_ENDPOINT_URL");
    aws_file(&step, "config", format!("[default]\nendpoint_url = {url}\n"));
    step.run().fails(2).says("Custom endpoint `endpoint_url`");
}

#[test]
fn a_token_file_without_its_role_or_without_a_token_is_named() {
    let step = bare(&Bucket::missing());
    let file = step.workspace().mounted("home").join("token");
    fs::write(&file, "\n").unwrap();
    let step = step.env("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap());
    let refuses = sts_that_answers(|_| crate::sts::sts_error(400, "InvalidParameterValue", "Missing token."));
    let with_role = step.env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/of-file").at(&refuses);
    with_role.run().fails(3).says("which AWS_WEB_IDENTITY_TOKEN_FILE names, is empty");
    fs::write(&file, "header.payload.signature").unwrap();
    with_role.without_env("AWS_ROLE_ARN").run().fails(3).says("AWS_ROLE_ARN, which says what role its token is for");
}
