//! `cstore pull`: what it writes, and what it leaves alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use crate::harness::proxy::{Fault, get};
use crate::harness::{Bucket, Laptop, Proxy, limits_script, python, shows};
use crate::shared::{ENV, JSON, laptop, memories, stored, text, two_laptops};

#[test]
fn files_are_written_for_their_owner_alone_and_only_where_they_differ() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    for path in [ENV, JSON] {
        assert_eq!(text(&other, path), stored(&bucket, path));
        assert_eq!(other.workspace().mode(path), 0o600);
    }
    let again = other.cstore(["pull"]).run().succeeds().says("unchanged  service/dev/.env");
    assert!(again.stdout.is_empty());
    other
        .cstore(["pull", ".env"])
        .in_folder("service/dev")
        .env("CSTORE_CATALOG", "../../cstore.yml")
        .run()
        .succeeds()
        .says("unchanged  .env")
        .does_not_say("config.json");
}

#[test]
fn files_of_several_environments_that_disagree_are_pulled_together() {
    let bucket = Bucket::versioned();
    let [one, other] = [laptop(&bucket), laptop(&bucket)];
    one.file("dev.env", "TOKEN=swordfish\nPORT=12345678\n").file("prod.env", "TOKEN=mackerel\n");
    one.cstore(["push", "dev.env", "prod.env"]).run().succeeds().says("`export`, `exec` and `get` have to choose");
    other.cstore(["pull", "*.env", "--required-keys", "TOKEN"]).run().succeeds().says("written    prod.env");
    assert_eq!(
        (text(&other, "dev.env").as_str(), text(&other, "prod.env").as_str()),
        ("TOKEN=swordfish\nPORT=12345678\n", "TOKEN=mackerel\n")
    );
    let other = other.with_env("CSTORE_FILES", "*.env");
    other.cstore(["get", "PORT"]).prints_values().run().succeeds().prints("12345678");
    other.cstore(["get", "TOKEN"]).run().fails(2).says("dev.env").says("prod.env");
    other.cstore(["export", "*.env"]).run().fails(2).says("--on-duplicate last");
}

#[test]
fn what_only_the_bucket_changed_is_replaced() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other
        .cstore(["pull"])
        .run()
        .succeeds()
        .says("written    service/dev/.env")
        .says("unchanged  service/dev/config.json");
    assert_eq!(text(&other, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
}

#[test]
fn what_only_you_changed_is_kept_and_a_file_that_is_gone_comes_back() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.file(ENV, "TOKEN=my-own-token\n");
    other.workspace().remove(JSON);
    other
        .cstore(["pull"])
        .run()
        .succeeds()
        .says("kept       service/dev/.env")
        .says("written    service/dev/config.json");
    assert_eq!(text(&other, ENV), "TOKEN=my-own-token\n");
    assert_eq!(text(&other, JSON), stored(&bucket, JSON));
}

const MINE: &str = "GREETING='good-evening' # mine\n# the shop\nTOKEN=swordfish\n";

/// The second of two machines, where both have changed a file in ways that do not exclude each other.
fn changed_on_both(bucket: &Bucket) -> Laptop {
    let [one, other] = two_laptops(bucket);
    one.file(ENV, "# the shop\nTOKEN=mackerel\nGREETING=good-morning\nNEW=added-by-one\n");
    one.cstore(["push"]).run().succeeds();
    other.file(ENV, MINE);
    other
}

#[test]
fn what_both_changed_is_merged_by_key_in_the_words_of_the_local_file() {
    let bucket = Bucket::versioned();
    let other = changed_on_both(&bucket);
    other.cstore(["pull"]).run().succeeds().says("merged     service/dev/.env (from the bucket: TOKEN, NEW)");
    let merged = "GREETING='good-evening' # mine\n# the shop\nTOKEN=mackerel\nNEW=added-by-one\n";
    assert_eq!(text(&other, ENV), merged);
    // Merged once, it is a local change and nothing else.
    other.cstore(["pull"]).run().succeeds().says("kept       service/dev/.env");
    other.cstore(["push"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), merged);
}

#[test]
fn where_the_bytes_are_gone_that_both_were_made_of_all_that_differs_is_a_conflict() {
    let bucket = Bucket::unversioned();
    let other = changed_on_both(&bucket);
    other.cstore(["pull"]).run().fails(4).says("TOKEN").says("GREETING").says("NEW");
    assert_eq!(text(&other, ENV), MINE);
}

#[test]
fn what_both_changed_in_different_ways_is_a_conflict_by_key_and_nothing_is_written() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").file(JSON, "{\"port\": 9090, \"host\": \"localhost\"}\n");
    one.cstore(["push"]).run().succeeds();
    other.file(ENV, "TOKEN=my-own-token\nGREETING=good-evening\n");
    let before = other.workspace().snapshot();
    other.cstore(["pull"]).run().fails(4).says("service/dev/.env (TOKEN)").does_not_say("GREETING").says("--force");
    assert_eq!(other.workspace().snapshot(), before);
    other.cstore(["pull", "--force"]).run().succeeds().says("written    service/dev/.env");
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
    assert_eq!(text(&other, JSON), stored(&bucket, JSON));
}

#[test]
fn without_memory_equal_bytes_and_equal_keys_are_no_conflict_and_all_else_is() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let stranger = laptop(&bucket);
    stranger.file(ENV, text(&one, ENV)).file(JSON, "{\"host\": \"localhost\",\n \"port\": 8080}\n");
    stranger
        .cstore(["pull"])
        .run()
        .succeeds()
        .says("unchanged  service/dev/.env")
        .says("kept       service/dev/config.json");
    let stranger = laptop(&bucket);
    stranger.file(ENV, "TOKEN=my-own-token\nGREETING=good-morning\n");
    stranger.cstore(["pull"]).run().fails(4).says("service/dev/.env (TOKEN)");
    assert_eq!(text(&stranger, ENV), "TOKEN=my-own-token\nGREETING=good-morning\n");
}

#[test]
fn damaged_and_missing_memory_is_said_and_harms_nothing() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let [memory] = memories(&other).try_into().unwrap();
    for damage in ["", "{", "\0\0"] {
        fs::write(&memory, damage).unwrap();
        other.cstore(["pull"]).run().succeeds().says("is damaged").says("unchanged  service/dev/.env");
        other.cstore(["pull"]).run().succeeds().does_not_say("damaged");
    }
    let mut command = other.cstore(["pull"]).command();
    let output = command.env_remove("HOME").output().unwrap();
    other.cstore(["pull"]).ended(&output).succeeds().says("cannot be saved");
}

#[test]
fn nothing_that_is_remembered_is_a_value() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    for memory in memories(&other) {
        let text = fs::read_to_string(&memory).unwrap();
        bucket.secrets().assert_absent("the memory", &text);
        assert!(text.contains("\"bucket\"") && text.contains(ENV), "{text}");
    }
}

#[test]
fn values_that_are_printed_or_handed_over_change_nothing_that_is_remembered() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let memory = || memories(&other).iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    let (before, files) = (memory(), other.workspace().snapshot());
    let stranger = laptop(&bucket);
    for arguments in [&["export"][..], &["get", "TOKEN"], &["exec", "--", "true"]] {
        for machine in [&other, &stranger] {
            let typed = machine.cstore_with(arguments.iter().map(|text| (*text).to_owned()));
            typed.prints_values().run().succeeds();
        }
    }
    assert_eq!((memory(), other.workspace().snapshot()), (before, files));
    assert_eq!(memories(&stranger), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn a_folder_of_its_own_is_written_to_and_not_remembered() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    let memory = || memories(&other).iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    let (before, local) = (memory(), text(&other, ENV));
    other.cstore(["pull", "--to", "out/it"]).run().succeeds().says("written    out/it/service/dev/.env");
    assert_eq!(text(&other, "out/it/service/dev/.env"), "TOKEN=mackerel\n");
    assert_eq!(other.workspace().mode("out/it/service/dev/.env"), 0o600);
    assert_eq!((memory(), text(&other, ENV)), (before, local));
    other.cstore(["pull", "--to", "out/it"]).run().succeeds().says("unchanged  out/it/service/dev/.env");
    other.file("out/it/service/dev/.env", "TOKEN=another-token\n");
    other.cstore(["pull", "--to", "out/it"]).run().fails(4).says("out/it/service/dev/.env");
    assert_eq!(text(&other, "out/it/service/dev/.env"), "TOKEN=another-token\n");
    other.cstore(["pull", "--to", "out/it", "--force"]).run().succeeds();
    assert_eq!(text(&other, "out/it/service/dev/.env"), "TOKEN=mackerel\n");
}

#[test]
fn a_refused_pull_leaves_no_folder_behind() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish\n").file(".npmrc", "token=swordfish\n");
    one.file(JSON, "{\"port\": 8080}\n").cstore(["push", ENV, JSON, ".npmrc"]).run().succeeds();
    let other = laptop(&bucket);
    other.cstore(["pull", "--to", "out/it"]).run().fails(2).says(".npmrc");
    assert_eq!(other.workspace().files(), ["cstore.yml"]);
    assert!(!other.workspace().path("out").exists());
    // What stood there stays, and is named from where one stands.
    fs::create_dir_all(other.workspace().path("out/it/service/dev/.env")).unwrap();
    other.cstore(["pull", ENV, "--to", "out/it"]).run().fails(4).says("out/it/service/dev/.env");
    other
        .cstore(["pull", ENV, "--force", "--to", "out/it"])
        .run()
        .fails(2)
        .says("\"out/it/service/dev/.env\" is a folder");
    assert!(other.workspace().path("out/it/service/dev/.env").exists());
}

#[test]
fn a_file_that_the_bucket_lacks_is_named_as_it_was_typed() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let said = other.cstore(["pull", "nope.env"]).run().fails(6);
    said.says("The head of shop has no file nope.env.").says("cstore list").does_not_say("shop/nope.env");
    let below = |arguments: &[&str]| {
        let typed = other.cstore_with(arguments.iter().map(|text| (*text).to_owned()));
        typed.in_folder("service/dev").env("CSTORE_CATALOG", "../../cstore.yml").run()
    };
    below(&["pull", "confg.json"]).fails(6).says("no file confg.json. Did you mean config.json?");
    below(&["pull", "confg.json", "-v", "v1.0.0"]).fails(6).says("Version v1.0.0 of shop has no file confg.json");
    below(&["pull", "*.nope"]).fails(6).says("in the head of shop: *.nope.");
    below(&["export", "confg.json"]).fails(6).says("no file confg.json. Did you mean config.json?");
    below(&["exec", "--file", "confg.json=X", "--", "true"]).fails(125).says("confg.json");
}

#[test]
fn what_is_said_of_files_names_them_from_where_one_stands() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    let below = |arguments: &[&str]| {
        let typed = other.cstore_with(arguments.iter().map(|text| (*text).to_owned()));
        typed.in_folder("service/dev").env("CSTORE_CATALOG", "../../cstore.yml").run()
    };
    // A note of the core's, and the pattern that it suggests.
    other.file(JSON, "{\"port\": ").workspace().remove(ENV);
    other.file("service/qa/.env", "A=1\n");
    below(&["push", "config.json"]).fails(2).says("config.json:1: It is not valid JSON").says("'config.json = raw'");
    // Errors of files, and what to do about them.
    other.workspace().remove(JSON);
    fs::create_dir_all(other.workspace().path(ENV)).unwrap();
    below(&["pull"]).fails(2).says("\".env\" is a folder").does_not_say("service/dev");
    let bare = "version: v4\ncontext: shop\nfiles:\n- path: service/dev/config.json\n  store: aws-s3\n";
    other.plain_file("cstore.yml", bare);
    fs::remove_dir(other.workspace().path(ENV)).unwrap();
    other.file(ENV, "A=1\n");
    below(&["pull", "--force"]).fails(2).says("names: .env.").says("`'../../**'`").does_not_say("service/dev");
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    other.file(JSON, "{\"port\": 1}\n");
    let before = other.workspace().snapshot();
    let planned = other.cstore(["pull", "--dry-run", "--json"]).run().succeeds().says("would write  service/dev/.env");
    assert_eq!(other.workspace().snapshot(), before);
    let json = planned.json();
    assert_eq!((&json["schema"], &json["dry_run"]), (&1.into(), &true.into()));
    assert_eq!(json["files"][0]["outcome"], "written");
    assert_eq!(json["files"][1]["outcome"], "kept");
    let dry = |folder: &str| other.cstore(["pull", "--dry-run", "--to", folder]).run();
    dry("new").succeeds().says("would write  new/service/dev/.env");
    assert_eq!(other.workspace().snapshot(), before);
    // What is in the way of the folder is in the way of a dry run.
    other.plain_file("new", "");
    let refused = other.cstore(["pull", "--to", "new/it"]).run().fails(1).stderr;
    assert_eq!(dry("new/it").fails(1).stderr, refused);
}

#[test]
fn a_dry_run_into_a_new_folder_refuses_what_the_run_refuses() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(".npmrc", "TOKEN=my-own-token\n").cstore(["push", ".npmrc"]).run().succeeds();
    let before = other.workspace().snapshot();
    let refused = other.cstore(["pull", "--to", "new/it"]).run().fails(2).says(".npmrc").stderr;
    assert_eq!(other.cstore(["pull", "--to", "new/it", "--dry-run"]).run().fails(2).stderr, refused);
    assert_eq!(other.workspace().snapshot(), before);
}

#[test]
fn files_of_a_head_to_which_nothing_was_pushed_are_named_as_they_are_typed() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.plain_file(".git/HEAD", "").file(JSON, "{\"port\": 8080}\n");
    let pull = || one.cstore(["pull"]).in_folder("service").run().fails(6).does_not_say("shop/service");
    pull().says("Files of the head are not there: dev/.env, dev/config.json.");
}

#[test]
fn a_file_that_is_changed_while_it_is_pulled_is_not_lost() {
    let _shown =
        shows("F13", "a local file is changed while the command line pulls", "code 4, naming the keys; the file stays");
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let proxy = Proxy::start();
    let (changed, path) = ("TOKEN=typed-just-now\nGREETING=good-morning\n", other.workspace().path(ENV));
    bucket.secrets().add("typed-just-now");
    proxy.on(get("/service/dev/.env").nth(1), Fault::before(move || fs::write(&path, changed).unwrap()));
    let pull = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["pull"]);
    pull.run().fails(4).says("service/dev/.env (TOKEN)");
    assert_eq!(text(&other, ENV), changed);
}

#[test]
fn a_pull_that_is_killed_leaves_what_was_there() {
    let _shown =
        shows("F11", "pull by the command line", "what lay there still does, and the same command again succeeds");
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push"]).run().succeeds();
    let before = other.workspace().snapshot();
    let proxy = Proxy::start();
    let victim: Arc<std::sync::Mutex<Option<u32>>> = Arc::default();
    let (of_fault, ready) = (Arc::clone(&victim), Arc::new(std::sync::Barrier::new(2)));
    let at_fault = Arc::clone(&ready);
    proxy.on(
        get("/service/dev/config.json").nth(1),
        Fault::before(move || {
            at_fault.wait();
            let pid = of_fault.lock().unwrap().unwrap();
            let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }),
    );
    let pull = other.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["pull"]);
    let child = pull.start();
    *victim.lock().unwrap() = Some(child.id());
    ready.wait();
    assert_eq!(pull.ended(&child.wait_with_output().unwrap()).code, 128 + 9);
    assert_eq!(other.workspace().snapshot(), before);
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&other, ENV), "TOKEN=mackerel\n");
}

#[test]
fn several_at_once_on_one_folder_do_no_harm() {
    let shown =
        shows("F13", "four pulls by the command line at once, into one folder", "all succeed, and the files are whole");
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\nGREETING=good-morning\n").cstore(["push"]).run().succeeds();
    let pull = other.cstore(["pull"]);
    let children: Vec<_> = shown.each(0..4).map(|_| pull.start()).collect();
    for child in children {
        pull.ended(&child.wait_with_output().unwrap()).succeeds();
    }
    assert_eq!(text(&other, ENV), "TOKEN=mackerel\nGREETING=good-morning\n");
    other.cstore(["pull"]).run().succeeds().says("unchanged  service/dev/.env");
}

#[test]
fn what_no_catalog_and_nobody_names_is_not_replaced() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/dev/.env\n  store: aws-s3\n");
    other.file(JSON, "{\"port\": 1}\n");
    let bare = laptop(&bucket);
    bare.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/dev/.env\n  store: aws-s3\n");
    bare.file(JSON, "{\"port\": 1}\n");
    bare.cstore(["pull", "--force"]).run().fails(2).says("service/dev/config.json");
    assert_eq!(text(&bare, JSON), "{\"port\": 1}\n");
    bare.cstore(["pull", JSON, "--force"]).run().succeeds();
    assert_eq!(text(&bare, JSON), stored(&bucket, JSON));
}

#[test]
fn git_is_said_to_take_files_that_it_does_not_ignore() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let fresh = laptop(&bucket);
    fresh.plain_file(".git/HEAD", "ref: refs/heads/main\n").plain_file(".git/config", "");
    fresh.plain_file(".gitignore", "*.json\n");
    fresh.cstore(["pull"]).run().succeeds().says("Git does not ignore these files").does_not_say("config.json. Add");
    assert_eq!(text(&fresh, ENV), text(&one, ENV));
}

#[test]
fn a_full_disk_leaves_every_file_as_it_was() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    one.file(ENV, format!("TOKEN={}\n", "mackerel".repeat(2000))).cstore(["push"]).run().succeeds();
    let before = other.workspace().snapshot();
    let pull = other.cstore(["pull"]);
    let typed = pull.command();
    let mut limited = std::process::Command::new(python());
    limited.arg(limits_script()).arg(other.workspace().outside("report")).args(["--file-bytes", "4096"]);
    limited.arg(typed.get_program()).args(typed.get_args()).env_clear();
    limited.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(typed.get_current_dir().unwrap());
    pull.ended(&limited.output().unwrap()).fails(1).says(ENV);
    assert_eq!(other.workspace().snapshot(), before);
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
}

#[test]
fn a_version_that_is_pulled_over_the_head_takes_nothing_of_the_head_back() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let newer = text(&one, ENV) + "NEW=of-the-head\n";
    one.file(ENV, &newer).cstore(["push"]).run().succeeds();
    one.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["status"]).run().succeeds().does_not_say("changed here").does_not_say("both");
    one.file(ENV, text(&one, ENV) + "OWN=of-the-version\n").cstore(["push"]).run().succeeds();
    let head = stored(&bucket, ENV);
    assert!(head.contains("NEW=of-the-head") && head.contains("OWN=of-the-version"), "{head}");
}

#[test]
fn nothing_is_pulled_to_a_folder_in_git_s_own() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other.plain_file(".git/HEAD", "");
    other.workspace().link("out/link", "../.git");
    for folder in [".git", ".git/x", "out/../.GIT/x", "out/link/hooks", "sub/.git"] {
        other.cstore(["pull", "--to", folder]).run().fails(2).says("is in a .git folder");
    }
    assert_eq!(fs::read_dir(other.workspace().path(".git")).unwrap().count(), 1);
    assert!(!other.workspace().path("sub").exists());
}

#[test]
fn a_conflict_of_what_programs_run_is_told_as_such_and_names_no_command_that_takes_a_side() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let paths = [".git/config", ".git/hooks/pre-commit", ".envrc", "cstore.lock"];
    for path in paths {
        one.plain_file(path, "A=theirs\n").cstore(["push", path]).run().succeeds();
        for folder in ["", "elsewhere/"] {
            other.plain_file(&format!("{folder}{path}"), "A=own\n");
        }
    }
    let refuses = |words: &[&str], code| {
        let ran = other.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(code);
        ran.does_not_say("--force").does_not_say("--overwrite")
    };
    for words in [&["pull"][..], &["pull", "--force"], &["pull", ".e*"], &["pull", "--to", "elsewhere"]] {
        let refused = refuses(words, 2);
        refused.says(".envrc");
    }
    // Whoever names one is told to look before he takes a side.
    for path in paths {
        refuses(&["pull", path], 4).says("look at both sides").says(path);
        refuses(&["push", path], 4).says("look at both sides").says(path);
        assert_eq!(text(&other, path), "A=own\n");
    }
    // A push of something else names none of them for a pull.
    other.file("x.env", "TOKEN=mackerel\n").cstore(["push", "x.env"]).run().succeeds();
    let pushed = other.file("x.env", "TOKEN=haddock-in-a-tin\n").cstore(["push"]).run().succeeds();
    pushed.says("The head also has files").says(".git/config").does_not_say("cstore pull");
}

#[test]
fn a_file_that_is_replaced_stays_readable_for_whom_it_was() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let mut content = 0;
    let mut change = |mode: u32, words: &[&str]| {
        content += 1;
        let place = other.workspace().path(ENV);
        fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
        one.file(ENV, format!("TOKEN=mackerel-{content}\n")).cstore(["push"]).run().succeeds();
        other.cstore_with(words.iter().map(|word| (*word).to_owned())).run().succeeds();
        assert_eq!(text(&other, ENV), format!("TOKEN=mackerel-{content}\n"));
        assert_eq!(other.workspace().mode(ENV), mode, "{words:?}");
    };
    for mode in [0o640, 0o644, 0o600, 0o400] {
        change(mode, &["pull"]);
        change(mode, &["pull", "--force"]);
    }
    // So it is where a changed key follows.
    fs::set_permissions(other.workspace().path(ENV), fs::Permissions::from_mode(0o640)).unwrap();
    other.cstore(["set", "TOKEN=haddock-in-a-tin"]).run().succeeds();
    assert_eq!((text(&other, ENV).as_str(), other.workspace().mode(ENV)), ("TOKEN=haddock-in-a-tin\n", 0o640));
}
