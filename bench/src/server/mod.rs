//! S3 as far as the action and its peers ask for it, from memory, with STS and GitHub's token service beside, and a
//! network's delay before each answer.
//!
//! The delay is in the server and not in a proxy before it: on two cores a second process that copies every byte would
//! take from the client what is to be measured. Each connection has a thread, which sleeps before each answer for one
//! round trip, counted from the end of the handshake where that is not over. What the answers hold is compared with moto in
//! `tests/speed`.
//!
//! Only what the product depends on is used here, so that its tests can start the same server.

mod bucket;
mod http;
mod list;
mod object;
mod sign_in;
mod versions;

use std::io::{BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use self::bucket::Buckets;
#[allow(unused_imports, reason = "the tests ask for it, the benchmark sends a request for it")]
pub(crate) use self::bucket::Versioning;
use self::http::{Answer, Asked};

/// Small: thousands of threads may wait at the same time.
const STACK_BYTES: usize = 128 * 1024;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 4096;

/// A server on ports of its own.
pub(crate) struct Server {
    ports: Vec<u16>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    buckets: Mutex<Buckets>,
    /// Microseconds of a round trip.
    delay: AtomicU64,
    connections: AtomicUsize,
    requests: AtomicUsize,
    /// Whether the requests' lines are kept, each with the number of connections that there had been when it came.
    is_recording: AtomicBool,
    lines: Mutex<Vec<(String, usize)>>,
}

impl Server {
    /// Listens on so many free ports of the loopback, all of which answer alike: to a client they are as many hosts.
    ///
    /// # Errors
    /// The system's, when it has no ports.
    pub(crate) fn start(ports: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let listeners =
            (0..ports).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).collect::<std::io::Result<Vec<_>>>()?;
        let ports =
            listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect::<std::io::Result<Vec<_>>>()?;
        for listener in listeners {
            // The queue that std asks for is too short for 256 clients at once: the kernel would drop some, and they
            // come again after a second.
            rustix::net::listen(&listener, BACKLOG)?;
            let shared = Arc::clone(&shared);
            // It ends with the program.
            thread::spawn(move || {
                for connection in listener.incoming().flatten() {
                    let shared = Arc::clone(&shared);
                    shared.connections.fetch_add(1, Ordering::Relaxed);
                    let serve = move || serve(connection, &shared);
                    // Without a thread the connection is closed, which its client sees.
                    drop(thread::Builder::new().stack_size(STACK_BYTES).spawn(serve));
                }
            });
        }
        Ok(Self { ports, shared })
    }

    /// Where it listens.
    pub(crate) fn ports(&self) -> &[u16] {
        &self.ports
    }

    /// What `AWS_ENDPOINT_URL` is set to.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0])
    }

    /// Sets the round trip.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark sends a request for it")]
    pub(crate) fn set_delay(&self, delay: Duration) {
        self.shared.set_delay(delay);
    }

    /// Makes a bucket.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark sends a request for it")]
    pub(crate) fn create(&self, bucket: &str, versioning: Versioning) {
        self.shared.buckets().by_name.entry(bucket.to_owned()).or_default().versioning = versioning;
    }

    /// Puts an object without a request.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark sends a request for it")]
    pub(crate) fn put(&self, bucket: &str, key: &str, body: &[u8]) {
        object::add_directly(&mut self.shared.buckets(), bucket, key, body);
    }

    /// Forgets the requests and connections so far, and keeps the lines of those that come.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn record(&self) {
        self.shared.is_recording.store(true, Ordering::Relaxed);
        self.shared.lines().clear();
        self.shared.forget_counts();
    }

    /// The requests since [`record`](Self::record), sorted, as `GET /bucket/key`.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.shared.lines().iter().map(|(line, _)| line.clone()).collect();
        lines.sort_unstable();
        lines
    }

    /// The connections that there had been when the first request came whose line begins so.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn connections_before(&self, start: &str) -> Option<usize> {
        self.shared.lines().iter().find(|(line, _)| line.starts_with(start)).map(|(_, connections)| *connections)
    }

    /// Waits for so many connections since [`record`](Self::record), which are about to be made.
    ///
    /// # Panics
    /// When they are not.
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn wait_for_connections(&self, number: usize) {
        let start = Instant::now();
        while self.connections() < number {
            assert!(start.elapsed() < Duration::from_secs(8), "{} of {number} connections", self.connections());
            thread::yield_now();
        }
    }

    /// The connections since [`record`](Self::record).
    #[allow(dead_code, reason = "the tests ask for it, the benchmark does not")]
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(String, usize)>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_delay(&self, delay: Duration) {
        self.delay.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn forget_counts(&self) {
        self.connections.store(0, Ordering::Relaxed);
        self.requests.store(0, Ordering::Relaxed);
    }

    /// Waits until a round trip has gone by since `start`.
    fn travel(&self, start: Instant) {
        let delay = Duration::from_micros(self.delay.load(Ordering::Relaxed));
        let rest = delay.saturating_sub(start.elapsed());
        if !rest.is_zero() {
            thread::sleep(rest);
        }
    }

    fn answer(&self, asked: &Asked) -> Answer {
        if let Some(command) = asked.path.strip_prefix("/_bench/") {
            return self.command(command, asked);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        if self.is_recording.load(Ordering::Relaxed) {
            let connections = self.connections.load(Ordering::Relaxed);
            self.lines().push((format!("{} {}", asked.method, asked.path), connections));
        }
        if asked.path == "/_token" {
            return sign_in::token();
        }
        match asked.path.strip_prefix('/').map(|path| path.split_once('/').unwrap_or((path, ""))) {
            Some(("", _)) | None => sign_in::sts(asked),
            Some((bucket, "")) => bucket::answer(&mut self.buckets(), bucket, asked),
            Some((bucket, key)) => object::answer(&self.buckets, bucket, key, asked),
        }
    }

    /// What the benchmark itself wants: never delayed, never counted.
    fn command(&self, command: &str, asked: &Asked) -> Answer {
        match command {
            "delay" => {
                let delay = asked.query("microseconds").and_then(|value| value.parse().ok()).unwrap_or(0);
                self.set_delay(Duration::from_micros(delay));
            }
            "reset" => *self.buckets() = Buckets::default(),
            "forget" => self.forget_counts(),
            "counts" => {}
            _ => return Answer::error(404, "NoSuchCommand", command),
        }
        let (requests, connections) = (self.requests.load(Ordering::Relaxed), self.connections.load(Ordering::Relaxed));
        Answer::new(200).body(format!("{{\"requests\":{requests},\"connections\":{connections}}}").into_bytes())
    }
}

fn serve(connection: TcpStream, shared: &Shared) {
    // The handshake of TCP takes a round trip, whether anything is asked meanwhile or not.
    let opened = Instant::now();
    let Ok(mut writer) = connection.try_clone() else { return };
    if connection.set_nodelay(true).is_err() {
        return;
    }
    let mut reader = BufReader::new(connection);
    while let Some(asked) = http::read(&mut reader, &mut writer) {
        if !asked.path.starts_with("/_bench/") {
            // Nothing is asked before the handshake is done.
            shared.travel(opened);
            shared.travel(Instant::now());
        }
        let answer = shared.answer(&asked);
        if answer.write(&mut writer, asked.method == "HEAD").and_then(|()| writer.flush()).is_err() || asked.is_last {
            return;
        }
    }
}
