//! What is written about the module, compared with the module.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::policies::{planned, script};
use crate::terraform::{MODULE, OLD, succeeds, terraform};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A block of a kind, `variable` or `output`: its name, and what it says of itself as written.
#[derive(Default)]
struct Block {
    name: String,
    description: String,
    of_type: String,
    default: Option<String>,
}

/// The blocks of a kind in the files of the module, in their order.
fn blocks(files: &[&str], kind: &str) -> Vec<Block> {
    let quoted = |text: &str| text.trim().trim_matches('"').replace("\\\"", "\"");
    let mut found: Vec<Block> = Vec::new();
    for line in files.iter().flat_map(|file| read_lines(&Path::new(MODULE).join(file))) {
        if let Some(name) = line.strip_prefix(&format!("{kind} \"")) {
            found.push(Block { name: name.split('"').next().unwrap().to_owned(), ..Block::default() });
        } else if let Some((name, value)) = line.strip_prefix("  ").and_then(|line| line.split_once('=')) {
            let Some(block) = found.last_mut() else { continue };
            match name.trim_end() {
                "description" => block.description = quoted(value),
                "type" => block.of_type = shortened(value.trim()),
                "default" => block.default = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    assert!(!found.is_empty());
    found
}

fn read_lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// A type that goes on in the next lines, `list(object({`, without its fields.
fn shortened(of_type: &str) -> String {
    let Some(outside) = of_type.strip_suffix("({") else { return of_type.to_owned() };
    format!("{outside}{}", ")".repeat(outside.matches('(').count()))
}

/// What is made of the module's variables and outputs in its README, as terraform-docs would place it.
fn tables() -> String {
    let inputs = blocks(&["variables.tf", "variables_workflows.tf"], "variable").into_iter().map(|block| {
        let default = block.default.map_or_else(|| "required".to_owned(), |default| format!("`{default}`"));
        format!("| `{}` | `{}` | {default} | {} |\n", block.name, block.of_type, block.description)
    });
    let outputs = blocks(&["output.tf"], "output").into_iter();
    let outputs = outputs.map(|block| format!("| `{}` | {} |\n", block.name, block.description));
    format!(
        "## Inputs\n\n| input | type | default | meaning |\n| --- | --- | --- | --- |\n{}\n\
         ## Outputs\n\n| output | meaning |\n| --- | --- |\n{}",
        inputs.collect::<String>(),
        outputs.collect::<String>(),
    )
}

#[test]
fn the_tables_of_the_module_are_what_it_says() {
    let (begin, end) = ("<!-- BEGIN_TF_DOCS -->\n", "<!-- END_TF_DOCS -->\n");
    let present = read("infrastructure/s3/README.md");
    let (before, rest) = present.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let wanted = format!("{before}{begin}{}{end}{after}", tables());
    if std::env::var_os("CSTORE_WRITE_TABLES").is_some() {
        fs::write(Path::new(MODULE).join("README.md"), wanted).unwrap();
    } else {
        assert!(
            present == wanted,
            "infrastructure/s3/README.md is not what the module says; `make tables` writes it anew"
        );
    }
}

/// A registry takes a module whose examples have a README's line each.
#[test]
fn the_module_lists_every_example() {
    let readme = read("infrastructure/s3/README.md");
    let examples = fs::read_dir(Path::new(MODULE).join("examples")).unwrap();
    for example in examples.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        assert!(readme.contains(&format!("(examples/{example})")), "infrastructure/s3/README.md should link {example}");
    }
}

/// The blocks of a module that make something, in its own files: kind and name of each, and whether it may be there not at
/// all or several times.
fn resources(module: &str) -> BTreeMap<String, bool> {
    let files = fs::read_dir(module).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "tf"));
    let texts: Vec<_> = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    let blocks =
        texts.iter().flat_map(|text| format!("\n{text}").split("\n}\n").map(str::to_owned).collect::<Vec<_>>());
    let found = blocks.filter_map(|block| {
        let (kind, rest) = block.split_once("\nresource \"")?.1.split_once("\" \"")?;
        let (name, body) = rest.split_once('"')?;
        Some((format!("{kind}.{name}"), ["\n  count ", "\n  for_each "].iter().any(|word| body.contains(word))))
    });
    found.collect()
}

/// Nothing is destroyed and made again when the folder's state becomes that of a root.
#[test]
fn every_resource_of_the_module_can_move() {
    let moved = read("infrastructure/s3/examples/module/moved.tf");
    let resources = resources(MODULE);
    assert!(resources.len() > 20, "{resources:?}");
    for resource in resources.keys() {
        let block = format!("moved {{\n  from = {resource}\n  to   = module.config.{resource}\n}}\n");
        assert!(moved.contains(&block), "examples/module/moved.tf should have\n{block}");
    }
}

/// Nor when a folder of before it was a module is applied as it is today, also with what no test applies.
#[test]
fn every_resource_of_old_is_one_of_today() {
    let files = fs::read_dir(MODULE).unwrap().map(|entry| entry.unwrap().path());
    let texts: String = files.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect();
    let (old, today) = (resources(OLD), resources(MODULE));
    assert_eq!(old.len(), 15, "{old:?}");
    for (resource, was_counted) in old {
        let is_counted =
            today.get(&resource).unwrap_or_else(|| panic!("{resource} is gone: say where it has moved to"));
        assert!(*is_counted || !was_counted, "{resource} had numbers or names, and has none");
        let block = format!("moved {{\n  from = {resource}\n  to   = {resource}[0]\n}}\n");
        assert_eq!(texts.contains(&block), is_counted != &was_counted, "{resource}:\n{block}");
    }
}

/// What the matrix decides, and nothing else.
#[test]
fn the_table_of_who_may_do_what_is_what_is_decided() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("infrastructure/README.md");
    succeeds(script("table.py").arg(guide));
}

/// So that nobody counts in vain.
#[test]
fn the_steps_to_a_first_pull_are_counted() {
    let guide = read("infrastructure/README.md");
    let section = guide.split_once("## From nothing to a first pull\n").unwrap().1.split("\n## ").next().unwrap();
    let steps = section.lines().filter(|line| line.trim_start().starts_with("$ ")).count();
    let numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let said = format!("{} commands", numbers[steps]);
    assert!(section.to_lowercase().contains(&said), "the section should say that these are {said}");
}

/// Those who set up the bucket without terraform get the very policies that it makes.
#[test]
#[ignore = "needs terraform"]
fn the_policies_to_set_by_hand_are_those_of_the_module() {
    let terraform = terraform();
    let promoter = planned(&terraform, "a_promoter");
    let planned = planned(&terraform, "documented");
    let mut expected: Vec<(&str, Value)> = [
        ("the puller's trust", "aws_iam_role.puller[\"puller\"]", "assume_role_policy"),
        ("the pusher's trust", "aws_iam_role.pusher[\"pusher\"]", "assume_role_policy"),
        ("the releaser's trust", "aws_iam_role.releaser[\"releaser\"]", "assume_role_policy"),
        ("the releaser's policy", "aws_iam_role_policy.releaser[\"releaser\"]", "policy"),
        ("the puller's policy", "aws_iam_role_policy.puller[\"puller\"]", "policy"),
        ("the pusher's policy", "aws_iam_role_policy.pusher[\"pusher\"]", "policy"),
        ("the key's policy", "aws_kms_key.store[0]", "policy"),
        ("the bucket's policy", "aws_s3_bucket_policy.store[0]", "policy"),
    ]
    .map(|(what, address, field)| (what, serde_json::from_str(planned[address][field].as_str().unwrap()).unwrap()))
    .into();
    let promoters = promoter["aws_iam_role_policy.pusher[\"promoter\"]"]["policy"].as_str().unwrap();
    expected.push(("the promoter's policy", serde_json::from_str(promoters).unwrap()));
    let promoters = promoter["aws_iam_role.pusher[\"promoter\"]"]["assume_role_policy"].as_str().unwrap();
    expected.push(("the promoter's trust", serde_json::from_str(promoters).unwrap()));
    let deployers = promoter["aws_iam_role.puller[\"deployer\"]"]["assume_role_policy"].as_str().unwrap();
    expected.push(("the deployer's trust", serde_json::from_str(deployers).unwrap()));
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
