//! The commands that only the Go tool has.

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command as Grammar};

use super::flags::of_own_commands;
use super::{GoError, Reader};
use crate::cli::failure::Failure;
use crate::cli::flagless::refuse_flags;
use crate::cli::terminal::Terminal;
use crate::environment::Environment;

/// The only store, and the only vault.
const STORE: &str = "aws-s3";
const VAULT: &str = "env";

/// Their grammar.
pub(in crate::cli) fn grammars() -> [Grammar; 3] {
    let hidden =
        |name: &'static str, about: &'static str| Grammar::new(name).hide(true).about(about).args(of_own_commands());
    let name = || Arg::new("NAME");
    [
        hidden("stores", "List where files can be stored").arg(name()),
        hidden("vaults", "List where credentials can come from").alias("vault").arg(name()),
        hidden("version", "Print the version"),
    ]
}

/// Runs a command that only the Go tool has; none where another one was typed.
pub(in crate::cli) fn run(
    matches: &ArgMatches,
    environment: &Environment,
    arguments: &[OsString],
    terminal: Terminal,
) -> Option<Result<(), Failure>> {
    let (command, matches) = matches.subcommand()?;
    if !["stores", "vaults", "version"].contains(&command) {
        return None;
    }
    if let Err(idle) = refuse_flags(command, matches) {
        return Some(Err(idle.into()));
    }
    let read = Reader { matches, environment, arguments };
    let flags = [("prompt", "CSTORE_PROMPT"), ("logging", "CSTORE_LOGGING")];
    let of_go =
        read.refuse_vaults().and_then(|()| flags.iter().try_for_each(|(flag, name)| read.flag(flag, name).map(drop)));
    if let Err(refused) = of_go {
        return Some(Err(refused.into()));
    }
    let name = || matches.get_one::<String>("NAME").map(String::as_str);
    let only = |what, known, about: &str| match name() {
        None => terminal.data(format!("{known}\n").as_bytes()),
        Some(name) if name == known => terminal.data(format!("{known}: {about}\n").as_bytes()),
        Some(name) => Err(GoError::Unknown { what, name: name.to_owned(), known }.into()),
    };
    Some(match command {
        "stores" => only("store", STORE, "files are objects of an S3 bucket, which --bucket or the catalog names"),
        "vaults" => only("vault", VAULT, "AWS credentials come from where the AWS SDK finds them, and --profile"),
        "version" => terminal.data(concat!("cstore ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()),
        _ => return None,
    })
}
