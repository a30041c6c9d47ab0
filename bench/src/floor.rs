//! The floor: the least that any client can take to get or put objects. Bare sockets, one thread, requests made
//! beforehand, nothing signed, no answer looked at beyond its length.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use crate::Error;

struct Connection {
    stream: TcpStream,
    /// What is still to be sent of the request.
    sending: Vec<u8>,
    sent: usize,
    received: Vec<u8>,
    /// The whole answer's length, once its head is there.
    expected: Option<usize>,
}

pub(crate) fn run(method: &str, arguments: &[&str]) -> Result<(), Error> {
    let [address, connections, bucket, prefix, count, bytes] = arguments else { return Err(crate::USAGE.into()) };
    let (connections, count, bytes): (usize, usize, usize) = (connections.parse()?, count.parse()?, bytes.parse()?);
    let body = vec![b'x'; if method == "put" { bytes } else { 0 }];
    let method = method.to_uppercase();
    let mut requests: VecDeque<Vec<u8>> = (0..count)
        .map(|number| {
            let length = body.len();
            let ending = if bytes <= 1024 { "env" } else { "bin" };
            let path = format!("/{bucket}/{prefix}f/{number:04}.{ending}");
            let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n");
            [head.as_bytes(), &body].concat()
        })
        .collect();

    let epoll = Epoll::new(EpollCreateFlags::empty())?;
    let mut open: Vec<Connection> = Vec::new();
    for index in 0..connections.min(count) {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let interest = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT | EpollFlags::EPOLLET;
        epoll.add(&stream, EpollEvent::new(interest, index as u64))?;
        let sending = requests.pop_front().unwrap_or_default();
        open.push(Connection { stream, sending, sent: 0, received: Vec::new(), expected: None });
    }
    let mut answered = 0;
    let mut events = vec![EpollEvent::empty(); 256];
    while answered < count {
        let came = epoll.wait(&mut events, EpollTimeout::NONE)?;
        for event in &events[..came] {
            let connection = &mut open[usize::try_from(event.data())?];
            // Edge-triggered: all that can be done is done.
            loop {
                connection.send()?;
                if !connection.receive()? {
                    break;
                }
                answered += 1;
                let Some(next) = requests.pop_front() else { break };
                connection.sending = next;
                connection.sent = 0;
            }
        }
    }
    println!("{{\"requests\":{answered}}}");
    Ok(())
}

impl Connection {
    fn send(&mut self) -> Result<(), Error> {
        while self.sent < self.sending.len() {
            match self.stream.write(&self.sending[self.sent..]) {
                Ok(bytes) => self.sent += bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Whether an answer is complete.
    fn receive(&mut self) -> Result<bool, Error> {
        let mut buffer = [0; 64 * 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err("the server closed a connection".into()),
                Ok(bytes) => self.received.extend_from_slice(&buffer[..bytes]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error.into()),
            }
            if self.expected.is_none() {
                self.expected = whole_length(&self.received)?;
            }
            if self.expected.is_some_and(|expected| self.received.len() >= expected) {
                self.received.clear();
                self.expected = None;
                return Ok(true);
            }
        }
    }
}

fn whole_length(received: &[u8]) -> Result<Option<usize>, Error> {
    let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&received[..end])?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(format!("the server answered {}", head.lines().next().unwrap_or_default()).into());
    }
    let length =
        head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).ok_or("an answer without a length")?;
    Ok(Some(end + 4 + length.parse::<usize>()?))
}
