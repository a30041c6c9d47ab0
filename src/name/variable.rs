use crate::secret::Secret;

/// What a `${NAME}` stands for.
#[derive(Debug)]
pub enum Variable {
    /// This text, which may be empty.
    Value(Secret<String>),
    /// Nothing: the job has no such variable.
    NotSet,
    /// Files may not refer to it, whether it is set or not.
    NotListed,
}

impl From<Option<String>> for Variable {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::NotSet, |value| Self::Value(Secret::new(value)))
    }
}

/// Whether a variable holds credentials of the job, or is the runner's own: its tokens
/// (<https://docs.github.com/en/actions/reference/security/oidc>) and the inputs, one of which is a token.
pub(crate) fn is_credential_variable(name: &str) -> bool {
    const CREDENTIALS: [&str; 7] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN", // what the session token was called first
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "GITHUB_TOKEN",
        "GH_TOKEN",
    ];
    CREDENTIALS.contains(&name) || ["ACTIONS_", "INPUT_"].iter().any(|prefix| name.starts_with(prefix))
}
