//! That the server in memory answers as moto does: the benchmark measures with it, and the fault walk and the races run
//! against it. Each request goes to one and to the other, and the answers side by side.

use std::thread;

use crate::both::{Both, CHECKSUM, elements};
use crate::harness::in_memory::Versioning;
use crate::harness::{Bucket, Request, Response, encode};

const ALL_KINDS: [Versioning; 3] = [Versioning::Off, Versioning::Enabled, Versioning::Suspended];

#[test]
fn puts_and_gets_are_answered_as_moto_does() {
    let both = Both::open(Versioning::Enabled);
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
    let both = Both::open(Versioning::Enabled);
    let (create, of_other) = (("if-none-match", "*"), ("if-match", "\"0123456789abcdef0123456789abcdef\""));
    both.same("PUT", "/key", &[create], "one");
    both.same("PUT", "/key", &[create], "two");
    both.same("GET", "/key", &[], "");
    both.same("PUT", "/key", &[of_other], "two");
    both.same("PUT", "/gone", &[of_other], "two");
    let [ours, _] = both.same("HEAD", "/key", &[], "");
    let etag = ours.header("etag").unwrap().to_owned();
    both.same("PUT", "/key", &[("if-match", &etag)], "two");
    both.same("GET", "/key", &[], "");
    both.same("DELETE", "/key", &[], "");
    both.same("GET", "/key", &[], "");
    both.same("PUT", "/key", &[create], "three");
}

#[test]
fn what_is_put_again_or_deleted_is_kept_or_gone_as_with_moto() {
    for versioning in ALL_KINDS {
        let both = Both::open(versioning);
        both.same("PUT", "/key", &[], "one");
        both.same("PUT", "/key", &[], "two");
        both.same("PUT", "/another", &[], "three");
        both.same("GET", "/key", &[], "");
        both.same("HEAD", "/key", &[], "");
        both.same("GET", "?versions", &[], "");
        both.same("GET", "?versions&prefix=key", &[], "");
        if versioning == Versioning::Suspended {
            continue; // what moto deletes there it forgets
        }
        both.same("DELETE", "/key", &[], "");
        both.same("GET", "/key", &[], "");
        both.same("HEAD", "/key", &[], "");
        both.same("GET", "?versions", &[], "");
        both.same("GET", "?list-type=2", &[], "");
        both.same("PUT", "/key", &[("if-none-match", "*")], "four");
        both.same("GET", "?versions", &[], "");
    }
}

#[test]
fn a_version_is_got_and_deleted_by_its_id_as_with_moto() {
    let both = Both::open(Versioning::Enabled);
    both.same("PUT", "/key", &[], "one");
    both.same("PUT", "/key", &[], "two");
    both.same("DELETE", "/key", &[], "");
    for id in ["{0}", "{1}", "not-the-id-of-any-version"] {
        both.same("GET", &format!("/key?versionId={id}"), &[], "");
        both.same("HEAD", &format!("/key?versionId={id}"), &[], "");
    }
    both.same("DELETE", "/key?versionId={1}", &[], "");
    both.same("GET", "?versions", &[], "");
    both.same("DELETE", "/key?versionId={2}", &[], "");
    both.same("GET", "/key", &[], "");
    both.same("DELETE", "/key?versionId={0}", &[], "");
    both.same("GET", "/key", &[], "");
    both.same("GET", "?versions", &[], "");
}

#[test]
fn the_key_that_encrypts_is_answered_as_moto_does() {
    let both = Both::open(Versioning::Enabled);
    for key in ["alias/a", "arn:aws:kms:us-east-1:123456789012:key/k"] {
        let asked = [("x-amz-server-side-encryption", "aws:kms"), ("x-amz-server-side-encryption-aws-kms-key-id", key)];
        let answers = both.same("PUT", "/key", &asked, "one");
        assert!(answers.iter().all(|answer| answer.header(asked[1].0) == Some(key)));
        both.same("GET", "/key", &[], "");
        both.same("HEAD", "/key", &[], "");
    }
}

/// Where moto is not as S3 is, the server in memory is: what S3 says of delete markers
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html>).
#[test]
fn a_delete_marker_is_answered_as_s3_does_where_moto_does_not() {
    let both = Both::open(Versioning::Enabled);
    both.same("PUT", "/key", &[], "one");
    let [ours, moto] = both.same("DELETE", "/key", &[], "");
    let id = |answer: &Response| answer.header("x-amz-version-id").unwrap().to_owned();
    let get = |query: String| Request::new("GET", format!("/{}/key{query}", both.bucket()));
    let facts = |answer: &Response| {
        let is_marker = answer.header("x-amz-delete-marker") == Some("true");
        (answer.status, elements(&answer.text(), "Code").remove(0), is_marker)
    };
    let answers = both.send([get(String::new()), get(String::new())]);
    let no_such_key = |is_marker| (404, "NoSuchKey".to_owned(), is_marker);
    assert_eq!(answers.each_ref().map(facts), [no_such_key(true), no_such_key(false)]);
    let answers = both.send([&ours, &moto].map(|answer| get(format!("?versionId={}", id(answer)))));
    let expected = [(405, "MethodNotAllowed".to_owned(), true), (404, "NoSuchVersion".to_owned(), false)];
    assert_eq!(answers.each_ref().map(facts), expected);
}

/// And of suspended versioning
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html>), where moto
/// forgets the versions of before.
#[test]
fn versions_of_before_stay_when_versioning_is_suspended() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let first = bucket.put("key", "one", &[]).unwrap();
    bucket.set_versioning("Suspended");
    assert_eq!(bucket.put("key", "two", &[]).as_deref(), Some("null"));
    assert_eq!(bucket.put("key", "three", &[]).as_deref(), Some("null"));
    let ids = |bucket: &Bucket| bucket.versions().into_iter().map(|version| version.version_id).collect::<Vec<_>>();
    assert_eq!(ids(&bucket), ["null", &first]);
    assert_eq!(bucket.find_version("key", &first).unwrap().text(), "one");
    bucket.delete("key");
    assert!(bucket.find("key").is_none());
    assert!(bucket.versions().iter().any(|version| version.is_delete_marker && version.version_id == "null"));
    assert_eq!(ids(&bucket), [&first, "null"]);
    bucket.delete_version("key", "null");
    assert_eq!(bucket.get("key").text(), "one");
}

/// S3 looks at a condition and writes in one step.
#[test]
fn of_many_who_put_at_once_one_is_told_that_its_condition_held() {
    for versioning in ALL_KINDS {
        let bucket = Bucket::in_memory(versioning);
        let won = |condition: (&str, &str)| {
            let put = |n: usize| {
                let request = Request::new("PUT", format!("/{}/key", bucket.name())).headers(&[condition]);
                bucket.server().send("s3", request.body(format!("{n} with {condition:?}"))).status
            };
            let put = &put;
            let statuses: Vec<_> = thread::scope(|scope| {
                let puts: Vec<_> = (0..32).map(|n| scope.spawn(move || put(n))).collect();
                puts.into_iter().map(|put| put.join().unwrap()).collect()
            });
            assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
            statuses.iter().filter(|status| **status == 200).count()
        };
        assert_eq!(won(("If-None-Match", "*")), 1);
        let etag = bucket.get("key").header("etag").unwrap().to_owned();
        assert_eq!(won(("If-Match", &etag)), 1);
    }
}

#[test]
fn listings_are_answered_as_moto_does() {
    let both = Both::open(Versioning::Enabled);
    for key in ["a/1", "a/2", "a/b/3", "b/1", "c d&é", "z"] {
        both.same("PUT", &format!("/{}", encode(key)), &[], key);
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
    let both = Both::open(Versioning::Enabled);
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
                    query = format!("?list-type=2&max-keys=2&continuation-token={}", encode(token));
                }
                None => return keys,
            }
        }
    };
    let request = |query: &str| Request::new("GET", format!("/{}{query}", both.bucket()));
    let of = |server: usize| {
        pages(&|query| {
            let [ours, moto] = both.send([request(query), request(query)]);
            if server == 0 { ours } else { moto }
        })
    };
    assert_eq!(of(0), of(1));
    assert_eq!(of(0).len(), 3);
}

#[test]
fn a_listing_of_versions_goes_on_where_the_page_before_ended() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    for (key, body) in [("a", "1"), ("a", "2"), ("b", "1"), ("c", "1"), ("c", "2"), ("c", "3")] {
        bucket.put(key, body, &[]);
    }
    let whole = bucket.versions();
    assert_eq!(whole.len(), 6);
    for size in 1..=6 {
        assert_eq!(bucket.versions_in_pages_of(size), whole, "pages of {size}");
    }
}

#[test]
fn a_bucket_that_is_not_there_is_not_there() {
    let both = Both::open(Versioning::Enabled);
    for (method, target) in [
        ("GET", "/no-such-bucket/key"),
        ("HEAD", "/no-such-bucket/key"),
        ("PUT", "/no-such-bucket/key"),
        ("DELETE", "/no-such-bucket/key"),
        ("GET", "/no-such-bucket?list-type=2"),
        ("GET", "/no-such-bucket?versions"),
        ("HEAD", "/no-such-bucket"),
    ] {
        let request = Request::new(method, target);
        let [ours, moto] = both.send([request.clone(), request]);
        let code = |answer: &Response| (answer.status, elements(&answer.text(), "Code"));
        let expected = if method == "HEAD" { vec![] } else { vec!["NoSuchBucket".to_owned()] };
        assert_eq!((code(&ours), code(&moto)), ((404, expected.clone()), (404, expected)), "{method} {target}");
    }
}

/// What it does not know it does not pretend to have done.
#[test]
fn a_setting_that_the_server_in_memory_does_not_have_is_refused() {
    let bucket = Bucket::in_memory(Versioning::Off);
    let put = std::panic::catch_unwind(|| bucket.encrypted_by_default_with("alias/a"));
    assert!(put.is_err());
}

#[test]
fn an_upload_in_parts_is_put_together_as_moto_does() {
    let both = Both::open(Versioning::Enabled);
    let same_but_for_ids = |method, target: &str| {
        let request = Request::new(method, format!("/{}{target}", both.bucket()));
        let [ours, moto] = both.send([request.clone(), request]).map(Response::succeeded);
        assert_eq!((ours.status, ours.body.len() > 1000), (moto.status, moto.body.len() > 1000));
        [ours, moto]
    };
    let ids = same_but_for_ids("POST", "/big?uploads").map(|answer| elements(&answer.text(), "UploadId").remove(0));
    let large = "x".repeat(5 * 1024 * 1024); // no part but the last may be smaller
    let mut documents = [const { String::new() }; 2];
    for (number, body) in [(1, large.as_str()), (2, "end")] {
        let part = |id: &String| {
            let target = format!("/{}/big?partNumber={number}&uploadId={id}", both.bucket());
            Request::new("PUT", target).body(body.as_bytes())
        };
        for (document, put) in documents.iter_mut().zip(both.send(ids.each_ref().map(part))) {
            let etag = put.succeeded().header("etag").unwrap().to_owned();
            document.push_str(&format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"));
        }
    }
    let complete = |server: usize| {
        let body = format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", documents[server]);
        Request::new("POST", format!("/{}/big?uploadId={}", both.bucket(), ids[server])).body(body.into_bytes())
    };
    both.send([complete(0), complete(1)]).into_iter().for_each(|answer| drop(answer.succeeded()));
    let [ours, _] = same_but_for_ids("GET", "/big");
    assert_eq!(ours.body.len(), large.len() + 3);
}
