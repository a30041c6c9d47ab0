//! Who meets a purge, and what must hold when that is over.

use cstore::name::{Digest, VersionName};
use cstore::s3::Key;
use cstore::store::{Error, Manifest, PurgeBase, PurgeProgress, Purged, PushInfo, Store};

use crate::adapter::Simulated;
use crate::change::Declared;
use crate::client::{CONTEXT, Content, Digests, Outcome, Place, Pulled, Role, VERSION, digests};
use crate::conclusion::remove_planted_settings;
use crate::promises::{is_attacked, what_is_left};
use crate::random::Random;
use crate::reference::Broken;
use crate::scenario::{Story, content};
use crate::simulation::{Choice, Simulation};

/// A file of the head in the folder of the version's name.
const OF_THE_HEAD: &str = "v1/of-the-head";

/// What another tool has left at the key of one of the version's files.
const FOREIGN: &str = "FOREIGN=1\n";

/// Removes the version; as somebody who was shown it first, or at once.
pub(crate) async fn purge(
    store: &Store<Simulated>,
    version: &VersionName,
    (past_channels, is_shown): (bool, bool),
    info: &PushInfo,
    declared: &Declared,
) -> Result<Purged, Error> {
    if !is_shown {
        return store.purge(version, past_channels, info, None, &PurgeProgress::default()).await;
    }
    let seen = store.manifest(Some(version)).await?;
    let base = seen.as_ref().map(PurgeBase::of_version).unwrap_or_default();
    let files = |manifest: &Manifest| -> Digests {
        manifest.files.iter().map(|entry| (entry.path.to_string(), entry.sha256)).collect()
    };
    declared.borrow_mut().seen = Some(seen.as_ref().map(|seen| files(&seen.value)));
    store.purge(version, past_channels, info, Some(&base), &PurgeProgress::default()).await
}

/// Lays down what has been there before everything else.
pub(crate) fn prepare(simulation: &Simulation, random: &mut Random) {
    if random.chance(30) {
        let key = Key::new(format!("{CONTEXT}/{VERSION}/one/.env")).unwrap();
        simulation.world_mut().memory.put_foreign(&key, FOREIGN);
    }
}

/// Who has been there before, and who takes part.
pub(crate) fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let one = |random: &mut Random| Role::Purge { past_channels: false, is_shown: random.chance(50) };
    let (mut before, mut during) = (Vec::new(), vec![Role::Purge { past_channels: false, is_shown: false }]);
    let push = |content: &Content, overwrite| Role::Push { content: content.clone(), overwrite };
    let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
    let of_head = |text: &str| Content::from([(OF_THE_HEAD.to_owned(), text.to_owned())]);
    let push_head = |text: &str| Role::PushHead { content: of_head(text), kms_key: None };
    if story != Story::PurgeOfUnfinished {
        // Over what another tool has left, only an overwrite goes.
        before.push(push(&contents[0], true));
        if random.chance(50) {
            before.push(push(&contents[1], true));
        }
    }
    match story {
        Story::PurgeOfUnfinished => {
            during.extend([&contents[0], &contents[1]].map(|content| push(content, false)));
            if random.chance(30) {
                during.push(push(&contents[0], false));
            }
        }
        Story::PurgeAndOverwrites => {
            during.extend((0..1 + random.below(2)).map(|_| push(random.pick(&contents), true)));
        }
        Story::TwoPurges => {
            during.push(one(random));
            during.push(push(random.pick(&contents), random.chance(50)));
        }
        Story::PurgeBesideHead => {
            before.push(push_head("HEAD=old\n"));
            during.push(push_head("HEAD=new\n"));
        }
        _ => during.push(push(random.pick(&contents[..2]), false)),
    }
    for _ in 0..random.below(3) {
        let known: Vec<_> = if random.chance(50) { contents[0].keys().cloned().collect() } else { Vec::new() };
        during.push(Role::Pull { place: Place::Version, known, only: None });
    }
    (before, during)
}

/// Looks at the bucket after a schedule, purges again, lets come what is late, and pushes anew.
pub(crate) fn conclude(simulation: &mut Simulation, random: &mut Random) -> Result<(), Broken> {
    look(simulation)?;
    let some_of_late = random.below(simulation.world().late().len() + 1);
    land(simulation, random, some_of_late, look)?;
    purge_again(simulation)?;
    let rest = simulation.world().late().len();
    land(simulation, random, rest, look)?;
    purge_again(simulation)?;
    if simulation
        .world()
        .memory
        .list_versions(&format!("{CONTEXT}/.cstore/claims/"))
        .iter()
        .any(|left| left.content.is_some())
    {
        return Err("a claim is left".to_owned());
    }
    let content = content(random, "new");
    // What another tool has left stands in the way of all but an overwrite.
    let overwrite = is_foreign_there(simulation) || is_attacked(simulation);
    if is_attacked(simulation) {
        remove_planted_settings(simulation);
    }
    let pushed = simulation.run_alone(Role::Push { content: content.clone(), overwrite })?.pushed().cloned();
    if !matches!(pushed, Some(Ok(_))) {
        return Err(format!("a push after the purge failed: {pushed:?}"));
    }
    expect(simulation, Place::Version, Some(&digests(&content)))?;
    expect_head(simulation)
}

fn is_foreign_there(simulation: &Simulation) -> bool {
    let key = Key::new(format!("{CONTEXT}/{VERSION}/one/.env")).unwrap();
    let there = simulation.world().memory.head(&key, None);
    there.is_some_and(|meta| meta.metadata.is_empty())
}

/// With nobody else about, what broke off is finished, and nothing is left.
fn purge_again(simulation: &mut Simulation) -> Result<(), Broken> {
    let purge = simulation.run_alone(Role::Purge { past_channels: false, is_shown: false })?;
    match &purge.outcome {
        Some(Outcome::Purged(Ok(_) | Err(Error::Missing(_)))) => {}
        other => return Err(format!("the purge again failed: {other:?}")),
    }
    let left = what_is_left(&simulation.world().memory);
    if !left.is_empty() {
        return Err(format!("the purge again has left {left:?}"));
    }
    expect(simulation, Place::Version, None)?;
    expect_head(simulation)?;
    Ok(())
}

/// Whether a pull that found no manifest got just what another tool has left.
pub(crate) fn is_foreign(files: &Digests) -> bool {
    files.values().eq([&Digest::from_content(FOREIGN.as_bytes())])
}

/// Lets late requests take effect, or never do so, and looks at the bucket after each.
pub(crate) fn land(
    simulation: &mut Simulation,
    random: &mut Random,
    times: usize,
    look: fn(&mut Simulation) -> Result<(), Broken>,
) -> Result<(), Broken> {
    for _ in 0..times {
        let index = random.below(simulation.world().late().len());
        simulation.act(if random.chance(20) { Choice::Discard(index) } else { Choice::Land(index) })?;
        look(simulation)?;
    }
    Ok(())
}

/// A pull is whole, or ends with its right code.
fn look(simulation: &mut Simulation) -> Result<(), Broken> {
    let standing = simulation.reference.now(Place::Version).map(|state| state.files.clone());
    expect(simulation, Place::Version, standing.as_ref())?;
    expect_head(simulation)
}

fn expect(simulation: &mut Simulation, place: Place, standing: Option<&Digests>) -> Result<(), Broken> {
    let may_lack_files = simulation.reference.now(place).is_some_and(|state| state.may_lack_files);
    let is_torn = place == Place::Version && !simulation.world().memory.is_versioned();
    let (attacked, is_spoilt) = (is_attacked(simulation), simulation.world().memory.is_spoilt());
    let paths: Vec<_> = standing.iter().flat_map(|files| files.keys().cloned()).collect();
    for known in [Vec::new(), paths] {
        let pull = simulation.run_alone(Role::Pull { place, known, only: None })?;
        let Some(Outcome::Pulled(pulled)) = &pull.outcome else { unreachable!() };
        match (pulled, standing) {
            (Ok(pulled), Some(files)) if pulled.files == *files => {}
            (Err(Error::Missing(_)), None) => {}
            (Ok(Pulled { files, has_manifest: false }), None) if is_foreign(files) => {}
            (Err(Error::Missing(_)), Some(_)) if may_lack_files => {}
            // An overwrite that broke off, or that met the purge; where nothing pins.
            (Err(Error::Integrity(_)), Some(_)) if is_torn => {}
            (Err(Error::S3(_)), Some(_)) if is_spoilt => {}
            (Ok(Pulled { has_manifest: false, .. }) | Err(Error::Integrity(_) | Error::S3(_)), None) if attacked => {}
            (pulled, _) => return Err(format!("{standing:?} stands, but a pull got {pulled:?}")),
        }
    }
    Ok(())
}

/// The head stays as it is, whatever the version's name.
fn expect_head(simulation: &mut Simulation) -> Result<(), Broken> {
    let Some(standing) = simulation.reference.now(Place::Head).map(|state| state.files.clone()) else { return Ok(()) };
    let is_pinned = simulation.world().memory.is_versioned();
    let is_spoilt = simulation.world().memory.is_spoilt();
    let pull = simulation.run_alone(Role::Pull { place: Place::Head, known: Vec::new(), only: None })?;
    match &pull.outcome {
        Some(Outcome::Pulled(Ok(pulled))) if pulled.files == standing => Ok(()),
        // A push of it that broke off, where nothing pins.
        Some(Outcome::Pulled(Err(Error::Integrity(_)))) if !is_pinned => Ok(()),
        Some(Outcome::Pulled(Err(Error::S3(_) | Error::Missing(_)))) if is_spoilt => Ok(()),
        other => Err(format!("the head is {standing:?}, but a pull got {other:?}")),
    }
}
