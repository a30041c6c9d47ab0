//! Reads a step's stdout (and stderr, which the runner treats alike) as the runner does: commands, masks, the log.
//!
//! Sources:
//! [`OutputManager.OnDataReceived`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Runner.Worker/Handlers/OutputManager.cs),
//! [`ActionCommand`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Runner.Common/ActionCommand.cs),
//! [`ActionCommandManager`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Runner.Worker/ActionCommandManager.cs),
//! [`SecretMasker`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Sdk/DTLogging/Logging/SecretMasker.cs),
//! [`ValueEncoders`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Sdk/DTLogging/Logging/ValueEncoders.cs).
//!
//! Left out: problem matchers, and `::echo::on`. Commands other than masks, annotations, groups and `stop-commands` are
//! listed but not carried out.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the runner has registered (`internal-set-repo-path` is for its own plugins).
const REGISTERED: [&str; 15] = [
    "stop-commands",
    "set-env",
    "set-output",
    "save-state",
    "add-mask",
    "add-path",
    "add-matcher",
    "remove-matcher",
    "debug",
    "warning",
    "error",
    "notice",
    "group",
    "endgroup",
    "echo",
];

/// `ExecutionContext._maxIssueMessageLength`, in UTF-16 units.
const LONGEST_ISSUE: usize = 4096;

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its name, as written.
    pub(crate) name: String,
    /// Its properties. Their names ignore case and are given in lower case.
    pub(crate) properties: BTreeMap<String, String>,
    /// Its data, unescaped.
    pub(crate) data: String,
}

/// What came of some output.
#[derive(Default)]
pub(crate) struct Reading {
    /// The commands, in order.
    pub(crate) commands: Vec<Command>,
    /// The log as people see it, debug lines included. An entry may have several lines.
    pub(crate) log: Vec<String>,
    /// What masks everything that later steps print.
    pub(crate) masker: Masker,
}

impl Reading {
    /// The data of all commands of a name.
    pub(crate) fn data_of(&self, name: &str) -> Vec<&str> {
        self.commands
            .iter()
            .filter(|command| command.name.eq_ignore_ascii_case(name))
            .map(|command| command.data.as_str())
            .collect()
    }
}

/// Reads all output of a step.
pub(crate) fn read(output: &[u8]) -> Reading {
    let text = String::from_utf8_lossy(output);
    let mut reading = Reading::default();
    let mut stop_token: Option<String> = None;
    for line in lines(&text) {
        if !process(line, &mut reading, &mut stop_token) {
            let line = line.replace("##[start-action", "##[\\start-action").replace("##[end-action", "##[\\end-action");
            reading.log.push(reading.masker.mask(&line));
        }
    }
    reading
}

/// `StreamReader.ReadLine`: CR, LF and CR LF each end a line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let line = &rest[..end];
        rest = &rest[end..];
        rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
        Some(line)
    })
}

/// `ActionCommandManager.TryProcessCommand`.
fn process(line: &str, reading: &mut Reading, stop_token: &mut Option<String>) -> bool {
    let token = stop_token.as_deref();
    let Some(command) = parse_v2(line, token).or_else(|| parse_v1(line, token)) else { return false };
    if let Some(token) = token {
        let resumed = command.name.eq_ignore_ascii_case(token);
        if resumed {
            reading.log.push(reading.masker.mask(line));
            *stop_token = None;
        }
        return resumed;
    }
    let log_as = |tag: &str, text: &str, reading: &mut Reading| {
        let text: Vec<_> = reading.masker.mask(text).encode_utf16().take(LONGEST_ISSUE).collect();
        let text = String::from_utf16_lossy(&text);
        reading.log.push(reading.masker.mask(&format!("##[{tag}]{text}")));
    };
    match command.name.to_ascii_lowercase().as_str() {
        "stop-commands" => {
            if command.data.encode_utf16().count() > 6 {
                reading.masker.add(&command.data);
            }
            *stop_token = Some(command.data.clone());
            reading.log.push(reading.masker.mask(line));
        }
        "add-mask" if command.data.trim().is_empty() => {
            let warning = "Can't add secret mask for empty string in ##[add-mask] command.";
            log_as("warning", warning, reading);
        }
        "add-mask" => {
            reading.masker.add(&command.data);
            for line in command.data.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()) {
                reading.masker.add(line);
            }
        }
        tag @ ("error" | "warning" | "notice") if !command.data.is_empty() => log_as(tag, &command.data, reading),
        tag @ ("debug" | "group") => {
            reading.log.push(reading.masker.mask(&format!("##[{tag}]{}", command.data)));
        }
        "endgroup" => reading.log.push("##[endgroup]".to_owned()),
        _ => {}
    }
    reading.commands.push(command);
    true
}

/// `ActionCommand.TryParseV2`: `::name key=value,key=value::data`, after blanks.
pub(crate) fn parse_v2(message: &str, stop_token: Option<&str>) -> Option<Command> {
    let message = message.trim_start();
    let rest = message.strip_prefix("::").filter(|rest| !begins_with_combining(rest))?;
    let end_index = rest.match_indices("::").map(|(at, _)| at).find(|at| !begins_with_combining(&rest[at + 2..]))?;
    let (info, data) = (&rest[..end_index], &rest[end_index + 2..]);
    let unescape_property =
        |text: &str| unescape(text, &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]);
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    is_registered(name, stop_token).then(|| Command {
        name: name.to_owned(),
        // The original looks for properties only where the blank is not the first character; such a name is empty.
        properties: read_properties(properties.trim(), ',', unescape_property),
        data: unescape(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]),
    })
}

/// `ActionCommand.TryParse`: `##[name key=value;key=value]data`, anywhere in the line.
pub(crate) fn parse_v1(message: &str, stop_token: Option<&str>) -> Option<Command> {
    let (_, rest) = message.split_once("##[")?;
    let (info, data) = rest.split_once(']')?;
    let unescape =
        |text: &str| unescape(text, &[("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")]);
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    is_registered(name, stop_token).then(|| Command {
        name: name.to_owned(),
        properties: read_properties(properties, ';', unescape),
        data: unescape(data),
    })
}

/// The original looks for `::` with the rules of a language (ICU), by which a colon and the combining mark after it are
/// one character that is not a colon. This knows the main block of such marks.
fn begins_with_combining(text: &str) -> bool {
    text.starts_with(|c: char| ('\u{300}'..='\u{36F}').contains(&c))
}

fn is_registered(name: &str, stop_token: Option<&str>) -> bool {
    REGISTERED.iter().copied().chain(stop_token).any(|registered| registered.eq_ignore_ascii_case(name))
}

fn read_properties(text: &str, separator: char, unescape: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    text.split(separator)
        .filter_map(|property| {
            // `Split('=', 2, RemoveEmptyEntries)` drops `=` at the start of both parts.
            let (key, value) = property.trim_start_matches('=').split_once('=')?;
            let value = value.trim_start_matches('=');
            (!value.is_empty()).then(|| (key.to_lowercase(), unescape(value)))
        })
        .collect()
}

fn unescape(text: &str, mappings: &[(&str, &str)]) -> String {
    mappings.iter().fold(text.to_owned(), |text, (replacement, token)| text.replace(replacement, token))
}

/// `SecretMasker` with the encoders that the runner registers.
#[derive(Default)]
pub(crate) struct Masker {
    /// The values as they were added.
    pub(crate) originals: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Masker {
    /// `SecretMasker.AddValue`.
    pub(crate) fn add(&mut self, value: &str) {
        if value.is_empty() || !self.originals.insert(value.to_owned()) {
            return;
        }
        let shifted = |shift| value.as_bytes().get(shift..).filter(|rest| !rest.is_empty()).unwrap_or(value.as_bytes());
        let (before_ampersand, after_ampersand) = powershell_sections(value);
        self.values.extend(
            [
                value.to_owned(),
                STANDARD.encode(value),
                STANDARD.encode(shifted(1)),
                STANDARD.encode(shifted(2)),
                value.replace('"', "\\\""),
                value.replace('\'', "''"),
                json_string_escape(value),
                uri_data_escape(value),
                xml_data_escape(value),
                trim_double_quotes(value).to_owned(),
                before_ampersand.to_owned(),
                after_ampersand.to_owned(),
            ]
            .into_iter()
            .filter(|form| !form.is_empty()),
        );
    }

    /// `SecretMasker.MaskSecrets`: what touches or overlaps becomes one `***`.
    pub(crate) fn mask(&self, input: &str) -> String {
        let mut positions: Vec<(usize, usize)> = Vec::new();
        for value in &self.values {
            let mut start = 0;
            while let Some(at) = input.get(start..).and_then(|rest| rest.find(value.as_str())) {
                positions.push((start + at, start + at + value.len()));
                start += at + input[start + at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        positions.sort_unstable();
        let mut masked = String::new();
        let mut done = 0;
        let mut replaced_to = None;
        for (start, end) in positions {
            if replaced_to.is_none_or(|replaced_to| start > replaced_to) {
                masked.push_str(&input[done..start]);
                masked.push_str("***");
            }
            done = done.max(end);
            replaced_to = Some(done);
        }
        masked.push_str(&input[done..]);
        masked
    }
}

/// `JsonConvert.ToString` of Newtonsoft.Json, without the quotes.
fn json_string_escape(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{C}' => "\\f".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\0'..='\u{1F}' | '\u{85}' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}

/// `Uri.EscapeDataString`.
fn uri_data_escape(value: &str) -> String {
    value
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// `SecurityElement.Escape`.
fn xml_data_escape(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}

fn trim_double_quotes(value: &str) -> &str {
    if value.encode_utf16().count() <= 8 {
        return "";
    }
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or_default()
}

/// `PowerShellPreAmpersandEscape` and `PowerShellPostAmpersandEscape`: parts of at least 6 UTF-16 units.
fn powershell_sections(value: &str) -> (&str, &str) {
    let (before, after) = if let Some(at) = value.find("&+") {
        let mut after = value[at + 2..].chars();
        after.next();
        (&value[..at + 2], after.as_str())
    } else if let Some(at) = value.rfind('&') {
        (&value[..=at], &value[at + 1..])
    } else {
        ("", "")
    };
    let long_enough = |section: &'_ str| section.encode_utf16().count() >= 6;
    (if long_enough(before) { before } else { "" }, if long_enough(after) { after } else { "" })
}
