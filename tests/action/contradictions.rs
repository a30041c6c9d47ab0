//! Inputs that contradict each other are refused by name.

use crate::harness::{Action, Bucket};
use crate::inputs::refused;

/// A step with these inputs, which must be refused for one of them.
fn contradict(inputs: &[(&str, &str)], input: &str, problem: &str, remedy: &str) {
    let bucket = Bucket::missing();
    let step = inputs.iter().fold(Action::new(&bucket), |step, (name, value)| step.input(name, value));
    let message = refused(&step, &format!("{inputs:?}"), input, problem);
    assert!(message.ends_with(remedy), "{inputs:?}: {message}");
    assert!(!step.workspace().path("cstore.yml").exists());
}

#[test]
fn what_only_a_push_does_is_not_asked_of_a_pull() {
    let inputs = |input, value| [("command", "pull"), (input, value)];
    let remedy = "Remove it, or set `command: push`.";
    contradict(&inputs("update-catalog", "true"), "update-catalog", "belongs to `command: push`", remedy);
    for (input, value) in [("overwrite", "true"), ("kms-key-id", "alias/config")] {
        let remedy = "Remove it. It is for the commands push, promote.";
        contradict(&inputs(input, value), input, "is not for `command: pull`", remedy);
    }
}

#[test]
fn what_only_a_pull_does_is_not_asked_of_a_push() {
    for (input, value) in [
        ("digest", "sha256:0000000000000000000000000000000000000000000000000000000000000000"),
        ("if-missing", "ignore"),
        ("export-env", "true"),
        ("no-overwrite", "true"),
        ("allow-env", "PATH"),
        ("format", "json"),
        ("format-file", "out.json"),
        ("defaults", "A=1"),
        ("keys", "A*"),
        ("expand", "true"),
    ] {
        let remedy = "Remove it, or set `command: pull`.";
        let inputs = [("command", "push"), ("version", "v1.0.0"), (input, value)];
        contradict(&inputs, input, "belongs to `command: pull`", remedy);
    }
}

#[test]
fn allowed_names_without_an_export() {
    let remedy = "Set `export-env: true`, or remove it.";
    contradict(&[("allow-env", "PATH")], "allow-env", "`export-env` is not true", remedy);
    contradict(&[("no-overwrite", "true")], "no-overwrite", "`export-env` is not true", remedy);
}

#[test]
fn a_strict_template_without_a_template() {
    let remedy = "Set `template`, or remove it.";
    contradict(&[("template-strict", "true")], "template-strict", "`template` is not", remedy);
}

#[test]
fn a_formatted_file_without_a_format() {
    contradict(&[("format-file", "out.json")], "format-file", "`format` is not", "Set `format`, or remove it.");
}

#[test]
fn a_push_of_what_is_no_version() {
    for version in ["^1.2", "latest", "1.x"] {
        let inputs = [("command", "push"), ("version", version)];
        contradict(&inputs, "version", "cannot be pushed", "Push a name such as v1.2.3, or head.");
    }
}

#[test]
fn an_overwrite_of_the_head() {
    let inputs = [("command", "push"), ("version", "head"), ("overwrite", "true")];
    let remedy = "Remove it, or name the `version` to overwrite.";
    contradict(&inputs, "overwrite", "the head is always replaced", remedy);
}

#[test]
fn an_endpoint_in_the_clear_elsewhere() {
    for url in ["http://203.0.113.7:9000", "HTTP://s3.example.com", "http://127.0.0.1@s3.example.com/"] {
        let remedy = "Use https, or set `allow-http: true` if the network in between is yours.";
        contradict(&[("endpoint-url", url)], "endpoint-url", "unencrypted", remedy);
    }
}

const ROLE: (&str, &str) = ("role-to-assume", "arn:aws:iam::111122223333:role/puller");

#[test]
fn what_belongs_to_a_role_without_one() {
    let remedy = "Set `role-to-assume`, or remove it.";
    for (input, value) in [("role-session-name", "deploy"), ("role-chaining", "true"), ("role-external-id", "4711")] {
        contradict(&[(input, value)], input, "`role-to-assume` is not", remedy);
    }
}

#[test]
fn a_list_of_accounts_that_names_none() {
    for list in [",", " , ,"] {
        contradict(&[("allowed-account-ids", list)], "allowed-account-ids", "names no account", "separated by commas.");
    }
}

#[test]
fn an_external_id_with_the_jobs_token() {
    let remedy = "The trust policy's conditions on the token take its place.";
    contradict(&[ROLE, ("role-external-id", "4711")], "role-external-id", "`role-chaining` is not true", remedy);
}

#[test]
fn an_audience_without_the_jobs_token() {
    let remedy = "a chained role is assumed without the OIDC token.";
    let inputs = [ROLE, ("role-chaining", "true"), ("audience", "sts.amazonaws.com.cn")];
    contradict(&inputs, "audience", "cannot be set together with `role-chaining`", remedy);
}
