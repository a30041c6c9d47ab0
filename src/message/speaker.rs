//! Who speaks: what a front end calls an option, how it writes a path, and which of two phrases it says where one of
//! them would mislead.
//!
//! A sentence is written once, as the action says it. For a command line [`Speaker::say`] turns the options that it
//! names into flags; a phrase that has no meaning there stands beside the one that is said in its place
//! ([`sentence!`]).
//!
//! The front end is a type, so that a program holds the phrases of its own front end alone.

use std::fmt::Display;

use crate::name::is_deceptive;
use crate::option::{BUCKET, CATALOG, COMMAND, FILES, FROM, FrontEnd, OPTIONS, OptionSpec, PROFILE, RawOptions, TO};

/// A front end that speaks.
pub trait Speaker: Copy {
    /// Which one it is.
    const FRONT_END: FrontEnd;

    /// What gave an option its text, where it was a variable.
    #[must_use]
    fn variable(self, _option: &OptionSpec) -> Option<String> {
        None
    }

    /// What gave an option its text, where it was an argument without a flag.
    #[must_use]
    fn argument(self, _option: &OptionSpec) -> Option<&'static str> {
        None
    }

    /// The profile of AWS's tools that an option names.
    #[must_use]
    fn profile(self) -> Option<String> {
        None
    }

    /// A path of the workspace, as whoever reads the message would type it.
    #[must_use]
    fn path(self, path: &str) -> String {
        path.to_owned()
    }

    /// A line of the option `files`, a path or pattern, in the same way.
    #[must_use]
    fn line(self, line: &str) -> String {
        line.to_owned()
    }

    /// The flag that names the catalog, and those of the options that are given as flags, each as it is typed with a
    /// blank before it: what a command line that is to come next needs to be about the same.
    #[must_use]
    fn flags(self, _options: &[&OptionSpec]) -> String {
        String::new()
    }

    /// Whether the catalog lists files, as far as is known.
    #[must_use]
    fn lists_files(self) -> bool {
        true
    }

    /// Whether the catalog lists files in several buckets, of which one command can push to one.
    #[must_use]
    fn has_several_buckets(self) -> bool {
        false
    }

    /// What an option says, where a message repeats it in a command line.
    #[must_use]
    fn given(self, _option: &OptionSpec) -> Option<String> {
        None
    }

    /// The phrase of this front end.
    #[must_use]
    fn pick<T>(self, action: T, command_line: T) -> T {
        match Self::FRONT_END {
            FrontEnd::Action => action,
            FrontEnd::CommandLine => command_line,
        }
    }

    /// A sentence that is written as the action says it: a name in backticks that is an option's is that option, alone
    /// or with its text (`allow-http: true`).
    #[must_use]
    fn say(self, sentence: &'static str) -> String {
        match Self::FRONT_END {
            FrontEnd::Action => sentence.to_owned(),
            FrontEnd::CommandLine => with_flags(sentence),
        }
    }

    /// What names an option, in backticks.
    #[must_use]
    fn option(self, option: &OptionSpec) -> String {
        match Self::FRONT_END {
            FrontEnd::Action => format!("`{}`", option.name),
            FrontEnd::CommandLine => format!("`{}`", flag(option)),
        }
    }

    /// An option with a text, as one gives it, in backticks.
    #[must_use]
    fn with(self, option: &OptionSpec, text: &str) -> String {
        match Self::FRONT_END {
            FrontEnd::Action => format!("`{}: {text}`", option.name),
            FrontEnd::CommandLine => format!("`{}`", flag_with(option, text)),
        }
    }

    /// What gave an option its text, in backticks: an argument without a flag, a variable, or what names the option.
    #[must_use]
    fn given_by(self, option: &OptionSpec) -> String {
        let other = self.argument(option).map(ToOwned::to_owned).or_else(|| self.variable(option));
        other.map_or_else(|| self.option(option), |name| format!("`{name}`"))
    }

    /// What an option's text comes from, as a sentence's beginning.
    #[must_use]
    fn subject(self, option: &OptionSpec) -> String {
        match Self::FRONT_END {
            FrontEnd::Action => format!("The input `{}`", option.name),
            FrontEnd::CommandLine => self.given_by(option),
        }
    }

    /// The same within a sentence.
    #[must_use]
    fn object(self, option: &OptionSpec) -> String {
        match Self::FRONT_END {
            FrontEnd::Action => format!("the input `{}`", option.name),
            FrontEnd::CommandLine => self.subject(option),
        }
    }

    /// What the core says of an error, for a message that goes on or ends with it.
    #[must_use]
    fn clause(self, words: &impl Display) -> String {
        let words = words.to_string();
        match Self::FRONT_END {
            FrontEnd::Action => words,
            FrontEnd::CommandLine => OF_THE_CORE.iter().fold(words, |words, (said, meant)| words.replace(said, meant)),
        }
    }
}

/// The GitHub action.
#[derive(Debug, Clone, Copy)]
pub struct Action;

impl Speaker for Action {
    const FRONT_END: FrontEnd = FrontEnd::Action;
}

/// Turns paths of the workspace into those that somebody types who stands elsewhere.
pub trait PathsFromHere {
    /// A path.
    fn path(&self, path: &str) -> String;

    /// A path or pattern, which may begin with `!`.
    fn line(&self, line: &str) -> String;

    /// Whether there is a catalog that lists files.
    fn lists_files(&self) -> bool;

    /// Whether the catalog's files are in several buckets.
    fn has_several_buckets(&self) -> bool;

    /// The path of a catalog that is there and was named, and that nobody finds without its name.
    fn named_catalog(&self) -> Option<String>;
}

/// The command line, `cstore`.
#[derive(Clone, Copy, Default)]
pub struct CommandLine<'a> {
    /// The options that are given, where they are known already.
    pub options: Option<&'a RawOptions>,
    /// Where the person stands, where that is known already.
    pub paths: Option<&'a dyn PathsFromHere>,
}

impl Speaker for CommandLine<'_> {
    const FRONT_END: FrontEnd = FrontEnd::CommandLine;

    fn variable(self, option: &OptionSpec) -> Option<String> {
        self.options?.variable(option).map(ToOwned::to_owned)
    }

    fn argument(self, option: &OptionSpec) -> Option<&'static str> {
        self.options?.argument(option)
    }

    fn path(self, path: &str) -> String {
        self.paths.map_or_else(|| path.to_owned(), |paths| paths.path(path))
    }

    fn line(self, line: &str) -> String {
        self.paths.map_or_else(|| line.to_owned(), |paths| paths.line(line))
    }

    fn profile(self) -> Option<String> {
        self.given(&PROFILE)
    }

    fn lists_files(self) -> bool {
        self.paths.is_none_or(PathsFromHere::lists_files)
    }

    fn has_several_buckets(self) -> bool {
        self.given(&BUCKET).is_none() && self.paths.is_some_and(PathsFromHere::has_several_buckets)
    }

    fn given(self, option: &OptionSpec) -> Option<String> {
        self.options?.text(option).map(ToOwned::to_owned)
    }

    fn flags(self, options: &[&OptionSpec]) -> String {
        let Some(given) = self.options else { return String::new() };
        // A variable is still set for the next command.
        let typed = options.iter().filter(|option| given.variable(option).is_none());
        let typed = typed.filter_map(|option| Some((option, given.text(option)?)));
        let catalog = self.paths.and_then(PathsFromHere::named_catalog).filter(|_| given.variable(&CATALOG).is_none());
        let catalog = catalog.map(|path| format!(" -f {}", in_shell(&path)));
        let typed = typed.map(|(option, text)| format!(" {}", typed_flag(option, text)));
        catalog.into_iter().chain(typed).collect()
    }
}

/// A sentence for [`Speaker::say`]: pieces of text, and phrases of which the action says the first and the command line
/// the second.
macro_rules! sentence {
    (@ $speaker:ident ($($action:literal)*) ($($command_line:literal)*)) => {
        $crate::message::Speaker::pick($speaker, concat!($($action),*), concat!($($command_line),*))
    };
    (@ $speaker:ident ($($a:literal)*) ($($c:literal)*) [$action:literal | $command_line:literal] $($rest:tt)*) => {
        sentence!(@ $speaker ($($a)* $action) ($($c)* $command_line) $($rest)*)
    };
    (@ $speaker:ident ($($a:literal)*) ($($c:literal)*) $both:literal $($rest:tt)*) => {
        sentence!(@ $speaker ($($a)* $both) ($($c)* $both) $($rest)*)
    };
    ($speaker:ident, $($pieces:tt)+) => { sentence!(@ $speaker () () $($pieces)+) };
}
pub(super) use sentence;

/// How the core's errors name options and what follows a pull, which no command line has by these names.
const OF_THE_CORE: [(&str, &str); 10] = [
    ("leads out of the workspace", "leads out of its folder"),
    ("the input `types`", "`--types`"),
    ("the input `separator`", "`--separator`"),
    ("the input `template`", "`--template`"),
    ("the input `schema`", "`--schema`"),
    ("`variables` does not list", "`--variables` does not name"),
    ("write one name a line", "give each name by itself"),
    ("later steps", "later commands"),
    ("this action's own", "this tool's own"),
    ("with `version: .` the files of the workspace are", "`cstore verify .` is for the files here"),
];

/// A flag; files, and the two sides of a comparison, are named without one.
fn flag(option: &OptionSpec) -> String {
    let without = [(&FILES, "FILE"), (&FROM, "A"), (&TO, "B")].into_iter().find(|(other, _)| *other == option);
    without.map_or_else(|| format!("--{}", option.flag_name()), |(_, name)| name.to_owned())
}

fn flag_with(option: &OptionSpec, text: &str) -> String {
    match text {
        "true" if option.is_flag() => flag(option),
        _ if *option == COMMAND => format!("cstore {text}"),
        _ => format!("{} {text}", flag(option)),
    }
}

/// A flag with its text, as it is typed in a shell.
pub(crate) fn typed_flag(option: &OptionSpec, text: &str) -> String {
    let name = option.flag_name();
    match text {
        "true" if option.is_flag() => format!("--{name}"),
        _ if option.is_flag() => format!("--{name}={}", in_shell(text)),
        _ => with_value(name, text),
    }
}

/// A flag with a value, as a shell takes it. What begins with a dash would be read as a flag of its own.
pub(crate) fn with_value(flag: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("--{flag}{between}{}", in_shell(value))
}

/// A sentence of the action's with flags in place of inputs.
fn with_flags(sentence: &str) -> String {
    let mut said = String::new();
    for (n, piece) in sentence.split('`').enumerate() {
        if n % 2 == 0 {
            said.push_str(piece);
            continue;
        }
        let (name, text) = piece.split_once(": ").map_or((piece, None), |(name, text)| (name, Some(text)));
        let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
            said.push_str(&format!("`{piece}`"));
            continue;
        };
        for (set, pass) in [("Set ", "Pass "), ("set ", "pass ")] {
            if said.ends_with(set) {
                said.replace_range(said.len() - set.len().., pass);
            }
        }
        said.push_str(&format!("`{}`", text.map_or_else(|| flag(option), |text| flag_with(option, text))));
    }
    said
}

/// A word as a shell takes it, on one line: what would begin another, or is not shown as it is, is a `?`, which in a
/// pattern is any character.
pub(crate) fn in_shell(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '=' | '@' | '+' | ',');
    // In zsh a word that begins with `=` is the path of a program.
    if !word.is_empty() && !word.starts_with('=') && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let word: String = word.chars().map(|c| if is_deceptive(c) { '?' } else { c }).collect();
    format!("'{}'", word.replace('\'', r"'\''"))
}
