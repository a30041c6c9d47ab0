//! Which names `export-env` refuses: those by which a variable takes over what runs after it.
//!
//! Whoever may write a config file could otherwise take over the later steps of every job that pulls it, with all that
//! the job may do: by what a loader, a shell or an interpreter reads before a program's own first line (`LD_PRELOAD`,
//! `BASH_ENV`), by settings that name programs, plugins or mirrors (`RUSTC_WRAPPER`, `PIP_INDEX_URL`), by a proxy
//! together with a certificate that was restored (`HTTPS_PROXY`, `AWS_CA_BUNDLE`), by whose credentials are used
//! (`KUBECONFIG`), or by standing in for the runner's own variables. The table below has what the tools on GitHub's
//! runner images (<https://github.com/actions/runner-images>) are known to read. It is a net, not a wall: a program
//! that a workflow runs may have such a variable of its own.
//!
//! Names that applications commonly have stay free, also where they begin like a tool's (`GIT_COMMIT`, `TF_VAR_…`,
//! `DOCKER_IMAGE`, `RUST_LOG`).

mod table;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use self::table::RULES;
pub use self::table::Rule;

/// The names of the table, in its order, by how they begin (in upper case): an export asks for thousands.
static BY_FIRST_LETTER: LazyLock<HashMap<u8, Vec<(&str, &Rule)>>> = LazyLock::new(|| {
    let mut by_first = HashMap::<_, Vec<_>>::new();
    for (name, rule) in RULES.iter().flat_map(|rule| rule.names().map(move |name| (name, rule))) {
        by_first.entry(first_letter(name)).or_default().push((name, rule));
    }
    by_first
});

/// The rule that refuses a name, whatever `allow-env` says; none for an ordinary name.
#[must_use]
pub fn refusal(name: &str) -> Option<&'static Rule> {
    let known = BY_FIRST_LETTER.get(&first_letter(name))?;
    known.iter().find(|(pattern, _)| covers(pattern, name)).map(|(_, rule)| *rule)
}

fn first_letter(name: &str) -> u8 {
    name.bytes().next().unwrap_or_default().to_ascii_uppercase()
}

/// As [`refusal`], unless `allow_env` has this very name and the rule can be lifted.
pub fn refusal_unless_allowed<T: AsRef<str>>(name: &str, allow_env: &[T]) -> Option<&'static Rule> {
    let is_allowed = || allow_env.iter().any(|allowed| allowed.as_ref() == name);
    refusal(name).filter(|rule| !(rule.can_be_allowed && is_allowed()))
}

fn covers(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => {
            name.as_bytes().get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
        }
        None => pattern.eq_ignore_ascii_case(name),
    }
}

/// All rules.
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rules as a Markdown table, for the documentation.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = "| names | refused because |\n| --- | --- |\n".to_owned();
    for rule in RULES {
        let names: Vec<_> = rule.names().map(|name| format!("`{name}`")).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {} | {} |", names.join(", "), rule.reason);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_take_over_later_steps_are_refused_in_any_case() {
        for name in [
            "PATH",
            "Path",
            "LD_PRELOAD",
            "ld_library_path",
            "LD_",
            "DYLD_INSERT_LIBRARIES",
            "NODE_OPTIONS",
            "BASH_ENV",
            "ENV",
            "IFS",
            "PYTHONPATH",
            "PythonStartup",
            "PERL5OPT",
            "RUBYOPT",
            "JAVA_TOOL_OPTIONS",
            "GIT_SSH",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_COUNT",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "GITHUB_TOKEN",
            "RUNNER_TEMP",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "INPUT_COMMAND",
            "CI",
            "ci",
        ] {
            assert!(refusal(name).is_some(), "{name}");
        }
    }

    /// What redirects requests and their tokens, decides whom TLS trusts, whose identity is used, or which code runs.
    #[test]
    fn names_that_hand_over_the_jobs_identity_are_refused() {
        for name in "HTTP_PROXY HTTPS_PROXY https_proxy ALL_PROXY all_proxy NO_PROXY no_proxy AWS_CA_BUNDLE SSL_CERT_FILE \
             SSL_CERT_DIR SSLKEYLOGFILE NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED REQUESTS_CA_BUNDLE CURL_CA_BUNDLE \
             GIT_SSL_NO_VERIFY GIT_SSL_CAINFO PYTHONHTTPSVERIFY AWS_DATA_PATH AWS_CONFIG_FILE AWS_ROLE_SESSION_NAME \
             AWS_ENDPOINT_URL_STS CURL_HOME KUBECONFIG TF_CLI_CONFIG_FILE TF_CLI_ARGS_apply YARN_RC_FILENAME \
             YARN_NPM_REGISTRY_SERVER PIP_INDEX_URL PIP_CERT CARGO_HOME CARGO_BUILD_RUSTC_WRAPPER \
             CARGO_REGISTRIES_CRATES_IO_PROTOCOL npm_config_registry NPM_CONFIG_CAFILE COR_PROFILER_PATH CORECLR_PROFILER \
             CSTORE_RELEASES DOTNET_STARTUP_HOOKS MAVEN_OPTS GRADLE_OPTS GRADLE_USER_HOME JAVA_OPTS JAVA_HOME PERL5LIB \
             PERL_LWP_SSL_VERIFY_HOSTNAME RUBYLIB LUA_PATH PHP_INI_SCAN_DIR R_PROFILE GOPROXY GONOSUMDB GOAUTH RUSTC_WRAPPER \
             RUSTFLAGS DOCKER_HOST DOCKER_CONFIG HELM_PLUGINS BUNDLE_GEMFILE UV_INDEX_URL POETRY_HOME PNPM_HOME CC LDFLAGS \
             GH_TOKEN GH_HOST SSH_AUTH_SOCK GOOGLE_APPLICATION_CREDENTIALS CLOUDSDK_CONFIG AZURE_CONFIG_DIR \
             HOSTALIASES STATE_isPost XDG_CONFIG_HOME TMPDIR NETRC WGETRC HOMEBREW_BOTTLE_DOMAIN VAULT_ADDR COMPOSE_FILE"
            .split_ascii_whitespace()
        {
            assert!(refusal(name).is_some_and(|rule| rule.can_be_allowed), "{name}");
        }
    }

    /// What build tools, pagers, backups and libraries take for commands, options and plugins.
    #[test]
    fn names_that_common_tools_run_or_load_by_are_refused() {
        for name in "RM YACC LEX ARFLAGS ASFLAGS FFLAGS INSTALL MAKEINFO TEX CONFIG_SITE CONFIG_SHELL PARALLEL \
             CCC_OVERRIDE_OPTIONS CL _CL_ LINK _LINK_ LIB INCLUDE EXTERNAL_INCLUDE VCTargetsPath UseEnv ProgramFiles \
             ProgramFiles(x86) CommonProgramFiles SystemDrive NX_SELF_HOSTED_REMOTE_CACHE_SERVER RIPGREP_CONFIG_PATH LESSKEYIN \
             LESSKEY_CONTENT MANPAGER SYSTEMD_PAGER HG RCLONE_PASSWORD_COMMAND RESTIC_PASSWORD_COMMAND BORG_RSH \
             SOPS_AGE_KEY_CMD SPARK_SUBMIT_OPTS HADOOP_OPTS KAFKA_OPTS CATALINA_OPTS JVM_ARGS GST_PLUGIN_SCANNER \
             GDK_PIXBUF_MODULE_FILE GI_TYPELIB_PATH HDF5_PLUGIN_PATH GDAL_DRIVER_PATH OCL_ICD_VENDORS VK_LAYER_PATH \
             VK_ICD_FILENAMES NVIM_APPNAME MYVIMRC VIMRUNTIME ORACLE_HOME SQLPATH TWO_TASK FREETDSCONF ES_JAVA_OPTS \
             SERVER_JVMFLAGS CASSANDRA_INCLUDE CUDA_INJECTION64_PATH MALLOC_TRACE ASAN_SYMBOLIZER_PATH VALGRIND_LIB GCM_TRACE_SECRETS"
            .split_ascii_whitespace()
        {
            assert!(refusal(name).is_some_and(|rule| rule.can_be_allowed), "{name}");
        }
    }

    /// What a shell runs, evaluates or writes when it prompts, looks for mail, edits its history or is assigned a
    /// number.
    #[test]
    fn names_that_a_shell_runs_or_evaluates_are_refused() {
        for name in
            "PS0 PS1 PS2 PS4 RPS1 PROMPT_COMMAND MAILPATH FCEDIT HISTFILE NULLCMD RANDOM SRANDOM HISTCMD OPTIND \
             EMACSLOADPATH VAGRANT_CWD SCREENRC RSPEC_OPTS SPEC_OPTS TMUX_TMPDIR STARSHIP_CONFIG"
                .split_ascii_whitespace()
        {
            assert!(refusal(name).is_some_and(|rule| rule.can_be_allowed), "{name}");
        }
    }

    #[test]
    fn ordinary_configuration_passes() {
        for name in [
            "",
            "DB_HOST",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_S3_BUCKET",
            "NODE_ENV",
            "NPM_TOKEN",
            "PYTHONUNBUFFERED",
            "RAILS_ENV",
            "APP_PATH",
            "GIT_COMMIT",
            "GITHUB",
            "CI_COMMIT",
            "ENVIRONMENT",
            "LDAP_URL",
            "DATABASE_URL",
            "PORT",
            "RUST_LOG",
            "LOG_LEVEL",
            "DEBUG",
            "TZ",
            "USER",
            "TF_VAR_region",
            "DOCKER_IMAGE",
            "COMPOSE_PROJECT_NAME",
            "GOOGLE_CLOUD_PROJECT",
            "GOOGLE_CLIENT_ID",
            "AZURE_STORAGE_CONNECTION_STRING",
            "PGHOST",
            "PGPASSWORD",
            "MYSQL_HOST",
            "REDIS_URL",
            "STACK_NAME",
            "MIX_ENV",
            "SPRING_PROFILES_ACTIVE",
            "ASPNETCORE_ENVIRONMENT",
            "OTEL_SERVICE_NAME",
            "SENTRY_DSN",
            "SSL_ENABLED",
            "TRUST_PROXY",
            "PROXY_URL",
            "HTTPS_PORT",
            "CYPRESS_BASE_URL",
            "STATE",
            "VK_ACCESS_TOKEN",
            "MC_SERVER",
            "KAFKA_BROKERS",
            "SPARK_MASTER",
            "INSTALL_ID",
            "LINK_URL",
            "LIBRARY",
            "TARGET_ENV",
            "ÜD_x",
        ] {
            assert_eq!(refusal(name), None, "{name}");
        }
    }

    #[test]
    fn allow_env_lifts_a_name_that_it_gives_exactly() {
        let allowed = ["PYTHONPATH", "NODE_OPTIONS", "LD_*", "path"];
        assert_eq!(refusal_unless_allowed("PYTHONPATH", &allowed), None);
        for name in ["LD_PRELOAD", "LD_*x", "PATH", "pythonpath", "PYTHONHOME"] {
            assert!(refusal_unless_allowed(name, &allowed).is_some(), "{name}");
        }
        assert!(refusal_unless_allowed("NODE_OPTIONS", &allowed).is_some(), "the runner would refuse it");
        assert_eq!(refusal_unless_allowed::<&str>("DB_HOST", &[]), None);
    }

    #[test]
    fn the_table_is_well_formed() {
        let mut seen = std::collections::HashSet::new();
        for rule in rules() {
            for name in rule.names() {
                assert!(seen.insert(name), "{name} stands twice");
                let plain = name.strip_suffix('*').unwrap_or(name);
                assert!(plain.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'), "{name}");
                assert!(markdown_table().contains(&format!("`{name}`")));
                assert_eq!(refusal(plain), Some(rule), "{name} is covered by an earlier row");
            }
        }
        assert_eq!(markdown_table().lines().count(), rules().len() + 2);
    }
}
