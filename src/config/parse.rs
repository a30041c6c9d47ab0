//! Reads a config file's bytes into entries.
//!
//! Pull and push read files the same way. A push reads every file before it sends anything, so that whatever was pushed
//! can be pulled.

use super::error::{ParseError, ParseProblem};
use super::file_type::FileType;
use super::line::line_ends;
use super::parsed::{Parsed, Unkeyed, Warning};
use super::{dotenv, flatten, json, toml, yaml};
use crate::merge_marks::first_merge_mark;
use crate::secret::Secret;

/// Reads a config file. The parts of a nested key are joined with `separator`. A file of type [`FileType::Raw`] has
/// no entries, and its bytes are not looked at.
///
/// A byte order mark at the start is skipped. Time and memory are bounded for any file of up to 16 MiB, the largest
/// that is stored: see [`ParseProblem::TooDeep`], [`ParseProblem::TooManyValues`] and [`ParseProblem::TooLarge`].
///
/// # Errors
/// A [`ParseError`] that names the line, where it is known, and quotes no value.
pub fn parse(file_type: FileType, bytes: &[u8], separator: &str) -> Result<Parsed, ParseError> {
    if file_type == FileType::Raw {
        return Ok(Parsed::default());
    }
    let text = text_of(bytes)?;
    // Within a text of several lines they are text.
    read(file_type, text, separator).map_err(|error| match first_merge_mark(text) {
        Some(line) => ParseError { line: Some(line), column: None, problem: ParseProblem::MergeMarks },
        None => error,
    })
}

fn read(file_type: FileType, text: &str, separator: &str) -> Result<Parsed, ParseError> {
    match file_type {
        FileType::Dotenv => dotenv::read(text),
        FileType::Json => json_file(text, separator),
        FileType::Yaml => match yaml::read(text) {
            Ok(yaml::Read { tree, replaced, warning }) => {
                let mut parsed = flatten::flatten(&tree, separator)?;
                parsed.warnings.extend(warning);
                parsed.unkeyed.extend(flatten::values(replaced.iter().map(|tree| &**tree)));
                Ok(with_lines(parsed, text))
            }
            // Such a file is as good as any other; no reader of its first document alone would do it justice.
            Err(ParseError { problem: ParseProblem::SeveralDocuments, line, .. }) => {
                let warning = Warning::SeveralDocuments { line: line.unwrap_or(1) };
                Ok(Parsed { warnings: vec![warning], unkeyed: of_documents(text), ..Parsed::default() })
            }
            Err(error) => Err(error),
        },
        FileType::Toml => toml::read(text).and_then(|document| flatten::flatten(&document, separator)),
        FileType::Raw => Ok(Parsed::default()),
    }
}

fn json_file(text: &str, separator: &str) -> Result<Parsed, ParseError> {
    let Some(json::Document { tree, repeated, replaced }) = json::read(text)? else {
        return Ok(Parsed { warnings: vec![Warning::Empty], ..Parsed::default() });
    };
    let mut parsed = flatten::flatten(&tree, separator)?;
    parsed.unkeyed.extend(flatten::values(replaced.iter().map(|tree| &**tree)));
    parsed.warnings.extend(repeated.into_warning());
    Ok(parsed)
}

/// A file whose document is a single text, with its lines as well: it may have been meant as another type.
fn with_lines(mut parsed: Parsed, text: &str) -> Parsed {
    if matches!(parsed.unkeyed.as_slice(), [Unkeyed::Value(_)]) && parsed.warnings.contains(&Warning::NotAMap) {
        parsed.unkeyed.push(Unkeyed::Text(Secret::new(text.to_owned())));
    }
    parsed
}

/// What several YAML documents hold.
fn of_documents(text: &str) -> Vec<Unkeyed> {
    let unread = |document: &str| Unkeyed::Text(Secret::new(document.to_owned()));
    let of_document = |document| match yaml::read(document) {
        Ok(yaml::Read { tree, replaced, .. }) => {
            let replaced = replaced.iter().map(|tree| &**tree);
            flatten::values(std::iter::once(&*tree).chain(replaced))
        }
        Err(_) => vec![unread(document)],
    };
    yaml::documents(text).into_iter().flat_map(of_document).collect()
}

/// The bytes as text without its byte order mark.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, ParseError> {
    let line_at = |offset: usize| 1 + line_ends(bytes.get(..offset).unwrap_or_default());
    let text =
        std::str::from_utf8(bytes).map_err(|error| ParseProblem::NotUtf8.at_line(line_at(error.valid_up_to())))?;
    if let Some(offset) = text.find('\0') {
        return Err(ParseProblem::Nul.at_line(line_at(offset)));
    }
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

#[cfg(test)]
mod tests;
