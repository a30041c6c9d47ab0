//! What is promised to each client, compared with the reference when it ends.

use cstore::s3::{ListedVersion, Reason};
use cstore::store::{Conflict, Error, Integrity, Purged, Pushed};

use crate::change::of_change;
use crate::channels::{of_channel_pull, of_move};
use crate::client::{CONTEXT, Client, Content, Digests, Outcome, Place, Pulled, Role, VERSION, digests};
use crate::file_purges::{is_file_purge, of_file_purge};
use crate::memory::Memory;
use crate::promotions::{of_promotion, of_replacement};
use crate::purges::is_foreign;
use crate::reference::{Broken, State};
use crate::rollbacks::of_rollback;
use crate::simulation::Simulation;
use crate::world::ClientId;

/// Holds what a client was told to what it was promised.
pub(crate) fn of_client(simulation: &Simulation, id: ClientId) -> Result<(), Broken> {
    let client = &simulation.clients[id];
    let held = match (&client.role, client.outcome.as_ref()) {
        (Role::Push { content, overwrite }, Some(Outcome::Pushed(pushed))) => {
            of_push(simulation, id, content, *overwrite, pushed)
        }
        (Role::Replace { content }, Some(Outcome::Pushed(pushed))) => of_replacement(simulation, id, content, pushed),
        (Role::PushHead { content, .. }, Some(Outcome::Pushed(pushed))) => of_head(simulation, id, content, pushed),
        (Role::Change { merges, .. }, Some(Outcome::Pushed(pushed))) => of_change(simulation, id, *merges, pushed),
        (Role::Pull { place, known, only }, Some(Outcome::Pulled(pulled))) => {
            of_pull(simulation, id, *place, known, only.as_deref(), pulled)
        }
        (Role::Rollback { to_version, .. }, Some(Outcome::Pushed(pushed))) => {
            of_rollback(simulation, id, *to_version, pushed)
        }
        (Role::Promote { from }, Some(Outcome::Pushed(pushed))) => of_promotion(simulation, id, *from, pushed),
        (Role::Purge { past_channels, .. }, Some(Outcome::Purged(purged))) => {
            of_purge(simulation, id, *past_channels, purged)
        }
        (Role::MoveChannel(_) | Role::RollChannelBack { .. }, Some(Outcome::Moved(moved))) => {
            of_move(simulation, id, moved)
        }
        (Role::PullChannel { .. }, Some(Outcome::PulledChannel(pulled))) => of_channel_pull(simulation, id, pulled),
        (Role::PurgeFiles { paths, .. }, Some(Outcome::Purged(purged))) => of_file_purge(simulation, id, paths, purged),
        _ => Ok(()),
    };
    let held = held.and_then(|()| of_secrecy(simulation, client));
    held.map_err(|broken| format!("client {id}: {broken}"))
}

/// What came of a run may be printed, and nobody's values with it.
fn of_secrecy(simulation: &Simulation, client: &Client) -> Result<(), Broken> {
    let told = match &client.outcome {
        Some(
            Outcome::Pushed(Err(error))
            | Outcome::Pulled(Err(error))
            | Outcome::Purged(Err(error))
            | Outcome::Moved(Err(error))
            | Outcome::PulledChannel(Err(error)),
        ) => {
            format!("{error} {error:?}")
        }
        _ => return Ok(()),
    };
    let contents = simulation.clients.iter().filter_map(|client| client.role.content());
    let mut values = contents.flat_map(|(_, content)| content.values());
    match values.find(|text| told.contains(text.trim_end())) {
        Some(text) => Err(format!("{text:?} has leaked into {told}")),
        None => Ok(()),
    }
}

/// Whether some client that took part so far is of this kind.
pub(crate) fn some(simulation: &Simulation, is: impl Fn(&Role) -> bool) -> bool {
    simulation.clients.iter().any(|client| is(&client.role))
}

pub(crate) fn is_purge(role: &Role) -> bool {
    matches!(role, Role::Purge { .. })
}

pub(crate) fn is_rollback(role: &Role) -> bool {
    matches!(role, Role::Rollback { .. })
}

pub(crate) fn is_promotion(role: &Role) -> bool {
    matches!(role, Role::Promote { .. })
}

pub(crate) fn is_remove(role: &Role) -> bool {
    matches!(role, Role::Remove { .. })
}

/// Whether anything was planted.
pub(crate) fn is_attacked(simulation: &Simulation) -> bool {
    simulation.world().strikes > 0
}

/// Whether a push may fail so because of what was planted. What it says must be true, and an overwrite must get past
/// everything but settings that nobody can read.
fn is_planted(simulation: &Simulation, error: &Error, overwrite: bool) -> bool {
    let named = match error {
        Error::Integrity(integrity) => match &**integrity {
            Integrity::Damaged { key, .. } => key,
            // A re-run of a push that nothing pins, or whose pin was deleted.
            Integrity::Replaced { .. } => {
                let unpinned = simulation.world().memory.is_spoilt() || some(simulation, is_remove);
                return is_attacked(simulation) && !overwrite && unpinned;
            }
            _ => return false,
        },
        // An object that nobody can decrypt, where it must be known whose it is.
        Error::S3(failure) => return is_attacked(simulation) && !overwrite && failure.reason == Reason::KmsDenied,
        _ => return false,
    };
    let is_settings = named.as_str().ends_with("/settings.json");
    is_attacked(simulation) && named.as_str().contains("/.cstore/") && (is_settings || !overwrite)
}

/// Whether reading may fail so because of what was planted: a document that nobody can read, the version's own only
/// while nothing was published, and a file only where no pin keeps it.
pub(crate) fn is_unreadable(simulation: &Simulation, id: ClientId, error: &Error) -> bool {
    if !is_attacked(simulation) {
        return false;
    }
    match error {
        Error::Integrity(integrity) => match &**integrity {
            Integrity::Damaged { key, .. } if key.as_str().contains("/.cstore/versions/") => {
                let (began, now) = (simulation.began(id), simulation.world().now);
                simulation.reference.during(Place::Version, began, now).iter().any(Option::is_none)
            }
            Integrity::Damaged { key, .. } => key.as_str().contains("/.cstore/"),
            _ => false,
        },
        Error::S3(_) => simulation.world().memory.is_spoilt(),
        _ => false,
    }
}

/// Whether a path of the head has the key of a file of the version.
pub(crate) fn shares_keys(simulation: &Simulation) -> bool {
    let of = |client: &Client| match client.role.content() {
        Some((Place::Head, content)) => content.keys().any(|path| path.starts_with("v1/")),
        _ => false,
    };
    simulation.clients.iter().any(of)
}

pub(crate) fn of_push(
    simulation: &Simulation,
    id: ClientId,
    content: &Content,
    overwrite: bool,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    let files = digests(content);
    let states = simulation.reference.states(Place::Version);
    let unreachable = simulation.world().failed.contains(&id);
    let pushed = match pushed {
        Ok(pushed) => pushed,
        Err(Error::S3(_)) if unreachable => return Ok(()),
        Err(Error::Conflict(conflict)) => return of_refusal(simulation, content, overwrite, conflict),
        Err(error) if is_planted(simulation, error, overwrite) => return Ok(()),
        // A re-run that finds a published file replaced, which only an overwrite can do.
        Err(Error::Integrity(_)) if !overwrite && may_be_torn(simulation, Place::Version) => return Ok(()),
        // One whose version has been purged meanwhile, and published anew with other content.
        Err(Error::Integrity(_)) if !overwrite && is_published_anew(simulation, id, &files) => return Ok(()),
        // One of which a purge has deleted each put before it was looked at, which had no answer.
        Err(Error::RefusesCreate { .. }) if some(simulation, is_purge) => return Ok(()),
        Err(error) => return Err(format!("a push failed with {error:?}")),
    };
    let (began, now) = (simulation.began(id), simulation.world().now);
    if simulation.reference.is_purging(began, now) {
        return Err("a push is done all the time of which a purge has claimed the version".to_owned());
    }
    if overwrite {
        let own = (0..states.len()).filter(|at| states[*at].by == id && states[*at].files == files);
        let before =
            own.map(|at| at.checked_sub(1).and_then(|before| states[before].published().cloned())).collect::<Vec<_>>();
        if before.is_empty() {
            return Err("an overwrite is done, but was never published".to_owned());
        }
        let said = replaced(pushed);
        return if before.contains(&said) { Ok(()) } else { Err(format!("it says that it replaced {said:?}")) };
    }
    if !states.iter().any(|state| state.files == files) {
        return Err("a push is done, but its content was never published".to_owned());
    }
    let first = states.first().map(|state| state.by);
    if !some(simulation, Role::is_overwrite) && !some(simulation, is_purge) && pushed.changed != (first == Some(id)) {
        return Err(format!("it says changed: {}, but client {first:?} published", pushed.changed));
    }
    Ok(())
}

/// A push may be refused for another content, and for what is not its own to touch; never for its own content.
fn of_refusal(simulation: &Simulation, content: &Content, overwrite: bool, conflict: &Conflict) -> Result<(), Broken> {
    let other = some(simulation, |role| {
        let differs = role.content().is_some_and(|(place, other)| place == Place::Version && other != content);
        differs || matches!(role, Role::Promote { from: Place::Head })
    });
    let attacked = is_attacked(simulation);
    let is_right = match conflict {
        Conflict::Published { .. } => other && !overwrite,
        Conflict::Claimed { .. } => (other || attacked) && !overwrite,
        Conflict::KeyTaken { .. } => {
            let leaves_pieces = some(simulation, Role::is_overwrite) || some(simulation, is_purge);
            shares_keys(simulation) || !overwrite && (attacked || other && leaves_pieces)
        }
        // Of one who never ends nobody gets ahead; and what is to be corrected may be purged.
        Conflict::KeepsChanging { .. } => {
            attacked && simulation.adversary.is_some() || some(simulation, is_purge) && !overwrite
        }
        Conflict::Purging { .. } => some(simulation, is_purge),
        Conflict::Twin { .. }
        | Conflict::SamePrecedence { .. }
        | Conflict::HeadMoved { .. }
        | Conflict::VersionMoved { .. }
        | Conflict::ChannelMoved { .. }
        | Conflict::PointedAt { .. } => false,
    };
    if is_right { Ok(()) } else { Err(format!("a push was refused: {conflict:?}")) }
}

/// Whether a version was purged since a client began, and published with other content after that.
fn is_published_anew(simulation: &Simulation, id: ClientId, files: &Digests) -> bool {
    let states = simulation.reference.states(Place::Version).iter().filter(|state| state.since >= simulation.began(id));
    let mut since_purge = states.skip_while(|state| state.published().is_some());
    since_purge.any(|state| state.published().is_some_and(|published| published != files))
}

/// What a push says that its swap has replaced.
fn replaced(pushed: &Pushed) -> Option<Digests> {
    let entries = pushed.replaced.as_ref()?;
    Some(entries.iter().map(|entry| (entry.path.to_string(), entry.sha256)).collect())
}

pub(crate) fn of_head(
    simulation: &Simulation,
    id: ClientId,
    content: &Content,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    let pushed = match pushed {
        Ok(pushed) => pushed,
        Err(Error::S3(_)) if simulation.world().failed.contains(&id) => return Ok(()),
        // A version's key that it has too: whose the object is that nobody can decrypt, nobody can tell.
        Err(Error::S3(failure)) if shares_keys(simulation) && failure.reason == Reason::KmsDenied => return Ok(()),
        Err(error) if is_planted(simulation, error, true) => return Ok(()),
        Err(Error::Conflict(conflict))
            if matches!(**conflict, Conflict::KeepsChanging { .. }) && simulation.adversary.is_some() =>
        {
            return Ok(());
        }
        Err(Error::Conflict(conflict))
            if matches!(**conflict, Conflict::KeyTaken { .. }) && shares_keys(simulation) =>
        {
            return Ok(());
        }
        // One of which a purge has deleted each put before it was looked at, which had no answer.
        Err(Error::RefusesCreate { .. }) if some(simulation, is_file_purge) => return Ok(()),
        Err(error) => return Err(format!("a push of the head failed with {error:?}")),
    };
    let own = digests(content);
    let has_all = |state: &State| own.iter().all(|(path, digest)| state.files.get(path) == Some(digest));
    let states = simulation.reference.states(Place::Head);
    let world = simulation.world();
    if !pushed.changed {
        let began = world.began.get(&id).copied().unwrap_or(world.now);
        let stood = simulation.reference.during(Place::Head, began, world.now);
        let stood = stood.into_iter().flatten().any(has_all);
        return if stood { Ok(()) } else { Err("nothing is said to have changed, but it was another".to_owned()) };
    }
    if !pushed.superseded.is_empty() && world.memory.is_versioned() {
        return Err("a path is given up where pins make it needless".to_owned());
    }
    let kept = |path: &String| !pushed.superseded.iter().any(|lost| lost.as_str() == path);
    let at = states.iter().position(|state| state.by == id);
    let swapped = at.map(|at| &states[at]);
    let before = at.and_then(|at| at.checked_sub(1)).map(|before| {
        let of_push = states[before].files.iter().filter(|(path, _)| own.contains_key(*path));
        of_push.map(|(path, digest)| (path.clone(), *digest)).collect::<Digests>()
    });
    if swapped.is_some() && replaced(pushed) != before {
        return Err(format!("it says that it replaced {:?}, not {before:?}", replaced(pushed)));
    }
    let is_there = own
        .iter()
        .filter(|(path, _)| kept(path))
        .all(|(path, digest)| swapped.is_some_and(|state| state.files.get(path) == Some(digest)));
    if is_there { Ok(()) } else { Err("a push of the head is done, but not all of it was in the head".to_owned()) }
}

fn of_pull(
    simulation: &Simulation,
    id: ClientId,
    place: Place,
    known: &[String],
    only: Option<&[String]>,
    pulled: &Result<Pulled, Error>,
) -> Result<(), Broken> {
    let world = simulation.world();
    let began = world.began.get(&id).copied().unwrap_or(world.now);
    let stood = simulation.reference.during(place, began, world.now);
    let asked = only.unwrap_or_default();
    let gave = |state: &State| match only {
        None => state.files.clone(),
        Some(_) => state.files.iter().filter(|(path, _)| asked.contains(path)).map(|(p, d)| (p.clone(), *d)).collect(),
    };
    let was_nothing = stood.iter().any(Option::is_none);
    let may_lack_files = stood.iter().flatten().any(|state| state.may_lack_files);
    let lacks = |path: &String| stood.iter().any(|state| state.is_none_or(|state| !state.files.contains_key(path)));
    match pulled {
        Ok(Pulled { files, has_manifest: true }) => {
            let is_one = stood.iter().flatten().any(|state| gave(state) == *files);
            if is_one { Ok(()) } else { Err(format!("a pull got {files:?}, which never stood")) }
        }
        Ok(Pulled { files, has_manifest: false }) if was_nothing && is_foreign(files) => Ok(()),
        // The Go tool's layout: each file the last writer's.
        Ok(_) if was_nothing && (place == Place::Head || is_attacked(simulation)) => Ok(()),
        Ok(_) => Err("a pull got what was never published".to_owned()),
        Err(Error::S3(_)) if world.failed.contains(&id) => Ok(()),
        // A path of the head that a catalog names and no manifest yet.
        Err(Error::Missing(_)) if place == Place::Head && known.iter().chain(asked).any(lacks) => Ok(()),
        // One that has met a purge of it.
        Err(Error::Missing(_))
            if place == Place::Head
                && some(simulation, is_file_purge)
                && stood.iter().flatten().any(|state| state.files.keys().any(lacks)) =>
        {
            Ok(())
        }
        Err(Error::Missing(_)) if was_nothing || may_lack_files || some(simulation, is_remove) => Ok(()),
        // Of another push, which the same purge met.
        Err(Error::Integrity(_)) if may_lack_files && !world.memory.is_versioned() => Ok(()),
        Err(Error::Integrity(_)) if may_be_torn(simulation, place) => Ok(()),
        // Where nothing is published, or nothing pins it.
        Err(Error::Integrity(_) | Error::S3(_) | Error::Missing(_))
            if is_attacked(simulation)
                && (was_nothing
                    || simulation.world().memory.is_spoilt()
                    || place == Place::Head && known.iter().chain(asked).any(lacks)) =>
        {
            Ok(())
        }
        Err(error) => Err(format!("a pull failed with {error:?}")),
    }
}

/// A purge that finished leaves nothing of what was there when it last listed the files, after its last delete of them.
fn of_purge(
    simulation: &Simulation,
    id: ClientId,
    past_channels: bool,
    purged: &Result<Purged, Error>,
) -> Result<(), Broken> {
    let world = simulation.world();
    let began = simulation.began(id);
    let purged = match purged {
        Ok(purged) => purged,
        Err(Error::S3(_)) if world.failed.contains(&id) => return Ok(()),
        Err(Error::Missing(_))
            if simulation.reference.during(Place::Version, began, world.now).iter().any(Option::is_none) =>
        {
            return Ok(());
        }
        Err(Error::Conflict(conflict)) if matches!(**conflict, Conflict::PointedAt { .. }) && !past_channels => {
            let mut stood = simulation.reference.channels.during(began, world.now).into_iter().flatten();
            let is_there = stood.any(|stand| stand.made.version() == Some(VERSION));
            return if is_there { Ok(()) } else { Err("it is refused for a channel that is not there".to_owned()) };
        }
        Err(Error::Conflict(conflict)) if matches!(**conflict, Conflict::VersionMoved { .. }) => {
            return of_moved(simulation, id);
        }
        // Another has taken over, or a claim that came late.
        Err(Error::Conflict(conflict))
            if matches!(**conflict, Conflict::Purging { .. } | Conflict::KeepsChanging { .. })
                && (world.purgers.len() > 1 || world.landed > 0) =>
        {
            return Ok(());
        }
        Err(error) if is_unreadable(simulation, id, error) => return Ok(()),
        Err(error) => return Err(format!("a purge failed with {error:?}")),
    };
    if !purged.in_the_way.is_empty() {
        return Err(format!("{:?} is in its way", purged.in_the_way));
    }
    let prefix = format!("{CONTEXT}/{VERSION}/");
    let manifest = format!("{CONTEXT}/.cstore/versions/{VERSION}.json");
    let listed = world.listed[&(id, prefix.clone())];
    let is_last = |((client, key), at): (&(ClientId, String), &u64)| {
        *client != id || *at < listed || !key.starts_with(&prefix) && *key != manifest
    };
    if !world.deleted.iter().all(is_last) {
        return Err("it does not look at what it has left".to_owned());
    }
    match what_is_left(&world.memory).into_iter().find(|left| world.put_at.get(left).is_none_or(|at| *at < listed)) {
        Some(left) => Err(format!("it has left {left:?}")),
        None => Ok(()),
    }
}

/// A purge that was told that something else is published than was shown has removed nothing of it.
fn of_moved(simulation: &Simulation, id: ClientId) -> Result<(), Broken> {
    let seen = simulation.clients[id].declared.borrow().seen.clone();
    let Some(seen) = seen else { return Err("it was shown nothing that could have moved".to_owned()) };
    let world = simulation.world();
    let stood = simulation.reference.during(Place::Version, simulation.began(id), world.now);
    if !stood.iter().flatten().any(|state| Some(&state.files) != seen.as_ref() || state.since >= simulation.began(id)) {
        return Err("nobody has published anything else".to_owned());
    }
    let files = format!("{CONTEXT}/{VERSION}/");
    match world.deleted.keys().find(|(client, key)| *client == id && key.starts_with(&files)) {
        Some((_, key)) => Err(format!("it has deleted {key}, and is told that it was refused")),
        None => Ok(()),
    }
}

/// The S3 versions that are the version's, by key and id.
pub(crate) fn what_is_left(memory: &Memory) -> Vec<(String, String)> {
    let manifest = format!("{CONTEXT}/.cstore/versions/{VERSION}.json");
    let listed = memory.list_versions("").into_iter().filter(|listed| listed.content.is_some());
    let is_own = |listed: &ListedVersion| {
        let says = memory.head(&listed.key, Some(&listed.version)).unwrap().metadata.get("cstore-version").cloned();
        let is_file = listed.key.as_str().starts_with(&format!("{CONTEXT}/{VERSION}/"));
        listed.key.as_str() == manifest || is_file && says.as_deref() == Some(VERSION)
    };
    listed.filter(is_own).map(|own| (own.key.to_string(), own.version.as_str().to_owned())).collect()
}

/// Where pulls may fail for a while: nothing pins, and something is replaced.
pub(crate) fn may_be_torn(simulation: &Simulation, place: Place) -> bool {
    simulation.world().memory.is_spoilt()
        || !simulation.world().memory.is_versioned()
            && match place {
                Place::Version => some(simulation, Role::is_overwrite),
                Place::Head => true,
            }
}
