//! JSON, YAML and TOML files as real projects have them: what a push says of them, and what a pull gives and says.

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, pull, titled};

/// Pushes and pulls one file, which comes back byte for byte: the outputs, and the warnings of push and pull.
fn through(path: &str, contents: &str) -> (Vec<(String, String)>, [Vec<String>; 2]) {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version(VERSION).files(&[path]).workspace_file(path, contents);
    let pushed = step.run().succeeds();
    let pulled = pull(&bucket).run().succeeds();
    assert_eq!(pulled.workspace.read(path), contents.as_bytes());
    let warnings = [&pushed, &pulled].map(|run| titled(run, "Config file").into_iter().map(str::to_owned).collect());
    (pulled.config_outputs().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), warnings)
}

fn pairs(outputs: &[(&str, &str)]) -> Vec<(String, String)> {
    outputs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_bracket_may_close_at_its_keys_indentation() {
    let compose = "services:\n  web:\n    healthcheck:\n      test: [\n        \"CMD-SHELL\", \"curl -f x\"\n      ]\n      retries: 5\n";
    let (outputs, warnings) = through("healthcheck.yml", compose);
    let healthcheck = |part: &str| format!("services_web_healthcheck_{part}");
    let expected = [("retries", "5"), ("test_0", "CMD-SHELL"), ("test_1", "curl -f x")];
    assert_eq!(outputs, expected.map(|(part, value)| (healthcheck(part), value.to_owned())));
    assert_eq!(warnings, [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn a_document_end_at_the_end_begins_no_second_document() {
    for contents in ["a: x1z\n---\n", "a: x1z\n...\n", "---\na: x1z\n--- # end\n\n"] {
        assert_eq!(
            through("values.yaml", contents),
            (pairs(&[("a", "x1z")]), [Vec::new(), Vec::new()]),
            "{contents:?}"
        );
    }
}

#[test]
fn several_documents_are_kept_without_keys_and_push_and_pull_say_so() {
    let (outputs, warnings) = through("application.yml", "a: x1z\n---\nb: y1z\n");
    assert_eq!(outputs, []);
    for said in warnings {
        assert_eq!(said.len(), 1, "{said:?}");
        for words in ["application.yml", "several YAML documents", "line 2", "no keys", "`types`"] {
            assert!(said[0].contains(words), "{said:?}");
        }
    }
}

#[test]
fn an_unknown_tag_is_named_at_the_push_alone() {
    let (outputs, [pushed, pulled]) = through("values.yaml", "a: !override [x1z]\nb: !Sub y1z\n");
    assert_eq!(outputs, pairs(&[("a_0", "x1z"), ("b", "y1z")]));
    assert!(pushed.len() == 1 && pushed[0].contains("\"!override\" on line 1, \"!Sub\" on line 2"), "{pushed:?}");
    assert_eq!(pulled, Vec::<String>::new());
}

#[test]
fn comments_and_commas_at_the_end_of_json_are_read() {
    let contents = "{\n  // levels\n  \"Logging\": { \"Level\": \"Info1\", } /* x */\n}\n";
    let none = [Vec::new(), Vec::new()];
    assert_eq!(through("appsettings.json", contents), (pairs(&[("Logging_Level", "Info1")]), none));
}

#[test]
fn of_a_key_twice_in_json_the_last_value_counts_with_a_warning_that_names_its_lines() {
    let (outputs, warnings) =
        through("c.json", "{\n\"a\": {\"b\": \"old-value\"},\n\"a\": {\"c\": \"new-value\"}\n}\n");
    assert_eq!(outputs, pairs(&[("a_c", "new-value")]));
    for said in warnings {
        assert!(said.len() == 1 && said[0].contains("a is set more than once (lines 2 and 3)"), "{said:?}");
    }
}

#[test]
fn nested_keys_that_become_one_are_both_named_with_the_remedy() {
    let contents = "{\"a_b\": \"x1zx1z\",\n \"a\": {\"b\": \"y1zy1z\"}}\n";
    let push = |separator: &str| {
        let step = Action::push(&Bucket::versioned()).version(VERSION).files(&["appsettings.json"]);
        step.workspace_file("appsettings.json", contents).input("separator", separator).run()
    };
    push("_")
        .fails(2)
        .says("line 2")
        .says(r#""a_b" (line 1) and "a" › "b" both become the key "a_b""#)
        .says("`separator`");
    push("__").succeeds();
}
