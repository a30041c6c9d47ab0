use crate::command::Restore;
use crate::config::KeyPatterns;
use crate::name::ConfigPath;
use crate::option::{
    ALLOW_ENV, DRY_RUN, EXPORT_ENV, FORMAT_FILE, MASK, NO_OVERWRITE, OptionError, RESTORE_FILES, RawOptions,
};
use crate::request::variable_names;
use crate::workspace::FileMode;

/// How the values and files of a pull are delivered: the options that only the action has.
#[derive(Debug)]
pub(super) struct Delivery {
    /// Write the files at their paths.
    pub(super) restore_files: bool,
    /// What goes into the job's environment, if anything may.
    pub(super) export: Option<Export>,
    /// Which keys' values are masked in the log.
    pub(super) mask: Mask,
    /// Where the formatted file goes in the workspace; else a private file outside of it.
    pub(super) format_file: Option<ConfigPath>,
    /// Say what would be done, and do none of it.
    pub(super) dry_run: bool,
}

/// Which values are set in the job's environment.
#[derive(Debug)]
pub(super) struct Export {
    /// Names that are refused otherwise.
    pub(super) allow: Vec<String>,
    /// Leave out what the job's environment has already.
    pub(super) no_overwrite: bool,
}

/// Whose values are masked.
#[derive(Debug)]
pub(super) enum Mask {
    /// All config keys'.
    All,
    /// No config key's.
    None,
    /// These config keys'.
    Keys(KeyPatterns),
}

impl Delivery {
    /// What of a pull goes into the workspace.
    pub(super) fn restore(&self) -> Restore<'_> {
        Restore { files: self.restore_files, mode: FileMode::Private, formatted: self.format_file.as_ref() }
    }

    /// Reads the options.
    pub(super) fn new(raw: &RawOptions) -> Result<Self, OptionError> {
        let export = Export { allow: variable_names(raw, &ALLOW_ENV)?, no_overwrite: raw.flag(&NO_OVERWRITE)? };
        Ok(Self {
            restore_files: raw.flag(&RESTORE_FILES)?,
            export: raw.flag(&EXPORT_ENV)?.then_some(export),
            mask: mask(raw)?,
            format_file: raw.path(&FORMAT_FILE)?,
            dry_run: raw.flag(&DRY_RUN)?,
        })
    }
}

fn mask(raw: &RawOptions) -> Result<Mask, OptionError> {
    match raw.text_or_default(&MASK).trim() {
        "all" => Ok(Mask::All),
        "none" => Ok(Mask::None),
        patterns => KeyPatterns::new(patterns).map(Mask::Keys).map_err(|error| OptionError::unusable(&MASK, error)),
    }
}
