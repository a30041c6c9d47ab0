//! Who asks: the role that is assumed, or the existing credentials.
//!
//! With a role, GitHub is asked for the job's OIDC token ([`JobToken`]), which STS exchanges for credentials that live
//! in memory only and are renewed before they expire. Without one, the SDK's default chain answers: environment,
//! profile, web identity file, container, instance.

mod account;
mod arn;
mod claims;
mod error;
mod github;
mod provider;
mod shared_files;
mod sts;
mod token_endpoint;
mod variable_problem;
mod variables;

use std::time::Duration;

pub use account::AccountId;
pub use arn::RoleArn;
pub use claims::Claims;
pub use error::{IdentityError, Refusal, Refused, Service, UnknownProfile};
pub use github::JobToken;
pub(crate) use provider::Provider;
pub(crate) use shared_files::{check as check_shared_files, region_of_profile};
pub use token_endpoint::{NoJobToken, TokenEndpoint};
pub use variable_problem::VariableProblem;
pub(crate) use variables::{gives_credentials, sdk_environment};

use crate::secret::Secret;

/// Whose credentials requests are signed with.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The role to assume; else the existing credentials are used as they are.
    pub role: Option<Role>,
    /// When not empty, credentials of any other account are refused.
    pub allowed_accounts: Vec<AccountId>,
    /// Whether they are for another service than AWS's, and so is the STS that knows of them.
    pub is_of_other_service: bool,
}

impl Identity {
    /// What no message may quote of it.
    pub(crate) fn secrets(&self) -> Vec<Secret<String>> {
        match self.role.as_ref().map(|role| &role.proof) {
            Some(Proof::JobToken(JobToken { endpoint: Ok(endpoint), .. })) => vec![endpoint.bearer.clone()],
            Some(Proof::Credentials { external_id: Some(id) }) => vec![id.clone()],
            _ => Vec::new(),
        }
    }
}

/// A role to assume.
#[derive(Debug, Clone)]
pub struct Role {
    /// The role's ARN.
    pub arn: RoleArn,
    /// What the session is called in CloudTrail.
    pub session_name: String,
    /// How long its credentials last.
    pub duration: Duration,
    /// What STS is given in exchange for the role's credentials.
    pub proof: Proof,
}

/// What STS is given in exchange for a role's credentials.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The job's OIDC token.
    JobToken(JobToken),
    /// The existing credentials, and the external id that the role may ask for.
    Credentials {
        /// As agreed with the role's owner.
        external_id: Option<Secret<String>>,
    },
}
