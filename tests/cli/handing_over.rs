//! Handing over by reference at the command line.

use serde_json::{Value, json};

use crate::harness::Bucket;
use crate::shared::{ENV, JSON, laptop};

#[test]
fn documents_and_exports_say_where_the_bytes_are() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\n").file(JSON, "{\"port\": 8080}\n");
    let pushed = laptop.cstore(["push", "-v", "v1.0.0", "--json"]).run().succeeds().json();
    let arn = |path: &str| format!("arn:aws:s3:::{}/shop/v1.0.0/{path}", bucket.name());
    let arns = |document: &Value| {
        let objects = document["objects"].as_array().unwrap().iter();
        objects.map(|object| object["arn"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(arns(&pushed), [arn(ENV), arn(JSON)]);
    assert_eq!(pushed["objects"][0]["s3_version"], json!(bucket.get(&format!("shop/v1.0.0/{ENV}")).version_id()));
    for line in [["show", "v1.0.0", "--json"].as_slice(), &["pull", "-v", "v1.0.0", "--json"]] {
        let ran = laptop.cstore_with(line.iter().map(|word| (*word).to_owned())).run().succeeds();
        assert_eq!(ran.json()["objects"], pushed["objects"], "{line:?}");
    }
    let list = laptop.cstore(["export", "-v", "v1.0.0", "-g", "ecs-environment-files"]).run().succeeds();
    assert_eq!(list.json(), json!([{"value": arn(ENV), "type": "s3"}]));
    // A pull takes the pinned S3 version; ECS cannot.
    let key = format!("shop/v1.0.0/{ENV}");
    bucket.put_foreign(&key, b"TOKEN=halibut\n", &[]);
    let refused = laptop.cstore(["export", "-v", "v1.0.0", "-g", "ecs-environment-files"]).run().fails(5).prints("");
    refused.says(&format!("not what was pushed, or cannot be read: {ENV} ({})", arn(ENV))).says("`--overwrite`");
    laptop.cstore(["get", "TOKEN", "-v", "v1.0.0"]).prints_values().run().succeeds().prints("swordfish");
    laptop.cstore(["push", "-v", "v1.0.0", "--overwrite", "-y"]).run().succeeds();
    laptop.cstore(["export", "-v", "v1.0.0", "-g", "ecs-environment-files"]).run().succeeds();
    let named = ["export", "-v", "v1.0.0", "-g", "k8s-secret", "--name-suffix", "digest"];
    let ran = laptop.cstore(named).prints_values().run().succeeds();
    assert!(ran.stdout.contains("  name: \"shop-") && ran.stdout.contains("immutable: true"), "{}", ran.stdout);
    laptop.file(ENV, "TOKEN='swordfish'\n");
    laptop.cstore(["push", "-v", "v1.0.1"]).run().succeeds();
    let refused = laptop.cstore(["export", "-v", "v1.0.1", "-g", "ecs-environment-files"]).run().fails(2).prints("");
    refused.says("service/dev/.env, line 1: ECS takes the quotes");
    let changes: [&[&str]; 6] = [
        &["--keys", "!TOKEN"],
        &["--defaults", "A=b"],
        &["--expand"],
        &["--output-prefix", "A_"],
        &["--output-case", "lower"],
        &["-n"],
    ];
    for change in changes {
        let line = ["export", "-v", "v1.0.0", "-g", "ecs-environment-files"].iter().chain(change);
        let refused = laptop.cstore_with(line.map(|word| (*word).to_owned())).run().fails(2).prints("");
        refused.says("cannot be set together with");
    }
    let other = "service/prod/.env";
    laptop.file(ENV, "TOKEN=swordfish\n").file(other, "TOKEN=halibut\n");
    laptop.cstore(["push", ENV, other, "-v", "v2.0.0"]).run().succeeds();
    let both = ["export", "-v", "v2.0.0", "-g", "ecs-environment-files", "--on-duplicate", "last"];
    let refused = laptop.cstore(both).run().fails(2).prints("");
    refused.says("service/prod/.env, line 1: ECS takes the value of TOKEN in service/dev/.env");
    let refused = laptop.cstore(["export", "-v", "v2.0.0", "-g", "ecs-environment-files"]).run().fails(2).prints("");
    refused.says("--files 'service/dev/**'").says("or give each key in one file only.").does_not_say("on-duplicate");
}
