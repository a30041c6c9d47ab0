//! Values that are printed, or written to one file.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use crate::harness::{Action, Bucket, Laptop, Typed};

fn with_file(path: &str, contents: &str) -> Laptop {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version("v1.0.0").files(&[path]);
    push.workspace_file(path, contents).run().succeeds();
    Laptop::new(&bucket).with_env("CSTORE_VERSION", "v1.0.0")
}

fn export(laptop: &Laptop, flags: &[&str]) -> Typed {
    laptop.cstore_with(["export"].iter().chain(flags).map(|word| (*word).to_owned())).prints_values()
}

#[test]
fn what_is_evaluated_is_set_and_exported() {
    let laptop = with_file(".env", "TOKEN=\"it's; $(touch evil) `x`\\nsecond line\"\nEMPTY_ONE=\n");
    for shell in ["sh", "bash", "dash"] {
        let typed = export(&laptop, &[]).command();
        let mut command = Command::new(shell);
        command.args(["-c", "eval \"$(\"$@\")\" && printenv TOKEN && printenv EMPTY_ONE", "sh"]);
        command.arg(typed.get_program()).args(typed.get_args()).env_clear();
        command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = command.current_dir(laptop.workspace().path("")).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "it's; $(touch evil) `x`\nsecond line\n\n", "{shell}");
    }
    assert!(!laptop.workspace().path("evil").exists());
}

#[test]
fn names_that_take_over_a_shell_are_refused_where_it_evaluates_them() {
    let laptop = with_file(".env", "PATH=/evil-folder\nPORT_OF=8080-8090\n");
    export(&laptop, &[])
        .run()
        .fails(2)
        .says("--allow-env PATH; else leave it out with --keys '!PATH'")
        .prints("false\n");
    export(&laptop, &["-n"]).run().succeeds().prints("export PORT_OF='8080-8090'\n");
    assert!(export(&laptop, &["--allow-env", "PATH"]).run().succeeds().stdout.contains("/evil-folder"));
    export(&laptop, &["--keys", "!PATH"]).run().succeeds();
    // Elsewhere they are data.
    assert_eq!(export(&laptop, &["-g", "json"]).run().succeeds().json()["PATH"], "/evil-folder");
}

#[test]
fn what_is_set_already_is_left_out_on_request() {
    let laptop = with_file(".env", "TOKEN=swordfish\nGREETING=good-morning\n").with_env("TOKEN", "");
    export(&laptop, &["-n", "-g", "dotenv"]).run().succeeds().prints("GREETING=good-morning\n");
    export(&laptop, &["-n"]).run().succeeds().prints("export GREETING='good-morning'\n");
    assert!(export(&laptop, &[]).run().succeeds().stdout.contains("TOKEN="));
}

#[test]
fn a_file_is_written_whole_for_its_owner_alone_and_never_through_a_link() {
    let laptop = with_file(".env", "TOKEN=swordfish\n");
    let path = |name: &str| laptop.workspace().path(name);
    export(&laptop, &["-g", "json", "-o", "out.json"]).run().succeeds().prints("");
    assert!(std::fs::read_to_string(path("out.json")).unwrap().contains("swordfish"));
    assert_eq!(std::fs::metadata(path("out.json")).unwrap().permissions().mode() & 0o777, 0o600);
    // Another form takes its place, and its mode.
    std::fs::set_permissions(path("out.json"), std::fs::Permissions::from_mode(0o644)).unwrap();
    export(&laptop, &["-o", "out.json"]).run().succeeds();
    assert_eq!(std::fs::read_to_string(path("out.json")).unwrap(), "export TOKEN='swordfish'\n");
    assert_eq!(std::fs::metadata(path("out.json")).unwrap().permissions().mode() & 0o777, 0o600);
    // It is relative to where one stands.
    std::fs::create_dir(path("below")).unwrap();
    export(&laptop, &["-o", "x.env"]).in_folder("below").run().succeeds();
    assert!(path("below/x.env").exists());
    laptop.plain_file("target", "before");
    symlink("target", path("link")).unwrap();
    for refused in ["link", "nowhere/x"] {
        let ran = export(&laptop, &["-o", refused]).run().fails(2).says(refused).says("-o FILE");
        assert_eq!(ran.stdout, "", "{refused}");
    }
    for folder in [".", "..", "/", "below", "below/", "nowhere/"] {
        let ran = export(&laptop, &["-o", folder]).run().fails(2).says(&format!("{folder:?} is a folder"));
        ran.does_not_say("push").does_not_say("leave");
    }
    assert_eq!(std::fs::read_to_string(path("target")).unwrap(), "before");
    export(&laptop, &["-o", "-"]).run().succeeds().prints("export TOKEN='swordfish'\n");
}

#[test]
fn a_local_copy_of_a_stored_file_is_replaced_only_when_somebody_agrees() {
    let laptop = with_file("a.env", "TOKEN=swordfish\n");
    laptop.cstore(["pull"]).run().succeeds();
    let there = || std::fs::read_to_string(laptop.workspace().path("a.env")).unwrap();
    let before = there();
    for path in ["a.env", "./a.env"] {
        export(&laptop, &["-o", path]).run().fails(2).says("This needs confirmation").says("Pass --yes");
        assert_eq!(there(), before, "{path}");
    }
    let asks = || export(&laptop, &["-o", "a.env"]).on_a_terminal().sees("Replace a.env, your local copy");
    asks().types("").ended().exits(1).says("a.env is kept. Nothing was written.");
    assert_eq!(there(), before);
    asks().types("y").ended().succeeds().says("written    a.env");
    laptop.workspace().remove("a.env");
    export(&laptop, &["-o", "a.env"]).run().succeeds().says("written    a.env");
    export(&laptop, &["-o", "a.env", "-g", "json", "--yes"]).run().succeeds();
    assert!(there().starts_with('{'));
}

#[test]
fn that_keys_look_like_secrets_is_said_once() {
    let laptop = with_file(".env", "TOKEN=swordfish\n");
    for format in ["k8s-configmap", "ecs-environment"] {
        let ran = export(&laptop, &["-g", format]).run().succeeds();
        assert_eq!(ran.stderr.matches("keeps values in clear text").count(), 1, "{}", ran.stderr);
    }
}

#[test]
fn what_a_failed_export_prints_has_a_shell_fail_that_evaluates_it() {
    let laptop = with_file(".env", "TOKEN=swordfish\n");
    let evaluated = |line: &str, laptop: &Laptop| laptop.shell(line).run();
    for line in [
        "set -e; eval \"$(cstore export)\"; echo reached",
        "set -e; eval \"$(cstore export --no-such-flag)\"; echo reached",
        "config=$(cstore export) && eval \"$config\" && echo reached",
    ] {
        let ran = evaluated(line, &laptop.clone().with_env("CSTORE_VERSION", "v9.9.9"));
        assert!(ran.code != 0 && ran.stdout.is_empty(), "{line}: {ran:?}");
        if !line.contains("no-such") {
            assert_eq!(evaluated(line, &laptop).succeeds().stdout, "reached\n", "{line}");
        }
    }
    // What is no shell's is not, nor what goes to a file.
    let missing = laptop.with_env("CSTORE_VERSION", "v9.9.9");
    for flags in [&["-g", "json"][..], &["-g", "dotenv"], &["-o", "file"], &["-g", "json", "--no-such-flag"]] {
        let ran = export(&missing, flags).run();
        assert!(ran.code != 0 && ran.stdout.is_empty(), "{flags:?}: {ran:?}");
    }
    // Nobody evaluates what is on a screen.
    missing.cstore(["export"]).on_a_terminal().ended().exits(6).does_not_say("false");
}

#[test]
fn two_keys_that_only_outputs_cannot_tell_apart_are_no_error() {
    let laptop =
        with_file("app.json", r#"{"a.b": "first-value", "config-digest": "third-value", "a-c": "second-value"}"#);
    let json = export(&laptop, &["-g", "json"]).run().succeeds().does_not_say("config-").json();
    assert_eq!((&json["a.b"], &json["config-digest"]), (&"first-value".into(), &"third-value".into()));
}

#[test]
fn no_value_steers_a_terminal() {
    let laptop = with_file("app.json", r#"{"title": "a\u001b]0;owned\u0007b\u202ec", "plain": "two\nlines"}"#);
    for (words, as_it_is) in
        [(&["get", "title"][..], true), (&["export", "-g", "dotenv"], true), (&["get", "plain"], false)]
    {
        let typed = || laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).prints_values();
        let exact = typed().run().succeeds();
        assert_eq!(exact.stdout.contains('\u{1b}'), as_it_is, "{exact:?}");
        let shown = typed().on_a_terminal().ended().succeeds();
        let seen = format!("{}{}", shown.stdout, shown.stderr);
        assert!(!seen.contains(['\u{7}', '\u{202e}']) && !seen.contains("\u{1b}]0"), "{seen}");
        assert_eq!(seen.contains("A file or a pipe gets the values as they are."), as_it_is, "{seen}");
    }
}

#[test]
fn one_value_is_printed_as_it_is() {
    let laptop =
        with_file("app.yml", "db:\n  password: sword\n  hosts: [one-host, two-host]\nempty: ''\ntext: \"line\\n\"\n");
    let get = |words: &[&str]| {
        laptop.cstore_with(["get"].iter().chain(words).map(|word| (*word).to_owned())).prints_values().run()
    };
    get(&["db_password"]).succeeds().prints("sword");
    get(&["empty"]).succeeds().prints("");
    get(&["text"]).succeeds().prints("line\n");
    get(&["--separator", ".", "db.password"]).succeeds().prints("sword");
    get(&["--output-case", "upper", "DB_PASSWORD"]).succeeds().prints("sword");
    // As it stands in its file, too.
    get(&["--output-case", "upper", "db_password"]).succeeds().prints("sword");
    get(&["db_pasword"]).fails(6).says("Did you mean db_password?");
    get(&[]).exits(2);
}
