use crate::message::{Message, in_shell};
use crate::name::NameError;
use crate::option::{CHANNEL, Command, OptionSpec};

/// What was typed contradicts itself: two different answers to one question, or a flag that has no meaning beside the
/// rest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub(super) struct Contradiction {
    /// What contradicts what, as a sentence.
    what: String,
    /// What to do, as a sentence or a command line.
    next: String,
}

impl Contradiction {
    /// Of two answers, as they were typed, to which of several things is meant.
    pub(super) fn between(one: &str, other: &str, things: &str) -> Self {
        let what = format!("`{one}` and `{other}` name two different {things}.");
        Self { what, next: "Leave out one of them.".to_owned() }
    }

    /// Of a flag that would change nothing of what was asked for.
    pub(super) fn idle(option: &OptionSpec, asked_for: &str) -> Self {
        let what = format!("`--{}` has no meaning for {asked_for}.", option.flag_name());
        Self { what, next: "Leave it out.".to_owned() }
    }

    /// Of a file that stands where a version is to stand.
    pub(super) fn file_in_place_of_version(file: &str) -> Self {
        let what = format!("`{file}` is a file here, and no version of that name is published.");
        Self {
            what,
            next: format!("To compare yours with the head's, run: cstore diff head --files {}", in_shell(file)),
        }
    }

    /// Of a channel that stands where a file is to stand.
    pub(super) fn channel_in_place_of_file(command: Command, channel: &str) -> Self {
        let what = format!("`{channel}` names a channel, and `cstore {command}` takes files there.");
        let next = match command {
            Command::Push => {
                format!("To move the channel to a version that is pushed, run: cstore push -v VERSION --to {channel}")
            }
            command if CHANNEL.commands.contains(&command) => {
                format!("For the version that the channel points at, run: cstore {command} -v {channel}")
            }
            _ => "Name a file, or leave it out.".to_owned(),
        };
        Self { what, next }
    }

    /// Of what names a channel by its form, and cannot be one.
    pub(super) fn no_channel(typed: &str, error: &NameError) -> Self {
        let what = format!("`{typed}` names no channel: {error}.");
        let next = "A channel's name has small letters, digits and the characters . _ -, and begins with a letter or a digit: :prod, for example.";
        Self { what, next: next.to_owned() }
    }

    /// Of the name of a version to purge that is a file here, too.
    pub(super) fn version_or_file(name: &str) -> Self {
        let what = format!("`{name}` may be a version, and it is a file here.");
        Self {
            what,
            next: format!("To purge the file from the head, run: cstore purge {}", in_shell(&format!("./{name}"))),
        }
    }

    /// Of several things to purge, of which one can only be a version.
    pub(super) fn one_version_at_a_time(name: &str) -> Self {
        let what = format!("`{name}` names a version, and a purge removes one version or files of the head.");
        Self { what, next: "Purge one version at a time, or name files alone.".to_owned() }
    }

    /// A file in place of a version, of another command than `diff`.
    pub(super) fn file_in_place_of(command: Command, file: &str) -> Self {
        let what = format!("`{file}` is a file here, and no version that `cstore {command}` takes.");
        let next = match command {
            Command::Verify => {
                format!("To verify it as the head has it, run: cstore verify --files {}", in_shell(file))
            }
            _ => format!("Name a version. To see what the head has, run: cstore {command} head"),
        };
        Self { what, next }
    }

    /// The same, with something better to do.
    pub(super) fn with_next(self, next: String) -> Self {
        Self { next, ..self }
    }

    pub(super) fn message(&self) -> Message {
        Message { next: self.next.clone(), ..Message::new("Contradiction", &*self.what) }
    }
}
