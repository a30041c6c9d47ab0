//! Which keys become outputs, and under which names.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::{Action, Bucket, shows};
use crate::story::{error_of, published, pull, push, titled};

const ENV: &str = "DB_HOST=db.shop.internal\nlogLevel=verbose-mode\napi-key=swordfish\n";

fn names(step: &Action) -> Vec<String> {
    step.run().succeeds().config_outputs().into_keys().map(str::to_owned).collect()
}

#[test]
fn the_case_changes_names_and_never_values() {
    let bucket = published(&[(".env", ENV)]);
    for (case, names) in [
        ("keep", ["DB_HOST", "logLevel", "api-key"]),
        ("lower", ["db_host", "loglevel", "api-key"]),
        ("upper", ["DB_HOST", "LOGLEVEL", "API-KEY"]),
        ("snake", ["db_host", "log_level", "api_key"]),
        ("kebab", ["db-host", "log-level", "api-key"]),
    ] {
        let run = pull(&bucket).input("output-case", case).run().succeeds();
        let expected: BTreeMap<_, _> =
            names.into_iter().zip(["db.shop.internal", "verbose-mode", "swordfish"]).collect();
        assert_eq!(run.config_outputs(), expected, "{case}");
    }
}

#[test]
fn the_prefix_goes_before_the_cased_name() {
    let bucket = published(&[(".env", ENV)]);
    let step = pull(&bucket).input("output-prefix", "APP_").input("output-case", "snake");
    assert_eq!(names(&step), ["APP_api_key", "APP_db_host", "APP_log_level"]);
}

#[test]
fn nested_keys_are_joined_by_the_separator() {
    let json =
        r#"{"db": {"host": "db.shop.internal", "flags": ["first-flag", "other-flag"]}, "none": [], "empty": {}}"#;
    let yaml = "db:\n  host: db.shop.internal\n  flags: [first-flag, other-flag]\nnone: []\nempty: {}\n";
    let toml = "none = []\n[db]\nhost = \"db.shop.internal\"\nflags = [\"first-flag\", \"other-flag\"]\n[empty]\n";
    for (path, contents) in [("a.json", json), ("a.yml", yaml), ("a.toml", toml)] {
        let bucket = published(&[(path, contents)]);
        for (separator, expected) in [
            ("", ["db_flags_0", "db_flags_1", "db_host"]),
            ("__", ["db__flags__0", "db__flags__1", "db__host"]),
            ("-", ["db-flags-0", "db-flags-1", "db-host"]),
        ] {
            assert_eq!(names(&pull(&bucket).input("separator", separator)), expected, "{path} with {separator:?}");
        }
    }
}

#[test]
fn keys_are_chosen_by_patterns_and_renamed_one_by_one() {
    let bucket = published(&[(".env", "DB_HOST=db.internal\nDB_PASS=swordfish\nDB_DEBUG=verbose\nOTHER=something\n")]);
    for (keys, expected) in [
        ("DB_*\n!DB_DEBUG", vec!["DB_HOST", "DB_PASS"]),
        ("!DB_*", vec!["OTHER"]),
        ("OTHER\nDB_????", vec!["DB_HOST", "DB_PASS", "OTHER"]),
        ("DB_PASS | DATABASE_PASSWORD", vec!["DATABASE_PASSWORD"]),
        ("*\nDB_PASS | DATABASE_PASSWORD", vec!["DATABASE_PASSWORD", "DB_DEBUG", "DB_HOST", "OTHER"]),
        ("DB_PASS | SECOND\nDB_PASS | FIRST\nDB_PASS | FIRST\nDB_PASS", vec!["FIRST", "SECOND"]),
    ] {
        assert_eq!(names(&pull(&bucket).input("keys", keys)), expected, "{keys:?}");
    }
    let run =
        pull(&bucket).input("keys", "DB_PASS | DATABASE_PASSWORD").input("output-prefix", "APP_").run().succeeds();
    assert_eq!(run.output("APP_DATABASE_PASSWORD"), "swordfish");
    assert_eq!(run.output("config-keys"), r#"["APP_DATABASE_PASSWORD"]"#);
    let run = pull(&bucket).input("keys", "DB_PASS | A\nDB_PASS | B").input("export-env", "true").run().succeeds();
    assert_eq!([run.output("A"), run.output("B")], ["swordfish"; 2]);
    assert_eq!((&*run.env["A"], &*run.env["B"]), ("swordfish", "swordfish"));
}

#[test]
fn a_line_of_keys_that_matches_nothing_is_told() {
    let bucket = published(&[(".env", ENV)]);
    let run = pull(&bucket).input("keys", "DB_*\nDATABASE_*").run().succeeds();
    assert_eq!(titled(&run, "Input keys"), ["These lines of `keys` match no key: DATABASE_*."]);
    let run = pull(&bucket).input("keys", "NOPE_*").run().succeeds();
    let said = "These lines of `keys` match no key: NOPE_*. No key is left, so no value is delivered.";
    assert_eq!(titled(&run, "Input keys"), [said]);
    let run = pull(&bucket).input("keys", "!DB_PASS").run().succeeds();
    assert_eq!(titled(&run, "Input keys"), ["These lines of `keys` match no key: !DB_PASS."]);
}

#[test]
fn names_in_keys_that_no_file_has_are_refused_all_at_once() {
    let bucket = published(&[(".env", ENV)]);
    for (keys, said) in [
        ("DB_HOSTS", "names DB_HOSTS (did you mean DB_HOST?), which these files"),
        ("DB_*\nNOPE", "names NOPE, which these files"),
        ("DB_PORT | PORT", "names DB_PORT"),
        (
            "db_host\nlogLevel\napi_key",
            "names db_host (did you mean DB_HOST?), api_key (did you mean api-key?), which these files do not have.",
        ),
    ] {
        let run = pull(&bucket).input("keys", keys).run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.title, "Input keys");
        assert!(error.message.contains(said), "{keys:?}: {error:?}");
        assert!(error.message.contains("write a pattern such as"), "{error:?}");
        assert!(run.outputs.is_empty() && run.workspace.files().is_empty(), "{keys:?}");
    }
}

#[test]
fn several_names_on_one_line_are_refused_with_the_way_to_write_them() {
    let bucket = published(&[(".env", ENV)]);
    for input in ["keys", "mask"] {
        for list in [
            "DB_HOST, logLevel",
            "DB_HOST logLevel",
            "DB_HOST;logLevel",
            "DB_*, log*",
            "!DB_HOST, !logLevel",
            "- DB_HOST",
            "[DB_HOST, logLevel]",
            "NOPE, OTHER",
        ] {
            let run = pull(&bucket).input(input, list).run().fails(2);
            let error = error_of(&run);
            assert_eq!(error.title, format!("Input {input}"));
            assert!(error.message.contains("(write one name a line)"), "{list}: {error:?}");
            assert!(error.message.contains("`>` makes one line of them"), "{list}: {error:?}");
        }
    }
    // A key may have a blank, and patterns are no lists.
    let bucket = published(&[("a.json", r#"{"two words": "db.internal", "a, b": "swordfish"}"#)]);
    assert_eq!(names(&pull(&bucket).input("keys", "two words\na, b")), ["a__b", "two_words"]);
}

#[test]
fn a_key_never_becomes_one_of_the_actions_own_outputs() {
    let shown = shows(
        "T5",
        "keys named like the action's own outputs, in any case and by any input",
        "no output, with a warning and two remedies; where an input says it, code 2",
    );
    for (path, contents, inputs) in shown.each([
        ("a.json", r#"{"config-digest": "forged-value"}"#, vec![]),
        ("a.json", r#"{"CONFIG-Digest": "forged-value"}"#, vec![]),
        ("a.yml", "config-whatever: forged-value\n", vec![]),
        (".env", "Config-Json=forged-value\n", vec![]),
        ("a.json", r#"{"config-ü": "forged-value"}"#, vec![]),
        ("a.json", r#"{"config": {"version": "forged-value"}}"#, vec![("separator", "-")]),
        ("a.json", r#"{"configVersion": "forged-value"}"#, vec![("output-case", "kebab")]),
        ("a.json", r#"{"fig-digest": "forged-value"}"#, vec![("output-prefix", "con")]),
    ]) {
        let bucket = published(&[(path, contents)]);
        let plain = pull(&bucket).input("restore-files", "false").run().succeeds();
        let step = inputs.iter().fold(pull(&bucket), |step, (name, value)| step.input(name, value));
        let run = step.measured().input("export-env", "true").input("format", "json").run().succeeds();
        assert!(run.config_outputs().is_empty(), "{contents}: {:?}", run.config_outputs());
        let own = run.outputs.iter().filter(|(name, _)| !["config-json", "config-file"].contains(&name.as_str()));
        assert!(own.clone().all(|(_, value)| !value.contains("forged")), "{contents}: {:?}", run.outputs);
        assert_eq!(run.output("config-digest"), plain.output("config-digest"));
        let [warning] = titled(&run, "Names of the action's own")[..] else { panic!("{:?}", run.annotations) };
        assert!(warning.contains("`keys`") && warning.contains("`output-prefix`"), "{contents}: {warning}");
        // Everywhere else the value is delivered.
        assert!(run.output("config-json").contains("forged-value"), "{contents}");
        assert_eq!(run.env.values().collect::<Vec<_>>(), ["forged-value"], "{contents}");
    }
    for (name, value) in shown.each([("output-prefix", "config-"), ("keys", "A | Config-File")]) {
        let run = pull(&published(&[(".env", "A=forged-value\n")])).measured().input(name, value).run().fails(2);
        let message = &error_of(&run).message;
        assert!(message.contains("names that begin with `config-` are the action's own outputs"), "{message}");
    }
    // What the warning advises helps.
    let bucket = published(&[("a.json", r#"{"config-digest": "forged-value", "config_digest": "other-value"}"#)]);
    assert_eq!(names(&pull(&bucket).input("output-prefix", "APP_")), ["APP_config-digest", "APP_config_digest"]);
    assert_eq!(names(&pull(&bucket).input("keys", "*\nconfig-digest | d")), ["config_digest", "d"]);
}

#[test]
fn a_push_warns_of_keys_that_will_be_no_outputs() {
    let files = [("a.json", r#"{"config-digest": "forged-value", "b": "c"}"#)];
    let run = push(&Bucket::versioned(), &files).run().succeeds();
    let [warning] = titled(&run, "Names of the action's own")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains("config-digest"), "{warning}");
}

#[test]
fn an_output_has_an_underscore_for_what_cannot_stand_in_its_name() {
    for (path, contents, outputs) in [
        (".env", "2FA_ENABLED=yes1\nA=x1z\n", vec![("A", "x1z"), ("_2FA_ENABLED", "yes1")]),
        (".env", "discovery.type=single-node\nA=x1z\n", vec![("A", "x1z"), ("discovery_type", "single-node")]),
        (
            "appsettings.json",
            r#"{"Logging": {"LogLevel": {"Default": "Information1", "Microsoft.AspNetCore": "Warning1"}}}"#,
            vec![("Logging_LogLevel_Default", "Information1"), ("Logging_LogLevel_Microsoft_AspNetCore", "Warning1")],
        ),
        (
            "wrangler.json",
            r#"{"$schema": "https://x/y.json", "name": "x1z"}"#,
            vec![("_schema", "https://x/y.json"), ("name", "x1z")],
        ),
        (
            "a.yml",
            "straße: x1z\n'': y1z\na b: z1z\n-a: z2z\n",
            vec![("_", "y1z"), ("_a", "z2z"), ("a_b", "z1z"), ("stra_e", "x1z")],
        ),
    ] {
        let bucket = Bucket::versioned();
        let pushed = push(&bucket, &[(path, contents)]).run().succeeds();
        assert_eq!(pushed.messages("warning"), Vec::<&str>::new(), "{contents}");
        let run = pull(&bucket).files(&[path]).run().succeeds();
        let expected: BTreeMap<_, _> = outputs.into_iter().collect();
        assert_eq!(run.config_outputs(), expected, "{contents}");
        assert_eq!(run.messages("warning"), Vec::<&str>::new(), "{contents}");
        let json: BTreeMap<String, String> = serde_json::from_value(run.json_output("config-json")).unwrap();
        let json: BTreeMap<_, _> = json.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(json, expected, "config-json goes by the outputs' names");
    }
}

#[test]
fn a_form_keeps_a_key_that_it_can_hold() {
    let keys = r#"{"discovery.type": "x1z", "2FA": "y1z", "a b": "z1z", "c=d": "z2z"}"#;
    for (format, names) in [
        ("json", ["discovery.type", "2FA", "a b", "c=d"]),
        ("yaml", ["discovery.type", "\"2FA\"", "\"a b\"", "\"c=d\""]),
        ("ecs-environment", ["discovery.type", "2FA", "a b", "c_d"]),
        ("k8s-configmap", ["discovery.type", "\"2FA\"", "a_b", "c_d"]),
        ("k8s-secret", ["discovery.type", "\"2FA\"", "a_b", "c_d"]),
        ("docker-env-file", ["discovery.type", "2FA", "a_b", "c_d"]),
        ("shell", ["discovery_type", "_2FA", "a_b", "c_d"]),
    ] {
        let step = pull(&published(&[("a.json", keys)])).input("format", format).input("format-file", "out");
        let text = step.run().succeeds().file("out");
        for name in names {
            let begins = match format {
                "json" => format!("  \"{name}\": "),
                "ecs-environment" => format!("{{\"name\": \"{name}\", "),
                "yaml" => format!("{name}: "),
                "shell" => format!("export {name}="),
                "docker-env-file" => format!("{name}="),
                _ => format!("  {name}: "),
            };
            assert!(
                text.lines().any(|line| line.trim_start().starts_with(begins.trim_start())),
                "{format} {name}:\n{text}"
            );
        }
    }
    // What the workflow says of names counts in forms, too.
    let step = pull(&published(&[("a.json", keys)])).input("format", "json").input("format-file", "out");
    let step = step.input("output-case", "upper").input("output-prefix", "p_").input("keys", "*\n2FA | code");
    let expected = json!({"p_DISCOVERY.TYPE": "x1z", "p_code": "y1z", "p_A B": "z1z", "p_C=D": "z2z"});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&step.run().succeeds().file("out")).unwrap(), expected);
}

#[test]
fn keys_that_meet_in_a_form_alone_are_refused_there() {
    let bucket = published(&[(".env", "api-key=swordfish\napi_key=octopus-2\n")]);
    pull(&bucket).input("format", "dotenv").run().succeeds();
    let run = pull(&bucket).input("format", "shell").run().fails(2);
    let message = &error_of(&run).message;
    assert!(message.contains("both give the name \"api_key\" in the format shell"), "{message}");
    assert!(run.outputs.is_empty() && run.workspace.files().is_empty());
}

#[test]
fn case_and_prefix_come_before_the_underscores() {
    let bucket = published(&[("a.json", r#"{"2fa-Code.straße": "x1z"}"#)]);
    for (case, prefix, name) in [
        ("keep", "", "_2fa-Code_stra_e"),
        ("keep", "APP_", "APP_2fa-Code_stra_e"),
        ("upper", "", "_2FA-CODE_STRA_E"),
        ("snake", "", "_2fa_code_stra_e"),
        ("kebab", "p-", "p-2fa-code-stra_e"),
    ] {
        let step = pull(&bucket).input("output-case", case).input("output-prefix", prefix);
        assert_eq!(names(&step), [name], "{case} {prefix}");
    }
}

#[test]
fn keys_that_give_one_output_different_values_end_the_push_with_files_keys_and_lines() {
    for (path, contents, line) in [
        ("service/.env", "db.host=octopus-1\nX=1\ndb_host=octopus-2\n", Some(3)),
        ("service/a.yml", "db.host: octopus-1\ndb:\n  host: octopus-2\n", Some(3)),
        ("service/a.toml", "\"db host\" = \"octopus-1\"\n\n[db]\nhost = \"octopus-2\"\n", None),
        ("service/a.json", r#"{"db.host": "octopus-1", "db": {"host": "octopus-2"}}"#, None),
    ] {
        let bucket = Bucket::versioned();
        let run = push(&bucket, &[(path, contents)]).run().fails(2);
        let error = error_of(&run);
        assert_eq!(error.file.as_deref(), Some(path));
        for part in [
            path,
            "both give the output \"db_host\"",
            "\"db_host\"",
            if path.ends_with("toml") { "\"db host\"" } else { "\"db.host\"" },
        ] {
            assert!(error.message.contains(part), "{part}: {error:?}");
        }
        if let Some(line) = line {
            assert_eq!(error.line, Some(line), "{error:?}");
            assert!(error.message.contains("(line 1)"), "{error:?}");
        }
        assert!(bucket.keys().is_empty(), "the push sent {:?}", bucket.keys());
    }
    // Equal values are one output.
    let bucket = published(&[("a.yml", "db.host: octopus-1\ndb:\n  host: octopus-1\n")]);
    assert_eq!(names(&pull(&bucket)), ["db_host"]);
}

#[test]
fn keys_of_two_files_may_disagree_in_a_push_and_not_in_a_pull_of_both() {
    let bucket = Bucket::versioned();
    let files = [("dev/.env", "db.host=octopus-1\n"), ("prod/.env", "db_host=octopus-2\n")];
    let pushed = push(&bucket, &files).run().succeeds();
    let [notice] = titled(&pushed, "Different values")[..] else { panic!("{:?}", pushed.annotations) };
    let said = "he keys \"db.host\" (line 1 of dev/.env) and \"db_host\" (line 1 of prod/.env) both give the output \
                \"db_host\", with different values";
    assert!(notice.contains(said) && notice.contains("`on-duplicate: last`"), "{notice}");

    let error = pull(&bucket).run().fails(2);
    let message = &error_of(&error).message;
    assert!(message.contains(said) && message.contains("`db.host | NEW`"), "{message}");
    assert!(message.contains("`!db.host`") && !message.contains("`separator`"), "{message}");
    assert!(message.contains("`on-duplicate: last`"), "{message}");
    // Each remedy helps.
    assert_eq!(names(&pull(&bucket).files(&["dev/.env"])), ["db_host"]);
    assert_eq!(names(&pull(&bucket).input("keys", "*\ndb.host | dev-host")), ["db_host", "dev-host"]);
    assert_eq!(names(&pull(&bucket).input("keys", "!db.host")), ["db_host"]);
    let run = pull(&bucket).input("on-duplicate", "last").run().succeeds();
    assert_eq!(run.output("db_host"), "octopus-2");
}

#[test]
fn a_new_name_as_a_message_advises_it_keeps_all_other_keys() {
    let bucket = published(&[("a.env", "db.host=octopus-1\nPORT=5432\n"), ("b.env", "db_host=octopus-2\nURL=shop\n")]);
    let first = "`*` as the first line, for all other keys, and then `db.host | NEW`";
    for (keys, followed) in [("", "*\ndb.host | NEW"), ("!PORT", "*\n!PORT\ndb.host | NEW")] {
        let message = error_of(&pull(&bucket).input("keys", keys).run().fails(2)).message.clone();
        assert!(message.contains(first), "{keys:?}: {message}");
        let expected =
            if keys.is_empty() { vec!["NEW", "PORT", "URL", "db_host"] } else { vec!["NEW", "URL", "db_host"] };
        assert_eq!(names(&pull(&bucket).input("keys", followed)), expected);
    }
    for (keys, form) in [("*", ""), ("db*\nURL", ""), ("db.host\ndb_host", ""), ("db*", "shell")] {
        let message = error_of(&pull(&bucket).input("keys", keys).input("format", form).run().fails(2)).message.clone();
        let said = "Rename one of them with a line `db.host | NEW` in `keys`";
        assert!(message.contains(said) && !message.contains("first line"), "{keys:?}: {message}");
    }
    assert_eq!(names(&pull(&bucket).input("keys", "db*\nURL\ndb.host | NEW")), ["NEW", "URL", "db_host"]);

    let bucket = published(&[("a.json", r#"{"config-digest": "octopus-1", "PORT": "5432"}"#)]);
    let warning = |step: Action| titled(&step.run().succeeds(), "Names of the action's own").join("");
    assert!(warning(pull(&bucket)).contains("lines `OLD | NEW` below a first line `*`, which keeps all other keys."));
    assert!(!warning(pull(&bucket).input("keys", "*")).contains("first line"));
    let pushed = push(&Bucket::versioned(), &[("a.json", r#"{"config-digest": "octopus-1"}"#)]);
    assert!(warning(pushed).contains("below a first line `*`"));
}

#[test]
fn another_separator_is_advised_where_it_keeps_keys_apart() {
    let nested = r#"{"db": {"host": "octopus-1"}, "PORT": 5432}"#;
    let list = "db:\n  - octopus-1\n";
    for (files, inputs, helps) in [
        (vec![("a.json", nested), ("b.env", "db.host=octopus-2\n")], vec![], true),
        (vec![("a.yml", list), ("b.env", "db.0=octopus-2\n")], vec![], true),
        (vec![("a.toml", "[db]\nhost = 'octopus-1'\n"), ("b.json", r#"{"db.host": "octopus-2"}"#)], vec![], true),
        (vec![("a.json", r#"{"db.host": "octopus-1"}"#), ("b.env", "db_host=octopus-2\n")], vec![], false),
        (vec![("a.env", "db.host=octopus-1\n"), ("b.env", "db_host=octopus-2\n")], vec![], false),
        (vec![("a.env", "DB_PASS=octopus-1\nAPI_KEY=octopus-2\n")], vec![("keys", "DB_PASS | X\nAPI_KEY | X")], false),
        (vec![("a.json", nested), ("b.env", "API_KEY=octopus-2\n")], vec![("keys", "db_host | X\nAPI_KEY | X")], false),
        (vec![("a.json", nested), ("b.env", "API_KEY=octopus-2\n")], vec![("keys", "*\nAPI_KEY | db_host")], true),
        (vec![("a.json", nested), ("b.env", "db.host=octopus-2\n")], vec![("output-case", "snake")], false),
    ] {
        let bucket = published(&files);
        let pull = || inputs.iter().fold(pull(&bucket), |step, (name, value)| step.input(name, value));
        let message = error_of(&pull().run().fails(2)).message.clone();
        assert_eq!(message.contains("`separator`"), helps, "{files:?}: {message}");
        if helps {
            pull().input("separator", "__").run().succeeds();
        }
    }
    // A push knows no `keys`.
    for (path, contents, helps) in [
        ("a.env", "db.host=octopus-1\ndb_host=octopus-2\n", false),
        ("a.json", r#"{"db": {"host": "octopus-1"}, "db.host": "octopus-2"}"#, true),
    ] {
        let run = push(&Bucket::versioned(), &[(path, contents)]).run().fails(2);
        let message = &error_of(&run).message;
        assert_eq!(message.contains("`separator`"), helps, "{message}");
        assert!(message.contains("Rename one of them in the file") && message.contains(&format!("`{path} = raw`")));
        assert!(!message.contains("`keys`"), "{message}");
        let step = push(&Bucket::versioned(), &[(path, contents)]);
        step.input("types", &format!("{path} = raw")).run().succeeds();
    }
}

#[test]
fn a_key_renamed_in_another_way_leads_to_the_right_one() {
    let bucket = published(&[(".env", ENV)]);
    for line in ["DB_HOST = X", "DB_HOST -> X", "DB_HOST=X", "DB_HOST: X", "DB_HOST as X", "api-key => X", "NOPE -> X"]
    {
        let message = error_of(&pull(&bucket).input("keys", line).run().fails(2)).message.clone();
        assert!(message.contains("(a new name is written `OLD | NEW`)"), "{line}: {message}");
        assert!(message.contains("To publish a key under another name, write `OLD | NEW`."), "{line}: {message}");
    }
}

#[test]
fn a_word_for_all_keys_or_none_leads_to_the_star() {
    let bucket = published(&[(".env", ENV)]);
    for (input, value, said) in [
        ("mask", "all\n!DB_HOST", "names all (write `*` for all keys), which"),
        ("mask", "ALL", "names ALL (write `*` for all keys), which"),
        ("mask", "none\nDB_HOST", "names none (this word stands alone), which"),
        ("keys", "all", "names all (write `*` for all keys), which"),
    ] {
        let message = error_of(&pull(&bucket).input(input, value).run().fails(2)).message.clone();
        assert!(message.contains(said) && message.contains("The line `*` matches all keys"), "{value:?}: {message}");
    }
    pull(&bucket).input("mask", "*\n!DB_HOST").not_secret(["db.shop.internal"]).run().succeeds();
    // A key of this name is one.
    pull(&published(&[(".env", "all=swordfish\n")])).input("mask", "all\n!B").run().succeeds();
}

#[test]
fn a_push_of_several_environments_says_in_one_notice_what_its_pulls_need() {
    let dev = "DB_HOST=octopus-1\nTOKEN=octopus-3\nPORT=5432\na.b=octopus-5\n";
    let prod = "DB_HOST=octopus-2\nTOKEN=octopus-4\nPORT=5432\na_b=octopus-6\n";
    let bucket = Bucket::versioned();
    let run = push(&bucket, &[("dev/.env", dev), ("prod/.env", prod)]).run().succeeds();
    assert_eq!(run.messages("warning"), Vec::<&str>::new());
    let [notice] = titled(&run, "Different values")[..] else { panic!("{:?}", run.annotations) };
    for part in ["different values (DB_HOST, TOKEN)", "\"a.b\"", "`files`", "`on-duplicate: last`"] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
    assert!(!notice.contains("PORT") && !notice.contains("octopus"), "{notice}");
    // Both ways out.
    pull(&bucket).run().fails(2);
    pull(&bucket).files(&["dev/.env"]).run().succeeds();
    pull(&bucket).input("on-duplicate", "last").run().succeeds();

    let run = push(&Bucket::versioned(), &[("dev/.env", "A=x1z\n"), ("prod/.env", "A=x1z\n")]).run().succeeds();
    assert!(titled(&run, "Different values").is_empty());
}

#[test]
fn outputs_that_differ_only_in_case_are_warned_of() {
    let bucket = published(&[(".env", "Token=swordfish\nTOKEN=octopus-2\n")]);
    let run = pull(&bucket).run().succeeds();
    let [warning] = titled(&run, "Outputs differ only in case")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains("Token by TOKEN"), "{warning}");
}

#[test]
fn a_file_of_no_known_form_has_no_keys() {
    let bucket = Bucket::versioned();
    let pem = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n";
    push(&bucket, &[("certs/ca.pem", pem)]).run().succeeds();
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.config_outputs(), BTreeMap::new());
    assert_eq!(run.file("certs/ca.pem"), pem);
}
