//! GitHub's service that gives a job its OIDC token, which `act` does not have.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A service that answers every request with a token. It ends with the test program.
pub(crate) struct TokenService {
    address: SocketAddr,
}

impl TokenService {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
                    request.push(byte[0]);
                }
                let body = r#"{"value":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJyZXBvOmFjbWUvc2hvcCJ9.c2lnbmF0dXJl"}"#;
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
                // Who asked may be gone.
                let _ =
                    connection.write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            }
        });
        Self { address }
    }

    /// What a job with `id-token: write` finds in its environment.
    pub(crate) fn variables(&self) -> [(&'static str, String); 2] {
        [
            ("ACTIONS_ID_TOKEN_REQUEST_URL", format!("http://{}/token?api-version=2.0", self.address)),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "the-jobs-own-request-token".to_owned()),
        ]
    }
}
