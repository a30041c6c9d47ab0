//! The merged values as one file for another program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cstore::format::Format;
use serde_json::{Value, json};

use crate::harness::{Action, Bucket, shows};
use crate::story::{error_of, published, pull, titled};

fn bucket() -> Bucket {
    published(&[(".env", "TOKEN=swordfish\nPORT=5432\n"), ("a.json", r#"{"db": {"port": 5432}}"#)])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn it_goes_below_the_workspace_where_an_input_says_so() {
    let run = pull(&bucket()).input("format", "json").input("format-file", "./out/config.json").run().succeeds();
    assert_eq!(run.output("config-file"), "out/config.json", "relative, so that it is right in every kind of job");
    assert_eq!(json(&run.file("out/config.json")), json!({"TOKEN": "swordfish", "PORT": "5432", "db_port": 5432}));
    assert_eq!(run.workspace.mode("out/config.json"), 0o600);
    assert_eq!(run.workspace.files(), [".env", "a.json", "out/config.json"]);
}

#[test]
fn it_goes_into_the_runners_temporary_folder_else() {
    let run = pull(&bucket()).input("format", "dotenv").input("restore-files", "false").run().succeeds();
    let path = Path::new(run.output("config-file"));
    assert_eq!(path.parent(), Some(run.workspace.mounted("runner_temp").as_path()));
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(fs::read_to_string(path).unwrap().contains("TOKEN=swordfish\n"));
    assert!(run.workspace.files().is_empty());

    let other = pull(&bucket()).input("format", "dotenv").run().succeeds();
    assert_ne!(Path::new(other.output("config-file")).file_name(), path.file_name());
}

#[test]
fn it_needs_a_place() {
    let _shown = shows("T14", "no RUNNER_TEMP to put the formatted file in", "code 1 or 2, naming the remedy");
    let bucket = bucket();
    let step = || pull(&bucket).input("format", "json");
    for step in [
        step().without_env("RUNNER_TEMP"),
        step().env("RUNNER_TEMP", ""),
        step().env("RUNNER_TEMP", "/github/not-mounted-here"),
    ] {
        let run = step.run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.title, "Input format-file");
        assert!(error.message.ends_with("Set `format-file` to a path below the workspace."), "{error:?}");
    }
    let named = step().without_env("RUNNER_TEMP").input("format-file", "out.json").run().succeeds();
    assert_eq!(named.output("config-file"), "out.json");
}

#[test]
fn it_holds_what_is_published() {
    let step = pull(&bucket()).input("format", "json").input("format-file", "out.json");
    let run = step.input("keys", "TOKEN | SECRET").input("output-prefix", "APP_").run().succeeds();
    assert_eq!(json(&run.file("out.json")), json!({"APP_SECRET": "swordfish"}));
}

#[test]
fn it_never_takes_the_place_of_a_restored_file() {
    let step = pull(&bucket()).input("format", "json").input("format-file", "a.json");
    step.run().fails(2).says("a.json");
    let step = pull(&bucket()).input("restore-files", "false").input("format", "json").input("format-file", "a.json");
    assert_eq!(json(&step.run().succeeds().file("a.json"))["db_port"], 5432);
}

#[test]
fn where_it_needs_the_place_of_a_restored_file_another_place_is_advised_and_no_file_left_out() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n"), ("prod.env", "TOKEN=anglerfish\n"), ("conf/a.json", "{}")]);
    let step = || pull(&bucket).input("on-duplicate", "last").input("format", "dotenv");
    for taken in [".env", "conf", ".env/x"] {
        let run = step().input("format-file", taken).run().fails(2);
        let message = &error_of(&run).message;
        assert!(message.contains("One of them is the formatted file."), "{message}");
        assert!(message.contains("another `format-file`") && message.contains("`restore-files: false`"), "{message}");
        assert!(!message.contains('!') && run.workspace.files().is_empty(), "{message}");
    }
    // What the advice says.
    let merged = step().input("format-file", ".env").input("restore-files", "false").run().succeeds();
    assert!(merged.file(".env").contains("TOKEN=anglerfish\n"));
    step().input("format-file", "merged.env").run().succeeds();
}

#[test]
fn it_does_not_follow_a_link() {
    let step = pull(&bucket()).input("format", "json").input("format-file", "out.json");
    let outside = step.workspace().outside("outside.json");
    step.workspace().link("out.json", &outside);
    step.run().fails(2).says("out.json");
    assert!(!outside.exists());
}

#[test]
fn a_value_that_the_form_cannot_hold_is_refused_by_key() {
    let bucket = published(&[("a.json", r#"{"PEM": "line-one\nline-two"}"#)]);
    let step = |format| pull(&bucket).input("format", format).input("format-file", "out");
    let run = step("docker-env-file").run().fails(2).does_not_say("line-one");
    assert!(error_of(&run).message.contains("PEM"), "{:?}", run.annotations);
    assert!(step("dotenv").run().succeeds().file("out").contains("line-one"));
}

#[test]
fn every_form_is_known() {
    // One takes references alone.
    let bucket = published(&[("a.env", "TOKEN=/shop/token\nPORT=/shop/port\n")]);
    for &format in Format::NAMES {
        let step: Action = pull(&bucket).input("format", format).input("format-file", "out");
        assert!(!step.run().succeeds().file("out").is_empty(), "{format}");
    }
}

#[test]
fn a_secret_itself_is_no_reference_of_ecs() {
    for (key, value) in [
        ("DB_PASSWORD", "hunter2hunter2"),
        ("DB_URL", "postgres://app:hunter2@db/app"),
        ("SIGNING", "'hunter2 hunter2'"),
        // Each could be the name of a parameter.
        ("DB_PW", "hunter2"),
        ("SMTP_AUTH", "hunter2-rain"),
        ("DB_PASSWORD", "correct-hunter2-password"),
        ("LICENSE", "MyPlainhunter2"),
        ("JWT_SIGNING", "/hunter2"),
        ("JWT", "eyJhbGciOiJIUzI1NiJ9.hunter2.c2lnbmF0dXJl"),
        ("LONG", "arn:aws:s3:::hunter2"),
        ("EMPTY", ""),
    ] {
        let bucket = published(&[(".env", &format!("OTHER=/shop/other\n{key}={value}\n"))]);
        let run = pull(&bucket).input("format", "ecs-secrets").run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.title, "Format");
        assert!(error.message.contains(key) && !error.message.contains("hunter2"), "{error:?}");
        if value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !value.is_empty() {
            assert!(error.message.contains("arn:aws:ssm:REGION:ACCOUNT:parameter/NAME"), "{error:?}");
        }
        assert!(run.outputs.is_empty() && run.workspace.files().is_empty(), "{key}");
    }
    let references = "A=arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/db-AbCdEf:password::\n\
                      DB_PASSWORD=/shop/prod/db-password\nDB_HOST=/shop/db-host\n";
    let step = pull(&published(&[(".env", references)])).input("format", "ecs-secrets").input("format-file", "out");
    let run = step.run().succeeds();
    assert_eq!(run.messages("warning"), Vec::<&str>::new());
    assert_eq!(json(&run.file("out"))[1], json!({"name": "DB_PASSWORD", "valueFrom": "/shop/prod/db-password"}));
}

#[test]
fn what_looks_like_a_secret_in_a_form_of_clear_text_is_warned_of_once() {
    let contents = r#"{"DB_PASSWORD": "swordfish", "app": {"clientSecret": "barracuda", "api-key": "tigershark"},
        "DATABASE_URL": "postgres://app:octopus-2@db/app", "LOG_LEVEL": "verbose-mode", "PUBLIC_KEY": "known-to-all",
        "ConnectionStrings": {"Default": "Server=db;User Id=sa;Password=hunter22;"},
        "MONKEY": "see-monkey", "TOKEN_URL": "https://auth.shop.example/", "USE_TOKEN": true}"#;
    let bucket = published(&[("a.json", contents)]);
    for (format, instead) in [("ecs-environment", "ecs-secrets"), ("k8s-configmap", "k8s-secret")] {
        let run = pull(&bucket).input("format", format).run().succeeds();
        let [warning] = titled(&run, "Secrets in clear text")[..] else { panic!("{:?}", run.annotations) };
        let said = format!(
            "The format {format} keeps values in clear text, where many can read them, and these keys look like secrets: \
             DB_PASSWORD, app_clientSecret, app_api-key, DATABASE_URL, \
             ConnectionStrings_Default. Leave them out with `keys`, and write them with \
             `format: {instead}` in a step of their own."
        );
        assert_eq!(warning, said);
        let others = pull(&bucket).input("format", format).input("keys", "LOG_LEVEL\nPUBLIC_KEY\nMONKEY\nTOKEN_URL");
        assert!(titled(&others.run().succeeds(), "Secrets in clear text").is_empty());
    }
    for format in ["k8s-secret", "dotenv", "json"] {
        let run = pull(&bucket).input("format", format).run().succeeds();
        assert!(titled(&run, "Secrets in clear text").is_empty(), "{format}");
    }
}

#[test]
fn every_key_that_a_format_cannot_hold_is_named_with_its_file() {
    let lines =
        |from: usize, to: usize| (from..to).map(|index| format!("K{index}=no-arn-{index}!\n")).collect::<String>();
    let (a, b) = (lines(0, 2) + "ARN=arn:aws:secretsmanager:eu-central-1:111122223333:secret:a\n", lines(2, 4));
    let bucket = published(&[("a.env", &a), ("b.env", &b)]);
    let run = pull(&bucket).input("format", "ecs-secrets").run().fails(2).does_not_say("no-arn");
    let error = error_of(&run);
    assert_eq!(error.title, "Format");
    let keys = r#"cannot hold "K0" (a.env), "K1" (a.env), "K2" (b.env), "K3" (b.env): "#;
    assert!(error.message.contains(keys), "{error:?}");
    assert!(!error.message.contains("ARN\""), "{error:?}");

    let bucket = published(&[("a.env", &lines(0, 12))]);
    let run = pull(&bucket).input("format", "ecs-secrets").run().fails(2);
    let message = &error_of(&run).message;
    assert!(message.contains(r#""K9" (a.env): "#) && message.contains("; and there are more such keys."), "{message}");
    assert!(!message.contains("K10"), "{message}");
}
