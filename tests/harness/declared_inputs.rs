//! The inputs that `action.yml` declares: the runner hands over all of them, with their defaults or empty.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The declared inputs and their defaults.
pub(crate) fn read() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    parse(&fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// Reads block style indented by two, which is how this project writes the file: no YAML beyond that.
pub(crate) fn parse(action_yml: &str) -> BTreeMap<String, String> {
    let mut inputs = BTreeMap::new();
    let mut name = None;
    let lines = action_yml.lines().skip_while(|line| *line != "inputs:").skip(1);
    for line in lines.take_while(|line| line.is_empty() || line.starts_with([' ', '#'])) {
        let indent = line.len() - line.trim_start().len();
        if indent == 2 && !line.trim_start().starts_with('#') {
            let input = line.trim().strip_suffix(':').unwrap_or_else(|| panic!("{line:?} declares no input"));
            inputs.insert(input.to_owned(), String::new());
            name = Some(input);
        } else if indent == 4
            && let Some(value) = line.trim().strip_prefix("default:")
        {
            inputs.insert(name.expect("a default is an input's").to_owned(), scalar(value.trim()));
        }
    }
    inputs
}

fn scalar(text: &str) -> String {
    let quoted = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    assert!(
        !value.contains(['"', '\'', '\\', '#', '|', '>']) && !value.contains("${{"),
        "the default {text:?} is beyond this reader"
    );
    value.to_owned()
}
