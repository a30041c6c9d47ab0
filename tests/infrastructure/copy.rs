//! What a pull in another region sees while S3 copies a bucket: objects come one by one, in any order.

use crate::harness::{Action, Bucket, Request};

const FILES: [(&str, &str); 2] = [("service/.env", "TOKEN=of-service\n"), ("web/.env", "URL=of-the-web\n")];

/// Copies an object as replication does it, but for its version id, which the test server gives anew.
fn replicates(from: &Bucket, key: &str, to: &Bucket) {
    let source = format!("/{}/{key}", from.name());
    let request = Request::new("PUT", format!("/{}/{key}", to.name())).headers(&[("x-amz-copy-source", &source)]);
    to.server().send("s3", request).succeeded();
}

const LATER: [(&str, &str); 2] = [("service/.env", "TOKEN=of-later\n"), ("web/.env", "URL=of-later\n")];

/// Pushes these files, to the head when there is no version.
fn pushes(bucket: &Bucket, version: Option<&str>, files: &[(&str, &str)]) {
    let push = Action::push(bucket).input("context", "shop").files(&["**/.env"]);
    let push = version.into_iter().fold(push, Action::version);
    files.iter().fold(push, |push, (path, text)| push.workspace_file(path, text)).run().succeeds();
}

/// What a pull from the copy delivers: all of the one, all of the other, or nothing.
fn pulls(copy: &Bucket, version: &str) -> Option<&'static str> {
    let run = Action::pull(copy).input("context", "shop").version(version).run();
    if run.code != 0 {
        return None;
    }
    let is = |files: &[(&str, &str)]| files.iter().all(|(path, text)| run.file(path) == *text);
    assert!(is(&FILES) || is(&LATER), "mixed");
    Some(if is(&LATER) { "later" } else { "first" })
}

/// Each order in which these keys can come, but for those that begin elsewhere in it.
fn orders(keys: &[String]) -> impl Iterator<Item = Vec<&String>> {
    (0..keys.len()).map(|first| keys.iter().cycle().skip(first).take(keys.len()).collect())
}

#[test]
fn the_head_is_the_one_or_the_other() {
    let bucket = Bucket::versioned();
    pushes(&bucket, None, &FILES);
    let keys = bucket.keys();
    let copies: Vec<_> = keys.iter().map(|_| Bucket::versioned().sharing_secrets_of(bucket.secrets())).collect();
    copies.iter().for_each(|copy| keys.iter().for_each(|key| replicates(&bucket, key, copy)));
    pushes(&bucket, None, &LATER);
    for (copy, order) in copies.iter().zip(orders(&keys)) {
        assert_eq!(pulls(copy, "head"), Some("first"));
        for key in order {
            replicates(&bucket, key, copy);
            pulls(copy, "head");
        }
        assert_eq!(pulls(copy, "head"), Some("later"));
    }
}

/// It points where it pointed until it has come, and then at what is there already or is missed by its name.
#[test]
fn a_channel_points_at_a_version_that_is_whole() {
    let bucket = Bucket::versioned();
    let promotes = |version: &str| {
        let promote = Action::new(&bucket).input("command", "promote").input("context", "shop");
        promote.input("from", version).input("to", ":prod").run().succeeds();
    };
    pushes(&bucket, Some("v1.0.0"), &FILES);
    promotes("v1.0.0");
    let first = bucket.keys();
    let channel = first.iter().find(|key| key.contains("/channels/")).unwrap();
    let copy = || {
        let copy = Bucket::versioned().sharing_secrets_of(bucket.secrets());
        first.iter().for_each(|key| replicates(&bucket, key, &copy));
        copy
    };
    let copies: Vec<_> = (0..5).map(|_| copy()).collect();
    pushes(&bucket, Some("v1.1.0"), &LATER);
    promotes("v1.1.0");
    let mut keys: Vec<_> = bucket.keys().into_iter().filter(|key| !first.contains(key)).collect();
    keys.push(channel.clone());
    assert_eq!(keys.len(), copies.len(), "{keys:?}");
    for (copy, order) in copies.iter().zip(orders(&keys)) {
        let mut missing = order.clone();
        for key in order {
            let pulled = pulls(copy, ":prod");
            let needed = missing.iter().any(|key| !key.contains("/claims/") && key != &channel);
            match (missing.contains(&channel), needed) {
                (true, _) => assert_eq!(pulled, Some("first"), "without {missing:?}"),
                (false, true) => assert_eq!(pulled, None, "without {missing:?}"),
                (false, false) => assert_eq!(pulled, Some("later"), "without {missing:?}"),
            }
            replicates(&bucket, key, copy);
            missing.retain(|other| *other != key);
        }
        assert_eq!(pulls(copy, ":prod"), Some("later"));
    }
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
