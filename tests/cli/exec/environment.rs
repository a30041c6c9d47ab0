//! What a program inherits, and what counts before what.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::{exec, published, with_file};
use crate::harness::{Laptop, shows};

/// The variables that a program sees, as lines.
fn environment(laptop: &Laptop, flags: &[&str]) -> Vec<String> {
    let printed = exec(laptop, flags, &["env"]).run().succeeds().stdout;
    let mut lines: Vec<_> = printed.lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

fn names(lines: &[String]) -> Vec<&str> {
    lines.iter().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect()
}

#[test]
fn the_environment_is_handed_on_with_the_values_in_it() {
    let laptop = Laptop::new(&published()).with_env("TOKEN", "inherited").with_env("OWN", "a=b");
    let lines = environment(&laptop, &[]);
    assert!(lines.contains(&"TOKEN=swordfish".to_owned()) && lines.contains(&"OWN=a=b".to_owned()), "{lines:?}");
    let plain = laptop.cstore(["get"]).command();
    let mut expected: Vec<_> = plain.get_envs().map(|(name, _)| name.to_str().unwrap()).collect();
    expected.push("GREETING");
    expected.sort_unstable();
    assert_eq!(names(&lines), expected, "nothing is added, and nothing is lost");
    // The stores' values of others are what they were.
    for flags in [&["--prefer-env"][..], &["--prefer-env=TOK*"], &["--no-overwrite"], &["-n"]] {
        let lines = environment(&laptop, flags);
        assert!(lines.contains(&"TOKEN=inherited".to_owned()), "{flags:?}");
        assert!(lines.contains(&"GREETING=good-morning".to_owned()), "{flags:?}");
    }
    assert!(environment(&laptop, &["--prefer-env=OWN"]).contains(&"TOKEN=swordfish".to_owned()));
    let by_variable = laptop.with_env("CSTORE_PREFER_ENV", "*");
    assert!(environment(&by_variable, &[]).contains(&"TOKEN=inherited".to_owned()));
}

#[test]
fn what_is_not_text_is_handed_on_as_it_is() {
    let laptop = Laptop::new(&published());
    let odd = OsStr::from_bytes(b"\xff=\xfe");
    let mut command = exec(&laptop, &[], &["env", "-0"]).command();
    let output = command.env("ODD", odd).env(OsStr::from_bytes(b"N\xff"), "1").output().unwrap();
    let has = |line: &[u8]| output.stdout.split(|byte| *byte == 0).any(|found| found == line);
    assert!(has(b"ODD=\xff=\xfe") && has(b"N\xff=1") && has(b"TOKEN=swordfish"));
}

#[test]
fn little_of_it_is_handed_on_where_little_is_to_be() {
    let laptop = Laptop::new(&published()).with_env("OWN", "x").with_env("LC_TIME", "C").with_env("TZ", "UTC");
    let laptop = laptop.with_env("LESS", "x");
    let lines = environment(&laptop, &["--pristine"]);
    assert_eq!(names(&lines), ["GREETING", "HOME", "LC_TIME", "PATH", "TOKEN", "TZ"]);
    let lines = environment(&laptop, &["--pristine", "--keep", "OWN", "--keep", "AWS_REGION", "--keep", "NOTHING"]);
    assert_eq!(names(&lines), ["AWS_REGION", "GREETING", "HOME", "LC_TIME", "OWN", "PATH", "TOKEN", "TZ"]);
}

#[test]
fn the_tools_credentials_are_left_out_and_the_region_stays() {
    let laptop = Laptop::new(&published()).with_env("AWS_ROLE_SESSION_NAME", "x").with_env("AWS_APP_SETTING", "x");
    let lines = environment(&laptop, &["--drop-aws"]);
    let of_aws: Vec<_> = names(&lines).into_iter().filter(|name| name.starts_with("AWS_")).collect();
    assert_eq!(of_aws, ["AWS_APP_SETTING", "AWS_ENDPOINT_URL", "AWS_REGION"]);
}

#[test]
fn a_profile_that_a_flag_names_is_the_tools_alone() {
    let laptop = Laptop::new(&published());
    let keys = format!(
        "[deploy]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        crate::harness::ACCESS_KEY,
        crate::harness::SECRET_KEY
    );
    let home = laptop.home();
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/credentials"), keys).unwrap();
    let laptop = laptop.with_env("AWS_ACCESS_KEY_ID", "AKIAOTHER");
    let lines = environment(&laptop, &["--profile", "deploy"]);
    assert!(lines.contains(&"AWS_ACCESS_KEY_ID=AKIAOTHER".to_owned()), "{lines:?}");
    assert!(!names(&lines).contains(&"AWS_PROFILE"), "{lines:?}");
}

#[test]
fn names_that_take_over_a_program_are_refused_unless_allowed() {
    let _shown =
        shows("T4", "variables that take over the program of `exec`", "code 125, naming them; nothing is started");
    let bucket = with_file(".env", "RUBYOPT=-r/tmp/evil-library\nNODE_OPTIONS=--require=/tmp/evil-module\nPORT=8080\n");
    let laptop = Laptop::new(&bucket);
    let start = |flags: &[&str]| exec(&laptop, flags, &["touch", "started"]).run();
    start(&[]).fails(125).says("RUBYOPT, NODE_OPTIONS").says("--allow-env").does_not_say("PORT");
    start(&["--allow-env", "RUBYOPT"]).fails(125).says("NODE_OPTIONS").does_not_say("RUBYOPT");
    start(&["--allow-env", "RUBY*", "--allow-env", "NODE_OPTIONS"]).fails(125);
    assert!(!laptop.workspace().path("started").exists());
    start(&["--keys", "PORT"]).succeeds();
    let both = ["--allow-env", "RUBYOPT", "--allow-env", "NODE_OPTIONS"];
    assert!(environment(&laptop, &both).contains(&"NODE_OPTIONS=--require=/tmp/evil-module".to_owned()));
    // What it says to do works as it is printed, whatever characters the key has.
    let laptop =
        Laptop::new(&with_file("app.json", r#"{"BASH_FUNC_f%%": "() { echo planted; }", "PORT": "8080-8090"}"#));
    let start = |flags: &[&str]| exec(&laptop, flags, &["true"]).run();
    let refused = start(&[]).fails(125).says("was not started: BASH_FUNC_f__ (key \"BASH_FUNC_f%%\").");
    refused.says("add --allow-env BASH_FUNC_f__; else leave it out with --keys '!BASH_FUNC_f%%'.");
    start(&["--keys", "!BASH_FUNC_f%%"]).succeeds().does_not_say("match no key");
    start(&["--allow-env", "BASH_FUNC_f__"]).succeeds();
}

#[test]
fn names_are_those_of_variables() {
    let text = r#"{"db": {"pass-word": "swordfish", "host": "db.internal"}, "config-digest": "not-reserved"}"#;
    let laptop = Laptop::new(&with_file("app.json", text));
    let lines = environment(&laptop, &[]);
    for line in ["db_pass_word=swordfish", "db_host=db.internal", "config_digest=not-reserved"] {
        assert!(lines.contains(&line.to_owned()), "{lines:?}");
    }
    let lines = environment(&laptop, &["--output-case", "upper", "--output-prefix", "APP_"]);
    assert!(lines.contains(&"APP_DB_PASS_WORD=swordfish".to_owned()), "{lines:?}");
}
