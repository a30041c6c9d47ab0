//! The words for what to do next.

use super::access::{allow, check_secret_key, fix_network, grant_token_permission, token_says, whom};
use super::{some_of, version};
use crate::catalog::{UnmatchedTypes, raw_rule};
use crate::config::SameName;
use crate::error::{Remedy, ValuesWanted};
use crate::excerpt::listed_key;
use crate::identity::Service;
use crate::name::{ConfigPath, VersionName};
use crate::option::{OptionSpec, RESTORE_FILES};
use crate::request::DEFAULT_VARIABLES;
use crate::store::Owner;

/// How a list of names is written.
const ONE_A_LINE: &str = "Write each name on a line of its own, without commas, quotes or hyphens around it. In YAML such \
                          lines stand below `|`; `>` makes one line of them.";

/// A remedy, as sentences.
#[expect(clippy::too_many_lines, reason = "one arm a remedy")]
pub(super) fn words(remedy: &Remedy) -> String {
    let plain = match remedy {
        Remedy::Write(option) => option.syntax,
        Remedy::WriteOneOf(words, meant) => return write_one_of(words, *meant),
        Remedy::WriteUtf8 => "Write it in UTF-8.",
        Remedy::Meant(option) => return format!("Did you mean `{option}`?"),
        Remedy::Remove("") => "Remove it.",
        Remedy::Remove(why) => return format!("Remove it: {why}"),
        Remedy::RemoveOrSet(option) => return format!("{}, or remove it.", set(option)),
        Remedy::RemoveOrRun(command) => return format!("Remove it, or set `command: {command}`."),
        Remedy::Set(option) => return format!("{}.", set(option)),
        Remedy::CorrectNames => "Correct these names, or remove them.",
        Remedy::RunKnownCommand => "Use pull or push.",
        Remedy::NameVersion => "Set `version`, for example to `head`.",
        Remedy::PushOneVersion => "Push a name such as v1.2.3, or head.",
        Remedy::NameVersionToOverwrite => "Remove it, or name the `version` to overwrite.",
        Remedy::NameKeys { is_list: true } => ONE_A_LINE,
        Remedy::NameKeys { is_list: false } => {
            "Correct it. For a key that only some of your files have, write a pattern such as `DB_PASS*`."
        }
        Remedy::WriteStar => {
            "The words `all` and `none` belong to `mask` and stand there alone, in lower case. The line `*` matches all keys; \
             below it a line such as `!LOG_LEVEL` leaves one out."
        }
        Remedy::WriteRename => "To publish a key under another name, write `OLD | NEW`.",
        Remedy::UseHttps => "Use https, or set `allow-http: true` if the network in between is yours.",
        Remedy::CorrectCatalog => "Correct the catalog.",
        Remedy::CorrectCatalogOrLeaveIt => "Correct the catalog, or remove `update-catalog`.",
        Remedy::RemoveLink => "Remove the `isRef` entry that leads back.",
        Remedy::LinkFewer => "Remove `isRef` entries, or pull the linked catalogs in steps of their own.",
        Remedy::CorrectFile => "Correct the file.",
        Remedy::CorrectFiles { paths, wanted } => return correct_files(paths, wanted.as_ref()),
        Remedy::CorrectSchema => "Correct the schema.",
        Remedy::CorrectValues { is_about_types: false } => "Correct the values, or the schema.",
        Remedy::CorrectValues { is_about_types: true } => {
            "Correct the values, or the schema. What a dotenv file holds is always text, whatever it looks like: for a number \
             write `type: string` with a `pattern` such as `^[0-9]+$`, for a flag an `enum` of texts."
        }
        Remedy::ChooseFile => "Choose one file with `files`, or let the later one count with `on-duplicate: last`.",
        Remedy::RenameKeys(error) => return rename_keys(error),
        Remedy::ListVariable { name, is_in_value } => return list_variable(name, *is_in_value),
        Remedy::SetVariable(name) => {
            return format!("Set {name} in the `env:` of this step or its job, or correct the catalog.");
        }
        Remedy::DefineName => "Define the name, or write the value in single quotes to keep it as it is.",
        Remedy::DefineNameOrKeepDollar => {
            "If the dollar sign is part of the value, write `$$`, or the value in single quotes. If a name is meant, write it \
             as `${NAME}`, and define it or list it in `variables`."
        }
        Remedy::CorrectReference => {
            "Correct it; or write `$$` for a dollar sign that is meant, or the value in single quotes to keep it as it is."
        }
        Remedy::LeaveKeyOut => "Leave the key out with `keys`, or choose another `format`.",
        Remedy::AddRequiredKeys { is_list: true } => ONE_A_LINE,
        Remedy::AddRequiredKeys { is_list: false } => "Add them to the config files, or take them off the list.",
        Remedy::MatchTemplate => "Change the config files or the template, so that their keys agree.",
        Remedy::ClearPath => {
            "Remove what stands there, choose another path, or exclude the file with a line `!PATH` in `files`."
        }
        Remedy::ReplaceLink => {
            "Replace the link with the file or folder itself, or exclude the file with a line `!PATH` in `files`."
        }
        Remedy::NameFolders => "Begin each pattern in `files` with a folder, such as `config/**/.env`.",
        Remedy::RenameFile(path) => {
            return format!(
                "Rename the file where it is pushed from, and push it again. Until then exclude it with the line \
                 `!{path}` in `files`."
            );
        }
        Remedy::NameFiles { paths, means_all } => return name_files(paths, *means_all),
        Remedy::MoveFormatFile => {
            "Choose another `format-file`; or set `restore-files: false`, if the merged values are all that is needed."
        }
        Remedy::ChooseOneOf(path, other) => {
            return format!("Exclude one of the two in `files`, with the line `!{path}` or `!{other}`.");
        }
        Remedy::PutBack { backup, path } => return format!("Move {backup} to {path} yourself."),
        Remedy::KeepOthersAway => "Keep other programs from writing there meanwhile, and run this again.",
        Remedy::CheckPath => "Check the path, and that `actions/checkout` ran before this step.",
        Remedy::CheckDisk => "Check permissions and free space of the workspace.",
        Remedy::NameBucket => "Name one with `bucket`, or choose the files of one with `files`.",
        Remedy::CheckFiles { folders, are_several } => return check_files(folders, *are_several),
        Remedy::CheckTags => "Compare them with those in the catalog or in the manifest.",
        Remedy::NameFilesToPush => "Name the files to push in `files`, one per line.",
        Remedy::NameReplaced(files) => return name_replaced(files),
        Remedy::SetOrWriteCatalog(options) => {
            let names: Vec<_> = options.iter().map(|option| format!("`{}`", option.name)).collect();
            return format!(
                "Set {}; or `update-catalog: true` to have it written, or a `version` to push.",
                names.join(" and ")
            );
        }
        Remedy::NameCertificates => {
            "Name a PEM file that this step can see; in a container, it must be in the workspace."
        }
        Remedy::CorrectRegion => "Write it like eu-central-1, or set `aws-region`.",
        Remedy::AllowTime => "Run it again; if it takes that long each time, raise `timeout-seconds`.",
        Remedy::ShortenNames => "Use a shorter path, version or context.",
        Remedy::UpdateTool => "Use the newest version of cstore-action.",
        Remedy::TakeFewerFiles => "Choose fewer with `files`; this tool stores configuration.",
        Remedy::SplitFiles => "Push fewer files, or split them over several contexts.",
        Remedy::UseConditionalWrites { may_be_kms } => return use_conditional_writes(*may_be_kms),
        Remedy::FreePath(key) => {
            return format!(
                "Push under another path, or remove what lies below {key}/; or use AWS S3, or a service that does not take \
                 keys for paths."
            );
        }
        Remedy::UseOtherService => "Use AWS S3, or a service or release that supports it.",
        Remedy::NewVersionOrOverwrite => {
            "Push under a new version; or set `overwrite: true` if the published one must be replaced."
        }
        Remedy::NewVersion => "Push under a version number of its own.",
        Remedy::NameOneOf(names) => {
            return format!(
                "Set `version` to the one that you mean: {}. If one of them should not be there, find out who published it \
                 (`.cstore/versions/` of the context), and have its manifest deleted.",
                some_of(names)
            );
        }
        Remedy::WaitForClaim => {
            "Wait for that run, or push under a new version. If that run has ended, set `overwrite: true` to push all the same."
        }
        Remedy::WaitForPurge => "Push when the purge is done, or under a new version.",
        Remedy::FreeKey(owner, version) => return free_key(owner, version.as_ref()),
        Remedy::RunWhenOthersAreDone => {
            "Run this again when they are done; a `concurrency` group in the workflow keeps runs apart."
        }
        Remedy::PushAgain(Some(version)) => {
            return format!("A push of {version} with `overwrite: true` and the original files restores it.");
        }
        Remedy::PushAgain(None) => "Push the files again to restore it.",
        Remedy::PullAndPushAgain => "Pull the files, make the change again, and push.",
        Remedy::OverwriteDamaged => "A push of that version with `overwrite: true` and the original files restores it.",
        Remedy::RemoveDamagedDocument => {
            "Somebody with delete rights has to remove that object, or restore an earlier S3 version of it."
        }
        Remedy::RestoreOrPushAgain => {
            "Push the file again, a version with `overwrite: true`; or restore the object. Let no lifecycle rule move \
             this bucket's objects to an archive."
        }
        Remedy::PushDamagedFile => "Push the files again to restore it; a version needs `overwrite: true`.",
        Remedy::CheckDigest => "Find out who changed it, or set the new digest.",
        Remedy::RecordFile => "Push the file again with this tool, or remove `digest`.",
        Remedy::TakePublished { asked, published } => return version::take_published(asked, published),
        Remedy::CheckVersion => "Check `version`, `context` and `bucket`, or push the version first.",
        Remedy::PushFirst => "Push first, or name a `version`; check `context` and `bucket`.",
        Remedy::CheckWhere => "Check `context`, `bucket` and the paths. A part is never delivered as the whole.",
        Remedy::FinishPush => "Wait for that run, or run its push again.",
        Remedy::Allow(permission) => return allow(permission),
        Remedy::LiftDeny(permission) => {
            return format!(
                "A policy denies {} on {} to {}, and no Allow lifts a Deny: change that policy. The bucket of the \
                 Terraform module admits only whom its variables name.",
                permission.action,
                permission.resource,
                whom(permission)
            );
        }
        // Whoever widens a role must be sure whose the bucket is.
        Remedy::CheckOwnerThenAllow { owner, permission } => {
            return format!(
                "First see that the bucket belongs to the account {owner}, since S3 answers the same when it does not \
                 (`expected-bucket-owner` names another). If it does: {}",
                allow(permission)
            );
        }
        Remedy::NameOwnerOrBucket => {
            "If the bucket is the right one, set `expected-bucket-owner` to its account; if nobody named it, somebody \
             else has taken the default name: set `bucket`."
        }
        Remedy::AllowKms(permission) => {
            return format!(
                "Allow {} on the key for {}, in its policy and the key's.",
                permission.action,
                whom(permission)
            );
        }
        Remedy::SetClock => "Set the runner's clock by NTP.",
        Remedy::RenewCredentials => {
            "Set `role-to-assume`, whose credentials are renewed while the step runs, or get new ones right before \
             this step."
        }
        Remedy::CorrectSharedFile => {
            "Correct that, or get credentials in another way: with `role-to-assume`, or with \
             `aws-actions/configure-aws-credentials` before this step."
        }
        Remedy::PasteCredentialAnew => {
            "Set the secret that it comes from anew, without the blank or the line break that was pasted with it."
        }
        Remedy::SetCredentialVariable => {
            "Check the name of the secret that it is set from: GitHub puts nothing in the place of one that is not there, or \
             that this run may not see, as for a pull request from a fork. Or set neither, and `role-to-assume`."
        }
        Remedy::MountTokenFile => {
            "This step must see that file: where it runs in a container, and the action always does unless it is taken \
             without Docker, mount the file's folder into the container at the same path (`container: volumes:` of the \
             job). Or set `role-to-assume`."
        }
        Remedy::GetCredentials => {
            "Set `role-to-assume`, or run `aws-actions/configure-aws-credentials` before this step."
        }
        Remedy::GetCredentialsOrUnchain => {
            "Run `aws-actions/configure-aws-credentials` before this step, or remove `role-chaining` to use the job's \
             OIDC token."
        }
        Remedy::ReplaceExpiredCredentials => "If they have expired, get new ones right before this step.",
        Remedy::CheckKmsKey => "Check `kms-key-id`: the key must exist in the bucket's region and be enabled.",
        Remedy::CheckBucket => "Check `bucket` (or the catalog's AWS_S3_BUCKET), `aws-region` and the account.",
        Remedy::SetRegion(Some(region)) => {
            return format!("Set `aws-region: {region}`, and check `endpoint-url`.");
        }
        Remedy::SetRegion(None) => "Set `aws-region` to the bucket's region, and check `endpoint-url`.",
        Remedy::KeepLargeFilesElsewhere => "This tool stores configuration; keep larger files elsewhere.",
        Remedy::FixNetwork(fault) => fix_network(*fault),
        Remedy::RunAgainOrSeeService | Remedy::RunAgainOrSeeStatus(Service::OtherSts) => {
            "Run this again; if it lasts, look at the state of the service at `endpoint-url`, or where a variable such as \
             AWS_ENDPOINT_URL or the profile says that it is."
        }
        Remedy::CheckSecretKey { is_aws, has_role } => check_secret_key(*is_aws, *has_role),
        Remedy::CheckRoleService => {
            "They are those of `role-to-assume`. See that the STS which gave them and the bucket belong together: one \
             partition of AWS (`aws-region`), or one service (`endpoint-url`, AWS_ENDPOINT_URL_STS)."
        }
        Remedy::RunAgainOrSeeAwsHealth | Remedy::RunAgainOrSeeStatus(Service::Sts) => {
            "Run this again; if it lasts, see https://health.aws.amazon.com."
        }
        Remedy::RunAgainOrSeeStatus(Service::GitHub) => {
            "Run this again; if it lasts, see https://www.githubstatus.com."
        }
        Remedy::CheckEndpoint => "Check `endpoint-url`, and whether a proxy answers in S3's place.",
        Remedy::CheckSettings => {
            "Check `aws-region`, `endpoint-url`, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT."
        }
        Remedy::CheckRequest => "Check the inputs that name the bucket, region and key.",
        Remedy::LeaveTokenUrl => "GitHub's runner sets it; do not set it yourself.",
        Remedy::CheckAudience => "Check `audience`. The job may ask for tokens only while it runs; run it again.",
        Remedy::CheckProxy => "Check whether a proxy answers in its place (HTTPS_PROXY, NO_PROXY), and run this again.",
        Remedy::CheckNetwork(Service::GitHub) => "Check the runner's network and HTTPS_PROXY, then run this again.",
        Remedy::CheckNetwork(Service::OtherSts) => {
            "Check the runner's network, AWS_ENDPOINT_URL_STS and HTTPS_PROXY, then run this again."
        }
        Remedy::CheckNetwork(Service::Sts) => {
            "Check the runner's network, `aws-region` and HTTPS_PROXY, then run this again."
        }
        Remedy::GrantTokenPermission(job) => return grant_token_permission(job.as_deref()),
        Remedy::SkipForks => {
            "Skip the step there: if: github.event.pull_request.head.repo.full_name == github.repository"
        }
        Remedy::ChainRole => "Set `role-chaining: true` to assume the role with the credentials at hand.",
        Remedy::NameBucketAndOwner => {
            "Set `role-to-assume`, whose ARN names the account; or, without `allowed-account-ids`, set `bucket` and \
             `expected-bucket-owner`. If STS denied the request, see whether a VPC endpoint's policy allows \
             sts:GetCallerIdentity."
        }
        Remedy::NameSts => {
            "Set AWS_ENDPOINT_URL_STS in the `env:` of this step to the URL of the service's STS; with some services it is \
             that of `endpoint-url`. For AWS, write the role like arn:aws:iam::111122223333:role/puller."
        }
        Remedy::AllowChaining(role) => {
            return format!(
                "Allow sts:AssumeRole on {role} for them, and name them in the role's trust policy; if that asks for an \
                 external id, set `role-external-id`."
            );
        }
        Remedy::CorrectTrustPolicy(claims) => {
            return format!(
                "{}The trust policy's conditions on token.actions.githubusercontent.com:sub and :aud must match this, \
                 letter by letter. GitHub issues two forms of subject, and a policy for one does not match the other: \
                 repo:OWNER/REPO:…, and for repositories created, renamed or moved since 15 July 2026 \
                 repo:OWNER@OWNER-ID/REPO@REPO-ID:…. The subject of a job with `environment:` ends in \
                 environment:NAME, never in its ref. A role or policy made within the last minute may not be in force \
                 yet.",
                token_says(claims.as_ref())
            );
        }
        Remedy::CreateProvider(claims) => {
            return format!(
                "{}The account needs an identity provider for https://token.actions.githubusercontent.com that lists \
                 this audience.",
                token_says(claims.as_ref())
            );
        }
        Remedy::Nothing => "",
        Remedy::RunAgain => "Run this again.",
        Remedy::ShortenSession { is_chained: true } => {
            "Lower `role-duration-seconds`: a chained role gives 3600 at most, and no more than its maximum session \
             duration."
        }
        Remedy::ShortenSession { is_chained: false } => {
            "Lower `role-duration-seconds` (900 is enough for a pull or push), or raise the role's maximum session \
             duration."
        }
        Remedy::ActivateSts => "Activate STS there in IAM's account settings, or set another `aws-region`.",
        Remedy::CheckRole => "Check `role-to-assume` and the inputs beside it.",
        Remedy::CheckAccount => "Check which role or credentials this job uses. No request was sent to S3.",
    };
    plain.to_owned()
}

fn check_files(folders: &[String], are_several: bool) -> String {
    let mut advice: Vec<_> = folders
        .iter()
        .map(|folder| format!("For all files below the folder {} write `{folder}/**`.", folder.trim_start_matches('!')))
        .collect();
    if are_several {
        advice.push("Write one path or pattern per line: a YAML block that begins with `|`, not with `>`.".to_owned());
    }
    if folders.is_empty() {
        advice.push("Check the paths; they are relative to the catalog's folder.".to_owned());
    }
    advice.join(" ")
}

/// The line of `types` that has a file stored as it is, said wherever a file cannot be read.
pub(super) fn type_line(path: &ConfigPath) -> String {
    format!("`{}`", raw_rule(path))
}

/// What is said of lines of `types` that match no file; nothing where there is none.
pub(super) fn unmatched_types(UnmatchedTypes { patterns, folders }: &UnmatchedTypes) -> Option<String> {
    let hints: Vec<_> =
        folders.iter().map(|folder| format!(" For all files below the folder {folder} write `{folder}/**`.")).collect();
    let words =
        || format!("These lines of `types` match no file of this step: {}.{}", some_of(patterns), hints.concat());
    (!patterns.is_empty()).then(words)
}

fn name_files(paths: &[String], means_all: bool) -> String {
    let quoted = |sign: &str| some_of(&paths.iter().map(|path| format!("`{sign}{path}`")).collect::<Vec<_>>());
    let (it, lines) = if paths.len() == 1 { ("it", "the line") } else { ("them", "the lines") };
    // A line that names one file leaves out all others.
    let with_all = if means_all { "the line `**`, which stands for all files, and " } else { "" };
    format!(
        "If this step is meant to write {it}, add {with_all}{lines} {} to `files`; else exclude {it} there with {}.",
        quoted(""),
        quoted("!")
    )
}

fn correct_files(paths: &[ConfigPath], wanted: Option<&ValuesWanted>) -> String {
    if let Some(ValuesWanted { by, types_decide }) = wanted {
        let types = if *types_decide { " Or remove the line of `types` that says how it is read." } else { "" };
        let options: Vec<_> = by
            .iter()
            .map(|option| match option.name {
                name if name == RESTORE_FILES.name => format!("`{name}: false`"),
                name => format!("`{name}`"),
            })
            .collect();
        let (last, others) = options.split_last().map_or((String::new(), String::new()), |(last, others)| {
            (last.clone(), if others.is_empty() { String::new() } else { format!("{} and ", others.join(", ")) })
        });
        return format!(
            "Correct the file where it is pushed from, and push it (a version under a new name).{types} Without {others}{last} \
             a pull restores it all the same."
        );
    }
    let lines: Vec<_> = paths.iter().map(type_line).collect();
    let line = if lines.len() == 1 { "this line" } else { "these lines" };
    format!("Correct it, or have it stored as it is, without keys, by {line} of `types`: {}.", some_of(&lines))
}

fn rename_keys(error: &SameName) -> String {
    let key = &error.keys[0].key;
    // Not every key can stand on a line of `keys`.
    let is_plain = listed_key(key) == *key && !key.contains('…');
    let key = if is_plain { key } else { "KEY" };
    let mut advice =
        vec![format!("{}, or leave it out with a last line `!{key}`.", rename_line(key, error.starts_with_all))];
    if error.is_of_separator() {
        advice.push("Another `separator` of the parts of nested keys, such as `__`, keeps them apart, too.".to_owned());
    }
    if error.is_of_two_files() {
        advice.push("Or let the later file's value count with `on-duplicate: last`.".to_owned());
    }
    advice.join(" ")
}

/// How a key gets a new name, as a sentence without its full stop. Where no line of `keys` includes keys, all are
/// published, and a line for one alone would leave out the others.
fn rename_line(key: &str, starts_with_all: bool) -> String {
    if starts_with_all {
        format!("Rename one of them in `keys`: `*` as the first line, for all other keys, and then `{key} | NEW`")
    } else {
        format!("Rename one of them with a line `{key} | NEW` in `keys`")
    }
}

fn name_replaced(files: &[ConfigPath]) -> String {
    let named = match files {
        [file] => format!("`files: {file}`"),
        files => format!("one path or pattern per line ({})", some_of(files)),
    };
    format!("If they may be replaced, name them in `files`: {named}, or `files: \"**\"` for all files that there are.")
}

fn write_one_of(words: &[&str], meant: Option<&str>) -> String {
    match (words, meant) {
        ([one, other], None) => format!("Write {one} or {other}."),
        (_, None) => format!("Write one of: {}.", words.join(", ")),
        (_, Some(meant)) => format!("Write one of: {}. Did you mean {meant}?", words.join(", ")),
    }
}

fn set(option: &OptionSpec) -> String {
    if option.is_flag() { format!("Set `{}: true`", option.name) } else { format!("Set `{}`", option.name) }
}

fn list_variable(name: &str, is_in_value: bool) -> String {
    let otherwise = if is_in_value {
        "Define the name in the files, or write the value in single quotes to keep it as it is. "
    } else {
        ""
    };
    format!(
        "{otherwise}If its value may be seen by whoever writes that file, add this line to `variables`:\n\n{name}\n\n\
         Your list replaces the default, which is {}.",
        DEFAULT_VARIABLES.join(", ")
    )
}

fn use_conditional_writes(may_be_kms: bool) -> String {
    let kms = if may_be_kms { " If a KMS key is set, the service may lack that instead." } else { "" };
    format!("Use AWS S3, or a service or release that honours If-None-Match and If-Match of PutObject.{kms}")
}

fn free_key(owner: &Owner, version: Option<&VersionName>) -> String {
    let next = match owner {
        Owner::Head => "Push under another version name, or move that file.",
        Owner::Version(_) => "Push under another path or version name.",
        Owner::OtherPush(_) => "Set `overwrite: true` to replace it, or push under a new version.",
        Owner::OtherTool | Owner::Unlisted => "Push under a new version, or set `overwrite: true` to replace it.",
    };
    let claim = version.map_or_else(String::new, |version| {
        format!(" The claim of {version} for this set of files stays, so a corrected set needs `overwrite: true`.")
    });
    format!("{next}{claim}")
}
