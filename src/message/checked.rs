//! The words for what is wrong with files that lie here.

use serde_json::{Value, json};

use super::notice::{Level, Notice};
use super::speaker::Speaker;
use super::{Message, counted, messages, some_of};
use crate::command::{CheckedFiles, FileFinding, KeyFinding, KeyProblem, Note};
use crate::config::MissingKey;
use crate::excerpt::listed_key;
use crate::name::ConfigPath;
use crate::option::REQUIRED_KEYS;

/// "Checked 2 files: 3 problems found".
#[must_use]
pub fn headline(checked: &CheckedFiles) -> String {
    let found = match checked.findings.len() {
        0 => "no problems found".to_owned(),
        problems => format!("{} found", counted(problems, "problem")),
    };
    format!("Checked {} of the workspace: {found}", counted(checked.files.len(), "file"))
}

/// What is wrong, each with what to do about it.
#[must_use]
pub fn findings(checked: &CheckedFiles, speaker: impl Speaker) -> Vec<Message> {
    let messages = |finding: &FileFinding| match finding {
        FileFinding::Error(error) => messages(error, speaker),
        FileFinding::Key(finding) => vec![key(finding, speaker)],
    };
    checked.findings.iter().flat_map(messages).collect()
}

/// The same, a line each, with the place before it.
#[must_use]
pub fn lines(checked: &CheckedFiles, speaker: impl Speaker) -> Vec<String> {
    let line = |Message { what, file, line, .. }: Message| match (file, line) {
        (Some(file), Some(line)) => format!("{file}:{line}: {what}"),
        (Some(file), None) => format!("{file}: {what}"),
        (None, _) => what,
    };
    findings(checked, speaker).into_iter().map(line).collect()
}

/// The keys that a template lacks and may lack, a line each.
#[must_use]
pub fn beyond_template(checked: &CheckedFiles, speaker: impl Speaker) -> Vec<String> {
    let lines = |note: &Note| match note {
        Note::NotInTemplate(template, keys) => keys.iter().map(|key| not_in_template(template, key, speaker)).collect(),
        _ => Vec::new(),
    };
    checked.notes.iter().flat_map(lines).collect()
}

/// All of it.
#[must_use]
pub(super) fn document(checked: &CheckedFiles, speaker: impl Speaker) -> Value {
    let paths = |paths: &[ConfigPath]| paths.iter().map(|path| json!(path.as_str())).collect::<Value>();
    let finding = |Message { title, file, line, what, .. }: Message| json!({ "about": title, "file": file, "line": line, "text": what });
    json!({
        "files": paths(&checked.files),
        "absent": paths(&checked.absent),
        "findings": findings(checked, speaker).into_iter().map(finding).collect::<Value>(),
    })
}

/// What else there is to say.
#[must_use]
pub fn notices(checked: &CheckedFiles, speaker: impl Speaker) -> Vec<Notice> {
    if checked.absent.is_empty() {
        return Vec::new();
    }
    let paths: Vec<_> = checked.absent.iter().map(|path| speaker.path(path.as_str())).collect();
    let text = format!(
        "The catalog lists files that are not in the workspace, and were not checked: {}. To report them as missing, name them \
         with {}.",
        some_of(&paths),
        // In the place of a FILE a verification takes a version.
        speaker.pick("`files`", "`--files`")
    );
    vec![Notice::new(Level::Notice, "Not checked", text)]
}

fn not_in_template(template: &ConfigPath, key: &str, speaker: impl Speaker) -> String {
    format!("The template {} does not have {}.", speaker.path(template.as_str()), listed_key(key))
}

fn key(KeyFinding { problem, file, line }: &KeyFinding, speaker: impl Speaker) -> Message {
    let (title, what, next) = match problem {
        KeyProblem::Required(missing) => {
            let key = match missing {
                MissingKey::Absent(key) => format!("{key}, which is missing"),
                MissingKey::Empty(key) => format!("{}, which is empty", listed_key(key)),
            };
            let what = format!("{} names {key}.", speaker.subject(&REQUIRED_KEYS));
            ("Required keys", what, "Give it a value.")
        }
        KeyProblem::NotInFiles { key, template } => (
            "Template",
            format!("The template {} has {}, and no file does.", speaker.path(template.as_str()), listed_key(key)),
            "Add it to a file, or remove it from the template.",
        ),
        KeyProblem::NotInTemplate { key, template } => {
            ("Template", not_in_template(template, key, speaker), "Add it there, or remove it here.")
        }
        KeyProblem::Schema { schema, failure } => (
            "Schema",
            format!("The values do not match the schema {}: {failure}.", speaker.path(schema.as_str())),
            "Correct the file, or the schema.",
        ),
        KeyProblem::NotOnBoth { key, side } => (
            "Different keys",
            format!("{} does not have {}.", speaker.path(side.as_str()), listed_key(key)),
            "Add it there, or remove it here.",
        ),
    };
    let message = Message { next: next.to_owned(), ..Message::new(title, what) };
    match file {
        Some(file) => message.at(file, *line),
        None => message,
    }
}
