//! Which `add-mask` commands hide the config's values in the log of the whole job.
//!
//! The runner replaces a masked text by `***` wherever it occurs, in the log of every later step too. It does so for
//! the data of an `add-mask` command and for **each line of it**, blanks around it removed, however short
//! ([`AddMaskCommandExtension`](https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs)).
//! A mask of `1`, or of a line `{`, would make the log unreadable. So some texts are not masked, and of a value with
//! such a line the other lines are sent, each by itself.
//!
//! Of each text the runner derives by itself
//! ([`ValueEncoders.cs`](https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs)):
//! base64, also of the text without its first one or two bytes; the insides of a JSON string; URI- and XML-escaped; `"`
//! as `\"`; `'` as `''`; without the quotes around it; and the parts around `&` that PowerShell prints. All other
//! spellings that the option `format` produces are sent by this module, which asks each form of [`crate::format`] for
//! its own.

mod worth;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub use self::worth::{COMMON_WORDS, SHORTEST};
use self::worth::{is_telling_line, is_worth_it};
use super::annotation::{escape_data, needs_shield};
use crate::config::Value;
use crate::format::{Escape, Format, json_escape};
use crate::secret::Secret;

/// The masks to send, and the keys whose values stay readable.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// The command lines, without line breaks at their ends, to be printed before anything else.
    pub commands: Vec<Secret<String>>,
    /// The keys that were to be masked and are not, because their values (or all lines of them) are too short or too
    /// common. In the order given.
    pub unmasked: Vec<String>,
}

/// The masks for all entries (key and value) whose key `is_selected`, in the order of the entries, each text once.
/// Where a value is masked, so are the other spellings that its file may use.
pub fn masks<'a>(entries: impl IntoIterator<Item = (&'a str, &'a Value)>, is_selected: impl Fn(&str) -> bool) -> Masks {
    let mut masks = Masks::default();
    let escapes = Format::all_escapes();
    let mut sent = HashSet::new();
    let mut send = |text: String| {
        if !sent.contains(&text) {
            masks.commands.push(Secret::new(command(&text)));
            sent.insert(text);
        }
    };
    // A value comes once from its file and once more as it was merged.
    let mut known = HashMap::new();
    for (key, value) in entries.into_iter().filter(|(key, _)| is_selected(key)) {
        let is_hidden = *known.entry(value.text.expose()).or_insert_with_key(|text| {
            let texts = texts_for(text, &escapes);
            texts.all.into_iter().for_each(&mut send);
            texts.hides_the_value
        });
        if is_hidden {
            value.spellings.iter().for_each(|spelling| send(spelling.expose().clone()));
        } else {
            masks.unmasked.push(key.to_owned());
        }
    }
    masks
}

/// The mask for a credential. Unlike a config value, it is one line and always worth a mask.
pub(super) fn from_credential(text: &Secret<String>) -> Secret<String> {
    Secret::new(command(text.expose()))
}

fn command(text: &str) -> String {
    // A blank first line costs nothing: the runner takes each line by itself as well.
    let shield = if needs_shield(text) { "\n" } else { "" };
    format!("::add-mask::{}", escape_data(&format!("{shield}{text}")))
}

/// The texts to mask so that one value is hidden.
struct Texts {
    all: Vec<String>,
    /// False if the value, or each of its lines, stays readable.
    hides_the_value: bool,
}

fn texts_for(value: &str, escapes: &[Escape]) -> Texts {
    let has_lines = value.bytes().any(|byte| matches!(byte, b'\r' | b'\n'));
    let lines = if has_lines { runner_lines(value).collect() } else { Vec::new() };
    let telling: Vec<_> = lines.iter().copied().filter(|line| is_telling_line(line)).collect();
    let hides_the_value = if has_lines { !telling.is_empty() } else { is_worth_it(value) };
    let is_sent_whole = hides_the_value && (!has_lines || (telling.len() == lines.len() && !needs_shield(value)));
    let mut all = Vec::new();
    if is_sent_whole {
        all.push(value.to_owned());
    } else {
        all.extend(telling.iter().map(|line| (*line).to_owned()));
    }
    // Lines that say nothing each may say something together.
    if hides_the_value || is_telling_line(&lines.concat()) {
        // Behind a shield the runner sees a text without the white space around it.
        let is_seen_whole = is_sent_whole && (!needs_shield(value) || value.trim() == value);
        add_written(&mut all, value, is_seen_whole, escapes);
    }
    for line in &telling {
        add_written(&mut all, line, true, escapes);
    }
    if has_lines {
        all.extend(compact_json(value));
    }
    all.retain(|text| is_worth_it(text));
    Texts { all, hides_the_value }
}

/// The lines into which the runner divides a text.
fn runner_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty())
}

/// Adds the spellings of a text that the forms write, without those that the runner derives by itself. It derives them
/// if it gets the text as a whole (`is_seen`).
fn add_written(all: &mut Vec<String>, text: &str, is_seen: bool, escapes: &[Escape]) {
    for escape in escapes {
        if is_seen && matches!(escape, Escape::Base64) {
            continue;
        }
        let written = escape.apply(text);
        if written == text || is_seen && written == json_of_the_runner(text) {
            continue;
        }
        if written.contains(['\r', '\n']) {
            all.extend(runner_lines(&written).filter(|line| is_telling_line(line)).map(ToOwned::to_owned));
        } else {
            all.push(written.into_owned());
        }
    }
}

/// A text as the runner escapes it between the quotes of a JSON string. The runner uses Newtonsoft.Json, which escapes
/// three characters that this tool does not.
fn json_of_the_runner(text: &str) -> Cow<'_, str> {
    let escaped = json_escape(text);
    if escaped.is_ascii() || !escaped.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return escaped;
    }
    Cow::Owned(escaped.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// A JSON document of several lines, rewritten on one line.
fn compact_json(value: &str) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(value).ok()?;
    Some(document.to_string()).filter(|text| is_telling_line(text))
}

#[cfg(test)]
mod tests;
