use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::identity::FolderIdentity;
use super::record::{IntendedHead, Record};
use crate::name::{ConfigPath, Context};

/// The layout of the file.
const SCHEMA: u64 = 1;

/// The file of one catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Document {
    schema: u64,
    /// The catalog's absolute path, for people.
    catalog: String,
    /// The folder that the catalog lies in. Where that is not known, what is remembered is of no use.
    #[serde(default)]
    folder: Option<FolderIdentity>,
    places: Vec<OfPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OfPlace {
    #[serde(flatten)]
    kept: Kept,
    /// By the paths of local files, relative to the catalog's folder.
    files: BTreeMap<ConfigPath, Record>,
    /// By the same paths: what pushes were about to make of the head.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    intended: BTreeMap<ConfigPath, IntendedHead>,
}

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Kept {
    pub(in crate::cli) bucket: String,
    /// A [`Context`], as text.
    pub(in crate::cli) context: String,
}

impl Kept {
    pub(in crate::cli) fn new(bucket: &str, context: &Context) -> Self {
        Self { bucket: bucket.to_owned(), context: context.to_string() }
    }
}

impl Document {
    pub(super) fn new(catalog: String, folder: Option<FolderIdentity>) -> Self {
        Self { schema: SCHEMA, catalog, folder, places: Vec::new() }
    }

    /// Whether it is of a folder.
    pub(super) fn is_of(&self, folder: Option<&FolderIdentity>) -> bool {
        folder.is_some() && self.folder.as_ref() == folder
    }

    /// Takes the identity that its folder has got meanwhile, since files were written into it.
    pub(super) fn follow(&mut self, now: Option<FolderIdentity>) {
        let is_copy = |now: &FolderIdentity| self.folder.as_ref().is_some_and(|before| now.may_be_a_copy_of(before));
        if let Some(now) = now.filter(is_copy) {
            self.folder = Some(now);
        }
    }

    /// Reads a document; none where it is damaged, or of a later version of this tool.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|document| document.schema == SCHEMA)
    }

    pub(super) fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }

    pub(super) fn record(&self, kept: &Kept, place: &ConfigPath) -> Option<&Record> {
        self.files(kept)?.get(place)
    }

    /// All records of a place, by the local files' paths.
    pub(super) fn files(&self, kept: &Kept) -> Option<&BTreeMap<ConfigPath, Record>> {
        self.places.iter().find(|place| place.kept == *kept).map(|place| &place.files)
    }

    pub(super) fn set(&mut self, kept: &Kept, place: ConfigPath, record: Record) {
        if let Some(known) = self.of_place(kept) {
            known.files.insert(place, record);
        }
    }

    /// What pushes to a place were about to make of the head, by the local files' paths.
    pub(super) fn intended(&self, kept: &Kept) -> Option<&BTreeMap<ConfigPath, IntendedHead>> {
        self.places.iter().find(|place| place.kept == *kept).map(|place| &place.intended)
    }

    pub(super) fn intend(&mut self, kept: &Kept, place: ConfigPath, intended: Option<IntendedHead>) {
        let Some(known) = self.of_place(kept) else { return };
        match intended {
            Some(intended) => drop(known.intended.insert(place, intended)),
            None => drop(known.intended.remove(&place)),
        }
    }

    /// What is kept in a place, from now on.
    fn of_place(&mut self, kept: &Kept) -> Option<&mut OfPlace> {
        let known = self.places.iter().position(|place| place.kept == *kept);
        let index = known.unwrap_or_else(|| {
            self.places.push(OfPlace { kept: kept.clone(), files: BTreeMap::new(), intended: BTreeMap::new() });
            self.places.len() - 1
        });
        self.places.get_mut(index)
    }
}
