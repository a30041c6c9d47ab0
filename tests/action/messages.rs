//! The words of the most telling failures, to be read as prose: what failed, why, and what to do next.

use std::fmt::Write as _;

use insta::assert_snapshot;

use crate::harness::{Action, Bucket, Versioning};
use crate::story::{VERSION, error_of, published, pull, push, titled};

/// The error as somebody reads it on the run's page.
fn shown(code: i32, step: &Action) -> String {
    let run = step.run().fails(code);
    let error = error_of(&run);
    let mut text = format!("{}: {}", error.title, error.message);
    if let Some(file) = &error.file {
        let _ = write!(text, "\n[{file}{}]", error.line.map(|line| format!(":{line}")).unwrap_or_default());
    }
    text
}

fn bucket() -> Bucket {
    published(&[(".env", "TOKEN=swordfish\n")])
}

#[test]
fn an_unknown_input() {
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).input("output_case", "lower")), @r"Input output_case: The input `output_case` does not exist. Did you mean `output-case`?");
}

#[test]
fn a_word_among_several() {
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).input("output-case", "uppercase")), @r#"Input output-case: The input `output-case` is "uppercase", which is not one of the allowed values. Write one of: keep, lower, upper, snake, kebab. Did you mean upper?"#);
}

#[test]
fn an_input_of_another_command() {
    assert_snapshot!(shown(2, &push(&Bucket::missing(), &[]).input("export-env", "true")), @r"Input export-env: The input `export-env` belongs to `command: pull`, but the command is push. Remove it, or set `command: pull`.");
}

#[test]
fn an_endpoint_in_the_clear() {
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "http://203.0.113.7")), @r"Input endpoint-url: The input `endpoint-url` is empty, and AWS_ENDPOINT_URL in its place would send signatures and config unencrypted: it begins with http:// and is not on this machine. Use https, or set `allow-http: true` if the network in between is yours.");
}

#[test]
fn a_tag_that_is_no_version() {
    assert_snapshot!(shown(2, &Action::pull(&Bucket::missing()).tag("release/7")), @r#"Input version: The input `version` is empty, so it is the workflow's tag "release/7", which cannot name a version. Set `version`, for example to `head`."#);
}

#[test]
fn a_duplicate_key() {
    let bucket = published(&[("base.env", "TOKEN=of-the-base\n"), ("dev.env", "TOKEN=of-development\n")]);
    assert_snapshot!(shown(2, &pull(&bucket)), @r#"Duplicate key: "TOKEN" has different values in base.env and dev.env. Choose one file with `files`, or let the later one win with `on-duplicate: last`."#);
}

#[test]
fn a_reserved_prefix() {
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).input("output-prefix", "config-")), @"Input output-prefix: The input `output-prefix` cannot be used: names that begin with `config-` are the action's own outputs. Write it like `APP_`.");
}

#[test]
fn two_keys_of_one_name() {
    let bucket = published(&[(".env", "api-key=swordfish\napi_key=octopus-2\n")]);
    assert_snapshot!(shown(2, &pull(&bucket).input("output-case", "snake")), @r#"Key name: The keys "api-key" (line 1 of .env) and "api_key" (line 2 of .env) both give the name "api_key", with different values. Rename one of them in `keys`: `*` as the first line, for all other keys, and then `api-key | NEW`, or leave it out with a last line `!api-key`."#);
}

#[test]
fn keys_that_are_not_there() {
    assert_snapshot!(shown(2, &pull(&bucket()).input("keys", "TOKENS\nNOPE")), @"Input keys: The input `keys` names TOKENS (did you mean TOKEN?), NOPE, which these files do not have. Correct it. For a key that only some of your files have, write a pattern such as `DB_PASS*`.");
    assert_snapshot!(shown(2, &pull(&bucket()).input("keys", "TOKEN, NOPE")), @r#"Input keys: The input `keys` names "TOKEN, NOPE" (write one name a line), which these files do not have. Write each name on a line of its own, without commas, quotes or hyphens around it. In YAML write such lines below `|`; `>` makes one line of them."#);
}

#[test]
fn keys_of_a_file_that_give_one_output() {
    let step = push(&Bucket::missing(), &[("service/.env", "db.host=swordfish\ndb_host=octopus-2\n")]);
    assert_snapshot!(shown(2, &step), @r#"
    Config file: The config file service/.env cannot be delivered (line 2: the keys "db.host" (line 1) and "db_host" both give the output "db_host", with different values). Rename one of them in the file. Nothing was sent. Correct it, or have it stored as it is, without keys, by this line of `types`: `service/.env = raw`.
    [service/.env:2]
    "#);
}

#[test]
fn required_keys() {
    assert_snapshot!(shown(8, &pull(&bucket()).input("required-keys", "DB_HOST\nTOKEN\nDB_PASS")), @r"Required keys: Keys that `required-keys` names are missing or empty: DB_HOST is missing, DB_PASS is missing. Add them to the config files, or remove them from `required-keys`.");
}

#[test]
fn a_schema_failure() {
    let schema = r#"{"properties": {"TOKEN": {"minLength": 20}}}"#;
    let step = pull(&bucket()).input("schema", "deploy/schema.json").repository_file("deploy/schema.json", schema);
    assert_snapshot!(shown(2, &step), @r#"
    Schema: The values do not match the schema deploy/schema.json: "TOKEN" breaks the schema's rule minLength. Correct the values, or the schema.
    [deploy/schema.json]
    "#);
}

#[test]
fn a_file_that_a_tool_runs() {
    let bucket = published(&[("web/.npmrc", "token=swordfish\n")]);
    assert_snapshot!(shown(2, &pull(&bucket)), @"File not named: web/.npmrc is not written: files such as `.npmrc` have to be named one by one, because a JavaScript package manager runs scripts and installs packages that they name. Nothing was written. If this step is meant to write it, add the line `**`, which stands for all files, and the line `web/.npmrc` to `files`; else exclude it there with `!web/.npmrc`.");
}

#[test]
fn a_file_of_the_checkout_that_nobody_named() {
    let step = pull(&bucket()).repository_file(".env", "TOKEN=\n");
    assert_snapshot!(shown(2, &step), @r#"Would replace a file: The workspace has files with other content at paths that neither `files` nor the catalog names: .env. Nothing was written. If they may be replaced, name them in `files`: `files: .env`, or `files: "**"` for all files that there are."#);
}

#[test]
fn a_malformed_config_file() {
    let step = push(&Bucket::missing(), &[("service/.env", "TOKEN=swordfish\nDEBUG=\"x\n")]);
    assert_snapshot!(shown(2, &step), @r"
    Config file: The config file service/.env cannot be read (line 2: the quote that begins here is not closed). Nothing was sent. Correct it, or have it stored as it is, without keys, by this line of `types`: `service/.env = raw`.
    [service/.env:2]
    ");
}

#[test]
fn a_malformed_catalog() {
    let catalog = "version: v4\ncontext: shop\nfiles:\n- store: aws-s3\n";
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).repository_file("cstore.yml", catalog)), @r"
    Catalog: The catalog cstore.yml cannot be read (line 4: an entry of files has no path). Correct the catalog.
    [cstore.yml:4]
    ");
    let catalog = "version: v4\ncontext: shop: web\n";
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).repository_file("cstore.yml", catalog)), @r"
    Catalog: The catalog cstore.yml cannot be read (line 2: it is not valid YAML at column 14: there is a `: ` where none can be; a value that holds one needs quotes). Correct the catalog.
    [cstore.yml:2]
    ");
    let catalog = "version: v4\nfiles:\n- path: .env\n  tags: web\n";
    assert_snapshot!(shown(2, &pull(&Bucket::missing()).repository_file("cstore.yml", catalog)), @r"
    Catalog: The catalog cstore.yml cannot be read (line 4: tags must be a list, not a string). Correct the catalog.
    [cstore.yml:4]
    ");
}

#[test]
fn a_version_that_is_not_there() {
    assert_snapshot!(shown(6, &Action::pull(&bucket()).version("v2.0.0")), @r"Version not found: Version v2.0.0 of shop is not published. Published versions: v1.0.0. Set `version` to one of these, or push it first.");
}

#[test]
fn a_requirement_that_nothing_matches() {
    assert_snapshot!(shown(6, &Action::pull(&bucket()).version("^2")), @r"Version not found: No published version of shop matches ^2. Published versions: v1.0.0. Set `version` to one of these, or push it first.");
}

#[test]
fn a_file_that_is_not_there() {
    assert_snapshot!(shown(6, &pull(&bucket()).files(&["service/.env"])), @r"File not found: Files that the input `files` or the catalog names are not in v1.0.0 of shop: service/.env. Check the paths; they are relative to the catalog's folder.");
}

#[test]
fn no_credentials() {
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let bucket = Bucket::create("messages-no-credentials", Versioning::Enabled);
    let step = names.into_iter().fold(pull(&bucket), Action::without_env).env("AWS_EC2_METADATA_DISABLED", "true");
    assert_snapshot!(shown(3, &step), @r"No valid credentials: No AWS credentials were found (no credentials found in chain). Set `role-to-assume`, or run `aws-actions/configure-aws-credentials` before this step.");
}

#[test]
fn a_bucket_that_is_not_there() {
    let step = pull(&Bucket::missing()).input("bucket", "cstore-typo");
    // The service's own words end in an id that is another each time.
    let shown = shown(6, &step);
    let (before, after) = shown.split_once(" (").unwrap();
    let (_, after) = after.split_once(')').unwrap();
    assert_snapshot!(format!("{before} (…){after}"), @r"Bucket not found: The bucket cstore-typo does not exist (…). Check `bucket` (or the catalog's AWS_S3_BUCKET), `aws-region` and the account.");
}

#[test]
fn a_head_without_a_catalog() {
    let step = Action::push(&Bucket::missing()).files(&[".env"]).workspace_file(".env", "TOKEN=swordfish\n");
    assert_snapshot!(shown(2, &step), @r"No catalog: The catalog cstore.yml does not exist. Without one a push of the head needs the inputs `context`, `bucket` and `files`. Set `context`; or `update-catalog: true` to have it written, or a `version` to push.");
}

#[test]
fn nothing_to_push() {
    assert_snapshot!(shown(2, &Action::push(&Bucket::missing()).version(VERSION)), @r"Nothing to push: There is no file to push: neither the input `files` nor the catalog names one. Name the files to push in `files`, one per line.");
}

#[test]
fn a_folder_in_a_files_place() {
    let step = pull(&bucket());
    step.workspace().write(".env/file", "x");
    assert_snapshot!(shown(2, &step), @r#"File: ".env" is a folder, not a file. Nothing was changed. Remove what is there, choose another path, or exclude the file with a line `!PATH` in `files`."#);
}

#[test]
fn a_link_in_a_files_place() {
    let step = pull(&bucket());
    step.workspace().write("other.env", "x");
    step.workspace().link(".env", "other.env");
    assert_snapshot!(shown(2, &step), @r#"File: ".env" is a symbolic link that is neither followed nor replaced by a write. Nothing was changed. Replace the link with the file or folder itself, or exclude the file with a line `!PATH` in `files`."#);
}

#[test]
fn a_stored_file_that_cannot_be_read() {
    let bucket = Bucket::versioned();
    bucket.put("shop/service/.env", "TOKEN=swordfish\nDEBUG=\"x\n", &[]);
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n";
    let step = Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog);
    let run = step.run().succeeds();
    assert_snapshot!(titled(&run, "Config file")[0], @"service/.env is taken as it is, without keys, since it cannot be read (line 2: the quote that begins here is not closed). If it is to have none, add the line `service/.env = raw` to `types`; else correct it where it is pushed from.");
    // Where values are asked for, a file without any is not enough.
    let step = step.input("format", "json");
    assert_snapshot!(shown(2, &step), @"Config file: The config file service/.env cannot be read (line 2: the quote that begins here is not closed). Correct the file where it is pushed from, and push it (a version under a new name). Without `format` a pull still restores it.");
}

#[test]
fn no_place_for_the_formatted_file() {
    assert_snapshot!(shown(2, &pull(&bucket()).input("format", "json").without_env("RUNNER_TEMP")), @r"Input format-file: The input `format-file` is empty, and this runner shares no RUNNER_TEMP with container actions. Set `format-file` to a path below the workspace.");
}

#[test]
fn an_undefined_reference() {
    let bucket = published(&[(".env", "URL=https://${HOST}\n")]);
    assert_snapshot!(shown(2, &pull(&bucket).input("expand", "true")), @r#"
    Expansion: Values cannot be expanded: "URL" refers to "HOST", which is not in the files, and `variables` does not list it. Define the name in the files, or write the value in single quotes to keep it as it is. If its value may be seen by everybody who can change that file, add this line to `variables`:

    HOST

    Your list replaces the default, which is GITHUB_REF_NAME, GITHUB_REF_TYPE, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_EVENT_NAME, RUNNER_OS.
    "#);
    assert_snapshot!(shown(2, &pull(&bucket).input("expand", "true").input("variables", "HOST")), @r#"Expansion: Values cannot be expanded: "URL" refers to "HOST", which is neither in the files nor in the environment (credentials there do not count). Define the name, or write the value in single quotes to keep it as it is."#);
}
