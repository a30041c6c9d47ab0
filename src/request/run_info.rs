use std::collections::BTreeSet;
use std::fmt;

use crate::environment::Environment;
use crate::identity::{NoJobToken, TokenEndpoint};
use crate::name::{ChannelName, is_credential_variable};
use crate::option::Command;
use crate::secret::Secret;
use crate::store::PushInfo;

/// What is known of a run whatever its command: the defaults that its job gives, its identity, and its environment.
pub struct RunInfo {
    /// The version when none is named: the tag, on a tag's workflow.
    pub default_version: Option<String>,
    /// The channel at whose version a pull or a diff looks when nothing else says which: the catalog's.
    pub default_channel: Option<ChannelName>,
    /// The context when neither option nor catalog names one: the repository's name.
    pub default_context: Option<String>,
    /// Who pushes, and when.
    pub push: PushInfo,
    /// Where the job's OIDC token is to be had, or why nowhere.
    pub token_endpoint: Result<TokenEndpoint, NoJobToken>,
    /// The run's environment: for the SDK's settings, `${NAME}` in paths and values, and for what not to overwrite.
    pub environment: Environment,
    /// The buckets that a catalog may lead to; none where it may lead to any of the own account.
    pub trusted_buckets: Option<BTreeSet<String>>,
}

impl fmt::Debug for RunInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunInfo").field("push", &self.push).finish_non_exhaustive()
    }
}

impl RunInfo {
    /// Whether a command looks at the [default channel](Self::default_channel).
    #[must_use]
    pub const fn has_default_channel(command: Command) -> bool {
        matches!(command, Command::Pull | Command::Export | Command::Exec | Command::Get | Command::Diff)
    }

    /// A variable of the run's environment, for settings. Credentials are not among them.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Secret<String>> {
        if is_credential_variable(name) { None } else { self.environment.get(name).cloned() }
    }
}
