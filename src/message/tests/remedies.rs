//! Every remedy, in each of its forms.

use crate::catalog::UnmatchedTypes;
use crate::config::{NameUse, Origin as KeyOrigin, Provenance, SameName};
use crate::error::{Permission, Remedy, ValuesWanted};
use crate::identity::{Claims, RoleArn, Service};
use crate::lock::{LockEntry, LockName, LockedContent, NewEntry};
use crate::name::{ChannelName, ConfigPath, Context, Digest, VersionName, VersionRequest};
use crate::network::NetworkFault;
use crate::option::{
    BUCKET, CONTEXT, Command, FILES, FORMAT, FROM, KEYS, OPTIONS, OVERWRITE, TEMPLATE, TEMPLATE_STRICT,
};
use crate::s3::Key;
use crate::store::Owner;

pub(super) fn path(text: &str) -> ConfigPath {
    ConfigPath::new(text).unwrap()
}

pub(super) fn channel(text: &str) -> ChannelName {
    ChannelName::new(text).unwrap()
}

pub(super) fn version(text: &str) -> VersionName {
    VersionName::new(text).unwrap()
}

pub(super) fn text(text: &str) -> String {
    text.to_owned()
}

pub(super) fn role() -> RoleArn {
    RoleArn::new("arn:aws:iam::111122223333:role/puller").unwrap()
}

pub(super) fn claims() -> Claims {
    Claims { subject: text("repo:acme/shop"), audience: text("sts.amazonaws.com") }
}

pub(super) fn permission(action: &'static str) -> Permission {
    Permission { action, resource: text("arn:aws:s3:::acme/shop/*"), principal: None, replaces: true }
}

pub(super) fn same_name(starts_with_all: bool) -> SameName {
    let key = |key: &str| KeyOrigin { key: text(key), source: Provenance::Defaults, line: 2, joins: 0 };
    SameName { name_use: NameUse::Output, name: text("a_b"), keys: Box::new([key("A"), key("B")]), starts_with_all }
}

pub(super) fn unmatched_types() -> UnmatchedTypes {
    UnmatchedTypes { patterns: vec![text("conf")], folders: vec![text("conf")] }
}

pub(super) fn wanted(types_decide: bool) -> ValuesWanted {
    ValuesWanted { by: vec![&KEYS, &FORMAT], types_decide }
}

/// Every remedy, in each of its forms.
pub(super) fn remedies() -> Vec<Remedy> {
    use Remedy as R;
    let both = [true, false];
    let mut remedies = vec![
        R::Nothing,
        R::WriteUtf8,
        R::Meant("version"),
        R::Remove(""),
        R::Remove("It is not needed."),
        R::WriteOneOf(&["a", "b"], None),
        R::WriteOneOf(&["a", "b", "c"], Some("a")),
        R::RemoveOrSet(&TEMPLATE),
        R::RemoveOrSet(&TEMPLATE_STRICT),
        R::RemoveOrRun(&[Command::Push]),
        R::RemoveOrRun(&[Command::Pull, Command::Push]),
        R::SetInstead(&FROM),
        R::Set(&CONTEXT),
        R::Set(&OVERWRITE),
        R::CorrectNames,
        R::RunKnownCommand,
        R::NameVersion,
        R::PushOneVersion,
        R::NameVersionToOverwrite,
        R::WriteStar,
        R::WriteRename,
        R::NameCheckedFiles,
        R::UseHttps,
        R::CorrectCatalog,
        R::ResolveConflict,
        R::NameGoVersion(version("v1.0.0")),
        R::PushWithThisTool(VersionRequest::Head),
        R::PushWithThisTool(VersionRequest::Exact(version("v1.0.0"))),
        R::CorrectCatalogOrLeaveIt,
        R::RenameOrLeaveCatalog,
        R::RemoveLink,
        R::LinkFewer,
        R::CorrectFile,
        R::CorrectFiles { paths: vec![path("a.env")], wanted: None },
        R::CorrectFiles { paths: vec![path("a.env"), path("it's b")], wanted: None },
        R::CorrectFiles { paths: vec![path("a.env")], wanted: Some(wanted(true)) },
        R::CorrectFiles { paths: vec![path("a.env")], wanted: Some(wanted(false)) },
        R::CorrectSchema,
        R::ChooseFiles { folder: None, file: None, can_take_last: true },
        R::ChooseFiles { folder: None, file: Some(path("it's b")), can_take_last: false },
        R::ChooseFiles { folder: Some(text("service/dev")), file: Some(path("service/dev/.env")), can_take_last: true },
        R::SetVariable(text("STAGE")),
        R::DefineName,
        R::DefineNameOrKeepDollar,
        R::CorrectReference,
        R::LeaveKeyOut,
        R::MatchTemplate,
        R::RaiseNumber { promotes: false },
        R::RaiseNumber { promotes: true },
        R::WriteForEcs,
        R::ClearPath,
        R::ReplaceLink,
        R::ReplaceNeededLink,
        R::NameFolders,
        R::RenameFile(text("a.env")),
        R::LeaveFileOut(text("a.env")),
        R::MoveFormatFile,
        R::ChooseOneOf(text("a"), text("A")),
        R::PutBack { backup: text("a~"), path: text("a") },
        R::KeepOthersAway,
        R::CheckPath,
        R::CheckDisk,
        R::NameBucket,
        R::CheckFiles { folders: vec![], are_several: true },
        R::CheckFiles { folders: vec![text("conf")], are_several: false },
        R::FindLocalFiles { listed: vec![], meant: None },
        R::FindLocalFiles { listed: vec![text("a")], meant: None },
        R::FindLocalFiles { listed: vec![], meant: Some(text("a")) },
        R::ListFiles(None),
        R::ListFiles(Some(version("v1"))),
        R::CheckTags,
        R::ListKeys { is_cut: true },
        R::ListKeys { is_cut: false },
        R::NameFilesToPush,
        R::NameReplaced(vec![path("a.env")]),
        R::NameReplaced(vec![path("a"), path("b")]),
        R::SetOrWriteCatalog(vec![&CONTEXT, &BUCKET, &FILES]),
        R::NameCertificates,
        R::NameProxy,
        R::CorrectRegion,
        R::AllowTime,
        R::ShortenNames,
        R::UpdateTool,
        R::TakeFewerFiles,
        R::SplitFiles,
        R::FreePath(Key::new(text("shop/a")).unwrap()),
        R::UseOtherService,
        R::NewVersionOrOverwrite,
        R::NewVersion,
        R::NameOneOf(vec![version("v1.0.0"), version("1.0.0")]),
        R::WaitForClaim,
        R::NameVersionToRestore(None),
        R::NameVersionToRestore(Some(vec![])),
        R::NameVersionToRestore(Some(vec![version("v1")])),
        R::NameRollbackTarget,
        R::ReviewAndRollBackAgain { has_version: true },
        R::ReviewAndRollBackAgain { has_version: false },
        R::ReviewRollbackTarget { has_version: true },
        R::ReviewRollbackTarget { has_version: false },
        R::WaitForPurge(version("v1.2.3")),
        R::NameVersionToPurge,
        R::ReviewAndPurgeAgain,
        R::FinishPurge { is_locked: true, actions: vec!["s3:DeleteObject"], version: Some(text("v1.2.3")) },
        R::FinishPurge { is_locked: false, actions: vec![], version: None },
        R::RunWhenOthersAreDone,
        R::PushAgain(None),
        R::PushAgain(Some(version("v1"))),
        R::PushOver,
        R::TakeOrPushOver { paths: vec![path("a")], can_be_compared: true },
        R::TakeOrPushOver { paths: vec![path("a")], can_be_compared: false },
        R::PushBeforeRollback,
        R::OverwriteDamaged,
        R::PullAndPushAgain,
        R::RemoveDamagedDocument,
        R::PushDamagedFile,
        R::RestoreOrPushAgain,
        R::CheckDigest(None),
        R::CheckDigest(Some(channel("prod"))),
        R::RecordFile,
        R::CheckVersion,
        R::ListOnce(path("a")),
        R::PushLinked { path: path("a"), catalog: path("web/cstore.yml") },
        R::PushFirst { paths: vec![text("a")] },
        R::CheckWhere { is_head: true },
        R::CheckWhere { is_head: false },
        R::FinishPush,
        R::LiftDeny(permission("s3:GetObject")),
        R::CheckOwnerThenAllow { owner: text("111122223333"), permission: permission("s3:PutObject") },
        R::NameOwnerOrBucket,
        R::AllowKms(permission("kms:Decrypt")),
        R::SetClock,
        R::RenewCredentials,
        R::CorrectSharedFile,
        R::PasteCredentialAnew,
        R::SetCredentialVariable,
        R::MountTokenFile,
        R::GetCredentials,
        R::GetCredentialsOrUnchain,
        R::ReplaceExpiredCredentials,
        R::CheckKmsKey,
        R::SetRegion(None),
        R::SetRegion(Some(text("eu-west-1"))),
        R::KeepLargeFilesElsewhere,
        R::RunAgainOrSeeAwsHealth,
        R::RunAgainOrSeeService,
        R::CheckRoleService,
        R::CheckEndpoint,
        R::CheckSettings,
        R::CheckRequest,
        R::LeaveTokenUrl,
        R::CheckAudience,
        R::CheckProxy,
        R::GrantTokenPermission(None),
        R::SkipForks,
        R::ChainRole,
        R::NameBucketAndOwner,
        R::NameSts,
        R::AllowChaining(role()),
        R::CorrectTrustPolicy(Some(claims())),
        R::CreateProvider(Some(claims())),
        R::RunAgain,
        R::NameWhatWasPushed,
        R::NameDestination,
        R::CorrectChannel,
        R::AddColon(channel("prod")),
        R::LogChannel(channel("prod")),
        R::NameSource(vec![]),
        R::NameSource(vec![version("v1")]),
        R::ReadAsItsAccount(None),
        R::ReadAsItsAccount(Some(permission("s3:GetObject"))),
        R::ReviewSource(None),
        R::ReviewSource(Some(text("s3://cstore-shop/shop@head"))),
        R::ReviewChannel(channel("prod")),
        R::MoveChannel(channel("prod")),
        R::MoveChannels(vec![channel("prod")]),
        R::MoveChannels(vec![channel("prod"), channel("test")]),
        R::NameAsChannel(channel("prod")),
        R::NameChannel(None),
        R::NameChannel(Some(vec![])),
        R::NameChannel(Some(vec![channel("prod")])),
        R::NameTarget { channel: channel("prod"), wanted: None, earlier: vec![] },
        R::NameTarget { channel: channel("prod"), wanted: Some(version("v1")), earlier: vec![] },
        R::NameTarget { channel: channel("prod"), wanted: None, earlier: vec![version("v1")] },
        R::NameOlderTarget { channel: channel("prod"), older: None },
        R::NameOlderTarget { channel: channel("prod"), older: Some(version("v1")) },
        R::NameBackTarget(text(":prod")),
        R::NameBackVersion(channel("prod")),
        R::CreateChannel { is_named: true },
        R::CreateChannel { is_named: false },
        R::NameChannelTarget,
        R::ReplaceDamagedChannel,
        R::ReviewAndPromoteAgain,
        R::ReplaceByPromotion,
        R::ActivateSts,
        R::CheckRole,
        R::CheckAccount,
        R::SignInAgain { profile: None },
        R::SignInAgain { profile: Some(text("dev")) },
        R::CorrectProfile { name: text("dev"), meant: Some(text("dev1")) },
    ];
    remedies.extend(OPTIONS.iter().filter(|option| !option.syntax.is_empty()).map(|option| R::Write(option)));
    for default_of in [None, Some(text("shop"))] {
        let check = |is_aws| R::CheckBucket { bucket: text("cstore-shop"), default_of: default_of.clone(), is_aws };
        remedies.extend(both.map(check));
    }
    for flag in both {
        remedies.extend([
            R::NameKeys { is_list: flag },
            R::AddRequiredKeys { is_list: flag },
            R::CorrectValues { is_about_types: flag },
            R::RenameKeys(same_name(flag)),
            R::ListVariable { name: text("STAGE"), is_in_value: flag },
            R::NameFiles { paths: vec![text("a.env")], means_all: flag },
            R::NameFiles { paths: vec![text("a"), text("b")], means_all: flag },
            R::UseConditionalWrites { may_be_kms: flag },
            R::ShortenSession { is_chained: flag },
            R::NameOtherDestination { may_overwrite: flag },
        ]);
        remedies.extend(both.map(|has_role| R::CheckSecretKey { is_aws: flag, has_role }));
    }
    for owner in
        [Owner::Head, Owner::Version(version("v1")), Owner::OtherPush(text("id")), Owner::OtherTool, Owner::Unlisted]
    {
        remedies.extend([R::FreeKey(owner.clone(), None), R::FreeKey(owner, Some(version("v1")))]);
    }
    for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket"] {
        remedies.push(R::Allow(permission(action)));
    }
    for fault in [NetworkFault::HostName, NetworkFault::Certificate, NetworkFault::Proxy, NetworkFault::Connection] {
        remedies.push(R::FixNetwork(fault));
    }
    remedies.push(R::CheckStsEndpoint);
    for service in [Service::GitHub, Service::Sts, Service::OtherSts] {
        remedies.extend([R::CheckNetwork(service), R::RunAgainOrSeeStatus(service)]);
    }
    let asked = ["head", "v1.2", "Latest", "^1.2", "v1.0.0-rc.1"].map(|text| VersionRequest::new(text).unwrap());
    for published in
        [vec![], vec![version("v1")], vec![version("v1.2.0"), version("v1.2.1-rc.1")], vec![version("v1.2.1-rc.1")]]
    {
        let take = |asked: &VersionRequest| R::TakePublished { asked: asked.clone(), published: published.clone() };
        remedies.extend(asked.iter().map(take));
    }
    let file = || path("locks/one.lock");
    let new = |beside_default| {
        let context = Context::new("web").unwrap();
        Some(Box::new(NewEntry {
            name: LockName::new("next").unwrap(),
            context,
            beside_default,
            comes_with_default: false,
        }))
    };
    for new in [None, new(None), new(Some(false)), new(Some(true))] {
        let write = |asked| R::WriteLock { file: file(), requirement: asked, new: new.clone() };
        remedies.extend(asked.iter().cloned().map(Some).chain([None]).map(write));
    }
    for name in [LockName::default_entry(), LockName::new("next").unwrap()] {
        remedies.push(R::NameEntry { file: file(), name: name.clone(), meant: None });
        remedies.push(R::NameEntry { file: path("cstore.lock"), name, meant: Some(LockName::default_entry()) });
    }
    let web = Context::new("web").unwrap();
    for name in [LockName::default_entry(), LockName::new("next").unwrap(), LockName::of_linked(&web)] {
        for (requirement, is_gone) in asked.iter().flat_map(|asked| both.map(|is_gone| (asked, is_gone))) {
            let digest = Digest::from_content(b"");
            let entry = LockEntry {
                context: web.clone(),
                requirement: requirement.clone(),
                version: (*requirement != VersionRequest::Head).then(|| version("v1.2.0")),
                content: LockedContent { digest, settings: digest },
            };
            remedies.push(R::CheckLocked { file: file(), name: name.clone(), entry: Box::new(entry), is_gone });
        }
    }
    remedies.extend([
        R::FinishMerge(file()),
        R::CorrectLock(file()),
        R::NameLocked(asked.to_vec()),
        R::NameLockFile,
        R::ChangeRequirement(LockName::default_entry()),
    ]);
    remedies
}
