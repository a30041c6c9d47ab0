//! Catalogs that a catalog links to, which have contexts of their own.

use crate::harness::{Bucket, Laptop, Versioning};
use crate::shared::text;

fn catalog(context: &str, files: &[&str], links: &[&str]) -> String {
    let files = files.iter().map(|path| format!("- path: {path}\n  store: aws-s3\n  type: env\n"));
    let links = links.iter().map(|path| format!("- path: {path}\n  isRef: true\n"));
    format!("version: v4\ncontext: {context}\nfiles:\n{}", files.chain(links).collect::<String>())
}

/// A catalog with `.env`, and a linked one with `web/.env`.
fn linked(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT").with_env("CSTORE_TRUST", "true");
    laptop.plain_file("cstore.yml", catalog("par", &[".env"], &["web/cstore.yml"]));
    laptop.plain_file("web/cstore.yml", catalog("par-web", &[".env"], &[]));
    laptop.file(".env", "A=parent-secret\n").file("web/.env", "B=secret-of-web\n");
    laptop
}

#[test]
fn what_is_not_pushed_of_a_linked_catalog_is_pushed_by_the_command_that_is_printed() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    laptop.cstore(["push"]).run().succeeds();
    let advice = "cstore push -f web/cstore.yml`";
    for words in [&["pull"][..], &["export"], &["exec", "--", "true"], &["get", "B"], &["list"]] {
        let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
        assert!(matches!(ran.code, 6 | 125), "{words:?}: {}", ran.stderr);
        ran.says(advice).does_not_say("--context par-web");
    }
    let from_below = laptop.cstore(["pull"]).in_folder("web").env("CSTORE_CATALOG", "../cstore.yml").run();
    from_below.fails(6).says("not there: .env.").says("cstore push -f cstore.yml`");
    laptop.cstore(["pull"]).run().fails(6).says("not there: web/.env. Nothing was pushed to the head of par-web");
    laptop.cstore(["push", "-v", "v1.0.0", "--update-catalog=false"]).run().succeeds();
    laptop
        .cstore(["lock", "-v", "^1"])
        .run()
        .fails(6)
        .says("cstore push -v v1.0.0 -f web/cstore.yml")
        .does_not_say("--context par-web");

    laptop.cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    assert_eq!(bucket.get("par-web/.env").text(), "B=secret-of-web\n");
    laptop.cstore(["pull"]).run().succeeds();
}

#[test]
fn both_sides_of_a_linked_catalogs_file_are_shown_and_settled_by_the_commands_that_are_printed() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    let other = linked(&bucket);
    other.cstore(["pull"]).run().succeeds();
    other.file("web/.env", "B=others-secret\n").cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    laptop.file("web/.env", "B=secret-of-mine\n");
    let refused = laptop.cstore(["pull"]).run().fails(4);
    refused.says("`cstore diff -f web/cstore.yml`").says("`cstore push --overwrite -f web/cstore.yml web/.env`");
    laptop.cstore(["push", "--overwrite", "-f", "web/cstore.yml", "web/.env"]).run().succeeds();
    assert_eq!(bucket.get("par-web/.env").text(), "B=secret-of-mine\n");
}

#[test]
fn a_file_of_two_catalogs_is_taken_from_neither_and_pushed_to_the_linked_one_alone() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    let before = text(&laptop, "cstore.yml");
    laptop
        .cstore(["push", "web/.env"])
        .run()
        .fails(2)
        .says("web/.env is a file of the linked catalog web/cstore.yml")
        .says("cstore push -f web/cstore.yml web/.env");
    assert_eq!(text(&laptop, "cstore.yml"), before);

    let both = catalog("par", &[".env", "web/.env"], &["web/cstore.yml"]);
    laptop.plain_file("cstore.yml", &both);
    laptop.cstore(["push"]).run().fails(2).says("web/.env is a file of the linked catalog web/cstore.yml");
    // As an earlier version of this tool would have pushed it.
    laptop.plain_file("cstore.yml", catalog("par", &[".env", "web/.env"], &[]));
    laptop.cstore(["push"]).run().succeeds();
    laptop.plain_file("cstore.yml", &both);
    for force in [&["pull"][..], &["pull", "--force"], &["export"]] {
        let pull = laptop.cstore_with(force.iter().map(|word| (*word).to_owned())).run();
        pull.fails(2).says("web/.env is a file of two catalogs, cstore.yml and web/cstore.yml");
    }
    let list = laptop.cstore(["list"]).run().succeeds().prints(".env\nweb/.env\n");
    list.says("web/.env is a file of two catalogs, cstore.yml and web/cstore.yml, so that no pull takes it.");
    std::fs::remove_file(laptop.workspace().path("web/.env")).unwrap();
    laptop.cstore(["pull"]).run().fails(2).says("a file of two catalogs").says("`cstore purge web/.env`");
    // Once one catalog has it, that one's is taken.
    laptop.plain_file("cstore.yml", before);
    laptop.cstore(["purge", "web/.env", "--yes"]).run().succeeds();
    laptop.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&laptop, "web/.env"), "B=secret-of-web\n");
}

#[test]
fn files_of_several_buckets_are_pushed_by_the_command_that_is_printed() {
    let (one, other) = (Bucket::versioned(), Bucket::versioned());
    let laptop = Laptop::without_bucket(&one).with_env("CSTORE_TRUST", "true");
    let entry = |path: &str, bucket: &Bucket| {
        format!("- path: {path}\n  store: aws-s3\n  type: env\n  data:\n    AWS_S3_BUCKET: {}\n", bucket.name())
    };
    let entries = [entry("a.env", &one), entry("b.env", &other)].concat();
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n{entries}"));
    laptop.file("a.env", "A=secret-of-a\n").file("b.env", "B=secret-of-b\n");
    let refused = laptop.cstore(["pull"]).run().fails(6);
    let path = if refused.stderr.contains("`cstore push a.env`") { "a.env" } else { "b.env" };
    refused.says(&format!("`cstore push {path}`"));
    laptop.cstore(["push", path]).run().succeeds();
}

#[test]
fn what_a_list_has_of_a_linked_catalog_is_told_apart() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    let of_both = |kind: &str| {
        format!("1 {kind} in the head of par in s3://{}; of linked catalogs: 1 {kind} of par-web.", bucket.name())
    };
    laptop.cstore(["list", "keys"]).run().succeeds().prints("A\nB\n").says(&of_both("key"));
    laptop.cstore(["list"]).run().succeeds().prints(".env\nweb/.env\n").says(&of_both("file"));
    let pages = laptop.clone().with_env("PAGER", "cat");
    pages.cstore(["list", "keys"]).on_a_terminal().ended().succeeds().says("web/.env of par-web");
    pages.cstore(["list"]).on_a_terminal().ended().succeeds().says("bytes, of par-web");
    let keys = laptop.cstore(["list", "keys", "--json"]).run().succeeds().json()["keys"].clone();
    assert_eq!((&keys[0]["contexts"][0], &keys[1]["contexts"][0]), (&"par".into(), &"par-web".into()));
}

#[test]
fn what_a_linked_catalog_has_is_told_by_each_command_that_leaves_it_alone() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket).with_env("PAGER", "cat");
    let laptop = laptop.with_env("CSTORE_EDITOR", "sed -i s/secret/secret-again/");
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-f", "web/cstore.yml"]).run().succeeds();
    let of_key =
        "B is in web/.env of par-web, whose catalog web/cstore.yml is linked here, and in no file of this one.";
    let of_file = "web/.env is a file of par-web, whose catalog web/cstore.yml is linked here.";
    for (line, said, next) in [
        ("log B", of_key, "log B -f web/cstore.yml"),
        ("log --key B", of_key, "log --key=B -f web/cstore.yml"),
        ("set --files web/.env B=edited-secret", of_file, "set --files web/.env B -f web/cstore.yml"),
        ("purge --value-of B --dry-run", of_key, "purge --value-of=B -f web/cstore.yml"),
        ("edit web/.env", of_file, "edit -f web/cstore.yml web/.env"),
        ("unset B", of_key, "unset B -f web/cstore.yml"),
        ("purge web/.env --yes", of_file, "purge -f web/cstore.yml web/.env"),
    ] {
        let words = |line: &str| line.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
        let run = |line: &str| laptop.cstore_with(words(line)).on_a_terminal();
        run(line).ended_with_values().fails(6).says(said).says(&format!("To do so there, run: cstore {next}"));
        let again = if line.starts_with("set") { next.replace(" B ", " B=edited-secret ") } else { next.to_owned() };
        let again = if line.starts_with("purge") { again + " --yes" } else { again };
        run(&again).ended_with_values().succeeds();
    }
    assert!(bucket.get("par/.env").text().contains("parent-secret"));
    // Of a catalog that only links to others nothing is in the head.
    laptop.plain_file("cstore.yml", "version: v4\ncontext: only\nfiles:\n- {path: web/cstore.yml, isRef: true}\n");
    laptop
        .file("web/.env", "B=secret-of-web\n")
        .cstore(["push", "-f", "web/cstore.yml", "--overwrite"])
        .run()
        .succeeds();
    let below = laptop.cstore(["unset", "B", "-f", "../cstore.yml"]).in_folder("web").run().fails(6);
    below.says("B is in .env of par-web, whose catalog cstore.yml is linked here").says("cstore unset B -f cstore.yml");
    laptop.cstore(["unset", "C"]).run().fails(6).says("Nothing was pushed").does_not_say("linked here");
}

#[test]
fn a_pull_says_what_it_took_of_each_catalog() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    laptop.cstore(["push", "-v", "v1.0.0", "--update-catalog=false"]).run().succeeds();
    laptop.cstore(["push", "-f", "web/cstore.yml", "-v", "v1.1.0", "--update-catalog=false"]).run().succeeds();
    let pull = laptop.cstore(["pull", "-v", "^1", "--json"]).run().succeeds();
    let both =
        ["v1.0.0 of par", "v1.1.0 of par-web"].map(|place| format!("Pulled {place} in s3://{}\n", bucket.name()));
    let document = pull.json();
    pull.says(&both.concat());
    let of = |at: usize| ["path", "context", "version"].map(|name| document["files"][at][name].clone());
    assert_eq!(
        (of(0), of(1)),
        ([".env", "par", "v1.0.0"].map(Into::into), ["web/.env", "par-web", "v1.1.0"].map(Into::into))
    );
    assert_eq!(document["version"], "v1.0.0");
    // What is not pulled is not named.
    laptop.cstore(["pull", "-v", "^1", "web/.env"]).run().succeeds().says(&both[1]).does_not_say(&both[0]);
    laptop.cstore(["pull", "-v", "^1", ".env"]).run().succeeds().says(&both[0]).does_not_say(&both[1]);
}

#[test]
fn a_file_is_purged_from_a_folder_below_the_catalogs() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let laptop = linked(&bucket);
    // A catalog is looked for upwards in a repository.
    laptop.plain_file(".git/HEAD", "").plain_file("api/x", "").cstore(["push"]).run().succeeds();
    laptop.file("api/y.env", "C=secret-of-api\n").cstore(["push", "y.env"]).in_folder("api").run().succeeds();
    for (path, shown) in [("y.env", "y.env"), ("../.env", "../.env"), ("./y.env", "y.env")] {
        let planned = laptop.cstore(["purge", path, "-n"]).in_folder("api").run().succeeds();
        planned.says(&format!("Would purge {shown} of the head of par in s3://"));
    }
}

#[test]
fn a_link_to_a_catalog_that_is_not_there_is_told_with_its_line() {
    let bucket = Bucket::versioned();
    let laptop = linked(&bucket);
    std::fs::remove_file(laptop.workspace().path("web/cstore.yml")).unwrap();
    for words in [&["get", "A"][..], &["pull"], &["list"]] {
        let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(2);
        ran.says("cstore.yml:7: It links the catalog \"web/cstore.yml\", which does not exist.");
    }
}
