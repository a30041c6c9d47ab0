//! What `make bench` measures with: a server, the fastest possible client, and a stopwatch. `run.py` puts them
//! together; each subcommand prints one line of JSON.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for one script")]

mod first_byte;
mod floor;
mod measure;
mod server;

use std::io::Read as _;
use std::process::ExitCode;

/// What can go wrong, in words for whoever runs the benchmark.
type Error = Box<dyn std::error::Error>;

const USAGE: &str = "usage: cstore-bench serve | floor get|put HOST:PORT CONNECTIONS BUCKET PREFIX COUNT BYTES | \
                     measure LOG COMMAND… | first-byte COMMAND…";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["serve"] => serve(),
        ["floor", method, rest @ ..] => floor::run(method, rest),
        ["measure", log, command @ ..] => measure::run(log, command),
        ["first-byte", command @ ..] => first_byte::run(command),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cstore-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until stdin closes, so that the server goes with whoever started it.
fn serve() -> Result<(), Error> {
    let server = server::Server::start(3)?;
    println!("{{\"ports\":{:?}}}", server.ports());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
