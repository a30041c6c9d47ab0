//! The form `ecs-environment-files`: the list `environmentFiles` of an ECS container definition, of `{value, type}`
//! (API type `EnvironmentFile`). ECS loads the files itself when a task starts, so the task definition holds no value.
//!
//! ECS reads them by rules of its own ([the agent's
//! reader](https://github.com/aws/amazon-ecs-agent/blob/master/agent/taskresource/envFiles/envfile.go); on Fargate as
//! Docker reads an env file): a line that begins with `#`, or has no `=`, says nothing; of any other the name is all
//! that stands before the first `=`, and the value all that follows it, quotes and blanks too. Where the name or the
//! value is empty the line says nothing, either. So a file is refused in which a line means something else than it does
//! here.
//!
//! Of several files ECS takes the first value of a name ([`MergeEnvironmentVariablesFromEnvfiles`
//! ](https://github.com/aws/amazon-ecs-agent/blob/master/agent/api/container/container.go)), and everything else here
//! the last one. So files are refused that give one name different values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json;
use crate::config::{FileType, parse};
use crate::excerpt::excerpt;
use crate::ordered::Ordered as _;
use crate::secret::Secret;

/// The name that the option `format` takes.
pub(super) const NAME: &str = "ecs-environment-files";

/// The most files of a task definition (API type `ContainerDefinition`, `environmentFiles`).
const MOST_FILES: usize = 10;

/// How the name of such a file must end.
const NAME_END: &str = ".env";

/// The longest line that the agent's reader takes, in bytes.
const LONGEST_LINE: usize = 64 * 1024 - 1;

/// The most lines and files that an error names.
const MOST_REFUSED: usize = 10;

/// A stored file.
#[derive(Debug, Clone, Copy)]
pub struct EnvironmentFile<'a> {
    /// Its path, relative to the catalog.
    pub path: &'a str,
    /// What it is read as.
    pub file_type: FileType,
    /// Its bytes.
    pub content: &'a [u8],
    /// The ARN of the object at its key.
    pub arn: &'a str,
    /// Whether it is a version's, which nothing replaces.
    pub is_of_version: bool,
}

/// Why files cannot be handed over to ECS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFiles {
    /// What is wrong; one or more, at most ten.
    pub refused: Vec<RefusedLine>,
    /// Whether there is more.
    pub has_more: bool,
}

/// What of a file cannot be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// The file; none where it is about all together.
    pub path: Option<String>,
    /// The line, from 1; none where it is about the file.
    pub line: Option<usize>,
    /// Why, as a clause. It quotes no value.
    pub rule: Cow<'static, str>,
}

/// Writes the list of the dotenv files among these, in their order.
///
/// # Errors
/// The lines that ECS takes for something else, and files that it does not take. No error quotes a value.
pub fn environment_files(files: &[EnvironmentFile<'_>]) -> Result<String, RefusedFiles> {
    let dotenv: Vec<_> = files.iter().filter(|file| file.file_type == FileType::Dotenv).collect();
    let of_all = |rule| RefusedLine { path: None, line: None, rule: Cow::Borrowed(rule) };
    let mut refused = Vec::new();
    if dotenv.is_empty() {
        refused.push(of_all("there is no dotenv file among them"));
    }
    if dotenv.len() > MOST_FILES {
        refused.push(of_all("ECS takes ten files at most, so choose among them, or merge some"));
    }
    for file in &dotenv {
        let broken = of_file(file).map(|rule| (None, rule)).into_iter().chain(of_lines(file));
        refused.extend(broken.map(|(line, rule)| RefusedLine {
            path: Some(file.path.to_owned()),
            line,
            rule: Cow::Borrowed(rule),
        }));
    }
    if refused.is_empty() {
        refused = other_values(&dotenv);
    }
    if !refused.is_empty() {
        let has_more = refused.len() > MOST_REFUSED;
        refused.truncate(MOST_REFUSED);
        return Err(RefusedFiles { refused, has_more });
    }
    let objects: Vec<_> =
        dotenv.iter().map(|file| format!(r#"  {{"value": {}, "type": "s3"}}"#, json::string(file.arn))).collect();
    Ok(format!("[\n{}\n]\n", objects.join(",\n")))
}

/// The rule that a file breaks as a whole.
fn of_file(file: &EnvironmentFile<'_>) -> Option<&'static str> {
    if !file.path.ends_with(NAME_END) {
        Some("its name does not end in .env, which ECS wants")
    } else if !file.is_of_version {
        Some("it is the head's, which changes under a running service, so name a version")
    } else {
        None
    }
}

/// The lines that mean something else to ECS.
fn of_lines(file: &EnvironmentFile<'_>) -> Vec<(Option<usize>, &'static str)> {
    let Ok(text) = std::str::from_utf8(file.content) else { return vec![(None, "it is not UTF-8")] };
    if text.starts_with('\u{feff}') {
        return vec![(Some(1), "there is a byte order mark before the first name")];
    }
    let broken = text.split('\n').enumerate().filter_map(|(at, line)| Some((Some(at + 1), broken_rule(line)?)));
    let broken: Vec<_> = broken.collect();
    if broken.is_empty() && means_something_else(text, file.content) {
        return vec![(None, "some of its lines mean something else to ECS")];
    }
    broken
}

/// The rule that a line breaks.
fn broken_rule(line: &str) -> Option<&'static str> {
    // With a CR at its end, which the reader takes away afterwards.
    if line.len() > LONGEST_LINE {
        return Some("it is longer than the 64 KiB that ECS reads");
    }
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    let has_blanks = |text: &str| text.trim() != text;
    if line.trim_start().starts_with('#') {
        Some("it is a comment here and a variable for ECS, as it does not begin with the #")
    } else if name.trim_start().starts_with("export ") {
        Some("ECS takes `export` for a part of the name")
    } else if name.is_empty() || has_blanks(name) {
        Some("ECS takes blanks around the name for a part of it")
    } else if value.is_empty() {
        Some("ECS leaves out a variable whose value is empty")
    } else if value.trim_start().starts_with(['"', '\'', '`']) {
        Some("ECS takes the quotes for a part of the value, and no line after it for one")
    } else if has_blanks(value) {
        Some("ECS takes blanks around the value for a part of it")
    } else if value.contains(" #") || value.contains("\t#") {
        Some("ECS takes the comment for a part of the value")
    } else if has_reference(value) {
        Some("ECS replaces no references such as ${NAME}")
    } else {
        None
    }
}

/// Whether a reader that replaces references would find one.
fn has_reference(value: &str) -> bool {
    let follows = |rest: &str| rest.starts_with(|c: char| c == '{' || c == '(' || c == '_' || c.is_ascii_alphabetic());
    value.match_indices('$').any(|(at, dollar)| follows(value.get(at + dollar.len()..).unwrap_or_default()))
}

/// Whether ECS reads other variables than this tool does, whatever the reason.
fn means_something_else(text: &str, content: &[u8]) -> bool {
    let Ok(parsed) = parse(FileType::Dotenv, content, "_") else { return true };
    let own = parsed.entries.iter().map(|entry| (entry.key.as_str(), entry.value.text.expose().as_str()));
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let of_ecs = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    own.ordered_map() != of_ecs.ordered_map()
}

/// The lines that give a name another value than a file before theirs, which is the one that ECS takes.
fn other_values(files: &[&EnvironmentFile<'_>]) -> Vec<RefusedLine> {
    let mut first: BTreeMap<String, (&str, Secret<String>)> = BTreeMap::new();
    let mut refused = Vec::new();
    for file in files {
        // What cannot be read is refused already.
        for entry in parse(FileType::Dotenv, file.content, "_").map(|parsed| parsed.entries).unwrap_or_default() {
            match first.get(&entry.key) {
                Some((_, text)) if *text == entry.value.text => {}
                Some((before, _)) => refused.push(RefusedLine {
                    path: Some(file.path.to_owned()),
                    line: Some(entry.line).filter(|line| *line > 0),
                    rule: format!("ECS takes the value of {} in {before}, not this one", excerpt(&entry.key)).into(),
                }),
                None => drop(first.insert(entry.key, (file.path, entry.value.text))),
            }
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(path: &'a str, text: &'a str) -> EnvironmentFile<'a> {
        let arn = "arn:aws:s3:::cstore-shop/shop/v1.0.0/service/.env";
        EnvironmentFile { path, file_type: FileType::Dotenv, content: text.as_bytes(), arn, is_of_version: true }
    }

    fn rules(text: &str) -> Vec<(Option<usize>, Cow<'static, str>)> {
        let refused = environment_files(&[file("service/.env", text)]).err().map(|error| error.refused);
        refused.into_iter().flatten().map(|line| (line.line, line.rule)).collect()
    }

    #[test]
    fn what_ecs_reads_alike_is_a_list_of_arns() {
        let text = "# why\n\nA=1\r\nURL=https://h/?a=b&c=d#e\nB=two words\nC=it's\nD=a$1\nALONE\n";
        let json = environment_files(&[file("service/.env", text)]).unwrap();
        let expected = "[\n  {\"value\": \"arn:aws:s3:::cstore-shop/shop/v1.0.0/service/.env\", \"type\": \"s3\"}\n]\n";
        assert_eq!(json, expected);
        let raw = EnvironmentFile { file_type: FileType::Json, ..file("a.json", "{}") };
        assert_eq!(environment_files(&[raw, file("service/.env", text)]).unwrap(), expected);
    }

    #[test]
    fn a_line_that_means_something_else_is_named() {
        for (text, line, rule) in [
            ("A=1\nB=\"x\"\n", 2, "quotes"),
            ("B='x'\n", 1, "quotes"),
            ("A=\"x\ny\"\n", 1, "quotes"),
            ("export A=1\n", 1, "export"),
            ("A =1\n", 1, "blanks around the name"),
            (" A=1\n", 1, "blanks around the name"),
            ("A= 1\n", 1, "blanks around the value"),
            ("A=1 \n", 1, "blanks around the value"),
            ("A=1 # why\n", 1, "comment"),
            (" # A=1\n", 1, "a comment here"),
            ("A=\n", 1, "empty"),
            ("A=${B}\n", 1, "references"),
            ("A=$B\n", 1, "references"),
            ("\u{feff}A=1\n", 1, "byte order mark"),
        ] {
            let found = rules(text);
            assert!(found.iter().any(|(at, why)| *at == Some(line) && why.contains(rule)), "{text:?}: {found:?}");
        }
        let long = format!("A={}\n", "x".repeat(64 * 1024));
        assert!(rules(&long)[0].1.contains("64 KiB"));
    }

    #[test]
    fn files_that_ecs_does_not_take_are_named() {
        let refused = |files: &[EnvironmentFile<'_>]| environment_files(files).unwrap_err().refused;
        assert!(refused(&[])[0].rule.contains("no dotenv file"));
        assert!(refused(&[file("service/env", "A=1\n")])[0].rule.contains(".env"));
        assert!(refused(&[EnvironmentFile { is_of_version: false, ..file(".env", "A=1\n") }])[0].rule.contains("head"));
        assert!(refused(&[file(".env", "A=1\n"); 11])[0].rule.contains("ten files"));
        assert!(environment_files(&[file(".env", "A=1\n"); 10]).is_ok());
        let all = environment_files(&[file(".env", &"A=\n".repeat(20))]).unwrap_err();
        assert_eq!((all.refused.len(), all.has_more), (10, true));
    }

    #[test]
    fn a_name_with_another_value_than_in_a_file_before_is_named() {
        let files = |second| [file("a.env", "A=1\nB=2\n"), file("c.env", "C=1\n"), file("d/.env", second)];
        assert!(environment_files(&files("B=2\nD=1\n")).is_ok());
        let refused = environment_files(&files("D=1\nB=3\n")).unwrap_err().refused;
        let rule = "ECS takes the value of B in a.env, not this one".into();
        assert_eq!(refused, [RefusedLine { path: Some("d/.env".to_owned()), line: Some(2), rule }]);
    }
}
