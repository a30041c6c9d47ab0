//! How most stories begin: something was published, and a step pulls it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};

use crate::harness::{Action, Annotation, Bucket, Run};

/// The version that the stories are about.
pub(crate) const VERSION: &str = "v1.0.0";

/// A bucket in which [`VERSION`] of `shop` consists of these files.
pub(crate) fn published(files: &[(&str, &str)]) -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket, files).run().succeeds();
    bucket
}

/// A step that pushes these files as [`VERSION`].
pub(crate) fn push(bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let step = Action::push(bucket).version(VERSION).files(&paths);
    files.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents))
}

/// A step that pulls [`VERSION`].
pub(crate) fn pull(bucket: &Bucket) -> Action {
    Action::pull(bucket).version(VERSION)
}

/// The one error of a step that failed.
pub(crate) fn error_of(run: &Run) -> &Annotation {
    let errors: Vec<_> = run.annotations.iter().filter(|annotation| annotation.level == "error").collect();
    assert_eq!(errors.len(), 1, "errors of a step that printed\n{}", run.printed());
    errors[0]
}

/// The warnings and notices with this title.
pub(crate) fn titled<'a>(run: &'a Run, title: &str) -> Vec<&'a str> {
    run.annotations
        .iter()
        .filter(|annotation| annotation.title == title)
        .map(|annotation| annotation.message.as_str())
        .collect()
}

/// A service of the test's own that gives every request the same answer, and its endpoint.
pub(crate) fn service_that_answers(answer: impl Into<Vec<u8>>) -> String {
    let (answer, listener) = (answer.into(), TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    // It ends with the test program.
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
                request.push(byte[0]);
            }
            // Who asked may be gone.
            let _ = connection.write_all(&answer);
        }
    });
    endpoint
}
