//! Values as a file for another program: the `format` input.
//!
//! Each form has a file here, and all files are alike: the rules of the program that reads the form, and a `FORM` that
//! describes it. Its `render` either writes text which that program reads back exactly, or refuses a key by name. To
//! add a form, copy the file of the nearest one, put its `FORM` into the table, [`Format::ALL`], and have it read back
//! by a test in `tests/format`.
//!
//! The caller decides where the text goes.

mod docker_env_file;
mod dotenv;
mod ecs;
mod ecs_environment;
mod ecs_environment_files;
mod ecs_reference;
mod ecs_secrets;
mod escape;
mod form;
mod json;
mod k8s;
mod k8s_configmap;
mod k8s_secret;
mod shell;
mod written;
mod yaml;

use std::borrow::Cow;
use std::fmt;

use ecs_environment_files::NAME as ENVIRONMENT_FILES;
pub use ecs_environment_files::{EnvironmentFile, RefusedFiles, RefusedLine, environment_files};
pub(crate) use escape::Escape;
pub(crate) use json::escape as json_escape;
pub use json::object as json_object;
pub use k8s::name as k8s_name;
pub use written::Written;

use self::form::{Form, Keeps, Platform, Refusal};
use crate::config::{Provenance, Setting};
use crate::excerpt::excerpt;
use crate::secret::Secret;

/// A form that values can be written in.
#[derive(Clone, Copy)]
pub struct Format(&'static Form);

impl Format {
    /// The table of all forms, in the order in which documentation lists them.
    pub const ALL: &'static [Self] = &[
        Self(&dotenv::FORM),
        Self(&shell::FORM),
        Self(&json::FORM),
        Self(&yaml::FORM),
        Self(&docker_env_file::FORM),
        Self(&ecs_environment::FORM),
        Self(&ecs_secrets::FORM),
        Self(&k8s_configmap::FORM),
        Self(&k8s_secret::FORM),
    ];

    /// Their names, in the same order.
    pub const NAMES: &'static [&'static str] = &{
        let mut names = [""; Self::ALL.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = Self::ALL[i].name();
            i += 1;
        }
        names
    };

    /// The form of this name, as the option `format` spells it: exactly, in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// The form that the Go cStore calls so.
    #[must_use]
    pub fn from_go_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| !name.is_empty() && format.0.go_name == name)
    }

    /// The name that the option `format` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// How a file of this form is named where nobody has named it: the part after the dot.
    #[must_use]
    pub const fn file_extension(self) -> &'static str {
        self.0.extension
    }

    /// What the documentation says of it, in Markdown.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.0.description
    }

    /// The name that a config key gets in this form: the key itself where the form can hold it, else the name of the
    /// output (in a shell, of the variable) that is made of it. Two keys may get one name.
    #[must_use]
    pub fn name_of(self, key: &str) -> Cow<'_, str> {
        (self.0.name_of)(key)
    }

    /// The form to take instead for secrets, where a file of this one is read by many, and its values stand there in
    /// clear text.
    #[must_use]
    pub fn instead_for_secrets(self) -> Option<Self> {
        let Keeps::ClearText(platform) = self.0.keeps else { return None };
        Self::ALL.iter().copied().find(|format| format.0.keeps == Keeps::Secrets(platform))
    }

    /// A text of this form, if it is a Kubernetes manifest, under a name that ends in a digest of it: `shop-1a2b3c4d`.
    /// Nothing can change such an object any more, and labels tell whose it is.
    #[must_use]
    pub fn named_by_digest(self, text: &Secret<String>, context: &str) -> Option<Secret<String>> {
        match self.0.keeps {
            Keeps::ClearText(Platform::Kubernetes) | Keeps::Secrets(Platform::Kubernetes) => {
                k8s::named_by_digest(text.expose(), context).map(Secret::new)
            }
            _ => None,
        }
    }

    /// Every way in which some form writes the text of a value, each once.
    pub(crate) fn all_escapes() -> Vec<Escape> {
        let mut escapes: Vec<Escape> = Vec::new();
        for &escape in Self::ALL.iter().flat_map(|format| format.0.escapes) {
            if !escapes.iter().any(|known| known.is(escape)) {
                escapes.push(escape);
            }
        }
        escapes
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Format").field(&self.name()).finish()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why values cannot be written in a form. It names keys, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// The form.
    pub format: Format,
    /// What it cannot hold: at least one key, at most ten; or all values together.
    pub refused: Vec<Refused>,
    /// Whether there are more such keys.
    pub has_more: bool,
}

/// What a form cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The key, as the form names it; none where the rule is about all together.
    pub key: Option<String>,
    /// The rule that is broken, as a clause.
    pub rule: &'static str,
    /// The key's file, where it is known.
    pub source: Option<Provenance>,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the format {} cannot hold ", self.format)?;
        let mut rules: Vec<&str> = Vec::new();
        for Refused { rule, .. } in &self.refused {
            if !rules.contains(rule) {
                rules.push(rule);
            }
        }
        for (position, rule) in rules.iter().enumerate() {
            let what: Vec<_> = self.refused.iter().filter(|refused| refused.rule == *rule).map(what).collect();
            let of_several = rule.strip_prefix("its value ").filter(|_| what.len() > 1);
            let rule = of_several.map_or_else(|| (*rule).to_owned(), |rest| format!("their values {}", plural(rest)));
            write!(f, "{}{}: {rule}", if position == 0 { "" } else { "; nor " }, what.join(", "))?;
        }
        f.write_str(if self.has_more { "; and there are more such keys" } else { "" })
    }
}

impl std::error::Error for FormatError {}

impl FormatError {
    /// The same with the files of the keys, which `source_of` knows by the form's names for them.
    #[must_use]
    pub fn with_sources(mut self, source_of: impl Fn(&str) -> Option<Provenance>) -> Self {
        for refused in &mut self.refused {
            refused.source = refused.key.as_deref().and_then(&source_of);
        }
        self
    }
}

fn what(refused: &Refused) -> String {
    let key = refused.key.as_ref().map_or_else(|| "these values".to_owned(), |key| format!("{:?}", excerpt(key)));
    refused.source.as_ref().map_or_else(|| key.clone(), |source| format!("{key} ({source})"))
}

/// What a value does, said of several.
fn plural(rest: &str) -> String {
    let verbs = [("contains ", "contain "), ("has ", "have "), ("ends ", "end "), ("is ", "are "), ("looks ", "look ")];
    let found = verbs.iter().find_map(|(one, several)| Some(format!("{several}{}", rest.strip_prefix(one)?)));
    found.unwrap_or_else(|| rest.to_owned())
}

/// The most keys that an error names.
const MOST_REFUSED: usize = 10;

/// Writes settings, in their order, as one text of this form: UTF-8 that ends with a line feed, or nothing at all
/// where the form is one of lines and there are no settings.
///
/// No two settings may have the same name. Which names the form gives config keys, [`Format::name_of`] says. `context`
/// is the project's name: Kubernetes manifests are named after it (see [`k8s_name`]), and other forms ignore it.
///
/// # Errors
/// The keys whose names or values the form cannot hold.
pub fn render(format: Format, settings: &[Setting], context: &str) -> Result<Secret<String>, FormatError> {
    let Refusal { key, rule } = match (format.0.render)(settings, context) {
        Ok(text) => return Ok(Secret::new(text)),
        Err(refusal) => refusal,
    };
    let mut refused = vec![Refused { key, rule, source: None }];
    let mut left = settings.to_vec();
    // Each form ends at the first key that it refuses, so it is asked again without it.
    while let Some(key) = refused.last().and_then(|refused| refused.key.as_ref()) {
        left.retain(|setting| setting.name != *key);
        match (format.0.render)(&left, context) {
            Err(Refusal { key: Some(_), .. }) if refused.len() == MOST_REFUSED => {
                return Err(FormatError { format, refused, has_more: true });
            }
            Err(Refusal { key: Some(key), rule }) => refused.push(Refused { key: Some(key), rule, source: None }),
            // What the others are together does not matter as long as some cannot stay.
            Err(Refusal { key: None, .. }) | Ok(_) => break,
        }
    }
    Err(FormatError { format, refused, has_more: false })
}

#[cfg(test)]
mod tests;
