use super::table::{Argument, Number};
use crate::message::Message;
use crate::option::{OptionSpec, VERSION};

/// What was typed with nothing in it, mostly a shell's variable that is not set. To take it for what was left out would
/// lift the very limit that it was to set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is empty")]
pub(super) struct Empty {
    /// The flag or the argument.
    what: String,
    /// What to do, as sentences.
    next: String,
}

impl Empty {
    /// The text of a flag.
    pub(super) fn flag(option: &OptionSpec) -> Self {
        let flag = format!("--{}", option.flag_name());
        let next = match option.flag.short {
            Some(short) if *option == VERSION => {
                format!("Name a version with -{short}. For the head leave it out, or write -{short} head.")
            }
            _ if option.is_flag() => format!("Write {flag} or {flag}=false, or leave it out."),
            _ => "Give it a value, or leave it out.".to_owned(),
        };
        Self { what: format!("`{flag}`"), next }
    }

    /// What stands in an argument's place.
    pub(super) fn argument(argument: &Argument) -> Self {
        let is_needed = matches!(argument.number, Number::One | Number::Many);
        let next = if is_needed { "Write it." } else { "Write it, or leave it out." };
        Self { what: argument.name.to_owned(), next: next.to_owned() }
    }

    /// What names a channel, without its name.
    pub(super) fn channel(typed: &str) -> Self {
        Self {
            what: format!("The channel's name in `{typed}`"),
            next: "Write it after the colon, as in :prod.".to_owned(),
        }
    }

    pub(super) fn message(&self) -> Message {
        let what = format!("{} is empty. Perhaps a variable in it is not set.", self.what);
        Message { next: self.next.clone(), ..Message::new("Empty", what) }
    }
}
