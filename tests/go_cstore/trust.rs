//! A catalog lies in the repository, where a pull request can change it: what it may not do.

use crate::harness::{Action, Bucket, Fixture, shows};
use crate::{DEV, assert_unmanaged};

#[test]
fn a_catalog_does_not_overrule_the_inputs_context_and_bucket() {
    let _shown = shows("T7", "a catalog names another context and bucket than the inputs", "the inputs count");
    let fixture = Fixture::load("many-files-tags");
    let ours = Bucket::unversioned();
    ours.put("ours/service/dev/.env", "API_URL=https://ours.example.com\n", &[]);
    let action = fixture.action("pull").input("bucket", ours.name()).input("context", "ours").files(&[DEV]);
    let pull = action.run().succeeds();
    assert_unmanaged(&pull, &[(DEV, b"API_URL=https://ours.example.com\n")]);
    assert_eq!((pull.output("config-bucket"), pull.output("config-context")), (ours.name(), "ours"));
}

#[test]
fn a_push_goes_where_the_inputs_say_too() {
    let fixture = Fixture::load("versions");
    let (theirs, ours) = (fixture.bucket("project-configs"), Bucket::unversioned());
    let before = theirs.keys();
    let action = fixture.action("push").input("bucket", ours.name()).input("context", "ours");
    action.workspace_file(DEV, "API_URL=https://ours.example.com\n").run().succeeds();
    assert!(ours.find("ours/service/dev/.env").is_some());
    assert_eq!(theirs.keys(), before);
}

#[test]
fn a_linked_catalog_does_not_overrule_them_either() {
    let fixture = Fixture::load("linked-catalog");
    let child = fixture.file("child/cstore.yml");
    let action = || fixture.action("pull").repository_file("child/cstore.yml", &child);
    // With a context as input it is not followed, and the step says so.
    let pull = action().input("context", "project").run().succeeds();
    assert_eq!(pull.json_output("config-files"), serde_json::json!([DEV]));
    assert!(pull.messages("notice").iter().any(|notice| notice.contains("child/cstore.yml")));
    // With a bucket as input its files are looked for there.
    let bucket = fixture.bucket("project-configs").name();
    action().input("bucket", bucket).run().fails(6).says("child/dev/.env");
}

/// A catalog with one file in S3 and others where this tool does not go.
fn with_other_stores(bucket: &Bucket) -> Action {
    let entry = |path: &str, store: &str| format!("- path: {path}\n  store: {store}\n  tags: [{store}]\n");
    let entries = [entry(DEV, "aws-s3"), entry("db/.env", "aws-secret"), entry("web/.env", "aws-parameter")].concat();
    bucket.put("project/service/dev/.env", "API_URL=https://dev.example.com\n", &[]);
    bucket.put("project/db/.env", "DB_URL=not-where-the-catalog-says\n", &[]);
    Action::pull(bucket).repository_file("cstore.yml", format!("context: project\nfiles:\n{entries}"))
}

#[test]
fn a_file_in_another_store_is_refused_by_name_if_it_is_asked_for() {
    let bucket = Bucket::unversioned();
    let refused = with_other_stores(&bucket).files(&["db/.env"]).run().fails(2);
    refused.says("\"db/.env\"").says("\"aws-secret\"").says("only aws-s3 is supported").does_not_say("aws-parameter");
    with_other_stores(&bucket).run().fails(2).says("only aws-s3 is supported");
    let push = with_other_stores(&bucket).input("command", "push").workspace_file("db/.env", "DB_URL=changed\n");
    push.files(&["db/.env"]).run().fails(2).says("aws-secret");
}

#[test]
fn a_file_in_another_store_is_no_matter_to_the_others() {
    let bucket = Bucket::unversioned();
    for action in [with_other_stores(&bucket).files(&[DEV]), with_other_stores(&bucket).input("tags", "aws-s3")] {
        let pull = action.run().succeeds();
        assert_unmanaged(&pull, &[(DEV, b"API_URL=https://dev.example.com\n")]);
    }
    let push = with_other_stores(&bucket).input("command", "push").workspace_file(DEV, "API_URL=changed-url\n");
    push.files(&[DEV]).run().succeeds();
}

/// A catalog that would make a key, and so a line of a log, out of a variable. The harness looks for the values.
fn assert_variable_is_refused(name: &str) {
    let bucket = Bucket::unversioned();
    let catalog = format!("context: project\nfiles:\n- path: a/.env\n- path: ${{{name}}}/.env\n  alternatePath: b\n");
    for command in ["pull", "push"] {
        let action = Action::new(&bucket).input("command", command).env(name, "a-credential-of-the-job");
        let action = action.secrets(["a-credential-of-the-job"]).repository_file("cstore.yml", &catalog);
        let refused = action.workspace_file("a/.env", "A=some-value\n").run().fails(2);
        refused.says(&format!("asks for the variable {name}, which may hold credentials"));
    }
    assert!(bucket.keys().is_empty());
}

#[test]
fn the_secret_access_key_goes_into_no_path() {
    assert_variable_is_refused("AWS_SECRET_ACCESS_KEY");
}

#[test]
fn the_access_key_id_goes_into_no_path() {
    assert_variable_is_refused("AWS_ACCESS_KEY_ID");
}

#[test]
fn the_session_token_goes_into_no_path() {
    assert_variable_is_refused("AWS_SESSION_TOKEN");
}

#[test]
fn the_token_for_github_goes_into_no_path() {
    assert_variable_is_refused("GITHUB_TOKEN");
}

#[test]
fn the_runners_tokens_go_into_no_path() {
    assert_variable_is_refused("ACTIONS_RUNTIME_TOKEN");
    assert_variable_is_refused("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
}

#[test]
fn inputs_go_into_no_path() {
    let bucket = Bucket::unversioned();
    let catalog = "context: project\nfiles:\n- path: ${INPUT_DEFAULTS}/.env\n";
    let pull =
        Action::pull(&bucket).input("defaults", "TOKEN=a-value-of-an-input").repository_file("cstore.yml", catalog);
    pull.run().fails(2).says("the variable INPUT_DEFAULTS, which may hold credentials");
}

#[test]
fn an_alternate_path_takes_no_credentials_either() {
    let bucket = Bucket::unversioned();
    bucket.put("project/a/.env", "A=some-value\n", &[]);
    let catalog = "context: project\nfiles:\n- path: a/.env\n  alternatePath: ${AWS_SECRET_ACCESS_KEY}/.env\n";
    let pull = Action::pull(&bucket).repository_file("cstore.yml", catalog);
    pull.run().fails(2).says("the variable AWS_SECRET_ACCESS_KEY, which may hold credentials");
}

#[test]
fn other_variables_of_the_runner_may_be_a_part_of_a_path() {
    let bucket = Bucket::unversioned();
    bucket.put("project/main/.env", "A=some-value\n", &[]);
    let catalog = "context: project\nfiles:\n- path: ${GITHUB_REF_NAME}/.env\n";
    let pull = Action::pull(&bucket).repository_file("cstore.yml", catalog).run().succeeds();
    assert_unmanaged(&pull, &[("main/.env", b"A=some-value\n")]);
}

#[test]
fn a_catalog_cannot_reach_out_of_the_workspace() {
    let _shown =
        shows("T1", "a catalog's path, or a variable in it, leads out of the workspace", "code 2; nothing written");
    let bucket = Bucket::unversioned();
    bucket.put("project/a/.env", "A=some-value\n", &[]);
    for place in ["../escaped", "/tmp/escaped", "a/../../escaped"] {
        let catalog = format!("context: project\nfiles:\n- path: a/.env\n  alternatePath: {place}\n");
        Action::pull(&bucket).repository_file("cstore.yml", catalog).run().fails(2).says("cannot be used");
    }
}
