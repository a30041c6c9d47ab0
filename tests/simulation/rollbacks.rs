//! Who meets a rollback of the head, and what must hold when that is over.

use std::collections::BTreeSet;

use cstore::s3::{Budget, Key};
use cstore::store::{Conflict, Error, MAX_TOTAL_BYTES, Missing, Progress, PushInfo, Pushed, RollbackTo, Store};

use crate::adapter::Simulated;
use crate::change::{Declared, From};
use crate::client::{CONTEXT, Content, Digests, Outcome, Place, Role};
use crate::file_purges::is_file_purge;
use crate::promises::{is_unreadable, may_be_torn, some};
use crate::random::Random;
use crate::reference::Broken;
use crate::scenario::{Story, content};
use crate::simulation::Simulation;
use crate::world::ClientId;

/// What a rollback is about to do.
#[derive(Debug, Clone, Default)]
pub(crate) struct Planned {
    /// What the head is.
    pub(crate) before: Option<Digests>,
    pub(crate) target: Digests,
    pub(crate) removed: BTreeSet<String>,
}

pub(crate) async fn roll_back(
    store: &Store<Simulated>,
    to: RollbackTo<'_>,
    info: &PushInfo,
    declared: &Declared,
) -> Result<Pushed, Error> {
    let rollback = store.plan_rollback(to, None).await?;
    let digests = |manifest: &cstore::store::Manifest| -> Digests {
        manifest.files.iter().map(|entry| (entry.path.to_string(), entry.sha256)).collect()
    };
    let planned = Planned {
        before: rollback.present().map(digests),
        target: digests(rollback.target()),
        removed: rollback.removed().iter().map(ToString::to_string).collect(),
    };
    let bases = planned.before.iter().flatten().map(|(path, digest)| (path.clone(), Some(*digest))).collect();
    *declared.borrow_mut() = crate::change::Attempt { bases, rollback: Some(planned), ..Default::default() };
    let budget = Budget::new(MAX_TOTAL_BYTES);
    Ok(store.roll_back(rollback, info, Progress::default(), &budget).await?.pushed)
}

/// Lays down, where nothing pins, what another tool has left at the key of a file that the version has and the head lacks.
pub(crate) fn prepare(simulation: &Simulation, random: &mut Random) {
    if random.chance(50) && !simulation.world().memory.is_versioned() {
        let key = Key::new(format!("{CONTEXT}/only-of-v")).unwrap();
        simulation.world_mut().memory.put_foreign(&key, "FOREIGN=1\n");
    }
}

/// Who has been there before, and who takes part.
pub(crate) fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let of_head = |content: &Content| Role::PushHead { content: content.clone(), kms_key: None };
    let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
    let mut before: Vec<_> = contents[..1 + random.below(3)].iter().map(of_head).collect();
    let rollback = Role::Rollback { to_version: false, exact: true };
    let mut during = vec![rollback.clone()];
    match story {
        Story::RollbackAndPushes => {
            let other = content(random, "d");
            during.push(of_head(random.pick(&[other, contents[0].clone()])));
            if random.chance(40) {
                during.push(of_head(&Content::from([("another".to_owned(), "ANOTHER=1\n".to_owned())])));
            }
        }
        Story::RollbackAndChanges => {
            for name in ["d", "e"].iter().take(1 + random.below(2)) {
                let path = *random.pick(&["one/.env", "only-of-b", "of-a-change"]);
                let lines = Content::from([(path.to_owned(), format!("{name}=1\n"))]);
                during.push(Role::Change { lines, from: From::Reading, merges: random.chance(50) });
            }
        }
        Story::TwoRollbacks => during.extend((0..1 + random.below(2)).map(|_| rollback.clone())),
        _ => {
            before.push(Role::Push { content: content(random, "v"), overwrite: false });
            during = vec![Role::Rollback { to_version: true, exact: random.chance(50) }];
            if random.chance(60) {
                during.push(Role::Push { content: content(random, "w"), overwrite: true });
            }
            if random.chance(60) {
                during.push(of_head(&content(random, "d")));
            }
        }
    }
    for _ in 0..random.below(3) {
        let known: Vec<_> = if random.chance(50) { contents[0].keys().cloned().collect() } else { Vec::new() };
        during.push(Role::Pull { place: Place::Head, known, only: None });
    }
    (before, during)
}

/// What is promised to it.
pub(crate) fn of_rollback(
    simulation: &Simulation,
    id: ClientId,
    to_version: bool,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    let world = simulation.world();
    let states = simulation.reference.states(Place::Head);
    let (began, now) = (simulation.began(id), world.now);
    let has_swapped = states.iter().any(|state| state.by == id);
    let error = match pushed {
        Ok(pushed) if pushed.changed == has_swapped && pushed.superseded.is_empty() => return Ok(()),
        Ok(pushed) => return Err(format!("it says changed: {}, but swapped: {has_swapped}", pushed.changed)),
        Err(Error::S3(_)) if world.failed.contains(&id) => return Ok(()),
        Err(error) if has_swapped => return Err(format!("it has swapped the head, and is told {error:?}")),
        Err(error) => error,
    };
    let was_nothing = |place| simulation.reference.during(place, began, now).iter().any(Option::is_none);
    let is_right = match error {
        error if is_unreadable(simulation, id, error) => true,
        Error::Conflict(conflict) => {
            matches!(**conflict, Conflict::HeadMoved { .. }) && states.iter().any(|state| state.since >= began)
        }
        Error::Missing(missing) => match &**missing {
            Missing::EarlierHead { is_first, .. } => {
                let stood = states.iter().filter(|state| state.since < began).count();
                !to_version && if *is_first { stood <= 1 } else { !world.memory.is_versioned() }
            }
            Missing::Head { .. } => !to_version && was_nothing(Place::Head),
            Missing::Version { .. } | Missing::Unpublished { .. } => to_version && was_nothing(Place::Version),
            Missing::Files { .. } => !world.memory.is_versioned() || some(simulation, is_file_purge),
            Missing::Purged { .. } => some(simulation, is_file_purge),
            _ => false,
        },
        Error::Integrity(_) => {
            may_be_torn(simulation, Place::Head) || to_version && may_be_torn(simulation, Place::Version)
        }
        _ => false,
    };
    if is_right { Ok(()) } else { Err(format!("a rollback failed with {error:?}")) }
}

/// With nobody else about, a rollback undoes the last push, and another one undoes that. What it removes is not there.
pub(crate) fn conclude(simulation: &mut Simulation) -> Result<(), Broken> {
    let extra = Content::from([("extra".to_owned(), "EXTRA=1\n".to_owned())]);
    simulation.run_alone(Role::PushHead { content: extra, kms_key: None })?;
    let version = simulation.reference.now(Place::Version).map(|state| state.files.clone());
    if simulation.world().memory.is_versioned() {
        for _ in 0..2 {
            let states = simulation.reference.states(Place::Head);
            let [.., earlier, _] = states else { return Err("there is no earlier state".to_owned()) };
            let earlier = earlier.files.clone();
            roll_back_alone(simulation, false, &earlier)?;
        }
    }
    match version {
        Some(version) => roll_back_alone(simulation, true, &version),
        None => Ok(()),
    }
}

fn roll_back_alone(simulation: &mut Simulation, to_version: bool, expected: &Digests) -> Result<(), Broken> {
    let before = simulation.reference.now(Place::Head).map(|state| state.files.clone()).unwrap_or_default();
    let is_versioned = simulation.world().memory.is_versioned();
    let done = simulation.run_alone(Role::Rollback { to_version, exact: true })?;
    match done.pushed() {
        Some(Ok(_)) => {}
        // Where nothing pins, what a rollback that broke off has left may be that of one which is under way.
        Some(Err(Error::Integrity(_))) if !is_versioned => return Ok(()),
        other => return Err(format!("a rollback with nobody about failed: {other:?}")),
    }
    let pull = |known: Vec<String>| Role::Pull { place: Place::Head, known, only: None };
    match &simulation.run_alone(pull(Vec::new()))?.outcome {
        Some(Outcome::Pulled(Ok(pulled))) if pulled.files == *expected => {}
        other => return Err(format!("{expected:?} was restored, but a pull got {other:?}")),
    }
    for path in before.into_keys().filter(|path| !expected.contains_key(path)) {
        let paused = simulation.world().pauses.values().sum::<u32>();
        match &simulation.run_alone(pull(vec![path]))?.outcome {
            Some(Outcome::Pulled(Err(Error::Missing(missing)))) if matches!(**missing, Missing::Files { .. }) => {}
            other => return Err(format!("what was removed is pulled: {other:?}")),
        }
        if simulation.world().pauses.values().sum::<u32>() > paused {
            return Err("a pull waits for what was removed".to_owned());
        }
    }
    Ok(())
}
