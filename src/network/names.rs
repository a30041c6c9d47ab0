use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::future::{FutureExt as _, Shared};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use super::fault::LookUpFailed;

/// Looks each host up once a run: many connections are opened at the same time, and each look-up takes a thread.
#[derive(Clone, Default)]
pub(super) struct Names(Arc<Known>);

#[derive(Default)]
struct Known {
    by_name: Mutex<HashMap<Name, LookUp>>,
    /// The addresses that were found last, by host, for messages.
    last_found: Mutex<HashMap<String, Vec<SocketAddr>>>,
    /// How many connections have been given addresses.
    turn: AtomicUsize,
}

type Answer = Result<Vec<SocketAddr>, Arc<io::Error>>;
type LookUp = Shared<Pin<Box<dyn Future<Output = Answer> + Send>>>;

impl Names {
    fn known(&self) -> MutexGuard<'_, HashMap<Name, LookUp>> {
        self.0.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a host looked up again the next time.
    pub(super) fn forget(&self, host: &str) {
        self.known().retain(|name, _| name.as_str() != host);
    }

    /// The addresses that a host had when it was last looked up; empty when it was not, or has none.
    pub(super) fn last_found(&self, host: &str) -> Vec<SocketAddr> {
        self.0.last_found.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned().unwrap_or_default()
    }

    fn look_up(&self, name: &Name) -> LookUp {
        let new = || {
            let addresses = GaiResolver::new().call(name.clone());
            let answer = async { addresses.await.map(Iterator::collect).map_err(Arc::new) };
            (Box::pin(answer) as Pin<Box<dyn Future<Output = Answer> + Send>>).shared()
        };
        self.known().entry(name.clone()).or_insert_with(new).clone()
    }
}

impl Service<Name> for Names {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = LookUpFailed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, LookUpFailed>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LookUpFailed>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let names = self.clone();
        Box::pin(async move {
            match names.look_up(&name).await {
                Ok(addresses) => {
                    let mut last_found = names.0.last_found.lock().unwrap_or_else(PoisonError::into_inner);
                    last_found.insert(name.as_str().to_owned(), addresses.clone());
                    Ok(in_turn(addresses, names.0.turn.fetch_add(1, Ordering::Relaxed)).into_iter())
                }
                Err(error) => {
                    // It may do better next time.
                    names.known().remove(&name);
                    Err(LookUpFailed(error))
                }
            }
        })
    }
}

/// The addresses, beginning with another one at each turn: S3 gives several, so that their load is shared. Those of one
/// family stay before those of the other, as the system ordered them.
fn in_turn(mut addresses: Vec<SocketAddr>, turn: usize) -> Vec<SocketAddr> {
    let Some(first) = addresses.first() else { return addresses };
    let is_alike = |other: &SocketAddr| other.is_ipv4() == first.is_ipv4();
    let alike = addresses.iter().take_while(|address| is_alike(address)).count();
    addresses[..alike].rotate_left(turn % alike);
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_take_turns_within_their_family() {
        let all: Vec<SocketAddr> =
            ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"].map(|text| text.parse().unwrap()).into();
        let first =
            |turn| in_turn(all.clone(), turn).into_iter().map(|address| address.to_string()).collect::<Vec<_>>();
        assert_eq!(first(0), ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"]);
        assert_eq!(first(1), ["[::2]:1", "[::3]:1", "[::1]:1", "1.1.1.1:1", "2.2.2.2:1"]);
        assert_eq!(first(3), first(0));
        assert!(in_turn(Vec::new(), 3).is_empty());
    }
}
