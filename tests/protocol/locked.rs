//! A bucket with Object Lock, in which nothing can be taken back.

use crate::harness::{Bucket, shows};
use crate::shop::{OTHER, SHOP, assert_pulls, push, push_head};

#[test]
fn everything_but_deleting_goes_as_with_versioning() {
    let _shown = shows("F24", "a bucket with Object Lock", "as with versioning: push, push again, overwrite and head");
    let bucket = Bucket::locked();
    push(&bucket, "v1", &SHOP).run().succeeds();
    assert_eq!(push(&bucket, "v1", &SHOP).run().succeeds().output("config-changed"), "false");
    push(&bucket, "v1", &OTHER).run().fails(4);
    assert_pulls(&bucket, "v1", &SHOP);
    push(&bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    assert_pulls(&bucket, "v1", &OTHER);
    for files in [&SHOP, &OTHER] {
        push_head(&bucket, files).run().succeeds();
        assert_pulls(&bucket, "head", files);
    }
    let first = bucket.versions().into_iter().find(|version| version.key == "shop/v1/service/.env").unwrap();
    let delete = std::panic::catch_unwind(|| bucket.delete_version(&first.key, &first.version_id));
    assert!(delete.is_err(), "the bucket locks nothing");
}
