//! A server ends with whoever has started it, however that ends.

use std::fs;
use std::io::Read as _;
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use crate::harness::Authority;
use crate::issuer::Issuer;
use crate::seaweedfs::{Launched, launch};

/// How long a server that was killed may take to go. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until nobody listens on a port any more.
fn has_ended(port: u16) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let Ok(mut connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return true };
        // It ends when the server does.
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        let _ = connection.read_to_end(&mut Vec::new());
    }
    false
}

#[test]
#[ignore = "needs SeaweedFS"]
fn nothing_is_left_of_a_server_when_its_starter_has_ended() {
    let (authority, issuer) = (Authority::new(), Issuer::start());
    let Launched { mut process, port, folder, .. } = launch(&authority, &issuer);
    assert!(folder.exists());
    // What the kernel does to the pipes of a process that has ended.
    drop(process.stdin.take());
    process.wait().unwrap();
    assert!(has_ended(port));
    assert!(!folder.exists());
}

#[test]
#[ignore = "needs SeaweedFS"]
fn a_server_is_killed_with_the_process_that_watches_it() {
    let (authority, issuer) = (Authority::new(), Issuer::start());
    let Launched { mut process, port, folder, .. } = launch(&authority, &issuer);
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(has_ended(port));
    fs::remove_dir_all(folder).unwrap();
}
