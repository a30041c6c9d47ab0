//! A network that is gone, stalls, or has something else than S3 at its end.

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};

use rustix::net::{AddressFamily, SocketType};

use crate::harness::proxy::{Fault, get, html, put, request};
use crate::harness::{Action, Bucket, shows};
use crate::story::{NEW, PATHS, at_once, proxy_with, pull, pulled, push, start_proxy, versioned};

#[test]
fn a_refused_connection_is_code_7() {
    let shown = shows("F1", "no connection can be made", "code 7, with what to check");
    let bucket = versioned();
    // A port that was free a moment ago may be another test's by now; nobody is given this one.
    let nobody = "http://127.0.0.1:1";
    // By its name, the message has the addresses as well.
    let by_name = nobody.replace("127.0.0.1", "localhost");
    let run = pull(&bucket, "v1").env("AWS_ENDPOINT_URL", &by_name).run().fails(7);
    run.says(&format!("{} (", by_name.trim_start_matches("http://"))).says("127.0.0.1");
    at_once(shown.each([pull(&bucket, "v1"), push(&bucket, NEW)]), |action| {
        let run = action.env("AWS_ENDPOINT_URL", nobody).run().fails(7);
        run.says("S3 not reachable").says("Check the network").says(nobody.trim_start_matches("http://"));
    });
}

#[test]
fn connections_that_break_every_time_are_code_7_and_leave_what_was_there() {
    let shown = shows("F1", "every connection breaks", "code 7; what stood there still does");
    at_once(shown.each([Fault::Reset, Fault::CutAnswer(40), Fault::CutAnswer(usize::MAX)]), |fault| {
        let bucket = versioned();
        push(&bucket, NEW).run().succeeds();
        let proxy = proxy_with(get("shop/v1/c.json").for_ever(), fault);
        pull(&bucket, "v1").through(&proxy).run().fails(7).says("s3:GetObject").says("shop/v1/c.json");
    });
}

#[test]
fn a_push_whose_answers_are_all_lost_is_code_7_and_is_finished_by_the_next() {
    let bucket = versioned();
    let proxy = proxy_with(put("shop/v1/c.json").for_ever(), Fault::LoseAnswer);
    push(&bucket, NEW).through(&proxy).run().fails(7).says("s3:PutObject").says("shop/v1/c.json");
    assert_eq!(pulled(&bucket, "v1", &[NEW]), None);
    push(&bucket, NEW).run().succeeds();
    assert_eq!(pulled(&bucket, "v1", &[NEW]), Some(NEW));
}

#[test]
fn throttling_for_a_while_is_waited_out_and_for_ever_is_code_7() {
    let shown = shows("F3", "503, 500 and 429 for a while, and for ever", "waited out; else code 7");
    let slow_down = || Fault::s3(503, "SlowDown", "Please reduce your request rate.");
    let bucket = versioned();
    for fault in
        shown.each([slow_down(), Fault::s3(500, "InternalError", ""), Fault::s3(429, "TooManyRequestsException", "")])
    {
        let bucket = versioned();
        push(&bucket, NEW).through(&proxy_with(put("shop/v1/").times(6), fault)).run().succeeds();
    }
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(get("shop/v1/c.json").for_ever(), slow_down());
    let run = pull(&bucket, "v1").through(&proxy).run().fails(7);
    run.says("SlowDown").says("S3 kept failing").says("TESTREQUEST00001");
}

#[test]
fn an_answer_that_stalls_is_given_up_and_asked_for_again() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(get("shop/v1/c.json"), Fault::Stall);
    pull(&bucket, "v1").through(&proxy).run().succeeds();
    assert_eq!(proxy.requests().len(), 1 + PATHS.len() + 1);
}

#[test]
fn a_step_does_not_outlast_its_deadline() {
    let shown = shows("F2", "nothing is ever answered", "code 7 at the deadline that was set");
    let bucket = versioned();
    let proxy = proxy_with(request("", "").for_ever(), Fault::Stall);
    let stalled = |action: Action| {
        shown.case();
        action.through(&proxy).input("timeout-seconds", "1").run().fails(7)
    };
    let waiting = |action: &str| format!("it was waiting for the answer to {action} of s3://{}/shop/", bucket.name());
    stalled(pull(&bucket, "v1")).says("timeout-seconds").says(&waiting("s3:GetObject"));
    let run = stalled(push(&bucket, NEW)).says("timeout-seconds").says(&waiting("s3:GetObject"));
    run.says("This push has published nothing.");
}

#[test]
fn a_connection_that_is_never_made_ends_with_the_deadline() {
    let _shown = shows("F2", "a connection is never made", "code 7 at the deadline that was set");
    // Nobody takes the connections that wait here; with one waiting, the kernel lets no other come.
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().unwrap();
    let _waiting = TcpStream::connect(address).unwrap();
    let step = pull(&Bucket::missing(), "v1").env("AWS_ENDPOINT_URL", &format!("http://{address}"));
    step.input("timeout-seconds", "4").run().fails(7).says("timeout-seconds");
}

const PAGE: &str = "<html>\u{1b}[31m<title>Login to the company's network</title>\n::add-mask::x\n</html>";

#[test]
fn a_page_in_s3s_place_is_code_7_and_its_first_line_is_shown_clean() {
    let shown = shows("F8", "a page of HTML, with success or 404, to a read", "code 7, with its first line, cleaned");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    for status in [200, 404] {
        for key in shown.each(["/versions/", "shop/v1/c.json"]) {
            let proxy = proxy_with(get(key).for_ever(), Fault::Answer(html(status, PAGE)));
            let run = pull(&bucket, "v1").through(&proxy).run().fails(7);
            let run = run.says("Not an S3 answer").does_not_say("\u{1b}");
            // With success, and in a file's place, it might be the file.
            let run = match (status, key) {
                (200, "shop/v1/c.json") => run.does_not_say("Login"),
                _ => run.says("Login to the company"),
            };
            assert!(run.masks.is_empty(), "the page is no command");
        }
    }
}

#[test]
fn a_page_in_answer_to_a_put_is_no_success() {
    let shown = shows("F8", "a page of HTML, with success, to a write", "code 7; nothing is published");
    for key in shown.each(["/claims/", "shop/v1/c.json", "/versions/"]) {
        let bucket = versioned();
        // A page that a server keeps has an ETag, too.
        let mut kept = html(200, PAGE);
        kept.headers.push(("etag".to_owned(), "\"5f3c-abc\"".to_owned()));
        for page in [html(200, PAGE), kept] {
            let proxy = proxy_with(put(key).for_ever(), Fault::Answer(page));
            push(&bucket, NEW).through(&proxy).run().fails(7).says("Not an S3 answer");
            assert_eq!(pulled(&bucket, "v1", &[NEW]), None, "{key}");
        }
        push(&bucket, NEW).run().succeeds();
    }
}

#[test]
fn a_page_in_answer_to_a_head_is_no_file_that_is_there() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(request("", "c.json").for_ever(), Fault::Answer(html(200, "")));
    push(&bucket, NEW).through(&proxy).run().fails(7).says("Not an S3 answer");
    // Where the HEAD alone is answered by something else, there is the file itself to go by.
    let proxy = proxy_with(request("HEAD", "").for_ever(), Fault::Answer(html(200, "")));
    push(&bucket, NEW).through(&proxy).run().succeeds();
}

#[test]
fn success_with_an_error_in_its_body_and_errors_that_are_no_xml_are_code_7() {
    let shown = shows("F8", "success with an error in its body; incomplete XML", "code 7, naming the object");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let mut error = crate::harness::proxy::s3_error(500, "InternalError", "We encountered an internal error.");
    error.status = 200;
    let proxy = proxy_with(get("shop/v1/c.json").for_ever(), Fault::Answer(error));
    pull(&bucket, "v1").through(&proxy).run().fails(7).says("shop/v1/c.json");
    for status in shown.each([400, 500]) {
        let proxy = proxy_with(get("shop/v1/c.json").for_ever(), Fault::Answer(html(status, "<Error><Mess")));
        pull(&bucket, "v1").through(&proxy).run().fails(7).says("shop/v1/c.json").says(&status.to_string());
    }
}

#[test]
fn a_listing_that_is_no_xml_is_code_7() {
    let _shown = shows("F8", "a page of HTML in place of a listing", "code 7");
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let proxy = proxy_with(get("").for_ever(), Fault::Answer(html(200, PAGE)));
    pull(&bucket, "latest").through(&proxy).run().fails(7).says("Not an S3 answer").does_not_say("\u{1b}");
}

#[test]
fn each_request_that_is_sent_again_is_told_with_its_reason_at_debug_level_only() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let rows = [
        (get("/versions/").times(2), Fault::s3(503, "SlowDown", "Please reduce your request rate."), "status 503"),
        (get("/versions/").times(2), Fault::Reset, "connection"),
        (get("shop/v1/c.json").times(2), Fault::CutAnswer(400), "GetObject"),
    ];
    for (matching, fault, reason) in rows {
        let proxy = proxy_with(matching.clone(), fault.clone());
        let run = pull(&bucket, "v1").through(&proxy).env("RUNNER_DEBUG", "1").run().succeeds();
        let told: Vec<_> = run.stdout.lines().filter(|line| line.contains("is sent again")).collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told.iter().all(|line| line.starts_with("::debug::GetObject") && line.contains(reason)), "{told:#?}");
        let proxy = proxy_with(matching, fault);
        pull(&bucket, "v1").through(&proxy).run().succeeds().does_not_say("is sent again");
    }
}

#[test]
fn every_file_may_fail_for_a_while_however_many_there_are() {
    let shown = shows("F3", "each of 80 files fails once, pushed and pulled", "success");
    let bucket = versioned();
    let names: Vec<_> = (0..80).map(|n| format!("{n}.env")).collect();
    let paths: Vec<_> = names.iter().map(String::as_str).collect();
    let step = Action::push(&bucket).version("v1").files(&paths);
    let step =
        names.iter().enumerate().fold(step, |step, (n, name)| step.workspace_file(name, format!("K{n}=value-{n}\n")));
    let proxy = proxy_with(put("shop/v1/").times(80), Fault::s3(500, "InternalError", "We encountered an error."));
    step.through(&proxy).run().succeeds();
    for fault in shown.each([Fault::s3(503, "SlowDown", "Please reduce your request rate."), Fault::LoseAnswer]) {
        let proxy = proxy_with(get("shop/v1/").times(80), fault);
        pull(&bucket, "v1").through(&proxy).run().succeeds();
    }
}

#[test]
fn an_answer_that_quotes_what_was_sent_is_not_shown() {
    let shown = shows("F8", "an answer that quotes a value or a token", "code 7, and nothing of it is shown");
    for start in shown.each(["", "<html>", "<?xml version=\"1.0\"?>"]) {
        let bucket = versioned();
        let echo = html(400, &format!("{start}{}", NEW[0]));
        let proxy = proxy_with(put("shop/v1/").for_ever(), Fault::Answer(echo));
        push(&bucket, NEW).through(&proxy).run().fails(7).says("Not an S3 answer");
        push(&bucket, NEW).run().succeeds();
        let echo = html(200, &format!("{start}{}", NEW[0]));
        let proxy = proxy_with(get("shop/v1/").for_ever(), Fault::Answer(echo));
        let step = pull(&bucket, "v1").secrets(["alpha-of-the-new"]).through(&proxy);
        step.run().fails(7).says("Not an S3 answer");
    }
    let bucket = versioned();
    let echo = html(400, "x-amz-security-token: aws-session-token-of-the-tests");
    let proxy = proxy_with(get("").for_ever(), Fault::Answer(echo));
    pull(&bucket, "v1").through(&proxy).run().fails(7).says("x-amz-security-token: ***");
}

#[test]
fn a_large_file_over_a_slow_line_is_not_cut() {
    let bucket = versioned();
    let proxy = start_proxy();
    // Longer than any answer may take to a small request.
    let slowly = || {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(11);
        while let Some(left) = end.checked_duration_since(std::time::Instant::now()) {
            std::thread::park_timeout(left);
        }
    };
    proxy.on(put("shop/v1/large.txt"), Fault::before(slowly));
    let step = Action::push(&bucket).version("v1").files(&["large.txt"]);
    step.workspace_file("large.txt", "x".repeat(600 * 1024)).through(&proxy).run().succeeds();
    assert_eq!(proxy.lines().iter().filter(|line| line.contains("large.txt")).count(), 1);
}
