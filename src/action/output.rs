//! The step's outputs.

use serde_json::json;

use super::annotation::{Annotation, Level};
use super::changes;
use super::file_command::{
    OUTPUT_MAX_BYTES, OUTPUT_WARN_BYTES, largest_outputs, overwritten_outputs, total_output_bytes,
};
use crate::command::{
    ChannelLog, ChannelMoved, Diffed, Found, Listed, Location, Log, Pulled, PurgedVersion, Pushed, Shown, Verified,
};
use crate::config::{Setting, is_reserved_name};
use crate::format::json_object;
use crate::message::{Action, channel_moved, diff, history, list, listing, objects};
use crate::name::{ConfigPath, Digest};
use crate::option::ListKind;
use crate::secret::Secret;
use crate::store::{Channel, Movement};

/// An output's name and value.
pub(super) type Output = (String, Secret<String>);

/// The outputs of a pull, config values first. The formatted file's path is not among them; it is known later.
pub(super) fn pull_outputs(pulled: &Pulled) -> Vec<Output> {
    // Nobody's key may set what the action itself says.
    let published = pulled.selected.settings.iter().filter(|setting| !is_reserved_name(&setting.name));
    let mut outputs: Vec<Output> =
        published.map(|setting| (setting.name.clone(), setting.value.text.clone())).collect();
    outputs.push(("config-json".to_owned(), json_object(&pulled.selected.settings)));
    outputs.extend(pull_facts(pulled));
    outputs
}

/// The outputs of a pull that do not depend on config values: all that a dry run sets.
pub(super) fn pull_facts(pulled: &Pulled) -> Vec<Output> {
    let names: Vec<_> = pulled.selected.settings.iter().map(|Setting { name, .. }| name.as_str()).collect();
    let mut outputs = location_facts(&pulled.location);
    outputs.extend(content_facts(pulled.digest, pulled.files.iter().map(|file| &file.path), &names));
    outputs.push(fact("config-objects", &objects::document(&pulled.objects()).to_string()));
    outputs.push(fact("config-integrity", if pulled.verified { "verified" } else { "unmanaged" }));
    outputs.extend(pulled.channel.iter().flat_map(channel_facts));
    if pulled.is_nothing() {
        // There is nothing that these could be true of.
        let of_files = ["config-version", "config-manifest", "config-digest", "config-integrity"];
        outputs.retain(|(name, _)| !of_files.contains(&name.as_str()));
        outputs.push(fact("config-version", ""));
    }
    outputs
}

/// The output that names the formatted file.
pub(super) fn config_file(path: &str) -> Output {
    fact("config-file", path)
}

/// The output that names the text whose SHA-256 is the digest.
pub(super) fn config_checksums(path: &str) -> Output {
    fact("config-checksums", path)
}

/// The output that says where a person sees a version.
pub(super) fn config_url(url: &str) -> Output {
    fact("config-url", url)
}

/// The outputs of a push.
pub(super) fn push_outputs(pushed: &Pushed) -> Vec<Output> {
    let mut keys: Vec<_> =
        pushed.files.iter().flat_map(|file| file.keys.iter().flatten()).map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut outputs = location_facts(&pushed.location);
    outputs.extend(content_facts(pushed.digest, pushed.files.iter().map(|file| &file.path), &keys));
    outputs.push(fact("config-objects", &objects::document(&pushed.objects()).to_string()));
    outputs.push(fact("config-changed", &pushed.changed.to_string()));
    outputs.extend(changes::output(pushed).map(|changes| fact("config-changes", &changes)));
    outputs
}

/// The outputs of a move of a channel.
pub(super) fn channel_outputs(done: &ChannelMoved, dry_run: bool) -> Vec<Output> {
    let mut outputs = vec![fact("config-context", done.context.as_str()), fact("config-bucket", &done.bucket)];
    if let Some((version, digest)) = done.moved.channel.target() {
        outputs.extend([fact("config-version", version.as_str()), fact("config-digest", &digest.pin())]);
    }
    let is_moved = matches!(done.moved.what, Movement::Moved(_));
    outputs.push(fact("config-changed", &is_moved.to_string()));
    outputs.extend(moved_facts(done, dry_run));
    outputs
}

/// What a move of a channel adds to the outputs of the push before it: `config-changed` is true where either has
/// changed something.
pub(super) fn channel_outputs_after_push(done: &ChannelMoved, dry_run: bool) -> Vec<Output> {
    let is_moved = matches!(done.moved.what, Movement::Moved(_));
    let changed = is_moved.then(|| fact("config-changed", "true"));
    changed.into_iter().chain(moved_facts(done, dry_run)).collect()
}

fn moved_facts(done: &ChannelMoved, dry_run: bool) -> Vec<Output> {
    let last_move = channel_moved::last_move(done, dry_run).map(|id| fact("config-channel-move", id));
    [fact("config-channel", done.moved.channel.name().as_str())].into_iter().chain(last_move).collect()
}

/// The outputs of a channel's history.
pub(super) fn channel_log_outputs(log: &ChannelLog, limit: usize) -> Vec<Output> {
    let mut moves = channel_moved::json(&log.channel);
    moves.truncate(limit);
    let mut outputs = vec![fact("config-context", log.context.as_str()), fact("config-bucket", &log.bucket)];
    outputs.extend(channel_facts(&log.channel));
    outputs.push(fact("config-versions", &json!(moves).to_string()));
    outputs
}

fn channel_facts(channel: &Channel) -> [Output; 2] {
    [fact("config-channel", channel.name().as_str()), fact("config-channel-move", channel.push_id())]
}

/// The outputs of a purge.
pub(super) fn purge_outputs(purged: &PurgedVersion) -> Vec<Output> {
    let mut outputs = location_facts(&purged.location);
    // It is gone.
    outputs.retain(|(name, _)| name != "config-manifest");
    outputs.push(fact("config-changed", &(!purged.purged.removed.is_empty()).to_string()));
    outputs
}

/// The outputs of a diff.
pub(super) fn diff_outputs(diffed: &Diffed) -> Vec<Output> {
    vec![
        fact("config-changed", &diffed.is_different().to_string()),
        fact("config-changes", &diff::changes(&diffed.files).to_string()),
        fact("config-diff", &diff::document(diffed).to_string()),
    ]
}

/// The outputs of a verification that found nothing.
pub(super) fn verify_outputs(verified: &Verified) -> Vec<Output> {
    let Some(objects) = &verified.objects else {
        let files = verified.files.iter();
        return files.map(|files| fact("config-files", &json!(paths_of(&files.files)).to_string())).collect();
    };
    let mut outputs = location_facts(&objects.location);
    outputs.extend(objects.digest.map(|digest| fact("config-digest", &digest.pin())));
    outputs.push(fact("config-files", &json!(paths_of(&objects.files)).to_string()));
    outputs
}

fn paths_of(files: &[ConfigPath]) -> Vec<&str> {
    files.iter().map(ConfigPath::as_str).collect()
}

/// The outputs of a list.
pub(super) fn list_outputs(listed: &Listed) -> Vec<Output> {
    let mut outputs = match &listed.location {
        Some(location) => location_facts(location),
        None => vec![fact("config-bucket", &listed.bucket)],
    };
    if !listed.kind.is_of_version() {
        // It is about no version.
        outputs.retain(|(name, _)| !["config-version", "config-manifest"].contains(&name.as_str()));
    }
    if let Found::Files(files) = &listed.found {
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        outputs.push(fact("config-files", &json!(paths).to_string()));
        if listed.kind == ListKind::Keys {
            let keys: Vec<_> = listing::keys(files).into_keys().collect();
            outputs.push(fact("config-keys", &json!(keys).to_string()));
        }
    }
    outputs.push(fact("config-versions", &json!(listing::json(listed)).to_string()));
    outputs
}

/// The outputs of a log.
pub(super) fn log_outputs(log: &Log) -> Vec<Output> {
    let Location { context, bucket, .. } = &log.location;
    vec![
        fact("config-context", context.as_str()),
        fact("config-bucket", bucket),
        fact("config-versions", &json!(history::json(log, Action)).to_string()),
    ]
}

/// The outputs of a version that is shown.
pub(super) fn show_outputs(shown: &Shown) -> Vec<Output> {
    let paths: Vec<_> = shown.manifest.files.iter().map(|entry| entry.path.as_str()).collect();
    let mut outputs = location_facts(&shown.location);
    outputs.push(fact("config-digest", &shown.manifest.digest().pin()));
    outputs.push(fact("config-objects", &objects::document(&shown.objects).to_string()));
    outputs.push(fact("config-files", &json!(paths).to_string()));
    let version = history::json_of_one(shown);
    outputs.extend(
        version
            .get("changes")
            .filter(|changes| !changes.is_null())
            .map(|changes| fact("config-changes", &changes.to_string())),
    );
    outputs.push(fact("config-versions", &json!([version]).to_string()));
    outputs
}

fn location_facts(location: &Location) -> Vec<Output> {
    let mut outputs = vec![
        fact("config-version", &location.version),
        fact("config-context", location.context.as_str()),
        fact("config-bucket", &location.bucket),
    ];
    outputs.extend(
        location.manifest.as_ref().map(|key| fact("config-manifest", &format!("s3://{}/{key}", location.bucket))),
    );
    outputs
}

fn content_facts<'a>(digest: Digest, paths: impl Iterator<Item = &'a ConfigPath>, keys: &[&str]) -> Vec<Output> {
    let paths: Vec<_> = paths.map(ConfigPath::as_str).collect();
    vec![
        fact("config-digest", &digest.pin()),
        fact("config-files", &json!(paths).to_string()),
        fact("config-keys", &json!(keys).to_string()),
    ]
}

fn fact(name: &str, value: &str) -> Output {
    (name.to_owned(), Secret::from(value))
}

/// What is said of outputs that hide each other, and of those that are large.
pub(super) fn about_sizes(outputs: &[Output]) -> Vec<Annotation> {
    let pairs = || outputs.iter().map(|(name, value)| (name.as_str(), value));
    let mut annotations = Vec::new();
    let lost: Vec<_> = overwritten_outputs(pairs()).into_iter().map(|(lost, by)| format!("{lost} by {by}")).collect();
    if !lost.is_empty() {
        annotations.push(Annotation::new(
            Level::Warning,
            "Outputs differ only in case",
            format!("GitHub does not tell outputs apart by case, so some are hidden by others: {}.", list(&lost)),
        ));
    }
    let bytes = total_output_bytes(pairs());
    if bytes > OUTPUT_WARN_BYTES {
        let what = if bytes > OUTPUT_MAX_BYTES {
            format!("have {:.1} MiB and exceed", bytes as f64 / OUTPUT_MAX_BYTES as f64)
        } else {
            "come near to".to_owned()
        };
        annotations.push(Annotation::new(
            Level::Warning,
            "Large outputs",
            format!(
                "The outputs {what} GitHub's limit of 1 MiB a job. The largest are: {}. \
                 Choose with `keys`, or read the restored files.",
                list(&largest_outputs(pairs(), 5).into_iter().map(|(name, _)| name).collect::<Vec<_>>())
            ),
        ));
    }
    annotations
}
