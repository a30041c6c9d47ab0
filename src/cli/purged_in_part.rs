//! What became of the versions that hold a value, where a purge has not removed all of them.

use crate::error::{Error, ExitCode};
use crate::message::{CommandLine, Message, messages};
use crate::name::VersionName;
use crate::store;

/// How far a purge of several versions has come. At least one of them failed.
#[derive(Debug, Default)]
pub(super) struct PurgedInPart {
    /// What is gone, in the order in which it went.
    pub(super) purged: Vec<VersionName>,
    /// What is not gone, or not all of it, each with why.
    pub(super) failed: Vec<(VersionName, Error)>,
    /// What was not come to.
    pub(super) left: Vec<VersionName>,
}

impl PurgedInPart {
    /// That of what ended it.
    pub(super) fn code(&self) -> ExitCode {
        self.failed.last().map_or(ExitCode::Other, |(_, error)| error.code())
    }

    /// Why each failed; the last one says what is gone and what is not.
    pub(super) fn messages(&self, speaker: CommandLine<'_>) -> Vec<Message> {
        let mut messages: Vec<_> = self.failed.iter().flat_map(|(_, error)| messages(error, speaker)).collect();
        let (begun, whole): (Vec<_>, Vec<_>) = self.failed.iter().partition(|(_, error)| has_begun(error));
        let begun: Vec<_> = begun.into_iter().map(|(version, _)| version).collect();
        let whole: Vec<_> = whole.into_iter().map(|(version, _)| version).chain(&self.left).collect();
        let purged: Vec<_> = self.purged.iter().collect();
        // What a single purge says of itself does not hold of those before it.
        let is_untouched = purged.is_empty() && begun.is_empty();
        messages
            .iter_mut()
            .for_each(|message| message.untouched = if is_untouched { "Nothing was removed." } else { "" });
        if let Some(last) = messages.last_mut().filter(|_| !is_untouched) {
            for (words, versions) in [("Purged", &purged), ("Begun, but not finished", &begun), ("Not purged", &whole)]
            {
                let names: Vec<_> = versions.iter().map(|version| version.as_str()).collect();
                last.what.push_str(&if names.is_empty() {
                    String::new()
                } else {
                    format!(" {words}: {}.", names.join(", "))
                });
            }
            if !whole.is_empty() {
                let again = "The same purge again goes on with what is not purged.";
                last.next = format!("{} {again}", last.next).trim_start().to_owned();
            }
        }
        messages
    }
}

/// Whether some of the version may be gone.
fn has_begun(error: &Error) -> bool {
    match error {
        Error::Unpurged(_) => true,
        Error::Purge(failure) => failure.has_begun(),
        // Another purge goes on with it, or has ended.
        error => matches!(
            error.of_store(),
            Some(store::Error::Conflict(conflict)) if conflict.is_of_another_purge()
        ),
    }
}
