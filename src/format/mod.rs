//! Values as a file for another program: the `format` input.
//!
//! Each form has one file here, all of one shape: the rules of the program that reads the form, and a `render` that
//! either writes text which that program reads back exactly, or refuses a key by name. To add a form, copy the file
//! of the nearest one, give it a variant of [`Format`] and a reader in `tests/format`.
//!
//! Where the text goes, and under which name, is not decided here.

mod docker_env_file;
mod dotenv;
mod ecs;
mod ecs_environment;
mod ecs_secrets;
mod json;
mod k8s;
mod k8s_configmap;
mod k8s_secret;
mod shell;
mod yaml;

use std::fmt;

pub use json::object as json_object;
pub(crate) use json::string as json_string;
pub use k8s::name as k8s_name;

use crate::config::Setting;
use crate::excerpt::excerpt;
use crate::secret::Secret;

/// A form that values can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `NAME=value` lines with quotes and escapes where a value needs them.
    Dotenv,
    /// `export NAME='value'` lines for a POSIX shell.
    Shell,
    /// One JSON object; numbers, booleans and nulls stay what they are.
    Json,
    /// One YAML mapping; numbers, booleans and nulls stay what they are.
    Yaml,
    /// What `docker run --env-file` reads.
    DockerEnvFile,
    /// The `environment` list of an ECS container definition.
    EcsEnvironment,
    /// The `secrets` list of an ECS container definition.
    EcsSecrets,
    /// A Kubernetes manifest of kind `ConfigMap`.
    K8sConfigmap,
    /// A Kubernetes manifest of kind `Secret`.
    K8sSecret,
}

impl Format {
    /// All forms, in the order in which documentation lists them.
    pub const ALL: [Self; 9] = [
        Self::Dotenv,
        Self::Shell,
        Self::Json,
        Self::Yaml,
        Self::DockerEnvFile,
        Self::EcsEnvironment,
        Self::EcsSecrets,
        Self::K8sConfigmap,
        Self::K8sSecret,
    ];

    /// Their names, in the same order.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = Self::ALL[i].name();
            i += 1;
        }
        names
    };

    /// The form of this name, as the `format` input spells it: exactly, in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The name that the `format` input takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dotenv => "dotenv",
            Self::Shell => "shell",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::DockerEnvFile => "docker-env-file",
            Self::EcsEnvironment => "ecs-environment",
            Self::EcsSecrets => "ecs-secrets",
            Self::K8sConfigmap => "k8s-configmap",
            Self::K8sSecret => "k8s-secret",
        }
    }

    /// How a file of this form is named where nobody has named it: the part after the dot.
    #[must_use]
    pub const fn file_extension(self) -> &'static str {
        match self {
            Self::Dotenv | Self::DockerEnvFile => "env",
            Self::Shell => "sh",
            Self::Json | Self::EcsEnvironment | Self::EcsSecrets => "json",
            Self::Yaml | Self::K8sConfigmap | Self::K8sSecret => "yaml",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why values cannot be written in a form. It names the key, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the format {format} cannot hold {}: {rule}", what(.key.as_deref()))]
pub struct FormatError {
    /// The form.
    pub format: Format,
    /// The key that it cannot hold, at most its first 200 characters; none where the rule is about all together.
    pub key: Option<String>,
    /// The rule that is broken, as a clause.
    pub rule: &'static str,
}

fn what(key: Option<&str>) -> String {
    key.map_or_else(|| "these values".to_owned(), |key| format!("{key:?}"))
}

/// What a form's own file answers; [`render`] adds which form it was.
struct Refusal {
    key: Option<String>,
    rule: &'static str,
}

impl Refusal {
    fn of(setting: &Setting, rule: &'static str) -> Self {
        Self { key: Some(excerpt(&setting.name)), rule }
    }

    const fn of_all(rule: &'static str) -> Self {
        Self { key: None, rule }
    }
}

/// Writes settings, in their order, as one text of this form: UTF-8 that ends with a line feed, or nothing at all
/// where the form is one of lines and there are no settings.
///
/// The names must differ from each other; merging sees to that. `context` is the project's name: Kubernetes
/// manifests are named after it (see [`k8s_name`]), the other forms have no use for it.
///
/// # Errors
/// The first key whose name or value the form cannot hold.
pub fn render(format: Format, settings: &[Setting], context: &str) -> Result<Secret<String>, FormatError> {
    let rendered = match format {
        Format::Dotenv => dotenv::render(settings),
        Format::Shell => shell::render(settings),
        Format::Json => json::render(settings),
        Format::Yaml => yaml::render(settings),
        Format::DockerEnvFile => docker_env_file::render(settings),
        Format::EcsEnvironment => ecs_environment::render(settings),
        Format::EcsSecrets => ecs_secrets::render(settings),
        Format::K8sConfigmap => k8s_configmap::render(settings, context),
        Format::K8sSecret => k8s_secret::render(settings, context),
    };
    rendered.map(Secret::new).map_err(|Refusal { key, rule }| FormatError { format, key, rule })
}

#[cfg(test)]
mod tests;
