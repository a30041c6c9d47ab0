//! How much CPU a command takes before it sends its first byte to S3.

use std::fs;
use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};

use crate::Error;

/// Runs the command with `AWS_ENDPOINT_URL` pointing here, and stops it at its first byte.
pub(crate) fn run(command: &[&str]) -> Result<(), Error> {
    let [program, arguments @ ..] = command else { return Err("which command?".into()) };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let mut child = Command::new(program)
        .args(arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let nanoseconds = until_first_byte(&listener, &child);
    child.kill()?;
    child.wait()?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let milliseconds = nanoseconds? as f64 / 1e6;
    println!("{{\"cpu_ms\":{milliseconds:.3}}}");
    Ok(())
}

fn until_first_byte(listener: &TcpListener, child: &Child) -> Result<u64, Error> {
    let (mut connection, _) = listener.accept()?;
    connection.read_exact(&mut [0])?;
    // In nanoseconds, where the accounts of processes count in hundredths of a second.
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{}/task", child.id()))? {
        let account = fs::read_to_string(task?.path().join("schedstat"))?;
        sum += account.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(sum)
}
