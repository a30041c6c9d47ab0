//! A cancelled job: the runner sends SIGINT to the Docker client, later SIGTERM, and the client hands both on to the
//! container's process 1, which has no default handlers.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::container::docker_says;
use crate::harness::{Action, Bucket, Container};

/// A step in a container that has sent its request and waits for the answer until the connection is dropped.
fn waiting(container: &Container) -> (crate::harness::Started, TcpStream) {
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", service.local_addr().unwrap());
    let step = Action::pull(&Bucket::missing()).version("v1.0.0").env("AWS_ENDPOINT_URL", &endpoint);
    let started = step.in_container(container).start();
    let (connection, _) = service.accept().unwrap();
    (started, connection)
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
