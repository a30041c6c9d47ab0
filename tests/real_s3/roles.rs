//! dev is promoted to prod, rolled back and purged by three roles, each of which may do its own part and no other.

use crate::harness::{Action, Bucket};
use crate::issuer::Token;
use crate::oidc::as_role;
use crate::seaweedfs::{OPERATOR, PROMOTER, PULLER, PURGER, versioned};
use crate::shop::{OTHER, SHOP, pull, push};

const PROD: &str = "shop-prod";

fn promote(bucket: &Bucket, from: &str, to: &str, role: &str) -> Action {
    let step = Action::new(bucket).input("command", "promote").input("from", from).input("to", to);
    as_role(step, role, Token::default())
}

fn rollback(bucket: &Bucket, role: &str) -> Action {
    as_role(Action::new(bucket).input("command", "rollback").input("context", PROD), role, Token::default())
}

fn purge(bucket: &Bucket, version: &str, role: &str) -> Action {
    let step = Action::new(bucket).input("command", "purge").input("context", PROD).version(version);
    as_role(step, role, Token::default())
}

fn token_in(bucket: &Bucket, version: &str) -> String {
    pull(bucket, version).input("context", PROD).run().succeeds().output("TOKEN").to_owned()
}

fn left(bucket: &Bucket, prefix: &str) -> Vec<String> {
    bucket.versions().into_iter().map(|listed| listed.key).filter(|key| key.starts_with(prefix)).collect()
}

#[test]
#[ignore = "needs SeaweedFS"]
fn dev_is_promoted_to_prod_rolled_back_and_purged_by_three_roles() {
    let bucket = versioned();
    for (version, files) in [("v1.0.0", &SHOP), ("v1.1.0", &OTHER)] {
        push(&bucket, version, files).input("context", "shop-dev").run().succeeds();
    }
    let dev = |version: &str| format!("shop-dev@{version}");
    let (old, new) = ("first-token", token_of(&OTHER));

    // The promoter takes both to prod's head, one after the other, and publishes the second there, too.
    for version in ["v1.0.0", "v1.1.0"] {
        promote(&bucket, &dev(version), "shop-prod@head", PROMOTER).run().succeeds();
    }
    promote(&bucket, &dev("v1.1.0"), PROD, PROMOTER).run().succeeds();
    assert_eq!((token_in(&bucket, "head"), token_in(&bucket, "v1.1.0")), (new.clone(), new.clone()));
    // It may change nothing in dev, and remove nothing in prod; the others may not read dev.
    promote(&bucket, "shop-prod@v1.1.0", "shop-dev@v9.0.0", PROMOTER).run().fails(3).says("s3:PutObject");
    purge(&bucket, "v1.1.0", PROMOTER).run().fails(3);
    for role in [OPERATOR, PURGER] {
        promote(&bucket, &dev("v1.0.0"), "shop-prod@v9.0.0", role).run().fails(3).says("s3:GetObject");
    }

    // The operator brings prod's head back to what it was.
    rollback(&bucket, PULLER).run().fails(3).says("s3:ListBucketVersions");
    rollback(&bucket, OPERATOR).run().succeeds();
    assert_eq!(token_in(&bucket, "head"), old);
    assert_eq!(token_in(&bucket, "v1.1.0"), new);

    // What was wrong with the version is removed by who may delete, and by nobody else.
    let before = left(&bucket, "shop-prod/v1.1.0/");
    purge(&bucket, "v1.1.0", OPERATOR).run().fails(3).says("s3:DeleteObject");
    assert_eq!((left(&bucket, "shop-prod/v1.1.0/"), token_in(&bucket, "v1.1.0")), (before, new.clone()));
    purge(&bucket, "v1.1.0", PURGER).run().succeeds();
    assert!(left(&bucket, "shop-prod/v1.1.0/").is_empty() && left(&bucket, "shop-prod/.cstore/versions/").is_empty());
    pull(&bucket, "v1.1.0").input("context", PROD).run().fails(6);
    // And so is a file of the head, with the S3 versions that had the wrong value.
    purge(&bucket, "head", PURGER).files(&["service/.env"]).run().succeeds();
    assert!(left(&bucket, "shop-prod/service/").is_empty(), "{:?}", left(&bucket, "shop-prod/service/"));
    let run = pull(&bucket, "head").input("context", PROD).run().succeeds();
    assert_eq!(run.workspace.files(), ["web/config.json"]);
    // Dev has both still.
    for (version, token) in [("v1.0.0", old), ("v1.1.0", new.as_str())] {
        let run = pull(&bucket, version).input("context", "shop-dev").run().succeeds();
        assert_eq!(run.output("TOKEN"), token);
    }
}

/// The value that these files have.
fn token_of(files: &[(&str, &str)]) -> String {
    let text = files.iter().find_map(|(_, text)| text.strip_prefix("TOKEN=")).unwrap();
    text.trim_end().to_owned()
}
