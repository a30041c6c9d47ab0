//! The words for what to do next.

mod access;
mod channel;
mod files;
mod keys;
mod lock;
mod options;
mod promotion;
mod published;
mod purge;
mod rollback;

pub(crate) use self::access::reach_github;
mod sign_in;
mod version;

pub(super) use self::files::{type_line, unmatched_types};
pub(super) use self::options::{in_action, named};
pub(super) use self::published::take_or_push_over;
pub(super) use self::rollback::{look_first, rights as rollback_rights};
use super::speaker::{Speaker, sentence};
use crate::error::Remedy;
use crate::identity::Service;
use crate::option::Command;

/// A remedy, as sentences.
#[expect(clippy::too_many_lines, reason = "one arm a remedy")]
pub(super) fn words(remedy: &Remedy, speaker: impl Speaker) -> String {
    let sentence = match remedy {
        Remedy::Nothing => "",
        Remedy::Write(option) => options::syntax(option, speaker),
        Remedy::WriteOneOf(words, meant) => return options::write_one_of(words, *meant),
        Remedy::WriteUtf8 => "Write it in UTF-8.",
        Remedy::Meant(name) => return options::meant(name, speaker),
        Remedy::Remove(why) => return options::remove(why, speaker),
        Remedy::RemoveOrSet(option) => return options::remove_or_set(option, speaker),
        Remedy::RemoveOrRun(commands) => return options::remove_or_run(commands, speaker),
        Remedy::SetInstead(option) => return format!("{} instead.", options::set(option, speaker)),
        Remedy::Set(option) => return format!("{}.", options::set(option, speaker)),
        Remedy::CorrectNames => sentence!(speaker, "Correct these names, or " ["remove them" | "leave them out"] "."),
        Remedy::RunKnownCommand => {
            let known: Vec<_> = Command::IN_ACTION.iter().map(|(name, _)| *name).collect();
            let known = format!("Use one of {}.", known.join(", "));
            return speaker.pick(known, "`cstore --help` lists the commands.".to_owned());
        }
        Remedy::NameVersion => {
            sentence!(speaker, ["Set `version`, for example to `head`." | "Name one version, such as v1.2.3, or head."])
        }
        Remedy::PushOneVersion => "Push a name such as v1.2.3, or head.",
        Remedy::NameVersionToOverwrite => {
            sentence!(
                speaker,
                ["Remove it, or name the `version` to overwrite" |
                 "Leave it out, or name the version to overwrite with `--ver`"]
                "."
            )
        }
        Remedy::SetOrWriteCatalog(options) => return options::set_or_write_catalog(options, speaker),
        Remedy::UseHttps => "Use https, or set `allow-http: true` if the network in between is yours.",
        Remedy::NameCheckedFiles => {
            sentence!(
                speaker,
                "Name one of the files that "
                ["`files` or the catalog lists, or their folder. Files that git ignores are not in a checkout" |
                 "`--files` or the catalog lists, or their folder"]
                "."
            )
        }
        Remedy::CorrectRegion => "Write it like eu-central-1, or set `aws-region`.",
        Remedy::CheckRequest => {
            sentence!(speaker, "Check the " ["inputs" | "flags"] " that name the bucket, region and key.")
        }

        Remedy::CorrectCatalog => "Correct the catalog.",
        Remedy::NameGoVersion(named) => return version::name_go_version(named, speaker),
        Remedy::PushWithThisTool(asked) => return version::push_with_this_tool(asked, speaker),
        Remedy::ResolveConflict => "Keep the lines of the side that you want, and delete git's conflict markers.",
        Remedy::CorrectCatalogOrLeaveIt => {
            sentence!(
                speaker,
                "Correct the catalog, or "
                ["remove `update-catalog`" | "pass `--update-catalog=false`"]
                "."
            )
        }
        Remedy::RenameOrLeaveCatalog => {
            sentence!(
                speaker,
                "Rename the file, or "
                ["remove `update-catalog`" | "pass `--update-catalog=false`"]
                "."
            )
        }
        Remedy::RemoveLink => "Remove the `isRef` entry that leads back.",
        Remedy::ListOnce(path) => return files::list_once(path, speaker),
        Remedy::PushLinked { path, catalog } => return files::push_linked(path, catalog, speaker),
        Remedy::LinkFewer => {
            sentence!(
                speaker,
                "Remove `isRef` entries, or pull the linked catalogs "
                ["in steps of their own" | "one by one, with `--catalog`"]
                "."
            )
        }
        Remedy::SetVariable(name) => return keys::set_variable(name, speaker),
        Remedy::ListVariable { name, is_in_value } => return keys::list_variable(name, *is_in_value, speaker),
        Remedy::NameBucket => {
            sentence!(speaker, "Name one with `bucket`, or choose the files of one" [" with `files`" | ""] ".")
        }

        Remedy::NameKeys { is_list: true } | Remedy::AddRequiredKeys { is_list: true } => keys::one_a_line(speaker),
        Remedy::NameKeys { is_list: false } => {
            "Correct it. For a key that only some of your files have, write a pattern such as `DB_PASS*`."
        }
        Remedy::WriteStar => keys::write_star(speaker),
        Remedy::WriteRename => "To publish a key under another name, write `OLD | NEW`.",
        Remedy::RenameKeys(error) => return keys::rename_keys(error, speaker),
        Remedy::DefineName => "Define the name, or write the value in single quotes to keep it as it is.",
        Remedy::DefineNameOrKeepDollar => {
            "If the dollar sign is part of the value, write `$$`, or the value in single quotes. If a name is meant, write it \
             as `${NAME}`, and define it or list it in `variables`."
        }
        Remedy::CorrectReference => {
            "Correct it; or write `$$` for a dollar sign that is meant, or the value in single quotes to keep it as it is."
        }
        Remedy::WriteForEcs => {
            "Write plain NAME=value lines, each name in one file, or choose `format: ecs-environment` or `format: ecs-secrets`, \
             which hold what the files mean."
        }
        Remedy::LeaveKeyOut => "Leave the key out with `keys`, or choose another `format`.",
        Remedy::AddRequiredKeys { is_list: false } => {
            "Add them to the config files, or remove them from `required-keys`."
        }
        Remedy::MatchTemplate => "Change the config files or the template, so that their keys agree.",
        Remedy::RaiseNumber { promotes: true } => {
            sentence!(
                speaker,
                "Promote it to another number, with "
                ["`to: CONTEXT@VERSION`" | "`--to CONTEXT@VERSION`"]
                ", or restore what is missing; with `semver-keys: warn` it is published anyway."
            )
        }
        Remedy::RaiseNumber { promotes: false } => {
            "Push it under a number that allows this, or restore what is missing; with `semver-keys: warn` it is published \
             anyway."
        }
        Remedy::CorrectSchema => "Correct the schema.",
        Remedy::CorrectValues { is_about_types: false } => "Correct the values, or the schema.",
        Remedy::CorrectValues { is_about_types: true } => {
            "Correct the values, or the schema. What a dotenv file holds is always text, whatever it looks like: for a number \
             write `type: string` with a `pattern` such as `^[0-9]+$`, for a flag an `enum` of texts."
        }

        Remedy::CorrectFile => "Correct the file.",
        Remedy::CorrectFiles { paths, wanted } => return files::correct_files(paths, wanted.as_ref(), speaker),
        Remedy::ChooseFiles { folder, file, can_take_last } => {
            return keys::choose_files(folder.as_deref(), file.as_ref(), *can_take_last, speaker);
        }
        Remedy::ListKeys { is_cut } => return keys::list_keys(*is_cut, speaker),
        Remedy::ClearPath => files::clear_path(speaker),
        Remedy::ReplaceLink => files::replace_link(speaker),
        Remedy::ReplaceNeededLink => "Replace the link with the file itself.",
        Remedy::NameFolders => {
            sentence!(speaker, "Begin each pattern" [" in `files`" | ""] " with a folder, such as `config/**/.env`.")
        }
        Remedy::RenameFile(path) => return files::rename_file(path, speaker),
        Remedy::LeaveFileOut(path) => return files::leave_out(path, speaker),
        Remedy::NameFiles { paths, means_all } => return files::name_files(paths, *means_all, speaker),
        Remedy::MoveFormatFile => files::move_format_file(speaker),
        Remedy::ChooseOneOf(path, other) => return files::choose_one_of(path, other, speaker),
        Remedy::PutBack { backup, path } => {
            return format!("Move {} to {} yourself.", speaker.path(backup), speaker.path(path));
        }
        Remedy::KeepOthersAway => "Keep other programs from writing there meanwhile, and run this again.",
        Remedy::CheckPath => {
            sentence!(speaker, "Check the path" [", and that `actions/checkout` ran before this step" | ""] ".")
        }
        Remedy::CheckDisk => files::check_disk(speaker),
        Remedy::CheckFiles { folders, are_several } => return files::check_files(folders, *are_several, speaker),
        Remedy::FindLocalFiles { listed, meant } => {
            return files::find_local_files(listed, meant.as_deref(), speaker);
        }
        Remedy::ListFiles(version) => return files::list_files(version.as_ref(), speaker),
        Remedy::CheckTags => {
            sentence!(
                speaker,
                ["Compare them with those in the catalog or in the manifest" |
                 "`cstore list tags` names those that there are"]
                "."
            )
        }
        Remedy::NameFilesToPush => {
            sentence!(speaker, "Name the files to push" [" in `files`, one per line" | ": `cstore push FILE…`"] ".")
        }
        Remedy::NameReplaced(paths) => return files::name_replaced(paths, speaker),
        Remedy::TakeFewerFiles => files::take_fewer(speaker),
        Remedy::SplitFiles => "Push fewer files, or split them over several contexts.",
        Remedy::ShortenNames => "Use a shorter path, version or context.",
        Remedy::KeepLargeFilesElsewhere => "This tool stores configuration; keep larger files elsewhere.",

        Remedy::WriteLock { file, requirement, new } => {
            return lock::write(file, requirement.as_ref(), new.as_deref(), speaker);
        }
        Remedy::NameEntry { file, name, meant } => return lock::name_entry(file, name, meant.as_ref(), speaker),
        Remedy::FinishMerge(file) => return lock::finish_merge(file, speaker),
        Remedy::CorrectLock(file) => return lock::correct(file, speaker),
        Remedy::NameLockFile => return lock::name_file(speaker),
        Remedy::NameLocked(requirements) => return lock::name_locked(requirements, speaker),
        Remedy::CheckLocked { file, name, entry, is_gone } => {
            return lock::check(file, name, entry, *is_gone, speaker);
        }
        Remedy::ChangeRequirement(other) => {
            return format!("Use the entry {other}, or delete its lines from the file first.");
        }

        Remedy::NameWhatWasPushed => {
            "Name what was pushed, such as v1.2.3, ^1.2, head, shop-dev@v1.2.3 or s3://acme-dev/shop@v1.2.3."
        }
        Remedy::NameDestination => {
            "Name a context, with a version if it is to have another: shop, shop@v1.5.0 or s3://acme-prod/shop."
        }
        Remedy::CorrectChannel => {
            "A channel's name has small letters, digits and the characters . _ -, and begins with a letter or a digit: :prod, for \
             example."
        }
        Remedy::AddColon(name) => return channel::add_colon(name, speaker),
        Remedy::LogChannel(name) => return channel::log(name, speaker),
        Remedy::NameSource(published) => return promotion::name_source(published, speaker),
        Remedy::ReadAsItsAccount(permission) => return promotion::read_as_its_account(permission.as_ref(), speaker),
        Remedy::ReviewSource(reference) => return promotion::review_source(reference.as_deref(), speaker),
        Remedy::ReviewChannel(name) => return channel::review(name, speaker),
        Remedy::MoveChannel(name) => return channel::move_it(name, speaker),
        Remedy::MoveChannels(names) => return channel::move_all(names, speaker),
        Remedy::NameAsChannel(name) => return channel::name_as_one(name, speaker),
        Remedy::NameChannel(names) => return channel::name_one_of(names.as_deref(), speaker),
        Remedy::NameTarget { channel, wanted, earlier } => {
            return channel::name_version(channel, wanted.as_ref(), earlier, speaker);
        }
        Remedy::NameOlderTarget { channel, older } => return channel::name_older(channel, older.as_ref(), speaker),
        Remedy::CreateChannel { is_named } => channel::create(*is_named, speaker),
        Remedy::NameBackVersion(name) => return channel::name_back_version(name, speaker),
        Remedy::NameBackTarget(name) => return channel::name_back_target(name, speaker),
        Remedy::NameChannelTarget => "Name a version, such as v1.2.3, ^1.2, latest or :staging.",
        Remedy::ReplaceDamagedChannel => return channel::replace_damaged(speaker),
        Remedy::ReviewAndPromoteAgain => promotion::review_and_promote_again(speaker),
        Remedy::NameOtherDestination { may_overwrite } => promotion::name_other_destination(*may_overwrite, speaker),
        Remedy::ReplaceByPromotion => "Look at what is there; `overwrite: true` replaces it by what is promoted.",

        Remedy::UpdateTool => published::update_tool(speaker),
        Remedy::UseConditionalWrites { may_be_kms } => return published::use_conditional_writes(*may_be_kms),
        Remedy::FreePath(key) => return published::free_path(key),
        Remedy::UseOtherService => "Use AWS S3, or a service or release that supports it.",
        Remedy::NewVersionOrOverwrite => {
            "Push under a new version; or set `overwrite: true` if the published one must be replaced."
        }
        Remedy::NewVersion => "Push under a version number of its own.",
        Remedy::NameOneOf(names) => return published::name_one_of(names, speaker),
        Remedy::WaitForClaim => {
            sentence!(
                speaker,
                "Wait for that "
                ["run" | "push"]
                ", or push under a new version. If that "
                ["run" | "push"]
                " has ended, set `overwrite: true` to push anyway."
            )
        }
        Remedy::NameVersionToRestore(published) => {
            return rollback::name_version_to_restore(published.as_deref(), speaker);
        }
        Remedy::NameRollbackTarget => rollback::name_target(speaker),
        Remedy::ReviewAndRollBackAgain { has_version } => return rollback::review_again(*has_version, speaker),
        Remedy::ReviewRollbackTarget { has_version } => return rollback::review_target(*has_version, speaker),
        Remedy::WaitForPurge(version) => return purge::wait(version, speaker),
        Remedy::NameVersionToPurge => {
            sentence!(
                speaker,
                "Name one version exactly, such as v1.2.3, or files of the head"
                [" by `version: head` and `files`" | ", such as ./service/.env"]
                "."
            )
        }
        Remedy::ReviewAndPurgeAgain => {
            "Look at what is there now, with a dry run, and purge again if that is to go, too."
        }
        Remedy::FinishPurge { is_locked, actions, version } => {
            return purge::finish(*is_locked, actions, version.as_deref(), speaker);
        }
        Remedy::FreeKey(owner, version) => return published::free_key(owner, version.as_ref(), speaker),
        Remedy::RunWhenOthersAreDone => {
            sentence!(
                speaker,
                "Run this again when they are done"
                ["; a `concurrency` group in the workflow keeps runs apart" | ""]
                "."
            )
        }
        Remedy::PushAgain(Some(version)) => return published::push_again(version, speaker),
        Remedy::PushAgain(None) => "Push the files again to restore it.",
        Remedy::PushOver => published::push_over(speaker),
        Remedy::TakeOrPushOver { paths, can_be_compared } => {
            return published::take_or_push_over(paths, *can_be_compared, speaker);
        }
        Remedy::PushBeforeRollback => rollback::push_first(speaker),
        Remedy::PullAndPushAgain => "Pull the files, make the change again, and push.",
        Remedy::OverwriteDamaged => "A push of that version with `overwrite: true` and the original files restores it.",
        Remedy::RemoveDamagedDocument => {
            "Somebody with delete rights has to remove that object, or restore an earlier S3 version of it."
        }
        Remedy::RestoreOrPushAgain => published::restore_or_push_again(),
        Remedy::PushDamagedFile => "Push the files again to restore it; a version needs `overwrite: true`.",
        Remedy::CheckDigest(Some(name)) => return channel::check_digest(name, speaker),
        Remedy::CheckDigest(None) => {
            sentence!(speaker, "Find out who changed it, or " ["set the new digest" | "pass the new `--digest`"] ".")
        }
        Remedy::RecordFile => {
            sentence!(
                speaker,
                ["Push the file again with this tool, or remove `digest`."
                    | "Leave out `digest`; to have the file recorded, `cstore pull` it and then `cstore push` it."]
            )
        }
        Remedy::TakePublished { asked, published } => return version::take_published(asked, published, speaker),
        Remedy::CheckVersion => "Check `version`, `context` and `bucket`, or push the version first.",
        Remedy::PushFirst { paths } => return version::push_first(paths, speaker),
        Remedy::CheckWhere { is_head: false } => sentence!(
            speaker,
            ["Check `context`, `bucket` and the paths. A part is never delivered as the whole."
                | "To take the others, add `if-missing: ignore`. If nobody needs what is missing, remove its entry from the \
                   catalog. Else check `context` and `bucket`."]
        ),
        Remedy::CheckWhere { is_head: true } => sentence!(
            speaker,
            [
                "Check `context`, `bucket` and the paths. If a rollback or a purge removed them, push them again or take them out of the \
              catalog. A part is never delivered as the whole."
                    | "To take the others, add `if-missing: ignore`. If nobody needs what is missing, remove its entry from the \
                   catalog. If a rollback or a purge removed them, push them again. Else check `context` and `bucket`."
            ]
        ),
        Remedy::FinishPush => {
            sentence!(speaker, "Wait for that " ["run, or run its push" | "push, or run it"] " again.")
        }

        Remedy::Allow(permission) => return access::allow(permission, speaker),
        Remedy::LiftDeny(permission) => return access::lift_deny(permission, speaker),
        Remedy::CheckOwnerThenAllow { owner, permission } => {
            return access::check_owner_then_allow(owner, permission, speaker);
        }
        Remedy::NameOwnerOrBucket => access::name_owner_or_bucket(speaker),
        Remedy::AllowKms(permission) => return access::allow_kms(permission, speaker),
        Remedy::CheckKmsKey => "Check `kms-key-id`: the key must exist in the bucket's region and be enabled.",
        Remedy::CheckBucket { bucket, default_of, is_aws } => {
            return access::check_bucket(bucket, default_of.as_deref(), *is_aws, speaker);
        }
        Remedy::SetRegion(region) => return access::set_region(region.as_deref(), speaker),
        Remedy::FixNetwork(fault) => access::fix_network(*fault, speaker),
        Remedy::NameCertificates => access::name_certificates(speaker),
        Remedy::NameProxy => "Write it like http://proxy.example.com:3128, or unset it.",
        Remedy::RunAgainOrSeeService | Remedy::RunAgainOrSeeStatus(Service::OtherSts) => access::see_service(),
        Remedy::RunAgainOrSeeAwsHealth | Remedy::RunAgainOrSeeStatus(Service::Sts) => {
            "Run this again; if it keeps failing, see https://health.aws.amazon.com."
        }
        Remedy::RunAgainOrSeeStatus(Service::GitHub) => {
            "Run this again; if it keeps failing, see https://www.githubstatus.com."
        }
        Remedy::CheckNetwork(service) => access::check_network(*service, speaker),
        Remedy::CheckEndpoint => "Check `endpoint-url`, and whether a proxy answers instead of S3.",
        Remedy::CheckSettings => {
            "Check `aws-region`, `endpoint-url`, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT."
        }
        Remedy::CheckStsEndpoint => {
            "Check AWS_ENDPOINT_URL if it is set, and whether a proxy answers instead of it (HTTPS_PROXY, NO_PROXY)."
        }
        Remedy::CheckProxy => {
            "Check whether a proxy answers instead of it (HTTPS_PROXY, NO_PROXY), and run this again."
        }
        Remedy::AllowTime => "Run it again; if it takes that long each time, raise `timeout-seconds`.",
        Remedy::RunAgain => "Run this again.",

        Remedy::SetClock => sentence!(speaker, "Set " ["the runner" | "this machine"] "'s clock by NTP."),
        Remedy::RenewCredentials => return sign_in::renew_credentials(speaker),
        Remedy::CorrectSharedFile => sign_in::correct_shared_file(speaker),
        Remedy::SignInAgain { profile } => return sign_in::sign_in_again(profile.as_deref(), speaker),
        Remedy::CorrectProfile { name, meant } => return sign_in::correct_profile(name, meant.as_deref(), speaker),
        Remedy::PasteCredentialAnew => sign_in::paste_credential_anew(speaker),
        Remedy::SetCredentialVariable => sign_in::set_credential_variable(speaker),
        Remedy::MountTokenFile => sign_in::mount_token_file(speaker),
        Remedy::GetCredentials => return sign_in::get_credentials(speaker),
        Remedy::GetCredentialsOrUnchain => return sign_in::get_credentials_or_unchain(speaker),
        Remedy::ReplaceExpiredCredentials => return sign_in::replace_expired(speaker),
        Remedy::CheckSecretKey { is_aws, has_role } => sign_in::check_secret_key(*is_aws, *has_role),
        Remedy::CheckRoleService => sign_in::check_role_service(),
        Remedy::LeaveTokenUrl => {
            sentence!(speaker, ["GitHub's runner sets it" | "GitHub sets it"] "; do not set it yourself.")
        }
        Remedy::CheckAudience => sign_in::check_audience(speaker),
        Remedy::GrantTokenPermission(job) => return sign_in::grant_token_permission(job.as_deref(), speaker),
        Remedy::SkipForks => sign_in::skip_forks(speaker),
        Remedy::ChainRole => sign_in::chain_role(speaker),
        Remedy::NameBucketAndOwner => sign_in::name_bucket_and_owner(speaker),
        Remedy::NameSts => sign_in::name_sts(speaker),
        Remedy::AllowChaining(role) => return sign_in::allow_chaining(role, speaker),
        Remedy::CorrectTrustPolicy(claims) => return sign_in::correct_trust_policy(claims.as_ref(), speaker),
        Remedy::CreateProvider(claims) => return sign_in::create_provider(claims.as_ref(), speaker),
        Remedy::ShortenSession { is_chained } => sign_in::shorten_session(*is_chained),
        Remedy::ActivateSts => {
            sentence!(
                speaker,
                "Activate STS there in IAM's account settings, or "
                ["set" | "pass"]
                " another `aws-region`."
            )
        }
        Remedy::CheckRole => sentence!(speaker, "Check `role-to-assume` and the " ["inputs" | "flags"] " beside it."),
        Remedy::CheckAccount => sign_in::check_account(speaker),
    };
    speaker.say(sentence)
}
