//! Variables in paths, so that one catalog serves several environments.

use super::error::{CatalogError, CatalogErrorKind};
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, Variable, is_credential_variable, is_variable_name};

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
    /// A name is `[A-Za-z_][A-Za-z0-9_]*`. A variable that is not set is an error (the Go cStore left it standing, and
    /// so stored a file whose name had a `$` in it), and so is one that is not listed; one that is empty is replaced by
    /// nothing. Variables that hold a job's credentials are refused: a path becomes a key, and keys stand in logs, ours
    /// and those of whatever bucket the catalog names. The errors name the path as written, never a variable's value.
    pub fn resolve<V: Into<Variable>>(&self, look_up: impl Fn(&str) -> V) -> Result<ConfigPath, CatalogError> {
        let resolved = self.replaced(&self.text, &look_up)?;
        ConfigPath::new(&resolved)
            .map_err(|error| CatalogErrorKind::Path { path: excerpt(&self.text), rule: error.rule }.at(self.line))
    }

    /// The path and its folders, as far as there are variables in them: with these replaced, and as written.
    pub(crate) fn beginnings<V: Into<Variable>>(&self, look_up: impl Fn(&str) -> V) -> Vec<(String, String)> {
        // A `/` is never a part of a name.
        let ends = self.text.match_indices('/').map(|(at, _)| at).chain([self.text.len()]);
        let beginnings = ends.map(|end| &self.text[..end]).filter(|beginning| beginning.contains("${"));
        let replaced = |written: &str| Some((self.replaced(written, &look_up).ok()?, written.to_owned()));
        beginnings.filter_map(replaced).collect()
    }

    fn replaced<V: Into<Variable>>(&self, text: &str, look_up: &impl Fn(&str) -> V) -> Result<String, CatalogError> {
        let path = || excerpt(&self.text);
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after
                .split_once('}')
                .filter(|(name, _)| is_variable_name(name))
                .ok_or_else(|| CatalogErrorKind::VariableMalformed { path: path() }.at(self.line))?;
            if is_credential_variable(name) {
                return Err(CatalogErrorKind::VariableRefused { name: excerpt(name), path: path() }.at(self.line));
            }
            let problem = match look_up(name).into() {
                // No path is that long, and each of a hundred thousand variables may be.
                Variable::Value(value)
                    if resolved.len() + before.len() + value.expose().len() > ConfigPath::LONGEST =>
                {
                    CatalogErrorKind::Path { path: path(), rule: ConfigPath::TOO_LONG }
                }
                Variable::Value(value) => {
                    resolved.push_str(before);
                    resolved.push_str(value.expose());
                    rest = after;
                    continue;
                }
                Variable::NotSet => CatalogErrorKind::VariableMissing { name: excerpt(name), path: path() },
                Variable::NotListed => CatalogErrorKind::VariableNotListed { name: excerpt(name), path: path() },
            };
            return Err(problem.at(self.line));
        }
        resolved.push_str(rest);
        Ok(resolved)
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
    fn what_is_not_listed_is_an_error_whether_it_is_set_or_not() {
        let template = PathTemplate::new("a/${NPM_TOKEN}/b".to_owned(), 7);
        let error = template.resolve(|_: &str| Variable::NotListed).unwrap_err().to_string();
        assert_eq!(
            error,
            r#"line 7: the path "a/${NPM_TOKEN}/b" needs the variable NPM_TOKEN, which `variables` does not list"#
        );
    }

    #[test]
    fn beginnings_are_told_with_and_without_values() {
        let look_up = |name: &str| Some(if name == "A" { "x/y".to_owned() } else { String::new() });
        let pairs = |text: &str| PathTemplate::new(text.to_owned(), 1).beginnings(look_up);
        let pair = |text: &str, written: &str| (text.to_owned(), written.to_owned());
        assert_eq!(pairs("s/${A}/.env"), [pair("s/x/y", "s/${A}"), pair("s/x/y/.env", "s/${A}/.env")]);
        assert_eq!(pairs("${A}${B}"), [pair("x/y", "${A}${B}")]);
        assert!(pairs("s/.env").is_empty());
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
