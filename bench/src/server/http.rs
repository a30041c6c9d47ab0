//! HTTP/1.1 as far as S3's clients use it: bodies have a length, connections are kept.

use std::io::{self, BufRead, Read as _, Write};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

/// Up to this size an answer's head and body go out in one piece.
const ONE_PIECE: usize = 64 * 1024;

/// A request.
pub(super) struct Asked {
    pub(super) method: String,
    /// Decoded.
    pub(super) path: String,
    query: Vec<(String, String)>,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the connection ends with the answer.
    pub(super) is_last: bool,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, empty when it has no value.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether the query has no parameter but this, if any.
    pub(super) fn asks_for_nothing_but(&self, name: &str) -> bool {
        self.query.iter().all(|(other, _)| other == name)
    }

    /// A field of a body that is a form.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let body = String::from_utf8_lossy(&self.body);
        pairs(&body.replace('+', " ")).into_iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }
}

/// Reads the next request of a connection; none at its end, or when it is not HTTP.
pub(super) fn read(reader: &mut impl BufRead, writer: &mut impl Write) -> Option<Asked> {
    let first = line(reader)?;
    let mut parts = first.split(' ');
    let (method, target, protocol) = (parts.next()?.to_owned(), parts.next()?, parts.next()?);
    // A proxy's form names the host too.
    let target = target.strip_prefix("http://").and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut asked =
        Asked { method, path: decode(path), query: pairs(query), headers, body: Vec::new(), is_last: false };
    asked.is_last = protocol == "HTTP/1.0" || asked.header("connection") == Some("close");
    let length: usize = asked.header("content-length").map_or(Some(0), |length| length.parse().ok())?;
    if asked.header("expect").is_some() {
        // Without the round trip that this costs in a real network: it favours those who ask.
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let mut body = Vec::with_capacity(length);
    reader.take(length as u64).read_to_end(&mut body).ok().filter(|read| *read == length)?;
    asked.body = body;
    Some(asked)
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).ok()?;
    let line = line.strip_suffix(b"\r\n")?;
    String::from_utf8(line.to_vec()).ok()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(n, v)| (decode(n), decode(v))).collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An answer.
pub(super) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

enum Body {
    Own(Vec<u8>),
    /// A part of an object.
    Shared(Arc<Vec<u8>>, std::ops::Range<usize>),
}

impl Answer {
    pub(super) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Own(Vec::new()) }
    }

    /// A document.
    pub(super) fn xml(body: String) -> Self {
        Self::new(200).header("Content-Type", "application/xml").body(body.into_bytes())
    }

    /// An error as S3 words it.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
             <RequestId>BENCH</RequestId></Error>",
            escape(message)
        );
        Self { status, ..Self::xml(body) }
    }

    pub(super) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn body(self, body: Vec<u8>) -> Self {
        Self { body: Body::Own(body), ..self }
    }

    pub(super) fn part(self, body: &Arc<Vec<u8>>, range: std::ops::Range<usize>) -> Self {
        Self { body: Body::Shared(Arc::clone(body), range), ..self }
    }

    pub(super) fn write(&self, writer: &mut impl Write, is_head: bool) -> io::Result<()> {
        let body = match &self.body {
            Body::Own(body) => body.as_slice(),
            Body::Shared(body, range) => body.get(range.clone()).unwrap_or_default(),
        };
        let mut bytes = Vec::with_capacity(512 + if body.len() <= ONE_PIECE { body.len() } else { 0 });
        write!(
            bytes,
            "HTTP/1.1 {} {}\r\nServer: bench\r\nx-amz-request-id: BENCH\r\n",
            self.status,
            reason(self.status)
        )?;
        for (name, value) in &self.headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        if self.status != 204 {
            write!(bytes, "Content-Length: {}\r\n", body.len())?;
        }
        bytes.extend_from_slice(b"\r\n");
        if is_head {
            return writer.write_all(&bytes);
        }
        if body.len() <= ONE_PIECE {
            bytes.extend_from_slice(body);
            return writer.write_all(&bytes);
        }
        writer.write_all(&bytes)?;
        writer.write_all(body)
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        206 => "Partial Content",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        412 => "Precondition Failed",
        _ => "Answer",
    }
}

/// A text inside an XML element.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
