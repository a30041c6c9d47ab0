//! The words of the Go tool of the same name. Its flags, variables and commands are taken as they always were, and
//! turned into those of this tool before anything else sees them. Help does not show them; docs/moving-from-go.md lists
//! them.

mod answers;
mod commands;
mod entries;
mod error;
mod flags;

use std::ffi::OsString;

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::environment::Environment;
use crate::format::Format;
use crate::option::{
    Command, DISCARD, DRY_RUN, FORMAT, JSON, NO_COLOR, NO_OVERWRITE, OptionSpec, Origin, TO_FOLDER, WITH_TAGS,
};

pub(super) use self::answers::take_answers;
pub(super) use self::commands::{grammars, run};
pub(super) use self::error::GoError;
pub(super) use self::flags::{as_typed, of_command};

/// The variables of the Go tool that are those of no option of this one.
pub(super) const VARIABLES: [&str; 12] = [
    "CSTORE_STORE",
    "CSTORE_STORE-COMMAND",
    "CSTORE_ACCESS",
    "CSTORE_SECRETS",
    "CSTORE_LOGGING",
    "CSTORE_PROMPT",
    "CSTORE_ALT",
    "CSTORE_DELETE",
    "CSTORE_INJECT-SECRETS",
    "CSTORE_MODIFY-SECRETS",
    "CSTORE_EXPORT",
    "CSTORE_NO-OVERWRITE",
];

/// What was asked for in words of the Go tool, and is no option of this one.
#[derive(Debug, Default)]
pub(super) struct GoWords {
    /// The command that is meant: a pull that prints is an export.
    pub(super) command: Option<Command>,
    /// Options, by their names.
    pub(super) options: Vec<(&'static str, String, Origin)>,
    /// Where the one file goes that is pushed or pulled, as it was typed.
    pub(super) alternate_path: Option<String>,
    /// Whether the catalog is to say that a push deletes the local files.
    pub(super) delete: Option<bool>,
    /// Whether the store was named, without which the Go tool makes no entry in a catalog.
    pub(super) names_store: bool,
    /// Whether a list is to be one of versions.
    pub(super) lists_versions: bool,
    /// Whether everything is asked for.
    pub(super) prompts: bool,
    /// What is to be said of it.
    pub(super) notes: Vec<String>,
}

impl GoWords {
    /// Reads flags and variables.
    ///
    /// # Errors
    /// What this tool does not do, and a text that cannot be understood.
    pub(super) fn new(
        command: Command,
        matches: &ArgMatches,
        environment: &Environment,
        arguments: &[OsString],
    ) -> Result<Self, GoError> {
        let read = Reader { matches, environment, arguments };
        let mut words = Self::default();
        read.refuse_others('s', "store", "CSTORE_STORE", &["aws-s3"], |given| GoError::Store { given })?;
        read.refuse_vaults()?;
        if read.flag("logging", "CSTORE_LOGGING")? {
            words.options.push((NO_COLOR.name, "true".to_owned(), Origin::Option));
        }
        words.prompts = read.flag("prompt", "CSTORE_PROMPT")?;
        match command {
            Command::Push => words.push(&read)?,
            Command::Pull => words.pull(&read)?,
            Command::List => words.list(&read)?,
            _ => {}
        }
        if words.prompts && read.is_typed("prompt") && !matches!(command, Command::Push | Command::Init) {
            let flag = as_typed(arguments, "prompt", Some('p'));
            words.notes.push(format!("{flag} has no effect on `cstore {command}`, which has no settings to ask for."));
        }
        Ok(words)
    }

    fn list(&mut self, read: &Reader<'_>) -> Result<(), GoError> {
        let flag = |name: &str| read.typed(name).map_or(Ok(false), |text| bool_of(&format!("--{name}"), &text));
        self.lists_versions = flag("view-version")?;
        if flag("view-tags")? {
            self.options.push((WITH_TAGS.name, "true".to_owned(), Origin::Option));
        }
        Ok(())
    }

    fn push(&mut self, read: &Reader<'_>) -> Result<(), GoError> {
        self.alternate_path = read.text("alt", "CSTORE_ALT");
        self.names_store = read.text("store", "CSTORE_STORE").is_some();
        self.delete = read
            .typed("delete")
            .map(|text| bool_of(&as_typed(read.arguments, "delete", Some('d')), &text))
            .transpose()?;
        if read.environment.text("CSTORE_DELETE").is_some() {
            // No variable may delete.
            let note =
                "CSTORE_DELETE has no effect: only `--delete-local` or the catalog's `deleteAfterPush` deletes files.";
            self.notes.push(note.to_owned());
        }
        Ok(())
    }

    fn pull(&mut self, read: &Reader<'_>) -> Result<(), GoError> {
        if read.flag("inject-secrets", "CSTORE_INJECT-SECRETS")?
            || read.flag("modify-secrets", "CSTORE_MODIFY-SECRETS")?
        {
            return Err(GoError::Secrets);
        }
        self.alternate_path = read.text("alt", "CSTORE_ALT");
        // The variable is this tool's, too, which prints nothing that was not asked for.
        let is_of_go = |name: &String| Format::from_go_name(name.trim()).is_some();
        let format = read.typed(FORMAT.flag_name()).or_else(|| read.environment.text("CSTORE_FORMAT").filter(is_of_go));
        if read.flag("export", "CSTORE_EXPORT")? || format.is_some() {
            let of_files = [&TO_FOLDER, &DISCARD, &DRY_RUN, &JSON].map(OptionSpec::flag_name);
            if let Some(flag) = of_files.into_iter().chain(["alt"]).find(|flag| read.is_typed(flag)) {
                return Err(GoError::Prints { flag });
            }
            self.alternate_path = None;
            self.command = Some(Command::Export);
        } else if let Some(text) = read.typed(NO_OVERWRITE.flag_name()) {
            // Whoever means a dry run must not lose a file by it.
            let flag = as_typed(read.arguments, NO_OVERWRITE.flag_name(), Some('n'));
            if bool_of(&flag, &text)? {
                return Err(GoError::WritesFiles { flag });
            }
        }
        Ok(())
    }
}

/// The variable of the Go tool for an option of this one, where it has another name.
pub(super) fn variable(option: &OptionSpec) -> Option<&'static str> {
    (*option == NO_OVERWRITE).then_some("CSTORE_NO-OVERWRITE")
}

/// An option's text in this tool's words.
pub(super) fn translated(option: &OptionSpec, text: String) -> String {
    let format = Format::from_go_name(text.trim()).filter(|_| *option == FORMAT);
    format.map_or(text, |format| format.name().to_owned())
}

/// What was typed, and the variables.
struct Reader<'a> {
    matches: &'a ArgMatches,
    environment: &'a Environment,
    arguments: &'a [OsString],
}

impl Reader<'_> {
    fn is_typed(&self, flag: &str) -> bool {
        // A command that has no such flag says so.
        let is_given = self.matches.try_contains_id(flag).unwrap_or_default();
        is_given && self.matches.value_source(flag) == Some(ValueSource::CommandLine)
    }

    fn typed(&self, flag: &str) -> Option<String> {
        if self.is_typed(flag) { self.matches.get_many::<String>(flag)?.next_back().cloned() } else { None }
    }

    fn text(&self, flag: &str, variable: &str) -> Option<String> {
        self.typed(flag).or_else(|| self.environment.text(variable))
    }

    fn flag(&self, flag: &str, variable: &str) -> Result<bool, GoError> {
        if let Some(text) = self.typed(flag) {
            return bool_of(&format!("--{flag}"), &text);
        }
        self.environment.text(variable).map_or(Ok(false), |text| bool_of(variable, &text))
    }

    /// Refuses all sources of credentials but this tool's own.
    fn refuse_vaults(&self) -> Result<(), GoError> {
        let vault = |given| GoError::Vault { given };
        self.refuse_others('c', "access", "CSTORE_ACCESS", &["env"], vault)?;
        self.refuse_others('x', "secrets", "CSTORE_SECRETS", &["env", "aws-secrets-manager"], vault)
    }

    /// Refuses all but some words of a flag, which need nothing to be done for them.
    fn refuse_others(
        &self,
        short: char,
        flag: &str,
        variable: &str,
        known: &[&str],
        refusal: impl Fn(String) -> GoError,
    ) -> Result<(), GoError> {
        let typed = self.is_typed(flag).then(|| as_typed(self.arguments, flag, Some(short)));
        let name = typed.unwrap_or_else(|| variable.to_owned());
        match self.text(flag, variable).filter(|text| !known.contains(&text.trim())) {
            Some(text) => Err(refusal(format!("{name} {}", crate::excerpt::excerpt(&text)))),
            None => Ok(()),
        }
    }
}

/// Reads a flag as Go does (<https://pkg.go.dev/strconv#ParseBool>).
fn bool_of(name: &str, text: &str) -> Result<bool, GoError> {
    match text.trim() {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(GoError::NoBool { name: name.to_owned() }),
    }
}
