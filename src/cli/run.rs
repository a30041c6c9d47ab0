//! Runs the command line: reads what was typed, runs the command, and says what came of it.

use std::ffi::OsString;

use super::arguments::grammar;
use super::command;
use super::failure::Failure;
use super::invocation::Invocation;
use super::place::{Place, PlaceError};
use super::session::Session;
use super::terminal::Terminal;
use crate::environment::Environment;
use crate::error::ExitCode;
use crate::option::{BUCKET, CONTEXT, Command, EXIT_CODE, PROFILE, RawOptions};
use crate::process::Process;
use crate::secret::Secret;

/// The exit code of a command line that cannot be understood.
const USAGE: u8 = 2;

/// Runs a command line in this environment, and gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> u8 {
    let matches = match grammar().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Nobody is left to tell when this cannot be written.
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let (mut terminal, mut options) = (Terminal::default(), None);
    let done = Invocation::new(matches, &environment).map_err(Failure::from).and_then(|invocation| {
        let Some(invocation) = invocation else { return Ok(USAGE) };
        terminal = Terminal::new(options.insert(invocation.raw.clone()), &environment)?;
        run(invocation, environment, terminal)
    });
    done.unwrap_or_else(|failure| {
        failure.messages(options.as_ref()).iter().for_each(|message| terminal.error(message));
        code_of(&failure, options.as_ref())
    })
}

fn run(mut invocation: Invocation, mut environment: Environment, terminal: Terminal) -> Result<u8, Failure> {
    if invocation.command == Command::Completions {
        return command::completions(&invocation, terminal).map(|()| 0);
    }
    take_profile(&invocation.raw, &mut environment);
    let place = Place::find(invocation.command, &mut invocation.raw, &environment)?;
    require_catalog(&invocation, &place)?;
    if let Some(path) = place.found_elsewhere() {
        terminal.note(&format!("The catalog is {path}."));
    }
    let process = Process::start().map_err(Failure::Process)?;
    let work = |cancellation| async move {
        let session = Session { invocation, environment, terminal, place, cancellation };
        match command(&session).await {
            Ok(()) => 0,
            Err(failure) => {
                session.failure(&failure);
                code_of(&failure, Some(&session.invocation.raw))
            }
        }
    };
    process.run(work).map_err(Failure::Process)
}

/// The exit code of a run that failed. Where 1 says that there is a difference, nothing else is to say so.
fn code_of(failure: &Failure, options: Option<&RawOptions>) -> u8 {
    const UNNAMED: u8 = 125;
    let tells_difference = options.is_some_and(|options| options.flag(&EXIT_CODE).unwrap_or_default());
    match failure.code() {
        code if code == u8::from(ExitCode::Other) && tells_difference && !matches!(failure, Failure::Differs) => {
            UNNAMED
        }
        code => code,
    }
}

/// Refuses to look for config by a folder's name alone, which is nobody's decision. The first push makes a catalog.
fn require_catalog(invocation: &Invocation, place: &Place) -> Result<(), PlaceError> {
    let makes_one = matches!(invocation.command, Command::Init | Command::Push);
    let is_told = [&CONTEXT, &BUCKET].iter().any(|option| invocation.raw.text(option).is_some());
    if place.has_catalog || makes_one || is_told {
        return Ok(());
    }
    Err(PlaceError::NoCatalog { name: place.catalog.clone(), here: place.here().to_owned() })
}

/// Has the SDK take the profile that a flag names, also where variables hold other credentials: who names one means it.
fn take_profile(raw: &RawOptions, environment: &mut Environment) {
    let Some(profile) = raw.text(&PROFILE) else { return };
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        .iter()
        .for_each(|name| environment.remove(name));
    environment.set("AWS_PROFILE", Secret::from(profile));
}

async fn command(session: &Session) -> Result<(), Failure> {
    match session.invocation.command {
        Command::Init => command::init(session).await,
        Command::Export => command::export(session).await,
        Command::Push => command::push(session).await,
        Command::Pull => command::pull(session).await,
        Command::Get => command::get(session).await,
        Command::Diff => command::diff(session).await,
        Command::Verify => command::verify(session).await,
        // No other word is read.
        _ => Ok(()),
    }
}
