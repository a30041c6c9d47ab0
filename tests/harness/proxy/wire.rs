//! HTTP/1.1 as far as the tests' own services need it: bodies have a length, connections are kept.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::super::http::{Request, Response, decode};
use super::Seen;

/// Where a head ends.
const END: &[u8] = b"\r\n\r\n";

/// A request whose body has not been read.
pub(in crate::harness) struct Head {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    /// Whether the connection ends with the answer.
    pub(super) is_last: bool,
}

/// Reads a request up to its body. Byte by byte, so that the body is left to whoever reads on.
pub(in crate::harness) fn read_head(connection: &mut impl Read) -> Option<Head> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(END) {
        connection.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    parse(&bytes)
}

/// As [`read_head`], of a connection that lets one look at what has come: so the body is left to the kernel, and a head
/// does not take a call for each of its bytes.
pub(in crate::harness) fn peek_head(connection: &mut TcpStream) -> Option<Head> {
    let mut bytes = Vec::new();
    let mut came = [0; 4096];
    loop {
        let length = connection.peek(&mut came).ok().filter(|length| *length > 0)?;
        let before = bytes.len();
        bytes.extend_from_slice(&came[..length]);
        let start = before.saturating_sub(END.len() - 1);
        let end = bytes[start..].windows(END.len()).position(|window| window == END);
        bytes.truncate(end.map_or(bytes.len(), |at| start + at + END.len()));
        connection.read_exact(&mut came[..bytes.len() - before]).ok()?;
        if end.is_some() {
            return parse(&bytes);
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let method = first.next()?;
    let method = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"].into_iter().find(|known| *known == method)?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    Some(Head { method, target: first.next()?.to_owned(), headers, is_last: first.next() == Some("HTTP/1.0") })
}

impl Head {
    /// As the tests see it.
    pub(super) fn seen(&self) -> Seen {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        let key = path.split_once('/').map_or("", |(_, key)| key);
        Seen {
            method: self.method.to_owned(),
            key: decode(key),
            query: query.to_owned(),
            headers: self.headers.clone(),
        }
    }

    fn length(&self) -> usize {
        let header = |name: &str| self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value);
        assert!(header("transfer-encoding").is_none(), "a body without a length");
        header("content-length").map_or(0, |length| length.parse().unwrap())
    }

    /// Reads half of the body.
    pub(super) fn read_part_of_body(&self, connection: &mut TcpStream) {
        let _ = connection.read_exact(&mut vec![0; self.length() / 2]);
    }

    /// The whole request, to be passed on.
    pub(in crate::harness) fn with_body(self, connection: &mut (impl Read + Write)) -> Option<Request> {
        if self.headers.iter().any(|(name, value)| name == "expect" && value == "100-continue") {
            connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
        }
        let mut body = vec![0; self.length()];
        connection.read_exact(&mut body).ok()?;
        // The host stays: it is a part of what was signed.
        let of_connection = ["content-length", "connection", "expect"];
        let headers = self.headers.into_iter().filter(|(name, _)| !of_connection.contains(&name.as_str())).collect();
        Some(Request { method: self.method, target: self.target, headers, body })
    }
}

/// An answer as it goes over the wire, its length header set to that of its body.
pub(in crate::harness) fn bytes(answer: &Response, is_head: bool) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} Answer\r\n", answer.status);
    for (name, value) in &answer.headers {
        // The length of what a HEAD does not send is the server's to say.
        if !["connection", "transfer-encoding"].contains(&name.as_str()) && (is_head || name != "content-length") {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    if !is_head {
        text.push_str(&format!("content-length: {}\r\n", answer.body.len()));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    if !is_head {
        bytes.extend_from_slice(&answer.body);
    }
    bytes
}
