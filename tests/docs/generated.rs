//! What is made of the code's own tables: the inputs of `action.yml`, and the documentation's tables of inputs,
//! formats, refused names, and names of files that tools run.
//! `make tables` writes them anew.

use std::fs;
use std::path::Path;

use cstore::format::Format;
use cstore::name::environment_name;
use cstore::option::{Command, FrontEnd, OPTIONS, OptionSpec};
use cstore::workspace::executed_name;

/// The head of the table of names that `export-env` refuses.
const REFUSED_NAMES: &str = "| names | refused because |\n| --- | --- |\n";

/// The head of the table of names of files that tools run.
const EXECUTED_NAMES: &str = "| names | written only when named, because |\n| --- | --- |\n";

/// A part of a file that is made of a table.
struct Part {
    path: &'static str,
    /// The line before it.
    begin: &'static str,
    /// The line after it.
    end: &'static str,
    text: String,
}

fn inputs() -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().copied().filter(|option| option.front_ends.contains(&FrontEnd::Action))
}

/// The commands that take an input, and whether the others refuse it.
type Group = (Vec<&'static str>, bool);

/// Which inputs belong to some commands alone, and what the others make of them.
fn inputs_of_some_commands() -> String {
    let mut groups: Vec<(Group, Vec<&str>)> = Vec::new();
    for option in inputs() {
        let offered = Command::IN_ACTION.iter().filter(|&&(_, command)| option.is_offered(FrontEnd::Action, command));
        let commands: Vec<_> = offered.map(|(name, _)| *name).collect();
        if commands.len() == Command::IN_ACTION.len() {
            continue;
        }
        let group = (commands, option.is_refused_elsewhere);
        match groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, names)) => names.push(option.name),
            None => groups.push((group, vec![option.name])),
        }
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let line = |((commands, is_refused), names): &(Group, Vec<&str>)| {
        let elsewhere = if *is_refused { "an error" } else { "ignored" };
        format!("- of {}, and {elsewhere} elsewhere: {}\n", quoted(commands), quoted(names))
    };
    groups.iter().map(line).collect()
}

fn parts() -> [Part; 6] {
    let declaration = |option: &OptionSpec| {
        let (OptionSpec { name, default, .. }, description) = (option, option.help());
        format!("  {name}:\n    description: \"{description}\"\n    required: false\n    default: \"{default}\"\n")
    };
    let row = |option: &OptionSpec| {
        let default = if option.default.is_empty() { String::new() } else { format!("`{}`", option.default) };
        format!("| `{}` | {default} | {} |\n", option.name, option.help().replace('|', "\\|"))
    };
    [
        Part { path: "action.yml", begin: "inputs:\n", end: "\noutputs:\n", text: inputs().map(declaration).collect() },
        Part {
            path: "docs/inputs.md",
            begin: "These are of some commands alone:\n\n",
            end: "\n",
            text: inputs_of_some_commands(),
        },
        Part {
            path: "docs/inputs.md",
            begin: "| input | default | meaning |\n| --- | --- | --- |\n",
            end: "\n",
            text: inputs().map(row).collect(),
        },
        Part {
            path: "docs/config-files.md",
            begin: REFUSED_NAMES,
            end: "\n",
            text: environment_name::markdown_table().strip_prefix(REFUSED_NAMES).unwrap().to_owned(),
        },
        Part {
            path: "docs/config-files.md",
            begin: "| format | what |\n| --- | --- |\n",
            end: "\n",
            text: Format::ALL.iter().map(|format| format!("| {format} | {} |\n", format.description())).collect(),
        },
        Part {
            path: "docs/restoring.md",
            begin: EXECUTED_NAMES,
            end: "\n",
            text: executed_name::markdown_table().strip_prefix(EXECUTED_NAMES).unwrap().to_owned(),
        },
    ]
}

#[test]
fn what_is_made_of_the_tables_is_what_they_say() {
    for Part { path, begin, end, text } in parts() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let present = fs::read_to_string(&file).unwrap();
        let (before, rest) = present.split_once(begin).unwrap();
        // A part ends where its next line is not its own: at the end that was named, or at an empty line.
        let at = if end == "\n" { rest.find("\n\n").map(|at| at + 1) } else { rest.find(end) };
        let after = at.map_or("", |at| &rest[at..]);
        let wanted = format!("{before}{begin}{text}{after}");
        if std::env::var_os("CSTORE_WRITE_TABLES").is_some() {
            fs::write(&file, &wanted).unwrap();
        } else {
            assert!(present == wanted, "{path} does not say what the tables say; `make tables` writes it anew");
        }
    }
}
