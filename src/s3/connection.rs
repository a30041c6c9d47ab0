use std::fmt;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::endpoint::Params;
use aws_sdk_s3::config::{
    Builder, IdentityCache, RequestChecksumCalculation, ResponseChecksumValidation, StalledStreamProtectionConfig,
};
use aws_types::os_shim_internal::Env;

use super::AwsBucket;
use super::client::{STALLED_AFTER, Service};
use super::is_region;
use crate::environment::Environment;
use crate::identity::{
    AccountId, Identity, IdentityError, Provider, check_shared_files, region_of_profile, sdk_environment,
};
use crate::network::{
    CertificatesError, Client, Network, configured_endpoint, is_url_of_aws, retries, timeouts, without_user,
};
use crate::observer::Observer;

/// Where no region is known and the bucket cannot tell: S3's own default.
const FALLBACK_REGION: &str = "us-east-1";

/// How to reach S3, and as whom.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The region; else what the environment and the profile say, else the bucket's own.
    pub region: Option<String>,
    /// Another service than AWS's own; else what the profile says.
    pub endpoint_url: Option<String>,
    /// Whether that is a service of its own, and not all of AWS behind another name.
    pub is_other_service: bool,
    /// The account that every bucket must belong to, sent with every request.
    pub expected_bucket_owner: Option<AccountId>,
    /// Proxies, certificates, and whether http is allowed.
    pub network: Network,
    /// Whose credentials requests are signed with.
    pub identity: Identity,
    /// What the SDK reads its settings and the existing credentials from. A variable that is empty counts as not set.
    pub environment: Environment,
}

/// Why S3 cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// What the environment or the profile gives is no region's name.
    #[error("{0:?} is not a region")]
    Region(String),
    /// A file of certificates cannot be used.
    #[error("{} cannot be used", .0.variable)]
    Certificates(CertificatesError),
    /// A variable that is to name a proxy does not.
    #[error("{0} names no proxy")]
    Proxy(String),
    /// There are no credentials to ask with.
    #[error(transparent)]
    Identity(#[from] Box<IdentityError>),
}

impl Connection {
    /// Reads what the environment and the profile say. Nobody is asked for anything yet.
    ///
    /// # Errors
    /// A region, proxy or certificates that cannot be used.
    pub async fn open(&self, observer: Arc<dyn Observer>) -> Result<Session, ConnectError> {
        if let Some(variable) = &self.network.proxies.unusable {
            return Err(ConnectError::Proxy(variable.clone()));
        }
        let client = self.network.client().map_err(ConnectError::Certificates)?;
        let secrets = [self.identity.secrets(), self.network.secrets.clone()].concat();
        self.network.secrets.iter().for_each(|secret| observer.credential(secret));
        let env = sdk_environment(&self.environment);
        check_shared_files(&env).map_err(Box::new)?;
        let at_hand = self.settings(client.clone(), env).await?;
        let (network, environment) = (client.clone(), &self.environment);
        let provider = Provider::new(&self.identity, secrets, &at_hand, environment, network, Arc::clone(&observer));
        let provider = Arc::new(provider);
        let config = at_hand
            .into_builder()
            .credentials_provider(provider.shared())
            // The provider holds them itself.
            .identity_cache(IdentityCache::no_cache())
            .build();
        Ok(Session { config, client, provider, observer, connection: self.clone() })
    }

    /// The SDK's settings with the existing credentials.
    async fn settings(&self, client: Client, env: Env) -> Result<SdkConfig, ConnectError> {
        // Not the SDK's own chain, which would ask for instance metadata: the bucket is the better one to ask.
        let of_variable = || ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| env.get(name).ok());
        let region = match self.region.clone().or_else(of_variable) {
            Some(region) => Some(region),
            None => region_of_profile(&env).await,
        };
        let at_home = || self.identity.role.as_ref().map_or(FALLBACK_REGION, |role| role.arn.home_region()).to_owned();
        let region = region.map(|region| region.trim().to_owned()).filter(|region| !region.is_empty());
        let region = region.unwrap_or_else(at_home);
        if !is_region(&region) {
            // A line that is indented by mistake belongs to the one before it, and may hold a secret.
            let first = region.lines().next().unwrap_or_default();
            return Err(ConnectError::Region(if first == region { region } else { format!("{first}…") }));
        }
        let loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .env(env)
            .region(Region::new(region))
            .http_client(client)
            .retry_config(retries())
            .timeout_config(timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALLED_AFTER).build())
            // The explicit SHA-256 is stronger than the CRC that the SDK would add, and S3-compatible services take it.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        Ok(loader.load().await)
    }
}

/// A connection that is open: all buckets of a run share its credentials and its pool of connections.
#[derive(Clone)]
pub struct Session {
    config: SdkConfig,
    client: Client,
    provider: Arc<Provider>,
    observer: Arc<dyn Observer>,
    connection: Connection,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Session {
    /// Gets the role's credentials where there is one, and checks whatever credentials there are against the accounts
    /// that are allowed. To be called before anything is asked of a bucket; again, it asks nobody.
    ///
    /// # Errors
    /// A role that is not given, an account that is not allowed. Existing credentials are not looked at before they are
    /// needed.
    pub async fn sign_in(&self) -> Result<(), ConnectError> {
        Ok(self.provider.sign_in(&self.connection.identity).await.map_err(Box::new)?)
    }

    /// A bucket that was named by somebody who knows it.
    #[must_use]
    pub fn bucket(&self, name: &str) -> AwsBucket {
        self.bucket_owned_by(name, self.connection.expected_bucket_owner.clone())
    }

    /// A bucket whose name anybody could have guessed and taken before: every request asks that it belongs to the
    /// account of the credentials. On services other than AWS, which know no such accounts, nothing is asked.
    ///
    /// # Errors
    /// Those of STS, where neither role nor credentials say their account.
    pub async fn own_bucket(&self, name: &str) -> Result<AwsBucket, ConnectError> {
        let owner = match &self.connection.expected_bucket_owner {
            Some(owner) => Some(owner.clone()),
            None if self.is_other_service() => None,
            None => Some(self.provider.account().await.map_err(Box::new)?),
        };
        Ok(self.bucket_owned_by(name, owner))
    }

    /// A bucket that must belong to the account of the credentials, whatever owner is expected of others. On services
    /// other than AWS, which know no such accounts, nothing is asked.
    ///
    /// # Errors
    /// Those of STS, where neither role nor credentials say their account.
    pub async fn bucket_of_account(&self, name: &str) -> Result<AwsBucket, ConnectError> {
        let is_known = !self.is_other_service();
        let owner = if is_known { Some(self.provider.account().await.map_err(Box::new)?) } else { None };
        Ok(self.bucket_owned_by(name, owner))
    }

    fn bucket_owned_by(&self, name: &str, owner: Option<AccountId>) -> AwsBucket {
        let mut settings = Builder::from(&self.config);
        // Other services than AWS's own seldom have a host name for each bucket.
        if let Some(url) = &self.connection.endpoint_url {
            settings = settings.endpoint_url(url).force_path_style(true);
        }
        let endpoint_url = self.endpoint_url();
        let is_aws = endpoint_url.as_deref().is_none_or(is_url_of_aws);
        let shown_endpoint = endpoint_url.as_deref().map(without_user);
        let service =
            Service { is_aws, is_other: self.is_other_service(), location: self.location(name), shown_endpoint };
        let (provider, observer) = (Arc::clone(&self.provider), Arc::clone(&self.observer));
        AwsBucket::new(name, owner, settings, self.client.clone(), provider, observer, service)
    }

    /// Where S3 is, when the caller or the SDK's settings say so.
    fn endpoint_url(&self) -> Option<String> {
        self.connection.endpoint_url.clone().or_else(|| configured_endpoint(&self.config, "S3"))
    }

    /// Whether that is a service of its own. In a profile it is one where it is named for S3 alone, as by a variable.
    fn is_other_service(&self) -> bool {
        if self.connection.endpoint_url.is_some() {
            return self.connection.is_other_service;
        }
        let own = self.endpoint_url().filter(|url| self.config.endpoint_url() != Some(url));
        own.is_some_and(|url| !is_url_of_aws(&url))
    }

    /// What the SDK makes a bucket's URL of: the same that it finds in its settings itself.
    fn location(&self, bucket: &str) -> Option<Params> {
        let params = Params::builder()
            .bucket(bucket)
            .set_region(self.config.region().map(ToString::to_string))
            .set_use_fips(self.config.use_fips())
            .set_use_dual_stack(self.config.use_dual_stack())
            .force_path_style(self.connection.endpoint_url.is_some())
            .set_endpoint(self.endpoint_url());
        params.build().ok()
    }
}
