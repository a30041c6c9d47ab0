//! Who meets a purge of files of the head, and what must hold when that is over.

use cstore::name::ConfigPath;
use cstore::s3::{Key, ListedVersion};
use cstore::store::{Conflict, Error, Missing, PurgeProgress, Purged, PushInfo, Store};

use crate::adapter::Simulated;
use crate::change::{Attempt, Declared, From};
use crate::client::{CONTEXT, Content, Digests, Outcome, Place, Role, push_id};
use crate::conclusion::remove_planted_settings;
use crate::memory::Memory;
use crate::promises::{is_attacked, is_unreadable, may_be_torn, some};
use crate::purges::land;
use crate::random::Random;
use crate::reference::Broken;
use crate::scenario::{Story, content};
use crate::simulation::Simulation;
use crate::world::ClientId;

/// What another tool has left at the key of one of the files.
const FOREIGN: &str = "FOREIGN=1\n";

pub(crate) fn is_file_purge(role: &Role) -> bool {
    matches!(role, Role::PurgeFiles { .. })
}

/// Whether the same bytes, put anew, cannot be told from what was there before, so that a purge may delete them.
pub(crate) fn is_untold(memory: &Memory) -> bool {
    !memory.has_unique_etags() && !memory.is_versioned()
}

/// Removes files from the head; as somebody who was shown them first, or at once.
pub(crate) async fn purge_files(
    store: &Store<Simulated>,
    paths: &[String],
    is_shown: bool,
    info: &PushInfo,
    declared: &Declared,
) -> Result<Purged, Error> {
    let paths: Vec<_> = paths.iter().map(|path| ConfigPath::new(path).unwrap()).collect();
    if !is_shown {
        return store.purge_files(&paths, info, None, &PurgeProgress::default()).await;
    }
    let base = store.plan_purge_of_files(&paths).await?.base;
    let seen = |path: &ConfigPath| base.entries().iter().find(|entry| entry.path == *path).map(|entry| entry.sha256);
    let bases = paths.iter().map(|path| (path.to_string(), seen(path))).collect();
    *declared.borrow_mut() = Attempt { bases, ..Attempt::default() };
    store.purge_files(&paths, info, Some(&base), &PurgeProgress::default()).await
}

/// Lays down what has been there before everything else.
pub(crate) fn prepare(simulation: &Simulation, random: &mut Random) {
    if random.chance(20) {
        simulation.world_mut().memory.put_foreign(&key("one/.env"), FOREIGN);
    }
}

/// Who has been there before, and who takes part.
pub(crate) fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let of_head = |content: &Content| Role::PushHead { content: content.clone(), kms_key: None };
    let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
    let mut before = vec![of_head(&contents[0])];
    if random.chance(50) {
        before.push(of_head(&contents[1]));
    }
    let mut paths: Vec<_> = contents[0].keys().cloned().collect();
    paths.truncate(1 + random.below(2));
    let purge = |random: &mut Random| Role::PurgeFiles { paths: paths.clone(), is_shown: random.chance(50) };
    let mut during = vec![purge(random)];
    match story {
        Story::FilePurgeAndPushes => {
            during.push(of_head(random.pick(&contents)));
            if random.chance(40) {
                during.push(of_head(random.pick(&contents)));
            }
        }
        Story::FilePurgeAndChanges => {
            for name in ["d", "e"].iter().take(1 + random.below(2)) {
                let lines = Content::from([(paths[0].clone(), format!("{name}=1\n"))]);
                during.push(Role::Change { lines, from: From::Reading, merges: random.chance(50) });
            }
        }
        Story::TwoFilePurges => {
            during.push(purge(random));
            during.push(of_head(random.pick(&contents)));
        }
        Story::FilePurgeAndRollback => {
            during.push(Role::Rollback { to_version: false, exact: true });
            if random.chance(40) {
                during.push(of_head(random.pick(&contents)));
            }
        }
        _ => {
            // A version whose file has the key of the file that is purged.
            let shared = Content::from([("one/.env".to_owned(), "VERSION=1\n".to_owned())]);
            let own = Content::from([("v1/one/.env".to_owned(), "HEAD=1\n".to_owned())]);
            before = vec![of_head(&contents[0]), of_head(&own)];
            during = vec![Role::PurgeFiles { paths: vec!["v1/one/.env".to_owned()], is_shown: random.chance(50) }];
            during.push(Role::Push { content: shared, overwrite: random.chance(70) });
        }
    }
    for _ in 0..random.below(3) {
        let known = if random.chance(50) { paths.clone() } else { Vec::new() };
        during.push(Role::Pull { place: Place::Head, known, only: None });
    }
    (before, during)
}

/// A purge that finished has taken the files out of the head, and leaves nothing that was put before that, or that its last
/// listing shows and no push can list any more.
pub(crate) fn of_file_purge(
    simulation: &Simulation,
    id: ClientId,
    paths: &[String],
    purged: &Result<Purged, Error>,
) -> Result<(), Broken> {
    let world = simulation.world();
    let (began, now) = (simulation.began(id), world.now);
    let states = simulation.reference.states(Place::Head);
    let own = states.iter().find(|state| state.by == id);
    let purged = match purged {
        Ok(purged) => purged,
        Err(Error::S3(_)) if world.failed.contains(&id) => return Ok(()),
        Err(error) if own.is_some() => return Err(format!("it has swapped the head, and is told {error:?}")),
        Err(Error::Missing(missing)) if matches!(**missing, Missing::Files { .. }) => {
            let lacks = |files: &Digests| paths.iter().any(|path| !files.contains_key(path));
            let stood = simulation.reference.during(Place::Head, began, now);
            let was_gone = stood.iter().flatten().any(|state| lacks(&state.files));
            return if was_gone { Ok(()) } else { Err(format!("the files stood, and it is told {missing:?}")) };
        }
        Err(Error::Conflict(conflict)) if matches!(**conflict, Conflict::HeadMoved { .. }) => {
            let has_moved = states.iter().any(|state| state.since >= began && state.by != id);
            return if has_moved { Ok(()) } else { Err("nobody has moved the head".to_owned()) };
        }
        Err(error) if is_unreadable(simulation, id, error) => return Ok(()),
        Err(error) => return Err(format!("a purge of files failed with {error:?}")),
    };
    let Some(own) = own else { return Err("it is done, and the files have not left the head".to_owned()) };
    if !purged.in_the_way.is_empty() {
        return Err(format!("{:?} is in its way", purged.in_the_way));
    }
    for path in paths {
        let key = key(path);
        let listed = world.listed[&(id, key.to_string())];
        if world.deleted.get(&(id, key.to_string())).is_some_and(|at| *at >= listed) {
            return Err("it does not look at what it has left".to_owned());
        }
        for left in what_is_left(&world.memory, path) {
            let put_at = world.put_at.get(&(key.to_string(), left.version.as_str().to_owned())).copied().unwrap_or(0);
            let meta = world.memory.head(&key, Some(&left.version)).unwrap();
            let knows = meta.metadata.get("cstore-purge").is_some_and(|known| knows_of(simulation, known, own.since));
            // Without pins, bytes that somebody plants over the same bytes of a later push are those of that push.
            let present = states.last().and_then(|state| state.files.get(path));
            let digest = || world.memory.digest(&key, Some(&left.version));
            let is_of_head = is_attacked(simulation) && present.is_some() && digest().as_ref() == present;
            if put_at < own.since || put_at < listed && !knows && !is_of_head {
                return Err(format!("it has left {left:?}"));
            }
        }
    }
    Ok(())
}

/// Whether a purge, by its id, swapped the head then or later.
fn knows_of(simulation: &Simulation, known: &str, since: u64) -> bool {
    let states = simulation.reference.states(Place::Head);
    states.iter().any(|state| state.since >= since && push_id(state.by) == known)
}

fn key(path: &str) -> Key {
    Key::new(format!("{CONTEXT}/{path}")).unwrap()
}

/// The S3 versions of a file of the head that are the head's.
fn what_is_left(memory: &Memory, path: &str) -> Vec<ListedVersion> {
    let key = key(path);
    let listed = memory.list_versions(key.as_str()).into_iter();
    let is_own = |listed: &ListedVersion| {
        let metadata = memory.head(&listed.key, Some(&listed.version)).unwrap().metadata;
        metadata.contains_key("cstore-push-id") && !metadata.contains_key("cstore-version")
    };
    listed.filter(|listed| listed.key == key && listed.content.is_some()).filter(is_own).collect()
}

/// Looks at the head after a schedule, purges again, lets come what is late, and pushes anew.
pub(crate) fn conclude(simulation: &mut Simulation, random: &mut Random) -> Result<(), Broken> {
    let roles = simulation.clients.iter().map(|client| &client.role);
    let paths = roles.clone().find_map(|role| match role {
        Role::PurgeFiles { paths, .. } => Some(paths.clone()),
        _ => None,
    });
    let paths = paths.unwrap();
    look(simulation)?;
    let some_of_late = random.below(simulation.world().late().len() + 1);
    land(simulation, random, some_of_late, look)?;
    purge_again(simulation, &paths)?;
    let rest = simulation.world().late().len();
    land(simulation, random, rest, look)?;
    purge_again(simulation, &paths)?;
    if is_attacked(simulation) {
        remove_planted_settings(simulation);
    }
    let anew: Content = paths.iter().map(|path| (path.clone(), format!("NEW={path}\n"))).collect();
    let pushed = simulation.run_alone(Role::PushHead { content: anew.clone(), kms_key: None })?.pushed().cloned();
    match pushed {
        Some(Ok(_)) => {}
        Some(Err(Error::Conflict(_))) if shares(simulation) => return Ok(()),
        other => return Err(format!("a push after the purge failed: {other:?}")),
    }
    let only = Some(paths);
    match &simulation.run_alone(Role::Pull { place: Place::Head, known: Vec::new(), only })?.outcome {
        Some(Outcome::Pulled(Ok(pulled))) if pulled.files == crate::client::digests(&anew) => Ok(()),
        other => Err(format!("a push after the purge is done, but a pull got {other:?}")),
    }
}

fn shares(simulation: &Simulation) -> bool {
    some(simulation, |role| matches!(role, Role::Push { .. }))
}

/// With nobody else about, what broke off is finished, and nothing is left.
fn purge_again(simulation: &mut Simulation, paths: &[String]) -> Result<(), Broken> {
    let role = Role::PurgeFiles { paths: paths.to_vec(), is_shown: true };
    match &simulation.run_alone(role)?.outcome {
        Some(Outcome::Purged(Ok(_))) => {}
        Some(Outcome::Purged(Err(Error::Missing(missing)))) if matches!(**missing, Missing::Files { .. }) => {}
        other => return Err(format!("the purge again failed: {other:?}")),
    }
    for path in paths {
        let left = what_is_left(&simulation.world().memory, path);
        if !left.is_empty() {
            return Err(format!("the purge again has left {left:?}"));
        }
        let only = Some(vec![path.clone()]);
        let is_planted = is_attacked(simulation) && simulation.world().memory.head(&key(path), None).is_some();
        let paused = simulation.world().pauses.values().sum::<u32>();
        match &simulation.run_alone(Role::Pull { place: Place::Head, known: Vec::new(), only })?.outcome {
            Some(Outcome::Pulled(Err(Error::Missing(missing)))) if matches!(**missing, Missing::Files { .. }) => {}
            // What was planted at its key is another's, as what another tool puts there.
            _ if is_planted => continue,
            other => return Err(format!("what was purged is pulled: {other:?}")),
        }
        if !is_planted && simulation.world().pauses.values().sum::<u32>() > paused {
            return Err("a pull waits for what was purged".to_owned());
        }
    }
    look(simulation)
}

/// A pull of the head is whole, or ends with its right code.
fn look(simulation: &mut Simulation) -> Result<(), Broken> {
    let Some(state) = simulation.reference.now(Place::Head) else { return Err("there is no head".to_owned()) };
    let (standing, may_lack) = (state.files.clone(), state.may_lack_files);
    let is_torn = may_be_torn(simulation, Place::Head);
    let is_shared = is_torn && shares(simulation);
    let is_spoilt = simulation.world().memory.is_spoilt();
    for known in [Vec::new(), standing.keys().cloned().collect()] {
        match &simulation.run_alone(Role::Pull { place: Place::Head, known, only: None })?.outcome {
            Some(Outcome::Pulled(Ok(pulled))) if pulled.files == standing => {}
            Some(Outcome::Pulled(Err(Error::Integrity(_)))) if is_torn => {}
            Some(Outcome::Pulled(Err(Error::Missing(_)))) if may_lack => {}
            Some(Outcome::Pulled(Err(Error::S3(_) | Error::Missing(_)))) if is_spoilt => {}
            // An overwrite of a version has taken the key, where nothing pins.
            Some(Outcome::Pulled(Err(Error::Missing(_)))) if is_shared => {}
            other => return Err(format!("the head is {standing:?}, but a pull got {other:?}")),
        }
    }
    Ok(())
}
