//! Getting the bodies of a pull: what lies at each key, and what a manifest pins where that is something else.

use std::collections::{HashMap, HashSet};
use std::pin::pin;

use futures_util::stream::{self, StreamExt as _};

use super::document::Received;
use super::object_metadata::ObjectMetadata;
use super::verify::{Verdict, Verifier};
use super::{CONCURRENCY, Error, FileEntry, Integrity, MAX_FILE_BYTES, Manifest, Store};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{BodyLimit, Bucket, Budget, Key, Reason};

/// What to pull.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// Which version; none for the head.
    pub version: Option<&'a VersionName>,
    /// The paths that are known to be wanted before the manifest is read; requested together with it.
    pub known: &'a [ConfigPath],
    /// Whether a head file that another tool wrote after the manifest is accepted.
    pub accept_unmanaged: bool,
    /// Whether files that neither manifest nor bucket has are left out, instead of being an error.
    pub leave_out_missing: bool,
    /// What all bodies of the run may take of memory together: see [`MAX_TOTAL_BYTES`](super::MAX_TOTAL_BYTES).
    pub budget: &'a Budget,
}

/// What the bucket has for each path.
pub(super) type Bodies = HashMap<ConfigPath, Body>;

/// What the bucket has for a path.
#[derive(Debug)]
pub(super) enum Body {
    /// What lies at the key, if something does, or why it could not be read.
    Current(Result<Option<Received>, Error>),
    /// What the manifest pins, as the manifest says it is.
    Pinned(Received),
    /// The pin does not help either.
    Neither(Verdict),
}

impl Body {
    pub(super) fn received(&self) -> Option<&Received> {
        match self {
            Self::Current(Ok(received)) => received.as_ref(),
            Self::Pinned(received) => Some(received),
            Self::Current(Err(_)) | Self::Neither(_) => None,
        }
    }
}

/// What a pull is for, and what the manifest says of it.
pub(super) struct Listed<'a> {
    pub(super) fetch: Fetch<'a>,
    entries: HashMap<&'a ConfigPath, &'a FileEntry>,
    /// The paths that are not there, whatever lies at their keys.
    removed: HashSet<&'a ConfigPath>,
    /// None where there is no manifest.
    manifest: Option<Key>,
}

impl<'a> Listed<'a> {
    /// The manifest, and its key.
    pub(super) fn new(fetch: Fetch<'a>, manifest: Option<&'a Manifest>, key: Key) -> Self {
        let entries = manifest.into_iter().flat_map(|manifest| &manifest.files).map(|entry| (&entry.path, entry));
        let removed = manifest.into_iter().flat_map(|manifest| &manifest.removed).collect();
        Self { fetch, entries: entries.collect(), removed, manifest: manifest.map(|_| key) }
    }

    pub(super) fn entry(&self, path: &ConfigPath) -> Option<&'a FileEntry> {
        self.entries.get(path).copied()
    }

    fn pinned_entry(&self, path: &ConfigPath) -> Option<&'a FileEntry> {
        self.entry(path).filter(|entry| entry.version_id.is_some())
    }

    /// Of what is larger than its entry says nothing need be read where the pin is read instead. An unmanaged file of
    /// the head may have any size.
    fn limit(&self, path: &ConfigPath) -> u64 {
        let pinned = self.pinned_entry(path).filter(|_| self.fetch.version.is_some());
        pinned.map_or(MAX_FILE_BYTES, |entry| entry.size.min(MAX_FILE_BYTES))
    }

    fn verifier<'k>(&self, key: &'k Key) -> Verifier<'k>
    where
        'a: 'k,
    {
        Verifier { key, version: self.fetch.version, accept_unmanaged: self.fetch.accept_unmanaged }
    }

    /// What to do with the body of a path, whose key is this.
    pub(super) fn verdict(&self, key: &Key, path: &ConfigPath, body: &Body) -> Verdict {
        let verifier = self.verifier(key);
        let current = match body {
            Body::Neither(verdict) => return verdict.clone(),
            Body::Current(Err(error)) if self.pinned_entry(path).is_none() => return Verdict::Refused(error.clone()),
            Body::Current(Err(error)) => return Verifier::verify_unread(error),
            Body::Current(Ok(received)) => received.as_ref(),
            Body::Pinned(received) => Some(received),
        };
        match (self.entry(path), &self.manifest) {
            (Some(entry), Some(manifest)) => verifier.verify_listed(entry, current, manifest),
            (None, Some(_)) if self.removed.contains(path) => Verdict::Refused(verifier.gone(None)),
            (_, manifest) => verifier.verify_unlisted(current, manifest.is_some()),
        }
    }
}

impl<B: Bucket> Store<B> {
    /// What lies at the keys of all paths, none larger than its limit. As soon as bodies are more than the budget has
    /// room for, the rest are cut off, and the error says so.
    pub(super) async fn bodies(
        &self,
        fetch: Fetch<'_>,
        paths: &[ConfigPath],
        limit: impl Fn(&ConfigPath) -> u64,
    ) -> (Bodies, Option<Error>) {
        let requests = stream::iter(paths).map(|path| {
            let limit = BodyLimit::within(limit(path), fetch.budget);
            async {
                let received = match self.keys.file(fetch.version, path) {
                    Ok(key) => self.get(&key, None, limit).await,
                    Err(error) => Err(error.into()),
                };
                (path.clone(), received)
            }
        });
        let mut answers = pin!(requests.buffer_unordered(CONCURRENCY));
        let mut bodies = Bodies::new();
        while let Some((path, received)) = answers.next().await {
            match received {
                Err(error) if error.is_over_budget() => return (bodies, Some(error)),
                received => drop(bodies.insert(path, Body::Current(received))),
            }
        }
        (bodies, None)
    }

    /// Gets what is lacking of the chosen files, and what is pinned wherever something else lies at the key.
    ///
    /// # Errors
    /// What is chosen is more than the budget has room for.
    pub(super) async fn complete(
        &self,
        listed: &Listed<'_>,
        chosen: &[ConfigPath],
        bodies: &mut Bodies,
    ) -> Result<(), Error> {
        // In this order, since the budget need not have room for a body and the one that is pinned in its place.
        let mut replaced = self.take_replaced(listed, chosen, bodies)?;
        let is_lacking = |path: &&ConfigPath| !bodies.contains_key(*path) && !replaced.contains_key(*path);
        let lacking: Vec<_> = chosen.iter().filter(is_lacking).cloned().collect();
        let (received, over_budget) = self.bodies(listed.fetch, &lacking, |path| listed.limit(path)).await;
        bodies.extend(received);
        replaced.extend(self.take_replaced(listed, chosen, bodies)?);
        if let Some(error) = over_budget {
            for path in lacking {
                if bodies.contains_key(&path) || replaced.contains_key(&path) {
                    continue;
                }
                listed.pinned_entry(&path).ok_or_else(|| error.clone())?;
                replaced.insert(path, Some(error.clone()));
            }
        }
        let requests = stream::iter(replaced).map(|(path, why)| async {
            let body = self.pinned(listed, &path, why).await;
            (path, body)
        });
        let mut answers = pin!(requests.buffer_unordered(CONCURRENCY));
        while let Some((path, body)) = answers.next().await {
            bodies.insert(path, body?);
        }
        Ok(())
    }

    /// Takes out what is to be read by its pin instead, with the reason for which it could not be read, if it could
    /// not.
    fn take_replaced(
        &self,
        listed: &Listed<'_>,
        chosen: &[ConfigPath],
        bodies: &mut Bodies,
    ) -> Result<HashMap<ConfigPath, Option<Error>>, Error> {
        let mut replaced = HashMap::new();
        for path in chosen {
            let Some(body) = bodies.get(path) else { continue };
            if let Verdict::ReadPinned = listed.verdict(&self.keys.file(listed.fetch.version, path)?, path, body) {
                let why = match bodies.remove(path) {
                    Some(Body::Current(Err(error))) => Some(error),
                    _ => None,
                };
                replaced.insert(path.clone(), why);
            }
        }
        Ok(replaced)
    }

    /// The S3 version that the manifest pins for a path.
    ///
    /// # Errors
    /// The budget has no room for it.
    async fn pinned(&self, listed: &Listed<'_>, path: &ConfigPath, why: Option<Error>) -> Result<Body, Error> {
        let key = self.keys.file(listed.fetch.version, path)?;
        let Some((entry, manifest)) = listed.pinned_entry(path).zip(listed.manifest.as_ref()) else {
            return Ok(Body::Current(Ok(None)));
        };
        if let Some(error) = &why
            && listed.fetch.version.is_none()
            && self.is_unmanaged(&key).await
        {
            return Ok(Body::Neither(Verdict::Refused(error.clone())));
        }
        let limit = BodyLimit::within(MAX_FILE_BYTES, listed.fetch.budget);
        Ok(match self.get(&key, entry.version_id.as_ref(), limit).await {
            Ok(Some(received)) if received.digest == entry.sha256 => Body::Pinned(received),
            Ok(Some(received)) if received.is_damaged => Body::Neither(Verdict::Refused(received.damage(&key))),
            Ok(Some(_)) => {
                let version = listed.fetch.version.cloned();
                Body::Neither(Verdict::Refused(Integrity::Mismatch { key, version, push_id: None }.into()))
            }
            // Purged, or expired by a lifecycle rule.
            Ok(None) => Body::Neither(Verdict::Again(listed.verifier(&key).gone(Some(manifest)))),
            Err(error) if error.is_over_budget() => return Err(error),
            Err(error) => Body::Neither(Verdict::Refused(first_cause(why, error))),
        })
    }

    /// Whether another tool has written over a file of the head since.
    async fn is_unmanaged(&self, key: &Key) -> bool {
        let head = self.bucket.head(key, None).await.ok().flatten();
        head.is_some_and(|head| ObjectMetadata::read(&head.metadata).is_foreign())
    }
}

/// Of two failures for one reason the one that everybody meets: whoever lacks the right to get an object is to be told
/// of that, and not of the right to get its versions.
fn first_cause(why: Option<Error>, then: Error) -> Error {
    let reason = |error: &Error| -> Option<Reason> {
        match error {
            Error::S3(failure) => Some(failure.reason.clone()),
            _ => None,
        }
    };
    match why {
        Some(first) if reason(&first) == reason(&then) => first,
        _ => then,
    }
}
