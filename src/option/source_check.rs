/// Whether the source of a version is compared with what GitHub says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceCheck {
    /// No.
    Off,
    /// Yes, and what is found is a warning.
    Warn,
    /// Yes, and nothing is delivered unless it is as it was.
    Require,
}

impl SourceCheck {
    /// All of them, by the words that select them.
    pub const ALL: [(&str, Self); 3] = [("off", Self::Off), ("warn", Self::Warn), ("require", Self::Require)];
}
