use std::io;
use std::path::PathBuf;

use crate::error::ExitCode;
use crate::message::{Message, in_shell};

/// Why there is nowhere to work, or why a path cannot be used here.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum PlaceError {
    /// The current folder cannot be found out.
    #[error("the current folder is not there")]
    NoFolder(#[source] io::Error),
    /// The catalog's folder cannot be opened.
    #[error("{folder:?} cannot be looked into")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system said.
        #[source]
        reason: io::Error,
    },
    /// The folder that a named catalog would be in is not there.
    #[error("there is no folder {folder:?}")]
    NoSuchFolder {
        /// The catalog, as it is named.
        named: String,
        /// Its folder.
        folder: PathBuf,
        /// Whether it is to be made.
        is_made: bool,
    },
    /// There is no catalog of the name that is given.
    #[error("there is no catalog {0:?}")]
    NotThere(String),
    /// What names the catalog is no file's path.
    #[error("{0:?} is not the path of a file")]
    NoFile(String),
    /// Another user owns the catalog.
    #[error("{catalog:?} belongs to the user {owner}")]
    Foreign {
        /// The catalog.
        catalog: PathBuf,
        /// Its owner's user ID.
        owner: u32,
    },
    /// There is no catalog, and nothing says what it would.
    #[error("there is no catalog")]
    NoCatalog {
        /// The file name that was looked for.
        name: String,
        /// The current folder.
        here: PathBuf,
        /// Whether a bucket is all that the command needs to know.
        needs_bucket_alone: bool,
    },
    /// A path leads out of the catalog's folder.
    #[error("{typed:?} is not below {folder:?}")]
    Outside {
        /// The path as typed.
        typed: String,
        /// The catalog's folder.
        folder: PathBuf,
    },
    /// A path is that of a folder where files are to be named.
    #[error("{typed:?} is a folder")]
    NamesFolder {
        /// The path as typed.
        typed: String,
        /// The pattern for all files below it.
        pattern: String,
    },
    /// A folder for files is in a `.git` folder.
    #[error("{typed:?} is in a .git folder")]
    InGit {
        /// The path as typed.
        typed: String,
    },
    /// A path that has a line break or another character that no path may have.
    #[error("{typed:?} has a control character")]
    Control {
        /// The path as typed.
        typed: String,
    },
    /// The current folder's path is not UTF-8, so that no path in it can be stored.
    #[error("{here:?} is not UTF-8")]
    NotUtf8 {
        /// The current folder.
        here: PathBuf,
    },
}

impl PlaceError {
    pub(in crate::cli) fn code(&self) -> ExitCode {
        match self {
            Self::NoFolder(_) | Self::Folder { .. } => ExitCode::Other,
            Self::NoSuchFolder { .. }
            | Self::NotThere(_)
            | Self::NoFile(_)
            | Self::Foreign { .. }
            | Self::NoCatalog { .. }
            | Self::Outside { .. }
            | Self::NamesFolder { .. }
            | Self::InGit { .. }
            | Self::Control { .. }
            | Self::NotUtf8 { .. } => ExitCode::BadInput,
        }
    }

    pub(in crate::cli) fn message(&self) -> Message {
        let (title, what, next) = match self {
            Self::NoFolder(reason) => (
                "Folder",
                format!("The current folder cannot be found: {reason}."),
                "Go to a folder that exists, with cd.".to_owned(),
            ),
            Self::Folder { folder, reason } => (
                "Folder",
                format!("The folder {} cannot be looked into for a catalog: {reason}.", folder.display()),
                "Correct the path, or name the catalog: cstore -f PATH/cstore.yml …".to_owned(),
            ),
            Self::NoSuchFolder { named, folder, is_made } => {
                let folder = folder.display().to_string();
                (
                    "Catalog",
                    format!("There is no folder {folder}, so there can be no catalog {named} in it."),
                    if *is_made {
                        format!("Correct the path, or make the folder first: mkdir -p {}", in_shell(&folder))
                    } else {
                        "Correct the path in -f (or CSTORE_CATALOG).".to_owned()
                    },
                )
            }
            Self::NotThere(named) => (
                "Catalog",
                format!("There is no catalog {named}."),
                format!("Correct the path in -f (or CSTORE_CATALOG), or create it: cstore init -f {}", in_shell(named)),
            ),
            Self::NoFile(named) => (
                "Catalog",
                format!("{named:?} is not the path of a catalog."),
                "Name the file: -f PATH/cstore.yml".to_owned(),
            ),
            Self::Foreign { catalog, owner } => {
                let typed = in_shell(&catalog.to_string_lossy());
                let catalog = catalog.display();
                (
                    "Catalog of another user",
                    format!(
                        "The catalog {catalog} belongs to another user (ID {owner}), who could change where your config \
                         is read from and sent to."
                    ),
                    format!("If you mean to use it, name it: -f {typed}, or CSTORE_CATALOG={typed}"),
                )
            }
            Self::NoCatalog { name, here, needs_bucket_alone } => (
                "No catalog",
                format!(
                    "There is no {name} in {}, nor in a folder above it in the same repository or home folder.",
                    here.display()
                ),
                format!(
                    "To create one, run: cstore init. To do without one, add {}--bucket.",
                    if *needs_bucket_alone { "" } else { "--context and " }
                ),
            ),
            Self::Outside { typed, folder } => (
                "Path",
                format!("{typed:?} is not below the catalog's folder, {}.", folder.display()),
                "Move the file there, or name another catalog with -f.".to_owned(),
            ),
            Self::NamesFolder { typed, pattern } => (
                "Path",
                format!("{typed} is a folder, not a file."),
                format!("For all files below it, write {}.", in_shell(pattern)),
            ),
            Self::InGit { typed } => (
                "Path",
                format!("{typed:?} is in a .git folder, where files decide what git runs."),
                "Name another folder.".to_owned(),
            ),
            Self::Control { typed } => (
                "Path",
                format!("{typed:?} has a control or formatting character, which a path may not have."),
                "Rename the file.".to_owned(),
            ),
            Self::NotUtf8 { here } => (
                "Path",
                format!("The current folder's path, {}, is not UTF-8, so no file in it can be named.", here.display()),
                "Rename the folder, or run the command in the catalog's folder.".to_owned(),
            ),
        };
        Message { next, ..Message::new(title, what) }
    }
}
