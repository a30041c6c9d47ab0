//! `export-env`: values in the job's environment.

use std::collections::BTreeMap;

use crate::harness::{Bucket, shows};
use crate::story::{error_of, published, pull, titled};

fn exported(run: &crate::harness::Run) -> BTreeMap<&str, &str> {
    run.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn values_are_exported_when_asked_for() {
    let bucket = published(&[("a.json", r#"{"db": {"host": "db.internal"}, "PEM": "line one\nline two\n"}"#)]);
    assert!(pull(&bucket).run().succeeds().env_file.is_empty());
    let run = pull(&bucket).input("export-env", "true").input("output-case", "upper").run().succeeds();
    assert_eq!(exported(&run), BTreeMap::from([("DB_HOST", "db.internal"), ("PEM", "line one\nline two\n")]));
}

/// Names that would take over later steps.
const TAKING_OVER: [&str; 20] = [
    "PATH",
    "path",
    "LD_PRELOAD",
    "DYLD_INSERT_LIBRARIES",
    "NODE_OPTIONS",
    "BASH_ENV",
    "ENV",
    "IFS",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "RUBYOPT",
    "JAVA_TOOL_OPTIONS",
    "GIT_SSH_COMMAND",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "RUNNER_TEMP",
    "ACTIONS_RUNTIME_URL",
    "INPUT_COMMAND",
    "CI",
];

fn takeover() -> Bucket {
    let lines: String = TAKING_OVER.iter().map(|name| format!("{name}=value-of-{name}\n")).collect();
    published(&[(".env", &format!("DB_HOST=db.internal\n{lines}"))])
}

#[test]
fn names_that_take_over_later_steps_are_refused_with_a_warning() {
    let shown = shows("T4", "variables that take over later steps", "not exported, with a warning that names them");
    let run = pull(&takeover()).measured().input("export-env", "true").run().succeeds();
    assert_eq!(exported(&run), BTreeMap::from([("DB_HOST", "db.internal")]));
    let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
    for name in shown.each(TAKING_OVER) {
        assert!(warning.contains(&format!(" {name},")) || warning.contains(&format!(" {name}.")), "{name}: {warning}");
    }
    assert!(warning.contains("`allow-env`"), "{warning}");
    assert_eq!(run.output("LD_PRELOAD"), "value-of-LD_PRELOAD");
}

#[test]
fn names_can_be_allowed_one_by_one_except_what_the_runner_refuses() {
    let _shown = shows("T4", "patterns of such variables in `allow-env`", "code 2: names alone are taken, no patterns");
    let step =
        pull(&takeover()).measured().input("export-env", "true").input("allow-env", "PYTHONPATH\nNODE_OPTIONS\n");
    let run = step.run().succeeds();
    let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains("GitHub's runner itself refuses NODE_OPTIONS, whatever `allow-env` says"), "{warning}");
    let expected = BTreeMap::from([("DB_HOST", "db.internal"), ("PYTHONPATH", "value-of-PYTHONPATH")]);
    assert_eq!(exported(&run), expected);

    let step = pull(&takeover()).input("export-env", "true").input("allow-env", "PYTHONPATH\n LD_*\n");
    step.run().fails(2).says("`allow-env` cannot be used: LD_* is not a variable name").says("no patterns");
}

#[test]
fn what_is_set_already_can_be_left_alone() {
    let bucket = published(&[(".env", "DB_HOST=db.internal\nDB_NAME=shop-database\n")]);
    let step = || pull(&bucket).input("export-env", "true").env("DB_HOST", "db.of-the-job");
    let run =
        step().input("no-overwrite", "true").run().succeeds().says("Left as they are in the environment: DB_HOST");
    assert_eq!(exported(&run), BTreeMap::from([("DB_NAME", "shop-database")]));
    assert_eq!(run.output("DB_HOST"), "db.internal", "outputs are not the environment");
    assert_eq!(step().run().succeeds().env["DB_HOST"], "db.internal");

    // So the first of two steps counts.
    let first = pull(&bucket).input("export-env", "true").run().succeeds();
    let second = pull(&bucket).input("export-env", "true").input("no-overwrite", "true").after(&first).run().succeeds();
    assert!(second.env_file.is_empty());
}

#[test]
fn a_variable_has_an_underscore_for_what_cannot_stand_in_its_name() {
    let json = r#"{"api-key": "swordfish", "2fa": "octopus-1", "a.b": {"$c": "octopus-2"}, "": "octopus-3"}"#;
    let run = pull(&published(&[("a.json", json)])).input("export-env", "true").run().succeeds();
    let expected = [("api_key", "swordfish"), ("_2fa", "octopus-1"), ("a_b__c", "octopus-2"), ("_", "octopus-3")];
    assert_eq!(exported(&run), BTreeMap::from(expected));
    assert_eq!(run.messages("warning"), Vec::<&str>::new());
}

#[test]
fn keys_that_meet_in_a_variable_must_agree_there_before_anything_is_delivered() {
    let bucket = published(&[(".env", "api-key=swordfish\nB=octopus-1\napi_key=octopus-2\n")]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!((run.output("api-key"), run.output("api_key")), ("swordfish", "octopus-2"), "outputs have hyphens");
    for dry_run in ["false", "true"] {
        let run = pull(&bucket).input("export-env", "true").input("dry-run", dry_run).run().fails(2);
        let error = error_of(&run);
        let said = "The keys \"api-key\" (line 1 of .env) and \"api_key\" (line 3 of .env) both give the variable \
                    \"api_key\", with different values.";
        assert!(error.message.starts_with(said), "{error:?}");
        assert!(run.outputs.is_empty() && run.env_file.is_empty() && run.workspace.files().is_empty());
    }
    let run = pull(&bucket).input("export-env", "true").input("keys", "*\napi-key | API").run().succeeds();
    assert_eq!(exported(&run), BTreeMap::from([("API", "swordfish"), ("B", "octopus-1"), ("api_key", "octopus-2")]));
}

#[test]
fn no_spelling_of_a_key_gets_a_refused_name_into_the_environment() {
    let shown = shows("T4", "keys that become such a variable's name only there", "not exported, with a warning");
    for key in shown.each(["LD-PRELOAD", "LD.PRELOAD", "BASH ENV", "NODE$OPTIONS", "GIT/SSH/COMMAND"]) {
        let bucket = published(&[("a.json", &format!(r#"{{"{key}": "swordfish"}}"#))]);
        let run = pull(&bucket).measured().input("export-env", "true").run().succeeds();
        assert!(run.env_file.is_empty(), "{key}: {:?}", run.env);
        assert_eq!(titled(&run, "Not exported").len(), 1, "{key}");
    }
    // What is set already is known by the variable's name, too.
    let bucket = published(&[(".env", "DB-HOST=swordfish\n")]);
    let step = pull(&bucket).input("export-env", "true").input("no-overwrite", "true").env("DB_HOST", "db.internal");
    assert!(step.run().succeeds().env_file.is_empty());
}

/// Names by which a config file could have the requests and tokens of later steps, or their place.
const HANDING_OVER: [&str; 28] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "NO_PROXY",
    "AWS_CA_BUNDLE",
    "AWS_DATA_PATH",
    "AWS_ENDPOINT_URL_STS",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "REQUESTS_CA_BUNDLE",
    "CURL_HOME",
    "KUBECONFIG",
    "TF_CLI_CONFIG_FILE",
    "YARN_RC_FILENAME",
    "PIP_INDEX_URL",
    "CARGO_HOME",
    "npm_config_registry",
    "COR_PROFILER_PATH",
    "CSTORE_RELEASES",
    "GOPROXY",
    "DOCKER_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GH_HOST",
    "RM",
    "VCTargetsPath",
    "SOPS_AGE_KEY_CMD",
    "GST_PLUGIN_PATH",
];

#[test]
fn names_that_hand_over_the_jobs_identity_are_refused_with_a_warning() {
    let shown = shows(
        "T22",
        "variables that send a later step's requests elsewhere, have it trust others, or change who it is",
        "not exported, with a warning that names them",
    );
    let lines: String = HANDING_OVER.iter().map(|name| format!("{name}=value-of-{name}\n")).collect();
    let bucket = published(&[(".env", &format!("DB_HOST=db.internal\n{lines}"))]);
    // A warning names twenty.
    for names in shown.each(HANDING_OVER).collect::<Vec<_>>().chunks(12) {
        let keys = format!("DB_HOST\n{}", names.join("\n"));
        let run = pull(&bucket).measured().input("export-env", "true").input("keys", &keys).run().succeeds();
        assert_eq!(exported(&run), BTreeMap::from([("DB_HOST", "db.internal")]));
        let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
        for name in names {
            assert!(warning.contains(name), "{name}: {warning}");
        }
    }
}

#[test]
fn a_region_that_is_another_host_is_not_exported() {
    let _shown =
        shows("T22", "a region whose name makes a host name of another's", "not exported, whatever `allow-env` says");
    let bucket = published(&[(".env", "AWS_REGION=x@evil.example/#\nAWS_DEFAULT_REGION=eu-central-1\n")]);
    let run = pull(&bucket).measured().input("export-env", "true").input("allow-env", "AWS_REGION").run().succeeds();
    assert_eq!(exported(&run), BTreeMap::from([("AWS_DEFAULT_REGION", "eu-central-1")]));
    let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains("AWS_REGION"), "{warning}");
}

#[test]
fn without_names_in_keys_a_notice_says_who_chooses_them() {
    let shown =
        shows("T22", "`export-env` without `keys`, or with patterns there", "a notice says who chooses the names");
    let bucket = published(&[(".env", "DB_HOST=db.internal\nDB_NAME=shop-database\n")]);
    let step = || pull(&bucket).input("export-env", "true");
    for open in shown.each(["", "*", "!DB_NAME", "DB_HOST\n**", "*_*", "DB_*"]) {
        let run = step().input("keys", open).run().succeeds();
        assert_eq!(titled(&run, "Exported names").len(), 1, "{open}");
    }
    for named in ["DB_HOST", "DB_HOST\nDB_NAME | NAME"] {
        assert!(titled(&step().input("keys", named).run().succeeds(), "Exported names").is_empty(), "{named}");
    }
    assert!(titled(&pull(&bucket).run().succeeds(), "Exported names").is_empty());
}

#[test]
fn the_summary_lists_the_names_that_were_exported() {
    let _shown = shows("T22", "what `export-env` has set", "the summary lists the names");
    let bucket = published(&[(".env", "DB_HOST=db.internal\nPATH=/tmp/evil\nSET=by-the-file\n")]);
    let step = || pull(&bucket).input("no-overwrite", "true").env("SET", "by-the-job");
    let run = step().input("export-env", "true").run().succeeds();
    let (_, listed) = run.summary.split_once("| variable of later steps |\n| --- |\n").expect("a table of variables");
    assert_eq!(listed, "| `DB_HOST` |\n\n");
    assert!(!pull(&bucket).run().succeeds().summary.contains("variable of later steps"));
}

/// The most bytes of one variable, with its name, `=` and the NUL at its end: Linux's MAX_ARG_STRLEN.
const LARGEST: usize = 128 * 1024;

fn file_of(values: &[(&str, usize)]) -> String {
    values.iter().map(|(name, size)| format!("{name}={}\n", "x".repeat(size - name.len() - 2))).collect()
}

/// A bucket with one file of such variables. They are nobody's secrets.
fn sized(values: &[(&str, usize)]) -> Bucket {
    let bucket = Bucket::versioned();
    let step = crate::harness::Action::push(&bucket).version(crate::story::VERSION).files(&[".env"]);
    step.repository_file(".env", file_of(values)).run().succeeds();
    bucket
}

#[test]
fn a_value_with_which_no_later_step_could_start_is_not_exported() {
    let bucket = sized(&[("A", LARGEST), ("LARGE", LARGEST + 1), ("Z", 100)]);
    let run = pull(&bucket).input("export-env", "true").run().succeeds();
    assert_eq!(exported(&run).into_keys().collect::<Vec<_>>(), ["A", "Z"]);
    let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains(": LARGE.") && warning.contains("128 KiB"), "{warning}");
    assert_eq!(run.output("LARGE").len(), LARGEST + 1 - "LARGE".len() - 2);

    // The system itself says so.
    let start = |size: usize| std::process::Command::new("true").env("A", "x".repeat(size - "A=\0".len())).status();
    assert!(start(LARGEST).is_ok() && start(LARGEST + 1).is_err());
}

#[test]
fn what_would_take_the_environment_past_a_mebibyte_is_not_exported() {
    let values: Vec<_> = (0..9).map(|n| format!("V{n}")).collect();
    let values: Vec<_> = values.iter().map(|name| (name.as_str(), 120 * 1024)).collect();
    let bucket = sized(&[&values[..], &[("TINY", 100)]].concat());
    let step = || pull(&bucket).input("export-env", "true");
    let run = step().run().succeeds();
    let names = |run: &crate::harness::Run| run.env.keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&run), "TINY V0 V1 V2 V3 V4 V5 V6 V7");
    let [warning] = titled(&run, "Not exported")[..] else { panic!("{:?}", run.annotations) };
    assert!(warning.contains(": V8.") && warning.contains("1 MiB"), "{warning}");

    // What the job has counts, and what is replaced does not.
    let job = "x".repeat(100 * 1024);
    let run = step().env("OF_THE_JOB", &job).env("V0", &job).run().succeeds();
    assert_eq!(names(&run), "TINY V0 V1 V2 V3 V4 V5 V6");
    let again = step().after(&run).env("OF_THE_JOB", &job).run().succeeds();
    assert_eq!(names(&again), names(&run));
}
