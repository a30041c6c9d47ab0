//! The words for how options are to be given.

use crate::message::speaker::Speaker;
use crate::option::{
    CATALOG, CONTEXT, Command, DEFAULTS, DIGEST, FILES, FROM, FrontEnd, GITHUB_TOKEN, KEYS, LOCK_FILE, OPTIONS,
    OptionSpec, ROLE_DURATION_SECONDS, SAME_KEYS, SCHEMA, TEMPLATE, TO, TYPES, UPDATE_CATALOG, VARIABLES, VERSION,
};

/// How an option is written.
pub(super) fn syntax<S: Speaker>(option: &OptionSpec, _: S) -> &'static str {
    match S::FRONT_END {
        FrontEnd::Action => option.syntax,
        FrontEnd::CommandLine => {
            OF_FLAGS.iter().find(|(flag, _)| *flag == option).map_or(option.syntax, |(_, syntax)| syntax)
        }
    }
}

/// What `diff` compares.
const COMPARED: &str = "Write it like head, v1.2.3, ^1.2, shop@v1.2.3, s3://cstore-shop/shop@head, or `.` for your files. To \
                        compare some files only, run: cstore diff --files FILE";

/// How the flags are written that differ from the inputs of a workflow: they can be left out and repeated, and have no
/// lines.
const OF_FLAGS: [(&OptionSpec, &str); 15] = [
    (&FROM, COMPARED),
    (&TO, COMPARED),
    (&LOCK_FILE, "Name a file in the catalog's folder or below it."),
    (&SAME_KEYS, "Write two references after it, such as `--same-keys shop-staging@head shop@head`."),
    (&CONTEXT, "Correct it, or leave it out for the default."),
    (&CATALOG, "Name a file, such as `cstore.yml`."),
    (&TEMPLATE, "Name a file in the catalog's folder or below it."),
    (&SCHEMA, "Name a file in the catalog's folder or below it."),
    (&FILES, "Name files or patterns in the catalog's folder or below it, such as `config/*.env`."),
    (
        &TYPES,
        "Write PATTERN = TYPE, such as `--types 'config/values.yaml = raw'`. A type is dotenv, json, yaml, toml or raw.",
    ),
    (&VARIABLES, "Write a variable's name, such as DEPLOY_ENV."),
    (&DIGEST, "Write it like sha256:0123…, or leave it out to take any content."),
    (&ROLE_DURATION_SECONDS, "The default, 900, is enough: credentials are renewed when the command takes longer."),
    (&KEYS, "Write a pattern of keys, or `OLD | NEW`."),
    (&DEFAULTS, "Write KEY=value, as in a .env file."),
];

pub(super) fn write_one_of(words: &[&str], meant: Option<&str>) -> String {
    match (words, meant) {
        ([one, other], None) => format!("Write {one} or {other}."),
        (_, None) => format!("Write one of: {}.", words.join(", ")),
        (_, Some(meant)) => format!("Write one of: {}. Did you mean {meant}?", words.join(", ")),
    }
}

pub(super) fn meant<S: Speaker>(name: &'static str, speaker: S) -> String {
    format!("Did you mean {}?", named(name, speaker))
}

/// An option by its name, in backticks.
pub(in crate::message) fn named<S: Speaker>(name: &'static str, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!("`{name}`"),
        FrontEnd::CommandLine => {
            let option = OPTIONS.iter().find(|option| option.name == name);
            option.map_or_else(|| format!("`{name}`"), |option| speaker.option(option))
        }
    }
}

pub(super) fn remove(why: &str, speaker: impl Speaker) -> String {
    let remove = speaker.pick("Remove it", "Leave it out");
    if why.is_empty() { format!("{remove}.") } else { format!("{remove}: {why}") }
}

pub(super) fn remove_or_set<S: Speaker>(option: &OptionSpec, speaker: S) -> String {
    let set = set(option, speaker);
    match S::FRONT_END {
        FrontEnd::Action => format!("{set}, or remove it."),
        FrontEnd::CommandLine => format!("Leave it out, or {}{}.", set[..1].to_lowercase(), &set[1..]),
    }
}

pub(super) fn remove_or_run<S: Speaker>(commands: &[Command], _: S) -> String {
    match (S::FRONT_END, &in_action(commands)[..]) {
        (FrontEnd::Action, [command]) => format!("Remove it, or set `command: {command}`."),
        (FrontEnd::Action, commands) => {
            let names: Vec<_> = commands.iter().map(|command| command.name()).collect();
            format!("Remove it. It is for the commands {}.", names.join(", "))
        }
        (FrontEnd::CommandLine, _) => {
            let names: Vec<_> = commands.iter().map(|command| format!("`cstore {command}`")).collect();
            format!("Leave it out, or run {}.", names.join(" or "))
        }
    }
}

/// Those of some commands that the action has.
pub(in crate::message) fn in_action(commands: &[Command]) -> Vec<Command> {
    commands.iter().copied().filter(|command| Command::IN_ACTION.iter().any(|(_, known)| known == command)).collect()
}

pub(super) fn set(option: &OptionSpec, speaker: impl Speaker) -> String {
    let set = speaker.pick("Set", "Pass");
    if option.is_flag() {
        format!("{set} {}", speaker.with(option, "true"))
    } else if *option == GITHUB_TOKEN {
        format!("{set} {}", speaker.with(option, "${{ github.token }}"))
    } else {
        format!("{set} {}", speaker.option(option))
    }
}

pub(super) fn set_or_write_catalog<S: Speaker>(options: &[&OptionSpec], speaker: S) -> String {
    let names: Vec<_> = options.iter().map(|option| speaker.option(option)).collect();
    match S::FRONT_END {
        FrontEnd::Action => {
            let update = speaker.with(&UPDATE_CATALOG, "true");
            let (names, version) = (names.join(" and "), speaker.option(&VERSION));
            format!("Set {names}; or {update} to have it written, or a {version} to push.")
        }
        FrontEnd::CommandLine => format!(
            "Run `cstore init`, which writes one; or give {}, or name a version to push with {}.",
            names.join(", "),
            speaker.option(&VERSION)
        ),
    }
}
