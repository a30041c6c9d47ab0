use crate::name::VersionName;

/// What becomes of a version whose keys are not what its number promises.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SemverKeys {
    /// It is not looked at.
    Off,
    /// It is said.
    #[default]
    Warn,
    /// It is refused before anything is sent.
    Require,
}

impl SemverKeys {
    /// All, by the words that choose them.
    pub const ALL: [(&str, Self); 3] = [("off", Self::Off), ("warn", Self::Warn), ("require", Self::Require)];

    /// What is done with a push to this version; only full releases promise anything. None for the head.
    pub(crate) fn of(self, version: Option<&VersionName>) -> Self {
        if version.is_some_and(VersionName::is_full_release) { self } else { Self::Off }
    }
}
