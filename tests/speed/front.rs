//! What stands before a service and closes connections over which nothing was sent for a while, as load balancers do.

use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How long connections that are about to be made may take to come. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(8);

#[derive(Default)]
struct State {
    /// Accepted and not passed on.
    held: Vec<TcpStream>,
    passes_on: bool,
}

/// Holds connections until it is told to close them; from then on it passes on what comes.
pub(crate) struct Front {
    port: u16,
    shared: Arc<(Mutex<State>, Condvar)>,
}

impl Front {
    /// Before the service on this port of the loopback.
    pub(crate) fn start(service: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new((Mutex::new(State::default()), Condvar::new()));
        let of_thread = Arc::clone(&shared);
        // It ends with the program.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut state = of_thread.0.lock().unwrap();
                if state.passes_on {
                    pass_on(client, service);
                } else {
                    state.held.push(client);
                    of_thread.1.notify_all();
                }
            }
        });
        Self { port, shared }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Closes the connections as soon as there are so many.
    pub(crate) fn close(&self, connections: usize) {
        let few = |state: &mut State| state.held.len() < connections;
        let state = self.shared.0.lock().unwrap();
        let (mut state, waited) = self.shared.1.wait_timeout_while(state, PATIENCE, few).unwrap();
        assert!(!waited.timed_out(), "{} of {connections} connections", state.held.len());
        state.passes_on = true;
        state.held.clear();
    }
}

fn pass_on(client: TcpStream, service: u16) {
    let service = TcpStream::connect((Ipv4Addr::LOCALHOST, service)).unwrap();
    for (mut from, mut to) in [(client.try_clone().unwrap(), service.try_clone().unwrap()), (service, client)] {
        thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
}
