//! `cstore set` and `cstore unset`: keys of the head, changed in one swap.

use rustix::process::Signal;

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Laptop, Proxy};
use crate::shared::{ENV, JSON, laptop, stored, text, two_laptops};

const FIRST: &str = "# the shop\nTOKEN=swordfish\nGREETING=good-morning\n";

/// A machine whose secrets include a value that is typed, and not in a file.
fn knowing(laptop: &Laptop, value: &str) -> Laptop {
    laptop.file("../secret-of-this-test.env", format!("A={value}\n"));
    laptop.clone()
}

fn first(bucket: &Bucket) -> Laptop {
    let [one, _] = two_laptops(bucket);
    knowing(&one, "mackerel-in-a-tin")
}

#[test]
fn a_key_is_set_in_the_file_that_has_it_and_all_else_stays() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let set = one.cstore(["set", "TOKEN=mackerel-in-a-tin", "port=9090", "-m", "Rotate"]).run().succeeds();
    set.says("~ service/dev/.env\n    ~ TOKEN\n")
        .says("~ service/dev/config.json\n    ~ port\n")
        .says("Changed the head of shop")
        .prints("");
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-morning\n");
    assert_eq!(stored(&bucket, JSON), "{\"port\": 9090, \"host\": \"localhost\"}\n");
    let manifest = bucket.get("shop/.cstore/head.json").json();
    assert_eq!(manifest["message"], "Rotate");
    assert_eq!(manifest["push_ids"].as_array().unwrap().len(), 2);
    // Nobody else finds anything changed but that.
    let other = laptop(&bucket);
    other.cstore(["pull"]).run().succeeds();
    assert_eq!(text(&other, ENV), stored(&bucket, ENV));
}

/// TOML, by `set`, `unset` and `edit`: what is not named keeps its place, its comments and its quotes.
#[test]
fn of_a_toml_file_the_order_the_comments_and_the_quotes_stay() {
    let toml = "# the shop\ntoken = 'swordfish' # turned\n\n[web]\nport = 8_080 # plain\nhost = \"localhost\"\n\n[[peers]]\nname = 'good-friend'\n";
    let bucket = Bucket::versioned();
    let one = knowing(&Laptop::new(&bucket), "mackerel-in-a-tin");
    one.file("app.toml", toml).cstore(["push", "app.toml"]).run().succeeds();
    let changed = |from: &str, to: &str| stored(&bucket, "app.toml").replace(from, to);
    let expected = changed("'swordfish'", "'mackerel-in-a-tin'").replace("8_080", "9090");
    one.cstore(["set", "token=mackerel-in-a-tin", "web_port=9090"]).run().succeeds().says("~ app.toml");
    assert_eq!(stored(&bucket, "app.toml"), expected);
    let expected = changed("host = \"localhost\"\n", "host = \"localhost\"\nuser = \"mackerel-in-a-tin\"\n");
    one.cstore(["set", "web_user=mackerel-in-a-tin", "-y"]).run().succeeds();
    assert_eq!(stored(&bucket, "app.toml"), expected);
    let expected = changed("host = \"localhost\"\n", "");
    one.cstore(["unset", "web_host"]).run().succeeds();
    assert_eq!(stored(&bucket, "app.toml"), expected);
    let expected = changed("good-friend", "old-friend");
    one.file("../another-secret-of-this-test.env", "A=old-friend\n");
    let editing = one.clone().with_env("CSTORE_EDITOR", "sed -i s/good-friend/old-friend/");
    editing.cstore(["edit", "app.toml"]).on_a_terminal().ended().succeeds().says("~ peers_0_name");
    assert_eq!(stored(&bucket, "app.toml"), expected);
    // What is no TOML any more is not pushed.
    let editing = one.clone().with_env("CSTORE_EDITOR", "sed -i s/=/:/");
    let asked = editing.cstore(["edit", "app.toml"]).on_a_terminal().sees("It is not valid TOML");
    asked.sees("[edit]: ").types("discard").ended().fails(2);
    assert_eq!(stored(&bucket, "app.toml"), expected);
}

#[test]
fn a_value_keeps_its_type_or_becomes_text() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    one.cstore(["set", "port=eighty"]).run().succeeds();
    assert_eq!(stored(&bucket, JSON), "{\"port\": \"eighty\", \"host\": \"localhost\"}\n");
    one.cstore(["set", "port=81"]).run().succeeds();
    assert_eq!(stored(&bucket, JSON), "{\"port\": \"81\", \"host\": \"localhost\"}\n");
}

#[test]
fn local_files_that_were_as_the_head_follow_and_others_are_left_alone() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let mode = one.workspace().mode(ENV);
    let set = one.cstore(["set", "TOKEN=mackerel-in-a-tin"]).run().succeeds();
    set.says("updated    service/dev/.env");
    assert_eq!(text(&one, ENV), stored(&bucket, ENV));
    assert_eq!(one.workspace().mode(ENV), mode);
    one.cstore(["status"]).run().succeeds().does_not_say("changed");
    // The other has not pulled since, and has a change of its own.
    other.file(ENV, "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    let set = other.cstore(["set", "TOKEN=third-token"]).run().succeeds();
    set.says("service/dev/.env").says("cstore pull service/dev/.env").does_not_say("updated");
    assert_eq!(text(&other, ENV), "# the shop\nTOKEN=swordfish\nGREETING=good-evening\n");
    other.cstore(["pull", ENV]).run().succeeds().says("merged");
    assert_eq!(text(&other, ENV), "# the shop\nTOKEN=third-token\nGREETING=good-evening\n");
    // One without changes of its own that was outdated already is said to be that.
    let late = laptop(&bucket);
    late.cstore(["pull"]).run().succeeds();
    one.cstore(["set", "GREETING=hello"]).run().succeeds();
    let set = late.cstore(["set", "TOKEN=swordfish"]).run().succeeds().does_not_say("updated");
    set.says("that were outdated already are left as they are: service/dev/.env").says("run: cstore pull");
    one.cstore(["set", "GREETING=good-evening", "TOKEN=third-token"]).run().succeeds();
    // What was pulled as a version stays that version.
    one.cstore(["pull"]).run().succeeds();
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    let third = laptop(&bucket);
    third.cstore(["pull", "-v", "v1.0.0"]).run().succeeds();
    assert_eq!(text(&third, ENV), stored(&bucket, ENV));
    let before = text(&third, ENV);
    let set = third.cstore(["set", "TOKEN=fourth-token"]).run().succeeds().does_not_say("updated");
    set.says("of a version are left as they are: service/dev/.env").says("run: cstore pull service/dev/.env");
    assert_eq!(text(&third, ENV), before);
    third.cstore(["pull", ENV]).run().succeeds();
    assert_eq!(text(&third, ENV), stored(&bucket, ENV));
}

/// A release is pushed of what the head is.
#[test]
fn a_local_file_that_is_a_link_is_told_with_what_a_pull_needs() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let path = |path: &str| one.workspace().path(path);
    std::fs::rename(path(ENV), path("elsewhere.env")).unwrap();
    for target in ["../../elsewhere.env".into(), path("elsewhere.env")] {
        std::os::unix::fs::symlink(target, path(ENV)).unwrap();
        let set = one.cstore(["set", "TOKEN=mackerel-in-a-tin"]).run().succeeds();
        set.says("service/dev/.env\" is a symbolic link that ")
            .says("Replace the link with the file or folder itself")
            .does_not_say("changes of their own")
            .does_not_say("cstore pull");
        std::fs::remove_file(path(ENV)).unwrap();
        one.cstore(["set", "TOKEN=swordfish", "-q"]).run().succeeds();
    }
}

#[test]
fn local_files_that_are_the_heads_follow_it_also_after_they_were_pushed_as_a_version() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["set", "TOKEN=mackerel-in-a-tin"]).run().succeeds().says("updated    service/dev/.env");
    assert_eq!(text(&one, ENV), stored(&bucket, ENV));
    let status = one.cstore(["status"]).run().succeeds().stdout;
    assert!(!status.contains("newer") && !status.contains("changed here"), "{status}");
    one.cstore(["push", "-v", "v1.1.0"]).run().succeeds();
    one.cstore(["rollback", "v1.0.0"]).run().succeeds().says("updated    service/dev/.env");
    assert_eq!(text(&one, ENV), stored(&bucket, ENV));
    assert!(text(&one, ENV).contains("swordfish"));
    // A pull of the version afterwards is a choice of other bytes.
    one.cstore(["pull", "-v", "v1.1.0"]).run().succeeds();
    let set = one.cstore(["set", "GREETING=good-evening"]).run().succeeds().does_not_say("updated");
    set.says("of a version are left as they are: service/dev/.env");
    assert!(text(&one, ENV).contains("mackerel-in-a-tin"));
}

#[test]
fn a_value_comes_from_standard_input_without_the_line_break_at_its_end() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    one.cstore(["set", "TOKEN=-"]).stdin("mackerel-in-a-tin\n").run().succeeds();
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-morning\n");
    one.cstore(["set", "TOKEN=-"]).stdin("two\nlines\r\n").run().succeeds();
    assert_eq!(one.cstore(["get", "TOKEN"]).prints_values().run().stdout, "two\nlines");
    for (input, why) in [(&b""[..], "is empty"), (b"\xff", "UTF-8")] {
        one.cstore(["set", "TOKEN=-"]).stdin(input).run().fails(2).says(why);
    }
    let nul = one.cstore(["set", "TOKEN=-"]).stdin("mackerel\0in-a-tin").run().fails(2).says("a NUL character");
    nul.says("base64").does_not_say("cstore edit");
    let endless = vec![0; 17 * 1024 * 1024];
    let ran = one.cstore(["set", "TOKEN=-"]).stdin(endless).run().fails(2).says("longer than a file may be");
    ran.does_not_say("empty value");
    one.cstore(["set", "TOKEN=-", "GREETING=-"]).stdin("x").run().fails(2).says("one after the other");
    one.cstore(["set", "TOKEN="]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=''\nGREETING=good-morning\n");
}

#[test]
fn without_a_terminal_a_value_has_to_be_given_before_anything_is_sent() {
    let laptop = laptop(&Bucket::missing());
    laptop.cstore(["set", "TOKEN"]).run().fails(2).says("TOKEN=-").says("standard input");
    laptop.cstore(["set", "TOKEN"]).stdin("mackerel-in-a-tin").run().fails(2).says("TOKEN=-");
    laptop.cstore(["set", "=mackerel-in-a-tin"]).run().fails(2).says("names no config key").does_not_say("mackerel");
    laptop.cstore(["set"]).run().exits(2);
}

#[test]
fn a_prompt_does_not_show_what_is_typed() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let typed = one.cstore(["set", "TOKEN"]).on_a_terminal().sees("Value of TOKEN: ");
    assert!(!typed.terminal_is_usual());
    // A terminal gives no more of a line than this.
    let typed = typed.types(&"x".repeat(5000)).sees("cuts off lines").sees("Value of TOKEN: ");
    let typed = typed.types("").sees("Nothing was typed").sees("Value of TOKEN: ").types("mackerel-in-a-tin");
    typed.ended().succeeds().says("~ TOKEN");
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-morning\n");
    // On a terminal nobody types ends of input.
    one.cstore(["set", "TOKEN=-"]).on_a_terminal().sees("Value of TOKEN: ").types("second").ended().succeeds();
}

#[test]
fn ctrl_c_at_the_prompt_leaves_the_terminal_as_it_was() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let typed = one.cstore(["set", "TOKEN"]).on_a_terminal().sees("Value of TOKEN: ").presses("\x03").sees("error");
    assert!(typed.terminal_is_usual());
    typed.ended().fails(130);
    one.cstore(["set", "TOKEN"]).on_a_terminal().sees("Value of TOKEN: ").presses("\x04").ended().fails(2);
    for flag in ["--yes", "--non-interactive"] {
        one.cstore(["set", "TOKEN", flag]).on_a_terminal().ended().fails(2).says("TOKEN=-");
        one.cstore(["set", "TOKEN=-", flag]).on_a_terminal().ended().fails(2).says("TOKEN=-");
    }
    assert_eq!(stored(&bucket, ENV), FIRST);
}

#[test]
fn what_is_as_it_was_is_not_pushed_and_a_dry_run_pushes_nothing() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let before = bucket.get("shop/.cstore/head.json").text();
    let set = one.cstore(["set", "TOKEN=swordfish", "--json"]).run().succeeds().says("Nothing has changed in the head");
    assert_eq!((&set.json()["changed"], &set.json()["schema"]), (&false.into(), &1.into()));
    let dry = one.cstore(["set", "TOKEN=mackerel-in-a-tin", "--dry-run", "--json"]).run().succeeds();
    let dry = dry.says("~ TOKEN").says("Would change the head").does_not_say("updated");
    assert_eq!(dry.json()["changes"][ENV]["changed"][0], "TOKEN", "{}", dry.stdout);
    assert_eq!((text(&one, ENV).as_str(), stored(&bucket, ENV).as_str()), (FIRST, FIRST));
    assert_eq!(bucket.get("shop/.cstore/head.json").text(), before);
}

#[test]
fn one_of_several_files_has_to_be_named() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let new = one.cstore(["set", "NEW=mackerel-in-a-tin"]).run().fails(2);
    new.says("service/dev/.env").says("service/dev/config.json").says("--files");
    one.cstore(["set", "--files", ENV, "NEW=mackerel-in-a-tin"]).run().succeeds().says("+ NEW");
    assert!(stored(&bucket, ENV).ends_with("NEW=mackerel-in-a-tin\n"));
    let below = one.cstore(["set", "--files", ".env", "NEW=mackerel"]).in_folder("service/dev");
    below.env("CSTORE_CATALOG", "../../cstore.yml").run().succeeds().says("~ .env");
    one.cstore(["set", "--files", JSON, "NEW=in-json"]).run().succeeds();
    one.cstore(["unset", "NEW"]).run().fails(2).says("is in several files").says(JSON);
    one.cstore(["unset", "--files", JSON, "NEW"]).run().succeeds().says("- NEW");
    one.cstore(["unset", "NEW"]).run().succeeds();
    assert_eq!(stored(&bucket, ENV), FIRST);
    one.cstore(["set", "--files", "nothing.env", "A=mackerel"]).run().fails(6).says("nothing.env");
}

#[test]
fn what_cannot_be_done_says_why_and_changes_nothing() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    one.cstore(["unset", "TOKNE"]).run().fails(6).says("Did you mean TOKEN?");
    one.cstore(["set", "TOKEN=one-mackerel", "TOKEN=two-mackerel"])
        .run()
        .fails(2)
        .says("twice")
        .does_not_say("mackerel");
    one.cstore(["set", "--files", ENV, "NOT A KEY=mackerel-in-a-tin"]).run().fails(2).says("cannot be a config key");
    one.cstore(["set", "--required-keys", "MISSING", "TOKEN=mackerel-in-a-tin"]).run().fails(8).says("MISSING");
    // What another file has is there.
    one.cstore(["set", "--required-keys", "host", "TOKEN=mackerel-in-a-tin", "--dry-run"]).run().succeeds();
    assert_eq!((stored(&bucket, ENV).as_str(), text(&one, ENV).as_str()), (FIRST, FIRST));
    let empty = laptop(&Bucket::versioned());
    empty.cstore(["set", "TOKEN=mackerel-in-a-tin"]).run().fails(6).says("push");
}

#[test]
fn a_nested_key_is_named_as_list_names_it() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file("app.yaml", "# top\ndb:\n  # who\n  user: mona # the owner\n  ports: [5432]\n");
    laptop.cstore(["push", "app.yaml"]).run().succeeds();
    let keys = laptop.cstore(["list", "keys"]).run().succeeds().stdout;
    assert!(keys.lines().any(|line| line == "db_user"), "{keys}");
    laptop.cstore(["set", "db_user=lisa-of-the-louvre"]).run().succeeds();
    laptop.cstore(["set", "--separator", ".", "db.password=mackerel-in-a-tin"]).run().succeeds();
    laptop.cstore(["unset", "db_ports_0"]).run().succeeds();
    assert_eq!(
        stored(&bucket, "app.yaml"),
        "# top\ndb:\n  # who\n  user: lisa-of-the-louvre # the owner\n  ports: []\n  password: mackerel-in-a-tin\n"
    );
    laptop.cstore(["set", "db=mackerel"]).run().fails(2).says("holds other keys");
}

#[test]
fn a_change_of_another_key_meanwhile_is_merged() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [one, other] = two_laptops(&bucket);
        let proxy = Proxy::start();
        let meanwhile = other.clone();
        let change = move || drop(meanwhile.cstore(["set", "GREETING=good-evening"]).run().succeeds());
        proxy.on(put(ENV), Fault::before(change));
        let set =
            one.clone().with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).cstore(["set", "TOKEN=mackerel", "--json"]);
        let set = set.run();
        let is_versioned = set.code == 0;
        if is_versioned {
            let set = set.succeeds().says("GREETING");
            assert_eq!(set.json()["files"][0]["keys_from_others"][0], "GREETING");
            assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n");
            assert_eq!(text(&one, ENV), stored(&bucket, ENV));
        } else {
            // Nothing has kept what both were made of.
            set.fails(4).says("run the same command again");
            one.cstore(["set", "TOKEN=mackerel"]).run().succeeds();
            assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel\nGREETING=good-evening\n");
        }
    }
}

#[test]
fn a_key_goes_beside_a_change_of_another_one_and_not_once_others_have_changed_it() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let unset = |change: &'static str| {
        let (proxy, meanwhile) = (Proxy::start(), other.clone());
        proxy.on(
            put(".cstore/head.json"),
            Fault::before(move || drop(meanwhile.cstore(["set", change]).run().succeeds())),
        );
        one.cstore(["unset", "TOKEN"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).run()
    };
    unset("TOKEN=their-token").fails(4).says("(TOKEN)").says("run the same command again");
    assert!(stored_by_manifest(&bucket).contains("TOKEN=their-token"));
    unset("GREETING=good-evening").succeeds();
    assert_eq!(stored_by_manifest(&bucket), "# the shop\nGREETING=good-evening\n");
}

#[test]
fn a_change_of_the_same_key_meanwhile_is_a_conflict_that_names_it() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let through = |value: &'static str| {
        let (proxy, meanwhile) = (Proxy::start(), other.clone());
        let change = format!("TOKEN={value}");
        let set = move || drop(meanwhile.cstore_with(["set".to_owned(), change.clone()]).run().succeeds());
        proxy.on(put(".cstore/head.json"), Fault::before(set));
        proxy
    };
    let proxy = through("their-token");
    let one = one.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    one.cstore(["set", "TOKEN=mackerel"]).run().fails(4).says("(TOKEN)").says("run the same command again");
    assert!(stored_by_manifest(&bucket).contains("TOKEN=their-token"));
    // At a terminal one is asked.
    let proxy = through("their-next-token");
    let one = one.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let asked = one.cstore(["set", "TOKEN=mackerel"]).on_a_terminal().sees("Others have changed the head");
    asked.sees("Overwrite or stop").types("overwrite").ended().succeeds();
    assert!(stored_by_manifest(&bucket).contains("TOKEN=mackerel"));
}

/// The file of the head that readers get.
fn stored_by_manifest(bucket: &Bucket) -> String {
    let other = laptop(bucket);
    other.cstore(["pull"]).run().succeeds();
    text(&other, ENV)
}

#[test]
fn an_object_that_is_not_what_the_manifest_says_is_changed_only_where_that_is_meant() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let [one, _] = two_laptops(&bucket);
        bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=foreign-token\nGREETING=good-evening\n", &[]);
        let refused = one.cstore(["set", "TOKEN=mackerel"]).run().fails(5);
        refused.says("is not what its manifest says").says("--overwrite");
        one.cstore(["unset", "TOKEN"]).run().fails(5).says("--overwrite");
        one.cstore(["set", "TOKEN=mackerel", "--overwrite"]).run().succeeds();
        assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\nGREETING=good-evening\n");
        bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=foreign-token\nGREETING=good-evening\n", &[]);
        one.cstore(["unset", "TOKEN", "--overwrite"]).run().succeeds();
        assert_eq!(stored(&bucket, ENV), "GREETING=good-evening\n");
        laptop(&bucket).cstore(["pull"]).run().succeeds();
    }
}

#[test]
fn files_that_only_the_go_tool_has_stored_can_be_changed() {
    let bucket = Bucket::versioned();
    bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=foreign-token\n", &[]);
    let one = laptop(&bucket);
    one.cstore(["set", "TOKEN=mackerel"]).run().succeeds().says("~ TOKEN");
    assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel\n");
    laptop(&bucket).cstore(["get", "--files", ENV, "TOKEN"]).prints_values().run().succeeds().prints("mackerel");
}

#[test]
fn what_is_recorded_of_a_file_stays() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: app.conf\n  type: env\n  tags: [blue]\n  alternatePath: copy.conf\n";
    laptop.plain_file("cstore.yml", catalog);
    laptop.file("app.conf", "TOKEN=swordfish\n").cstore(["push"]).run().succeeds();
    let other = Laptop::new(&bucket);
    other.plain_file("cstore.yml", catalog.replace("blue", "green").replace("copy.conf", "elsewhere.conf"));
    other.cstore(["set", "TOKEN=mackerel"]).run().succeeds();
    let entry = bucket.get("shop/.cstore/head.json").json()["files"][0].clone();
    assert_eq!(
        (&entry["tags"][0], &entry["alternate_path"], &entry["type"]),
        (&"blue".into(), &"copy.conf".into(), &"env".into())
    );
    assert_eq!(stored(&bucket, "app.conf"), "TOKEN=mackerel\n");
    assert_eq!(other.workspace().files(), ["cstore.yml"]);
}

#[test]
fn a_value_of_several_lines_is_not_stored_by_the_first_of_them() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    for pasted in ["mackerel\rin-a-tin\rof-old", "mackerel\rin-a-tin", "mackerel\r\rin-a-tin\r", "\rmackerel\r"] {
        let typed = one.cstore(["set", "TOKEN"]).on_a_terminal().sees("Value of TOKEN: ").presses(pasted);
        let refused = typed.ended().fails(2);
        refused.says("more than one line").says("TOKEN=-").does_not_say("tin");
    }
    assert_eq!(stored(&bucket, ENV), FIRST);
}

#[test]
fn ctrl_backslash_at_the_prompt_leaves_the_terminal_as_it_was() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let first = || one.cstore(["set", "TOKEN", "GREETING"]).on_a_terminal().sees("Value of TOKEN: ");
    for typed in [first(), first().types("mackerel-in-a-tin").sees("Value of GREETING: ")] {
        let typed = typed.presses("\x1c").sees("SIGQUIT");
        assert!(typed.terminal_is_usual());
        typed.ended().fails(131);
        assert_eq!(stored(&bucket, ENV), FIRST);
    }
}

#[test]
fn a_signal_that_ends_a_process_at_the_prompt_leaves_the_terminal_as_it_was() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    for (signal, code, name) in [
        (Signal::ALARM, 142, "SIGALRM"),
        (Signal::USR1, 138, "SIGUSR1"),
        (Signal::USR2, 140, "SIGUSR2"),
        (Signal::VTALARM, 154, "SIGVTALRM"),
        (Signal::XCPU, 152, "SIGXCPU"),
        (Signal::POWER, 158, "signal 30"),
        (Signal::TERM, 143, "SIGTERM"),
        (Signal::HUP, 129, "SIGHUP"),
    ] {
        let typed = one.cstore(["set", "TOKEN"]).on_a_terminal().sees("Value of TOKEN: ");
        assert!(!typed.terminal_is_usual());
        typed.send(signal);
        let typed = typed.sees(name);
        assert!(typed.terminal_is_usual(), "{name}");
        typed.ended().fails(code);
    }
    // One that is ignored still is.
    let typed = one.shell("trap '' USR1; exec cstore set TOKEN").on_a_terminal().sees("Value of TOKEN: ");
    typed.send(Signal::USR1);
    typed.types("mackerel-in-a-tin").ended().succeeds();
    assert!(stored(&bucket, ENV).contains("mackerel-in-a-tin"));
}

/// Whoever has the terminal meanwhile, and whoever comes back to the question, is not shown what is typed.
#[cfg(unix)]
#[test]
fn ctrl_z_at_the_prompt_gives_the_terminal_back_and_coming_back_hides_what_is_typed_again() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    for (shell, arguments) in [("bash", &["--norc", "--noprofile", "--noediting", "-i"][..]), ("sh", &["-i"])] {
        let typed = one.cstore_with(arguments.iter().map(|argument| (*argument).to_owned())).by(shell);
        let typed = typed.env("PS1", "type> ").on_a_terminal().sees("type> ");
        let mut typed = typed.types("cstore set GREETING TOKEN");
        for question in ["Value of GREETING: ", "Value of TOKEN: "] {
            typed = typed.sees(question);
            assert!(!typed.terminal_is_usual());
            typed = typed.presses("mackerel\x1a").sees("Stopped").sees("type> ");
            assert!(typed.terminal_is_usual(), "{shell}");
            typed = typed.types("fg").sees(question);
            assert!(!typed.terminal_is_usual(), "{shell}");
            typed = typed.types("mackerel-in-a-tin");
        }
        let typed = typed.sees("the head of shop").sees("type> ");
        assert!(typed.terminal_is_usual(), "{shell}");
        typed.types("exit").ended();
        assert!(stored(&bucket, ENV).contains("TOKEN=mackerel-in-a-tin\n"), "{shell}");
    }
}

#[test]
fn what_no_pull_takes_is_stored_neither_by_a_change_nor_by_a_merge() {
    const MOST: usize = 16 << 20;
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    let end = format!("\n{}GREETING=hello\n", "# between\n".repeat(4));
    let of_length = |length: usize| format!("TOKEN={}{end}", "x".repeat(length - "TOKEN=".len() - end.len()));
    one.plain_file(ENV, of_length(MOST - 10));
    one.cstore(["push"]).run().succeeds();
    let before = bucket.keys();
    let refused = one.cstore(["set", "--files", ENV, "NEW=mackerel-in-a-tin"]).run().fails(2);
    refused.says("service/dev/.env would have").says("the most is 16 MiB").says("keep larger files elsewhere");
    one.cstore(["pull"]).run().succeeds();
    // Each is small enough by itself.
    other.cstore(["pull"]).run().succeeds();
    one.plain_file(ENV, of_length(MOST / 2)).cstore(["push"]).run().succeeds();
    other.cstore(["pull"]).run().succeeds();
    other.plain_file(ENV, text(&other, ENV).replace("hello", &"y".repeat(MOST / 2 - 10)));
    one.plain_file(ENV, of_length(MOST - 10)).cstore(["push"]).run().succeeds();
    other.cstore(["push"]).run().fails(2).says("service/dev/.env would have");
    assert_eq!(bucket.keys(), before);
    assert_eq!(stored(&bucket, ENV).len(), MOST - 10);
}

#[test]
fn what_is_not_changed_has_to_pass_the_checks_too() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    for value in ["swordfish", "mackerel-in-a-tin"] {
        let set = |flag: &str, text: &str| one.cstore(["set", &format!("TOKEN={value}"), flag, text]).run();
        set("--required-keys", "ABSENT").fails(8).says("ABSENT");
        set("--schema", "nowhere.json").fails(2).says("nowhere.json");
        assert_eq!(stored(&bucket, ENV), FIRST);
    }
    one.cstore(["set", "TOKEN=swordfish", "--required-keys", "TOKEN"]).run().succeeds().says("Nothing has changed");
}

#[test]
fn a_value_in_the_place_of_a_key_is_not_shown() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    for words in [&["unset"][..], &["get"], &["log"]] {
        let words = words.iter().chain(&["TOKEN=mackerel-in-a-tin"]).map(|word| (*word).to_owned());
        one.cstore_with(words).run().fails(6).says("TOKEN=…");
    }
    for words in [&["show"][..], &["rollback"], &["purge"], &["diff"], &["pull", "-v"]] {
        let words = words.iter().chain(&["TOKEN=mackerel-in-a-tin"]).map(|word| (*word).to_owned());
        one.cstore_with(words).run().fails(2).says("TOKEN=…").does_not_say("mackerel");
    }
}

/// Other tools take a value as the word after its key.
#[test]
fn a_value_that_follows_its_key_does_not_become_a_key() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    let before = bucket.keys();
    let typed = one
        .cstore(["set", "TOKEN", "mackerel-in-a-tin"])
        .on_a_terminal()
        .sees("What follows TOKEN is not an existing key");
    let ran = typed.sees("[y/N]").types("").ended_with_values();
    ran.fails(2).says("KEY=VALUE").says("Nothing was changed.").does_not_say("Value of");
    assert_eq!((stored(&bucket, ENV).as_str(), bucket.keys()), (FIRST, before));
    // Two keys that are there are no reason to ask, and a new one can be agreed to.
    let typed = one.cstore(["set", "TOKEN", "GREETING"]).on_a_terminal().sees("Value of TOKEN: ").types("first");
    typed.sees("Value of GREETING: ").types("second").ended().succeeds();
    let typed =
        one.cstore(["set", "--files", ENV, "TOKEN", "NEW"]).on_a_terminal().sees("Create a key with that name?");
    typed.types("y").sees("Value of TOKEN: ").types("one").sees("Value of NEW: ").types("two").ended().succeeds();
    assert!(stored(&bucket, ENV).ends_with("NEW=two\n"));
}

#[test]
fn a_new_key_that_is_nearly_one_that_is_there_is_pointed_out() {
    let bucket = Bucket::versioned();
    let one = first(&bucket);
    one.cstore(["set", "GRETING=hi"]).run().fails(2).says("could be added to").says("Did you mean GREETING?");
    let set = one.cstore(["set", "--files", ENV, "GREETNG=hi"]).run().succeeds();
    set.says("GREETNG is a new key. Did you mean GREETING?");
    one.cstore(["set", "--files", ENV, "OTHER=hi"]).run().succeeds().does_not_say("Did you mean");
}

#[test]
fn without_a_terminal_a_value_apart_from_its_key_is_told() {
    let laptop = first(&Bucket::versioned());
    let ran = laptop.cstore(["set", "LOG_LEVEL", "debug"]).run().fails(2);
    ran.says("A value does not follow its key as a word of its own.").does_not_say("debug");
    let bucket = Bucket::versioned();
    let laptop = first(&bucket);
    let before = stored(&bucket, ENV);
    // A value may be in Base64, whose padding reads as that of a key: `SecretPass` and an empty value, or `=`.
    for [key, value] in [
        ["LOG_LEVEL=", "swordfish"],
        ["LOG_LEVEL=-", "swordfish"],
        ["LOG_LEVEL=-", "swordfis="],
        ["LOG_LEVEL=", "swordfi=="],
    ] {
        let ran = laptop.cstore(["set", key, value]).stdin("x").run().fails(2);
        ran.says("A value does not follow its key").does_not_say("swordfi");
    }
    assert_eq!(stored(&bucket, ENV), before);
    laptop.cstore(["set", "--files", ENV, "LOG_LEVEL=", "OTHER=", "--yes"]).run().succeeds();
    laptop.cstore(["set", "--files", ENV, "LOG_LEVEL=", "OTHER="]).run().succeeds();
}

#[test]
fn a_key_of_a_linked_catalog_is_not_created_a_second_time() {
    let bucket = Bucket::versioned();
    let laptop = laptop(&bucket);
    let catalog = |context: &str, link: &str| {
        format!("version: v4\ncontext: {context}\nfiles:\n- path: .env\n  store: aws-s3\n  type: env\n{link}")
    };
    laptop.plain_file("cstore.yml", catalog("shop", "- path: api/cstore.yml\n  isRef: true\n"));
    laptop.plain_file("api/cstore.yml", catalog("shop-api", ""));
    laptop.file(".env", "LOG_FORMAT=json-lines\n").file("api/.env", "DB_PASSWORD=swordfish\n");
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push"]).in_folder("api").run().succeeds();
    let laptop = knowing(&laptop, "mackerel-in-a-tin");
    let set = ["set", "DB_PASSWORD=mackerel-in-a-tin"];
    let refused = laptop.cstore(set).run().fails(2).says("DB_PASSWORD is in api/.env of shop-api");
    refused.says("`cstore set DB_PASSWORD -f api/cstore.yml`");
    assert_eq!(stored(&bucket, ".env"), "LOG_FORMAT=json-lines\n");
    laptop.cstore(["set", "-f", "api/cstore.yml", set[1]]).run().succeeds();
    assert_eq!(bucket.get("shop-api/.env").text(), "DB_PASSWORD=mackerel-in-a-tin\n");
    laptop.cstore([set[0], "--files", ".env", set[1]]).run().succeeds();
    assert!(stored(&bucket, ".env").contains("DB_PASSWORD"));
}
