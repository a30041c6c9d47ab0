//! A client that knows what it replaces: it adds a line to files of the head, as `set` does, and merges when it is told
//! that others were there before. Nobody's line may be lost by it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use cstore::name::{ConfigPath, Digest};
use cstore::s3::Budget;
use cstore::secret::Secret;
use cstore::store::{Base, BaseEntry, Conflict, Error, Integrity, MAX_TOTAL_BYTES, Missing, Pushed, Store};

use crate::adapter::Simulated;
use crate::client::{Content, Digests, Place, push};
use crate::file_purges::is_file_purge;
use crate::promises::{is_attacked, may_be_torn, of_head, some};
use crate::reference::Broken;
use crate::rollbacks::Planned;
use crate::simulation::Simulation;
use crate::world::ClientId;

/// How often it merges before it gives up: more often than others can come before it.
const MERGES: usize = 60;

/// Where it knows from what it replaces.
#[derive(Debug, Clone)]
pub(crate) enum From {
    /// It reads the head first.
    Reading,
    /// It has pulled these files before.
    Pulled(Content),
    /// It takes what lies at the key, whatever the manifest says.
    Key,
}

/// What it is about to push.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt {
    /// What an overwrite or a purge has seen, once it has looked; none where nothing was published.
    pub(crate) seen: Option<Option<Digests>>,
    pub(crate) content: Content,
    /// By path: the digest of what it replaces.
    pub(crate) bases: BTreeMap<String, Option<Digest>>,
    /// Whether the manifest has nothing to say of what it replaces.
    pub(crate) is_of_key: bool,
    /// What a rollback is about to do.
    pub(crate) rollback: Option<Planned>,
}

/// Shared with the reference, which holds each swap to it.
pub(crate) type Declared = Rc<RefCell<Attempt>>;

pub(crate) async fn change(
    store: &Store<Simulated>,
    lines: &Content,
    from: &From,
    merges: bool,
    push_id: String,
    declared: &Declared,
) -> Result<Pushed, Error> {
    let mut order = push(lines, None, push_id);
    declared.borrow_mut().is_of_key = matches!(from, From::Key);
    for file in &mut order.files {
        let line = &lines[file.path.as_str()];
        let (base, text) = match from {
            From::Reading => read(store, &file.path).await?,
            From::Key => at_key(store, &file.path).await?,
            From::Pulled(content) => {
                let text = content.get(file.path.as_str());
                let entry = text.map(|text| BaseEntry {
                    sha256: Digest::from_content(text.as_bytes()),
                    version_id: None,
                    version: None,
                });
                (Base::Known(entry), text.cloned().unwrap_or_default())
            }
        };
        set(file, base, &with_line(&text, line), declared);
    }
    for _ in 0..MERGES {
        let conflict = match store.push_head(&order).await {
            Err(Error::Conflict(conflict)) => *conflict,
            pushed => return pushed,
        };
        let Conflict::HeadMoved { moved, last } = conflict else { return Err(conflict.into()) };
        if !merges {
            return Err(Conflict::HeadMoved { moved, last }.into());
        }
        for present in moved {
            let text = match &present.present {
                Some(entry) => text(&store.body_of(None, entry, &budget()).await?),
                None => String::new(),
            };
            let file = order.files.iter_mut().find(|file| file.path == present.path).unwrap();
            let base = Base::Known(present.present.as_ref().map(BaseEntry::from));
            set(file, base, &with_line(&text, &lines[present.path.as_str()]), declared);
        }
        declared.borrow_mut().is_of_key = false;
    }
    panic!("others always come before it");
}

fn set(file: &mut cstore::store::PushFile, base: Base, text: &str, declared: &Declared) {
    let mut attempt = declared.borrow_mut();
    attempt.content.insert(file.path.to_string(), text.to_owned());
    let digest = match &base {
        Base::Known(entry) => entry.as_ref().map(|entry| entry.sha256),
        Base::AtKey(digest) => Some(*digest),
        Base::Unknown => unreachable!(),
    };
    attempt.bases.insert(file.path.to_string(), digest);
    file.content = Secret::new(Bytes::from(text.to_owned()));
    file.digest = Digest::from_content(text.as_bytes());
    file.base = base;
}

async fn read(store: &Store<Simulated>, path: &ConfigPath) -> Result<(Base, String), Error> {
    let manifest = store.manifest(None).await?;
    let Some(entry) = manifest.as_ref().and_then(|manifest| manifest.value.entry(path)) else {
        return Ok((Base::Known(None), String::new()));
    };
    let body = store.body_of(None, entry, &budget()).await?;
    Ok((Base::Known(Some(entry.into())), text(&body)))
}

async fn at_key(store: &Store<Simulated>, path: &ConfigPath) -> Result<(Base, String), Error> {
    let Some(body) = store.body_at_key(path, &budget()).await? else { return read(store, path).await };
    Ok((Base::AtKey(Digest::from_content(body.expose())), text(&body)))
}

fn budget() -> Budget {
    Budget::new(MAX_TOTAL_BYTES)
}

fn text(body: &Secret<Bytes>) -> String {
    String::from_utf8(body.expose().to_vec()).unwrap()
}

fn with_line(text: &str, line: &str) -> String {
    if text.contains(line) { text.to_owned() } else { format!("{text}{line}") }
}

/// Whether every line of one text is in another.
pub(crate) fn has_lines_of(text: &str, other: &str) -> bool {
    other.lines().all(|line| text.lines().any(|own| own == line))
}

/// What is promised to it.
pub(crate) fn of_change(
    simulation: &Simulation,
    id: ClientId,
    merges: bool,
    pushed: &Result<Pushed, Error>,
) -> Result<(), Broken> {
    let attempt = simulation.clients[id].declared.borrow();
    let world = simulation.world();
    let error = match pushed {
        // What nobody can get, where no pin keeps what was there.
        Err(Error::S3(_)) if is_attacked(simulation) && (world.memory.is_spoilt() || attempt.is_of_key) => {
            return Ok(());
        }
        Ok(pushed) if !pushed.superseded.is_empty() => return Err("a change is given up unsaid".to_owned()),
        Err(error @ (Error::Conflict(_) | Error::Integrity(_) | Error::Missing(_))) => error,
        _ => return of_head(simulation, id, &attempt.content, pushed),
    };
    if simulation.reference.states(Place::Head).iter().any(|state| state.by == id) {
        return Err(format!("it has swapped the head, and is told {error:?}"));
    }
    let began = world.began.get(&id).copied().unwrap_or(world.now);
    let stood = simulation.reference.during(Place::Head, began, world.now);
    match error {
        Error::Conflict(conflict) => match &**conflict {
            Conflict::HeadMoved { moved, .. } => {
                let is_true = moved.iter().all(|file| {
                    let present = file.present.as_ref().map(|entry| entry.sha256);
                    let path = file.path.as_str();
                    let was_there =
                        stood.iter().any(|state| state.and_then(|state| state.files.get(path)).copied() == present);
                    was_there && (present != attempt.bases[path] || attempt.is_of_key)
                });
                if !merges && !moved.is_empty() && is_true { Ok(()) } else { Err(format!("it is told {moved:?}")) }
            }
            _ => of_head(simulation, id, &attempt.content, pushed),
        },
        // Nothing pins, and somebody has put what the manifest does not list.
        Error::Integrity(integrity)
            if matches!(**integrity, Integrity::Mismatch { .. } | Integrity::Foreign { .. })
                && (may_be_torn(simulation, Place::Head) || is_attacked(simulation)) =>
        {
            Ok(())
        }
        Error::Missing(missing)
            if matches!(**missing, Missing::Files { .. })
                && (may_be_torn(simulation, Place::Head) || some(simulation, is_file_purge)) =>
        {
            Ok(())
        }
        _ => of_head(simulation, id, &attempt.content, pushed),
    }
}
