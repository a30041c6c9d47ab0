//! The one table of options. The action's inputs, their defaults, the tables of the documentation and what reads them
//! come from here; a test holds `action.yml` and the README against it.

use serde::Deserialize;

/// One option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its name, as an input in `with:`.
    pub name: &'static str,
    /// What holds when it is not given. In words, when it is worked out.
    pub default: &'static str,
    /// What it means.
    pub description: &'static str,
}

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $field:ident $name:literal = $default:literal;)+) => {
        /// The options as given, each as text; none is empty.
        #[derive(Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct RawOptions {
            $($(#[doc = $doc])+ #[serde(rename = $name, default)] pub $field: Option<String>,)+
        }

        /// All options, in the order of the documentation.
        pub const OPTIONS: &[OptionSpec] = &[
            $(OptionSpec { name: $name, default: $default, description: concat!($($doc),+) },)+
        ];
    };
}

options! {
    /// What to do: pull or push.
    command "command" = "pull";
    /// The project's name in the bucket; when empty the catalog's, else the repository's name.
    context "context" = "";
    /// The S3 bucket; when empty the catalog's, else `cstore-<context>`.
    bucket "bucket" = "";
    /// The catalog, relative to the workspace. It need not exist for a pull or for a push of a version.
    catalog "catalog" = "cstore.yml";
    /// Whether a push also writes the catalog (new entries, bucket, key, versions), for a later step to commit.
    update_catalog "update-catalog" = "false";
    /// Paths or patterns, one a line, relative to the catalog's folder; when empty all. A push also takes files that the catalog does not know yet.
    files "files" = "";
    /// Which files by their tags: `a&b` all of them, `a|b` any of them.
    tags "tags" = "";
    /// An exact name (`v1.2.3`), a requirement (`^1.2`, `~1.4.0`, `1.x`), `latest` or `head`; when empty the tag on a tag's workflow, else the head.
    version "version" = "";
    /// Pull only what has this digest (`sha256:…`), whatever the version says.
    digest "digest" = "";
    /// A pull of a version or file that is not there: `fail`, or `ignore` with a notice.
    if_missing "if-missing" = "fail";
    /// The bucket's region; when empty what the environment or the profile says, else it is learnt from the bucket.
    aws_region "aws-region" = "";
    /// The ARN of a role to assume with the job's OIDC token (`permissions: id-token: write`); when empty the credentials at hand are used.
    role_to_assume "role-to-assume" = "";
    /// What the role's session is called in CloudTrail; when empty `cstore-<run id>`.
    role_session_name "role-session-name" = "";
    /// How long the role's credentials last, from 900 seconds on; they are renewed when the step takes longer.
    role_duration_seconds "role-duration-seconds" = "900";
    /// Assumes the role with the credentials at hand in place of the job's OIDC token.
    role_chaining "role-chaining" = "false";
    /// The external id that the role's trust policy asks for; only with `role-chaining`.
    role_external_id "role-external-id" = "";
    /// The audience of the job's OIDC token.
    audience "audience" = "sts.amazonaws.com";
    /// The accounts, separated by commas, that the credentials may be of; others are refused before the first request to S3.
    allowed_account_ids "allowed-account-ids" = "";
    /// The account that the bucket must belong to, sent with every request; when empty and the bucket is the default one, the credentials' own account.
    expected_bucket_owner "expected-bucket-owner" = "";
    /// How long the whole step may take, in seconds.
    timeout_seconds "timeout-seconds" = "120";
    /// Another S3-compatible service. Over http only on this machine.
    endpoint_url "endpoint-url" = "";
    /// Allows an endpoint over http elsewhere than on this machine.
    allow_http "allow-http" = "false";
    /// The KMS key (id, ARN or alias) that a push encrypts with; when empty what the last push recorded, else the bucket's default.
    kms_key_id "kms-key-id" = "";
    /// Whether a pull writes the files at their paths, with mode 0600.
    restore_files "restore-files" = "true";
    /// Whether a pull also sets the keys in the job's environment.
    export_env "export-env" = "false";
    /// Leaves keys alone that are set in the job's environment already.
    no_overwrite "no-overwrite" = "false";
    /// Put before each key's output name.
    output_prefix "output-prefix" = "";
    /// The case of output names: keep, lower, upper, snake or kebab.
    output_case "output-case" = "keep";
    /// Joins the parts of a nested JSON, YAML or TOML key.
    separator "separator" = "_";
    /// Which keys to publish, one pattern a line (`DB_*`, `!DB_DEBUG`); `DB_PASS | DATABASE_PASSWORD` publishes one under another name. When empty all.
    keys "keys" = "";
    /// Whose values to mask in the log: all, none, or patterns of keys (`*`, `!LOG_LEVEL`).
    mask "mask" = "all";
    /// `KEY=value` lines for keys that the pulled files do not have.
    defaults "defaults" = "";
    /// What to do when two files give one name different values: `error`, or `last` in the order of `files`.
    on_duplicate "on-duplicate" = "error";
    /// Names that `export-env` may set although they are refused otherwise, one a line.
    allow_env "allow-env" = "";
    /// Replaces `${NAME}` in dotenv values from the same set of files, then from the job's environment.
    expand "expand" = "false";
    /// Also writes the merged values as dotenv, shell, json, yaml, docker-env-file, ecs-environment, ecs-secrets, k8s-configmap or k8s-secret.
    format "format" = "";
    /// Where the formatted file goes, below the workspace; when empty a file in RUNNER_TEMP.
    format_file "format-file" = "";
    /// Keys without which pull and push fail before they do anything, one a line.
    required_keys "required-keys" = "";
    /// A file of the repository such as `.env.example`: its keys must be there, others are a warning.
    template "template" = "";
    /// Makes keys that the template does not know an error.
    template_strict "template-strict" = "false";
    /// A JSON Schema file of the repository that the merged values must match.
    schema "schema" = "";
    /// Allows a push to replace a version that is published, or claimed by another push.
    overwrite "overwrite" = "false";
    /// Says what would be done and does none of it.
    dry_run "dry-run" = "false";
}

/// Options of the contract that belong to commands that this version does not have yet. Giving
/// one is an error that says so, not "unknown".
pub(crate) const NOT_YET: &[&str] = &["from", "to", "github-token", "comment", "release-notes", "verify-source"];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_in_one_style() {
        let names: HashSet<_> = OPTIONS.iter().map(|option| option.name).collect();
        assert_eq!(names.len(), OPTIONS.len());
        for name in names {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
            assert!(!NOT_YET.contains(&name), "{name}");
        }
    }

    #[test]
    fn every_option_says_what_it_means() {
        for option in OPTIONS {
            assert!(option.description.trim().ends_with('.'), "{}", option.name);
        }
    }
}
