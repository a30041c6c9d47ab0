//! Values arrive exactly, whatever is in them, or are refused by key.

use serde_json::{Map, Value};

use crate::harness::{Action, Bucket, Run, shows};
use crate::runner_rules::command_reader;
use crate::story::{error_of, published, pull, titled};

/// Values that mean something to somebody on the way.
const HOSTILE: [&str; 20] = [
    "",
    "\n",
    "two\nlines of it",
    "\n\nblank lines around\n\n",
    "windows\r\nlines\r\n",
    "lone\rcarriage return",
    "EOF",
    "HEREDOC<<EOF\nstolen-value\nEOF",
    "ghadelimiter_00000000000000000000000000000000",
    "NAME=value-behind-a-name",
    "::set-output name=hijacked::hijacked-value",
    "::add-mask::masked-by-a-value",
    "\n::error::an-error-of-the-value",
    "##[error]an-older-error-of-the-value",
    "\u{1b}[31mred-letters\u{1b}[0m",
    "right-to-left \u{202e}txt.exe",
    "ünïcødé 😀 \u{2028} separators",
    "  blanks around  ",
    "${{ github.token }} and $(command) and `ticks`",
    "\u{FEFF}byte order mark",
];

#[test]
fn a_pull_that_is_asked_for_values_and_has_none_says_why() {
    let env = "TOKEN=swordfish\n";
    for path in ["env.prod", "env.production", ".env_prod", ".dev.vars", "service/env.staging"] {
        let bucket = published(&[(path, env), ("ca.pem", "-----BEGIN CERTIFICATE-----\n")]);
        for (input, value) in [("restore-files", "false"), ("format", "json"), ("export-env", "true"), ("keys", "T*")] {
            let run = pull(&bucket).input(input, value).run().succeeds();
            let [warning] = titled(&run, "No values")[..] else { panic!("{path} {input}: {:?}", run.annotations) };
            let said = format!("these files are raw, which are not read and have no keys: ca.pem, {path}.");
            let sorted = format!("these files are raw, which are not read and have no keys: {path}, ca.pem.");
            assert!(warning.contains(&said) || warning.contains(&sorted), "{warning}");
            assert!(warning.contains(&format!("`{path} = dotenv`")), "{warning}");
            assert!(titled(&run, "Exported names").is_empty(), "nothing is exported");
        }
        // The advice helps, and who wants the files alone is told nothing.
        let step = pull(&bucket).input("restore-files", "false").input("types", &format!("{path} = dotenv"));
        let run = step.run().succeeds();
        assert_eq!((run.output("TOKEN"), titled(&run, "No values").len()), ("swordfish", 0));
        assert_eq!(pull(&bucket).run().succeeds().messages("warning"), Vec::<&str>::new());
    }
    for (files, inputs, said) in [
        (vec![(".env", "# none\n")], vec![("export-env", "true")], "as no file has a key"),
        (vec![(".env", env)], vec![("keys", "!TOKEN")], "as `keys` leaves out every key"),
        (vec![(".env", env)], vec![("keys", "T*\n!TOKEN")], "as `keys` leaves out every key"),
    ] {
        let bucket = published(&files);
        let run = inputs.iter().fold(pull(&bucket), |step, (name, value)| step.input(name, value)).run().succeeds();
        let [warning] = titled(&run, "No values")[..] else { panic!("{:?}", run.annotations) };
        assert!(warning.contains(said), "{warning}");
    }
    // Values there are.
    let bucket = published(&[("env.prod", env)]);
    let run = pull(&bucket).input("restore-files", "false").input("defaults", "PORT=5432").run().succeeds();
    assert!(titled(&run, "No values").is_empty());
}

#[test]
fn hostile_values_are_exact_and_stay_out_of_the_log() {
    let shown = shows(
        "T3",
        "values with delimiters, line breaks, commands, escapes, text directions",
        "outputs and variables are exact; nothing of them in the log",
    );
    let keyed = HOSTILE.iter().enumerate().map(|(n, value)| (format!("K{n}"), Value::from(*value)));
    let document = Value::Object(keyed.collect::<Map<_, _>>()).to_string();
    let step = pull(&published(&[("a.json", &document)])).input("export-env", "true");
    let run = step.measured().run().succeeds();
    for (n, value) in shown.each(HOSTILE.iter().enumerate()) {
        assert_eq!(run.output(&format!("K{n}")), *value);
        assert_eq!(run.env[&format!("K{n}")], *value);
    }
    assert_eq!(run.outputs.len(), HOSTILE.len() + 12, "no entry more: {:?}", run.outputs.keys());
    assert_eq!(run.env.len(), HOSTILE.len());
    nothing_but_masks_comes_from_values(&run);
}

fn nothing_but_masks_comes_from_values(run: &Run) {
    assert!(run.messages("error").is_empty(), "{:?}", run.annotations);
    assert!(!run.masks.iter().any(|mask| mask == "masked-by-a-value"), "a value was taken for a command");
    let commands = command_reader::read(run.stdout.as_bytes()).commands;
    let others: Vec<_> =
        commands.iter().filter(|command| !["add-mask", "warning", "notice"].contains(&&*command.name)).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(!run.log.iter().any(|line| line.contains('\u{1b}') || line.contains('\u{202e}')), "{:?}", run.log);
}

#[test]
fn hostile_key_names_do_not_reach_the_log_as_commands() {
    let _shown = shows("T3", "key names that are commands", "`_` for what is not a name; no command reaches the log");
    let document = "{\"::error::x\": \"swordfish\", \"a\\n::error::y\": \"swordfish\", \"##[error]z\": \"swordfish\"}";
    let run = pull(&published(&[("a.json", document)])).measured().run().succeeds();
    assert!(run.messages("error").is_empty(), "{:?}", run.annotations);
    let names: Vec<_> = run.config_outputs().into_keys().collect();
    assert_eq!(names, ["___error_z", "__error__x", "a___error__y"]);
}

#[test]
fn a_value_with_a_nul_is_refused_by_key_and_left_out_of_what_others_stored() {
    let _shown = shows(
        "T3",
        "a value with a NUL",
        "a push: code 2, naming the key; a pull of another tool's file: left out with a warning",
    );
    let contents = "{\"good\": \"kept-value\",\n\"BAD\": \"before-the\\u0000and-the-end\"}";
    let run = crate::story::push(&Bucket::missing(), &[("a.json", contents)]).run().fails(2);
    let error = error_of(&run);
    assert!(error.message.contains("BAD") && error.message.contains("NUL"), "{error:?}");
    assert_eq!((error.file.as_deref(), error.line), (Some("a.json"), Some(2)));

    let bucket = Bucket::versioned();
    bucket.put("shop/a.json", contents, &[]);
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: a.json\n";
    let step = || Action::pull(&bucket).version("head").repository_file("cstore.yml", catalog);
    let run = step().input("export-env", "true").run().succeeds();
    assert_eq!(run.config_outputs().into_iter().collect::<Vec<_>>(), [("good", "kept-value")]);
    assert_eq!(titled(&run, "Values left out").len(), 1, "{:?}", run.annotations);
    assert!(["before-the", "and-the-end"].iter().all(|part| run.masks.iter().any(|mask| mask == part)));
    assert_eq!(run.file("a.json"), contents);
    step().input("required-keys", "BAD").run().fails(8).says("BAD is missing").says("holds a NUL character");
}

#[test]
fn a_file_that_is_no_text_is_refused_by_name() {
    let shown = shows("T3", "a file that is not UTF-8, or has a NUL", "code 2, naming the file; nothing sent");
    for (contents, rule) in shown.each([(&b"TOKEN=\xff\xfe\n"[..], "not UTF-8"), (&b"TOKEN=a\0b\n"[..], "NUL byte")]) {
        let bucket = Bucket::versioned();
        let push = Action::push(&bucket).version("v1").files(&[".env"]);
        push.workspace_file(".env", contents).run().fails(2).says(".env").says(rule);
        assert!(bucket.keys().is_empty());
    }
}

#[test]
fn large_outputs_are_warned_of() {
    // Outputs are counted in UTF-16, and each value occurs twice: by itself and in config-json.
    for (bytes, said) in [
        (400_000, None),
        (470_000, Some("The outputs come near to GitHub's limit of 1 MiB")),
        (1_048_576, Some("The outputs have 2.0 MiB and exceed GitHub's limit of 1 MiB")),
    ] {
        let contents = format!("SMALL=a-small-value\nLARGE={}\n", "x".repeat(bytes / 2));
        let run = pull(&published(&[(".env", &contents)])).run().succeeds();
        let warnings = titled(&run, "Large outputs");
        assert_eq!(warnings.len(), usize::from(said.is_some()), "{bytes}: {warnings:?}");
        assert!(warnings.iter().all(|warning| said.is_some_and(|said| warning.starts_with(said))), "{warnings:?}");
        assert!(warnings.iter().all(|warning| warning.contains("LARGE") && warning.contains("`keys`")), "{warnings:?}");
    }
}
