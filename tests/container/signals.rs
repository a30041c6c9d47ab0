//! A cancelled job: the runner sends SIGINT to the Docker client, later SIGTERM, and the client hands both on to the
//! container's process 1, which has no default handlers.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::container::docker_says;
use crate::harness::{Action, Bucket, Container, Started};

/// A step in a container that has sent its request and waits for the answer until the connection is dropped.
fn waiting(container: &Container) -> (Started, TcpStream) {
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", service.local_addr().unwrap());
    let step = Action::pull(&Bucket::missing()).version("v1.0.0").env("AWS_ENDPOINT_URL", &endpoint);
    let mut started = step.in_container(container).start();
    service.set_nonblocking(true).unwrap();
    loop {
        match service.accept() {
            Ok((connection, _)) => return (started, connection),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
        }
        // A step that could not be started will never ask.
        if started.process.try_wait().unwrap().is_some() {
            panic!("the step has ended already; it printed\n{}", started.ends().printed());
        }
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
#[ignore = "needs Docker"]
fn it_ends_within_a_second() {
    for (signal, code) in [("SIGTERM", 143), ("SIGINT", 130)] {
        let container = Container::new().option("--stop-signal").option(signal);
        let (step, _connection) = waiting(&container);
        // Docker itself looks at the clock: after that second it kills, and the code would be 137.
        docker_says(&["stop", "--time", "1", container.name()]);
        assert_eq!(step.ends().code, code, "{signal}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn it_hears_what_the_docker_client_hands_on() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let (step, _connection) = waiting(&Container::new());
        kill_process(Pid::from_child(&step.process), signal).unwrap();
        assert_eq!(step.ends().code, code, "{signal:?}");
    }
}
