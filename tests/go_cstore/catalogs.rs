//! Catalogs beyond the recorded ones: changed in place, with several buckets, in a subfolder, with odd contexts.

use serde_json::json;

use crate::harness::{Action, Bucket, Fixture, KmsKey};
use crate::{DEV, assert_files, assert_unmanaged, assert_verified};

const NEW: &str = "API_URL=https://new.api.example.com\n";

/// What people and other programs may have put into a catalog.
fn with_unknown_fields(catalog: &str) -> String {
    let commented =
        catalog.replacen("context: project\n", "context: project   # ours\nchannel: prod\nowner: \"platform\"\n\n", 1);
    let commented =
        commented.replacen("  store: aws-s3\n", "  store: 'aws-s3'  # the only one\n  x-review: [a, b]\n", 1);
    assert!(commented.contains("owner:") && commented.contains("x-review:"), "{commented}");
    commented + "# the end\nx-trailer: {a: 1}\n"
}

#[test]
fn update_catalog_adds_the_version_and_keeps_every_other_byte() {
    let fixture = Fixture::load("versions");
    let before = with_unknown_fields(&fixture.file("cstore.yml"));
    let push = fixture.action("push").repository_file("cstore.yml", &before).workspace_file(DEV, NEW);
    let pushed = push.version("v2.0.0").input("update-catalog", "true").run().succeeds();
    let expected = before.replacen("  - v1.1.0\n", "  - v1.1.0\n  - v2.0.0\n", 1);
    assert_eq!(pushed.file("cstore.yml"), expected);
    assert!(pushed.messages("notice").iter().any(|notice| notice.contains("cstore.yml was written")));
}

#[test]
fn a_field_that_means_nothing_is_annotated_on_its_line_and_changes_nothing() {
    let fixture = Fixture::load("versions");
    let catalog = fixture.file("cstore.yml").replacen("context: project\n", "context: project\ncontxt: swordfish\n", 1);
    let line = catalog.lines().position(|line| line.starts_with("contxt")).unwrap() + 1;
    let run = fixture.action("pull").repository_file("cstore.yml", &catalog).run().succeeds();
    let said = format!(
        "file=cstore.yml,line={line},title=Catalog::The field \"contxt\" of the catalog means nothing; did you"
    );
    run.says(&said).does_not_say("swordfish");
    // The recorded catalogs have fields that only the Go tool reads.
    fixture.action("pull").run().succeeds().does_not_say("title=Catalog::The field");
}

#[test]
fn a_context_that_is_a_number_is_a_name_as_for_the_go_tool() {
    let bucket = Bucket::versioned();
    bucket.put(&format!("5/{DEV}"), NEW, &[]);
    let catalog = format!("version: 4\ncontext: 5\nfiles:\n- path: {DEV}\n");
    let pull = Action::pull(&bucket).input("context", "").repository_file("cstore.yml", catalog).run().succeeds();
    let pull =
        pull.says("file=cstore.yml,line=2,title=Catalog::The context is written as a number, and is read as a name;");
    assert_unmanaged(&pull, &[(DEV, NEW.as_bytes())]);
}

#[test]
fn update_catalog_keeps_a_v2_catalog_what_it_is() {
    let fixture = Fixture::load("v2-push");
    let before = fixture.file("cstore.yml").replacen("files:\n", "# keyed by MD5\nfiles:\n", 1);
    let push = fixture.action("push").repository_file("cstore.yml", &before).workspace_file(DEV, NEW);
    let pushed = push.version("v2.0.0").input("update-catalog", "true").run().succeeds();
    let expected = before.replacen("    - v1.0.0\n", "    - v1.0.0\n    - v2.0.0\n", 1);
    assert_eq!(pushed.file("cstore.yml"), expected);
    assert!(expected.contains("version: v2\n"));
}

#[test]
fn update_catalog_has_nothing_to_write_for_the_head_of_a_known_file() {
    let fixture = Fixture::load("kms");
    let before = with_unknown_fields(&fixture.file("cstore.yml"));
    let push = fixture.action("push").repository_file("cstore.yml", &before).workspace_file(DEV, NEW);
    let pushed = push.input("update-catalog", "true").run().succeeds();
    assert_eq!(pushed.file("cstore.yml"), before);
    assert!(!pushed.messages("notice").iter().any(|notice| notice.contains("was written")));
}

#[test]
fn update_catalog_writes_the_key_under_the_go_tools_name() {
    let fixture = Fixture::load("first-push-defaults");
    let key = KmsKey::create();
    let push = fixture.action("push").workspace_file(DEV, NEW).input("kms-key-id", &key.arn);
    let pushed = push.input("update-catalog", "true").run().succeeds();
    let bucket = format!("    AWS_S3_BUCKET: {}\n", fixture.bucket("project-configs").name());
    let expected =
        fixture.file("cstore.yml").replacen(&bucket, &format!("{bucket}    AWS_STORE_KMS_KEY_ID: {}\n", key.arn), 1);
    assert_eq!(pushed.file("cstore.yml"), expected);
}

#[test]
fn update_catalog_adds_a_new_file_with_the_defaults_of_the_go_tool() {
    for recording in ["versions", "v2-push"] {
        let fixture = Fixture::load(recording);
        let before = fixture.file("cstore.yml");
        let push = fixture.action("push").workspace_file("service/qa/.env", NEW).files(&["service/qa/.env"]);
        let bucket = fixture.bucket(if recording == "versions" { "project-configs" } else { "cstore-project" });
        let pushed = push.input("update-catalog", "true").run().succeeds();
        let after = pushed.file("cstore.yml");
        let added = after.strip_prefix(&before).unwrap_or_else(|| panic!("{recording}: {after}"));
        for line in ["path: service/qa/.env", "store: aws-s3", "type: env", "- service", "- qa"] {
            assert!(added.contains(line), "{recording}: {line} is not in\n{added}");
        }
        assert!(added.contains(&format!("AWS_S3_BUCKET: {}", bucket.name())), "{recording}: {added}");
        // The catalog is then enough for a pull of both.
        let pull = fixture.action("pull").repository_file("cstore.yml", after).input("on-duplicate", "last");
        assert_eq!(pull.run().succeeds().json_output("config-files"), json!(["service/qa/.env", DEV]), "{recording}");
    }
}

/// A catalog of `project` whose two files lie in two buckets.
struct TwoBuckets {
    a: Bucket,
    b: Bucket,
    catalog: String,
}

impl TwoBuckets {
    fn new() -> Self {
        let (a, b) = (Bucket::unversioned(), Bucket::unversioned());
        let b = b.sharing_secrets_of(a.secrets());
        a.put("project/a/.env", "A=first-value\n", &[]);
        b.put("project/b/.env", "B=second-value\n", &[]);
        let entry =
            |path: &str, bucket: &Bucket| format!("- path: {path}\n  data:\n    AWS_S3_BUCKET: {}\n", bucket.name());
        let catalog = format!("context: project\nfiles:\n{}{}", entry("a/.env", &a), entry("b/.env", &b));
        Self { a, b, catalog }
    }

    fn action(&self, command: &str) -> Action {
        Action::new(&self.a).input("command", command).input("bucket", "").repository_file("cstore.yml", &self.catalog)
    }

    fn push(&self) -> Action {
        self.action("push").workspace_file("a/.env", "A=third-value\n").workspace_file("b/.env", "B=fourth-value\n")
    }
}

#[test]
fn several_buckets_are_pulled_each_from_its_own() {
    let two = TwoBuckets::new();
    let pull = two.action("pull").run().succeeds();
    assert_unmanaged(&pull, &[("a/.env", b"A=first-value\n"), ("b/.env", b"B=second-value\n")]);
    assert_eq!((pull.output("A"), pull.output("B")), ("first-value", "second-value"));
}

#[test]
fn several_buckets_are_a_whole_and_no_part_of_it_is_delivered() {
    let two = TwoBuckets::new();
    two.b.delete("project/b/.env");
    two.action("pull").run().fails(6).says("project/b/.env");
}

#[test]
fn a_push_to_several_buckets_is_refused() {
    let two = TwoBuckets::new();
    for version in ["head", "v1.0.0"] {
        let refused = two.push().version(version).run().fails(2);
        refused.says(two.a.name()).says(two.b.name()).says("`bucket`").says("`files`");
    }
    assert_eq!((two.a.keys(), two.b.keys()), (vec!["project/a/.env".to_owned()], vec!["project/b/.env".to_owned()]));
}

#[test]
fn a_push_of_a_new_file_beside_several_buckets_is_refused() {
    let two = TwoBuckets::new();
    let push = || two.action("push").workspace_file("c/.env", "C=new-value\n").files(&["c/.env"]);
    push().version("v1.0.0").run().fails(2).says(two.a.name()).says(two.b.name());
    push().version("v1.0.0").input("bucket", two.b.name()).run().succeeds();
    assert!(two.b.find("project/v1.0.0/c/.env").is_some());
}

#[test]
fn a_push_to_several_buckets_is_settled_by_bucket() {
    let two = TwoBuckets::new();
    two.push().input("bucket", two.b.name()).version("v1.0.0").run().succeeds();
    assert_eq!(two.b.get("project/v1.0.0/a/.env").text(), "A=third-value\n");
    assert_eq!(two.a.keys(), ["project/a/.env"]);
    let pull = two.action("pull").input("bucket", two.b.name()).version("v1.0.0").run().succeeds();
    assert_verified(&pull, &[("a/.env", b"A=third-value\n"), ("b/.env", b"B=fourth-value\n")]);
}

#[test]
fn a_push_to_several_buckets_is_settled_by_files() {
    let two = TwoBuckets::new();
    two.push().files(&["b/.env"]).run().succeeds();
    assert_eq!(two.b.get("project/b/.env").text(), "B=fourth-value\n");
    assert_eq!(two.a.keys(), ["project/a/.env"]);
}

#[test]
fn several_buckets_with_a_manifest_in_one_are_refused() {
    let two = TwoBuckets::new();
    two.push().files(&["b/.env"]).run().succeeds();
    two.action("pull").run().fails(2).says(two.a.name()).says(two.b.name());
    // `files` settles it for either.
    let a = two.action("pull").files(&["a/.env"]).run().succeeds();
    assert_unmanaged(&a, &[("a/.env", b"A=first-value\n")]);
    let b = two.action("pull").files(&["b/.env"]).run().succeeds();
    assert_verified(&b, &[("b/.env", b"B=fourth-value\n")]);
}

#[test]
fn a_catalog_in_a_subfolder_has_its_paths_relative_to_it() {
    let fixture = Fixture::load("versions");
    let bucket = fixture.bucket("project-configs");
    let action = |command: &str| {
        let catalog = fixture.file("cstore.yml");
        let action = Action::new(bucket).input("command", command).input("bucket", "");
        action.input("catalog", "config/cstore.yml").repository_file("config/cstore.yml", catalog)
    };
    let place = "config/service/dev/.env";
    let pull = action("pull").files(&[DEV]).run().succeeds();
    assert_unmanaged(&pull, &[(DEV, fixture.file(DEV).as_bytes())]);
    assert_eq!(pull.file(place), fixture.file(DEV));
    assert_eq!(pull.workspace.files(), ["config/cstore.yml", place]);

    let push = action("push").workspace_file(place, NEW).version("v2.0.0").input("update-catalog", "true");
    let pushed = push.run().succeeds();
    assert_eq!(bucket.get("project/v2.0.0/service/dev/.env").text(), NEW);
    assert!(pushed.file("config/cstore.yml").contains("  - v2.0.0\n"));
    assert_eq!(pushed.workspace.files(), ["config/cstore.yml", place]);
    let pull = action("pull").version("v2.0.0").run().succeeds();
    assert_verified(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.file(place), NEW);
}

/// A context that the Go tool took, and a new one would not be.
fn assert_old_context_works(context: &str) {
    let bucket = Bucket::unversioned();
    bucket.put(&format!("{context}/{DEV}"), NEW, &[]);
    let catalog = format!("context: {context}\nfiles:\n- path: {DEV}\n  data: {{AWS_S3_BUCKET: {}}}\n", bucket.name());
    let action = |command: &str| {
        let action = Action::new(&bucket).input("command", command).input("bucket", "");
        action.repository_file("cstore.yml", &catalog)
    };
    let pull = action("pull").run().succeeds();
    assert_unmanaged(&pull, &[(DEV, NEW.as_bytes())]);
    assert_eq!(pull.output("config-context"), context);

    let changed = "API_URL=https://changed.example.com\n";
    action("push").workspace_file(DEV, changed).run().succeeds();
    action("push").workspace_file(DEV, changed).version("v1.0.0").run().succeeds();
    assert_eq!(bucket.get(&format!("{context}/{DEV}")).text(), changed);
    assert_eq!(bucket.get(&format!("{context}/v1.0.0/{DEV}")).text(), changed);
    for pull in [action("pull"), action("pull").version("latest")] {
        let pulled = pull.run().succeeds();
        assert_eq!(pulled.output("config-integrity"), "verified");
        assert_files(&pulled, &[(DEV, changed.as_bytes())]);
        // Its keys are those of another context, too.
        let warnings: Vec<_> =
            pulled.annotations.iter().map(|warning| (warning.level.as_str(), warning.line)).collect();
        assert_eq!(warnings, if context.contains('/') { vec![("warning", Some(1))] } else { vec![] });
    }
}

#[test]
fn a_context_with_a_slash() {
    assert_old_context_works("team/shop");
}

#[test]
fn a_context_with_blanks() {
    assert_old_context_works("My Old Project");
}

#[test]
fn an_entry_without_a_bucket_is_in_the_default_one() {
    let bucket = Bucket::create("cstore-nobucket", crate::harness::Versioning::Off);
    bucket.put(&format!("nobucket/{DEV}"), NEW, &[]);
    let catalog = format!("version: v4\ncontext: nobucket\nfiles:\n- path: {DEV}\n  store: aws-s3\n");
    let pull = Action::pull(&bucket).input("bucket", "").repository_file("cstore.yml", catalog).run().succeeds();
    assert_eq!(pull.output("config-bucket"), "cstore-nobucket");
    assert_unmanaged(&pull, &[(DEV, NEW.as_bytes())]);
}

#[test]
fn a_context_that_is_no_part_of_a_bucket_name_needs_the_bucket_named() {
    let catalog = format!("context: My Old Project\nfiles:\n- path: {DEV}\n");
    let pull = Action::pull(&Bucket::missing()).input("bucket", "").repository_file("cstore.yml", catalog);
    pull.run().fails(2).says("Set `bucket`.");
}

/// What `cstore init` writes, before the first push. The Go cStore ignores the catalog's own `data`.
#[test]
fn a_catalog_says_the_bucket_of_files_that_name_none() {
    let bucket = Bucket::versioned();
    let catalog = format!("version: v4\ncontext: shop\ndata:\n  AWS_S3_BUCKET: {}\nfiles: []\n", bucket.name());
    let push = Action::push(&bucket).input("bucket", "").files(&[".env"]).repository_file("cstore.yml", &catalog);
    let push = push.input("update-catalog", "true").workspace_file(".env", "TOKEN=swordfish\n");
    let pushed = push.run().succeeds().file("cstore.yml");
    assert!(pushed.starts_with(&catalog.replace("files: []\n", "files:\n")), "{pushed}");
    assert!(bucket.keys().iter().any(|key| key == "shop/.env"), "{:?}", bucket.keys());
    // An entry that names a bucket lies there, and one that names none in the catalog's.
    let two = TwoBuckets::new();
    let (entries, own) =
        (two.catalog.replacen(two.a.name(), "", 1), format!("data: {{AWS_S3_BUCKET: {}}}\n", two.a.name()));
    let run = two.action("pull").repository_file("cstore.yml", format!("{own}{entries}")).run().succeeds();
    assert_eq!((run.output("A"), run.output("B")), ("first-value", "second-value"));
}
