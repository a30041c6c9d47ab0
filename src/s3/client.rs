use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_s3::config::{Builder, Region};
use futures_util::future::LocalBoxFuture;
use tokio::sync::OnceCell;

use super::send_again::SendAgain;
use super::{
    BodyLimit, Bucket, DeleteAnswer, Etag, Failure, Key, Level, ListedObject, ListedVersion, Object, ObjectMeta,
    Operation, Put, PutAnswer, S3Version, VersionId,
};
use crate::identity::{AccountId, Provider};
use crate::network::{self, RetryBudget, RetryLog, retry_partition};
use crate::observer::{Observer, Silent, Wait, Waiting};

/// A body of which nothing came for this long is cut off, and asked for again.
pub(super) const STALLED_AFTER: Duration = Duration::from_secs(10);

/// Where the name of a folder ends in a key.
const FOLDER_END: &str = "/";

/// The longest wait for facts that serve a message only.
pub(super) const LONGEST_INQUIRY: Duration = Duration::from_secs(3);

/// The service behind a bucket.
#[derive(Debug, Clone)]
pub(super) struct Service {
    /// Where it is, when somebody named that, as a message may show it.
    pub(super) shown_endpoint: Option<String>,
    /// What the SDK makes the bucket's URL of.
    pub(super) location: Option<Params>,
    /// Whether it is AWS itself.
    pub(super) is_aws: bool,
    /// Whether it is a service of its own, and not all of AWS behind another name, where there is an STS that knows who
    /// asks.
    pub(super) is_other: bool,
}

/// What is known about a denial.
#[derive(Debug)]
pub(super) struct DenialContext {
    /// The ARN of who was denied.
    pub(super) principal: Option<String>,
    /// Whether the bucket belongs to another account than the one that was expected.
    pub(super) is_other_owner: bool,
}

/// A bucket behind the AWS SDK.
#[derive(Debug, Clone)]
pub struct AwsBucket {
    pub(super) name: String,
    owner: Option<AccountId>,
    /// Replaced when the bucket turns out to be in another region.
    client: Arc<RwLock<Client>>,
    settings: Builder,
    network: network::Client,
    pub(super) provider: Arc<Provider>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) service: Service,
    /// Whether the object at a key holds no config values.
    pub(super) holds_no_values: fn(&str) -> bool,
    pub(super) denial_context: Arc<OnceCell<DenialContext>>,
}

impl AwsBucket {
    pub(super) fn new(
        name: &str,
        owner: Option<AccountId>,
        settings: Builder,
        network: network::Client,
        provider: Arc<Provider>,
        observer: Arc<dyn Observer>,
        service: Service,
    ) -> Self {
        let settings = settings
            .interceptor(RetryLog(Arc::clone(&observer)))
            .retry_classifier(SendAgain)
            .retry_partition(retry_partition("s3"));
        let client = Arc::new(RwLock::new(Client::from_conf(settings.clone().build())));
        let denial_context = Arc::default();
        let holds_no_values = |_: &str| false;
        let name = name.to_owned();
        Self { name, owner, client, settings, network, provider, observer, service, holds_no_values, denial_context }
    }

    /// Says at which keys are objects without config values. A message may quote what is answered in their place, such
    /// as a proxy's page; without this, it quotes none that may be an object.
    #[must_use]
    pub fn knowing_documents(self, holds_no_values: fn(&str) -> bool) -> Self {
        Self { holds_no_values, ..self }
    }

    /// For requests that nobody waits for: they are no reason for a time-out, and nobody asks why one is denied.
    #[must_use]
    pub fn in_background(self) -> Self {
        let unknown = DenialContext { principal: None, is_other_owner: false };
        Self { observer: Arc::new(Silent), denial_context: Arc::new(OnceCell::new_with(Some(unknown))), ..self }
    }

    pub(super) fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn owner(&self) -> Option<String> {
        self.owner.as_ref().map(ToString::to_string)
    }

    /// Begins to open connections for so many requests, while something else is waited for. Where they lead, the SDK
    /// says.
    pub async fn open_ahead(&self, requests: usize) {
        if let Some(url) = self.url().await {
            self.network.open_ahead(&url, requests);
        }
    }

    /// Where requests lead, as the SDK has it.
    async fn url(&self) -> Option<String> {
        let location = self.service.location.as_ref()?;
        let endpoint = DefaultResolver::new().resolve_endpoint(location).await.ok()?;
        Some(endpoint.url().to_owned())
    }

    /// The network's words, with the host and the addresses that were asked before them.
    pub(super) async fn at_destination(&self, words: &str) -> String {
        let destination = self.url().await.and_then(|url| self.network.destination(&url));
        destination.map_or_else(|| words.to_owned(), |destination| format!("{destination}: {words}"))
    }

    /// Tells the front end what is waited for, as long as what this gives is there.
    fn wait_for(&self, operation: Operation, key: &str) -> Waiting {
        let (bucket, key) = (self.name.clone(), key.to_owned());
        Waiting::new(&self.observer, Wait::Object { action: operation.action(), bucket, key })
    }

    /// All further requests go to this region.
    pub(super) fn move_to(&self, region: Region) {
        let client = Client::from_conf(self.settings.clone().region(region).build());
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }
}

/// A request by itself, since the SDK nests its futures deeper than the compiler cares to lay out in whoever waits.
fn boxed<'r, T>(request: impl Future<Output = T> + 'r) -> LocalBoxFuture<'r, T> {
    Box::pin(request)
}

impl Bucket for AwsBucket {
    fn name(&self) -> &str {
        &self.name
    }

    fn other_service(&self) -> Option<&str> {
        self.service.shown_endpoint.as_deref().filter(|_| self.service.is_other)
    }

    async fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: impl Into<BodyLimit>,
        retries: &RetryBudget,
    ) -> Result<Option<Object>, Box<Failure>> {
        let _waiting = self.wait_for(Operation::reading(version.is_some()), key.as_str());
        let limit = limit.into();
        boxed(self.get_object(key, version, &limit, retries)).await
    }

    async fn head(&self, key: &Key, version: Option<&VersionId>) -> Result<Option<ObjectMeta>, Box<Failure>> {
        let _waiting = self.wait_for(Operation::reading(version.is_some()), key.as_str());
        boxed(self.head_object(key, version)).await
    }

    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>> {
        let _waiting = self.wait_for(Operation::Put, put.key.as_str());
        boxed(self.put_object(put)).await
    }

    async fn delete(&self, key: &Key, expected: &Etag) -> Result<DeleteAnswer, Box<Failure>> {
        let _waiting = self.wait_for(Operation::Delete, key.as_str());
        boxed(self.delete_object(key, expected)).await
    }

    async fn delete_version(&self, key: &Key, version: &VersionId) -> Result<(), Box<Failure>> {
        let _waiting = self.wait_for(Operation::DeleteVersion, key.as_str());
        boxed(self.delete_object_version(key, version)).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<ListedObject>, Box<Failure>> {
        let _waiting = self.wait_for(Operation::List, prefix);
        boxed(self.list_objects(prefix)).await
    }

    async fn list_if_one_page(&self, prefix: &str) -> Result<Option<Vec<ListedObject>>, Box<Failure>> {
        let _waiting = self.wait_for(Operation::List, prefix);
        let (Level { objects, .. }, next) = boxed(self.list_page(prefix, None, None)).await?;
        Ok(next.is_none().then_some(objects))
    }

    async fn list_level(&self, prefix: &str) -> Result<Level, Box<Failure>> {
        let _waiting = self.wait_for(Operation::List, prefix);
        boxed(self.list_pages(prefix, Some(FOLDER_END))).await
    }

    async fn list_versions(&self, prefix: &str) -> Result<Vec<ListedVersion>, Box<Failure>> {
        let _waiting = self.wait_for(Operation::ListVersions, prefix);
        boxed(self.list_object_versions(prefix)).await
    }
}
