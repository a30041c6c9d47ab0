//! The exchange of a token, or of other credentials, for a role's.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId as _;
use aws_sdk_sts::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::shared_files::explained;
use super::{AccountId, Claims, IdentityError, Refusal, Refused, Role, Service};
use crate::network::{self, Cause, NetworkFault, chain, configured_endpoint, innermost, no_answer};
use crate::secret::Secret;

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
pub(super) async fn with_token(client: &Client, role: &Role, token: &Secret<String>) -> Result<Assumed, IdentityError> {
    let answer = client
        .assume_role_with_web_identity()
        .role_arn(role.arn.as_str())
        .role_session_name(&role.session_name)
        .duration_seconds(seconds(role))
        .web_identity_token(token.expose())
        .send()
        .await;
    match answer {
        Ok(answer) => assumed(role, answer.credentials, answer.assumed_role_user),
        Err(error) => Err(refused(role, Claims::from_token(token), false, &error)),
    }
}

/// Assumes a role with the client's own credentials.
pub(super) async fn with_credentials(
    client: &Client,
    role: &Role,
    external_id: Option<&Secret<String>>,
) -> Result<Assumed, IdentityError> {
    let answer = client
        .assume_role()
        .role_arn(role.arn.as_str())
        .role_session_name(&role.session_name)
        .duration_seconds(seconds(role))
        .set_external_id(external_id.map(|id| id.expose().clone()))
        .send()
        .await;
    match answer {
        Ok(answer) => assumed(role, answer.credentials, answer.assumed_role_user),
        Err(error) => Err(explained(refused(role, None, true, &error), &error).await),
    }
}

fn seconds(role: &Role) -> i32 {
    i32::try_from(role.duration.as_secs()).unwrap_or(i32::MAX)
}

fn assumed(
    role: &Role,
    credentials: Option<types::Credentials>,
    user: Option<types::AssumedRoleUser>,
) -> Result<Assumed, IdentityError> {
    let credentials = credentials.ok_or_else(|| IdentityError::Unavailable {
        service: Service::Sts,
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
    let credentials = Credentials::builder()
        .access_key_id(credentials.access_key_id)
        .secret_access_key(credentials.secret_access_key)
        .session_token(credentials.session_token)
        .account_id(role.arn.account().as_str())
        .provider_name("role-to-assume")
        .build();
    Ok(Assumed { credentials, principal: user.map(|user| user.arn), lifetime })
}

fn refused<E: ProvideErrorMetadata + std::error::Error + 'static>(
    role: &Role,
    claims: Option<Claims>,
    is_chained: bool,
    error: &SdkError<E, HttpResponse>,
) -> IdentityError {
    let unreachable = |detail: String| IdentityError::Unreachable {
        service: Service::Sts,
        fault: NetworkFault::from_error(error),
        detail,
        cause: Box::new(Cause::from_error(error)),
    };
    let status = error.raw_response().map(|response| response.status().as_u16());
    let (code, words) = (error.code().map(ToOwned::to_owned), error.message().map(ToOwned::to_owned));
    let request_id = error.request_id().map(ToOwned::to_owned);
    match error {
        SdkError::TimeoutError(_) => unreachable("no answer in time".to_owned()),
        SdkError::DispatchFailure(dispatch) if dispatch.is_io() || dispatch.is_timeout() => {
            unreachable(no_answer(error))
        }
        SdkError::ServiceError(_) if code.is_some() && status.is_none_or(|status| status < 500 && status != 429) => {
            let reason =
                Refusal::from_answer(code.as_deref().unwrap_or_default(), words.as_deref().unwrap_or_default());
            let seconds = role.duration.as_secs();
            let role = role.arn.clone();
            let detail = words;
            let refused = Refused { role, reason, claims, is_chained, seconds, code, detail, request_id };
            IdentityError::Refused(Box::new(refused))
        }
        SdkError::ServiceError(_) | SdkError::ResponseError(_) => {
            IdentityError::Unavailable { service: Service::Sts, detail: answer(error), request_id }
        }
        _ if is_chained && chain(error).contains("redential") => {
            IdentityError::no_credentials(Some(role.arn.clone()), &innermost(error))
        }
        _ => unreachable(no_answer(error)),
    }
}

/// Whose credentials a client asks with: the account, and the ARN.
pub(super) async fn caller(client: &Client) -> Result<(Option<AccountId>, Option<String>), IdentityError> {
    match client.get_caller_identity().send().await {
        Ok(answer) => Ok((answer.account.as_deref().and_then(AccountId::new), answer.arn)),
        Err(error) => Err(no_caller(&error)),
    }
}

/// STS's error code and words; of an answer without them its status.
fn answer<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let parts: Vec<_> = error.code().into_iter().chain(error.message()).collect();
    match error.raw_response() {
        Some(response) if parts.is_empty() => format!("status {}", response.status().as_u16()),
        _ => parts.join("; "),
    }
}

fn no_caller<E: ProvideErrorMetadata + std::error::Error + 'static>(
    error: &SdkError<E, HttpResponse>,
) -> IdentityError {
    let status = error.raw_response().map(|response| response.status().as_u16());
    match (error, status) {
        (SdkError::ServiceError(_), Some(status)) if status < 500 && status != 429 => {
            let code = error.code().unwrap_or_default();
            let request = error.request_id().map(|id| format!("request {id}"));
            let detail = [answer(error)].into_iter().chain(request).collect::<Vec<_>>().join("; ");
            match Refusal::from_answer(code, error.message().unwrap_or_default()) {
                Refusal::Clock => IdentityError::Clock { detail },
                Refusal::BadCredentials | Refusal::TokenExpired => {
                    IdentityError::BadCredentials { has_expired: code.starts_with("Expired"), detail }
                }
                _ => IdentityError::UnknownAccount { detail: Some(detail) },
            }
        }
        (SdkError::ServiceError(_) | SdkError::ResponseError(_), _) => IdentityError::Unavailable {
            service: Service::Sts,
            detail: answer(error),
            request_id: error.request_id().map(ToOwned::to_owned),
        },
        (SdkError::DispatchFailure(dispatch), _) if !dispatch.is_io() && !dispatch.is_timeout() => {
            IdentityError::no_credentials(None, &innermost(error))
        }
        _ => IdentityError::Unreachable {
            service: Service::Sts,
            fault: NetworkFault::from_error(error),
            detail: no_answer(error),
            cause: Box::new(Cause::from_error(error)),
        },
    }
}
