use std::fmt;

/// A command of the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Gets files.
    Pull,
    /// Stores files.
    Push,
}

impl Command {
    /// All commands, by the name that selects them.
    pub const ALL: [(&str, Self); 2] = [("pull", Self::Pull), ("push", Self::Push)];

    /// The name that selects it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A front end that offers options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontEnd {
    /// The GitHub action.
    Action,
}

/// The kind of text that an option takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number of seconds, from the first to the second.
    Seconds(u64, u64),
    /// One line.
    Text,
    /// One item a line.
    Lines,
}

/// Another option that an option needs or excludes, and why.
#[derive(Debug, Clone, Copy)]
pub struct Relation {
    /// The other option.
    pub other: &'static OptionSpec,
    /// Why, as a sentence for an error; empty where the names of the options make it clear.
    pub why: &'static str,
}

/// One option.
#[derive(Debug, Clone, Copy)]
pub struct OptionSpec {
    /// Its name: letters in lower case, and hyphens.
    pub name: &'static str,
    /// What its text is.
    pub kind: Kind,
    /// Its text when it is not given. Empty if there is none, or if it depends on something else; then the description
    /// says on what.
    pub default: &'static str,
    /// The commands that take it.
    pub commands: &'static [Command],
    /// Whether commands that do not take it refuse it. Otherwise they ignore it, so that steps can share it.
    pub is_refused_elsewhere: bool,
    /// The front ends that offer it.
    pub front_ends: &'static [FrontEnd],
    /// The options without which it has no effect.
    pub needs: &'static [Relation],
    /// The options with which it cannot be combined.
    pub excludes: &'static [Relation],
    /// How to write it, as a sentence for an error.
    pub syntax: &'static str,
    /// What it means, as sentences, with `{choices}` in place of the words that can be chosen.
    pub description: &'static str,
}

impl OptionSpec {
    /// Whether its text is `true` or `false`.
    pub(crate) const fn is_flag(&self) -> bool {
        matches!(self.kind, Kind::Flag)
    }

    /// What it means, as sentences.
    #[must_use]
    pub fn help(&self) -> String {
        match self.kind {
            Kind::Choice([words @ .., last]) => {
                self.description.replace("{choices}", &format!("{} or {last}", words.join(", ")))
            }
            _ => self.description.to_owned(),
        }
    }

    /// Whether a text asks for something else than the default.
    pub(super) fn is_asked_for_by(&self, text: &str) -> bool {
        match self.kind {
            // A text that is no flag is refused when it is read.
            Kind::Flag => flag_of(text).is_none_or(|flag| Some(flag) != flag_of(self.default)),
            _ => text != self.default,
        }
    }
}

impl PartialEq for OptionSpec {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OptionSpec {}

/// Reads `true` and `false` as YAML 1.2's core schema writes them.
pub(super) fn flag_of(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}
