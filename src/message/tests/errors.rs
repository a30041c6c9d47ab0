//! Errors of each kind whose words differ between front ends, and notes.

use std::sync::Arc;
use std::time::Duration;

use super::remedies::{channel, claims, path, role, same_name, text, unmatched_types, version, wanted};
use crate::cancellation::Signal;
use crate::catalog::{CatalogError, CatalogErrorKind};
use crate::command::{BrokenPromise, Location, Note, PassedOver};
use crate::config::{
    Broken, BrokenFile, ExpandError, KeyHint, MeetingKeys, MissingKey, ParseError, ParseProblem, UnknownKey,
    UnreadFile, Warning,
};
use crate::error::{
    Error, NoSuchKey, PromotionFailure, PurgeFailure, PushFailure, RollbackFailure, Searched, Side, UnknownFile,
    UnknownFiles, UnnamedFile, WithoutManifest,
};
use crate::format::{Format, RefusedFiles, RefusedLine};
use crate::identity::{
    AccountId, IdentityError, NoJobToken, Refusal, Refused, Service, UnknownProfile, VariableProblem,
};
use crate::name::{ConfigPath, Context, Digest, VersionName, VersionRequest};
use crate::network::{Cause, NetworkFault};
use crate::observer::Wait;
use crate::option::{
    AWS_REGION, BUCKET, CONTEXT, Command, FROM, OVERWRITE, OptionError, OptionProblem, SCHEMA, TEMPLATE,
    TEMPLATE_STRICT, UnknownName, VERSION,
};
use crate::s3::{Failure, Key, Operation, Reason};
use crate::store::{self, Conflict, Integrity, Missing, Newer, NotUnderstood, PurgeReached, ReplacedKey, Stage, Tool};
use crate::workspace::WorkspaceError;

fn unknown_files() -> UnknownFiles {
    let file =
        |line: &str, meant: Option<&str>| UnknownFile { line: text(line), is_folder: false, meant: meant.map(text) };
    UnknownFiles { files: vec![file("a.evn", Some("a.env")), file("b", None)] }
}

fn key() -> Key {
    Key::new(text("shop/a.env")).unwrap()
}

/// What can be wrong with an option.
pub(super) fn problems() -> Vec<OptionProblem> {
    use OptionProblem as P;
    let bad_path = || ConfigPath::new("../a").unwrap_err();
    let unknown = |name: &str, meant, is_planned| UnknownName { name: text(name), meant, is_planned };
    let unknown_key = |hint| P::NoSuchKeys(vec![UnknownKey { name: text("DB"), hint, has_known: false }]);
    vec![
        P::Unknown(Some("version")),
        P::Unknown(None),
        P::NotYet,
        P::SeveralUnknown(vec![unknown("vers", Some("version"), false), unknown("resolve-files", None, true)]),
        P::CommandNotYet(text("doctor")),
        P::NotUtf8,
        P::NotAFlag(text("yes")),
        P::NotAChoice { given: text("x"), words: &["a", "b"], meant: None },
        P::NotSeconds(1, 60),
        P::NotASource(text("is not set")),
        P::NotATarget(text("is not set")),
        P::NotADestination(text("is not set")),
        P::NotRestorable(text("names the head")),
        P::NotAChannel(text("cannot be used")),
        P::LacksColon(channel("prod")),
        P::OfNoChannel,
        P::BackFromAnywhere(text(":prod")),
        P::NotABackTarget(channel("prod")),
        P::NotPurged(text("is not set")),
        P::NotANumber(1, 100),
        P::NotAPath(bad_path()),
        P::NotA("bucket name"),
        P::IsNotA(text("x"), "role ARN"),
        P::NoCheckedFile(path("a.env")),
        P::NotASeparator,
        P::Unusable(Arc::new(bad_path())),
        P::NamesNo("account"),
        P::OfAnotherCommand { of: &[Command::Push], running: Command::Pull, instead: None },
        P::OfAnotherCommand { of: &[Command::Pull, Command::Push], running: Command::Rollback, instead: Some(&FROM) },
        P::Needs { other: &TEMPLATE, why: "" },
        P::Needs { other: &TEMPLATE_STRICT, why: "" },
        P::Needs { other: &TEMPLATE, why: "It is why." },
        P::Excluded { other: &TEMPLATE, why: "It is why." },
        P::OfNoMove("Nothing is overwritten."),
        P::TagNamesNoVersion(text("a b")),
        P::NamesNoVersion(text("^1")),
        P::NoVersionName(bad_path()),
        P::HeadIsReplacedAnyway,
        P::NoRepository,
        P::RepositoryIsNoContext(bad_path()),
        P::DefaultIsNoBucket(text("cstore-A")),
        P::BucketNotTrusted(text("cstore-a")),
        unknown_key(None),
        unknown_key(Some(KeyHint::List)),
        unknown_key(Some(KeyHint::Rename)),
        unknown_key(Some(KeyHint::All)),
        unknown_key(Some(KeyHint::Key(text("DBX")))),
        P::NotAUrl(Some(text("AWS_ENDPOINT_URL"))),
        P::NotAUrl(None),
        P::HasQuery(Some(text("AWS_ENDPOINT_URL"))),
        P::InTheClear(None),
    ]
}

/// Why there can be no credentials.
pub(super) fn identity_errors() -> Vec<IdentityError> {
    use IdentityError as I;
    let detail = || text("words");
    let mut errors = vec![
        I::NoJobToken(NoJobToken::NoJob),
        I::NoJobToken(NoJobToken::Permission { job: None }),
        I::NoJobToken(NoJobToken::Fork { repository: text("me/shop") }),
        I::TokenEndpoint,
        I::TokenRefused { status: 403, detail: None },
        I::NoTokenInAnswer,
        I::NoCredentials { role: None, detail: detail() },
        I::NoCredentials { role: Some(role()), detail: detail() },
        I::SharedFile { problem: detail() },
        I::NoProfile(Box::new(UnknownProfile {
            name: text("dev"),
            config: text("/home/me/.aws/config"),
            credentials: text("/home/me/.aws/credentials"),
            meant: Some(text("dev1")),
        })),
        I::NotSignedIn { profile: Some(text("dev")), detail: detail() },
        I::NotSignedIn { profile: None, detail: detail() },
        I::Variable { name: "AWS_ACCESS_KEY_ID", problem: VariableProblem::Empty },
        I::Variable { name: "AWS_ACCESS_KEY_ID", problem: VariableProblem::Unusable("ends with a blank") },
        I::TokenFile { problem: detail() },
        I::BadCredentials { has_expired: true, detail: detail() },
        I::BadCredentials { has_expired: false, detail: detail() },
        I::BadSignature { is_aws: true, detail: detail() },
        I::UnknownAccount { detail: None },
        I::Clock { detail: detail() },
        I::NoSts { role: role() },
        I::NotSts { service: Service::Sts, status: 403 },
        I::OtherAccount { account: text("1"), allowed: vec![AccountId::new("111122223333").unwrap()] },
    ];
    for service in [Service::GitHub, Service::Sts, Service::OtherSts] {
        let cause = || Box::new(Cause::from_error(&std::io::Error::other("refused")));
        errors.push(I::Unreachable { service, fault: NetworkFault::Connection, detail: detail(), cause: cause() });
        errors.push(I::Unavailable { service, detail: detail(), request_id: None });
    }
    for reason in [
        Refusal::NotTrusted,
        Refusal::NoProvider,
        Refusal::TokenExpired,
        Refusal::TooLong,
        Refusal::Clock,
        Refusal::BadCredentials,
        Refusal::Signature,
        Refusal::RegionDisabled,
        Refusal::Other,
    ] {
        for is_chained in [true, false] {
            errors.push(I::Refused(Box::new(Refused {
                role: role(),
                reason,
                claims: Some(claims()),
                is_chained,
                seconds: 900,
                code: None,
                detail: None,
                request_id: None,
                is_aws: true,
            })));
        }
    }
    errors
}

fn unread(problem: ParseProblem) -> UnreadFile {
    let error = ParseError { line: Some(2), column: None, problem };
    UnreadFile { path: path("a.env"), in_workspace: path("a.env"), error, looks_like: None }
}

fn location() -> Location {
    Location { context: Context::new("shop").unwrap(), bucket: text("acme"), version: text("v1"), manifest: None }
}

/// Errors of each kind.
pub(super) fn errors() -> Vec<Error> {
    use Error as E;
    let catalog = |kind| E::Catalog { path: path("cstore.yml"), error: CatalogError { line: 7, kind } };
    let (name, written) = (|| text("STAGE"), || text("a/${STAGE}"));
    let meeting = || MeetingKeys { key: text("a_b"), first: text("\"a\""), first_line: None, second: text("\"b\"") };
    let files = |problem, wanted| E::ConfigFiles {
        files: vec![unread(problem), unread(ParseProblem::Nul)],
        wanted,
        unmatched_types: unmatched_types(),
    };
    let unnamed = |name, why: &str| UnnamedFile { path: path("a"), destination: path("b/a"), name, why: text(why) };
    let missing = |missing: Missing| E::from(store::Error::from(missing));
    let context = || Context::new("shop").unwrap();
    let no_such_key = |searched| {
        E::NoSuchKey(Box::new(NoSuchKey {
            key: text("A"),
            meant: Some(text("B")),
            searched,
            elsewhere: vec![path("b.env")],
            channel: None,
        }))
    };
    let mut errors = vec![
        catalog(CatalogErrorKind::VariableNotListed { name: name(), path: written() }),
        catalog(CatalogErrorKind::VariableMissing { name: name(), path: written() }),
        E::LinkedTooDeep { path: path("a") },
        E::TwoCatalogs { path: path("a"), catalogs: [path("cstore.yml"), path("web/cstore.yml")] },
        E::OfLinked { path: path("a"), catalog: path("web/cstore.yml") },
        E::LinkedTooMany { path: path("a"), most: 1, most_bytes: 1 },
        files(ParseProblem::KeysMeet(Box::new(meeting())), None),
        files(ParseProblem::NotUtf8, Some(wanted(true))),
        files(
            ParseProblem::SameOutput {
                keys: Box::new([text("a"), text("b")]),
                first_line: None,
                name: text("A"),
                by_separator: true,
            },
            None,
        ),
        E::WithoutKeys { files: vec![unread(ParseProblem::Nul)], missing: vec![E::NoTags], cause: Box::new(E::NoTags) },
        E::TemplateFile { path: path("t"), error: ParseError { line: None, column: None, problem: ParseProblem::Nul } },
        E::SameName(same_name(true)),
        E::EnvironmentFiles(RefusedFiles {
            refused: vec![RefusedLine { path: Some(text("a/.env")), line: Some(3), rule: "it is why".into() }],
            has_more: true,
        }),
        E::OtherAtKey(vec![(path("a/.env"), text("arn:aws:s3:::b/c/v1.0.0/a/.env"))]),
        E::Expand(ExpandError::NotListed { key: text("A"), name: text("B") }),
        E::Expand(ExpandError::Cycle { key: text("A") }),
        E::RequiredKeys(vec![MissingKey::Empty(text("A"))]),
        E::Template { path: path("t"), missing: vec![text("A")], unknown: vec![] },
        E::BrokenPromises(vec![broken_promise()]),
        E::Workspace(WorkspaceError::TooLarge { path: text("a"), limit: 1 }),
        E::from(store::Error::TooLarge { path: path("a"), bytes: 17 << 20 }),
        E::NoSuchFile { option: &SCHEMA, path: text("a.json") },
        E::NotNamed { files: vec![unnamed(None, "the input `template` names it")], means_all: true },
        E::NotNamed {
            files: vec![unnamed(Some(".npmrc"), "later steps go there"), unnamed(None, "the input `schema` names it")],
            means_all: false,
        },
        E::OnePlace {
            path: path("a"),
            other: None,
            error: WorkspaceError::Clash { path: text("a"), other: text("a/b") },
        },
        E::WouldReplace { files: vec![(path("a"), path("b"))] },
        E::SeveralBuckets { buckets: vec![text("a"), text("b")] },
        E::NotHere { files: unknown_files(), are_listed: true },
        E::NotHere { files: unknown_files(), are_listed: false },
        E::NoMatch { lines: vec![text("a, b")], folders: vec![], place: text("in v1 of shop") },
        E::UnknownFiles(unknown_files()),
        E::UnknownFiles(UnknownFiles { files: unknown_files().files.into_iter().take(1).collect() }),
        E::NotStored { files: unknown_files(), context: context(), version: Some(version("v1")), are_listed: true },
        E::NotStored { files: unknown_files(), context: context(), version: None, are_listed: false },
        E::NoTags,
        E::WithoutManifest(Box::new(WithoutManifest {
            context: context(),
            asked: VersionRequest::Head,
            named: vec![],
        })),
        E::WithoutManifest(Box::new(WithoutManifest {
            context: context(),
            asked: VersionRequest::Exact(version("v9")),
            named: vec![version("v1.0.0")],
        })),
        no_such_key(Searched::Files(location())),
        no_such_key(Searched::Chosen(location())),
        no_such_key(Searched::Versions { location: location(), last: None }),
        no_such_key(Searched::Versions { location: location(), last: Some(3) }),
        E::NothingToPush { only_excludes: false, has_catalog: true },
        E::NothingToPush { only_excludes: true, has_catalog: true },
        E::NothingToPush { only_excludes: true, has_catalog: false },
        E::HeadWithoutCatalog { path: path("cstore.yml"), missing: vec![&CONTEXT, &BUCKET] },
        E::FolderNamed { path: path("a"), in_workspace: path("a") },
        E::Region(text("x")),
        E::Cancelled(Signal::Terminate),
        missing(Missing::Version { context: context(), version: version("v1"), published: None, channel: None }),
        missing(Missing::Head { context: context(), keys: vec![], published: Some(vec![version("v1.0.0")]) }),
        earlier_head(true, false, Some(vec![version("v1.0.0")])),
        earlier_head(false, true, Some(vec![])),
        earlier_head(false, false, None),
        missing(Missing::Files { version: None, keys: vec![key()], manifest: None }),
        missing(Missing::Unpublished { version: None, key: key(), push_id: None, source: None }),
        store::Error::from(Integrity::Pin {
            of_channel: None,
            expected: Digest::from_content(b"a"),
            found: Digest::from_content(b"b"),
        })
        .into(),
        store::Error::from(Integrity::Pin {
            of_channel: Some((channel("prod"), text("v1.0.0"))),
            expected: Digest::from_content(b"a"),
            found: Digest::from_content(b"b"),
        })
        .into(),
        store::Error::from(Integrity::Unmanaged { key: key() }).into(),
        store::Error::from(Integrity::Foreign { paths: vec![path("a")], are_listed: false }).into(),
        store::Error::from(Integrity::Foreign { paths: vec![path("a")], are_listed: true }).into(),
        store::Error::from(Integrity::Unexpected {
            version: None,
            expected: Digest::from_content(b"a"),
            found: Digest::from_content(b"b"),
        })
        .into(),
        promotion(
            Side::Source,
            missing(Missing::Version { context: context(), version: version("v1"), published: None, channel: None }),
        ),
        promotion(Side::Source, store::Error::S3(Box::new(of_other_owner())).into()),
        rollback(
            Stage::Untouched,
            false,
            store::Error::S3(Box::new(Failure::new(Operation::ListVersions, "acme", "shop/", Reason::Denied))).into(),
        ),
        rollback(Stage::Replacing, true, store::Error::from(Conflict::HeadMoved { moved: vec![], last: None }).into()),
        rollback(
            Stage::Publishing,
            false,
            E::Push(Box::new(PushFailure {
                stage: Stage::Publishing,
                location: location(),
                replaces: true,
                cause: E::Region(text("x")),
            })),
        ),
        promotion(Side::Destination, store::Error::from(Conflict::HeadMoved { moved: vec![], last: None }).into()),
        promotion(
            Side::Destination,
            E::Push(Box::new(PushFailure {
                stage: Stage::Begun,
                location: location(),
                replaces: false,
                cause: store::Error::from(Conflict::Twin { version: version("v1"), published: version("1") }).into(),
            })),
        ),
        store::Error::from(Conflict::KeepsChanging { key: key() }).into(),
        store::Error::from(Conflict::VersionMoved { version: version("v1") }).into(),
        store::Error::from(Integrity::OtherSettings).into(),
        store::Error::from(Conflict::Claimed { version: version("v1"), created_at: text("now"), source: None }).into(),
        store::Error::TooManyFiles.into(),
        E::from(store::Error::from(Integrity::OtherSettings)).of_target(&channel("prod"), &version("v1")),
        store::Error::from(Newer { key: key(), what: NotUnderstood::Schema(9) }).into(),
        store::Error::from(Newer {
            key: key(),
            what: NotUnderstood::Features { names: vec![text("imports")], writer: Some(Tool::this()) },
        })
        .into(),
    ];
    for stage in
        [Stage::Untouched, Stage::Begun, Stage::Replacing, Stage::Repairing, Stage::Publishing, Stage::Published]
    {
        let cause = E::Region(text("x"));
        errors.push(E::Push(Box::new(PushFailure { stage, location: location(), replaces: true, cause })));
    }
    let object = Wait::Object { action: "s3:GetObject", bucket: text("acme"), key: text("shop/a") };
    for wait in [
        None,
        Some(Wait::JobToken),
        Some(Wait::Role { arn: text("arn") }),
        Some(Wait::Credentials),
        Some(Wait::Account),
        Some(object),
    ] {
        errors.push(E::Deadline { limit: Duration::from_secs(1), wait, others: 1 });
    }
    for reason in [
        Reason::Denied,
        Reason::Credentials,
        Reason::KmsDenied,
        Reason::KmsKey,
        Reason::NoBucket,
        Reason::WrongRegion(Some(text("eu-west-1"))),
        Reason::TooLarge(1),
        Reason::OverBudget(1),
        Reason::ListTooLong(1),
        Reason::InTheClear,
        Reason::Unreachable(NetworkFault::HostName),
        Reason::OtherOwner,
        Reason::Unavailable,
        Reason::Archived,
        Reason::NotImplemented,
        Reason::NotS3,
        Reason::Settings,
        Reason::Invalid,
    ] {
        let failure = Failure::new(Operation::Get, "acme", "shop/a", reason);
        errors.push(store::Error::S3(Box::new(failure)).into());
    }
    let kept = Failure::new(Operation::DeleteVersion, "acme", "shop/a", Reason::Denied);
    errors.push(purge(store::Error::S3(Box::new(kept)).into()));
    errors.extend(identity_errors().into_iter().map(|error| E::Identity(Box::new(error))));
    let options = [&BUCKET, &AWS_REGION, &VERSION, &OVERWRITE];
    let option_error = |problem| OptionError::new(options[0], problem);
    errors.extend(problems().into_iter().map(|problem| E::Option(option_error(problem))));
    errors.push(E::Option(OptionError::not_utf8(text("bucket"))));
    errors
}

fn earlier_head(is_first: bool, is_versioned: bool, published: Option<Vec<VersionName>>) -> Error {
    let context = Context::new("shop").unwrap();
    store::Error::from(Missing::EarlierHead { context, is_first, is_versioned, published }).into()
}

fn rollback(stage: Stage, has_version: bool, cause: Error) -> Error {
    Error::Rollback(Box::new(RollbackFailure { stage, location: location(), has_version, cause }))
}

fn purge(cause: Error) -> Error {
    let (reached, left) = (PurgeReached::default(), Vec::new());
    Error::Purge(Box::new(PurgeFailure { location: location(), reached, left, cause }))
}

fn promotion(side: Side, cause: Error) -> Error {
    Error::Promotion(Box::new(PromotionFailure { side, location: location(), cause }))
}

fn of_other_owner() -> Failure {
    Failure::new(Operation::Get, "acme", "shop/a", Reason::OtherOwner)
}

/// Notes of each kind.
pub(super) fn notes() -> Vec<Note> {
    let keys = || vec![text("A")];
    let both = [true, false];
    let mut notes = vec![
        Note::GoLayout(None),
        Note::BrokenPromise(broken_promise()),
        Note::Unmanaged { paths: vec![path("a")], side: None },
        Note::UnmatchedTypes(unmatched_types()),
        Note::Unread(unread(ParseProblem::Nul)),
        Note::Undeliverable(path("a"), keys()),
        Note::ClearText { format: Format::ALL[0], instead: Format::ALL[1], keys: keys() },
        Note::NotInTemplate(path("a"), keys()),
        Note::Encrypted(path("it's"), "sops"),
        Note::Odd { path: path("a"), warning: Warning::SeveralDocuments { line: 2 }, is_in_workspace: true },
        Note::OfTwoCatalogs { path: path("a"), catalogs: [path("cstore.yml"), path("web/cstore.yml")] },
        Note::NewContext { context: Context::new("shop").unwrap(), bucket: text("cstore-shop") },
        Note::Unversioned,
        Note::OddCatalog { path: path("cstore.yml"), line: 1, what: text("it is odd") },
        Note::Superseded(vec![path("a")]),
        Note::ChannelsLeft {
            version: version("v1.0.0"),
            channels: vec![channel("prod")],
            elsewhere: None,
            dry_run: true,
        },
        Note::ChannelsLeft {
            version: version("v1.0.0"),
            channels: vec![channel("prod"), channel("staging")],
            elsewhere: Some(location()),
            dry_run: false,
        },
        Note::KmsKeysReplaced(vec![ReplacedKey { path: path("a"), before: text("alias/a"), now: text("alias/b") }]),
        Note::Repaired(vec![path("a")]),
        Note::RestNotMerged(vec![path("a")]),
        Note::LinksNotPushed(keys()),
        Note::LinksNotPulled(keys()),
        Note::LinksNotCompared(keys()),
        Note::Unlisted(vec![path("a")]),
        Note::GitNotCompared(vec![path(".git/config")]),
        Note::CatalogVersions,
        Note::UnreadableManifest { version: version("v1"), why: text("it is no JSON") },
        Note::NothingInHead { context: Context::new("shop").unwrap(), is_named: true },
        Note::NothingPublished {
            context: Context::new("shop").unwrap(),
            bucket: text("acme"),
            in_catalog: vec![VersionName::new("v1").unwrap()],
        },
        Note::Untold { paths: vec![path("a")], side: None, action: "s3:ListBucket" },
        Note::TooManyFolders,
        Note::CatalogToWrite(path("a")),
        Note::CatalogWritten(path("a")),
        Note::Disagreement { keys: keys(), same_output: None },
        Note::NoValues { raw: vec![], has_keys: true },
        Note::NoValues { raw: vec![], has_keys: false },
        Note::NoValues { raw: vec![path("app env")], has_keys: false },
        Note::ToBeNamed(vec![path("a")]),
        Note::ChangesUnknown { denied: Some("s3:GetObject") },
        Note::ChangesUnknown { denied: None },
        Note::CatalogWritten(path("cstore.yml")),
        Note::CatalogToWrite(path("cstore.yml")),
        Note::RecordedTypes(vec![path("a")]),
        Note::AlternatePaths(vec![PassedOver { path: path("a"), destination: path("b"), alternate: path("c") }]),
        Note::BackupLeft(text("denied")),
    ];
    for flag in both {
        let lines = vec![UnknownKey { name: text("DB"), hint: None, has_known: false }];
        notes.push(Note::UnmatchedKeys { lines, leaves_none: flag });
        notes.push(Note::ReservedNames { keys: keys(), starts_with_all: flag });
    }
    notes
}

fn broken_promise() -> BrokenPromise {
    let files = vec![BrokenFile { path: path("a"), how: Broken::Gone }];
    BrokenPromise { old: version("v1.0.0"), new: version("v1.0.1"), files }
}
