use std::fmt;

/// An input that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The input's name.
    pub name: String,
    /// What is wrong with it, as a clause that follows the name.
    pub problem: String,
    /// What to do about it, as a sentence.
    pub remedy: String,
}

impl InputError {
    /// An error of one input.
    pub fn new(name: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name: name.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "input `{}` {}", self.name, self.problem)
    }
}

impl std::error::Error for InputError {}

/// Reads `true` and `false` as YAML 1.2's core schema writes them, which is what other actions take
/// (<https://yaml.org/spec/1.2.2/#10212-boolean>).
pub(super) fn flag(name: &str, text: Option<&str>, default: bool) -> Result<bool, InputError> {
    match text {
        None => Ok(default),
        Some("true" | "True" | "TRUE") => Ok(true),
        Some("false" | "False" | "FALSE") => Ok(false),
        Some(other) => Err(InputError::new(
            name,
            format!("is {:?}, which is neither true nor false", shown(other)),
            "Write true or false.",
        )),
    }
}

/// Reads one of several words.
pub(super) fn choice<T: Copy>(
    name: &str,
    text: Option<&str>,
    default: T,
    choices: &[(&str, T)],
) -> Result<T, InputError> {
    let Some(text) = text else { return Ok(default) };
    choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        let nearest = nearest(text, &words).map(|word| format!(" Did you mean {word}?")).unwrap_or_default();
        InputError::new(
            name,
            format!("is {:?}, which is not among its values", shown(text)),
            format!("Write one of: {}.{nearest}", words.join(", ")),
        )
    })
}

/// The lines of a list, without blanks around them and without empty ones.
pub(super) fn lines(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The word that somebody who wrote `text` probably meant.
pub(crate) fn nearest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    words
        .iter()
        .map(|word| (strsim::jaro_winkler(text, word), *word))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// As much of a value as a message needs. Inputs are no config values, except `defaults`, which is never shown.
pub(super) fn shown(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain("…".chars()).collect() }
}
