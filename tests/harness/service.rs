//! A service of the test's own, for what no server answers on demand.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::http::{Request, Response};
use super::proxy::wire;

/// A service on a port of its own, which remembers what it was asked. It ends with the test program.
pub(crate) struct Service {
    port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Service {
    /// Answers over http.
    pub(crate) fn start(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::start_with(Some, answer)
    }

    /// Answers over https, with the certificate of `config`.
    pub(crate) fn start_secure(
        config: ServerConfig,
        answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let config = Arc::new(config);
        let secure =
            move |connection| Some(StreamOwned::new(ServerConnection::new(Arc::clone(&config)).ok()?, connection));
        Self::start_with(secure, answer)
    }

    fn start_with<C: Read + Write>(
        open: impl Fn(TcpStream) -> Option<C> + Send + Sync + 'static,
        answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (of_thread, shared) = (Arc::clone(&seen), Arc::new((open, answer)));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (seen, shared) = (Arc::clone(&of_thread), Arc::clone(&shared));
                thread::spawn(move || {
                    let (open, answer) = &*shared;
                    connection.set_nodelay(true).unwrap();
                    let Some(mut connection) = open(connection) else { return };
                    while let Some(head) = wire::read_head(&mut connection) {
                        let Some(request) = head.with_body(&mut connection) else { return };
                        let response = answer(&request);
                        let bytes = wire::bytes(&response, request.method == "HEAD");
                        seen.lock().unwrap().push(request);
                        if connection.write_all(&bytes).and_then(|()| connection.flush()).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, seen }
    }

    /// Its port of the loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked so far, as each was answered.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}
