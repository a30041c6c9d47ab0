//! Text for the job's log that cannot be taken for a command, and texts within commands.
//!
//! The runner reads commands from every line of stdout and stderr
//! ([`ActionCommand.cs`](https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs),
//! [documentation](https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands)): `::name …::`
//! at a line's start, after blanks, and the older `##[name …]` **anywhere** in a line. A key, a path or a server's
//! answer may hold either, so whatever is printed goes through this module. Config values are never printed, so none
//! come here.

use crate::name::is_deceptive;

/// A property with its value. The runner drops a `=` at a value's start, so a blank is put before it.
pub(super) fn property(name: &str, value: &str) -> String {
    let shield = if value.starts_with('=') { " " } else { "" };
    format!("{name}={shield}{}", escape_property(&clean(value, ' ')))
}

/// Escapes the data of a workflow command, the part after the second `::`.
pub(super) fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Whether data must not follow a command's `::` directly. The runner searches for `::` with a culture's rules, by
/// which a colon and a combining mark after it are one other character; it would not recognize the command.
pub(super) fn needs_shield(data: &str) -> bool {
    data.starts_with(|first: char| !first.is_ascii())
}

/// Turns any text into one line of the log that the runner does not take for a command; without a line break at its
/// end.
///
/// Line breaks and tabs become blanks. Other control characters (and with them terminals' escape sequences) and marks
/// that reorder text become U+FFFD. `::` at the start and `##[` anywhere get a backslash, as the runner itself does it.
#[must_use]
pub(super) fn log_line(text: &str) -> String {
    let mut line = clean(text, ' ');
    // The blanks that the runner skips (.NET's TrimStart) are those of Rust's trim_start.
    let blanks = line.len() - line.trim_start().len();
    if line[blanks..].starts_with("::") {
        line.insert(blanks, '\\');
    }
    line
}

/// Replaces characters that would garble a log, and `##[`.
pub(super) fn clean(text: &str, line_break: char) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => line_break,
            '\t' => ' ',
            // Besides those of names: soft hyphen, Arabic letter mark, Mongolian vowel separator, interlinear
            // annotation, tags.
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => '\u{FFFD}',
            c if is_deceptive(c) => '\u{FFFD}',
            c => c,
        })
        .collect::<String>()
        .replace("##[", "##\\[")
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::action::runner_rules::command_reader::{parse_v1, parse_v2};

    #[test]
    fn what_disturbs_a_log_is_replaced() {
        for (text, line) in [
            ("plain: text :: ## [x]", "plain: text :: ## [x]"),
            ("::error::x", "\\::error::x"),
            (" \u{A0}\t::error::x", " \u{A0} \\::error::x"),
            ("a\r\nb\rc\nd\u{2028}e", "a b c d e"),
            ("\n::error::x", " \\::error::x"),
            ("a ##[error]x", "a ##\\[error]x"),
            ("###[error]x", "###\\[error]x"),
            ("\u{1b}[31mred\u{1b}[0m\u{7}\0", "\u{FFFD}[31mred\u{FFFD}[0m\u{FFFD}\u{FFFD}"),
            ("a\u{202e}b\u{200b}c\u{61c}d\u{feff}e\u{ad}f", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f"),
            ("\u{200b}::error::x", "\u{FFFD}::error::x"),
            ("ü 😀", "ü 😀"),
            ("", ""),
        ] {
            assert_eq!(log_line(text), line, "{text:?}");
        }
    }

    /// Text with pieces that commands are made of.
    pub(in crate::action) fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => ".{0,4}",
            1 => "\\PC{0,4}",
            2 => Just("::".to_owned()),
            1 => Just("::error::".to_owned()),
            1 => Just("##[".to_owned()),
            1 => Just("##[error]".to_owned()),
            1 => Just("]".to_owned()),
            1 => Just("#".to_owned()),
            1 => Just("[error]".to_owned()),
            1 => Just("error".to_owned()),
            1 => Just("::add-mask::x".to_owned()),
            1 => Just("\r".to_owned()),
            1 => Just("\n".to_owned()),
            1 => Just("\u{1b}".to_owned()),
            1 => Just("%0A".to_owned()),
            1 => Just("=".to_owned()),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_a_log_line_a_command(text in hostile()) {
            let line = log_line(&text);
            prop_assert!(!line.contains(|c: char| c.is_control() || is_deceptive(c)));
            prop_assert_eq!(parse_v2(&line, None), None);
            prop_assert_eq!(parse_v1(&line, None), None);
            prop_assert_eq!(log_line(&line), line);
        }
    }
}
