//! Somebody who holds a pusher's token, and puts whatever the bucket's policy lets a pusher put: any body, metadata and
//! storage class at the keys of files, and claims and manifests where there are none. A pusher reads everything, but
//! cannot delete, nor replace a claim or the manifest of a version.

use std::collections::BTreeMap;

use cstore::name::Digest;
use cstore::s3::Key;

use crate::client::{CONTEXT, Place, Role, VERSION, push_id};
use crate::memory::{Planted, Storage};
use crate::random::Random;
use crate::simulation::Simulation;

/// How much is put in one schedule at most: nobody gets past an adversary who never ends.
const MOST: usize = 10;

/// One who strikes so many times in a hundred steps.
pub(crate) struct Adversary {
    random: Random,
    strikes: usize,
    left: usize,
    seals: bool,
}

impl Adversary {
    /// With a generator of its own, so that schedules without an adversary stay as they are. `seals` says whether some
    /// of what is put can be read by nobody: a purge names it, and leaves it.
    pub(crate) fn new(seed: u64, seals: bool) -> Self {
        let mut random = Random::new(!seed);
        let strikes = *random.pick(&[5, 15, 40]);
        let left = 1 + random.below(MOST);
        Self { random, strikes, left, seals }
    }

    /// Puts something, or not.
    pub(crate) fn strike(&mut self, simulation: &Simulation) {
        if self.left == 0 || !self.random.chance(self.strikes) {
            return;
        }
        self.left -= 1;
        let targets = targets(simulation);
        let documents = [("claims/v1.json", false), ("versions/v1.json", false), ("settings.json", true)];
        let (key, planted) = if targets.is_empty() || self.random.chance(15) {
            let (name, replaces) = *self.random.pick(&documents);
            let key = Key::new(format!("{CONTEXT}/.cstore/{name}")).unwrap();
            if !replaces && simulation.world().memory.head(&key, None).is_some() {
                return;
            }
            let planted = self.document();
            (key, planted)
        } else {
            let (place, path) = self.random.pick(&targets).clone();
            let key = match place {
                Place::Version => format!("{CONTEXT}/{VERSION}/{path}"),
                Place::Head => format!("{CONTEXT}/{path}"),
            };
            (Key::new(key).unwrap(), self.file(simulation, place, &path))
        };
        let mut world = simulation.world_mut();
        world.now += 1;
        world.strikes += 1;
        world.say(|| format!("PLANTED at {key}: {planted:?}"));
        let version = world.memory.plant(&key, &planted);
        let now = world.now;
        world.put_at.insert((key.to_string(), version), now);
    }

    /// What cannot be read, or claims the version for a content that nobody has.
    fn document(&mut self) -> Planted {
        let digest = Digest::from_content(b"of nobody");
        let claim = format!(
            r#"{{"schema":1,"context":"shop","version":"v1","digest":"{digest}","push_id":"p","created_at":"2026"}}"#
        );
        let body = if self.random.chance(30) { claim } else { "{".to_owned() };
        Planted {
            body,
            size: self.random.chance(30).then_some(2 * 1024 * 1024),
            has_sha256: self.random.chance(50),
            storage: if self.random.chance(30) { Storage::Archived } else { Storage::Standard },
            metadata: BTreeMap::new(),
        }
    }

    fn file(&mut self, simulation: &Simulation, place: Place, path: &str) -> Planted {
        let roles = simulation.clients.iter().map(|client| &client.role);
        let contents = roles.filter_map(Role::content).filter(|(other, _)| *other == place);
        let texts: Vec<_> = contents.filter_map(|(_, content)| content.get(path)).collect();
        let right = (*self.random.pick(&texts)).clone();
        let body = match self.random.below(4) {
            0 => right.clone(),
            1 => String::new(),
            _ => "PLANTED=1\n".to_owned(),
        };
        let storage = match self.random.below(10) {
            0 | 1 => Storage::Archived,
            // The head's own pushes cannot tell whose such an object is, and say which right they lack.
            2 if place == Place::Version && self.seals => Storage::Sealed,
            _ => Storage::Standard,
        };
        let size = self.random.chance(15).then_some(17 * 1024 * 1024);
        let body = if size.is_some() { "PLANTED=large\n".to_owned() } else { body };
        let metadata = self.metadata(simulation, place, Digest::from_content(right.as_bytes()));
        Planted { body, size, has_sha256: self.random.chance(60), storage, metadata }
    }

    /// Any at all, and often just that of somebody's push of the right bytes.
    fn metadata(&mut self, simulation: &Simulation, place: Place, right: Digest) -> BTreeMap<String, String> {
        let forged = push_id(self.random.below(simulation.clients.len()));
        let (other, of_nobody) = ("v9".to_owned(), "push-of-nobody".to_owned());
        let own_version = (place == Place::Version).then(|| VERSION.to_owned());
        let (push_id, version, sha256) = if self.random.chance(50) {
            (Some(forged), own_version, Some(right))
        } else {
            // What another tool wrote over the head stays, whatever is pinned.
            let least = usize::from(place == Place::Head);
            let push_id = [None, Some(of_nobody), Some(forged)][least + self.random.below(3 - least)].clone();
            let versions = [None, own_version, Some(other), Some("one".to_owned()), Some(VERSION.to_owned())];
            let digests = [None, Some(right), Some(Digest::from_content(b"of nobody"))];
            (push_id, self.random.pick(&versions).clone(), *self.random.pick(&digests))
        };
        let sha256 = sha256.map(|digest| digest.to_string());
        [("cstore-push-id", push_id), ("cstore-version", version), ("cstore-sha256", sha256)]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// The files that anybody here pushes.
fn targets(simulation: &Simulation) -> Vec<(Place, String)> {
    let contents = simulation.clients.iter().filter_map(|client| client.role.content());
    contents.flat_map(|(place, content)| content.keys().map(move |path| (place, path.clone()))).collect()
}
