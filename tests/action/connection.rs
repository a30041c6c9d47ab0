//! Where requests go, with which credentials, and what is said when no S3 answers.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use crate::harness::{Action, Bucket, shows};
use crate::story::{VERSION, error_of, published, pull, service_that_answers};

#[test]
fn no_credentials() {
    let bucket = Bucket::missing();
    let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let step = names.into_iter().fold(pull(&bucket), Action::without_env).env("AWS_EC2_METADATA_DISABLED", "true");
    let run = step.run().fails(3);
    assert!(error_of(&run).message.contains("aws-actions/configure-aws-credentials"), "{:?}", run.annotations);
}

#[test]
fn nobody_listens() {
    // A port that was free a moment ago may be another test's by now; nobody is given this one.
    let run = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "http://127.0.0.1:1").run().fails(7);
    assert!(error_of(&run).message.contains("`endpoint-url`"), "{:?}", run.annotations);
}

#[test]
fn an_answer_that_is_not_s3s() {
    let page = "<html>\u{1b}[31m Sign in to the proxy\n::error::forged\n<body>hello</body></html>";
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    let endpoint = service_that_answers(answer);
    let run = Action::pull(&Bucket::missing()).version("latest").env("AWS_ENDPOINT_URL", &endpoint).run().fails(7);
    let error = error_of(&run);
    assert!(error.message.contains("<html>\u{FFFD}[31m Sign in to the proxy"), "{error:?}");
    assert!(!error.message.contains("forged") && !error.message.contains("<body>"), "{error:?}");
}

#[test]
fn the_clear_is_refused_elsewhere_than_on_this_machine() {
    let _shown =
        shows("T8", "an endpoint over http on another machine", "code 2 before any request, unless it is allowed");
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] {
        let run = pull(&Bucket::missing()).env(variable, "http://203.0.113.7:9000").run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.title, "Input endpoint-url");
        assert!(error.message.contains(variable) && error.message.contains("`allow-http: true`"), "{error:?}");
    }
}

#[test]
fn the_input_comes_before_the_variables() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let own = bucket.server().endpoint();
    let elsewhere = "http://127.0.0.1:1";
    pull(&bucket).env("AWS_ENDPOINT_URL", elsewhere).input("endpoint-url", &own).run().succeeds();
    pull(&bucket).env("AWS_ENDPOINT_URL", elsewhere).env("AWS_ENDPOINT_URL_S3", &own).run().succeeds();
    pull(&bucket)
        .env("AWS_ENDPOINT_URL", "")
        .input("endpoint-url", &own.replace("127.0.0.1", "localhost"))
        .run()
        .succeeds();
}

#[test]
fn credentials_never_follow_a_redirect() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = elsewhere.local_addr().unwrap();
    for status in ["301 Moved Permanently", "307 Temporary Redirect", "302 Found"] {
        let endpoint = service_that_answers(format!(
            "HTTP/1.1 {status}\r\nLocation: http://{location}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ));
        let run = Action::pull(&Bucket::missing()).version(VERSION).env("AWS_ENDPOINT_URL", &endpoint).run();
        assert_ne!(run.code, 0, "{status}");
        assert_eq!(elsewhere.accept().map(drop).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock), "{status}");
    }
}

#[test]
fn the_whole_step_has_a_deadline() {
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", service.local_addr().unwrap());
    // It is never accepted, so no answer can come.
    let step = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", &endpoint).input("timeout-seconds", "1");
    step.run().fails(7).says("within 1 second").says("`timeout-seconds`");
}
