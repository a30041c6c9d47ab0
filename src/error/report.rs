use super::{Error, PushFailure, identity_report, store_report};
use crate::config::Missing;
use crate::name::ConfigPath;
use crate::outcome::Location;
use crate::store::Stage;
use crate::workspace::WorkspaceErrorKind;

/// The exit codes, as the README lists them.
pub(super) mod code {
    pub(in crate::error) const OTHER: u8 = 1;
    pub(in crate::error) const BAD_INPUT: u8 = 2;
    pub(in crate::error) const NOT_ALLOWED: u8 = 3;
    pub(in crate::error) const CONFLICT: u8 = 4;
    pub(in crate::error) const INTEGRITY: u8 = 5;
    pub(in crate::error) const NOT_FOUND: u8 = 6;
    pub(in crate::error) const UNREACHABLE: u8 = 7;
    pub(in crate::error) const DIFFERENCE: u8 = 8;
}

/// What a person is told of a failure. Texts of services in it are not yet cleaned for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The exit code.
    pub code: u8,
    /// The short form.
    pub title: String,
    /// What failed, and why.
    pub what: String,
    /// What the failure left as it was, as a sentence; empty where that need not be said.
    pub untouched: &'static str,
    /// What to do next.
    pub next: String,
    /// The file at fault, in the workspace.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<usize>,
}

impl Report {
    pub(super) fn new(code: u8, title: &str, what: impl Into<String>, next: impl Into<String>) -> Self {
        let (title, what, next) = (title.to_owned(), what.into(), next.into());
        Self { code, title, what, untouched: "", next, file: None, line: None }
    }

    pub(super) fn leaving(self, untouched: &'static str) -> Self {
        Self { untouched, ..self }
    }

    fn at(self, file: &ConfigPath, line: Option<usize>) -> Self {
        Self { file: Some(file.to_string()), line: line.filter(|line| *line > 0), ..self }
    }

    /// The whole message.
    #[must_use]
    pub fn message(&self) -> String {
        let parts = [self.what.as_str(), self.untouched, self.next.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl Error {
    /// The words and the code for it.
    #[must_use]
    pub fn report(&self) -> Report {
        use code::{BAD_INPUT, DIFFERENCE, NOT_FOUND, OTHER, UNREACHABLE};
        match self {
            Self::Input(error) => {
                Report::new(BAD_INPUT, &format!("Input {}", error.name), format!("The {error}."), &error.remedy)
            }
            Self::Catalog { path, error } => Report::new(
                BAD_INPUT,
                "Catalog",
                format!("The catalog {path} cannot be read ({error})."),
                "Mend the catalog.",
            )
            .at(path, Some(error.line)),
            Self::LinkedTooDeep { path } => Report::new(
                BAD_INPUT,
                "Catalog",
                format!("The catalog {path} is linked too deep, or in a circle."),
                "Remove the `isRef` entry that leads back.",
            )
            .at(path, None),
            Self::CatalogEdit { path, error } => Report::new(
                BAD_INPUT,
                "Catalog",
                format!("The catalog {path} cannot be updated: {error}."),
                "Correct the catalog, or remove `update-catalog`.",
            )
            .leaving("Nothing was pushed.")
            .at(path, None),
            Self::ConfigFile { path, error } => Report::new(
                BAD_INPUT,
                "Config file",
                format!("The config file {path} cannot be read ({error})."),
                "Mend the file.",
            )
            .at(path, error.line),
            Self::Merge(error) => Report::new(
                BAD_INPUT,
                "Duplicate key",
                format!("{}.", capital(&error.to_string())),
                "Choose one file with `files`, or let the later one count with `on-duplicate: last`.",
            ),
            Self::Select(error) => Report::new(
                BAD_INPUT,
                "Key name",
                format!("{}.", capital(&error.to_string())),
                "Leave the key out or rename it with `keys`, or change all names with `output-prefix` or `output-case`.",
            ),
            Self::Expand(error) => Report::new(
                BAD_INPUT,
                "Expansion",
                format!("`expand` cannot be done: {error}."),
                "Define the name, or write the value in single quotes to keep it as it is.",
            ),
            Self::Format(error) => Report::new(
                BAD_INPUT,
                "Format",
                format!("{}.", capital(&error.to_string())),
                "Leave the key out with `keys`, or choose another `format`.",
            ),
            Self::Schema { path, error } => Report::new(
                BAD_INPUT,
                "Schema",
                format!("The schema {path} cannot be used: {error}."),
                "Mend the schema.",
            )
            .at(path, None),
            Self::SchemaMismatch { path, failures } => Report::new(
                BAD_INPUT,
                "Schema",
                format!("The values do not match the schema {path}: {}.", some_of(failures)),
                "Mend the values, or the schema.",
            )
            .at(path, None),
            Self::RequiredKeys(missing) => {
                let keys: Vec<_> = missing
                    .iter()
                    .map(|key| match key {
                        Missing::Absent(key) => format!("{key} is missing"),
                        Missing::Empty(key) => format!("{key} is empty"),
                    })
                    .collect();
                Report::new(
                    DIFFERENCE,
                    "Required keys",
                    format!("Keys that `required-keys` names are missing or empty: {}.", some_of(&keys)),
                    "Add them to the config files, or take them off the list.",
                )
            }
            Self::Template { path, missing, unknown } => {
                let mut parts = Vec::new();
                if !missing.is_empty() {
                    parts.push(format!("missing: {}", some_of(missing)));
                }
                if !unknown.is_empty() {
                    parts.push(format!("not in the template: {}", some_of(unknown)));
                }
                Report::new(
                    DIFFERENCE,
                    "Template",
                    format!("The keys differ from the template {path}; {}.", parts.join("; ")),
                    "Bring the config files and the template together.",
                )
                .at(path, None)
            }
            Self::Workspace(error) => match error.kind() {
                WorkspaceErrorKind::Place => Report::new(
                    BAD_INPUT,
                    "File",
                    format!("{}.", capital(&error.to_string())),
                    "Remove what stands there, or choose another path.",
                )
                .leaving("Nothing was changed."),
                WorkspaceErrorKind::Missing => Report::new(
                    BAD_INPUT,
                    "File",
                    format!("{}.", capital(&error.to_string())),
                    "Check the path, and that `actions/checkout` ran before this step.",
                ),
                WorkspaceErrorKind::System => Report::new(
                    OTHER,
                    "File",
                    format!("{}.", capital(&error.to_string())),
                    "Check permissions and free space of the workspace.",
                ),
            },
            Self::NoSuchFile { input, path } => Report::new(
                BAD_INPUT,
                &format!("Input {input}"),
                format!("The input `{input}` names {path}, which is not there."),
                "Check the path, and that `actions/checkout` ran before this step.",
            ),
            Self::SeveralBuckets { buckets } => Report::new(
                BAD_INPUT,
                "Several buckets",
                format!("The catalog's files lie in several buckets: {}.", some_of(buckets)),
                "Name one with `bucket`, or choose the files of one with `files`.",
            ),
            Self::NoMatch { lines, place } => Report::new(
                NOT_FOUND,
                "File not found",
                format!("Files that the input `files` or the catalog names are not {place}: {}.", some_of(lines)),
                "Check the paths; they are relative to the catalog's folder.",
            ),
            Self::NoTags => Report::new(
                NOT_FOUND,
                "File not found",
                "No file has the tags that the input `tags` asks for.",
                "Check them against the catalog, or the manifest.",
            ),
            Self::NothingToPush => Report::new(
                BAD_INPUT,
                "Nothing to push",
                "There is no file to push: neither does the input `files` name one, nor does the catalog.",
                "Name the files to push in `files`, one a line.",
            ),
            Self::HeadWithoutCatalog { path } => Report::new(
                BAD_INPUT,
                "No catalog",
                format!("A push of the head needs the catalog {path}, which is not there."),
                "Set `update-catalog: true` to have it written, or name a `version` to push.",
            ),
            Self::Identity(error) => identity_report::report(error),
            Self::Region(region) => Report::new(
                BAD_INPUT,
                "Region",
                format!("AWS_REGION, AWS_DEFAULT_REGION or the profile gives {region:?}, which is no region's name."),
                "Write it like eu-central-1, or set `aws-region`.",
            ),
            Self::Certificates(error) => Report::new(
                BAD_INPUT,
                "Certificates",
                format!("{} names {}, which {}.", error.variable, error.path.display(), error.problem),
                "Name a PEM file that this step can see: in a container that is one of the workspace.",
            ),
            Self::Store(error) => store_report::report(error),
            Self::Push(failure) => push_failed(failure),
            Self::Deadline(limit) => Report::new(
                UNREACHABLE,
                "Timeout",
                format!("The step did not end within {} seconds.", limit.as_secs()),
                "Run it again; if that is normal for your network, set `timeout-seconds`.",
            ),
            Self::NoFileCommand(name) => Report::new(
                OTHER,
                "Not in a workflow",
                format!("The variable {name} is not set, so there is nowhere to write to."),
                "Run this in a GitHub Actions workflow, with a runner that is not older than 2.297.",
            ),
            Self::FileCommand { name, reason } => Report::new(
                OTHER,
                "Output",
                format!("The file that {name} names cannot be written: {reason}."),
                "Check the runner's disk.",
            ),
            Self::Masks(reason) => Report::new(
                OTHER,
                "Masks",
                format!("The masks cannot be written to the log: {reason}."),
                "Nothing was delivered, since values would be readable in the log.",
            ),
            Self::Output(problem) => {
                Report::new(BAD_INPUT, "Output", format!("{}.", capital(problem)), "Leave the key out with `keys`.")
            }
            Self::NoPlaceForFile => Report::new(
                BAD_INPUT,
                "Input format-file",
                "The input `format-file` is empty, and this runner shares no RUNNER_TEMP with container actions.",
                "Set `format-file` to a path below the workspace.",
            ),
        }
    }
}

/// A failure of a push, and what is published all the same.
fn push_failed(PushFailure { stage, location, cause }: &PushFailure) -> Report {
    let Location { context, bucket, version, .. } = location;
    let (subject, manifest) = match version.as_str() {
        "head" => (format!("The head of {context}"), "The manifest of the head".to_owned()),
        version => (format!("Version {version} of {context}"), format!("The manifest of {version}")),
    };
    let report = cause.report();
    let (what, next) = match stage {
        Stage::Untouched => return report,
        Stage::Begun => (
            format!("{} {manifest} was not written, so nothing of this push is published.", report.what),
            "The same push run again goes on from there.",
        ),
        Stage::Publishing => (
            format!("{} It is not known whether {} was written.", report.what, lower(&manifest)),
            "The same push run again finds out, and publishes what is not published.",
        ),
        Stage::Published => (
            format!("{subject} is published in s3://{bucket}; what failed came after that. {}", report.what),
            "The same push run again changes nothing that is published.",
        ),
    };
    let next = if report.next.is_empty() { next.to_owned() } else { format!("{} {next}", report.next) };
    Report { what, next, untouched: "", ..report }
}

/// The first of a list, and how many more there are.
pub(super) fn some_of<T: ToString>(items: &[T]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<_> = items.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = items.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
