//! A proxy that opens tunnels, as one of a company does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy that opens tunnels, or refuses them all, and what it was asked for.
pub(crate) struct Tunnels {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Tunnels {
    /// One that answers this in place of opening any, if it is said.
    pub(crate) fn start(refusal: Option<&'static str>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let asked = Arc::clone(&of_thread);
                thread::spawn(move || tunnel(client, refusal, &asked));
            }
        });
        Self { port, asked }
    }

    /// Where it is, with a user and a password.
    pub(crate) fn url(&self) -> String {
        format!("http://user:password-of-the-proxy@127.0.0.1:{}", self.port)
    }

    /// The first lines of what it was asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn tunnel(mut client: TcpStream, refusal: Option<&str>, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    // Whoever opened the connection may have ended before it asked for anything.
    if !head.ends_with(b"\r\n\r\n") {
        return;
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let first = head.lines().next().unwrap_or_default().to_owned();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap().push(first);
    if let Some(refusal) = refusal {
        let _ = client.write_all(format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n").as_bytes());
        return;
    }
    assert!(head.to_lowercase().contains("proxy-authorization: basic"), "{head}");
    let Ok(server) = TcpStream::connect(target) else { return };
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    let (mut from, mut to) = (server, client);
    let _ = std::io::copy(&mut from, &mut to);
}
