//! What the runner is told to hide in the log of the whole job.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cstore::format::Format;

use crate::harness::{Action, Bucket, Run};
use crate::runner_rules::command_reader::{self, Masker};
use crate::story::{published, pull, push, titled};

const ENV: &str = "PASSWORD=swordfish\nLOG_LEVEL=verbose-mode\nDEBUG=true\nPORT=8080\nSTAGE=production\nEMPTY=\n";

/// What the runner hides after the step.
fn masker(run: &Run) -> Masker {
    command_reader::read(run.stdout.as_bytes()).masker
}

#[test]
fn they_come_before_anything_else() {
    let run = pull(&published(&[(".env", ENV)])).run().succeeds();
    let is_mask = |line: &&str| line.starts_with("::add-mask::");
    let lines: Vec<_> = run.stdout.lines().collect();
    let masks = lines.iter().filter(|line| is_mask(line)).count();
    assert!(masks >= 2, "{}", run.stdout);
    assert!(lines[..masks].iter().all(is_mask), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn later_steps_cannot_print_a_value() {
    let bucket = published(&[(".env", ENV), ("a.json", r#"{"db": {"uri": "mysql://u:p%40ss@db"}, "pin": 123456}"#)]);
    let masker = masker(&pull(&bucket).run().succeeds());
    for value in ["swordfish", "verbose-mode", "mysql://u:p%40ss@db", "123456", &STANDARD.encode("swordfish")] {
        assert_eq!(masker.mask(&format!("<{value}>")), "<***>", "{value}");
    }
}

#[test]
fn a_number_is_hidden_as_the_restored_file_spells_it() {
    let bucket = published(&[("a.toml", "pin = 1_234_567\n"), ("b.json", r#"{"limit": 98765E4}"#)]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!((run.output("pin"), run.output("limit")), ("1234567", "98765e+4"));
    let masker = masker(&run);
    assert_eq!(masker.mask(&run.file("a.toml")), "pin = ***\n");
    assert_eq!(masker.mask(&run.file("b.json")), r#"{"limit": ***}"#);
}

#[test]
fn short_and_common_values_stay_readable_and_are_counted() {
    let bucket = published(&[(".env", ENV)]);
    let run = pull(&bucket).run().succeeds().says("4 values are too short or too common to mask").does_not_say("PORT");
    let text = "true 8080 production";
    assert_eq!(masker(&run).mask(text), text);

    let run = pull(&bucket).env("RUNNER_DEBUG", "1").run().succeeds();
    assert!(run.stdout.contains("::debug::not masked: DEBUG, EMPTY, PORT, STAGE"), "{}", run.stdout);
}

#[test]
fn a_value_of_several_lines_is_hidden_line_by_line_and_its_braces_are_not() {
    let json = "{\n  \"user\": \"shop-owner\",\n  \"key\": \"swordfish\"\n}";
    let pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nRg==\n-----END KEY-----";
    let bucket = published(&[(".env", &format!("ACCOUNT='{json}'\nKEY=\"{pem}\"\n"))]);
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.output("ACCOUNT"), json);
    assert_eq!(run.output("KEY"), pem);
    let masker = masker(&run);
    assert_eq!(masker.mask("MIIEvQIBADANBgkqhkiG"), "***");
    assert!(!masker.mask(r#"{"user":"shop-owner","key":"swordfish"}"#).contains("swordfish"));
    assert!(!masker.mask(json).contains("swordfish") && !masker.mask(json).contains("shop-owner"));
    assert_eq!(masker.mask("fn main() { }"), "fn main() { }");
}

/// A private key on several lines, and on one, as it stands in files that know no line ends.
const PEM: &str =
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----";

fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

/// Holds a pull of this one value to hiding each of these texts in a line of a later step.
fn hides<'a>(value: &str, texts: impl IntoIterator<Item = &'a str>) {
    let run = pull(&published(&[(".env", &format!("VALUE='{value}'\n"))])).run().succeeds();
    assert_eq!(run.output("VALUE"), value);
    let masker = masker(&run);
    for text in texts {
        assert_eq!(masker.mask(&format!("<{text}>")), "<***>", "{text} of {value}");
    }
}

#[test]
fn the_fields_of_a_json_value_are_hidden_one_by_one() {
    let account = format!(
        r#"{{"type":"service_account","password":"sword-fish","pin":123456,"private_key":"{}","of":{{"a":["in a list"]}}}}"#,
        one_line(PEM)
    );
    hides(&account, PEM.lines().chain(["service_account", "sword-fish", "123456", "in a list", &account]));
    let twice = serde_json::json!({ "account": account }).to_string();
    hides(&twice, PEM.lines().chain(["sword-fish"]));
    let run = pull(&published(&[(".env", &format!("VALUE='{account}'\n"))])).run().succeeds();
    assert_eq!(masker(&run).mask("password private_key"), "password private_key", "keys are no values");
}

#[test]
fn the_lines_of_a_value_that_is_printed_with_its_escapes_are_hidden() {
    hides(&one_line(PEM), PEM.lines());
    hides(&PEM.replace('\n', "\\r\\n"), PEM.lines());
    hides(r"sword\\fish\tand more", ["sword\\fish\tand more"]);
}

#[test]
fn the_text_that_base64_stands_for_is_hidden() {
    let config = "users:\n- name: deployer\n  user:\n    token: sword-fish.of-the-cluster\n";
    hides(&STANDARD.encode(config), ["- name: deployer", "sword-fish.of-the-cluster"]);
    let docker = format!(r#"{{"auths":{{"ghcr.io":{{"auth":"{}"}}}}}}"#, STANDARD.encode("deployer:sword-fish"));
    hides(&STANDARD.encode(docker), ["deployer:sword-fish"]);
    hides(&STANDARD.encode(PEM), PEM.lines());
}

#[test]
fn each_line_is_sent_by_itself_and_the_value_whole_for_runners_that_divide_nothing() {
    let run = pull(&published(&[(".env", &format!("KEY=\"{PEM}\"\n"))])).run().succeeds();
    assert_eq!(run.masks[0], PEM);
    for line in PEM.lines() {
        assert!(run.masks.iter().any(|mask| mask == line), "{line}");
    }
}

#[test]
fn what_cannot_be_masked_is_not_delivered_unless_its_key_is_excluded() {
    let fields: Vec<_> = (0..100_001).map(|number| format!("\"field-{number}\"")).collect();
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1.0.0").files(&[".env"]);
    step.repository_file(".env", format!("LARGE=[{}]\n", fields.join(","))).run().succeeds();
    let error = pull(&bucket).run().fails(2);
    let error = crate::story::error_of(&error);
    assert_eq!(error.title, "Masks");
    assert!(error.message.contains("100000") && error.message.contains("LARGE"), "{}", error.message);
    assert!(pull(&bucket).input("mask", "*\n!LARGE").run().succeeds().masks.is_empty());
}

/// A file as it was pushed, and what a later step must not print of it.
struct Unkeyed {
    path: &'static str,
    text: String,
    hidden: &'static [&'static str],
}

/// Files that hold values which no key leads to. Those that cannot be read were pushed as raw.
fn unkeyed() -> Vec<Unkeyed> {
    let case = |path, text: &str, hidden| Unkeyed { path, text: text.to_owned(), hidden };
    let long = "k".repeat(1_100);
    let long_key = format!(r#"{{"{long}": {{"a": ["toksecret1"]}}, "b": "toksecret2"}}"#);
    vec![
        case("list.json", r#"["toksecret1", {"pw": "toksecret2"}]"#, &["toksecret1", "toksecret2"]),
        case("text.json", r#""toksecret1""#, &["toksecret1"]),
        case("list.yaml", "- &a {user: toksecret1}\n- pw: toksecret2\n- *a\n", &["toksecret1", "toksecret2"]),
        case("text.yaml", "A=toksecret1\nB=toksecret2\n", &["toksecret1", "toksecret2"]),
        case("long.json", &long_key, &["toksecret1", "toksecret2"]),
        case("long.toml", &format!("{long} = \"toksecret1\"\n"), &["toksecret1"]),
        case(
            "several.yaml",
            "%YAML 1.2\n---\na: toksecret1\n--- # second\nb: [tok4444]\n...\n---\nc: {d: toksecret3\n",
            &["toksecret1", "tok4444", "toksecret3"],
        ),
        case("merged.yaml", "b: secret1\n<<: {c: secret2, b: {d: secret3}}\n", &["secret1", "secret2", "secret3"]),
        case("twice.json", r#"{"a": {"b": "secret1"}, "a": {}}"#, &["secret1"]),
        case("pieces.env", "KEY=begin12\nMFRGGZDFMZTWQ2LK\n", &["begin12", "MFRGGZDFMZTWQ2LK"]),
        case("broken.env", "A=secret1\nB=\"x\nC=secret2\n", &["secret1", "secret2"]),
        case("broken.json", r#"{"a": "secret1", "b": }"#, &["secret1"]),
        case("broken.yaml", "a: secret1\nb: {c: secret2\nd: {{ x }}\n", &["secret1", "secret2"]),
        case("broken.toml", "[a]\nb = 'secret1' # c\nb = \"secret2\"\n", &["secret1", "secret2"]),
    ]
}

#[test]
fn values_that_no_key_leads_to_are_hidden_as_well() {
    for Unkeyed { path, text, hidden } in unkeyed() {
        let bucket = Bucket::versioned();
        let step = Action::push(&bucket).version("v1.0.0").files(&[path]).repository_file(path, text);
        step.input("types", &format!("{path} = raw")).run().succeeds();
        let type_of = path.rsplit_once('.').map_or("", |(_, extension)| extension).replace("env", "dotenv");
        let pull = || pull(&bucket).input("types", &format!("{path} = {type_of}"));
        for mask in ["", "*"] {
            let masker = masker(&pull().input("mask", mask).run().succeeds());
            for text in hidden {
                assert_eq!(masker.mask(&format!("<{text}>")), "<***>", "{text} of {path} with mask {mask:?}");
            }
        }
        assert!(pull().input("mask", "none").run().succeeds().masks.is_empty(), "{path}");
        // As raw it is not read.
        assert!(self::pull(&bucket).run().succeeds().masks.is_empty(), "{path}");
    }
}

#[test]
fn a_file_without_keys_that_holds_more_than_can_be_masked_is_not_delivered_unless_it_is_raw() {
    let text = (0..=100_000).map(|number| format!("a line {number}\n")).collect::<String>();
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1.0.0").files(&["x.env"]).repository_file("x.env", text);
    step.input("types", "x.env = raw").run().succeeds();
    let run = pull(&bucket).input("types", "x.env = dotenv").run().fails(2);
    let error = crate::story::error_of(&run);
    assert!(error.message.contains("x.env") && error.message.contains("`types`"), "{}", error.message);
    pull(&bucket).run().succeeds();
}

#[test]
fn they_can_be_switched_off_or_narrowed() {
    let bucket = published(&[(".env", ENV)]);
    let none = pull(&bucket).input("mask", "none").run().succeeds().does_not_say("too short or too common");
    assert_eq!(none.masks, [""; 0]);

    let some = pull(&bucket).input("mask", "*\n!LOG_LEVEL").run().succeeds();
    assert_eq!(masker(&some).mask("swordfish verbose-mode"), "*** verbose-mode");

    let one = pull(&bucket).input("mask", "PASSWORD").run().succeeds();
    assert_eq!(one.masks, ["swordfish"]);
}

#[test]
fn a_slip_of_the_pen_lays_nothing_open() {
    let bucket = published(&[(".env", ENV)]);
    for slip in ["nonne", "PASWORD", "*_TOKEN\nPASWORD"] {
        let run = pull(&bucket).input("mask", slip).run().fails(2);
        run.says("The input `mask` names").says("which these files do not have");
    }
    // A pattern may well match in another environment only.
    pull(&bucket)
        .input("mask", "*_TOKEN")
        .not_secret(["swordfish", "verbose-mode"])
        .run()
        .succeeds()
        .says("Nothing is masked");
}

#[test]
fn an_exclusion_that_matches_no_key_is_told() {
    let bucket = published(&[(".env", ENV)]);
    let run = pull(&bucket).input("mask", "*\n!LOG_LEVL\n!PORT\n!*_MODE").run().succeeds();
    assert_eq!(titled(&run, "Input mask"), ["The input `mask` excludes keys that these files do not have: LOG_LEVL."]);
    assert_eq!(masker(&run).mask("swordfish verbose-mode"), "*** ***");
}

#[test]
fn values_that_are_not_published_are_hidden_too() {
    let bucket = published(&[("base.env", "TOKEN=of-the-base\n"), ("dev.env", "TOKEN=of-development\nB=left-out\n")]);
    let step = pull(&bucket).files(&["base.env", "dev.env"]).input("on-duplicate", "last").input("keys", "TOKEN\nC");
    let masker = masker(&step.input("defaults", "C=by-default").run().succeeds());
    for value in ["of-the-base", "of-development", "left-out", "by-default"] {
        assert_eq!(masker.mask(value), "***", "{value}");
    }
}

#[test]
fn what_formats_and_expansion_make_of_a_value_is_hidden_too() {
    let bucket = published(&[(".env", "PASSWORD=\"it's a \\$ecret\"\nURI=mysql://${PASSWORD}@db\n")]);
    // References, which are all that ecs-secrets takes, say nothing.
    for format in Format::NAMES.iter().copied().filter(|format| *format != "ecs-secrets") {
        let step = pull(&bucket).input("expand", "true").input("format", format).input("format-file", "out");
        let run = step.run().succeeds();
        let shown = masker(&run).mask(&run.file("out"));
        for part in ["a $ecret", "a \\$ecret", "mysql", &STANDARD.encode("it's a $ecret")] {
            assert!(!shown.contains(part), "{format}:\n{shown}");
        }
    }
}

#[test]
fn a_dry_run_sends_them_as_well() {
    let bucket = published(&[(".env", ENV)]);
    assert_eq!(masker(&pull(&bucket).input("dry-run", "true").run().succeeds()).mask("swordfish"), "***");
}

#[test]
fn a_push_says_no_value_at_all() {
    let bucket = Bucket::versioned();
    let run = push(&bucket, &[(".env", ENV)]).run().succeeds().does_not_say("swordfish");
    assert!(run.masks.is_empty());
    Action::pull(&bucket).version("^1").run().succeeds();
}
