//! What is written about the module, compared with the module.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::policies::planned;
use crate::terraform::{MODULE, terraform};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The blocks of a kind, `variable` or `output`, in a file of the module: name, description, and default as written.
fn blocks(file: &str, kind: &str) -> Vec<(String, String, Option<String>)> {
    let text = fs::read_to_string(Path::new(MODULE).join(file)).unwrap();
    let quoted = |text: &str| text.trim().trim_matches('"').replace("\\\"", "\"");
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix(&format!("{kind} \"")) {
            found.push((name.split('"').next().unwrap().to_owned(), String::new(), None));
        } else if let Some((name, value)) = line.strip_prefix("  ").and_then(|line| line.split_once('=')) {
            let Some(block) = found.last_mut() else { continue };
            match name.trim_end() {
                "description" => block.1 = quoted(value),
                "default" => block.2 = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn the_guide_lists_every_variable() {
    let rows = blocks("variables.tf", "variable").into_iter().map(|(name, description, default)| {
        let default = default.map_or_else(|| "required".to_owned(), |default| format!("`{default}`"));
        format!("| `{name}` | {default} | {description} |\n")
    });
    let expected = format!("| variable | default | meaning |\n| --- | --- | --- |\n{}\n", rows.collect::<String>());
    // Followed by an empty line: a row too many would come before it.
    let guide = format!("{}\n", read("infrastructure/README.md"));
    assert!(guide.contains(&expected), "infrastructure/README.md should hold:\n{expected}");
}

#[test]
fn the_guide_lists_every_output() {
    let rows = blocks("output.tf", "output").into_iter().map(|(name, text, _)| format!("| `{name}` | {text} |\n"));
    let expected = format!("| output | meaning |\n| --- | --- |\n{}\n", rows.collect::<String>());
    // Followed by an empty line: a row too many would come before it.
    let guide = format!("{}\n", read("infrastructure/README.md"));
    assert!(guide.contains(&expected), "infrastructure/README.md should hold:\n{expected}");
}

/// Those who set up the bucket without terraform get the very policies that it makes.
#[test]
#[ignore = "needs terraform"]
fn the_policies_to_set_by_hand_are_those_of_the_module() {
    let terraform = terraform();
    let planned = planned(&terraform, "documented");
    let mut expected: Vec<(&str, Value)> = [
        ("the puller's trust", "aws_iam_role.puller[\"puller\"]", "assume_role_policy"),
        ("the pusher's trust", "aws_iam_role.pusher[\"pusher\"]", "assume_role_policy"),
        ("the puller's policy", "aws_iam_role_policy.puller[\"puller\"]", "policy"),
        ("the pusher's policy", "aws_iam_role_policy.pusher[\"pusher\"]", "policy"),
        ("the key's policy", "aws_kms_key.store", "policy"),
        ("the bucket's policy", "aws_s3_bucket_policy.store", "policy"),
    ]
    .map(|(what, address, field)| (what, serde_json::from_str(planned[address][field].as_str().unwrap()).unwrap()))
    .into();
    for block in read("docs/setup.md").split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let written: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error} in\n{block}"));
        let place = expected.iter().position(|(_, policy)| same(policy, &written));
        let place = place.unwrap_or_else(|| panic!("this is none of the module's policies:\n{block}"));
        expected.remove(place);
    }
    let missing: Vec<_> = expected.iter().map(|(what, policy)| format!("{what}:\n{policy:#}")).collect();
    assert!(missing.is_empty(), "docs/setup.md should hold {}", missing.join("\n"));
}

/// Lists of a policy have no order.
fn same(one: &Value, other: &Value) -> bool {
    sorted(one) == sorted(other)
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(sorted).collect();
            items.sort_by_key(ToString::to_string);
            Value::Array(items)
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields.into_iter().collect())
        }
        _ => value.clone(),
    }
}
