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
pub(super) mod wire;

use std::io::Write;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::server::Server;

#[allow(unused_imports, reason = "each test program uses a part of the harness")]
pub(crate) use self::answer::{html, s3_error, wrong_region};
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

/// Which requests are meant.
#[derive(Debug, Clone)]
pub(crate) struct Matching {
    method: &'static str,
    key: String,
    nth: usize,
    times: usize,
}

/// All requests whose method begins so and whose key and query (`key?query`) have this in them, the first of them only.
pub(crate) fn request(method: &'static str, key: &str) -> Matching {
    Matching { method, key: key.to_owned(), nth: 1, times: 1 }
}

/// The first GET of a key and query that have this in them.
pub(crate) fn get(key: &str) -> Matching {
    request("GET", key)
}

/// The first PUT of a key that has this in it.
pub(crate) fn put(key: &str) -> Matching {
    request("PUT", key)
}

impl Matching {
    /// The one that comes as the nth, from 1.
    pub(crate) fn nth(self, nth: usize) -> Self {
        Self { nth, ..self }
    }

    /// So many of them, one after the other.
    pub(crate) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// This one and all that come after it.
    pub(crate) fn for_ever(self) -> Self {
        self.times(usize::MAX)
    }

    /// Whether this many of them are all that were meant.
    fn is_met_by(&self, done: usize) -> bool {
        if self.times == usize::MAX { done > 0 } else { done == self.times }
    }

    fn is(&self, seen: &Seen) -> bool {
        seen.method.starts_with(self.method) && format!("{}?{}", seen.key, seen.query).contains(&self.key)
    }
}

/// What is done to a request.
#[derive(Clone)]
pub(crate) enum Fault {
    /// The first of these is done to the first request that is meant, and so on, over and over.
    InTurn(Vec<Fault>),
    /// The connection is reset before the request has been read.
    Reset,
    /// The connection ends in the midst of the request.
    CutRequest,
    /// The request is passed on, and the connection ends after so many bytes of the answer.
    CutAnswer(usize),
    /// The request is passed on, and the connection ends without an answer.
    LoseAnswer,
    /// The request is passed on and answered, and then the connection ends, which the tool learns when it uses it again.
    CloseAfter,
    /// A byte of the request's body has changed on its way: S3 compares it with the checksum, and refuses it. (The
    /// server behind does not look.) Of a request without a body, one of the answer's.
    FlipByte,
    /// So many bytes of the answer come, then none until the proxy is told to [`release`](Proxy::release).
    StallWithin(usize),
    /// No byte comes until the proxy is told to [`release`](Proxy::release), then the connection ends.
    Stall,
    /// Something happens when the request has come, and then no byte, as with a stall.
    StallAnd(Arc<dyn Fn() + Send + Sync>),
    /// This is answered, and the request is not passed on.
    Answer(Response),
    /// This is answered, with so many bytes more, whatever they would take of memory.
    Flood(Response, usize),
    /// The same without saying how many bytes there are: they end with the connection.
    FloodUnannounced(Response, usize),
    /// The request is passed on without this header, `if-match` or `if-none-match`, as a service that ignores it does.
    IgnoreCondition(&'static str),
    /// The request is passed on, and the answer changed.
    Change(Arc<dyn Fn(&mut Response) + Send + Sync>),
    /// The request is passed on only when the proxy has seen so many; it is a broken promise if they do not come.
    Until(usize),
    /// The requests that are meant are passed on only when all of them have come: those who send them have met. It is a
    /// broken promise if they do not come.
    Together,
    /// Something happens before the request is passed on.
    Before(Arc<dyn Fn() + Send + Sync>),
    /// Something happens, the request is not passed on, and the connection ends.
    Instead(Arc<dyn Fn() + Send + Sync>),
    /// The request is passed on, something happens, and the answer is lost.
    LoseAnswerAnd(Arc<dyn Fn() + Send + Sync>),
}

impl Fault {
    /// An error as S3 answers it; see [`s3_error`].
    pub(crate) fn s3(status: u16, code: &str, message: &str) -> Self {
        Self::Answer(s3_error(status, code, message))
    }

    /// Changes the body of an answer; its length header will be right.
    pub(crate) fn body(change: impl Fn(&mut Vec<u8>) + Send + Sync + 'static) -> Self {
        Self::Change(Arc::new(move |answer| change(&mut answer.body)))
    }

    /// Takes its time before a request is passed on.
    pub(crate) fn delay(time: Duration) -> Self {
        Self::before(move || {
            let end = Instant::now() + time;
            while let Some(left) = end.checked_duration_since(Instant::now()) {
                thread::park_timeout(left);
            }
        })
    }

    /// What is done to a request after so many others.
    fn of_turn(&self, done: usize) -> Self {
        match self {
            Self::InTurn(faults) => faults[done % faults.len()].clone(),
            fault => fault.clone(),
        }
    }

    /// Does something before a request is passed on.
    pub(crate) fn before(action: impl Fn() + Send + Sync + 'static) -> Self {
        Self::Before(Arc::new(action))
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
                fault = Some((number, rule.fault.of_turn(rule.done)));
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

/// Serves one connection until either side ends it.
fn serve(mut connection: TcpStream, shared: &Shared, server: &'static Server) {
    connection.set_nodelay(true).unwrap();
    while let Some(head) = wire::peek_head(&mut connection) {
        let (rule, fault) = shared.note(head.seen()).unzip();
        match &fault {
            // What was not read makes the kernel send a reset; what has been read whole ends like a lost answer.
            Some(Fault::Reset) => return,
            Some(Fault::CutRequest) => {
                head.read_part_of_body(&mut connection);
                return;
            }
            _ => {}
        }
        let is_last = head.is_last;
        let Some(mut request) = head.with_body(&mut connection) else { return };
        if let Some(Fault::IgnoreCondition(header)) = &fault {
            request.headers.retain(|(name, _)| name != header);
        }
        let is_head = request.method == "HEAD";
        let pass_on = || server.send_signed(&request);
        let close_after = is_last || matches!(fault, Some(Fault::CloseAfter));
        let wait_for_release = || {
            let state = shared.state();
            let _unused = shared.released.wait_while(state, |state| !state.released).unwrap();
        };
        let bytes = match fault {
            Some(Fault::FlipByte) if request.body.is_empty() => {
                let mut answer = pass_on();
                match answer.body.first_mut() {
                    Some(byte) => *byte ^= 1,
                    None => shared.breaks("a byte to flip, where there is none".to_owned()),
                }
                wire::bytes(&answer, is_head)
            }
            Some(Fault::FlipByte) => {
                let words = "The SHA256 you specified did not match the calculated checksum.";
                wire::bytes(&s3_error(400, "BadDigest", words), is_head)
            }
            Some(Fault::StallWithin(length)) => {
                let bytes = wire::bytes(&pass_on(), is_head);
                let _ = connection.write_all(&bytes[..length.min(bytes.len().saturating_sub(1))]);
                wait_for_release();
                return;
            }
            None | Some(Fault::CloseAfter | Fault::IgnoreCondition(_)) => wire::bytes(&pass_on(), is_head),
            Some(Fault::Change(change)) => {
                let unchanged = pass_on();
                let mut answer = unchanged.clone();
                change(&mut answer);
                if answer == unchanged {
                    shared.breaks(format!("an answer to be changed that stayed as it was: {:?}", answer.text()));
                }
                wire::bytes(&answer, is_head)
            }
            Some(Fault::Until(requests)) => {
                shared.wait_for(requests);
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Together) => {
                rule.into_iter().for_each(|rule| shared.wait_for_all(rule));
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Before(action)) => {
                action();
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Answer(answer)) => wire::bytes(&answer, is_head),
            Some(Fault::Flood(answer, more)) => {
                let length = format!("content-length: {}\r\n", answer.body.len() + more);
                return flood(&mut connection, &answer, &length, more);
            }
            Some(Fault::FloodUnannounced(answer, more)) => {
                return flood(&mut connection, &answer, "connection: close\r\n", more);
            }
            Some(Fault::CutAnswer(length)) => {
                let bytes = wire::bytes(&pass_on(), is_head);
                let _ = connection.write_all(&bytes[..length.min(bytes.len().saturating_sub(1))]);
                let _ = connection.shutdown(Shutdown::Both);
                return;
            }
            Some(Fault::LoseAnswer) => {
                pass_on();
                return;
            }
            Some(Fault::Instead(action)) => {
                action();
                return;
            }
            Some(Fault::LoseAnswerAnd(action)) => {
                pass_on();
                action();
                return;
            }
            Some(Fault::StallAnd(action)) => {
                action();
                wait_for_release();
                return;
            }
            Some(Fault::Stall) => {
                wait_for_release();
                return;
            }
            Some(Fault::Reset | Fault::CutRequest) => return,
            Some(Fault::InTurn(_)) => unreachable!("its turn has been taken"),
        };
        if connection.write_all(&bytes).is_err() || close_after {
            return;
        }
    }
}

/// Answers with more bytes than anybody holds. `length` stands in place of the header of that name.
fn flood(connection: &mut TcpStream, answer: &Response, length: &str, more: usize) {
    let head = String::from_utf8(wire::bytes(answer, false)).unwrap();
    let head = head.replace(&format!("content-length: {}\r\n", answer.body.len()), length);
    let chunk = vec![b'x'; 1 << 16];
    let mut flows = connection.write_all(head.as_bytes()).is_ok();
    for _ in 0..more / chunk.len() {
        flows = flows && connection.write_all(&chunk).is_ok();
    }
}
