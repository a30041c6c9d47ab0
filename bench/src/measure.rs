//! One run of a command: how long, how much CPU, how much memory.
//!
//! A process of its own for each: until a child has replaced its image it counts as its parent's memory, so the parent
//! must be small; and what children used is only known for all of them together.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::Error;

/// Runs the command with its output in a file.
pub(crate) fn run(log: &str, command: &[&str]) -> Result<(), Error> {
    let [program, arguments @ ..] = command else { return Err("which command?".into()) };
    let log = File::create(log)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let start = Instant::now();
    let status = command.status()?;
    let wall = start.elapsed();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    println!(
        "{{\"code\":{},\"wall_ms\":{:.3},\"cpu_ms\":{:.3},\"peak_kib\":{}}}",
        status.code().unwrap_or(-1),
        wall.as_secs_f64() * 1e3,
        milliseconds(used.user_time()) + milliseconds(used.system_time()),
        used.max_rss(),
    );
    Ok(())
}

fn milliseconds(time: TimeVal) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (seconds, micros) = (time.tv_sec() as f64, time.tv_usec() as f64);
    seconds * 1e3 + micros / 1e3
}
