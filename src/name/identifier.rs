//! Names of letters, digits and a few other characters: those of variables, outputs and keys.

use std::borrow::Cow;

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

/// A text as a variable's name: `_` in place of each character that cannot stand in one, and before a leading digit.
/// What is a name already stays as it is; the empty text becomes `_`.
#[must_use]
pub fn variable_name(text: &str) -> Cow<'_, str> {
    to_identifier(text, "")
}

/// A text as an output's name, in the same way as [`variable_name`]. `-` stays, but not as the first character.
#[must_use]
pub fn output_name(text: &str) -> Cow<'_, str> {
    to_identifier(text, "-")
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

fn to_identifier<'t>(text: &'t str, others: &str) -> Cow<'t, str> {
    if is_identifier(text, others) {
        return Cow::Borrowed(text);
    }
    let mut name = String::with_capacity(text.len() + 1);
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) {
        name.push('_');
    }
    for c in text.chars() {
        let stays = c.is_ascii_alphanumeric() || !name.is_empty() && others.contains(c);
        name.push(if stays { c } else { '_' });
    }
    Cow::Owned(name)
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
    use proptest::prelude::*;

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

    #[test]
    fn any_text_gives_a_name_with_an_underscore_for_what_cannot_stand_in_it() {
        for (text, output, variable) in [
            ("DB_HOST", "DB_HOST", "DB_HOST"),
            ("2FA_ENABLED", "_2FA_ENABLED", "_2FA_ENABLED"),
            ("discovery.type", "discovery_type", "discovery_type"),
            (
                "Logging_LogLevel_Microsoft.AspNetCore",
                "Logging_LogLevel_Microsoft_AspNetCore",
                "Logging_LogLevel_Microsoft_AspNetCore",
            ),
            ("$schema", "_schema", "_schema"),
            ("straße", "stra_e", "stra_e"),
            ("a-b", "a-b", "a_b"),
            ("-a", "_a", "_a"),
            ("1-2", "_1-2", "_1_2"),
            ("a b\n=c", "a_b__c", "a_b__c"),
            ("..", "__", "__"),
            ("", "_", "_"),
        ] {
            assert_eq!((&*output_name(text), &*variable_name(text)), (output, variable), "{text:?}");
        }
        assert!(matches!(output_name("a-b"), Cow::Borrowed(_)), "what is a name costs nothing");
    }

    proptest! {
        #[test]
        fn every_text_gives_a_name_that_stays_one(text in "([a-c1_.$-]|\\PC){0,20}") {
            let (output, variable) = (output_name(&text), variable_name(&text));
            prop_assert!(is_output_name(&output) && is_variable_name(&variable));
            prop_assert_eq!(&*variable_name(&output), &*variable);
            prop_assert_eq!(&*output_name(&output), &*output);
        }
    }
}
