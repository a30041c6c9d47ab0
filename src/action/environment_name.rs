//! Which names `export-env` refuses.
//!
//! Whoever may write a config file could otherwise run programs in the later steps of every job that pulls it: by
//! `PATH`, by what a loader or an interpreter reads before a program's own first line, by what git or tar start, or by
//! standing in for the runner's own variables. The table below names what is known to do that. It is a net, not a
//! wall: a program that a workflow runs may have such a variable of its own. Settings that only describe a network
//! (`HTTPS_PROXY`, `SSL_CERT_FILE`) or a build (`CC`, `JAVA_OPTS`, `RUSTFLAGS`) are ordinary configuration and pass.

use std::fmt::Write as _;

/// Names that are refused for one reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The names; one that ends in `*` stands for all that begin so. They are compared without case.
    pub names: &'static [&'static str],
    /// What such a variable could do, as a clause that follows "because".
    pub reason: &'static str,
    /// Whether `allow-env` may lift it.
    pub can_be_allowed: bool,
}

const fn rule(names: &'static [&'static str], reason: &'static str) -> Rule {
    Rule { names, reason, can_be_allowed: true }
}

/// The table. Where two rows know a name, the earlier one counts.
static RULES: [Rule; 16] = [
    Rule {
        names: &["NODE_OPTIONS"],
        // `_setEnvBlockList` in FileCommandManager.cs.
        reason: "it makes every Node.js program load other code; the runner itself refuses it",
        can_be_allowed: false,
    },
    rule(
        &["PATH", "HOME", "SHELL", "XDG_CONFIG_HOME"],
        "it decides which programs, or whose settings of programs, later steps use",
    ),
    rule(
        &["LD_*", "DYLD_*", "GCONV_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"],
        "it makes every program load other libraries",
    ),
    rule(
        &["BASH_ENV", "ENV", "IFS", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "ZDOTDIR", "PSMODULEPATH"],
        "it changes what a shell runs",
    ),
    rule(&["NODE_PATH"], "it makes Node.js load other code"),
    rule(
        &["NPM_CONFIG_SCRIPT_SHELL", "NPM_CONFIG_NODE_OPTIONS", "NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG"],
        "it makes npm run other programs",
    ),
    rule(
        &["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONWARNINGS"],
        "it makes Python load other code",
    ),
    rule(&["PERL5OPT", "PERL5LIB", "PERLLIB", "PERL5DB"], "it makes Perl load other code"),
    rule(&["RUBYOPT", "RUBYLIB"], "it makes Ruby load other code"),
    rule(
        &["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"],
        "it makes every Java program load other code",
    ),
    rule(
        &["DOTNET_STARTUP_HOOKS", "CORECLR_PROFILER*", "PHPRC", "PHP_INI_SCAN_DIR", "LUA_INIT*"],
        "it makes an interpreter load other code",
    ),
    rule(
        &[
            "GIT_SSH*",
            "GIT_CONFIG*",
            "GIT_EXEC_PATH",
            "GIT_DIR",
            "GIT_TEMPLATE_DIR",
            "GIT_ASKPASS",
            "GIT_EDITOR",
            "GIT_SEQUENCE_EDITOR",
            "GIT_PAGER",
            "GIT_EXTERNAL_DIFF",
            "GIT_PROXY_COMMAND",
            "SSH_ASKPASS*",
            "EDITOR",
            "VISUAL",
            "PAGER",
        ],
        "it decides which programs git runs",
    ),
    rule(
        &[
            "MAKEFILES",
            "MAKEFLAGS",
            "GNUMAKEFLAGS",
            "GOFLAGS",
            "RUSTC",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
            "TAR_OPTIONS",
            "RSYNC_RSH",
        ],
        "it makes a build tool run other programs",
    ),
    rule(
        &[
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ROLE_ARN",
            "AWS_CONTAINER_CREDENTIALS_*",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN*",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT*",
        ],
        "it decides with which AWS credentials later steps work",
    ),
    rule(&["AWS_ENDPOINT_URL*"], "it decides where later steps send AWS requests"),
    rule(
        &["GITHUB_*", "RUNNER_*", "ACTIONS_*", "INPUT_*", "CI"],
        "the runner sets it and actions rely on what it says",
    ),
];

/// The rule that refuses a name, whatever `allow-env` says; none for an ordinary name.
#[must_use]
pub fn refusal(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.names.iter().any(|pattern| covers(pattern, name)))
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
    &RULES
}

/// The rules as a Markdown table, for the documentation.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = "| names | refused because |\n| --- | --- |\n".to_owned();
    for rule in &RULES {
        let names: Vec<_> = rule.names.iter().map(|name| format!("`{name}`")).collect();
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

    #[test]
    fn ordinary_configuration_passes() {
        for name in [
            "",
            "DB_HOST",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ROLE_SESSION_NAME",
            "HTTPS_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "NODE_ENV",
            "NPM_CONFIG_REGISTRY",
            "PYTHONUNBUFFERED",
            "JAVA_OPTS",
            "RAILS_ENV",
            "APP_PATH",
            "GIT_COMMIT",
            "GITHUB",
            "CI_COMMIT",
            "ENVIRONMENT",
            "LDAP_URL",
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
            for name in rule.names {
                assert!(seen.insert(*name), "{name} stands twice");
                let plain = name.strip_suffix('*').unwrap_or(name);
                assert!(plain.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'), "{name}");
                assert!(markdown_table().contains(&format!("`{name}`")));
                assert_eq!(refusal(plain), Some(rule), "{name} is covered by an earlier row");
            }
        }
        assert_eq!(markdown_table().lines().count(), rules().len() + 2);
    }
}
