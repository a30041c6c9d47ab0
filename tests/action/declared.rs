//! `action.yml` says what the program takes and gives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cstore::option::{FrontEnd, OPTIONS, OUTPUTS, OptionSpec};

use crate::harness::{Action, Run, declared_inputs};
use crate::story::{published, pull, push};

/// The options that are inputs.
fn inputs() -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().copied().filter(|option| option.front_ends.contains(&FrontEnd::Action))
}

/// The descriptions below a section of `action.yml`, by name. It is written with an indent of two, and a description
/// stands on one line, in double quotes without escapes or in none.
fn descriptions(section: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().skip_while(|line| *line != format!("{section}:")).skip(1);
    let mut found = BTreeMap::new();
    let mut name = "";
    for line in lines.take_while(|line| line.starts_with("  ") || line.is_empty()) {
        if let Some(text) = line.strip_prefix("    description: ") {
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
            assert!(!text.contains(['"', '\\']), "{line:?} is beyond this reader");
            found.insert(name.to_owned(), text.to_owned());
        } else if !line.starts_with("   ") {
            name = line.trim().trim_end_matches(':');
        }
    }
    found
}

#[test]
fn the_inputs_are_those_of_the_table_of_options() {
    let defaults = declared_inputs::read();
    let descriptions = descriptions("inputs");
    for option in inputs() {
        assert_eq!(defaults.get(option.name).map(String::as_str), Some(option.default), "{}'s default", option.name);
        assert_eq!(
            descriptions.get(option.name).map(String::as_str),
            Some(option.help().as_str()),
            "{}'s description",
            option.name
        );
    }
    let of_options: BTreeSet<_> = inputs().map(|option| option.name).collect();
    let declared: BTreeSet<_> = defaults.keys().map(String::as_str).collect();
    assert_eq!(declared, of_options, "action.yml and the table have the same inputs");
}

#[test]
fn the_outputs_are_those_that_are_ever_written() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let runs = [
        push(&bucket, &[("service/.env", "TOKEN=swordfish\n")]),
        push(&bucket, &[("service/.env", "TOKEN=swordfish\n")]).version("v1.0.1"),
        pull(&bucket),
        pull(&bucket).input("format", "json"),
        pull(&bucket).input("dry-run", "true"),
        Action::pull(&bucket).version("v9.9.9").input("if-missing", "ignore"),
        Action::new(&bucket).input("command", "log").input("context", "shop"),
        Action::new(&bucket).input("command", "diff").input("context", "shop").input("from", "v1.0.0"),
        Action::new(&bucket).input("command", "verify").input("context", "shop").version("v1.0.0"),
        Action::new(&bucket).input("command", "promote").input("from", "v1.0.0").input("to", "shop:prod"),
    ];
    let own = |run: Run| run.outputs.into_keys().filter(|name| name.starts_with("config-"));
    let written: BTreeSet<_> = runs.iter().flat_map(|step| own(step.run().succeeds())).collect();
    let declared: BTreeSet<_> = descriptions("outputs").into_keys().collect();
    assert_eq!(written, declared);
}

#[test]
fn a_command_sets_no_output_that_the_table_says_others_set() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    for (command, run) in [
        ("push", push(&bucket, &[("service/.env", "TOKEN=swordfish\n")])),
        ("pull", pull(&bucket).input("format", "json")),
        ("log", Action::new(&bucket).input("command", "log").input("context", "shop")),
        ("diff", Action::new(&bucket).input("command", "diff").input("context", "shop").input("from", "v1.0.0")),
        ("verify", Action::new(&bucket).input("command", "verify").input("context", "shop").version("v1.0.0")),
        ("show", Action::new(&bucket).input("command", "show").input("context", "shop").version("v1.0.0")),
        ("list", Action::new(&bucket).input("command", "list").input("context", "shop").input("list", "versions")),
        ("promote", Action::new(&bucket).input("command", "promote").input("from", "v1.0.0").input("to", "shop:prod")),
    ] {
        for name in run.run().succeeds().outputs.into_keys().filter(|name| name.starts_with("config-")) {
            let output = OUTPUTS.iter().find(|output| output.name == name).unwrap();
            let is_named = output.commands.iter().any(|named| named.name() == command);
            assert!(output.commands.is_empty() || is_named, "{command} sets {name}");
        }
    }
}

/// A section of an action's file, without its outputs' values.
fn section(file: &str, name: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let lines = text.lines().skip_while(|line| *line != format!("{name}:")).skip(1);
    let lines = lines.take_while(|line| line.starts_with("  ") || line.is_empty());
    let lines = lines.filter(|line| !line.starts_with("    value: ") && !line.is_empty());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_action_without_docker_is_the_same() {
    let hint = "scripts/write_setup_action.py writes setup/action.yml anew";
    for name in ["inputs", "outputs"] {
        let (here, there) = (section("setup/action.yml", name), section("action.yml", name));
        let differing = here.lines().zip(there.lines()).find(|(here, there)| here != there);
        assert!(differing.is_none() && here.len() == there.len(), "{hint}: {differing:?}");
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("setup/action.yml")).unwrap();
    let handed_on: Vec<_> = text.lines().filter(|line| line.trim_start().starts_with("INPUT_")).collect();
    let expected = inputs()
        .map(|option| format!("        INPUT_{}: ${{{{ inputs.{} }}}}", option.name.to_uppercase(), option.name));
    assert_eq!(handed_on, expected.collect::<Vec<_>>(), "{hint}");
    for name in descriptions("outputs").into_keys() {
        let value = format!("    value: ${{{{ steps.run.outputs.{name} }}}}\n");
        assert_eq!(text.matches(&value).count(), 1, "{name}; {hint}");
    }
}
