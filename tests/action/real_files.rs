//! Files as real projects have them: each is pushed and pulled by a step that sets nothing else, and what comes of it is
//! what most readers of such files give. To add one, add a row to the table of its kind.

use crate::harness::{Action, Bucket, Run};
use crate::story::{VERSION, error_of, pull, titled};

/// A file, and what becomes of it.
struct Row {
    path: &'static str,
    contents: &'static [u8],
    /// The input `types` of push and pull.
    types: &'static str,
    outcome: Outcome,
}

enum Outcome {
    /// It is pushed, and these are all outputs of the pull.
    Keys(&'static [(&'static str, &'static str)]),
    /// It is pushed and restored byte for byte, and has no keys; neither step has anything to say of it.
    Raw,
    /// The push is refused with code 2 at this line, and says these words.
    Refused(u32, &'static [&'static str]),
}

use Outcome::{Keys, Raw, Refused};

const fn row(path: &'static str, contents: &'static str, outcome: Outcome) -> Row {
    Row { path, contents: contents.as_bytes(), types: "", outcome }
}

/// A step of a workflow that names the file and nothing else, and how it is read.
fn step(command: &str, bucket: &Bucket, row: &Row) -> Action {
    // A line that begins with `!` would leave it out.
    let line = row.path.strip_prefix('!').map_or_else(|| row.path.to_owned(), |rest| format!("{{!}}{rest}"));
    Action::new(bucket).input("command", command).version(VERSION).files(&[&line]).input("types", row.types)
}

fn check(rows: &[Row]) {
    for row in rows {
        let bucket = Bucket::versioned();
        let push = step("push", &bucket, row).workspace_file(row.path, row.contents).run();
        match row.outcome {
            Refused(line, words) => {
                let run = words.iter().fold(push.fails(2), |run, words| run.says(words));
                let error = error_of(&run);
                assert_eq!((error.file.as_deref(), error.line), (Some(row.path), Some(line)), "{error:?}");
                assert!(bucket.keys().is_empty(), "{}: {:?}", row.path, bucket.keys());
            }
            Keys(expected) => {
                push.succeeds();
                assert_restored(&step("pull", &bucket, row).run().succeeds(), row, expected);
            }
            Raw => {
                let push = push.succeeds();
                // That is about a file's name, and not what it is.
                let said = push.annotations.iter().filter(|annotation| annotation.title != "Files to be named");
                assert_eq!(said.count(), 0, "{}: {:?}", row.path, push.annotations);
                let run = step("pull", &bucket, row).run().succeeds();
                assert!(run.annotations.is_empty(), "{}: {:?}", row.path, run.annotations);
                assert_restored(&run, row, &[]);
            }
        }
    }
}

fn assert_restored(run: &Run, row: &Row, outputs: &[(&str, &str)]) {
    let given: Vec<_> = run.config_outputs().into_iter().collect();
    assert_eq!(given, outputs, "{}", row.path);
    assert_eq!(run.workspace.read(row.path), row.contents, "{}", row.path);
}

#[test]
fn names_of_dotenv_files_are_known() {
    const SAME: &str = "DB_PASSWORD=hunter2hunter2\n";
    const READ: Outcome = Keys(&[("DB_PASSWORD", "hunter2hunter2")]);
    check(&[
        row("prod.env.example", SAME, READ),
        row("env.example", SAME, READ),
        row(".env-prod", SAME, READ),
        row(".flaskenv", SAME, READ),
        row("prod.env.bak", SAME, READ),
        row("config/.env.local", SAME, READ),
    ]);
}

#[test]
fn names_that_say_what_else_a_file_is_are_not_those_of_dotenv_files() {
    check(&[
        row(".env.patch", "diff --git a/.env b/.env\nindex 1..2\n", Raw),
        row(".env.sh", "set -e\n. ./other\n", Raw),
        row(".env.d.ts", "declare module 'x' {\n}\n", Raw),
        row(".env.example.md", "# Settings\n\nSee there\n", Raw),
        row(".env.php", "<?php return array(\n", Raw),
        row(".env.j2", "{% if x %}\nA=1\n{% endif %}\n", Raw),
        row(".env.json", "{\"A\": \"of-the-json-file\"}", Keys(&[("A", "of-the-json-file")])),
    ]);
}

#[test]
fn a_file_that_is_no_config_says_what_it_looks_like_and_how_it_is_stored() {
    check(&[
        row(
            "chart/configmap.yaml",
            "{{- if .Values.x }}\na: b\n{{- end }}\n",
            Refused(1, &["looks like a template", "`{{`", "`chart/configmap.yaml = raw`", "`types`"]),
        ),
        row(
            "application.yml",
            "spring:\n  profiles.active: @envName@\n",
            Refused(2, &["@name@", "`application.yml = raw`"]),
        ),
        Row {
            contents: b"\0GITCRYPT\0\xca\x9b\xff",
            ..row(".env", "", Refused(1, &["encrypted with git-crypt", "`.env = raw`"]))
        },
        Row { contents: b"\xff\xfeA\0=\x001\0", ..row("win.env", "", Refused(1, &["UTF-16", "`win.env = raw`"])) },
        row(
            "vault.yml",
            "$ANSIBLE_VAULT;1.1;AES256\n  : [\n",
            Refused(2, &["encrypted with Ansible Vault", "`vault.yml = raw`"]),
        ),
    ]);
}

#[test]
fn a_file_that_can_be_read_though_it_is_encrypted_is_warned_of_by_push_and_pull() {
    const SOPS: &str = "ENC[AES256_GCM,data:Zm9vYmFy,iv:aXY=,tag:dGFn,type:str]";
    let sops = [
        ("a.yaml", format!("db:\n  password: {SOPS}\nsops:\n  version: 3.9.0\n")),
        ("a.json", format!("{{\"password\": \"{SOPS}\", \"sops\": {{\"version\": \"3.9.0\"}}}}")),
        ("a.env", format!("PASSWORD={SOPS}\nsops_version=3.9.0\n")),
    ];
    let others = [
        ("vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n66386439653236336462\n", "Ansible Vault"),
        ("inline.yml", "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  66386439653236336462\n", "Ansible Vault"),
        ("eyaml.yaml", "a: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\n", "hiera-eyaml"),
        ("x.env", "DOTENV_PUBLIC_KEY=\"034af93e93708b994c10\"\nA=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\n", "dotenvx"),
    ];
    let all = sops.iter().map(|(path, text)| (*path, text.as_str(), "SOPS")).chain(others);
    for (path, text, tool) in all {
        let bucket = Bucket::versioned();
        let push = |types: &str| {
            let step = Action::push(&bucket).version(VERSION).files(&[path]).input("types", types);
            step.workspace_file(path, text).input("overwrite", "true").run().succeeds()
        };
        for run in [push(""), pull(&bucket).run().succeeds()] {
            let [warning] = titled(&run, "Encrypted file")[..] else { panic!("{path}: {:?}", run.annotations) };
            assert!(warning.starts_with(&format!("{path} is encrypted with {tool}, ")), "{warning}");
            assert!(warning.contains(&format!("`{path} = raw`")), "{warning}");
            assert!(
                titled(&run, "Config file").iter().all(|other| !other.contains("not a map")),
                "{:?}",
                run.annotations
            );
        }
        let rule = format!("{path} = raw");
        for run in [push(&rule), pull(&bucket).input("types", &rule).run().succeeds()] {
            assert!(titled(&run, "Encrypted file").is_empty(), "{path}: {:?}", run.annotations);
        }
    }
    check(&[row("a.env", "A='see ENC[AES256_GCM, in the docs'\n", Keys(&[("A", "see ENC[AES256_GCM, in the docs")]))]);
}

#[test]
fn a_file_that_is_no_config_is_stored_as_it_is_when_types_says_so() {
    check(&[
        Row { types: "**/*.yaml = raw", ..row("chart/configmap.yaml", "{{- if .Values.x }}\na: b\n{{- end }}\n", Raw) },
        Row {
            types: "application.yml = RAW",
            ..row("application.yml", "spring:\n  profiles.active: @envName@\n", Raw)
        },
        Row { types: ".env = raw", contents: b"\0GITCRYPT\0\xca\x9b\xff", ..row(".env", "", Raw) },
        // As the error of a push says it.
        Row { types: "{!}z.env = raw", ..row("!z.env", "A='open\n", Raw) },
        Row { types: "c.json = raw", ..row("c.json", r#"{"a": "xxxxxx\u0000yyyyyy"}"#, Raw) },
    ]);
}

#[test]
fn types_says_how_a_file_is_read_whatever_its_name() {
    check(&[
        Row { types: "settings = dotenv", ..row("settings", "A=of-the-settings\n", Keys(&[("A", "of-the-settings")])) },
        Row {
            types: "**/* = raw\na/*.conf = Yaml",
            ..row("a/b.conf", "a: {b: of-the-settings}\n", Keys(&[("a_b", "of-the-settings")]))
        },
        Row {
            types: "x.toml = json",
            ..row("x.toml", r#"{"a": "of-the-settings"}"#, Keys(&[("a", "of-the-settings")]))
        },
    ]);
}

#[test]
fn a_value_that_nothing_can_deliver_is_refused_at_the_push() {
    check(&[
        row("c.json", r#"{"a": "xxxxxx\u0000yyyyyy"}"#, Refused(1, &["\"a\"", "NUL", "`c.json = raw`"])),
        row("c.yaml", "b: 1\na: \"xxxxxx\\0yyyyyy\"\n", Refused(2, &["\"a\"", "NUL", "`c.yaml = raw`"])),
        row("c.toml", "[t]\na = \"xxxxxx\\u0000yyyyyy\"\n", Refused(2, &["\"t_a\"", "NUL", "`c.toml = raw`"])),
    ]);
}

#[test]
fn all_broken_files_are_named_in_one_run_each_at_its_line() {
    let files = [
        ("svc/a.json", "{,}", 1),
        ("svc/b.toml", "x", 1),
        ("svc/c.yaml", "a: 1\nb: [1\nc: 2\n", 3),
        ("svc/d.json", r#"{"a": "xxxxxx\u0000yyyyyy", "b": "zzzzzz\u0000"}"#, 1),
    ];
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version(VERSION).files(&["svc/**"]).workspace_file("svc/good.env", "A=1\n");
    let step = files.iter().fold(step, |step, (path, contents, _)| step.workspace_file(path, contents));
    let run = step.run().fails(2);
    let errors: Vec<_> = run.annotations.iter().filter(|annotation| annotation.level == "error").collect();
    let places: Vec<_> = errors.iter().map(|error| (error.file.as_deref().unwrap(), error.line.unwrap())).collect();
    let expected: Vec<_> = files.iter().map(|(path, _, line)| (*path, *line)).chain([("svc/d.json", 1)]).collect();
    assert_eq!(places, expected);
    for (error, (path, _)) in errors.iter().zip(expected) {
        assert!(error.message.contains(&format!("`{path} = raw`")), "{error:?}");
    }
    assert!(bucket.keys().is_empty());
}

#[test]
fn more_broken_files_than_github_shows_are_summed_up() {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version(VERSION).files(&["*.json"]);
    let step = (10..25).fold(step, |step, n| step.workspace_file(&format!("{n}.json"), "{,}"));
    let run = step.run().fails(2);
    let errors: Vec<_> = run.annotations.iter().filter(|annotation| annotation.level == "error").collect();
    assert_eq!(errors.len(), 10);
    assert_eq!(errors[8].file.as_deref(), Some("18.json"));
    assert!((19..25).all(|n| errors[9].message.contains(&format!("{n}.json:1: "))), "{:?}", errors[9]);
    // The sum has an end, the log has none.
    let long = "x".repeat(180);
    let step = Action::push(&bucket).version(VERSION).files(&["**/*.json"]);
    let step = (10..50).fold(step, |step, n| step.workspace_file(&format!("{long}/{n}.json"), "\n{,}"));
    let run = step.run().fails(2);
    let lines = run.printed();
    assert!((19..50).all(|n| lines.lines().any(|line| line.starts_with(&format!("{long}/{n}.json:2: ")))), "{lines}");
}

#[test]
fn a_line_of_types_that_matches_no_file_is_a_warning_of_both_commands() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version(VERSION).files(&[".env"]).workspace_file(".env", "A=of-the-file\n");
    for step in [push, pull(&bucket)] {
        let run = step.input("types", "x.yaml = raw\n.env = dotenv\nconf/** = raw").run().succeeds();
        let warnings = titled(&run, "Input types");
        assert!(warnings.len() == 1 && warnings[0].contains("x.yaml, conf/**"), "{:?}", run.annotations);
    }
}

#[test]
fn a_line_of_types_that_is_a_folder_is_advised_to_be_written_as_a_pattern_also_beside_a_broken_file() {
    let push = |types: &str| {
        let step = Action::push(&Bucket::versioned()).version(VERSION).files(&["**"]).input("types", types);
        step.workspace_file("helm/values.yaml", "a: [\n").workspace_file("a.env", "A=1\n").run()
    };
    for broken in ["helm = raw", "helm = raw\na.env = raw"] {
        let run = push(broken).fails(2);
        let message = &error_of(&run).message;
        assert!(
            message.contains("match no file of this step: helm. For all files below the folder helm write `helm/**`."),
            "{message}"
        );
    }
    push("helm/** = raw").succeeds();
    let run = push("helm/** = raw\nhelm = raw").succeeds();
    assert!(titled(&run, "Input types")[0].contains("`helm/**`"), "{:?}", run.annotations);
    push("\"helm/*\" = raw").fails(2).says("quotes around its pattern");
}

#[test]
fn a_pull_whose_values_cannot_be_read_names_what_wants_them_and_the_line_of_types() {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version(VERSION).files(&["x.txt"]).input("types", "x.txt = raw");
    step.workspace_file("x.txt", "A='open\n").run().succeeds();
    let pull = || pull(&bucket).input("types", "x.txt = dotenv");
    let message = |step: Action| error_of(&step.run().fails(2)).message.clone();
    let without_files = message(pull().input("restore-files", "false"));
    assert!(without_files.contains("Without `restore-files: false` a pull still restores it"), "{without_files}");
    assert!(without_files.contains("remove the line of `types`"), "{without_files}");
    let all = message(pull().input("restore-files", "false").input("keys", "*").input("export-env", "true"));
    assert!(all.contains("Without `keys`, `export-env` and `restore-files: false`"), "{all}");
    pull().run().succeeds();
}

#[test]
fn a_line_of_types_that_cannot_be_used_is_refused_with_the_words_that_can() {
    let bucket = Bucket::missing();
    let step = |types: &str| Action::push(&bucket).version(VERSION).files(&[".env"]).input("types", types);
    let words = "dotenv, json, yaml, toml, raw";
    step("a = raw\n.env = yml").run().fails(2).says("line 2").says("\"yml\"").says(words).says("Input types");
    step("a.yaml = raw, b.yaml = raw").run().fails(2).says("several rules").says("one PATTERN = TYPE per line");
    step("a.yaml").run().fails(2).says("PATTERN = TYPE");
    pull(&bucket).input("types", "a").run().fails(2).says("line 1");
}

#[test]
fn a_pulls_types_comes_before_what_the_push_recorded() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version(VERSION).files(&["app.yaml"]).input("types", "app.yaml = raw");
    let digest =
        push.workspace_file("app.yaml", "a: of-the-file\n").run().succeeds().output("config-digest").to_owned();
    // The push decided that it has no keys.
    assert!(pull(&bucket).run().succeeds().config_outputs().is_empty());
    let read = |step: Action| step.run().succeeds().output("a").to_owned();
    assert_eq!(read(pull(&bucket).input("types", "app.yaml = yaml")), "of-the-file");
    // With a digest the recorded type does not count, and what this input says needs no notice.
    assert_eq!(read(pull(&bucket).input("digest", &digest)), "of-the-file");
    let run = pull(&bucket).input("digest", &digest).input("types", "*.yaml = raw").run().succeeds();
    assert!(run.config_outputs().is_empty() && run.annotations.is_empty(), "{:?}", run.annotations);
}

#[test]
fn a_type_that_is_asked_for_is_recorded_although_the_content_is_the_same() {
    let bucket = Bucket::versioned();
    let push = |types: &str| {
        let step = Action::push(&bucket).version("head").input("update-catalog", "true").files(&["app.yaml"]);
        step.workspace_file("app.yaml", "a: of-the-file\n").input("types", types).run().succeeds()
    };
    let pulled = || Action::pull(&bucket).version("head").run().succeeds().config_outputs().len();
    push("");
    assert_eq!(pulled(), 1);
    assert_eq!(push("app.yaml = raw").output("config-changed"), "true");
    assert_eq!(pulled(), 0);
    // What is not asked for is left as it is.
    assert_eq!(push("app.yaml = raw").output("config-changed"), "false");
    assert_eq!(push("").output("config-changed"), "false");
    assert_eq!(pulled(), 0);
    // Of a version it is a difference like any other setting.
    let version = |types: &str| {
        let step = Action::push(&bucket).version(VERSION).files(&["app.yaml"]).input("types", types);
        step.workspace_file("app.yaml", "a: of-the-file\n").run()
    };
    version("app.yaml = raw").succeeds();
    version("").succeeds();
    version("app.yaml = yaml").fails(4).says("the type of app.yaml differs");
}

#[test]
fn the_catalogs_type_comes_before_the_name_and_after_types() {
    let bucket = Bucket::versioned();
    let catalog = |word: &str| format!("version: v4\ncontext: shop\nfiles:\n- path: app.json\n  type: {word}\n");
    for (number, word) in ["raw", "other", "text", "file", "bin", "binary", "none"].into_iter().enumerate() {
        let version = format!("v1.0.{number}");
        let step = || Action::new(&bucket).version(&version).repository_file("cstore.yml", catalog(word));
        step().input("command", "push").workspace_file("app.json", "{\"a\": \"of-the-file\",,}").run().succeeds();
        // Here the manifest alone says it.
        let run = Action::pull(&bucket).version(&version).run().succeeds();
        assert!(run.config_outputs().is_empty() && run.annotations.is_empty(), "{word}: {:?}", run.annotations);
        assert_eq!(bucket.get(&format!("shop/.cstore/versions/{version}.json")).json()["files"][0]["type"], "raw");
        step().input("types", "app.json = dotenv").version("v2").input("command", "push").run().fails(6);
    }
    // It is merely the extension, as the Go tool writes it, so the name decides.
    let step = Action::push(&bucket).version("v3").repository_file("cstore.yml", catalog("json"));
    step.workspace_file("app.json", "{,}").run().fails(2).says("app.json");
}
