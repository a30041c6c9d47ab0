/// What `list` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// The contexts of the bucket.
    Contexts,
    /// The published versions of the context.
    Versions,
    /// The channels of the context.
    Channels,
    /// The files of a version, or of the head.
    Files,
    /// Their tags.
    Tags,
    /// Their config keys.
    Keys,
}

impl ListKind {
    /// All kinds, by their words.
    pub const ALL: [(&str, Self); 6] = [
        ("contexts", Self::Contexts),
        ("versions", Self::Versions),
        ("channels", Self::Channels),
        ("files", Self::Files),
        ("tags", Self::Tags),
        ("keys", Self::Keys),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// Whether it is about a version, or the head.
    pub(crate) const fn is_of_version(self) -> bool {
        matches!(self, Self::Files | Self::Tags | Self::Keys)
    }
}
