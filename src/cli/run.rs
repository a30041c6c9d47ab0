//! Runs the command line: reads what was typed, runs the command, and says what came of it.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::rc::Rc;

use anstream::{AutoStream, ColorChoice};
use clap::ArgMatches;
use clap::error::ErrorKind;

use super::arguments::grammar;
use super::command::{self, Program, Start, fail_evaluation, ignored};
use super::complete::{VARIABLE, answer};
use super::failure::{Failure, UNNAMED};
use super::go;
use super::idle::refuse_idle;
use super::invocation::Invocation;
use super::pager::Pager;
use super::place::Place;
use super::profile::take_profile;
use super::reference::{names_files_here, resolve_reference, resolve_target, take_place, take_references};
use super::session::Session;
use super::standard_output;
use super::terminal::Terminal;
use super::typo::without_hidden;
use super::unknown_variable::{idle_variables, overruled_variable, unknown_variables};
use crate::environment::Environment;
use crate::message::CommandLine;
use crate::option::{Command, FORMAT, Kind, NO_COLOR, OPTIONS, OUTPUT, OptionSpec, RawOptions};
use crate::process::Process;
use crate::request::check_references;

/// The exit code of a command line that cannot be understood.
const USAGE: u8 = 2;

/// Runs a command line in this environment, and gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if let Some(shell) = environment.text(VARIABLE).filter(|shell| shell != "0") {
        return answer(&shell, &arguments, environment);
    }
    if let [_, only] = arguments.as_slice()
        && ["--version", "-V"].iter().any(|flag| only == flag)
    {
        // Without the grammar, which takes longer to build than all the rest of this.
        return printed(standard_output::write(concat!("cstore ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()));
    }
    if wants_no_color(&arguments) {
        ColorChoice::Never.write_global();
    }
    let matches = match grammar().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => {
            let command = typed(&arguments).map(|(command, _)| command.name());
            let error = without_hidden(error, command, &arguments);
            if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                // Nobody is left to tell when this cannot be written.
                let _ = error.print();
            } else {
                say_unusable(&error, command);
            }
            return unusable(&arguments);
        }
        Err(help) => return printed(standard_output::write_styled(&help.render().ansi().to_string())),
    };
    if let Some(done) = go::run(&matches, &environment, &arguments, Terminal::default()) {
        return done.map_or_else(|failure| failed(&failure, None, None, Terminal::default()), |()| 0);
    }
    let invocation = match Invocation::new(matches, &environment, &arguments) {
        Ok(Some(invocation)) => invocation,
        Ok(None) => return USAGE,
        Err(error) => {
            unusable(&arguments);
            return failed(&error, typed_command(&arguments), None, Terminal::default());
        }
    };
    let (command, mut options) = (invocation.command, invocation.raw.clone());
    let mut terminal = Terminal::default();
    let done = Terminal::new(&options, &environment).map_err(Failure::from).and_then(|of_options| {
        terminal = of_options;
        run(invocation, environment, terminal, &mut options)
    });
    let code = done.unwrap_or_else(|failure| failed(&failure, Some(command), Some(&options), terminal));
    if code != 0 && command == Command::Export {
        fail_evaluation(options.text(&FORMAT), options.text(&OUTPUT));
    }
    code
}

/// The exit code of a run that only prints.
fn printed(result: io::Result<()>) -> u8 {
    result.map_or_else(|reason| failed(&Failure::Output(reason), None, None, Terminal::default()), |()| 0)
}

/// Says what is wrong with a command line, and where it is described.
fn say_unusable(error: &clap::Error, command: Option<&str>) {
    let text = error.render().ansi().to_string();
    // It ends with such an advice, in other words.
    let text = text.split("For more information").next().unwrap_or_default();
    // Nobody is left to tell when this cannot be written.
    let _ = write!(AutoStream::auto(io::stderr()), "{text}");
    let words = command.map(|command| format!("{command} ")).unwrap_or_default();
    Terminal::default().next(&format!("cstore {words}--help"));
}

/// Whether help and errors of what cannot be parsed are to have no colours either.
fn wants_no_color(arguments: &[OsString]) -> bool {
    let flag = format!("--{}", NO_COLOR.flag_name());
    let own = arguments.iter().take_while(|argument| *argument != "--").filter_map(|argument| argument.to_str());
    own.filter_map(|argument| argument.strip_prefix(&flag)).last().is_some_and(|rest| matches!(rest, "" | "=true"))
}

/// Says why a command failed, and gives its exit code.
fn failed(failure: &Failure, command: Option<Command>, options: Option<&RawOptions>, terminal: Terminal) -> u8 {
    let (messages, code) =
        failure.ending(command.unwrap_or(Command::Completions), CommandLine { options, ..CommandLine::default() });
    messages.iter().for_each(|message| terminal.error(message));
    code
}

/// Ends a command line that cannot be understood, and gives its exit code: the command that it would run may have codes
/// of its own.
fn unusable(arguments: &[OsString]) -> u8 {
    match typed(arguments) {
        Some((Command::Exec, _)) => UNNAMED,
        Some((Command::Export, matches)) => {
            let text = |option: &OptionSpec| matches.try_get_one::<String>(option.flag_name()).ok().flatten();
            fail_evaluation(text(&FORMAT).map(String::as_str), text(&OUTPUT).map(String::as_str));
            USAGE
        }
        _ => USAGE,
    }
}

/// The command of a command line that is wrong elsewhere.
fn typed_command(arguments: &[OsString]) -> Option<Command> {
    typed(arguments).map(|(command, _)| command)
}

/// The same, with what can be understood of its arguments.
fn typed(arguments: &[OsString]) -> Option<(Command, ArgMatches)> {
    let mut matches = grammar().ignore_errors(true).try_get_matches_from(arguments).ok()?;
    let (name, matches) = matches.remove_subcommand()?;
    let command = Command::ALL.iter().find(|(known, _)| *known == name).map(|(_, command)| *command)?;
    Some((command, matches))
}

/// Runs a command. What it then knows of its options is noted, for the words of an error.
fn run(
    mut invocation: Invocation,
    mut environment: Environment,
    terminal: Terminal,
    options: &mut RawOptions,
) -> Result<u8, Failure> {
    if invocation.command == Command::Completions {
        return command::completions(&invocation, terminal).map(|()| 0);
    }
    let without_effect =
        unknown_variables(&environment).into_iter().chain(idle_variables(invocation.command, &environment));
    let overruled = overruled_variable(&mut invocation.raw);
    without_effect.chain(overruled).for_each(|text| terminal.warning(&text));
    invocation.go.notes.iter().for_each(|note| terminal.note(note));
    take_profile(&mut invocation.raw, &mut environment);
    take_references(&mut invocation)?;
    options.clone_from(&invocation.raw);
    refuse_idle(&invocation)?;
    // Some are read only where the result is told, and by then it may be too late.
    for option in OPTIONS.iter().filter(|option| matches!(option.kind, Kind::Flag)) {
        invocation.raw.flag(option)?;
    }
    check_references(invocation.command, &invocation.raw)?;
    let takes_reference = [
        Command::Pull,
        Command::Export,
        Command::Exec,
        Command::Get,
        Command::List,
        Command::Show,
        Command::Verify,
        Command::Purge,
        Command::Lock,
    ];
    if takes_reference.contains(&invocation.command) && !names_files_here(&invocation) {
        resolve_reference(&mut invocation.raw)?;
    }
    if invocation.command == Command::Rollback {
        resolve_target(&mut invocation.raw)?;
    }
    if takes_reference.contains(&invocation.command) || matches!(invocation.command, Command::Log | Command::Rollback) {
        take_place(&mut invocation.raw);
    }
    let place = Place::find(invocation.command, &mut invocation.raw, &environment)?;
    go::take_answers(&mut invocation, &place, &environment, terminal)?;
    place.require_catalog(&invocation)?;
    // To know where from a value was read is worth no line each time; where files go is.
    let writes = matches!(
        invocation.command,
        Command::Push
            | Command::Pull
            | Command::Set
            | Command::Unset
            | Command::Edit
            | Command::Promote
            | Command::Rollback
            | Command::Purge
            | Command::Lock
            | Command::Clean
    );
    if let Some(path) = place.found_elsewhere().filter(|_| writes) {
        terminal.note(&format!("The catalog is {path}."));
    }
    let ignored = ignored();
    let process = Process::start().map_err(Failure::Process)?.ignoring(ignored);
    let start = Start::new(&process, ignored).map_err(Failure::Process)?;
    let mut program = None;
    let pages = Rc::new(Pager::new(&environment));
    let pager = Rc::clone(&pages);
    let work = |cancellation| async {
        // From here on the work is told of every signal.
        if let Some(code) = start.signal() {
            return code;
        }
        let mut session = Session::new(invocation, environment, terminal, place, cancellation, pager);
        match trusted_command(&mut session, &mut program).await {
            Ok(()) => 0,
            Err(failure) => session.failure(&failure),
        }
    };
    let code = process.run(work).map_err(Failure::Process)?;
    // Nothing else is under way any more.
    pages.show(terminal)?;
    match program {
        Some(program) if code == 0 => Ok(start.start(program)?),
        _ => Ok(code),
    }
}

/// Runs a command that has somebody's consent to what its catalog leads to.
async fn trusted_command(session: &mut Session, program: &mut Option<Program>) -> Result<(), Failure> {
    // It sends nothing.
    if session.invocation.command != Command::Init {
        session.require_trust().await?;
    }
    match command(session, program).await {
        Err(failure) => Err(session.told_of_linked(failure).await),
        done => done,
    }
}

async fn command(session: &Session, program: &mut Option<Program>) -> Result<(), Failure> {
    match session.invocation.command {
        Command::Init => command::init(session).await,
        Command::Export => command::export(session).await,
        Command::List => command::list(session).await,
        Command::Log => command::log(session).await,
        Command::Show => command::show(session).await,
        Command::Exec => {
            *program = Some(command::exec(session).await?);
            Ok(())
        }
        Command::Status => command::status(session).await,
        Command::Clean => command::clean(session).await,
        Command::Push => command::push(session).await,
        Command::Pull => command::pull(session).await,
        Command::Get => command::get(session).await,
        Command::Set => command::set(session).await,
        Command::Unset => command::unset(session).await,
        Command::Edit => command::edit(session).await,
        Command::Diff => command::diff(session).await,
        Command::Verify => command::verify(session).await,
        Command::Lock => command::lock(session).await,
        Command::Promote => command::promote(session).await,
        Command::Rollback => command::rollback(session).await,
        Command::Purge => command::purge(session).await,
        // No other word is read.
        _ => Ok(()),
    }
}
