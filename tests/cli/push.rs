//! `cstore push`: what it stores, what it goes over, and what it remembers.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use crate::harness::http::Response;
use crate::harness::proxy::{Fault, get, put, request, s3_error};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::shared::{CATALOG, ENV, JSON, laptop, memories, stored, text, two_laptops};
use crate::status::state;

#[test]
fn a_push_stores_files_and_says_what_changes() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nNEW=added-by-one\n");
    let pushed = one.cstore(["push", "--json"]).run().succeeds();
    let json = pushed
        .says("Pushed the head of shop")
        .says("~ service/dev/.env\n    + NEW\n    ~ TOKEN\n    - GREETING\n")
        .json();
    assert_eq!(json["changes"][ENV]["added"][0], "NEW", "{json}");
    assert_eq!((&json["schema"], &json["version"], &json["changed"]), (&1.into(), &"head".into(), &true.into()));
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nNEW=added-by-one\n");
    one.cstore(["push"]).run().succeeds().says("Nothing has changed");
}

#[test]
fn a_new_file_gets_into_the_catalog_unless_that_is_not_wanted() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file("web/dev/.env", "PORT=12345678\n");
    laptop.cstore(["push", "web/dev/.env", "--update-catalog=false"]).run().succeeds();
    assert!(!text(&laptop, "cstore.yml").contains("web/dev/.env"));
    laptop.cstore(["push", ".env"]).in_folder("web/dev").env("CSTORE_CATALOG", "../../cstore.yml").run().succeeds();
    let catalog = text(&laptop, "cstore.yml");
    assert!(catalog.contains("- path: web/dev/.env"), "{catalog}");
    // Written into the catalog, it would be the path with the variable's value from then on.
    laptop.file("${HOME}/x.env", "PORT=12345678\n");
    let refused = laptop.cstore(["push", "${HOME}/x.env"]).run().fails(2).says("has the value of a variable");
    refused.says("Nothing was pushed.").says("Rename the file, or pass `--update-catalog=false`.");
    assert_eq!(text(&laptop, "cstore.yml"), catalog);
    assert!(bucket.keys().iter().all(|key| !key.contains("x.env")), "{:?}", bucket.keys());
    // A limit of every file's size stands for a disk that is full.
    laptop.file("new.env", "PORT=12345678\n");
    let full = laptop.shell("trap '' XFSZ; ulimit -f 0; cstore push new.env").run().fails(1);
    full.says("cstore.yml").says("Nothing was sent.");
    assert_eq!(text(&laptop, "cstore.yml"), catalog);
    assert!(bucket.keys().iter().all(|key| !key.contains("new.env")), "{:?}", bucket.keys());
    laptop.cstore(["push", "${HOME}/x.env", "--update-catalog=false"]).run().succeeds();
    laptop.cstore(["status"]).run().succeeds();
}

#[test]
fn what_is_written_into_the_catalog_during_a_push_stays_in_it() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let proxy = Proxy::start();
    let (path, typed) =
        (laptop.workspace().path("cstore.yml"), format!("# typed just now\n{CATALOG}- path: own.env\n"));
    proxy.on(get(".cstore/head.json").nth(1), Fault::before(move || fs::write(&path, &typed).unwrap()));
    let pushing = laptop.file("new.env", "PORT=12345678\n").clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    pushing.cstore(["push", "new.env"]).run().succeeds();
    let catalog = text(&laptop, "cstore.yml");
    for line in ["# typed just now", "- path: own.env", "- path: new.env"] {
        assert!(catalog.lines().any(|found| found == line), "{line}: {catalog}");
    }
}

#[test]
fn what_others_pushed_meanwhile_is_merged_here_and_there() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["push"]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN)");
    let merged = "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n";
    assert_eq!((text(&other, ENV).as_str(), stored(&bucket, ENV).as_str()), (merged, merged));
    assert_eq!(other.workspace().mode(ENV), 0o600);
    other.cstore(["pull"]).run().succeeds().says("unchanged  service/dev/.env");
    one.cstore(["pull"]).run().succeeds().says("written    service/dev/.env");
    assert_eq!(text(&one, ENV), merged);
}

#[test]
fn a_file_that_only_others_changed_is_updated_with_the_names_of_their_keys() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nNEW=added-by-one\n")
        .file(JSON, "{\"port\": 8080, \"host\": \"localhost\"}");
    one.cstore(["push"]).run().succeeds();
    let pushed = other.cstore(["push"]).run().succeeds();
    pushed
        .says("updated    service/dev/.env (from the bucket: TOKEN, NEW, GREETING)\n")
        .says("updated    service/dev/config.json (from the bucket)\n")
        .says("Nothing has changed in the head")
        .does_not_say("merged");
    assert_eq!(text(&other, ENV), text(&one, ENV));
}

#[test]
fn what_others_changed_in_another_way_is_a_conflict_that_can_be_passed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\nGREETING=good-morning\n");
    let refused = other.cstore(["push"]).run().fails(4);
    refused.says("service/dev/.env (TOKEN)").does_not_say("GREETING");
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
    assert_eq!(text(&other, ENV), "TOKEN=my-own-token\nGREETING=good-morning\n");
    other.cstore(["push", "--overwrite"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=my-own-token\nGREETING=good-morning\n");
}

#[test]
fn whoever_has_never_seen_a_file_replaces_none_that_differs() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let stranger = laptop(&bucket);
    stranger.file(ENV, text(&one, ENV)).file(JSON, text(&one, JSON));
    stranger.cstore(["push"]).run().succeeds().says("Nothing has changed");
    let stranger = laptop(&bucket);
    stranger.file(ENV, "TOKEN=my-own-token\n").file(JSON, text(&one, JSON));
    stranger.cstore(["push"]).run().fails(4).says("service/dev/.env");
    assert_eq!(stored(&bucket, ENV), text(&one, ENV));
}

#[test]
fn a_copy_that_was_pulled_to_another_path_is_no_look_at_the_file_that_is_pushed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let stranger = laptop(&bucket);
    stranger.plain_file(
        "cstore.yml",
        format!("version: v4\ncontext: shop\nfiles:\n- path: {ENV}\n  alternatePath: copy.env\n"),
    );
    stranger.file(ENV, "TOKEN=my-old-token\n").cstore(["pull"]).run().succeeds().says("copy.env");
    stranger.cstore(["push"]).run().fails(4).says("service/dev/.env (TOKEN");
    assert_eq!(stored(&bucket, ENV), text(&one, ENV));
}

#[test]
fn own_pushes_of_versions_do_not_make_the_head_look_changed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=third-token\n").cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=third-token\n");
}

#[test]
fn changes_of_a_pulled_version_are_merged_onto_the_head() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let stranger = laptop(&bucket);
    stranger.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    stranger.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    stranger.cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n");
}

#[test]
fn without_versioning_a_push_over_what_others_pushed_needs_a_word() {
    let bucket = Bucket::unversioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds().says("versioning");
    other.file(ENV, "TOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["push"]).run().fails(4);
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
    other.cstore(["push", "--overwrite"]).run().succeeds();
}

#[test]
fn a_home_that_cannot_be_written_costs_the_memory_alone() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=mackerel\n").file(JSON, "{}\n");
    fs::write(laptop.home().join(".local"), "a file").unwrap();
    let pushed = laptop.cstore(["push"]).run().succeeds();
    pushed.says("cannot be saved").says("/home/.local/state/cstore cannot be made: not a directory");
    laptop.file(ENV, "TOKEN=my-own-token\n");
    laptop.cstore(["push"]).run().fails(4);
    push_over(&laptop);
    assert_eq!(stored(&bucket, ENV), "TOKEN=my-own-token\n");
    // Where it cannot even be read, that is said once, too.
    fs::remove_file(laptop.home().join(".local")).unwrap();
    std::os::unix::fs::symlink(".local", laptop.home().join(".local")).unwrap();
    let pulled = laptop.cstore(["pull"]).run().succeeds();
    let said = pulled.stderr.matches("The state of this folder cannot be saved").count();
    assert_eq!(said, 1, "{}", pulled.stderr);
}

#[test]
fn what_is_pushed_is_not_said_to_have_failed_where_another_run_works_on_the_folder() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let lock = fs::File::options().write(true).open(memories(&other)[0].with_extension("lock")).unwrap();
    lock.lock().unwrap();
    other.file(ENV, "TOKEN=swordfish\nGREETING=good-evening\n");
    let pushed = other.cstore(["push", "--json", "--timeout-seconds", "5"]).run().succeeds();
    let pushed = pushed.says("It is pushed, but another cstore has been working on this folder for 5 seconds");
    assert_eq!(pushed.json()["changed"], true);
    drop(lock);
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-evening\n");
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
}

#[test]
fn what_others_push_while_a_push_is_merged_is_merged_as_well() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=swordfish\nGREETING=good-evening\n");
    let proxy = Proxy::start();
    let again = move || {
        one.file(ENV, "TOKEN=third-token\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    };
    proxy.on(put("shop/service/dev/.env").nth(1), Fault::before(again));
    let push = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["push"]);
    push.run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN");
    assert_eq!(stored(&bucket, ENV), "TOKEN=third-token\nGREETING=good-evening\n");
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
}

/// What was pushed holds others' changes, and the local file does not.
#[test]
fn what_is_typed_during_a_push_that_merges_is_kept_and_takes_nothing_of_others_back() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=swordfish\nGREETING=good-evening\n");
    let (proxy, path) = (Proxy::start(), other.workspace().path(ENV));
    let typed = "TOKEN=swordfish\nGREETING=typed-just-now\n";
    bucket.secrets().add("typed-just-now");
    proxy.on(put("shop/service/dev/.env").nth(1), Fault::before(move || fs::write(&path, typed).unwrap()));
    let push = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["push"]);
    push.run().succeeds().says("but not into service/dev/.env").says("cstore pull");
    assert_eq!(text(&other, ENV), typed);
    other.cstore(["push"]).run();
    assert!(stored(&bucket, ENV).contains("TOKEN=mackerel\n"), "{}", stored(&bucket, ENV));
}

#[test]
fn what_is_pulled_during_a_push_is_not_taken_for_what_was_pushed() {
    for (version, swap) in [("head", ".cstore/head.json"), ("v1.0.0", ".cstore/versions/v1.0.0.json")] {
        let bucket = Bucket::versioned();
        let [one, other] = two_laptops(&bucket);
        let before = text(&other, ENV);
        let (proxy, pulling) = (Proxy::start(), other.clone());
        proxy.on(put(swap), Fault::before(move || drop(pulling.cstore(["pull", "--force"]).run().succeeds())));
        other.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n");
        let push = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["push", "-v", version]);
        push.run().succeeds();
        assert_eq!(text(&other, ENV), before);
        one.file(ENV, "TOKEN=third-token\nGREETING=good-morning\n").cstore(["push", "--overwrite"]).run().succeeds();
        assert_eq!(state(&other, ENV), "newer-in-bucket");
        other.cstore(["push"]).run().succeeds();
        assert_eq!(stored(&bucket, ENV), text(&one, ENV), "{version}");
    }
}

#[test]
fn a_fresh_checkout_at_an_old_path_takes_no_key_out_of_the_head_unasked() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket).without_env("CSTORE_CONTEXT");
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: .env\n";
    let push = || one.cstore(["push"]).in_folder("app");
    one.plain_file("app/cstore.yml", catalog).file("app/.env", "TOKEN=swordfish\nGREETING=good-morning\n");
    push().run().succeeds();
    fs::remove_dir_all(one.workspace().path("app")).unwrap();
    one.plain_file("app/cstore.yml", catalog).file("app/.env", "PORT=12345678\n");
    push().run().fails(4).says("GREETING").says("TOKEN");
    assert_eq!(stored(&bucket, ".env"), "TOKEN=swordfish\nGREETING=good-morning\n");
    // What was pulled here is remembered again.
    one.cstore(["pull", "--force"]).in_folder("app").run().succeeds();
    one.file("app/.env", "TOKEN=swordfish\nPORT=12345678\n");
    push().run().succeeds();
    assert_eq!(stored(&bucket, ".env"), "TOKEN=swordfish\nPORT=12345678\n");
}

#[test]
fn what_is_typed_during_a_push_is_a_change_of_what_was_pushed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let (proxy, path) = (Proxy::start(), one.workspace().path(ENV));
    bucket.secrets().add("typed-just-now");
    proxy.on(put(".cstore/head.json"), Fault::before(move || fs::write(&path, "TOKEN=typed-just-now\n").unwrap()));
    one.file(ENV, "TOKEN=mackerel\n");
    one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["push"]).run().succeeds();
    assert_eq!(state(&one, ENV), "changed-here");
    one.cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=typed-just-now\n");
}

#[test]
fn a_file_that_others_have_taken_out_of_the_head_is_not_put_back_unasked() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    bucket.delete("shop/.cstore/head.json");
    bucket.delete("shop/service/dev/.env");
    other.file(ENV, "TOKEN=my-own-token\n");
    other.cstore(["push", ENV]).run().fails(4).says("service/dev/.env");
    assert!(bucket.find("shop/service/dev/.env").is_none());
    other.cstore(["push", ENV, "--overwrite"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=my-own-token\n");
}

#[test]
fn a_push_that_knows_what_it_replaces_asks_no_more_than_one_that_does_not() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let requests = |value: &str, flag: &str| {
        one.file(ENV, format!("TOKEN={value}\n"));
        let proxy = Proxy::start();
        let push =
            one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore_with(["push".into(), flag.into()]);
        push.run().succeeds();
        let mut lines: Vec<_> = proxy.lines().into_iter().filter(|line| !line.contains("conditions.json")).collect();
        lines.sort();
        lines
    };
    assert_eq!(requests("mackerel", "--overwrite=false"), requests("my-own-token", "--overwrite"));
}

#[test]
fn only_what_was_stored_as_it_lies_here_is_deleted_after_a_push() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\n");
    one.cstore(["push", "--delete-local"]).run().succeeds().says("deleted    service/dev/.env");
    assert_eq!(one.workspace().files(), ["cstore.yml"]);
    // What was merged is what was stored.
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["push", ENV, "--delete-local", "--dry-run"]).run().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml", ENV, JSON]);
    other.cstore(["push", ENV, "--delete-local"]).run().succeeds();
    assert_eq!(other.workspace().files(), ["cstore.yml", JSON]);
    one.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&one, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n");
}

/// As S3 answers a put, with nothing stored.
fn made_up() -> Response {
    let headers = vec![("etag".to_owned(), "\"5f3cabc\"".to_owned())];
    Response { headers, ..Response::new(200, "") }
}

#[test]
fn a_local_file_is_deleted_only_when_it_is_seen_in_the_bucket() {
    for key in [ENV, "head.json"] {
        for bucket in [Bucket::versioned(), Bucket::unversioned()] {
            let [one, _] = two_laptops(&bucket);
            one.file(ENV, "TOKEN=mackerel\n");
            let proxy = Proxy::start();
            proxy.on(put(key), Fault::Answer(made_up()));
            let behind = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
            let push = behind.cstore(["push", ENV, "--delete-local"]).run().succeeds();
            push.says("service/dev/.env is kept: ").does_not_say("deleted");
            assert_eq!(text(&one, ENV), "TOKEN=mackerel\n", "{key}");
        }
    }
}

#[test]
fn a_local_file_of_which_nothing_can_be_seen_in_the_bucket_is_kept() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n");
    let proxy = Proxy::start();
    proxy.on(request("HEAD", ENV).for_ever(), Fault::Answer(s3_error(403, "AccessDenied", "Access Denied")));
    proxy.on(get(ENV).for_ever(), Fault::Answer(s3_error(403, "AccessDenied", "Access Denied")));
    let behind = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    behind
        .cstore(["push", ENV, "--delete-local"])
        .run()
        .succeeds()
        .says("is kept: in the bucket it could not be looked at");
    assert_eq!(text(&one, ENV), "TOKEN=mackerel\n");
}

#[test]
fn a_file_that_a_pattern_matches_is_not_left_out_for_its_name() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.file("good.env", "PORT=12345678\n");
    fs::write(laptop.workspace().path("").join(OsStr::from_bytes(b"x\xff.env")), "PORT=87654321\n").unwrap();
    laptop.cstore(["push", "*.env"]).run().fails(2).says("x\u{fffd}.env").says("it is not UTF-8 text");
    laptop.cstore(["push", "good.*"]).run().succeeds();
}

#[test]
fn at_a_terminal_a_version_is_shown_and_agreed_to_before_it_is_published() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.file(ENV, "TOKEN=mackerel\n");
    let push = || one.cstore(["push", "-v", "v1.1.0"]);
    let seen = || push().on_a_terminal().sees("~ TOKEN").sees("- GREETING").sees("Publish v1.1.0 of shop");
    seen().types("n").ended().exits(1).says("Not published.").does_not_say("error:");
    assert!(bucket.find("shop/.cstore/versions/v1.1.0.json").is_none());
    seen().types("y").ended().succeeds();
    assert!(bucket.find("shop/.cstore/versions/v1.1.0.json").is_some());
    one.file(ENV, "TOKEN=my-own-token\n").cstore(["push", "-v", "v1.2.0", "--yes"]).on_a_terminal().ended().succeeds();
}

/// Two machines of which the first has pushed a token of its own, and the second is about to push another.
fn in_conflict(bucket: &Bucket) -> [Laptop; 2] {
    let [one, other] = two_laptops(bucket);
    let push = one.file(ENV, "# the shop\nTOKEN=mackerel\nNEW=added-by-one\n").cstore(["push"]);
    push.env("CSTORE_AUTHOR", "Jo Doe").run().succeeds();
    other.plain_file(".git/HEAD", "");
    other.file(ENV, "# the shop\nTOKEN=my-own-token\nGREETING=good-evening\n");
    [one, other]
}

/// Both have changed TOKEN, and one has removed what the other has changed.
const BOTH: &str = "(TOKEN, GREETING)";

#[test]
fn at_a_terminal_a_conflict_is_shown_and_the_person_decides() {
    let bucket = Bucket::versioned();
    let [one, other] = in_conflict(&bucket);
    let push = || other.cstore(["push"]);
    let seen = || {
        push()
            .on_a_terminal()
            .sees("Others have changed the head. It was last pushed ")
            .sees(" ago by Jo Doe.")
            .sees("+ NEW")
            .sees("~ TOKEN")
            .sees("- GREETING")
            .sees(&format!("Both changed: service/dev/.env {BOTH}"))
            .sees("Merge, overwrite or stop [stop]: ")
    };
    seen().types("").ended().fails(4).says("Nothing of yours was published");
    assert_eq!(stored(&bucket, ENV), text(&one, ENV));
    seen().types("perhaps").sees("Answer merge, overwrite or stop.").sees("[stop]: ").types("Stop").ended().fails(4);
    seen().types("m").ended().succeeds().says("merged     service/dev/.env (from the bucket: NEW)");
    let merged = "# the shop\nTOKEN=my-own-token\nGREETING=good-evening\nNEW=added-by-one\n";
    assert_eq!((stored(&bucket, ENV).as_str(), text(&other, ENV).as_str()), (merged, merged));
    // Nothing of theirs is left to take.
    one.cstore(["pull"]).run().succeeds();
    one.file(ENV, "TOKEN=third-token\n").cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=fourth-token\n");
    push()
        .on_a_terminal()
        .sees("Overwrite or stop [stop]: ")
        .types("m")
        .sees("Answer")
        .sees("[stop]: ")
        .types("o")
        .ended()
        .succeeds();
    assert_eq!(stored(&bucket, ENV), "TOKEN=fourth-token\n");
}

#[test]
fn what_a_conflict_says_to_do_next_works_as_it_is_printed() {
    let bucket = Bucket::versioned();
    let [one, other] = in_conflict(&bucket);
    let push = other.cstore(["push", "--region", "eu-west-1"]).in_folder("service").run().fails(4);
    let push = push.says("~ dev/.env\n    + NEW\n    ~ TOKEN\n    - GREETING\n").says(BOTH);
    let push = push.says("It was last pushed at 20").says("Z by Jo Doe.").says("Nothing of yours was published.");
    let commands: Vec<_> = push.stderr.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let rest = "--aws-region eu-west-1";
    assert_eq!(
        commands,
        [
            format!("cstore diff {rest}"),
            format!("cstore push --overwrite {rest} dev/.env"),
            format!("cstore pull --force {rest} dev/.env"),
        ]
    );
    let run = |command: &str| other.shell(command).in_folder("service").prints_values().run().succeeds();
    run(&commands[0]);
    run(&commands[1]);
    assert_eq!(stored(&bucket, ENV), text(&other, ENV));
    one.file(ENV, "TOKEN=third-token\n").cstore(["push", "--overwrite"]).run().succeeds();
    run(&commands[2]);
    assert_eq!(text(&other, ENV), "TOKEN=third-token\n");
}

#[test]
fn a_dry_run_asks_nothing_and_writes_nothing() {
    let bucket = Bucket::versioned();
    let [_, other] = in_conflict(&bucket);
    let before = (bucket.keys(), other.workspace().files(), fs::read(&memories(&other)[0]).unwrap());
    let dry = |laptop: &Laptop, arguments: &[&str]| {
        let arguments = ["push", "--dry-run"].iter().chain(arguments).map(|text| (*text).to_owned());
        laptop.cstore_with(arguments).on_a_terminal().ended()
    };
    dry(&other, &[]).fails(4).says(BOTH).does_not_say("[");
    dry(&other, &["-v", "v1.0.0"]).succeeds().does_not_say("[");
    dry(&other, &["--overwrite"]).succeeds().does_not_say("[").says("~ TOKEN");
    assert_eq!((bucket.keys(), other.workspace().files(), fs::read(&memories(&other)[0]).unwrap()), before);
    // The first push of all.
    let new = Laptop::without_bucket(&bucket);
    new.file("shop/.env", "TOKEN=mackerel\n");
    let arguments = ["push", "--dry-run", "--bucket", bucket.name(), ".env"].map(str::to_owned);
    let ran = new.cstore_with(arguments).in_folder("shop").on_a_terminal().ended();
    ran.succeeds().says("Would push the head of shop").does_not_say("[");
    assert_eq!((bucket.keys(), new.workspace().files()), (before.0, vec!["shop/.env".to_owned()]));
    assert!(!new.home().join(".local").exists());
}

#[test]
fn files_of_the_head_that_the_catalog_lacks_are_named_and_stay() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let shorter = CATALOG.split("- path: service/dev/config.json").next().unwrap();
    one.plain_file(".git/HEAD", "").plain_file("cstore.yml", shorter);
    let push = || one.cstore(["push", "--json"]).in_folder("service").run().succeeds();
    let named = "The head also has files that the catalog does not list: dev/config.json.";
    let pushed = push().says(named).says("They stay published").says("Nothing has changed");
    assert_eq!(pushed.json()["only_in_head"], serde_json::json!([JSON]));
    one.cstore(["status"]).prints_values().run().succeeds();
    let status = one.cstore(["status", "--json"]).run().succeeds().json();
    let states = status["files"].as_array().unwrap().iter();
    assert!(states.clone().any(|file| file["path"] == JSON), "{status}");
    // What is pushed by its path is not the whole.
    one.cstore(["push", ENV]).run().succeeds().does_not_say("The head also has");
    one.workspace().remove(JSON);
    let command = pushed.stderr.split('`').nth(1).unwrap();
    one.shell(command).in_folder("service").run().succeeds();
    push().does_not_say("The head also has");
    assert!(text(&one, "cstore.yml").contains(JSON));
}

#[test]
fn a_file_that_is_not_there_is_named_as_it_was_typed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.plain_file(".git/HEAD", "");
    let push = |folder: &str, arguments: &[&str]| {
        let arguments = ["push"].iter().chain(arguments).map(|text| (*text).to_owned());
        one.cstore_with(arguments).in_folder(folder).run().fails(6)
    };
    push("service", &["missing.yaml"]).says("error: missing.yaml is not there. Nothing was sent.").says("run: ls -A\n");
    push("service", &["dev/conifg.json"])
        .says("dev/conifg.json is not there. Did you mean dev/config.json?")
        .says("run: cstore push dev/config.json");
    push("service/dev", &["../config.json"])
        .says("../config.json is not there. Did you mean config.json?")
        .says("run: cstore push config.json");
    push("service", &["dev/*.yaml"]).says("No file here matches 'dev/*.yaml'.");
    push("service", &["[x]/config.json"])
        .says("No file here matches '[x]/config.json'. Did you mean dev/config.json?")
        .says("To push that one, run: cstore push dev/config.json");
    push("service", &["a.yaml", "b.yaml"]).says("There are no such files here: a.yaml, b.yaml.");
    one.workspace().remove(ENV);
    push("service", &[])
        .says("dev/.env, which the catalog lists, is not there.")
        .says("To get it from the bucket, if it is there, run: cstore pull --if-missing ignore dev/.env");
    one.shell("cstore pull dev/.env").in_folder("service").run().succeeds();
    one.cstore(["push"]).run().succeeds();
}

fn push_over(laptop: &Laptop) {
    laptop.cstore(["push", "--overwrite"]).run().succeeds();
}

#[test]
fn a_push_of_a_version_changes_no_catalog_but_one_of_the_go_tool() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file(".env", "TOKEN=swordfish\n").cstore(["init", "--yes"]).run().succeeds();
    laptop.cstore(["push", ".env"]).run().succeeds();
    let before = text(&laptop, "cstore.yml");
    assert!(!before.contains("versions"), "{before}");
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds().does_not_say("cstore.yml was written");
    assert_eq!(text(&laptop, "cstore.yml"), before);
    // What the Go tool writes marks a catalog as its own.
    laptop.plain_file("cstore.yml", before + "  vaults:\n    access: env\n");
    laptop.cstore(["push", "-v", "v1.1.0", "-y"]).run().succeeds();
    assert!(text(&laptop, "cstore.yml").contains("  versions:\n  - v1.1.0\n"));
}

#[test]
fn a_version_that_no_requirement_finds_is_published_with_a_word_of_warning() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish\n");
    let push = |version: &str| one.cstore(["push", ENV, "-v", version]).run().succeeds();
    push("v1.0.0").does_not_say("requirements");
    for (version, better) in [("1.2", "1.2.0"), ("v01.2.3", "v1.2.3"), ("V1.0.0", "v1.0.0")] {
        push(version)
            .says(&format!("{version} is not of the form v1.2.3"))
            .says(&format!("Name it {better} to have it found."));
    }
    push("banana").says("`latest` and requirements such as ^1 do not find it.").does_not_say("Name it");
    one.cstore(["push", "--dry-run", "-v", "1.3", ENV]).run().succeeds().says("Name it 1.3.0 to have it found.");
}

#[test]
fn a_first_push_names_all_that_it_stores_and_its_dry_run_does_too() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file("a.env", "TOKEN=swordfish\n").plain_file(".gitignore", "x\n").file("ca.pem", "mackerel\n");
    let push = |words: &[&str]| laptop.cstore_with(["push", "**"].iter().chain(words).map(|word| (*word).to_owned()));
    let new = "+ .gitignore\n+ a.env\n    + TOKEN\n+ ca.pem\n";
    push(&["--dry-run"]).run().succeeds().says(new);
    push(&["-v", "v1.0.0", "--dry-run"]).run().succeeds().says(new);
    push(&["--update-catalog=false"]).run().succeeds().says(new);
    push(&["--update-catalog=false"]).run().succeeds().says("Nothing has changed").does_not_say("+ ");
    push(&["-v", "v1.0.0", "--update-catalog=false"]).run().succeeds().says(new);
    push(&["-v", "v1.0.0", "--update-catalog=false"]).run().succeeds().does_not_say("+ ");
}

#[test]
fn files_that_git_would_take_along_are_named_when_they_are_pushed() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    laptop.plain_file(".git/HEAD", "").plain_file(".gitignore", "*.json\n");
    laptop.file(ENV, "TOKEN=swordfish\n").file(JSON, "{\"port\": 8080}\n");
    let warning = "Git does not ignore these files, so `git add` would take their values: service/dev/.env. Add them \
                   to .gitignore, or commit them if they hold no secret.";
    laptop.cstore(["push"]).run().succeeds().says(warning);
    laptop.cstore(["push"]).run().succeeds().does_not_say("Git does not ignore");
    laptop.file(JSON, "{\"port\": 9090}\n").cstore(["push"]).run().succeeds().does_not_say("Git does not ignore");
    laptop.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds().says(warning);
}

#[test]
fn that_files_disagree_is_said_when_one_is_new_and_not_at_every_push() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    let note = "several files have these keys with different values (TOKEN)";
    laptop.file("a.env", "TOKEN=swordfish\n").file("b.env", "TOKEN=mackerel\n");
    laptop.cstore(["push", "a.env", "b.env"]).run().succeeds().says(note);
    for value in ["third-token", "fourth-token"] {
        laptop.file("b.env", format!("TOKEN={value}\n"));
        laptop.cstore(["push", "a.env", "b.env"]).run().succeeds().does_not_say("different values");
    }
    laptop.file("c.env", "TOKEN=fifth-token\n");
    laptop.cstore(["push", "a.env", "b.env", "c.env"]).run().succeeds().says(note);
}

#[test]
fn a_version_that_cannot_be_pushed_is_told_what_can() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    for version in ["a b", "^1", "^", "-x"] {
        let refused = one.cstore_with(["push".to_owned(), format!("--ver={version}")]).run().fails(2);
        refused.says("Push a name such as v1.2.3, or head.").does_not_say("a requirement (");
    }
}
