//! What a pull in another region sees while S3 copies a bucket: objects come one by one, in any order.

use crate::harness::{Action, Bucket, Request};

const FILES: [(&str, &str); 2] = [("service/.env", "TOKEN=of-service\n"), ("web/.env", "URL=of-the-web\n")];

/// Copies an object as replication does it, but for its version id, which the test server gives anew.
fn replicates(from: &Bucket, key: &str, to: &Bucket) {
    let source = format!("/{}/{key}", from.name());
    let request = Request::new("PUT", format!("/{}/{key}", to.name())).headers(&[("x-amz-copy-source", &source)]);
    to.server().send("s3", request).succeeded();
}

#[test]
fn a_version_is_whole_or_not_there_yet() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["**/.env"]);
    FILES.iter().fold(push, |push, (path, text)| push.workspace_file(path, text)).run().succeeds();
    let keys = bucket.keys();
    let manifest = keys.iter().position(|key| key.contains("/.cstore/versions/")).unwrap();
    for first in 0..keys.len() {
        let copy = Bucket::versioned().sharing_secrets_of(bucket.secrets());
        let pull = || Action::pull(&copy).input("context", "shop").version("v1.0.0");
        let mut missing: Vec<_> = keys.iter().cycle().skip(first).take(keys.len()).collect();
        // The claim alone is of no use to a pull.
        while missing.iter().any(|key| !key.contains("/.cstore/claims/")) {
            let run = pull().run().fails(6);
            assert!(FILES.iter().all(|(path, _)| !run.workspace.path(path).exists()), "nothing is delivered");
            if !missing.contains(&&keys[manifest]) {
                let file = missing.iter().find(|key| !key.contains("/.cstore/")).unwrap();
                run.says(file.rsplit_once("v1.0.0/").unwrap().1);
            }
            replicates(&bucket, missing.remove(0), &copy);
        }
        let pulled = pull().run().succeeds();
        assert_eq!(pulled.output("config-integrity"), "verified");
        assert!(FILES.iter().all(|(path, text)| pulled.file(path) == *text));
    }
}
