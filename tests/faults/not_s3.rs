//! Answers of what stands in S3's place, which say nothing of objects, rights and regions.

use crate::harness::Action;
use crate::harness::http::Response;
use crate::harness::proxy::{Fault, get, html, put, request};
use crate::story::{NEW, at_once, proxy_with, pull, push, versioned};

const PAGE: &str = "<!DOCTYPE html>\n<html><title>Blocked by the gateway</title></html>";

fn json(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { headers, ..Response::new(status, body) }
}

#[test]
fn a_404_without_s3s_body_is_no_missing_version_and_is_not_ignored() {
    let answers = [
        html(404, PAGE),
        html(404, "not found"),
        json(404, r#"{"message":"no Route matched with those values"}"#),
        json(404, r#"{"Code":"NoSuchKey"}"#),
        json(404, r#"{"Error":{"Code":"NoSuchKey"}}"#),
        Response::new(404, ""),
        html(404, "<?xml version=\"1.0\"?><error><code>NoSuchKey</code></error>"),
    ];
    at_once(answers, |answer| {
        let bucket = versioned();
        push(&bucket, NEW).run().succeeds();
        for ignored in ["fail", "ignore"] {
            for (version, key) in
                [("v1", "/versions/"), ("v1", "shop/v1/c.json"), ("head", "head.json"), ("latest", "list-type")]
            {
                let proxy = proxy_with(get(key).for_ever(), Fault::Answer(answer.clone()));
                let step = pull(&bucket, version).through(&proxy).input("if-missing", ignored);
                step.run().fails(7).says("Not an S3 answer").says("status 404").does_not_say("not published");
            }
        }
        let proxy = proxy_with(get("/versions/").for_ever(), Fault::Answer(answer));
        push(&bucket, NEW).version("v2").through(&proxy).run().fails(7).says("Not an S3 answer");
    });
}

#[test]
fn what_s3_answers_of_a_missing_object_is_missing_whatever_else_it_says() {
    let bucket = versioned();
    for body in [
        "<Error><Code>NoSuchKey</Code></Error>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>k</Key></Error>",
    ] {
        let proxy = proxy_with(get("head.json").for_ever(), Fault::Answer(Response::new(404, body)));
        pull(&bucket, "head").through(&proxy).run().fails(6).says("Nothing found");
    }
}

#[test]
fn a_403_with_a_page_is_not_an_s3_answer_and_not_a_denial() {
    let rows = [403, 401, 407, 451, 501].map(|status| (html(status, PAGE), status));
    at_once(rows, |(answer, status)| {
        let bucket = versioned();
        push(&bucket, NEW).run().succeeds();
        let run = |step: Action, matching| {
            let proxy = proxy_with(matching, Fault::Answer(answer.clone()));
            let run = step.through(&proxy).run().fails(7).says("Not an S3 answer").says(&format!("status {status}"));
            run.says("Check `endpoint-url`").does_not_say("Access denied").does_not_say("conditional writes")
        };
        run(pull(&bucket, "v1"), get("/versions/").for_ever()).says("<!DOCTYPE html>");
        run(pull(&bucket, "v1"), get("shop/v1/c.json").for_ever());
        run(pull(&bucket, "latest"), get("list-type").for_ever());
        run(push(&bucket, NEW).version("v2"), put("/claims/").for_ever());
    });
}

#[test]
fn a_denial_without_a_body_counts_only_where_s3s_headers_say_who_denies() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    let denial = |headers: &[(&str, &str)]| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Fault::Answer(Response { headers, ..Response::new(403, "") })
    };
    let proxy = proxy_with(get("/versions/").for_ever(), denial(&[("x-amz-request-id", "R1")]));
    pull(&bucket, "v1").through(&proxy).run().fails(3).says("Access denied");
    let proxy = proxy_with(get("/versions/").for_ever(), denial(&[("server", "gateway")]));
    pull(&bucket, "v1").through(&proxy).run().fails(7).says("Not an S3 answer");
    // To a HEAD, S3 says no more itself.
    let proxy = proxy_with(request("", "c.json").for_ever(), Fault::s3(403, "AccessDenied", ""));
    push(&bucket, NEW).through(&proxy).run().fails(3).says("Access denied");
}

#[test]
fn an_answer_with_an_empty_message_leaves_no_empty_part() {
    let bucket = versioned();
    push(&bucket, NEW).run().succeeds();
    for (status, code, exit) in [(403, "AccessDenied", 3), (400, "InvalidRequest", 1), (403, "InvalidAccessKeyId", 3)] {
        for message in ["", " \n"] {
            let proxy = proxy_with(get("/versions/").for_ever(), Fault::s3(status, code, message));
            let run = pull(&bucket, "v1").through(&proxy).run().fails(exit);
            run.says(&format!("({code}; request TESTREQUEST00001)")).does_not_say("; ;").does_not_say("()");
        }
    }
}

#[test]
fn an_error_code_that_is_none_of_s3s_is_not_shown_where_it_may_quote_a_value() {
    let bucket = versioned();
    for code in
        ["beta-of-the-new", "betaOfTheNew", "Beta0fTheNew", "BETAOFTHENEW", "B=beta-of-the-new", "Beta.of.the.new"]
    {
        let proxy = proxy_with(put("b/.env").for_ever(), Fault::s3(400, code, &format!("What is {code}?")));
        let run = push(&bucket, NEW).through(&proxy).run().fails(1).says("was refused (status 400)");
        run.does_not_say(code).does_not_say("What is");
    }
    for code in ["EntityTooLarge", "XAmzContentSHA256Mismatch", "KMS.DisabledException"] {
        let proxy = proxy_with(put("b/.env").for_ever(), Fault::s3(400, code, "Too bad"));
        push(&bucket, NEW).through(&proxy).run().says(&format!("({code}; Too bad; request TESTREQUEST00001)"));
    }
    // What is told of the action's own documents holds no values.
    let proxy = proxy_with(put("/claims/").for_ever(), Fault::s3(400, "odd-code", "Odd"));
    push(&bucket, NEW).version("v2").through(&proxy).run().fails(1).says("(odd-code; Odd; request TESTREQUEST00001)");
}
