//! `cstore verify`: what is found, and its exit codes.

use crate::harness::{Action, Bucket, Laptop};

fn push(bucket: &Bucket, context: &str, version: &str, text: &str) {
    let push = Action::push(bucket).input("context", context).version(version).files(&["a/.env", "b/.env"]);
    push.workspace_file("a/.env", text).workspace_file("b/.env", "B=value-of-b\n").run().succeeds();
}

#[test]
fn all_findings_are_named_and_the_code_is_8() {
    let bucket = Bucket::unversioned();
    push(&bucket, "shop", "v1.0.0", "A=value-of-a\n");
    let laptop = Laptop::new(&bucket);
    laptop
        .cstore(["verify", "v1.0.0"])
        .run()
        .succeeds()
        .prints("")
        .says("2 files, sha256:")
        .says(", no problems found.");
    bucket.delete("shop/v1.0.0/a/.env");
    bucket.put("shop/v1.0.0/b/.env", "B=planted-value\n", &[]);
    let ran = laptop.cstore(["verify", "v1.0.0"]).run().fails(8).prints("");
    let ran = ran
        .says(", 2 problems found.")
        .says("a/.env is missing")
        .says("b/.env was replaced in the bucket by another tool")
        .says("--overwrite");
    assert!(!ran.stderr.contains("overwrite: true"), "{}", ran.stderr);
    let ran = laptop.cstore(["verify", "shop@^1", "--json"]).run().fails(8);
    let json = ran.json();
    assert_eq!((&json["schema"], &json["ok"]), (&1.into(), &false.into()));
    assert_eq!(json["objects"]["findings"][0]["problem"], "missing");
    assert_eq!(json["objects"]["findings"][1]["problem"], "foreign");
    laptop.cstore(["verify", "v9.9.9"]).run().fails(6);
}

#[test]
fn two_environments_are_compared_by_their_keys() {
    let bucket = Bucket::versioned();
    push(&bucket, "shop", "head", "A=value-of-a\nONLY=here-alone\n");
    push(&bucket, "shop-prod", "head", "A=value-of-prod\n");
    let laptop = Laptop::new(&bucket);
    let ran = laptop.cstore(["verify", "--same-keys", "head", "shop-prod@head"]).run().fails(8);
    ran.says("ONLY (a/.env)").says("not in the head of shop-prod");
    let ran = laptop.cstore(["verify", "--same-keys", "head", "head"]).run().succeeds();
    ran.says("Both have the same keys.");
    laptop.cstore(["verify", "--same-keys", "head"]).run().fails(2);
}

/// A machine that may ask nobody for anything.
fn offline() -> Laptop {
    let laptop = Laptop::without_bucket(&Bucket::missing()).with_env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"].into_iter().fold(laptop, Laptop::without_env)
}

#[test]
fn the_files_here_are_checked_by_themselves_and_nobody_is_asked() {
    let laptop = offline();
    let catalog =
        "context: shop\ndata:\n  AWS_S3_BUCKET: cstore-shop\nfiles:\n- path: svc/dev/.env\n- path: svc/prod/.env\n";
    laptop
        .plain_file(".git/HEAD", "")
        .plain_file("cstore.yml", catalog)
        .plain_file("svc/.env.example", "A=\nPROMISED=\n");
    laptop.file("svc/dev/.env", "A=value-of-a\nONLY=value-two\n").file("svc/prod/.env", "A=value-three\n");
    // Nobody is asked to trust a catalog that leads to a bucket of which nothing is wanted.
    laptop
        .cstore(["verify", "."])
        .run()
        .succeeds()
        .prints("")
        .says("Checked 2 files of the workspace: no problems found.");
    let line =
        ["verify", ".", "--template", ".env.example", "--same-keys", "./dev", "./prod", "--required-keys", "NONE"];
    for folder in ["svc", "svc/dev"] {
        let up = if folder == "svc" { "." } else { ".." };
        let mut line = line.map(ToOwned::to_owned);
        for (at, name) in [(3, ".env.example"), (5, "dev"), (6, "prod")] {
            line[at] = format!("{up}/{name}");
        }
        let ran = laptop.cstore_with(line).in_folder(folder).run().fails(8);
        let shown = |path: &str| if folder == "svc" { path.to_owned() } else { format!("../{path}") };
        let ran = ran.says("3 problems found").says("NONE, which is missing");
        let ran = ran.says(&format!("The template {} has PROMISED", shown(".env.example")));
        ran.says(&format!("{} does not have ONLY", shown("prod")));
    }
    let json = laptop.cstore(["verify", ".", "--required-keys", "NONE", "--json"]).run().fails(8).json();
    assert_eq!((&json["ok"], &json["workspace"]["files"][1]), (&false.into(), &"svc/prod/.env".into()));
    assert_eq!(json["workspace"]["findings"][0]["about"], "Required keys");
    assert!(json.get("objects").is_none());
    laptop.workspace().remove("svc/prod/.env");
    let absent = laptop.cstore(["verify", "."]).run().succeeds();
    absent.says("not in the workspace, and were not checked: svc/prod/.env. To report them as missing, name them with `--files`.");
    laptop.file("svc/prod/.env", "A=value-three\n");
    // Without a version the two sides alone are looked at, and they are files.
    laptop.cstore(["verify", "--same-keys", "./svc/dev", "./svc/dev/.env"]).run().succeeds();
    laptop.cstore(["verify", "v1.0.0", "--required-keys", "A"]).run().fails(2).says("cstore verify .");
    // What is sent needs somebody's consent as ever.
    laptop.cstore(["verify"]).run().fails(2).says("is not trusted");
}

#[test]
fn files_that_are_named_need_no_catalog() {
    let laptop = offline();
    laptop.file("a.env", "A=value-of-a\n");
    laptop.cstore(["verify", ".", "--files", "a.env", "--required-keys", "A"]).run().succeeds();
    laptop.cstore(["verify", ".", "--files", "b.env"]).run().fails(6).says("b.env");
    laptop.cstore(["verify", "."]).run().fails(2).says("cstore init");
}

#[test]
fn variables_in_paths_need_consent_although_nothing_is_sent() {
    let laptop = offline().with_env("STAGE", "prod");
    laptop
        .plain_file("cstore.yml", "context: shop\nfiles:\n- path: ${STAGE}/.env\n")
        .file("prod/.env", "A=value-of-a\n");
    laptop.cstore(["verify", "."]).run().fails(2).says("STAGE").does_not_say("prod/.env");
    laptop.cstore(["verify", ".", "--variables", "STAGE"]).run().succeeds().says("Checked 1 file");
}

#[test]
fn the_files_of_linked_catalogs_are_checked_with_the_others() {
    let laptop = offline();
    let catalog = "context: shop\nfiles:\n- path: .env\n- {path: web/cstore.yml, isRef: true}\n";
    let linked = "context: shop-web\nfiles:\n- {path: settings, type: json}\n- path: .env\n";
    laptop.plain_file("cstore.yml", catalog).plain_file("web/cstore.yml", linked);
    laptop.file(".env", "A=value-one\n").file("web/settings", "{\"B\": \"value-two\"}");
    let verify = |words: [&str; 2]| laptop.cstore(["verify", ".", words[0], words[1]]).run();
    let checked = verify(["--required-keys", "B"]).succeeds();
    checked.says("Checked 2 files of the workspace: no problems found.").says("web/.env");
    verify(["--files", ".env"]).succeeds().says("Checked 1 file");
    laptop.file("web/settings", "{\"B\": value-three}");
    verify(["--files", "web/settings"]).fails(8).says("web/settings");
}
