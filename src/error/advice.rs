//! Which remedy there is for which error.

mod promotion;
mod rollback;
mod s3;
mod store;

use super::{Error, Remedy, Searched, UnknownFiles};
use crate::catalog::{CatalogErrorKind, EditError, Glob};
use crate::config::{ExpandError, KeyHint, MissingKey, UNSHOWN, UnknownKey};
use crate::identity::{IdentityError, NoJobToken, Refusal, Refused, VariableProblem};
use crate::lock::{LockError, LockFailure, LockProblem};
use crate::name::{ConfigPath, is_below};
use crate::network::NetworkFault;
use crate::option::{self, OptionError, OptionProblem};
use crate::workspace::{WorkspaceError, WorkspaceErrorKind};

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Option(error) => error.remedy(),
            Self::Catalog { error, .. } => match &error.kind {
                CatalogErrorKind::VariableNotListed { name, .. } => {
                    Remedy::ListVariable { name: name.clone(), is_in_value: false }
                }
                CatalogErrorKind::VariableMissing { name, .. } => Remedy::SetVariable(name.clone()),
                CatalogErrorKind::MergeMarks => Remedy::ResolveConflict,
                CatalogErrorKind::Store { path, .. } => Remedy::LeaveFileOut(path.clone()),
                _ => Remedy::CorrectCatalog,
            },
            Self::LinkedTooDeep { .. } => Remedy::RemoveLink,
            Self::TwoCatalogs { path, .. } => Remedy::ListOnce(path.clone()),
            Self::OfLinked { path, catalog } => Remedy::PushLinked { path: path.clone(), catalog: catalog.clone() },
            Self::LinkedTooMany { .. } => Remedy::LinkFewer,
            Self::CatalogEdit { error: EditError::Variable { .. }, .. } => Remedy::RenameOrLeaveCatalog,
            Self::CatalogEdit { .. } => Remedy::CorrectCatalogOrLeaveIt,
            Self::ConfigFiles { files, wanted, .. } => {
                Remedy::CorrectFiles { paths: distinct(files.iter().map(|file| &file.path)), wanted: wanted.clone() }
            }
            Self::WithoutKeys { cause, .. } => cause.remedy(),
            Self::TemplateFile { .. } => Remedy::CorrectFile,
            Self::Merge(error) => {
                let files = error.conflicts.first().map_or(&[][..], |conflict| conflict.files.as_slice());
                let (folder, file) = (own_folder(files), files.first().cloned());
                Remedy::ChooseFiles { folder, file, can_take_last: error.can_take_last }
            }
            Self::SameName(error) => Remedy::RenameKeys(error.clone()),
            Self::Lock(failure) => failure.remedy(),
            Self::Expand(ExpandError::NotListed { name, .. }) if name != UNSHOWN => {
                Remedy::ListVariable { name: name.clone(), is_in_value: true }
            }
            Self::Expand(ExpandError::Malformed { .. }) => Remedy::CorrectReference,
            Self::Expand(ExpandError::NotListed { name, .. } | ExpandError::Undefined { name, .. })
                if name == UNSHOWN =>
            {
                Remedy::DefineNameOrKeepDollar
            }
            Self::Expand(_) => Remedy::DefineName,
            Self::Format(_) => Remedy::LeaveKeyOut,
            Self::EnvironmentFiles(_) => Remedy::WriteForEcs,
            Self::OtherAtKey(_) => Remedy::OverwriteDamaged,
            Self::Schema { .. } => Remedy::CorrectSchema,
            Self::SchemaMismatch { failures, .. } => {
                Remedy::CorrectValues { is_about_types: failures.iter().any(|failure| failure.keyword == "type") }
            }
            Self::RequiredKeys(missing) => Remedy::AddRequiredKeys {
                is_list: missing.iter().any(|key| matches!(key, MissingKey::Absent(key) if key.is_list())),
            },
            Self::Template { .. } => Remedy::MatchTemplate,
            Self::BrokenPromises(_) => Remedy::RaiseNumber { promotes: false },
            Self::ChangedByOthers(_) => Remedy::PullAndPushAgain,
            Self::Workspace(error) => error.remedy(),
            Self::NoSuchFile { .. } => Remedy::CheckPath,
            Self::NotNamed { files, means_all } => Remedy::NameFiles {
                paths: files.iter().map(|file| file.path.to_string()).collect(),
                means_all: *means_all,
            },
            Self::OnePlace { path, other: Some(other), .. } if path == other => Remedy::CorrectCatalog,
            Self::OnePlace { path, other: Some(other), .. } => Remedy::ChooseOneOf(path.to_string(), other.to_string()),
            Self::OnePlace { other: None, .. } => Remedy::MoveFormatFile,
            Self::WouldReplace { files } => Remedy::NameReplaced(files.iter().map(|(path, _)| path.clone()).collect()),
            Self::SeveralBuckets { .. } => Remedy::NameBucket,
            Self::NoMatch { lines, folders, .. } => Remedy::CheckFiles {
                folders: folders.clone(),
                are_several: lines.iter().any(|line| may_be_several(line)),
            },
            Self::UnknownFiles(files) => check_files(files),
            Self::NotHere { files, are_listed } => match check_files(files) {
                Remedy::CheckFiles { folders, are_several: false } if folders.is_empty() => {
                    match (*are_listed, files.files.as_slice()) {
                        (true, files) => {
                            let listed = files.iter().map(|file| file.line.clone()).collect();
                            Remedy::FindLocalFiles { listed, meant: None }
                        }
                        (false, [file]) => Remedy::FindLocalFiles { listed: Vec::new(), meant: file.meant.clone() },
                        (false, _) => Remedy::FindLocalFiles { listed: Vec::new(), meant: None },
                    }
                }
                remedy => remedy,
            },
            Self::NotStored { are_listed: true, version, .. } => Remedy::CheckWhere { is_head: version.is_none() },
            Self::NotStored { files, version, .. } => match check_files(files) {
                Remedy::CheckFiles { folders, are_several: false } if folders.is_empty() => {
                    Remedy::ListFiles(version.clone())
                }
                remedy => remedy,
            },
            Self::FolderNamed { path, .. } => {
                Remedy::CheckFiles { folders: vec![path.to_string()], are_several: false }
            }
            Self::WithoutManifest(without) => match without.named.first() {
                Some(named) => Remedy::NameGoVersion(named.clone()),
                None => Remedy::PushWithThisTool(without.asked.clone()),
            },
            Self::NoTags => Remedy::CheckTags,
            Self::NoSuchKey(error) => match &error.channel {
                Some(channel) => Remedy::LogChannel(channel.clone()),
                None => Remedy::ListKeys { is_cut: matches!(error.searched, Searched::Versions { last: Some(_), .. }) },
            },
            Self::NothingToPush { .. } => Remedy::NameFilesToPush,
            Self::HeadWithoutCatalog { missing, .. } => Remedy::SetOrWriteCatalog(missing.clone()),
            Self::Identity(error) => error.remedy(),
            Self::Certificates(_) => Remedy::NameCertificates,
            Self::Proxy(_) => Remedy::NameProxy,
            Self::Region(_) => Remedy::CorrectRegion,
            Self::Unsent(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
            Self::Push(failure) => failure.cause.remedy(),
            Self::Promotion(failure) => failure.remedy(),
            Self::Rollback(failure) => failure.remedy(),
            Self::Purge(failure) if failure.is_of_change() => Remedy::ReviewAndPurgeAgain,
            Self::Purge(failure) => failure.cause.remedy(),
            Self::Channel(failure) => failure.cause.remedy(),
            Self::ChannelTarget(damaged) => damaged.cause.remedy(),
            Self::Unpurged(unpurged) => {
                let locked = |failure: &crate::s3::Failure| {
                    failure.detail.as_deref().is_some_and(|words| words.to_lowercase().contains("object lock"))
                };
                let failures = || unpurged.in_the_way.iter().map(|way| &way.failure);
                let denied = failures().filter(|failure| !locked(failure));
                let mut actions: Vec<_> = denied.map(|failure| failure.operation.action()).collect();
                actions.sort_unstable();
                actions.dedup();
                let is_locked = failures().any(|failure| locked(failure));
                let location = &unpurged.location;
                let version = (!location.is_head()).then(|| location.version.clone());
                Remedy::FinishPurge { is_locked, actions, version }
            }
            Self::Deadline { .. } => Remedy::AllowTime,
            Self::Cancelled(_) => Remedy::Nothing,
        }
    }
}

impl LockFailure {
    fn remedy(&self) -> Remedy {
        let file = || self.path.clone();
        match &self.problem {
            LockProblem::NoFile { asked } => Remedy::WriteLock { file: file(), requirement: asked.clone(), new: None },
            LockProblem::NoRegularFile => Remedy::NameLockFile,
            LockProblem::NoEntry { name, meant } => {
                Remedy::NameEntry { file: file(), name: name.clone(), meant: meant.clone() }
            }
            LockProblem::NotLocked { asked, new, .. } => {
                Remedy::WriteLock { file: file(), requirement: asked.clone(), new: Some(new.clone()) }
            }
            LockProblem::Unreadable(LockError::Newer { .. } | LockError::UnknownField(_)) => Remedy::UpdateTool,
            LockProblem::Unreadable(LockError::ConflictMarks { .. }) => Remedy::FinishMerge(file()),
            LockProblem::Unreadable(_) => Remedy::CorrectLock(file()),
            LockProblem::Several { requirements, .. } => Remedy::NameLocked(requirements.clone()),
            LockProblem::Gone { name, entry } | LockProblem::Changed { name, entry, .. } => Remedy::CheckLocked {
                file: file(),
                name: name.clone(),
                entry: entry.clone(),
                is_gone: matches!(self.problem, LockProblem::Gone { .. }),
            },
            LockProblem::SameRequirement { other, .. } => Remedy::ChangeRequirement(other.clone()),
        }
    }
}

impl WorkspaceError {
    /// What to do about it.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Link { is_needed: true, .. } => Remedy::ReplaceNeededLink,
            Self::Link { .. } => Remedy::ReplaceLink,
            Self::TooLarge { .. } => Remedy::KeepLargeFilesElsewhere,
            Self::TooMany { .. } => Remedy::NameFolders,
            Self::BadName { path, .. } => Remedy::RenameFile(path.clone()),
            Self::Protected { path, .. } => Remedy::NameFiles { paths: vec![path.clone()], means_all: false },
            Self::Clash { path, other } | Self::OneName { path, other } => {
                Remedy::ChooseOneOf(path.clone(), other.clone())
            }
            Self::Changed { .. } => Remedy::KeepOthersAway,
            Self::NotPutBack { path, backup, .. } => Remedy::PutBack { backup: backup.clone(), path: path.clone() },
            _ => match self.kind() {
                WorkspaceErrorKind::Path => Remedy::ClearPath,
                WorkspaceErrorKind::Missing => Remedy::CheckPath,
                WorkspaceErrorKind::System => Remedy::CheckDisk,
            },
        }
    }
}

impl OptionError {
    fn remedy(&self) -> Remedy {
        let write = || self.option.map_or(Remedy::Remove(""), Remedy::Write);
        match &self.problem {
            OptionProblem::Unknown(Some(meant)) => Remedy::Meant(meant),
            OptionProblem::Unknown(None) | OptionProblem::NotYet => Remedy::Remove(""),
            OptionProblem::SeveralUnknown(_) => Remedy::CorrectNames,
            OptionProblem::CommandNotYet(_) => Remedy::RunKnownCommand,
            OptionProblem::NotUtf8 => Remedy::WriteUtf8,
            OptionProblem::NotAFlag(_) => Remedy::WriteOneOf(&["true", "false"], None),
            OptionProblem::NotAChoice { words, meant, .. } => Remedy::WriteOneOf(words, *meant),
            OptionProblem::NotSeconds(..)
            | OptionProblem::NotANumber(..)
            | OptionProblem::NotAPath(_)
            | OptionProblem::NotA(_)
            | OptionProblem::IsNotA(..)
            | OptionProblem::NotASeparator
            | OptionProblem::Unusable(_)
            | OptionProblem::NamesNo(_)
            | OptionProblem::NotAUrl(_)
            | OptionProblem::HasQuery(_) => write(),
            OptionProblem::NoCheckedFile(_) => Remedy::NameCheckedFiles,
            OptionProblem::NotPurged(_) => Remedy::NameVersionToPurge,
            OptionProblem::NotASource(_) => Remedy::NameWhatWasPushed,
            OptionProblem::NotATarget(_) => Remedy::NameChannelTarget,
            OptionProblem::NotRestorable(_) => Remedy::NameRollbackTarget,
            OptionProblem::NotABackTarget(channel) => Remedy::NameBackVersion(channel.clone()),
            OptionProblem::OfNoMove(why) => Remedy::Remove(why),
            OptionProblem::OfNoChannel => Remedy::Remove("A channel is named with a colon, such as :prod."),
            OptionProblem::BackFromAnywhere(channel) => Remedy::NameBackTarget(channel.clone()),
            OptionProblem::NotADestination(_) => Remedy::NameDestination,
            OptionProblem::NotAChannel(_) => Remedy::CorrectChannel,
            OptionProblem::LacksColon(channel) => Remedy::AddColon(channel.clone()),
            OptionProblem::OfAnotherCommand { instead: Some(option), .. } => Remedy::SetInstead(option),
            OptionProblem::OfAnotherCommand { of, .. } => Remedy::RemoveOrRun(of),
            OptionProblem::Needs { why, .. } if !why.is_empty() => Remedy::Remove(why),
            OptionProblem::Needs { other, .. } => Remedy::RemoveOrSet(other),
            OptionProblem::Excluded { why, .. } => Remedy::Remove(why),
            OptionProblem::TagNamesNoVersion(_) => Remedy::NameVersion,
            OptionProblem::NamesNoVersion(_) | OptionProblem::NoVersionName(_) => Remedy::PushOneVersion,
            OptionProblem::HeadIsReplacedAnyway => Remedy::NameVersionToOverwrite,
            OptionProblem::NoRepository | OptionProblem::RepositoryIsNoContext(_) => Remedy::Set(&option::CONTEXT),
            OptionProblem::DefaultIsNoBucket(_) | OptionProblem::BucketNotTrusted(_) => Remedy::Set(&option::BUCKET),
            OptionProblem::NoSuchKeys(keys) => name_keys(keys),
            OptionProblem::InTheClear(_) => Remedy::UseHttps,
        }
    }
}

fn check_files(unknown: &UnknownFiles) -> Remedy {
    let folders = unknown.files.iter().filter(|file| file.is_folder).map(|file| file.line.clone()).collect();
    Remedy::CheckFiles { folders, are_several: unknown.files.iter().any(|file| may_be_several(&file.line)) }
}

/// How the lines are written that match no key.
fn name_keys(keys: &[UnknownKey]) -> Remedy {
    let has = |is_it: fn(&KeyHint) -> bool| keys.iter().any(|key| key.hint.as_ref().is_some_and(is_it));
    if has(|hint| *hint == KeyHint::List) {
        Remedy::NameKeys { is_list: true }
    } else if has(|hint| *hint == KeyHint::Rename) {
        Remedy::WriteRename
    } else if has(|hint| matches!(hint, KeyHint::All | KeyHint::None)) {
        Remedy::WriteStar
    } else {
        Remedy::NameKeys { is_list: false }
    }
}

/// Whether a line may well be several paths or patterns: written with commas, or folded into one line by YAML. A folder
/// may have a blank in its name, unless what is before the blank looks like a file or a pattern.
pub(crate) fn may_be_several(line: &str) -> bool {
    let mut depth = 0_usize;
    let has_comma = line.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, ',' | ';')
    });
    let line = line.trim();
    let (folders, name) = line.rsplit_once('/').unwrap_or(("", line));
    let ends_before_blank = |folder: &str| {
        let mut words = folder.split_whitespace().rev();
        words.next();
        words.any(|word| word.contains(['.', '*', '?']))
    };
    has_comma || name.contains(char::is_whitespace) || folders.split('/').any(ends_before_blank)
}

/// The folder of the first of some files, where none of the others is in it.
fn own_folder(files: &[ConfigPath]) -> Option<String> {
    let [first, others @ ..] = files else { return None };
    let (folder, _) = first.as_str().rsplit_once('/')?;
    // As a pattern it means itself.
    let is_own = !Glob::is_glob(folder) && !others.iter().any(|other| is_below(other.as_str(), folder));
    is_own.then(|| folder.to_owned())
}

/// Paths, each once, in their order.
fn distinct<'a>(paths: impl Iterator<Item = &'a ConfigPath>) -> Vec<ConfigPath> {
    let mut distinct: Vec<ConfigPath> = Vec::new();
    for path in paths {
        if !distinct.contains(path) {
            distinct.push(path.clone());
        }
    }
    distinct
}

impl IdentityError {
    fn remedy(&self) -> Remedy {
        match self {
            Self::NoJobToken(NoJobToken::Permission { job }) => Remedy::GrantTokenPermission(job.clone()),
            Self::NoJobToken(NoJobToken::Fork { .. }) => Remedy::SkipForks,
            Self::NoJobToken(NoJobToken::NoJob) => Remedy::ChainRole,
            Self::TokenEndpoint => Remedy::LeaveTokenUrl,
            Self::TokenRefused { .. } => Remedy::CheckAudience,
            Self::NotSts { .. } => Remedy::CheckStsEndpoint,
            Self::NoTokenInAnswer => Remedy::CheckProxy,
            Self::Unreachable { service, fault: NetworkFault::HostName | NetworkFault::Connection, .. } => {
                Remedy::CheckNetwork(*service)
            }
            Self::Unreachable { fault, .. } => Remedy::FixNetwork(*fault),
            Self::Unavailable { service, .. } => Remedy::RunAgainOrSeeStatus(*service),
            Self::SharedFile { .. } => Remedy::CorrectSharedFile,
            Self::NoProfile(unknown) => {
                Remedy::CorrectProfile { name: unknown.name.clone(), meant: unknown.meant.clone() }
            }
            Self::NotSignedIn { profile, .. } => Remedy::SignInAgain { profile: profile.clone() },
            Self::Variable { problem: VariableProblem::Unusable(_), .. } => Remedy::PasteCredentialAnew,
            Self::Variable { .. } => Remedy::SetCredentialVariable,
            Self::TokenFile { .. } => Remedy::MountTokenFile,
            Self::BadSignature { is_aws, .. } => Remedy::CheckSecretKey { is_aws: *is_aws, has_role: false },
            Self::NoCredentials { role: None, .. } => Remedy::GetCredentials,
            Self::NoCredentials { role: Some(_), .. } => Remedy::GetCredentialsOrUnchain,
            Self::BadCredentials { has_expired: true, .. } => Remedy::RenewCredentials,
            Self::BadCredentials { has_expired: false, .. } => Remedy::GetCredentials,
            Self::UnknownAccount { .. } => Remedy::NameBucketAndOwner,
            Self::Clock { .. } => Remedy::SetClock,
            Self::NoSts { .. } => Remedy::NameSts,
            Self::Refused(refused) => refused.remedy(),
            Self::OtherAccount { .. } => Remedy::CheckAccount,
        }
    }
}

impl Refused {
    fn remedy(&self) -> Remedy {
        match self.reason {
            Refusal::NotTrusted if self.is_chained => Remedy::AllowChaining(self.role.clone()),
            Refusal::NotTrusted => Remedy::CorrectTrustPolicy(self.claims.clone()),
            Refusal::NoProvider => Remedy::CreateProvider(self.claims.clone()),
            Refusal::TokenExpired => Remedy::RunAgain,
            Refusal::TooLong => Remedy::ShortenSession { is_chained: self.is_chained },
            Refusal::Clock => Remedy::SetClock,
            Refusal::Signature => Remedy::CheckSecretKey { is_aws: self.is_aws, has_role: false },
            Refusal::BadCredentials => Remedy::ReplaceExpiredCredentials,
            Refusal::RegionDisabled => Remedy::ActivateSts,
            Refusal::Other => Remedy::CheckRole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_may_be_several_paths_is_told_from_a_folder_with_a_blank() {
        for line in [
            "a.env,b.env",
            "a.env; b.env",
            "a.env b.env",
            "a.env config/b.env",
            "*.env config/b.env",
            "dev/* prod/*",
            "a b",
        ] {
            assert!(may_be_several(line), "{line}");
        }
        for line in ["my dir/a.env", "my dir/other dir/a.env", "a.env", "{a,b}.env", " a.env "] {
            assert!(!may_be_several(line), "{line}");
        }
    }
}
