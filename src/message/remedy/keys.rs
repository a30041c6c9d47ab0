//! The words for what to do about keys and values.

use crate::config::SameName;
use crate::excerpt::listed_key;
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::name::ConfigPath;
use crate::option::{BUCKET, CONTEXT, FrontEnd, KEYS, ON_DUPLICATE, SEPARATOR, VARIABLES, VERSION};
use crate::request::DEFAULT_VARIABLES;

/// How a list of names is written.
pub(super) fn one_a_line(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["Write each name on a line of its own, without commas, quotes or hyphens around it. In YAML write \
          such lines below `|`; `>` makes one line of them."
            | "Give each name by itself, without commas or quotes in it: the flag can be repeated."]
    )
}

pub(super) fn write_star(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        ["The words `all` and `none` belong to `mask`, where each must be alone and in lower case. The line `*`" |
         "The pattern `*`"]
        " matches all keys; "
        ["below it a line such as `!LOG_LEVEL`" | "`!LOG_LEVEL` after it"]
        " leaves one out."
    )
}

pub(super) fn set_variable(name: &str, speaker: impl Speaker) -> String {
    format!("Set {name}{}, or correct the catalog.", speaker.pick(" in the `env:` of this step or its job", ""))
}

pub(super) fn list_variable<S: Speaker>(name: &str, is_in_value: bool, speaker: S) -> String {
    let otherwise = if is_in_value {
        "Define the name in the files, or write the value in single quotes to keep it as it is. "
    } else {
        ""
    };
    let add = match S::FRONT_END {
        FrontEnd::Action => format!(
            "add this line to `variables`:\n\n{name}\n\nYour list replaces the default, which is {}.",
            DEFAULT_VARIABLES.join(", ")
        ),
        FrontEnd::CommandLine => format!("pass {}.", speaker.with(&VARIABLES, name)),
    };
    format!("{otherwise}If its value may be seen by everybody who can change that file, {add}")
}

pub(super) fn rename_keys(error: &SameName, speaker: impl Speaker) -> String {
    let key = &error.keys[0].key;
    // Not every key can stand on a line of `keys`.
    let is_plain = listed_key(key) == *key && !key.contains('…');
    let key = if is_plain { key } else { "KEY" };
    let mut advice = vec![format!(
        "{}, or leave it out with a last {} `!{key}`.",
        rename_line(key, error.starts_with_all, speaker),
        speaker.pick("line", "pattern")
    )];
    if error.is_of_separator() {
        let separator = speaker.option(&SEPARATOR);
        advice.push(format!("Another {separator} of the parts of nested keys, such as `__`, keeps them apart, too."));
    }
    if error.is_of_two_files() {
        advice.push(format!("Or let the later file's value win with {}.", speaker.with(&ON_DUPLICATE, "last")));
    }
    advice.join(" ")
}

pub(super) fn choose_files<S: Speaker>(
    folder: Option<&str>,
    file: Option<&ConfigPath>,
    can_take_last: bool,
    speaker: S,
) -> String {
    let choose = match (S::FRONT_END, folder, file) {
        (FrontEnd::Action, Some(_), _) => "Choose the files of one environment with `files` or `tags`".to_owned(),
        (FrontEnd::Action, None, _) => "Choose one file with `files`".to_owned(),
        (FrontEnd::CommandLine, Some(folder), _) => format!(
            "Choose the files of one environment, as with `--files {}` or by a tag of theirs with `-t`",
            in_shell(&speaker.line(&format!("{folder}/**")))
        ),
        (FrontEnd::CommandLine, None, None) => "Choose one file with `--files FILE`".to_owned(),
        (FrontEnd::CommandLine, None, Some(file)) => {
            format!("Choose one of the files, as with `--files {}`", in_shell(&speaker.line(file.as_str())))
        }
    };
    if !can_take_last {
        return format!("{choose}, or give each key in one file only.");
    }
    format!("{choose}, or let the later one win with {}.", speaker.with(&ON_DUPLICATE, "last"))
}

pub(super) fn list_keys<S: Speaker>(is_cut: bool, speaker: S) -> String {
    let list = match S::FRONT_END {
        FrontEnd::Action => "`command: list` with `list: keys` names the keys that there are.".to_owned(),
        FrontEnd::CommandLine => {
            let flags = speaker.flags(&[&CONTEXT, &BUCKET, &VERSION]);
            format!("To see which keys there are, run: cstore list keys{flags}")
        }
    };
    if is_cut { format!("{} {list}", speaker.say("Set `limit` to look at more versions.")) } else { list }
}

/// How a key gets a new name, as a sentence without its full stop. Where no line of `keys` includes keys, all are
/// published, and a line for one alone would leave out the others.
fn rename_line<S: Speaker>(key: &str, starts_with_all: bool, speaker: S) -> String {
    let keys = speaker.option(&KEYS);
    let renamed = format!("--keys {}", in_shell(&format!("{key} | NEW")));
    match (S::FRONT_END, starts_with_all) {
        (FrontEnd::Action, true) => {
            format!("Rename one of them in {keys}: `*` as the first line, for all other keys, and then `{key} | NEW`")
        }
        (FrontEnd::Action, false) => format!("Rename one of them with a line `{key} | NEW` in {keys}"),
        (FrontEnd::CommandLine, true) => {
            format!("Rename one of them: `--keys '*' {renamed}`, of which the first stands for all other keys")
        }
        (FrontEnd::CommandLine, false) => format!("Rename one of them with `{renamed}`"),
    }
}
