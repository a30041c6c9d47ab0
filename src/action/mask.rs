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
//! base64, also of the text without its first one or two bytes; the insides of a JSON string; URI- and XML-escaped;
//! `"` as `\"`; `'` as `''`; without the quotes around it; and the parts around `&` that PowerShell prints. What the
//! option `format` makes of a text besides, this module sends: it asks every form of [`crate::format`] how it writes it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::annotation::{escape_data, needs_shield};
use crate::format::{Escape, Format, json_escape};
use crate::secret::Secret;

/// Words that are in every log: a value that is one of these, in any case, is not masked.
pub const COMMON_WORDS: [&str; 36] = [
    "true",
    "false",
    "null",
    "none",
    "yes",
    "off",
    "auto",
    "default",
    "enabled",
    "disabled",
    "trace",
    "debug",
    "info",
    "warn",
    "warning",
    "error",
    "dev",
    "develop",
    "development",
    "test",
    "testing",
    "stage",
    "staging",
    "prod",
    "production",
    "local",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "main",
    "master",
    "latest",
    "http",
    "https",
    "json",
    "utf-8",
];

/// The shortest text that is masked, in characters.
pub const SHORTEST: usize = 3;

/// What to send, and what stays readable.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// The command lines, without line breaks at their ends, to be printed before anything else.
    pub commands: Vec<Secret<String>>,
    /// The keys that were to be masked and are not, because their values (or all lines of them) are too short or too
    /// common. In the order given.
    pub unmasked: Vec<String>,
}

/// The commands for all entries (key and value) whose key `is_selected`. Each text is sent once; the order is that of
/// the entries.
pub fn masks<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a Secret<String>)>,
    is_selected: impl Fn(&str) -> bool,
) -> Masks {
    let mut masks = Masks::default();
    let escapes = Format::all_escapes();
    let mut sent = HashSet::new();
    // A value comes once from its file and once more as it was merged.
    let mut known = HashMap::new();
    for (key, value) in entries {
        if !is_selected(key) {
            continue;
        }
        if let Some(is_hidden) = known.get(value.expose()) {
            if !is_hidden {
                masks.unmasked.push(key.to_owned());
            }
            continue;
        }
        let texts = texts_for(value.expose(), &escapes);
        known.insert(value.expose(), texts.hides_the_value);
        if !texts.hides_the_value {
            masks.unmasked.push(key.to_owned());
        }
        for text in texts.all {
            if !sent.contains(&text) {
                masks.commands.push(Secret::new(command(&text)));
                sent.insert(text);
            }
        }
    }
    masks
}

/// The mask of a credential, which is one line and no config value.
pub(super) fn from_credential(text: &Secret<String>) -> Secret<String> {
    Secret::new(command(text.expose()))
}

fn command(text: &str) -> String {
    // A blank first line costs nothing: the runner takes each line by itself as well.
    let shield = if needs_shield(text) { "\n" } else { "" };
    format!("::add-mask::{}", escape_data(&format!("{shield}{text}")))
}

/// The texts that hide one value.
struct Texts {
    all: Vec<String>,
    /// False when the value, or every line of it, would be seen.
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

/// The lines that the runner makes of a text.
fn runner_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty())
}

/// Adds what the forms make of a text, other than what the runner makes of it by itself when the text `is_seen`.
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

/// Whether masking a text does more good than harm, as for a value of one line.
fn is_worth_it(text: &str) -> bool {
    let text = text.trim();
    // The runner masks the insides of a quoted text too.
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    text.chars().nth(SHORTEST - 1).is_some()
        && !COMMON_WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        && !is_small_number(text)
}

/// Whether a line of a longer value is worth a mask by itself: not the `---`, `});` or `"""` that any file may hold.
fn is_telling_line(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphanumeric()).count();
    let distinct = line.chars().collect::<HashSet<_>>().len();
    // `true,` in a list is as common as `true`.
    is_worth_it(line.trim_end_matches([',', ';'])) && (letters >= SHORTEST || distinct > SHORTEST)
}

/// A number, by JSON's grammar (so that `0042` is a code, not a number), whose amount is below 10000.
fn is_small_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && serde_json::from_str::<serde_json::Number>(text)
            .ok()
            .and_then(|number| number.as_f64())
            .is_some_and(|number| number.abs() < 10_000.0)
}

/// A text between the quotes of a JSON string as the runner writes one. Its writer, Newtonsoft's, escapes three
/// characters more than this tool does.
fn json_of_the_runner(text: &str) -> Cow<'_, str> {
    let escaped = json_escape(text);
    if escaped.is_ascii() || !escaped.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return escaped;
    }
    Cow::Owned(escaped.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// A JSON document of several lines on one.
fn compact_json(value: &str) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(value).ok()?;
    Some(document.to_string()).filter(|text| is_telling_line(text))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;
    use crate::action::runner_rules::command_reader::{Reading, read};
    use crate::config::{Setting, Value, ValueKind};
    use crate::format::render;

    fn masks_of(entries: &[(&str, &str)], is_selected: impl Fn(&str) -> bool) -> Masks {
        let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, Secret::from(*value))).collect();
        masks(entries.iter().map(|(key, value)| (*key, value)), is_selected)
    }

    fn lines(masks: &Masks) -> Vec<&str> {
        masks.commands.iter().map(|command| command.expose().as_str()).collect()
    }

    /// What the runner makes of the commands for one value.
    fn runner(value: &str) -> Reading {
        let masks = masks_of(&[("KEY", value)], |_| true);
        let reading = read(lines(&masks).join("\n").as_bytes());
        assert_eq!(reading.log, Vec::<String>::new(), "only masks, and none of them blank");
        reading
    }

    #[test]
    fn short_and_common_values_stay_readable() {
        for value in [
            "",
            " ",
            "x",
            "ab",
            " ab ",
            "üü",
            "true",
            "False",
            "NULL",
            "0",
            "42",
            "9999",
            "-9999",
            "0.5",
            "1e3",
            "info",
            "debug",
            "dev",
            "prod",
            "production",
            "localhost",
            " Production ",
            "\"production\"",
            "a\nb",
            "{\n}",
            "---\n",
            "\n\n",
            "true,\nfalse,",
        ] {
            let masks = masks_of(&[("KEY", value)], |_| true);
            assert_eq!(masks.unmasked, ["KEY"], "{value:?}");
            let reading = read(lines(&masks).join("\n").as_bytes());
            assert!(reading.masker.mask(value) == value, "{value:?}");
        }
        // Its lines say nothing, the whole does.
        assert_eq!(runner("[\n\"ab\",\n\"cd\"\n]").masker.mask("x=[\"ab\",\"cd\"]"), "x=***");
        for value in ["abc", "üüü", "10000", "-10000", "0042", "1.2.3", "1e5", "truer", "---", "1 2", "\"abc\""] {
            assert_eq!(runner(value).masker.mask(&format!("<{value}>")), "<***>", "{value:?}");
        }
    }

    #[test]
    fn only_selected_keys_are_masked_and_each_text_once() {
        let entries = [("B", "hunter2"), ("LOG_LEVEL", "verbose"), ("A", "hunter2"), ("C", "100%"), ("D", "true")];
        let masks = masks_of(&entries, |key| key != "LOG_LEVEL");
        assert_eq!(lines(&masks), ["::add-mask::hunter2", "::add-mask::100%25"]);
        assert_eq!(masks.unmasked, ["D"]);
        assert_eq!(masks_of(&entries, |_| false), Masks::default());
    }

    #[test]
    fn a_value_of_telling_lines_is_sent_whole() {
        let masks = masks_of(&[("KEY", "first line\nsecond%0Aline\r\n\nthird line\n")], |_| true);
        assert_eq!(lines(&masks), ["::add-mask::first line%0Asecond%250Aline%0D%0A%0Athird line%0A"]);
    }

    #[test]
    fn a_pretty_document_does_not_mask_its_braces() {
        let value = "{\n  \"user\": \"shop\",\n  \"list\": [\n    true,\n    \"s3cr3t\"\n  ]\n}\n";
        let masker = runner(value).masker;
        assert!(
            !masker.originals.iter().any(|text| text.trim().len() <= 2 || text == "true,"),
            "braces would be masked"
        );
        assert_eq!(masker.mask("fn main() { [true, false] }"), "fn main() { [true, false] }");
        for shown in ["  \"user\": \"shop\",", "\"s3cr3t\""] {
            assert!(masker.mask(shown).ends_with("***"), "{shown}");
        }
        let compact = "{\"user\":\"shop\",\"list\":[true,\"s3cr3t\"]}";
        assert_eq!(masker.mask(compact), "***");
        assert_eq!(masker.mask(&format!("[{}]", json_escape(value))), "[***]");
        assert_eq!(masker.mask(&STANDARD.encode(value)), "***");
    }

    #[test]
    fn a_private_key_is_hidden_line_by_line() {
        let value = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nRg==\n-----END KEY-----\n";
        let masker = runner(value).masker;
        assert_eq!(masker.mask("MIIEvQIBADANBgkqhkiG"), "***");
        assert_eq!(masker.mask("-----BEGIN KEY-----\\nMIIEvQIBADANBgkqhkiG\\nRg==\\n-----END KEY-----\\n"), "***");
    }

    #[test]
    fn forms_that_formats_write_are_hidden() {
        let masker = runner("it's a $ecret").masker;
        assert_eq!(masker.mask("export A='it'\\''s a $ecret'"), "export A='***'");
        assert_eq!(masker.mask("A=\"it's a \\$ecret\""), "A=\"***\"");
        assert_eq!(runner("first\t$1\nsecond\n").masker.mask("A=\"first\t\\$1\\nsecond\\n\""), "A=\"***\"");
        let masker = runner("tell \"me\"\u{2028}").masker;
        assert_eq!(masker.mask("\"tell \\\"me\\\"\u{2028}\""), "\"***\"");
        // A line of a longer value too.
        assert_eq!(runner("{\nit's me\n").masker.mask("it'\\''s me"), "***");
    }

    /// The text of a config value that no line of a log may show.
    const CORE: &str = "s3cr3t";

    /// When somebody prints a file in this form, nothing of the value is left to read, but for quotes and white space.
    fn assert_hidden(format: Format, value: &Value) {
        let in_file = |text: &str| {
            let value = Value { text: Secret::from(text), kind: value.kind };
            render(format, &[Setting { name: "KEY".to_owned(), value }], "shop").map(Secret::into_exposed)
        };
        let text = value.text.expose();
        let (Ok(file), Ok(empty)) = (in_file(text), in_file("MARK")) else { return };
        let masker = runner(text).masker;
        let shown = file.lines().map(|line| masker.mask(line)).collect::<Vec<_>>().join("\n");
        let plain = |text: &str| text.replace(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'), "");
        let lines = |text: &str| text.split(['\r', '\n']).count();
        if lines(&file) == lines(&empty) {
            let expected = empty.replace("MARK", "***").replace(&STANDARD.encode("MARK"), "***");
            assert_eq!(plain(&shown), plain(&expected), "{format} of {text:?}");
        } else {
            assert!(!shown.contains(CORE), "{format} of {text:?}:\n{shown}");
        }
    }

    fn assert_hidden_in_every_format(text: &str, kind: ValueKind) {
        Format::ALL.iter().for_each(|format| assert_hidden(*format, &Value { text: text.into(), kind }));
    }

    #[test]
    fn no_format_writes_a_value_that_is_not_hidden() {
        for awkward in [
            "plain-s3cr3t",
            "it's a $s3cr3t",
            "'s3cr3t'",
            "\"s3cr3t\" & `id`",
            r"C:\s3cr3t\\new\",
            "tab\ts3cr3t",
            "bell\u{7}s3cr3t\u{1b}[2J",
            "nul\0s3cr3t",
            "delete\u{7f}s3cr3t\u{80}\u{9f}",
            "next\u{85}s3cr3t\u{2028}\u{2029}",
            "mark\u{feff}s3cr3t\u{fffe}\u{ffff}",
            "s3cr3t 日本 😀 e\u{301}",
            "  s3cr3t  ",
            "%s3cr3t%0A::",
            "s3cr3t\\",
            "s3cr3t line\nnext 's3cr3t'\n",
            "s3cr3t\r\n$s3cr3t \"two\"\r\n",
            "{\n  \"s3cr3t\": 'it\\'s',\n  \"b\": \"$s3cr3t\"\n}\n",
            "\ts3cr3t\u{feff}\n}\n's3cr3t",
        ] {
            assert_hidden_in_every_format(awkward, ValueKind::Text);
        }
        // A number with an exponent is spelt in another way in YAML.
        for number in ["1234567890", "-1.5e300", "123456E3", "12345678901234567890.10e-2"] {
            assert_hidden_in_every_format(number, ValueKind::Number);
        }
    }

    #[test]
    fn a_value_that_hides_the_commands_colons_is_masked_all_the_same() {
        for value in ["\u{301}secret", "\u{301}secret line\nsecond line", "\u{301}secret line\n}"] {
            let masker = runner(value).masker;
            for line in value.lines().filter(|line| line.len() > 1) {
                assert_eq!(masker.mask(line), "***", "{line:?}");
            }
            assert_eq!(masker.mask(&json_escape(value)), "***", "{value:?}");
        }
    }

    #[test]
    fn nothing_prints_a_value() {
        let masks = masks_of(&[("KEY", "hunter2")], |_| true);
        assert!(!format!("{masks:?}").contains("hunter2"));
    }

    /// A line with the core in it, among what some form escapes.
    fn awkward_line() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(vec![
            "'", "\"", "`", "\\", "\\\\", "$", "${A}", "%", "!", "#", "&+", "&", ":", ",", " ", "\t", "\u{7}",
            "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{ffff}", "\u{301}", "é", "😀", "word", "true",
            "1e5",
        ]);
        let pieces = || proptest::collection::vec(piece.clone(), 0..4).prop_map(|pieces| pieces.concat());
        (pieces(), pieces()).prop_map(|(before, after)| format!("{before}{CORE}{after}"))
    }

    proptest! {
        #[test]
        fn no_format_writes_any_value_that_is_not_hidden(
            line in awkward_line(),
            others in proptest::collection::vec(prop_oneof![3 => awkward_line(), 1 => Just("{".to_owned())], 0..3),
            end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            assert_hidden_in_every_format(&[&others[..], &[line]].concat().join(end), ValueKind::Text);
        }

        #[test]
        fn the_runner_masks_what_is_worth_it_and_nothing_short(
            pieces in proptest::collection::vec(
                prop_oneof![
                    3 => "\\PC{0,9}",
                    1 => ".{0,4}",
                    2 => Just("\n".to_owned()),
                    1 => Just("\r\n".to_owned()),
                    1 => Just("{".to_owned()),
                    1 => Just("%0A".to_owned()),
                    1 => Just("::".to_owned()),
                    1 => Just("true".to_owned()),
                    1 => Just("\"".to_owned()),
                ],
                0..8,
            )
        ) {
            let value = pieces.concat();
            let reading = runner(&value);
            let is_one_line = !value.contains(['\r', '\n']);
            for text in &reading.masker.originals {
                prop_assert!(is_worth_it(text), "{:?} is masked", text);
            }
            for line in value.split(['\r', '\n']) {
                if if is_one_line { is_worth_it(line) } else { is_telling_line(line.trim()) } {
                    prop_assert_eq!(reading.masker.mask(line.trim()), "***");
                }
            }
        }
    }
}
