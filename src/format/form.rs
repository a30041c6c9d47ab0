use std::borrow::Cow;

use super::escape::Escape;
use crate::config::Setting;
use crate::name::output_name;

/// The description of one form. Each form's file defines its own, and [`Format::ALL`] lists them.
pub(crate) struct Form {
    /// What the option `format` calls it, in lower case.
    pub(super) name: &'static str,
    /// What the Go cStore calls it; empty where it has none.
    pub(super) go_name: &'static str,
    /// How a file of this form is named where nobody has named it: the part after the dot.
    pub(super) extension: &'static str,
    /// What docs/config-files.md says of it.
    pub(super) description: &'static str,
    /// What should be kept in it.
    pub(super) keeps: Keeps,
    /// The name that it gives a config key: the key where it can hold that, else what is nearest to it.
    pub(super) name_of: fn(&str) -> Cow<'_, str>,
    /// Writes the settings, for the context of this name.
    pub(super) render: fn(&[Setting], &str) -> Result<String, Refusal>,
    /// Every way in which `render` writes the text of a value. What is to hide values in a log goes by these, so
    /// `render` calls the same functions.
    pub(super) escapes: &'static [Escape],
}

/// What should be kept in a form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Whatever the reader of the file may know.
    Anything,
    /// What everybody may know who may look at the platform's objects.
    ClearText(Platform),
    /// What the platform keeps as a secret.
    Secrets(Platform),
}

/// What reads a form, and has others for secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Ecs,
    Kubernetes,
}

/// A name for a form that `holds` the key as it is, or else takes the name that it has as an output.
pub(super) fn name_held(key: &str, holds: bool) -> Cow<'_, str> {
    if holds { Cow::Borrowed(key) } else { output_name(key) }
}

/// Why one form cannot hold the settings; [`render`](super::render) adds which form it is.
pub(super) struct Refusal {
    pub(super) key: Option<String>,
    pub(super) rule: &'static str,
}

impl Refusal {
    pub(super) fn from_setting(setting: &Setting, rule: &'static str) -> Self {
        Self { key: Some(setting.name.clone()), rule }
    }

    pub(super) const fn from_rule(rule: &'static str) -> Self {
        Self { key: None, rule }
    }
}
