//! The exchange of a token, or of other credentials, for a role's.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId as _;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_sdk_sts::types;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_types::os_shim_internal::Env;

use super::shared_files::explained;
use super::{AccountId, Claims, IdentityError, Refusal, Refused, Role, Service};
use crate::network::{
    self, Cause, NetworkFault, chain, configured_endpoint, find, innermost, is_throttling, no_answer,
};
use crate::secret::Secret;

/// The error codes of STS that say nothing of who asks, with whatever status. The SDK's own errors of its model end in
/// `Exception`, the service's in nothing.
const PASSING: [&str; 8] = [
    "IDPCommunicationError",
    "IDPCommunicationErrorException",
    "InternalError",
    "InternalFailure",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];

/// Whether STS could not answer, and may another time. Where it cannot get the keys of the token's issuer it says so in
/// words alone: the code is that of a token that no provider of the account is for.
fn is_passing(code: &str, words: &str) -> bool {
    let is_about_keys = || words.to_lowercase().contains("verification key");
    is_throttling(code) || PASSING.contains(&code) || code.starts_with("InvalidIdentityToken") && is_about_keys()
}

/// Has the SDK ask STS again where another answer may come, and the SDK does not know.
#[derive(Debug)]
pub(super) struct AskAgain;

impl ClassifyRetry for AskAgain {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        if context.response().is_some_and(|response| response.status().as_u16() == 429) {
            return RetryAction::throttling_error();
        }
        let error = context.output_or_error().and_then(|result| result.err()?.as_operation_error());
        let of_token = error.and_then(|error| error.downcast_ref::<AssumeRoleWithWebIdentityError>());
        let of_role = error.and_then(|error| error.downcast_ref::<AssumeRoleError>());
        let said = of_token.map(|error| (error.code(), error.message()));
        match said.or_else(|| of_role.map(|error| (error.code(), error.message()))) {
            Some((Some(code), words)) if is_passing(code, words.unwrap_or_default()) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "AskAgain"
    }
}

/// STS as it is asked: AWS's, or another's.
#[derive(Debug)]
pub(super) struct Sts {
    pub(super) client: Client,
    pub(super) service: Service,
}

/// A role's credentials.
#[derive(Debug, Clone)]
pub(super) struct Assumed {
    pub(super) credentials: Credentials,
    /// The session's ARN.
    pub(super) principal: Option<String>,
    /// How long they are good for, from now.
    pub(super) lifetime: Duration,
}

/// Begins to open a connection while something else is waited for. Where it leads, the SDK says.
pub(super) async fn open_ahead(config: &SdkConfig, network: &network::Client) {
    let location = Params::builder()
        .set_region(config.region().map(ToString::to_string))
        .set_use_fips(config.use_fips())
        .set_use_dual_stack(config.use_dual_stack())
        .set_endpoint(configured_endpoint(config, "STS"));
    if let Ok(location) = location.build()
        && let Ok(endpoint) = DefaultResolver::new().resolve_endpoint(&location).await
    {
        network.open_ahead(endpoint.url(), 1);
    }
}

/// Assumes a role with the job's token.
pub(super) async fn with_token(sts: &Sts, role: &Role, token: &Secret<String>) -> Result<Assumed, IdentityError> {
    let answer = sts
        .client
        .assume_role_with_web_identity()
        .role_arn(role.arn.as_str())
        .role_session_name(&role.session_name)
        .duration_seconds(seconds(role))
        .web_identity_token(token.expose())
        .send()
        .await;
    match answer {
        Ok(answer) => assumed(sts.service, role, answer.credentials, answer.assumed_role_user),
        Err(error) => Err(refused(sts.service, role, Claims::from_token(token), false, &error)),
    }
}

/// Assumes a role with the client's own credentials.
pub(super) async fn with_credentials(
    sts: &Sts,
    role: &Role,
    external_id: Option<&Secret<String>>,
    env: &Env,
) -> Result<Assumed, IdentityError> {
    let answer = sts
        .client
        .assume_role()
        .role_arn(role.arn.as_str())
        .role_session_name(&role.session_name)
        .duration_seconds(seconds(role))
        .set_external_id(external_id.map(|id| id.expose().clone()))
        .send()
        .await;
    match answer {
        Ok(answer) => assumed(sts.service, role, answer.credentials, answer.assumed_role_user),
        Err(error) => Err(explained(refused(sts.service, role, None, true, &error), &error, env).await),
    }
}

fn seconds(role: &Role) -> i32 {
    i32::try_from(role.duration.as_secs()).unwrap_or(i32::MAX)
}

fn assumed(
    service: Service,
    role: &Role,
    credentials: Option<types::Credentials>,
    user: Option<types::AssumedRoleUser>,
) -> Result<Assumed, IdentityError> {
    let credentials = credentials.ok_or_else(|| IdentityError::Unavailable {
        service,
        detail: "the answer holds no credentials".to_owned(),
        request_id: None,
    })?;
    // By the session's own length where this machine's clock and the answer's expiry do not go together.
    let lifetime = SystemTime::try_from(credentials.expiration)
        .ok()
        .and_then(|expiry| expiry.duration_since(SystemTime::now()).ok())
        .filter(|left| *left <= role.duration)
        .unwrap_or(role.duration);
    // Without an expiry: by that, the SDK would go by this machine's clock.
    let mut builder = Credentials::builder()
        .access_key_id(credentials.access_key_id)
        .secret_access_key(credentials.secret_access_key)
        .session_token(credentials.session_token)
        .provider_name("role-to-assume");
    if let Some(account) = role.arn.account() {
        builder = builder.account_id(account.as_str());
    }
    Ok(Assumed { credentials: builder.build(), principal: user.map(|user| user.arn), lifetime })
}

fn refused<E: ProvideErrorMetadata + std::error::Error + 'static>(
    service: Service,
    role: &Role,
    claims: Option<Claims>,
    is_chained: bool,
    error: &SdkError<E, HttpResponse>,
) -> IdentityError {
    if let SdkError::DispatchFailure(dispatch) = error
        && !(dispatch.is_io() || dispatch.is_timeout())
        && is_chained
        && chain(error).contains("redential")
    {
        return IdentityError::no_credentials(Some(role.arn.clone()), &innermost(error));
    }
    let (code, words) = match no_word_of_sts(service, error) {
        Ok(said) => said,
        Err(error) => return error,
    };
    let reason = Refusal::from_answer(&code, words.as_deref().unwrap_or_default(), is_chained);
    IdentityError::Refused(Box::new(Refused {
        role: role.arn.clone(),
        reason,
        claims,
        is_chained,
        seconds: role.duration.as_secs(),
        code: Some(code),
        detail: words,
        request_id: said(error.request_id()),
        is_aws: service == Service::Sts,
    }))
}

/// The error code and the words with which STS refused what it was asked.
///
/// # Errors
/// That it did not answer, or could not: then it has refused nothing.
fn no_word_of_sts<E: ProvideErrorMetadata + std::error::Error + 'static>(
    service: Service,
    error: &SdkError<E, HttpResponse>,
) -> Result<(String, Option<String>), IdentityError> {
    let unreachable = |detail: String| IdentityError::Unreachable {
        service,
        fault: NetworkFault::from_error(error),
        detail,
        cause: Box::new(Cause::from_error(error)),
    };
    let status = error.raw_response().map(|response| response.status().as_u16());
    let (code, words) = (said(error.code()), said(error.message()));
    match (error, code) {
        (SdkError::TimeoutError(_), _) => Err(unreachable("no answer in time".to_owned())),
        (SdkError::ServiceError(_), Some(code))
            if status.is_none_or(|status| status < 500 && status != 429)
                && !is_passing(&code, words.as_deref().unwrap_or_default()) =>
        {
            Ok((code, words))
        }
        // STS always says why in words of its own. A proxy, or a network's page to sign in, has others.
        (SdkError::ServiceError(_) | SdkError::ResponseError(_), None)
            if status.is_some_and(|status| status < 500 && status != 429) =>
        {
            Err(IdentityError::NotSts { service, status: status.unwrap_or_default() })
        }
        (SdkError::ServiceError(_) | SdkError::ResponseError(_), _) => {
            let request_id = said(error.request_id());
            Err(IdentityError::Unavailable { service, detail: answer(error), request_id })
        }
        _ => Err(unreachable(no_answer(error))),
    }
}

/// That STS did not answer the SDK, or could not, where that is why there are no existing credentials.
pub(super) fn no_answer_to_sdk(service: Service, error: &(dyn std::error::Error + 'static)) -> Option<IdentityError> {
    let of_token = find::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>(error);
    let of_role = || find::<SdkError<AssumeRoleError, HttpResponse>>(error);
    match of_token {
        // No request could be made, which is no answer's fault.
        Some(SdkError::ConstructionFailure(_)) => None,
        Some(error) => no_word_of_sts(service, error).err(),
        None => match of_role()? {
            SdkError::ConstructionFailure(_) => None,
            error => no_word_of_sts(service, error).err(),
        },
    }
}

/// Whose credentials a client asks with: the account, and the ARN.
pub(super) async fn caller(sts: &Sts) -> Result<(Option<AccountId>, Option<String>), IdentityError> {
    match sts.client.get_caller_identity().send().await {
        Ok(answer) => Ok((answer.account.as_deref().and_then(AccountId::new), answer.arn)),
        Err(error) => Err(no_caller(sts.service, &error)),
    }
}

/// STS's error code and words; of an answer without them its status.
fn answer<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let parts: Vec<_> = said(error.code()).into_iter().chain(said(error.message())).collect();
    match error.raw_response() {
        Some(response) if parts.is_empty() => format!("status {}", response.status().as_u16()),
        _ => parts.join("; "),
    }
}

fn no_caller<E: ProvideErrorMetadata + std::error::Error + 'static>(
    service: Service,
    error: &SdkError<E, HttpResponse>,
) -> IdentityError {
    if let SdkError::DispatchFailure(dispatch) = error
        && !(dispatch.is_io() || dispatch.is_timeout())
    {
        return IdentityError::no_credentials(None, &innermost(error));
    }
    let (code, words) = match no_word_of_sts(service, error) {
        Ok(said) => said,
        Err(error) => return error,
    };
    let request = said(error.request_id()).map(|id| format!("request {id}"));
    let detail = [answer(error)].into_iter().chain(request).collect::<Vec<_>>().join("; ");
    match Refusal::from_answer(&code, words.as_deref().unwrap_or_default(), true) {
        Refusal::Clock => IdentityError::Clock { detail },
        Refusal::BadCredentials | Refusal::TokenExpired => {
            IdentityError::BadCredentials { has_expired: code.starts_with("Expired"), detail }
        }
        Refusal::Signature => IdentityError::BadSignature { is_aws: service == Service::Sts, detail },
        _ => IdentityError::UnknownAccount { detail: Some(detail) },
    }
}

/// A text of an answer, unless it is empty.
fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}
