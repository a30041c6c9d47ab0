use std::fmt;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::Client;
use aws_types::os_shim_internal::Env;
use tokio::sync::{Mutex, OnceCell};

use super::shared_files::{explained, unknown_profile};
use super::sts::{self, AskAgain, Assumed, Sts};
use super::variable_problem::not_for_a_header;
use super::variables::{check_credentials, empty_credential, has_credentials, places, sdk_environment};
use super::{AccountId, Identity, IdentityError, Proof, Role, RoleArn, Service, VariableProblem};
use crate::environment::Environment;
use crate::excerpt::excerpt_of;
use crate::network::{self, RetryLog, configured_endpoint, innermost, is_url_of_aws, retry_partition};
use crate::observer::{Observer, Wait, Waiting};
use crate::secret::Secret;

/// Credentials are renewed when they have no more than this left: longer than a request with its retries takes.
const MARGIN: Duration = Duration::from_secs(60);

/// Shorter texts are not looked for in what services say: they would be found everywhere.
const SHORTEST_SECRET: usize = 4;

/// How much of a service's words a message quotes, in characters.
const LONGEST_WORDS: usize = 500;

/// The credentials of a run: held, renewed before they expire, and renewed when AWS says that they have.
///
/// It stands in place of the SDK's own cache, which goes by this machine's clock and cannot be told to renew.
pub(crate) struct Provider {
    source: CredentialSource,
    /// For what only STS knows.
    sts: Sts,
    environment: Environment,
    /// The same as the SDK sees it.
    env: Env,
    network: network::Client,
    observer: Arc<dyn Observer>,
    state: Mutex<State>,
    caller: OnceCell<(Option<AccountId>, Option<String>)>,
    /// What no message may quote.
    secrets: StdMutex<Vec<Secret<String>>>,
    /// What no message may quote of the settings, and the names that stand for it.
    places: Vec<(Secret<String>, String)>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").finish_non_exhaustive()
    }
}

enum CredentialSource {
    AtHand(SharedCredentialsProvider),
    Role(Box<RoleSource>),
    Nothing,
}

struct RoleSource {
    role: Role,
    /// For what is asked before STS.
    config: SdkConfig,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    /// The access key that AWS called expired, and why there is no other.
    not_renewed: Option<(String, IdentityError)>,
}

#[derive(Debug, Clone)]
struct Held {
    credentials: Credentials,
    principal: Option<String>,
    /// When to renew them and when they end, by the clock that nobody sets; none for what does not expire.
    times: Option<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    renew_at: Instant,
    end_at: Instant,
}

impl Times {
    /// A short life leaves less time to renew it than the usual margin.
    fn from_now(lifetime: Duration) -> Self {
        let end_at = Instant::now() + lifetime;
        Self { renew_at: end_at - MARGIN.min(lifetime / 4), end_at }
    }
}

impl Provider {
    /// Over the SDK's settings, whose credentials are those at hand, and the environment that they were read from. No
    /// message quotes the secrets, nor the credentials that come up.
    pub(crate) fn new(
        identity: &Identity,
        secrets: Vec<Secret<String>>,
        config: &SdkConfig,
        environment: &Environment,
        network: network::Client,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let source = match (&identity.role, config.credentials_provider()) {
            (Some(role), _) => {
                CredentialSource::Role(Box::new(RoleSource { role: role.clone(), config: config.clone() }))
            }
            (None, Some(at_hand)) => CredentialSource::AtHand(at_hand),
            (None, None) => CredentialSource::Nothing,
        };
        let builder = aws_sdk_sts::config::Builder::from(config).interceptor(RetryLog(Arc::clone(&observer)));
        let builder = builder.retry_classifier(AskAgain).retry_partition(retry_partition("sts"));
        let service = if identity.is_of_other_service { Service::OtherSts } else { Service::Sts };
        Self {
            source,
            sts: Sts { client: Client::from_conf(builder.build()), service },
            environment: environment.clone(),
            env: sdk_environment(environment),
            network,
            observer,
            state: Mutex::default(),
            caller: OnceCell::new(),
            secrets: StdMutex::new(secrets),
            places: places(environment).into_iter().chain(places_of_profile(config)).collect(),
        }
    }

    /// For requests to be signed with.
    pub(crate) fn shared(self: &Arc<Self>) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Shared(Arc::clone(self)))
    }

    /// Gets the first credentials, and verifies that they are of an allowed account.
    pub(crate) async fn sign_in(&self, identity: &Identity) -> Result<(), IdentityError> {
        let allowed = &identity.allowed_accounts;
        if !allowed.is_empty() {
            let account = self.account().await?;
            if !allowed.contains(&account) {
                return Err(IdentityError::OtherAccount { account: account.to_string(), allowed: allowed.clone() });
            }
        }
        match self.source {
            CredentialSource::Role(_) => self.current().await.map(drop),
            // The first request asks for them soon enough.
            CredentialSource::AtHand(_) | CredentialSource::Nothing => Ok(()),
        }
    }

    /// Whether requests are signed with a role's credentials.
    pub(crate) fn has_role(&self) -> bool {
        matches!(self.source, CredentialSource::Role(_))
    }

    /// The role whose credentials requests are signed with.
    pub(crate) fn role(&self) -> Option<&RoleArn> {
        match &self.source {
            CredentialSource::Role(of) => Some(&of.role.arn),
            CredentialSource::AtHand(_) | CredentialSource::Nothing => None,
        }
    }

    /// Whose credentials they are. A role of AWS's says it itself; of others STS is asked, whatever a variable or
    /// profile says: it may be a stale one.
    pub(crate) async fn account(&self) -> Result<AccountId, IdentityError> {
        let of_role = match &self.source {
            CredentialSource::Role(of) => of.role.arn.account(),
            CredentialSource::AtHand(_) | CredentialSource::Nothing => None,
        };
        match of_role {
            Some(account) => Ok(account.clone()),
            None => self.caller().await?.0.clone().ok_or(IdentityError::UnknownAccount { detail: None }),
        }
    }

    /// The ARN that requests are made as, as far as it can be found out.
    pub(crate) async fn principal(&self) -> Option<String> {
        let held = self.current().await.ok()?;
        match held.principal {
            Some(principal) => Some(principal),
            None => self.caller().await.ok()?.1.clone(),
        }
    }

    async fn caller(&self) -> Result<&(Option<AccountId>, Option<String>), IdentityError> {
        // Their own error says more than that of a request that could not be signed.
        self.current().await?;
        let _waiting = Waiting::new(&self.observer, Wait::Account);
        self.caller.get_or_try_init(|| sts::caller(&self.sts)).await.map_err(|error| self.redacted(error))
    }

    /// The access key that is in use, to tell [`renew`](Self::renew) which one AWS did not accept.
    pub(crate) async fn access_key(&self) -> Option<String> {
        self.state.lock().await.held.as_ref().map(|held| held.credentials.access_key_id().to_owned())
    }

    /// Gets other credentials than those of this access key, unless that has been done already. Says whether there are
    /// others now.
    ///
    /// # Errors
    /// Why there are none; asked again for the same key, the same.
    pub(crate) async fn renew(&self, refused: &str) -> Result<bool, IdentityError> {
        let mut state = self.state.lock().await;
        if let Some((key, error)) = &state.not_renewed
            && key == refused
        {
            return Err(error.clone());
        }
        if state.held.as_ref().is_some_and(|held| held.credentials.access_key_id() != refused) {
            return Ok(true);
        }
        match self.get().await {
            Ok(new) => {
                let is_other = new.credentials.access_key_id() != refused;
                state.held = Some(new);
                Ok(is_other)
            }
            Err(error) => {
                state.not_renewed = Some((refused.to_owned(), error.clone()));
                Err(error)
            }
        }
    }

    async fn current(&self) -> Result<Held, IdentityError> {
        let mut state = self.state.lock().await;
        if let Some(held) = &mut state.held
            && let Some(times) = &mut held.times
            && Instant::now() >= times.renew_at
        {
            match self.get().await {
                Ok(new) => *held = new,
                // They are still good, so nobody is kept waiting for others again.
                Err(_) if Instant::now() < times.end_at => times.renew_at = times.end_at,
                Err(error) => return Err(error),
            }
        }
        if let Some(held) = &state.held {
            return Ok(held.clone());
        }
        let new = self.get().await?;
        state.held = Some(new.clone());
        Ok(new)
    }

    async fn get(&self) -> Result<Held, IdentityError> {
        let answer = match &self.source {
            CredentialSource::AtHand(provider) => {
                let _waiting = Waiting::new(&self.observer, Wait::Credentials);
                self.at_hand(provider).await
            }
            CredentialSource::Nothing => {
                Err(IdentityError::NoCredentials { role: None, detail: "none are configured".to_owned() })
            }
            CredentialSource::Role(of) => self.assume(of).await,
        };
        let held = answer.and_then(usable).map_err(|error| self.redacted(error))?;
        self.keep_secret([Some(held.credentials.secret_access_key()), held.credentials.session_token()]);
        Ok(held)
    }

    async fn assume(&self, RoleSource { role, config }: &RoleSource) -> Result<Held, IdentityError> {
        // AWS's STS would get the job's token, and could only answer that this is no role.
        let is_sts_of_aws = || configured_endpoint(config, "STS").is_none_or(|url| is_url_of_aws(&url));
        if !role.arn.has_form_of_aws() && is_sts_of_aws() {
            return Err(IdentityError::NoSts { role: role.arn.clone() });
        }
        let for_role = || Waiting::new(&self.observer, Wait::Role { arn: role.arn.to_string() });
        let Assumed { credentials, principal, lifetime } = match &role.proof {
            Proof::JobToken(token) => {
                sts::open_ahead(config, &self.network).await;
                let waiting = Waiting::new(&self.observer, Wait::JobToken);
                let token = token.fetch(config, &self.observer).await?;
                drop(waiting);
                self.observer.credential(&token);
                self.keep_secret([Some(token.expose().as_str())]);
                let _waiting = for_role();
                sts::with_token(&self.sts, role, &token).await?
            }
            Proof::Credentials { external_id } => {
                self.check_at_hand().await?;
                let _waiting = for_role();
                let assumed = sts::with_credentials(&self.sts, role, external_id.as_ref(), &self.env).await;
                assumed.map_err(|error| self.empty_or(error))?
            }
        };
        let texts = [credentials.access_key_id(), credentials.secret_access_key()];
        for text in texts.into_iter().chain(credentials.session_token()) {
            self.observer.credential(&Secret::from(text));
        }
        Ok(Held { credentials, principal, times: Some(Times::from_now(lifetime)) })
    }

    async fn at_hand(&self, provider: &SharedCredentialsProvider) -> Result<Held, IdentityError> {
        self.check_at_hand().await?;
        let credentials = match provider.provide_credentials().await {
            Ok(credentials) => credentials,
            Err(error) => {
                if let Some(error) = sts::no_answer_to_sdk(self.sts.service, &error) {
                    return Err(error);
                }
                let none = IdentityError::no_credentials(None, &innermost(&error));
                return Err(self.empty_or(explained(none, &error, &self.env).await));
            }
        };
        // What has expired by this machine's clock is for AWS to decide.
        let left = credentials.expiry().and_then(|expiry| expiry.duration_since(SystemTime::now()).ok());
        Ok(Held { credentials, principal: None, times: left.map(Times::from_now) })
    }

    /// Refuses what the SDK would go past in silence, on to other credentials than those that were meant.
    async fn check_at_hand(&self) -> Result<(), IdentityError> {
        check_credentials(&self.environment)?;
        if has_credentials(&self.environment) {
            return Ok(());
        }
        unknown_profile(&self.env).await.map_or(Ok(()), Err)
    }

    /// That a variable which was to hold credentials is empty, where nothing else was found.
    fn empty_or(&self, error: IdentityError) -> IdentityError {
        match (empty_credential(&self.environment), &error) {
            (Some(name), IdentityError::NoCredentials { .. }) => {
                IdentityError::Variable { name, problem: VariableProblem::Empty }
            }
            _ => error,
        }
    }

    fn keep_secret<'a>(&self, texts: impl IntoIterator<Item = Option<&'a str>>) {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.extend(texts.into_iter().flatten().map(Secret::from));
    }

    /// What a service or the SDK says, as a message may quote it: without the credentials that it may repeat, with names
    /// in place of the settings that may hold a password, and not at length.
    pub(crate) fn redact(&self, text: &str) -> String {
        let places = self.places.iter().filter(|(place, _)| place.expose().len() >= SHORTEST_SECRET);
        let text = places.fold(text.to_owned(), |text, (place, name)| text.replace(place.expose().as_str(), name));
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let telling = secrets.iter().filter(|secret| secret.expose().len() >= SHORTEST_SECRET);
        let text = telling.fold(text, |text, secret| text.replace(secret.expose().as_str(), "***"));
        excerpt_of(&text, LONGEST_WORDS)
    }

    fn redacted(&self, error: IdentityError) -> IdentityError {
        error.with_words(|words| self.redact(words))
    }
}

/// The endpoints that the profile gives, where no variable does.
fn places_of_profile(config: &SdkConfig) -> impl Iterator<Item = (Secret<String>, String)> {
    let urls = ["S3", "STS"].into_iter().filter_map(|service| configured_endpoint(config, service));
    urls.map(|url| (Secret::from(url.trim()), "endpoint_url".to_owned()))
}

/// Only what can stand in a header: a line break at the end of a secret is a slip that the SDK does not forgive.
fn usable(held: Held) -> Result<Held, IdentityError> {
    let texts =
        [("access key", Some(held.credentials.access_key_id())), ("session token", held.credentials.session_token())];
    let unusable = texts.into_iter().find_map(|(name, text)| Some((name, not_for_a_header(text?)?)));
    match unusable {
        None => Ok(held),
        Some((name, clause)) => {
            Err(IdentityError::NoCredentials { role: None, detail: format!("the {name} {clause}") })
        }
    }
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
