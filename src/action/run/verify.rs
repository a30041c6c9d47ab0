//! Runs a verification, and tells what is wrong.

use std::io::Write;
use std::sync::Arc;

use crate::action::annotation::{Annotation, annotations_of};
use crate::action::deliver;
use crate::action::failure::Failure;
use crate::action::output;
use crate::action::run_summary::summary_of_verification;
use crate::action::step::Step;
use crate::command::{self, VerifiedObjects};
use crate::message::{Action, checked, counted, diff, headline, verify as words};
use crate::option::{Command, RawOptions};
use crate::request::{RunInfo, VerifyRequest};

/// Reads its options, and runs it.
pub(super) async fn run<W: Write + Send + 'static>(
    step: &Step<W>,
    raw: &RawOptions,
    run: &RunInfo,
) -> Result<(), Failure> {
    let request = VerifyRequest::new(raw, run)?;
    raw.refuse_contradictions(Command::Verify)?;
    let workspace = step.workspace()?;
    let observer = Arc::new(step.log.clone());
    let verified = command::verify(&request, run, &workspace, observer, &step.cancellation).await?;
    let findings = words::findings(&verified, &str::to_owned, Action);
    if findings.is_empty() {
        // A step that fails has written no output.
        deliver::outputs(&step.environment, &output::verify_outputs(&verified))?;
    }
    let mut lines = Vec::new();
    let mut annotations = Vec::new();
    if let Some(files) = &verified.files {
        lines.push(checked::headline(files));
        annotations.extend(checked::notices(files, Action).into_iter().map(Annotation::from));
        annotations.extend(annotations_of(&files.notes));
    }
    if let Some(objects) = &verified.objects {
        lines.extend(lines_of(objects));
        annotations.extend(words::notices(objects, &str::to_owned).into_iter().map(Annotation::from));
    }
    if let Some(diffed) = &verified.same_keys {
        let same = if verified.lacks_keys() { "" } else { "; both have the same keys" };
        lines.push(format!("{}{same}", diff::compared(diffed)));
        lines.extend(diff::lacking(diffed, &str::to_owned));
        annotations.extend(annotations_of(&diffed.notes));
    }
    step.lines(&lines);
    step.annotate(annotations);
    step.summary(&summary_of_verification(&verified));
    if findings.is_empty() { Ok(()) } else { Err(Failure::Found(findings)) }
}

fn lines_of(objects: &VerifiedObjects) -> Vec<String> {
    let files = counted(objects.files.len(), "file");
    let digest = objects.digest.map(|digest| format!(", {}", digest.pin())).unwrap_or_default();
    vec![headline("Verified", &objects.location), format!("{files}{digest}, {}", words::how_many(objects))]
}
