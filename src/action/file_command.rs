//! The text of GITHUB_OUTPUT and GITHUB_ENV.
//!
//! Both files have one syntax, read by the runner after the step ends
//! ([`FileCommandManager.cs`](https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs),
//! [documentation](https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings)).
//! A file with one bad entry fails the step, and entries before it may have taken effect: so a file is rendered whole
//! here, or not at all, and is to be written in one go.
//!
//! On Linux (container actions run nowhere else) values arrive byte for byte, including line breaks at both ends and
//! CR. Two things cannot be transferred and are refused: names that the runner would read differently, and values with
//! a NUL, which later steps would get cut off at the NUL, since a process receives them as C strings. Writing the file,
//! and choosing names, do not belong here.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::secret::Secret;

/// The size of all outputs, in bytes as GitHub counts them ([`output_bytes`]), above which there is a warning. A job's
/// outputs may have 1 MiB
/// ([documentation](https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/pass-job-outputs)).
pub const OUTPUT_WARN_BYTES: usize = 900 * 1024;

/// The most bytes that a job's outputs may have, counted so.
pub const OUTPUT_MAX_BYTES: usize = 1024 * 1024;

/// How many delimiters are tried for one entry. One collides once in 2^128 times, so several collisions mean that the
/// source is not random.
const DRAWS: usize = 8;

/// The length of a delimiter, in bytes.
const DELIMITER_BYTES: usize = "ghadelimiter_".len() + 32;

/// Why an entry cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileCommandError {
    /// The syntax would read another name than this.
    #[error("{name:?} cannot name an output or a variable: {rule}")]
    Name {
        /// The name.
        name: String,
        /// The rule that it breaks, as a clause.
        rule: &'static str,
    },
    /// Later steps would get the value cut short.
    #[error("the value of {name} holds a NUL character, which no environment variable can carry")]
    Nul {
        /// The name.
        name: String,
    },
    /// Every delimiter drawn is a line of the value.
    #[error("the value of {name} holds every delimiter drawn for it")]
    Delimiter {
        /// The name.
        name: String,
    },
}

/// The whole text of a file with these entries, in this order, each in heredoc form
/// (`NAME<<DELIMITER`, the value, `DELIMITER`).
///
/// `random` must return fresh random bytes at each call. If a name occurs twice, the runner takes the last value; for
/// outputs see also [`overwritten_outputs`].
pub fn render<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a Secret<String>)>,
    mut random: impl FnMut() -> [u8; 16],
) -> Result<Secret<String>, FileCommandError> {
    let entries: Vec<_> = entries.into_iter().collect();
    // Room for all of it, delimiters included: it would be copied again and again as it grows.
    let bytes = entries.iter().map(|(name, value)| name.len() + value.expose().len() + 2 * DELIMITER_BYTES + 5).sum();
    let mut text = String::with_capacity(bytes);
    for (name, value) in entries {
        check_name(name)?;
        let value = value.expose();
        if value.contains('\0') {
            return Err(FileCommandError::Nul { name: name.to_owned() });
        }
        let delimiter = (0..DRAWS)
            .map(|_| delimiter(random()))
            .find(|delimiter| !value.split('\n').any(|line| line.trim_end_matches('\r') == delimiter))
            .ok_or_else(|| FileCommandError::Delimiter { name: name.to_owned() })?;
        for part in [name, "<<", &delimiter, "\n", value, "\n", &delimiter, "\n"] {
            text.push_str(part);
        }
    }
    Ok(Secret::new(text))
}

/// Checks that the runner will read this very name back.
fn check_name(name: &str) -> Result<(), FileCommandError> {
    let rule = if name.is_empty() {
        "it is empty"
    } else if name.contains('=') {
        "it contains `=`"
    } else if name.contains("<<") || name.ends_with('<') {
        // `A<` and the heredoc's `<<` would be read as `A` with a delimiter that begins with `<`.
        "it contains `<<` or ends in `<`"
    } else if name.contains(char::is_control) {
        "it contains a line break or another control character"
    } else if name.starts_with('\u{FEFF}') {
        // The file begins with a name, and .NET drops a byte order mark at a file's start.
        "it begins with a byte order mark"
    } else {
        return Ok(());
    };
    Err(FileCommandError::Name { name: name.to_owned(), rule })
}

fn delimiter(bytes: [u8; 16]) -> String {
    format!("ghadelimiter_{:032x}", u128::from_be_bytes(bytes))
}

/// The size of an output as GitHub counts it: "approximated based on UTF-16 encoding", name and value.
#[must_use]
pub fn output_bytes(name: &str, value: &Secret<String>) -> usize {
    let units = |text: &str| if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
    2 * (units(name) + units(value.expose()))
}

/// The sizes of some outputs together, in [`output_bytes`].
pub fn total_output_bytes<'a>(entries: impl IntoIterator<Item = (&'a str, &'a Secret<String>)>) -> usize {
    entries.into_iter().map(|(name, value)| output_bytes(name, value)).sum()
}

/// The names of the largest outputs with their [`output_bytes`], largest first, at most `count`.
pub fn largest_outputs<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a Secret<String>)>,
    count: usize,
) -> Vec<(&'a str, usize)> {
    let mut sizes: Vec<_> = entries.into_iter().map(|(name, value)| (name, output_bytes(name, value))).collect();
    sizes.sort_by_key(|(name, size)| (Reverse(*size), *name));
    sizes.truncate(count);
    sizes
}

/// The outputs that the runner would lose, each with the later output that replaces it.
///
/// A step's outputs are kept in a dictionary that ignores case
/// ([`StepsContext.cs`](https://github.com/actions/runner/blob/main/src/Runner.Worker/StepsContext.cs)): of `PATH_A`
/// and `path_a` only the last is there, under both names. Entries of the same value are no loss and not told.
/// Environment variables keep their case on Linux: this does not concern them.
pub fn overwritten_outputs<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a Secret<String>)>,
) -> Vec<(&'a str, &'a str)> {
    let entries = entries.into_iter();
    let mut last: HashMap<String, (&str, &Secret<String>)> = HashMap::with_capacity(entries.size_hint().0);
    let mut lost = Vec::new();
    for (name, value) in entries {
        if let Some((earlier, other)) = last.insert(name.to_ascii_lowercase(), (name, value))
            && other != value
        {
            lost.push((earlier, name));
        }
    }
    lost
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::action::runner_rules::file_command_reader;
    use crate::tried::holds;

    /// Sixteen bytes that are others at each call.
    fn counter() -> impl FnMut() -> [u8; 16] {
        let mut count = 0_u128;
        move || {
            count += 1;
            count.to_be_bytes()
        }
    }

    fn render_pairs(pairs: &[(&str, &str)]) -> Result<String, FileCommandError> {
        let entries: Vec<_> = pairs.iter().map(|(name, value)| (*name, Secret::from(*value))).collect();
        render(entries.iter().map(|(name, value)| (*name, value)), counter()).map(Secret::into_exposed)
    }

    fn survives(name: &str, value: &str) {
        let text = render_pairs(&[("BEFORE", "x"), (name, value), ("AFTER", "y")]).unwrap();
        let read = file_command_reader::pairs(text.as_bytes()).unwrap();
        let pairs: Vec<_> = read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("BEFORE", "x"), (name, value), ("AFTER", "y")]);
    }

    #[test]
    fn an_entry_is_a_heredoc() {
        assert_eq!(
            render_pairs(&[("A", "1\n2"), ("B", "")]).unwrap(),
            "A<<ghadelimiter_00000000000000000000000000000001\n1\n2\nghadelimiter_00000000000000000000000000000001\n\
             B<<ghadelimiter_00000000000000000000000000000002\n\nghadelimiter_00000000000000000000000000000002\n"
        );
        assert_eq!(render_pairs(&[]).unwrap(), "");
    }

    #[test]
    fn values_that_are_hard_to_carry_arrive() {
        for value in [
            "",
            "\n",
            "\n\n",
            "\na\n",
            "\r",
            "\r\n",
            "a\r\nb\r\n",
            "a=b",
            "A<<EOF\nx\nEOF",
            "EOF",
            "::add-mask::x",
            "##[error]x",
            "\u{FEFF}x",
            "\u{1b}[31m",
            "\u{202e}",
            "\u{2028}",
            "ü😀",
            " a ",
            "${{ github.token }}",
        ] {
            survives("NAME", value);
        }
        for name in ["a-b", "a<b", "a b", "ü", "1"] {
            survives(name, "value");
        }
    }

    #[test]
    fn names_that_would_be_read_otherwise_are_refused() {
        for name in ["", "a=b", "=", "a<<b", "<<", "a<", "<", "a\nb", "a\r", "\n", "a\0", "\u{FEFF}a"] {
            let error = render_pairs(&[(name, "the value")]).unwrap_err();
            assert!(matches!(&error, FileCommandError::Name { name: named, .. } if named == name), "{name:?}");
            assert!(!error.to_string().contains("the value"));
        }
    }

    #[test]
    fn a_nul_is_refused_by_name() {
        let error = render_pairs(&[("A", "good"), ("B", "hun\0ter2")]).unwrap_err();
        assert_eq!(error, FileCommandError::Nul { name: "B".to_owned() });
        assert!(!error.to_string().contains("hun"));
    }

    #[test]
    fn a_delimiter_that_the_value_holds_is_drawn_again() {
        let value = Secret::new(format!("x\n{}\ny", delimiter([0; 16])));
        let mut drawn = 0_u8;
        let text = render([("A", &value)], || {
            drawn += 1;
            [drawn - 1; 16]
        })
        .unwrap();
        assert_eq!(drawn, 2);
        assert_eq!(
            file_command_reader::pairs(text.expose().as_bytes()).unwrap(),
            [("A".to_owned(), value.expose().clone())]
        );

        let error = render([("A", &value)], || [0; 16]).unwrap_err();
        assert_eq!(error, FileCommandError::Delimiter { name: "A".to_owned() });
    }

    #[test]
    fn sizes_are_those_of_utf_16() {
        let (ascii, astral) = (Secret::from("1234"), Secret::from("😀"));
        assert_eq!(output_bytes("KEY", &ascii), 14);
        assert_eq!(output_bytes("K", &astral), 6);
        let entries = [("B", &astral), ("KEY", &ascii), ("A", &astral)];
        assert_eq!(total_output_bytes(entries), 26);
        assert_eq!(largest_outputs(entries, 2), [("KEY", 14), ("A", 6)]);
        assert_eq!(largest_outputs(entries, 9).len(), 3);
    }

    #[test]
    fn outputs_that_differ_in_case_alone_are_told() {
        let (one, two) = (Secret::from("1"), Secret::from("2"));
        assert_eq!(overwritten_outputs([("a", &one), ("B", &one), ("A", &two)]), [("a", "A")]);
        assert!(overwritten_outputs([("a", &one), ("A", &one), ("b", &two)]).is_empty());
        let text = render([("a", &one), ("A", &two)], counter()).unwrap();
        let outputs = file_command_reader::outputs(text.expose().as_bytes()).unwrap();
        assert_eq!(outputs.into_values().collect::<Vec<_>>(), ["2"]);
    }

    /// Lines that mean something to the reader, and any text.
    fn hostile_value() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => "[^\0]{0,8}",
            1 => Just("\n".to_owned()),
            1 => Just("\r\n".to_owned()),
            1 => Just("EOF".to_owned()),
            1 => Just("NAME<<EOF".to_owned()),
            1 => Just("NAME=x".to_owned()),
            1 => (0..4_u128).prop_map(|count| delimiter(count.to_be_bytes())),
            1 => Just("\u{FEFF}".to_owned()),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_map_comes_out_as_it_went_in(
            map in proptest::collection::btree_map("[^=<\\p{Cc}\u{FEFF}]{1,12}|[A-Z_]{1,6}", hostile_value(), 0..8)
        ) {
            let entries: Vec<_> = map.iter().map(|(name, value)| (name, Secret::new(value.clone()))).collect();
            let text = render(entries.iter().map(|(name, value)| (name.as_str(), value)), counter()).unwrap();
            let read = file_command_reader::pairs(text.expose().as_bytes()).unwrap();
            prop_assert_eq!(read, map.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_name_comes_out_or_is_refused() {
        let inputs = (".{0,6}|[a<=\n\r\u{FEFF}]{0,5}|[a-z_ -]{1,5}", "[^\0]{0,20}");
        holds(256, &inputs, &[("written", 60), ("refused", 60)], |(name, value)| {
            let Ok(text) = render_pairs(&[(&name, &value)]) else {
                let may_be_refused = |c: char| c.is_control() || "<=\u{FEFF}".contains(c);
                assert!(name.is_empty() || name.contains(may_be_refused), "{name:?} was refused");
                return vec!["refused"];
            };
            assert_eq!(file_command_reader::pairs(text.as_bytes()).unwrap(), [(name, value)]);
            vec!["written"]
        });
    }
}
