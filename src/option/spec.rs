use std::fmt;

/// A command of the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Asks for what a catalog needs, and writes it.
    Init,
    /// Says what lies here, and what is newer in the bucket.
    Status,
    /// Stores files.
    Push,
    /// Gets files.
    Pull,
    /// Prints values.
    Export,
    /// Runs a program with the values in its environment.
    Exec,
    /// Prints one value.
    Get,
    /// Gives config keys of the head values.
    Set,
    /// Removes config keys from the head.
    Unset,
    /// Opens a file of the head in an editor.
    Edit,
    /// Names what there is: contexts, channels, versions, files, tags or keys.
    List,
    /// The history of versions.
    Log,
    /// One version: who, when, and which files.
    Show,
    /// What differs between two sets of files.
    Diff,
    /// Whether every object is what its manifest says.
    Verify,
    /// Copies a version, or the head, to another context.
    Promote,
    /// Makes the head again what it was, or what a version is.
    Rollback,
    /// Removes a version for good.
    Purge,
    /// Writes down which version and content a requirement stands for.
    Lock,
    /// Deletes local copies of what is in the bucket.
    Clean,
    /// Prints a script that completes command lines.
    Completions,
}

impl Command {
    /// All commands, by the names that select them.
    pub const ALL: [(&str, Self); 21] = [
        ("init", Self::Init),
        ("status", Self::Status),
        ("push", Self::Push),
        ("pull", Self::Pull),
        ("export", Self::Export),
        ("exec", Self::Exec),
        ("get", Self::Get),
        ("set", Self::Set),
        ("unset", Self::Unset),
        ("edit", Self::Edit),
        ("list", Self::List),
        ("log", Self::Log),
        ("show", Self::Show),
        ("diff", Self::Diff),
        ("verify", Self::Verify),
        ("promote", Self::Promote),
        ("rollback", Self::Rollback),
        ("purge", Self::Purge),
        ("lock", Self::Lock),
        ("clean", Self::Clean),
        ("completions", Self::Completions),
    ];

    /// Those that the action offers.
    pub const IN_ACTION: [(&str, Self); 10] = [
        ("pull", Self::Pull),
        ("push", Self::Push),
        ("list", Self::List),
        ("log", Self::Log),
        ("show", Self::Show),
        ("diff", Self::Diff),
        ("verify", Self::Verify),
        ("promote", Self::Promote),
        ("rollback", Self::Rollback),
        ("purge", Self::Purge),
    ];

    /// Whether it needs nothing but the program itself.
    pub(crate) const fn is_local(self) -> bool {
        matches!(self, Self::Completions)
    }

    /// The name that selects it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, command)| *command == self).map_or("", |(name, _)| name)
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
    /// The command line, `cstore`.
    CommandLine,
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
    /// A whole number, from the first to the second.
    Number(u64, u64),
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

/// What only a command line says of an option.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// Its name, where it is not the option's: `ver` for `--ver`.
    pub name: &'static str,
    /// The letter of its short form.
    pub short: Option<char>,
    /// Commands for which that letter means something else.
    pub no_short_of: &'static [Command],
    /// Other names that it is known by, which help does not show.
    pub aliases: &'static [&'static str],
    /// What its value is called in help; derived from the kind of text where it is empty.
    pub value_name: &'static str,
    /// What it says where it is given without a value; empty where it needs one, or is `true` or `false`.
    pub bare: &'static str,
    /// What it means, where that is not the option's description; as sentences.
    pub description: &'static str,
    /// What it means for some commands, where that is not what it means for all; as sentences.
    pub for_commands: &'static [(&'static [Command], &'static str)],
    /// Whether an empty text says something, such as that there is to be no author. Otherwise it is refused.
    pub may_be_empty: bool,
    /// Whether a variable, `CSTORE_` and the option's name, may give it.
    pub has_variable: bool,
    /// Whether the short help names it, which is to fit on a screen.
    pub is_brief: bool,
    /// Commands that take the option in the action alone.
    pub not_of: &'static [Command],
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
    /// Commands that refuse it although others ignore it, since without it they would do something else than it asks
    /// for.
    pub refused_by: &'static [Command],
    /// What those take in its place, if anything.
    pub instead: Option<&'static OptionSpec>,
    /// The front ends that offer it.
    pub front_ends: &'static [FrontEnd],
    /// How a command line offers it.
    pub flag: Flag,
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
    /// Whether a command of a front end takes it.
    #[must_use]
    pub fn is_offered(&self, front_end: FrontEnd, command: Command) -> bool {
        let is_hidden = front_end == FrontEnd::CommandLine && self.flag.not_of.contains(&command);
        self.front_ends.contains(&front_end) && self.commands.contains(&command) && !is_hidden
    }

    /// Its name on a command line, without the hyphens.
    #[must_use]
    pub const fn flag_name(&self) -> &'static str {
        if self.flag.name.is_empty() { self.name } else { self.flag.name }
    }

    /// The letter of its short form for a command, or for all where none is meant.
    #[must_use]
    pub fn short_of(&self, command: Option<Command>) -> Option<char> {
        self.flag.short.filter(|_| command.is_none_or(|command| !self.flag.no_short_of.contains(&command)))
    }

    /// The variable that gives it to a command line, if one may.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        let is_offered = self.front_ends.contains(&FrontEnd::CommandLine) && self.flag.has_variable;
        is_offered.then(|| format!("CSTORE_{}", self.name.to_ascii_uppercase().replace('-', "_")))
    }

    /// Whether its text is `true` or `false`.
    pub(crate) const fn is_flag(&self) -> bool {
        matches!(self.kind, Kind::Flag)
    }

    /// What it means, as sentences.
    #[must_use]
    pub fn help(&self) -> String {
        self.with_choices(self.description)
    }

    /// What it means on a command line, as sentences.
    #[must_use]
    pub fn flag_help(&self) -> String {
        let own = self.flag.description;
        self.with_choices(if own.is_empty() { self.description } else { own })
    }

    /// What it means for a command of the command line, as sentences.
    #[must_use]
    pub fn flag_help_of(&self, command: Command) -> String {
        let own = self.flag.for_commands.iter().find(|(commands, _)| commands.contains(&command));
        own.map_or_else(|| self.flag_help(), |(_, help)| self.with_choices(help))
    }

    fn with_choices(&self, text: &str) -> String {
        match self.kind {
            Kind::Choice([words @ .., last]) => text.replace("{choices}", &format!("{} or {last}", words.join(", "))),
            _ => text.to_owned(),
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
