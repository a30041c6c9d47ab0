//! The option `types`: how files are read, whatever their names and the catalog say.

use std::collections::HashMap;

use super::select::{FileSelector, FileSelectorError};
use crate::config::FileType;
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, is_below};

/// The option `types`: which files are read as what.
///
/// It has one `PATTERN = TYPE` per line. The pattern is a path or pattern as in `files`, and the type the name of a
/// [`FileType`], upper and lower case alike. Of several lines that match a file, the last decides, so that a general
/// line may have exceptions after it.
#[derive(Debug, Clone, Default)]
pub struct TypeRules {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    /// As it is written, without `./`.
    pattern: String,
    /// The pattern as its one line.
    files: FileSelector,
    file_type: FileType,
}

/// Why a line of `types` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {problem}")]
pub struct TypeRulesError {
    /// The line in the input, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: TypeProblem,
}

/// What is wrong with a line of `types`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeProblem {
    /// There is no `=`, or nothing before it.
    #[error("is not of the form PATTERN = TYPE")]
    Form,
    /// It holds several rules.
    #[error("holds several rules; write one per line")]
    Several,
    /// What follows the `=` is no type.
    #[error("has the type {0:?}, which is none of {words}", words = type_names())]
    Type(String),
    /// The pattern begins with `!`.
    #[error("begins with `!`, which excludes nothing here; for a file with such a name write `{{!}}` in its place")]
    Exclusion,
    /// The pattern is in quotes.
    #[error("has quotes around its pattern, which would be part of the file's name; write it without them")]
    Quotes,
    /// What stands before the `=` is neither a path nor a pattern.
    #[error("cannot be used: {0}")]
    Pattern(FileSelectorError),
}

/// What the rules say of some files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The types of the files that a rule matches, by their paths.
    pub types: HashMap<String, FileType>,
    /// The lines that match none of the files.
    pub unmatched: UnmatchedTypes,
}

/// Lines of `types` that match no file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnmatchedTypes {
    /// Their patterns, in their order.
    pub patterns: Vec<String>,
    /// Those of them that are folders of files which are there.
    pub folders: Vec<String>,
}

impl TypeRules {
    /// Reads the input's lines.
    ///
    /// # Errors
    /// The first line that cannot be used.
    pub fn new(input: &str) -> Result<Self, TypeRulesError> {
        let lines = input.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        let rules =
            lines.map(|(index, line)| Rule::new(line).map_err(|problem| TypeRulesError { line: index + 1, problem }));
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// What the rules say of these paths, which are all files of a step.
    pub fn decide<'a>(&self, paths: impl Iterator<Item = &'a str> + Clone) -> Decided {
        let mut decided = Decided::default();
        for rule in &self.rules {
            let matched = rule.files.select(paths.clone(), |path| path).files;
            if matched.is_empty() {
                if paths.clone().any(|path| is_below(path, &rule.pattern)) {
                    decided.unmatched.folders.push(rule.pattern.clone());
                }
                decided.unmatched.patterns.push(rule.pattern.clone());
            }
            decided.types.extend(matched.into_iter().map(|path| (path.to_owned(), rule.file_type)));
        }
        decided
    }
}

impl Rule {
    fn new(line: &str) -> Result<Self, TypeProblem> {
        // A path may hold a `=`, a type does not.
        let (pattern, word) = line.rsplit_once('=').ok_or(TypeProblem::Form)?;
        let (pattern, word) = (pattern.trim_end(), word.trim_start());
        if pattern.is_empty() || word.is_empty() {
            return Err(TypeProblem::Form);
        }
        if holds_a_rule(pattern) {
            return Err(TypeProblem::Several);
        }
        let file_type = type_of(word).ok_or_else(|| TypeProblem::Type(excerpt(word)))?;
        if pattern.starts_with('!') {
            return Err(TypeProblem::Exclusion);
        }
        if ['"', '\'', '`']
            .iter()
            .any(|quote| pattern.len() > 1 && pattern.starts_with(*quote) && pattern.ends_with(*quote))
        {
            return Err(TypeProblem::Quotes);
        }
        let files = FileSelector::new(pattern).map_err(TypeProblem::Pattern)?;
        Ok(Self { pattern: pattern.strip_prefix("./").unwrap_or(pattern).to_owned(), files, file_type })
    }
}

/// The rule by which this file, and no other, is raw. It spells the path as a pattern only where it has to.
#[must_use]
pub fn raw_rule(path: &ConfigPath) -> String {
    let plain = format!("{path} = raw");
    let is_right = TypeRules::new(&plain).is_ok_and(|rules| {
        rules.decide(std::iter::once(path.as_str())).types.get(path.as_str()) == Some(&FileType::Raw)
    });
    if is_right {
        return plain;
    }
    let mut pattern = String::new();
    for (index, c) in path.as_str().chars().enumerate() {
        match c {
            '*' | '?' | '[' | '{' | '}' | ',' => pattern.extend(['\\', c]),
            // What means something else where a line begins, and what would end a pattern.
            _ if index == 0 && !c.is_alphanumeric() || c == '=' => pattern.extend(['{', c, '}']),
            c => pattern.push(c),
        }
    }
    format!("{pattern} = raw")
}

/// Whether a rule stands in a pattern, as it does when several are written on one line, or when YAML folds them into
/// one.
fn holds_a_rule(pattern: &str) -> bool {
    pattern.split('=').skip(1).any(|rest| {
        let word = rest.trim_start().split([',', ';', ' ', '\t']).next().unwrap_or_default();
        word.len() < rest.trim_start().len() && type_of(word).is_some()
    })
}

fn type_of(word: &str) -> Option<FileType> {
    FileType::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, file_type)| *file_type)
}

fn type_names() -> String {
    FileType::ALL.map(|(name, _)| name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["a/.env", "a/values.yaml", "app/[id]/.env", "app/i/.env", "k=v.json"];

    fn decide(lines: &str) -> Decided {
        TypeRules::new(lines).unwrap().decide(KNOWN.into_iter())
    }

    fn types(lines: &str) -> Vec<(String, FileType)> {
        let decided = decide(lines);
        assert_eq!(decided.unmatched, UnmatchedTypes::default());
        let mut types: Vec<_> = decided.types.into_iter().collect();
        types.sort_by(|a, b| a.0.cmp(&b.0));
        types
    }

    fn one(path: &str, file_type: FileType) -> Vec<(String, FileType)> {
        vec![(path.to_owned(), file_type)]
    }

    #[test]
    fn a_line_is_a_path_or_a_pattern_and_a_type_in_any_case() {
        assert_eq!(types("a/values.yaml = raw"), one("a/values.yaml", FileType::Raw));
        assert_eq!(types("\n  ./a/.env=JSON  \r\n\n"), one("a/.env", FileType::Json));
        assert_eq!(types("a/*.yaml = Toml"), one("a/values.yaml", FileType::Toml));
        assert_eq!(types("k=v.json = dotenv"), one("k=v.json", FileType::Dotenv));
        assert_eq!(types("{a/*.yaml,x} = yaml"), one("a/values.yaml", FileType::Yaml));
    }

    #[test]
    fn a_known_path_is_no_pattern() {
        assert_eq!(types("app/[id]/.env = raw"), one("app/[id]/.env", FileType::Raw));
    }

    #[test]
    fn the_last_line_that_matches_decides() {
        let decided = types("**/* = raw\na/.env = dotenv");
        let of = |path: &str| decided.iter().find(|(known, _)| known == path).map(|(_, file_type)| *file_type);
        assert_eq!((of("a/.env"), of("a/values.yaml")), (Some(FileType::Dotenv), Some(FileType::Raw)));
        assert!(types("a/.env = dotenv\n**/* = raw").iter().all(|(_, file_type)| *file_type == FileType::Raw));
    }

    #[test]
    fn a_line_that_matches_nothing_is_said() {
        let unmatched = decide("./x.yaml = raw\na/.env = raw\ny/** = raw\n./app = raw").unmatched;
        assert_eq!(
            (unmatched.patterns, unmatched.folders),
            (["x.yaml", "y/**", "app"].map(String::from).into(), vec!["app".to_owned()])
        );
        assert_eq!(decide(""), Decided::default());
    }

    #[test]
    fn each_file_has_a_line_that_makes_it_raw_and_no_other() {
        for (path, line) in [
            ("a/.env", "a/.env = raw"),
            ("app/[id]/.env", "app/[id]/.env = raw"),
            ("a b=c,d.env", "a b=c,d.env = raw"),
            ("!z.env", "{!}z.env = raw"),
            ("\"z\"", "{\"}z\" = raw"),
            ("[1", "\\[1 = raw"),
            ("a{b/*.env", "a\\{b/\\*.env = raw"),
            ("a=raw ,b", "a{=}raw \\,b = raw"),
            ("{!", "\\{! = raw"),
        ] {
            let path = ConfigPath::new(path).unwrap();
            assert_eq!(raw_rule(&path), line);
            let known = [path.as_str(), "z.env", "az.env", "1", "ab/x.env", "araw b"];
            let decided = TypeRules::new(line).unwrap().decide(known.into_iter());
            assert_eq!(decided.types, HashMap::from([(path.to_string(), FileType::Raw)]), "{line}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_used_is_refused_by_its_number() {
        for (bad, message) in [
            ("a.yaml", "line 1 is not of the form PATTERN = TYPE"),
            ("a.yaml: raw", "line 1 is not of the form PATTERN = TYPE"),
            ("= raw", "line 1 is not of the form PATTERN = TYPE"),
            ("a.yaml =", "line 1 is not of the form PATTERN = TYPE"),
            ("a = raw\n\nb = yml", "line 3 has the type \"yml\", which is none of dotenv, json, yaml, toml, raw"),
            ("a.yaml = raw, b.yaml = raw", "line 1 holds several rules; write one per line"),
            ("a.yaml=raw b.yaml=json", "line 1 holds several rules; write one per line"),
            ("!a = raw", "line 1 begins with `!`, which excludes nothing here"),
            ("\"a/*\" = raw", "line 1 has quotes around its pattern"),
            ("'a' = raw", "line 1 has quotes around its pattern"),
            ("../a = raw", "line 1 cannot be used: "),
            ("{a = raw", "line 1 cannot be used: "),
        ] {
            let error = TypeRules::new(bad).unwrap_err().to_string();
            assert!(error.starts_with(message), "{bad:?}: {error}");
        }
    }
}
