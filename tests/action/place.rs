//! Context, bucket and version when no input says them.

use crate::harness::{Action, Bucket, KmsKey, Versioning, shows};
use crate::story::{error_of, published};

const ENV: (&str, &str) = (".env", "TOKEN=swordfish\n");

fn catalog(bucket: &str) -> String {
    format!(
        "version: v4\ncontext: of-the-catalog\nfiles:\n- path: .env\n  store: aws-s3\n  data:\n    AWS_S3_BUCKET: {bucket}\n"
    )
}

#[test]
fn the_repositorys_name_and_a_bucket_named_after_it() {
    let bucket = Bucket::create("cstore-shop", Versioning::Enabled);
    let push = Action::push(&bucket).input("bucket", "").version("v1").files(&[ENV.0]).workspace_file(ENV.0, ENV.1);
    let run = push.run().succeeds();
    assert_eq!((run.output("config-context"), run.output("config-bucket")), ("shop", "cstore-shop"));
    assert!(bucket.find("shop/v1/.env").is_some());
    let run = Action::pull(&bucket).input("bucket", "").version("v1").run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
}

#[test]
fn the_catalogs_come_before_the_defaults_and_inputs_before_the_catalogs() {
    let bucket = Bucket::versioned();
    let step = || {
        let step = Action::push(&bucket).version("v1").workspace_file(ENV.0, ENV.1);
        step.repository_file("cstore.yml", catalog(bucket.name()))
    };
    assert_eq!(step().input("bucket", "").run().succeeds().output("config-context"), "of-the-catalog");

    let other = Bucket::versioned();
    let run = step().input("context", "of-the-input").input("bucket", other.name()).run().succeeds();
    assert_eq!((run.output("config-context"), run.output("config-bucket")), ("of-the-input", other.name()));
    assert!(other.find("of-the-input/v1/.env").is_some());
}

#[test]
fn a_pull_request_cannot_point_the_catalog_elsewhere_when_inputs_say_where() {
    let _shown = shows("T7", "a pull request changes the catalog's context and bucket", "the inputs count");
    let (ours, theirs) = (published(&[ENV]), published(&[(".env", "TOKEN=of-somebody-else\n")]));
    let run = Action::pull(&ours).input("context", "shop").version("v1.0.0");
    let run = run.repository_file("cstore.yml", catalog(theirs.name())).run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
}

#[test]
fn a_repository_whose_name_can_be_none() {
    let run = Action::push(&Bucket::versioned()).env("GITHUB_REPOSITORY", "acme/.github").version("v1");
    let run = run.files(&[ENV.0]).workspace_file(ENV.0, ENV.1).run().fails(2);
    assert!(error_of(&run).message.ends_with("Set `context`."), "{:?}", run.annotations);
    let step = Action::pull(&Bucket::missing()).without_env("GITHUB_REPOSITORY").version("v1");
    step.run().fails(2).says("`context`");
    // A bucket's name has rules of its own.
    let step = Action::pull(&Bucket::missing()).input("bucket", "").input("context", "My_Shop").version("v1");
    step.run().fails(2).says("`bucket`").says("cstore-My_Shop");
}

#[test]
fn the_tag_of_a_tags_workflow() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).tag("v2.1.0").files(&[ENV.0]).workspace_file(ENV.0, ENV.1).run().succeeds();
    assert_eq!(push.output("config-version"), "v2.1.0");
    assert_eq!(Action::pull(&bucket).tag("v2.1.0").run().succeeds().output("config-version"), "v2.1.0");
    // The input comes first.
    assert_eq!(Action::pull(&bucket).tag("v9").version("latest").run().succeeds().output("config-version"), "v2.1.0");
}

#[test]
fn a_tag_that_can_be_no_version() {
    for tag in ["release/1", "latest", "head", "1.x"] {
        let run = Action::pull(&Bucket::missing()).tag(tag).run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.title, "Input version", "{tag}");
        assert!(error.message.contains(&format!("{tag:?}")) && error.message.contains("Set `version`"), "{error:?}");
    }
}

#[test]
fn the_head_on_a_branch() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).branch("main").files(&[ENV.0]).workspace_file(ENV.0, ENV.1);
    let push = push.input("update-catalog", "true").run().succeeds();
    assert_eq!(push.output("config-version"), "head");
    assert!(bucket.find("shop/.env").is_some());
    let pull = Action::pull(&bucket).branch("feature/x").run().succeeds();
    assert_eq!((pull.output("config-version"), pull.output("TOKEN")), ("head", "swordfish"));
}

/// Whoever writes the catalog chooses the key, and pushes without a catalog go on with it.
#[test]
fn a_kms_key_that_no_input_names_is_said() {
    let (bucket, key, own) = (Bucket::versioned(), KmsKey::create(), KmsKey::create());
    let step = |version: &str| Action::push(&bucket).version(version).workspace_file(ENV.0, ENV.1).files(&[ENV.0]);
    let catalog = format!("version: v4\nfiles:\n- path: .env\n  data: {{AWS_STORE_KMS_KEY_ID: {}}}\n", key.id);
    let with_catalog = || step("v1").repository_file("cstore.yml", catalog.clone());
    let line = format!("Encrypted with the KMS key {}, which the catalog or an earlier push names", key.id);
    for run in [with_catalog().run().succeeds(), step("v2").run().succeeds()] {
        let run = run.says(&line);
        assert!(run.summary.contains("KMS key") && run.summary.contains(&key.id), "{}", run.summary);
    }
    assert_eq!(bucket.get("shop/v2/.env").kms_key(), Some(&*key.id));
    let named = step("v3").repository_file("cstore.yml", catalog.clone()).input("kms-key-id", &own.id);
    named.run().succeeds().does_not_say("Encrypted with the KMS key");
}
