use super::{ENVIRONMENT_FILES, Format};

/// What the option `format` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The values, in a form.
    Values(Format),
    /// ARNs of the files, for ECS.
    EnvironmentFiles,
}

impl Written {
    /// All, by their names.
    pub const ALL: [(&'static str, Self); Format::ALL.len() + 1] = {
        let mut all = [(ENVIRONMENT_FILES, Self::EnvironmentFiles); Format::ALL.len() + 1];
        let mut at = 0;
        while at < Format::ALL.len() {
            all[at] = (Format::ALL[at].name(), Self::Values(Format::ALL[at]));
            at += 1;
        }
        all
    };

    /// How such a file is named where nobody has named it: the part after the dot.
    #[must_use]
    pub const fn file_extension(self) -> &'static str {
        match self {
            Self::Values(format) => format.file_extension(),
            Self::EnvironmentFiles => "json",
        }
    }
}
