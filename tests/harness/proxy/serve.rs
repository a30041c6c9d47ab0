//! One connection: each request is passed on or not, as was planned.

use std::io::Write;
use std::net::{Shutdown, TcpStream};

use super::super::server::Server;
use super::answer::s3_error;
use super::{Fault, Response, Shared, wire};

/// Serves one connection until either side ends it.
pub(super) fn serve(mut connection: TcpStream, shared: &Shared, server: &'static Server) {
    connection.set_nodelay(true).unwrap();
    while let Some(head) = wire::peek_head(&mut connection) {
        let (rule, fault) = shared.note(head.seen()).unzip();
        match &fault {
            // What was not read makes the kernel send a reset; what has been read whole ends like a lost answer.
            Some(Fault::Reset) => return,
            Some(Fault::CutRequest) => {
                head.read_part_of_body(&mut connection);
                return;
            }
            _ => {}
        }
        let is_last = head.is_last;
        let Some(mut request) = head.with_body(&mut connection) else { return };
        if let Some(Fault::IgnoreCondition(header)) = &fault {
            request.headers.retain(|(name, _)| name != header);
        }
        let is_head = request.method == "HEAD";
        let pass_on = || server.send_signed(&request);
        let close_after = is_last || matches!(fault, Some(Fault::CloseAfter));
        let wait_for_release = || {
            let state = shared.state();
            let _unused = shared.released.wait_while(state, |state| !state.released).unwrap();
        };
        let bytes = match fault {
            Some(Fault::FlipByte) if request.body.is_empty() => {
                let mut answer = pass_on();
                match answer.body.first_mut() {
                    Some(byte) => *byte ^= 1,
                    None => shared.breaks("a byte to flip, where there is none".to_owned()),
                }
                wire::bytes(&answer, is_head)
            }
            Some(Fault::FlipByte) => {
                let words = "The SHA256 you specified did not match the calculated checksum.";
                wire::bytes(&s3_error(400, "BadDigest", words), is_head)
            }
            Some(Fault::StallWithin(length)) => {
                let bytes = wire::bytes(&pass_on(), is_head);
                let _ = connection.write_all(&bytes[..length.min(bytes.len().saturating_sub(1))]);
                wait_for_release();
                return;
            }
            Some(Fault::RefuseIfMatch) if request.header("if-match").is_some() => {
                let words = "At least one of the pre-conditions you specified did not hold";
                wire::bytes(&s3_error(412, "PreconditionFailed", words), is_head)
            }
            Some(Fault::RefuseIfMatch) => wire::bytes(&pass_on(), is_head),
            None | Some(Fault::CloseAfter | Fault::IgnoreCondition(_)) => wire::bytes(&pass_on(), is_head),
            Some(Fault::Change(change)) => {
                let unchanged = pass_on();
                let mut answer = unchanged.clone();
                change(&mut answer);
                if answer == unchanged {
                    shared.breaks(format!("an answer to be changed that stayed as it was: {:?}", answer.text()));
                }
                wire::bytes(&answer, is_head)
            }
            Some(Fault::Until(requests)) => {
                shared.wait_for(requests);
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Together) => {
                rule.into_iter().for_each(|rule| shared.wait_for_all(rule));
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Before(action)) => {
                action();
                wire::bytes(&pass_on(), is_head)
            }
            Some(Fault::Answer(answer)) => wire::bytes(&answer, is_head),
            Some(Fault::Flood(answer, more)) => {
                let length = format!("content-length: {}\r\n", answer.body.len() + more);
                return flood(&mut connection, &answer, &length, more);
            }
            Some(Fault::FloodUnannounced(answer, more)) => {
                return flood(&mut connection, &answer, "connection: close\r\n", more);
            }
            Some(Fault::CutAnswer(length)) => {
                let bytes = wire::bytes(&pass_on(), is_head);
                let _ = connection.write_all(&bytes[..length.min(bytes.len().saturating_sub(1))]);
                let _ = connection.shutdown(Shutdown::Both);
                return;
            }
            Some(Fault::LoseAnswer) => {
                pass_on();
                return;
            }
            Some(Fault::Instead(action)) => {
                action();
                return;
            }
            Some(Fault::LoseAnswerAnd(action)) => {
                pass_on();
                action();
                return;
            }
            Some(Fault::StallAnd(action)) => {
                action();
                wait_for_release();
                return;
            }
            Some(Fault::Stall) => {
                wait_for_release();
                return;
            }
            Some(Fault::Reset | Fault::CutRequest) => return,
            Some(Fault::InTurn(_)) => unreachable!("its turn has been taken"),
        };
        if connection.write_all(&bytes).is_err() || close_after {
            return;
        }
    }
}

/// Answers with more bytes than anybody holds. `length` stands in place of the header of that name.
fn flood(connection: &mut TcpStream, answer: &Response, length: &str, more: usize) {
    let head = String::from_utf8(wire::bytes(answer, false)).unwrap();
    let head = head.replace(&format!("content-length: {}\r\n", answer.body.len()), length);
    let chunk = vec![b'x'; 1 << 16];
    let mut flows = connection.write_all(head.as_bytes()).is_ok();
    for _ in 0..more / chunk.len() {
        flows = flows && connection.write_all(&chunk).is_ok();
    }
}
