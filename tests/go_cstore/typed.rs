//! The recorded command lines, typed at this tool: the same objects, a catalog that the Go tool reads as its own, and the
//! same files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use cstore::catalog::{Catalog, CatalogFile};
use serde_json::Value;

use crate::DEV;
use crate::harness::{Bucket, KmsKey, Laptop, Ran, Typed, python};

/// The folder that the recordings were made in. Its name is the context, unless another is given.
const PROJECT: &str = "project";

/// A recording, typed anew from its beginning: into an empty bucket, from a folder without a catalog.
pub(crate) struct Retyped {
    folder: String,
    steps: Vec<Value>,
    pub(crate) bucket: Bucket,
    pub(crate) laptop: Laptop,
}

impl Retyped {
    /// The machine has the local files of the recording. The bucket is the answer that the Go tool took from a variable.
    pub(crate) fn new(recording: &str) -> Self {
        Self::into(recording, Bucket::unversioned())
    }

    pub(crate) fn into(recording: &str, bucket: Bucket) -> Self {
        let folder = format!("{}/tests/go_cstore/fixtures/{recording}", env!("CARGO_MANIFEST_DIR"));
        let steps = serde_json::from_slice(&fs::read(format!("{folder}/steps.json")).unwrap()).unwrap();
        let laptop = Laptop::without_bucket(&bucket).with_env("AWS_S3_BUCKET", bucket.name());
        fs::create_dir_all(laptop.workspace().path(PROJECT)).unwrap();
        let retyped = Self { folder, steps, bucket, laptop };
        for object in retyped.recorded_objects() {
            let (key, body) = (object["key"].as_str().unwrap(), object["body"].as_str().unwrap());
            let (context, path) = key.split_once('/').unwrap();
            if context == "child" {
                retyped.file(&format!("child/{path}"), body);
            } else if !path.starts_with('v') {
                retyped.file(path, body);
            }
        }
        retyped
    }

    /// The line of a step, the first of which is 1, as it was typed.
    pub(crate) fn line(&self, step: usize) -> &str {
        self.steps[step - 1]["command"].as_str().unwrap()
    }

    /// Types a step, with the recorded input and variables.
    pub(crate) fn step(&self, step: usize) -> Typed {
        let recorded = &self.steps[step - 1];
        let typed = self.laptop.shell(self.line(step)).stdin(recorded["stdin"].as_str().unwrap());
        let folder = Path::new(PROJECT).join(recorded["cwd"].as_str().unwrap());
        let variables = recorded["env"].as_object().unwrap();
        let typed = typed.in_folder(folder.to_str().unwrap());
        variables.iter().fold(typed, |typed, (name, value)| typed.env(name, value.as_str().unwrap()))
    }

    /// What a step printed to standard output when the Go tool ran it.
    pub(crate) fn recorded_stdout(&self, step: usize) -> &str {
        self.steps[step - 1]["stdout"].as_str().unwrap()
    }

    fn recorded_objects(&self) -> Vec<Value> {
        let recorded: BTreeMap<String, Vec<Value>> =
            serde_json::from_slice(&fs::read(format!("{}/bucket.json", self.folder)).unwrap()).unwrap();
        recorded.into_values().flatten().collect()
    }

    /// Writes a local config file.
    pub(crate) fn file(&self, path: &str, contents: &str) {
        self.laptop.file(&format!("{PROJECT}/{path}"), contents);
    }

    /// A local file; none where there is none.
    pub(crate) fn local(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.laptop.workspace().path(PROJECT).join(path)).ok()
    }

    /// A local file that the recording left behind.
    pub(crate) fn recorded_local(&self, path: &str) -> String {
        fs::read_to_string(format!("{}/workspace/{path}", self.folder)).unwrap()
    }

    /// The objects as the Go tool sees them: keys and bodies, without what this tool keeps besides.
    pub(crate) fn objects(&self) -> BTreeMap<String, String> {
        let keys = self.bucket.keys().into_iter().filter(|key| !key.contains("/.cstore/"));
        keys.map(|key| (key.clone(), self.bucket.get(&key).text())).collect()
    }

    /// Asserts that the bucket holds what the Go tool left in it.
    pub(crate) fn assert_recorded_objects(&self) {
        let recorded = self.recorded_objects().into_iter();
        let text = |object: &Value, name: &str| object[name].as_str().unwrap().to_owned();
        let recorded: BTreeMap<_, _> = recorded.map(|object| (text(&object, "key"), text(&object, "body"))).collect();
        assert_eq!(self.objects(), recorded);
    }

    /// Asserts that the catalog says what the Go tool's says.
    pub(crate) fn assert_recorded_catalog(&self, path: &str) {
        let recorded = self.recorded_local(path);
        let ours = self.local(path).unwrap();
        // All that were recorded.
        let names = ["project-configs", "cstore-project", "child-configs", "my-bucket"];
        let recorded = names.iter().fold(recorded, |text, name| text.replace(name, self.bucket.name()));
        assert_eq!(meaning(&ours), meaning(&recorded), "{ours}");
        assert_eq!(refused_by_go(&ours), "", "{ours}");
        assert_eq!(refused_by_go(&recorded), "", "{recorded}");
    }
}

/// What the Go tool could not read of a catalog, by its own structures.
fn refused_by_go(catalog: &str) -> String {
    let mut reader = Command::new(python());
    reader.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_cstore/go_catalog.py"));
    let mut reader = reader.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(catalog.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{catalog}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_the_go_tool_could_not_read_is_found() {
    let catalog =
        |entry: &str| format!("version: v4\ncontext: shop\ndata:\n  AWS_S3_BUCKET: x\nfiles:\n- path: .env\n{entry}");
    assert_eq!(refused_by_go(&catalog("  tags: [dev]\n  vaults: {}\n  versions: []\n")), "");
    for (entry, said) in [
        ("  tags: dev\n", "tags is not a list of strings: 'dev'\n"),
        ("  isRef: 'true'\n", "isRef is not a bool: 'true'\n"),
        ("  kmsKey: x\n", "an entry has no field kmsKey\n"),
        ("  vaults: {other: env}\n", "vaults is not {'access': 'a string', 'secrets': 'a string'}: {'other': 'env'}\n"),
    ] {
        assert_eq!(refused_by_go(&catalog(entry)), said);
    }
}

/// What a catalog says, wherever in its text.
fn meaning(text: &str) -> (Option<String>, Vec<String>) {
    let catalog = Catalog::read(text.as_bytes()).unwrap();
    let said = |file: CatalogFile| {
        let CatalogFile { path, alternate_path, store, is_ref, delete_after_push, file_type, .. } = file;
        let places = (path.as_str().to_owned(), alternate_path.map(|path| path.as_str().to_owned()));
        let kind = (store, is_ref, delete_after_push, file_type);
        format!("{:?}", (places, kind, file.bucket, file.kms_key, file.data, file.tags, file.versions))
    };
    (catalog.context.map(|context| context.to_string()), catalog.files.into_iter().map(said).collect())
}

/// What a shell makes of a script that exports variables.
pub(crate) fn evaluated(script: &str, names: &[&str]) -> Vec<String> {
    let print = names.iter().fold(String::new(), |print, name| format!("{print} \"${name}\""));
    let line = format!("{script}\nprintf '%s\\0'{print}");
    let output = std::process::Command::new("sh").args(["-c", &line]).env_clear().output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(ToOwned::to_owned).collect()
}

/// The recordings, each with its number of steps. All are typed: here, in `typed_faults.rs` or in `typed_flags.rs`.
const TYPED: [(&str, usize); 15] = [
    ("alternate-path", 2),
    ("conflict", 3),
    ("delete-after-push", 2),
    ("errors", 6),
    ("first-push-defaults", 2),
    ("first-push-prompts", 2),
    ("ghost-subfolder", 2),
    ("kms", 2),
    ("linked-catalog", 4),
    ("many-files-tags", 10),
    ("path-tokens", 3),
    ("purge", 3),
    ("secrets", 3),
    ("v2-push", 5),
    ("versions", 7),
];

#[test]
fn every_recording_is_typed() {
    let folders = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_cstore/fixtures")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut found: Vec<_> = folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    found.sort_unstable();
    assert_eq!(found, TYPED.map(|(name, _)| name), "type what is new");
    let tests = [include_str!("typed.rs"), include_str!("typed_faults.rs"), include_str!("typed_flags.rs")].concat();
    for (name, steps) in TYPED {
        assert_eq!(Retyped::new(name).steps.len(), steps, "{name}");
        assert!(tests.matches(&format!("\"{name}\"")).count() > 1, "{name}");
    }
}

#[test]
fn the_first_push_takes_the_defaults_and_writes_the_catalog() {
    let retyped = Retyped::new("first-push-defaults");
    retyped.step(1).run().succeeds().prints("");
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
}

#[test]
fn versions_are_pushed_and_pulled_by_name() {
    let retyped = Retyped::new("versions");
    retyped.step(1).run().succeeds();
    retyped.step(2).run().succeeds();
    let head = retyped.local(DEV).unwrap();
    retyped.file(DEV, &format!("{head}NEW=1\n"));
    retyped.step(3).run().succeeds();
    let objects = retyped.objects();
    assert_eq!(objects["project/v1.0.0/service/dev/.env"], head, "which the Go tool purged in the end");
    assert_eq!(objects["project/v1.1.0/service/dev/.env"], format!("{head}NEW=1\n"));
    assert_eq!(objects["project/service/dev/.env"], head);
    assert_eq!(objects.len(), 3);
    assert!(retyped.local("cstore.yml").unwrap().contains("  versions:\n  - v1.0.0\n  - v1.1.0\n"));
    retyped.step(5).run().succeeds();
    assert_eq!(retyped.local(DEV).unwrap(), head);
    // A version is purged by its name alone, and the Go tool's line leads there.
    retyped.step(7).run().fails(2).says("'cstore purge v1.0.0'");
    retyped.laptop.shell("cstore purge v1.0.0 --yes").in_folder(PROJECT).run().succeeds();
    retyped.assert_recorded_objects();
}

#[test]
fn several_files_are_pushed_at_once() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
}

#[test]
fn tags_choose_what_is_printed() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    let printed = retyped.step(3).prints_values().run().succeeds().stdout;
    // The Go tool printed the file as it is, which sets nothing that is exported.
    assert_eq!(evaluated(&printed, &["API_URL", "QUOTED"]), ["https://dev.api.example.com", "a b"]);
    assert!(retyped.recorded_stdout(3).contains("API_URL=https://dev.api.example.com"));
    let printed = retyped.step(4).prints_values().run().succeeds().stdout;
    assert_eq!(evaluated(&printed, &["API_URL", "db_url"]), ["https://qa.api.example.com", "mongodb://x"]);
}

#[test]
fn the_formats_of_the_go_tool_print_what_it_printed() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    let print = |step| -> Ran { retyped.step(step).prints_values().run().succeeds() };
    let recorded = |step| -> Value { serde_json::from_str(retyped.recorded_stdout(step)).unwrap() };
    assert_eq!(print(5).json(), recorded(5));
    let names = ["HEALTHCHECK", "API_URL", "CONTACT", "QUOTED"];
    assert_eq!(evaluated(&print(6).stdout, &names), evaluated(retyped.recorded_stdout(6), &names));
    let sorted = |list: Value| {
        let mut items: Vec<_> = list.as_array().unwrap().iter().map(ToString::to_string).collect();
        items.sort_unstable();
        items
    };
    assert_eq!(sorted(print(7).json()), sorted(recorded(7)), "the Go tool's order is random");
}

#[test]
fn an_alternate_path_is_kept_in_the_catalog() {
    let retyped = Retyped::new("alternate-path");
    retyped.step(1).run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
    let manifest = retyped.bucket.get("project/.cstore/head.json").json();
    assert_eq!(manifest["files"][0]["alternate_path"], ".env");
    retyped.step(2).run().succeeds();
    assert_eq!(retyped.local(".env").unwrap(), retyped.recorded_local(".env"));
}

#[test]
fn a_file_that_is_to_be_deleted_is_deleted_once_it_is_stored() {
    let retyped = Retyped::new("delete-after-push");
    retyped.step(1).run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
    assert_eq!(retyped.local(DEV), None);
    // The Go tool's pull has no such flag either.
    retyped.step(2).run().fails(2);
    // From now on the catalog says it.
    retyped.file(DEV, "API_URL=https://new.api.example.com\n");
    retyped.laptop.shell("cstore push").in_folder(PROJECT).run().succeeds();
    assert_eq!(retyped.objects()["project/service/dev/.env"], "API_URL=https://new.api.example.com\n");
    assert_eq!(retyped.local(DEV), None);
}

#[test]
fn a_pull_in_a_folder_below_brings_its_file_back() {
    let retyped = Retyped::new("ghost-subfolder");
    retyped.step(1).run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
    // This tool writes no ghost files. It finds the catalog from below in a repository, and where the Go tool left one.
    let ghost = retyped.recorded_local("service/dev/.cstore");
    retyped.laptop.plain_file("project/service/dev/.cstore", ghost);
    retyped.step(2).run().succeeds();
    assert_eq!(retyped.local(DEV).unwrap(), retyped.recorded_local(DEV));
}

#[test]
fn what_version_2_pushed_is_pushed_as_well() {
    let retyped = Retyped::new("v2-push");
    for step in 1..=3 {
        retyped.step(step).run().succeeds();
    }
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
    assert!(retyped.step(4).run().succeeds().stdout.contains("v1.0.0"));
    retyped.step(5).run().succeeds();
    assert_eq!(retyped.local(DEV).unwrap(), retyped.recorded_local(DEV));
}

#[test]
fn tokens_for_secrets_are_stored_as_they_are_written() {
    let retyped = Retyped::new("secrets");
    retyped.step(1).run().succeeds();
    retyped.assert_recorded_objects();
    retyped.assert_recorded_catalog("cstore.yml");
}

#[test]
fn the_list_names_files_their_tags_and_their_versions() {
    let retyped = Retyped::new("first-push-defaults");
    retyped.step(1).run().succeeds();
    assert!(retyped.step(2).run().succeeds().stdout.contains(DEV));
    let retyped = Retyped::new("versions");
    (1..=2).for_each(|step| drop(retyped.step(step).run().succeeds()));
    assert!(retyped.step(4).run().succeeds().stdout.contains("v1.0.0"));
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    let printed = retyped.step(2).run().succeeds().stdout;
    assert!(["service", "qa", "web", "certs"].iter().all(|tag| printed.contains(tag)), "{printed}");
}

#[test]
fn a_variable_in_a_path_is_trusted_by_a_word_and_stays_in_the_catalog() {
    let retyped = Retyped::new("path-tokens");
    retyped.step(1).run().succeeds();
    let catalog = retyped.local("cstore.yml").unwrap().replace("service/dev/.env", "service/${ENV}/.env");
    retyped.laptop.plain_file("project/cstore.yml", &catalog);
    // The Go tool asked nobody. Whoever writes the catalog would have it put any variable into a key.
    retyped.step(2).run().fails(2).says("--trust");
    retyped.step(2).env("CSTORE_TRUST", "true").run().succeeds();
    retyped.assert_recorded_objects();
    assert_eq!(retyped.local("cstore.yml").unwrap(), catalog);
    retyped.step(3).env("CSTORE_TRUST", "true").run().succeeds();
    assert_eq!(retyped.local(DEV).unwrap(), retyped.recorded_local(DEV));
}

#[test]
fn a_linked_catalog_is_pulled_and_is_not_stored_as_a_config_file() {
    let retyped = Retyped::new("linked-catalog");
    let (own, child) = (retyped.local(DEV).unwrap(), retyped.local("child/dev/.env").unwrap());
    retyped.step(1).run().succeeds();
    retyped.step(2).run().fails(2).says("{path: child/cstore.yml, isRef: true}");
    retyped.laptop.shell("cstore push service/dev/.env -s aws-s3").in_folder(PROJECT).run().succeeds();
    retyped.assert_recorded_objects();
    let linked = retyped.local("cstore.yml").unwrap() + "- path: child/cstore.yml\n  isRef: true\n";
    retyped.laptop.plain_file("project/cstore.yml", linked);
    retyped.step(3).env("CSTORE_TRUST", "true").run().succeeds();
    assert_eq!((retyped.local(DEV), retyped.local("child/dev/.env")), (Some(own), Some(child)));
    assert!(retyped.step(4).env("CSTORE_TRUST", "true").run().succeeds().stdout.contains(DEV));
}

/// Types the first step of a recording at a terminal, and the recorded answers.
fn answered(recording: &str, context: &str) -> (Retyped, KmsKey) {
    let (retyped, key) = (Retyped::new(recording), KmsKey::create());
    let asked = retyped.step(1).on_a_terminal().sees("Context").types(context);
    // Each is asked for once.
    let asked = asked.sees("S3 bucket").types(retyped.bucket.name()).sees("KMS key").types(&key.id);
    let ended = asked.ended().succeeds();
    assert_eq!(ended.stderr.matches("S3 bucket").count(), 1, "{}", ended.stderr);
    (retyped, key)
}

#[test]
fn everything_is_asked_for_once_at_a_terminal() {
    for (recording, context) in [("first-push-prompts", "shop"), ("kms", "project")] {
        let (retyped, key) = answered(recording, context);
        retyped.assert_recorded_objects();
        let object = retyped.bucket.get(&format!("{context}/service/dev/.env"));
        assert_eq!(object.kms_key(), Some(key.id.as_str()));
        let catalog = retyped.local("cstore.yml").unwrap();
        assert!(catalog.contains(&format!("context: {context}\n")) && catalog.contains(&key.id), "{catalog}");
        // What was answered is never asked again, at a terminal neither.
        retyped.step(2).on_a_terminal().ended().succeeds().does_not_say("?");
        assert_eq!(retyped.bucket.get(&format!("{context}/service/dev/.env")).kms_key(), Some(key.id.as_str()));
    }
}
