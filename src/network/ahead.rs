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
    waiting: Arc<Mutex<HashMap<Origin, VecDeque<Waiting>>>>,
}

/// Scheme and authority.
type Origin = (Option<String>, Option<String>);

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
        Self { connect, waiting: Arc::default() }
    }

    /// Begins to open connections to where this URL leads.
    pub(super) fn open(&self, url: &Uri, connections: usize) {
        let opening = (0..connections).map(|_| {
            let (connect, url) = (self.connect.clone(), url.clone());
            Waiting { since: Instant::now(), connection: tokio::spawn(async move { connect.to(&url).await }) }
        });
        self.waiting().entry(origin(url)).or_default().extend(opening);
    }

    /// A connection over which requests to this URL can be sent: one that was opened ahead, or a new one.
    pub(super) async fn connection(&self, url: &Uri) -> Result<Stream, BoxError> {
        while let Some(mut waiting) = self.take(url) {
            if waiting.since.elapsed() < FRESH
                && let Ok(Ok(stream)) = (&mut waiting.connection).await
            {
                return Ok(stream);
            }
        }
        self.connect.to(url).await
    }

    fn take(&self, url: &Uri) -> Option<Waiting> {
        self.waiting().get_mut(&origin(url))?.pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Origin, VecDeque<Waiting>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &Uri) -> Origin {
    (url.scheme_str().map(ToOwned::to_owned), url.authority().map(|authority| authority.as_str().to_owned()))
}
