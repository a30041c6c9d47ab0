use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::Client;
use tokio::sync::{Mutex, OnceCell};

use super::sts::{self, Assumed};
use super::{AccountId, Identity, IdentityError, Proof, Role};
use crate::listener::Listener;
use crate::network::{RetryLog, innermost};
use crate::secret::Secret;

/// Credentials are renewed when they have no more than this left: longer than a request with its retries takes.
const MARGIN: Duration = Duration::from_secs(60);

/// The credentials of a run: held, renewed before they expire, and renewed when AWS says that they have.
///
/// It stands in place of the SDK's own cache, which judges by this machine's clock and cannot be told to renew.
#[derive(Debug)]
pub(crate) struct Provider {
    source: Source,
    /// For what only STS knows.
    sts: Client,
    listener: Arc<dyn Listener>,
    held: Mutex<Option<Held>>,
    caller: OnceCell<(Option<AccountId>, Option<String>)>,
}

#[derive(Debug)]
enum Source {
    AtHand(SharedCredentialsProvider),
    Role(Box<RoleSource>),
    Nothing,
}

#[derive(Debug)]
struct RoleSource {
    role: Role,
    /// For what is asked before STS.
    config: SdkConfig,
}

#[derive(Debug, Clone)]
struct Held {
    credentials: Credentials,
    principal: Option<String>,
    /// When to renew them, by the clock that nobody sets; none for what does not expire.
    renew_at: Option<Instant>,
}

impl Held {
    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }
}

impl Provider {
    /// Over the SDK's settings, whose credentials are those at hand.
    pub(crate) fn new(identity: &Identity, config: &SdkConfig, listener: Arc<dyn Listener>) -> Self {
        let source = match (&identity.role, config.credentials_provider()) {
            (Some(role), _) => Source::Role(Box::new(RoleSource { role: role.clone(), config: config.clone() })),
            (None, Some(at_hand)) => Source::AtHand(at_hand),
            (None, None) => Source::Nothing,
        };
        let builder = aws_sdk_sts::config::Builder::from(config).interceptor(RetryLog(Arc::clone(&listener)));
        let sts = Client::from_conf(builder.build());
        Self { source, sts, listener, held: Mutex::default(), caller: OnceCell::new() }
    }

    /// For requests to be signed with.
    pub(crate) fn shared(self: &Arc<Self>) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Shared(Arc::clone(self)))
    }

    /// Gets the first credentials, and holds them against the accounts that are allowed.
    pub(crate) async fn sign_in(&self, identity: &Identity) -> Result<(), IdentityError> {
        let is_allowed = |account: &str| {
            identity.allowed_accounts.is_empty() || identity.allowed_accounts.iter().any(|id| id.as_str() == account)
        };
        let other = |account: &str| IdentityError::OtherAccount {
            account: account.to_owned(),
            allowed: identity.allowed_accounts.clone(),
        };
        match &self.source {
            Source::Role(of) if !is_allowed(of.role.arn.account().as_str()) => {
                Err(other(of.role.arn.account().as_str()))
            }
            Source::Role(_) => self.current().await.map(drop),
            // The first request asks for them soon enough.
            _ if identity.allowed_accounts.is_empty() => Ok(()),
            _ => match self.account().await? {
                Some(account) if is_allowed(account.as_str()) => Ok(()),
                Some(account) => Err(other(account.as_str())),
                None => Err(other("unknown")),
            },
        }
    }

    /// Whose credentials they are: without a request where role or credentials say it.
    pub(crate) async fn account(&self) -> Result<Option<AccountId>, IdentityError> {
        if let Source::Role(of) = &self.source {
            return Ok(Some(of.role.arn.account().clone()));
        }
        let held = self.current().await?;
        match held.credentials.account_id().and_then(|id| AccountId::new(id.as_str())) {
            Some(account) => Ok(Some(account)),
            None => Ok(self.caller().await?.0.clone()),
        }
    }

    /// The ARN that requests are made as, as far as it can be learnt.
    pub(crate) async fn principal(&self) -> Option<String> {
        let held = self.current().await.ok()?;
        match held.principal {
            Some(principal) => Some(principal),
            None => self.caller().await.ok()?.1.clone(),
        }
    }

    async fn caller(&self) -> Result<&(Option<AccountId>, Option<String>), IdentityError> {
        self.caller.get_or_try_init(|| sts::caller(&self.sts)).await
    }

    /// The access key that is in use, to tell [`renew`](Self::renew) which one AWS did not accept.
    pub(crate) async fn access_key(&self) -> Option<String> {
        self.held.lock().await.as_ref().map(|held| held.credentials.access_key_id().to_owned())
    }

    /// Gets other credentials than those of this access key, unless that has been done already. Says whether there are
    /// others now.
    pub(crate) async fn renew(&self, refused: Option<&str>) -> bool {
        let mut held = self.held.lock().await;
        let is_other = |held: &Held| Some(held.credentials.access_key_id()) != refused;
        if held.as_ref().is_some_and(is_other) {
            return true;
        }
        match self.get().await {
            Ok(new) => {
                let is_other = is_other(&new);
                *held = Some(new);
                is_other
            }
            Err(_) => false,
        }
    }

    async fn current(&self) -> Result<Held, IdentityError> {
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref().filter(|held| held.is_fresh()) {
            return Ok(held.clone());
        }
        let new = self.get().await?;
        *held = Some(new.clone());
        Ok(new)
    }

    async fn get(&self) -> Result<Held, IdentityError> {
        match &self.source {
            Source::AtHand(provider) => at_hand(provider).await,
            Source::Nothing => {
                Err(IdentityError::NoCredentials { role: None, detail: "none are configured".to_owned() })
            }
            Source::Role(of) => {
                let RoleSource { role, config } = &**of;
                let Assumed { credentials, principal, lifetime } = match &role.proof {
                    Proof::JobToken(token) => {
                        let token = token.fetch(config, &self.listener).await?;
                        self.listener.credential(&token);
                        sts::with_token(&self.sts, role, &token).await?
                    }
                    Proof::Credentials { external_id } => {
                        sts::with_credentials(&self.sts, role, external_id.as_ref()).await?
                    }
                };
                let secrets = [credentials.access_key_id(), credentials.secret_access_key()];
                for text in secrets.into_iter().chain(credentials.session_token()) {
                    self.listener.credential(&Secret::from(text));
                }
                let renew_at = Some(Instant::now() + lifetime.saturating_sub(MARGIN));
                Ok(Held { credentials, principal, renew_at })
            }
        }
    }
}

async fn at_hand(provider: &SharedCredentialsProvider) -> Result<Held, IdentityError> {
    let credentials = provider
        .provide_credentials()
        .await
        .map_err(|error| IdentityError::NoCredentials { role: None, detail: without_attempts(innermost(&error)) })?;
    // What has expired by this machine's clock is for AWS to judge.
    let left = credentials.expiry().and_then(|expiry| expiry.duration_since(std::time::SystemTime::now()).ok());
    let renew_at = left.map(|left| Instant::now() + left.saturating_sub(MARGIN));
    Ok(Held { credentials, principal: None, renew_at })
}

/// The SDK's list of all credential providers and why none had any says little to whoever uses none of them.
pub(super) fn without_attempts(text: String) -> String {
    text.split_once(". Attempted:").map_or(text.clone(), |(first, _)| first.to_owned())
}

/// A provider as the SDK takes it.
#[derive(Debug)]
struct Shared(Arc<Provider>);

impl ProvideCredentials for Shared {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let held = self.0.current().await.map_err(CredentialsError::provider_error)?;
            Ok(held.credentials)
        })
    }
}
