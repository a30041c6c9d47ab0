use super::ValuesWanted;
use crate::config::SameName;
use crate::identity::{Claims, RoleArn, Service};
use crate::lock::{LockEntry, LockName, NewEntry};
use crate::name::{ChannelName, ConfigPath, VersionName, VersionRequest};
use crate::network::NetworkFault;
use crate::option::{Command, OptionSpec};
use crate::s3::Key;
use crate::store::Owner;

/// What to do about a failure, as data. It names options; how an option is given, and where one reads about it, only a
/// front end knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing: it was meant.
    Nothing,
    /// Write the option as its syntax says.
    Write(&'static OptionSpec),
    /// Write one of these words; the one that was probably meant.
    WriteOneOf(&'static [&'static str], Option<&'static str>),
    /// Write the option in UTF-8.
    WriteUtf8,
    /// The name of the option that was probably meant.
    Meant(&'static str),
    /// Do not give the option, for this reason, as a sentence; it may be empty.
    Remove(&'static str),
    /// Do not give the option, or give this one, too.
    RemoveOrSet(&'static OptionSpec),
    /// Do not give the option, or run this command.
    RemoveOrRun(&'static [Command]),
    /// Set this option in its place.
    SetInstead(&'static OptionSpec),
    /// Give the option.
    Set(&'static OptionSpec),
    /// Correct the names of the options, or give none by these names.
    CorrectNames,
    /// Run a command that there is.
    RunKnownCommand,
    /// Name the version that is wanted.
    NameVersion,
    /// Push under the name of one version, or to the head.
    PushOneVersion,
    /// Name the version to overwrite, or do not ask for it.
    NameVersionToOverwrite,
    /// Name config keys that there are, or a pattern.
    NameKeys {
        /// Whether several were named on one line.
        is_list: bool,
    },
    /// Write `*` for all config keys.
    WriteStar,
    /// Write the new name of a config key as the option has it.
    WriteRename,
    /// Name files or folders of which some file is checked.
    NameCheckedFiles,
    /// Use https, or allow http.
    UseHttps,
    /// Correct the catalog.
    CorrectCatalog,
    /// Name a version of the Go cStore exactly, such as this one.
    NameGoVersion(VersionName),
    /// Push once with this tool what the Go cStore has pushed.
    PushWithThisTool(VersionRequest),
    /// Finish the merge that left its marks in a file.
    ResolveConflict,
    /// Correct the catalog, or do not have it written.
    CorrectCatalogOrLeaveIt,
    /// Rename the file, or have the catalog not updated.
    RenameOrLeaveCatalog,
    /// Remove the catalog's link that leads back.
    RemoveLink,
    /// Leave a file to one of two catalogs, and have it removed from the other's context.
    ListOnce(ConfigPath),
    /// Push a file of a linked catalog to where that catalog says.
    PushLinked {
        /// The file, relative to the catalog.
        path: ConfigPath,
        /// The linked catalog's path in the workspace.
        catalog: ConfigPath,
    },
    /// Link fewer catalogs, or smaller ones.
    LinkFewer,
    /// Correct the config file.
    CorrectFile,
    /// Correct these config files, or have them stored unread.
    CorrectFiles {
        /// Their paths, relative to the catalog.
        paths: Vec<ConfigPath>,
        /// Of pulled files, which have to be corrected where they are pushed from, what wants their values.
        wanted: Option<ValuesWanted>,
    },
    /// Correct the JSON Schema.
    CorrectSchema,
    /// Correct the values, or the JSON Schema.
    CorrectValues {
        /// Whether a value is of another type than the schema asks for.
        is_about_types: bool,
    },
    /// Choose among the files that disagree, or let the later one win where that can be.
    ChooseFiles {
        /// The first one's folder, which none of the others is in: then it may be that of an environment.
        folder: Option<String>,
        /// The first one.
        file: Option<ConfigPath>,
        /// Whether the later one can win.
        can_take_last: bool,
    },
    /// Choose or rename config keys that give one name.
    RenameKeys(SameName),
    /// List the variable that a file refers to.
    ListVariable {
        /// The variable.
        name: String,
        /// Whether it is a value that refers to it, which may be kept as it is.
        is_in_value: bool,
    },
    /// Set the variable that a path of the catalog needs.
    SetVariable(String),
    /// Define the name that a value refers to, or keep the value as it is.
    DefineName,
    /// The same of a name that cannot be shown, since it may be a piece of a value with a dollar sign in it.
    DefineNameOrKeepDollar,
    /// Write the reference to its end, or keep the dollar sign as it is.
    CorrectReference,
    /// Leave the config key out, or choose another format.
    LeaveKeyOut,
    /// Write the files as ECS reads them, or hand over values in place of files.
    WriteForEcs,
    /// Add the required keys, or do not require them.
    AddRequiredKeys {
        /// Whether several were named on one line.
        is_list: bool,
    },
    /// Make config files and template agree.
    MatchTemplate,
    /// Push under a number that allows what differs, or restore it.
    RaiseNumber {
        /// Whether a promotion was to publish it.
        promotes: bool,
    },
    /// Remove what stands at the path, or choose another.
    ClearPath,
    /// Replace the symbolic link by what it leads to, or leave the file out.
    ReplaceLink,
    /// Replace the symbolic link by the file that has to be there.
    ReplaceNeededLink,
    /// Have fewer folders looked through.
    NameFolders,
    /// Rename the file where it is pushed from, or leave it out.
    RenameFile(String),
    /// Take the files without this one, which is kept elsewhere.
    LeaveFileOut(String),
    /// Name the files by their whole paths.
    NameFiles {
        /// The paths.
        paths: Vec<String>,
        /// Whether no file is named so far, which means all.
        means_all: bool,
    },
    /// Write the formatted file elsewhere, or the pulled files not at all.
    MoveFormatFile,
    /// Choose one of the two files.
    ChooseOneOf(String, String),
    /// Put the earlier content back by hand.
    PutBack {
        /// The file that has the earlier content.
        backup: String,
        /// Where it belongs.
        path: String,
    },
    /// Keep other programs away from the workspace, and run this again.
    KeepOthersAway,
    /// Check the path, and that the repository is there.
    CheckPath,
    /// Check permissions and space of the workspace.
    CheckDisk,
    /// Name one bucket, or the files of one.
    NameBucket,
    /// Check the paths, which are relative to the catalog.
    CheckFiles {
        /// Those that are folders'.
        folders: Vec<String>,
        /// Whether one may well be several on one line.
        are_several: bool,
    },
    /// Find files that are to be pushed and are not here.
    FindLocalFiles {
        /// Their paths, where the catalog alone names them.
        listed: Vec<String>,
        /// The path that was probably meant.
        meant: Option<String>,
    },
    /// Have the files of the version, or of the head, listed.
    ListFiles(Option<VersionName>),
    /// Check the tags.
    CheckTags,
    /// List the config keys that there are.
    ListKeys {
        /// Whether more versions could be looked at.
        is_cut: bool,
    },
    /// Name files to push.
    NameFilesToPush,
    /// Name these files, by paths or patterns, or remove what stands there.
    NameReplaced(Vec<ConfigPath>),
    /// Give these options, have the catalog written, or name a version.
    SetOrWriteCatalog(Vec<&'static OptionSpec>),
    /// Name a file of certificates that can be read.
    NameCertificates,
    /// Write the proxy as a URL, or unset the variable.
    NameProxy,
    /// Write the region's name as AWS does, or give the option.
    CorrectRegion,
    /// Run again, or allow more time.
    AllowTime,
    /// Use shorter names.
    ShortenNames,
    /// Use the newest version of the tool.
    UpdateTool,
    /// Take fewer files.
    TakeFewerFiles,
    /// Push fewer files, or to several contexts.
    SplitFiles,
    /// Use a service with conditional writes; whether the lack may be of KMS instead.
    UseConditionalWrites {
        /// Whether the request also named a KMS key's encryption, as any put may.
        may_be_kms: bool,
    },
    /// Push under another path, or remove what lies below this key, as if it were a folder's.
    FreePath(Key),
    /// Use a service that knows the request.
    UseOtherService,
    /// Push under a new version, or overwrite the published one.
    NewVersionOrOverwrite,
    /// Push under a version that no published one equals.
    NewVersion,
    /// Name one of these versions exactly, and have the others removed.
    NameOneOf(Vec<VersionName>),
    /// Wait for the run that holds the claim, take a new version, or overwrite.
    WaitForClaim,
    /// Name the version that the head is to be rolled back to: one of these; none where they are not known.
    NameVersionToRestore(Option<Vec<VersionName>>),
    /// Name what the head can be rolled back to.
    NameRollbackTarget,
    /// Look at the head as it is by now, and roll it back again if that is still meant.
    ReviewAndRollBackAgain {
        /// Whether a version is named, and not the last push to be undone.
        has_version: bool,
    },
    /// See what a rollback would restore, which is not what was expected, and expect that if it is right.
    ReviewRollbackTarget {
        /// Whether it names a version.
        has_version: bool,
    },
    /// Wait until the purge is done, finish it, or take a new version.
    WaitForPurge(VersionName),
    /// Name exactly the version to purge, or the files of the head.
    NameVersionToPurge,
    /// Look at what is there by now, and purge it if that is still meant.
    ReviewAndPurgeAgain,
    /// Have what is left of a purge removed, by another one.
    FinishPurge {
        /// Whether Object Lock keeps some of it.
        is_locked: bool,
        /// The IAM actions that were refused otherwise.
        actions: Vec<&'static str>,
        /// The version's name; none of files of the head, which others may push meanwhile.
        version: Option<String>,
    },
    /// Free the key, or take another name; the version whose claim stays.
    FreeKey(Owner, Option<VersionName>),
    /// Run again when others are done.
    RunWhenOthersAreDone,
    /// Push the original files of this version again, with overwrite; of the head: push again.
    PushAgain(Option<VersionName>),
    /// Push the files of the head again, over whatever lies there.
    PushOver,
    /// Pull what another tool has written at these paths of the head, or push over it.
    TakeOrPushOver {
        /// The paths.
        paths: Vec<ConfigPath>,
        /// Whether a comparison of the head with the local files tells what was written.
        can_be_compared: bool,
    },
    /// Push to the head first, so that what another tool has written is recorded or replaced.
    PushBeforeRollback,
    /// Pull what others have pushed, make the change again, and push.
    PullAndPushAgain,
    /// Push the original files of the damaged version again.
    OverwriteDamaged,
    /// Remove the damaged document, or restore an earlier S3 version of it.
    RemoveDamagedDocument,
    /// Push the damaged file again.
    PushDamagedFile,
    /// Restore the object from its archive, or push the file again.
    RestoreOrPushAgain,
    /// Find out who changed it, or pin the new digest.
    CheckDigest(Option<ChannelName>),
    /// Push the file with this tool, or do not pin a digest.
    RecordFile,
    /// Take a published version.
    TakePublished {
        /// What was asked for, and is not there.
        asked: VersionRequest,
        /// What there is.
        published: Vec<VersionName>,
    },
    /// Check the version's name, and where it was looked for.
    CheckVersion,
    /// Push first, or name a version.
    PushFirst {
        /// The files that were looked for, as far as they are known.
        paths: Vec<String>,
    },
    /// Check context, bucket and paths.
    CheckWhere {
        /// Whether files of the head are missing, which a rollback may have removed.
        is_head: bool,
    },
    /// Wait for the push, or run it again.
    FinishPush,
    /// Have this allowed.
    Allow(Permission),
    /// Change the policy that denies this.
    LiftDeny(Permission),
    /// See that the bucket is this account's, then have this allowed.
    CheckOwnerThenAllow {
        /// The account that it was expected to belong to.
        owner: String,
        /// What to allow.
        permission: Permission,
    },
    /// Say whose the bucket is, or name another.
    NameOwnerOrBucket,
    /// Have this allowed on the KMS key.
    AllowKms(Permission),
    /// Set the clock.
    SetClock,
    /// Assume a role, whose credentials are renewed, or get new ones right before.
    RenewCredentials,
    /// Correct the file that AWS's tools share, or get credentials otherwise.
    CorrectSharedFile,
    /// Sign in again, with this profile where one is named.
    SignInAgain {
        /// The profile that signs in.
        profile: Option<String>,
    },
    /// Name a profile that there is, or make this one.
    CorrectProfile {
        /// The profile that is not there.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// Set the variable to the credential without what was pasted with it.
    PasteCredentialAnew,
    /// Set the variable, which may be named after a secret that is not there; or assume a role.
    SetCredentialVariable,
    /// Have the file of a token be seen by this step.
    MountTokenFile,
    /// Assume a role, or get credentials before.
    GetCredentials,
    /// Get credentials before, or do not chain the role.
    GetCredentialsOrUnchain,
    /// Get new credentials if the present ones have expired.
    ReplaceExpiredCredentials,
    /// Check the KMS key.
    CheckKmsKey,
    /// Name the right bucket, check region and account, or make the bucket.
    CheckBucket {
        /// The bucket that is not there.
        bucket: String,
        /// The context that it is named after by default.
        default_of: Option<String>,
        /// Whether it would be one of AWS's.
        is_aws: bool,
    },
    /// Name the bucket's region, if it is known, and check the endpoint.
    SetRegion(Option<String>),
    /// Keep large files elsewhere.
    KeepLargeFilesElsewhere,
    /// Fix the network.
    FixNetwork(NetworkFault),
    /// Run again; if it keeps failing, look at AWS's state.
    RunAgainOrSeeAwsHealth,
    /// Run again; if it keeps failing, look at the state of a service other than AWS's.
    RunAgainOrSeeService,
    /// Make the secret key the access key's own.
    CheckSecretKey {
        /// Whether it is AWS that refuses the signature.
        is_aws: bool,
        /// Whether the secret key is a role's, which STS gave.
        has_role: bool,
    },
    /// Have the role's credentials come from the STS that the bucket's service goes by.
    CheckRoleService,
    /// Check the endpoint, and who answers there.
    CheckEndpoint,
    /// Check the settings that make the endpoint.
    CheckSettings,
    /// Check the options that name bucket, region and KMS key.
    CheckRequest,
    /// Leave GitHub's own variable alone.
    LeaveTokenUrl,
    /// Check the audience; the job must still run.
    CheckAudience,
    /// See whether a proxy answers for the service.
    CheckProxy,
    /// Check the URL that may lead to another STS, and whether a proxy answers instead of it.
    CheckStsEndpoint,
    /// Check the network on the way to a service, then run again.
    CheckNetwork(Service),
    /// Run again; if it keeps failing, look at the service's state.
    RunAgainOrSeeStatus(Service),
    /// Let the job ask for tokens; the job's name.
    GrantTokenPermission(Option<String>),
    /// Leave this out for pull requests from forks.
    SkipForks,
    /// Assume the role with the existing credentials.
    ChainRole,
    /// Name the bucket and its owner, or assume a role.
    NameBucketAndOwner,
    /// Say where the STS is that knows the role.
    NameSts,
    /// Allow the role to be assumed by the existing credentials.
    AllowChaining(RoleArn),
    /// Make the role's trust policy accept the token, which says this.
    CorrectTrustPolicy(Option<Claims>),
    /// Create the identity provider for the token, which says this.
    CreateProvider(Option<Claims>),
    /// Have the lock file written.
    WriteLock {
        /// The lock file.
        file: ConfigPath,
        /// The requirement that it lacks; none where none is asked for.
        requirement: Option<VersionRequest>,
        /// The entry that could lock it; none where there is no file.
        new: Option<Box<NewEntry>>,
    },
    /// Name an entry that the lock file has, or say what the new one is to lock.
    NameEntry {
        /// The lock file.
        file: ConfigPath,
        /// The name that no entry has.
        name: LockName,
        /// The entry that was probably meant.
        meant: Option<LockName>,
    },
    /// Take one side of the merge, and have this lock file written anew.
    FinishMerge(ConfigPath),
    /// Correct this lock file, or write it anew.
    CorrectLock(ConfigPath),
    /// Name one of the requirements that are locked.
    NameLocked(Vec<VersionRequest>),
    /// Put what is no lock file elsewhere, or name another file.
    NameLockFile,
    /// Find out who changed what is locked; if it was meant, have this lock file written anew.
    CheckLocked {
        /// The lock file.
        file: ConfigPath,
        /// The entry's name.
        name: LockName,
        /// What was locked.
        entry: Box<LockEntry>,
        /// Whether it is not there at all.
        is_gone: bool,
    },
    /// Give the entry another requirement, or take the other entry.
    ChangeRequirement(LockName),
    /// Name what was pushed and is to be promoted.
    NameWhatWasPushed,
    /// Name where to promote to.
    NameDestination,
    /// Give the channel that is to be moved a name that it can have.
    CorrectChannel,
    /// Write this channel's name with a colon before it.
    AddColon(ChannelName),
    /// Ask for the history of this channel, whose name was given as a config key's.
    LogChannel(ChannelName),
    /// Name a version of the source that there is: one of these.
    NameSource(Vec<VersionName>),
    /// Read the source with credentials of its bucket's account, which need this permission where it is known.
    ReadAsItsAccount(Option<Permission>),
    /// Look at what the source is now, by its reference where that is known, and promote that.
    ReviewSource(Option<String>),
    /// Look at how this channel was moved, and run again if that is still wanted.
    ReviewChannel(ChannelName),
    /// Create a channel that does not exist.
    CreateChannel {
        /// Whether somebody has named what it should stand at.
        is_named: bool,
    },
    /// Move this channel to a version that is published.
    MoveChannel(ChannelName),
    /// Move these channels to another version first, or go past them.
    MoveChannels(Vec<ChannelName>),
    /// Name this channel as one: its name was given as a version's.
    NameAsChannel(ChannelName),
    /// Name a channel that there is: one of these; none where they are not known.
    NameChannel(Option<Vec<ChannelName>>),
    /// Name a version that a channel pointed at.
    NameTarget {
        /// The channel.
        channel: ChannelName,
        /// The version that it was to go back to, if one was named.
        wanted: Option<VersionName>,
        /// Those that it pointed at.
        earlier: Vec<VersionName>,
    },
    /// Have a channel go back to an older version.
    NameOlderTarget {
        /// The channel.
        channel: ChannelName,
        /// The version; none where no older one is found that is still published.
        older: Option<VersionName>,
    },
    /// Name one version that this channel pointed at.
    NameBackVersion(ChannelName),
    /// Name the version that a channel goes back to, or the move that is undone.
    NameBackTarget(String),
    /// Name a version that a channel can be moved to.
    NameChannelTarget,
    /// Find out who damaged a channel, and move it whatever lies there.
    ReplaceDamagedChannel,
    /// Promote again, which shows what the destination has by now.
    ReviewAndPromoteAgain,
    /// Promote to another version.
    NameOtherDestination {
        /// Whether an overwrite would replace what is there.
        may_overwrite: bool,
    },
    /// Replace what is at the destination, whatever it is.
    ReplaceByPromotion,
    /// Run again.
    RunAgain,
    /// Ask for a shorter session; whether the role is chained.
    ShortenSession {
        /// Whether it is assumed with other credentials.
        is_chained: bool,
    },
    /// Activate STS in the region, or name another.
    ActivateSts,
    /// Check the options about the role.
    CheckRole,
    /// Check whose credentials are used.
    CheckAccount,
}

/// What a policy would have to allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The IAM action.
    pub action: &'static str,
    /// The resource's ARN; empty where the sentence names it.
    pub resource: String,
    /// Who needs it, where that is known.
    pub principal: Option<String>,
    /// Whether it is needed to replace what is published.
    pub replaces: bool,
}
