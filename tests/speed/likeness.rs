//! That the benchmark's server answers as moto does, as far as clients look: the same requests to both, one after the
//! other, and the answers side by side.

use crate::harness::http::{self, Request, Response};
use crate::harness::{Bucket, Server as Moto};
use crate::server::Server;

/// Two servers with an empty bucket of one name.
struct Both {
    ours: Server,
    moto: Bucket,
}

/// Headers by which clients go.
const HEADERS: [&str; 8] = [
    "accept-ranges",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "x-amz-meta-cstore-sha256",
    "x-amz-meta-cstore-version",
    "x-amz-checksum-sha256",
];

/// Of the text `summed`. moto forgets it, S3 repeats it.
const CHECKSUM: (&str, &str) = ("x-amz-checksum-sha256", "2NLSsdIKGFqvFRF/4sqp+lvmhPoFHXSQ2Ctc1Ml4Ggo=");

/// Elements by which clients go, in the order of the document.
const ELEMENTS: [&str; 12] = [
    "Code",
    "Name",
    "Prefix",
    "Delimiter",
    "MaxKeys",
    "KeyCount",
    "IsTruncated",
    "EncodingType",
    "Key",
    "Size",
    "ETag",
    "StorageClass",
];

impl Both {
    fn open() -> Self {
        let (ours, moto) = (Server::start(1).unwrap(), Bucket::versioned());
        ours.create(moto.name());
        Self { ours, moto }
    }

    /// Sends a request to a key or a query of the bucket, and holds the answers to each other. Gives both.
    fn same(&self, method: &'static str, target: &str, headers: &[(&str, &str)], body: &str) -> (Response, Response) {
        let request =
            Request::new(method, format!("/{}{target}", self.moto.name())).headers(headers).body(body.as_bytes());
        let moto = Moto::shared().send("s3", request.clone());
        let ours = http::send(self.ours.ports()[0], &request);
        let shown = format!("{method} {target} {headers:?}");
        assert_eq!(ours.status, moto.status, "{shown}: {} and {}", ours.text(), moto.text());
        let is_document = moto.text().contains("<?xml") && method != "HEAD";
        for name in HEADERS {
            let differs_by_nature =
                ["content-length", "content-type"].contains(&name) && (is_document || moto.status > 299);
            // What a put or a delete answers has no body whose type could matter.
            let of_get = ["content-type", CHECKSUM.0].contains(&name) && ["PUT", "DELETE"].contains(&method);
            if !differs_by_nature && !of_get {
                assert_eq!(ours.header(name), moto.header(name), "{name} of {shown}");
            }
        }
        let has_version = |answer: &Response| answer.header("x-amz-version-id").is_some();
        assert_eq!(has_version(&ours), has_version(&moto), "a version id of {shown}");
        if is_document {
            // An error names the key too, for whoever reads it.
            let of_error = [ELEMENTS[0]];
            for name in if moto.status > 299 { &of_error[..] } else { &ELEMENTS[..] } {
                assert_eq!(elements(&ours.text(), name), elements(&moto.text(), name), "<{name}> of {shown}");
            }
        } else {
            assert_eq!(ours.text(), moto.text(), "the body of {shown}");
        }
        (ours, moto)
    }
}

fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1);
    // A server may write the quotes of an ETag as entities; a prefix that is empty may be an empty element.
    let texts = parts.map(|part| part.split(&close).next().unwrap_or_default().replace("&quot;", "\""));
    texts.filter(|text| !text.is_empty()).collect()
}

#[test]
fn puts_and_gets_are_answered_as_moto_does() {
    let both = Both::open();
    let metadata =
        [("x-amz-meta-cstore-version", "v1"), ("x-amz-meta-cstore-sha256", "abc"), ("content-type", "text/plain")];
    both.same("PUT", "/shop/v1/.env", &metadata, "A=1\n");
    both.same("GET", "/shop/v1/.env", &[], "");
    both.same("HEAD", "/shop/v1/.env", &[], "");
    both.same("GET", "/shop/v1/.env", &[("range", "bytes=1-2")], "");
    both.same("GET", "/shop/v1/.env", &[("range", "bytes=2-")], "");
    both.same("GET", "/shop/v1/gone", &[], "");
    both.same("HEAD", "/shop/v1/gone", &[], "");
    both.same("PUT", "/shop/empty", &[("content-type", "text/plain")], "");
    both.same("GET", "/shop/empty", &[], "");
    both.same("PUT", "/shop/sum", &[("content-type", "text/plain"), CHECKSUM], "summed");
}

#[test]
fn conditions_are_answered_as_moto_does() {
    let both = Both::open();
    let (create, of_other) = (("if-none-match", "*"), ("if-match", "\"0123456789abcdef0123456789abcdef\""));
    both.same("PUT", "/key", &[create], "one");
    both.same("PUT", "/key", &[create], "two");
    both.same("GET", "/key", &[], "");
    both.same("PUT", "/key", &[of_other], "two");
    both.same("PUT", "/gone", &[of_other], "two");
    let (ours, _) = both.same("HEAD", "/key", &[], "");
    let etag = ours.header("etag").unwrap().to_owned();
    both.same("PUT", "/key", &[("if-match", &etag)], "two");
    both.same("GET", "/key", &[], "");
    both.same("DELETE", "/key", &[], "");
    both.same("GET", "/key", &[], "");
    both.same("PUT", "/key", &[create], "three");
}

#[test]
fn versions_are_kept_as_moto_keeps_them() {
    let both = Both::open();
    let first = both.same("PUT", "/key", &[], "one");
    both.same("PUT", "/key", &[], "two");
    both.same("GET", "/key", &[], "");
    let by_id = |answer: &Response, port| {
        let id = answer.header("x-amz-version-id").unwrap();
        let request = Request::new("GET", format!("/{}/key?versionId={id}", both.moto.name()));
        match port {
            Some(port) => http::send(port, &request),
            None => Moto::shared().send("s3", request),
        }
    };
    assert_eq!(by_id(&first.0, Some(both.ours.ports()[0])).text(), "one");
    assert_eq!(by_id(&first.1, None).text(), "one");
}

#[test]
fn listings_are_answered_as_moto_does() {
    let both = Both::open();
    for key in ["a/1", "a/2", "a/b/3", "b/1", "c d&é", "z"] {
        both.same("PUT", &format!("/{}", http::encode(key)), &[], key);
    }
    // Not the last one below a prefix: moto lists that all the same.
    both.same("DELETE", "/a/2", &[], "");
    for query in [
        "?list-type=2",
        "?list-type=2&prefix=a/",
        "?list-type=2&prefix=nothing",
        "?list-type=2&delimiter=/",
        "?list-type=2&prefix=a/&delimiter=/",
        "?list-type=2&max-keys=2",
        "?list-type=2&start-after=a/2",
        "?list-type=2&encoding-type=url",
    ] {
        both.same("GET", query, &[], "");
    }
}

#[test]
fn a_listing_goes_on_where_the_page_before_ended() {
    let both = Both::open();
    for number in 0..5 {
        both.same("PUT", &format!("/k{number}"), &[], "");
    }
    let pages = |ask: &dyn Fn(&str) -> Response| {
        let (mut keys, mut query) = (Vec::new(), "?list-type=2&max-keys=2".to_owned());
        loop {
            let page = ask(&query).text();
            keys.push(elements(&page, "Key"));
            match elements(&page, "NextContinuationToken").first() {
                Some(token) => {
                    query = format!("?list-type=2&max-keys=2&continuation-token={}", http::encode(token));
                }
                None => return keys,
            }
        }
    };
    let request = |query: &str| Request::new("GET", format!("/{}{query}", both.moto.name()));
    let ours = pages(&|query| http::send(both.ours.ports()[0], &request(query)));
    assert_eq!(ours, pages(&|query| Moto::shared().send("s3", request(query))));
    assert_eq!(ours.len(), 3);
}

#[test]
fn a_bucket_that_is_not_there_is_not_there() {
    let both = Both::open();
    let request = Request::new("GET", "/no-such-bucket/key");
    let answers = [http::send(both.ours.ports()[0], &request), Moto::shared().send("s3", request)];
    for answer in answers {
        assert_eq!((answer.status, elements(&answer.text(), "Code")), (404, vec!["NoSuchBucket".to_owned()]));
    }
}

#[test]
fn an_upload_in_parts_is_put_together_as_moto_does() {
    let both = Both::open();
    let (ours, moto) = both.same_but_for_ids("POST", "/big?uploads");
    let id = |answer: &Response| elements(&answer.text(), "UploadId").remove(0);
    let send = |ours: bool, request: Request| {
        if ours { http::send(both.ours.ports()[0], &request) } else { Moto::shared().send("s3", request) }
    };
    let large = "x".repeat(5 * 1024 * 1024); // no part but the last may be smaller
    for (is_ours, id) in [(true, id(&ours)), (false, id(&moto))] {
        let target = format!("/{}/big", both.moto.name());
        let mut document = "<CompleteMultipartUpload>".to_owned();
        for (number, body) in [(1, large.as_str()), (2, "end")] {
            let put = Request::new("PUT", format!("{target}?partNumber={number}&uploadId={id}")).body(body.as_bytes());
            let etag = send(is_ours, put).succeeded().header("etag").unwrap().to_owned();
            document.push_str(&format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"));
        }
        document.push_str("</CompleteMultipartUpload>");
        send(is_ours, Request::new("POST", format!("{target}?uploadId={id}")).body(document.as_bytes())).succeeded();
    }
    let (ours, _) = both.same_but_for_ids("GET", "/big");
    assert_eq!(ours.body.len(), large.len() + 3);
}

impl Both {
    fn same_but_for_ids(&self, method: &'static str, target: &str) -> (Response, Response) {
        let request = Request::new(method, format!("/{}{target}", self.moto.name()));
        let ours = http::send(self.ours.ports()[0], &request).succeeded();
        let moto = Moto::shared().send("s3", request).succeeded();
        assert_eq!((ours.status, ours.body.len() > 1000), (moto.status, moto.body.len() > 1000));
        (ours, moto)
    }
}
