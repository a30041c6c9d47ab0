use super::GoError;
use crate::cli::invocation::Invocation;
use crate::cli::place::Place;
use crate::cli::terminal::Terminal;
use crate::environment::Environment;
use crate::option::{BUCKET, Command};

/// A variable by the name of what the Go tool keeps in the catalog.
const BUCKET_VARIABLE: &str = "AWS_S3_BUCKET";

/// Has the first push go where a variable says that the Go tool took for an answer. Where there is a catalog, the
/// catalog says that.
///
/// # Errors
/// Everything is to be asked for, and there is nobody to ask.
pub(in crate::cli) fn take_answers(
    invocation: &mut Invocation,
    place: &Place,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), GoError> {
    if !matches!(invocation.command, Command::Push | Command::Init) {
        return Ok(());
    }
    if invocation.go.prompts {
        if !terminal.can_ask() {
            return Err(GoError::NoTerminal);
        }
        if invocation.command == Command::Push && place.has_catalog {
            terminal.note("There is nothing to ask: the catalog says where the files go.");
        }
        return Ok(());
    }
    if invocation.command == Command::Init {
        return Ok(());
    }
    let bucket = environment.text(BUCKET_VARIABLE).filter(|_| !place.has_catalog);
    if let Some(bucket) = bucket.filter(|_| invocation.raw.text(&BUCKET).is_none()) {
        terminal.note(&format!("The bucket is {bucket}, which {BUCKET_VARIABLE} names."));
        invocation.raw.set(&BUCKET, &bucket);
    }
    Ok(())
}
