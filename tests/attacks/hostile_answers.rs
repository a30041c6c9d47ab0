//! A service in S3's place that answers more than anybody asked for.

use crate::harness::proxy::{Fault, get, html, s3_error};
use crate::harness::{Proxy, shows};
use crate::story::{MANIFEST, published, pull, refused};

const GIB: usize = 1 << 30;

#[test]
fn answers_of_any_size_take_little() {
    let shown = shows(
        "T6",
        "an answer of a gigabyte: a manifest, a file, a page, an error, a listing",
        "code 2, 3, 5 or 7, in few words, within 256 MiB",
    );
    let bucket = published();
    let mut object = html(200, "{");
    object.headers.push(("etag".to_owned(), "\"e\"".to_owned()));
    let denied = || s3_error(403, "AccessDenied", "no");
    for (version, key, answer, code) in [
        ("v1", MANIFEST, object.clone(), 5),
        ("v1", "shop/v1/service/.env", object, 2),
        ("v1", MANIFEST, html(200, "<html>"), 7),
        ("v1", MANIFEST, html(400, "<html>"), 7),
        ("v1", MANIFEST, denied(), 3),
        ("latest", "list-type", html(200, "<html>"), 7),
        ("latest", "list-type", denied(), 3),
    ] {
        let proxy = Proxy::start();
        proxy.on(get(key).for_ever(), Fault::Flood(answer, GIB));
        refused(&pull(&bucket, version).through(&proxy), code, key);
        shown.case();
    }
}
