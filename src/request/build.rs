//! From the options as given to a request.

use std::path::PathBuf;
use std::time::Duration;

use super::bucket::check_bucket;
use super::endpoint::endpoint;
use super::identity::identity;
use super::input::{choice, flag, lines};
use super::{Checks, Command, Export, FormatFile, InputError, Job, Mask, Pull, Push, Request, Target};
use crate::catalog::{FileSelector, TagExpression};
use crate::config::{FileType, KeyPatterns, OnDuplicate, OutputCase, Selection, parse};
use crate::format::Format;
use crate::identity::AccountId;
use crate::name::{ConfigPath, Context, Digest, VersionRequest};
use crate::network::Network;
use crate::option::RawOptions;
use crate::s3::{Connection, is_region};

/// Longer than GitHub lets any job run.
const LONGEST_SECONDS: u64 = 6 * 60 * 60;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Pull,
    Push,
}

impl Request {
    /// Reads the options. `tag` is the tag of a tag's workflow.
    ///
    /// # Errors
    /// The first option that is malformed, or that contradicts another.
    pub fn new(raw: &RawOptions, tag: Option<&str>, job: Job) -> Result<Self, InputError> {
        let verb = verb(raw)?;
        refuse_options_of_others(raw, verb)?;
        let target = target(raw, tag, &job)?;
        let command = match verb {
            Verb::Pull => Command::Pull(Box::new(pull(raw)?)),
            Verb::Push => Command::Push(push(raw, &target.version)?),
        };
        Ok(Self {
            command,
            target,
            deadline: Duration::from_secs(seconds(raw.timeout_seconds.as_deref())?),
            dry_run: flag("dry-run", raw.dry_run.as_deref(), false)?,
            job,
        })
    }
}

fn verb(raw: &RawOptions) -> Result<Verb, InputError> {
    match raw.command.as_deref() {
        Some(later @ ("list" | "diff" | "verify" | "promote" | "rollback" | "purge" | "doctor")) => Err(
            InputError::new("command", format!("is `{later}`, which this version does not have"), "Use pull or push."),
        ),
        command => choice("command", command, Verb::Pull, &[("pull", Verb::Pull), ("push", Verb::Push)]),
    }
}

/// Options that say nothing to a command are refused only where they would contradict it: everything else may be
/// shared by the steps of a workflow.
fn refuse_options_of_others(raw: &RawOptions, verb: Verb) -> Result<(), InputError> {
    let wanted = |text: &Option<String>| flag("", text.as_deref(), false).unwrap_or(true);
    let of_push = [
        ("overwrite", wanted(&raw.overwrite)),
        ("update-catalog", wanted(&raw.update_catalog)),
        ("kms-key-id", raw.kms_key_id.is_some()),
    ];
    let of_pull = [
        ("digest", raw.digest.is_some()),
        ("if-missing", raw.if_missing.as_deref().is_some_and(|text| text != "fail")),
        ("export-env", wanted(&raw.export_env)),
        ("no-overwrite", wanted(&raw.no_overwrite)),
        ("format", raw.format.is_some()),
        ("format-file", raw.format_file.is_some()),
        ("defaults", raw.defaults.is_some()),
        ("keys", raw.keys.is_some()),
        ("expand", wanted(&raw.expand)),
    ];
    let (others, other, own) = match verb {
        Verb::Pull => (of_push.as_slice(), "push", "pull"),
        Verb::Push => (of_pull.as_slice(), "pull", "push"),
    };
    match others.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((name, _)) => Err(InputError::new(
            *name,
            format!("belongs to `command: {other}`, but the command is {own}"),
            format!("Remove it, or set `command: {other}`."),
        )),
    }
}

fn target(raw: &RawOptions, tag: Option<&str>, job: &Job) -> Result<Target, InputError> {
    let context = named("context", raw.context.as_deref(), Context::new)?;
    Ok(Target {
        context,
        bucket: raw.bucket.as_deref().map(|name| check_bucket(name).map(|()| name.to_owned())).transpose()?,
        connection: connection(raw, job)?,
        catalog: path("catalog", raw.catalog.as_deref())?.map_or_else(|| ConfigPath::new("cstore.yml"), Ok).map_err(
            |error| {
                InputError::new("catalog", format!("cannot be used: {}", error.rule), "Name a file of the repository.")
            },
        )?,
        files: FileSelector::new(raw.files.as_deref().unwrap_or_default()).map_err(|error| {
            InputError::new(
                "files",
                format!("cannot be used: {error}"),
                "Write one path or pattern a line, relative to the catalog's folder.",
            )
        })?,
        tags: raw.tags.as_deref().map(TagExpression::new).transpose().map_err(|error| {
            InputError::new("tags", format!("cannot be used: {error}"), "Write it like `service&dev` or `dev|qa`.")
        })?,
        version: version(raw.version.as_deref(), tag)?,
        checks: checks(raw)?,
    })
}

fn checks(raw: &RawOptions) -> Result<Checks, InputError> {
    let template = path("template", raw.template.as_deref())?;
    let template_strict = flag("template-strict", raw.template_strict.as_deref(), false)?;
    if template_strict && template.is_none() {
        return Err(InputError::new(
            "template-strict",
            "is set, but there is no `template`",
            "Name the template, or remove it.",
        ));
    }
    let separator = raw.separator.clone().unwrap_or_else(|| "_".to_owned());
    if separator.len() > 8 || !separator.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:".contains(&b)) {
        return Err(InputError::new(
            "separator",
            "is longer than 8 characters, or has others than letters, digits and _ - . / :",
            "The usual ones are `_` and `__`.",
        ));
    }
    Ok(Checks {
        required_keys: lines(raw.required_keys.as_deref()).map(ToOwned::to_owned).collect(),
        template,
        template_strict,
        schema: path("schema", raw.schema.as_deref())?,
        separator,
    })
}

fn version(raw: Option<&str>, tag: Option<&str>) -> Result<VersionRequest, InputError> {
    match (raw, tag) {
        (Some(text), _) => VersionRequest::new(text.trim()).map_err(|error| {
            InputError::new(
                "version",
                format!("cannot be used: {error}"),
                "Write a name (v1.2.3), a requirement (^1.2), latest or head.",
            )
        }),
        (None, Some(tag)) => match VersionRequest::new(tag) {
            Ok(exact @ VersionRequest::Exact(_)) => Ok(exact),
            _ => Err(InputError::new(
                "version",
                format!("is empty, so it is the workflow's tag {tag:?}, which cannot name a version"),
                "Set `version`, for example to `head`.",
            )),
        },
        (None, None) => Ok(VersionRequest::Head),
    }
}

fn connection(raw: &RawOptions, job: &Job) -> Result<Connection, InputError> {
    let owner = raw.expected_bucket_owner.as_deref().map(|id| account("expected-bucket-owner", id)).transpose()?;
    let region = raw.aws_region.clone();
    if region.as_ref().is_some_and(|name| !is_region(name)) {
        return Err(InputError::new("aws-region", "is no region's name", "Write it like eu-central-1."));
    }
    let allow_http = flag("allow-http", raw.allow_http.as_deref(), false)?;
    let endpoint = endpoint(raw, job, allow_http)?;
    Ok(Connection {
        region,
        is_other_service: endpoint.as_ref().is_some_and(|endpoint| endpoint.is_of_s3),
        endpoint_url: endpoint.map(|endpoint| endpoint.url),
        expected_bucket_owner: owner,
        network: Network {
            allow_http,
            ca_bundle: path_in(job, "AWS_CA_BUNDLE").filter(|path| !path.as_os_str().is_empty()),
            // An empty one counts for whoever reads them, and so it does here.
            system_certificates: ["SSL_CERT_FILE", "SSL_CERT_DIR"]
                .into_iter()
                .find_map(|name| Some((name, path_in(job, name)?))),
        },
        identity: identity(raw, job)?,
    })
}

fn path_in(job: &Job, variable: &str) -> Option<PathBuf> {
    job.variable(variable).map(|path| PathBuf::from(path.into_exposed()))
}

/// An account id that an input gives.
pub(super) fn account(name: &str, text: &str) -> Result<AccountId, InputError> {
    AccountId::new(text.trim())
        .ok_or_else(|| InputError::new(name, "is no account id", "Write the twelve digits of the AWS account."))
}

fn pull(raw: &RawOptions) -> Result<Pull, InputError> {
    let restore_files = flag("restore-files", raw.restore_files.as_deref(), true)?;
    let export_env = flag("export-env", raw.export_env.as_deref(), false)?;
    let allow: Vec<_> = lines(raw.allow_env.as_deref()).map(ToOwned::to_owned).collect();
    if !allow.is_empty() && !export_env {
        return Err(InputError::new(
            "allow-env",
            "is given, but `export-env` is not true",
            "Set `export-env: true`, or remove it.",
        ));
    }
    let no_overwrite = flag("no-overwrite", raw.no_overwrite.as_deref(), false)?;
    if no_overwrite && !export_env {
        return Err(InputError::new(
            "no-overwrite",
            "is set, but `export-env` is not true",
            "Set `export-env: true`, or remove it.",
        ));
    }
    let case = choice(
        "output-case",
        raw.output_case.as_deref(),
        OutputCase::Keep,
        &[
            ("keep", OutputCase::Keep),
            ("lower", OutputCase::Lower),
            ("upper", OutputCase::Upper),
            ("snake", OutputCase::Snake),
            ("kebab", OutputCase::Kebab),
        ],
    )?;
    let selection =
        Selection::new(raw.keys.as_deref().unwrap_or_default(), case, raw.output_prefix.as_deref().unwrap_or_default())
            .map_err(|error| match error {
                crate::config::SelectError::Prefix => {
                    InputError::new("output-prefix", format!("cannot be used: {error}"), "Write it like `APP_`.")
                }
                error => InputError::new(
                    "keys",
                    format!("cannot be used: {error}"),
                    "Write one pattern or `OLD | NEW` a line.",
                ),
            })?;
    Ok(Pull {
        digest: named("digest", raw.digest.as_deref(), Digest::from_pin)?,
        ignore_missing: choice("if-missing", raw.if_missing.as_deref(), false, &[("fail", false), ("ignore", true)])?,
        restore_files,
        selection,
        on_duplicate: choice(
            "on-duplicate",
            raw.on_duplicate.as_deref(),
            OnDuplicate::Error,
            &[("error", OnDuplicate::Error), ("last", OnDuplicate::Last)],
        )?,
        defaults: defaults(raw.defaults.as_deref())?,
        expand: flag("expand", raw.expand.as_deref(), false)?,
        format: format(raw)?,
        export: export_env.then_some(Export { allow }),
        no_overwrite,
        mask: mask(raw.mask.as_deref())?,
    })
}

/// The parser's message names keys and lines, never values, which may be secrets of the workflow.
fn defaults(raw: Option<&str>) -> Result<Vec<crate::config::Entry>, InputError> {
    let parsed = parse(FileType::Dotenv, raw.unwrap_or_default().as_bytes(), "_").map_err(|error| {
        InputError::new(
            "defaults",
            format!("cannot be read: {error}"),
            "Write one KEY=value a line, as in a .env file.",
        )
    })?;
    Ok(parsed.entries)
}

fn format(raw: &RawOptions) -> Result<Option<FormatFile>, InputError> {
    let path = path("format-file", raw.format_file.as_deref())?;
    let choices: Vec<_> = Format::ALL.iter().map(|format| (format.name(), Some(*format))).collect();
    match choice("format", raw.format.as_deref(), None, &choices)? {
        Some(format) => Ok(Some(FormatFile { format, path })),
        None if path.is_some() => {
            Err(InputError::new("format-file", "is given, but `format` is not", "Set `format`, or remove it."))
        }
        None => Ok(None),
    }
}

fn mask(raw: Option<&str>) -> Result<Mask, InputError> {
    match raw.map(str::trim) {
        None | Some("" | "all") => Ok(Mask::All),
        Some("none") => Ok(Mask::None),
        Some(patterns) => KeyPatterns::new(patterns).map(Mask::Keys).map_err(|error| {
            InputError::new(
                "mask",
                format!("cannot be used: {error}"),
                "Write all, none, or one pattern of keys a line.",
            )
        }),
    }
}

fn push(raw: &RawOptions, version: &VersionRequest) -> Result<Push, InputError> {
    let overwrite = flag("overwrite", raw.overwrite.as_deref(), false)?;
    match version {
        VersionRequest::Matching(requirement) => {
            return Err(InputError::new(
                "version",
                format!("is {:?}, which names no version to push", requirement.to_string()),
                "Push a name such as v1.2.3, or head.",
            ));
        }
        VersionRequest::Head if overwrite => {
            return Err(InputError::new(
                "overwrite",
                "is set, but the head is always replaced",
                "Remove it, or name the `version` to overwrite.",
            ));
        }
        _ => {}
    }
    let kms_key = raw.kms_key_id.clone();
    if kms_key
        .as_ref()
        .is_some_and(|key| key.len() > 2048 || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_/:".contains(&b)))
    {
        return Err(InputError::new(
            "kms-key-id",
            "is no key's id, ARN or alias",
            "Write a key id, `alias/name`, or an ARN.",
        ));
    }
    Ok(Push { kms_key, overwrite, update_catalog: flag("update-catalog", raw.update_catalog.as_deref(), false)? })
}

fn seconds(raw: Option<&str>) -> Result<u64, InputError> {
    let Some(text) = raw else { return Ok(120) };
    match text.trim().parse() {
        Ok(seconds @ 1..=LONGEST_SECONDS) => Ok(seconds),
        _ => Err(InputError::new(
            "timeout-seconds",
            "is not a whole number of seconds from 1 to 21600",
            "The default is 120.",
        )),
    }
}

fn path(name: &str, raw: Option<&str>) -> Result<Option<ConfigPath>, InputError> {
    let Some(text) = raw else { return Ok(None) };
    let text = text.trim();
    ConfigPath::new(text.strip_prefix("./").unwrap_or(text)).map(Some).map_err(|error| {
        InputError::new(
            name,
            format!("is no path below the workspace: {}", error.rule),
            "Write it relative to the repository's root.",
        )
    })
}

fn named<T>(
    name: &str,
    raw: Option<&str>,
    new: impl Fn(&str) -> Result<T, crate::name::NameError>,
) -> Result<Option<T>, InputError> {
    raw.map(|text| new(text.trim())).transpose().map_err(|error| {
        InputError::new(name, format!("cannot be used: {error}"), "Mend it, or leave it empty for the default.")
    })
}
