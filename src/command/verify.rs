//! Verify: whether every object of a version, or of the head, is what its manifest says, whether two sides have the
//! same keys, and whether the files that lie here are what they are to be. All that is wrong is found, not only the
//! first.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, try_join};

use super::cancel::unless_cancelled;
use super::changes::ComparedFile;
use super::checked::{CheckedFiles, checked};
use super::deadline::Deadline;
use super::diff::{Diffed, compared};
use super::go_layout::explained;
use super::promise::{BrokenPromise, broken_promises};
use super::resolved::Resolved;
use super::variables::Variables;
use super::{Location, catalogs, target, working};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::name::{ChannelName, ConfigPath, Digest, VersionName, is_below};
use crate::observer::Observer;
use crate::request::{RunInfo, Target, VerifyRequest};
use crate::s3::AwsBucket;
use crate::store::{self, Flaw, Instead, Integrity, Manifest, Store};
use crate::workspace::Workspace;

/// The result of a verification.
#[derive(Debug)]
pub struct Verified {
    /// Of a version or the head, if one was to be verified.
    pub objects: Option<VerifiedObjects>,
    /// What differs between two sides that are to have the same keys, if there are such.
    pub same_keys: Option<Diffed>,
    /// Of the files that lie here, if they were to be looked at.
    pub files: Option<CheckedFiles>,
}

impl Verified {
    /// Whether one of two sides that are to have the same keys lacks some.
    #[must_use]
    pub fn lacks_keys(&self) -> bool {
        self.same_keys.iter().flat_map(|diffed| &diffed.lacking).any(|lacking| !lacking.is_nothing())
    }

    /// Whether something is wrong.
    #[must_use]
    pub fn found_something(&self) -> bool {
        self.lacks_keys()
            || self.files.as_ref().is_some_and(|files| !files.findings.is_empty())
            || self.objects.as_ref().is_some_and(|objects| !objects.findings.is_empty())
    }
}

/// What was found of a version's objects, or of the head's.
#[derive(Debug)]
pub struct VerifiedObjects {
    /// Where they are.
    pub location: Location,
    /// The channel that points at the version, where one was asked for.
    pub channel: Option<ChannelName>,
    /// By its manifest; none where that is damaged.
    pub digest: Option<Digest>,
    /// The files that were looked at.
    pub files: Vec<ConfigPath>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Files whose keys hold other objects than those that are pinned, with the same bytes.
    pub put_again: Vec<ConfigPath>,
    /// The IAM action whose denial kept names of one precedence from being looked for.
    pub names_denied: Option<&'static str>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The manifest cannot be read: its key, and why, as a clause, which is not yet cleaned for a log.
    Manifest(String, String),
    /// A file's object.
    File {
        /// The file.
        path: ConfigPath,
        /// The object's key.
        key: String,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A key holds another object than the one that is pinned. A pull gets the pinned one.
    NotPinned {
        /// The file.
        path: ConfigPath,
        /// The object's key.
        key: String,
        /// What lies there.
        instead: Instead,
    },
    /// Published versions of one precedence, which no requirement can tell apart.
    Twins(Vec<VersionName>),
    /// Published versions whose keys are not what their numbers promise.
    Promise(BrokenPromise),
}

/// Verifies what is asked for, within the deadline and unless the run is cancelled.
///
/// # Errors
/// What cannot be verified at all: it is not there, or nobody answers. What is wrong with it is no error.
pub async fn verify(
    request: &VerifyRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Verified, Error> {
    let of_files = request.files.as_ref().map(|files| &files.target);
    let of_keys = request.same_keys.as_ref().map(|diff| &diff.target);
    let first = request.target.as_ref().or(of_keys).or(of_files);
    let deadline = Deadline::new(first.map_or(Duration::MAX, |target| target.deadline), observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(async {
        let files = match &request.files {
            Some(files) => Some(checked(files, run, workspace, &deadline)?),
            None => None,
        };
        let objects = match &request.target {
            Some(target) => Some(objects(target, request.checks_promises, run, workspace, &deadline).await?),
            None => None,
        };
        let same_keys = match &request.same_keys {
            Some(request) => Some(compared(request, run, workspace, &deadline).await?),
            None => None,
        };
        Ok(Verified { objects, same_keys, files })
    });
    unless_cancelled(cancellation, deadline.keep(work)).await
}

async fn objects(
    target: &Target,
    checks_promises: bool,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<VerifiedObjects, Error> {
    let variables = Variables::new(target, run, &**deadline);
    let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
    let entries = working::entries(target, variables, &catalog)?;
    let context = target::context(target, run, &catalog)?;
    let buckets = target::buckets(target, &context, &catalog, &entries)?;
    let [bucket] = buckets.as_slice() else { return Err(Error::SeveralBuckets { buckets }) };
    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let store = target::store(target, &session, &context, bucket).await?;
    store.bucket().open_ahead(2).await;
    session.sign_in().await?;
    let asked = &target.version;
    let missing = async |error: store::Error| explained(&store, &catalog, variables, asked, false, error.into()).await;
    let resolved = match Resolved::find(&store, asked).await {
        Ok(resolved) => resolved,
        Err(error) => return Err(missing(error).await),
    };
    let (version, channel) = (resolved.version.as_ref(), resolved.channel().cloned());

    let (manifest, twins) = join(store.manifest(version), twins(&store, version)).await;
    let mut findings = Vec::new();
    let mut names_denied = None;
    match twins {
        Ok(twins) => findings.extend(twins.into_iter().map(Finding::Twins)),
        Err(error) => match error.denied_action() {
            Some(action) => names_denied = Some(action),
            None => return Err(error.into()),
        },
    }
    let key = store.keys().manifest(version).map_err(store::Error::from)?;
    let name = version.map_or("head", VersionName::as_str);
    let location = Location::new(&context, bucket, name, Some(key.to_string()));
    if let Ok(manifest) = &manifest {
        resolved.require(manifest.as_ref().map(|manifest| &manifest.value))?;
    }
    let manifest = match manifest {
        Ok(Some(manifest)) => manifest.value,
        Ok(None) => return Err(missing(store.not_published(version).await?).await),
        Err(store::Error::Integrity(integrity)) if matches!(*integrity, Integrity::Damaged { .. }) => {
            let why = if let Integrity::Damaged { why, .. } = *integrity { why } else { String::new() };
            findings.insert(0, Finding::Manifest(key.to_string(), why));
            return Ok(VerifiedObjects {
                location,
                channel,
                digest: None,
                files: Vec::new(),
                findings,
                put_again: Vec::new(),
                names_denied,
            });
        }
        Err(error) => return Err(error.into()),
    };
    let files = chosen(target, &manifest, &location)?;
    let mut put_again = Vec::new();
    for file in store.inspect(version, &manifest, &files).await? {
        let (path, key) = (file.path, file.key.to_string());
        match (file.flaw, file.instead) {
            (Some(flaw), _) => findings.push(Finding::File { path, key, flaw }),
            (None, Some(Instead::SameBytes)) => put_again.push(path),
            (None, Some(instead)) => findings.push(Finding::NotPinned { path, key, instead }),
            (None, None) => {}
        }
    }
    let digest = Some(manifest.digest());
    // What has no bytes, or others, has no keys to compare.
    let is_whole = !findings.iter().any(|finding| matches!(finding, Finding::File { .. }));
    if let Some(version) = version.filter(|version| checks_promises && is_whole && version.is_full_release()) {
        let broken = promises(&store, version, manifest, &target.checks.separator).await?;
        findings.extend(broken.into_iter().map(Finding::Promise));
    }
    Ok(VerifiedObjects { location, channel, digest, files, findings, put_again, names_denied })
}

/// What the version breaks, or has broken for it, of what numbers promise. Two pushes at the same time each see nothing
/// of the other.
async fn promises(
    store: &Store<AwsBucket>,
    version: &VersionName,
    manifest: Manifest,
    separator: &str,
) -> Result<Vec<BrokenPromise>, store::Error> {
    let (published, own) =
        try_join(store.compatible_versions(version), store.fetch_whole(Some(version), manifest)).await?;
    let own: Vec<_> = own.files.iter().map(ComparedFile::from_fetched).collect();
    broken_promises(store, version, &own, &published, separator).await
}

/// Published names of one precedence: that of this version, or of any.
async fn twins(store: &Store<AwsBucket>, version: Option<&VersionName>) -> Result<Vec<Vec<VersionName>>, store::Error> {
    let Some(version) = version else { return store.twins().await };
    let twin = store.published_twin(version).await?;
    Ok(twin.into_iter().map(|twin| vec![version.clone(), twin]).collect())
}

/// The files that `files` and `tags` choose.
pub(super) fn chosen(target: &Target, manifest: &Manifest, location: &Location) -> Result<Vec<ConfigPath>, Error> {
    let selection = target.files.select(&manifest.files, |entry| entry.path.as_str());
    if !selection.unmatched.is_empty() {
        let is_folder = |line: &&String| {
            let folder = line.strip_prefix('!').unwrap_or(line);
            manifest.files.iter().any(|entry| is_below(entry.path.as_str(), folder))
        };
        let folders = selection.unmatched.iter().filter(is_folder).cloned().collect();
        let place = location.clause();
        return Err(Error::NoMatch { lines: selection.unmatched, folders, place });
    }
    let has_tags = |tags: &[String]| target.tags.as_ref().is_none_or(|wanted| wanted.matches(tags));
    let files: Vec<_> =
        selection.files.into_iter().filter(|entry| has_tags(&entry.tags)).map(|entry| entry.path.clone()).collect();
    if files.is_empty() && target.tags.is_some() { Err(Error::NoTags) } else { Ok(files) }
}
