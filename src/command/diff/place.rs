//! Where a side of a diff lies in a bucket.

use std::sync::Arc;

use futures_util::future::{OptionFuture, join};

use crate::catalog::SelectedFile;
use crate::command::catalogs::Loaded;
use crate::command::deadline::Deadline;
use crate::command::resolved::Resolved;
use crate::command::{Location, target};
use crate::error::Error;
use crate::name::{ConfigPath, Context, Reference, Requirement, StoredReference, VersionName, VersionRequest};
use crate::request::{RunInfo, Target};
use crate::s3::{AwsBucket, Budget, Session};
use crate::store::{self, Each, Manifest, Store};

/// For how many requests connections are opened before it is known how many there are.
const LIKELY_REQUESTS: usize = 4;

/// A version, or the head, in a bucket.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) store: Store<AwsBucket>,
    pub(super) resolved: Resolved,
    /// None where there is none, as in the Go cStore's layout.
    pub(super) manifest: Option<Manifest>,
    /// Whether the catalog that lies here tells of it.
    pub(super) is_of_catalog: bool,
}

impl Place {
    /// None for the head.
    pub(super) fn version(&self) -> Option<&VersionName> {
        self.resolved.version.as_ref()
    }

    /// Whether both are the same.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        self.is_beside(other) && self.version() == other.version()
    }

    /// Whether both are of one context in one bucket.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.store.bucket_name() == other.store.bucket_name()
            && self.store.keys().context() == other.store.keys().context()
    }

    /// The same, with its manifest.
    pub(super) async fn with_manifest(self) -> Result<Self, Error> {
        let manifest = self.store.manifest(self.version()).await.map_err(|error| self.resolved.told(error))?;
        let manifest = manifest.map(|stored| stored.value);
        self.resolved.require(manifest.as_ref())?;
        Ok(Self { manifest, ..self })
    }

    /// The newest release in place of a head that is not there; the same where there is none either, or where it may not
    /// be looked for.
    pub(super) async fn or_newest(self) -> Result<Self, Error> {
        match self.store.resolve(&Requirement::latest()).await {
            Ok(version) => {
                let resolved = Resolved { version: Some(version), pointed_at: None };
                Self { resolved, ..self }.with_manifest().await
            }
            Err(store::Error::Missing(_)) => Ok(self),
            Err(error) if error.denied_action().is_some() => Ok(self),
            Err(error) => Err(error.into()),
        }
    }

    /// The files at these paths, each by itself.
    pub(super) async fn read(&self, paths: &[ConfigPath], budget: &Budget) -> Result<Vec<Each>, Error> {
        let read = self.store.read_each(self.version(), self.manifest.as_ref(), paths, budget).await;
        read.map_err(|error| self.resolved.told(error))
    }

    pub(super) fn location(&self) -> Result<Location, store::Error> {
        let keys = self.store.keys();
        let version = self.version().map_or("head", VersionName::as_str);
        let manifest = match self.manifest {
            Some(_) => Some(keys.manifest(self.version())?.to_string()),
            None => None,
        };
        Ok(Location::new(keys.context(), self.store.bucket_name(), version, manifest))
    }
}

/// What references mean that do not say all.
pub(super) struct Places<'a> {
    pub(super) target: &'a Target,
    pub(super) run: &'a RunInfo,
    pub(super) catalog: &'a Loaded,
    pub(super) entries: &'a [SelectedFile<'a>],
}

/// A reference whose context and bucket are known.
struct Named<'a> {
    context: Context,
    bucket: String,
    /// Whether the bucket was named by somebody who knows it.
    is_bucket_named: bool,
    is_of_catalog: bool,
    version: &'a VersionRequest,
}

impl Places<'_> {
    /// Finds out what references mean; none for the files that lie here. One that needs no bucket asks nobody.
    pub(super) async fn open(
        &self,
        references: [&Reference; 2],
        deadline: &Arc<Deadline>,
    ) -> Result<[Option<Place>; 2], Error> {
        let [from, to] = references;
        let (from, to) = (self.named(from)?, self.named(to)?);
        if from.is_none() && to.is_none() {
            return Ok([None, None]);
        }
        let session = self.target.connection.open(Arc::clone(deadline) as _).await?;
        let from_store = match &from {
            Some(named) => Some(self.store(&session, named, None).await?),
            None => None,
        };
        let to_store = match &to {
            Some(named) => {
                // Of one whose name could be guessed, every request asks that it is the account's own.
                let is_same =
                    |from: &&Named<'_>| (&from.bucket, from.is_bucket_named) == (&named.bucket, named.is_bucket_named);
                let beside = from.as_ref().filter(is_same).and(from_store.as_ref());
                Some(self.store(&session, named, beside).await?)
            }
            None => None,
        };
        let open_ahead = |store: Option<Store<AwsBucket>>| {
            OptionFuture::from(store.map(|store| async move {
                store.bucket().open_ahead(LIKELY_REQUESTS).await;
            }))
        };
        let is_other_bucket =
            |store: &Store<AwsBucket>| from_store.as_ref().is_none_or(|from| from.bucket_name() != store.bucket_name());
        join(open_ahead(from_store.clone()), open_ahead(to_store.clone().filter(is_other_bucket))).await;
        session.sign_in().await?;
        let (from, to) = join(
            OptionFuture::from(from.zip(from_store).map(|(named, store)| place(named, store))),
            OptionFuture::from(to.zip(to_store).map(|(named, store)| place(named, store))),
        )
        .await;
        Ok([from.transpose()?, to.transpose()?])
    }

    fn named<'r>(&self, reference: &'r Reference) -> Result<Option<Named<'r>>, Error> {
        let Reference::Stored(StoredReference { bucket, context, version }) = reference else { return Ok(None) };
        // The default is not asked for where a reference says more: there may be none.
        let (context, is_own_context) = match context {
            Some(context) => {
                let own = target::context(self.target, self.run, self.catalog).ok();
                (context.clone(), own.as_ref() == Some(context))
            }
            None => (target::context(self.target, self.run, self.catalog)?, true),
        };
        let buckets = match bucket {
            Some(bucket) => vec![bucket.clone()],
            None => target::buckets(self.target, &context, self.catalog, self.entries)?,
        };
        let [own_bucket] = buckets.as_slice() else { return Err(Error::SeveralBuckets { buckets }) };
        Ok(Some(Named {
            bucket: own_bucket.clone(),
            is_bucket_named: bucket.is_some() || self.target.bucket.is_some(),
            is_of_catalog: is_own_context && bucket.is_none(),
            context,
            version,
        }))
    }

    async fn store(
        &self,
        session: &Session,
        named: &Named<'_>,
        beside: Option<&Store<AwsBucket>>,
    ) -> Result<Store<AwsBucket>, Error> {
        match beside {
            Some(store) => Ok(Store::new(store.bucket().clone(), named.context.clone())),
            None => target::store_in(session, &named.context, &named.bucket, named.is_bucket_named).await,
        }
    }
}

async fn place(named: Named<'_>, store: Store<AwsBucket>) -> Result<Place, store::Error> {
    let resolved = Resolved::find(&store, named.version).await?;
    Ok(Place { store, resolved, manifest: None, is_of_catalog: named.is_of_catalog })
}
