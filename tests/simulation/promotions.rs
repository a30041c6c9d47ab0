//! Who meets a promotion, and what must hold: what is copied is one state of its source, and it replaces nothing that
//! was not there when it looked.

use bytes::Bytes;
use cstore::name::{Digest, VersionName};
use cstore::secret::Secret;
use cstore::store::{
    Asked, Base, BaseEntry, Conflict, Error, Manifest, Missing, Progress, Push, PushFile, PushInfo, Pushed, Replaces,
    Store,
};

use crate::adapter::Simulated;
use crate::change::{Attempt, Declared, From, of_change};
use crate::client::{Content, Digests, Outcome, Place, Role, digests};
use crate::promises::{is_attacked, is_unreadable, may_be_torn, of_push};
use crate::random::Random;
use crate::reference::Broken;
use crate::scenario::{Story, content};
use crate::simulation::Simulation;
use crate::world::ClientId;

/// Copies the version to the head, or the head to the version, as the command does within one context.
pub(crate) async fn promote(
    store: &Store<Simulated>,
    from: Place,
    version: &VersionName,
    info: PushInfo,
    declared: &Declared,
) -> Result<Pushed, Error> {
    let source = (from == Place::Version).then_some(version);
    let manifest = store.existing_manifest(source).await?;
    let fetched = store.fetch_whole(source, manifest).await?;
    if fetched.manifest.is_none() {
        return Err(store.nothing_at(source, Vec::new()).await?);
    }
    let mut files: Vec<_> = fetched.files.into_iter().map(|file| copied(file.path, file.content)).collect();
    let mut attempt = Attempt::default();
    for file in &files {
        let text = String::from_utf8(file.content.expose().to_vec()).unwrap();
        attempt.content.insert(file.path.to_string(), text);
    }
    if from == Place::Version {
        let head = store.manifest(None).await?;
        for file in &mut files {
            let entry = head.as_ref().and_then(|head| head.value.entry(&file.path)).map(BaseEntry::from);
            attempt.bases.insert(file.path.to_string(), entry.as_ref().map(|entry| entry.sha256));
            file.base = Base::Known(entry);
        }
    }
    *declared.borrow_mut() = attempt;
    let order = Push { files, info, progress: Progress::default(), replaces: Replaces::Anything };
    match from {
        Place::Version => store.push_head(&order).await,
        Place::Head => store.push_version(&order, version, false).await,
    }
}

/// Overwrites a version, if it is still what is found first.
pub(crate) async fn replace(
    store: &Store<Simulated>,
    version: &VersionName,
    order: &Push,
    declared: &Declared,
) -> Result<Pushed, Error> {
    let seen = store.manifest(Some(version)).await?.map(|stored| stored.value);
    let files = |manifest: &Manifest| -> Digests {
        manifest.files.iter().map(|entry| (entry.path.to_string(), entry.sha256)).collect()
    };
    declared.borrow_mut().seen = Some(seen.as_ref().map(files));
    let replaces = Replaces::Seen(seen.as_ref().map(Manifest::digest));
    store.push_version(&Push { replaces, ..order.clone() }, version, true).await
}

/// What is promised to such an overwrite.
pub(crate) fn of_replacement(
    simulation: &Simulation,
    id: ClientId,
    content: &Content,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    match pushed {
        Err(Error::Conflict(conflict)) if matches!(**conflict, Conflict::VersionMoved { .. }) => {
            let states = simulation.reference.states(Place::Version);
            let began = simulation.began(id);
            // Where its answer was lost, others may have replaced it before it looked again.
            if states.last().is_some_and(|state| state.by == id) {
                return Err("it is published, and told that others were first".to_owned());
            }
            let has_moved = states.iter().any(|state| state.since >= began);
            if has_moved { Ok(()) } else { Err("nobody has published anything else".to_owned()) }
        }
        Err(error) if is_unreadable(simulation, id, error) => Ok(()),
        _ => of_push(simulation, id, content, true, pushed),
    }
}

fn copied(path: cstore::name::ConfigPath, content: Secret<Bytes>) -> PushFile {
    PushFile {
        path,
        file_type: cstore::config::FileType::Dotenv,
        digest: Digest::from_content(content.expose()),
        content,
        asked: Asked::default(),
        default_tags: Vec::new(),
        base: Base::Unknown,
    }
}

/// Who has been there before, and who takes part.
pub(crate) fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let of_head = |content: &Content| Role::PushHead { content: content.clone(), kms_key: None };
    let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
    let (mut before, mut during) = (Vec::new(), Vec::new());
    let destination = if story == Story::OverwritesOfWhatWasSeen {
        if random.chance(80) {
            before.push(Role::Push { content: contents[0].clone(), overwrite: false });
        }
        during.push(Role::Replace { content: random.pick(&contents).clone() });
        if random.chance(50) {
            during.push(Role::Replace { content: random.pick(&contents).clone() });
        }
        during.push(Role::Push { content: random.pick(&contents).clone(), overwrite: random.chance(70) });
        Place::Version
    } else if story == Story::PromotionToHead {
        before.push(Role::Push { content: contents[0].clone(), overwrite: false });
        if random.chance(70) {
            before.push(of_head(&contents[1]));
        }
        during.push(Role::Promote { from: Place::Version });
        if random.chance(40) {
            during.push(Role::Push { content: contents[2].clone(), overwrite: true });
        }
        match random.below(3) {
            0 => during.push(of_head(&contents[2])),
            1 => {
                let lines = Content::from([("one/.env".to_owned(), "OF_CHANGE=1\n".to_owned())]);
                during.push(Role::Change { lines, from: From::Reading, merges: true });
            }
            _ => during.push(Role::Promote { from: Place::Version }),
        }
        Place::Head
    } else {
        before.push(of_head(&contents[0]));
        during.push(Role::Promote { from: Place::Head });
        if random.chance(60) {
            during.push(of_head(&contents[1]));
        }
        match random.below(3) {
            0 => during.push(Role::Push { content: random.pick(&contents).clone(), overwrite: false }),
            1 => during.push(Role::Promote { from: Place::Head }),
            _ => {}
        }
        Place::Version
    };
    for _ in 0..random.below(2) {
        during.push(Role::Pull { place: destination, known: Vec::new(), only: None });
    }
    (before, during)
}

/// What is promised to it.
pub(crate) fn of_promotion(
    simulation: &Simulation,
    id: ClientId,
    from: Place,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    let (began, now) = (simulation.began(id), simulation.world().now);
    let was_nothing = simulation.reference.during(from, began, now).iter().any(Option::is_none);
    match pushed {
        Err(Error::Missing(missing))
            if matches!(**missing, Missing::Version { .. } | Missing::Head { .. } | Missing::Unpublished { .. }) =>
        {
            return if was_nothing { Ok(()) } else { Err(format!("its source stood, and it is told {missing:?}")) };
        }
        Err(Error::Missing(_) | Error::Integrity(_)) if may_be_torn(simulation, from) => return Ok(()),
        Err(error) if is_unreadable(simulation, id, error) => return Ok(()),
        _ => {}
    }
    if from == Place::Version {
        return of_change(simulation, id, false, pushed);
    }
    let own = simulation.clients[id].declared.borrow().content.clone();
    match pushed {
        // What the head was, or is by now, another promotion of it publishes.
        Err(Error::Conflict(conflict))
            if matches!(
                **conflict,
                Conflict::Published { .. } | Conflict::Claimed { .. } | Conflict::KeyTaken { .. }
            ) =>
        {
            let states = simulation.reference.states(Place::Version);
            let heads = simulation.reference.states(Place::Head);
            let is_other = |files: &Digests| *files != digests(&own);
            let has_other = is_attacked(simulation)
                || states.iter().any(|state| is_other(&state.files))
                || heads.iter().any(|state| is_other(&state.files))
                || simulation
                    .clients
                    .iter()
                    .any(|client| matches!(client.role.content(), Some((Place::Version, content)) if *content != own));
            if has_other && !states.iter().any(|state| state.by == id) {
                Ok(())
            } else {
                Err(format!("a promotion was refused: {conflict:?}"))
            }
        }
        _ => of_push(simulation, id, &own, false, pushed),
    }
}

/// With nobody else about, the version is promoted to the head, and that says what the version is.
pub(crate) fn conclude(simulation: &mut Simulation) -> Result<(), Broken> {
    let Some(version) = simulation.reference.now(Place::Version).map(|state| state.files.clone()) else {
        return Ok(());
    };
    let promoted = simulation.run_alone(Role::Promote { from: Place::Version })?.pushed().cloned();
    match promoted {
        Some(Ok(_)) => {}
        Some(Err(Error::Integrity(_))) if may_be_torn(simulation, Place::Head) => return Ok(()),
        other => return Err(format!("a promotion with nobody about failed: {other:?}")),
    }
    let only = Some(version.keys().cloned().collect());
    match &simulation.run_alone(Role::Pull { place: Place::Head, known: Vec::new(), only })?.outcome {
        Some(Outcome::Pulled(Ok(pulled))) if pulled.files == version => Ok(()),
        other => Err(format!("{version:?} was promoted, but a pull got {other:?}")),
    }
}
