//! What is made of the code's own tables: the inputs and outputs of `action.yml`, and the documentation's tables of
//! inputs, outputs, formats, refused names, and names of files that tools run.
//! `make tables` writes them anew.

use std::fs;
use std::path::Path;

use cstore::format::Format;
use cstore::name::environment_name;
use cstore::option::{Command, FrontEnd, Kind, OPTIONS, OUTPUTS, OptionSpec, OutputSpec, SUBJECTS};
use cstore::workspace::executed_name;

/// The head of the table of names that `export-env` refuses.
const REFUSED_NAMES: &str = "| names | refused because |\n| --- | --- |\n";

/// The head of the table of names of files that tools run.
const EXECUTED_NAMES: &str = "| names | written only when named, because |\n| --- | --- |\n";

/// The head of the tables of inputs.
const INPUTS: &str = "<!-- made of the table of options by `make tables` -->\n";

/// A part of a file that is made of a table.
struct Part {
    path: &'static str,
    /// The line before it.
    begin: &'static str,
    /// The line after it.
    end: &'static str,
    text: String,
}

fn is_input(option: &OptionSpec) -> bool {
    option.front_ends.contains(&FrontEnd::Action)
}

/// The commands that take an input, whether all others refuse it, and else which do.
type Group = (Vec<&'static str>, bool, Vec<&'static str>);

/// Which inputs belong to some commands alone, and what the others make of them.
fn inputs_of_some_commands() -> String {
    let mut groups: Vec<(Group, Vec<&str>)> = Vec::new();
    for option in OPTIONS.iter().copied().filter(|option| is_input(option)) {
        let takes = |command| option.is_offered(FrontEnd::Action, command) && !option.refused_by.contains(&command);
        let offered = Command::IN_ACTION.iter().filter(|&&(_, command)| takes(command));
        let commands: Vec<_> = offered.map(|(name, _)| *name).collect();
        if commands.len() == Command::IN_ACTION.len() {
            continue;
        }
        let refusing = option.refused_by.iter().map(|command| command.name()).collect();
        let group = (commands, option.is_refused_elsewhere, refusing);
        match groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, names)) => names.push(option.name),
            None => groups.push((group, vec![option.name])),
        }
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let line = |((commands, is_refused, refusing), names): &(Group, Vec<&str>)| {
        let elsewhere = match (is_refused, refusing.is_empty()) {
            (true, _) => "an error elsewhere".to_owned(),
            (false, true) => "ignored elsewhere".to_owned(),
            (false, false) => format!("an error in {}, and ignored elsewhere", quoted(refusing)),
        };
        let and = if refusing.is_empty() { ", and" } else { "," };
        format!("- of {}{and} {elsewhere}: {}\n", quoted(commands), quoted(names))
    };
    groups.iter().map(line).collect()
}

/// The flags of a command line's options, as a table. Those that take no value are on or off.
fn flags(options: &[&OptionSpec], grammar: &clap::Command, help: impl Fn(&OptionSpec) -> String) -> String {
    let row = |option: &&OptionSpec| {
        let flag = grammar.get_arguments().find(|flag| flag.get_long() == Some(option.flag_name())).unwrap();
        let short = flag.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
        let value = match option.kind {
            Kind::Flag => String::new(),
            _ => flag.get_value_names().unwrap().iter().map(|name| format!(" {name}")).collect(),
        };
        let is_optional = flag.get_num_args().is_some_and(|number| number.min_values() == 0);
        let value = match value.trim_start() {
            "" => value,
            name if is_optional && flag.is_require_equals_set() => format!("[={name}]"),
            name if is_optional => format!(" [{name}]"),
            _ => value,
        };
        let variable = option.variable().map(|name| format!("`{name}`")).unwrap_or_default();
        let meaning = help(option).replace('|', "\\|");
        let is_said = option.default.is_empty() || meaning.contains("Default: ");
        let default = if is_said { String::new() } else { format!("`{}`", option.default) };
        format!("| `{short}--{}{value}` | {variable} | {default} | {meaning} |\n", option.flag_name())
    };
    let rows: String = options.iter().map(row).collect();
    format!("| flag | variable | default | meaning |\n| --- | --- | --- | --- |\n{rows}")
}

/// What a person can type, one section a command.
fn command_line() -> String {
    let mut grammar = cstore::cli::arguments::grammar();
    grammar.build();
    let command_of = |name: &str| Command::ALL.into_iter().find(|(own, _)| *own == name).unwrap().1;
    // clap's own `help` has nothing to say of itself.
    let shown = |command: &clap::Command| !command.is_hide_set() && command.get_name() != "help";
    let typed = grammar.get_subcommands().filter(|command| shown(command));
    let typed: Vec<_> = typed.map(|command| command_of(command.get_name())).collect();
    let of = |command| {
        let is_offered = move |option: &&OptionSpec| option.is_offered(FrontEnd::CommandLine, command);
        OPTIONS.iter().copied().filter(is_offered).collect::<Vec<_>>()
    };
    // A command that takes none of them needs nothing but the program.
    let common: Vec<_> = OPTIONS
        .iter()
        .copied()
        .filter(|option| typed.iter().all(|command| of(*command).is_empty() || of(*command).contains(option)))
        .collect();
    let mut text = String::new();
    let mut commands = grammar.clone();
    for (command, id) in commands.get_subcommands_mut().filter(|command| shown(command)).zip(&typed) {
        let name = command.get_name().to_owned();
        let aliases: Vec<_> = command.get_visible_aliases().map(|alias| format!(" (also `cstore {alias}`)")).collect();
        let usage = command.render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let examples = command.get_before_long_help().unwrap().to_string();
        let examples = examples.trim_start_matches("Examples:\n");
        text += &format!(
            "### {name}\n\n{}{}.\n\n```text\n{usage}\n```\n\n",
            command.get_about().unwrap(),
            aliases.concat()
        );
        text += &format!("```text\n{examples}\n```\n\n");
        for argument in command.get_positionals() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            text += &format!("- `{}`: {help}\n", argument.get_id());
        }
        if command.get_positionals().next().is_some() {
            text += "\n";
        }
        let own: Vec<_> = of(*id).into_iter().filter(|option| !common.contains(option)).collect();
        if !own.is_empty() {
            text += &flags(&own, command, |option| option.flag_help_of(*id));
            text += "\n";
        }
    }
    text + "### Flags of every command\n\n" + &flags(&common, &grammar, OptionSpec::flag_help) + "\n"
}

/// The inputs of each subject that has some, below its title.
fn inputs_by_subject(title: fn(&str) -> String, input: fn(&OptionSpec) -> String) -> String {
    let of_subject = SUBJECTS.iter().filter_map(|subject| {
        let inputs: String = subject.options.iter().copied().filter(|option| is_input(option)).map(input).collect();
        (!inputs.is_empty()).then(|| title(subject.title) + &inputs)
    });
    of_subject.collect::<Vec<_>>().join("\n")
}

fn declaration(option: &OptionSpec) -> String {
    let (OptionSpec { name, default, .. }, description) = (option, option.help());
    format!("  {name}:\n    description: \"{description}\"\n    required: false\n    default: \"{default}\"\n")
}

fn row(option: &OptionSpec) -> String {
    let default = if option.default.is_empty() { String::new() } else { format!("`{}`", option.default) };
    format!("| `{}` | {default} | {} |\n", option.name, option.help().replace('|', "\\|"))
}

/// What an output means, without links, for a page that shows none: `[text](page.md#part)` becomes `text (docs/page.md)`.
fn without_links(meaning: &str) -> String {
    let mut parts = meaning.split('[');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (linked, rest) = part.split_once("](").unwrap();
        let (link, rest) = rest.split_once(')').unwrap();
        let page = link.split('#').next().unwrap();
        text += &format!("{linked} (docs/{page}){rest}");
    }
    text
}

/// The commands that set an output, in a list with "and" before the last one.
fn setting_commands(output: &OutputSpec) -> String {
    let names: Vec<_> = output.commands.iter().map(|command| format!("`{}`", command.name())).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn declared_output(output: &OutputSpec) -> String {
    let commands = setting_commands(output);
    let commands = if commands.is_empty() { commands } else { format!("Set by {commands}. ") };
    let meaning = without_links(output.meaning);
    format!("  {}:\n    description: \"{commands}{meaning}.\"\n", output.name)
}

fn output_row(output: &OutputSpec) -> String {
    format!("| `{}` | {} | {} |\n", output.name, setting_commands(output), output.meaning)
}

fn parts() -> [Part; 9] {
    [
        Part {
            path: "action.yml",
            begin: "\noutputs:\n",
            end: "\n",
            text: OUTPUTS.iter().map(declared_output).collect(),
        },
        Part {
            path: "docs/outputs.md",
            begin: "| output | set by | meaning |\n| --- | --- | --- |\n",
            end: "\n",
            text: OUTPUTS.iter().map(output_row).collect(),
        },
        Part {
            path: "docs/cli.md",
            begin: "<!-- made of the tables by `make tables` -->\n",
            end: "<!-- the end of what is made -->\n",
            text: format!("\n{}", command_line()),
        },
        Part {
            path: "action.yml",
            begin: "inputs:\n",
            end: "\noutputs:\n",
            text: inputs_by_subject(|title| format!("  # {title}\n"), declaration),
        },
        Part {
            path: "docs/inputs.md",
            begin: "is ignored where steps may share it:\n\n",
            end: "\n",
            text: inputs_of_some_commands(),
        },
        Part {
            path: "docs/inputs.md",
            begin: INPUTS,
            end: "<!-- the end of what is made -->\n",
            text: inputs_by_subject(
                |title| format!("\n### {title}\n\n| input | default | meaning |\n| --- | --- | --- |\n"),
                row,
            ) + "\n",
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
