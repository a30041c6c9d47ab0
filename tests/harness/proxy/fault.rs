//! What is done to requests and answers.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::Response;
use super::answer::s3_error;

/// What is done to a request.
#[derive(Clone)]
pub(crate) enum Fault {
    /// The first of these is done to the first request that is meant, and so on, over and over.
    InTurn(Vec<Fault>),
    /// The connection is reset before the request has been read.
    Reset,
    /// The connection ends in the midst of the request.
    CutRequest,
    /// The request is passed on, and the connection ends after so many bytes of the answer.
    CutAnswer(usize),
    /// The request is passed on, and the connection ends without an answer.
    LoseAnswer,
    /// The request is passed on and answered, and then the connection ends, which the tool learns when it uses it again.
    CloseAfter,
    /// A byte of the request's body has changed on its way: S3 compares it with the checksum, and refuses it. (The
    /// server behind does not look.) Of a request without a body, one of the answer's.
    FlipByte,
    /// So many bytes of the answer come, then none until the proxy is told to [`release`](Proxy::release).
    StallWithin(usize),
    /// No byte comes until the proxy is told to [`release`](Proxy::release), then the connection ends.
    Stall,
    /// Something happens when the request has come, and then no byte, as with a stall.
    StallAnd(Arc<dyn Fn() + Send + Sync>),
    /// This is answered, and the request is not passed on.
    Answer(Response),
    /// This is answered, with so many bytes more, whatever they would take of memory.
    Flood(Response, usize),
    /// The same without saying how many bytes there are: they end with the connection.
    FloodUnannounced(Response, usize),
    /// The request is passed on without this header, `if-match` or `if-none-match`, as a service that ignores it does.
    IgnoreCondition(&'static str),
    /// A put with `If-Match` is refused, whatever state it names, and any other is passed on.
    RefuseIfMatch,
    /// The request is passed on, and the answer changed.
    Change(Arc<dyn Fn(&mut Response) + Send + Sync>),
    /// The request is passed on only when the proxy has seen so many; it is a broken promise if they do not come.
    Until(usize),
    /// The requests that are meant are passed on only when all of them have come: those who send them have met. It is a
    /// broken promise if they do not come.
    Together,
    /// Something happens before the request is passed on.
    Before(Arc<dyn Fn() + Send + Sync>),
    /// Something happens, the request is not passed on, and the connection ends.
    Instead(Arc<dyn Fn() + Send + Sync>),
    /// The request is passed on, something happens, and the answer is lost.
    LoseAnswerAnd(Arc<dyn Fn() + Send + Sync>),
}

impl Fault {
    /// An error as S3 answers it; see [`s3_error`].
    pub(crate) fn s3(status: u16, code: &str, message: &str) -> Self {
        Self::Answer(s3_error(status, code, message))
    }

    /// Changes the body of an answer; its length header will be right.
    pub(crate) fn body(change: impl Fn(&mut Vec<u8>) + Send + Sync + 'static) -> Self {
        Self::Change(Arc::new(move |answer| change(&mut answer.body)))
    }

    /// Takes its time before a request is passed on.
    pub(crate) fn delay(time: Duration) -> Self {
        Self::before(move || {
            let end = Instant::now() + time;
            while let Some(left) = end.checked_duration_since(Instant::now()) {
                thread::park_timeout(left);
            }
        })
    }

    /// What is done to a request after so many others.
    pub(super) fn at_turn(&self, done: usize) -> Self {
        match self {
            Self::InTurn(faults) => faults[done % faults.len()].clone(),
            fault => fault.clone(),
        }
    }

    /// Does something before a request is passed on.
    pub(crate) fn before(action: impl Fn() + Send + Sync + 'static) -> Self {
        Self::Before(Arc::new(action))
    }
}
