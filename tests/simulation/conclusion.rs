//! What must hold when a schedule is over: what pulls get, what a push of the same gets, and what late requests can
//! still do.

use cstore::s3::{BodyLimit, Key};
use cstore::store::{Conflict, Error};

use crate::change::{From, has_lines_of};
use crate::channel_reference::digest_of;
use crate::channels::{self, is_of_channel};
use crate::client::{Content, Outcome, Place, Pulled, Role, digests};
use crate::file_purges::{self, is_file_purge};
use crate::promises::{is_attacked, is_promotion, is_purge, is_remove, is_rollback, may_be_torn, shares_keys, some};
use crate::promotions;
use crate::purges;
use crate::random::Random;
use crate::reference::Broken;
use crate::rollbacks;
use crate::simulation::{Choice, Simulation};
use crate::world::ClientId;

/// Looks at the bucket after a schedule, pushes again what broke off, and lets come what is late.
pub(crate) fn conclude(simulation: &mut Simulation, random: &mut Random) -> Result<(), Broken> {
    if some(simulation, is_of_channel) {
        return channels::conclude(simulation, random);
    }
    if some(simulation, is_purge) {
        return purges::conclude(simulation, random);
    }
    if some(simulation, is_file_purge) {
        return file_purges::conclude(simulation, random);
    }
    let took_part = simulation.clients.len();
    let places: Vec<_> =
        [Place::Version, Place::Head].into_iter().filter(|place| concerns(simulation, *place)).collect();
    let is_calm = is_calm(simulation);
    look(simulation, &places, is_calm)?;
    nothing_of_the_head_is_lost(simulation)?;
    let some_of_late = random.below(simulation.world().late().len() + 1);
    land(simulation, random, some_of_late, &places, is_calm)?;
    nothing_of_the_head_is_lost(simulation)?;
    for client in 0..took_part {
        let broke_off = !matches!(simulation.clients[client].pushed(), Some(Ok(_)));
        if let Role::Change { lines, .. } = simulation.clients[client].role.clone() {
            if broke_off {
                change_again(simulation, &lines)?;
            }
            continue;
        }
        if simulation.clients[client].role.content().is_some() && (broke_off || random.chance(30)) {
            push_again(simulation, client)?;
        }
    }
    let rest = simulation.world().late().len();
    land(simulation, random, rest, &places, false)?;
    repair(simulation, &places)?;
    if some(simulation, is_promotion) {
        promotions::conclude(simulation)?;
    }
    if some(simulation, is_rollback) { rollbacks::conclude(simulation) } else { Ok(()) }
}

fn concerns(simulation: &Simulation, place: Place) -> bool {
    some(simulation, |role| match role {
        Role::Pull { place: other, .. } => *other == place,
        _ => role.content().is_some_and(|(other, _)| other == place),
    })
}

/// Whether nothing happened that a bucket without versioning is not promised to bear.
fn is_calm(simulation: &Simulation) -> bool {
    let of_head = |role: &Role| matches!(role, Role::PushHead { .. });
    // One that replaces whatever is there comes between the files of another, which are then not all its own.
    let is_disturbed = simulation.clients[simulation.done_before..].iter().any(|client| of_head(&client.role));
    let of_several = |role: &Role| matches!(role, Role::Change { lines, .. } if lines.len() > 1 && is_disturbed);
    let broke_off = simulation.clients.iter().any(|client| {
        client.is_killed
            || (of_head(&client.role)
                || is_rollback(&client.role)
                || is_promotion(&client.role)
                || of_several(&client.role))
                && !matches!(client.pushed(), Some(Ok(_)))
    });
    !simulation.was_late && !broke_off && simulation.world().failed.is_empty()
}

/// Pulls each way, with nobody else about.
fn look(simulation: &mut Simulation, places: &[Place], is_calm: bool) -> Result<(), Broken> {
    for &place in places {
        let standing = simulation.reference.now(place).map(|state| state.files.clone());
        let paths: Vec<_> = standing.iter().flat_map(|files| files.keys().cloned()).collect();
        for known in [Vec::new(), paths] {
            let is_spoilt = simulation.world().memory.is_spoilt();
            let is_torn = is_spoilt
                || is_shared_without_pins(simulation)
                || !is_calm && may_be_torn(simulation, place)
                || place == Place::Version && was_refused_late(simulation);
            let attacked = is_attacked(simulation);
            let removed = place == Place::Version && some(simulation, is_remove);
            let pull = simulation.run_alone(Role::Pull { place, known, only: None })?;
            let Some(Outcome::Pulled(pulled)) = &pull.outcome else { unreachable!() };
            match (pulled, &standing) {
                (Ok(pulled), Some(files)) if pulled.files == *files => {}
                (Err(Error::Missing(_)), None) => {}
                (Err(Error::Missing(_)), Some(_)) if removed => {}
                (Err(Error::Integrity(_)), Some(_)) if is_torn => {}
                (Err(Error::S3(_)), Some(_)) if is_spoilt => {}
                // What was never published, but claims to be a version of another tool's.
                (Ok(Pulled { has_manifest: false, .. }), None) if attacked => {}
                (Err(Error::Integrity(_) | Error::S3(_)), None) if attacked => {}
                (pulled, _) => return Err(format!("{standing:?} stands, but a pull got {pulled:?}")),
            }
        }
    }
    Ok(())
}

/// Whether an overwrite may take a key from a push of the head that has not listed it yet, with no pin to keep it.
fn is_shared_without_pins(simulation: &Simulation) -> bool {
    shares_keys(simulation) && some(simulation, Role::is_overwrite) && !simulation.world().memory.is_versioned()
}

/// Lets late requests arrive, or not, and looks after each.
fn land(
    simulation: &mut Simulation,
    random: &mut Random,
    times: usize,
    places: &[Place],
    is_calm: bool,
) -> Result<(), Broken> {
    for _ in 0..times {
        let index = random.below(simulation.world().late().len());
        simulation.act(if random.chance(20) { Choice::Discard(index) } else { Choice::Land(index) })?;
        look(simulation, places, is_calm)?;
    }
    Ok(())
}

/// Whoever pushed to paths of their own finds them, whatever became of others.
fn nothing_of_the_head_is_lost(simulation: &mut Simulation) -> Result<(), Broken> {
    // A rollback is there to undo them, and a promotion to replace them.
    let clients =
        if some(simulation, is_rollback) || some(simulation, is_promotion) { 0 } else { simulation.clients.len() };
    for client in 0..clients {
        let Role::PushHead { content, .. } = &simulation.clients[client].role else { continue };
        if !matches!(simulation.clients[client].pushed(), Some(Ok(_))) || meets_others(simulation, client, content) {
            continue;
        }
        let content = content.clone();
        if simulation.world().memory.is_spoilt() || is_shared_without_pins(simulation) {
            continue;
        }
        expect_pull(simulation, Place::Head, &content, "a push of the head is lost")?;
    }
    let named = simulation.reference.kms_keys();
    let lost = simulation.clients.iter().any(|client| match (&client.role, client.pushed()) {
        (Role::PushHead { content, kms_key: Some(key) }, Some(Ok(_))) => {
            content.keys().any(|path| named.get(path) != Some(key))
        }
        _ => false,
    });
    if lost { Err("a key that was named is not remembered".to_owned()) } else { Ok(()) }
}

fn meets_others(simulation: &Simulation, client: ClientId, content: &Content) -> bool {
    simulation.clients.iter().enumerate().any(|(other, met)| match met.role.content() {
        Some((Place::Head, paths)) => other != client && paths.keys().any(|path| content.contains_key(path)),
        _ => false,
    })
}

/// Pulls, of the head these paths only, and must get exactly this.
fn expect_pull(simulation: &mut Simulation, place: Place, content: &Content, otherwise: &str) -> Result<(), Broken> {
    let only = (place == Place::Head).then(|| content.keys().cloned().collect());
    let pull = simulation.run_alone(Role::Pull { place, known: Vec::new(), only })?;
    match &pull.outcome {
        Some(Outcome::Pulled(Ok(pulled))) if pulled.files == digests(content) => Ok(()),
        other => Err(format!("{otherwise}: a pull got {other:?}")),
    }
}

/// The same again, as a workflow's re-run does it: what is possible succeeds at once, and then it is there.
fn push_again(simulation: &mut Simulation, client: ClientId) -> Result<(), Broken> {
    let role = simulation.clients[client].role.clone();
    let Some((place, content)) = role.content() else { return Ok(()) };
    let must_succeed = match &role {
        _ if shares_keys(simulation) => false,
        // What stands in its way is named; `mend` puts it right.
        _ if is_attacked(simulation) => false,
        Role::Push { overwrite: true, .. } | Role::PushHead { .. } => true,
        // After an overwrite the name may be claimed, or taken, for another content.
        _ => !some(simulation, Role::is_overwrite) && claimed_for(simulation, content),
    };
    let pushed = simulation.run_alone(role.clone())?.pushed().cloned();
    let id = simulation.clients.len() - 1;
    match pushed {
        Some(Ok(_)) => {
            let waited = simulation.world().pauses.contains_key(&id);
            if waited && place == Place::Version && !is_attacked(simulation) {
                return Err("the same push again had to wait".to_owned());
            }
            expect_pull(simulation, place, content, "the same push again is done")
        }
        Some(Err(error)) if must_succeed => Err(format!("the same push again failed with {error:?}")),
        _ => Ok(()),
    }
}

/// A change that broke off, or was refused, is made on what is there; where that is what a push that broke off has left,
/// and no pin, by taking it as it is.
fn change_again(simulation: &mut Simulation, lines: &Content) -> Result<(), Broken> {
    if shares_keys(simulation) || is_attacked(simulation) {
        return Ok(());
    }
    let is_versioned = simulation.world().memory.is_versioned();
    for from in [From::Reading, From::Key] {
        let is_of_key = matches!(from, From::Key);
        let role = Role::Change { lines: lines.clone(), from, merges: true };
        let id = simulation.clients.len();
        match simulation.run_alone(role)?.pushed() {
            Some(Ok(_)) => {
                let declared = simulation.clients[id].declared.borrow().content.clone();
                if !lines.iter().all(|(path, line)| has_lines_of(&declared[path], line)) {
                    return Err("a change was made without its line".to_owned());
                }
                return expect_pull(simulation, Place::Head, &declared, "the same change again is done");
            }
            Some(Err(Error::Integrity(_) | Error::Missing(_))) if !is_versioned && !is_of_key => {}
            other => return Err(format!("the same change again failed: {other:?}")),
        }
    }
    Ok(())
}

/// Whether the version's name is free, or claimed for this content.
fn claimed_for(simulation: &Simulation, content: &Content) -> bool {
    let key = Key::new("shop/.cstore/claims/v1.json".to_owned()).unwrap();
    let Some(claim) = simulation.world().memory.get(&key, None, &BodyLimit::from(u64::MAX)).unwrap() else {
        return true;
    };
    let claim: serde_json::Value = serde_json::from_slice(claim.body.expose()).unwrap();
    claim["digest"].as_str() == Some(&digest_of(&digests(content)).to_string())
}

/// Settings that cannot be read stop every push until somebody removes them, as the message says.
pub(crate) fn remove_planted_settings(simulation: &Simulation) {
    let key = Key::new("shop/.cstore/settings.json".to_owned()).unwrap();
    let memory = &mut simulation.world_mut().memory;
    let settings = memory.get(&key, None, &BodyLimit::from(1024 * 1024)).map(|got| got.map(|it| it.body));
    let is_readable =
        |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).is_ok_and(|it| it["keys"].is_object());
    if !settings.is_ok_and(|body| body.is_some_and(|body| is_readable(body.expose()))) {
        memory.delete(&key, None);
    }
}

/// Whatever happened, an overwrite makes a version whole, and a push of all its paths the head.
fn repair(simulation: &mut Simulation, places: &[Place]) -> Result<(), Broken> {
    if shares_keys(simulation) {
        return Ok(());
    }
    if is_attacked(simulation) {
        remove_planted_settings(simulation);
    }
    for &place in places {
        let standing = simulation.reference.now(place).map(|state| state.files.clone()).unwrap_or_default();
        let of_pushes = simulation.clients.iter().filter_map(|client| client.role.content());
        let paths = of_pushes.filter(|(other, _)| *other == place).flat_map(|(_, content)| content.keys());
        let content: Content =
            paths.chain(standing.keys()).map(|path| (path.clone(), format!("REPAIRED={path}\n"))).collect();
        let role = match place {
            Place::Version => Role::Push { content: content.clone(), overwrite: true },
            Place::Head => Role::PushHead { content: content.clone(), kms_key: None },
        };
        match simulation.run_alone(role)?.pushed() {
            Some(Ok(_)) => expect_pull(simulation, place, &content, "a push that repairs is done")?,
            other => return Err(format!("a push that repairs failed: {other:?}")),
        }
    }
    Ok(())
}

/// Whether an overwrite of what somebody has seen may have replaced files before it was refused, where nothing pins.
fn was_refused_late(simulation: &Simulation) -> bool {
    let has_moved = |error: &Error| matches!(error, Error::Conflict(conflict) if matches!(**conflict, Conflict::VersionMoved { .. }));
    !simulation.world().memory.is_versioned()
        && simulation.clients.iter().any(|client| {
            matches!(&client.role, Role::Replace { .. })
                && matches!(&client.outcome, Some(Outcome::Pushed(Err(error))) if has_moved(error))
        })
}
