//! `cstore list`, `log` and `show`: names on standard output, a line each, and nothing else there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Action, Bucket, Laptop};

/// A bucket with two versions and the head.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = |version: &str, text: &str, message: &str| {
        let push = Action::push(&bucket).input("context", "shop").version(version).files(&["service/.env", "ca.pem"]);
        let push = push.workspace_file("service/.env", text).workspace_file("ca.pem", "certificate-one");
        push.input("message", message).run().succeeds();
    };
    push("v1.0.0", "HOST=first-host\n", "Begin");
    push("v1.1.0", "HOST=second-host\nNEW=new-value\n", "Move\nto \u{FFFD}another host");
    push("head", "HOST=second-host\n", "");
    bucket
}

#[test]
fn a_list_is_one_name_a_line() {
    let laptop = Laptop::new(&published());
    let prints = |arguments: &[&str], text: &str| {
        let ran = laptop.cstore_with(arguments.iter().map(ToString::to_string)).run();
        ran.succeeds().prints(text);
    };
    prints(&["list", "versions"], "v1.1.0\nv1.0.0\n");
    prints(&["ls"], "ca.pem\nservice/.env\n");
    prints(&["list", "files", "-v", "v1.0.0"], "ca.pem\nservice/.env\n");
    prints(&["list", "keys", "-v", "v1.1.0"], "HOST\nNEW\n");
    prints(&["list", "keys", "-v", "shop@^1"], "HOST\nNEW\n");
    prints(&["list", "tags"], "service\n");
    prints(&["list", "contexts"], "shop\n");
    laptop.cstore(["list", "secrets"]).run().fails(2).says("contexts, channels, versions, files");
    for (typed, meant) in
        [("version", "versions"), ("tag", "tags"), ("key", "keys"), ("Files", "files"), ("context", "contexts")]
    {
        let ran = laptop.cstore(["list", typed]).run().fails(2);
        ran.says(&format!("Did you mean {meant}?")).says(&format!("next: cstore list {meant}\n"));
    }
    laptop.cstore(["list", "-v", "v9"]).run().fails(6).says("v1.1.0");
    let said = laptop.cstore(["list", "versions"]).run().succeeds().says("2 versions of shop in s3://");
    laptop.cstore(["list", "versions", "-q"]).run().succeeds().prints(&said.stdout).does_not_say("2 versions");
}

#[test]
fn the_flags_of_the_go_cstore_name_tags_and_versions() {
    let laptop = Laptop::new(&published());
    laptop.cstore(["list", "-g"]).run().succeeds().prints("ca.pem\t\nservice/.env\tservice\n");
    laptop.cstore(["list", "-v"]).run().succeeds().prints("v1.1.0\nv1.0.0\n");
}

#[test]
fn a_log_is_one_version_a_line() {
    let laptop = Laptop::new(&published());
    let printed = laptop.cstore(["log"]).run().succeeds().stdout;
    let rows: Vec<Vec<_>> = printed.lines().map(|line| line.split('\t').collect()).collect();
    let names: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, ["head", "v1.1.0", "v1.0.0"]);
    let row = &rows[1];
    assert!(row[1].ends_with('Z') && row[1].as_bytes()[10] == b'T', "{row:?}");
    assert_eq!(row[2..], ["mona (run 1234567890)", "0123456", "+0 ~1 -0 files", "Move"]);
    for limit in ["1", "2"] {
        let printed = laptop.cstore(["log", "-n", limit]).run().succeeds().stdout;
        assert_eq!(printed.lines().count().to_string(), limit, "{printed}");
    }
    let of_key = laptop.cstore(["log", "NEW"]).run().succeeds().stdout;
    let changes: Vec<_> =
        of_key.lines().filter_map(|line| Some((line.split('\t').next()?, line.split('\t').nth(4)?))).collect();
    assert_eq!(changes, [("head", "- service/.env"), ("v1.1.0", "+ service/.env")]);
    laptop.cstore(["log", "-n", "0"]).run().fails(2).says("--limit");
}

#[test]
fn json_is_one_document() {
    let laptop = Laptop::new(&published());
    let log = laptop.cstore(["log", "--json"]).run().succeeds().json();
    assert_eq!((&log["schema"], &log["context"], &log["published"]), (&json!(1), &json!("shop"), &json!(2)));
    assert_eq!(log["versions"][1]["version"], "v1.1.0");
    let list = laptop.cstore(["list", "versions", "--json"]).run().succeeds().json();
    assert_eq!(list["versions"][0]["version"], "v1.1.0");
    let show = laptop.cstore(["show", "v1.1.0", "--keys", "--json"]).run().succeeds().json();
    assert_eq!(
        (&show["schema"], &show["version"], &show["compared_with"]),
        (&json!(1), &json!("v1.1.0"), &json!("v1.0.0"))
    );
    assert_eq!(show["changes"]["service/.env"]["added"], json!(["NEW"]));
}

#[test]
fn a_version_that_was_overwritten_says_so() {
    let bucket = published();
    let laptop = Laptop::new(&bucket);
    let show = || laptop.cstore(["show", "v1.0.0", "--json"]).run().succeeds().json();
    let before = show();
    assert_eq!(before["overwrote"], Value::Null);
    let overwrite = |text: &str| {
        let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["service/.env", "ca.pem"]);
        let push = push.workspace_file("service/.env", text).workspace_file("ca.pem", "certificate-one");
        push.input("overwrite", "true").run().succeeds();
    };
    overwrite("HOST=first-host\n");
    assert_eq!(show()["overwrote"], Value::Null, "its content is the same");
    for text in ["HOST=another\n", "HOST=another\n"] {
        overwrite(text);
        assert_eq!(show()["overwrote"], before["digest"], "what is the same again changes nothing of it");
    }
    let digest = before["digest"].as_str().unwrap();
    let shown = laptop.cstore(["show", "v1.0.0"]).run().succeeds().stdout;
    assert!(shown.lines().any(|line| line == format!("Overwrote:  {digest}")), "{shown}");
    let log = laptop.cstore(["log"]).run().succeeds().stdout;
    let overwritten: Vec<_> = log.lines().filter(|line| line.contains("overwritten")).collect();
    assert!(matches!(overwritten[..], [line] if line.contains("v1.0.0")), "{log}");
}

#[test]
fn a_version_is_shown_with_its_whole_message() {
    let laptop = Laptop::new(&published());
    let printed = laptop.cstore(["show", "v1.1.0", "--keys"]).run().succeeds().stdout;
    assert!(printed.contains("Message:    Move\n            to \u{FFFD}another host\n"), "{printed}");
    assert!(printed.contains("Changes:    1 file changed, compared with v1.0.0\n"), "{printed}");
    assert!(printed.ends_with("~ service/.env\n    + NEW\n    ~ HOST\n"), "{printed}");
    // As `diff` does.
    let diff = laptop.cstore(["diff", "v1.0.0", "v1.1.0"]).run().succeeds().stdout;
    assert!(printed.ends_with(&format!("v1.0.0\n{diff}")), "{printed}");
    assert!(laptop.cstore(["show"]).run().succeeds().stdout.contains("Version:    head\n"));
    assert!(laptop.cstore(["show", "shop@latest"]).run().succeeds().stdout.contains("Version:    v1.1.0\n"));
    laptop.cstore(["show", "v9"]).run().fails(6).says("v1.1.0");
    laptop.cstore(["show", "."]).run().fails(2);
}

#[test]
fn a_line_of_a_log_fits_on_a_terminal_and_is_whole_in_a_pipe() {
    let bucket = Bucket::versioned();
    let message =
        "Move to another host, as the one that was there before is too slow for all that it has to do, and dear";
    let push = Action::push(&bucket).input("context", "shop").version("v1.0.0").files(&["service/.env"]);
    push.workspace_file("service/.env", "HOST=first-host\n").input("message", message).run().succeeds();
    let laptop = Laptop::new(&bucket).with_env("PAGER", "cat");
    let printed = laptop.cstore(["log"]).run().succeeds().stdout;
    assert!(printed.ends_with(&format!("\t+1 ~0 -0 files\t{message}\n")), "{printed}");
    // The terminal of these tests has 100 columns.
    let shown = laptop.cstore(["log", "-q"]).on_a_terminal().ended().succeeds().stderr;
    let lines: Vec<_> = shown.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 1, "{shown}");
    assert_eq!(lines[0].chars().count(), 100, "{shown}");
    assert!(lines[0].starts_with("v1.0.0  ") && lines[0].ends_with('…') && lines[0].contains("Move to"), "{shown}");
}

#[test]
fn a_log_of_nothing_says_what_comes_next() {
    let laptop = Laptop::new(&Bucket::versioned());
    let ran = laptop.cstore(["log"]).run().succeeds().prints("");
    ran.says("Nothing has been pushed to shop in s3://").says("next: cstore push FILE\n").does_not_say("0 of 0");
    let pushed = Laptop::new(&Bucket::versioned());
    pushed.file(".env", "TOKEN=swordfish\n").cstore(["push", ".env"]).run().succeeds();
    let ran = pushed.cstore(["log"]).run().succeeds().says("note: The head of shop in s3://");
    ran.says(" has been pushed, and no version is published.");
    let ran = laptop.cstore(["list", "versions"]).run().succeeds().prints("");
    ran.says("No version is published for shop in s3://")
        .says("next: cstore push -v v1.0.0 FILE\n")
        .does_not_say("0 versions");
}

#[test]
fn a_key_that_no_version_ever_had_is_not_found() {
    let laptop = Laptop::new(&published());
    let ran = laptop.cstore(["log", "HOSTT"]).run().fails(6).prints("");
    let ran = ran.says("Nothing that was pushed to shop in s3://").says("HOSTT. Did you mean HOST?");
    ran.says("run: cstore list keys\n").does_not_say("note:");
    laptop.cstore(["log", "HOSTT", "-n", "1", "--json"]).run().fails(6).prints("").says("--limit");
    laptop.cstore(["log", "HOST", "-n", "1"]).run().succeeds().prints("").says("0 changes in the head of shop");
}

#[test]
fn a_version_is_named_once_or_twice_alike() {
    let laptop = Laptop::new(&published());
    let run = |line: &str| laptop.cstore_with(line.split(' ').map(str::to_owned)).run();
    for command in ["show", "verify"] {
        let ran = run(&format!("{command} v1.0.0 -v v1.1.0")).fails(2).prints("");
        ran.says("`v1.0.0`").says("`-v v1.1.0`");
        let alone = run(&format!("{command} --json v1.0.0")).succeeds().stdout;
        assert_eq!(run(&format!("{command} --json -v v1.0.0")).succeeds().stdout, alone);
        assert_eq!(run(&format!("{command} --json v1.0.0 -v v1.0.0")).succeeds().stdout, alone);
        // What is typed counts before a variable.
        let typed = laptop.cstore([command, "--json", "v1.0.0"]).env("CSTORE_VERSION", "v1.1.0");
        assert_eq!(typed.run().succeeds().stdout, alone);
    }
    let between = run("diff v1.0.0 v1.1.0").succeeds().stdout;
    assert_eq!(run("diff -v v1.0.0").succeeds().stdout, run("diff v1.0.0").succeeds().stdout);
    let typed = laptop.cstore(["diff", "v1.0.0", "v1.1.0"]).env("CSTORE_VERSION", "head");
    assert_eq!(typed.run().succeeds().stdout, between);
    let ran = run("diff v1.1.0 -v v1.0.0").fails(2).prints("").says("`v1.1.0`").says("`-v v1.0.0`");
    assert_eq!(ran.says("next: To compare the two, run: cstore diff v1.0.0 v1.1.0\n").code, 2);
    run("diff v1.0.0 v1.1.0 -v head").fails(2).says("`-v head`");
}

#[test]
fn a_context_or_bucket_is_not_named_twice_in_different_words() {
    let laptop = Laptop::new(&published());
    let run = |line: &str| laptop.cstore_with(line.split(' ').map(str::to_owned)).run();
    for line in ["show shop@v1.0.0", "verify shop@v1.0.0", "list -v shop@v1.0.0", "export -v shop@v1.0.0"] {
        run(&format!("{line} --context billing")).fails(2).says("`shop@v1.0.0`").says("`--context billing`");
    }
    run("show shop@v1.0.0 --context shop").succeeds();
    run("show s3://acme-config/shop@v1.0.0 --bucket other-config").fails(2).says("`--bucket other-config`");
}

#[test]
fn the_next_command_says_the_same_of_where_files_are() {
    let laptop = Laptop::new(&Bucket::versioned());
    let ran = laptop.cstore(["list", "tgs", "--context", "other"]).run().fails(2);
    ran.says("next: cstore list --context other tags");
    laptop.cstore(["show", "other@v1"]).run().fails(6).says("cstore push -v v1 --context other");
}

#[test]
fn what_a_list_has_no_use_for_is_refused() {
    let laptop = Laptop::new(&published());
    laptop.cstore(["list", "keys", "-v"]).run().fails(2).says("`keys`").says("`-v`");
    laptop.cstore(["list", "versions", "-v"]).run().succeeds().prints("v1.1.0\nv1.0.0\n");
    laptop.cstore(["list", "versions", "-v", "v1.0.0"]).run().fails(2).says("`--ver`");
    laptop.cstore(["list", "contexts", "-t", "service"]).run().fails(2).says("`--tags`");
    laptop.cstore(["list", "versions"]).env("CSTORE_TAGS", "service").run().succeeds();
}

#[test]
fn what_comes_next_after_a_version_that_is_not_there_is_a_command() {
    let laptop = Laptop::new(&published());
    for line in [["show", "v9"], ["verify", "v9"], ["diff", "v9"]] {
        laptop.cstore(line).run().fails(6).says("run: cstore list versions\n").does_not_say("--ver");
    }
    let other = laptop.with_env("CSTORE_CONTEXT", "elsewhere");
    other.cstore(["show", "shop@v9"]).run().fails(6).says("run: cstore list versions --context shop\n");
    other.cstore(["list", "versions", "--context", "shop"]).run().succeeds().prints("v1.1.0\nv1.0.0\n");
}

#[test]
fn a_log_that_ends_early_says_how_many_versions_are_older() {
    let bucket = published();
    let laptop = Laptop::new(&bucket).with_env("PAGER", "cat");
    let whole = laptop.cstore(["log"]).run().succeeds().does_not_say("not shown").does_not_say("next:").stdout;
    for (limit, older) in [("1", "2 older versions not shown."), ("2", "1 older version not shown.")] {
        let log = || laptop.cstore(["log", "-n", limit, "--region", "eu-west-1"]);
        let next = "cstore log -n 3 --aws-region eu-west-1";
        let ran = log().run().succeeds().says(older).says(&format!("next: {next}\n"));
        assert!(!ran.stdout.contains("older"), "{}", ran.stdout);
        // What comes next has all of them.
        laptop.shell(next).run().succeeds().prints(&whole);
        let shown = log().on_a_terminal().ended().succeeds();
        assert!(shown.stderr.ends_with(&format!("… {}\r\n", older.trim_end_matches('.'))), "{}", shown.stderr);
        assert_eq!(
            laptop.cstore(["log", "-n", limit, "--json"]).run().succeeds().json()["older"],
            older[..1].parse::<u8>().unwrap()
        );
    }
    laptop.cstore(["log", "-n", "3"]).run().succeeds().does_not_say("not shown");
    // Of a key, too: what was not looked at may have changed it.
    let ran = laptop.cstore(["log", "HOST", "-n", "1"]).run().succeeds().prints("").says("2 older versions not shown.");
    let ran = laptop.shell(ran.says("next: cstore log -n 3 HOST\n").stderr.split("next: ").nth(1).unwrap()).run();
    assert_eq!(ran.succeeds().stdout.lines().count(), 2);
}

#[test]
fn times_are_long_ago_on_a_terminal_and_exact_elsewhere() {
    let bucket = published();
    let laptop = Laptop::new(&bucket).with_env("PAGER", "cat");
    for line in [["log", "-n9", "-q"], ["list", "versions", "-q"], ["show", "v1.0.0", "-q"]] {
        let shown = laptop.cstore(line).on_a_terminal().ended().succeeds().stderr;
        assert!(shown.contains(" ago"), "{shown}");
        assert_eq!(shown.contains('T'), line[0] == "show", "{shown}");
        let printed = laptop.cstore(line).run().succeeds().stdout;
        assert!(!printed.contains(" ago"), "{printed}");
    }
    let is_exact = |time: &str| time.len() >= 20 && time.as_bytes()[10] == b'T' && time.ends_with('Z');
    let log = laptop.cstore(["log"]).run().succeeds().stdout;
    assert!(log.lines().all(|line| line.split('\t').nth(1).is_some_and(is_exact)), "{log}");
    let show = laptop.cstore(["show", "v1.0.0"]).run().succeeds().stdout;
    assert!(show.lines().any(|line| line.strip_prefix("Pushed:     ").is_some_and(is_exact)), "{show}");
    let status = |laptop: &Laptop| laptop.cstore(["status"]);
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n");
    status(&laptop).on_a_terminal().ended().succeeds().says(" ago by ");
    assert!(!status(&laptop).run().succeeds().stdout.contains(" ago"));
}

/// The command lines that a run names as what comes next.
fn next_commands(stderr: &str) -> Vec<String> {
    let quoted = stderr.split('`').skip(1).step_by(2).filter(|text| text.starts_with("cstore "));
    let alone =
        stderr.lines().filter_map(|line| line.strip_prefix("next: ")).filter(|text| text.starts_with("cstore "));
    quoted.chain(alone).map(str::to_owned).collect()
}

#[test]
fn an_empty_bucket_is_told_alike_by_all_commands_with_what_comes_next() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.plain_file(".git/HEAD", "");
    laptop.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  store: aws-s3\n");
    let nothing = "Nothing was pushed to the head of shop";
    let push = || vec![format!("cstore push --bucket {}", bucket.name())];
    let version = |name: &str| vec![format!("cstore push -v {name} --bucket {}", bucket.name())];
    let contexts = || vec![format!("cstore list contexts --bucket {}", bucket.name())];
    let all = [
        ("list", 6, nothing, [push(), contexts()].concat()),
        ("list tags", 6, nothing, [push(), contexts()].concat()),
        ("list keys", 6, nothing, [push(), contexts()].concat()),
        ("list files -v v1.0.0", 6, "v1.0.0 of shop is not published", [version("v1.0.0"), contexts()].concat()),
        ("list versions", 0, "No version is published for shop", version("v1.0.0")),
        ("list contexts", 0, "No contexts in s3://", push()),
        ("log", 0, "Nothing has been pushed to shop", push()),
        ("log HOST -n 1", 0, "Nothing has been pushed to shop", push()),
        ("show", 6, nothing, [push(), contexts()].concat()),
        ("show latest", 6, "No published version of shop matches latest", [version("v1.0.0"), contexts()].concat()),
        ("show v1.2.3", 6, "v1.2.3 of shop is not published", [version("v1.2.3"), contexts()].concat()),
        ("diff", 0, "Nothing was ever pushed to the head of shop", push()),
        ("diff head shop-prod@head", 0, "head of shop-prod", [push(), contexts()].concat()),
        ("diff v1.2.3", 6, "v1.2.3 of shop is not published", [version("v1.2.3"), contexts()].concat()),
        ("verify", 6, nothing, [push(), contexts()].concat()),
        ("verify v1.2.3", 6, "v1.2.3 of shop is not published", [version("v1.2.3"), contexts()].concat()),
        ("verify --same-keys head shop-prod@head", 6, nothing, [push(), contexts()].concat()),
    ];
    let mut commands = BTreeSet::new();
    for (line, code, said, next) in all {
        for form in ["", " --json"] {
            let line = format!("{line}{form} --bucket {}", bucket.name());
            let ran = laptop.cstore_with(line.split(' ').map(str::to_owned)).run().exits(code);
            assert_eq!(ran.stdout.is_empty(), code != 0 || form.is_empty(), "{line}: {}", ran.stdout);
            if code != 0 || form.is_empty() {
                let ran = ran.says(said);
                assert_eq!(next_commands(&ran.stderr), next, "{line}: {}", ran.stderr);
            }
            commands.extend(next.clone());
        }
    }
    // All of them work as they are printed.
    laptop.file("service/.env", "HOST=first-host\n");
    for command in commands {
        laptop.shell(&command).run().succeeds();
    }
    laptop.cstore(["list", "contexts", "--bucket", bucket.name()]).run().succeeds().prints("shop\n");
}

#[test]
fn a_file_that_the_catalog_names_and_nobody_has_pushed_is_not_listed() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    let files =
        "files:\n- path: service/.env\n  store: aws-s3\n  tags:\n  - service\n- path: ca.pem\n  store: aws-s3\n";
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\n{files}"));
    // As the Go cStore does.
    bucket.put("shop/ca.pem", "certificate-one", &[]);
    let ran = laptop.cstore(["list"]).run().succeeds().says("layout of the Go cStore").says("1 file in the head");
    assert_eq!(ran.stdout, "ca.pem\n");
    laptop.cstore(["list", "tags"]).run().succeeds().prints("").says("No tags in the head of shop");
}

#[test]
fn a_context_in_which_nothing_is_does_not_pass_for_one_with_the_same_keys() {
    let laptop = Laptop::new(&published());
    for typo in ["shop-prdo@head", "shop-prdo@v1.0.0"] {
        laptop.cstore(["verify", "--same-keys", "shop-prdo@head", typo]).run().fails(6).says("shop-prdo").prints("");
        laptop.cstore(["verify", "--same-keys", "head", typo, "--json"]).run().fails(6).says("shop-prdo").prints("");
    }
}
