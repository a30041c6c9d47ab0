//! A channel is moved to a version, or back to where it was before.

use std::cell::OnceCell;
use std::sync::Arc;

use super::cancel::unless_cancelled_before_publishing;
use super::catalogs::{self, Loaded};
use super::deadline::Deadline;
use super::resolved::Resolved;
use super::target;
use crate::cancellation::Cancellation;
use crate::error::{ChannelFailure, Error};
use crate::name::{Context, Destination, Digest};
use crate::observer::Observer;
use crate::request::{ChannelChange, ChannelPromotion, ChannelRequest, ChannelTarget, RunInfo, Target};
use crate::s3::AwsBucket;
use crate::store::{
    self, BackTo, ChannelMove, ChannelRollback, Conflict, MoveTo, Moved, Progress, PushInfo, Stage, Store,
};
use crate::workspace::Workspace;

/// How many requests begin at once: for the channel, and for its target's manifest and claim.
const FIRST_REQUESTS: usize = 3;

/// What a move of a channel has done.
#[derive(Debug)]
pub struct ChannelMoved {
    /// The context.
    pub context: Context,
    /// The bucket.
    pub bucket: String,
    /// The channel as it stands, and what came of the move.
    pub moved: Moved,
}

/// Moves a channel, within the deadline, unless the run is cancelled.
///
/// # Errors
/// Why it could not be moved, or why its target is lost though it was.
pub async fn move_channel(
    request: &ChannelRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<ChannelMoved, Error> {
    let (progress, underway) = (Progress::default(), OnceCell::new());
    let deadline = Deadline::new(request.target.deadline, observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(run_to_end(request, run, workspace, &deadline, &progress, &underway));
    let done = unless_cancelled_before_publishing(cancellation, &progress, deadline.cut(work)).await;
    done.map_err(|error| match underway.into_inner() {
        Some(context) => in_move(error, progress.stage(), context, request),
        None => error,
    })
}

async fn run_to_end(
    request: &ChannelRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
    progress: &Progress,
    underway: &OnceCell<Context>,
) -> Result<ChannelMoved, Error> {
    let wanted = &request.target;
    let catalog = deadline.watch(|| catalogs::load(wanted, workspace))?;
    let (context, bucket) = place(wanted, run, &catalog, request.context.as_ref(), request.bucket.as_ref())?;
    let session = wanted.connection.open(Arc::clone(deadline) as _).await?;
    let is_named = request.bucket.is_some() || wanted.bucket.is_some();
    let store = target::store_in(&session, &context, &bucket, is_named).await?;
    store.bucket().open_ahead(FIRST_REQUESTS).await;
    session.sign_in().await?;
    underway.get_or_init(|| context.clone());
    let info = PushInfo { message: request.message.clone().or_else(|| run.push.message.clone()), ..run.push.clone() };
    let told = |error| if request.is_current_seen { without_expected(error) } else { error };
    let moved = match &request.change {
        ChannelChange::Move { to, labels, force, only_to_what_is_new } => {
            let (to, resolved) = match to {
                ChannelTarget::Version(asked) => {
                    let resolved = Resolved::find(&store, asked).await?;
                    (target_of(&store, &resolved, request.expect).await?, Some(resolved))
                }
                ChannelTarget::Planned(version, digest) => {
                    (MoveTo::Planned { version: version.clone(), digest: *digest }, None)
                }
                ChannelTarget::Nothing => (MoveTo::Nothing, None),
            };
            let order = ChannelMove {
                channel: request.channel.clone(),
                to,
                labels: labels.clone(),
                expect_current: request.expect_current.clone(),
                expect_new: request.expect_new,
                force: *force,
                only_to_what_is_new: *only_to_what_is_new,
                dry_run: request.dry_run,
                info,
                progress: progress.clone(),
            };
            match (store.move_channel(&order).await.map_err(told), resolved) {
                (Err(error), Some(resolved)) => {
                    let manifest = store.keys().manifest(resolved.version.as_ref()).map_err(store::Error::from)?;
                    return Err(resolved.told_of_move(error, &manifest));
                }
                (moved, _) => moved?,
            }
        }
        ChannelChange::RollBack(to) => {
            let order = ChannelRollback {
                channel: request.channel.clone(),
                to: to.clone(),
                expect: request.expect,
                expect_current: request.expect_current.clone(),
                dry_run: request.dry_run,
                info,
                progress: progress.clone(),
            };
            store.roll_channel_back(&order).await.map_err(told)?
        }
    };
    Ok(ChannelMoved { context, bucket, moved })
}

/// Where the version of a promotion must be copied to before a channel can be moved to it; none where it is in the
/// channel's own context.
///
/// # Errors
/// A catalog that cannot be read, and what cannot be a context or one bucket.
pub fn copy_before_move(
    promotion: &ChannelPromotion,
    run: &RunInfo,
    workspace: &Workspace,
) -> Result<Option<Destination>, Error> {
    let ChannelPromotion { channel: ChannelRequest { target, context, bucket, .. }, from_context, from_bucket, .. } =
        promotion;
    let catalog = catalogs::load(target, workspace)?;
    let channels = place(target, run, &catalog, context.as_ref(), bucket.as_ref())?;
    if place(target, run, &catalog, from_context.as_ref(), from_bucket.as_ref())? == channels {
        return Ok(None);
    }
    Ok(Some(Destination { bucket: bucket.clone(), context: channels.0, version: None }))
}

/// The context and the bucket: what is named, else those of the command.
fn place(
    wanted: &Target,
    run: &RunInfo,
    catalog: &Loaded,
    context: Option<&Context>,
    bucket: Option<&String>,
) -> Result<(Context, String), Error> {
    let context = context.map_or_else(|| target::context(wanted, run, catalog), |named| Ok(named.clone()))?;
    let bucket = bucket.map_or_else(|| target::only_bucket(wanted, &context, catalog), |named| Ok(named.clone()))?;
    Ok((context, bucket))
}

/// Where a channel is moved to: what is named, which must be what a channel that names it points at.
async fn target_of(store: &Store<AwsBucket>, resolved: &Resolved, expect: Option<Digest>) -> Result<MoveTo, Error> {
    let expect = expect.or_else(|| resolved.digest());
    match resolved.version.clone() {
        Some(version) => Ok(MoveTo::Version { version, expect }),
        None => Err(store.nothing_at(None, Vec::new()).await?.into()),
    }
}

/// The error, without the move that the channel was expected at: nobody has typed that id.
fn without_expected(error: store::Error) -> store::Error {
    match error {
        store::Error::Conflict(conflict) => match *conflict {
            Conflict::ChannelMoved { channel, present, .. } => {
                Conflict::ChannelMoved { channel, expected: None, present }.into()
            }
            other => other.into(),
        },
        error => error,
    }
}

/// The error, saying whether the channel was moved where that is left open.
fn in_move(error: Error, stage: Stage, context: Context, request: &ChannelRequest) -> Error {
    let says_so_itself = match &error {
        Error::Store(error) => !matches!(**error, store::Error::S3(_)),
        Error::Deadline { .. } | Error::Cancelled(_) => false,
        _ => true,
    };
    if says_so_itself || !stage.may_be_published() {
        return error;
    }
    let is_moved = stage == Stage::Published;
    let goes_back = matches!(request.change, ChannelChange::RollBack(BackTo::Before));
    Error::Channel(Box::new(ChannelFailure {
        context,
        channel: request.channel.clone(),
        is_moved,
        goes_back,
        cause: error,
    }))
}
