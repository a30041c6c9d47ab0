use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::box_error::BoxError;
use http::Uri;
use tokio::task::JoinHandle;

use super::connect::{Connect, Stream};

/// A connection that was not used for this long is not used at all: what it leads to may have closed it. S3 waits
/// longer.
const FRESH: Duration = Duration::from_secs(5);

/// Connections that are opened before there is something to send: the first request over each then takes one round
/// trip, and not that of the connection as well (with TLS, two).
#[derive(Clone)]
pub(super) struct Ahead {
    connect: Connect,
    by_origin: Arc<Mutex<HashMap<Origin, Opened>>>,
}

/// Scheme and authority.
type Origin = (Option<String>, Option<String>);

/// The connections of one origin.
#[derive(Default)]
struct Opened {
    /// How many were opened ahead in all: those that were taken are in the pool, to be used again.
    number: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    since: Instant,
    connection: JoinHandle<Result<Stream, BoxError>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Ahead {
    pub(super) fn new(connect: Connect) -> Self {
        Self { connect, by_origin: Arc::default() }
    }

    /// Begins to open connections to where this URL leads, as far as so many were not opened already.
    pub(super) fn open(&self, url: &Uri, connections: usize) {
        let mut by_origin = self.by_origin();
        let opened = by_origin.entry(origin(url)).or_default();
        let opening = (opened.number..connections).map(|_| {
            let (connect, url) = (self.connect.clone(), url.clone());
            Waiting { since: Instant::now(), connection: tokio::spawn(async move { connect.to(&url).await }) }
        });
        opened.waiting.extend(opening);
        opened.number = opened.number.max(connections);
    }

    /// A connection over which requests to this URL can be sent: one that was opened ahead, or a new one.
    pub(super) async fn connection(&self, url: &Uri) -> Result<Stream, BoxError> {
        while let Some(mut waiting) = self.take(url) {
            if waiting.since.elapsed() < FRESH
                && let Ok(Ok(mut stream)) = (&mut waiting.connection).await
                && stream.is_quiet().await
            {
                return Ok(stream);
            }
        }
        self.connect.to(url).await
    }

    /// One that is open, else the one that was begun first.
    fn take(&self, url: &Uri) -> Option<Waiting> {
        let mut by_origin = self.by_origin();
        let waiting = &mut by_origin.get_mut(&origin(url))?.waiting;
        let open = waiting.iter().position(|waiting| waiting.connection.is_finished());
        waiting.remove(open.unwrap_or(0))
    }

    fn by_origin(&self) -> MutexGuard<'_, HashMap<Origin, Opened>> {
        self.by_origin.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &Uri) -> Origin {
    (url.scheme_str().map(ToOwned::to_owned), url.authority().map(|authority| authority.as_str().to_owned()))
}
