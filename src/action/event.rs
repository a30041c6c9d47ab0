//! What the event that started the workflow says, of which GitHub's runner leaves a copy
//! (<https://docs.github.com/en/webhooks/webhook-events-and-payloads#release>).

use std::fs::File;
use std::io::Read as _;

use serde::Deserialize;

use crate::environment::Environment;
use crate::store::message_of;

/// The most bytes of an event that are read. GitHub sends none above 25 MB, and those of releases have some 100 KB.
const LONGEST_EVENT: u64 = 25 * 1024 * 1024;

#[derive(Deserialize)]
struct Event {
    release: Release,
}

#[derive(Deserialize)]
struct Release {
    name: Option<String>,
}

/// The release's title, in a workflow that a release started and where it has one. Nothing depends on it, so what cannot
/// be read is none. A tag's own message is in no event.
pub(super) fn release_title(environment: &Environment) -> Option<String> {
    if environment.text("GITHUB_EVENT_NAME")? != "release" {
        return None;
    }
    let file = File::open(environment.text("GITHUB_EVENT_PATH")?).ok()?;
    file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut text = Vec::new();
    file.take(LONGEST_EVENT).read_to_end(&mut text).ok()?;
    let event: Event = serde_json::from_slice(&text).ok()?;
    message_of(&event.release.name?)
}
