//! Answers as S3 and others give them, and what every request must have.

use super::super::http::Response;
use super::Seen;

/// An error as S3 answers it (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
pub(crate) fn s3_error(status: u16, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>TESTREQUEST00001</RequestId><HostId>host</HostId></Error>"
    );
    Response {
        status,
        headers: vec![
            ("content-type".to_owned(), "application/xml".to_owned()),
            ("x-amz-request-id".to_owned(), "TESTREQUEST00001".to_owned()),
        ],
        body: body.into_bytes(),
    }
}

/// What a bucket of another region answers, with the place that it points to.
pub(crate) fn wrong_region(status: u16, region: &str, location: &str) -> Response {
    let (code, message) = match status {
        301 => (
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
        ),
        _ => ("TemporaryRedirect", "Please re-send this request to the specified temporary endpoint."),
    };
    let mut answer = s3_error(status, code, message);
    answer.headers.push(("x-amz-bucket-region".to_owned(), region.to_owned()));
    answer.headers.push(("location".to_owned(), location.to_owned()));
    answer
}

/// What a proxy of a company answers instead of S3.
pub(crate) fn html(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

/// What a request lacks.
pub(super) fn broken_promises(seen: &Seen) -> Vec<String> {
    let has = |name: &str| seen.header(name).is_some_and(|value| !value.is_empty());
    let mut broken = Vec::new();
    let mut lacks = |what: &str| broken.push(format!("{} {} without {what}", seen.method, seen.key));
    if seen.method == "PUT" {
        if seen.header("if-none-match") != Some("*") && !has("if-match") {
            lacks("a condition");
        }
        if !has("x-amz-checksum-sha256") {
            lacks("a checksum");
        }
    }
    if seen.method == "DELETE" && !seen.query.contains("versionId=") && !has("if-match") {
        lacks("an S3 version or a condition");
    }
    // A role is asked for with a token, not with a signature.
    if !has("authorization") && seen.method != "POST" {
        lacks("a signature");
    }
    broken
}
