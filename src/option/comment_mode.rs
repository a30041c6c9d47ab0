/// When a comment on a pull request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentMode {
    /// Also where nothing differs.
    Always,
    /// The first time where something differs.
    Differences,
    /// Not at all.
    Never,
}

impl CommentMode {
    /// All of them, by the words that select them.
    pub const ALL: [(&str, Self); 3] =
        [("always", Self::Always), ("differences", Self::Differences), ("never", Self::Never)];
}
