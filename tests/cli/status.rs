//! `cstore status` and `cstore clean`: local files, beside what is in the bucket.

use std::fs;

use serde_json::json;

use crate::harness::proxy::{Fault, get, request};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::shared::{CATALOG, ENV, JSON, laptop, text, two_laptops};

/// The state of a file, by `status --json`.
pub(crate) fn state(laptop: &Laptop, path: &str) -> String {
    let document = laptop.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!(document["schema"], 1);
    let files = document["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} is not in {document}"));
    file["state"].as_str().unwrap().to_owned()
}

#[test]
fn each_file_is_said_to_be_what_it_is() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    assert_eq!(state(&other, ENV), "unchanged");
    other.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(state(&other, ENV), "changed-here");
    one.file(ENV, "TOKEN=mackerel\n").file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    assert_eq!(state(&other, ENV), "changed-on-both-sides");
    assert_eq!(state(&other, JSON), "newer-in-bucket");
    other.workspace().remove(JSON);
    assert_eq!(state(&other, JSON), "missing-here");
    let stranger = laptop(&Bucket::versioned());
    stranger.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(state(&stranger, ENV), "not-pushed");
    assert_eq!(state(&stranger, JSON), "nowhere");
    // The paths stand below each other, however long the words before them are.
    let shown = stranger.cstore(["status"]).run().succeeds().stdout;
    let columns: Vec<_> = shown.lines().skip(2).filter_map(|line| line.find("service/dev/")).collect();
    assert!(columns.len() == 2 && columns[0] == columns[1], "{shown}");
    let empty = Laptop::new(&Bucket::versioned());
    empty.cstore(["init", "--yes"]).run().succeeds();
    let shown = empty.cstore(["status"]).run().succeeds().stdout;
    assert!(shown.contains("\nThere is nothing to compare: no file is in the catalog or in the head\n"), "{shown}");
    let shown = other.cstore(["status"]).run().succeeds();
    assert!(shown.stdout.contains("changed on both sides  service/dev/.env"), "{}", shown.stdout);
    let first = format!("Compared with: the head of shop in s3://{}, pushed 2", bucket.name());
    assert!(shown.stdout.starts_with(&first), "{}", shown.stdout);
    assert!(shown.stdout.contains("\n2 of 2 files differ from the head\n"), "{}", shown.stdout);
}

/// As docs/how-to/retire-a-file.md has it.
#[test]
fn a_file_that_was_retired_is_told_of_no_more() {
    let laptop = laptop(&Bucket::versioned());
    laptop.plain_file("cstore.yml", CATALOG);
    laptop.file(ENV, "TOKEN=my-own-token\n").file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    laptop.workspace().remove(JSON);
    let (before, _) = CATALOG.split_once(&format!("- path: {JSON}")).unwrap();
    laptop.plain_file("cstore.yml", before);
    laptop.cstore(["push", "-v", "v2.0.0"]).run().succeeds();
    assert_eq!(state(&laptop, JSON), "missing-here");
    laptop.cstore(["rollback", "v2.0.0", "--exact", "--yes"]).run().succeeds();
    let shown = laptop.cstore(["status"]).run().succeeds().stdout;
    assert!(!shown.contains(JSON) && shown.contains("These files are v2.0.0\n"), "{shown}");
    // What is left of it here is.
    laptop.file(JSON, "{\"port\": 9090}\n");
    assert_eq!(state(&laptop, JSON), "not-pushed");
}

#[test]
fn a_change_of_settings_alone_is_told_as_the_push_tells_it() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let tagged = CATALOG.replace("type: env\n", "type: env\n  tags: [qa]\n");
    let raw = CATALOG.replace("type: json\n", "type: raw\n");
    let with_key = other.clone().with_env("CSTORE_KMS_KEY_ID", "alias/another");
    for (laptop, catalog, changed) in [
        (&other, CATALOG, &[][..]),
        (&other, &tagged, &[ENV]),
        (&other, &raw, &[JSON]),
        (&with_key, CATALOG, &[ENV, JSON]),
    ] {
        laptop.plain_file("cstore.yml", catalog);
        for path in [ENV, JSON] {
            let expected = if changed.contains(&path) { "settings-changed" } else { "unchanged" };
            assert_eq!(state(laptop, path), expected, "{path} {catalog}");
        }
        let planned = laptop.cstore(["push", "--dry-run", "--json"]).run().succeeds().json();
        assert_eq!(
            (&planned["settings_changed"], &planned["changed"]),
            (&json!(changed), &(!changed.is_empty()).into())
        );
    }
    one.plain_file("cstore.yml", &tagged);
    let shown = one.cstore(["status"]).run().succeeds().stdout;
    assert!(shown.contains("settings changed here  service/dev/.env\n"), "{shown}");
    one.cstore(["push"]).run().succeeds().says("~ service/dev/.env (settings changed here)");
    assert_eq!(state(&one, ENV), "unchanged");
    one.cstore(["push"]).run().succeeds().does_not_say("settings changed here");
}

/// The first two lines: what the files are compared with, without who pushed it and when, and what they are.
fn headline(laptop: &Laptop) -> [String; 2] {
    let shown = laptop.cstore(["status"]).run().succeeds().stdout;
    let lines = shown.lines().take(2).map(|line| line.split(", pushed ").next().unwrap().to_owned());
    lines.collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn local_files_are_named_by_their_version_and_newer_ones_are_listed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let compared_with = |version: &str| format!("Compared with: {version} of shop in s3://{}", bucket.name());
    one.cstore(["push", "-v", "v1.4.2"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", "-v", "v1.5.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.4.2"]).run().succeeds();
    // The head was seen before, so that what is newer there is told, too.
    assert_eq!(headline(&other), [compared_with("the head"), "These files are v1.4.2".to_owned()]);
    other.file(ENV, "TOKEN=my-own-token\n");
    assert_eq!(headline(&other), [compared_with("the head"), "These files are v1.4.2, 1 file changed".to_owned()]);
    let shown = other.cstore(["status"]).run().succeeds();
    assert!(shown.stdout.ends_with("Newer versions: v1.5.0\n"), "{}", shown.stdout);
    // Whoever remembers nothing is told the name by the digests alone.
    let stranger = laptop(&bucket);
    stranger.file(ENV, text(&one, ENV)).file(JSON, text(&one, JSON));
    assert_eq!(headline(&stranger)[1], "These files are v1.5.0");
    let asked = stranger.cstore(["status", "-v", "v1.4.2", "--json"]).run().succeeds().json();
    assert_eq!((&asked["version"], &asked["changed_files"]), (&"v1.4.2".into(), &1.into()));
    // Nobody has changed it: it is of another version.
    assert_eq!(asked["files"][0]["state"], "differs");
    assert_eq!(asked["here"], json!({"version": "v1.5.0", "changed_files": 0}));
}

#[test]
fn every_count_is_of_what_the_files_are_compared_with() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let fresh = laptop(&bucket);
    fresh.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    fresh.file(ENV, "TOKEN=my-own-token\n");
    let document = fresh.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!((&document["version"], &document["changed_files"]), (&"v1.0.0".into(), &1.into()));
    assert_eq!(
        (&document["files"][0]["state"], &document["files"][1]["state"]),
        (&"changed-here".into(), &"unchanged".into())
    );
    one.file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    fresh.cstore(["pull", JSON]).run().succeeds();
    let document = fresh.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!((&document["version"], &document["changed_files"]), (&"head".into(), &1.into()));
    assert!(document["pushed_at"].as_str().unwrap().starts_with('2'), "{document}");
}

#[test]
fn where_only_versions_were_pushed_the_highest_is_what_files_are_compared_with() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish\n")
        .file(JSON, "{\"port\": 8080}\n")
        .cstore(["push", "-v", "v1.0.0"])
        .run()
        .succeeds();
    let stranger = laptop(&bucket);
    stranger.file(ENV, "TOKEN=my-own-token\n");
    let document = stranger.cstore(["status", "--json"]).run().succeeds().json();
    assert_eq!((&document["version"], &document["changed_files"]), (&"v1.0.0".into(), &2.into()));
    assert_eq!(headline(&stranger)[1], "2 of 2 files differ from v1.0.0");
}

#[test]
fn a_damaged_manifest_of_a_remembered_version_is_noted_and_all_else_is_told() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    bucket.put("shop/.cstore/versions/v1.0.0.json", "{", &[]);
    let shown = other.cstore(["status"]).run().succeeds().says("The manifest of v1.0.0 cannot be read");
    assert!(shown.stdout.contains("unchanged              service/dev/.env"), "{}", shown.stdout);
    other.cstore(["clean", "--dry-run"]).run().succeeds().says("would delete service/dev/.env (in the head)");
    // What was asked for is another matter.
    other.cstore(["status", "-v", "v1.0.0"]).run().fails(5);
}

#[test]
fn a_file_that_is_nowhere_is_an_error_that_names_what_was_meant() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    for command in ["status", "clean"] {
        let said = other.cstore([command, "service/dev/.evn"]).run().fails(2);
        said.says("There is no file service/dev/.evn here").says("Did you mean service/dev/.env?");
        let typed =
            other.cstore([command, "confg.json"]).in_folder("service/dev").env("CSTORE_CATALOG", "../../cstore.yml");
        typed.run().fails(2).says("There is no file confg.json here").says("Did you mean config.json?");
        other.cstore([command, "service"]).run().fails(2).says("write `service/**`");
        other.cstore([command, "*.nope"]).run().fails(2).says("*.nope");
    }
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV, JSON]);
    // What is here alone is something.
    other.file("new.env", "A=1\n").cstore(["status", "new.env"]).run().succeeds();
}

#[test]
fn status_asks_for_manifests_in_one_trip_and_then_for_channels() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    let proxy = Proxy::start();
    // The head's manifest and the version's wait for the list of versions.
    proxy.on(get("shop/.cstore/head.json"), Fault::Until(3));
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(3));
    other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["status"]).run().succeeds();
    // Of the version that these files are, which channels point at it.
    assert_eq!(proxy.requests().len(), 4, "{:#?}", proxy.lines());
}

#[test]
fn only_what_a_pull_brings_back_is_deleted() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\n");
    let catalog = text(&other, "cstore.yml");
    other.file("new.env", "A=never-pushed\n").plain_file("cstore.yml", catalog.clone() + "- path: new.env\n");
    let unpushed = other.cstore(["clean", "new.env", "--yes"]).run().succeeds();
    unpushed.says("kept         new.env: not pushed");
    assert_eq!(text(&other, "new.env"), "A=never-pushed\n");
    other.plain_file("cstore.yml", catalog);
    let planned = other.cstore(["clean", "--dry-run"]).run().succeeds();
    planned
        .says("would delete service/dev/config.json (in the head)")
        .says("kept         service/dev/.env: it differs");
    assert!(other.workspace().path(JSON).exists());
    let planned = other.cstore(["clean", "--dry-run", "--json"]).run().succeeds().json();
    assert_eq!((&planned["dry_run"], &planned["files"][1]["outcome"]), (&true.into(), &"would-delete".into()));
    // Without a terminal somebody has to say so.
    other.cstore(["clean", "--json"]).run().fails(2).says("Delete 1 file").says("--yes");
    assert!(other.workspace().path(JSON).exists());
    let done = other.cstore(["clean", "--json", "--yes"]).run().succeeds().json();
    assert_eq!(done["files"][0]["outcome"], "kept");
    assert_eq!(done["files"][1]["outcome"], "deleted");
    assert!(!other.workspace().path(JSON).exists());
    assert_eq!(text(&other, ENV), "TOKEN=my-own-token\n");
    other.cstore(["pull", JSON]).run().succeeds();
    assert_eq!(text(&other, JSON), text(&one, JSON));
}

#[test]
fn a_copy_of_the_pulled_version_is_deleted_too_and_one_of_a_damaged_object_is_not() {
    let bucket = Bucket::unversioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    other.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds();
    bucket.delete("shop/v1.0.0/service/dev/config.json");
    let done = other.cstore(["clean", "-y"]).run().succeeds();
    done.says("deleted      service/dev/.env (in v1.0.0; back with: cstore pull -v v1.0.0 service/dev/.env)")
        .says("kept         service/dev/config.json: its object");
    assert!(!other.workspace().path(ENV).exists() && other.workspace().path(JSON).exists());
}

#[test]
fn where_a_version_is_named_only_copies_of_that_version_are_deleted() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    one.cstore(["clean", "-v", "v1.0.0", "-y"]).run().succeeds().says("kept         service/dev/.env: it differs");
    assert_eq!(one.workspace().files(), ["cstore.yml", ENV]);
}

#[test]
fn a_file_that_is_changed_while_clean_looks_stays() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let proxy = Proxy::start();
    let path = other.workspace().path(ENV);
    bucket.secrets().add("typed-just-now");
    proxy.on(
        request("HEAD", "/service/dev/.env").nth(1),
        Fault::before(move || fs::write(&path, "TOKEN=typed-just-now\n").unwrap()),
    );
    other
        .clone()
        .with_env("AWS_ENDPOINT_URL", &proxy.endpoint())
        .cstore(["clean", "-y"])
        .run()
        .succeeds()
        .says("was changed");
    assert_eq!(text(&other, ENV), "TOKEN=typed-just-now\n");
    assert!(!other.workspace().path(JSON).exists());
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV]);
}

#[test]
fn at_a_terminal_nothing_is_deleted_before_somebody_agrees() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let clean = || other.cstore(["clean"]);
    clean().on_a_terminal().sees(JSON).sees("Delete 2 files").types("").ended().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV, JSON]);
    clean().on_a_terminal().sees("Delete 2 files").types("y").ended().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml"]);
}

#[test]
fn the_pull_that_brings_a_file_back_is_named_where_it_is_not_the_plain_one() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("a.json", r#"{"a": "swordfish-1"}"#).file("b.json", r#"{"b": "swordfish-2"}"#);
    one.cstore(["push", "a.json", "b.json", "-v", "v1.0.0", "--yes"]).run().succeeds();
    let first = one.workspace().read("a.json");
    one.file("a.json", r#"{"a": "swordfish-3"}"#);
    one.cstore(["push", "--yes"]).run().succeeds();
    one.cstore(["pull", "-v", "v1.0.0", "a.json"]).run().succeeds();
    let dry = one.cstore(["clean", "--dry-run"]).run().succeeds();
    dry.says("would delete a.json (in v1.0.0; back with: cstore pull -v v1.0.0 a.json)")
        .says("would delete b.json (in the head)");
    let asked = one.cstore(["clean"]).on_a_terminal();
    let asked = asked.sees("Delete 2 files, which `cstore pull` and `cstore pull -v v1.0.0 a.json` bring back? [y/N]");
    asked.types("n").ended().succeeds().says("kept         a.json (declined)");
    one.cstore(["clean", "a.json", "--yes"]).run().succeeds();
    assert!(!one.workspace().files().contains(&"a.json".to_owned()));
    one.cstore(["pull", "-v", "v1.0.0", "a.json"]).run().succeeds();
    assert_eq!(one.workspace().read("a.json"), first);
}

/// A bucket of the Go cStore, of which this tool has pushed one file.
#[test]
fn what_only_the_go_tool_has_pushed_is_told_from_what_is_new() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish\n").cstore(["push", ENV]).run().succeeds();
    bucket.put_foreign(&format!("shop/{JSON}"), b"{\"port\": 8080}", &[]);
    const SAYS: &str = "The Go cStore has pushed these files, and the head's manifest does not list them yet: service/dev/config.json.";
    let status = || one.cstore(["status"]).run().succeeds().says(SAYS).stdout;
    assert!(status().contains("missing here           service/dev/config.json"), "{}", status());
    one.file(JSON, "{\"port\": 9090}");
    assert!(status().contains("not comparable         service/dev/config.json"), "{}", status());
    assert!(status().contains("0 of 2 files differ from the head, and 1 cannot be compared"), "{}", status());
    one.cstore(["clean", "--dry-run"]).run().succeeds().says(SAYS).says("the Go cStore pushed it");
    let listed = one.cstore(["list"]).run().succeeds().says(SAYS).stdout;
    assert!(listed.contains(ENV) && listed.contains(JSON), "{listed}");
    one.cstore(["push", "--overwrite"]).run().succeeds();
    assert_eq!(state(&one, JSON), "unchanged");
    one.cstore(["list"]).run().succeeds().does_not_say("Go cStore");
    // What nobody has pushed is as before.
    let new = one.file("new.env", "A=1\n").cstore(["status", "new.env"]).run().succeeds().does_not_say("Go cStore");
    assert!(new.stdout.contains("not in the head        new.env"), "{}", new.stdout);
}

#[test]
fn what_another_tool_has_written_over_a_push_is_no_newer_push() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    bucket.secrets().add("foreign-token");
    bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=foreign-token\nGREETING=good-morning\n", &[]);
    one.cstore(["pull"]).run().succeeds().says("Another tool wrote these files");
    assert_eq!(state(&one, ENV), "unmanaged");
    let status = one.cstore(["status"]).run().succeeds().stdout;
    assert!(status.contains("by another tool        service/dev/.env"), "{status}");
    // The same where its change was merged with an own one.
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["pull"]).run().succeeds().says("merged     service/dev/.env");
    // The other tool has dropped the comment, and nobody here has changed it.
    assert_eq!(text(&other, ENV), "TOKEN=foreign-token\nGREETING=good-evening\n");
    assert_eq!(state(&other, ENV), "unmanaged");
    other.cstore(["push"]).run().succeeds();
    assert_eq!((state(&other, ENV).as_str(), state(&one, ENV).as_str()), ("unchanged", "newer-in-bucket"));
}

#[test]
fn a_version_that_is_not_published_is_an_error_that_names_those_that_are() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0", "--yes"]).run().succeeds();
    for words in [&["status", "-v", "v9.9.9"][..], &["clean", "-v", "v9.9.9", "--yes"]] {
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(6);
        ran.says("v9.9.9").says("v1.0.0");
    }
    assert!(!one.workspace().read(ENV).is_empty());
}

/// What somebody who reports a bug is asked for is there, and shows no value: what a run prints is searched for them.
#[test]
fn what_the_form_for_bugs_asks_for_is_printed_and_shows_no_value() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\n").file(JSON, "{\"port\": 8080}\n");
    laptop.cstore(["push"]).run().succeeds();
    laptop.file(ENV, "TOKEN=another-swordfish\n");
    let mut number = 0;
    for form in [".github/ISSUE_TEMPLATE/bug.yml", "SUPPORT.md", "SECURITY.md"] {
        let text = std::fs::read_to_string(format!("{}/{form}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for line in text.split('`').filter(|piece| piece.starts_with("cstore ")) {
            let ran = laptop.cstore_with(line.split(' ').skip(1).map(ToOwned::to_owned)).run().succeeds();
            assert!(!ran.stdout.is_empty(), "{form}: {line}");
            number += 1;
        }
    }
    assert!(number >= 3, "{number}");
}
