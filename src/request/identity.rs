//! The options about roles and accounts.

use super::RunInfo;
use crate::identity::{AccountId, Identity, JobToken, NoJobToken, Proof, Role, RoleArn};
use crate::option::{
    ALLOWED_ACCOUNT_IDS, AUDIENCE, FROM_ROLE_TO_ASSUME, OptionError, OptionProblem, OptionSpec, ROLE_CHAINING,
    ROLE_DURATION_SECONDS, ROLE_EXTERNAL_ID, ROLE_SESSION_NAME, ROLE_TO_ASSUME, RawOptions, shortened,
};
use crate::secret::Secret;

/// The role and the accounts. Another service than AWS's has ARNs of a form of its own.
pub(super) fn identity(raw: &RawOptions, run: &RunInfo, is_of_other_service: bool) -> Result<Identity, OptionError> {
    let option = &ALLOWED_ACCOUNT_IDS;
    let ids = raw.text(option).unwrap_or_default().split([',', '\n']).map(str::trim).filter(|id| !id.is_empty());
    let allowed = ids.map(|id| account(option, id)).collect::<Result<Vec<_>, _>>()?;
    if allowed.is_empty() && raw.text(option).is_some() {
        // As of `${{ vars.A }},${{ vars.B }}` when neither is set: nobody meant to switch the check off.
        return Err(OptionError::new(option, OptionProblem::NamesNo("account")));
    }
    Ok(Identity { role: role(raw, run, is_of_other_service)?, allowed_accounts: allowed, is_of_other_service })
}

fn role(raw: &RawOptions, run: &RunInfo, is_of_other_service: bool) -> Result<Option<Role>, OptionError> {
    let is_chained = raw.flag(&ROLE_CHAINING)?;
    let duration = raw.seconds(&ROLE_DURATION_SECONDS)?;
    let session_name = session_name(raw, run)?;
    let Some(arn) = role_arn(raw, &ROLE_TO_ASSUME, is_of_other_service)? else { return Ok(None) };
    let proof = if is_chained {
        Proof::Credentials { external_id: raw.text(&ROLE_EXTERNAL_ID).map(Secret::from) }
    } else {
        job_token(raw, run)
    };
    Ok(Some(Role { arn, session_name, duration, proof }))
}

/// Who reads what is promoted, where that is another role than the one that writes. It is of another account, which the
/// options about accounts, and the external id, do not speak of.
pub(super) fn source_identity(
    raw: &RawOptions,
    run: &RunInfo,
    is_of_other_service: bool,
) -> Result<Option<Identity>, OptionError> {
    let Some(arn) = role_arn(raw, &FROM_ROLE_TO_ASSUME, is_of_other_service)? else { return Ok(None) };
    // Outside a job there is no token that could prove anything.
    let is_chained = raw.flag(&ROLE_CHAINING)? || matches!(run.token_endpoint, Err(NoJobToken::NoJob));
    let proof = if is_chained { Proof::Credentials { external_id: None } } else { job_token(raw, run) };
    let (duration, session_name) = (raw.seconds(&ROLE_DURATION_SECONDS)?, session_name(raw, run)?);
    let role = Some(Role { arn, session_name, duration, proof });
    Ok(Some(Identity { role, allowed_accounts: Vec::new(), is_of_other_service }))
}

fn role_arn(
    raw: &RawOptions,
    option: &'static OptionSpec,
    is_of_other_service: bool,
) -> Result<Option<RoleArn>, OptionError> {
    let Some(arn) = raw.text(option) else { return Ok(None) };
    let read = if is_of_other_service { RoleArn::opaque(arn) } else { RoleArn::new(arn) };
    read.map(Some).ok_or_else(|| OptionError::new(option, OptionProblem::IsNotA(shortened(arn), "role ARN")))
}

fn job_token(raw: &RawOptions, run: &RunInfo) -> Proof {
    let audience = raw.text_or_default(&AUDIENCE).to_owned();
    Proof::JobToken(JobToken { audience, endpoint: run.token_endpoint.clone() })
}

fn session_name(raw: &RawOptions, run: &RunInfo) -> Result<String, OptionError> {
    let Some(name) = raw.text(&ROLE_SESSION_NAME) else {
        let id = run.push.source.as_ref().and_then(|source| source.run_id.as_deref());
        return Ok(id.map_or_else(|| "cstore".to_owned(), |id| format!("cstore-{id}")));
    };
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_=,.@-+".contains(&byte);
    if (2..=64).contains(&name.len()) && name.bytes().all(is_allowed) {
        return Ok(name.to_owned());
    }
    let problem = OptionProblem::IsNotA(shortened(name), "session name");
    Err(OptionError::new(&ROLE_SESSION_NAME, problem))
}

/// Reads an account ID from an option's text.
pub(super) fn account(option: &'static OptionSpec, text: &str) -> Result<AccountId, OptionError> {
    AccountId::new(text.trim()).ok_or_else(|| OptionError::new(option, OptionProblem::NotA("account ID")))
}
