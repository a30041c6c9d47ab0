//! Who meets at a channel, what is promised to them, and what must hold when that is over.

use cstore::name::{ChannelName, Digest, VersionName};
use cstore::store::{
    BackTo, Channel, ChannelMove, ChannelRollback, Conflict, Error, Integrity, Labels, Manifest, Missing, MoveTo,
    Moved, Movement, Progress, PushInfo, Store,
};

use crate::adapter::Simulated;
use crate::channel_reference::{STEADY, Stand, digest_of};
use crate::client::{Content, Digests, Outcome, Place, Role, VERSION, digests, fetched, push_id};
use crate::promises::{is_purge, is_unreadable, may_be_torn, some};
use crate::purges::land;
use crate::random::Random;
use crate::reference::Broken;
use crate::scenario::{Story, content};
use crate::simulation::Simulation;
use crate::world::ClientId;

/// What a mover is to do.
#[derive(Debug, Clone)]
pub(crate) struct ChannelOrder {
    /// None to move it to nothing.
    pub(crate) to: Option<&'static str>,
    /// The id of a move, or a version.
    pub(crate) expects: Option<String>,
    /// Whether there must be no channel yet.
    pub(crate) expects_new: bool,
    pub(crate) force: bool,
    pub(crate) only_to_what_is_new: bool,
    pub(crate) label: Option<String>,
}

/// What a pull of the channel delivered.
#[derive(Debug, Clone)]
pub(crate) struct PulledChannel {
    /// The move that it stood at.
    push_id: String,
    files: Digests,
}

impl ChannelOrder {
    /// To a version, whatever the channel points at.
    fn to(version: &'static str) -> Self {
        let (expects, expects_new) = (None, false);
        Self { to: Some(version), expects, expects_new, force: false, only_to_what_is_new: false, label: None }
    }
}

fn name() -> ChannelName {
    ChannelName::new("prod").unwrap()
}

/// What the versions are that nobody replaces.
pub(crate) fn content_of(version: &str) -> Content {
    Content::from([("one/.env".to_owned(), format!("OF={version}\n"))])
}

pub(crate) fn is_of_channel(role: &Role) -> bool {
    matches!(role, Role::MoveChannel(_) | Role::RollChannelBack { .. } | Role::PullChannel { .. })
}

pub(crate) async fn move_channel(
    store: &Store<Simulated>,
    order: ChannelOrder,
    info: PushInfo,
) -> Result<Moved, Error> {
    let ChannelOrder { to, expects, expects_new, force, only_to_what_is_new, label } = order;
    let version = |name| MoveTo::Version { version: VersionName::new(name).unwrap(), expect: None };
    let order = ChannelMove {
        channel: name(),
        to: to.map_or(MoveTo::Nothing, version),
        labels: Labels::new(&label.map_or(String::new(), |value| format!("image={value}"))).unwrap(),
        expect_current: expects,
        expect_new: expects_new,
        force,
        only_to_what_is_new,
        dry_run: false,
        info,
        progress: Progress::default(),
    };
    store.move_channel(&order).await
}

pub(crate) async fn roll_channel_back(
    store: &Store<Simulated>,
    to: Option<&str>,
    expects: Option<String>,
    info: PushInfo,
) -> Result<Moved, Error> {
    let rollback = ChannelRollback {
        channel: name(),
        to: to.map_or(BackTo::Before, |version| BackTo::Version(VersionName::new(version).unwrap())),
        expect: None,
        expect_current: expects,
        dry_run: false,
        info,
        progress: Progress::default(),
    };
    store.roll_channel_back(&rollback).await
}

/// As the command pulls one.
pub(crate) async fn pull_channel(store: &Store<Simulated>, known: &[String]) -> Result<PulledChannel, Error> {
    let channel = name();
    let pull = async |version: &VersionName, digest: Digest| {
        let check = |manifest: Option<&Manifest>| Channel::require_target(&channel, (version, digest), manifest);
        fetched(store, Some(version), known, None, false, check).await
    };
    let is_lost = |error: &Error| matches!(error, Error::Missing(_) | Error::Integrity(_));
    let (channel, pulled) = store.follow(&channel, pull, is_lost).await?;
    Ok(PulledChannel { push_id: channel.push_id().to_owned(), files: pulled.files })
}

/// Who has been there before, and who takes part.
pub(crate) fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let push = |content: &Content, overwrite| Role::Push { content: content.clone(), overwrite };
    let contents = [content(random, "a"), content(random, "b")];
    let mut before = vec![push(&contents[0], false)];
    before.extend(STEADY.map(|version| Role::Publish { version }));
    let moves = if story == Story::MovesAndRollbacks { 2 + random.below(3) } else { random.below(3) };
    let mut stands_at = None;
    for _ in 0..moves {
        let others: Vec<_> = targets().into_iter().filter(|to| *to != stands_at).collect();
        stands_at = *random.pick(&others);
        let (expects, label) = (None, label(random));
        before.push(Role::MoveChannel(ChannelOrder {
            to: stands_at,
            expects,
            expects_new: false,
            force: false,
            only_to_what_is_new: false,
            label,
        }));
    }
    let is_moved_on = matches!(story, Story::MovesAndOverwrites | Story::MovesAndPurges) && random.chance(50);
    if is_moved_on && stands_at != Some(VERSION) {
        before.push(Role::MoveChannel(ChannelOrder::to(VERSION)));
    }
    let last = (is_moved_on || moves > 0).then(|| push_id(before.len() - 1));
    let several = 1 + random.below(2);
    let mut during = Vec::new();
    match story {
        Story::MovesAndRollbacks => {
            during.extend((0..several).map(|_| roll_back(last.as_ref(), random)));
            during.push(if random.chance(70) {
                mover(last.as_ref(), random)
            } else {
                roll_back(last.as_ref(), random)
            });
        }
        // What pulls have read the channel for is going, and the channel is moved on: they start over.
        Story::MovesAndOverwrites | Story::MovesAndPurges if is_moved_on => {
            during.push(match story {
                Story::MovesAndPurges => Role::Purge { past_channels: true, is_shown: false },
                _ => push(&contents[1], true),
            });
            during.push(Role::MoveChannel(ChannelOrder::to(STEADY[0])));
            during.extend((0..2).map(|_| Role::PullChannel { known: contents[0].keys().cloned().collect() }));
        }
        Story::MovesAndOverwrites => {
            during.push(push(&contents[1], true));
            if random.chance(30) {
                during.push(push(random.pick(&contents), true));
            }
            during.extend((0..several).map(|_| to_what_all_contend_for(mover(last.as_ref(), random), random)));
        }
        Story::MovesAndPurges => {
            during.push(Role::Purge { past_channels: random.chance(30), is_shown: false });
            during.extend((0..several).map(|_| to_what_all_contend_for(mover(last.as_ref(), random), random)));
            if random.chance(40) {
                during.push(push(random.pick(&contents), false));
            }
        }
        _ => during.extend((0..=several).map(|_| mover(last.as_ref(), random))),
    }
    for _ in 0..random.below(3) {
        let known = if random.chance(50) { contents[0].keys().cloned().collect() } else { Vec::new() };
        during.push(Role::PullChannel { known });
    }
    (before, during)
}

fn targets() -> Vec<Option<&'static str>> {
    vec![Some(VERSION), Some(VERSION), Some(STEADY[0]), Some(STEADY[1]), None]
}

fn label(random: &mut Random) -> Option<String> {
    random.chance(40).then(|| format!("sha256:{}", random.below(3)))
}

/// Of what stood there before, by its id, or of a version; mostly of nothing.
fn expects(last: Option<&String>, random: &mut Random) -> Option<String> {
    match random.below(10) {
        0..4 => last.cloned(),
        4 => Some((*random.pick(&[VERSION, STEADY[0]])).to_owned()),
        _ => None,
    }
}

fn mover(last: Option<&String>, random: &mut Random) -> Role {
    let to = *random.pick(&targets());
    Role::MoveChannel(ChannelOrder {
        to,
        expects: expects(last, random),
        expects_new: random.chance(if last.is_none() { 40 } else { 5 }),
        force: random.chance(30),
        only_to_what_is_new: to.is_some() && random.chance(20),
        label: label(random),
    })
}

fn roll_back(last: Option<&String>, random: &mut Random) -> Role {
    let to = if random.chance(60) { None } else { Some(*random.pick(&[VERSION, STEADY[0], STEADY[1]])) };
    Role::RollChannelBack { to, expects: expects(last, random) }
}

fn to_what_all_contend_for(role: Role, random: &mut Random) -> Role {
    match role {
        Role::MoveChannel(order) if random.chance(80) => Role::MoveChannel(ChannelOrder { to: Some(VERSION), ..order }),
        role => role,
    }
}

/// What is promised to a mover, or to a rollback.
pub(crate) fn of_move(simulation: &Simulation, id: ClientId, moved: &Result<Box<Moved>, Error>) -> Result<(), Broken> {
    let (world, reference) = (simulation.world(), &simulation.reference);
    let channels = &reference.channels;
    let (began, now) = (simulation.began(id), world.now);
    let own = channels.stands.iter().position(|stand| stand.by == id);
    let error = match (moved.as_ref().map(|moved| &moved.what), own) {
        (Ok(Movement::Moved(from)), Some(own)) => {
            let before = own.checked_sub(1).map(|before| &channels.stands[before].made.push_id);
            if from.as_ref().map(|from| &from.push_id) != before {
                return Err(format!("it says that it moved the channel from {from:?}"));
            }
            let Stand { since, made, .. } = &channels.stands[own];
            let Some(target) = &made.target else { return Ok(()) };
            // It has looked once more since its put.
            let is_going = target.0 == VERSION && reference.is_purging(*since, now);
            let is_there = reference.was_published(target, *since, now) && !is_going;
            return if is_there { Ok(()) } else { Err("it is done, and its target was going all the time".to_owned()) };
        }
        (Ok(Movement::Unchanged), None) => {
            let mut stood = channels.during(began, now).into_iter().flatten();
            let is_there = stood.any(|stand| is_where(simulation, id, stand));
            return if is_there { Ok(()) } else { Err("it is said to stand there, and never did".to_owned()) };
        }
        (Ok(Movement::KeptLabels), None) => {
            let Role::MoveChannel(order) = &simulation.clients[id].role else {
                return Err("a rollback keeps labels".to_owned());
            };
            let mut stood = channels.during(began, now).into_iter().flatten();
            let was_there = stood.any(|Stand { made, .. }| {
                made.version() == order.to
                    && made.target.as_ref().is_some_and(|target| reference.was_published(target, began, now))
            });
            let is_right = order.only_to_what_is_new && was_there;
            return if is_right { Ok(()) } else { Err("it is said to stand there, and never did".to_owned()) };
        }
        (Ok(Movement::LeftWhereItIs), None) => {
            let Role::MoveChannel(order) = &simulation.clients[id].role else {
                return Err("left by a rollback".to_owned());
            };
            let has_stood = channels.stands.iter().any(|stand| stand.made.version() == order.to);
            let is_right = order.only_to_what_is_new && has_stood;
            return if is_right { Ok(()) } else { Err("it is left where it is, though that is new to it".to_owned()) };
        }
        (Ok(what), own) => return Err(format!("it says {what:?}, and has moved: {}", own.is_some())),
        (Err(Error::S3(_)), _) if world.failed.contains(&id) => return Ok(()),
        (Err(error), _) => error,
    };
    let is_planted = own.is_none() && is_unreadable(simulation, id, error);
    if is_planted || is_true_refusal(simulation, id, own, error) {
        Ok(())
    } else {
        Err(format!("a move failed with {error:?}"))
    }
}

/// Whether the channel stands where a mover wants it.
fn is_where(simulation: &Simulation, id: ClientId, stand: &Stand) -> bool {
    let Stand { made, .. } = stand;
    let (began, now) = (simulation.began(id), simulation.world().now);
    let was_read = made.target.as_ref().is_none_or(|target| simulation.reference.was_published(target, began, now));
    match &simulation.clients[id].role {
        Role::MoveChannel(order) => {
            made.version() == order.to && made.labels.get("image") == order.label.as_ref() && was_read
        }
        Role::RollChannelBack { to: Some(version), .. } => {
            was_read && simulation.reference.channels.stays_at(stand, version)
        }
        _ => false,
    }
}

fn is_true_refusal(simulation: &Simulation, id: ClientId, own: Option<usize>, error: &Error) -> bool {
    let (world, reference) = (simulation.world(), &simulation.reference);
    let channels = &reference.channels;
    let (began, now) = (simulation.began(id), world.now);
    let (expects, expects_new, force, back_to) = match &simulation.clients[id].role {
        Role::MoveChannel(order) => (order.expects.as_ref(), order.expects_new, order.force, None),
        Role::RollChannelBack { to, expects } => (expects.as_ref(), false, false, Some(to)),
        _ => return false,
    };
    let was_nothing = || reference.during(Place::Version, began, now).iter().any(Option::is_none);
    let was_another = |from| {
        let of = own.map(|own| &channels.stands[own].made.target);
        let states = reference.during(Place::Version, from, now);
        states.into_iter().flatten().any(|state| {
            let digest = digest_of(&state.files);
            of.is_none_or(|of| of.as_ref().is_some_and(|(_, moved)| *moved != digest))
        })
    };
    match error {
        Error::Conflict(conflict) => match &**conflict {
            Conflict::ChannelMoved { .. } => {
                let others = channels.stands.iter().any(|stand| stand.since >= began);
                let was_there = expects_new && channels.during(began, now).iter().any(Option::is_some);
                own.is_none() && (channels.was_another(expects, began, now) || was_there || !force && others)
            }
            Conflict::Purging { .. } => own.is_none() && some(simulation, is_purge),
            _ => false,
        },
        Error::Missing(missing) => match &**missing {
            Missing::Version { .. } | Missing::Unpublished { .. } => {
                own.is_none() && back_to.is_none() && was_nothing()
            }
            Missing::MovedTarget { is_purging, .. } => {
                own.is_some() && some(simulation, is_purge) && (*is_purging || was_nothing())
            }
            Missing::Channel { .. } => back_to.is_some() && channels.during(began, now).iter().any(Option::is_none),
            Missing::EarlierTarget { .. } => back_to.is_some_and(|to| {
                let (first, last) = (channels.during(0, began).len() - 1, channels.during(0, now).len() - 1);
                (first..=last).any(|moves| channels.back_from(moves, *to).is_none())
            }),
            Missing::BackTarget { .. } => own.is_none() && back_to.is_some() && was_nothing(),
            _ => false,
        },
        Error::Integrity(integrity) => match &**integrity {
            Integrity::MovedTarget { .. } => own.is_some_and(|own| was_another(channels.stands[own].since)),
            Integrity::BackTarget { .. } => own.is_none() && back_to.is_some() && was_another(began),
            _ => false,
        },
        _ => false,
    }
}

/// What is promised to a pull of the channel: it is whole, or fails for what the channel points at by then.
pub(crate) fn of_channel_pull(
    simulation: &Simulation,
    id: ClientId,
    pulled: &Result<PulledChannel, Error>,
) -> Result<(), Broken> {
    let (world, reference) = (simulation.world(), &simulation.reference);
    let (began, now) = (simulation.began(id), world.now);
    let stood = reference.channels.during(began, now);
    let error = match pulled {
        Ok(PulledChannel { push_id, files }) => {
            let mut stood = stood.into_iter().flatten().filter(|stand| stand.made.push_id == *push_id);
            let is_one =
                stood.any(|stand| stand.made.target.as_ref().is_some_and(|(_, digest)| *digest == digest_of(files)));
            return if is_one { Ok(()) } else { Err(format!("a pull of the channel got {files:?} of {push_id}")) };
        }
        Err(Error::S3(_)) if world.failed.contains(&id) => return Ok(()),
        Err(error) if is_unreadable(simulation, id, error) => return Ok(()),
        Err(error) => error,
    };
    let states = reference.during(Place::Version, began, now);
    let is_broken = |digest: &Digest| {
        let is_another = |state: &crate::reference::State| state.may_lack_files || digest_of(&state.files) != *digest;
        states.iter().any(|state| state.is_none_or(is_another)) || may_be_torn(simulation, Place::Version)
    };
    // What it read last.
    let read_at = world.channel_reads.get(&id).map_or(now, |(_, last)| *last);
    let is_right = match (error, reference.channels.at(read_at).map(|stand| &stand.made.target)) {
        (Error::Missing(missing), None) => matches!(**missing, Missing::Channel { .. }),
        (Error::Missing(missing), Some(None)) => matches!(**missing, Missing::NoTarget { .. }),
        (Error::Missing(_) | Error::Integrity(_), Some(Some((version, digest)))) => {
            version == VERSION && is_broken(digest)
        }
        _ => false,
    };
    if is_right { Ok(()) } else { Err(format!("a pull of the channel failed with {error:?}")) }
}

/// With nobody else about: what broke off is done again, what is late comes, and the channel goes forward and back.
pub(crate) fn conclude(simulation: &mut Simulation, random: &mut Random) -> Result<(), Broken> {
    let took_part = simulation.clients.len();
    look(simulation)?;
    let some_of_late = random.below(simulation.world().late().len() + 1);
    land(simulation, random, some_of_late, look)?;
    for client in simulation.done_before..took_part {
        let role = simulation.clients[client].role.clone();
        let Role::MoveChannel(order) = &role else { continue };
        let must_succeed = order.expects.is_none() && !order.expects_new && order.to != Some(VERSION);
        if !matches!(simulation.clients[client].outcome, Some(Outcome::Moved(Ok(_)))) {
            let again = &simulation.run_alone(role.clone())?.outcome;
            if must_succeed && !matches!(again, Some(Outcome::Moved(Ok(_)))) {
                return Err(format!("the same move again failed: {again:?}"));
            }
        }
    }
    let rest = simulation.world().late().len();
    land(simulation, random, rest, look)?;
    let order = ChannelOrder {
        to: Some(STEADY[0]),
        expects: None,
        expects_new: false,
        force: random.chance(50),
        only_to_what_is_new: false,
        label: Some("sha256:of-the-last".to_owned()),
    };
    alone(simulation, Role::MoveChannel(order))?;
    look(simulation)?;
    let channels = &simulation.reference.channels;
    let back = channels.back_from(channels.stands.len(), None).map(|stand| stand.made.version() != Some(VERSION));
    let expects = channels.stands.last().map(|stand| stand.made.push_id.clone());
    let roll_back = Role::RollChannelBack { to: None, expects };
    match back {
        Some(true) => alone(simulation, roll_back)?,
        // There may be nothing to go back to, or what there was is gone.
        _ => drop(simulation.run_alone(roll_back)?),
    }
    look(simulation)
}

fn alone(simulation: &mut Simulation, role: Role) -> Result<(), Broken> {
    match &simulation.run_alone(role)?.outcome {
        Some(Outcome::Moved(Ok(_))) => Ok(()),
        other => Err(format!("a move with nobody about failed: {other:?}")),
    }
}

/// A pull gets what the channel points at, if that is as it was.
fn look(simulation: &mut Simulation) -> Result<(), Broken> {
    let target = simulation.reference.channels.stands.last().and_then(|stand| stand.made.target.clone());
    let state = simulation.reference.now(Place::Version);
    let is_pinned = simulation.world().memory.is_versioned() && state.is_some_and(|state| !state.may_lack_files);
    let expected = target.and_then(|(version, digest)| match state {
        _ if version != VERSION => Some(digests(&content_of(&version))),
        Some(state) if is_pinned && digest_of(&state.files) == digest => Some(state.files.clone()),
        _ => None,
    });
    for known in [Vec::new(), content_of(VERSION).into_keys().collect()] {
        let pull = simulation.run_alone(Role::PullChannel { known })?;
        match (&pull.outcome, &expected) {
            (Some(Outcome::PulledChannel(Ok(pulled))), Some(expected)) if pulled.files == *expected => {}
            (_, None) => {}
            (other, _) => return Err(format!("the channel points at {expected:?}, but a pull got {other:?}")),
        }
    }
    Ok(())
}
