//! What a version, or a file of the head, has in the bucket: every S3 version of it, published or not.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::object_metadata::ObjectMetadata;
use super::{CONCURRENCY, Error, Store};
use crate::name::{RESERVED_SEGMENT, VersionName};
use crate::s3::{Bucket, Etag, Failure, Key, ListedVersion, VersionId};

/// S3 versions and delete markers, by key and id.
pub(super) type Ids = HashSet<(Key, VersionId)>;

/// Whose an S3 version is.
#[derive(Debug)]
enum Whose {
    /// That of what is purged.
    Own,
    /// Another's, such as another context's or another tool's.
    Other,
    /// Nobody's: a delete marker.
    Marker,
    /// Nothing is known of it.
    Unknown(Box<Failure>),
}

/// What a key has held.
#[derive(Debug, Default)]
pub(super) struct KeyHistory {
    /// The oldest first.
    layers: Vec<Layer>,
}

#[derive(Debug)]
pub(super) struct Layer {
    listed: ListedVersion,
    whose: Whose,
}

/// What a version has in the bucket.
#[derive(Debug)]
pub(super) struct Remains {
    /// By key.
    pub(super) files: Vec<KeyHistory>,
    pub(super) manifest: KeyHistory,
}

impl KeyHistory {
    /// What goes of the key, the oldest first, except what cannot. A delete marker stays where something is left below
    /// it, which would otherwise be current again. One whose id is `null` stays: its place is the next put's, which a
    /// late delete by that id would destroy.
    pub(super) fn going(&self, in_the_way: &Ids) -> Vec<&ListedVersion> {
        let mut is_covering = false;
        let mut going = Vec::new();
        for Layer { listed, whose } in &self.layers {
            let goes = !in_the_way.contains(&(listed.key.clone(), listed.version.clone()))
                && match whose {
                    Whose::Own => true,
                    Whose::Marker => !is_covering && !listed.version.is_null(),
                    Whose::Other | Whose::Unknown(_) => false,
                };
            if goes {
                going.push(listed);
            } else if !matches!(whose, Whose::Marker) {
                is_covering = true;
            }
        }
        going
    }

    /// The state of the object that is current; none where there is none.
    pub(super) fn current(&self) -> Option<&Etag> {
        let last = self.layers.last().filter(|layer| layer.listed.is_latest)?;
        last.listed.content.as_ref().map(|content| &content.etag)
    }

    /// Whether something lies below this S3 version that stays.
    pub(super) fn covers(&self, version: &VersionId, left: &Ids) -> bool {
        let below = self.layers.iter().take_while(|layer| layer.listed.version != *version);
        let stays = |layer: &Layer| match layer.whose {
            Whose::Own => left.contains(&(layer.listed.key.clone(), layer.listed.version.clone())),
            Whose::Other | Whose::Unknown(_) => true,
            Whose::Marker => false,
        };
        below.into_iter().any(stays)
    }

    /// The same with what is current as somebody else's.
    pub(super) fn but_for_current(mut self) -> Self {
        if self.current().is_some()
            && let Some(current) = self.layers.last_mut()
        {
            current.whose = Whose::Other;
        }
        self
    }
}

impl Remains {
    pub(super) fn histories(&self) -> impl Iterator<Item = &KeyHistory> {
        std::iter::once(&self.manifest).chain(&self.files)
    }
}

/// The objects of others.
pub(super) fn staying<'a>(histories: impl Iterator<Item = &'a KeyHistory>) -> Vec<ListedVersion> {
    let layers = histories.flat_map(|history| &history.layers);
    layers.filter(|layer| matches!(layer.whose, Whose::Other)).map(|layer| layer.listed.clone()).collect()
}

/// What nothing is known of, each with why.
pub(super) fn unknown<'a>(histories: impl Iterator<Item = &'a KeyHistory>) -> Vec<(ListedVersion, Box<Failure>)> {
    let unknown = |layer: &Layer| match &layer.whose {
        Whose::Unknown(failure) => Some((layer.listed.clone(), failure.clone())),
        _ => None,
    };
    histories.flat_map(|history| &history.layers).filter_map(unknown).collect()
}

impl<B: Bucket> Store<B> {
    /// What a version has in the bucket.
    ///
    /// The manifest is listed last: a push puts it when its files are there, so that one that comes in between is seen.
    pub(super) async fn remains(&self, version: &VersionName) -> Result<Remains, Error> {
        let prefix = self.keys.version_prefix(version);
        let listed = self.bucket.list_versions(&prefix).await?;
        let manifest = self.document_history(&self.keys.manifest(Some(version))?).await?;
        let others = Others::below(&prefix, version, &listed);
        let is_own = |_: &ListedVersion, said: &ObjectMetadata| said.version.as_ref() == Some(version);
        let layers = self.layers(listed, |key| others.have(key), is_own).await?;
        Ok(Remains { files: by_key(layers), manifest })
    }

    /// Whose each S3 version is: another's at certain keys, else by what it says of itself.
    pub(super) async fn layers(
        &self,
        listed: Vec<ListedVersion>,
        is_of_another: impl Fn(&Key) -> bool,
        is_own: impl Fn(&ListedVersion, &ObjectMetadata) -> bool,
    ) -> Result<Vec<Layer>, Error> {
        let (is_of_another, is_own) = (&is_of_another, &is_own);
        let layers = stream::iter(listed).map(|listed| async move {
            let whose = match listed.content {
                None => Whose::Marker,
                Some(_) if is_of_another(&listed.key) => Whose::Other,
                Some(_) => match self.bucket.head(&listed.key, id_of(&listed)).await {
                    Ok(Some(meta)) if is_own(&listed, &ObjectMetadata::read(&meta.metadata)) => Whose::Own,
                    Ok(Some(_)) => Whose::Other,
                    // Gone since.
                    Ok(None) => return Ok(None),
                    Err(failure) if failure.may_be_due_to_object() => Whose::Unknown(failure),
                    Err(failure) => return Err(Error::from(failure)),
                },
            };
            Ok(Some(Layer { listed, whose }))
        });
        layers.buffered(CONCURRENCY).try_filter_map(async |layer| Ok(layer)).try_collect().await
    }

    /// What the key of a document of the version has held: all of it is the version's.
    pub(super) async fn document_history(&self, key: &Key) -> Result<KeyHistory, Error> {
        let listed = self.bucket.list_versions(key.as_str()).await?.into_iter().filter(|listed| listed.key == *key);
        let own = |listed: ListedVersion| {
            let whose = if listed.content.is_some() { Whose::Own } else { Whose::Marker };
            Layer { listed, whose }
        };
        Ok(KeyHistory { layers: listed.map(own).collect() })
    }
}

/// The id to look at it by. What is current and has none of its own is looked at as the current object, for which no
/// other right is needed than a pull's. By then there may be another, but what is done about this one has its state for
/// condition.
fn id_of(listed: &ListedVersion) -> Option<&VersionId> {
    Some(&listed.version).filter(|version| !listed.is_latest || !version.is_null())
}

pub(super) fn by_key(layers: Vec<Layer>) -> Vec<KeyHistory> {
    let mut histories: Vec<KeyHistory> = Vec::new();
    for layer in layers {
        match histories.last_mut() {
            Some(history) if history.layers.last().is_some_and(|last| last.listed.key == layer.listed.key) => {
                history.layers.push(layer);
            }
            _ => histories.push(KeyHistory { layers: vec![layer] }),
        }
    }
    histories
}

/// What another context has below a version's prefix: a context's name may have several segments, so one may be called
/// as the version is, below this context's name.
struct Others {
    /// The other context's own objects.
    documents: String,
    /// The files of its version of the same name, if it has one: their objects say the same version.
    version: Option<String>,
}

impl Others {
    fn below(prefix: &str, version: &VersionName, listed: &[ListedVersion]) -> Self {
        let documents = format!("{prefix}{RESERVED_SEGMENT}/");
        let of_version = ["versions", "claims"].map(|kind| format!("{documents}{kind}/{version}.json"));
        let has_version = listed.iter().any(|listed| of_version.iter().any(|key| listed.key.as_str() == key));
        Self { documents, version: has_version.then(|| format!("{prefix}{version}/")) }
    }

    fn have(&self, key: &Key) -> bool {
        let is_below = |prefix: &String| key.as_str().starts_with(prefix.as_str());
        is_below(&self.documents) || self.version.as_ref().is_some_and(is_below)
    }
}
