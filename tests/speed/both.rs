//! The server in memory and moto, asked the same.

use std::cell::RefCell;

use crate::harness::http::{self, Request, Response};
use crate::harness::in_memory::{Server, Versioning};
use crate::harness::{Bucket, Server as Moto};

/// Two servers with an empty bucket of one name.
pub(crate) struct Both {
    ours: Server,
    moto: Bucket,
    /// The ids of versions that both have given, ours first.
    ids: RefCell<Vec<[String; 2]>>,
}

/// Headers by which clients go.
const HEADERS: [&str; 11] = [
    "accept-ranges",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "x-amz-delete-marker",
    "x-amz-meta-cstore-sha256",
    "x-amz-meta-cstore-version",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    CHECKSUM.0,
];

/// Of the text `summed`. moto forgets it, S3 repeats it.
pub(crate) const CHECKSUM: (&str, &str) = ("x-amz-checksum-sha256", "2NLSsdIKGFqvFRF/4sqp+lvmhPoFHXSQ2Ctc1Ml4Ggo=");

/// Elements by which clients go.
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
    pub(crate) fn open(versioning: Versioning) -> Self {
        let moto = match versioning {
            Versioning::Off => Bucket::unversioned(),
            Versioning::Enabled => Bucket::versioned(),
            Versioning::Suspended => Bucket::suspended(),
        };
        let both = Self { ours: Server::start(1).unwrap(), moto, ids: RefCell::default() };
        both.ours.create(both.moto.name(), versioning);
        both
    }

    /// The bucket's name.
    pub(crate) fn bucket(&self) -> &str {
        self.moto.name()
    }

    /// Sends each its request, ours first.
    pub(crate) fn send(&self, requests: [Request; 2]) -> [Response; 2] {
        let [ours, moto] = requests;
        [http::send(self.ours.ports()[0], &ours), Moto::shared().send("s3", moto)]
    }

    /// Sends a request to a key or a query of the bucket, where `{0}` is the first id that both have given and so on,
    /// and compares the answers. Gives both, ours first.
    pub(crate) fn same(
        &self,
        method: &'static str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> [Response; 2] {
        let request = |server: usize| {
            let ids = self.ids.borrow();
            let target = ids
                .iter()
                .enumerate()
                .fold(target.to_owned(), |target, (index, ids)| target.replace(&format!("{{{index}}}"), &ids[server]));
            Request::new(method, format!("/{}{target}", self.bucket())).headers(headers).body(body.as_bytes())
        };
        let [ours, moto] = self.send([request(0), request(1)]);
        let shown = format!("{method} {target} {headers:?}");
        assert_eq!(ours.status, moto.status, "{shown}: {} and {}", ours.text(), moto.text());
        let is_document = moto.text().contains("<?xml") && method != "HEAD";
        for name in HEADERS {
            let differs_by_nature =
                ["content-length", "content-type"].contains(&name) && (is_document || moto.status > 299);
            // What a put or a delete answers has no body whose type could matter.
            let of_get = ["content-type", CHECKSUM.0].contains(&name) && ["PUT", "DELETE"].contains(&method);
            // moto does not tell a delete marker from nothing.
            let of_marker = name == "x-amz-delete-marker" && (moto.status == 404 || target.contains("versionId"));
            if !differs_by_nature && !of_get && !of_marker {
                assert_eq!(ours.header(name), moto.header(name), "{name} of {shown}");
            }
        }
        if moto.status < 300 {
            self.same_version(&ours, &moto, &shown);
        }
        if is_document && target.contains("?versions") && moto.status < 300 {
            assert_eq!(self.versions(0, &ours), self.versions(1, &moto), "{shown}");
        } else if is_document {
            // An error names the key too, for whoever reads it.
            let of_error = [ELEMENTS[0]];
            for name in if moto.status > 299 { &of_error[..] } else { &ELEMENTS[..] } {
                assert_eq!(elements(&ours.text(), name), elements(&moto.text(), name), "<{name}> of {shown}");
            }
        } else {
            assert_eq!(ours.text(), moto.text(), "the body of {shown}");
        }
        [ours, moto]
    }

    fn same_version(&self, ours: &Response, moto: &Response, shown: &str) {
        // S3 says `null` where versioning is suspended; moto says nothing.
        let id = |answer: &Response| answer.header("x-amz-version-id").filter(|id| *id != "null").map(str::to_owned);
        match (id(ours), id(moto)) {
            (None, None) => {}
            (Some(ours), Some(moto)) => {
                let mut ids = self.ids.borrow_mut();
                match ids.iter().find(|ids| ids[0] == ours || ids[1] == moto) {
                    Some(known) => assert_eq!(*known, [ours, moto], "the version of {shown}"),
                    None => ids.push([ours, moto]),
                }
            }
            (ours, moto) => panic!("the version of {shown}: {ours:?} and {moto:?}"),
        }
    }

    /// The rows of a listing of versions, sorted: moto has them in an order of its own.
    fn versions(&self, server: usize, answer: &Response) -> Vec<String> {
        let ids = self.ids.borrow();
        let text = answer.text();
        let of = |kind: &'static str| {
            elements(&text, kind).into_iter().map(move |row| {
                let fields = ["Key", "VersionId", "IsLatest", "Size", "ETag", "StorageClass"];
                format!("{kind} {:?}", fields.map(|field| elements(&row, field)))
            })
        };
        let rows = of("Version").chain(of("DeleteMarker"));
        let named = |row: String| {
            ids.iter().enumerate().fold(row, |row, (index, ids)| row.replace(&ids[server], &format!("{{{index}}}")))
        };
        let mut rows: Vec<_> = rows.map(named).collect();
        rows.sort_unstable();
        rows
    }
}

/// The texts of all elements of a name, in the order of the document.
pub(crate) fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1);
    // A server may write the quotes of an ETag as entities; a prefix that is empty may be an empty element.
    let texts = parts.map(|part| part.split(&close).next().unwrap_or_default().replace("&quot;", "\""));
    texts.filter(|text| !text.is_empty()).collect()
}
