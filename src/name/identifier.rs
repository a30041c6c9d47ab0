//! Names of letters, digits and a few other characters: those of variables, outputs and keys.

/// Whether a text is `[A-Za-z_][A-Za-z0-9_]*`, a variable's name (POSIX, "Name").
#[must_use]
pub fn is_variable_name(text: &str) -> bool {
    is_identifier(text, "")
}

/// Whether a text is `[A-Za-z_][A-Za-z0-9_-]*`, the name of an output that `steps.ID.outputs.NAME` can say (GitHub,
/// "Contexts": a property after a dot begins with a letter or `_` and holds letters, digits, `-` and `_`).
#[must_use]
pub fn is_output_name(text: &str) -> bool {
    is_identifier(text, "-")
}

/// Whether a text is `[A-Za-z0-9_.][A-Za-z0-9_.-]*`, the key of a dotenv file.
pub(crate) fn is_dotenv_key(text: &str) -> bool {
    !text.is_empty() && dotenv_key_length(text) == text.len()
}

/// The length, in bytes, of the dotenv key that a text begins with; 0 where it begins with none.
pub(crate) fn dotenv_key_length(text: &str) -> usize {
    if text.starts_with('-') { 0 } else { length_of_word(text, ".-") }
}

fn is_identifier(text: &str, others: &str) -> bool {
    !text.is_empty() && identifier_length(text, others) == text.len()
}

/// The length of what a text begins with: a letter or `_`, then letters, digits, `_` and these others. ASCII only.
fn identifier_length(text: &str, others: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { length_of_word(text, others) } else { 0 }
}

/// The length of the letters, digits, `_` and these others that a text begins with. ASCII only.
fn length_of_word(text: &str, others: &str) -> usize {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || others.contains(c);
    text.find(|c| !goes_on(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_expressions_shells_and_dotenv_files_can_say() {
        for (name, variable, output, key) in [
            ("A", true, true, true),
            ("_", true, true, true),
            ("a1", true, true, true),
            ("a-b", false, true, true),
            ("a.b", false, false, true),
            ("-a", false, false, false),
            (".a", false, false, true),
            ("1a", false, false, true),
            ("", false, false, false),
            ("a b", false, false, false),
            ("a=b", false, false, false),
            ("a\nb", false, false, false),
            ("aü", false, false, false),
            ("ü", false, false, false),
        ] {
            let found = (is_variable_name(name), is_output_name(name), is_dotenv_key(name));
            assert_eq!(found, (variable, output, key), "{name:?}");
        }
        assert_eq!(["a.b-c=d", "2.a", "aü", "=a", "-a", ""].map(dotenv_key_length), [5, 3, 1, 0, 0, 0]);
    }
}
