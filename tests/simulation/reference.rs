//! What must stand in the bucket, kept as plainly as can be: for the version and for the head the list of the states
//! that they have been in. Every put that takes effect is checked against it at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cstore::name::Digest;
use cstore::s3::{BodyLimit, Key, ObjectMeta, S3Version};
use cstore::store::MAX_FILE_BYTES;
use serde_json::Value;

use crate::change::{Attempt, has_lines_of};
use crate::channel_reference::Channels;
use crate::client::{CONTEXT, Client, Content, Digests, Place, Role, VERSION, digests, push_id};
use crate::file_purges::{is_file_purge, is_untold};
use crate::memory::Memory;
use crate::rollbacks::Planned;
use crate::world::{ClientId, Effect, Removal, World};

/// One published state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) since: u64,
    pub(crate) by: ClientId,
    pub(crate) files: Digests,
    /// Whether a purge has removed what was published; there is nothing then.
    is_gone: bool,
    /// Whether deletes of a purge may concern its files: it was published by a push that began before the purge ended.
    pub(crate) may_lack_files: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Reference {
    version: Vec<State>,
    head: Vec<State>,
    kms_keys: BTreeMap<String, String>,
    pub(crate) channels: Channels,
    /// Whether a purge of files of the head may delete what was put anew.
    may_lack: bool,
    /// Whose the version's claim is.
    claimant: Option<ClientId>,
    /// When purges claimed the version, and until when.
    purging: Vec<Purging>,
    /// Of the purges of what was shown, those that have removed something.
    begun_purges: BTreeSet<ClientId>,
    /// By digest: the texts that were put.
    texts: HashMap<Digest, String>,
    /// By key: who put there last, of all clients, and with which metadata.
    last_puts: BTreeMap<String, (ClientId, BTreeMap<String, String>)>,
}

/// A purge's claim.
#[derive(Debug)]
struct Purging {
    by: ClientId,
    from: u64,
    to: Option<u64>,
}

/// A broken promise, in words.
pub(crate) type Broken = String;

impl State {
    const fn new(effect: &Effect, files: Digests, may_lack_files: bool) -> Self {
        Self { since: effect.at, by: effect.client, files, is_gone: false, may_lack_files }
    }

    /// What was published; none after a purge.
    pub(crate) fn published(&self) -> Option<&Digests> {
        Some(&self.files).filter(|_| !self.is_gone)
    }
}

impl Reference {
    /// All states so far.
    pub(crate) fn states(&self, place: Place) -> &[State] {
        match place {
            Place::Version => &self.version,
            Place::Head => &self.head,
        }
    }

    /// The states that stood at some moment between two; `None` for the time before the first.
    pub(crate) fn during(&self, place: Place, from: u64, to: u64) -> Vec<Option<&State>> {
        let states = self.states(place);
        let first = states.partition_point(|state| state.since <= from);
        let end = states.partition_point(|state| state.since <= to);
        let at_first = first.checked_sub(1).map(|index| &states[index]);
        let all = std::iter::once(at_first).chain(states[first..end].iter().map(Some));
        all.map(|state| state.filter(|state| !state.is_gone)).collect()
    }

    /// The state that stands now.
    pub(crate) fn now(&self, place: Place) -> Option<&State> {
        self.states(place).last().filter(|state| !state.is_gone)
    }

    /// When a purge first claimed the version.
    pub(crate) fn first_claimed(&self, by: ClientId) -> Option<u64> {
        self.purging.iter().find(|claim| claim.by == by).map(|claim| claim.from)
    }

    /// Whether a purge's claim stood all the time between two moments.
    pub(crate) fn is_purging(&self, from: u64, to: u64) -> bool {
        self.purging.iter().any(|claim| claim.from < from && claim.to.is_none_or(|end| end > to))
    }

    /// Takes note of a delete of a purge that took effect, if it was right to.
    pub(crate) fn remove(&mut self, removal: &Removal, memory: &Memory) -> Result<(), Broken> {
        let key = removal.key.as_str();
        let manifest = Key::new(format!("{CONTEXT}/.cstore/versions/{VERSION}.json")).unwrap();
        let (is_file, is_manifest) = (key.starts_with(&format!("{CONTEXT}/{VERSION}/")), removal.key == manifest);
        let is_claim = key == format!("{CONTEXT}/.cstore/claims/{VERSION}.json");
        let broken = |what: &str| Err(format!("{key}, deleted by client {}: {what}", removal.client));
        if !is_file && !is_manifest && !is_claim {
            return broken("it is not the version's");
        }
        if removal.version.is_some() && removal.before != removal.after
            || removal.after.is_some() && removal.version.is_none()
        {
            return broken("something else is current by that");
        }
        let metadata = |meta: &ObjectMeta| meta.metadata.get("cstore-version").cloned();
        let hidden = removal.before.as_ref().filter(|_| removal.version.is_none());
        let object = removal.gone.as_ref().map(|(meta, _)| meta).or(hidden);
        if is_claim && hidden.is_some() && self.claimant != Some(removal.client) {
            return broken("it is another's claim");
        }
        if is_file && object.is_some() && self.now(Place::Version).is_some_and(|state| !state.may_lack_files) {
            return broken("its version is published");
        }
        let own = self.purging.iter().rfind(|claim| claim.by == removal.client);
        let Some(own) = own else { return broken("there was no claim of the purge") };
        // Without another id or state than before, nobody can tell the same bytes put anew.
        let is_told_apart =
            memory.has_unique_etags() || removal.version.as_ref().is_some_and(|version| !version.is_null());
        let is_others = object.is_some_and(|meta| metadata(meta).as_deref() != Some(VERSION));
        if is_file && is_others && (is_told_apart || !memory.is_attacked) {
            return broken("it is another's");
        }
        if !is_claim
            && is_told_apart
            && removal.gone.as_ref().is_some_and(|(_, at)| own.to.is_some_and(|ended| *at > ended))
        {
            return broken("it was put when the purge's claim stood no more");
        }
        if is_manifest && removal.before.is_some() && removal.after.is_none() {
            let gone = State {
                since: removal.at,
                by: removal.client,
                files: Digests::new(),
                is_gone: true,
                may_lack_files: false,
            };
            self.version.push(gone);
        }
        if is_claim {
            self.note_claim(removal.at, memory);
        }
        Ok(())
    }

    /// A purge of what somebody was shown begins with that, or with what is published by nobody. What comes later goes
    /// with it: its files may have gone already.
    pub(crate) fn nothing_unshown_goes(&mut self, removal: &Removal, attempt: &Attempt) -> Result<(), Broken> {
        let is_of = |kind: &str| removal.key.as_str() == format!("{CONTEXT}/.cstore/{kind}/{VERSION}.json");
        if is_of("claims") || !self.begun_purges.insert(removal.client) {
            return Ok(());
        }
        let hides = is_of("versions") && removal.version.is_none();
        let standing = self.now(Place::Version).filter(|_| hides).map(|state| &state.files);
        match (standing, &attempt.seen) {
            (Some(standing), Some(seen)) if seen.as_ref() != Some(standing) => {
                Err("a version is purged that nobody was shown".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether a delete of a purge of files of the head was right to take effect.
    pub(crate) fn remove_of_head(&self, removal: &Removal, paths: &[String], memory: &Memory) -> Result<(), Broken> {
        let key = removal.key.as_str();
        let broken = |what: &str| Err(format!("{key}, deleted by client {}: {what}", removal.client));
        let path = key.strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        if !paths.iter().any(|purged| purged == path) {
            return broken("it is not among the files");
        }
        if removal.version.is_some() && removal.before != removal.after
            || removal.after.is_some() && removal.version.is_none()
        {
            return broken("something else is current by that");
        }
        let hidden = removal.before.as_ref().filter(|_| removal.version.is_none());
        let Some(object) = removal.gone.as_ref().map(|(meta, _)| meta).or(hidden) else { return Ok(()) };
        let is_told_apart =
            memory.has_unique_etags() || removal.version.as_ref().is_some_and(|version| !version.is_null());
        let is_own = object.metadata.contains_key("cstore-push-id") && !object.metadata.contains_key("cstore-version");
        if !is_own && (is_told_apart || !memory.is_attacked) {
            return broken("it is another's");
        }
        if !self.head.iter().any(|state| state.by == removal.client) {
            return broken("the file has not left the head");
        }
        let manifest = Key::new(format!("{CONTEXT}/.cstore/head.json")).unwrap();
        let manifest = memory.get(&manifest, None, &BodyLimit::from(MAX_FILE_BYTES)).unwrap().unwrap();
        let manifest = Manifest::parse(manifest.body.expose());
        let Some((.., pin)) = manifest.files.iter().find(|(listed, ..)| listed == path) else { return Ok(()) };
        let is_listed = match pin {
            Some(pin) => object.version.as_ref() == Some(pin) && memory.has_unique_etags(),
            None => memory.has_unique_etags() && manifest.etag_of(path) == Some(object.etag.as_str()),
        };
        let is_gone = removal.gone.is_some() && pin.is_some() && object.version == *pin;
        if is_listed || is_gone { broken("the head lists it") } else { Ok(()) }
    }

    /// A purge takes its files out of the head as they were seen, and nothing else.
    fn remove_files(&mut self, effect: &Effect, paths: &[String], attempt: &Attempt) -> Result<(), Broken> {
        if self.head.iter().any(|state| state.by == effect.client) {
            return Err("one purge swaps the head twice".to_owned());
        }
        let before = self.head.last().map(|state| state.files.clone()).unwrap_or_default();
        for (path, seen) in &attempt.bases {
            let listed = before.get(path).copied();
            if listed.is_some() && listed != *seen {
                return Err(format!("{path} is removed, which is no longer what was seen"));
            }
        }
        let manifest = Manifest::read(effect);
        let files = manifest.digests();
        let expected: Digests = before.into_iter().filter(|(path, _)| !paths.contains(path)).collect();
        if files != expected || !paths.iter().all(|path| manifest.removed.contains(path)) {
            return Err("the head is not what it was without these files".to_owned());
        }
        manifest.hold_removed()?;
        let has_id = |state: &State| manifest.push_ids.contains(&push_id(state.by));
        if !self.head.iter().all(has_id) || manifest.push_ids.last() != Some(&push_id(effect.client)) {
            return Err("the manifest does not name all pushes".to_owned());
        }
        self.head.push(State::new(effect, files, self.may_lack));
        Ok(())
    }

    /// Takes note of whose the claim is by now.
    fn note_claim(&mut self, now: u64, memory: &Memory) {
        let key = Key::new(format!("{CONTEXT}/.cstore/claims/{VERSION}.json")).unwrap();
        let claim = memory.get(&key, None, &BodyLimit::from(MAX_FILE_BYTES)).ok().flatten();
        let claim = claim.and_then(|claim| serde_json::from_slice::<Value>(claim.body.expose()).ok());
        let by = claim
            .filter(|claim| claim["digest"] == "purge")
            .and_then(|claim| claim["push_id"].as_str()?.strip_prefix("push-of-client-")?.parse::<ClientId>().ok());
        if by == self.claimant {
            return;
        }
        self.purging.iter_mut().filter(|claim| claim.to.is_none()).for_each(|claim| claim.to = Some(now));
        if let Some(by) = by {
            self.purging.push(Purging { by, from: now, to: None });
        }
        self.claimant = by;
    }

    /// The keys that pushes of paths have named.
    pub(crate) fn kms_keys(&self) -> &BTreeMap<String, String> {
        &self.kms_keys
    }

    /// Takes note of a put that took effect, if it was right to.
    pub(crate) fn apply(
        &mut self,
        effect: &Effect,
        clients: &[Client],
        world: &World,
        meets_purge: bool,
    ) -> Result<(), Broken> {
        let memory = &world.memory;
        let key = effect.put.key.as_str();
        let own = key.strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix("/.cstore/"));
        let meets_file_purge = clients.iter().any(|client| is_file_purge(&client.role));
        // Nor what was planted over what was put anew.
        self.may_lack = meets_file_purge && (is_untold(memory) || memory.is_spoilt());
        let done = match (&clients[effect.client].role, own) {
            (Role::PurgeFiles { paths, .. }, Some("head.json")) => {
                self.remove_files(effect, paths, &clients[effect.client].declared.borrow())
            }
            (Role::PurgeFiles { .. }, Some("conditions.json")) => nothing_before(effect.over.as_ref()),
            (Role::Purge { .. }, Some("claims/v1.json")) => Ok(()),
            (Role::Publish { version }, own) => {
                if own == Some(&format!("versions/{version}.json")) {
                    self.channels.publish(version, effect.at, &Manifest::read(effect).digests());
                }
                nothing_before(effect.over.as_ref())
            }
            (role @ (Role::MoveChannel(_) | Role::RollChannelBack { .. }), Some("channels/prod.json")) => {
                let first_read = world.channel_reads.get(&effect.client).map_or(effect.began, |(first, _)| *first);
                self.note_move(effect, role, first_read)
            }
            (Role::Push { overwrite, .. }, Some("claims/v1.json")) => {
                if *overwrite {
                    Ok(())
                } else {
                    nothing_before(effect.over.as_ref())
                }
            }
            (Role::Push { content, overwrite }, Some("versions/v1.json")) => {
                let alone = !clients.iter().any(|client| client.role.is_overwrite());
                self.publish(effect, content, *overwrite, memory, alone, meets_purge)
            }
            (Role::Replace { .. }, Some("claims/v1.json")) => Ok(()),
            (Role::Replace { content }, Some("versions/v1.json")) => {
                let attempt = clients[effect.client].declared.borrow();
                self.nothing_unshown(content, attempt.seen.as_ref())?;
                self.publish(effect, content, true, memory, false, meets_purge)
            }
            (Role::Replace { .. }, None) => self.nothing_of_the_head(effect),
            (Role::Push { overwrite: false, .. }, None) => nothing_before(effect.over.as_ref()),
            (Role::Push { overwrite: true, .. }, None) => self.nothing_of_the_head(effect),
            (Role::PushHead { content, .. }, Some("head.json")) => self.swap_head(effect, content, memory),
            (Role::Change { .. }, Some("head.json")) => {
                let attempt = clients[effect.client].declared.borrow();
                self.nothing_unseen(&attempt).and_then(|()| self.swap_head(effect, &attempt.content, memory))
            }
            (Role::Change { .. }, None) if !memory.is_versioned() && !memory.is_attacked => {
                self.nothing_of_others(effect, &clients[effect.client].declared.borrow())
            }
            (Role::Change { .. }, None) => self.nothing_of_a_version(effect, clients),
            (Role::Rollback { to_version, .. }, Some("head.json")) => {
                let attempt = clients[effect.client].declared.borrow();
                self.roll_back(effect, attempt.rollback.as_ref().unwrap(), *to_version, memory)
            }
            (Role::Rollback { .. }, None) if !memory.is_versioned() => {
                self.nothing_of_others(effect, &clients[effect.client].declared.borrow())
            }
            (Role::Rollback { .. }, None) => self.nothing_of_a_version(effect, clients),
            (Role::Promote { from: Place::Version }, Some("head.json")) => {
                let attempt = clients[effect.client].declared.borrow();
                self.copied(&attempt.content, Place::Version)?;
                self.nothing_unlisted(&attempt)?;
                self.swap_head(effect, &attempt.content, memory)
            }
            (Role::Promote { from: Place::Version }, None) if !memory.is_versioned() => {
                self.nothing_of_others(effect, &clients[effect.client].declared.borrow())
            }
            (Role::Promote { from: Place::Version }, None) => self.nothing_of_a_version(effect, clients),
            (Role::Promote { from: Place::Head }, Some("versions/v1.json")) => {
                let content = &clients[effect.client].declared.borrow().content;
                self.copied(content, Place::Head)?;
                self.publish(effect, content, false, memory, true, meets_purge)
            }
            (Role::Promote { from: Place::Head }, None | Some("claims/v1.json")) => {
                nothing_before(effect.over.as_ref())
            }
            (
                Role::PushHead { .. } | Role::Change { .. } | Role::Rollback { .. } | Role::Promote { .. },
                Some("conditions.json"),
            ) => nothing_before(effect.over.as_ref()),
            (Role::PushHead { .. }, None) => self.nothing_of_a_version(effect, clients),
            (Role::PushHead { content, kms_key }, Some("settings.json")) => self.remember(effect, content, kms_key),
            (role, _) => Err(format!("a put where {role:?} has none")),
        };
        let text = String::from_utf8_lossy(effect.put.body.expose()).into_owned();
        self.texts.insert(effect.put.digest, text);
        self.last_puts.insert(key.to_owned(), (effect.client, effect.put.metadata.clone()));
        if own == Some("claims/v1.json") {
            self.note_claim(effect.at, memory);
        }
        done.map_err(|broken| format!("{key}, put by client {}: {broken}", effect.client))
    }

    /// An overwrite replaces whatever lies at its keys, but for what the head's manifest lists.
    fn nothing_of_the_head(&self, effect: &Effect) -> Result<(), Broken> {
        let path = effect.put.key.as_str().strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('/')).unwrap();
        // What a push of the head lists meanwhile comes too late to be seen; pins keep it.
        let was_listed = |state: &State| state.since <= effect.began && state.files.contains_key(path);
        if self.head.last().is_some_and(was_listed) && effect.over.is_some() {
            Err("a file of the head is replaced".to_owned())
        } else {
            Ok(())
        }
    }

    /// Whoever knows what it replaces swaps the manifest only while that is there, and keeps all lines of it.
    fn nothing_unseen(&self, attempt: &Attempt) -> Result<(), Broken> {
        if attempt.is_of_key {
            return Ok(());
        }
        let before = self.head.last().map(|state| &state.files);
        for (path, base) in &attempt.bases {
            let listed = before.and_then(|files| files.get(path)).copied();
            let own = &attempt.content[path];
            if listed != *base && listed != Some(Digest::from_content(own.as_bytes())) {
                return Err(format!("{path} is replaced, which is no longer what its push was made from"));
            }
            let old = listed.and_then(|listed| self.texts.get(&listed)).map(String::as_str).unwrap_or_default();
            if !has_lines_of(own, old) {
                return Err(format!("lines of {path} are lost"));
            }
        }
        Ok(())
    }

    /// What is promoted stood at its source.
    fn copied(&self, content: &Content, from: Place) -> Result<(), Broken> {
        let files = digests(content);
        if self.states(from).iter().any(|state| state.published() == Some(&files)) {
            Ok(())
        } else {
            Err("what is promoted never stood at its source".to_owned())
        }
    }

    /// An overwrite that was agreed to replaces what was seen, or what is pushed, or nothing.
    fn nothing_unshown(&self, content: &Content, seen: Option<&Option<Digests>>) -> Result<(), Broken> {
        let Some(standing) = self.now(Place::Version).map(|state| &state.files) else { return Ok(()) };
        let was_seen = seen.is_some_and(|seen| seen.as_ref() == Some(standing));
        if was_seen || *standing == digests(content) {
            Ok(())
        } else {
            Err("a version is replaced that nobody has seen".to_owned())
        }
    }

    /// It replaces what the head had when it looked.
    fn nothing_unlisted(&self, attempt: &Attempt) -> Result<(), Broken> {
        let before = self.head.last().map(|state| &state.files);
        for (path, base) in &attempt.bases {
            let listed = before.and_then(|files| files.get(path)).copied();
            let own = Digest::from_content(attempt.content[path].as_bytes());
            if listed != *base && listed != Some(own) {
                return Err(format!("{path} is replaced, which is no longer what was there"));
            }
        }
        Ok(())
    }

    /// Where nothing pins, the put itself is the check.
    fn nothing_of_others(&self, effect: &Effect, attempt: &Attempt) -> Result<(), Broken> {
        let path = effect.put.key.as_str().strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('/')).unwrap();
        let Some(over) = effect.over.as_ref().and_then(|over| over.sha256) else { return Ok(()) };
        // A late request may be that of an earlier attempt.
        let own = match &attempt.rollback {
            Some(planned) => planned.target.get(path).copied(),
            None => attempt.content.get(path).map(|text| Digest::from_content(text.as_bytes())),
        };
        let is_late = own != Some(effect.put.digest);
        let was_removed = self.head.last().is_some_and(|state| !state.files.contains_key(path))
            && self.head.iter().any(|state| state.files.get(path) == Some(&over));
        let is_base = Some(over) == attempt.bases.get(path).copied().flatten();
        if over == effect.put.digest || is_base || is_late || was_removed {
            Ok(())
        } else {
            Err("an object is replaced that its push was not made from".to_owned())
        }
    }

    /// What a push of a version has put is not the head's to replace, whatever is planted in its place.
    fn nothing_of_a_version(&self, effect: &Effect, clients: &[Client]) -> Result<(), Broken> {
        let Some(over) = &effect.over else { return Ok(()) };
        let of_version = self.last_puts.get(effect.put.key.as_str()).is_some_and(|(client, metadata)| {
            matches!(clients[*client].role, Role::Push { .. }) && over.metadata == *metadata
        });
        if of_version { Err("a file of a version is replaced by one of the head".to_owned()) } else { Ok(()) }
    }

    fn publish(
        &mut self,
        effect: &Effect,
        content: &Content,
        overwrite: bool,
        memory: &Memory,
        alone: bool,
        meets_purge: bool,
    ) -> Result<(), Broken> {
        let manifest = Manifest::read(effect);
        let files = digests(content);
        if manifest.digests() != files {
            return Err("the manifest does not say what was pushed".to_owned());
        }
        let standing = self.now(Place::Version);
        if effect.over.is_some() && !overwrite && standing.is_none_or(|standing| standing.files != files) {
            return Err("a version gets another content without overwrite".to_owned());
        }
        let may_be_replaced = !(alone || memory.is_versioned()) || memory.is_spoilt();
        if !meets_purge {
            manifest.hold_against(memory, &format!("{CONTEXT}/{VERSION}/"), may_be_replaced, false)?;
        }
        self.version.push(State::new(effect, files, meets_purge));
        Ok(())
    }

    fn swap_head(&mut self, effect: &Effect, content: &Content, memory: &Memory) -> Result<(), Broken> {
        if self.head.iter().any(|state| state.by == effect.client) {
            return Err("one push swaps the head twice".to_owned());
        }
        let manifest = Manifest::read(effect);
        let before = self.head.last().map(|state| state.files.clone()).unwrap_or_default();
        let own = digests(content);
        let files = manifest.digests();
        if memory.is_versioned() {
            let mut expected = before;
            expected.extend(own);
            if files != expected {
                return Err("the head is not what it was with all files of this push".to_owned());
            }
        } else {
            // A path that another push took over meanwhile stays as it was, or absent.
            let is_right =
                |(path, digest): (&String, &Digest)| own.get(path) == Some(digest) || before.get(path) == Some(digest);
            if !files.iter().all(is_right) || !before.keys().all(|path| files.contains_key(path)) {
                return Err("the head is not what it was with files of this push".to_owned());
            }
        }
        manifest.hold_removed()?;
        manifest.hold_against(memory, &format!("{CONTEXT}/"), !memory.is_versioned(), self.may_lack)?;
        if !manifest.push_ids.contains(&push_id(effect.client)) {
            return Err("the manifest does not name its push".to_owned());
        }
        self.head.push(State::new(effect, files, self.may_lack));
        Ok(())
    }

    /// A rollback replaces the state that it was planned for, by the one before that or by what the version is.
    fn roll_back(
        &mut self,
        effect: &Effect,
        planned: &Planned,
        to_version: bool,
        memory: &Memory,
    ) -> Result<(), Broken> {
        if self.head.iter().any(|state| state.by == effect.client) {
            return Err("one rollback swaps the head twice".to_owned());
        }
        let before = self.head.last().map(|state| &state.files);
        if before != planned.before.as_ref() {
            return Err("it replaces what it was not made for".to_owned());
        }
        let stood = if to_version {
            self.version.iter().any(|state| state.published() == Some(&planned.target))
        } else {
            let earlier = self.head.len().checked_sub(2).map(|index| &self.head[index].files);
            earlier == Some(&planned.target)
        };
        if !stood {
            return Err("it restores what was not there before".to_owned());
        }
        let manifest = Manifest::read(effect);
        let mut expected = before.cloned().unwrap_or_default();
        expected.retain(|path, _| !planned.removed.contains(path));
        expected.extend(planned.target.clone());
        let files = manifest.digests();
        if files != expected {
            return Err("the head is not what is restored, with what is kept".to_owned());
        }
        let is_gone = |path: &&String| !files.contains_key(*path) && !manifest.removed.contains(path);
        if let Some(path) = before.iter().flat_map(|before| before.keys()).find(is_gone) {
            return Err(format!("{path} is gone, and not said to be removed"));
        }
        manifest.hold_removed()?;
        manifest.hold_against(memory, &format!("{CONTEXT}/"), !memory.is_versioned(), self.may_lack)?;
        for (path, _, pin) in &manifest.files {
            let key = Key::new(format!("{CONTEXT}/{path}")).unwrap();
            let object = memory.head(&key, pin.as_ref().map(S3Version::id));
            let by = object.and_then(|object| object.metadata.get("cstore-push-id").cloned());
            if memory.is_versioned() && planned.target.contains_key(path) && by != Some(push_id(effect.client)) {
                return Err(format!("{path} has an old pin"));
            }
        }
        let has_id = |state: &State| manifest.push_ids.contains(&push_id(state.by));
        if !self.head.iter().all(has_id) || manifest.push_ids.last() != Some(&push_id(effect.client)) {
            return Err("the manifest does not name all pushes".to_owned());
        }
        self.head.push(State::new(effect, files, self.may_lack));
        Ok(())
    }

    fn remember(&mut self, effect: &Effect, content: &Content, kms_key: &Option<String>) -> Result<(), Broken> {
        let settings: Value = serde_json::from_slice(effect.put.body.expose()).unwrap();
        let keys: BTreeMap<String, String> = serde_json::from_value(settings["keys"].clone()).unwrap();
        self.kms_keys.extend(content.keys().filter_map(|path| Some((path.clone(), kms_key.clone()?))));
        if keys == self.kms_keys { Ok(()) } else { Err("a key that was named is lost".to_owned()) }
    }
}

fn nothing_before(over: Option<&ObjectMeta>) -> Result<(), Broken> {
    match over {
        None => Ok(()),
        Some(_) => Err("something that is not its own is replaced".to_owned()),
    }
}

/// A manifest, read without the code that wrote it.
struct Manifest {
    /// Path, digest, pin.
    files: Vec<(String, Digest, Option<S3Version>)>,
    etags: BTreeMap<String, String>,
    push_ids: Vec<String>,
    removed: Vec<String>,
}

impl Manifest {
    fn read(effect: &Effect) -> Self {
        Self::parse(effect.put.body.expose())
    }

    fn parse(bytes: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(bytes).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let file = |file: &Value| {
            let digest = Digest::from_hex(file["sha256"].as_str().unwrap()).unwrap();
            (text(&file["path"]), digest, S3Version::pinning(file["version_id"].as_str()))
        };
        Self {
            files: json["files"].as_array().unwrap().iter().map(file).collect(),
            etags: json["files"]
                .as_array()
                .unwrap()
                .iter()
                .map(|file| (text(&file["path"]), text(&file["etag"])))
                .collect(),
            push_ids: json["push_ids"].as_array().into_iter().flatten().map(text).collect(),
            removed: json["removed"].as_array().into_iter().flatten().map(text).collect(),
        }
    }

    fn etag_of(&self, path: &str) -> Option<&str> {
        self.etags.get(path).map(String::as_str)
    }

    /// Nothing is there and not there.
    fn hold_removed(&self) -> Result<(), Broken> {
        match self.files.iter().find(|(path, ..)| self.removed.contains(path)) {
            Some((path, ..)) => Err(format!("{path} is listed, and said to be removed")),
            None => Ok(()),
        }
    }

    fn digests(&self) -> Digests {
        self.files.iter().map(|(path, digest, _)| (path.clone(), *digest)).collect()
    }

    /// What a manifest names must be there when it is put.
    fn hold_against(&self, memory: &Memory, prefix: &str, may_be_replaced: bool, may_lack: bool) -> Result<(), Broken> {
        for (path, digest, pin) in &self.files {
            let key = Key::new(format!("{prefix}{path}")).unwrap();
            if pin.is_none() && memory.is_versioned() {
                return Err(format!("{path} has no pin"));
            }
            match memory.get(&key, pin.as_ref(), &BodyLimit::from(MAX_FILE_BYTES)) {
                Ok(None) if may_lack => {}
                Ok(None) => return Err(format!("the manifest names {path}, which is not there")),
                Ok(Some(object)) if Digest::from_content(object.body.expose()) == *digest => {}
                _ if may_be_replaced => {}
                Ok(Some(_)) => return Err(format!("the manifest names {path}, which is another there")),
                Err(failure) => return Err(format!("the manifest names {path}, which nobody gets: {failure:?}")),
            }
        }
        Ok(())
    }
}
