//! A proxy between the tool and the S3 server that does to chosen requests what networks and S3 do.
//!
//! ```ignore
//! let proxy = Proxy::start();
//! proxy.on(put(".cstore/claims/").nth(1), Fault::LoseAnswer);
//! Action::push(&bucket).through(&proxy).version("v1")…
//! assert_eq!(proxy.requests().len(), 8);
//! ```
//!
//! It records every request, and holds every put to what all of them promise: when a proxy goes, a put without a
//! condition or a checksum that it has seen fails the test. So does a fault that was planned and never done, or that
//! changed nothing: a test that plans one means to show what comes of it.

mod answer;
mod fault;
mod matching;
mod serve;
pub(super) mod wire;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use super::server::Server;

#[allow(unused_imports, reason = "each test program uses a part of the harness")]
pub(crate) use self::answer::{html, s3_error, wrong_region};
pub(crate) use self::fault::Fault;
#[allow(unused_imports, reason = "each test program uses a part of the harness")]
pub(crate) use self::matching::{Matching, get, put, request};
use self::serve::serve;
pub(crate) use super::http::Response;

/// How long requests that are sent at the same time may take to come. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(8);

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Without the bucket, decoded; empty for a request to the bucket itself.
    pub(crate) key: String,
    /// What follows the `?`.
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

impl Seen {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

struct Rule {
    matching: Matching,
    fault: Fault,
    /// How many requests matched.
    met: usize,
    /// To how many of them the fault was done.
    done: usize,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    seen: Vec<Seen>,
    broken_promises: Vec<String>,
    released: bool,
}

impl State {
    /// Forgets all plans. One that was not met is a broken promise.
    fn end_plans(&mut self) {
        for Rule { matching, done, .. } in std::mem::take(&mut self.rules) {
            if !matching.is_met_by(done) {
                self.broken_promises.push(format!("a fault that was done {done} times: {matching:?}"));
            }
        }
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    released: Condvar,
    came: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Records a request, and finds what is to be done to it, with the number of the plan.
    fn note(&self, seen: Seen) -> Option<(usize, Fault)> {
        let mut state = self.state();
        let broken = answer::broken_promises(&seen);
        state.broken_promises.extend(broken);
        let mut fault = None;
        for (number, rule) in state.rules.iter_mut().enumerate().filter(|(_, rule)| rule.matching.is(&seen)) {
            rule.met += 1;
            let Matching { nth, times, .. } = rule.matching;
            if fault.is_none() && rule.met >= nth && rule.met - nth < times {
                fault = Some((number, rule.fault.at_turn(rule.done)));
                rule.done += 1;
            }
        }
        state.seen.push(seen);
        self.came.notify_all();
        fault
    }

    /// Takes note of something that the test relies on and that is not so.
    fn breaks(&self, promise: String) {
        self.state().broken_promises.push(promise);
    }

    /// Waits until all requests that are meant by the plan with this number have come.
    fn wait_for_all(&self, rule: usize) {
        let few = |state: &mut State| state.rules[rule].done < state.rules[rule].matching.times;
        // Each may be sent by a process that has yet to start.
        let (state, waited) = self.came.wait_timeout_while(self.state(), 4 * PATIENCE, few).unwrap();
        drop(state);
        if waited.timed_out() {
            self.breaks("requests at the same time did not all come".to_owned());
        }
    }

    /// Waits for requests that come only if the tool does not wait for the answer to this one.
    fn wait_for(&self, requests: usize) {
        let few = |state: &mut State| state.seen.len() < requests;
        let (mut state, waited) = self.came.wait_timeout_while(self.state(), PATIENCE, few).unwrap();
        if waited.timed_out() {
            let came = state.seen.len();
            state.broken_promises.push(format!("{requests} requests at the same time: there were {came}"));
        }
    }
}

/// A proxy on a port of its own.
pub(crate) struct Proxy {
    port: u16,
    server: &'static Server,
    shared: Arc<Shared>,
}

impl Proxy {
    /// A proxy before the test program's moto, without faults.
    pub(crate) fn start() -> Self {
        Self::before(Server::shared())
    }

    /// A proxy before a server, without faults.
    pub(crate) fn before(server: &'static Server) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        // The thread ends with the program: a test has few proxies, and waits for none.
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let shared = Arc::clone(&of_thread);
                thread::spawn(move || serve(connection, &shared, server));
            }
        });
        Self { port, server, shared }
    }

    /// What `AWS_ENDPOINT_URL` is set to.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it stands before.
    pub(crate) fn server(&self) -> &'static Server {
        self.server
    }

    /// Its port of the loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Plans a fault. Of several that match one request the first planned counts.
    pub(crate) fn on(&self, matching: Matching, fault: Fault) -> &Self {
        self.shared.state().rules.push(Rule { matching, fault, met: 0, done: 0 });
        self
    }

    /// Forgets all plans and requests.
    pub(crate) fn clear(&self) {
        let mut state = self.shared.state();
        state.end_plans();
        state.seen.clear();
    }

    /// Ends all stalls.
    pub(crate) fn release(&self) {
        self.shared.state().released = true;
        self.shared.released.notify_all();
    }

    /// The requests so far, in the order of their coming.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.shared.state().seen.clone()
    }

    /// The requests so far as `GET shop/.cstore/head.json`, sorted.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.requests().iter().map(|seen| format!("{} {}", seen.method, seen.key)).collect();
        lines.sort_unstable();
        lines
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.release();
        let mut state = self.shared.state();
        state.end_plans();
        let broken = std::mem::take(&mut state.broken_promises);
        drop(state);
        if !thread::panicking() {
            assert!(broken.is_empty(), "promises that were broken: {broken:#?}");
        }
    }
}
