use crate::name::ConfigPath;
use crate::option::{
    OptionError, OptionProblem, OptionSpec, REQUIRED_KEYS, RawOptions, SCHEMA, SEPARATOR, TEMPLATE, TEMPLATE_STRICT,
};

const LONGEST_SEPARATOR: usize = 8;

/// The checks that values must pass before anything is done.
#[derive(Debug)]
pub struct Checks {
    /// Config keys that must be there and not empty.
    pub required_keys: Vec<String>,
    /// A file of the workspace whose config keys must be there.
    pub template: Option<ConfigPath>,
    /// Whether config keys that the template does not know are an error.
    pub template_strict: bool,
    /// A JSON Schema of the workspace.
    pub schema: Option<ConfigPath>,
    /// Joins the parts of nested config keys; at most 8 characters.
    pub separator: String,
}

/// The first of these checks that is asked for by itself. A variable, which asks for it in every command, does not
/// count.
pub(super) fn asked_for(raw: &RawOptions) -> Option<&'static OptionSpec> {
    let checks: [&'static OptionSpec; 3] = [&REQUIRED_KEYS, &TEMPLATE, &SCHEMA];
    checks.into_iter().find(|check| raw.text(check).is_some() && raw.variable(check).is_none())
}

impl Checks {
    pub(super) fn new(raw: &RawOptions) -> Result<Self, OptionError> {
        let separator = raw.text_or_default(&SEPARATOR);
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
        if separator.len() > LONGEST_SEPARATOR || !separator.bytes().all(is_allowed) {
            return Err(OptionError::new(&SEPARATOR, OptionProblem::NotASeparator));
        }
        Ok(Self {
            required_keys: raw.lines(&REQUIRED_KEYS).map(ToOwned::to_owned).collect(),
            template: raw.path(&TEMPLATE)?,
            template_strict: raw.flag(&TEMPLATE_STRICT)?,
            schema: raw.path(&SCHEMA)?,
            separator: separator.to_owned(),
        })
    }
}
