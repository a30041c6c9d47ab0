//! Diff: what differs between two sides, each a version or head in a bucket, or the files that lie here.
//!
//! Which files differ the manifests say, which are asked for at the same time. Only for the keys the files that differ
//! are read, those of both sides at the same time, too.

mod choose;
mod diffed;
mod lacking;
mod place;
mod read;

use std::sync::Arc;

use futures_util::future::{OptionFuture, join};

use self::choose::{Choice, Known};
pub use self::diffed::{Diffed, DiffedSide, Lacking, LackingKey};
use self::lacking::lacking;
use self::place::{Place, Places};
use self::read::{Reading, Side};
use super::cancel::unless_cancelled;
use super::catalogs;
use super::changes::{ComparedFile, Comparing};
use super::checked::{FileHere, Wanted};
use super::deadline::Deadline;
use super::variables::Variables;
use super::{Note, working};
use crate::cancellation::Cancellation;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::name::{Digest, Reference};
use crate::observer::Observer;
use crate::request::{DiffRequest, RunInfo};
use crate::store;
use crate::workspace::Workspace;

/// Compares two sides, within the deadline and unless the run is cancelled.
///
/// # Errors
/// A side that is not there, or cannot be read. What differs is no error, nor is a file whose keys cannot be told.
pub async fn diff(
    request: &DiffRequest,
    run: &RunInfo,
    workspace: &Workspace,
    observer: Arc<dyn Observer>,
    cancellation: &Cancellation,
) -> Result<Diffed, Error> {
    let deadline = Deadline::new(request.target.deadline, observer);
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    let work = Box::pin(compared(request, run, workspace, &deadline));
    unless_cancelled(cancellation, deadline.keep(work)).await
}

/// As [`diff`], in a run of which it is a part.
pub(super) async fn compared(
    request: &DiffRequest,
    run: &RunInfo,
    workspace: &Workspace,
    deadline: &Arc<Deadline>,
) -> Result<Diffed, Error> {
    let target = &request.target;
    let variables = Variables::new(target, run, &**deadline);
    let catalog = deadline.watch(|| catalogs::load(target, workspace))?;
    let entries = working::entries(target, variables, &catalog)?;
    let mut notes = Vec::new();
    let links: Vec<_> =
        catalog.catalog.iter().flat_map(Catalog::links).map(|link| link.path.as_str().to_owned()).collect();
    if !links.is_empty() {
        notes.push(Note::LinksNotCompared(links));
    }

    // At the same time: which versions are meant, then their manifests. What both sides name is asked for once.
    let places = Places { target, run, catalog: &catalog, entries: &entries };
    let [from, to] = places.open([&request.from, &request.to], deadline).await?;
    let is_one = matches!((&from, &to), (Some(from), Some(to)) if from.is_at(to));
    let asked_as = to.as_ref().filter(|_| is_one).map(|to| to.resolved.clone());
    let (from, to) = join(
        OptionFuture::from(from.map(Place::with_manifest)),
        OptionFuture::from(to.filter(|_| !is_one).map(Place::with_manifest)),
    )
    .await;
    let (from, to) = (from.transpose()?, to.transpose()?);
    let from = match from {
        Some(head) if request.or_newest && head.manifest.is_none() => Some(head.or_newest().await?),
        from => from,
    };
    let [from, to] = match (from, asked_as) {
        // Each may be a channel, which says what the version must be.
        (Some(from), Some(resolved)) => {
            resolved.require(from.manifest.as_ref())?;
            [Some(from.clone()), Some(Place { resolved, ..from })]
        }
        (from, _) => [from, to],
    };

    // Which files are meant, and what is known of them.
    let known = Known { target, variables, catalog: &catalog, entries: &entries };
    let choice = deadline.watch(|| known.choose(workspace, [from.as_ref(), to.as_ref()]))?;
    let Choice { paths, .. } = &choice;
    let has_local = [&request.from, &request.to].contains(&&Reference::Working);
    let local = if has_local { deadline.watch(|| choice.read_local(workspace, &catalog))? } else { Vec::new() };
    let checked = if request.checks_files {
        Some(deadline.watch(|| {
            let files = local.iter().filter_map(|file| {
                let (path, file_type, content) = (&file.path, file.file_type, file.content.as_ref().ok()?.expose());
                Some(FileHere { path, file_type, content })
            });
            let same_keys = request.same_keys.as_ref();
            let wanted = Wanted { checks: &target.checks, same_keys, unmatched_types: choice.unmatched_types() };
            wanted.of_files(&files.collect::<Vec<_>>(), workspace, &catalog.folder)
        })?)
    } else {
        None
    };
    let side = |place: Option<&Place>| match place {
        Some(place) => Side::stored(place, &choice),
        None => Ok(Side::local(&local)),
    };
    let mut sides = [side(from.as_ref())?, side(to.as_ref())?];

    // The files that differ, and those of which no manifest tells.
    let mut reading = Reading::new(request.by_key, &choice);
    let [wanted_from, wanted_to] = reading.wanted(&mut sides);
    let (read_from, read_to) = join(
        OptionFuture::from(from.as_ref().map(|place| place.read(&wanted_from, &reading.budget))),
        OptionFuture::from(to.as_ref().filter(|_| !is_one).map(|place| place.read(&wanted_to, &reading.budget))),
    )
    .await;
    let (read_from, read_to) = (read_from.transpose()?, read_to.transpose()?);
    sides[1].take(if is_one { read_from.clone() } else { read_to }, &choice, &mut notes)?;
    sides[0].take(read_from, &choice, &mut notes)?;
    notes.extend(choice.notes());
    for ((side, place), reference) in sides.iter().zip([&from, &to]).zip([&request.from, &request.to]) {
        if let Some(place) = place.as_ref().filter(|place| place.manifest.is_none() && side.is_empty()) {
            match place.version() {
                Some(version) => return Err(place.store.not_published(Some(version)).await?.into()),
                // Nothing has the keys of everything: a context's name with a typing error must not pass.
                None if request.wants_parity => return Err(place.store.not_published(None).await?.into()),
                None => notes.push(Note::NothingInHead {
                    context: place.store.keys().context().clone(),
                    is_named: matches!(reference, Reference::Stored(stored) if stored.context.is_some()),
                }),
            }
        }
    }

    let [before, after] = sides.map(|side| side.files(paths));
    choice.refuse_unmatched(&before, &after)?;
    let comparing = Comparing { separator: &target.checks.separator, with_values: request.with_values };
    let mut files = deadline.watch(|| comparing.files(&before, &after));
    files.sort_by_key(|file| choice.place_of(&file.path));
    let are_environments = matches!((&from, &to), (Some(from), Some(to)) if !from.is_beside(to));
    let lacking = (request.by_key && (request.wants_parity || are_environments)).then(|| lacking(&files));
    notes.dedup();
    Ok(Diffed {
        from: diffed_side(from.as_ref(), &before)?,
        to: diffed_side(to.as_ref(), &after)?,
        files,
        by_key: request.by_key,
        lacking,
        checked,
        notes,
    })
}

fn diffed_side(place: Option<&Place>, files: &[ComparedFile]) -> Result<DiffedSide, store::Error> {
    Ok(DiffedSide {
        location: place.map(Place::location).transpose()?,
        files: files.len(),
        digest: Digest::from_files(files.iter().map(|file| (&file.path, file.digest))),
    })
}
