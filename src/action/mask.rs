//! Which `add-mask` commands hide the config's values in the log of the whole job.
//!
//! The runner replaces a masked text by `***` wherever it occurs, in the log of every later step too. It does so for
//! the data of an `add-mask` command and for **each line of it**, blanks around it removed, however short
//! ([`AddMaskCommandExtension`](https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs)).
//! A mask of `1`, or of a line `{`, would make the log unreadable. So some texts are not masked, and of a value with
//! such a line the other lines are sent, each by itself. All others are sent whole, and line by line as well, for
//! runners that divide nothing.
//!
//! Of each text the runner derives by itself
//! ([`ValueEncoders.cs`](https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs)):
//! base64, also of the text without its first one or two bytes; the insides of a JSON string; URI- and XML-escaped; `"`
//! as `\"`; `'` as `''`; without the quotes around it; and the parts around `&` that PowerShell prints. All other
//! spellings that the option `format` produces are sent by this module, which asks each form of [`crate::format`] for
//! its own. So are the texts inside a value that a later step may print alone (`nested`).

mod nested;
mod unescape;
mod worth;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use self::nested::{MOST_BYTES, Nest, Nested, SHORTEST_OF_LINES, TooMuch, compact};
pub use self::worth::{COMMON_WORDS, SHORTEST};
use self::worth::{is_key_alone, is_telling_line, is_telling_line_of_a_path, is_worth_it};
use super::escape::{escape_data, needs_shield};
use crate::config::{Unkeyed, Value};
use crate::format::{Escape, Format, json_escape};
use crate::name::ConfigPath;
use crate::secret::Secret;

/// The most lines of values and texts inside them that are masked in one step, as many as a config file may have
/// values.
pub const MOST_NESTED: usize = crate::config::MOST_VALUES;

/// The masks to send, and the keys whose values stay readable.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// The command lines, without line breaks at their ends, to be printed before anything else.
    pub commands: Vec<Secret<String>>,
    /// The keys that were to be masked and are not, because their values (or all lines of them) are too short or too
    /// common. In the order given.
    pub unmasked: Vec<String>,
}

/// More lines and texts stand inside values than can be masked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooManyMasks {
    /// They became too many with the value of this key.
    #[error("the value of {0} brings the lines and texts to mask above what can be masked")]
    Key(String),
    /// They became too many with what this file holds without keys.
    #[error("what {0} holds brings the lines and texts to mask above what can be masked")]
    File(ConfigPath),
}

/// The masks for all entries (key and value) whose key `is_selected`, in the order of the entries, and for what files
/// hold without keys; each text once.
/// Where a value is masked, so are the other spellings that its file may use, and the texts inside it.
///
/// # Errors
/// [`TooManyMasks`]: beyond [`MOST_NESTED`] and 64 MiB of texts inside values.
pub fn masks<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a Value)>,
    unkeyed: &[(ConfigPath, Unkeyed)],
    is_selected: impl Fn(&str) -> bool,
) -> Result<Masks, TooManyMasks> {
    let mut unmasked = Vec::new();
    let escapes = Format::all_escapes();
    let mut sent = Sent::default();
    let mut bytes_left = MOST_BYTES;
    // A value comes once from its file and once more as it was merged.
    let mut known = HashMap::new();
    for (key, value) in entries.into_iter().filter(|(key, _)| is_selected(key)) {
        let text = value.text.expose().as_str();
        let is_hidden = match known.get(text) {
            Some(is_hidden) => *is_hidden,
            None => {
                let is_hidden =
                    sent.value(text, &escapes, &mut bytes_left).map_err(|TooMuch| TooManyMasks::Key(key.to_owned()))?;
                known.insert(text, is_hidden);
                is_hidden
            }
        };
        if is_hidden {
            for spelling in &value.spellings {
                sent.send(spelling.expose());
            }
        } else {
            unmasked.push(key.to_owned());
        }
    }
    for (path, unkeyed) in unkeyed {
        let sent = match unkeyed {
            Unkeyed::Value(value) => {
                let texts = std::iter::once(&value.text).chain(&value.spellings);
                texts.map(Secret::expose).try_for_each(|text| {
                    // Nothing can deliver a NUL, but what stands around it.
                    text.split('\0').try_for_each(|text| sent.value(text, &escapes, &mut bytes_left).map(drop))
                })
            }
            Unkeyed::Text(text) => sent.text(text.expose(), &mut bytes_left),
        };
        sent.map_err(|TooMuch| TooManyMasks::File(path.clone()))?;
    }
    Ok(Masks { commands: sent.commands, unmasked })
}

/// The mask for a credential. Unlike a config value, it is one line and always worth a mask.
pub(super) fn from_credential(text: &Secret<String>) -> Secret<String> {
    Secret::new(command(text.expose()))
}

fn command(text: &str) -> String {
    // A blank first line costs nothing: the runner takes each line by itself as well.
    let shield = if needs_shield(text) { "%0A" } else { "" };
    let is_escaped = text.bytes().any(|byte| matches!(byte, b'%' | b'\r' | b'\n'));
    let data = if is_escaped { Cow::Owned(escape_data(text)) } else { Cow::Borrowed(text) };
    ["::add-mask::", shield, &data].concat()
}

/// The commands of the texts that are masked, each once.
#[derive(Default)]
struct Sent {
    commands: Vec<Secret<String>>,
    /// Where the command for a text is, by the text's hash: the texts themselves would take as much memory again.
    places: HashMap<u64, usize>,
    hasher: RandomState,
    /// How many of them are lines of values and texts inside values.
    nested: usize,
}

impl Sent {
    /// Masks a text, unless it is masked. Says whether it was not.
    fn send(&mut self, text: &str) -> bool {
        let hash = self.hasher.hash_one(text);
        let known = self.places.get(&hash).and_then(|place| self.commands.get(*place));
        let command = command(text);
        if known.is_some_and(|known| *known.expose() == command) {
            return false;
        }
        self.places.insert(hash, self.commands.len());
        self.commands.push(Secret::new(command));
        true
    }

    /// Masks a text, if it is worth it.
    fn send_if_worth_it(&mut self, text: &str) -> bool {
        is_worth_it(text) && self.send(text)
    }

    /// Masks a line of a value or a text inside it.
    fn send_nested(&mut self, text: &str) -> Result<(), TooMuch> {
        self.nested += usize::from(self.send_if_worth_it(text));
        if self.nested > MOST_NESTED { Err(TooMuch) } else { Ok(()) }
    }

    /// Masks what hides a value. False if the value, or each of its lines, stays readable.
    fn value(&mut self, value: &str, escapes: &[Escape], bytes_left: &mut usize) -> Result<bool, TooMuch> {
        if is_word(value) {
            let is_hidden = is_worth_it(value);
            if is_hidden {
                self.send(value);
            }
            let found = |nested: Nested<'_>| self.nested(&nested);
            let mut nest = Nest { bytes_left: *bytes_left, shortest: SHORTEST_OF_LINES, found };
            nest.look_into_word(value)?;
            *bytes_left = nest.bytes_left;
            return Ok(is_hidden);
        }
        let has_lines = value.contains(['\r', '\n']);
        let hides_the_value = if has_lines { runner_lines(value).any(is_telling_line) } else { is_worth_it(value) };
        let is_sent_whole = hides_the_value && can_be_sent_whole(value);
        if is_sent_whole {
            self.send_if_worth_it(value);
        }
        // Runners other than GitHub's, such as act's and Forgejo's, do not divide a text into its lines.
        if has_lines {
            runner_lines(value).filter(|line| is_telling_line(line)).try_for_each(|line| self.send_nested(line))?;
        }
        // Lines that say nothing each may say something together.
        if hides_the_value || has_lines && is_telling_line(&runner_lines(value).collect::<String>()) {
            // Behind a shield the runner sees a text without the white space around it.
            let is_seen_whole = is_sent_whole && (!needs_shield(value) || value.trim() == value);
            self.written(value, is_seen_whole, escapes);
        }
        if has_lines {
            for line in runner_lines(value).filter(|line| is_telling_line(line)) {
                self.written(line, true, escapes);
            }
            if let Some(compact) = compact(value).filter(|text| is_telling_line(text)) {
                self.send(&compact);
            }
        }
        let found = |nested: Nested<'_>| self.nested(&nested);
        let mut nest = Nest { bytes_left: *bytes_left, shortest: SHORTEST_OF_LINES, found };
        nest.look_into(value)?;
        *bytes_left = nest.bytes_left;
        Ok(hides_the_value)
    }

    /// Masks what a file holds that could not be read: its lines, and the values in them.
    fn text(&mut self, text: &str, bytes_left: &mut usize) -> Result<(), TooMuch> {
        let is_to_send = |line: &&str| is_telling_line(line) && !is_key_alone(line);
        runner_lines(text).filter(is_to_send).try_for_each(|line| self.send_nested(line))?;
        let found = |nested: Nested<'_>| self.nested(&nested);
        let mut nest = Nest { bytes_left: *bytes_left, shortest: SHORTEST, found };
        nest.look_into(text)?;
        *bytes_left = nest.bytes_left;
        Ok(())
    }

    /// Masks a text inside a value, and each line of it.
    fn nested(&mut self, Nested { text, may_be_path }: &Nested<'_>) -> Result<(), TooMuch> {
        if !text.contains(['\r', '\n']) {
            return self.send_nested(text);
        }
        let is_telling = if *may_be_path { is_telling_line_of_a_path } else { is_telling_line };
        if can_be_sent_whole(text) && runner_lines(text).all(is_telling) {
            self.send_nested(text)?;
        }
        runner_lines(text).filter(|line| is_telling(line)).try_for_each(|line| self.send_nested(line))
    }

    /// Masks the spellings of a text that the forms write, without those that the runner derives by itself. It derives
    /// them if it gets the text as a whole (`is_seen`).
    fn written(&mut self, text: &str, is_seen: bool, escapes: &[Escape]) {
        for escape in escapes {
            if is_seen && matches!(escape, Escape::Base64) {
                continue;
            }
            let written = escape.apply(text);
            if written == text || is_seen && written == json_of_the_runner(text) {
                continue;
            }
            if written.contains(['\r', '\n']) {
                for line in runner_lines(&written).filter(|line| is_telling_line(line)) {
                    self.send(line);
                }
            } else {
                self.send_if_worth_it(&written);
            }
        }
    }
}

/// Whether the runner may divide a text into its lines: of one line, there is nothing to divide; of several, each must
/// be worth a mask. What needs a shield arrives at other runners with it, and is better sent as lines.
fn can_be_sent_whole(text: &str) -> bool {
    !text.contains(['\r', '\n']) || !needs_shield(text) && runner_lines(text).all(is_telling_line)
}

/// Whether a value is a word that every form writes as it is, and that holds no other text unless it is base64. Most
/// values are. YAML's forms respell numbers with exponents.
fn is_word(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && !(value.starts_with(|c: char| c == '-' || c.is_ascii_digit())
            && value.bytes().any(|byte| matches!(byte, b'e' | b'E')))
}

/// The lines into which the runner divides a text.
fn runner_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty())
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

#[cfg(test)]
mod tests;
