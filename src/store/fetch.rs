//! Pull: the manifest and its files, each body verified against it.

use std::collections::HashSet;

use bytes::Bytes;
use futures_util::future::{OptionFuture, join, join3};

use super::bodies::{Bodies, Body, Fetch, Listed};
use super::claim::Claimed;
use super::verify::Verdict;
use super::{Conflict, Error, FileEntry, MAX_FILE_BYTES, MAX_TOTAL_BYTES, Manifest, Missing, Store};
use crate::name::{Ambiguous, ConfigPath, Digest, Requirement, VersionName};
use crate::s3::{Bucket, Budget, Key};
use crate::secret::Secret;

/// How often the manifest is read again while a push is under way: with the pauses between, some seconds.
const ATTEMPTS: u32 = 7;

/// What was pulled, every file complete and checked.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The manifest; none in the Go cStore's layout.
    pub manifest: Option<Manifest>,
    /// The files, in the order chosen.
    pub files: Vec<FetchedFile>,
    /// The keys of files that were left out, as neither manifest nor bucket has them.
    pub left_out: Vec<Key>,
}

/// One file that was pulled.
#[derive(Debug, Clone)]
pub struct FetchedFile {
    /// Where it belongs.
    pub path: ConfigPath,
    /// Its bytes.
    pub content: Secret<Bytes>,
    /// Their digest.
    pub digest: Digest,
    /// What the manifest says of it, if it does.
    pub entry: Option<FileEntry>,
    /// Whether a manifest vouches for these bytes.
    pub verified: bool,
    /// Whether they are those of the S3 version that the manifest pins, since what lies at the key is something else, or
    /// cannot be read.
    pub by_pin: bool,
}

impl<B: Bucket> Store<B> {
    /// The version that a requirement picks among those published.
    ///
    /// # Errors
    /// [`Missing::Requirement`], [`Conflict::SamePrecedence`], and those of the listing.
    pub async fn resolve(&self, requirement: &Requirement) -> Result<VersionName, Error> {
        let pick = |published: &[VersionName]| match requirement.highest(published) {
            Ok(highest) => Ok(highest.cloned()),
            Err(Ambiguous { names }) => Err(Error::from(Conflict::SamePrecedence { names })),
        };
        if let Some(prefixes) = requirement.prefixes()
            && let Some(highest) = pick(&self.versions_that_begin_with_any(&prefixes).await?)?
        {
            return Ok(highest);
        }
        // The message names the other versions, which helps to find a typing error.
        let published = self.versions().await?;
        pick(&published)?.ok_or_else(|| {
            let requirement = requirement.clone();
            Missing::Requirement { context: self.keys.context().clone(), requirement, published }.into()
        })
    }

    /// Gets files, whole and checked, or none. `choose` names them, given the manifest; paths that it does not name
    /// are read in the Go cStore's layout.
    ///
    /// # Errors
    /// What `choose` refuses; [`Missing`] and [`super::Integrity`] for what is not there or not right; those of the
    /// requests.
    pub async fn fetch<E: From<Error>>(
        &self,
        fetch: Fetch<'_>,
        choose: impl Fn(Option<&Manifest>) -> Result<Vec<ConfigPath>, E>,
    ) -> Result<Fetched, E> {
        self.fetch_telling(fetch, |_| (), choose).await
    }

    /// As [`fetch`](Self::fetch), for who wants the manifest as soon as it is there: `tell` gets it before the files
    /// have come.
    ///
    /// # Errors
    /// Those of `fetch`.
    pub async fn fetch_telling<E: From<Error>>(
        &self,
        fetch: Fetch<'_>,
        tell: impl Fn(&Manifest),
        choose: impl Fn(Option<&Manifest>) -> Result<Vec<ConfigPath>, E>,
    ) -> Result<Fetched, E> {
        let known = self.bodies(fetch, fetch.known, |_| MAX_FILE_BYTES);
        let manifest = async {
            let manifest = self.manifest(fetch.version).await?.map(|stored| stored.value);
            manifest.iter().for_each(&tell);
            Ok::<_, Error>(manifest)
        };
        let (manifest, (bodies, over_budget)) = join(manifest, known).await;
        let manifest = manifest?;
        if let (None, Some(error)) = (&manifest, over_budget) {
            return Err(error.into());
        }
        self.fetch_chosen(fetch, manifest, bodies, choose).await
    }

    /// As [`fetch`](Self::fetch), given the manifest as it was read a moment ago.
    ///
    /// # Errors
    /// Those of `fetch`.
    pub async fn fetch_listed<E: From<Error>>(
        &self,
        fetch: Fetch<'_>,
        manifest: Manifest,
        choose: impl Fn(Option<&Manifest>) -> Result<Vec<ConfigPath>, E>,
    ) -> Result<Fetched, E> {
        self.fetch_chosen(fetch, Some(manifest), Bodies::new(), choose).await
    }

    /// All files of a version or of the head, whole and checked, given its manifest as it was read a moment ago. What
    /// another tool wrote over a file is refused.
    ///
    /// # Errors
    /// Those of [`fetch`](Self::fetch).
    pub async fn fetch_whole(&self, version: Option<&VersionName>, manifest: Manifest) -> Result<Fetched, Error> {
        let budget = Budget::new(MAX_TOTAL_BYTES);
        let fetch = Fetch { version, known: &[], accept_unmanaged: false, leave_out_missing: false, budget: &budget };
        self.fetch_listed(fetch, manifest, |manifest| match manifest {
            Some(manifest) => Ok(manifest.files.iter().map(|entry| entry.path.clone()).collect()),
            // It was purged in the meantime.
            None => Ok::<_, Error>(Vec::new()),
        })
        .await
    }

    async fn fetch_chosen<E: From<Error>>(
        &self,
        fetch: Fetch<'_>,
        mut manifest: Option<Manifest>,
        mut bodies: Bodies,
        choose: impl Fn(Option<&Manifest>) -> Result<Vec<ConfigPath>, E>,
    ) -> Result<Fetched, E> {
        let mut attempt = 1;
        loop {
            let chosen = choose(manifest.as_ref())?;
            if chosen.is_empty() && manifest.is_none() {
                return Err(self.nothing(fetch, Vec::new()).await?.into());
            }
            let listed = Listed::new(fetch, manifest.as_ref(), self.keys.manifest(fetch.version).map_err(Error::from)?);
            let sizes = chosen.iter().filter_map(|path| Some(listed.entry(path)?.size));
            let bytes = sizes.fold(0u64, u64::saturating_add);
            if bytes > MAX_TOTAL_BYTES {
                return Err(Error::TooMuch { bytes }.into());
            }
            // What was asked for too early gives its bytes back to the budget.
            let wanted: HashSet<_> = chosen.iter().collect();
            bodies.retain(|path, _| wanted.contains(path));
            self.complete(&listed, &chosen, &mut bodies).await?;

            let mut files = Vec::with_capacity(chosen.len());
            let mut again = Vec::new();
            let mut refused = Vec::new();
            let mut left_out = Vec::new();
            for path in chosen {
                match self.verify(&listed, &path, &bodies)? {
                    Ok(file) => files.push(file),
                    Err(Verdict::Refused(error)) if fetch.leave_out_missing && error.is_unlisted_file() => {
                        left_out.push(self.keys.file(fetch.version, &path).map_err(Error::from)?);
                    }
                    Err(Verdict::Again(error)) => again.push((path, error)),
                    Err(Verdict::Refused(error)) => refused.push(error),
                    Err(Verdict::Verified | Verdict::Unmanaged | Verdict::ReadPinned) => {}
                }
            }
            if !refused.is_empty() {
                let has_some = manifest.is_some() || !files.is_empty();
                return Err(self.first_of(refused, fetch, has_some).await?.into());
            }
            if again.is_empty() {
                if manifest.is_none() && files.is_empty() {
                    return Err(self.nothing(fetch, left_out).await?.into());
                }
                return Ok(Fetched { manifest, files, left_out });
            }
            if attempt == ATTEMPTS {
                let has_some = manifest.is_some() || !files.is_empty();
                let errors = again.into_iter().map(|(_, error)| error).collect();
                return Err(self.first_of(errors, fetch, has_some).await?.into());
            }
            for (path, _) in &again {
                bodies.remove(path);
            }
            self.backoff.wait(attempt).await;
            manifest = self.manifest(fetch.version).await?.map(|stored| stored.value);
            attempt += 1;
        }
    }

    /// One file, or what is wrong with it.
    pub(super) fn verify(
        &self,
        listed: &Listed<'_>,
        path: &ConfigPath,
        bodies: &Bodies,
    ) -> Result<Result<FetchedFile, Verdict>, Error> {
        let body = bodies.get(path).unwrap_or(&Body::Current(Ok(None)));
        let verdict = listed.verdict(&self.keys.file(listed.fetch.version, path)?, path, body);
        let verified = matches!(verdict, Verdict::Verified);
        Ok(match (verdict, body.received()) {
            (Verdict::Verified | Verdict::Unmanaged, Some(received)) => Ok(FetchedFile {
                path: path.clone(),
                content: received.object.body.clone(),
                digest: received.digest,
                entry: listed.entry(path).cloned(),
                verified,
                by_pin: matches!(body, Body::Pinned(_)),
            }),
            (verdict, _) => Err(verdict),
        })
    }

    /// The error for a version, or a head, of which there is nothing at all: neither a manifest nor any of these keys.
    pub(super) async fn nothing(&self, fetch: Fetch<'_>, keys: Vec<Key>) -> Result<Error, Error> {
        let context = self.keys.context().clone();
        // What is missing may be left out, but not what is being pushed, or was left by a push that broke off.
        let version = fetch.version.filter(|_| fetch.leave_out_missing);
        let claim = OptionFuture::from(version.map(|version| self.read_claim(version)));
        // What is published helps to find a typing error; whoever may not list gets the message without.
        let channel = OptionFuture::from(fetch.version.map(|version| self.channel_named(version)));
        let (published, claim, channel) = join3(self.versions(), claim, channel).await;
        let published = published.ok();
        let claim = claim.transpose()?.flatten().map(|stored| stored.value);
        Ok(match (fetch.version, claim) {
            (None, _) => Missing::Head { context, keys, published },
            (Some(version), Some(claim)) if claim.digest != Claimed::Purge => Missing::Unpublished {
                version: Some(version.clone()),
                key: self.keys.claim(version)?,
                push_id: Some(claim.push_id),
                source: claim.source.map(Box::new),
            },
            (Some(version), _) => {
                Missing::Version { context, version: version.clone(), published, channel: channel.flatten() }
            }
        }
        .into())
    }

    /// The most telling of several files' errors; missing files are named all at once. `has_some`: whether there is a
    /// manifest, or any of the files.
    async fn first_of(&self, errors: Vec<Error>, fetch: Fetch<'_>, has_some: bool) -> Result<Error, Error> {
        let version = fetch.version;
        let mut gone = Vec::new();
        let mut vouched = None;
        for error in errors {
            match error {
                Error::Missing(missing) => match *missing {
                    Missing::Files { mut keys, manifest, .. } => {
                        gone.append(&mut keys);
                        vouched = manifest.or(vouched);
                    }
                    Missing::Unpublished { version: Some(version), key, push_id, .. } => {
                        let claim = self.read_claim(&version).await.ok().flatten();
                        let source = claim.and_then(|claim| claim.value.source).map(Box::new);
                        return Ok(Missing::Unpublished { version: Some(version), key, push_id, source }.into());
                    }
                    other => return Ok(other.into()),
                },
                other => return Ok(other),
            }
        }
        if !has_some {
            return self.nothing(fetch, gone).await;
        }
        Ok(Missing::Files { version: version.cloned(), keys: gone, manifest: vouched }.into())
    }
}
