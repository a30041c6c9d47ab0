//! Credentials as a laptop has them, or has them no more: what is to be typed next.

use std::fs;

use crate::harness::http::Response;
use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Laptop, Proxy, Service};

const GET: [&str; 4] = ["get", "TOKEN", "-v", "v1.0.0"];

const SESSION: &str = "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n\
                       [profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Dev\n";

/// Where `aws sso login` keeps the token of the session `acme`: named by the SHA-1 of its name.
const TOKEN: &str = "sso/cache/293abb6b76d7791c0732cc517d38c4b5c734b87f.json";

/// A laptop without credentials in its environment, on which nothing answers that could give some.
fn bare() -> Laptop {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let laptop = names.into_iter().fold(Laptop::new(&Bucket::versioned()), Laptop::without_env);
    laptop.with_env("AWS_EC2_METADATA_DISABLED", "true")
}

fn aws_file(laptop: &Laptop, name: &str, text: &str) {
    let file = laptop.home().join(".aws").join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn token(expires_at: &str) -> String {
    format!(
        r#"{{"accessToken":"token-of-sso","expiresAt":"{expires_at}","region":"us-east-1","startUrl":"https://acme.awsapps.com/start"}}"#
    )
}

#[test]
fn a_session_that_has_expired_says_how_to_sign_in_again() {
    let laptop = bare();
    aws_file(&laptop, "config", SESSION);
    let signed_out = |arguments: &[&str]| {
        let arguments = GET.iter().chain(arguments).map(|argument| (*argument).to_owned());
        laptop.cstore_with(arguments).run().fails(3)
    };
    // Nobody has signed in yet.
    signed_out(&["--profile", "dev"]).says("Run `aws sso login --profile dev`, then this again.");
    aws_file(&laptop, TOKEN, &token("2020-01-01T00:00:00Z"));
    signed_out(&["--profile", "dev"])
        .says("of the profile `dev` has expired")
        .says("Run `aws sso login --profile dev`, then this again.");
    // A file that is damaged is written anew by the same command.
    aws_file(&laptop, TOKEN, "{");
    signed_out(&["--profile", "dev"]).says("`aws sso login --profile dev`");
}

#[test]
fn the_profile_that_signs_in_is_named_where_another_takes_its_credentials() {
    let laptop = bare();
    let role = "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = dev\n";
    aws_file(&laptop, "config", &format!("{SESSION}{role}"));
    aws_file(&laptop, TOKEN, &token("2020-01-01T00:00:00Z"));
    laptop.cstore(GET).env("AWS_PROFILE", "deploy").run().fails(3).says("`aws sso login --profile dev`");
}

#[test]
fn the_default_profile_needs_no_name() {
    let laptop = bare();
    aws_file(&laptop, "config", &SESSION.replace("[profile dev]", "[default]"));
    laptop.cstore(GET).run().fails(3).says("Run `aws sso login`, then this again.");
}

#[test]
fn a_token_that_the_portal_no_longer_takes_is_a_session_that_has_ended() {
    let portal = Service::start(|_| Response {
        headers: vec![("x-amzn-errortype".into(), "UnauthorizedException".into())],
        ..Response::new(401, r#"{"message":"Session token not found or invalid"}"#)
    });
    let laptop = bare().with_env("AWS_ENDPOINT_URL_SSO", &portal.endpoint());
    aws_file(&laptop, "config", SESSION);
    aws_file(&laptop, TOKEN, &token("2099-01-01T00:00:00Z"));
    laptop
        .cstore(GET)
        .env("AWS_PROFILE", "dev")
        .run()
        .fails(3)
        .says("Session token not found or invalid")
        .says("`aws sso login --profile dev`");
}

#[test]
fn a_role_that_the_portal_does_not_give_is_no_matter_of_signing_in() {
    let portal = Service::start(|_| Response {
        headers: vec![("x-amzn-errortype".into(), "ForbiddenException".into())],
        ..Response::new(403, r#"{"message":"No access"}"#)
    });
    let laptop = bare().with_env("AWS_ENDPOINT_URL_SSO", &portal.endpoint());
    aws_file(&laptop, "config", SESSION);
    aws_file(&laptop, TOKEN, &token("2099-01-01T00:00:00Z"));
    let ran = laptop.cstore(GET).env("AWS_PROFILE", "dev").run().fails(3);
    ran.says("No access").does_not_say("has expired");
}

#[test]
fn without_any_credentials_the_ways_to_get_some_are_named() {
    let ran = bare().cstore(GET).run().fails(3);
    let ways = ["`--profile`", "`aws configure sso`", "`aws sso login`", "AWS_ACCESS_KEY_ID"];
    ways.into_iter().fold(ran, |ran, way| ran.says(way));
}

#[test]
fn a_profile_that_is_not_there_is_named_with_what_named_it_and_what_was_meant() {
    let laptop = bare();
    aws_file(&laptop, "config", SESSION);
    let typed = ["get", "TOKEN", "--profile", "dew"];
    laptop.cstore(typed).run().fails(3).says("no profile `dew`, which `--profile` names").says("Did you mean `dev`?");
    laptop.cstore(["get", "TOKEN", "--profile", "dve"]).run().fails(3).says("Did you mean `dev`?");
    for name in ["CSTORE_PROFILE", "AWS_PROFILE"] {
        let ran = laptop.cstore(GET).env(name, "prod").run().fails(3);
        ran.says(name).says("`aws configure list-profiles`").says("`aws configure sso --profile prod`");
    }
}

#[test]
fn credentials_that_have_expired_are_to_be_got_as_before() {
    let s3 = Service::start(|_| {
        Response::new(400, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>")
    });
    let laptop = bare().with_env("AWS_ACCESS_KEY_ID", "ASIAOLD").with_env("AWS_SECRET_ACCESS_KEY", "old-secret");
    let laptop = laptop.with_env("AWS_SESSION_TOKEN", "old-token").with_env("AWS_ENDPOINT_URL", &s3.endpoint());
    laptop.cstore(GET).run().fails(3).says("`aws sso login`").says("AWS_SESSION_TOKEN").does_not_say("this step");
}

#[test]
fn a_denial_names_the_profile_whose_credentials_were_used() {
    let s3 = Service::start(|_| {
        Response::new(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
    });
    let laptop = bare().with_env("AWS_ENDPOINT_URL", &s3.endpoint());
    let keys = "aws_access_key_id = AKIADEV\naws_secret_access_key = secret-of-dev\n";
    aws_file(&laptop, "credentials", &format!("[dev]\n{keys}[other]\n{keys}"));
    let typed = || laptop.cstore(GET).env("AWS_PROFILE", "dev");
    let denied = typed().run().fails(3).says("Access Denied").says("/shop/* for");
    denied.says("The credentials are those of the profile `dev`; if you mean others, name a profile with `--profile`.");
    laptop.cstore(["get", "TOKEN", "--profile", "other"]).env("AWS_PROFILE", "dev").run().fails(3).says("`other`");
    // The variables of credentials go before the profile's.
    let variables = typed().env("AWS_ACCESS_KEY_ID", "AKIA").env("AWS_SECRET_ACCESS_KEY", "secret-of-env").run();
    variables.fails(3).says("If these are not the credentials that you mean").does_not_say("`dev`");
}

#[test]
fn no_region_at_all_is_no_obstacle_and_a_bucket_that_names_none_leads_to_the_flag() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket).without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
    laptop.file(".env", "TOKEN=swordfish\n").cstore(["push", ".env", "-v", "v1.0.0"]).run().succeeds();
    laptop.cstore(GET).prints_values().run().succeeds().prints("swordfish");
    // The bucket is elsewhere, and nobody says where.
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("", "").for_ever(), Fault::s3(301, "PermanentRedirect", "Use the specified endpoint."));
    let ran = laptop.cstore(GET).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run().fails(2);
    ran.says("Pass `--aws-region` with the bucket's region, and check `--endpoint-url`.");
}

#[test]
fn a_region_that_is_none_is_told_with_the_flag() {
    let laptop = Laptop::new(&Bucket::versioned()).with_env("AWS_REGION", "Frankfurt");
    laptop.cstore(GET).run().fails(2).says("\"Frankfurt\"").says("`--aws-region`");
}

#[test]
fn a_variable_of_this_tool_is_named_where_it_holds_what_is_wrong() {
    let laptop = Laptop::new(&Bucket::versioned()).with_env("CSTORE_BUCKET", "s3://acme");
    laptop.cstore(GET).run().fails(2).says("`CSTORE_BUCKET` is not a valid bucket name");
    let typed = ["get", "TOKEN", "--bucket", "s3://acme"];
    laptop.cstore(typed).run().fails(2).says("`--bucket` is not a valid bucket name");
}
