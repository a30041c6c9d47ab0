//! Who asks: the inputs about roles and accounts.

use std::time::Duration;

use super::build::account;
use super::input::{flag, shown};
use super::{InputError, Job};
use crate::identity::{Identity, JobToken, Proof, Role, RoleArn};
use crate::option::RawOptions;
use crate::secret::Secret;

/// The shortest and the longest session that STS gives, in seconds
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
const SESSION_SECONDS: std::ops::RangeInclusive<u64> = 900..=43_200;
const AUDIENCE: &str = "sts.amazonaws.com";

pub(super) fn identity(raw: &RawOptions, job: &Job) -> Result<Identity, InputError> {
    let allowed = raw.allowed_account_ids.as_deref().unwrap_or_default();
    let allowed = allowed.split([',', '\n']).map(str::trim).filter(|id| !id.is_empty());
    let allowed = allowed.map(|id| account("allowed-account-ids", id)).collect::<Result<Vec<_>, _>>()?;
    if allowed.is_empty() && raw.allowed_account_ids.is_some() {
        // As of `${{ vars.A }},${{ vars.B }}` when neither is set: nobody meant to switch the check off.
        let remedy = "Write account ids, separated by commas.";
        return Err(InputError::new("allowed-account-ids", "names no account", remedy));
    }
    Ok(Identity { role: role(raw, job)?, allowed_accounts: allowed })
}

fn role(raw: &RawOptions, job: &Job) -> Result<Option<Role>, InputError> {
    let is_chained = flag("role-chaining", raw.role_chaining.as_deref(), false)?;
    let duration = duration(raw.role_duration_seconds.as_deref())?;
    let session_name = session_name(raw.role_session_name.as_deref(), job)?;
    let Some(arn) = raw.role_to_assume.as_deref() else {
        // A default that action.yml fills in is not asked for.
        let others = [
            ("role-session-name", raw.role_session_name.is_some()),
            ("role-chaining", is_chained),
            ("role-external-id", raw.role_external_id.is_some()),
        ];
        return match others.into_iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => Err(InputError::new(
                name,
                "is given, but `role-to-assume` is not",
                "Set `role-to-assume`, or remove it.",
            )),
            None => Ok(None),
        };
    };
    let arn = RoleArn::new(arn).ok_or_else(|| {
        InputError::new(
            "role-to-assume",
            format!("is {:?}, which is no role's ARN", shown(arn)),
            "Write it like arn:aws:iam::111122223333:role/NAME.",
        )
    })?;
    let external_id = raw.role_external_id.clone();
    let proof = if is_chained {
        if raw.audience.as_deref().is_some_and(|audience| audience != AUDIENCE) {
            let remedy = "Remove it: a chained role is assumed without the OIDC token.";
            return Err(InputError::new("audience", "is given, and so is `role-chaining`", remedy));
        }
        Proof::Credentials { external_id: external_id.map(Secret::new) }
    } else if external_id.is_some() {
        return Err(InputError::new(
            "role-external-id",
            "is given, but `role-chaining` is not true",
            "Remove it: STS takes none with an OIDC token. The trust policy's conditions on the token stand in its place.",
        ));
    } else {
        let audience = raw.audience.clone().unwrap_or_else(|| AUDIENCE.to_owned());
        Proof::JobToken(JobToken { audience, endpoint: job.token_endpoint.clone() })
    };
    Ok(Some(Role { arn, session_name, duration, proof }))
}

fn duration(raw: Option<&str>) -> Result<Duration, InputError> {
    let Some(text) = raw else { return Ok(Duration::from_secs(*SESSION_SECONDS.start())) };
    let seconds = text.trim().parse().ok().filter(|seconds| SESSION_SECONDS.contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| {
        InputError::new(
            "role-duration-seconds",
            "is not a whole number of seconds from 900 to 43200",
            "The default, 900, is enough: credentials are renewed when the step takes longer.",
        )
    })
}

fn session_name(raw: Option<&str>, job: &Job) -> Result<String, InputError> {
    let Some(name) = raw else {
        let run = job.info.source.as_ref().and_then(|source| source.run_id.as_deref());
        return Ok(run.map_or_else(|| "cstore".to_owned(), |id| format!("cstore-{id}")));
    };
    let is_valid =
        (2..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_=,.@-+".contains(&b));
    if is_valid {
        return Ok(name.to_owned());
    }
    Err(InputError::new(
        "role-session-name",
        format!("is {:?}, which is no session's name", shown(name)),
        "Use 2 to 64 letters, digits and the characters _ + = , . @ -",
    ))
}
