//! The commands with which a reviewer sees at home what a comment says.

use crate::action::diff_block::shell_block;
use crate::message::{in_shell, with_value};
use crate::option::{
    CATALOG, Command, FILES, FrontEnd, NAME_ONLY, OptionSpec, REQUIRED_KEYS, RawOptions, SAME_KEYS, SCHEMA, SEPARATOR,
    TAGS, TEMPLATE, TEMPLATE_STRICT, TYPES, VARIABLES,
};

/// What says which files are looked at, as what, and what their keys are called.
const SELECTION: [&OptionSpec; 6] = [&CATALOG, &VARIABLES, &FILES, &TAGS, &TYPES, &SEPARATOR];
/// What these are to be.
const CHECKS: [&OptionSpec; 5] = [&TEMPLATE, &TEMPLATE_STRICT, &SCHEMA, &REQUIRED_KEYS, &SAME_KEYS];
/// All that changes what a comment says of the same two sides.
pub(super) const CHOICE: [&OptionSpec; 12] = [
    &FILES,
    &TAGS,
    &CATALOG,
    &VARIABLES,
    &TYPES,
    &SEPARATOR,
    &NAME_ONLY,
    &TEMPLATE,
    &TEMPLATE_STRICT,
    &SCHEMA,
    &REQUIRED_KEYS,
    &SAME_KEYS,
];
/// The most characters of a command. One that is longer nobody copies.
const LONGEST: usize = 2_000;

/// What the commands look at.
pub(super) struct AtHome {
    diff: String,
    verify: String,
}

impl AtHome {
    /// That of a step with these options.
    pub(super) fn new(raw: &RawOptions) -> Self {
        let verify = [&SELECTION[..], &CHECKS].concat();
        Self { diff: flags(raw, Command::Diff, &SELECTION), verify: flags(raw, Command::Verify, &verify) }
    }

    /// The commands, in Markdown. `sides`: what is compared, where something differs; `checks`: whether files are
    /// looked at by themselves.
    pub(super) fn markdown(&self, pull_request: u64, sides: Option<[String; 2]>, checks: bool) -> String {
        let compare = sides.map(|[from, to]| format!("cstore diff {from} {to}{}", self.diff));
        let check = checks.then(|| format!("cstore verify .{}", self.verify));
        let commands: Vec<_> =
            compare.into_iter().chain(check).filter(|command| command.chars().count() <= LONGEST).collect();
        if commands.is_empty() {
            return String::new();
        }
        let lines = [vec![format!("gh pr checkout {pull_request}")], commands].concat();
        format!("No values are shown. To see the same at home:\n\n{}", shell_block(&lines))
    }
}

/// Options as flags of a command, each with a blank before it.
fn flags(raw: &RawOptions, command: Command, options: &[&OptionSpec]) -> String {
    let offered = options.iter().filter(|option| option.is_offered(FrontEnd::CommandLine, command));
    offered.filter(|option| raw.asks_for(option)).map(|option| flag(raw, option)).collect()
}

fn flag(raw: &RawOptions, option: &OptionSpec) -> String {
    let name = option.flag_name();
    if option.is_flag() {
        return format!(" --{name}");
    }
    if *option == SAME_KEYS {
        // A path, if it begins with a dash, which would be read as a flag.
        let word = |word: &str| in_shell(&if word.starts_with('-') { format!("./{word}") } else { word.to_owned() });
        return format!(" --{name} {}", raw.lines(option).map(word).collect::<Vec<_>>().join(" "));
    }
    raw.lines(option).map(|word| format!(" {}", with_value(name, word))).collect()
}
