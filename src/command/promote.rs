//! Promote: read a version, or the head, from one context, whole and verified, and push it to another as it is.
//!
//! The source is read with credentials of its own, where these are named. Nothing is sent to the destination before all of it
//! has been read.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::{OptionFuture, join};
use serde_json::json;

use super::cancel::unless_cancelled_before_publishing;
use super::catalogs;
use super::deadline::Deadline;
use super::go_layout::explained;
use super::push::{FilesToSend, Pushed, Sending, beside, since};
use super::resolved::Resolved;
use super::variables::Variables;
use super::{Location, Note, target};
use crate::cancellation::Cancellation;
use crate::config::FileType;
use crate::error::{Error, PromotionFailure, Side};
use crate::name::{ChannelName, ConfigPath, Context, Destination, Digest, VersionName, VersionRequest};
use crate::observer::Observer;
use crate::option::{OptionError, OptionProblem, TO};
use crate::request::{PromoteRequest, RunInfo};
use crate::s3::{AwsBucket, Bucket, Budget, Session};
use crate::store::{
    self, Asked, Base, BaseEntry, CONCURRENCY, FetchedFile, FileEntry, Integrity, MAX_TOTAL_BYTES, Manifest, Progress,
    PromotedFrom, PushFile, PushInfo, Store,
};
use crate::workspace::Workspace;

/// The result of a promotion.
#[derive(Debug)]
pub struct Promoted {
    /// What was copied.
    pub from: Location,
    /// Its version; none for the head.
    pub version: Option<VersionName>,
    /// Of all that is copied: of each file the path, the bytes, the type, the tags and the alternate path; and of the message.
    pub copied: Digest,
    /// What that has done at the destination.
    pub pushed: Pushed,
}

/// Copies a version or the head, within the deadline, unless the run is cancelled.
///
/// # Errors
/// Why it could not be copied, and at which side. An error after the first request that writes says what is published.
pub async fn promote(
    request: &PromoteRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Promoted, Error> {
    let (progress, destination) = (Progress::default(), OnceCell::new());
    let deadline = Deadline::new(request.target.deadline, observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(run_to_end(request, run, workspace, &deadline, &progress, &destination));
    let done = unless_cancelled_before_publishing(cancellation, &progress, deadline.cut(work)).await;
    done.map_err(|error| match destination.into_inner() {
        Some(location) => {
            let replaces = request.overwrite || location.is_head();
            let error = error.in_push(progress.stage(), location.clone(), replaces);
            at(Side::Destination, location)(error)
        }
        None => error,
    })
}

async fn run_to_end(
    request: &PromoteRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
    progress: &Progress,
    underway: &OnceCell<Location>,
) -> Result<Promoted, Error> {
    let PromoteRequest { target, from, to, .. } = request;
    let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
    let context = match &from.context {
        Some(context) => context.clone(),
        None => target::context(target, run, &catalog)?,
    };
    let bucket = |named: &Option<String>, context: &Context| match named {
        Some(bucket) => Ok(bucket.clone()),
        None => target::only_bucket(target, context, &catalog),
    };
    let (from_bucket, to_bucket) = (bucket(&from.bucket, &context)?, bucket(&to.bucket, &to.context)?);
    // What is not known yet is told as it was asked for.
    let source = Location::new(&context, &from_bucket, &from.version.to_string(), None);
    let asked = to.version.as_ref().unwrap_or(&from.version).to_string();
    let destination = Location::new(&to.context, &to_bucket, &asked, None);
    let (at_source, at_destination) = (at(Side::Source, source), at(Side::Destination, destination));

    let session = target.connection.open(Arc::clone(deadline) as _).await?;
    let is_named = to.bucket.is_some() || target.bucket.is_some();
    let source_session = match &request.source {
        Some(connection) => connection.open(Arc::clone(deadline) as _).await.map_err(|e| at_source(e.into()))?,
        None => session.clone(),
    };
    let (reads, writes) = join(
        source_of(&source_session, &from_bucket, context),
        destination_of(&session, &to_bucket, &to.context, is_named),
    )
    .await;
    let (reads, writes) = (reads.map_err(&at_source)?, writes.map_err(&at_destination)?);
    let sign_in_to_read = OptionFuture::from(request.source.as_ref().map(|_| source_session.sign_in()));
    let (to_read, to_write) = join(sign_in_to_read, session.sign_in()).await;
    to_read.transpose().map_err(|error| at_source(error.into()))?;
    to_write.map_err(|error| at_destination(error.into()))?;

    let is_same = reads.bucket_name() == writes.bucket_name() && reads.keys().context() == writes.keys().context();
    let is_new = Cell::new(false);
    let looking = async {
        if !is_same {
            let background = Store::new(writes.bucket().clone().in_background(), writes.keys().context().clone());
            is_new.set(background.is_new().await.unwrap_or(false));
        }
    };
    let reading = async { Ok(join(read(request, &reads), channel_of_name(request, &reads)).await) };
    let (read, channel) = beside(looking, reading, |(read, _)| read.is_ok(), || deadline.left()).await?;
    if let Some(channel) = channel.map_err(|error| at_source(error.into()))? {
        let why = format!(
            "names the context {channel}, and {} has a channel of that name: write :{channel} for the channel, or \
             {channel}@VERSION for the context",
            reads.keys().context()
        );
        return Err(OptionError::new(&TO, OptionProblem::NotADestination(why)).into());
    }
    let (version, manifest, files) = match read {
        Ok(read) => read,
        Err(error) => {
            let variables = Variables::new(target, run, &**deadline);
            return Err(at_source(explained(&reads, &catalog, variables, &from.version, false, error).await));
        }
    };
    let to_version = match (&to.version, &version) {
        (Some(VersionRequest::Exact(name)), _) | (None, Some(name)) => Some(name),
        _ => None,
    };
    if is_same && version.as_ref() == to_version {
        let problem = OptionProblem::NotADestination("is the same as the source".to_owned());
        return Err(OptionError::new(&TO, problem).into());
    }
    writes.bucket().open_ahead(files.len().clamp(3, CONCURRENCY)).await;

    let from = target::location(&reads, version.as_ref());
    let info = PushInfo {
        // The head's is about its last push alone.
        message: request
            .message
            .clone()
            .or_else(|| manifest.message.filter(|_| version.is_some()))
            .or_else(|| run.push.message.clone()),
        promoted_from: Some(PromotedFrom {
            context: from.context.to_string(),
            version: version.clone(),
            bucket: Some(from.bucket.clone()),
            extra: serde_json::Map::new(),
        }),
        ..run.push.clone()
    };
    let copied = copied(&files, info.message.as_deref());
    if request.copied.is_some_and(|seen| seen != copied) {
        return Err(at_source(store::Error::from(Integrity::OtherSettings).into()));
    }
    let order = store::Push { files, info, progress: progress.clone(), replaces: request.replaces };
    let location = underway.get_or_init(|| target::location(&writes, to_version));
    let separator = &target.checks.separator;
    let own = Copied { overwrites: request.overwrite, seen: RefCell::default() };
    let sending = Sending {
        store: &writes,
        version: to_version,
        overwrite: request.overwrite,
        dry_run: request.dry_run,
        restore: None,
        merge: None,
        separator,
        semver_keys: request.semver_keys,
        wants_since_before: false,
        preview: None,
        deadline,
        files: &own,
    };
    let all_new = since(&[], &order, separator);
    let mut pushed = sending.send(order, location, Vec::new()).await?;
    if pushed.changed && is_new.get() {
        pushed.notes.push(Note::NewContext { context: to.context.clone(), bucket: to_bucket });
    }
    if pushed.changed && pushed.changes.is_none() && pushed.not_compared.is_none() && pushed.replaced.is_none() {
        // Where nothing was, all of it is new.
        pushed.changes = Some(all_new);
    }
    if request.dry_run && to_version.is_none() && request.overwrite {
        pushed.bases = seen_at_keys(&writes, own.seen.into_inner()).await.map_err(&at_destination)?;
    }
    Ok(Promoted { from, version, copied, pushed })
}

/// What an overwrite goes over at paths of a head: what its manifest lists there, or what another tool has left at the key.
async fn seen_at_keys<B: Bucket>(
    store: &Store<B>,
    listed: Vec<(ConfigPath, Option<BaseEntry>)>,
) -> Result<HashMap<ConfigPath, Base>, Error> {
    let budget = Budget::new(MAX_TOTAL_BYTES);
    let mut bases = HashMap::new();
    for (path, entry) in listed {
        let at_key = store.body_at_key(&path, &budget).await?.map(|body| Digest::from_content(body.expose()));
        let base = match at_key {
            Some(digest) if entry.as_ref().is_none_or(|entry| entry.sha256 != digest) => Base::AtKey(digest),
            _ => Base::Known(entry),
        };
        bases.insert(path, base);
    }
    Ok(bases)
}

/// The digest of all that is copied.
fn copied(files: &[PushFile], message: Option<&str>) -> Digest {
    let mut lines: Vec<_> = files
        .iter()
        .map(|PushFile { path, digest, file_type, asked, .. }| {
            let place = asked.alternate_path.as_ref().map(ConfigPath::as_str);
            json!([path.as_str(), digest, file_type.as_recorded(path), asked.tags, place]).to_string()
        })
        .collect();
    lines.sort_unstable();
    lines.push(json!(message).to_string());
    Digest::from_content(lines.join("\n").as_bytes())
}

/// Says at which side something failed.
fn at(side: Side, location: Location) -> impl Fn(Error) -> Error {
    move |cause| match cause {
        // These say themselves what they concern.
        Error::Promotion(_) | Error::Option(_) | Error::Deadline { .. } | Error::Cancelled(_) => cause,
        cause => Error::Promotion(Box::new(PromotionFailure { side, location: location.clone(), cause })),
    }
}

/// The store that is read. Its bucket must belong to the account whose credentials read it, whoever has named it.
async fn source_of(session: &Session, bucket: &str, context: Context) -> Result<Store<AwsBucket>, Error> {
    let bucket = session.bucket_of_account(bucket).await?.knowing_documents(store::Keys::is_document);
    bucket.open_ahead(2).await;
    Ok(Store::new(bucket, context))
}

async fn destination_of(
    session: &Session,
    bucket: &str,
    context: &Context,
    is_named: bool,
) -> Result<Store<AwsBucket>, Error> {
    let store = target::store_in(session, context, bucket, is_named).await?;
    store.bucket().open_ahead(1).await;
    Ok(store)
}

/// The channel that has the name of a destination without a version: its colon was probably forgotten, and a copy of all files,
/// secrets too, would be published under that name.
///
/// # Errors
/// Those of the request, but for a denial: who may not read channels has none to move.
async fn channel_of_name(
    request: &PromoteRequest,
    source: &Store<AwsBucket>,
) -> Result<Option<ChannelName>, store::Error> {
    let Destination { bucket: None, context, version: None } = &request.to else { return Ok(None) };
    if !request.may_lack_colon {
        return Ok(None);
    }
    let Ok(name) = ChannelName::new(context.as_str()) else { return Ok(None) };
    Ok(source.has_channel(&name).await?.then_some(name))
}

/// Reads what is promoted: its version, its manifest, and all of its files, each as the manifest says it is.
async fn read(
    request: &PromoteRequest,
    store: &Store<AwsBucket>,
) -> Result<(Option<VersionName>, Manifest, Vec<PushFile>), Error> {
    let resolved = Resolved::find(store, &request.from.version).await?;
    let read = read_whole(request, store, &resolved).await.map_err(|error| resolved.told(error));
    let (manifest, files) = read?;
    Ok((resolved.version, manifest, files))
}

async fn read_whole(
    request: &PromoteRequest,
    store: &Store<AwsBucket>,
    resolved: &Resolved,
) -> Result<(Manifest, Vec<PushFile>), Error> {
    let manifest = resolved.manifest(store).await?;
    refuse_unexpected(request.expect, manifest.digest())?;
    store.bucket().open_ahead(manifest.files.len().min(CONCURRENCY)).await;
    let fetched = store.fetch_whole(resolved.version.as_ref(), manifest).await.map_err(as_mismatch)?;
    let Some(manifest) = fetched.manifest.filter(|manifest| !manifest.files.is_empty()) else {
        return Err(store.nothing_at(resolved.version.as_ref(), Vec::new()).await?.into());
    };
    // It is read anew while somebody pushes to it.
    resolved.require(Some(&manifest))?;
    refuse_unexpected(request.expect, manifest.digest())?;
    let files = fetched.files.into_iter().filter_map(|file| push_file(request, file)).collect();
    Ok((manifest, files))
}

/// Refuses what is not as it was reviewed, where that is told.
pub(super) fn refuse_unexpected(expected: Option<Digest>, found: Digest) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != found => {
            Err(store::Error::from(Integrity::Unexpected { version: None, expected, found }).into())
        }
        _ => Ok(()),
    }
}

/// A file over which another tool wrote is not what the manifest says, and nobody has pinned a digest that it breaks.
fn as_mismatch(error: store::Error) -> store::Error {
    match error {
        store::Error::Integrity(integrity) => match *integrity {
            Integrity::Unmanaged { key } => Integrity::Mismatch { key, version: None, push_id: None }.into(),
            other => other.into(),
        },
        other => other,
    }
}

/// A file as it is pushed: as its manifest has it, but for what belongs to the source's bucket.
fn push_file(
    request: &PromoteRequest,
    FetchedFile { path, content, digest, entry, .. }: FetchedFile,
) -> Option<PushFile> {
    let FileEntry { tags, alternate_path, .. } = entry.clone()?;
    let file_type = entry?.read_as();
    Some(PushFile {
        file_type,
        content,
        digest,
        asked: Asked {
            kms_key: request.kms_key.clone(),
            tags: Some(tags).filter(|tags| !tags.is_empty()),
            alternate_path,
            // A type that the name tells, too, may have been recorded in another word.
            file_type: Some(file_type).filter(|file_type| *file_type != FileType::detect(&path)),
        },
        default_tags: Vec::new(),
        base: match &request.bases {
            Some(bases) => bases.get(&path).cloned().unwrap_or(Base::Known(None)),
            None => Base::Unknown,
        },
        path,
    })
}

/// Files that lie in another place of a bucket.
struct Copied {
    overwrites: bool,
    /// What the head of the destination was found to list at their paths.
    seen: RefCell<Vec<(ConfigPath, Option<BaseEntry>)>>,
}

impl FilesToSend for Copied {
    /// What nobody has seen replaces only what the head has now.
    fn settle(&self, files: &mut [PushFile], head: Option<&Manifest>) -> Result<(), Error> {
        for file in files.iter_mut().filter(|file| file.base == Base::Unknown) {
            let entry = head.and_then(|head| head.entry(&file.path)).map(BaseEntry::from);
            if self.overwrites {
                self.seen.borrow_mut().push((file.path.clone(), entry));
            } else {
                file.base = Base::Known(entry);
            }
        }
        Ok(())
    }

    fn go_elsewhere(&self) -> bool {
        true
    }

    fn only_in_head(&self, head: &Manifest, pushed: &[PushFile]) -> Vec<ConfigPath> {
        let others = head.files.iter().filter(|entry| !pushed.iter().any(|file| file.path == entry.path));
        others.map(|entry| entry.path.clone()).collect()
    }
}
