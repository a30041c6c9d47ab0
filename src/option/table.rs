//! The rows of the table of options, in the order of the documentation.

use super::list_kind::ListKind;
use super::spec::{Command, Flag, FrontEnd, Kind, OptionSpec, Relation};
use crate::config::{OnDuplicate, OutputCase};
use crate::format::Format;

const PUSH: &[Command] = &[Command::Push];
/// Those that get files.
const PULL: &[Command] = &[Command::Pull, Command::Export, Command::Exec, Command::Get];
/// Those that read what files say.
const CHECKED: &[Command] = &[Command::Push, Command::Pull, Command::Export, Command::Exec, Command::Get];
/// Those that send requests.
const ALL: &[Command] = &[
    Command::Init,
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::List,
    Command::Log,
    Command::Show,
    Command::Diff,
    Command::Verify,
    Command::Clean,
];
/// Those that take files of one version, and not of all.
const OF_FILES: &[Command] = &[
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::List,
    Command::Diff,
    Command::Verify,
    Command::Clean,
];
/// Those for which a version can be chosen.
const OF_VERSION: &[Command] = &[
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::List,
    Command::Show,
    Command::Diff,
    Command::Verify,
    Command::Clean,
];
const ACTION: &[FrontEnd] = &[FrontEnd::Action];
const COMMAND_LINE: &[FrontEnd] = &[FrontEnd::CommandLine];

/// What most flags have in common.
const FLAG: Flag = Flag {
    name: "",
    short: None,
    aliases: &[],
    value_name: "",
    bare: "",
    description: "",
    has_variable: true,
    not_of: &[],
    is_brief: false,
};

const EXEC: &[Command] = &[Command::Exec];

/// The words of `if-missing`, and whether each ignores what is missing.
pub(crate) const IGNORE_MISSING: [(&str, bool); 2] = [("fail", false), ("ignore", true)];

/// The words of a choice.
const fn words<T, const N: usize>(choices: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut i = 0;
    while i < N {
        words[i] = choices[i].0;
        i += 1;
    }
    words
}

/// The most seconds that a step may be given: GitHub ends every job on its own runners after six hours.
const LONGEST_JOB: u64 = 6 * 60 * 60;
/// How references are written.
const REFERENCE: &str =
    "Write it like head, v1.2.3, ^1.2, shop@v1.2.3, s3://acme-config/shop@head, or `.` for the files of the workspace.";
/// The shortest and the longest session that STS gives, in seconds
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
const SHORTEST_SESSION: u64 = 900;
const LONGEST_SESSION: u64 = 43_200;

/// The fields that most options have in common.
const USUAL: OptionSpec = OptionSpec {
    name: "",
    kind: Kind::Text,
    default: "",
    commands: ALL,
    is_refused_elsewhere: false,
    front_ends: &[FrontEnd::Action, FrontEnd::CommandLine],
    flag: FLAG,
    needs: &[],
    excludes: &[],
    syntax: "",
    description: "",
};

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $row:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) static $row: OptionSpec =
                OptionSpec { $($field: $value,)+ description: concat!($($doc),+).trim_ascii(), ..USUAL };
        )+

        /// All options, in the order of the documentation.
        pub static OPTIONS: &[&OptionSpec] = &[$(&$row),+];
    };
}

options! {
    /// What to do: {choices}.
    COMMAND {
        name: "command",
        kind: Kind::Choice(&words(&Command::IN_ACTION)),
        default: "pull",
        front_ends: ACTION,
    }
    /// The project's name in the bucket. Default: the catalog's context, else the repository's name.
    CONTEXT {
        name: "context",
        kind: Kind::Text,
        syntax: "Correct it, or leave it empty for the default.",
        flag: Flag { description: "The project's name in the bucket. Default: the catalog's context, else the folder's name.", is_brief: true, ..FLAG },
    }
    /// The S3 bucket. Default: the catalog's bucket, else `cstore-<context>`.
    BUCKET {
        name: "bucket",
        kind: Kind::Text,
        syntax: "Write the name alone: 3 to 63 lower-case letters, digits, hyphens and dots, without `s3://`.",
        flag: Flag { is_brief: true, ..FLAG },
    }
    /// The catalog's path, relative to the workspace. It need not exist for a pull, nor for a push of a
    /// version, nor for one of the head with `context`, `bucket` and `files`.
    CATALOG {
        name: "catalog",
        kind: Kind::Text,
        default: "cstore.yml",
        syntax: "Write it relative to the repository's root.",
        flag: Flag { short: Some('f'), value_name: "FILE", description: "The catalog. Default: the nearest cstore.yml, from the current folder upwards to the repository's root.", is_brief: true, ..FLAG },
    }
    /// Whether a push also updates the catalog (new entries, bucket, KMS key, versions), for a later step to commit.
    UPDATE_CATALOG {
        name: "update-catalog",
        kind: Kind::Flag,
        default: "false",
        commands: PUSH,
        is_refused_elsewhere: true,
        flag: Flag { description: "Whether a push also updates the catalog (new entries, bucket, KMS key, versions). Default: true.", ..FLAG },
    }
    /// Paths or patterns of files, one per line, relative to the catalog's folder. Default: all files. A push also
    /// takes files that the catalog does not list yet.
    FILES {
        name: "files",
        kind: Kind::Lines,
        commands: OF_FILES,
        syntax: "Write one path or pattern per line, relative to the catalog's folder.",
        flag: Flag { value_name: "PATTERN", description: "A path or pattern of files. Default: all files.", ..FLAG },
    }
    /// Which files to take, by their tags: `a&b` means files with all of these tags, `a|b` files with any of them.
    TAGS {
        name: "tags",
        kind: Kind::Text,
        commands: OF_FILES,
        syntax: "Write it like `service&dev` or `dev|qa`.",
        flag: Flag { short: Some('t'), value_name: "TAGS", is_brief: true, ..FLAG },
    }
    /// How files are read, whatever their names and the catalog say: one `PATTERN = TYPE` per line, the pattern as in `files`,
    /// the type dotenv, json, yaml, toml or raw. A raw file is stored and restored as it is, and has no keys.
    TYPES {
        name: "types",
        kind: Kind::Lines,
        commands: OF_FILES,
        syntax: "Write one PATTERN = TYPE per line, such as `config/values.yaml = raw`. A type is dotenv, json, yaml, toml or raw.",
        flag: Flag { description: "How files are read, whatever their names and the catalog say: `PATTERN = TYPE`, the type dotenv, json, yaml, toml or raw. A raw file is stored and restored as it is, and has no keys.", ..FLAG },
    }
    /// The variables of the job that `${NAME}` may refer to in the catalog's paths and, with `expand`, in values; one
    /// name per line. Default: GITHUB_REF_NAME, GITHUB_REF_TYPE, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_EVENT_NAME,
    /// RUNNER_OS.
    VARIABLES {
        name: "variables",
        kind: Kind::Lines,
        syntax: "Write one variable name per line, such as DEPLOY_ENV.",
        flag: Flag { value_name: "NAME", description: "A variable that `${NAME}` may refer to in the catalog's paths and, with `expand`, in values.", ..FLAG },
    }
    /// An exact name (`v1.2.3`), a requirement (`^1.2`, `~1.4.0`, `1.x`), `latest` or `head`. Default: the tag, if the
    /// workflow runs for a tag, else the head.
    VERSION {
        name: "version",
        kind: Kind::Text,
        commands: OF_VERSION,
        syntax: "Write a name (v1.2.3), a requirement (^1.2), latest or head.",
        flag: Flag { name: "ver", short: Some('v'), value_name: "REF", description: "An exact name (`v1.2.3`), a requirement (`^1.2`, `~1.4.0`, `1.x`), `latest` or `head`; `CONTEXT@` before it names another context. Default: the head.", is_brief: true, ..FLAG },
    }
    /// The digest (`sha256:…`) that the pulled content must have; otherwise the pull fails. It does not choose the version:
    /// `version` does. It is the digest of the files of this step or, unless `tags` is set, of the whole version.
    DIGEST {
        name: "digest",
        kind: Kind::Text,
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write it like sha256:0123…, or leave it empty to take any content.",
        flag: Flag { description: "The digest (`sha256:…`) that the content must have. It does not choose the version. It is the digest of the files that are asked for or, unless tags are given, of the whole version.", ..FLAG },
    }
    /// What a pull does if the version, or one of the files, does not exist: `fail`, or `ignore`, which delivers what does
    /// exist, and names the rest in a notice.
    IF_MISSING {
        name: "if-missing",
        kind: Kind::Choice(&words(&IGNORE_MISSING)),
        default: "fail",
        commands: PULL,
        is_refused_elsewhere: true,
        flag: Flag { description: "What to do if the version, or one of the files, does not exist: `fail`, or `ignore`, which takes what does exist, and names the rest in a note.", ..FLAG },
    }
    /// The bucket's region. Default: the region that the environment or the profile gives, else the bucket is asked for
    /// it.
    AWS_REGION {
        name: "aws-region",
        kind: Kind::Text,
        syntax: "Write it like eu-central-1.",
        flag: Flag { aliases: &["region"], value_name: "REGION", is_brief: true, ..FLAG },
    }
    /// The ARN of a role to assume with the job's OIDC token (`permissions: id-token: write`). Without it, the
    /// credentials that the job already has are used.
    ROLE_TO_ASSUME {
        name: "role-to-assume",
        kind: Kind::Text,
        syntax: "Write it like arn:aws:iam::111122223333:role/NAME.",
        flag: Flag { value_name: "ARN", description: "The ARN of a role to assume with your own credentials.", ..FLAG },
    }
    /// The name of the role's session in CloudTrail. Default: `cstore-<run id>`.
    ROLE_SESSION_NAME {
        name: "role-session-name",
        kind: Kind::Text,
        needs: &[Relation { other: &ROLE_TO_ASSUME, why: "" }],
        syntax: "Use 2 to 64 letters, digits and the characters _ + = , . @ -",
        flag: Flag { value_name: "NAME", description: "The name of the role's session in CloudTrail. Default: `cstore`.", ..FLAG },
    }
    /// How long the role's credentials are valid, in seconds; at least 900. They are renewed if the step takes longer.
    ROLE_DURATION_SECONDS {
        name: "role-duration-seconds",
        kind: Kind::Seconds(SHORTEST_SESSION, LONGEST_SESSION),
        default: "900",
        syntax: "The default, 900, is enough: credentials are renewed when the step takes longer.",
        flag: Flag { description: "How long the role's credentials are valid, in seconds; at least 900. They are renewed if the command takes longer.", ..FLAG },
    }
    /// Assumes the role with the credentials that the job already has, instead of the job's OIDC token.
    ROLE_CHAINING {
        name: "role-chaining",
        kind: Kind::Flag,
        default: "false",
        needs: &[Relation { other: &ROLE_TO_ASSUME, why: "" }],
        front_ends: ACTION,
    }
    /// The external ID that the role's trust policy requires; only with `role-chaining`.
    ROLE_EXTERNAL_ID {
        name: "role-external-id",
        kind: Kind::Text,
        needs: &[
            Relation { other: &ROLE_TO_ASSUME, why: "" },
            Relation {
                other: &ROLE_CHAINING,
                why: "STS takes none with an OIDC token. The trust policy's conditions on the token stand in its place.",
            },
        ],
        flag: Flag { description: "The external ID that the role's trust policy requires.", ..FLAG },
    }
    /// The audience of the job's OIDC token.
    AUDIENCE {
        name: "audience",
        kind: Kind::Text,
        default: "sts.amazonaws.com",
        excludes: &[Relation { other: &ROLE_CHAINING, why: "a chained role is assumed without the OIDC token." }],
        front_ends: ACTION,
    }
    /// The AWS accounts that the credentials may belong to, separated by commas. Other credentials are refused before
    /// the first request to S3.
    ALLOWED_ACCOUNT_IDS {
        name: "allowed-account-ids",
        kind: Kind::Text,
        syntax: "Write account IDs (12 digits), separated by commas.",
    }
    /// The account that the bucket must belong to, sent with every request; when empty and the bucket is the default
    /// one, the credentials' own account.
    EXPECTED_BUCKET_OWNER {
        name: "expected-bucket-owner",
        kind: Kind::Text,
        syntax: "Write the twelve digits of the AWS account.",
    }
    /// The most time that the whole step may take, in seconds.
    TIMEOUT_SECONDS {
        name: "timeout-seconds",
        kind: Kind::Seconds(1, LONGEST_JOB),
        default: "120",
        syntax: "Write a number such as 120.",
        flag: Flag { description: "The most time that the whole command may take, in seconds.", ..FLAG },
    }
    /// The URL of an S3-compatible service other than AWS. It may use http on this machine only.
    ENDPOINT_URL {
        name: "endpoint-url",
        kind: Kind::Text,
        syntax: "Write it like https://s3.example.com.",
        flag: Flag { value_name: "URL", ..FLAG },
    }
    /// Allows an endpoint on another machine to use http.
    ALLOW_HTTP {
        name: "allow-http",
        kind: Kind::Flag,
        default: "false",
    }
    /// The KMS key (ID, ARN or alias) that a push encrypts with. Default: the key that the last push recorded, else the
    /// bucket's default.
    KMS_KEY_ID {
        name: "kms-key-id",
        kind: Kind::Text,
        commands: &[Command::Push, Command::Init],
        is_refused_elsewhere: true,
        syntax: "Write a key id, `alias/name`, or an ARN.",
        flag: Flag { value_name: "KEY", is_brief: true, ..FLAG },
    }
    /// Whether a pull writes the files at their paths, with mode 0600. Files that tools run, and files that would replace others, have to be named (docs/restoring.md).
    RESTORE_FILES {
        name: "restore-files",
        kind: Kind::Flag,
        default: "true",
        commands: PULL,
        front_ends: ACTION,
    }
    /// Whether a pull also sets the keys as variables in the job's environment.
    EXPORT_ENV {
        name: "export-env",
        kind: Kind::Flag,
        default: "false",
        commands: PULL,
        is_refused_elsewhere: true,
        front_ends: ACTION,
    }
    /// Leaves variables alone that are already set in the job's environment.
    NO_OVERWRITE {
        name: "no-overwrite",
        kind: Kind::Flag,
        default: "false",
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &EXPORT_ENV, why: "" }],
        flag: Flag { short: Some('n'), not_of: &[Command::Pull, Command::Get], description: "Leaves variables out that are already set in the environment.", is_brief: true, ..FLAG },
    }
    /// A prefix for each key's output name.
    OUTPUT_PREFIX {
        name: "output-prefix",
        kind: Kind::Text,
        commands: PULL,
        syntax: "Write it like `APP_`.",
        flag: Flag { not_of: &[Command::Pull], value_name: "PREFIX", description: "A prefix for each key's name.", ..FLAG },
    }
    /// The case of output names: keep, lower, upper, snake or kebab.
    OUTPUT_CASE {
        name: "output-case",
        kind: Kind::Choice(&words(&OutputCase::ALL)),
        default: "keep",
        commands: PULL,
        flag: Flag { not_of: &[Command::Pull], description: "The case of names: keep, lower, upper, snake or kebab.", ..FLAG },
    }
    /// Joins the parts of nested JSON, YAML and TOML keys.
    SEPARATOR {
        name: "separator",
        kind: Kind::Text,
        default: "_",
        syntax: "The usual ones are `_` and `__`.",
    }
    /// The keys to publish, one pattern per line (`DB_*`, `!DB_DEBUG`). `DB_PASS | DATABASE_PASSWORD` publishes a key
    /// under another name; below the line `*` it keeps all others. Default: all keys.
    KEYS {
        name: "keys",
        kind: Kind::Lines,
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write one pattern or `OLD | NEW` per line.",
        flag: Flag { not_of: &[Command::Pull], value_name: "PATTERN", description: "A key to take, as a pattern (`DB_*`, `!DB_DEBUG`); `OLD | NEW` takes one under another name. Default: all keys.", is_brief: true, ..FLAG },
    }
    /// Whose values to mask in the log: all, none, or patterns of keys, one per line (`*`, `!LOG_LEVEL`).
    MASK {
        name: "mask",
        kind: Kind::Text,
        default: "all",
        commands: PULL,
        syntax: "Write all, none, or one pattern of keys a line.",
        front_ends: ACTION,
    }
    /// Values for keys that the pulled files do not have, one `KEY=value` per line.
    DEFAULTS {
        name: "defaults",
        kind: Kind::Lines,
        commands: PULL,
        is_refused_elsewhere: true,
        syntax: "Write one KEY=value per line, as in a .env file.",
        flag: Flag { not_of: &[Command::Pull], value_name: "KEY=VALUE", description: "A value for a key that the files do not have.", ..FLAG },
    }
    /// What to do if two files give one name different values: `error`, or `last` to take the later file in the order
    /// of `files`.
    ON_DUPLICATE {
        name: "on-duplicate",
        kind: Kind::Choice(&words(&OnDuplicate::ALL)),
        default: "error",
        commands: PULL,
        flag: Flag { not_of: &[Command::Pull], ..FLAG },
    }
    /// Names, one per line, that `export-env` may set although it refuses them otherwise.
    ALLOW_ENV {
        name: "allow-env",
        kind: Kind::Lines,
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &EXPORT_ENV, why: "" }],
        flag: Flag { not_of: &[Command::Pull], value_name: "NAME", description: "A variable to set although its name could take over a program; it is refused otherwise.", ..FLAG },
    }
    /// Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and the like in dotenv values as Docker Compose does: from the files, then from what `variables` lists of the job's environment.
    EXPAND {
        name: "expand",
        kind: Kind::Flag,
        default: "false",
        commands: PULL,
        is_refused_elsewhere: true,
        flag: Flag { not_of: &[Command::Pull], description: "Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and the like in dotenv values as Docker Compose does: from the files, then from what `variables` lists of the environment.", ..FLAG },
    }
    /// Also writes the merged values to a file, as {choices}.
    FORMAT {
        name: "format",
        kind: Kind::Choice(Format::NAMES),
        commands: PULL,
        is_refused_elsewhere: true,
        flag: Flag { short: Some('g'), not_of: &[Command::Pull, Command::Exec, Command::Get], description: "How the values are written: {choices}. Default: shell.", is_brief: true, ..FLAG },
    }
    /// The path of the formatted file, below the workspace. Default: a file in RUNNER_TEMP.
    FORMAT_FILE {
        name: "format-file",
        kind: Kind::Text,
        commands: PULL,
        is_refused_elsewhere: true,
        needs: &[Relation { other: &FORMAT, why: "" }],
        syntax: "Write it relative to the repository's root.",
        front_ends: ACTION,
    }
    /// The file to write, with mode 0600, instead of standard output; `-` is standard output.
    OUTPUT {
        name: "output",
        kind: Kind::Text,
        commands: &[Command::Export],
        front_ends: COMMAND_LINE,
        syntax: "Write it relative to the current folder.",
        flag: Flag { short: Some('o'), value_name: "FILE", has_variable: false, is_brief: true, ..FLAG },
    }
    /// Keeps the variables of the environment whose names match, also where the store has a value for one. Without a
    /// pattern it keeps all of them.
    PREFER_ENV {
        name: "prefer-env",
        kind: Kind::Lines,
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write patterns such as `DB_*` or `!DB_DEBUG`.",
        flag: Flag { value_name: "PATTERN", bare: "*", is_brief: true, ..FLAG },
    }
    /// Hands over no more of the environment than PATH, HOME, USER, SHELL, LANG, LC_*, TZ, TERM and TMPDIR, and what
    /// `keep` names.
    PRISTINE {
        name: "pristine",
        kind: Kind::Flag,
        default: "false",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        flag: Flag { is_brief: true, ..FLAG },
    }
    /// A variable of the environment that `pristine` hands over, too.
    KEEP {
        name: "keep",
        kind: Kind::Lines,
        commands: EXEC,
        front_ends: COMMAND_LINE,
        needs: &[Relation { other: &PRISTINE, why: "without it the whole environment is handed over." }],
        syntax: "Write a variable's name, such as AWS_REGION.",
        flag: Flag { value_name: "NAME", is_brief: true, ..FLAG },
    }
    /// Leaves out the variables that give the tool its AWS credentials; the region stays.
    DROP_AWS {
        name: "drop-aws",
        kind: Kind::Flag,
        default: "false",
        commands: EXEC,
        front_ends: COMMAND_LINE,
        flag: Flag { is_brief: true, ..FLAG },
    }
    /// A stored file that the command reads at the path which this variable holds; it is never written to a disk. Its
    /// keys are not set.
    FILE {
        name: "file",
        kind: Kind::Lines,
        commands: EXEC,
        front_ends: COMMAND_LINE,
        syntax: "Write it like certs/ca.pem=CA_FILE.",
        flag: Flag { value_name: "PATH=VAR", is_brief: true, ..FLAG },
    }
    /// Keys, one per line, that must be present and not empty once the files of the step are merged. They are named as in
    /// the files. Otherwise pull and push fail before they do anything.
    REQUIRED_KEYS {
        name: "required-keys",
        kind: Kind::Lines,
        commands: CHECKED,
        flag: Flag { value_name: "KEY", description: "A key that must be present and not empty once the files are merged. Otherwise nothing is done.", ..FLAG },
    }
    /// A file of the repository, such as `.env.example`, whose keys must all be present once the files of the step are
    /// merged. Other keys cause a warning.
    TEMPLATE {
        name: "template",
        kind: Kind::Text,
        syntax: "Write it relative to the repository's root.",
        commands: CHECKED,
        flag: Flag { value_name: "FILE", description: "A file, such as `.env.example`, whose keys must all be present once the files are merged. Other keys cause a warning.", ..FLAG },
    }
    /// Makes keys that the template does not have an error.
    TEMPLATE_STRICT {
        name: "template-strict",
        kind: Kind::Flag,
        default: "false",
        needs: &[Relation { other: &TEMPLATE, why: "" }],
        commands: CHECKED,
    }
    /// A JSON Schema file of the repository that the merged values must match.
    SCHEMA {
        name: "schema",
        kind: Kind::Text,
        syntax: "Write it relative to the repository's root.",
        commands: CHECKED,
        flag: Flag { value_name: "FILE", description: "A JSON Schema file that the merged values must match.", ..FLAG },
    }
    /// What `list` names: {choices}.
    LIST {
        name: "list",
        kind: Kind::Choice(&words(&ListKind::ALL)),
        default: "files",
        commands: &[Command::List],
        is_refused_elsewhere: true,
        flag: Flag { not_of: &[Command::List], has_variable: false, ..FLAG },
    }
    /// Names the tags of files.
    WITH_TAGS {
        name: "with-tags",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::List],
        front_ends: COMMAND_LINE,
        flag: Flag { short: Some('g'), has_variable: false, is_brief: true, description: "Also names the tags of the files.", ..FLAG },
    }
    /// How many versions `log` names, from 1 to 1,000.
    LIMIT {
        name: "limit",
        kind: Kind::Number(1, 1000),
        default: "20",
        commands: &[Command::Log],
        is_refused_elsewhere: true,
        syntax: "Write a number such as 20.",
        flag: Flag { short: Some('n'), has_variable: false, is_brief: true, description: "How many versions to name, from 1 to 1,000. Default: 20.", ..FLAG },
    }
    /// Has `log` name only the versions that changed this config key.
    KEY {
        name: "key",
        kind: Kind::Text,
        commands: &[Command::Log],
        is_refused_elsewhere: true,
        syntax: "Write one config key as it is in the files.",
        flag: Flag { not_of: &[Command::Log], has_variable: false, ..FLAG },
    }
    /// Whether `show` also names the keys that a version changed, which it then reads files for.
    WITH_KEYS {
        name: "with-keys",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Show],
        is_refused_elsewhere: true,
        flag: Flag { name: "keys", has_variable: false, is_brief: true, description: "Also names the keys that the version changed.", ..FLAG },
    }
    /// Allows a push to replace a version that is already published, or claimed by another push.
    OVERWRITE {
        name: "overwrite",
        kind: Kind::Flag,
        default: "false",
        commands: PUSH,
        is_refused_elsewhere: true,
        flag: Flag { has_variable: false, description: "Replaces a version that is already published, or claimed by another push, and what another person has changed since you pulled.", is_brief: true, ..FLAG },
    }
    /// What to record of a push, for whoever reads its history: at most 1,000 characters, in one or more lines. Default: on a
    /// release's workflow the release's title.
    MESSAGE {
        name: "message",
        kind: Kind::Lines,
        commands: PUSH,
        is_refused_elsewhere: true,
        syntax: "Write at most 1,000 characters, in one or more lines.",
        flag: Flag { short: Some('m'), has_variable: false, value_name: "TEXT", description: "What to record of a push, for whoever reads its history.", ..FLAG },
    }
    /// Who pushes, as a name for whoever reads the history; addresses are left out. Empty for nobody. Default: git's
    /// `user.name`.
    AUTHOR {
        name: "author",
        kind: Kind::Text,
        commands: PUSH,
        front_ends: COMMAND_LINE,
        flag: Flag { value_name: "NAME", ..FLAG },
    }
    /// Reports what would be done, without doing it. Of a push, the summary lists the files and keys that differ from what
    /// is published: under the same name, or of a new version from the one before it.
    DRY_RUN {
        name: "dry-run",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Push, Command::Pull, Command::Clean],
        flag: Flag { is_brief: true, description: "Reports what would be done, without doing it.", ..FLAG },
    }
    /// Writes the files below this folder, and leaves those of the catalog's folder alone.
    TO_FOLDER {
        name: "to-folder",
        kind: Kind::Text,
        commands: &[Command::Pull],
        front_ends: COMMAND_LINE,
        flag: Flag { name: "to", value_name: "FOLDER", has_variable: false, is_brief: true, ..FLAG },
        syntax: "Write the path of a folder.",
    }
    /// Deletes the local copies of what was stored, as far as they are still what was pushed. Default: those of files whose
    /// entry in the catalog says `deleteAfterPush`.
    DELETE_LOCAL {
        name: "delete-local",
        kind: Kind::Flag,
        default: "false",
        commands: PUSH,
        front_ends: COMMAND_LINE,
        flag: Flag { has_variable: false, is_brief: true, ..FLAG },
    }
    /// Takes the bucket's files, and gives up what was changed here.
    FORCE {
        name: "force",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Pull],
        front_ends: COMMAND_LINE,
        flag: Flag { has_variable: false, is_brief: true, ..FLAG },
    }
    /// Prints the result as JSON.
    JSON {
        name: "json",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Status, Command::Push, Command::Pull, Command::List, Command::Log, Command::Show, Command::Diff, Command::Verify, Command::Clean],
        front_ends: COMMAND_LINE,
        flag: Flag { has_variable: false, is_brief: true, ..FLAG },
    }
    /// What a diff takes for the state before: `head`, a version or requirement, `CONTEXT@VERSION`,
    /// `s3://BUCKET/CONTEXT[@VERSION]`, or `.` for the files of the workspace. Default: head.
    FROM {
        name: "from",
        kind: Kind::Text,
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        syntax: REFERENCE,
        flag: Flag { has_variable: false, ..FLAG },
    }
    /// What a diff takes for the state after, written as in `from`. Default: `.`, the files of the workspace.
    TO {
        name: "to",
        kind: Kind::Text,
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        front_ends: ACTION,
        syntax: REFERENCE,
        flag: Flag { has_variable: false, ..FLAG },
    }
    /// Whether a diff that finds a difference fails, with code 8.
    EXIT_CODE {
        name: "exit-code",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Diff],
        is_refused_elsewhere: true,
        flag: Flag { has_variable: false, is_brief: true, description: "Exits with 1 if there is a difference, and with 125 for errors that have no code of their own.", ..FLAG },
    }
    /// Two references, one a line, written as in `from`, which are to have the same keys, such as two environments. A
    /// `verify` that finds keys which one of them lacks fails, with code 8; objects are then looked at only if `version` is set.
    SAME_KEYS {
        name: "same-keys",
        kind: Kind::Lines,
        commands: &[Command::Verify],
        is_refused_elsewhere: true,
        syntax: "Write two references, one a line, such as shop-staging@head and shop@head.",
        flag: Flag { has_variable: false, is_brief: true, value_name: "REF", description: "Two references, such as two environments, that are to have the same keys. Objects are then looked at only where a REF is given, too.", ..FLAG },
    }
    /// Names the files that differ, without their keys, which manifests alone tell.
    NAME_ONLY {
        name: "name-only",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Diff],
        front_ends: COMMAND_LINE,
        flag: Flag { has_variable: false, is_brief: true, ..FLAG },
    }
    /// Shows the values of the keys that differ, too: on a terminal, or with --yes.
    SHOW_VALUES {
        name: "show-values",
        kind: Kind::Flag,
        default: "false",
        commands: &[Command::Diff],
        front_ends: COMMAND_LINE,
        excludes: &[Relation { other: &NAME_ONLY, why: "" }],
        flag: Flag { has_variable: false, is_brief: true, ..FLAG },
    }
    /// The profile of `~/.aws/config` whose credentials and region are used.
    PROFILE {
        name: "profile",
        kind: Kind::Text,
        front_ends: COMMAND_LINE,
        flag: Flag { value_name: "NAME", is_brief: true, ..FLAG },
        syntax: "Write the name of a profile in ~/.aws/config.",
    }
    /// Prints errors and data alone.
    QUIET {
        name: "quiet",
        kind: Kind::Flag,
        default: "false",
        front_ends: COMMAND_LINE,
        flag: Flag { short: Some('q'), is_brief: true, ..FLAG },
    }
    /// Asks nothing: every question that can be answered by yes is, every other has its default.
    YES {
        name: "yes",
        kind: Kind::Flag,
        default: "false",
        front_ends: COMMAND_LINE,
        flag: Flag { short: Some('y'), has_variable: false, ..FLAG },
    }
    /// Asks nothing: takes defaults, and fails where there is none. So does a run without a terminal, or with `CI` set.
    NON_INTERACTIVE {
        name: "non-interactive",
        kind: Kind::Flag,
        default: "false",
        front_ends: COMMAND_LINE,
    }
    /// Trusts the catalog: sends requests to its bucket, with the variables of its paths, without asking. As a flag it is
    /// remembered until the catalog leads elsewhere; as a variable it holds for the run.
    TRUST {
        name: "trust",
        kind: Kind::Flag,
        default: "false",
        front_ends: COMMAND_LINE,
    }
    /// Prints without colours.
    NO_COLOR {
        name: "no-color",
        kind: Kind::Flag,
        default: "false",
        front_ends: COMMAND_LINE,
        flag: Flag { has_variable: false, ..FLAG },
    }
}

/// Options of the contract that belong to commands that this version does not have yet. Giving
/// one is an error that says so, not "unknown".
pub const NOT_YET: &[&str] = &["github-token", "comment", "release-notes", "verify-source"];

#[cfg(test)]
mod tests;
