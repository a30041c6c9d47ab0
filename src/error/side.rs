//! The two sides of a promotion.

/// A side of a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is copied.
    Source,
    /// Where it is copied to.
    Destination,
}

impl Side {
    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
        }
    }
}
