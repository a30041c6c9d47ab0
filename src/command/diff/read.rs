//! What is known of the files of a side, and which of them have to be read.

use std::collections::{HashMap, HashSet};

use super::choose::Choice;
use super::place::Place;
use crate::command::changes::{ComparedFile, Obstacle};
use crate::command::{Location, Note};
use crate::config::FileType;
use crate::error::Error;
use crate::name::ConfigPath;
use crate::s3::{Budget, Reason};
use crate::store::{self, Each, MAX_TOTAL_BYTES};

/// The files of a side, as far as they are known.
pub(super) struct Side {
    files: HashMap<ConfigPath, ComparedFile>,
    /// Of files in a bucket, by their manifest.
    sizes: HashMap<ConfigPath, u64>,
    /// What may be there, which no manifest tells.
    open: HashSet<ConfigPath>,
    /// None of what lies here.
    location: Option<Location>,
    has_manifest: bool,
}

impl Side {
    /// What the manifest says, and what else may be there.
    ///
    /// # Errors
    /// A context that leaves the manifest's key no room.
    pub(super) fn stored(place: &Place, choice: &Choice<'_>) -> Result<Self, store::Error> {
        let (mut files, mut sizes) = (HashMap::new(), HashMap::new());
        let entries = place.manifest.iter().flat_map(|manifest| &manifest.files);
        for entry in entries.filter(|entry| choice.place_of(&entry.path).is_some()) {
            let mut file = ComparedFile::from_entry(entry);
            file.file_type = choice.type_of(&entry.path, Some(file.file_type));
            sizes.insert(entry.path.clone(), entry.size);
            files.insert(entry.path.clone(), file);
        }
        let has_manifest = place.manifest.is_some();
        // A version is what its manifest says.
        let may_be_open = |path: &&ConfigPath| {
            let is_of_head = place.version().is_none() && place.is_of_catalog && choice.may_be_unlisted(path);
            !files.contains_key(*path) && (!has_manifest || is_of_head)
        };
        let open = choice.paths.iter().filter(may_be_open).cloned().collect();
        Ok(Self { open, files, sizes, location: Some(place.location()?), has_manifest })
    }

    /// What lies here.
    pub(super) fn local(files: &[ComparedFile]) -> Self {
        let files = files.iter().map(|file| (file.path.clone(), file.clone())).collect();
        let (sizes, open) = (HashMap::new(), HashSet::new());
        Self { files, sizes, open, location: None, has_manifest: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files that are there, in this order.
    pub(super) fn files(mut self, paths: &[ConfigPath]) -> Vec<ComparedFile> {
        paths.iter().filter_map(|path| self.files.remove(path)).collect()
    }

    /// Takes what was read.
    ///
    /// # Errors
    /// A file that no manifest lists and that cannot be had; what concerns all files, such as the network.
    pub(super) fn take(
        &mut self,
        read: Option<Vec<Each>>,
        choice: &Choice<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(), Error> {
        let (mut unmanaged, mut untold, mut denied) = (Vec::new(), Vec::new(), None);
        for (path, file) in read.into_iter().flatten() {
            match (file, self.files.get_mut(&path)) {
                (Ok(Some(fetched)), known) => {
                    if !fetched.verified && self.has_manifest {
                        unmanaged.push(path.clone());
                    }
                    let file_type = known.map_or_else(|| choice.type_of(&path, None), |known| known.file_type);
                    let file = ComparedFile { file_type, ..ComparedFile::from_fetched(&fetched) };
                    self.files.insert(path, file);
                }
                (Ok(None), _) => {}
                (Err(error), known) => match (obstacle(&error), known) {
                    (Some(why), Some(known)) => known.content = Err(why),
                    // Where it may not be listed what there is, S3 refuses what is not there.
                    (Some(Obstacle::Denied(action)), None) => {
                        untold.push(path);
                        denied = Some(action);
                    }
                    _ => return Err(error.into()),
                },
            }
        }
        if self.location.is_some() && !self.has_manifest && !self.files.is_empty() {
            notes.push(Note::GoLayout(self.location.clone()));
        }
        let side = || self.location.clone();
        notes.extend((!unmanaged.is_empty()).then(|| Note::Unmanaged { paths: unmanaged, side: side() }));
        notes.extend(denied.map(|action| Note::Untold { paths: untold, side: side(), action }));
        Ok(())
    }
}

/// Why a file could not be had; none for what concerns all files.
fn obstacle(error: &store::Error) -> Option<Obstacle> {
    match error {
        store::Error::S3(failure) if !failure.may_be_due_to_object() => None,
        store::Error::S3(failure) => Some(match (error.denied_action(), &failure.reason) {
            (Some(action), _) => Obstacle::Denied(action),
            (None, Reason::TooLarge(_) | Reason::OverBudget(_)) => Obstacle::TooMuch,
            _ => Obstacle::Unreadable,
        }),
        store::Error::Integrity(_) | store::Error::Missing(_) => Some(Obstacle::Unreadable),
        _ => None,
    }
}

/// Which files are read, and how much of them fits.
pub(super) struct Reading<'a> {
    by_key: bool,
    choice: &'a Choice<'a>,
    /// For both sides together.
    pub(super) budget: Budget,
}

impl<'a> Reading<'a> {
    pub(super) fn new(by_key: bool, choice: &'a Choice<'a>) -> Self {
        Self { by_key, choice, budget: Budget::new(MAX_TOTAL_BYTES) }
    }

    /// What to read of either side: what no manifest tells, and what differs and has keys, as long as there is room.
    pub(super) fn wanted(&mut self, sides: &mut [Side; 2]) -> [Vec<ConfigPath>; 2] {
        let local = sides.iter().flat_map(|side| side.files.values()).filter_map(|file| file.content.as_ref().ok());
        let mut room = MAX_TOTAL_BYTES.saturating_sub(local.map(|content| content.expose().len() as u64).sum());
        let mut wanted = [Vec::new(), Vec::new()];
        for path in &self.choice.paths {
            let known = [0, 1].map(|side: usize| sides[side].files.get(path));
            let differs = match known {
                [Some(from), Some(to)] => from.digest != to.digest || from.file_type != to.file_type,
                [None, None] => false,
                _ => true,
            };
            let have_keys = known.iter().flatten().all(|file| file.file_type != FileType::Raw);
            let is_compared = self.by_key && differs && have_keys;
            for (side, wanted) in sides.iter_mut().zip(&mut wanted) {
                if side.open.contains(path) {
                    wanted.push(path.clone());
                } else if let (true, Some(file)) = (is_compared && side.location.is_some(), side.files.get_mut(path)) {
                    let size = side.sizes.get(path).copied().unwrap_or_default();
                    match room.checked_sub(size) {
                        Some(left) => {
                            room = left;
                            wanted.push(path.clone());
                        }
                        None => file.content = Err(Obstacle::TooMuch),
                    }
                }
            }
        }
        wanted
    }
}
