//! Variables in paths, so that one catalog serves several environments.

use super::error::{CatalogError, CatalogErrorKind};
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, is_credential_variable, is_variable_name};

/// A path as a catalog writes it, in which `${NAME}` stands for a variable of the environment:
/// `service/${ENV}/.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    text: String,
    line: usize,
}

impl PathTemplate {
    pub(super) const fn new(text: String, line: usize) -> Self {
        Self { text, line }
    }

    /// The path as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The line that it stands on, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Drops the line, so that templates of different lines compare equal.
    pub(super) const fn forget_line(&mut self) {
        self.line = 0;
    }

    /// The path with its variables replaced, once: a value that has a `${…}` itself is taken as it is.
    ///
    /// A name is `[A-Za-z_][A-Za-z0-9_]*`. A variable that `lookup` does not know is an error (the Go cStore left it
    /// standing, and so stored a file whose name had a `$` in it); one that is empty is replaced by nothing. Variables
    /// that hold a job's credentials are refused: a path becomes a key, and keys stand in logs, ours and those of
    /// whatever bucket the catalog names. The errors name the path as written, never a variable's value.
    pub fn resolve(&self, lookup: impl Fn(&str) -> Option<String>) -> Result<ConfigPath, CatalogError> {
        let path = || excerpt(&self.text);
        let mut resolved = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after
                .split_once('}')
                .filter(|(name, _)| is_variable_name(name))
                .ok_or_else(|| CatalogErrorKind::VariableMalformed { path: path() }.at(self.line))?;
            if is_credential_variable(name) {
                return Err(CatalogErrorKind::VariableRefused { name: excerpt(name), path: path() }.at(self.line));
            }
            let value = lookup(name)
                .ok_or_else(|| CatalogErrorKind::VariableMissing { name: excerpt(name), path: path() }.at(self.line))?;
            // No path is that long, and each of a hundred thousand variables may be.
            if resolved.len() + before.len() + value.len() > ConfigPath::LONGEST {
                return Err(CatalogErrorKind::Path { path: path(), rule: ConfigPath::TOO_LONG }.at(self.line));
            }
            resolved.push_str(before);
            resolved.push_str(&value);
            rest = after;
        }
        resolved.push_str(rest);
        ConfigPath::new(&resolved)
            .map_err(|error| CatalogErrorKind::Path { path: path(), rule: error.rule }.at(self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<String, String> {
        let lookup = |name: &str| match name {
            "ENV" => Some("dev".to_owned()),
            "_x1" => Some("one".to_owned()),
            "EMPTY" => Some(String::new()),
            "UP" => Some("../secret-value".to_owned()),
            "AGAIN" => Some("${ENV}".to_owned()),
            "GITHUB_REF_NAME" => Some("main".to_owned()),
            "AWS_SECRET_ACCESS_KEY" | "GITHUB_TOKEN" | "ACTIONS_RUNTIME_TOKEN" | "INPUT_DEFAULTS" => {
                Some("secret-value".to_owned())
            }
            _ => None,
        };
        let template = PathTemplate::new(text.to_owned(), 7);
        template.resolve(lookup).map(String::from).map_err(|error| error.to_string())
    }

    #[test]
    fn variables_are_replaced_once() {
        assert_eq!(resolve("service/${ENV}/.env").unwrap(), "service/dev/.env");
        assert_eq!(resolve("${ENV}${ENV}/${_x1}").unwrap(), "devdev/one");
        assert_eq!(resolve("a${EMPTY}").unwrap(), "a");
        assert_eq!(resolve("${AGAIN}").unwrap(), "${ENV}");
        assert_eq!(resolve("$ENV/$/}{").unwrap(), "$ENV/$/}{");
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        assert_eq!(
            resolve("a/${NO_SUCH}/b").unwrap_err(),
            r#"line 7: the path "a/${NO_SUCH}/b" needs the variable NO_SUCH, which is not set"#
        );
        for bad in ["${", "${}", "${ENV", "${a b}", "${1}", "${é}", "${${ENV}}"] {
            assert!(resolve(bad).unwrap_err().contains("no variable's name"), "{bad}");
        }
    }

    #[test]
    fn credentials_are_refused_by_name_whether_they_are_set_or_not() {
        for name in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_DEFAULTS", "GH_TOKEN"] {
            let error = resolve(&format!("${{ENV}}/${{{name}}}/x")).unwrap_err();
            assert!(error.contains(&format!("the variable {name}, which may hold credentials")), "{error}");
            assert!(!error.contains("secret-value"), "{error}");
        }
        assert_eq!(resolve("${GITHUB_REF_NAME}/x").unwrap(), "main/x");
    }

    #[test]
    fn the_result_must_be_a_path_and_its_value_is_not_shown() {
        let error = resolve("${UP}/x").unwrap_err();
        assert_eq!(error, r#"line 7: the path "${UP}/x" cannot be used: `.` and `..` are not allowed in it"#);
        for bad in ["${EMPTY}", "${EMPTY}/x", "../x", "/etc/passwd", "a/.cstore/x", "C:/x", "a\\b", "a\0"] {
            assert!(resolve(bad).unwrap_err().contains("cannot be used"), "{bad:?}");
        }
    }
}
