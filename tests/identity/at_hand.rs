//! Without `role-to-assume`: the existing credentials, wherever the SDK's default chain finds them.

use std::fs;

use crate::harness::http::Response;
use crate::harness::{Action, Bucket, Proxy, Service};
use crate::sts::{At as _, published, pull, real_sts, sts_credentials, sts_that_answers};

/// A pull in a job without credentials.
pub(crate) fn bare(bucket: &Bucket) -> Action {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    names.into_iter().fold(pull(bucket), Action::without_env).env("AWS_EC2_METADATA_DISABLED", "true")
}

/// Writes the configuration of AWS's tools into the job's home.
pub(crate) fn aws_file(step: &Action, name: &str, text: impl AsRef<[u8]>) {
    let folder = step.workspace().mounted("home").join(".aws");
    fs::create_dir_all(folder.join("sso/cache")).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

/// Runs the step, whose requests must be signed with this access key.
pub(crate) fn signs_with(step: Action, access_key: &str) {
    let proxy = Proxy::start();
    step.through(&proxy).run().succeeds().does_not_say(access_key);
    let signed = |seen: &crate::harness::proxy::Seen| {
        seen.header("authorization").is_some_and(|text| text.contains(&format!("Credential={access_key}/")))
    };
    let requests = proxy.requests();
    let to_s3: Vec<_> = requests.iter().filter(|seen| seen.method == "GET").collect();
    assert!(!to_s3.is_empty() && to_s3.iter().all(|seen| signed(seen)), "{to_s3:#?}");
}

#[test]
fn the_environment() {
    let bucket = published();
    let step = bare(&bucket).env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT").env("AWS_SECRET_ACCESS_KEY", "secret-of-env");
    signs_with(step, "AKIAENVIRONMENT");
}

#[test]
fn a_profile() {
    let bucket = published();
    let step = bare(&bucket).env("AWS_PROFILE", "deploy").without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
    aws_file(
        &step,
        "credentials",
        "[deploy]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret-of-profile\n",
    );
    aws_file(&step, "config", "[profile deploy]\nregion = eu-west-1\n");
    signs_with(step, "AKIAPROFILE");
}

#[test]
fn a_profile_that_assumes_a_role() {
    let bucket = published();
    let sts = sts_that_answers(|_| sts_credentials("AssumeRole", "ASIAOFPROFILE", "2099-01-01T00:00:00Z"));
    let step = bare(&bucket).env("AWS_PROFILE", "deploy").at(&sts);
    aws_file(&step, "credentials", "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = secret-of-base\n");
    aws_file(
        &step,
        "config",
        "[profile base]\n[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = base\n",
    );
    signs_with(step, "ASIAOFPROFILE");
}

#[test]
fn a_process_of_a_profile() {
    let bucket = published();
    let step = bare(&bucket).env("AWS_PROFILE", "deploy");
    let answer = r#"{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"secret-of-process"}"#;
    let file = step.workspace().mounted("home").join("answer.json");
    fs::write(&file, answer).unwrap();
    aws_file(&step, "config", format!("[profile deploy]\ncredential_process = cat {}\n", file.display()));
    signs_with(step, "AKIAPROCESS");
}

#[test]
fn what_a_process_of_a_profile_says_of_its_failure_is_not_quoted() {
    let step = bare(&Bucket::missing()).env("AWS_PROFILE", "deploy").secrets(["token-of-the-helper"]);
    let process = "/bin/sh -c 'echo token-of-the-helper >&2; echo token-of-the-helper >&2; exit 3'";
    aws_file(&step, "config", format!("[profile deploy]\ncredential_process = {process}\n"));
    step.run().fails(3).says("No valid credentials").says("exit status: 3; run the profile's `credential_process`");
}

#[test]
fn single_sign_on() {
    let bucket = published();
    let portal = Service::start(|request| {
        assert_eq!(request.header("x-amz-sso_bearer_token"), Some("token-of-sso"));
        let credentials = r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"secret-of-sso","sessionToken":"session-of-sso","expiration":4070908800000}}"#;
        Response {
            headers: vec![("content-type".into(), "application/json".into())],
            ..Response::new(200, credentials)
        }
    });
    let step = bare(&bucket).env("AWS_PROFILE", "deploy").env("AWS_ENDPOINT_URL_SSO", &portal.endpoint());
    aws_file(
        &step,
        "config",
        "[profile deploy]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n\
         sso_account_id = 111122223333\nsso_role_name = Deploy\n",
    );
    // Named by the SHA-1 of the start URL, as `aws sso login` leaves it.
    aws_file(
        &step,
        "sso/cache/40169cea58ca6cbf23fb27b2542923fb5f524af0.json",
        r#"{"accessToken":"token-of-sso","expiresAt":"2099-01-01T00:00:00Z","region":"us-east-1","startUrl":"https://acme.awsapps.com/start"}"#,
    );
    signs_with(step, "ASIASSO");
}

#[test]
fn a_web_identity_file() {
    let bucket = published();
    let sts = real_sts();
    let step = bare(&bucket).at(&sts);
    let file = step.workspace().mounted("home").join("token");
    fs::write(&file, "header.payload.signature").unwrap();
    let step = step
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap())
        .env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/of-file");
    step.run().succeeds();
    assert_eq!(sts.requests()[0].field("RoleArn").as_deref(), Some("arn:aws:iam::111122223333:role/of-file"));
}

#[test]
fn a_file_of_awss_tools_that_cannot_be_used_is_named_with_its_line_and_without_its_values() {
    let half: &[u8] = b"[default]\naws_access_key_id = AKIAHALF\n\naws_secret_access_key: swordfish\n";
    // The second line of `source` belongs to the first.
    let source: &[u8] = b"[default]\ncredential_source = x\n  aws_secret_access_key = swordfish\n";
    let rows: [(&str, &[u8], &str); 7] = [
        ("credentials", half, ".aws/credentials on line 4: Expected an '=' sign"),
        ("config", b"region = eu-west-1\n", ".aws/config on line 1: Expected a profile definition"),
        ("config", b"[default\nregion = swordfish\n", ".aws/config on line 1: Profile definition must end"),
        ("credentials", b"[default]\n# caf\xe9 swordfish\n", ".aws/credentials is not UTF-8 text on line 2"),
        ("credentials", b"[default]\naws_access_key_id = AKIAHALF\n", "profile missing aws_secret_access_key"),
        ("credentials", source, "referenced `x"),
        ("config", b"[default]\nrole_arn = x\nsource_profile = other\n", "profile `other` was not defined"),
    ];
    for (file, text, says) in rows {
        let step = bare(&Bucket::missing()).secrets(["swordfish"]);
        aws_file(&step, file, text);
        step.run().fails(3).says("No AWS credentials were found: ").says(says).says("Correct that");
    }
}

#[test]
fn a_file_of_awss_tools_that_is_named_and_not_there_is_told_and_so_is_a_profile() {
    let step = || bare(&Bucket::missing());
    let run = step().env("AWS_SHARED_CREDENTIALS_FILE", "/home/runner/.aws/credentials").run().fails(3);
    run.says("/home/runner/.aws/credentials, which AWS_SHARED_CREDENTIALS_FILE names, cannot be read");
    let step = step().env("AWS_PROFILE", "deploy");
    aws_file(&step, "config", "[profile develop]\n");
    step.run().fails(3).says("profile `deploy` was not defined");
    // Nobody uses them.
    bare(&Bucket::missing()).run().fails(3).says("no credentials found in chain").says("Set `role-to-assume`");
}

#[test]
fn a_file_of_awss_tools_that_nobody_needs_may_be_as_it_likes() {
    let step = pull(&published());
    aws_file(&step, "config", "swordfish");
    step.run().succeeds();
}

#[test]
fn a_region_of_several_lines_is_shown_up_to_the_first() {
    let step = bare(&Bucket::missing()).without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
    let step = step.secrets(["swordfish"]);
    aws_file(&step, "config", "[default]\nregion = eu-west-1\n  aws_secret_access_key = swordfish\n");
    step.run().fails(2).says("\"eu-west-1…\", which is not a region's name");
}

#[test]
fn a_container() {
    let bucket = published();
    let agent = Service::start(|request| {
        assert_eq!(request.header("authorization"), Some("container-token"));
        let credentials = r#"{"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"secret-of-container","Token":"session-of-container","Expiration":"2099-01-01T00:00:00Z"}"#;
        Response::new(200, credentials)
    });
    let step = bare(&bucket)
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/v2/credentials/id", agent.endpoint()))
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token");
    signs_with(step, "ASIACONTAINER");
}

#[test]
fn an_instance() {
    let bucket = published();
    let metadata = Service::start(|request| match request.target.as_str() {
        "/latest/api/token" => Response {
            headers: vec![("x-aws-ec2-metadata-token-ttl-seconds".into(), "21600".into())],
            ..Response::new(200, "metadata-token")
        },
        path if path.ends_with("/deploy") => Response::new(
            200,
            r#"{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAINSTANCE","SecretAccessKey":"secret-of-instance","Token":"session-of-instance","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z","AccountId":"111122223333"}"#,
        ),
        path if path.ends_with('/') => Response::new(200, "deploy"),
        _ => Response::new(404, ""),
    });
    let step = bare(&bucket)
        .env("AWS_EC2_METADATA_DISABLED", "false")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.endpoint());
    signs_with(step, "ASIAINSTANCE");
}

#[test]
fn instance_metadata_is_not_asked_for_a_region() {
    let bucket = published();
    let metadata = Service::start(|_| Response::new(404, ""));
    let step = pull(&bucket).without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
    step.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &metadata.endpoint()).run().succeeds();
    assert_eq!(metadata.count(), 0, "the bucket tells");
}
