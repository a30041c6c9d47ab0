//! Where the channel must stand, kept as plainly as can be: the list of the moves that took effect. Every put of the channel is
//! checked against it at once.

use std::collections::BTreeMap;

use cstore::name::{ConfigPath, Digest};
use serde_json::Value;

use crate::client::{CONTEXT, Digests, Place, Role, VERSION, push_id};
use crate::reference::{Broken, Reference};
use crate::world::{ClientId, Effect, Removal};

/// The versions that nobody replaces or removes once they are published.
pub(crate) const STEADY: [&str; 2] = ["v2", "v3"];

/// A move, as the channel says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) push_id: String,
    /// None where it moved to nothing.
    pub(crate) target: Option<(String, Digest)>,
    pub(crate) labels: BTreeMap<String, String>,
    restores: Option<String>,
}

/// A move that took effect.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) since: u64,
    pub(crate) by: ClientId,
    pub(crate) made: Made,
}

/// All moves of the channel, and when the versions besides the one that all contend for were published.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    pub(crate) stands: Vec<Stand>,
    published: BTreeMap<String, (u64, Digest)>,
}

/// The digest of a configuration.
pub(crate) fn digest_of(files: &Digests) -> Digest {
    let files: Vec<_> = files.iter().map(|(path, digest)| (ConfigPath::new(path).unwrap(), *digest)).collect();
    Digest::from_files(files.iter().map(|(path, digest)| (path, *digest)))
}

impl Made {
    fn of(json: &Value) -> Self {
        let text = |name: &str| json[name].as_str().map(ToOwned::to_owned);
        let labels = json["labels"].as_object().into_iter().flatten();
        Self {
            push_id: text("push_id").unwrap(),
            target: text("version")
                .map(|version| (version, Digest::from_hex(json["digest"].as_str().unwrap()).unwrap())),
            labels: labels.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
            restores: text("restores"),
        }
    }

    pub(crate) fn version(&self) -> Option<&str> {
        self.target.as_ref().map(|(version, _)| version.as_str())
    }

    /// Whether it is what somebody expects, who names it by its id or by its version.
    fn is_named(&self, name: &str) -> bool {
        self.push_id == name || self.version() == Some(name)
    }
}

impl Channels {
    /// The moves that the channel stood at between two moments; `None` for the time before the first.
    pub(crate) fn during(&self, from: u64, to: u64) -> Vec<Option<&Stand>> {
        let (first, end) = (self.count(from), self.count(to));
        let at_first = first.checked_sub(1).map(|index| &self.stands[index]);
        std::iter::once(at_first).chain(self.stands[first..end].iter().map(Some)).collect()
    }

    /// The move that it stood at in a moment.
    pub(crate) fn at(&self, moment: u64) -> Option<&Stand> {
        self.count(moment).checked_sub(1).map(|index| &self.stands[index])
    }

    fn count(&self, moment: u64) -> usize {
        self.stands.partition_point(|stand| stand.since <= moment)
    }

    /// Whether it did not stand at what somebody expects in some moment between two.
    pub(crate) fn was_another(&self, expected: Option<&String>, from: u64, to: u64) -> bool {
        let is_met = |stand: Option<&Stand>, name: &str| stand.is_some_and(|stand| stand.made.is_named(name));
        expected.is_some_and(|name| self.during(from, to).into_iter().any(|stand| !is_met(stand, name)))
    }

    /// Where a rollback goes back to that meets so many moves: the last other target before, of a rollback before that what
    /// it went back to; or the last move to a version, which, where the channel stands at it, had other labels or another
    /// digest, and none where a rollback has gone back to it.
    pub(crate) fn back_from(&self, moves: usize, to: Option<&str>) -> Option<&Stand> {
        let last = moves.checked_sub(1)?;
        let of = |made: &Made| (made.target.clone(), made.labels.clone());
        let is_other = |made: &Made| made.target.is_some() && of(made) != of(&self.stands[last].made);
        match to {
            None => self.stands[..self.as_move(last)].iter().rev().find(|stand| is_other(&stand.made)),
            Some(version) if self.has_gone_back_to(last, version) => None,
            Some(version) => {
                let is_it = |stand: &&Stand| stand.made.version() == Some(version) && is_other(&stand.made);
                self.stands[..last].iter().rev().find(is_it)
            }
        }
    }

    fn has_gone_back_to(&self, index: usize, version: &str) -> bool {
        let made = &self.stands[index].made;
        made.version() == Some(version) && made.restores.is_some()
    }

    /// Whether a rollback to a version leaves the channel at this move.
    pub(crate) fn stays_at(&self, stand: &Stand, version: &str) -> bool {
        let at = self.stands.iter().position(|other| other.by == stand.by);
        stand.made.version() == Some(version) && at.is_some_and(|at| self.back_from(at + 1, Some(version)).is_none())
    }

    /// The move that a chain of rollbacks has gone back to.
    fn as_move(&self, index: usize) -> usize {
        let restored = self.stands[index].made.restores.as_ref();
        let of = |id: &String| self.stands.iter().position(|stand| stand.made.push_id == *id);
        restored.and_then(of).map_or(index, |restored| self.as_move(restored))
    }

    /// Whether a move to this goes nowhere new: to a version that the channel has stood at, or, where it stands at that
    /// version, to content that it has had.
    fn has_had(&self, made: &Made) -> bool {
        let is_at_name = self.stands.last().is_some_and(|stand| stand.made.version() == made.version());
        let is_it = |had: &Made| if is_at_name { had.target == made.target } else { had.version() == made.version() };
        self.stands.iter().any(|stand| is_it(&stand.made))
    }

    /// Takes note of one of the steady versions.
    pub(crate) fn publish(&mut self, version: &str, at: u64, files: &Digests) {
        self.published.insert(version.to_owned(), (at, digest_of(files)));
    }
}

impl Reference {
    /// Whether a version was published with a digest in some moment between two.
    pub(crate) fn was_published(&self, (version, digest): &(String, Digest), from: u64, to: u64) -> bool {
        if version != VERSION {
            return self.channels.published.get(version).is_some_and(|(at, known)| *at <= to && known == digest);
        }
        self.during(Place::Version, from, to).into_iter().flatten().any(|state| digest_of(&state.files) == *digest)
    }

    /// Takes note of a move that took effect, if it was right to. `read_at`: when its client first read the channel.
    pub(crate) fn note_move(&mut self, effect: &Effect, role: &Role, read_at: u64) -> Result<(), Broken> {
        let channels = &self.channels;
        let json: Value = serde_json::from_slice(effect.put.body.expose()).unwrap();
        let made = Made::of(&json);
        if made.push_id != push_id(effect.client) || channels.stands.iter().any(|stand| stand.by == effect.client) {
            return Err("one move moves the channel twice, or under another's name".to_owned());
        }
        let told: Vec<_> = json["history"].as_array().into_iter().flatten().map(Made::of).collect();
        if !told.iter().eq(channels.stands.iter().rev().map(|stand| &stand.made)) {
            return Err(format!("its history is not what the channel stood at: {told:?}"));
        }
        let before = channels.stands.last();
        let has_moved = before.map(|stand| stand.by) != channels.at(read_at).map(|stand| stand.by);
        let (expects, may_have_moved) = match role {
            Role::MoveChannel(order) => (order.expects.as_ref(), order.force),
            Role::RollChannelBack { expects, .. } => (expects.as_ref(), false),
            role => return Err(format!("{role:?} moves it")),
        };
        if has_moved && !may_have_moved {
            return Err("it goes over a move that it has not seen".to_owned());
        }
        if channels.was_another(expects, effect.at - 1, effect.at - 1) {
            return Err(format!("it goes over {before:?}, and expects {expects:?}"));
        }
        match role {
            Role::MoveChannel(order) if order.expects_new && before.is_some() => {
                return Err(format!("it goes over {before:?}, and expects none"));
            }
            Role::MoveChannel(order) => {
                let labels = order.label.iter().map(|value| ("image".to_owned(), value.clone())).collect();
                if (made.version(), &made.labels, &made.restores) != (order.to, &labels, &None) {
                    return Err(format!("it is moved to {made:?}"));
                }
                if order.only_to_what_is_new && channels.has_had(&made) {
                    return Err("it is moved back by one that moves only to what is new".to_owned());
                }
            }
            Role::RollChannelBack { to, .. } => {
                let back = channels.back_from(channels.stands.len(), *to).map(|stand| &stand.made);
                let is_right = back.is_some_and(|back| {
                    (&back.target, &back.labels, Some(&back.push_id))
                        == (&made.target, &made.labels, made.restores.as_ref())
                });
                if !is_right {
                    return Err(format!("it is rolled back to {made:?}, not to {back:?}"));
                }
            }
            _ => {}
        }
        if made.target.as_ref().is_some_and(|target| !self.was_published(target, effect.began, effect.at)) {
            return Err(format!("it is moved to what was not published since the move began: {made:?}"));
        }
        self.channels.stands.push(Stand { since: effect.at, by: effect.client, made });
        Ok(())
    }

    /// A purge that does not go past channels removes no version that one has pointed at since before the purge claimed it.
    pub(crate) fn nothing_deployed(&self, removal: &Removal) -> Result<(), Broken> {
        let is_manifest = removal.key.as_str() == format!("{CONTEXT}/.cstore/versions/{VERSION}.json");
        if !is_manifest || removal.before.is_none() || removal.after.is_some() {
            return Ok(());
        }
        let Some(stand) = self.channels.stands.last().filter(|stand| stand.made.version() == Some(VERSION)) else {
            return Ok(());
        };
        match self.first_claimed(removal.client) {
            Some(claimed) if claimed < stand.since => Ok(()),
            _ => Err(format!("a channel has pointed at the version since {}", stand.since)),
        }
    }
}
