//! `cstore lock` and what goes by it: one commit, one configuration.

use serde_json::Value;

use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Versioning};
use crate::shared::{ENV, laptop, text};

const LOCK: &str = "cstore.lock";

fn bucket() -> Bucket {
    Bucket::in_memory(Versioning::Enabled)
}

/// A machine, and what it has published: versions of one file whose value is the version's.
fn published(bucket: &Bucket, versions: &[&str]) -> Laptop {
    let one = laptop(bucket);
    versions.iter().for_each(|version| publish(&one, version, &format!("token-of-{version}")));
    one
}

fn publish(one: &Laptop, version: &str, value: &str) {
    one.file(ENV, format!("TOKEN={value}\n"));
    one.cstore(["push", "-v", version, "--overwrite", "--update-catalog=false", ENV]).run().succeeds();
}

fn lock(one: &Laptop, arguments: &[&str]) -> Ran {
    one.cstore_with(["lock"].iter().chain(arguments).map(|text| (*text).to_owned())).run()
}

fn token(one: &Laptop, arguments: &[&str]) -> Ran {
    let all = ["get", "TOKEN", "--files", ENV].iter().chain(arguments);
    one.cstore_with(all.map(|text| (*text).to_owned())).prints_values().run()
}

/// The fields of the entries that change, as JSON tells them.
fn changes(ran: &Ran) -> Vec<(String, Value, Value)> {
    let entries = ran.json()["entries"].as_array().unwrap().clone();
    let changed = entries.into_iter().filter(|entry| entry["changed"] == true);
    let version = |side: &Value| side["version"].clone();
    changed
        .map(|entry| (entry["name"].as_str().unwrap().to_owned(), version(&entry["before"]), version(&entry["after"])))
        .collect()
}

#[test]
fn what_is_locked_is_taken_until_it_is_locked_anew() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v1.3.0"]);
    lock(&one, &["-v", "^1.2"]).succeeds().says("+ default  shop  ^1.2  v1.3.0  sha256:").says("cstore pull --locked");
    publish(&one, "v1.4.0", "token-of-v1.4.0");
    for asked in [&["--locked"][..], &["--locked", "-v", "^1.2"]] {
        token(&one, asked).succeeds().prints("token-of-v1.3.0");
    }
    token(&one, &["-v", "^1.2"]).succeeds().prints("token-of-v1.4.0");
    lock(&one, &["--check"]).fails(8).says("~ default").says("v1.3.0 -> v1.4.0").says("out of date");
    let dry = lock(&one, &["--dry-run", "--json"]).succeeds();
    assert_eq!(changes(&dry), [("default".to_owned(), "v1.3.0".into(), "v1.4.0".into())]);
    assert_eq!((&dry.json()["written"], &dry.json()["out_of_date"]), (&false.into(), &true.into()));
    token(&one, &["--locked"]).succeeds().prints("token-of-v1.3.0");
    lock(&one, &[]).succeeds().says("v1.3.0 -> v1.4.0");
    token(&one, &["--locked"]).succeeds().prints("token-of-v1.4.0");
    lock(&one, &["--check"]).succeeds().says("cstore.lock is up to date");
}

#[test]
fn a_version_that_was_overwritten_or_is_gone_is_not_what_was_locked() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    lock(&one, &["-v", "v1.2.0"]).succeeds();
    publish(&one, "v1.2.0", "another-token");
    for command in [&["pull", "--force"][..], &["export"], &["exec"], &["get", "TOKEN"]] {
        let mut all: Vec<_> = command.iter().map(|text| (*text).to_owned()).collect();
        all.extend(["--locked", "--files", ENV].map(str::to_owned));
        if command[0] == "exec" {
            all.extend(["--", "true"].map(str::to_owned));
        }
        let code = if command[0] == "exec" { 125 } else { 5 };
        one.cstore_with(all)
            .run()
            .fails(code)
            .says("v1.2.0 of shop is not as cstore.lock locks it")
            .says("cstore lock");
    }
    // A version that is not there is no missing file, which might be left out.
    lock(&one, &[]).succeeds();
    bucket.delete("shop/.cstore/versions/v1.2.0.json");
    token(&one, &["--locked", "--if-missing", "ignore"])
        .fails(5)
        .says("v1.2.0 of shop, which cstore.lock locks, is not there, so every pull with this lock fails.");
    let folder = one.workspace().path(LOCK);
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    let refused = token(&one, &["--locked"]).fails(2).says("cstore.lock is a folder");
    refused.says("next: Move it elsewhere, or name another file with `--lock-file`.");
    lock(&one, &[]).fails(2).says("Move it elsewhere");
}

#[test]
fn other_types_or_tags_of_the_same_bytes_are_another_configuration() {
    let bucket = bucket();
    let one = laptop(&bucket);
    let push = |tag: &str| {
        one.plain_file("cstore.yml", format!(
            "version: v4\ncontext: shop\nfiles:\n- path: a.env\n  store: aws-s3\n  type: env\n  tags: [{tag}]\n- path: b.env\n  store: aws-s3\n  type: env\n  tags: [qa]\n"
        ));
        one.file("a.env", "TOKEN=swordfish\n").file("b.env", "OTHER=mackerel\n");
        one.cstore(["push", "-v", "v1.0.0", "--overwrite", "--update-catalog=false"]).run().succeeds();
    };
    push("dev");
    lock(&one, &["-v", "latest"]).succeeds();
    let pull = || one.cstore(["export", "--locked", "-t", "dev", "-g", "json"]).prints_values().run();
    assert_eq!(pull().succeeds().json()["TOKEN"], "swordfish");
    push("prod");
    pull().fails(5).says("other types or tags");
    lock(&one, &["--check"]).fails(8).says("other types or tags");
}

#[test]
fn a_lock_of_the_head_holds_its_content() {
    let bucket = bucket();
    let one = published(&bucket, &[]);
    one.file(ENV, "TOKEN=swordfish\n").cstore(["push", ENV]).run().succeeds();
    lock(&one, &[]).succeeds().says("+ default  shop  head  head  sha256:");
    token(&one, &["--locked"]).succeeds().prints("swordfish");
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", ENV]).run().succeeds();
    token(&one, &["--locked"]).fails(5).says("The head of shop is not as cstore.lock locks it");
    token(&one, &[]).succeeds().prints("mackerel");
}

#[test]
fn what_another_tool_has_put_into_a_locked_head_is_not_taken() {
    let bucket = bucket();
    let one = published(&bucket, &[]);
    one.file(ENV, "TOKEN=swordfish\n").cstore(["push", ENV]).run().succeeds();
    lock(&one, &[]).succeeds();
    bucket.put(&format!("shop/{ENV}"), "TOKEN=of-another-tool\n", &[]);
    token(&one, &[]).succeeds().prints("of-another-tool");
    token(&one, &["--locked"]).fails(5);
}

#[test]
fn what_is_asked_for_is_what_was_locked_and_nothing_like_it() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    token(&one, &["--locked"])
        .fails(2)
        .says("There is no lock file cstore.lock")
        .says("next: Run: cstore lock -v latest\n");
    token(&one, &["--locked", "-v", "^1.2"]).fails(2).says("next: Run: cstore lock -v '^1.2'\n");
    lock(&one, &["-v", "^1.2"]).succeeds();
    for other in ["^1", "v1.2.0", "head", "latest"] {
        let refused = token(&one, &["--locked", "-v", other]).fails(5);
        refused.says("locks ^1.2 of shop, and not").says(&format!("cstore lock -v {}", quoted(other)));
    }
    token(&one, &["--locked", "--context", "web"])
        .fails(5)
        .says("locks nothing of web")
        .says("next: Run: cstore lock --context web web=web@latest\n");
    // To name a lock file and not go by it would be a pull of anything.
    token(&one, &["--lock-file", LOCK]).fails(2).says("--locked");
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    token(&one, &["--locked", "--digest", digest]).fails(5);
}

fn quoted(version: &str) -> String {
    if version.starts_with('^') { format!("'{version}'") } else { version.to_owned() }
}

#[test]
fn entries_are_locked_by_name_and_the_others_stay() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v2.0.0"]);
    lock(&one, &["default=^1", "next=^2"]).succeeds();
    publish(&one, "v1.3.0", "token-of-v1.3.0");
    publish(&one, "v2.1.0", "token-of-v2.1.0");
    let ran = lock(&one, &["next", "--json"]).succeeds();
    assert_eq!(changes(&ran), [("next".to_owned(), "v2.0.0".into(), "v2.1.0".into())]);
    token(&one, &["--locked"]).succeeds().prints("token-of-v1.2.0");
    token(&one, &["--locked", "-v", "^2"]).succeeds().prints("token-of-v2.1.0");
    lock(&one, &["again=^2"]).fails(2).says("would have the same requirement as next");
    for (bad, why) in [
        ("a b=^1", "letters, digits"),
        ("x=^^", "version requirement"),
        ("x=.", "files in this folder"),
        ("x=s3://other/shop", "no bucket"),
        ("default=web@^1", "catalog's context"),
        ("default/web", "the others, run: cstore lock default."),
        ("default/web=^2", "locked with the entry default"),
    ] {
        lock(&one, &[bad]).fails(2).says(why);
    }
    lock(&one, &["next=^9"]).fails(6);
    assert!(text(&one, LOCK).contains("v2.1.0"), "a lock that failed has changed the file");
}

#[test]
fn a_name_alone_is_that_of_an_entry_that_is_there() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v2.0.0"]);
    lock(&one, &["staging"]).fails(2).says("has no entry staging").says("`cstore lock staging=latest`");
    lock(&one, &["default"]).fails(2).says("has no entry default").says("`cstore lock -v latest`");
    assert!(!one.workspace().path(LOCK).exists());
    lock(&one, &["-v", "^1", "next=^2"]).succeeds();
    let before = text(&one, LOCK);
    let refused = lock(&one, &["nxt"]).fails(2).says("The lock file cstore.lock has no entry nxt.");
    refused.says("Did you mean next?").says("`cstore lock nxt=latest`");
    lock(&one, &["nxt", "next", "--lock-file", LOCK]).fails(2).says("`cstore lock nxt=latest --lock-file cstore.lock`");
    assert_eq!(text(&one, LOCK), before);
    lock(&one, &["next"]).succeeds();
}

/// Types what a message names, in backticks, as it is printed.
fn type_printed(one: &Laptop, ran: &Ran, before: &str) {
    let (_, line) = ran.stderr.split_once(before).unwrap_or_else(|| panic!("{before:?} is not in\n{}", ran.stderr));
    let line = line.split(['`', '\n']).next().unwrap();
    one.shell(line).run().succeeds();
}

#[test]
fn what_follows_a_pull_that_is_not_as_locked_keeps_the_other_entries() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.5.0", "v2.0.0"]);
    lock(&one, &["-v", "^1.2", "next=>=2"]).succeeds();
    let refused = token(&one, &["--locked", "-v", "^2"]).fails(5).says("and not ^2");
    type_printed(&one, &refused, "To lock it as well, under a name of its own: `");
    token(&one, &["--locked", "-v", "^2"]).succeeds().prints("token-of-v2.0.0");
    token(&one, &["--locked", "-v", ">=2"]).succeeds().prints("token-of-v2.0.0");
    token(&one, &["--locked", "-v", "^1.2"]).succeeds().prints("token-of-v1.5.0");

    publish(&one, "v1.6.1", "token-of-v1.6.1");
    publish(&one, "v1.5.0", "another-token");
    publish(&one, "v2.0.0", "again-another");
    // The version that was locked, as it is now, and not one that is newer.
    let refused = token(&one, &["--locked"]).fails(5);
    type_printed(&one, &refused, "To see who pushed it: `");
    type_printed(&one, &refused, "To take it as it is now: `");
    token(&one, &["--locked"]).succeeds().prints("another-token");
    let refused = token(&one, &["--locked", "-v", "^2"]).fails(5);
    type_printed(&one, &refused, "To take what ^2 finds now: `");
    token(&one, &["--locked", "-v", "^2"]).succeeds().prints("again-another");
    let refused = token(&one, &["--locked", "-v", ">=2"]).fails(5);
    type_printed(&one, &refused, "To see who pushed it: `");
    type_printed(&one, &refused, "To take it as it is now: `");
    token(&one, &["--locked"]).succeeds().prints("another-token");

    publish(&one, "v1.5.0", "and-another");
    let refused = token(&one, &["--locked"]).fails(5);
    type_printed(&one, &refused, "To take it as it is now: `");
    token(&one, &["--locked"]).succeeds().prints("and-another");
    bucket.delete("shop/.cstore/versions/v1.5.0.json");
    let refused = token(&one, &["--locked"]).fails(5);
    type_printed(&one, &refused, "To see what is published: `");
}

#[test]
fn a_program_that_is_not_started_for_its_content_is_told_why() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    lock(&one, &["-v", "v1.2.0"]).succeeds();
    publish(&one, "v1.2.0", "another-token");
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for pins in [&["--locked"][..], &["-v", "v1.2.0", "--digest", digest]] {
        let words = ["exec"].iter().chain(pins).chain(&["--files", ENV, "--", "echo"]);
        let ran = one.cstore_with(words.map(|word| (*word).to_owned())).run().fails(125);
        ran.says("(code 5: content is not what its manifest, the lock file or --digest says)")
            .does_not_say("Nothing was delivered");
    }
}

#[test]
fn a_merge_is_finished_by_the_line_that_is_printed() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v2.0.0"]).with_env("CSTORE_TRUST", "true");
    let typed = |line: &str| one.shell(line).run();
    let commit = "git add cstore.lock && git -c user.name=x -c user.email=x@x commit -qm x";
    typed(&format!("git init -q -b main && cstore lock -v ^1 && {commit} && git switch -qc other")).succeeds();
    typed(&format!("cstore lock -v v1.2.0 && {commit} && git switch -q main")).succeeds();
    typed(&format!("cstore lock -v ^2 && {commit}")).succeeds();
    typed("git -c user.name=x -c user.email=x@x merge -q other").exits(1);
    let refused = token(&one, &["--locked"]).fails(2);
    type_printed(&one, &refused, "To take one side of the merge and lock again, run: ");
    typed("git ls-files --unmerged").succeeds().prints("");
    token(&one, &["--locked"]).succeeds().prints("token-of-v2.0.0");
}

/// Another run writes the file after this one has read it and before it writes.
#[test]
fn what_another_run_has_locked_meanwhile_is_not_lost() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.1.0", "v1.2.0", "v2.0.0", "v3.0.0"]);
    let proxy = Proxy::before(bucket.server());
    let slow = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    // Where there was no file, and where there was one.
    for (other, locked) in [("next=v2.0.0", "[config.next]"), ("third=v3.0.0", "[config.third]")] {
        let another = one.clone();
        let manifest = get("shop/.cstore/versions/v1.2.0.json").nth(1);
        proxy.on(manifest, Fault::before(move || drop(lock(&another, &[other]).succeeds())));
        lock(&slow, &["-v", "v1.2.0"]).succeeds();
        let kept = text(&one, LOCK);
        assert!(kept.contains(locked) && kept.contains("[config.default]"), "{kept}");
        proxy.clear();
        lock(&one, &["-v", "v1.1.0"]).succeeds();
    }
    lock(&slow, &["-v", "v1.2.0"]).succeeds();
    let all = text(&one, LOCK);
    assert!(["default", "next", "third"].iter().all(|name| all.contains(&format!("[config.{name}]"))), "{all}");
    assert_eq!(one.workspace().files(), ["cstore.lock", "cstore.yml", ENV], "nothing else is left");
}

#[test]
fn a_lock_file_that_never_stays_as_it_was_read_is_a_conflict() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v2.0.0"]);
    lock(&one, &["next=v2.0.0"]).succeeds();
    let (proxy, path) = (Proxy::before(bucket.server()), one.workspace().path(LOCK));
    let another = move || {
        let read = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{read}# another line\n")).unwrap();
    };
    proxy.on(get("shop/.cstore/versions/v1.2.0.json").for_ever(), Fault::before(another));
    let slow = one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    lock(&slow, &["-v", "v1.2.0"]).fails(4).says(LOCK).says("Run the same command again.");
    proxy.clear();
    assert!(text(&one, LOCK).ends_with("# another line\n"), "{}", text(&one, LOCK));
    lock(&slow, &["-v", "v1.2.0"]).succeeds();
    assert_eq!(one.workspace().files(), ["cstore.lock", "cstore.yml", ENV], "nothing else is left");
}

#[test]
fn several_locks_at_once_all_come_through() {
    const ENTRIES: [&str; 4] = ["a=v1.0.0", "b=v2.0.0", "c=v3.0.0", "d=v4.0.0"];
    let bucket = bucket();
    let one = published(&bucket, &ENTRIES.map(|entry| &entry[2..]));
    let typed = ENTRIES.map(|entry| one.cstore(["lock", entry]));
    let started = typed.each_ref().map(|typed| (typed, typed.start()));
    let ended = started.map(|(typed, child)| typed.ended(&child.wait_with_output().unwrap()));
    ended.into_iter().for_each(|ran| drop(ran.succeeds()));
    let locked = text(&one, LOCK);
    ENTRIES
        .iter()
        .for_each(|entry| assert!(locked.contains(&format!("[config.{}]", &entry[..1])), "{entry}: {locked}"));
    assert_eq!(one.workspace().files(), ["cstore.lock", "cstore.yml", ENV], "nothing else is left");
}

/// Of three that write at once, one that puts back what it replaced could take away what another reported as written.
#[test]
fn no_two_runs_write_a_lock_file_at_once() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0", "v2.0.0"]);
    lock(&one, &["-v", "v1.2.0"]).succeeds();
    let before = text(&one, LOCK);
    let state = std::fs::read_dir(one.home().join(".local/state/cstore")).unwrap().map(|entry| entry.unwrap().path());
    let locks = state.filter(|path| path.extension().is_some_and(|end| end == "lock"));
    let held: Vec<_> = locks.map(|path| std::fs::File::options().write(true).open(path).unwrap()).collect();
    held.iter().for_each(|file| file.lock().unwrap());
    lock(&one, &["next=v2.0.0", "--timeout-seconds", "5"]).fails(4).says("Another cstore has been working");
    assert_eq!(text(&one, LOCK), before);
    drop(held);
    lock(&one, &["next=v2.0.0"]).succeeds();
    assert!(text(&one, LOCK).contains("[config.next]"));
}

#[test]
fn another_context_is_locked_beside_the_own() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.0.0"]);
    one.file(ENV, "TOKEN=of-staging\n");
    one.cstore(["push", "--context", "shop-staging", "-v", "v1.5.0", ENV]).run().succeeds();
    let one = one.with_env("CSTORE_BUCKET", bucket.name());
    lock(&one, &["default=^1", "staging=shop-staging@^1"]).succeeds().says("+ staging  shop-staging  ^1  v1.5.0");
    token(&one, &["--locked"]).succeeds().prints("token-of-v1.0.0");
    token(&one, &["--locked", "-v", "shop-staging@^1"]).succeeds().prints("of-staging");
}

#[test]
fn catalogs_that_are_linked_are_locked_with_the_first() {
    let bucket = bucket();
    let one = laptop(&bucket).with_env("CSTORE_TRUST", "true");
    one.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: a.env\n  store: aws-s3\n  type: env\n- path: web/cstore.yml\n  isRef: true\n");
    one.plain_file(
        "web/cstore.yml",
        "version: v4\ncontext: web\nfiles:\n- path: b.env\n  store: aws-s3\n  type: env\n",
    );
    let push = |value: &str| {
        one.file("a.env", "A=swordfish\n").file("web/b.env", format!("B={value}\n"));
        one.cstore(["push", "-v", "v1.0.0", "--overwrite", "--update-catalog=false", "a.env"]).run().succeeds();
        let web =
            ["push", "-f", "web/cstore.yml", "-v", "v1.0.0", "--overwrite", "--update-catalog=false", "web/b.env"];
        one.cstore(web).run().succeeds();
    };
    push("mackerel");
    lock(&one, &["-v", "^1"])
        .succeeds()
        .says("+ default      shop  ^1  v1.0.0")
        .says("+ default/web  web   ^1  v1.0.0");
    let export = || one.cstore(["export", "--locked", "-g", "json"]).prints_values().run();
    assert_eq!(export().succeeds().json()["B"], "mackerel");
    // One that was linked since is locked as the first one is.
    let both = text(&one, LOCK);
    one.plain_file(LOCK, both.split("\n[config.\"default/web\"]").next().unwrap());
    export().fails(5).says("cstore.lock locks nothing of web.").says("next: Run: cstore lock default\n");
    one.cstore(["export", "--locked", "-v", "^1"]).run().fails(5).says("next: Run: cstore lock default\n");
    one.cstore(["pull", "--locked"]).run().fails(5).says("next: Run: cstore lock default\n");
    lock(&one, &["--dry-run"]).succeeds().says("+ default/web  web  ^1  v1.0.0");
    lock(&one, &["default"]).succeeds().says("+ default/web  web  ^1  v1.0.0");
    assert_eq!(text(&one, LOCK), both);
    // Another requirement of its context is taken by whoever asks for that alone.
    lock(&one, &["a-web=web@v1.0.0"]).succeeds();
    export().succeeds();
    push("another-fish");
    export().fails(5).says("v1.0.0 of web is not as cstore.lock locks it");
}

/// The script of the page, in a clone of a repository, with a `gh` that writes down what it is asked.
#[test]
fn the_script_that_has_it_updated_opens_one_pull_request() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]).with_env("CSTORE_TRUST", "true");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/locking.md")).unwrap();
    let (_, script) = page.split_once("\n```sh\n").unwrap();
    let (script, _) = script.split_once("```").unwrap();
    let gh = "#!/bin/sh\necho \"$@\" >> asked\n[ \"$2\" != view ] || { [ ! -e opened ] && exit 1; echo OPEN; }\n[ \"$2\" != create ] || touch opened\n";
    one.plain_file("update.sh", script).plain_file("bin/gh", gh);
    let set_up = "chmod +x bin/gh && cstore lock -v ^1 && git init -q -b main && git init -q --bare origin.git \
                  && git remote add origin ./origin.git && git add cstore.lock && git -c user.name=x -c user.email=x@x commit -qm x";
    let typed = |line: &str| one.shell(&format!("PATH=\"$PWD/bin:$PATH\"; {line}")).run().succeeds();
    typed(set_up);
    typed("sh update.sh");
    assert!(!one.workspace().path("asked").exists(), "there was nothing to open");
    publish(&one, "v1.3.0", "token-of-v1.3.0");
    typed("sh update.sh && git switch -q main");
    publish(&one, "v1.4.0", "token-of-v1.4.0");
    typed("sh update.sh");
    let asked = text(&one, "asked");
    assert_eq!(asked.matches("pr create --head cstore-lock").count(), 1, "{asked}");
    let pushed = one.shell("git --git-dir origin.git show cstore-lock:cstore.lock").run().succeeds().stdout;
    assert!(pushed.contains("version = \"v1.4.0\""), "{pushed}");
}

#[test]
fn a_file_that_is_no_lock_says_what_to_do() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    lock(&one, &["-v", "^1"]).succeeds();
    let good = text(&one, LOCK);
    for (bad, says) in [
        (
            good.replace("format = 1", "format = 2\nsigned = true"),
            "its format is 2, and this version of the tool reads 1",
        ),
        (good.replace("format = 1", "format = 1\nsigned = true"), "Use the newest version of cstore"),
        (format!("<<<<<<< HEAD\n{good}"), "git restore --ours cstore.lock"),
        (good.replace("v1.2.0", "v2.0.0"), "requirement of the entry"),
        (good.replace("sha256:", "md5:"), "64 hexadecimal digits"),
        (format!("{good}{}", &good[good.find("\n[config").unwrap()..]), "there twice"),
        ("x".repeat(600_000), "larger than"),
    ] {
        one.plain_file(LOCK, &bad);
        token(&one, &["--locked"]).fails(2).says(says);
        lock(&one, &[]).fails(2).says(says);
        assert!(text(&one, LOCK) == bad, "a file that cannot be read was replaced");
    }
}

#[test]
fn paths_are_those_of_where_one_stands() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    let inside = |arguments: &[&str]| {
        one.cstore_with(arguments.iter().map(|text| (*text).to_owned())).env("CSTORE_CATALOG", "../../cstore.yml")
    };
    let lock = inside(&["lock", "-v", "^1", "--lock-file", "own.lock"]).in_folder("service/dev").run().succeeds();
    lock.says("Wrote own.lock").says("cstore pull --locked --lock-file own.lock");
    assert!(text(&one, "service/dev/own.lock").contains("v1.2.0"));
    let pull = ["pull", ".env", "--locked", "--lock-file", "own.lock"];
    inside(&pull).in_folder("service/dev").run().succeeds().says("as locked in own.lock");
    let beside = inside(&["lock", "-v", "^1"]).in_folder("service/dev").run().succeeds();
    beside.says("Wrote ../../cstore.lock");
}

#[test]
fn a_channel_that_is_not_locked_is_not_passed_over() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.0.0", "v1.1.0"]);
    one.cstore(["promote", "v1.0.0", "--to", ":prod"]).run().succeeds();
    lock(&one, &["-v", "^1"]).succeeds();
    for words in [["-v", ":prod"], ["--channel", "prod"], ["--channel", ":prod"], ["--channel", "nowhere"]] {
        let refused = token(&one, &["--locked", words[0], words[1]]).fails(5);
        refused.says("locks ^1 of shop, and not :");
    }
    let refused = token(&one.clone().with_env("CSTORE_CHANNEL", "prod"), &["--locked"]).fails(5);
    refused.says("To lock it as well, under a name of its own: `cstore lock next=:prod`");
    let refused = token(&one, &["--locked", "--context", "web", "--channel", "prod"]).fails(5);
    refused.says("cstore lock --context web web=web:prod");
    token(&one, &["--locked"]).succeeds().prints("token-of-v1.1.0");
}

#[test]
fn a_lock_file_that_is_a_link_is_to_be_a_file() {
    let bucket = bucket();
    let one = published(&bucket, &["v1.2.0"]);
    lock(&one, &["-v", "^1"]).succeeds();
    let path = |path: &str| one.workspace().path(path);
    std::fs::rename(path(LOCK), path("shared.lock")).unwrap();
    let says = |ran: Ran| {
        let ran = ran.fails(2).says("\"cstore.lock\" is a symbolic link that ");
        ran.says("next: Replace the link with the file itself.\n");
    };
    std::os::unix::fs::symlink("shared.lock", path(LOCK)).unwrap();
    publish(&one, "v1.3.0", "token-of-v1.3.0");
    says(lock(&one, &[]));
    std::fs::remove_file(path(LOCK)).unwrap();
    std::os::unix::fs::symlink(path("shared.lock"), path(LOCK)).unwrap();
    says(lock(&one, &[]));
    says(token(&one, &["--locked"]));
}
