//! `cstore init`: one question each for what a catalog says, and a catalog that the Go cStore takes.

use cstore::catalog::Catalog;

use crate::harness::{Bucket, Laptop};

const GIT_IGNORES: &str = ".env\n.env.*\n!.env.example\n.cstore-*.tmp\n";

/// A machine on which nothing says anything.
fn laptop() -> Laptop {
    let laptop = Laptop::without_bucket(&Bucket::missing());
    laptop.plain_file("shop/README.md", "");
    laptop
}

fn read(laptop: &Laptop, path: &str) -> String {
    String::from_utf8(laptop.workspace().read(path)).unwrap()
}

#[test]
fn init_asks_once_for_each_setting_and_writes_the_catalog() {
    let laptop = laptop();
    laptop.plain_file("shop/.git/HEAD", "");
    let typed = laptop.cstore(["init"]).in_folder("shop").on_a_terminal();
    let ran = typed
        .sees("Context, the project's name in the bucket [shop]: ")
        .types("web-shop")
        .sees("S3 bucket [cstore-web-shop]: ")
        .types("acme-config")
        .sees("KMS key")
        .types("alias/config")
        .sees("Have git ignore .env .env.* !.env.example .cstore-*.tmp (in .gitignore)? [Y/n]")
        .types("")
        .ended()
        .succeeds();
    ran.says("Wrote cstore.yml")
        .says("next: cstore push FILE")
        .says("next: cstore status")
        .says("next: git add cstore.yml .gitignore");
    let text = read(&laptop, "shop/cstore.yml");
    assert!(text.ends_with(
        "version: v4\ncontext: web-shop\ndata:\n  AWS_S3_BUCKET: acme-config\n  AWS_STORE_KMS_KEY_ID: alias/config\nfiles: []\n"
    ));
    let catalog = Catalog::read(text.as_bytes()).unwrap();
    assert_eq!(catalog.context.unwrap().as_str(), "web-shop");
    assert_eq!((catalog.bucket.as_deref(), catalog.kms_key.as_deref()), (Some("acme-config"), Some("alias/config")));
    assert_eq!(read(&laptop, "shop/.gitignore"), GIT_IGNORES);
    assert_eq!(laptop.workspace().mode("shop/cstore.yml"), 0o644);
}

#[test]
fn what_flags_and_variables_say_is_not_asked() {
    let laptop = laptop();
    laptop.plain_file("shop/.git/HEAD", "");
    let typed = laptop.cstore(["init", "--bucket", "acme-config", "--kms-key-id", "alias/config"]).in_folder("shop");
    let ran = typed.env("CSTORE_CONTEXT", "shop").on_a_terminal().sees("Have git ignore").types("n").ended().succeeds();
    ran.does_not_say("Context").does_not_say("S3 bucket").does_not_say("KMS key");
    assert!(read(&laptop, "shop/cstore.yml").contains("AWS_S3_BUCKET: acme-config\n"));
    assert_eq!(laptop.workspace().files(), ["shop/.git/HEAD", "shop/README.md", "shop/cstore.yml"]);
}

#[test]
fn without_a_terminal_the_defaults_count_or_the_flag_is_named() {
    let laptop = laptop();
    let ran = laptop.cstore(["init"]).in_folder("shop").run().succeeds().prints("");
    // There is no git here.
    ran.does_not_say("git");
    assert_eq!(laptop.workspace().files(), ["shop/README.md", "shop/cstore.yml"]);
    let text = read(&laptop, "shop/cstore.yml");
    assert!(text.ends_with("version: v4\ncontext: shop\ndata:\n  AWS_S3_BUCKET: cstore-shop\nfiles: []\n"), "{text}");
    laptop.plain_file("My Shop/README.md", "");
    laptop.cstore(["init"]).in_folder("My Shop").run().fails(2).says("--context");
    // A context with upper-case letters gives no bucket.
    laptop.cstore(["init", "--context", "Shop"]).in_folder("My Shop").run().fails(2).says("--bucket");
    laptop.cstore(["init", "--context", "a//b"]).in_folder("My Shop").run().fails(2).says("context");
    laptop.cstore(["init", "--bucket", "s3://x"]).in_folder("My Shop").run().fails(2).says("bucket");
    assert!(!laptop.workspace().files().iter().any(|path| path.starts_with("My Shop/cs")));
}

#[test]
fn what_comes_next_says_who_asks_as_the_first_command_did() {
    let ran = laptop().cstore(["init", "--aws-region", "eu-west-3", "--bucket", "acme-config"]).in_folder("shop").run();
    ran.succeeds().says("cstore status --aws-region eu-west-3").does_not_say("--bucket");
    let laptop = laptop();
    let [flag, url] = ["--endpoint-url", "http://minio.example:9000"];
    laptop.cstore(["init", flag, url]).in_folder("shop").run().fails(2).says("--allow-http");
    assert!(!laptop.workspace().path("shop/cstore.yml").exists());
    let ran = laptop.cstore(["init", flag, url, "--allow-http"]).in_folder("shop").run().succeeds();
    ran.says("cstore status --endpoint-url http://minio.example:9000 --allow-http");
}

#[test]
fn a_catalog_that_is_there_is_left_as_it_is() {
    let laptop = laptop();
    laptop.plain_file("shop/cstore.yml", "context: mine\n");
    laptop.cstore(["init", "--yes"]).in_folder("shop").run().fails(4).says("cstore push FILE");
    laptop.cstore(["init", "-f", "shop/cstore.yml", "--yes"]).run().fails(4).says("shop/cstore.yml is there already");
    assert_eq!(read(&laptop, "shop/cstore.yml"), "context: mine\n");
    // One above does not keep a folder from having its own.
    laptop.plain_file(".git/HEAD", "").plain_file("cstore.yml", "context: above\n");
    laptop.plain_file("shop/web/README.md", "");
    laptop.cstore(["init", "--yes"]).in_folder("shop/web").run().succeeds();
    assert!(read(&laptop, "shop/web/cstore.yml").contains("context: web\n"));
    laptop
        .cstore(["init", "--yes", "-f", "shop/api.yml", "--context", "api"])
        .run()
        .succeeds()
        .says("Wrote shop/api.yml");
    assert!(read(&laptop, "shop/.gitignore").contains(".env.*"));
}

#[test]
fn what_comes_next_names_the_config_files_that_are_there_and_what_was_written() {
    let laptop = laptop();
    laptop.plain_file(".git/HEAD", "").plain_file("shop/.env.example", "").plain_file("shop/config/notes.md", "");
    laptop.plain_file("shop/.env.local", "").plain_file("shop/config/it's.yml", "");
    let ran = laptop.cstore(["init", "--yes"]).in_folder("shop").run().succeeds();
    ran.says("next: git add cstore.yml .gitignore\n")
        .says("next: cstore push .env.local 'config/it'\\''s.yml'\n")
        .says("next: cstore status\n");
    // A .gitignore that had the lines already was not written, and a catalog elsewhere has to be named.
    laptop.workspace().remove("shop/cstore.yml");
    let ran = laptop.cstore(["init", "--yes", "-f", "shop/cstore.yml"]).run().succeeds();
    ran.says("next: git add shop/cstore.yml\n")
        .says("next: cstore push -f shop/cstore.yml shop/.env.local 'shop/config/it'\\''s.yml'\n")
        .says("next: cstore status -f shop/cstore.yml\n");
}

#[test]
fn the_push_that_comes_next_finds_config_files_in_folders_and_works_as_printed() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("service/prod/.env", "TOKEN=swordfish\n").file("a/b/c/.env.local", "TOKEN=swordfish\n");
    laptop.plain_file("config/.env", "");
    for other in ["a/b/c/d/.env", "node_modules/x/.env", ".cache/.env", "other/.env", "third/.env", "a/.env.example"] {
        laptop.plain_file(other, "");
    }
    laptop.plain_file("other/.git/HEAD", "").plain_file("third/cstore.yml", "");
    std::os::unix::fs::symlink("service", laptop.workspace().path("linked")).unwrap();
    let ran = laptop.cstore(["init", "--context", "shop", "--bucket", bucket.name()]).run().succeeds();
    let push = "cstore push a/b/c/.env.local config/.env service/prod/.env";
    ran.says(&format!("next: {push}\n"));
    laptop.shell(push).run().succeeds();
}

#[test]
fn a_catalog_in_a_folder_that_is_not_there_is_a_mistake_of_whoever_names_it() {
    let laptop = laptop();
    let ran = laptop.cstore(["init", "-f", "sub/cstore.yml"]).run().fails(2);
    ran.says("There is no folder").says("sub, so there can be no catalog sub/cstore.yml").says("mkdir -p ");
    laptop.cstore(["init", "-f", "shop/README.md/cstore.yml"]).run().fails(2).says("There is no folder");
    laptop.cstore(["init", "-f", "/no/such/cstore.yml"]).run().fails(2).says("There is no folder /no/such,");
    laptop.cstore(["init", "-f", "shop"]).run().fails(2).says("\"shop\" is not the path of a catalog");
}

#[test]
fn lines_for_git_are_added_once_with_the_line_ends_that_are_there() {
    let laptop = laptop();
    laptop.plain_file("shop/.gitignore", "target\r\n.env\r\nnode_modules");
    laptop
        .cstore(["init", "--yes"])
        .in_folder("shop")
        .run()
        .succeeds()
        .says("Added to .gitignore: .env.* !.env.example .cstore-*.tmp");
    let ignored = "target\r\n.env\r\nnode_modules\r\n.env.*\r\n!.env.example\r\n.cstore-*.tmp\r\n";
    assert_eq!(read(&laptop, "shop/.gitignore"), ignored);
    laptop.workspace().remove("shop/cstore.yml");
    laptop.cstore(["init", "--yes"]).in_folder("shop").run().succeeds().does_not_say("Added");
    assert_eq!(read(&laptop, "shop/.gitignore"), ignored);
    // One that is a link is the person's to change.
    laptop.workspace().remove("shop/cstore.yml");
    laptop.workspace().remove("shop/.gitignore");
    laptop.workspace().link("shop/.gitignore", "../elsewhere");
    laptop.cstore(["init", "--yes"]).in_folder("shop").run().succeeds().says("Add these lines to it");
}

#[test]
fn a_bucket_that_the_first_push_corrects_is_the_catalogs_from_then_on() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("shop/.env", "A=swordfish-1\n").file("shop/b.env", "B=swordfish-2\n");
    laptop.cstore(["init", "--yes"]).in_folder("shop").run().succeeds();
    laptop.cstore(["push", ".env", "--bucket", bucket.name(), "--yes"]).in_folder("shop").run().succeeds();
    let catalog = read(&laptop, "shop/cstore.yml");
    assert!(!catalog.contains("cstore-shop"), "{catalog}");
    assert_eq!(Catalog::read(catalog.as_bytes()).unwrap().bucket.as_deref(), Some(bucket.name()));
    laptop.cstore(["push", "b.env", "--yes"]).in_folder("shop").run().succeeds();
    laptop.cstore(["list"]).in_folder("shop").run().succeeds().prints(".env\nb.env\n");
}

#[test]
fn the_catalogs_own_bucket_stays_as_long_as_a_file_is_in_it_and_counts_for_none_where_all_are_elsewhere() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("shop/.env", "A=swordfish-1\n").file("shop/b.env", "B=swordfish-2\n");
    let own = "version: v4\ncontext: shop\ndata:\n  AWS_S3_BUCKET: cstore-other\n";
    laptop.plain_file("shop/cstore.yml", format!("{own}files:\n- path: b.env\n"));
    laptop.cstore(["push", ".env", "--bucket", bucket.name(), "--yes"]).in_folder("shop").run().succeeds();
    let catalog = read(&laptop, "shop/cstore.yml");
    assert!(catalog.contains("AWS_S3_BUCKET: cstore-other\n"), "b.env is still in it: {catalog}");
    let entry = format!("files:\n- path: .env\n  data:\n    AWS_S3_BUCKET: {}\n", bucket.name());
    laptop.plain_file("shop/cstore.yml", format!("{own}{entry}"));
    laptop.cstore(["list", "--trust"]).in_folder("shop").run().succeeds().prints(".env\n");
    laptop.cstore(["push", "b.env", "--trust", "--yes"]).in_folder("shop").run().succeeds();
}

#[test]
fn a_second_catalog_below_another_is_made_only_where_somebody_wants_it() {
    let laptop = laptop();
    laptop.plain_file("shop/.git/HEAD", "ref: refs/heads/main\n").plain_file("shop/api/README.md", "");
    laptop.cstore(["init", "--yes"]).in_folder("shop").run().succeeds();
    let init = || laptop.cstore(["init"]).in_folder("shop/api");
    let refused = init().run().fails(4).says("Commands in this folder use ../cstore.yml. No other catalog was made.");
    refused.says("run: cstore push FILE. To have another one here: cstore init --yes");
    let asked =
        init().on_a_terminal().sees("Commands in this folder use ../cstore.yml. Create a separate catalog here?");
    asked.types("").ended().fails(4);
    assert!(!laptop.workspace().files().contains(&"shop/api/cstore.yml".to_owned()));
    let ran = laptop.cstore(["init", "--yes"]).in_folder("shop/api").run().succeeds();
    ran.says("Until now commands in this folder used ../cstore.yml.");
    assert!(laptop.workspace().files().contains(&"shop/api/cstore.yml".to_owned()));
}
