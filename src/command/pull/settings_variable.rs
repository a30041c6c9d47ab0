//! Which variables of the job's environment name files or folders that programs take settings, certificates,
//! credentials or code from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::name::environment_name::refusal;

/// Variables of the runner that name files which it reads, or what an event was. Every other name of the runner's says
/// where the job is, or holds an input of a step.
const OF_THE_RUNNER: &str = "GITHUB_ENV GITHUB_PATH GITHUB_OUTPUT GITHUB_STATE GITHUB_STEP_SUMMARY GITHUB_EVENT_PATH";

/// How the names begin of variables that the runner, or this action, has for itself.
const RUNNERS: &str = "GITHUB_ RUNNER_ ACTIONS_ INPUT_ STATE_ CSTORE_";

/// Search paths of interpreters. Code in their folders is known by its files' names; what else lies there is the
/// application's.
const SOURCES: &str = "PYTHONPATH NODE_PATH PERL5LIB RUBYLIB CLASSPATH";

/// Variables that name folders, though their names do not end in one of [`FOLDER_ENDS`].
const FOLDERS: &str = "USERPROFILE APPDATA LOCALAPPDATA XDG_CONFIG_DIRS XDG_DATA_DIRS OPENSSL_MODULES OPENSSL_ENGINES \
    PYTHONUSERBASE DOCKER_CONFIG HELM_PLUGINS CLOUDSDK_CONFIG";

const FOLDER_ENDS: &str = "DIR DIRECTORY FOLDER PATH HOME ROOT";

/// What a program reads in the folder that a variable names, where the names of the files do not tell what they are. It
/// counts also where that folder is the workspace itself, in which all else is ordinary.
const KNOWN_FILES: [(&str, &str); 10] = [
    ("DOCKER_CONFIG", "config.json contexts"),
    ("DOCKER_CERT_PATH", "ca.pem cert.pem key.pem"),
    ("CARGO_HOME", "config config.toml credentials credentials.toml bin"),
    ("XDG_CONFIG_HOME", "git gh pip uv npm pnpm go helm nix containers"),
    ("GH_CONFIG_DIR", "hosts.yml config.yml"),
    ("AZURE_CONFIG_DIR", "config clouds.config"),
    ("CLOUDSDK_CONFIG", "properties configurations"),
    ("HELM_CONFIG_HOME", "repositories.yaml registry"),
    ("GNUPGHOME", "gpg.conf gpg-agent.conf common.conf"),
    ("GIT_DIR", "config hooks"),
];

/// A path that a variable names.
pub(super) struct NamedPath<'a> {
    pub(super) variable: &'a str,
    pub(super) path: PathBuf,
    /// Whether all that is in it counts as well, should it be a folder.
    pub(super) is_folder: bool,
}

/// What the value of a variable is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Files,
    Folders,
    /// Files or folders; a single word may be neither, such as a profile's name.
    Either,
}

/// The paths that variables name as settings: each value, and the items of one that is a list.
pub(super) fn settings(environment: &Environment) -> impl Iterator<Item = NamedPath<'_>> {
    environment.iter().filter_map(|(variable, value)| Some((variable, value, kind(variable)?))).flat_map(
        |(variable, value, kind)| {
            let known = KNOWN_FILES.iter().find(|(name, _)| name.eq_ignore_ascii_case(variable));
            let known = known.map_or("", |(_, files)| files);
            items(value.expose()).into_iter().flat_map(move |item| {
                let files = known.split_whitespace().map(|file| (item.join(file), true));
                let is_folder = match kind {
                    Kind::Files => false,
                    Kind::Folders => true,
                    Kind::Either => !is_word(&item),
                };
                let paths: Vec<_> = files.chain([(item.clone(), is_folder)]).collect();
                paths.into_iter().map(move |(path, is_folder)| NamedPath { variable, path, is_folder })
            })
        },
    )
}

fn kind(variable: &str) -> Option<Kind> {
    let name = variable.to_ascii_uppercase();
    let is_one_of = |names: &str| names.split_whitespace().any(|known| known == name);
    if is_one_of(SOURCES) || is_one_of(OF_THE_RUNNER) {
        return Some(Kind::Files);
    }
    if RUNNERS.split_whitespace().any(|start| name.starts_with(start)) {
        return None;
    }
    refusal(&name)?;
    let is_folder = is_one_of(FOLDERS) || FOLDER_ENDS.split_whitespace().any(|end| name.ends_with(end));
    Some(if is_folder { Kind::Folders } else { Kind::Either })
}

/// A value, what it lists as PATH does, and the words of that: options, and files between blanks or commas.
fn items(value: &str) -> BTreeSet<PathBuf> {
    let mut items = BTreeSet::new();
    items.insert(PathBuf::from(value));
    for path in std::env::split_paths(value) {
        let words = path.to_str().unwrap_or_default().split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        items.extend(words.map(PathBuf::from));
        items.insert(path);
    }
    items.remove(Path::new(""));
    items
}

/// Whether a path is a name alone, which does not have to be that of a file.
fn is_word(path: &Path) -> bool {
    let text = path.to_string_lossy();
    !text.starts_with(['.', '~']) && !text.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn every_variable_that_export_env_refuses_may_name_settings_except_the_runners() {
        for (names, expected) in [
            ("PYTHONPATH CLASSPATH GITHUB_ENV GITHUB_STATE GITHUB_EVENT_PATH GITHUB_PATH", Some(Kind::Files)),
            (
                "HOME PATH USERPROFILE DOCKER_CONFIG DOCKER_CERT_PATH SSL_CERT_DIR CLOUDSDK_CONFIG GNUPGHOME CARGO_HOME \
                 GIT_SSL_CAPATH AWS_DATA_PATH AWS_LOGIN_CACHE_DIRECTORY OPENSSL_MODULES docker_config",
                Some(Kind::Folders),
            ),
            (
                "AWS_CONFIG_FILE BASH_ENV LD_PRELOAD WGETRC npm_config_cafile KUBECONFIG NETRC YARN_RC_FILENAME \
                 HELM_REPOSITORY_CONFIG REGISTRY_AUTH_FILE CONTAINERS_CONF COMPOSE_FILE BOTO_CONFIG \
                 CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE PGSERVICEFILE PGPASSFILE \
                 KRB5_CONFIG TERRAGRUNT_CONFIG VAULT_CACERT PGSSLROOTCERT CARGO_HTTP_CAINFO",
                Some(Kind::Either),
            ),
            ("GITHUB_WORKSPACE GITHUB_JOB RUNNER_TEMP INPUT_FILES PWD OLDPWD DB_HOST CONFIG_PATH", None),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(kind(name), expected, "{name}");
            }
        }
    }

    #[test]
    fn a_word_names_a_file_and_no_folder_unless_the_variable_is_of_folders() {
        let variables = [("AWS_PROFILE", "service"), ("MAVEN_ARGS", "-s ci/a.xml"), ("DOCKER_CONFIG", "dock")];
        let variables = variables.map(|(name, value)| (name.to_owned(), Secret::from(value)));
        let environment: Environment = variables.into_iter().collect();
        let named = |path: &str| settings(&environment).find(|named| named.path == Path::new(path));
        assert!(named("service").is_some_and(|named| !named.is_folder));
        assert!(named("ci/a.xml").is_some_and(|named| named.is_folder && named.variable == "MAVEN_ARGS"));
        assert!(named("dock").is_some_and(|named| named.is_folder));
        assert!(named("dock/config.json").is_some());
    }
}
