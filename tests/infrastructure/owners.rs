//! A bucket and a key that somebody else looks after: nothing of them is touched, and their owner adds the statements that are
//! printed.

use std::fs;

use serde_json::{Value, json};

use crate::account::Account;
use crate::harness::{Action, Bucket, Proxy};
use crate::stack::Stack;
use crate::terraform::{printed, terraform};
use crate::tool_requests::refused_by;

/// The policy that the owner has given the bucket.
const OWNERS_POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Owners", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "arn:aws:s3:::cstore-shop"}]}"#;

const BUCKET: &str = "cstore-shop";

/// A policy and the statements of another one.
fn merged(policy: &str, printed: &Value) -> String {
    let mut policy: Value = serde_json::from_str(policy).unwrap();
    let printed: Value = serde_json::from_str(printed["value"].as_str().unwrap()).unwrap();
    let more = printed["Statement"].as_array().unwrap();
    assert!(!more.is_empty(), "{printed}");
    policy["Statement"].as_array_mut().unwrap().extend(more.iter().cloned());
    policy.to_string()
}

/// What identifies a policy's statements.
fn sids(policy: &str) -> Vec<String> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    policy["Statement"].as_array().unwrap().iter().map(|statement| statement["Sid"].to_string()).collect()
}

fn step(bucket: &Bucket, account: Account, role: &str) -> Action {
    let step = Action::new(bucket).input("context", "shop").version("v1.0.0").files(&["service/.env"]);
    let arn = format!("arn:aws:iam::{}:role/{BUCKET}-{role}", account.number());
    step.input("role-to-assume", &arn)
}

#[test]
#[ignore = "needs terraform"]
fn a_bucket_and_a_key_that_exist_stay_as_they_are_and_are_used() {
    let terraform = terraform().example("existing-bucket");
    let account = Account::new();
    let bucket: Bucket = account.bucket(BUCKET);
    let versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    account.set(BUCKET, "versioning", versioning).set(BUCKET, "policy", OWNERS_POLICY);
    let key = account.key();
    let present = || {
        let settings = ["policy", "versioning", "encryption", "lifecycle", "publicAccessBlock", "ownershipControls"];
        (settings.map(|what| account.about(BUCKET, what)), account.key_policy(&key))
    };
    let before = present();
    let stack = Stack::new(&terraform, account);
    let stack = stack.variable("kms_key_arn", &format!("arn:aws:kms:us-east-1:{}:key/{key}", account.number()));
    stack.applies();
    assert_eq!(present(), before);

    // The owner adds what is printed, after which there is still nothing to do.
    let outputs = stack.outputs();
    let policy = merged(OWNERS_POLICY, &outputs["bucket_policy"]);
    let key_policy = merged(&account.key_policy(&key), &outputs["key_policy"]);
    account.set(BUCKET, "policy", &policy).set_key_policy(&key, &key_policy);
    let with_added = present();
    assert_eq!(sids(&account.about(BUCKET, "policy")), sids(&policy));
    assert_eq!(sids(&account.key_policy(&key)), sids(&key_policy));
    let again = stack.run("plan", &["-detailed-exitcode"]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(present(), with_added);

    account.without_bucket_policy(&bucket); // the server holds everybody to it, whomever it is about
    let push = |role: &str, proxy: &Proxy| {
        let step = step(&bucket, account, role).input("command", "push");
        account.run(step.workspace_file("service/.env", "TOKEN=of-shop\n").through(proxy))
    };
    let (pushes, pulls) = (Proxy::before(account.server()), Proxy::before(account.server()));
    push("puller", &Proxy::before(account.server())).fails(3);
    push("pusher", &pushes).succeeds();
    let pulled = account.run(step(&bucket, account, "puller").through(&pulls)).succeeds();
    assert_eq!(pulled.output("TOKEN"), "of-shop");

    // What the owner's policy decides of those very requests.
    let applied = terraform.folder().join("applied.json");
    let anything = json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let administrator = json!({
        "arn": format!("arn:aws:iam::{}:role/admin", account.number()),
        "context": {"aws:userid": "AROAADMIN:boss"},
        "policies": [anything],
    });
    let mut loose = account.asking_as("cstore-shop-pusher", "push");
    loose["policies"].as_array_mut().unwrap().push(anything.clone());
    let written = json!({
        "account": account.number(),
        "name": BUCKET,
        "bucket": serde_json::from_str::<Value>(&policy).unwrap(),
        "who": {
            "puller": account.asking_as("cstore-shop-puller", "pull"),
            "pusher": account.asking_as("cstore-shop-pusher", "push"),
            "pusher, administrator": loose,
            "administrator": administrator,
        },
    });
    fs::write(&applied, written.to_string()).unwrap();
    let refused = |who: &str, proxy: &Proxy| refused_by("applied", &applied, who, proxy);
    assert_eq!(refused("pusher", &pushes), [""; 0]);
    assert_eq!(refused("pusher, administrator", &pushes), [""; 0]);
    assert_eq!(refused("puller", &pulls), [""; 0]);
    assert!(refused("puller", &pushes).iter().any(|request| request.contains("PUT shop/v1.0.0/service/.env")));
    // Statements that only deny do what no policy of the role does: administrators are held to it, too.
    for proxy in [&pushes, &pulls] {
        assert!(refused("administrator", proxy).iter().any(|request| request.contains("shop/v1.0.0/service/.env")));
    }

    account.set(BUCKET, "policy", &policy);
    stack.is_destroyed();
    assert_eq!(present(), with_added, "nor does a destroy touch them");
}

/// Told to manage the policies, the module keeps the owners' statements beside its own, and a destroy leaves none.
#[test]
#[ignore = "needs terraform"]
fn the_policies_of_a_bucket_and_a_key_that_exist_are_replaced_when_told_to() {
    let terraform = terraform();
    let account = Account::new();
    account.bucket(BUCKET);
    account.set(BUCKET, "policy", OWNERS_POLICY);
    let key = account.key();
    let by_default = account.key_policy(&key);
    let owners_key = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "OwnersKey", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}]}"#;
    account.set_key_policy(&key, owners_key);
    let settings = format!(
        "bucket_name = null\nbucket = \"{BUCKET}\"\nkms_key_arn = \"arn:aws:kms:us-east-1:{}:key/{key}\"\nmanage_bucket_policy = true\n\
         manage_key_policy = true\nbucket_policy_documents = [{OWNERS_POLICY:?}]\nkey_policy_documents = [{owners_key:?}]\n",
        account.number(),
    );
    let terraform = terraform.with_file("nothing.tf", "");
    let stack = Stack::new(&terraform, account).with_settings(&settings);
    stack.applies();
    for (policy, owners, ours) in [
        (account.about(BUCKET, "policy"), "Owners", "DenyUnconditionalWrite"),
        (account.key_policy(&key), "OwnersKey", "AllowAccountToAdminister"),
    ] {
        let sids = sids(&policy);
        assert!([owners, ours].iter().all(|sid| sids.contains(&format!("\"{sid}\""))), "{sids:?}");
    }
    stack.is_destroyed();
    assert!(account.about(BUCKET, "policy").contains("NoSuchBucketPolicy"), "{}", account.about(BUCKET, "policy"));
    let left: Value = serde_json::from_str(&account.key_policy(&key)).unwrap();
    let default: Value = serde_json::from_str(&by_default).unwrap();
    assert_eq!(left["Statement"][0]["Action"], default["Statement"][0]["Action"], "{left}");
    assert!(!left.to_string().contains("AllowAccountToAdminister"), "{left}");
}

#[test]
#[ignore = "needs terraform"]
fn a_bucket_that_exists_is_looked_up() {
    let terraform = terraform().example("existing-bucket");
    let account = Account::new();
    let misspelt = Stack::new(&terraform, account).run("plan", &[]);
    assert!(!misspelt.status.success());
    assert!(printed(&misspelt).contains("not found: bucket names no bucket"), "{}", printed(&misspelt));

    // In its own region, whatever the provider's is.
    account.bucket_of("eu-north-1", BUCKET);
    let stack = Stack::new(&terraform, account);
    stack.is_applied();
    let outputs = stack.outputs();
    let workflow = outputs["workflow"]["value"].as_str().unwrap();
    assert!(workflow.contains("aws-region: \"eu-north-1\""), "{workflow}");

    let key = format!("arn:aws:kms:us-east-1:{}:key/1234", account.number());
    let plan = stack.variable("kms_key_arn", &key).run("plan", &[]);
    assert!(!plan.status.success());
    assert!(printed(&plan).contains("kms_key_arn is not of the bucket's region, eu-north-1"), "{}", printed(&plan));
}
