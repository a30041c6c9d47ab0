//! The environment as the SDK is to see it, and what is wrong with the credentials that it holds.
//!
//! In a workflow a variable is seldom unset: `${{ secrets.NAME }}` of a secret that is not there, or that a run may not
//! see, is an empty text, and what somebody pasted ends in a line break. The SDK takes either as it is, or goes on to
//! another source of credentials without a word.

use std::collections::HashMap;

use aws_types::os_shim_internal::Env;

use super::variable_problem::{blanks, not_for_a_header};
use super::{IdentityError, VariableProblem};
use crate::environment::Environment;
use crate::secret::Secret;

const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// The variables that are credentials themselves.
const OWN: [&str; 3] = [KEY_ID, SECRET_KEY, SESSION_TOKEN];

/// What the SDK reads besides the variables of AWS's own: where the home folder is, and an older name of a variable.
const OTHERS: [&str; 5] = ["HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "SECRET_ACCESS_KEY"];

/// The variables by which the platform that a runner is on offers a role: a cluster's, a container's.
const OF_PLATFORM: [&str; 5] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// The variables by which the SDK is given credentials, or told where they are.
const OF_CREDENTIALS: [&str; 13] = [
    KEY_ID,
    SECRET_KEY,
    SESSION_TOKEN,
    "AWS_SECURITY_TOKEN", // what the session token was called first
    "SECRET_ACCESS_KEY",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
];

/// The variables by which the SDK is told where to ask. What they hold may have a password or a token in it.
const OF_PLACES: [&str; 3] = [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
];

/// How the names of those begin that say it of each service.
const OF_ENDPOINTS: &str = "AWS_ENDPOINT_URL";

/// Whether a variable gives credentials, or says where they are to be had.
pub(crate) fn gives_credentials(name: &str) -> bool {
    OF_CREDENTIALS.contains(&name) || OF_PLATFORM.contains(&name)
}

/// The variables that the SDK reads, without those that are empty and without blanks around them.
pub(crate) fn sdk_environment(environment: &Environment) -> Env {
    let is_read = |name: &str| name.starts_with("AWS_") || OTHERS.contains(&name);
    let variables = environment.iter().map(|(name, value)| {
        // The names of variables have no case on Windows.
        let name = if cfg!(windows) { name.to_ascii_uppercase() } else { name.to_owned() };
        (name, value.expose().trim())
    });
    let variables = variables.filter(|(name, value)| is_read(name) && !value.is_empty());
    let mut variables: HashMap<_, _> = variables.map(|(name, value)| (name, value.to_owned())).collect();
    // Whoever means to give credentials is not to get those of the machine in their place.
    if empty_credential(environment).is_some() && !variables.contains_key("AWS_PROFILE") {
        OF_PLATFORM.iter().for_each(|name| drop(variables.remove(*name)));
        variables.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned());
    }
    Env::from(variables)
}

/// What errors of the SDK quote of the environment and no message is to, each with the name of its variable.
pub(super) fn places(environment: &Environment) -> Vec<(Secret<String>, String)> {
    let is_one = |name: &str| OF_PLACES.contains(&name) || name.starts_with(OF_ENDPOINTS);
    let places = environment.iter().filter(|(name, _)| is_one(&name.to_ascii_uppercase()));
    places.map(|(name, value)| (Secret::from(value.expose().trim()), name.to_owned())).collect()
}

/// What is wrong with the credentials of the environment, if it has any.
///
/// # Errors
/// [`IdentityError::Variable`].
pub(super) fn check_credentials(environment: &Environment) -> Result<(), IdentityError> {
    let problem = |name, problem| Err(IdentityError::Variable { name, problem });
    let lacking =
        |name, beside| problem(name, VariableProblem::Lacking { is_empty: environment.get(name).is_some(), beside });
    if let Some(name) = OWN.into_iter().find(|name| environment.is_unreadable(name)) {
        return problem(name, VariableProblem::Unusable("is not UTF-8 text"));
    }
    // The SDK knows another name for the secret key, which counts only beside a key ID.
    let has_secret_key =
        has(environment, SECRET_KEY) || has(environment, KEY_ID) && has(environment, "SECRET_ACCESS_KEY");
    match (has(environment, KEY_ID), has_secret_key) {
        (false, false) => return Ok(()),
        (true, false) => return lacking(SECRET_KEY, KEY_ID),
        (false, true) => return lacking(KEY_ID, SECRET_KEY),
        (true, true) => {}
    }
    for name in OWN {
        // The secret key alone is sent in no header.
        let clause = if name == SECRET_KEY { blanks } else { not_for_a_header };
        let value = environment.get(name).filter(|value| !value.expose().is_empty());
        if let Some(clause) = value.and_then(|value| clause(value.expose())) {
            return problem(name, VariableProblem::Unusable(clause));
        }
    }
    let is_temporary = environment.text(KEY_ID).is_some_and(|id| id.starts_with("ASIA"));
    if is_temporary && environment.get(SESSION_TOKEN).is_some_and(|token| token.expose().is_empty()) {
        return lacking(SESSION_TOKEN, KEY_ID);
    }
    Ok(())
}

/// The first variable of credentials that is set to nothing, where none of them is set to something.
pub(super) fn empty_credential(environment: &Environment) -> Option<&'static str> {
    if has(environment, KEY_ID) || has(environment, SECRET_KEY) {
        return None;
    }
    [KEY_ID, SECRET_KEY].into_iter().find(|name| environment.get(name).is_some())
}

/// Whether the environment has credentials of its own, which count before all others.
pub(super) fn has_credentials(environment: &Environment) -> bool {
    has(environment, KEY_ID)
}

fn has(environment: &Environment, name: &str) -> bool {
    environment.get(name).is_some_and(|value| !value.expose().trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect()
    }

    #[test]
    fn half_of_the_credentials_is_told_by_the_half_that_lacks() {
        let lacking = |name, is_empty, beside| {
            Some(IdentityError::Variable { name, problem: VariableProblem::Lacking { is_empty, beside } })
        };
        let unusable =
            |name, clause| Some(IdentityError::Variable { name, problem: VariableProblem::Unusable(clause) });
        for (id, secret, token, error) in [
            (Some("AKIA"), Some(""), None, lacking(SECRET_KEY, true, KEY_ID)),
            (Some("AKIA"), Some(" \n"), None, lacking(SECRET_KEY, true, KEY_ID)),
            (Some("AKIA"), None, None, lacking(SECRET_KEY, false, KEY_ID)),
            (Some(""), Some("s"), None, lacking(KEY_ID, true, SECRET_KEY)),
            (None, Some("s"), None, lacking(KEY_ID, false, SECRET_KEY)),
            (Some("ASIA"), Some("s"), Some(""), lacking(SESSION_TOKEN, true, KEY_ID)),
            (Some("ASIA"), Some("s"), None, None),
            (Some("AKIA"), Some("s"), Some(""), None),
            (Some("AKIA "), Some("s"), None, unusable(KEY_ID, "ends with a blank")),
            (Some("AKIA"), Some("s\n"), None, unusable(SECRET_KEY, "ends with a line break")),
            (Some("AKIA"), Some("\ts"), None, unusable(SECRET_KEY, "begins with a blank")),
            (Some("AKIA"), Some("a\nb"), None, unusable(SECRET_KEY, "has a line break in it")),
            (Some("AKIA"), Some("a b"), None, None),
            (Some("AKIA 1"), Some("s"), None, unusable(KEY_ID, "has a blank in it")),
            (Some("AKIA"), Some("s"), Some("é"), unusable(SESSION_TOKEN, "has a character that is not ASCII in it")),
            (Some("ASIA"), Some("s"), Some("t\n"), unusable(SESSION_TOKEN, "ends with a line break")),
            (Some(""), Some(""), Some(""), None),
            (None, None, None, None),
        ] {
            let variables = [(KEY_ID, id), (SECRET_KEY, secret), (SESSION_TOKEN, token)];
            let variables: Vec<_> = variables.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            assert_eq!(check_credentials(&environment(&variables)).err(), error, "{variables:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn credentials_that_are_not_text_are_an_error() {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt as _;

        for name in OWN {
            let bytes = |own| if own == name { vec![0xff] } else { vec![b'a'] };
            let given = OWN.map(|own| (OsString::from(own), OsString::from_vec(bytes(own))));
            let error = check_credentials(&Environment::new(given)).unwrap_err();
            assert_eq!(
                error,
                IdentityError::Variable { name, problem: VariableProblem::Unusable("is not UTF-8 text") }
            );
        }
    }

    #[test]
    fn the_sdk_sees_no_empty_variable_and_none_that_is_not_its_own() {
        let env = sdk_environment(&environment(&[
            ("AWS_REGION", ""),
            ("AWS_PROFILE", " \n"),
            ("AWS_CONFIG_FILE", "/a/b\n"),
            ("HOME", "/home/me"),
            ("DATABASE_PASSWORD", "swordfish"),
        ]));
        assert_eq!(env.get("AWS_CONFIG_FILE").unwrap(), "/a/b");
        assert_eq!(env.get("HOME").unwrap(), "/home/me");
        for name in ["AWS_REGION", "AWS_PROFILE", "DATABASE_PASSWORD", "AWS_EC2_METADATA_DISABLED"] {
            assert!(env.get(name).is_err(), "{name}");
        }
    }

    #[test]
    fn credentials_that_are_set_to_nothing_are_not_those_of_the_machine() {
        let offered = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/x")];
        let with = |more: &[(&str, &str)]| sdk_environment(&environment(&[&offered[..], more].concat()));
        let is_offered = |env: &Env| env.get("AWS_WEB_IDENTITY_TOKEN_FILE").is_ok();
        assert!(is_offered(&with(&[])));
        assert!(is_offered(&with(&[(KEY_ID, ""), ("AWS_PROFILE", "deploy")])));
        for empty in [&[(KEY_ID, ""), (SECRET_KEY, "")][..], &[(SECRET_KEY, "")]] {
            assert!(!is_offered(&with(empty)), "{empty:?}");
            assert_eq!(with(empty).get("AWS_EC2_METADATA_DISABLED").as_deref(), Ok("true"));
        }
    }
}
