use crate::message::Message;

/// A push that nobody has agreed to send over others' changes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("others have changed the head")]
pub(super) struct HeadMoved {
    /// What has changed, and by whom.
    pub(super) what: String,
    /// The commands that may come next.
    pub(super) next: String,
}

impl HeadMoved {
    pub(super) fn message(&self) -> Message {
        Message { next: self.next.clone(), ..Message::new("Head has changed", self.what.clone()) }
    }
}
