//! The step's outputs.

use serde_json::json;

use crate::config::Setting;
use crate::format::json_object;
use crate::name::{ConfigPath, Digest};
use crate::outcome::{Location, Pulled, Pushed};
use crate::secret::Secret;

/// An output's name and value.
pub(super) type Output = (String, Secret<String>);

/// The outputs of a pull, the values first, as far as they are known before it is delivered.
pub(super) fn of_pull(pulled: &Pulled) -> Vec<Output> {
    let mut outputs: Vec<Output> =
        pulled.settings.iter().map(|setting| (setting.name.clone(), setting.value.text.clone())).collect();
    outputs.push(("config-json".to_owned(), json_object(&pulled.settings)));
    outputs.extend(facts_of_pull(pulled));
    outputs
}

/// The outputs of a pull that say nothing of the values: all that a dry run gives.
pub(super) fn facts_of_pull(pulled: &Pulled) -> Vec<Output> {
    let names: Vec<_> = pulled.settings.iter().map(|Setting { name, .. }| name.as_str()).collect();
    let mut outputs = of_place(&pulled.place);
    outputs.extend(of_content(pulled.digest, pulled.files.iter().map(|file| &file.path), &names));
    outputs.push(fact("config-integrity", if pulled.verified { "verified" } else { "unmanaged" }));
    outputs
}

/// The output that names the formatted file.
pub(super) fn of_config_file(path: &str) -> Output {
    fact("config-file", path)
}

/// The outputs of a pull that found nothing.
pub(super) fn of_nothing(place: &Location) -> Vec<Output> {
    let mut outputs = of_place(place);
    outputs.retain(|(name, _)| name != "config-manifest" && name != "config-version");
    outputs.push(fact("config-version", ""));
    outputs
}

/// The outputs of a push.
pub(super) fn of_push(pushed: &Pushed) -> Vec<Output> {
    let mut keys: Vec<_> =
        pushed.files.iter().flat_map(|file| file.keys.iter().flatten()).map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut outputs = of_place(&pushed.place);
    outputs.extend(of_content(pushed.digest, pushed.files.iter().map(|file| &file.path), &keys));
    outputs.push(fact("config-changed", &pushed.changed.to_string()));
    outputs
}

fn of_place(place: &Location) -> Vec<Output> {
    let mut outputs = vec![
        fact("config-version", &place.version),
        fact("config-context", place.context.as_str()),
        fact("config-bucket", &place.bucket),
    ];
    outputs.extend(place.manifest.as_ref().map(|key| fact("config-manifest", &format!("s3://{}/{key}", place.bucket))));
    outputs
}

fn of_content<'a>(digest: Digest, paths: impl Iterator<Item = &'a ConfigPath>, keys: &[&str]) -> Vec<Output> {
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
