use crate::error::ExitCode;
use crate::message::Message;

/// What was asked for in words of the Go tool, and is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::cli) enum GoError {
    /// A store other than S3.
    #[error("another store than S3: {given}")]
    Store {
        /// The flag or variable, with its text.
        given: String,
    },
    /// A vault other than the environment.
    #[error("another vault than the environment: {given}")]
    Vault {
        /// The flag or variable, with its text.
        given: String,
    },
    /// Secrets in files' tokens.
    #[error("secrets are not injected")]
    Secrets,
    /// No `true` and no `false`.
    #[error("{name} is neither true nor false")]
    NoBool {
        /// The flag or variable.
        name: String,
    },
    /// A flag for files beside one for printing.
    #[error("--{flag} on a pull that prints")]
    Prints {
        /// The flag for files.
        flag: &'static str,
    },
    /// `-n`, which is short for `--dry-run` elsewhere, on a pull that writes files.
    #[error("{flag} on a pull that writes files")]
    WritesFiles {
        /// The flag as it was typed.
        flag: String,
    },
    /// Questions without a terminal.
    #[error("nobody can be asked")]
    NoTerminal,
    /// An alternate path for more than one file, or for none.
    #[error("one alternate path for {number} files")]
    OneFile {
        /// How many files it would be for.
        number: usize,
    },
    /// An alternate path that cannot be one.
    #[error("no alternate path: {rule}")]
    AlternatePath {
        /// Why.
        rule: String,
    },
    /// A catalog among the files to push.
    #[error("{path} is a catalog")]
    IsCatalog {
        /// Its path, relative to the catalog.
        path: String,
    },
    /// No store or vault of this name.
    #[error("there is no {what} {name:?}")]
    Unknown {
        /// "store" or "vault".
        what: &'static str,
        /// What was typed.
        name: String,
        /// The one that there is.
        known: &'static str,
    },
}

impl GoError {
    pub(in crate::cli) const fn code() -> ExitCode {
        ExitCode::BadInput
    }

    pub(in crate::cli) fn message(&self) -> Message {
        let (title, what, next) = match self {
            Self::Store { given } => (
                "No such store",
                format!("{given}: this version stores files in S3 alone (aws-s3)."),
                "Leave it out to push to S3. What is in another store stays with the Go cStore.".to_owned(),
            ),
            Self::Vault { given } => (
                "No such vault",
                format!("{given}: this version takes AWS credentials from where the AWS SDK finds them, and has no vaults."),
                "Leave it out, and set AWS_PROFILE or AWS_ACCESS_KEY_ID, or sign in with: aws sso login".to_owned(),
            ),
            Self::Secrets => (
                "Secrets are not injected",
                "This version does not replace tokens such as {{dev/user}} by secrets of Secrets Manager. Nothing was \
                 written."
                    .to_owned(),
                "Pull without -i and -m to get the files with their tokens, and have the program get the secrets; or push \
                 the values themselves, encrypted with --kms-key-id."
                    .to_owned(),
            ),
            Self::NoBool { name } => {
                ("Bad flag", format!("{name} is neither true nor false."), "Write true or false.".to_owned())
            }
            Self::Prints { flag } => (
                "Two ways out",
                format!("A pull with -e or -g prints values and writes no file, so --{flag} has no meaning there."),
                format!("Leave out --{flag}, or -e and -g."),
            ),
            Self::WritesFiles { flag } => (
                "Not a dry run",
                format!("{flag} leaves variables out of what `cstore pull -e` prints, and this pull writes files. Nothing was written."),
                "To see what a pull would write, run: cstore pull --dry-run".to_owned(),
            ),
            Self::NoTerminal => (
                "No answer",
                "-p asks for everything, and there is no terminal to ask at. Input from a pipe does not count as answers."
                    .to_owned(),
                "Say the answers beforehand, with --context NAME, --bucket NAME and --kms-key-id KEY, and leave out -p."
                    .to_owned(),
            ),
            Self::OneFile { number } => (
                "One alternate path",
                format!("-a gives one file another place, and these are {number}."),
                "Name the one file by its path.".to_owned(),
            ),
            Self::AlternatePath { rule } => {
                ("Bad path", format!("The path of -a cannot be used: {rule}."), "Write a path below the catalog's folder.".to_owned())
            }
            Self::IsCatalog { path } => (
                "A catalog",
                format!("{path} is a catalog, and a push does not link it. Nothing was stored."),
                format!("Push without it, and link it by an entry of `files`: {{path: {path}, isRef: true}}"),
            ),
            Self::Unknown { what, name, known } => {
                ("No such word", format!("There is no {what} {name:?}."), format!("The only {what} is {known}."))
            }
        };
        Message { next, ..Message::new(title, what) }
    }
}
