//! Plain HTTP to the test server: one request, one connection.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// Path and query, encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A request without headers or body.
    pub(crate) fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// Adds headers.
    pub(crate) fn headers(mut self, headers: &[(&str, &str)]) -> Self {
        self.headers.extend(headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// A header's value; its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A field of a body that is a form, as the query services of AWS are asked.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let body = String::from_utf8_lossy(&self.body).replace('+', " ");
        let pair = body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(ToOwned::to_owned));
        pair.map(|value| decode(&value))
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The headers, their names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// An answer of the test's own.
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// This answer, which must be a success.
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.status < 300, "the test server answered {}: {}", self.status, self.text());
        self
    }

    /// This answer, which must be a success, or nothing when it is 404.
    pub(crate) fn found(self) -> Option<Self> {
        (self.status != 404).then(|| self.succeeded())
    }
}

/// Sends a request to a port of the loopback.
pub(crate) fn send(port: u16, request: &Request) -> Response {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the test server accepts");
    // HTTP 1.0: the answer comes without chunks and ends with the connection.
    let mut head = format!("{} {} HTTP/1.0\r\n", request.method, request.target);
    if request.header("host").is_none() {
        head.push_str(&format!("Host: 127.0.0.1:{port}\r\n"));
    }
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
    connection.write_all(head.as_bytes()).unwrap();
    connection.write_all(&request.body).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    parse(&answer)
}

fn parse(answer: &[u8]) -> Response {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&answer[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':'));
    Response {
        status: status.expect("an answer has a status"),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect(),
        body: answer[end + 4..].to_vec(),
    }
}

/// A text as one part of a path or query: all but unreserved characters encoded, `/` kept.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// What [`encode`] made, or anybody else.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
